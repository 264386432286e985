//! The program: reads the command line and runs what it asks for.

use clap::Parser as _;
use didymos::cli::{Cli, run};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("didymos: {message}");
            ExitCode::FAILURE
        }
    }
}
