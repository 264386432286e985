//! Where the camera stands: home, fly-to, frame the selection, and the orbit under the mouse.

use super::plant_scene::{SceneBounds, SceneProgress};
use super::state::ViewState;
use bevy::prelude::*;
use bevy_panorbit_camera::{PanOrbitCamera, PanOrbitCameraPlugin};

/// The camera that draws the plant.
#[derive(Component)]
pub struct SceneCamera;

/// A place to look from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Point looked at.
    pub focus: Vec3,
    /// Distance from it, m.
    pub radius: f32,
    /// Turn around the vertical, rad.
    pub yaw: f32,
    /// Height above the horizon, rad.
    pub pitch: f32,
}

impl Pose {
    /// The transform of a camera at this pose.
    pub fn transform(&self) -> Transform {
        let rotation = Quat::from_euler(EulerRot::YXZ, self.yaw, -self.pitch, 0.0);
        Transform::from_translation(self.focus + rotation * Vec3::Z * self.radius).with_rotation(rotation)
    }
}

/// What the camera is asked to look at next.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub enum CameraWish {
    /// Nothing new.
    #[default]
    None,
    /// The whole plant.
    Home,
    /// One thing.
    Thing(usize),
}

/// Half of the vertical field of view, rad.
const HALF_FIELD_OF_VIEW: f32 = std::f32::consts::PI / 8.0;
const HOME_YAW: f32 = 0.38;
const HOME_PITCH: f32 = 0.50;
const NEAREST_RADIUS_M: f32 = 1.0;

/// Adds the camera's movements. With `orbit` the mouse moves it too.
pub struct CameraRigPlugin {
    /// False for pictures: the camera stands where it is put.
    pub orbit: bool,
}

impl Plugin for CameraRigPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(CameraWish::Home).add_systems(Update, fulfil_wish.run_if(scene_is_ready));
        if self.orbit {
            app.add_plugins(PanOrbitCameraPlugin).add_systems(Update, yield_to_panels);
        }
    }
}

fn scene_is_ready(progress: Res<SceneProgress>) -> bool {
    *progress == SceneProgress::Ready
}

fn fulfil_wish(
    mut wish: ResMut<CameraWish>,
    bounds: Res<SceneBounds>,
    state: Res<ViewState>,
    mut camera: Single<(&mut Transform, Option<&mut PanOrbitCamera>), With<SceneCamera>>,
) {
    let aspect = (state.scene_rect.width() / state.scene_rect.height().max(1.0)).clamp(0.3, 4.0);
    let pose = match *wish {
        CameraWish::None => return,
        CameraWish::Home => bounds.all.map(|(centre, radius)| home(centre, radius, aspect)),
        CameraWish::Thing(thing) => bounds.things.get(&thing).map(|(centre, radius)| close_up(*centre, *radius)),
    };
    *wish = CameraWish::None;
    let Some(pose) = pose else { return };
    let (transform, orbit) = &mut *camera;
    match orbit {
        Some(orbit) if orbit.initialized => {
            orbit.target_focus = pose.focus;
            orbit.target_radius = pose.radius;
            orbit.target_yaw = pose.yaw;
            orbit.target_pitch = pose.pitch;
            orbit.force_update = true;
        }
        Some(orbit) => {
            orbit.focus = pose.focus;
            orbit.radius = Some(pose.radius);
            orbit.yaw = Some(pose.yaw);
            orbit.pitch = Some(pose.pitch);
            **transform = pose.transform();
        }
        None => **transform = pose.transform(),
    }
}

fn home(centre: Vec3, radius: f32, aspect: f32) -> Pose {
    // The plant is long and flat: its width decides, not the sphere around it.
    let fit = radius * 1.12 / HALF_FIELD_OF_VIEW.tan() / aspect.max(0.8);
    Pose { focus: centre, radius: fit.max(NEAREST_RADIUS_M), yaw: HOME_YAW, pitch: HOME_PITCH }
}

fn close_up(centre: Vec3, radius: f32) -> Pose {
    let distance = (radius / HALF_FIELD_OF_VIEW.tan() * 2.0).max(NEAREST_RADIUS_M);
    Pose { focus: centre, radius: distance, yaw: HOME_YAW + 0.25, pitch: HOME_PITCH + 0.06 }
}

/// The mouse belongs to the scene only over the scene.
fn yield_to_panels(state: Res<ViewState>, mut cameras: Query<&mut PanOrbitCamera>) {
    for mut camera in &mut cameras {
        if camera.enabled != state.pointer_over_scene {
            camera.enabled = state.pointer_over_scene;
        }
    }
}
