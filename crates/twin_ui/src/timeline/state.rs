//! Which stretch of time is on show, and what a person is doing with it.

use super::axis::Axis;
use super::view::TimelineView;
use crate::playhead::Motion;
use twin_model::{LaneId, TwinTime};

/// Shortest window, plant seconds.
pub const MIN_SPAN_SECS: f64 = 2.0;
/// Longest window, plant seconds, unless the lane is longer.
pub const MAX_SPAN_SECS: f64 = 400.0 * 86_400.0;
/// Share of the window right of the playhead that is kept for the future.
pub const FUTURE_SHARE: f64 = 0.05;
/// Shortest lane that fills the window, plant seconds.
const SHORTEST_EVERYTHING_SECS: f64 = 60.0;

/// The screen's own state of the timeline.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimelineState {
    /// The window; none shows everything.
    window: Option<(TwinTime, TwinTime)>,
    /// The playhead as it was when the frame before was drawn.
    seen: Option<Seen>,
    /// What the pointer is dragging.
    pub(super) drag: Option<Drag>,
    /// The next drag selects a range.
    pub(super) selects_range: bool,
    /// The selected range.
    pub(super) selection: Option<(TwinTime, TwinTime)>,
    /// A time being typed.
    pub(super) typed: Option<TypedTime>,
    /// A bookmark or a note being written.
    pub(super) written: Option<Written>,
    /// Where the playhead was before the click that may be the first of two.
    pub(super) before_click: Option<(TwinTime, Motion)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen {
    lane: LaneId,
    time: TwinTime,
    motion: Motion,
}

/// What a drag does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Drag {
    /// Moves the playhead.
    Seek,
    /// Moves the window.
    Pan,
    /// Selects from this instant on.
    Range(TwinTime),
}

/// A time being typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TypedTime {
    pub text: String,
    /// What is wrong with it, in words.
    pub problem: Option<String>,
    /// The field has had the keyboard.
    pub had_focus: bool,
}

/// A bookmark or a note being written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    pub text: String,
    /// The range of a note; none for a bookmark.
    pub range: Option<(TwinTime, TwinTime)>,
    /// Instant of a bookmark.
    pub time: TwinTime,
    pub had_focus: bool,
}

impl TimelineState {
    /// The stretch of time on show: what density and marks should cover.
    pub fn window(&self, view: &TimelineView) -> (TwinTime, TwinTime) {
        self.window.unwrap_or_else(|| everything(view))
    }

    /// True while the window shows everything there is.
    pub fn shows_everything(&self) -> bool {
        self.window.is_none()
    }

    /// Shows everything there is, and keeps doing so.
    pub fn show_everything(&mut self) {
        self.window = None;
    }

    /// Shows this window, within what makes sense for the lane.
    pub fn show(&mut self, from: TwinTime, to: TwinTime, view: &TimelineView) {
        self.window = Some(within_reason((from, to), view));
    }

    /// Moves the window so that the newest instant is in it, with its margin.
    pub fn reveal(&mut self, view: &TimelineView) {
        let Some((from, to)) = self.window.filter(|(from, to)| view.playhead.head < *from || view.playhead.head > *to) else { return };
        let shift = view.playhead.head.secs_since(to.plus_secs(-FUTURE_SHARE * to.secs_since(from)));
        self.window = Some((from.plus_secs(shift), to.plus_secs(shift)));
    }

    /// Zooms by `factor` (below 1: closer) with the same instant staying at `x`.
    pub fn zoom(&mut self, axis: &Axis, x: f32, factor: f64, view: &TimelineView) {
        let span = axis.span_secs();
        // The limits hold the factor, not the window, or at its limits the window would slide away under the pointer.
        let (shortest, longest) = (MIN_SPAN_SECS / span, longest_secs(view) / span);
        let (from, to) = axis.zoomed(x, factor.clamp(shortest.min(1.0), longest.max(1.0)));
        self.show(from, to, view);
    }

    /// The range a person has selected, or the one the playhead repeats.
    pub fn range(&self, view: &TimelineView) -> Option<(TwinTime, TwinTime)> {
        match self.drag {
            Some(Drag::Range(_)) => self.selection,
            _ => view.loop_range.or(self.selection),
        }
    }

    /// Follows the playhead: what was in the window stays in it. What a person has moved out of it stays out, until the
    /// playhead jumps.
    pub(super) fn follow(&mut self, view: &TimelineView) {
        let head = &view.playhead;
        let now = Seen { lane: head.lane, time: head.time, motion: head.motion };
        let before = self.seen.replace(now);
        if before.is_some_and(|seen| seen.lane != head.lane) {
            self.selection = None;
        }
        let (Some((from, to)), Some(seen)) = (self.window, before) else { return };
        let moved = head.time.secs_since(seen.time);
        if seen == now || self.drag.is_some() {
            return;
        }
        let axis = Axis { from, to, left: 0.0, width: 1.0 };
        let was_shown = axis.shows(seen.time) && seen.lane == head.lane;
        let span = axis.span_secs();
        let is_moving = head.motion != Motion::Paused;
        let has_started_following = head.motion == Motion::Following && seen.motion != Motion::Following;
        let edge = to.plus_secs(-FUTURE_SHARE * span);
        let shift = if has_started_following && !axis.shows(head.time) {
            head.time.secs_since(edge)
        } else if was_shown && head.motion == Motion::Following && moved.abs() <= span {
            moved.max(head.time.secs_since(edge))
        } else if was_shown && is_moving && head.time > edge && (0.0..=span).contains(&moved) {
            // Playing: the window stands until the playhead comes to the margin, then goes with it.
            moved.min(head.time.secs_since(edge))
        } else if (was_shown || !is_moving || seen.lane != head.lane) && !axis.shows(head.time) {
            head.time.secs_since(from.plus_secs(span / 2.0))
        } else {
            return;
        };
        self.window = Some((from.plus_secs(shift), to.plus_secs(shift)));
    }
}

/// From the beginning of the lane to the end of everything that is known of the future, with a margin right of it.
pub(super) fn everything(view: &TimelineView) -> (TwinTime, TwinTime) {
    let head = &view.playhead;
    let ends = view.branches.iter().flat_map(|branch| [branch.to, branch.horizon]);
    let end = ends.chain(view.forecast.as_ref().map(|forecast| forecast.to)).chain(view.live_head).fold(head.head, TwinTime::max);
    let from = head.start.min(head.head);
    let span = end.secs_since(from).max(SHORTEST_EVERYTHING_SECS);
    let margin = FUTURE_SHARE / (1.0 - FUTURE_SHARE);
    let last = head.head.plus_secs(head.head.secs_since(from) * margin);
    // A bar that ends before the edge is seen to end.
    (from, last.max(end.plus_secs(if end > head.head { span * 0.02 } else { 0.0 })).max(from.plus_secs(SHORTEST_EVERYTHING_SECS)))
}

fn longest_secs(view: &TimelineView) -> f64 {
    let (first, last) = everything(view);
    MAX_SPAN_SECS.max(last.secs_since(first) * 1.5)
}

/// A window that is neither too short nor too long, and has something of the lane in it.
fn within_reason((from, to): (TwinTime, TwinTime), view: &TimelineView) -> (TwinTime, TwinTime) {
    let (first, last) = everything(view);
    let span = to.secs_since(from).clamp(MIN_SPAN_SECS, longest_secs(view));
    let kept = span.min(last.secs_since(first)) * 0.1;
    let (earliest, latest) = (first.plus_secs(kept - span), last.plus_secs(-kept));
    let from = from.max(earliest).min(latest);
    (from, if from == earliest || from == latest || to <= from { from.plus_secs(span) } else { to })
}

#[cfg(test)]
mod tests;
