//! Silence, Last Wills and plant clocks, with time moved by hand.

use crate::plant::{START, batches, key, plant, samples, samples_of, source};
use twin_ingest::{OfflineSource, SourceCore};
use twin_model::{Origin, Plant, Quality, SourceEvent, SourceState, TwinTime};

const TT: &str = "unit100/gw-100/p-101a/TT-111A";
const PT: &str = "unit100/gw-100/p-101a/PT-106A";
const XS: &str = "unit100/gw-100/p-101a/XS-101A";
const TT_200: &str = "unit100/gw-200/ct-201/TT-201";

fn offline(plant: &Plant) -> OfflineSource {
    OfflineSource::new(plant, &source(plant), START)
}

fn at(time: TwinTime, value: &str) -> Vec<u8> {
    format!(r#"{{"t":"{time}","v":{value}}}"#).into_bytes()
}

fn marks(events: &[SourceEvent], plant: &Plant, tag: &str) -> Vec<(f64, Quality, Option<f64>)> {
    samples_of(events, key(plant, tag)).iter().map(|s| (s.source_time.secs_since(START), s.quality, s.value)).collect()
}

#[test]
fn a_silent_signal_keeps_its_last_value_as_uncertain_then_loses_it() {
    let plant = plant();
    let mut source = offline(&plant);
    source.publish(TT, &at(START.plus_secs(0.5), "57.9"), START.plus_secs(0.5));
    source.publish(XS, &at(START.plus_secs(0.5), "2"), START.plus_secs(0.5));
    source.advance(START.plus_secs(300.0));
    let events = source.finish();
    assert_eq!(
        marks(&events, &plant, "TT-111A"),
        [(0.5, Quality::GOOD, Some(57.9)), (4.0, Quality::UNCERTAIN_LAST_USABLE, Some(57.9)), (64.0, Quality::BAD_NO_COMMUNICATION, None)]
    );
    let of_state = marks(&events, &plant, "XS-101A");
    assert_eq!(of_state[1..], [(181.0, Quality::UNCERTAIN_LAST_USABLE, Some(2.0)), (241.0, Quality::BAD_NO_COMMUNICATION, None)]);
    source.publish(TT, &at(START.plus_secs(301.0), "58"), START.plus_secs(301.0));
    source.publish(TT, &at(START.plus_secs(200.0), "58"), START.plus_secs(301.0));
    let back = samples_of(&source.finish(), key(&plant, "TT-111A"));
    assert_eq!(
        back.iter().map(|s| (s.quality, s.origin)).collect::<Vec<_>>(),
        [(Quality::GOOD, Origin::Live), (Quality::GOOD, Origin::Late)]
    );
    source.advance(START.plus_secs(310.0));
    assert_eq!(marks(&source.finish(), &plant, "TT-111A").len(), 1, "a signal that came back is watched again");
}

#[test]
fn a_stale_value_never_looks_fresh_because_an_old_one_arrives() {
    let plant = plant();
    let mut source = offline(&plant);
    source.publish(TT, &at(START.plus_secs(-3600.0), "57.9"), START.plus_secs(1.0));
    source.advance(START.plus_secs(2.0));
    let found = samples_of(&source.finish(), key(&plant, "TT-111A"));
    assert_eq!(found[0].origin, Origin::Late);
    assert_eq!((found[1].quality, found[1].value), (Quality::UNCERTAIN_LAST_USABLE, Some(57.9)));
}

#[test]
fn every_whole_second_ticks_once_with_the_samples_before_it() {
    let plant = plant();
    let mut source = offline(&plant);
    for tenth in 1..=100 {
        let time = START.plus_secs(f64::from(tenth) * 0.1);
        source.publish(PT, &at(time, "0.2"), time);
    }
    let events = source.finish();
    let ticks: Vec<TwinTime> = batches(&events).filter_map(|batch| batch.tick).collect();
    assert_eq!(ticks, (1..=10).map(|s| START.plus_secs(f64::from(s))).collect::<Vec<_>>());
    for batch in batches(&events) {
        let Some(tick) = batch.tick else { continue };
        assert!(batch.samples.iter().all(|sample| (0.0..=1.0).contains(&tick.secs_since(sample.source_time))));
    }
    assert_eq!(samples_of(&events, key(&plant, "PT-106A")).len(), 100);
}

#[test]
fn the_same_publications_give_the_same_events() {
    let plant = plant();
    let run = || {
        let mut source = offline(&plant);
        for step in 0..500_u32 {
            let time = START.plus_secs(f64::from(step) * 0.37);
            let topic = [TT, PT, TT_200][step as usize % 3];
            if step % 97 < 80 {
                source.publish(topic, &at(time, "1"), time);
            }
        }
        source.finish()
    };
    assert_eq!(run(), run());
}

#[test]
fn the_death_of_a_gateway_is_one_cause_with_one_alarm() {
    let plant = plant();
    let mut source = offline(&plant);
    source.publish("unit100/gw-100/status", b"online", START);
    source.publish("unit100/gw-200/status", b"online", START);
    for second in 1..=10 {
        let time = START.plus_secs(f64::from(second));
        for topic in [TT, PT, TT_200] {
            source.publish(topic, &at(time, "1"), time);
        }
    }
    source.finish();
    let death = START.plus_secs(10.5);
    source.publish("unit100/gw-100/status", b"offline", death);
    source.publish("unit100/gw-100/status", b"offline", death);
    source.publish(TT, &at(START.plus_secs(10.4), "1"), death);
    let events = source.finish();
    assert_eq!(marks(&events, &plant, "XS-110"), [(10.5, Quality::GOOD, Some(0.0))]);
    assert_eq!(marks(&events, &plant, "XS-210"), []);
    for tag in ["TT-111A", "PT-106A"] {
        assert_eq!(marks(&events, &plant, tag)[0], (10.5, Quality::UNCERTAIN_LAST_USABLE, Some(1.0)), "{tag}");
    }
    assert_eq!(samples_of(&events, key(&plant, "TT-111A"))[1].origin, Origin::Late, "data that was under way brings nothing back");
    for second in 11..=80 {
        let time = START.plus_secs(f64::from(second));
        source.publish(TT_200, &at(time, "1"), time);
    }
    let events = source.finish();
    assert_eq!(marks(&events, &plant, "TT-111A"), [(71.0, Quality::BAD_NO_COMMUNICATION, None)]);
    assert!(marks(&events, &plant, "TT-201").iter().all(|(_, quality, _)| quality.is_good()));
    assert_eq!(marks(&events, &plant, "XS-110"), []);
    source.publish("unit100/gw-100/status", b"online", START.plus_secs(81.0));
    assert_eq!(marks(&source.finish(), &plant, "XS-110"), [(81.0, Quality::GOOD, Some(1.0))]);
}

#[test]
fn a_lost_connection_makes_everything_uncertain_and_data_brings_it_back() {
    let plant = plant();
    let mut source = offline(&plant);
    source.publish(TT, &at(START, "1"), START);
    source.publish(TT_200, &at(START, "2"), START);
    source.finish();
    source.on_state(SourceState::Down { reason: "no broker".into() });
    let events = source.finish();
    assert_eq!(samples(&events).iter().filter(|s| s.quality == Quality::UNCERTAIN_LAST_USABLE).count(), 2);
    assert_eq!(samples_of(&events, key(&plant, "XS-110"))[0].value, Some(0.0));
    let state = events.iter().position(|e| matches!(e, SourceEvent::State(_))).unwrap();
    assert!(events[..state].iter().any(|e| matches!(e, SourceEvent::Batch(_))), "what is stale is told before the state");
    source.on_state(SourceState::Connected);
    source.publish(TT, &at(START.plus_secs(1.0), "1"), START.plus_secs(1.0));
    let events = source.finish();
    assert_eq!(marks(&events, &plant, "TT-111A"), [(1.0, Quality::GOOD, Some(1.0))]);
    assert_eq!(marks(&events, &plant, "XS-110"), [(1.0, Quality::GOOD, Some(1.0))]);
    assert_eq!(marks(&events, &plant, "XS-210"), []);
}

fn fast_source(plant: &Plant) -> SourceCore {
    let mut settings = source(plant);
    settings.clock_topic = Some("unit100/clock".to_owned());
    SourceCore::new(plant, &settings)
}

#[test]
fn a_plant_at_240_times_speed_is_judged_by_its_own_clock() {
    let plant = plant();
    let mut core = fast_source(&plant);
    let wall = TwinTime::parse("2026-11-24T12:00:00Z").unwrap();
    assert_eq!(core.poll(wall), vec![], "no time before the plant has told it");
    core.on_message("unit100/clock", format!(r#"{{"speed":240,"t":"{START}"}}"#).as_bytes(), false, wall);
    let mut events = Vec::new();
    for quarter in 1..=40 {
        let now = wall.plus_secs(f64::from(quarter) * 0.25);
        let plant_now = START.plus_secs(f64::from(quarter) * 60.0);
        core.on_message(TT, &at(plant_now, "57.9"), false, now);
        events.extend(core.poll(now));
    }
    assert!(events.contains(&SourceEvent::Clock(twin_model::PlantClock { time: START, speed: 240.0, at: wall })));
    assert!(samples_of(&events, key(&plant, "TT-111A")).iter().all(|s| s.quality.is_good() && s.origin == Origin::Live));
    let ticks: Vec<TwinTime> = batches(&events).filter_map(|b| b.tick).collect();
    assert!(ticks.len() > 2_000 && ticks.windows(2).all(|pair| pair[1].secs_since(pair[0]) == 1.0), "{}", ticks.len());
    let stats = core.stats();
    assert_eq!(stats.future.load(std::sync::atomic::Ordering::Relaxed), 0);
    // Two seconds of wall time are eight minutes of this plant.
    let mut silent = Vec::new();
    for tenth in 1..=50 {
        silent.extend(core.poll(wall.plus_secs(10.0 + f64::from(tenth) * 0.1)));
    }
    let found = samples_of(&silent, key(&plant, "TT-111A"));
    assert_eq!(found.iter().map(|s| s.quality).collect::<Vec<_>>(), [Quality::UNCERTAIN_LAST_USABLE, Quality::BAD_NO_COMMUNICATION]);
    assert!((found[0].source_time.secs_since(START) - 2880.0).abs() < 30.0);
}

#[test]
fn a_paused_plant_never_goes_stale_and_does_not_tick() {
    let plant = plant();
    let mut core = fast_source(&plant);
    core.on_message("unit100/clock", format!(r#"{{"speed":1,"t":"{START}"}}"#).as_bytes(), false, START);
    core.on_message(TT, &at(START, "57.9"), false, START);
    core.on_message("unit100/clock", br#"{"speed":0}"#, false, START.plus_secs(0.5));
    core.poll(START.plus_secs(0.5));
    let events = core.poll(START.plus_secs(3600.0));
    assert_eq!((samples(&events), batches(&events).filter_map(|b| b.tick).count()), (vec![], 0));
}

#[test]
fn a_plant_paused_at_240_times_speed_goes_on_without_a_stale_value() {
    let plant = plant();
    let mut core = fast_source(&plant);
    core.on_message("unit100/clock", format!(r#"{{"speed":240,"t":"{START}"}}"#).as_bytes(), false, START);
    core.on_message(TT, &at(START, "57.9"), false, START);
    // A fifth of a wall second later, 48 plant seconds, somebody pauses: far more than the signal's own interval.
    let paused = START.plus_secs(0.2);
    core.poll(paused);
    core.on_message("unit100/clock", format!(r#"{{"speed":0,"t":"{}"}}"#, START.plus_secs(48.0)).as_bytes(), false, paused);
    assert_eq!(samples(&core.poll(paused.plus_secs(600.0))), vec![]);
    core.on_message(
        "unit100/clock",
        format!(r#"{{"speed":1,"t":"{}"}}"#, START.plus_secs(48.0)).as_bytes(),
        false,
        paused.plus_secs(600.0),
    );
    assert_eq!(samples(&core.poll(paused.plus_secs(601.0))), vec![]);
    core.on_message(TT, &at(START.plus_secs(49.5), "58.0"), false, paused.plus_secs(601.5));
    assert_eq!(samples(&core.poll(paused.plus_secs(601.5))).len(), 1);
}

#[test]
fn a_retained_clock_is_only_a_hint_until_live_data_shows_the_time() {
    let plant = plant();
    let mut core = fast_source(&plant);
    let wall = START.plus_secs(86_400.0);
    core.on_message("unit100/clock", format!(r#"{{"speed":10,"t":"{START}"}}"#).as_bytes(), true, wall);
    core.on_message("unit100/gw-100/status", b"online", true, wall);
    assert_eq!(samples(&core.poll(wall)), vec![]);
    let plant_now = START.plus_secs(7200.0);
    core.on_message(TT, &at(plant_now, "1"), false, wall.plus_secs(0.1));
    let events = core.poll(wall.plus_secs(0.1));
    assert_eq!(samples_of(&events, key(&plant, "TT-111A"))[0].origin, Origin::Live);
    let alive = samples_of(&events, key(&plant, "XS-110"));
    assert_eq!((alive.len(), alive[0].source_time), (1, plant_now));
    assert_eq!(core.plant_time(wall.plus_secs(1.1)), Some(plant_now.plus_secs(10.0)));
}

#[test]
fn problems_are_told_with_topic_and_reason_and_counted() {
    let plant = plant();
    let mut core = SourceCore::new(&plant, &source(&plant));
    for _ in 0..3 {
        core.on_message(TT, b"{", false, START);
    }
    let events = core.poll(START);
    let expected =
        SourceEvent::Problem { topic: TT.to_owned(), reason: "payload ends in the middle of its JSON (truncated)".to_owned(), count: 3 };
    assert!(events.contains(&expected), "{events:?}");
}
