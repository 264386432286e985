//! Centrifugal pumps and their motors.

use serde::{Deserialize, Serialize};

use crate::command::DriveState;
use crate::water::G_M_S2;

/// Curves of a pump at rated speed; affinity laws for other speeds.
#[derive(Clone, Copy, Debug)]
pub struct PumpCurve {
    /// Head at zero flow, m.
    pub shutoff_head_m: f64,
    /// Fall of the head with the square of the flow, m/(m³/h)².
    pub head_fall: f64,
    /// Best efficiency.
    pub best_efficiency: f64,
    /// Flow of best efficiency at rated speed, m³/h.
    pub best_flow_m3_h: f64,
}

impl PumpCurve {
    /// Head in m at relative speed `speed` and `flow_m3_h`, both terms times `factor`.
    pub fn head_m(&self, speed: f64, flow_m3_h: f64, factor: f64) -> f64 {
        factor * (speed * speed * self.shutoff_head_m - self.head_fall * flow_m3_h * flow_m3_h)
    }

    /// Shaft power in kW, finite at zero flow: the efficiency 2q - q² falls like the flow.
    pub fn shaft_kw(&self, density_kg_m3: f64, speed: f64, flow_m3_h: f64, head_m: f64) -> f64 {
        if speed < 0.02 {
            return 0.0;
        }
        let best = self.best_flow_m3_h * speed;
        let share = (flow_m3_h / best).min(1.7);
        density_kg_m3 * G_M_S2 * head_m.max(0.0) * best / (self.best_efficiency * (2.0 - share)) / 3.6e6
    }
}

/// Power in kW that `flow_m3_h` takes up at `head_m`.
pub fn hydraulic_kw(density_kg_m3: f64, flow_m3_h: f64, head_m: f64) -> f64 {
    density_kg_m3 * G_M_S2 * head_m * flow_m3_h / 3.6e6
}

/// Data sheet of a motor with its supply.
#[derive(Clone, Copy, Debug)]
pub struct MotorData {
    /// Rated shaft power, kW.
    pub rated_kw: f64,
    /// Full-load current, A.
    pub full_load_a: f64,
    /// No-load current as a share of the full-load current.
    pub idle_share: f64,
    /// Efficiency of the motor above 30 % load.
    pub efficiency: f64,
    /// Efficiency of the variable speed drive, 1 without one.
    pub drive_efficiency: f64,
}

impl MotorData {
    /// Current in A at a shaft power and relative speed.
    pub fn current_a(&self, shaft_kw: f64, speed: f64) -> f64 {
        let torque = shaft_kw / self.rated_kw / speed.max(0.1);
        let idle = self.idle_share * self.idle_share;
        self.full_load_a * (idle + (1.0 - idle) * torque * torque).sqrt()
    }

    /// Electrical power in kW at a shaft power.
    pub fn electrical_kw(&self, shaft_kw: f64) -> f64 {
        let load = (shaft_kw / self.rated_kw).max(0.0);
        if load < 1e-6 {
            return 0.0;
        }
        shaft_kw / (self.efficiency * (1.0 - libm::exp(-load / 0.07)) * self.drive_efficiency)
    }
}

/// How a drive runs up and down.
#[derive(Clone, Copy, Debug)]
pub struct RunData {
    /// Change of speed while running, share of rated speed per second.
    pub ramp_per_sec: f64,
    /// Run-down under hydraulic load: deceleration = speed² / this, s.
    pub load_secs: f64,
    /// Run-down by friction, share of rated speed per second.
    pub friction_per_sec: f64,
}

/// Starts allowed within an hour.
pub const STARTS_PER_HOUR: usize = 4;

/// A motor drive.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MotorDrive {
    /// Its state as published.
    pub state: DriveState,
    /// Speed as a share of rated speed.
    pub speed: f64,
    /// Times of the last starts, s of simulated time; far in the past when there were none.
    started_at_secs: [f64; STARTS_PER_HOUR],
}

impl MotorDrive {
    /// A drive in service at `speed`.
    pub fn running(speed: f64) -> Self {
        Self { state: DriveState::Running, speed, started_at_secs: [-1e9; STARTS_PER_HOUR] }
    }

    /// A drive at rest.
    pub fn stopped() -> Self {
        Self { state: DriveState::Stopped, ..Self::running(0.0) }
    }

    /// True while the motor is switched on.
    pub fn is_on(&self) -> bool {
        self.state.is_on()
    }

    /// True when a start at `now_secs` stays within [`STARTS_PER_HOUR`].
    pub fn may_start(&self, now_secs: f64) -> bool {
        self.started_at_secs.iter().any(|&at| now_secs - at >= 3600.0)
    }

    /// Switches on, if the drive is stopped or running down.
    pub fn start(&mut self, now_secs: f64) {
        if !matches!(self.state, DriveState::Stopped | DriveState::Stopping) {
            return;
        }
        self.state = DriveState::Starting;
        self.started_at_secs.rotate_left(1);
        self.started_at_secs[STARTS_PER_HOUR - 1] = now_secs;
    }

    /// Switches off.
    pub fn stop(&mut self) {
        if self.is_on() {
            self.state = DriveState::Stopping;
        }
    }

    /// Switches off until a reset.
    pub fn trip(&mut self) {
        if self.is_on() || self.state == DriveState::Stopping {
            self.state = DriveState::Tripped;
        }
    }

    /// Ends a trip.
    pub fn reset(&mut self) {
        if self.state == DriveState::Tripped {
            self.state = DriveState::Stopping;
        }
    }

    /// Follows an isolation for maintenance.
    pub fn isolate(&mut self, isolated: bool) {
        if isolated {
            self.state = DriveState::Isolated;
        } else if self.state == DriveState::Isolated {
            self.state = DriveState::Stopped;
        }
    }

    /// Runs for `dt_secs` towards `demand` (share of rated speed) when on, down when off.
    pub fn step(&mut self, dt_secs: f64, demand: f64, data: &RunData) {
        if self.is_on() {
            let reach = data.ramp_per_sec * dt_secs;
            self.speed += (demand - self.speed).clamp(-reach, reach);
            if self.state == DriveState::Starting && self.speed >= demand - 0.02 {
                self.state = DriveState::Running;
            }
            return;
        }
        // Half steps keep the run-down, which is fast at first, close to its exact curve.
        for _ in 0..4 {
            let step = 0.25 * dt_secs;
            self.speed = (self.speed / (1.0 + self.speed * step / data.load_secs) - data.friction_per_sec * step).max(0.0);
        }
        if self.state == DriveState::Stopping && self.speed < 0.01 {
            self.state = DriveState::Stopped;
        }
    }
}
