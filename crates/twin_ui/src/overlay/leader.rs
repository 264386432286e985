//! Leader lines, with a foot where they end at the plant.

use crate::Theme;
use egui::{Color32, Painter, Pos2, Shape, Stroke};

/// Radius of the foot, points.
const FOOT: f32 = 2.8;

/// Paints a leader from a label to what it points to: on a darker line, so that it reads on light and on dark ground;
/// dashed where something stands before its end.
pub(super) fn leader(painter: &Painter, line: [Pos2; 2], colour: Color32, is_dashed: bool, theme: &Theme) {
    let under = theme.badge_ground.gamma_multiply(0.55);
    if is_dashed {
        painter.extend(Shape::dashed_line(&line, Stroke::new(3.0, under), 5.0, 4.0));
        painter.extend(Shape::dashed_line(&line, Stroke::new(1.4, colour), 5.0, 4.0));
        painter.circle(line[1], FOOT, under, Stroke::new(1.4, colour));
    } else {
        painter.line_segment(line, Stroke::new(3.2, under));
        painter.line_segment(line, Stroke::new(1.4, colour));
        painter.circle(line[1], FOOT, colour, Stroke::new(1.0, under));
    }
}

/// The painter of a label that is not quite there.
pub(super) fn faded(painter: &Painter, alpha: f32) -> Painter {
    let mut painter = painter.clone();
    painter.multiply_opacity(alpha);
    painter
}
