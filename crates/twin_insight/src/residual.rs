//! Measured against modelled: residuals, whether they stay inside their band, and how far the model is to be trusted.

use crate::functions::NOT_APPLICABLE;
use crate::reading::Reading;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use twin_model::{Origin, Quality, Sample, SignalKey, TwinTime};

/// Time constant of the mean that is compared with the band, seconds of plant time.
const MEAN_SECS: f64 = 60.0;
/// The mean must be outside (inside) for this long before it counts, seconds of plant time.
const PERSISTENCE_SECS: f64 = 120.0;
/// Back inside is inside this part of the band.
const RETURN_FRACTION: f64 = 0.8;
/// After a silence this long the mean starts anew, seconds of plant time.
const FORGET_SECS: f64 = 600.0;
/// Measured samples kept to find the one that belongs to the time of a modelled one.
const HISTORY: usize = 128;

/// A signal the model is compared with.
#[derive(Clone, Debug)]
pub(crate) struct JudgedPlan {
    pub measured: SignalKey,
    pub modelled: SignalKey,
    pub residual: SignalKey,
    /// Largest |residual| that is in order, in the unit; `None` = not judged.
    pub band: Option<f64>,
    pub thing: usize,
}

/// How far the model agrees with the plant at present.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trust {
    /// Signals with a band, good data and a running model.
    pub judged: usize,
    /// Those of them whose mean residual lies inside its band.
    pub inside: usize,
}

impl Trust {
    /// Share inside, 0 … 1; `None` when nothing can be judged.
    pub fn share(&self) -> Option<f64> {
        (self.judged > 0).then(|| self.inside as f64 / self.judged as f64)
    }
}

/// The running comparison of one signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Judged {
    history: VecDeque<Measured>,
    /// Mean residual and its time, while both sides deliver.
    mean: Option<(f64, TwinTime)>,
    /// Since when the mean is on the other side of the band than `is_outside` says.
    crossing_since: Option<TwinTime>,
    /// The residual has left its band for good.
    pub is_outside: bool,
    /// The mean as last told in words.
    pub told: f64,
    /// The residual last said that there is nothing to compare.
    is_paused: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Measured {
    time: TwinTime,
    receive_time: TwinTime,
    value: Option<f64>,
    quality: Quality,
}

/// What a modelled sample led to.
pub(crate) struct Compared {
    /// The residual to commit.
    pub residual: Option<Sample>,
    /// The words about this signal need to be said anew.
    pub is_news: bool,
}

impl Judged {
    pub fn new() -> Self {
        Self { history: VecDeque::with_capacity(HISTORY), mean: None, crossing_since: None, is_outside: false, told: 0.0, is_paused: true }
    }

    /// Keeps a measured value until the model has come to its time.
    pub fn measured(&mut self, reading: &Reading) {
        if self.history.len() == HISTORY {
            self.history.pop_front();
        }
        self.history.push_back(Measured {
            time: reading.source_time,
            receive_time: reading.receive_time,
            value: reading.value.filter(|value| value.is_finite()),
            quality: reading.quality,
        });
    }

    /// Compares what the model says with what was measured at its time (the model may come in bursts, later).
    pub fn modelled(&mut self, plan: &JudgedPlan, model: &Reading) -> Compared {
        let at = model.source_time;
        let measured = self.history.iter().rev().find(|measured| measured.time <= at).or(self.history.front());
        let (Some(measured), Some(modelled)) = (measured.copied(), model.value.filter(|value| value.is_finite())) else {
            return self.pause(plan, model);
        };
        self.is_paused = false;
        let quality = measured.quality.worst(model.quality);
        let value = measured.value.filter(|_| !quality.is_bad()).map(|value| value - modelled);
        let is_news = match value {
            Some(value) if !quality.is_stale() => self.judge(plan.band, value, at),
            // Over lost data nothing is decided.
            _ => {
                self.mean = None;
                self.crossing_since = None;
                false
            }
        };
        let receive_time = measured.receive_time.max(model.receive_time);
        Compared { residual: Some(sample(plan.residual, value, quality, at, receive_time)), is_news }
    }

    /// The model has nothing to say (the drive stands): one sample says so, then silence.
    fn pause(&mut self, plan: &JudgedPlan, model: &Reading) -> Compared {
        let is_news = std::mem::take(&mut self.is_outside);
        self.mean = None;
        self.crossing_since = None;
        let first = !std::mem::replace(&mut self.is_paused, true);
        Compared { residual: first.then(|| sample(plan.residual, None, NOT_APPLICABLE, model.source_time, model.receive_time)), is_news }
    }

    fn judge(&mut self, band: Option<f64>, value: f64, at: TwinTime) -> bool {
        let mean = match self.mean {
            Some((mean, before)) if (0.0..FORGET_SECS).contains(&at.secs_since(before)) => {
                mean + (value - mean) * (1.0 - libm::exp(-at.secs_since(before) / MEAN_SECS))
            }
            _ => value,
        };
        self.mean = Some((mean, at));
        let Some(band) = band else { return false };
        let crosses = if self.is_outside { mean.abs() < RETURN_FRACTION * band } else { mean.abs() > band };
        if !crosses {
            self.crossing_since = None;
        } else if at.secs_since(*self.crossing_since.get_or_insert(at)) >= PERSISTENCE_SECS {
            self.crossing_since = None;
            self.is_outside = !self.is_outside;
            self.told = mean;
            return true;
        }
        let has_moved = self.is_outside && (mean - self.told).abs() > 0.05 * band;
        if has_moved {
            self.told = mean;
        }
        has_moved
    }

    /// Adds this signal to the trust in the model.
    pub fn count(&self, plan: &JudgedPlan, trust: &mut Trust) {
        if let (Some((mean, _)), Some(band)) = (self.mean, plan.band) {
            trust.judged += 1;
            trust.inside += usize::from(mean.abs() <= band);
        }
    }
}

fn sample(signal: SignalKey, value: Option<f64>, quality: Quality, source_time: TwinTime, receive_time: TwinTime) -> Sample {
    Sample { signal, value, quality, source_time, receive_time, origin: Origin::Derived }
}
