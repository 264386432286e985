//! Glue between egui and the twin: draws the panels, takes their wishes.

use super::camera_rig::CameraWish;
use super::camera_rig::SceneCamera;
use super::model::workspace_view;
use super::overlay;
use super::scene_picture::ScenePicture;
use super::state::ViewState;
use bevy::prelude::*;
use bevy_egui::{EguiContexts, EguiPrimaryContextPass};
use egui::{LayerId, Ui, UiBuilder};
use twin_model::{Action, ThingId};
use twin_runtime::LaneKind;
use twin_ui::{UiEvent, workspace_ui};

/// Draws the panels over the scene.
pub struct PanelsPlugin;

impl Plugin for PanelsPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<overlay::Labels>().add_systems(PreUpdate, refresh).add_systems(EguiPrimaryContextPass, draw);
    }
}

/// Takes the newest snapshot and makes the panels' view of it.
pub fn refresh(mut state: ResMut<ViewState>, time: Res<Time>) {
    let frame_ms = time.delta_secs_f64() * 1e3;
    state.frame_ms += (frame_ms - state.frame_ms) * 0.1;
    if state.refresh() {
        state.shown = workspace_view(&state);
    }
}

fn draw(
    mut contexts: EguiContexts,
    mut state: ResMut<ViewState>,
    mut wish: ResMut<CameraWish>,
    mut labels: overlay::OverlayParams,
    picture: Res<ScenePicture>,
    camera: Option<Single<(&Camera, &GlobalTransform), With<SceneCamera>>>,
    mut dressed: Local<Option<(String, f32)>>,
) -> Result {
    let context = contexts.ctx_mut()?.clone();
    let state = &mut *state;
    let dress = (state.theme.name.clone(), state.scale);
    if dressed.as_ref() != Some(&dress) {
        state.theme.apply(&context);
        context.set_zoom_factor(state.scale);
        *dressed = Some(dress);
    }
    let mut root =
        Ui::new(context.clone(), "root".into(), UiBuilder::new().layer_id(LayerId::background()).max_rect(context.viewport_rect()));
    let mut events = Vec::new();
    // The picture of the scene lies below everything; where it goes is known when the panels have been laid out.
    let picture_slot = root.painter().add(egui::Shape::Noop);
    state.scene_rect = workspace_ui(&mut root, &mut state.workspace, &state.shown, &state.theme, &mut events);
    let whole = egui::Rect::from_min_max(egui::Pos2::ZERO, egui::pos2(1.0, 1.0));
    root.painter().set(picture_slot, egui::Shape::image(picture.texture, state.scene_rect, whole, egui::Color32::WHITE));
    state.pixels_per_point = context.pixels_per_point();
    state.pointer = context.pointer_latest_pos();
    state.pointer_over_scene = twin_ui::workspace::pointer_is_over_scene(&context, state.scene_rect);
    if let Some(camera) = camera {
        let (camera, transform) = *camera;
        state.wants_frame = overlay::paint(&root, state, (camera, transform), &mut labels, &[]);
    }
    for event in events {
        take(state, &mut wish, event);
    }
    Ok(())
}

/// Does what a panel wishes, or passes it on to the twin.
fn take(state: &mut ViewState, wish: &mut CameraWish, event: UiEvent) {
    state.touch();
    match event {
        UiEvent::Twin(action) => act(state, action),
        UiEvent::Select(thing) => {
            let thing = thing.and_then(|id| index_of(state, &id));
            state.select(thing);
        }
        UiEvent::FlyTo(id) => {
            if let Some(thing) = index_of(state, &id) {
                state.select(Some(thing));
                *wish = CameraWish::Thing(thing);
            }
        }
        UiEvent::Home => *wish = CameraWish::Home,
        UiEvent::FrameSelected => *wish = state.selected.map_or(CameraWish::Home, CameraWish::Thing),
        UiEvent::SetViewMode(mode) => state.mode = mode,
        UiEvent::ShowTags(shows) => state.shows_tags = shows,
        UiEvent::OpenDocument { path, .. } => open_document(state, &path),
        UiEvent::OpenPanel(panel) => state.workspace.open(panel),
        UiEvent::WatchTrend(signal) => {
            if !state.trended.contains(&signal) {
                state.trended.push(signal);
            }
        }
        UiEvent::UnwatchTrend(signal) => state.trended.retain(|id| *id != signal),
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
    state.problems.insert(
        0,
        twin_model::Problem {
            severity: twin_model::Severity::Note,
            file: path.to_owned(),
            pointer: String::new(),
            line: None,
            message: message.to_owned(),
            hint: String::new(),
        },
    );
}
