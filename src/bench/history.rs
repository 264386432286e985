//! What the history of the demo plant takes: bytes of a sample, a restart, seeks into what memory does not hold, replays.

use super::figures::quantile;
use crate::offline::{OfflineRun, fixed_start};
use crate::plant_files;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use twin_demo::DemoOptions;
use twin_historian::{Archive, FileOptions, HistoryFile, LaneNumber, Retention};
use twin_model::SignalKey;
use twin_runtime::replay::hash_replay;
use twin_runtime::{Twin, signal_names};

/// Plant time that is recorded, s.
const RECORDED_SECS: f64 = 8.0 * 3600.0;
/// Instants that are looked for.
const SEEKS: usize = 100;
const LIVE: LaneNumber = LaneNumber(0);

/// Records eight hours of the demo plant and prints what it takes to keep them and to find them again.
///
/// # Errors
/// A sentence when the history cannot be kept.
pub fn run() -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("didymos-bench-history-{}", std::process::id()));
    let measured = measure(&folder);
    // What was only there to be measured.
    let _ = std::fs::remove_dir_all(&folder);
    measured
}

fn measure(folder: &Path) -> Result<(), String> {
    let plant = plant_files::open(None, None)?.plant;
    let mut run = OfflineRun::new(&plant, DemoOptions { start: fixed_start(), ..DemoOptions::default() })?;
    let started = Instant::now();
    run.twin.keep_history(folder, Retention::default()).map_err(|error| error.to_string())?;
    run.run_to_secs(RECORDED_SECS);
    let recorder = run.twin.lane(twin_model::LaneId::LIVE).and_then(|lane| lane.recorder()).ok_or("nothing was recorded.")?.recorder();
    if !recorder.flush(Duration::from_secs(60)) {
        return Err(format!("the disk refused: {}", recorder.stats().reason()));
    }
    let (durable, lost) = (recorder.stats().durable.load(Ordering::Relaxed), recorder.stats().lost.load(Ordering::Relaxed));
    let wall = started.elapsed().as_secs_f64();
    println!("8 h of Unit 100 with model and residuals: {durable} samples, {lost} lost, {:.0} x real time", RECORDED_SECS / wall);
    drop(run);
    let names = signal_names(&plant);
    let mut bytes = 0;
    for file in std::fs::read_dir(folder).map_err(|error| error.to_string())?.flatten() {
        let path = file.path();
        if path.extension().is_some_and(|end| end == "history") {
            let mut day = HistoryFile::open(&path, names.clone(), FileOptions::default()).map_err(|error| error.to_string())?;
            day.finish().map_err(|error| error.to_string())?;
            bytes += std::fs::metadata(&path).map_err(|error| error.to_string())?.len();
        }
    }
    println!(
        "{:.2} bytes of a sample, times, quality, order and alarms included ({:.1} MB)",
        bytes as f64 / durable as f64,
        bytes as f64 / 1e6
    );
    seeks(folder, &names)?;
    let started = Instant::now();
    let mut twin = Twin::new(plant.clone(), std::sync::Arc::new(twin_ingest::SystemClock));
    twin.keep_history(folder, Retention::default()).map_err(|error| error.to_string())?;
    println!("restart: {:.2} s until the history is taken up", started.elapsed().as_secs_f64());
    drop(twin);
    let archive = Archive::open(folder, names).map_err(|error| error.to_string())?;
    let started = Instant::now();
    let mut seconds = 0_u64;
    hash_replay(&archive, LIVE, &plant, |_| seconds += 1).map_err(|error| error.to_string())?;
    println!("replay with a hash of every second: {:.0} x real time", seconds as f64 / started.elapsed().as_secs_f64());
    Ok(())
}

fn seeks(folder: &Path, names: &std::sync::Arc<[(String, String)]>) -> Result<(), String> {
    let told = |error: twin_historian::HistoryError| error.to_string();
    let archive = Archive::open(folder, names.clone()).map_err(told)?;
    let (first, last) = archive.extent(LIVE).map_err(told)?.ok_or("nothing was recorded.")?;
    let (mut states, mut pages) = (Vec::new(), Vec::new());
    for seek in 0..SEEKS {
        // Spread over the record, and not in its order.
        let time = first.plus_secs((last - first) * ((seek * 37 % SEEKS) as f64 + 0.5) / SEEKS as f64);
        let started = Instant::now();
        archive.state_at(LIVE, time).map_err(told)?;
        states.push(started.elapsed().as_secs_f64() * 1e3);
        let started = Instant::now();
        archive.page(LIVE, time.plus_secs(-480.0), time.plus_secs(480.0)).map_err(told)?;
        pages.push(started.elapsed().as_secs_f64() * 1e3);
    }
    for (what, times) in [("state of all signals at an instant", &mut states), ("page of sixteen minutes, all signals", &mut pages)] {
        times.sort_by(f64::total_cmp);
        println!("{what}: median {:.1} ms, p99 {:.1} ms", quantile(times, 0.5), quantile(times, 0.99));
    }
    let started = Instant::now();
    let buckets = archive.envelope(LIVE, SignalKey(0), first, last, 2000).map_err(told)?.len();
    println!("envelope of one signal over 8 h, {buckets} of 2,000 pixels: {:.2} ms", started.elapsed().as_secs_f64() * 1e3);
    Ok(())
}
