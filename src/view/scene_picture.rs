//! The 3D scene is drawn into a picture of its own, and only when something in it changed.
//!
//! The panels show that picture. So a value that changes costs the panels, not the plant, and a plant that stands still
//! costs nothing: on a software rasteriser that is the difference between a busy core and an idle one.

use super::SceneCamera;
use super::plant_material::PlantMaterial;
use super::plant_scene::SceneProgress;
use super::state::ViewState;
use bevy::camera::visibility::VisibilitySystems;
use bevy::camera::{CameraUpdateSystems, RenderTarget};
use bevy::image::Image;
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, PipelineCache, TextureFormat};
use bevy::render::{Render, RenderApp, RenderSystems};
use bevy_egui::{EguiTextureHandle, EguiUserTextures};
use bevy_panorbit_camera::PanOrbitCameraSystemSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Frames drawn after a change: what was changed this frame reaches the renderer at once, a mesh or a pipeline later.
const FRAMES_AFTER_CHANGE: u32 = 2;
/// Frames without a waiting pipeline before the picture is believed.
const QUIET_FRAMES: u32 = 4;

/// Frames since the renderer last waited for a pipeline.
#[derive(Resource, Clone, Default)]
pub struct QuietFrames(Arc<AtomicU32>);

impl QuietFrames {
    /// Every pipeline that is needed has been there for a while.
    pub fn is_quiet(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= QUIET_FRAMES
    }
}

/// The picture of the scene. The default one shows nothing.
#[derive(Resource, Default)]
pub struct ScenePicture {
    image: Handle<Image>,
    /// What the panels call it.
    pub texture: egui::TextureId,
    size: UVec2,
    scale: f32,
    frames_left: u32,
    wants_animation: bool,
    is_animated: bool,
}

impl ScenePicture {
    /// Draws the scene in this frame and the next ones.
    pub fn redraw(&mut self) {
        // The decision of this frame takes one off.
        self.frames_left = FRAMES_AFTER_CHANGE + 1;
    }

    /// Something in the scene is under way and wants the next frame soon: a flight, an explosion, ticks on pipes. A value
    /// that changed does not: what it moved is drawn in the same frame.
    pub fn animate(&mut self) {
        self.wants_animation = true;
    }

    /// Something in the scene is under way.
    pub fn is_animated(&self) -> bool {
        self.is_animated
    }

    /// The scene is being drawn in this frame.
    pub fn is_drawing(&self) -> bool {
        self.frames_left > 0
    }
}

/// Draws the scene into its picture.
pub struct ScenePicturePlugin;

impl Plugin for ScenePicturePlugin {
    fn build(&self, app: &mut App) {
        let quiet = QuietFrames::default();
        app.insert_resource(quiet.clone()).add_systems(PreStartup, create.before(super::spawn_cameras)).add_systems(
            PostUpdate,
            (fit, decide).chain().after(PanOrbitCameraSystemSet).before(CameraUpdateSystems).before(VisibilitySystems::CheckVisibility),
        );
        if let Some(render) = app.get_sub_app_mut(RenderApp) {
            render.insert_resource(quiet).add_systems(Render, count_quiet_frames.in_set(RenderSystems::Cleanup));
        }
    }
}

fn count_quiet_frames(pipelines: Res<PipelineCache>, quiet: Res<QuietFrames>) {
    if pipelines.waiting_pipelines().next().is_some() {
        quiet.0.store(0, Ordering::Relaxed);
    } else {
        quiet.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn create(mut commands: Commands, mut images: ResMut<Assets<Image>>, mut textures: ResMut<EguiUserTextures>) {
    let size = UVec2::new(1280, 720);
    let mut image = Image::new_target_texture(size.x, size.y, TextureFormat::Rgba8UnormSrgb, None);
    // Only the renderer writes it: no zeros are kept here and sent there, and a new size is drawn anew.
    image.data = None;
    image.copy_on_resize = false;
    let image = images.add(image);
    let texture = textures.add_image(EguiTextureHandle::Strong(image.clone()));
    commands.insert_resource(ScenePicture {
        image,
        texture,
        size,
        scale: 1.0,
        frames_left: FRAMES_AFTER_CHANGE,
        wants_animation: false,
        is_animated: true,
    });
}

/// Makes the picture as large as the place the panels leave for it.
fn fit(
    state: Res<ViewState>,
    mut picture: ResMut<ScenePicture>,
    mut images: ResMut<Assets<Image>>,
    mut target: Single<&mut RenderTarget, With<SceneCamera>>,
) {
    let scale = state.pixels_per_point;
    let wanted = (state.scene_rect.size() * scale).round();
    // A window that has just been made smaller, or a panel over all of it, leaves nothing to draw into.
    if !wanted.x.is_finite() || wanted.x < 2.0 || wanted.y < 2.0 {
        return;
    }
    let size = UVec2::new(wanted.x as u32, wanted.y as u32);
    let is_same = matches!(&**target, RenderTarget::Image(image) if image.handle == picture.image);
    if size == picture.size && scale == picture.scale && is_same {
        return;
    }
    // The camera looks at its target anew when the image was touched, and does so in the next frame.
    if let Some(mut image) = images.get_mut(&picture.image) {
        image.resize(Extent3d { width: size.x, height: size.y, depth_or_array_layers: 1 });
    }
    (picture.size, picture.scale) = (size, scale);
    **target = RenderTarget::Image(bevy::camera::ImageRenderTarget { handle: picture.image.clone(), scale_factor: scale });
    picture.redraw();
}

type SomethingMoved = Or<(Changed<Transform>, Changed<Visibility>, Changed<MeshMaterial3d<PlantMaterial>>, Added<Mesh3d>)>;

/// Draws the scene when it changed, and leaves the last picture otherwise.
fn decide(
    mut picture: ResMut<ScenePicture>,
    progress: Res<SceneProgress>,
    quiet: Res<QuietFrames>,
    moved: Query<(), (SomethingMoved, Without<super::PanelCamera>)>,
    mut materials: MessageReader<AssetEvent<PlantMaterial>>,
    camera: Single<(&mut Camera, Ref<Transform>), With<SceneCamera>>,
) {
    let (mut camera, eye) = camera.into_inner();
    let is_painted = materials.read().count() > 0;
    let is_loading = matches!(*progress, SceneProgress::Loading | SceneProgress::Spawned) || !quiet.is_quiet();
    if is_painted || is_loading || !moved.is_empty() {
        picture.frames_left = FRAMES_AFTER_CHANGE;
    } else {
        picture.frames_left = picture.frames_left.saturating_sub(1);
    }
    picture.is_animated = std::mem::take(&mut picture.wants_animation) || eye.is_changed() || is_loading;
    let is_drawing = picture.is_drawing();
    if camera.is_active != is_drawing {
        camera.is_active = is_drawing;
    }
}
