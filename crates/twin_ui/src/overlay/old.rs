//! What is painted over the 3D scene at given screen positions: alarm badges, health letters, value tags, edge arrows.

use crate::marks::{self, AlarmMark};
use crate::reading::{self, ReadingView};
use crate::{Theme, format};
use egui::{Align2, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};
use twin_model::alarm::HealthState;

/// An alarm badge beside its equipment.
#[derive(Clone, Debug, PartialEq)]
pub struct BadgeView {
    /// What it says.
    pub mark: AlarmMark,
    /// Tag of the thing, written beside it.
    pub label: String,
    /// More alarms at the same thing, beyond the one shown.
    pub more: u32,
    /// Screen position of the equipment the leader line ends at.
    pub anchor: Pos2,
    /// Bright half of the flash.
    pub is_bright: bool,
    /// Its thing is selected.
    pub is_selected: bool,
    /// It stands on a lane that is not the plant.
    pub is_simulated: bool,
}

/// Paints a badge centred at `pos`, with a leader line to its anchor, and returns the rectangle to click on.
pub fn badge(painter: &Painter, pos: Pos2, view: &BadgeView, theme: &Theme) -> Rect {
    let colour = theme.alarm(view.mark.class, view.mark.priority);
    let rect = label_box(painter, pos, &view.label, view.more, theme);
    leader(painter, rect, view.anchor, colour);
    let border = if view.is_selected { Stroke::new(2.0, theme.text_strong) } else { Stroke::new(1.0, colour) };
    painter.rect(rect, CornerRadius::same(5), theme.window.gamma_multiply(0.94), border, StrokeKind::Inside);
    marks::paint_alarm(painter, pos2(rect.left() + 14.0, rect.center().y), 17.0, view.mark, view.is_bright, theme);
    let text = if view.more > 0 { format!("{} +{}", view.label, view.more) } else { view.label.clone() };
    painter.text(pos2(rect.left() + 28.0, rect.center().y), Align2::LEFT_CENTER, text, theme.body(), theme.text_strong);
    if view.is_simulated {
        marks::paint_sim(painter, rect.center_top() - vec2(0.0, 1.0), Align2::CENTER_BOTTOM, theme);
    }
    rect
}

fn label_box(painter: &Painter, pos: Pos2, label: &str, more: u32, theme: &Theme) -> Rect {
    let text = if more > 0 { format!("{label} +{more}") } else { label.to_owned() };
    let width = painter.layout_no_wrap(text, theme.body(), theme.text).size().x;
    Rect::from_center_size(pos, vec2(width + 38.0, 26.0))
}

/// A line from the nearest point of the box to the equipment, with a dot at its end.
fn leader(painter: &Painter, rect: Rect, anchor: Pos2, colour: egui::Color32) {
    if rect.contains(anchor) {
        return;
    }
    let from = pos2(anchor.x.clamp(rect.left() + 4.0, rect.right() - 4.0), anchor.y.clamp(rect.top(), rect.bottom()));
    painter.line_segment([from, anchor], Stroke::new(1.5, colour));
    painter.circle_filled(anchor, 3.0, colour);
}

/// Paints the NE 107 letter of a thing centred at `pos`, on a small ground. Nothing for good health.
pub fn health_badge(painter: &Painter, pos: Pos2, state: HealthState, theme: &Theme) {
    marks::paint_health(painter, pos, 20.0, state, theme);
}

/// A live value beside its equipment.
#[derive(Clone, Debug, PartialEq)]
pub struct TagView {
    /// Tag, such as `TT-111A`.
    pub tag: String,
    /// Value.
    pub reading: ReadingView,
    /// Screen position of the instrument.
    pub anchor: Option<Pos2>,
    /// Its thing is selected.
    pub is_selected: bool,
}

/// Paints a value tag centred at `pos` and returns its rectangle. A doubtful value is hatched and lettered, a simulated
/// one framed in violet with the SIM mark.
pub fn value_tag(painter: &Painter, pos: Pos2, view: &TagView, theme: &Theme) -> Rect {
    let size = theme.text_size;
    let value = format::value(&view.reading);
    let unit = if view.reading.state.is_some() { "" } else { view.reading.unit.as_str() };
    let width_of = |text: &str, size: f32| painter.layout_no_wrap(text.to_owned(), theme.figures(size), theme.text).size().x;
    let sim = if view.reading.is_simulated { marks::pill_width(painter, crate::text::t().sim, theme) + 8.0 } else { 0.0 };
    let value_width = width_of(&value, size) + width_of(unit, size - 2.0) + if unit.is_empty() { 0.0 } else { 3.0 };
    let tag_width = width_of(&view.tag, theme.small_size);
    let rect = Rect::from_center_size(pos, vec2(tag_width + value_width + sim + reading::QUALITY_WIDTH + 26.0, 22.0));
    if let Some(anchor) = view.anchor {
        leader(painter, rect, anchor, theme.text_faint);
    }
    let border = match (view.is_selected, view.reading.is_simulated) {
        (true, _) => Stroke::new(1.5, theme.text_strong),
        (false, true) => Stroke::new(1.0, theme.accent),
        (false, false) => Stroke::new(1.0, theme.line),
    };
    painter.rect(rect, CornerRadius::same(4), theme.panel.gamma_multiply(0.9), border, StrokeKind::Inside);
    painter.text(pos2(rect.left() + 8.0, rect.center().y), Align2::LEFT_CENTER, &view.tag, theme.small(), theme.text_weak);
    let value_rect = Rect::from_min_max(pos2(rect.left() + tag_width + 12.0, rect.top()), pos2(rect.right() - 2.0, rect.bottom()));
    reading::paint_reading(painter, value_rect, &view.reading, size, theme);
    rect
}

/// Where a line from the middle of `rect` to `target` leaves it, and its direction. `None` when the target is inside.
pub fn edge_point(rect: Rect, target: Pos2) -> Option<(Pos2, Vec2)> {
    if rect.contains(target) {
        return None;
    }
    let direction = target - rect.center();
    let half = rect.size() / 2.0;
    let scale = (half.x / direction.x.abs().max(1e-3)).min(half.y / direction.y.abs().max(1e-3));
    Some((rect.center() + direction * scale, direction.normalized()))
}

/// Paints an arrow with a badge at the edge of the scene that points to an alarm outside it, and returns the rectangle to
/// click on. `None` when the target is in view.
pub fn edge_arrow(painter: &Painter, scene: Rect, target: Pos2, mark: AlarmMark, is_bright: bool, theme: &Theme) -> Option<Rect> {
    let (at, direction) = edge_point(scene.shrink(26.0), target)?;
    let colour = theme.alarm(mark.class, mark.priority);
    let tip = at + direction * 20.0;
    let side = direction.rot90() * 6.0;
    let base = at + direction * 12.0;
    painter.add(Shape::convex_polygon(vec![tip, base + side, base - side], colour, Stroke::NONE));
    painter.circle_filled(at, 13.0, theme.window.gamma_multiply(0.94));
    marks::paint_alarm(painter, at, 17.0, mark, is_bright, theme);
    Some(Rect::from_center_size(at, Vec2::splat(30.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_outside_the_scene_is_pointed_to_from_its_edge() {
        let scene = Rect::from_min_max(pos2(0.0, 0.0), pos2(200.0, 100.0));
        assert!(edge_point(scene, pos2(50.0, 50.0)).is_none());
        let (at, direction) = edge_point(scene, pos2(500.0, 50.0)).unwrap();
        assert_eq!(at, pos2(200.0, 50.0));
        assert!(direction.x > 0.99);
        let (at, _) = edge_point(scene, pos2(100.0, -900.0)).unwrap();
        assert_eq!(at, pos2(100.0, 0.0));
    }
}
