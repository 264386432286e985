//! An assembled plant: everything about it that never changes.

use std::collections::BTreeMap;

use super::balance::Balance;
use super::blueprint::ConditionDocument;
use super::circuit::Circuit;
use super::component::{Bench, Component, Request};
use super::state::{Notes, STATE_VERSION, State};
use crate::SimError;
use crate::command::Refusal;
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
    /// Point of what the controllers see: the reading of the real plant, the model's own value where there is none.
    pub seen: usize,
    pub point: usize,
    pub scale: f64,
    pub offset: f64,
    pub low: f64,
    pub high: f64,
    /// Point of the input it measures.
    pub drives: Option<usize>,
}

/// A plant. Shared by all its states.
#[derive(Debug)]
pub struct Plant {
    pub(super) step_secs: f64,
    pub(super) event_secs: f64,
    /// Components in the order in which they move.
    pub(super) order: Vec<usize>,
    /// Components that a tag shows, in the order in which they move.
    pub(super) shown: Vec<usize>,
    /// Components by the tags operators call them by.
    pub(super) calls: BTreeMap<String, usize>,
    pub(super) alias_names: Vec<String>,
    /// Interlocks: tag, point of the latch, point of the time at which it acted.
    pub(super) interlocks: Vec<(String, usize, usize)>,
    pub(super) tag_names: Vec<String>,
    pub(super) tag_numbers: BTreeMap<String, usize>,
    pub(super) components: Vec<Box<dyn Component>>,
    pub(super) names: Vec<String>,
    pub(super) circuit: Circuit,
    pub(super) parameters: Vec<PlantParameter>,
    pub(super) points: Vec<PlantPoint>,
    pub(super) by_name: BTreeMap<String, usize>,
    pub(super) parameter_by_name: BTreeMap<String, Vec<usize>>,
    pub(super) constants: Vec<(usize, f64)>,
    pub(super) conditions: BTreeMap<String, ConditionDocument>,
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

    /// Index of a parameter by name; the first of those an alias sets together.
    pub fn parameter(&self, name: &str) -> Option<usize> {
        self.parameter_by_name.get(name)?.first().copied()
    }

    /// Names people use for parameters and inputs, as the plant file gives them.
    pub fn aliases(&self) -> &[String] {
        &self.alias_names
    }

    /// Settled states to start from, by name.
    pub fn conditions(&self) -> &BTreeMap<String, ConditionDocument> {
        &self.conditions
    }

    /// Changes a parameter of a state, or all parameters an alias sets together. Fails for an unknown name and for a value
    /// outside the limits of one of them; takes effect with the next step.
    pub fn set_parameter(&self, state: &mut State, name: &str, value: f64) -> Result<(), SimError> {
        let indices = self.parameter_by_name.get(name).ok_or_else(|| SimError::UnknownParameter(name.to_owned()))?;
        for &index in indices {
            let sheet = self.parameters[index].sheet;
            // The negated test also refuses NaN.
            if !(sheet.min..=sheet.max).contains(&value) {
                return Err(SimError::OutOfRange { name: name.to_owned(), value, min: sheet.min, max: sheet.max });
            }
        }
        for &index in indices {
            state.parameters[index] = value;
        }
        Ok(())
    }

    /// Changes a parameter or an input that nothing drives, by its name or alias: what a person may turn.
    pub fn set(&self, state: &mut State, name: &str, value: f64) -> Result<(), SimError> {
        if self.parameter_by_name.contains_key(name) {
            return self.set_parameter(state, name, value);
        }
        self.set_input(state, name, value)
    }

    /// Value of a parameter or an input that nothing drives, by its name or alias.
    pub fn setting(&self, state: &State, name: &str) -> Option<f64> {
        match self.parameter(name) {
            Some(index) => Some(state.parameter(index)),
            None => self.input(name).map(|index| state.point(index)),
        }
    }

    /// Point of an input that nothing drives.
    fn input(&self, name: &str) -> Option<usize> {
        self.point(name).filter(|index| self.constants.binary_search_by_key(index, |(index, _)| *index).is_ok())
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
        self.start_with(|_| {})
    }

    /// The plant settled in a condition, with settings of its own on top; its clock and its ledger start there.
    ///
    /// # Errors
    /// There is no such condition, or a setting that the plant refuses.
    pub fn start_in<'a>(&self, condition: &str, settings: impl IntoIterator<Item = (&'a str, f64)>) -> Result<State, SimError> {
        let condition = self.conditions.get(condition).ok_or_else(|| SimError::UnknownCondition(condition.to_owned()))?;
        let mut outcome = Ok(());
        let mut state = self.start_with(|state| {
            let mut own = condition.settings.iter();
            outcome = own
                .try_for_each(|(name, &value)| self.set(state, name, value))
                .and_then(|()| settings.into_iter().try_for_each(|(name, value)| self.set(state, name, value)));
        });
        outcome?;
        let steps = (condition.settle_secs / self.step_secs).round().max(0.0) as u64;
        (0..steps).for_each(|_| self.step(&mut state));
        state.steps = 0;
        state.trouble = 0;
        state.balance = Balance::default();
        state.opening = self.inventory(&mut state);
        Ok(state)
    }

    fn start_with(&self, prepare: impl FnOnce(&mut State)) -> State {
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
        prepare(&mut state);
        self.circuit.start(&mut state.points);
        self.with_bench(&mut state, &[], |bench, _| {
            for &index in &self.order {
                self.components[index].start(bench);
            }
        });
        self.write_tags(&mut state.points);
        self.see(&mut state.points, &[]);
        self.with_bench(&mut state, &[], |bench, _| {
            for &index in &self.order {
                self.components[index].started(bench);
            }
        });
        self.write_tags(&mut state.points);
        self.see(&mut state.points, &[]);
        state.opening = self.inventory(&mut state);
        state
    }

    /// Tags of the plant; a reading has the number of its tag in this list.
    pub fn tags(&self) -> &[String] {
        &self.tag_names
    }

    /// Value of a tag, by its number, as an ideal instrument shows it.
    pub fn tag_value(&self, state: &State, number: usize) -> f64 {
        self.tags.get(number).map_or(f64::NAN, |tag| state.point(tag.index))
    }

    /// Changes an input that nothing in the plant drives: the flow of a source, the weather. Fails for an unknown name and
    /// for what is not a number; takes effect with the next step.
    pub fn set_input(&self, state: &mut State, name: &str, value: f64) -> Result<(), SimError> {
        let index = self.input(name).ok_or_else(|| SimError::UnknownParameter(name.to_owned()))?;
        if !value.is_finite() {
            return Err(SimError::OutOfRange { name: name.to_owned(), value, min: f64::MIN, max: f64::MAX });
        }
        state.points[index] = value;
        Ok(())
    }

    /// Takes over what is measured of a real plant without letting time pass: positions, states, speeds, and what its
    /// controllers asked for. From there the plant goes on by itself without a bump.
    pub fn adopt(&self, state: &mut State, readings: &[f64]) {
        self.see(&mut state.points, readings);
        self.with_bench(state, readings, |bench, _| {
            bench.dt_secs = 0.0;
            for &index in &self.order {
                let component = &self.components[index];
                if component.seat().follows.iter().any(Option::is_some) {
                    component.follow(bench);
                }
            }
        });
        self.write_tags(&mut state.points);
    }

    /// Sets the input that a tag measures to a reading in the unit of the tag. False for a tag that measures none.
    pub fn drive_input(&self, state: &mut State, number: usize, reading: f64) -> bool {
        let Some(tag) = self.tags.get(number) else { return false };
        let Some(input) = tag.drives.filter(|_| reading.is_finite()) else { return false };
        state.points[input] = (reading - tag.offset) / tag.scale;
        true
    }

    /// Whether a tag measures an input that nothing in the plant drives.
    pub fn drives_input(&self, number: usize) -> bool {
        self.tags.get(number).is_some_and(|tag| tag.drives.is_some())
    }

    /// Tags of the latched interlocks, the first-out first.
    pub fn latched_interlocks(&self, state: &State) -> Vec<&str> {
        let latched = self.interlocks.iter().filter(|(_, latched, _)| state.point(*latched) > 0.5);
        let mut acted: Vec<(f64, &str)> = latched.map(|(tag, _, acted_at)| (state.point(*acted_at), tag.as_str())).collect();
        acted.sort_by(|a, b| a.0.total_cmp(&b.0));
        acted.into_iter().map(|(_, tag)| tag).collect()
    }

    /// Number of a tag.
    pub fn tag(&self, name: &str) -> Option<usize> {
        self.tag_numbers.get(name).copied()
    }

    /// Hands a request of an operator to the component of this tag. What it changes shows with the next step.
    ///
    /// # Errors
    /// There is no such component, or it refuses; the plant is unchanged.
    pub fn request(&self, state: &mut State, tag: &str, request: Request) -> Result<(), Refusal> {
        let component = *self.calls.get(tag).ok_or_else(|| Refusal::Unknown(tag.to_owned()))?;
        self.with_bench(state, &[], |bench, _| self.components[component].request(bench, request))
    }

    /// Lays readings over the tags for those who look at them.
    pub(super) fn see(&self, points: &mut [f64], readings: &[f64]) {
        for (number, tag) in self.tags.iter().enumerate() {
            let reading = readings.get(number).copied().filter(|reading| reading.is_finite());
            points[tag.seen] = reading.unwrap_or(points[tag.index]);
        }
    }

    /// Opens the arrays of a state to the components.
    pub(super) fn with_bench<T>(
        &self,
        state: &mut State,
        readings: &[f64],
        work: impl FnOnce(&mut Bench, (&mut super::circuit::Notes, &mut super::thermal::Route)) -> T,
    ) -> T {
        state.notes.component.resize(self.note_count, 0.0);
        let time_secs = state.steps as f64 * self.step_secs;
        let mut bench = Bench {
            readings,
            p: &mut state.parameters,
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
        self.with_bench(state, &[], |bench, _| {
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
