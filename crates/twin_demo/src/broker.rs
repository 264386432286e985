//! An MQTT broker inside the process, so that the demonstration needs no installation.
//!
//! It listens on 127.0.0.1 only, on a port the system chooses, without authentication, and keeps
//! nothing on disk.

use std::net::{Ipv4Addr, SocketAddr};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Sender, bounded};
use mqtt5::broker::config::{StorageBackend, StorageConfig};
use mqtt5::broker::{BrokerConfig, BrokerShutdownHandle, MqttBroker};

/// Messages waiting for one subscriber before QoS 0 is dropped: six seconds at 10,000 a second.
const SUBSCRIBER_QUEUE: usize = 65_536;
/// Largest packet taken: an array of samples is far below it.
const MAX_PACKET_BYTES: usize = 1 << 20;
/// How long the broker may take to come up.
const START_LIMIT: Duration = Duration::from_secs(10);

/// Why the broker did not start.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// The thread or its runtime could not be made.
    #[error("the embedded broker could not start: {0}")]
    Start(#[from] std::io::Error),
    /// The broker refused its configuration or could not listen.
    #[error("the embedded broker could not listen on loopback: {0}")]
    Listen(String),
    /// No answer from the broker's thread.
    #[error("the embedded broker did not come up within {} s", START_LIMIT.as_secs())]
    NoAnswer,
}

/// A running broker. Dropping it closes its connections and ends its thread.
#[derive(Debug)]
pub struct EmbeddedBroker {
    port: u16,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

struct Stop(BrokerShutdownHandle);

impl std::fmt::Debug for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stop")
    }
}

type Ready = Result<(u16, BrokerShutdownHandle), BrokerError>;

impl EmbeddedBroker {
    /// Starts a broker on a free loopback port and returns once it listens.
    ///
    /// # Errors
    /// [`BrokerError`] when the thread cannot be made or no loopback port can be bound.
    pub fn start() -> Result<Self, BrokerError> {
        let (ready, came_up) = bounded::<Ready>(1);
        let thread = std::thread::Builder::new().name("demo-broker".into()).spawn(move || serve(&ready))?;
        let (port, handle) = came_up.recv_timeout(START_LIMIT).map_err(|_| BrokerError::NoAnswer)??;
        Ok(Self { port, stop: Stop(handle), thread: Some(thread) })
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `mqtt://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port)
    }
}

impl Drop for EmbeddedBroker {
    fn drop(&mut self) {
        self.stop.0.shutdown();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::warn!("the embedded broker's thread ended badly");
        }
    }
}

fn config() -> BrokerConfig {
    let in_memory = StorageConfig::new().with_backend(StorageBackend::Memory).with_persistence(false);
    BrokerConfig::new()
        .with_bind_address(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        .with_storage(in_memory)
        .with_sys_topics_enabled(false)
        .with_client_channel_capacity(SUBSCRIBER_QUEUE)
        .with_max_packet_size(MAX_PACKET_BYTES)
}

fn serve(ready: &Sender<Ready>) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return answer(ready, Err(error.into())),
    };
    runtime.block_on(async {
        let mut broker = match MqttBroker::with_config(config()).await {
            Ok(broker) => broker,
            Err(error) => return answer(ready, Err(BrokerError::Listen(error.to_string()))),
        };
        let Some(address) = broker.local_addr() else {
            return answer(ready, Err(BrokerError::Listen("no address".into())));
        };
        // Announced only once it is running: a stop that comes before that would be lost.
        let (handle, mut is_ready) = (broker.shutdown_handle(), broker.ready_receiver());
        let announce = async {
            if is_ready.changed().await.is_ok() {
                answer(ready, Ok((address.port(), handle)));
            }
        };
        let (outcome, ()) = tokio::join!(broker.run(), announce);
        if let Err(error) = outcome {
            tracing::warn!(%error, "the embedded broker stopped");
        }
    });
    // Connections that are still open must not keep the process waiting.
    runtime.shutdown_timeout(Duration::from_secs(1));
}

fn answer(ready: &Sender<Ready>, outcome: Ready) {
    // The starter may have given up waiting; nobody is left to tell then.
    let _ = ready.send(outcome);
}
