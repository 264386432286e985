//! The line of buttons above the track.

use super::state::{TimelineState, Written};
use super::view::TimelineView;
use super::{SPEEDS, clock, marks};
use crate::icons::Icon;
use crate::playhead::{LaneKind, Motion};
use crate::{Theme, UiEvent, controls, format, text::t};
use egui::{Align, Align2, CornerRadius, Key, Layout, RichText, Sense, Stroke, TextEdit, Ui, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::{Action, TwinTime};

/// Width of the buttons that belong to a range, points.
const RANGE_BUTTONS: f32 = 90.0;
/// Width of the clock and of what stands right of it, points.
const RIGHT_SIDE: f32 = 330.0;

/// Draws the line.
pub(super) fn line_ui(ui: &mut Ui, view: &TimelineView, state: &mut TimelineState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let head = &view.playhead;
    ui.spacing_mut().item_spacing.x = 2.0;
    lane_menu(ui, view, theme, out);
    ui.add_space(6.0);
    step_button(ui, view, Icon::Previous, false, theme, out);
    if head.motion == Motion::Paused {
        if controls::icon_button(ui, Icon::Play, t().play, false, theme).clicked() {
            out.push(UiEvent::Twin(Action::Play { speed: 1.0 }));
        }
    } else if controls::icon_button(ui, Icon::Pause, t().pause, false, theme).clicked() {
        out.push(UiEvent::Twin(Action::Pause));
    }
    step_button(ui, view, Icon::Next, true, theme, out);
    speed_menu(ui, view, theme, out);
    ui.add_space(4.0);
    change_button(ui, view, Icon::PreviousChange, false, theme, out);
    change_button(ui, view, Icon::NextChange, true, theme, out);
    ui.add_space(4.0);
    if controls::icon_button(ui, Icon::ZoomFit, t().show_whole_time, state.shows_everything(), theme).clicked() {
        state.show_everything();
    }
    if controls::icon_button(ui, Icon::TimeRange, t().select_range, state.selects_range, theme).clicked() && is_first_pass(ui) {
        state.selects_range = !state.selects_range;
    }
    if controls::icon_button(ui, Icon::Bookmark, t().add_bookmark, false, theme).clicked() {
        state.written = Some(Written { text: String::new(), range: None, time: head.time, had_focus: false });
    }
    ui.add_space(6.0);
    if state.written.is_some() {
        written_field(ui, state, theme, out);
    } else if let Some((from, to)) = state.range(view) {
        range_tools(ui, view, state, (from, to), theme, out);
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        follow_button(ui, view, state, theme, out);
        ui.add_space(8.0);
        clock::clock_ui(ui, head, state, theme, out);
    });
}

/// What toggles must not do so twice when egui lays a frame out twice.
fn is_first_pass(ui: &Ui) -> bool {
    ui.ctx().current_pass_index() == 0
}

fn lane_menu(ui: &mut Ui, view: &TimelineView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let head = &view.playhead;
    // The live plant at another instant is its history, not live.
    let (word, fill, text) = if head.kind == LaneKind::Live && head.is_history() {
        (t().history, theme.selected, theme.text_strong)
    } else {
        let (fill, text) = head.kind.colours(theme);
        (head.kind.word(), fill, text)
    };
    controls::pill(ui, word, fill, text, theme);
    ui.add_space(4.0);
    let title = RichText::new(format!("{}  ▾", view.playhead.lane_name)).color(theme.text_strong);
    ui.menu_button(title, |ui| {
        ui.set_min_width(200.0);
        for lane in &view.lanes {
            let Some(id) = lane.lane else { continue };
            ui.horizontal(|ui| {
                let (fill, text) = lane.kind.colours(theme);
                controls::pill(ui, lane.kind.word(), fill, text, theme);
                if ui.selectable_label(id == view.playhead.lane, &lane.name).clicked() {
                    out.push(UiEvent::Twin(Action::SwitchLane(id)));
                    ui.close();
                }
            });
        }
    });
}

/// To the next alarm event, or with Shift to the next change of the selected thing.
fn step_button(ui: &mut Ui, view: &TimelineView, icon: Icon, forward: bool, theme: &Theme, out: &mut Vec<UiEvent>) {
    let word = if forward { t().next_event } else { t().previous_event };
    if controls::icon_button(ui, icon, word, false, theme).clicked() {
        let wants_change = ui.input(|input| input.modifiers.shift) && !view.selected_name.is_empty();
        out.push(if wants_change { UiEvent::StepChange { forward } } else { UiEvent::Twin(Action::StepEvent { forward }) });
    }
}

fn change_button(ui: &mut Ui, view: &TimelineView, icon: Icon, forward: bool, theme: &Theme, out: &mut Vec<UiEvent>) {
    let word = if forward { t().next_change } else { t().previous_change };
    let name = &view.selected_name;
    let words = if name.is_empty() { format!("{word} …") } else { format!("{word} {name}") };
    let button = |ui: &mut Ui| controls::icon_button(ui, icon, &words, false, theme);
    let response = ui.add_enabled_ui(!name.is_empty(), button).inner.on_disabled_hover_text(t().no_change_without_selection);
    if response.clicked() {
        out.push(UiEvent::StepChange { forward });
    }
}

fn speed_menu(ui: &mut Ui, view: &TimelineView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let now = if let Motion::Playing(speed) = view.playhead.motion { speed } else { 1.0 };
    let title = RichText::new(format::speed(now)).color(theme.text_weak);
    let menu = ui.menu_button(title, |ui| {
        for speed in SPEEDS {
            if ui.selectable_label((speed - now).abs() < 1e-9, format::speed(speed)).clicked() {
                out.push(UiEvent::Twin(Action::Play { speed }));
                ui.close();
            }
        }
    });
    menu.response.on_hover_text(t().speed);
}

fn follow_button(ui: &mut Ui, view: &TimelineView, state: &mut TimelineState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let head = &view.playhead;
    let is_following = head.motion == Motion::Following;
    let word = if head.kind == LaneKind::Live { t().live_button } else { t().follow };
    let (rect, response) = ui.allocate_exact_size(vec2(70.0, 24.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, true, is_following, word));
    let fill = match (is_following, response.hovered()) {
        (true, _) => theme.raised,
        (false, true) => theme.accent.gamma_multiply(0.9),
        (false, false) => theme.accent,
    };
    let text = if is_following { theme.text } else { theme.on_accent };
    ui.painter().rect_filled(rect, CornerRadius::same(5), fill);
    let dot = pos2(rect.left() + 14.0, rect.center().y);
    if is_following {
        ui.painter().circle_filled(dot, 3.5, theme.text_strong);
    } else {
        ui.painter().circle_stroke(dot, 3.5, Stroke::new(1.5, text));
    }
    ui.painter().text(pos2(rect.left() + 24.0, rect.center().y), Align2::LEFT_CENTER, word, theme.body(), text);
    if response.clicked() {
        // Who follows already wants to see it: the window may have been moved away.
        state.reveal(view);
        if !is_following {
            out.push(UiEvent::Twin(Action::Follow));
        }
    }
}

/// What can be done with the range, beside its words.
fn range_tools(
    ui: &mut Ui,
    view: &TimelineView,
    state: &mut TimelineState,
    (from, to): (TwinTime, TwinTime),
    theme: &Theme,
    out: &mut Vec<UiEvent>,
) {
    let word = if view.loop_range.is_some() { t().loop_word } else { t().range };
    let words = format!("{word} {} · {}", marks::stretch(from, to), format::duration(to.secs_since(from)));
    // The words give way in a narrow window; the buttons and the clock do not.
    let room = (ui.available_width() - RANGE_BUTTONS - RIGHT_SIDE).max(24.0);
    let wanted = ui.painter().layout_no_wrap(words.clone(), theme.body(), theme.text).size().x;
    let (rect, response) = ui.allocate_exact_size(vec2(wanted.min(room), 24.0), Sense::hover());
    controls::text_in(ui, rect, Align2::LEFT_CENTER, &words, theme.body(), theme.text);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, words.as_str()));
    response.on_hover_text(words.as_str());
    ui.add_space(4.0);
    if controls::icon_button(ui, Icon::Package, t().save_package, false, theme).clicked() {
        out.push(UiEvent::SavePackage { from, to });
    }
    if controls::icon_button(ui, Icon::Document, t().add_note, false, theme).clicked() {
        state.written = Some(Written { text: String::new(), range: Some((from, to)), time: from, had_focus: false });
    }
    if controls::icon_button(ui, Icon::Close, t().clear_range, false, theme).clicked() {
        clear_range(state, out);
    }
}

/// Forgets the range, and ends the loop.
pub(super) fn clear_range(state: &mut TimelineState, out: &mut Vec<UiEvent>) {
    state.selection = None;
    out.push(UiEvent::LoopRange(None));
}

/// Where a bookmark or a note is written. Enter keeps it, Escape or a click elsewhere does not.
fn written_field(ui: &mut Ui, state: &mut TimelineState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let Some(written) = &mut state.written else { return };
    let hint = if written.range.is_some() { t().note_text } else { t().bookmark_name };
    let field = TextEdit::singleline(&mut written.text)
        .id(egui::Id::new("timeline text"))
        .hint_text(RichText::new(hint).color(theme.text_faint))
        .desired_width((ui.available_width() - RIGHT_SIDE).clamp(80.0, 220.0))
        .char_limit(500);
    let response = ui.add(field);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::TextEdit, true, hint));
    if !written.had_focus {
        response.request_focus();
        written.had_focus = true;
        return;
    }
    if !response.lost_focus() {
        return;
    }
    if !ui.input(|input| input.key_pressed(Key::Enter)) {
        state.written = None;
        return;
    }
    let text = written.text.trim().to_owned();
    match written.range {
        // A note without words says nothing; it is still to be written.
        Some(_) if text.is_empty() => response.request_focus(),
        Some((from, to)) => {
            out.push(UiEvent::AddNote { from, to, text });
            state.written = None;
        }
        None => {
            let time = written.time;
            let text = if text.is_empty() { format::date_clock(time) } else { text };
            out.push(UiEvent::AddBookmark { time, text });
            state.written = None;
        }
    }
}
