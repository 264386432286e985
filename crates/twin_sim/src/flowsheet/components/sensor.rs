//! Transmitters.

use super::random;

use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const LAG: usize = 0;
const NOISE: usize = 1;
const LOW: usize = 2;
const HIGH: usize = 3;
const RESOLUTION: usize = 4;
const SEED: usize = 5;
const BIAS: usize = 6;
const DRIFT: usize = 7;
const SCALE: usize = 8;
const STUCK: usize = 9;
const NOISE_FACTOR: usize = 10;

const LAGGED: usize = 0;
const DRIFTED: usize = 1;
/// Draws so far: what the generator has to skip, exact up to 2⁵³.
const DRAWS: usize = 2;

/// A transmitter.
pub const SENSOR: Kind = Kind {
    sheet: &Sheet {
        kind: "sensor",
        title: "Transmitter",
        summary: "What an instrument makes of a quantity: it lags, scatters, errs, ends at its range, and may stand still.",
        equations: &[
            "d(lagged)/dt = (value − lagged)/lag, exact for a value that stands still over a step",
            "reading = scale·lagged + bias + drift·t + noise, rounded to the resolution, within the range",
            "stuck: the reading of the moment stands",
        ],
        parameters: &[
            ParameterSheet::usual("lag_secs", "s", 0.0, (0.0, 3600.0), "0.2 pressure, 5 temperature", "First-order lag."),
            ParameterSheet::usual(
                "noise",
                "unit of the value",
                0.0,
                (0.0, 1e9),
                "0.1 to 0.5 % of span",
                "Standard deviation of the noise, a new draw every step.",
            ),
            ParameterSheet::usual("low", "unit of the value", -1e9, (-1e9, 1e9), "", "Lower end of the range."),
            ParameterSheet::usual("high", "unit of the value", 1e9, (-1e9, 1e9), "", "Upper end of the range."),
            ParameterSheet::usual("resolution", "unit of the value", 0.0, (0.0, 1e9), "", "Step of the reading; 0: none."),
            ParameterSheet::usual("seed", "", 1.0, (0.0, 9e15), "", "Seed of the noise, a whole number."),
            ParameterSheet::malfunction("bias", "unit of the value", 0.0, (-1e9, 1e9), "Constant error.").worst(10.0),
            ParameterSheet::malfunction("drift_per_hour", "unit of the value/h", 0.0, (-1e9, 1e9), "Error that grows while it is set.")
                .worst(10.0),
            ParameterSheet::malfunction("scale", "", 1.0, (0.0, 10.0), "Error of the span.").worst(0.5),
            ParameterSheet::malfunction("stuck", "0/1", 0.0, (0.0, 1.0), "The reading stands still."),
            ParameterSheet::malfunction("noise_factor", "", 1.0, (0.0, 100.0), "Noise against the usual one: 0 for a plugged line.")
                .worst(10.0),
        ],
        points: &[PointSheet::new("reading", "unit of the value", "What it shows.")],
        validity: "White noise; no dead time.",
        sources: &["Doebelin, Measurement Systems, ch. 3"],
    },
    inputs: &[InputSheet { name: "value", default: None, meaning: "The quantity itself." }],
    states: 3,
    build: |seat, _: &Settings| Ok(Box::new(Sensor { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Sensor {
    seat: Seat,
}

impl Sensor {
    /// The next standard normal variate of this sensor's own row.
    fn variate(&self, bench: &mut Bench) -> f64 {
        let draws = self.seat.x(bench, DRAWS);
        self.seat.set_x(bench, DRAWS, draws + 1.0);
        random::normal(self.seat.p(bench, SEED) as u64, self.seat.point, draws as u64)
    }

    fn read(&self, bench: &mut Bench) {
        if self.seat.p(bench, STUCK) > 0.5 {
            return;
        }
        let sigma = self.seat.p(bench, NOISE) * self.seat.p(bench, NOISE_FACTOR);
        let noise = if sigma > 0.0 { sigma * self.variate(bench) } else { 0.0 };
        let raw = self.seat.p(bench, SCALE) * self.seat.x(bench, LAGGED) + self.seat.p(bench, BIAS) + self.seat.x(bench, DRIFTED) + noise;
        let resolution = self.seat.p(bench, RESOLUTION);
        let rounded = if resolution > 0.0 { (raw / resolution).round() * resolution } else { raw };
        let (low, high) = (self.seat.p(bench, LOW), self.seat.p(bench, HIGH));
        // What is not a number is not the end of the range.
        self.seat.set_y(bench, 0, if rounded.is_nan() { rounded } else { rounded.min(high).max(low) });
    }
}

impl Component for Sensor {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let value = self.seat.input(bench, 0);
        self.seat.set_x(bench, LAGGED, value);
        self.read(bench);
    }

    fn report(&self, bench: &mut Bench) {
        let value = self.seat.input(bench, 0);
        let lag_secs = self.seat.p(bench, LAG);
        let lagged = self.seat.x(bench, LAGGED);
        let kept = if lag_secs > 0.0 { libm::exp(-bench.dt_secs / lag_secs) } else { 0.0 };
        // The first value after none is taken as it is: a lag would never forget what is not a number.
        self.seat.set_x(bench, LAGGED, if lagged.is_nan() { value } else { value + (lagged - value) * kept });
        let drift = self.seat.p(bench, DRIFT);
        let drifted = if drift == 0.0 { 0.0 } else { self.seat.x(bench, DRIFTED) + drift * bench.dt_secs / 3600.0 };
        self.seat.set_x(bench, DRIFTED, drifted);
        self.read(bench);
    }
}
