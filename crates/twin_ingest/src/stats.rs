//! What a source counts while it runs.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Buckets of the latency histogram: bucket n counts latencies from 2ⁿ⁻¹ to 2ⁿ µs, bucket 0 those below 1 µs.
const LATENCY_BUCKETS: usize = 32;

/// Counters of a source. Read from any thread while the source runs; each counter only grows.
#[derive(Debug, Default)]
pub struct SourceStats {
    /// Messages received.
    pub messages: AtomicU64,
    /// Bytes of their payloads.
    pub bytes: AtomicU64,
    /// Samples decoded.
    pub samples: AtomicU64,
    /// Of these, late ones.
    pub late: AtomicU64,
    /// Of these, from the future.
    pub future: AtomicU64,
    /// Of these, outside their range.
    pub out_of_range: AtomicU64,
    /// Stale marks and alive values written by the twin.
    pub marks: AtomicU64,
    /// Retained messages, which give no samples.
    pub retained: AtomicU64,
    /// Messages, or parts of them, that gave no sample because something was wrong.
    pub refused: AtomicU64,
    /// Messages on topics that no signal has.
    pub unknown_topics: AtomicU64,
    /// Messages of quality of service 0 dropped because the twin was too slow.
    pub dropped: AtomicU64,
    /// Connections made.
    pub connections: AtomicU64,
    /// Attempts to connect, successful or not.
    pub attempts: AtomicU64,
    /// Messages acknowledged to the broker.
    pub acknowledged: AtomicU64,
    /// True while connected and subscribed.
    pub is_connected: AtomicBool,
    latency: [AtomicU64; LATENCY_BUCKETS],
}

impl SourceStats {
    pub(crate) fn add(counter: &AtomicU64, count: u64) {
        counter.fetch_add(count, Ordering::Relaxed);
    }

    pub(crate) fn add_latency(&self, secs: f64) {
        let micros = (secs.max(0.0) * 1e6) as u64;
        let bucket = (u64::BITS - micros.leading_zeros()) as usize;
        if let Some(counter) = self.latency.get(bucket.min(LATENCY_BUCKETS - 1)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The latency (receive time − source time on the plant clock, wall seconds) that the share `quantile` (0 to 1) of the
    /// samples did not exceed, rounded up to a power of two of a microsecond. `None` before the first sample.
    pub fn latency_quantile_secs(&self, quantile: f64) -> Option<f64> {
        let counts: Vec<u64> = self.latency.iter().map(|counter| counter.load(Ordering::Relaxed)).collect();
        let total: u64 = counts.iter().sum();
        if total == 0 {
            return None;
        }
        let wanted = (quantile.clamp(0.0, 1.0) * total as f64).ceil().max(1.0) as u64;
        let mut sum = 0;
        let bucket = counts.iter().position(|count| {
            sum += count;
            sum >= wanted
        })?;
        Some((1_u64 << bucket) as f64 * 1e-6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_never_below_the_latencies_it_covers() {
        let stats = SourceStats::default();
        assert_eq!(stats.latency_quantile_secs(0.5), None);
        for millis in 1..=100 {
            stats.add_latency(f64::from(millis) * 1e-3);
        }
        let p50 = stats.latency_quantile_secs(0.5).unwrap();
        let p99 = stats.latency_quantile_secs(0.99).unwrap();
        assert!((0.050..0.100).contains(&p50), "{p50}");
        assert!((0.099..0.198).contains(&p99), "{p99}");
    }
}
