//! Level 1: is all well? Key signals on moving bars whose normal bands stand side by side, and the areas of the plant.

use crate::displays::Display;
use crate::faceplate::{SignalView, indicator_colour, paint_limit_badge, worst_limit};
use crate::marks::{self, AlarmMark};
use crate::{Theme, UiEvent, controls, reading, text::t};
use egui::{Align2, CornerRadius, Rect, ScrollArea, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::ThingId;
use twin_model::alarm::HealthState;

/// The plant at a glance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OverviewView {
    /// Key signals.
    pub indicators: Vec<SignalView>,
    /// Areas of the plant.
    pub areas: Vec<AreaView>,
}

/// An area: what is worst in it, and how much of it.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaView {
    /// Name for people.
    pub name: String,
    /// Its thing.
    pub thing: ThingId,
    /// Most urgent alarm in it.
    pub mark: Option<AlarmMark>,
    /// Alarms and alerts in it that are active or wait for acknowledgement.
    pub alarms: u32,
    /// Things in it that are not in good health.
    pub unhealthy: u32,
    /// Worst health in it.
    pub health: HealthState,
}

/// Width of an area's tile.
const AREA_WIDTH: f32 = 190.0;
/// Least and greatest height of it: two lines of text.
const AREA_HEIGHT: (f32, f32) = (32.0, 44.0);
/// Least width of an indicator, with the gap after it.
const CELL_WIDTH: f32 = 100.0;
/// Greatest width of an indicator.
const WIDEST_CELL: f32 = 200.0;
/// Least and greatest height of an indicator.
const CELL_HEIGHT: (f32, f32) = (92.0, 170.0);
const GAP: f32 = 8.0;
const BAR_WIDTH: f32 = 12.0;

/// Draws areas at the left, indicators beside them.
pub fn overview_ui(ui: &mut Ui, view: &OverviewView, theme: &Theme, out: &mut Vec<UiEvent>) {
    if view.areas.is_empty() && view.indicators.is_empty() {
        controls::empty(ui, t().overview_empty, theme);
        return;
    }
    let height = ui.available_height();
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let is_wide = ui.available_width() > AREA_WIDTH + 2.0 * CELL_WIDTH;
        if is_wide {
            ui.horizontal_top(|ui| {
                ui.vertical(|ui| areas_ui(ui, view, height, theme, out));
                ui.add_space(GAP);
                indicators_ui(ui, view, height, theme, out);
            });
        } else {
            areas_ui(ui, view, height, theme, out);
            ui.add_space(6.0);
            indicators_ui(ui, view, CELL_HEIGHT.0, theme, out);
        }
    });
}

fn areas_ui(ui: &mut Ui, view: &OverviewView, height: f32, theme: &Theme, out: &mut Vec<UiEvent>) {
    // As many columns as it takes to show all areas without scrolling.
    let gap = 4.0;
    let per_column = (((height + gap) / (AREA_HEIGHT.0 + gap)) as usize).max(1);
    ui.spacing_mut().item_spacing = vec2(gap, gap);
    let columns = view.areas.len().div_ceil(per_column).clamp(1, 3);
    let rows = view.areas.len().div_ceil(columns).max(1);
    let tile = ((height + gap) / rows as f32 - gap).floor().clamp(AREA_HEIGHT.0, AREA_HEIGHT.1);
    let mut rest = view.areas.iter().peekable();
    while rest.peek().is_some() {
        ui.horizontal(|ui| rest.by_ref().take(columns).for_each(|area| area_ui(ui, area, vec2(AREA_WIDTH, tile), theme, out)));
    }
}

/// Name and marks on the first line, the worst of it in words on the second.
fn area_ui(ui: &mut Ui, area: &AreaView, size: egui::Vec2, theme: &Theme, out: &mut Vec<UiEvent>) {
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, area_words(area)));
    let fill = if response.hovered() { theme.raised } else { theme.card() };
    ui.painter().rect(rect, CornerRadius::same(5), fill, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let inner = rect.shrink2(vec2(10.0, 3.0));
    let (first, second) = inner.split_top_bottom_at_fraction(0.55);
    let mut right = inner.right();
    if let Some(mark) = area.mark {
        let at = counted(ui, pos2(right, first.center().y), area.alarms, theme);
        let is_bright = theme.is_flash_bright(ui.input(|input| input.time));
        marks::paint_alarm(ui.painter(), at, MARK, mark, is_bright, theme);
        right = at.x - MARK / 2.0 - 12.0;
    }
    if area.health != HealthState::Good {
        let at = counted(ui, pos2(right, first.center().y), area.unhealthy, theme);
        marks::paint_health(ui.painter(), at, MARK, area.health, theme);
        right = at.x - MARK / 2.0 - 12.0;
    }
    controls::text_in(ui, first.with_max_x(right), Align2::LEFT_CENTER, &area.name, theme.body(), theme.text_strong);
    let colour = if area.mark.is_some() || area.health != HealthState::Good { theme.text } else { theme.text_faint };
    controls::text_in(ui, second, Align2::LEFT_CENTER, &worst_words(area), theme.small(), colour);
    if response.double_clicked() {
        out.push(UiEvent::FlyTo(area.thing.clone()));
        out.push(UiEvent::SetDisplay(Display::Unit));
    } else if response.clicked() {
        out.push(UiEvent::Select(Some(area.thing.clone())));
    }
    response.on_hover_text(area_words(area));
}

/// Side of the marks of an area.
const MARK: f32 = 15.0;

/// Writes a count that ends at `right`; returns where the mark before it has its middle.
fn counted(ui: &Ui, right: egui::Pos2, count: u32, theme: &Theme) -> egui::Pos2 {
    let text = ui.painter().text(right, Align2::RIGHT_CENTER, count, theme.figures(theme.text_size), theme.text_strong);
    pos2(text.left() - 5.0 - MARK / 2.0, right.y)
}

/// What is worst in an area: its alarm, else its health.
fn worst_words(area: &AreaView) -> String {
    match (area.mark, area.health) {
        (Some(mark), _) => mark.words(),
        (None, HealthState::Good) => t().normal.to_owned(),
        (None, health) => crate::text::health_name(health).to_owned(),
    }
}

/// An area in words: name, health, alarm, how many.
fn area_words(area: &AreaView) -> String {
    let mut words = vec![area.name.clone()];
    if area.health != HealthState::Good {
        words.push(format!("{} {} {}", area.health.letter(), crate::text::health_name(area.health), area.unhealthy));
    }
    if let Some(mark) = area.mark {
        words.push(format!("{} {}", mark.words(), area.alarms));
    }
    if words.len() == 1 {
        words.push(t().normal.to_owned());
    }
    words.join(", ")
}

fn indicators_ui(ui: &mut Ui, view: &OverviewView, height: f32, theme: &Theme, out: &mut Vec<UiEvent>) {
    let height = height.clamp(CELL_HEIGHT.0, CELL_HEIGHT.1);
    // All in one row where they fit, so that all bands stand on one line.
    let columns = (((ui.available_width() + GAP) / CELL_WIDTH) as usize).clamp(1, view.indicators.len().max(1));
    let width = ((ui.available_width() + GAP) / columns as f32 - GAP).floor().min(WIDEST_CELL);
    ui.vertical(|ui| {
        let mut rest = view.indicators.iter().peekable();
        while rest.peek().is_some() {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = GAP;
                rest.by_ref().take(columns).for_each(|signal| indicator_ui(ui, signal, vec2(width, height), theme, out));
            });
        }
    });
}

fn indicator_ui(ui: &mut Ui, signal: &SignalView, size: egui::Vec2, theme: &Theme, out: &mut Vec<UiEvent>) {
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let tag = signal.shown_tag();
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, indicator_words(tag, signal)));
    if response.hovered() {
        ui.painter().rect_filled(rect, CornerRadius::same(5), theme.raised);
    }
    let inner = rect.shrink2(vec2(4.0, 2.0));
    let top = Rect::from_min_size(inner.min, vec2(inner.width(), 16.0));
    controls::text_in(ui, top, Align2::LEFT_CENTER, tag, theme.small(), theme.text_weak);
    let value = Rect::from_min_max(pos2(inner.left(), top.bottom()), pos2(inner.right(), top.bottom() + 20.0));
    reading::paint_reading(ui.painter(), value, &signal.reading, theme.text_size + 2.0, theme);
    let chart = Rect::from_min_max(pos2(inner.left(), value.bottom() + 4.0), inner.max);
    paint_chart(ui, chart, signal, theme);
    if response.clicked() {
        out.push(UiEvent::Select(Some(signal.id.thing())));
    }
    response.on_hover_text(format!("{tag} · {}\n{}", signal.name, reading::quality_text(&signal.reading)));
}

fn indicator_words(tag: &str, signal: &SignalView) -> String {
    let value = signal.reading.usable();
    let state = match value.and_then(|value| worst_limit(signal, value)) {
        Some(_) => format!(", {}", t().outside_limit),
        None if value.is_some_and(|value| is_outside_normal(signal, value)) => format!(", {}", t().outside_normal),
        None => String::new(),
    };
    format!("{tag} {}{state}", crate::format::reading(&signal.reading))
}

fn is_outside_normal(signal: &SignalView, value: f64) -> bool {
    signal.normal.is_some_and(|(low, high)| value < low || value > high)
}

/// The scale of a bar: from below the lowest limit to above the highest where both sides have one, else the range. It does
/// not move with the value.
fn scale(signal: &SignalView) -> Option<(f64, f64)> {
    let side = |is_high: bool| signal.limits.iter().filter(move |limit| limit.is_high == is_high).map(|limit| limit.value);
    let (low, high) = (side(false).fold(f64::INFINITY, f64::min), side(true).fold(f64::NEG_INFINITY, f64::max));
    if low.is_finite() && high.is_finite() && high > low {
        let air = (high - low) * 0.15;
        return Some((low - air, high + air));
    }
    signal.range.filter(|(low, high)| high > low)
}

/// A standing bar with the pointer, and the recent course beside it on the same scale.
fn paint_chart(ui: &Ui, rect: Rect, signal: &SignalView, theme: &Theme) {
    let Some((low, high)) = scale(signal).filter(|_| signal.reading.state.is_none()) else { return };
    let y = |value: f64| rect.bottom() - rect.height() * (((value - low) / (high - low)).clamp(0.0, 1.0) as f32);
    let painter = ui.painter();
    let bar = Rect::from_min_max(rect.min, pos2(rect.left() + BAR_WIDTH, rect.bottom()));
    let course = Rect::from_min_max(pos2(bar.right() + 10.0, rect.top()), rect.max);
    painter.rect_filled(bar, CornerRadius::same(2), theme.sunken);
    if let Some((from, to)) = signal.normal {
        let band = y(to)..=y(from).max(y(to) + 3.0);
        painter.rect_filled(Rect::from_x_y_ranges(bar.x_range(), band.clone()), CornerRadius::same(2), theme.normal_band);
        painter.rect_filled(Rect::from_x_y_ranges(course.x_range(), band), 0.0, theme.normal_band.gamma_multiply(0.35));
    }
    for limit in &signal.limits {
        painter.hline(bar.expand2(vec2(2.0, 0.0)).x_range(), y(limit.value), Stroke::new(1.5, theme.text_weak));
        painter.hline(course.x_range(), y(limit.value), Stroke::new(1.0, theme.line));
    }
    let is_doubtful = signal.reading.is_doubtful();
    let pen = Stroke::new(1.2, if is_doubtful { theme.text_faint } else { theme.text_weak });
    let (first, last) = (signal.sparkline.first().map_or(0.0, |point| point[0]), signal.sparkline.last().map_or(0.0, |point| point[0]));
    for run in signal.sparkline.split(|point| !point[1].is_finite()).filter(|run| run.len() > 1) {
        let x = |secs: f64| course.left() + course.width() * ((secs - first) / (last - first).max(1e-9)) as f32;
        painter.line(run.iter().map(|point| pos2(x(point[0]), y(point[1]))).collect(), pen);
    }
    let Some(value) = signal.reading.usable() else { return };
    let tip = pos2(bar.right() - 3.0, y(value));
    let pointer = vec![tip, tip + vec2(9.0, -5.0), tip + vec2(9.0, 5.0)];
    if is_doubtful {
        painter.add(Shape::closed_line(pointer, Stroke::new(1.0, theme.text_weak)));
        marks::paint_hatch(painter, bar, theme.text_faint.gamma_multiply(0.5));
        return;
    }
    let limit = worst_limit(signal, value);
    let colour = match limit {
        Some(_) => indicator_colour(signal, value, theme),
        None if is_outside_normal(signal, value) => theme.text_strong,
        None => theme.indicator,
    };
    painter.add(Shape::convex_polygon(pointer, colour, Stroke::NONE));
    if let Some(limit) = limit {
        let at = pos2(tip.x + 18.0, tip.y.clamp(rect.top() + 6.0, rect.bottom() - 6.0));
        paint_limit_badge(painter, at, limit, Some(value), theme);
    }
}
