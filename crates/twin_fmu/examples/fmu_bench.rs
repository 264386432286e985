//! `fmu_bench build FOLDER`: builds the FMUs of the tests, and their inputs.
//! `fmu_bench run FILE.fmu INPUT.csv|- STOP STEP REPEATS OUT.csv`: whole runs, the result written once, times as JSON.
//! `fmu_bench step FILE.fmu STEPS`: what the child process costs per step, as JSON.
//!
//! `cargo xtask bench fmu` starts it next to FMPy. Both programs do the same work: open the file, start, step, write the result
//! down in memory.
#![expect(clippy::unwrap_used, reason = "without the FMUs there is nothing to measure")]

#[path = "../tests/suite/build.rs"]
mod build;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use twin_fmu::{BatchRun, Causality, Fmu, Host, Permission, Start, Step, Table};

const USAGE: &str = "usage: fmu_bench build FOLDER | run FILE INPUT STOP STEP REPEATS OUT | step FILE STEPS";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args[..] {
        // The program is its own child process, as the application is.
        [subcommand] if subcommand == twin_fmu::host::SUBCOMMAND => return twin_fmu::host::run_host(),
        ["build", folder] => build_all(Path::new(folder)),
        ["run", file, input, stop, step, repeats, out] => whole_runs(file, input, [stop, step, repeats], out),
        ["step", file, count] => steps(file, count),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

type Said = Result<String, Box<dyn std::error::Error>>;

fn build_all(folder: &Path) -> Said {
    std::fs::create_dir_all(folder)?;
    let mut table = Table { names: vec!["u".into(), "n".into(), "b".into()], ..Table::default() };
    for row in 0..=100 {
        let time = 0.1 * f64::from(row);
        table.push(time, &[f64::from(row * row % 17) / 4.0, f64::from(row / 20), f64::from(row / 30 % 2)]);
    }
    std::fs::write(folder.join("lag.csv"), table.to_csv())?;
    let mut table = Table { names: vec!["u".into()], ..Table::default() };
    for (time, value) in [(0.0, 0.0), (3.0, 0.0), (3.0, 1.0), (7.0, -1.0), (10.0, 0.5)] {
        table.push(time, &[value]);
    }
    std::fs::write(folder.join("vanderpol.csv"), table.to_csv())?;
    for source in [build::LAG, build::VAN_DER_POL, build::BALL] {
        for version in [2, 3] {
            build::fmu(folder, source, version);
        }
    }
    Ok("{}".into())
}

fn open(file: &str) -> Result<Fmu, Box<dyn std::error::Error>> {
    let path = Path::new(file);
    let seen = twin_fmu::inspect(path)?;
    Ok(Fmu::open(path, &Permission::of([seen.digest]))?)
}

fn whole_runs(file: &str, input: &str, times: [&str; 3], out: &str) -> Said {
    let [stop, step, repeats] = times;
    let repeats: usize = repeats.parse()?;
    let inputs = if input == "-" { None } else { Some(Table::from_csv(&std::fs::read_to_string(input)?)?) };
    let host = Host::this_program()?;
    let mut whole = Vec::new();
    for repeat in 0..repeats {
        let begun = Instant::now();
        let fmu = open(file)?;
        let run = BatchRun { stop_secs: stop.parse()?, step_secs: step.parse()?, ..BatchRun::default() };
        let result = twin_fmu::simulate(&fmu, &host, inputs.as_ref(), &run)?;
        drop(fmu);
        whole.push(begun.elapsed().as_secs_f64());
        if let Some(problem) = result.problem {
            return Err(problem.into());
        }
        if repeat == 0 {
            std::fs::write(out, result.table.to_csv())?;
        }
    }
    Ok(format!("{{\"run_ms\": {}}}", 1e3 * median(&mut whole)))
}

/// One round trip per step, inputs set and outputs read; and the same steps in rows, where what the FMU itself needs is
/// nearly all there is.
fn steps(file: &str, count: &str) -> Said {
    let count: usize = count.parse()?;
    let fmu = open(file)?;
    let inputs = fmu.description().signals(Causality::Input);
    let outputs = fmu.description().signals(Causality::Output);
    let values = vec![1.0; inputs.len()];
    let mut results = vec![0.0; outputs.len()];
    let mut instance = fmu.instantiate(&Host::this_program()?, Start { inputs, outputs, ..Start::default() })?;
    let (mut round_trips, mut in_rows) = (Vec::with_capacity(count), Vec::new());
    for _ in 0..count {
        let begun = Instant::now();
        instance.step_with(&values, 0.001, &mut results)?;
        round_trips.push(begun.elapsed().as_secs_f64());
    }
    for _ in 0..count / 500 {
        let begin = instance.time();
        let row = (1..=500).map(|at| Step { secs: 0.001, until: begin + 0.001 * f64::from(at), inputs: &values });
        let row: Vec<Step> = row.collect();
        let begun = Instant::now();
        instance.steps(&row, |_, _| ())?;
        in_rows.push(begun.elapsed().as_secs_f64() / 500.0);
    }
    let (alone, in_row) = (1e6 * median(&mut round_trips), 1e6 * median(&mut in_rows));
    let late = 1e6 * round_trips.get(round_trips.len() * 95 / 100).copied().unwrap_or_default();
    Ok(format!("{{\"alone_us\": {alone}, \"alone_p95_us\": {late}, \"in_row_us\": {in_row}}}"))
}

/// Sorts, too.
fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
