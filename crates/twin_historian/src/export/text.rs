//! Times, numbers and names as text.

use std::borrow::Cow;
use std::fmt::Write;
use twin_model::{Origin, TwinTime};

const NANOS_PER_SEC: i64 = 1_000_000_000;

/// Writes times; consecutive ones mostly share their second.
#[derive(Debug, Default)]
pub(super) struct TimeText {
    second: Option<i64>,
    /// Up to the second, then the whole.
    text: String,
    seconds_end: usize,
}

impl TimeText {
    /// ISO 8601 in UTC, with as many of 0, 3, 6 or 9 decimals as the time needs.
    pub(super) fn of(&mut self, time: TwinTime) -> &str {
        let (second, nanos) = (time.0.div_euclid(NANOS_PER_SEC), time.0.rem_euclid(NANOS_PER_SEC));
        if self.second != Some(second) {
            self.second = Some(second);
            self.text = format!("{}T{}", time.date_text(), time.clock_text());
            self.seconds_end = self.text.len();
        }
        self.text.truncate(self.seconds_end);
        // Writing into a String cannot fail.
        let _ = match nanos {
            0 => Ok(()),
            _ if nanos % 1_000_000 == 0 => write!(self.text, ".{:03}", nanos / 1_000_000),
            _ if nanos % 1000 == 0 => write!(self.text, ".{:06}", nanos / 1000),
            _ => write!(self.text, ".{nanos:09}"),
        };
        self.text.push('Z');
        &self.text
    }
}

/// The shortest text that reads back as the same number.
pub(super) fn write_number(out: &mut String, value: f64) {
    out.clear();
    // Writing into a String cannot fail.
    let _ = write!(out, "{value:?}");
    if out.ends_with(".0") {
        out.truncate(out.len() - 2);
    }
}

/// A text a spreadsheet takes as text: one it would run as a formula gets an apostrophe in front, and so does one that begins
/// with an apostrophe itself, so that taking one away gives the text back.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

/// The word for where a sample comes from.
pub(crate) fn origin_word(origin: Origin) -> &'static str {
    match origin {
        Origin::Live => "live",
        Origin::Late => "late",
        Origin::Manual => "manual",
        Origin::Simulated => "simulated",
        Origin::Derived => "derived",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_the_decimals_it_needs_and_reads_back() {
        let mut text = TimeText::default();
        for (nanos, expected) in [
            (1_795_766_400_000_000_000, "2026-11-27T08:00:00Z"),
            (1_795_766_400_250_000_000, "2026-11-27T08:00:00.250Z"),
            (1_795_766_400_250_001_000, "2026-11-27T08:00:00.250001Z"),
            (1_795_766_400_000_000_001, "2026-11-27T08:00:00.000000001Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
        ] {
            assert_eq!(text.of(TwinTime(nanos)), expected);
            assert_eq!(TwinTime::parse(expected).unwrap(), TwinTime(nanos));
        }
    }

    #[test]
    fn a_number_is_as_short_as_it_can_be_and_keeps_its_sign() {
        let mut out = String::new();
        for (value, expected) in
            [(21.5, "21.5"), (3.0, "3"), (-0.0, "-0"), (5e-324, "5e-324"), (1e300, "1e300"), (0.1 + 0.2, "0.30000000000000004")]
        {
            write_number(&mut out, value);
            assert_eq!(out, expected);
            assert_eq!(out.parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
    }
}
