//! Results of the quasi-steady parts of a step.

use serde::{Deserialize, Serialize};

/// Feed line: TK-101, P-101A/B, E-101, FV-101.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct FeedFlows {
    /// Static pressure at the pump suction, barg.
    pub suction_bar: f64,
    pub header_bar: f64,
    /// Hot condensate through E-101, m³/h and kg/s.
    pub hot_m3_h: f64,
    pub shell_kg_s: f64,
    /// Per pump: flow through it and forward into the header, m³/h.
    pub through_m3_h: [f64; 2],
    pub forward_m3_h: [f64; 2],
    pub head_m: [f64; 2],
    pub shaft_kw: [f64; 2],
    pub strainer_bar: [f64; 2],
    /// Suction pressure after the strainer, barg.
    pub inlet_bar: [f64; 2],
    pub npsh_margin_m: [f64; 2],
    pub npsh_ratio: [f64; 2],
    /// Temperature at E-101, °C.
    pub shell_in_c: f64,
    /// Temperature rise by friction between header and V-101, K.
    pub friction_k: f64,
    /// Heat brought back to TK-101 by recirculation, W.
    pub recirculated_w: f64,
    pub shell_bar: f64,
    pub feed_kg_s: f64,
    pub overflow_m3: f64,
}

/// Product line: V-101, P-102, LV-101, TK-102.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ProductFlows {
    pub inlet_bar: f64,
    pub discharge_bar: f64,
    pub line_m3_h: f64,
    pub line_kg_s: f64,
    pub shaft_kw: f64,
    pub outlet_c: f64,
    pub recirculated_w: f64,
}

/// Cooling water: basin, P-201A/B, E-101 tubes with TV-101, K-301 cooler, tower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct CoolingFlows {
    pub header_bar: f64,
    pub total_m3_h: f64,
    pub total_kg_s: f64,
    pub tube_m3_h: f64,
    pub tube_kg_s: f64,
    pub compressor_m3_h: f64,
    pub tube_bar: f64,
    /// Friction in the branches, kW.
    pub branch_kw: f64,
    /// Mechanical power left for mains, spray and fall, kW.
    pub rest_kw: f64,
    pub through_m3_h: [f64; 2],
    pub shaft_kw: [f64; 2],
    pub supply_c: f64,
    pub return_c: f64,
    pub tower_in_c: f64,
    pub tower_out_c: f64,
    pub duty_w: f64,
    pub make_up_m3_h: f64,
    pub make_up_kg_s: f64,
    pub evaporation_kg_s: f64,
    pub drift_kg_s: f64,
    pub blowdown_kg_s: f64,
}
