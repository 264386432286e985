//! Drawing into a file: the window's own plugins, without a window.

use super::{CameraWish, QualityChoice, QuietFrames, SceneCamera, SceneFiles, SceneProgress, ViewPlugin, ViewState};
use bevy::app::{ScheduleRunnerPlugin, TerminalCtrlCHandlerPlugin};
use bevy::camera::RenderTarget;
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::render_resource::TextureFormat;
use bevy::render::view::screenshot::{Screenshot, save_to_disk};
use bevy::window::ExitCondition;
use bevy::winit::WinitPlugin;
use crossbeam_channel::Sender;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Frames drawn after everything has loaded, so that the panels have settled.
const SETTLE_FRAMES: u32 = 12;
/// Time after which loading has failed. Frames would not do: a fast adapter draws thousands while a file loads.
const PATIENCE: Duration = Duration::from_secs(300);

/// Turn of the camera per measured frame, rad.
const TURN_PER_FRAME: f32 = 0.01;

/// What a picture is of, beside the state of the view.
#[derive(Clone, Copy, Debug)]
pub struct Shot {
    /// Size, pixels.
    pub size: (u32, u32),
    /// How much it may cost.
    pub quality: QualityChoice,
    /// What the camera looks at.
    pub camera: CameraWish,
}

/// How long frames took, seconds each.
#[derive(Clone, Debug, Default)]
pub struct FrameTimes {
    /// Values change, the camera stands.
    pub values: Vec<f64>,
    /// Values change and the camera moves.
    pub moving: Vec<f64>,
}

#[derive(Resource)]
struct Job {
    goal: Goal,
    target: Handle<Image>,
    camera: CameraWish,
    begun: Instant,
    settled: u32,
    is_taken: bool,
}

/// What a run without a window is for.
enum Goal {
    /// A PNG file.
    Picture(PathBuf),
    /// So many frame times of each kind, told when they are complete.
    FrameTimes { wanted: usize, last: Option<Instant>, times: FrameTimes, told: Sender<FrameTimes>, feed: Feed },
}

/// Brings the next values, before each measured frame.
pub type Feed = Box<dyn FnMut() + Send + Sync>;

/// Draws a view into a PNG file.
///
/// # Errors
/// A sentence when nothing could be drawn or written.
pub fn draw(mut state: ViewState, scene: SceneFiles, shot: Shot, out: &Path) -> Result<(), String> {
    if crate::display::adapter().is_none() {
        return Err(crate::display::NO_DRIVER.to_owned());
    }
    // A picture of before must not pass for the new one.
    match std::fs::remove_file(out) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(format!("{} cannot be written: {error}.", out.display())),
        _ => {}
    }
    state.is_still = true;
    app(state, scene, shot, Goal::Picture(out.to_owned())).run();
    if out.exists() { Ok(()) } else { Err(format!("the picture {} could not be drawn or written.", out.display())) }
}

/// Draws `frames` frames of a view whose values change every frame, first with a camera that stands, then with one that
/// moves.
///
/// # Errors
/// A sentence when nothing could be drawn.
pub fn frame_times(state: ViewState, scene: SceneFiles, shot: Shot, frames: usize, feed: Feed) -> Result<FrameTimes, String> {
    if crate::display::adapter().is_none() {
        return Err(crate::display::NO_DRIVER.to_owned());
    }
    let (told, times) = crossbeam_channel::bounded(1);
    app(state, scene, shot, Goal::FrameTimes { wanted: frames, last: None, times: FrameTimes::default(), told, feed }).run();
    times.try_recv().map_err(|_| "no frame was drawn.".to_owned())
}

fn app(state: ViewState, scene: SceneFiles, shot: Shot, goal: Goal) -> App {
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
    app.add_plugins(ScheduleRunnerPlugin::run_loop(Duration::ZERO));
    let (width, height) = shot.size;
    let image = Image::new_target_texture(width, height, TextureFormat::Rgba8UnormSrgb, None);
    let target = app.world_mut().resource_mut::<Assets<Image>>().add(image);
    app.insert_resource(state)
        .insert_resource(Job { goal, target: target.clone(), camera: shot.camera, begun: Instant::now(), settled: 0, is_taken: false })
        .add_plugins(ViewPlugin { scene, orbit: false, target: Some(RenderTarget::Image(target.into())), quality: shot.quality })
        .add_systems(Last, progress);
    app
}

impl FrameTimes {
    /// Takes the time of a frame; true when both kinds are complete.
    fn take(&mut self, wanted: usize, secs: f64) -> bool {
        let next = if self.values.len() < wanted { &mut self.values } else { &mut self.moving };
        next.push(secs);
        self.moving.len() >= wanted
    }
}

fn progress(
    mut commands: Commands,
    mut job: ResMut<Job>,
    (scene, quiet): (Res<SceneProgress>, Res<QuietFrames>),
    mut wish: ResMut<CameraWish>,
    mut state: ResMut<ViewState>,
    mut camera: Single<&mut Transform, With<SceneCamera>>,
    mut exit: MessageWriter<AppExit>,
) {
    let is_too_late = job.begun.elapsed() > PATIENCE;
    if job.is_taken {
        let is_over = match &mut job.goal {
            Goal::Picture(out) => out.exists(),
            Goal::FrameTimes { wanted, last, times, told, feed } => {
                let took = last.replace(Instant::now()).map(|before| before.elapsed().as_secs_f64());
                feed();
                state.touch();
                if times.values.len() >= *wanted {
                    camera.rotate_around(Vec3::ZERO, Quat::from_rotation_y(TURN_PER_FRAME));
                }
                // Whoever asked may have gone; then nobody misses the answer.
                took.is_some_and(|secs| times.take(*wanted, secs)) && told.try_send(std::mem::take(times)).is_ok()
            }
        };
        if is_over || is_too_late {
            exit.write(AppExit::Success);
        }
        return;
    }
    let is_loaded = matches!(*scene, SceneProgress::Ready | SceneProgress::Absent) && quiet.is_quiet();
    if !is_loaded {
        if is_too_late {
            exit.write(AppExit::Success);
        }
        return;
    }
    job.settled += 1;
    // The panels have their places by now, and the camera knows how wide the scene is.
    if job.settled == SETTLE_FRAMES / 2 {
        *wish = job.camera;
    }
    if job.settled >= SETTLE_FRAMES && quiet.is_quiet() {
        if let Goal::Picture(out) = &job.goal {
            commands.spawn(Screenshot::image(job.target.clone())).observe(save_to_disk(out.clone()));
        }
        job.is_taken = true;
    }
}
