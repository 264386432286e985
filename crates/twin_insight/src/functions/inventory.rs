//! Level of a drum from what flows in and out.

use super::{Declared, Inputs};
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;
use twin_model::{Quality, SignalKey, TwinTime};

/// The correction comes back when the two agree to this part of the limit.
const AGREES_AGAIN: f64 = 0.75;
/// After a gap this long, seconds, what flowed meanwhile is anybody's guess: the estimate starts at the transmitter.
const GAP_SECS: f64 = 300.0;

/// `inventory_level`: level of a horizontal drum with 2:1 heads from its mass balance, % of the transmitter span.
///
/// Integrates inflow − outflow in kg/h over the geometry V(h) at every tick (trapezoid). Flow meters are never exact:
/// 0.5 % of bias moves a drum of this size by 3 % an hour. So the estimate follows the transmitter slowly, with a time
/// constant and a limited rate, and **stops following while the two disagree**: it must not come to believe a
/// transmitter that lies. It starts at the transmitter, and again after a calibration of it (quality *out of service*)
/// or a gap in the flows of 5 minutes. Its quality is that of the flows.
///
/// | Input | Unit | |
/// |---|---|---|
/// | `level` | % | the transmitter |
/// | `inflow`, `outflow` | m³/h | |
///
/// | Parameter | Default | |
/// |---|---|---|
/// | `inflow_density_kg_m3`, `outflow_density_kg_m3` | 992.3 | densities the meters calculate with |
/// | `contents_density_kg_m3` | 992.2 | |
/// | `diameter_m`, `tangent_length_m` | 2.4, 6.0 | |
/// | `lower_tap_m`, `upper_tap_m` | 0.2, 2.2 | 0 % and 100 % above the bottom |
/// | `correction_time_secs` | 7200 | time constant of following |
/// | `correction_rate_pct_per_h` | 4 | fastest following |
/// | `correction_limit_pct` | 8 | disagreement at which following stops |
#[derive(Clone, Debug)]
pub(crate) struct InventoryLevel {
    level: SignalKey,
    inflow: SignalKey,
    outflow: SignalKey,
    inflow_density_kg_m3: f64,
    outflow_density_kg_m3: f64,
    contents_density_kg_m3: f64,
    drum: Drum,
    correction_time_secs: f64,
    correction_rate_pct_per_h: f64,
    correction_limit_pct: f64,
}

/// What the estimate remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct InventoryState {
    /// Contents, m³, at the time of the balance; `None` before it starts.
    balance: Option<Balance>,
    /// The transmitter was out of service when last seen.
    is_calibrated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Balance {
    volume_m3: f64,
    net_m3_h: f64,
    time: TwinTime,
    /// Follows the transmitter.
    follows: bool,
}

impl InventoryLevel {
    pub(super) fn read(declared: &mut Declared) -> Self {
        Self {
            level: declared.input("level"),
            inflow: declared.input("inflow"),
            outflow: declared.input("outflow"),
            inflow_density_kg_m3: declared.positive("inflow_density_kg_m3", 992.3),
            outflow_density_kg_m3: declared.positive("outflow_density_kg_m3", 992.3),
            contents_density_kg_m3: declared.positive("contents_density_kg_m3", 992.2),
            drum: Drum::read(declared),
            correction_time_secs: declared.positive("correction_time_secs", 7200.0),
            correction_rate_pct_per_h: declared.positive("correction_rate_pct_per_h", 4.0),
            correction_limit_pct: declared.positive("correction_limit_pct", 8.0),
        }
    }

    pub(super) fn value(&self, inputs: &mut Inputs, state: &mut InventoryState, tick: TwinTime) -> Option<f64> {
        let transmitter = inputs.peek(self.level).copied();
        let measured = transmitter.and_then(|reading| reading.usable());
        if transmitter.is_some_and(|reading| reading.quality == Quality::BAD_OUT_OF_SERVICE) {
            state.is_calibrated = true;
        } else if measured.is_some() && std::mem::take(&mut state.is_calibrated) {
            state.balance = None;
        }
        let (inflow, outflow) = (inputs.take(self.inflow), inputs.take(self.outflow));
        let (inflow, outflow) = (inflow?, outflow?);
        let mut balance = match state.balance {
            Some(balance) if tick.secs_since(balance.time) <= GAP_SECS => balance,
            before => match measured {
                Some(level) => {
                    let volume_m3 = self.drum.volume_at_m3(level);
                    let net_m3_h = self.net_m3_h(inflow, outflow);
                    Balance { volume_m3, net_m3_h, time: tick, follows: true }
                }
                None if before.is_none() => {
                    inputs.quality = inputs.quality.worst(Quality::BAD_WAITING_FOR_INITIAL_DATA);
                    inputs.is_lost = true;
                    return None;
                }
                None => before?,
            },
        };
        // Over stale flows the balance stands still; the gap is bridged, or the estimate starts anew, when they are back.
        if !inputs.quality.is_stale() {
            let secs = tick.secs_since(balance.time);
            self.integrate(&mut balance, self.net_m3_h(inflow, outflow), tick);
            if let Some(level) = measured {
                self.follow(&mut balance, level, secs);
            }
            state.balance = Some(balance);
        }
        Some(self.drum.level_at_pct(balance.volume_m3))
    }

    fn net_m3_h(&self, inflow_m3_h: f64, outflow_m3_h: f64) -> f64 {
        (inflow_m3_h * self.inflow_density_kg_m3 - outflow_m3_h * self.outflow_density_kg_m3) / self.contents_density_kg_m3
    }

    fn integrate(&self, balance: &mut Balance, net_m3_h: f64, tick: TwinTime) {
        let hours = tick.secs_since(balance.time) / 3600.0;
        balance.volume_m3 = (balance.volume_m3 + (balance.net_m3_h + net_m3_h) / 2.0 * hours).clamp(0.0, self.drum.full_m3());
        balance.net_m3_h = net_m3_h;
        balance.time = tick;
    }

    fn follow(&self, balance: &mut Balance, measured_pct: f64, secs: f64) {
        let estimate = self.drum.level_at_pct(balance.volume_m3);
        let distance = measured_pct - estimate;
        let limit = if balance.follows { self.correction_limit_pct } else { AGREES_AGAIN * self.correction_limit_pct };
        balance.follows = distance.abs() <= limit;
        if balance.follows {
            let fastest = self.correction_rate_pct_per_h / 3600.0;
            let rate = (distance / self.correction_time_secs).clamp(-fastest, fastest);
            balance.volume_m3 = self.drum.volume_at_m3(estimate + rate * secs);
        }
    }
}

/// A horizontal cylinder with 2:1 elliptical heads and a level transmitter.
#[derive(Clone, Debug)]
struct Drum {
    diameter_m: f64,
    tangent_length_m: f64,
    lower_tap_m: f64,
    span_m: f64,
}

impl Drum {
    fn read(declared: &mut Declared) -> Self {
        let lower_tap_m = declared.parameter("lower_tap_m", 0.2);
        let upper_tap_m = declared.parameter("upper_tap_m", 2.2);
        if upper_tap_m <= lower_tap_m {
            declared.faults.push("parameter \"upper_tap_m\" must be above \"lower_tap_m\"".to_owned());
        }
        Self {
            diameter_m: declared.positive("diameter_m", 2.4),
            tangent_length_m: declared.positive("tangent_length_m", 6.0),
            lower_tap_m,
            span_m: (upper_tap_m - lower_tap_m).max(1e-3),
        }
    }

    /// Contents at a height above the bottom, m³.
    fn volume_m3(&self, height_m: f64) -> f64 {
        let y = (height_m / self.diameter_m).clamp(0.0, 1.0);
        let square = self.diameter_m * self.diameter_m;
        let segment = libm::acos(1.0 - 2.0 * y) - 2.0 * (1.0 - 2.0 * y) * libm::sqrt(y - y * y);
        self.tangent_length_m * square / 4.0 * segment + PI * square * self.diameter_m / 12.0 * y * y * (3.0 - 2.0 * y)
    }

    fn full_m3(&self) -> f64 {
        self.volume_m3(self.diameter_m)
    }

    /// Contents at a level in % of the span, m³.
    fn volume_at_m3(&self, level_pct: f64) -> f64 {
        self.volume_m3(self.lower_tap_m + level_pct / 100.0 * self.span_m)
    }

    /// Level in % of the span at these contents; below 0 or above 100 outside the taps.
    fn level_at_pct(&self, volume_m3: f64) -> f64 {
        let (mut low, mut high) = (0.0, self.diameter_m);
        for _ in 0..50 {
            let middle = (low + high) / 2.0;
            if self.volume_m3(middle) < volume_m3 { low = middle } else { high = middle }
        }
        ((low + high) / 2.0 - self.lower_tap_m) / self.span_m * 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drum_holds_what_its_table_says() {
        let drum = Drum { diameter_m: 2.4, tangent_length_m: 6.0, lower_tap_m: 0.2, span_m: 2.0 };
        for (level, volume) in [(0.0, 1.15), (10.0, 3.24), (30.0, 8.86), (50.0, 15.38), (75.0, 23.43), (90.0, 27.52), (100.0, 29.61)] {
            assert!((drum.volume_at_m3(level) - volume).abs() < 0.006, "{level} %: {}", drum.volume_at_m3(level));
            assert!((drum.level_at_pct(drum.volume_at_m3(level)) - level).abs() < 1e-9);
        }
        assert!((drum.full_m3() - 30.76).abs() < 0.01);
    }
}
