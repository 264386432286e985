//! Exchangers and towers against figures known from paper and from the data sheets of Unit 100.

use crate::flowsheet::tests::{component, read, with_inputs};
use crate::flowsheet::{Blueprint, ComponentSpec, LineSpec, Plant, Setting, State, assemble};
use proptest::prelude::*;

/// E-101 of Unit 100.
const E101: &[(&str, f64)] = &[
    ("area_m2", 160.6),
    ("shell_film_w_m2_k", 2600.0),
    ("shell_at_kg_s", 24.8),
    ("tube_film_w_m2_k", 9838.0),
    // 2.35 m/s in 220 tubes of 14.83 mm at 996.8 kg/m³.
    ("tube_at_kg_s", 89.02),
    ("tube_warmth_1_k", 0.015),
    ("surface_ratio", 19.05 / 14.83),
    ("wall_m2k_w", 1.49e-4),
    ("shell_loss_pa", 55_000.0),
    ("tube_loss_pa", 27_000.0),
    ("shell_lag_secs", 22.5),
];

fn choice(mut spec: ComponentSpec, name: &str, value: &str) -> ComponentSpec {
    spec.parameters.insert(name.to_owned(), Setting::Text(value.to_owned()));
    spec
}

/// An exchanger between two streams of given flow and temperature.
fn between(exchanger: ComponentSpec, shell: (f64, f64), tube: (f64, f64)) -> Plant {
    between_ends(exchanger, shell, tube, 101_325.0)
}

/// The same with the pressure behind the shell, Pa.
fn between_ends(exchanger: ComponentSpec, shell: (f64, f64), tube: (f64, f64), shell_end_pa: f64) -> Plant {
    let source =
        |name: &str, (kg_s, temp_k): (f64, f64)| with_inputs(component(name, "source", &[]), &[("flow_kg_s", kg_s), ("temp_k", temp_k)]);
    let components = vec![
        exchanger,
        source("hot", shell),
        source("cold", tube),
        component("after", "heater", &[]),
        component("leak", "leak", &[]),
        with_inputs(component("shell_end", "reservoir", &[]), &[("pressure_pa", shell_end_pa)]),
        component("beyond", "heater", &[("loss_pa", 50_000.0), ("at_kg_s", 84.0)]),
        component("tube_end", "reservoir", &[]),
    ];
    let line = |from: &str, to: &str| LineSpec { from: from.to_owned(), to: to.to_owned(), pointer: String::new() };
    let lines = vec![
        line("hot.outlet", "e.shell_in"),
        line("e.shell_out", "after.inlet"),
        line("after.outlet", "shell_end.port"),
        line("cold.outlet", "e.tube_in"),
        line("e.tube_out", "beyond.inlet"),
        line("beyond.outlet", "tube_end.port"),
        line("e.tube_out", "leak.from"),
        line("leak.to", "e.shell_out"),
    ];
    assemble(&Blueprint { components, lines, ..Blueprint::default() }).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn settled(plant: &Plant) -> State {
    let mut state = plant.start();
    (0..2000).for_each(|_| plant.step(&mut state));
    state
}

#[test]
fn the_cooler_of_unit_100_has_the_figures_of_its_data_sheet() {
    let plant = between(component("e", "heat_exchanger", E101), (89_303.0 / 3600.0, 358.12), (302_864.0 / 3600.0, 299.18));
    let state = settled(&plant);
    let near = |name: &str, expected: f64, share: f64| {
        let found = read(&plant, &state, name);
        assert!((found / expected - 1.0).abs() < share, "{name}: {found} for {expected}");
    };
    near("e.ua_w_k", 212_700.0, 0.01);
    near("e.effectiveness", 0.764, 0.01);
    near("e.duty_w", 4.672e6, 0.01);
    near("e.shell_out_k", 313.15, 0.002);
    near("e.tube_side_out_k", 312.5, 0.002);
    near("e.shell_loss_now_pa", 55_000.0, 0.01);
}

#[test]
fn counterflow_gives_what_its_closed_form_says() {
    let mut parameters = E101.to_vec();
    parameters.extend([("shell_power", 0.0), ("tube_power", 0.0)]);
    parameters.retain(|(name, _)| *name != "tube_warmth_1_k");
    let plant = between(choice(component("e", "heat_exchanger", &parameters), "arrangement", "counter"), (10.0, 350.0), (10.0, 300.0));
    let state = settled(&plant);
    let ua = 160.6 / (1.0 / 2600.0 + 1.49e-4 + 19.05 / 14.83 / 9838.0 + 1e-4);
    assert!((read(&plant, &state, "e.ua_w_k") / ua - 1.0).abs() < 1e-12);
    let water = crate::fluid::Liquid::Water;
    let mean = |inlet_k: f64, outlet: &str| 0.5 * (inlet_k + read(&plant, &state, outlet));
    let hot = 10.0 * water.cp_j_kg_k(mean(350.0, "e.shell_side_out_k"));
    let cold = 10.0 * water.cp_j_kg_k(mean(300.0, "e.tube_side_out_k"));
    let (least, most) = (hot.min(cold), hot.max(cold));
    let decay = libm::exp(-ua / least * (1.0 - least / most));
    let duty = (1.0 - decay) / (1.0 - least / most * decay) * least * 50.0;
    assert!((read(&plant, &state, "e.duty_w") / duty - 1.0).abs() < 1e-6);
}

#[test]
fn a_leaking_tube_brings_the_other_water_into_the_shell_and_the_other_way_round() {
    // 0.5 bar behind the tubes; behind the shell nothing, then 3 bar.
    for (shell_end_pa, into_shell) in [(101_325.0, true), (4e5, false)] {
        let plant = between_ends(component("e", "heat_exchanger", E101), (24.8, 358.0), (84.0, 299.0), shell_end_pa);
        let mut state = plant.start();
        plant.set_input(&mut state, "cold.tracer", 1500.0).unwrap();
        (0..20).for_each(|_| plant.step(&mut state));
        assert_eq!(read(&plant, &state, "leak.flow_kg_s"), 0.0, "sound tubes");
        plant.set_parameter(&mut state, "leak.leak_kv_m3_h", 2.0).unwrap();
        (0..400).for_each(|_| plant.step(&mut state));
        let leak = read(&plant, &state, "leak.flow_kg_s");
        assert!(if into_shell { leak > 0.05 } else { leak < -0.05 }, "{leak} kg/s");
        let expected = 1500.0 * leak.max(0.0) / (leak.max(0.0) + 24.8);
        assert!((read(&plant, &state, "after.flow_in_tracer") - expected).abs() < 1e-6);
        let (mass, energy) = plant.residual(&mut state);
        assert!(mass < 1e-12 && energy < 1e-9, "{mass} {energy}");
    }
}

#[test]
fn the_tower_of_unit_100_cools_as_its_balance_says() {
    let weather = with_inputs(component("w", "weather", &[]), &[("dry_bulb_k", 295.15), ("relative_humidity_pct", 61.0)]);
    let mut tower = component("t", "cooling_tower", &[("spray_at_kg_s", 110.7), ("drift_share", 1.01e-4)]);
    tower.inputs.insert("air_kg_s".to_owned(), crate::flowsheet::Input::Constant(69.39));
    tower.inputs.insert("wet_bulb_k".to_owned(), crate::flowsheet::Input::Point("w.wet_bulb_k".to_owned()));
    let source = with_inputs(component("in", "source", &[]), &[("flow_kg_s", 306_853.0 / 3600.0), ("temp_k", 273.15 + 39.24)]);
    let line = |from: &str, to: &str| LineSpec { from: from.to_owned(), to: to.to_owned(), pointer: String::new() };
    let plant = assemble(&Blueprint {
        components: vec![weather, tower, source, component("basin", "reservoir", &[])],
        lines: vec![line("in.outlet", "t.inlet"), line("t.outlet", "basin.port")],
        ..Blueprint::default()
    })
    .unwrap();
    let state = settled(&plant);
    assert!((read(&plant, &state, "w.wet_bulb_k") - 290.15).abs() < 0.1);
    assert!((read(&plant, &state, "t.water_out_k") - 299.15).abs() < 0.2, "{}", read(&plant, &state, "t.water_out_k"));
    assert!((read(&plant, &state, "t.duty_w") / 4.7244e6 - 1.0).abs() < 0.02);
    assert!((read(&plant, &state, "t.evaporation_kg_s") * 3600.0 / 5653.0 - 1.0).abs() < 0.03);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn heat_is_never_lost_between_the_streams(
        shell in (0.0..60.0f64, 280.0..370.0f64),
        tube in (0.0..200.0f64, 280.0..370.0f64),
        fouling in 0.0..2e-3f64,
        arrangement in 0usize..4,
    ) {
        let mut parameters = E101.to_vec();
        parameters.push(("fouling_m2k_w", fouling));
        let words = ["shell_and_tube", "counter", "parallel", "cross"];
        let plant = between(choice(component("e", "heat_exchanger", &parameters), "arrangement", words[arrangement]), shell, tube);
        let mut state = plant.start();
        for step in 0..1000 {
            if step == 500 {
                plant.set_input(&mut state, "hot.flow_kg_s", tube.0 * 0.3).unwrap();
            }
            plant.step(&mut state);
        }
        let (mass, energy) = plant.residual(&mut state);
        prop_assert!(mass < 1e-9 && energy < 1e-9, "{mass}, {energy}");
        prop_assert!(state.points().iter().all(|value| value.is_finite()));
    }
}
