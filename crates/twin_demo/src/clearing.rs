//! What the Unit 100 specification says of a repair: two hours after a fault is cleared the plant is back in normal
//! operation, whether its consequences had come or not.

use crate::at;
use crate::demo::{Demo, DemoError, DemoOptions};
use crate::plant::{HiddenPlant, parameter_names};
use crate::story_table::{nominal, span};

/// What is looked at before and after.
const TAGS: [&str; 10] = ["LT-101", "TT-101", "PT-101", "PT-302", "PT-103", "FT-101", "FT-102", "ZT-111", "ZT-112", "ZT-114"];
const OF_SPAN: f64 = 0.02;
/// Flows and valves: what piled up in TK-101 during a standstill is worked off for hours after.
const OF_SPAN_OF_FLOWS: f64 = 0.15;
const WAIT_MIN: f64 = 120.0;

/// A story and the minute of its repair.
#[derive(Clone, Copy, Debug)]
pub struct Clearing {
    /// Name of the story.
    pub story: &'static str,
    /// Minutes before the fault begins.
    pub onset_min: f64,
    /// Minutes after the start at which it is cleared.
    pub minute: f64,
}

/// Every story with a fault, those with consequences before and after them.
pub const CLEARINGS: [Clearing; 12] = [
    clearing("bearing-wear", 0.0, 300.0),
    clearing("bearing-wear", 0.0, 360.0),
    clearing("strainer-fouling", 0.0, 36.0),
    clearing("strainer-fouling", 0.0, 44.0),
    clearing("level-lies", 1.0, 10.0),
    clearing("level-lies", 1.0, 30.0),
    clearing("exchanger-fouling", 0.0, 240.0),
    clearing("valve-stiction", 0.0, 60.0),
    clearing("air-leak", 0.0, 200.0),
    clearing("air-leak", 0.0, 340.0),
    clearing("pump-trip-flood", 0.0, 20.0),
    clearing("comms-loss", 0.0, 1.0),
];

const fn clearing(story: &'static str, onset_min: f64, minute: f64) -> Clearing {
    Clearing { story, onset_min, minute }
}

/// The plant two hours after a repair.
#[derive(Clone, Debug)]
pub struct Cleared {
    /// True values beside those from before the story.
    pub readings: Vec<Returned>,
    /// State of the unit; 2 = running.
    pub unit_state: f64,
    /// Interlocks still latched.
    pub trips: Vec<String>,
    /// Parameters of the plant that are not as before the story.
    pub changed: Vec<String>,
}

/// A true value before a story and after its repair, in the unit of its signal.
#[derive(Clone, Copy, Debug)]
pub struct Returned {
    /// Tag of the signal.
    pub tag: &'static str,
    /// Before the story.
    pub healthy: f64,
    /// Two hours after the repair.
    pub found: f64,
    /// By how much the two may differ.
    pub allowed: f64,
}

impl Clearing {
    /// Plays the story, repairs the fault and waits two hours.
    ///
    /// # Errors
    /// [`DemoError`] when the story cannot be told.
    pub fn play(&self) -> Result<Cleared, DemoError> {
        let mut demo = Demo::new(DemoOptions { onset_min: self.onset_min, ..nominal(self.story) })?;
        let before = demo.plant().clone();
        step_to(&mut demo, self.minute);
        demo.clear();
        step_to(&mut demo, self.minute + WAIT_MIN);
        let plant = demo.plant();
        let is_changed = |name: &String| plant.parameter(name) != before.parameter(name);
        Ok(Cleared {
            readings: TAGS.map(|tag| returned(tag, &before, plant)).into(),
            unit_state: plant.values()[at::XS_100],
            trips: demo.truth().trips.clone(),
            changed: parameter_names().into_iter().filter(is_changed).collect(),
        })
    }
}

fn step_to(demo: &mut Demo, minute: f64) {
    let mut out = Vec::new();
    while demo.elapsed_secs() < minute * 60.0 {
        demo.step(&mut out);
        out.clear();
    }
}

fn returned(tag: &'static str, before: &HiddenPlant, after: &HiddenPlant) -> Returned {
    let read = |plant: &HiddenPlant| plant.value(tag).unwrap_or(f64::NAN);
    let share = if tag.starts_with("FT-") || tag.starts_with("ZT-") { OF_SPAN_OF_FLOWS } else { OF_SPAN };
    Returned { tag, healthy: read(before), found: read(after), allowed: share * span(tag) }
}
