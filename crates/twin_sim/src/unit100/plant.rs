//! Data sheets of Unit 100.

use crate::pipe::Pipe;
use crate::pump::{MotorData, PumpCurve, RunData};
use crate::valve::{FailPosition, ValveData};

pub(crate) const P101: PumpCurve = PumpCurve { shutoff_head_m: 39.0, head_fall: 7.0e-4, best_efficiency: 0.76, best_flow_m3_h: 105.0 };
pub(crate) const P102: PumpCurve = PumpCurve { shutoff_head_m: 24.5, head_fall: 4.5e-4, best_efficiency: 0.78, best_flow_m3_h: 110.0 };
pub(crate) const P201: PumpCurve = PumpCurve { shutoff_head_m: 40.0, head_fall: 5.0e-5, best_efficiency: 0.83, best_flow_m3_h: 400.0 };

pub(crate) const P101_RATED_RPM: f64 = 2900.0;
/// Speed of P-101 and flow at the normal point; the vibration and bearing equations refer to it.
pub(crate) const P101_NORMAL_SPEED: f64 = 0.938;

pub(crate) const P101_MOTOR: MotorData =
    MotorData { rated_kw: 18.5, full_load_a: 33.2, idle_share: 0.38, efficiency: 0.91, drive_efficiency: 0.97 };
pub(crate) const P102_MOTOR: MotorData =
    MotorData { rated_kw: 11.0, full_load_a: 20.8, idle_share: 0.42, efficiency: 0.909, drive_efficiency: 1.0 };
pub(crate) const P201_MOTOR: MotorData =
    MotorData { rated_kw: 55.0, full_load_a: 98.2, idle_share: 0.38, efficiency: 0.9375, drive_efficiency: 1.0 };

pub(crate) const P101_RUN: RunData = RunData { ramp_per_sec: 0.10, load_secs: 1.65, friction_per_sec: 0.03 };
pub(crate) const P102_RUN: RunData = RunData { ramp_per_sec: 0.5, load_secs: 1.2, friction_per_sec: 0.03 };
pub(crate) const P201_RUN: RunData = RunData { ramp_per_sec: 0.5, load_secs: 4.0, friction_per_sec: 0.02 };
pub(crate) const FAN_RUN: RunData = RunData { ramp_per_sec: 0.05, load_secs: 2.0, friction_per_sec: 0.08 };

pub(crate) const FV101: ValveData =
    ValveData { kvs: 200.0, rangeability: 50.0, lag_secs: 1.5, rate_pct_s: 12.0, stop_pct: 0.0, fails: FailPosition::Closed };
pub(crate) const LV101: ValveData = FV101;
pub(crate) const TV101: ValveData =
    ValveData { kvs: 600.0, rangeability: 30.0, lag_secs: 3.0, rate_pct_s: 6.0, stop_pct: 10.0, fails: FailPosition::Open };
pub(crate) const PV103A: ValveData =
    ValveData { kvs: 1.6, rangeability: 30.0, lag_secs: 1.5, rate_pct_s: 50.0, stop_pct: 0.0, fails: FailPosition::Closed };
pub(crate) const PV103B: ValveData = ValveData { kvs: 10.0, ..PV103A };
/// The make-up valve is linear, so only its actuator is taken from here.
pub(crate) const LV201: ValveData = ValveData { lag_secs: 3.0, ..PV103A };
/// Make-up at full opening, m³/h.
pub(crate) const LV201_FULL_M3_H: f64 = 25.0;

/// P-1004 to P-1006: header to V-101, without E-101 and FV-101.
pub(crate) const FEED_PIPE: Pipe = Pipe { diameter_m: 0.1541, length_m: 120.0, fittings: 6.0 };
/// W-2001 and W-2002.
pub(crate) const CW_MAIN: Pipe = Pipe { diameter_m: 0.2545, length_m: 120.0, fittings: 8.0 };

/// Losses of one P-101, bar/(m³/h)²: suction piping, clean strainer, check and isolation valve.
pub(crate) const P101_SUCTION: f64 = 0.021 / (92.19 * 92.19);
pub(crate) const STRAINER: f64 = 0.030 / (92.19 * 92.19);
pub(crate) const P101_SPOOL: f64 = 0.118 / (92.18 * 92.18);
/// Shell side of E-101 at 24.8 kg/s, bar.
pub(crate) const SHELL_BAR: f64 = 0.55;
pub(crate) const SHELL_KG_S: f64 = 24.8;
/// Product line at 90 m³/h, bar: pipe with fittings, and bag filter FL-102.
pub(crate) const PRODUCT_PIPE_BAR: f64 = 0.244;
pub(crate) const FILTER_BAR: f64 = 0.206;
/// Suction line of P-102 at 90 m³/h, m.
pub(crate) const P102_SUCTION_M: f64 = 0.183;
/// Spray nozzles at 400 m³/h and cooler of K-301 at 3 m³/h, bar.
pub(crate) const SPRAY_BAR: f64 = 0.35;
pub(crate) const K301_COOLER_BAR: f64 = 1.4;

/// Minimum flow of P-101 and P-102, m³/h.
pub(crate) const MINIMUM_FLOW_M3_H: f64 = 26.0;

/// Elevations in m above grade.
pub(crate) const TK101_BOTTOM_M: f64 = 0.40;
pub(crate) const PUMP_SHAFT_M: f64 = 0.80;
pub(crate) const V101_BOTTOM_M: f64 = 3.60;
/// Header PT-101 up to the inlet of V-101.
pub(crate) const FEED_LIFT_M: f64 = 5.0;
/// P-102 shaft up to the top inlet of TK-102.
pub(crate) const PRODUCT_LIFT_M: f64 = 8.5;
pub(crate) const P201_SHAFT_M: f64 = 0.60;
pub(crate) const SPRAY_M: f64 = 6.50;
/// Basin water level at 60 %.
pub(crate) const BASIN_60_M: f64 = 1.0;

/// Volume per % of level, m³.
pub(crate) const TK101_M3_PER_PCT: f64 = 1.696;
pub(crate) const TK102_M3_PER_PCT: f64 = 5.41;
pub(crate) const BASIN_M3_PER_PCT: f64 = 0.504;
/// Level of TK-101 at which it overflows, %.
pub(crate) const TK101_RIM_PCT: f64 = 103.3;
/// Wall loss of TK-101, W/K.
pub(crate) const TK101_LOSS_W_K: f64 = 120.0;

/// Drift of the tower as a share of the circulation.
pub(crate) const DRIFT_SHARE: f64 = 1.01e-4;
/// Lag of every bearing and winding temperature, s.
pub(crate) const BEARING_LAG_SECS: f64 = 900.0;
/// Lighting, instruments and control, kW.
pub(crate) const OTHER_KW: f64 = 9.0;
