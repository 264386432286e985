//! The core on its own named thread.

use crate::core::{CoreOptions, CorePlugin, TwinCore, ViewSnapshots};
use crate::snapshot::Snapshot;
use crate::twin::Twin;
use bevy_app::App;
use crossbeam_channel::{Receiver, Select, Sender, TrySendError, bounded};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use twin_model::{Action, ActionEnvelope, Author, Role, SourceEvent, ViewId};

/// Actions that may wait; more are refused to the view that sends them.
const ACTIONS_WAITING: usize = 256;
/// Longest time between two ticks: 20 Hz.
const TICK: Duration = Duration::from_millis(50);
/// Shortest time between two ticks when data keep arriving.
const SHORTEST_TICK: Duration = Duration::from_millis(10);

/// The way to a running core. Dropping it closes the core.
pub struct CoreHandle {
    actions: Sender<ActionEnvelope>,
    snapshots: ViewSnapshots,
    thread: Option<JoinHandle<()>>,
}

impl CoreHandle {
    /// The newest snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshots.newest()
    }

    /// The slot snapshots arrive in.
    pub fn snapshots(&self) -> ViewSnapshots {
        self.snapshots.clone()
    }

    /// Sends an action; false when the core is gone or does not keep up.
    pub fn send(&self, envelope: ActionEnvelope) -> bool {
        !matches!(self.actions.try_send(envelope), Err(TrySendError::Full(_) | TrySendError::Disconnected(_)))
    }

    /// A second sender, for a view.
    pub fn sender(&self) -> Sender<ActionEnvelope> {
        self.actions.clone()
    }
}

impl Drop for CoreHandle {
    fn drop(&mut self) {
        let author = Author { name: "system".to_owned(), role: Role::Admin };
        // A core that is gone already needs no asking.
        let _ = self.actions.send(ActionEnvelope { view: ViewId(0), author, action: Action::Quit });
        if let Some(thread) = self.thread.take() {
            // A core that panicked has said so itself.
            let _ = thread.join();
        }
    }
}

/// Starts the core. It ticks at 20 Hz or better, woken by data and actions.
///
/// # Errors
/// When the system has no thread left.
pub fn spawn(twin: Twin) -> std::io::Result<CoreHandle> {
    let (actions, action_rx) = bounded(ACTIONS_WAITING);
    let snapshots = ViewSnapshots::new(twin.snapshot(0, 0.0));
    let slot = snapshots.clone();
    let thread = std::thread::Builder::new().name("core".to_owned()).spawn(move || run(twin, action_rx, slot))?;
    Ok(CoreHandle { actions, snapshots, thread: Some(thread) })
}

fn run(twin: Twin, actions: Receiver<ActionEnvelope>, snapshots: ViewSnapshots) {
    let mut app = App::new();
    app.add_plugins(CorePlugin::new(CoreOptions { twin, actions: actions.clone(), snapshots }));
    app.finish();
    app.cleanup();
    loop {
        let started = Instant::now();
        app.update();
        let Some(core) = app.world().get_resource::<TwinCore>() else { return };
        if core.0.wants_to_quit() {
            return;
        }
        let sources: Vec<Receiver<SourceEvent>> =
            core.0.lanes().filter_map(|lane| lane.source.as_ref().map(|source| source.events.clone())).collect();
        wait(started, &actions, &sources);
    }
}

/// Sleeps until data or an action arrive, but no shorter and no longer than a tick may be.
fn wait(started: Instant, actions: &Receiver<ActionEnvelope>, sources: &[Receiver<SourceEvent>]) {
    let mut select = Select::new();
    select.recv(actions);
    for source in sources {
        select.recv(source);
    }
    let rest = TICK.saturating_sub(started.elapsed());
    // A source that has ended is always "ready": the shortest tick below keeps that from spinning.
    let _ = select.ready_timeout(rest);
    let short = SHORTEST_TICK.saturating_sub(started.elapsed());
    if !short.is_zero() {
        std::thread::sleep(short);
    }
}
