//! The words every room of Didymos shares: ids, units, quality, time, samples and batches, actions,
//! and the twin document with its checks.
//!
//! Nothing here does I/O except loading a plant folder ([`document::load`]); nothing reads a clock.

pub mod action;
pub mod alarm;
pub mod document;
mod id;
pub mod plant;
mod problem;
mod quality;
mod sample;
mod signal_table;
mod time;
pub mod unit;

pub use action::{Action, ActionEnvelope, Author, LaneId, Override, Role, ViewId};
pub use id::{IdError, MAX_ID_BYTES, SignalId, ThingId};
pub use plant::Plant;
pub use problem::{Problem, Severity};
pub use quality::{Quality, QualityClass};
pub use sample::{Batch, Origin, PlantClock, Sample, SignalKey, SourceEvent, SourceState};
pub use signal_table::{SignalInfo, SignalTable, ValueKind};
pub use time::{Clock, ManualClock, TimeError, TwinTime};
