//! Flow of compressed air through valves, nozzles, fittings and leaks.

use serde::{Deserialize, Serialize};

use super::gas::{Gas, ReferenceState};

/// Reference density of ISO 6358, kg/m³: air at 20 °C, 1 bar and 65 % relative humidity (ISO 8778).
const REFERENCE_DENSITY_KG_M3: f64 = 1.185;
/// Ratio of the pressures above which the flow grows with the pressure difference itself: the ellipse of ISO 6358 is infinitely
/// steep at equal pressures, where no solver can follow and where the real flow is laminar.
const LAMINAR_RATIO: f64 = 0.999;

/// Air on one side of an orifice.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GasState {
    /// Absolute pressure, Pa.
    pub pressure_pa: f64,
    /// Temperature, K.
    pub temp_k: f64,
}

/// Anything compressed air flows through, by the two figures of its data sheet. Source: ISO 6358-1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orifice {
    /// Sonic conductance C, m³/(s·Pa); 1 dm³/(s·bar) is 10⁻⁸ m³/(s·Pa).
    pub sonic_conductance_m3_s_pa: f64,
    /// Critical ratio b of the absolute pressures, below which the flow is choked; 0.2 to 0.528, for a diffuser more.
    pub critical_ratio: f64,
}

impl Orifice {
    /// A sharp hole or a leak of an area in m² with a discharge coefficient (0.6 sharp-edged to 0.98 rounded).
    ///
    /// Source: choked flow of an ideal gas, `ṁ = Cd·A·p₁·√(γ/(R·T₁))·(2/(γ+1))^((γ+1)/(2(γ-1)))`, in the form of ISO 6358.
    pub fn of_area(area_m2: f64, discharge_coefficient: f64, gas: &Gas) -> Self {
        let gamma = gas.gamma();
        let choked = libm::pow(2.0 / (gamma + 1.0), (gamma + 1.0) / (2.0 * (gamma - 1.0)));
        let reference = ReferenceState::FREE_AIR;
        let flow_per_pa = discharge_coefficient * area_m2 * choked * (gamma / (gas.gas_constant_j_kg_k * reference.temp_k)).sqrt();
        Self { sonic_conductance_m3_s_pa: flow_per_pa / REFERENCE_DENSITY_KG_M3, critical_ratio: gas.critical_ratio() }
    }

    /// Says in one sentence what is wrong with the figures.
    pub fn check(&self) -> Result<(), String> {
        if !(self.sonic_conductance_m3_s_pa >= 0.0 && self.sonic_conductance_m3_s_pa.is_finite()) {
            return Err(format!("sonic_conductance_m3_s_pa {} must not be negative", self.sonic_conductance_m3_s_pa));
        }
        if !(0.0..=0.95).contains(&self.critical_ratio) {
            return Err(format!("critical_ratio {} is not between 0 and 0.95", self.critical_ratio));
        }
        Ok(())
    }

    /// Mass flow, kg/s, from one side to the other; negative when the other side has the higher pressure.
    ///
    /// Source: ISO 6358-1: choked `ṁ = C·p₁·ρ₀·√(T₀/T₁)`, below by the factor `√(1 - ((r - b)/(1 - b))²)` with `r = p₂/p₁`, and a
    /// straight line through zero above r = 0.999.
    pub fn mass_flow_kg_s(&self, from: GasState, to: GasState) -> f64 {
        if from.pressure_pa >= to.pressure_pa { self.forward_kg_s(from, to.pressure_pa) } else { -self.forward_kg_s(to, from.pressure_pa) }
    }

    fn forward_kg_s(&self, upstream: GasState, downstream_pa: f64) -> f64 {
        if upstream.pressure_pa <= 0.0 {
            return 0.0;
        }
        let temp_share = (ReferenceState::FREE_AIR.temp_k / upstream.temp_k).sqrt();
        let choked = self.sonic_conductance_m3_s_pa * upstream.pressure_pa * REFERENCE_DENSITY_KG_M3 * temp_share;
        let ratio = downstream_pa / upstream.pressure_pa;
        if ratio <= LAMINAR_RATIO {
            choked * self.share(ratio)
        } else {
            choked * self.share(LAMINAR_RATIO) * (1.0 - ratio) / (1.0 - LAMINAR_RATIO)
        }
    }

    /// Share of the choked flow.
    fn share(&self, ratio: f64) -> f64 {
        let along = ((ratio - self.critical_ratio) / (1.0 - self.critical_ratio)).max(0.0);
        (1.0 - along * along).max(0.0).sqrt()
    }
}
