//! Charts of Unit 100's equipment against the figures of its specification.

use std::collections::BTreeMap;
use std::path::Path;
use twin_insight::Reading;
use twin_insight::equipment::{
    Exchanger, NoPoint, Pump, Role, Valve, check_equipment, indicator_signals, loop_of, loops_for, pair_of, set_points,
};
use twin_model::document::{PlantDocument, TwinDocument, load};
use twin_model::{Origin, Plant, Quality, SignalKey, TwinTime};

fn document() -> TwinDocument {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/unit100/plant.twin.json")).0
}

fn changed(change: impl Fn(&mut PlantDocument)) -> Plant {
    let mut twin = document();
    change(&mut twin.document);
    twin.plant()
}

/// Readings by tag, or by id for what the model says.
struct Bench {
    plant: Plant,
    values: BTreeMap<SignalKey, Reading>,
}

impl Bench {
    /// Unit 100 at its normal point, as its balance has it.
    fn normal(plant: Plant) -> Self {
        let mut bench = Self { plant, values: BTreeMap::new() };
        for (tag, value) in [
            ("FT-101", 90.0),
            ("FT-102", 90.0),
            ("FT-201", 303.8),
            ("PT-106A", 0.224),
            ("PT-107A", 2.918),
            ("PT-103", 0.5),
            ("PT-108", 2.901),
            ("PT-109", 0.871),
            ("PT-201", 3.486),
            ("PDT-105A", 30.0),
            ("TT-103", 40.03),
            ("TT-104", 84.93),
            ("TT-201", 26.0),
            ("SI-101A", 2720.0),
            ("SI-101B", 0.0),
            ("XS-102", 2.0),
            ("XS-201A", 2.0),
            ("XS-201B", 0.0),
            ("ZT-111", 78.3),
            ("ZT-112", 73.3),
            ("ZT-114", 68.2),
            ("FIC-101.OP", 79.0),
        ] {
            bench.set(tag, value, Quality::GOOD);
        }
        bench
    }

    fn key(&self, signal: &str) -> SignalKey {
        self.plant.signals.find(signal).unwrap_or_else(|| panic!("{signal}"))
    }

    fn set(&mut self, signal: &str, value: f64, quality: Quality) {
        let value = (!quality.is_bad()).then_some(value);
        let (time, origin) = (TwinTime::default(), Origin::Live);
        self.values.insert(self.key(signal), Reading { value, quality, source_time: time, receive_time: time, origin });
    }

    fn read(&self) -> impl Fn(SignalKey) -> Option<Reading> + '_ {
        |key| self.values.get(&key).copied()
    }

    fn pump(&self, name: &str) -> Pump {
        Pump::of(&self.plant, self.plant.thing(name).unwrap()).unwrap()
    }

    fn valve(&self, name: &str) -> Valve {
        Valve::of(&self.plant, self.plant.thing(name).unwrap()).unwrap()
    }
}

fn close(found: f64, wanted: f64, within: f64, what: &str) {
    assert!((found - wanted).abs() <= within, "{what}: {found}, wanted {wanted}");
}

/// The value of a drawn curve at a flow.
fn on(curve: &[[f64; 2]], flow: f64) -> f64 {
    let after = curve.iter().position(|point| point[0] >= flow).unwrap().max(1);
    let (a, b) = (curve[after - 1], curve[after]);
    a[1] + (b[1] - a[1]) * (flow - a[0]) / (b[0] - a[0])
}

#[test]
fn the_curves_are_those_of_the_data_sheet() {
    let curves = Bench::normal(document().plant()).pump("P-101A").curves;
    for (flow, head, efficiency, shaft_kw, required) in [
        (30.0, 38.4, 0.37, 8.2, 2.1),
        (60.0, 36.5, 0.62, 9.3, 2.6),
        (90.0, 33.3, 0.74, 10.6, 3.3),
        (100.0, 32.0, 0.76, 11.1, 3.6),
        (120.0, 28.9, 0.74, 12.3, 4.3),
        (140.0, 25.3, 0.68, 13.8, 5.1),
    ] {
        close(curves.head_m(1.0, flow), head, 0.05, "head");
        close(curves.efficiency(1.0, flow).unwrap(), efficiency, 0.006, "efficiency");
        close(curves.shaft_kw(968.6, 1.0, flow).unwrap(), shaft_kw, 0.06, "power");
        close(curves.npsh_required_m(1.0, flow).unwrap(), required, 0.06, "NPSHr");
    }
    // Affinity: at n times the speed, n times the flow finds n² of the head at the same efficiency.
    close(curves.head_m(0.9, 90.0), 0.81 * curves.head_m(1.0, 100.0), 1e-9, "head at 90 %");
    close(curves.efficiency(0.9, 90.0).unwrap(), curves.efficiency(1.0, 100.0).unwrap(), 1e-12, "efficiency at 90 %");
}

#[test]
fn a_pump_at_the_normal_point_stands_where_the_balance_has_it() {
    let bench = Bench::normal(document().plant());
    let chart = bench.pump("P-101A").chart(&bench.plant, &bench.read());
    let point = chart.now.unwrap();
    close(point.flow_m3_h, 92.2, 0.05, "flow through the pump, hot");
    close(point.head_m, 28.4, 0.1, "head");
    close(point.of_best_flow.unwrap(), 0.94, 0.005, "share of the best flow");
    close(point.npsh_available_m.unwrap(), 6.95, 0.02, "NPSHa");
    close(point.npsh_required_m.unwrap(), 3.12, 0.01, "NPSHr");
    // 0.50 barg in the drum, 5.4 m up to it from the shaft, 2.90 m of tank level above the shaft.
    close(point.static_head_m.unwrap(), 0.5 / 0.095 + 5.4 - 2.9, 0.1, "static head");
    close(on(&chart.present, point.flow_m3_h), point.head_m, 0.15, "the present curve runs through the point");
    close(on(&chart.system, point.flow_m3_h), point.head_m, 0.05, "the system curve runs through the point");
    close(chart.system[0][1], point.static_head_m.unwrap(), 1e-9, "and begins at the static head");
    close(chart.preferred_m3_h.unwrap().0, 0.7 * 105.0 * point.speed, 1e-9, "preferred region at this speed");
    let transfer = bench.pump("P-102").point(&bench.plant, &bench.read()).unwrap();
    close(transfer.head_m, 20.9, 0.1, "P-102, of fixed speed");
    close(transfer.flow_m3_h, 90.0, 0.01, "P-102, metered cold");
    let water = bench.pump("P-201A").point(&bench.plant, &bench.read()).unwrap();
    close(water.head_m, 35.3, 0.1, "P-201A, by the header of its set");
}

#[test]
fn the_npsh_margin_over_load_is_that_of_the_load_table() {
    let bench = Bench::normal(document().plant());
    let pump = bench.pump("P-101A");
    let chart = pump.chart(&bench.plant, &bench.read());
    let ratio = 92.2 / 90.0;
    for (cold, speed, margin) in
        [(45.0, 0.855, 5.56), (60.0, 0.877, 5.11), (75.0, 0.905, 4.53), (90.0, 0.938, 3.83), (100.0, 0.962, 3.30), (115.0, 1.0, 2.40)]
    {
        let hot = cold * ratio;
        let found = on(&chart.npsh_available, hot) - pump.curves.npsh_required_m(speed, hot).unwrap();
        close(found, margin, 0.05, &format!("margin at {cold} m³/h"));
    }
}

#[test]
fn a_point_is_no_better_than_its_worst_input_and_none_where_one_is_bad() {
    let mut bench = Bench::normal(document().plant());
    let pump = bench.pump("P-101A");
    bench.set("PT-106A", 0.224, Quality::UNCERTAIN_LAST_USABLE);
    assert_eq!(pump.point(&bench.plant, &bench.read()).unwrap().quality, Quality::UNCERTAIN_LAST_USABLE);
    bench.set("PT-107A", 0.0, Quality::BAD_SENSOR_FAILURE);
    let lost = NoPoint::Lost { tag: "PT-107A".to_owned(), quality: Quality::BAD_SENSOR_FAILURE };
    let chart = pump.chart(&bench.plant, &bench.read());
    assert_eq!(chart.now, Err(lost));
    assert!(chart.system.is_empty() && chart.npsh_available.is_empty(), "no line through a point that nobody knows");
    bench.set("PT-107A", 2.918, Quality::GOOD);
    bench.set("PT-106A", 0.224, Quality::GOOD);
    bench.set("PDT-105A", 0.0, Quality::BAD_SENSOR_FAILURE);
    let chart = pump.chart(&bench.plant, &bench.read());
    assert_eq!(chart.now.unwrap().quality, Quality::GOOD, "the point does not hang on the strainer");
    assert!(chart.system.is_empty() && chart.npsh_available.is_empty(), "but the line around it does");
    bench.set("PT-107A", 0.0, Quality::BAD_SENSOR_FAILURE);
    bench.set("SI-101A", 0.0, Quality::GOOD);
    let chart = pump.chart(&bench.plant, &bench.read());
    assert_eq!(chart.now, Err(NoPoint::AtRest), "rest is told before a lost pressure");
    assert!(chart.present.is_empty() && !chart.rated.is_empty());
}

#[test]
fn two_pumps_on_a_header_share_the_flow() {
    let mut bench = Bench::normal(document().plant());
    bench.set("SI-101B", 2720.0, Quality::GOOD);
    let point = bench.pump("P-101A").point(&bench.plant, &bench.read()).unwrap();
    close(point.flow_m3_h, 46.1, 0.05, "half of 92.2");
    // Below 32 m³/h forward the recirculation opens: 26 · (1 − F ÷ 32).
    bench.set("FT-101", 30.0, Quality::GOOD);
    let forward = 30.0 * 92.2 / 90.0 / 2.0;
    let point = bench.pump("P-101A").point(&bench.plant, &bench.read()).unwrap();
    close(point.flow_m3_h, forward + 26.0 * (1.0 - forward / 32.0), 0.05, "with recirculation");
}

#[test]
fn the_expected_point_is_the_models() {
    let mut bench = Bench::normal(document().plant());
    let pump = bench.pump("P-101A");
    assert_eq!(pump.chart(&bench.plant, &bench.read()).expected, None, "the model has said nothing");
    for (signal, value) in [
        ("unit100:e-101/condensate_flow/model", 85.0),
        ("unit100:p-101a/suction_pressure/model", 0.23),
        ("unit100:p-101a/discharge_pressure/model", 3.10),
        ("unit100:v-101/gas_pressure/model", 0.5),
        ("unit100:str-101a/differential_pressure/model", 27.0),
        ("unit100:tk-101/contents_temp/model", 84.93),
    ] {
        bench.set(signal, value, Quality::GOOD);
    }
    let chart = pump.chart(&bench.plant, &bench.read());
    close(chart.expected.unwrap().flow_m3_h, 85.0 * 92.2 / 90.0, 0.05, "modelled flow");
    close(chart.expected.unwrap().head_m, (3.10 - 0.23) / 0.0950, 0.05, "modelled head");
    close(chart.now.unwrap().flow_m3_h, 92.2, 0.05, "the measured point stays");
}

#[test]
fn pressures_in_other_units_give_the_same_head() {
    let plant = changed(|document| {
        let pump = document.things.iter_mut().find(|thing| thing.name == "P-101A").unwrap();
        pump.signals.get_mut("discharge_pressure").unwrap().unit = Some("bara".to_owned());
        pump.signals.get_mut("suction_pressure").unwrap().unit = Some("psig".to_owned());
    });
    let mut bench = Bench::normal(plant);
    bench.set("PT-107A", 2.918 + 1.01325, Quality::GOOD);
    bench.set("PT-106A", 0.224 * 14.5038, Quality::GOOD);
    close(bench.pump("P-101A").point(&bench.plant, &bench.read()).unwrap().head_m, 28.36, 0.05, "head");
}

#[test]
fn valves_open_over_load_as_the_load_table_says() {
    let bench = Bench::normal(document().plant());
    let (feed, product, water) = (bench.valve("FV-101"), bench.valve("LV-101"), bench.valve("TV-101"));
    for (flow, feed_pct, product_pct, water_flow, water_pct) in [
        (45.0, 55.5, 51.5, 106.0, 31.9),
        (60.0, 64.0, 59.8, 157.0, 44.0),
        (75.0, 71.3, 66.8, 220.0, 55.6),
        (90.0, 78.3, 73.3, 304.0, 68.2),
        (100.0, 83.1, 77.6, 376.0, 79.1),
        (110.0, 88.4, 82.1, 470.0, 99.5),
        (115.0, 91.7, 84.5, 470.0, 99.5),
    ] {
        close(feed.opening_at_pct(flow).unwrap(), feed_pct, 2.0, &format!("FV-101 at {flow}"));
        close(product.opening_at_pct(flow).unwrap(), product_pct, 2.0, &format!("LV-101 at {flow}"));
        close(water.opening_at_pct(water_flow).unwrap(), water_pct, 2.0, &format!("TV-101 at {water_flow}"));
    }
    let chart = feed.chart(&bench.plant, &bench.read());
    let point = chart.now.unwrap();
    close(point.kv_m3_h, 85.5, 0.3, "Kv of FV-101");
    close(point.drop_bar.unwrap(), 1.10, 0.01, "drop over FV-101");
    close(chart.authority.unwrap(), 1.099 / (1.099 + 0.170 + 0.550), 1e-3, "authority: drop of the valve ÷ drop of everything");
    assert_eq!(chart.command_pct, Some(79.0));
    close(chart.installed.last().unwrap()[0], chart.greatest_flow_m3_h.unwrap(), 1e-9, "the curve ends fully open");
    assert_eq!(feed.opening_at_pct(150.0), None, "more than the valve passes");
    assert_eq!(bench.valve("PV-103A").chart(&bench.plant, &bench.read()).command_pct, None, "a split range is no position");
    assert_eq!(
        bench.valve("PV-103A").chart(&bench.plant, &bench.read()).now,
        Err(NoPoint::Lost { tag: "ZT-113A".to_owned(), quality: Quality::BAD_WAITING_FOR_INITIAL_DATA })
    );
}

#[test]
fn characteristics_invert() {
    use twin_insight::equipment::Characteristic::{EqualPercentage, Linear, QuickOpening};
    for characteristic in [Linear, QuickOpening, EqualPercentage { rangeability: 50.0 }] {
        for opening in [0.0, 2.0, 5.0, 30.0, 100.0] {
            close(characteristic.opening_pct(characteristic.share(opening)).unwrap(), opening, 1e-9, "opening");
        }
    }
    close(EqualPercentage { rangeability: 50.0 }.share(78.3) * 200.0, 85.5, 0.3, "Kv of FV-101");
}

#[test]
fn loops_are_found_by_what_they_control_and_measure() {
    let plant = document().plant();
    let key = |tag: &str| plant.signals.find(tag).unwrap();
    let index = |name: &str| plant.thing(name).unwrap();
    let controllers: Vec<usize> = (0..plant.things.len()).filter(|thing| loop_of(&plant, *thing).is_some()).collect();
    assert_eq!(controllers.len(), 8);
    assert!(controllers.iter().all(|thing| loop_of(&plant, *thing).unwrap().process_value.is_some()));
    let of_valve = loops_for(&plant, index("FV-101"));
    assert_eq!(of_valve.len(), 1);
    assert_eq!((of_valve[0].thing, of_valve[0].process_value), (index("FIC-101"), Some(key("FT-101"))));
    let cascade: Vec<usize> = loops_for(&plant, index("FIC-101")).into_iter().map(|control| control.thing).collect();
    assert_eq!(cascade, [index("FIC-101"), index("LIC-100")], "its own, and the one that sets it");
    let set_points = set_points(&plant);
    assert_eq!(set_points.get(&key("LT-101")), Some(&key("LIC-101.SP")));
    assert_eq!((set_points.len(), set_points.get(&key("FT-102"))), (8, None));
    let without = changed(|document| {
        for thing in &mut document.things {
            thing.attributes.remove("process_value");
        }
    });
    let by_alarm = loop_of(&without, without.thing("TIC-101").unwrap()).unwrap();
    assert_eq!(by_alarm.process_value, without.signals.find("TT-101"), "TDA-101 compares TT-101 with the set point");
}

#[test]
fn duty_and_standby_stand_side_by_side_from_either_and_from_their_group() {
    let plant = document().plant();
    let index = |name: &str| plant.thing(name).unwrap();
    let pair = pair_of(&plant, index("P-101B")).unwrap();
    assert_eq!(pair.things, [index("P-101A"), index("P-101B")]);
    assert_eq!(Some(&pair), pair_of(&plant, index("P-101")).as_ref());
    let tags: Vec<&str> = pair.rows.iter().map(|row| plant.signals.info(row.signals[1]).unwrap().tag.as_str()).collect();
    assert_eq!(tags[0], "XS-101B");
    assert!(tags.contains(&"VT-111B") && tags.contains(&"TT-111B"), "{tags:?}");
    assert!(!tags.contains(&"SI-101B"), "what no alarm watches is left to the faceplate: {tags:?}");
    let water = pair_of(&plant, index("P-201")).unwrap();
    assert_eq!(water.rows.len(), 4, "a small type is compared in everything");
    for alone in ["TV-101", "P-102", "E-101", "Area 100"] {
        assert_eq!(plant.thing(alone).and_then(|thing| pair_of(&plant, thing)), None, "{alone}");
    }
}

#[test]
fn key_signals_lead_then_what_is_judged_and_watched() {
    let plant = document().plant();
    let tags = |name: &str| -> Vec<String> {
        let keys = indicator_signals(&plant, plant.thing(name).unwrap());
        keys.iter().map(|key| plant.signals.info(*key).unwrap().tag.clone()).collect()
    };
    let pump = tags("P-101A");
    assert_eq!(pump.len(), 5);
    assert_eq!(pump[..3], ["VT-113A", "SI-101A", "NY-101A"], "key signals of the plant");
    assert_eq!(pump[3], "TT-111A", "judged, with an alarm");
    assert_eq!(tags("V-101")[0], "LT-101");
}

#[test]
fn an_exchanger_is_held_against_its_clean_surfaces() {
    let plant = document().plant();
    let exchanger = Exchanger::of(&plant, plant.thing("E-101").unwrap()).unwrap();
    assert_eq!((Some(exchanger.ua), exchanger.clean), (plant.signals.find("UY-101"), 240.0));
    assert_eq!(Exchanger::of(&plant, plant.thing("P-101A").unwrap()), None);
}

#[test]
fn what_a_chart_cannot_use_is_told_before_it_is_missed() {
    assert_eq!(check_equipment(&document().plant()), Vec::new());
    let plant = changed(|document| {
        let mut set = |name: &str, attribute: &str, value: &str| {
            let thing = document.things.iter_mut().find(|thing| thing.name == name).unwrap();
            thing.attributes.insert(attribute.to_owned(), value.into());
        };
        set("P-201A", "flow_signal", "FT-999");
        set("P-102", "temperature_signal", "PT-103");
        set("FV-101", "characteristic", "equal percent");
        set("FIC-101", "process_value", "TT-101");
    });
    let problems = check_equipment(&plant);
    let told: Vec<String> = problems.iter().map(|problem| format!("{} {}", problem.pointer, problem.message)).collect();
    assert_eq!(problems.len(), 4, "{told:#?}");
    assert!(
        told.iter().any(|text| text.ends_with("/attributes/flow_signal flow_signal names FT-999, which is no signal of this plant")),
        "{told:#?}"
    );
    assert!(told.iter().any(|text| text.contains("temperature_signal names PT-103, whose unit barg is no °C")), "{told:#?}");
    assert!(told.iter().any(|text| text.contains("characteristic is \"equal percent\", which is not known")), "{told:#?}");
    assert!(told.iter().any(|text| text.contains("process_value names TT-101, whose unit °C is no m³/h")), "{told:#?}");
}

#[test]
fn a_plant_without_the_attributes_has_no_charts_and_says_what_is_missing() {
    let plant = changed(|document| {
        for thing in &mut document.things {
            thing.attributes.remove("head_fall_m_per_m3_h2");
            thing.attributes.remove("rangeability");
        }
    });
    assert_eq!(Pump::of(&plant, plant.thing("P-101A").unwrap()), None);
    assert_eq!(Valve::of(&plant, plant.thing("FV-101").unwrap()), None);
    let plant = changed(|document| {
        for thing in &mut document.things {
            thing.attributes.remove("flow_signal");
        }
    });
    let bench = Bench::normal(plant);
    assert_eq!(bench.pump("P-201A").point(&bench.plant, &bench.read()), Err(NoPoint::Unmeasured(Role::Flow)));
}
