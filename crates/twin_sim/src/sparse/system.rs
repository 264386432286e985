//! The numbers of a system: filled in, factored, solved.

use super::layout::{LONG, Layout, NOWHERE};
use std::sync::Arc;

/// A symmetric positive definite system of a fixed shape. Clones share the shape.
#[derive(Clone, Debug)]
pub struct System {
    layout: Arc<Layout>,
    /// Diagonal by step.
    diagonal: Vec<f64>,
    /// Entries below the diagonal.
    below: Vec<f64>,
    /// Diagonal of the factor.
    pivots: Vec<f64>,
    /// Entries of the factor below it.
    factor: Vec<f64>,
    /// The right side by step.
    work: Vec<f64>,
    /// What each row of a network still hangs on beside its neighbours, by step.
    excess: Vec<f64>,
}

/// The numbers of a system by place, for those who fill in much at once: see [`System::step_of`] and [`System::entry_of`].
#[derive(Debug)]
pub struct Numbers<'a> {
    /// Diagonal by step.
    pub diagonal: &'a mut [f64],
    /// Entries below the diagonal.
    pub below: &'a mut [f64],
    /// Right side, later the solution, by step.
    pub right: &'a mut [f64],
}

impl System {
    /// Lays out a system of so many rows with these entries off the diagonal, one pair of rows for each link.
    ///
    /// Pairs may repeat and share an entry. A pair of a row with itself or beyond the rows has no entry: what is added to
    /// it does not count. Up to 2³² − 2 rows and entries of the factor.
    pub fn new(rows: usize, pairs: &[(usize, usize)]) -> Self {
        let layout = Layout::new(rows, pairs);
        let entries = layout.below.len();
        Self {
            layout: Arc::new(layout),
            diagonal: vec![0.0; rows],
            below: vec![0.0; entries],
            pivots: vec![0.0; rows],
            factor: vec![0.0; entries],
            work: vec![0.0; rows],
            excess: vec![0.0; rows],
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.diagonal.len()
    }

    /// Entries of the factor below its diagonal: those of the system and what filled in.
    pub fn entries(&self) -> usize {
        self.below.len()
    }

    /// When a row is eliminated: its place in [`Numbers::diagonal`] and [`Numbers::right`].
    pub fn step_of(&self, row: usize) -> Option<usize> {
        self.layout.step.get(row).map(|&step| step as usize)
    }

    /// Place of a pair in [`Numbers::below`]; `None` for one that has no entry.
    pub fn entry_of(&self, pair: usize) -> Option<usize> {
        self.layout.place.get(pair).filter(|place| **place != NOWHERE).map(|&place| place as usize)
    }

    /// All numbers, to be filled in by place.
    pub fn numbers(&mut self) -> Numbers<'_> {
        Numbers { diagonal: &mut self.diagonal, below: &mut self.below, right: &mut self.work }
    }

    /// All entries zero.
    pub fn zero(&mut self) {
        self.diagonal.fill(0.0);
        self.below.fill(0.0);
    }

    /// Adds to the diagonal of a row; rows beyond the system do not count.
    #[inline]
    pub fn add_diagonal(&mut self, row: usize, value: f64) {
        if let Some(&step) = self.layout.step.get(row) {
            self.diagonal[step as usize] += value;
        }
    }

    /// Adds to the entry of a pair, by its index in the list given to [`Self::new`]; pairs beyond it do not count.
    #[inline]
    pub fn add_off_diagonal(&mut self, pair: usize, value: f64) {
        let place = self.layout.place.get(pair).copied().unwrap_or(NOWHERE);
        if let Some(entry) = self.below.get_mut(place as usize) {
            *entry += value;
        }
    }

    /// Factors what has been added since [`Self::zero`] into L·Lᵀ. The entries stay as they are.
    ///
    /// # Errors
    /// The row whose pivot is not positive or not finite: it hangs on nothing, or the numbers are too far apart.
    pub fn factor(&mut self) -> Result<(), usize> {
        let Self { layout, diagonal, below, pivots, factor, .. } = self;
        let mut targets = layout.targets.as_slice();
        for step in 0..diagonal.len() {
            let own = layout.column(step);
            let (earlier, later) = factor.split_at_mut(own.start);
            let column = &mut later[..own.len()];
            column.fill(0.0);
            let mut sum = 0.0;
            for &[at, end] in layout.sources_of(step) {
                let Some((&value, rest)) = earlier[at as usize..end as usize].split_first() else { continue };
                sum += value * value;
                targets = if rest.len() < LONG { add_single(column, targets, value, rest) } else { add_runs(column, targets, value, rest) };
            }
            let pivot = diagonal[step] - sum;
            if !(pivot > 0.0 && pivot < f64::INFINITY) {
                return Err(layout.order[step] as usize);
            }
            let pivot = pivot.sqrt();
            pivots[step] = pivot;
            for (sum, value) in column.iter_mut().zip(&below[own]) {
                *sum = (value - *sum) / pivot;
            }
        }
        Ok(())
    }

    /// Factors a network: entries off the diagonal are not positive, and the diagonal has been given only what a row has
    /// beyond the sum of their amounts, its links to what is known. Nothing is subtracted on the way, so that a part that
    /// hangs on the rest by a hair keeps its pivot, however stiff it is in itself.
    ///
    /// Source: Grassmann, Taksar & Heyman, Oper. Res. 33 (1985) 1107; for M-matrices Alfa, Xue & Ye, Math. Comp. 71 (2002) 217.
    ///
    /// # Errors
    /// The row whose pivot is not positive or not finite: it hangs on nothing.
    pub fn factor_network(&mut self) -> Result<(), usize> {
        let Self { layout, diagonal, below, pivots, factor, excess, .. } = self;
        excess.copy_from_slice(diagonal);
        let mut targets = layout.targets.as_slice();
        for step in 0..diagonal.len() {
            let own = layout.column(step);
            let (earlier, later) = factor.split_at_mut(own.start);
            let column = &mut later[..own.len()];
            column.fill(0.0);
            for &[at, end] in layout.sources_of(step) {
                let Some((&value, rest)) = earlier[at as usize..end as usize].split_first() else { continue };
                targets = if rest.len() < LONG { add_single(column, targets, value, rest) } else { add_runs(column, targets, value, rest) };
            }
            let mut pivot = excess[step];
            for (sum, value) in column.iter_mut().zip(&below[own.clone()]) {
                *sum = value - *sum;
                pivot -= *sum;
            }
            if !(pivot > 0.0 && pivot < f64::INFINITY) {
                return Err(layout.order[step] as usize);
            }
            let (share, root) = (excess[step] / pivot, pivot.sqrt());
            for (entry, &row) in column.iter_mut().zip(&layout.below[own]) {
                excess[row as usize] -= *entry * share;
                *entry /= root;
            }
            pivots[step] = root;
        }
        Ok(())
    }

    /// Replaces a right side, by row, by the solution. The system must have been factored; a right side of another length
    /// than the rows is left as it is.
    pub fn solve(&mut self, side: &mut [f64]) {
        if side.len() != self.work.len() {
            return;
        }
        for (work, &row) in self.work.iter_mut().zip(&self.layout.order) {
            *work = side[row as usize];
        }
        let layout = Arc::clone(&self.layout);
        for (&value, &row) in self.solve_right().iter().zip(&layout.order) {
            side[row as usize] = value;
        }
    }

    /// Replaces [`Numbers::right`] by the solution, by step. The system must have been factored.
    pub fn solve_right(&mut self) -> &[f64] {
        let Self { layout, pivots, factor, work, .. } = self;
        for (step, &pivot) in pivots.iter().enumerate() {
            let value = work[step] / pivot;
            work[step] = value;
            let own = layout.column(step);
            for (&row, &factor) in layout.below[own.clone()].iter().zip(&factor[own]) {
                work[row as usize] -= factor * value;
            }
        }
        for (step, &pivot) in pivots.iter().enumerate().rev() {
            let mut value = work[step];
            let own = layout.column(step);
            for (&row, &factor) in layout.below[own.clone()].iter().zip(&factor[own]) {
                value -= factor * work[row as usize];
            }
            work[step] = value / pivot;
        }
        work
    }
}

/// Adds the products of an entry with the rest of its column at the places noted, and gives the notes that follow.
#[inline]
fn add_single<'a>(column: &mut [f64], targets: &'a [u32], value: f64, rest: &[f64]) -> &'a [u32] {
    let (now, following) = targets.split_at(rest.len());
    for (&target, &entry) in now.iter().zip(rest) {
        column[target as usize] += entry * value;
    }
    following
}

/// The same for places noted as runs.
fn add_runs<'a>(column: &mut [f64], mut targets: &'a [u32], value: f64, mut rest: &[f64]) -> &'a [u32] {
    while let ([first, length, following @ ..], false) = (targets, rest.is_empty()) {
        let (run, left) = rest.split_at(*length as usize);
        for (target, &entry) in column[*first as usize..].iter_mut().zip(run) {
            *target += entry * value;
        }
        (targets, rest) = (following, left);
    }
    targets
}
