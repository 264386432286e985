//! All that changes in a plant, as one value.

use serde::{Deserialize, Serialize};

use super::balance::Balance;
use super::numbers::{self, bits};
use super::plant::Plant;
use super::thermal::Route;

/// Version of the layout of a saved state. A state of another version is refused.
pub const STATE_VERSION: u32 = 1;

/// Why a saved state does not fit a plant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Written by another version of the program.
    #[error("the saved state has version {found}, this program reads version {STATE_VERSION}")]
    Version {
        /// Version found.
        found: u32,
    },
    /// Of a plant with other components.
    #[error("the saved state belongs to a plant with other components: start the simulation anew")]
    OtherPlant,
}

/// The state of a plant. Cloning forks it, serialising saves it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    pub(super) version: u32,
    pub(super) layout: u64,
    pub(super) steps: u64,
    #[serde(with = "numbers")]
    pub(super) parameters: Vec<f64>,
    #[serde(with = "numbers")]
    pub(super) states: Vec<f64>,
    #[serde(with = "numbers")]
    pub(super) points: Vec<f64>,
    pub(super) balance: Balance,
    pub(super) opening: (f64, f64),
    /// What the last step had to say: bit set of [`super::step`].
    pub(super) trouble: u32,
    #[serde(skip)]
    pub(super) notes: Notes,
}

/// What a step needs and no later step reads.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    pub component: Vec<f64>,
    pub circuit: super::circuit::Notes,
    pub route: Route,
    pub events: EventNotes,
}

/// Where a step began, to go back to when an event lies inside it.
#[derive(Clone, Debug, Default)]
pub(super) struct EventNotes {
    pub values: Vec<f64>,
    pub before: Vec<bool>,
    pub now: Vec<bool>,
    states: Vec<f64>,
    points: Vec<f64>,
    balance: Balance,
}

/// States are equal when every number that a later step reads has the same bits.
impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| bits(*a) == bits(*b));
        self.layout == other.layout
            && self.steps == other.steps
            && same(&self.parameters, &other.parameters)
            && same(&self.states, &other.states)
            && same(&self.points, &other.points)
    }
}

impl State {
    /// Whether this state can run on `plant`.
    pub fn check(&self, plant: &Plant) -> Result<(), StateError> {
        if self.version != STATE_VERSION {
            return Err(StateError::Version { found: self.version });
        }
        let fits = self.layout == plant.layout()
            && self.parameters.len() == plant.parameter_count()
            && self.states.len() == plant.state_count()
            && self.points.len() == plant.point_count();
        if fits { Ok(()) } else { Err(StateError::OtherPlant) }
    }

    /// Steps since the start.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Value of a point by its index.
    pub fn point(&self, index: usize) -> f64 {
        self.points.get(index).copied().unwrap_or(f64::NAN)
    }

    /// Values of all points.
    pub fn points(&self) -> &[f64] {
        &self.points
    }

    /// Value of a parameter by its index.
    pub fn parameter(&self, index: usize) -> f64 {
        self.parameters.get(index).copied().unwrap_or(f64::NAN)
    }

    pub(super) fn move_parameter(&mut self, index: usize, value: f64) {
        if let Some(parameter) = self.parameters.get_mut(index) {
            *parameter = value;
        }
    }

    /// What the last step could not do: [`super::FLOWS_UNSETTLED`], [`super::FLOW_INFEASIBLE`]; 0 when all went well.
    pub fn trouble(&self) -> u32 {
        self.trouble
    }

    /// Sums over the boundary of the plant since the start.
    pub fn balance(&self) -> &Balance {
        &self.balance
    }

    /// Remembers where a step begins, without allocating.
    pub(super) fn remember(&mut self) {
        let events = &mut self.notes.events;
        events.states.clone_from(&self.states);
        events.points.clone_from(&self.points);
        events.balance = self.balance;
    }

    /// Goes back to where the step began.
    pub(super) fn go_back(&mut self) {
        let events = &self.notes.events;
        self.states.clone_from(&events.states);
        self.points.clone_from(&events.points);
        self.balance = events.balance;
    }

    /// A hash of every bit a later step reads (FNV-1a, 64 bits).
    pub fn hash(&self) -> u64 {
        let mut hash = Fnv::default();
        hash.add(self.steps);
        for value in self.parameters.iter().chain(&self.states).chain(&self.points) {
            hash.add(bits(*value));
        }
        hash.0
    }
}

/// FNV-1a over 64-bit words, byte by byte.
pub(super) struct Fnv(pub u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    pub fn add(&mut self, word: u64) {
        for byte in word.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
