//! Payloads of every kind, good and bad.

use crate::plant::{START, key, plant, source};
use twin_ingest::{Decoded, Decoder, InputProblem};
use twin_model::{Batch, Origin, Plant, Quality, Sample, TwinTime};

const TT: &str = "unit100/gw-100/p-101a/TT-111A";
const PT: &str = "unit100/gw-100/p-101a/PT-106A";
const XS: &str = "unit100/gw-100/p-101a/XS-101A";
const YS: &str = "unit100/gw-100/p-101a/YS-101A";
const SI: &str = "unit100/gw-100/P-101A/SI-101A";
const SCAN: &str = "vendor/p-101a/scan";

struct Bench {
    plant: Plant,
    decoder: Decoder,
}

impl Bench {
    fn new() -> Self {
        let plant = plant();
        let decoder = Decoder::new(&plant, &source(&plant));
        Self { plant, decoder }
    }

    fn send(&mut self, topic: &str, payload: impl AsRef<[u8]>) -> (Result<Decoded, InputProblem>, Vec<Sample>) {
        let mut batch = Batch::default();
        let outcome = self.decoder.decode(topic, payload.as_ref(), false, START.plus_secs(0.25), &mut batch);
        (outcome, batch.samples)
    }
}

fn one(topic: &str, payload: &str) -> Sample {
    let (outcome, samples) = Bench::new().send(topic, payload);
    assert_eq!(samples.len(), 1, "{topic} {payload}: {outcome:?}");
    samples[0]
}

#[test]
fn every_payload_form_gives_its_value_time_and_quality() {
    let arrival = START.plus_secs(0.25);
    for (topic, payload, value, time, quality) in [
        (TT, r#"{"t":"2026-01-31T08:15:30.000Z","v":57.9,"q":"good"}"#, Some(57.9), START, Quality::GOOD),
        (TT, r#" {"q":"good","x":{"deep":[1,2]},"v":5.79e1,"t":1769847330}"#, Some(57.9), START, Quality::GOOD),
        (TT, r#"{"t":1769847330000,"v":"57.9"}"#, Some(57.9), START, Quality::GOOD),
        (TT, r#"{"t":"2026-01-31T09:15:30+01:00","v":57.9}"#, Some(57.9), START, Quality::GOOD),
        (TT, "57.9", Some(57.9), arrival, Quality::GOOD),
        (TT, "\"57.9\"", Some(57.9), arrival, Quality::GOOD),
        (TT, r#"{"v":57.9,"u":"°C"}"#, Some(57.9), arrival, Quality::GOOD),
        (TT, r#"{"v":331.15,"u":"K"}"#, Some(58.0), arrival, Quality::GOOD),
        (TT, r#"{"v":136.4,"u":"degreeFahrenheit"}"#, Some(58.0), arrival, Quality::GOOD),
        (PT, r#"{"v":215,"u":"mbarg"}"#, Some(0.215), arrival, Quality::GOOD),
        (TT, r#"{"v":170.0}"#, Some(170.0), arrival, Quality::UNCERTAIN_RANGE_EXCEEDED),
        (TT, r#"{"v":-1.0}"#, Some(-1.0), arrival, Quality::GOOD),
        (TT, r#"{"v":57.9,"q":"uncertain","reason":"sensor not accurate"}"#, Some(57.9), arrival, Quality::UNCERTAIN_SENSOR_NOT_ACCURATE),
        (TT, r#"{"v":57.9,"q":"splendid"}"#, Some(57.9), arrival, Quality::UNCERTAIN),
        (TT, r#"{"v":57.9,"q":192}"#, Some(57.9), arrival, Quality::GOOD),
        (TT, r#"{"q":"bad","reason":"maintenance"}"#, None, arrival, Quality::BAD_OUT_OF_SERVICE),
        (TT, r#"{"v":57.9,"q":"bad","reason":"sensor_failure"}"#, None, arrival, Quality::BAD_SENSOR_FAILURE),
        (TT, r#"{"v":"NaN","q":"bad"}"#, None, arrival, Quality::BAD),
        (XS, "running", Some(2.0), arrival, Quality::GOOD),
        (XS, r#"{"v":"Starting"}"#, Some(1.0), arrival, Quality::GOOD),
        (XS, "2", Some(2.0), arrival, Quality::GOOD),
        (YS, "true", Some(1.0), arrival, Quality::GOOD),
        (YS, r#"{"v":false}"#, Some(0.0), arrival, Quality::GOOD),
        (YS, "OFF", Some(0.0), arrival, Quality::GOOD),
        (SI, r#"{"rpm":2720,"v":1}"#, Some(2720.0), arrival, Quality::GOOD),
    ] {
        let sample = one(topic, payload);
        match (sample.value, value) {
            (Some(found), Some(value)) => assert!((found - value).abs() < 1e-9, "{payload}: {found}"),
            (found, value) => assert_eq!(found, value, "{payload}"),
        }
        assert_eq!((sample.source_time, sample.quality, sample.origin), (time, quality, Origin::Live), "{payload}");
        assert_eq!(sample.receive_time, arrival);
    }
}

#[test]
fn several_signals_of_one_payload_are_found_by_their_pointers() {
    let mut bench = Bench::new();
    let (outcome, samples) = bench.send(SCAN, r#"{"t":1769847330,"data":{"rms":1.9,"spectrum":[{"peak":3.5}]}}"#);
    assert_eq!(outcome.unwrap().samples, 2);
    let found: Vec<_> = samples.iter().map(|s| (s.signal, s.value)).collect();
    assert!(found.contains(&(key(&bench.plant, "VT-111A"), Some(1.9))) && found.contains(&(key(&bench.plant, "VT-111P"), Some(3.5))));
    let (outcome, samples) = bench.send(SCAN, r#"{"t":1769847331,"data":{"rms":1.8}}"#);
    assert_eq!((outcome.unwrap().problem, samples.len()), (Some(InputProblem::NoValue), 1));
}

#[test]
fn an_array_is_a_batch_and_its_bad_elements_cost_only_themselves() {
    let mut bench = Bench::new();
    let (outcome, samples) = bench.send(TT, r#"[{"t":1769847328,"v":1},{"t":1769847329,"v":"hot"},7,{"t":1769847330,"v":3}]"#);
    let decoded = outcome.unwrap();
    assert_eq!((decoded.samples, decoded.refused, decoded.late), (3, 1, 1), "{samples:?}");
    assert_eq!(decoded.problem, Some(InputProblem::WrongKind { expected: "number" }));
    let (outcome, samples) = bench.send(TT, r#"[{"t":1769847331,"v":4},{"t":17698473"#);
    assert_eq!((outcome.unwrap().problem, samples.len()), (Some(InputProblem::Truncated), 1));
}

#[test]
fn what_cannot_be_used_is_refused_with_its_reason() {
    let nested = "[".repeat(100_000);
    let huge = format!(r#"{{"v":{}}}"#, "9".repeat(2 << 20));
    let wrong_kind = |expected| InputProblem::WrongKind { expected };
    let unknown_unit = InputProblem::UnknownUnit { unit: "furlong".into() };
    let wrong_quantity = InputProblem::WrongQuantity { unit: "bara".into(), declared: "barg".into() };
    for (topic, payload, expected) in [
        ("unit100/gw-100/p-101a/TT-999", "1", InputProblem::UnknownTopic),
        ("unit100/gw-100/p-101b/TT-111A", "1", InputProblem::UnknownTopic),
        ("", "1", InputProblem::UnknownTopic),
        (TT, "NaN", InputProblem::NotFinite),
        (TT, "inf", InputProblem::NotFinite),
        (TT, r#"{"v":NaN}"#, InputProblem::NotJson),
        (TT, r#"{"v":"NaN"}"#, InputProblem::NotFinite),
        (TT, r#"{"v":"-Infinity"}"#, InputProblem::NotFinite),
        (TT, r#"{"v":1e999}"#, InputProblem::NotFinite),
        (TT, "hot", InputProblem::NotJson),
        (TT, r#"{"v":"hot"}"#, wrong_kind("number")),
        (TT, r#"{"v":true}"#, wrong_kind("number")),
        (TT, r#"{"v":[1]}"#, wrong_kind("number")),
        (TT, r#"{"v":1"#, InputProblem::Truncated),
        (TT, r#"{"v":1}}"#, InputProblem::NotJson),
        (TT, "", InputProblem::Truncated),
        (TT, "{}", InputProblem::NoValue),
        (TT, "null", InputProblem::NoValue),
        (TT, "[]", InputProblem::NoValue),
        (TT, r#"{"v":1,"u":"furlong"}"#, unknown_unit),
        (PT, r#"{"v":1,"u":"bara"}"#, wrong_quantity),
        (TT, r#"{"v":1,"t":"yesterday"}"#, InputProblem::BadTime),
        (TT, r#"{"v":1,"t":0}"#, InputProblem::BadTime),
        (TT, r#"{"v":1,"t":"2126-01-31T08:15:30Z"}"#, InputProblem::BadTime),
        (XS, "exploded", InputProblem::UnknownState),
        (XS, "3", InputProblem::UnknownState),
        (XS, "-1", InputProblem::UnknownState),
        (YS, "2", wrong_kind("boolean")),
        (TT, nested.as_str(), InputProblem::Truncated),
        (TT, huge.as_str(), InputProblem::TooLarge { bytes: huge.len(), limit: 1 << 20 }),
    ] {
        let (outcome, samples) = Bench::new().send(topic, payload);
        let shown: String = payload.chars().take(60).collect();
        assert_eq!((outcome, samples), (Err(expected), vec![]), "{topic} {shown}");
    }
    assert_eq!(Bench::new().send(TT, [0xFF, 0xFE]).0, Err(InputProblem::NotJson));
}

#[test]
fn late_future_and_retained_values_never_pass_for_live_ones() {
    let mut bench = Bench::new();
    let at = |secs: f64, value: f64| format!(r#"{{"t":"{}","v":{value}}}"#, START.plus_secs(secs));
    assert_eq!(bench.send(TT, at(0.0, 1.0)).1[0].origin, Origin::Live);
    assert_eq!(bench.send(TT, at(-2.0, 2.0)).1[0].origin, Origin::Late);
    assert_eq!(bench.send(TT, at(0.0, 1.0)).1[0].origin, Origin::Live, "a duplicate is left to the lane");
    let (outcome, samples) = bench.send(TT, at(3600.0, 3.0));
    assert_eq!((outcome.unwrap().future, samples[0].quality, samples[0].value), (1, Quality::UNCERTAIN, Some(3.0)));
    assert_eq!(bench.send(TT, at(0.1, 4.0)).1[0].origin, Origin::Live, "a wrong clock makes nobody else late");
    let (outcome, samples) = bench.send(PT, at(-3600.0, 0.2));
    assert_eq!((outcome.unwrap().late, samples[0].origin, samples[0].source_time), (1, Origin::Late, START.plus_secs(-3600.0)));
    let mut batch = Batch::default();
    let retained = bench.decoder.decode(TT, at(0.2, 5.0).as_bytes(), true, START, &mut batch).unwrap();
    assert!(retained.retained && batch.samples.is_empty());
}

#[test]
fn future_is_judged_against_the_plant_clock_not_the_wall() {
    let mut bench = Bench::new();
    let yesterday = TwinTime(START.0 - 86_400_000_000_000);
    bench.decoder.set_plant_clock(twin_model::PlantClock { time: yesterday, speed: 240.0, at: START });
    // A quarter of a second later the plant is one minute on.
    let (outcome, samples) = bench.send(TT, format!(r#"{{"t":"{}","v":1}}"#, yesterday.plus_secs(60.0)));
    assert_eq!((outcome.unwrap().future, samples[0].origin, samples[0].quality), (0, Origin::Live, Quality::GOOD));
    let (outcome, _) = bench.send(PT, format!(r#"{{"t":"{}","v":1}}"#, START));
    assert_eq!(outcome.unwrap().future, 1);
}
