//! One lane that records what a broker delivers, and tells on standard output what it has acknowledged.
//!
//! Lines on standard output:
//!
//! ```text
//! connected                      subscribed, the session is there
//! ack SIGNAL:VALUE …             these samples are said to be safe; the broker hears it after this line is written
//! counters NAME=NUMBER …         once a second
//! failing REASON / recovered     the disk refuses, answers again
//! ended                          standard input was closed, everything is written
//! ```

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use twin_historian::{Archive, FileOptions, Flush, HistoryFolder, LaneNumber, Recorder, RecorderOptions, Retention};
use twin_ingest::{MqttOptions, MqttSource, SystemClock};
use twin_model::document::load;
use twin_model::{LaneId, SourceEvent, SourceState};
use twin_runtime::{Lane, LaneKind, LaneRecorder, Past, SourceLink};

/// How it is called.
pub const USAGE: &str = "\
usage: record PLANT BROKER HISTORY [OPTION…]

  PLANT                  plant file
  BROKER                 mqtt://host:port
  HISTORY                folder of the history
  --samples-waiting N    samples that wait at most while the disk refuses
  --group-ms N           longest time a commit waits for others
  --ack-at-once          WRONG on purpose: acknowledges what is not on the disk
  --synchronous-normal   WRONG on purpose: does not wait for the disk at every commit";

/// Events between source and lane.
const EVENTS_WAITING: usize = 1_024;
const COUNTERS_EVERY: Duration = Duration::from_secs(1);
/// How long the end may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the recorder is to do.
struct Settings {
    plant: String,
    broker: String,
    history: String,
    recorder: RecorderOptions,
    ack_at_once: bool,
    flush: Flush,
}

impl Settings {
    fn read(args: &[String]) -> Result<Self, Box<dyn Error>> {
        let [plant, broker, history, options @ ..] = args else { return Err(USAGE.into()) };
        let [plant, broker, history] = [plant, broker, history].map(String::clone);
        let recorder = RecorderOptions { retry: Duration::from_millis(250), ..RecorderOptions::default() };
        let mut settings = Self { plant, broker, history, recorder, ack_at_once: false, flush: Flush::EveryCommit };
        let mut options = options.iter();
        while let Some(option) = options.next() {
            match option.as_str() {
                "--samples-waiting" => settings.recorder.samples_waiting = options.next().ok_or(USAGE)?.parse()?,
                "--group-ms" => settings.recorder.group = Duration::from_millis(options.next().ok_or(USAGE)?.parse()?),
                "--ack-at-once" => settings.ack_at_once = true,
                "--synchronous-normal" => settings.flush = Flush::Checkpoint,
                other => return Err(format!("there is no option {other}\n\n{USAGE}").into()),
            }
        }
        Ok(settings)
    }
}

/// Signal and value of samples, by the number under which their batch is acknowledged.
type Handed = Arc<Mutex<BTreeMap<u64, Vec<(u32, f64)>>>>;

/// Records until standard input is closed.
///
/// # Errors
/// When the plant, the history or the arguments cannot be used.
pub fn record(args: &[String]) -> Result<(), Box<dyn Error>> {
    let settings = Settings::read(args)?;
    let (document, _) = load(Path::new(&settings.plant));
    let plant = Arc::new(document.plant());
    let source = plant.sources().first().ok_or("the plant file names no source")?.clone();
    let names = plant.signals.iter().map(|(_, signal)| (signal.id.to_string(), signal.unit.clone()));
    let names: Arc<[(String, String)]> = names.collect();

    let mut lane = Lane::new(LaneId(0), LaneKind::Live, "Live", Arc::clone(&plant));
    let folder = Path::new(&settings.history);
    if let Some(past) = Past::read(&Archive::open(folder, Arc::clone(&names))?, LaneNumber(0), &plant)? {
        lane.resume(past);
    }
    let history =
        HistoryFolder::open(folder, names, FileOptions { flush: settings.flush, ..FileOptions::default() }, Retention::default())?;
    lane.record_to(LaneRecorder::new(Recorder::start(history, settings.recorder)?, LaneNumber(0)));

    let mut mqtt = MqttOptions::new(&settings.broker)?;
    mqtt.session = Some("didymos-record".to_owned());
    let (sender, events) = bounded(EVENTS_WAITING);
    let handle = MqttSource::spawn(mqtt, plant, source, Arc::new(SystemClock), sender);
    let (durable, acks) = unbounded();
    let handed = Handed::default();
    let to_source = handle.acks.clone();
    let theirs = Arc::clone(&handed);
    std::thread::Builder::new().name("acks".to_owned()).spawn(move || tell_acks(&acks, &theirs, &to_source))?;
    let stats = Arc::clone(&handle.stats);
    lane.source = Some(SourceLink { events, acks: Some(durable), stats: Some(stats), guard: Box::new(handle) });

    let (over, is_over) = bounded::<()>(0);
    std::thread::Builder::new().name("end".to_owned()).spawn(move || {
        // Whatever comes, its end is what counts.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        drop(over);
    })?;
    run(&mut lane, &handed, settings.ack_at_once, &is_over);
    let is_written = lane.recorder().is_some_and(|recorder| recorder.recorder().flush(PATIENCE));
    tell(&counters(&lane, 0));
    tell(if is_written { "ended" } else { "ended with samples that are not written" });
    Ok(())
}

fn run(lane: &mut Lane, handed: &Handed, ack_at_once: bool, is_over: &Receiver<()>) {
    let (mut delivered, mut was_failing) = (0, false);
    let mut due = Instant::now() + COUNTERS_EVERY;
    while let Some(events) = lane.source.as_ref().map(|source| source.events.clone()) {
        crossbeam_channel::select! {
            recv(events) -> event => match event {
                Ok(event) => delivered += take(lane, event, handed, ack_at_once),
                Err(_) => return,
            },
            recv(is_over) -> _ => return,
            default(due.saturating_duration_since(Instant::now())) => {}
        }
        if due <= Instant::now() {
            due = Instant::now() + COUNTERS_EVERY;
            tell(&counters(lane, delivered));
        }
        if let Some(recorder) = lane.recorder() {
            let stats = recorder.recorder().stats();
            let is_failing = stats.is_failing.load(Relaxed);
            if is_failing != was_failing {
                was_failing = is_failing;
                tell(&if is_failing { format!("failing {}", stats.reason()) } else { "recovered".to_owned() });
            }
        }
    }
}

/// Gives one event to the lane. Returns the samples in it.
fn take(lane: &mut Lane, mut event: SourceEvent, handed: &Handed, ack_at_once: bool) -> u64 {
    let mut samples = 0;
    match &mut event {
        SourceEvent::Batch(batch) => {
            samples = batch.samples.len() as u64;
            if let Some(number) = batch.ack {
                let values = batch.samples.iter().filter_map(|sample| Some((sample.signal.0, sample.value?))).collect();
                handed.lock().unwrap_or_else(PoisonError::into_inner).insert(number, values);
            }
            if ack_at_once
                && let Some(number) = batch.ack.take()
                && let Some(acks) = lane.source.as_ref().and_then(|source| source.acks.as_ref())
            {
                // A source that has gone needs no acknowledgement.
                let _ = acks.send(number);
            }
        }
        SourceEvent::State(SourceState::Connected) => tell("connected"),
        SourceEvent::State(SourceState::Down { reason }) => tell(&format!("down {reason}")),
        SourceEvent::Problem { topic, reason, .. } => tell(&format!("problem {topic}: {reason}")),
        _ => {}
    }
    lane.apply(event);
    samples
}

/// Says what is safe, then tells the source, which tells the broker.
fn tell_acks(acks: &Receiver<u64>, handed: &Handed, to_source: &Sender<u64>) {
    let mut line = String::new();
    while let Ok(first) = acks.recv() {
        let numbers: Vec<u64> = std::iter::once(first).chain(acks.try_iter()).collect();
        line.clear();
        line.push_str("ack");
        let mut open = handed.lock().unwrap_or_else(PoisonError::into_inner);
        for (signal, value) in numbers.iter().filter_map(|number| open.remove(number)).flatten() {
            // Writing to a string does not fail.
            let _ = write!(line, " {signal}:{value}");
        }
        drop(open);
        tell(&line);
        for number in numbers {
            // A source that has gone needs no acknowledgement.
            let _ = to_source.send(number);
        }
    }
}

fn counters(lane: &Lane, delivered: u64) -> String {
    let mut line = String::from("counters");
    let mut add = |name: &str, number: u64| {
        // Writing to a string does not fail.
        let _ = write!(line, " {name}={number}");
    };
    if let Some(stats) = lane.source.as_ref().and_then(|source| source.stats.as_ref()) {
        let rejected = [&stats.refused, &stats.unknown_topics, &stats.dropped, &stats.retained];
        add("messages", stats.messages.load(Relaxed));
        add("rejected", rejected.map(|counter| counter.load(Relaxed)).iter().sum());
        add("samples", stats.samples.load(Relaxed) + stats.marks.load(Relaxed));
        add("acknowledged", stats.acknowledged.load(Relaxed));
    }
    add("delivered", delivered);
    add("committed", lane.stats.committed);
    add("duplicates", lane.stats.duplicates);
    if let Some(recorder) = lane.recorder() {
        let stats = recorder.recorder().stats();
        // Read in the order in which they grow last, so that the sum never exceeds what was received.
        let (durable, lost) = (stats.durable.load(Relaxed), stats.lost.load(Relaxed));
        add("durable", durable);
        add("lost", lost);
        add("received", stats.received.load(Relaxed));
        add("refusals", stats.refusals.load(Relaxed));
    }
    line
}

/// One line at once: whoever reads it must have it before anything else happens.
fn tell(line: &str) {
    let mut out = std::io::stdout().lock();
    // A reader that has gone ends nothing here.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
