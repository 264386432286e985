//! Health, residuals, trust.

use crate::plant::{Lane, alarm, at, high, is, judged, plant, signal, thing};
use twin_model::Quality;
use twin_model::alarm::{AlarmClass, AlarmSettings, HealthState};

fn pump_in_area() -> Lane {
    let advisory = AlarmSettings { class: AlarmClass::Advisory, on_delay_secs: 0.0, ..alarm("EAH-1", high("VT-1", 5.0)) };
    let trip = AlarmSettings { health: Some(HealthState::Failure), on_delay_secs: 0.0, ..alarm("XA-1", is("XS-1", "tripped")) };
    Lane::new(plant(vec![
        thing("area", None, Vec::new(), Vec::new()),
        thing("p-1", Some("area"), vec![judged("VT-1", 0.5), signal("TT-1"), signal("XS-1")], vec![advisory, trip]),
        thing("pipe", Some("area"), Vec::new(), Vec::new()),
    ]))
}

fn all_good(lane: &mut Lane, secs: f64) {
    lane.send("VT-1", secs, 1.0);
    lane.send("TT-1", secs, 50.0);
    lane.send("XS-1", secs, 2.0);
}

#[test]
fn a_thing_is_never_good_without_good_data() {
    let mut lane = pump_in_area();
    assert_eq!(lane.health_state("p-1"), HealthState::Unknown);
    assert_eq!(lane.health_state("area"), HealthState::Unknown);
    lane.send("VT-1", 0.0, 1.0);
    lane.send("XS-1", 0.0, 2.0);
    assert_eq!((lane.health_state("p-1"), lane.health("p-1").reason.as_str()), (HealthState::Unknown, "TT-1: nothing received yet"));
    lane.send("TT-1", 1.0, 50.0);
    assert_eq!((lane.health_state("p-1"), lane.health("p-1").reason.as_str()), (HealthState::Good, ""));
    assert_eq!(lane.health("p-1").since, Some(at(1.0)));
    assert_eq!(lane.health_state("area"), HealthState::Good, "a pipe without instruments does not count");
    for (value, quality) in [
        (Some(50.0), Quality::UNCERTAIN_LAST_USABLE),
        (None, Quality::BAD_NO_COMMUNICATION),
        (None, Quality::BAD_SENSOR_FAILURE),
        (None, Quality::BAD),
    ] {
        lane.send_quality("TT-1", 2.0, value, quality);
        assert_eq!(lane.health_state("p-1"), HealthState::Unknown, "{quality:?}");
        assert_eq!(lane.health_state("area"), HealthState::Unknown, "{quality:?}");
        assert!(lane.health("area").reason.starts_with("P-1: TT-1"), "{}", lane.health("area").reason);
        lane.send("TT-1", 3.0, 50.0);
        assert_eq!(lane.health_state("p-1"), HealthState::Good);
    }
    lane.send_quality("TT-1", 4.0, None, Quality::BAD_OUT_OF_SERVICE);
    assert_eq!(lane.health_state("p-1"), HealthState::FunctionCheck);
}

#[test]
fn the_worst_finding_gives_the_state_and_the_reason() {
    let mut lane = pump_in_area();
    all_good(&mut lane, 0.0);
    lane.send("VT-1", 1.0, 6.0);
    assert_eq!((lane.health_state("p-1"), lane.health("p-1").reason.as_str()), (HealthState::MaintenanceRequired, "EAH-1: Level high"));
    lane.send_quality("TT-1", 2.0, None, Quality::BAD);
    assert_eq!(lane.health_state("p-1"), HealthState::Unknown);
    lane.send("XS-1", 3.0, 4.0);
    assert_eq!((lane.health_state("p-1"), lane.health("p-1").reason.as_str()), (HealthState::Failure, "XA-1: Level high"));
    assert_eq!(lane.health("area").reason, "P-1: XA-1: Level high");
}

/// Sends measured and modelled values of VT-1 for each second.
fn run(lane: &mut Lane, seconds: std::ops::Range<i32>, measured: f64, modelled: Option<f64>) {
    let model = lane.evaluator.plant().settings_of(lane.key("VT-1")).unwrap().model.unwrap();
    let model = lane.evaluator.plant().signals.info(model).unwrap().id.as_str().to_owned();
    for second in seconds {
        lane.send("VT-1", f64::from(second), measured);
        let quality = if modelled.is_some() { Quality::GOOD } else { Quality::BAD };
        lane.send_quality(&model, f64::from(second), modelled, quality);
    }
}

#[test]
fn a_residual_that_stays_outside_its_band_makes_the_thing_out_of_specification() {
    let mut lane = pump_in_area();
    all_good(&mut lane, 0.0);
    run(&mut lane, 1..300, 1.1, Some(1.0));
    assert_eq!(lane.health_state("p-1"), HealthState::Good);
    assert_eq!((lane.evaluator.trust().inside, lane.evaluator.trust().judged), (1, 1));
    // A minute outside is an upset, not a finding.
    run(&mut lane, 300..360, 1.9, Some(1.0));
    assert_eq!(lane.health_state("p-1"), HealthState::Good);
    run(&mut lane, 360..600, 1.9, Some(1.0));
    assert_eq!(lane.health_state("p-1"), HealthState::OutOfSpecification);
    assert_eq!(lane.health("p-1").reason, "VT-1 0.9 % above its model");
    assert_eq!(lane.evaluator.trust().share(), Some(0.0));
    run(&mut lane, 600..1000, 1.0, Some(1.0));
    assert_eq!(lane.health_state("p-1"), HealthState::Good);
    let residual = lane.derived.last().unwrap();
    assert_eq!((residual.value, residual.quality, residual.source_time), (Some(0.0), Quality::GOOD, at(999.0)));
}

#[test]
fn a_model_that_has_nothing_to_say_judges_nothing() {
    let mut lane = pump_in_area();
    all_good(&mut lane, 0.0);
    run(&mut lane, 1..600, 1.9, Some(1.0));
    let residuals = lane.derived.len();
    run(&mut lane, 600..700, 0.1, None);
    assert_eq!(lane.derived.len(), residuals + 1, "one sample says that there is none, then silence");
    assert!(lane.derived.last().unwrap().quality.is_bad());
    assert_eq!(lane.health_state("p-1"), HealthState::Good);
    assert_eq!(lane.evaluator.trust().share(), None);
}

#[test]
fn a_residual_is_no_better_than_its_worst_side_and_pairs_values_of_one_time() {
    let mut lane = pump_in_area();
    // Measured values come first, the model catches up in a burst.
    for second in 0..60 {
        lane.send("VT-1", f64::from(second), f64::from(second));
    }
    lane.send_quality("VT-1", 60.0, Some(59.0), Quality::UNCERTAIN_LAST_USABLE);
    for second in 0..=60 {
        lane.send("test:p-1/vt_1/model", f64::from(second), f64::from(second) - 0.5);
    }
    let (last, before) = lane.derived.split_last().unwrap();
    assert_eq!(before.len(), 60);
    assert!(before.iter().all(|residual| residual.value == Some(0.5) && residual.quality.is_good()));
    assert_eq!((last.value, last.quality), (Some(-0.5), Quality::UNCERTAIN_LAST_USABLE));
}

#[test]
fn a_frozen_sensor_is_told_while_its_session_is_alive_and_a_resting_one_is_not() {
    let ranged = |tag| twin_model::document::SignalDocument { range: Some([0.0, 100.0]), ..signal(tag) };
    let mut lane =
        Lane::new(plant(vec![thing("p-1", None, vec![ranged("TT-1")], Vec::new()), thing("v-1", None, vec![ranged("ZT-1")], Vec::new())]));
    for second in 0..90 {
        lane.send("TT-1", f64::from(second), if second < 30 { 50.0 + f64::from(second % 2) } else { 57.8 });
        lane.send("ZT-1", f64::from(second), 0.0);
    }
    assert_eq!(lane.health_state("p-1"), HealthState::Good, "sixty equal samples may be chance");
    for second in 90..240 {
        lane.send("TT-1", f64::from(second), 57.8);
        lane.send("ZT-1", f64::from(second), 0.0);
    }
    assert_eq!(lane.health_state("p-1"), HealthState::OutOfSpecification);
    assert_eq!(lane.health("p-1").reason, "TT-1 has not moved from 57.8 %: sensor frozen?");
    assert_eq!(lane.health_state("v-1"), HealthState::Good, "a closed valve rests at the end of its range");
    lane.send("TT-1", 240.0, 57.9);
    assert_eq!(lane.health_state("p-1"), HealthState::Good);
}
