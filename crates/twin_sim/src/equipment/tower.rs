//! The fill of a cooling tower.

use crate::fluid::moist_air::saturated_air_enthalpy_j_kg;
use crate::root::falling;

/// Specific heat of the water in Merkel's equation, J/(kg·K): the mean between 26 and 40 °C.
const COOLING_CP_J_KG_K: f64 = 4177.0;

/// How far the outlet usually is from that of a moment ago, K.
const NEAR_K: f64 = 0.02;

/// Temperature in °C of the water leaving the fill.
///
/// `near_c` is where to look first: the outlet of a moment ago.
///
/// Source: Merkel's equation with the four-point Chebyshev quadrature and KaV/L = coefficient·(L/G)^-0.62.
pub fn outlet_c(water_kg_s: f64, inlet_c: f64, air_kg_s: f64, wet_bulb_c: f64, coefficient: f64, near_c: f64) -> f64 {
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
    let surplus = |outlet_c: f64| surplus(outlet_c).min(20.0);
    let (low_c, high_c) = ((near_c - NEAR_K).max(wet_bulb_c), (near_c + NEAR_K).min(inlet_c));
    let is_near = low_c < high_c && surplus(low_c) > 0.0 && surplus(high_c) < 0.0;
    let (low_c, high_c) = if is_near { (low_c, high_c) } else { (wet_bulb_c, inlet_c) };
    falling(low_c, high_c, 1e-10, surplus)
}
