//! Writes random but realistic water networks as `.inp` files.
//!
//! `networks DIR [--seeds FROM..TO] [--nodes N]` writes one network per seed, with anything in it that a file can ask for;
//! without `--nodes` the sizes go from 10 to 300. `networks --speed DIR` writes towns of 100 to 12,000 nodes, a day
//! long. The same seed always gives the same file.

mod chance;
mod draft;
mod operation;
mod plan;
mod supply;
mod zone;

use std::path::Path;
use std::process::ExitCode;

const SIZES: &[usize] = &[10, 16, 10, 24, 30, 50, 16, 120, 10, 300];
const SPEED_SIZES: &[usize] = &[100, 300, 1_000, 3_000, 12_000];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let value = |name: &str| arguments.iter().position(|word| word == name).and_then(|at| arguments.get(at + 1));
    if let Some(folder) = value("--speed") {
        return speed(Path::new(folder));
    }
    let folder = Path::new(arguments.first().ok_or("networks DIR [--seeds FROM..TO] [--nodes N] | --speed DIR")?);
    let (from, to) = value("--seeds").and_then(|text| text.split_once("..")).unwrap_or(("0", "60"));
    let number = |text: &str| text.parse::<u64>().map_err(|error| format!("{text}: {error}"));
    let nodes = value("--nodes").map(|text| number(text)).transpose()?;
    for seed in number(from)?..number(to)? {
        let nodes = nodes.map_or(SIZES[seed as usize % SIZES.len()], |nodes| nodes as usize);
        write(folder, &format!("n{nodes}-s{seed}"), &plan::any(seed, nodes).inp())?;
    }
    Ok(())
}

fn speed(folder: &Path) -> Result<(), String> {
    for &nodes in SPEED_SIZES {
        for seed in 1..4 {
            write(folder, &format!("town-{nodes}-{seed}"), &plan::town(seed, nodes).inp())?;
        }
    }
    Ok(())
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), String> {
    let path = folder.join(format!("{name}.inp"));
    std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text)).map_err(|error| format!("{}: {error}", path.display()))
}
