//! The model run beside a lane, driven by boundary measurements only.
//!
//! Every change of an input is logged with the step at which it took effect. So any instant since the oldest
//! keyframe can be computed again bit for bit, which is what a fork does.

use crate::level_correction::{LEVEL_CORRECTIONS, Levels, warm_up};
use std::collections::VecDeque;
use std::sync::Arc;
use twin_model::document::{PLANT_FILE, ShadowRole};
use twin_model::{Batch, Origin, Plant, Problem, Quality, Sample, SignalKey, TwinTime};
use twin_sim::flowsheet::{self, Drive, FLOWSHEET, Model};

/// Tag whose mean is the throughput of a what-if, m³/h.
pub const THROUGHPUT_TAG: &str = "FT-102";
/// Tag whose integral is the energy of a what-if, kW.
pub const POWER_TAG: &str = "JI-100";

/// Plant time between two keyframes, s.
const KEYFRAME_SECS: f64 = 60.0;
/// Longest time the model waits for inputs it has never heard, before it starts without them.
const LONGEST_WAIT_SECS: f64 = 10.0;
/// After a longer jump of the plant clock the model starts anew instead of catching up.
const LONGEST_CATCH_UP_SECS: f64 = 6.0 * 3600.0;
/// Keyframes kept: 24 hours.
const KEYFRAMES_KEPT: usize = 1440;

/// What an input of the model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputSlot {
    /// A measured tag that a component follows, by its number in the model.
    Reading(usize),
    /// A measured tag that drives an input of the model, by its number: a boundary condition.
    Boundary(usize),
    /// The slow correction of a level, by its index in the list of level corrections.
    Correction(usize),
}

/// A change of one input, with the step at which it took effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InputChange {
    /// Step number since the start of the shadow.
    pub step: u64,
    /// Which input.
    pub slot: InputSlot,
    /// New value in the unit of the input.
    pub value: f64,
}

/// A model with its inputs: the one step function of shadow and branches.
#[derive(Clone, Debug)]
pub struct Stepper {
    /// The model.
    pub model: Model,
    /// Measurements by the number of their tag; not a number where there is none.
    pub readings: Vec<f64>,
    /// Instant of the state.
    pub time: TwinTime,
    /// Steps since the start of the shadow.
    pub step: u64,
    step_nanos: i64,
}

impl Stepper {
    fn new(plant: &Arc<flowsheet::Plant>, start: TwinTime) -> Self {
        Self {
            readings: vec![f64::NAN; plant.tags().len()],
            time: start,
            step: 0,
            step_nanos: (plant.step_secs() * 1e9) as i64,
            model: Model::start(Arc::clone(plant)),
        }
    }

    /// Length of a step, s.
    pub fn step_secs(&self) -> f64 {
        self.model.plant().step_secs()
    }

    /// Whether this many seconds of plant time end with the present step: once per second, or once per step.
    pub fn ends(&self, secs: f64) -> bool {
        let steps = (secs / self.step_secs()).round().max(1.0) as u64;
        self.step.is_multiple_of(steps)
    }

    /// Instant of the next step.
    fn next_time(&self) -> TwinTime {
        TwinTime(self.time.0 + self.step_nanos)
    }

    /// Changes one input.
    pub fn apply(&mut self, slot: InputSlot, value: f64) {
        match slot {
            InputSlot::Boundary(number) | InputSlot::Reading(number) => {
                if let Some(reading) = self.readings.get_mut(number) {
                    *reading = value;
                }
                if matches!(slot, InputSlot::Boundary(_)) {
                    self.model.drive_input(number, value);
                }
            }
            InputSlot::Correction(index) => {
                if let Some(row) = LEVEL_CORRECTIONS.get(index) {
                    // A model without this correction integrates freely; its residual then shows the drift.
                    let _ = self.model.set(row.parameter, value);
                }
            }
        }
    }

    /// Value of an input now; not a number for a tag that was never measured.
    fn input(&self, slot: InputSlot) -> f64 {
        match slot {
            InputSlot::Boundary(number) | InputSlot::Reading(number) => self.readings.get(number).copied().unwrap_or(f64::NAN),
            InputSlot::Correction(index) => {
                LEVEL_CORRECTIONS.get(index).and_then(|row| self.model.setting(row.parameter)).unwrap_or(f64::NAN)
            }
        }
    }

    /// One step with valves and speeds as measured.
    pub fn step_imposed(&mut self) {
        self.model.advance(Drive::Following(&self.readings));
        self.count();
    }

    /// One step with the model's own controllers.
    pub fn step_controlled(&mut self) {
        self.model.advance(Drive::TRUE_VALUES);
        self.count();
    }

    fn count(&mut self) {
        self.time = self.next_time();
        self.step += 1;
    }
}

/// The recorded inputs from a keyframe on: what a fork needs to compute again.
#[derive(Clone, Debug)]
pub struct Replay {
    /// State of the keyframe.
    pub stepper: Stepper,
    /// Input changes from there on.
    pub log: Vec<InputChange>,
    position: usize,
    /// Steps the parent's shadow had done when the replay was taken.
    pub last_step: u64,
}

impl Replay {
    /// True when the record goes on beyond the present step.
    pub fn has_more(&self) -> bool {
        self.stepper.step < self.last_step
    }

    /// Applies the recorded changes of the next step.
    pub fn apply_recorded(&mut self, mut accept: impl FnMut(InputSlot) -> bool) {
        while let Some(change) = self.log.get(self.position).filter(|change| change.step <= self.stepper.step) {
            if accept(change.slot) {
                self.stepper.apply(change.slot, change.value);
            }
            self.position += 1;
        }
    }

    /// Steps with recorded inputs up to `time`, as far as the record goes.
    pub fn run_to(&mut self, time: TwinTime) {
        while self.has_more() && self.stepper.next_time() <= time {
            self.apply_recorded(|_| true);
            self.stepper.step_imposed();
        }
    }
}

#[derive(Clone, Debug)]
struct Keyframe {
    stepper: Stepper,
    log_position: u64,
}

/// What a committed measurement is to the model.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Heard {
    Input(InputSlot, f64),
    /// A level, by its index in the list of level corrections; `None` while it cannot be used.
    Level(usize, Option<f64>),
}

/// The model beside a lane.
#[derive(Clone, Debug)]
pub struct Shadow {
    plant: Arc<flowsheet::Plant>,
    stepper: Option<Stepper>,
    first_tick: Option<TwinTime>,
    target: Option<TwinTime>,
    /// Measurements the model has not come to yet, in order of time.
    pending: VecDeque<(TwinTime, Heard)>,
    slots: Vec<Option<InputSlot>>,
    /// By signal: an input of the model without a usable value.
    unusable: Vec<bool>,
    unusable_count: usize,
    outputs: Vec<(usize, SignalKey)>,
    /// By signal: index of the level it measures.
    levels: Vec<Option<usize>>,
    measured_levels: Levels,
    /// Corrections learned so far, by level.
    steady: [f64; LEVEL_CORRECTIONS.len()],
    log: VecDeque<InputChange>,
    log_start: u64,
    keyframes: VecDeque<Keyframe>,
    lost_secs: f64,
}

impl Shadow {
    /// A shadow for a plant whose file describes its simulation; `None` for one that does not, or not without faults: what
    /// is wrong is told when the file is checked.
    pub fn new(plant: &Plant) -> Option<Self> {
        let simulated = Arc::new(flowsheet::load(&plant.document)?.ok()?);
        let mut slots = vec![None; plant.signals.len()];
        let mut levels = vec![None; plant.signals.len()];
        let mut outputs = Vec::new();
        for (key, info) in plant.signals.iter() {
            levels[key.index()] = LEVEL_CORRECTIONS.iter().position(|row| row.tag == info.tag);
            let Some(settings) = plant.settings_of(key) else { continue };
            match settings.shadow {
                Some(ShadowRole::Boundary) => slots[key.index()] = slot_of(&simulated, &info.tag),
                Some(ShadowRole::Judged) => {
                    if let (Some(tag), Some(model)) = (simulated.tag(&info.tag), settings.model) {
                        outputs.push((tag, model));
                    }
                }
                None => {}
            }
        }
        // What was never heard is no better than what is lost.
        let unusable: Vec<bool> = slots.iter().map(Option::is_some).collect();
        Some(Self {
            plant: simulated,
            stepper: None,
            first_tick: None,
            target: None,
            pending: VecDeque::new(),
            unusable_count: unusable.iter().filter(|unusable| **unusable).count(),
            unusable,
            slots,
            outputs,
            levels,
            measured_levels: Levels::default(),
            steady: Default::default(),
            log: VecDeque::new(),
            log_start: 0,
            keyframes: VecDeque::new(),
            lost_secs: 0.0,
        })
    }

    /// Takes note of committed measurements and of the tick. Late ones come too late for a model that has gone on.
    pub fn observe(&mut self, batch: &Batch) {
        for sample in &batch.samples {
            let index = sample.signal.index();
            if sample.origin == Origin::Late || sample.origin == Origin::Derived {
                continue;
            }
            let usable = sample.value.filter(|value| value.is_finite() && !sample.quality.is_bad() && !sample.quality.is_stale());
            if let Some(level) = self.levels.get(index).copied().flatten() {
                self.expect(sample.source_time, Heard::Level(level, usable));
            }
            if let Some(slot) = self.slots.get(index).copied().flatten() {
                self.note_usable(index, usable.is_some());
                // Without a usable value the model holds the last one and says that it is uncertain.
                if let Some(value) = usable {
                    self.expect(sample.source_time, Heard::Input(slot, value));
                }
            }
        }
        self.first_tick = self.first_tick.or(batch.tick);
        self.target = self.target.max(batch.tick);
    }

    /// Measurements arrive nearly in order of time; one stamped far ahead must not hold up the others.
    fn expect(&mut self, time: TwinTime, heard: Heard) {
        let at = match self.pending.back() {
            Some((last, _)) if *last > time => self.pending.partition_point(|(other, _)| *other <= time),
            _ => self.pending.len(),
        };
        self.pending.insert(at, (time, heard));
    }

    fn note_usable(&mut self, index: usize, usable: bool) {
        let was_unusable = std::mem::replace(&mut self.unusable[index], !usable);
        match (was_unusable, usable) {
            (false, false) => self.unusable_count += 1,
            (true, true) => self.unusable_count -= 1,
            _ => {}
        }
    }

    /// Whole steps up to the newest tick, at most `max_steps`; one set of model samples per second of plant time.
    /// Returns true when nothing is left to do.
    pub fn advance(&mut self, max_steps: usize, out: &mut Batch) -> bool {
        let Some(target) = self.target else { return true };
        if let Some(behind_secs) =
            self.stepper.as_ref().map(|stepper| target - stepper.time).filter(|behind| *behind > LONGEST_CATCH_UP_SECS)
        {
            self.stepper = None;
            self.lost_secs += behind_secs;
        }
        if self.stepper.is_none() && !self.start(target) {
            return true;
        }
        for _ in 0..max_steps {
            let Some(stepper) = &self.stepper else { return true };
            if stepper.next_time() > target {
                return true;
            }
            if stepper.step > 0 && stepper.ends(KEYFRAME_SECS) {
                self.save_keyframe();
            }
            self.step_once(out);
        }
        false
    }

    /// Makes the model, near the plant as it is, once every input was heard or should have been. Returns true when it runs.
    fn start(&mut self, target: TwinTime) -> bool {
        let waited = self.first_tick.is_some_and(|first| target - first >= LONGEST_WAIT_SECS);
        if self.unusable_count > 0 && !waited {
            return false;
        }
        let mut stepper = Stepper::new(&self.plant, target);
        while let Some((_, heard)) = self.pending.front().copied().filter(|(time, _)| *time <= target) {
            self.pending.pop_front();
            match heard {
                Heard::Input(slot, value) => stepper.apply(slot, value),
                Heard::Level(level, value) => self.measured_levels[level] = value,
            }
        }
        self.steady = warm_up(&mut stepper.model, &stepper.readings, &self.measured_levels);
        self.log.clear();
        self.log_start = 0;
        self.keyframes.clear();
        self.stepper = Some(stepper);
        self.save_keyframe();
        true
    }

    fn step_once(&mut self, out: &mut Batch) {
        let Some(mut stepper) = self.stepper.take() else { return };
        let until = stepper.next_time();
        while let Some((_, heard)) = self.pending.front().copied().filter(|(time, _)| *time <= until) {
            self.pending.pop_front();
            match heard {
                Heard::Input(slot, value) => self.change(&mut stepper, slot, value),
                Heard::Level(level, value) => self.measured_levels[level] = value,
            }
        }
        if stepper.ends(1.0) {
            self.correct_levels(&mut stepper);
        }
        stepper.step_imposed();
        if stepper.ends(1.0) {
            self.emit(&stepper, out);
        }
        self.stepper = Some(stepper);
    }

    /// Changes an input and logs it; the same value again is no change.
    fn change(&mut self, stepper: &mut Stepper, slot: InputSlot, value: f64) {
        if stepper.input(slot).to_bits() != value.to_bits() {
            stepper.apply(slot, value);
            self.log.push_back(InputChange { step: stepper.step, slot, value });
        }
    }

    fn correct_levels(&mut self, stepper: &mut Stepper) {
        let age_hours = stepper.step as f64 * self.plant.step_secs() / 3600.0;
        for (index, row) in LEVEL_CORRECTIONS.iter().enumerate() {
            let Some(modelled) = stepper.model.value(row.tag) else { continue };
            let steady = &mut self.steady[index];
            let value = row.at_age(age_hours, self.measured_levels[index], modelled, 1.0 / 3600.0, steady);
            self.change(stepper, InputSlot::Correction(index), value);
        }
    }

    fn emit(&self, stepper: &Stepper, out: &mut Batch) {
        let quality = if self.unusable_count > 0 { Quality::UNCERTAIN_SUB_NORMAL } else { Quality::GOOD };
        for (tag, key) in &self.outputs {
            let value = stepper.model.tag_value(*tag);
            if value.is_finite() {
                out.samples.push(simulated(*key, value, quality, stepper.time));
            }
        }
    }

    fn save_keyframe(&mut self) {
        let Some(stepper) = &self.stepper else { return };
        let log_position = self.log_start + self.log.len() as u64;
        self.keyframes.push_back(Keyframe { stepper: stepper.clone(), log_position });
        if self.keyframes.len() > KEYFRAMES_KEPT {
            self.keyframes.pop_front();
            let keep_from = self.keyframes.front().map_or(log_position, |k| k.log_position);
            while self.log_start < keep_from && self.log.pop_front().is_some() {
                self.log_start += 1;
            }
        }
    }

    /// The recorded inputs from the newest keyframe at or before `time`; `None` when there is no such keyframe.
    pub fn replay_from(&self, time: TwinTime) -> Option<Replay> {
        let end = self.keyframes.partition_point(|k| k.stepper.time <= time);
        let keyframe = self.keyframes.get(end.checked_sub(1)?)?;
        let skip = usize::try_from(keyframe.log_position.saturating_sub(self.log_start)).unwrap_or(usize::MAX);
        Some(Replay {
            stepper: keyframe.stepper.clone(),
            log: self.log.iter().skip(skip).copied().collect(),
            position: 0,
            last_step: self.stepper.as_ref().map_or(keyframe.stepper.step, |s| s.step),
        })
    }

    /// Instant up to which the model has run.
    pub fn time(&self) -> Option<TwinTime> {
        self.stepper.as_ref().map(|s| s.time)
    }

    /// Plant time between the newest tick and the model, s.
    pub fn behind_secs(&self) -> f64 {
        self.target.zip(self.time()).map_or(0.0, |(target, time)| (target - time).max(0.0))
    }

    /// Plant time the model skipped instead of computing it, s, since the start.
    pub fn lost_secs(&self) -> f64 {
        self.lost_secs
    }

    /// The model as it stands.
    pub fn model(&self) -> Option<&Model> {
        self.stepper.as_ref().map(|s| &s.model)
    }

    /// What is simulated.
    pub fn plant(&self) -> &Arc<flowsheet::Plant> {
        &self.plant
    }

    /// True when a boundary measurement is stale, bad or was never heard.
    pub fn is_degraded(&self) -> bool {
        self.unusable_count > 0
    }
}

/// What keeps the plant file from being simulated, each with its place. None for a plant file that asks for no simulation.
pub fn check_simulation(plant: &Plant) -> Vec<Problem> {
    let Some(simulation) = &plant.document.simulation else { return Vec::new() };
    match flowsheet::load(&plant.document) {
        Some(Ok(_)) => Vec::new(),
        Some(Err(faults)) => {
            faults.into_iter().map(|fault| Problem::error(PLANT_FILE, &fault.pointer, fault.message, fault.hint)).collect()
        }
        None => {
            let message = format!("there is no simulation model {}", simulation.model);
            vec![Problem::warning(PLANT_FILE, "/simulation/model", message, format!("write {FLOWSHEET}, or leave simulation out"))]
        }
    }
}

fn slot_of(plant: &flowsheet::Plant, tag: &str) -> Option<InputSlot> {
    let number = plant.tag(tag)?;
    Some(if plant.drives_input(number) { InputSlot::Boundary(number) } else { InputSlot::Reading(number) })
}

/// A sample a model computed.
pub(crate) fn simulated(signal: SignalKey, value: f64, quality: Quality, time: TwinTime) -> Sample {
    Sample { signal, value: Some(value), quality, source_time: time, receive_time: time, origin: Origin::Simulated }
}

/// Numbers and keys of all tags of a model in this plant.
pub(crate) fn tag_keys(simulated: &flowsheet::Plant, plant: &Plant) -> Vec<(usize, SignalKey)> {
    let tags = simulated.tags().iter().enumerate();
    tags.filter_map(|(number, tag)| plant.signals.find(tag).map(|key| (number, key))).collect()
}
