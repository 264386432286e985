//! Whatever can go wrong in a plant that has one component of every kind.

use twin_model::document::PlantDocument;

use super::components::KINDS;
use super::*;

fn plant() -> Plant {
    let document: PlantDocument = serde_json::from_str(include_str!("one_of_each.json")).unwrap();
    load(&document).unwrap().unwrap_or_else(|faults| panic!("{faults:#?}"))
}

fn run(plant: &Plant, state: &mut State, malfunctions: &mut Malfunctions, secs: f64) {
    for _ in 0..(secs / plant.step_secs()) as usize {
        malfunctions.apply(plant, state);
        plant.step(state);
    }
}

fn parameters(plant: &Plant, state: &State) -> Vec<u64> {
    (0..plant.parameters().len()).map(|index| state.parameter(index).to_bits()).collect()
}

#[test]
fn there_is_one_of_each_kind() {
    let document: PlantDocument = serde_json::from_str(include_str!("one_of_each.json")).unwrap();
    let blueprint = blueprint(&document).unwrap();
    let missing: Vec<&str> =
        KINDS.iter().map(|kind| kind.sheet.kind).filter(|kind| !blueprint.components.iter().any(|spec| spec.kind == *kind)).collect();
    assert!(missing.is_empty(), "add to one_of_each.json: {missing:?}");
}

#[test]
fn the_leg_between_a_check_valve_and_a_shut_valve_settles_from_the_first_step() {
    let plant = plant();
    let mut state = plant.start();
    for step in 0..600 {
        plant.step(&mut state);
        assert_eq!(state.trouble(), 0, "in step {step}");
    }
    let (mass, energy) = plant.residual(&mut state);
    assert!(mass < 1e-12 && energy < 1e-12, "{mass}, {energy}");
}

#[test]
fn every_malfunction_of_every_kind_can_be_set_and_cleared_while_the_plant_runs() {
    let plant = plant();
    let mut sound = plant.start();
    run(&plant, &mut sound, &mut Malfunctions::default(), 60.0);
    let healthy = parameters(&plant, &sound);
    for malfunction in plant.malfunctions() {
        let name = &malfunction.parameter;
        let index = plant.parameter(name).unwrap();
        let mut state = sound.clone();
        let mut malfunctions = Malfunctions::default();
        malfunctions.set(&plant, &state, name, MalfunctionTarget::Severity(1.0), (Ramp::Quadratic, 20.0)).unwrap();
        run(&plant, &mut state, &mut malfunctions, 60.0);
        assert_eq!(state.parameter(index), malfunction.worst, "{name}");
        assert_ne!(state.hash(), sound.hash());
        malfunctions.clear(&plant, &state, name, 20.0).unwrap();
        run(&plant, &mut state, &mut malfunctions, 60.0);
        // An input that nobody drives is no number from the start.
        let stays = |(now, before): (&f64, &f64)| now.is_finite() || before.is_nan();
        assert!(state.points().iter().zip(sound.points()).all(stays), "{name}");
        assert_eq!(state.trouble() & FLOWS_UNSETTLED, 0, "{name}");
        let (mass, energy) = plant.residual(&mut state);
        assert!(mass < 1e-9 && energy < 1e-9, "{name}: {mass}, {energy}");
        assert!(parameters(&plant, &state) == healthy, "{name} is not what it was");
    }
}

#[test]
fn severity_goes_from_the_plants_own_sound_value_to_the_worst() {
    let mut text = include_str!("one_of_each.json").to_owned();
    text = text.replacen("\"start_setpoint\": 50", "\"start_setpoint\": 50, \"gain_factor\": 0.5", 1);
    let document: PlantDocument = serde_json::from_str(&text).unwrap();
    let plant = load(&document).unwrap().unwrap();
    for (parameter, severity, expected) in [
        ("strainer.clogged_fraction", 0.5, 0.475),
        ("lic.gain_factor", 0.0, 0.5),
        // In equal shares: from 0.5 to 5, half of it is the geometric mean.
        ("lic.gain_factor", 0.5, 2.5f64.sqrt()),
        ("lic.gain_factor", 1.0, 5.0),
    ] {
        let mut state = plant.start();
        let mut malfunctions = Malfunctions::default();
        malfunctions.set(&plant, &state, parameter, MalfunctionTarget::Severity(severity), (Ramp::Linear, 0.0)).unwrap();
        malfunctions.apply(&plant, &mut state);
        let found = state.parameter(plant.parameter(parameter).unwrap());
        assert!((found - expected).abs() < 1e-12, "{parameter} at {severity}: {found}");
    }
}

#[test]
fn malfunctions_under_way_survive_being_saved() {
    let plant = plant();
    let mut state = plant.start();
    let mut malfunctions = Malfunctions::default();
    malfunctions.set(&plant, &state, "ring.leak_nm3_h", MalfunctionTarget::Severity(0.7), (Ramp::Quadratic, 60.0)).unwrap();
    run(&plant, &mut state, &mut malfunctions, 20.0);
    let (saved, saved_state) = (serde_json::to_string(&malfunctions).unwrap(), serde_json::to_string(&state).unwrap());
    let (mut restored, mut other): (Malfunctions, State) =
        (serde_json::from_str(&saved).unwrap(), serde_json::from_str(&saved_state).unwrap());
    run(&plant, &mut state, &mut malfunctions, 60.0);
    run(&plant, &mut other, &mut restored, 60.0);
    assert!(state == other && malfunctions == restored && !malfunctions.is_growing());
}

#[test]
fn a_plant_file_written_again_describes_the_same_plant() {
    let document: PlantDocument = serde_json::from_str(include_str!("one_of_each.json")).unwrap();
    let written = serde_json::to_string_pretty(&document).unwrap();
    let again: PlantDocument = serde_json::from_str(&written).unwrap();
    assert_eq!(document, again);
    assert_eq!(blueprint(&document), blueprint(&again));
    // A file from before there were simulation blocks says nothing about them when it is written.
    let old =
        r#"{ "format_version": "0.1", "namespace": "demo", "name": "Old", "things": [{ "id": "demo:a", "type": "t", "name": "A" }] }"#;
    let old: PlantDocument = serde_json::from_str(old).unwrap();
    assert!(load(&old).is_none() && !serde_json::to_string(&old).unwrap().contains("simulation"));
}

#[test]
fn no_kind_calls_an_input_like_one_of_its_points() {
    for kind in components::KINDS {
        let clash = kind.inputs.iter().find(|input| kind.sheet.points.iter().any(|point| point.name == input.name));
        assert!(clash.is_none(), "{}: {}", kind.sheet.kind, clash.map_or("", |input| input.name));
    }
}
