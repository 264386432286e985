//! Unit 100: condensate recovery with its cooling water and instrument air.

pub mod parameters;
pub mod truth;

use serde::{Deserialize, Serialize};

use crate::{
    Boundary, Command, Drive, InitialCondition, Measured, ParameterInfo, Parameters, Refusal, SimError, Structure, TAG_COUNT, Truth,
    TwinStructure, tag_index,
};

/// The complete state of the plant. Cloning forks it, serialising saves it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Unit100<S: Structure = TwinStructure> {
    parameters: Parameters,
    values: Measured,
    truth: Truth,
    structure: core::marker::PhantomData<S>,
}

impl<S: Structure> Unit100<S> {
    /// A settled plant.
    pub fn new(parameters: Parameters, condition: InitialCondition) -> Self {
        let _ = condition;
        Self { parameters, values: Measured { values: [0.0; TAG_COUNT] }, truth: Truth::default(), structure: core::marker::PhantomData }
    }

    /// Advances by [`crate::STEP_SECS`].
    pub fn step(&mut self, boundary: &Boundary, drive: Drive<'_>) {
        let _ = (boundary, drive);
    }

    /// True values of all signals in their declared units, in the order of [`crate::TAGS`].
    pub fn values(&self) -> &[f64; TAG_COUNT] {
        &self.values.values
    }

    /// True value of one signal.
    pub fn value(&self, tag: &str) -> Option<f64> {
        tag_index(tag).map(|index| self.values.values[index])
    }

    /// What no signal shows.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// Value of a parameter or malfunction by name.
    pub fn parameter(&self, name: &str) -> Option<f64> {
        self.parameters.get(name)
    }

    /// All parameters.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Changes a parameter or malfunction by name; takes effect with the next step.
    pub fn set_parameter(&mut self, name: &str, value: f64) -> Result<(), SimError> {
        self.parameters.set(name, value)
    }

    /// All parameter names with unit, limits and meaning.
    pub fn parameter_names() -> &'static [ParameterInfo] {
        Parameters::infos()
    }

    /// Carries out a request of an operator, or says why not.
    pub fn command(&mut self, command: &Command) -> Result<(), Refusal> {
        let _ = command;
        Ok(())
    }

    /// Hands an imposed plant over to its controllers without a bump: every loop adopts the recorded set point, output
    /// and mode.
    pub fn take_over(&mut self, measured: &Measured) {
        let _ = measured;
    }
}
