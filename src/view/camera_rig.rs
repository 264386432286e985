//! Where the camera stands: home, fly-to, frame the selection, and the orbit under the mouse.

use super::bounds::{SceneBounds, WorldBox};
use super::plant_scene::SceneProgress;
use super::state::ViewState;
use bevy::prelude::*;
use bevy_panorbit_camera::{ActiveCameraData, PanOrbitCamera, PanOrbitCameraPlugin};
use twin_ui::ViewDirection;

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
    fn rotation(&self) -> Quat {
        Quat::from_euler(EulerRot::YXZ, self.yaw, -self.pitch, 0.0)
    }

    /// The transform of a camera at this pose.
    pub fn transform(&self) -> Transform {
        let rotation = self.rotation();
        Transform::from_translation(self.focus + rotation * Vec3::Z * self.radius).with_rotation(rotation)
    }

    /// The nearest pose of this direction from which all points are in view, in the middle of it.
    fn framing(points: &[Vec3], yaw: f32, pitch: f32, aspect: f32, margin: f32) -> Self {
        let middle = points.iter().copied().sum::<Vec3>() / points.len().max(1) as f32;
        let mut pose = Self { focus: middle, radius: 0.0, yaw, pitch };
        let to_view = pose.rotation().inverse();
        let up = HALF_FIELD_OF_VIEW.tan() / margin;
        let across = up * aspect;
        let seen = |focus: Vec3| points.iter().map(|point| to_view * (*point - focus)).collect::<Vec<_>>();
        let radius = |seen: &[Vec3]| seen.iter().map(|p| p.z + (p.x.abs() / across).max(p.y.abs() / up)).fold(0.0, f32::max);
        // The middle of things is not the middle of their picture: what is near looks larger. A few rounds settle it.
        for _ in 0..FRAMING_ROUNDS {
            let seen = seen(pose.focus);
            pose.radius = radius(&seen);
            let shift = |axis: fn(&Vec3) -> f32| {
                let shares = seen.iter().map(|p| axis(p) / (pose.radius - p.z).max(0.1));
                let (low, high) = shares.fold((f32::MAX, f32::MIN), |(low, high), share| (low.min(share), high.max(share)));
                (low + high) * 0.5 * pose.radius
            };
            pose.focus += pose.rotation() * Vec3::new(shift(|p| p.x), shift(|p| p.y), 0.0);
        }
        pose.radius = radius(&seen(pose.focus));
        Self { radius: pose.radius.max(NEAREST_RADIUS_M), ..pose }
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
    /// The whole plant from one side.
    From(ViewDirection),
    /// One thing.
    Thing(usize),
    /// Where it was when it was kept.
    Return,
}

/// A pose kept for [`CameraWish::Return`].
#[derive(Resource, Clone, Copy, Debug, Default)]
pub struct KeptPose {
    pose: Option<Pose>,
    is_wanted: bool,
}

impl KeptPose {
    /// Keeps the pose of this frame.
    pub fn keep(&mut self) {
        self.is_wanted = true;
    }
}

/// Half of the vertical field of view, rad.
const HALF_FIELD_OF_VIEW: f32 = std::f32::consts::PI / 8.0;
const FRAMING_ROUNDS: usize = 8;
const HOME_YAW: f32 = 0.42;
const HOME_PITCH: f32 = 0.47;
const NEAREST_RADIUS_M: f32 = 1.0;
/// Room left around what is framed.
const HOME_MARGIN: f32 = 1.04;
const CLOSE_UP_MARGIN: f32 = 1.45;
/// A thing is seen with at least this much around it, m.
const CLOSE_UP_REACH_M: f32 = 1.0;
/// Share of the way left after a seventh of a second: after one second a flight of 100 m lacks 2 cm.
pub const SMOOTHNESS: f32 = 0.3;
/// A focus this near to where it goes has arrived, m; and as a share of the coordinates, where rounding stops it earlier.
const NEAR_FOCUS_M: f32 = 1e-3;
const NEAR_FOCUS_SHARE: f32 = 4e-6;

/// Adds the camera's movements. With `orbit` the mouse moves it too.
pub struct CameraRigPlugin {
    /// False for pictures: the camera stands where it is put.
    pub orbit: bool,
}

impl Plugin for CameraRigPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(CameraWish::Home)
            .init_resource::<KeptPose>()
            .add_systems(Update, (keep_pose, fulfil_wish).chain().run_if(resource_equals(SceneProgress::Ready)));
        if self.orbit {
            app.add_plugins(PanOrbitCameraPlugin).add_systems(Update, (yield_to_panels, point_mouse, arrive));
        }
    }
}

fn keep_pose(mut kept: ResMut<KeptPose>, orbit: Option<Single<&PanOrbitCamera, With<SceneCamera>>>) {
    if !kept.is_wanted {
        return;
    }
    kept.is_wanted = false;
    kept.pose = orbit.map(|orbit| Pose {
        focus: orbit.target_focus,
        radius: orbit.target_radius,
        yaw: orbit.target_yaw,
        pitch: orbit.target_pitch,
    });
}

fn fulfil_wish(
    mut wish: ResMut<CameraWish>,
    bounds: Res<SceneBounds>,
    state: Res<ViewState>,
    kept: Res<KeptPose>,
    mut camera: Single<(&mut Transform, Option<&mut PanOrbitCamera>), With<SceneCamera>>,
) {
    let aspect = (state.scene_rect.width() / state.scene_rect.height().max(1.0)).clamp(0.3, 4.0);
    let pose = match *wish {
        CameraWish::None => return,
        CameraWish::Return => kept.pose.or_else(|| whole(&bounds, ViewDirection::Home, aspect)),
        CameraWish::Home => whole(&bounds, ViewDirection::Home, aspect),
        CameraWish::From(direction) => whole(&bounds, direction, aspect),
        CameraWish::Thing(thing) => bounds.things.get(&thing).map(|extent| close_up(*extent, aspect)),
    };
    *wish = CameraWish::None;
    let Some(pose) = pose else { return };
    let (transform, orbit) = &mut *camera;
    match orbit {
        Some(orbit) if orbit.initialized => {
            orbit.target_focus = pose.focus;
            orbit.target_radius = pose.radius;
            orbit.target_yaw += shortest_turn(orbit.target_yaw, pose.yaw);
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

/// Turn from one yaw to another, rad, at most half a circle: whoever went around the plant is not spun back.
fn shortest_turn(from: f32, to: f32) -> f32 {
    use std::f32::consts::{PI, TAU};
    (to - from + PI).rem_euclid(TAU) - PI
}

/// Most of the plant from a direction.
fn whole(bounds: &SceneBounds, direction: ViewDirection, aspect: f32) -> Option<Pose> {
    let (yaw, pitch) = angles(direction);
    let points = if direction == ViewDirection::Home { bounds.heart() } else { bounds.landmarks() };
    (!points.is_empty()).then(|| Pose::framing(&points, yaw, pitch, aspect, HOME_MARGIN))
}

/// Yaw and pitch of a named direction, rad: from the south one looks north.
fn angles(direction: ViewDirection) -> (f32, f32) {
    use std::f32::consts::{FRAC_PI_2, PI};
    match direction {
        ViewDirection::Home => (HOME_YAW, HOME_PITCH),
        ViewDirection::Top => (0.0, 1.5),
        ViewDirection::South => (0.0, 0.2),
        ViewDirection::East => (FRAC_PI_2, 0.2),
        ViewDirection::North => (PI, 0.2),
        ViewDirection::West => (-FRAC_PI_2, 0.2),
    }
}

fn close_up(extent: WorldBox, aspect: f32) -> Pose {
    let reach = ((extent.high - extent.low) * 0.5).max(Vec3::splat(CLOSE_UP_REACH_M * 0.5));
    let seen = WorldBox { low: extent.centre() - reach, high: extent.centre() + reach };
    Pose::framing(&seen.corners(), HOME_YAW + 0.25, HOME_PITCH, aspect, CLOSE_UP_MARGIN)
}

/// The mouse belongs to the scene only over the scene.
fn yield_to_panels(state: Res<ViewState>, mut cameras: Query<&mut PanOrbitCamera>) {
    for mut camera in &mut cameras {
        if camera.enabled != state.pointer_over_scene {
            camera.enabled = state.pointer_over_scene;
        }
    }
}

/// Lets the focus arrive. The orbit camera comes ever nearer to it without reaching it, and each of its steps, however
/// small, would have the scene drawn again.
fn arrive(mut orbit: Single<&mut PanOrbitCamera, With<SceneCamera>>) {
    let (focus, target) = (orbit.focus, orbit.target_focus);
    let near = NEAR_FOCUS_M.max(target.length() * NEAR_FOCUS_SHARE);
    if focus != target && focus.distance(target) < near {
        orbit.focus = target;
    }
}

/// The camera draws into a picture, so it has to be told that the mouse over that picture is its own.
fn point_mouse(state: Res<ViewState>, camera: Single<Entity, With<SceneCamera>>, mut active: ResMut<ActiveCameraData>) {
    let size = Vec2::new(state.scene_rect.width(), state.scene_rect.height());
    active.set_if_neq(ActiveCameraData { entity: Some(*camera), viewport_size: Some(size), window_size: Some(size), manual: true });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flight_after_two_turns_around_the_plant_takes_the_short_way() {
        use std::f32::consts::TAU;
        for (from, to, turn) in [(2.0 * TAU + 0.1, 0.4, 0.3), (-2.0 * TAU, 0.4, 0.4), (3.0, -3.0, TAU - 6.0)] {
            assert!((shortest_turn(from, to) - turn).abs() < 1e-4, "from {from} to {to}");
        }
    }

    #[test]
    fn what_is_framed_is_in_view_and_fills_it() {
        let extent = WorldBox { low: Vec3::new(-30.0, 0.0, -5.0), high: Vec3::new(40.0, 14.0, 9.0) };
        for (yaw, pitch, aspect) in [(0.4, 0.5, 1.8), (0.0, 1.5, 1.0), (3.1, 0.2, 0.6), (-1.6, 0.2, 3.0)] {
            let pose = Pose::framing(&extent.corners(), yaw, pitch, aspect, 1.0);
            let to_view = pose.transform().compute_affine().inverse();
            let up = HALF_FIELD_OF_VIEW.tan();
            let mut largest = 0.0_f32;
            for corner in extent.corners() {
                let at = to_view.transform_point3(corner);
                let share = (at.x / -at.z / (up * aspect)).abs().max((at.y / -at.z / up).abs());
                assert!(at.z < 0.0 && share < 1.03, "{corner} is seen at {share}");
                largest = largest.max(share);
            }
            assert!(largest > 0.9, "the box fills only {largest}");
        }
    }
}
