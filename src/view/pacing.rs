//! When the window draws: at once when something moves or someone acts, else as seldom as the data allow.
//!
//! A frame costs a software rasteriser tens of milliseconds of both cores, so a window that shows a plant through a
//! shift must not draw thirty times a second what changes once.

use super::quality::QualityChoice;
use super::scene_picture::ScenePicture;
use super::state::{ViewLink, ViewState};
use bevy::prelude::*;
use bevy::winit::{EventLoopProxyWrapper, UpdateMode, WinitSettings, WinitUserEvent};
use std::time::Duration;
use twin_model::SourceState;
use twin_runtime::Snapshot;

/// Longest time between two frames of a window in the background: values must still move for one who glances over.
const BACKGROUND_INTERVAL: Duration = Duration::from_secs(2);
/// Longest time between two frames when the playhead stands still: the live strip still counts.
const PAUSED_INTERVAL: Duration = Duration::from_secs(5);
/// Time between two frames while a badge flashes at 1 Hz.
const FLASH_INTERVAL: Duration = Duration::from_millis(250);
/// Shortest time between two frames of a moving window in the background.
const BACKGROUND_MOVING: Duration = Duration::from_millis(100);
/// How often the newest snapshot is looked at for what must not wait.
const BELL_INTERVAL: Duration = Duration::from_millis(50);

/// Paces the window.
pub struct PacingPlugin;

impl Plugin for PacingPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(WinitSettings { focused_mode: UpdateMode::Continuous, unfocused_mode: UpdateMode::Continuous })
            .add_systems(Startup, start_bell)
            .add_systems(Last, pace);
    }
}

fn pace(state: Res<ViewState>, choice: Res<QualityChoice>, picture: Res<ScenePicture>, mut settings: ResMut<WinitSettings>) {
    let is_moving = picture.is_animated() || state.wants_frame || state.awaits_glyphs;
    let is_flashing = state.is_flashing();
    let resting = match is_flashing {
        true => FLASH_INTERVAL,
        false if state.is_paused() => PAUSED_INTERVAL,
        false => choice.live_interval(),
    };
    let focused = match is_moving.then(|| choice.moving_interval()) {
        Some(interval) if interval.is_zero() => UpdateMode::Continuous,
        Some(interval) => UpdateMode::reactive_low_power(interval),
        None => UpdateMode::reactive_low_power(resting),
    };
    let background = match is_moving {
        true => BACKGROUND_MOVING,
        // Frames further apart than a flash would show one half of it only, and perhaps always the dark one.
        false if is_flashing => FLASH_INTERVAL,
        false => resting.max(BACKGROUND_INTERVAL),
    };
    let unfocused = UpdateMode::reactive_low_power(background);
    if settings.focused_mode != focused || settings.unfocused_mode != unfocused {
        *settings = WinitSettings { focused_mode: focused, unfocused_mode: unfocused };
    }
}

/// What must be on the screen at once, however seldom the window draws.
#[derive(Clone, Debug, Default, PartialEq)]
struct Urgent {
    alarms: Vec<(usize, bool)>,
    is_horn_on: bool,
    is_connected: bool,
}

impl Urgent {
    fn of(snapshot: &Snapshot) -> Self {
        Self {
            alarms: snapshot.live.alarms.iter().map(|(_, index, status)| (*index, status.acknowledged)).collect(),
            is_horn_on: snapshot.live.horn,
            is_connected: snapshot.lanes.iter().all(|lane| lane.state == SourceState::Connected),
        }
    }
}

/// Wakes the window when an alarm or the connection changes.
fn start_bell(link: Res<BellLink>, proxy: Res<EventLoopProxyWrapper>) {
    let (snapshots, proxy) = (link.0.snapshots.clone(), (**proxy).clone());
    let listen = move || {
        let mut told = Urgent::default();
        loop {
            let now = Urgent::of(&snapshots.newest());
            // The window is gone when nobody takes the call.
            if now != told && proxy.send_event(WinitUserEvent::WakeUp).is_err() {
                return;
            }
            told = now;
            std::thread::sleep(BELL_INTERVAL);
        }
    };
    if let Err(error) = std::thread::Builder::new().name("alarm bell".to_owned()).spawn(listen) {
        warn!("Alarms reach the window only with its next frame: {error}.");
    }
}

/// Where the bell listens.
#[derive(Resource, Clone)]
pub struct BellLink(pub ViewLink);
