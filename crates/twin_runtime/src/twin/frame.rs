//! From lanes to a snapshot.

use super::{Twin, ViewState};
use crate::lane::{Lane, LaneKind};
use crate::playhead::PlayheadMode;
use crate::snapshot::{BranchView, LaneView, LiveView, RecordingView, Snapshot, TrendColumn, ViewFrame};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use twin_historian::RecorderStats;
use twin_insight::{AlarmState, AlarmStatus, Reading};
use twin_model::{LaneId, SignalKey, SourceState, TwinTime, ViewId};

/// Journal entries a snapshot carries.
const JOURNAL_SHOWN: usize = 64;
/// Alarm events a frame carries for its timeline.
const EVENTS_SHOWN: usize = 500;

impl Twin {
    /// Everything on show now. `tick_ms` is what the last core tick took.
    pub fn snapshot(&self, tick: u64, tick_ms: f64) -> Snapshot {
        Snapshot {
            tick,
            lanes: self.lanes.values().map(lane_view).collect(),
            live: self.live_view(tick_ms),
            branches: self.branches.iter().filter_map(|(id, state)| self.branch_view(*id, state)).collect(),
            story: self.story.clone(),
            journal: self.journal.iter().rev().take(JOURNAL_SHOWN).rev().cloned().collect(),
            frames: self.views.iter().map(|(id, view)| Arc::new(self.frame(*id, view))).collect(),
        }
    }

    fn live_view(&self, tick_ms: f64) -> LiveView {
        let mut alarms: Vec<(LaneId, usize, AlarmStatus)> = self
            .lanes
            .values()
            .filter(|lane| matches!(lane.kind, LaneKind::Live | LaneKind::Exercise) && lane.state != SourceState::Ended)
            .flat_map(|lane| {
                let listed = |status: &&AlarmStatus| {
                    matches!(status.state(), AlarmState::Unacknowledged | AlarmState::Acknowledged | AlarmState::ReturnedUnacknowledged)
                };
                lane.evaluator()
                    .alarms()
                    .iter()
                    .enumerate()
                    .filter(move |(_, s)| listed(s))
                    .map(|(index, status)| (lane.id, index, *status))
            })
            .collect();
        alarms.sort_by_key(|(_, _, status)| std::cmp::Reverse(status.since));
        LiveView {
            alarms,
            horn: self.horn,
            samples_per_sec: self.rate.samples_per_sec,
            latency_p50_ms: self.rate.p50_ms,
            latency_p95_ms: self.rate.p95_ms,
            tick_ms,
            model: self.rate.model,
        }
    }

    fn branch_view(&self, id: LaneId, state: &super::BranchState) -> Option<BranchView> {
        let head = self.lanes.get(&id)?.head().unwrap_or(state.fork_time);
        Some(BranchView {
            lane: id,
            baseline: state.baseline,
            head,
            horizon: state.horizon,
            speed: state.speed,
            overrides: state.overrides.clone(),
            notes: state.notes.clone(),
            condition: state.condition.clone(),
            mismatch: state.mismatch.clone(),
            comparison: state.comparison.clone(),
            readings: self.readings_at(id, head),
        })
    }

    fn frame(&self, view: ViewId, state: &ViewState) -> ViewFrame {
        let playhead = state.playhead;
        let Some(lane) = self.lanes.get(&playhead.lane) else {
            return ViewFrame {
                view,
                playhead,
                readings: vec![None; self.plant.signals.len()],
                health: Vec::new(),
                alarms: Vec::new(),
                events: Vec::new(),
                marks: Arc::default(),
                is_reading: false,
                trust: twin_insight::Trust::default(),
                columns: Vec::new(),
            };
        };
        let at_head = playhead.mode == PlayheadMode::Following;
        let before_fork = lane.fork.filter(|fork| playhead.time < fork.time).and_then(|fork| self.lanes.get(&fork.parent));
        let told_by = before_fork.unwrap_or(lane);
        ViewFrame {
            view,
            playhead,
            readings: if at_head && lane.fork.is_none() {
                lane.evaluator().readings().to_vec()
            } else {
                self.readings_at(playhead.lane, playhead.time)
            },
            health: if at_head { lane.evaluator().health().to_vec() } else { told_by.health.at(playhead.time) },
            alarms: if at_head { lane.evaluator().alarms().to_vec() } else { told_by.alarms.at(playhead.time) },
            events: told_by.alarms.shown(EVENTS_SHOWN),
            marks: lane.marks.all(),
            is_reading: lane.needs_page(playhead.time),
            trust: lane.evaluator().trust(),
            columns: self.columns(lane, playhead.time, playhead.compare, &state.watched),
        }
    }

    fn readings_at(&self, lane: LaneId, time: TwinTime) -> Vec<Option<Reading>> {
        self.plant.signals.iter().map(|(key, _)| self.latest_at(lane, key, time).map(|stored| Reading::from(&stored.sample))).collect()
    }

    fn columns(&self, lane: &Lane, time: TwinTime, compare: Option<LaneId>, watched: &[SignalKey]) -> Vec<TrendColumn> {
        let mut shown: Vec<(&Lane, Option<TwinTime>)> = vec![(lane, None)];
        let mut child = lane;
        while let Some((fork, parent)) = child.fork.and_then(|fork| Some((fork, self.lanes.get(&fork.parent)?))) {
            shown.push((parent, Some(fork.time)));
            child = parent;
        }
        if let Some(other) = compare.and_then(|id| self.lanes.get(&id)) {
            shown.push((other, None));
        }
        shown
            .iter()
            .flat_map(|(lane, until)| {
                watched.iter().filter_map(|signal| {
                    let column = lane.store_at(time).column(*signal)?;
                    Some(TrendColumn { lane: lane.id, signal: *signal, column: column.clone(), until: *until })
                })
            })
            .collect()
    }
}

fn lane_view(lane: &Lane) -> LaneView {
    LaneView {
        id: lane.id,
        kind: lane.kind,
        name: lane.name.clone(),
        fork: lane.fork.map(|fork| (fork.parent, fork.time)),
        extent: lane.start().zip(lane.head()),
        state: lane.state.clone(),
        clock: lane.clock,
        stats: lane.stats,
        density: lane.density.minutes(),
        recording: lane.recorder().map(|recorder| recording_view(recorder.recorder().stats())),
        problems: lane.problems.clone(),
    }
}

fn recording_view(stats: &RecorderStats) -> RecordingView {
    let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let is_failing = stats.is_failing.load(Ordering::Relaxed);
    RecordingView {
        received: read(&stats.received),
        durable: read(&stats.durable),
        queued: stats.queued(),
        lost: read(&stats.lost),
        refusal: if is_failing { stats.reason() } else { String::new() },
    }
}
