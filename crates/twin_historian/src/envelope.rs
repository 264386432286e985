//! Least and greatest value per pixel: a line at any zoom without losing an extreme.

use twin_model::{Sample, TwinTime};

/// Least and greatest value within an interval of time, and what the interval hides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// Time of the least value.
    pub min_time: TwinTime,
    /// Least value.
    pub min: f64,
    /// Time of the greatest value.
    pub max_time: TwinTime,
    /// Greatest value; below `min` when no sample of the interval has a value.
    pub max: f64,
    /// A value of the interval is not Good.
    pub is_doubtful: bool,
    /// The newest sample of the interval that has no value: a line must not be drawn across it.
    pub gap: Option<TwinTime>,
}

/// Buckets of equal length that take samples, or whole chunks of them, in any order.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    start: TwinTime,
    end: TwinTime,
    buckets: Vec<Option<Bucket>>,
}

impl Envelope {
    /// `count` empty buckets from `start` to `end`.
    pub fn new(start: TwinTime, end: TwinTime, count: usize) -> Self {
        Self { start, end, buckets: vec![None; count.max(1)] }
    }

    fn span_nanos(&self) -> f64 {
        self.end.0.saturating_sub(self.start.0).max(1) as f64
    }

    /// Length of a bucket, ns.
    pub fn bucket_nanos(&self) -> f64 {
        self.span_nanos() / self.buckets.len() as f64
    }

    /// Number of the bucket of an instant; instants outside belong to the first or last.
    pub fn index_of(&self, time: TwinTime) -> usize {
        let share = time.0.saturating_sub(self.start.0) as f64 / self.span_nanos();
        ((share * self.buckets.len() as f64) as usize).min(self.buckets.len() - 1)
    }

    /// Adds a sample; one outside is passed over.
    pub fn add(&mut self, sample: &Sample) {
        let (time, is_doubtful) = (sample.source_time, !sample.quality.is_good());
        if time < self.start || time > self.end {
            return;
        }
        let bucket = match sample.value.filter(|value| !value.is_nan()) {
            Some(value) => Bucket { min_time: time, min: value, max_time: time, max: value, is_doubtful, gap: None },
            None => {
                let (min, max) = (f64::INFINITY, f64::NEG_INFINITY);
                Bucket { min_time: time, min, max_time: time, max, is_doubtful, gap: Some(time) }
            }
        };
        self.widen(time, bucket);
    }

    /// Adds what is known of some samples to the bucket of `time`.
    pub fn widen(&mut self, time: TwinTime, add: Bucket) {
        let index = self.index_of(time);
        match &mut self.buckets[index] {
            Some(bucket) => {
                if add.min < bucket.min {
                    (bucket.min, bucket.min_time) = (add.min, add.min_time);
                }
                if add.max > bucket.max {
                    (bucket.max, bucket.max_time) = (add.max, add.max_time);
                }
                bucket.is_doubtful |= add.is_doubtful;
                bucket.gap = bucket.gap.max(add.gap);
            }
            empty => *empty = Some(add),
        }
    }

    /// The buckets that have something, in order of time.
    pub fn finish(self) -> Vec<Bucket> {
        self.buckets.into_iter().flatten().collect()
    }
}
