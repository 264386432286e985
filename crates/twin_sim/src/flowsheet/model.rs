//! A plant and one state of it, as those hold it who let it run.

use std::sync::Arc;

use super::component::Request;
use super::plant::Plant;
use super::state::{State, StateError};
use super::step::Drive;
use crate::SimError;
use crate::command::Refusal;

/// A plant and one state of it. Cloning forks it: the plant itself is shared.
#[derive(Clone, Debug)]
pub struct Model {
    plant: Arc<Plant>,
    state: State,
}

impl PartialEq for Model {
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state
    }
}

impl Model {
    /// The plant settled in one of its conditions, with settings of its own on top.
    ///
    /// # Errors
    /// There is no such condition, or a setting that the plant refuses.
    pub fn start_in<'a>(plant: Arc<Plant>, condition: &str, settings: impl IntoIterator<Item = (&'a str, f64)>) -> Result<Self, SimError> {
        let state = plant.start_in(condition, settings)?;
        Ok(Self { plant, state })
    }

    /// The plant as its components start.
    pub fn start(plant: Arc<Plant>) -> Self {
        let state = plant.start();
        Self { plant, state }
    }

    /// A saved state of the plant.
    ///
    /// # Errors
    /// The state belongs to another plant, or was written by another version.
    pub fn restore(plant: Arc<Plant>, state: State) -> Result<Self, StateError> {
        state.check(&plant)?;
        Ok(Self { plant, state })
    }

    /// What never changes.
    pub fn plant(&self) -> &Arc<Plant> {
        &self.plant
    }

    /// What changes.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Simulated time since the start, s.
    pub fn elapsed_secs(&self) -> f64 {
        self.plant.time_secs(&self.state)
    }

    /// Advances by one step of the plant.
    pub fn advance(&mut self, drive: Drive) {
        self.plant.advance(&mut self.state, drive);
    }

    /// Takes over positions, states and what the controllers asked for without letting time pass, see [`Plant::adopt`].
    pub fn adopt(&mut self, readings: &[f64]) {
        self.plant.adopt(&mut self.state, readings);
    }

    /// True value of a tag by its number, in the unit of the tag.
    pub fn tag_value(&self, number: usize) -> f64 {
        self.plant.tag_value(&self.state, number)
    }

    /// Value of a tag or point by name.
    pub fn value(&self, name: &str) -> Option<f64> {
        self.plant.point(name).map(|index| self.state.point(index))
    }

    /// Tags of the latched interlocks, the first-out first.
    pub fn latched_interlocks(&self) -> Vec<&str> {
        self.plant.latched_interlocks(&self.state)
    }

    /// Value of a parameter, or of an input that nothing drives, by name or alias.
    pub fn setting(&self, name: &str) -> Option<f64> {
        self.plant.setting(&self.state, name)
    }

    /// Changes a parameter, or an input that nothing drives, by name or alias; takes effect with the next step.
    ///
    /// # Errors
    /// The name is unknown or the value outside its limits.
    pub fn set(&mut self, name: &str, value: f64) -> Result<(), SimError> {
        self.plant.set(&mut self.state, name, value)
    }

    /// Sets the input that a tag measures, see [`Plant::drive_input`].
    pub fn drive_input(&mut self, number: usize, reading: f64) -> bool {
        self.plant.drive_input(&mut self.state, number, reading)
    }

    /// Hands a request of an operator to the component of this tag.
    ///
    /// # Errors
    /// There is no such component, or it refuses; nothing is changed then.
    pub fn request(&mut self, tag: &str, request: Request) -> Result<(), Refusal> {
        self.plant.request(&mut self.state, tag, request)
    }
}
