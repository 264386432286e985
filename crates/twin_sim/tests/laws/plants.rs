//! Plants to try the laws on, and the comparison of two of them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use twin_sim::flowsheet::{Blueprint, ComponentSpec, Elevation, FLOWS_UNSETTLED, Input, LineSpec, Plant, Setting, State, assemble};

/// How long two plants are compared, half a second each.
pub const STEPS: usize = 60;

pub fn component(name: &str, kind: &str, parameters: &[(&str, f64)], inputs: &[(&str, f64)]) -> ComponentSpec {
    ComponentSpec {
        name: name.to_owned(),
        kind: kind.to_owned(),
        parameters: parameters.iter().map(|(name, value)| ((*name).to_owned(), Setting::Number(*value))).collect(),
        inputs: inputs.iter().map(|(name, value)| ((*name).to_owned(), Input::Constant(*value))).collect(),
        pointer: format!("/{name}"),
        ..ComponentSpec::default()
    }
}

pub fn at(mut spec: ComponentSpec, heights_m: &[(&str, f64)]) -> ComponentSpec {
    spec.elevation_m = Elevation::Ports(heights_m.iter().map(|(port, height)| ((*port).to_owned(), *height)).collect());
    spec
}

pub fn line(from: &str, to: &str) -> LineSpec {
    LineSpec { from: from.to_owned(), to: to.to_owned(), pointer: format!("/{from}>{to}") }
}

/// A number that the plant file gives for a parameter.
pub fn number(spec: &ComponentSpec, parameter: &str) -> f64 {
    match spec.parameters.get(parameter) {
        Some(Setting::Number(value)) => *value,
        other => panic!("{}.{parameter} is {other:?}", spec.name),
    }
}

pub fn set(spec: &mut ComponentSpec, parameter: &str, value: f64) {
    spec.parameters.insert(parameter.to_owned(), Setting::Number(value));
}

/// Another component in its place, at its heights.
pub fn replace(spec: &mut ComponentSpec, kind: &str, parameters: &[(&str, f64)], inputs: &[(&str, f64)]) {
    let elevation_m = spec.elevation_m.clone();
    *spec = ComponentSpec { elevation_m, ..component(&spec.name, kind, parameters, inputs) };
}

pub fn built(blueprint: &Blueprint) -> Plant {
    assemble(blueprint).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

pub fn read(plant: &Plant, state: &State, name: &str) -> f64 {
    state.point(plant.point(name).unwrap_or_else(|| panic!("there is no {name}")))
}

/// The plant after so many steps, every one of them settled.
pub fn after(plant: &Plant, steps: usize) -> State {
    let mut state = plant.start();
    for step in 0..steps {
        plant.step(&mut state);
        assert_eq!(state.trouble() & FLOWS_UNSETTLED, 0, "step {step}");
    }
    state
}

/// Flow below which what flows has no properties to compare, kg/s: the order in which a seat's leakage mixes is left open.
const TRICKLE_KG_S: f64 = 1e-6;

/// Values of all points by name; of a part in which next to nothing flows only that flow.
pub fn values(plant: &Plant, state: &State) -> BTreeMap<String, f64> {
    let flows = |part: &str| plant.point(&format!("{part}.flow_kg_s")).is_none_or(|flow| state.point(flow).abs() > TRICKLE_KG_S);
    let counts = |name: &str| name.ends_with(".flow_kg_s") || name.rsplit_once('.').is_none_or(|(part, _)| flows(part));
    let points = plant.points().iter().filter(|point| counts(&point.name));
    points.map(|point| (point.name.clone(), state.point(point.index))).collect()
}

/// What the difference of a quantity is measured by where it is small itself.
fn yardstick(name: &str) -> f64 {
    match name.rsplit('_').next() {
        Some("pa") => 1e5,
        Some("k") => 300.0,
        Some("w") => 1e3,
        _ => 1.0,
    }
}

/// The largest difference of a quantity that both have, as a share of it or of its yardstick, and its name.
pub fn worst(one: &BTreeMap<String, f64>, other: &BTreeMap<String, f64>) -> (f64, String) {
    let mut worst = (0.0, String::from("nothing"));
    for (name, a) in one {
        let Some(b) = other.get(name) else { continue };
        let share = (a - b).abs() / a.abs().max(b.abs()).max(yardstick(name));
        if share > worst.0 || a.is_nan() != b.is_nan() {
            worst = (share, format!("{name}: {a} and {b}"));
        }
    }
    worst
}

/// The largest difference between two plants after [`STEPS`] steps, see [`worst`].
pub fn difference(plant: &Blueprint, other: &Blueprint) -> (f64, String) {
    let (plant, other) = (built(plant), built(other));
    worst(&values(&plant, &after(&plant, STEPS)), &values(&other, &after(&other, STEPS)))
}

/// Tanks at different heights, lines of several parts from one to another, sources and sinks: nothing runs dry or over.
/// The tanks are `t0` …, the parts of line 2 `l2a`, `l2b` …, the sources and sinks `f0` ….
pub fn any_plant() -> impl Strategy<Value = Blueprint> {
    let tank = (4.0..40.0f64, 2.0..6.0f64, 275.0..370.0f64, 0.0..500.0f64, 0.0..5.0f64, 0.0..10.0f64);
    let part = (0u8..6, 0.0..1.0f64, 0.0..1.0f64);
    let parts = (0usize..5, 1usize..5, prop::collection::vec(part, 1..4), any::<bool>(), any::<bool>());
    let flow = (0usize..5, 0.1..20.0f64, 275.0..370.0f64, 0.0..10.0f64, any::<bool>());
    (prop::collection::vec(tank, 5), prop::collection::vec(parts, 3..9), prop::collection::vec(flow, 1..5)).prop_map(
        |(tanks, lines, flows)| {
            let mut plant = Blueprint::default();
            let mut heights_m = Vec::new();
            for (index, (area, level, temp, loss, height_m, tracer)) in tanks.into_iter().enumerate() {
                let parameters = [
                    ("area_m2", area),
                    ("start_level_m", level),
                    ("start_temp_k", temp),
                    ("wall_loss_w_k", loss),
                    ("start_tracer", tracer),
                    ("rim_m", 20.0),
                ];
                let mut tank = component(&format!("t{index}"), "tank", &parameters, &[]);
                tank.elevation_m = Elevation::All(height_m);
                plant.components.push(tank);
                heights_m.push(height_m);
            }
            for (index, (from, further, parts, from_side, to_top)) in lines.into_iter().enumerate() {
                let to = (from + further) % heights_m.len();
                let count = parts.len();
                let mut end = format!("t{from}.{}", if from_side { "side" } else { "bottom" });
                for (place, (kind, size, shape)) in parts.into_iter().enumerate() {
                    let name = format!("l{index}{}", char::from(b'a' + place as u8));
                    let height_m = |place: usize| heights_m[from] + (heights_m[to] - heights_m[from]) * place as f64 / count as f64;
                    let ends =
                        [("inlet", height_m(place)), ("outlet", if place + 1 == count { heights_m[to] } else { height_m(place + 1) })];
                    plant.components.push(at(any_part(&name, kind, size, shape), &ends));
                    plant.lines.push(line(&end, &format!("{name}.inlet")));
                    end = format!("{name}.outlet");
                }
                plant.lines.push(line(&end, &format!("t{to}.{}", if to_top { "top" } else { "bottom" })));
            }
            for (index, (tank, flow, temp, tracer, into)) in flows.into_iter().enumerate() {
                let name = format!("f{index}");
                if into {
                    plant.components.push(component(&name, "source", &[], &[("flow_kg_s", flow), ("temp_k", temp), ("tracer", tracer)]));
                    plant.lines.push(line(&format!("{name}.outlet"), &format!("t{tank}.top")));
                } else {
                    plant.components.push(component(&name, "sink", &[], &[("flow_kg_s", flow)]));
                    plant.lines.push(line(&format!("t{tank}.bottom"), &format!("{name}.inlet")));
                }
            }
            plant
        },
    )
}

/// Such a plant in which everything may flow both ways, so that no flow is only what a tight seat lets back: how that mixes
/// and what it does in a part that is cut or doubled is left open.
pub fn any_open_plant() -> impl Strategy<Value = Blueprint> {
    any_plant().prop_map(|plant| {
        let mut plant = with_fittings_for(plant, &["check_valve"]);
        plant.lines.iter_mut().for_each(|line| line.to = line.to.replace(".top", ".bottom"));
        plant.lines.iter_mut().for_each(|line| line.from = line.from.replace(".side", ".bottom"));
        plant.components.iter_mut().filter(|spec| spec.kind == "centrifugal_pump").for_each(|spec| set(spec, "non_return", 0.0));
        plant
    })
}

pub fn with_fittings_for(mut plant: Blueprint, kinds: &[&str]) -> Blueprint {
    for spec in plant.components.iter_mut().filter(|spec| kinds.contains(&spec.kind.as_str())) {
        replace(spec, "fitting", &[("loss_pa", 1e4), ("at_m3_h", 20.0)], &[]);
    }
    plant
}

/// Part of a line; `size` and `shape` are within 0 to 1.
fn any_part(name: &str, kind: u8, size: f64, shape: f64) -> ComponentSpec {
    let loss = [("loss_pa", 1e3 + 2e4 * size), ("at_m3_h", 5.0 + 60.0 * shape)];
    match kind {
        0 | 1 => {
            let pipe = [("length_m", 1.0 + 200.0 * size), ("diameter_m", 0.03 + 0.1 * shape), ("fittings", 10.0 * size)];
            component(name, "pipe", &pipe, &[])
        }
        2 => component(name, "fitting", &loss, &[]),
        3 => component(name, "check_valve", &loss, &[]),
        4 => component(name, "valve", &[("kvs_m3_h", 5.0 + 60.0 * shape)], &[("command_pct", 20.0 + 80.0 * size)]),
        _ => {
            let pump = [("shutoff_head_m", 3.0 + 20.0 * size), ("head_fall_m_per_m3_h2", 1e-3 + 1e-2 * shape), ("best_flow_m3_h", 30.0)];
            component(name, "centrifugal_pump", &pump, &[])
        }
    }
}
