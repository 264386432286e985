//! What really happened, for labels and debriefing. Goes to a file of its own, never to the broker.

use serde_json::json;
use twin_model::TwinTime;

use crate::at;
use crate::plant::HiddenPlant;
use crate::story::Fault;

/// What may follow from a fault: a text and how to see it.
type Consequence = (&'static str, fn(&HiddenPlant) -> bool);

/// Each is noted the first time it is true.
const CONSEQUENCES: [Consequence; 11] = [
    ("P-101A tripped", |plant| plant.values()[at::XS_101A] == 4.0),
    ("P-101B started", |plant| matches!(plant.values()[at::XS_101B], 1.0 | 2.0)),
    ("NPSH margin of P-101A below zero", |plant| plant.values()[at::XS_101A] == 2.0 && plant.truth().npsh_margin_m[0] < 0.0),
    ("V-101 at 90 %", |plant| plant.truth().drum_level_pct >= 90.0),
    ("V-101 full", |plant| plant.truth().drum_fill >= 0.985),
    ("liquid in the vent pot", |plant| plant.truth().vent_pot_m3 >= 0.3),
    ("carry-over from the vent stack", |plant| plant.truth().carry_over_m3 > 0.0),
    ("unit trip", |plant| plant.values()[at::XS_100] == 5.0),
    ("product above 45 °C", |plant| plant.values()[at::TT_101] > 45.0),
    ("instrument air below 4.0 barg", |plant| plant.values()[at::PT_302] < 4.0),
    ("TK-101 overflows", |plant| plant.truth().tk101_overflow_kg > 0.0),
];

/// Seconds of plant time between two notes of the hidden parameters.
const HIDDEN_EVERY_SECS: f64 = 60.0;

/// Keeps the record of one run as JSON lines.
#[derive(Clone, Debug, Default)]
pub struct TruthLog {
    lines: Vec<String>,
    seen: [Option<f64>; CONSEQUENCES.len()],
    next_hidden_secs: f64,
}

impl TruthLog {
    /// Notes how the story is told.
    pub fn begin(&mut self, fault: &Fault, seed: u64, start: TwinTime) {
        let telling = fault.telling();
        self.lines.push(
            json!({
                "kind": "story", "t": start.to_string(), "story": telling.story.name, "seed": seed,
                "severity": telling.severity, "onset_min": telling.onset_min, "stretch": telling.stretch,
                "variants": telling.variants,
            })
            .to_string(),
        );
    }

    /// Notes an event such as `onset` or `clear`.
    pub fn event(&mut self, kind: &str, time: TwinTime, elapsed_secs: f64) {
        self.lines.push(json!({"kind": kind, "t": time.to_string(), "min": minutes(elapsed_secs)}).to_string());
    }

    /// Notes the hidden parameters once a minute and every consequence when it first comes true.
    pub fn watch(&mut self, plant: &HiddenPlant, hidden: impl FnOnce() -> Vec<(&'static str, f64)>, time: TwinTime, elapsed_secs: f64) {
        for (seen, (what, is_true)) in self.seen.iter_mut().zip(CONSEQUENCES) {
            if seen.is_none() && is_true(plant) {
                *seen = Some(elapsed_secs);
                let line = json!({"kind": "consequence", "t": time.to_string(), "min": minutes(elapsed_secs), "what": what});
                self.lines.push(line.to_string());
            }
        }
        if elapsed_secs >= self.next_hidden_secs {
            self.next_hidden_secs += HIDDEN_EVERY_SECS;
            for (name, value) in hidden() {
                let line = json!({"kind": "hidden", "t": time.to_string(), "min": minutes(elapsed_secs), "name": name, "value": value});
                self.lines.push(line.to_string());
            }
        }
    }

    /// Minutes after the start at which a consequence first came true, by its text.
    pub fn consequence_min(&self, what: &str) -> Option<f64> {
        CONSEQUENCES.iter().zip(self.seen).find(|((text, _), _)| *text == what).and_then(|(_, seen)| seen).map(|secs| secs / 60.0)
    }

    /// Hands over the lines noted since the last call.
    pub fn take_lines(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }
}

fn minutes(secs: f64) -> f64 {
    (secs / 60.0 * 1000.0).round() / 1000.0
}
