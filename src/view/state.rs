//! What the window itself knows: selection, mode, layout, and the newest snapshot.

use super::plant_scene::SceneProgress;
use super::roles::{Roles, is_running_state};
use bevy::prelude::Resource;
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use twin_insight::Reading;
use twin_insight::equipment::Pump;
use twin_model::TwinTime;
use twin_model::plant::Plant;
use twin_model::{
    Action, ActionEnvelope, Author, LaneId, Problem, QualityClass, Role, SignalId, SignalKey, SourceState, ValueKind, ViewId,
};
use twin_runtime::{PlayheadMode, Snapshot, ViewFrame, ViewSnapshots};
use twin_ui::schematic::Topology;
use twin_ui::toasts::{ToastSeverity, ToastView, Toasts};
use twin_ui::tour::{Tour, TourScript};
use twin_ui::{ClipPlane, Quality, Theme, ViewMode, Workspace, WorkspaceView};

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

/// Tools of the scene that are in use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SceneTools {
    /// Ticks travel along the pipes.
    pub shows_flow: bool,
    /// The selected thing is taken apart.
    pub is_exploded: bool,
    /// The selected thing is cut open.
    pub is_cut_away: bool,
    /// Everything but the selected thing is see-through.
    pub is_isolated: bool,
    /// Points measured between, m; none = the tool is put away.
    pub measured: Option<Vec<bevy::math::Vec3>>,
    /// A plane cuts the whole plant.
    pub section: Option<ClipPlane>,
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
    /// Tools of the scene.
    pub tools: SceneTools,
    /// Signals in the trends.
    pub trended: Vec<SignalId>,
    /// Look.
    pub theme: Theme,
    /// Size of everything in the panels, 0.75 to 2.
    pub scale: f32,
    /// Messages over the scene.
    pub toasts: Toasts,
    /// Where the history is kept, or the record that is open.
    pub history: Option<PathBuf>,
    /// Messages of threads that work for this window.
    pub news: (Sender<ToastView>, Receiver<ToastView>),
    /// The guided tour of this plant, if it has one.
    pub tour_script: Option<TourScript>,
    /// The tour begins as soon as the scene is there.
    pub wants_tour: bool,
    /// The tour under way.
    pub tour: Option<Tour>,
    /// Quality asked for, as the tools of the scene show it.
    pub view_quality: Quality,
    /// The 3D scene as far as it has come.
    pub scene_progress: SceneProgress,
    /// What the schematic draws, made once.
    pub topology: Arc<Topology>,
    /// Word of the theme chosen since the start.
    pub chosen_theme: Option<&'static str>,
    /// Panels.
    pub workspace: Workspace,
    /// What the panels show, made when something changed.
    pub shown: WorkspaceView,
    /// Where the scene lies in the window, logical pixels.
    pub scene_rect: egui::Rect,
    /// Pixels of the display to a point of the panels.
    pub pixels_per_point: f32,
    /// The pointer is over the scene and no panel lies between.
    pub pointer_over_scene: bool,
    /// Where the pointer is, points.
    pub pointer: Option<egui::Pos2>,
    /// Grows whenever something this window shows may have changed.
    pub revision: u64,
    /// Something over the scene still moves.
    pub wants_frame: bool,
    /// The panels drew a glyph that the renderer does not have yet.
    pub awaits_glyphs: bool,
    /// A picture: nothing eases, everything stands where it ends.
    pub is_still: bool,
    /// Duration of a frame, ms, smoothed.
    pub frame_ms: f64,
    /// Stories that can be played.
    pub stories: Vec<twin_ui::stories::StoryView>,
    /// A core runs beside this view; a picture shows one that stands still.
    pub expects_news: bool,
    heard: Instant,
    /// Wall time of the newest entry of the journal that has been told.
    told_until: Option<TwinTime>,
    is_core_silent: bool,
    link: ViewLink,
    roles: Roles,
    watched: BTreeSet<SignalId>,
    must_remake: bool,
}

impl ViewState {
    /// A window on a twin.
    pub fn new(plant: Arc<Plant>, link: ViewLink) -> Self {
        Self {
            roles: Roles::of(&plant),
            folder: None,
            source_name: String::new(),
            problems: Vec::new(),
            snapshot: link.snapshots.newest(),
            selected: None,
            mode: ViewMode::Operate,
            shows_tags: true,
            tools: SceneTools::default(),
            trended: first_trends(&plant),
            theme: Theme::default(),
            scale: 1.0,
            toasts: Toasts::default(),
            history: None,
            news: unbounded(),
            tour_script: None,
            wants_tour: false,
            tour: None,
            view_quality: Quality::Auto,
            scene_progress: SceneProgress::Loading,
            topology: Arc::new(Topology::of(&plant)),
            chosen_theme: None,
            workspace: Workspace::default(),
            shown: WorkspaceView::default(),
            scene_rect: egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1280.0, 720.0)),
            pixels_per_point: 1.0,
            pointer_over_scene: false,
            pointer: None,
            revision: 0,
            wants_frame: false,
            awaits_glyphs: false,
            is_still: false,
            frame_ms: 0.0,
            stories: Vec::new(),
            expects_news: false,
            heard: Instant::now(),
            told_until: None,
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
        for toast in self.news.1.try_iter() {
            self.toasts.push(toast);
            self.must_remake = true;
        }
        let was_silent = self.listen(is_new);
        let must_remake = std::mem::take(&mut self.must_remake);
        if must_remake {
            self.watch();
        }
        let has_changed = must_remake || is_new || was_silent != self.is_core_silent;
        self.revision += u64::from(has_changed);
        if is_new || was_silent != self.is_core_silent {
            self.tell();
        }
        has_changed
    }

    /// Says at once what the twin refused and when the core has stopped: who asked looks at the scene, not at a list.
    fn tell(&mut self) {
        let since = self.told_until;
        for entry in self.snapshot.journal.iter().filter(|entry| since.is_some_and(|told| entry.time > told)) {
            let Some(reason) = &entry.refused else { continue };
            let text = format!("{}: {reason}", entry.act);
            self.toasts.push(ToastView { key: text.clone(), severity: ToastSeverity::Warning, text, action: None });
        }
        let newest = self.snapshot.journal.last().map(|entry| entry.time);
        self.told_until = Some(newest.unwrap_or_default().max(since.unwrap_or_default()));
        if self.is_core_silent
            && let SourceState::Down { reason } = self.connection()
        {
            self.toasts.push(ToastView { key: "core".to_owned(), severity: ToastSeverity::Error, text: reason, action: None });
        }
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
        let Some(key) = self.roles.of_thing(thing).running else { return false };
        self.usable(key).is_some_and(|value| is_running_state(&self.plant, key, value))
    }

    /// The playhead stands still.
    pub fn is_paused(&self) -> bool {
        self.frame().is_some_and(|frame| frame.playhead.mode == PlayheadMode::Paused)
    }

    /// A live alarm waits for an acknowledgement, so its badge flashes.
    pub fn is_flashing(&self) -> bool {
        self.snapshot.live.alarms.iter().any(|(_, _, status)| status.annunciated && !status.acknowledged)
    }

    /// Signal of the level of a thing, in % of its span.
    pub fn level_key(&self, thing: usize) -> Option<SignalKey> {
        self.roles.of_thing(thing).level
    }

    /// Level of a thing as a share of its span, and whether it is doubtful; none when it is Bad or missing.
    pub fn level(&self, thing: usize) -> Option<(f32, bool)> {
        let reading = self.reading(self.level_key(thing)?)?;
        Some(((reading.usable()? / 100.0) as f32, reading.quality.class() != QualityClass::Good))
    }

    /// Position of a valve, 0 … 1.
    pub fn position_share(&self, thing: usize) -> Option<f32> {
        let key = self.roles.of_thing(thing).position?;
        let is_percent = self.plant.signals.info(key)?.kind == ValueKind::Number;
        Some((self.usable(key)? / if is_percent { 100.0 } else { 1.0 }).clamp(0.0, 1.0) as f32)
    }

    /// Signal that measures the flow of a line.
    pub fn flow_key(&self, line: &str) -> Option<SignalKey> {
        self.roles.flows.get(line).copied()
    }

    /// Flow of a line, m³/s, and its share of the meter's range; none when it is doubtful or missing.
    pub fn flow(&self, line: &str) -> Option<(f64, f64)> {
        let key = self.flow_key(line)?;
        let info = self.plant.signals.info(key)?;
        let reading = self.reading(key).filter(|reading| reading.quality.class() == QualityClass::Good)?;
        let value = reading.usable()?;
        let m3_per_s = if info.unit.contains('h') { value / 3600.0 } else { value };
        Some((m3_per_s, value / info.range.map_or(value.abs().max(1.0), |(_, high)| high)))
    }

    fn reading(&self, key: SignalKey) -> Option<Reading> {
        self.frame()?.readings.get(key.index()).copied().flatten()
    }

    fn usable(&self, key: SignalKey) -> Option<f64> {
        self.reading(key)?.usable()
    }

    /// Tells the core which signals this window draws: trends and the selected thing, with model and residual.
    fn watch(&mut self) {
        let mut wanted: BTreeSet<SignalId> = self.trended.iter().cloned().collect();
        if let Some(thing) = self.selected.and_then(|index| self.plant.things.get(index)) {
            wanted.extend(thing.signals.iter().filter_map(|key| self.plant.signals.info(*key)).map(|info| info.id.clone()));
            let pump = self.selected.and_then(|index| Pump::of(&self.plant, index)).map(|pump| pump.signals()).unwrap_or_default();
            wanted.extend(pump.iter().filter_map(|key| self.plant.signals.info(*key)).map(|info| info.id.clone()));
        }
        let companions: Vec<SignalId> = wanted.iter().flat_map(|id| [id.derived("model"), id.derived("residual")]).collect();
        wanted.extend(companions.into_iter().filter(|id| self.plant.signals.find(id.as_str()).is_some()));
        if wanted != self.watched {
            self.act(Action::WatchSignals(wanted.iter().cloned().collect()));
            self.watched = wanted;
        }
    }
}

/// The first three key signals open the trends, so that the first impression is not an empty plot.
fn first_trends(plant: &Plant) -> Vec<SignalId> {
    let keys = plant.document.key_signals.iter().filter_map(|tag| plant.signals.find(tag));
    keys.filter_map(|key| plant.signals.info(key)).map(|info| info.id.clone()).take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use twin_model::ManualClock;
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
        assert!(!state.toasts.is_empty(), "it is told over the scene too");
        link.snapshots.put(twin.snapshot(2, 0.0));
        state.refresh();
        assert_eq!(state.connection(), SourceState::Connected);
    }

    #[test]
    fn a_refusal_is_told_once_over_the_scene() {
        let plant = Arc::new(Plant::default());
        let clock = Arc::new(ManualClock::new(TwinTime::from_millis(1000)));
        let mut twin = Twin::new(Arc::clone(&plant), Arc::clone(&clock) as Arc<dyn twin_model::Clock>);
        let (actions, _inbox) = crossbeam_channel::bounded(8);
        let snapshots = ViewSnapshots::new(twin.snapshot(1, 0.0));
        let mut state = ViewState::new(plant, ViewLink { snapshots: snapshots.clone(), actions });
        snapshots.put(twin.snapshot(2, 0.0));
        state.refresh();
        assert!(state.toasts.is_empty());
        clock.set(TwinTime::from_millis(2000));
        let author = Author { name: "viewer".to_owned(), role: Role::Viewer };
        let action = Action::Acknowledge { lane: LaneId::LIVE, alarm: "none".to_owned() };
        twin.act(&ActionEnvelope { view: VIEW, author, action });
        snapshots.put(twin.snapshot(3, 0.0));
        state.refresh();
        assert!(!state.toasts.is_empty());
    }
}
