//! How many samples per second one evaluator takes: 10,000 signals, one sample a second each, for a minute of plant
//! time; every fourth signal has an alarm point. Prints the figures, and those of 1,000 signals beside them.

use std::sync::Arc;
use std::time::Instant;
use twin_insight::{Evaluation, Evaluator};
use twin_model::document::{PlantDocument, ThingDocument, TypeLibrary};
use twin_model::{Batch, Origin, Plant, Quality, Sample, SignalKey, TwinTime};

const SECONDS: u32 = 60;
const SIGNALS_OF_A_THING: u32 = 20;

fn main() -> Result<(), serde_json::Error> {
    println!("signals  alarm points  events  samples/s       ms per second of plant time  µs per idle tick");
    for signals in [1_000, 10_000, 10_000] {
        measure(signals)?;
    }
    Ok(())
}

fn measure(signals: u32) -> Result<(), serde_json::Error> {
    let things: Vec<ThingDocument> = (0..signals / SIGNALS_OF_A_THING).map(thing).collect::<Result<_, _>>()?;
    let (plant, _) = Plant::build(PlantDocument { things, ..PlantDocument::default() }, &TypeLibrary::default());
    let mut evaluator = Evaluator::new(Arc::new(plant));
    let mut out = Evaluation::default();
    let mut events = 0;
    let batches: Vec<Batch> = (0..SECONDS).map(|second| batch(signals, second)).collect();
    let start = Instant::now();
    for batch in &batches {
        evaluator.commit(batch, &mut out);
        events += out.events.len();
        out.clear();
    }
    let secs = start.elapsed().as_secs_f64();
    let idle = Instant::now();
    for second in 0..1000 {
        evaluator.commit(&Batch { tick: Some(time(SECONDS + second)), ..Batch::default() }, &mut out);
    }
    println!(
        "{signals:7}  {:12}  {events:6}  {:12.0}  {:18.3}  {:16.2}",
        evaluator.alarms().len(),
        f64::from(signals * SECONDS) / secs,
        secs * 1e3 / f64::from(SECONDS),
        idle.elapsed().as_secs_f64() * 1e3,
    );
    Ok(())
}

fn thing(number: u32) -> Result<ThingDocument, serde_json::Error> {
    let tag = |index: u32| format!("T-{number}-{index}");
    let signals: serde_json::Map<String, serde_json::Value> =
        (0..SIGNALS_OF_A_THING).map(|index| (format!("s{index}"), serde_json::json!({ "tag": tag(index), "unit": "%" }))).collect();
    let alarms: Vec<serde_json::Value> = (0..SIGNALS_OF_A_THING / 4)
        .map(|index| {
            serde_json::json!({
                "tag": format!("A-{number}-{index}"), "class": "alarm", "priority": 3, "message": "High",
                "condition": { "high": { "signal": tag(index * 4), "limit": 80.0 } },
                "deadband": 2.0, "on_delay_secs": 3.0, "off_delay_secs": 3.0
            })
        })
        .collect();
    serde_json::from_value(serde_json::json!({
        "id": format!("bench:t{number}"), "type": "", "name": format!("T{number}"), "signals": signals, "alarms": alarms
    }))
}

/// Slow waves; each signal is above its limit for some seconds of the minute.
fn batch(signals: u32, second: u32) -> Batch {
    let sample = |signal: u32| {
        let phase = f64::from((signal * 37 + second) % 120) / 120.0;
        Sample {
            signal: SignalKey(signal),
            value: Some(100.0 * (1.0 - (2.0 * phase - 1.0).abs())),
            quality: Quality::GOOD,
            source_time: time(second),
            receive_time: time(second),
            origin: Origin::Live,
        }
    };
    Batch { samples: (0..signals).map(sample).collect(), tick: Some(time(second)), ack: None }
}

fn time(second: u32) -> TwinTime {
    TwinTime::from_millis(1_700_000_000_000 + i64::from(second) * 1000)
}
