//! Wheel and drags on the track.

use super::axis::Axis;
use super::state::{Drag, TimelineState};
use super::view::TimelineView;
use crate::UiEvent;
use crate::playhead::Motion;
use egui::{PointerButton, Pos2, Response, Ui};
use twin_model::{Action, TwinTime};

/// Points of the wheel that zoom by a factor of e.
const WHEEL_POINTS: f64 = 240.0;
/// A range shorter than this is a slip of the hand, points.
const SHORTEST_RANGE: f32 = 3.0;

/// Zooms, pans, seeks and selects.
pub(super) fn gestures(ui: &Ui, response: &Response, axis: &Axis, view: &TimelineView, state: &mut TimelineState, out: &mut Vec<UiEvent>) {
    // egui may lay a frame out twice with the same input: what moves by a difference must do so once.
    if ui.ctx().current_pass_index() > 0 {
        return;
    }
    wheel(ui, response, axis, view, state);
    clicks(response, axis, view, state, out);
    drags(ui, response, axis, view, state, out);
}

/// The instant under the pointer, on the lane.
fn instant(axis: &Axis, pos: Pos2, view: &TimelineView) -> TwinTime {
    let head = &view.playhead;
    axis.time(pos.x.clamp(axis.left, axis.right())).min(head.head).max(head.start)
}

fn wheel(ui: &Ui, response: &Response, axis: &Axis, view: &TimelineView, state: &mut TimelineState) {
    let Some(pointer) = response.ctx.pointer_hover_pos().filter(|_| response.contains_pointer()) else { return };
    let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta(), f64::from(input.zoom_delta())));
    let factor = (-f64::from(scroll.y) / WHEEL_POINTS).exp() / pinch.max(1e-3);
    if (factor - 1.0).abs() > 1e-6 {
        state.zoom(axis, pointer.x.clamp(axis.left, axis.right()), factor, view);
    } else if scroll.x != 0.0 {
        let (from, to) = axis.panned(scroll.x);
        state.show(from, to, view);
    }
}

fn clicks(response: &Response, axis: &Axis, view: &TimelineView, state: &mut TimelineState, out: &mut Vec<UiEvent>) {
    let head = &view.playhead;
    if response.double_clicked() {
        state.show_everything();
        // The first of the two clicks has moved the playhead, and nobody wanted that.
        match state.before_click.take() {
            Some((_, Motion::Following)) => out.push(UiEvent::Twin(Action::Follow)),
            Some((time, Motion::Paused)) => out.push(UiEvent::Twin(Action::Seek(time))),
            Some((time, Motion::Playing(speed))) => {
                out.extend([Action::Seek(time), Action::Play { speed }].map(UiEvent::Twin));
            }
            None => {}
        }
    } else if response.clicked()
        && let Some(pos) = response.interact_pointer_pos()
    {
        state.before_click = Some((head.time, head.motion));
        out.push(UiEvent::Twin(Action::Seek(instant(axis, pos, view))));
    }
}

fn drags(ui: &Ui, response: &Response, axis: &Axis, view: &TimelineView, state: &mut TimelineState, out: &mut Vec<UiEvent>) {
    if response.drag_started() {
        let (modifiers, origin) = ui.input(|input| (input.modifiers, input.pointer.press_origin()));
        state.drag = Some(if !response.drag_started_by(PointerButton::Primary) || modifiers.shift {
            Drag::Pan
        } else if let Some(origin) = origin.filter(|_| modifiers.alt || state.selects_range) {
            Drag::Range(instant(axis, origin, view))
        } else {
            Drag::Seek
        });
    }
    let pos = response.interact_pointer_pos();
    match (state.drag, pos) {
        (Some(Drag::Seek), Some(pos)) if response.dragged() => out.push(UiEvent::Twin(Action::Seek(instant(axis, pos, view)))),
        (Some(Drag::Pan), _) if response.drag_delta().x != 0.0 => {
            let (from, to) = axis.panned(response.drag_delta().x);
            state.show(from, to, view);
        }
        (Some(Drag::Range(start)), Some(pos)) => {
            let here = instant(axis, pos, view);
            state.selection = Some((start.min(here), start.max(here)));
        }
        _ => {}
    }
    if response.drag_stopped()
        && let (Some(Drag::Range(_)), Some((from, to))) = (state.drag, state.selection)
    {
        state.selects_range = false;
        if axis.x(to) - axis.x(from) >= SHORTEST_RANGE {
            out.push(UiEvent::LoopRange(Some((from, to))));
        } else {
            state.selection = None;
        }
    }
    if !response.dragged() {
        state.drag = None;
    }
}
