//! What the plant stands in: sky, one sun, ground to the horizon.

use super::SceneCamera;
use super::bounds::SceneBounds;
use super::plant_material::{Paint, Painter, PlantMaterial, Surroundings};
use super::plant_scene::{PlantMesh, SceneProgress};
use super::scene_picture::ScenePicture;
use super::state::ViewState;
use super::view_modes::colour;
use bevy::asset::embedded_asset;
use bevy::camera::primitives::Aabb;
use bevy::camera::visibility::NoFrustumCulling;
use bevy::light::{CascadeShadowConfigBuilder, NotShadowCaster, NotShadowReceiver};
use bevy::mesh::MeshVertexBufferLayoutRef;
use bevy::pbr::{MaterialPipeline, MaterialPipelineKey};
use bevy::prelude::*;
use bevy::render::render_resource::{AsBindGroup, Face, RenderPipelineDescriptor, SpecializedMeshPipelineError};
use bevy::shader::ShaderRef;
use bevy_panorbit_camera::PanOrbitCamera;
use twin_ui::Theme;

/// Direction towards the sun; the shader of the plant has the same.
const TOWARDS_SUN: Vec3 = Vec3::new(0.4, 0.8, 0.45);
/// How far shadows are drawn, m from the camera.
const SHADOW_REACH_M: f32 = 170.0;
/// Half the side of the ground; fog hides its edge.
const GROUND_REACH_M: f32 = 1500.0;
/// The ground lies a little below everything that was modelled on it.
const GROUND_GAP_M: f32 = 0.02;
const SKY_RADIUS_M: f32 = 1700.0;
/// Plants up to this radius fit the stage as it is; for larger ones it grows.
const STAGE_FITS_RADIUS_M: f32 = 300.0;
/// What lies further away is not drawn, m.
pub const FARTHEST_M: f32 = 4000.0;
/// The camera goes no further away, m.
pub const MOST_ZOOM_M: f32 = 900.0;

/// The one light that throws shadows.
#[derive(Component)]
pub struct Sun;

#[derive(Component)]
struct Ground;

#[derive(Component)]
struct SkyDome;

/// The sky: horizon below, zenith above.
#[derive(Asset, TypePath, AsBindGroup, Clone, Debug)]
pub struct SkyMaterial {
    #[uniform(0)]
    horizon: LinearRgba,
    #[uniform(0)]
    zenith: LinearRgba,
}

impl Material for SkyMaterial {
    fn fragment_shader() -> ShaderRef {
        "embedded://didymos/view/sky.wgsl".into()
    }

    fn enable_prepass() -> bool {
        false
    }

    fn enable_shadows() -> bool {
        false
    }

    fn specialize(
        _pipeline: &MaterialPipeline,
        descriptor: &mut RenderPipelineDescriptor,
        _layout: &MeshVertexBufferLayoutRef,
        _key: MaterialPipelineKey<Self>,
    ) -> Result<(), SpecializedMeshPipelineError> {
        // The sky is seen from within.
        descriptor.primitive.cull_mode = Some(Face::Front);
        Ok(())
    }
}

/// Handle of the sky, so that a theme can change it.
#[derive(Resource)]
struct Sky(Handle<SkyMaterial>);

/// Adds sky, sun and ground.
pub struct StagePlugin;

impl Plugin for StagePlugin {
    fn build(&self, app: &mut App) {
        embedded_asset!(app, "sky.wgsl");
        app.add_plugins(MaterialPlugin::<SkyMaterial>::default())
            .add_systems(PreStartup, spawn)
            .add_systems(Update, (fit_stage.run_if(resource_changed::<SceneProgress>), follow_theme));
    }
}

fn spawn(
    mut commands: Commands,
    state: Res<ViewState>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut skies: ResMut<Assets<SkyMaterial>>,
    mut painter: Painter,
) {
    let sky = skies.add(sky_of(&state.theme));
    commands.insert_resource(Sky(sky.clone()));
    commands.spawn((
        SkyDome,
        Mesh3d(meshes.add(Sphere::new(SKY_RADIUS_M).mesh().uv(24, 12))),
        MeshMaterial3d(sky),
        (NoFrustumCulling, NotShadowCaster, NotShadowReceiver),
    ));
    let ground = Paint { has_grid: true, ..Paint::tone(colour(state.theme.scene_ground).to_linear()) };
    commands.spawn((
        Ground,
        ThemeTone(|theme| theme.scene_ground),
        Mesh3d(meshes.add(Plane3d::new(Vec3::Y, Vec2::splat(GROUND_REACH_M)))),
        MeshMaterial3d(painter.get(ground)),
        NotShadowCaster,
    ));
    commands.spawn((
        Sun,
        DirectionalLight { shadow_maps_enabled: false, shadow_depth_bias: 0.03, shadow_normal_bias: 1.2, ..default() },
        CascadeShadowConfigBuilder { num_cascades: 3, first_cascade_far_bound: 22.0, maximum_distance: SHADOW_REACH_M, ..default() }
            .build(),
        Transform::default().looking_to(-TOWARDS_SUN, Vec3::Y),
    ));
}

/// What the theme says of the surroundings of all materials.
pub fn surroundings_of(theme: &Theme) -> Surroundings {
    Surroundings { haze: colour(theme.scene_horizon).to_linear(), accent: colour(theme.accent).to_linear(), ..Surroundings::default() }
}

fn sky_of(theme: &Theme) -> SkyMaterial {
    SkyMaterial { horizon: colour(theme.scene_horizon).to_linear(), zenith: colour(theme.scene_sky).to_linear() }
}

/// Puts the ground under the lowest thing, and makes ground, sky and the reach of the camera as large as the plant needs.
fn fit_stage(
    progress: Res<SceneProgress>,
    bounds: Res<SceneBounds>,
    mut ground: Single<&mut Transform, With<Ground>>,
    mut sky: Single<&mut Transform, (With<SkyDome>, Without<Ground>)>,
    camera: Single<(&mut Projection, Option<&mut PanOrbitCamera>), With<SceneCamera>>,
    meshes: Query<(&Aabb, &GlobalTransform), With<PlantMesh>>,
) {
    if *progress != SceneProgress::Ready {
        return;
    }
    let bottom = |(aabb, at): (&Aabb, &GlobalTransform)| {
        // The box of a turned mesh reaches at most this far down.
        let reach = at.affine().matrix3.transpose().y_axis.abs().dot(aabb.half_extents);
        at.transform_point(aabb.center.into()).y - reach
    };
    let lowest = meshes.iter().map(bottom).fold(f32::INFINITY, f32::min);
    let (centre, radius) = bounds.all.map_or((Vec3::ZERO, 0.0), |all| (all.centre(), all.radius()));
    let size = (radius / STAGE_FITS_RADIUS_M).max(1.0);
    let level = if lowest.is_finite() { lowest - GROUND_GAP_M } else { 0.0 };
    **ground = Transform::from_xyz(centre.x, level, centre.z).with_scale(Vec3::new(size, 1.0, size));
    **sky = Transform::from_translation(centre).with_scale(Vec3::splat(size));
    let (mut projection, orbit) = camera.into_inner();
    if let Projection::Perspective(lens) = &mut *projection {
        lens.far = FARTHEST_M * size;
    }
    if let Some(mut orbit) = orbit {
        orbit.zoom_upper_limit = Some(MOST_ZOOM_M * size);
    }
}

/// Something of ours whose tone is the theme's.
#[derive(Component, Clone, Copy)]
pub struct ThemeTone(pub fn(&Theme) -> egui::Color32);

/// Repaints what is ours when the theme changes: sky, haze, ground, gauges, ticks.
fn follow_theme(
    state: Res<ViewState>,
    sky: Res<Sky>,
    mut skies: ResMut<Assets<SkyMaterial>>,
    mut painter: Painter,
    mut picture: ResMut<ScenePicture>,
    mut toned: Query<(&ThemeTone, Has<Ground>, &mut MeshMaterial3d<PlantMaterial>)>,
    mut applied: Local<String>,
) {
    if *applied == state.theme.name {
        return;
    }
    applied.clone_from(&state.theme.name);
    // The handle keeps the asset alive.
    let _ = skies.insert(sky.0.id(), sky_of(&state.theme));
    let themed = surroundings_of(&state.theme);
    let surroundings = Surroundings { haze: themed.haze, accent: themed.accent, ..painter.surroundings() };
    painter.set_surroundings(surroundings);
    picture.redraw();
    for (tone, has_grid, mut material) in &mut toned {
        let paint = Paint { has_grid, ..Paint::tone(colour(tone.0(&state.theme)).to_linear()) };
        material.0 = painter.get(paint);
    }
}
