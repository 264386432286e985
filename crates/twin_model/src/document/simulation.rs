//! The simulation of a plant as its file describes it: components, what connects them, what drives them.
//!
//! Which kinds of components there are, and what each takes, is the simulator's matter; here they are data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The simulation of the plant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SimulationDocument {
    /// `flowsheet` for a plant simulated from its components, or the name of a built-in model.
    pub model: String,
    /// Parameter name → value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, f64>,
    /// Length of one step, s; 0.5 when silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_secs: Option<f64>,
    /// Within which time an event inside a step is met, s; 0.01 when silent, 0 to count events at the end of the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_secs: Option<f64>,
    /// Liquids beside water: name → its description, as the simulator takes it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub liquids: BTreeMap<String, serde_json::Value>,
    /// Components that belong to no thing, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub components: BTreeMap<String, ComponentDocument>,
    /// Pairs of ports, `<component>.<port>` each, that are one place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<[String; 2]>,
    /// Names people use for parameters and inputs → `<component>.<parameter>`, or several parameters that go together.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, Targets>,
    /// Settled states to start from, by name, such as `IC-5`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conditions: BTreeMap<String, ConditionDocument>,
}

/// What an alias stands for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Targets {
    /// One parameter or input.
    One(String),
    /// Parameters that are set together.
    Several(Vec<String>),
}

impl Targets {
    /// All names it stands for.
    pub fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// A state a simulation may start from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConditionDocument {
    /// What people call it.
    pub name: String,
    /// Parameters and inputs that differ from the plant's, by `<component>.<parameter>` or alias.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, f64>,
    /// How long the plant runs from its start values until it counts as settled, s.
    #[serde(default)]
    pub settle_secs: f64,
}

/// One component of the simulation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComponentDocument {
    /// Kind, such as `centrifugal_pump`.
    pub kind: String,
    /// Liquid that flows through it; water when silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liquid: Option<String>,
    /// Height of its ports above grade, m.
    #[serde(default, skip_serializing_if = "Elevation::is_unsaid")]
    pub elevation_m: Elevation,
    /// Parameters by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Setting>,
    /// What drives it: a number, or the name of a point or tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, Input>,
    /// Tags whose readings it takes over while it follows a real plant.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub follows: BTreeMap<String, String>,
    /// Tag by which operators call it; its name when silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// Where the simulation computes a signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SignalSimulation {
    /// `<component>.<quantity>`.
    pub point: String,
    /// Factor from the point's unit to the signal's.
    #[serde(default = "SignalSimulation::one", skip_serializing_if = "SignalSimulation::is_one")]
    pub scale: f64,
    /// Added after the factor.
    #[serde(default, skip_serializing_if = "SignalSimulation::is_zero")]
    pub offset: f64,
    /// Input of the simulation that this signal measures, `<component>.<input>`: the boundary of a model that runs beside
    /// the plant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drives: Option<String>,
}

impl SignalSimulation {
    fn one() -> f64 {
        1.0
    }

    fn is_one(value: &f64) -> bool {
        *value == 1.0
    }

    fn is_zero(value: &f64) -> bool {
        *value == 0.0
    }
}

/// Heights of the ports of a component.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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

    fn is_unsaid(&self) -> bool {
        *self == Self::default()
    }
}

/// Value of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Setting {
    /// A number in the unit of the sheet.
    Number(f64),
    /// A choice or a formula.
    Text(String),
    /// Sentences: the rules of a sequence.
    Lines(Vec<String>),
    /// Rows of a curve.
    Table(Vec<Vec<f64>>),
}

/// What drives an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Input {
    /// A constant in the unit of the input.
    Constant(f64),
    /// Name of a point or of a tag.
    Point(String),
}
