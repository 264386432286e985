//! How fast the plant of the demo is simulated: one run that is recorded, a fork, many runs of which only scores are kept.

use std::time::Instant;

use super::oracles::{model_with_step, twins_model};
use twin_demo::plant::drawn_settings;
use twin_sim::flowsheet::{Drive, Model};

/// Plant time of the recorded run, s.
const RECORDED_SECS: f64 = 8.0 * 3600.0;
/// Runs with drawn parameters, and plant time of each, s.
const RUNS: u64 = 1000;
const RUN_SECS: f64 = 3600.0;
/// Step of these runs, s: scores over an hour need none of the half-second events that an operator watches.
const RUN_STEP_SECS: f64 = 2.0;
/// How many of them are run at the step of the plant file too, to tell what the longer step costs in accuracy.
const CHECKED_RUNS: u64 = 100;
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

/// Scores at the long step, and what they and the time they take are at the step of the plant file.
fn scores(fine: &Model) -> Result<(), String> {
    let coarse = model_with_step(Some(RUN_STEP_SECS))?;
    let many = in_parallel(&coarse, RUNS)?;
    many.print("≤ 60");
    let few = in_parallel(fine, CHECKED_RUNS)?;
    few.print("none asked");
    let differences = few.kwh.iter().zip(&many.kwh).map(|(fine, coarse)| (coarse / fine - 1.0).abs());
    println!("worst difference of a score between the steps, {CHECKED_RUNS} runs: {:.1e}", differences.fold(0.0, f64::max));
    Ok(())
}

/// Scores by seed, and how they came about.
struct Scores {
    kwh: Vec<f64>,
    step_secs: f64,
    cores: usize,
    took_secs: f64,
}

impl Scores {
    fn print(&self, wanted: &str) {
        let runs = self.kwh.len() as f64;
        println!(
            "{runs} runs of 1 h on {} cores, step {} s, scores only: {:.1} s ({wanted}), {:.0}x real time per core; mean {:.2} kWh",
            self.cores,
            self.step_secs,
            self.took_secs,
            runs * RUN_SECS / self.took_secs / self.cores as f64,
            self.kwh.iter().sum::<f64>() / runs
        );
    }
}

/// Runs with the parameters of different plants, shared out among all cores; the score of each is its pump energy.
fn in_parallel(model: &Model, runs: u64) -> Result<Scores, String> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let started = Instant::now();
    let mut kwh = vec![f64::NAN; runs as usize];
    std::thread::scope(|scope| {
        let shares = kwh.chunks_mut((runs as usize).div_ceil(cores)).enumerate();
        for (worker, share) in shares {
            let first = worker as u64 * runs.div_ceil(cores as u64);
            scope.spawn(move || share.iter_mut().zip(first..).for_each(|(kwh, seed)| *kwh = score_kwh(model.clone(), seed)));
        }
    });
    if kwh.iter().any(|kwh| !kwh.is_finite()) {
        return Err("a run has no score".to_owned());
    }
    Ok(Scores { kwh, step_secs: model.plant().step_secs(), cores, took_secs: started.elapsed().as_secs_f64() })
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
