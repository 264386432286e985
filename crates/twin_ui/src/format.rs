//! The one place that turns numbers, units and times into text, as the site writes them.

use crate::display_units::{Conversion, DisplayUnits};
use crate::reading::ReadingView;
use crate::text::{ENGLISH, Texts};
use crate::time_zone::{LocalTime, SiteZone};
use std::sync::{PoisonError, RwLock};
use twin_model::{QualityClass, TwinTime};

/// Shown where there is no value.
pub const NO_VALUE: &str = "—";
const MINUS: char = '−';
const GROUP: char = '\u{2009}';

/// How a site reads: clock, decimal sign, units, language. Everything the program shows goes through it; nothing it
/// stores or sends does.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteFormat {
    /// Time zone of every clock on the screen.
    pub zone: SiteZone,
    /// `57,9` in place of `57.9`.
    pub decimal_comma: bool,
    /// Units of values.
    pub units: DisplayUnits,
    /// Language.
    pub texts: &'static Texts,
}

impl SiteFormat {
    /// UTC, decimal point, units of the plant file, English.
    pub const NEUTRAL: Self = Self { zone: SiteZone::UTC, decimal_comma: false, units: DisplayUnits::AS_MEASURED, texts: &ENGLISH };
}

impl Default for SiteFormat {
    fn default() -> Self {
        Self::NEUTRAL
    }
}

static SITE: RwLock<SiteFormat> = RwLock::new(SiteFormat::NEUTRAL);

/// Makes this the format of everything shown from now on.
pub fn set_site(site: SiteFormat) {
    *SITE.write().unwrap_or_else(PoisonError::into_inner) = site;
}

/// The format of the site as it is now.
pub fn site() -> SiteFormat {
    with_site(Clone::clone)
}

/// Reads the format of the site without copying it.
pub(crate) fn with_site<R>(read: impl FnOnce(&SiteFormat) -> R) -> R {
    read(&SITE.read().unwrap_or_else(PoisonError::into_inner))
}

/// How values in a unit of the plant file are shown at this site.
pub fn conversion(unit: &str) -> Conversion {
    with_site(|site| site.units.show(unit))
}

/// A number with fixed decimals, a true minus sign, and groups of three from 10,000 on. `—` for what is no number.
pub fn number(value: f64, decimals: u8) -> String {
    with_site(|site| site.number(value, decimals))
}

impl SiteFormat {
    /// As [`number`].
    pub fn number(&self, value: f64, decimals: u8) -> String {
        if !value.is_finite() {
            return NO_VALUE.to_owned();
        }
        let plain = format!("{:.*}", usize::from(decimals.min(9)), value.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let is_zero = plain.bytes().all(|byte| byte == b'0' || byte == b'.');
        let mut text = String::with_capacity(plain.len() + 4);
        if value < 0.0 && !is_zero {
            text.push(MINUS);
        }
        for (index, digit) in whole.chars().enumerate() {
            let left = whole.len() - index;
            if index > 0 && left.is_multiple_of(3) && whole.len() > 4 {
                text.push(GROUP);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(if self.decimal_comma { ',' } else { '.' });
            text.push_str(fraction);
        }
        text
    }

    /// As [`parse`].
    pub fn parse(&self, text: &str) -> Option<f64> {
        let plain = text.chars().filter(|c| !c.is_whitespace()).map(|c| match c {
            MINUS => '-',
            ',' if self.decimal_comma => '.',
            other => other,
        });
        plain.collect::<String>().parse().ok().filter(|value: &f64| value.is_finite())
    }

    /// As [`clock`].
    pub fn clock(&self, time: TwinTime) -> String {
        self.local(time, |local| with_offset(local.clock, local.offset))
    }

    /// As [`clock_zone`].
    pub fn clock_zone(&self, time: TwinTime) -> String {
        self.local(time, |local| with_offset(format!("{} {}", local.clock, local.abbreviation), local.offset))
    }

    /// As [`date_clock`].
    pub fn date_clock(&self, time: TwinTime) -> String {
        self.local(time, |local| with_offset(format!("{} {}", local.date, local.clock), local.offset))
    }

    /// As [`date_clock_zone`].
    pub fn date_clock_zone(&self, time: TwinTime) -> String {
        self.local(time, |local| with_offset(format!("{} {} {}", local.date, local.clock, local.abbreviation), local.offset))
    }

    /// As [`axis_clock`].
    pub fn axis_clock(&self, time: TwinTime, step_secs: f64) -> String {
        self.local(time, |local| {
            let text = if step_secs >= 28.0 * 86_400.0 {
                local.date.get(..7)
            } else if step_secs >= 86_400.0 {
                local.date.get(5..)
            } else if step_secs >= 60.0 {
                local.clock.get(..5)
            } else {
                Some(local.clock.as_str())
            };
            text.unwrap_or_default().to_owned()
        })
    }

    fn local(&self, time: TwinTime, write: impl FnOnce(LocalTime) -> String) -> String {
        self.zone.local(time).map_or_else(|| time.to_string(), write)
    }
}

fn with_offset(text: String, offset: Option<String>) -> String {
    offset.map_or_else(|| text.clone(), |offset| format!("{text} {offset}"))
}

/// The number a person typed, as [`number`] writes it or plainly. None for anything else.
pub fn parse(text: &str) -> Option<f64> {
    with_site(|site| site.parse(text))
}

/// A number with its sign always written, for differences.
pub fn signed(value: f64, decimals: u8) -> String {
    let text = number(value, decimals);
    let has_sign = text.starts_with(MINUS) || text == NO_VALUE || number(value, decimals) == number(0.0, decimals);
    if has_sign { text } else { format!("+{text}") }
}

/// A number with its unit.
pub fn quantity(value: f64, decimals: u8, unit: &str) -> String {
    let text = number(value, decimals);
    if unit.is_empty() || unit == "1" { text } else { format!("{text} {unit}") }
}

/// The value of a reading without its unit: state name, number, or `—` when Bad.
pub fn value(reading: &ReadingView) -> String {
    if reading.quality.class() == QualityClass::Bad {
        return NO_VALUE.to_owned();
    }
    match (&reading.state, reading.value) {
        (Some(state), Some(_)) => state.clone(),
        (_, Some(number_value)) => number(number_value, reading.decimals),
        (_, None) => NO_VALUE.to_owned(),
    }
}

/// A reading on one line as a person would write it: `57.9 °C`, `57.9 °C U 40 s old`, `— B sensor failure`, `57.9 °C SIM`.
pub fn reading(reading: &ReadingView) -> String {
    let mut text = value(reading);
    if text != NO_VALUE && !reading.unit.is_empty() && reading.state.is_none() {
        text = format!("{text} {}", reading.unit);
    }
    match reading.quality.class() {
        QualityClass::Good => {}
        QualityClass::Uncertain | QualityClass::Bad => {
            text = format!("{text} {} {}", reading.quality.letter(), crate::text::quality_reason(reading.quality))
        }
    }
    if reading.quality.is_stale()
        && let Some(age_secs) = reading.age_secs
    {
        text = format!("{text}, {}", age(age_secs));
    }
    if reading.is_simulated { format!("{text} SIM") } else { text }
}

/// How old something is: `0.4 s`, `12 s`, `3 min`, `2 h 10 min`, `4 d`.
pub fn age(secs: f64) -> String {
    if !secs.is_finite() {
        return NO_VALUE.to_owned();
    }
    let secs = secs.max(0.0);
    if secs < 9.95 { format!("{} s", number(secs, 1)) } else { duration(secs) }
}

/// A span of time in its two largest units: `45 s`, `2 min 30 s`, `5 h 51 min`, `3 d 4 h`.
pub fn duration(secs: f64) -> String {
    if !secs.is_finite() {
        return NO_VALUE.to_owned();
    }
    let sign = if secs <= -0.5 { "−" } else { "" };
    let total = secs.abs().round() as u64;
    let (days, hours, minutes, rest) = (total / 86_400, total / 3600 % 24, total / 60 % 60, total % 60);
    let two =
        |a: u64, a_unit: &str, b: u64, b_unit: &str| if b == 0 { format!("{a} {a_unit}") } else { format!("{a} {a_unit} {b} {b_unit}") };
    let text = match (days, hours, minutes) {
        (0, 0, 0) => format!("{rest} s"),
        (0, 0, _) => two(minutes, "min", rest, "s"),
        (0, _, _) => two(hours, "h", minutes, "min"),
        _ => two(days, "d", hours, "h"),
    };
    format!("{sign}{text}")
}

/// Time left as a countdown of constant width: `4:32`, `1:05:00`.
pub fn countdown(secs: f64) -> String {
    if !secs.is_finite() {
        return NO_VALUE.to_owned();
    }
    let sign = if secs <= -1.0 { "−" } else { "" };
    let total = secs.abs().floor() as u64;
    if total >= 3600 {
        format!("{sign}{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60)
    } else {
        format!("{sign}{}:{:02}", total / 60, total % 60)
    }
}

/// `08:15:30` on the clock of the site; with the offset, `02:30:00 +01:00`, in the hour that comes twice a year.
pub fn clock(time: TwinTime) -> String {
    with_site(|site| site.clock(time))
}

/// `08:15:30 CET`: the clock where it stands alone.
pub fn clock_zone(time: TwinTime) -> String {
    with_site(|site| site.clock_zone(time))
}

/// `2026-01-31 08:15:30` on the clock of the site.
pub fn date_clock(time: TwinTime) -> String {
    with_site(|site| site.date_clock(time))
}

/// `2026-01-31 08:15:30 CET`.
pub fn date_clock_zone(time: TwinTime) -> String {
    with_site(|site| site.date_clock_zone(time))
}

/// A label of a time axis whose grid has the given step: seconds, times, days or months, whatever carries something.
pub fn axis_clock(time: TwinTime, step_secs: f64) -> String {
    with_site(|site| site.axis_clock(time, step_secs))
}

/// Speed of a playhead: `1×`, `0.5×`, `0.25×`, `240×`.
pub fn speed(speed: f64) -> String {
    let is_whole = |value: f64| (value - value.round()).abs() < 1e-9;
    let decimals = if is_whole(speed) { 0 } else { 1 + u8::from(!is_whole(speed * 10.0)) };
    format!("{}×", number(speed, decimals))
}

/// A count: in full up to a hundred thousand, then as `1.23 M`.
pub fn count(number: u64) -> String {
    match number {
        0..100_000 => number.to_string(),
        100_000..100_000_000 => format!("{} M", self::number(number as f64 / 1e6, 2)),
        _ => format!("{} M", self::number(number as f64 / 1e6, 0)),
    }
}

/// A count per second with as many digits as help: `850`, `12.4 k`, `1.3 M`.
pub fn rate(per_sec: f64) -> String {
    if per_sec >= 1e6 {
        format!("{} M", number(per_sec / 1e6, 1))
    } else if per_sec >= 1e4 {
        format!("{} k", number(per_sec / 1e3, 1))
    } else {
        number(per_sec, 0)
    }
}

/// Milliseconds: `3.2 ms`, `48 ms`, `1.2 s`.
pub fn millis(ms: f64) -> String {
    if ms >= 1000.0 {
        format!("{} s", number(ms / 1000.0, 1))
    } else if ms < 9.95 {
        format!("{} ms", number(ms, 1))
    } else {
        format!("{} ms", number(ms, 0))
    }
}

/// A share in percent without decimals.
pub fn percent(share: f64) -> String {
    format!("{} %", number(share * 100.0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use twin_model::Quality;

    #[test]
    fn numbers_keep_their_decimals_and_a_true_minus() {
        assert_eq!(number(57.94, 1), "57.9");
        assert_eq!(number(-0.04, 1), "0.0");
        assert_eq!(number(-3.0, 2), "−3.00");
        assert_eq!(number(89_303.0, 0), "89\u{2009}303");
        assert_eq!(number(2900.0, 0), "2900");
        assert_eq!(number(f64::NAN, 1), "—");
        assert_eq!(signed(2.71, 1), "+2.7");
        assert_eq!(signed(0.01, 1), "0.0");
    }

    #[test]
    fn a_bad_reading_shows_its_reason_and_never_a_number() {
        let bad = ReadingView { value: Some(57.9), quality: Quality::BAD_SENSOR_FAILURE, ..ReadingView::number(57.9, "°C", 1) };
        assert_eq!(reading(&bad), "— B sensor failure");
        let stale = ReadingView { quality: Quality::UNCERTAIN_LAST_USABLE, age_secs: Some(40.0), ..ReadingView::number(57.9, "°C", 1) };
        assert_eq!(reading(&stale), "57.9 °C U stale: last usable value, 40 s");
        let simulated = ReadingView { is_simulated: true, ..ReadingView::number(57.9, "°C", 1) };
        assert_eq!(reading(&simulated), "57.9 °C SIM");
    }

    #[test]
    fn spans_of_time_read_as_people_say_them() {
        assert_eq!(age(0.42), "0.4 s");
        assert_eq!(age(12.2), "12 s");
        assert_eq!(duration(150.0), "2 min 30 s");
        assert_eq!(duration(21_060.0), "5 h 51 min");
        assert_eq!(duration(-60.0), "−1 min");
        assert_eq!(countdown(272.0), "4:32");
        assert_eq!(countdown(-5.0), "−0:05");
        let time = TwinTime::parse("2026-01-31T08:15:30Z").unwrap();
        assert_eq!(date_clock(time), "2026-01-31 08:15:30");
        assert_eq!(axis_clock(time, 600.0), "08:15");
        assert_eq!((axis_clock(time, 86_400.0), axis_clock(time, 30.0 * 86_400.0)), ("01-31".to_owned(), "2026-01".to_owned()));
        assert_eq!([0.1, 0.25, 1.0, 1000.0].map(speed), ["0.1×", "0.25×", "1×", "1000×"]);
    }

    #[test]
    fn a_site_writes_numbers_and_times_its_own_way() {
        let site = SiteFormat { zone: SiteZone::named("Europe/Berlin").unwrap(), decimal_comma: true, ..SiteFormat::NEUTRAL };
        assert_eq!(site.number(-89_303.25, 2), "−89\u{2009}303,25");
        assert_eq!(site.parse(&site.number(-89_303.25, 2)), Some(-89_303.25), "what it writes it reads");
        assert_eq!((site.parse("57.9"), site.parse("5,7,9"), site.parse("inf")), (Some(57.9), None, None));
        assert_eq!(SiteFormat::NEUTRAL.parse("1,200"), None, "a comma that is no decimal sign is not guessed at");
        let time = TwinTime::parse("2026-01-31T23:15:30Z").unwrap();
        assert_eq!(site.clock(time), "00:15:30");
        assert_eq!(site.clock_zone(time), "00:15:30 CET");
        assert_eq!(site.date_clock_zone(time), "2026-02-01 00:15:30 CET");
        assert_eq!(site.axis_clock(time, 86_400.0), "02-01");
        assert_eq!(site.clock(TwinTime::parse("2026-10-25T01:30:00Z").unwrap()), "02:30:00 +01:00");
    }
}
