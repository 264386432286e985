//! PI controllers of Unit 100.

use serde::{Deserialize, Serialize};

use crate::command::Mode;

/// Settings of a loop.
#[derive(Clone, Copy, Debug)]
pub struct LoopData {
    /// Tag, e.g. `FIC-101`.
    pub tag: &'static str,
    /// Upper end of the measured value's span; every span starts at zero.
    pub span: f64,
    /// +1 direct (output rises with the measured value), -1 reverse.
    pub action: f64,
    /// Proportional gain, % per %.
    pub gain: f64,
    /// Integral time, s.
    pub integral_secs: f64,
    /// Output limits, %.
    pub output_pct: (f64, f64),
    /// Set point limits for an operator.
    pub setpoint: (f64, f64),
}

/// Number of loops.
pub const LOOP_COUNT: usize = 8;
/// Cooled condensate flow.
pub const FIC_101: usize = 0;
/// TK-101 level, cascades to FIC-101.
pub const LIC_100: usize = 1;
/// Discharge header pressure.
pub const PIC_101: usize = 2;
/// Cooled condensate temperature.
pub const TIC_101: usize = 3;
/// V-101 level.
pub const LIC_101: usize = 4;
/// V-101 gas pressure, split range.
pub const PIC_103: usize = 5;
/// Cooling water supply temperature.
pub const TIC_201: usize = 6;
/// Basin level.
pub const LIC_201: usize = 7;

/// The loops in the order of the published signals.
pub const LOOPS: [LoopData; LOOP_COUNT] = [
    data("FIC-101", 150.0, -1.0, 0.8, 8.0, (0.0, 100.0), (0.0, 115.0)),
    data("LIC-100", 100.0, 1.0, 0.8, 14_400.0, (20.0, 110.0 / 1.5), (0.0, 100.0)),
    data("PIC-101", 6.0, -1.0, 0.8, 8.0, (50.0, 100.0), (2.3, 3.4)),
    data("TIC-101", 100.0, 1.0, 2.0, 80.0, (10.0, 100.0), (0.0, 100.0)),
    data("LIC-101", 100.0, 1.0, 2.0, 900.0, (0.0, 100.0), (0.0, 100.0)),
    data("PIC-103", 2.0, 1.0, 4.0, 60.0, (0.0, 100.0), (0.0, 2.0)),
    data("TIC-201", 50.0, 1.0, 3.0, 240.0, (20.0, 100.0), (0.0, 50.0)),
    data("LIC-201", 100.0, -1.0, 3.0, 900.0, (0.0, 100.0), (0.0, 100.0)),
];

const fn data(
    tag: &'static str,
    span: f64,
    action: f64,
    gain: f64,
    integral_secs: f64,
    output_pct: (f64, f64),
    setpoint: (f64, f64),
) -> LoopData {
    LoopData { tag, span, action, gain, integral_secs, output_pct, setpoint }
}

/// Position of a loop in [`LOOPS`] by tag.
pub fn loop_index(tag: &str) -> Option<usize> {
    LOOPS.iter().position(|data| data.tag == tag)
}

/// State of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PiLoop {
    /// Set point in the unit of the measured value.
    pub setpoint: f64,
    /// Output, %.
    pub output_pct: f64,
    /// Mode.
    pub mode: Mode,
    integral_pct: f64,
}

impl PiLoop {
    /// A loop at rest with its measured value on the set point.
    pub fn settled(setpoint: f64, output_pct: f64, mode: Mode) -> Self {
        Self { setpoint, output_pct, mode, integral_pct: output_pct }
    }

    fn error_pct(&self, data: &LoopData, measured: f64) -> f64 {
        data.action * (measured - self.setpoint) / data.span * 100.0
    }

    /// One scan in AUTO or CAS; in MAN the integral follows the output, so that the way back has no bump.
    pub fn scan(&mut self, dt_secs: f64, data: &LoopData, measured: f64) {
        if self.mode == Mode::Man {
            self.track(data, measured, self.output_pct);
            return;
        }
        let error = self.error_pct(data, measured);
        let (low, high) = data.output_pct;
        let proportional = data.gain * error;
        let asked = proportional + self.integral_pct;
        let outward = (asked >= high && error > 0.0) || (asked <= low && error < 0.0);
        if !outward {
            self.integral_pct += data.gain / data.integral_secs * error * dt_secs;
        }
        self.output_pct = (proportional + self.integral_pct).clamp(low, high);
    }

    /// Holds the output at `output_pct` and lets the integral follow.
    pub fn track(&mut self, data: &LoopData, measured: f64, output_pct: f64) {
        self.output_pct = output_pct;
        self.integral_pct = output_pct - data.gain * self.error_pct(data, measured);
    }
}
