//! The evaluator of one lane: takes what is committed, in order, and says what follows from it.

use crate::alarm::{AlarmEvent, AlarmStatus, Point, PointMemory, Refusal, Results};
use crate::condition::Evidence;
use crate::frozen::EqualRow;
use crate::functions::FunctionState;
use crate::health::{Findings, ThingHealth, of_signal};
use crate::noise::NoiseWindow;
use crate::plan::{Plan, Role};
use crate::reading::Reading;
use crate::residual::{Judged, Trust};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use twin_model::{Batch, Origin, Plant, Sample, SignalKey, TwinTime};

/// What follows from a batch, in the order in which it followed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Samples to commit after the batch: formulas and residuals. They have been evaluated already.
    pub derived: Vec<Sample>,
    /// Entries for the journal.
    pub events: Vec<AlarmEvent>,
}

impl Evaluation {
    /// Empties it for the next batch, keeping its memory.
    pub fn clear(&mut self) {
        self.derived.clear();
        self.events.clear();
    }
}

/// Evaluates one lane. A value: a clone is a fork, [`Evaluator::state`] a save.
///
/// Samples of [`Origin::Late`] are skipped by a running evaluator; the gap they fill is evaluated on a copy made by
/// [`Evaluator::fork_for_gap`]. Samples of signals that the evaluator computes itself are not heard either, so a
/// recording that holds them evaluates the same.
///
/// Alarms hear of time through the samples of their own signals and through ticks. A source that delivers several
/// seconds at once delivers them before the tick that ends them.
#[derive(Clone, Debug)]
pub struct Evaluator {
    plan: Arc<Plan>,
    state: EvaluatorState,
}

/// Everything an evaluator remembers, to be saved and restored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluatorState {
    readings: Vec<Option<Reading>>,
    alarms: Vec<AlarmStatus>,
    points: Vec<PointMemory>,
    /// Points with a running delay, or lately with one.
    running: Vec<usize>,
    shelved: Vec<usize>,
    leaves: Vec<bool>,
    windows: Vec<NoiseWindow>,
    equal_rows: Vec<EqualRow>,
    judged: Vec<Judged>,
    functions: Vec<FunctionState>,
    health: Vec<ThingHealth>,
    lane_start: Option<TwinTime>,
    newest_tick: Option<TwinTime>,
    sequence: u64,
    fills_gap: bool,
}

/// A saved state that belongs to another plant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The saved state belongs to a plant with other signals or alarm points.")]
pub struct RestoreError;

impl Evaluator {
    /// An evaluator that has heard nothing yet.
    pub fn new(plant: Arc<Plant>) -> Self {
        let plan = Arc::new(Plan::new(plant));
        let state = EvaluatorState {
            readings: vec![None; plan.signals.len()],
            alarms: vec![AlarmStatus::new(); plan.points.len()],
            points: vec![PointMemory::default(); plan.points.len()],
            running: Vec::new(),
            shelved: Vec::new(),
            leaves: vec![false; plan.leaves],
            windows: vec![NoiseWindow::default(); plan.windows.len()],
            equal_rows: vec![EqualRow::default(); plan.signals.len()],
            judged: vec![Judged::new(); plan.judged.len()],
            functions: plan.functions.iter().map(|_| FunctionState::default()).collect(),
            health: vec![ThingHealth::default(); plan.things.len()],
            lane_start: None,
            newest_tick: None,
            sequence: 0,
            fills_gap: false,
        };
        let mut evaluator = Self { plan, state };
        for thing in 0..evaluator.state.health.len() {
            evaluator.state.refresh_health(&evaluator.plan, thing, None);
        }
        evaluator
    }

    /// Continues from a saved state.
    ///
    /// # Errors
    /// [`RestoreError`] when the state is one of another plant.
    pub fn restore(plant: Arc<Plant>, state: EvaluatorState) -> Result<Self, RestoreError> {
        let fresh = Self::new(plant);
        let sizes = |state: &EvaluatorState| {
            [
                state.readings.len(),
                state.alarms.len(),
                state.points.len(),
                state.leaves.len(),
                state.windows.len(),
                state.equal_rows.len(),
                state.judged.len(),
                state.functions.len(),
                state.health.len(),
            ]
        };
        let indices_fit = state.running.iter().chain(&state.shelved).all(|point| *point < state.points.len());
        if sizes(&fresh.state) != sizes(&state) || !indices_fit {
            return Err(RestoreError);
        }
        Ok(Self { plan: fresh.plan, state })
    }

    /// The memory of this evaluator, to be saved.
    pub fn state(&self) -> &EvaluatorState {
        &self.state
    }

    /// A copy that hears late samples, for evaluating a gap that was filled: what it finds is marked late and never
    /// annunciated.
    pub fn fork_for_gap(&self) -> Self {
        let mut copy = self.clone();
        copy.state.fills_gap = true;
        copy
    }

    /// The plant it evaluates.
    pub fn plant(&self) -> &Arc<Plant> {
        &self.plan.plant
    }

    /// Takes what was committed, in commit order; appends what follows to `out`.
    pub fn commit(&mut self, batch: &Batch, out: &mut Evaluation) {
        let Self { plan, state } = self;
        for sample in &batch.samples {
            if sample.origin == Origin::Late && !state.fills_gap {
                continue;
            }
            state.hear(plan, sample, out);
        }
        if let Some(tick) = batch.tick {
            state.tick(plan, tick, out);
        }
    }

    /// The newest reading of each signal, by key.
    pub fn readings(&self) -> &[Option<Reading>] {
        &self.state.readings
    }

    /// The newest reading of a signal.
    pub fn reading(&self, key: SignalKey) -> Option<&Reading> {
        self.state.readings.get(key.index())?.as_ref()
    }

    /// Where each alarm point stands, in the order of [`Plant::alarms`].
    pub fn alarms(&self) -> &[AlarmStatus] {
        &self.state.alarms
    }

    /// How each thing fares, in the order of [`Plant::things`].
    pub fn health(&self) -> &[ThingHealth] {
        &self.state.health
    }

    /// How far the model agrees with the plant.
    pub fn trust(&self) -> Trust {
        let mut trust = Trust::default();
        self.plan.judged.iter().zip(&self.state.judged).for_each(|(plan, judged)| judged.count(plan, &mut trust));
        trust
    }

    /// Marks an alarm as seen, at the plant time `at`.
    ///
    /// # Errors
    /// [`Refusal`], a sentence for the person who asked.
    pub fn acknowledge(&mut self, alarm: usize, at: TwinTime, out: &mut Evaluation) -> Result<(), Refusal> {
        self.state.point(&self.plan, alarm, out).ok_or(Refusal::UnknownAlarm)?.acknowledge(at)
    }

    /// Puts an alarm aside from the plant time `at` until `until`, at most [`MAX_SHELVE_SECS`](crate::MAX_SHELVE_SECS).
    /// It is evaluated and journaled meanwhile and comes back by itself.
    ///
    /// # Errors
    /// [`Refusal`], a sentence for the person who asked.
    pub fn shelve(&mut self, alarm: usize, until: TwinTime, at: TwinTime, out: &mut Evaluation) -> Result<(), Refusal> {
        self.state.point(&self.plan, alarm, out).ok_or(Refusal::UnknownAlarm)?.shelve(until, at)?;
        if !self.state.shelved.contains(&alarm) {
            self.state.shelved.push(alarm);
        }
        Ok(())
    }

    /// Takes an alarm back from the shelf, at the plant time `at`; if active it is annunciated.
    ///
    /// # Errors
    /// [`Refusal`], a sentence for the person who asked.
    pub fn unshelve(&mut self, alarm: usize, at: TwinTime, out: &mut Evaluation) -> Result<(), Refusal> {
        self.state.point(&self.plan, alarm, out).ok_or(Refusal::UnknownAlarm)?.unshelve(at)?;
        self.state.shelved.retain(|shelved| *shelved != alarm);
        Ok(())
    }
}

impl EvaluatorState {
    /// A sample from outside, or one derived here.
    fn hear(&mut self, plan: &Plan, sample: &Sample, out: &mut Evaluation) {
        match plan.signals.get(sample.signal.index()) {
            Some(signal) if !signal.is_own => self.take(plan, sample, out),
            _ => {}
        }
    }

    fn take(&mut self, plan: &Plan, sample: &Sample, out: &mut Evaluation) {
        let Some(signal) = plan.signals.get(sample.signal.index()) else { return };
        let time = sample.source_time;
        self.lane_start.get_or_insert(time);
        // Delays that ended before this sample end with the values of their time.
        for point in &signal.points {
            self.catch_up(plan, *point, time, out);
        }
        let reading = Reading::from(sample);
        let before = self.readings[sample.signal.index()].replace(reading);
        for window in &signal.windows {
            // A simulator has no instrument that could scatter, or freeze.
            match reading.usable().filter(|_| reading.origin != Origin::Simulated) {
                Some(value) => self.windows[*window].push(time, value, plan.windows[*window].secs),
                None => self.windows[*window].clear(),
            }
        }
        match signal.role {
            Role::Plain => {}
            Role::Measured(judged) => self.judged[judged].measured(&reading),
            Role::Modelled(judged) => self.compare(plan, judged, &reading, out),
        }
        for point in &signal.points {
            self.judge(plan, *point, time, out);
        }
        // A simulator has no sensor that could freeze, and a reading that is stale has another fault.
        let is_sensor = signal.scatters_between.filter(|_| reading.origin != Origin::Simulated);
        let row = &mut self.equal_rows[sample.signal.index()];
        let froze = is_sensor.is_some_and(|between| row.hear(time, reading.usable(), between));
        let is_other_quality = before.is_none_or(|before| before.quality != reading.quality);
        if froze || (is_other_quality && of_signal(before.as_ref()) != of_signal(Some(&reading))) {
            for thing in &signal.things {
                self.refresh_health(plan, *thing, Some(time));
            }
        }
    }

    fn derive(&mut self, plan: &Plan, sample: Sample, out: &mut Evaluation) {
        out.derived.push(sample);
        self.take(plan, &sample, out);
    }

    fn compare(&mut self, plan: &Plan, judged: usize, model: &Reading, out: &mut Evaluation) {
        let pair = &plan.judged[judged];
        let compared = self.judged[judged].modelled(pair, model);
        if let Some(residual) = compared.residual {
            self.derive(plan, residual, out);
        }
        if compared.is_news {
            self.refresh_health(plan, pair.thing, Some(model.source_time));
        }
    }

    /// A second of the plant clock has passed.
    fn tick(&mut self, plan: &Plan, tick: TwinTime, out: &mut Evaluation) {
        // A clock that was set back says nothing until it is past its own mark again.
        if self.newest_tick.is_some_and(|newest| tick <= newest) {
            return;
        }
        self.newest_tick = Some(tick);
        self.lane_start.get_or_insert(tick);
        self.compute(plan, tick, out);
        self.end_shelving(plan, tick, out);
        self.end_delays(plan, tick, out);
    }

    fn compute(&mut self, plan: &Plan, tick: TwinTime, out: &mut Evaluation) {
        for (index, function) in plan.functions.iter().enumerate() {
            let before = self.readings[function.signal.index()].map(|reading| reading.quality);
            let outcome = self.functions[index].compute(function.function.as_ref(), &self.readings, tick);
            // What cannot be computed is said once, not every second.
            if outcome.value.is_none() && before == Some(outcome.quality) {
                continue;
            }
            let sample = Sample {
                signal: function.signal,
                value: outcome.value,
                quality: outcome.quality,
                source_time: tick,
                receive_time: outcome.receive_time.unwrap_or(tick),
                origin: Origin::Derived,
            };
            self.derive(plan, sample, out);
        }
    }

    fn end_shelving(&mut self, plan: &Plan, tick: TwinTime, out: &mut Evaluation) {
        let mut index = 0;
        while let Some(alarm) = self.shelved.get(index).copied() {
            let until = self.alarms.get(alarm).and_then(|status| status.shelved_until);
            if until.is_some_and(|until| until > tick) {
                index += 1;
                continue;
            }
            self.shelved.remove(index);
            if let (Some(until), Some(mut point)) = (until, self.point(plan, alarm, out)) {
                // Refused only when it is not shelved, and it is.
                let _ = point.unshelve(until);
            }
        }
    }

    fn end_delays(&mut self, plan: &Plan, tick: TwinTime, out: &mut Evaluation) {
        let points = &self.points;
        self.running.retain(|point| points[*point].due().is_some());
        let ended = |point: &usize| points[*point].due().filter(|due| *due <= tick).map(|due| (due, *point));
        // The delay that ended first comes first, then document order.
        let mut ended: Vec<(TwinTime, usize)> = self.running.iter().filter_map(ended).collect();
        ended.sort_unstable();
        for (_, index) in ended {
            let before = self.alarms[index];
            if let Some(mut point) = self.point(plan, index, out) {
                point.end_delay();
            }
            self.note_change(plan, index, before);
        }
    }

    fn catch_up(&mut self, plan: &Plan, index: usize, time: TwinTime, out: &mut Evaluation) {
        if self.points[index].due().is_none_or(|due| due >= time) {
            return;
        }
        let before = self.alarms[index];
        if let Some(mut point) = self.point(plan, index, out) {
            point.end_delays_before(time);
        }
        self.note_change(plan, index, before);
    }

    /// Asks the conditions of a point anew.
    fn judge(&mut self, plan: &Plan, index: usize, time: TwinTime, out: &mut Evaluation) {
        let planned = &plan.points[index];
        let mut evidence = Evidence { readings: &self.readings, windows: &self.windows, leaves: &mut self.leaves };
        let results = Results {
            condition: planned.condition.result(&mut evidence),
            suppression: planned.suppression.result(&mut evidence),
            lane_start: self.lane_start.unwrap_or(time),
        };
        let before = self.alarms[index];
        let was_running = self.points[index].due().is_some();
        if let Some(mut point) = self.point(plan, index, out) {
            point.judge(&results, time);
        }
        if !was_running && self.points[index].due().is_some() && !self.running.contains(&index) {
            self.running.push(index);
        }
        self.note_change(plan, index, before);
    }

    fn note_change(&mut self, plan: &Plan, point: usize, before: AlarmStatus) {
        let now = &self.alarms[point];
        if now.active != before.active || (now.active && now.suppressed != before.suppressed) {
            let time = now.since.max(self.points[point].time());
            self.refresh_health(plan, plan.points[point].thing, time);
        }
    }

    fn refresh_health(&mut self, plan: &Plan, thing: usize, time: Option<TwinTime>) {
        let mut next = Some(thing);
        // Up the tree while parents show their children; bounded, should a document make a circle of parents.
        for _ in 0..=plan.things.len() {
            let Some(thing) = next else { return };
            let findings = Findings {
                readings: &self.readings,
                alarms: &self.alarms,
                judged: &self.judged,
                equal_rows: &self.equal_rows,
                health: &self.health,
            };
            let (state, reason) = findings.judge(plan, thing);
            let Some(health) = self.health.get_mut(thing) else { return };
            if health.state == state && health.reason == reason {
                return;
            }
            if health.state != state {
                health.since = time;
            }
            health.state = state;
            health.reason = reason;
            next = plan
                .plant
                .things
                .get(thing)
                .and_then(|thing| thing.parent)
                .filter(|parent| plan.things.get(*parent).is_some_and(|p| p.is_group));
        }
    }

    fn point<'a>(&'a mut self, plan: &Plan, index: usize, out: &'a mut Evaluation) -> Option<Point<'a>> {
        let planned = plan.points.get(index)?;
        let value = planned.primary.and_then(|key| self.readings.get(key.index())?.as_ref()?.value);
        Some(Point {
            rules: planned.rules,
            status: self.alarms.get_mut(index)?,
            memory: self.points.get_mut(index)?,
            events: &mut out.events,
            sequence: &mut self.sequence,
            late: self.fills_gap,
            alarm: index,
            value,
        })
    }
}
