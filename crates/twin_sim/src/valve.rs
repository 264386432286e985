//! Control valves: characteristic, actuator, loss of air, stiction.

use serde::{Deserialize, Serialize};

/// Position a pneumatic valve takes without air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailPosition {
    /// FC.
    Closed,
    /// FO.
    Open,
}

/// Data sheet of a valve.
#[derive(Clone, Copy, Debug)]
pub struct ValveData {
    /// Capacity at full opening, m³/h at 1 bar of water.
    pub kvs: f64,
    /// Rangeability of the equal-percentage characteristic.
    pub rangeability: f64,
    /// Lag of the actuator, s.
    pub lag_secs: f64,
    /// Fastest stroke, %/s.
    pub rate_pct_s: f64,
    /// Mechanical lower stop, %.
    pub stop_pct: f64,
    /// Position without air.
    pub fails: FailPosition,
}

/// Below this opening an equal-percentage valve closes linearly, %.
const SEAT_PCT: f64 = 5.0;

impl ValveData {
    /// Capacity at a position in %.
    pub fn kv(&self, position_pct: f64) -> f64 {
        let opening = |pct: f64| self.kvs * libm::pow(self.rangeability, pct / 100.0 - 1.0);
        if position_pct >= SEAT_PCT { opening(position_pct.min(100.0)) } else { opening(SEAT_PCT) * position_pct.max(0.0) / SEAT_PCT }
    }

    /// Position in % that gives a capacity, the inverse of [`Self::kv`], 0 to 100.
    pub fn position_pct(&self, kv: f64) -> f64 {
        let seat = self.kv(SEAT_PCT);
        if kv < seat {
            return (SEAT_PCT * kv / seat).max(0.0);
        }
        (100.0 * (1.0 + libm::log(kv / self.kvs) / libm::log(self.rangeability))).min(100.0)
    }
}

/// Faults of one valve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValveHealth {
    /// Stands at this position, %; negative when healthy.
    pub forced_pct: f64,
    /// Stiction: dead-band plus stick-band S, % of stroke.
    pub stick_band_pct: f64,
    /// Stiction: slip jump J, % of stroke.
    pub slip_jump_pct: f64,
}

impl ValveHealth {
    /// A valve that follows its command.
    pub const HEALTHY: Self = Self { forced_pct: -1.0, stick_band_pct: 0.0, slip_jump_pct: 0.0 };
}

/// State of a valve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Valve {
    /// Stem position, % open.
    pub position_pct: f64,
    stem: Stem,
}

impl Valve {
    /// A valve at rest at `position_pct`.
    pub fn at(position_pct: f64) -> Self {
        Self { position_pct, stem: Stem::at(position_pct) }
    }

    /// Puts the stem somewhere, as an imposed position does.
    pub fn place(&mut self, position_pct: f64) {
        *self = Self::at(position_pct);
    }

    /// Moves for `dt_secs` towards `command_pct` with `air_barg` of instrument air.
    pub fn step(&mut self, dt_secs: f64, command_pct: f64, data: &ValveData, air_barg: f64, health: ValveHealth) {
        let asked = self.stem.follow(command_pct, health);
        let stroke_pct = 100.0 * ((air_barg - 1.5) / 2.5).clamp(0.0, 1.0);
        let possible = match data.fails {
            FailPosition::Closed => asked.min(stroke_pct),
            FailPosition::Open => asked.max(100.0 - stroke_pct),
        };
        let target = if health.forced_pct >= 0.0 { health.forced_pct } else { possible.clamp(data.stop_pct, 100.0) };
        let reach = data.rate_pct_s * dt_secs;
        self.position_pct += ((target - self.position_pct) * dt_secs / (data.lag_secs + dt_secs)).clamp(-reach, reach);
    }
}

/// A stem with the two-parameter stiction of Kano et al.: it rests until the command has moved by S against, or by J
/// along, its last direction, then follows at half of S - J until the command pauses.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Stem {
    target_pct: f64,
    last_command_pct: f64,
    rested_at_pct: f64,
    direction: f64,
    resting: bool,
}

impl Stem {
    fn at(position_pct: f64) -> Self {
        Self { target_pct: position_pct, last_command_pct: position_pct, rested_at_pct: position_pct, direction: 1.0, resting: true }
    }

    fn follow(&mut self, command_pct: f64, health: ValveHealth) -> f64 {
        if health.stick_band_pct <= 0.0 {
            *self = Self::at(command_pct);
            return command_pct;
        }
        let moved = command_pct - self.last_command_pct;
        if !self.resting && moved * self.direction <= 0.0 {
            self.resting = true;
            self.rested_at_pct = self.last_command_pct;
        }
        if self.resting {
            let along = (command_pct - self.rested_at_pct) * self.direction;
            if along > health.slip_jump_pct {
                self.resting = false;
            } else if -along > health.stick_band_pct {
                self.resting = false;
                self.direction = -self.direction;
            }
        }
        if !self.resting {
            let distance = 0.5 * (health.stick_band_pct - health.slip_jump_pct).max(0.0);
            self.target_pct = (command_pct - self.direction * distance).clamp(0.0, 100.0);
        }
        self.last_command_pct = command_pct;
        self.target_pct
    }
}
