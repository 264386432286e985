//! Sends a CSV recording to a broker, as the plant would.

use crate::cli::PublishArgs;
use crate::plant_files;
use crate::session::open_recording;
use std::sync::atomic::AtomicBool;
use twin_ingest::SystemClock;
use twin_ingest::recording::{PublishOptions, publish};
use twin_model::Clock;

/// Publishes until the recording ends.
///
/// # Errors
/// A sentence with what to do.
pub fn run(args: &PublishArgs) -> Result<(), String> {
    let files = plant_files::open(args.plant.as_deref(), None)?;
    let source = files.plant.sources().first().ok_or("the plant file names no source, so there is no topic to publish to.")?;
    let recording = open_recording(&args.recording, args.mapping.as_deref(), &files.plant)?;
    for problem in recording.problems() {
        eprintln!("{problem}");
    }
    let mut options = PublishOptions::new(&args.broker).map_err(|error| error.to_string())?;
    options.speed = args.speed;
    options.start = args.as_now.then(|| SystemClock.now());
    println!("{} goes to {} at {}x from {}. Stop with Ctrl-C.", recording.name(), args.broker, args.speed, recording.start());
    let report = publish(&recording, source, &options, &AtomicBool::new(false), &mut |_, _| {}).map_err(|error| error.to_string())?;
    println!(
        "{} rows, {} samples in {} messages; {} lost, {} values without topic",
        report.rows, report.samples, report.messages, report.lost, report.unbound
    );
    for fault in &report.faults {
        eprintln!("{fault}");
    }
    match report.is_delivered {
        true => Ok(()),
        false => Err("not everything has reached the broker: look at its log, then publish again.".to_owned()),
    }
}
