//! Derived signals against the figures of Unit 100.

use crate::plant::{Lane, at, derived, plant, signal, thing};
use twin_insight::{NOT_APPLICABLE, check_functions};
use twin_model::{Quality, Severity};

/// Instruments of the normal point, without noise.
const NORMAL: &[(&str, f64)] = &[
    ("PT-106A", 0.224),
    ("PT-107A", 2.918),
    ("TT-104", 84.93),
    ("FT-101", 90.0),
    ("SI-101A", 2720.0),
    ("TT-102", 84.97),
    ("TT-101", 40.0),
    ("FT-201", 303.8),
    ("TT-201", 26.03),
    ("TT-202", 39.33),
    ("LT-101", 50.0),
    ("FT-102", 90.0),
    ("PT-109", 0.871),
    ("PT-103", 0.5),
];

fn unit() -> Lane {
    let measured = NORMAL.iter().map(|(tag, _)| signal(tag));
    let pump = [("suction", "PT-106A"), ("temperature", "TT-104"), ("flow", "FT-101"), ("speed", "SI-101A")];
    let computed = [
        derived("NY-101A", "npsh_margin", &pump),
        derived("HY-101A", "pump_head", &[("suction", "PT-106A"), ("discharge", "PT-107A")]),
        derived("HY-102A", "head_deficit", &[("suction", "PT-106A"), ("discharge", "PT-107A"), ("flow", "FT-101"), ("speed", "SI-101A")]),
        derived(
            "UY-101",
            "heat_exchange_ua",
            &[
                ("shell_flow", "FT-101"),
                ("shell_in", "TT-102"),
                ("shell_out", "TT-101"),
                ("tube_flow", "FT-201"),
                ("tube_in", "TT-201"),
                ("tube_out", "TT-202"),
            ],
        ),
        derived("LY-101", "inventory_level", &[("level", "LT-101"), ("inflow", "FT-101"), ("outflow", "FT-102")]),
        derived("LY-109", "level_from_pressures", &[("bottom", "PT-109"), ("gas", "PT-103"), ("flow", "FT-102")]),
    ];
    let mut lane = Lane::new(plant(vec![thing("unit", None, measured.chain(computed).collect(), Vec::new())]));
    for (tag, value) in NORMAL {
        lane.send(tag, 0.0, *value);
    }
    lane.tick(1.0);
    lane
}

fn reading(lane: &Lane, tag: &str) -> (Option<f64>, Quality) {
    let reading = lane.evaluator.reading(lane.key(tag)).unwrap();
    (reading.value, reading.quality)
}

fn value(lane: &Lane, tag: &str) -> f64 {
    reading(lane, tag).0.unwrap_or_else(|| panic!("{tag} has no value"))
}

#[test]
fn the_formulas_give_the_normal_point_of_unit_100() {
    let lane = unit();
    // Tag, figure of the specification, tolerance.
    let figures = [
        ("NY-101A", 3.83, 0.02),
        ("HY-101A", 28.4, 0.1),
        ("HY-102A", 0.0, 0.5),
        ("UY-101", 212.7, 1.5),
        ("LY-101", 50.0, 0.01),
        ("LY-109", 50.0, 0.5),
    ];
    for (tag, figure, tolerance) in figures {
        let found = value(&lane, tag);
        println!("{tag}: {found:.3}, specification {figure}");
        assert!((found - figure).abs() <= tolerance, "{tag}: {found}, specification {figure} ± {tolerance}");
    }
}

#[test]
fn a_computed_value_is_no_better_than_its_inputs() {
    let mut lane = unit();
    lane.send_quality("TT-104", 2.0, Some(84.93), Quality::UNCERTAIN_LAST_USABLE);
    lane.tick(2.0);
    assert!((value(&lane, "NY-101A") - 3.83).abs() < 0.02);
    assert_eq!(reading(&lane, "NY-101A").1, Quality::UNCERTAIN_LAST_USABLE);
    lane.send_quality("TT-104", 3.0, None, Quality::BAD_SENSOR_FAILURE);
    lane.tick(3.0);
    assert_eq!(reading(&lane, "NY-101A"), (None, Quality::BAD_SENSOR_FAILURE));
    let said = lane.derived.len();
    lane.tick(4.0);
    let again = lane.derived[said..].iter().filter(|sample| sample.value.is_none()).count();
    assert_eq!(again, 0, "what cannot be computed is said once");
}

#[test]
fn a_pump_that_stands_has_no_npsh_margin_and_is_not_ill_for_it() {
    let mut lane = unit();
    lane.send("SI-101A", 2.0, 0.0);
    lane.tick(2.0);
    assert_eq!(reading(&lane, "NY-101A"), (None, NOT_APPLICABLE));
    lane.send("FT-101", 3.0, 0.0);
    lane.tick(3.0);
    assert_eq!(reading(&lane, "UY-101"), (None, NOT_APPLICABLE));
    assert_eq!(lane.health_state("unit"), twin_model::alarm::HealthState::Good);
}

/// Lets the drum run with these flows for some minutes; `level` is what LT-101 shows.
fn run_drum(lane: &mut Lane, seconds: std::ops::Range<i32>, inflow: f64, outflow: f64, level: impl Fn(f64, f64) -> f64) {
    for second in seconds {
        let secs = f64::from(second);
        let shown = level(secs, value(lane, "LY-101"));
        lane.send("LT-101", secs, shown);
        lane.send("FT-101", secs, inflow);
        lane.send("FT-102", secs, outflow);
        lane.tick(secs);
    }
}

#[test]
fn a_flow_bias_moves_the_inventory_level_less_than_its_alarm() {
    let mut lane = unit();
    // Both meters half a per cent wrong, in the worst direction, for a day; the true level stands.
    run_drum(&mut lane, 2..86_400, 90.45, 89.55, |_, _| 50.0);
    let offset = value(&lane, "LY-101") - 50.0;
    println!("inventory level after a day of 1 % flow disagreement: {offset:+.2} %");
    assert!((4.0..8.0).contains(&offset), "{offset}");
}

#[test]
fn the_inventory_level_does_not_come_to_believe_a_transmitter_that_lies() {
    let mut lane = unit();
    // LT-101 sinks by 0.9 % a minute while flows are balanced.
    run_drum(&mut lane, 2..1800, 90.0, 90.0, |secs, _| 50.0 - 0.015 * secs);
    let level = value(&lane, "LY-101");
    assert!((49.0..=50.0).contains(&level), "{level}");
    // 30 m³/h net inflow for 16.1 minutes: 50 to 75 % by the table of the drum, whatever LT-101 shows.
    let before = level;
    run_drum(&mut lane, 1800..2766, 90.0, 60.0, |_, _| 23.0);
    let risen = value(&lane, "LY-101") - before;
    assert!((risen - 25.0).abs() < 0.3, "{risen}");
    // After its calibration the transmitter is believed again.
    lane.send_quality("LT-101", 2800.0, None, Quality::BAD_OUT_OF_SERVICE);
    lane.tick(2800.0);
    lane.send("LT-101", 2801.0, 60.0);
    lane.tick(2801.0);
    assert!((value(&lane, "LY-101") - 60.0).abs() < 0.01);
}

#[test]
fn what_a_plant_file_declares_wrongly_is_told_and_stays_bad() {
    let mut unread = derived("DY-1", "difference", &[("a", "LT-1"), ("b", "LT-1")]);
    unread.derived.as_mut().unwrap().parameters.insert("gain".to_owned(), 2.0);
    let lane_plant = plant(vec![thing(
        "v-1",
        None,
        vec![
            signal("LT-1"),
            derived("AY-1", "entropy", &[]),
            derived("BY-1", "difference", &[("a", "LT-1")]),
            derived("CY-1", "difference", &[("a", "LT-1"), ("b", "LT-9")]),
            unread,
        ],
        Vec::new(),
    )]);
    let problems = check_functions(&lane_plant);
    let told: Vec<_> = problems.iter().map(|problem| (problem.severity, problem.pointer.as_str(), problem.message.as_str())).collect();
    assert_eq!(
        told,
        [
            (Severity::Error, "/things/0/signals/ay_1/derived", "function \"entropy\" is not known"),
            (Severity::Error, "/things/0/signals/by_1/derived", "input \"b\" is missing"),
            (Severity::Error, "/things/0/signals/cy_1/derived", "input \"b\" names LT-9, which is no signal of this plant"),
            (Severity::Warning, "/things/0/signals/dy_1/derived", "\"gain\" is not read by difference"),
        ]
    );
    let mut lane = Lane::new(lane_plant);
    lane.send("LT-1", 0.0, 1.0);
    lane.tick(1.0);
    for tag in ["AY-1", "BY-1", "CY-1"] {
        let (value, quality) = reading(&lane, tag);
        assert!(value.is_none() && quality.is_bad(), "{tag}");
    }
    assert_eq!(value(&lane, "DY-1"), 0.0);
    assert_eq!(lane.derived[0].source_time, at(1.0));
}
