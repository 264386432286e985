//! Plant time: nanoseconds since 1970 UTC, and the clock behind it.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, Sub};
use std::sync::atomic::{AtomicI64, Ordering};

/// An instant, in nanoseconds since 1970-01-01T00:00:00Z. Covers the years 1678 to 2262.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TwinTime(pub i64);

/// A text that is no instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("time needs ISO 8601 with a zone, such as 2026-01-31T08:15:30.250Z, found: {text}")]
pub struct TimeError {
    /// The text as given.
    pub text: String,
}

const NANOS_PER_SEC: f64 = 1e9;

impl TwinTime {
    /// The instant `secs` seconds after 1970.
    pub fn from_secs_f64(secs: f64) -> Self {
        Self((secs * NANOS_PER_SEC) as i64)
    }

    /// The instant `millis` milliseconds after 1970, saturating at the ends of the range.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// Seconds since 1970. Exact to about 0.2 µs in this century.
    pub fn secs_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_SEC
    }

    /// Parses ISO 8601 with `Z` or an offset.
    ///
    /// # Errors
    /// [`TimeError`] when the text is no such instant or lies outside the range.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError { text: text.chars().take(64).collect() };
        let stamp: jiff::Timestamp = text.parse().map_err(|_| wrong())?;
        i64::try_from(stamp.as_nanosecond()).map(Self).map_err(|_| wrong())
    }

    /// Seconds from `earlier` to this instant; negative when `earlier` lies later.
    pub fn secs_since(self, earlier: Self) -> f64 {
        self.0.saturating_sub(earlier.0) as f64 / NANOS_PER_SEC
    }

    /// This instant moved by `secs` seconds, saturating at the ends of the range.
    #[must_use]
    pub fn plus_secs(self, secs: f64) -> Self {
        Self(self.0.saturating_add((secs * NANOS_PER_SEC) as i64))
    }

    /// `YYYY-MM-DD` in UTC.
    pub fn date_text(self) -> String {
        match jiff::Timestamp::from_nanosecond(i128::from(self.0)) {
            Ok(stamp) => stamp.strftime("%Y-%m-%d").to_string(),
            Err(_) => format!("day {}", self.0.div_euclid(86_400_000_000_000)),
        }
    }

    /// `HH:MM:SS` in UTC.
    pub fn clock_text(self) -> String {
        let secs = self.0.div_euclid(1_000_000_000).rem_euclid(86_400);
        format!("{:02}:{:02}:{:02}", secs / 3600, secs / 60 % 60, secs % 60)
    }
}

impl fmt::Display for TwinTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_nanosecond(i128::from(self.0)) {
            Ok(stamp) => write!(f, "{stamp:.3}"),
            Err(_) => write!(f, "{} ns", self.0),
        }
    }
}

impl Add<std::time::Duration> for TwinTime {
    type Output = Self;
    fn add(self, span: std::time::Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_nanos()).unwrap_or(i64::MAX)))
    }
}

impl Sub for TwinTime {
    type Output = f64;
    /// Seconds between the two instants.
    fn sub(self, earlier: Self) -> f64 {
        self.secs_since(earlier)
    }
}

/// Where receive times come from. The wall clock stands behind it once, in `twin_ingest`.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> TwinTime;
}

/// A clock a test moves by hand.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock standing at `start`.
    pub fn new(start: TwinTime) -> Self {
        Self(AtomicI64::new(start.0))
    }

    /// Moves the clock forward (or, negative, back) by `secs`.
    pub fn advance_secs(&self, secs: f64) {
        self.0.fetch_add((secs * NANOS_PER_SEC) as i64, Ordering::SeqCst);
    }

    /// Sets the clock.
    pub fn set(&self, time: TwinTime) {
        self.0.store(time.0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> TwinTime {
        TwinTime(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_8601_survives_the_way_in_and_out() {
        let time = TwinTime::parse("2026-01-31T08:15:30.250Z").unwrap();
        assert_eq!(time.to_string(), "2026-01-31T08:15:30.250Z");
        assert_eq!(time.clock_text(), "08:15:30");
        assert_eq!(TwinTime::parse("2026-01-31T09:15:30.25+01:00").unwrap(), time);
        assert!(TwinTime::parse("yesterday").is_err());
        assert!(TwinTime::parse("9999-01-01T00:00:00Z").is_err());
    }
}
