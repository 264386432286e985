//! A recording as the events a live source would have sent, by the recording's own clock.

use super::file::Recording;
use super::rows::{Reading, Row, Rows};
use super::{FaultCount, RowFault};
use crate::problem::InputProblem;
use crate::source_core::SourceCore;
use crate::stats::SourceStats;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use twin_model::document::{PayloadSettings, SourceSettings};
use twin_model::{Origin, Plant, PlantClock, Sample, SourceEvent, SourceState, TwinTime};

const NANOS_PER_SEC: i64 = 1_000_000_000;
/// Samples of one second that are handed on before it ends.
const FLUSH_SAMPLES: usize = 512;
/// A pause of the recording is ticked through so long, plant seconds; then only where something is due, up to the next row.
const TICKED_PAUSE_SECS: i64 = 3_600;

/// The events of a recording, in order: connected and clock, batches with one tick per second of plant time, what could
/// not be used, and the end.
///
/// Values are judged as a live source judges them: late where their signal has a newer one, uncertain outside their range,
/// stale where the recording is silent for three of its usual intervals. The end of the file marks nothing stale: the last
/// instant stays as it was recorded.
#[derive(Debug)]
pub struct RecordingEvents {
    rows: Rows,
    core: SourceCore,
    name: String,
    now: TwinTime,
    /// Time of the row taken last.
    last_row: TwinTime,
    /// A row the clock has not reached.
    waiting: Option<Row>,
    readings: Vec<Reading>,
    queue: VecDeque<SourceEvent>,
    is_over: bool,
}

impl RecordingEvents {
    pub(super) fn new(recording: &Recording, rows: Rows) -> Self {
        // From a whole second on, so that the clock comes to every later one exactly.
        let start = TwinTime(second_after(recording.start()).0 - NANOS_PER_SEC);
        let mut core = SourceCore::with_given_time(recording.plant(), &settings_of(recording.plant()), start);
        for (signal, secs) in recording.intervals() {
            core.expect_no_sooner(*signal, *secs);
        }
        core.stats().is_connected.store(true, Ordering::Relaxed);
        let queue = [SourceEvent::State(SourceState::Connected), SourceEvent::Clock(PlantClock { time: start, speed: 1.0, at: start })];
        Self {
            rows,
            core,
            name: recording.name().to_owned(),
            now: start,
            last_row: start,
            waiting: None,
            readings: Vec::new(),
            queue: queue.into(),
            is_over: false,
        }
    }

    /// Plant time reached.
    pub fn now(&self) -> TwinTime {
        self.now
    }

    /// Counters: messages are rows; refused is what could not be used.
    pub fn stats(&self) -> Arc<SourceStats> {
        self.core.stats()
    }

    /// What could not be used so far, by reason.
    pub fn faults(&self) -> Vec<FaultCount> {
        self.rows.faults()
    }

    /// One step further: a row, a second of the clock, or the end.
    fn step(&mut self) {
        let Some(row) = self.waiting.take().or_else(|| self.read()) else { return self.finish() };
        let next = self.next_second(row.time);
        if next <= row.time {
            self.waiting = Some(row);
            self.poll(next);
            self.rows.report(&self.name, false, &mut self.queue);
            return;
        }
        self.now = self.now.max(row.time);
        self.last_row = self.now;
        for reading in &self.readings {
            let Reading { signal, value, quality, time } = *reading;
            let sample = Sample { signal, value, quality, source_time: time, receive_time: time, origin: Origin::Live };
            match self.core.on_sample(sample, self.now) {
                Err(InputProblem::OldOnArrival { .. }) => self.rows.count_fault(RowFault::OutOfOrder, row.line),
                Err(_) => self.rows.count_fault(RowFault::TimeFarAhead, row.line),
                Ok(()) => {}
            }
        }
        if self.core.pending_samples() >= FLUSH_SAMPLES {
            let events = self.core.poll(self.now);
            self.queue.extend(events);
        }
    }

    fn read(&mut self) -> Option<Row> {
        let (bytes, faults) = (self.rows.bytes(), self.rows.fault_total());
        let row = self.rows.next_row(&mut self.readings);
        let stats = self.core.stats();
        SourceStats::add(&stats.messages, u64::from(row.is_some()));
        SourceStats::add(&stats.bytes, self.rows.bytes() - bytes);
        SourceStats::add(&stats.refused, self.rows.fault_total() - faults);
        row
    }

    /// The second to which the clock moves next: the following one, unless a long pause has nothing to tell before `row_time`.
    fn next_second(&self, row_time: TwinTime) -> TwinTime {
        let following = second_after(self.now);
        if following.0.saturating_sub(self.last_row.0) <= TICKED_PAUSE_SECS * NANOS_PER_SEC {
            return following;
        }
        let row_second = TwinTime(row_time.0.div_euclid(NANOS_PER_SEC).saturating_mul(NANOS_PER_SEC));
        let due = self.core.next_due().map_or(row_second, |due| second_after(TwinTime(due.0.saturating_sub(1))));
        due.min(row_second).max(following)
    }

    fn poll(&mut self, to: TwinTime) {
        self.now = to;
        let events = self.core.poll(to);
        self.queue.extend(events);
    }

    /// The last second is ended by its tick, as every other one.
    fn finish(&mut self) {
        self.is_over = true;
        self.poll(second_after(self.now));
        self.rows.report(&self.name, true, &mut self.queue);
        self.core.stats().is_connected.store(false, Ordering::Relaxed);
        self.queue.push_back(SourceEvent::State(SourceState::Ended));
    }
}

impl Iterator for RecordingEvents {
    type Item = SourceEvent;

    fn next(&mut self) -> Option<SourceEvent> {
        while self.queue.is_empty() && !self.is_over {
            self.step();
        }
        self.queue.pop_front()
    }
}

fn second_after(time: TwinTime) -> TwinTime {
    TwinTime((time.0.div_euclid(NANOS_PER_SEC) + 1).saturating_mul(NANOS_PER_SEC))
}

/// A source that has the sessions of the plant, whose alive signals never go stale, and no topics.
fn settings_of(plant: &Plant) -> SourceSettings {
    SourceSettings {
        name: "recording".to_owned(),
        broker: None,
        protocol: None,
        topic: "recording".to_owned(),
        qos: 0,
        payload: PayloadSettings::default(),
        sessions: plant.sources().iter().flat_map(|source| source.sessions.iter().cloned()).collect(),
        clock_topic: None,
    }
}
