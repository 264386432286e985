//! The numbers of a system: filled in, factored, solved.

use super::layout::{LONG, Layout, NOWHERE};
use std::sync::Arc;

/// A symmetric positive definite system of a fixed shape. Clones share the shape.
#[derive(Clone, Debug)]
pub struct System {
    layout: Arc<Layout>,
    /// Diagonal by step; after factoring its inverse pivots.
    diagonal: Vec<f64>,
    /// Entries below the diagonal; after factoring those of the factor L of L·D·Lᵀ.
    below: Vec<f64>,
    /// The right side in the order of elimination.
    work: Vec<f64>,
}

impl System {
    /// Lays out a system of so many rows with these entries off the diagonal, one pair of rows for each link.
    ///
    /// Pairs may repeat and share an entry. A pair of a row with itself or beyond the rows has no entry: what is added to
    /// it does not count. Up to 2³² − 2 rows and entries of the factor.
    pub fn new(rows: usize, pairs: &[(usize, usize)]) -> Self {
        let layout = Layout::new(rows, pairs);
        let entries = layout.below.len();
        Self { layout: Arc::new(layout), diagonal: vec![0.0; rows], below: vec![0.0; entries], work: vec![0.0; rows] }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.diagonal.len()
    }

    /// Entries of the factor below its diagonal: those of the system and what filled in.
    pub fn entries(&self) -> usize {
        self.below.len()
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

    /// Factors what has been added since [`Self::zero`] into L·D·Lᵀ, in place.
    ///
    /// # Errors
    /// The row whose pivot is not positive or not finite: it hangs on nothing, or the numbers are too far apart. The system
    /// must be filled in again then.
    pub fn factor(&mut self) -> Result<(), usize> {
        let Self { layout, diagonal, below, .. } = self;
        let mut targets = layout.targets.as_slice();
        for step in 0..diagonal.len() {
            let pivot = diagonal[step];
            if !(pivot > 0.0 && pivot < f64::INFINITY) {
                return Err(layout.order[step] as usize);
            }
            let inverse = 1.0 / pivot;
            diagonal[step] = inverse;
            let own = layout.column(step);
            // Entries of later columns come after this column's own.
            let (head, later) = below.split_at_mut(own.end);
            let column = &mut head[own.clone()];
            let rows = &layout.below[own.clone()];
            for at in 0..column.len() {
                let (done, rest) = column.split_at_mut(at + 1);
                let whole = done[at];
                let share = whole * inverse;
                done[at] = share;
                let to = rows[at] as usize;
                diagonal[to] -= whole * share;
                targets = if rest.len() < LONG {
                    subtract_single(later, own.end, targets, share, rest)
                } else {
                    subtract_runs(later, own.end, targets, share, rest)
                };
            }
        }
        Ok(())
    }

    /// Replaces a right side, by row, by the solution. The system must have been factored; a right side of another length
    /// than the rows is left as it is.
    pub fn solve(&mut self, side: &mut [f64]) {
        let Self { layout, diagonal, below, work } = self;
        if side.len() != work.len() {
            return;
        }
        for (work, &row) in work.iter_mut().zip(&layout.order) {
            *work = side[row as usize];
        }
        for (step, &inverse) in diagonal.iter().enumerate() {
            let value = work[step];
            let own = layout.column(step);
            for (&row, &factor) in layout.below[own.clone()].iter().zip(&below[own]) {
                work[row as usize] -= factor * value;
            }
            work[step] = value * inverse;
        }
        for step in (0..work.len()).rev() {
            let mut value = work[step];
            let own = layout.column(step);
            for (&row, &factor) in layout.below[own.clone()].iter().zip(&below[own]) {
                value -= factor * work[row as usize];
            }
            work[step] = value;
            side[layout.order[step] as usize] = value;
        }
    }
}

/// Subtracts the products of a column with one of its entries at the places noted, and gives the notes that follow.
/// `later` begins at entry `offset`.
#[inline]
fn subtract_single<'a>(later: &mut [f64], offset: usize, targets: &'a [u32], share: f64, column: &[f64]) -> &'a [u32] {
    let (now, following) = targets.split_at(column.len());
    for (&target, &entry) in now.iter().zip(column) {
        later[target as usize - offset] -= share * entry;
    }
    following
}

/// The same for places noted as runs.
fn subtract_runs<'a>(later: &mut [f64], offset: usize, mut targets: &'a [u32], share: f64, mut column: &[f64]) -> &'a [u32] {
    while let ([first, length, following @ ..], false) = (targets, column.is_empty()) {
        let (run, rest) = column.split_at(*length as usize);
        for (target, &entry) in later[*first as usize - offset..].iter_mut().zip(run) {
            *target -= share * entry;
        }
        (targets, column) = (following, rest);
    }
    targets
}
