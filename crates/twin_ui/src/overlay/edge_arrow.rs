//! The head of an arrow at a label whose thing is out of view.

use crate::Theme;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2};

/// Length and half width of the head, points. It stays in the room the layout keeps between an arrow and the border.
const LENGTH: f32 = 9.0;
const HALF_WIDTH: f32 = 6.5;
/// Gap between label and head, points.
const GAP: f32 = 3.0;

/// Where a line from the middle of `rect` in a direction leaves it.
pub(super) fn leaving_point(rect: Rect, direction: Vec2) -> Pos2 {
    let half = rect.size() / 2.0;
    let scale = (half.x / direction.x.abs().max(1e-3)).min(half.y / direction.y.abs().max(1e-3));
    rect.center() + direction * scale
}

/// Paints the head outside the label, pointing in the direction to turn to.
pub(super) fn arrow_head(painter: &Painter, rect: Rect, direction: Vec2, colour: Color32, theme: &Theme) {
    let base = leaving_point(rect.expand(GAP), direction);
    let side = direction.rot90() * HALF_WIDTH;
    let head = vec![base + direction * LENGTH, base + side, base - side];
    painter.add(Shape::convex_polygon(head, colour, Stroke::new(1.0, theme.badge_ground)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{pos2, vec2};

    #[test]
    fn the_head_stands_at_the_side_that_faces_the_thing() {
        let rect = Rect::from_center_size(pos2(50.0, 50.0), vec2(40.0, 20.0));
        assert_eq!(leaving_point(rect, vec2(1.0, 0.0)), pos2(70.0, 50.0));
        assert_eq!(leaving_point(rect, vec2(0.0, -1.0)), pos2(50.0, 40.0));
    }
}
