//! What the bars of a faceplate share: the scale, the limits, the course of the last minutes.

use super::{LimitMark, SignalView};
use crate::alarm_view::AlarmState;
use crate::marks::{self, AlarmMark};
use crate::{Theme, format};
use egui::{Align2, Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use twin_model::alarm::AlarmClass;

/// Size of the badge that marks a limit, points.
pub(super) const LIMIT_BADGE: f32 = 11.0;

/// Place of a value in a range, 0 … 1; what lies outside stands at the end.
pub(super) fn share(value: f64, (low, high): (f64, f64)) -> f32 {
    ((value - low) / (high - low)).clamp(0.0, 1.0) as f32
}

/// The most urgent limit that a value has passed.
pub(crate) fn worst_limit(signal: &SignalView, value: f64) -> Option<&LimitMark> {
    let passed = signal.limits.iter().filter(|limit| limit.is_passed_by(value));
    passed.min_by_key(|limit| limit.priority.unwrap_or(9))
}

/// Colour of a value's indicator: that of the limit it has passed, else quiet.
pub(crate) fn indicator_colour(signal: &SignalView, value: f64, theme: &Theme) -> Color32 {
    worst_limit(signal, value).map_or(theme.indicator, |limit| match limit.priority {
        Some(_) => theme.alarm_ink(AlarmClass::Alarm, limit.priority),
        None => theme.alarm_ink(AlarmClass::Alert, None),
    })
}

/// Shape and numeral of a limit's priority: quiet until the value has passed it.
pub(crate) fn paint_limit_badge(painter: &Painter, center: Pos2, limit: &LimitMark, value: Option<f64>, theme: &Theme) {
    let class = if limit.priority.is_some() { AlarmClass::Alarm } else { AlarmClass::Alert };
    let mark = AlarmMark { class, priority: limit.priority, state: AlarmState::Normal };
    let is_passed = value.is_some_and(|value| limit.is_passed_by(value));
    let colour = if is_passed { theme.alarm(class, limit.priority) } else { theme.text_faint };
    let outline = marks::badge_outline(center, LIMIT_BADGE, mark);
    let ground = if is_passed { theme.badge_ground } else { theme.panel };
    painter.add(Shape::convex_polygon(outline, ground, Stroke::new(1.0, colour)));
    painter.text(center, Align2::CENTER_CENTER, mark.numeral(), theme.numerals(7.5), colour);
}

/// The course of the last minutes, the model's beside it, thin and dashed; the end is the value now.
pub(super) fn paint_sparkline(painter: &Painter, rect: Rect, signal: &SignalView, theme: &Theme) {
    let points = || signal.sparkline.iter().chain(&signal.modelled_line).filter(|point| point[1].is_finite());
    let Some(last) = signal.sparkline.iter().rfind(|point| point[1].is_finite()) else { return };
    let (low, high) = points().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), point| (low.min(point[1]), high.max(point[1])));
    let (from, to) = points().fold((f64::INFINITY, f64::NEG_INFINITY), |(from, to), point| (from.min(point[0]), to.max(point[0])));
    let least_span = signal.range.map_or(0.0, |(low, high)| (high - low).abs() * 0.02);
    let span = (high - low).max(least_span).max(1e-9);
    let (middle, width) = (f64::midpoint(low, high), (to - from).max(1e-9));
    let at = |point: &[f64; 2]| {
        let x = rect.left() + (rect.width() - 3.0) * ((point[0] - from) / width) as f32;
        pos2(x, rect.center().y - (rect.height() - 2.0) * ((point[1] - middle) / span) as f32)
    };
    for run in signal.modelled_line.split(|point| !point[1].is_finite()) {
        let line: Vec<Pos2> = run.iter().map(at).collect();
        painter.extend(Shape::dashed_line(&line, Stroke::new(1.0, theme.accent), 3.0, 2.0));
    }
    let colour = if signal.reading.is_doubtful() { theme.text_faint } else { theme.text_weak };
    for run in signal.sparkline.split(|point| !point[1].is_finite()) {
        painter.line(run.iter().map(at).collect(), Stroke::new(1.0, colour));
    }
    let end = at(last);
    if signal.reading.is_doubtful() {
        painter.circle_stroke(end, 2.0, Stroke::new(1.0, colour));
    } else {
        painter.circle_filled(end, 1.8, theme.text_strong);
    }
}

/// A small triangle whose tip is at `tip`, pointing along `direction` (a unit vector along an axis).
pub(super) fn triangle(tip: Pos2, direction: egui::Vec2, length: f32) -> Vec<Pos2> {
    let base = tip - direction * length;
    let side = vec2(-direction.y, direction.x) * (length * 0.7);
    vec![tip, base + side, base - side]
}

/// Set point, model and limits in words, for a tooltip.
pub(super) fn scale_words(signal: &SignalView) -> String {
    let decimals = signal.reading.decimals;
    let texts = crate::text::t();
    let mut lines = Vec::new();
    if let Some(set_point) = signal.set_point {
        lines.push(format!("{} {}", texts.set_point, format::quantity(set_point, decimals, &signal.reading.unit)));
    }
    if let Some(modelled) = signal.modelled {
        lines.push(format!("{} {}", texts.model, format::quantity(modelled, decimals, &signal.reading.unit)));
    }
    lines.extend(signal.limits.iter().map(|limit| {
        let sign = if limit.is_high { ">" } else { "<" };
        format!("{} {sign} {}", limit.label, format::quantity(limit.value, decimals, &signal.reading.unit))
    }));
    lines.join("\n")
}
