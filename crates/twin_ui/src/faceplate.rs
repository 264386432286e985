//! Everything about the selected thing: health and its reason, signals, alarms, documents.

use crate::alarm_view::AlarmView;
use crate::icons::Icon;
use crate::playhead::LaneKind;
use crate::reading::{self, ReadingView};
use crate::{Theme, UiEvent, controls, format, marks, table, text::t};
use egui::{Align2, CornerRadius, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::alarm::HealthState;
use twin_model::{Action, LaneId, SignalId, ThingId};

/// The selected thing at the playhead.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceplateView {
    /// Id.
    pub thing: ThingId,
    /// Name for people.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Lane the values come from.
    pub lane: LaneId,
    /// Kind of that lane.
    pub lane_kind: LaneKind,
    /// Health.
    pub health: HealthState,
    /// Why, as a sentence.
    pub health_reason: String,
    /// Its signals.
    pub signals: Vec<SignalView>,
    /// Its alarms that are not normal.
    pub alarms: Vec<AlarmView>,
    /// Its documents.
    pub documents: Vec<DocumentView>,
    /// False greys out what the core would refuse.
    pub may_acknowledge: bool,
}

/// One signal of the thing.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalView {
    /// Id.
    pub id: SignalId,
    /// Plant tag; empty for what has none.
    pub tag: String,
    /// Name for people.
    pub name: String,
    /// Value at the playhead.
    pub reading: ReadingView,
    /// Range of the bar, in the unit.
    pub range: Option<(f64, f64)>,
    /// Where the value normally lies, in the unit.
    pub normal: Option<(f64, f64)>,
    /// Alarm limits, in the unit.
    pub limits: Vec<LimitMark>,
    /// Recent course: seconds before the playhead (≤ 0) and value; NaN is a gap.
    pub sparkline: Vec<[f64; 2]>,
    /// What the model says.
    pub modelled: Option<f64>,
    /// Measured − modelled.
    pub residual: Option<f64>,
    /// Band the residual should stay in.
    pub residual_band: Option<f64>,
    /// Drawn in the trends.
    pub is_watched: bool,
}

/// A limit on a bar or a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitMark {
    /// In the unit of the signal.
    pub value: f64,
    /// Tag of the alarm.
    pub label: String,
    /// Priority, `None` for an alert.
    pub priority: Option<u8>,
    /// Alarms above it, or below.
    pub is_high: bool,
}

/// A document of a thing.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentView {
    /// Datasheet, manual, photo …
    pub title: String,
    /// Path relative to the plant folder.
    pub path: String,
}

/// Which parts are open.
#[derive(Clone, Debug, Default)]
pub struct FaceplateState {
    /// Text that a signal's tag or name must contain.
    pub filter: String,
}

/// Draws the faceplate; without a selection, a sentence that says how to get one.
pub fn faceplate_ui(ui: &mut Ui, view: Option<&FaceplateView>, state: &mut FaceplateState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let Some(view) = view else {
        controls::empty(ui, t().nothing_selected, theme);
        return;
    };
    header(ui, view, theme, out);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        health_line(ui, view, theme);
        for alarm in &view.alarms {
            alarm_card(ui, view, alarm, theme, out);
        }
        controls::section(ui, t().signals, theme);
        if view.signals.len() > 12 {
            controls::search_field(ui, "faceplate_filter", &mut state.filter, t().filter_signals, t().clear_filter, theme);
        } else {
            state.filter.clear();
        }
        let needle = state.filter.trim().to_lowercase();
        for signal in &view.signals {
            if needle.is_empty() || signal.tag.to_lowercase().contains(&needle) || signal.name.to_lowercase().contains(&needle) {
                signal_row(ui, signal, theme, out);
            }
        }
        if view.signals.is_empty() {
            controls::weak(ui, t().no_signals, theme);
        }
        documents(ui, view, theme, out);
        ui.add_space(8.0);
    });
}

fn header(ui: &mut Ui, view: &FaceplateView, theme: &Theme, out: &mut Vec<UiEvent>) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(&view.name).heading().color(theme.text_strong));
        if view.lane_kind != LaneKind::Live {
            let (fill, text) = view.lane_kind.colours(theme);
            controls::pill(ui, view.lane_kind.word(), fill, text, theme);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            if controls::icon_button(ui, Icon::Close, t().clear_selection, false, theme).clicked() {
                out.push(UiEvent::Select(None));
            }
            if controls::icon_button(ui, Icon::FlyTo, t().fly_to, false, theme).clicked() {
                out.push(UiEvent::FlyTo(view.thing.clone()));
            }
        });
    });
    if !view.description.is_empty() {
        ui.add(egui::Label::new(RichText::new(&view.description).color(theme.text_weak)).truncate());
    }
    ui.add_space(4.0);
}

fn health_line(ui: &mut Ui, view: &FaceplateView, theme: &Theme) {
    ui.add_space(4.0);
    let words = if view.health == HealthState::Good {
        view.health.name().to_owned()
    } else {
        format!("{} {}: {}", view.health.letter(), view.health.name(), view.health_reason)
    };
    let colour = if view.health == HealthState::Good { theme.text_weak } else { theme.text_strong };
    ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), Sense::hover());
        if view.health == HealthState::Good {
            crate::icons::paint(ui.painter(), rect.shrink(2.0), Icon::Check, theme.text_weak);
        } else {
            marks::paint_health(ui.painter(), rect.center(), 16.0, view.health, theme);
        }
        ui.add(egui::Label::new(RichText::new(words).color(colour)).wrap());
    });
}

fn alarm_card(ui: &mut Ui, view: &FaceplateView, alarm: &AlarmView, theme: &Theme, out: &mut Vec<UiEvent>) {
    ui.add_space(8.0);
    let frame = egui::Frame::new().fill(theme.card()).corner_radius(6).inner_margin(egui::Margin::symmetric(10, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.set_min_height(22.0);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if alarm.state.wants_acknowledgement() {
                    let button = egui::Button::new(t().acknowledge);
                    if ui.add_enabled(view.may_acknowledge, button).clicked() {
                        out.push(UiEvent::Twin(Action::Acknowledge { lane: view.lane, alarm: alarm.tag.clone() }));
                    }
                }
                if let Some(left) = alarm.time_left_secs {
                    controls::weak(ui, format!("{} {}", format::countdown(left), t().left), theme);
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| alarm_title(ui, alarm, theme));
            });
        });
        ui.spacing_mut().item_spacing.y = 3.0;
        ui.add(egui::Label::new(RichText::new(&alarm.message).color(theme.text_strong)).wrap());
        for (caption, text) in [(t().cause, &alarm.cause), (t().consequence, &alarm.consequence), (t().action, &alarm.operator_action)] {
            if !text.is_empty() {
                ui.horizontal_top(|ui| {
                    let (rect, _) = ui.allocate_exact_size(vec2(76.0, 15.0), Sense::hover());
                    controls::text_in(ui, rect, Align2::LEFT_CENTER, caption, theme.small(), theme.text_faint);
                    ui.add(egui::Label::new(RichText::new(text).size(theme.small_size + 0.5).color(theme.text)).wrap());
                });
            }
        }
    });
}

fn alarm_title(ui: &mut Ui, alarm: &AlarmView, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(18.0, 20.0), Sense::hover());
    let is_bright = marks::flash_on(ui.input(|input| input.time));
    marks::paint_alarm(ui.painter(), rect.center(), 16.0, alarm.mark(), is_bright, theme);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, alarm.mark().words()));
    ui.label(RichText::new(&alarm.tag).color(theme.text_strong));
    if alarm.is_training {
        controls::pill(ui, t().training, theme.accent, theme.on_accent, theme);
    }
}

const SIGNAL_HEIGHT: f32 = 46.0;

fn signal_row(ui: &mut Ui, signal: &SignalView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let has_bar = signal.range.is_some() && signal.reading.state.is_none();
    let has_second_line = has_bar || signal.modelled.is_some() || !signal.sparkline.is_empty();
    let height = if has_second_line { SIGNAL_HEIGHT } else { 26.0 };
    let (rect, response) = table::row(ui, height, Sense::hover());
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line.gamma_multiply(0.6)));
    let first = Rect::from_min_size(rect.min, vec2(rect.width(), 26.0));
    let [tag_rect, name_rect, value_rect, button_rect] = table::columns(
        first,
        [table::Width::Fixed(62.0), table::Width::Share(1.0), table::Width::Fixed(132.0), table::Width::Fixed(22.0)],
        4.0,
    );
    let tag = if signal.tag.is_empty() { signal.id.telemetry() } else { signal.tag.as_str() };
    if signal.tag.is_empty() {
        controls::text_in(ui, tag_rect.union(name_rect), Align2::LEFT_CENTER, &signal.name, theme.body(), theme.text);
    } else {
        controls::text_in(ui, tag_rect, Align2::LEFT_CENTER, tag, theme.body(), theme.text);
        controls::text_in(ui, name_rect, Align2::LEFT_CENTER, &signal.name, theme.small(), theme.text_weak);
    }
    reading::reading_ui(ui, value_rect, &signal.reading, theme.text_size + 1.5, theme);
    let is_old = signal.reading.quality.is_stale();
    let label = format!("{} {tag}", if signal.is_watched { t().unwatch } else { t().watch });
    if controls::icon_button_at(ui, button_rect.shrink2(vec2(0.0, 2.0)), Icon::Trend, &label, signal.is_watched, theme).clicked() {
        let id = signal.id.clone();
        out.push(if signal.is_watched { UiEvent::UnwatchTrend(id) } else { UiEvent::WatchTrend(id) });
    }
    if !has_second_line {
        return;
    }
    let second = Rect::from_min_max(pos2(rect.left(), rect.top() + 25.0), pos2(rect.right(), rect.bottom() - 5.0));
    let [bar_rect, spark_rect, model_rect] =
        table::columns(second, [table::Width::Share(1.15), table::Width::Share(0.8), table::Width::Fixed(132.0)], 10.0);
    if has_bar {
        paint_bar(ui, bar_rect, signal, theme);
    }
    paint_sparkline(ui, spark_rect, signal, theme);
    second_line_text(ui, model_rect, signal, is_old, theme);
    response.on_hover_text(format!("{} · {}\n{}", tag, signal.name, reading::quality_text(&signal.reading)));
}

/// Age of what is old, else modelled value and residual.
fn second_line_text(ui: &mut Ui, rect: Rect, signal: &SignalView, is_old: bool, theme: &Theme) {
    let decimals = signal.reading.decimals;
    let text = if signal.reading.is_doubtful() {
        let age = signal.reading.age_secs.map_or_else(String::new, |secs| format!(" {}", format::age(secs)));
        if is_old { format!("{}{age}", t().stale) } else { signal.reading.quality.reason().to_owned() }
    } else if let Some(modelled) = signal.modelled {
        let residual = signal.residual.map_or_else(String::new, |residual| format!("  Δ {}", format::signed(residual, decimals)));
        format!("{} {}{residual}", t().model, format::number(modelled, decimals))
    } else {
        return;
    };
    let is_outside = !signal.reading.is_doubtful()
        && matches!((signal.residual, signal.residual_band), (Some(residual), Some(band)) if residual.abs() > band);
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

fn paint_bar(ui: &Ui, rect: Rect, signal: &SignalView, theme: &Theme) {
    let Some((low, high)) = signal.range.filter(|(low, high)| high > low) else { return };
    let x = |value: f64| rect.left() + rect.width() * (((value - low) / (high - low)).clamp(0.0, 1.0) as f32);
    let painter = ui.painter();
    let track = Rect::from_center_size(rect.center(), vec2(rect.width(), 6.0));
    painter.rect_filled(track, CornerRadius::same(2), theme.sunken);
    if let Some((from, to)) = signal.normal {
        painter.rect_filled(Rect::from_x_y_ranges(x(from)..=x(to), track.y_range()), CornerRadius::same(2), theme.normal_band);
    }
    for limit in &signal.limits {
        painter.vline(x(limit.value), track.expand2(vec2(0.0, 2.5)).y_range(), Stroke::new(1.5, theme.text_faint));
    }
    if let Some(modelled) = signal.modelled {
        let center = pos2(x(modelled), track.bottom() + 3.0);
        painter.circle_stroke(center, 2.0, Stroke::new(1.0, theme.accent));
    }
    let Some(value) = signal.reading.usable() else { return };
    let at = x(value);
    let needle = vec![pos2(at, track.top() + 1.0), pos2(at + 4.5, track.top() - 6.0), pos2(at - 4.5, track.top() - 6.0)];
    if signal.reading.is_doubtful() {
        painter.add(egui::Shape::closed_line(needle, Stroke::new(1.0, theme.text_weak)));
        marks::paint_hatch(painter, track, theme.text_faint.gamma_multiply(0.5));
    } else {
        let colour = worst_limit(signal, value).map_or(theme.indicator, |limit| match limit.priority {
            Some(_) => theme.alarm(twin_model::alarm::AlarmClass::Alarm, limit.priority),
            None => theme.alert,
        });
        painter.add(egui::Shape::convex_polygon(needle, colour, Stroke::NONE));
        painter.vline(at, track.y_range(), Stroke::new(1.5, colour));
    }
}

/// The most urgent limit that the value has passed.
fn worst_limit(signal: &SignalView, value: f64) -> Option<&LimitMark> {
    let passed = signal.limits.iter().filter(|limit| if limit.is_high { value > limit.value } else { value < limit.value });
    passed.min_by_key(|limit| limit.priority.unwrap_or(9))
}

fn paint_sparkline(ui: &Ui, rect: Rect, signal: &SignalView, theme: &Theme) {
    let finite = || signal.sparkline.iter().filter(|point| point[1].is_finite());
    let (Some(first), Some(last)) = (finite().next(), finite().next_back()) else { return };
    let (low, high) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), point| (low.min(point[1]), high.max(point[1])));
    let least_span = signal.range.map_or(0.0, |(low, high)| (high - low).abs() * 0.02);
    let span = (high - low).max(least_span).max(1e-9);
    let middle = f64::midpoint(low, high);
    let width = (last[0] - first[0]).max(1e-9);
    let at = |point: &[f64; 2]| {
        let x = rect.left() + rect.width() * ((point[0] - first[0]) / width) as f32;
        let y = rect.center().y - (rect.height() - 2.0) * ((point[1] - middle) / span) as f32;
        pos2(x, y)
    };
    let colour = if signal.reading.is_doubtful() { theme.text_faint } else { theme.text_weak };
    for run in signal.sparkline.split(|point| !point[1].is_finite()) {
        ui.painter().line(run.iter().map(at).collect(), Stroke::new(1.0, colour));
    }
    let end = at(last);
    if signal.reading.is_doubtful() {
        ui.painter().circle_stroke(end, 2.0, Stroke::new(1.0, colour));
    } else {
        ui.painter().circle_filled(end, 1.8, theme.text_strong);
    }
}

fn documents(ui: &mut Ui, view: &FaceplateView, theme: &Theme, out: &mut Vec<UiEvent>) {
    if view.documents.is_empty() {
        return;
    }
    controls::section(ui, t().documents, theme);
    for document in &view.documents {
        let (rect, response) = table::row(ui, 26.0, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, &document.title));
        if response.hovered() {
            ui.painter().rect(rect, CornerRadius::same(4), theme.raised, Stroke::NONE, StrokeKind::Inside);
        }
        let icon = Rect::from_center_size(pos2(rect.left() + 10.0, rect.center().y), egui::Vec2::splat(14.0));
        crate::icons::paint(ui.painter(), icon, Icon::Document, theme.text_weak);
        let name_rect = Rect::from_min_max(pos2(rect.left() + 24.0, rect.top()), rect.max);
        controls::text_in(ui, name_rect, Align2::LEFT_CENTER, &document.title, theme.body(), theme.text);
        if response.on_hover_text(&document.path).clicked() {
            out.push(UiEvent::OpenDocument { thing: view.thing.clone(), path: document.path.clone() });
        }
    }
}
