//! The instants a time column writes, in the form the mapping names or the file shows.

use super::faults::RowFault;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use std::borrow::Cow;
use twin_model::TwinTime;

/// 1980-01-01: an earlier date is a clock that was never set, or a date of a spreadsheet that was none.
const EARLIEST: TwinTime = TwinTime(315_532_800 * NANOS_PER_SEC);
/// 2260-12-31: a later one leaves no room for the clock to go on.
const LATEST: TwinTime = TwinTime(9_183_000_000 * NANOS_PER_SEC);
const NANOS_PER_SEC: i64 = 1_000_000_000;
const NANOS_PER_MILLI: i64 = 1_000_000;

/// How a recording writes its times.
#[derive(Clone, Debug, PartialEq)]
pub enum TimeFormat {
    /// ISO 8601, with or without zone: `2026-01-31T08:15:30.25Z`, `2026-01-31 08:15:30`.
    Iso8601,
    /// Seconds since 1970-01-01T00:00:00Z, with fraction.
    UnixSecs,
    /// Milliseconds since 1970-01-01T00:00:00Z, with fraction.
    UnixMillis,
    /// Seconds since an instant, with fraction.
    SecondsSince(TwinTime),
    /// A pattern in the manner of `strftime`: `%d.%m.%Y %H:%M:%S`.
    Pattern(String),
}

/// Patterns tried where no format is named; none of them can be taken for another one.
const KNOWN_PATTERNS: [&str; 5] =
    ["%d.%m.%Y %H:%M:%S%.f", "%d.%m.%Y %H:%M", "%Y/%m/%d %H:%M:%S%.f", "%Y/%m/%d %H:%M", "%d-%b-%Y %H:%M:%S%.f"];

impl TimeFormat {
    /// The formats tried where none is named.
    pub(super) fn guesses() -> Vec<Self> {
        let mut guesses = vec![Self::Iso8601, Self::UnixSecs, Self::UnixMillis];
        guesses.extend(KNOWN_PATTERNS.iter().map(|pattern| Self::Pattern((*pattern).to_owned())));
        guesses
    }
}

/// The zone of a name such as `Europe/Berlin`, or of a fixed offset such as `+01:00`.
pub(super) fn zone_of(name: &str) -> Option<TimeZone> {
    let name = name.trim();
    if name.eq_ignore_ascii_case("utc") || name == "Z" {
        return Some(TimeZone::UTC);
    }
    if let Some(offset) = offset_of(name) {
        return Some(TimeZone::fixed(offset));
    }
    TimeZone::get(name).ok()
}

fn offset_of(name: &str) -> Option<Offset> {
    let sign = match name.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = name.get(1..)?.split_once(':').unwrap_or((name.get(1..)?, "0"));
    let is_digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(hours) || !is_digits(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

/// Reads the times of one recording, row after row.
#[derive(Clone, Debug)]
pub(super) struct TimeReader {
    format: TimeFormat,
    zone: TimeZone,
    decimal: u8,
    /// The time read before: it tells the two hours of an autumn night apart that read the same.
    previous: Option<TwinTime>,
    /// True once a text without zone was read.
    pub used_zone: bool,
}

impl TimeReader {
    pub fn new(format: TimeFormat, zone: TimeZone, decimal: u8) -> Self {
        Self { format, zone, decimal, previous: None, used_zone: false }
    }

    /// The instant a text names.
    ///
    /// # Errors
    /// [`RowFault`] when it names none, one that the zone's clocks skip, or one that no recording has.
    pub fn read(&mut self, text: &str) -> Result<TwinTime, RowFault> {
        let text = text.trim();
        let time = match &self.format {
            TimeFormat::Iso8601 => self.iso(text)?,
            TimeFormat::UnixSecs => TwinTime(nanos_of(text, NANOS_PER_SEC, self.decimal).ok_or(RowFault::BadTime)?),
            TimeFormat::UnixMillis => TwinTime(nanos_of(text, NANOS_PER_MILLI, self.decimal).ok_or(RowFault::BadTime)?),
            TimeFormat::SecondsSince(start) => {
                let nanos = nanos_of(text, NANOS_PER_SEC, self.decimal).ok_or(RowFault::BadTime)?;
                let time = start.0.checked_add(nanos).map(TwinTime).ok_or(RowFault::TimeOutOfRange)?;
                return self.within(time, TwinTime(-LATEST.0));
            }
            TimeFormat::Pattern(pattern) => {
                let parts = strtime::parse(pattern, text).map_err(|_| RowFault::BadTime)?;
                if parts.offset().is_some() {
                    instant(parts.to_timestamp().map_err(|_| RowFault::BadTime)?)?
                } else {
                    self.local(parts.to_datetime().map_err(|_| RowFault::BadTime)?)?
                }
            }
        };
        self.within(time, EARLIEST)
    }

    fn within(&mut self, time: TwinTime, earliest: TwinTime) -> Result<TwinTime, RowFault> {
        if !(earliest..LATEST).contains(&time) {
            return Err(RowFault::TimeOutOfRange);
        }
        self.previous = Some(time);
        Ok(time)
    }

    fn iso(&mut self, text: &str) -> Result<TwinTime, RowFault> {
        if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.contains('-') {
            return Err(RowFault::BadTime);
        }
        if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
            return instant(stamp);
        }
        self.local(text.parse::<DateTime>().map_err(|_| RowFault::BadTime)?)
    }

    /// A time on the clocks of the zone. Where they showed it twice, the later one is meant if the earlier one lies before
    /// the row above.
    fn local(&mut self, time: DateTime) -> Result<TwinTime, RowFault> {
        self.used_zone = true;
        let with = |offset: Offset| offset.to_timestamp(time).map_err(|_| RowFault::TimeOutOfRange).and_then(instant);
        match self.zone.to_ambiguous_timestamp(time).offset() {
            AmbiguousOffset::Unambiguous { offset } => with(offset),
            AmbiguousOffset::Gap { .. } => Err(RowFault::NoSuchLocalTime),
            AmbiguousOffset::Fold { before, after } => {
                let (earlier, later) = (with(before)?, with(after)?);
                let goes_back = self.previous.is_some_and(|previous| earlier < previous);
                Ok(if goes_back { later } else { earlier })
            }
        }
    }
}

fn instant(stamp: jiff::Timestamp) -> Result<TwinTime, RowFault> {
    i64::try_from(stamp.as_nanosecond()).map(TwinTime).map_err(|_| RowFault::TimeOutOfRange)
}

/// A decimal number times `unit` nanoseconds, exact as far as its digits go.
fn nanos_of(text: &str, unit: i64, decimal: u8) -> Option<i64> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mark = char::from(decimal);
    let (whole, fraction) = digits.split_once(mark).or_else(|| digits.split_once('.')).unwrap_or((digits, ""));
    if whole.is_empty() || whole.len() > 19 || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return with_exponent(text, unit);
    }
    let fraction = fraction.get(..fraction.len().min(15))?;
    let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let number: i128 = whole.parse::<i128>().ok()? * scale + if fraction.is_empty() { 0 } else { fraction.parse::<i128>().ok()? };
    let nanos = (number * i128::from(unit) + scale / 2) / scale;
    i64::try_from(if is_negative { -nanos } else { nanos }).ok()
}

/// `1.7698e9`, as some tools write long numbers.
fn with_exponent(text: &str, unit: i64) -> Option<i64> {
    if !text.contains(['e', 'E']) || text.len() > 40 {
        return None;
    }
    let text: Cow<'_, str> = if text.contains(',') { text.replace(',', ".").into() } else { text.into() };
    let nanos = text.parse::<f64>().ok()? * unit as f64;
    (nanos.is_finite() && nanos.abs() < i64::MAX as f64).then(|| nanos.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(format: TimeFormat, zone: &str) -> TimeReader {
        TimeReader::new(format, zone_of(zone).unwrap(), b'.')
    }

    fn at(text: &str) -> Result<TwinTime, RowFault> {
        Ok(TwinTime::parse(text).unwrap())
    }

    #[test]
    fn times_are_read_in_every_form_a_mapping_can_name() {
        let since = TimeFormat::SecondsSince(TwinTime::parse("2026-01-01T00:00:00Z").unwrap());
        let pattern = |text: &str| TimeFormat::Pattern(text.to_owned());
        for (format, zone, text, expected) in [
            (TimeFormat::Iso8601, "UTC", "2026-01-31T08:15:30.250Z", "2026-01-31T08:15:30.250Z"),
            (TimeFormat::Iso8601, "UTC", " 2026-01-31 09:15:30,25+01:00 ", "2026-01-31T08:15:30.250Z"),
            (TimeFormat::Iso8601, "Europe/Berlin", "2026-01-31 09:15:30", "2026-01-31T08:15:30Z"),
            (TimeFormat::Iso8601, "+05:30", "2026-01-31T05:30", "2026-01-31T00:00:00Z"),
            (TimeFormat::UnixSecs, "UTC", "1769847330.250000001", "2026-01-31T08:15:30.250000001Z"),
            (TimeFormat::UnixSecs, "UTC", "1.76984733E9", "2026-01-31T08:15:30Z"),
            (TimeFormat::UnixMillis, "UTC", "1769847330250", "2026-01-31T08:15:30.250Z"),
            (since.clone(), "UTC", "0", "2026-01-01T00:00:00Z"),
            (since, "UTC", "3600.5", "2026-01-01T01:00:00.500Z"),
            (pattern("%d.%m.%Y %H:%M:%S%.f"), "Europe/Berlin", "31.01.2026 09:15:30.25", "2026-01-31T08:15:30.250Z"),
            (pattern("%m/%d/%Y %I:%M %p"), "America/New_York", "07/04/2026 01:30 PM", "2026-07-04T17:30:00Z"),
            (pattern("%Y%m%d%H%M%S %z"), "UTC", "20260131091530 +0100", "2026-01-31T08:15:30Z"),
        ] {
            assert_eq!(reader(format.clone(), zone).read(text), at(expected), "{text} as {format:?}");
        }
    }

    #[test]
    fn on_a_day_of_daylight_saving_change_every_row_has_its_own_instant() {
        let mut spring = reader(TimeFormat::Iso8601, "Europe/Berlin");
        assert_eq!(spring.read("2026-03-29 01:59:00"), at("2026-03-29T00:59:00Z"));
        assert_eq!(spring.read("2026-03-29 02:30:00"), Err(RowFault::NoSuchLocalTime), "the clocks skip this hour");
        assert_eq!(spring.read("2026-03-29 03:00:00"), at("2026-03-29T01:00:00Z"));
        let mut autumn = reader(TimeFormat::Pattern("%d.%m.%Y %H:%M".to_owned()), "Europe/Berlin");
        let mut times = Vec::new();
        for text in ["01:30", "02:00", "02:30", "02:30", "02:00", "02:00", "02:30", "03:00"] {
            times.push(autumn.read(&format!("25.10.2026 {text}")).unwrap().clock_text());
        }
        assert_eq!(times, ["23:30:00", "00:00:00", "00:30:00", "00:30:00", "01:00:00", "01:00:00", "01:30:00", "02:00:00"]);
    }

    #[test]
    fn what_is_no_time_is_refused_without_a_panic() {
        for text in ["", "x", "-", "99999999999999999999", "2026-02-30T00:00:00Z", "1e400", "9999-12-31T00:00:00Z", "0", "12.5.", "é"] {
            for format in TimeFormat::guesses() {
                assert!(reader(format, "UTC").read(text).is_err(), "{text}");
            }
        }
        for zone in ["Europe/Nowhere", "+99:00", "+1:2:3", "", "+é"] {
            assert!(zone_of(zone).is_none(), "{zone}");
        }
    }
}
