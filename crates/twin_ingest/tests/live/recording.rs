//! A recording as a source: what its rows become.

use crate::plant::{batches, key, plant, samples, samples_of, source};
use std::io::Write;
use std::sync::Arc;
use twin_ingest::recording::{Mapping, Pace, Recording, RecordingMessages, RecordingSource, RowFault};
use twin_model::{ManualClock, Origin, Plant, Problem, Quality, SourceEvent, SourceState, TwinTime};

fn shared() -> Arc<Plant> {
    Arc::new(plant())
}

fn mapping(text: &str) -> Mapping {
    let (mapping, problems) = Mapping::parse(text, "mapping.toml");
    assert_eq!(problems, vec![]);
    mapping
}

fn open(text: &str, mapping: &Mapping) -> Result<Recording, Vec<Problem>> {
    Recording::from_bytes("day.csv", text.as_bytes(), mapping, &shared())
}

fn events(text: &str, mapping: &Mapping) -> Vec<SourceEvent> {
    open(text, mapping).unwrap().events().unwrap().collect()
}

/// Value, quality and time of the samples of a tag as recorded: without what the twin writes itself.
fn recorded(events: &[SourceEvent], tag: &str) -> Vec<(Option<f64>, Quality, String)> {
    let signal = key(&plant(), tag);
    samples_of(events, signal).iter().map(|sample| (sample.value, sample.quality, sample.source_time.clock_text())).collect()
}

fn problem_total(events: &[SourceEvent]) -> u64 {
    events.iter().map(|event| if let SourceEvent::Problem { count, .. } = event { *count } else { 0 }).sum()
}

fn values(events: &[SourceEvent], tag: &str) -> Vec<Option<f64>> {
    recorded(events, tag).into_iter().map(|(value, ..)| value).collect()
}

#[test]
fn columns_named_by_tag_or_id_are_taken_without_a_mapping_file() {
    let text = "t,Remark,TT-111A,unit100:p-101a/pressure,TT-201 [K],XS-101A,YS-101A\n\
                2026-01-31T08:00:00Z,x,60.5,0.5,293.15,running,true\n2026-01-31T08:00:01Z,y,61,-0.25,294.15,0,false\n";
    let recording = open(text, &Mapping::default()).unwrap();
    assert_eq!((recording.signals().len(), recording.problems()), (5, [].as_slice()));
    let events: Vec<SourceEvent> = recording.events().unwrap().collect();
    assert_eq!(values(&events, "TT-111A"), [Some(60.5), Some(61.0)]);
    assert_eq!(values(&events, "PT-106A"), [Some(0.5), Some(-0.25)]);
    assert_eq!(values(&events, "XS-101A"), [Some(2.0), Some(0.0)]);
    assert_eq!(values(&events, "YS-101A"), [Some(1.0), Some(0.0)]);
    let cooling: Vec<f64> = values(&events, "TT-201").into_iter().flatten().collect();
    assert!((cooling[0] - 20.0).abs() < 1e-9 && (cooling[1] - 21.0).abs() < 1e-9, "{cooling:?}");
}

#[test]
fn a_german_export_is_read_with_its_commas_its_units_and_its_local_time() {
    let mapping = mapping(
        "skip_rows = 1\nrows_after_header = 1\n[time]\ncolumn = [\"Datum\", \"Zeit\"]\nzone = \"Europe/Berlin\"\n\
         [signals]\n\"Lager\" = { signal = \"TT-111A\", unit = \"°F\" }\n\"Druck\" = \"PT-106A\"\n",
    );
    let text = "Anlage 100\nDatum;Zeit;Lager;Druck\n;;°F;barg\n31.07.2026;10:00:00;140,0;0,25\n31.07.2026;10:00:01;141,8;-0,5\n";
    let events = events(text, &mapping);
    let lager = recorded(&events, "TT-111A");
    assert_eq!(lager[0].2, "08:00:00", "summer time is two hours ahead");
    assert!((lager[0].0.unwrap() - 60.0).abs() < 1e-9 && (lager[1].0.unwrap() - 61.0).abs() < 1e-9, "{lager:?}");
    assert_eq!(values(&events, "PT-106A"), [Some(0.25), Some(-0.5)]);
}

#[test]
fn a_long_recording_has_one_value_per_row() {
    let mapping = mapping(
        "layout = \"long\"\nignore = [\"Other\"]\n[long]\nsignal = \"Point\"\nvalue = \"Val\"\nunit = \"EU\"\n[time]\ncolumn = \"When\"\n\
         format = \"unix_ms\"\n[signals]\n\"DE temp\" = \"TT-111A\"\n[quality]\ncolumn = \"St\"\n",
    );
    let text = "When,Point,Val,St,EU\n1769846400000,DE temp,60,good,\n1769846400000,PT-106A,0.5,192,\n1769846400500,DE temp,142.7,good,°F\n\
                1769846401000,Unheard,1,good,\n1769846401000,Other,1,good,\n1769846402000,DE temp,7,good,barg\n";
    let recording = open(text, &mapping).unwrap();
    let mut replay = recording.events().unwrap();
    let events: Vec<SourceEvent> = replay.by_ref().collect();
    let temperature = values(&events, "TT-111A");
    assert_eq!(temperature[0], Some(60.0));
    assert!((temperature[1].unwrap() - 61.5).abs() < 1e-9);
    assert_eq!(values(&events, "PT-106A")[0], Some(0.5));
    let faults: Vec<(RowFault, u64, u64)> = replay.faults().into_iter().map(|count| (count.fault, count.count, count.line)).collect();
    assert_eq!(faults, [(RowFault::WrongUnit, 1, 7), (RowFault::UnknownSignal, 1, 5)]);
    assert_eq!(problem_total(&events), 2);
}

#[test]
fn a_long_recording_that_names_its_columns_as_most_do_needs_no_mapping() {
    let text =
        "time,signal,value,quality\n2026-01-31T08:00:00Z,TT-111A,60,good\n2026-01-31T08:00:01Z,unit100:p-101a/speed,2950,uncertain\n";
    let events = events(text, &Mapping::default());
    assert_eq!(values(&events, "TT-111A")[0], Some(60.0));
    assert_eq!(recorded(&events, "SI-101A")[0].1, Quality::UNCERTAIN);
}

#[test]
fn qualities_are_read_as_words_as_numbers_and_as_the_files_own_words() {
    let own = mapping(
        "[time]\ncolumn = \"t\"\n[signals]\n\"TT-111A\" = { quality = \"Q\" }\n[quality]\nwords = { \"gestört\" = \"bad sensor failure\" }\n",
    );
    let rows =
        ["60,good", "60,uncertain", "60,bad", "60,0", "60,2156724224", "60,0x40900000", ",GESTÖRT", "NaN,good", ",good", "60,splendid"];
    let mut text = "t,TT-111A,Q\n".to_owned();
    for (second, row) in rows.iter().enumerate() {
        text.push_str(&format!("2026-01-31T08:00:{second:02}Z,{row}\n"));
    }
    let events = events(&text, &own);
    let found: Vec<(Option<f64>, Quality)> = recorded(&events, "TT-111A").into_iter().map(|(value, quality, _)| (value, quality)).collect();
    assert_eq!(
        found,
        [
            (Some(60.0), Quality::GOOD),
            (Some(60.0), Quality::UNCERTAIN),
            (None, Quality::BAD),
            (Some(60.0), Quality::GOOD),
            (None, Quality::BAD_OUT_OF_SERVICE),
            (Some(60.0), Quality::UNCERTAIN_LAST_USABLE),
            (None, Quality::BAD_SENSOR_FAILURE),
            (None, Quality::BAD),
            (Some(60.0), Quality::UNCERTAIN),
        ],
        "an empty cell is no sample, and what is not understood is uncertain"
    );
    assert_eq!(problem_total(&events), 1);
}

#[test]
fn a_value_outside_its_range_is_uncertain_as_in_live_data() {
    let events = events("t,TT-111A\n2026-01-31T08:00:00Z,60\n2026-01-31T08:00:01Z,900\n", &Mapping::default());
    assert_eq!(recorded(&events, "TT-111A")[1].1, Quality::UNCERTAIN_RANGE_EXCEEDED);
}

#[test]
fn there_is_one_tick_per_second_and_the_file_ends_the_source() {
    let text = "t,TT-111A\n2026-01-31T08:00:00.2Z,60\n2026-01-31T08:00:00.7Z,61\n2026-01-31T08:00:03Z,62\n";
    let events = events(text, &Mapping::default());
    assert_eq!(events[0], SourceEvent::State(SourceState::Connected));
    assert!(matches!(events[1], SourceEvent::Clock(clock) if clock.time.clock_text() == "08:00:00"));
    assert_eq!(events.last(), Some(&SourceEvent::State(SourceState::Ended)));
    let told: Vec<(Option<String>, usize)> =
        batches(&events).map(|batch| (batch.tick.map(TwinTime::clock_text), batch.samples.len())).collect();
    let tick = |text: &str| Some(text.to_owned());
    assert_eq!(told, [(tick("08:00:01"), 2), (tick("08:00:02"), 0), (tick("08:00:03"), 0), (tick("08:00:04"), 1)]);
    assert!(samples(&events).iter().all(|sample| sample.receive_time == sample.source_time && sample.origin == Origin::Live));
}

#[test]
fn a_row_older_than_its_signals_newest_is_late_and_moves_no_clock() {
    let text = "t,TT-111A\n2026-01-31T08:00:00Z,60\n2026-01-31T08:00:05Z,61\n2026-01-31T08:00:02Z,62\n2026-01-31T08:00:06Z,63\n";
    let events = events(text, &mapping("interval_secs = 0"));
    let signal = key(&plant(), "TT-111A");
    let origins: Vec<Origin> = samples_of(&events, signal).iter().map(|sample| sample.origin).collect();
    assert_eq!(origins, [Origin::Live, Origin::Live, Origin::Late, Origin::Live]);
    let ticks: Vec<TwinTime> = batches(&events).filter_map(|batch| batch.tick).collect();
    assert!(ticks.is_sorted() && ticks.len() == 7, "{ticks:?}");
}

#[test]
fn a_file_sorted_by_signal_is_filed_as_late_and_says_so() {
    let mut text = "t,tag,value\n".to_owned();
    for tag in ["TT-111A", "TT-201"] {
        for minute in 0..10 {
            text.push_str(&format!("2026-01-31T08:{minute:02}:00Z,{tag},60\n"));
        }
    }
    let mut replay = open(&text, &Mapping::default()).unwrap().events().unwrap();
    let events: Vec<SourceEvent> = replay.by_ref().collect();
    let late = samples(&events).iter().filter(|sample| sample.origin == Origin::Late).count();
    assert_eq!(late, 8, "those more than 70 s behind");
    assert!(replay.faults().iter().any(|count| count.fault == RowFault::OutOfOrder && count.count == 8), "{:?}", replay.faults());
}

#[test]
fn silence_is_judged_by_the_interval_of_the_recording() {
    let at = |minute: u32| format!("2026-01-31T08:{minute:02}:00Z");
    let mut text = "t,TT-111A,SI-101A\n".to_owned();
    for minute in 0..10 {
        text.push_str(&format!("{},60,2950\n", at(minute)));
    }
    for minute in 10..16 {
        text.push_str(&format!("{},,2950\n", at(minute)));
    }
    let stale: Vec<(Quality, String)> =
        recorded(&events(&text, &Mapping::default()), "TT-111A").into_iter().skip(10).map(|(_, quality, time)| (quality, time)).collect();
    let expected = [(Quality::UNCERTAIN_LAST_USABLE, "08:12:00".to_owned()), (Quality::BAD_NO_COMMUNICATION, "08:13:00".to_owned())];
    assert_eq!(stale, expected, "three intervals of a minute, where the plant file expects a second");
    let never = recorded(&events(&text, &mapping("interval_secs = 0")), "TT-111A");
    assert_eq!(never.len(), 10);
}

#[test]
fn one_damaged_date_does_not_move_the_clock() {
    let text = "t,TT-111A\n2026-01-31T08:00:00Z,60\n2126-01-31T08:00:01Z,61\n2026-01-31T08:00:02Z,62\n2026-03-31T08:00:00Z,63\n\
                2026-03-31T08:00:01Z,64\n";
    let mut replay = open(text, &Mapping::default()).unwrap().events().unwrap();
    let events: Vec<SourceEvent> = replay.by_ref().collect();
    let live: Vec<Option<f64>> = samples(&events).iter().filter(|sample| sample.quality.is_good()).map(|sample| sample.value).collect();
    assert_eq!(live, [60.0, 62.0, 63.0, 64.0].map(Some));
    assert_eq!(replay.faults()[0].fault, RowFault::TimeFarAhead);
    assert!(batches(&events).count() < 4_000, "two months of silence are not ticked through: {}", batches(&events).count());
}

#[test]
fn a_row_that_cannot_be_used_is_counted_and_does_not_stop_the_rest() {
    let text = "t,TT-111A,PT-106A\n2026-01-31T08:00:00Z,60,0.5\nyesterday,60,0.5\n2026-01-31T08:00:01Z,sixty,0.5\n\"2026-01-31T08:00:01Z,1\n\
                2026-01-31T08:00:02Z\n\n2026-01-31T08:00:03Z,inf,0.75\n";
    let mut replay = open(text, &Mapping::default()).unwrap().events().unwrap();
    let events: Vec<SourceEvent> = replay.by_ref().collect();
    let good: Vec<Option<f64>> = values(&events, "PT-106A");
    assert!(good.contains(&Some(0.75)), "{good:?}");
    let faults: Vec<(RowFault, u64)> = replay.faults().iter().map(|count| (count.fault, count.line)).collect();
    assert_eq!(
        faults,
        [(RowFault::BadTime, 3), (RowFault::ShortRow, 6), (RowFault::OpenQuote, 5), (RowFault::NotANumber, 4), (RowFault::NotFinite, 8)]
    );
    let first = &replay.faults()[0];
    assert_eq!((first.column, first.text.as_str()), (1, "yesterday"));
}

#[test]
fn everything_wrong_with_mapping_and_header_is_told_at_once_with_its_place() {
    let text = "[time]\ncolumn = \"When\"\n[signals]\nTemp = \"TT-999\"\nFlow = { signal = \"TT-111A\", unit = \"barg\" }\nGone = \"PT-106A\"\n\
                \"TT-111A\" = \"TT-201\"\n";
    let problems = open("t,Temp,Flow,TT-111A\n2026-01-31T08:00:00Z,1,2,3\n", &mapping(text)).unwrap_err();
    let found: Vec<(Option<u32>, bool)> = problems.iter().map(|problem| (problem.line, problem.is_error())).collect();
    assert_eq!(found, [(Some(4), true), (Some(5), true), (Some(6), true), (Some(2), true)], "{problems:#?}");
    assert!(problems[2].message.contains("no column `Gone`") && problems[2].hint.contains("t, Temp, Flow"), "{}", problems[2]);
    for (text, part) in [
        ("", "no line"),
        ("a,b\n1,2\n", "no column is a signal"),
        ("a,TT-111A\nx,2\n", "no column reads as a time"),
        ("t,TT-111A\n", "no column reads as a time"),
        ("\u{0}\u{1}\n", "no UTF-8"),
        ("\"t,TT-111A\n", "not closed"),
    ] {
        let problems = open(text, &Mapping::default()).unwrap_err();
        assert!(problems.iter().any(|problem| problem.message.contains(part)), "{text:?}: {problems:?}");
    }
    let missing = Recording::open("no/such/file.csv".as_ref(), Some("no/such/mapping.toml".as_ref()), &shared()).unwrap_err();
    assert_eq!(missing.len(), 2, "{missing:?}");
}

#[test]
fn times_without_zone_are_read_as_utc_with_a_warning() {
    let text = "t,TT-111A\n2026-01-31 08:00:00,60\n";
    let recording = open(text, &Mapping::default()).unwrap();
    assert!(recording.problems()[0].message.contains("read as UTC"));
    assert_eq!(open(text, &mapping("[time]\nzone = \"UTC\"")).unwrap().problems(), []);
}

#[test]
fn replaying_twice_gives_identical_events_also_from_a_thread_at_another_pace() {
    let mut text = "t,TT-111A,PT-106A,XS-101A\n".to_owned();
    for step in 0_u32..3_000 {
        let state = ["stopped", "starting", "running", "no state"][step as usize / 7 % 4];
        let second = TwinTime(1_769_846_400_000_000_000 + i64::from(step) * 300_000_000 - if step % 50 == 0 { 2_000_000_000 } else { 0 });
        text.push_str(&format!("{second},{},{},{state}\n", 60.0 + f64::from(step % 17) * 0.1, f64::from(step % 5) * 0.3));
    }
    let recording = open(&text, &Mapping::default()).unwrap();
    let first: Vec<SourceEvent> = recording.events().unwrap().collect();
    let second: Vec<SourceEvent> = recording.events().unwrap().collect();
    assert_eq!(first, second);
    let without_clock = |events: Vec<SourceEvent>| -> Vec<SourceEvent> {
        events.into_iter().filter(|event| !matches!(event, SourceEvent::Clock(_))).collect()
    };
    let expected = without_clock(first);
    for pace in [Pace::Unpaced, Pace::Speed(5_000.0)] {
        let (sender, receiver) = crossbeam_channel::bounded(4);
        let handle = RecordingSource::spawn(&recording, pace, Arc::new(ManualClock::default()), sender).unwrap();
        let received: Vec<SourceEvent> = receiver.iter().collect();
        handle.wait();
        assert_eq!(without_clock(received), expected, "{pace:?}");
    }
}

#[test]
fn a_paused_replay_hands_nothing_on_until_it_is_let_go_and_stops_when_told() {
    let text = "t,TT-111A\n2026-01-31T08:00:00Z,60\n2026-01-31T09:00:00Z,61\n";
    let recording = open(text, &Mapping::default()).unwrap();
    let (sender, receiver) = crossbeam_channel::bounded(1_000);
    let handle = RecordingSource::spawn(&recording, Pace::Speed(0.0), Arc::new(ManualClock::default()), sender).unwrap();
    let first: Vec<SourceEvent> = receiver.iter().take(2).collect();
    assert!(matches!(first[1], SourceEvent::Clock(clock) if clock.speed == 0.0), "{first:?}");
    assert!(!handle.is_finished());
    handle.set_pace(Pace::Speed(10.0));
    assert!(matches!(receiver.recv().unwrap(), SourceEvent::Clock(clock) if clock.speed == 10.0));
    assert!(matches!(receiver.recv().unwrap(), SourceEvent::Batch(_)));
    handle.stop();
    assert!(!receiver.iter().any(|event| event == SourceEvent::State(SourceState::Ended)));
}

#[test]
fn a_million_rows_stream_in_bounded_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.csv");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    writeln!(file, "t,TT-111A,PT-106A,SI-101A,TT-201").unwrap();
    let start = 1_769_846_400_000_i64;
    for row in 0..1_000_000_i64 {
        writeln!(file, "{},{}.5,0.{},2950,21.25", start + row * 200, 60 + row % 7, row % 9).unwrap();
    }
    file.flush().unwrap();
    drop(file);
    let recording = Recording::open(&path, None, &shared()).unwrap();
    let before = resident_kib();
    let (mut samples, mut ticks, mut largest) = (0_usize, 0_usize, 0_usize);
    for event in recording.events().unwrap() {
        if let SourceEvent::Batch(batch) = event {
            samples += batch.samples.len();
            ticks += usize::from(batch.tick.is_some());
            largest = largest.max(batch.samples.len());
        }
    }
    assert_eq!((samples, ticks), (4_000_000, 200_000));
    assert!(largest <= 600, "{largest} samples in one batch");
    let grown = resident_kib().saturating_sub(before);
    // Held at once, these samples take 190 MB; other tests run beside this one.
    assert!(grown < 64 * 1024, "{grown} KiB more than before");
}

/// Memory of this process in KiB; 0 where the system does not tell.
fn resident_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// A small generator of the same numbers on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }
}

fn mutated(text: &str, draw: &mut Draw) -> Vec<u8> {
    const PIECES: [&[u8]; 14] = [
        b"\"",
        b",",
        b";",
        b"\n",
        b"\r\n",
        b"\xFF",
        b"\0",
        b"1e999",
        b"-",
        b"9999-12-31T23:59:59Z",
        b"2262-04-11T00:00:00Z",
        b"NaN",
        b"%Y",
        b"[",
    ];
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=draw.below(6) {
        let at = draw.below(bytes.len());
        match draw.below(5) {
            0 => bytes.truncate(at),
            1 => {
                let end = (at + draw.below(12)).min(bytes.len());
                bytes.drain(at..end);
            }
            2 => {
                let piece = PIECES[draw.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            3 => {
                let end = (at + draw.below(60)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = draw.below(256) as u8;
                }
            }
        }
        if bytes.is_empty() {
            return bytes;
        }
    }
    bytes
}

#[test]
fn twenty_thousand_damaged_files_and_mappings_stop_nothing() {
    let wide = "t,TT-111A,PT-106A,XS-101A,Q\n2026-01-31T08:00:00Z,60,0.5,running,good\n2026-01-31T08:00:01Z,61,0.5,0,bad\n\
                2026-01-31T08:00:02Z,\"62\",NaN,stopped,192\n";
    let long = "when;tag;value;quality\n1769846400;TT-111A;60,5;good\n1769846401;PT-106A;0,5;bad\n1769846403;TT-111A;61;good\n";
    let map = "delimiter = \",\"\nskip_rows = 0\ninterval_secs = 5\n[time]\ncolumn = \"t\"\nformat = \"%Y-%m-%dT%H:%M:%S%z\"\nzone = \"Europe/Berlin\"\n\
               [signals]\n\"TT-111A\" = { signal = \"TT-111A\", unit = \"°F\", quality = \"Q\" }\n[quality]\nwords = { good = \"good\" }\n";
    let plant = shared();
    let mut draw = Draw(1);
    let source = source(&plant);
    let (mut opened, mut kept, mut published) = (0, 0, 0);
    for round in 0..20_000 {
        let mapping = match round % 3 {
            0 => Mapping::default(),
            _ => Mapping::parse(&String::from_utf8_lossy(&mutated(map, &mut draw)), "m.toml").0,
        };
        let file = mutated(if round % 2 == 0 { wide } else { long }, &mut draw);
        let Ok(recording) = Recording::from_bytes("f.csv", file, &mapping, &plant) else { continue };
        opened += 1;
        let events: Vec<SourceEvent> = recording.events().unwrap().collect();
        assert_eq!(events.last(), Some(&SourceEvent::State(SourceState::Ended)));
        let ticks: Vec<TwinTime> = batches(&events).filter_map(|batch| batch.tick).collect();
        assert!(ticks.is_sorted(), "{ticks:?}");
        kept += samples(&events).len();
        published += RecordingMessages::new(&recording, &source, f64::from(round % 40), 0, None).unwrap().count();
    }
    assert!(opened > 4_000 && kept > 8_000 && published > 4_000, "{opened} opened, {kept} samples, {published} messages");
}
