//! Controllers.

use crate::command::{Mode, Refusal};
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, FollowSheet, InputSheet, Kind, OptionSheet, Request, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const LOW: usize = 0;
const HIGH: usize = 1;
const GAIN: usize = 2;
const INTEGRAL_SECS: usize = 3;
const DERIVATIVE_SECS: usize = 4;
const OUTPUT_LOW: usize = 5;
const OUTPUT_HIGH: usize = 6;
const SETPOINT_LOW: usize = 7;
const SETPOINT_HIGH: usize = 8;
const SETPOINT_STEP: usize = 9;
const START_SETPOINT: usize = 10;
const START_OUTPUT: usize = 11;
const START_MODE: usize = 12;
const GAIN_FACTOR: usize = 13;

const MEASURED: usize = 0;
const REMOTE: usize = 1;
const TRACK: usize = 2;
const TRACK_PCT: usize = 3;
const MODE_WANTED: usize = 4;
const SETPOINT_WANTED: usize = 5;
const SETPOINT_RATE: usize = 6;

const SETPOINT: usize = 0;
const OUTPUT: usize = 1;
const MODE: usize = 2;

const INTEGRAL: usize = 3;
const SMOOTHED: usize = 4;

/// Derivative filter: a tenth of the derivative time.
const FILTER_SHARE: f64 = 0.1;

/// A PID controller.
pub const CONTROLLER: Kind = Kind {
    sheet: &Sheet {
        kind: "controller",
        title: "Controller",
        summary: "A PI or PID controller with modes MAN, AUTO and CAS. Leaving MAN or tracking is bumpless; the integral stops where the output stands at its limit.",
        equations: &[
            "e = ±(measured − setpoint)/(high − low)·100 %, + for direct action",
            "output = Kc·(e + (1/Ti)·∫e dt + Td·d(measured, filtered)/dt), within the limits of the output",
            "the integral rests while the output stands at a limit and e drives it further out",
            "tracking and MAN: the integral is set so that the next scan would give the present output, and the derivative begins anew",
            "without a measured value the output stays",
        ],
        parameters: &[
            ParameterSheet::usual("low", "unit of the signal", 0.0, (-1e9, 1e9), "", "Lower end of the span of the measured value."),
            ParameterSheet::required("high", "unit of the signal", (-1e9, 1e9), "", "Upper end of the span."),
            ParameterSheet::required("gain", "%/%", (0.0, 1e4), "0.2 to 5", "Proportional gain Kc."),
            ParameterSheet::required(
                "integral_secs",
                "s",
                (0.01, 1e7),
                "5 flow, 60 pressure, 300 temperature, 900 level",
                "Integral time Ti.",
            ),
            ParameterSheet::usual("derivative_secs", "s", 0.0, (0.0, 1e5), "0", "Derivative time Td, on the measured value."),
            ParameterSheet::usual("output_low_pct", "%", 0.0, (-10.0, 110.0), "0", "Lower limit of the output."),
            ParameterSheet::usual("output_high_pct", "%", 100.0, (-10.0, 110.0), "100", "Upper limit of the output."),
            ParameterSheet::usual("setpoint_low", "unit of the signal", -1e9, (-1e9, 1e9), "", "Lowest set point an operator may give."),
            ParameterSheet::usual("setpoint_high", "unit of the signal", 1e9, (-1e9, 1e9), "", "Highest set point."),
            ParameterSheet::usual(
                "setpoint_step",
                "",
                0.1,
                (0.0, 1.0),
                "0.1",
                "Largest change of the set point per request, share of the span.",
            ),
            ParameterSheet::usual("start_setpoint", "unit of the signal", 0.0, (-1e9, 1e9), "", "Set point at the start."),
            ParameterSheet::usual("start_output_pct", "%", 0.0, (-10.0, 110.0), "", "Output at the start."),
            ParameterSheet::usual("start_mode", "", 1.0, (0.0, 2.0), "1", "Mode at the start: 0 MAN, 1 AUTO, 2 CAS."),
            ParameterSheet::malfunction("gain_factor", "", 1.0, (0.0, 50.0), "Gain against the one set: a detuned controller.")
                .worst(5.0)
                .logarithmic(),
        ],
        points: &[
            PointSheet::new("setpoint", "unit of the signal", "Set point."),
            PointSheet::new("output_pct", "%", "Output."),
            PointSheet::new("mode", "", "Mode: 0 MAN, 1 AUTO, 2 CAS."),
        ],
        validity: "One scan per step. Parallel output limits only; no external reset.",
        sources: &["Åström & Hägglund, Advanced PID Control, ch. 3 (anti-windup, bumpless transfer)"],
    },
    options: &[OptionSheet {
        name: "action",
        choices: &["reverse", "direct"],
        meaning: "What a rising measured value does to the output; reverse when silent.",
    }],
    inputs: &[
        InputSheet { name: "measured", default: None, meaning: "Measured value." },
        InputSheet { name: "remote_setpoint", default: Some(f64::NAN), meaning: "Set point in CAS. Without one there is no CAS." },
        InputSheet { name: "track", default: Some(0.0), meaning: "1: the output follows track_pct." },
        InputSheet { name: "track_pct", default: Some(0.0), meaning: "Output while tracking, %." },
        InputSheet { name: "mode_wanted", default: Some(f64::NAN), meaning: "Mode a sequence asks for; no number: none." },
        InputSheet { name: "setpoint_wanted", default: Some(f64::NAN), meaning: "Set point a sequence asks for; no number: none." },
        InputSheet {
            name: "setpoint_rate_per_sec",
            default: Some(f64::NAN),
            meaning: "How fast the set point moves there; no number: at once.",
        },
    ],
    follows: &[
        FollowSheet { name: "setpoint", meaning: "Its set point." },
        FollowSheet { name: "output_pct", meaning: "Its output, %." },
        FollowSheet { name: "mode", meaning: "Its mode." },
    ],
    states: 5,
    build: |seat, settings: &Settings| {
        let is_direct = settings.choice("action", CONTROLLER.options[0].choices)? == 1;
        Ok(Box::new(Controller { seat, sign: if is_direct { 1.0 } else { -1.0 } }))
    },
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Controller {
    seat: Seat,
    sign: f64,
}

impl Controller {
    fn gain(&self, bench: &Bench) -> f64 {
        self.seat.p(bench, GAIN) * self.seat.p(bench, GAIN_FACTOR)
    }

    fn span(&self, bench: &Bench) -> f64 {
        (self.seat.p(bench, HIGH) - self.seat.p(bench, LOW)).max(1e-12)
    }

    fn error_pct(&self, bench: &Bench) -> f64 {
        let measured = self.seat.input(bench, MEASURED);
        if measured.is_nan() { 0.0 } else { self.sign * (measured - self.seat.x(bench, SETPOINT)) / self.span(bench) * 100.0 }
    }

    fn limits(&self, bench: &Bench) -> (f64, f64) {
        let low = self.seat.p(bench, OUTPUT_LOW);
        (low, self.seat.p(bench, OUTPUT_HIGH).max(low))
    }

    fn mode(&self, bench: &Bench) -> Mode {
        Mode::from_number(self.seat.x(bench, MODE)).unwrap_or(Mode::Man)
    }

    fn take(&self, bench: &mut Bench, index: usize, value: f64) {
        self.seat.set_x(bench, index, value);
        if index <= MODE {
            self.seat.set_y(bench, index, value);
        }
    }

    fn hold(&self, bench: &mut Bench, output_pct: f64) {
        let integral = output_pct - self.gain(bench) * self.error_pct(bench);
        self.take(bench, OUTPUT, output_pct);
        self.take(bench, INTEGRAL, integral);
        // A derivative over what happened meanwhile would be a bump.
        let measured = self.seat.input(bench, MEASURED);
        self.take(bench, SMOOTHED, measured);
    }

    /// Mode a sequence asks for, if there is such a mode and the controller can take it.
    fn mode_wanted(&self, bench: &Bench) -> Option<Mode> {
        Mode::from_number(self.seat.input(bench, MODE_WANTED)).filter(|mode| self.may_take(bench, *mode))
    }

    /// CAS needs a set point from elsewhere.
    fn may_take(&self, bench: &Bench, mode: Mode) -> bool {
        mode != Mode::Cas || !self.seat.input(bench, REMOTE).is_nan()
    }

    /// What a sequence asks for.
    fn obey(&self, bench: &mut Bench) {
        if let Some(mode) = self.mode_wanted(bench).filter(|mode| *mode != self.mode(bench)) {
            self.take(bench, MODE, mode.number());
            let output = self.seat.x(bench, OUTPUT);
            self.hold(bench, output);
        }
        let wanted = self.seat.input(bench, SETPOINT_WANTED);
        if wanted.is_finite() {
            let rate = self.seat.input(bench, SETPOINT_RATE);
            let reach = if rate.is_finite() { rate.abs() * bench.dt_secs } else { f64::MAX };
            let now = self.seat.x(bench, SETPOINT);
            self.take(bench, SETPOINT, now + (wanted - now).clamp(-reach, reach));
        }
    }

    /// The derivative of the measured value in %, filtered; the filter is exact for a value that stands still over a step.
    fn derivative_pct(&self, bench: &mut Bench) -> f64 {
        let derivative_secs = self.seat.p(bench, DERIVATIVE_SECS);
        let measured = self.seat.input(bench, MEASURED);
        let smoothed = self.seat.x(bench, SMOOTHED);
        if derivative_secs <= 0.0 || smoothed.is_nan() {
            self.take(bench, SMOOTHED, measured);
            return 0.0;
        }
        let filter_secs = FILTER_SHARE * derivative_secs;
        self.take(bench, SMOOTHED, measured + (smoothed - measured) * libm::exp(-bench.dt_secs / filter_secs));
        self.sign * (measured - smoothed) / filter_secs / self.span(bench) * 100.0 * derivative_secs
    }

    fn scan(&self, bench: &mut Bench) {
        if self.seat.input(bench, MEASURED).is_nan() {
            // Nothing is controlled: the output stays, and the derivative begins anew with the next value.
            self.take(bench, SMOOTHED, f64::NAN);
            return;
        }
        let derivative = self.derivative_pct(bench);
        let error = self.error_pct(bench);
        let (low, high) = self.limits(bench);
        let gain = self.gain(bench);
        let ahead = gain * (error + derivative);
        let asked = ahead + self.seat.x(bench, INTEGRAL);
        let outward = (asked >= high && error > 0.0) || (asked <= low && error < 0.0);
        if !outward {
            let integral = self.seat.x(bench, INTEGRAL) + gain / self.seat.p(bench, INTEGRAL_SECS) * error * bench.dt_secs;
            self.take(bench, INTEGRAL, integral);
        }
        let output = (ahead + self.seat.x(bench, INTEGRAL)).clamp(low, high);
        self.take(bench, OUTPUT, output);
    }

    fn within(value: f64, (low, high): (f64, f64)) -> Result<(), Refusal> {
        if (low..=high).contains(&value) { Ok(()) } else { Err(Refusal::OutOfRange { low: low.to_string(), high: high.to_string() }) }
    }
}

impl Component for Controller {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        for (state, parameter) in [(SETPOINT, START_SETPOINT), (OUTPUT, START_OUTPUT), (MODE, START_MODE), (INTEGRAL, START_OUTPUT)] {
            let value = self.seat.p(bench, parameter);
            self.take(bench, state, value);
        }
        // What it measures may not have started yet.
        self.take(bench, SMOOTHED, f64::NAN);
    }

    fn act(&self, bench: &mut Bench) {
        self.obey(bench);
        let remote = self.seat.input(bench, REMOTE);
        if self.mode(bench) == Mode::Cas && remote.is_finite() {
            self.take(bench, SETPOINT, remote);
        }
        if self.seat.input(bench, TRACK) > 0.5 {
            let asked = self.seat.input(bench, TRACK_PCT);
            let output = if asked.is_nan() { self.seat.x(bench, OUTPUT) } else { asked };
            self.hold(bench, output);
        } else if self.mode(bench) == Mode::Man {
            let output = self.seat.x(bench, OUTPUT);
            self.hold(bench, output);
        } else {
            self.scan(bench);
        }
    }

    fn follow(&self, bench: &mut Bench) {
        for index in [SETPOINT, OUTPUT, MODE] {
            if let Some(reading) = self.seat.reading(bench, index) {
                self.take(bench, index, reading);
            }
        }
        let output = self.seat.x(bench, OUTPUT);
        self.hold(bench, output);
    }

    fn request(&self, bench: &mut Bench, request: Request) -> Result<(), Refusal> {
        match request {
            Request::Mode(mode) => {
                if !self.may_take(bench, mode) {
                    return Err(Refusal::WrongMode);
                }
                self.take(bench, MODE, mode.number());
                let output = self.seat.x(bench, OUTPUT);
                self.hold(bench, output);
            }
            Request::Setpoint(value) => {
                Self::within(value, (self.seat.p(bench, SETPOINT_LOW), self.seat.p(bench, SETPOINT_HIGH)))?;
                if self.mode(bench) == Mode::Cas {
                    return Err(Refusal::WrongMode);
                }
                if (value - self.seat.x(bench, SETPOINT)).abs() > self.seat.p(bench, SETPOINT_STEP) * self.span(bench) + 1e-9 {
                    return Err(Refusal::StepTooLarge);
                }
                self.take(bench, SETPOINT, value);
            }
            Request::Output(value) => {
                Self::within(value, self.limits(bench))?;
                if self.mode(bench) != Mode::Man {
                    return Err(Refusal::WrongMode);
                }
                self.take(bench, OUTPUT, value);
            }
            _ => return Err(Refusal::NotPermitted("a controller takes a mode, a set point or an output".to_owned())),
        }
        Ok(())
    }
}
