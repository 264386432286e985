//! A run of samples of one signal, column by column.

use serde::{Deserialize, Serialize};
use twin_model::{Origin, Quality, Sample, SignalKey, TwinTime};

use crate::StoredSample;

/// Samples per sealed chunk.
pub const CHUNK_LEN: usize = 512;

/// Bytes of one sample in its columns.
pub(crate) const SAMPLE_BYTES: usize = 8 + 8 + 8 + 4 + 1 + 8;

/// Up to about [`CHUNK_LEN`] samples in order of source time, with the least and greatest value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chunk {
    pub(crate) times: Vec<TwinTime>,
    /// NaN stands for "no value" (quality Bad).
    pub(crate) values: Vec<f64>,
    pub(crate) receive_times: Vec<TwinTime>,
    pub(crate) qualities: Vec<Quality>,
    pub(crate) origins: Vec<Origin>,
    pub(crate) sequences: Vec<u64>,
    min: f64,
    max: f64,
    /// A sample is not Good.
    pub(crate) is_doubtful: bool,
    /// A sample has no value.
    pub(crate) has_missing: bool,
}

impl Chunk {
    /// Number of samples.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Source time of the first sample.
    pub fn first_time(&self) -> Option<TwinTime> {
        self.times.first().copied()
    }

    /// Source time of the last sample.
    pub fn last_time(&self) -> Option<TwinTime> {
        self.times.last().copied()
    }

    /// Least and greatest value, `None` when no sample has one.
    pub fn min_max(&self) -> Option<(f64, f64)> {
        (self.min <= self.max && !self.is_empty()).then_some((self.min, self.max))
    }

    /// Bytes this chunk takes.
    pub fn bytes(&self) -> usize {
        self.times.capacity() * SAMPLE_BYTES
    }

    pub(crate) fn with_room() -> Self {
        Self {
            times: Vec::with_capacity(CHUNK_LEN),
            values: Vec::with_capacity(CHUNK_LEN),
            receive_times: Vec::with_capacity(CHUNK_LEN),
            qualities: Vec::with_capacity(CHUNK_LEN),
            origins: Vec::with_capacity(CHUNK_LEN),
            sequences: Vec::with_capacity(CHUNK_LEN),
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            is_doubtful: false,
            has_missing: false,
        }
    }

    /// Inserts a sample behind all samples of its time or earlier.
    pub(crate) fn insert(&mut self, sample: &Sample, sequence: u64) {
        let at = match self.times.last() {
            Some(last) if *last > sample.source_time => self.index_after(sample.source_time),
            _ => self.len(),
        };
        let value = sample.value.unwrap_or(f64::NAN);
        self.times.insert(at, sample.source_time);
        self.values.insert(at, value);
        self.receive_times.insert(at, sample.receive_time);
        self.qualities.insert(at, sample.quality);
        self.origins.insert(at, sample.origin);
        self.sequences.insert(at, sequence);
        self.is_doubtful |= !sample.quality.is_good();
        self.has_missing |= value.is_nan();
        if !value.is_nan() {
            // An empty default chunk starts at 0..0; the first value sets both ends.
            if self.len() == 1 {
                (self.min, self.max) = (value, value);
            } else {
                self.min = self.min.min(value);
                self.max = self.max.max(value);
            }
        }
    }

    /// Index of the first sample later than `time`.
    pub(crate) fn index_after(&self, time: TwinTime) -> usize {
        self.times.partition_point(|t| *t <= time)
    }

    /// Index of the first sample at `time` or later.
    pub(crate) fn index_from(&self, time: TwinTime) -> usize {
        self.times.partition_point(|t| *t < time)
    }

    pub(crate) fn get(&self, signal: SignalKey, index: usize) -> Option<StoredSample> {
        let value = *self.values.get(index)?;
        Some(StoredSample {
            sample: Sample {
                signal,
                value: (!value.is_nan()).then_some(value),
                quality: self.qualities[index],
                source_time: self.times[index],
                receive_time: self.receive_times[index],
                origin: self.origins[index],
            },
            sequence: self.sequences[index],
        })
    }
}
