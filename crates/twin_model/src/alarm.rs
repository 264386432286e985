//! Alarm settings as the plant file holds them: conditions, classes, delays.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an alarm point is (after ISA-18.2: an alarm needs a response, an alert none within the hour).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlarmClass {
    /// Needs an operator's response; has a priority; sounds the horn.
    Alarm,
    /// Nothing to do within the hour: own list and badge, no horn.
    Alert,
    /// Recorded only.
    Event,
    /// Maintenance advisory: health only, neither horn nor list.
    Advisory,
}

/// NAMUR NE 107 health state, worst last. `Unknown` is not of NE 107: without good data nothing may be called OK.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// No fault known.
    Good,
    /// M, blue.
    MaintenanceRequired,
    /// S, yellow.
    OutOfSpecification,
    /// C, orange.
    FunctionCheck,
    /// No usable data.
    #[default]
    Unknown,
    /// F, red.
    Failure,
}

impl HealthState {
    /// The letter of NE 107; `?` for unknown, empty for good.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Good => "",
            Self::MaintenanceRequired => "M",
            Self::OutOfSpecification => "S",
            Self::FunctionCheck => "C",
            Self::Unknown => "?",
            Self::Failure => "F",
        }
    }

    /// The state in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "Good",
            Self::MaintenanceRequired => "Maintenance required",
            Self::OutOfSpecification => "Out of specification",
            Self::FunctionCheck => "Function check",
            Self::Unknown => "Unknown",
            Self::Failure => "Failure",
        }
    }
}

/// A condition over signals, named by tag or signal id. A condition over a stale or bad signal keeps its last result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Value above a limit (leaves at limit − dead-band).
    High {
        /// Tag or signal id.
        signal: String,
        /// Limit in the unit of the signal.
        limit: f64,
    },
    /// Value below a limit (leaves at limit + dead-band).
    Low {
        /// Tag or signal id.
        signal: String,
        /// Limit in the unit of the signal.
        limit: f64,
    },
    /// |value − reference| above a limit (leaves at limit − dead-band).
    Deviation {
        /// Tag or signal id.
        signal: String,
        /// Tag or signal id compared with, in the same unit.
        reference: String,
        /// Limit in the unit of the signal.
        limit: f64,
    },
    /// A boolean or enumeration has this state (`"0"`, `"1"`, or a state name).
    Is {
        /// Tag or signal id.
        signal: String,
        /// State name, `"0"` or `"1"`.
        state: String,
    },
    /// A boolean or enumeration has any other state.
    IsNot {
        /// Tag or signal id.
        signal: String,
        /// State name, `"0"` or `"1"`.
        state: String,
    },
    /// The signal is Bad.
    Bad {
        /// Tag or signal id.
        signal: String,
    },
    /// Scatter of a signal has fallen below `fraction` of its declared noise (a frozen or plugged instrument).
    NoiseCollapsed {
        /// Tag or signal id.
        signal: String,
        /// Fraction of the declared noise, 0 … 1.
        fraction: f64,
        /// Window in seconds of plant time.
        window_secs: f64,
    },
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
}

impl Condition {
    /// Tags or ids of the signals it looks at, in its order.
    pub fn signals(&self) -> Vec<&str> {
        match self {
            Self::High { signal, .. }
            | Self::Low { signal, .. }
            | Self::Is { signal, .. }
            | Self::IsNot { signal, .. }
            | Self::Bad { signal }
            | Self::NoiseCollapsed { signal, .. } => vec![signal],
            Self::Deviation { signal, reference, .. } => vec![signal, reference],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::signals).collect(),
        }
    }
}

/// One configured alarm point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlarmSettings {
    /// Tag of the point, unique in the plant: `LAH-101`.
    pub tag: String,
    /// Alarm, alert, event or advisory.
    pub class: AlarmClass,
    /// 1 (highest) … 3; required for class alarm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    /// What a person reads: `Level high`.
    pub message: String,
    /// When it is active.
    pub condition: Condition,
    /// Distance back from the limit before it clears, in the unit of the signal, ≥ 0.
    #[serde(default)]
    pub deadband: f64,
    /// Seconds of plant time the condition must hold before the alarm comes.
    #[serde(default)]
    pub on_delay_secs: f64,
    /// Seconds of plant time it must not hold before the alarm goes.
    #[serde(default)]
    pub off_delay_secs: f64,
    /// Seconds the operator has; required for class alarm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_to_respond_secs: Option<f64>,
    /// Likely causes.
    #[serde(default)]
    pub cause: String,
    /// What happens without a response.
    #[serde(default)]
    pub consequence: String,
    /// What to do.
    #[serde(default)]
    pub operator_action: String,
    /// Suppressed by design while any of these holds: evaluated and journaled, not annunciated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suppressed_when: Vec<Condition>,
    /// Health state of the thing while the point is active; by default `failure` for priority 1, else `out_of_specification`, `maintenance_required` for alert and advisory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<HealthState>,
}
