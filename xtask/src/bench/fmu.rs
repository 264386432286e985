//! `cargo xtask bench fmu [--repeats N]`: what running FMUs in a process of their own costs, and whole runs
//! against FMPy.
//!
//! The FMUs are those of the tests, built by gcc. Both programs are measured warm and do the same: open the file, start, step,
//! keep the results in memory; FMPy without its check of the description. Python, FMPy and the FMUs live in a folder of
//! their own below the target folder.

use crate::run;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const YARDSTICK: &str = "fmpy==0.3.32";
const DEFAULT_REPEATS: u32 = 11;
const STEPS: &str = "20000";
/// File without its ending, inputs, stop and step in seconds.
const RUNS: &[(&str, &str, &str, &str)] = &[
    ("lag2", "lag.csv", "10", "0.001"),
    ("lag3", "lag.csv", "10", "0.001"),
    ("lag2", "lag.csv", "10", "0.02"),
    ("lag3", "lag.csv", "10", "0.02"),
    ("vanderpol2", "vanderpol.csv", "10", "0.01"),
    ("vanderpol3", "vanderpol.csv", "10", "0.01"),
    ("ball2", "-", "5", "0.01"),
    ("ball3", "-", "5", "0.01"),
];

/// Runs a file again and again, compares the last result with a table of ours, writes time and comparison as JSON.
const SCRIPT: &str = r#"
import json, statistics, sys, time
import numpy as np
from fmpy import simulate_fmu

path, inputs, stop, step, repeats, ours = sys.argv[1:]
signals = None if inputs == "-" else np.genfromtxt(inputs, delimiter=",", names=True)
times = []
for _ in range(int(repeats)):
    start = time.perf_counter()
    result = simulate_fmu(path, stop_time=float(stop), output_interval=float(step), input=signals, validate=False)
    times.append(time.perf_counter() - start)
mine = np.genfromtxt(ours, delimiter=",", names=True)
places = np.clip(np.searchsorted(result["time"], mine["time"] - 1e-9), 0, result.size - 1)
met = np.abs(result["time"][places] - mine["time"]) < 1e-6
samples = outside = 0
worst = 0.0
for name in mine.dtype.names[1:]:
    theirs = result[name][places].astype(float)
    error = np.abs(mine[name] - theirs)
    outside += int(np.sum(~met | (error > 1e-3 * np.abs(theirs) + 1e-9)))
    samples += mine.size
    worst = max(worst, float(np.max(error[met], initial=0.0)))
print(json.dumps(dict(run_ms=1e3 * statistics.median(times), samples=samples, outside=outside, worst=worst)))
"#;

/// Measures and prints two tables.
///
/// # Errors
/// When our program, the FMUs or the yardstick cannot be made, or one of them fails.
pub fn run(args: &[String]) -> Result<(), String> {
    let repeats = match args {
        [] => DEFAULT_REPEATS,
        [option, repeats] if option == "--repeats" => {
            repeats.parse().ok().filter(|repeats| *repeats > 0).ok_or("usage: cargo xtask bench fmu [--repeats N]")?
        }
        _ => return Err("usage: cargo xtask bench fmu [--repeats N]".to_owned()),
    };
    run::succeed(&mut run::cargo(&["build", "--release", "--quiet", "--package", "twin_fmu", "--example", "fmu_bench"]))?;
    let folder = workplace()?;
    let python = yardstick(&folder)?;
    ours(&folder, &["build", "."])?;
    overhead(&folder)?;
    whole_runs(&folder, &python, repeats)
}

/// What the child process costs per step.
fn overhead(folder: &Path) -> Result<(), String> {
    println!("a step of the lag with its inputs and outputs, median of {STEPS}, in µs");
    println!("{:<14} {:>10} {:>8} {:>12} {:>14}", "file", "one by one", "p95", "in rows", "child process");
    for file in ["lag2", "lag3"] {
        let times = ours(folder, &["step", &format!("{file}.fmu"), STEPS])?;
        let read = |name: &str| number(&times, name);
        let (alone, late, in_row) = (read("alone_us")?, read("alone_p95_us")?, read("in_row_us")?);
        // In rows, hardly anything is left but what the FMU itself needs.
        println!("{file:<14} {alone:>10.1} {late:>8.1} {in_row:>12.2} {:>14.1}", alone - in_row);
    }
    Ok(())
}

/// Whole runs of both programs.
fn whole_runs(folder: &Path, python: &Path, repeats: u32) -> Result<(), String> {
    println!("\n{YARDSTICK}, whole runs, medians of {repeats} in ms; samples further than 0.1 % from FMPy's");
    println!("{:<14} {:>8} {:>8} {:>10} {:>10} {:>7} {:>16} {:>10}", "file", "stop", "step", "ours", "FMPy", "ratio", "outside", "worst");
    let (repeats, mut ratios) = (repeats.to_string(), Vec::new());
    for (file, inputs, stop, step) in RUNS {
        let model = format!("{file}.fmu");
        let ours = number(&ours(folder, &["run", &model, inputs, stop, step, &repeats, "ours.csv"])?, "run_ms")?;
        let mut command = Command::new(python);
        command.args(["-c", SCRIPT, &model, inputs, stop, step, &repeats, "ours.csv"]).current_dir(folder);
        let found = json(&run::output(&mut command)?)?;
        let theirs = number(&found, "run_ms")?;
        let outside = format!("{} of {}", number(&found, "outside")?, number(&found, "samples")?);
        let (ratio, worst) = (ours / theirs, number(&found, "worst")?);
        println!("{file:<14} {stop:>8} {step:>8} {ours:>10.2} {theirs:>10.2} {ratio:>7.3} {outside:>16} {worst:>10.1e}");
        ratios.push(ratio);
    }
    ratios.sort_by(f64::total_cmp);
    if let (Some(median), Some(worst)) = (ratios.get(ratios.len() / 2), ratios.last()) {
        println!("ratio: median {median:.3}, worst {worst:.3}");
    }
    Ok(())
}

/// Our program, in the folder, and what it says.
fn ours(folder: &Path, args: &[&str]) -> Result<Value, String> {
    let target = folder.parent().unwrap_or(folder);
    let mut command = Command::new(target.join("release/examples/fmu_bench"));
    json(&run::output(command.args(args).current_dir(folder))?)
}

fn json(text: &str) -> Result<Value, String> {
    // FMPy may print warnings before.
    let last = text.trim().lines().last().unwrap_or_default();
    serde_json::from_str(last).map_err(|_| format!("not a result: {last}"))
}

fn number(value: &Value, name: &str) -> Result<f64, String> {
    value.get(name).and_then(Value::as_f64).ok_or_else(|| format!("there is no `{name}` in {value}"))
}

/// Folder for everything that is made here, below the target folder.
fn workplace() -> Result<PathBuf, String> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| run::root().join("target"), PathBuf::from);
    let folder = target.join("fmu-yardstick");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// A Python that has FMPy, installed on first use.
fn yardstick(folder: &Path) -> Result<PathBuf, String> {
    let python = folder.join("venv/bin/python");
    let has_fmpy = || Command::new(&python).args(["-c", "import fmpy"]).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    if !has_fmpy() {
        run::succeed(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
        run::succeed(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", YARDSTICK]))?;
    }
    Ok(python)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_the_last_line_and_holds_what_is_asked_for() {
        let found = json("a warning\n{\"run_ms\": 2.5}\n").unwrap();
        assert_eq!(number(&found, "run_ms"), Ok(2.5));
        assert!(number(&found, "outside").is_err());
        assert!(json("no result\n").is_err());
    }
}
