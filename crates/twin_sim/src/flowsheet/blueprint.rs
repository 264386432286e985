//! What a plant is made of, before it is checked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use twin_model::document::{ConditionDocument, Elevation, Input, Setting, Targets};

use crate::fluid::DescribedLiquid;

/// A plant as data: components, lines between their ports, tags of its signals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blueprint {
    /// Length of one integration step, s.
    #[serde(default = "half_a_second")]
    pub step_secs: f64,
    /// Within which time an event inside a step is met, s: the step is cut there. 0: events count at the end of the step.
    #[serde(default = "ten_milliseconds")]
    pub event_secs: f64,
    /// Liquids beside `water`, by name.
    #[serde(default)]
    pub liquids: BTreeMap<String, DescribedLiquid>,
    /// The components. Their order decides the order of the arrays in a saved state, and which of two components that read
    /// each other moves first.
    pub components: Vec<ComponentSpec>,
    /// What is connected with what.
    #[serde(default)]
    pub lines: Vec<LineSpec>,
    /// The signals the plant shows, in the units people read.
    #[serde(default)]
    pub tags: Vec<TagSpec>,
    /// Names people use for parameters and inputs → `<component>.<parameter>`, or several parameters that go together.
    #[serde(default)]
    pub aliases: BTreeMap<String, Targets>,
    /// Settled states to start from, by name.
    #[serde(default)]
    pub conditions: BTreeMap<String, ConditionDocument>,
    /// Parameters of the plant as a whole that differ from its components', by `<component>.<parameter>` or alias.
    #[serde(default)]
    pub parameters: BTreeMap<String, f64>,
}

impl Default for Blueprint {
    fn default() -> Self {
        Self {
            step_secs: half_a_second(),
            event_secs: ten_milliseconds(),
            liquids: BTreeMap::new(),
            components: Vec::new(),
            lines: Vec::new(),
            tags: Vec::new(),
            aliases: BTreeMap::new(),
            conditions: BTreeMap::new(),
            parameters: BTreeMap::new(),
        }
    }
}

fn half_a_second() -> f64 {
    0.5
}

fn ten_milliseconds() -> f64 {
    0.01
}

/// One component.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComponentSpec {
    /// Unique name, e.g. `p-101a/pump`. Its quantities are `<name>.<quantity>`.
    pub name: String,
    /// Kind, as in its sheet.
    pub kind: String,
    /// Liquid that flows through it: `water` when silent.
    #[serde(default)]
    pub liquid: Option<String>,
    /// Height of its ports above grade, m.
    #[serde(default)]
    pub elevation_m: Elevation,
    /// Parameters by the names of its sheet; choices and formulas as text, curves as rows.
    #[serde(default)]
    pub parameters: BTreeMap<String, Setting>,
    /// What drives it: a number, or the name of a point or tag. Through a tag it sees what the instrument shows.
    #[serde(default)]
    pub inputs: BTreeMap<String, Input>,
    /// Tags whose readings it takes over while the plant follows a real one.
    #[serde(default)]
    pub follows: BTreeMap<String, String>,
    /// Tag by which operators call it, e.g. `FIC-101`; its name when silent.
    #[serde(default)]
    pub tag: Option<String>,
    /// Where the description stands in its file.
    #[serde(skip)]
    pub pointer: String,
}

/// A connection without length or loss: two ports become one place. Lines with a loss are components of kind `pipe`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineSpec {
    /// `<component>.<port>`.
    pub from: String,
    /// `<component>.<port>`.
    pub to: String,
    /// Where the description stands in its file.
    #[serde(skip)]
    pub pointer: String,
}

/// A signal: a point in the unit people read, kept within the range of its instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagSpec {
    /// Tag, unique in the plant.
    pub tag: String,
    /// Point it shows.
    pub point: String,
    /// Factor from the point's unit.
    #[serde(default = "one")]
    pub scale: f64,
    /// Added after the factor.
    #[serde(default)]
    pub offset: f64,
    /// Input it measures; empty for none.
    #[serde(default)]
    pub drives: Option<String>,
    /// Lowest reading.
    #[serde(default = "unlimited_low")]
    pub low: f64,
    /// Highest reading.
    #[serde(default = "unlimited_high")]
    pub high: f64,
    /// Where the description stands in its file.
    #[serde(skip)]
    pub pointer: String,
}

fn one() -> f64 {
    1.0
}

fn unlimited_low() -> f64 {
    f64::MIN
}

fn unlimited_high() -> f64 {
    f64::MAX
}
