//! Pressure loss of pipes.

use crate::water::{density_kg_m3, viscosity_pa_s};

/// Wall roughness of every line, m.
const ROUGHNESS_M: f64 = 45e-6;

/// A pipe with its fittings.
#[derive(Clone, Copy, Debug)]
pub struct Pipe {
    /// Inner diameter, m.
    pub diameter_m: f64,
    /// Length, m.
    pub length_m: f64,
    /// Sum of loss coefficients of the fittings.
    pub fittings: f64,
}

impl Pipe {
    /// Loss divided by the square of the flow, bar/(m³/h)², with the friction factor at `flow_m3_h` and `temp_c`.
    ///
    /// Source: Darcy-Weisbach with the Swamee-Jain friction factor.
    pub fn resistance(&self, flow_m3_h: f64, temp_c: f64) -> f64 {
        let area_m2 = core::f64::consts::FRAC_PI_4 * self.diameter_m * self.diameter_m;
        let density = density_kg_m3(temp_c);
        let velocity_m_s = flow_m3_h.max(1.0) / 3600.0 / area_m2;
        let reynolds = density * velocity_m_s * self.diameter_m / viscosity_pa_s(temp_c);
        let log = libm::log10(ROUGHNESS_M / (3.7 * self.diameter_m) + 5.74 / libm::pow(reynolds, 0.9));
        let friction = 0.25 / (log * log);
        let velocity_per_flow = 1.0 / (3600.0 * area_m2);
        (friction * self.length_m / self.diameter_m + self.fittings) * 0.5 * density * velocity_per_flow * velocity_per_flow / 1e5
    }
}
