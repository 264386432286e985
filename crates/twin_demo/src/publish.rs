//! From readings to messages: topics, payloads, rates and batches.

use std::fmt::Write;
use std::sync::Arc;

use twin_model::TwinTime;

use crate::life::STEP_SECS;
use crate::signals::{Gateway, Kind, REPEAT_SECS, SIGNALS, Signal};

/// One MQTT message a gateway sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The gateway whose session sends it.
    pub gateway: Gateway,
    /// Full topic.
    pub topic: Arc<str>,
    /// JSON.
    pub payload: Vec<u8>,
    /// True when the broker keeps it for later subscribers.
    pub retain: bool,
    /// 0 or 1.
    pub qos: u8,
}

/// Up to this speed every sample is a message of its own.
pub const SINGLE_VALUES_UP_TO: f64 = 10.0;
/// Above it every signal sends an array each quarter second of wall time.
const BATCH_WALL_SECS: f64 = 0.25;
/// Samples per wall second the plant stays below: from about 60× on, samples are thinned out.
pub const MAX_SAMPLES_PER_SEC: f64 = 7500.0;

const STEP_MS: u64 = (STEP_SECS * 1000.0) as u64;

/// How samples are grouped and thinned at one plant speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Steps between two arrays; 0 = single values.
    pub batch_steps: u64,
    /// Every how many-th sample of a signal is published.
    pub keep_every: u64,
}

impl Rate {
    /// The grouping at `speed` plant seconds per wall second.
    pub fn at(speed: f64) -> Self {
        if speed <= SINGLE_VALUES_UP_TO {
            return Self { batch_steps: 0, keep_every: 1 };
        }
        let batch_steps = (BATCH_WALL_SECS * speed / STEP_SECS).round().max(1.0) as u64;
        // Changes are never thinned, and their repeats are few.
        let (regular, repeats) = samples_per_plant_sec();
        let room = (MAX_SAMPLES_PER_SEC / speed - repeats).max(0.1);
        Self { batch_steps, keep_every: (regular / room).ceil().max(1.0) as u64 }
    }
}

/// Samples per plant second of the regular signals, and of the repeats of the others.
pub fn samples_per_plant_sec() -> (f64, f64) {
    let (regular, on_change): (Vec<&Signal>, Vec<&Signal>) = SIGNALS.iter().partition(|signal| signal.period_ms > 0);
    (regular.iter().map(|signal| 1000.0 / f64::from(signal.period_ms)).sum(), on_change.len() as f64 / REPEAT_SECS)
}

/// Plant times, in milliseconds since the start, at which a regular signal is sampled within the step that ends at
/// `end_ms`. Slow signals are spread over the steps, so that the load is even.
pub fn samples_due(index: usize, signal: &Signal, end_ms: u64) -> impl Iterator<Item = u64> {
    let period = u64::from(signal.period_ms).max(1);
    let offset = if period < STEP_MS { 0 } else { (index as u64 * STEP_MS) % period };
    let first = (end_ms.saturating_sub(STEP_MS) + period - offset) / period;
    (first..).map(move |number| number * period + offset).take_while(move |time| *time <= end_ms)
}

/// One session's worth of messages being put together.
#[derive(Clone, Debug)]
pub struct Feed {
    topics: Vec<Arc<str>>,
    batches: Vec<String>,
    told: Vec<Option<Told>>,
    in_maintenance: Vec<bool>,
    rate: Rate,
    start: TwinTime,
    stamp: (u64, String),
}

/// What a signal said last.
#[derive(Clone, Copy, Debug)]
struct Told {
    value: f64,
    at_ms: u64,
    in_maintenance: bool,
}

impl Feed {
    /// Topics below `root`, times counted from `start`.
    pub fn new(root: &str, start: TwinTime, rate: Rate) -> Self {
        let topic = |signal: &Signal| Arc::from(format!("{root}/{}/{}/{}", signal.gateway.name(), signal.thing, signal.tag));
        Self {
            topics: SIGNALS.iter().map(topic).collect(),
            batches: vec![String::new(); SIGNALS.len()],
            told: vec![None; SIGNALS.len()],
            in_maintenance: vec![false; SIGNALS.len()],
            rate,
            start,
            stamp: (u64::MAX, String::new()),
        }
    }

    /// The grouping in use.
    pub fn rate(&self) -> Rate {
        self.rate
    }

    /// Changes the grouping. What is still in a batch is sent first.
    pub fn set_rate(&mut self, rate: Rate, out: &mut Vec<Publication>) {
        self.flush(out);
        self.rate = rate;
    }

    /// Adds a regular sample taken `at_ms` after the start, unless it is thinned out.
    pub fn sample(&mut self, index: usize, at_ms: u64, value: f64, out: &mut Vec<Publication>) {
        let period = u64::from(SIGNALS[index].period_ms).max(1);
        if (at_ms / period).is_multiple_of(self.rate.keep_every) {
            self.add(index, at_ms, value, out);
        }
    }

    /// Tells a state or switch if it changed, or if it was told [`REPEAT_SECS`] ago.
    pub fn state(&mut self, index: usize, at_ms: u64, value: f64, out: &mut Vec<Publication>) {
        let is_news = match self.told[index] {
            Some(told) => told.value != value || (at_ms - told.at_ms) as f64 >= REPEAT_SECS * 1000.0,
            None => true,
        };
        if is_news {
            self.add(index, at_ms, value, out);
        }
    }

    /// While somebody works on the instrument its samples are bad and have no value.
    pub fn set_in_maintenance(&mut self, index: usize, in_maintenance: bool) {
        self.in_maintenance[index] = in_maintenance;
    }

    /// Adds a sample in any case.
    pub fn add(&mut self, index: usize, at_ms: u64, value: f64, out: &mut Vec<Publication>) {
        self.tell(index, Told { value, at_ms, in_maintenance: self.in_maintenance[index] }, out);
    }

    fn tell(&mut self, index: usize, told: Told, out: &mut Vec<Publication>) {
        self.told[index] = Some(told);
        self.stamp_time(told.at_ms);
        if self.rate.batch_steps == 0 {
            let mut text = String::with_capacity(72);
            write_sample(&mut text, &SIGNALS[index], &self.stamp.1, told);
            out.push(self.message(index, text));
        } else {
            let batch = &mut self.batches[index];
            batch.push(if batch.is_empty() { '[' } else { ',' });
            write_sample(batch, &SIGNALS[index], &self.stamp.1, told);
        }
    }

    /// Sends every array that has something in it.
    pub fn flush(&mut self, out: &mut Vec<Publication>) {
        for index in 0..SIGNALS.len() {
            if !self.batches[index].is_empty() {
                let mut text = std::mem::take(&mut self.batches[index]);
                text.push(']');
                out.push(self.message(index, text));
            }
        }
    }

    /// Sends the newest sample of every signal once more, as it was.
    pub fn tell_again(&mut self, out: &mut Vec<Publication>) {
        self.flush(out);
        for index in 0..SIGNALS.len() {
            if let Some(told) = self.told[index] {
                self.tell(index, told, out);
            }
        }
        self.flush(out);
    }

    /// Forgets what `gateway` has not sent, and tells all its states anew when it is back.
    pub fn lose(&mut self, gateway: Gateway) {
        for (index, signal) in SIGNALS.iter().enumerate() {
            if signal.gateway == gateway {
                self.batches[index].clear();
                self.told[index] = None;
            }
        }
    }

    fn message(&self, index: usize, text: String) -> Publication {
        Publication {
            gateway: SIGNALS[index].gateway,
            topic: Arc::clone(&self.topics[index]),
            payload: text.into_bytes(),
            retain: false,
            qos: 0,
        }
    }

    /// Keeps the text of one instant, which many signals share.
    fn stamp_time(&mut self, at_ms: u64) {
        if self.stamp.0 != at_ms {
            self.stamp = (at_ms, time_after(self.start, at_ms).to_string());
        }
    }
}

/// The instant `ms` milliseconds after `start`.
pub fn time_after(start: TwinTime, ms: u64) -> TwinTime {
    start + std::time::Duration::from_millis(ms)
}

fn write_sample(text: &mut String, signal: &Signal, time: &str, told: Told) {
    let value = told.value;
    // Writing into a String cannot fail.
    let _ = match signal.kind {
        _ if told.in_maintenance => write!(text, r#"{{"t":"{time}","q":"bad","reason":"maintenance"}}"#),
        _ if !value.is_finite() => write!(text, r#"{{"t":"{time}","q":"bad","reason":"sensor"}}"#),
        Kind::Number => {
            let scale = POWERS_OF_TEN[usize::from(signal.decimals).min(3)];
            // Adding zero turns a negative zero positive.
            let rounded = (value * scale).round() / scale + 0.0;
            write!(text, r#"{{"t":"{time}","v":{rounded:.*},"q":"good"}}"#, usize::from(signal.decimals))
        }
        Kind::Switch => write!(text, r#"{{"t":"{time}","v":{},"q":"good"}}"#, value >= 0.5),
        Kind::State(names) => {
            let name = names.get(value.round() as usize).copied().unwrap_or("unknown");
            write!(text, r#"{{"t":"{time}","v":"{name}","q":"good"}}"#)
        }
    };
}

const POWERS_OF_TEN: [f64; 4] = [1.0, 10.0, 100.0, 1000.0];
