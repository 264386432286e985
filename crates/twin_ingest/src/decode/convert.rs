//! From a JSON value to the number a signal carries.

use super::payload::Scalar;
use crate::problem::InputProblem;
use twin_model::{SignalInfo, ValueKind, unit};

/// An instrument reads this far below its range before the value is out of range, as a share of the span: a 4–20 mA
/// signal is a measurement from 3.8 to 20.5 mA (NAMUR NE 43).
const BELOW_RANGE: f64 = 0.0125;
/// The same above the range.
const ABOVE_RANGE: f64 = 0.031_25;

/// What decoding needs to know of one signal.
#[derive(Clone, Debug)]
pub(crate) struct SignalDecoding {
    kind: ValueKind,
    unit: String,
    low: f64,
    high: f64,
}

impl SignalDecoding {
    pub fn new(info: &SignalInfo) -> Self {
        let (low, high) = match (&info.kind, info.range) {
            (ValueKind::Number, Some((low, high))) => (low - (high - low) * BELOW_RANGE, high + (high - low) * ABOVE_RANGE),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        };
        Self { kind: info.kind.clone(), unit: info.unit.clone(), low, high }
    }

    pub fn kind(&self) -> &ValueKind {
        &self.kind
    }

    pub fn takes_words(&self) -> bool {
        self.kind != ValueKind::Number
    }

    pub fn is_in_range(&self, value: f64) -> bool {
        value >= self.low && value <= self.high
    }

    /// The value in the declared unit.
    pub fn value(&self, value: &Scalar<'_>, unit: &Scalar<'_>) -> Result<f64, InputProblem> {
        if value.is_missing() {
            return Err(InputProblem::NoValue);
        }
        match &self.kind {
            ValueKind::Number => {
                let number = number_of(value)?;
                match unit {
                    Scalar::Text(unit) if unit.as_ref() != self.unit => self.converted(number, unit),
                    _ => Ok(number),
                }
            }
            ValueKind::Boolean => boolean_of(value),
            ValueKind::Enumeration { states } => state_of(value, states),
        }
    }

    fn converted(&self, value: f64, from: &str) -> Result<f64, InputProblem> {
        let name = || from.chars().take(32).collect::<String>();
        let from = unit::find(from.trim()).ok_or_else(|| InputProblem::UnknownUnit { unit: name() })?;
        if from.symbol == self.unit {
            return Ok(value);
        }
        let wrong = || InputProblem::WrongQuantity { unit: name(), declared: self.unit.clone() };
        let to = unit::find(&self.unit).ok_or_else(wrong)?;
        if from.quantity != to.quantity {
            return Err(wrong());
        }
        finite(to.from_si(from.to_si(value)))
    }
}

fn finite(value: f64) -> Result<f64, InputProblem> {
    if value.is_finite() { Ok(value) } else { Err(InputProblem::NotFinite) }
}

fn number_of(value: &Scalar<'_>) -> Result<f64, InputProblem> {
    match value {
        Scalar::Integer(number) => Ok(*number as f64),
        Scalar::Number(number) => finite(*number),
        Scalar::Text(text) => match text.trim().parse::<f64>() {
            Ok(number) => finite(number),
            Err(_) => Err(InputProblem::WrongKind { expected: "number" }),
        },
        _ => Err(InputProblem::WrongKind { expected: "number" }),
    }
}

fn boolean_of(value: &Scalar<'_>) -> Result<f64, InputProblem> {
    let bit = match value {
        Scalar::Bool(bit) => Some(*bit),
        Scalar::Integer(0) => Some(false),
        Scalar::Integer(1) => Some(true),
        Scalar::Number(number) if *number == 0.0 => Some(false),
        Scalar::Number(number) if *number == 1.0 => Some(true),
        Scalar::Text(text) => word_of(text.trim()),
        _ => None,
    };
    bit.map(|bit| if bit { 1.0 } else { 0.0 }).ok_or(InputProblem::WrongKind { expected: "boolean" })
}

fn word_of(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["true", "on", "1"]) {
        Some(true)
    } else if is(&["false", "off", "0"]) {
        Some(false)
    } else {
        None
    }
}

fn state_of(value: &Scalar<'_>, states: &[String]) -> Result<f64, InputProblem> {
    let index = match value {
        Scalar::Integer(number) => usize::try_from(*number).ok(),
        Scalar::Number(number) if number.fract() == 0.0 && *number >= 0.0 && *number < 1e6 => Some(*number as usize),
        Scalar::Text(text) => {
            let text = text.trim();
            let named = states.iter().position(|state| state.eq_ignore_ascii_case(text));
            named.or_else(|| text.parse().ok())
        }
        Scalar::Number(_) => None,
        _ => return Err(InputProblem::WrongKind { expected: "state name or number" }),
    };
    index.filter(|index| *index < states.len()).map(|index| index as f64).ok_or(InputProblem::UnknownState)
}
