//! Project tasks, run as `cargo xtask TASK`.
//!
//! Depends on nothing but `serde_json` and `libm`, so that the gates are up within seconds on a new machine.

mod assets;
mod bench;
mod builds;
mod ci;
mod features;
mod graph;
mod layers;
mod licences;
mod run;
mod soak;
mod source;
mod spdx;
mod stages;
mod test;
mod tidy;
mod versions;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask TASK

  ci [--only GATE,GATE…]   the gates, cheap ones first; `--only` runs the named ones
  test [ARGS…]             install what the tests need, then run every test
  soak [ARGS…]             the durability tests in full: an hour of kills, power cuts and failing disks
  tidy                     rules on our own source text
  layers                   which crate may depend on which
  licences                 licences of everything we link
  assets                   write the 3D model of the demo plant
  pictures                 draw the pictures of the README and the docs
  bench NAME [ARGS…]       measure; without a name, list what there is";

const PICTURES: [&str; 11] = ["run", "--release", "--package", "didymos", "--bin", "didymos", "--", "shot", "--tour", "--out", "docs"];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = match args.split_first() {
        Some((task, rest)) => (task.as_str(), rest),
        None => ("help", &[][..]),
    };
    let outcome = match task {
        "ci" => ci::run(rest),
        "test" => test::run(rest),
        "soak" => soak::run(rest),
        "tidy" | "layers" | "licences" => ci::run_one(task),
        "assets" => assets::run(),
        "pictures" => run::succeed(&mut run::cargo(&PICTURES)),
        "bench" => bench::run(rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("there is no task `{other}`\n\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
