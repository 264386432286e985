//! A source without network: publications with their plant time in, events out, as fast as wanted.

use crate::source_core::SourceCore;
use crate::stats::SourceStats;
use std::sync::Arc;
use twin_model::document::SourceSettings;
use twin_model::{Plant, SourceEvent, SourceState, TwinTime};

const NANOS_PER_SEC: i64 = 1_000_000_000;

/// Feeds a lane from publications whose plant time is known, with the decoder and the stale watch of a live source.
/// The same publications give the same events. Clock announcements are not followed: the given time is the plant clock.
#[derive(Debug)]
pub struct OfflineSource {
    core: SourceCore,
    now: TwinTime,
    events: Vec<SourceEvent>,
}

impl OfflineSource {
    /// A source whose plant clock stands at `start`, connected.
    pub fn new(plant: &Plant, source: &SourceSettings, start: TwinTime) -> Self {
        let mut core = SourceCore::with_given_time(plant, source, start);
        core.on_state(SourceState::Connected, start);
        Self { core, now: start, events: Vec::new() }
    }

    /// Moves to the plant time of a publication and takes it in. A time before the present one counts as the present.
    pub fn publish(&mut self, topic: &str, payload: &[u8], plant_time: TwinTime) {
        self.advance(plant_time);
        self.core.on_message(topic, payload, false, self.now);
    }

    /// Moves the plant clock on: each whole second passed gives its samples, stale marks and tick in one batch.
    pub fn advance(&mut self, to: TwinTime) {
        loop {
            let next = TwinTime((self.now.0.div_euclid(NANOS_PER_SEC) + 1).saturating_mul(NANOS_PER_SEC));
            if next > to {
                break;
            }
            self.now = next;
            let events = self.core.poll(next);
            self.events.extend(events);
        }
        self.now = self.now.max(to);
    }

    /// Takes a change of the connection in, at the present plant time.
    pub fn on_state(&mut self, state: SourceState) {
        self.core.on_state(state, self.now);
    }

    /// The present plant time.
    pub fn now(&self) -> TwinTime {
        self.now
    }

    /// Events since the last call, in order; samples of a second that has not ended yet are held back until it has.
    pub fn take_events(&mut self) -> Vec<SourceEvent> {
        std::mem::take(&mut self.events)
    }

    /// Events since the last call, with what the unfinished second holds.
    pub fn finish(&mut self) -> Vec<SourceEvent> {
        let events = self.core.poll(self.now);
        self.events.extend(events);
        self.take_events()
    }

    /// Counters.
    pub fn stats(&self) -> Arc<SourceStats> {
        self.core.stats()
    }
}
