//! Where the view stands in time.

use crate::{Theme, text::t};
use egui::Color32;
use twin_model::{LaneId, TwinTime};

/// Kind of a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LaneKind {
    /// The plant.
    #[default]
    Live,
    /// A plant of its own: story, training.
    Exercise,
    /// Played from a file.
    Recording,
    /// What-if.
    Branch,
}

impl LaneKind {
    /// The word on the mark: LIVE, EXERCISE, RECORDING, SIM.
    pub fn word(self) -> &'static str {
        match self {
            Self::Live => t().live,
            Self::Exercise => t().exercise,
            Self::Recording => t().recording,
            Self::Branch => t().sim,
        }
    }

    /// Fill and text colour of the mark. Everything that is not the plant is violet.
    pub fn colours(self, theme: &Theme) -> (Color32, Color32) {
        match self {
            Self::Live => (theme.normal_band, theme.text_strong),
            Self::Exercise | Self::Branch => (theme.accent, theme.on_accent),
            Self::Recording => (theme.text_weak, theme.panel),
        }
    }

    /// True when the values come from a simulator or a plant that is not the real one.
    pub fn is_unreal(self) -> bool {
        matches!(self, Self::Exercise | Self::Branch)
    }
}

/// How the playhead moves.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Motion {
    /// Stays at the head of its lane.
    #[default]
    Following,
    /// Moves at this speed, plant seconds per second.
    Playing(f64),
    /// Stands.
    Paused,
}

/// A lane as the timeline lists it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaneView {
    /// Number.
    pub lane: Option<LaneId>,
    /// Name for people.
    pub name: String,
    /// Kind.
    pub kind: LaneKind,
}

/// Which lane, which instant, how it moves.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayheadView {
    /// Lane.
    pub lane: LaneId,
    /// Its name.
    pub lane_name: String,
    /// Its kind.
    pub kind: LaneKind,
    /// The instant.
    pub time: TwinTime,
    /// First instant of the lane.
    pub start: TwinTime,
    /// Newest instant of the lane.
    pub head: TwinTime,
    /// How it moves.
    pub motion: Motion,
}

impl Default for PlayheadView {
    fn default() -> Self {
        Self {
            lane: LaneId::LIVE,
            lane_name: String::new(),
            kind: LaneKind::Live,
            time: TwinTime::default(),
            start: TwinTime::default(),
            head: TwinTime::default(),
            motion: Motion::Following,
        }
    }
}

impl PlayheadView {
    /// True when what is shown is the plant as it is now.
    pub fn is_live(&self) -> bool {
        self.lane == LaneId::LIVE && self.motion == Motion::Following
    }

    /// True when what is shown lies before the head of its lane.
    pub fn is_history(&self) -> bool {
        self.motion != Motion::Following
    }
}
