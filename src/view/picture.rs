//! Drawing into a file: the window's own plugins, without a window.

use super::{CameraWish, SceneFiles, SceneProgress, ViewPlugin, ViewState};
use bevy::app::{ScheduleRunnerPlugin, TerminalCtrlCHandlerPlugin};
use bevy::camera::RenderTarget;
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::render_resource::{PipelineCache, TextureFormat};
use bevy::render::view::screenshot::{Screenshot, save_to_disk};
use bevy::render::{Render, RenderApp};
use bevy::window::ExitCondition;
use bevy::winit::WinitPlugin;
use crossbeam_channel::Sender;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

/// Frames drawn after everything has loaded, so that the panels have settled.
const SETTLE_FRAMES: u32 = 12;
/// Frames after which loading has failed.
const PATIENCE_FRAMES: u32 = 3000;
/// Frames without a waiting pipeline before the picture is believed.
const QUIET_FRAMES: u32 = 4;

#[derive(Resource)]
struct Job {
    goal: Goal,
    target: Handle<Image>,
    thing: Option<usize>,
    frames: u32,
    settled: u32,
    is_taken: bool,
}

/// What a run without a window is for.
enum Goal {
    /// A PNG file.
    Picture(PathBuf),
    /// So many frame times, seconds, told when they are complete.
    FrameTimes { wanted: usize, last: Option<Instant>, times: Vec<f64>, told: Sender<Vec<f64>> },
}

/// Frames since the renderer last waited for a pipeline.
#[derive(Resource, Clone, Default)]
struct QuietFrames(Arc<AtomicU32>);

/// Draws a view into a PNG file.
///
/// # Errors
/// A sentence when nothing could be drawn or written.
pub fn draw(state: ViewState, scene: SceneFiles, thing: Option<usize>, size: (u32, u32), out: &Path) -> Result<(), String> {
    if crate::display::adapter().is_none() {
        return Err(crate::display::NO_DRIVER.to_owned());
    }
    // A picture of before must not pass for the new one.
    match std::fs::remove_file(out) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(format!("{} cannot be written: {error}.", out.display())),
        _ => {}
    }
    app(state, scene, thing, size, Goal::Picture(out.to_owned())).run();
    if out.exists() { Ok(()) } else { Err(format!("the picture {} could not be drawn or written.", out.display())) }
}

/// Draws `frames` frames of a view whose values change every frame, and returns how long each took, seconds.
///
/// # Errors
/// A sentence when nothing could be drawn.
pub fn frame_times(state: ViewState, scene: SceneFiles, size: (u32, u32), frames: usize) -> Result<Vec<f64>, String> {
    if crate::display::adapter().is_none() {
        return Err(crate::display::NO_DRIVER.to_owned());
    }
    let (told, times) = crossbeam_channel::bounded(1);
    app(state, scene, None, size, Goal::FrameTimes { wanted: frames, last: None, times: Vec::new(), told }).run();
    times.try_recv().map_err(|_| "no frame was drawn.".to_owned())
}

fn app(state: ViewState, scene: SceneFiles, thing: Option<usize>, size: (u32, u32), goal: Goal) -> App {
    // A window on a software rasteriser draws without; a picture has the time.
    let msaa = if matches!(goal, Goal::Picture(_)) { Msaa::Sample4 } else { Msaa::Off };
    let mut app = App::new();
    scene.register(&mut app);
    app.add_plugins(
        DefaultPlugins
            .build()
            .disable::<WinitPlugin>()
            .disable::<TerminalCtrlCHandlerPlugin>()
            .set(LogPlugin { filter: "error".to_owned(), ..default() })
            .set(WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..default() }),
    );
    app.add_plugins(ScheduleRunnerPlugin::run_loop(std::time::Duration::ZERO));
    let image = Image::new_target_texture(size.0, size.1, TextureFormat::Rgba8UnormSrgb, None);
    let target = app.world_mut().resource_mut::<Assets<Image>>().add(image);
    app.insert_resource(state);
    let quiet = QuietFrames::default();
    app.insert_resource(quiet.clone())
        .insert_resource(Job { goal, target: target.clone(), thing, frames: 0, settled: 0, is_taken: false })
        .add_plugins(ViewPlugin { scene, orbit: false, target: Some(RenderTarget::Image(target.into())), msaa })
        .add_systems(Last, progress);
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render.insert_resource(quiet).add_systems(Render, count_quiet_frames);
    }
    app
}

fn count_quiet_frames(pipelines: Res<PipelineCache>, quiet: Res<QuietFrames>) {
    if pipelines.waiting_pipelines().next().is_some() {
        quiet.0.store(0, Ordering::Relaxed);
    } else {
        quiet.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn progress(
    mut commands: Commands,
    mut job: ResMut<Job>,
    scene: Res<SceneProgress>,
    quiet: Res<QuietFrames>,
    mut wish: ResMut<CameraWish>,
    mut state: ResMut<ViewState>,
    mut exit: MessageWriter<AppExit>,
) {
    job.frames += 1;
    if job.is_taken {
        let is_over = match &mut job.goal {
            Goal::Picture(out) => out.exists(),
            Goal::FrameTimes { wanted, last, times, told } => {
                times.extend(last.replace(Instant::now()).map(|before| before.elapsed().as_secs_f64()));
                state.touch();
                // Whoever asked may have gone; then nobody misses the answer.
                times.len() >= *wanted && told.try_send(std::mem::take(times)).is_ok()
            }
        };
        if is_over || job.frames > PATIENCE_FRAMES {
            exit.write(AppExit::Success);
        }
        return;
    }
    let is_loaded = matches!(*scene, SceneProgress::Ready | SceneProgress::Absent) && quiet.0.load(Ordering::Relaxed) >= QUIET_FRAMES;
    if !is_loaded && job.frames < PATIENCE_FRAMES {
        return;
    }
    job.settled += 1;
    // The panels have their places by now, and the camera knows how wide the scene is.
    if job.settled == SETTLE_FRAMES / 2 {
        *wish = job.thing.map_or(CameraWish::Home, CameraWish::Thing);
    }
    if job.settled >= SETTLE_FRAMES && quiet.0.load(Ordering::Relaxed) >= QUIET_FRAMES {
        if let Goal::Picture(out) = &job.goal {
            commands.spawn(Screenshot::image(job.target.clone())).observe(save_to_disk(out.clone()));
        }
        job.is_taken = true;
    }
}
