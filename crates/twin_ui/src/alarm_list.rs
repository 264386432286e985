//! The alarm list of the playhead's lane. Away from the live moment it is framed as history.

use crate::alarm_view::{AlarmState, AlarmView};
use crate::{Theme, UiEvent, controls, format, marks, table, text::t};
use egui::{Align2, CornerRadius, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2};
use table::Width::{Fixed, Share};
use twin_model::alarm::AlarmClass;
use twin_model::{Action, LaneId, ThingId, TwinTime};

/// The list.
#[derive(Clone, Debug, PartialEq)]
pub struct AlarmListView {
    /// Lane shown.
    pub lane: LaneId,
    /// Name of the lane.
    pub lane_name: String,
    /// Instant shown, when the playhead does not follow the live head; `None` for live.
    pub history_at: Option<TwinTime>,
    /// Rows, in any order; the list sorts by urgency.
    pub alarms: Vec<AlarmView>,
    /// Selected thing: its rows are marked.
    pub selected: Option<ThingId>,
    /// False greys out acknowledging.
    pub may_acknowledge: bool,
    /// False greys out shelving.
    pub may_shelve: bool,
}

impl Default for AlarmListView {
    fn default() -> Self {
        Self {
            lane: LaneId::LIVE,
            lane_name: String::new(),
            history_at: None,
            alarms: Vec::new(),
            selected: None,
            may_acknowledge: true,
            may_shelve: true,
        }
    }
}

/// Which rows are on show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlarmFilter {
    /// Alarms that are active or wait for acknowledgement.
    #[default]
    Alarms,
    /// Alerts.
    Alerts,
    /// Shelved, suppressed, out of service.
    PutAside,
    /// Everything, events and advisories included.
    All,
}

/// Filter and the shelving form.
#[derive(Clone, Debug, Default)]
pub struct AlarmListState {
    /// Which rows.
    pub filter: AlarmFilter,
    /// The form that shelves an alarm, while it is open.
    pub shelving: Option<ShelveForm>,
}

/// What shelving needs.
#[derive(Clone, Debug)]
pub struct ShelveForm {
    /// Alarm tag.
    pub alarm: String,
    /// Minutes of plant time.
    pub minutes: u32,
    /// Why; must not be empty.
    pub reason: String,
}

const COLUMNS: [table::Width; 8] =
    [Fixed(22.0), Fixed(60.0), Fixed(84.0), Share(1.0), Fixed(108.0), Fixed(76.0), Fixed(64.0), Fixed(120.0)];

/// Draws the list.
pub fn alarm_list_ui(ui: &mut Ui, view: &AlarmListView, state: &mut AlarmListState, theme: &Theme, out: &mut Vec<UiEvent>) {
    if let Some(at) = view.history_at {
        history_frame(ui, view, at, theme, out);
    }
    filter_bar(ui, view, state, theme, out);
    if state.shelving.is_some() {
        shelve_form(ui, view, state, theme, out);
    }
    let mut rows: Vec<&AlarmView> = view.alarms.iter().filter(|alarm| is_shown(alarm, state.filter)).collect();
    rows.sort_by_key(|alarm| alarm.urgency());
    if rows.is_empty() {
        controls::empty(ui, t().no_alarms, theme);
        return;
    }
    heading(ui, theme);
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, theme.row_height() + 2.0, rows.len(), |ui, range| {
        for alarm in rows.get(range).unwrap_or_default() {
            alarm_row(ui, view, alarm, state, theme, out);
        }
    });
}

fn is_shown(alarm: &AlarmView, filter: AlarmFilter) -> bool {
    let is_open = !alarm.state.is_put_aside() && alarm.state != AlarmState::Normal;
    match filter {
        AlarmFilter::Alarms => alarm.class == AlarmClass::Alarm && is_open,
        AlarmFilter::Alerts => alarm.class == AlarmClass::Alert && is_open,
        AlarmFilter::PutAside => alarm.state.is_put_aside(),
        AlarmFilter::All => true,
    }
}

fn history_frame(ui: &mut Ui, view: &AlarmListView, at: TwinTime, theme: &Theme, out: &mut Vec<UiEvent>) {
    let frame = egui::Frame::new().fill(theme.selected).corner_radius(5).inner_margin(egui::Margin::symmetric(10, 5));
    frame.show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.set_width(ui.available_width());
            let text = format!("{} · {} · {}", t().history, view.lane_name, format::date_clock(at));
            ui.label(RichText::new(text).color(theme.text_strong));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if controls::quiet_button(ui, t().return_to_live, theme).clicked() {
                    out.push(UiEvent::Twin(Action::SwitchLane(LaneId::LIVE)));
                }
            });
        });
    });
    ui.add_space(4.0);
}

fn filter_bar(ui: &mut Ui, view: &AlarmListView, state: &mut AlarmListState, theme: &Theme, out: &mut Vec<UiEvent>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (filter, word) in [
            (AlarmFilter::Alarms, t().filter_alarms),
            (AlarmFilter::Alerts, t().filter_alerts),
            (AlarmFilter::PutAside, t().filter_put_aside),
            (AlarmFilter::All, t().filter_all),
        ] {
            let count = view.alarms.iter().filter(|alarm| is_shown(alarm, filter)).count();
            if controls::choice(ui, state.filter == filter, &format!("{word} {count}"), theme).clicked() {
                state.filter = filter;
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let is_wanted = view.may_acknowledge && view.alarms.iter().any(|alarm| alarm.state.wants_acknowledgement());
            let button = egui::Button::new(RichText::new(t().acknowledge_all).size(theme.small_size + 1.0));
            if ui.add_enabled(is_wanted, button).clicked() {
                out.push(UiEvent::Twin(Action::AcknowledgeAll { lane: view.lane }));
            }
        });
    });
}

fn shelve_form(ui: &mut Ui, view: &AlarmListView, state: &mut AlarmListState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let Some(form) = &mut state.shelving else { return };
    let mut is_done = false;
    let frame = egui::Frame::new().fill(theme.raised).corner_radius(5).inner_margin(egui::Margin::symmetric(10, 6));
    frame.show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(RichText::new(format!("{} {}", t().shelve, form.alarm)).color(theme.text_strong));
            ui.add(egui::DragValue::new(&mut form.minutes).range(1..=720).suffix(" min"));
            let width = (ui.available_width() - 150.0).max(80.0);
            let hint = RichText::new(t().shelve_reason).color(theme.text_faint);
            let field = ui
                .add(egui::TextEdit::singleline(&mut form.reason).id(egui::Id::new("shelve_reason")).hint_text(hint).desired_width(width));
            field.widget_info(|| WidgetInfo::labeled(WidgetType::TextEdit, true, t().shelve_reason));
            let reason = form.reason.trim();
            if ui.add_enabled(!reason.is_empty(), egui::Button::new(t().shelve)).clicked() {
                let action =
                    Action::Shelve { lane: view.lane, alarm: form.alarm.clone(), minutes: form.minutes, reason: reason.to_owned() };
                out.push(UiEvent::Twin(action));
                is_done = true;
            }
            if controls::quiet_button(ui, t().cancel, theme).clicked() {
                is_done = true;
            }
        });
    });
    if is_done {
        state.shelving = None;
    }
}

fn heading(ui: &mut Ui, theme: &Theme) {
    let (rect, _) = table::row(ui, 20.0, Sense::hover());
    let cells = table::columns(rect.shrink2(vec2(6.0, 0.0)), COLUMNS, 8.0);
    let words = ["", t().column_time, t().column_tag, t().column_message, t().column_value, t().column_thing, t().column_left, ""];
    for (index, (cell, word)) in cells.iter().zip(words).enumerate() {
        let align = if matches!(index, 4 | 6) { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
        controls::text_in(ui, *cell, align, word, theme.small(), theme.text_faint);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, theme.line));
}

fn alarm_row(ui: &mut Ui, view: &AlarmListView, alarm: &AlarmView, state: &mut AlarmListState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let (rect, response) = table::row(ui, theme.row_height() + 2.0, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, row_words(alarm)));
    let is_selected = view.selected.as_ref() == Some(&alarm.thing);
    if is_selected || response.hovered() {
        ui.painter().rect_filled(rect, CornerRadius::same(4), if is_selected { theme.selected } else { theme.raised });
    }
    let cells = table::columns(rect.shrink2(vec2(6.0, 0.0)), COLUMNS, 8.0);
    let is_loud = alarm.state.wants_acknowledgement();
    let main = if is_loud { theme.text_strong } else { theme.text };
    let is_bright = view.history_at.is_some() || marks::flash_on(ui.input(|input| input.time));
    marks::paint_alarm(ui.painter(), pos2(cells[0].left() + 9.0, rect.center().y), 15.0, alarm.mark(), is_bright, theme);
    controls::text_in(
        ui,
        cells[1],
        Align2::LEFT_CENTER,
        &format::clock(alarm.since),
        theme.figures(theme.text_size - 0.5),
        theme.text_weak,
    );
    controls::text_in(ui, cells[2], Align2::LEFT_CENTER, &alarm.tag, theme.body(), main);
    let mut message = cells[3];
    if alarm.is_training {
        let pill =
            marks::paint_pill(ui.painter(), message.left_center(), Align2::LEFT_CENTER, t().training, theme.accent, theme.on_accent, theme);
        message.min.x = pill.right() + 6.0;
    }
    controls::text_in(ui, message, Align2::LEFT_CENTER, &alarm.message, theme.body(), main);
    if let Some(reading) = &alarm.reading {
        crate::reading::paint_reading(ui.painter(), cells[4], reading, theme.text_size, theme);
    }
    controls::text_in(ui, cells[5], Align2::LEFT_CENTER, &alarm.thing_name, theme.body(), theme.text_weak);
    let left = alarm.time_left_secs.map_or_else(String::new, format::countdown);
    let is_late = alarm.time_left_secs.is_some_and(|secs| secs < 0.0);
    controls::text_in(ui, cells[6], Align2::RIGHT_CENTER, &left, theme.body(), if is_late { theme.text_strong } else { theme.text_weak });
    if is_late {
        ui.painter().rect_stroke(cells[6].shrink2(vec2(0.0, 4.0)), 3.0, Stroke::new(1.0, theme.text_weak), StrokeKind::Outside);
    }
    row_buttons(ui, cells[7], view, alarm, state, theme, out);
    if response.double_clicked() {
        out.push(UiEvent::FlyTo(alarm.thing.clone()));
    } else if response.clicked() {
        out.push(UiEvent::Select(Some(alarm.thing.clone())));
    }
}

fn row_buttons(
    ui: &mut Ui,
    rect: Rect,
    view: &AlarmListView,
    alarm: &AlarmView,
    state: &mut AlarmListState,
    theme: &Theme,
    out: &mut Vec<UiEvent>,
) {
    let builder =
        egui::UiBuilder::new().id_salt((&alarm.tag, "buttons")).max_rect(rect).layout(egui::Layout::right_to_left(egui::Align::Center));
    let mut child = ui.new_child(builder);
    child.spacing_mut().item_spacing.x = 4.0;
    let small = |text: &str| egui::Button::new(RichText::new(text).size(theme.small_size + 0.5));
    match alarm.state {
        AlarmState::Shelved => {
            if child.add_enabled(view.may_shelve, small(t().unshelve)).clicked() {
                out.push(UiEvent::Twin(Action::Unshelve { lane: view.lane, alarm: alarm.tag.clone() }));
            }
            if let Some(until) = alarm.shelved_until {
                controls::weak(&mut child, format!("{} {}", t().until, format::axis_clock(until, 60.0)), theme);
            }
        }
        AlarmState::Suppressed | AlarmState::OutOfService | AlarmState::Normal => {
            controls::weak(&mut child, alarm.state.words(), theme);
        }
        AlarmState::Unacknowledged | AlarmState::ReturnedUnacknowledged | AlarmState::Acknowledged => {
            if alarm.class != AlarmClass::Advisory && alarm.class != AlarmClass::Event {
                let shelve = child.add_enabled(view.may_shelve, small(t().shelve_dots));
                if shelve.clicked() {
                    state.shelving = Some(ShelveForm { alarm: alarm.tag.clone(), minutes: 30, reason: String::new() });
                }
            }
            if alarm.state.wants_acknowledgement() {
                let button = child.add_enabled(view.may_acknowledge, small(t().acknowledge_short));
                button.widget_info(|| {
                    WidgetInfo::labeled(WidgetType::Button, view.may_acknowledge, format!("{} {}", t().acknowledge, alarm.tag))
                });
                if button.clicked() {
                    out.push(UiEvent::Twin(Action::Acknowledge { lane: view.lane, alarm: alarm.tag.clone() }));
                }
            }
        }
    }
}

/// A row in words, as a screen reader says it.
fn row_words(alarm: &AlarmView) -> String {
    let value = alarm.reading.as_ref().map_or_else(String::new, |reading| format!(", {}", format::reading(reading)));
    format!("{} {}, {}{value}", alarm.tag, alarm.message, alarm.mark().words())
}
