//! The alarm list of the playhead's lane. Away from the live moment it is framed as history.

use crate::alarm_view::{AlarmState, AlarmView};
use crate::displays::Display;
use crate::{Theme, UiEvent, controls, format, marks, table, text::t};
use egui::{Align2, CornerRadius, Id, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2};
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
    /// Rows of the selected thing alone.
    pub only_selected: bool,
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

/// Gap between columns, points.
const GAP: f32 = 8.0;
/// Least width of the message before columns give way to it.
const MESSAGE_WIDTH: f32 = 150.0;

/// The places of a row; what has no room has none.
#[derive(Clone, Copy, Debug)]
struct Cells {
    mark: Rect,
    time: Option<Rect>,
    tag: Rect,
    message: Rect,
    value: Option<Rect>,
    thing: Option<Rect>,
    left: Option<Rect>,
    buttons: Option<Rect>,
}

/// Columns give way in an order: thing, value, time, buttons, time left. Mark, tag and message stay.
fn cells(row: Rect) -> Cells {
    const TIME: usize = 1;
    const VALUE: usize = 4;
    const THING: usize = 5;
    const LEFT: usize = 6;
    const BUTTONS: usize = 7;
    let mut widths = [22.0, 60.0, 84.0, 0.0, 108.0, 76.0, 64.0, 120.0];
    let room = |widths: &[f32; 8]| row.width() - widths.iter().filter(|width| **width > 0.0).map(|width| width + GAP).sum::<f32>();
    for column in [THING, VALUE, TIME, BUTTONS, LEFT] {
        if room(&widths) < MESSAGE_WIDTH {
            widths[column] = 0.0;
        }
    }
    let message_width = room(&widths).max(0.0);
    let mut x = row.left();
    let mut take = |width: f32| {
        let rect = Rect::from_min_max(pos2(x.min(row.right()), row.top()), pos2((x + width).min(row.right()), row.bottom()));
        x += if width > 0.0 { width + GAP } else { 0.0 };
        (width > 0.0).then_some(rect)
    };
    let nowhere = Rect::from_min_size(row.right_top(), vec2(0.0, row.height()));
    let [mark, time, tag, message] = [widths[0], widths[TIME], widths[2], message_width].map(&mut take);
    let [value, thing, left, buttons] = [widths[VALUE], widths[THING], widths[LEFT], widths[BUTTONS]].map(&mut take);
    let always = |rect: Option<Rect>| rect.unwrap_or(nowhere);
    Cells { mark: always(mark), time, tag: always(tag), message: always(message), value, thing, left, buttons }
}

/// Draws the list.
pub fn alarm_list_ui(ui: &mut Ui, view: &AlarmListView, state: &mut AlarmListState, theme: &Theme, out: &mut Vec<UiEvent>) {
    if let Some(at) = view.history_at {
        history_frame(ui, view, at, theme, out);
    }
    filter_bar(ui, view, state, theme, out);
    if state.shelving.is_some() {
        shelve_form(ui, view, state, theme, out);
    }
    let mut rows: Vec<&AlarmView> =
        view.alarms.iter().filter(|alarm| is_shown(alarm, state.filter) && is_in_scope(alarm, view, state)).collect();
    rows.sort_by_key(|alarm| alarm.urgency());
    if rows.is_empty() {
        controls::empty(ui, t().no_alarms, theme);
        return;
    }
    heading(ui, theme);
    let ids: Vec<Id> = rows.iter().map(|alarm| row_id(alarm)).collect();
    let wanted = table::focused_row(ui, &ids).and_then(|row| table::next_row(ui, row, ids.len()));
    if let Some(id) = wanted.and_then(|row| ids.get(row)) {
        ui.memory_mut(|memory| memory.request_focus(*id));
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, theme.row_height() + 2.0, rows.len(), |ui, range| {
        if let Some(row) = wanted {
            table::reveal_row(ui, row, range.start, theme.row_height() + 2.0);
        }
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

/// True unless the list is narrowed to the selected thing and this alarm is another's.
fn is_in_scope(alarm: &AlarmView, view: &AlarmListView, state: &AlarmListState) -> bool {
    !state.only_selected || view.selected.as_ref().is_none_or(|thing| *thing == alarm.thing)
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
            let count = view.alarms.iter().filter(|alarm| is_shown(alarm, filter) && is_in_scope(alarm, view, state)).count();
            if controls::choice(ui, state.filter == filter, &format!("{word} {count}"), theme).clicked() {
                state.filter = filter;
            }
        }
        if let Some(thing) = &view.selected {
            let name = view.alarms.iter().find(|alarm| alarm.thing == *thing).map_or(thing.name(), |alarm| alarm.thing_name.as_str());
            ui.add_space(8.0);
            if controls::choice(ui, state.only_selected, &format!("{} {name}", t().only), theme).clicked() {
                state.only_selected = !state.only_selected;
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
    let cells = cells(rect.shrink2(vec2(6.0, 0.0)));
    let words = [
        (cells.time, t().column_time, Align2::LEFT_CENTER),
        (Some(cells.tag), t().column_tag, Align2::LEFT_CENTER),
        (Some(cells.message), t().column_message, Align2::LEFT_CENTER),
        (cells.value, t().column_value, Align2::RIGHT_CENTER),
        (cells.thing, t().column_thing, Align2::LEFT_CENTER),
        (cells.left, t().column_left, Align2::RIGHT_CENTER),
    ];
    for (cell, word, align) in words {
        if let Some(cell) = cell {
            controls::text_in(ui, cell, align, word, theme.small(), theme.text_faint);
        }
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, theme.line));
}

/// A row keeps its name wherever it stands, so that the keyboard can find it.
fn row_id(alarm: &AlarmView) -> Id {
    Id::new(("alarm_row", alarm.lane, &alarm.tag))
}

fn alarm_row(ui: &mut Ui, view: &AlarmListView, alarm: &AlarmView, state: &mut AlarmListState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), theme.row_height() + 2.0));
    let response = ui.interact(rect, row_id(alarm), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, row_words(alarm)));
    let is_selected = view.selected.as_ref() == Some(&alarm.thing);
    if is_selected || response.hovered() {
        ui.painter().rect_filled(rect, CornerRadius::same(4), if is_selected { theme.selected } else { theme.raised });
    }
    let cells = cells(rect.shrink2(vec2(6.0, 0.0)));
    paint_row(ui, &cells, view, alarm, theme);
    if let Some(buttons) = cells.buttons {
        row_buttons(ui, buttons, view, alarm, state, theme, out);
    }
    let is_entered = response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    if response.double_clicked() || is_entered {
        out.push(UiEvent::Select(Some(alarm.thing.clone())));
        out.push(UiEvent::FlyTo(alarm.thing.clone()));
        out.push(UiEvent::SetDisplay(Display::Equipment));
    } else if response.clicked() {
        out.push(UiEvent::Select(Some(alarm.thing.clone())));
    }
    response.on_hover_text(format!("{} · {} · {}\n{}", alarm.tag, alarm.thing_name, alarm.message, t().go_to_equipment));
}

fn paint_row(ui: &Ui, cells: &Cells, view: &AlarmListView, alarm: &AlarmView, theme: &Theme) {
    let is_loud = alarm.state.wants_acknowledgement();
    let main = if is_loud { theme.text_strong } else { theme.text };
    let is_bright = view.history_at.is_some() || theme.is_flash_bright(ui.input(|input| input.time));
    marks::paint_alarm(ui.painter(), pos2(cells.mark.left() + 9.0, cells.mark.center().y), 15.0, alarm.mark(), is_bright, theme);
    let write = |rect, align, text: &str, colour| controls::text_in(ui, rect, align, text, theme.figures(theme.text_size), colour);
    if let Some(time) = cells.time {
        write(time, Align2::LEFT_CENTER, &format::clock(alarm.since), theme.text_weak);
    }
    write(cells.tag, Align2::LEFT_CENTER, &alarm.tag, main);
    let mut message = cells.message;
    if alarm.is_training {
        let pill =
            marks::paint_pill(ui.painter(), message.left_center(), Align2::LEFT_CENTER, t().training, theme.accent, theme.on_accent, theme);
        message.min.x = pill.right() + 6.0;
    }
    write(message, Align2::LEFT_CENTER, &alarm.message, main);
    if let (Some(reading), Some(value)) = (&alarm.reading, cells.value) {
        crate::reading::paint_reading(ui.painter(), value, reading, theme.text_size, theme);
    }
    if let Some(thing) = cells.thing {
        write(thing, Align2::LEFT_CENTER, &alarm.thing_name, theme.text_weak);
    }
    let Some(left) = cells.left else { return };
    // Nobody has to respond to what was put aside: it cannot be overdue.
    let Some(secs) = alarm.time_left_secs.filter(|_| !alarm.state.is_put_aside()) else { return };
    let is_late = secs < 0.0;
    write(left, Align2::RIGHT_CENTER, &format::countdown(secs), if is_late { theme.text_strong } else { theme.text_weak });
    if is_late {
        ui.painter().rect_stroke(left.shrink2(vec2(0.0, 4.0)), 3.0, Stroke::new(1.0, theme.text_weak), StrokeKind::Outside);
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
    let left = alarm.time_left_secs.filter(|secs| *secs < 0.0 && !alarm.state.is_put_aside());
    let late = left.map_or_else(String::new, |secs| format!(", {} {}", format::countdown(secs), t().left));
    format!("{} {}, {}{value}{late}", alarm.tag, alarm.message, alarm.mark().words())
}
