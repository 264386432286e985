//! The demo plant and the twin without wall clock and network: the same messages, decoder, lane and shadow, as fast as it goes.

use std::sync::Arc;
use twin_demo::{Demo, DemoOptions, Publication};
use twin_ingest::OfflineSource;
use twin_model::{LaneId, ManualClock, Plant, TwinTime};
use twin_runtime::Twin;

/// Shadow steps that may be done at once: nothing waits here.
const ALL_STEPS: usize = usize::MAX;

/// A demo plant and a twin, stepped together.
pub struct OfflineRun {
    /// The plant outside.
    pub demo: Demo,
    /// The twin.
    pub twin: Twin,
    source: OfflineSource,
    clock: Arc<ManualClock>,
    messages: Vec<Publication>,
}

/// Start of every offline run: the same seed gives the same picture on any day.
pub fn fixed_start() -> TwinTime {
    TwinTime::parse("2026-01-31T08:00:00Z").unwrap_or_default()
}

impl OfflineRun {
    /// A run that has not begun. The plant's own speed is 1; how fast it goes is the machine's affair.
    ///
    /// # Errors
    /// A sentence when the story cannot be told as asked or the plant file has no source.
    pub fn new(plant: &Arc<Plant>, options: DemoOptions) -> Result<Self, String> {
        let settings = plant.sources().first().ok_or("The plant file has no source.")?;
        let demo = Demo::new(options).map_err(|error| error.to_string())?;
        let start = demo.time();
        let clock = Arc::new(ManualClock::new(start));
        let twin = Twin::new(Arc::clone(plant), Arc::clone(&clock) as Arc<dyn twin_model::Clock>);
        Ok(Self { source: OfflineSource::new(plant, settings, start), demo, twin, clock, messages: Vec::new() })
    }

    /// One step of the plant and everything it makes the twin do.
    pub fn step(&mut self) {
        self.messages.clear();
        self.demo.step(&mut self.messages);
        let now = self.demo.time();
        self.clock.set(now);
        for message in &self.messages {
            self.source.publish(&message.topic, &message.payload, now);
        }
        self.source.advance(now);
        for event in self.source.take_events() {
            if self.twin.apply_source_event(LaneId::LIVE, event)
                && let Some(lane) = self.twin.lane_mut(LaneId::LIVE)
            {
                lane.advance_shadow(ALL_STEPS);
            }
        }
        self.twin.advance(0.5);
    }

    /// Steps until so many plant seconds have passed since the start.
    pub fn run_to_secs(&mut self, secs: f64) {
        while self.demo.elapsed_secs() < secs {
            self.step();
        }
    }
}
