//! All samples of one signal.

use crate::chunk::{CHUNK_LEN, Chunk, SAMPLE_BYTES};
use crate::envelope::{Bucket, Envelope};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use twin_model::{Sample, SignalKey, TwinTime};

/// A sample with the commit it came in.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredSample {
    /// The sample.
    pub sample: Sample,
    /// Number of its commit, growing along the lane.
    pub sequence: u64,
}

/// All samples of one signal in order of source time. Cloning shares the sealed chunks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    signal: SignalKey,
    sealed: Vec<Arc<Chunk>>,
    tail: Chunk,
}

impl Column {
    /// An empty column.
    pub fn new(signal: SignalKey) -> Self {
        Self { signal, sealed: Vec::new(), tail: Chunk::default() }
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.sealed.iter().map(|chunk| chunk.len()).sum::<usize>() + self.tail.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.tail.is_empty() && self.sealed.is_empty()
    }

    /// Bytes held, shared chunks counted in full.
    pub fn bytes(&self) -> usize {
        self.sealed.iter().map(|chunk| chunk.bytes()).sum::<usize>() + self.tail.bytes()
    }

    /// First and last source time.
    pub fn extent(&self) -> Option<(TwinTime, TwinTime)> {
        let first = self.sealed.first().and_then(|c| c.first_time()).or_else(|| self.tail.first_time())?;
        let last = self.tail.last_time().or_else(|| self.sealed.last().and_then(|c| c.last_time()))?;
        Some((first, last))
    }

    /// Adds a sample at its own time. Returns false when the same sample (time, value, quality) is there already.
    pub(crate) fn append(&mut self, sample: &Sample, sequence: u64) -> bool {
        if self.is_newest(sample.source_time) {
            self.push_tail(sample, sequence);
            return true;
        }
        if self.holds(sample) {
            return false;
        }
        let belongs_to_tail = self.sealed.last().and_then(|c| c.last_time()).is_none_or(|last| last <= sample.source_time);
        if belongs_to_tail {
            // Sealing here could put a chunk that ends later before this sample.
            self.tail.insert(sample, sequence);
        } else {
            let at = self.sealed.partition_point(|c| c.last_time().is_some_and(|last| last <= sample.source_time));
            if let Some(chunk) = self.sealed.get_mut(at) {
                // Readers keep the chunk as they saw it; the lane goes on with a changed copy.
                Arc::make_mut(chunk).insert(sample, sequence);
            }
        }
        true
    }

    fn is_newest(&self, time: TwinTime) -> bool {
        match self.tail.last_time().or_else(|| self.sealed.last().and_then(|c| c.last_time())) {
            Some(last) => last < time,
            None => true,
        }
    }

    fn push_tail(&mut self, sample: &Sample, sequence: u64) {
        if self.tail.len() >= CHUNK_LEN {
            let full = std::mem::replace(&mut self.tail, Chunk::with_room());
            self.sealed.push(Arc::new(full));
        }
        self.tail.insert(sample, sequence);
    }

    fn holds(&self, sample: &Sample) -> bool {
        self.range(sample.source_time, sample.source_time, u64::MAX).any(|stored| {
            stored.sample.value.map(f64::to_bits) == sample.value.map(f64::to_bits) && stored.sample.quality == sample.quality
        })
    }

    fn chunks(&self) -> impl DoubleEndedIterator<Item = &Chunk> {
        self.sealed.iter().map(Arc::as_ref).chain(std::iter::once(&self.tail))
    }

    /// The newest sample at or before `time`, of commits up to `sequence`.
    pub fn latest_at(&self, time: TwinTime, sequence: u64) -> Option<StoredSample> {
        let from_tail = self.tail.first_time().is_some_and(|first| first <= time);
        let sealed_end = self.sealed.partition_point(|c| c.first_time().is_some_and(|first| first <= time));
        let sealed = self.sealed[..sealed_end].iter().map(Arc::as_ref).rev();
        from_tail.then_some(&self.tail).into_iter().chain(sealed).find_map(|chunk| {
            let end = chunk.index_after(time);
            (0..end).rev().find(|i| chunk.sequences[*i] <= sequence).and_then(|i| chunk.get(self.signal, i))
        })
    }

    /// Samples from `start` to `end` (both included) of commits up to `sequence`, in order of time.
    pub fn range(&self, start: TwinTime, end: TwinTime, sequence: u64) -> impl Iterator<Item = StoredSample> + '_ {
        let first = self.sealed.partition_point(|c| c.last_time().is_some_and(|last| last < start));
        self.sealed[first..]
            .iter()
            .map(Arc::as_ref)
            .chain(std::iter::once(&self.tail))
            .take_while(move |c| c.first_time().is_some_and(|t| t <= end))
            .flat_map(move |chunk| {
                let (from, to) = (chunk.index_from(start), chunk.index_after(end));
                (from..to).filter_map(move |i| chunk.get(self.signal, i))
            })
            .filter(move |stored| stored.sequence <= sequence)
    }

    /// Least and greatest value of each of `buckets` equal intervals from `start` to `end`. Empty intervals are left out.
    ///
    /// Whole chunks inside one interval are answered from their own least and greatest value.
    pub fn envelope(&self, start: TwinTime, end: TwinTime, buckets: usize) -> Vec<Bucket> {
        let mut envelope = Envelope::new(start, end, buckets);
        for chunk in self.chunks() {
            let (Some(first), Some(last)) = (chunk.first_time(), chunk.last_time()) else { continue };
            if last < start || first > end {
                continue;
            }
            let inside = first >= start && last <= end;
            let is_whole = inside && envelope.index_of(first) == envelope.index_of(last) && !chunk.has_missing;
            if let (true, Some((min, max))) = (is_whole, chunk.min_max()) {
                let bucket = Bucket { min_time: first, min, max_time: last, max, is_doubtful: chunk.is_doubtful, gap: None };
                envelope.widen(first, bucket);
                continue;
            }
            for i in chunk.index_from(start)..chunk.index_after(end) {
                if let Some(stored) = chunk.get(self.signal, i) {
                    envelope.add(&stored.sample);
                }
            }
        }
        envelope.finish()
    }

    /// Bytes held, counted at the tail as if each sealed chunk had just been sealed: cheap, for differences.
    pub(crate) fn bytes_of_tail(&self) -> usize {
        self.sealed.len() * CHUNK_LEN * SAMPLE_BYTES + self.tail.bytes()
    }

    /// Drops the oldest sealed chunk. Returns the bytes freed.
    pub(crate) fn drop_oldest(&mut self) -> usize {
        if self.sealed.is_empty() {
            return 0;
        }
        self.sealed.remove(0);
        CHUNK_LEN * SAMPLE_BYTES
    }

    pub(crate) fn oldest_sealed(&self) -> Option<TwinTime> {
        self.sealed.first().and_then(|chunk| chunk.last_time())
    }
}
