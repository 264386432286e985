//! What surrounds the plant, what drives a step, and where a simulation may start.

use serde::{Deserialize, Serialize};

use crate::readings::Measured;

/// Conditions at the battery limits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Boundary {
    /// Hot condensate fed to TK-101, m³/h at feed temperature (FT-100).
    pub feed_m3_h: f64,
    /// Its temperature, °C (TT-100).
    pub feed_temp_c: f64,
    /// Product drawn from TK-102, m³/h (FT-105).
    pub draw_m3_h: f64,
    /// Ambient dry bulb temperature, °C (TT-210).
    pub dry_bulb_c: f64,
    /// Ambient relative humidity, % (MT-210).
    pub relative_humidity_pct: f64,
    /// Make-up water temperature, °C.
    pub make_up_temp_c: f64,
    /// Make-up water conductivity, µS/cm.
    pub make_up_us_cm: f64,
}

impl Default for Boundary {
    /// Boundary of normal operation at 90 m³/h of cooled condensate.
    fn default() -> Self {
        Self {
            feed_m3_h: 92.2,
            feed_temp_c: 85.0,
            draw_m3_h: 90.0,
            dry_bulb_c: 22.0,
            relative_humidity_pct: 61.0,
            make_up_temp_c: 15.0,
            make_up_us_cm: 350.0,
        }
    }
}

/// Who moves the valves and the drives during a step.
#[derive(Clone, Copy, Debug)]
pub enum Drive<'a> {
    /// Controllers, interlocks and sequences act.
    Controlled {
        /// What the instruments read. Controllers and interlocks see these readings and the model's own value where
        /// there is none, so a lying transmitter misleads them.
        measured: Option<&'a Measured>,
    },
    /// Valve positions, drive states, speeds and the instrument air pressure are imposed as measured; no controller and
    /// no interlock acts. Signals without a reading keep their last position or state.
    Imposed(&'a Measured),
}

impl Drive<'_> {
    /// Controllers see the true values.
    pub const TRUE_VALUES: Drive<'static> = Drive::Controlled { measured: None };
}

/// Settled plants to start from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum InitialCondition {
    /// IC-2: filled, cold, everything stopped.
    FilledCold,
    /// IC-3: hot standby, pumps on minimum flow.
    HoldHot,
    /// IC-4: 60 m³/h.
    Flow60,
    /// IC-5: 90 m³/h, normal operation.
    Normal,
    /// IC-6: 110 m³/h at 20 °C wet bulb.
    Flow110,
    /// IC-7: as normal, P-101B isolated.
    StandbyIsolated,
    /// IC-8: as normal, I-102 bypassed for a test.
    OverrideActive,
    /// IC-9: as normal, fouling 2.3e-4 m²K/W: no cooling reserve.
    HighFouling,
    /// Settled at any load of cooled condensate, m³/h, with the weather of normal operation.
    Flow {
        /// Set point of FIC-101, 45 to 115 m³/h.
        fic101_m3_h: f64,
    },
}
