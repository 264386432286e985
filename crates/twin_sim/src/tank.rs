//! Vertical tanks and the tower basin: mixed mass and temperature.

use serde::{Deserialize, Serialize};

use crate::water::{CONDENSATE_CP_J_KG_K, density_kg_m3};

/// A mixed vertical vessel with straight walls.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tank {
    /// Contents, kg.
    pub mass_kg: f64,
    /// Temperature, °C.
    pub temp_c: f64,
}

impl Tank {
    /// A tank at `level_pct` with `m3_per_pct`.
    pub fn filled(level_pct: f64, m3_per_pct: f64, temp_c: f64) -> Self {
        Self { mass_kg: level_pct * m3_per_pct * density_kg_m3(temp_c), temp_c }
    }

    /// Level in % with `m3_per_pct`.
    pub fn level_pct(&self, m3_per_pct: f64) -> f64 {
        self.mass_kg / density_kg_m3(self.temp_c) / m3_per_pct
    }

    /// Integrates `dt_secs`: `inflow_kg_s` at `inflow_c`, `out_kg_s` at tank temperature, `heat_w` into the contents.
    pub fn step(&mut self, dt_secs: f64, inflow_kg_s: f64, inflow_c: f64, out_kg_s: f64, heat_w: f64) {
        let heat_k_kg = (inflow_kg_s * (inflow_c - self.temp_c) + heat_w / CONDENSATE_CP_J_KG_K) * dt_secs;
        self.mass_kg = (self.mass_kg + (inflow_kg_s - out_kg_s) * dt_secs).max(100.0);
        self.temp_c += heat_k_kg / self.mass_kg.max(1000.0);
    }
}
