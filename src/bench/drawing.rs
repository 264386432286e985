//! From the start of the process to the first moving frame, and from a snapshot to its frame.

use crate::offline::{OfflineRun, fixed_start};
use crate::view::picture::{self, Shot};
use crate::view::{CameraWish, QualityChoice, ViewLink, ViewState};
use crate::{display, plant_files};
use std::process::Command;
use std::sync::Arc;
use twin_demo::DemoOptions;
use twin_runtime::ViewSnapshots;
use twin_ui::Quality;

/// Times the program is started.
const STARTS: usize = 5;
/// Frames timed per size.
const FRAMES: usize = 60;

/// Starts the program itself, with its window, until the first frame whose values moved.
///
/// # Errors
/// A sentence when there is no display and no Xvfb.
pub fn startup() -> Result<(), String> {
    println!("adapter: {}", adapter_name());
    let program = std::env::current_exe().map_err(|error| format!("the program does not know where it is: {error}"))?;
    let has_display = std::env::var_os("DISPLAY").is_some_and(|value| !value.is_empty());
    for number in 1..=STARTS {
        let mut command = if has_display { Command::new(&program) } else { Command::new("xvfb-run") };
        if !has_display {
            command.args(["-a", "-s", "-screen 0 1600x900x24"]).arg(&program);
        }
        let output = command
            .arg("--until-moving")
            .output()
            .map_err(|error| format!("the window could not be started: {error}. Without a display this needs xvfb-run (package xvfb)."))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().find(|line| line.starts_with("first moving frame"));
        println!("start {number}: {}", line.unwrap_or("no frame was drawn"));
    }
    Ok(())
}

/// Draws frames whose values change each time, without a window.
///
/// # Errors
/// A sentence when nothing can draw here.
pub fn frame() -> Result<(), String> {
    println!("adapter: {}", adapter_name());
    // Bevy's own set-up is allowed once per process; a second size is a second run of this program.
    let size = (1280, 720);
    let files = plant_files::open(None, None)?;
    let mut run = OfflineRun::new(&files.plant, DemoOptions { start: fixed_start(), ..DemoOptions::default() })?;
    run.run_to_secs(60.0);
    let (actions, _inbox) = crossbeam_channel::bounded(16);
    let snapshots = ViewSnapshots::new(run.twin.snapshot(1, 0.0));
    let state = ViewState::new(Arc::clone(&files.plant), ViewLink { snapshots, actions });
    let quality = QualityChoice { wish: Quality::Auto, is_software: display::adapter().is_some_and(|adapter| adapter.is_software) };
    let level = quality.level();
    let times = picture::frame_times(state, files.scene, Shot { size, quality, camera: CameraWish::Home }, FRAMES, Box::new(|| ()))?;
    for (what, secs) in [("values change", times.values), ("the camera moves", times.moving)] {
        let (p50_ms, p95_ms, p99_ms) = quantiles_ms(secs);
        println!(
            "{}x{}, {level:?}, {what}: p50 {p50_ms:.1} ms, p95 {p95_ms:.1} ms, p99 {p99_ms:.1} ms, {:.1} frames/s",
            size.0,
            size.1,
            1e3 / p50_ms
        );
    }
    Ok(())
}

/// Median, 95 % and 99 % quantile, ms.
pub fn quantiles_ms(secs: Vec<f64>) -> (f64, f64, f64) {
    let mut times_ms: Vec<f64> = secs.iter().map(|secs| secs * 1e3).collect();
    times_ms.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| times_ms.get((times_ms.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN);
    (at(0.5), at(0.95), at(0.99))
}

/// The adapter, in words.
pub fn adapter_name() -> String {
    display::adapter()
        .map_or("none".to_owned(), |adapter| format!("{}{}", adapter.name, if adapter.is_software { " (software)" } else { "" }))
}
