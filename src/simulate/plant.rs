//! `didymos simulate FILE.twin.json`: a plant simulated from its file, without a window and faster than time.

use super::{SimulateArgs, millis};
use serde::Serialize;
use std::fmt::Write as _;
use std::fs;
use std::time::Instant;
use twin_model::document::PlantDocument;
use twin_sim::flowsheet::{self, FLOW_INFEASIBLE, FLOWS_UNSETTLED, Fault, Plant, State};

/// Plant seconds when nobody says how many.
const USUAL_SECS: f64 = 3600.0;

/// What a run took and how far it can be trusted.
#[derive(Clone, Debug, Serialize)]
pub struct PlantSummary {
    file: String,
    components: usize,
    steps: u64,
    step_secs: f64,
    /// Steps whose flows did not settle, and steps in which something was asked that nothing could give.
    unsettled_steps: u64,
    infeasible_steps: u64,
    /// Relative residuals of mass and energy over the whole run.
    mass_residual: f64,
    energy_residual: f64,
    solve_ms: f64,
    times_real_time: f64,
    table: String,
}

impl PlantSummary {
    /// For a person.
    pub fn text(&self) -> String {
        format!(
            "{}: {} components, {} steps of {} s, {} not settled, {} with a flow that nothing could give\n\
             mass closes to {:.1e}, energy to {:.1e}\nsolve {:.1} ms, {:.0} times real time\n{}\n",
            self.file,
            self.components,
            self.steps,
            self.step_secs,
            self.unsettled_steps,
            self.infeasible_steps,
            self.mass_residual,
            self.energy_residual,
            self.solve_ms,
            self.times_real_time,
            self.table
        )
    }
}

/// Reads, runs, writes one table of all signals.
pub fn simulate(args: &SimulateArgs) -> Result<PlantSummary, String> {
    let file = args.file.display().to_string();
    let text = fs::read_to_string(&args.file).map_err(|error| format!("{file}: {error}"))?;
    let document: PlantDocument = serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
    let plant = match flowsheet::load(&document) {
        Some(Ok(plant)) => plant,
        Some(Err(faults)) => return Err(told(&file, &faults)),
        None => {
            return Err(format!("{file}: it describes no simulation: \"simulation\": {{ \"model\": \"flowsheet\" }} and its components"));
        }
    };
    let mut state = plant.start();
    for setting in &args.fmu.set {
        set(&plant, &mut state, setting)?;
    }
    let stop_secs = args.fmu.stop.unwrap_or(USUAL_SECS);
    let row_secs = args.fmu.step.unwrap_or(1.0).max(plant.step_secs());
    if !(0.0..=1e9).contains(&stop_secs) || !row_secs.is_finite() {
        return Err(format!("--stop {stop_secs} --step {row_secs}: write seconds, up to 1e9"));
    }
    let steps_per_row = (row_secs / plant.step_secs()).round().max(1.0) as u64;
    let mut table = format!("time,{}\n", plant.tags().join(","));
    let (mut unsettled_steps, mut infeasible_steps) = (0, 0);
    let started = Instant::now();
    write_row(&plant, &state, &mut table);
    for step in 1..=(stop_secs / plant.step_secs()).round() as u64 {
        plant.step(&mut state);
        unsettled_steps += u64::from(state.trouble() & FLOWS_UNSETTLED != 0);
        infeasible_steps += u64::from(state.trouble() & FLOW_INFEASIBLE != 0);
        if step.is_multiple_of(steps_per_row) {
            write_row(&plant, &state, &mut table);
        }
    }
    let solve_ms = millis(started);
    fs::write(&args.out, table).map_err(|error| format!("{}: {error}", args.out.display()))?;
    let (mass_residual, energy_residual) = plant.residual(&mut state);
    Ok(PlantSummary {
        file,
        components: plant.components().len(),
        steps: state.steps(),
        step_secs: plant.step_secs(),
        unsettled_steps,
        infeasible_steps,
        mass_residual,
        energy_residual,
        solve_ms,
        times_real_time: plant.time_secs(&state) / (solve_ms / 1e3).max(1e-9),
        table: args.out.display().to_string(),
    })
}

fn write_row(plant: &Plant, state: &State, table: &mut String) {
    let _ = write!(table, "{}", plant.time_secs(state));
    for number in 0..plant.tags().len() {
        let _ = write!(table, ",{}", plant.tag_value(state, number));
    }
    table.push('\n');
}

/// `NAME=VALUE`: a parameter, a malfunction or an input that nothing drives.
fn set(plant: &Plant, state: &mut State, setting: &str) -> Result<(), String> {
    let (name, value) = setting.rsplit_once('=').ok_or_else(|| format!("--set {setting}: write NAME=VALUE"))?;
    let value: f64 = value.parse().map_err(|_| format!("--set {setting}: `{value}` is not a number"))?;
    let done = if plant.parameter(name).is_some() { plant.set_parameter(state, name, value) } else { plant.set_input(state, name, value) };
    done.map_err(|error| format!("--set {setting}: {error}"))
}

fn told(file: &str, faults: &[Fault]) -> String {
    let lines = faults.iter().map(|fault| format!("{file} {}: {}\n  hint: {}", fault.pointer, fault.message, fault.hint));
    lines.chain([format!("{file}: nothing was simulated")]).collect::<Vec<_>>().join("\n")
}
