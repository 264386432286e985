//! What a plant on the flowsheet does whatever its figures are: the same when it is described otherwise, in proportion when
//! it is scaled.

use proptest::prelude::*;
use twin_sim::flowsheet::{Blueprint, ComponentSpec, Elevation, Input, LineSpec, Plant, Setting, State, assemble};

const STEP_SECS: f64 = 0.5;

fn component(name: &str, kind: &str, parameters: &[(&str, f64)], inputs: &[(&str, f64)]) -> ComponentSpec {
    ComponentSpec {
        name: name.to_owned(),
        kind: kind.to_owned(),
        parameters: parameters.iter().map(|(name, value)| ((*name).to_owned(), Setting::Number(*value))).collect(),
        inputs: inputs.iter().map(|(name, value)| ((*name).to_owned(), Input::Constant(*value))).collect(),
        ..ComponentSpec::default()
    }
}

fn lines(pairs: &[(&str, &str)]) -> Vec<LineSpec> {
    pairs.iter().map(|(from, to)| LineSpec { from: (*from).to_owned(), to: (*to).to_owned(), ..LineSpec::default() }).collect()
}

/// The figures of a plant: a warm feed into a tank, a pump that lifts it through a pipe and a valve into a second tank, from
/// which a consumer draws.
#[derive(Clone, Copy, Debug)]
struct Figures {
    feed_kg_s: f64,
    feed_k: f64,
    tracer: f64,
    area_m2: f64,
    head_m: f64,
    length_m: f64,
    diameter_m: f64,
    kvs_m3_h: f64,
    position_pct: f64,
    draw_kg_s: f64,
}

fn any_figures() -> impl Strategy<Value = Figures> {
    let flows = (1.0..20.0_f64, 280.0..360.0_f64, 0.0..500.0_f64, 2.0..30.0_f64);
    let line = (15.0..60.0_f64, 5.0..200.0_f64, 0.05..0.2_f64, 20.0..150.0_f64, 20.0..100.0_f64);
    (flows, line, 1.0..20.0_f64).prop_map(
        |((feed_kg_s, feed_k, tracer, area_m2), (head_m, length_m, diameter_m, kvs_m3_h, position_pct), draw_kg_s)| Figures {
            feed_kg_s,
            feed_k,
            tracer,
            area_m2,
            head_m,
            length_m,
            diameter_m,
            kvs_m3_h,
            position_pct,
            draw_kg_s,
        },
    )
}

const LINES: [(&str, &str); 6] = [
    ("feed.outlet", "low.top"),
    ("low.bottom", "pump.inlet"),
    ("pump.outlet", "pipe.inlet"),
    ("pipe.outlet", "valve.inlet"),
    ("valve.outlet", "high.top"),
    ("high.bottom", "draw.inlet"),
];

fn blueprint(figures: &Figures) -> Blueprint {
    let f = figures;
    let tank = |name: &str, level_m: f64, temp_k: f64| {
        component(name, "tank", &[("area_m2", f.area_m2), ("rim_m", 50.0), ("start_level_m", level_m), ("start_temp_k", temp_k)], &[])
    };
    let components = vec![
        component("feed", "source", &[], &[("flow_kg_s", f.feed_kg_s), ("temp_k", f.feed_k), ("tracer", f.tracer)]),
        tank("low", 4.0, 300.0),
        component(
            "pump",
            "centrifugal_pump",
            &[("shutoff_head_m", f.head_m), ("head_fall_m_per_m3_h2", 2e-3), ("best_flow_m3_h", 60.0)],
            &[],
        ),
        component("pipe", "pipe", &[("length_m", f.length_m), ("diameter_m", f.diameter_m), ("fittings", 3.0)], &[]),
        component("valve", "valve", &[("kvs_m3_h", f.kvs_m3_h), ("start_pct", f.position_pct)], &[("command_pct", f.position_pct)]),
        tank("high", 3.0, 320.0),
        component("draw", "sink", &[], &[("flow_kg_s", f.draw_kg_s)]),
    ];
    Blueprint { step_secs: STEP_SECS, components, lines: lines(&LINES), ..Blueprint::default() }
}

fn run(blueprint: &Blueprint, steps: usize) -> (Plant, State) {
    let plant = assemble(blueprint).unwrap_or_else(|faults| panic!("{faults:?}"));
    let mut state = plant.start();
    (0..steps).for_each(|_| plant.step(&mut state));
    (plant, state)
}

fn read((plant, state): &(Plant, State), point: &str) -> f64 {
    state.point(plant.point(point).unwrap())
}

const SEEN: [&str; 9] = [
    "pipe.flow_kg_s",
    "low.level_m",
    "high.level_m",
    "low.temp_k",
    "high.temp_k",
    "high.tracer",
    "pump.shaft_w",
    "pump.head_m",
    "pump.outlet_pa",
];

fn alike(one: &(Plant, State), other: &(Plant, State), share: f64) -> Result<(), TestCaseError> {
    for point in SEEN {
        let (a, b) = (read(one, point), read(other, point));
        prop_assert!((a - b).abs() <= share * a.abs().max(b.abs()).max(1e-6), "{}: {} and {}", point, a, b);
    }
    Ok(())
}

fn find<'a>(blueprint: &'a mut Blueprint, name: &str) -> &'a mut ComponentSpec {
    blueprint.components.iter_mut().find(|spec| spec.name == name).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_order_in_which_a_plant_is_described_does_not_matter(figures in any_figures()) {
        let straight = blueprint(&figures);
        let mut reversed = straight.clone();
        reversed.components.reverse();
        reversed.lines.reverse();
        for line in &mut reversed.lines {
            std::mem::swap(&mut line.from, &mut line.to);
        }
        alike(&run(&straight, 400), &run(&reversed, 400), 1e-9)?;
    }

    #[test]
    fn a_pipe_laid_the_other_way_round_carries_the_same_with_the_other_sign(figures in any_figures()) {
        let straight = blueprint(&figures);
        let mut turned = straight.clone();
        for line in &mut turned.lines {
            for end in [&mut line.from, &mut line.to] {
                *end = match end.as_str() {
                    "pipe.inlet" => "pipe.outlet".to_owned(),
                    "pipe.outlet" => "pipe.inlet".to_owned(),
                    other => other.to_owned(),
                };
            }
        }
        let (straight, turned) = (run(&straight, 400), run(&turned, 400));
        let (forth, back) = (read(&straight, "pipe.flow_kg_s"), read(&turned, "pipe.flow_kg_s"));
        prop_assert!((forth + back).abs() <= 1e-9 * forth.abs(), "{} and {}", forth, back);
        for point in &SEEN[1..] {
            let (a, b) = (read(&straight, point), read(&turned, point));
            prop_assert!((a - b).abs() <= 1e-9 * a.abs().max(1e-6), "{}: {} and {}", point, a, b);
        }
    }

    #[test]
    fn two_halves_of_a_pipe_are_the_pipe(figures in any_figures()) {
        let whole = blueprint(&figures);
        let mut halves = whole.clone();
        let pipe = find(&mut halves, "pipe");
        pipe.parameters.insert("length_m".to_owned(), Setting::Number(0.5 * figures.length_m));
        pipe.parameters.insert("fittings".to_owned(), Setting::Number(1.5));
        let other = ComponentSpec { name: "rest".to_owned(), ..pipe.clone() };
        halves.components.push(other);
        halves.lines.retain(|line| line.from != "pipe.outlet");
        halves.lines.extend(lines(&[("pipe.outlet", "rest.inlet"), ("rest.outlet", "valve.inlet")]));
        alike(&run(&whole, 400), &run(&halves, 400), 1e-9)?;
    }

    #[test]
    fn two_equal_valves_side_by_side_are_one_of_twice_the_capacity(figures in any_figures()) {
        let one = blueprint(&figures);
        let mut two = one.clone();
        let valve = find(&mut two, "valve");
        valve.parameters.insert("kvs_m3_h".to_owned(), Setting::Number(0.5 * figures.kvs_m3_h));
        let twin = ComponentSpec { name: "beside".to_owned(), ..valve.clone() };
        two.components.push(twin);
        two.lines.extend(lines(&[("beside.inlet", "valve.inlet"), ("beside.outlet", "valve.outlet")]));
        alike(&run(&one, 400), &run(&two, 400), 1e-9)?;
    }

    #[test]
    fn a_shut_valve_with_a_tank_behind_it_changes_nothing_elsewhere(figures in any_figures()) {
        let bare = blueprint(&figures);
        let mut with_end = bare.clone();
        with_end.components.push(component("shut", "valve", &[("kvs_m3_h", 50.0)], &[("command_pct", 0.0)]));
        with_end.components.push(component("end", "tank", &[("area_m2", 1.0), ("start_level_m", 1.0)], &[]));
        with_end.lines.extend(lines(&[("pipe.outlet", "shut.inlet"), ("shut.outlet", "end.bottom")]));
        alike(&run(&bare, 400), &run(&with_end, 400), 1e-9)?;
    }

    #[test]
    fn a_plant_on_a_hill_runs_as_in_the_valley(figures in any_figures()) {
        let (mut valley, mut hill) = (blueprint(&figures), blueprint(&figures));
        let raised = |blueprint: &mut Blueprint, ground_m: f64| {
            for (name, low_m, high_m) in [("low", 0.0, 6.0), ("high", 8.0, 14.0)] {
                find(blueprint, name).elevation_m =
                    Elevation::Ports([("bottom".to_owned(), ground_m + low_m), ("top".to_owned(), ground_m + high_m)].into());
            }
            for name in ["pump", "valve"] {
                find(blueprint, name).elevation_m = Elevation::All(ground_m + if name == "pump" { 0.0 } else { 14.0 });
            }
        };
        raised(&mut valley, 0.0);
        raised(&mut hill, 100.0);
        alike(&run(&valley, 400), &run(&hill, 400), 1e-8)?;
    }

    #[test]
    fn twice_the_tracer_at_the_source_is_twice_the_tracer_everywhere(figures in any_figures()) {
        let once = run(&blueprint(&figures), 400);
        let twice = run(&blueprint(&Figures { tracer: 2.0 * figures.tracer, ..figures }), 400);
        for point in ["low.tracer", "high.tracer"] {
            let (a, b) = (read(&once, point), read(&twice, point));
            prop_assert!((b - 2.0 * a).abs() <= 1e-12 * b.abs().max(1e-9), "{}: {} and {}", point, a, b);
        }
        prop_assert_eq!(read(&once, "pipe.flow_kg_s").to_bits(), read(&twice, "pipe.flow_kg_s").to_bits());
    }

    #[test]
    fn areas_and_imposed_flows_times_a_factor_leave_levels_and_temperatures(figures in any_figures(), factor in 0.2..5.0_f64) {
        let basin = |scale: f64| Blueprint {
            step_secs: STEP_SECS,
            components: vec![
                component("feed", "source", &[], &[("flow_kg_s", scale * figures.feed_kg_s), ("temp_k", figures.feed_k)]),
                component("tank", "tank", &[("area_m2", scale * figures.area_m2), ("rim_m", 500.0), ("start_level_m", 5.0)], &[]),
                component("draw", "sink", &[], &[("flow_kg_s", scale * 0.5 * figures.feed_kg_s)]),
            ],
            lines: lines(&[("feed.outlet", "tank.top"), ("tank.bottom", "draw.inlet")]),
            ..Blueprint::default()
        };
        let (one, other) = (run(&basin(1.0), 1000), run(&basin(factor), 1000));
        for point in ["tank.level_m", "tank.temp_k"] {
            let (a, b) = (read(&one, point), read(&other, point));
            prop_assert!((a - b).abs() <= 1e-10 * a.abs(), "{}: {} and {}", point, a, b);
        }
        let (a, b) = (read(&one, "tank.volume_m3"), read(&other, "tank.volume_m3"));
        prop_assert!((b - factor * a).abs() <= 1e-10 * b, "{} and {}", a, b);
    }
}

/// Two tanks joined by a valve find one level: the difference of the levels falls with √, as a drained tank's does.
fn level_difference_m(step_secs: f64) -> f64 {
    let tank = |name: &str, level_m: f64| component(name, "tank", &[("area_m2", 2.0), ("rim_m", 20.0), ("start_level_m", level_m)], &[]);
    let valve = component("valve", "valve", &[("kvs_m3_h", 10.0), ("start_pct", 100.0)], &[("command_pct", 100.0)]);
    let blueprint = Blueprint {
        step_secs,
        components: vec![tank("a", 6.0), tank("b", 2.0), valve],
        lines: lines(&[("a.bottom", "valve.inlet"), ("valve.outlet", "b.bottom")]),
        ..Blueprint::default()
    };
    let end = run(&blueprint, (600.0 / step_secs) as usize);
    read(&end, "a.level_m") - read(&end, "b.level_m")
}

#[test]
fn two_tanks_find_one_level_with_an_error_of_first_order_in_the_step() {
    let density = twin_sim::fluid::Liquid::Water.density_kg_m3(293.15);
    // Q = Kv·√(Δp·1000/ρ) with Δp = ρ·g·d in bar: the density falls out of d itself.
    let m3_s_per_root_m = 10.0 / 3600.0 * (density * 9.80665 / 1e5 * 1000.0 / density).sqrt();
    let root = 4.0_f64.sqrt() - 2.0 * m3_s_per_root_m / 2.0 * 600.0 / 2.0;
    let exact = root * root;
    let errors: Vec<f64> = [4.0, 2.0, 1.0, 0.5].iter().map(|step| (level_difference_m(*step) - exact).abs()).collect();
    for pair in errors.windows(2) {
        let order = (pair[0] / pair[1]).log2();
        assert!((order - 1.0).abs() < 0.1, "order {order}, errors {errors:?}, exact {exact}");
    }
    let extrapolated = 2.0 * level_difference_m(0.5) - level_difference_m(1.0);
    assert!((extrapolated - exact).abs() < 1e-6 * exact, "{extrapolated} m for {exact} m");
}
