//! Samples, batches and what else a source tells a lane.

use crate::{Quality, TwinTime};
use serde::{Deserialize, Serialize};

/// A signal interned in a [`SignalTable`](crate::SignalTable). Never leaves the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignalKey(pub u32);

impl SignalKey {
    /// The key as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where a sample comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// Delivered as it happened.
    Live,
    /// Delivered after a newer sample of the same signal.
    Late,
    /// Entered by a person.
    Manual,
    /// Computed by a simulator.
    Simulated,
    /// Computed by the twin from other samples.
    Derived,
}

/// One value of one signal at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Which signal.
    pub signal: SignalKey,
    /// The value in the unit the signal declares; booleans and enums are their integer. `None` when the quality is Bad.
    pub value: Option<f64>,
    /// How far the value can be trusted.
    pub quality: Quality,
    /// When the value was true, by the source's clock.
    pub source_time: TwinTime,
    /// When it arrived, by the wall clock.
    pub receive_time: TwinTime,
    /// Where it comes from.
    pub origin: Origin,
}

/// Samples that travel and are committed together, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// The samples in the order of the source.
    pub samples: Vec<Sample>,
    /// Whole seconds of the plant clock that passed up to here: the only way a lane hears of time. At most one per second of plant time.
    pub tick: Option<TwinTime>,
    /// Number the source wants acknowledged once the batch is durable (MQTT manual acknowledgement).
    pub ack: Option<u64>,
}

/// What a source knows of the clock of its plant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantClock {
    /// Plant time.
    pub time: TwinTime,
    /// Plant seconds per wall second: 1 = real time, 0 = paused.
    pub speed: f64,
    /// Wall time at which the plant clock showed `time`.
    pub at: TwinTime,
}

impl PlantClock {
    /// Plant time at the wall time `now`.
    pub fn time_at(&self, now: TwinTime) -> TwinTime {
        self.time.plus_secs(now.secs_since(self.at) * self.speed)
    }
}

/// State of the connection of a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SourceState {
    /// Not tried yet, or trying.
    Connecting,
    /// Connected and subscribed.
    Connected,
    /// Lost or refused; the reason is a sentence for a person, with what to do.
    Down {
        /// Why.
        reason: String,
    },
    /// The source has ended (a recording, a stopped story).
    Ended,
}

/// What a source sends to its lane, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceEvent {
    /// Samples and ticks.
    Batch(Batch),
    /// The connection changed.
    State(SourceState),
    /// The plant clock was announced or changed.
    Clock(PlantClock),
    /// Inputs that could not be used, counted since the last such event.
    Problem {
        /// Topic (or file) it came on.
        topic: String,
        /// What was wrong, for a person.
        reason: String,
        /// How often, since the last report of this topic and reason.
        count: u64,
    },
}
