//! `cargo xtask bench epanet DIR [--repeats N]`: our hydraulic solve against EPANET's own, file by file.
//!
//! Both are measured in the same run, one right after the other, and both the same: reading the file does not count, making
//! the matrix (`EN_openH`) counts as set-up, and the run is everything from the first moment to the last (`EN_initH`,
//! `EN_runH`, `EN_nextH`). EPANET comes from PyPI (`owa-epanet`) into a folder of its own below the target folder; what
//! Python itself costs per call is measured and taken off.

use crate::run;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const YARDSTICK: &str = "owa-epanet==2.3.5";
const DEFAULT_REPEATS: u32 = 21;
const USAGE: &str = "usage: cargo xtask bench epanet DIR [--repeats N]";

/// Reads a file once, solves it again and again, and writes the medians as JSON.
const SCRIPT: &str = r#"
import json, statistics, sys, time
from epanet import toolkit as en

path, repeats = sys.argv[1], int(sys.argv[2])
clock = time.perf_counter
project = en.createproject()
en.open(project, path, "yardstick.rpt", "yardstick.bin")
steps, setups, runs = 0, [], []
for _ in range(repeats):
    start = clock()
    en.openH(project)
    ready = clock()
    en.initH(project, 10)
    steps = 0
    while True:
        en.runH(project)
        steps += 1
        if en.nextH(project) <= 0:
            break
    end = clock()
    en.closeH(project)
    calls = clock()
    for _ in range(2 * steps + 1):
        en.gettimeparam(project, en.DURATION)
    overhead = clock() - calls
    setups.append(ready - start)
    runs.append(max(end - ready - overhead, 0.0))
nodes, links = en.getcount(project, en.NODECOUNT), en.getcount(project, en.LINKCOUNT)
ms = lambda times: 1e3 * statistics.median(times)
print(json.dumps(dict(nodes=nodes, links=links, steps=steps, setup_ms=ms(setups), run_ms=ms(runs))))
"#;

/// What one program needed for one file.
struct Solve {
    nodes: u64,
    steps: u64,
    setup_ms: f64,
    run_ms: f64,
}

impl Solve {
    /// From the line of JSON that both programs write.
    fn of(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text.trim()).map_err(|_| text.trim().to_owned())?;
        let read = || {
            Some(Self {
                nodes: value.get("nodes")?.as_u64()?,
                steps: value.get("steps")?.as_u64()?,
                setup_ms: value.get("setup_ms")?.as_f64()?,
                run_ms: value.get("run_ms")?.as_f64()?,
            })
        };
        read().ok_or_else(|| text.trim().to_owned())
    }

    /// How many times as long as another one this took, set-up included.
    fn over(&self, other: &Self) -> f64 {
        (self.setup_ms + self.run_ms) / (other.setup_ms + other.run_ms).max(1e-6)
    }
}

/// Both solves of one file.
struct Pair {
    ours: Solve,
    theirs: Solve,
}

impl Pair {
    fn ratio(&self) -> f64 {
        self.ours.over(&self.theirs)
    }
}

/// Measures every `.inp` of a folder and prints a table.
///
/// # Errors
/// When there is nothing to measure, or our program or the yardstick cannot be made. A file that one of the two cannot
/// solve is told in its line of the table.
pub fn run(args: &[String]) -> Result<(), String> {
    let (folder, repeats) = arguments(args)?;
    let files = networks(&folder)?;
    run::succeed(&mut run::cargo(&["build", "--release", "--quiet", "--package", "twin_sim", "--example", "epanet_bench"]))?;
    let python = yardstick()?;

    println!("{YARDSTICK}, medians of {repeats}; setup + run in ms");
    println!("{:<28} {:>7} {:>9} {:>19} {:>19} {:>7}", "file", "nodes", "steps", "ours", "EPANET", "ratio");
    let mut pairs = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let (ours, theirs) = (ours(file, repeats), theirs(&python, file, repeats));
        println!("{}", row(&name, &ours, &theirs));
        for problem in [ours.as_ref().err(), theirs.as_ref().err()].into_iter().flatten() {
            println!("  {}", problem.lines().next().unwrap_or_default());
        }
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            pairs.push(Pair { ours, theirs });
        }
    }
    summary(&mut pairs);
    Ok(())
}

fn arguments(args: &[String]) -> Result<(PathBuf, u32), String> {
    let here = std::env::current_dir().map_err(|error| error.to_string())?;
    match args {
        [folder] => Ok((here.join(folder), DEFAULT_REPEATS)),
        [folder, option, repeats] if option == "--repeats" => {
            let repeats = repeats.parse().ok().filter(|repeats| *repeats > 0).ok_or(USAGE)?;
            Ok((here.join(folder), repeats))
        }
        _ => Err(USAGE.to_owned()),
    }
}

/// The `.inp` files of a folder by name.
fn networks(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("inp")))
        .collect();
    files.sort();
    if files.is_empty() { Err(format!("{}: there is no .inp file", folder.display())) } else { Ok(files) }
}

/// Folder for the yardstick and its files, below the target folder.
fn workplace() -> Result<PathBuf, String> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| run::root().join("target"), PathBuf::from);
    let folder = target.join("epanet-yardstick");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// A Python that has EPANET, installed on first use.
fn yardstick() -> Result<PathBuf, String> {
    let folder = workplace()?;
    let python = folder.join("venv/bin/python");
    let has_epanet =
        || Command::new(&python).args(["-c", "import epanet"]).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    if !has_epanet() {
        run::succeed(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
        run::succeed(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", YARDSTICK]))?;
    }
    Ok(python)
}

fn theirs(python: &Path, file: &Path, repeats: u32) -> Result<Solve, String> {
    let output = Command::new(python)
        .args(["-c", SCRIPT])
        .arg(file)
        .arg(repeats.to_string())
        .current_dir(workplace()?)
        .output()
        .map_err(|error| error.to_string())?;
    solved(&output)
}

fn ours(file: &Path, repeats: u32) -> Result<Solve, String> {
    let mut command = run::cargo(&["run", "--release", "--quiet", "--package", "twin_sim", "--example", "epanet_bench", "--"]);
    let output = command.arg(file).arg(repeats.to_string()).output().map_err(|error| error.to_string())?;
    solved(&output)
}

/// The result, or the last thing the program said.
fn solved(output: &std::process::Output) -> Result<Solve, String> {
    if output.status.success() {
        return Solve::of(&String::from_utf8_lossy(&output.stdout));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("stopped without a word").to_owned())
}

fn row(name: &str, ours: &Result<Solve, String>, theirs: &Result<Solve, String>) -> String {
    let times = |solve: &Result<Solve, String>| match solve {
        Ok(solve) => format!("{:.3} + {:.3}", solve.setup_ms, solve.run_ms),
        Err(_) => "failed".to_owned(),
    };
    let any = ours.as_ref().or(theirs.as_ref());
    let nodes = any.map_or(0, |solve| solve.nodes);
    let (steps, ratio) = match (ours, theirs) {
        (Ok(ours), Ok(theirs)) if ours.steps == theirs.steps => (ours.steps.to_string(), format!("{:.2}", ours.over(theirs))),
        (Ok(ours), Ok(theirs)) => (format!("{}/{}", ours.steps, theirs.steps), format!("{:.2}", ours.over(theirs))),
        _ => (any.map_or(0, |solve| solve.steps).to_string(), String::new()),
    };
    format!("{name:<28} {nodes:>7} {steps:>9} {:>19} {:>19} {ratio:>7}", times(ours), times(theirs))
}

/// Median and worst ratio, and how the time per step grows with the nodes.
fn summary(pairs: &mut [Pair]) {
    pairs.sort_by(|one, other| one.ratio().total_cmp(&other.ratio()));
    let (Some(median), Some(worst)) = (pairs.get(pairs.len() / 2), pairs.last()) else { return };
    println!("ratio: median {:.2}, worst {:.2}", median.ratio(), worst.ratio());
    if let (Some(ours), Some(theirs)) = (growth(pairs, |pair| &pair.ours), growth(pairs, |pair| &pair.theirs)) {
        println!("time per step grows with nodes to the power of {ours:.2} (EPANET {theirs:.2})");
    }
}

/// Slope of the time per step over the nodes, both as logarithms, by least squares; `None` when all networks are of one size.
fn growth(pairs: &[Pair], side: fn(&Pair) -> &Solve) -> Option<f64> {
    let points: Vec<(f64, f64)> = pairs
        .iter()
        .map(side)
        .filter(|solve| solve.run_ms > 0.0 && solve.nodes > 0)
        .map(|solve| (libm::log(solve.nodes as f64), libm::log(solve.run_ms / solve.steps.max(1) as f64)))
        .collect();
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|point| (point.0 - x) * (point.0 - x)).sum();
    let common: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    (spread > 1e-9).then(|| common / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solve(nodes: u64, run_ms: f64) -> Solve {
        Solve { nodes, steps: 10, setup_ms: 1.0, run_ms }
    }

    fn pair(nodes: u64, ours_ms: f64, theirs_ms: f64) -> Pair {
        Pair { ours: solve(nodes, ours_ms), theirs: solve(nodes, theirs_ms) }
    }

    #[test]
    fn growth_is_the_exponent_of_the_nodes() {
        let pairs = [pair(10, 1.0, 1.0), pair(100, 10.0, 100.0), pair(1000, 100.0, 10_000.0)];
        let exponent = |side| growth(&pairs, side).unwrap();
        assert!((exponent(|pair: &Pair| &pair.ours) - 1.0).abs() < 1e-9);
        assert!((exponent(|pair: &Pair| &pair.theirs) - 2.0).abs() < 1e-9);
        assert!(growth(&pairs[..1], |pair| &pair.ours).is_none());
    }

    #[test]
    fn a_ratio_counts_set_up_and_run_of_both() {
        assert_eq!(pair(10, 2.0, 5.0).ratio(), 0.5);
    }

    #[test]
    fn a_program_that_says_something_else_than_a_result_is_quoted() {
        assert!(Solve::of(r#"{"nodes":2,"links":1,"steps":3,"setup_ms":0.1,"run_ms":0.2}"#).is_ok());
        assert_eq!(Solve::of("no network\n").err().as_deref(), Some("no network"));
        assert_eq!(Solve::of(r#"{"nodes":2}"#).err().as_deref(), Some(r#"{"nodes":2}"#));
    }
}
