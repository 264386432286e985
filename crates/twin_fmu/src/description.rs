//! What an FMU says about itself: its variables, capabilities and default experiment.

use crate::problem::FmuError;

/// Which standard the FMU follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FmiVersion {
    /// FMI 2.0.
    Two,
    /// FMI 3.0.
    Three,
}

/// Type of a variable. FMI 2.0 knows `Float64` (Real), `Int32` (Integer and Enumeration), `Boolean` and `Text`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// 64-bit float.
    Float64 = 0,
    /// 32-bit float.
    Float32 = 1,
    /// 8-bit signed.
    Int8 = 2,
    /// 8-bit unsigned.
    UInt8 = 3,
    /// 16-bit signed.
    Int16 = 4,
    /// 16-bit unsigned.
    UInt16 = 5,
    /// 32-bit signed.
    Int32 = 6,
    /// 32-bit unsigned.
    UInt32 = 7,
    /// 64-bit signed; also the Enumeration of FMI 3.0. Beyond ±2^53 not every value can be told apart.
    Int64 = 8,
    /// 64-bit unsigned; the same holds.
    UInt64 = 9,
    /// Truth value: 0 or 1.
    Boolean = 10,
    /// String; can be given a start value, but is no signal.
    Text = 11,
    /// Binary data of FMI 3.0; not used by this program.
    Binary = 12,
    /// Clock of FMI 3.0; not used by this program.
    Clock = 13,
}

/// All kinds, in the order of their numbers.
pub(crate) const KINDS: [Kind; 14] = [
    Kind::Float64,
    Kind::Float32,
    Kind::Int8,
    Kind::UInt8,
    Kind::Int16,
    Kind::UInt16,
    Kind::Int32,
    Kind::UInt32,
    Kind::Int64,
    Kind::UInt64,
    Kind::Boolean,
    Kind::Text,
    Kind::Binary,
    Kind::Clock,
];

/// The largest integer up to which every one has an `f64` of its own: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Kind {
    /// Whether its values are numbers (or truth values), so that it can be a signal.
    pub fn is_number(self) -> bool {
        !matches!(self, Self::Text | Self::Binary | Self::Clock)
    }

    /// Whether its values are not floats.
    pub fn is_discrete(self) -> bool {
        !matches!(self, Self::Float64 | Self::Float32)
    }

    /// Range of whole numbers, for integers and truth values.
    fn range(self) -> Option<(f64, f64)> {
        Some(match self {
            Self::Int8 => (i8::MIN.into(), i8::MAX.into()),
            Self::UInt8 => (0.0, u8::MAX.into()),
            Self::Int16 => (i16::MIN.into(), i16::MAX.into()),
            Self::UInt16 => (0.0, u16::MAX.into()),
            Self::Int32 => (i32::MIN.into(), i32::MAX.into()),
            Self::UInt32 => (0.0, u32::MAX.into()),
            Self::Int64 => (-EXACT, EXACT),
            Self::UInt64 => (0.0, EXACT),
            Self::Boolean => (0.0, 1.0),
            _ => return None,
        })
    }

    /// Whether the value can be handed over as it is.
    ///
    /// # Errors
    /// A reason for a person: not finite, not whole, outside the type's range.
    pub fn accepts(self, value: f64) -> Result<(), String> {
        if !self.is_number() {
            return Err("the variable is not a number".into());
        }
        if !value.is_finite() {
            return Err("it is not a finite number".into());
        }
        if self == Self::Float32 && value.abs() > f64::from(f32::MAX) {
            return Err("it is beyond the range of a 32-bit float".into());
        }
        match self.range() {
            Some((low, high)) if !(low..=high).contains(&value) => Err(format!("it is outside {low}…{high}")),
            Some(_) if value.fract() != 0.0 => Err("the variable takes whole numbers only".into()),
            _ => Ok(()),
        }
    }
}

/// What a variable is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Causality {
    /// Set before the start; while running only where its variability is tunable.
    Parameter,
    /// Follows from other parameters.
    CalculatedParameter,
    /// Set from outside at every step.
    Input,
    /// Computed for outside.
    Output,
    /// Inner to the model.
    Local,
    /// Time itself.
    Independent,
    /// Changes the structure (FMI 3.0); left as the author set it.
    StructuralParameter,
}

/// When a variable may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variability {
    /// Never.
    Constant,
    /// Not after the start.
    Fixed,
    /// When its setter says so.
    Tunable,
    /// At events.
    Discrete,
    /// At any time.
    Continuous,
}

/// The value of a variable.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number; integers as such, truth values as 0 and 1.
    Number(f64),
    /// A string.
    Text(String),
}

/// A variable's place in [`Description::variables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariableIndex(pub u32);

/// One variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name, unique in the FMU.
    pub name: String,
    /// The number the FMU knows it by.
    pub reference: u32,
    /// Its type.
    pub kind: Kind,
    /// What it is for.
    pub causality: Causality,
    /// When it may change.
    pub variability: Variability,
    /// The FMU computes its first value itself, so that none can be given.
    pub is_calculated: bool,
    /// Unit as the FMU's author wrote it.
    pub unit: Option<String>,
    /// Start value.
    pub start: Option<Value>,
    /// Smallest value the author allows.
    pub min: Option<f64>,
    /// Largest value the author allows.
    pub max: Option<f64>,
    /// What it means.
    pub description: String,
    /// It is an array (FMI 3.0), which this program does not bind.
    pub is_array: bool,
}

impl Variable {
    /// Whether it is a single number, so that it can be bound to a signal.
    pub fn is_signal(&self) -> bool {
        self.kind.is_number() && !self.is_array
    }

    /// Whether it can be given a value before the start.
    pub fn takes_start_value(&self) -> bool {
        let by_use = match self.causality {
            Causality::Parameter | Causality::Input => true,
            Causality::Local | Causality::Output => !self.is_calculated && self.start.is_some(),
            Causality::CalculatedParameter | Causality::Independent | Causality::StructuralParameter => false,
        };
        by_use && self.variability != Variability::Constant && !self.is_array
    }

    /// Whether it can be given a value while it runs.
    pub fn is_settable_while_running(&self) -> bool {
        self.is_signal()
            && (self.causality == Causality::Input || (self.causality == Causality::Parameter && self.variability == Variability::Tunable))
    }
}

/// The experiment the author proposes; all in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DefaultExperiment {
    /// First instant.
    pub start: Option<f64>,
    /// Last instant.
    pub stop: Option<f64>,
    /// Relative tolerance of the FMU's own solver.
    pub tolerance: Option<f64>,
    /// Communication step.
    pub step: Option<f64>,
}

/// What the FMU can do beyond stepping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Steps of any length, not one length for the whole run.
    pub variable_step: bool,
    /// Its state can be saved and restored within one instance.
    pub state: bool,
    /// A saved state can be turned into bytes, so that another instance can go on from it.
    pub serialises_state: bool,
    /// Only a wrapper around another tool, which must be installed.
    pub needs_tool: bool,
}

/// What `modelDescription.xml` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// The standard it follows.
    pub version: FmiVersion,
    /// Name of the model.
    pub model_name: String,
    /// Name of the library in `binaries/`.
    pub model_identifier: String,
    /// What the library compares to know that the description is its own (`guid`, `instantiationToken`).
    pub token: String,
    /// What it is.
    pub description: String,
    /// Who wrote it.
    pub author: String,
    /// The tool that made it.
    pub generation_tool: String,
    /// The proposed experiment.
    pub default_experiment: DefaultExperiment,
    /// What it can do.
    pub capabilities: Capabilities,
    /// All variables, in the order of the file.
    pub variables: Vec<Variable>,
}

impl Description {
    /// The variable of that name.
    ///
    /// # Errors
    /// [`FmuError::NoVariable`] when there is none.
    pub fn find(&self, name: &str) -> Result<VariableIndex, FmuError> {
        let at = self.variables.iter().position(|variable| variable.name == name);
        at.and_then(|at| u32::try_from(at).ok()).map(VariableIndex).ok_or_else(|| FmuError::NoVariable(name.into()))
    }

    /// The variable at a place; none when the place is beyond the end.
    pub fn variable(&self, at: VariableIndex) -> Option<&Variable> {
        self.variables.get(at.0 as usize)
    }

    /// The places of all signals of a causality, in the order of the file.
    pub fn signals(&self, causality: Causality) -> Vec<VariableIndex> {
        let all = (0u32..).zip(&self.variables);
        all.filter(|(_, variable)| variable.causality == causality && variable.is_signal()).map(|(at, _)| VariableIndex(at)).collect()
    }
}
