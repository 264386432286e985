//! Memory of the core after an hour's worth of samples, committed as fast as it goes.

use super::figures::thousands;
use super::{machine, synthetic};
use std::sync::Arc;
use std::time::Instant;
use twin_model::{Batch, Clock, LaneId, ManualClock, Origin, Quality, Sample, SignalKey, SourceEvent, TwinTime};
use twin_runtime::Twin;

const SIGNALS: usize = 2_000;
const SAMPLES_PER_SEC: usize = 10_000;
const HOUR_SECS: usize = 3_600;
/// How often a line is printed, plant seconds.
const PRINT_EVERY_SECS: usize = 600;
/// Batches the source makes of one second.
const BATCHES_PER_SEC: usize = 20;
/// 2026-01-31T08:00:00Z.
const START: TwinTime = TwinTime(1_769_846_400_000_000_000);
const MIB: f64 = (1 << 20) as f64;

/// Runs the measurement.
pub fn run() -> Result<(), String> {
    let plant = synthetic::plant(SIGNALS)?;
    let clock = Arc::new(ManualClock::new(START));
    let mut twin = Twin::new(plant, Arc::clone(&clock) as Arc<dyn Clock>);
    let before = machine::resident_bytes();
    println!(
        "{} signals, {} samples/s, values with noise and two decimals, one hour:",
        thousands(SIGNALS as f64),
        thousands(SAMPLES_PER_SEC as f64)
    );
    println!("  minute   samples       committed/s   history MiB   held from minute   growth of process MiB");
    let started = Instant::now();
    let mut noise = Noise(1);
    for second in 0..HOUR_SECS {
        for part in 0..BATCHES_PER_SEC {
            let batch = batch(second, part, &mut noise);
            clock.set(batch.tick.unwrap_or(START.plus_secs(second as f64)));
            twin.apply_source_event(LaneId::LIVE, SourceEvent::Batch(batch));
        }
        twin.advance(1.0);
        if (second + 1).is_multiple_of(PRINT_EVERY_SECS) {
            line(&twin, second + 1, started, before);
        }
    }
    let samples = SAMPLES_PER_SEC * HOUR_SECS;
    let plain = samples * size_of::<Sample>();
    println!("  yardstick, the same samples as they are in memory: {:.0} MiB ({} bytes each)", plain as f64 / MIB, size_of::<Sample>());
    if let Some(lane) = twin.lane(LaneId::LIVE) {
        let stats = lane.store().stats();
        let held: usize =
            (0..SIGNALS).filter_map(|index| lane.store().column(SignalKey(index as u32))).map(twin_historian::Column::len).sum();
        println!(
            "  held {} of {} samples in {:.0} MiB: {:.2} bytes each; chunks dropped for the budget {}",
            thousands(held as f64),
            thousands(samples as f64),
            stats.bytes as f64 / MIB,
            stats.bytes as f64 / held.max(1) as f64,
            stats.dropped_chunks
        );
    }
    Ok(())
}

fn line(twin: &Twin, second: usize, started: Instant, before: Option<u64>) {
    let Some(lane) = twin.lane(LaneId::LIVE) else { return };
    let samples = lane.stats.committed;
    let columns = (0..SIGNALS).filter_map(|index| lane.store().column(SignalKey(index as u32))?.extent());
    let from = columns.map(|(first, _)| first).min().map_or(0.0, |first| first.secs_since(START) / 60.0);
    let growth = machine::resident_bytes().zip(before).map(|(now, before)| (now.saturating_sub(before)) as f64 / MIB);
    println!(
        "  {:<8} {:>12} {:>13} {:>13.0} {from:>18.1} {:>23}",
        second / 60,
        thousands(samples as f64),
        thousands(samples as f64 / started.elapsed().as_secs_f64()),
        lane.stats.bytes as f64 / MIB,
        growth.map_or_else(|| "not told here".to_owned(), |mib| format!("{mib:.0}"))
    );
}

/// One twentieth of a second: each signal five times a second, in turn.
fn batch(second: usize, part: usize, noise: &mut Noise) -> Batch {
    let count = SAMPLES_PER_SEC / BATCHES_PER_SEC;
    let first = (second * BATCHES_PER_SEC + part) * count;
    let sample = |number: usize| {
        let time = START.plus_secs(number as f64 / SAMPLES_PER_SEC as f64);
        // Gateways publish whole milliseconds.
        let time = TwinTime(time.0 / 1_000_000 * 1_000_000);
        Sample {
            signal: SignalKey((number % SIGNALS) as u32),
            value: Some((50.0 + noise.next()) * 100.0).map(|value| value.round() / 100.0),
            quality: Quality::GOOD,
            source_time: time,
            receive_time: time.plus_secs(0.003),
            origin: Origin::Live,
        }
    };
    let tick = (part + 1 == BATCHES_PER_SEC).then(|| START.plus_secs((second + 1) as f64));
    Batch { samples: (first..first + count).map(sample).collect(), tick, ack: None }
}

/// Small numbers around zero, the same in every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        // Multiplier of Knuth's 64-bit congruential generator.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / f64::from(1_u32 << 24) - 0.5
    }
}
