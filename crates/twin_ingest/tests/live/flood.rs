//! A million broken payloads.

use crate::plant::{START, plant, source};
use twin_ingest::SourceCore;
use twin_model::SourceEvent;

const SEEDS: [(&str, &str); 5] = [
    ("unit100/gw-100/p-101a/TT-111A", r#"{"t":"2026-01-31T08:15:30.250Z","v":57.9,"q":"good","reason":"","u":"°C"}"#),
    ("unit100/gw-100/p-101a/XS-101A", r#"[{"t":1769847330000,"v":"running"},{"t":1769847331000,"v":2}]"#),
    ("vendor/p-101a/scan", r#"{"t":1769847330,"data":{"rms":1.9,"spectrum":[{"peak":3.5}]},"q":192}"#),
    ("unit100/gw-100/status", r#"{"status":"online","speed":1,"t":"2026-01-31T08:15:30Z"}"#),
    ("unit100/gw-100/p-101a/PT-106A", "0.215"),
];
const MUTATIONS: u64 = 1_000_000;

/// PCG's multiplier in a plain congruential generator: the same payloads in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len());
        match dice.below(6) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, dice.below(256) as u8),
            2 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
            3 => bytes.extend_from_within(at..),
            4 => bytes.splice(at..at, *b"1e999").for_each(drop),
            _ => bytes.splice(at..at, *br#"{"v":["#).for_each(drop),
        }
    }
}

/// Runs a test in a process of its own, where nothing else takes memory.
fn alone(name: &str, body: impl FnOnce()) {
    const MARK: &str = "TWIN_INGEST_TEST_ALONE";
    if std::env::var(MARK).is_ok() {
        return body();
    }
    let program = std::env::current_exe().unwrap();
    let output = std::process::Command::new(program).args(["--exact", name]).env(MARK, "1").output().unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}

fn resident_bytes() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[test]
fn a_million_mutated_payloads_stop_nothing_and_lose_no_good_sample() {
    alone("flood::a_million_mutated_payloads_stop_nothing_and_lose_no_good_sample", mutated_payloads);
}

fn mutated_payloads() {
    let plant = plant();
    let mut core = SourceCore::with_given_time(&plant, &source(&plant), START);
    let mut dice = Dice(7);
    let mut good = 0_u64;
    let mut before = 0;
    for number in 0..MUTATIONS {
        let (topic, seed) = SEEDS[dice.below(SEEDS.len())];
        let mut payload = seed.as_bytes().to_vec();
        mutate(&mut payload, &mut dice);
        let mut topic = topic.as_bytes().to_vec();
        if dice.below(8) == 0 {
            mutate(&mut topic, &mut dice);
        }
        let now = START.plus_secs(number as f64 * 5e-5);
        core.on_message(&String::from_utf8_lossy(&topic), &payload, false, now);
        if number % 40 == 0 {
            let right = format!(r#"{{"t":"{now}","v":{number}}}"#);
            core.on_message("unit100/gw-200/ct-201/TT-201", right.as_bytes(), false, now);
        }
        if number % 1_000 == 0 {
            let of_good = plant.signals.find("TT-201").unwrap();
            for event in core.poll(now) {
                match event {
                    SourceEvent::Batch(batch) => {
                        good += batch.samples.iter().filter(|s| s.signal == of_good && s.quality.is_good()).count() as u64;
                        assert!(
                            batch.samples.iter().all(|s| s.value.is_none_or(f64::is_finite) && s.value.is_none() == s.quality.is_bad())
                        );
                    }
                    SourceEvent::Problem { topic, reason, .. } => assert!(topic.len() < 300 && reason.len() < 300),
                    _ => {}
                }
            }
        }
        if number == MUTATIONS / 10 {
            before = resident_bytes();
        }
    }
    good += core
        .poll(START.plus_secs(60.0))
        .iter()
        .map(|e| if let SourceEvent::Batch(b) = e { b.samples.len() as u64 } else { 0 })
        .sum::<u64>()
        .min(1_000);
    assert!(good >= MUTATIONS / 40, "{good}");
    let growth = resident_bytes().saturating_sub(before);
    assert!(growth < 32 << 20, "{growth} bytes more");
}

#[test]
fn a_million_topics_nobody_knows_take_no_memory() {
    alone("flood::a_million_topics_nobody_knows_take_no_memory", unknown_topics);
}

fn unknown_topics() {
    let plant = plant();
    let mut core = SourceCore::with_given_time(&plant, &source(&plant), START);
    let before = resident_bytes();
    let deep = "a/".repeat(30_000);
    for number in 0..MUTATIONS {
        core.on_message(&format!("unit100/gw-{number}/p-{number}/TT"), b"1", false, START);
        if number % 10_000 == 0 {
            core.on_message(&deep, b"1", false, START);
            core.poll(START);
        }
    }
    assert_eq!(core.stats().unknown_topics.load(std::sync::atomic::Ordering::Relaxed), MUTATIONS + MUTATIONS / 10_000);
    let growth = resident_bytes().saturating_sub(before);
    assert!(growth < 16 << 20, "{growth} bytes more");
}
