//! Pumps, drives, valves and what goes with them, against their data sheets and the plant they were taken from.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::command::{DriveState, Refusal};
use crate::flowsheet::{Blueprint, ComponentSpec, Drive, Elevation, Input, LineSpec, Plant, Request, Setting, State, TagSpec, assemble};

fn spec(name: &str, kind: &str, parameters: &[(&str, f64)], inputs: &[(&str, f64)]) -> ComponentSpec {
    ComponentSpec {
        name: name.to_owned(),
        kind: kind.to_owned(),
        parameters: parameters.iter().map(|(name, value)| ((*name).to_owned(), Setting::Number(*value))).collect(),
        inputs: inputs.iter().map(|(name, value)| ((*name).to_owned(), Input::Constant(*value))).collect(),
        elevation_m: Elevation::All(0.0),
        ..ComponentSpec::default()
    }
}

fn plant(components: Vec<ComponentSpec>, lines: &[(&str, &str)]) -> Plant {
    let line = |(from, to): &(&str, &str)| LineSpec { from: (*from).to_owned(), to: (*to).to_owned(), pointer: String::new() };
    let blueprint = Blueprint { components, lines: lines.iter().map(line).collect(), ..Blueprint::default() };
    assemble(&blueprint).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn read(plant: &Plant, state: &State, name: &str) -> f64 {
    state.point(plant.point(name).unwrap_or_else(|| panic!("there is no {name}")))
}

const P101: [(&str, f64); 7] = [
    ("shutoff_head_m", 39.0),
    ("head_fall_m_per_m3_h2", 7e-4),
    ("best_efficiency", 0.76),
    ("best_flow_m3_h", 105.0),
    ("npsh_zero_m", 2.0),
    ("npsh_rise_m_per_m3_h2", 1.6e-4),
    ("worn_friction_w", 600.0),
];

const HOT_K: f64 = 358.15;
const HOT_KG_M3: f64 = 968.6;

/// A pump between a hot pool at a pressure and a draw.
fn pumping(pump: ComponentSpec, pool_pa: f64, flow_m3_h: f64) -> (Plant, State) {
    let pool = spec("pool", "reservoir", &[], &[("pressure_pa", pool_pa), ("temp_k", HOT_K)]);
    let draw = spec("draw", "sink", &[], &[("flow_kg_s", flow_m3_h / 3600.0 * HOT_KG_M3)]);
    let plant = plant(vec![pool, pump, draw], &[("pool.port", "p.inlet"), ("p.outlet", "draw.inlet")]);
    let state = plant.start();
    (plant, state)
}

fn run(plant: &Plant, state: &mut State, secs: f64) {
    (0..(secs / plant.step_secs()) as usize).for_each(|_| plant.step(state));
}

#[test]
fn p101_answers_the_rows_of_its_data_sheet_and_the_affinity_laws() {
    for (flow, head, kw, npsh) in
        [(30.0, 38.4, 8.2, 2.1), (60.0, 36.5, 9.3, 2.6), (90.0, 33.3, 10.6, 3.3), (100.0, 32.0, 11.1, 3.6), (140.0, 25.3, 13.8, 5.1)]
    {
        let (plant, mut state) = pumping(spec("p", "centrifugal_pump", &P101, &[]), 3e5, flow);
        run(&plant, &mut state, 2.0);
        assert!((read(&plant, &state, "p.flow_m3_h") - flow).abs() < 0.02);
        assert!((read(&plant, &state, "p.head_m") - head).abs() < 0.06, "{flow} m³/h: {}", read(&plant, &state, "p.head_m"));
        assert!((read(&plant, &state, "p.shaft_w") / 1e3 - kw).abs() < 0.06, "{flow} m³/h: {}", read(&plant, &state, "p.shaft_w"));
        assert!((read(&plant, &state, "p.npsh_required_m") - npsh).abs() < 0.06, "{flow} m³/h");
    }
    let at = |speed: f64, name: &str| {
        let (plant, mut state) = pumping(spec("p", "centrifugal_pump", &P101, &[("speed", speed)]), 3e5, 100.0 * speed);
        run(&plant, &mut state, 2.0);
        read(&plant, &state, name)
    };
    for (name, ratio) in [("p.head_m", 0.49), ("p.shaft_w", 0.343), ("p.npsh_required_m", 0.49), ("p.efficiency", 1.0)] {
        assert!((at(0.7, name) / at(1.0, name) / ratio - 1.0).abs() < 1e-4, "{name}");
    }
}

#[test]
fn a_pump_with_a_table_has_the_heads_of_its_rows() {
    let mut pump = spec("p", "centrifugal_pump", &[("best_flow_m3_h", 105.0)], &[]);
    let rows = vec![vec![0.0, 39.0], vec![60.0, 36.5], vec![100.0, 32.0], vec![140.0, 25.3]];
    pump.parameters.insert("head_curve".to_owned(), Setting::Table(rows));
    let (plant, mut state) = pumping(pump, 3e5, 80.0);
    run(&plant, &mut state, 2.0);
    assert!((read(&plant, &state, "p.head_m") - 34.25).abs() < 0.01, "{}", read(&plant, &state, "p.head_m"));
}

#[test]
fn a_starved_pump_cavitates_and_loses_its_head_within_seconds() {
    // The normal point of P-101: 0.224 barg at the suction, 6.95 m available, 3.12 m required.
    let pump = || spec("p", "centrifugal_pump", &P101, &[("speed", 0.938)]);
    let (plant, mut state) = pumping(pump(), 1.237e5, 92.19);
    run(&plant, &mut state, 30.0);
    assert!((read(&plant, &state, "p.npsh_available_m") - 6.95).abs() < 0.05, "{}", read(&plant, &state, "p.npsh_available_m"));
    assert!((read(&plant, &state, "p.npsh_required_m") - 3.12).abs() < 0.01);
    assert_eq!(read(&plant, &state, "p.cavitation"), 0.0);
    let sound_m = read(&plant, &state, "p.head_m");
    assert!((sound_m - 28.4).abs() < 0.05 && (read(&plant, &state, "p.shaft_w") - 9110.0).abs() < 30.0, "{sound_m}");
    plant.set_input(&mut state, "pool.pressure_pa", 1.237e5 - 4e4).unwrap();
    let ratio = |plant: &Plant, state: &State| read(plant, state, "p.npsh_ratio");
    run(&plant, &mut state, 60.0);
    let expected = 1.0 - (0.03 * libm::exp(10.0 * (1.0 - ratio(&plant, &state)))).min(0.6);
    assert!((read(&plant, &state, "p.head_m") / sound_m - expected).abs() < 1e-3 && expected < 0.98, "{expected}");
    assert!(read(&plant, &state, "p.cavitation") > 0.8);
}

/// Two pools at 1 and 3 bar, the pump standing between them against the higher one.
fn standing(parameters: &[(&str, f64)], inputs: &[(&str, f64)]) -> (Plant, State) {
    let low = spec("low", "reservoir", &[], &[("pressure_pa", 1e5), ("temp_k", HOT_K)]);
    let high = spec("high", "reservoir", &[], &[("pressure_pa", 3.5e5), ("temp_k", HOT_K)]);
    let all: Vec<(&str, f64)> = P101.iter().chain(parameters).copied().collect();
    let pump = spec("p", "centrifugal_pump", &all, inputs);
    let plant = plant(vec![low, high, pump], &[("low.port", "p.inlet"), ("p.outlet", "high.port")]);
    let mut state = plant.start();
    run(&plant, &mut state, 5.0);
    (plant, state)
}

#[test]
fn a_standing_pump_lets_back_what_its_non_return_valve_leaks() {
    let back = |parameters: &[(&str, f64)]| {
        let (plant, state) = standing(parameters, &[("speed", 0.0)]);
        -read(&plant, &state, "p.flow_m3_h")
    };
    assert!(back(&[]).abs() < 1e-4);
    assert!((back(&[("check_valve_leak_m3_h", 8.0)]) - 8.0).abs() < 0.05, "{}", back(&[("check_valve_leak_m3_h", 8.0)]));
    assert!(back(&[("non_return", 0.0)]) > 150.0);
}

#[test]
fn a_pump_without_prime_gives_nothing_and_a_worn_seal_leaks_outside_with_the_balance_closed() {
    let (plant, state) = standing(&[], &[("prime", 0.0)]);
    assert!(read(&plant, &state, "p.flow_m3_h").abs() < 1e-3);
    let tank = |name: &str| spec(name, "tank", &[("area_m2", 5.0), ("start_level_m", 4.0), ("start_temp_k", 330.0)], &[]);
    let pump = spec("p", "centrifugal_pump", &P101, &[]);
    let seal = spec("s", "seal", &[("seal_wear", 1.0), ("new_leak_kg_s", 1e-5)], &[("speed", 1.0)]);
    let valve = spec("v", "valve", &[("kvs_m3_h", 80.0), ("start_pct", 100.0)], &[("command_pct", 70.0)]);
    let lines = [("a.bottom", "p.inlet"), ("p.outlet", "v.inlet"), ("p.outlet", "s.chamber"), ("v.outlet", "b.top")];
    let plant = self::plant(vec![tank("a"), tank("b"), seal, pump, valve], &lines);
    let mut state = plant.start();
    run(&plant, &mut state, 300.0);
    assert!((read(&plant, &state, "s.rated_leak_kg_s") / (1e-5 * 31.0 * 31.0 * 31.0) - 1.0).abs() < 1e-12);
    let gauge_pa = read(&plant, &state, "s.chamber_pa") - 101_325.0;
    let leaks = read(&plant, &state, "s.rated_leak_kg_s") * (gauge_pa / 3e5).sqrt();
    assert!((read(&plant, &state, "s.leak_kg_s") / leaks - 1.0).abs() < 1e-3 && leaks > 0.2, "{leaks}");
    let (mass, energy) = plant.residual(&mut state);
    assert!(mass < 1e-12 && energy < 1e-12, "{mass}, {energy}");
}

#[test]
fn a_displacement_pump_hardly_minds_the_pressure_until_it_relieves() {
    let flow = |pressure_pa: f64| {
        let low = spec("low", "reservoir", &[], &[("pressure_pa", 1e5)]);
        let high = spec("high", "reservoir", &[], &[("pressure_pa", 1e5 + pressure_pa)]);
        let data = [("displacement_m3_h", 10.0), ("slip_per_bar", 0.005), ("relief_pa", 12e5)];
        let pump = spec("p", "positive_displacement_pump", &data, &[("speed", 0.8)]);
        let plant = plant(vec![low, high, pump], &[("low.port", "p.inlet"), ("p.outlet", "high.port")]);
        let mut state = plant.start();
        run(&plant, &mut state, 2.0);
        [read(&plant, &state, "p.flow_m3_h"), read(&plant, &state, "p.relieving"), read(&plant, &state, "p.shaft_w")]
    };
    assert!((flow(0.0)[0] - 8.0).abs() < 1e-6 && (flow(1e6)[0] - 7.5).abs() < 1e-6, "{:?}", flow(1e6));
    assert!((flow(1e6)[2] - 8.0 / 3600.0 * 1e6 / 0.85).abs() < 1.0);
    // One bar above the relief pressure twenty bars' worth of slip go back inside.
    assert!((flow(13e5)[0] - (8.0 - 10.0 * 0.005 * 32.0)).abs() < 1e-6 && flow(13e5)[1] == 1.0, "{:?}", flow(13e5));
}

const MOTOR: [(&str, f64); 9] = [
    ("rated_w", 18.5e3),
    ("full_load_a", 33.2),
    ("idle_share", 0.38),
    ("efficiency", 0.91),
    ("converter_efficiency", 0.97),
    ("rated_rpm", 2900.0),
    ("ramp_per_sec", 0.10),
    ("load_secs", 1.65),
    ("friction_per_sec", 0.03),
];

fn drive(more: &[(&str, f64)], inputs: &[(&str, f64)]) -> (Plant, State) {
    let all: Vec<(&str, f64)> = MOTOR.iter().chain(more).copied().collect();
    let plant = plant(vec![spec("M-1", "drive", &all, inputs)], &[]);
    let state = plant.start();
    (plant, state)
}

fn is(plant: &Plant, state: &State, expected: DriveState) -> bool {
    read(plant, state, "M-1.state") == expected.number()
}

#[test]
fn a_drive_runs_up_along_its_ramp_and_down_by_load_and_friction() {
    let (plant, mut state) = drive(&[], &[("demand", 0.938), ("shaft_w", 9110.0)]);
    plant.request(&mut state, "M-1", Request::Start).unwrap();
    run(&plant, &mut state, 5.0);
    assert!((read(&plant, &state, "M-1.speed") - 0.5).abs() < 1e-12 && is(&plant, &state, DriveState::Starting));
    run(&plant, &mut state, 5.0);
    assert!(is(&plant, &state, DriveState::Running) && (read(&plant, &state, "M-1.speed_rpm") - 2720.2).abs() < 1e-9);
    // P-101A at its normal point: 20.5 A; 9.11 kW over 0.91·(1 − e^(−0.4924/0.07))·0.97 are 10.33 kW.
    assert!((read(&plant, &state, "M-1.current_a") - 20.5).abs() < 0.3, "{}", read(&plant, &state, "M-1.current_a"));
    assert!((read(&plant, &state, "M-1.power_w") - 10_330.0).abs() < 15.0, "{}", read(&plant, &state, "M-1.power_w"));
    plant.request(&mut state, "M-1", Request::Stop).unwrap();
    let at_once = read(&plant, &state, "M-1.speed");
    run(&plant, &mut state, 1.0);
    // dn/dt = −n²/1.65 − 0.03 in closed form: √(f·T)·tan(atan(n0/√(f·T)) − t·√(f/T)).
    let root = (0.03_f64 * 1.65).sqrt();
    let exact = root * libm::tan(libm::atan(at_once / root) - (0.03_f64 / 1.65).sqrt());
    assert!((read(&plant, &state, "M-1.speed") - exact).abs() < 0.02, "{} for {exact}", read(&plant, &state, "M-1.speed"));
    run(&plant, &mut state, 30.0);
    assert!(is(&plant, &state, DriveState::Stopped) && read(&plant, &state, "M-1.speed") == 0.0);
}

#[test]
fn a_fifth_start_within_the_hour_is_refused_and_the_reasons_are_told() {
    let (plant, mut state) = drive(&[("ramp_per_sec", 2.0), ("load_secs", 0.1), ("friction_per_sec", 1.0)], &[]);
    for _ in 0..4 {
        plant.request(&mut state, "M-1", Request::Start).unwrap();
        run(&plant, &mut state, 5.0);
        plant.request(&mut state, "M-1", Request::Stop).unwrap();
        run(&plant, &mut state, 5.0);
    }
    assert_eq!(read(&plant, &state, "M-1.starts_last_hour"), 4.0);
    assert_eq!(plant.request(&mut state, "M-1", Request::Start), Err(Refusal::TooManyStarts));
    run(&plant, &mut state, 3600.0);
    plant.set_input(&mut state, "M-1.permit", 0.0).unwrap();
    let refused = plant.request(&mut state, "M-1", Request::Start).unwrap_err();
    assert_eq!(refused, Refusal::NotPermitted("M-1 has no permit".to_owned()));
    plant.set_input(&mut state, "M-1.permit", 1.0).unwrap();
    plant.request(&mut state, "M-1", Request::Start).unwrap();
    run(&plant, &mut state, 5.0);
    assert!(is(&plant, &state, DriveState::Running));
    assert!(plant.request(&mut state, "M-1", Request::Start).is_err());
    plant.set_parameter(&mut state, "M-1.trip", 1.0).unwrap();
    run(&plant, &mut state, 1.0);
    assert!(is(&plant, &state, DriveState::Tripped));
    assert_eq!(plant.request(&mut state, "M-1", Request::Reset), Err(Refusal::CausePresent("M-1".to_owned())));
    plant.set_parameter(&mut state, "M-1.trip", 0.0).unwrap();
    plant.request(&mut state, "M-1", Request::Reset).unwrap();
    run(&plant, &mut state, 5.0);
    assert!(is(&plant, &state, DriveState::Stopped));
    plant.set_parameter(&mut state, "M-1.isolated", 1.0).unwrap();
    run(&plant, &mut state, 1.0);
    assert!(is(&plant, &state, DriveState::Isolated) && plant.request(&mut state, "M-1", Request::Start).is_err());
}

#[test]
fn standby_logic_starts_on_the_rise_only_and_a_dip_of_the_voltage_trips_or_drops_out() {
    let (plant, mut state) =
        drive(&[("ramp_per_sec", 1.0), ("undervoltage_trips", 0.0), ("ride_through_secs", 0.6)], &[("start", 0.0), ("supply", 1.0)]);
    plant.set_input(&mut state, "M-1.start", 1.0).unwrap();
    run(&plant, &mut state, 3.0);
    assert!(is(&plant, &state, DriveState::Running));
    plant.set_input(&mut state, "M-1.supply", 0.0).unwrap();
    run(&plant, &mut state, 0.5);
    assert!(is(&plant, &state, DriveState::Running) && read(&plant, &state, "M-1.speed") < 0.9);
    plant.set_input(&mut state, "M-1.supply", 1.0).unwrap();
    run(&plant, &mut state, 3.0);
    assert_eq!(read(&plant, &state, "M-1.speed"), 1.0);
    plant.set_input(&mut state, "M-1.supply", 0.0).unwrap();
    run(&plant, &mut state, 60.0);
    plant.set_input(&mut state, "M-1.supply", 1.0).unwrap();
    run(&plant, &mut state, 60.0);
    assert!(is(&plant, &state, DriveState::Stopped), "the start still asked for has not risen again");
    let (plant, mut state) = drive(&[("start_speed", 1.0)], &[("supply", 0.0)]);
    run(&plant, &mut state, 0.5);
    assert!(is(&plant, &state, DriveState::Tripped));
    let (plant, mut state) = drive(&[("fail_to_start", 1.0)], &[]);
    plant.request(&mut state, "M-1", Request::Start).unwrap();
    run(&plant, &mut state, 9.0);
    assert!(is(&plant, &state, DriveState::Starting) && read(&plant, &state, "M-1.speed") == 0.0);
    run(&plant, &mut state, 3.0);
    assert!(is(&plant, &state, DriveState::Tripped));
}

#[test]
fn a_drive_follows_measured_state_and_speed() {
    let mut motor = spec("M-1", "drive", &[MOTOR.as_slice(), &[("speed_tag_scale", 1.0 / 2900.0)]].concat(), &[]);
    motor.follows = BTreeMap::from([("state".to_owned(), "XS-1".to_owned()), ("speed".to_owned(), "SI-1".to_owned())]);
    let tag = |tag: &str, point: &str| TagSpec {
        tag: tag.to_owned(),
        point: point.to_owned(),
        scale: 1.0,
        offset: 0.0,
        low: f64::MIN,
        high: f64::MAX,
        drives: None,
        pointer: String::new(),
    };
    let tags = vec![tag("XS-1", "M-1.state"), tag("SI-1", "M-1.speed_rpm")];
    let plant = assemble(&Blueprint { components: vec![motor], tags, ..Blueprint::default() }).unwrap();
    let mut state = plant.start();
    plant.advance(&mut state, Drive::Following(&[2.0, 2720.0]));
    assert!(is(&plant, &state, DriveState::Running) && (read(&plant, &state, "M-1.speed_rpm") - 2720.0).abs() < 1e-9);
    plant.advance(&mut state, Drive::Following(&[f64::NAN, f64::NAN]));
    assert!(is(&plant, &state, DriveState::Running) && (read(&plant, &state, "M-1.speed_rpm") - 2720.0).abs() < 1e-9);
}

/// Command of the stiction test: triangles of 6 % up and down about 50 %, with a short rest at each end.
fn triangle_pct(step: usize) -> f64 {
    let place = (step % 120) as f64;
    let rise = if place <= 50.0 { place / 50.0 } else { ((110.0 - place) / 50.0).clamp(0.0, 1.0) };
    50.0 + 6.01 * rise * if (step / 120).is_multiple_of(2) { 1.0 } else { -1.0 }
}

#[test]
fn a_sticking_stem_moves_like_the_one_of_unit_100() {
    let data = [("kvs_m3_h", 200.0), ("start_pct", 50.0), ("stick_band_pct", 5.03), ("slip_jump_pct", 2.07)];
    let pool = |name: &str| spec(name, "reservoir", &[], &[]);
    let valve = spec("v", "valve", &data, &[("command_pct", 50.0)]);
    let plant = plant(vec![valve, pool("a"), pool("b")], &[("a.port", "v.inlet"), ("v.outlet", "b.port")]);
    let mut state = plant.start();
    let mut stood = Vec::new();
    for step in 0..480 {
        plant.set_input(&mut state, "v.command_pct", triangle_pct(step)).unwrap();
        plant.step(&mut state);
        if step % 40 == 39 {
            stood.push(read(&plant, &state, "v.position_pct"));
        }
    }
    // What the valve of Unit 100 does with the same commands.
    let expected = [
        52.8468382440,
        54.5299141341,
        51.5161387198,
        47.1558021534,
        45.4700858925,
        48.4838612802,
        52.8441978466,
        54.5299141075,
        51.5161387198,
        47.1558021534,
        45.4700858925,
        48.4838612802,
    ];
    assert!(stood.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-9), "{stood:?}");
    plant.set_parameter(&mut state, "v.stick_band_pct", 0.0).unwrap();
    plant.set_input(&mut state, "v.command_pct", 90.0).unwrap();
    plant.set_input(&mut state, "v.air_pa", 2.75e5).unwrap();
    run(&plant, &mut state, 60.0);
    assert!((read(&plant, &state, "v.position_pct") - 50.0).abs() < 1e-6, "half the air holds half the stroke");
    assert!((read(&plant, &state, "v.kv_m3_h") - 200.0 * libm::pow(50.0, -0.5)).abs() < 1e-6);
}

#[test]
fn bearings_settle_where_those_of_p101_do_and_lag_exactly() {
    let data = [("normal_speed", 0.938), ("worn_friction_w", 600.0)];
    let inputs = [("speed", 0.938), ("ambient_k", 295.15)];
    let components = vec![spec("one", "bearing", &data, &inputs), spec("two", "bearing_two_node", &data, &inputs)];
    let plant = plant(components, &[]);
    let mut state = plant.start();
    plant.step(&mut state);
    for name in ["one.temp_k", "two.temp_k"] {
        assert!((read(&plant, &state, name) - (295.15 + 36.0)).abs() < 1e-9);
    }
    for name in ["one.bearing_wear", "two.bearing_wear"] {
        plant.set_parameter(&mut state, name, 0.64).unwrap();
    }
    run(&plant, &mut state, 900.0);
    let rise_k = 55.0 * 0.512;
    assert!((read(&plant, &state, "one.temp_k") - (331.15 + rise_k * (1.0 - libm::exp(-1.0)))).abs() < 1e-9);
    assert!((read(&plant, &state, "one.friction_w") - 600.0 * 0.64 * 0.938).abs() < 1e-9);
    // Ring and housing in closed form.
    let (ring, housing) = (libm::exp(-1.0 / 0.15), libm::exp(-1.0 / 0.85));
    let housing_share = 1.0 - (0.85 * housing - 0.15 * ring) / 0.7;
    let share = 0.3 * (1.0 - ring) + 0.7 * housing_share;
    assert!((read(&plant, &state, "two.temp_k") - (331.15 + rise_k * share)).abs() < 1e-9);
}

#[test]
fn a_pump_set_vibrates_as_p101_and_a_fan_costs_the_cube_of_its_speed() {
    let shows = |inputs: &[(&str, f64)]| {
        let plant = plant(vec![spec("v", "vibration", &[("normal_speed", 0.938)], inputs)], &[]);
        let mut state = plant.start();
        plant.step(&mut state);
        ["v.de_mm_s", "v.nde_mm_s", "v.envelope_ge"].map(|name| read(&plant, &state, name))
    };
    // By the equations of VT-111, VT-112 and VT-113: sound, worn, starved and cavitating, at rest.
    let w = 0.5;
    let worn = [1.90 + 7.5 * libm::pow(w, 1.3), 1.60 + 2.5 * libm::pow(w, 1.3), 0.60 + 8.54 * (libm::pow(w, 0.6) - 0.063)];
    for (inputs, expected) in [
        ([("speed", 0.938), ("flow_share", 0.94), ("wear", 0.0), ("cavitation", 0.0)], [1.90, 1.60, 0.60]),
        ([("speed", 0.938), ("flow_share", 0.94), ("wear", w), ("cavitation", 0.0)], worn),
        ([("speed", 0.938), ("flow_share", 0.3), ("wear", 0.0), ("cavitation", 1.0)], [1.90 * 1.3 + 3.6, 4.2, 5.6]),
        ([("speed", 0.0), ("flow_share", 1.0), ("wear", 1.0), ("cavitation", 1.0)], [0.1, 0.1, 0.02]),
    ] {
        let found = shows(&inputs);
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-9), "{found:?} for {expected:?}");
    }
    let data = [("rated_air_kg_s", 86.0), ("draught_kg_s", 3.0), ("rated_shaft_w", 13_350.0), ("idle_w", 200.0)];
    let plant = plant(vec![spec("f", "fan", &data, &[("speed", 0.77)])], &[]);
    let mut state = plant.start();
    plant.step(&mut state);
    // CT-201 at 77 %: 69.2 kg/s of air, 6.3 kW.
    assert!((read(&plant, &state, "f.air_kg_s") - 69.22).abs() < 1e-9 && (read(&plant, &state, "f.shaft_w") - 6294.7).abs() < 1.0);
}

/// Two tanks with whatever pump set between them, in either direction, behind a length of pipe.
fn any_pump_set() -> impl Strategy<Value = Blueprint> {
    let level = 0.5..6.0f64;
    let pump = (0.0..1.2f64, 0.0..1.5f64, 0.0..=1.0f64, any::<bool>(), 0.0..20.0f64, 0.0..1.0f64);
    (level.clone(), level, 280.0..370.0f64, 280.0..370.0f64, pump, 0.0..100.0f64, any::<bool>()).prop_map(
        |(low, high, cold, hot, (speed, factor, prime, checked, back, leak), command, displacement)| {
            let tank = |name: &str, level: f64, temp: f64| {
                spec(name, "tank", &[("area_m2", 3.0), ("start_level_m", level), ("start_temp_k", temp)], &[])
            };
            let pump = if displacement {
                spec("p", "positive_displacement_pump", &[("displacement_m3_h", 60.0), ("relief_pa", 2e5)], &[("speed", speed)])
            } else {
                let more = [("head_factor", factor), ("non_return", if checked { 1.0 } else { 0.0 }), ("check_valve_leak_m3_h", back)];
                spec("p", "centrifugal_pump", &[P101.as_slice(), &more].concat(), &[("speed", speed), ("prime", prime), ("wear", 0.5)])
            };
            let pipe = spec("l", "pipe", &[("length_m", 10.0), ("diameter_m", 0.1)], &[]);
            let valve = spec("v", "valve", &[("kvs_m3_h", 80.0), ("start_pct", 50.0)], &[("command_pct", command)]);
            let seal = spec("s", "seal", &[("leak_kg_s", leak)], &[("speed", speed)]);
            let lines = [
                ("a.bottom", "l.inlet"),
                ("l.outlet", "p.inlet"),
                ("p.outlet", "v.inlet"),
                ("p.outlet", "s.chamber"),
                ("v.outlet", "b.bottom"),
            ];
            let line = |(from, to): (&str, &str)| LineSpec { from: from.to_owned(), to: to.to_owned(), pointer: String::new() };
            let components = vec![tank("a", low, cold), tank("b", high, hot), pipe, pump, valve, seal];
            Blueprint { components, lines: lines.into_iter().map(line).collect(), ..Blueprint::default() }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn mass_and_energy_close_around_any_pump_set(blueprint in any_pump_set()) {
        let plant = assemble(&blueprint).map_err(|faults| TestCaseError::fail(format!("{faults:?}")))?;
        let mut state = plant.start();
        for _ in 0..400 {
            plant.step(&mut state);
            prop_assert_eq!(state.trouble() & crate::flowsheet::FLOWS_UNSETTLED, 0);
        }
        let (mass, energy) = plant.residual(&mut state);
        prop_assert!(mass < 1e-9 && energy < 1e-9, "{mass}, {energy}");
        prop_assert!(state.points().iter().all(|value| value.is_finite()));
    }
}
