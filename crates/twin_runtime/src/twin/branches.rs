//! What branch workers have computed, taken into their lanes.

use super::{COMPARE_EVERY_SECS, Twin};
use crate::branch::BranchEvent;
use crate::compare::compare;
use twin_model::{Batch, LaneId};

impl Twin {
    /// Takes what branch workers have computed, until there is no more or it is enough. The branch that has come least far
    /// goes first: evaluation costs more than simulation, so whoever went first by number would leave the others nothing.
    pub fn drain_branches(&mut self, mut is_enough: impl FnMut() -> bool) {
        while !is_enough() {
            let waiting = self.branches.iter().filter(|(_, state)| !state.link.events.is_empty()).map(|(id, _)| *id);
            let Some(next) = waiting.min_by(|a, b| self.ahead_secs(*a).total_cmp(&self.ahead_secs(*b))) else { break };
            self.take_event(next);
        }
        let ids: Vec<LaneId> = self.branches.keys().copied().collect();
        ids.into_iter().for_each(|id| self.refresh_comparison(id));
    }

    /// How far a branch has come from its fork, s.
    fn ahead_secs(&self, id: LaneId) -> f64 {
        let lane = self.lanes.get(&id);
        lane.and_then(|lane| Some(lane.head()? - lane.fork?.time)).unwrap_or(0.0)
    }

    fn take_event(&mut self, id: LaneId) {
        let Some(state) = self.branches.get_mut(&id) else { return };
        let Ok(event) = state.link.events.try_recv() else { return };
        let baseline = state.baseline;
        match event {
            BranchEvent::Branch(batch) => self.commit_branch(id, &batch),
            BranchEvent::Baseline(batch) => self.commit_branch(baseline, &batch),
            BranchEvent::Note(note) => state.notes.push(note),
            BranchEvent::Reached { speed } => {
                state.speed = Some(speed);
                state.compared_to = None;
            }
        }
    }

    /// A branch batch holds many seconds; each is committed by itself so that delays run second by second.
    fn commit_branch(&mut self, id: LaneId, batch: &Batch) {
        let Some(lane) = self.lanes.get_mut(&id) else { return };
        for second in batch.samples.chunk_by(|a, b| a.source_time == b.source_time) {
            let tick = second.first().map(|sample| sample.source_time);
            lane.commit(&Batch { samples: second.to_vec(), tick, ack: None });
        }
    }

    fn refresh_comparison(&mut self, id: LaneId) {
        let Some(state) = self.branches.get_mut(&id) else { return };
        let (Some(branch), Some(baseline)) = (self.lanes.get(&id), self.lanes.get(&state.baseline)) else { return };
        let Some(head) = branch.head() else { return };
        let is_due = state.compared_to.is_none_or(|last| head - last >= COMPARE_EVERY_SECS);
        if is_due {
            state.comparison = compare(&self.plant, baseline, branch, state.fork_time, &state.standing);
            state.compared_to = Some(head);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use crossbeam_channel::bounded;
    use twin_model::{ManualClock, Origin, Quality, Sample, SignalKey, TwinTime};

    use super::super::BranchState;
    use super::*;
    use crate::branch::BranchLink;
    use crate::compare::Comparison;
    use crate::lane::{Fork, LaneKind};

    const FORK: TwinTime = TwinTime(1_769_846_400_000_000_000);

    /// A second of a branch.
    fn second(number: u32) -> BranchEvent {
        let time = FORK.plus_secs(f64::from(number + 1));
        let sample = Sample {
            signal: SignalKey(0),
            value: Some(1.0),
            quality: Quality::GOOD,
            source_time: time,
            receive_time: time,
            origin: Origin::Live,
        };
        BranchEvent::Branch(Batch { samples: vec![sample], tick: Some(time), ack: None })
    }

    /// Adds a branch whose worker has computed so many seconds.
    fn add_branch(twin: &mut Twin, seconds: u32) -> LaneId {
        let fork = Fork { parent: LaneId::LIVE, time: FORK, sequence: 0 };
        let nothing = Batch { samples: Vec::new(), tick: None, ack: None };
        let baseline = twin.open_branch(fork, LaneKind::Baseline, "as it is", &nothing);
        let branch = twin.open_branch(fork, LaneKind::Branch, "what if", &nothing);
        let (event_tx, events) = bounded(seconds as usize);
        (0..seconds).for_each(|number| event_tx.send(second(number)).unwrap());
        let state = BranchState {
            link: BranchLink { events, commands: bounded(1).0 },
            baseline,
            fork_time: FORK,
            horizon: FORK.plus_secs(f64::from(seconds)),
            speed: None,
            overrides: Vec::new(),
            notes: Vec::new(),
            condition: Vec::new(),
            mismatch: Vec::new(),
            standing: vec![false; twin.plant.alarms.len()],
            comparison: Comparison::default(),
            compared_to: None,
        };
        twin.branches.insert(branch, state);
        branch
    }

    #[test]
    fn branches_come_forward_alike_when_there_is_time_for_only_one_event() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/unit100/plant.twin.json");
        let plant = twin_model::document::load(&path).0.plant();
        let mut twin = Twin::new(Arc::new(plant), Arc::new(ManualClock::new(FORK)));
        let branches = [12, 30, 30].map(|seconds| add_branch(&mut twin, seconds));
        let mut secs_after = |events: u32| {
            for _ in 0..events {
                let mut calls = 0;
                twin.drain_branches(|| {
                    calls += 1;
                    calls > 1
                });
            }
            branches.map(|id| twin.ahead_secs(id))
        };
        assert_eq!(secs_after(30), [10.0; 3]);
        assert_eq!(secs_after(2 + 2 * 20), [12.0, 30.0, 30.0], "one that has nothing waiting holds nobody up");
        assert_eq!(secs_after(5), [12.0, 30.0, 30.0]);
    }
}
