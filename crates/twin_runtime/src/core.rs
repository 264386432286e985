//! The headless Bevy app that hosts the twin.

use crate::snapshot::Snapshot;
use crate::twin::Twin;
use bevy_app::{App, Plugin, Startup, Update};
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::ScheduleLabel;
use crossbeam_channel::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use twin_insight::ThingHealth;
use twin_model::{ActionEnvelope, LaneId};

/// The schedule in which shadows step, run after every commit that carried a tick.
#[derive(ScheduleLabel, Clone, Debug, PartialEq, Eq, Hash)]
pub struct SimTick;

/// The twin as a resource.
#[derive(Resource)]
pub struct TwinCore(pub Twin);

/// Lane whose shadow may have something to do in this run of [`SimTick`].
#[derive(Resource)]
struct TickedLane(LaneId);

/// Actions of the views.
#[derive(Resource)]
struct Actions(Receiver<ActionEnvelope>);

/// The newest snapshot. The lock is held for the exchange of one pointer only.
#[derive(Resource, Clone)]
pub struct ViewSnapshots(Arc<Mutex<Arc<Snapshot>>>);

impl ViewSnapshots {
    /// A slot with a first snapshot.
    pub fn new(first: Snapshot) -> Self {
        Self(Arc::new(Mutex::new(Arc::new(first))))
    }

    /// The newest snapshot.
    pub fn newest(&self) -> Arc<Snapshot> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a newer snapshot in its place.
    pub fn put(&self, snapshot: Snapshot) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

/// Paces the core; decides nothing.
#[derive(Resource)]
struct Pace {
    tick: u64,
    last: Instant,
    started: Instant,
    tick_ms: f64,
}

/// Binds an entity of the core to a thing of the plant.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThingBinding(pub usize);

/// Health of a bound thing on lane Live.
#[derive(Component, Clone, Debug, Default, PartialEq)]
pub struct LaneHealth(pub ThingHealth);

/// What the core app is built from.
pub struct CoreOptions {
    /// The twin with its sources connected.
    pub twin: Twin,
    /// Actions of the views.
    pub actions: Receiver<ActionEnvelope>,
    /// Where snapshots go.
    pub snapshots: ViewSnapshots,
}

/// Stages of a core tick, in this order.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
enum CoreSystems {
    Collect,
    Act,
    Bind,
    Show,
}

/// Adds the core to a headless app.
pub struct CorePlugin(Mutex<Option<CoreOptions>>);

impl CorePlugin {
    /// A plugin that hosts this twin.
    pub fn new(options: CoreOptions) -> Self {
        Self(Mutex::new(Some(options)))
    }
}

/// Longest time one tick spends on the channels of the sources; the rest waits for the next tick.
const COLLECT_BUDGET: Duration = Duration::from_millis(25);
/// Longest time one tick spends on what branch workers computed.
const BRANCH_BUDGET: Duration = Duration::from_millis(15);
/// Steps a shadow may catch up with after one tick of its lane.
const STEPS_PER_TICK: usize = 240;

impl Plugin for CorePlugin {
    fn build(&self, app: &mut App) {
        let Some(options) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        app.insert_resource(TwinCore(options.twin))
            .insert_resource(TickedLane(LaneId::LIVE))
            .insert_resource(Actions(options.actions))
            .insert_resource(options.snapshots)
            .insert_resource(Pace { tick: 0, last: Instant::now(), started: Instant::now(), tick_ms: 0.0 })
            .init_schedule(SimTick)
            .add_systems(SimTick, step_shadow)
            .add_systems(Startup, bind_things)
            .configure_sets(Update, (CoreSystems::Collect, CoreSystems::Act, CoreSystems::Bind, CoreSystems::Show).chain())
            .add_systems(
                Update,
                (
                    (start_tick, collect_sources, collect_branches).chain().in_set(CoreSystems::Collect),
                    apply_actions.in_set(CoreSystems::Act),
                    update_bindings.in_set(CoreSystems::Bind),
                    publish_snapshot.in_set(CoreSystems::Show),
                ),
            );
    }
}

fn start_tick(mut pace: ResMut<Pace>) {
    pace.started = Instant::now();
}

fn collect_sources(world: &mut World) {
    let started = Instant::now();
    let ids: Vec<LaneId> = world.resource::<TwinCore>().0.lanes().map(|lane| lane.id).collect();
    for id in ids {
        while started.elapsed() < COLLECT_BUDGET {
            let twin = &mut world.resource_mut::<TwinCore>().0;
            let Some(event) = twin.next_source_event(id) else { break };
            if twin.apply_source_event(id, event) {
                world.resource_mut::<TickedLane>().0 = id;
                world.run_schedule(SimTick);
            }
        }
    }
}

fn step_shadow(mut twin: ResMut<TwinCore>, ticked: Res<TickedLane>) {
    twin.0.advance_shadow(ticked.0, STEPS_PER_TICK);
}

fn collect_branches(mut twin: ResMut<TwinCore>) {
    let started = Instant::now();
    twin.0.drain_branches(|| started.elapsed() >= BRANCH_BUDGET);
}

fn apply_actions(mut twin: ResMut<TwinCore>, actions: Res<Actions>) {
    for envelope in actions.0.try_iter() {
        twin.0.act(&envelope);
    }
}

fn bind_things(mut commands: Commands, twin: Res<TwinCore>) {
    for index in 0..twin.0.plant().things.len() {
        commands.spawn((ThingBinding(index), LaneHealth::default()));
    }
}

fn update_bindings(twin: Res<TwinCore>, mut things: Query<(&ThingBinding, &mut LaneHealth)>) {
    let Some(live) = twin.0.lane(LaneId::LIVE) else { return };
    for (binding, mut health) in &mut things {
        if let Some(now) = live.evaluator().health().get(binding.0)
            && health.0 != *now
        {
            health.0 = now.clone();
        }
    }
}

fn publish_snapshot(mut twin: ResMut<TwinCore>, mut pace: ResMut<Pace>, snapshots: Res<ViewSnapshots>) {
    let now = Instant::now();
    let wall_secs = now.duration_since(pace.last).as_secs_f64();
    pace.last = now;
    pace.tick += 1;
    twin.0.advance(wall_secs);
    snapshots.put(twin.0.snapshot(pace.tick, pace.tick_ms));
    pace.tick_ms = pace.started.elapsed().as_secs_f64() * 1e3;
}
