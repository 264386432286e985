//! A plant to test with: the closed-loop model, published second by second with the noise the plant file declares.

use std::path::Path;
use std::sync::{Arc, LazyLock};
use twin_model::{
    Action, ActionEnvelope, Author, Batch, LaneId, ManualClock, Origin, Plant, Quality, Role, Sample, SignalKey, SourceEvent, SourceState,
    TwinTime, ViewId,
};
use twin_runtime::{Lane, LaneKind, Twin};
use twin_sim::flowsheet::{self, Drive, Model, Request};

pub const VIEW: ViewId = ViewId(0);

/// Start of every test.
pub fn start() -> TwinTime {
    TwinTime::parse("2026-01-31T08:00:00Z").unwrap()
}

/// The demo plant's file.
pub fn plant() -> Arc<Plant> {
    static PLANT: LazyLock<Arc<Plant>> = LazyLock::new(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/unit100/plant.twin.json");
        let (document, problems) = twin_model::document::load(&path);
        assert!(!problems.iter().any(twin_model::Problem::is_error), "{problems:?}");
        Arc::new(document.plant())
    });
    Arc::clone(&PLANT)
}

/// A plant outside, one second at a time.
pub struct TestPlant {
    pub model: Model,
    pub time: TwinTime,
    keys: Vec<Option<(SignalKey, f64)>>,
    /// What gateways say of themselves.
    alive: [SignalKey; 2],
    noise: u64,
}

impl TestPlant {
    pub fn new() -> Self {
        Self::with("IC-5", &[])
    }

    /// Settled in a condition of the plant file, with settings of its own.
    pub fn with(condition: &str, settings: &[(&str, f64)]) -> Self {
        static SIMULATED: LazyLock<Arc<flowsheet::Plant>> =
            LazyLock::new(|| Arc::new(flowsheet::load(&plant().document).unwrap().unwrap()));
        let plant = plant();
        let key_of = |tag: &String| {
            let key = plant.signals.find(tag)?;
            Some((key, plant.settings_of(key).and_then(|s| s.noise_sigma).unwrap_or(0.0)))
        };
        Self {
            model: Model::start_in(Arc::clone(&SIMULATED), condition, settings.iter().copied()).unwrap(),
            time: start(),
            keys: SIMULATED.tags().iter().map(key_of).collect(),
            alive: ["XS-110", "XS-210"].map(|tag| plant.signals.find(tag).unwrap()),
            noise: 1,
        }
    }

    /// From now on readings are what they measure.
    pub fn without_noise(mut self) -> Self {
        self.keys.iter_mut().flatten().for_each(|(_, sigma)| *sigma = 0.0);
        self
    }

    pub fn request(&mut self, tag: &str, request: Request) {
        self.model.request(tag, request).unwrap();
    }

    fn uniform(&mut self) -> f64 {
        self.noise = self.noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.noise >> 40) as f64 / f64::from(1_u32 << 24) - 0.5) * 3.4
    }

    /// One second: all signals and the tick that ends it.
    pub fn second(&mut self) -> Batch {
        for _ in 0..2 {
            self.model.advance(Drive::TRUE_VALUES);
        }
        self.time = self.time.plus_secs(1.0);
        let mut samples: Vec<Sample> = (0..self.keys.len())
            .filter_map(|index| {
                let (key, sigma) = self.keys[index]?;
                let value = self.model.tag_value(index) + if sigma > 0.0 { sigma * self.uniform() } else { 0.0 };
                Some(sample(key, value, self.time))
            })
            .collect();
        samples.extend(self.alive.map(|key| sample(key, 1.0, self.time)));
        Batch { samples, tick: Some(self.time), ack: None }
    }

    pub fn seconds(&mut self, count: usize) -> Vec<Batch> {
        (0..count).map(|_| self.second()).collect()
    }
}

pub fn sample(signal: SignalKey, value: f64, time: TwinTime) -> Sample {
    Sample { signal, value: Some(value), quality: Quality::GOOD, source_time: time, receive_time: time, origin: Origin::Live }
}

pub fn key(tag: &str) -> SignalKey {
    plant().signals.find(tag).unwrap()
}

pub fn model_key(tag: &str) -> SignalKey {
    let plant = plant();
    plant.settings_of(plant.signals.find(tag).unwrap()).unwrap().model.unwrap()
}

pub fn lane() -> Lane {
    Lane::new(LaneId::LIVE, LaneKind::Live, "Live", plant()).with_shadow()
}

/// Commits as the core does: after each commit that carried a tick the shadow steps.
pub fn feed_lane(lane: &mut Lane, batches: &[Batch]) {
    for batch in batches {
        lane.commit(batch);
        if batch.tick.is_some() {
            lane.advance_shadow(240);
        }
    }
}

pub fn twin() -> Twin {
    let mut twin = Twin::new(plant(), Arc::new(ManualClock::new(start())));
    twin.apply_source_event(LaneId::LIVE, SourceEvent::State(SourceState::Connected));
    twin
}

pub fn feed(twin: &mut Twin, batches: &[Batch]) {
    for batch in batches {
        if twin.apply_source_event(LaneId::LIVE, SourceEvent::Batch(batch.clone())) {
            twin.advance_shadow(LaneId::LIVE, 240);
        }
        twin.advance(0.05);
    }
}

pub fn engineer() -> Author {
    Author { name: "Ada".to_owned(), role: Role::Engineer }
}

pub fn act(twin: &mut Twin, action: Action) {
    twin.act(&ActionEnvelope { view: VIEW, author: engineer(), action });
}

/// Waits until a what-if has run to its horizon; the worker's own events end it.
pub fn finish(twin: &mut Twin, branch: LaneId) {
    loop {
        twin.drain_branches(|| false);
        let snapshot = twin.snapshot(0, 0.0);
        if snapshot.branches.iter().any(|b| b.lane == branch && b.speed.is_some()) {
            return;
        }
        std::thread::yield_now();
    }
}

/// Everything a lane knows, byte for byte: samples, alarm events and states, health.
pub fn everything(lane: &Lane) -> Vec<u8> {
    let columns: Vec<_> = plant().signals.iter().filter_map(|(key, _)| lane.store().column(key).cloned()).collect();
    let evaluator = lane.evaluator();
    serde_json::to_vec(&(columns, lane.alarms.events(), evaluator.alarms(), evaluator.health(), evaluator.readings(), lane.stats.late))
        .unwrap()
}

/// Samples of a signal on one lane.
pub fn column(lane: &Lane, key: SignalKey) -> Vec<Sample> {
    let all = lane.store().column(key).unwrap();
    all.range(TwinTime(i64::MIN), TwinTime(i64::MAX), u64::MAX).map(|stored| stored.sample).collect()
}
