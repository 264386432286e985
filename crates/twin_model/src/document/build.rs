//! From document and types to a [`Plant`].

use super::{PlantDocument, SignalDocument, TypeLibrary, TypeSignal, ValueSchema};
use crate::document::ShadowRole;
use crate::plant::{AlarmPoint, Plant, SignalSettings, Thing};
use crate::{Problem, Severity, SignalId, SignalInfo, SignalKey, ThingId, ValueKind, unit};

/// Resolves a document; see [`Plant::build`].
pub(crate) fn build_plant(document: PlantDocument, types: &TypeLibrary) -> (Plant, Vec<Problem>) {
    let mut plant = Plant { document, ..Plant::default() };
    let mut problems = Vec::new();
    add_things(&mut plant, types, &mut problems);
    add_signals(&mut plant, types, &mut problems, false);
    add_signals(&mut plant, types, &mut problems, true);
    add_shadow_signals(&mut plant);
    (plant, problems)
}

fn add_things(plant: &mut Plant, types: &TypeLibrary, problems: &mut Vec<Problem>) {
    for (index, thing) in plant.document.things.iter().enumerate() {
        match ThingId::new(&thing.id) {
            Ok(id) => {
                let number = plant.things.len();
                for settings in &thing.alarms {
                    plant.alarms.push(AlarmPoint { thing: number, settings: settings.clone() });
                }
                let first = plant.alarms.len() - thing.alarms.len();
                plant.things.push(Thing {
                    id,
                    name: thing.name.clone(),
                    description: thing.description.clone(),
                    types: types.lineage(&thing.type_),
                    parent: None,
                    signals: Vec::new(),
                    alarms: (first..plant.alarms.len()).collect(),
                });
            }
            Err(error) => problems.push(problem(&format!("/things/{index}/id"), &error.to_string(), "Write the id as namespace:name.")),
        }
    }
    for thing in &plant.document.things {
        let Some(parent) = &thing.parent else { continue };
        let child = plant.things.iter().position(|t| t.id.as_str() == thing.id);
        let parent = plant.things.iter().position(|t| t.id.as_str() == parent);
        if let (Some(child), Some(parent)) = (child, parent) {
            plant.things[child].parent = Some(parent);
        }
    }
}

fn add_signals(plant: &mut Plant, types: &TypeLibrary, problems: &mut Vec<Problem>, derived: bool) {
    let things = std::mem::take(&mut plant.document.things);
    for (index, thing) in things.iter().enumerate() {
        let Some(number) = plant.things.iter().position(|t| t.id.as_str() == thing.id) else { continue };
        for (telemetry, signal) in thing.signals.iter().filter(|(_, signal)| signal.derived.is_some() == derived) {
            match plant.things[number].id.signal(telemetry) {
                Ok(id) => add_signal(plant, number, id, signal, types.signal(&thing.type_, telemetry)),
                Err(error) => problems.push(problem(
                    &format!("/things/{index}/signals/{telemetry}"),
                    &error.to_string(),
                    "Use lower-case letters, digits and _ in telemetry names.",
                )),
            }
        }
    }
    plant.document.things = things;
}

fn add_signal(plant: &mut Plant, thing: usize, id: SignalId, signal: &SignalDocument, type_: Option<&TypeSignal>) {
    let declared_unit = signal.unit.clone().or_else(|| type_.and_then(|t| t.unit.clone())).unwrap_or_default();
    let kind = match type_.map(|t| &t.schema) {
        Some(ValueSchema::Boolean) => ValueKind::Boolean,
        Some(ValueSchema::Enumeration(states)) => ValueKind::Enumeration { states: states.clone() },
        Some(ValueSchema::Number) | None => ValueKind::Number,
    };
    let symbol = unit::find(&declared_unit).map_or(declared_unit.as_str(), |u| u.symbol).to_owned();
    let info = SignalInfo {
        thing: plant.things[thing].id.clone(),
        tag: signal.tag.clone().unwrap_or_default(),
        name: signal.name.clone().or_else(|| type_.map(|t| t.display_name.clone())).unwrap_or_else(|| id.telemetry().to_owned()),
        unit: if kind == ValueKind::Number { symbol } else { String::new() },
        kind,
        range: signal.range.map(|[low, high]| (low, high)),
        expected_interval_secs: if signal.derived.is_some() { None } else { signal.expected_interval_secs },
        on_change: signal.on_change,
        decimals: signal.resolution.map_or(2, decimals_of),
        is_derived: signal.derived.is_some(),
        id,
    };
    let key = plant.signals.intern(info);
    if key.index() < plant.settings.len() {
        return;
    }
    plant.things[thing].signals.push(key);
    plant.settings.push(SignalSettings {
        thing,
        derived: signal.derived.clone(),
        shadow: signal.shadow,
        residual_band: signal.residual_band,
        noise_sigma: signal.noise_sigma,
        model: None,
        residual: None,
        topic: signal.topic.clone(),
        pointer: signal.pointer.clone(),
        unit_code: declared_unit,
    });
}

fn add_shadow_signals(plant: &mut Plant) {
    for index in 0..plant.settings.len() {
        if plant.settings[index].shadow != Some(ShadowRole::Judged) {
            continue;
        }
        let key = SignalKey(index as u32);
        let Some(base) = plant.signals.info(key).cloned() else { continue };
        let model = add_companion(plant, &base, "model", "modelled");
        let residual = add_companion(plant, &base, "residual", "measured − modelled");
        plant.settings[index].model = Some(model);
        plant.settings[index].residual = Some(residual);
    }
}

fn add_companion(plant: &mut Plant, base: &SignalInfo, suffix: &str, meaning: &str) -> SignalKey {
    let thing = plant.things.iter().position(|t| t.id == base.thing).unwrap_or_default();
    let key = plant.signals.intern(SignalInfo {
        id: base.id.derived(suffix),
        tag: String::new(),
        name: format!("{}, {meaning}", base.name),
        expected_interval_secs: None,
        is_derived: true,
        ..base.clone()
    });
    plant.settings.push(SignalSettings { thing, unit_code: base.unit.clone(), ..SignalSettings::default() });
    key
}

/// Decimals needed to show a published step: 0.05 → 2.
fn decimals_of(resolution: f64) -> u8 {
    (0_u8..6).find(|d| (resolution * 10_f64.powi(i32::from(*d))).fract().abs() < 1e-9).unwrap_or(6)
}

fn problem(pointer: &str, message: &str, hint: &str) -> Problem {
    Problem {
        severity: Severity::Error,
        file: "plant.twin.json".to_owned(),
        pointer: pointer.to_owned(),
        line: None,
        message: message.to_owned(),
        hint: hint.to_owned(),
    }
}
