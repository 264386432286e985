//! Parameters and malfunctions, by field and by name.

use serde::{Deserialize, Serialize};

use crate::exchanger::ExchangerParameters;
use crate::valve::ValveHealth;

/// Why a parameter was not changed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SimError {
    /// There is no such parameter.
    #[error("there is no parameter {0}")]
    UnknownParameter(String),
    /// There is no such state to start from.
    #[error("there is no initial condition {0}")]
    UnknownCondition(String),
    /// Not a number, or outside the limits of the parameter.
    #[error("{name} must be within {min} to {max}, not {value}")]
    OutOfRange {
        /// Name of the parameter.
        name: String,
        /// Value asked for.
        value: f64,
        /// Lower limit.
        min: f64,
        /// Upper limit.
        max: f64,
    },
}

/// Description of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterInfo {
    /// Stable dotted name, e.g. `e101.fouling_m2k_w`.
    pub name: &'static str,
    /// Unit; empty for a plain number, `0/1` for a switch.
    pub unit: &'static str,
    /// Value of a healthy plant as in its data sheets.
    pub default: f64,
    /// Smallest value allowed.
    pub min: f64,
    /// Largest value allowed.
    pub max: f64,
    /// What it means.
    pub description: &'static str,
}

macro_rules! parameters {
    ($($field:ident $name:literal [$unit:literal] $default:literal in $min:literal, $max:literal: $description:literal;)+) => {
        /// Everything about the plant that may differ from its data sheets, and every malfunction.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct Parameters {
            $(#[doc = $description] #[doc = concat!("\n\nUnit: `", $unit, "`.")] pub $field: f64,)+
        }

        impl Default for Parameters {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        static INFOS: &[ParameterInfo] = &[
            $(ParameterInfo { name: $name, unit: $unit, default: $default, min: $min, max: $max, description: $description },)+
        ];

        impl Parameters {
            fn slot(&mut self, name: &str) -> Option<&mut f64> {
                match name {
                    $($name => Some(&mut self.$field),)+
                    _ => None,
                }
            }

            /// Value by name.
            pub fn get(&self, name: &str) -> Option<f64> {
                match name {
                    $($name => Some(self.$field),)+
                    _ => None,
                }
            }
        }
    };
}

parameters! {
    p101a_head_factor "p101a.head_factor" [""] 1.0 in 0.0, 1.5: "Head of P-101A against its curve.";
    p101b_head_factor "p101b.head_factor" [""] 1.0 in 0.0, 1.5: "Head of P-101B against its curve.";
    p101a_efficiency_factor "p101a.efficiency_factor" [""] 1.0 in 0.1, 1.2: "Efficiency of P-101A against its curve.";
    p101b_efficiency_factor "p101b.efficiency_factor" [""] 1.0 in 0.1, 1.2: "Efficiency of P-101B against its curve.";
    p101a_bearing_wear "p101a.bearing_wear" [""] 0.0 in 0.0, 2.0: "Wear of the drive-end bearing of P-101A, 1 = end of life.";
    p101b_bearing_wear "p101b.bearing_wear" [""] 0.0 in 0.0, 2.0: "Wear of the drive-end bearing of P-101B, 1 = end of life.";
    p101a_check_valve_leak_m3_h "p101a.check_valve_leak_m3_h" ["m3/h"] 0.0 in 0.0, 20.0: "Back flow through P-101A while it stands.";
    p101b_check_valve_leak_m3_h "p101b.check_valve_leak_m3_h" ["m3/h"] 0.0 in 0.0, 20.0: "Back flow through P-101B while it stands.";
    p101a_isolated "p101a.isolated" ["0/1"] 0.0 in 0.0, 1.0: "P-101A isolated for maintenance.";
    p101b_isolated "p101b.isolated" ["0/1"] 0.0 in 0.0, 1.0: "P-101B isolated for maintenance.";
    p101a_trip "p101a.trip" ["0/1"] 0.0 in 0.0, 1.0: "P-101A trips and cannot be reset while set.";
    p101b_trip "p101b.trip" ["0/1"] 0.0 in 0.0, 1.0: "P-101B trips and cannot be reset while set.";
    p102_trip "p102.trip" ["0/1"] 0.0 in 0.0, 1.0: "P-102 trips and cannot be reset while set.";
    p201a_trip "p201a.trip" ["0/1"] 0.0 in 0.0, 1.0: "P-201A trips and cannot be reset while set.";
    p201b_trip "p201b.trip" ["0/1"] 0.0 in 0.0, 1.0: "P-201B trips and cannot be reset while set.";
    p201b_isolated "p201b.isolated" ["0/1"] 0.0 in 0.0, 1.0: "P-201B isolated for maintenance.";
    fan_trip "fan.trip" ["0/1"] 0.0 in 0.0, 1.0: "The fan of CT-201 trips and cannot be reset while set.";
    k301_trip "k301.trip" ["0/1"] 0.0 in 0.0, 1.0: "K-301 trips and cannot be reset while set.";
    str101a_clogged_fraction "str101a.clogged_fraction" [""] 0.0 in 0.0, 0.95: "Clogged share of strainer STR-101A.";
    str101b_clogged_fraction "str101b.clogged_fraction" [""] 0.0 in 0.0, 0.95: "Clogged share of strainer STR-101B.";
    e101_fouling_m2k_w "e101.fouling_m2k_w" ["m2K/W"] 1e-4 in 0.0, 2e-3: "Fouling resistance of E-101.";
    e101_u_factor "e101.u_factor" [""] 1.0 in 0.2, 2.0: "Heat transfer coefficient of E-101 against its equation.";
    e101_tube_leak_m3_h "e101.tube_leak_m3_h" ["m3/h"] 0.0 in 0.0, 20.0: "Cooling water leaking into the condensate; shows in the conductivity only.";
    fv101_kvs_factor "fv101.kvs_factor" [""] 1.0 in 0.2, 2.0: "Capacity of FV-101 against its data sheet.";
    lv101_kvs_factor "lv101.kvs_factor" [""] 1.0 in 0.2, 2.0: "Capacity of LV-101 against its data sheet.";
    tv101_kvs_factor "tv101.kvs_factor" [""] 1.0 in 0.2, 2.0: "Capacity of TV-101 against its data sheet.";
    fv101_forced_pct "fv101.forced_pct" ["%"] -1.0 in -1.0, 100.0: "FV-101 stands at this position whatever its command; -1: healthy.";
    lv101_forced_pct "lv101.forced_pct" ["%"] -1.0 in -1.0, 100.0: "LV-101 stands at this position whatever its command; -1: healthy.";
    tv101_forced_pct "tv101.forced_pct" ["%"] -1.0 in -1.0, 100.0: "TV-101 stands at this position whatever its command; -1: healthy.";
    pv103b_forced_pct "pv103b.forced_pct" ["%"] -1.0 in -1.0, 100.0: "PV-103B stands at this position whatever its command; -1: healthy.";
    fv101_stick_band_pct "fv101.stick_band_pct" ["%"] 0.0 in 0.0, 30.0: "Stiction of FV-101: dead-band plus stick-band S.";
    fv101_slip_jump_pct "fv101.slip_jump_pct" ["%"] 0.0 in 0.0, 30.0: "Stiction of FV-101: slip jump J.";
    lv101_stick_band_pct "lv101.stick_band_pct" ["%"] 0.0 in 0.0, 30.0: "Stiction of LV-101: dead-band plus stick-band S.";
    lv101_slip_jump_pct "lv101.slip_jump_pct" ["%"] 0.0 in 0.0, 30.0: "Stiction of LV-101: slip jump J.";
    line_friction_factor "line.friction_factor" [""] 1.0 in 0.1, 5.0: "Friction of the condensate lines against the calculation.";
    tower_coefficient "tower.coefficient" [""] 1.85 in 0.3, 4.0: "Merkel coefficient of CT-201.";
    tk101_loss_factor "tk101.loss_factor" [""] 1.0 in 0.0, 5.0: "Wall heat loss of TK-101 against 0.12 kW/K.";
    air_base_demand_factor "air.base_demand_factor" [""] 1.0 in 0.0, 5.0: "Instrument air demand against 25 Nm3/h.";
    air_leak_nm3_h "air.leak_nm3_h" ["Nm3/h"] 0.0 in 0.0, 1000.0: "Leak of the instrument air ring at 5.5 barg.";
    air_site_supply "air.site_supply" ["0/1"] 0.0 in 0.0, 1.0: "HV-305 to the site air ring open.";
    lshh101_failed "lshh101.failed" ["0/1"] 0.0 in 0.0, 1.0: "Float of LSHH-101 stuck: always healthy.";
    cw_supply_offset_k "cw.supply_offset_k" ["K"] 0.0 in -20.0, 20.0: "What-if: added to the cooling water the tower delivers.";
    cw_blowdown_m3_h "cw.blowdown_m3_h" ["m3/h"] 1.5 in 0.0, 20.0: "Blowdown of CT-201.";
    feed_diverted_fraction "feed.diverted_fraction" [""] 0.0 in 0.0, 1.0: "Share of the feed diverted at HV-100.";
    tk101_correction_m3_h "tk101.correction_m3_h" ["m3/h"] 0.0 in -20.0, 20.0: "Slow inventory correction of TK-101 in a shadow.";
    v101_correction_m3_h "v101.correction_m3_h" ["m3/h"] 0.0 in -20.0, 20.0: "Slow inventory correction of V-101 in a shadow.";
    v101_gas_correction_nm3_h "v101.gas_correction_nm3_h" ["Nm3/h"] 0.0 in -50.0, 50.0: "Slow nitrogen correction of V-101 in a shadow.";
    tk102_correction_m3_h "tk102.correction_m3_h" ["m3/h"] 0.0 in -20.0, 20.0: "Slow inventory correction of TK-102 in a shadow.";
    basin_correction_m3_h "basin.correction_m3_h" ["m3/h"] 0.0 in -20.0, 20.0: "Slow inventory correction of the CT-201 basin in a shadow.";
    scatter "scatter" ["0/1"] 0.0 in 0.0, 1.0: "Cavitation scatters the pump head at random.";
    seed "seed" [""] 1.0 in 0.0, 9e15: "Seed of the random scatter, a whole number; read when the plant is made.";
}

impl Parameters {
    /// All parameters with unit, limits and meaning.
    pub fn infos() -> &'static [ParameterInfo] {
        INFOS
    }

    /// Changes a value by name. Fails for an unknown name or a value outside its limits.
    pub fn set(&mut self, name: &str, value: f64) -> Result<(), SimError> {
        let Some(info) = INFOS.iter().find(|info| info.name == name) else {
            return Err(SimError::UnknownParameter(name.to_owned()));
        };
        // The negated test also refuses NaN.
        if !(info.min..=info.max).contains(&value) {
            return Err(SimError::OutOfRange { name: name.to_owned(), value, min: info.min, max: info.max });
        }
        if let Some(slot) = self.slot(name) {
            *slot = value;
        }
        Ok(())
    }
}

/// Parameters that exist once per pump, by position: 0 is A, 1 is B.
impl Parameters {
    fn pair(&self, pump: usize, a: f64, b: f64) -> f64 {
        if pump == 0 { a } else { b }
    }

    pub(crate) fn p101_head_factor(&self, pump: usize) -> f64 {
        self.pair(pump, self.p101a_head_factor, self.p101b_head_factor)
    }

    pub(crate) fn p101_efficiency_factor(&self, pump: usize) -> f64 {
        self.pair(pump, self.p101a_efficiency_factor, self.p101b_efficiency_factor)
    }

    pub(crate) fn bearing_wear(&self, pump: usize) -> f64 {
        self.pair(pump, self.p101a_bearing_wear, self.p101b_bearing_wear)
    }

    pub(crate) fn check_valve_leak_m3_h(&self, pump: usize) -> f64 {
        self.pair(pump, self.p101a_check_valve_leak_m3_h, self.p101b_check_valve_leak_m3_h)
    }

    pub(crate) fn clogged_fraction(&self, pump: usize) -> f64 {
        self.pair(pump, self.str101a_clogged_fraction, self.str101b_clogged_fraction)
    }

    pub(crate) fn p101_isolated(&self, pump: usize) -> bool {
        self.pair(pump, self.p101a_isolated, self.p101b_isolated) > 0.5
    }

    pub(crate) fn p101_trip(&self, pump: usize) -> bool {
        self.pair(pump, self.p101a_trip, self.p101b_trip) > 0.5
    }

    pub(crate) fn p201_trip(&self, pump: usize) -> bool {
        self.pair(pump, self.p201a_trip, self.p201b_trip) > 0.5
    }

    pub(crate) fn fv101_health(&self) -> ValveHealth {
        ValveHealth {
            forced_pct: self.fv101_forced_pct,
            stick_band_pct: self.fv101_stick_band_pct,
            slip_jump_pct: self.fv101_slip_jump_pct,
        }
    }

    pub(crate) fn lv101_health(&self) -> ValveHealth {
        ValveHealth {
            forced_pct: self.lv101_forced_pct,
            stick_band_pct: self.lv101_stick_band_pct,
            slip_jump_pct: self.lv101_slip_jump_pct,
        }
    }

    pub(crate) fn tv101_health(&self) -> ValveHealth {
        ValveHealth { forced_pct: self.tv101_forced_pct, ..ValveHealth::HEALTHY }
    }

    pub(crate) fn pv103b_health(&self) -> ValveHealth {
        ValveHealth { forced_pct: self.pv103b_forced_pct, ..ValveHealth::HEALTHY }
    }

    pub(crate) fn exchanger(&self) -> ExchangerParameters {
        ExchangerParameters { fouling_m2k_w: self.e101_fouling_m2k_w, u_factor: self.e101_u_factor }
    }
}
