//! A core that is fed by a broker, as in the program, and what has arrived in it.

use super::synthetic;
use crate::session::connect;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use twin_ingest::SystemClock;
use twin_ingest::mqtt::MqttOptions;
use twin_model::{Action, ActionEnvelope, Author, Clock, LaneId, Plant, Role, SignalId, SourceState, TwinTime, ViewId};
use twin_runtime::{CoreHandle, LaneStats, Snapshot, Twin, spawn};

/// Longest wait for a connection, or for samples while none come.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks at the snapshot.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// A running core connected to a broker.
pub struct LiveCore {
    core: CoreHandle,
    plant: Arc<Plant>,
}

/// What became of the samples that were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    /// Different sequence numbers found in the core's history.
    pub found: usize,
    /// Sequence numbers that were sent and are not there.
    pub lost: usize,
    /// Sequence numbers that are there more than once.
    pub repeated: usize,
}

impl LiveCore {
    /// Starts a core for `plant` and waits until its source is subscribed.
    ///
    /// # Errors
    /// A sentence when it does not get that far.
    pub fn start(plant: &Arc<Plant>, broker_url: &str) -> Result<Self, String> {
        let source = plant.sources().first().ok_or("the plant has no source")?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let options = MqttOptions::new(broker_url).and_then(|options| options.with_source(source)).map_err(|error| error.to_string())?;
        let mut twin = Twin::new(Arc::clone(plant), Arc::clone(&clock));
        twin.connect_live(connect(options, plant, source, &clock));
        let core = spawn(twin).map_err(|error| format!("no thread for the core: {error}"))?;
        let live = Self { core, plant: Arc::clone(plant) };
        live.wait_for(|snapshot| snapshot.lane(LaneId::LIVE).is_some_and(|lane| lane.state == SourceState::Connected))
            .map(|_| live)
            .ok_or_else(|| "the core did not connect to the broker".to_owned())
    }

    /// The newest snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.core.snapshot()
    }

    /// Counters of lane Live.
    pub fn stats(&self) -> LaneStats {
        self.snapshot().lane(LaneId::LIVE).map(|lane| lane.stats).unwrap_or_default()
    }

    /// Waits until so many samples are committed, or none has come for a while. Returns the instant of the last one.
    pub fn wait_committed(&self, samples: usize) -> Instant {
        let mut newest = (self.stats().committed, Instant::now());
        while newest.0 < samples as u64 && newest.1.elapsed() < PATIENCE {
            std::thread::sleep(LOOK_EVERY);
            let committed = self.stats().committed;
            if committed != newest.0 {
                newest = (committed, Instant::now());
            }
        }
        newest.1
    }

    /// Looks up in the core's own history which sequence numbers arrived; `sent_of` tells how many a signal was sent.
    ///
    /// # Errors
    /// A sentence when the core does not show its history.
    pub fn arrival(&self, signals: usize, sent_of: impl Fn(usize) -> usize) -> Result<Arrival, String> {
        let ids: Vec<SignalId> = self.plant.signals.iter().filter(|(_, info)| !info.is_derived).map(|(_, info)| info.id.clone()).collect();
        self.watch(ids);
        let shown = self.wait_for(|snapshot| snapshot.frame(ViewId(0)).is_some_and(|frame| frame.columns.len() >= signals));
        self.watch(Vec::new());
        let snapshot = shown.ok_or("the core did not show its history")?;
        let frame = snapshot.frame(ViewId(0)).ok_or("the core shows no view")?;
        let columns: BTreeMap<usize, _> = frame.columns.iter().map(|column| (column.signal.index(), &column.column)).collect();
        let mut arrival = Arrival::default();
        for index in 0..signals {
            let column = self.plant.signals.find(&synthetic::tag(index)).and_then(|key| columns.get(&key.index()));
            let mut seen = vec![false; sent_of(index)];
            let stored = column.into_iter().flat_map(|column| column.range(TwinTime(i64::MIN), TwinTime(i64::MAX), u64::MAX));
            for number in stored.filter(|stored| stored.sample.quality.is_good()).filter_map(|stored| stored.sample.value) {
                match seen.get_mut(number as usize) {
                    Some(seen) if !*seen => *seen = true,
                    _ => arrival.repeated += 1,
                }
            }
            let found = seen.iter().filter(|seen| **seen).count();
            arrival.found += found;
            arrival.lost += seen.len() - found;
        }
        Ok(arrival)
    }

    fn watch(&self, ids: Vec<SignalId>) {
        let author = Author { name: "bench".to_owned(), role: Role::Viewer };
        self.core.send(ActionEnvelope { view: ViewId(0), author, action: Action::WatchSignals(ids) });
    }

    fn wait_for(&self, is_there: impl Fn(&Snapshot) -> bool) -> Option<Arc<Snapshot>> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            let snapshot = self.snapshot();
            if is_there(&snapshot) {
                return Some(snapshot);
            }
            std::thread::sleep(LOOK_EVERY);
        }
        None
    }
}
