//! The timeline: what happened on the lane on show, and the branches beside it.

use super::{ViewState, head_of, lane_kind};
use twin_model::{LaneId, TwinTime};
use twin_runtime::{LaneKind, LaneView as Lane, MarkKind, ViewFrame};
use twin_ui::playhead::{LaneView, PlayheadView};
use twin_ui::timeline::{AlarmTick, BranchBar, Density, Gap, Mark, NoteMark, TimelineView};

/// Buckets of density over the window on show.
const BUCKETS: usize = 400;
const MINUTE_SECS: f64 = 60.0;

pub(super) fn timeline(state: &ViewState, frame: &ViewFrame, playhead: &PlayheadView) -> TimelineView {
    let ticks = frame.events.iter().filter_map(|(alarm, time)| {
        let settings = &state.plant.alarms.get(*alarm)?.settings;
        Some(AlarmTick { time: *time, class: settings.class, priority: settings.priority })
    });
    let shown = frame.playhead.lane;
    let lane = state.snapshot.lane(shown);
    let lanes = state.snapshot.lanes.iter().filter(|lane| lane.kind != LaneKind::Baseline);
    let marks = |kind: MarkKind| frame.marks.iter().filter(move |mark| mark.kind == kind);
    let at = |mark: &twin_runtime::Mark| Mark { time: mark.from, text: words(mark) };
    let note = |mark: &twin_runtime::Mark| NoteMark { from: mark.from, to: mark.to, text: words(mark) };
    let mut view = TimelineView {
        playhead: playhead.clone(),
        ticks: ticks.collect(),
        lanes: lanes.map(|lane| LaneView { lane: Some(lane.id), name: lane.name.clone(), kind: lane_kind(state, lane.id) }).collect(),
        compared: frame.playhead.compare,
        fork: lane.and_then(|lane| lane.fork).map(|(_, time)| time),
        live_head: (shown != LaneId::LIVE).then(|| head_of(state, LaneId::LIVE)).flatten(),
        gaps: marks(MarkKind::Gap).map(|mark| Gap { from: mark.from, to: mark.to, reason: mark.text.clone() }).collect(),
        actions: marks(MarkKind::Action).map(at).collect(),
        bookmarks: marks(MarkKind::Bookmark).map(at).collect(),
        notes: marks(MarkKind::Note).map(note).collect(),
        branches: branches(state, frame),
        loop_range: frame.playhead.loop_range,
        selected_name: state.selected.and_then(|thing| state.plant.things.get(thing)).map(|thing| thing.name.clone()).unwrap_or_default(),
        ..TimelineView::default()
    };
    if let Some(lane) = lane {
        view.density = density(lane, state.workspace.timeline.window(&view));
    }
    view
}

/// What somebody wrote, and who.
fn words(mark: &twin_runtime::Mark) -> String {
    match (mark.text.is_empty(), mark.author.is_empty()) {
        (true, _) => mark.author.clone(),
        (false, true) => mark.text.clone(),
        (false, false) => format!("{}: {}", mark.author, mark.text),
    }
}

fn branches(state: &ViewState, frame: &ViewFrame) -> Vec<BranchBar> {
    let bar = |branch: &twin_runtime::BranchView| {
        let lane = state.snapshot.lane(branch.lane).filter(|lane| lane.id != frame.playhead.lane)?;
        Some(BranchBar {
            lane: lane.id,
            name: lane.name.clone(),
            kind: lane_kind(state, lane.id),
            from: lane.fork.map(|(_, time)| time)?,
            to: branch.head,
            horizon: branch.horizon,
            is_compared: frame.playhead.compare == Some(lane.id),
        })
    };
    state.snapshot.branches.iter().filter_map(bar).collect()
}

/// The minutes of a lane, gathered for the window on show; 1 is the fullest of them.
fn density(lane: &Lane, (from, to): (TwinTime, TwinTime)) -> Density {
    let (first, minutes) = &lane.density;
    let span = (to - from).max(MINUTE_SECS);
    let mut sums = vec![(0.0_f64, 0_u32); BUCKETS];
    let skipped = ((from - *first) / MINUTE_SECS).floor().max(0.0) as usize;
    let shown = ((span / MINUTE_SECS).ceil() as usize).saturating_add(2);
    for (index, count) in minutes.iter().enumerate().skip(skipped).take(shown) {
        let begin = (first.plus_secs(index as f64 * MINUTE_SECS) - from) / span * BUCKETS as f64;
        let end = begin + MINUTE_SECS / span * BUCKETS as f64;
        let touched = (begin.max(0.0) as usize)..(end.ceil().max(0.0) as usize).min(BUCKETS);
        for (sum, minutes) in sums.get_mut(touched).unwrap_or_default() {
            *sum += f64::from(*count);
            *minutes += 1;
        }
    }
    let means = sums.iter().map(|(sum, minutes)| sum / f64::from((*minutes).max(1)));
    let most = means.clone().fold(1.0, f64::max);
    Density { from, to, buckets: means.map(|mean| (mean / most) as f32).collect() }
}
