//! The same plant described in another way is the same plant.

use proptest::prelude::*;
use twin_model::document::PlantDocument;
use twin_sim::flowsheet::{Blueprint, ComponentSpec, Elevation, Input, Setting, State, blueprint};
use twin_sim::fluid::Liquid;

use super::plants::{STEPS, after, any_plant, at, built, component, difference, line, number, read, replace, set, values, worst};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_the_lines_and_which_end_comes_first_do_not_matter_to_the_bit(plant in any_plant(), seed in any::<u64>()) {
        let mut other = plant.clone();
        shuffle(&mut other.lines, seed);
        for (index, line) in other.lines.iter_mut().enumerate() {
            if seed >> (index % 64) & 1 == 1 {
                std::mem::swap(&mut line.from, &mut line.to);
            }
        }
        let (plant, other) = (built(&plant), built(&other));
        prop_assert_eq!(after(&plant, STEPS).hash(), after(&other, STEPS).hash());
    }

    #[test]
    fn the_order_of_the_components_matters_to_rounding_only(plant in any_plant(), seed in any::<u64>()) {
        let mut other = plant.clone();
        shuffle(&mut other.components, seed);
        let (share, what) = difference(&plant, &other);
        prop_assert!(share < 1e-9, "{what}");
    }

    #[test]
    fn a_part_built_in_the_other_way_round_has_the_opposite_flow_and_changes_nothing_else(plant in any_plant()) {
        let mut other = plant.clone();
        let turned: Vec<String> = other.components.iter().filter(|spec| has_no_direction(spec)).map(|spec| spec.name.clone()).collect();
        for spec in other.components.iter_mut().filter(|spec| has_no_direction(spec)) {
            if let Elevation::Ports(heights_m) = &mut spec.elevation_m {
                *heights_m = heights_m.iter().map(|(port, height_m)| (turned_port(port), *height_m)).collect();
            }
        }
        for line in &mut other.lines {
            for end in [&mut line.from, &mut line.to] {
                *end = turned_name(end, &turned);
            }
        }
        let (plant, other) = (built(&plant), built(&other));
        let (one, two) = (values(&plant, &after(&plant, STEPS)), values(&other, &after(&other, STEPS)));
        for (name, a) in &one {
            let Some(b) = two.get(&turned_name(name, &turned)).copied() else { panic!("{name}") };
            let part = name.rsplit_once('.').map_or("", |(part, _)| part);
            let changes_sign = name.ends_with(".flow_kg_s") || name.ends_with(".loss_pa");
            let b = if changes_sign && turned.iter().any(|turned| turned == part) { -b } else { b };
            prop_assert!(*a == b || a.is_nan() && b.is_nan(), "{name}: {a} and {b}");
        }
    }

    #[test]
    fn only_differences_of_height_count(plant in any_plant(), raised_m in -100.0..100.0f64) {
        let mut other = plant.clone();
        for spec in &mut other.components {
            match &mut spec.elevation_m {
                Elevation::All(height_m) => *height_m += raised_m,
                Elevation::Ports(heights_m) => heights_m.values_mut().for_each(|height_m| *height_m += raised_m),
            }
        }
        let (share, what) = difference(&plant, &other);
        prop_assert!(share < 1e-9, "{what}");
    }

    #[test]
    fn only_differences_of_pressure_count(plant in any_plant(), raised_pa in 0.0..1e6f64) {
        let plant = between_reservoirs(plant);
        let mut other = plant.clone();
        for spec in other.components.iter_mut().filter(|spec| spec.kind == "reservoir") {
            if let Some(Input::Constant(pressure_pa)) = spec.inputs.get_mut("pressure_pa") {
                *pressure_pa += raised_pa;
            }
        }
        let [one, other] = [plant, other].map(|plant| {
            let plant = built(&plant);
            let mut values = values(&plant, &after(&plant, STEPS));
            // Absolute pressures are what was changed; a pump looks at one of them.
            values.retain(|name, _| name.ends_with(".loss_pa") || !(name.ends_with("_pa") || name.contains("npsh")));
            values
        });
        let (share, what) = worst(&one, &other);
        prop_assert!(share < 1e-9, "{what}");
    }

    #[test]
    fn a_plant_does_not_know_what_time_it_is(plant in any_plant(), later in 1u64..1 << 40) {
        let plant = built(&plant);
        let mut state = after(&plant, 10);
        let mut saved = serde_json::to_value(&state).unwrap();
        saved["steps"] = later.into();
        let mut shifted: State = serde_json::from_value(saved).unwrap();
        for _ in 0..STEPS {
            plant.step(&mut state);
            plant.step(&mut shifted);
        }
        prop_assert_eq!(shifted.steps(), later + STEPS as u64);
        prop_assert_eq!(state.points(), shifted.points());
    }

    #[test]
    fn the_units_in_which_a_flow_and_a_capacity_are_given_do_not_matter(plant in any_plant()) {
        let mut other = plant.clone();
        for spec in &mut other.components {
            if let ("source", Some(Input::Constant(flow_kg_s)), Some(Input::Constant(temp_k))) =
                (spec.kind.as_str(), spec.inputs.get("flow_kg_s"), spec.inputs.get("temp_k"))
            {
                let flow_m3_h = flow_kg_s / Liquid::Water.density_kg_m3(*temp_k) * 3600.0;
                spec.inputs.insert("flow_kg_s".to_owned(), Input::Constant(0.0));
                spec.inputs.insert("flow_m3_h".to_owned(), Input::Constant(flow_m3_h));
            }
            if spec.kind == "valve" {
                // 1 US gal/min at 1 psi is 0.865 m³/h at 1 bar (IEC 60534-1).
                let cvs_gpm = number(spec, "kvs_m3_h") / 0.865;
                spec.parameters.remove("kvs_m3_h");
                set(spec, "cvs_gpm", cvs_gpm);
            }
        }
        // The flow of a source is an input and a link.
        let inputs = |name: &String| name.starts_with('f') && (name.ends_with(".flow_m3_h") || name.ends_with(".flow_kg_s"));
        let [one, other] = [plant, other].map(|plant| {
            let plant = built(&plant);
            let mut values = values(&plant, &after(&plant, STEPS));
            values.retain(|name, _| !inputs(name));
            values
        });
        let (share, what) = worst(&one, &other);
        prop_assert!(share < 1e-9, "{what}");
    }
}

#[test]
fn a_plant_with_one_of_each_kind_is_the_same_in_any_order_of_its_components() {
    let document: PlantDocument = serde_json::from_str(include_str!("../../src/flowsheet/one_of_each.json")).unwrap();
    let plant = blueprint(&document).unwrap();
    let values = |plant: &Blueprint, steps: usize| {
        let plant = built(plant);
        values(&plant, &after(&plant, steps))
    };
    for seed in 1..6 {
        let mut other = plant.clone();
        shuffle(&mut other.components, seed);
        for steps in [1, 300] {
            let (share, what) = worst(&values(&plant, steps), &values(&other, steps));
            assert!(share < 1e-9, "after {steps} steps: {what}");
        }
    }
}

#[test]
fn whoever_waits_for_a_ring_moves_after_it_wherever_it_stands_in_the_file() {
    let calc = |name: &str, formula: &str| {
        let mut calc = component(name, "calc", &[], &[]);
        calc.parameters.insert("formula".to_owned(), Setting::Text(formula.to_owned()));
        calc
    };
    let mut components =
        vec![calc("last", "next.value"), calc("next", "one.value"), calc("one", "other.value + 1"), calc("other", "one.value")];
    for _ in 0..2 {
        let plant = built(&Blueprint { components: components.clone(), ..Blueprint::default() });
        let state = after(&plant, 10);
        let [last, one] = ["last.value", "one.value"].map(|name| read(&plant, &state, name));
        assert_eq!(last, one);
        components.reverse();
    }
}

#[test]
fn a_transmitter_starts_with_what_it_measures_wherever_it_stands_in_the_file() {
    let mut sensor = component("sensor", "sensor", &[("lag_secs", 60.0)], &[]);
    sensor.inputs.insert("value".to_owned(), Input::Point("tank.level_m".to_owned()));
    let tank = component("tank", "tank", &[("area_m2", 2.0), ("start_level_m", 3.0)], &[]);
    let plant = built(&Blueprint { components: vec![sensor, tank], ..Blueprint::default() });
    let reading = read(&plant, &plant.start(), "sensor.reading");
    assert!((reading - 3.0).abs() < 1e-12, "{reading}");
}

#[test]
fn a_riser_between_hot_and_cold_opens_and_comes_to_rest_alike_whichever_end_is_its_inlet() {
    let [flows, turned] = [("inlet", "outlet", 1.0), ("outlet", "inlet", -1.0)].map(|(low, high, sign)| {
        let tank = |name: &str, level_m: f64, temp_k: f64, floor_m: f64| {
            let parameters = [("area_m2", 4.0), ("start_level_m", level_m), ("start_temp_k", temp_k)];
            at(component(name, "tank", &parameters, &[]), &[("bottom", floor_m)])
        };
        let valve = component("valve", "valve", &[("kvs_m3_h", 100.0)], &[("command_pct", 0.0)]);
        let plant = built(&Blueprint {
            components: vec![tank("hot", 12.0, 365.0, 0.0), tank("cold", 2.0, 280.0, 10.0), at(valve, &[(low, 0.0), (high, 10.0)])],
            lines: vec![line("hot.bottom", &format!("valve.{low}")), line("cold.bottom", &format!("valve.{high}"))],
            ..Blueprint::default()
        });
        let mut state = after(&plant, 4);
        plant.set_input(&mut state, "valve.command_pct", 100.0).unwrap();
        let flows: Vec<f64> = (0..1500)
            .map(|_| {
                plant.step(&mut state);
                sign * read(&plant, &state, "valve.flow_kg_s")
            })
            .collect();
        flows
    });
    assert!(flows.iter().any(|flow| *flow < -1.0), "nothing flows");
    for (step, (one, other)) in flows.iter().zip(&turned).enumerate() {
        assert!((one - other).abs() < 1e-6, "step {step}: {one} and {other}");
    }
}

/// Whether a part of a line is the same from either side.
fn has_no_direction(spec: &ComponentSpec) -> bool {
    matches!(spec.kind.as_str(), "pipe" | "fitting" | "valve")
}

/// `inlet…` for `outlet…` and the other way round.
fn turned_port(port: &str) -> String {
    match (port.strip_prefix("inlet"), port.strip_prefix("outlet")) {
        (Some(rest), _) => format!("outlet{rest}"),
        (_, Some(rest)) => format!("inlet{rest}"),
        _ => port.to_owned(),
    }
}

/// What is called so at a part that is turned round.
fn turned_name(name: &str, turned: &[String]) -> String {
    match name.rsplit_once('.') {
        Some((part, port)) if turned.iter().any(|turned| turned == part) => format!("{part}.{}", turned_port(port)),
        _ => name.to_owned(),
    }
}

/// Fisher and Yates with a linear congruential generator (Knuth's MMIX).
fn shuffle<T>(list: &mut [T], mut seed: u64) {
    for last in (1..list.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list.swap(last, (seed >> 33) as usize % (last + 1));
    }
}

/// Places of the pressures that the tanks have at the start, in place of the tanks.
fn between_reservoirs(mut plant: Blueprint) -> Blueprint {
    for spec in plant.components.iter_mut().filter(|spec| spec.kind == "tank") {
        let pressure_pa = 101_325.0 + 9790.0 * number(spec, "start_level_m");
        let temp_k = number(spec, "start_temp_k");
        replace(spec, "reservoir", &[], &[("pressure_pa", pressure_pa), ("temp_k", temp_k)]);
    }
    for line in &mut plant.lines {
        for end in [&mut line.from, &mut line.to] {
            let tank = end.split_once('.').filter(|(name, _)| name.starts_with('t')).map(|(name, _)| name.to_owned());
            if let Some(tank) = tank {
                *end = format!("{tank}.port");
            }
        }
    }
    plant
}
