//! Heat transfer of an exchanger from its heat balance.

use super::{Declared, Inputs};
use crate::water::specific_heat_kj_kgk;
use twin_model::{Quality, SignalKey, TwinTime};

/// Smallest temperature difference that says anything, K.
const SMALLEST_K: f64 = 1.0;
/// A longer silence makes the mean start anew, seconds.
const FORGET_SECS: f64 = 1800.0;

/// `heat_exchange_ua`: U·A of a water/water exchanger with one shell and two tube passes, kW/K, as a mean over time.
///
/// UA = duty ÷ (F · LMTD). The duty is the mean of the shell side's and the tube side's; if these differ by more than
/// `imbalance` the quality is Uncertain (fewer inputs than required: one of the instruments is wrong). F is the
/// correction of Bowman, Mueller and Nagle (1940) for the 1-2 exchanger. Valid near steady state: a mean of 2 minutes
/// covers the lags of the exchanger. Not applicable at low flow or without a temperature difference.
///
/// | Input | Unit | |
/// |---|---|---|
/// | `shell_flow`, `tube_flow` | m³/h | |
/// | `shell_in`, `shell_out`, `tube_in`, `tube_out` | °C | |
///
/// | Parameter | Default | |
/// |---|---|---|
/// | `shell_density_kg_m3`, `tube_density_kg_m3` | 992.3, 996.9 | what turns the flow meters into kg/h |
/// | `lowest_shell_flow_m3_h`, `lowest_tube_flow_m3_h` | 10, 30 | |
/// | `mean_secs` | 120 | 0 = no mean |
/// | `imbalance` | 0.1 | of the duty |
#[derive(Clone, Debug)]
pub(crate) struct HeatExchangeUa {
    shell_flow: SignalKey,
    shell_in: SignalKey,
    shell_out: SignalKey,
    tube_flow: SignalKey,
    tube_in: SignalKey,
    tube_out: SignalKey,
    shell_density_kg_m3: f64,
    tube_density_kg_m3: f64,
    lowest_shell_flow_m3_h: f64,
    lowest_tube_flow_m3_h: f64,
    mean_secs: f64,
    imbalance: f64,
}

impl HeatExchangeUa {
    pub(super) fn read(declared: &mut Declared) -> Self {
        Self {
            shell_flow: declared.input("shell_flow"),
            shell_in: declared.input("shell_in"),
            shell_out: declared.input("shell_out"),
            tube_flow: declared.input("tube_flow"),
            tube_in: declared.input("tube_in"),
            tube_out: declared.input("tube_out"),
            shell_density_kg_m3: declared.positive("shell_density_kg_m3", 992.3),
            tube_density_kg_m3: declared.positive("tube_density_kg_m3", 996.9),
            lowest_shell_flow_m3_h: declared.parameter("lowest_shell_flow_m3_h", 10.0),
            lowest_tube_flow_m3_h: declared.parameter("lowest_tube_flow_m3_h", 30.0),
            mean_secs: declared.parameter("mean_secs", 120.0),
            imbalance: declared.positive("imbalance", 0.1),
        }
    }

    pub(super) fn value(&self, inputs: &mut Inputs, mean: &mut Option<(f64, TwinTime)>, tick: TwinTime) -> Option<f64> {
        let Some(ua) = self.instantaneous(inputs) else {
            *mean = None;
            return None;
        };
        let smoothed = match *mean {
            Some((before, time)) if self.mean_secs > 0.0 && (0.0..FORGET_SECS).contains(&tick.secs_since(time)) => {
                before + (ua - before) * (1.0 - libm::exp(-tick.secs_since(time) / self.mean_secs))
            }
            _ => ua,
        };
        *mean = Some((smoothed, tick));
        Some(smoothed)
    }

    fn instantaneous(&self, inputs: &mut Inputs) -> Option<f64> {
        let (shell_flow, tube_flow) = (inputs.take(self.shell_flow), inputs.take(self.tube_flow));
        let (shell_in, shell_out) = (inputs.take(self.shell_in), inputs.take(self.shell_out));
        let (tube_in, tube_out) = (inputs.take(self.tube_in), inputs.take(self.tube_out));
        let (shell_flow, tube_flow) = (shell_flow?, tube_flow?);
        let (shell_in, shell_out, tube_in, tube_out) = (shell_in?, shell_out?, tube_in?, tube_out?);
        if shell_flow < self.lowest_shell_flow_m3_h || tube_flow < self.lowest_tube_flow_m3_h {
            return None;
        }
        let shell = duty_kw(shell_flow, self.shell_density_kg_m3, shell_in, shell_out);
        let tube = duty_kw(tube_flow, self.tube_density_kg_m3, tube_out, tube_in);
        let duty = (shell + tube) / 2.0;
        let effective_k = effective_difference_k(shell_in, shell_out, tube_in, tube_out)?;
        if (shell - tube).abs() > self.imbalance * duty.abs() {
            inputs.quality = inputs.quality.worst(Quality::UNCERTAIN_SUB_NORMAL);
        }
        Some(duty / effective_k)
    }
}

/// Heat given off by water between two temperatures, kW.
fn duty_kw(flow_m3_h: f64, density_kg_m3: f64, hot_c: f64, cold_c: f64) -> f64 {
    flow_m3_h * density_kg_m3 / 3600.0 * specific_heat_kj_kgk((hot_c + cold_c) / 2.0) * (hot_c - cold_c)
}

/// F · LMTD of a 1-2 exchanger, K. `None` where the temperatures leave no difference or cross too far for it.
fn effective_difference_k(shell_in: f64, shell_out: f64, tube_in: f64, tube_out: f64) -> Option<f64> {
    let (given, gained, greatest) = (shell_in - shell_out, tube_out - tube_in, shell_in - tube_in);
    if given < SMALLEST_K || gained < SMALLEST_K || greatest < SMALLEST_K {
        return None;
    }
    // F · LMTD in one expression, free of the singularity of LMTD at equal differences:
    // √(given² + gained²) ÷ ln[(Σ + √) ÷ (Σ − √)], where Σ = both shell temperatures less both tube temperatures.
    let root = libm::sqrt(given * given + gained * gained);
    let sum = 2.0 * greatest - given - gained;
    if sum <= root {
        return None;
    }
    Some(root / libm::log((sum + root) / (sum - root)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_times_lmtd_is_that_of_the_rating() {
        // Unit 100 at its normal point: LMTD 26.75 K, F 0.825.
        let found = effective_difference_k(84.97, 40.0, 26.03, 39.33).unwrap();
        assert!((found - 0.825 * 26.75).abs() < 0.05, "{found}");
        assert_eq!(effective_difference_k(40.0, 40.0, 26.0, 26.0), None);
        assert_eq!(effective_difference_k(50.0, 30.0, 20.0, 60.0), None, "a temperature cross no 1-2 exchanger reaches");
    }
}
