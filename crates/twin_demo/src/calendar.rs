//! The planned events of normal operation: which are due at which hour of plant time, UTC. Pure dates; the crew does the work.

use twin_model::TwinTime;

const HOUR_NS: i64 = 3_600_000_000_000;
const DAY_NS: i64 = 24 * HOUR_NS;

/// Something that is done on purpose in normal operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The load goes elsewhere between 60 and 100 m³/h.
    LoadChange,
    /// The basin of CT-201 is blown down more than usual for a while.
    Blowdown,
    /// The standby of the pair P-101A/B takes over.
    ChangeOver,
    /// The strainer of the idle P-101 is cleaned.
    StrainerCleaning,
    /// LT-101 is calibrated.
    LevelCalibration,
    /// gw-100 restarts.
    GatewayRestart,
}

impl Event {
    /// Name in the record of what really happened.
    pub fn name(self) -> &'static str {
        match self {
            Self::LoadChange => "load-change",
            Self::Blowdown => "blowdown",
            Self::ChangeOver => "change-over",
            Self::StrainerCleaning => "strainer-cleaning",
            Self::LevelCalibration => "level-calibration",
            Self::GatewayRestart => "gateway-restart",
        }
    }
}

/// Days on which something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Days {
    Every,
    /// 0 = Monday … 6 = Sunday.
    Weekday(i64),
    /// 1…28, so that every month has it.
    OfMonth(i64),
}

/// Day, hour in UTC, event. The hours keep the events apart: each has settled before the next one begins.
const PLAN: [(Days, i64, Event); 7] = [
    (Days::Every, 6, Event::LoadChange),
    (Days::Every, 18, Event::LoadChange),
    (Days::Every, 9, Event::Blowdown),
    (Days::Weekday(1), 10, Event::ChangeOver),
    (Days::OfMonth(10), 13, Event::StrainerCleaning),
    (Days::OfMonth(15), 14, Event::LevelCalibration),
    (Days::Weekday(6), 3, Event::GatewayRestart),
];

/// Which of the planned events take place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Calendar {
    /// None.
    #[default]
    Empty,
    /// The load changes at 06:00 and 18:00.
    LoadChanges,
    /// All: also a blowdown each day at 09:00, a change-over on Tuesdays at 10:00, a restart of gw-100 on Sundays at 03:00,
    /// the cleaning of a strainer on the 10th at 13:00 and the calibration of LT-101 on the 15th at 14:00.
    Full,
}

impl Calendar {
    /// Events that begin later than `after` and not later than `until`, in the order of the plan. The two are less than a
    /// day apart.
    pub fn due(self, after: TwinTime, until: TwinTime) -> impl Iterator<Item = Event> {
        PLAN.into_iter().filter(move |(_, _, event)| self.has(*event)).filter_map(move |(days, hour, event)| {
            let day = (until.0 - hour * HOUR_NS).div_euclid(DAY_NS);
            let begins = day * DAY_NS + hour * HOUR_NS;
            (begins > after.0 && days.include(day)).then_some(event)
        })
    }

    fn has(self, event: Event) -> bool {
        match self {
            Self::Empty => false,
            Self::LoadChanges => event == Event::LoadChange,
            Self::Full => true,
        }
    }
}

impl Days {
    /// `day` counts from 1 January 1970, a Thursday.
    fn include(self, day: i64) -> bool {
        match self {
            Self::Every => true,
            Self::Weekday(weekday) => (day + 3).rem_euclid(7) == weekday,
            Self::OfMonth(number) => day_of_month(day) == number,
        }
    }
}

/// Day of the month in the Gregorian calendar, 1…31, of a day counted from 1 January 1970.
///
/// Years are counted from March, so that the leap day comes last and the lengths of the months follow one line:
/// (153 m + 2) / 5 days lie before month m.
fn day_of_month(day: i64) -> i64 {
    const DAYS_BEFORE_1970: i64 = 719_468;
    const DAYS_IN_400_YEARS: i64 = 146_097;
    let in_era = (day + DAYS_BEFORE_1970).rem_euclid(DAYS_IN_400_YEARS);
    let year = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    in_year - (153 * month + 2) / 5 + 1
}
