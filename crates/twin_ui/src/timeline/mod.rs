//! The one timeline: the lane on show over a window of time from seconds to months, with the playhead, what happened on the
//! way, and right of now what may come.

pub mod axis;
mod clock;
mod controls;
mod gestures;
mod marks;
mod state;
mod track;
pub mod typed_time;
mod view;

use crate::{Theme, UiEvent, format, text::t};
use axis::Axis;
use egui::{Context, Key, Modifiers, Rect, Sense, Ui, WidgetInfo, pos2, vec2};
use track::{Rows, Track};

pub use state::{FUTURE_SHARE, MAX_SPAN_SECS, MIN_SPAN_SECS, TimelineState};
pub use view::{AlarmTick, BranchBar, Density, Forecast, Gap, Mark, NoteMark, TimelineView};

/// Speeds on offer, plant seconds per second.
pub const SPEEDS: [f64; 12] = [0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 1000.0];

/// Height of the timeline without branches, points.
pub const HEIGHT: f32 = LINE_HEIGHT + track::HEIGHT + FOOT;
const FOOT: f32 = 2.0;
const LINE_HEIGHT: f32 = 28.0;
/// Left and right of the track, so that the playhead is whole at the ends.
const INSET: f32 = 8.0;

/// Height of the timeline with a row for each of the first branches, points.
pub fn height(view: &TimelineView) -> f32 {
    HEIGHT + marks::branch_rows(view) as f32 * track::BRANCH_ROW
}

/// The keys that belong to the timeline before they belong to others: Escape closes what it has open, Shift with an arrow
/// steps through the changes of the selected thing. What it takes, nobody else sees.
pub fn keys(ctx: &Context, view: &TimelineView, state: &mut TimelineState, out: &mut Vec<UiEvent>) {
    let is_open = state.written.is_some() || state.typed.is_some();
    // The field of another panel keeps its keys.
    if ctx.text_edit_focused() && !is_open {
        return;
    }
    let has_something = is_open || state.selects_range || state.range(view).is_some();
    if has_something && ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        if is_open {
            state.written = None;
            state.typed = None;
        } else if state.selects_range {
            state.selects_range = false;
        } else {
            controls::clear_range(state, out);
        }
    }
    if is_open || view.selected_name.is_empty() || ctx.memory(|memory| memory.focused().is_some()) {
        return;
    }
    for (key, forward) in [(Key::ArrowLeft, false), (Key::ArrowRight, true)] {
        if ctx.input_mut(|input| input.consume_key(Modifiers::SHIFT, key)) {
            out.push(UiEvent::StepChange { forward });
        }
    }
}

/// Draws the timeline: a line of buttons, and the track below it.
pub fn timeline_ui(ui: &mut Ui, view: &TimelineView, state: &mut TimelineState, theme: &Theme, out: &mut Vec<UiEvent>) {
    state.follow(view);
    let all = ui.available_rect_before_wrap();
    let line = Rect::from_min_size(all.min, vec2(all.width(), LINE_HEIGHT));
    let rest = Rect::from_min_max(pos2(all.left(), line.bottom()), pos2(all.right(), line.bottom() + height(view) - LINE_HEIGHT - FOOT));
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    let builder = egui::UiBuilder::new().id_salt("timeline line").max_rect(line).layout(layout);
    controls::line_ui(&mut ui.new_child(builder), view, state, theme, out);
    track_ui(ui, rest, view, state, theme, out);
    ui.advance_cursor_after_rect(line.union(rest));
}

fn track_ui(ui: &Ui, rect: Rect, view: &TimelineView, state: &mut TimelineState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let head = &view.playhead;
    let response = ui.interact(rect, egui::Id::new("timeline_track"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::slider(true, head.time.secs_f64(), t().playhead));
    let axis = |state: &TimelineState| {
        let (from, to) = state.window(view);
        Axis { from, to, left: rect.left() + INSET, width: (rect.width() - 2.0 * INSET).max(1.0) }
    };
    gestures::gestures(ui, &response, &axis(state), view, state, out);
    // Painted as the gesture left it: the track does not lag behind the hand.
    let axis = axis(state);
    let pointer = response.interact_pointer_pos().or_else(|| ui.ctx().pointer_hover_pos().filter(|_| response.contains_pointer()));
    let pointer = pointer.map(|pos| pos2(pos.x.clamp(axis.left, axis.right()), pos.y));
    let rows = Rows::new(rect);
    let mut track = Track { painter: ui.painter_at(rect), axis, rows, view, theme, pointer, hints: Vec::new() };
    track.paint_ground();
    marks::gaps_ui(ui, &mut track);
    track.paint_marks(state.range(view));
    marks::branches_ui(ui, &track, out);
    marks::flags_ui(ui, &track, out);
    track.hair();
    track.playhead(response.hovered());
    if let Some(pointer) = pointer {
        let mut words = format::date_clock(axis.time(pointer.x));
        for hint in &track.hints {
            words.push('\n');
            words.push_str(hint);
        }
        response.on_hover_text_at_pointer(words);
    }
}
