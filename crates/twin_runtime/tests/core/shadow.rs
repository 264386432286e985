//! The model beside a lane.

use crate::plant::{TestPlant, column, feed_lane, key, lane, model_key, plant, sample, start};
use twin_model::alarm::HealthState;
use twin_model::document::ShadowRole;
use twin_model::{Batch, Quality, Sample};
use twin_sim::command::Mode;
use twin_sim::flowsheet::Request;

fn residual(lane: &twin_runtime::Lane, tag: &str) -> f64 {
    let settings = plant();
    let key = settings.settings_of(key(tag)).unwrap().residual.unwrap();
    lane.newest(key).unwrap().value.unwrap()
}

#[test]
fn a_shadow_of_the_same_plant_stays_within_the_noise() {
    let mut lane = lane();
    feed_lane(&mut lane, &TestPlant::new().seconds(600));
    let plant = plant();
    for (key, info) in plant.signals.iter() {
        let Some(settings) = plant.settings_of(key).filter(|s| s.shadow == Some(ShadowRole::Judged)) else { continue };
        let Some(value) = settings.residual.and_then(|residual| lane.newest(residual)).and_then(|s| s.value) else { continue };
        let band = settings.residual_band.unwrap_or(f64::INFINITY);
        assert!(value.abs() < band, "{} leaves its band of {band}: {value}", info.tag);
    }
    assert_eq!(lane.evaluator().trust().share(), Some(1.0));
}

#[test]
fn a_twin_that_is_switched_on_later_starts_at_the_levels_it_finds() {
    let mut source = TestPlant::with("IC-4", &[]);
    // Before anybody watches, the tank fills and the product tank empties.
    for (name, more) in [("tk-101/feed.flow_m3_h", 30.0), ("tk-102/draw.flow_m3_h", 50.0)] {
        let now = source.model.setting(name).unwrap();
        source.model.set(name, now + more).unwrap();
    }
    source.seconds(1800);
    let mut lane = lane();
    feed_lane(&mut lane, &source.seconds(60));
    for (tag, tolerance) in [("LT-100", 0.6), ("LT-101", 0.6), ("LT-102", 0.6), ("TT-104", 0.6), ("PT-101", 0.03), ("FT-101", 1.0)] {
        let error = residual(&lane, tag);
        assert!(error.abs() < tolerance, "{tag} starts {error} away from its measurement");
    }
}

#[test]
fn a_twin_that_is_switched_on_while_the_plant_moves_does_not_take_the_movement_for_an_error() {
    let mut source = TestPlant::new().without_noise();
    // The load falls by 12 m³/h, V-101 with it, just when the twin begins to watch.
    source.request("FIC-101", Request::Mode(Mode::Auto));
    source.request("FIC-101", Request::Setpoint(78.0));
    let mut lane = lane();
    for minutes in [10, 30, 60, 120] {
        let secs = minutes * 60 - (source.time - start()) as usize;
        feed_lane(&mut lane, &source.seconds(secs));
        for (tag, tolerance) in [("LT-101", 0.2), ("LT-100", 0.2), ("LT-102", 0.2), ("PT-103", 0.01), ("FT-101", 0.2), ("FT-102", 0.2)] {
            let error = residual(&lane, tag);
            assert!(error.abs() < tolerance, "{tag} is {error} away from its measurement after {minutes} min");
        }
    }
}

#[test]
fn a_stale_boundary_makes_the_model_uncertain_and_health_unknown_never_good() {
    let mut source = TestPlant::new();
    let mut lane = lane();
    feed_lane(&mut lane, &source.seconds(60));
    let of = |tag: &str| plant().settings_of(key(tag)).unwrap().thing;
    let model_quality = |lane: &twin_runtime::Lane| lane.newest(model_key("LT-101")).unwrap().quality;
    assert_eq!(model_quality(&lane), Quality::GOOD);
    let lost = key("FT-100");
    let without = |batch: Batch| Batch { samples: batch.samples.into_iter().filter(|s| s.signal != lost).collect(), ..batch };
    let mut mark = sample(lost, 92.0, source.time.plus_secs(0.5));
    mark.quality = Quality::UNCERTAIN_LAST_USABLE;
    lane.commit(&Batch { samples: vec![mark], tick: None, ack: None });
    for _ in 0..5 {
        let batch = without(source.second());
        feed_lane(&mut lane, &[batch]);
    }
    assert_eq!(model_quality(&lane), Quality::UNCERTAIN_SUB_NORMAL);
    assert!(!lane.newest(plant().settings_of(key("LT-101")).unwrap().residual.unwrap()).unwrap().quality.is_good());
    assert_eq!(lane.evaluator().health()[of("FT-100")].state, HealthState::Unknown);

    // Lost for good: the model runs on and stays uncertain; nothing that rested on the signal turns good.
    let lost_mark = Sample { value: None, quality: Quality::BAD_NO_COMMUNICATION, ..sample(lost, 0.0, source.time.plus_secs(0.5)) };
    lane.commit(&Batch { samples: vec![lost_mark], tick: None, ack: None });
    let batch = without(source.second());
    feed_lane(&mut lane, &[batch]);
    assert!(lane.shadow.as_ref().unwrap().is_degraded());
    assert_eq!(lane.evaluator().health()[of("FT-100")].state, HealthState::Unknown);

    // The next sample ends it.
    feed_lane(&mut lane, &source.seconds(2));
    assert_eq!(model_quality(&lane), Quality::GOOD);
}

#[test]
fn a_model_that_never_heard_an_input_says_so() {
    let mut source = TestPlant::new();
    let mut lane = lane();
    let humidity = key("MT-210");
    for _ in 0..30 {
        let batch = source.second();
        let samples = batch.samples.into_iter().filter(|s| s.signal != humidity).collect();
        feed_lane(&mut lane, &[Batch { samples, tick: batch.tick, ack: None }]);
    }
    let model = column(&lane, model_key("FT-101"));
    assert!(model.len() >= 15, "the model waits ten seconds, then starts: {}", model.len());
    assert!(model.iter().all(|s| s.quality == Quality::UNCERTAIN_SUB_NORMAL));
}

#[test]
fn a_sample_stamped_far_ahead_does_not_hold_up_the_model() {
    let mut source = TestPlant::new();
    let mut lane = lane();
    feed_lane(&mut lane, &source.seconds(30));
    lane.commit(&Batch { samples: vec![sample(key("AT-201"), 1650.0, source.time.plus_secs(3600.0))], tick: None, ack: None });
    source.model.set("tk-101/feed.temp_k", 333.15).unwrap();
    feed_lane(&mut lane, &source.seconds(600));
    assert!(residual(&lane, "TT-104").abs() < 0.5, "the model did not hear the feed temperature: {}", residual(&lane, "TT-104"));
}

#[test]
fn a_level_does_not_drift_away_where_valves_and_pumps_differ_from_their_data_sheets() {
    let differences = [
        ("fv101.kvs_factor", 1.03),
        ("lv101.kvs_factor", 0.97),
        ("tv101.kvs_factor", 1.02),
        ("line.friction_factor", 1.08),
        ("p101a.head_factor", 0.985),
    ];
    let mut source = TestPlant::with("IC-5", &differences);
    let mut lane = lane();
    for quarter in 1..=24 {
        feed_lane(&mut lane, &source.seconds(900));
        for (tag, tolerance) in [("LT-101", 2.5), ("LT-100", 1.5), ("LT-102", 1.5), ("PT-103", 0.1)] {
            let drift = residual(&lane, tag);
            assert!(drift.abs() < tolerance, "{tag} has drifted {drift} away after {quarter} quarters of an hour");
        }
    }
    println!("after six hours LT-101 stands {:.2} % away", residual(&lane, "LT-101"));
}

#[test]
fn a_jump_of_the_plant_clock_is_told_as_lost_and_not_computed() {
    let mut source = TestPlant::new();
    let mut lane = lane();
    feed_lane(&mut lane, &source.seconds(30));
    assert_eq!(lane.shadow.as_ref().unwrap().lost_secs(), 0.0);
    source.time = source.time.plus_secs(7.0 * 3600.0);
    feed_lane(&mut lane, &source.seconds(30));
    let shadow = lane.shadow.as_ref().unwrap();
    assert!((shadow.lost_secs() - 7.0 * 3600.0).abs() < 2.0, "{} s", shadow.lost_secs());
    assert!(shadow.behind_secs() < 1.0 && residual(&lane, "LT-101").abs() < 0.6);
}

#[test]
fn a_simulation_that_cannot_be_is_told_by_its_place_and_the_plant_is_shown_without_one() {
    let whole = (*plant()).clone();
    assert_eq!(twin_runtime::check_simulation(&whole), Vec::new());
    let mut broken = whole.clone();
    let simulation = broken.document.simulation.as_mut().unwrap();
    simulation.lines[0][1] = "tk-101.lid".to_owned();
    let problems = twin_runtime::check_simulation(&broken);
    assert!(
        problems.iter().any(|p| p.is_error() && p.pointer == "/simulation/lines/0" && p.message.contains("tk-101.lid")),
        "{problems:?}"
    );
    assert!(twin_runtime::shadow::Shadow::new(&broken).is_none());
    let mut unknown = whole;
    unknown.document.simulation.as_mut().unwrap().model = "unit100".to_owned();
    assert!(twin_runtime::check_simulation(&unknown)[0].message.contains("no simulation model unit100"));
}
