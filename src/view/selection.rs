//! Picking in the scene: selecting things, and points to measure between. Tree, faceplate, alarm list and scene share
//! one selection.

use super::camera_rig::SceneCamera;
use super::plant_material::MaterialLibrary;
use super::plant_scene::PlantMesh;
use super::state::ViewState;
use bevy::picking::mesh_picking::ray_cast::{MeshRayCast, MeshRayCastSettings, RayCastVisibility};
use bevy::prelude::*;

/// A press that moves further than this is a drag, points.
const DRAG_POINTS: f32 = 4.0;
/// Points the measuring tool keeps.
const MEASURED_POINTS: usize = 2;

#[derive(Resource, Default)]
struct PressedAt(Option<egui::Pos2>);

/// Takes clicks in the scene.
pub struct SelectionPlugin;

impl Plugin for SelectionPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<PressedAt>().add_systems(Update, pick);
    }
}

fn pick(
    buttons: Res<ButtonInput<MouseButton>>,
    camera: Single<(&Camera, &GlobalTransform), With<SceneCamera>>,
    meshes: Query<&PlantMesh>,
    library: Res<MaterialLibrary>,
    mut pressed: ResMut<PressedAt>,
    mut state: ResMut<ViewState>,
    mut rays: MeshRayCast,
) {
    let Some(pointer) = state.pointer else { return };
    if buttons.just_pressed(MouseButton::Left) {
        pressed.0 = state.pointer_over_scene.then_some(pointer);
    }
    if !buttons.just_released(MouseButton::Left) {
        return;
    }
    let Some(start) = pressed.0.take() else { return };
    if start.distance(pointer) > DRAG_POINTS {
        return;
    }
    let (camera, transform) = *camera;
    let in_picture = pointer - state.scene_rect.min;
    let Ok(ray) = camera.viewport_to_world(transform, Vec2::new(in_picture.x, in_picture.y)) else { return };
    // What was cut away is not there, ghosts let clicks through, sky and ground are no plant.
    let surroundings = library.surroundings();
    let is_opened = |entity| {
        let mesh = meshes.get(entity).ok();
        mesh.is_some_and(|mesh| state.tools.is_cut_away && !mesh.is_inside && mesh.thing.is_some() && mesh.thing == state.selected)
    };
    let is_there = |entity, point: Vec3| {
        let plane = if is_opened(entity) { surroundings.cut_away } else { surroundings.section };
        plane.is_none_or(|plane| plane.truncate().dot(point) + plane.w <= 0.0)
    };
    let isolated = state.selected.filter(|_| state.tools.is_isolated);
    let is_plant = |entity| meshes.get(entity).is_ok_and(|mesh| isolated.is_none() || mesh.thing == isolated);
    let settings = MeshRayCastSettings::default().with_visibility(RayCastVisibility::Visible).with_filter(&is_plant).never_early_exit();
    let hit =
        rays.cast_ray(ray, &settings).iter().find(|(entity, hit)| is_there(*entity, hit.point)).map(|(entity, hit)| (*entity, hit.point));
    if state.tools.measured.is_some() {
        if let Some((_, point)) = hit {
            measure(&mut state, point);
        }
        return;
    }
    let thing = hit.and_then(|(entity, _)| meshes.get(entity).ok()).and_then(|mesh| mesh.thing);
    state.select(thing);
}

/// Adds a point; a third one starts a new measurement.
fn measure(state: &mut ViewState, point: Vec3) {
    let Some(points) = &mut state.tools.measured else { return };
    if points.len() >= MEASURED_POINTS {
        points.clear();
    }
    points.push(point);
    state.touch();
}
