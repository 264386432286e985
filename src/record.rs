//! Records: incident packages and histories, opened, checked, replayed.

use crate::keeping::file_name;
use crate::plant_files::{self, PlantFiles};
use clap::Args;
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use twin_historian::{Archive, HistoryReader, LaneNumber};
use twin_model::TwinTime;
use twin_runtime::replay::hash_replay;
use twin_runtime::signal_names;

/// Where a package keeps the files of its plant.
pub const PLANT_PREFIX: &str = "plant/";

/// A record and the plant it is of.
#[derive(Clone, Debug, Args)]
pub struct RecordArgs {
    /// Incident package (`.didymos`), a file of a history, or a history folder.
    pub record: PathBuf,
    /// Plant folder or plant.twin.json, when the record does not hold its plant; `demo` for Unit 100.
    #[arg(long)]
    pub plant: Option<PathBuf>,
}

/// A record that is open, with its plant.
pub struct OpenRecord {
    /// The plant.
    pub files: PlantFiles,
    /// The record.
    pub archive: Archive,
    /// The lane that is looked at.
    pub lane: LaneNumber,
    /// What it is called.
    pub title: String,
}

impl OpenRecord {
    /// Opens a record.
    ///
    /// # Errors
    /// A sentence with what to do.
    pub fn open(args: &RecordArgs) -> Result<Self, String> {
        if !args.record.exists() {
            return Err(format!("{} does not exist.", args.record.display()));
        }
        let files = match &args.plant {
            Some(plant) => plant_files::open(Some(plant), None)?,
            None => plant_of(&args.record)?,
        };
        let archive = Archive::open(&args.record, signal_names(&files.plant)).map_err(|error| error.to_string())?;
        let title = archive.readers().first().and_then(|reader| reader.meta("package.title").ok().flatten());
        let lane = newest_lane(&archive).map_err(|error| error.to_string())?;
        let name = args.record.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { files, archive, lane, title: title.filter(|title| !title.is_empty()).unwrap_or(name) })
    }
}

/// The newest lane of a record: one is followed by another where a plant's clock was set back.
fn newest_lane(archive: &Archive) -> Result<LaneNumber, twin_historian::HistoryError> {
    let mut lane = LaneNumber(0);
    while archive.extent(LaneNumber(lane.0 + 1))?.is_some() {
        lane.0 += 1;
    }
    Ok(lane)
}

/// The plant a package brings along, written to a folder of its own so that documents and scenes are files as ever.
fn plant_of(record: &Path) -> Result<PlantFiles, String> {
    let none = "Name the plant with --plant FOLDER, or --plant demo for Unit 100.";
    if record.is_dir() {
        return Err(format!("{} is a history without its plant. {none}", record.display()));
    }
    let reader = HistoryReader::open(record, []).map_err(|error| error.to_string())?;
    let names = reader.attachments().map_err(|error| error.to_string())?;
    let folder = std::env::temp_dir().join(format!("didymos-{}-{}", std::process::id(), file_name(&record.display().to_string())));
    let mut found = false;
    for name in names.iter().filter_map(|name| name.strip_prefix(PLANT_PREFIX)) {
        let path = Path::new(name);
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(format!("{} holds a file {name} that would leave its folder; it was not opened.", record.display()));
        }
        let bytes = reader.attachment(&format!("{PLANT_PREFIX}{name}")).map_err(|error| error.to_string())?.unwrap_or_default();
        write_file(&folder.join(path), &bytes)?;
        found = true;
    }
    if !found {
        return Err(format!("{} does not hold its plant. {none}", record.display()));
    }
    plant_files::open(Some(&folder), None)
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, bytes));
    written.map_err(|error| format!("{} could not be written: {error}.", path.display()))
}

/// Plays a record and prints what comes of it: alarms, and with `hash` the state of every second as one number.
///
/// # Errors
/// A sentence with what to do.
pub fn replay(args: &RecordArgs, hash: bool) -> Result<ExitCode, String> {
    let record = OpenRecord::open(args)?;
    let mut last = None;
    let mut seconds = 0_u64;
    let mut out = std::io::stdout().lock();
    // A reader that has gone (head, a closed pipe) ends the list, not the replay.
    let mut is_heard = hash;
    let lane = hash_replay(&record.archive, record.lane, &record.files.plant, |second| {
        seconds += 1;
        last = Some(second);
        is_heard = is_heard && writeln!(out, "{}  {}", second.tick, hex(&second.hash)).is_ok();
    })
    .map_err(|error| error.to_string())?;
    let Some(last) = last else { return Err(format!("{} holds no second of plant time.", args.record.display())) };
    if !hash {
        for event in lane.alarms.events().iter().filter(|event| event.annunciate) {
            let tag = record.files.plant.alarms.get(event.alarm).map_or("", |alarm| alarm.settings.tag.as_str());
            let _ = writeln!(out, "{}  {tag}  {:?}", event.time, event.kind);
        }
    }
    let _ = writeln!(out, "{seconds} seconds to {}, {} alarm events, state {}", last.tick, lane.alarms.events().len(), hex(&last.hash));
    Ok(ExitCode::SUCCESS)
}

/// Bytes as a person compares them.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An instant on the command line: ISO 8601 with a zone.
///
/// # Errors
/// A sentence with an example.
pub fn instant(text: &str) -> Result<TwinTime, String> {
    TwinTime::parse(text).map_err(|error| error.to_string())
}
