//! Oracles 7, 8 and 11: the stories unfold as their tables say, and go when they are cleared.

use super::Oracle;
use super::story_runs::{Recorded, nominal};
use twin_demo::{Demo, DemoOptions};

/// Part of the span, or of the change since the first row, a value may be off.
const OF_SPAN: f64 = 0.05;
const OF_CHANGE: f64 = 0.10;
/// Neighbours closer than this may come in either order, minutes.
const TOO_CLOSE_MIN: f64 = 0.5;

/// A table of the specification: values by minute, consequences, alarms in their order.
struct Table {
    story: &'static str,
    variant: Option<(&'static str, &'static str)>,
    severity: f64,
    onset_min: f64,
    minutes: f64,
    tags: &'static [&'static str],
    rows: &'static [(f64, &'static [f64])],
    consequences: &'static [(&'static str, f64)],
    alarms: &'static [(&'static str, f64)],
}

const NONE: f64 = f64::NAN;

const BEARING_WEAR: Table = Table {
    story: "bearing-wear",
    variant: None,
    severity: 0.5,
    onset_min: 0.0,
    minutes: 375.0,
    tags: &["VT-113A", "VT-111A", "VT-112A", "TT-111A", "II-101A"],
    rows: &[
        (0.5, &[0.60, 1.92, 1.60, 57.9, 20.5]),
        (60.0, &[0.92, 1.96, 1.62, 58.2, 20.5]),
        (120.0, &[1.43, 2.04, 1.65, 58.5, 20.5]),
        (180.0, &[2.23, 2.29, 1.73, 59.4, 20.6]),
        (240.0, &[3.51, 2.94, 1.94, 62.3, 20.6]),
        (300.0, &[5.51, 4.73, 2.54, 71.7, 20.8]),
        (320.0, &[6.41, 5.84, 2.91, 78.2, 20.9]),
        (335.0, &[7.18, 6.95, 3.28, 84.9, 21.0]),
        // The row of minute 350, one before the trip: half a minute on each side is averaged.
        (349.0, &[8.1, 8.4, 3.8, 93.0, 21.1]),
    ],
    consequences: &[("P-101A tripped", 351.0), ("P-101B started", 351.0)],
    alarms: &[("VAH-111A", 309.0), ("XA-101A", 351.0)],
};

const STRAINER_FOULING: Table = Table {
    story: "strainer-fouling",
    variant: None,
    severity: 0.5,
    onset_min: 0.0,
    minutes: 45.0,
    tags: &["PDT-105A", "PT-106A", "NPSH", "VT-113A", "VT-111A", "SI-101A", "II-101A", "PT-101", "FT-101", "FIC-101.OP"],
    rows: &[
        (0.5, &[30.0, 0.22, 3.8, 0.60, 1.9, 2720.0, 20.5, 2.80, 90.0, 78.0]),
        (20.0, &[115.0, 0.13, 2.9, 0.61, 1.9, 2761.0, 20.8, 2.80, 90.0, 78.0]),
        (29.0, &[212.0, 0.04, 1.8, 1.5, 2.6, 2801.0, 21.2, 2.80, 90.0, 78.0]),
        (32.0, &[260.0, -0.01, 1.3, 2.5, 3.3, 2822.0, 21.3, 2.80, 90.0, 79.0]),
        (34.0, &[296.0, -0.04, 0.9, 3.4, 4.0, 2836.0, 21.4, 2.80, 90.0, 79.0]),
        (36.0, &[337.0, -0.09, 0.5, 4.4, 4.7, 2845.0, 21.4, 2.77, 90.0, 79.0]),
        (38.0, &[386.0, -0.13, -0.1, 5.9, 5.8, 2868.0, 21.3, 2.67, 90.0, 80.0]),
        (40.0, &[430.0, -0.18, -0.5, 7.2, 6.8, 2880.0, 20.5, 2.36, 89.0, 85.0]),
    ],
    consequences: &[("NPSH margin of P-101A below zero", 37.0), ("P-101B started", 40.5)],
    alarms: &[("PDAH-105A", 28.8), ("PAL-106A", 31.9), ("NAL-101A", 34.1), ("VAH-111A", 37.6), ("PAL-101", 40.4)],
};

const LEVEL_LIES: Table = Table {
    story: "level-lies",
    variant: None,
    severity: 0.5,
    onset_min: 1.0,
    minutes: 30.0,
    tags: &["LT-101", "LEVEL", "LIC-101.OP", "FT-102", "FT-101", "PIC-103.OP", "PT-103", "PT-109"],
    rows: &[
        (0.5, &[50.0, 50.0, 73.0, 90.0, 90.0, 49.0, 0.50, 0.87]),
        (4.0, &[47.5, 50.9, 68.0, 78.0, 90.0, 57.0, 0.52, 0.89]),
        (6.0, &[45.8, 52.6, 64.0, 69.0, 90.0, 72.0, 0.54, 0.92]),
        (8.0, &[44.1, 55.3, 59.0, 59.0, 90.0, 82.0, 0.52, 0.91]),
        (10.0, &[42.5, 59.0, 54.0, 50.0, 90.0, 83.0, 0.50, 0.91]),
        (14.0, &[39.4, 69.3, 43.0, 34.0, 90.0, 87.0, 0.51, 0.93]),
        (18.0, &[36.6, 83.8, 31.0, 21.0, 91.0, 90.0, 0.50, 0.96]),
        (19.2, &[35.8, 90.0, 27.0, 18.0, 91.0, 90.0, 0.50, 0.97]),
        (28.0, &[30.2, NONE, 0.0, 0.0, 15.0, 100.0, 2.3, 2.8]),
    ],
    consequences: &[
        ("V-101 at 90 %", 19.2),
        ("V-101 full", 21.4),
        ("liquid in the vent pot", 22.7),
        ("carry-over from the vent stack", 27.5),
    ],
    alarms: &[("LDA-101", 7.3), ("LAH-104", 22.7), ("LAL-101", 28.3)],
};

const LEVEL_LIES_MILD: Table =
    Table { severity: 0.0, rows: &[], consequences: &[("V-101 full", 27.0)], alarms: &[("UA-101", 10.3)], ..LEVEL_LIES };

const LEVEL_LIES_SEVERE: Table =
    Table { severity: 1.0, minutes: 25.0, rows: &[], consequences: &[("V-101 full", 17.5)], alarms: &[("UA-101", 5.2)], ..LEVEL_LIES };

const LEVEL_LIES_HEALTHY: Table = Table {
    variant: Some(("lshh", "healthy")),
    minutes: 40.0,
    rows: &[],
    consequences: &[("unit trip", 19.2)],
    alarms: &[("LAHH-101", 19.2)],
    ..LEVEL_LIES
};

impl Table {
    fn options(&self) -> DemoOptions {
        let mut options = DemoOptions { severity: self.severity, onset_min: self.onset_min, ..nominal(self.story) };
        options.set.extend(self.variant.map(|(name, value)| (name.to_owned(), value.to_owned())));
        options
    }

    fn compare(&self, oracle: &mut Oracle) -> Result<Recorded, String> {
        let mut run = Recorded::of(self.options(), self.minutes)?;
        let first = self.rows.first().map_or(&[][..], |(_, values)| values);
        for (minute, values) in self.rows {
            for ((tag, expected), first) in self.tags.iter().zip(*values).zip(first) {
                if expected.is_nan() {
                    continue;
                }
                let allowed = (OF_SPAN * run.span(tag)).max(OF_CHANGE * (expected - first).abs());
                let found = run.around(tag, *minute);
                oracle.within(&format!("{tag} at {minute} min"), found, *expected, allowed);
            }
        }
        for (what, minute) in self.consequences {
            let found = run.run().demo.truth_log().consequence_min(what);
            oracle.minutes(what, found, *minute);
        }
        self.compare_alarms(oracle, &run);
        Ok(run)
    }

    fn compare_alarms(&self, oracle: &mut Oracle, run: &Recorded) {
        let raised = run.raised();
        let first = |tag: &str| raised.iter().find(|raised| raised.tag == tag).map(|raised| raised.minute);
        for (tag, minute) in self.alarms {
            oracle.minutes(tag, first(tag), *minute);
        }
        for pair in self.alarms.windows(2) {
            if let [(one, at_one), (two, at_two)] = pair
                && at_two - at_one > TOO_CLOSE_MIN
            {
                let is_so = first(one).zip(first(two)).is_some_and(|(one, two)| one < two);
                oracle.holds(&format!("{one} comes before {two}"), is_so);
            }
        }
        let shown: Vec<String> = raised.iter().filter(|r| r.annunciated).map(|r| format!("{} {:.1}", r.tag, r.minute)).collect();
        let hidden = raised.len() - shown.len();
        let severity = self.severity;
        oracle.note(format!("annunciated at severity {severity}, tag and minute: {} ({hidden} more journaled)", shown.join(" · ")));
    }
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
            table.compare(&mut oracle)?;
        }
        oracles.push(oracle);
    }
    oracles.push(healthy_switch()?);
    Ok(oracles)
}

/// Oracle 8: what the switch decides, and that nobody can read the fault from a wire.
fn healthy_switch() -> Result<Oracle, String> {
    let mut oracle = Oracle::new("8  level-lies with a healthy and a failed switch");
    let mut run = LEVEL_LIES_HEALTHY.compare(&mut oracle)?;
    let truth = run.run().demo.truth();
    oracle.within("healthy: liquid in the vent pot, m³", truth.vent_pot_m3, 0.0, 1e-9);
    oracle.within("healthy: carried over, m³", truth.carry_over_m3, 0.0, 1e-9);
    oracle.holds("healthy: the unit trips on I-102 alone", truth.trips == ["I-102"]);
    let failed = Recorded::of(LEVEL_LIES.options(), 30.0)?.run().demo.truth().clone();
    oracle.holds(&format!("failed: liquid is spilled ({:.2} m³ carried over)", failed.carry_over_m3), failed.carry_over_m3 > 0.0);
    oracle.holds("failed: no trip", failed.trips.is_empty());

    let mut plants = [LEVEL_LIES_HEALTHY, LEVEL_LIES].map(|table| Demo::new(table.options()));
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
    let cases = [
        (BEARING_WEAR, 300.0),
        (BEARING_WEAR, 360.0),
        (STRAINER_FOULING, 36.0),
        (STRAINER_FOULING, 44.0),
        (LEVEL_LIES, 10.0),
        (LEVEL_LIES, 30.0),
    ];
    for (table, minute) in cases {
        let mut demo = Demo::new(table.options()).map_err(|error| error.to_string())?;
        let spans = twin_demo::signals::SIGNALS;
        let tags = ["LT-101", "TT-101", "PT-101", "PT-302", "PT-103", "FT-101", "FT-102", "ZT-111", "ZT-112", "ZT-114"];
        let read = |demo: &Demo, tag: &str| demo.plant().value(tag).unwrap_or(f64::NAN);
        let healthy = tags.map(|tag| read(&demo, tag));
        let touched: Vec<(&str, Option<f64>)> =
            ["p101a.bearing_wear", "str101a.clogged_fraction", "lshh101.failed"].map(|name| (name, demo.plant().parameter(name))).into();
        let mut out = Vec::new();
        let mut is_cleared = false;
        while demo.elapsed_secs() < (minute + 120.0) * 60.0 {
            if !is_cleared && demo.elapsed_secs() >= minute * 60.0 {
                demo.clear();
                is_cleared = true;
            }
            demo.step(&mut out);
            out.clear();
        }
        let name = |what: &str| format!("{} cleared at {minute} min: {what}", table.story);
        for (tag, healthy) in tags.iter().zip(healthy) {
            let span = spans.iter().find(|signal| signal.tag == *tag).map_or(f64::NAN, |signal| signal.range.1 - signal.range.0);
            let share = if tag.starts_with("FT-") || tag.starts_with("ZT-") { 0.15 } else { 0.02 };
            oracle.within(&name(tag), read(&demo, tag), healthy, share * span);
        }
        oracle.within(&name("unit state (2 = RUN)"), read(&demo, "XS-100"), 2.0, 0.1);
        oracle.holds(&name("no trip is latched"), demo.truth().trips.is_empty());
        let is_healthy = touched.iter().all(|(parameter, before)| demo.plant().parameter(parameter) == *before);
        oracle.holds(&name("the parameters are healthy again"), is_healthy);
    }
    Ok(oracle)
}
