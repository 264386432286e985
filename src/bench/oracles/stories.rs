//! Oracles 7, 8 and 11: the stories unfold as their tables say, and go when they are cleared.

use super::Oracle;
use super::story_runs::{Recorded, with_fixed_start};
use twin_demo::Demo;
use twin_demo::clearing::{CLEARINGS, Clearing};
use twin_demo::story_table::{
    BEARING_WEAR, LEVEL_LIES, LEVEL_LIES_HEALTHY, LEVEL_LIES_MILD, LEVEL_LIES_SEVERE, STRAINER_FOULING, StoryTable,
};

fn compare(table: &StoryTable, oracle: &mut Oracle) -> Result<Recorded, String> {
    let mut run = Recorded::of(with_fixed_start(table.options()), table.minutes)?;
    for expected in table.expected() {
        let found = run.around(expected.tag, expected.minute);
        oracle.within(&format!("{} at {} min", expected.tag, expected.minute), found, expected.value, expected.allowed);
    }
    for event in table.consequences {
        let found = run.run().demo.truth_log().consequence_min(event.what);
        oracle.minutes(event.what, found, event.minute);
    }
    compare_alarms(table, oracle, &run);
    Ok(run)
}

fn compare_alarms(table: &StoryTable, oracle: &mut Oracle, run: &Recorded) {
    let raised = run.raised();
    let first = |tag: &str| raised.iter().find(|raised| raised.tag == tag).map(|raised| raised.minute);
    for event in table.alarms {
        oracle.minutes(event.what, first(event.what), event.minute);
    }
    for (one, two) in table.alarm_order() {
        let is_so = first(one).zip(first(two)).is_some_and(|(one, two)| one < two);
        oracle.holds(&format!("{one} comes before {two}"), is_so);
    }
    let shown: Vec<String> = raised.iter().filter(|r| r.annunciated).map(|r| format!("{} {:.1}", r.tag, r.minute)).collect();
    let hidden = raised.len() - shown.len();
    let severity = table.severity;
    oracle.note(format!("annunciated at severity {severity}, tag and minute: {} ({hidden} more journaled)", shown.join(" · ")));
}

/// Oracles 7 and 8.
///
/// # Errors
/// A sentence when a run cannot be set up.
pub fn all() -> Result<Vec<Oracle>, String> {
    let mut oracles = Vec::new();
    for (title, tables) in [
        ("7  bearing-wear, through decoder and core", &[BEARING_WEAR][..]),
        ("7  strainer-fouling, through decoder and core", &[STRAINER_FOULING]),
        ("7  level-lies, severities 0.5, 0 and 1, through decoder and core", &[LEVEL_LIES, LEVEL_LIES_MILD, LEVEL_LIES_SEVERE]),
    ] {
        let mut oracle = Oracle::new(title);
        for table in tables {
            compare(table, &mut oracle)?;
        }
        oracles.push(oracle);
    }
    oracles.push(healthy_switch()?);
    Ok(oracles)
}

/// Oracle 8: what the switch decides, and that nobody can read the fault from a wire.
fn healthy_switch() -> Result<Oracle, String> {
    let mut oracle = Oracle::new("8  level-lies with a healthy and a failed switch");
    let mut run = compare(&LEVEL_LIES_HEALTHY, &mut oracle)?;
    let truth = run.run().demo.truth();
    // A closed valve of the plant file leaks a little through its seat: a millilitre is no spill.
    oracle.within("healthy: liquid in the vent pot, m³", truth.vent_pot_m3, 0.0, 1e-3);
    oracle.within("healthy: carried over, m³", truth.carry_over_m3, 0.0, 1e-9);
    oracle.holds("healthy: the unit trips on I-102 alone", truth.trips == ["I-102"]);
    let failed = Recorded::of(with_fixed_start(LEVEL_LIES.options()), LEVEL_LIES.minutes)?.run().demo.truth().clone();
    oracle.holds(&format!("failed: liquid is spilled ({:.2} m³ carried over)", failed.carry_over_m3), failed.carry_over_m3 > 0.0);
    oracle.holds("failed: no trip", failed.trips.is_empty());

    let mut plants = [LEVEL_LIES_HEALTHY, LEVEL_LIES].map(|table| Demo::new(with_fixed_start(table.options())));
    let [Ok(healthy), Ok(failed)] = &mut plants else { return Err("the story cannot be told".to_owned()) };
    let (mut one, mut other) = (Vec::new(), Vec::new());
    let mut parted_min = None;
    while parted_min.is_none() && healthy.elapsed_secs() < 1800.0 {
        one.clear();
        other.clear();
        healthy.step(&mut one);
        failed.step(&mut other);
        parted_min = (one != other).then(|| healthy.elapsed_secs() / 60.0);
    }
    oracle.minutes("published data are the same bits until the switch acts", parted_min, 19.2);
    Ok(oracle)
}

/// Oracle 11: two hours after clearing, before and after the consequences of each story.
///
/// # Errors
/// A sentence when a run cannot be set up.
pub fn cleared() -> Result<Oracle, String> {
    let mut oracle =
        Oracle::new("11 two hours after clearing: back at IC-5 (± 2 % of span; flows and valves ± 15 %, which work off what piled up)");
    for clearing in CLEARINGS {
        let Clearing { story, minute, .. } = clearing;
        let name = |what: &str| format!("{story} cleared at {minute} min: {what}");
        let cleared = clearing.play().map_err(|error| error.to_string())?;
        for seen in cleared.readings {
            oracle.within(&name(seen.tag), seen.found, seen.healthy, seen.allowed);
        }
        oracle.within(&name("unit state (2 = RUN)"), cleared.unit_state, 2.0, 0.1);
        oracle.holds(&name("no trip is latched"), cleared.trips.is_empty());
        oracle.holds(&name("the parameters are healthy again"), cleared.changed.is_empty());
    }
    Ok(oracle)
}
