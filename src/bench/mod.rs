//! Measurements. Each prints a ratio or a count; none decides whether a test passes.
//!
//! Every measurement names the machine and runs its yardstick in the same command, so that figures of different machines
//! can be compared.

mod bare_bevy;
mod drawing;
mod figures;
mod history;
mod ingest;
mod latency;
mod live;
mod machine;
mod memory;
mod mosquitto;
mod oracles;
mod simulation;
mod stress;
mod synthetic;
mod tick;
mod what_if;

use clap::ValueEnum;

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Bench {
    /// The plant against its oracles.
    Oracles,
    /// Samples per second from a real broker into the core, against a plain subscriber.
    Ingest,
    /// Time from publishing to the core's snapshot.
    Latency,
    /// Duration of a core tick at 1,000 and at 10,000 signals.
    Tick,
    /// Memory after an hour's worth of samples.
    Memory,
    /// Process start to the first moving frame.
    Startup,
    /// Snapshot to drawn frame.
    Frame,
    /// A thousand pumps with live bindings, against the same model in bare Bevy.
    Stress,
    /// Part of `stress`: bare Bevy.
    #[value(hide = true)]
    StressBare,
    /// Part of `stress`: our view, nothing changes.
    #[value(hide = true)]
    StressStill,
    /// Part of `stress`: our view, all bindings live.
    #[value(hide = true)]
    StressLive,
    /// Speed at which a what-if runs ahead.
    WhatIf,
    /// Speed of the model of the demo plant: recorded, forked, in many runs.
    Simulation,
    /// What the history of the demo plant takes, and how fast it is found again.
    History,
}

/// Runs one measurement. `seconds` is about how long those take that measure over time.
///
/// # Errors
/// A sentence when it cannot be run here.
pub fn run(name: Bench, seconds: f64) -> Result<(), String> {
    let seconds = seconds.clamp(1.0, 3600.0);
    machine::print();
    match name {
        Bench::Oracles => oracles::run(),
        Bench::Ingest => ingest::run(seconds),
        Bench::Latency => latency::run(seconds),
        Bench::Tick => tick::run(seconds),
        Bench::Memory => memory::run(),
        Bench::Startup => drawing::startup(),
        Bench::Frame => drawing::frame(),
        Bench::Stress => stress::run(),
        Bench::StressBare => stress::bare(),
        Bench::StressStill => stress::drawn(false),
        Bench::StressLive => stress::drawn(true),
        Bench::WhatIf => what_if::run(),
        Bench::Simulation => simulation::run(),
        Bench::History => history::run(),
    }?;
    println!("load at the end: {}", machine::load());
    Ok(())
}
