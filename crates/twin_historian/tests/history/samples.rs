//! Samples as a plant sends them, drawn from a seed.

use std::sync::Arc;
use twin_historian::{Commit, LaneNumber};
use twin_model::{Origin, Quality, Sample, SignalKey, TwinTime};

/// 2026-11-27T08:00:00Z.
pub const START: TwinTime = TwinTime(1_795_766_400_000_000_000);

/// Id and unit of `count` signals.
pub fn names(count: usize) -> Arc<[(String, String)]> {
    (0..count).map(|i| (format!("plant:thing-{i}/value"), "bar".to_owned())).collect()
}

/// A small generator, so that a test is the same every time.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// One commit per second with a sample of every signal: two decimals, now and then bad, late or with an odd value.
pub fn seconds(signals: u32, count: u64, first_sequence: u64, seed: u64) -> Vec<Commit> {
    let mut dice = Dice(seed);
    (0..count)
        .map(|second| {
            let sequence = first_sequence + second;
            let now = START.plus_secs(sequence as f64);
            let samples = (0..signals).map(|signal| draw(&mut dice, SignalKey(signal), now)).collect();
            let mut commit = Commit { lane: LaneNumber(0), sequence, tick: Some(now), samples, records: Vec::new() };
            commit.samples.sort_by_key(|sample| (sample.source_time, sample.signal));
            commit
        })
        .collect()
}

fn draw(dice: &mut Dice, signal: SignalKey, now: TwinTime) -> Sample {
    let jitter = i64::try_from(dice.roll(40)).unwrap() * 1_000_000;
    let value = 10.0 + f64::from(signal.0) + dice.roll(50) as f64 / 100.0;
    let (value, quality) = match dice.roll(200) {
        0 => (None, Quality::BAD_SENSOR_FAILURE),
        1 => (Some(-0.0), Quality::UNCERTAIN_RANGE_EXCEEDED),
        2 => (Some(f64::MIN_POSITIVE / 8.0), Quality(0x4093_0400)),
        _ => (Some(value), Quality::GOOD),
    };
    let late = dice.roll(300) == 0;
    let source_time = TwinTime(now.0 - jitter - if late { 3_600_000_000_000 } else { 0 });
    let receive_time = TwinTime(now.0 + i64::try_from(dice.roll(30)).unwrap() * 1_000_000);
    let origin = if late { Origin::Late } else { Origin::Live };
    Sample { signal, value, quality, source_time, receive_time, origin }
}

/// Signal, value, quality, source time, receive time in ms, origin.
type SampleBits = (u32, Option<u64>, u32, i64, i64, u8);

/// Everything of commits that must survive: bit patterns instead of numbers, receive time in ms.
pub fn bits(commits: &[Commit]) -> Vec<(u64, Option<TwinTime>, Vec<SampleBits>)> {
    let sample =
        |s: &Sample| (s.signal.0, s.value.map(f64::to_bits), s.quality.0, s.source_time.0, s.receive_time.0 / 1_000_000, s.origin as u8);
    commits.iter().map(|c| (c.sequence, c.tick, c.samples.iter().map(sample).collect())).collect()
}
