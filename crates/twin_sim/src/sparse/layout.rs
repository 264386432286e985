//! Where the entries of the factor lie, and where each product of the factorisation goes.

use super::order::elimination_order;

/// From so many products on, those of one entry with the rest of its column are noted as runs of neighbouring places.
pub(super) const LONG: usize = 12;
/// Place of a pair that is no entry: a row with itself or beyond the system.
pub(super) const NOWHERE: u32 = u32::MAX;

/// The shape of a system and of its factor. Steps are rows in the order of elimination.
#[derive(Debug)]
pub(super) struct Layout {
    /// Row of each step.
    pub order: Vec<u32>,
    /// Step of each row.
    pub step: Vec<u32>,
    /// First entry of each column of the factor below the diagonal, and the end of the last.
    pub start: Vec<u32>,
    /// Step of each entry, ascending within a column.
    pub below: Vec<u32>,
    /// Entry of each pair.
    pub place: Vec<u32>,
    /// Entries of earlier columns in the row of each step, and the ends of their columns: in the order in which George and
    /// Liu's linked lists give them, so that sums are rounded as theirs.
    pub sources: Vec<[u32; 2]>,
    /// First source of each step, and the end of the last.
    pub source_start: Vec<u32>,
    /// Where the products of each source with the rest of its column go, counted from the first entry of the step's column:
    /// the entry of each product, or, from [`LONG`] products on, the first entry and the length of each run.
    pub targets: Vec<u32>,
}

impl Layout {
    pub fn new(rows: usize, pairs: &[(usize, usize)]) -> Self {
        let order = elimination_order(rows, pairs);
        let mut step = vec![0; rows];
        (0..).zip(&order).for_each(|(at, &row)| step[row as usize] = at);
        let (start, below) = columns(&order, &step, pairs);
        let (sources, source_start) = sources(&start, &below);
        let mut layout = Self { order, step, start, below, place: Vec::new(), sources, source_start, targets: Vec::new() };
        layout.place = pairs.iter().map(|&pair| layout.entry_of(pair)).collect();
        layout.note_targets();
        layout
    }

    /// Entries of a column.
    pub fn column(&self, step: usize) -> std::ops::Range<usize> {
        self.start[step] as usize..self.start[step + 1] as usize
    }

    fn entry_of(&self, (one, other): (usize, usize)) -> u32 {
        let (Some(&one), Some(&other)) = (self.step.get(one), self.step.get(other)) else { return NOWHERE };
        let column = self.column(one.min(other) as usize);
        match self.below[column.clone()].binary_search(&one.max(other)) {
            Ok(at) => (column.start + at) as u32,
            Err(_) => NOWHERE,
        }
    }

    /// Sources of a step.
    pub fn sources_of(&self, step: usize) -> &[[u32; 2]] {
        &self.sources[self.source_start[step] as usize..self.source_start[step + 1] as usize]
    }

    fn note_targets(&mut self) {
        let mut targets = Vec::with_capacity(2 * self.below.len());
        let mut entries: Vec<u32> = Vec::new();
        for step in 0..self.order.len() {
            let column = &self.below[self.column(step)];
            for &[at, end] in self.sources_of(step) {
                // What an eliminated row joins, the next one of them joins as well: every row is found.
                let mut entry = 0;
                entries.clear();
                for row in &self.below[at as usize + 1..end as usize] {
                    while column[entry] != *row {
                        entry += 1;
                    }
                    entries.push(entry as u32);
                }
                if entries.len() < LONG {
                    targets.extend_from_slice(&entries);
                } else {
                    let runs = entries.chunk_by(|one, next| one + 1 == *next);
                    targets.extend(runs.flat_map(|run| [run[0], run.len() as u32]));
                }
            }
        }
        self.targets = targets;
    }
}

/// The entries in the row of each step. A column hangs in the list of the row of its next entry, the last one hung up first.
fn sources(start: &[u32], below: &[u32]) -> (Vec<[u32; 2]>, Vec<u32>) {
    const NONE: u32 = u32::MAX;
    let steps = start.len() - 1;
    let (mut first, mut list, mut next) = (start.to_vec(), vec![NONE; steps], vec![NONE; steps]);
    let mut sources = Vec::with_capacity(below.len());
    let mut source_start = vec![0];
    for step in 0..steps {
        let mut column = list[step];
        while column != NONE {
            let at = column as usize;
            column = next[at];
            sources.push([first[at], start[at + 1]]);
            first[at] += 1;
            if first[at] < start[at + 1] {
                next[at] = std::mem::replace(&mut list[below[first[at] as usize] as usize], at as u32);
            }
        }
        source_start.push(sources.len() as u32);
        if start[step] < start[step + 1] {
            next[step] = std::mem::replace(&mut list[below[start[step] as usize] as usize], step as u32);
        }
    }
    (sources, source_start)
}

/// The columns of the factor: below each pivot, its own entries and those of the columns that it is the first below.
fn columns(order: &[u32], step: &[u32], pairs: &[(usize, usize)]) -> (Vec<u32>, Vec<u32>) {
    let rows = order.len();
    let mut own: Vec<Vec<u32>> = vec![Vec::new(); rows];
    for &(one, other) in pairs {
        if let (Some(&one), Some(&other)) = (step.get(one), step.get(other))
            && one != other
        {
            own[one.min(other) as usize].push(one.max(other));
        }
    }
    let mut start = Vec::with_capacity(rows + 1);
    let mut below: Vec<u32> = Vec::new();
    let mut seen = vec![u32::MAX; rows];
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); rows];
    start.push(0);
    for at in 0..rows {
        let begin = below.len();
        let mut take = |below: &mut Vec<u32>, row: u32| {
            if row as usize > at && seen[row as usize] != at as u32 {
                seen[row as usize] = at as u32;
                below.push(row);
            }
        };
        std::mem::take(&mut own[at]).into_iter().for_each(|row| take(&mut below, row));
        for child in std::mem::take(&mut children[at]) {
            for entry in start[child as usize]..start[child as usize + 1] {
                let row = below[entry as usize];
                take(&mut below, row);
            }
        }
        below[begin..].sort_unstable();
        if let Some(&parent) = below.get(begin) {
            children[parent as usize].push(at as u32);
        }
        start.push(below.len() as u32);
    }
    (start, below)
}
