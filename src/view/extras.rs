//! What a modeller writes on a node of the glTF, as `docs/gltf-binding.md` describes it.

use bevy::math::Vec3;
use serde::Deserialize;

/// Extras of one node. Unknown members are left alone.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Extras {
    /// Thing the node and its descendants belong to.
    pub twin_thing: Option<String>,
    /// Part of the thing.
    pub twin_part: Option<String>,
    /// Place the node marks.
    pub twin_anchor: Option<AnchorName>,
    /// The part lies inside a housing: drawn only when the thing is cut away or exploded.
    pub twin_inside: bool,
    /// Where the part moves when the thing is exploded, m, in the frame of its parent.
    pub twin_explode: Option<[f32; 3]>,
    /// Where the part moves at 100 % of the thing's position, m, in the frame of its parent.
    pub twin_travel: Option<[f32; 3]>,
    /// Centre lines of a pipe in flow direction, m, in the node's frame.
    pub twin_flow: Vec<Vec<[f32; 3]>>,
    /// Outer radius of that pipe, m.
    pub twin_radius_m: f32,
    /// Height of 100 % above a level anchor, m.
    pub twin_height_m: f32,
    /// Width of the column a level anchor shows, m.
    pub twin_width_m: f32,
}

/// Places a node can mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnchorName {
    /// Alarm badge.
    Badge,
    /// Value tags.
    Tag,
    /// Foot of the level gauge: 0 % of the span.
    Level,
    /// Height the simulation counts from; for the check alone.
    Elevation,
}

impl Extras {
    /// Reads the extras of a node; what cannot be read counts as absent, the check has told it.
    pub fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Where the part moves when exploded.
    pub fn explode(&self) -> Option<Vec3> {
        self.twin_explode.map(Vec3::from)
    }

    /// Where the part moves with the position.
    pub fn travel(&self) -> Option<Vec3> {
        self.twin_travel.map(Vec3::from)
    }

    /// Centre lines with at least two points.
    pub fn flow(&self) -> Vec<Vec<Vec3>> {
        let lines = self.twin_flow.iter().filter(|line| line.len() > 1);
        lines.map(|line| line.iter().copied().map(Vec3::from).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extras_of_other_programs_are_left_alone_and_broken_ones_count_as_absent() {
        let extras = Extras::parse(r#"{"twin_part":"impeller","twin_inside":true,"twin_explode":[1,0,0],"export_id":7}"#);
        assert_eq!(extras.twin_part.as_deref(), Some("impeller"));
        assert!(extras.twin_inside);
        assert_eq!(extras.explode(), Some(Vec3::X));
        assert!(Extras::parse(r#"{"twin_explode":"far"}"#).explode().is_none());
        assert_eq!(Extras::parse(r#"{"twin_anchor":"level","twin_height_m":2.0}"#).twin_anchor, Some(AnchorName::Level));
    }
}
