//! An assembled plant: everything about it that never changes.

use std::collections::BTreeMap;

use super::balance::Balance;
use super::circuit::Circuit;
use super::component::{Bench, Component};
use super::state::{Notes, STATE_VERSION, State};
use crate::SimError;
use crate::sheet::ParameterSheet;

/// A parameter of one component.
#[derive(Clone, Debug)]
pub struct PlantParameter {
    /// `<component>.<parameter>`.
    pub name: String,
    /// Its row in the sheet.
    pub sheet: &'static ParameterSheet,
    /// Value in the plant file, or the sheet's.
    pub value: f64,
}

/// A point or tag.
#[derive(Clone, Debug)]
pub struct PlantPoint {
    /// `<component>.<quantity>`, or a tag.
    pub name: String,
    /// Index into the points of a state.
    pub index: usize,
    /// Unit as shown; empty for a tag, whose unit is the plant file's.
    pub unit: &'static str,
}

/// A tag: where it is read and how it is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag {
    pub index: usize,
    pub point: usize,
    pub scale: f64,
    pub offset: f64,
    pub low: f64,
    pub high: f64,
}

/// A plant. Shared by all its states.
#[derive(Debug)]
pub struct Plant {
    pub(super) step_secs: f64,
    pub(super) components: Vec<Box<dyn Component>>,
    pub(super) names: Vec<String>,
    pub(super) circuit: Circuit,
    pub(super) parameters: Vec<PlantParameter>,
    pub(super) points: Vec<PlantPoint>,
    pub(super) by_name: BTreeMap<String, usize>,
    pub(super) parameter_by_name: BTreeMap<String, usize>,
    pub(super) constants: Vec<(usize, f64)>,
    pub(super) tags: Vec<Tag>,
    pub(super) state_count: usize,
    pub(super) note_count: usize,
    pub(super) point_count: usize,
    pub(super) layout: u64,
}

impl Plant {
    /// Length of one step, s.
    pub fn step_secs(&self) -> f64 {
        self.step_secs
    }

    /// Names of the components, in their order.
    pub fn components(&self) -> &[String] {
        &self.names
    }

    /// All points and tags.
    pub fn points(&self) -> &[PlantPoint] {
        &self.points
    }

    /// Index of a point or tag by name.
    pub fn point(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// All parameters.
    pub fn parameters(&self) -> &[PlantParameter] {
        &self.parameters
    }

    /// Index of a parameter by name.
    pub fn parameter(&self, name: &str) -> Option<usize> {
        self.parameter_by_name.get(name).copied()
    }

    /// Changes a parameter of a state. Fails for an unknown name and for a value outside its limits; takes effect with
    /// the next step.
    pub fn set_parameter(&self, state: &mut State, name: &str, value: f64) -> Result<(), SimError> {
        let index = self.parameter(name).ok_or_else(|| SimError::UnknownParameter(name.to_owned()))?;
        let sheet = self.parameters[index].sheet;
        // The negated test also refuses NaN.
        if !(sheet.min..=sheet.max).contains(&value) {
            return Err(SimError::OutOfRange { name: sheet.name, value, min: sheet.min, max: sheet.max });
        }
        state.parameters[index] = value;
        Ok(())
    }

    /// Fingerprint of the layout: two plants with the same one can exchange states.
    pub fn layout(&self) -> u64 {
        self.layout
    }

    pub(super) fn parameter_count(&self) -> usize {
        self.parameters.len()
    }

    pub(super) fn state_count(&self) -> usize {
        self.state_count
    }

    pub(super) fn point_count(&self) -> usize {
        self.point_count
    }

    /// The plant as its components start, before the first step.
    pub fn start(&self) -> State {
        let mut state = State {
            version: STATE_VERSION,
            layout: self.layout,
            steps: 0,
            parameters: self.parameters.iter().map(|parameter| parameter.value).collect(),
            states: vec![0.0; self.state_count],
            points: vec![0.0; self.point_count],
            balance: Balance::default(),
            opening: (0.0, 0.0),
            trouble: 0,
            notes: Notes::default(),
        };
        for &(index, value) in &self.constants {
            state.points[index] = value;
        }
        self.circuit.start(&mut state.points);
        self.with_bench(&mut state, |bench, _| {
            for component in &self.components {
                component.start(bench);
            }
        });
        self.write_tags(&mut state.points);
        state.opening = self.inventory(&mut state);
        state
    }

    /// Opens the arrays of a state to the components.
    pub(super) fn with_bench<T>(
        &self,
        state: &mut State,
        work: impl FnOnce(&mut Bench, (&mut super::circuit::Notes, &mut super::thermal::Route)) -> T,
    ) -> T {
        state.notes.component.resize(self.note_count, 0.0);
        let time_secs = state.steps as f64 * self.step_secs;
        let mut bench = Bench {
            p: &state.parameters,
            x: &mut state.states,
            y: &mut state.points,
            n: &mut state.notes.component,
            balance: &mut state.balance,
            dt_secs: self.step_secs,
            time_secs,
        };
        work(&mut bench, (&mut state.notes.circuit, &mut state.notes.route))
    }

    /// Mass in kg and energy in J held by all components.
    pub fn inventory(&self, state: &mut State) -> (f64, f64) {
        self.with_bench(state, |bench, _| {
            self.components.iter().fold((0.0, 0.0), |(mass, energy), component| {
                let (own_mass, own_energy) = component.inventory(bench);
                (mass + own_mass, energy + own_energy)
            })
        })
    }

    /// Relative residual of mass and energy since the start: what is held, less what was held at the start, less what
    /// came in, divided by what moved or is held, whichever is larger.
    pub fn residual(&self, state: &mut State) -> (f64, f64) {
        let (mass, energy) = self.inventory(state);
        let balance = state.balance;
        let (opening_mass, opening_energy) = state.opening;
        let relative = |held: f64, opening: f64, came: f64, moved: f64| {
            let yardstick = moved.max(held.abs()).max(f64::MIN_POSITIVE);
            ((held - opening) - came).abs() / yardstick
        };
        (
            relative(mass, opening_mass, balance.mass_kg.value(), balance.mass_moved_kg.value()),
            relative(energy, opening_energy, balance.energy_j.value(), balance.energy_moved_j.value()),
        )
    }

    pub(super) fn write_tags(&self, points: &mut [f64]) {
        for tag in &self.tags {
            points[tag.index] = (points[tag.point] * tag.scale + tag.offset).clamp(tag.low, tag.high);
        }
    }
}
