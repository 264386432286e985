//! The view: window or picture, 3D scene, panels. It shows snapshots and sends actions; it never changes the twin.

mod camera_rig;
mod model;
mod overlay;
mod panels;
mod plant_material;
mod plant_scene;
mod scene_files;
mod selection;
mod state;
mod view_modes;

pub mod picture;
pub mod window;

pub use camera_rig::{CameraWish, SceneCamera};
pub use plant_scene::{SceneBounds, SceneProgress};
pub use scene_files::SceneFiles;
pub use state::{VIEW, ViewLink, ViewState};

use bevy::camera::visibility::RenderLayers;
use bevy::camera::{CameraOutputMode, ClearColorConfig, RenderTarget, Viewport};
use bevy::core_pipeline::tonemapping::Tonemapping;
use bevy::prelude::*;
use bevy::render::render_resource::BlendState;
use bevy_egui::{EguiGlobalSettings, EguiPlugin, PrimaryEguiContext};

/// The camera the panels are drawn with.
#[derive(Component)]
struct PanelCamera;

/// Everything both a window and a picture need, behind the plugins that differ.
pub struct ViewPlugin {
    /// Checked files of the scene.
    pub scene: SceneFiles,
    /// The mouse moves the camera.
    pub orbit: bool,
    /// Where both cameras draw; `None` = the window.
    pub target: Option<RenderTarget>,
    /// Samples per pixel: 1 on a software rasteriser that has to keep up, 4 otherwise.
    pub msaa: Msaa,
}

#[derive(Resource)]
struct CameraPlan {
    target: Option<RenderTarget>,
    msaa: Msaa,
    orbit: bool,
}

impl Plugin for ViewPlugin {
    fn build(&self, app: &mut App) {
        let backdrop = app.world().resource::<ViewState>().theme.raised;
        app.insert_resource(ClearColor(view_modes::colour(backdrop)))
            .insert_resource(plant_material::MaterialLibrary::new(view_modes::colour(backdrop)))
            .insert_resource(CameraPlan { target: self.target.clone(), msaa: self.msaa, orbit: self.orbit })
            .add_plugins((
                EguiPlugin::default(),
                plant_material::PlantMaterialPlugin,
                plant_scene::PlantScenePlugin(self.scene.clone()),
                camera_rig::CameraRigPlugin { orbit: self.orbit },
                view_modes::ViewModesPlugin,
                selection::SelectionPlugin,
                panels::PanelsPlugin,
            ))
            .add_systems(PreStartup, spawn_cameras)
            .add_systems(Update, fit_viewport);
    }
}

fn spawn_cameras(mut commands: Commands, plan: Res<CameraPlan>, mut egui_settings: ResMut<EguiGlobalSettings>) {
    egui_settings.auto_create_primary_context = false;
    let mut scene = commands.spawn((
        SceneCamera,
        Camera3d::default(),
        Projection::from(PerspectiveProjection { fov: std::f32::consts::FRAC_PI_4, far: 2000.0, ..default() }),
        Tonemapping::None,
        plan.msaa,
        Transform::from_xyz(60.0, 40.0, 60.0).looking_at(Vec3::ZERO, Vec3::Y),
    ));
    if plan.orbit {
        scene.insert(bevy_panorbit_camera::PanOrbitCamera {
            button_orbit: MouseButton::Left,
            button_pan: MouseButton::Right,
            pitch_upper_limit: Some(1.5),
            pitch_lower_limit: Some(0.03),
            zoom_lower_limit: 0.3,
            zoom_upper_limit: Some(600.0),
            ..default()
        });
    }
    if let Some(target) = &plan.target {
        scene.insert(target.clone());
    }
    let mut panels = commands.spawn((
        PanelCamera,
        PrimaryEguiContext,
        Camera2d,
        RenderLayers::none(),
        Msaa::Off,
        Camera {
            order: 1,
            output_mode: CameraOutputMode::Write { blend_state: Some(BlendState::ALPHA_BLENDING), clear_color: ClearColorConfig::None },
            clear_color: ClearColorConfig::Custom(Color::NONE),
            ..default()
        },
    ));
    if let Some(target) = &plan.target {
        panels.insert(target.clone());
    }
}

/// Puts the scene's camera where the panels leave room.
fn fit_viewport(
    state: Res<ViewState>,
    panels: Single<&Camera, (With<PanelCamera>, Without<SceneCamera>)>,
    mut scene: Single<&mut Camera, With<SceneCamera>>,
) {
    let (Some(size), Some(scale)) = (panels.physical_target_size(), panels.target_scaling_factor()) else { return };
    let rect = state.scene_rect;
    let min = UVec2::new((rect.min.x * scale).max(0.0) as u32, (rect.min.y * scale).max(0.0) as u32).min(size);
    let max = UVec2::new((rect.max.x * scale).max(0.0) as u32, (rect.max.y * scale).max(0.0) as u32).min(size);
    let extent = max.saturating_sub(min);
    // A window that has just been made smaller, or a panel over all of it, leaves nothing to draw into.
    let viewport = (extent.x > 1 && extent.y > 1).then(|| Viewport { physical_position: min, physical_size: extent, ..default() });
    let differs = |old: &Viewport, new: &Viewport| old.physical_position != new.physical_position || old.physical_size != new.physical_size;
    if let Some(viewport) = viewport
        && scene.viewport.as_ref().is_none_or(|old| differs(old, &viewport))
    {
        scene.viewport = Some(viewport);
    }
}
