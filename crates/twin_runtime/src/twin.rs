//! All lanes of a plant, what views ask of them, and what they show. Plain data; Bevy only hosts it.

mod act;
mod branches;
mod frame;
mod history;

pub use history::{KeepError, signal_names};

use crate::branch::BranchLink;
use crate::compare::Comparison;
use crate::condition_estimate::ConditionEstimate;
use crate::fmu_block::FmuHost;
use crate::lane::{Lane, LaneKind, SourceLink};
use crate::pager::Pager;
use crate::playhead::Playhead;
use crate::snapshot::{JournalEntry, ModelPace, StoryView};
use crate::turns::Turns;
use crossbeam_channel::TryRecvError;
use std::collections::BTreeMap;
use std::sync::Arc;
use twin_historian::StoredSample;
use twin_model::{Clock, LaneId, Plant, SignalKey, SourceEvent, SourceState, TwinTime, ViewId};

/// Who runs the plant of a story. The core reaches it over its source alone.
pub trait StoryHost: Send + Sync {
    /// Starts a story as a plant of its own. Returns the way from it and the speed it runs at.
    ///
    /// # Errors
    /// A sentence for the person who asked.
    fn start(&mut self, name: &str, severity: f64, speed: Option<f64>) -> Result<(SourceLink, f64), String>;
    /// Changes the speed; 0 pauses.
    fn set_speed(&mut self, speed: f64);
    /// Repairs the fault.
    fn clear(&mut self);
    /// Stops the story.
    fn stop(&mut self);
}

/// What one view has asked for.
#[derive(Clone, Debug, Default)]
struct ViewState {
    playhead: Playhead,
    watched: Vec<SignalKey>,
}

/// A branch beside its worker.
struct BranchState {
    link: BranchLink,
    baseline: LaneId,
    fork_time: TwinTime,
    horizon: TwinTime,
    speed: Option<f64>,
    overrides: Vec<String>,
    notes: Vec<String>,
    condition: Vec<ConditionEstimate>,
    mismatch: Vec<String>,
    /// Alarm points that stood at the fork already.
    standing: Vec<bool>,
    comparison: Comparison,
    compared_to: Option<TwinTime>,
}

/// All lanes of a plant and everything asked of them.
pub struct Twin {
    plant: Arc<Plant>,
    clock: Arc<dyn Clock>,
    lanes: BTreeMap<LaneId, Lane>,
    branches: BTreeMap<LaneId, BranchState>,
    turns: Turns,
    views: BTreeMap<ViewId, ViewState>,
    journal: Vec<JournalEntry>,
    story: Option<StoryView>,
    story_host: Option<Box<dyn StoryHost>>,
    horn: bool,
    next_lane: u32,
    quit: bool,
    rate: Rate,
    /// Reads what is on disk only, when a history is kept.
    pager: Option<Pager>,
}

/// Samples per second and latency of lane Live, measured over the last second; pace of its model.
#[derive(Debug, Default)]
struct Rate {
    since: Option<TwinTime>,
    committed: u64,
    samples_per_sec: f64,
    latencies_ms: Vec<f64>,
    p50_ms: f64,
    p95_ms: f64,
    /// Wall time at which the pace of the model was measured last, and how far it had come then.
    modelled: Option<(TwinTime, TwinTime)>,
    model: Option<ModelPace>,
}

/// Share of a branch's horizon between two comparisons while it runs.
const COMPARE_EVERY_SECS: f64 = 60.0;
/// Wall time over which the pace of the model is measured: it steps once a second, so a shorter span would flicker.
const PACE_SPAN_SECS: f64 = 10.0;
/// Latencies kept per second.
const LATENCIES_KEPT: usize = 4096;

impl Twin {
    /// A twin with an empty lane Live and one view.
    pub fn new(plant: Arc<Plant>, clock: Arc<dyn Clock>) -> Self {
        let live = Lane::new(LaneId::LIVE, LaneKind::Live, "Live", Arc::clone(&plant)).with_shadow();
        Self {
            plant,
            clock,
            lanes: BTreeMap::from([(LaneId::LIVE, live)]),
            branches: BTreeMap::new(),
            turns: Turns::beside_the_live_plant(),
            views: BTreeMap::from([(ViewId(0), ViewState::default())]),
            journal: Vec::new(),
            story: None,
            story_host: None,
            horn: false,
            next_lane: 1,
            quit: false,
            rate: Rate::default(),
            pager: None,
        }
    }

    /// Gives the twin a host that can play stories.
    pub fn set_story_host(&mut self, host: Box<dyn StoryHost>) {
        self.story_host = Some(host);
    }

    /// Lets the FMUs of the plant file run beside lane Live, as far as the user allows them.
    pub fn start_fmus(&mut self, host: &FmuHost) {
        if let Some(live) = self.lanes.get_mut(&LaneId::LIVE) {
            live.start_fmus(host);
        }
    }

    /// Connects lane Live to its source.
    pub fn connect_live(&mut self, source: SourceLink) {
        if let Some(live) = self.lanes.get_mut(&LaneId::LIVE) {
            live.source = Some(source);
        }
    }

    /// Opens a lane of its own for an exercise.
    pub fn open_exercise(&mut self, name: &str, source: Option<SourceLink>) -> LaneId {
        let id = self.new_lane_id();
        let mut lane = Lane::new(id, LaneKind::Exercise, name, Arc::clone(&self.plant)).with_shadow();
        lane.source = source;
        self.lanes.insert(id, lane);
        id
    }

    /// Opens a lane of its own for a record, and shows it in view 0.
    pub fn open_recording(&mut self, name: &str, source: SourceLink) -> LaneId {
        let id = self.new_lane_id();
        let mut lane = Lane::new(id, LaneKind::Recording, name, Arc::clone(&self.plant)).with_shadow();
        lane.source = Some(source);
        self.lanes.insert(id, lane);
        self.views.entry(ViewId(0)).or_default().playhead = Playhead { lane: id, ..Playhead::default() };
        id
    }

    fn new_lane_id(&mut self) -> LaneId {
        let id = LaneId(self.next_lane);
        self.next_lane += 1;
        id
    }

    /// The plant.
    pub fn plant(&self) -> &Arc<Plant> {
        &self.plant
    }

    /// A lane.
    pub fn lane(&self, id: LaneId) -> Option<&Lane> {
        self.lanes.get(&id)
    }

    /// A lane, to commit to.
    pub fn lane_mut(&mut self, id: LaneId) -> Option<&mut Lane> {
        self.lanes.get_mut(&id)
    }

    /// All lanes.
    pub fn lanes(&self) -> impl Iterator<Item = &Lane> {
        self.lanes.values()
    }

    /// True once a view has asked the core to close.
    pub fn wants_to_quit(&self) -> bool {
        self.quit
    }

    /// What waits next in the channel of a lane's source. A source that is gone is told once and let go.
    pub fn next_source_event(&mut self, id: LaneId) -> Option<SourceEvent> {
        let lane = self.lanes.get_mut(&id)?;
        match lane.source.as_ref()?.events.try_recv() {
            Ok(event) => Some(event),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                lane.source = None;
                let is_over = lane.state == SourceState::Ended;
                let reason = "The source has stopped; what is shown is old. Start the program again.".to_owned();
                (!is_over).then_some(SourceEvent::State(SourceState::Down { reason }))
            }
        }
    }

    /// Takes one event of a source: commit, horn, latency. Returns true when a shadow has something to do.
    pub fn apply_source_event(&mut self, id: LaneId, event: SourceEvent) -> bool {
        let Some(lane) = self.lanes.get_mut(&id) else { return false };
        let (ticked, newest) = match &event {
            SourceEvent::Batch(batch) => (batch.tick.is_some(), batch.samples.last().map(|s| s.source_time)),
            _ => (false, None),
        };
        lane.apply(event);
        let clock = lane.clock;
        self.hear_horn(id);
        if id == LaneId::LIVE
            && let (Some(clock), Some(newest)) = (clock, newest)
            && clock.speed > 0.0
            && self.rate.latencies_ms.len() < LATENCIES_KEPT
        {
            let behind = clock.time_at(self.clock.now()) - newest;
            self.rate.latencies_ms.push((behind / clock.speed * 1e3).max(0.0));
        }
        ticked
    }

    /// Steps the shadow of a lane towards its newest tick, at most `max_steps`. Returns true when it has caught up.
    pub fn advance_shadow(&mut self, id: LaneId, max_steps: usize) -> bool {
        let Some(lane) = self.lanes.get_mut(&id) else { return true };
        let caught_up = lane.advance_shadow(max_steps);
        self.hear_horn(id);
        caught_up
    }

    /// What people must hear: alarms of the plant and of exercises. A what-if never sounds.
    fn hear_horn(&mut self, id: LaneId) {
        let Some(lane) = self.lanes.get_mut(&id) else { return };
        let sounds = lane.take_horn();
        self.horn |= sounds && matches!(lane.kind, LaneKind::Live | LaneKind::Exercise);
    }

    /// The newest sample of a signal at an instant of a lane; before a fork the parent answers.
    pub fn latest_at(&self, id: LaneId, signal: SignalKey, time: TwinTime) -> Option<StoredSample> {
        self.latest_as_of(id, signal, time, u64::MAX)
    }

    fn latest_as_of(&self, id: LaneId, signal: SignalKey, time: TwinTime, sequence: u64) -> Option<StoredSample> {
        let lane = self.lanes.get(&id)?;
        let own = lane.store_at(time).latest_at(signal, time, sequence);
        match (own, lane.fork) {
            (None, Some(fork)) => self.latest_as_of(fork.parent, signal, time.min(fork.time), fork.sequence),
            (own, _) => own,
        }
    }

    /// Moves all playheads on by `wall_secs`, and measures rate and latency once per second.
    pub fn advance(&mut self, wall_secs: f64) {
        for view in self.views.values_mut() {
            let head = self.lanes.get(&view.playhead.lane).and_then(Lane::head);
            match head {
                Some(head) => view.playhead.advance(wall_secs, head),
                None if !self.lanes.contains_key(&view.playhead.lane) => view.playhead = Playhead::default(),
                None => {}
            }
        }
        self.turn_pages();
        self.measure_rate();
    }

    /// How fast the model comes forward, and how far it is behind its plant.
    fn measure_model(&mut self, wall: TwinTime) {
        let shadow = self.lanes.get(&LaneId::LIVE).and_then(|lane| lane.shadow.as_ref());
        let Some((shadow, now)) = shadow.and_then(|shadow| Some((shadow, shadow.time()?))) else {
            (self.rate.modelled, self.rate.model) = (None, None);
            return;
        };
        let (since, from) = *self.rate.modelled.get_or_insert((wall, now));
        let span = wall - since;
        let mut pace = self.rate.model.unwrap_or_default();
        if !(0.0..PACE_SPAN_SECS).contains(&span) {
            self.rate.modelled = Some((wall, now));
            // A wall clock that was set back starts the measurement anew.
            pace.real_time_factor = (span > 0.0).then(|| ((now - from) / span).max(0.0));
        }
        pace.behind_secs = shadow.behind_secs();
        pace.lost_secs = shadow.lost_secs();
        self.rate.model = Some(pace);
    }

    fn measure_rate(&mut self) {
        let now = self.clock.now();
        let committed: u64 = self.lanes.get(&LaneId::LIVE).map_or(0, |lane| lane.stats.committed);
        let Some(since) = self.rate.since else {
            self.rate.since = Some(now);
            self.rate.committed = committed;
            return;
        };
        let span = now - since;
        // A wall clock that was set back starts the measurement anew.
        if (0.0..1.0).contains(&span) {
            return;
        }
        if span > 0.0 {
            self.rate.samples_per_sec = committed.saturating_sub(self.rate.committed) as f64 / span;
        }
        self.measure_model(now);
        self.rate.committed = committed;
        self.rate.since = Some(now);
        let latencies = &mut self.rate.latencies_ms;
        latencies.sort_unstable_by(f64::total_cmp);
        let quantile = |share: f64| latencies.get((latencies.len() as f64 * share) as usize).copied().unwrap_or(0.0);
        (self.rate.p50_ms, self.rate.p95_ms) = (quantile(0.5), quantile(0.95));
        latencies.clear();
    }
}
