//! Which signal of a thing says what the scene shows of it: that it runs, how full it is, how far it is open.

use std::collections::BTreeMap;
use twin_model::plant::{Plant, Thing};
use twin_model::{SignalKey, ValueKind};

/// States of a drive in which it turns.
const RUNNING_STATES: [&str; 4] = ["running", "starting", "loaded", "unloaded"];

/// Signals of one thing by what they say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ThingRoles {
    /// State of its drive.
    pub running: Option<SignalKey>,
    /// Level, % of the span.
    pub level: Option<SignalKey>,
    /// Position of a valve, %, or open.
    pub position: Option<SignalKey>,
}

/// Signals of a plant by what they say, found once.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    things: Vec<ThingRoles>,
    /// By name of the line.
    pub flows: BTreeMap<String, SignalKey>,
}

impl Roles {
    /// Reads the roles off the names and kinds of the signals.
    pub fn of(plant: &Plant) -> Self {
        let flows = plant.document.scenes.iter().flat_map(|scene| &scene.flows);
        Self {
            things: plant.things.iter().map(|thing| roles_of(plant, thing)).collect(),
            flows: flows.filter_map(|(line, tag)| Some((line.clone(), plant.signals.find(tag)?))).collect(),
        }
    }

    /// Roles of one thing.
    pub fn of_thing(&self, thing: usize) -> ThingRoles {
        self.things.get(thing).copied().unwrap_or_default()
    }
}

fn roles_of(plant: &Plant, thing: &Thing) -> ThingRoles {
    let find = |fits: &dyn Fn(&str, &str, &ValueKind) -> bool| {
        let fits = |key: &&SignalKey| plant.signals.info(**key).is_some_and(|info| fits(info.id.telemetry(), &info.unit, &info.kind));
        thing.signals.iter().find(fits).copied()
    };
    let is_number = |kind: &ValueKind| *kind == ValueKind::Number;
    ThingRoles {
        running: find(
            &|_, _, kind| matches!(kind, ValueKind::Enumeration { states } if states.iter().any(|s| s == "running" || s == "loaded")),
        ),
        level: find(&|name, unit, kind| is_number(kind) && unit == "%" && (name == "level" || name.ends_with("_level"))),
        position: find(&|name, unit, kind| name == "position" && unit == "%" && is_number(kind))
            .or_else(|| find(&|name, _, kind| name == "open" && *kind == ValueKind::Boolean)),
    }
}

/// True for a value of a state signal that says the drive turns.
pub fn is_running_state(plant: &Plant, key: SignalKey, value: f64) -> bool {
    let Some(ValueKind::Enumeration { states }) = plant.signals.info(key).map(|info| &info.kind) else { return false };
    states.get(value as usize).is_some_and(|state| RUNNING_STATES.contains(&state.as_str()))
}
