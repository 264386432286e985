//! `epanet_bench FILE.inp REPEATS`: solves a network again and again and writes the median times as one line of JSON.
//!
//! `cargo xtask bench epanet` starts it next to EPANET's own solver.

use std::process::ExitCode;
use std::time::Instant;
use twin_sim::epanet::engine::Engine;
use twin_sim::epanet::{Network, read};

/// One solve from the first moment to the last.
struct Solve {
    steps: usize,
    setup_s: f64,
    run_s: f64,
}

fn main() -> ExitCode {
    match measure() {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<String, String> {
    let mut args = std::env::args().skip(1);
    let (Some(file), Some(repeats)) = (args.next(), args.next().and_then(|repeats| repeats.parse::<u32>().ok())) else {
        return Err("usage: epanet_bench FILE.inp REPEATS".to_owned());
    };
    let text = String::from_utf8_lossy(&std::fs::read(&file).map_err(|error| error.to_string())?).into_owned();
    let (network, problems) = read(&text, &file);
    let Some(network) = network else {
        let error = problems.iter().find(|problem| problem.is_error());
        return Err(error.map_or("no network".to_owned(), |problem| problem.message.clone()));
    };
    let solves: Vec<Solve> = (0..repeats.max(1)).map(|_| solve(&network)).collect::<Result<_, _>>()?;
    let steps = solves.last().map_or(0, |solve| solve.steps);
    let (setup_ms, run_ms) = (1e3 * median(&solves, |solve| solve.setup_s), 1e3 * median(&solves, |solve| solve.run_s));
    let (nodes, links) = (network.nodes.len(), network.links.len());
    Ok(format!(r#"{{"nodes":{nodes},"links":{links},"steps":{steps},"setup_ms":{setup_ms},"run_ms":{run_ms}}}"#))
}

/// Set-up and run apart, as for EPANET: laying out the matrix, then everything from the first moment to the last.
fn solve(network: &Network) -> Result<Solve, String> {
    let start = Instant::now();
    let mut engine = Engine::new(network);
    let ready = Instant::now();
    let mut steps = 0;
    while engine.moment().is_some() {
        steps += 1;
        if !engine.advance() {
            break;
        }
    }
    Ok(Solve { steps, setup_s: (ready - start).as_secs_f64(), run_s: ready.elapsed().as_secs_f64() })
}

fn median(solves: &[Solve], of: fn(&Solve) -> f64) -> f64 {
    let mut times: Vec<f64> = solves.iter().map(of).collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
