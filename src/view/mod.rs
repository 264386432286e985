//! The view: window or picture, 3D scene, panels. It shows snapshots and sends actions; it never changes the twin.

mod bounds;
mod camera_rig;
mod extras;
mod flow;
mod gauges;
mod model;
mod overlay;
mod pacing;
mod package;
mod panels;
mod parts;
mod plant_material;
mod plant_scene;
mod quality;
mod roles;
mod scene_files;
mod scene_picture;
mod selection;
mod stage;
mod state;
mod view_modes;
mod wishes;

pub mod bindings;
pub mod picture;
pub mod window;

pub use camera_rig::{CameraWish, SceneCamera};
pub use plant_scene::SceneProgress;
pub use quality::QualityChoice;
pub use scene_files::SceneFiles;
pub use scene_picture::QuietFrames;
pub use state::{SceneTools, VIEW, ViewLink, ViewState};

use bevy::camera::visibility::RenderLayers;
use bevy::camera::{ClearColorConfig, RenderTarget};
use bevy::core_pipeline::tonemapping::Tonemapping;
use bevy::prelude::*;
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
    /// Where the panels, and with them the scene, are drawn; `None` = the window.
    pub target: Option<RenderTarget>,
    /// How much the picture may cost.
    pub quality: QualityChoice,
}

#[derive(Resource)]
struct CameraPlan {
    target: Option<RenderTarget>,
    orbit: bool,
}

impl Plugin for ViewPlugin {
    fn build(&self, app: &mut App) {
        let surroundings = stage::surroundings_of(&app.world().resource::<ViewState>().theme);
        app.insert_resource(plant_material::MaterialLibrary::new(surroundings))
            .insert_resource(CameraPlan { target: self.target.clone(), orbit: self.orbit })
            .insert_resource(self.quality)
            .add_plugins((
                EguiPlugin::default(),
                plant_material::PlantMaterialPlugin,
                scene_picture::ScenePicturePlugin,
                stage::StagePlugin,
                quality::QualityPlugin,
                plant_scene::PlantScenePlugin(self.scene.clone()),
                camera_rig::CameraRigPlugin { orbit: self.orbit },
                view_modes::ViewModesPlugin,
                parts::PartsPlugin,
                gauges::GaugesPlugin,
                flow::FlowPlugin,
                selection::SelectionPlugin,
                panels::PanelsPlugin,
            ))
            .add_systems(PreStartup, spawn_cameras);
    }
}

fn spawn_cameras(mut commands: Commands, plan: Res<CameraPlan>, mut egui_settings: ResMut<EguiGlobalSettings>) {
    egui_settings.auto_create_primary_context = false;
    let mut scene = commands.spawn((
        SceneCamera,
        Camera3d::default(),
        Camera { order: -1, clear_color: ClearColorConfig::Custom(Color::BLACK), ..default() },
        Projection::from(PerspectiveProjection { fov: std::f32::consts::FRAC_PI_4, near: 0.2, far: stage::FARTHEST_M, ..default() }),
        Tonemapping::None,
        Msaa::Off,
        Transform::from_xyz(60.0, 40.0, 60.0).looking_at(Vec3::ZERO, Vec3::Y),
    ));
    if plan.orbit {
        scene.insert(bevy_panorbit_camera::PanOrbitCamera {
            button_orbit: MouseButton::Left,
            button_pan: MouseButton::Right,
            pitch_upper_limit: Some(1.5),
            pitch_lower_limit: Some(0.03),
            zoom_lower_limit: 0.3,
            zoom_upper_limit: Some(stage::MOST_ZOOM_M),
            orbit_smoothness: camera_rig::SMOOTHNESS,
            pan_smoothness: camera_rig::SMOOTHNESS,
            zoom_smoothness: camera_rig::SMOOTHNESS,
            ..default()
        });
    }
    let mut panels = commands.spawn((
        PanelCamera,
        PrimaryEguiContext,
        Camera2d,
        RenderLayers::none(),
        Msaa::Off,
        Camera { order: 1, clear_color: ClearColorConfig::Custom(Color::BLACK), ..default() },
    ));
    if let Some(target) = &plan.target {
        panels.insert(target.clone());
    }
}
