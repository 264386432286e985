//! A thousand pumps: what bindings cost on top of drawing, and what they cost the processor without drawing.

use super::bare_bevy;
use super::drawing::{adapter_name, quantiles_ms};
use super::figures::verdict;
use crate::display;
use crate::plant_files::{self, PlantFiles};
use crate::stress_plant;
use crate::view::picture::{self, Feed, Shot};
use crate::view::{CameraWish, QualityChoice, ViewLink, ViewState, bindings};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use twin_model::{Batch, Clock, LaneId, ManualClock, Origin, Plant, Quality, Sample, SignalKey, SourceEvent, TwinTime};
use twin_runtime::{Twin, ViewSnapshots};

const PUMPS: usize = 1000;
/// Meshes bound to one thing where nothing is drawn.
const MESHES_PER_THING: usize = 10;
/// Changes of a value per second of plant time.
const CHANGES_PER_SEC: f64 = 1000.0;
const FRAMES: usize = 40;
/// Updates measured without drawing.
const UPDATES: usize = 300;
/// Plant time between two frames, s.
const FRAME_SECS: f64 = 1.0 / 30.0;
const SIZE: (u32, u32) = (1280, 720);
/// 2026-01-31T08:00:00Z.
const START: TwinTime = TwinTime(1_769_846_400_000_000_000);
/// Longest ratio to bare Bevy.
const MOST_RATIO: f64 = 1.15;
/// Most the systems may add to a frame, ms.
const MOST_SYSTEMS_MS: f64 = 5.0;

/// Runs all parts; each way of drawing in a process of its own, since Bevy sets itself up once per process.
///
/// # Errors
/// A sentence when nothing can draw here.
pub fn run() -> Result<(), String> {
    println!("adapter: {}; {PUMPS} pumps, {}x{}, the camera moves", adapter_name(), SIZE.0, SIZE.1);
    println!("bare Bevy draws the same file with its own StandardMaterial and no panels; still draws ours and no new values");
    let part = |name: &str| {
        let program = std::env::current_exe().map_err(|error| format!("the program does not know where it is: {error}"))?;
        let output = Command::new(program).args(["bench", name]).output().map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let figure = text.lines().find_map(|line| line.strip_prefix("p50_ms ")).and_then(|figure| figure.parse::<f64>().ok());
        figure.ok_or_else(|| format!("{name} drew nothing: {text}{}", String::from_utf8_lossy(&output.stderr)))
    };
    let mut ratios = Vec::new();
    for pair in 1..=3 {
        let (bare, still, live) = (part("stress-bare")?, part("stress-still")?, part("stress-live")?);
        println!(
            "pair {pair}: bare Bevy {bare:.1} ms, our view with nothing bound to change {still:.1} ms, all bindings live {live:.1} ms; \
             live ÷ bare {:.2}, live ÷ still {:.2}",
            live / bare,
            live / still
        );
        ratios.push((live / bare, live / still));
    }
    ratios.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    println!("median of live ÷ bare {:.2}: {}", ratios[1].0, verdict(ratios[1].0 <= MOST_RATIO));
    ratios.sort_unstable_by(|a, b| a.1.total_cmp(&b.1));
    println!("median of live ÷ still {:.2}: {}", ratios[1].1, verdict(ratios[1].1 <= MOST_RATIO));
    systems()
}

/// The same file in Bevy without anything of ours.
///
/// # Errors
/// A sentence when nothing can draw here.
pub fn bare() -> Result<(), String> {
    let files = stress_files()?;
    print_p50(bare_bevy::frame_times(&files.scene, SIZE, FRAMES)?);
    Ok(())
}

/// Our view of the stress plant, with or without changes.
///
/// # Errors
/// A sentence when nothing can draw here.
pub fn drawn(is_live: bool) -> Result<(), String> {
    let files = stress_files()?;
    let (snapshots, mut feed) = feed(Arc::clone(&files.plant));
    feed();
    let (actions, _inbox) = crossbeam_channel::bounded(16);
    let state = ViewState::new(Arc::clone(&files.plant), ViewLink { snapshots, actions });
    let is_software = display::adapter().is_some_and(|adapter| adapter.is_software);
    let quality = QualityChoice { wish: twin_ui::Quality::Economy, is_software };
    let shot = Shot { size: SIZE, quality, camera: CameraWish::Home };
    let feed: Feed = if is_live { feed } else { Box::new(|| ()) };
    print_p50(picture::frame_times(state, files.scene, shot, FRAMES, feed)?.moving);
    Ok(())
}

fn print_p50(secs: Vec<f64>) {
    println!("p50_ms {:.3}", quantiles_ms(secs).0);
}

/// The stress plant, opened from a folder that is gone again.
fn stress_files() -> Result<PlantFiles, String> {
    let folder = std::env::temp_dir().join(format!("didymos-stress-{}", std::process::id()));
    let files = stress_plant::write(PUMPS, &folder).and_then(|()| plant_files::open(Some(&folder), None));
    std::fs::remove_dir_all(&folder).map_err(|error| format!("{} stays behind: {error}.", folder.display()))?;
    files
}

/// A twin of the plant whose feed changes values as fast as [`CHANGES_PER_SEC`] says, and the snapshots it puts.
fn feed(plant: Arc<Plant>) -> (ViewSnapshots, Feed) {
    let clock = Arc::new(ManualClock::new(START));
    let signals = plant.signals.len();
    let mut twin = Twin::new(plant, Arc::clone(&clock) as Arc<dyn Clock>);
    let snapshots = ViewSnapshots::new(twin.snapshot(0, 0.0));
    let put = snapshots.clone();
    let state = Mutex::new((0_usize, move |number: usize| {
        let per_frame = (CHANGES_PER_SEC * FRAME_SECS) as usize;
        let time = START.plus_secs(number as f64 * FRAME_SECS);
        clock.set(time);
        let changed = if number == 0 { 0..signals } else { number * per_frame..(number + 1) * per_frame };
        let samples = changed.map(|index| Sample {
            signal: SignalKey((index % signals) as u32),
            value: Some(((index * 31 + number * 17) % 1000) as f64 * 0.01),
            quality: Quality::GOOD,
            source_time: time,
            receive_time: time,
            origin: Origin::Live,
        });
        let batch = Batch { samples: samples.collect(), tick: Some(time), ack: None };
        twin.apply_source_event(LaneId::LIVE, SourceEvent::Batch(batch));
        twin.advance(FRAME_SECS);
        put.put(twin.snapshot(number as u64 + 1, 0.0));
    }));
    let feed = move || {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, step) = &mut *state;
        step(*number);
        *number += 1;
    };
    (snapshots, Box::new(feed))
}

/// Time our systems take per frame where nothing is drawn.
fn systems() -> Result<(), String> {
    let plant = stress_files()?.plant;
    let nodes = plant.things.len() * MESHES_PER_THING;
    let (snapshots, mut feed) = feed(Arc::clone(&plant));
    let (actions, _inbox) = crossbeam_channel::bounded(16);
    let mut app = bindings::app(ViewState::new(plant, ViewLink { snapshots, actions }), MESHES_PER_THING);
    let mut times = Vec::new();
    for _ in 0..UPDATES {
        feed();
        let begun = Instant::now();
        app.update();
        times.push(begun.elapsed().as_secs_f64());
    }
    let (p50_ms, p95_ms, p99_ms) = quantiles_ms(times);
    println!(
        "our systems at {nodes} bound nodes, {CHANGES_PER_SEC} changes/s, a new snapshot every frame, nothing drawn: \
         p50 {p50_ms:.2} ms, p95 {p95_ms:.2} ms, p99 {p99_ms:.2} ms: {}",
        verdict(p50_ms <= MOST_SYSTEMS_MS)
    );
    Ok(())
}
