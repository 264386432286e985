//! The yardstick of the stress bench: the same glTF in Bevy with nothing of ours.

use crate::view::SceneFiles;
use bevy::app::{ScheduleRunnerPlugin, TerminalCtrlCHandlerPlugin};
use bevy::camera::RenderTarget;
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::render_resource::TextureFormat;
use bevy::window::ExitCondition;
use bevy::winit::WinitPlugin;
use bevy::world_serialization::WorldInstanceReady;
use crossbeam_channel::Sender;
use std::time::Instant;

/// Frames drawn after the scene has come, before any is measured.
const WARM_UP: usize = 30;
const TURN_PER_FRAME: f32 = 0.01;

#[derive(Resource)]
struct Measured {
    is_ready: bool,
    frames: usize,
    wanted: usize,
    last: Option<Instant>,
    secs: Vec<f64>,
    told: Sender<Vec<f64>>,
}

/// Draws the scene with a camera that moves, and returns how long each frame took, seconds.
///
/// # Errors
/// A sentence when nothing was drawn.
pub fn frame_times(scene: &SceneFiles, size: (u32, u32), frames: usize) -> Result<Vec<f64>, String> {
    let path = scene.asset_path(true).ok_or("the stress plant has no scene.")?;
    let (told, times) = crossbeam_channel::bounded(1);
    let mut app = App::new();
    scene.register(&mut app);
    app.add_plugins((
        DefaultPlugins
            .build()
            .disable::<WinitPlugin>()
            .disable::<TerminalCtrlCHandlerPlugin>()
            .set(LogPlugin { filter: "error".to_owned(), ..default() })
            .set(WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..default() }),
        ScheduleRunnerPlugin::run_loop(std::time::Duration::ZERO),
    ));
    let image = Image::new_target_texture(size.0, size.1, TextureFormat::Rgba8UnormSrgb, None);
    let target = app.world_mut().resource_mut::<Assets<Image>>().add(image);
    let server = app.world().resource::<AssetServer>().clone();
    let root = server.load(bevy::gltf::GltfAssetLabel::Scene(0).from_asset(path));
    app.world_mut().spawn((WorldAssetRoot(root), Transform::default(), Visibility::default()));
    app.world_mut().spawn((DirectionalLight::default(), Transform::from_xyz(0.4, 0.8, 0.45).looking_at(Vec3::ZERO, Vec3::Y)));
    app.world_mut().spawn((
        Camera3d::default(),
        RenderTarget::Image(target.into()),
        Msaa::Off,
        Transform::from_xyz(60.0, 60.0, 120.0).looking_at(Vec3::ZERO, Vec3::Y),
    ));
    app.insert_resource(Measured { is_ready: false, frames: 0, wanted: frames, last: None, secs: Vec::new(), told })
        .add_observer(|_: On<WorldInstanceReady>, mut measured: ResMut<Measured>| measured.is_ready = true)
        .add_systems(Update, step);
    app.run();
    times.try_recv().map_err(|_| "bare Bevy drew nothing.".to_owned())
}

fn step(mut measured: ResMut<Measured>, mut camera: Single<&mut Transform, With<Camera3d>>, mut exit: MessageWriter<AppExit>) {
    if !measured.is_ready {
        return;
    }
    camera.rotate_around(Vec3::ZERO, Quat::from_rotation_y(TURN_PER_FRAME));
    measured.frames += 1;
    let took = measured.last.replace(Instant::now()).map(|before| before.elapsed().as_secs_f64());
    if measured.frames > WARM_UP {
        measured.secs.extend(took);
    }
    if measured.secs.len() >= measured.wanted {
        let secs = std::mem::take(&mut measured.secs);
        // Whoever asked may have gone.
        let _ = measured.told.try_send(secs);
        exit.write(AppExit::Success);
    }
}
