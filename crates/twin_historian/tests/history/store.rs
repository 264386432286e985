//! What the store promises: every instant, as of any commit, is answered as if all samples lay in one sorted list.

use proptest::prelude::*;
use twin_historian::{Appended, Store};
use twin_model::{Origin, Quality, Sample, SignalKey, TwinTime};

const SIGNAL: SignalKey = SignalKey(0);

fn sample(time: i64, value: f64) -> Sample {
    Sample {
        signal: SIGNAL,
        value: Some(value),
        quality: Quality::GOOD,
        source_time: TwinTime(time),
        receive_time: TwinTime(time + 1),
        origin: Origin::Live,
    }
}

fn store_of(samples: &[(i64, i32)]) -> Store {
    let mut store = Store::new(1, usize::MAX);
    for (time, value) in samples {
        store.begin_commit();
        store.append(&sample(*time, f64::from(*value)));
    }
    store
}

proptest! {
    #[test]
    fn latest_at_equals_the_last_of_a_sorted_list_as_of_any_commit(
        samples in prop::collection::vec((0_i64..3000, 0_i32..4), 1..2000),
        time in -10_i64..3010,
        share in 0.0_f64..1.0,
    ) {
        let store = store_of(&samples);
        let sequence = (samples.len() as f64 * share) as u64;
        // The same sample twice counts once: the first keeps its commit.
        let mut seen = std::collections::BTreeSet::new();
        let expected = samples
            .iter()
            .enumerate()
            .filter(|(_, s)| seen.insert(**s))
            .map(|(i, (t, v))| (*t, i as u64 + 1, *v))
            .filter(|(t, s, _)| *t <= time && *s <= sequence)
            .max();
        let found = store.latest_at(SIGNAL, TwinTime(time), sequence).map(|s| {
            (s.sample.source_time.0, s.sequence, s.sample.value.unwrap() as i32)
        });
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn an_envelope_keeps_the_least_and_greatest_value(
        samples in prop::collection::vec((0_i64..5000, -1000_i32..1000), 1..3000),
        start in 0_i64..2500,
        buckets in 1_usize..50,
    ) {
        let store = store_of(&samples);
        let end = start + 2500;
        let inside: Vec<f64> = samples.iter().filter(|(t, _)| *t >= start && *t <= end).map(|(_, v)| f64::from(*v)).collect();
        let envelope = store.column(SIGNAL).unwrap().envelope(TwinTime(start), TwinTime(end), buckets);
        prop_assert!(envelope.len() <= buckets);
        let min = envelope.iter().map(|b| b.min).fold(f64::INFINITY, f64::min);
        let max = envelope.iter().map(|b| b.max).fold(f64::NEG_INFINITY, f64::max);
        prop_assert_eq!(min, inside.iter().copied().fold(f64::INFINITY, f64::min));
        prop_assert_eq!(max, inside.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    }
}

#[test]
fn the_same_sample_twice_counts_once_and_a_second_value_wins() {
    let mut store = Store::new(1, usize::MAX);
    store.begin_commit();
    assert_eq!(store.append(&sample(5, 1.0)), Appended::Stored);
    assert_eq!(store.append(&sample(5, 1.0)), Appended::Duplicate);
    store.begin_commit();
    assert_eq!(store.append(&sample(5, 2.0)), Appended::Stored);
    let now = store.latest_at(SIGNAL, TwinTime(5), u64::MAX).unwrap();
    let before = store.latest_at(SIGNAL, TwinTime(5), 1).unwrap();
    assert_eq!((now.sample.value, before.sample.value), (Some(2.0), Some(1.0)));
    assert_eq!(store.stats().duplicates, 1);
}

#[test]
fn memory_stays_within_the_budget_and_the_newest_samples_stay() {
    let budget = 1 << 20;
    let mut store = Store::new(1, budget);
    store.begin_commit();
    for time in 0..500_000 {
        store.append(&sample(time, time as f64));
    }
    let column = store.column(SIGNAL).unwrap();
    assert!(column.bytes() <= budget + budget / 10, "{} bytes", column.bytes());
    assert_eq!(column.latest_at(TwinTime(600_000), u64::MAX).unwrap().sample.value, Some(499_999.0));
    assert!(store.stats().dropped_chunks > 0);
}

#[test]
fn a_copy_keeps_what_it_saw_when_a_late_sample_arrives() {
    let mut store = store_of(&(0..2000).map(|t| (t * 10, 1)).collect::<Vec<_>>());
    let seen = store.column(SIGNAL).unwrap().clone();
    store.begin_commit();
    store.append(&sample(55, 7.0));
    assert_eq!(seen.latest_at(TwinTime(56), u64::MAX).unwrap().sample.value, Some(1.0));
    assert_eq!(store.latest_at(SIGNAL, TwinTime(56), u64::MAX).unwrap().sample.value, Some(7.0));
}

#[test]
fn an_envelope_tells_of_doubtful_values_and_of_gaps() {
    let mut store = store_of(&[(0, 1), (10, 2), (20, 3)]);
    store.begin_commit();
    store.append(&Sample { quality: Quality::UNCERTAIN_LAST_USABLE, ..sample(30, 3.0) });
    store.append(&Sample { quality: Quality::BAD_NO_COMMUNICATION, value: None, ..sample(90, 0.0) });
    store.append(&sample(100, 5.0));
    let envelope = store.column(SIGNAL).unwrap().envelope(TwinTime(0), TwinTime(100), 10);
    let seen: Vec<(bool, Option<i64>, bool)> = envelope.iter().map(|b| (b.is_doubtful, b.gap.map(|t| t.0), b.min <= b.max)).collect();
    assert_eq!(seen, [(false, None, true), (false, None, true), (false, None, true), (true, None, true), (true, Some(90), true)]);
}
