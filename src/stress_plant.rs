//! A plant of many pumps, to see what a thousand things cost: `didymos stress-plant`.
//!
//! The model is the pump of the demo plant, shown by many nodes; the plant file binds every one of them.

use crate::plant_files::UNIT_100;
use serde_json::{Map, Value, json};
use std::path::Path;

/// Namespace of the things.
const NAMESPACE: &str = "stress";
const PUMP_TYPE: &str = "dtmi:didymos:stress:Pump;1";
const TYPES: &str = "pump.dtdl.json";
/// Node of the demo plant that is repeated.
const PUMP: &str = "P-101A";
/// File of the demo plant it is taken from.
const MODEL: &str = "unit100.economy.glb";
/// Distance between two pumps, m.
const GRID_M: f64 = 4.0;
/// Signals of a pump: telemetry, unit, range.
const SIGNALS: [(&str, &str, f64); 5] = [
    ("speed", "rpm", 3000.0),
    ("bearing_temp_de", "°C", 150.0),
    ("vibration_de", "mm/s", 25.0),
    ("drive_power", "kW", 25.0),
    ("discharge_pressure", "barg", 6.0),
];

/// Files of a plant of `pumps` pumps: name and content.
///
/// # Errors
/// A sentence when the model of the demo plant is not what it was.
pub fn files(pumps: usize) -> Result<Vec<(&'static str, Vec<u8>)>, String> {
    let plant = serde_json::to_vec_pretty(&plant(pumps)).map_err(|error| error.to_string())?;
    let types = serde_json::to_vec_pretty(&types()).map_err(|error| error.to_string())?;
    Ok(vec![("plant.twin.json", plant), (TYPES, types), ("pumps.glb", model(pumps)?)])
}

/// Writes the plant into a folder.
///
/// # Errors
/// A sentence when that is not possible.
pub fn write(pumps: usize, folder: &Path) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{} cannot be written: {error}.", folder.display());
    std::fs::create_dir_all(folder).map_err(told)?;
    if folder.join("plant.twin.json").exists() {
        return Err(format!("{} holds a plant already; name an empty folder.", folder.display()));
    }
    for (name, content) in files(pumps)? {
        std::fs::write(folder.join(name), content).map_err(told)?;
    }
    Ok(())
}

/// Tag of one signal.
pub fn tag(pump: usize, signal: usize) -> String {
    format!("{}-{pump}", ["SI", "TT", "VT", "JI", "PT"][signal % SIGNALS.len()])
}

/// What a pump measures.
fn types() -> Value {
    let telemetry = SIGNALS.iter().map(|(name, ..)| json!({"@type": "Telemetry", "name": name, "schema": "double"}));
    json!([{
        "@context": "dtmi:dtdl:context;3", "@id": PUMP_TYPE, "@type": "Interface", "displayName": "Pump",
        "contents": telemetry.collect::<Vec<_>>(),
    }])
}

fn plant(pumps: usize) -> Value {
    let signal = |pump: usize, (number, (name, unit, high)): (usize, &(&str, &str, f64))| {
        ((*name).to_owned(), json!({"tag": tag(pump, number), "unit": unit, "range": [0.0, high], "expected_interval_secs": 30.0}))
    };
    let thing = |pump: usize| {
        let signals: Map<String, Value> = SIGNALS.iter().enumerate().map(|s| signal(pump, s)).collect();
        json!({"id": format!("{NAMESPACE}:pump-{pump}"), "type": PUMP_TYPE, "name": format!("P-{pump}"), "signals": signals})
    };
    json!({
        "format_version": "0.1", "namespace": NAMESPACE, "name": format!("Stress plant of {pumps} pumps"),
        "models": [TYPES],
        "sources": [{"name": "stress", "topic": format!("{NAMESPACE}/{{thing}}/{{tag}}"), "qos": 0}],
        "things": (0..pumps).map(thing).collect::<Vec<_>>(),
        "scenes": [{"file": "pumps.glb"}],
    })
}

/// The meshes of the demo plant with the nodes of one pump, repeated on a square.
fn model(pumps: usize) -> Result<Vec<u8>, String> {
    let missing = || "the model of the demo plant has no such pump.".to_owned();
    let (_, bytes) = UNIT_100.iter().find(|(name, _)| *name == MODEL).ok_or_else(missing)?;
    let glb = gltf::binary::Glb::from_slice(bytes).map_err(|error| error.to_string())?;
    let mut document: Value = serde_json::from_slice(&glb.json).map_err(|error| error.to_string())?;
    let nodes = document["nodes"].as_array().cloned().ok_or_else(missing)?;
    let first = nodes.iter().position(|node| node["name"] == PUMP).ok_or_else(missing)?;
    let side = (pumps as f64).sqrt().ceil().max(1.0) as usize;
    let mut copies: Vec<Value> = Vec::new();
    let mut roots = Vec::new();
    for pump in 0..pumps {
        let root = copy(&nodes, first, pump, &mut copies);
        let place = |index: usize| (index as f64 - side as f64 / 2.0) * GRID_M;
        copies[root]["translation"] = json!([place(pump % side), 0.8, place(pump / side)]);
        copies[root]["extras"]["twin_thing"] = json!(format!("{NAMESPACE}:pump-{pump}"));
        roots.push(root);
    }
    document["nodes"] = Value::Array(copies);
    document["scenes"] = json!([{ "nodes": roots }]);
    let json = serde_json::to_vec(&document).map_err(|error| error.to_string())?;
    let glb = gltf::binary::Glb { header: glb.header, json: json.into(), bin: glb.bin };
    glb.to_vec().map_err(|error| error.to_string())
}

/// Copies a node with what lies below it, and returns its index.
fn copy(nodes: &[Value], node: usize, pump: usize, copies: &mut Vec<Value>) -> usize {
    let mut copied = nodes.get(node).cloned().unwrap_or_default();
    let index = copies.len();
    copied["name"] = json!(format!("{}/{pump}", copied["name"].as_str().unwrap_or_default()));
    copies.push(Value::Null);
    if let Some(children) = copied["children"].as_array().cloned() {
        let below = children.iter().filter_map(Value::as_u64);
        let below: Vec<usize> = below.map(|child| copy(nodes, child as usize, pump, copies)).collect();
        copied["children"] = json!(below);
    }
    if copied["children"].is_null()
        && let Some(members) = copied.as_object_mut()
    {
        members.remove("children");
    }
    copies[index] = copied;
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use twin_model::document;

    #[test]
    fn a_stress_plant_opens_without_a_problem_and_binds_every_pump() {
        let folder = tempfile::tempdir().unwrap();
        write(9, folder.path()).unwrap();
        let (twin, problems) = document::load(folder.path());
        assert!(problems.is_empty(), "{problems:#?}");
        let bound = twin.scenes.iter().flat_map(|scene| &scene.nodes).filter(|node| node.twin_thing.is_some());
        assert_eq!(bound.count(), 9);
    }
}
