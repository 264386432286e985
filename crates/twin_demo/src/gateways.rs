//! The two gateways as MQTT clients, each with a session and a Last Will of its own.

use twin_ingest::{MqttOptions, PublishError, Publisher};

use crate::publish::Publication;
use crate::runner::{Outlet, RunError};
use crate::signals::Gateway;

/// What a gateway leaves with the broker, and what it says when it is stopped in order.
const OFFLINE: &str = "offline";

/// One session.
#[derive(Debug)]
struct Session {
    publisher: Publisher,
    status_topic: String,
    connections: u64,
    lost: u64,
}

/// gw-100 and gw-200, publishing to one broker. Nothing is stored: what cannot be sent is lost, and after a connection
/// is made everything is told anew.
#[derive(Debug)]
pub struct Gateways {
    sessions: [Session; 2],
}

impl Gateways {
    /// Begins to connect both gateways and returns at once. User and password come from the environment.
    ///
    /// # Errors
    /// [`RunError::Broker`] when the address is no broker address.
    pub fn connect(broker_url: &str, topic_root: &str) -> Result<Self, RunError> {
        let session = |gateway: Gateway| {
            let mut options = MqttOptions::new(broker_url).map_err(|error| RunError::Broker(error.to_string()))?.with_environment();
            options.role = gateway.name().into();
            let status_topic = format!("{topic_root}/{}/status", gateway.name());
            let will = (status_topic.clone(), OFFLINE.into());
            Ok::<_, RunError>(Session { publisher: Publisher::connect(options, Some(will)), status_topic, connections: 0, lost: 0 })
        };
        Ok(Self { sessions: [session(Gateway::Gw100)?, session(Gateway::Gw200)?] })
    }
}

impl Outlet for Gateways {
    fn send(&mut self, publication: Publication) {
        let session = &mut self.sessions[publication.gateway.index()];
        let Publication { topic, payload, retain, qos, .. } = publication;
        match session.publisher.publish(&topic, payload, retain, qos) {
            Ok(()) => {}
            Err(error) => {
                // Said once per break; the connection itself is reported where it is made.
                if session.lost == 0 && error != PublishError::Full {
                    tracing::warn!(%error, "the demonstration plant cannot publish");
                }
                session.lost += 1;
            }
        }
    }

    fn is_newly_connected(&mut self) -> bool {
        let mut is_new = false;
        for session in &mut self.sessions {
            let connections = session.publisher.connections();
            if connections != session.connections {
                session.connections = connections;
                session.lost = 0;
                is_new = true;
            }
        }
        is_new
    }

    fn close(self: Box<Self>) {
        for session in self.sessions {
            if let Err(error) = session.publisher.publish(&session.status_topic, OFFLINE, true, 1) {
                tracing::debug!(%error, "a gateway ended without saying so");
            }
            session.publisher.close();
        }
    }
}
