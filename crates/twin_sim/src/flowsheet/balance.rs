//! What a plant took in and gave away, against what it holds.

use serde::{Deserialize, Serialize};

/// Sums since the start, of everything that crossed the boundary of the plant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// Mass that came in, less mass that left, kg.
    pub mass_kg: Sum,
    /// Energy that came in with mass, as heat or as shaft power, less what left, J.
    pub energy_j: Sum,
    /// Mass that crossed the boundary either way, kg: the yardstick of the mass residual.
    pub mass_moved_kg: Sum,
    /// Energy that crossed the boundary either way, J: the yardstick of the energy residual.
    pub energy_moved_j: Sum,
}

/// A sum that keeps what each addition rounds away (Neumaier).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sum {
    total: f64,
    rest: f64,
}

impl Sum {
    /// Adds one term.
    pub fn add(&mut self, term: f64) {
        let next = self.total + term;
        self.rest += if self.total.abs() >= term.abs() { (self.total - next) + term } else { (term - next) + self.total };
        self.total = next;
    }

    /// The sum.
    pub fn value(&self) -> f64 {
        self.total + self.rest
    }
}

impl Balance {
    /// Mass in kg, and the energy in J it brings, that came in (positive) or left (negative).
    pub fn cross(&mut self, mass_kg: f64, energy_j: f64) {
        self.mass_kg.add(mass_kg);
        self.mass_moved_kg.add(mass_kg.abs());
        self.heat(energy_j);
    }

    /// Heat or work in J that came in (positive) or left (negative).
    pub fn heat(&mut self, energy_j: f64) {
        self.energy_j.add(energy_j);
        self.energy_moved_j.add(energy_j.abs());
    }
}
