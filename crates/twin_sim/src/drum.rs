//! Surge drum V-101 with its nitrogen blanket, vent and knock-out pot V-102.

use serde::{Deserialize, Serialize};

use crate::water::density_kg_m3;

/// Inner diameter, m.
pub const DIAMETER_M: f64 = 2.4;
/// Length between tangents, m.
const LENGTH_M: f64 = 6.0;
/// Height of the lower transmitter tap above the bottom, m.
const LOWER_TAP_M: f64 = 0.20;
/// Distance of the transmitter taps, m.
const SPAN_M: f64 = 2.00;
/// Volume of the full drum, m³.
pub const FULL_M3: f64 =
    core::f64::consts::FRAC_PI_4 * DIAMETER_M * DIAMETER_M * LENGTH_M + core::f64::consts::PI * DIAMETER_M * DIAMETER_M * DIAMETER_M / 12.0;
/// Share of the volume above which the vent carries liquid.
const VENT_FLOODS_AT: f64 = 0.985;
/// Volume of V-102, m³.
const VENT_POT_M3: f64 = 1.5;
/// The gas space never gets smaller than this in the calculation, m³.
const LEAST_GAS_M3: f64 = 0.02;
const GAS_TEMP_K: f64 = 313.15;
const ATM_BAR: f64 = 1.01325;

/// Liquid volume in m³ at a liquid height in m: a horizontal cylinder with two 2:1 elliptical heads.
pub fn volume_m3(height_m: f64) -> f64 {
    let y = (height_m / DIAMETER_M).clamp(0.0, 1.0);
    let segment = libm::acos(1.0 - 2.0 * y) - 2.0 * (1.0 - 2.0 * y) * (y - y * y).max(0.0).sqrt();
    LENGTH_M * DIAMETER_M * DIAMETER_M / 4.0 * segment
        + core::f64::consts::PI * DIAMETER_M * DIAMETER_M * DIAMETER_M / 12.0 * y * y * (3.0 - 2.0 * y)
}

fn surface_m2(height_m: f64) -> f64 {
    let y = (height_m / DIAMETER_M).clamp(0.0, 1.0);
    let root = (y - y * y).max(0.0);
    2.0 * LENGTH_M * DIAMETER_M * root.sqrt() + core::f64::consts::FRAC_PI_2 * DIAMETER_M * DIAMETER_M * root
}

/// Liquid height in m that belongs to a volume, found from `guess_m`.
fn height_m(volume: f64, guess_m: f64) -> f64 {
    if volume >= FULL_M3 {
        return DIAMETER_M;
    }
    let (mut low, mut high) = (0.0, DIAMETER_M);
    let mut height = guess_m.clamp(0.0, DIAMETER_M);
    for _ in 0..60 {
        let error = volume_m3(height) - volume;
        if error > 0.0 {
            high = height
        } else {
            low = height
        }
        let newton = height - error / surface_m2(height).max(1e-3);
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        let moved = (next - height).abs();
        height = next;
        if moved < 1e-12 {
            break;
        }
    }
    height
}

/// Level in % of the transmitter span at a liquid height; not limited to the span.
pub fn level_pct(height_m: f64) -> f64 {
    (height_m - LOWER_TAP_M) / SPAN_M * 100.0
}

/// Liquid volume in m³ at a level in % of the transmitter span.
pub fn volume_at_level_m3(level_pct: f64) -> f64 {
    volume_m3(LOWER_TAP_M + SPAN_M * level_pct / 100.0)
}

/// What flows in and out during one step.
#[derive(Clone, Copy, Debug, Default)]
pub struct DrumFlows {
    /// Condensate in, kg/s.
    pub in_kg_s: f64,
    /// Its temperature, °C.
    pub in_c: f64,
    /// Liquid out to P-102, kg/s.
    pub out_kg_s: f64,
    /// Heat brought back by the recirculation of P-102, W.
    pub heat_w: f64,
    /// Capacity of the nitrogen valve now.
    pub nitrogen_kv: f64,
    /// Capacity of the vent valve now.
    pub vent_kv: f64,
    /// Correction of the liquid inventory, m³/h.
    pub correction_m3_h: f64,
    /// Correction of the gas inventory, Nm³/h.
    pub gas_correction_nm3_h: f64,
}

/// State of V-101 and V-102.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drum {
    /// Liquid, kg.
    pub liquid_kg: f64,
    /// Its temperature, °C.
    pub temp_c: f64,
    /// Gas inventory, m³ at 0 °C and 1.01325 bara.
    pub gas_nm3: f64,
    /// Liquid height above the bottom, m.
    pub height_m: f64,
    /// Nitrogen flow of the last step, Nm³/h.
    pub nitrogen_nm3_h: f64,
    /// Liquid through the vent in the last step, m³/h.
    pub spill_m3_h: f64,
    /// True while PSV-103 is lifted.
    pub psv_open: bool,
    /// Liquid in V-102, m³.
    pub vent_pot_m3: f64,
    /// Liquid lost through the vent stack, m³.
    pub carry_over_m3: f64,
}

impl Drum {
    /// A drum at a level in %, temperature and gas pressure.
    pub fn filled(level: f64, temp_c: f64, gas_barg: f64) -> Self {
        let volume = volume_at_level_m3(level);
        Self {
            liquid_kg: volume * density_kg_m3(temp_c),
            temp_c,
            gas_nm3: (gas_barg + ATM_BAR) / ATM_BAR * 273.15 / GAS_TEMP_K * (FULL_M3 - volume),
            height_m: height_m(volume, LOWER_TAP_M + SPAN_M * level / 100.0),
            nitrogen_nm3_h: 0.0,
            spill_m3_h: 0.0,
            psv_open: false,
            vent_pot_m3: 0.0,
            carry_over_m3: 0.0,
        }
    }

    /// Liquid volume, m³.
    pub fn liquid_m3(&self) -> f64 {
        self.liquid_kg / density_kg_m3(self.temp_c)
    }

    fn gas_m3(&self) -> f64 {
        (FULL_M3 - self.liquid_m3()).max(LEAST_GAS_M3)
    }

    /// Share of the volume filled with liquid.
    pub fn fill(&self) -> f64 {
        self.liquid_m3() / FULL_M3
    }

    /// Gas pressure, barg: isothermal gas at 40 °C.
    pub fn pressure_barg(&self) -> f64 {
        self.gas_nm3 * ATM_BAR * GAS_TEMP_K / 273.15 / self.gas_m3() - ATM_BAR
    }

    /// Rise of the gas pressure per m³ of liquid that comes in, bar/m³.
    pub fn stiffness_bar_m3(&self) -> f64 {
        (self.pressure_barg() + ATM_BAR) / self.gas_m3()
    }

    /// True level in % of the transmitter span, above 100 over the upper tap.
    pub fn level_pct(&self) -> f64 {
        level_pct(self.height_m)
    }

    /// Integrates `dt_secs`.
    pub fn step(&mut self, dt_secs: f64, flows: &DrumFlows) {
        let density = density_kg_m3(self.temp_c);
        let gauge = self.pressure_barg();
        let absolute = gauge + ATM_BAR;
        let floods = self.fill() > VENT_FLOODS_AT;
        self.psv_open = gauge > if self.psv_open { 3.0 } else { 3.5 };

        // Nitrogen at 6 barg, choked; vent to atmosphere.
        let supply_bar = 6.0 + ATM_BAR;
        let open = ((supply_bar - absolute) / (0.5 * supply_bar)).clamp(0.0, 1.0).sqrt();
        self.nitrogen_nm3_h = 257.0 * flows.nitrogen_kv * supply_bar / (1.25_f64 * 293.0).sqrt() * open;
        let mut gas_nm3_h = self.nitrogen_nm3_h + flows.gas_correction_nm3_h;
        let mut spill_m3_h = 0.0;
        let drop = gauge.max(0.0);
        if floods {
            spill_m3_h += flows.vent_kv * drop.sqrt();
            if self.psv_open {
                spill_m3_h += 110.0 * (drop / 3.5).sqrt();
            }
        } else {
            let subcritical = drop.min(0.5 * absolute);
            gas_nm3_h -= 514.0 * flows.vent_kv * (subcritical * ATM_BAR / (1.25 * 313.0)).sqrt();
            if self.psv_open {
                gas_nm3_h -= 1500.0 * (drop / 3.5).sqrt();
            }
        }
        self.gas_nm3 = (self.gas_nm3 + gas_nm3_h * dt_secs / 3600.0).max(0.1 * LEAST_GAS_M3);

        self.spill_m3_h = spill_m3_h;
        let spill_kg_s = spill_m3_h * density / 3600.0;
        let in_kg = flows.in_kg_s * dt_secs;
        let heat_k_kg = in_kg * (flows.in_c - self.temp_c) + flows.heat_w * dt_secs / crate::water::CONDENSATE_CP_J_KG_K;
        let net_kg = (flows.in_kg_s - flows.out_kg_s - spill_kg_s + flows.correction_m3_h * density / 3600.0) * dt_secs;
        self.liquid_kg = (self.liquid_kg + net_kg).max(20.0);
        self.temp_c += heat_k_kg / self.liquid_kg.max(200.0);
        self.height_m = height_m(self.liquid_m3(), self.height_m);

        self.vent_pot_m3 += spill_m3_h * dt_secs / 3600.0;
        let over = (self.vent_pot_m3 - VENT_POT_M3).max(0.0);
        self.vent_pot_m3 -= over;
        self.carry_over_m3 += over;
    }
}
