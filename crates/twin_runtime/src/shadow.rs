//! The model run beside a lane, driven by boundary measurements only.
//!
//! Every change of an input is logged with the step at which it took effect. So any instant since the oldest
//! keyframe can be computed again bit for bit, which is what a fork does.

use std::collections::VecDeque;
use twin_insight::Evaluator;
use twin_model::document::ShadowRole;
use twin_model::{Batch, Origin, Plant, Quality, Sample, SignalKey, TwinTime};
use twin_sim::{Boundary, Drive, InitialCondition, Measured, Parameters, STEP_SECS, TAG_COUNT, Unit100, tag_index};

/// Name of the built-in model a plant file may ask for.
pub const MODEL_NAME: &str = "unit100";
/// Tag whose mean is the throughput of a what-if, m³/h.
pub const THROUGHPUT_TAG: &str = "FT-102";
/// Tag whose integral is the energy of a what-if, kW.
pub const POWER_TAG: &str = "JI-100";

const STEP_NANOS: i64 = (STEP_SECS * 1e9) as i64;
const STEPS_PER_TICK: u64 = (1.0 / STEP_SECS) as u64;
/// Plant time between two keyframes.
const KEYFRAME_STEPS: u64 = 120;
/// Keyframes kept: 24 hours.
const KEYFRAMES_KEPT: usize = 1440;

/// What an input of the model is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InputSlot {
    /// A measured tag, by its index in the model.
    Tag(usize),
    /// A boundary condition.
    Boundary(BoundaryField),
    /// The slow correction of a level, by its index in [`LEVEL_CORRECTIONS`].
    Correction(usize),
}

/// The boundary conditions that are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the field of the same name of twin_sim::Boundary")]
pub enum BoundaryField {
    FeedFlow,
    FeedTemp,
    Draw,
    DryBulb,
    RelativeHumidity,
}

/// Boundary conditions by the name an override uses.
pub const BOUNDARY_NAMES: [(&str, BoundaryField); 5] = [
    ("feed_m3_h", BoundaryField::FeedFlow),
    ("feed_temp_c", BoundaryField::FeedTemp),
    ("draw_m3_h", BoundaryField::Draw),
    ("dry_bulb_c", BoundaryField::DryBulb),
    ("relative_humidity_pct", BoundaryField::RelativeHumidity),
];

const BOUNDARY_TAGS: [(&str, BoundaryField); 5] = [
    ("FT-100", BoundaryField::FeedFlow),
    ("TT-100", BoundaryField::FeedTemp),
    ("FT-105", BoundaryField::Draw),
    ("TT-210", BoundaryField::DryBulb),
    ("MT-210", BoundaryField::RelativeHumidity),
];

/// An integrating state that would drift with the bias of two flow meters: level tag, correction parameter, m³ per %.
pub const LEVEL_CORRECTIONS: [(&str, &str, f64); 4] = [
    ("LT-101", "v101.correction_m3_h", 0.3076),
    ("LT-100", "tk101.correction_m3_h", 1.696),
    ("LT-102", "tk102.correction_m3_h", 5.41),
    ("LT-201", "ct201.correction_m3_h", 0.504),
];
/// Time constant of the correction, hours.
const CORRECTION_HOURS: f64 = 2.0;
/// Largest correction, m³/h: what the stated bias of the flow meters can make.
const CORRECTION_LIMIT_M3_H: f64 = 0.9;
/// Beyond this disagreement, %, the level is not believed and the correction stops.
const CORRECTION_STOP_PCT: f64 = 4.0;

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
    pub model: Unit100,
    /// Imposed measurements.
    pub measured: Measured,
    /// Boundary conditions.
    pub boundary: Boundary,
    /// Instant of the state.
    pub time: TwinTime,
    /// Steps since the start of the shadow.
    pub step: u64,
}

impl Stepper {
    fn new(start: TwinTime) -> Self {
        Self {
            model: Unit100::new(Parameters::default(), InitialCondition::Normal),
            measured: Measured::default(),
            boundary: Boundary::default(),
            time: start,
            step: 0,
        }
    }

    /// Changes one input.
    pub fn apply(&mut self, slot: InputSlot, value: f64) {
        match slot {
            InputSlot::Tag(index) => self.measured.set(index, value),
            InputSlot::Boundary(field) => self.set_boundary(field, value),
            InputSlot::Correction(index) => {
                if let Some((_, name, _)) = LEVEL_CORRECTIONS.get(index) {
                    // A model without this correction integrates freely; its residual then shows the drift.
                    let _ = self.model.set_parameter(name, value);
                }
            }
        }
    }

    /// Sets a boundary condition.
    pub fn set_boundary(&mut self, field: BoundaryField, value: f64) {
        let target = match field {
            BoundaryField::FeedFlow => &mut self.boundary.feed_m3_h,
            BoundaryField::FeedTemp => &mut self.boundary.feed_temp_c,
            BoundaryField::Draw => &mut self.boundary.draw_m3_h,
            BoundaryField::DryBulb => &mut self.boundary.dry_bulb_c,
            BoundaryField::RelativeHumidity => &mut self.boundary.relative_humidity_pct,
        };
        *target = value;
    }

    /// One step with valves and speeds as measured.
    pub fn step_imposed(&mut self) {
        self.model.step(&self.boundary, Drive::Imposed(&self.measured));
        self.count();
    }

    /// One step with the model's own controllers.
    pub fn step_controlled(&mut self) {
        self.model.step(&self.boundary, Drive::TRUE_VALUES);
        self.count();
    }

    fn count(&mut self) {
        self.time = TwinTime(self.time.0 + STEP_NANOS);
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
        while self.has_more() && self.stepper.time.0 + STEP_NANOS <= time.0 {
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

/// The model beside a lane.
#[derive(Clone, Debug)]
pub struct Shadow {
    stepper: Option<Stepper>,
    target: Option<TwinTime>,
    pending: VecDeque<(TwinTime, InputSlot, f64)>,
    slots: Vec<Option<InputSlot>>,
    unusable: Vec<bool>,
    unusable_count: usize,
    outputs: Vec<(usize, SignalKey)>,
    levels: Vec<(usize, SignalKey, usize)>,
    log: VecDeque<InputChange>,
    log_start: u64,
    keyframes: VecDeque<Keyframe>,
}

impl Shadow {
    /// A shadow for a plant whose file asks for the built-in model; `None` otherwise.
    pub fn new(plant: &Plant) -> Option<Self> {
        if plant.document.simulation.as_ref()?.model != MODEL_NAME {
            return None;
        }
        let mut slots = vec![None; plant.signals.len()];
        let mut outputs = Vec::new();
        for (key, info) in plant.signals.iter() {
            let Some(settings) = plant.settings_of(key) else { continue };
            match settings.shadow {
                Some(ShadowRole::Boundary) => slots[key.index()] = slot_of(&info.tag),
                Some(ShadowRole::Judged) => {
                    if let (Some(tag), Some(model)) = (tag_index(&info.tag), settings.model) {
                        outputs.push((tag, model));
                    }
                }
                None => {}
            }
        }
        let levels = LEVEL_CORRECTIONS
            .iter()
            .enumerate()
            .filter_map(|(index, (tag, ..))| Some((index, plant.signals.find(tag)?, tag_index(tag)?)))
            .collect();
        Some(Self {
            stepper: None,
            target: None,
            pending: VecDeque::new(),
            unusable: vec![false; slots.len()],
            unusable_count: 0,
            slots,
            outputs,
            levels,
            log: VecDeque::new(),
            log_start: 0,
            keyframes: VecDeque::new(),
        })
    }

    /// Takes note of committed boundary measurements and of the tick.
    pub fn observe(&mut self, batch: &Batch) {
        for sample in &batch.samples {
            let index = sample.signal.index();
            let Some(slot) = self.slots.get(index).copied().flatten() else { continue };
            let usable = sample.value.filter(|_| !sample.quality.is_bad() && !sample.quality.is_stale());
            self.note_usable(index, usable.is_some());
            // Without a usable value the model holds the last one and says that it is uncertain.
            if let Some(value) = usable.filter(|_| sample.origin != Origin::Late) {
                self.pending.push_back((sample.source_time, slot, value));
            }
        }
        if batch.tick > self.target {
            self.target = batch.tick;
        }
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
    pub fn advance(&mut self, evaluator: &Evaluator, max_steps: usize, out: &mut Batch) -> bool {
        let Some(target) = self.target else { return true };
        if self.stepper.is_none() {
            self.stepper = Some(Stepper::new(target));
        }
        for _ in 0..max_steps {
            let Some(stepper) = &self.stepper else { return true };
            if stepper.time.0 + STEP_NANOS > target.0 {
                return true;
            }
            if stepper.step.is_multiple_of(KEYFRAME_STEPS) {
                self.save_keyframe();
            }
            self.step_once(evaluator, out);
        }
        false
    }

    fn step_once(&mut self, evaluator: &Evaluator, out: &mut Batch) {
        let Some(mut stepper) = self.stepper.take() else { return };
        let until = TwinTime(stepper.time.0 + STEP_NANOS);
        while let Some((_, slot, value)) = self.pending.front().copied().filter(|(time, ..)| *time <= until) {
            self.pending.pop_front();
            self.change(&mut stepper, slot, value);
        }
        if stepper.step.is_multiple_of(STEPS_PER_TICK) {
            self.correct_levels(&mut stepper, evaluator);
        }
        stepper.step_imposed();
        if stepper.step.is_multiple_of(STEPS_PER_TICK) {
            self.emit(&stepper, out);
        }
        self.stepper = Some(stepper);
    }

    fn change(&mut self, stepper: &mut Stepper, slot: InputSlot, value: f64) {
        stepper.apply(slot, value);
        self.log.push_back(InputChange { step: stepper.step, slot, value });
    }

    fn correct_levels(&mut self, stepper: &mut Stepper, evaluator: &Evaluator) {
        for i in 0..self.levels.len() {
            let (correction, key, tag) = self.levels[i];
            let measured = evaluator.readings().get(key.index()).and_then(|r| r.as_ref()).and_then(|r| r.usable());
            let value = correction_m3_h(correction, measured, stepper.model.values()[tag]);
            if stepper.model.parameter(LEVEL_CORRECTIONS[correction].1).is_some_and(|now| now != value) {
                self.change(stepper, InputSlot::Correction(correction), value);
            }
        }
    }

    fn emit(&self, stepper: &Stepper, out: &mut Batch) {
        let quality = if self.unusable_count > 0 { Quality::UNCERTAIN_SUB_NORMAL } else { Quality::GOOD };
        for (tag, key) in &self.outputs {
            let value = stepper.model.values()[*tag];
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

    /// The recorded inputs from the newest keyframe at or before `time`; the oldest one when `time` lies before it.
    pub fn replay_from(&self, time: TwinTime) -> Option<Replay> {
        let end = self.keyframes.partition_point(|k| k.stepper.time <= time);
        let keyframe = self.keyframes.get(end.saturating_sub(1))?;
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

    /// The model as it stands.
    pub fn model(&self) -> Option<&Unit100> {
        self.stepper.as_ref().map(|s| &s.model)
    }

    /// True when a boundary measurement is stale or bad.
    pub fn is_degraded(&self) -> bool {
        self.unusable_count > 0
    }
}

/// The slow correction: towards the measurement within hours, limited, and none while the two disagree.
fn correction_m3_h(index: usize, measured: Option<f64>, modelled: f64) -> f64 {
    let Some((_, _, m3_per_pct)) = LEVEL_CORRECTIONS.get(index) else { return 0.0 };
    let Some(error) = measured.map(|m| m - modelled).filter(|e| e.abs() <= CORRECTION_STOP_PCT) else { return 0.0 };
    (error * m3_per_pct / CORRECTION_HOURS).clamp(-CORRECTION_LIMIT_M3_H, CORRECTION_LIMIT_M3_H)
}

fn slot_of(tag: &str) -> Option<InputSlot> {
    match BOUNDARY_TAGS.iter().find(|(name, _)| *name == tag) {
        Some((_, field)) => Some(InputSlot::Boundary(*field)),
        None => tag_index(tag).map(InputSlot::Tag),
    }
}

/// A sample a model computed.
pub(crate) fn simulated(signal: SignalKey, value: f64, quality: Quality, time: TwinTime) -> Sample {
    Sample { signal, value: Some(value), quality, source_time: time, receive_time: time, origin: Origin::Simulated }
}

/// Keys of all tags of the model in this plant.
pub(crate) fn tag_keys(plant: &Plant) -> Vec<(usize, SignalKey)> {
    (0..TAG_COUNT).filter_map(|index| plant.signals.find(twin_sim::TAGS[index]).map(|key| (index, key))).collect()
}
