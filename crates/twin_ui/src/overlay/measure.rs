//! Measures in the scene: dimension lines between points, and the section plane that cuts the plant open.

use crate::Theme;
use egui::{Align2, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, vec2};

/// Half length of the ticks at the ends of a dimension line, points.
const TICK: f32 = 6.0;
/// Radius of a section handle, points.
const HANDLE: f32 = 11.0;

/// A distance or an elevation between two projected points.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureView {
    /// First end, projected.
    pub from: Pos2,
    /// Second end, projected.
    pub to: Pos2,
    /// For an elevation the point that was measured to, when `to` lies above or below `from`; a dashed line joins them.
    pub witness: Option<Pos2>,
    /// Value with its unit, and what it measures: `12.40 m`, `Δh 3.10 m`.
    pub text: String,
}

/// Paints a dimension line with ticks, a plate with its text in the middle, and returns the rectangle of the plate.
pub fn measure(painter: &Painter, view: &MeasureView, theme: &Theme) -> Rect {
    if let Some(witness) = view.witness {
        let line = [view.to, witness];
        painter.extend(Shape::dashed_line(&line, Stroke::new(3.0, theme.badge_ground.gamma_multiply(0.55)), 4.0, 4.0));
        painter.extend(Shape::dashed_line(&line, Stroke::new(1.0, theme.text_strong), 4.0, 4.0));
        painter.circle_filled(witness, 2.5, theme.text_strong);
    }
    let way = view.to - view.from;
    let across = if way.length() > 1e-3 { way.normalized().rot90() * TICK } else { vec2(0.0, TICK) };
    let lines = [[view.from, view.to], [view.from - across, view.from + across], [view.to - across, view.to + across]];
    for (width, colour) in [(3.4, theme.badge_ground.gamma_multiply(0.55)), (1.5, theme.text_strong)] {
        for line in lines {
            painter.line_segment(line, Stroke::new(width, colour));
        }
    }
    plate(painter, view.from + way / 2.0, &view.text, theme)
}

fn plate(painter: &Painter, center: Pos2, text: &str, theme: &Theme) -> Rect {
    let galley = painter.layout_no_wrap(text.to_owned(), theme.figures(theme.text_size), theme.text_strong);
    let rect = Rect::from_center_size(center, galley.size() + vec2(12.0, 6.0));
    painter.rect(rect, CornerRadius::same(4), theme.panel.gamma_multiply(0.95), Stroke::new(1.0, theme.line), StrokeKind::Inside);
    painter.galley(Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect).min, galley, theme.text_strong);
    rect
}

/// The section plane: what is before it is not drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionView {
    /// Projected corners of the plane's outline, in order; empty when it is out of view.
    pub outline: Vec<Pos2>,
    /// Projected place of the handle.
    pub handle: Pos2,
    /// Direction on the screen in which dragging moves the plane; its length does not matter.
    pub direction: Vec2,
    /// Where it stands: `x = 12.0 m`.
    pub text: String,
    /// The pointer holds the handle or is over it.
    pub is_held: bool,
}

/// Paints outline and handle of a section plane, and returns the rectangle to drag.
pub fn section_plane(painter: &Painter, view: &SectionView, theme: &Theme) -> Rect {
    if let Some(first) = view.outline.first() {
        let mut closed = view.outline.clone();
        closed.push(*first);
        painter.extend(Shape::dashed_line(&closed, Stroke::new(3.0, theme.badge_ground.gamma_multiply(0.4)), 7.0, 5.0));
        painter.extend(Shape::dashed_line(&closed, Stroke::new(1.2, theme.text_strong), 7.0, 5.0));
    }
    let border = if view.is_held { theme.accent } else { theme.text_strong };
    let direction = if view.direction.length() > 1e-3 { view.direction.normalized() } else { vec2(1.0, 0.0) };
    painter.circle(view.handle, HANDLE, theme.panel.gamma_multiply(0.95), Stroke::new(1.5, border));
    for towards in [direction, -direction] {
        let side = towards.rot90() * 3.5;
        let base = view.handle + towards * 2.5;
        painter.add(Shape::convex_polygon(vec![base + towards * 5.5, base + side, base - side], border, Stroke::NONE));
    }
    // The text stands across the way of the handle, never under the pointer that drags it.
    let aside = if direction.x.abs() > direction.y.abs() { vec2(0.0, -HANDLE - 14.0) } else { vec2(HANDLE + 44.0, 0.0) };
    plate(painter, view.handle + aside, &view.text, theme);
    Rect::from_center_size(view.handle, Vec2::splat(2.0 * HANDLE + 6.0))
}
