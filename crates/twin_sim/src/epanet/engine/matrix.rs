//! The symmetric positive definite system of the junctions' heads: ordered and laid out once, factored at every trial.
//!
//! Cholesky column by column, the method of A. George and J. W. H. Liu, *Computer Solution of Large Sparse Positive
//! Definite Systems*, 1981, chapter 5; the order is by minimum degree, the lowest junction first where degrees are equal.

use std::collections::BTreeSet;

const NONE: usize = usize::MAX;

/// A system with the layout of a network.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Row of each junction.
    pub row: Vec<usize>,
    /// Junction of each row.
    pub junction: Vec<usize>,
    /// Diagonal, by row.
    pub diagonal: Vec<f64>,
    /// Right side, by row.
    pub right: Vec<f64>,
    /// Below the diagonal, column after column.
    pub below: Vec<f64>,
    /// Place in [`Self::below`] of each link that joins two junctions.
    pub place: Vec<Option<usize>>,
    start: Vec<usize>,
    rows: Vec<usize>,
    factor: Vec<f64>,
    work: Work,
}

/// Work space of the factorisation.
#[derive(Clone, Debug)]
struct Work {
    /// Columns that next touch a row hang in that row's list.
    list: Vec<usize>,
    next: Vec<usize>,
    first: Vec<usize>,
    gathered: Vec<f64>,
}

impl Matrix {
    /// Lays out the system of these junctions and links; links at other nodes have no place.
    pub fn new(junctions: usize, links: &[(usize, usize)]) -> Self {
        let mut near = vec![BTreeSet::new(); junctions];
        for &(a, b) in links.iter().filter(|(a, b)| a != b && *a < junctions && *b < junctions) {
            near[a].insert(b);
            near[b].insert(a);
        }
        let (junction, later) = eliminate(near);
        let mut row = vec![0; junctions];
        junction.iter().enumerate().for_each(|(at, &j)| row[j] = at);
        let mut start = vec![0];
        let mut rows = Vec::new();
        for neighbours in &later {
            let mut column: Vec<usize> = neighbours.iter().map(|&j| row[j]).collect();
            column.sort_unstable();
            rows.extend(column);
            start.push(rows.len());
        }
        let place = |&(a, b): &(usize, usize)| {
            let (low, high) = (*row.get(a)?.min(row.get(b)?), *row.get(a)?.max(row.get(b)?));
            let column = rows.get(start[low]..start[low + 1])?;
            column.binary_search(&high).ok().map(|at| start[low] + at)
        };
        let place = links.iter().map(place).collect();
        let entries = rows.len();
        Self {
            row,
            junction,
            diagonal: vec![0.0; junctions],
            right: vec![0.0; junctions],
            below: vec![0.0; entries],
            place,
            start,
            rows,
            factor: vec![0.0; entries],
            work: Work {
                list: vec![NONE; junctions],
                next: vec![NONE; junctions],
                first: vec![0; junctions],
                gathered: vec![0.0; junctions],
            },
        }
    }

    /// All entries zero.
    pub fn clear(&mut self) {
        self.diagonal.fill(0.0);
        self.right.fill(0.0);
        self.below.fill(0.0);
    }

    /// Solves for the heads, by row, into [`Self::right`].
    ///
    /// # Errors
    /// The row whose pivot is not positive.
    pub fn solve(&mut self) -> Result<(), usize> {
        self.factorise()?;
        let (start, rows) = (&self.start, &self.rows);
        for column in 0..self.right.len() {
            self.right[column] /= self.diagonal[column];
            let value = self.right[column];
            let entries = start[column]..start[column + 1];
            for (row, factor) in rows[entries.clone()].iter().zip(&self.factor[entries]) {
                self.right[*row] -= factor * value;
            }
        }
        for column in (0..self.right.len()).rev() {
            let mut value = self.right[column];
            let entries = start[column]..start[column + 1];
            for (row, factor) in rows[entries.clone()].iter().zip(&self.factor[entries]) {
                value -= factor * self.right[*row];
            }
            self.right[column] = value / self.diagonal[column];
        }
        Ok(())
    }

    /// Factors into [`Self::factor`]; the diagonal becomes the factor's.
    fn factorise(&mut self) -> Result<(), usize> {
        let columns = self.diagonal.len();
        let Self { start, rows, diagonal, below, factor, work, .. } = self;
        let Work { list, next, first, gathered } = work;
        list.fill(NONE);
        gathered.fill(0.0);
        for column in 0..columns {
            let mut pivot = diagonal[column];
            let mut earlier = list[column];
            while earlier != NONE {
                let following = next[earlier];
                let at = first[earlier];
                let value = factor[at];
                pivot -= value * value;
                let rest = at + 1..start[earlier + 1];
                for (&row, below) in rows[rest.clone()].iter().zip(&factor[rest]) {
                    gathered[row] += below * value;
                }
                hang(earlier, at + 1, start, rows, first, list, next);
                earlier = following;
            }
            if pivot.is_nan() || pivot <= 0.0 {
                return Err(column);
            }
            let pivot = pivot.sqrt();
            diagonal[column] = pivot;
            let own = start[column]..start[column + 1];
            for ((&row, factor), &value) in rows[own.clone()].iter().zip(&mut factor[own.clone()]).zip(&below[own]) {
                *factor = (value - gathered[row]) / pivot;
                gathered[row] = 0.0;
            }
            hang(column, start[column], start, rows, first, list, next);
        }
        Ok(())
    }
}

/// Hangs a column into the list of the row of its entry `at`, if it has that many.
fn hang(column: usize, at: usize, start: &[usize], rows: &[usize], first: &mut [usize], list: &mut [usize], next: &mut [usize]) {
    if at < start[column + 1] {
        first[column] = at;
        next[column] = list[rows[at]];
        list[rows[at]] = column;
    }
}

/// Order of elimination, and for each step the junctions still left that the eliminated one touches.
fn eliminate(mut near: Vec<BTreeSet<usize>>) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut open: BTreeSet<(usize, usize)> = near.iter().enumerate().map(|(junction, around)| (around.len(), junction)).collect();
    let (mut order, mut later) = (Vec::new(), Vec::new());
    while let Some((_, junction)) = open.pop_first() {
        let around: Vec<usize> = std::mem::take(&mut near[junction]).into_iter().collect();
        for &one in &around {
            open.remove(&(near[one].len(), one));
            near[one].remove(&junction);
            near[one].extend(around.iter().filter(|other| **other != one));
            open.insert((near[one].len(), one));
        }
        order.push(junction);
        later.push(around);
    }
    (order, later)
}
