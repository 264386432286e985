//! Inputs that could not be used, counted and told at a bounded rate.

use std::collections::BTreeMap;
use std::ops::Bound;
use twin_model::{SourceEvent, TwinTime};

/// Why an input, or a part of it, could not be used as it came.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InputProblem {
    /// No signal of the plant has this topic.
    #[error("no signal of the plant has this topic; check the topic template of the source")]
    UnknownTopic,
    /// Longer than the decoder reads.
    #[error("payload of {bytes} bytes is longer than the limit of {limit}; the message was dropped")]
    TooLarge {
        /// Length of the payload.
        bytes: usize,
        /// Longest payload read.
        limit: usize,
    },
    /// The payload ends inside a JSON value.
    #[error("payload ends in the middle of its JSON (truncated)")]
    Truncated,
    /// The payload is no JSON.
    #[error("payload is no JSON value")]
    NotJson,
    /// Neither value nor a quality that explains why there is none.
    #[error("payload carries no value where the source's pointer looks for it")]
    NoValue,
    /// NaN or infinite.
    #[error("value is not a finite number (NaN, infinite or out of range)")]
    NotFinite,
    /// The value is of another kind than the signal.
    #[error("value is no {expected}")]
    WrongKind {
        /// What the signal needs.
        expected: &'static str,
    },
    /// An enumeration has no such state.
    #[error("the signal's type has no state of this name or number")]
    UnknownState,
    /// The unit is not in the table.
    #[error("unit '{unit}' is not known; the value was refused")]
    UnknownUnit {
        /// As the payload writes it, at most 32 characters.
        unit: String,
    },
    /// The unit measures something else than the declared one.
    #[error("unit '{unit}' does not measure what '{declared}' measures; the value was refused")]
    WrongQuantity {
        /// As the payload writes it, at most 32 characters.
        unit: String,
        /// Unit the signal declares.
        declared: String,
    },
    /// The time is no time, before 1980 or more than a day ahead.
    #[error("source time is not understood, lies before 1980 or more than a day ahead; the sample was refused")]
    BadTime,
    /// The quality is not understood; the value was kept as Uncertain.
    #[error("quality is not understood; the value was kept as uncertain")]
    UnknownQuality,
    /// Further ahead of the plant clock than clocks differ; kept as Uncertain.
    #[error("source time is {secs:.0} s ahead of the plant clock; kept as uncertain. Check the clock of the sender")]
    FromTheFuture {
        /// How far ahead, plant seconds.
        secs: f64,
    },
    /// Far behind the plant clock although nothing newer was delivered; filed as late.
    #[error("source time is {secs:.0} s behind the plant clock; filed as late. Check the clock of the sender, or wait for its backlog")]
    OldOnArrival {
        /// How far behind, plant seconds.
        secs: f64,
    },
    /// The receiver was too slow for messages nobody acknowledges.
    #[error("messages dropped because the twin is too slow for this rate (quality of service 0)")]
    TooSlow,
    /// A clock announcement that could not be read.
    #[error("plant clock announcement is not understood; expected {{\"t\": time, \"speed\": factor}}")]
    BadClock,
    /// A birth or Last Will that could not be read.
    #[error("session status is not understood; expected online or offline")]
    BadStatus,
    /// The broker refused a subscription.
    #[error("the broker refused the subscription; check the rights of the user")]
    SubscriptionRefused,
}

/// Distinct topics remembered between two reports.
const MAX_TOPICS: usize = 1_000;
/// Longest topic kept for a report, in bytes.
const MAX_TOPIC_BYTES: usize = 256;
/// Problems told per report.
const MAX_REPORTED: usize = 10;
/// Seconds of wall time between two reports.
const REPORT_EVERY_SECS: f64 = 1.0;
/// Where problems are counted once [`MAX_TOPICS`] are waiting.
const FURTHER_TOPICS: &str = "(further topics)";

/// Counts problems by topic and kind, and tells at most ten a second.
#[derive(Debug, Default)]
pub(crate) struct ProblemLog {
    waiting: BTreeMap<String, Vec<(InputProblem, u64)>>,
    reported_at: Option<TwinTime>,
    /// Topic told last; the next report goes on behind it, so that no topic waits for ever.
    told_last: String,
}

impl ProblemLog {
    pub fn count(&mut self, topic: &str, problem: InputProblem) {
        let mut end = topic.len().min(MAX_TOPIC_BYTES);
        while !topic.is_char_boundary(end) {
            end -= 1;
        }
        let topic = topic.get(..end).unwrap_or("");
        if let Some(problems) = self.waiting.get_mut(topic) {
            return add(problems, problem);
        }
        let topic = if self.waiting.len() < MAX_TOPICS { topic } else { FURTHER_TOPICS };
        add(self.waiting.entry(topic.to_owned()).or_default(), problem);
    }

    /// Tells what has waited, if a second has passed since the last report.
    pub fn report(&mut self, now: TwinTime, events: &mut Vec<SourceEvent>) {
        if self.waiting.is_empty() || self.reported_at.is_some_and(|at| now.secs_since(at).abs() < REPORT_EVERY_SECS) {
            return;
        }
        self.reported_at = Some(now);
        let mut told = 0;
        while told < MAX_REPORTED {
            let Some((topic, problems)) = self.take_next() else { return };
            for (problem, count) in problems {
                let reason = problem.to_string();
                tracing::warn!(topic, count, "{reason}");
                events.push(SourceEvent::Problem { topic: topic.clone(), reason, count });
                told += 1;
            }
            self.told_last = topic;
        }
    }

    fn take_next(&mut self) -> Option<(String, Vec<(InputProblem, u64)>)> {
        let behind = (Bound::Excluded(self.told_last.as_str()), Bound::Unbounded);
        let next = self.waiting.range::<str, _>(behind).next().map(|(topic, _)| topic.clone());
        match next {
            Some(topic) => self.waiting.remove_entry(&topic),
            None => self.waiting.pop_first(),
        }
    }
}

fn add(problems: &mut Vec<(InputProblem, u64)>, problem: InputProblem) {
    let kind = std::mem::discriminant(&problem);
    match problems.iter_mut().find(|(known, _)| std::mem::discriminant(known) == kind) {
        Some((_, count)) => *count += 1,
        None => problems.push((problem, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_problems_is_counted_and_told_ten_a_second() {
        let mut log = ProblemLog::default();
        for number in 0..100_000 {
            log.count(&format!("topic/{number}"), InputProblem::NotJson);
            log.count("one", InputProblem::UnknownUnit { unit: number.to_string() });
        }
        assert!(log.waiting.len() <= MAX_TOPICS + 1);
        let mut events = Vec::new();
        log.report(TwinTime(0), &mut events);
        log.report(TwinTime(1), &mut events);
        assert_eq!(events.len(), MAX_REPORTED, "the second report comes too early");
        for second in 1..1_000 {
            log.report(TwinTime::from_millis(second * 1000), &mut events);
        }
        let total: u64 = events.iter().map(|e| if let SourceEvent::Problem { count, .. } = e { *count } else { 0 }).sum();
        assert_eq!(total, 200_000);
    }
}
