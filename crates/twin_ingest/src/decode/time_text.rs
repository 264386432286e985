//! Source times as payloads write them.

use super::payload::Scalar;
use twin_model::TwinTime;
use twin_model::document::TimeFormat;

/// 1980-01-01, before any plant with MQTT: an earlier time is a clock that was never set.
const EARLIEST: TwinTime = TwinTime(315_532_800 * 1_000_000_000);

/// The instant a payload names, or `None` when it names none, or one before 1980.
pub(super) fn parse(time: &Scalar<'_>, format: TimeFormat) -> Option<TwinTime> {
    let instant = match time {
        Scalar::Integer(number) => from_integer(*number, format)?,
        Scalar::Number(number) => from_float(*number, format)?,
        Scalar::Text(text) => from_text(text.trim(), format)?,
        _ => return None,
    };
    (instant >= EARLIEST).then_some(instant)
}

fn from_text(text: &str, format: TimeFormat) -> Option<TwinTime> {
    if let Some(time) = canonical(text.as_bytes()) {
        return Some(time);
    }
    if let Ok(number) = text.parse::<i64>() {
        return from_integer(number, format);
    }
    if let Ok(number) = text.parse::<f64>() {
        return from_float(number, format);
    }
    TwinTime::parse(text).ok()
}

/// Nanoseconds per unit; an unmarked number is told by its size: seconds reach 1e11 in the year 5138.
fn nanos_per_unit(magnitude: f64, format: TimeFormat) -> i64 {
    match format {
        TimeFormat::EpochSecs => 1_000_000_000,
        TimeFormat::EpochMillis => 1_000_000,
        TimeFormat::EpochNanos => 1,
        TimeFormat::Auto if magnitude < 1e11 => 1_000_000_000,
        TimeFormat::Auto if magnitude < 1e14 => 1_000_000,
        TimeFormat::Auto if magnitude < 1e17 => 1_000,
        TimeFormat::Auto => 1,
    }
}

fn from_integer(number: i64, format: TimeFormat) -> Option<TwinTime> {
    number.checked_mul(nanos_per_unit((number as f64).abs(), format)).map(TwinTime)
}

fn from_float(number: f64, format: TimeFormat) -> Option<TwinTime> {
    // Whole units and the rest apart, because a double holds no nanoseconds of this century.
    let unit = nanos_per_unit(number.abs(), format);
    let nanos = number.trunc() * unit as f64;
    if !nanos.is_finite() || nanos.abs() >= i64::MAX as f64 {
        return None;
    }
    let whole = (number.trunc() as i64).checked_mul(unit)?;
    whole.checked_add((number.fract() * unit as f64).round() as i64).map(TwinTime)
}

/// `2026-01-31T08:15:30.250Z` read without a general parser: the form most gateways send.
fn canonical(text: &[u8]) -> Option<TwinTime> {
    if text.len() < 20 || text.len() > 30 || *text.last()? != b'Z' {
        return None;
    }
    for (at, mark) in [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')] {
        if text.get(at) != Some(&mark) {
            return None;
        }
    }
    let number = |from: usize, to: usize| digits(text.get(from..to)?);
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if !(1980..2262).contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let nanos = fraction(text.get(19..text.len() - 1)?)?;
    let secs = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Some(TwinTime(secs * 1_000_000_000 + nanos))
}

fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0_i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

fn fraction(text: &[u8]) -> Option<i64> {
    let Some((dot, rest)) = text.split_first() else { return Some(0) };
    if *dot != b'.' || rest.is_empty() || rest.len() > 9 {
        return None;
    }
    Some(digits(rest)? * 10_i64.pow(9 - rest.len() as u32))
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days of the Gregorian calendar since 1970-01-01: years counted from March, so that the leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year_from_march = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let leap_days = year_from_march / 4 - year_from_march / 100 + year_from_march / 400;
    year_from_march * 365 + leap_days + (month_from_march * 153 + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_agrees_with_the_general_parser() {
        for text in ["2026-01-31T08:15:30.250Z", "2024-02-29T23:59:59Z", "2000-03-01T00:00:00.000000001Z", "1999-12-31T12:00:00.5Z"] {
            assert_eq!(canonical(text.as_bytes()), TwinTime::parse(text).ok(), "{text}");
        }
        for day in 0..80_000_i64 {
            let time = TwinTime((day * 86_400 + 315_532_800) * 1_000_000_000);
            assert_eq!(canonical(time.to_string().as_bytes()), Some(time), "{time}");
        }
    }

    #[test]
    fn a_number_is_read_as_seconds_millis_micros_or_nanos_by_its_size() {
        let expected = TwinTime::parse("2026-01-31T08:15:30.250Z").unwrap();
        for number in [1_769_847_330_250_i64, 1_769_847_330_250_000, 1_769_847_330_250_000_000] {
            assert_eq!(parse(&Scalar::Integer(number), TimeFormat::Auto), Some(expected));
        }
        assert_eq!(parse(&Scalar::Number(1_769_847_330.25), TimeFormat::Auto), Some(expected));
        assert_eq!(parse(&Scalar::Text("1769847330.25".into()), TimeFormat::EpochSecs), Some(expected));
        for wrong in [Scalar::Integer(0), Scalar::Number(f64::NAN), Scalar::Number(1e300), Scalar::Text("2026-02-30T00:00:00Z".into())] {
            assert_eq!(parse(&wrong, TimeFormat::Auto), None, "{wrong:?}");
        }
    }
}
