//! The clock of the site: instants are stored in UTC and shown in one time zone, daylight saving included.

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
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
