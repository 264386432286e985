//! Cooling tower CT-201.

use crate::root::falling;
use crate::water::{COOLING_CP_J_KG_K, saturated_air_enthalpy_j_kg};

/// Dry air through the cell at a fan speed (share of full speed), kg/s; 3 kg/s by natural draught.
pub fn air_kg_s(fan: f64) -> f64 {
    86.0 * fan + 3.0
}

/// Fan power in kW at a fan speed (share of full speed).
pub fn fan_kw(fan: f64) -> f64 {
    15.0 * fan * fan * fan * 0.89 + 0.2
}

/// Temperature in °C of the water leaving the fill.
///
/// Source: Merkel's equation with the four-point Chebyshev quadrature and KaV/L = coefficient·(L/G)^-0.62.
pub fn outlet_c(water_kg_s: f64, inlet_c: f64, air_kg_s: f64, wet_bulb_c: f64, coefficient: f64) -> f64 {
    if water_kg_s < 0.5 || inlet_c <= wet_bulb_c + 0.01 {
        return inlet_c;
    }
    let ratio = water_kg_s / air_kg_s;
    let available = coefficient * libm::pow(ratio, -0.62);
    let air_in = saturated_air_enthalpy_j_kg(wet_bulb_c);
    // Demand falls from infinity (pinch) to zero as the outlet warms up to the inlet.
    let surplus = |outlet_c: f64| {
        let range = inlet_c - outlet_c;
        let mut sum = 0.0;
        for share in [0.1, 0.4, 0.6, 0.9] {
            let air = air_in + ratio * COOLING_CP_J_KG_K * range * share;
            let driving = saturated_air_enthalpy_j_kg(outlet_c + share * range) - air;
            if driving <= 1.0 {
                return 1e6;
            }
            sum += 1.0 / driving;
        }
        0.25 * COOLING_CP_J_KG_K * range * sum - available
    };
    falling(wet_bulb_c, inlet_c, 1e-10, |outlet_c| surplus(outlet_c).min(20.0))
}
