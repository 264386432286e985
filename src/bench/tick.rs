//! Duration of a core tick at 1,000 and at 10,000 signals: commit what 50 ms brought, evaluate, advance, take a snapshot.

use super::figures::{median, quantile, thousands, verdict};
use super::synthetic;
use std::sync::Arc;
use std::time::{Duration, Instant};
use twin_model::{Batch, Clock, LaneId, ManualClock, Origin, Quality, Sample, SignalKey, SourceEvent, TwinTime};
use twin_runtime::{Snapshot, Twin};

const FEW: usize = 1_000;
const MANY: usize = 10_000;
/// Ticks per second of the core.
const TICKS_PER_SEC: usize = 20;
/// Ticks run before any is measured, so that every signal has a value.
const WARM_UP: usize = 3 * TICKS_PER_SEC;
const PAIRS: usize = 4;
/// 2026-01-31T08:00:00Z.
const START: TwinTime = TwinTime(1_769_846_400_000_000_000);

/// Runs the measurement in about `seconds`.
pub fn run(seconds: f64) -> Result<(), String> {
    let span = Duration::from_secs_f64(seconds / (2 * PAIRS) as f64);
    println!("every signal once a second, {TICKS_PER_SEC} ticks a second; in turn:");
    println!("  pair   1,000: median, p95, longest ms      10,000: median, p95, longest ms      ratio of medians");
    let mut ratios = Vec::new();
    let mut plain = Vec::new();
    for pair in 1..=PAIRS {
        let few = ticks(FEW, span)?;
        let many = ticks(MANY, span)?;
        let ratio = many.median_ms / few.median_ms;
        println!("  {pair:<6} {}   {}   {ratio:>10.2}", few.text(), many.text());
        ratios.push(ratio);
        plain.push((few.plain_ms, many.plain_ms));
    }
    let ratio = median(&ratios);
    let linear = MANY as f64 / FEW as f64;
    println!("  median ratio {ratio:.2} for {linear:.0} times the signals (linear: {linear:.0}): {}", verdict(ratio <= linear));
    let few: Vec<f64> = plain.iter().map(|(few, _)| *few).collect();
    let many: Vec<f64> = plain.iter().map(|(_, many)| *many).collect();
    println!(
        "  yardstick, the same samples pushed to one list per signal: {:.4} ms and {:.4} ms, ratio {:.2}",
        median(&few),
        median(&many),
        median(&many) / median(&few)
    );
    Ok(())
}

struct Ticks {
    count: usize,
    median_ms: f64,
    p95_ms: f64,
    longest_ms: f64,
    plain_ms: f64,
}

impl Ticks {
    fn text(&self) -> String {
        format!("{:>8.3} {:>8.3} {:>8.2} ({:>6} ticks)", self.median_ms, self.p95_ms, self.longest_ms, thousands(self.count as f64))
    }
}

fn ticks(signals: usize, span: Duration) -> Result<Ticks, String> {
    let plant = synthetic::plant(signals)?;
    let clock = Arc::new(ManualClock::new(START));
    let mut twin = Twin::new(plant, Arc::clone(&clock) as Arc<dyn Clock>);
    let mut lists: Vec<Vec<(TwinTime, f64)>> = vec![Vec::new(); signals];
    let (mut core_ms, mut plain_ms) = (Vec::new(), Vec::new());
    // A view holds the snapshot before the newest one.
    let mut held: Option<Snapshot> = None;
    let mut started = Instant::now();
    let mut number = 0;
    while number < WARM_UP + TICKS_PER_SEC || started.elapsed() < span {
        if number == WARM_UP {
            started = Instant::now();
        }
        let batch = batch(signals, number);
        let now = START.plus_secs((number + 1) as f64 / TICKS_PER_SEC as f64);
        clock.set(now);
        let begun = Instant::now();
        for sample in &batch.samples {
            if let (Some(list), Some(value)) = (lists.get_mut(sample.signal.index()), sample.value) {
                list.push((sample.source_time, value));
            }
        }
        let pushed = Instant::now();
        if twin.apply_source_event(LaneId::LIVE, SourceEvent::Batch(batch))
            && let Some(lane) = twin.lane_mut(LaneId::LIVE)
        {
            lane.advance_shadow(usize::MAX);
        }
        twin.advance(1.0 / TICKS_PER_SEC as f64);
        let snapshot = twin.snapshot(number as u64, 0.0);
        drop(held.replace(snapshot));
        if number >= WARM_UP {
            plain_ms.push((pushed - begun).as_secs_f64() * 1e3);
            core_ms.push(pushed.elapsed().as_secs_f64() * 1e3);
        }
        number += 1;
    }
    let plain_ms = median(&plain_ms);
    core_ms.sort_unstable_by(f64::total_cmp);
    let at = |share| quantile(&core_ms, share);
    Ok(Ticks { count: core_ms.len(), median_ms: at(0.5), p95_ms: at(0.95), longest_ms: at(1.0), plain_ms })
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
