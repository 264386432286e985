//! One alarm point: its states after ISA-18.2, its delays, suppression and shelving.

use serde::{Deserialize, Serialize};
use twin_model::TwinTime;
use twin_model::alarm::AlarmClass;

/// Longest time an alarm may be shelved at once, seconds: one shift.
pub const MAX_SHELVE_SECS: f64 = 12.0 * 3600.0;

/// Time after the start of a lane, in seconds of plant time, for which a point waits to hear once of the plant state
/// that may suppress it. States are published on change and repeated every minute.
const START_UP_SECS: f64 = 90.0;

/// The state of an alarm point as a list shows it (ISA-18.2 / IEC 62682).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlarmState {
    /// Nothing to see.
    Normal,
    /// Active, nobody has acknowledged it: flashes, and sounds if it is of class alarm.
    Unacknowledged,
    /// Active and seen.
    Acknowledged,
    /// Gone before anybody acknowledged it.
    ReturnedUnacknowledged,
    /// Hidden by a person for a limited time.
    Shelved,
    /// Active, but hidden by design in this plant state.
    SuppressedByDesign,
    /// Active and only recorded (events, advisories).
    Recorded,
}

/// Where an alarm point stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlarmStatus {
    /// The condition has held for its delay and not yet gone for the other.
    pub active: bool,
    /// False while it waits for an acknowledgement.
    pub acknowledged: bool,
    /// A plant state of its *suppressed when* holds, whether the point is active or not.
    pub suppressed: bool,
    /// Shelved until this instant of plant time.
    pub shelved_until: Option<TwinTime>,
    /// It stands in the list of alarms or alerts.
    pub annunciated: bool,
    /// Its signals are stale, Bad or unheard: it keeps its state and decides nothing.
    pub frozen: bool,
    /// Source time of the last change of `active`.
    pub since: Option<TwinTime>,
    /// Value of its first signal when it came.
    pub value_at_onset: Option<f64>,
    /// Number in the order in which alarms came on this lane, from 1: the smallest of a group is the first-out.
    pub sequence: u64,
}

impl AlarmStatus {
    /// The state a list shows.
    pub fn state(&self) -> AlarmState {
        match (self.active, self.acknowledged) {
            _ if self.shelved_until.is_some() => AlarmState::Shelved,
            (true, _) if self.suppressed => AlarmState::SuppressedByDesign,
            (true, _) if !self.annunciated => AlarmState::Recorded,
            (true, false) => AlarmState::Unacknowledged,
            (true, true) => AlarmState::Acknowledged,
            (false, false) if self.annunciated => AlarmState::ReturnedUnacknowledged,
            (false, _) => AlarmState::Normal,
        }
    }
}

/// What happened to an alarm point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AlarmEventKind {
    /// It came.
    Raised,
    /// It went.
    Cleared,
    /// A person has seen it.
    Acknowledged,
    /// A plant state took it off the list.
    Suppressed,
    /// The plant state that hid it ended and it is still there.
    SuppressionEnded,
    /// A person put it aside for a limited time.
    Shelved,
    /// The shelf time is over, or a person took it back.
    Unshelved,
}

/// An entry for the journal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlarmEvent {
    /// Index into [`Plant::alarms`](twin_model::Plant::alarms).
    pub alarm: usize,
    /// What happened.
    pub kind: AlarmEventKind,
    /// When, in plant time: the end of a delay, not the sample that let it be noticed.
    pub time: TwinTime,
    /// A person must now be shown it (class alarm or alert, neither suppressed nor shelved nor late).
    pub annunciate: bool,
    /// It sounds: `annunciate` of class alarm.
    pub horn: bool,
    /// Suppressed by design when it happened.
    pub suppressed: bool,
    /// Found in a gap that was filled later; never annunciated.
    pub late: bool,
    /// Value of its first signal.
    pub value: Option<f64>,
    /// First-out number of the alarm it belongs to.
    pub sequence: u64,
}

/// Why an act of a person on an alarm was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such point.
    #[error("There is no such alarm point.")]
    UnknownAlarm,
    /// Nothing to acknowledge.
    #[error("The alarm does not wait for an acknowledgement.")]
    NothingToAcknowledge,
    /// Events and advisories are never annunciated.
    #[error("Only alarms and alerts can be shelved: events and advisories are never annunciated.")]
    NotShelvable,
    /// The end of the shelf time is not in the future, or too far in it.
    #[error("An alarm is shelved for a limited time: the end must lie in the next 12 hours of plant time.")]
    ShelveTime,
    /// It is not on the shelf.
    #[error("The alarm is not shelved.")]
    NotShelved,
}

/// What of a point does not change: class and delays.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PointRules {
    pub class: AlarmClass,
    pub on_delay_secs: f64,
    pub off_delay_secs: f64,
}

/// What a running delay leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Purpose {
    Raise,
    Clear,
    /// Bring it back on the list after its suppression ended.
    Announce,
}

/// What a point remembers besides its status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct PointMemory {
    /// Last known result of the condition.
    holds: bool,
    /// The plant state that may suppress it was known at least once.
    suppression_known: bool,
    running: Option<(Purpose, TwinTime)>,
    /// When it was last judged.
    time: Option<TwinTime>,
}

impl PointMemory {
    /// When the running delay ends.
    pub fn due(&self) -> Option<TwinTime> {
        self.running.map(|(_, due)| due)
    }

    /// When the point was last judged.
    pub fn time(&self) -> Option<TwinTime> {
        self.time
    }
}

/// What a point is told.
pub(crate) struct Results {
    pub condition: Option<bool>,
    pub suppression: Option<bool>,
    /// First event of the lane.
    pub lane_start: TwinTime,
}

/// One point at work, with what it may change.
pub(crate) struct Point<'a> {
    pub rules: PointRules,
    pub status: &'a mut AlarmStatus,
    pub memory: &'a mut PointMemory,
    pub events: &'a mut Vec<AlarmEvent>,
    /// Number of the newest alarm of the lane.
    pub sequence: &'a mut u64,
    /// Fills a gap: nothing is annunciated.
    pub late: bool,
    pub alarm: usize,
    /// Value of its first signal.
    pub value: Option<f64>,
}

impl AlarmStatus {
    /// A point that has heard nothing yet.
    pub(crate) fn new() -> Self {
        Self { acknowledged: true, frozen: true, ..Self::default() }
    }
}

impl Point<'_> {
    /// Lets the delays end that end before a sample of time `time` is heard.
    pub fn end_delays_before(&mut self, time: TwinTime) {
        while self.memory.due().is_some_and(|due| due < time) {
            self.end_delay();
        }
    }

    /// Takes what the conditions say at `time`. The time of a point never runs back, even where the signals of a
    /// condition arrive out of step.
    pub fn judge(&mut self, results: &Results, time: TwinTime) {
        let time = self.memory.time.map_or(time, |own| own.max(time));
        self.memory.time = Some(time);
        let waits = results.suppression.is_none() && !self.memory.suppression_known && time.secs_since(results.lane_start) < START_UP_SECS;
        self.status.frozen = waits || results.condition.is_none();
        if let (false, Some(holds)) = (waits, results.condition) {
            self.memory.holds = holds;
        }
        if let Some(suppressed) = results.suppression {
            self.memory.suppression_known = true;
            self.suppress(suppressed, time);
        }
        self.plan(time);
        while self.memory.due().is_some_and(|due| due <= time) {
            self.end_delay();
        }
    }

    fn suppress(&mut self, suppressed: bool, time: TwinTime) {
        let begins = suppressed && !self.status.suppressed;
        self.status.suppressed = suppressed;
        if begins && self.status.annunciated {
            self.status.annunciated = false;
            self.status.acknowledged = true;
            self.write(AlarmEventKind::Suppressed, time, false);
        }
    }

    /// Alarms and alerts are shown to people; events and advisories are recorded.
    fn is_shown(&self) -> bool {
        matches!(self.rules.class, AlarmClass::Alarm | AlarmClass::Alert)
    }

    fn is_hidden(&self) -> bool {
        self.status.suppressed || self.status.shelved_until.is_some()
    }

    /// Starts, keeps or drops the delay. Over lost data none runs, so that what comes of it rests on data throughout.
    fn plan(&mut self, time: TwinTime) {
        let wanted = match (self.status.active, self.memory.holds) {
            _ if self.status.frozen => None,
            (false, true) => Some((Purpose::Raise, self.rules.on_delay_secs)),
            (true, false) => Some((Purpose::Clear, self.rules.off_delay_secs)),
            // After its suppression the condition must hold for its delay once more: a pump that starts has a low
            // discharge pressure for the seconds in which its alarm goes.
            (true, true) if self.is_shown() && !self.is_hidden() && !self.status.annunciated => {
                Some((Purpose::Announce, self.rules.on_delay_secs))
            }
            _ => None,
        };
        self.memory.running = match (wanted, self.memory.running) {
            (Some((purpose, _)), Some((running, due))) if purpose == running => Some((running, due)),
            (Some((purpose, delay_secs)), _) => Some((purpose, time.plus_secs(delay_secs.max(0.0)))),
            (None, _) => None,
        };
    }

    /// Does what the running delay was waiting for, at the time it ends.
    pub fn end_delay(&mut self) {
        let Some((purpose, due)) = self.memory.running.take() else { return };
        match purpose {
            Purpose::Raise => {
                *self.sequence += 1;
                self.status.active = true;
                self.status.since = Some(due);
                self.status.value_at_onset = self.value;
                self.status.sequence = *self.sequence;
                self.announce(AlarmEventKind::Raised, due);
            }
            Purpose::Announce => self.announce(AlarmEventKind::SuppressionEnded, due),
            Purpose::Clear => {
                self.status.active = false;
                self.status.since = Some(due);
                self.status.annunciated &= !self.status.acknowledged;
                self.write(AlarmEventKind::Cleared, due, false);
            }
        }
    }

    /// Brings an active point on the list, unless it is hidden or only recorded.
    fn announce(&mut self, kind: AlarmEventKind, time: TwinTime) {
        let shown = self.status.active && self.is_shown() && !self.is_hidden();
        self.status.annunciated = shown;
        self.status.acknowledged = !shown;
        self.write(kind, time, shown);
    }

    fn write(&mut self, kind: AlarmEventKind, time: TwinTime, shown: bool) {
        let annunciate = shown && !self.late;
        self.events.push(AlarmEvent {
            alarm: self.alarm,
            kind,
            time,
            annunciate,
            horn: annunciate && self.rules.class == AlarmClass::Alarm,
            suppressed: self.status.suppressed,
            late: self.late,
            value: self.value,
            sequence: self.status.sequence,
        });
    }

    /// A person has seen it.
    pub fn acknowledge(&mut self, at: TwinTime) -> Result<(), Refusal> {
        if !self.status.annunciated || self.status.acknowledged {
            return Err(Refusal::NothingToAcknowledge);
        }
        self.status.acknowledged = true;
        self.status.annunciated = self.status.active;
        self.write(AlarmEventKind::Acknowledged, at, false);
        Ok(())
    }

    /// A person puts it aside until `until`.
    pub fn shelve(&mut self, until: TwinTime, at: TwinTime) -> Result<(), Refusal> {
        if !self.is_shown() {
            return Err(Refusal::NotShelvable);
        }
        let secs = until.secs_since(at);
        if secs <= 0.0 || secs > MAX_SHELVE_SECS {
            return Err(Refusal::ShelveTime);
        }
        self.status.shelved_until = Some(until);
        self.status.annunciated = false;
        self.status.acknowledged = true;
        self.memory.running = self.memory.running.filter(|(purpose, _)| *purpose != Purpose::Announce);
        self.write(AlarmEventKind::Shelved, at, false);
        Ok(())
    }

    /// Takes it back from the shelf; an active point is annunciated at once.
    pub fn unshelve(&mut self, at: TwinTime) -> Result<(), Refusal> {
        if self.status.shelved_until.take().is_none() {
            return Err(Refusal::NotShelved);
        }
        self.announce(AlarmEventKind::Unshelved, at);
        Ok(())
    }
}
