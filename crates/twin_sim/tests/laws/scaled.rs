//! Plants of another size, and plants in which a quantity is the same everywhere.

use proptest::prelude::*;
use twin_sim::flowsheet::{Blueprint, ComponentSpec, Elevation, Input};

use super::plants::{STEPS, after, any_open_plant, any_plant, built, line, number, read, set, values, with_fittings_for, worst};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn tanks_of_several_times_the_size_with_as_many_of_each_line_behave_like_one(plant in any_plant(), copies in 2usize..4) {
        let mut other = plant.clone();
        enlarge(&mut other, copies as f64);
        for copy in 1..copies {
            let named = |name: &str| if name.starts_with('l') { format!("copy{copy}/{name}") } else { name.to_owned() };
            let parts = plant.components.iter().filter(|spec| spec.name.starts_with('l'));
            other.components.extend(parts.map(|spec| ComponentSpec { name: named(&spec.name), ..spec.clone() }));
            let ends = plant.lines.iter().filter(|line| line.from.starts_with('l') || line.to.starts_with('l'));
            other.lines.extend(ends.map(|known| line(&named(&known.from), &named(&known.to))));
        }
        let (share, what) = sizeless_difference([plant, other], 'f');
        prop_assert!(share < 1e-9, "{what}");
    }

    #[test]
    fn a_plant_of_any_times_the_size_has_the_same_levels_temperatures_and_pressures(plant in any_open_plant(), k in 0.1..50.0f64) {
        // The friction of a pipe does not grow with the size.
        let mut plant = with_fittings_for(plant, &["pipe"]);
        plant.components.iter_mut().filter(|spec| spec.kind == "tank").for_each(|tank| set(tank, "leak_m2", 1e-3));
        let mut other = plant.clone();
        enlarge(&mut other, k);
        for spec in &mut other.components {
            let powers: &[(&str, f64)] = match spec.kind.as_str() {
                "fitting" => &[("at_m3_h", k)],
                "valve" => &[("kvs_m3_h", k)],
                "centrifugal_pump" => &[("best_flow_m3_h", k), ("head_fall_m_per_m3_h2", 1.0 / (k * k))],
                _ => &[],
            };
            for (parameter, factor) in powers {
                let value = number(spec, parameter);
                set(spec, parameter, factor * value);
            }
        }
        let (share, what) = sizeless_difference([plant, other], 'l');
        prop_assert!(share < 1e-9, "{what}");
    }

    #[test]
    fn two_valves_side_by_side_are_one_of_twice_the_capacity(plant in any_open_plant()) {
        let mut other = plant.clone();
        for valve in plant.components.iter().filter(|spec| spec.kind == "valve") {
            let half = 0.5 * number(valve, "kvs_m3_h");
            other.components.iter_mut().filter(|spec| spec.name == valve.name).for_each(|spec| set(spec, "kvs_m3_h", half));
            let beside = format!("{}-beside", valve.name);
            let mut twin = ComponentSpec { name: beside.clone(), ..valve.clone() };
            set(&mut twin, "kvs_m3_h", half);
            other.components.push(twin);
            other.lines.extend(["inlet", "outlet"].map(|port| line(&format!("{beside}.{port}"), &format!("{}.{port}", valve.name))));
        }
        let valves: Vec<String> = plant.components.iter().filter(|spec| spec.kind == "valve").map(|spec| spec.name.clone()).collect();
        let [mut one, other] = [plant, other].map(|plant| {
            let plant = built(&plant);
            values(&plant, &after(&plant, STEPS))
        });
        one.retain(|name, _| !valves.iter().any(|valve| [".kv_m3_h", ".flow_kg_s"].iter().any(|point| *name == format!("{valve}{point}"))));
        let (share, what) = worst(&one, &other);
        prop_assert!(share < 1e-9, "{what}");
    }

    #[test]
    fn twice_the_tracer_is_twice_everywhere_to_the_bit_and_nothing_else_notices(plant in any_plant()) {
        let mut other = plant.clone();
        change_tracer(&mut other, |tracer| 2.0 * tracer);
        let (plant, other) = (built(&plant), built(&other));
        let (one, two) = (values(&plant, &after(&plant, STEPS)), values(&other, &after(&other, STEPS)));
        for (name, a) in one {
            let b = two[&name];
            let a = if name.contains("tracer") { 2.0 * a } else { a };
            prop_assert!(a == b || a.is_nan() && b.is_nan(), "{name}: {a} and {b}");
        }
    }

    #[test]
    fn tracers_add_up(plant in any_plant(), seed in 1u32..1000) {
        // Shares that differ from place to place, so that the parts are no multiples of the whole.
        let share = |place: u32| f64::from((seed * place) % 17) / 16.0;
        let [whole, first, rest] = [0, 1, 2].map(|part| {
            let mut plant = plant.clone();
            let mut place = 0;
            change_tracer(&mut plant, |tracer| {
                place += 1;
                tracer * [1.0, share(place), 1.0 - share(place)][part]
            });
            let plant = built(&plant);
            values(&plant, &after(&plant, STEPS))
        });
        for (name, whole) in whole.iter().filter(|(name, _)| name.contains("tracer")) {
            let sum = first[name] + rest[name];
            prop_assert!((sum - whole).abs() <= 1e-12 * whole.max(1.0), "{name}: {sum} and {whole}");
        }
    }

    #[test]
    fn what_is_as_warm_and_as_salty_everywhere_stays_so(plant in any_plant(), temp_k in 280.0..360.0f64, tracer in 0.1..10.0f64) {
        let mut plant = with_fittings_for(plant, &["centrifugal_pump"]);
        change_tracer(&mut plant, |_| tracer);
        for spec in &mut plant.components {
            match spec.kind.as_str() {
                "tank" => [("start_temp_k", temp_k), ("wall_loss_w_k", 0.0)].into_iter().for_each(|(name, value)| set(spec, name, value)),
                "source" => drop(spec.inputs.insert("temp_k".to_owned(), Input::Constant(temp_k))),
                _ => {}
            }
        }
        let plant = built(&plant);
        let state = after(&plant, STEPS);
        for tank in 0..5 {
            let (warm, salty) = (read(&plant, &state, &format!("t{tank}.temp_k")), read(&plant, &state, &format!("t{tank}.tracer")));
            prop_assert!((warm - temp_k).abs() < 1e-9 * temp_k && (salty - tracer).abs() < 1e-9 * tracer, "t{tank}: {warm} K, {salty}");
        }
    }

    #[test]
    fn water_that_stands_at_one_height_everywhere_does_not_move(plant in any_plant(), height_m in 6.0..15.0f64) {
        let mut plant = with_fittings_for(plant, &["centrifugal_pump"]);
        plant.components.retain(|spec| !spec.name.starts_with('f'));
        plant.lines.retain(|line| !line.from.starts_with('f') && !line.to.starts_with('f'));
        for spec in plant.components.iter_mut().filter(|spec| spec.kind == "tank") {
            let Elevation::All(floor_m) = spec.elevation_m else { panic!("{spec:?}") };
            for (name, value) in [("start_level_m", height_m - floor_m), ("start_temp_k", 293.15), ("wall_loss_w_k", 0.0)] {
                set(spec, name, value);
            }
        }
        plant.lines.iter_mut().for_each(|line| line.to = line.to.replace(".top", ".bottom"));
        let plant = built(&plant);
        let state = after(&plant, STEPS);
        for (name, value) in values(&plant, &state).iter().filter(|(name, _)| name.ends_with("flow_kg_s")) {
            prop_assert!(value.abs() < 1e-6, "{name}: {value}");
        }
    }
}

/// Tanks `k` times as wide that lose `k` times the heat and the liquid, with `k` times the flow from and to outside.
fn enlarge(plant: &mut Blueprint, k: f64) {
    for spec in &mut plant.components {
        if spec.kind == "tank" {
            for parameter in ["area_m2", "wall_loss_w_k", "leak_m2"] {
                if spec.parameters.contains_key(parameter) {
                    let value = number(spec, parameter);
                    set(spec, parameter, k * value);
                }
            }
        } else if let Some(Input::Constant(flow_kg_s)) = spec.inputs.get_mut("flow_kg_s") {
            *flow_kg_s *= k;
        }
    }
}

/// The largest difference but for what grows with the size: volumes of tanks, flows and powers of the sources, sinks and,
/// where `grows` is `l`, of the parts of the lines.
fn sizeless_difference(plants: [Blueprint; 2], grows: char) -> (f64, String) {
    const EXTENSIVE: [&str; 7] = ["volume_m3", "flow_kg_s", "given_m3_h", "flow_m3_h", "kv_m3_h", "shaft_w", "hydraulic_w"];
    let [one, other] = plants.map(|plant| {
        let plant = built(&plant);
        let mut values = values(&plant, &after(&plant, STEPS));
        values.retain(|name, _| {
            let may_grow = name.starts_with('t') || name.starts_with('f') || name.starts_with(grows);
            !(may_grow && EXTENSIVE.iter().any(|point| name.ends_with(point)))
        });
        values
    });
    worst(&one, &other)
}

/// Gives every place where the plant has a tracer of its own another one.
fn change_tracer(plant: &mut Blueprint, mut changed: impl FnMut(f64) -> f64) {
    for spec in &mut plant.components {
        if spec.kind == "tank" {
            let tracer = changed(number(spec, "start_tracer"));
            set(spec, "start_tracer", tracer);
        }
        if let Some(Input::Constant(tracer)) = spec.inputs.get_mut("tracer") {
            *tracer = changed(*tracer);
        }
    }
}
