//! How alarms and health stood at any instant of a lane.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use twin_insight::{AlarmEvent, AlarmEventKind, AlarmStatus, ThingHealth};
use twin_model::TwinTime;

/// Every state an alarm point went through, and every event, in commit order.
#[derive(Clone, Debug, Default)]
pub struct AlarmHistory {
    states: Vec<Vec<(TwinTime, AlarmStatus)>>,
    events: Vec<AlarmEvent>,
}

/// Every health state a thing went through.
#[derive(Clone, Debug, Default)]
pub struct HealthHistory {
    states: Vec<Vec<(TwinTime, ThingHealth)>>,
}

/// Events and states kept, per lane and per point; the older half is forgotten beyond it.
const KEPT: usize = 100_000;

fn forget_old<T>(list: &mut Vec<T>) {
    if list.len() > KEPT {
        list.drain(..KEPT / 2);
    }
}

fn at<T: Clone>(states: &[(TwinTime, T)], time: TwinTime) -> Option<T> {
    let end = states.partition_point(|(since, _)| *since <= time);
    end.checked_sub(1).map(|index| states[index].1.clone())
}

impl AlarmHistory {
    /// An empty history of `alarms` points.
    pub fn new(alarms: usize) -> Self {
        Self { states: vec![Vec::new(); alarms], events: Vec::new() }
    }

    /// Records events with the states they led to.
    pub fn record(&mut self, events: &[AlarmEvent], now: &[AlarmStatus]) {
        for event in events {
            if let (Some(states), Some(status)) = (self.states.get_mut(event.alarm), now.get(event.alarm)) {
                // A late event may lie before the newest one; the list stays in order of time.
                let place = states.partition_point(|(time, _)| *time <= event.time);
                states.insert(place, (event.time, *status));
                forget_old(states);
            }
        }
        self.events.extend_from_slice(events);
        forget_old(&mut self.events);
    }

    /// Takes back an event that was recorded, with the state it led to.
    pub(crate) fn restore(&mut self, event: AlarmEvent, status: AlarmStatus) {
        if let Some(states) = self.states.get_mut(event.alarm) {
            let place = states.partition_point(|(time, _)| *time <= event.time);
            states.insert(place, (event.time, status));
            self.events.push(event);
        }
    }

    /// The states of all points at an instant.
    pub fn at(&self, time: TwinTime) -> Vec<AlarmStatus> {
        self.states.iter().map(|states| at(states, time).unwrap_or_default()).collect()
    }

    /// All events in commit order.
    pub fn events(&self) -> &[AlarmEvent] {
        &self.events
    }

    /// The newest `most` points that came and were shown to a person, with their time, oldest first.
    pub fn shown(&self, most: usize) -> Vec<(usize, TwinTime)> {
        let raised = self.events.iter().rev().filter(|event| event.annunciate && event.kind == AlarmEventKind::Raised);
        let mut shown: Vec<(usize, TwinTime)> = raised.take(most).map(|event| (event.alarm, event.time)).collect();
        shown.reverse();
        shown
    }

    /// Time of the event next to `time` in the given direction, among those of these points.
    pub fn step_of(&self, points: &[usize], time: TwinTime, forward: bool) -> Option<TwinTime> {
        next(self.events.iter().filter(|event| points.contains(&event.alarm)).map(|event| event.time), time, forward)
    }

    /// Time of the event next to `time` in the given direction, among those a person was shown.
    pub fn step(&self, time: TwinTime, forward: bool) -> Option<TwinTime> {
        next(self.events.iter().filter(|event| event.annunciate).map(|event| event.time), time, forward)
    }
}

fn next(times: impl Iterator<Item = TwinTime>, time: TwinTime, forward: bool) -> Option<TwinTime> {
    if forward { times.filter(|t| *t > time).min() } else { times.filter(|t| *t < time).max() }
}

/// Something a person or the twin marked on the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Instant, or beginning of the range.
    pub from: TwinTime,
    /// End of the range; equal to `from` for an instant.
    pub to: TwinTime,
    /// What it is.
    pub kind: MarkKind,
    /// Who; empty for the twin itself.
    pub author: String,
    /// Id of the thing it is about; empty for the plant.
    pub thing: String,
    /// What, in words.
    pub text: String,
}

/// What a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarkKind {
    /// A person asked the twin for something.
    Action,
    /// A person marked an instant.
    Bookmark,
    /// A person wrote something.
    Note,
    /// Nothing was recorded.
    Gap,
}

/// The marks of a lane, in the order they were made. A clone shares them.
#[derive(Clone, Debug, Default)]
pub struct MarkHistory(Arc<Vec<Mark>>);

impl MarkHistory {
    /// Adds one. The oldest is forgotten when there are too many.
    pub fn add(&mut self, mark: Mark) {
        let marks = Arc::make_mut(&mut self.0);
        marks.push(mark);
        forget_old(marks);
    }

    /// All of them.
    pub fn all(&self) -> Arc<Vec<Mark>> {
        Arc::clone(&self.0)
    }
}

/// How many samples came per minute of plant time. A clone shares all but the minute under way.
#[derive(Clone, Debug, Default)]
pub struct DensityHistory {
    /// Minutes since 1970 of the first count.
    first_minute: i64,
    counts: Arc<Vec<u32>>,
    /// The minute under way and its samples.
    current: (i64, u32),
}

/// Longest span that is counted: a year. Older minutes are forgotten.
const MINUTES_KEPT: usize = 366 * 1440;

impl DensityHistory {
    /// Counts samples around an instant.
    pub fn add(&mut self, time: TwinTime, samples: u32) {
        let minute = time.0.div_euclid(60_000_000_000);
        if minute != self.current.0 {
            let (done, count) = std::mem::replace(&mut self.current, (minute, 0));
            self.put(done, count);
        }
        self.current.1 = self.current.1.saturating_add(samples);
    }

    fn put(&mut self, minute: i64, count: u32) {
        if count == 0 {
            return;
        }
        let counts = Arc::make_mut(&mut self.counts);
        if counts.is_empty() {
            self.first_minute = minute;
        }
        let Ok(index) = usize::try_from(minute - self.first_minute) else { return };
        if index >= counts.len() {
            let gone = (index + 1).saturating_sub(MINUTES_KEPT).min(counts.len());
            counts.drain(..gone);
            self.first_minute += gone as i64;
            if counts.is_empty() {
                self.first_minute = minute;
            }
            let index = usize::try_from(minute - self.first_minute).unwrap_or(0);
            counts.resize(index + 1, 0);
        }
        if let Some(at) = usize::try_from(minute - self.first_minute).ok().and_then(|index| counts.get_mut(index)) {
            *at = at.saturating_add(count);
        }
    }

    /// Instant of the first count, and samples in each minute since.
    pub fn minutes(&self) -> (TwinTime, Arc<Vec<u32>>) {
        (TwinTime(self.first_minute.saturating_mul(60_000_000_000)), Arc::clone(&self.counts))
    }
}

impl HealthHistory {
    /// An empty history of `things` things.
    pub fn new(things: usize) -> Self {
        Self { states: vec![Vec::new(); things] }
    }

    /// Records what changed, and tells which things did.
    pub fn record(&mut self, time: TwinTime, now: &[ThingHealth]) -> Vec<usize> {
        let mut changed = Vec::new();
        for (thing, (states, health)) in self.states.iter_mut().zip(now).enumerate() {
            if states.last().is_none_or(|(_, last)| last != health) {
                states.push((time, health.clone()));
                forget_old(states);
                changed.push(thing);
            }
        }
        changed
    }

    /// Takes back a state that was recorded.
    pub(crate) fn restore(&mut self, thing: usize, time: TwinTime, health: ThingHealth) {
        if let Some(states) = self.states.get_mut(thing) {
            states.push((time, health));
        }
    }

    /// Time of the change of a thing next to `time` in the given direction.
    pub fn step_of(&self, thing: usize, time: TwinTime, forward: bool) -> Option<TwinTime> {
        next(self.states.get(thing)?.iter().map(|(since, _)| *since), time, forward)
    }

    /// The health of all things at an instant.
    pub fn at(&self, time: TwinTime) -> Vec<ThingHealth> {
        self.states.iter().map(|states| at(states, time).unwrap_or_default()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_counted_by_the_minute_whatever_lies_between() {
        let mut density = DensityHistory::default();
        let minute = |n: i64| TwinTime(n * 60_000_000_000 + 5);
        for (at, samples) in [(100, 3), (100, 4), (103, 5), (101, 2), (104, 1)] {
            density.add(minute(at), samples);
        }
        let (first, counts) = density.minutes();
        assert_eq!((first, counts.as_slice()), (TwinTime(100 * 60_000_000_000), [7, 2, 0, 5].as_slice()));
    }
}
