//! A live source on MQTT: one thread that only receives, decodes and hands on.

use super::backoff::Backoff;
use super::failure::{Failure, Kind};
use super::link::{Link, LinkEvent, LinkMessage, LinkSender, LinkSettings, random_client_id};
use super::options::{MqttOptions, Protocol};
use super::v4::V4Link;
use super::v5::V5Link;
use crate::problem::InputProblem;
use crate::source_core::SourceCore;
use crate::stats::SourceStats;
use crossbeam_channel::{Receiver, Sender, TrySendError};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep, timeout};
use twin_model::document::SourceSettings;
use twin_model::{Clock, Plant, SourceEvent, SourceState, TwinTime};

/// Samples are handed on at least this often.
const FLUSH_EVERY: Duration = Duration::from_millis(5);
/// … and as soon as so many wait.
const FLUSH_SAMPLES: usize = 512;
/// While the receiver is full, so many samples are held; further messages that nobody acknowledges are dropped and counted.
const HELD_SAMPLES: usize = 8_192;
/// Filters in one subscribe request.
const FILTERS_PER_REQUEST: usize = 64;
/// How long a broker may take to say good-bye.
const GOODBYE: Duration = Duration::from_millis(500);

/// A source that subscribes to a broker.
#[derive(Debug)]
pub struct MqttSource;

/// A running source. Dropping it stops the source; [`SourceHandle::stop`] also waits until it has.
#[derive(Debug)]
pub struct SourceHandle {
    /// Send the number of a [`Batch`](twin_model::Batch) here once it is durable: only then the broker is told.
    pub acks: Sender<u64>,
    /// Counters.
    pub stats: Arc<SourceStats>,
    stop: Arc<Stop>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Stop {
    is_set: AtomicBool,
    notify: Notify,
}

impl Stop {
    fn set(&self) {
        self.is_set.store(true, Ordering::Release);
        self.notify.notify_one();
    }
}

impl SourceHandle {
    /// Says good-bye to the broker, hands on what is left and ends with [`SourceState::Ended`].
    pub fn stop(mut self) {
        self.stop.set();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("source thread ended by a panic");
        }
    }
}

impl Drop for SourceHandle {
    fn drop(&mut self) {
        self.stop.set();
    }
}

impl MqttSource {
    /// Starts a source in a thread of its own. It tells its state, decodes what it receives into batches for `events` and
    /// reconnects until it is stopped; only a second program with its client id ends it.
    ///
    /// When `events` (bounded) is full, messages of quality of service 1 wait in the broker, because they are not
    /// acknowledged; those of 0 are dropped and counted in [`SourceStats::dropped`].
    pub fn spawn(
        options: MqttOptions,
        plant: Arc<Plant>,
        source: SourceSettings,
        clock: Arc<dyn Clock>,
        events: Sender<SourceEvent>,
    ) -> SourceHandle {
        let (acks, acks_in) = crossbeam_channel::unbounded();
        let mut core = SourceCore::new(&plant, &source);
        core.set_max_payload_bytes(options.max_packet_bytes as usize);
        let stats = core.stats();
        let stop = Arc::new(Stop::default());
        let name = format!("ingest-{}", source.name);
        let mut receiver = Receiving {
            client_id: options.session.clone().unwrap_or_else(|| random_client_id(&options.role)),
            filters: core.filters(),
            qos: source.qos.min(1),
            backoff: Backoff::new(&options),
            options,
            core,
            stats: Arc::clone(&stats),
            clock,
            events,
            outbox: VecDeque::new(),
            acks_in,
            acks: AckBook::default(),
            stop: Arc::clone(&stop),
            is_gone: false,
        };
        let thread = std::thread::Builder::new().name(name).spawn(move || receiver.run());
        let thread = thread.map_err(|error| tracing::error!("source thread cannot be started: {error}")).ok();
        SourceHandle { acks, stats, stop, thread }
    }
}

/// Messages that wait for the core's word before the broker is told.
#[derive(Debug, Default)]
struct AckBook {
    /// Received since the last batch was handed on.
    open: Vec<u16>,
    /// By the number of their batch.
    handed_on: BTreeMap<u64, Vec<u16>>,
    /// Confirmed by the core, not yet with the client.
    confirmed: VecDeque<u16>,
    last_number: u64,
}

impl AckBook {
    fn seal(&mut self) -> Option<u64> {
        if self.open.is_empty() {
            return None;
        }
        self.last_number += 1;
        self.handed_on.insert(self.last_number, std::mem::take(&mut self.open));
        Some(self.last_number)
    }

    fn confirm(&mut self, number: u64) {
        self.confirmed.extend(self.handed_on.remove(&number).unwrap_or_default());
    }

    /// Packet ids mean nothing on the next connection: the broker delivers again what it does not know as received.
    fn forget(&mut self) {
        self.open.clear();
        self.handed_on.clear();
        self.confirmed.clear();
    }
}

struct Receiving {
    options: MqttOptions,
    client_id: String,
    filters: Vec<String>,
    qos: u8,
    backoff: Backoff,
    core: SourceCore,
    stats: Arc<SourceStats>,
    clock: Arc<dyn Clock>,
    events: Sender<SourceEvent>,
    /// Events the receiver had no room for.
    outbox: VecDeque<SourceEvent>,
    acks_in: Receiver<u64>,
    acks: AckBook,
    stop: Arc<Stop>,
    /// True once the receiver of `events` is gone.
    is_gone: bool,
}

impl Receiving {
    fn run(&mut self) {
        match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => {
                match self.options.protocol {
                    Protocol::V5 => runtime.block_on(self.live::<V5Link>()),
                    Protocol::V311 => runtime.block_on(self.live::<V4Link>()),
                }
                // A name look-up that hangs must not hold the thread.
                runtime.shutdown_background();
            }
            Err(error) => self.tell(SourceState::Down { reason: format!("the source cannot start ({error}): free some memory or files") }),
        }
    }

    fn is_over(&self) -> bool {
        self.is_gone || self.stop.is_set.load(Ordering::Acquire)
    }

    async fn live<L: Link>(&mut self) {
        let mut beat = interval(FLUSH_EVERY);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut resumes = self.options.session.is_some();
        while !self.is_over() {
            self.tell(SourceState::Connecting);
            SourceStats::add(&self.stats.attempts, 1);
            let mut connected_at = None;
            let failure = self.connection::<L>(resumes, &mut connected_at, &mut beat).await;
            self.stats.is_connected.store(false, Ordering::Relaxed);
            self.acks.forget();
            let Some(failure) = failure else { break };
            resumes |= connected_at.is_some();
            let connected_secs = connected_at.map_or(0.0, |at: Instant| at.elapsed().as_secs_f64());
            tracing::warn!("{}", failure.sentence);
            self.tell(SourceState::Down { reason: failure.sentence });
            if failure.kind == Kind::TakenOver {
                break;
            }
            let wait = self.backoff.next(connected_secs, failure.kind);
            self.pause(wait, &mut beat).await;
        }
        self.tell(SourceState::Ended);
        self.tend(None);
    }

    /// One connection from its first byte to its end; `None` when the source is to stop.
    async fn connection<L: Link>(&mut self, resumes: bool, connected_at: &mut Option<Instant>, beat: &mut Interval) -> Option<Failure> {
        let mut settings = match LinkSettings::new(&self.options, &self.client_id) {
            Ok(settings) => settings,
            Err(failure) => return Some(failure),
        };
        settings.manual_acks = self.qos > 0;
        settings.resumes = resumes && settings.manual_acks;
        let (sender, mut link) = L::open(&settings);
        let mut requests: VecDeque<Vec<String>> = VecDeque::new();
        let mut granted = 0;
        loop {
            let event = {
                // Polled to its end: a connection under way must not be begun anew at every beat.
                let mut next = std::pin::pin!(link.next());
                loop {
                    tokio::select! {
                        biased;
                        _ = beat.tick() => {
                            self.tend(Some(sender.as_ref()));
                            if self.is_over() {
                                break None;
                            }
                        }
                        event = &mut next => break Some(event),
                    }
                }
            };
            match event {
                None => {
                    self.say_goodbye(sender.as_ref(), &mut link).await;
                    return None;
                }
                Some(Err(failure)) => return Some(failure),
                Some(Ok(LinkEvent::Connected)) => {
                    *connected_at = Some(Instant::now());
                    SourceStats::add(&self.stats.connections, 1);
                    // Also where the broker kept the session: it may have been changed, and retained births come again.
                    requests = self.filters.chunks(FILTERS_PER_REQUEST).map(<[String]>::to_vec).collect();
                    if !requests.iter().all(|filters| sender.subscribe(filters, self.qos)) {
                        return Some(Failure::refused("a topic of this plant cannot be subscribed to: check the topic templates"));
                    }
                }
                Some(Ok(LinkEvent::Subscribed(codes))) => {
                    let asked = requests.pop_front().unwrap_or_default();
                    granted += codes.iter().filter(|is_granted| **is_granted).count();
                    for (filter, _) in asked.iter().zip(&codes).filter(|(_, is_granted)| !**is_granted) {
                        self.core.count_problem(filter, InputProblem::SubscriptionRefused);
                    }
                    if requests.is_empty() && granted == 0 {
                        let at = self.options.address();
                        return Some(Failure::refused(format!(
                            "the broker at {at} refused every subscription: give the user the right to read"
                        )));
                    }
                    if requests.is_empty() {
                        self.stats.is_connected.store(true, Ordering::Relaxed);
                        self.tell(SourceState::Connected);
                    }
                }
                Some(Ok(LinkEvent::Message(message))) => {
                    self.receive(&message);
                    if self.core.pending_samples() >= FLUSH_SAMPLES && self.outbox.is_empty() {
                        self.tend(Some(sender.as_ref()));
                    }
                }
                Some(Ok(_)) => {}
            }
        }
    }

    fn receive(&mut self, message: &LinkMessage) {
        let now = self.clock.now();
        self.acks.open.extend(message.packet_id);
        let Ok(topic) = std::str::from_utf8(&message.topic) else {
            return self.core.count_problem("(topic is no text)", InputProblem::UnknownTopic);
        };
        let is_held_up = !self.outbox.is_empty() && self.core.pending_samples() >= HELD_SAMPLES;
        if is_held_up && message.packet_id.is_none() && !self.core.is_control(topic) {
            SourceStats::add(&self.stats.dropped, 1);
            return self.core.count_problem(topic, InputProblem::TooSlow);
        }
        self.core.on_message(topic, &message.payload, message.retained, now);
    }

    /// What is to be done every few milliseconds: events to the receiver, acknowledgements to the broker.
    fn tend(&mut self, sender: Option<&dyn LinkSender>) {
        while let Ok(number) = self.acks_in.try_recv() {
            self.acks.confirm(number);
        }
        if let Some(sender) = sender {
            while let Some(packet_id) = self.acks.confirmed.front().copied() {
                if !sender.acknowledge(packet_id) {
                    break;
                }
                SourceStats::add(&self.stats.acknowledged, 1);
                self.acks.confirmed.pop_front();
            }
        }
        if self.hand_on() {
            let ack = self.acks.seal();
            self.outbox.extend(self.core.poll_with_ack(self.clock.now(), ack));
            self.hand_on();
        }
    }

    /// Moves waiting events to the receiver; true when none is left.
    fn hand_on(&mut self) -> bool {
        while let Some(event) = self.outbox.pop_front() {
            match self.events.try_send(event) {
                Ok(()) => {}
                Err(TrySendError::Full(event)) => {
                    self.outbox.push_front(event);
                    return false;
                }
                Err(TrySendError::Disconnected(_)) => {
                    self.is_gone = true;
                    self.outbox.clear();
                }
            }
        }
        true
    }

    fn tell(&mut self, state: SourceState) {
        let now: TwinTime = self.clock.now();
        self.core.on_state(state, now);
        self.tend(None);
    }

    async fn pause(&mut self, wait: Duration, beat: &mut Interval) {
        let stop = Arc::clone(&self.stop);
        let mut end = std::pin::pin!(sleep(wait));
        while !self.is_over() {
            tokio::select! {
                _ = beat.tick() => self.tend(None),
                () = stop.notify.notified() => {}
                () = &mut end => return,
            }
        }
    }

    async fn say_goodbye<L: Link>(&mut self, sender: &dyn LinkSender, link: &mut L) {
        if sender.disconnect() {
            let farewell = timeout(GOODBYE, async { while link.next().await.is_ok() {} });
            if farewell.await.is_err() {
                tracing::debug!("the broker did not say good-bye");
            }
        }
    }
}
