//! The members of `plant.twin.json` as Rust types. Unknown members of a file survive load and save.

use super::simulation::{ComponentDocument, SignalSimulation, SimulationDocument};
use crate::alarm::AlarmSettings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The format version this program writes.
pub const FORMAT_VERSION: &str = "0.1";

/// A plant: things, their signals and alarms, how they are bound and drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlantDocument {
    /// Version of the format, `major.minor`.
    pub format_version: String,
    /// Namespace of every id in this file, such as `unit100`.
    pub namespace: String,
    /// Name of the plant for people.
    pub name: String,
    /// Type files (DTDL v3), relative to this file.
    #[serde(default)]
    pub models: Vec<String>,
    /// How messages become samples.
    #[serde(default)]
    pub sources: Vec<SourceSettings>,
    /// The things of the plant, parents before or after their children.
    #[serde(default)]
    pub things: Vec<ThingDocument>,
    /// Connections between things.
    #[serde(default)]
    pub relationships: Vec<RelationshipDocument>,
    /// 3D scenes.
    #[serde(default)]
    pub scenes: Vec<SceneDocument>,
    /// The simulation behind shadow and what-if.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulation: Option<SimulationDocument>,
    /// What energy and product cost, for comparing variants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff: Option<Tariff>,
    /// Tags of the signals a one-page overview shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key_signals: Vec<String>,
}

/// One source of live data. Secrets never stand here: user, password and keys come from the environment or from files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SourceSettings {
    /// Name, unique in the file.
    pub name: String,
    /// `mqtt://host:port` or `mqtts://host:port`; the command line may override it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker: Option<String>,
    /// `5` (default) or `3.1.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Topic template: `{thing}` is the thing's name, `{tag}` the signal's tag, `{telemetry}` its telemetry name, `+` any level. Example `unit100/+/{thing}/{tag}`.
    pub topic: String,
    /// 0 or 1.
    #[serde(default)]
    pub qos: u8,
    /// Where the parts of a sample stand in the payload.
    #[serde(default)]
    pub payload: PayloadSettings,
    /// Sessions (gateways) with their status topics: what stops together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<SessionSettings>,
    /// Topic that announces plant time and speed, if the plant has its own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_topic: Option<String>,
}

/// JSON pointers into a payload object. A payload that is a bare number, text or boolean is the value itself; an array is a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PayloadSettings {
    /// Pointer to the value.
    #[serde(default = "PayloadSettings::value_default")]
    pub value: String,
    /// Pointer to the source time; absent in a payload = receive time.
    #[serde(default = "PayloadSettings::time_default")]
    pub time: String,
    /// How the time is written.
    #[serde(default)]
    pub time_format: TimeFormat,
    /// Pointer to the quality.
    #[serde(default = "PayloadSettings::quality_default")]
    pub quality: String,
    /// Pointer to the reason of a quality that is not good.
    #[serde(default = "PayloadSettings::reason_default")]
    pub reason: String,
    /// Pointer to the unit, if payloads carry one: a sample in another unit than declared is converted, or refused.
    #[serde(default = "PayloadSettings::unit_default")]
    pub unit: String,
}

impl PayloadSettings {
    fn value_default() -> String {
        "/v".to_owned()
    }
    fn time_default() -> String {
        "/t".to_owned()
    }
    fn quality_default() -> String {
        "/q".to_owned()
    }
    fn reason_default() -> String {
        "/reason".to_owned()
    }
    fn unit_default() -> String {
        "/u".to_owned()
    }
}

impl Default for PayloadSettings {
    fn default() -> Self {
        Self {
            value: Self::value_default(),
            time: Self::time_default(),
            time_format: TimeFormat::default(),
            quality: Self::quality_default(),
            reason: Self::reason_default(),
            unit: Self::unit_default(),
        }
    }
}

/// How a payload writes time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeFormat {
    /// ISO 8601 text; a number is taken as epoch by its size (s, ms, ns).
    #[default]
    Auto,
    /// Seconds since 1970, fraction allowed.
    EpochSecs,
    /// Milliseconds since 1970.
    EpochMillis,
    /// Nanoseconds since 1970.
    EpochNanos,
}

/// A gateway or client whose signals stop together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SessionSettings {
    /// Name as it stands in the topic at the first `+` of the template.
    pub name: String,
    /// Topic of birth and Last Will; payload text `online…` or `offline`, or JSON with `/status`.
    pub status_topic: String,
    /// Tag of the boolean signal that shows the session alive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alive_tag: Option<String>,
}

/// A piece of the plant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ThingDocument {
    /// `namespace:name`.
    pub id: String,
    /// DTMI of its type in one of `models`.
    #[serde(rename = "type")]
    pub type_: String,
    /// Name for people, normally its tag: `P-101A`.
    pub name: String,
    /// What it is: `Feed pump A`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Id of the thing it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Static facts: size, rated speed, maker. Free form.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, serde_json::Value>,
    /// Signals by telemetry name of the type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub signals: BTreeMap<String, SignalDocument>,
    /// Alarm points shown with this thing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<AlarmSettings>,
    /// What it is in the simulation: part → component. The part without a name is the thing itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub simulation: BTreeMap<String, ComponentDocument>,
    /// Data sheet, manual, photo.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentLink>,
    /// Height above grade, m, of the point the scene marks with a node that carries `twin_anchor: "elevation"` below the thing's node; without one, of the origin of the thing's node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elevation_m: Option<f64>,
    /// False for what no scene shows: a control loop, an area, a gateway.
    #[serde(default = "shown", skip_serializing_if = "is_true")]
    pub in_scene: bool,
    /// Its cell on the 2D schematic; without one the schematic finds a place by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schematic: Option<SchematicCell>,
}

/// A cell of the schematic's grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SchematicCell {
    /// Column, 0–255, counted from the left.
    pub column: u8,
    /// Row, 0–255, counted from the top.
    pub row: u8,
}

fn shown() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_true(value: &bool) -> bool {
    *value
}

/// A file that belongs to a thing. Opened on request, never fetched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentLink {
    /// `datasheet`, `manual`, `photo`, or another word.
    pub kind: String,
    /// Path relative to the plant file.
    pub path: String,
}

/// One signal of a thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SignalDocument {
    /// Plant tag, unique: `TT-111A`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Name for people; default the type's display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Unit symbol or code; default the type's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// For a pressure in `bar`, `mbar`, `kPa`, `Pa`: what it is measured against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pressure_reference: Option<PressureReference>,
    /// Low and high end of the instrument's range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// Longest time between two samples in normal operation, plant seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_interval_secs: Option<f64>,
    /// Published only on change, with a slow repeat.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_change: bool,
    /// Standard deviation of the published noise in normal operation, in the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise_sigma: Option<f64>,
    /// Published step, in the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<f64>,
    /// Value in normal operation, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normal: Option<f64>,
    /// Own topic (or topic template) where the source's template does not fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Own pointer to the value in the payload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Computed by the twin from other signals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived: Option<DerivedSettings>,
    /// Compared with the shadow model: |residual| beyond this band, in the unit, is out of specification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub residual_band: Option<f64>,
    /// Role for the shadow: `boundary` drives the model, `judged` is compared with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shadow: Option<ShadowRole>,
    /// Where the simulation computes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulation: Option<SignalSimulation>,
}

/// Against what a pressure is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PressureReference {
    /// Atmosphere.
    Gauge,
    /// Vacuum.
    Absolute,
    /// Another point of the plant.
    Difference,
}

/// What the shadow does with a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShadowRole {
    /// Drives the model.
    Boundary,
    /// Is compared with the model; never enters it.
    Judged,
}

/// A quantity the twin computes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DerivedSettings {
    /// Name of the formula, such as `npsh_margin`.
    pub function: String,
    /// Input name → tag or signal id.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
    /// Parameter name → value, in the unit the formula states.
    #[serde(default)]
    pub parameters: BTreeMap<String, f64>,
}

/// A connection between two things.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RelationshipDocument {
    /// Thing id.
    pub from: String,
    /// Thing id.
    pub to: String,
    /// `flows_to`, `standby_of`, `controls`, …
    pub kind: String,
    /// Line number or name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What flows in the line; without it the schematic draws a process line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<Medium>,
    /// The ports it joins in the simulation, `<component>.<port>` each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ports: Option<[String; 2]>,
}

/// What flows in a line, as far as a drawing tells lines apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// The product and what it is made of.
    Process,
    /// Cooling water, hot water, steam, condensate of a utility.
    Water,
    /// Air, nitrogen, fuel gas, a vent.
    Gas,
    /// Air that moves valves: named at both ends, not drawn as a line.
    InstrumentAir,
}

/// A 3D scene and how its nodes are bound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SceneDocument {
    /// glTF file relative to this file.
    pub file: String,
    /// A lighter glTF file with the same bound nodes, for computers that draw without a graphics card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub economy: Option<String>,
    /// Exact node name → thing id, for models without `twin_thing` extras.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bindings: BTreeMap<String, String>,
    /// Line, by the name of its node (one that carries `twin_flow`) → tag of the signal that measures the flow through it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flows: BTreeMap<String, String>,
}

/// Prices for comparing what-ifs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tariff {
    /// Currency code, such as `EUR`.
    pub currency: String,
    /// Price of electrical energy per kWh.
    pub electricity_per_kwh: f64,
    /// CO₂ per kWh of electrical energy, kg.
    pub co2_kg_per_kwh: f64,
    /// Value of a cubic metre of product.
    pub product_per_m3: f64,
}
