//! What the core shows: plain, serialisable data, shared by `Arc`.

use crate::compare::Comparison;
use crate::condition_estimate::ConditionEstimate;
use crate::history::Mark;
use crate::lane::{LaneKind, LaneStats};
use crate::playhead::Playhead;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use twin_historian::Column;
use twin_insight::{AlarmStatus, Reading, ThingHealth, Trust};
use twin_model::{LaneId, PlantClock, SignalKey, SourceState, TwinTime, ViewId};

/// Everything on show at one core tick. Immutable.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// Number of the core tick.
    pub tick: u64,
    /// All lanes, Live first.
    pub lanes: Vec<LaneView>,
    /// What never follows a playhead.
    pub live: LiveView,
    /// Branches with their progress.
    pub branches: Vec<BranchView>,
    /// The story that runs or ran last.
    pub story: Option<StoryView>,
    /// Newest entries of the action journal, newest last.
    pub journal: Vec<JournalEntry>,
    /// One frame per view.
    pub frames: Vec<Arc<ViewFrame>>,
}

impl Snapshot {
    /// The frame of a view.
    pub fn frame(&self, view: ViewId) -> Option<&Arc<ViewFrame>> {
        self.frames.iter().find(|frame| frame.view == view)
    }

    /// A lane by number.
    pub fn lane(&self, lane: LaneId) -> Option<&LaneView> {
        self.lanes.iter().find(|view| view.id == lane)
    }
}

/// A lane as a list shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LaneView {
    /// Number.
    pub id: LaneId,
    /// What it is.
    pub kind: LaneKind,
    /// Name for people.
    pub name: String,
    /// Lane it was forked from, and when.
    pub fork: Option<(LaneId, TwinTime)>,
    /// First and newest instant held.
    pub extent: Option<(TwinTime, TwinTime)>,
    /// Connection of its source.
    pub state: SourceState,
    /// Clock of its plant.
    pub clock: Option<PlantClock>,
    /// Counters.
    pub stats: LaneStats,
    /// Instant of the first count, and samples in each minute since.
    pub density: (TwinTime, Arc<Vec<u32>>),
    /// How the historian keeps up, when it keeps this lane.
    pub recording: Option<RecordingView>,
    /// Newest problems of its inputs: topic, reason, count.
    pub problems: Vec<(String, String, u64)>,
}

/// How the historian keeps up. `received = durable + queued + lost`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingView {
    /// Samples handed to the historian.
    pub received: u64,
    /// Samples on the disk.
    pub durable: u64,
    /// Samples that wait for the disk.
    pub queued: u64,
    /// Samples lost because the disk did not answer in time.
    pub lost: u64,
    /// Why the disk refuses now; empty when it does not.
    pub refusal: String,
}

/// The part of the screen that stays live whatever the playhead does.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LiveView {
    /// Alarms and alerts on the lists of Live and Exercise, newest first: lane, point, state.
    pub alarms: Vec<(LaneId, usize, AlarmStatus)>,
    /// The horn sounds.
    pub horn: bool,
    /// Samples per second over the last second.
    pub samples_per_sec: f64,
    /// Median time from the source to the snapshot, ms.
    pub latency_p50_ms: f64,
    /// 95 % quantile of the same.
    pub latency_p95_ms: f64,
    /// Duration of the last core tick, ms.
    pub tick_ms: f64,
    /// Whether the model of lane Live keeps up; `None` while there is none.
    pub model: Option<ModelPace>,
}

/// Whether a model keeps up with its plant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelPace {
    /// Simulated seconds per second of wall time over the last ten seconds, once measured.
    pub real_time_factor: Option<f64>,
    /// Plant time the model still has to come after, s.
    pub behind_secs: f64,
    /// Plant time it never computed, since it was too far behind to catch up or its clock jumped, s.
    pub lost_secs: f64,
}

/// A branch and how far it has run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BranchView {
    /// Its lane.
    pub lane: LaneId,
    /// Lane of the same run without overrides.
    pub baseline: LaneId,
    /// Head reached, and where it runs to.
    pub head: TwinTime,
    /// Where it runs to.
    pub horizon: TwinTime,
    /// Plant seconds per wall second, once measured.
    pub speed: Option<f64>,
    /// Overrides in words.
    pub overrides: Vec<String>,
    /// What a person should know: loops in MAN, refusals.
    pub notes: Vec<String>,
    /// Condition of the equipment at the fork.
    pub condition: Vec<ConditionEstimate>,
    /// |measured − modelled| at the fork, in words, largest first.
    pub mismatch: Vec<String>,
    /// What gets better and worse.
    pub comparison: Comparison,
    /// Every signal at its head.
    pub readings: Vec<Option<Reading>>,
}

/// The running story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoryView {
    /// Name.
    pub name: String,
    /// Its lane.
    pub lane: LaneId,
    /// Speed asked for.
    pub speed: f64,
    /// The fault was repaired.
    pub cleared: bool,
    /// It runs.
    pub running: bool,
}

/// One act of a person, with its outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Wall time.
    pub time: TwinTime,
    /// Who.
    pub author: String,
    /// What, in words.
    pub act: String,
    /// Why it was refused, if it was.
    pub refused: Option<String>,
}

/// What one view shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ViewFrame {
    /// Which view.
    pub view: ViewId,
    /// Its playhead.
    pub playhead: Playhead,
    /// Every signal at the playhead.
    pub readings: Vec<Option<Reading>>,
    /// Health of every thing at the playhead.
    pub health: Vec<ThingHealth>,
    /// Every alarm point at the playhead.
    pub alarms: Vec<AlarmStatus>,
    /// Points that came and were shown to a person, with their time, oldest first.
    pub events: Vec<(usize, TwinTime)>,
    /// What was marked on the lane.
    pub marks: Arc<Vec<Mark>>,
    /// The instant on show is being read from disk: what the frame holds is older.
    pub is_reading: bool,
    /// How far the model can be trusted, at the head of the lane.
    pub trust: Trust,
    /// Samples of the watched signals on the lane, its ancestors and the compared lanes.
    pub columns: Vec<TrendColumn>,
}

/// Samples of one signal on one lane. Sealed chunks are shared with the store.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrendColumn {
    /// Lane.
    pub lane: LaneId,
    /// Signal.
    pub signal: SignalKey,
    /// Samples.
    pub column: Column,
    /// For an ancestor: shown up to the fork only.
    pub until: Option<TwinTime>,
}
