//! Rectangles and lines of the label layout.

use egui::{Pos2, Rect, Vec2, vec2};

/// Directions in which a label may stand from its anchor.
const DIRECTIONS: u8 = 12;
/// Places around an anchor: the directions on four rings.
pub(super) const SLOTS: u8 = 48;
/// Slots of the first ring.
pub(super) const NEAR_SLOTS: u8 = DIRECTIONS;
/// Distances of the rings from the anchor, points.
const RING_GAPS: [f32; 4] = [18.0, 50.0, 94.0, 150.0];
/// How much worse each direction is than the first, in the order of [`slot_offset`].
const DIRECTION_COSTS: [f32; DIRECTIONS as usize] = [0.0, 0.6, 0.8, 1.2, 1.4, 1.6, 1.8, 2.2, 2.4, 2.6, 2.8, 3.0];
/// How much worse each ring is than the one before it.
const RING_COST: f32 = 4.0;

/// Centre of a label of this size in a slot, from its anchor: above; above right, left; beside and higher; beside; beside
/// and lower; below right, left; below.
pub(super) fn slot_offset(slot: u8, size: Vec2) -> Vec2 {
    let gap = RING_GAPS[usize::from(slot / DIRECTIONS).min(RING_GAPS.len() - 1)];
    let (beside, level) = (gap + size.x / 2.0, gap + size.y / 2.0);
    let diagonal = size.x / 2.0 + gap * 0.4;
    let higher = gap * 0.6 + size.y / 2.0;
    match slot % DIRECTIONS {
        0 => vec2(0.0, -level),
        1 => vec2(diagonal, -level),
        2 => vec2(-diagonal, -level),
        3 => vec2(beside, -higher),
        4 => vec2(-beside, -higher),
        5 => vec2(beside, 0.0),
        6 => vec2(-beside, 0.0),
        7 => vec2(beside, higher),
        8 => vec2(-beside, higher),
        9 => vec2(diagonal, level),
        10 => vec2(-diagonal, level),
        _ => vec2(0.0, level),
    }
}

/// How little a slot is liked; the best one is 0.
pub(super) fn slot_cost(slot: u8) -> f32 {
    RING_COST * f32::from(slot / DIRECTIONS) + DIRECTION_COSTS[usize::from(slot % DIRECTIONS)]
}

/// The line from the edge of a label to its anchor. `None` where the label touches it.
pub(super) fn leader_of(rect: Rect, anchor: Pos2) -> Option<[Pos2; 2]> {
    let inset = (rect.width() / 2.0).min(6.0);
    let from = Pos2::new(anchor.x.clamp(rect.left() + inset, rect.right() - inset), anchor.y.clamp(rect.top(), rect.bottom()));
    (!rect.expand(2.0).contains(anchor)).then_some([from, anchor])
}

/// True when a line touches a rectangle (Liang–Barsky).
pub(super) fn line_hits([from, to]: [Pos2; 2], rect: Rect) -> bool {
    let along = to - from;
    let (mut enter, mut leave) = (0.0_f32, 1.0_f32);
    for (start, step, low, high) in [(from.x, along.x, rect.left(), rect.right()), (from.y, along.y, rect.top(), rect.bottom())] {
        if step.abs() < 1e-6 {
            if start < low || start > high {
                return false;
            }
            continue;
        }
        let (a, b) = ((low - start) / step, (high - start) / step);
        enter = enter.max(a.min(b));
        leave = leave.min(a.max(b));
    }
    enter <= leave
}

/// Nearest place to `center` at which a label of this size lies inside `bounds`.
pub(super) fn keep_inside(center: Pos2, size: Vec2, bounds: Rect) -> Pos2 {
    let room = bounds.shrink2((size / 2.0).min(bounds.size() / 2.0));
    room.clamp(center)
}

/// A step towards `goal`, slower on arrival, never longer than `longest`; the last half point is taken at once, so that
/// what has arrived stands still to the bit.
pub(super) fn step_towards(from: Pos2, goal: Pos2, longest: f32, dt_secs: f32) -> Pos2 {
    let way = goal - from;
    let distance = way.length();
    let step = (distance * (dt_secs * 12.0).min(1.0)).clamp(0.5, longest.max(0.5));
    if distance <= step { goal } else { from + way * (step / distance) }
}

/// The rectangle and where it will have got to after `way`.
pub(super) fn swept(rect: Rect, way: Vec2) -> Rect {
    rect.union(rect.translate(way))
}

/// Centres just outside `blocker` for a label of this size around `center`: up, down, left, right.
pub(super) fn ways_out(center: Pos2, size: Vec2, blocker: Rect, gap: f32) -> [Pos2; 4] {
    let reach = (blocker.size() + size) / 2.0 + Vec2::splat(gap);
    let middle = blocker.center();
    [
        Pos2::new(center.x, middle.y - reach.y),
        Pos2::new(center.x, middle.y + reach.y),
        Pos2::new(middle.x - reach.x, center.y),
        Pos2::new(middle.x + reach.x, center.y),
    ]
}

/// Centre of the arrow to a point outside `bounds`: where the line from the middle leaves the room its label has.
pub(super) fn edge_place(bounds: Rect, size: Vec2, target: Pos2) -> Pos2 {
    let room = bounds.shrink2((size / 2.0).min(bounds.size() / 2.0));
    let way = target - room.center();
    let half = room.size() / 2.0;
    let scale = (half.x / way.x.abs().max(1e-3)).min(half.y / way.y.abs().max(1e-3));
    room.clamp(room.center() + way * scale.min(1e6))
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn a_line_hits_what_it_crosses_and_nothing_beside_it() {
        let rect = Rect::from_min_max(pos2(10.0, 10.0), pos2(30.0, 20.0));
        assert!(line_hits([pos2(0.0, 15.0), pos2(40.0, 15.0)], rect));
        assert!(line_hits([pos2(15.0, 15.0), pos2(16.0, 16.0)], rect), "inside");
        assert!(!line_hits([pos2(0.0, 15.0), pos2(9.0, 15.0)], rect), "ends before it");
        assert!(!line_hits([pos2(0.0, 0.0), pos2(40.0, 8.0)], rect), "passes above");
        assert!(!line_hits([pos2(5.0, 0.0), pos2(5.0, 40.0)], rect), "passes beside");
    }

    #[test]
    fn an_arrow_stands_where_the_line_to_its_thing_leaves_the_scene() {
        let bounds = Rect::from_min_max(pos2(0.0, 0.0), pos2(200.0, 100.0));
        assert_eq!(edge_place(bounds, vec2(40.0, 20.0), pos2(900.0, 50.0)), pos2(180.0, 50.0));
        assert_eq!(edge_place(bounds, vec2(40.0, 20.0), pos2(100.0, -900.0)), pos2(100.0, 10.0));
    }

    #[test]
    fn every_slot_leaves_its_anchor_uncovered() {
        for slot in 0..SLOTS {
            let size = vec2(120.0, 26.0);
            assert!(!Rect::from_center_size(Pos2::ZERO + slot_offset(slot, size), size).expand(10.0).contains(Pos2::ZERO), "{slot}");
        }
    }
}
