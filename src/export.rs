//! Exports of a record for other programs: CSV and Parquet.

use crate::record::{OpenRecord, RecordArgs, instant};
use clap::{Args, ValueEnum};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;
use twin_historian::export::{ExportSignal, Layout, Selection, csv, parquet};
use twin_model::{SignalInfo, SignalKey, TwinTime};

/// How the rows of an export are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Rows {
    /// One row per sample.
    Long,
    /// One row per instant, one column per signal.
    Wide,
}

/// Options of an export.
#[derive(Clone, Debug, Args)]
pub struct ExportArgs {
    /// The record.
    #[command(flatten)]
    pub record: RecordArgs,
    /// File to write; its end says how: .csv or .parquet.
    #[arg(long)]
    pub out: PathBuf,
    /// How the rows are laid out.
    #[arg(long, value_enum, default_value = "long")]
    pub rows: Rows,
    /// Seconds between two wide rows; left out: a row whenever a signal has a sample.
    #[arg(long, value_parser = step)]
    pub step: Option<f64>,
    /// A column with the quality beside each value of a wide row.
    #[arg(long)]
    pub quality: bool,
    /// Signals to export, by tag or id; all when left out.
    #[arg(long = "signal", value_name = "TAG")]
    pub signals: Vec<String>,
    /// First instant, such as 2026-01-31T08:15:00Z; the beginning of the record when left out.
    #[arg(long, value_parser = instant)]
    pub from: Option<TwinTime>,
    /// Last instant; the end of the record when left out.
    #[arg(long, value_parser = instant)]
    pub to: Option<TwinTime>,
}

fn step(text: &str) -> Result<f64, String> {
    let wrong = || "write it as seconds between 0.001 and 86400, such as 10".to_owned();
    text.parse().ok().filter(|step| (0.001..=86_400.0).contains(step)).ok_or_else(wrong)
}

/// Writes an export.
///
/// # Errors
/// A sentence with what to do.
pub fn run(args: &ExportArgs) -> Result<(), String> {
    let mut record = OpenRecord::open(&args.record)?;
    let plant = &record.files.plant;
    let named = |(key, info): (SignalKey, &SignalInfo)| ExportSignal {
        key,
        id: info.id.to_string(),
        tag: info.tag.clone(),
        unit: info.unit.clone(),
    };
    let find = |name: &String| {
        let key = plant.signals.find(name).ok_or_else(|| format!("there is no signal {name}."))?;
        plant.signals.info(key).map(|info| named((key, info))).ok_or_else(|| format!("there is no signal {name}."))
    };
    let signals = match args.signals.is_empty() {
        true => plant.signals.iter().map(named).collect(),
        false => args.signals.iter().map(find).collect::<Result<_, String>>()?,
    };
    let extent = record.archive.extent(record.lane).map_err(|error| error.to_string())?;
    let (first, last) = extent.ok_or_else(|| format!("{} holds no samples.", args.record.record.display()))?;
    let selection = Selection { lane: record.lane, signals, from: args.from.unwrap_or(first), to: args.to.unwrap_or(last) };
    let layout = match args.rows {
        Rows::Long => Layout::Long,
        Rows::Wide => Layout::Wide { step: args.step.map(Duration::from_secs_f64), quality: args.quality },
    };
    let keys: Vec<SignalKey> = selection.signals.iter().map(|signal| signal.key).collect();
    let mut source = record.archive.snapshot(record.lane, &keys).map_err(|error| error.to_string())?;
    let watch = &mut |_| ControlFlow::Continue(());
    let report = match args.out.extension().and_then(|end| end.to_str()) {
        Some("csv") => csv::write(&mut source, &selection, layout, &args.out, watch),
        Some("parquet") => parquet::write(&mut source, &selection, layout, &args.out, watch),
        _ => return Err(format!("{} ends neither in .csv nor in .parquet.", args.out.display())),
    };
    let report = report.map_err(|error| error.to_string())?;
    println!("{}: {} rows from {} samples", args.out.display(), report.rows, report.samples);
    Ok(())
}
