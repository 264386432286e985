//! A recording published as its plant would: what it says decodes back to what was recorded.

use crate::broker::{Broker, DEADLINE};
use crate::plant::{batches, plant, samples, source};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;
use twin_ingest::recording::{Mapping, Message, PublishOptions, PublishRecordingError, Reading, Recording, RecordingMessages, publish};
use twin_ingest::{Decoder, MqttSource, OfflineSource, SystemClock};
use twin_model::document::{SourceSettings, TimeFormat};
use twin_model::{Batch, Plant, Quality, Sample, SignalKey, SourceEvent, SourceState, TwinTime, ValueKind};

const START: TwinTime = TwinTime(1_769_846_400_000_000_000);

/// Every kind of signal of the plant: numbers, states, a boolean, pointers of their own, a topic of two.
fn recording(plant: &Arc<Plant>, rows: u32, mapping: &str) -> Recording {
    let mut text = "t,TT-111A,PT-106A,XS-101A,YS-101A,VT-111A,VT-111P,SI-101A,TT-201,XS-210,TT-201 quality\n".to_owned();
    for row in 0..rows {
        let time = TwinTime(START.0 + i64::from(row) * 250_000_000 + 1);
        let step = f64::from(row % 97);
        let state = ["stopped", "starting", "running"][row as usize / 9 % 3];
        let quality =
            ["good", "uncertain", "bad", "bad sensor failure", "2157772800", "1083179008", "uncertain subnormal"][row as usize % 7];
        let peak = if row % 3 == 0 { String::new() } else { format!("{}", step / 3.0) };
        let (temperature, speed) = (60.0 + step * 0.1, 2_900.0 + step);
        let line =
            format!("{temperature},{},{state},{},{},{peak},{speed},{},true,{quality}", step / 70.0, row % 2 == 0, step / 7.0, 21.0 + step);
        writeln!(text, "{},{line}", nanos_text(time)).unwrap();
    }
    let (mapping, problems) = Mapping::parse(mapping, "m.toml");
    assert_eq!(problems, vec![]);
    Recording::from_bytes("day.csv", text.into_bytes(), &mapping, plant).unwrap()
}

fn nanos_text(time: TwinTime) -> String {
    format!("{}.{:09}", time.0 / 1_000_000_000, time.0 % 1_000_000_000)
}

fn readings(recording: &Recording) -> Vec<Reading> {
    let mut rows = recording.rows().unwrap();
    let (mut row, mut all) = (Vec::new(), Vec::new());
    while rows.next_row(&mut row).is_some() {
        all.append(&mut row);
    }
    all
}

type Told = (SignalKey, TwinTime, Option<u64>, Quality);

fn sorted(mut told: Vec<Told>) -> Vec<Told> {
    told.sort();
    told
}

fn told_of(readings: &[Reading]) -> Vec<Told> {
    sorted(readings.iter().map(|r| (r.signal, r.time, r.value.map(f64::to_bits), r.quality)).collect())
}

fn told_by(samples: &[Sample]) -> Vec<Told> {
    sorted(samples.iter().map(|s| (s.signal, s.source_time, s.value.map(f64::to_bits), s.quality)).collect())
}

fn decoded(plant: &Plant, source: &SourceSettings, messages: &[Message]) -> Vec<Sample> {
    let mut decoder = Decoder::new(plant, source);
    decoder.set_plant_clock_unknown();
    let mut batch = Batch::default();
    for message in messages.iter().filter(|message| Some(message.topic.as_ref()) != source.clock_topic.as_deref()) {
        decoder.decode(&message.topic, &message.payload, false, message.due, &mut batch).unwrap();
    }
    batch.samples
}

#[test]
fn what_is_published_decodes_back_to_the_same_samples_at_any_speed() {
    let plant = Arc::new(plant());
    let recording = recording(&plant, 400, "");
    let expected = told_of(&readings(&recording));
    assert!(expected.len() > 3_000);
    for (speed, time_format) in
        [(1.0, TimeFormat::Auto), (10.0, TimeFormat::EpochNanos), (60.0, TimeFormat::Auto), (100_000.0, TimeFormat::EpochNanos)]
    {
        let mut source = source(&plant);
        source.clock_topic = Some("unit100/clock".to_owned());
        source.payload.time_format = time_format;
        let messages: Vec<Message> = RecordingMessages::new(&recording, &source, speed, 1, None).unwrap().collect();
        assert_eq!(told_by(&decoded(&plant, &source, &messages)), expected, "speed {speed}");
        assert!(messages.iter().map(|message| message.due).is_sorted(), "speed {speed}");
        let arrays = messages.iter().filter(|message| message.payload.starts_with(b"[")).count();
        assert_eq!(arrays > 0, speed > 10.0, "arrays at speed {speed}");
        let clocks: Vec<&Message> = messages.iter().filter(|message| message.retain).collect();
        let first = String::from_utf8_lossy(&clocks[0].payload).into_owned();
        assert_eq!(clocks[0].topic.as_ref(), "unit100/clock");
        assert!(first.contains("2026-01-31T08:00:00") && first.contains("\"speed\""), "{first}");
    }
}

#[test]
fn all_125_signals_of_the_demo_plant_are_recorded_and_published_by_their_tags_alone() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/unit100");
    let plant = Arc::new(twin_model::document::load(&folder).0.plant());
    let source = source(&plant);
    let measured: Vec<_> = plant.signals.iter().filter(|(_, info)| !info.is_derived).map(|(_, info)| info).collect();
    let mut text = "time".to_owned();
    measured.iter().for_each(|info| write!(text, ";{}", info.tag).unwrap());
    for second in 0..10 {
        write!(text, "\n31.01.2026 08:00:{second:02}").unwrap();
        for info in &measured {
            let (low, high) = info.range.unwrap_or((0.0, 1.0));
            let share = f64::from(second) / 10.0;
            let cell = match &info.kind {
                ValueKind::Number => format!("{:.3}", low + (high - low) * share).replace('.', ","),
                ValueKind::Boolean => (second % 2 == 0).to_string(),
                ValueKind::Enumeration { states } => states[second as usize % states.len()].clone(),
            };
            write!(text, ";{cell}").unwrap();
        }
    }
    let recording = Recording::from_bytes("unit.csv", text.into_bytes(), &Mapping::default(), &plant).unwrap();
    let expected = told_of(&readings(&recording));
    assert_eq!((measured.len(), expected.len()), (125, 1_250));
    for speed in [1.0, 240.0] {
        let messages: Vec<Message> = RecordingMessages::new(&recording, &source, speed, 0, None).unwrap().collect();
        assert_eq!(told_by(&decoded(&plant, &source, &messages)), expected, "speed {speed}");
    }
}

#[test]
fn a_replay_gives_what_the_live_source_makes_of_the_same_plant() {
    let plant = Arc::new(plant());
    let (recording, source) = (recording(&plant, 400, ""), source(&plant));
    let mut live = OfflineSource::new(&plant, &source, START);
    for message in RecordingMessages::new(&recording, &source, 1.0, 0, None).unwrap() {
        live.publish(&message.topic, &message.payload, message.due);
    }
    live.advance(TwinTime(START.0 + 100_000_000_000));
    let of = |events: &[SourceEvent]| {
        let alive = ["XS-110", "XS-210"].map(|tag| plant.signals.find(tag).unwrap());
        let all = samples(events).into_iter().filter(|sample| !alive.contains(&sample.signal));
        let mut told: Vec<String> =
            all.map(|s| format!("{:?} {} {:?} {:?} {:?}", s.signal, s.source_time, s.value, s.quality, s.origin)).collect();
        told.sort();
        (told, batches(events).filter_map(|batch| batch.tick).collect::<Vec<_>>())
    };
    let replayed: Vec<SourceEvent> = recording.events().unwrap().collect();
    assert_eq!(of(&replayed), of(&live.finish()));
}

#[test]
fn a_pause_of_a_recording_is_announced_and_then_skipped() {
    let plant = Arc::new(plant());
    let mut source = source(&plant);
    source.clock_topic = Some("unit100/clock".to_owned());
    let text = "t,TT-111A\n2026-01-31T08:00:00Z,60\n2026-02-07T08:00:00.5Z,61\n2026-02-07T08:00:01Z,62\n";
    let recording = Recording::from_bytes("week.csv", text.as_bytes(), &Mapping::default(), &plant).unwrap();
    let messages: Vec<Message> = RecordingMessages::new(&recording, &source, 2.0, 0, None).unwrap().collect();
    assert!((120..130).contains(&messages.len()), "{} messages for a week of silence", messages.len());
    let last_clock = messages.iter().rfind(|message| message.retain).unwrap();
    assert_eq!(last_clock.due.to_string(), "2026-02-07T08:00:00.000Z", "the clock stands right when the plant speaks again");
}

#[test]
fn each_signal_goes_to_the_topic_and_the_session_that_plant_file_and_mapping_name() {
    let plant = Arc::new(plant());
    let source = source(&plant);
    let mapping = "[signals]\n\"TT-201\" = { session = \"gw-200\" }\n\"SI-101A\" = { session = \"gw-900\" }\n";
    let messages: Vec<Message> =
        RecordingMessages::new(&recording(&plant, 1, mapping), &source, 1.0, 0, Some(TwinTime(START.0 + 5_000_000_000))).unwrap().collect();
    let found: Vec<(&str, usize)> = messages.iter().map(|message| (message.topic.as_ref(), message.session)).collect();
    for expected in [
        ("unit100/gw-100/p-101a/TT-111A", 0),
        ("unit100/gw-200/ct-201/TT-201", 1),
        ("unit100/gw-200/gw/XS-210", 1),
        ("unit100/gw-900/p-101a/SI-101A", 0),
        ("vendor/p-101a/scan", 0),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    let text = |topic: &str| {
        let message = messages.iter().find(|message| message.topic.as_ref() == topic).unwrap();
        String::from_utf8_lossy(&message.payload).into_owned()
    };
    assert_eq!(text("unit100/gw-100/p-101a/TT-111A"), r#"{"q":"good","t":"2026-01-31T08:00:05Z","v":60.0}"#, "moved to its new start");
    assert_eq!(text("unit100/gw-900/p-101a/SI-101A"), r#"{"q":"good","rpm":2900.0,"t":"2026-01-31T08:00:05Z"}"#);
}

#[test]
fn a_published_recording_arrives_through_a_real_broker_as_it_was_recorded() {
    let broker = Broker::start();
    let plant = Arc::new(plant());
    let mut settings = source(&plant);
    settings.clock_topic = Some("unit100/clock".to_owned());
    let recording = recording(&plant, 60, "[signals]\n\"TT-201\" = { session = \"gw-200\" }\n");
    let expected = told_of(&readings(&recording));
    let (sender, events) = crossbeam_channel::unbounded();
    let handle = MqttSource::spawn(broker.options(), Arc::clone(&plant), settings.clone(), Arc::new(SystemClock), sender);
    let mut seen: Vec<SourceEvent> = Vec::new();
    let until = Instant::now() + DEADLINE;
    let receive = |seen: &mut Vec<SourceEvent>, what: &str| {
        let left = until.saturating_duration_since(Instant::now());
        let Ok(event) = events.recv_timeout(left) else { panic!("waited in vain for {what}; saw {} events", seen.len()) };
        if let SourceEvent::Batch(batch) = &event
            && let Some(ack) = batch.ack
        {
            handle.acks.send(ack).unwrap();
        }
        seen.push(event);
    };
    while !seen.contains(&SourceEvent::State(SourceState::Connected)) {
        receive(&mut seen, "a connection");
    }
    let options = PublishOptions { mqtt: broker.options(), speed: 30.0, ..PublishOptions::new(&broker.url()).unwrap() };
    let mut told = 0;
    let report = publish(&recording, &settings, &options, &AtomicBool::new(false), &mut |_, _| told += 1).unwrap();
    assert_eq!((report.rows, report.samples, report.lost, report.unbound, report.is_stopped), (60, report.samples, 0, 0, false));
    assert!(report.is_delivered && report.messages > 0 && told > 0, "{report:?}");
    let recorded = |seen: &[SourceEvent]| {
        let found = told_by(&samples(seen));
        expected.iter().filter(|told| found.binary_search(told).is_ok()).count()
    };
    while recorded(&seen) < expected.len() {
        receive(&mut seen, "every sample");
    }
    assert!(seen.iter().any(|event| matches!(event, SourceEvent::Clock(clock) if clock.speed == 30.0)), "the clock was announced");
    let alive = plant.signals.find("XS-110").unwrap();
    let births = |seen: &[SourceEvent]| samples(seen).iter().filter(|s| s.signal == alive).map(|s| s.value).collect::<Vec<_>>();
    while births(&seen).last() != Some(&Some(0.0)) {
        receive(&mut seen, "the good-bye of the session");
    }
    assert_eq!(births(&seen), [Some(1.0), Some(0.0)]);
}

#[test]
fn a_broker_that_is_not_there_and_a_speed_that_is_none_are_told() {
    let plant = Arc::new(plant());
    let (recording, source) = (recording(&plant, 4, ""), source(&plant));
    let mut options = PublishOptions::new("mqtt://127.0.0.1:1").unwrap();
    options.connect_within_secs = 0.2;
    let ask = |options: &PublishOptions| publish(&recording, &source, options, &AtomicBool::new(false), &mut |_, _| {}).unwrap_err();
    assert!(matches!(ask(&options), PublishRecordingError::Unreachable { .. }));
    for speed in [0.0, -1.0, f64::NAN, 1e9] {
        options.speed = speed;
        assert!(matches!(ask(&options), PublishRecordingError::Speed { .. }), "{speed}");
    }
}
