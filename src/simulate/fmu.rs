//! `didymos simulate FILE.fmu`: an FMU run on its own, in a process of its own.

use super::{SimulateArgs, millis};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use twin_fmu::{BatchResult, BatchRun, Deadlines, Digest, Fmu, FmuError, Host, Inspected, Permission, Table, Value};

/// What an FMU takes, and a plant as far as it says so.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct FmuArgs {
    /// FMU: table of its inputs, the time in seconds in a first column called `time`.
    #[arg(long, value_name = "CSV")]
    pub input: Option<PathBuf>,
    /// FMU: first instant in seconds; the author's proposal when left out, else 0.
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub start: Option<f64>,
    /// FMU: last instant in seconds; the author's proposal when left out. Plant: the same, an hour when left out.
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub stop: Option<f64>,
    /// FMU: seconds between two rows of the result; the author's proposal when left out, else a 500th of the run. Plant: 1.
    #[arg(long, value_name = "SECONDS")]
    pub step: Option<f64>,
    /// FMU: start value of a variable, NAME=VALUE. Plant: a parameter, malfunction or input. Can be given several times.
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// FMU: how long a step may take, in seconds of real time.
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0)]
    pub deadline: f64,
    /// FMU: allow the file with this SHA-256 to run. Can be given several times.
    #[arg(long, value_name = "SHA256")]
    pub allow: Vec<Digest>,
    /// FMU: allow this file, whatever it is, for this one run.
    #[arg(long)]
    pub allow_once: bool,
}

/// What a run took and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct FmuSummary {
    file: String,
    sha256: String,
    model: String,
    steps: usize,
    rows: usize,
    open_ms: f64,
    start_ms: f64,
    solve_ms: f64,
    write_ms: f64,
    tables: Vec<PathBuf>,
    notes: Vec<String>,
    /// Why the run ended before its time.
    problem: Option<String>,
}

impl FmuSummary {
    /// Whether the run reached its end.
    pub fn is_complete(&self) -> bool {
        self.problem.is_none()
    }

    /// For a person.
    pub fn text(&self) -> String {
        let mut lines: Vec<String> = self.notes.iter().map(|note| format!("note: {note}")).collect();
        lines.push(format!("{}: {}, {} steps, {} rows", self.file, self.model, self.steps, self.rows));
        lines.push(format!(
            "open {:.2} ms, start {:.2} ms, solve {:.2} ms, write {:.2} ms",
            self.open_ms, self.start_ms, self.solve_ms, self.write_ms
        ));
        lines.extend(self.tables.iter().map(|path| path.display().to_string()));
        if let Some(problem) = &self.problem {
            lines.push(format!("{problem}\nthe run ended before its time: the table is incomplete"));
        }
        lines.join("\n") + "\n"
    }
}

/// Opens, runs, writes the table.
pub fn simulate(args: &SimulateArgs) -> Result<FmuSummary, String> {
    let file = args.file.display().to_string();
    let started = Instant::now();
    let (seen, fmu) = open(&args.file, &args.fmu, &file)?;
    let inputs = args.fmu.input.as_deref().map(read_inputs).transpose()?;
    let run = plan(&seen, &args.fmu)?;
    let open_ms = millis(started);
    let host = Host::this_program().map_err(|error| format!("{file}: {error}"))?;
    let result = twin_fmu::simulate(&fmu, &host, inputs.as_ref(), &run).map_err(|error| format!("{file}: {error}"))?;
    let started = Instant::now();
    fs::write(&args.out, result.table.to_csv()).map_err(|error| format!("{}: {error}", args.out.display()))?;
    let write_ms = millis(started);
    let BatchResult { table, problem, notes, statistics } = result;
    Ok(FmuSummary {
        file,
        sha256: seen.digest.to_string(),
        model: seen.description.model_name,
        steps: statistics.steps,
        rows: table.times.len(),
        open_ms,
        start_ms: 1e3 * statistics.start_secs,
        solve_ms: 1e3 * statistics.step_secs,
        write_ms,
        tables: vec![args.out.clone()],
        notes,
        problem: problem.map(|problem| format!("{problem}\n  hint: {}", problem.hint())),
    })
}

fn open(path: &Path, args: &FmuArgs, file: &str) -> Result<(Inspected, Fmu), String> {
    let told = |error: FmuError| match error {
        FmuError::NotAllowed { digest } => format!(
            "{file}: an FMU is a program of somebody else's and runs with your rights, so you decide whether it may.\n  \
             hint: when you know where it comes from, add `--allow {digest}`, or `--allow-once` for this run"
        ),
        error => format!("{file}: {error}\n  hint: {}", error.hint()),
    };
    let seen = twin_fmu::inspect(path).map_err(told)?;
    let once = args.allow_once.then_some(seen.digest);
    let permission = Permission::of(args.allow.iter().copied().chain(once));
    let fmu = Fmu::open(path, &permission).map_err(told)?;
    Ok((seen, fmu))
}

fn read_inputs(path: &Path) -> Result<Table, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Table::from_csv(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The author's proposal, with what the person wants otherwise.
fn plan(seen: &Inspected, args: &FmuArgs) -> Result<BatchRun, String> {
    let deadline = Duration::try_from_secs_f64(args.deadline).ok().filter(|deadline| !deadline.is_zero());
    let step = deadline.ok_or_else(|| format!("--deadline {}: write seconds, more than 0", args.deadline))?;
    let mut run = BatchRun::proposed(&seen.description);
    run.start_secs = args.start.unwrap_or(run.start_secs);
    run.stop_secs = args.stop.unwrap_or(run.stop_secs);
    run.step_secs = args.step.or(seen.description.default_experiment.step).unwrap_or((run.stop_secs - run.start_secs) / 500.0);
    run.deadlines = Deadlines { step, ..Deadlines::default() };
    run.start_values = args.set.iter().map(|text| start_value(seen, text)).collect::<Result<_, _>>()?;
    Ok(run)
}

/// `NAME=VALUE`, the value of the variable's own type.
fn start_value(seen: &Inspected, text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.rsplit_once('=').ok_or_else(|| format!("--set {text}: write NAME=VALUE"))?;
    let at = seen.description.find(name).map_err(|error| format!("--set {text}: {error}"))?;
    let is_number = seen.description.variable(at).is_some_and(|variable| variable.kind.is_number());
    let value = match value {
        _ if !is_number => Value::Text(value.to_owned()),
        "true" => Value::Number(1.0),
        "false" => Value::Number(0.0),
        _ => Value::Number(value.parse().map_err(|_| format!("--set {text}: `{value}` is not a number"))?),
    };
    Ok((name.to_owned(), value))
}
