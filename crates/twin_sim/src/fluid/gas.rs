//! Compressed air and other gases as ideal gases with a constant heat capacity.

use serde::{Deserialize, Serialize};

use super::ZERO_K;

/// An ideal gas with a constant heat capacity.
///
/// For air against the real gas (Lemmon 2000, CoolProp 8) from 0 to 100 °C: the density is 0.06 % low at 1 bar and up to 0.6 % at
/// 10 bar, the heat capacity up to 0.7 % low at 1 bar and 1.9 % at 10 bar.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gas {
    /// Specific gas constant, J/(kg·K).
    pub gas_constant_j_kg_k: f64,
    /// Heat capacity at constant pressure, J/(kg·K); above the gas constant.
    pub cp_j_kg_k: f64,
    /// Factor of Sutherland's law, kg/(m·s·K½).
    pub sutherland_factor_kg_m_s_k05: f64,
    /// Sutherland's temperature, K.
    pub sutherland_k: f64,
}

/// The pressure and temperature at which a volume of gas is counted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceState {
    /// Absolute pressure, Pa.
    pub pressure_pa: f64,
    /// Temperature, K.
    pub temp_k: f64,
}

impl ReferenceState {
    /// The normal cubic metre (Nm³): 0 °C, 1.01325 bar. Source: DIN 1343.
    pub const NORMAL: Self = Self { pressure_pa: 101_325.0, temp_k: 273.15 };
    /// The standard atmosphere at sea level: 15 °C, 1.01325 bar. Source: ISO 2533; the same as the standard m³ of ISO 13443.
    pub const STANDARD: Self = Self { pressure_pa: 101_325.0, temp_k: 288.15 };
    /// Free air of a compressor's data sheet: 20 °C, 1 bar, dry. Source: ISO 1217, annex C.
    pub const FREE_AIR: Self = Self { pressure_pa: 1e5, temp_k: 293.15 };
}

impl Gas {
    /// Dry air. Source: ISO 2533: R = 287.05287 J/(kg·K), κ = 1.4, βs = 1.458·10⁻⁶, S = 110.4 K.
    pub const AIR: Self =
        Self { gas_constant_j_kg_k: 287.052_87, cp_j_kg_k: 3.5 * 287.052_87, sutherland_factor_kg_m_s_k05: 1.458e-6, sutherland_k: 110.4 };

    /// Says in one sentence what is wrong with the definition.
    pub fn check(&self) -> Result<(), String> {
        let finite = self.cp_j_kg_k.is_finite() && self.sutherland_factor_kg_m_s_k05.is_finite() && self.sutherland_k.is_finite();
        if !(self.gas_constant_j_kg_k > 0.0 && self.cp_j_kg_k > self.gas_constant_j_kg_k && finite) {
            return Err(format!(
                "a gas constant of {} and a heat capacity of {} J/(kg·K) belong to no gas: 0 < gas_constant_j_kg_k < cp_j_kg_k",
                self.gas_constant_j_kg_k, self.cp_j_kg_k
            ));
        }
        if !(self.sutherland_factor_kg_m_s_k05 > 0.0 && self.sutherland_k >= 0.0) {
            return Err("the constants of Sutherland's law must be positive".to_owned());
        }
        Ok(())
    }

    /// Heat capacity at constant volume, J/(kg·K).
    pub fn cv_j_kg_k(&self) -> f64 {
        self.cp_j_kg_k - self.gas_constant_j_kg_k
    }

    /// Ratio of the heat capacities, the isentropic exponent.
    pub fn gamma(&self) -> f64 {
        self.cp_j_kg_k / self.cv_j_kg_k()
    }

    /// Density, kg/m³, at an absolute pressure in Pa and a temperature in K: `ρ = p / (R·T)`.
    pub fn density_kg_m3(&self, pressure_pa: f64, temp_k: f64) -> f64 {
        pressure_pa / (self.gas_constant_j_kg_k * temp_k)
    }

    /// Internal energy above 273.15 K, J/kg: what a kilogram in a receiver holds.
    pub fn energy_j_kg(&self, temp_k: f64) -> f64 {
        self.cv_j_kg_k() * (temp_k - ZERO_K)
    }

    /// Temperature in K that belongs to an internal energy in J/kg.
    pub fn temp_k(&self, energy_j_kg: f64) -> f64 {
        ZERO_K + energy_j_kg / self.cv_j_kg_k()
    }

    /// Enthalpy, J/kg, that a flow carries: internal energy and the work of pushing it, `cp·(T - 273.15 K) + R·273.15 K`, so that
    /// `h = u + p/ρ` holds.
    pub fn enthalpy_j_kg(&self, temp_k: f64) -> f64 {
        self.energy_j_kg(temp_k) + self.gas_constant_j_kg_k * temp_k
    }

    /// Viscosity, Pa·s. Source: Sutherland's law, `μ = βs·T^1.5 / (T + S)`; for air within 0.8 % at 1 bar from 0 to 100 °C.
    pub fn viscosity_pa_s(&self, temp_k: f64) -> f64 {
        self.sutherland_factor_kg_m_s_k05 * temp_k * temp_k.sqrt() / (temp_k + self.sutherland_k)
    }

    /// Speed of sound, m/s: `√(γ·R·T)`.
    pub fn sound_m_s(&self, temp_k: f64) -> f64 {
        (self.gamma() * self.gas_constant_j_kg_k * temp_k).sqrt()
    }

    /// Ratio of the absolute pressures below which an ideal nozzle chokes: `(2/(γ+1))^(γ/(γ-1))`, 0.528 for air.
    pub fn critical_ratio(&self) -> f64 {
        let gamma = self.gamma();
        libm::pow(2.0 / (gamma + 1.0), gamma / (gamma - 1.0))
    }

    /// Temperature, K, after a compression by a ratio of absolute pressures along `p·vⁿ = const`: `T₂ = T₁·r^((n-1)/n)`.
    pub fn compressed_k(&self, inlet_k: f64, ratio: f64, exponent: f64) -> f64 {
        inlet_k * libm::pow(ratio, (exponent - 1.0) / exponent)
    }

    /// Shaft work, J/kg, of a steady compression from a temperature in K by a ratio of absolute pressures along `p·vⁿ = const`.
    ///
    /// The exponent is γ for an isentropic, 1 for an isothermal compression; between them the jacket takes heat away.
    /// Source: the technical work `∫ v dp = n/(n-1)·R·T₁·(r^((n-1)/n) - 1)`, e.g. Baehr & Kabelac, Thermodynamik, §6.
    pub fn compression_work_j_kg(&self, inlet_k: f64, ratio: f64, exponent: f64) -> f64 {
        let power = (exponent - 1.0) / exponent;
        let log = libm::log(ratio);
        // (r^a - 1)/a, which goes to ln r where the exponent goes to 1.
        let stretch = if power == 0.0 { log } else { libm::expm1(power * log) / power };
        self.gas_constant_j_kg_k * inlet_k * stretch
    }

    /// Shaft power, W, of a machine that compresses a mass flow in kg/s isentropically, over its isentropic efficiency (0 to 1).
    pub fn isentropic_power_w(&self, flow_kg_s: f64, inlet_k: f64, ratio: f64, efficiency: f64) -> f64 {
        flow_kg_s * self.compression_work_j_kg(inlet_k, ratio, self.gamma()) / efficiency
    }

    /// Shaft power, W, of a machine that compresses a mass flow in kg/s along `p·vⁿ = const`, over its mechanical efficiency
    /// (0 to 1).
    pub fn polytropic_power_w(&self, flow_kg_s: f64, inlet_k: f64, ratio: f64, exponent: f64, efficiency: f64) -> f64 {
        flow_kg_s * self.compression_work_j_kg(inlet_k, ratio, exponent) / efficiency
    }

    /// The exponent n of an adiabatic machine with a polytropic efficiency (above (γ-1)/γ): `(n-1)/n = (γ-1)/(γ·η)`.
    /// Source: ISO 5389. The shaft work is then the polytropic work over the same efficiency.
    pub fn polytropic_exponent(&self, efficiency: f64) -> f64 {
        let gamma = self.gamma();
        1.0 / (1.0 - (gamma - 1.0) / (gamma * efficiency))
    }

    /// Mass flow, kg/s, of a volume flow in m³/s counted at a reference state, such as a free air delivery.
    pub fn mass_flow_kg_s(&self, flow_m3_s: f64, reference: ReferenceState) -> f64 {
        flow_m3_s * self.density_kg_m3(reference.pressure_pa, reference.temp_k)
    }

    /// Volume flow, m³/s at a reference state, of a mass flow in kg/s.
    pub fn volume_flow_m3_s(&self, flow_kg_s: f64, reference: ReferenceState) -> f64 {
        flow_kg_s / self.density_kg_m3(reference.pressure_pa, reference.temp_k)
    }

    /// Volume flow in Nm³/h (0 °C, 1.01325 bar: DIN 1343) of a mass flow in kg/s.
    pub fn normal_m3_h(&self, flow_kg_s: f64) -> f64 {
        3600.0 * self.volume_flow_m3_s(flow_kg_s, ReferenceState::NORMAL)
    }
}
