//! Pipes: laws of friction, what the wall loses, what comes out and when.

use crate::flowsheet::tests::{component, read, with_inputs};
use crate::flowsheet::{Blueprint, ComponentSpec, LineSpec, Plant, Setting, State, assemble};
use crate::fluid::Liquid;

const LENGTH_M: f64 = 200.0;
const DIAMETER_M: f64 = 0.1;
const FLOW_KG_S: f64 = 5.0;
const FED_K: f64 = 350.0;

fn line(from: &str, to: &str) -> LineSpec {
    LineSpec { from: from.to_owned(), to: to.to_owned(), ..LineSpec::default() }
}

/// What is fed goes through the pipe into a large tank.
fn plant(kind: &str, friction: &str, more: &[(&str, f64)]) -> Plant {
    let mut pipe = component("pipe", kind, &[("length_m", LENGTH_M), ("diameter_m", DIAMETER_M)]);
    pipe.parameters.extend(more.iter().map(|(name, value)| ((*name).to_owned(), Setting::Number(*value))));
    if !friction.is_empty() {
        pipe.parameters.insert("friction".to_owned(), Setting::Text(friction.to_owned()));
    }
    let components: Vec<ComponentSpec> = vec![
        with_inputs(component("feed", "source", &[]), &[("flow_kg_s", FLOW_KG_S), ("temp_k", FED_K), ("tracer", 7.0)]),
        with_inputs(pipe, &[("ambient_k", 280.0)]),
        component("tank", "tank", &[("area_m2", 1e4), ("rim_m", 100.0), ("start_level_m", 1.0)]),
    ];
    let lines = vec![line("feed.outlet", "pipe.inlet"), line("pipe.outlet", "tank.top")];
    assemble(&Blueprint { components, lines, ..Blueprint::default() }).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn run(plant: &Plant, secs: f64) -> State {
    let mut state = plant.start();
    (0..(secs / plant.step_secs()) as usize).for_each(|_| plant.step(&mut state));
    state
}

#[test]
fn every_law_of_friction_loses_what_its_formula_says() {
    let density = Liquid::Water.density_kg_m3(FED_K);
    let flow_m3_s = FLOW_KG_S / density;
    let metre_pa = density * 9.80665;
    let hazen_m = 10.667 * LENGTH_M * libm::pow(flow_m3_s / 130.0, 1.852) / libm::pow(DIAMETER_M, 4.871);
    let manning_m =
        libm::pow(4.0, 10.0 / 3.0) / 9.869_604_401 * 0.012 * 0.012 * LENGTH_M * flow_m3_s * flow_m3_s / libm::pow(DIAMETER_M, 16.0 / 3.0);
    let lost_pa = |friction: &str| {
        let plant = plant("pipe", friction, &[]);
        let state = run(&plant, 5.0);
        read(&plant, &state, "pipe.inlet_pa") - read(&plant, &state, "pipe.outlet_pa")
    };
    for (friction, expected_m, share) in [("hazen_williams", hazen_m, 1e-6), ("chezy_manning", manning_m, 1e-6)] {
        let lost = lost_pa(friction);
        assert!((lost / (expected_m * metre_pa) - 1.0).abs() < share, "{friction}: {lost} Pa for {}", expected_m * metre_pa);
    }
    let (explicit, exact) = (lost_pa("swamee_jain"), lost_pa("colebrook"));
    assert!((explicit / exact - 1.0).abs() < 0.01 && explicit != exact, "{explicit} and {exact} Pa");
}

#[test]
fn a_wall_that_loses_heat_cools_as_its_closed_form_says() {
    // A long pipe cools plug by plug.
    for (kind, within_k) in [("pipe", 0.01), ("long_pipe", 0.1)] {
        let plant = plant(kind, "", &[("wall_loss_w_m_k", 20.0)]);
        let mut state = run(&plant, 3600.0);
        let out_k = read(&plant, &state, "pipe.flow_out_k");
        let ratio = 20.0 * LENGTH_M / FLOW_KG_S;
        // The heat capacity changes by a few parts in a thousand on the way.
        let expected = [FED_K, out_k].map(|at_k| 280.0 + (FED_K - 280.0) * libm::exp(-ratio / Liquid::Water.cp_j_kg_k(at_k)));
        let (low, high) = (expected[0].min(expected[1]), expected[0].max(expected[1]));
        assert!(out_k > low - within_k && out_k < high + within_k, "{kind}: {out_k} K, expected {expected:?}");
        let (mass, energy) = plant.residual(&mut state);
        assert!(mass < 1e-9 && energy < 1e-9, "{kind}: {mass} {energy}");
    }
}

#[test]
fn a_long_pipe_gives_out_what_it_was_fed_a_volume_ago() {
    let plant = plant("long_pipe", "", &[]);
    let mut state = plant.start();
    let held_kg = core::f64::consts::FRAC_PI_4 * DIAMETER_M * DIAMETER_M * LENGTH_M * Liquid::Water.density_kg_m3(293.15);
    let delay_secs = held_kg / FLOW_KG_S;
    let mut arrived = None;
    while arrived.is_none() && plant.time_secs(&state) < 2.0 * delay_secs {
        let before = read(&plant, &state, "pipe.flow_out_k");
        plant.step(&mut state);
        let (temp_k, tracer) = (read(&plant, &state, "pipe.flow_out_k"), read(&plant, &state, "pipe.flow_out_tracer"));
        if temp_k > 0.5 * (FED_K + 293.15) {
            arrived = Some(plant.time_secs(&state));
            assert!(tracer > 3.0, "temperature and tracer travel together: {tracer}");
        } else {
            assert!(before < 293.15 + 0.01 * (FED_K - 293.15) || temp_k >= before, "a front does not come back");
        }
    }
    let arrived = arrived.unwrap_or(f64::NAN);
    assert!((arrived / delay_secs - 1.0).abs() < 0.04, "after {arrived} s, expected {delay_secs}");
    assert!((read(&plant, &state, "pipe.delay_secs") / delay_secs - 1.0).abs() < 1e-3);
    let (mass, energy) = plant.residual(&mut state);
    assert!(mass < 1e-9 && energy < 1e-9, "{mass} {energy}");
}

#[test]
fn a_long_pipe_gives_back_at_the_same_end_what_it_took_last_when_the_flow_turns() {
    // Two reservoirs; the pressure of one moves the water to and fro, then it stands.
    let pipe = component("pipe", "long_pipe", &[("length_m", 50.0), ("diameter_m", 0.05), ("start_temp_k", 300.0)]);
    let components = vec![
        with_inputs(component("hot", "reservoir", &[]), &[("pressure_pa", 1.5e5), ("temp_k", 350.0)]),
        pipe,
        with_inputs(component("cold", "reservoir", &[]), &[("pressure_pa", 1.2e5), ("temp_k", 280.0)]),
    ];
    let lines = vec![line("hot.port", "pipe.inlet"), line("pipe.outlet", "cold.port")];
    let plant = assemble(&Blueprint { components, lines, ..Blueprint::default() }).unwrap();
    let mut state = plant.start();
    for (pressure_pa, steps) in [(1.5e5, 300), (1.0e5, 500), (1.2e5, 50), (1.5e5, 700)] {
        plant.set_input(&mut state, "hot.pressure_pa", pressure_pa).unwrap();
        for _ in 0..steps {
            plant.step(&mut state);
            let mean_k = read(&plant, &state, "pipe.mean_k");
            assert!((279.999..=350.001).contains(&mean_k), "{mean_k} K");
        }
        let (mass, energy) = plant.residual(&mut state);
        assert!(mass < 1e-9 && energy < 1e-9, "{mass} {energy}");
    }
    assert!(read(&plant, &state, "pipe.mean_k") > 349.0, "it is full of hot water in the end");
}
