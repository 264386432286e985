//! One step of a plant.

use super::plant::Plant;
use super::state::State;

/// The flows did not settle within the iterations allowed; those of the last iteration stand.
pub const FLOWS_UNSETTLED: u32 = 1;
/// A flow was asked of a part that nothing feeds; it was not delivered.
pub const FLOW_INFEASIBLE: u32 = 2;

/// Most events met within one step; what happens after them counts at its end.
const MOST_EVENTS: usize = 8;

/// Who moves the plant in a step.
#[derive(Clone, Copy, Debug)]
pub enum Drive<'a> {
    /// Its controllers. They see the readings, by the numbers of their tags, and the model's own value where a reading is
    /// not a number or the list is shorter: a lying transmitter misleads them.
    Controlled(&'a [f64]),
    /// Whoever moves the real plant: positions, states and speeds are taken over from the readings.
    Following(&'a [f64]),
}

impl Drive<'_> {
    /// Controllers that see true values.
    pub const TRUE_VALUES: Drive<'static> = Drive::Controlled(&[]);

    fn readings(&self) -> &[f64] {
        match self {
            Self::Controlled(readings) | Self::Following(readings) => readings,
        }
    }
}

impl Plant {
    /// Advances by one step under its own controllers.
    pub fn step(&self, state: &mut State) {
        self.advance(state, Drive::TRUE_VALUES);
    }

    /// Advances by one step. An event inside it cuts it in two, so that what the event changes is in force from there.
    pub fn advance(&self, state: &mut State, drive: Drive) {
        let mut from_secs = 0.0;
        let mut trouble = 0;
        self.see(&mut state.points, drive.readings());
        for _ in 0..MOST_EVENTS {
            let left_secs = self.step_secs - from_secs;
            match self.to_next_event(state, drive, from_secs, left_secs) {
                Some(passed_secs) => {
                    from_secs += passed_secs;
                    trouble |= state.trouble;
                }
                None => {
                    from_secs = self.step_secs;
                    break;
                }
            }
        }
        if from_secs < self.step_secs {
            trouble |= state.trouble;
            self.part(state, drive, from_secs, self.step_secs - from_secs);
        }
        state.trouble |= trouble;
        state.steps += 1;
    }

    /// Advances to the end of the step, or to just after its first event; answers how far in the latter case.
    fn to_next_event(&self, state: &mut State, drive: Drive, from_secs: f64, left_secs: f64) -> Option<f64> {
        let is_watched = self.event_secs > 0.0 && left_secs > self.event_secs && self.look(state);
        if !is_watched {
            self.part(state, drive, from_secs, left_secs);
            return None;
        }
        std::mem::swap(&mut state.notes.events.before, &mut state.notes.events.now);
        state.remember();
        self.part(state, drive, from_secs, left_secs);
        if !self.has_changed(state) {
            return None;
        }
        // The first change of sign lies in (quiet, changed]; halve that until it is short.
        let (mut quiet_secs, mut changed_secs) = (0.0, left_secs);
        while changed_secs - quiet_secs > self.event_secs {
            let middle_secs = 0.5 * (quiet_secs + changed_secs);
            state.go_back();
            self.part(state, drive, from_secs, middle_secs);
            if self.has_changed(state) {
                changed_secs = middle_secs;
            } else {
                quiet_secs = middle_secs;
            }
        }
        state.go_back();
        self.part(state, drive, from_secs, changed_secs);
        (changed_secs < left_secs).then_some(changed_secs)
    }

    fn has_changed(&self, state: &mut State) -> bool {
        self.look(state);
        state.notes.events.now != state.notes.events.before
    }

    /// Notes on which side of their events the components are; answers whether there is anything to watch.
    fn look(&self, state: &mut State) -> bool {
        let mut values = std::mem::take(&mut state.notes.events.values);
        values.clear();
        self.with_bench(state, &[], |bench, _| {
            for component in &self.components {
                component.watch(bench, &mut values);
            }
        });
        let events = &mut state.notes.events;
        events.now.clear();
        events.now.extend(values.iter().map(|value| *value > 0.0));
        events.values = values;
        !events.now.is_empty()
    }

    /// Advances by a part of a step.
    fn part(&self, state: &mut State, drive: Drive, from_secs: f64, dt_secs: f64) {
        let trouble = self.with_bench(state, drive.readings(), |bench, (circuit, route)| {
            bench.time_secs += from_secs;
            bench.dt_secs = dt_secs;
            for &index in &self.order {
                match drive {
                    Drive::Controlled(_) => self.components[index].act(bench),
                    Drive::Following(_) => self.components[index].follow(bench),
                }
            }
            let outcome = self.circuit.solve(&self.components, bench, circuit);
            self.circuit.carry(&self.components, bench, route);
            self.circuit.store(&self.components, bench);
            for &index in &self.order {
                self.components[index].report(bench);
            }
            for &index in &self.shown {
                self.components[index].show(bench);
            }
            let settled = if outcome.settled { 0 } else { FLOWS_UNSETTLED };
            settled | if outcome.delivered { 0 } else { FLOW_INFEASIBLE }
        });
        state.trouble = trouble;
        self.write_tags(&mut state.points);
    }
}
