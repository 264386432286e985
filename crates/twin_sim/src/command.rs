//! What an operator can do to the plant, and the reasons to refuse it.

use serde::{Deserialize, Serialize};

/// Mode of a control loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The operator sets the output.
    Man,
    /// The operator sets the set point.
    Auto,
    /// Another loop sets the set point. Only FIC-101 has it.
    Cas,
}

impl Mode {
    /// Number used by the MODE signals.
    pub fn number(self) -> f64 {
        match self {
            Self::Man => 0.0,
            Self::Auto => 1.0,
            Self::Cas => 2.0,
        }
    }

    /// The mode of a MODE signal.
    pub fn from_number(number: f64) -> Option<Self> {
        match number {
            0.0 => Some(Self::Man),
            1.0 => Some(Self::Auto),
            2.0 => Some(Self::Cas),
            _ => None,
        }
    }
}

/// State of a motor drive, numbered as in the XS signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriveState {
    /// 0: at rest, ready.
    Stopped,
    /// 1: running up.
    Starting,
    /// 2: in service.
    Running,
    /// 3: running down after a stop.
    Stopping,
    /// 4: tripped, waits for a reset.
    Tripped,
    /// 5: switched to local.
    Local,
    /// 6: isolated for maintenance.
    Isolated,
}

impl DriveState {
    /// Number used by the XS signals.
    pub fn number(self) -> f64 {
        f64::from(self as u8)
    }

    /// The state of an XS signal.
    pub fn from_number(number: f64) -> Option<Self> {
        [Self::Stopped, Self::Starting, Self::Running, Self::Stopping, Self::Tripped, Self::Local, Self::Isolated]
            .into_iter()
            .find(|state| state.number() == number)
    }

    /// True while the motor is switched on.
    pub fn is_on(self) -> bool {
        matches!(self, Self::Starting | Self::Running)
    }
}

/// State of the unit, numbered as in XS-100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitState {
    /// 0: stopped.
    Off,
    /// 1: start sequence.
    Start,
    /// 2: normal operation.
    Run,
    /// 3: hot standby.
    Hold,
    /// 4: controlled stop.
    Stop,
    /// 5: latched trip.
    Trip,
}

impl UnitState {
    /// Number used by XS-100.
    pub fn number(self) -> f64 {
        f64::from(self as u8)
    }

    /// The state of an XS-100 reading.
    pub fn from_number(number: f64) -> Option<Self> {
        [Self::Off, Self::Start, Self::Run, Self::Hold, Self::Stop, Self::Trip].into_iter().find(|state| state.number() == number)
    }
}

/// Why a command was not carried out. The plant is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// No loop, drive or interlock has this tag.
    #[error("{0} is not known in this plant")]
    Unknown(String),
    /// The value is not a number or outside its limits.
    #[error("the value is outside {low} to {high}")]
    OutOfRange {
        /// Lower limit as text.
        low: String,
        /// Upper limit as text.
        high: String,
    },
    /// A set point may move by 10 % of the span per request.
    #[error("one request may move the set point by at most 10 % of its span")]
    StepTooLarge,
    /// The loop is in another mode than this request needs.
    #[error("the loop is in the wrong mode for this request")]
    WrongMode,
    /// A permissive is missing.
    #[error("not permitted: {0}")]
    NotPermitted(String),
    /// The cause of the trip is still there.
    #[error("the cause of {0} is still present")]
    CausePresent(String),
    /// Not more than four starts of a motor per hour.
    #[error("four starts within the last hour")]
    TooManyStarts,
}
