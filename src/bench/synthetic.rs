//! A plant of any size that publishes counted samples.

use serde_json::{Value, json};
use std::sync::Arc;
use twin_model::document::{PlantDocument, TypeLibrary};
use twin_model::{Plant, TwinTime};

/// First level of every topic.
pub const ROOT: &str = "bench";
/// Signals of one thing.
const SIGNALS_PER_THING: usize = 20;
/// Every how many-th signal has an alarm point, as in a plant of this kind.
const SIGNALS_PER_ALARM: usize = 4;

/// A plant of `signals` measured numbers with their share of alarm points, and one source.
///
/// # Errors
/// A sentence when the program no longer takes such a plant.
pub fn plant(signals: usize) -> Result<Arc<Plant>, String> {
    let things: Vec<Value> = (0..signals.div_ceil(SIGNALS_PER_THING)).map(|number| thing(number, signals)).collect();
    let document = json!({
        "format_version": "0.1", "namespace": ROOT, "name": "Synthetic plant",
        "sources": [{"name": "bench", "topic": format!("{ROOT}/{{thing}}/{{tag}}"), "qos": 0}],
        "things": things,
    });
    let document: PlantDocument = serde_json::from_value(document).map_err(|error| error.to_string())?;
    let (plant, problems) = Plant::build(document, &TypeLibrary::default());
    if let Some(problem) = problems.first() {
        return Err(problem.to_string());
    }
    Ok(Arc::new(plant))
}

fn thing(number: usize, signals: usize) -> Value {
    let first = number * SIGNALS_PER_THING;
    let own = first..(first + SIGNALS_PER_THING).min(signals);
    let signal = |index: usize| json!({"tag": tag(index), "unit": "°C", "range": [0.0, 1e9], "expected_interval_secs": 30.0});
    let alarm = |index: usize| {
        json!({
            "tag": format!("AH-{index}"), "class": "alarm", "priority": 3, "message": "Value high",
            "condition": {"high": {"signal": tag(index), "limit": 1e8}},
            "deadband": 1.0, "on_delay_secs": 5.0, "off_delay_secs": 10.0, "time_to_respond_secs": 600.0,
        })
    };
    json!({
        "id": format!("{ROOT}:thing-{number}"), "type": "machine", "name": format!("thing-{number}"),
        "signals": own.clone().map(|index| (format!("signal_{index}"), signal(index))).collect::<serde_json::Map<_, _>>(),
        "alarms": own.filter(|index| index.is_multiple_of(SIGNALS_PER_ALARM)).map(alarm).collect::<Vec<_>>(),
    })
}

/// Tag of the signal with this number.
pub fn tag(index: usize) -> String {
    format!("T-{index}")
}

/// Topic of the signal with this number.
pub fn topic(index: usize) -> String {
    format!("{ROOT}/thing-{}/{}", index / SIGNALS_PER_THING, tag(index))
}

/// Writes the messages of the plant: its signals in turn, and in each the samples 0, 1, 2, … as their values.
pub struct Messages {
    topics: Vec<String>,
    samples_per_message: usize,
    sent: usize,
    payload: String,
    stamp: Stamp,
}

/// Time between the samples of one message.
const WITHIN_MESSAGE_MS: i64 = 1;

impl Messages {
    /// Messages of `samples_per_message` samples each: one as an object, more as an array.
    pub fn new(signals: usize, samples_per_message: usize) -> Self {
        Self { topics: (0..signals).map(topic).collect(), samples_per_message, sent: 0, payload: String::new(), stamp: Stamp::default() }
    }

    /// The next message: topic and payload.
    pub fn next(&mut self, now: TwinTime) -> (&str, &[u8]) {
        let count = self.samples_per_message;
        let first = self.sent / self.topics.len() * count;
        let now_ms = now.0.div_euclid(1_000_000);
        self.payload.clear();
        for number in 0..count {
            if count > 1 {
                self.payload.push(if number == 0 { '[' } else { ',' });
            }
            self.payload.push_str("{\"t\":\"");
            self.stamp.write(now_ms - (count - 1 - number) as i64 * WITHIN_MESSAGE_MS, &mut self.payload);
            self.payload.push_str("\",\"v\":");
            push_number(first + number, &mut self.payload);
            self.payload.push_str(",\"q\":\"good\"}");
        }
        if count > 1 {
            self.payload.push(']');
        }
        let topic = self.sent % self.topics.len();
        self.sent += 1;
        (&self.topics[topic], self.payload.as_bytes())
    }

    /// Messages written so far.
    pub fn sent(&self) -> usize {
        self.sent
    }

    /// Samples of one signal written so far.
    pub fn sent_of(&self, signal: usize) -> usize {
        let rounds = self.sent / self.topics.len();
        (rounds + usize::from(signal < self.sent % self.topics.len())) * self.samples_per_message
    }
}

/// ISO 8601 with milliseconds; the part that changes once a second is kept, so that the publisher is no brake.
#[derive(Default)]
struct Stamp {
    second: i64,
    text: String,
}

impl Stamp {
    fn write(&mut self, ms: i64, out: &mut String) {
        let second = ms.div_euclid(1000);
        if second != self.second || self.text.is_empty() {
            self.second = second;
            self.text = TwinTime::from_millis(second * 1000).to_string();
            self.text.truncate("2026-01-31T08:15:30.".len());
        }
        out.push_str(&self.text);
        let rest = ms.rem_euclid(1000) as u32;
        for digit in [rest / 100, rest / 10 % 10, rest % 10] {
            out.push(char::from_digit(digit, 10).unwrap_or('0'));
        }
        out.push('Z');
    }
}

fn push_number(mut number: usize, out: &mut String) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend(digits[at..].iter().map(|digit| char::from(*digit)));
}
