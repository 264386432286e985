//! One signal as a row: tag, name, value; below, the bar, the last minutes and what the model makes of it.

use super::scale::{self, indicator_colour, paint_limit_badge, share, triangle};
use super::{SignalView, watch_button};
use crate::icons::Icon;
use crate::{Theme, UiEvent, controls, format, marks, reading, table, text::t};
use egui::{Align2, CornerRadius, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};

const ROW_HEIGHT: f32 = 50.0;
const STATE_ROW_HEIGHT: f32 = 26.0;
/// Width of the value column, and of the model's text below it.
const VALUE_WIDTH: f32 = 132.0;

/// Draws one signal.
pub(super) fn signal_row(ui: &mut Ui, signal: &SignalView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let has_bar = signal.range.is_some() && signal.reading.state.is_none();
    let has_second_line = has_bar || signal.modelled.is_some() || !signal.sparkline.is_empty();
    let height = if has_second_line { ROW_HEIGHT } else { STATE_ROW_HEIGHT };
    let (rect, response) = table::row(ui, height, Sense::hover());
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line.gamma_multiply(0.6)));
    let first = Rect::from_min_size(rect.min, vec2(rect.width(), STATE_ROW_HEIGHT));
    let [tag_rect, name_rect, value_rect, button_rect] = table::columns(
        first,
        [table::Width::Fixed(62.0), table::Width::Share(1.0), table::Width::Fixed(VALUE_WIDTH), table::Width::Fixed(22.0)],
        4.0,
    );
    if signal.tag.is_empty() {
        controls::text_in(ui, tag_rect.union(name_rect), Align2::LEFT_CENTER, &signal.name, theme.body(), theme.text);
    } else {
        controls::text_in(ui, tag_rect, Align2::LEFT_CENTER, &signal.tag, theme.body(), theme.text);
        controls::text_in(ui, name_rect, Align2::LEFT_CENTER, &signal.name, theme.small(), theme.text_weak);
    }
    reading::reading_ui(ui, value_rect, &signal.reading, theme.text_size + 1.5, theme);
    watch_button(ui, button_rect.shrink2(vec2(0.0, 2.0)), signal, theme, out);
    if !has_second_line {
        return;
    }
    let second = Rect::from_min_max(pos2(rect.left(), rect.top() + 25.0), pos2(rect.right(), rect.bottom() - 9.0));
    let [bar_rect, spark_rect, model_rect] =
        table::columns(second, [table::Width::Share(1.15), table::Width::Share(0.8), table::Width::Fixed(VALUE_WIDTH)], 10.0);
    if has_bar {
        paint_bar(ui, bar_rect, signal, theme);
    }
    scale::paint_sparkline(ui.painter(), spark_rect, signal, theme);
    model_line(ui, model_rect, signal, theme);
    let words =
        format!("{} · {}\n{}\n{}", signal.shown_tag(), signal.name, reading::quality_text(&signal.reading), scale::scale_words(signal));
    response.on_hover_text(words.trim_end());
}

/// Age of what is old, else modelled value and residual.
fn model_line(ui: &mut Ui, rect: Rect, signal: &SignalView, theme: &Theme) {
    let decimals = signal.reading.decimals;
    let text = if signal.reading.is_doubtful() {
        let age = signal.reading.age_secs.map_or_else(String::new, |secs| format!(" {}", format::age(secs)));
        if signal.reading.quality.is_stale() {
            format!("{}{age}", t().stale)
        } else {
            crate::text::quality_reason(signal.reading.quality).to_owned()
        }
    } else if let Some(modelled) = signal.modelled {
        let residual = signal.residual.map_or_else(String::new, |residual| format!("  Δ {}", format::signed(residual, decimals)));
        format!("{} {}{residual}", t().model, format::number(modelled, decimals))
    } else {
        return;
    };
    let is_outside = signal.is_outside_band();
    let colour = if is_outside || signal.reading.is_doubtful() { theme.text_strong } else { theme.text_faint };
    let response = controls::hover_area(ui, rect);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &text));
    let text_rect = Rect::from_min_max(rect.min, pos2(rect.right() - reading::QUALITY_WIDTH, rect.bottom()));
    controls::text_in(ui, text_rect, Align2::RIGHT_CENTER, &text, theme.small(), colour);
    if is_outside {
        let at = Rect::from_center_size(pos2(rect.right() - 8.0, rect.center().y), egui::Vec2::splat(12.0));
        crate::icons::paint(ui.painter(), at, Icon::Warning, theme.text_strong);
        response.on_hover_text(t().outside_band);
    }
}

/// Track with normal band and limits; above it the measured value, on it the model's, below it the set point.
fn paint_bar(ui: &Ui, rect: Rect, signal: &SignalView, theme: &Theme) {
    let Some(range) = signal.range.filter(|(low, high)| high > low) else { return };
    let x = |value: f64| rect.left() + rect.width() * share(value, range);
    let painter = ui.painter();
    let track = Rect::from_center_size(rect.center(), vec2(rect.width(), 6.0));
    painter.rect_filled(track, CornerRadius::same(2), theme.sunken);
    if let Some((from, to)) = signal.normal {
        painter.rect_filled(Rect::from_x_y_ranges(x(from)..=x(to), track.y_range()), CornerRadius::same(2), theme.normal_band);
    }
    let value = signal.reading.usable();
    for limit in &signal.limits {
        painter.vline(x(limit.value), track.expand2(vec2(0.0, 1.5)).y_range(), Stroke::new(1.5, theme.text_faint));
        paint_limit_badge(
            painter,
            pos2(x(limit.value), track.bottom() + 7.0),
            limit,
            value.filter(|_| !signal.reading.is_doubtful()),
            theme,
        );
    }
    if let Some(set_point) = signal.set_point {
        let tip = pos2(x(set_point), track.bottom() + 1.0);
        painter.add(Shape::closed_line(triangle(tip, vec2(0.0, -1.0), 6.0), Stroke::new(1.2, theme.text)));
    }
    if let Some(modelled) = signal.modelled {
        painter.circle(pos2(x(modelled), track.center().y), 3.0, theme.sunken, Stroke::new(1.2, theme.accent));
    }
    let Some(value) = value else { return };
    let needle = triangle(pos2(x(value), track.top() + 1.0), vec2(0.0, 1.0), 7.0);
    if signal.reading.is_doubtful() {
        painter.add(Shape::closed_line(needle, Stroke::new(1.0, theme.text_weak)));
        marks::paint_hatch(painter, track, theme.text_faint.gamma_multiply(0.5));
    } else {
        painter.add(Shape::convex_polygon(needle, indicator_colour(signal, value, theme), Stroke::NONE));
    }
}
