//! The clock of the site: instants are stored in UTC and shown in one time zone, daylight saving included.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use twin_model::TwinTime;

/// A time zone by its name in the IANA database, which is built in: the same everywhere, whatever the machine has.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteZone(TimeZone);

/// An instant on the clock of the site.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalTime {
    /// `2026-01-31`.
    pub date: String,
    /// `14:05:30`.
    pub clock: String,
    /// `CET`, or the offset where the zone has no letters.
    pub abbreviation: String,
    /// `+01:00`, when this hour comes twice in the night the clocks go back and the clock alone says too little.
    pub offset: Option<String>,
}

/// Why a clock reading is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockError {
    /// No calendar has this day, no clock this time.
    NoSuchTime,
    /// The clocks are put forward over it.
    Skipped,
    /// The zone does not have this offset then.
    WrongOffset,
}

/// A reading of calendar and clock, as a person writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// Year.
    pub year: i16,
    /// Month, 1 … 12.
    pub month: i8,
    /// Day, 1 … 31.
    pub day: i8,
    /// Hour, 0 … 23.
    pub hour: i8,
    /// Minute.
    pub minute: i8,
    /// Second.
    pub second: i8,
}

impl SiteZone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// The zone of a name such as `Europe/Berlin`; none when the database has no such zone.
    pub fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("utc") {
            return Some(Self::UTC);
        }
        TimeZoneDatabase::bundled().get(name).ok().map(Self)
    }

    /// Its name in the database.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The instant on this clock. None outside the years -9999 to 9999, which no [`TwinTime`] is.
    pub fn local(&self, time: TwinTime) -> Option<LocalTime> {
        let stamp = Timestamp::from_nanosecond(i128::from(time.0)).ok()?;
        let info = self.0.to_offset_info(stamp);
        let civil = info.offset().to_datetime(stamp);
        let comes_twice = self.0.to_ambiguous_timestamp(civil).is_ambiguous();
        Some(LocalTime {
            date: civil.date().to_string(),
            clock: format!("{:02}:{:02}:{:02}", civil.hour(), civil.minute(), civil.second()),
            abbreviation: info.abbreviation().to_owned(),
            offset: comes_twice.then(|| offset_text(info.offset().seconds())),
        })
    }
}

/// The calendar, counted: what an axis needs to stand its ticks on round times.
impl SiteZone {
    /// Clock of the zone minus UTC, seconds. None outside the calendar.
    fn offset_secs(&self, time: TwinTime) -> Option<i64> {
        let stamp = Timestamp::from_nanosecond(i128::from(time.0)).ok()?;
        Some(i64::from(self.0.to_offset(stamp).seconds()))
    }

    fn date_time(&self, time: TwinTime) -> Option<DateTime> {
        let stamp = Timestamp::from_nanosecond(i128::from(time.0)).ok()?;
        Some(self.0.to_datetime(stamp))
    }

    fn first_instant(&self, date: Date) -> Option<TwinTime> {
        // Where the clocks are put forward over midnight, the day begins when they have been.
        twin_time(date.to_zoned(self.0.clone()).ok()?.timestamp())
    }

    /// The first instant at or after `time` at which the clock shows a multiple of `secs` seconds since midnight.
    pub(crate) fn first_multiple_from(&self, time: TwinTime, secs: i64) -> Option<TwinTime> {
        const NANOS: i64 = 1_000_000_000;
        let step = secs.max(1);
        let mut utc = time.0.div_euclid(NANOS) + i64::from(time.0.rem_euclid(NANOS) != 0);
        // Once more for every change of the clocks on the way.
        for _ in 0..4 {
            let late = (utc + self.offset_secs(TwinTime(utc.checked_mul(NANOS)?))?).rem_euclid(step);
            if late == 0 {
                break;
            }
            utc += step - late;
        }
        utc.checked_mul(NANOS).map(TwinTime)
    }

    /// Number of the day on the calendar of the zone; 0 is the 1st of January 1970.
    pub(crate) fn day(&self, time: TwinTime) -> Option<i64> {
        let since = self.date_time(time)?.date().duration_since(Date::constant(1970, 1, 1));
        Some(since.as_hours().div_euclid(24))
    }

    /// The first instant of a day.
    pub(crate) fn midnight(&self, day: i64) -> Option<TwinTime> {
        self.first_instant(Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(day).ok()?).ok()?)
    }

    /// Number of the month; 0 is January of the year 0.
    pub(crate) fn month(&self, time: TwinTime) -> Option<i64> {
        let date = self.date_time(time)?.date();
        Some(i64::from(date.year()) * 12 + i64::from(date.month()) - 1)
    }

    /// The first instant of a month.
    pub(crate) fn first_of_month(&self, month: i64) -> Option<TwinTime> {
        let (year, month) = (i16::try_from(month.div_euclid(12)).ok()?, i8::try_from(month.rem_euclid(12) + 1).ok()?);
        self.first_instant(Date::new(year, month, 1).ok()?)
    }

    /// What calendar and clock of the zone show at midnight of the day of an instant.
    pub(crate) fn day_of(&self, time: TwinTime) -> Option<ClockReading> {
        let date = self.date_time(time)?.date();
        Some(ClockReading { year: date.year(), month: date.month(), day: date.day(), hour: 0, minute: 0, second: 0 })
    }

    /// The instant at which calendar and clock show this. Where they show it twice, `offset_secs` says which is meant;
    /// without it the first.
    ///
    /// # Errors
    /// [`ClockError`] when they never show it.
    pub fn instant(&self, reading: ClockReading, offset_secs: Option<i32>) -> Result<TwinTime, ClockError> {
        let date = Date::new(reading.year, reading.month, reading.day).map_err(|_| ClockError::NoSuchTime)?;
        let time = Time::new(reading.hour, reading.minute, reading.second, 0).map_err(|_| ClockError::NoSuchTime)?;
        let civil = DateTime::from_parts(date, time);
        let shown = match self.0.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => [offset, offset],
            AmbiguousOffset::Fold { before, after } => [before, after],
            AmbiguousOffset::Gap { .. } => return Err(ClockError::Skipped),
        };
        let meant = |offset: &&Offset| offset_secs.is_none_or(|secs| offset.seconds() == secs);
        let offset = shown.iter().find(meant).ok_or(ClockError::WrongOffset)?;
        offset.to_timestamp(civil).ok().and_then(twin_time).ok_or(ClockError::NoSuchTime)
    }
}

fn twin_time(stamp: Timestamp) -> Option<TwinTime> {
    i64::try_from(stamp.as_nanosecond()).ok().map(TwinTime)
}

fn offset_text(secs: i32) -> String {
    let sign = if secs < 0 { '−' } else { '+' };
    let minutes = secs.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: &str, time: &str) -> String {
        let local = SiteZone::named(zone).unwrap().local(TwinTime::parse(time).unwrap()).unwrap();
        let offset = local.offset.map_or_else(String::new, |offset| format!(" {offset}"));
        format!("{} {} {}{offset}", local.date, local.clock, local.abbreviation)
    }

    #[test]
    fn the_clock_of_the_site_follows_daylight_saving() {
        assert_eq!(at("UTC", "2026-01-31T13:05:30Z"), "2026-01-31 13:05:30 UTC");
        assert_eq!(at("Europe/Berlin", "2026-01-31T13:05:30Z"), "2026-01-31 14:05:30 CET");
        assert_eq!(at("Europe/Berlin", "2026-07-31T22:05:30Z"), "2026-08-01 00:05:30 CEST");
        assert_eq!(at("Europe/Berlin", "2026-03-29T00:59:59Z"), "2026-03-29 01:59:59 CET");
        assert_eq!(at("Europe/Berlin", "2026-03-29T01:00:00Z"), "2026-03-29 03:00:00 CEST");
        assert_eq!(at("Asia/Kolkata", "2055-07-01T00:00:00Z"), "2055-07-01 05:30:00 IST");
    }

    #[test]
    fn the_hour_that_comes_twice_says_which_one_it_is() {
        assert_eq!(at("Europe/Berlin", "2026-10-25T00:30:00Z"), "2026-10-25 02:30:00 CEST +02:00");
        assert_eq!(at("Europe/Berlin", "2026-10-25T01:30:00Z"), "2026-10-25 02:30:00 CET +01:00");
        assert_eq!(at("Europe/Berlin", "2026-10-25T02:00:00Z"), "2026-10-25 03:00:00 CET");
        assert_eq!(at("America/New_York", "2026-11-01T05:30:00Z"), "2026-11-01 01:30:00 EDT −04:00");
        assert!(SiteZone::named("Europe/Atlantis").is_none());
    }
}
