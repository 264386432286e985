//! How fast the error of a step falls with its length, against solutions on paper: first order wherever a component's sheet
//! says that it is integrated at the step, none at all where it says that a step is exact.

use twin_sim::flowsheet::{Blueprint, ComponentSpec, GRAVITY_M_S2, Plant, State};
use twin_sim::fluid::DescribedLiquid;

use super::plants::{built, component, line, read};

const DENSITY_KG_M3: f64 = 900.0;
const CP_J_KG_K: f64 = 2000.0;
const VISCOSITY_PA_S: f64 = 0.5;

/// A plant with a liquid that does not change with its temperature.
fn plant(step_secs: f64, mut components: Vec<ComponentSpec>, lines: &[(&str, &str)]) -> Plant {
    components.iter_mut().for_each(|spec| spec.liquid = Some("oil".to_owned()));
    built(&Blueprint {
        step_secs,
        liquids: [("oil".to_owned(), DescribedLiquid::constant(DENSITY_KG_M3, CP_J_KG_K, VISCOSITY_PA_S))].into(),
        components,
        lines: lines.iter().map(|(from, to)| line(from, to)).collect(),
        ..Blueprint::default()
    })
}

fn run(plant: &Plant, state: &mut State, secs: f64) {
    (0..(secs / plant.step_secs()).round() as usize).for_each(|_| plant.step(state));
}

/// The error halves with the step, and two results carried on to a step of zero meet what is exact.
fn assert_first_order(exact: f64, longest_secs: f64, result: impl Fn(f64) -> f64) {
    let results: Vec<f64> = (0..4).map(|halvings| result(longest_secs / f64::from(1 << halvings))).collect();
    let errors: Vec<f64> = results.iter().map(|result| (result - exact).abs()).collect();
    for pair in errors.windows(2) {
        let order = libm::log2(pair[0] / pair[1]);
        assert!((order - 1.0).abs() < 0.1, "order {order}: errors {errors:?} of {exact}");
    }
    let extrapolated = 2.0 * results[3] - results[2];
    assert!((extrapolated / exact - 1.0).abs() < 1e-6, "{extrapolated} for {exact}: errors {errors:?}");
}

#[test]
fn a_tank_drains_through_a_fitting_as_torricelli_says() {
    let (area_m2, start_m, secs) = (2.0, 4.0_f64, 128.0);
    // √h falls in a straight line: Q = Q_at·√(ρ·g·h/loss) when the loss is given at the density of the liquid.
    let m3_s_per_root_m = 50.0 / 3600.0 * (DENSITY_KG_M3 * GRAVITY_M_S2 / 1e4).sqrt();
    let root = start_m.sqrt() - 0.5 * m3_s_per_root_m / area_m2 * secs;
    assert_first_order(root * root, 0.25, |step_secs| {
        let tank = component("tank", "tank", &[("area_m2", area_m2), ("start_level_m", start_m)], &[]);
        let fitting = component("x", "fitting", &[("loss_pa", 1e4), ("at_m3_h", 50.0), ("at_kg_m3", DENSITY_KG_M3)], &[]);
        let components = vec![tank, fitting, component("out", "reservoir", &[], &[])];
        let plant = plant(step_secs, components, &[("tank.bottom", "x.inlet"), ("x.outlet", "out.port")]);
        let mut state = plant.start();
        run(&plant, &mut state, secs);
        read(&plant, &state, "tank.level_m")
    });
}

#[test]
fn two_tanks_find_one_level_through_a_slow_pipe_as_hagen_and_poiseuille_say() {
    let (diameter_m, length_m, area_m2, secs) = (0.1_f64, 10.0, [2.0, 3.0], 256.0);
    let m3_s_per_pa = core::f64::consts::PI * diameter_m * diameter_m * diameter_m * diameter_m / (128.0 * VISCOSITY_PA_S * length_m);
    let rate_1_s = m3_s_per_pa * DENSITY_KG_M3 * GRAVITY_M_S2 * (1.0 / area_m2[0] + 1.0 / area_m2[1]);
    assert_first_order(2.0 * libm::exp(-rate_1_s * secs), 0.5, |step_secs| {
        let tank = |name, area_m2, level_m| component(name, "tank", &[("area_m2", area_m2), ("start_level_m", level_m)], &[]);
        let pipe = component("pipe", "pipe", &[("length_m", length_m), ("diameter_m", diameter_m)], &[]);
        let components = vec![tank("a", area_m2[0], 4.0), tank("b", area_m2[1], 2.0), pipe];
        let plant = plant(step_secs, components, &[("a.bottom", "pipe.inlet"), ("pipe.outlet", "b.bottom")]);
        let mut state = plant.start();
        run(&plant, &mut state, secs);
        read(&plant, &state, "a.level_m") - read(&plant, &state, "b.level_m")
    });
}

#[test]
fn a_tank_cools_as_newton_says() {
    let (loss_w_k, secs) = (2000.0, 1024.0);
    let capacity_j_k = 1.0 * 2.0 * DENSITY_KG_M3 * CP_J_KG_K;
    assert_first_order(60.0 * libm::exp(-loss_w_k * secs / capacity_j_k), 2.0, |step_secs| {
        let parameters = [("area_m2", 1.0), ("start_level_m", 2.0), ("start_temp_k", 353.15), ("wall_loss_w_k", loss_w_k)];
        let plant = plant(step_secs, vec![component("tank", "tank", &parameters, &[("ambient_k", 293.15)])], &[]);
        let mut state = plant.start();
        run(&plant, &mut state, secs);
        read(&plant, &state, "tank.temp_k") - 293.15
    });
}

#[test]
fn a_tracer_washes_out_of_a_stirred_tank_exponentially() {
    let (flow_kg_s, secs) = (2.0, 1024.0);
    assert_first_order(100.0 * libm::exp(-flow_kg_s * secs / (2.0 * DENSITY_KG_M3)), 1.0, |step_secs| {
        let components = vec![
            component("tank", "tank", &[("area_m2", 1.0), ("start_level_m", 2.0), ("start_tracer", 100.0)], &[]),
            component("feed", "source", &[], &[("flow_kg_s", flow_kg_s)]),
            component("draw", "sink", &[], &[("flow_kg_s", flow_kg_s)]),
        ];
        let plant = plant(step_secs, components, &[("feed.outlet", "tank.top"), ("tank.bottom", "draw.inlet")]);
        let mut state = plant.start();
        run(&plant, &mut state, secs);
        read(&plant, &state, "tank.tracer")
    });
}

#[test]
fn a_valve_follows_its_command_with_a_lag_of_first_order() {
    let (lag_secs, secs) = (1.5, 2.0);
    assert_first_order(50.0 * (1.0 - libm::exp(-secs / lag_secs)), 1.0 / 256.0, |step_secs| {
        let parameters = [("kvs_m3_h", 10.0), ("lag_secs", lag_secs), ("rate_pct_s", 1e4)];
        let plant = plant(step_secs, vec![component("valve", "valve", &parameters, &[("command_pct", 50.0)])], &[]);
        let mut state = plant.start();
        run(&plant, &mut state, secs);
        read(&plant, &state, "valve.position_pct")
    });
}

#[test]
fn a_transmitter_that_sees_a_ramp_lags_behind_it_with_an_error_of_first_order() {
    // The level of a tank that is filled evenly is a ramp at any step: long after the start the reading is rate·lag behind.
    let (flow_kg_s, lag_secs, secs) = (0.9, 8.0, 512.0);
    assert_first_order(flow_kg_s / DENSITY_KG_M3 * lag_secs, 1.0 / 64.0, |step_secs| {
        let mut sensor = component("sensor", "sensor", &[("lag_secs", lag_secs)], &[]);
        sensor.inputs.insert("value".to_owned(), twin_sim::flowsheet::Input::Point("tank.level_m".to_owned()));
        let components = vec![
            component("tank", "tank", &[("area_m2", 1.0), ("start_level_m", 2.0)], &[]),
            component("feed", "source", &[], &[("flow_kg_s", flow_kg_s)]),
            sensor,
        ];
        let plant = plant(step_secs, components, &[("feed.outlet", "tank.top")]);
        let mut state = plant.start();
        run(&plant, &mut state, secs);
        read(&plant, &state, "tank.level_m") - read(&plant, &state, "sensor.reading")
    });
}

#[test]
fn a_transmitter_is_exact_at_any_step_while_its_value_stands_still() {
    for step_secs in [0.01, 0.5, 10.0, 40.0] {
        let plant = plant(step_secs, vec![component("sensor", "sensor", &[("lag_secs", 8.0)], &[("value", 0.0)])], &[]);
        let mut state = plant.start();
        plant.set_input(&mut state, "sensor.value", 100.0).unwrap();
        run(&plant, &mut state, 40.0);
        let exact = 100.0 * (1.0 - libm::exp(-5.0));
        let found = read(&plant, &state, "sensor.reading");
        assert!((found / exact - 1.0).abs() < 1e-12, "{found} for {exact} in steps of {step_secs} s");
    }
}
