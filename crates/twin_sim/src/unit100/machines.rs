//! Bearings, windings and vibration of the machines.

use serde::{Deserialize, Serialize};

use super::Unit100;
use super::plant::{BEARING_LAG_SECS, P101, P101_MOTOR, P101_NORMAL_SPEED};
use crate::bearing::{BearingLoad, BearingModel};
use crate::{STEP_SECS, Structure};

/// Bearing temperatures: P-101 drive end, non-drive end, motor drive end and winding of both pumps, P-102 and P-201 drive end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub(crate) struct Bearings<S: Structure> {
    pub p101: [[S::Bearing; 4]; 2],
    pub p102: S::Bearing,
    pub p201: [S::Bearing; 2],
}

/// Loads in the same places.
pub(super) struct BearingLoads {
    p101: [[BearingLoad; 4]; 2],
    p102: BearingLoad,
    p201: [BearingLoad; 2],
}

impl BearingLoads {
    /// Everything at rest.
    pub(super) fn resting(ambient_c: f64) -> Self {
        let load = BearingLoad { target_c: ambient_c, ambient_c, lag_secs: BEARING_LAG_SECS };
        Self { p101: [[load; 4]; 2], p102: load, p201: [load; 2] }
    }
}

impl<S: Structure> Bearings<S> {
    pub(super) fn settled(loads: &BearingLoads) -> Self {
        Self {
            p101: loads.p101.map(|pump| pump.map(|load| S::Bearing::settled(&load))),
            p102: S::Bearing::settled(&loads.p102),
            p201: loads.p201.map(|load| S::Bearing::settled(&load)),
        }
    }

    pub(super) fn step(&mut self, loads: &BearingLoads) {
        for (bearing, load) in self.p101.iter_mut().flatten().zip(loads.p101.iter().flatten()) {
            bearing.step(STEP_SECS, load);
        }
        self.p102.step(STEP_SECS, &loads.p102);
        for (bearing, load) in self.p201.iter_mut().zip(&loads.p201) {
            bearing.step(STEP_SECS, load);
        }
    }
}

/// Velocity of a machine at rest, mm/s, and its envelope, gE: what the floor brings.
const REST_MM_S: f64 = 0.1;
const REST_GE: f64 = 0.02;

impl<S: Structure> Unit100<S> {
    pub(super) fn bearing_loads(&self, ambient_c: f64) -> BearingLoads {
        let load = |target_c: f64| BearingLoad { target_c, ambient_c, lag_secs: BEARING_LAG_SECS };
        let p101 = [0, 1].map(|pump| {
            let speed = self.p101[pump].speed;
            let relative = speed / P101_NORMAL_SPEED;
            let squared = relative * relative;
            let worn = self.wear(pump, 1.5) * (speed / 0.3).min(1.0);
            // A pump at rest is kept warm by the casing.
            let casing = 8.0 + 5.0 * (1.0 - speed / 0.5).max(0.0) + 0.3 * (self.tk101.temp_c - 85.0).clamp(-26.0, 30.0);
            let current = self.p101_current_a(pump) / 20.5;
            [
                load(ambient_c + casing + 28.0 * squared + 55.0 * worn),
                load(ambient_c + casing + 24.0 * squared + 20.0 * worn),
                load(ambient_c + 34.0 * squared),
                load(ambient_c + 56.0 * current * current),
            ]
        });
        let p102 = load(ambient_c + 30.0 * self.p102.speed * self.p102.speed);
        let p201 = [0, 1].map(|pump| load(ambient_c + 28.0 * self.p201[pump].speed * self.p201[pump].speed));
        BearingLoads { p101, p102, p201 }
    }

    fn wear(&self, pump: usize, exponent: f64) -> f64 {
        let wear = self.parameters.bearing_wear(pump);
        if wear > 0.0 { libm::pow(wear, exponent) } else { 0.0 }
    }

    /// Motor current of P-101, A.
    pub(super) fn p101_current_a(&self, pump: usize) -> f64 {
        let drive = &self.p101[pump];
        if drive.is_on() { P101_MOTOR.current_a(self.feed.shaft_kw[pump], drive.speed) } else { 0.0 }
    }

    /// Velocity at drive end and non-drive end in mm/s, and drive-end envelope in gE, of P-101.
    pub(super) fn p101_vibration(&self, pump: usize) -> [f64; 3] {
        let speed = self.p101[pump].speed;
        if speed < 0.05 {
            return [REST_MM_S, REST_MM_S, REST_GE];
        }
        let relative = speed / P101_NORMAL_SPEED;
        let sway = relative * relative.sqrt();
        let share = self.feed.through_m3_h[pump] / (P101.best_flow_m3_h * speed);
        let starved = ((0.6 - share) / 0.6).max(0.0);
        let turning = (speed / 0.3).min(1.0);
        let worn = 1.3;
        let velocity_wear = self.wear(pump, worn) * turning;
        let early = (self.wear(pump, 0.6) - 0.063).max(0.0) * turning;
        let cavitation = self.cavitation(pump);
        [
            1.90 * sway * (1.0 + 0.6 * starved) + 7.5 * velocity_wear + 3.6 * cavitation,
            1.60 * sway + 2.5 * velocity_wear + 2.6 * cavitation,
            0.60 * relative * relative + 8.54 * early + 5.0 * cavitation,
        ]
        .map(|value| value.max(REST_GE))
    }

    /// Velocity in mm/s of a machine that shows `normal` at relative speed 1.
    pub(super) fn plain_vibration(normal: f64, relative_speed: f64) -> f64 {
        (normal * relative_speed * relative_speed.max(0.0).sqrt()).max(REST_MM_S)
    }
}
