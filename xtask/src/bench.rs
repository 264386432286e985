//! Starting measurements.
//!
//! A measurement prints ratios and counts. It never fails a build: times differ between machines.

mod epanet;
mod fmu;

use crate::run;

/// What can be measured: name, what it tells, and the cargo command that does it.
const BENCHES: &[(&str, &str, &[&str])] = &[
    ("ingest", "samples per second from a real broker into the core, against a plain subscriber", &APP),
    ("latency", "publish to snapshot: p50, p95, p99", &APP),
    ("tick", "milliseconds of a core tick at 1,000 and at 10,000 signals", &APP),
    ("memory", "memory of the core after an hour's worth of samples", &APP),
    ("oracles", "worst deviation of the plant model from its specification, oracle by oracle", &APP),
    ("frame", "snapshot to drawn frame on the adapter that is there", &APP),
    ("what-if", "how many times faster than real time a branch and its baseline run ahead", &APP),
    ("stress", "a thousand pumps with live bindings: frame against bare Bevy, and what our systems cost", &APP),
    ("history", "bytes of a recorded sample, a restart, seeks and replays of the demo plant's history", &APP),
    ("append", "samples per second to the disk at 1,000 and 10,000 signals, against a table of rows", &APPEND),
    ("startup", "process start to the first moving frame", &APP),
];

/// Those that compare with another program instead of starting ours alone.
const EPANET: (&str, &str) = ("epanet", "our hydraulic solve against EPANET's own, for every .inp file of a folder");
const FMU: (&str, &str) = ("fmu", "FMUs: what their own process costs per step, and whole runs against FMPy");

const APPEND: [&str; 6] = ["run", "--release", "--package", "twin_historian", "--example", "append"];
const APP: [&str; 8] = ["run", "--release", "--package", "didymos", "--bin", "didymos", "--", "bench"];

/// `cargo xtask bench NAME [ARGS…]`
///
/// # Errors
/// When there is no such measurement, or it fails.
pub fn run(args: &[String]) -> Result<(), String> {
    let Some((name, rest)) = args.split_first() else {
        println!("{}", list());
        return Ok(());
    };
    if name == EPANET.0 {
        return epanet::run(rest);
    }
    if name == FMU.0 {
        return fmu::run(rest);
    }
    let (_, _, command) =
        BENCHES.iter().find(|(known, ..)| known == name).ok_or_else(|| format!("there is no bench `{name}`\n\n{}", list()))?;
    // A latency is only believed over a minute, unless somebody asks for less.
    let default: &[&str] = if name == "latency" && rest.is_empty() { &["--seconds", "60"] } else { &[] };
    run::succeed(run::cargo(command).arg(name).args(default).args(rest))
}

fn list() -> String {
    let ours = BENCHES.iter().map(|(name, what, _)| (*name, *what));
    let lines: Vec<String> = ours.chain([EPANET, FMU]).map(|(name, what)| format!("  {name:<10} {what}")).collect();
    lines.join("\n")
}
