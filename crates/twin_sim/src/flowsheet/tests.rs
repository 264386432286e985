//! Plants whose behaviour is known on paper.

use proptest::prelude::*;

use super::*;

fn component(name: &str, kind: &str, parameters: &[(&str, f64)]) -> ComponentSpec {
    ComponentSpec {
        name: name.to_owned(),
        kind: kind.to_owned(),
        parameters: parameters.iter().map(|(name, value)| ((*name).to_owned(), Setting::Number(*value))).collect(),
        pointer: format!("/{name}"),
        ..ComponentSpec::default()
    }
}

fn with_inputs(mut spec: ComponentSpec, inputs: &[(&str, f64)]) -> ComponentSpec {
    spec.inputs = inputs.iter().map(|(name, value)| ((*name).to_owned(), Input::Constant(*value))).collect();
    spec
}

fn at(mut spec: ComponentSpec, heights_m: &[(&str, f64)]) -> ComponentSpec {
    spec.elevation_m = Elevation::Ports(heights_m.iter().map(|(port, height)| ((*port).to_owned(), *height)).collect());
    spec
}

fn line(from: &str, to: &str) -> LineSpec {
    LineSpec { from: from.to_owned(), to: to.to_owned(), pointer: format!("/{from}>{to}") }
}

fn plant(step_secs: f64, components: Vec<ComponentSpec>, lines: &[(&str, &str)]) -> Plant {
    let lines = lines.iter().map(|(from, to)| line(from, to)).collect();
    assemble(&Blueprint { step_secs, components, lines, tags: Vec::new() }).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn read(plant: &Plant, state: &State, name: &str) -> f64 {
    state.point(plant.point(name).unwrap_or_else(|| panic!("there is no {name}")))
}

/// A tank that runs empty through a hole after Torricelli: √h falls in a straight line.
fn drained_level_m(step_secs: f64) -> f64 {
    let tank = component("tank", "tank", &[("area_m2", 2.0), ("start_level_m", 4.0), ("leak_m2", 1e-3)]);
    let plant = plant(step_secs, vec![tank], &[]);
    let mut state = plant.start();
    for _ in 0..(400.0 / step_secs) as usize {
        plant.step(&mut state);
    }
    read(&plant, &state, "tank.level_m")
}

#[test]
fn a_tank_drains_as_torricelli_says_and_its_error_falls_with_the_step() {
    let root = 4.0_f64.sqrt() - 1e-3 / 2.0 * (GRAVITY_M_S2 / 2.0).sqrt() * 400.0;
    let exact = root * root;
    let errors: Vec<f64> = [0.4, 0.2, 0.1, 0.05, 0.025].iter().map(|step| (drained_level_m(*step) - exact).abs()).collect();
    for pair in errors.windows(2) {
        let order = libm::log2(pair[0] / pair[1]);
        assert!((order - 1.0).abs() < 0.1, "order {order}, errors {errors:?}");
    }
    // Two first-order results extrapolated to a step of zero.
    let extrapolated = 2.0 * drained_level_m(0.025) - drained_level_m(0.05);
    assert!((extrapolated - exact).abs() < 1e-6, "{extrapolated} m for {exact} m");
}

#[test]
fn a_pump_runs_where_its_curve_meets_that_of_the_line() {
    // 39 - 7e-4·Q² against 10 m of height and a valve; both are quadratic, so the point is known.
    let river = component("river", "reservoir", &[]);
    let hill = at(component("hill", "reservoir", &[]), &[("port", 10.0)]);
    let pump = component("p", "centrifugal_pump", &[("shutoff_head_m", 39.0), ("head_fall_m_per_m3_h2", 7e-4), ("best_flow_m3_h", 105.0)]);
    let valve = with_inputs(component("v", "valve", &[("kvs_m3_h", 80.0), ("start_pct", 100.0)]), &[("command_pct", 100.0)]);
    let plant =
        plant(0.5, vec![river, hill, pump, valve], &[("river.port", "p.inlet"), ("p.outlet", "v.inlet"), ("v.outlet", "hill.port")]);
    let mut state = plant.start();
    (0..3).for_each(|_| plant.step(&mut state));
    let density = crate::fluid::Liquid::Water.density_kg_m3(293.15);
    let valve_m_per_q2 = 1e5 / (80.0 * 80.0) / 1000.0 / GRAVITY_M_S2;
    let exact_m3_h = ((39.0 - 10.0) / (7e-4 + valve_m_per_q2)).sqrt();
    let found_m3_h = read(&plant, &state, "p.flow_kg_s") / density * 3600.0;
    // The straight piece of the laws near zero flow costs a few millionths.
    assert!((found_m3_h / exact_m3_h - 1.0).abs() < 1e-5, "{found_m3_h} m³/h for {exact_m3_h}");
    assert!((read(&plant, &state, "v.inlet_pa") - read(&plant, &state, "p.outlet_pa")).abs() < 1e-9);
    assert_eq!(state.trouble(), 0);
}

#[test]
fn two_streams_mix_by_their_energies() {
    let hot = with_inputs(component("hot", "source", &[]), &[("flow_kg_s", 3.0), ("temp_k", 353.15)]);
    let cold = with_inputs(component("cold", "source", &[]), &[("flow_kg_s", 1.0), ("temp_k", 283.15)]);
    let drain = component("drain", "reservoir", &[]);
    let pipe = component("pipe", "pipe", &[("length_m", 10.0), ("diameter_m", 0.1)]);
    let lines = [("hot.outlet", "pipe.inlet"), ("cold.outlet", "pipe.inlet"), ("pipe.outlet", "drain.port")];
    let plant = plant(0.5, vec![hot, cold, drain, pipe], &lines);
    let mut state = plant.start();
    plant.step(&mut state);
    let water = crate::fluid::Liquid::Water;
    let exact = water.temp_k((3.0 * water.energy_j_kg(353.15) + water.energy_j_kg(283.15)) / 4.0);
    assert!((read(&plant, &state, "pipe.flow_out_k") - exact).abs() < 1e-9);
    assert!((read(&plant, &state, "pipe.flow_kg_s") - 4.0).abs() < 1e-12);
}

#[test]
fn water_seeks_its_level_in_two_tanks() {
    let high = component("high", "tank", &[("area_m2", 3.0), ("start_level_m", 5.0)]);
    let low = component("low", "tank", &[("area_m2", 1.0), ("start_level_m", 1.0)]);
    let pipe = component("pipe", "pipe", &[("length_m", 20.0), ("diameter_m", 0.1)]);
    let plant = plant(0.5, vec![high, low, pipe], &[("high.bottom", "pipe.inlet"), ("pipe.outlet", "low.bottom")]);
    let mut state = plant.start();
    (0..20_000).for_each(|_| plant.step(&mut state));
    for tank in ["high.level_m", "low.level_m"] {
        assert!((read(&plant, &state, tank) - 4.0).abs() < 1e-3, "{tank}: {}", read(&plant, &state, tank));
    }
    let (mass, energy) = plant.residual(&mut state);
    assert!(mass < 1e-12 && energy < 1e-12, "{mass}, {energy}");
}

#[test]
fn a_part_that_nothing_feeds_stands_still_and_is_no_trouble_to_the_rest() {
    let lake = component("lake", "reservoir", &[]);
    let tank = component("tank", "tank", &[("area_m2", 1.0), ("start_level_m", 2.0)]);
    let shut = with_inputs(component("shut", "valve", &[("kvs_m3_h", 10.0)]), &[("command_pct", 0.0)]);
    let also = with_inputs(component("also", "valve", &[("kvs_m3_h", 10.0)]), &[("command_pct", 0.0)]);
    let lines = [("tank.bottom", "shut.inlet"), ("shut.outlet", "also.inlet"), ("also.outlet", "lake.port")];
    let plant = plant(0.5, vec![lake, tank, shut, also], &lines);
    let mut state = plant.start();
    (0..100).for_each(|_| plant.step(&mut state));
    assert_eq!(read(&plant, &state, "shut.flow_kg_s"), 0.0);
    assert!(state.points().iter().all(|value| value.is_finite()));
    assert!((read(&plant, &state, "tank.level_m") - 2.0).abs() < 1e-12);
}

#[test]
fn the_pages_of_the_documentation_are_those_of_the_sheets() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/components.md");
    let written = std::fs::read_to_string(file).unwrap();
    assert!(written == pages(), "renew it: cargo run --release -p twin_sim --example component_pages > docs/components.md");
}

#[test]
fn every_fault_of_a_blueprint_is_told_with_its_place() {
    let mut pipe = component("pipe", "pipe", &[("length_m", 0.0), ("thickness_m", 1.0)]);
    pipe.inputs.insert("speed".to_owned(), Input::Constant(1.0));
    let components = vec![
        pipe,
        component("pipe", "pipe", &[("length_m", f64::NAN), ("diameter_m", 0.1)]),
        component("thing", "perpetuum_mobile", &[]),
        component("feed", "source", &[]),
    ];
    let lines = vec![line("pipe.outlet", "nowhere.inlet")];
    let faults = assemble(&Blueprint { step_secs: 0.5, components, lines, tags: Vec::new() }).unwrap_err();
    for words in ["two components named pipe", "no component of kind perpetuum_mobile", "no port nowhere.inlet"] {
        assert!(faults.iter().any(|fault| fault.message.contains(words)), "{words} in {faults:?}");
    }
    let components = vec![
        component("pipe", "pipe", &[("length_m", 0.0), ("thickness_m", 1.0)]),
        component("other", "pipe", &[("length_m", f64::NAN), ("diameter_m", 0.1)]),
        component("feed", "source", &[]),
    ];
    let faults = assemble(&Blueprint { step_secs: 0.5, components, lines: Vec::new(), tags: Vec::new() }).unwrap_err();
    for (pointer, words) in [
        ("/pipe", "length_m is 0"),
        ("/pipe", "diameter_m is missing"),
        ("/pipe", "no parameter thickness_m"),
        ("/other", "length_m is NaN"),
        ("/feed", "nothing drives flow_kg_s"),
    ] {
        assert!(faults.iter().any(|fault| fault.pointer == pointer && fault.message.contains(words)), "{words} in {faults:?}");
    }
}

/// Tanks in a ring and across it, pipes and pumps between them, sources and sinks at some: whatever comes out is a plant.
fn any_plant() -> impl Strategy<Value = Blueprint> {
    let tank = (0.5..20.0f64, 0.2..6.0f64, 275.0..370.0f64, 0.0..500.0f64);
    let pipe = (0usize..6, 0usize..6, 1.0..200.0f64, 0.02..0.4f64, 0.0..10.0f64, 0u8..3);
    let flow = (0usize..6, 0.0..20.0f64, 275.0..370.0f64, any::<bool>());
    (prop::collection::vec(tank, 6), prop::collection::vec(pipe, 3..14), prop::collection::vec(flow, 0..6)).prop_map(
        |(tanks, pipes, flows)| {
            let mut blueprint = Blueprint { step_secs: 0.5, ..Blueprint::default() };
            for (index, (area, level, temp, loss)) in tanks.into_iter().enumerate() {
                let parameters =
                    [("area_m2", area), ("start_level_m", level), ("start_temp_k", temp), ("wall_loss_w_k", loss), ("rim_m", 7.0)];
                blueprint.components.push(component(&format!("t{index}"), "tank", &parameters));
            }
            for (index, (from, to, length, diameter, fittings, kind)) in pipes.into_iter().enumerate() {
                let name = format!("l{index}");
                let pipe = component(&name, "pipe", &[("length_m", length), ("diameter_m", diameter), ("fittings", fittings)]);
                blueprint.components.push(pipe);
                let end = if kind == 2 {
                    let pump = [("shutoff_head_m", 3.0 + fittings), ("head_fall_m_per_m3_h2", 1e-3), ("best_flow_m3_h", 50.0)];
                    blueprint.components.push(component(&format!("p{index}"), "centrifugal_pump", &pump));
                    blueprint.lines.push(line(&format!("{name}.outlet"), &format!("p{index}.inlet")));
                    format!("p{index}.outlet")
                } else {
                    format!("{name}.outlet")
                };
                blueprint.lines.push(line(&format!("t{from}.bottom"), &format!("{name}.inlet")));
                blueprint.lines.push(line(&end, &format!("t{to}.{}", if kind == 1 { "top" } else { "bottom" })));
            }
            for (index, (tank, flow, temp, into)) in flows.into_iter().enumerate() {
                let (name, port) = (format!("f{index}"), if into { "top" } else { "bottom" });
                let spec = if into {
                    with_inputs(component(&name, "source", &[]), &[("flow_kg_s", flow), ("temp_k", temp)])
                } else {
                    with_inputs(component(&name, "sink", &[]), &[("flow_kg_s", 0.01 * flow)])
                };
                blueprint.components.push(spec);
                blueprint.lines.push(line(&format!("{name}.{}", if into { "outlet" } else { "inlet" }), &format!("t{tank}.{port}")));
            }
            blueprint
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn mass_and_energy_close_in_any_plant(blueprint in any_plant()) {
        let plant = assemble(&blueprint).map_err(|faults| TestCaseError::fail(format!("{faults:?}")))?;
        let mut state = plant.start();
        for _ in 0..1000 {
            plant.step(&mut state);
        }
        let (mass, energy) = plant.residual(&mut state);
        prop_assert!(mass < 1e-9 && energy < 1e-9, "{mass}, {energy}");
        prop_assert!(state.points().iter().all(|value| value.is_finite()));
    }

    #[test]
    fn a_saved_plant_goes_on_bit_for_bit(blueprint in any_plant(), at in 0usize..200) {
        let plant = assemble(&blueprint).map_err(|faults| TestCaseError::fail(format!("{faults:?}")))?;
        let mut state = plant.start();
        (0..at).for_each(|_| plant.step(&mut state));
        let text = serde_json::to_string(&state).unwrap();
        let mut restored: State = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(restored.check(&plant), Ok(()));
        for _ in 0..50 {
            plant.step(&mut state);
            plant.step(&mut restored);
            prop_assert_eq!(state.hash(), restored.hash());
        }
        prop_assert!(state == restored);
    }
}
