//! Duration of a core tick at 1,000 and at 10,000 signals: commit what 50 ms brought, evaluate, advance, take a snapshot.

use super::figures::{median, quantile, thousands, verdict};
use super::synthetic;
use std::sync::Arc;
use std::time::Instant;
use twin_model::{Batch, Clock, LaneId, ManualClock, Origin, Quality, Sample, SignalKey, SourceEvent, TwinTime};
use twin_runtime::{Snapshot, Twin};

const FEW: usize = 1_000;
const MANY: usize = 10_000;
/// Ticks per second of the core.
const TICKS_PER_SEC: usize = 20;
/// Ticks run before any is measured, so that every signal has a value.
const WARM_UP: usize = 3 * TICKS_PER_SEC;
/// Ticks measured in one run: the same history in both.
const MEASURED: usize = 15 * TICKS_PER_SEC;
const FEWEST_PAIRS: usize = 5;
/// Written between two ticks where others have used the processor meanwhile, bytes.
const OTHERS_BYTES: usize = 32 << 20;
/// 2026-01-31T08:00:00Z.
const START: TwinTime = TwinTime(1_769_846_400_000_000_000);

/// Runs the measurement in about `seconds`.
pub fn run(seconds: f64) -> Result<(), String> {
    println!("every signal once a second, {TICKS_PER_SEC} ticks a second, one of them with the plant clock");
    compare("ticks 50 ms apart, with the caches used by others meanwhile", true, seconds / 2.0)?;
    compare("ticks back to back, with warm caches", false, seconds / 2.0)
}

fn compare(name: &str, with_others: bool, seconds: f64) -> Result<(), String> {
    println!("\n{name}; means of {} ticks, in turn:", thousands(MEASURED as f64));
    println!("  pair   1,000 signals: tick, with clock, longest ms   10,000: tick, with clock, longest ms   ratio   yardstick");
    let started = Instant::now();
    let (mut ratios, mut plain_ratios) = (Vec::new(), Vec::new());
    while ratios.len() < FEWEST_PAIRS || started.elapsed().as_secs_f64() < seconds {
        let (few, many) = (ticks(FEW, with_others)?, ticks(MANY, with_others)?);
        let (ratio, plain) = (many.mean_ms / few.mean_ms, many.plain_ms / few.plain_ms);
        ratios.push(ratio);
        plain_ratios.push(plain);
        if ratios.len() <= FEWEST_PAIRS {
            println!("  {:<6} {:>45} {:>36} {ratio:>7.2} {plain:>11.2}", ratios.len(), few.text(), many.text());
        }
    }
    let (ratio, plain) = (median(&ratios), median(&plain_ratios));
    let linear = MANY as f64 / FEW as f64;
    println!("  median ratio of {} pairs {ratio:.2} for {linear:.0} times the signals: {}", ratios.len(), verdict(ratio <= linear));
    println!("  yardstick, the same samples pushed to one list per signal: ratio {plain:.2}");
    Ok(())
}

struct Ticks {
    mean_ms: f64,
    with_clock_ms: f64,
    longest_ms: f64,
    plain_ms: f64,
}

impl Ticks {
    fn text(&self) -> String {
        format!("{:.3} {:.3} {:.2}", self.mean_ms, self.with_clock_ms, self.longest_ms)
    }
}

fn ticks(signals: usize, with_others: bool) -> Result<Ticks, String> {
    let plant = synthetic::plant(signals)?;
    let clock = Arc::new(ManualClock::new(START));
    let mut twin = Twin::new(plant, Arc::clone(&clock) as Arc<dyn Clock>);
    let mut lists: Vec<Vec<(TwinTime, f64)>> = vec![Vec::new(); signals];
    let mut others = vec![0_u8; if with_others { OTHERS_BYTES } else { 0 }];
    let (mut core_ms, mut clock_ms, mut plain_ms) = (Vec::new(), Vec::new(), Vec::new());
    // A view holds the snapshot before the newest one.
    let mut held: Option<Snapshot> = None;
    for number in 0..WARM_UP + MEASURED {
        let batch = batch(signals, number);
        let has_clock = batch.tick.is_some();
        clock.set(START.plus_secs((number + 1) as f64 / TICKS_PER_SEC as f64));
        others.fill(number as u8);
        let begun = Instant::now();
        for sample in &batch.samples {
            if let (Some(list), Some(value)) = (lists.get_mut(sample.signal.index()), sample.value) {
                list.push((sample.source_time, value));
            }
        }
        let plain = begun.elapsed();
        others.fill(number as u8);
        let begun = Instant::now();
        if twin.apply_source_event(LaneId::LIVE, SourceEvent::Batch(batch))
            && let Some(lane) = twin.lane_mut(LaneId::LIVE)
        {
            lane.advance_shadow(usize::MAX);
        }
        twin.advance(1.0 / TICKS_PER_SEC as f64);
        let snapshot = twin.snapshot(number as u64, 0.0);
        drop(held.replace(snapshot));
        let tick_ms = begun.elapsed().as_secs_f64() * 1e3;
        if number >= WARM_UP {
            plain_ms.push(plain.as_secs_f64() * 1e3);
            core_ms.push(tick_ms);
            if has_clock {
                clock_ms.push(tick_ms);
            }
        }
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    core_ms.sort_unstable_by(f64::total_cmp);
    Ok(Ticks { mean_ms: mean(&core_ms), with_clock_ms: mean(&clock_ms), longest_ms: quantile(&core_ms, 1.0), plain_ms: mean(&plain_ms) })
}

/// What one tick brings: a twentieth of the signals, and once a second the plant clock.
fn batch(signals: usize, number: usize) -> Batch {
    let time = START.plus_secs(number as f64 / TICKS_PER_SEC as f64);
    let share = (number % TICKS_PER_SEC..signals).step_by(TICKS_PER_SEC);
    let sample = |index: usize| Sample {
        signal: SignalKey(index as u32),
        value: Some(50.0 + ((index * 31 + number * 17) % 1000) as f64 * 0.01),
        quality: Quality::GOOD,
        source_time: time,
        receive_time: time,
        origin: Origin::Live,
    };
    let is_second = (number + 1).is_multiple_of(TICKS_PER_SEC);
    Batch {
        samples: share.map(sample).collect(),
        tick: is_second.then_some(START.plus_secs(((number + 1) / TICKS_PER_SEC) as f64)),
        ack: None,
    }
}
