//! How fast a what-if runs ahead, with its baseline beside it, evaluated and compared.

use crate::offline::{OfflineRun, fixed_start};
use crate::plant_files;
use crate::view::VIEW;
use std::time::Instant;
use twin_demo::DemoOptions;
use twin_model::{LaneId, Override};
use twin_runtime::LaneKind;

/// Plant times a what-if of the benchmark runs ahead, seconds.
const HORIZONS_SECS: [f64; 2] = [3600.0, 8.0 * 3600.0];

/// Forks a plant of ten minutes' history, changes the duty pump, runs an hour and eight hours ahead.
///
/// # Errors
/// A sentence when the fork is refused.
pub fn run() -> Result<(), String> {
    HORIZONS_SECS.into_iter().try_for_each(run_ahead)
}

fn run_ahead(horizon_secs: f64) -> Result<(), String> {
    let files = plant_files::open(None, None)?;
    let mut run = OfflineRun::new(&files.plant, DemoOptions { start: fixed_start(), ..DemoOptions::default() })?;
    run.run_to_secs(600.0);
    let twin = &mut run.twin;
    let started = Instant::now();
    let overrides = [Override::Duty { drive: "P-101B".to_owned() }];
    twin.fork(VIEW, LaneId::LIVE, None, "P-101B on duty", &overrides, horizon_secs)?;
    let forked = started.elapsed().as_secs_f64();
    let is_done = |twin: &twin_runtime::Twin| {
        twin.lanes()
            .filter(|lane| matches!(lane.kind, LaneKind::Branch | LaneKind::Baseline))
            .all(|lane| lane.fork.zip(lane.head()).is_some_and(|(fork, head)| head - fork.time >= horizon_secs - 1.0))
    };
    while !is_done(twin) {
        twin.drain_branches(|| false);
        std::thread::yield_now();
    }
    let took = started.elapsed().as_secs_f64();
    println!("fork: {:.1} ms", forked * 1e3);
    println!("branch and baseline, {horizon_secs:.0} plant seconds each, evaluated: {took:.2} s = {:.0}x real time", horizon_secs / took);
    Ok(())
}
