//! A report of an incident: one HTML file with the alarms, what people did and wrote, trends, and pictures of the plant.

mod html;
mod trend;

use crate::record::{OpenRecord, RecordArgs, instant};
use crate::shot;
use clap::Args;
use html::Page;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use twin_ingest::SystemClock;
use twin_insight::{AlarmEvent, AlarmEventKind};
use twin_model::{Plant, SignalKey, TwinTime};
use twin_runtime::{Mark, MarkKind, Twin, mark_of};

/// Signals drawn at most.
const TRENDS: usize = 8;
/// Size of the pictures, pixels.
const PICTURE_SIZE: &str = "1280x720";

/// Options of a report.
#[derive(Clone, Debug, Args)]
pub struct ReportArgs {
    /// The record.
    #[command(flatten)]
    pub record: RecordArgs,
    /// First instant, such as 2026-01-31T08:15:00Z; the beginning of the record when left out.
    #[arg(long, value_parser = instant)]
    pub from: Option<TwinTime>,
    /// Last instant; the end of the record when left out.
    #[arg(long, value_parser = instant)]
    pub to: Option<TwinTime>,
    /// HTML file to write.
    #[arg(long)]
    pub out: PathBuf,
    /// Signals to draw, by tag; those of the alarms that came when left out.
    #[arg(long)]
    pub trend: Vec<String>,
    /// Draw no pictures of the plant.
    #[arg(long)]
    pub no_pictures: bool,
}

/// Writes a report.
///
/// # Errors
/// A sentence with what to do.
pub fn run(args: &ReportArgs) -> Result<(), String> {
    let record = OpenRecord::open(&args.record)?;
    let mut twin = Twin::new(Arc::clone(&record.files.plant), Arc::new(SystemClock));
    let id = shot::heard(&mut twin, &record)?;
    let lane = twin.lane(id).ok_or("the record was not opened.")?;
    let extent = lane.start().zip(lane.head()).ok_or_else(|| format!("{} holds no samples.", args.record.record.display()))?;
    let (from, to) = (args.from.unwrap_or(extent.0).max(extent.0), args.to.unwrap_or(extent.1).min(extent.1));
    if to <= from {
        return Err(format!("the record reaches from {} to {}: ask for a part of that.", extent.0, extent.1));
    }
    let plant = &record.files.plant;
    let events: Vec<&AlarmEvent> =
        lane.alarms.events().iter().filter(|event| event.annunciate && event.time >= from && event.time <= to).collect();
    let mut page = Page::new(&record.title, &plant.document.name, from, to);
    pictures(args, &mut page, &events, to)?;
    page.alarms(plant, &events);
    for signal in trended(args, plant, &events)? {
        page.trend(&trend::svg(plant, lane, signal, from, to));
    }
    page.marks(&marks(&record, from, to)?);
    std::fs::write(&args.out, page.finish()).map_err(|error| format!("{} could not be written: {error}.", args.out.display()))?;
    println!("{}: {} alarm events from {from} to {to}", args.out.display(), events.len());
    Ok(())
}

/// What people did and wrote, and where nothing was recorded.
fn marks(record: &OpenRecord, from: TwinTime, to: TwinTime) -> Result<Vec<Mark>, String> {
    let records = record.archive.records(record.lane, from, to).map_err(|error| error.to_string())?;
    Ok(records.iter().filter_map(mark_of).collect())
}

/// The signals to draw: those asked for, or those behind the alarms that came.
fn trended(args: &ReportArgs, plant: &Plant, events: &[&AlarmEvent]) -> Result<Vec<SignalKey>, String> {
    if !args.trend.is_empty() {
        let find = |tag: &String| plant.signals.find(tag).ok_or_else(|| format!("there is no signal {tag}."));
        return args.trend.iter().map(find).collect();
    }
    let mut keys: Vec<SignalKey> = Vec::new();
    for event in events.iter().filter(|event| event.kind == AlarmEventKind::Raised) {
        let signals = plant.alarms.get(event.alarm).map(|alarm| alarm.settings.condition.signals()).unwrap_or_default();
        for key in signals.iter().filter_map(|name| plant.signals.find(name)) {
            if !keys.contains(&key) && keys.len() < TRENDS {
                keys.push(key);
            }
        }
    }
    Ok(keys)
}

/// Pictures of the plant when the first alarm came and at the end, each drawn by a process of its own.
fn pictures(args: &ReportArgs, page: &mut Page, events: &[&AlarmEvent], to: TwinTime) -> Result<(), String> {
    if args.no_pictures {
        return Ok(());
    }
    let first = events.iter().find(|event| event.kind == AlarmEventKind::Raised).map(|event| event.time);
    let folder = args.out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for (words, time) in [("When the first alarm came", first), ("At the end", Some(to))] {
        let Some(time) = time else { continue };
        let out = folder.join(format!(".didymos-report-{}.png", std::process::id()));
        let drawn = draw(args, time, &out);
        let png = std::fs::read(&out);
        // It was only on its way into the report.
        let _ = std::fs::remove_file(&out);
        drawn?;
        page.picture(words, time, &png.map_err(|error| format!("{} could not be read: {error}.", out.display()))?);
    }
    Ok(())
}

fn draw(args: &ReportArgs, time: TwinTime, out: &Path) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| format!("the program does not know where it is: {error}"))?;
    let mut command = Command::new(&program);
    command.arg("shot").arg("--record").arg(&args.record.record).args(["--at", &time.to_string(), "--size", PICTURE_SIZE]);
    command.args(["--display", "overview"]).arg("--out").arg(out);
    if let Some(plant) = &args.record.plant {
        command.arg("--").arg(plant);
    }
    let ended = command.output().map_err(|error| format!("{} could not be started: {error}.", program.display()))?;
    match ended.status.success() {
        true => Ok(()),
        false => Err(format!("no picture: {}Leave the pictures out with --no-pictures.", String::from_utf8_lossy(&ended.stderr))),
    }
}

/// True for what belongs into the list of what people did and wrote.
fn is_of_a_person(mark: &Mark) -> bool {
    mark.kind != MarkKind::Gap
}
