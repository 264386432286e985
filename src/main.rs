//! The program: reads the command line and runs what it asks for.

use clap::Parser as _;
use didymos::cli::{Cli, run};
use std::process::ExitCode;

fn main() -> ExitCode {
    // An FMU runs in a process of its own, which is this program again.
    if std::env::args_os().nth(1).is_some_and(|argument| argument == twin_fmu::host::SUBCOMMAND) {
        return twin_fmu::host::run_host();
    }
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("didymos: {message}");
            ExitCode::FAILURE
        }
    }
}
