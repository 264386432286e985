//! Scatter of a signal over a window of event time.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use twin_model::TwinTime;

/// Fewest samples that say anything about scatter.
const MIN_SAMPLES: usize = 30;
/// Most samples kept; a longer window is judged by its newest samples.
const MAX_SAMPLES: usize = 1024;

/// Scatter from the squared differences of successive samples (von Neumann's estimate), so that a ramp or a slow
/// wave of the process does not count as noise: a level that sinks smoothly has none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct NoiseWindow {
    samples: VecDeque<(TwinTime, f64)>,
    sum_of_squares: f64,
}

impl NoiseWindow {
    /// Takes a value, drops what is older than `window_secs`.
    pub fn push(&mut self, time: TwinTime, value: f64, window_secs: f64) {
        if let Some((newest, last)) = self.samples.back() {
            if time < *newest {
                return;
            }
            self.sum_of_squares += square(value - last);
        }
        self.samples.push_back((time, value));
        while self.samples.len() > MAX_SAMPLES || self.samples.front().is_some_and(|(oldest, _)| time.secs_since(*oldest) > window_secs) {
            self.drop_oldest();
        }
    }

    /// Forgets everything: after a gap the old scatter says nothing.
    pub fn clear(&mut self) {
        self.samples.clear();
        self.sum_of_squares = 0.0;
    }

    /// Standard deviation of the noise, in the unit of the signal, from at least 30 samples.
    pub fn sigma(&self) -> Option<f64> {
        if self.samples.len() < MIN_SAMPLES {
            return None;
        }
        let sigma = libm::sqrt(self.sum_of_squares.max(0.0) / (2.0 * (self.samples.len() - 1) as f64));
        sigma.is_finite().then_some(sigma)
    }

    fn drop_oldest(&mut self) {
        let Some((_, first)) = self.samples.pop_front() else { return };
        let removed = self.samples.front().map_or(0.0, |(_, second)| square(second - first));
        self.sum_of_squares -= removed;
        // A jump that leaves the window takes the digits of the rest with it.
        if !self.sum_of_squares.is_finite() || removed > 1e9 * self.sum_of_squares {
            self.sum_of_squares =
                self.samples.iter().zip(self.samples.iter().skip(1)).map(|((_, earlier), (_, later))| square(later - earlier)).sum();
        }
    }
}

fn square(x: f64) -> f64 {
    x * x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smooth_ramp_has_no_noise_and_a_jump_is_forgotten_when_it_leaves_the_window() {
        let mut window = NoiseWindow::default();
        for second in 0..200_i32 {
            let jump = if second < 20 { 1e8 } else { 0.0 };
            let noise = if second % 2 == 0 { 0.02 } else { -0.02 };
            window.push(TwinTime::from_secs_f64(f64::from(second)), jump - 0.015 * f64::from(second) + noise, 100.0);
        }
        let sigma = window.sigma().unwrap();
        assert!((0.02..0.04).contains(&sigma), "{sigma}");
        window.clear();
        assert_eq!(window.sigma(), None);
    }
}
