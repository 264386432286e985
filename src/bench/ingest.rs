//! Samples per second from a real broker into the core, against the plain subscriber of the same broker.

use super::figures::{median, thousands, verdict};
use super::live::LiveCore;
use super::mosquitto::{Mosquitto, Wire};
use super::synthetic::{self, Messages};
use std::sync::Arc;
use std::time::{Duration, Instant};
use twin_ingest::SystemClock;
use twin_model::{Clock, Plant};

const SIGNALS: usize = 2_000;
const PAIRS: usize = 5;
/// Share of the plain subscriber's rate the core is to reach.
const WANTED_RATIO: f64 = 0.9;
/// Samples per second the core is to take when they come in batches.
const WANTED_BATCHED_PER_SEC: f64 = 100_000.0;
/// Samples in one message of the batched runs.
const BATCH: usize = 100;
/// About what Mosquitto forwards, messages per second: sizes the runs, is no figure.
const EXPECTED_MESSAGES_PER_SEC: f64 = 100_000.0;
/// About what the core takes in batches, samples per second: likewise.
const EXPECTED_SAMPLES_PER_SEC: f64 = 2_000_000.0;
/// Runs as fast as it goes are no shorter, seconds: what lies in the buffers of the sockets is a small part of them.
const SHORTEST_RUN_SECS: f64 = 1.0;
/// Most samples of a run: the core's memory is to hold them all, so that each can be looked up.
const MOST_SAMPLES: f64 = 8e6;
/// Longest wait for a plain subscriber.
const PATIENCE: Duration = Duration::from_secs(60);
/// A rate is sustained when the last sample is in the core so shortly after it was sent.
const SUSTAINED_LAG: Duration = Duration::from_millis(250);

/// Runs the measurement in about `seconds`.
pub fn run(seconds: f64) -> Result<(), String> {
    let plant = synthetic::plant(SIGNALS)?;
    println!("plant: {SIGNALS} signals, {} alarm points; Mosquitto on loopback, quality of service 0", plant.alarms.len());
    compare(&plant, seconds)?;
    for samples_per_message in [1, BATCH] {
        sustained(&plant, samples_per_message, seconds)?;
    }
    Ok(())
}

/// The same messages as fast as they go, into the core and into `mosquitto_sub` in turn.
fn compare(plant: &Arc<Plant>, seconds: f64) -> Result<(), String> {
    let run_secs = (seconds / (4 * PAIRS) as f64).max(SHORTEST_RUN_SECS);
    let messages = (EXPECTED_MESSAGES_PER_SEC * run_secs).min(MOST_SAMPLES) as usize;
    println!("\none sample per message, {} messages as fast as they go, in turn:", thousands(messages as f64));
    println!("  pair   core samples/s   mosquitto_sub messages/s   ratio   lost");
    let mut ratios = Vec::new();
    for pair in 1..=PAIRS {
        let core = into_core(plant, messages, 1, None)?;
        let plain = into_plain(messages, 1)?;
        let ratio = core.samples_per_sec / plain;
        ratios.push(ratio);
        println!("  {pair:<6} {:>14} {:>26} {ratio:>7.3} {:>6}", thousands(core.samples_per_sec), thousands(plain), core.lost);
    }
    let ratio = median(&ratios);
    println!("  median ratio {ratio:.3} (wanted ≥ {WANTED_RATIO}): {}", verdict(ratio >= WANTED_RATIO));

    let messages = (EXPECTED_SAMPLES_PER_SEC * run_secs).min(MOST_SAMPLES) as usize / BATCH;
    println!("\n{BATCH} samples per message, {} messages as fast as they go:", thousands(messages as f64));
    let mut rates = Vec::new();
    for number in 1..=3 {
        let core = into_core(plant, messages, BATCH, None)?;
        let plain = into_plain(messages, BATCH)?;
        println!(
            "  run {number}: core {} samples/s, mosquitto_sub {} messages/s of the same = {} samples/s undecoded, lost {}",
            thousands(core.samples_per_sec),
            thousands(plain),
            thousands(plain * BATCH as f64),
            core.lost
        );
        rates.push(core.samples_per_sec);
    }
    let rate = median(&rates);
    let is_kept = rate >= WANTED_BATCHED_PER_SEC;
    println!("  median {} samples/s (wanted ≥ {}): {}", thousands(rate), thousands(WANTED_BATCHED_PER_SEC), verdict(is_kept));
    Ok(())
}

/// Offers more and more until the core no longer keeps up, or something is lost.
fn sustained(plant: &Arc<Plant>, samples_per_message: usize, seconds: f64) -> Result<(), String> {
    let span_secs = (seconds / 20.0).max(SHORTEST_RUN_SECS);
    println!("\noffered at a steady rate for {span_secs:.1} s, {samples_per_message} samples per message, counted by sequence numbers:");
    let mut rate = 10_000.0 * if samples_per_message > 1 { 10.0 } else { 1.0 };
    let mut best = None;
    // Ends by itself where the publisher no longer reaches the rate.
    loop {
        let messages = ((rate * span_secs).min(MOST_SAMPLES) as usize / samples_per_message).max(SIGNALS);
        let run = into_core(plant, messages, samples_per_message, Some(rate / samples_per_message as f64))?;
        let is_offered = run.offered_per_sec >= 0.98 * rate;
        let is_sustained = is_offered && run.lost == 0 && run.lag <= SUSTAINED_LAG;
        println!(
            "  {:>9} samples/s wanted, {:>9} offered, {:>9} sent, lost {}, repeated {}, last sample in the core after {:.0} ms{}",
            thousands(rate),
            thousands(run.offered_per_sec),
            thousands((messages * samples_per_message) as f64),
            run.lost,
            run.repeated,
            run.lag.as_secs_f64() * 1e3,
            if is_sustained { "" } else { ": not sustained" }
        );
        if !is_sustained {
            break;
        }
        best = Some(run.offered_per_sec);
        rate *= 1.3;
    }
    match best {
        Some(rate) => println!("  highest rate sustained without a loss: {} samples/s", thousands(rate)),
        None => println!("  no rate was sustained without a loss"),
    }
    Ok(())
}

/// One run into the core.
struct CoreRun {
    /// From the first message sent to the last sample in a snapshot.
    samples_per_sec: f64,
    /// What the publisher got rid of.
    offered_per_sec: f64,
    lost: usize,
    repeated: usize,
    /// From the last message written to the last sample in a snapshot.
    lag: Duration,
}

fn into_core(plant: &Arc<Plant>, count: usize, samples_per_message: usize, per_sec: Option<f64>) -> Result<CoreRun, String> {
    let broker = Mosquitto::start()?;
    let core = LiveCore::start(plant, &broker.url())?;
    let mut wire = Wire::connect(broker.port())?;
    let mut messages = Messages::new(SIGNALS, samples_per_message);
    let started = Instant::now();
    publish(&mut wire, &mut messages, count, per_sec)?;
    let written = Instant::now();
    let samples = count * samples_per_message;
    let arrived = core.wait_committed(samples);
    let arrival = core.arrival(SIGNALS, |signal| messages.sent_of(signal))?;
    Ok(CoreRun {
        samples_per_sec: arrival.found as f64 / (arrived - started).as_secs_f64(),
        offered_per_sec: samples as f64 / (written - started).as_secs_f64(),
        lost: arrival.lost,
        repeated: arrival.repeated,
        lag: arrived.saturating_duration_since(written),
    })
}

/// Messages per second `mosquitto_sub` takes.
fn into_plain(count: usize, samples_per_message: usize) -> Result<f64, String> {
    let broker = Mosquitto::start()?;
    let mut subscriber = broker.subscriber(synthetic::ROOT, count, "%p", None)?;
    let mut wire = Wire::connect(broker.port())?;
    let mut messages = Messages::new(SIGNALS, samples_per_message);
    let started = Instant::now();
    publish(&mut wire, &mut messages, count, None)?;
    if !subscriber.wait(PATIENCE) {
        return Err("mosquitto_sub did not receive everything".to_owned());
    }
    Ok(count as f64 / started.elapsed().as_secs_f64())
}

/// Publishes `count` messages, evenly where a rate is given.
fn publish(wire: &mut Wire, messages: &mut Messages, count: usize, per_sec: Option<f64>) -> Result<(), String> {
    let clock = SystemClock;
    let started = Instant::now();
    for number in 0..count {
        if let Some(per_sec) = per_sec {
            let due = Duration::from_secs_f64(number as f64 / per_sec);
            let early = due.saturating_sub(started.elapsed());
            if !early.is_zero() {
                wire.flush()?;
                std::thread::sleep(early);
            }
        }
        let (topic, payload) = messages.next(clock.now());
        wire.publish(topic, payload)?;
    }
    wire.flush()
}
