//! The playhead.

use super::{ViewState, head_of, lane_kind, lane_name};
use twin_runtime::{PlayheadMode, ViewFrame};
use twin_ui::playhead::{Motion, PlayheadView};

pub(super) fn playhead_view(state: &ViewState, frame: &ViewFrame) -> PlayheadView {
    let playhead = frame.playhead;
    let extent = state.snapshot.lane(playhead.lane).and_then(|lane| lane.extent);
    let fork = state.snapshot.lane(playhead.lane).and_then(|lane| lane.fork);
    // A branch begins where its parent begins: what lies before the fork is the parent's.
    let start = fork.and_then(|(parent, _)| state.snapshot.lane(parent)?.extent).or(extent).map_or(playhead.time, |(start, _)| start);
    PlayheadView {
        lane: playhead.lane,
        lane_name: lane_name(state, playhead.lane),
        kind: lane_kind(state, playhead.lane),
        time: playhead.time,
        start,
        head: head_of(state, playhead.lane).unwrap_or(playhead.time),
        motion: match playhead.mode {
            PlayheadMode::Following => Motion::Following,
            PlayheadMode::Playing { speed } => Motion::Playing(speed),
            PlayheadMode::Paused => Motion::Paused,
        },
    }
}
