//! Silence: what becomes of a signal whose samples stop.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use twin_model::document::SourceSettings;
use twin_model::{Batch, Origin, Plant, Quality, Sample, SignalKey, TwinTime};

/// Silent for this many expected intervals is stale.
const STALE_AFTER_INTERVALS: f64 = 3.0;
/// A signal published on change is repeated at least this often, plant seconds.
const ON_CHANGE_REPEAT_SECS: f64 = 60.0;
/// From stale to no communication, plant seconds.
const LOST_AFTER_SECS: f64 = 60.0;
/// Wall seconds between two publications of a plant that runs fast: the expected interval is no shorter than this times its speed.
const PUBLISHING_PERIOD_SECS: f64 = 0.25;
/// Wall seconds of silence that a busy network or machine explains; nothing goes stale sooner.
const SHORTEST_SILENCE_SECS: f64 = 2.0;

/// Watches the signals of a source on the plant's clock and writes what silence means as samples.
///
/// A signal that is silent for three expected intervals becomes `UNCERTAIN_LAST_USABLE` with its last value, and
/// `BAD_NO_COMMUNICATION` without value 60 s later. The loss of the connection or the Last Will of a session does the
/// first step at once for all its signals. The next sample ends it by itself.
///
/// The cost of [`StaleWatch::poll`] depends on how many signals are due, not on how many there are.
#[derive(Debug)]
pub struct StaleWatch {
    signals: Vec<Watched>,
    /// Instants at which a signal is to be looked at; an entry counts only if it is the signal's `queued_at`.
    queue: BinaryHeap<Reverse<(TwinTime, SignalKey)>>,
    sessions: Vec<Session>,
    speed: f64,
}

#[derive(Clone, Debug)]
struct Watched {
    /// Own expected interval, plant seconds; infinite for what is never expected.
    interval_secs: f64,
    phase: Phase,
    value: Option<f64>,
    /// Source time of the newest sample, marks included.
    newest: TwinTime,
    /// Plant time at which it arrived, or the phase began.
    since: TwinTime,
    /// Not due before this, although the plant now runs slower: what was under way at its former speed has its former grace.
    grace_until: Option<TwinTime>,
    queued_at: Option<TwinTime>,
    session: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Unknown,
    Fresh,
    LastUsable,
    Lost,
}

#[derive(Clone, Debug)]
struct Session {
    alive: Option<SignalKey>,
    members: Vec<SignalKey>,
    state: SessionState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SessionState {
    Unknown,
    Online,
    /// By its Last Will: data that was under way does not bring it back.
    Offline,
    /// With the connection: the next sample brings it back.
    Unreachable,
}

/// When a mark is made: plant time, and the wall time that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Plant time.
    pub plant: TwinTime,
    /// Wall time.
    pub wall: TwinTime,
}

impl StaleWatch {
    /// A watch over all signals of a plant that arrive from this source.
    pub fn new(plant: &Plant, source: &SourceSettings) -> Self {
        let signals = plant.signals.iter().map(|(_, info)| Watched::new(interval_of(info))).collect();
        let mut watch = Self { signals, queue: BinaryHeap::new(), sessions: Vec::new(), speed: 1.0 };
        for settings in &source.sessions {
            let alive = settings.alive_tag.as_deref().and_then(|tag| plant.signals.find(tag));
            if let Some(watched) = alive.and_then(|key| watch.signals.get_mut(key.index())) {
                watched.interval_secs = f64::INFINITY;
            }
            watch.sessions.push(Session { alive, members: Vec::new(), state: SessionState::Unknown });
        }
        watch
    }

    /// Tells the watch that the plant runs at another speed, or that its clock jumped by so many seconds.
    pub fn set_clock(&mut self, speed: f64, jump_secs: f64) {
        if speed == self.speed && jump_secs == 0.0 {
            return;
        }
        let former: Vec<Option<TwinTime>> = (0..self.signals.len()).map(|index| self.due(SignalKey(index as u32))).collect();
        self.speed = speed;
        self.queue.clear();
        for (index, due) in former.into_iter().enumerate() {
            let Some(watched) = self.signals.get_mut(index) else { continue };
            watched.queued_at = None;
            watched.since = watched.since.plus_secs(jump_secs);
            watched.grace_until = due.filter(|_| watched.phase == Phase::Fresh).map(|due| due.plus_secs(jump_secs));
            self.schedule(SignalKey(index as u32));
        }
    }

    /// Tells that a signal is not expected sooner than so many plant seconds after its last sample; infinite: never.
    pub(crate) fn expect_no_sooner(&mut self, signal: SignalKey, secs: f64) {
        if let Some(watched) = self.signals.get_mut(signal.index()) {
            watched.interval_secs = watched.interval_secs.max(secs);
        }
    }

    /// The next instant at which a signal is to be looked at.
    pub(crate) fn next_due(&self) -> Option<TwinTime> {
        self.queue.peek().map(|Reverse((due, _))| *due)
    }

    /// Notes a sample that arrived. Fresh data of a session that was out of reach shows it alive again, by a sample in `batch`.
    pub fn see(&mut self, sample: &Sample, session: Option<usize>, now: Moment, batch: &mut Batch) {
        let Some(watched) = self.signals.get_mut(sample.signal.index()) else { return };
        if watched.session != session && session.is_some() {
            watched.session = session;
            if let Some(session) = session.and_then(|index| self.sessions.get_mut(index)) {
                session.members.push(sample.signal);
            }
        }
        if sample.origin == Origin::Late {
            if watched.phase == Phase::Unknown {
                // The first thing heard of the signal is old: stale from the start.
                watched.phase = Phase::Fresh;
                watched.value = sample.value;
                watched.newest = sample.source_time;
                watched.since = TwinTime(i64::MIN);
                self.schedule(sample.signal);
            }
            return;
        }
        let was_fresh = watched.phase == Phase::Fresh;
        watched.phase = Phase::Fresh;
        watched.grace_until = None;
        watched.value = sample.value;
        watched.newest = watched.newest.max(sample.source_time);
        watched.since = now.plant;
        if !was_fresh {
            self.schedule(sample.signal);
        }
        if let Some(index) = session
            && self.sessions.get(index).is_some_and(|s| matches!(s.state, SessionState::Unknown | SessionState::Unreachable))
        {
            self.session_status(index, true, now, batch);
        }
    }

    /// Notes the birth or the Last Will of a session. Its signals become stale at once with the Will; its alive signal follows.
    pub fn session_status(&mut self, index: usize, is_online: bool, now: Moment, batch: &mut Batch) {
        let new = if is_online { SessionState::Online } else { SessionState::Offline };
        let Some(session) = self.sessions.get_mut(index) else { return };
        if session.state == new {
            return;
        }
        session.state = new;
        let alive = session.alive;
        if !is_online {
            let members = session.members.clone();
            for key in members {
                self.go_stale(key, now, batch);
            }
        }
        self.write_alive(alive, is_online, now, batch);
    }

    /// Notes that the connection is lost: every signal becomes stale at once, every session that was online is out of reach.
    pub fn connection_lost(&mut self, now: Moment, batch: &mut Batch) {
        for index in 0..self.signals.len() {
            self.go_stale(SignalKey(index as u32), now, batch);
        }
        for index in 0..self.sessions.len() {
            let Some(session) = self.sessions.get_mut(index) else { continue };
            if session.state == SessionState::Online {
                session.state = SessionState::Unreachable;
                let alive = session.alive;
                self.write_alive(alive, false, now, batch);
            }
        }
    }

    /// Writes what is due by now.
    pub fn poll(&mut self, now: Moment, batch: &mut Batch) {
        while let Some(Reverse((due, key))) = self.queue.peek().copied() {
            if due > now.plant {
                return;
            }
            self.queue.pop();
            let Some(watched) = self.signals.get_mut(key.index()) else { continue };
            if watched.queued_at != Some(due) {
                continue;
            }
            watched.queued_at = None;
            if self.due(key).is_some_and(|due| due > now.plant) {
                self.schedule(key);
                continue;
            }
            match self.signals.get(key.index()).map(|watched| watched.phase) {
                Some(Phase::Fresh) => self.go_stale(key, now, batch),
                Some(Phase::LastUsable) => self.go_lost(key, now, batch),
                _ => {}
            }
        }
    }

    fn shortest_silence_secs(&self) -> f64 {
        SHORTEST_SILENCE_SECS * self.speed
    }

    /// The instant at which the signal's next step comes, if nothing arrives before.
    fn due(&self, key: SignalKey) -> Option<TwinTime> {
        let watched = self.signals.get(key.index())?;
        let secs = match watched.phase {
            Phase::Fresh => STALE_AFTER_INTERVALS * watched.interval_secs.max(PUBLISHING_PERIOD_SECS * self.speed),
            Phase::LastUsable => LOST_AFTER_SECS,
            Phase::Unknown | Phase::Lost => return None,
        };
        let due = || watched.since.plus_secs(secs.max(self.shortest_silence_secs()));
        secs.is_finite().then(|| watched.grace_until.map_or_else(due, |grace| due().max(grace)))
    }

    fn schedule(&mut self, key: SignalKey) {
        let due = self.due(key);
        let Some(watched) = self.signals.get_mut(key.index()) else { return };
        watched.queued_at = due;
        if let Some(due) = due {
            self.queue.push(Reverse((due, key)));
        }
    }

    fn go_stale(&mut self, key: SignalKey, now: Moment, batch: &mut Batch) {
        let Some(watched) = self.signals.get_mut(key.index()) else { return };
        if watched.phase != Phase::Fresh || self.sessions.iter().any(|session| session.alive == Some(key)) {
            return;
        }
        watched.phase = Phase::LastUsable;
        watched.grace_until = None;
        watched.since = now.plant;
        // A signal that was Bad already has no last usable value; it stays as it is until communication counts as lost.
        if watched.value.is_some() {
            watched.mark(key, watched.value, Quality::UNCERTAIN_LAST_USABLE, now, batch);
        }
        self.schedule(key);
    }

    fn go_lost(&mut self, key: SignalKey, now: Moment, batch: &mut Batch) {
        let Some(watched) = self.signals.get_mut(key.index()) else { return };
        watched.phase = Phase::Lost;
        watched.mark(key, None, Quality::BAD_NO_COMMUNICATION, now, batch);
    }

    fn write_alive(&mut self, alive: Option<SignalKey>, is_alive: bool, now: Moment, batch: &mut Batch) {
        let Some(key) = alive else { return };
        let Some(watched) = self.signals.get_mut(key.index()) else { return };
        watched.mark(key, Some(f64::from(u8::from(is_alive))), Quality::GOOD, now, batch);
    }
}

impl Watched {
    fn new(interval_secs: f64) -> Self {
        Self {
            interval_secs,
            phase: Phase::Unknown,
            value: None,
            newest: TwinTime(i64::MIN),
            since: TwinTime(i64::MIN),
            grace_until: None,
            queued_at: None,
            session: None,
        }
    }

    /// Writes a sample at plant time now, or just behind the newest one where the sender's clock is ahead: a mark is never late.
    fn mark(&mut self, signal: SignalKey, value: Option<f64>, quality: Quality, now: Moment, batch: &mut Batch) {
        let source_time = now.plant.max(TwinTime(self.newest.0.saturating_add(1)));
        self.newest = source_time;
        batch.samples.push(Sample { signal, value, quality, source_time, receive_time: now.wall, origin: Origin::Live });
    }
}

fn interval_of(info: &twin_model::SignalInfo) -> f64 {
    match info.expected_interval_secs {
        _ if info.is_derived => f64::INFINITY,
        interval if info.on_change => interval.unwrap_or(0.0).max(ON_CHANGE_REPEAT_SECS),
        Some(interval) if interval > 0.0 => interval,
        _ => f64::INFINITY,
    }
}
