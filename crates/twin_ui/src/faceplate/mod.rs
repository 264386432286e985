//! Everything about the selected thing: health and its reason, alarms, the leading values, loops, charts, signals,
//! documents.

mod alarm_card;
mod controller;
mod indicators;
mod pair;
mod plot;
mod pump_chart;
mod scale;
mod signal_row;
mod transfer;
mod valve_chart;
mod view;

pub use controller::{BarView, ControllerView};
pub use pair::{Duty, PairRowView, PairView};
pub use plot::{NoPointView, PointRole};
pub use pump_chart::{BranchPoint, PumpChartView, PumpPointView};
pub(crate) use scale::{indicator_colour, paint_limit_badge, worst_limit};
pub use transfer::TransferView;
pub use valve_chart::{ValveChartView, ValvePointView};
pub use view::{DocumentView, FaceplateView, LimitMark, SignalView};

use crate::icons::Icon;
use crate::playhead::LaneKind;
use crate::{Theme, UiEvent, controls, marks, table, text::t};
use egui::{Align2, CornerRadius, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::alarm::HealthState;

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
            alarm_card::alarm_card(ui, view, alarm, theme, out);
        }
        let leading: Vec<&SignalView> = view.signals.iter().filter(|signal| signal.is_leading).collect();
        indicators::indicators_ui(ui, &leading, theme, out);
        controller::controllers_ui(ui, &view.controllers, theme, out);
        if let Some(pump) = &view.pump {
            pump_chart::pump_chart_ui(ui, pump, theme);
        }
        if let Some(valve) = &view.valve {
            valve_chart::valve_chart_ui(ui, valve, theme);
        }
        if let Some(transfer) = &view.transfer {
            transfer::transfer_ui(ui, transfer, theme);
        }
        if let Some(pair) = &view.pair {
            pair::pair_ui(ui, pair, &view.thing, theme, out);
        }
        signals(ui, view, state, theme, out);
        documents(ui, view, theme, out);
        ui.add_space(8.0);
    });
}

/// The signals that do not lead, as rows.
fn signals(ui: &mut Ui, view: &FaceplateView, state: &mut FaceplateState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let rows: Vec<&SignalView> = view.signals.iter().filter(|signal| !signal.is_leading).collect();
    if rows.is_empty() && !view.signals.is_empty() {
        return;
    }
    controls::section(ui, t().signals, theme);
    if rows.len() > 12 {
        controls::search_field(ui, "faceplate_filter", &mut state.filter, t().filter_signals, t().clear_filter, theme);
    } else {
        state.filter.clear();
    }
    let needle = state.filter.trim().to_lowercase();
    for signal in rows {
        if needle.is_empty() || signal.tag.to_lowercase().contains(&needle) || signal.name.to_lowercase().contains(&needle) {
            signal_row::signal_row(ui, signal, theme, out);
        }
    }
    if view.signals.is_empty() {
        controls::weak(ui, t().no_signals, theme);
    }
}

fn watch_label(signal: &SignalView) -> String {
    format!("{} {}", if signal.is_watched { t().unwatch } else { t().watch }, signal.shown_tag())
}

fn toggle_watch(signal: &SignalView) -> UiEvent {
    let id = signal.id.clone();
    if signal.is_watched { UiEvent::UnwatchTrend(id) } else { UiEvent::WatchTrend(id) }
}

/// The button that puts a signal into the trends or takes it out.
fn watch_button(ui: &mut Ui, rect: Rect, signal: &SignalView, theme: &Theme, out: &mut Vec<UiEvent>) {
    if controls::icon_button_at(ui, rect, Icon::Trend, &watch_label(signal), signal.is_watched, theme).clicked() {
        out.push(toggle_watch(signal));
    }
}

/// As [`watch_button`], as the tag itself, where there is no room for more.
fn watch_button_named(ui: &mut Ui, rect: Rect, signal: &SignalView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let label = watch_label(signal);
    let response = ui.interact(rect, ui.id().with(("tag", &label)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, ui.is_enabled(), signal.is_watched, &label));
    let fill = match (signal.is_watched, response.hovered()) {
        (true, _) => theme.selected,
        (false, true) => theme.raised,
        (false, false) => egui::Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect.shrink(1.0), CornerRadius::same(4), fill);
    if response.has_focus() {
        ui.painter().rect_stroke(rect.shrink(1.0), CornerRadius::same(4), Stroke::new(1.0, theme.accent), StrokeKind::Inside);
    }
    let colour = if signal.is_watched { theme.text_strong } else { theme.text };
    controls::text_in(ui, rect.shrink2(vec2(2.0, 0.0)), Align2::CENTER_CENTER, signal.shown_tag(), theme.small(), colour);
    if response.on_hover_text(format!("{label}\n{}", signal.name)).clicked() {
        out.push(toggle_watch(signal));
    }
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
        crate::text::health_name(view.health).to_owned()
    } else {
        format!("{} {}: {}", view.health.letter(), crate::text::health_name(view.health), view.health_reason)
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
