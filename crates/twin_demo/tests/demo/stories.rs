use std::collections::BTreeMap;

use serde_json::Value;
use twin_demo::clearing::CLEARINGS;
use twin_demo::story_table::{
    BEARING_WEAR, HALF_WINDOW_MIN, LEVEL_LIES, LEVEL_LIES_HEALTHY, STRAINER_FOULING, StoryTable, UNPUBLISHED, allowed_min, nominal, span,
};
use twin_demo::{Demo, DemoOptions};

/// What a run published, by tag: minute and value; and the true values nobody publishes.
struct Trace {
    values: BTreeMap<String, Vec<(f64, f64)>>,
    demo: Demo,
}

impl Trace {
    fn of(table: &StoryTable) -> Self {
        let mut demo = Demo::new(table.options()).unwrap();
        let mut values: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
        let mut out = Vec::new();
        while demo.elapsed_secs() < table.minutes * 60.0 {
            demo.step(&mut out);
            let minute = demo.elapsed_secs() / 60.0;
            for publication in out.drain(..) {
                let tag = publication.topic.rsplit('/').next().unwrap();
                if table.tags.contains(&tag) {
                    let payload: Value = serde_json::from_slice(&publication.payload).unwrap();
                    values.entry(tag.into()).or_default().push((minute, payload["v"].as_f64().unwrap()));
                }
            }
            for column in UNPUBLISHED {
                values.entry(column.name.into()).or_default().push((minute, (column.read)(demo.truth())));
            }
        }
        Self { values, demo }
    }

    /// Mean over the minute around `minute`.
    fn around(&self, tag: &str, minute: f64) -> f64 {
        let is_around = |at: f64| (at - minute).abs() <= HALF_WINDOW_MIN;
        let inside: Vec<f64> = self.values[tag].iter().filter(|(at, _)| is_around(*at)).map(|(_, value)| *value).collect();
        assert!(!inside.is_empty(), "{tag} has no value at minute {minute}");
        inside.iter().sum::<f64>() / inside.len() as f64
    }
}

/// Plays a story and holds it against its table. Prints the worst deviation.
fn unfolds_as(table: &StoryTable) -> Trace {
    let story = table.story;
    let mut trace = Trace::of(table);
    let mut worst = (0.0, String::new());
    let mut wrong = Vec::new();
    for expected in table.expected() {
        let found = trace.around(expected.tag, expected.minute);
        let off = (found - expected.value).abs();
        let text = format!("{} at {} min: {found:.3} instead of {}", expected.tag, expected.minute, expected.value);
        if off / span(expected.tag) > worst.0 {
            worst = (off / span(expected.tag), text.clone());
        }
        if off.is_nan() || off > expected.allowed {
            wrong.push(text);
        }
    }
    if !table.rows.is_empty() {
        println!("{story}: worst value off by {:.1} % of span ({})", 100.0 * worst.0, worst.1);
    }
    assert!(wrong.is_empty(), "{story}: {wrong:#?}");
    for event in table.consequences {
        let found = trace.demo.truth_log().consequence_min(event.what);
        println!("{story}: {} at {found:.1?} min, expected {}", event.what, event.minute);
        let found = found.unwrap_or(f64::INFINITY);
        assert!((found - event.minute).abs() <= allowed_min(event.minute), "{story}: {} at {found} min", event.what);
    }
    trace
}

#[test]
fn bearing_wear_unfolds_as_specified() {
    unfolds_as(&BEARING_WEAR);
}

#[test]
fn strainer_fouling_unfolds_as_specified() {
    unfolds_as(&STRAINER_FOULING);
}

#[test]
fn a_lying_level_overfills_the_drum_as_specified() {
    unfolds_as(&LEVEL_LIES);
}

#[test]
fn a_healthy_float_stops_the_overfilling_and_nothing_is_spilled() {
    let mut trace = unfolds_as(&LEVEL_LIES_HEALTHY);
    assert_eq!(trace.demo.truth_log().consequence_min("liquid in the vent pot"), None);
    assert!(trace.around("FT-101", 39.0) < 1.0);
}

#[test]
fn two_hours_after_clearing_the_plant_is_back_in_every_story() {
    for clearing in CLEARINGS {
        let name = format!("{} cleared at {} min", clearing.story, clearing.minute);
        let cleared = clearing.play().unwrap();
        for seen in cleared.readings {
            let off = (seen.found - seen.healthy).abs();
            assert!(off <= seen.allowed, "{name}: {} is {} two hours later, was {}", seen.tag, seen.found, seen.healthy);
        }
        assert_eq!(cleared.unit_state, 2.0, "{name}");
        assert!(cleared.trips.is_empty(), "{name}: {:?}", cleared.trips);
        assert!(cleared.changed.is_empty(), "{name}: {:?}", cleared.changed);
    }
}

#[test]
fn the_truth_file_tells_onset_hidden_values_and_consequences() {
    let mut demo = Demo::new(DemoOptions { onset_min: 2.0, ..nominal("level-lies") }).unwrap();
    let mut out = Vec::new();
    while demo.elapsed_secs() < 1500.0 {
        demo.step(&mut out);
        out.clear();
    }
    demo.clear();
    let lines: Vec<Value> = demo.truth_log().take_lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).collect::<Vec<_>>();
    assert_eq!(lines[0]["story"], "level-lies");
    assert!(kinds("onset").len() == 1 && kinds("onset")[0]["min"] == 2.0);
    assert!(kinds("hidden").iter().any(|line| line["name"] == "lshh101.failed" && line["value"] == 1.0));
    assert!(kinds("consequence").iter().any(|line| line["what"] == "V-101 full"));
    assert_eq!(kinds("clear").len(), 1);
}

#[test]
fn a_normal_day_moves_within_its_ranges_and_trips_nothing() {
    for seed in 1..=5 {
        let mut demo = Demo::new(DemoOptions { seed, ..DemoOptions::default() }).unwrap();
        let tags = ["FT-101", "TT-101", "LT-101", "PT-101", "LT-100", "ZT-114", "SI-201", "TT-201", "LT-102", "NPSH"];
        let mut seen = vec![Summary::default(); tags.len()];
        let mut out = Vec::new();
        while demo.elapsed_secs() < 24.0 * 3600.0 {
            demo.step(&mut out);
            out.clear();
            for (tag, summary) in tags.iter().zip(&mut seen) {
                summary.add(demo.plant().value(tag).unwrap_or(demo.truth().npsh_margin_m[0]));
            }
        }
        let text: Vec<_> = tags.iter().zip(&seen).map(|(tag, summary)| format!("{tag} {summary}")).collect();
        println!("seed {seed}: {}", text.join(", "));
        assert_eq!(demo.plant().value("XS-100"), Some(2.0));
        let within = [
            (78.0, 102.0),
            (39.0, 41.0),
            (47.0, 53.0),
            (2.7, 2.9),
            (40.0, 70.0),
            (50.0, 90.0),
            (40.0, 99.0),
            (25.0, 27.0),
            (40.0, 80.0),
            (2.5, 5.0),
        ];
        for ((tag, summary), (low, high)) in tags.iter().zip(&seen).zip(within) {
            assert!(summary.low > low && summary.high < high, "seed {seed}: {tag} {summary}");
        }
    }
}

/// Mean, scatter and ends of what was seen.
#[derive(Clone)]
struct Summary {
    count: f64,
    sum: f64,
    squares: f64,
    low: f64,
    high: f64,
}

impl Default for Summary {
    fn default() -> Self {
        Self { count: 0.0, sum: 0.0, squares: 0.0, low: f64::INFINITY, high: f64::NEG_INFINITY }
    }
}

impl Summary {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        self.sum += value;
        self.squares += value * value;
        self.low = self.low.min(value);
        self.high = self.high.max(value);
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mean = self.sum / self.count;
        let deviation = (self.squares / self.count - mean * mean).max(0.0).sqrt();
        write!(f, "{mean:.2} ± {deviation:.3} ({:.2}…{:.2})", self.low, self.high)
    }
}
