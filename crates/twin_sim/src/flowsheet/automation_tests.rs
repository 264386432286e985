//! Controllers, interlocks, sequences and transmitters on plants whose answer is known.

use super::tests::{component, read, with_inputs};
use super::*;
use crate::command::{Mode, Refusal};

fn text(spec: ComponentSpec, name: &str, value: &str) -> ComponentSpec {
    set(spec, name, Setting::Text(value.to_owned()))
}

fn set(mut spec: ComponentSpec, name: &str, value: Setting) -> ComponentSpec {
    spec.parameters.insert(name.to_owned(), value);
    spec
}

fn reads(mut spec: ComponentSpec, input: &str, point: &str) -> ComponentSpec {
    spec.inputs.insert(input.to_owned(), Input::Point(point.to_owned()));
    spec
}

fn calc(name: &str, formula: &str) -> ComponentSpec {
    text(component(name, "calc", &[]), "formula", formula)
}

fn build(step_secs: f64, components: Vec<ComponentSpec>) -> Plant {
    assemble(&Blueprint { step_secs, components, ..Blueprint::default() }).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn run(plant: &Plant, state: &mut State, secs: f64) {
    for _ in 0..(secs / plant.step_secs()).round() as usize {
        plant.step(state);
    }
}

/// A first-order process, time constant 60 s and gain 1, under a PI controller.
fn loop_with(parameters: &[(&str, f64)]) -> Plant {
    let all = [("high", 100.0), ("gain", 3.0), ("integral_secs", 60.0)];
    let controller = component("c", "controller", &[&all[..], parameters].concat());
    build(
        0.01,
        vec![
            reads(controller, "measured", "process.reading"),
            reads(component("process", "sensor", &[("lag_secs", 60.0)]), "value", "c.output_pct"),
        ],
    )
}

#[test]
fn a_pi_loop_answers_a_step_of_its_set_point_as_on_paper() {
    // With Ti equal to the time constant the closed loop is of first order: 60 s / 3.
    let plant = loop_with(&[]);
    let mut state = plant.start();
    plant.request(&mut state, "c", Request::Setpoint(10.0)).unwrap();
    for secs in [5.0, 20.0, 60.0] {
        let left_secs = secs - state.steps() as f64 * 0.01;
        run(&plant, &mut state, left_secs);
        let exact = 10.0 * (1.0 - libm::exp(-secs / 20.0));
        let found = read(&plant, &state, "process.reading");
        assert!((found - exact).abs() < 5e-3, "{secs} s: {found} for {exact}");
    }
}

#[test]
fn leaving_man_and_tracking_has_no_bump_and_a_full_output_does_not_wind_up() {
    let plant = loop_with(&[("start_mode", 0.0), ("start_output_pct", 40.0), ("start_setpoint", 80.0), ("gain", 0.5)]);
    let mut state = plant.start();
    run(&plant, &mut state, 5.0);
    assert_eq!(read(&plant, &state, "c.output_pct"), 40.0);
    plant.request(&mut state, "c", Request::Mode(Mode::Auto)).unwrap();
    plant.step(&mut state);
    assert!((read(&plant, &state, "c.output_pct") - 40.0).abs() < 0.1);

    // A set point that cannot be reached for an hour; the output leaves its limit as soon as the error turns.
    let plant = loop_with(&[("output_high_pct", 50.0), ("start_setpoint", 80.0)]);
    let mut state = plant.start();
    run(&plant, &mut state, 3600.0);
    assert_eq!(read(&plant, &state, "c.output_pct"), 50.0);
    for setpoint in [75.0, 65.0, 55.0, 49.0] {
        plant.request(&mut state, "c", Request::Setpoint(setpoint)).unwrap();
    }
    plant.step(&mut state);
    assert!(read(&plant, &state, "c.output_pct") < 50.0);
    let too_far = plant.request(&mut state, "c", Request::Setpoint(80.0));
    assert_eq!(too_far, Err(Refusal::StepTooLarge));
    assert_eq!(plant.request(&mut state, "c", Request::Output(10.0)), Err(Refusal::WrongMode));
    assert_eq!(plant.request(&mut state, "c", Request::Mode(Mode::Cas)), Err(Refusal::WrongMode));
}

#[test]
fn a_controller_that_followed_the_real_one_takes_over_without_a_bump() {
    let controller = component("c", "controller", &[("high", 100.0), ("gain", 2.0), ("integral_secs", 100.0)]);
    let mut controller = reads(controller, "measured", "PV");
    for (follow, tag) in [("setpoint", "SP"), ("output_pct", "OP"), ("mode", "MODE")] {
        controller.follows.insert(follow.to_owned(), tag.to_owned());
    }
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
    let tags = vec![tag("PV", "pv.value"), tag("SP", "c.setpoint"), tag("OP", "c.output_pct"), tag("MODE", "c.mode")];
    let blueprint = Blueprint { components: vec![calc("pv", "10"), controller], tags, ..Blueprint::default() };
    let plant = assemble(&blueprint).unwrap();
    let mut state = plant.start();
    (0..4).for_each(|_| plant.advance(&mut state, Drive::Following(&[30.0, 35.0, 62.0, 1.0])));
    assert_eq!(read(&plant, &state, "OP"), 62.0);
    plant.advance(&mut state, Drive::Controlled(&[30.0]));
    // 5 % below the set point: the integral adds 2·5/100·0.5.
    assert!((read(&plant, &state, "OP") - 62.05).abs() < 1e-9);
    // Without a reading the controllers see the model's own value.
    plant.advance(&mut state, Drive::TRUE_VALUES);
    assert_eq!(read(&plant, &state, "OP"), 100.0, "the model's own 10 % asks for more than there is");
}

#[test]
fn an_interlock_waits_latches_and_knows_who_was_first() {
    let interlock = |name: &str, cause: &str, delay: f64| text(component(name, "interlock", &[("delay_secs", delay)]), "cause", cause);
    let plant = build(
        0.5,
        vec![
            with_inputs(component("level", "sensor", &[]), &[("value", 0.0)]),
            interlock("i-1", "level.reading > 90", 2.0),
            interlock("i-2", "level.reading > 80 or i-1.latched", 5.0),
        ],
    );
    let mut state = plant.start();
    plant.set_input(&mut state, "level.value", 95.0).unwrap();
    plant.step(&mut state);
    run(&plant, &mut state, 1.5);
    assert_eq!(read(&plant, &state, "i-1.latched"), 0.0);
    plant.step(&mut state);
    assert_eq!((read(&plant, &state, "i-1.acts"), read(&plant, &state, "i-1.latched")), (1.0, 1.0));
    plant.step(&mut state);
    assert_eq!((read(&plant, &state, "i-1.acts"), read(&plant, &state, "i-1.latched")), (0.0, 1.0));
    run(&plant, &mut state, 5.0);
    let (first, second) = (read(&plant, &state, "i-1.acted_at_secs"), read(&plant, &state, "i-2.acted_at_secs"));
    assert!(0.0 < first && first < second);
    assert!(matches!(plant.request(&mut state, "i-1", Request::Reset), Err(Refusal::CausePresent(_))));
    plant.set_input(&mut state, "level.value", 10.0).unwrap();
    run(&plant, &mut state, 1.0);
    plant.request(&mut state, "i-1", Request::Reset).unwrap();
    assert_eq!(read(&plant, &state, "i-1.latched"), 0.0);
    plant.request(&mut state, "i-1", Request::Bypass(true)).unwrap();
    plant.set_input(&mut state, "level.value", 95.0).unwrap();
    run(&plant, &mut state, 60.0);
    assert_eq!((read(&plant, &state, "i-1.latched"), read(&plant, &state, "i-1.present")), (0.0, 1.0));
}

#[test]
fn a_sequence_goes_its_way_times_out_and_refuses_with_a_reason() {
    let lines = |lines: &[&str]| Setting::Lines(lines.iter().map(|line| (*line).to_owned()).collect());
    let unit = set(component("unit", "sequence", &[]), "states", lines(&["OFF", "START", "RUN", "HOLD", "TRIP"]));
    let unit = set(
        unit,
        "rules",
        lines(&[
            "START|RUN -> TRIP when trip.reading > 0",
            "OFF -> START on start",
            "START.1 -> START.2 when air.reading > 5",
            "START.2 -> RUN when air.reading > 5 for 10",
            "START.* -> HOLD after 60",
            "HOLD -> RUN on start when air.reading > 5 else there is no instrument air",
            "TRIP -> OFF on reset when trip.reading <= 0 else the cause is still there",
        ]),
    );
    let input = |name: &str| with_inputs(component(name, "sensor", &[]), &[("value", 0.0)]);
    let plant = build(0.5, vec![input("air"), input("trip"), unit]);
    let place = |state: &State| (read(&plant, state, "unit.state"), read(&plant, state, "unit.step"));
    let mut state = plant.start();
    assert!(matches!(plant.request(&mut state, "unit", Request::Hold), Err(Refusal::NotPermitted(_))));
    plant.request(&mut state, "unit", Request::Start).unwrap();
    run(&plant, &mut state, 59.0);
    assert_eq!(place(&state), (1.0, 1.0));
    run(&plant, &mut state, 2.0);
    assert_eq!(place(&state), (3.0, 1.0), "no air: it gives up");
    let refused = plant.request(&mut state, "unit", Request::Start);
    assert_eq!(refused, Err(Refusal::NotPermitted("there is no instrument air".to_owned())));
    plant.set_input(&mut state, "air.value", 6.0).unwrap();
    run(&plant, &mut state, 1.0);
    plant.request(&mut state, "unit", Request::Start).unwrap();
    assert_eq!(place(&state), (2.0, 1.0));
    assert_eq!(read(&plant, &state, "unit.previous"), 3.0);
    plant.set_input(&mut state, "trip.value", 1.0).unwrap();
    run(&plant, &mut state, 1.0);
    assert_eq!(place(&state), (4.0, 1.0));
    assert!(plant.request(&mut state, "unit", Request::Reset).is_err());
    plant.set_input(&mut state, "trip.value", 0.0).unwrap();
    run(&plant, &mut state, 1.0);
    plant.request(&mut state, "unit", Request::Reset).unwrap();
    plant.request(&mut state, "unit", Request::Start).unwrap();
    run(&plant, &mut state, 12.0);
    assert_eq!(place(&state), (2.0, 1.0), "step 2 holds for its 10 s");
}

#[test]
fn a_wrong_rule_or_formula_is_told_with_its_text() {
    let unit = |rule: &str| {
        let lines = |line: &str| Setting::Lines(vec![line.to_owned()]);
        set(set(component("unit", "sequence", &[]), "states", lines("OFF")), "rules", lines(rule))
    };
    for (spec, words) in [
        (unit("OFF -> ON when 1"), "no state ON"),
        (unit("OFF -> OFF"), "nothing says when"),
        (unit("OFF -> OFF on demand"), "demand is no request"),
        (unit("OFF -> OFF when 1 +"), "missing at character 4"),
        (unit("OFF -> OFF after lunch"), "lunch is no time"),
        (unit("OFF OFF when 1"), "-> is missing"),
        (calc("c", "x + 1"), "reads x, which is not there"),
        (component("c", "calc", &[]), "formula is missing"),
    ] {
        let faults = assemble(&Blueprint { components: vec![spec], ..Blueprint::default() }).unwrap_err();
        assert!(faults[0].message.contains(words), "{words} in {faults:?}");
    }
}

#[test]
fn a_step_is_cut_where_a_level_passes_its_switch() {
    // 3.7 kg/s into 1 m²: 0.5 m are reached within a step, and the switch must stop the flow there.
    let density = crate::fluid::Liquid::Water.density_kg_m3(293.15);
    let source = with_inputs(component("source", "source", &[]), &[("temp_k", 293.15)]);
    let plant = assemble(&Blueprint {
        step_secs: 10.0,
        components: vec![
            reads(component("full", "switch", &[("on_at", 0.5), ("off_at", 0.4)]), "value", "tank.level_m"),
            calc("flow", "if(full.on, 0, 3.7)"),
            reads(source, "flow_kg_s", "flow.value"),
            component("tank", "tank", &[("area_m2", 1.0), ("start_level_m", 0.1)]),
        ],
        lines: vec![LineSpec { from: "source.outlet".to_owned(), to: "tank.top".to_owned(), pointer: String::new() }],
        ..Blueprint::default()
    })
    .unwrap();
    let mut state = plant.start();
    (0..100).for_each(|_| plant.step(&mut state));
    let over_kg = (read(&plant, &state, "tank.level_m") - 0.5) * density;
    assert!((0.0..=3.7 * 0.0101).contains(&over_kg), "{over_kg} kg beyond the switch");
    let (mass, energy) = plant.residual(&mut state);
    assert!(mass < 1e-12 && energy < 1e-9, "{mass} {energy}");
}

#[test]
fn a_transmitter_scatters_drifts_sticks_and_ends_at_its_range() {
    let parameters = [("noise", 0.3), ("low", 0.0), ("high", 100.0), ("seed", 7.0), ("resolution", 0.01)];
    let plant = build(1.0, vec![with_inputs(component("s", "sensor", &parameters), &[("value", 50.0)])]);
    let mut state = plant.start();
    let readings: Vec<f64> = (0..20_000)
        .map(|_| {
            plant.step(&mut state);
            read(&plant, &state, "s.reading")
        })
        .collect();
    let mean = readings.iter().sum::<f64>() / readings.len() as f64;
    let sigma = (readings.iter().map(|reading| (reading - mean) * (reading - mean)).sum::<f64>() / readings.len() as f64).sqrt();
    assert!((mean - 50.0).abs() < 0.01 && (sigma - 0.3).abs() < 0.01, "{mean} ± {sigma}");
    assert!(readings.iter().all(|reading| ((reading / 0.01).round() - reading / 0.01).abs() < 1e-6));

    plant.set_parameter(&mut state, "s.stuck", 1.0).unwrap();
    let stuck = read(&plant, &state, "s.reading");
    run(&plant, &mut state, 100.0);
    assert_eq!(read(&plant, &state, "s.reading"), stuck);
    plant.set_parameter(&mut state, "s.stuck", 0.0).unwrap();
    plant.set_parameter(&mut state, "s.noise_factor", 0.0).unwrap();
    plant.set_parameter(&mut state, "s.drift_per_hour", 10.0).unwrap();
    run(&plant, &mut state, 3600.0);
    assert!((read(&plant, &state, "s.reading") - 60.0).abs() < 0.01);
    plant.set_parameter(&mut state, "s.drift_per_hour", 0.0).unwrap();
    run(&plant, &mut state, 1.0);
    assert_eq!(read(&plant, &state, "s.reading"), 50.0, "repaired");
    plant.set_parameter(&mut state, "s.bias", 90.0).unwrap();
    run(&plant, &mut state, 1.0);
    assert_eq!(read(&plant, &state, "s.reading"), 100.0);
}

#[test]
fn a_state_with_inputs_that_nothing_drives_is_saved_and_goes_on_bit_for_bit() {
    let plant = loop_with(&[("derivative_secs", 5.0)]);
    let mut state = plant.start();
    run(&plant, &mut state, 3.0);
    assert!(state.points().iter().any(|value| value.is_nan()));
    let text = serde_json::to_string(&state).unwrap();
    let mut restored: State = serde_json::from_str(&text).unwrap();
    assert!(state == restored);
    run(&plant, &mut state, 3.0);
    run(&plant, &mut restored, 3.0);
    assert_eq!(state.hash(), restored.hash());
}
