//! Incident packages: one file of a range of history with its plant, to hand over.

use crate::keeping::file_name;
use crate::plant_files::{self, PlantFiles};
use crate::record::{PLANT_PREFIX, hex};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use twin_historian::package::{PackageOptions, PackageReport, verify, write};
use twin_historian::{Archive, LaneNumber};
use twin_model::{Plant, TwinTime};
use twin_runtime::signal_names;

/// What a package is made of.
#[derive(Clone, Debug)]
pub struct Range {
    /// First instant.
    pub from: TwinTime,
    /// Last instant.
    pub to: TwinTime,
    /// What it is called.
    pub title: String,
    /// Who made it.
    pub author: String,
}

/// Options of a package.
#[derive(Clone, Debug, Args)]
pub struct PackageArgs {
    /// History folder, or a file of it.
    pub history: PathBuf,
    /// Plant folder or plant.twin.json; the demo plant Unit 100 when left out.
    #[arg(long)]
    pub plant: Option<PathBuf>,
    /// First instant, such as 2026-01-31T08:15:00Z.
    #[arg(long, value_parser = crate::record::instant)]
    pub from: TwinTime,
    /// Last instant.
    #[arg(long, value_parser = crate::record::instant)]
    pub to: TwinTime,
    /// File to write; its name ends in .didymos.
    #[arg(long)]
    pub out: PathBuf,
    /// What it is called.
    #[arg(long, default_value = "")]
    pub title: String,
    /// Who made it.
    #[arg(long, default_value = "", env = "USER")]
    pub author: String,
}

/// Writes a package of a history with everything of its plant.
///
/// # Errors
/// A sentence with what to do.
pub fn save(history: &Path, plant: &Plant, contents: Vec<(String, Vec<u8>)>, range: &Range, out: &Path) -> Result<PackageReport, String> {
    let archive = Archive::open(history, signal_names(plant)).map_err(|error| error.to_string())?;
    let lane = lane_of(&archive, range.from, range.to).map_err(|error| error.to_string())?;
    let attachments = contents.into_iter().map(|(name, bytes)| (format!("{PLANT_PREFIX}{name}"), bytes)).collect();
    let options = PackageOptions {
        lane,
        from: range.from,
        to: range.to,
        title: range.title.clone(),
        author: range.author.clone(),
        attachments,
        sealed: None,
        meta: vec![("plant".to_owned(), plant.document.name.clone())],
    };
    write(&archive, &options, out).map_err(|error| error.to_string())
}

/// The newest lane that has something in a range.
fn lane_of(archive: &Archive, from: TwinTime, to: TwinTime) -> Result<LaneNumber, twin_historian::HistoryError> {
    let mut found = LaneNumber(0);
    let mut lane = LaneNumber(0);
    while let Some((first, last)) = archive.extent(lane)? {
        if first <= to && last >= from {
            found = lane;
        }
        lane.0 += 1;
    }
    Ok(found)
}

/// `didymos package`.
///
/// # Errors
/// A sentence with what to do.
pub fn run(args: &PackageArgs) -> Result<ExitCode, String> {
    let files = plant_files::open(args.plant.as_deref(), None)?;
    let range = Range { from: args.from, to: args.to, title: args.title.clone(), author: args.author.clone() };
    let report = save(&args.history, &files.plant, files.contents()?, &range, &args.out)?;
    println!(
        "{}: {} samples from {} to {}, {} records, {} bytes\nfingerprint {}",
        args.out.display(),
        report.samples,
        report.opening,
        args.to,
        report.records,
        report.bytes,
        hex(&report.fingerprint.0)
    );
    Ok(ExitCode::SUCCESS)
}

/// `didymos verify`: prints what was found; fails when the package is not as it was written.
///
/// # Errors
/// A sentence when the file cannot be read at all.
pub fn run_verify(path: &Path) -> Result<ExitCode, String> {
    let verdict = verify(path).map_err(|error| error.to_string())?;
    println!("{}: {verdict}", path.display());
    Ok(if verdict.is_intact() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where the window puts a package: beside the history, named by plant and instant.
fn place(history: &Path, plant: &Plant, from: TwinTime) -> PathBuf {
    let folder = if history.is_dir() { history.join("packages") } else { history.parent().unwrap_or(Path::new(".")).to_owned() };
    let clock = from.clock_text().replace(':', "");
    folder.join(format!("{}-{}-{clock}.didymos", file_name(&plant.document.name), from.date_text()))
}

/// Writes a package as the window asks for it. Returns where it lies.
///
/// # Errors
/// A sentence with what to do.
pub fn save_beside(history: &Path, files: &PackageSource, range: &Range) -> Result<PathBuf, String> {
    let out = place(history, &files.plant, range.from);
    if let Some(folder) = out.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{} could not be made: {error}.", folder.display()))?;
    }
    save(history, &files.plant, plant_files::contents_of(files.folder.as_deref())?, range, &out)?;
    Ok(out)
}

/// The plant a package is made for.
#[derive(Clone, Debug)]
pub struct PackageSource {
    /// The plant.
    pub plant: Arc<Plant>,
    /// Its folder; none for the demo.
    pub folder: Option<PathBuf>,
}

impl PlantFiles {
    /// Every file of the plant, by its path in the plant folder.
    ///
    /// # Errors
    /// A sentence when one cannot be read.
    pub fn contents(&self) -> Result<Vec<(String, Vec<u8>)>, String> {
        plant_files::contents_of(self.folder.as_deref())
    }
}
