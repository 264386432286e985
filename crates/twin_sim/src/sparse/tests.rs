use super::System;
use super::order::elimination_order;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A system as a whole square of numbers.
struct Dense(Vec<Vec<f64>>);

impl Dense {
    /// Adds the same to both; diagonals dominate, so it is positive definite.
    fn fill(system: &mut System, pairs: &[(usize, usize)], conductances: &[f64], ground: f64) -> Self {
        let rows = system.rows();
        let mut whole = vec![vec![0.0; rows]; rows];
        system.zero();
        for (pair, (&(one, other), &g)) in pairs.iter().zip(conductances).enumerate() {
            system.add_off_diagonal(pair, -g);
            if one == other {
                continue;
            }
            whole[one][other] -= g;
            whole[other][one] -= g;
            for row in [one, other] {
                system.add_diagonal(row, g);
                whole[row][row] += g;
            }
        }
        for (row, line) in whole.iter_mut().enumerate() {
            system.add_diagonal(row, ground);
            line[row] += ground;
        }
        Self(whole)
    }

    fn times(&self, x: &[f64]) -> Vec<f64> {
        self.0.iter().map(|line| line.iter().zip(x).map(|(a, x)| a * x).sum()).collect()
    }
}

fn grid(side: usize) -> (usize, Vec<(usize, usize)>) {
    let right = (0..side).flat_map(|y| (1..side).map(move |x| (y * side + x - 1, y * side + x)));
    let down = (1..side).flat_map(|y| (0..side).map(move |x| ((y - 1) * side + x, y * side + x)));
    (side * side, right.chain(down).collect())
}

/// Entries of the factor when a row of truly least degree is always eliminated next.
fn entries_by_least_degree(rows: usize, pairs: &[(usize, usize)]) -> usize {
    let mut near = vec![BTreeSet::new(); rows];
    for &(one, other) in pairs {
        near[one].insert(other);
        near[other].insert(one);
    }
    let mut open: BTreeSet<usize> = (0..rows).collect();
    let mut entries = 0;
    while let Some(&row) = open.iter().min_by_key(|&&row| near[row].len()) {
        open.remove(&row);
        let around = std::mem::take(&mut near[row]);
        entries += around.len();
        for &one in &around {
            near[one].extend(around.iter().filter(|other| **other != one));
            near[one].remove(&row);
        }
    }
    entries
}

fn any_network() -> impl Strategy<Value = (usize, Vec<(usize, usize)>, Vec<f64>)> {
    (1_usize..40).prop_flat_map(|rows| {
        let links = prop::collection::vec(((0..rows, 0..rows), 1e-3..1e3), 0..3 * rows);
        links.prop_map(move |links| (rows, links.iter().map(|link| link.0).collect(), links.iter().map(|link| link.1).collect()))
    })
}

proptest! {
    #[test]
    fn any_network_is_solved((rows, pairs, conductances) in any_network(), ground in 1e-2..1e2) {
        let wanted: Vec<f64> = (0..rows).map(|row| row as f64 - 0.3 * rows as f64).collect();
        let mut system = System::new(rows, &pairs);
        let whole = Dense::fill(&mut system, &pairs, &conductances, ground);
        let mut x = whole.times(&wanted);
        prop_assert_eq!(system.factor(), Ok(()));
        system.solve(&mut x);
        // The numbers are up to 2e5 apart, and sums of a hundred of them are exact to that many units of 1e-16.
        for (found, wanted) in x.iter().zip(&wanted) {
            prop_assert!((found - wanted).abs() < 1e-7, "{found} for {wanted}");
        }
    }

    #[test]
    fn every_row_is_eliminated_once_in_the_same_order_every_time((rows, pairs, _) in any_network()) {
        let order = elimination_order(rows, &pairs);
        prop_assert_eq!(&order, &elimination_order(rows, &pairs));
        let all: BTreeSet<u32> = order.iter().copied().collect();
        prop_assert_eq!((order.len(), all.len()), (rows, rows));
    }
}

#[test]
fn little_fills_in() {
    let (rows, pairs) = grid(40);
    let (ours, best) = (System::new(rows, &pairs).entries(), entries_by_least_degree(rows, &pairs));
    assert!(ours <= best + best / 5, "{ours} entries, {best} by least degree");
    let chain: Vec<(usize, usize)> = (1..500).map(|row| (row - 1, row)).collect();
    assert_eq!(System::new(500, &chain).entries(), 499);
    let star: Vec<(usize, usize)> = (1..500).map(|row| (0, row)).collect();
    assert_eq!(System::new(500, &star).entries(), 499);
}

#[test]
fn a_large_grid_is_solved() {
    let (rows, pairs) = grid(60);
    let mut system = System::new(rows, &pairs);
    for (pair, &(one, other)) in pairs.iter().enumerate() {
        system.add_off_diagonal(pair, -1.0);
        system.add_diagonal(one, 1.0);
        system.add_diagonal(other, 1.0);
    }
    system.add_diagonal(0, 1.0);
    // One unit of flow from the far corner to the ground at row 0 has to pass its tie of 1.
    let mut x = vec![0.0; rows];
    x[rows - 1] = 1.0;
    assert_eq!(system.factor(), Ok(()));
    system.solve(&mut x);
    assert!((x[0] - 1.0).abs() < 1e-9, "{}", x[0]);
    for (pair, &(one, other)) in pairs.iter().enumerate() {
        assert!(x[other] > x[one], "flow does not come down link {pair}");
    }
}

#[test]
fn a_row_that_hangs_on_nothing_is_named() {
    let mut system = System::new(4, &[(0, 1), (2, 3)]);
    system.add_diagonal(0, 2.0);
    system.add_diagonal(1, 2.0);
    system.add_off_diagonal(0, -1.0);
    system.add_diagonal(2, 1.0);
    system.add_diagonal(3, 1.0);
    system.add_off_diagonal(1, -1.0);
    assert!(matches!(system.factor(), Err(2 | 3)));
    system.zero();
    (0..4).for_each(|row| system.add_diagonal(row, if row == 1 { f64::NAN } else { 1.0 }));
    assert_eq!(system.factor(), Err(1));
}

#[test]
fn links_that_are_none_do_not_count() {
    let pairs = [(0, 0), (0, 1), (1, 7), (1, 0)];
    let mut system = System::new(2, &pairs);
    (0..5).for_each(|pair| system.add_off_diagonal(pair, -1.0));
    (0..3).for_each(|row| system.add_diagonal(row, 3.0));
    let mut x = [1.0, 1.0];
    assert_eq!(system.factor(), Ok(()));
    system.solve(&mut x);
    assert!((x[0] - 1.0).abs() < 1e-15 && (x[1] - 1.0).abs() < 1e-15, "3 − 2 = 1: {x:?}");
}

#[test]
fn factoring_again_gives_the_same_bits() {
    let (rows, pairs) = grid(12);
    let mut system = System::new(rows, &pairs);
    let solve = |system: &mut System| {
        let conductances: Vec<f64> = (0..pairs.len()).map(|pair| 1.0 + pair as f64).collect();
        Dense::fill(system, &pairs, &conductances, 0.5);
        let mut x = vec![1.0; rows];
        assert_eq!(system.factor(), Ok(()));
        system.solve(&mut x);
        x.iter().map(|x| x.to_bits()).collect::<Vec<_>>()
    };
    let first = solve(&mut system);
    assert_eq!(solve(&mut system.clone()), first);
    assert_eq!(solve(&mut system), first);
}

proptest! {
    #[test]
    fn a_network_is_solved_to_the_last_digits_however_far_its_numbers_are_apart(
        (rows, pairs, conductances) in any_network(),
        powers in prop::collection::vec(-14.0..6.0f64, 120),
        ground in 1e-14..1.0,
    ) {
        let conductances: Vec<f64> = conductances.iter().zip(&powers).map(|(g, power)| g * libm::exp10(*power)).collect();
        let mut system = System::new(rows, &pairs);
        for (pair, g) in conductances.iter().enumerate() {
            system.add_off_diagonal(pair, -g);
        }
        // What flows in at one row leaves through the ground of the first: its potential is known on paper, and the others
        // are not below it.
        system.add_diagonal(0, ground);
        (1..rows).for_each(|row| system.add_diagonal(row, 1e-300));
        let mut x = vec![0.0; rows];
        x[0] = ground;
        prop_assert_eq!(system.factor_network(), Ok(()));
        system.solve(&mut x);
        prop_assert!((x[0] - 1.0).abs() < 1e-12, "{}", x[0]);
        prop_assert!(x.iter().all(|x| x.is_finite() && *x < 1.0 + 1e-9));
    }
}

#[test]
fn a_stiff_leg_that_hangs_by_a_hair_keeps_its_pivot() {
    let mut system = System::new(3, &[(0, 1), (1, 2)]);
    system.add_off_diagonal(0, -1e6);
    system.add_off_diagonal(1, -1e6);
    system.add_diagonal(1, 1e-14);
    assert_eq!(system.factor_network(), Ok(()));
    let mut x = [0.0, 0.0, 3e-14];
    system.solve(&mut x);
    assert!(x.iter().all(|x| (x - 3.0).abs() < 1e-9), "{x:?}");
    system.zero();
    assert!(system.factor_network().is_err(), "nothing hangs on nothing");
}
