//! What panels wish, done: by the window itself, or passed on to the twin.

use super::camera_rig::{CameraWish, KeptPose};
use super::quality::QualityChoice;
use super::state::ViewState;
use bevy::prelude::*;
use twin_model::{Action, LaneId, ThingId};
use twin_runtime::LaneKind;
use twin_ui::toasts::{ToastSeverity, ToastView};
use twin_ui::tour::{Before, Tour, TourAction};
use twin_ui::{Theme, UiEvent};

/// What a wish can change besides the state of the view.
pub struct Wishes<'a> {
    /// Where the camera goes.
    pub camera: &'a mut CameraWish,
    /// Where it was.
    pub kept: &'a mut KeptPose,
    /// How much the picture may cost.
    pub quality: &'a mut QualityChoice,
}

impl Wishes<'_> {
    /// Does what a panel wishes, or passes it on to the twin.
    pub fn take(&mut self, state: &mut ViewState, event: UiEvent) {
        state.touch();
        // What is wished is seen in the next frame, which must not wait for the next values.
        state.wants_frame = true;
        match event {
            UiEvent::Twin(action) => act(state, action),
            UiEvent::Select(thing) => {
                let thing = thing.and_then(|id| index_of(state, &id));
                state.select(thing);
            }
            UiEvent::FlyTo(id) => {
                if let Some(thing) = index_of(state, &id) {
                    state.select(Some(thing));
                    *self.camera = CameraWish::Thing(thing);
                }
            }
            UiEvent::Home => *self.camera = CameraWish::Home,
            UiEvent::FrameSelected => *self.camera = state.selected.map_or(CameraWish::Home, CameraWish::Thing),
            UiEvent::ViewFrom(direction) => *self.camera = CameraWish::From(direction),
            UiEvent::KeepCamera => self.kept.keep(),
            UiEvent::ReturnCamera => *self.camera = CameraWish::Return,
            UiEvent::SetQuality(quality) => self.quality.wish = quality,
            UiEvent::OpenDocument { path, .. } => open_document(state, &path),
            UiEvent::Tour(TourAction::Start) => self.start_tour(state),
            UiEvent::Tour(action) => {
                let events = state.tour.as_mut().map(|tour| tour.act(action)).unwrap_or_default();
                self.take_all(state, events);
            }
            UiEvent::LoopRange(range) => state.act(Action::Loop(range)),
            UiEvent::AddBookmark { time, text } => state.act(Action::Bookmark { lane: shown_lane(state), time, text }),
            UiEvent::AddNote { from, to, text } => {
                let thing = state.selected.and_then(|thing| state.plant.things.get(thing)).map(|thing| thing.id.clone());
                state.act(Action::Note { lane: shown_lane(state), from, to, thing, text });
            }
            UiEvent::StepChange { forward } => {
                if let Some(thing) = state.selected.and_then(|thing| state.plant.things.get(thing)) {
                    state.act(Action::StepChange { thing: thing.id.clone(), forward });
                }
            }
            UiEvent::SavePackage { from, to } => super::package::save(state, from, to),
            UiEvent::SetDisplay(display) => state.workspace.set_display(display),
            UiEvent::OpenPanel(panel) => state.workspace.open(panel),
            UiEvent::SetTheme(word) => set_theme(state, &word),
            look => set_look(state, look),
        }
    }

    /// Lets the tour go on by the time that has passed.
    pub fn advance_tour(&mut self, state: &mut ViewState, dt_secs: f64) {
        let events = state.tour.as_mut().map(|tour| tour.advance(dt_secs)).unwrap_or_default();
        self.take_all(state, events);
        if state.tour.as_ref().is_some_and(Tour::is_over) {
            state.tour = None;
            state.touch();
        }
    }

    fn take_all(&mut self, state: &mut ViewState, events: Vec<UiEvent>) {
        for event in events {
            self.take(state, event);
        }
    }

    fn start_tour(&mut self, state: &mut ViewState) {
        let Some(script) = state.tour_script.clone().filter(|_| state.tour.is_none()) else { return };
        let before = Before {
            display: state.workspace.display(),
            view_mode: state.mode,
            selected: state.selected.and_then(|thing| state.plant.things.get(thing)).map(|thing| thing.id.clone()),
            shows_tags: state.shows_tags,
            shows_flow: state.tools.shows_flow,
            trended: state.trended.clone(),
        };
        let (tour, events) = Tour::begin(script, before);
        state.tour = Some(tour);
        self.take_all(state, events);
    }
}

/// How the scene and the trends look.
fn set_look(state: &mut ViewState, event: UiEvent) {
    match event {
        UiEvent::SetViewMode(mode) => state.mode = mode,
        UiEvent::ShowTags(shows) => state.shows_tags = shows,
        UiEvent::SetFlow(shows) => state.tools.shows_flow = shows,
        UiEvent::SetExplode(share) => state.tools.is_exploded = share > 0.0,
        UiEvent::SetCutaway(is_on) => state.tools.is_cut_away = is_on,
        UiEvent::SetIsolate(is_on) => state.tools.is_isolated = is_on,
        UiEvent::SetMeasure(is_on) => state.tools.measured = is_on.then(Vec::new),
        UiEvent::SetClip(plane) => state.tools.section = plane,
        UiEvent::WatchTrend(signal) if !state.trended.contains(&signal) => state.trended.push(signal),
        UiEvent::UnwatchTrend(signal) => state.trended.retain(|id| *id != signal),
        _ => {}
    }
}

fn set_theme(state: &mut ViewState, word: &str) {
    if let Some((known, theme)) = Theme::NAMES.into_iter().find(|known| *known == word).zip(Theme::named(word)) {
        state.theme = theme;
        state.chosen_theme = Some(known);
    }
}

/// A branch that is shown stands beside its baseline, so that the answer is seen and not only its end.
fn act(state: &ViewState, action: Action) {
    let lane = match &action {
        Action::SwitchLane(lane) => Some(*lane),
        _ => None,
    };
    state.act(action);
    let is_branch = |lane| state.snapshot.lane(lane).is_some_and(|view| view.kind == LaneKind::Branch);
    if let Some(branch) = lane.filter(|lane| is_branch(*lane)).and_then(|lane| state.snapshot.branches.iter().find(|b| b.lane == lane)) {
        state.act(Action::Compare(Some(branch.baseline)));
    }
}

fn shown_lane(state: &ViewState) -> LaneId {
    state.frame().map_or(LaneId::LIVE, |frame| frame.playhead.lane)
}

fn index_of(state: &ViewState, id: &ThingId) -> Option<usize> {
    state.plant.things.iter().position(|thing| thing.id == *id)
}

/// Opens a file of the plant folder with the program the system has for it. Nothing is fetched.
fn open_document(state: &mut ViewState, path: &str) {
    let Some(folder) = &state.folder else {
        tell(state, path, "The documents of the demo plant lie in the folder assets/unit100 of the sources.");
        return;
    };
    let file = folder.join(path);
    let is_inside = file.canonicalize().ok().zip(folder.canonicalize().ok()).is_some_and(|(file, folder)| file.starts_with(folder));
    if !is_inside {
        tell(state, path, "The document is missing or lies outside the plant folder.");
        return;
    }
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if let Err(error) = std::process::Command::new(opener).arg(&file).spawn() {
        let message = format!("{opener} could not be started: {error}. Open {} by hand.", file.display());
        tell(state, path, &message);
    }
}

fn tell(state: &mut ViewState, path: &str, message: &str) {
    state.toasts.push(ToastView {
        key: path.to_owned(),
        severity: ToastSeverity::Warning,
        text: format!("{path}: {message}"),
        action: None,
    });
}
