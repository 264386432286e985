//! How fast a what-if runs ahead, with its baseline beside it, evaluated and compared.

use super::figures::quantile;
use crate::offline::{OfflineRun, fixed_start};
use crate::plant_files;
use crate::view::VIEW;
use std::time::{Duration, Instant};
use twin_demo::DemoOptions;
use twin_model::{LaneId, Override};
use twin_runtime::LaneKind;

/// Plant times a what-if of the benchmark runs ahead, seconds.
const HORIZONS_SECS: [f64; 2] = [3600.0, 8.0 * 3600.0];

/// What-ifs that run beside the live plant in turn.
const BESIDE: [usize; 4] = [0, 1, 2, 4];
/// Steps of the live plant while they run, and how far apart on the wall clock.
const LIVE_STEPS: usize = 120;
const LIVE_APART: Duration = Duration::from_millis(30);
/// Longest the core takes in what branches computed within one tick, as it runs in the program.
const COLLECTING: Duration = Duration::from_millis(15);

/// Forks a plant of ten minutes' history, changes the duty pump, runs an hour and eight hours ahead.
///
/// # Errors
/// A sentence when the fork is refused.
pub fn run() -> Result<(), String> {
    HORIZONS_SECS.into_iter().try_for_each(run_ahead)?;
    BESIDE.into_iter().try_for_each(beside_the_live_plant)
}

/// How long steps of the live plant take while so many what-ifs compute, and how evenly these come forward.
fn beside_the_live_plant(branches: usize) -> Result<(), String> {
    let mut run = run_of_ten_minutes()?;
    for number in 0..branches {
        let load = Override::Boundary { name: "FT-100".to_owned(), value: 80.0 + number as f64 };
        run.twin.fork(VIEW, LaneId::LIVE, None, &format!("what-if {number}"), &[load], 1e6)?;
    }
    let mut took_ms = Vec::with_capacity(LIVE_STEPS);
    for _ in 0..LIVE_STEPS {
        std::thread::sleep(LIVE_APART);
        let started = Instant::now();
        run.step();
        took_ms.push(started.elapsed().as_secs_f64() * 1e3);
        let started = Instant::now();
        run.twin.drain_branches(|| started.elapsed() >= COLLECTING);
    }
    took_ms.sort_unstable_by(f64::total_cmp);
    let came =
        run.twin.lanes().filter(|lane| lane.kind == LaneKind::Branch).filter_map(|lane| Some(lane.head()? - lane.fork.as_ref()?.time));
    let (least, most) = came.fold((f64::INFINITY, 0.0_f64), |(least, most), secs| (least.min(secs), most.max(secs)));
    print!("live step beside {branches} what-ifs: median {:.2}, longest {:.2} ms", quantile(&took_ms, 0.5), quantile(&took_ms, 1.0));
    if branches > 0 {
        print!("; they came {least:.0} to {most:.0} plant seconds forward");
    }
    println!();
    Ok(())
}

fn run_of_ten_minutes() -> Result<OfflineRun, String> {
    let files = plant_files::open(None, None)?;
    let mut run = OfflineRun::new(&files.plant, DemoOptions { start: fixed_start(), ..DemoOptions::default() })?;
    run.run_to_secs(600.0);
    Ok(run)
}

fn run_ahead(horizon_secs: f64) -> Result<(), String> {
    let mut run = run_of_ten_minutes()?;
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
