//! Blocks of live values beside their equipment.

use super::badge::one_line;
use super::blocks::BLOCK_MARGIN;
use super::leader::{faded, leader};
use super::request::{Placed, PlacedKind};
use crate::faceplate::LimitMark;
use crate::reading::{self, ReadingView};
use crate::{Theme, format, marks, text::t};
use egui::{Align2, CornerRadius, Painter, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};
use twin_model::alarm::AlarmClass;

/// Height of a row, points.
const ROW_HEIGHT: f32 = 24.0;
/// Room at the left and right of a row, points.
const SIDE: f32 = 8.0;
/// Room between the tag and its value, points.
const GAP: f32 = 12.0;
/// Height of the bar under a value, points.
const BAR_HEIGHT: f32 = 3.0;
/// Reasons longer than this are cut, points.
const NOTE_WIDTH_MAX: f32 = 130.0;

/// Where a value stands in its range.
#[derive(Clone, Debug, PartialEq)]
pub struct BarView {
    /// Lower end of the range, in the unit of the value.
    pub low: f64,
    /// Upper end, above the lower one.
    pub high: f64,
    /// Band in which it is as expected.
    pub normal: Option<(f64, f64)>,
    /// Alarm limits.
    pub limits: Vec<LimitMark>,
}

/// A live value.
#[derive(Clone, Debug, PartialEq)]
pub struct TagView {
    /// Tag, such as `TT-111A`.
    pub tag: String,
    /// Value.
    pub reading: ReadingView,
    /// Its bar; none for a state or where no range is known.
    pub bar: Option<BarView>,
}

/// Live values of one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct TagBlockView {
    /// Name of the thing.
    pub name: String,
    /// Its values, the first one stays longest.
    pub rows: Vec<TagView>,
    /// The thing is selected.
    pub is_selected: bool,
}

/// Age of what is stale, reason of what is not good: `stale 40 s`, `sensor failure`.
pub fn note(reading: &ReadingView) -> Option<String> {
    if !reading.is_doubtful() {
        return None;
    }
    if !reading.quality.is_stale() {
        return Some(crate::text::quality_reason(reading.quality).to_owned());
    }
    let age = reading.age_secs.map_or_else(String::new, |secs| format!(" {}", format::age(secs)));
    Some(format!("{}{age}", t().stale))
}

/// Room a row takes.
pub fn row_size(painter: &Painter, view: &TagView, theme: &Theme) -> Vec2 {
    let parts = Parts::measure(painter, view, theme);
    vec2((2.0 * SIDE + parts.tag + GAP + parts.note + parts.value).ceil(), ROW_HEIGHT)
}

/// Widths of the parts of a row, points.
struct Parts {
    tag: f32,
    /// With the room after it.
    note: f32,
    value: f32,
}

impl Parts {
    fn measure(painter: &Painter, view: &TagView, theme: &Theme) -> Self {
        let width_of = |text: String, font| painter.layout_no_wrap(text, font, theme.text).size().x;
        let reading = &view.reading;
        let unit = if reading.state.is_some() || reading.unit.is_empty() {
            0.0
        } else {
            3.0 + width_of(reading.unit.clone(), theme.figures((theme.text_size - 2.0).max(10.0)))
        };
        let sim = if reading.is_simulated { marks::pill_width(painter, t().sim, theme) + 6.0 } else { 0.0 };
        let note = note(reading).map_or(0.0, |note| width_of(note, theme.small()).min(NOTE_WIDTH_MAX) + GAP);
        Self {
            tag: width_of(view.tag.clone(), theme.small()),
            note,
            value: sim + width_of(format::value(reading), theme.figures(theme.text_size)) + unit + reading::QUALITY_WIDTH,
        }
    }
}

/// Paints a block of value tags where the layout has put it: a card with hairlines between the rows and one leader. It
/// carries the name of the thing where no badge does.
pub fn tag_block(painter: &Painter, placed: &Placed, view: &TagBlockView, theme: &Theme) {
    let PlacedKind::Tags { rows, header } = placed.kind else { return };
    let painter = &faded(painter, placed.alpha);
    let rect = placed.rect;
    if let Some(line) = placed.leader {
        leader(painter, line, theme.text_weak, placed.is_occluded, theme);
    }
    let is_simulated = view.rows.iter().any(|row| row.reading.is_simulated);
    let border = match (view.is_selected, is_simulated) {
        (true, _) => Stroke::new(2.0, theme.accent),
        (false, true) => Stroke::new(1.0, theme.accent),
        (false, false) => Stroke::new(1.0, theme.line),
    };
    painter.rect(rect, CornerRadius::same(5), theme.panel.gamma_multiply(0.93), border, StrokeKind::Inside);
    let clipped = &painter.with_clip_rect(painter.clip_rect().intersect(rect));
    let mut top = rect.top() + BLOCK_MARGIN;
    if header > 0.5 {
        let line = Rect::from_min_max(pos2(rect.left() + SIDE, top), pos2(rect.right() - SIDE, top + header));
        one_line(clipped, line, Align2::LEFT_CENTER, view.name.clone(), theme.small(), theme.text_strong);
        top += header;
    }
    for (index, row) in view.rows.iter().enumerate() {
        let share = (rows - index as f32).clamp(0.0, 1.0);
        if share <= 0.0 {
            break;
        }
        if index > 0 || header > 0.5 {
            clipped.hline(rect.left() + SIDE..=rect.right() - SIDE, top, Stroke::new(1.0, theme.line.gamma_multiply(share)));
        }
        let line = Rect::from_min_size(pos2(rect.left() + SIDE, top), vec2(rect.width() - 2.0 * SIDE, ROW_HEIGHT));
        tag_row(&faded(clipped, share), line, row, theme);
        top += ROW_HEIGHT * share;
    }
}

/// Tag, note, value with its lighter unit and quality letter, and the bar below them.
fn tag_row(painter: &Painter, rect: Rect, view: &TagView, theme: &Theme) {
    let parts = Parts::measure(painter, view, theme);
    let has_bar = view.bar.is_some();
    let middle = rect.center().y - if has_bar { 1.5 } else { 0.0 };
    let line =
        |left: f32, right: f32| Rect::from_x_y_ranges(left..=right, middle - ROW_HEIGHT / 2.0 + 2.0..=middle + ROW_HEIGHT / 2.0 - 2.0);
    let value_left = rect.right() - parts.value;
    one_line(painter, line(rect.left(), value_left), Align2::LEFT_CENTER, view.tag.clone(), theme.small(), theme.text_weak);
    if let Some(note) = note(&view.reading) {
        let room = line(value_left - parts.note, value_left - GAP + 6.0);
        one_line(painter, room, Align2::RIGHT_CENTER, note, theme.small(), theme.text);
    }
    // The quality column stands a little over the end of the row.
    reading::paint_reading(painter, line(value_left, rect.right() + 2.0), &view.reading, theme.text_size, theme);
    if let Some(bar) = &view.bar {
        let track = Rect::from_min_max(pos2(rect.left(), rect.bottom() - BAR_HEIGHT - 1.5), pos2(rect.right(), rect.bottom() - 1.5));
        paint_bar(painter, track, bar, &view.reading, theme);
    }
}

fn paint_bar(painter: &Painter, track: Rect, bar: &BarView, reading: &ReadingView, theme: &Theme) {
    if bar.high <= bar.low || !(bar.high - bar.low).is_finite() {
        return;
    }
    let x = |value: f64| track.left() + track.width() * (((value - bar.low) / (bar.high - bar.low)).clamp(0.0, 1.0) as f32);
    painter.rect_filled(track, CornerRadius::same(1), theme.sunken);
    if let Some((from, to)) = bar.normal {
        let band = Rect::from_x_y_ranges(x(from)..=x(to).max(x(from) + 2.0), track.y_range());
        painter.rect_filled(band, CornerRadius::same(1), theme.normal_band.lerp_to_gamma(theme.text_faint, 0.5));
    }
    for limit in &bar.limits {
        painter.vline(x(limit.value), track.top() - 1.0..=track.bottom() + 1.0, Stroke::new(1.0, theme.text_faint));
    }
    let Some(value) = reading.usable() else { return };
    let at = x(value);
    let needle = vec![pos2(at, track.bottom() + 0.5), pos2(at - 3.5, track.top() - 2.5), pos2(at + 3.5, track.top() - 2.5)];
    if reading.is_doubtful() {
        painter.add(Shape::closed_line(needle, Stroke::new(1.0, theme.text_weak)));
        return;
    }
    let colour = passed_limit(bar, value).map_or(theme.indicator, |limit| match limit.priority {
        Some(_) => theme.alarm_ink(AlarmClass::Alarm, limit.priority),
        None => theme.alarm_ink(AlarmClass::Alert, None),
    });
    painter.add(Shape::convex_polygon(needle, colour, Stroke::NONE));
}

/// The most urgent limit that the value has passed.
fn passed_limit(bar: &BarView, value: f64) -> Option<&LimitMark> {
    let passed = bar.limits.iter().filter(|limit| if limit.is_high { value > limit.value } else { value < limit.value });
    passed.min_by_key(|limit| limit.priority.unwrap_or(9))
}

/// The band between the alarm limits around a range: what is normal where nothing better is known. `None` without a limit.
pub fn band_within_limits(low: f64, high: f64, limits: &[LimitMark]) -> Option<(f64, f64)> {
    let inside = |limit: &&LimitMark| limit.value > low && limit.value < high;
    let floor = limits.iter().filter(|limit| !limit.is_high).filter(inside).map(|limit| limit.value).fold(low, f64::max);
    let ceiling = limits.iter().filter(|limit| limit.is_high).filter(inside).map(|limit| limit.value).fold(high, f64::min);
    ((floor > low || ceiling < high) && ceiling > floor).then_some((floor, ceiling))
}
