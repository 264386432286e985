//! Health of things after NAMUR NE 107, with the reason in words.

use crate::alarm::AlarmStatus;
use crate::frozen::EqualRow;
use crate::functions::NOT_APPLICABLE;
use crate::plan::{Plan, ThingPlan};
use crate::reading::Reading;
use crate::residual::Judged;
use serde::{Deserialize, Serialize};
use twin_model::alarm::HealthState;
use twin_model::{Quality, SignalKey, TwinTime};

/// How a thing fares.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ThingHealth {
    /// The worst of what is known of it.
    pub state: HealthState,
    /// Why, from the evidence, for a person; empty when good.
    pub reason: String,
    /// Plant time since which it is in this state; `None` before the first sample.
    pub since: Option<TwinTime>,
}

/// What health is judged by.
pub(crate) struct Findings<'a> {
    pub readings: &'a [Option<Reading>],
    pub alarms: &'a [AlarmStatus],
    pub judged: &'a [Judged],
    pub equal_rows: &'a [EqualRow],
    pub health: &'a [ThingHealth],
}

/// What the quality of a signal says of the thing it is evidence for. Lost data never leave a thing good.
pub(crate) fn of_signal(reading: Option<&Reading>) -> HealthState {
    match reading.map(|reading| reading.quality) {
        None => HealthState::Unknown,
        Some(NOT_APPLICABLE) => HealthState::Good,
        Some(Quality::BAD_OUT_OF_SERVICE) => HealthState::FunctionCheck,
        Some(quality) if quality.is_bad() || quality.is_stale() => HealthState::Unknown,
        Some(Quality::UNCERTAIN_SENSOR_NOT_ACCURATE) => HealthState::MaintenanceRequired,
        Some(_) => HealthState::Good,
    }
}

/// One finding: how bad, and where to look for the words.
#[derive(Clone, Copy)]
enum Finding {
    Signal(SignalKey),
    Alarm(usize),
    Judged(usize),
    Frozen(SignalKey),
    Child(usize),
    Nothing,
}

/// The worst finding so far and how many are as bad.
struct Worst {
    state: HealthState,
    finding: Finding,
    more: usize,
}

impl Worst {
    fn add(&mut self, state: HealthState, finding: Finding) {
        if state > self.state {
            *self = Self { state, finding, more: 0 };
        } else if state == self.state && state != HealthState::Good {
            self.more += 1;
        }
    }
}

impl Findings<'_> {
    /// State and reason of a thing.
    pub fn judge(&self, plan: &Plan, thing: usize) -> (HealthState, String) {
        let Some(thing) = plan.things.get(thing) else { return (HealthState::Unknown, String::new()) };
        if thing.is_group && !thing.children.iter().any(|child| has_evidence(plan, *child)) {
            return (HealthState::Unknown, "nothing is measured here".to_owned());
        }
        let mut worst = Worst { state: HealthState::Good, finding: Finding::Nothing, more: 0 };
        self.weigh(plan, thing, &mut worst);
        (worst.state, self.words(plan, &worst))
    }

    fn weigh(&self, plan: &Plan, thing: &ThingPlan, worst: &mut Worst) {
        if thing.is_group {
            for child in thing.children.iter().filter(|child| has_evidence(plan, **child)) {
                worst.add(self.health.get(*child).map_or(HealthState::Unknown, |health| health.state), Finding::Child(*child));
            }
        }
        for key in &thing.evidence {
            worst.add(of_signal(self.reading(*key)), Finding::Signal(*key));
            if self.equal_rows.get(key.index()).is_some_and(|row| row.is_frozen) {
                worst.add(HealthState::OutOfSpecification, Finding::Frozen(*key));
            }
        }
        for alarm in &thing.alarms {
            let is_counted = self.alarms.get(*alarm).is_some_and(|status| status.active && !status.suppressed);
            if let (true, Some(state)) = (is_counted, plan.points.get(*alarm).and_then(|point| point.health)) {
                worst.add(state, Finding::Alarm(*alarm));
            }
        }
        for judged in &thing.judged {
            if self.judged.get(*judged).is_some_and(|judged| judged.is_outside) {
                worst.add(HealthState::OutOfSpecification, Finding::Judged(*judged));
            }
        }
    }

    fn reading(&self, key: SignalKey) -> Option<&Reading> {
        self.readings.get(key.index())?.as_ref()
    }

    fn words(&self, plan: &Plan, worst: &Worst) -> String {
        let mut words = match worst.finding {
            Finding::Nothing => return String::new(),
            Finding::Signal(key) => {
                let quality = self.reading(key).map_or(Quality::BAD_WAITING_FOR_INITIAL_DATA, |reading| reading.quality);
                format!("{}: {}", plan.label(key), quality.reason())
            }
            Finding::Alarm(alarm) => {
                plan.plant.alarms.get(alarm).map_or_else(String::new, |alarm| format!("{}: {}", alarm.settings.tag, alarm.settings.message))
            }
            Finding::Judged(judged) => self.residual_words(plan, judged),
            Finding::Frozen(key) => self.frozen_words(plan, key),
            Finding::Child(child) => {
                let name = plan.plant.things.get(child).map_or("", |thing| &thing.name);
                let reason = self.health.get(child).map_or("", |health| &health.reason);
                format!("{name}: {reason}")
            }
        };
        if worst.more > 0 {
            words.push_str(&format!(" (and {} more)", worst.more));
        }
        words
    }

    fn frozen_words(&self, plan: &Plan, key: SignalKey) -> String {
        let value = self.reading(key).and_then(|reading| reading.value);
        let (Some(info), Some(value)) = (plan.plant.signals.info(key), value) else { return String::new() };
        format!("{} has not moved from {value:.*} {}: sensor frozen?", plan.label(key), usize::from(info.decimals), info.unit)
    }

    fn residual_words(&self, plan: &Plan, judged: usize) -> String {
        let (Some(pair), Some(judged)) = (plan.judged.get(judged), self.judged.get(judged)) else { return String::new() };
        let Some(info) = plan.plant.signals.info(pair.measured) else { return String::new() };
        let side = if judged.told < 0.0 { "below" } else { "above" };
        format!("{} {:.*} {} {side} its model", plan.label(pair.measured), usize::from(info.decimals), judged.told.abs(), info.unit)
    }
}

/// True for things that can show a health of their own or of their children.
fn has_evidence(plan: &Plan, thing: usize) -> bool {
    fn within(plan: &Plan, thing: usize, depth: usize) -> bool {
        plan.things
            .get(thing)
            .is_some_and(|thing| !thing.is_group || (depth > 0 && thing.children.iter().any(|child| within(plan, *child, depth - 1))))
    }
    within(plan, thing, 32)
}
