//! The condition of equipment at a fork, read off measurements by the model's own equations turned around.
//!
//! A branch that starts from healthy equipment would answer another question than the one asked. The estimates are
//! shown with their evidence; their growth is that of the last half hour, which nobody has validated.

use serde::{Deserialize, Serialize};
use twin_model::TwinTime;

/// One parameter of the model as measurements tell it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConditionEstimate {
    /// Parameter of the model.
    pub parameter: String,
    /// Its value now, in the parameter's unit.
    pub value: f64,
    /// Growth per hour of the quantity that grows exponentially (wear; 1/(1−c)²), 1/h; 0 when none is seen.
    pub growth_per_hour: f64,
    /// Drive whose running makes it grow.
    pub drive: String,
    /// What it was read from, for a person.
    pub evidence: String,
}

/// Rated speed of P-101, rpm.
const RATED_RPM: f64 = 2900.0;
/// Speed the equations refer to, as a share of rated speed.
const NORMAL_SPEED: f64 = 0.938;
/// Time over which growth is looked at.
const GROWTH_WINDOW_SECS: f64 = 1800.0;
/// Wear below this cannot be told from scatter.
const LEAST_WEAR: f64 = 0.03;
/// Clogging factor 1/(1−c)² below this cannot be told from scatter.
const LEAST_CLOGGING: f64 = 1.6;

/// Bearing wear from the acceleration envelope: VT-113 = 0.60·(n/0.938)² + 8.54·max(0, w^0.6 − 0.063).
pub fn wear_from_envelope(envelope_ge: f64, speed_rpm: f64) -> f64 {
    let n = speed_rpm / RATED_RPM / NORMAL_SPEED;
    let excess = (envelope_ge - 0.60 * n * n) / 8.54 + 0.063;
    libm::pow(excess.max(0.0), 1.0 / 0.6)
}

/// Clogging factor 1/(1−c)² from the strainer's differential pressure: ΔP = 30 mbar·(Q/92.19)²/(1−c)².
pub fn clogging_factor(differential_mbar: f64, flow_m3_h: f64) -> f64 {
    let clean = 30.0 * (flow_m3_h / 92.19) * (flow_m3_h / 92.19);
    if clean < 1.0 { 1.0 } else { (differential_mbar / clean).max(1.0) }
}

/// Clogged fraction c of a clogging factor 1/(1−c)².
pub fn clogged_fraction(factor: f64) -> f64 {
    (1.0 - 1.0 / factor.max(1.0).sqrt()).min(0.85)
}

/// Estimates the condition of both feed pumps and strainers. `mean` gives the mean of a tag over the minute before an instant.
pub fn estimate(at: TwinTime, mean: impl Fn(&str, TwinTime) -> Option<f64>) -> Vec<ConditionEstimate> {
    let before = at.plus_secs(-GROWTH_WINDOW_SECS);
    let mut found = Vec::new();
    for side in ["A", "B"] {
        let running = mean(&format!("SI-101{side}"), at).filter(|rpm| *rpm > 0.3 * RATED_RPM);
        let Some(speed) = running else { continue };
        found.extend(bearing(side, speed, at, before, &mean));
        found.extend(strainer(side, at, before, &mean));
    }
    found
}

fn bearing(
    side: &str,
    speed: f64,
    at: TwinTime,
    before: TwinTime,
    mean: &impl Fn(&str, TwinTime) -> Option<f64>,
) -> Option<ConditionEstimate> {
    let tag = format!("VT-113{side}");
    let envelope = mean(&tag, at)?;
    let wear = wear_from_envelope(envelope, speed);
    if wear < LEAST_WEAR {
        return None;
    }
    let earlier = mean(&format!("SI-101{side}"), before).zip(mean(&tag, before)).map(|(n, v)| wear_from_envelope(v, n));
    Some(ConditionEstimate {
        parameter: format!("p101{}.bearing_wear", side.to_lowercase()),
        value: wear,
        growth_per_hour: growth(wear, earlier.filter(|w| *w > LEAST_WEAR / 2.0)),
        drive: format!("P-101{side}"),
        evidence: format!("{tag} {envelope:.2} gE"),
    })
}

fn strainer(side: &str, at: TwinTime, before: TwinTime, mean: &impl Fn(&str, TwinTime) -> Option<f64>) -> Option<ConditionEstimate> {
    let tag = format!("PDT-105{side}");
    let factor_at = |time| Some(clogging_factor(mean(&tag, time)?, mean("FT-101", time)? * 1.0242));
    let factor = factor_at(at)?;
    if factor < LEAST_CLOGGING {
        return None;
    }
    Some(ConditionEstimate {
        parameter: format!("str101{}.clogged_fraction", side.to_lowercase()),
        value: clogged_fraction(factor),
        growth_per_hour: growth(factor, factor_at(before).filter(|f| *f > 1.05)),
        drive: format!("P-101{side}"),
        evidence: format!("{tag} {:.0} mbar", mean(&tag, at)?),
    })
}

/// Exponential growth per hour between two instants half an hour apart; 0 without an earlier value or when shrinking.
fn growth(now: f64, earlier: Option<f64>) -> f64 {
    earlier.map_or(0.0, |earlier| (libm::log(now / earlier) * 3600.0 / GROWTH_WINDOW_SECS).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wear_is_read_off_the_envelope_of_the_story_table() {
        // Minutes 180, 240 and 300 of the bearing story: envelope gE -> wear.
        for (envelope, wear) in [(2.23, 0.10), (3.51, 0.22), (5.51, 0.47)] {
            let found = wear_from_envelope(envelope, 2720.0);
            assert!((found - wear).abs() < 0.02, "{envelope} gE gave {found}, not {wear}");
        }
        assert!(wear_from_envelope(0.60, 2720.0) < LEAST_WEAR);
    }

    #[test]
    fn growth_of_the_last_half_hour_is_carried_on() {
        let later = TwinTime::from_secs_f64(3600.0);
        let found = estimate(later, |tag, time| match tag {
            "SI-101A" => Some(2720.0),
            "VT-113A" => Some(if time == later { 3.51 } else { 2.80 }),
            "FT-101" => Some(90.0),
            "PDT-105A" => Some(30.0),
            _ => None,
        });
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].parameter, "p101a.bearing_wear");
        assert!(found[0].growth_per_hour > 0.5 && found[0].growth_per_hour < 1.2, "{}", found[0].growth_per_hour);
    }
}
