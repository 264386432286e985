//! What a live source does with what it receives: pure, without network or clock of its own.

use crate::decode::{Decoded, Decoder};
use crate::plant_clock::{Announcement, ClockChange, ClockKeeper, parse_status};
use crate::problem::{InputProblem, ProblemLog};
use crate::stale::{Moment, StaleWatch};
use crate::stats::SourceStats;
use std::collections::BTreeMap;
use std::sync::Arc;
use twin_model::document::SourceSettings;
use twin_model::{Batch, Origin, Plant, Sample, SignalKey, SourceEvent, SourceState, TwinTime};

/// Decoding, staleness, plant clock and problem counting of one source, fed from outside and told the time.
///
/// ```text
/// on_message / on_state  →  poll(now)  →  SourceEvents, in order
/// ```
#[derive(Debug)]
pub struct SourceCore {
    decoder: Decoder,
    watch: StaleWatch,
    keeper: ClockKeeper,
    problems: ProblemLog,
    stats: Arc<SourceStats>,
    control: BTreeMap<String, Control>,
    pending: Batch,
    events: Vec<SourceEvent>,
    /// Births and Wills that came before the plant clock was known.
    waiting_status: BTreeMap<usize, bool>,
    is_down: bool,
}

/// A topic that carries no signal.
#[derive(Clone, Copy, Debug)]
enum Control {
    Clock,
    Status(usize),
}

impl SourceCore {
    /// For a live source. A plant with a `clock_topic` has no time before it is announced; others run on the wall clock.
    pub fn new(plant: &Plant, source: &SourceSettings) -> Self {
        Self::with_keeper(plant, source, ClockKeeper::new(source.clock_topic.is_some()))
    }

    /// For a source whose time is given from outside, where receive time is plant time.
    pub fn with_given_time(plant: &Plant, source: &SourceSettings, start: TwinTime) -> Self {
        Self::with_keeper(plant, source, ClockKeeper::given(start))
    }

    fn with_keeper(plant: &Plant, source: &SourceSettings, keeper: ClockKeeper) -> Self {
        let mut control: BTreeMap<String, Control> =
            source.sessions.iter().enumerate().map(|(index, session)| (session.status_topic.clone(), Control::Status(index))).collect();
        if let Some(topic) = &source.clock_topic {
            control.insert(topic.clone(), Control::Clock);
        }
        let mut core = Self {
            decoder: Decoder::new(plant, source),
            watch: StaleWatch::new(plant, source),
            keeper,
            problems: ProblemLog::default(),
            stats: Arc::new(SourceStats::default()),
            control,
            pending: Batch::default(),
            events: Vec::new(),
            waiting_status: BTreeMap::new(),
            is_down: false,
        };
        match core.keeper.clock() {
            Some(clock) => core.decoder.set_plant_clock(clock),
            None => core.decoder.set_plant_clock_unknown(),
        }
        core
    }

    /// MQTT filters that deliver everything the source needs: signals, births and Wills, clock.
    pub fn filters(&self) -> Vec<String> {
        let mut filters = self.decoder.filters();
        filters.extend(self.control.keys().cloned());
        filters.sort();
        filters.dedup();
        filters
    }

    /// Counters of this source.
    pub fn stats(&self) -> Arc<SourceStats> {
        Arc::clone(&self.stats)
    }

    /// Longest payload decoded, bytes.
    pub fn set_max_payload_bytes(&mut self, bytes: usize) {
        self.decoder.set_max_payload_bytes(bytes);
    }

    /// True for a topic of births, Wills or the clock: never dropped, however slow the receiver.
    pub fn is_control(&self, topic: &str) -> bool {
        self.control.contains_key(topic)
    }

    /// Samples that wait for the next [`SourceCore::poll`].
    pub fn pending_samples(&self) -> usize {
        self.pending.samples.len()
    }

    /// Plant time at a wall time, if the plant clock is known.
    pub fn plant_time(&self, now: TwinTime) -> Option<TwinTime> {
        self.keeper.clock().map(|clock| clock.time_at(now))
    }

    /// Counts a problem that was found outside the decoder.
    pub fn count_problem(&mut self, topic: &str, problem: InputProblem) {
        self.problems.count(topic, problem);
    }

    /// Takes one message in.
    pub fn on_message(&mut self, topic: &str, payload: &[u8], retained: bool, now: TwinTime) {
        SourceStats::add(&self.stats.messages, 1);
        SourceStats::add(&self.stats.bytes, payload.len() as u64);
        match self.control.get(topic).copied() {
            Some(Control::Clock) => return self.on_clock(topic, payload, retained, now),
            Some(Control::Status(session)) => return self.on_status(topic, payload, session, now),
            None => {}
        }
        let settled = self.keeper.settle(now);
        self.apply(settled);
        let first = self.pending.samples.len();
        match self.decoder.decode(topic, payload, retained, now, &mut self.pending) {
            Ok(decoded) => self.on_decoded(topic, decoded, first, now),
            Err(problem) => {
                let counter = if problem == InputProblem::UnknownTopic { &self.stats.unknown_topics } else { &self.stats.refused };
                SourceStats::add(counter, 1);
                self.problems.count(topic, problem);
            }
        }
    }

    /// Takes a value in that came without a message, from a recording, its time already reached by the plant clock.
    ///
    /// # Errors
    /// [`InputProblem`] where it gave no sample, or one that was filed as late although its signal has nothing newer.
    pub(crate) fn on_sample(&mut self, sample: Sample, now: TwinTime) -> Result<(), InputProblem> {
        let mut decoded = Decoded::default();
        let first = self.pending.samples.len();
        let sample = self.decoder.place(Sample { receive_time: now, ..sample }, &mut decoded)?;
        self.pending.samples.push(Sample { receive_time: sample.source_time, ..sample });
        let problem = decoded.problem.take();
        self.on_decoded("", decoded, first, now);
        problem.map_or(Ok(()), Err)
    }

    /// Tells that a signal is not expected sooner than so many plant seconds after its last sample; infinite: never.
    pub(crate) fn expect_no_sooner(&mut self, signal: SignalKey, secs: f64) {
        self.watch.expect_no_sooner(signal, secs);
    }

    /// The next instant at which silence may mean something.
    pub(crate) fn next_due(&self) -> Option<TwinTime> {
        self.watch.next_due()
    }

    fn on_decoded(&mut self, topic: &str, decoded: Decoded, first: usize, now: TwinTime) {
        SourceStats::add(&self.stats.samples, u64::from(decoded.samples));
        SourceStats::add(&self.stats.late, u64::from(decoded.late));
        SourceStats::add(&self.stats.future, u64::from(decoded.future));
        SourceStats::add(&self.stats.out_of_range, u64::from(decoded.out_of_range));
        SourceStats::add(&self.stats.refused, u64::from(decoded.refused));
        SourceStats::add(&self.stats.retained, u64::from(decoded.retained));
        let end = self.pending.samples.len();
        for index in first..end {
            let Some(sample) = self.pending.samples.get(index).copied() else { continue };
            if sample.origin != Origin::Late {
                let learned = self.keeper.learn(sample.source_time, now);
                self.apply(learned);
                if let Some(clock) = self.keeper.clock() {
                    self.stats.add_latency(clock.time_at(now).secs_since(sample.source_time) / clock.speed.max(1.0));
                }
            }
            let moment = self.moment(now);
            let marked = self.pending.samples.len();
            self.watch.see(&sample, decoded.session, moment, &mut self.pending);
            self.note_marks(marked);
        }
        if let Some(problem) = decoded.problem {
            self.problems.count(topic, problem);
        }
    }

    fn on_clock(&mut self, topic: &str, payload: &[u8], retained: bool, now: TwinTime) {
        match Announcement::parse(payload) {
            Some(said) => {
                let change = self.keeper.announce(said, retained, now);
                self.apply(change);
                self.release_status(now);
            }
            None => self.refuse(topic, InputProblem::BadClock),
        }
    }

    fn on_status(&mut self, topic: &str, payload: &[u8], session: usize, now: TwinTime) {
        match parse_status(payload) {
            Some((is_online, said)) => {
                self.keeper.birth(said, now);
                self.waiting_status.insert(session, is_online);
                self.release_status(now);
            }
            None => self.refuse(topic, InputProblem::BadStatus),
        }
    }

    fn refuse(&mut self, topic: &str, problem: InputProblem) {
        SourceStats::add(&self.stats.refused, 1);
        self.problems.count(topic, problem);
    }

    /// Takes a change of the connection in. On loss every signal that was fresh becomes stale at once.
    pub fn on_state(&mut self, state: SourceState, now: TwinTime) {
        if matches!(state, SourceState::Down { .. } | SourceState::Ended) && !self.is_down {
            self.is_down = true;
            let moment = self.moment(now);
            let marked = self.pending.samples.len();
            self.watch.connection_lost(moment, &mut self.pending);
            self.note_marks(marked);
        }
        if state == SourceState::Connected {
            self.is_down = false;
        }
        self.flush();
        self.events.push(SourceEvent::State(state));
    }

    /// What has happened since the last call, in order: samples and stale marks, one tick per whole second of plant time,
    /// clock and connection, and at most ten problems a second.
    pub fn poll(&mut self, now: TwinTime) -> Vec<SourceEvent> {
        self.poll_with_ack(now, None)
    }

    /// As [`SourceCore::poll`]; the batch with the samples received so far carries a number to be acknowledged.
    pub fn poll_with_ack(&mut self, now: TwinTime, ack: Option<u64>) -> Vec<SourceEvent> {
        let settled = self.keeper.settle(now);
        self.apply(settled);
        self.release_status(now);
        if self.keeper.clock().is_some() {
            let moment = self.moment(now);
            let marked = self.pending.samples.len();
            self.watch.poll(moment, &mut self.pending);
            self.note_marks(marked);
        }
        self.pending.ack = ack;
        while let Some(tick) = self.keeper.next_tick(now) {
            self.pending.tick = Some(tick);
            self.flush();
        }
        self.flush();
        self.problems.report(now, &mut self.events);
        std::mem::take(&mut self.events)
    }

    fn moment(&self, now: TwinTime) -> Moment {
        Moment { plant: self.decoder.plant_time(now), wall: now }
    }

    fn apply(&mut self, change: Option<ClockChange>) {
        let Some(ClockChange { clock, jump_secs }) = change else { return };
        self.decoder.set_plant_clock(clock);
        self.watch.set_clock(clock.speed, jump_secs);
        self.events.push(SourceEvent::Clock(clock));
    }

    /// Births and Wills are written at plant time, so they wait until there is one.
    fn release_status(&mut self, now: TwinTime) {
        if self.keeper.clock().is_none() {
            let settled = self.keeper.settle(now);
            self.apply(settled);
        }
        if self.keeper.clock().is_none() {
            return;
        }
        let moment = self.moment(now);
        let marked = self.pending.samples.len();
        for (session, is_online) in std::mem::take(&mut self.waiting_status) {
            self.watch.session_status(session, is_online, moment, &mut self.pending);
        }
        self.note_marks(marked);
    }

    fn note_marks(&mut self, first: usize) {
        let marks = self.pending.samples.get(first..).unwrap_or_default();
        SourceStats::add(&self.stats.marks, marks.len() as u64);
        for mark in marks {
            self.decoder.note(mark.signal, mark.source_time);
        }
    }

    fn flush(&mut self) {
        if !self.pending.samples.is_empty() || self.pending.tick.is_some() || self.pending.ack.is_some() {
            self.events.push(SourceEvent::Batch(std::mem::take(&mut self.pending)));
        }
    }
}
