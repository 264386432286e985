//! How fast the plant of the demo is simulated: one run that is recorded, a fork, many runs of which only scores are kept.

use super::oracles::twins_model;
use std::time::Instant;
use twin_demo::plant::drawn_settings;
use twin_sim::flowsheet::{Drive, Model};

/// Plant time of the recorded run, s.
const RECORDED_SECS: f64 = 8.0 * 3600.0;
/// Runs with drawn parameters, and plant time of each, s.
const RUNS: u64 = 1000;
const RUN_SECS: f64 = 3600.0;
/// Forks timed together.
const FORKS: usize = 1000;

/// Runs all three and prints what they took.
///
/// # Errors
/// A sentence when the plant file cannot be simulated.
pub fn run() -> Result<(), String> {
    let settled = Instant::now();
    let model = twins_model()?;
    println!("settled in normal operation in {:.2} s, {} components", settled.elapsed().as_secs_f64(), model.plant().components().len());
    recorded(model.clone());
    fork(&model);
    scores(&model)
}

fn recorded(mut model: Model) {
    let tags = model.plant().tags().len();
    let steps_per_row = (1.0 / model.plant().step_secs()).round().max(1.0) as u64;
    let mut rows = Vec::with_capacity(tags * RECORDED_SECS as usize);
    let started = Instant::now();
    for step in 0..(RECORDED_SECS / model.plant().step_secs()) as u64 {
        model.advance(Drive::TRUE_VALUES);
        if step.is_multiple_of(steps_per_row) {
            rows.extend((0..tags).map(|number| model.tag_value(number)));
        }
    }
    let took = started.elapsed().as_secs_f64();
    let steps = RECORDED_SECS / model.plant().step_secs();
    println!(
        "one core, step {} s, {} signals recorded every second: 8 h in {took:.2} s = {:.0}x real time (≥ 5,000), {:.1} µs a step",
        model.plant().step_secs(),
        tags,
        RECORDED_SECS / took,
        took / steps * 1e6
    );
}

fn fork(model: &Model) {
    let started = Instant::now();
    let forks: Vec<Model> = (0..FORKS).map(|_| model.clone()).collect();
    println!("fork: {:.4} ms (≤ 5)", started.elapsed().as_secs_f64() * 1e3 / forks.len() as f64);
}

/// Runs with the parameters of different plants, shared out among all cores; the score of each is its pump energy.
fn scores(model: &Model) -> Result<(), String> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let started = Instant::now();
    let mut workers = Vec::new();
    for worker in 0..cores {
        let model = model.clone();
        let work = move || (worker..RUNS).step_by(cores as usize).map(|seed| score_kwh(model.clone(), seed)).sum::<f64>();
        workers.push(std::thread::Builder::new().name("runs".to_owned()).spawn(work).map_err(|error| error.to_string())?);
    }
    let mut sum_kwh = 0.0;
    for worker in workers {
        sum_kwh += worker.join().map_err(|_| "a run panicked".to_owned())?;
    }
    let took = started.elapsed().as_secs_f64();
    let per_core = RUNS as f64 * RUN_SECS / took / cores as f64;
    println!(
        "{RUNS} runs of 1 h on {cores} cores, scores only: {took:.1} s (≤ 60), {per_core:.0}x real time per core; mean {:.2} kWh",
        sum_kwh / RUNS as f64
    );
    Ok(())
}

fn score_kwh(mut model: Model, seed: u64) -> f64 {
    for (name, value) in drawn_settings(seed) {
        // The twin's model knows all parameters of the hidden plant.
        let _ = model.set(&name, value);
    }
    let step_secs = model.plant().step_secs();
    let Some(power) = model.plant().tag("JI-100") else { return f64::NAN };
    (0..(RUN_SECS / step_secs) as u64).fold(0.0, |kwh, _| {
        model.advance(Drive::TRUE_VALUES);
        kwh + model.tag_value(power) * step_secs / 3600.0
    })
}
