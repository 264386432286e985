//! Moving analogue indicators: the signals that matter most as slim bars side by side, read at a glance.

use super::scale::{self, indicator_colour, paint_limit_badge, share, triangle};
use super::{SignalView, watch_button_named};
use crate::{Theme, UiEvent, controls, format, marks, reading};
use egui::{Align2, CornerRadius, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};

const HEIGHT: f32 = 186.0;
/// Height of the tag above the bar.
const TAG_HEIGHT: f32 = 20.0;
/// Height of the bar.
const BAR_HEIGHT: f32 = 96.0;
const BAR_WIDTH: f32 = 14.0;
/// A column is not wider than this, so that few signals stay a group.
const WIDEST: f32 = 84.0;
const GAP: f32 = 2.0;

/// Draws the leading signals of a thing; nothing when it has none.
pub(super) fn indicators_ui(ui: &mut Ui, signals: &[&SignalView], theme: &Theme, out: &mut Vec<UiEvent>) {
    if signals.is_empty() {
        return;
    }
    ui.add_space(6.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let count = signals.len() as f32;
    let width = ((rect.width() - GAP * (count - 1.0)) / count).min(WIDEST);
    for (index, signal) in signals.iter().enumerate() {
        let left = rect.left() + index as f32 * (width + GAP);
        indicator(ui, Rect::from_min_size(pos2(left, rect.top()), vec2(width, HEIGHT)), signal, theme, out);
    }
}

fn indicator(ui: &mut Ui, rect: Rect, signal: &SignalView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let part = |from: f32, height: f32| Rect::from_min_size(pos2(rect.left(), rect.top() + from), vec2(rect.width(), height));
    watch_button_named(ui, part(0.0, TAG_HEIGHT), signal, theme, out);
    let bar = part(TAG_HEIGHT + 4.0, BAR_HEIGHT);
    let area = controls::hover_area(ui, bar);
    paint_bar(ui, bar, signal, theme);
    let value_top = TAG_HEIGHT + 4.0 + BAR_HEIGHT + 2.0;
    value(ui, part(value_top, 17.0), part(value_top + 17.0, 14.0), signal, theme);
    scale::paint_sparkline(ui.painter(), part(value_top + 34.0, HEIGHT - value_top - 38.0).shrink2(vec2(6.0, 0.0)), signal, theme);
    let words = format!("{} · {}\n{}", signal.shown_tag(), signal.name, scale::scale_words(signal));
    area.on_hover_text(words.trim_end());
}

/// Value in the middle; below it the unit and the quality.
fn value(ui: &mut Ui, value_rect: Rect, unit_rect: Rect, signal: &SignalView, theme: &Theme) {
    let reading = &signal.reading;
    let response = controls::hover_area(ui, value_rect.union(unit_rect));
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format::reading(reading)));
    let painter = ui.painter();
    let is_doubtful = reading.is_doubtful();
    let colour = if is_doubtful { theme.text_weak } else { theme.text_strong };
    if is_doubtful {
        marks::paint_hatch(painter, value_rect.shrink2(vec2(6.0, 0.0)), theme.text_faint.gamma_multiply(0.32));
    }
    controls::text_in(ui, value_rect, Align2::CENTER_CENTER, &format::value(reading), theme.figures(theme.text_size + 1.5), colour);
    let quality_at = pos2(unit_rect.right() - 8.0, unit_rect.center().y);
    marks::paint_quality(painter, quality_at, reading.quality, theme);
    let unit = Rect::from_min_max(unit_rect.min, pos2(unit_rect.right() - 16.0, unit_rect.bottom()));
    if reading.is_simulated {
        marks::paint_sim(painter, pos2(value_rect.left(), value_rect.top() - 7.0), Align2::LEFT_CENTER, theme);
    }
    controls::text_in(ui, unit, Align2::CENTER_CENTER, &reading.unit, theme.small(), theme.text_weak);
    response.on_hover_text(reading::quality_text(reading));
}

/// Right of the bar the measured value, on it the model's, left of it set point and limits.
fn paint_bar(ui: &Ui, rect: Rect, signal: &SignalView, theme: &Theme) {
    let Some(range) = signal.range.filter(|(low, high)| high > low) else { return };
    let painter = ui.painter();
    let track = Rect::from_center_size(rect.center(), vec2(BAR_WIDTH, rect.height()));
    let y = |value: f64| track.bottom() - track.height() * share(value, range);
    painter.rect_filled(track, CornerRadius::same(2), theme.sunken);
    if let Some((from, to)) = signal.normal {
        let band = Rect::from_x_y_ranges(track.x_range(), y(to)..=(y(from).max(y(to) + 2.0)));
        painter.rect_filled(band, CornerRadius::same(2), theme.normal_band);
    }
    let known = signal.reading.usable().filter(|_| !signal.reading.is_doubtful());
    for limit in &signal.limits {
        painter.hline(track.expand2(vec2(2.0, 0.0)).x_range(), y(limit.value), Stroke::new(1.5, theme.text_faint));
        paint_limit_badge(painter, pos2(track.left() - 9.0, y(limit.value)), limit, known, theme);
    }
    if let Some(set_point) = signal.set_point {
        let tip = pos2(track.left() - 1.0, y(set_point));
        painter.add(Shape::closed_line(triangle(tip, vec2(1.0, 0.0), 7.0), Stroke::new(1.2, theme.text)));
    }
    if let Some(modelled) = signal.modelled {
        painter.circle(pos2(track.center().x, y(modelled)), 3.5, theme.sunken, Stroke::new(1.3, theme.accent));
    }
    let Some(value) = signal.reading.usable() else {
        marks::paint_hatch(painter, track, theme.text_faint.gamma_multiply(0.5));
        return;
    };
    let needle = triangle(pos2(track.right() - 1.0, y(value)), vec2(-1.0, 0.0), 9.0);
    if signal.reading.is_doubtful() {
        marks::paint_hatch(painter, track, theme.text_faint.gamma_multiply(0.5));
        painter.add(Shape::closed_line(needle, Stroke::new(1.0, theme.text_weak)));
        return;
    }
    let colour = indicator_colour(signal, value, theme);
    painter.hline(track.x_range(), y(value), Stroke::new(1.5, colour));
    painter.add(Shape::convex_polygon(needle, colour, Stroke::NONE));
    if signal.is_outside_band() {
        let at = Rect::from_center_size(pos2(track.right() + 16.0, y(value)), egui::Vec2::splat(11.0));
        let icon = crate::icons::Icon::Warning;
        crate::icons::paint(
            painter,
            at.translate(vec2(0.0, if y(value) < rect.center().y { 12.0 } else { -12.0 })),
            icon,
            theme.text_strong,
        );
    }
}
