//! A frozen sensor: the session is alive, samples arrive, and the value never moves by a single digit.

use serde::{Deserialize, Serialize};
use twin_model::{Plant, SignalKey, TwinTime};

/// Equal samples in a row that scatter cannot explain: even a signal whose noise flips its last digit only every third
/// time would do this once in 10¹⁷ rows.
const EQUAL_SAMPLES: u32 = 100;
/// … over at least so much plant time, so that a fast signal is not judged within seconds.
const EQUAL_SECS: f64 = 60.0;
/// A published step may be so many times the declared noise; with a coarser one, silence says nothing.
const COARSEST_STEP_SIGMAS: f64 = 2.5;
/// Share of the range at each end where instruments rest: a closed valve, a stopped pump.
const REST_SHARE: f64 = 0.01;

/// Values between which a signal is expected to scatter; `None` for a signal that may stand still.
pub(crate) fn scatters_between(plant: &Plant, key: SignalKey) -> Option<(f64, f64)> {
    let info = plant.signals.info(key).filter(|info| !info.is_derived && !info.on_change)?;
    let sigma = plant.settings_of(key)?.noise_sigma.filter(|sigma| *sigma > 0.0)?;
    let step = libm::pow(10.0, -f64::from(info.decimals));
    let (low, high) = info.range.filter(|_| step <= COARSEST_STEP_SIGMAS * sigma)?;
    let rest = (high - low) * REST_SHARE;
    Some((low + rest, high - rest))
}

/// The row of equal samples a signal is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct EqualRow {
    value_bits: u64,
    since: TwinTime,
    count: u32,
    /// So long that the sensor must have frozen.
    pub is_frozen: bool,
}

impl EqualRow {
    /// Takes a value, or the lack of one. Returns true when the verdict changed.
    pub fn hear(&mut self, time: TwinTime, value: Option<f64>, (low, high): (f64, f64)) -> bool {
        let was_frozen = self.is_frozen;
        match value.filter(|value| *value > low && *value < high) {
            Some(value) if self.count > 0 && value.to_bits() == self.value_bits => {
                self.count = self.count.saturating_add(1);
                self.is_frozen = self.count >= EQUAL_SAMPLES && time.secs_since(self.since) >= EQUAL_SECS;
            }
            Some(value) => *self = Self { value_bits: value.to_bits(), since: time, count: 1, is_frozen: false },
            None => *self = Self::default(),
        }
        self.is_frozen != was_frozen
    }
}
