//! A recording as the messages its plant would have sent: topics and payloads by the bindings of the plant file.

use super::file::Recording;
use super::rows::{Reading, Rows};
use crate::decode::TopicTemplate;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use twin_model::document::{PayloadSettings, SourceSettings, TimeFormat};
use twin_model::{Plant, Quality, QualityClass, SignalInfo, SignalKey, TwinTime, ValueKind};

const NANOS_PER_SEC: i64 = 1_000_000_000;
/// Up to this speed every sample is a message of its own.
const SINGLE_VALUES_UP_TO_SPEED: f64 = 10.0;
/// Above it every topic sends an array each quarter second of wall time.
const ARRAY_EVERY_WALL_SECS: f64 = 0.25;
/// Longest array, so that no payload grows without bound.
const LONGEST_ARRAY: usize = 500;
/// Clock announcements in a pause of the recording, in which signals go stale; behind them it goes on with the next row.
const PAUSE_ANNOUNCEMENTS: u32 = 120;

/// One message of a replayed plant.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Index of the session (in [`SourceSettings::sessions`]) that sends it; 0 where there is none.
    pub session: usize,
    /// Full topic.
    pub topic: Arc<str>,
    /// JSON.
    pub payload: Vec<u8>,
    /// True when the broker keeps it for later subscribers.
    pub retain: bool,
    /// 0 or 1.
    pub qos: u8,
    /// Plant time at which it is due.
    pub due: TwinTime,
    /// Samples in it.
    pub samples: u32,
}

/// The messages of a recording in the order in which they are due.
///
/// Up to tenfold speed each sample is a message of its own; above, each topic sends an array every quarter second of wall
/// time, as fast plants do. The clock topic, where the plant file has one, announces time and speed at the start and about
/// once a second of wall time, for two minutes (above tenfold speed half a minute) of wall time also in a pause of the
/// recording.
#[derive(Debug)]
pub struct RecordingMessages {
    rows: Rows,
    topics: BTreeMap<SignalKey, Topic>,
    /// Arrays being filled, by topic.
    open: BTreeMap<Arc<str>, Open>,
    payload: PayloadSettings,
    clock_topic: Option<Arc<str>>,
    qos: u8,
    speed: f64,
    /// Plant nanoseconds between two announcements, and two arrays.
    period: i64,
    in_arrays: bool,
    next_announcement: TwinTime,
    /// Announcements since the last row.
    announced: u32,
    now: TwinTime,
    shift: i64,
    readings: Vec<Reading>,
    waiting: Option<TwinTime>,
    queue: VecDeque<Message>,
    unbound: u64,
}

#[derive(Clone, Debug)]
struct Topic {
    topic: Arc<str>,
    session: usize,
    value_pointer: String,
    info: SignalInfo,
}

#[derive(Debug)]
struct Open {
    session: usize,
    elements: Vec<Value>,
}

impl RecordingMessages {
    /// The messages of a recording at `speed` plant seconds per wall second, with `qos` 0 or 1, its times moved so that it
    /// begins at `start` where one is given.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn new(recording: &Recording, source: &SourceSettings, speed: f64, qos: u8, start: Option<TwinTime>) -> std::io::Result<Self> {
        let plant = recording.plant();
        let sessions = recording.sessions();
        let topics = recording
            .signals()
            .into_iter()
            .filter_map(|key| Some((key, Topic::new(plant, source, key, sessions.get(&key).map(String::as_str))?)))
            .collect();
        let speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
        let in_arrays = speed > SINGLE_VALUES_UP_TO_SPEED;
        let period_secs = if in_arrays { ARRAY_EVERY_WALL_SECS * speed } else { speed.max(1.0) };
        let first = start.unwrap_or(recording.start());
        Ok(Self {
            rows: recording.rows()?,
            topics,
            open: BTreeMap::new(),
            payload: source.payload.clone(),
            clock_topic: source.clock_topic.as_deref().map(Arc::from),
            qos: qos.min(1),
            speed,
            period: (period_secs * NANOS_PER_SEC as f64) as i64,
            in_arrays,
            next_announcement: first,
            announced: 0,
            now: first,
            shift: first.0.saturating_sub(recording.start().0),
            readings: Vec::new(),
            waiting: None,
            queue: VecDeque::new(),
            unbound: 0,
        })
    }

    /// The rows behind the messages: how many, and what could not be used.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Values whose signal has no topic.
    pub fn unbound(&self) -> u64 {
        self.unbound
    }

    /// Sessions (indices) through which anything is sent.
    pub fn sessions(&self) -> Vec<usize> {
        let mut sessions: Vec<usize> = self.topics.values().map(|topic| topic.session).collect();
        sessions.push(0);
        sessions.sort_unstable();
        sessions.dedup();
        sessions
    }

    /// A step: an announcement, a row, or the end. False when nothing is left.
    fn step(&mut self) -> bool {
        let Some(row_time) = self.waiting.take().or_else(|| self.read()) else {
            self.close_arrays();
            return !self.queue.is_empty();
        };
        let next = self.next_announcement;
        if next <= row_time {
            self.waiting = Some(row_time);
            self.now = self.now.max(next);
            self.close_arrays();
            self.announce();
            self.announced += 1;
            let periods = row_time.0.saturating_sub(next.0) / self.period.max(1);
            let skipped = if self.announced > PAUSE_ANNOUNCEMENTS { periods.max(1) } else { 1 };
            self.next_announcement = TwinTime(next.0.saturating_add(skipped.saturating_mul(self.period)));
            return true;
        }
        self.now = self.now.max(row_time);
        self.announced = 0;
        let readings = std::mem::take(&mut self.readings);
        for group in self.grouped(&readings) {
            self.tell(&group);
        }
        self.readings = readings;
        true
    }

    fn read(&mut self) -> Option<TwinTime> {
        let row = self.rows.next_row(&mut self.readings)?;
        Some(TwinTime(row.time.0.saturating_add(self.shift)))
    }

    /// The readings of a row by payload: those that share topic and quality share one.
    fn grouped(&mut self, readings: &[Reading]) -> Vec<Vec<Reading>> {
        let mut groups: Vec<Vec<Reading>> = Vec::new();
        let mut shared: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
        for reading in readings {
            let Some(topic) = self.topics.get(&reading.signal) else {
                self.unbound += 1;
                continue;
            };
            let known = shared.entry(Arc::clone(&topic.topic)).or_default();
            let fits = |index: &&usize| {
                groups.get(**index).is_some_and(|group| {
                    group.iter().all(|other| {
                        let apart = self.topics.get(&other.signal).is_some_and(|other| other.value_pointer != topic.value_pointer);
                        apart && other.quality == reading.quality
                    })
                })
            };
            match known.iter().find(fits).copied().and_then(|index| groups.get_mut(index)) {
                Some(group) => group.push(*reading),
                None => {
                    known.push(groups.len());
                    groups.push(vec![*reading]);
                }
            }
        }
        groups
    }

    fn tell(&mut self, group: &[Reading]) {
        let Some(first) = group.first() else { return };
        let Some(topic) = self.topics.get(&first.signal) else { return };
        let (name, session) = (Arc::clone(&topic.topic), topic.session);
        let element = self.element(group, first);
        if !self.in_arrays {
            self.push(name, session, &element, u32::try_from(group.len()).unwrap_or(u32::MAX));
            return;
        }
        let open = self.open.entry(Arc::clone(&name)).or_insert_with(|| Open { session, elements: Vec::new() });
        open.elements.push(element);
        if open.elements.len() >= LONGEST_ARRAY
            && let Some(full) = self.open.remove(&name)
        {
            self.push_array(name, full);
        }
    }

    /// One payload object. A value pointer that is the whole payload gives the bare value.
    fn element(&self, group: &[Reading], first: &Reading) -> Value {
        let mut element = Value::Object(Map::new());
        for reading in group {
            let Some(topic) = self.topics.get(&reading.signal) else { continue };
            if let Some(value) = reading.value {
                put(&mut element, &topic.value_pointer, value_of(value, &topic.info.kind));
            }
        }
        if !element.is_object() {
            return element;
        }
        let time = TwinTime(first.time.0.saturating_add(self.shift));
        put(&mut element, &self.payload.time, time_of(time, self.payload.time_format));
        let (quality, reason) = words_of(first.quality);
        put(&mut element, &self.payload.quality, quality);
        if let Some(reason) = reason {
            put(&mut element, &self.payload.reason, Value::from(reason));
        }
        element
    }

    fn close_arrays(&mut self) {
        for (topic, open) in std::mem::take(&mut self.open) {
            self.push_array(topic, open);
        }
    }

    fn push_array(&mut self, topic: Arc<str>, open: Open) {
        let samples = u32::try_from(open.elements.len()).unwrap_or(u32::MAX);
        self.push(topic, open.session, &Value::Array(open.elements), samples);
    }

    fn push(&mut self, topic: Arc<str>, session: usize, payload: &Value, samples: u32) {
        let payload = payload.to_string().into_bytes();
        self.queue.push_back(Message { session, topic, payload, retain: false, qos: self.qos, due: self.now, samples });
    }

    fn announce(&mut self) {
        if let Some(topic) = &self.clock_topic {
            let payload = json!({"t": time_of(self.now, TimeFormat::Auto), "speed": self.speed}).to_string().into_bytes();
            let topic = Arc::clone(topic);
            self.queue.push_back(Message { session: 0, topic, payload, retain: true, qos: 0, due: self.now, samples: 0 });
        }
    }
}

impl Iterator for RecordingMessages {
    type Item = Message;

    fn next(&mut self) -> Option<Message> {
        while self.queue.is_empty() {
            if !self.step() {
                return None;
            }
        }
        self.queue.pop_front()
    }
}

impl Topic {
    fn new(plant: &Plant, source: &SourceSettings, key: SignalKey, session: Option<&str>) -> Option<Self> {
        let info = plant.signals.info(key)?.clone();
        let settings = plant.settings_of(key)?;
        let of_alive = || source.sessions.iter().position(|session| session.alive_tag.as_deref() == Some(info.tag.as_str()));
        let index = match session {
            Some(name) => source.sessions.iter().position(|session| session.name == name),
            None => of_alive(),
        };
        let named =
            index.and_then(|index| source.sessions.get(index)).or_else(|| source.sessions.first()).map(|session| session.name.as_str());
        let level = session.or(named).unwrap_or("didymos");
        let template = TopicTemplate::parse(settings.topic.as_deref().unwrap_or(&source.topic));
        let topic = template.topic(info.thing.name(), &info.tag, info.id.telemetry(), level);
        let value_pointer = settings.pointer.clone().unwrap_or_else(|| source.payload.value.clone());
        Some(Self { topic: topic.into(), session: index.unwrap_or(0), value_pointer, info })
    }
}

/// Puts a value where a pointer will look for it, and makes what lies on the way.
fn put(place: &mut Value, pointer: &str, value: Value) {
    if pointer.is_empty() {
        *place = value;
        return;
    }
    let mut place = place;
    let path = pointer.strip_prefix('/').unwrap_or(pointer);
    for part in path.split('/') {
        let part = part.replace("~1", "/").replace("~0", "~");
        let index = part.parse::<usize>().ok().filter(|index| *index < 1_000);
        if place.is_null() {
            *place = if index.is_some() { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
        }
        place = match (place, index) {
            (Value::Array(elements), Some(index)) => {
                if elements.len() <= index {
                    elements.resize(index + 1, Value::Null);
                }
                match elements.get_mut(index) {
                    Some(element) => element,
                    None => return,
                }
            }
            (Value::Object(members), _) => members.entry(part).or_insert(Value::Null),
            // Another pointer already has a value where this one leads through.
            _ => return,
        };
    }
    *place = value;
}

fn value_of(value: f64, kind: &ValueKind) -> Value {
    match kind {
        ValueKind::Number => Value::from(value),
        ValueKind::Boolean => Value::Bool(value != 0.0),
        ValueKind::Enumeration { states } => {
            let named = (value >= 0.0 && value.fract() == 0.0).then(|| states.get(value as usize)).flatten();
            named.map_or_else(|| Value::from(value), |name| Value::from(name.as_str()))
        }
    }
}

fn time_of(time: TwinTime, format: TimeFormat) -> Value {
    let in_units = |unit: i64| if time.0 % unit == 0 { Value::from(time.0 / unit) } else { Value::from(time.0 as f64 / unit as f64) };
    match format {
        TimeFormat::Auto => match jiff::Timestamp::from_nanosecond(i128::from(time.0)) {
            Ok(stamp) => Value::from(stamp.to_string()),
            Err(_) => Value::from(time.0),
        },
        TimeFormat::EpochSecs => in_units(NANOS_PER_SEC),
        TimeFormat::EpochMillis => in_units(1_000_000),
        TimeFormat::EpochNanos => Value::from(time.0),
    }
}

/// Word and reason where a plant has words for it, else the OPC UA number.
fn words_of(quality: Quality) -> (Value, Option<&'static str>) {
    let (word, reason) = match quality {
        Quality::GOOD => ("good", None),
        Quality::UNCERTAIN => ("uncertain", None),
        Quality::UNCERTAIN_LAST_USABLE => ("uncertain", Some("last usable")),
        Quality::UNCERTAIN_SENSOR_NOT_ACCURATE => ("uncertain", Some("sensor not accurate")),
        Quality::UNCERTAIN_RANGE_EXCEEDED => ("uncertain", Some("out of range")),
        Quality::UNCERTAIN_SUB_NORMAL => ("uncertain", Some("subnormal")),
        Quality::BAD => ("bad", None),
        Quality::BAD_NO_COMMUNICATION => ("bad", Some("no communication")),
        Quality::BAD_WAITING_FOR_INITIAL_DATA => ("bad", Some("waiting for initial data")),
        Quality::BAD_NOT_CONNECTED => ("bad", Some("not connected")),
        Quality::BAD_DEVICE_FAILURE => ("bad", Some("device failure")),
        Quality::BAD_SENSOR_FAILURE => ("bad", Some("sensor failure")),
        Quality::BAD_OUT_OF_SERVICE => ("bad", Some("out of service")),
        // Up to 255 a number would be read as a quality of OPC Classic.
        Quality(code) if code > 255 => return (Value::from(code), None),
        other => match other.class() {
            QualityClass::Good => ("good", None),
            QualityClass::Uncertain => ("uncertain", None),
            QualityClass::Bad => ("bad", None),
        },
    };
    (Value::from(word), reason)
}
