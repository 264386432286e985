//! Live alarms: they follow the plant wherever a view looks, and one cause gives one alarm.

use crate::plant::{TestPlant, VIEW, act, feed, feed_lane, key, lane, plant, sample, start, twin};
use std::fmt::Write;
use std::sync::Arc;
use twin_ingest::OfflineSource;
use twin_insight::{AlarmEventKind, AlarmState};
use twin_model::alarm::HealthState;
use twin_model::{Action, Batch, LaneId, ManualClock, Origin, Plant, Quality, SourceEvent, SourceState};
use twin_runtime::{LaneKind, Twin};

#[test]
fn the_live_alarm_strip_follows_live_while_the_playhead_stands_in_the_past() {
    let mut source = TestPlant::new();
    let mut twin = twin();
    let batches = source.seconds(120);
    feed(&mut twin, &batches);
    act(&mut twin, Action::Seek(batches[30].tick.unwrap()));
    source.model.set("p101a.trip", 1.0).unwrap();
    feed(&mut twin, &source.seconds(5));

    let snapshot = twin.snapshot(1, 0.0);
    let trip = plant().alarm("XA-101A").unwrap();
    assert!(snapshot.live.alarms.iter().any(|(lane, alarm, _)| *lane == LaneId::LIVE && *alarm == trip));
    assert!(snapshot.live.horn);
    let frame = snapshot.frame(VIEW).unwrap();
    assert_eq!(frame.playhead.time, batches[30].tick.unwrap());
    assert_eq!(frame.alarms[trip].state(), AlarmState::Normal, "the list at the playhead is history");
    let then = batches[30].samples.iter().find(|s| s.signal == key("XS-101A")).unwrap().value;
    assert_eq!(frame.readings[key("XS-101A").index()].unwrap().value, then);

    act(&mut twin, Action::Follow);
    twin.advance(0.05);
    assert_eq!(twin.snapshot(2, 0.0).frame(VIEW).unwrap().alarms[trip].state(), AlarmState::Unacknowledged);
}

/// A plant of `count` pumps, each with one signal and one alarm point without delay.
fn many_pumps(count: usize) -> Arc<Plant> {
    let mut things = String::new();
    for i in 0..count {
        let comma = if i == 0 { "" } else { "," };
        write!(
            things,
            r#"{comma}{{"id":"many:p-{i}","type":"dtmi:test:Pump;1","name":"P-{i}","signals":{{"speed":{{"tag":"SI-{i}","unit":"1/min","expected_interval_secs":1}}}},
            "alarms":[{{"tag":"SAH-{i}","class":"alarm","priority":3,"message":"fast","condition":{{"high":{{"signal":"SI-{i}","limit":100}}}},"deadband":1,"on_delay_secs":0,"off_delay_secs":0,"time_to_respond_secs":600}}]}}"#
        )
        .unwrap();
    }
    let file = format!(r#"{{"format_version":"0.1","namespace":"many","name":"Many pumps","models":["pump.json"],"things":[{things}]}}"#);
    let types = r#"{"@context":["dtmi:dtdl:context;3","dtmi:dtdl:extension:quantitativeTypes;1"],"@id":"dtmi:test:Pump;1","@type":"Interface",
        "contents":[{"@type":["Telemetry","AngularVelocity"],"name":"speed","schema":"double","unit":"revolutionPerMinute"}]}"#;
    let (document, problems) =
        twin_model::document::load_embedded(&[("plant.twin.json", file.as_bytes()), ("pump.json", types.as_bytes())]);
    let plant = document.plant();
    assert_eq!((plant.signals.len(), plant.alarms.len()), (count, count), "{:?}", problems.first());
    Arc::new(plant)
}

#[test]
fn a_thousand_alarms_raised_meanwhile_are_a_thousand_annunciated_within_one_tick() {
    let plant = many_pumps(1000);
    let mut twin = Twin::new(Arc::clone(&plant), Arc::new(ManualClock::new(start())));
    let second = |secs: f64, speed: f64| {
        let time = start().plus_secs(secs);
        Batch { samples: plant.signals.iter().map(|(key, _)| sample(key, speed, time)).collect(), tick: Some(time), ack: None }
    };
    for secs in 1..=100 {
        feed(&mut twin, &[second(f64::from(secs), 50.0)]);
    }
    act(&mut twin, Action::Seek(start().plus_secs(10.0)));
    act(&mut twin, Action::Play { speed: 0.5 });
    assert!(twin.snapshot(0, 0.0).live.alarms.is_empty());
    feed(&mut twin, &[second(101.0, 150.0)]);
    let snapshot = twin.snapshot(1, 0.0);
    assert_eq!(snapshot.live.alarms.len(), 1000);
    assert!(snapshot.live.alarms.iter().all(|(_, _, status)| status.state() == AlarmState::Unacknowledged));
    assert!(snapshot.live.horn);
    assert!(snapshot.frame(VIEW).unwrap().alarms.iter().all(|status| status.state() == AlarmState::Normal));
}

#[test]
fn losing_the_broker_raises_one_alarm_and_shows_the_connection() {
    let plant = plant();
    let settings = &plant.sources()[0];
    let mut source = OfflineSource::new(&plant, settings, start());
    let mut twin = twin();
    let take = |source: &mut OfflineSource, twin: &mut Twin| {
        for event in source.take_events() {
            if twin.apply_source_event(LaneId::LIVE, event) {
                twin.advance_shadow(LaneId::LIVE, 240);
            }
        }
    };
    let model = TestPlant::new().model;
    for gateway in ["gw-100", "gw-200"] {
        source.publish(&format!("unit100/{gateway}/status"), b"online", start());
    }
    for secs in 1..60 {
        let time = start().plus_secs(f64::from(secs));
        for (key, info) in plant.signals.iter() {
            let Some(settings) =
                plant.settings_of(key).filter(|_| !info.is_derived && !info.tag.starts_with("XS-110") && !info.tag.starts_with("XS-210"))
            else {
                continue;
            };
            let thing = &plant.things[settings.thing];
            let value = model.value(&info.tag).unwrap_or(1.0);
            let topic = format!("unit100/{}/{}/{}", if info.tag.starts_with('T') { "gw-200" } else { "gw-100" }, thing.id.name(), info.tag);
            source.publish(&topic, format!("{value}").as_bytes(), time);
        }
        take(&mut source, &mut twin);
    }
    let raised = |twin: &Twin| -> Vec<String> {
        let lane = twin.lane(LaneId::LIVE).unwrap();
        let loss =
            lane.alarms.events().iter().filter(|e| e.kind == AlarmEventKind::Raised && e.time > start().plus_secs(59.5) && e.annunciate);
        loss.map(|event| plant.alarms[event.alarm].settings.tag.clone()).collect()
    };
    source.on_state(SourceState::Down { reason: "The broker closed the connection.".into() });
    source.advance(start().plus_secs(180.0));
    take(&mut source, &mut twin);
    assert_eq!(raised(&twin), ["UA-110"]);
    let snapshot = twin.snapshot(0, 0.0);
    assert!(matches!(snapshot.lane(LaneId::LIVE).unwrap().state, SourceState::Down { .. }));
    let live = twin.lane(LaneId::LIVE).unwrap();
    let with_signals = plant
        .things
        .iter()
        .enumerate()
        .filter(|(_, thing)| thing.signals.iter().any(|key| plant.signals.info(*key).is_some_and(|i| !i.is_derived)));
    for (index, thing) in with_signals {
        let state = live.evaluator().health()[index].state;
        assert!(state != HealthState::Good, "{} is {state:?} without data", thing.name);
    }

    // It comes back: the other gateway does not.
    source.on_state(SourceState::Connected);
    source.publish("unit100/gw-100/status", b"online", start().plus_secs(181.0));
    source.publish("unit100/gw-200/status", b"offline", start().plus_secs(181.0));
    source.advance(start().plus_secs(200.0));
    take(&mut source, &mut twin);
    assert_eq!(raised(&twin), ["UA-110", "UA-210"]);
}

#[test]
fn what_happened_in_a_gap_enters_the_journal_late_and_without_horn() {
    let mut source = TestPlant::new();
    let mut lane = lane();
    feed_lane(&mut lane, &source.seconds(120));
    let lost = source.time;
    // Silence: the last level is marked stale; meanwhile the level goes high and comes back.
    let stale = twin_model::Sample { quality: Quality::UNCERTAIN_LAST_USABLE, ..sample(key("LT-100"), 55.0, lost.plus_secs(3.0)) };
    lane.commit(&Batch { samples: vec![stale], tick: Some(lost.plus_secs(3.0)), ack: None });
    for secs in 4..300 {
        lane.commit(&Batch { samples: Vec::new(), tick: Some(lost.plus_secs(f64::from(secs))), ack: None });
    }
    lane.commit(&Batch { samples: vec![sample(key("LT-100"), 55.0, lost.plus_secs(300.0))], tick: Some(lost.plus_secs(300.0)), ack: None });
    lane.take_horn();
    let journaled = lane.alarms.events().len();
    let committed = lane.stats.committed;
    let late = (4..299).map(|secs| twin_model::Sample {
        origin: Origin::Late,
        ..sample(key("LT-100"), if (50..150).contains(&secs) { 85.0 } else { 55.0 }, lost.plus_secs(f64::from(secs)))
    });
    // The buffer of a gateway comes in pieces.
    let late: Vec<_> = late.collect();
    for piece in late.chunks(40) {
        lane.commit(&Batch { samples: piece.to_vec(), tick: None, ack: None });
    }
    let found: Vec<_> = lane.alarms.events()[journaled..]
        .iter()
        .map(|e| (plant().alarms[e.alarm].settings.tag.clone(), e.kind, e.time - lost, e.late, e.annunciate))
        .collect();
    assert_eq!(
        found,
        [
            ("LAH-100".to_owned(), AlarmEventKind::Raised, 80.0, true, false),
            ("LAH-100".to_owned(), AlarmEventKind::Cleared, 210.0, true, false)
        ]
    );
    assert!(!lane.take_horn());
    assert_eq!((lane.stats.late, lane.stats.committed - committed), (295, 295));
    let index = plant().alarm("LAH-100").unwrap();
    assert!(!lane.evaluator().alarms()[index].active, "the running evaluator did not hear the past");
    assert!(lane.alarms.at(lost.plus_secs(100.0))[index].active, "the history did");
}

#[test]
fn late_and_duplicate_samples_count_once() {
    let mut source = TestPlant::new();
    let mut lane = lane();
    let batches = source.seconds(20);
    feed_lane(&mut lane, &batches);
    let (committed, alarms) = (lane.stats.committed, lane.alarms.events().len());
    let stored = lane.store().stats().stored;
    feed_lane(&mut lane, &batches);
    let sent: usize = batches.iter().map(|b| b.samples.len()).sum();
    assert_eq!(lane.stats.committed, committed);
    assert_eq!(lane.stats.duplicates, sent as u64);
    assert_eq!(lane.store().stats().stored, stored);
    assert_eq!(lane.alarms.events().len(), alarms);

    let between = twin_model::Sample { origin: Origin::Late, ..sample(key("FT-101"), 12.0, source.time.plus_secs(-5.5)) };
    for _ in 0..2 {
        lane.commit(&Batch { samples: vec![between], tick: None, ack: None });
    }
    assert_eq!((lane.stats.late, lane.stats.committed), (1, committed + 1));
    assert!(lane.evaluator().reading(key("FT-101")).unwrap().value.unwrap() > 50.0, "an old value is no news");
    assert_eq!(lane.latest_at(key("FT-101"), source.time.plus_secs(-5.2)).unwrap().sample.value, Some(12.0));
}

#[test]
fn a_what_if_and_its_baseline_never_sound_the_horn() {
    let mut source = TestPlant::new();
    let mut twin = twin();
    feed(&mut twin, &source.seconds(60));
    let overrides = [twin_model::Override::Parameter { name: "p101a.trip".into(), value: 1.0 }];
    let branch = twin.fork(VIEW, LaneId::LIVE, None, "trip", &overrides, 120.0).unwrap();
    crate::plant::finish(&mut twin, branch);
    let alarms = twin.lane(branch).unwrap().alarms.events().iter().filter(|e| e.annunciate).count();
    assert!(alarms > 0, "the trip alarms in the branch");
    let snapshot = twin.snapshot(0, 0.0);
    assert!(!snapshot.live.horn && snapshot.live.alarms.is_empty());
    assert_eq!(twin.lane(branch).unwrap().kind, LaneKind::Branch);
    twin.apply_source_event(LaneId::LIVE, SourceEvent::State(SourceState::Ended));
}
