//! Alarm points: conditions that can be evaluated, limits in order, a response that can be given.

use super::Check;
use crate::alarm::{AlarmClass, AlarmSettings, Condition};
use crate::{SignalKey, ValueKind};
use std::collections::BTreeMap;

/// A limit of an alarm point on one signal.
struct Limit<'a> {
    tag: &'a str,
    high: bool,
    limit: f64,
    at: String,
}

pub(super) fn check(check: &mut Check<'_>) {
    let mut limits: BTreeMap<SignalKey, Vec<Limit<'_>>> = BTreeMap::new();
    for (at, thing) in check.things() {
        for (index, alarm) in thing.alarms.iter().enumerate() {
            let at = format!("{at}/alarms/{index}");
            settings(check, alarm, &at);
            condition(check, &alarm.condition, &format!("{at}/condition"));
            for (number, suppressing) in alarm.suppressed_when.iter().enumerate() {
                condition(check, suppressing, &format!("{at}/suppressed_when/{number}"));
            }
            if alarm.class != AlarmClass::Advisory {
                collect(check, &mut limits, alarm, &alarm.condition, &format!("{at}/condition"));
            }
        }
    }
    for (signal, limits) in &limits {
        order(check, *signal, limits);
    }
}

fn settings(check: &mut Check<'_>, alarm: &AlarmSettings, at: &str) {
    let tag = &alarm.tag;
    if alarm.class == AlarmClass::Alarm {
        if alarm.priority.is_none() {
            check.error(
                &format!("{at}/priority"),
                format!("{tag} is an alarm without priority"),
                "Write 1, 2 or 3; what needs no response is an alert or an event.",
            );
        }
        if alarm.time_to_respond_secs.is_none() {
            check.error(
                &format!("{at}/time_to_respond_secs"),
                format!("{tag} is an alarm without a time to respond"),
                "Write the seconds the operator has, as a number.",
            );
        }
        if alarm.operator_action.trim().is_empty() {
            check.warning(&format!("{at}/operator_action"), format!("{tag} does not say what to do"), "An alarm needs an operator action.");
        }
    }
    if alarm.priority.is_some_and(|priority| !(1..=3).contains(&priority)) {
        check.error(&format!("{at}/priority"), format!("the priority of {tag} is not 1, 2 or 3"), "1 is the highest.");
    }
    if alarm.time_to_respond_secs.is_some_and(|secs| secs <= 0.0) {
        check.error(
            &format!("{at}/time_to_respond_secs"),
            format!("the time to respond of {tag} is not above zero"),
            "Write the seconds the operator has.",
        );
    }
    for (name, value) in [("deadband", alarm.deadband), ("on_delay_secs", alarm.on_delay_secs), ("off_delay_secs", alarm.off_delay_secs)] {
        if value < 0.0 {
            check.error(&format!("{at}/{name}"), format!("the {name} of {tag} is below zero"), "Write zero or more.");
        }
    }
}

fn condition(check: &mut Check<'_>, condition: &Condition, at: &str) {
    match condition {
        Condition::High { signal, limit } => number_limit(check, signal, *limit, &format!("{at}/high")),
        Condition::Low { signal, limit } => number_limit(check, signal, *limit, &format!("{at}/low")),
        Condition::Deviation { signal, reference, limit } => deviation(check, signal, reference, *limit, &format!("{at}/deviation")),
        Condition::Is { signal, state } => state_exists(check, signal, state, &format!("{at}/is")),
        Condition::IsNot { signal, state } => state_exists(check, signal, state, &format!("{at}/is_not")),
        Condition::Bad { signal } => {
            check.signal_exists(signal, &format!("{at}/bad/signal"));
        }
        Condition::NoiseCollapsed { signal, fraction, window_secs } => {
            noise(check, signal, *fraction, *window_secs, &format!("{at}/noise_collapsed"))
        }
        Condition::All(parts) => parts_of(check, parts, &format!("{at}/all")),
        Condition::Any(parts) => parts_of(check, parts, &format!("{at}/any")),
    }
}

fn parts_of(check: &mut Check<'_>, parts: &[Condition], at: &str) {
    if parts.is_empty() {
        check.error(at, "the list of conditions is empty", "Name at least one condition.");
    }
    for (index, part) in parts.iter().enumerate() {
        condition(check, part, &format!("{at}/{index}"));
    }
}

/// A signal that must be a number.
fn number_signal(check: &mut Check<'_>, signal: &str, at: &str) -> Option<SignalKey> {
    let key = check.signal_exists(signal, at)?;
    if check.plant.signals.info(key)?.kind == ValueKind::Number {
        return Some(key);
    }
    check.error(at, format!("{signal} is no number and has no limits"), "Use \"is\" or \"is_not\" with a state.");
    None
}

fn number_limit(check: &mut Check<'_>, signal: &str, limit: f64, at: &str) {
    let Some(key) = number_signal(check, signal, &format!("{at}/signal")) else { return };
    let Some(info) = check.plant.signals.info(key) else { return };
    if let Some((low, high)) = info.range
        && (limit < low || limit > high)
    {
        let message = format!("the limit {limit} lies outside the range {low} … {high} {} of {signal}", info.unit);
        check.error(&format!("{at}/limit"), message, "Give limits in the unit of the signal, inside its range.");
    }
}

fn deviation(check: &mut Check<'_>, signal: &str, reference: &str, limit: f64, at: &str) {
    let first = number_signal(check, signal, &format!("{at}/signal"));
    let second = number_signal(check, reference, &format!("{at}/reference"));
    if limit <= 0.0 {
        check.error(&format!("{at}/limit"), "the limit of a deviation must be above zero", "Write how far the two may differ.");
    }
    let unit = |key: SignalKey| check.plant.signals.info(key).map(|info| info.unit.clone());
    if let (Some(first), Some(second)) = (first.and_then(unit), second.and_then(unit))
        && first != second
    {
        let message = format!("{signal} is in {first}, {reference} in {second}: they cannot be compared");
        check.error(&format!("{at}/reference"), message, "Compare signals of the same unit.");
    }
}

fn state_exists(check: &mut Check<'_>, signal: &str, state: &str, at: &str) {
    let Some(key) = check.signal_exists(signal, &format!("{at}/signal")) else { return };
    let Some(info) = check.plant.signals.info(key) else { return };
    let known: Vec<String> = match &info.kind {
        ValueKind::Boolean => vec!["0".to_owned(), "1".to_owned()],
        ValueKind::Enumeration { states } => states.clone(),
        ValueKind::Number => {
            check.error(
                &format!("{at}/signal"),
                format!("{signal} is a number and has no states"),
                "Use \"high\", \"low\" or \"deviation\" with a limit.",
            );
            return;
        }
    };
    if !known.iter().any(|name| name == state) {
        check.error(&format!("{at}/state"), format!("{signal} has no state {state}"), format!("Its states are {}.", known.join(", ")));
    }
}

fn noise(check: &mut Check<'_>, signal: &str, fraction: f64, window_secs: f64, at: &str) {
    if let Some(key) = number_signal(check, signal, &format!("{at}/signal"))
        && check.plant.settings_of(key).is_some_and(|settings| settings.noise_sigma.is_none())
    {
        check.error(&format!("{at}/signal"), format!("{signal} declares no noise to compare with"), "Write \"noise_sigma\" at the signal.");
    }
    if !(0.0..=1.0).contains(&fraction) {
        check.error(&format!("{at}/fraction"), format!("the fraction {fraction} is not between 0 and 1"), "Write a fraction such as 0.3.");
    }
    if window_secs <= 0.0 {
        check.error(&format!("{at}/window_secs"), "the window must be longer than nothing", "Write seconds, such as 120.");
    }
}

fn collect<'a>(
    check: &Check<'_>,
    limits: &mut BTreeMap<SignalKey, Vec<Limit<'a>>>,
    alarm: &'a AlarmSettings,
    condition: &Condition,
    at: &str,
) {
    let (signal, limit, high, at) = match condition {
        Condition::High { signal, limit } => (signal, *limit, true, format!("{at}/high/limit")),
        Condition::Low { signal, limit } => (signal, *limit, false, format!("{at}/low/limit")),
        Condition::All(parts) => {
            for (index, part) in parts.iter().enumerate() {
                collect(check, limits, alarm, part, &format!("{at}/all/{index}"));
            }
            return;
        }
        _ => return,
    };
    if let Some(key) = check.plant.signals.find(signal) {
        limits.entry(key).or_default().push(Limit { tag: &alarm.tag, high, limit, at });
    }
}

/// How far out a tag says its limit lies: `LAHH-101` further than `LAH-101`.
fn rank(tag: &str, high: bool) -> usize {
    let letter = if high { 'H' } else { 'L' };
    let letters = tag.split('-').next().unwrap_or(tag);
    letters.chars().rev().take_while(|c| *c == letter).count()
}

/// Low-low < low < high < high-high.
fn order(check: &mut Check<'_>, signal: SignalKey, limits: &[Limit<'_>]) {
    let name = check.plant.signals.info(signal).map(|info| if info.tag.is_empty() { info.id.to_string() } else { info.tag.clone() });
    let name = name.unwrap_or_default();
    for (index, one) in limits.iter().enumerate() {
        for other in &limits[..index] {
            let wrong = match (one.high, other.high) {
                (true, false) => one.limit <= other.limit,
                (false, true) => one.limit >= other.limit,
                (true, true) => out_of_step(rank(one.tag, true), one.limit, rank(other.tag, true), other.limit),
                (false, false) => out_of_step(rank(one.tag, false), -one.limit, rank(other.tag, false), -other.limit),
            };
            if wrong {
                let message =
                    format!("the limits of {name} are out of order: {} at {}, {} at {}", other.tag, other.limit, one.tag, one.limit);
                check.error(&one.at, message, "Low-low < low < high < high-high.");
            }
        }
    }
}

fn out_of_step(rank: usize, limit: f64, other_rank: usize, other_limit: f64) -> bool {
    (rank > other_rank && limit <= other_limit) || (rank < other_rank && limit >= other_limit)
}
