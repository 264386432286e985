//! What is wrong with the attributes that charts and loops are made of.

use super::loops::loop_of;
use super::roles::{Named, in_unit};
use super::valve::Characteristic;
use twin_model::{Plant, Problem, Severity};

/// Attributes that name a signal, and the unit it must be convertible to.
const SIGNAL_ATTRIBUTES: [(&str, &str); 3] = [("flow_signal", "m³/h"), ("temperature_signal", "°C"), ("back_pressure_signal", "barg")];

/// Attributes that name no signal, or one of another quantity, and characteristics nobody knows. Without them a chart
/// has no point or is not drawn, which nobody would be told elsewhere; everything else works.
pub fn check_equipment(plant: &Plant) -> Vec<Problem> {
    let things = (0..plant.things.len()).filter_map(|thing| Named::new(plant, thing));
    let mut problems = Vec::new();
    for named in things {
        for (attribute, unit) in SIGNAL_ATTRIBUTES {
            problems.extend(named_signal(&named, attribute, unit));
        }
        problems.extend(process_value(&named));
        problems.extend(characteristic(&named));
    }
    problems
}

fn named_signal(named: &Named, attribute: &str, unit: &str) -> Option<Problem> {
    let tag = named.text(attribute)?;
    let Some(key) = named.plant.signals.find(tag) else {
        let message = format!("{attribute} names {tag}, which is no signal of this plant");
        return Some(problem(named, attribute, message, "Name a signal by its tag or its id."));
    };
    if in_unit(named.plant, key, 0.0, unit).is_some() {
        return None;
    }
    let own = named.plant.signals.info(key).map_or("", |info| info.unit.as_str());
    let message = format!("{attribute} names {tag}, whose unit {own} is no {unit}");
    Some(problem(named, attribute, message, "Name a signal of the quantity that the attribute stands for."))
}

/// The measured value of a loop has the unit of its set point.
fn process_value(named: &Named) -> Option<Problem> {
    let set_point = loop_of(named.plant, named.thing)?.set_point;
    let unit = named.plant.signals.info(set_point)?.unit.as_str();
    named_signal(named, "process_value", unit)
}

fn characteristic(named: &Named) -> Option<Problem> {
    named.positive("kvs_m3_h")?;
    let text = named.text("characteristic").filter(|_| Characteristic::read(named).is_none())?;
    let message = if text == "equal percentage" {
        "characteristic needs a rangeability above 1".to_owned()
    } else {
        format!("characteristic is \"{text}\", which is not known")
    };
    let hint = "Write \"equal percentage\" and a rangeability, such as 50; or \"linear\"; or \"quick opening\".";
    Some(problem(named, "characteristic", message, hint))
}

fn problem(named: &Named, attribute: &str, message: String, hint: &str) -> Problem {
    Problem {
        severity: Severity::Warning,
        file: "plant.twin.json".to_owned(),
        pointer: named.pointer(attribute),
        line: None,
        message,
        hint: hint.to_owned(),
    }
}
