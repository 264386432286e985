//! Picking in the scene. Tree, faceplate, alarm list and scene share one selection.

use super::camera_rig::SceneCamera;
use super::plant_scene::PlantMesh;
use super::state::ViewState;
use bevy::picking::mesh_picking::ray_cast::{MeshRayCast, MeshRayCastSettings};
use bevy::prelude::*;
use bevy::window::PrimaryWindow;

/// A press that moves further than this is a drag, logical pixels.
const DRAG_PX: f32 = 4.0;

#[derive(Resource, Default)]
struct PressedAt(Option<Vec2>);

/// Selects what is clicked.
pub struct SelectionPlugin;

impl Plugin for SelectionPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<PressedAt>().add_systems(Update, pick);
    }
}

fn pick(
    buttons: Res<ButtonInput<MouseButton>>,
    window: Option<Single<&Window, With<PrimaryWindow>>>,
    camera: Single<(&Camera, &GlobalTransform), With<SceneCamera>>,
    meshes: Query<&PlantMesh>,
    mut pressed: ResMut<PressedAt>,
    mut state: ResMut<ViewState>,
    mut rays: MeshRayCast,
) {
    let Some(cursor) = window.and_then(|window| window.cursor_position()) else { return };
    if buttons.just_pressed(MouseButton::Left) {
        pressed.0 = state.pointer_over_scene.then_some(cursor);
    }
    if !buttons.just_released(MouseButton::Left) {
        return;
    }
    let Some(start) = pressed.0.take() else { return };
    if start.distance(cursor) > DRAG_PX {
        return;
    }
    let (camera, transform) = *camera;
    let Ok(ray) = camera.viewport_to_world(transform, cursor) else { return };
    let hit = rays.cast_ray(ray, &MeshRayCastSettings::default()).first().map(|(entity, _)| *entity);
    let thing = hit.and_then(|entity| meshes.get(entity).ok()).and_then(|mesh| mesh.thing);
    state.select(thing);
}
