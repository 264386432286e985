//! `didymos simulate`: a model file run on its own, its results as tables.

mod fmu;
mod plant;

use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use twin_model::Severity;
use twin_sim::epanet::{self, Network, Run, Warning, WaterBalance};

/// What to run and where the results go.
#[derive(Clone, Debug, clap::Args)]
pub struct SimulateArgs {
    /// Water network as EPANET reads it, FILE.inp; a model of another tool, FILE.fmu (FMI 2.0 or 3.0, co-simulation); or a
    /// plant that describes its simulation, FILE.twin.json.
    pub file: PathBuf,
    /// Network: folder for the tables NAME.head_m.csv and NAME.flow_m3s.csv, made when it is not there. FMU or plant: the table.
    #[arg(long)]
    pub out: PathBuf,
    /// Print the summary as one JSON object.
    #[arg(long)]
    pub json: bool,
    /// What an FMU or a plant takes.
    #[command(flatten)]
    pub fmu: fmu::FmuArgs,
}

/// What a run took and how far it can be trusted.
#[derive(Clone, Debug, Serialize)]
struct Summary {
    file: String,
    nodes: usize,
    links: usize,
    reports: usize,
    solutions: usize,
    trials: u64,
    unbalanced: usize,
    /// True when equations without a solution ended the run early.
    stopped: bool,
    balance: WaterBalance,
    balance_residual: f64,
    parse_ms: f64,
    solve_ms: f64,
    write_ms: f64,
    tables: Vec<PathBuf>,
    problems: Vec<String>,
    warnings: Vec<Warning>,
    warning_count: usize,
}

/// Reads, solves, writes. Exit code 1 when there is no result, or only part of one.
pub fn run(args: &SimulateArgs) -> ExitCode {
    let told = if has_ending(&args.file, "fmu") {
        fmu::simulate(args).map(|summary| (summary.is_complete(), shown(args, &summary, |summary| summary.text())))
    } else if has_ending(&args.file, "json") {
        plant::simulate(args).map(|summary| (true, shown(args, &summary, |summary| summary.text())))
    } else {
        simulate(args).map(|summary| (!summary.stopped, shown(args, &summary, text)))
    };
    match told {
        Ok((is_complete, shown)) => {
            print!("{shown}");
            if is_complete { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// A summary as it was asked for.
fn shown<S: Serialize>(args: &SimulateArgs, summary: &S, text: impl Fn(&S) -> String) -> String {
    if args.json { serde_json::to_string_pretty(summary).unwrap_or_default() + "\n" } else { text(summary) }
}

fn has_ending(file: &Path, ending: &str) -> bool {
    file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(ending))
}

fn simulate(args: &SimulateArgs) -> Result<Summary, String> {
    let file = args.file.display().to_string();
    if !has_ending(&args.file, "inp") {
        return Err(format!("{file}: water networks, FMUs and plants can be run: name a file that ends in .inp, .fmu or .json"));
    }
    let started = Instant::now();
    let bytes = fs::read(&args.file).map_err(|error| format!("{file}: {error}"))?;
    let (network, problems) = epanet::read(&String::from_utf8_lossy(&bytes), &file);
    let parse_ms = millis(started);
    let Some(network) = network else {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
        return Err(format!("{}\n{file}: {errors} errors, nothing was simulated.", lines.join("\n")));
    };
    let started = Instant::now();
    let run = epanet::run(&network);
    let solve_ms = millis(started);
    let started = Instant::now();
    let tables = write_tables(&args.file, &args.out, &network, &run)?;
    let write_ms = millis(started);
    Ok(Summary {
        file,
        nodes: network.nodes.len(),
        links: network.links.len(),
        reports: run.reports.len(),
        solutions: run.solutions,
        trials: run.trials,
        unbalanced: run.unbalanced,
        stopped: run.stopped,
        balance_residual: run.balance.residual(),
        balance: run.balance,
        parse_ms,
        solve_ms,
        write_ms,
        tables,
        problems: problems.iter().map(ToString::to_string).collect(),
        warnings: run.warnings,
        warning_count: run.warning_count,
    })
}

fn write_tables(file: &Path, folder: &Path, network: &Network, run: &Run) -> Result<Vec<PathBuf>, String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    [("head_m", run.heads_csv(network)), ("flow_m3s", run.flows_csv(network))]
        .into_iter()
        .map(|(quantity, table)| {
            let path = folder.join(format!("{stem}.{quantity}.csv"));
            fs::write(&path, table).map_err(|error| format!("{}: {error}", path.display()))?;
            Ok(path)
        })
        .collect()
}

fn text(summary: &Summary) -> String {
    let mut lines = summary.problems.clone();
    lines.extend(summary.warnings.iter().map(|warning| format!("at {}: {}", clock(warning.time_s), warning.message)));
    let hidden = summary.warning_count - summary.warnings.len();
    if hidden > 0 {
        lines.push(format!("and {hidden} more warnings"));
    }
    let Summary { file, nodes, links, solutions, trials, unbalanced, balance, .. } = summary;
    lines.push(format!("{file}: {nodes} nodes, {links} links, {} reporting times", summary.reports));
    lines.push(format!("solved {solutions} moments in {trials} trials, {unbalanced} not balanced"));
    lines.push(format!(
        "water: {:.3} m³ supplied, {:.3} m³ delivered, {:.3} m³ stored; {:.1e} of it unaccounted for",
        balance.supplied_m3, balance.delivered_m3, balance.stored_m3, summary.balance_residual
    ));
    lines.push(format!("parse {:.2} ms, solve {:.2} ms, write {:.2} ms", summary.parse_ms, summary.solve_ms, summary.write_ms));
    lines.extend(summary.tables.iter().map(|path| path.display().to_string()));
    if summary.stopped {
        lines.push("the run ended before its time: the tables are incomplete".to_owned());
    }
    lines.join("\n") + "\n"
}

/// Hours, minutes and seconds since the start.
fn clock(time_s: i64) -> String {
    format!("{}:{:02}:{:02}", time_s / 3600, time_s / 60 % 60, time_s % 60)
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
