//! The clock of the plant as its source announces it.

use crate::decode;
use serde_json::Value;
use twin_model::{PlantClock, TwinTime};

/// Fastest plant accepted.
const MAX_SPEED: f64 = 100_000.0;
/// Wall seconds after which an old announcement is used for want of a better one.
const SETTLE_SECS: f64 = 10.0;
/// Plants faster than this publish in arrays, so ticks wait for the data they follow.
const SINGLE_VALUES_UP_TO_SPEED: f64 = 10.0;
/// How long such a plant collects, wall seconds.
const PUBLISHING_PERIOD_SECS: f64 = 0.25;
/// Seconds without tick that are skipped over in one (a clock that was set, a machine that slept).
const MAX_TICKS_AT_ONCE: i64 = 120;

/// What a message says of the plant clock.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Announcement {
    pub time: Option<TwinTime>,
    pub speed: Option<f64>,
}

impl Announcement {
    /// Reads `{"t": …, "speed": …}` (also `time`, `plant_time`, `start` and `plant_speed`, `rate`), or a bare time.
    pub fn parse(payload: &[u8]) -> Option<Self> {
        match serde_json::from_slice::<Value>(payload) {
            Ok(value) => Self::of(&value),
            Err(_) => Self::of(&Value::String(std::str::from_utf8(payload).ok()?.to_owned())),
        }
    }

    fn of(value: &Value) -> Option<Self> {
        if !value.is_object() {
            return decode::time_of(value).map(|time| Self { time: Some(time), speed: None });
        }
        let member = |names: &[&str]| names.iter().find_map(|name| value.get(name));
        let time = member(&["t", "time", "plant_time", "start"]).and_then(decode::time_of);
        let speed = member(&["speed", "plant_speed", "rate"]).and_then(Value::as_f64).filter(|speed| (0.0..=MAX_SPEED).contains(speed));
        (time.is_some() || speed.is_some()).then_some(Self { time, speed })
    }
}

/// Reads a birth or Last Will: `online…`, `offline`, a boolean, or an object with `status` or `online`; and what it says of the clock.
pub(crate) fn parse_status(payload: &[u8]) -> Option<(bool, Announcement)> {
    let value = serde_json::from_slice::<Value>(payload).ok();
    match &value {
        Some(Value::Object(members)) => {
            let state = members.get("status").or_else(|| members.get("online")).or_else(|| members.get("alive"))?;
            Some((online_of(state)?, value.as_ref().and_then(Announcement::of).unwrap_or_default()))
        }
        Some(value) => Some((online_of(value)?, Announcement::default())),
        None => {
            let text = std::str::from_utf8(payload).ok()?.trim();
            let online = online_of_text(text)?;
            let rest = text.find('{').and_then(|at| text.get(at..)).and_then(|rest| Announcement::parse(rest.as_bytes()));
            Some((online, rest.unwrap_or_default()))
        }
    }
}

fn online_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(bit) => Some(*bit),
        Value::Number(number) => Some(number.as_f64()? != 0.0),
        Value::String(text) => online_of_text(text),
        _ => None,
    }
}

fn online_of_text(text: &str) -> Option<bool> {
    let starts = |word: &str| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    if starts("online") || starts("birth") {
        Some(true)
    } else if starts("offline") || starts("death") {
        Some(false)
    } else {
        None
    }
}

/// Keeps the plant clock of a source and counts its whole seconds.
#[derive(Debug)]
pub(crate) struct ClockKeeper {
    clock: Option<PlantClock>,
    /// A retained announcement or a birth: old when it is read, so only a hint until something live comes.
    hint: Option<PlantClock>,
    /// True once the clock came from the clock topic, live.
    is_announced: bool,
    /// True for a plant on the wall clock.
    is_wall: bool,
    /// False where announcements are not to be followed, because time is given from outside.
    follows: bool,
    known_at: Option<TwinTime>,
    last_tick: Option<i64>,
}

/// What an announcement changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ClockChange {
    pub clock: PlantClock,
    /// Seconds the plant clock jumped against what was expected of it; 0 within tolerance.
    pub jump_secs: f64,
}

impl ClockKeeper {
    /// A plant with a clock of its own waits for its announcement; others run on the wall clock.
    pub fn new(has_clock_topic: bool) -> Self {
        Self { clock: None, hint: None, is_announced: false, is_wall: !has_clock_topic, follows: true, known_at: None, last_tick: None }
    }

    /// A clock that is given from outside and follows no announcement.
    pub fn given(start: TwinTime) -> Self {
        let clock = PlantClock { time: start, speed: 1.0, at: start };
        Self { clock: Some(clock), is_wall: true, follows: false, last_tick: Some(second_of(start)), ..Self::new(false) }
    }

    pub fn clock(&self) -> Option<PlantClock> {
        self.clock
    }

    /// Takes the wall clock for a plant that has no other, and an old announcement if nothing better came in 10 s.
    pub fn settle(&mut self, now: TwinTime) -> Option<ClockChange> {
        if self.clock.is_some() {
            return None;
        }
        match self.hint {
            Some(hint) if now.secs_since(hint.at) > SETTLE_SECS => self.set(PlantClock { time: hint.time_at(now), at: now, ..hint }),
            None if self.is_wall => self.set(PlantClock { time: now, speed: 1.0, at: now }),
            _ => None,
        }
    }

    /// Follows an announcement on the clock topic.
    pub fn announce(&mut self, said: Announcement, retained: bool, now: TwinTime) -> Option<ClockChange> {
        if retained || !self.follows {
            self.hint_at(said, now);
            return None;
        }
        let before = self.clock.or(self.hint).unwrap_or(PlantClock { time: now, speed: 1.0, at: now });
        if said.time.is_none() && self.clock.is_none() && !self.is_wall {
            self.hint_at(said, now);
            return None;
        }
        self.is_announced = true;
        let clock = PlantClock { time: said.time.unwrap_or(before.time_at(now)), speed: said.speed.unwrap_or(before.speed), at: now };
        self.set(clock)
    }

    /// Takes a birth as a hint: its time may be the start of the plant, long ago.
    pub fn birth(&mut self, said: Announcement, now: TwinTime) {
        if self.is_announced || (said.time.is_none() && said.speed.is_none()) {
            return;
        }
        let runs_apart = said.speed.is_some_and(|speed| speed != 1.0);
        if self.follows && self.is_wall && runs_apart {
            self.is_wall = false;
            self.clock = None;
        }
        self.hint_at(said, now);
    }

    /// Learns the time from live data as long as nobody has announced it.
    pub fn learn(&mut self, source_time: TwinTime, now: TwinTime) -> Option<ClockChange> {
        if self.is_wall || self.is_announced || self.known_at.is_some_and(|at| now.secs_since(at) > SETTLE_SECS) {
            return None;
        }
        let expected = self.clock.or(self.hint);
        let speed = expected.map_or(1.0, |clock| clock.speed);
        let time = match self.clock {
            Some(clock) if clock.time_at(now) >= source_time => return None,
            _ => source_time.max(self.hint.map_or(source_time, |hint| hint.time_at(now))),
        };
        self.set(PlantClock { time, speed, at: now })
    }

    /// The next whole second of the plant clock that has passed and has not been told.
    pub fn next_tick(&mut self, now: TwinTime) -> Option<TwinTime> {
        let clock = self.clock?;
        let behind_secs = if clock.speed > SINGLE_VALUES_UP_TO_SPEED { PUBLISHING_PERIOD_SECS * clock.speed } else { 0.0 };
        let passed = second_of(clock.time_at(now).plus_secs(-behind_secs));
        let last = *self.last_tick.get_or_insert(passed - 1);
        if passed <= last {
            return None;
        }
        let tick = if passed - last > MAX_TICKS_AT_ONCE { passed } else { last + 1 };
        self.last_tick = Some(tick);
        Some(TwinTime(tick.saturating_mul(1_000_000_000)))
    }

    fn hint_at(&mut self, said: Announcement, now: TwinTime) {
        let before = self.hint.unwrap_or(PlantClock { time: now, speed: 1.0, at: now });
        let time = said.time.unwrap_or(before.time_at(now));
        self.hint = Some(PlantClock { time, speed: said.speed.unwrap_or(before.speed), at: now });
    }

    fn set(&mut self, clock: PlantClock) -> Option<ClockChange> {
        let jump_secs = self.clock.map_or(0.0, |before| clock.time_at(clock.at).secs_since(before.time_at(clock.at)));
        let tolerance_secs = 5.0 * clock.speed.max(1.0);
        self.known_at.get_or_insert(clock.at);
        self.clock = Some(clock);
        Some(ClockChange { clock, jump_secs: if jump_secs.abs() > tolerance_secs { jump_secs } else { 0.0 } })
    }
}

fn second_of(time: TwinTime) -> i64 {
    time.0.div_euclid(1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announcements_are_read_in_the_forms_plants_send() {
        let time = TwinTime::parse("2026-01-31T08:00:00Z").ok();
        for (text, expected) in [
            (r#"{"speed":240,"t":"2026-01-31T08:00:00Z"}"#, Announcement { time, speed: Some(240.0) }),
            (r#"{"plant_time":1769846400000,"rate":0}"#, Announcement { time, speed: Some(0.0) }),
            ("2026-01-31T08:00:00Z", Announcement { time, speed: None }),
            ("1769846400", Announcement { time, speed: None }),
        ] {
            assert_eq!(Announcement::parse(text.as_bytes()), Some(expected), "{text}");
        }
        for text in ["", "soon", "{}", r#"{"speed":-1}"#, r#"{"speed":"fast"}"#] {
            assert_eq!(Announcement::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_status_is_read_as_text_boolean_or_object() {
        let online = |text: &str| parse_status(text.as_bytes()).map(|(online, _)| online);
        for text in ["online", "ONLINE since 8", "true", "1", r#""online""#, r#"{"status":"online","speed":2}"#, r#"online {"speed":2}"#] {
            assert_eq!(online(text), Some(true), "{text}");
        }
        for text in ["offline", "false", r#"{"online":false}"#] {
            assert_eq!(online(text), Some(false), "{text}");
        }
        for text in ["", "maybe", "[]", "{", r#"{"status":[]}"#] {
            assert_eq!(online(text), None, "{text}");
        }
        assert_eq!(parse_status(br#"online {"speed":2}"#).unwrap().1.speed, Some(2.0));
    }
}
