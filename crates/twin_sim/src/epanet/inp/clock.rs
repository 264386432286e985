//! Times of day and spans of time as EPANET writes them.

use super::lines::starts;

/// Seconds of a day.
pub(super) const DAY_S: i64 = 86_400;
/// The longest time that is taken, about 68 years: EPANET's own counter ends there.
const MAX_S: f64 = 2_147_483_647.0;

/// Hours of a time: `1.5`, `90 MIN`, `1:30`, `1:30:00`, `1:30 PM`; `None` when it is no time or negative.
///
/// The order of operations is EPANET's, as whole seconds are cut from the result.
pub(super) fn hours(time: &str, unit: &str) -> Option<f64> {
    // A fourth part is read and means nothing.
    let mut parts = [0.0; 4];
    let mut count = 0_usize;
    for part in time.split(':').filter(|part| !part.is_empty()) {
        let value: f64 = part.parse().ok()?;
        *parts.get_mut(count)? = value;
        count += 1;
    }
    let [hour, minute, second, _] = parts;
    let hours = if count > 1 { hour + minute / 60.0 + second / 3600.0 } else { hour };
    let hours = match unit {
        "" => hours,
        unit if count == 1 && starts(unit, "SEC") => hours / 3600.0,
        unit if count == 1 && starts(unit, "MIN") => hours / 60.0,
        unit if count == 1 && starts(unit, "HOU") => hours,
        unit if count == 1 && starts(unit, "DAY") => hours * 24.0,
        unit if starts(unit, "AM") => half_day(hours, 0.0)?,
        unit if starts(unit, "PM") => half_day(hours, 12.0)?,
        _ => return None,
    };
    (count > 0 && hours >= 0.0 && hours * 3600.0 <= MAX_S).then_some(hours)
}

/// Twelve o'clock is the first hour of its half of the day.
fn half_day(hours: f64, starts_at: f64) -> Option<f64> {
    match hours {
        hours if hours >= 13.0 => None,
        hours if hours >= 12.0 => Some(hours - 12.0 + starts_at),
        hours => Some(hours + starts_at),
    }
}

/// Whole seconds of hours, the rest cut off, as EPANET does it for controls and rules.
pub(super) fn cut_seconds(hours: f64) -> i64 {
    (3600.0 * hours) as i64
}

/// Whole seconds of hours, rounded, as EPANET does it for `[TIMES]`.
pub(super) fn rounded_seconds(hours: f64) -> i64 {
    (3600.0 * hours + 0.5) as i64
}
