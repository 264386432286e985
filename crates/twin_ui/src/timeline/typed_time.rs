//! A time as a person types it: `14:05`, `14:05:30`, `2026-11-27 14:05`, `-10m`, `-2h`; on the clock of the site.

use crate::text::t;
use crate::time_zone::{ClockError, ClockReading, SiteZone};
use twin_model::TwinTime;

/// Why a typed text is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedTimeError {
    /// Not written as a time.
    NotUnderstood,
    /// No calendar has this day, no clock this time.
    NoSuchTime,
    /// The clocks are put forward over it.
    Skipped,
    /// The zone does not have this offset then.
    WrongOffset,
}

impl TypedTimeError {
    /// What is wrong, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotUnderstood => t().time_not_understood,
            Self::NoSuchTime => t().time_does_not_exist,
            Self::Skipped => t().time_skipped,
            Self::WrongOffset => t().time_wrong_offset,
        }
    }
}

impl From<ClockError> for TypedTimeError {
    fn from(error: ClockError) -> Self {
        match error {
            ClockError::NoSuchTime => Self::NoSuchTime,
            ClockError::Skipped => Self::Skipped,
            ClockError::WrongOffset => Self::WrongOffset,
        }
    }
}

/// The instant a text means. A clock time alone is one of the day of `at`, a relative time counts from `at`. In the hour
/// that comes twice the first is meant, unless an offset such as `+01:00` follows, as the clock itself writes it.
///
/// # Errors
/// [`TypedTimeError`] when it means none.
pub fn parse(text: &str, zone: &SiteZone, at: TwinTime) -> Result<TwinTime, TypedTimeError> {
    let text = text.trim().replace('−', "-");
    if let Some(secs) = relative_secs(&text) {
        return Ok(at.plus_secs(secs));
    }
    let mut words = text.split([' ', 'T']).filter(|word| !word.is_empty()).peekable();
    let mut reading = zone.day_of(at).ok_or(TypedTimeError::NoSuchTime)?;
    let has_date = match words.peek().and_then(|word| date(word)) {
        Some((year, month, day)) => {
            reading = ClockReading { year, month, day, ..reading };
            words.next();
            true
        }
        None => false,
    };
    let mut offset = None;
    match words.next() {
        Some(word) => {
            let (hour, minute, second) = clock(word).ok_or(TypedTimeError::NotUnderstood)?;
            reading = ClockReading { hour, minute, second, ..reading };
            if let Some(word) = words.next() {
                offset = Some(offset_secs(word).ok_or(TypedTimeError::NotUnderstood)?);
            }
        }
        None if has_date => {}
        None => return Err(TypedTimeError::NotUnderstood),
    }
    match words.next() {
        Some(_) => Err(TypedTimeError::NotUnderstood),
        None => zone.instant(reading, offset).map_err(TypedTimeError::from),
    }
}

/// `-10m`, `+90 s`, `-1h30m`: seconds. None for what is written otherwise.
fn relative_secs(text: &str) -> Option<f64> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("-", rest) => (-1.0, rest),
        ("+", rest) => (1.0, rest),
        _ => return None,
    };
    let mut total = 0.0;
    let mut rest = rest.trim_start();
    while !rest.is_empty() {
        let (figures, after) = rest.split_at_checked(rest.find(|c: char| !c.is_ascii_digit())?)?;
        let after = after.trim_start();
        let letters = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(letters)?;
        let secs = match unit.to_lowercase().as_str() {
            "s" | "sec" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        total += f64::from(figures.parse::<u32>().ok()?) * secs;
        rest = after.trim_start();
    }
    (total > 0.0).then_some(sign * total)
}

/// `2026-11-27`.
fn date(word: &str) -> Option<(i16, i8, i8)> {
    let [year, month, day] = word.split('-').collect::<Vec<_>>().try_into().ok()?;
    Some((figures(year, 4..=4)?, i8::try_from(figures(month, 1..=2)?).ok()?, i8::try_from(figures(day, 1..=2)?).ok()?))
}

/// `14:05`, `14:05:30`.
fn clock(word: &str) -> Option<(i8, i8, i8)> {
    let mut parts = word.split(':').map(|part| i8::try_from(figures(part, 1..=2)?).ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = match parts.next() {
        Some(second) => second?,
        None => 0,
    };
    parts.next().is_none().then_some((hour, minute, second))
}

/// `+01:00`, `-04:00`, `Z`.
fn offset_secs(word: &str) -> Option<i32> {
    if word.eq_ignore_ascii_case("z") || word.eq_ignore_ascii_case("utc") {
        return Some(0);
    }
    let sign = match word.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = word.get(1..)?.split_once(':')?;
    Some(sign * (i32::from(figures(hours, 1..=2)?) * 3600 + i32::from(figures(minutes, 2..=2)?) * 60))
}

fn figures(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<i16> {
    (count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(zone: &str, text: &str, at: &str) -> Result<String, TypedTimeError> {
        parse(text, &SiteZone::named(zone).unwrap(), TwinTime::parse(at).unwrap()).map(|time| time.to_string())
    }

    fn berlin(text: &str, at: &str) -> Result<String, TypedTimeError> {
        typed("Europe/Berlin", text, at)
    }

    #[test]
    fn a_typed_clock_time_is_one_of_the_day_on_show_in_the_zone_of_the_site() {
        let at = "2026-01-31T23:30:00Z";
        assert_eq!(berlin("14:05", at).unwrap(), "2026-02-01T13:05:00.000Z", "in Berlin it is the 1st of February already");
        assert_eq!(typed("UTC", "14:05", at).unwrap(), "2026-01-31T14:05:00.000Z");
        assert_eq!(berlin(" 9:05:30 ", at).unwrap(), "2026-02-01T08:05:30.000Z");
        assert_eq!(berlin("2026-11-27 14:05", at).unwrap(), "2026-11-27T13:05:00.000Z");
        assert_eq!(berlin("2026-07-27T14:05:09", at).unwrap(), "2026-07-27T12:05:09.000Z");
        assert_eq!(berlin("2026-7-1", at).unwrap(), "2026-06-30T22:00:00.000Z", "a day alone is its beginning");
        assert_eq!(berlin("14:05 +01:00", at).unwrap(), "2026-02-01T13:05:00.000Z");
    }

    #[test]
    fn a_relative_time_counts_from_the_instant_on_show() {
        let at = "2026-01-31T12:00:00.250Z";
        for (text, meant) in [
            ("-10m", "2026-01-31T11:50:00.250Z"),
            ("−2h", "2026-01-31T10:00:00.250Z"),
            ("+ 90 s", "2026-01-31T12:01:30.250Z"),
            ("-1h 30min", "2026-01-31T10:30:00.250Z"),
            ("-3D", "2026-01-28T12:00:00.250Z"),
        ] {
            assert_eq!(berlin(text, at).unwrap(), meant, "{text}");
        }
        assert_eq!(berlin("-4h", "2026-03-29T04:00:00Z").unwrap(), "2026-03-29T00:00:00.000Z", "hours pass, whatever the clocks do");
    }

    #[test]
    fn on_the_days_the_clocks_are_changed_every_typed_time_is_the_right_one_or_none() {
        let spring = "2026-03-29T12:00:00Z";
        assert_eq!(berlin("01:59:59", spring).unwrap(), "2026-03-29T00:59:59.000Z");
        assert_eq!(berlin("02:30", spring), Err(TypedTimeError::Skipped));
        assert_eq!(berlin("03:00", spring).unwrap(), "2026-03-29T01:00:00.000Z");
        let autumn = "2026-10-25T12:00:00Z";
        assert_eq!(berlin("02:30", autumn).unwrap(), "2026-10-25T00:30:00.000Z", "the first of the two");
        assert_eq!(berlin("02:30 +02:00", autumn).unwrap(), "2026-10-25T00:30:00.000Z");
        assert_eq!(berlin("02:30 +01:00", autumn).unwrap(), "2026-10-25T01:30:00.000Z");
        assert_eq!(berlin("02:30 +03:00", autumn), Err(TypedTimeError::WrongOffset));
        assert_eq!(berlin("03:00", autumn).unwrap(), "2026-10-25T02:00:00.000Z");
    }

    #[test]
    fn what_is_no_time_is_told_apart_from_what_no_calendar_has() {
        let at = "2026-01-31T12:00:00Z";
        for text in ["", " ", "now", "14", "14:", ":05", "14:5x", "14:05:30:00", "-", "-10", "-m", "-10x", "-0m", "+", "14:05 tomorrow"] {
            assert_eq!(berlin(text, at), Err(TypedTimeError::NotUnderstood), "{text:?}");
        }
        for text in ["2026-01-31 14:05 +01:00 x", "31.1.2026 14:05", "2026-01 14:05", "-99999999999d", "−", "14:05 ä", "ä"] {
            assert_eq!(berlin(text, at), Err(TypedTimeError::NotUnderstood), "{text:?}");
        }
        for text in ["24:00", "14:60", "2026-02-29 14:05", "2026-13-01 14:05", "14:05:61"] {
            assert_eq!(berlin(text, at), Err(TypedTimeError::NoSuchTime), "{text:?}");
        }
    }

    #[test]
    fn what_the_clock_shows_can_be_typed() {
        let zone = SiteZone::named("Europe/Berlin").unwrap();
        let site = crate::format::SiteFormat { zone: zone.clone(), ..crate::format::SiteFormat::NEUTRAL };
        let start = TwinTime::parse("2026-10-24T12:00:00Z").unwrap();
        for step in 0..2000 {
            let time = start.plus_secs(f64::from(step) * 61.0);
            assert_eq!(parse(&site.date_clock(time), &zone, start), Ok(time), "{}", site.date_clock(time));
        }
    }
}
