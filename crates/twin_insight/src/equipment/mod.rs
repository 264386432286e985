//! What a plant file says of pumps, valves and loops, beside what they do: the figures behind a faceplate's charts.
//!
//! Everything here is a function of the plant and of readings that the caller looks up, so the same code draws the
//! measured point, the point the model expects and that of a what-if. Nothing knows a tag of any plant.
//!
//! # Which signal plays which role
//!
//! | Role | Where it comes from, first match |
//! |---|---|
//! | suction, discharge pressure | telemetry `suction_pressure`, `discharge_pressure` of the pump; for the discharge `header_pressure` of the pump, its parent or what it `flows_to`; for the suction the attribute `suction_pressure_barg` |
//! | flow | telemetry `flow`, or one that ends in `_flow`; attribute `flow_signal`; input `flow` of a derived signal |
//! | temperature of the liquid | attribute `temperature_signal`; input `temperature` of a derived signal |
//! | speed | telemetry `speed` with attribute `rated_speed_rpm`; else `drive_state`, where `running` is full speed |
//! | loss on the way to the suction | telemetry `differential_pressure` of what `flows_to` the pump |
//! | pump on the same header | `standby_of`, either way; two that run share the flow by their speeds |
//! | valve position | telemetry `position` |
//! | set point, output, mode of a loop | telemetries `sp`, `op`, `mode` of a thing |
//! | measured value of a loop | attribute `process_value`; else the signal of a deviation alarm whose reference is the set point |
//! | final element of a loop | relationship `controls` |
//!
//! # Attributes of a pump
//!
//! | Attribute | |
//! |---|---|
//! | `shutoff_head_m`, `head_fall_m_per_m3_h2` | head at rated speed H = H₀ − k·Q² |
//! | `best_efficiency`, `best_efficiency_flow_m3_h` | η = η₀·(2q − q²), q = Q ÷ flow of best efficiency |
//! | `preferred_region_of_best_flow` | two shares of the flow of best efficiency, default 0.7 and 1.2 (ANSI/HI 9.6.3) |
//! | `npshr_base_m`, `npshr_quadratic_m`, `npshr_flow_m3_h` | NPSHr = base + quadratic·(Q ÷ flow)² at rated speed |
//! | `minimum_flow_m3_h`, `minimum_flow_ends_m3_h` | self-acting recirculation: at no forward flow, and where it has ended |
//! | `flow_meter_density_kg_m3` | density the flow meter calculates with; without it the meter counts at pump temperature |
//! | `liquid` | `water` for density and vapour pressure by temperature; else `density_kg_m3`, and no NPSH available |
//! | `discharge_lift_m`, `back_pressure_signal` | where the line ends: height above the pump, gas pressure there (none: atmosphere) |
//! | `suction_loss_m`, `suction_loss_flow_m3_h` | loss of the suction pipe at a flow, strainer not counted |
//!
//! # Attributes of a valve
//!
//! | Attribute | |
//! |---|---|
//! | `kvs_m3_h` | capacity fully open |
//! | `characteristic`, `rangeability` | `equal percentage` with its R, `linear`, or `quick opening` |
//! | `lower_stop_percent` | mechanical stop |
//! | `design_flow_m3_h`, `design_drop_bar` | flow and drop over the valve at the design point |
//! | `design_line_loss_bar` | what line, equipment and a falling pump curve take at that flow; it grows with Q² |
//! | `density_kg_m3` | of the liquid in the valve, default 1000 |
//!
//! An exchanger with telemetry `ua` has `clean_ua_kw_k`, its U·A with clean surfaces at design flow.

mod check;
mod exchanger;
mod loops;
mod pair;
mod pump;
mod roles;
mod valve;

pub use check::check_equipment;
pub use exchanger::Exchanger;
pub use loops::{ControlLoop, indicator_signals, loop_of, loops_for, set_points};
pub use pair::{Pair, PairRow, pair_of};
pub use pump::{Pump, PumpChart, PumpCurves, PumpPoint, Required};
pub use valve::{Characteristic, Installed, Valve, ValveChart, ValvePoint};

use crate::Reading;
use twin_model::{Quality, SignalKey};

/// What a signal reads: at the playhead, by the model, on a branch.
pub type Readings<'a> = dyn Fn(SignalKey) -> Option<Reading> + 'a;

/// Why a chart has no point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPoint {
    /// The machine stands.
    AtRest,
    /// A signal the point hangs on has no value.
    Lost {
        /// Its tag.
        tag: String,
        /// Its quality.
        quality: Quality,
    },
    /// The plant file names no signal for a role.
    Unmeasured(Role),
}

/// What a signal is to a pump or a valve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Flow through it.
    Flow,
    /// Pressure at the inlet of a pump.
    SuctionPressure,
    /// Pressure at the outlet of a pump.
    DischargePressure,
    /// Speed or state of the drive.
    Speed,
    /// Position of a stem.
    Position,
}

/// Answers with the model's value where there is one, else with the measured one, which drives the model.
pub fn as_modelled<'a>(plant: &'a twin_model::Plant, read: &'a Readings<'a>) -> impl Fn(SignalKey) -> Option<Reading> + 'a {
    move |key| read(plant.settings_of(key).and_then(|settings| settings.model).unwrap_or(key))
}

/// True when the model says something of its own on one of these signals.
pub(crate) fn is_judged(plant: &twin_model::Plant, keys: &[Option<SignalKey>]) -> bool {
    keys.iter().flatten().any(|key| plant.settings_of(*key).is_some_and(|settings| settings.model.is_some()))
}
