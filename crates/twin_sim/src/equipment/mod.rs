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

/// Mass flow below which a quadratic loss continues as a straight line, kg/s. Newton's method needs a slope at zero.
pub const LAMINAR_KG_S: f64 = 1e-4;

/// Loss `coefficient · w·|w|`, straight below [`LAMINAR_KG_S`] with the same value at zero.
pub fn quadratic(coefficient: f64, flow_kg_s: f64) -> Drop {
    let amount = flow_kg_s.abs();
    Drop { pa: coefficient * flow_kg_s * (amount + LAMINAR_KG_S), slope_pa_s_kg: coefficient * (2.0 * amount + LAMINAR_KG_S) }
}
