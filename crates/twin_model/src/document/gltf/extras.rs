//! What a modeller wrote on nodes for the twin: does it have the form a viewer reads?

use super::{Check, limits};
use serde_json::{Map, Value};

/// Tells extras that no viewer can read. They are warnings: the node is drawn, only this is ignored.
pub(super) fn check_extras(check: &mut Check<'_>, node: &Value, at: &str) {
    let Some(extras) = node.get("extras").and_then(Value::as_object) else { return };
    for (name, value) in extras.iter().filter(|(name, _)| name.starts_with("twin_")) {
        let wanted = match name.as_str() {
            "twin_thing" | "twin_part" | "twin_anchor" => value.is_string().then_some(()).ok_or("a text"),
            "twin_inside" => value.is_boolean().then_some(()).ok_or("true or false"),
            "twin_explode" | "twin_travel" => vector(value).map(|_| ()).ok_or("three numbers, in metres"),
            "twin_spin" => vector(value).filter(|axis| axis.iter().any(|c| *c != 0.0)).map(|_| ()).ok_or("an axis of three numbers"),
            "twin_height_m" | "twin_width_m" | "twin_radius_m" => {
                value.as_f64().filter(|metres| *metres > 0.0).map(|_| ()).ok_or("a length above zero, in metres")
            }
            "twin_flow" => is_flow(value).then_some(()).ok_or("a list of runs of at least two points of three numbers"),
            _ => Ok(()),
        };
        if let Err(wanted) = wanted {
            check.warning(&format!("{at}/extras/{name}"), format!("{name} is not {wanted}"), "Correct the extra, or it is ignored.");
        }
    }
    levels(check, extras, at);
}

/// A level needs its height to be drawn.
fn levels(check: &mut Check<'_>, extras: &Map<String, Value>, at: &str) {
    if extras.get("twin_anchor").and_then(Value::as_str) == Some("level") && !extras.contains_key("twin_height_m") {
        let hint = "Add the extra twin_height_m: how far 100 % lies above the anchor.";
        check.warning(&format!("{at}/extras/twin_anchor"), "the level anchor has no twin_height_m", hint);
    }
}

fn vector(value: &Value) -> Option<[f64; 3]> {
    match value.as_array()?.as_slice() {
        [x, y, z] => Some([x.as_f64()?, y.as_f64()?, z.as_f64()?]),
        _ => None,
    }
}

fn is_flow(value: &Value) -> bool {
    let Some(runs) = value.as_array() else { return false };
    let points: usize = runs.iter().filter_map(Value::as_array).map(Vec::len).sum();
    let is_run = |run: &Value| run.as_array().is_some_and(|run| run.len() >= 2 && run.iter().all(|point| vector(point).is_some()));
    points <= limits::FLOW_POINTS && runs.iter().all(is_run)
}
