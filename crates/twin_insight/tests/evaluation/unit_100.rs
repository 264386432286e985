//! The plant file of Unit 100, evaluated.

use crate::plant::{Lane, at};
use std::path::Path;
use twin_insight::{AlarmEventKind, check_functions};
use twin_model::alarm::{AlarmClass, HealthState};
use twin_model::document::{TwinDocument, load};
use twin_model::{Batch, Plant, Quality};

fn document() -> TwinDocument {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/unit100/plant.twin.json")).0
}

/// Measured signals with their value in normal operation.
fn normal(document: &TwinDocument) -> Vec<(String, f64)> {
    let signals = document.document.things.iter().flat_map(|thing| thing.signals.values());
    let measured = signals.filter(|signal| signal.derived.is_none());
    measured
        .map(|signal| {
            let tag = signal.tag.clone().unwrap_or_default();
            let value = match tag.as_str() {
                "XS-301" => 2.0,
                "JI-301" => 24.5,
                _ => signal.normal.unwrap_or_else(|| panic!("{tag} has no normal value")),
            };
            (tag, value)
        })
        .collect()
}

/// One second of the plant: every signal, then a tick.
fn second(lane: &mut Lane, secs: f64, values: &[(String, f64)], override_of: impl Fn(&str) -> Option<f64>) {
    // A plant whose readings stand still would be one of frozen sensors: a millionth of the value is enough.
    let side = if (secs as i64) % 2 == 0 { 1.0 } else { -1.0 };
    let is_state = |tag: &str| ["XS-", "LS", "ZS-", "XB-"].iter().any(|start| tag.starts_with(start)) || tag.ends_with(".MODE");
    let noise = |tag: &str| match tag {
        "LT-101" => 0.2 * side,
        _ if is_state(tag) => 0.0,
        _ => 1e-6 * side,
    };
    let value = |tag: &str, normal: f64| override_of(tag).unwrap_or(normal) + noise(tag);
    let samples = values.iter().map(|(tag, normal)| lane.sample(tag, secs, Some(value(tag, *normal)), Quality::GOOD)).collect();
    lane.commit(&Batch { samples, tick: Some(at(secs)), ack: None });
}

#[test]
fn the_normal_point_raises_nothing_and_everything_is_good() {
    let document = document();
    let plant = document.plant();
    assert_eq!(check_functions(&plant), Vec::new());
    let values = normal(&document);
    let mut lane = Lane::new(plant);
    for secs in 0..700 {
        second(&mut lane, f64::from(secs), &values, |_| None);
    }
    let plant = lane.evaluator.plant().clone();
    for (point, status) in plant.alarms.iter().zip(lane.evaluator.alarms()) {
        assert!(!status.frozen || status.suppressed, "{} waits for a signal that the plant does not have", point.settings.tag);
        assert!(!status.annunciated && (!status.active || status.suppressed), "{}", point.settings.tag);
    }
    for (thing, health) in plant.things.iter().zip(lane.evaluator.health()) {
        let is_bare = thing.signals.is_empty()
            && thing.alarms.is_empty()
            && !plant.things.iter().any(|other| other.parent == plant.thing(thing.id.as_str()));
        let expected = if is_bare { HealthState::Unknown } else { HealthState::Good };
        assert_eq!(health.state, expected, "{}: {}", thing.name, health.reason);
    }
    for (tag, figure, tolerance) in [("NY-101A", 3.83, 0.15), ("UY-101", 212.7, 1.5), ("LY-101", 50.0, 0.5), ("LY-109", 50.0, 0.5)] {
        let found = lane.evaluator.reading(lane.key(tag)).unwrap().value.unwrap();
        println!("{tag}: {found:.3}, specification {figure}");
        assert!((found - figure).abs() < tolerance, "{tag}: {found}");
    }
}

/// The trip of P-101A with P-101B isolated: minutes after the trip and value, straight between them.
const TRIP: &[(&str, &[(f64, f64)])] = &[
    ("XS-101A", &[(0.0, 4.0)]),
    ("XS-101B", &[(0.0, 6.0)]),
    ("SI-101A", &[(0.0, 2720.0), (0.04, 980.0), (0.13, 0.0)]),
    ("II-101A", &[(0.0, 0.0)]),
    ("PT-107A", &[(0.0, 2.92), (0.04, 0.4)]),
    ("PT-101", &[(0.0, 2.8), (0.05, 0.6), (0.5, 0.3)]),
    ("FT-101", &[(0.0, 90.0), (0.1, 45.0), (0.75, 0.0)]),
    ("PT-103", &[(0.0, 0.5), (0.7, 0.41), (1.5, 0.41), (4.0, 0.45)]),
    ("LT-101", &[(0.0, 50.0), (1.3, 45.0), (4.0, 41.0), (11.0, 31.0), (12.1, 29.7), (40.0, 25.0)]),
    ("FT-102", &[(0.0, 90.0), (2.6, 50.0), (4.0, 40.0), (11.0, 13.0), (20.0, 4.0), (40.0, 1.0)]),
    ("TT-101", &[(0.0, 40.0), (2.3, 37.0), (10.0, 30.0)]),
    ("TT-201", &[(0.0, 26.0), (3.2, 24.5), (10.0, 22.0)]),
    ("LT-100", &[(0.0, 55.0), (40.0, 92.5)]),
];

fn along(course: &[(f64, f64)], minute: f64) -> f64 {
    let after = course.partition_point(|(time, _)| *time <= minute);
    match (course.get(after.wrapping_sub(1)), course.get(after)) {
        (Some((t0, v0)), Some((t1, v1))) => v0 + (v1 - v0) * (minute - t0) / (t1 - t0),
        (Some((_, last)), None) => *last,
        _ => course[0].1,
    }
}

/// Tags annunciated as alarms after the trip with their minute, and tags journaled as suppressed.
fn flood(plant: Plant, values: &[(String, f64)]) -> (Vec<(String, f64)>, Vec<String>) {
    let mut lane = Lane::new(plant);
    for secs in -120..2400 {
        let minute = f64::from(secs) / 60.0;
        let course = |tag: &str| TRIP.iter().find(|(name, _)| *name == tag).map(|(_, course)| along(course, minute));
        let standby = |tag: &str| (tag == "XS-101B").then_some(6.0);
        second(&mut lane, f64::from(secs), values, |tag| if secs < 0 { standby(tag) } else { course(tag) });
    }
    let raised = lane.events.iter().filter(|event| event.kind == AlarmEventKind::Raised && event.time >= at(0.0));
    let tag = |alarm: usize| lane.evaluator.plant().alarms[alarm].settings.tag.clone();
    let is_alarm = |alarm: usize| lane.evaluator.plant().alarms[alarm].settings.class == AlarmClass::Alarm;
    let (mut shown, mut suppressed) = (Vec::new(), Vec::new());
    for event in raised.filter(|event| is_alarm(event.alarm)) {
        match event.annunciate {
            true => shown.push((tag(event.alarm), event.time.secs_since(at(0.0)) / 60.0)),
            false => suppressed.push(tag(event.alarm)),
        }
    }
    (shown, suppressed)
}

#[test]
fn a_pump_trip_floods_without_suppression_and_gives_one_alarm_with_it() {
    let document = document();
    let values = normal(&document);
    let mut plant = document.plant();
    let (with, suppressed) = flood(plant.clone(), &values);
    println!("with suppression: {with:.1?}; journaled as suppressed: {suppressed:?}");
    plant.alarms.iter_mut().for_each(|alarm| alarm.settings.suppressed_when.clear());
    let (without, none) = flood(plant, &values);
    println!("without suppression: {without:.1?}");

    let tags = |list: &[(String, f64)]| list.iter().map(|(tag, _)| tag.clone()).collect::<Vec<_>>();
    assert_eq!(tags(&with), ["XA-101A", "LAH-100", "LAHH-100"]);
    assert!((26.6..27.7).contains(&with[1].1) && (37.0..38.0).contains(&with[2].1));
    assert_eq!(suppressed.len(), 11, "{suppressed:?}");
    assert_eq!(without.iter().filter(|(_, minute)| *minute <= 10.0).count(), 11, "{without:?}");
    assert!(none.is_empty());
    assert!(tags(&without).ends_with(&["LAH-100".to_owned(), "LAHH-100".to_owned()]), "{without:?}");
    assert_eq!(without[0].0, "XA-101A", "the cause is the first-out");
}
