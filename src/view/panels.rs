//! Glue between egui and the twin: draws the panels, takes their wishes.

use super::camera_rig::{CameraWish, KeptPose, SceneCamera};
use super::model::workspace_view;
use super::overlay;
use super::plant_scene::SceneProgress;
use super::quality::QualityChoice;
use super::scene_picture::ScenePicture;
use super::state::ViewState;
use super::wishes::Wishes;
use bevy::ecs::system::SystemParam;
use bevy::prelude::*;
use bevy_egui::{EguiContexts, EguiInput, EguiPostUpdateSet, EguiPreUpdateSet, EguiPrimaryContextPass, EguiRenderOutput};
use egui::{LayerId, Ui, UiBuilder};
use std::time::Instant;
use twin_ui::toasts::toasts_ui;
use twin_ui::tour::TourAction;
use twin_ui::{UiEvent, workspace_ui};

/// Draws the panels over the scene.
pub struct PanelsPlugin;

impl Plugin for PanelsPlugin {
    fn build(&self, app: &mut App) {
        let between = tell_egui_the_truth.after(EguiPreUpdateSet::ProcessInput).before(EguiPreUpdateSet::BeginPass);
        app.init_resource::<overlay::Labels>()
            .insert_resource(FrameBegan(Instant::now()))
            .add_systems(First, begin_frame)
            .add_systems(PreUpdate, (refresh, between))
            .add_systems(EguiPrimaryContextPass, draw)
            .add_systems(PostUpdate, await_glyphs.after(EguiPostUpdateSet::ProcessOutput).before(EguiPostUpdateSet::PostProcessOutput))
            .add_systems(Last, end_frame);
    }
}

/// What egui is told of keys and time, made fit for a window that rests.
///
/// bevy_egui tells the modifier keys in every frame, and egui draws again after every event: the window would never come to
/// rest. And Bevy's time is that of the last drawn frame, which may be a second old: a press would seem so long that it is
/// no click.
fn tell_egui_the_truth(mut inputs: Query<&mut EguiInput>, mut known: Local<egui::Modifiers>, mut began: Local<Option<Instant>>) {
    let time_secs = began.get_or_insert_with(Instant::now).elapsed().as_secs_f64();
    for mut input in &mut inputs {
        input.time = Some(time_secs);
        input.events.retain(|event| match event {
            egui::Event::ModifiersChanged(modifiers) => std::mem::replace(&mut *known, *modifiers) != *modifiers,
            _ => true,
        });
    }
}

/// A glyph that is drawn for the first time reaches the renderer a frame late: until then a digit is missing, and a number
/// without it is another number. So that frame follows at once.
fn await_glyphs(mut state: ResMut<ViewState>, outputs: Query<&EguiRenderOutput>) {
    let is_awaited = outputs.iter().any(|output| !output.textures_delta.set.is_empty());
    if state.awaits_glyphs != is_awaited {
        state.awaits_glyphs = is_awaited;
    }
}

/// When the frame began.
#[derive(Resource)]
struct FrameBegan(Instant);

fn begin_frame(mut began: ResMut<FrameBegan>) {
    began.0 = Instant::now();
}

/// What a frame costs, not how far frames are apart: a window at rest draws seldom. Drawing runs beside the next frame, so
/// its share shows as waiting for the one before.
fn end_frame(began: Res<FrameBegan>, mut state: ResMut<ViewState>) {
    // A picture is the same whatever it cost.
    if state.is_still {
        return;
    }
    let frame_ms = began.0.elapsed().as_secs_f64() * 1e3;
    state.frame_ms += (frame_ms - state.frame_ms) * 0.1;
}

/// Takes the newest snapshot and makes the panels' view of it.
pub fn refresh(mut state: ResMut<ViewState>, progress: Res<SceneProgress>) {
    if state.scene_progress != *progress {
        state.scene_progress = *progress;
        state.touch();
    }
    if state.refresh() {
        state.shown = workspace_view(&state);
    }
}

/// What the panels' glue can change.
#[derive(SystemParam)]
struct Controls<'w> {
    camera: ResMut<'w, CameraWish>,
    kept: ResMut<'w, KeptPose>,
    quality: ResMut<'w, QualityChoice>,
    time: Res<'w, Time<Real>>,
}

fn draw(
    mut contexts: EguiContexts,
    mut state: ResMut<ViewState>,
    mut controls: Controls,
    mut labels: overlay::OverlayParams,
    picture: Res<ScenePicture>,
    camera: Option<Single<(&Camera, &GlobalTransform), With<SceneCamera>>>,
    mut dressed: Local<Option<(String, f32)>>,
) -> Result {
    let context = contexts.ctx_mut()?.clone();
    let state = &mut *state;
    dress(state, &context, &mut dressed);
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
        let is_first_pass = context.current_pass_index() == 0;
        let is_moving = overlay::paint(&root, state, (camera, transform), &mut labels, is_first_pass);
        state.wants_frame = is_moving || (state.wants_frame && !is_first_pass);
    }
    toasts_ui(&mut root, state.scene_rect, &mut state.toasts, &state.theme, &mut events);
    let mut quality = *controls.quality;
    let mut wishes = Wishes { camera: &mut controls.camera, kept: &mut controls.kept, quality: &mut quality };
    if state.wants_tour && matches!(state.scene_progress, SceneProgress::Ready | SceneProgress::Absent) {
        state.wants_tour = false;
        events.push(UiEvent::Tour(TourAction::Start));
    }
    for event in events {
        wishes.take(state, event);
    }
    // egui may run this pass more than once a frame; time passes in the first.
    if context.current_pass_index() == 0 {
        wishes.advance_tour(state, controls.time.delta_secs_f64());
    }
    state.view_quality = quality.wish;
    controls.quality.set_if_neq(quality);
    Ok(())
}

/// Applies theme and scale when they are others than before.
fn dress(state: &ViewState, context: &egui::Context, dressed: &mut Option<(String, f32)>) {
    let dress = (state.theme.name.clone(), state.scale);
    if dressed.as_ref() != Some(&dress) {
        state.theme.apply(context);
        context.set_zoom_factor(state.scale);
        *dressed = Some(dress);
    }
}
