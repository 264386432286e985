//! What may be added to a plant, or cut into pieces, without anything else noticing.

use proptest::prelude::*;
use twin_sim::flowsheet::{Blueprint, ComponentSpec, Elevation};

use super::plants::{STEPS, after, any_open_plant, any_plant, at, built, component, difference, line, number, set, values, worst};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_pipe_in_two_pieces_is_the_same_pipe(plant in any_open_plant(), share in 0.05..0.95f64) {
        let mut other = plant.clone();
        let pipes: Vec<ComponentSpec> = plant.components.iter().filter(|spec| spec.kind == "pipe").cloned().collect();
        for whole in &pipes {
            cut(&mut other, whole, share);
        }
        let (plant, other) = (built(&plant), built(&other));
        let (mut one, two) = (values(&plant, &after(&plant, STEPS)), values(&other, &after(&other, STEPS)));
        // The first piece ends within the whole one.
        let is_of_pipe = |name: &str| pipes.iter().any(|pipe| name.starts_with(&format!("{}.", pipe.name)));
        one.retain(|name, _| !is_of_pipe(name) || name.contains(".flow_") || name.contains(".inlet_"));
        let (share, what) = worst(&one, &two);
        prop_assert!(share < 1e-9, "{what}");
    }

    #[test]
    fn a_shut_valve_to_another_tank_changes_nothing(plant in any_plant(), level_m in 0.1..10.0f64, temp_k in 275.0..370.0f64) {
        let mut other = plant.clone();
        for (index, end) in places(&plant).into_iter().enumerate() {
            let (valve, pit) = (format!("shut{index}"), format!("pit{index}"));
            other.components.push(component(&valve, "valve", &[("kvs_m3_h", 50.0)], &[("command_pct", 0.0)]));
            other.components.push(component(&pit, "tank", &[("area_m2", 1.0), ("start_level_m", level_m), ("start_temp_k", temp_k)], &[]));
            other.lines.push(line(&end, &format!("{valve}.inlet")));
            other.lines.push(line(&format!("{valve}.outlet"), &format!("{pit}.bottom")));
        }
        let (share, what) = difference(&plant, &other);
        prop_assert!(share < 1e-9, "{what}");
    }

    #[test]
    fn a_pipe_that_leads_nowhere_changes_nothing(plant in any_plant(), length_m in 1.0..100.0f64, diameter_m in 0.02..0.2f64) {
        let mut other = plant.clone();
        for (index, end) in places(&plant).into_iter().enumerate() {
            let name = format!("dead{index}");
            other.components.push(component(&name, "pipe", &[("length_m", length_m), ("diameter_m", diameter_m)], &[]));
            other.lines.push(line(&end, &format!("{name}.inlet")));
        }
        let (share, what) = difference(&plant, &other);
        prop_assert!(share < 1e-9, "{what}");
    }

    #[test]
    fn two_plants_in_one_file_do_not_touch_each_other(plant in any_plant(), neighbour in any_plant()) {
        let mut other = plant.clone();
        let named = |name: &str| format!("neighbour/{name}");
        other.components.extend(neighbour.components.into_iter().map(|spec| ComponentSpec { name: named(&spec.name), ..spec }));
        other.lines.extend(neighbour.lines.iter().map(|known| line(&named(&known.from), &named(&known.to))));
        let (share, what) = difference(&plant, &other);
        prop_assert!(share < 1e-9, "{what}");
    }
}

/// Places between the parts of the lines, and a tank.
fn places(plant: &Blueprint) -> Vec<String> {
    let inner = plant.lines.iter().filter(|line| line.from.starts_with('l') && line.to.starts_with('l'));
    inner.map(|line| line.from.clone()).chain(["t0.bottom".to_owned()]).collect()
}

/// Takes `share` of a pipe as the first piece, the rest as a second that begins where the first ends.
fn cut(plant: &mut Blueprint, whole: &ComponentSpec, share: f64) {
    let Elevation::Ports(heights_m) = &whole.elevation_m else { panic!("{whole:?}") };
    let (from_m, to_m) = (heights_m["inlet"], heights_m["outlet"]);
    let middle_m = from_m + (to_m - from_m) * share;
    let piece = |name: &str, share: f64, ends: [f64; 2]| {
        let mut piece = ComponentSpec { name: name.to_owned(), ..whole.clone() };
        for parameter in ["length_m", "fittings"] {
            set(&mut piece, parameter, number(whole, parameter) * share);
        }
        at(piece, &[("inlet", ends[0]), ("outlet", ends[1])])
    };
    let rest = format!("{}-rest", whole.name);
    plant.components.retain(|spec| spec.name != whole.name);
    plant.components.push(piece(&whole.name, share, [from_m, middle_m]));
    plant.components.push(piece(&rest, 1.0 - share, [middle_m, to_m]));
    let outlet = format!("{}.outlet", whole.name);
    for line in &mut plant.lines {
        for end in [&mut line.from, &mut line.to] {
            if *end == outlet {
                *end = format!("{rest}.outlet");
            }
        }
    }
    plant.lines.push(line(&outlet, &format!("{rest}.inlet")));
}
