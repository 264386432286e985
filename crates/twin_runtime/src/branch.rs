//! A what-if that runs ahead on a worker thread, beside the same run without overrides.

use crate::condition_estimate::{ConditionEstimate, clogged_fraction};
use crate::shadow::{InputSlot, Replay, simulated};
use crate::turns::Turns;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::sync::Arc;
use twin_model::{Batch, Override, Quality, SignalKey, TwinTime};
use twin_sim::command::{Mode, Refusal};
use twin_sim::flowsheet::{Model, Request};

/// Seconds both pumps run together when the duty changes.
const OVERLAP_SECS: f64 = 60.0;
/// Steps between two looks at the commands.
const SLICE_STEPS: usize = 240;
/// Slices a worker may be ahead of the core.
const EVENTS_WAITING: usize = 16;
/// Growth is applied once in this plant time, s.
const GROWTH_SECS: f64 = 10.0;
/// Plant time between two samples of a branch, s.
const SAMPLE_SECS: f64 = 1.0;

/// What the core asks of a running branch.
#[derive(Debug)]
pub enum BranchCommand {
    /// Set these at the head of the branch. `recorded` holds the parent's controllers there, for a bumpless take-over.
    Override {
        /// Knobs.
        overrides: Vec<Override>,
        /// Recorded values of all tags, by their numbers in the model; not a number where there is none.
        recorded: Vec<f64>,
    },
    /// Run so many plant seconds further.
    RunAhead(f64),
}

/// What a worker tells the core.
#[derive(Debug)]
pub enum BranchEvent {
    /// Samples of the branch.
    Branch(Batch),
    /// Samples of the run without overrides.
    Baseline(Batch),
    /// Something a person should know: a loop put into MAN, an override the model refuses.
    Note(String),
    /// The horizon is reached; steps done and seconds they took.
    Reached {
        /// Plant seconds per wall second since the last report.
        speed: f64,
    },
}

/// Everything a worker starts from.
#[derive(Clone, Debug)]
pub struct BranchPlan {
    /// Recorded inputs, run up to the fork already.
    pub replay: Replay,
    /// Recorded values of all tags at the fork.
    pub recorded: Vec<f64>,
    /// Recorded values of all tags at the end of the record, where a run without overrides takes over.
    pub recorded_at_end: Vec<f64>,
    /// Condition of the equipment at the fork.
    pub condition: Vec<ConditionEstimate>,
    /// First overrides.
    pub overrides: Vec<Override>,
    /// Plant seconds to run ahead.
    pub horizon_secs: f64,
    /// Number in the model and signal of everything a branch writes.
    pub outputs: Arc<[(usize, SignalKey)]>,
}

/// The way to a running branch. Dropping it ends the worker.
#[derive(Debug)]
pub struct BranchLink {
    /// Samples and notes.
    pub events: Receiver<BranchEvent>,
    /// Commands.
    pub commands: Sender<BranchCommand>,
}

/// Starts a worker that computes when it has a turn.
///
/// # Errors
/// When the system has no thread left.
pub fn spawn(plan: BranchPlan, turns: Turns) -> std::io::Result<BranchLink> {
    let (event_tx, events) = bounded(EVENTS_WAITING);
    let (commands, command_rx) = bounded(16);
    std::thread::Builder::new().name("branch".to_owned()).spawn(move || work(plan, &turns, &event_tx, &command_rx))?;
    Ok(BranchLink { events, commands })
}

fn work(plan: BranchPlan, turns: &Turns, events: &Sender<BranchEvent>, commands: &Receiver<BranchCommand>) {
    let mut horizon = plan.replay.stepper.time.plus_secs(plan.horizon_secs);
    let mut baseline = BranchRun::new(&plan);
    let mut branch = BranchRun::new(&plan);
    let mut notes = branch.set_overrides(&plan.overrides, &plan.recorded);
    if !tell(&mut notes, events) {
        return;
    }
    loop {
        let started = std::time::Instant::now();
        let from = branch.time();
        while branch.time() < horizon {
            let turn = turns.take();
            let batches = (baseline.run(horizon, SLICE_STEPS), branch.run(horizon, SLICE_STEPS));
            // Who waits for the core must not keep others from computing.
            drop(turn);
            // A closed channel means the lane was discarded.
            let sent = events.send(BranchEvent::Baseline(batches.0)).and_then(|()| events.send(BranchEvent::Branch(batches.1)));
            if sent.is_err() {
                return;
            }
            while let Ok(command) = commands.try_recv() {
                obey(command, &mut branch, &mut horizon, &mut notes);
            }
            if !tell(&mut notes, events) {
                return;
            }
        }
        let speed = (branch.time() - from) / started.elapsed().as_secs_f64().max(1e-6);
        if events.send(BranchEvent::Reached { speed }).is_err() {
            return;
        }
        match commands.recv() {
            Ok(command) => obey(command, &mut branch, &mut horizon, &mut notes),
            Err(_) => return,
        }
        if !tell(&mut notes, events) {
            return;
        }
    }
}

/// Tells all notes; false when the lane was discarded.
fn tell(notes: &mut Vec<String>, events: &Sender<BranchEvent>) -> bool {
    notes.drain(..).all(|note| events.send(BranchEvent::Note(note)).is_ok())
}

fn obey(command: BranchCommand, branch: &mut BranchRun, horizon: &mut TwinTime, notes: &mut Vec<String>) {
    match command {
        BranchCommand::Override { overrides, recorded } => notes.extend(branch.set_overrides(&overrides, &recorded)),
        BranchCommand::RunAhead(secs) => *horizon = branch.time().plus_secs(secs),
    }
}

/// One run of the model from a fork on. A function of its plan and its overrides.
#[derive(Clone, Debug)]
pub struct BranchRun {
    replay: Replay,
    recorded_at_end: Vec<f64>,
    condition: Vec<ConditionEstimate>,
    outputs: Arc<[(usize, SignalKey)]>,
    /// The model's own controllers act: from the first override on, and past the head of the record.
    controlled: bool,
    held_boundary: Vec<InputSlot>,
    stop_later: Vec<(TwinTime, String)>,
}

impl BranchRun {
    /// A run that stands at the fork.
    pub fn new(plan: &BranchPlan) -> Self {
        Self {
            replay: plan.replay.clone(),
            recorded_at_end: plan.recorded_at_end.clone(),
            condition: plan.condition.clone(),
            outputs: Arc::clone(&plan.outputs),
            controlled: false,
            held_boundary: Vec::new(),
            stop_later: Vec::new(),
        }
    }

    /// Instant of the state.
    pub fn time(&self) -> TwinTime {
        self.replay.stepper.time
    }

    /// The model as it stands.
    pub fn model(&self) -> &Model {
        &self.replay.stepper.model
    }

    /// Whole steps towards `horizon`, at most `max_steps`; all tags once per second of plant time.
    pub fn run(&mut self, horizon: TwinTime, max_steps: usize) -> Batch {
        let mut batch = Batch::default();
        for _ in 0..max_steps {
            if self.time() >= horizon {
                break;
            }
            self.step();
            if self.replay.stepper.ends(SAMPLE_SECS) {
                self.emit(&mut batch);
            }
        }
        batch
    }

    fn step(&mut self) {
        if !self.controlled && !self.replay.has_more() {
            let recorded = self.recorded_at_end.clone();
            self.take_over(&recorded);
        }
        if self.controlled {
            let held = &self.held_boundary;
            self.replay.apply_recorded(|slot| matches!(slot, InputSlot::Boundary(_)) && !held.contains(&slot));
            self.stop_due_drives();
            self.grow();
            self.replay.stepper.step_controlled();
        } else {
            self.replay.apply_recorded(|_| true);
            self.replay.stepper.step_imposed();
        }
    }

    fn emit(&self, batch: &mut Batch) {
        let stepper = &self.replay.stepper;
        for (tag, key) in self.outputs.iter() {
            let value = stepper.model.tag_value(*tag);
            let is_of_a_loop = stepper.model.plant().tags().get(*tag).is_some_and(|tag| tag.contains('.'));
            // Until the model's own controllers act, theirs are the recorded set points, outputs and modes.
            if value.is_finite() && (self.controlled || !is_of_a_loop) {
                batch.samples.push(simulated(*key, value, Quality::GOOD, stepper.time));
            }
        }
        batch.tick = Some(stepper.time);
    }

    /// Hands the valves and speeds to the model's own controllers without a bump, and the equipment its estimated condition.
    fn take_over(&mut self, recorded: &[f64]) {
        if self.controlled {
            return;
        }
        self.controlled = true;
        let model = &mut self.replay.stepper.model;
        model.adopt(recorded);
        for estimate in &self.condition {
            // An estimate for a parameter this model does not have changes nothing.
            let _ = model.set(&estimate.parameter, estimate.value);
        }
    }

    fn grow(&mut self) {
        if !self.replay.stepper.ends(GROWTH_SECS) {
            return;
        }
        let hours = GROWTH_SECS / 3600.0;
        let model = &mut self.replay.stepper.model;
        for estimate in self.condition.iter().filter(|e| e.growth_per_hour > 0.0) {
            let running = model.value(&format!("SI-101{}", estimate.drive.chars().last().unwrap_or('A'))).unwrap_or(0.0) / 2900.0 / 0.938;
            let Some(now) = model.setting(&estimate.parameter) else { continue };
            let next = if estimate.parameter.ends_with("clogged_fraction") {
                let factor = 1.0 / ((1.0 - now) * (1.0 - now));
                let flowing = if running > 0.3 { 1.0 } else { 0.0 };
                clogged_fraction(factor * (1.0 + estimate.growth_per_hour * hours * flowing))
            } else {
                now * (1.0 + estimate.growth_per_hour * hours * running * running * running)
            };
            let _ = model.set(&estimate.parameter, next);
        }
    }

    fn stop_due_drives(&mut self) {
        let now = self.time();
        let model = &mut self.replay.stepper.model;
        self.stop_later.retain(|(due, drive)| {
            if *due > now {
                return true;
            }
            // A drive that cannot be stopped any more has stopped already.
            let _ = model.request(drive, Request::Stop);
            false
        });
    }

    /// Sets overrides at the head of this run; returns what a person should know.
    pub fn set_overrides(&mut self, overrides: &[Override], recorded: &[f64]) -> Vec<String> {
        if overrides.is_empty() {
            return Vec::new();
        }
        self.take_over(recorded);
        let mut notes = Vec::new();
        for knob in overrides {
            if let Err(reason) = self.set_override(knob, &mut notes) {
                notes.push(format!("Refused by the model: {reason}."));
            }
        }
        notes
    }

    fn set_override(&mut self, knob: &Override, notes: &mut Vec<String>) -> Result<(), String> {
        let now = self.time();
        let model = &mut self.replay.stepper.model;
        match knob {
            Override::Setpoint { controller, value } => set_setpoint(model, controller, *value, notes),
            Override::Output { controller, value } => {
                send(model, controller, Request::Mode(Mode::Man))?;
                notes.push(format!("{controller} is in MAN in this branch."));
                send(model, controller, Request::Output(*value))
            }
            Override::Automatic { controller } => send(model, controller, Request::Mode(Mode::Auto)),
            Override::Drive { drive, run: true } => send(model, drive, Request::Start),
            Override::Drive { drive, run: false } => send(model, drive, Request::Stop),
            Override::Duty { drive } => {
                send(model, drive, Request::Start)?;
                let other = partner(drive).ok_or_else(|| format!("{drive} has no partner"))?;
                notes.push(format!("{drive} started; {other} stops after {OVERLAP_SECS:.0} s together."));
                self.stop_later.push((now.plus_secs(OVERLAP_SECS), other));
                Ok(())
            }
            Override::Parameter { name, value } => {
                self.condition.retain(|estimate| estimate.parameter != *name);
                model.set(name, *value).map_err(|error| error.to_string())
            }
            Override::Boundary { name, value } => {
                let number = model.plant().tag(name).filter(|number| model.plant().drives_input(*number));
                let number = number.ok_or_else(|| format!("{name} is no boundary condition"))?;
                if !(-50.0..=1000.0).contains(value) {
                    return Err(format!("{name} cannot be {value}"));
                }
                let slot = InputSlot::Boundary(number);
                self.held_boundary.push(slot);
                self.replay.stepper.apply(slot, *value);
                Ok(())
            }
        }
    }
}

fn send(model: &mut Model, tag: &str, request: Request) -> Result<(), String> {
    model.request(tag, request).map_err(|refusal| refusal.to_string())
}

/// Sets a set point, in several requests where one may not go so far: a what-if asks for the end, not for the way.
fn set_setpoint(model: &mut Model, controller: &str, value: f64, notes: &mut Vec<String>) -> Result<(), String> {
    if model.value(&format!("{controller}.MODE")).is_some_and(|mode| mode != Mode::Auto.number()) {
        send(model, controller, Request::Mode(Mode::Auto))?;
        notes.push(format!("{controller} is in AUTO in this branch."));
    }
    for _ in 0..64 {
        match model.request(controller, Request::Setpoint(value)) {
            Err(Refusal::StepTooLarge) => {}
            other => return other.map_err(|refusal| refusal.to_string()),
        }
        let mut share = 0.5;
        loop {
            let now = model.value(&format!("{controller}.SP")).unwrap_or(value);
            let between = now + (value - now) * share;
            match model.request(controller, Request::Setpoint(between)) {
                Err(Refusal::StepTooLarge) if share > 1e-3 => share *= 0.5,
                Ok(()) => break,
                Err(refusal) => return Err(refusal.to_string()),
            }
        }
    }
    Err(format!("{controller} cannot reach {value}"))
}

/// The other pump of a duty/standby pair: `P-101A` ↔ `P-101B`.
fn partner(drive: &str) -> Option<String> {
    let (stem, side) = drive.split_at_checked(drive.len().checked_sub(1)?)?;
    match side {
        "A" => Some(format!("{stem}B")),
        "B" => Some(format!("{stem}A")),
        _ => None,
    }
}
