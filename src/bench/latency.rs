//! From publishing to the core's snapshot, at a steady rate.

use super::figures::{quantile, thousands, verdict};
use super::live::LiveCore;
use super::mosquitto::{Mosquitto, Wire};
use super::synthetic::{self, Messages};
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use twin_ingest::SystemClock;
use twin_model::{Clock, Plant, SignalKey, ViewId};

const SIGNALS: usize = 2_000;
const SAMPLES_PER_SEC: f64 = 10_000.0;
/// The 95 % quantile is to stay below.
const WANTED_P95_MS: f64 = 50.0;
/// Messages of a steady publisher go out in groups this long apart.
const GROUP: Duration = Duration::from_millis(1);
/// Between two looks at the snapshot; part of what is measured.
const LOOK_EVERY: Duration = Duration::from_micros(500);
/// How long the last samples may take.
const DRAIN: Duration = Duration::from_secs(2);

/// Runs the measurement for `seconds`, and its yardstick for a quarter of it.
pub fn run(seconds: f64) -> Result<(), String> {
    let plant = synthetic::plant(SIGNALS)?;
    println!("plant: {SIGNALS} signals at {} samples/s, one per message, Mosquitto on loopback", thousands(SAMPLES_PER_SEC));
    let plain = to_plain(seconds / 4.0)?;
    show("publish → mosquitto_sub (yardstick)", &plain);
    let core = to_snapshot(&plant, seconds)?;
    let p95 = show("publish → snapshot of the core", &core);
    println!("p95 wanted ≤ {WANTED_P95_MS} ms: {}", verdict(p95 <= WANTED_P95_MS && core.missing == 0));
    let again = to_plain(seconds / 4.0)?;
    show("publish → mosquitto_sub (yardstick, again)", &again);
    Ok(())
}

struct Latencies {
    /// In order of size.
    sorted_ms: Vec<f64>,
    sent: usize,
    missing: usize,
}

impl Latencies {
    fn new(mut ms: Vec<f64>, sent: usize) -> Self {
        ms.sort_unstable_by(f64::total_cmp);
        Self { missing: sent.saturating_sub(ms.len()), sorted_ms: ms, sent }
    }
}

fn show(name: &str, found: &Latencies) -> f64 {
    let at = |share| quantile(&found.sorted_ms, share);
    println!(
        "{name}: p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms, longest {:.1} ms; {} sent, {} not seen",
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0),
        thousands(found.sent as f64),
        found.missing
    );
    at(0.95)
}

/// Wall instants at which the messages were written, in order.
type Written = RwLock<Vec<AtomicI64>>;

/// Publishes steadily and notes when each message was written.
fn publish(port: u16, seconds: f64, written: &Written) -> Result<(), String> {
    let clock = SystemClock;
    let mut wire = Wire::connect(port)?;
    let mut messages = Messages::new(SIGNALS, 1);
    let instants = written.read().unwrap_or_else(PoisonError::into_inner);
    let started = Instant::now();
    while messages.sent() < instants.len() {
        let elapsed = started.elapsed();
        if elapsed.as_secs_f64() > 2.0 * seconds + 10.0 {
            return Err("the broker does not take messages at this rate".to_owned());
        }
        let due = ((elapsed.as_secs_f64() * SAMPLES_PER_SEC) as usize).min(instants.len());
        let now = clock.now();
        for instant in instants.get(messages.sent()..due).unwrap_or_default() {
            instant.store(now.0, Ordering::Release);
            let (topic, payload) = messages.next(now);
            wire.publish(topic, payload)?;
        }
        wire.flush()?;
        std::thread::sleep(GROUP);
    }
    Ok(())
}

fn instants(seconds: f64) -> Vec<AtomicI64> {
    (0..(SAMPLES_PER_SEC * seconds) as usize).map(|_| AtomicI64::new(0)).collect()
}

/// Until a snapshot of the core holds the sample, or a newer one of its signal.
fn to_snapshot(plant: &Arc<Plant>, seconds: f64) -> Result<Latencies, String> {
    let broker = Mosquitto::start()?;
    let core = LiveCore::start(plant, &broker.url())?;
    let keys: Vec<SignalKey> = (0..SIGNALS).filter_map(|index| plant.signals.find(&synthetic::tag(index))).collect();
    let written: Arc<Written> = Arc::new(RwLock::new(instants(seconds)));
    let is_over = Arc::new(AtomicBool::new(false));
    let publisher = {
        let (written, is_over, port) = (Arc::clone(&written), Arc::clone(&is_over), broker.port());
        let body = move || {
            let outcome = publish(port, seconds, &written);
            is_over.store(true, Ordering::Release);
            outcome
        };
        std::thread::Builder::new().name("bench-publisher".to_owned()).spawn(body).map_err(|error| error.to_string())?
    };
    let sent_at = written.read().unwrap_or_else(PoisonError::into_inner);
    let clock = SystemClock;
    let mut seen = vec![0_usize; keys.len()];
    let mut latencies_ms = Vec::with_capacity(sent_at.len());
    let mut tick_ms = Vec::new();
    let mut last_tick = 0;
    let mut end: Option<Instant> = None;
    while latencies_ms.len() < sent_at.len() && end.is_none_or(|end| end.elapsed() < DRAIN) {
        if is_over.load(Ordering::Acquire) {
            end.get_or_insert_with(Instant::now);
        }
        let snapshot = core.snapshot();
        let now = clock.now();
        if snapshot.tick == last_tick {
            std::thread::sleep(LOOK_EVERY);
            continue;
        }
        last_tick = snapshot.tick;
        tick_ms.push(snapshot.live.tick_ms);
        let Some(frame) = snapshot.frame(ViewId(0)) else { continue };
        for (index, (key, seen)) in keys.iter().zip(&mut seen).enumerate() {
            let newest = frame.readings.get(key.index()).and_then(Option::as_ref).and_then(|reading| reading.value);
            let Some(newest) = newest.map(|value| value as usize) else { continue };
            while *seen <= newest {
                let written = sent_at.get(*seen * SIGNALS + index).map_or(0, |instant| instant.load(Ordering::Acquire));
                latencies_ms.push((now.0 - written) as f64 * 1e-6);
                *seen += 1;
            }
        }
    }
    let sent = sent_at.len();
    drop(sent_at);
    publisher.join().map_err(|_| "the publisher ended by a panic".to_owned())??;
    let stats = core.stats();
    println!(
        "{} snapshots, {:.0} per second; dropped by the source {}, refused {}",
        thousands(tick_ms.len() as f64),
        tick_ms.len() as f64 / seconds,
        stats.dropped,
        stats.problems
    );
    Ok(Latencies::new(latencies_ms, sent))
}

/// Until `mosquitto_sub` has the message, by its own time stamp.
fn to_plain(seconds: f64) -> Result<Latencies, String> {
    let seconds = seconds.max(1.0);
    let broker = Mosquitto::start()?;
    let written: Written = RwLock::new(instants(seconds));
    let count = written.read().unwrap_or_else(PoisonError::into_inner).len();
    let lines = broker.file("received");
    // Receive time in seconds and nanoseconds, topic, payload.
    let mut subscriber = broker.subscriber(synthetic::ROOT, count, "%U %t %p", Some(&lines))?;
    publish(broker.port(), seconds, &written)?;
    subscriber.wait(DRAIN);
    drop(subscriber);
    let sent_at = written.into_inner().unwrap_or_else(PoisonError::into_inner);
    let text = fs::read_to_string(&lines).map_err(|error| error.to_string())?;
    let latency_ms = |line: &str| {
        let (time, rest) = line.split_once(' ')?;
        let (secs, nanos) = time.split_once('.')?;
        let received = secs.parse::<i64>().ok()? * 1_000_000_000 + nanos.parse::<i64>().ok()?;
        let (topic, payload) = rest.split_once(' ')?;
        let index: usize = topic.rsplit_once("T-")?.1.parse().ok()?;
        let number: usize = payload.split_once("\"v\":")?.1.split_once(',')?.0.parse().ok()?;
        let written = sent_at.get(number * SIGNALS + index)?.load(Ordering::Acquire);
        Some((received - written) as f64 * 1e-6)
    };
    Ok(Latencies::new(text.lines().filter_map(latency_ms).collect(), count))
}
