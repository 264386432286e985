//! A client that publishes: gateways of the demo plant, benchmarks, tests.

use super::backoff::Backoff;
use super::failure::Kind;
use super::link::{Link, LinkEvent, LinkSender, LinkSettings, random_client_id};
use super::options::{MqttOptions, Protocol};
use super::v4::V4Link;
use super::v5::V5Link;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};

/// How long [`Publisher::flush`] waits.
const FLUSH_WITHIN: Duration = Duration::from_secs(10);
/// How long a broker may take to say good-bye.
const GOODBYE: Duration = Duration::from_millis(500);

/// Why something was not published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// No connection now. Nothing is kept for later: what is published is never stale.
    #[error("not connected: {reason}")]
    Offline {
        /// Why, with what to do.
        reason: String,
    },
    /// More is published than the broker takes, or the topic is not valid.
    #[error("the broker does not take it that fast, or the topic is not valid")]
    Full,
    /// The connection was lost, or did not take everything in time, before all was sent.
    #[error("not everything published has reached the broker")]
    Unfinished,
}

/// A client that publishes from a thread of its own, and reconnects.
///
/// [`Publisher::close`] says good-bye, so that the broker keeps the Last Will to itself. Dropping the publisher without it
/// looks to the broker like a crash: the Last Will is published.
#[derive(Debug)]
pub struct Publisher {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    stop: Notify,
}

#[derive(Default)]
struct State {
    sender: Option<Box<dyn LinkSender>>,
    /// Published and delivered on the present connection.
    submitted: u64,
    delivered: u64,
    connections: u64,
    birth: Option<(String, Vec<u8>)>,
    reason: String,
    end: Option<End>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Close,
    Vanish,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Publisher {
    /// Starts a client with an optional Last Will (topic and payload; retained, quality of service 1) and returns at once;
    /// see [`Publisher::wait_connected`].
    pub fn connect(options: MqttOptions, will: Option<(String, Vec<u8>)>) -> Self {
        let shared = Arc::new(Shared::default());
        shared.lock().reason = format!("still connecting to {}", options.address());
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name(format!("publish-{}", options.role)).spawn(move || run(&options, will, &theirs));
        let thread = thread.map_err(|error| shared.lock().reason = format!("its thread cannot be started ({error})")).ok();
        Self { shared, thread }
    }

    /// Something to publish (retained, quality of service 1) first on every connection: the birth that answers the Last Will.
    pub fn set_birth(&self, topic: &str, payload: impl Into<Vec<u8>>) {
        let mut state = self.shared.lock();
        let payload = payload.into();
        if let Some(sender) = &state.sender
            && sender.publish(topic, payload.clone(), true, 1)
        {
            state.submitted += 1;
        }
        state.birth = Some((topic.to_owned(), payload));
    }

    /// Waits until connected; false when that took too long.
    pub fn wait_connected(&self, within: Duration) -> bool {
        let state = self.shared.lock();
        let waited = self.shared.changed.wait_timeout_while(state, within, |state| state.sender.is_none());
        waited.map_or_else(|poisoned| poisoned.into_inner().0.sender.is_some(), |(state, _)| state.sender.is_some())
    }

    /// True while connected.
    pub fn is_connected(&self) -> bool {
        self.shared.lock().sender.is_some()
    }

    /// Connections made so far; a larger number than before means that there was a break.
    pub fn connections(&self) -> u64 {
        self.shared.lock().connections
    }

    /// Publishes without waiting. Quality of service `qos` is 0 or 1.
    ///
    /// # Errors
    /// [`PublishError::Offline`] without connection, [`PublishError::Full`] when too much waits for the socket.
    pub fn publish(&self, topic: &str, payload: impl Into<Vec<u8>>, retain: bool, qos: u8) -> Result<(), PublishError> {
        let mut state = self.shared.lock();
        let Some(sender) = &state.sender else { return Err(PublishError::Offline { reason: state.reason.clone() }) };
        if !sender.publish(topic, payload.into(), retain, qos) {
            return Err(PublishError::Full);
        }
        state.submitted += 1;
        Ok(())
    }

    /// Waits until everything published is written to the socket (0) or acknowledged by the broker (1), at most 10 s.
    ///
    /// # Errors
    /// [`PublishError::Unfinished`] when the connection breaks or time runs out before.
    pub fn flush(&self) -> Result<(), PublishError> {
        let state = self.shared.lock();
        let connection = state.connections;
        let is_waiting = |state: &mut State| state.delivered < state.submitted && state.sender.is_some() && state.connections == connection;
        let (state, _) = self.shared.changed.wait_timeout_while(state, FLUSH_WITHIN, is_waiting).unwrap_or_else(PoisonError::into_inner);
        let is_done = state.sender.is_some() && state.connections == connection && state.delivered >= state.submitted;
        if is_done { Ok(()) } else { Err(PublishError::Unfinished) }
    }

    /// Sends what is left and says good-bye: no Last Will.
    pub fn close(self) {
        if self.is_connected() && self.flush().is_err() {
            tracing::warn!("a publisher was closed before everything had reached the broker");
        }
        self.end(End::Close);
    }

    fn end(&self, how: End) {
        self.shared.lock().end.get_or_insert(how);
        self.shared.stop.notify_one();
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.end(End::Vanish);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("publisher thread ended by a panic");
        }
    }
}

fn run(options: &MqttOptions, will: Option<(String, Vec<u8>)>, shared: &Shared) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            shared.lock().reason = format!("the publisher cannot start ({error})");
            return;
        }
    };
    match options.protocol {
        Protocol::V5 => runtime.block_on(live::<V5Link>(options, will, shared)),
        Protocol::V311 => runtime.block_on(live::<V4Link>(options, will, shared)),
    }
    runtime.shutdown_background();
}

async fn live<L: Link>(options: &MqttOptions, will: Option<(String, Vec<u8>)>, shared: &Shared) {
    let client_id = random_client_id(&options.role);
    let mut backoff = Backoff::new(options);
    while shared.lock().end.is_none() {
        let mut connected_at = None;
        let failure = match LinkSettings::new(options, &client_id) {
            Ok(mut settings) => {
                settings.will.clone_from(&will);
                let (sender, link) = L::open(&settings);
                let Err(failure) = connection(sender, link, shared, &mut connected_at).await else { return };
                failure
            }
            Err(failure) => failure,
        };
        tracing::debug!("publisher: {}", failure.sentence);
        let is_final = failure.kind == Kind::TakenOver;
        {
            let mut state = shared.lock();
            state.sender = None;
            state.reason = failure.sentence;
        }
        shared.changed.notify_all();
        if is_final {
            return;
        }
        let connected_secs = connected_at.map_or(0.0, |at: Instant| at.elapsed().as_secs_f64());
        tokio::select! {
            () = sleep(backoff.next(connected_secs, failure.kind)) => {}
            () = shared.stop.notified() => {}
        }
    }
}

/// One connection; `Ok` when the publisher is to end.
async fn connection<L: Link>(
    sender: Box<dyn LinkSender>,
    mut link: L,
    shared: &Shared,
    connected_at: &mut Option<Instant>,
) -> Result<(), super::failure::Failure> {
    let mut sender = Some(sender);
    loop {
        let event = tokio::select! {
            event = link.next() => Some(event?),
            () = shared.stop.notified() => None,
        };
        match event {
            Some(LinkEvent::Connected) => {
                *connected_at = Some(Instant::now());
                let mut state = shared.lock();
                state.connections += 1;
                state.delivered = 0;
                let birth = state.birth.clone().zip(sender.as_ref());
                let is_born = birth.is_some_and(|((topic, payload), sender)| sender.publish(&topic, payload, true, 1));
                state.submitted = u64::from(is_born);
                state.sender = sender.take();
                drop(state);
                shared.changed.notify_all();
            }
            Some(LinkEvent::Written | LinkEvent::Acknowledged) => {
                let mut state = shared.lock();
                state.delivered += 1;
                let is_done = state.delivered >= state.submitted;
                drop(state);
                if is_done {
                    shared.changed.notify_all();
                }
            }
            Some(_) => {}
            None => {
                let (end, last) = {
                    let mut state = shared.lock();
                    (state.end, state.sender.take())
                };
                if end == Some(End::Close) && last.is_some_and(|sender| sender.disconnect()) {
                    // The socket closes with the broker's answer, or after a while without one.
                    let _ = timeout(GOODBYE, async { while link.next().await.is_ok() {} }).await;
                }
                return Ok(());
            }
        }
    }
}
