//! The live table in a terminal: the same twin without a window.

use crate::session::Session;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};
use twin_insight::AlarmStatus;
use twin_model::alarm::HealthState;
use twin_model::{LaneId, Plant, SignalKey, SourceState, TwinTime, ValueKind};
use twin_runtime::{Snapshot, ViewFrame};

/// Time between two tables.
const REFRESH: Duration = Duration::from_millis(1000);
/// Alarms listed at most.
const ALARMS_SHOWN: usize = 12;

/// Shows the table until the time is over or the program is stopped.
pub fn run(session: &Session, hint: &str, seconds: Option<f64>) {
    let started = Instant::now();
    let is_terminal = std::io::stdout().is_terminal();
    tell_problems(session);
    while is_running(started, seconds) {
        std::thread::sleep(REFRESH);
        let snapshot = session.core.snapshot();
        let mut text = table(&session.files.plant, &session.source_name, &snapshot);
        text.push_str(&format!("\n{hint}\n"));
        let start = if is_terminal { "\x1b[H\x1b[2J" } else { "" };
        let mut out = std::io::stdout().lock();
        // A reader that has gone (head, a closed pipe) ends the table.
        if writeln!(out, "{start}{text}").and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}

/// Runs the core alone; a line whenever the connection or the number of alarms changes, the table is left to views.
pub fn serve(session: &Session, seconds: Option<f64>) {
    let started = Instant::now();
    println!("Serving {} from {}. Stop with Ctrl-C.", session.files.plant.document.name, session.source_name);
    tell_problems(session);
    let mut said = String::new();
    while is_running(started, seconds) {
        std::thread::sleep(REFRESH);
        let snapshot = session.core.snapshot();
        let line = format!("{}; {} alarms", connection(&snapshot), snapshot.live.alarms.len());
        if line != said {
            println!("{line}");
            said = line;
        }
    }
}

fn tell_problems(session: &Session) {
    for problem in &session.files.problems {
        eprintln!("{problem}");
    }
}

fn is_running(started: Instant, seconds: Option<f64>) -> bool {
    seconds.is_none_or(|seconds| started.elapsed().as_secs_f64() < seconds)
}

/// The whole table as text.
pub fn table(plant: &Plant, source: &str, snapshot: &Snapshot) -> String {
    let Some(frame) = snapshot.frames.first() else { return String::new() };
    let mut text = format!(
        "{}   {}   {}\n{}   {:.0} samples/s   latency p50 {:.1} ms, p95 {:.1} ms\n\n",
        plant.document.name,
        time_text(frame.playhead.time),
        source,
        connection(snapshot),
        snapshot.live.samples_per_sec,
        snapshot.live.latency_p50_ms,
        snapshot.live.latency_p95_ms,
    );
    text.push_str(&format!("{:<12} {:<44} {:>12} {:<8} {}\n", "tag", "signal", "value", "unit", "quality"));
    for key in plant.document.key_signals.iter().filter_map(|tag| plant.signals.find(tag)) {
        text.push_str(&signal_line(plant, frame, key));
    }
    text.push_str(&format!("\nhealth: {}\n", health_line(plant, frame)));
    text.push_str(&alarm_lines(plant, snapshot));
    text
}

/// Before the first data there is no plant time.
fn time_text(time: TwinTime) -> String {
    if time == TwinTime::default() { "no plant time yet".to_owned() } else { time.to_string() }
}

fn connection(snapshot: &Snapshot) -> String {
    match snapshot.lane(LaneId::LIVE).map(|lane| &lane.state) {
        Some(SourceState::Connected) => "connected".to_owned(),
        Some(SourceState::Down { reason }) => format!("DOWN: {reason}"),
        Some(SourceState::Ended) => "ended".to_owned(),
        Some(SourceState::Connecting) | None => "connecting".to_owned(),
    }
}

fn signal_line(plant: &Plant, frame: &ViewFrame, key: SignalKey) -> String {
    let Some(info) = plant.signals.info(key) else { return String::new() };
    let reading = frame.readings.get(key.index()).copied().flatten();
    let value = reading.and_then(|r| r.value).map_or("—".to_owned(), |value| match &info.kind {
        ValueKind::Enumeration { states } => states.get(value as usize).cloned().unwrap_or_else(|| value.to_string()),
        _ => format!("{value:.*}", usize::from(info.decimals)),
    });
    let quality = reading.map_or("nothing received yet", |r| r.quality.reason());
    format!("{:<12} {:<44} {:>12} {:<8} {}\n", info.tag, info.name, value, info.unit, quality)
}

fn health_line(plant: &Plant, frame: &ViewFrame) -> String {
    let of = |state: HealthState| -> Vec<&str> {
        let things = frame.health.iter().zip(&plant.things);
        things.filter(|(health, _)| health.state == state).map(|(_, thing)| thing.name.as_str()).collect()
    };
    let states = [
        HealthState::Failure,
        HealthState::FunctionCheck,
        HealthState::OutOfSpecification,
        HealthState::MaintenanceRequired,
        HealthState::Unknown,
    ];
    let mut parts = vec![format!("{} good", of(HealthState::Good).len())];
    for state in states {
        let names = of(state);
        if !names.is_empty() {
            parts.push(format!("{} {}: {}", names.len(), state.name().to_lowercase(), names.join(" ")));
        }
    }
    parts.join("; ")
}

fn alarm_lines(plant: &Plant, snapshot: &Snapshot) -> String {
    let mut text = format!("alarms: {}\n", snapshot.live.alarms.len());
    for (_, index, status) in snapshot.live.alarms.iter().take(ALARMS_SHOWN) {
        text.push_str(&alarm_line(plant, *index, status));
    }
    text
}

fn alarm_line(plant: &Plant, index: usize, status: &AlarmStatus) -> String {
    let Some(point) = plant.alarms.get(index) else { return String::new() };
    let priority = point.settings.priority.map_or("-".to_owned(), |priority| priority.to_string());
    let since = status.since.map(twin_model::TwinTime::clock_text).unwrap_or_default();
    format!("  {priority}  {:<10} {:<40} since {since}  {:?}\n", point.settings.tag, point.settings.message, status.state())
}
