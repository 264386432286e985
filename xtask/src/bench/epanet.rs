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

    fn total_ms(&self) -> f64 {
        self.setup_ms + self.run_ms
    }
}

/// Both solves of one file.
struct Pair {
    ours: Solve,
    theirs: Solve,
}

impl Pair {
    fn ratio(&self) -> f64 {
        self.ours.total_ms() / self.theirs.total_ms().max(1e-6)
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
    println!("{:<28} {:>7} {:>7} {:>19} {:>19} {:>7}", "file", "nodes", "steps", "ours", "EPANET", "ratio");
    let mut pairs = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        match (ours(file, repeats), theirs(&python, file, repeats)) {
            (Ok(ours), Ok(theirs)) => {
                let pair = Pair { ours, theirs };
                println!("{}", row(&name, &pair));
                pairs.push(pair);
            }
            (Err(problem), Ok(_)) => println!("{name:<28} ours: {}", first_line(&problem)),
            (Ok(_), Err(problem)) => println!("{name:<28} EPANET: {}", first_line(&problem)),
            (Err(one), Err(other)) => println!("{name:<28} ours: {}; EPANET: {}", first_line(&one), first_line(&other)),
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

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn row(name: &str, pair: &Pair) -> String {
    let times = |solve: &Solve| format!("{:.3} + {:.3}", solve.setup_ms, solve.run_ms);
    let steps = match (pair.ours.steps, pair.theirs.steps) {
        (ours, theirs) if ours == theirs => ours.to_string(),
        (ours, theirs) => format!("{ours}/{theirs}"),
    };
    let (ours, theirs) = (times(&pair.ours), times(&pair.theirs));
    format!("{name:<28} {:>7} {steps:>7} {ours:>19} {theirs:>19} {:>7.2}", pair.ours.nodes, pair.ratio())
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
