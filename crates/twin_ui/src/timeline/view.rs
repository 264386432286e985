//! What the timeline shows: plain data, made from one snapshot.
//!
//! Marks need no order. The timeline draws what is on show and merges what lies on one point, so the work of a frame
//! grows with the marks a view carries and with nothing that was measured.

use crate::playhead::{LaneKind, LaneView, PlayheadView};
use twin_model::alarm::AlarmClass;
use twin_model::{LaneId, TwinTime};

/// The lane in time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimelineView {
    /// Where the view stands.
    pub playhead: PlayheadView,
    /// Alarms that came on this lane.
    pub ticks: Vec<AlarmTick>,
    /// Lanes to switch to.
    pub lanes: Vec<LaneView>,
    /// Lane shown beside the playhead's.
    pub compared: Option<LaneId>,
    /// Instant at which this lane was forked from its parent.
    pub fork: Option<TwinTime>,
    /// Now on lane Live, while another lane is on show.
    pub live_head: Option<TwinTime>,
    /// How much was recorded when; best for [`super::TimelineState::window`].
    pub density: Density,
    /// Stretches without data.
    pub gaps: Vec<Gap>,
    /// What people did.
    pub actions: Vec<Mark>,
    /// Instants somebody marked.
    pub bookmarks: Vec<Mark>,
    /// What somebody wrote on an instant or a range.
    pub notes: Vec<NoteMark>,
    /// Branches, without the lane on show.
    pub branches: Vec<BranchBar>,
    /// What is expected to come, right of now.
    pub forecast: Option<Forecast>,
    /// The range the playhead repeats.
    pub loop_range: Option<(TwinTime, TwinTime)>,
    /// Name of the selected thing, whose changes can be stepped through; empty for none.
    pub selected_name: String,
}

/// An alarm on the timeline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AlarmTick {
    /// When it came.
    pub time: TwinTime,
    /// Class.
    pub class: AlarmClass,
    /// Priority.
    pub priority: Option<u8>,
}

impl AlarmTick {
    /// Smaller is more urgent: which of several marks on one point is seen.
    pub(super) fn rank(&self) -> u8 {
        match (self.class, self.priority) {
            (AlarmClass::Alarm, priority) => priority.unwrap_or(9).min(9),
            (AlarmClass::Alert, _) => 10,
            (AlarmClass::Event | AlarmClass::Advisory, _) => 11,
        }
    }
}

/// How dense the data is, in buckets of equal length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Density {
    /// Where the first bucket begins.
    pub from: TwinTime,
    /// Where the last bucket ends.
    pub to: TwinTime,
    /// 0 nothing … 1 as much as ever, for each bucket.
    pub buckets: Vec<f32>,
}

/// A stretch without data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gap {
    /// First instant without.
    pub from: TwinTime,
    /// First instant with data again.
    pub to: TwinTime,
    /// Why, in words.
    pub reason: String,
}

/// Something at an instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mark {
    /// When.
    pub time: TwinTime,
    /// What, in words.
    pub text: String,
}

/// A note on an instant or a range.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NoteMark {
    /// First instant.
    pub from: TwinTime,
    /// Last instant; the same as `from` for a note on an instant.
    pub to: TwinTime,
    /// What it says.
    pub text: String,
}

/// A branch below the lane on show.
#[derive(Clone, Debug, PartialEq)]
pub struct BranchBar {
    /// Number.
    pub lane: LaneId,
    /// Name for people.
    pub name: String,
    /// Kind; everything but lane Live carries its word.
    pub kind: LaneKind,
    /// Where it leaves its parent.
    pub from: TwinTime,
    /// How far it has run.
    pub to: TwinTime,
    /// How far it will run.
    pub horizon: TwinTime,
    /// It is the compared lane.
    pub is_compared: bool,
}

impl Default for BranchBar {
    fn default() -> Self {
        let zero = TwinTime::default();
        let kind = LaneKind::Branch;
        Self { lane: LaneId::LIVE, name: String::new(), kind, from: zero, to: zero, horizon: zero, is_compared: false }
    }
}

/// What the model expects of the time to come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forecast {
    /// How far it reaches.
    pub to: TwinTime,
    /// What it expects, such as a limit that will be passed.
    pub expected: Vec<Mark>,
}
