//! Control loops of a plant, and which signals lead a faceplate.

use super::roles::Named;
use std::collections::BTreeMap;
use twin_model::alarm::Condition;
use twin_model::{Plant, SignalKey, ValueKind};

/// Signals a faceplate shows large.
const INDICATORS: usize = 5;

/// A control loop: a thing with a set point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlLoop {
    /// Index of the controller.
    pub thing: usize,
    /// Set point.
    pub set_point: SignalKey,
    /// Output.
    pub output: Option<SignalKey>,
    /// Mode.
    pub mode: Option<SignalKey>,
    /// Measured value.
    pub process_value: Option<SignalKey>,
}

/// The loop that a thing is; `None` for what has no `sp`.
pub fn loop_of(plant: &Plant, thing: usize) -> Option<ControlLoop> {
    let named = Named::new(plant, thing)?;
    let set_point = named.telemetry("sp")?;
    Some(ControlLoop {
        thing,
        set_point,
        output: named.telemetry("op"),
        mode: named.telemetry("mode"),
        process_value: named.named_signal("process_value").or_else(|| deviating_from(plant, set_point)),
    })
}

/// The loops to show with a thing: its own, and those that control it, in document order of the relationships.
pub fn loops_for(plant: &Plant, thing: usize) -> Vec<ControlLoop> {
    let Some(named) = Named::new(plant, thing) else { return Vec::new() };
    let controllers = named.sources("controls").filter_map(|controller| loop_of(plant, controller.thing));
    loop_of(plant, thing).into_iter().chain(controllers).collect()
}

/// The set point of every signal that is the measured value of a loop.
pub fn set_points(plant: &Plant) -> BTreeMap<SignalKey, SignalKey> {
    let loops = (0..plant.things.len()).filter_map(|thing| loop_of(plant, thing));
    // Of two loops on one signal the first counts.
    let pairs: Vec<_> = loops.filter_map(|control| Some((control.process_value?, control.set_point))).collect();
    pairs.into_iter().rev().collect()
}

/// The signal that a deviation alarm compares with a set point.
fn deviating_from(plant: &Plant, set_point: SignalKey) -> Option<SignalKey> {
    plant.alarms.iter().find_map(|alarm| match &alarm.settings.condition {
        Condition::Deviation { signal, reference, .. } if plant.signals.find(reference) == Some(set_point) => plant.signals.find(signal),
        _ => None,
    })
}

/// The signals of a thing that lead its faceplate, at most five: key signals of the plant, then judged ones with an
/// alarm limit, then other judged ones, then the rest with a range; each in document order.
pub fn indicator_signals(plant: &Plant, thing: usize) -> Vec<SignalKey> {
    let Some(thing) = plant.things.get(thing) else { return Vec::new() };
    let mut ranked: Vec<(u8, SignalKey)> = thing.signals.iter().filter_map(|key| Some((rank(plant, *key)?, *key))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().take(INDICATORS).map(|(_, key)| key).collect()
}

fn rank(plant: &Plant, key: SignalKey) -> Option<u8> {
    let info = plant.signals.info(key).filter(|info| info.kind == ValueKind::Number && info.range.is_some())?;
    let is_judged = plant.settings_of(key).is_some_and(|settings| settings.model.is_some());
    let is_key = plant.document.key_signals.iter().any(|tag| plant.signals.find(tag) == Some(key));
    Some(match (is_key, is_judged, has_limit(plant, &info.tag)) {
        (true, ..) => 0,
        (_, true, true) => 1,
        (_, true, false) => 2,
        (_, false, true) => 3,
        _ => 4,
    })
}

/// True when an alarm point watches the signal by a limit.
pub(super) fn has_limit(plant: &Plant, tag: &str) -> bool {
    plant
        .alarms
        .iter()
        .any(|alarm| matches!(&alarm.settings.condition, Condition::High { signal, .. } | Condition::Low { signal, .. } if signal == tag))
}
