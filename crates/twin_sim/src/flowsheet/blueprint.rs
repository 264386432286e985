//! What a plant is made of, before it is checked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A plant as data: components, lines between their ports, tags of its signals.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blueprint {
    /// Length of one integration step, s.
    #[serde(default = "half_a_second")]
    pub step_secs: f64,
    /// The components. Their order decides nothing but the order of the arrays in a saved state.
    pub components: Vec<ComponentSpec>,
    /// What is connected with what.
    #[serde(default)]
    pub lines: Vec<LineSpec>,
    /// The signals the plant shows, in the units people read.
    #[serde(default)]
    pub tags: Vec<TagSpec>,
}

fn half_a_second() -> f64 {
    0.5
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
    /// Parameters by the names of its sheet; choices as text, curves as rows.
    #[serde(default)]
    pub parameters: BTreeMap<String, Setting>,
    /// What drives it: a number, or the name of a point or tag.
    #[serde(default)]
    pub inputs: BTreeMap<String, Input>,
    /// Where the description stands in its file.
    #[serde(skip)]
    pub pointer: String,
}

/// Heights of ports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Elevation {
    /// All ports at one height, m.
    All(f64),
    /// Height of each port by its name, m.
    Ports(BTreeMap<String, f64>),
}

impl Default for Elevation {
    fn default() -> Self {
        Self::Ports(BTreeMap::new())
    }
}

impl Elevation {
    /// Height of a port, m; `None` when it is as high as what it is connected with.
    pub fn of(&self, port: &str) -> Option<f64> {
        match self {
            Self::All(height_m) => Some(*height_m),
            Self::Ports(heights) => heights.get(port).copied(),
        }
    }
}

/// Value of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Setting {
    /// A number in the unit of the sheet.
    Number(f64),
    /// A choice.
    Text(String),
    /// Rows of a curve.
    Table(Vec<Vec<f64>>),
}

/// What drives an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Input {
    /// A constant in the unit of the input.
    Constant(f64),
    /// Name of a point or of a tag.
    Point(String),
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
