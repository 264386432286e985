//! The cooler E-101: heat transfer coefficient, effectiveness, and the dynamic model of the twin.
//!
//! Source: Unit 100 specification, model equations; effectiveness of an exchanger with one shell pass and two tube
//! passes as in the usual ε-NTU tables.

use core::fmt::Debug;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::water::{CONDENSATE_CP_J_KG_K, COOLING_CP_J_KG_K};

/// Heat transfer area, m².
pub const AREA_M2: f64 = 160.6;
/// Inner cross-section of the tubes of one pass, m²: 220 tubes of 14.83 mm.
const TUBE_FLOW_AREA_M2: f64 = 220.0 * core::f64::consts::FRAC_PI_4 * 0.01483 * 0.01483;
/// Shell flow below which the shell side counts as standing still, kg/s.
const STANDING_KG_S: f64 = 0.3;

/// The two streams entering the exchanger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExchangerStreams {
    /// Condensate through the shell, kg/s, not negative.
    pub shell_kg_s: f64,
    /// Its inlet temperature, °C.
    pub shell_in_c: f64,
    /// Cooling water through the tubes, kg/s, not negative.
    pub tube_kg_s: f64,
    /// Its inlet temperature, °C.
    pub tube_in_c: f64,
}

/// The two outlet temperatures, °C.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExchangerOutlets {
    /// Condensate leaving the shell.
    pub shell_c: f64,
    /// Cooling water leaving the tubes.
    pub tube_c: f64,
}

/// Condition of the exchanger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExchangerParameters {
    /// Fouling resistance, m²K/W.
    pub fouling_m2k_w: f64,
    /// Factor on the overall heat transfer coefficient.
    pub u_factor: f64,
}

/// A dynamic model of E-101.
pub trait ExchangerModel: Clone + Debug + PartialEq + Send + Sync + Serialize + DeserializeOwned + 'static {
    /// The exchanger after a long time at these streams.
    fn settled(streams: &ExchangerStreams, parameters: &ExchangerParameters) -> Self;
    /// Advances by `dt_secs` with constant streams.
    fn step(&mut self, dt_secs: f64, streams: &ExchangerStreams, parameters: &ExchangerParameters);
    /// Outlet temperatures now.
    fn outlets(&self) -> ExchangerOutlets;
}

/// Overall heat transfer coefficient in W/m²K at the given flows and cooling-water outlet temperature.
pub fn overall_coefficient_w_m2_k(streams: &ExchangerStreams, tube_out_c: f64, parameters: &ExchangerParameters) -> f64 {
    let shell = 2600.0 * libm::pow(streams.shell_kg_s.max(0.05) / 24.8, 0.6);
    let velocity_m_s = streams.tube_kg_s.max(0.05) / (crate::water::density_kg_m3(streams.tube_in_c) * TUBE_FLOW_AREA_M2);
    let warmth = (1.0 + 0.015 * (tube_out_c - 31.0)).max(0.3);
    let tube = 9838.0 * libm::pow(velocity_m_s / 2.35, 0.8) * warmth;
    parameters.u_factor / (1.0 / shell + 1.49e-4 + (19.05 / 14.83) / tube + parameters.fouling_m2k_w)
}

/// Effectiveness of one shell pass with two tube passes for `ntu` transfer units and a capacity ratio of `ratio` ≤ 1.
pub fn effectiveness(ntu: f64, ratio: f64) -> f64 {
    let root = (1.0 + ratio * ratio).sqrt();
    let gamma = (ntu * root).max(1e-9);
    let decay = libm::exp(-gamma);
    2.0 / (1.0 + ratio + root * (1.0 + decay) / (1.0 - decay))
}

/// Outlets of a settled exchanger whose heat transfer coefficient is taken at `tube_out_c`.
pub fn steady_outlets(streams: &ExchangerStreams, tube_out_c: f64, parameters: &ExchangerParameters) -> ExchangerOutlets {
    let shell_w_k = streams.shell_kg_s * CONDENSATE_CP_J_KG_K;
    let tube_w_k = streams.tube_kg_s * COOLING_CP_J_KG_K;
    let (least, most) = if shell_w_k < tube_w_k { (shell_w_k, tube_w_k) } else { (tube_w_k, shell_w_k) };
    if least < 1.0 {
        return ExchangerOutlets { shell_c: streams.shell_in_c, tube_c: streams.tube_in_c };
    }
    let ua_w_k = overall_coefficient_w_m2_k(streams, tube_out_c, parameters) * AREA_M2;
    let duty_w = effectiveness(ua_w_k / least, least / most) * least * (streams.shell_in_c - streams.tube_in_c);
    ExchangerOutlets { shell_c: streams.shell_in_c - duty_w / shell_w_k, tube_c: streams.tube_in_c + duty_w / tube_w_k }
}

/// The twin's exchanger: the steady effectiveness model followed by two lags on each side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NtuExchanger {
    shell_c: [f64; 2],
    tube_c: [f64; 2],
}

impl NtuExchanger {
    const SHELL_LAGS_SECS: [f64; 2] = [25.0, 20.0];
    const TUBE_LAGS_SECS: [f64; 2] = [15.0, 15.0];
    /// A standing shell side cools towards the cooling water with this time constant.
    const STANDING_LAG_SECS: f64 = 600.0;
}

impl ExchangerModel for NtuExchanger {
    fn settled(streams: &ExchangerStreams, parameters: &ExchangerParameters) -> Self {
        if streams.shell_kg_s < STANDING_KG_S {
            return Self { shell_c: [streams.tube_in_c; 2], tube_c: [streams.tube_in_c; 2] };
        }
        let mut tube_out_c = streams.tube_in_c + 10.0;
        let mut outlets = steady_outlets(streams, tube_out_c, parameters);
        for _ in 0..30 {
            tube_out_c = outlets.tube_c;
            outlets = steady_outlets(streams, tube_out_c, parameters);
        }
        Self { shell_c: [outlets.shell_c; 2], tube_c: [outlets.tube_c; 2] }
    }

    fn step(&mut self, dt_secs: f64, streams: &ExchangerStreams, parameters: &ExchangerParameters) {
        let target = steady_outlets(streams, self.tube_c[1], parameters);
        if streams.shell_kg_s < STANDING_KG_S {
            let share = dt_secs / (Self::STANDING_LAG_SECS + dt_secs);
            self.shell_c[0] += (streams.tube_in_c - self.shell_c[0]) * share;
            self.shell_c[1] += (streams.tube_in_c - self.shell_c[1]) * share;
        } else {
            chase(&mut self.shell_c, target.shell_c, Self::SHELL_LAGS_SECS, dt_secs);
        }
        chase(&mut self.tube_c, target.tube_c, Self::TUBE_LAGS_SECS, dt_secs);
    }

    fn outlets(&self) -> ExchangerOutlets {
        ExchangerOutlets { shell_c: self.shell_c[1], tube_c: self.tube_c[1] }
    }
}

/// Two lags in series, each by implicit Euler.
fn chase(states: &mut [f64; 2], target: f64, lags_secs: [f64; 2], dt_secs: f64) {
    states[0] += (target - states[0]) * dt_secs / (lags_secs[0] + dt_secs);
    states[1] += (states[0] - states[1]) * dt_secs / (lags_secs[1] + dt_secs);
}
