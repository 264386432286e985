//! From a plant file to a blueprint.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use twin_model::document::{ComponentDocument, PlantDocument, SimulationDocument};

use super::assemble::{Fault, assemble};
use super::blueprint::{Blueprint, ComponentSpec, LineSpec, TagSpec};
use super::plant::Plant;
use crate::fluid::DescribedLiquid;

/// Model name of a plant that is simulated from its components.
pub const FLOWSHEET: &str = "flowsheet";

/// Kind of a part that is a model of another tool: it runs in a process of its own and is not part of the flowsheet.
pub const FMU: &str = "fmu";

/// Simulates the plant of a file that asks for it: `None` for one that does not.
///
/// # Errors
/// Everything that is wrong, each with the JSON pointer of its place in the file.
pub fn load(document: &PlantDocument) -> Option<Result<Plant, Vec<Fault>>> {
    document.simulation.as_ref().filter(|simulation| simulation.model == FLOWSHEET)?;
    Some(blueprint(document).and_then(|blueprint| assemble(&blueprint)))
}

/// Collects the components of all things, the lines of all relationships and the signals into one blueprint.
///
/// A thing `unit100:p-101a` is the component `p-101a`, its part `drive` the component `p-101a/drive`.
///
/// # Errors
/// Liquids that cannot be read.
pub fn blueprint(document: &PlantDocument) -> Result<Blueprint, Vec<Fault>> {
    let mut blueprint = Blueprint::default();
    let mut faults = Vec::new();
    let mut foreign = BTreeSet::new();
    if let Some(simulation) = &document.simulation {
        blueprint.step_secs = simulation.step_secs.unwrap_or(blueprint.step_secs);
        blueprint.event_secs = simulation.event_secs.unwrap_or(blueprint.event_secs);
        blueprint.aliases.clone_from(&simulation.aliases);
        blueprint.conditions.clone_from(&simulation.conditions);
        blueprint.liquids = liquids(simulation, &mut faults);
        let at = |name: &str| format!("/simulation/components/{}", escaped(name));
        blueprint.components.extend(simulation.components.iter().map(|(name, component)| spec(name.clone(), component, at(name))));
        let lines = simulation.lines.iter().enumerate();
        blueprint.lines.extend(lines.map(|(index, ports)| line(ports, format!("/simulation/lines/{index}"))));
        let parameters = simulation.parameters.iter().map(|(name, value)| (name.clone(), *value));
        blueprint.parameters.extend(parameters);
    }
    for (index, thing) in document.things.iter().enumerate() {
        let id = thing.id.rsplit(':').next().unwrap_or(&thing.id);
        for (part, component) in &thing.simulation {
            let name = if part.is_empty() { id.to_owned() } else { format!("{id}/{part}") };
            if component.kind == FMU {
                foreign.insert(name);
                continue;
            }
            blueprint.components.push(spec(name, component, format!("/things/{index}/simulation/{}", escaped(part))));
        }
        for (telemetry, signal) in &thing.signals {
            let Some(simulation) = &signal.simulation else { continue };
            if simulation.point.rsplit_once('.').is_some_and(|(component, _)| foreign.contains(component)) {
                continue;
            }
            let [low, high] = signal.range.unwrap_or([f64::MIN, f64::MAX]);
            blueprint.tags.push(TagSpec {
                tag: signal.tag.clone().unwrap_or_else(|| format!("{id}/{telemetry}")),
                point: simulation.point.clone(),
                scale: simulation.scale,
                offset: simulation.offset,
                drives: simulation.drives.clone(),
                low,
                high,
                pointer: format!("/things/{index}/signals/{}/simulation", escaped(telemetry)),
            });
        }
    }
    for (index, relationship) in document.relationships.iter().enumerate() {
        if let Some(ports) = &relationship.ports {
            blueprint.lines.push(line(ports, format!("/relationships/{index}/ports")));
        }
    }
    if faults.is_empty() { Ok(blueprint) } else { Err(faults) }
}

fn spec(name: String, document: &ComponentDocument, pointer: String) -> ComponentSpec {
    ComponentSpec {
        name,
        kind: document.kind.clone(),
        liquid: document.liquid.clone(),
        elevation_m: document.elevation_m.clone(),
        parameters: document.parameters.clone(),
        inputs: document.inputs.clone(),
        follows: document.follows.clone(),
        tag: document.tag.clone(),
        pointer,
    }
}

fn line([from, to]: &[String; 2], pointer: String) -> LineSpec {
    LineSpec { from: from.clone(), to: to.clone(), pointer }
}

fn liquids(document: &SimulationDocument, faults: &mut Vec<Fault>) -> BTreeMap<String, DescribedLiquid> {
    let mut liquids = BTreeMap::new();
    for (name, described) in &document.liquids {
        let liquid = DescribedLiquid::deserialize(described).map_err(|error| error.to_string());
        match liquid.and_then(|liquid| liquid.check().map(|()| liquid)) {
            Ok(liquid) => {
                liquids.insert(name.clone(), liquid);
            }
            Err(message) => faults.push(Fault {
                pointer: format!("/simulation/liquids/{}", escaped(name)),
                message: format!("{name}: {message}"),
                hint: "give density_kg_m3, cp_j_kg_k and viscosity_pa_s at least".to_owned(),
            }),
        }
    }
    liquids
}

/// A name as one step of a JSON pointer (RFC 6901).
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowsheet::{Drive, State};

    /// A tank at grade drains through a valve into the open; a controller holds its level.
    const PLANT: &str = r#"{
      "format_version": "0.1", "namespace": "demo", "name": "Demo",
      "things": [
        { "id": "demo:tk-1", "type": "t", "name": "TK-1",
          "simulation": { "": { "kind": "tank", "parameters": { "area_m2": 4.0, "start_level_m": 2.0 } } },
          "signals": { "level": { "tag": "LT-1", "range": [0, 100], "simulation": { "point": "tk-1.level_m", "scale": 20 } } } },
        { "id": "demo:lv-1", "type": "t", "name": "LV-1",
          "simulation": {
            "": { "kind": "valve", "parameters": { "kvs_m3_h": 50, "characteristic": "linear" }, "inputs": { "command_pct": "lv-1/lic.output_pct" } },
            "lic": { "kind": "controller", "tag": "LIC-1", "parameters": { "high": 100, "gain": 5, "integral_secs": 1e6, "action": "direct", "start_setpoint": 30 },
                     "inputs": { "measured": "LT-1" } } },
          "signals": { "position": { "tag": "ZT-1", "range": [0, 100], "simulation": { "point": "lv-1.position_pct" } } } }
      ],
      "relationships": [ { "from": "demo:tk-1", "to": "demo:lv-1", "kind": "flows_to", "ports": ["tk-1.bottom", "lv-1.inlet"] } ],
      "simulation": {
        "model": "flowsheet", "step_secs": 1.0,
        "liquids": { "oil": { "density_kg_m3": 880, "cp_j_kg_k": 1900, "viscosity_pa_s": 0.02 } },
        "components": { "drain": { "kind": "reservoir" } },
        "lines": [["lv-1.outlet", "drain.port"]],
        "aliases": { "lv1.forced_pct": "lv-1.forced_pct" }
      }
    }"#;

    fn faults_of(text: &str) -> Vec<Fault> {
        let document: PlantDocument = serde_json::from_str(text).unwrap();
        load(&document).unwrap().unwrap_err()
    }

    #[test]
    fn a_plant_runs_from_its_file() {
        let document: PlantDocument = serde_json::from_str(PLANT).unwrap();
        let plant = load(&document).unwrap().unwrap();
        assert_eq!(plant.tags(), ["LT-1", "ZT-1"]);
        let mut state: State = plant.start();
        assert_eq!(plant.tag_value(&state, 0), 40.0);
        (0..600).for_each(|_| plant.step(&mut state));
        assert!((plant.tag_value(&state, 0) - 30.0).abs() < 5.0, "{} %", plant.tag_value(&state, 0));
        // The transmitter says the tank is empty: the valve shuts.
        (0..300).for_each(|_| plant.advance(&mut state, Drive::Controlled(&[0.0])));
        assert!(plant.tag_value(&state, 1) < 1.0);
        plant.set_parameter(&mut state, "lv1.forced_pct", 50.0).unwrap();
        (0..10).for_each(|_| plant.step(&mut state));
        assert!(plant.tag_value(&state, 1) > 30.0, "the alias reaches the valve");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_in_the_file() {
        for (from, to, pointer, words) in [
            ("\"kind\": \"tank\"", "\"kind\": \"tanks\"", "/things/0/simulation/", "no component of kind tanks"),
            ("lv-1.inlet", "lv-1.entry", "/relationships/0/ports", "no port lv-1.entry"),
            ("lv-1.outlet", "lv-2.outlet", "/simulation/lines/0", "no port lv-2.outlet"),
            ("tk-1.level_m", "tk-1.height", "/things/0/signals/level/simulation", "no point tk-1.height"),
            ("\"measured\": \"LT-1\"", "\"measured\": \"LT-2\"", "/things/1/simulation/lic", "reads LT-2"),
            ("\"lv-1.forced_pct\"", "\"lv-1.force\"", "/simulation/aliases/lv1.forced_pct", "lv-1.force"),
            ("\"density_kg_m3\": 880", "\"density_kg_m3\": -880", "/simulation/liquids/oil", "oil"),
            ("\"reservoir\" }", "\"reservoir\", \"parameters\": { \"size\": 1 } }", "/simulation/components/drain", "no parameter size"),
        ] {
            let faults = faults_of(&PLANT.replacen(from, to, 1));
            assert!(faults.iter().any(|fault| fault.pointer == pointer && fault.message.contains(words)), "{words}: {faults:?}");
        }
    }
}
