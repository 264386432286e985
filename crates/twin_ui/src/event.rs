//! What a panel asks for.

use crate::Panel;
use crate::displays::Display;
use crate::tour::TourAction;
use serde::{Deserialize, Serialize};
use twin_model::{Action, SignalId, ThingId, TwinTime};

/// How the 3D scene shows the plant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewMode {
    /// Grey plant, alarm badges beside the equipment.
    #[default]
    Operate,
    /// Equipment tinted in the NAMUR NE 107 states, legend visible.
    Health,
}

/// How much the picture of the scene may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Chosen by the adapter.
    #[default]
    Auto,
    /// Simple meshes, baked shading, drawn on change only: software renderers, remote desktops.
    Economy,
    /// Detailed meshes, shadows.
    Standard,
    /// Finer shadows, redrawn as fast as the display.
    High,
}

/// Where to look at the whole plant from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewDirection {
    /// The view of the first start.
    #[default]
    Home,
    /// From above, north up.
    Top,
    /// From the north, looking south.
    North,
    /// From the south, looking north.
    South,
    /// From the east, looking west.
    East,
    /// From the west, looking east.
    West,
}

/// An axis of the scene: x east, y up, z south.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// East.
    #[default]
    X,
    /// Up.
    Y,
    /// South.
    Z,
}

/// A plane that cuts the scene open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClipPlane {
    /// The plane stands across this axis.
    pub axis: Axis,
    /// Where on the extent of the scene, 0 … 1.
    pub share: f32,
    /// Cuts away the lower side instead of the upper one.
    pub is_flipped: bool,
}

/// A wish of a panel: an action on the twin, or something the window does by itself.
#[derive(Clone, Debug, PartialEq)]
pub enum UiEvent {
    /// An action for the core.
    Twin(Action),
    /// Select a thing, or nothing.
    Select(Option<ThingId>),
    /// Move the camera to a thing.
    FlyTo(ThingId),
    /// Move the camera so that the whole plant is in view.
    Home,
    /// Move the camera so that the selection fills the view.
    FrameSelected,
    /// Switch between OPERATE and HEALTH.
    SetViewMode(ViewMode),
    /// Show or hide the value tags in the scene.
    ShowTags(bool),
    /// Open a document of a thing with the program the system has for it.
    OpenDocument {
        /// Which thing.
        thing: ThingId,
        /// Path relative to the plant folder.
        path: String,
    },
    /// Open a panel, or bring it to the front.
    OpenPanel(Panel),
    /// Draw a signal in the trends.
    WatchTrend(SignalId),
    /// Take a signal out of the trends.
    UnwatchTrend(SignalId),
    /// Show another of the named displays. Zooming, selecting and jumping never do.
    SetDisplay(Display),
    /// Show or hide moving flow ticks on the pipes.
    SetFlow(bool),
    /// Pull the parts of the selected thing apart: 0 assembled … 1 fully apart.
    SetExplode(f32),
    /// Cut the selected thing open.
    SetCutaway(bool),
    /// Show the selected thing alone, the rest as ghosts.
    SetIsolate(bool),
    /// Start or stop measuring distance and elevation between clicked points.
    SetMeasure(bool),
    /// Set, move or remove the clipping plane.
    SetClip(Option<ClipPlane>),
    /// Draw more or less.
    SetQuality(Quality),
    /// Use the theme of this name.
    SetTheme(String),
    /// Move the camera to a side of the plant.
    ViewFrom(ViewDirection),
    /// Remember where the camera stands.
    KeepCamera,
    /// Move the camera back to where it was when it was last kept.
    ReturnCamera,
    /// Steer the guided tour.
    Tour(TourAction),
    /// Let the playhead repeat a range of its lane, or no longer.
    LoopRange(Option<(TwinTime, TwinTime)>),
    /// Save what the playhead's lane holds of a range as an incident package.
    SavePackage {
        /// First instant.
        from: TwinTime,
        /// Last instant.
        to: TwinTime,
    },
    /// Mark an instant of the playhead's lane.
    AddBookmark {
        /// When.
        time: TwinTime,
        /// Name for people, not empty.
        text: String,
    },
    /// Write a note on a range of the playhead's lane.
    AddNote {
        /// First instant.
        from: TwinTime,
        /// Last instant.
        to: TwinTime,
        /// What it says, not empty.
        text: String,
    },
    /// Move the playhead to the next or the previous change of the selected thing.
    StepChange {
        /// Towards the newest instant.
        forward: bool,
    },
}
