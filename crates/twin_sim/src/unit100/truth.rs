//! What happens in the plant and no signal shows.

use serde::{Deserialize, Serialize};

/// Electrical power by consumer, kW.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Power {
    /// P-101A and P-101B.
    pub p101_kw: [f64; 2],
    /// P-102.
    pub p102_kw: f64,
    /// P-201A and P-201B.
    pub p201_kw: [f64; 2],
    /// Fan of CT-201.
    pub fan_kw: f64,
    /// K-301 package.
    pub k301_kw: f64,
    /// Lighting, instruments, control.
    pub other_kw: f64,
}

impl Power {
    /// Sum of all consumers, kW.
    pub fn total_kw(&self) -> f64 {
        self.p101_kw.iter().sum::<f64>() + self.p102_kw + self.p201_kw.iter().sum::<f64>() + self.fan_kw + self.k301_kw + self.other_kw
    }
}

/// The truth behind the signals: for scoring, labels and debriefing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// Simulated time since the start, s.
    pub elapsed_secs: f64,
    /// NPSH available minus required of P-101A and P-101B, m.
    pub npsh_margin_m: [f64; 2],
    /// NPSH available divided by required.
    pub npsh_ratio: [f64; 2],
    /// Cavitation intensity of P-101A and P-101B, 0 to 1.48. The scatter it adds to instruments is proportional.
    pub cavitation: [f64; 2],
    /// Volume flow through P-101A and P-101B, m³/h.
    pub p101_flow_m3_h: [f64; 2],
    /// Head of P-101A and P-101B, m.
    pub p101_head_m: [f64; 2],
    /// UA of E-101, kW/K.
    pub ua_kw_k: f64,
    /// Heat taken from the condensate in E-101, kW.
    pub e101_duty_kw: f64,
    /// True level of V-101 in % of the transmitter span; above 100 the upper tap is under water.
    pub drum_level_pct: f64,
    /// Liquid volume in V-101, m³.
    pub drum_volume_m3: f64,
    /// Share of V-101 filled, 1 = full.
    pub drum_fill: f64,
    /// Liquid in the vent knock-out pot V-102, m³.
    pub vent_pot_m3: f64,
    /// Liquid lost through the vent stack, m³.
    pub carry_over_m3: f64,
    /// Level of TK-101, %; above 103 it overflows.
    pub tk101_level_pct: f64,
    /// Water lost over the rim of TK-101, m³.
    pub tk101_overflow_m3: f64,
    /// Electrical power by consumer.
    pub power: Power,
    /// Active trips, e.g. `I-102`, the first-out first.
    pub trips: Vec<String>,
}
