//! What the layout of labels is asked for, and what it answers.

use crate::ViewMode;
use crate::marks::AlarmMark;
use egui::{Pos2, Rect, Vec2, pos2, vec2};
use twin_model::alarm::{AlarmClass, HealthState};

/// Value tags in one block at most.
pub const ROWS_MAX: usize = 3;

/// What a label is. The order is that of the labels of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LabelKind {
    /// An alarm badge: always shown, at the edge of the scene when its thing is not in view.
    Badge {
        /// 1 is the most urgent; alerts and what is below them have larger numbers.
        priority: u8,
        /// Nobody has acknowledged it.
        is_unacknowledged: bool,
    },
    /// The letter of NAMUR NE 107: always shown while its thing is in view.
    Health,
    /// A value tag, by its row in the block of its thing: thinned out with distance.
    ValueTag(u8),
}

impl LabelKind {
    /// The badge of an alarm; alerts come after all priorities.
    pub fn badge(mark: AlarmMark) -> Self {
        let priority = match (mark.class, mark.priority) {
            (AlarmClass::Alarm, priority) => priority.unwrap_or(3).clamp(1, 3),
            (AlarmClass::Alert, _) => 4,
            (AlarmClass::Event | AlarmClass::Advisory, _) => 5,
        };
        Self::Badge { priority, is_unacknowledged: mark.state.wants_acknowledgement() }
    }
}

/// True when a thing carries its NE 107 letter: where something is not good. In OPERATE a thing that merely has no data
/// stays quiet.
pub fn is_told(health: HealthState, mode: ViewMode) -> bool {
    !(health == HealthState::Good || (health == HealthState::Unknown && mode == ViewMode::Operate))
}

/// A point of the plant as the camera sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScenePoint {
    /// Position in the window, points. For what lies behind the camera a place far outside, in the direction to turn to.
    pub at: Pos2,
    /// Distance along the line of sight, metres; zero or less behind the camera.
    pub depth_m: f32,
}

impl ScenePoint {
    /// Nearest distance that is drawn, metres.
    const NEAR_M: f32 = 0.05;

    /// Projects a point given in the axes of the camera, metres: right, up, ahead. `focal` is the distance of the
    /// picture plane in points: half the height of the scene over the tangent of half the vertical angle of view.
    pub fn project(right: f32, up: f32, ahead: f32, focal: f32, scene: Rect) -> Self {
        if ahead > Self::NEAR_M {
            let scale = focal / ahead;
            return Self { at: pos2(scene.center().x + right * scale, scene.center().y - up * scale), depth_m: ahead };
        }
        let side = vec2(right, -up);
        let direction = if side.length() > 1e-6 { side.normalized() } else { vec2(0.0, 1.0) };
        Self { at: scene.center() + direction * (scene.width() + scene.height()) * 4.0, depth_m: ahead.min(0.0) }
    }

    /// True when it is in front of the camera and inside the scene.
    pub fn is_in(self, scene: Rect) -> bool {
        self.depth_m > 0.0 && scene.contains(self.at)
    }
}

/// A label somebody wants to see.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelRequest {
    /// Index of the thing in its plant. Thing and kind are the identity of a label from frame to frame.
    pub thing: usize,
    /// What it is.
    pub kind: LabelKind,
    /// What it points to.
    pub point: ScenePoint,
    /// Room it takes, points.
    pub size: Vec2,
    /// The larger the sooner it gets a place. From 1 on (the selected thing) distance does not thin it out.
    pub importance: u8,
    /// Something stands between the camera and its point: the leader is drawn dashed.
    pub is_occluded: bool,
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PlacedKind {
    /// An alarm badge.
    Badge {
        /// Direction to a thing that is out of view.
        arrow: Option<Vec2>,
        /// Badges of other things that found no place of their own and are counted here.
        merged: u32,
    },
    /// A health letter.
    Health {
        /// Letters of other things counted here.
        merged: u32,
    },
    /// A block of value tags.
    Tags {
        /// Rows shown; the fraction is the visibility of the last one.
        rows: f32,
        /// Height of the line that names the thing, points; zero when its badge does.
        header: f32,
    },
}

/// A label and its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// Index of the thing.
    pub thing: usize,
    /// What it is.
    pub kind: PlacedKind,
    /// Where it stands.
    pub rect: Rect,
    /// What it points to, projected.
    pub anchor: Pos2,
    /// Leader line from the label to its anchor; none where they touch, at the edge, and for a letter beside its badge.
    pub leader: Option<[Pos2; 2]>,
    /// Visibility, 0 … 1.
    pub alpha: f32,
    /// It is going away.
    pub is_leaving: bool,
    /// The leader is drawn dashed.
    pub is_occluded: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm_view::AlarmState;

    #[test]
    fn the_most_urgent_badge_finds_its_place_first() {
        let mark = |class, priority, state| LabelKind::badge(AlarmMark { class, priority, state });
        let first = mark(AlarmClass::Alarm, Some(1), AlarmState::Acknowledged);
        let third = mark(AlarmClass::Alarm, Some(3), AlarmState::Unacknowledged);
        let alert = mark(AlarmClass::Alert, None, AlarmState::Unacknowledged);
        assert!(first < third && third < alert && alert < LabelKind::Health);
    }

    #[test]
    fn a_thing_without_data_is_quiet_in_operate_and_told_in_health() {
        assert!(!is_told(HealthState::Unknown, ViewMode::Operate) && is_told(HealthState::Unknown, ViewMode::Health));
        assert!(!is_told(HealthState::Good, ViewMode::Health) && is_told(HealthState::Failure, ViewMode::Operate));
    }

    #[test]
    fn what_lies_behind_the_camera_is_sought_on_the_side_to_turn_to() {
        let scene = Rect::from_min_size(pos2(0.0, 0.0), vec2(800.0, 400.0));
        let ahead = ScenePoint::project(0.0, 1.0, 10.0, 500.0, scene);
        assert_eq!(ahead.at, pos2(400.0, 150.0));
        assert!(ahead.is_in(scene));
        let behind = ScenePoint::project(3.0, 0.0, -10.0, 500.0, scene);
        assert!(behind.at.x > scene.right() && behind.at.y == 200.0 && !behind.is_in(scene), "{behind:?}");
        assert!(ScenePoint::project(0.0, 0.0, -10.0, 500.0, scene).at.y > scene.bottom(), "straight behind still has a side");
    }
}
