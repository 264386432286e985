//! The newest value of each signal.

use serde::{Deserialize, Serialize};
use twin_model::{Origin, Quality, Sample, SignalKey, TwinTime};

/// The newest sample of a signal, without its key.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The value in the unit of the signal; `None` when Bad.
    pub value: Option<f64>,
    /// How far it can be trusted.
    pub quality: Quality,
    /// When it was true.
    pub source_time: TwinTime,
    /// When it arrived.
    pub receive_time: TwinTime,
    /// Where it comes from.
    pub origin: Origin,
}

impl Reading {
    /// The value, if it may be judged by: finite, neither Bad nor stale.
    pub fn usable(&self) -> Option<f64> {
        if self.quality.is_bad() || self.quality.is_stale() {
            return None;
        }
        self.value.filter(|value| value.is_finite())
    }
}

impl From<&Sample> for Reading {
    fn from(sample: &Sample) -> Self {
        Self {
            value: sample.value,
            quality: sample.quality,
            source_time: sample.source_time,
            receive_time: sample.receive_time,
            origin: sample.origin,
        }
    }
}

/// The usable value of a signal, if it has one.
pub(crate) fn usable(readings: &[Option<Reading>], key: SignalKey) -> Option<f64> {
    readings.get(key.index())?.as_ref()?.usable()
}
