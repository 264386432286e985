//! Automation keeps its head: bad readings pass, transfers are bumpless, latches hold.

use proptest::prelude::*;

use super::tests::{component, read, with_inputs};
use super::*;
use crate::command::Mode;

fn text(mut spec: ComponentSpec, name: &str, value: &str) -> ComponentSpec {
    spec.parameters.insert(name.to_owned(), Setting::Text(value.to_owned()));
    spec
}

fn reads(mut spec: ComponentSpec, input: &str, point: &str) -> ComponentSpec {
    spec.inputs.insert(input.to_owned(), Input::Point(point.to_owned()));
    spec
}

fn calc(name: &str, formula: &str) -> ComponentSpec {
    text(component(name, "calc", &[]), "formula", formula)
}

/// A value a test moves by hand.
fn knob(name: &str, value: f64) -> ComponentSpec {
    with_inputs(component(name, "switch", &[("on_at", 0.5), ("off_at", 0.5)]), &[("value", value)])
}

fn build(components: Vec<ComponentSpec>) -> Plant {
    assemble(&Blueprint { step_secs: 0.5, components, ..Blueprint::default() }).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn run(plant: &Plant, state: &mut State, steps: usize) {
    (0..steps).for_each(|_| plant.step(state));
}

#[test]
fn a_controller_with_derivative_leaves_man_and_tracking_without_a_bump() {
    let parameters = [
        ("high", 100.0),
        ("gain", 2.0),
        ("integral_secs", 100.0),
        ("derivative_secs", 20.0),
        ("start_output_pct", 40.0),
        ("start_mode", 0.0),
    ];
    let plant = build(vec![with_inputs(component("c", "controller", &parameters), &[("measured", 10.0), ("track", 0.0)])]);
    let mut state = plant.start();
    plant.set_input(&mut state, "c.measured", 60.0).unwrap();
    run(&plant, &mut state, 400);
    plant.request(&mut state, "c", Request::Mode(Mode::Auto)).unwrap();
    plant.step(&mut state);
    // 60 % above the set point: the integral takes 2·60/100·0.5 off.
    assert!((read(&plant, &state, "c.output_pct") - 39.4).abs() < 1e-9);
    plant.set_input(&mut state, "c.track", 1.0).unwrap();
    plant.set_input(&mut state, "c.track_pct", 70.0).unwrap();
    plant.set_input(&mut state, "c.measured", 30.0).unwrap();
    run(&plant, &mut state, 400);
    plant.set_input(&mut state, "c.track", 0.0).unwrap();
    plant.step(&mut state);
    assert!((read(&plant, &state, "c.output_pct") - 69.7).abs() < 1e-9);
}

#[test]
fn what_is_no_number_for_a_moment_leaves_no_trace() {
    let parameters = [("high", 100.0), ("gain", 2.0), ("integral_secs", 100.0), ("derivative_secs", 20.0), ("start_output_pct", 40.0)];
    let controller = reads(component("c", "controller", &parameters), "measured", "x.value");
    let controller = reads(controller, "track_pct", "x.value");
    let controller = reads(controller, "track", "bad.on");
    let sensors = [("now", 0.0), ("slow", 2.0)];
    let mut components = vec![knob("bad", 1.0), calc("x", "if(bad.on, none, 5)"), controller];
    components.extend(sensors.map(|(name, lag)| reads(component(name, "sensor", &[("lag_secs", lag)]), "value", "x.value")));
    let plant = build(components);
    let mut state = plant.start();
    run(&plant, &mut state, 3);
    assert_eq!(read(&plant, &state, "c.output_pct"), 40.0, "without a number the output stays");
    assert!(read(&plant, &state, "now.reading").is_nan(), "a reading nobody has is not the end of the range");
    plant.set_input(&mut state, "bad.value", 0.0).unwrap();
    run(&plant, &mut state, 100);
    assert_eq!(read(&plant, &state, "now.reading"), 5.0);
    assert!((read(&plant, &state, "slow.reading") - 5.0).abs() < 1e-9);
    assert!(read(&plant, &state, "c.output_pct").is_finite());
}

#[test]
fn a_mode_that_is_none_or_has_no_remote_set_point_is_not_taken_from_a_sequence() {
    for wanted in [7.0, 2.0] {
        let controller = component("c", "controller", &[("high", 100.0), ("gain", 1.0), ("integral_secs", 100.0)]);
        let plant = build(vec![with_inputs(controller, &[("measured", 0.0), ("mode_wanted", wanted)])]);
        let mut state = plant.start();
        run(&plant, &mut state, 2);
        assert_eq!(read(&plant, &state, "c.mode"), 1.0, "mode {wanted}");
    }
}

#[test]
fn a_controller_whose_reading_fails_keeps_its_output_and_goes_on_from_there() {
    for derivative_secs in [0.0, 20.0] {
        let parameters = [("high", 100.0), ("gain", 2.0), ("integral_secs", 1e7), ("derivative_secs", derivative_secs)];
        let parameters = [&parameters[..], &[("start_output_pct", 40.0), ("start_setpoint", 50.0)]].concat();
        let controller = reads(component("c", "controller", &parameters), "measured", "x.value");
        let plant = build(vec![controller, knob("bad", 0.0), calc("x", "if(bad.on, none, 40)")]);
        let mut state = plant.start();
        let output_with = |bad: f64| {
            plant.set_input(&mut state, "bad.value", bad).unwrap();
            run(&plant, &mut state, 10);
            read(&plant, &state, "c.output_pct")
        };
        // Reverse action, 10 % too low: 20 % on top, without a kick at the start.
        let outputs = [0.0, 1.0, 0.0].map(output_with);
        assert!(outputs.iter().all(|output| (output - 60.0).abs() < 1e-4), "{derivative_secs} s: {outputs:?}");
    }
}

/// An interlock with a delay of 2 s, as told in one sentence each: what it has seen, whether it is bypassed, its latch.
#[derive(Default)]
struct Told {
    present_secs: f64,
    bypassed: bool,
    latched: bool,
}

impl Told {
    /// A reset needs the cause gone or bypassed.
    fn reset(&mut self) -> bool {
        let may = self.present_secs <= 0.0 || self.bypassed;
        self.latched &= !may;
        may
    }

    /// It acts once when the cause has been present for its delay, unless it is bypassed or latched already.
    fn scan(&mut self, cause: bool) -> bool {
        self.present_secs = if cause { self.present_secs + 0.5 } else { 0.0 };
        let acts = self.present_secs >= 2.0 && !self.bypassed && !self.latched;
        self.latched |= acts;
        acts
    }
}

proptest! {
    #[test]
    fn an_interlock_acts_latches_and_resets_as_told(turns in prop::collection::vec((any::<bool>(), 0_u8..8), 1..200)) {
        let spec = text(component("i", "interlock", &[("delay_secs", 2.0)]), "cause", "cause.on");
        let plant = build(vec![knob("cause", 0.0), spec]);
        let mut state = plant.start();
        let mut told = Told::default();
        for (cause, turn) in turns {
            match turn {
                0 => prop_assert_eq!(plant.request(&mut state, "i", Request::Reset).is_ok(), told.reset()),
                1 | 2 => {
                    plant.request(&mut state, "i", Request::Bypass(turn == 1)).unwrap();
                    told.bypassed = turn == 1;
                }
                _ => {}
            }
            plant.set_input(&mut state, "cause.value", f64::from(u8::from(cause))).unwrap();
            plant.step(&mut state);
            let acts = told.scan(cause);
            prop_assert_eq!(read(&plant, &state, "i.acts") > 0.5, acts);
            prop_assert_eq!(read(&plant, &state, "i.latched") > 0.5, told.latched);
        }
    }
}

#[test]
fn a_rule_from_several_states_with_several_steps_is_refused() {
    let lines = |lines: &[&str]| Setting::Lines(lines.iter().map(|line| (*line).to_owned()).collect());
    let mut unit = component("unit", "sequence", &[]);
    unit.parameters.insert("states".to_owned(), lines(&["A", "B"]));
    unit.parameters.insert("rules".to_owned(), lines(&["A.1|B.2 -> B when 1"]));
    let faults = assemble(&Blueprint { components: vec![unit], ..Blueprint::default() }).unwrap_err();
    assert!(faults[0].message.contains("one step for all states"), "{faults:?}");
}
