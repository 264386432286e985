//! The command line.

use crate::export::ExportArgs;
use crate::keeping::KeepArgs;
use crate::package::{self, PackageArgs};
use crate::record::{self, RecordArgs};
use crate::report::ReportArgs;
use crate::simulate::SimulateArgs;
use crate::view::window::WindowWishes;
use crate::{bench, check, display, plant_files, session, shot, simulate, terminal};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use twin_fmu::Digest;
use twin_model::TwinTime;

/// A desktop digital twin. Without arguments the demo plant runs live in a window.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What else to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What to show in the window.
    #[command(flatten)]
    pub open: OpenArgs,
}

/// A plant and where its data come from.
#[derive(Clone, Debug, Default, Args)]
pub struct OpenArgs {
    /// Plant folder or plant.twin.json; the demo plant Unit 100 when left out.
    pub plant: Option<PathBuf>,
    /// Broker of the plant, such as mqtt://localhost:1883; user and password come from DIDYMOS_MQTT_USER and DIDYMOS_MQTT_PASSWORD.
    #[arg(long)]
    pub broker: Option<String>,
    /// Certificate authority of a mqtts:// broker, PEM.
    #[arg(long)]
    pub ca_file: Option<PathBuf>,
    /// Client certificate, PEM.
    #[arg(long, requires = "client_key")]
    pub client_cert: Option<PathBuf>,
    /// Key of the client certificate, PEM.
    #[arg(long, requires = "client_cert")]
    pub client_key: Option<PathBuf>,
    /// File that holds the broker's password.
    #[arg(long)]
    pub password_file: Option<PathBuf>,
    /// Allow the FMU with this SHA-256 to run as a block of the plant. Can be given several times.
    #[arg(long, value_name = "SHA256")]
    pub allow_fmu: Vec<Digest>,
    /// Play this CSV recording in place of a broker.
    #[arg(long, value_name = "CSV", conflicts_with = "broker")]
    pub recording: Option<PathBuf>,
    /// How the columns of the recording are to be read; docs/recordings.md tells how.
    #[arg(long, value_name = "TOML", requires = "recording")]
    pub mapping: Option<PathBuf>,
    /// Plant seconds per second of the recording; left out: as fast as it goes.
    #[arg(long, requires = "recording", value_parser = speed)]
    pub speed: Option<f64>,
    /// Where the history goes.
    #[command(flatten)]
    pub keep: KeepArgs,
    /// glTF of the plant, in place of the one its file names.
    #[arg(long)]
    pub scene: Option<PathBuf>,
    /// Show the live table in the terminal although there is a display.
    #[arg(long)]
    pub no_window: bool,
    /// End after so many seconds.
    #[arg(long, value_parser = seconds)]
    pub seconds: Option<f64>,
    /// End when the first frame with moving values has been drawn, and say how long that took.
    #[arg(long, hide = true)]
    pub until_moving: bool,
}

/// Everything that is not the window.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a plant folder and print every problem.
    Check {
        /// Plant folder or plant.twin.json.
        plant: PathBuf,
        /// One JSON array instead of text.
        #[arg(long)]
        json: bool,
    },
    /// Run a model file on its own and write its results as tables.
    Simulate(SimulateArgs),
    /// Run the twin without a window: record, evaluate, alarm.
    Serve {
        /// What to serve.
        #[command(flatten)]
        open: OpenArgs,
    },
    /// Open a record in the window: an incident package, a history.
    Open {
        /// The record.
        #[command(flatten)]
        record: RecordArgs,
        /// Show the table in the terminal although there is a display.
        #[arg(long)]
        no_window: bool,
        /// End after so many seconds.
        #[arg(long, value_parser = seconds)]
        seconds: Option<f64>,
    },
    /// Play a record as fast as it goes and tell what comes of it.
    Replay {
        /// The record.
        #[command(flatten)]
        record: RecordArgs,
        /// Print a hash of everything the twin holds for every second of plant time: the same on every machine.
        #[arg(long)]
        hash: bool,
    },
    /// Make one file of a range of history and everything of its plant, to hand over.
    Package(PackageArgs),
    /// Check that a package is as it was written; names the first record that is not.
    Verify {
        /// The package.
        package: PathBuf,
    },
    /// Write a record as a table for other programs: CSV or Parquet.
    Export(ExportArgs),
    /// Write a report of an incident as one HTML file, with pictures and trends.
    Report(ReportArgs),
    /// Send a CSV recording to a broker, as the plant would.
    Publish(PublishArgs),
    /// Run the demo plant alone, as an outside program would.
    Plant(PlantArgs),
    /// A guided tour of ninety seconds through the plant and one failure, in a window.
    Tour {
        /// What to show.
        #[command(flatten)]
        open: OpenArgs,
    },
    /// Draw a view into a PNG, without a display.
    Shot(ShotArgs),
    /// Write a plant of many pumps into a folder, to see what a thousand things cost.
    StressPlant {
        /// How many.
        #[arg(long, default_value_t = 1000)]
        pumps: usize,
        /// Folder to write.
        #[arg(long)]
        out: PathBuf,
    },
    /// Measure.
    Bench {
        /// What to measure.
        name: bench::Bench,
        /// Options of the benchmark, such as --seconds 60.
        #[arg(long, default_value_t = 10.0, value_parser = seconds)]
        seconds: f64,
    },
}

/// Options of a recording that is published.
#[derive(Clone, Debug, Args)]
pub struct PublishArgs {
    /// The CSV recording.
    pub recording: PathBuf,
    /// How its columns are to be read; docs/recordings.md tells how.
    #[arg(long, value_name = "TOML")]
    pub mapping: Option<PathBuf>,
    /// Plant folder or plant.twin.json; the demo plant Unit 100 when left out.
    #[arg(long)]
    pub plant: Option<PathBuf>,
    /// Broker to publish to.
    #[arg(long)]
    pub broker: String,
    /// Plant seconds per second.
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
    /// Begin now, as if it had just happened: for a plant that announces no clock.
    #[arg(long)]
    pub as_now: bool,
}

/// Options of the demo plant.
#[derive(Clone, Debug, Args)]
pub struct PlantArgs {
    /// Broker to publish to.
    #[arg(long)]
    pub broker: String,
    /// Failure story.
    #[arg(long, default_value = "normal")]
    pub story: String,
    /// How bad, 0 to 1.
    #[arg(long, default_value_t = 0.5)]
    pub severity: f64,
    /// Seed of the hidden plant.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Plant seconds per second.
    #[arg(long, default_value_t = 1.0)]
    pub speed: f64,
    /// Minutes until the fault begins.
    #[arg(long, default_value_t = 1.0)]
    pub onset: f64,
    /// Repair the fault after so many minutes.
    #[arg(long)]
    pub clear_after: Option<f64>,
    /// Variant of the story, such as lshh=healthy.
    #[arg(long = "set", value_parser = variant)]
    pub set: Vec<(String, String)>,
    /// Write what really happened to this file, as JSON lines.
    #[arg(long)]
    pub truth: Option<PathBuf>,
}

fn variant(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as name=value")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// How a picture shows the plant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShotView {
    /// Grey, with badges.
    Operate,
    /// NE 107 colours.
    Health,
}

/// How much a picture may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShotQuality {
    /// As a software renderer draws it.
    Economy,
    /// With shadows.
    Standard,
    /// With fine shadows.
    High,
}

impl From<ShotQuality> for twin_ui::Quality {
    fn from(quality: ShotQuality) -> Self {
        match quality {
            ShotQuality::Economy => Self::Economy,
            ShotQuality::Standard => Self::Standard,
            ShotQuality::High => Self::High,
        }
    }
}

/// The named displays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "each name is the display")]
pub enum ShotDisplay {
    Overview,
    Unit,
    Equipment,
    Diagnostics,
}

impl From<ShotDisplay> for twin_ui::displays::Display {
    fn from(display: ShotDisplay) -> Self {
        match display {
            ShotDisplay::Overview => Self::Overview,
            ShotDisplay::Unit => Self::Unit,
            ShotDisplay::Equipment => Self::Equipment,
            ShotDisplay::Diagnostics => Self::Diagnostics,
        }
    }
}

/// Where to look at the whole plant from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "each name is the direction")]
pub enum ShotFrom {
    Home,
    Top,
    North,
    South,
    East,
    West,
}

impl From<ShotFrom> for twin_ui::ViewDirection {
    fn from(from: ShotFrom) -> Self {
        match from {
            ShotFrom::Home => Self::Home,
            ShotFrom::Top => Self::Top,
            ShotFrom::North => Self::North,
            ShotFrom::South => Self::South,
            ShotFrom::East => Self::East,
            ShotFrom::West => Self::West,
        }
    }
}

/// Options of a picture.
#[derive(Clone, Debug, Args)]
pub struct ShotArgs {
    /// Plant folder or plant.twin.json; `demo` for Unit 100.
    #[arg(default_value = "demo")]
    pub plant: PathBuf,
    /// Where the PNG goes; with --tour the folder of the pictures.
    #[arg(long)]
    pub out: PathBuf,
    /// Draw the whole set of pictures that the README and the docs show.
    #[arg(long)]
    pub tour: bool,
    /// Named display, from the wide view to the narrow one.
    #[arg(long, value_enum, default_value = "overview")]
    pub display: ShotDisplay,
    /// Look.
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(twin_ui::Theme::NAMES), default_value = "control-room")]
    pub theme: String,
    /// View mode.
    #[arg(long, value_enum, default_value = "operate")]
    pub view: ShotView,
    /// Thing to select and look at, by tag or id.
    #[arg(long)]
    pub select: Option<String>,
    /// How much the picture may cost.
    #[arg(long, value_enum, default_value = "standard")]
    pub quality: ShotQuality,
    /// Look at the whole plant from here.
    #[arg(long, value_enum)]
    pub from: Option<ShotFrom>,
    /// Ticks on the pipes show what flows.
    #[arg(long)]
    pub flow: bool,
    /// Take the selected thing apart.
    #[arg(long, requires = "select")]
    pub explode: bool,
    /// Cut the selected thing open.
    #[arg(long, requires = "select")]
    pub cut_away: bool,
    /// Everything but the selected thing is see-through.
    #[arg(long, requires = "select")]
    pub isolate: bool,
    /// Cut the plant open from the south, at this share of its extent, 0 to 1.
    #[arg(long, value_parser = share)]
    pub section: Option<f32>,
    /// Failure story.
    #[arg(long, default_value = "normal")]
    pub story: String,
    /// Plant seconds to run before the picture.
    #[arg(long, default_value_t = 120.0, value_parser = seconds)]
    pub after: f64,
    /// How bad the story is, 0 to 1.
    #[arg(long, default_value_t = 0.5)]
    pub severity: f64,
    /// Seed of the hidden plant.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Variant of the story.
    #[arg(long = "set", value_parser = variant)]
    pub set: Vec<(String, String)>,
    /// Broker to read before the picture, in place of a story: what it shows is live.
    #[arg(long, conflicts_with_all = ["story", "after", "severity", "seed", "set", "what_if_duty"])]
    pub broker: Option<String>,
    /// Seconds to read the broker.
    #[arg(long, default_value_t = 5.0, value_parser = seconds, requires = "broker")]
    pub seconds: f64,
    /// Record to draw in place of a story: an incident package, a history.
    #[arg(long, conflicts_with_all = ["broker", "story", "after", "severity", "seed", "set", "what_if_duty"])]
    pub record: Option<PathBuf>,
    /// Instant of the record, such as 2026-01-31T08:15:00Z; its end when left out.
    #[arg(long, requires = "record", value_parser = record::instant)]
    pub at: Option<TwinTime>,
    /// Panel to bring to the front: schematic, overview, plant_tree, faceplate, trends, alarm_list, what_if, stories, problems; `none` shows the scene alone.
    #[arg(long)]
    pub panel: Option<String>,
    /// Ask at the end: what if this pump took the duty? Shows the branch.
    #[arg(long)]
    pub what_if_duty: Option<String>,
    /// Tags to draw in the trends.
    #[arg(long)]
    pub trend: Vec<String>,
    /// Width and height in pixels.
    #[arg(long, default_value = "1600x900", value_parser = size)]
    pub size: (u32, u32),
    /// glTF of the plant, in place of the one its file names.
    #[arg(long)]
    pub scene: Option<PathBuf>,
}

/// Longest time that can be asked for: a hundred years.
const LONGEST_SECS: f64 = 3.2e9;

fn seconds(text: &str) -> Result<f64, String> {
    let wrong = "write it as seconds, 0 or more, such as 2.5";
    text.parse().ok().filter(|secs| (0.0..=LONGEST_SECS).contains(secs)).ok_or_else(|| wrong.to_owned())
}

fn speed(text: &str) -> Result<f64, String> {
    let wrong = "write it as plant seconds per second, 0.01 to 100000, such as 10";
    text.parse().ok().filter(|speed| (0.01..=1e5).contains(speed)).ok_or_else(|| wrong.to_owned())
}

fn share(text: &str) -> Result<f32, String> {
    let wrong = "write it as a share from 0 to 1, such as 0.5";
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| wrong.to_owned())
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let wrong = || "write it as WIDTHxHEIGHT, such as 1280x720, at most 8192".to_owned();
    let (width, height) = text.split_once('x').ok_or_else(wrong)?;
    let side = |text: &str| text.parse::<u32>().ok().filter(|n| (16..=8192).contains(n)).ok_or_else(wrong);
    Ok((side(width)?, side(height)?))
}

/// Runs what the command line asks for.
///
/// # Errors
/// A sentence for the person at the terminal, with what to do.
pub fn run(cli: Cli) -> Result<ExitCode, String> {
    match cli.command {
        None => open(&cli.open, false),
        Some(Command::Tour { open: args }) => open(&args, true),
        Some(Command::Check { plant, json }) => Ok(check::run(&plant, json)),
        Some(Command::Simulate(args)) => Ok(simulate::run(&args)),
        Some(Command::Serve { open }) => {
            start_log();
            let session = session::Session::start(&open)?;
            terminal::serve(&session, open.seconds);
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Open { record, no_window, seconds }) => open_record(&record, no_window, seconds),
        Some(Command::Replay { record, hash }) => record::replay(&record, hash),
        Some(Command::Package(args)) => package::run(&args),
        Some(Command::Verify { package }) => package::run_verify(&package),
        Some(Command::Export(args)) => crate::export::run(&args).map(|()| ExitCode::SUCCESS),
        Some(Command::Report(args)) => crate::report::run(&args).map(|()| ExitCode::SUCCESS),
        Some(Command::Publish(args)) => crate::publish::run(&args).map(|()| ExitCode::SUCCESS),
        Some(Command::Plant(args)) => {
            start_log();
            crate::story_host::run_plant(&args).map(|()| ExitCode::SUCCESS)
        }
        Some(Command::Shot(args)) => shot::run(&args).map(|()| ExitCode::SUCCESS),
        Some(Command::StressPlant { pumps, out }) => crate::stress_plant::write(pumps, &out).map(|()| ExitCode::SUCCESS),
        Some(Command::Bench { name, seconds }) => bench::run(name, seconds).map(|()| ExitCode::SUCCESS),
    }
}

fn open(args: &OpenArgs, with_tour: bool) -> Result<ExitCode, String> {
    let started = std::time::Instant::now();
    let window = if args.no_window { Err(display::NoWindow::NotWanted) } else { display::check() };
    match window {
        Err(display::NoWindow::NoDriver) => Err(display::NO_DRIVER.to_owned()),
        Err(reason) => {
            start_log();
            let session = session::Session::start(args)?;
            terminal::run(&session, reason.hint(), args.seconds);
            Ok(ExitCode::SUCCESS)
        }
        Ok(adapter) => {
            let files = plant_files::open(args.plant.as_deref(), args.scene.as_deref())?;
            let session = session::Session::start_with(args, files)?;
            let wishes = WindowWishes { until_moving: args.until_moving.then_some(started), seconds: args.seconds, with_tour };
            crate::view::window::run(session, adapter, &wishes)
        }
    }
}

fn open_record(args: &RecordArgs, no_window: bool, seconds: Option<f64>) -> Result<ExitCode, String> {
    let window = if no_window { Err(display::NoWindow::NotWanted) } else { display::check() };
    match window {
        Err(display::NoWindow::NoDriver) => Err(display::NO_DRIVER.to_owned()),
        Err(reason) => {
            start_log();
            let session = session::Session::of_record(args)?;
            terminal::run(&session, reason.hint(), seconds);
            Ok(ExitCode::SUCCESS)
        }
        Ok(adapter) => {
            let session = session::Session::of_record(args)?;
            crate::view::window::run(session, adapter, &WindowWishes { seconds, ..WindowWishes::default() })
        }
    }
}

/// Log for everything that does not open a window; Bevy brings its own.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn,mqtt5=error".into());
    // A second subscriber is refused; the first one is as good.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_none_is_refused_in_words() {
        for wrong in ["-1", "nan", "inf", "1e300", "soon"] {
            let refused = Cli::try_parse_from(["didymos", &format!("--seconds={wrong}")]).unwrap_err().to_string();
            assert!(refused.contains("write it as seconds"), "{wrong}: {refused}");
        }
        let refused = Cli::try_parse_from(["didymos", "shot", "--out", "a.png", "--section", "nan"]).unwrap_err().to_string();
        assert!(refused.contains("from 0 to 1"), "{refused}");
        assert_eq!(Cli::try_parse_from(["didymos", "--seconds", "2.5"]).unwrap().open.seconds, Some(2.5));
    }
}
