//! Oracle 6: a normal day raises nothing.

use super::Oracle;
use super::story_runs::{Recorded, mean_of};
use crate::offline::fixed_start;
use std::time::Instant;
use twin_demo::DemoOptions;
use twin_model::alarm::AlarmClass;

const DAY_MIN: f64 = 24.0 * 60.0;
/// Seeds of the days without planned events.
const SEEDS: [u64; 2] = [1, 2];

/// The days: without planned events, and with load changes and a pump change-over.
///
/// # Errors
/// A sentence when a run cannot be set up.
pub fn days() -> Result<Vec<Oracle>, String> {
    let mut oracles = Vec::new();
    for seed in SEEDS {
        oracles.push(quiet_day(seed)?);
    }
    oracles.push(busy_day(1)?);
    Ok(oracles)
}

fn options(seed: u64) -> DemoOptions {
    DemoOptions { seed, start: fixed_start(), ..DemoOptions::default() }
}

fn quiet_day(seed: u64) -> Result<Oracle, String> {
    let mut oracle = Oracle::new(&format!("6  24 h of normal operation, seed {seed}: 0 alarms, 0 alerts, 0 diagnoses"));
    let begun = Instant::now();
    let run = Recorded::of(options(seed), DAY_MIN)?;
    let raised = run.raised();
    for (class, name) in [
        (AlarmClass::Alarm, "alarms"),
        (AlarmClass::Alert, "alerts"),
        (AlarmClass::Event, "events"),
        (AlarmClass::Advisory, "diagnoses (advisories)"),
    ] {
        let of_class: Vec<String> =
            raised.iter().filter(|r| r.class == class && !r.suppressed).map(|r| format!("{} at {:.1} min", r.tag, r.minute)).collect();
        oracle.within(&format!("{name} [{}]", first_few(&of_class)), of_class.len() as f64, 0.0, 0.5);
    }
    let suppressed: Vec<&str> = raised.iter().filter(|r| r.suppressed).map(|r| r.tag.as_str()).collect();
    oracle.note(format!("journaled, suppressed by design: {} [{}]", suppressed.len(), suppressed.join(", ")));
    // The reference run of the specification had its own weather; these ranges are for comparison.
    for (tag, reference) in [
        ("FT-101", "89.6 ± 3.9"),
        ("TT-101", "40.00 ± 0.03"),
        ("LT-101", "50.0 ± 0.2"),
        ("PT-101", "2.800 ± 0.007"),
        ("LT-100", "50.5–59.7"),
        ("ZT-114", "61–75"),
        ("SI-201", "61–81"),
        ("NPSH", "> 3.5"),
    ] {
        let values = run.values(tag, 0.0, DAY_MIN);
        let mean = mean_of(&values);
        let deviation = mean_of(&values.iter().map(|value| (value - mean) * (value - mean)).collect::<Vec<_>>()).sqrt();
        let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)));
        oracle.note(format!("{tag}: {mean:.3} ± {deviation:.3}, {low:.2} to {high:.2} (reference {reference})"));
    }
    oracle.note(format!(
        "a day in {:.1} s: {:.0} times real time",
        begun.elapsed().as_secs_f64(),
        DAY_MIN * 60.0 / begun.elapsed().as_secs_f64()
    ));
    Ok(oracle)
}

fn busy_day(seed: u64) -> Result<Oracle, String> {
    let mut oracle = Oracle::new(&format!("6  24 h with load changes and a pump change-over, seed {seed}: 0 annunciated"));
    let mut options = options(seed);
    options.set.push(("life".to_owned(), "load".to_owned()));
    let mut run = Recorded::begin(options)?;
    run.play_to(6.0 * 60.0);
    run.run().demo.command("unit100/cmd/P-101B", br#"{"id":1,"user":"bench","value":"duty","reason":"weekly change-over"}"#);
    run.play_to(DAY_MIN);
    let raised = run.raised();
    let shown: Vec<String> = raised.iter().filter(|r| r.annunciated).map(|r| format!("{} at {:.1} min", r.tag, r.minute)).collect();
    oracle.within(&format!("annunciated [{}]", first_few(&shown)), shown.len() as f64, 0.0, 0.5);
    let duty = |tag: &str| run.values(tag, DAY_MIN - 5.0, DAY_MIN).last().copied().unwrap_or(f64::NAN);
    oracle.within("P-101B in service at the end (2 = running)", duty("XS-101B"), 2.0, 0.1);
    oracle.within("P-101A stopped at the end (0 = stopped)", duty("XS-101A"), 0.0, 0.1);
    oracle.note(format!("journaled only: {}", raised.len() - shown.len()));
    Ok(oracle)
}

fn first_few(names: &[String]) -> String {
    const SHOWN: usize = 6;
    let mut text = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(", …");
    }
    text
}
