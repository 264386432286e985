//! Publishing a recording to a broker, paced, through one MQTT session per gateway of the plant file.

use super::faults::FaultCount;
use super::file::Recording;
use super::messages::{Message, RecordingMessages};
use crate::mqtt::{MqttOptions, OptionsError};
use crate::publish::{PublishError, Publisher};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use twin_model::TwinTime;
use twin_model::document::SourceSettings;

/// Fastest replay, plant seconds per wall second: the fastest plant a source accepts.
const MAX_SPEED: f64 = 100_000.0;
/// What a gateway leaves with the broker, and what it says when it ends.
const OFFLINE: &str = "offline";
/// The end of the replay is looked for this often while nothing is due.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// A replay that is this far behind gives up catching up.
const MAX_LAG: Duration = Duration::from_secs(1);
/// A pause between two messages beyond this, wall seconds, is skipped where the plant announces its clock.
const LONGEST_WAIT_SECS: f64 = 10.0;
/// Times a message is offered while the broker takes nothing.
const OFFERS: u32 = 3;

/// How a recording is published.
#[derive(Clone, Debug)]
pub struct PublishOptions {
    /// The broker.
    pub mqtt: MqttOptions,
    /// Plant seconds per wall second, above 0 up to 100 000.
    pub speed: f64,
    /// Quality of service, 0 or 1; without it that of the source in the plant file.
    pub qos: Option<u8>,
    /// Moves all times so that the recording begins here: now, for a plant file without clock topic.
    pub start: Option<TwinTime>,
    /// How long the first connection may take, seconds.
    pub connect_within_secs: f64,
}

impl PublishOptions {
    /// Options for a broker `mqtt://host:port` or `mqtts://host:port`, user and password from the environment, at the
    /// recording's own speed.
    ///
    /// # Errors
    /// [`OptionsError`] when the URL has another form.
    pub fn new(broker: &str) -> Result<Self, OptionsError> {
        let mut mqtt = MqttOptions::new(broker)?.with_environment();
        mqtt.role = "recording".to_owned();
        Ok(Self { mqtt, speed: 1.0, qos: None, start: None, connect_within_secs: 10.0 })
    }
}

/// What was published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishReport {
    /// Rows of the recording that could be used.
    pub rows: u64,
    /// Samples handed to the broker.
    pub samples: u64,
    /// Messages handed to the broker, announcements of the clock included.
    pub messages: u64,
    /// Bytes of their payloads.
    pub bytes: u64,
    /// Messages lost because there was no connection when they were due, or because the broker did not take them.
    pub lost: u64,
    /// Values whose signal has no topic in the plant file.
    pub unbound: u64,
    /// True when it was stopped before its end.
    pub is_stopped: bool,
    /// True when everything handed over has reached the broker.
    pub is_delivered: bool,
    /// What in the recording could not be used, by reason.
    pub faults: Vec<FaultCount>,
}

/// Why a recording could not be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishRecordingError {
    /// The speed makes no sense.
    #[error("speed needs a number above 0 and up to 100000, found: {speed}")]
    Speed {
        /// As given.
        speed: f64,
    },
    /// No connection at the start.
    #[error("the broker at {address} cannot be reached: {reason}")]
    Unreachable {
        /// `host:port`.
        address: String,
        /// Why.
        reason: PublishError,
    },
    /// The file cannot be read.
    #[error("the recording cannot be read: {0}")]
    Read(#[from] std::io::Error),
}

/// Publishes a recording as its plant would: births and Last Wills of its sessions, its clock, its samples, paced. Blocks
/// until the end, or until `stop` is set; `progress` is called about once a second with plant time and counters so far.
///
/// Nothing is kept for later: what is due while there is no connection is lost and counted, as with a real gateway.
///
/// # Errors
/// [`PublishRecordingError`] when nothing could be published at all.
pub fn publish(
    recording: &Recording,
    source: &SourceSettings,
    options: &PublishOptions,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(TwinTime, &PublishReport),
) -> Result<PublishReport, PublishRecordingError> {
    if !(options.speed > 0.0 && options.speed <= MAX_SPEED) {
        return Err(PublishRecordingError::Speed { speed: options.speed });
    }
    let qos = options.qos.unwrap_or(source.qos);
    let mut messages = RecordingMessages::new(recording, source, options.speed, qos, options.start)?;
    let begin = options.start.unwrap_or(recording.start());
    let mut gateways = Gateways::connect(source, options, &messages.sessions(), begin)?;
    let mut pacing = Pacing { anchor: (begin, Instant::now()), last: begin, speed: options.speed, skips: source.clock_topic.is_some() };
    let mut told = Instant::now();
    let mut report = PublishReport::default();
    while let Some(message) = messages.next() {
        if !pacing.wait_for(message.due, stop) {
            report.is_stopped = true;
            break;
        }
        gateways.send(message, &mut report);
        if told.elapsed() >= Duration::from_secs(1) {
            told = Instant::now();
            report.rows = messages.rows().rows();
            progress(pacing.last, &report);
        }
    }
    report.rows = messages.rows().rows();
    report.unbound = messages.unbound();
    report.faults = messages.rows().faults();
    report.is_delivered = gateways.close();
    progress(pacing.last, &report);
    Ok(report)
}

/// Wall time paces and decides nothing.
struct Pacing {
    anchor: (TwinTime, Instant),
    last: TwinTime,
    speed: f64,
    /// False where the plant runs on the wall clock: what is skipped would come from the future.
    skips: bool,
}

impl Pacing {
    /// Waits until a plant time is due; false when the replay is to stop.
    fn wait_for(&mut self, due: TwinTime, stop: &AtomicBool) -> bool {
        if self.skips && due.secs_since(self.last) > LONGEST_WAIT_SECS * self.speed.max(1.0) {
            self.anchor = (due, Instant::now());
        }
        self.last = self.last.max(due);
        let secs = (due.secs_since(self.anchor.0) / self.speed).clamp(0.0, 1e6);
        let at = self.anchor.1 + Duration::from_secs_f64(secs);
        if at.elapsed() > MAX_LAG {
            self.anchor = (due, Instant::now());
        }
        loop {
            if stop.load(Ordering::Acquire) {
                return false;
            }
            let left = at.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            std::thread::sleep(left.min(LOOK_EVERY));
        }
    }
}

/// One client per session.
struct Gateways {
    clients: BTreeMap<usize, (Publisher, Option<String>)>,
}

impl Gateways {
    fn connect(
        source: &SourceSettings,
        options: &PublishOptions,
        sessions: &[usize],
        begin: TwinTime,
    ) -> Result<Self, PublishRecordingError> {
        let mut clients = BTreeMap::new();
        for index in sessions {
            let session = source.sessions.get(*index);
            let mut mqtt = options.mqtt.clone();
            if let Some(session) = session {
                mqtt.role.clone_from(&session.name);
            }
            let status_topic = session.map(|session| session.status_topic.clone());
            let will = status_topic.clone().map(|topic| (topic, OFFLINE.as_bytes().to_vec()));
            let publisher = Publisher::connect(mqtt, will);
            if let Some(topic) = &status_topic {
                let birth = json!({"status": "online", "t": begin.to_string(), "speed": options.speed}).to_string();
                publisher.set_birth(topic, birth);
            }
            clients.insert(*index, (publisher, status_topic));
        }
        let until = Instant::now() + Duration::from_secs_f64(options.connect_within_secs.clamp(0.0, 3600.0));
        for (publisher, _) in clients.values() {
            if !publisher.wait_connected(until.saturating_duration_since(Instant::now())) {
                let reason = match publisher.publish("", Vec::new(), false, 0) {
                    Err(reason) => reason,
                    Ok(()) => PublishError::Unfinished,
                };
                return Err(PublishRecordingError::Unreachable { address: options.mqtt.address(), reason });
            }
        }
        Ok(Self { clients })
    }

    fn send(&mut self, message: Message, report: &mut PublishReport) {
        let Message { session, topic, payload, retain, qos, samples, .. } = message;
        let Some((publisher, _)) = self.clients.get(&session) else {
            report.lost += 1;
            return;
        };
        for _ in 0..OFFERS {
            match publisher.publish(&topic, payload.clone(), retain, qos) {
                Ok(()) => {
                    report.messages += 1;
                    report.samples += u64::from(samples);
                    report.bytes += payload.len() as u64;
                    return;
                }
                // More waits than the socket takes: the replay waits with it.
                Err(PublishError::Full) => {
                    if publisher.flush().is_err() {
                        break;
                    }
                }
                Err(error) => {
                    if report.lost == 0 {
                        tracing::warn!(%error, "the recording cannot be published at present");
                    }
                    break;
                }
            }
        }
        report.lost += 1;
    }

    /// Says good-bye; true when everything has reached the broker.
    fn close(self) -> bool {
        let mut is_delivered = true;
        for (_, (publisher, status_topic)) in self.clients {
            if let Some(topic) = status_topic
                && let Err(error) = publisher.publish(&topic, OFFLINE, true, 1)
            {
                tracing::debug!(%error, "a session ended without saying so");
            }
            is_delivered &= publisher.flush().is_ok();
            publisher.close();
        }
        is_delivered
    }
}
