//! The playhead over the extent of its lane, with the alarms on the way.

use crate::icons::Icon;
use crate::playhead::{LaneKind, LaneView, Motion, PlayheadView};
use crate::{Theme, UiEvent, controls, format, text::t};
use egui::{Align2, CornerRadius, Rect, RichText, Sense, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::alarm::AlarmClass;
use twin_model::{Action, LaneId, TwinTime};

/// The lane in time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimelineView {
    /// Where the view stands.
    pub playhead: PlayheadView,
    /// Alarms that came on this lane.
    pub ticks: Vec<AlarmTick>,
    /// Lanes to switch to.
    pub lanes: Vec<LaneView>,
    /// Lane shown beside the playhead's.
    pub compared: Option<LaneId>,
    /// Instant at which this lane was forked from its parent.
    pub fork: Option<TwinTime>,
}

/// An alarm on the timeline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AlarmTick {
    /// When it came.
    pub time: TwinTime,
    /// Class.
    pub class: AlarmClass,
    /// Priority.
    pub priority: Option<u8>,
}

/// Speeds on offer, plant seconds per second.
pub const SPEEDS: [f64; 7] = [0.25, 1.0, 4.0, 10.0, 30.0, 60.0, 240.0];

/// Height of the timeline, points.
pub const HEIGHT: f32 = 40.0;

/// Draws the timeline on one line.
pub fn timeline_ui(ui: &mut Ui, view: &TimelineView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let head = &view.playhead;
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        lane_menu(ui, view, theme, out);
        ui.add_space(6.0);
        if controls::icon_button(ui, Icon::Previous, t().previous_event, false, theme).clicked() {
            out.push(UiEvent::Twin(Action::StepEvent { forward: false }));
        }
        if head.motion == Motion::Paused {
            if controls::icon_button(ui, Icon::Play, t().play, false, theme).clicked() {
                out.push(UiEvent::Twin(Action::Play { speed: 1.0 }));
            }
        } else if controls::icon_button(ui, Icon::Pause, t().pause, false, theme).clicked() {
            out.push(UiEvent::Twin(Action::Pause));
        }
        if controls::icon_button(ui, Icon::Next, t().next_event, false, theme).clicked() {
            out.push(UiEvent::Twin(Action::StepEvent { forward: true }));
        }
        speed_menu(ui, view, theme, out);
        ui.add_space(8.0);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            follow_button(ui, head, theme, out);
            ui.add_space(8.0);
            time_text(ui, head, theme);
            ui.add_space(10.0);
            track(ui, view, theme, out);
        });
    });
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

fn follow_button(ui: &mut Ui, head: &PlayheadView, theme: &Theme, out: &mut Vec<UiEvent>) {
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
    if response.clicked() && !is_following {
        out.push(UiEvent::Twin(Action::Follow));
    }
}

fn time_text(ui: &mut Ui, head: &PlayheadView, theme: &Theme) {
    let behind = head.head.secs_since(head.time);
    // The room is kept while following, so that the track does not move under the pointer that grabs it.
    let (room, response) = ui.allocate_exact_size(vec2(76.0, 20.0), Sense::hover());
    if head.is_history() && behind >= 1.0 {
        let text = format!("−{}", format::duration(behind));
        controls::text_in(ui, room, Align2::LEFT_CENTER, &text, theme.small(), theme.text_weak);
        response.on_hover_text(t().behind_head);
    }
    ui.label(RichText::new(format::clock(head.time)).font(theme.figures(theme.text_size + 3.0)).color(theme.text_strong))
        .on_hover_text(format!("{} UTC", format::date_clock(head.time)));
}

fn track(ui: &mut Ui, view: &TimelineView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let head = &view.playhead;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width().max(60.0), 30.0), Sense::hover());
    // A name of its own: a drag must not be lost when the texts beside the track change.
    let response = ui.interact(rect, egui::Id::new("timeline_track"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::slider(true, head.time.secs_f64(), t().playhead));
    let track = Rect::from_min_max(pos2(rect.left() + 6.0, rect.center().y - 2.0), pos2(rect.right() - 6.0, rect.center().y + 2.0));
    let extent = head.head.secs_since(head.start).max(1e-3);
    let x = |time: TwinTime| track.left() + track.width() * ((time.secs_since(head.start) / extent).clamp(0.0, 1.0) as f32);
    let painter = ui.painter();
    painter.rect_filled(track, CornerRadius::same(2), theme.normal_band);
    let is_history = head.is_history();
    let done = Rect::from_min_max(track.min, pos2(x(head.time), track.bottom()));
    painter.rect_filled(done, CornerRadius::same(2), if is_history { theme.accent } else { theme.text_weak });
    for tick in &view.ticks {
        let height = match tick.priority {
            Some(1) => 11.0,
            Some(2) => 9.0,
            _ => 7.0,
        };
        let at = x(tick.time);
        painter.vline(at, track.top() - height..=track.top() - 2.0, Stroke::new(2.0, theme.alarm_ink(tick.class, tick.priority)));
    }
    if let Some(fork) = view.fork {
        painter.vline(x(fork), track.top() - 9.0..=track.bottom() + 9.0, Stroke::new(1.0, theme.accent));
    }
    let at = pos2(x(head.time), track.center().y);
    painter.circle(at, if response.hovered() { 7.0 } else { 6.0 }, theme.text_strong, Stroke::new(2.0, theme.window));
    if let Some(pointer) = response.interact_pointer_pos().or_else(|| response.hover_pos()) {
        let share = f64::from(((pointer.x - track.left()) / track.width().max(1.0)).clamp(0.0, 1.0));
        let time = head.start.plus_secs(extent * share);
        painter.vline(pointer.x.clamp(track.left(), track.right()), track.y_range(), Stroke::new(1.0, theme.text_strong));
        let is_grabbed = response.clicked() || response.dragged();
        response.on_hover_text_at_pointer(format::date_clock(time));
        if is_grabbed {
            out.push(UiEvent::Twin(Action::Seek(time)));
        }
    }
}
