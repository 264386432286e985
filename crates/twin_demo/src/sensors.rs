//! The instruments between the plant and everybody who looks at it, its controllers included.

use twin_sim::fluid::Liquid;

use crate::at;
use crate::plant::{Readings, Truth};
use crate::random::Random;
use crate::signals::{Kind, Noise, Principle, SIGNAL_COUNT, SIGNALS, Signal};

/// Density FT-101 and LT-101 calculate with, kg/m³.
const ASSUMED_DENSITY_KG_M3: f64 = 992.3;
/// Where the reading of a level transmitter with a plugged impulse line ends, %.
const PLUGGED_END_PCT: f64 = -5.0;
/// Scatter of a reading that no longer sees the process, %.
const PLUGGED_NOISE_PCT: f64 = 0.02;

const BIAS_PURPOSE: u64 = 0x5E45;
const PUBLISHED_PURPOSE: u64 = 0x1_0000;
const CONTROL_PURPOSE: u64 = 0x2_0000;

/// One instrument.
#[derive(Clone, Debug)]
struct Channel {
    bias: f64,
    lag_secs: f64,
    before: f64,
    now: f64,
    published: Random,
    control: Random,
}

/// A plugged lower impulse line: the trapped pressure leaks away.
#[derive(Clone, Copy, Debug, PartialEq)]
struct PluggedLine {
    reading_pct: f64,
    leak_secs: f64,
}

/// All instruments of the plant, in the order of [`SIGNALS`].
#[derive(Clone, Debug)]
pub struct Sensors {
    channels: Vec<Channel>,
    scatter: Readings,
    plugged: Option<PluggedLine>,
    ideal: bool,
}

impl Sensors {
    /// Instruments with the biases of `seed`, or with none when `ideal`; both have lags and noise.
    pub fn new(seed: u64, ideal: bool) -> Self {
        let mut biases = Random::new(seed, BIAS_PURPOSE);
        let channels = SIGNALS.iter().zip(0_u64..).map(|(signal, index)| {
            let share = biases.uniform(-1.0, 1.0);
            Channel {
                bias: if ideal { 0.0 } else { share * largest_bias(signal) },
                lag_secs: lag_secs(signal),
                before: f64::NAN,
                now: f64::NAN,
                published: Random::new(seed, PUBLISHED_PURPOSE + index),
                control: Random::new(seed, CONTROL_PURPOSE + index),
            }
        });
        Self { channels: channels.collect(), scatter: [0.0; SIGNAL_COUNT], plugged: None, ideal }
    }

    /// Lets every instrument see the plant for `dt_secs`. The first call settles them.
    pub fn step(&mut self, values: &Readings, truth: &Truth, dt_secs: f64) {
        for (index, channel) in self.channels.iter_mut().enumerate() {
            let seen = seen_value(index, values);
            channel.before = channel.now;
            if channel.now.is_finite() {
                channel.now += (seen - channel.now) * dt_secs / (channel.lag_secs + dt_secs);
            } else {
                (channel.before, channel.now) = (seen, seen);
            }
        }
        self.scatter = cavitation_scatter(truth);
        if let Some(line) = &mut self.plugged {
            line.reading_pct += (PLUGGED_END_PCT - line.reading_pct) * dt_secs / line.leak_secs;
        }
    }

    /// What the controllers and interlocks read now: every transmitter, no drive state and no position.
    pub fn measured(&mut self) -> Readings {
        let mut measured = [f64::NAN; SIGNAL_COUNT];
        for (index, signal) in SIGNALS.iter().enumerate() {
            if is_transmitter(signal) {
                let (value, noise) = self.undisturbed(index, 1.0);
                let channel = &mut self.channels[index];
                let normal = channel.control.normal();
                measured[index] = (value + noise * normal).clamp(signal.range.0, signal.range.1);
            }
        }
        measured
    }

    /// The value signal `index` publishes at `fraction` (0…1) of the last step: with bias, noise and range, not rounded.
    pub fn reading(&mut self, index: usize, fraction: f64) -> f64 {
        let signal = &SIGNALS[index];
        let (value, noise) = self.undisturbed(index, fraction);
        if signal.kind != Kind::Number {
            return value;
        }
        let normal = if noise > 0.0 { self.channels[index].published.normal() } else { 0.0 };
        (value + noise * normal).clamp(signal.range.0, signal.range.1)
    }

    /// Plugs the lower impulse line of LT-101: from now its reading sinks with the time constant `leak_secs`.
    pub fn plug_level_line(&mut self, leak_secs: f64) {
        let (reading_pct, _) = self.undisturbed(at::LT_101, 1.0);
        self.plugged = Some(PluggedLine { reading_pct, leak_secs });
    }

    /// Blows the impulse line free.
    pub fn clear_level_line(&mut self) {
        self.plugged = None;
    }

    /// Reading of LT-101 without noise while its line is plugged, %.
    pub fn plugged_reading_pct(&self) -> Option<f64> {
        self.plugged.map(|line| line.reading_pct)
    }

    /// True when the instruments have no bias.
    pub fn is_ideal(&self) -> bool {
        self.ideal
    }

    /// Value with bias and the standard deviation of its noise.
    fn undisturbed(&self, index: usize, fraction: f64) -> (f64, f64) {
        if index == at::LT_101
            && let Some(line) = self.plugged
        {
            return (line.reading_pct, PLUGGED_NOISE_PCT);
        }
        let signal = &SIGNALS[index];
        let channel = &self.channels[index];
        let true_value = channel.before + (channel.now - channel.before) * fraction;
        let value = match signal.principle() {
            Principle::Flow => true_value * (1.0 + channel.bias),
            _ => true_value + channel.bias,
        };
        let noise = match signal.noise {
            Noise::None => 0.0,
            Noise::Absolute(deviation) => deviation,
            Noise::OfValue(share) => share * value.abs(),
        };
        (value, noise + self.scatter[index])
    }
}

/// What reaches the sensing element: the true value, or what a fixed density makes of it.
fn seen_value(index: usize, values: &Readings) -> f64 {
    let value = values[index];
    match index {
        // An orifice measures ρQ².
        at::FT_101 => value * (density_of(values[at::TT_101]) / ASSUMED_DENSITY_KG_M3).sqrt(),
        // A differential pressure measures ρh; above the upper tap it stays.
        at::LT_101 => value.min(100.0) * density_of(values[at::TT_103]) / ASSUMED_DENSITY_KG_M3,
        _ => value,
    }
}

/// Density of water, kg/m³.
fn density_of(temp_c: f64) -> f64 {
    Liquid::Water.density_kg_m3(temp_c + 273.15)
}

/// A cavitating pump shakes what is measured near it.
fn cavitation_scatter(truth: &Truth) -> Readings {
    let mut scatter = [0.0; SIGNAL_COUNT];
    let [a, b] = truth.cavitation;
    let worst = a.max(b);
    scatter[at::PT_101] = 0.08 * worst;
    scatter[at::FT_101] = 2.5 * worst;
    scatter[at::PT_107A] = 0.08 * a;
    scatter[at::PT_107B] = 0.08 * b;
    scatter[at::II_101A] = 0.6 * a;
    scatter[at::II_101B] = 0.6 * b;
    scatter
}

fn is_transmitter(signal: &Signal) -> bool {
    signal.kind == Kind::Number && (signal.principle() != Principle::Other || signal.tag.starts_with("VT-"))
}

/// Largest bias: a share of the reading for flows, else in the unit of the signal.
fn largest_bias(signal: &Signal) -> f64 {
    match signal.principle() {
        Principle::Flow => 0.005,
        Principle::Level => 0.3,
        Principle::Temperature => 0.2,
        Principle::Pressure => 0.0015 * (signal.range.1 - signal.range.0),
        Principle::Other => 0.0,
    }
}

fn lag_secs(signal: &Signal) -> f64 {
    match signal.principle() {
        Principle::Flow => 0.8,
        Principle::Level => 2.0,
        Principle::Temperature => 8.0,
        Principle::Pressure => 0.5,
        Principle::Other => 0.0,
    }
}
