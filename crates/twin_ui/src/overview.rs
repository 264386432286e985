//! Level 1: is all well? Key signals on moving bars whose normal bands stand side by side, and the areas of the plant.

use crate::displays::Display;
use crate::faceplate::SignalView;
use crate::marks::{self, AlarmMark};
use crate::{Theme, UiEvent, controls, reading, text::t};
use egui::{Align2, Color32, CornerRadius, Rect, ScrollArea, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::ThingId;
use twin_model::alarm::{AlarmClass, HealthState};

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

const AREA: egui::Vec2 = vec2(168.0, 34.0);
const CELL_WIDTH: f32 = 134.0;
const CELL_HEIGHT: f32 = 104.0;
const BAR_WIDTH: f32 = 12.0;

/// Draws areas at the left, indicators beside them.
pub fn overview_ui(ui: &mut Ui, view: &OverviewView, theme: &Theme, out: &mut Vec<UiEvent>) {
    if view.areas.is_empty() && view.indicators.is_empty() {
        controls::empty(ui, t().overview_empty, theme);
        return;
    }
    let height = ui.available_height();
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let is_wide = ui.available_width() > AREA.x + 2.0 * CELL_WIDTH;
        if is_wide {
            ui.horizontal_top(|ui| {
                ui.vertical(|ui| areas_ui(ui, view, height, theme, out));
                ui.add_space(10.0);
                indicators_ui(ui, view, height, theme, out);
            });
        } else {
            areas_ui(ui, view, height, theme, out);
            ui.add_space(6.0);
            indicators_ui(ui, view, CELL_HEIGHT, theme, out);
        }
    });
}

fn areas_ui(ui: &mut Ui, view: &OverviewView, height: f32, theme: &Theme, out: &mut Vec<UiEvent>) {
    // As many columns as it takes to show all areas without scrolling.
    let per_column = ((height / (AREA.y + 4.0)) as usize).max(1);
    ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
    let columns = view.areas.len().div_ceil(per_column).clamp(1, 3);
    let mut rest = view.areas.iter().peekable();
    while rest.peek().is_some() {
        ui.horizontal(|ui| rest.by_ref().take(columns).for_each(|area| area_ui(ui, area, theme, out)));
    }
}

fn area_ui(ui: &mut Ui, area: &AreaView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let (rect, response) = ui.allocate_exact_size(AREA, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, area_words(area)));
    let fill = if response.hovered() { theme.raised } else { theme.card() };
    ui.painter().rect(rect, CornerRadius::same(5), fill, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let mut right = rect.right() - 16.0;
    let count = |ui: &Ui, right: f32, count: u32| {
        let at = pos2(right, rect.center().y);
        ui.painter().text(at, Align2::RIGHT_CENTER, count, theme.figures(theme.text_size), theme.text_strong).width()
    };
    if let Some(mark) = area.mark {
        right -= count(ui, right + 8.0, area.alarms) + 6.0;
        let is_bright = theme.is_flash_bright(ui.input(|input| input.time));
        marks::paint_alarm(ui.painter(), pos2(right, rect.center().y), 17.0, mark, is_bright, theme);
        right -= 18.0;
    }
    if area.health != HealthState::Good {
        right -= count(ui, right + 8.0, area.unhealthy) + 6.0;
        marks::paint_health(ui.painter(), pos2(right, rect.center().y), 16.0, area.health, theme);
        right -= 14.0;
    }
    let name = Rect::from_min_max(pos2(rect.left() + 10.0, rect.top()), pos2(right, rect.bottom()));
    controls::text_in(ui, name, Align2::LEFT_CENTER, &area.name, theme.body(), theme.text_strong);
    if response.double_clicked() {
        out.push(UiEvent::FlyTo(area.thing.clone()));
        out.push(UiEvent::SetDisplay(Display::Unit));
    } else if response.clicked() {
        out.push(UiEvent::Select(Some(area.thing.clone())));
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
    let height = height.clamp(CELL_HEIGHT, 170.0);
    let columns = ((ui.available_width() / CELL_WIDTH) as usize).max(1);
    // Fewer rows when they fit, so that all bands stand on one line.
    let width = (ui.available_width() / columns.min(view.indicators.len().max(1)) as f32 - 8.0).clamp(CELL_WIDTH - 8.0, 200.0);
    ui.vertical(|ui| {
        let mut rest = view.indicators.iter().peekable();
        while rest.peek().is_some() {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                rest.by_ref().take(columns).for_each(|signal| indicator_ui(ui, signal, vec2(width, height), theme, out));
            });
        }
    });
}

fn indicator_ui(ui: &mut Ui, signal: &SignalView, size: egui::Vec2, theme: &Theme, out: &mut Vec<UiEvent>) {
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let tag = if signal.tag.is_empty() { signal.id.telemetry() } else { signal.tag.as_str() };
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, indicator_words(tag, signal)));
    if response.hovered() {
        ui.painter().rect_filled(rect, CornerRadius::same(5), theme.raised);
    }
    let inner = rect.shrink2(vec2(6.0, 4.0));
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
    let state = match position(signal) {
        Some(Position::Passed(_)) => format!(", {}", t().outside_limit),
        Some(Position::OutsideBand) => format!(", {}", t().outside_normal),
        Some(Position::Normal) | None => String::new(),
    };
    format!("{tag} {}{state}", crate::format::reading(&signal.reading))
}

/// Where a value stands.
enum Position {
    Normal,
    OutsideBand,
    /// Past a limit of this priority.
    Passed(Option<u8>),
}

fn position(signal: &SignalView) -> Option<Position> {
    let value = signal.reading.usable()?;
    let passed = signal.limits.iter().filter(|limit| if limit.is_high { value > limit.value } else { value < limit.value });
    if let Some(limit) = passed.min_by_key(|limit| limit.priority.unwrap_or(9)) {
        return Some(Position::Passed(limit.priority));
    }
    let is_outside = signal.normal.is_some_and(|(low, high)| value < low || value > high);
    Some(if is_outside { Position::OutsideBand } else { Position::Normal })
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
    } else {
        painter.add(Shape::convex_polygon(pointer, pointer_colour(signal, theme), Stroke::NONE));
    }
}

fn pointer_colour(signal: &SignalView, theme: &Theme) -> Color32 {
    match position(signal) {
        Some(Position::Passed(None)) => theme.alert,
        Some(Position::Passed(priority)) => theme.alarm(AlarmClass::Alarm, priority),
        Some(Position::OutsideBand) => theme.text_strong,
        Some(Position::Normal) | None => theme.indicator,
    }
}
