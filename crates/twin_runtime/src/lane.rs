//! One line of history and everything that is evaluated along it.

use crate::connection_loss::ConnectionLoss;
use crate::fmu_block::{self, FmuBlocks, FmuHost};
use crate::gap::GapWatch;
use crate::history::{AlarmHistory, DensityHistory, HealthHistory, Mark, MarkHistory};
use crate::recording::{LaneRecorder, Past};
use crate::shadow::Shadow;
use crossbeam_channel::{Receiver, Sender};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use twin_historian::{Acknowledgement, Appended, Commit, RecordKind, Store, StoredSample};
use twin_ingest::SourceStats;
use twin_insight::{AlarmEvent, Evaluation, Evaluator};
use twin_model::{Batch, LaneId, Origin, Plant, PlantClock, Sample, SignalKey, SourceEvent, SourceState, TwinTime};

/// What a lane is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LaneKind {
    /// The plant.
    Live,
    /// A plant of its own for stories and training.
    Exercise,
    /// A what-if that runs on from a fork.
    Branch,
    /// The same fork without overrides, for comparison.
    Baseline,
    /// A record that was opened.
    Recording,
}

/// The way from a source to its lane. Dropping it stops the source.
pub struct SourceLink {
    /// Batches, clock and connection, in order.
    pub events: Receiver<SourceEvent>,
    /// Where committed batches are acknowledged, if the source wants it.
    pub acks: Option<Sender<u64>>,
    /// Counters of the source, if it keeps any.
    pub stats: Option<Arc<SourceStats>>,
    /// Keeps the source alive; dropped with the lane.
    pub guard: Box<dyn std::any::Any + Send + Sync>,
}

/// Counters of a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LaneStats {
    /// Samples committed from the source, each once.
    pub committed: u64,
    /// Samples that were there already.
    pub duplicates: u64,
    /// Samples older than their signal's newest.
    pub late: u64,
    /// Inputs that could not be used.
    pub problems: u64,
    /// Samples the source had to drop because the core did not keep up.
    pub dropped: u64,
    /// Bytes of history held.
    pub bytes: u64,
}

/// Where a branch leaves its parent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fork {
    /// Parent lane.
    pub parent: LaneId,
    /// Instant of the fork.
    pub time: TwinTime,
    /// Newest commit of the parent the branch sees.
    pub sequence: u64,
}

/// One line of history: store, evaluator, shadow and clock.
pub struct Lane {
    /// Number of the lane.
    pub id: LaneId,
    /// What it is.
    pub kind: LaneKind,
    /// Name for people.
    pub name: String,
    /// Where it leaves its parent, for a branch.
    pub fork: Option<Fork>,
    /// The way from its source.
    pub source: Option<SourceLink>,
    /// Connection of its source.
    pub state: SourceState,
    /// Clock of its plant.
    pub clock: Option<PlantClock>,
    /// The model beside it.
    pub shadow: Option<Shadow>,
    /// Models of other tools, when the plant file has some.
    fmus: Option<FmuBlocks>,
    /// How its alarms stood.
    pub alarms: AlarmHistory,
    /// How its things fared.
    pub health: HealthHistory,
    /// What was marked on it.
    pub marks: MarkHistory,
    /// How much came when.
    pub density: DensityHistory,
    /// Counters.
    pub stats: LaneStats,
    /// Newest problems of its inputs: topic, reason, count.
    pub problems: Vec<(String, String, u64)>,
    plant: Arc<Plant>,
    store: Store,
    evaluator: Evaluator,
    evaluation: Evaluation,
    accepted: Batch,
    model_batch: Batch,
    gap: GapWatch,
    connection_loss: ConnectionLoss,
    horn: bool,
    head: Option<TwinTime>,
    /// Where everything is kept, when it is.
    recorder: Option<LaneRecorder>,
    /// The history before what the store holds.
    past: Option<PastExtent>,
    /// A part of it that was read again.
    page: Option<Page>,
}

/// History that is on disk only.
#[derive(Clone, Copy, Debug, PartialEq)]
struct PastExtent {
    first: TwinTime,
    /// From here on the store holds everything.
    until: TwinTime,
}

/// A part of the history that was read again from disk.
#[derive(Clone, Debug)]
pub struct Page {
    /// First instant it answers.
    pub from: TwinTime,
    /// Last instant it answers.
    pub to: TwinTime,
    /// The samples.
    pub store: Arc<Store>,
}

/// Bytes of history a lane keeps in memory.
pub(crate) const LANE_BUDGET_BYTES: usize = 512 << 20;

/// Problems kept for the screen; older ones only count.
const PROBLEMS_SHOWN: usize = 32;

impl Lane {
    /// An empty lane of `plant`.
    pub fn new(id: LaneId, kind: LaneKind, name: &str, plant: Arc<Plant>) -> Self {
        Self {
            id,
            kind,
            name: name.to_owned(),
            fork: None,
            source: None,
            state: SourceState::Connecting,
            clock: None,
            shadow: None,
            fmus: None,
            alarms: AlarmHistory::new(plant.alarms.len()),
            health: HealthHistory::new(plant.things.len()),
            marks: MarkHistory::default(),
            density: DensityHistory::default(),
            stats: LaneStats::default(),
            problems: Vec::new(),
            store: Store::new(plant.signals.len(), LANE_BUDGET_BYTES),
            evaluator: Evaluator::new(Arc::clone(&plant)),
            evaluation: Evaluation::default(),
            accepted: Batch::default(),
            model_batch: Batch::default(),
            gap: GapWatch::default(),
            connection_loss: ConnectionLoss::new(&plant),
            horn: false,
            head: None,
            recorder: None,
            past: None,
            page: None,
            plant,
        }
    }

    /// Adds a shadow, if the plant file names a model this program has.
    #[must_use]
    pub fn with_shadow(mut self) -> Self {
        self.shadow = Shadow::new(&self.plant);
        self
    }

    /// Lets the FMUs of the plant file run beside this lane, as far as the user allows them.
    pub fn start_fmus(&mut self, host: &FmuHost) {
        self.fmus = fmu_block::start(&self.plant, host);
    }

    /// Takes one event of its source. Returns what a person must be shown now.
    pub fn apply(&mut self, event: SourceEvent) -> Vec<AlarmEvent> {
        match event {
            SourceEvent::Batch(batch) => self.commit(&batch),
            SourceEvent::State(state) => {
                self.keep_record(RecordKind::Connection, &state);
                self.state = state;
                Vec::new()
            }
            SourceEvent::Clock(clock) => {
                if self.clock.is_none_or(|known| known.speed.to_bits() != clock.speed.to_bits()) {
                    self.keep_record(RecordKind::Clock, &clock);
                }
                self.clock = Some(clock);
                Vec::new()
            }
            SourceEvent::Problem { topic, reason, count } => {
                self.note_problem(topic, reason, count);
                Vec::new()
            }
        }
    }

    /// The one way into a lane: store, evaluate, store what was derived.
    pub fn commit(&mut self, batch: &Batch) -> Vec<AlarmEvent> {
        self.store.begin_commit();
        self.accepted.samples.clear();
        self.accepted.samples.extend_from_slice(&batch.samples);
        self.accepted.tick = batch.tick;
        self.connection_loss.merge(&mut self.accepted.samples);
        let store = &mut self.store;
        self.accepted.samples.retain(|sample| store.append(sample) == Appended::Stored);
        // The order in which a replay finds them, whatever the order in which they travelled.
        self.accepted.samples.sort_by_key(|sample| (sample.source_time, sample.signal));
        let late = self.accepted.samples.iter().filter(|sample| sample.origin == Origin::Late).count();
        self.stats.late += late as u64;
        self.stats.committed += self.accepted.samples.len() as u64;
        if let Some(newest) = self.accepted.samples.last() {
            self.density.add(newest.source_time, u32::try_from(self.accepted.samples.len()).unwrap_or(u32::MAX));
        }
        self.gap.before_commit(&self.accepted.samples, &self.evaluator);
        self.evaluate();
        if let Some(shadow) = &mut self.shadow {
            shadow.observe(&self.accepted);
        }
        if let Some(fmus) = &mut self.fmus {
            fmus.observe(&self.accepted);
        }
        let shown = self.finish_commit(batch.ack);
        if late > 0 {
            self.fill_gap();
        }
        shown
    }

    /// What late samples tell of the gap they fill enters the journal at its own time, without horn.
    fn fill_gap(&mut self) {
        if let Some(alarms) = self.gap.fill(&self.accepted.samples, &mut self.evaluation) {
            self.alarms.record(&self.evaluation.events, alarms);
        }
    }

    fn evaluate(&mut self) {
        self.evaluation.clear();
        self.evaluator.commit(&self.accepted, &mut self.evaluation);
        let store = &mut self.store;
        self.evaluation.derived.retain(|sample| store.append(sample) == Appended::Stored);
    }

    fn finish_commit(&mut self, ack: Option<u64>) -> Vec<AlarmEvent> {
        for sample in &self.accepted.samples {
            self.head = self.head.max(Some(sample.source_time));
        }
        self.head = self.head.max(self.accepted.tick);
        self.alarms.record(&self.evaluation.events, self.evaluator.alarms());
        let changed = self.head.map_or_else(Vec::new, |head| self.health.record(head, self.evaluator.health()));
        self.keep(&changed, ack);
        if let Some(source) = self.source.as_ref().and_then(|source| source.stats.as_ref()) {
            self.stats.dropped = source.dropped.load(std::sync::atomic::Ordering::Relaxed);
        }
        let stats = self.store.stats();
        self.stats.duplicates = stats.duplicates;
        self.stats.bytes = stats.bytes as u64;
        self.horn |= self.evaluation.events.iter().any(|event| event.horn);
        self.evaluation.events.iter().filter(|event| event.annunciate).copied().collect()
    }

    /// Hands a commit to the historian, which acknowledges it to the source once it is on the disk; without one the source
    /// hears at once.
    fn keep(&mut self, changed: &[usize], ack: Option<u64>) {
        let to = self.source.as_ref().and_then(|source| source.acks.clone());
        let ack = ack.zip(to).map(|(number, to)| Acknowledgement { to, number });
        let Some(recorder) = &mut self.recorder else {
            if let Some(ack) = ack {
                // A source that has gone needs no acknowledgement.
                let _ = ack.to.try_send(ack.number);
            }
            return;
        };
        let sequence = self.store.sequence();
        let (events, alarms) = (&self.evaluation.events, self.evaluator.alarms());
        let mut records = recorder.alarm_records(sequence, &self.plant, events, alarms);
        if let Some(head) = self.head {
            records.extend(recorder.health_records(sequence, head, &self.plant, changed, self.evaluator.health()));
        }
        let mut samples = Vec::with_capacity(self.accepted.samples.len() + self.evaluation.derived.len());
        samples.extend_from_slice(&self.accepted.samples);
        samples.extend_from_slice(&self.evaluation.derived);
        let tick = self.accepted.tick;
        recorder.commit(Commit { sequence, tick, samples, records, ..Commit::default() }, ack);
        if tick.is_some_and(|tick| recorder.wants_state(tick)) {
            recorder.keep_state(sequence, self.evaluator.state());
        }
    }

    /// Keeps something that happened besides samples, at the head.
    fn keep_record(&mut self, kind: RecordKind, body: &impl Serialize) {
        let sequence = self.store.sequence();
        // Before the first sample there is no plant time it could stand at.
        if let (Some(recorder), Some(head)) = (&mut self.recorder, self.head) {
            let record = recorder.record(sequence, head, kind, "", body);
            recorder.commit(Commit { sequence, records: vec![record], ..Commit::default() }, None);
        }
    }

    /// Marks an instant or a range, written at the wall time `written`.
    pub(crate) fn mark(&mut self, mark: Mark, written: TwinTime) {
        let sequence = self.store.sequence();
        if let Some(recorder) = &mut self.recorder {
            let record = recorder.mark_record(sequence, &mark, written);
            recorder.commit(Commit { sequence, records: vec![record], ..Commit::default() }, None);
        }
        self.marks.add(mark);
    }

    /// Keeps everything from now on.
    pub fn record_to(&mut self, recorder: LaneRecorder) {
        self.recorder = Some(recorder);
    }

    /// The way to the historian.
    pub fn recorder(&self) -> Option<&LaneRecorder> {
        self.recorder.as_ref()
    }

    /// Goes on where a history ended. For a lane that has heard nothing yet.
    pub fn resume(&mut self, past: Past) {
        self.store = past.store;
        self.store.set_budget(LANE_BUDGET_BYTES);
        self.head = Some(past.head);
        self.past = Some(PastExtent { first: past.first, until: past.store_since });
        (self.alarms, self.health, self.marks, self.density) = (past.alarms, past.health, past.marks, past.density);
        if let Some(evaluator) = past.evaluator.and_then(|state| Evaluator::restore(Arc::clone(&self.plant), state).ok()) {
            self.evaluator = evaluator;
        }
        for commit in past.commits_since {
            self.evaluation.clear();
            // What it derives and raises is in the history already.
            let heard = commit.samples.into_iter().filter(|sample| sample.origin != Origin::Derived).collect();
            self.evaluator.commit(&Batch { samples: heard, tick: commit.tick, ack: None }, &mut self.evaluation);
        }
    }

    /// Puts a part of the history in reach that is on disk only.
    pub(crate) fn show_page(&mut self, page: Page) {
        self.page = Some(page);
    }

    /// True when an instant lies in the part that is on disk only and was not read again.
    pub fn needs_page(&self, time: TwinTime) -> bool {
        self.is_on_disk(time) && self.page_at(time).is_none()
    }

    fn is_on_disk(&self, time: TwinTime) -> bool {
        let dropped = self.store.complete_since();
        let since = self.past.map(|past| past.until).max(dropped);
        self.recorder.is_some() && since.is_some_and(|since| time < since)
    }

    fn page_at(&self, time: TwinTime) -> Option<&Page> {
        self.page.as_ref().filter(|page| self.is_on_disk(time) && page.from <= time && time <= page.to)
    }

    /// The store that answers for an instant.
    pub fn store_at(&self, time: TwinTime) -> &Store {
        self.page_at(time).map_or(&self.store, |page| &page.store)
    }

    /// True once after an event that sounds.
    pub fn take_horn(&mut self) -> bool {
        std::mem::take(&mut self.horn)
    }

    /// True while an alarm of this lane waits for an acknowledgement.
    pub fn has_unacknowledged(&self) -> bool {
        self.evaluator.alarms().iter().any(|alarm| alarm.annunciated && !alarm.acknowledged)
    }

    /// Lets the evaluator hear what a parent knew at the fork, without storing it again.
    pub(crate) fn inherit(&mut self, known: &Batch) {
        self.accepted.clone_from(known);
        self.evaluation.clear();
        self.evaluator.commit(&self.accepted, &mut self.evaluation);
    }

    /// Steps the shadow up to the newest tick, at most `max_steps` steps, and commits what it computed.
    /// Returns true when it has caught up.
    pub fn advance_shadow(&mut self, max_steps: usize) -> bool {
        let mut batch = std::mem::take(&mut self.model_batch);
        batch.samples.clear();
        let caught_up = self.shadow.as_mut().is_none_or(|shadow| shadow.advance(max_steps, &mut batch));
        for (name, reason) in self.fmus.as_mut().map(|fmus| fmus.collect(&mut batch)).unwrap_or_default() {
            self.note_problem(name, reason, 1);
        }
        if !batch.samples.is_empty() {
            self.store.begin_commit();
            for sample in &batch.samples {
                self.store.append(sample);
            }
            std::mem::swap(&mut self.accepted, &mut batch);
            self.evaluate();
            self.finish_commit(None);
            std::mem::swap(&mut self.accepted, &mut batch);
        }
        self.model_batch = batch;
        caught_up
    }

    pub(crate) fn note_problem(&mut self, topic: String, reason: String, count: u64) {
        self.keep_record(RecordKind::Problem, &(&topic, &reason, count));
        self.stats.problems += count;
        match self.problems.iter_mut().find(|(t, r, _)| *t == topic && *r == reason) {
            Some((_, _, total)) => *total += count,
            None => {
                if self.problems.len() >= PROBLEMS_SHOWN {
                    self.problems.remove(0);
                }
                self.problems.push((topic, reason, count));
            }
        }
    }

    /// Newest instant of the lane.
    pub fn head(&self) -> Option<TwinTime> {
        self.head
    }

    /// First instant of the lane that can be shown.
    pub fn start(&self) -> Option<TwinTime> {
        let held = self.store.extent().map(|(first, _)| first);
        self.past.map(|past| past.first).or(held)
    }

    /// The store of this lane alone.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The evaluator, as of the newest commit.
    pub fn evaluator(&self) -> &Evaluator {
        &self.evaluator
    }

    /// The evaluator, for acts of a person on alarms; what happens is recorded at the head.
    pub fn with_evaluator<T>(&mut self, act: impl FnOnce(&mut Evaluator, TwinTime, &mut Evaluation) -> T) -> T {
        self.evaluation.clear();
        let head = self.head.unwrap_or_default();
        let result = act(&mut self.evaluator, head, &mut self.evaluation);
        self.alarms.record(&self.evaluation.events, self.evaluator.alarms());
        if let Some(recorder) = &mut self.recorder {
            let sequence = self.store.sequence();
            let records = recorder.alarm_records(sequence, &self.plant, &self.evaluation.events, self.evaluator.alarms());
            recorder.commit(Commit { sequence, records, ..Commit::default() }, None);
            // An act is no sample: a restart could not find it again by evaluating.
            recorder.keep_state(sequence, self.evaluator.state());
        }
        result
    }

    /// The newest sample of a signal at or before `time`, of this lane alone.
    pub fn latest_at(&self, signal: SignalKey, time: TwinTime) -> Option<StoredSample> {
        self.store_at(time).latest_at(signal, time, u64::MAX)
    }

    /// The newest sample of a signal.
    pub fn newest(&self, signal: SignalKey) -> Option<Sample> {
        self.latest_at(signal, TwinTime(i64::MAX)).map(|stored| stored.sample)
    }
}
