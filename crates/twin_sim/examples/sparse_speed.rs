//! `sparse_speed [SIDE]...`: what laying out, factoring and solving the system of a square grid costs.

use std::time::Instant;
use twin_sim::sparse::System;

fn main() {
    let mut sides: Vec<usize> = std::env::args().skip(1).filter_map(|side| side.parse().ok()).filter(|side| *side > 0).collect();
    if sides.is_empty() {
        sides = vec![3, 5, 10, 55, 110];
    }
    println!("{:>7} {:>9} {:>12} {:>12} {:>12}", "nodes", "entries", "layout us", "factor us", "solve us");
    sides.into_iter().for_each(measure);
}

fn measure(side: usize) {
    let right = (0..side).flat_map(|y| (1..side).map(move |x| (y * side + x - 1, y * side + x)));
    let down = (1..side).flat_map(|y| (0..side).map(move |x| ((y - 1) * side + x, y * side + x)));
    let pairs: Vec<(usize, usize)> = right.chain(down).collect();
    let rows = side * side;
    let start = Instant::now();
    let mut system = System::new(rows, &pairs);
    let layout = start.elapsed();
    let repeats = (2_000_000 / rows).clamp(5, 20_000);
    let (mut factor, mut solve) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..5 {
        let (mut factoring, mut solving) = (0.0, 0.0);
        for _ in 0..repeats / 5 {
            system.zero();
            for (pair, &(one, other)) in pairs.iter().enumerate() {
                system.add_off_diagonal(pair, -1.0);
                system.add_diagonal(one, 1.0);
                system.add_diagonal(other, 1.0);
            }
            system.add_diagonal(0, 1.0);
            let mut side = vec![1.0; rows];
            let start = Instant::now();
            let factored = system.factor();
            factoring += start.elapsed().as_secs_f64();
            let start = Instant::now();
            system.solve(&mut side);
            solving += start.elapsed().as_secs_f64();
            if factored.is_err() || !side.iter().all(|x| x.is_finite()) {
                println!("{rows} nodes: not solved");
                return;
            }
        }
        factor = factor.min(factoring / (repeats / 5) as f64);
        solve = solve.min(solving / (repeats / 5) as f64);
    }
    let micro = 1e6;
    println!("{rows:>7} {:>9} {:>12.1} {:>12.2} {:>12.2}", system.entries(), layout.as_secs_f64() * micro, factor * micro, solve * micro);
}
