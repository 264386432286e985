//! Laws of equipment: what a flow loses or gains in it. Pure functions in SI; the flowsheet puts them together.

pub mod actuator;
pub mod bearing;
pub mod exchanger;
pub mod fittings;
pub mod friction;
pub mod gas_flow;
pub mod head_curve;
pub mod lag;
pub mod motor;
pub mod pipe;
pub mod pump;
pub mod suction;
pub mod tower;
pub mod valve;
pub mod vessel;

/// Pressure lost at a mass flow, Pa, and its derivative, Pa·s/kg, which is always positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drop {
    /// Pressure lost from the first port to the second; negative for a gain.
    pub pa: f64,
    /// Derivative by the mass flow.
    pub slope_pa_s_kg: f64,
}

/// Mass flow below which a quadratic loss goes over into a straight line, kg/s. Newton's method needs a slope at zero.
pub const LAMINAR_KG_S: f64 = 2e-4;

/// Loss `coefficient · w·|w|`; below [`LAMINAR_KG_S`] a cubic with the same value and slope there, which is all but straight
/// at zero.
pub fn quadratic(coefficient: f64, flow_kg_s: f64) -> Drop {
    let amount = flow_kg_s.abs();
    if amount >= LAMINAR_KG_S {
        return Drop { pa: coefficient * flow_kg_s * amount, slope_pa_s_kg: 2.0 * coefficient * amount };
    }
    let share = flow_kg_s / LAMINAR_KG_S;
    let straight = 0.5 * coefficient * LAMINAR_KG_S;
    Drop { pa: straight * flow_kg_s * (1.0 + share * share), slope_pa_s_kg: straight * (1.0 + 3.0 * share * share) }
}
