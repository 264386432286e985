//! How long a tick of the core takes at 1,000 and at 10,000 signals, and what an hour at 10,000 samples/s keeps in memory.
//!
//! `cargo run --release -p twin_runtime --example tick`

use bevy_app::App;
use crossbeam_channel::{Sender, bounded};
use std::error::Error;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Instant;
use twin_model::document::load_embedded;
use twin_model::{
    Action, ActionEnvelope, Author, Batch, LaneId, ManualClock, Origin, Plant, Quality, Role, Sample, SignalKey, SourceEvent, TwinTime,
    ViewId,
};
use twin_runtime::{CoreOptions, CorePlugin, Lane, LaneKind, SourceLink, Twin, ViewSnapshots};

/// Core ticks per second.
const TICKS_PER_SEC: usize = 20;
/// Seconds of plant time measured.
const SECONDS: usize = 60;
/// Signals on the trends of the view.
const WATCHED: usize = 8;
/// Signals per thing; the first of them has an alarm point.
const PER_THING: usize = 4;

const TYPES: &str = r#"{"@context":["dtmi:dtdl:context;3","dtmi:dtdl:extension:quantitativeTypes;1"],"@id":"dtmi:test:Motor;1","@type":"Interface",
"contents":[{"@type":["Telemetry","AngularVelocity"],"name":"s0","schema":"double","unit":"revolutionPerMinute"},
{"@type":["Telemetry","AngularVelocity"],"name":"s1","schema":"double","unit":"revolutionPerMinute"},
{"@type":["Telemetry","AngularVelocity"],"name":"s2","schema":"double","unit":"revolutionPerMinute"},
{"@type":["Telemetry","AngularVelocity"],"name":"s3","schema":"double","unit":"revolutionPerMinute"}]}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let small = measure_tick(1_000)?;
    let large = measure_tick(10_000)?;
    println!("10,000 against 1,000 signals: mean {:.1} times, for 10 times the signals", large / small);
    measure_memory(10_000)
}

fn plant(signals: usize) -> Result<Arc<Plant>, Box<dyn Error>> {
    let mut things = String::new();
    for thing in 0..signals / PER_THING {
        let comma = if thing == 0 { "" } else { "," };
        write!(things, r#"{comma}{{"id":"many:m-{thing}","type":"dtmi:test:Motor;1","name":"M-{thing}","signals":{{"#)?;
        for signal in 0..PER_THING {
            let comma = if signal == 0 { "" } else { "," };
            write!(things, r#"{comma}"s{signal}":{{"tag":"SI-{thing}-{signal}","unit":"1/min","expected_interval_secs":1}}"#)?;
        }
        write!(
            things,
            r#"}},"alarms":[{{"tag":"SAH-{thing}","class":"alarm","priority":3,"message":"fast","condition":{{"high":{{"signal":"SI-{thing}-0","limit":2990}}}},"deadband":5,"on_delay_secs":5,"off_delay_secs":10,"time_to_respond_secs":600}}]}}"#
        )?;
    }
    let file = format!(r#"{{"format_version":"0.1","namespace":"many","name":"Many motors","models":["types.json"],"things":[{things}]}}"#);
    let (document, problems) = load_embedded(&[("plant.twin.json", file.as_bytes()), ("types.json", TYPES.as_bytes())]);
    let plant = document.plant();
    if plant.signals.len() != signals {
        return Err(format!("{} of {signals} signals: {:?}", plant.signals.len(), problems.first()).into());
    }
    Ok(Arc::new(plant))
}

fn sample(index: usize, time: TwinTime, noise: &mut u64) -> Sample {
    *noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let value = 2_700.0 + (*noise >> 40) as f64 / f64::from(1_u32 << 24) * 300.0;
    Sample {
        signal: SignalKey(u32::try_from(index).unwrap_or(u32::MAX)),
        value: Some(value),
        quality: Quality::GOOD,
        source_time: time,
        receive_time: time,
        origin: Origin::Live,
    }
}

/// One value of each signal per second, spread over the ticks of that second.
fn send_tick(events: &Sender<SourceEvent>, signals: usize, tick: usize, noise: &mut u64) -> Result<(), Box<dyn Error>> {
    let (second, part) = (tick / TICKS_PER_SEC, tick % TICKS_PER_SEC);
    let time = TwinTime::from_secs_f64(1e9 + tick as f64 / TICKS_PER_SEC as f64);
    let slice = signals.div_ceil(TICKS_PER_SEC);
    let range = part * slice..((part + 1) * slice).min(signals);
    let ends = part + 1 == TICKS_PER_SEC;
    let batch = Batch {
        samples: range.map(|index| sample(index, time, noise)).collect(),
        tick: ends.then(|| TwinTime::from_secs_f64(1e9 + second as f64 + 1.0)),
        ack: None,
    };
    events.send(SourceEvent::Batch(batch))?;
    Ok(())
}

/// Mean duration of a tick, ms.
fn measure_tick(signals: usize) -> Result<f64, Box<dyn Error>> {
    let plant = plant(signals)?;
    let (sender, events) = bounded(64);
    let (actions, action_rx) = bounded(16);
    let mut twin = Twin::new(Arc::clone(&plant), Arc::new(ManualClock::new(TwinTime::from_secs_f64(1e9))));
    twin.connect_live(SourceLink { events, acks: None, stats: None, guard: Box::new(()) });
    let watched = plant.signals.iter().take(WATCHED).map(|(_, info)| info.id.clone()).collect();
    let author = Author { name: "bench".to_owned(), role: Role::Engineer };
    actions.send(ActionEnvelope { view: ViewId(0), author, action: Action::WatchSignals(watched) })?;
    let snapshots = ViewSnapshots::new(twin.snapshot(0, 0.0));
    let mut app = App::new();
    app.add_plugins(CorePlugin::new(CoreOptions { twin, actions: action_rx, snapshots: snapshots.clone() }));
    app.finish();
    app.cleanup();

    let mut noise = 1;
    let mut millis = Vec::with_capacity(SECONDS * TICKS_PER_SEC);
    for tick in 0..(SECONDS + 5) * TICKS_PER_SEC {
        send_tick(&sender, signals, tick, &mut noise)?;
        let started = Instant::now();
        app.update();
        if tick >= 5 * TICKS_PER_SEC {
            millis.push(started.elapsed().as_secs_f64() * 1e3);
        }
    }
    let mean = millis.iter().sum::<f64>() / millis.len() as f64;
    millis.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| millis.get((millis.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN);
    let committed = snapshots.newest().lane(LaneId::LIVE).map_or(0, |lane| lane.stats.committed);
    println!(
        "{signals} signals, {signals} samples/s, {TICKS_PER_SEC} ticks/s: mean {mean:.3} ms, median {:.3}, p99 {:.3}, largest {:.3}; {committed} samples committed",
        at(0.5),
        at(0.99),
        at(1.0 - 1e-9),
    );
    Ok(mean)
}

fn measure_memory(signals: usize) -> Result<(), Box<dyn Error>> {
    let mut lane = Lane::new(LaneId::LIVE, LaneKind::Live, "Live", plant(signals)?);
    let mut noise = 1;
    let mut batch = Batch::default();
    let empty = resident_mib()?;
    let mut busy = 0.0;
    let mut largest: f64 = 0.0;
    for second in 0..3600 {
        let time = TwinTime::from_secs_f64(1e9 + f64::from(second));
        batch.samples.clear();
        batch.samples.extend((0..signals).map(|index| sample(index, time, &mut noise)));
        batch.tick = Some(time);
        let started = Instant::now();
        lane.commit(&batch);
        let took = started.elapsed().as_secs_f64();
        busy += took;
        largest = largest.max(took);
        if (second + 1) % 600 == 0 {
            println!("{} min: {} samples, resident {:.0} MiB", (second + 1) / 60, lane.stats.committed, resident_mib()?);
        }
    }
    println!(
        "an hour at {signals} samples/s: resident {:.0} MiB, of it {empty:.0} before the first sample; store says {} MiB, {} chunks dropped; {:.2} million samples/s into the lane, longest commit {:.0} ms",
        resident_mib()?,
        lane.stats.bytes >> 20,
        lane.store().stats().dropped_chunks,
        lane.stats.committed as f64 / busy / 1e6,
        largest * 1e3,
    );
    Ok(())
}

fn resident_mib() -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
}
