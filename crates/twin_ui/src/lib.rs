//! Every panel of Didymos as a pure function: a view struct in, [`UiEvent`]s out.
//!
//! A panel is `pub fn xyz_ui(ui, &XyzView, &mut XyzState, &Theme, &mut Vec<UiEvent>)`. The view is plain data made from
//! a snapshot, the state belongs to the screen alone (filter text, zoom), the events are wishes: a twin action, or
//! something the window itself does. No panel knows Bevy, a channel, a file or a clock.

pub mod alarm_list;
pub mod alarm_strip;
pub mod alarm_view;
pub mod branches;
pub mod controls;
pub mod display_units;
pub mod displays;
mod docking;
pub mod envelope;
mod event;
pub mod faceplate;
pub mod fonts;
pub mod format;
pub mod icons;
pub mod lane_frame;
mod layout;
pub mod legend;
pub mod marks;
pub mod overlay;
pub mod overview;
mod panel;
pub mod plant_tree;
pub mod playhead;
pub mod problem_list;
pub mod reading;
pub mod scene_tools;
pub mod schematic;
pub mod shortcuts;
pub mod status_bar;
pub mod stories;
mod table;
pub mod text;
pub mod theme;
pub mod time_zone;
pub mod timeline;
pub mod toasts;
pub mod toolbar;
pub mod tour;
mod trend_lines;
pub mod trends;
pub mod what_if;
pub mod workspace;

pub use displays::Display;
pub use event::{Axis, ClipPlane, Quality, UiEvent, ViewDirection, ViewMode};
pub use panel::Panel;
pub use theme::Theme;
pub use workspace::{Workspace, WorkspaceView, workspace_ui};
