//! What is painted over the 3D scene: alarm badges, health letters, value tags, arrows at the edge, measures.
//!
//! [`LabelLayout`] says where everything stands; the painters draw it there. A frame is: sizes of what is wanted
//! ([`badge_size`], [`row_size`], [`LETTER_SIZE`]), [`LabelLayout::place`], then a painter for every [`Placed`], in the
//! order given.

mod badge;
mod blocks;
mod edge_arrow;
mod field;
#[cfg(test)]
mod flight_tests;
mod geometry;
mod groups;
mod layout;
mod leader;
pub mod measure;
#[cfg(test)]
mod painted_tests;
mod request;
mod timing;
mod value_tag;

pub use badge::{BadgeView, LETTER_SIZE, badge, badge_size, health_letter};
pub use blocks::TagBudget;
pub use layout::{CROWD_LIMIT, LabelLayout, SCENE_MARGIN};
pub use request::{LabelKind, LabelRequest, Placed, PlacedKind, ROWS_MAX, ScenePoint, is_told};
pub use timing::{AWAY_SECS, FADE_IN_SECS, FADE_OUT_SECS, HOP_ALPHA, READY_SECS, SLIDE_PX_PER_SEC};
pub use value_tag::{BarView, TagBlockView, TagView, band_within_limits, note, row_size, tag_block};
