//! How long to wait before the next attempt.

use super::failure::Kind;
use super::link::random;
use super::options::MqttOptions;
use std::time::Duration;

/// Waits that double from attempt to attempt, each drawn at random below its bound, so that a thousand clients of a broker
/// that was restarted do not return together.
#[derive(Debug)]
pub(super) struct Backoff {
    first_secs: f64,
    longest_secs: f64,
    stable_after_secs: f64,
    attempts: i32,
}

impl Backoff {
    pub fn new(options: &MqttOptions) -> Self {
        Self {
            first_secs: options.reconnect_first_secs.max(0.01),
            longest_secs: options.reconnect_longest_secs.max(0.01),
            stable_after_secs: options.stable_after_secs,
            attempts: 0,
        }
    }

    /// The next wait, after a connection that lasted `connected_secs` (0 where none came about).
    pub fn next(&mut self, connected_secs: f64, kind: Kind) -> Duration {
        if connected_secs >= self.stable_after_secs {
            self.attempts = 0;
        }
        let bound_secs = (self.first_secs * 2_f64.powi(self.attempts.min(16))).min(self.longest_secs);
        self.attempts = self.attempts.saturating_add(1);
        let share = (random() >> 11) as f64 / (1_u64 << 53) as f64;
        let secs = match kind {
            // A refusal stays until a person changes something: wait at the slow end.
            Kind::Refused => self.longest_secs * (0.5 + 0.5 * share),
            _ => (bound_secs * share).max(self.first_secs * 0.1),
        };
        Duration::from_secs_f64(secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_their_bound_and_shrink_after_a_stable_connection_only() {
        let mut backoff = Backoff::new(&MqttOptions::new("mqtt://host").unwrap());
        for attempt in 0..200 {
            let wait = backoff.next(if attempt % 2 == 0 { 0.0 } else { 59.0 }, Kind::Network).as_secs_f64();
            assert!((0.05..=30.0_f64.min(0.5 * 2_f64.powi(attempt))).contains(&wait), "attempt {attempt}: {wait}");
        }
        let total: f64 = (0..100).map(|_| backoff.next(1.0, Kind::Network).as_secs_f64()).sum();
        assert!(total > 600.0, "100 attempts in {total} s");
        assert!(backoff.next(61.0, Kind::Network).as_secs_f64() <= 0.5);
        assert!(backoff.next(0.0, Kind::Refused).as_secs_f64() >= 15.0);
    }
}
