//! A running twin: plant, source, core. The same behind window, terminal and server.

use crate::cli::OpenArgs;
use crate::keeping::client_id;
use crate::plant_files::{self, PlantFiles};
use crate::record::{OpenRecord, RecordArgs};
use crate::story_host::{self, DemoStories};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use twin_demo::{DemoHandle, EmbeddedBroker};
use twin_fmu::{Host, Permission};
use twin_historian::postgres::SiteHistorian;
use twin_ingest::SystemClock;
use twin_ingest::mqtt::{MqttOptions, MqttSource};
use twin_ingest::recording::{Pace, Recording, RecordingSource};
use twin_model::document::SourceSettings;
use twin_model::{Clock, LaneId, Plant, SourceState};
use twin_runtime::fmu_block::FmuHost;
use twin_runtime::replay::recording_source;
use twin_runtime::{CoreHandle, SourceLink, Twin, spawn};

/// A running twin with everything it needs. Dropping it stops all of it, the core first.
pub struct Session {
    /// The core.
    pub core: CoreHandle,
    /// The plant and its files.
    pub files: PlantFiles,
    /// Where the data come from, for people.
    pub source_name: String,
    /// Where the history of lane Live is kept, when it is.
    pub history: Option<PathBuf>,
    /// Forwards the history to the site's PostgreSQL, when one is named.
    pub site: Option<SiteHistorian>,
    /// The demo plant and its broker, when this is the demo.
    _demo: Option<Demo>,
}

struct Demo {
    _plant: DemoHandle,
    _broker: Arc<EmbeddedBroker>,
}

impl Session {
    /// Starts what the command line asks for.
    ///
    /// # Errors
    /// A sentence with what to do.
    pub fn start(args: &OpenArgs) -> Result<Self, String> {
        let files = plant_files::open(args.plant.as_deref(), args.scene.as_deref())?;
        Self::start_with(args, files)
    }

    /// Starts a twin of a plant that is open already.
    ///
    /// # Errors
    /// A sentence with what to do.
    pub fn start_with(args: &OpenArgs, mut files: PlantFiles) -> Result<Self, String> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let mut twin = Twin::new(Arc::clone(&files.plant), Arc::clone(&clock));
        if let (Some(folder), Ok(host)) = (files.folder.clone(), Host::this_program()) {
            twin.start_fmus(&FmuHost { folder, permission: Permission::of(args.allow_fmu.iter().copied()), host });
        }
        if let Some(recording) = &args.recording {
            return Self::play(twin, files, recording, args, &clock);
        }
        let history = args.keep.begin(&mut twin, &mut files.problems);
        let site = args.keep.forward(history.as_deref())?;
        let source = files.plant.sources().first().cloned();
        let mut demo = None;
        let source_name = match (&source, broker_of(args, &files, source.as_ref())) {
            (None, _) => without_source(&mut twin, "no source in the plant file"),
            (Some(_), Broker::None) => without_source(&mut twin, "no broker: give one with --broker"),
            (Some(source), Broker::At(url)) => {
                let mut options = mqtt_options(args, &url, source)?;
                // What is acknowledged once it is on the disk can be asked for again; without a history there is nothing to ask for.
                options.session = history.as_deref().filter(|_| source.qos > 0).and_then(client_id);
                let name = options.address();
                twin.connect_live(connect(options, &files.plant, source, &clock));
                name
            }
            (Some(source), Broker::Embedded) => {
                let broker = Arc::new(EmbeddedBroker::start().map_err(|error| format!("the demo broker did not start: {error}"))?);
                let plant = story_host::start_normal_plant(&broker.url(), clock.now())?;
                let options = MqttOptions::new(&broker.url()).map_err(|error| error.to_string())?;
                twin.connect_live(connect(options, &files.plant, source, &clock));
                twin.set_story_host(Box::new(DemoStories::new(
                    Arc::clone(&broker),
                    Arc::clone(&files.plant),
                    source.clone(),
                    Arc::clone(&clock),
                )));
                demo = Some(Demo { _plant: plant, _broker: Arc::clone(&broker) });
                format!("demo plant on {}", broker.url())
            }
        };
        let core = spawn(twin).map_err(|error| format!("no thread for the core: {error}"))?;
        Ok(Self { core, files, source_name, history, site, _demo: demo })
    }

    /// Opens a record: an incident package, a history.
    ///
    /// # Errors
    /// A sentence with what to do.
    pub fn of_record(args: &RecordArgs) -> Result<Self, String> {
        let record = OpenRecord::open(args)?;
        let mut twin = Twin::new(Arc::clone(&record.files.plant), Arc::new(SystemClock));
        let reason = format!("a record is open: {}", record.title);
        let source_name = without_source(&mut twin, &reason);
        let source = recording_source(record.archive, record.lane).map_err(|error| format!("no thread for the record: {error}"))?;
        twin.open_recording(&record.title, source);
        let core = spawn(twin).map_err(|error| format!("no thread for the core: {error}"))?;
        Ok(Self { core, files: record.files, source_name, history: Some(args.record.clone()), site: None, _demo: None })
    }

    /// Plays a CSV recording on a lane of its own.
    fn play(mut twin: Twin, mut files: PlantFiles, path: &Path, args: &OpenArgs, clock: &Arc<dyn Clock>) -> Result<Self, String> {
        /// Events that may wait for the core.
        const EVENTS_WAITING: usize = 4096;
        let recording = open_recording(path, args.mapping.as_deref(), &files.plant)?;
        files.problems.extend(recording.problems().iter().cloned());
        let name = recording.name().to_owned();
        without_source(&mut twin, &format!("a recording is played: {name}"));
        let (events, receiver) = crossbeam_channel::bounded(EVENTS_WAITING);
        let pace = args.speed.map_or(Pace::Unpaced, Pace::Speed);
        let handle = RecordingSource::spawn(&recording, pace, Arc::clone(clock), events)
            .map_err(|error| format!("no thread for the recording: {error}"))?;
        let stats = Some(Arc::clone(&handle.stats));
        twin.open_recording(&name, SourceLink { events: receiver, acks: None, stats, guard: Box::new(handle) });
        let core = spawn(twin).map_err(|error| format!("no thread for the core: {error}"))?;
        Ok(Self { core, files, source_name: path.display().to_string(), history: None, site: None, _demo: None })
    }
}

/// Opens a CSV recording; what keeps it from being used is told all at once.
///
/// # Errors
/// All problems, a line each.
pub fn open_recording(path: &Path, mapping: Option<&Path>, plant: &Arc<Plant>) -> Result<Recording, String> {
    Recording::open(path, mapping, plant).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        format!("the recording cannot be played.\n{}", lines.join("\n"))
    })
}

/// A lane that nothing will ever connect to says so. Returns the reason.
fn without_source(twin: &mut Twin, reason: &str) -> String {
    if let Some(live) = twin.lane_mut(LaneId::LIVE) {
        live.state = SourceState::Down { reason: reason.to_owned() };
    }
    reason.to_owned()
}

enum Broker {
    At(String),
    Embedded,
    None,
}

fn broker_of(args: &OpenArgs, files: &PlantFiles, source: Option<&SourceSettings>) -> Broker {
    let named = args.broker.clone().or_else(|| source.and_then(|source| source.broker.clone()));
    match named {
        Some(url) => Broker::At(url),
        None if files.is_demo => Broker::Embedded,
        None => Broker::None,
    }
}

fn mqtt_options(args: &OpenArgs, url: &str, source: &SourceSettings) -> Result<MqttOptions, String> {
    let mut options =
        MqttOptions::new(url).and_then(|options| options.with_source(source)).map_err(|error| error.to_string())?.with_environment();
    options.ca_file = args.ca_file.clone().or(options.ca_file);
    options.client_cert = args.client_cert.clone().or(options.client_cert);
    options.client_key = args.client_key.clone().or(options.client_key);
    options.password_file = args.password_file.clone().or(options.password_file);
    options.check().map_err(|error| error.to_string())?;
    Ok(options)
}

/// Connects a source to a lane.
pub fn connect(options: MqttOptions, plant: &Arc<Plant>, source: &SourceSettings, clock: &Arc<dyn Clock>) -> SourceLink {
    /// Events that may wait for the core: a minute of a busy plant in batches.
    const EVENTS_WAITING: usize = 4096;
    let (events, receiver) = crossbeam_channel::bounded(EVENTS_WAITING);
    let handle = MqttSource::spawn(options, Arc::clone(plant), source.clone(), Arc::clone(clock), events);
    let (acks, stats) = (handle.acks.clone(), Arc::clone(&handle.stats));
    SourceLink { events: receiver, acks: Some(acks), stats: Some(stats), guard: Box::new(handle) }
}
