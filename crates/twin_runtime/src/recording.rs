//! What a lane hands to the historian, and what it takes back from it after a restart.

use crate::history::{AlarmHistory, DensityHistory, HealthHistory, Mark, MarkHistory, MarkKind};
use serde::{Deserialize, Serialize};
use twin_historian::{Archive, Commit, HistoryError, LaneNumber, Record, RecordKind, Recorder, Store};
use twin_insight::{AlarmEvent, AlarmStatus, EvaluatorState, ThingHealth};
use twin_model::{Origin, Plant, Sample, TwinTime};

/// Kind of the keyframe that holds the memory of the evaluator.
const EVALUATOR: &str = "evaluator";
/// Plant time between two of them, s: what a restart has to evaluate again.
const EVALUATOR_EVERY_SECS: f64 = 60.0;
/// Plant time a restart takes back into memory, s: more than a broker keeps for a client that is away, so that what it
/// sends again is known.
const TAKEN_BACK_SECS: f64 = 1200.0;
/// Plant time for which a restart takes back alarms and health, s.
const JOURNAL_TAKEN_BACK_SECS: f64 = 7.0 * 86_400.0;

/// The way of one lane to the historian.
#[derive(Debug)]
pub struct LaneRecorder {
    recorder: Recorder,
    lane: LaneNumber,
    kept_at: Option<TwinTime>,
}

/// An alarm event with the state it led to, as a record keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct AlarmBody {
    event: AlarmEvent,
    status: AlarmStatus,
}

/// A range with a text, as the record of a mark keeps it; the recorder writes its gaps in the same form.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct RangeBody {
    from: TwinTime,
    to: TwinTime,
    reason: String,
}

impl LaneRecorder {
    /// Records as this lane.
    pub fn new(recorder: Recorder, lane: LaneNumber) -> Self {
        Self { recorder, lane, kept_at: None }
    }

    /// The recorder.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Hands a commit over.
    pub(crate) fn commit(&mut self, commit: Commit, ack: Option<twin_historian::Acknowledgement>) {
        self.recorder.record(Commit { lane: self.lane, ..commit }, ack);
    }

    /// True when it is time to keep the memory of the evaluator.
    pub(crate) fn wants_state(&mut self, tick: TwinTime) -> bool {
        let is_due = self.kept_at.is_none_or(|kept| !(0.0..EVALUATOR_EVERY_SECS).contains(&(tick - kept)));
        if is_due {
            self.kept_at = Some(tick);
        }
        is_due
    }

    /// Keeps the memory of the evaluator after a commit. One is enough: it is for the next start.
    pub(crate) fn keep_state(&self, sequence: u64, state: &EvaluatorState) {
        if let Ok(bytes) = serde_json::to_vec(state) {
            self.recorder.keep(self.lane, EVALUATOR, TwinTime(0), sequence, bytes);
        }
    }

    /// A record of this lane.
    pub(crate) fn record(&self, sequence: u64, time: TwinTime, kind: RecordKind, subject: &str, body: &impl Serialize) -> Record {
        Record {
            lane: self.lane,
            sequence,
            time,
            written: time,
            kind,
            author: String::new(),
            subject: subject.to_owned(),
            // What cannot be written as JSON is an enum of ours with a map of other keys; there is none.
            body: serde_json::to_string(body).unwrap_or_default(),
        }
    }

    /// The record of a mark.
    pub(crate) fn mark_record(&self, sequence: u64, mark: &Mark, written: TwinTime) -> Record {
        let kind = match mark.kind {
            MarkKind::Action => RecordKind::Action,
            MarkKind::Bookmark => RecordKind::Bookmark,
            MarkKind::Note => RecordKind::Note,
            MarkKind::Gap => RecordKind::Gap,
        };
        let body = RangeBody { from: mark.from, to: mark.to, reason: mark.text.clone() };
        Record { written, author: mark.author.clone(), ..self.record(sequence, mark.from, kind, &mark.thing, &body) }
    }

    /// Records of alarm events with the states they led to.
    pub(crate) fn alarm_records(&self, sequence: u64, plant: &Plant, events: &[AlarmEvent], now: &[AlarmStatus]) -> Vec<Record> {
        let record = |event: &AlarmEvent| {
            let tag = &plant.alarms.get(event.alarm)?.settings.tag;
            let body = AlarmBody { event: *event, status: *now.get(event.alarm)? };
            Some(self.record(sequence, event.time, RecordKind::Alarm, tag, &body))
        };
        events.iter().filter_map(record).collect()
    }

    /// Records of things whose health changed.
    pub(crate) fn health_records(
        &self,
        sequence: u64,
        time: TwinTime,
        plant: &Plant,
        changed: &[usize],
        now: &[ThingHealth],
    ) -> Vec<Record> {
        let record =
            |thing: &usize| Some(self.record(sequence, time, RecordKind::Health, plant.things.get(*thing)?.id.as_str(), now.get(*thing)?));
        changed.iter().filter_map(record).collect()
    }
}

/// What a lane was when its history ended.
pub struct Past {
    /// The newest samples.
    pub(crate) store: Store,
    /// Everything since this instant is in `store`.
    pub(crate) store_since: TwinTime,
    /// First instant of the whole history.
    pub(crate) first: TwinTime,
    /// Newest instant.
    pub(crate) head: TwinTime,
    /// The memory of the evaluator, and the commits that came after it was kept.
    pub(crate) evaluator: Option<EvaluatorState>,
    pub(crate) commits_since: Vec<Commit>,
    pub(crate) alarms: AlarmHistory,
    pub(crate) health: HealthHistory,
    pub(crate) marks: MarkHistory,
    pub(crate) density: DensityHistory,
}

impl Past {
    /// Newest instant of the history.
    pub fn head(&self) -> TwinTime {
        self.head
    }

    /// Reads the end of a lane's history; `None` when there is none.
    ///
    /// # Errors
    /// [`HistoryError`] when a file cannot be read or is damaged.
    pub fn read(archive: &Archive, lane: LaneNumber, plant: &Plant) -> Result<Option<Self>, HistoryError> {
        let Some((first, head)) = archive.extent(lane)? else { return Ok(None) };
        let store_since = head.plus_secs(-TAKEN_BACK_SECS);
        let mut store = archive.page(lane, store_since, TwinTime(i64::MAX))?;
        let last_sequence = archive.last_sequence(lane)?;
        store.resume_after(last_sequence);
        let kept =
            archive.readers().iter().rev().find_map(|reader| reader.keyframe(lane, EVALUATOR, TwinTime(0)).transpose()).transpose()?;
        // A state of another plant, or of another version of this program, is no use: the alarms come again from the samples.
        let kept = kept.and_then(|(_, sequence, bytes)| Some((sequence, serde_json::from_slice::<EvaluatorState>(&bytes).ok()?)));
        let commits_since = match &kept {
            Some((sequence, _)) => archive.commits(lane, sequence + 1, last_sequence)?,
            None => Vec::new(),
        };
        let mut past = Self {
            store,
            store_since,
            first,
            head,
            evaluator: kept.map(|(_, state)| state),
            commits_since,
            alarms: AlarmHistory::new(plant.alarms.len()),
            health: HealthHistory::new(plant.things.len()),
            marks: MarkHistory::default(),
            density: DensityHistory::default(),
        };
        for (minute, samples) in archive.density(lane)? {
            past.density.add(minute, samples);
        }
        for record in archive.records(lane, head.plus_secs(-JOURNAL_TAKEN_BACK_SECS), TwinTime(i64::MAX))? {
            past.take(&record, plant);
        }
        Ok(Some(past))
    }

    fn take(&mut self, record: &Record, plant: &Plant) {
        match record.kind {
            RecordKind::Alarm => {
                let body = serde_json::from_str::<AlarmBody>(&record.body).ok();
                if let (Some(body), Some(alarm)) = (body, plant.alarm(&record.subject)) {
                    self.alarms.restore(AlarmEvent { alarm, ..body.event }, body.status);
                }
            }
            RecordKind::Health => {
                if let (Ok(health), Some(thing)) = (serde_json::from_str(&record.body), plant.thing(&record.subject)) {
                    self.health.restore(thing, record.time, health);
                }
            }
            _ => {
                if let Some(mark) = mark_of(record) {
                    self.marks.add(mark);
                }
            }
        }
    }
}

/// The mark a record tells of, if it is the record of one.
pub fn mark_of(record: &Record) -> Option<Mark> {
    let kind = match record.kind {
        RecordKind::Action => MarkKind::Action,
        RecordKind::Bookmark => MarkKind::Bookmark,
        RecordKind::Note => MarkKind::Note,
        RecordKind::Gap => MarkKind::Gap,
        _ => return None,
    };
    let body: RangeBody = serde_json::from_str(&record.body).ok()?;
    let (author, thing) = (record.author.clone(), record.subject.clone());
    Some(Mark { from: body.from, to: body.to, kind, author, thing, text: body.reason })
}

/// True for what a plant sent, false for what the twin made of it: only the former is heard again.
pub fn is_from_plant(sample: &Sample) -> bool {
    matches!(sample.origin, Origin::Live | Origin::Late | Origin::Manual)
}
