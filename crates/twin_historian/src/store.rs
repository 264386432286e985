//! The store of one lane.

use crate::{Column, StoredSample};
use twin_model::{Sample, SignalKey, TwinTime};

/// What became of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// Stored.
    Stored,
    /// The same sample was there already.
    Duplicate,
}

/// Counters of a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreStats {
    /// Samples stored since the start.
    pub stored: u64,
    /// Samples refused as duplicates.
    pub duplicates: u64,
    /// Bytes held now.
    pub bytes: usize,
    /// Chunks dropped because of the budget.
    pub dropped_chunks: u64,
}

/// All samples of one lane, within a byte budget.
#[derive(Clone, Debug)]
pub struct Store {
    columns: Vec<Column>,
    sequence: u64,
    budget_bytes: usize,
    stats: StoreStats,
    head: Option<TwinTime>,
    first: Option<TwinTime>,
    complete_since: Option<TwinTime>,
}

impl Store {
    /// An empty store for `signals` signals that keeps about `budget_bytes` bytes.
    pub fn new(signals: usize, budget_bytes: usize) -> Self {
        let columns = (0..signals).map(|i| Column::new(SignalKey(u32::try_from(i).unwrap_or(u32::MAX)))).collect();
        Self { columns, sequence: 0, budget_bytes, stats: StoreStats::default(), head: None, first: None, complete_since: None }
    }

    /// Starts the next commit and returns its number. Samples appended from now on carry it.
    pub fn begin_commit(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// Goes on numbering after `sequence`.
    pub fn resume_after(&mut self, sequence: u64) {
        self.sequence = self.sequence.max(sequence);
    }

    /// Number of the newest commit.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Appends a sample to its column; a sample of an unknown signal counts as duplicate.
    pub fn append(&mut self, sample: &Sample) -> Appended {
        self.append_as(sample, self.sequence)
    }

    /// Appends a sample of a commit made earlier: one that was read from disk. The numbering goes on after the newest.
    pub fn append_as(&mut self, sample: &Sample, sequence: u64) -> Appended {
        self.sequence = self.sequence.max(sequence);
        let Some(column) = self.columns.get_mut(sample.signal.index()) else {
            return Appended::Duplicate;
        };
        let before = column.bytes_of_tail();
        if !column.append(sample, sequence) {
            self.stats.duplicates += 1;
            return Appended::Duplicate;
        }
        self.stats.bytes = (self.stats.bytes + column.bytes_of_tail()).saturating_sub(before);
        self.stats.stored += 1;
        self.head = self.head.max(Some(sample.source_time));
        self.first = Some(self.first.map_or(sample.source_time, |first| first.min(sample.source_time)));
        if self.stats.bytes > self.budget_bytes {
            self.shrink();
        }
        Appended::Stored
    }

    /// Drops the oldest chunks until a fiftieth of the budget is free again: not per sample, and not so much at once that a
    /// commit would wait for it.
    fn shrink(&mut self) {
        let target = self.budget_bytes - self.budget_bytes / 50;
        let mut order: Vec<(TwinTime, usize)> =
            self.columns.iter().enumerate().filter_map(|(i, c)| c.oldest_sealed().map(|t| (t, i))).collect();
        order.sort_unstable();
        for (_, index) in order {
            if self.stats.bytes <= target {
                break;
            }
            self.complete_since = self.complete_since.max(self.columns[index].oldest_sealed());
            let freed = self.columns[index].drop_oldest();
            self.stats.bytes = self.stats.bytes.saturating_sub(freed);
            self.stats.dropped_chunks += 1;
        }
        self.first = self.columns.iter().filter_map(|column| column.extent().map(|(first, _)| first)).min();
    }

    /// The column of a signal.
    pub fn column(&self, signal: SignalKey) -> Option<&Column> {
        self.columns.get(signal.index())
    }

    /// The newest sample of a signal at or before `time`, of commits up to `sequence`.
    pub fn latest_at(&self, signal: SignalKey, time: TwinTime, sequence: u64) -> Option<StoredSample> {
        self.columns.get(signal.index())?.latest_at(time, sequence)
    }

    /// Time of the first and the newest sample.
    pub fn extent(&self) -> Option<(TwinTime, TwinTime)> {
        self.first.zip(self.head)
    }

    /// Keeps about so many bytes from now on.
    pub fn set_budget(&mut self, budget_bytes: usize) {
        self.budget_bytes = budget_bytes;
    }

    /// Instant since which nothing was dropped; `None` when nothing ever was.
    pub fn complete_since(&self) -> Option<TwinTime> {
        self.complete_since
    }

    /// Counters.
    pub fn stats(&self) -> StoreStats {
        self.stats
    }
}
