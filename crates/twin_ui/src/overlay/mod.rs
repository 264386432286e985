//! What is painted over the 3D scene: alarm badges, health letters, value tags, arrows at the edge, measures.
//!
//! [`LabelLayout`] says where everything stands; the painters draw it there.

mod blocks;
mod field;
#[cfg(test)]
mod flight_tests;
mod geometry;
mod groups;
mod layout;
mod old;
mod request;
mod timing;

pub use blocks::TagBudget;
pub use layout::{CROWD_LIMIT, LabelLayout, SCENE_MARGIN};
pub use old::*;
pub use request::{LabelKind, LabelRequest, Placed, PlacedKind, ROWS_MAX, ScenePoint};
pub use timing::{AWAY_SECS, FADE_IN_SECS, FADE_OUT_SECS, HOP_ALPHA, READY_SECS, SLIDE_PX_PER_SEC};
