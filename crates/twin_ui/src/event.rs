//! What a panel asks for.

use crate::Panel;
use crate::displays::Display;
use crate::tour::TourAction;
use serde::{Deserialize, Serialize};
use twin_model::{Action, SignalId, ThingId};

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

/// How much the scene draws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Chosen by the adapter.
    #[default]
    Auto,
    /// For software drivers and remote desktops.
    Economy,
    /// Shadows and smooth edges.
    Standard,
    /// Everything the adapter can.
    High,
}

/// Where the camera looks from, at the plant or at the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewDirection {
    /// Slanted from above, the whole plant in view.
    Home,
    /// Straight down, north up.
    Top,
    /// Standing in the north, looking south.
    North,
    /// Standing in the south, looking north.
    South,
    /// Standing in the east, looking west.
    East,
    /// Standing in the west, looking east.
    West,
}

/// Axis of the plant that a clipping plane stands across. X east, Y north, Z up, as people say it; the scene maps them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClipAxis {
    /// West to east.
    X,
    /// South to north.
    Y,
    /// Bottom to top.
    Z,
}

/// A plane that hides what lies beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClipPlane {
    /// Axis it stands across.
    pub axis: ClipAxis,
    /// Where on the extent of the plant along that axis, 0 … 1.
    pub share: f32,
    /// False hides what lies above `share`, true what lies below.
    pub flipped: bool,
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
}
