//! The core of Didymos: lanes of history, their shadows and branches, playheads and actions, in a headless Bevy
//! app on a thread of its own.
//!
//! ```text
//! sources ─> drain ─> Lane::commit ─> SimTick (shadows) ─┐
//! branch workers ─> drain ─> Lane::commit ───────────────┤
//! views ─> actions (one permission check, one place that applies, one journal) ─┴─> snapshot ─> views
//! ```
//!
//! Lanes, stores and simulations are plain data; Bevy hosts the schedules and the bindings of things to entities.
//! The core never waits for a view.

pub mod branch;
mod compare;
pub mod condition_estimate;
mod connection_loss;
mod core;
pub mod fmu_block;
mod gap;
mod history;
mod host;
mod lane;
mod level_correction;
mod pager;
mod permission;
mod playhead;
mod recording;
pub mod replay;
pub mod shadow;
mod snapshot;
pub mod turns;
mod twin;

pub use crate::core::{CoreOptions, CorePlugin, LaneHealth, SimTick, ThingBinding, TwinCore, ViewSnapshots};
pub use compare::{Comparison, ComparisonRow};
pub use history::{AlarmHistory, DensityHistory, HealthHistory, Mark, MarkHistory, MarkKind};
pub use host::{CoreHandle, spawn};
pub use lane::{Lane, LaneKind, LaneStats, Page, SourceLink};
pub use permission::{Refused, may};
pub use playhead::{Playhead, PlayheadMode};
pub use recording::{LaneRecorder, Past, is_from_plant, mark_of};
pub use shadow::check_simulation;
pub use snapshot::{BranchView, JournalEntry, LaneView, LiveView, ModelPace, RecordingView, Snapshot, StoryView, ViewFrame};
pub use twin::{KeepError, StoryHost, Twin, signal_names};
