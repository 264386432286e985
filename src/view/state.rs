//! What the window itself knows: selection, mode, layout, and the newest snapshot.

use bevy::prelude::Resource;
use crossbeam_channel::Sender;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use twin_model::plant::Plant;
use twin_model::{Action, ActionEnvelope, Author, LaneId, Problem, Role, SignalId, SignalKey, SourceState, ViewId};
use twin_runtime::{Snapshot, ViewFrame, ViewSnapshots};
use twin_ui::{Theme, ViewMode, Workspace, WorkspaceView};

/// The view this window is.
pub const VIEW: ViewId = ViewId(0);

/// Longest silence of a core that is well: it tells something 20 times a second.
const LONGEST_SILENCE: Duration = Duration::from_secs(5);

/// How a window reaches its twin.
#[derive(Clone)]
pub struct ViewLink {
    /// Where snapshots arrive.
    pub snapshots: ViewSnapshots,
    /// Where actions go.
    pub actions: Sender<ActionEnvelope>,
}

/// What a window shows and how it shows it.
#[derive(Resource)]
pub struct ViewState {
    /// The plant.
    pub plant: Arc<Plant>,
    /// Its folder, for documents of things; none for the demo inside the binary.
    pub folder: Option<PathBuf>,
    /// Where values come from, for the status bar.
    pub source_name: String,
    /// Problems of the plant file.
    pub problems: Vec<Problem>,
    /// The newest snapshot.
    pub snapshot: Arc<Snapshot>,
    /// Selected thing.
    pub selected: Option<usize>,
    /// OPERATE or HEALTH.
    pub mode: ViewMode,
    /// Value tags stand in the scene.
    pub shows_tags: bool,
    /// Signals in the trends.
    pub trended: Vec<SignalId>,
    /// Look.
    pub theme: Theme,
    /// Panels.
    pub workspace: Workspace,
    /// What the panels show, made when something changed.
    pub shown: WorkspaceView,
    /// Where the scene lies in the window, logical pixels.
    pub scene_rect: egui::Rect,
    /// The pointer is over the scene and no panel lies between.
    pub pointer_over_scene: bool,
    /// Duration of a frame, ms, smoothed.
    pub frame_ms: f64,
    /// Stories that can be played.
    pub stories: Vec<twin_ui::stories::StoryView>,
    /// A core runs beside this view; a picture shows one that stands still.
    pub expects_news: bool,
    heard: Instant,
    is_core_silent: bool,
    link: ViewLink,
    running_signals: Vec<Option<SignalKey>>,
    watched: BTreeSet<SignalId>,
    must_remake: bool,
}

impl ViewState {
    /// A window on a twin.
    pub fn new(plant: Arc<Plant>, link: ViewLink) -> Self {
        Self {
            running_signals: running_signals(&plant),
            folder: None,
            source_name: String::new(),
            problems: Vec::new(),
            snapshot: link.snapshots.newest(),
            selected: None,
            mode: ViewMode::Operate,
            shows_tags: true,
            trended: first_trends(&plant),
            theme: Theme::graphite(),
            workspace: Workspace::default(),
            shown: WorkspaceView::default(),
            scene_rect: egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1280.0, 720.0)),
            pointer_over_scene: false,
            frame_ms: 0.0,
            stories: Vec::new(),
            expects_news: false,
            heard: Instant::now(),
            is_core_silent: false,
            watched: BTreeSet::new(),
            must_remake: true,
            plant,
            link,
        }
    }

    /// What this window shows at the newest snapshot.
    pub fn frame(&self) -> Option<&Arc<ViewFrame>> {
        self.snapshot.frame(VIEW)
    }

    /// Takes the newest snapshot. Returns true when it, or a wish of this window, calls for a new view of the panels.
    pub fn refresh(&mut self) -> bool {
        let newest = self.link.snapshots.newest();
        let is_new = !Arc::ptr_eq(&newest, &self.snapshot);
        self.snapshot = newest;
        let was_silent = self.listen(is_new);
        let must_remake = std::mem::take(&mut self.must_remake);
        if must_remake {
            self.watch();
        }
        must_remake || is_new || was_silent != self.is_core_silent
    }

    /// Notes whether the core still tells anything; returns what was known before.
    fn listen(&mut self, is_new: bool) -> bool {
        if is_new {
            self.heard = Instant::now();
        }
        let is_silent = self.expects_news && self.heard.elapsed() > LONGEST_SILENCE;
        std::mem::replace(&mut self.is_core_silent, is_silent)
    }

    /// Connection of the plant. The last word of a core that has stopped does not count: what is shown is old.
    pub fn connection(&self) -> SourceState {
        if self.is_core_silent {
            let reason = "The core has stopped: what is shown is old. Start Didymos again.".to_owned();
            return SourceState::Down { reason };
        }
        self.snapshot.lane(LaneId::LIVE).map_or(SourceState::Connecting, |lane| lane.state.clone())
    }

    /// Asks the twin. Whether it may is decided there.
    pub fn act(&self, action: Action) {
        let author = Author { name: "engineer".to_owned(), role: Role::Engineer };
        // A core that is closing takes no more wishes.
        let _ = self.link.actions.try_send(ActionEnvelope { view: VIEW, author, action });
    }

    /// Selects a thing, or nothing.
    pub fn select(&mut self, thing: Option<usize>) {
        self.selected = thing;
        self.must_remake = true;
    }

    /// Makes the panels' view anew in the next frame.
    pub fn touch(&mut self) {
        self.must_remake = true;
    }

    /// True when a drive of the thing runs at the playhead.
    pub fn is_running(&self, thing: usize) -> bool {
        let Some(key) = self.running_signals.get(thing).copied().flatten() else { return false };
        let reading = self.frame().and_then(|frame| frame.readings.get(key.index()).copied().flatten());
        reading.and_then(|r| r.usable()).is_some_and(|value| is_running_state(&self.plant, key, value))
    }

    /// Tells the core which signals this window draws: trends and the selected thing, with model and residual.
    fn watch(&mut self) {
        let mut wanted: BTreeSet<SignalId> = self.trended.iter().cloned().collect();
        if let Some(thing) = self.selected.and_then(|index| self.plant.things.get(index)) {
            wanted.extend(thing.signals.iter().filter_map(|key| self.plant.signals.info(*key)).map(|info| info.id.clone()));
        }
        let companions: Vec<SignalId> = wanted.iter().flat_map(|id| [id.derived("model"), id.derived("residual")]).collect();
        wanted.extend(companions.into_iter().filter(|id| self.plant.signals.find(id.as_str()).is_some()));
        if wanted != self.watched {
            self.act(Action::WatchSignals(wanted.iter().cloned().collect()));
            self.watched = wanted;
        }
    }
}

/// The signal of each thing that says whether its drive runs.
fn running_signals(plant: &Plant) -> Vec<Option<SignalKey>> {
    let says_running = |key: &&SignalKey| {
        let info = plant.signals.info(**key);
        info.is_some_and(|info| matches!(&info.kind, twin_model::ValueKind::Enumeration { states } if states.iter().any(|s| s == "running" || s == "loaded")))
    };
    plant.things.iter().map(|thing| thing.signals.iter().find(says_running).copied()).collect()
}

fn is_running_state(plant: &Plant, key: SignalKey, value: f64) -> bool {
    let Some(twin_model::ValueKind::Enumeration { states }) = plant.signals.info(key).map(|info| &info.kind) else { return false };
    states.get(value as usize).is_some_and(|state| matches!(state.as_str(), "running" | "starting" | "loaded" | "unloaded"))
}

/// The first three key signals open the trends, so that the first impression is not an empty plot.
fn first_trends(plant: &Plant) -> Vec<SignalId> {
    let keys = plant.document.key_signals.iter().filter_map(|tag| plant.signals.find(tag));
    keys.filter_map(|key| plant.signals.info(key)).map(|info| info.id.clone()).take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use twin_model::{ManualClock, TwinTime};
    use twin_runtime::Twin;

    #[test]
    fn a_core_that_has_stopped_never_looks_connected() {
        let plant = Arc::new(Plant::default());
        let mut twin = Twin::new(Arc::clone(&plant), Arc::new(ManualClock::new(TwinTime::default())));
        if let Some(live) = twin.lane_mut(LaneId::LIVE) {
            live.state = SourceState::Connected;
        }
        let (actions, _inbox) = crossbeam_channel::bounded(8);
        let link = ViewLink { snapshots: ViewSnapshots::new(twin.snapshot(1, 0.0)), actions };
        let mut state = ViewState::new(plant, link.clone());
        state.expects_news = true;
        state.refresh();
        assert_eq!(state.connection(), SourceState::Connected);
        state.heard = Instant::now().checked_sub(LONGEST_SILENCE * 2).unwrap();
        assert!(state.refresh(), "the panels are told");
        assert!(matches!(state.connection(), SourceState::Down { .. }));
        link.snapshots.put(twin.snapshot(2, 0.0));
        state.refresh();
        assert_eq!(state.connection(), SourceState::Connected);
    }
}
