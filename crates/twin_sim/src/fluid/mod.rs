//! What flows: water along its liquid line, liquids the plant file describes, and gases as ideal gases.
//!
//! Liquids are nearly incompressible here. Their energy is `u(T) = ∫ cp dT` from 273.15 K; pressure does work on them
//! that the components account for where it turns into heat.

mod described;
mod gas;
#[cfg(test)]
mod if97;
pub mod moist_air;
mod orifice;
#[cfg(test)]
mod tests;
mod water;

use serde::{Deserialize, Serialize};

pub use described::{DescribedLiquid, VapourPoint, VapourPressure, WarmViscosity};
pub use gas::{Gas, ReferenceState};
pub use orifice::{GasState, Orifice};

/// Zero of the energy of every liquid, K.
pub const ZERO_K: f64 = 273.15;

/// A liquid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Liquid {
    /// Water, 0 to 200 °C; beyond, the properties at the ends stand.
    #[default]
    Water,
    /// A liquid described by its constants.
    Described(DescribedLiquid),
}

impl Liquid {
    /// Density, kg/m³, at a temperature in K, 1 bar above the vapour pressure.
    ///
    /// Water: within 10⁻⁵ of IAPWS-IF97 on that line, and 5·10⁻⁴ off for every MPa away from it below
    /// 100 °C.
    pub fn density_kg_m3(&self, temp_k: f64) -> f64 {
        match self {
            Self::Water => water::density_kg_m3(temp_k),
            Self::Described(liquid) => liquid.density_kg_m3(temp_k),
        }
    }

    /// Density, kg/m³, at a temperature in K and an absolute pressure in Pa.
    ///
    /// Water: within 10⁻⁵ of IAPWS-IF97 from saturation to 1 MPa, 3·10⁻⁵ to 5 MPa, 2·10⁻⁴ to 10 MPa.
    pub fn density_at_kg_m3(&self, temp_k: f64, pressure_pa: f64) -> f64 {
        match self {
            Self::Water => water::density_at_kg_m3(temp_k, pressure_pa),
            Self::Described(liquid) => liquid.density_at_kg_m3(temp_k, pressure_pa),
        }
    }

    /// Heat capacity at constant pressure, J/(kg·K), at a temperature in K: the derivative of [`Self::energy_j_kg`].
    ///
    /// Water: within 7·10⁻⁴ of IAPWS-IF97 from 0.1 to 1 MPa.
    pub fn cp_j_kg_k(&self, temp_k: f64) -> f64 {
        match self {
            Self::Water => water::cp_j_kg_k(temp_k),
            Self::Described(liquid) => liquid.cp_j_kg_k(temp_k),
        }
    }

    /// Energy above 273.15 K, J/kg, at a temperature in K: the heat that warms the liquid at constant pressure.
    ///
    /// Water: within 4.2·10⁻⁴ of IAPWS-IF97 at 0.1 MPa and 6·10⁻⁴ at 1 MPa.
    pub fn energy_j_kg(&self, temp_k: f64) -> f64 {
        match self {
            Self::Water => water::energy_j_kg(temp_k),
            Self::Described(liquid) => liquid.energy_j_kg(temp_k),
        }
    }

    /// Temperature in K that belongs to an energy in J/kg: the inverse of [`Self::energy_j_kg`], in a fixed number of operations.
    pub fn temp_k(&self, energy_j_kg: f64) -> f64 {
        match self {
            Self::Water => water::temp_k(energy_j_kg),
            Self::Described(liquid) => liquid.temp_k(energy_j_kg),
        }
    }

    /// Viscosity, Pa·s, at a temperature in K.
    ///
    /// Water: within 2·10⁻⁴ of IAPWS R12-08 at 0.1 MPa, 1.3·10⁻³ at 1 MPa.
    pub fn viscosity_pa_s(&self, temp_k: f64) -> f64 {
        match self {
            Self::Water => water::viscosity_pa_s(temp_k),
            Self::Described(liquid) => liquid.viscosity_pa_s(temp_k),
        }
    }

    /// Thermal conductivity, W/(m·K), at a temperature in K; `None` where the description of the liquid gives none.
    ///
    /// Water: within 3·10⁻⁴ of IAPWS R15-11 at 0.1 MPa, 1.3·10⁻³ at 1 MPa.
    pub fn conductivity_w_m_k(&self, temp_k: f64) -> Option<f64> {
        match self {
            Self::Water => Some(water::conductivity_w_m_k(temp_k)),
            Self::Described(liquid) => liquid.conductivity_w_m_k(temp_k),
        }
    }

    /// Vapour pressure, Pa absolute, at a temperature in K; `None` where the description of the liquid gives none.
    ///
    /// Water: IAPWS-IF97 itself, 0 °C to the critical point, held outside.
    pub fn vapour_pressure_pa(&self, temp_k: f64) -> Option<f64> {
        match self {
            Self::Water => Some(water::vapour_pressure_pa(temp_k)),
            Self::Described(liquid) => liquid.vapour_pressure_pa(temp_k),
        }
    }

    /// Boiling temperature, K, at an absolute pressure in Pa; `None` where the liquid has none: below the triple point or
    /// above the critical point of water, beyond the curve of a described liquid, or where its description gives no curve.
    pub fn boiling_k(&self, pressure_pa: f64) -> Option<f64> {
        match self {
            Self::Water => water::boiling_k(pressure_pa),
            Self::Described(liquid) => liquid.boiling_k(pressure_pa),
        }
    }
}
