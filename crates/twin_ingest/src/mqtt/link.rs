//! One connection to a broker, whichever protocol version it speaks.

use super::failure::Failure;
use super::options::MqttOptions;
use super::tls;
use bytes::Bytes;
use std::sync::Arc;

/// What a connection reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LinkEvent {
    /// Accepted by the broker.
    Connected,
    /// Answer to one subscribe request: which of its filters were granted.
    Subscribed(Vec<bool>),
    /// A message.
    Message(LinkMessage),
    /// A publication without acknowledgement was written to the socket.
    Written,
    /// A publication was acknowledged by the broker.
    Acknowledged,
    /// Nothing a caller needs.
    Other,
}

/// A message as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LinkMessage {
    pub topic: Bytes,
    pub payload: Bytes,
    pub retained: bool,
    /// To be acknowledged; `None` for quality of service 0.
    pub packet_id: Option<u16>,
}

/// Everything a connection needs, secrets read and certificates loaded.
#[derive(Clone, Debug)]
pub(super) struct LinkSettings {
    pub options: MqttOptions,
    pub client_id: String,
    pub password: Option<String>,
    pub tls: Option<Arc<rustls::ClientConfig>>,
    pub will: Option<(String, Vec<u8>)>,
    /// True to continue the session of an earlier connection with this client id, where the protocol can bound its life.
    pub resumes: bool,
    /// True where [`LinkSender::acknowledge`] acknowledges messages, not the client by itself.
    pub manual_acks: bool,
}

/// Messages in flight towards this client before the broker waits for acknowledgements (MQTT 5 receive maximum).
pub(super) const RECEIVE_MAXIMUM: u16 = 1_024;
/// How long a broker keeps the session of a lost connection, seconds.
pub(super) const SESSION_EXPIRY_SECS: u32 = 300;
/// The client library refuses shorter keep-alives.
pub(super) const MIN_KEEP_ALIVE_SECS: u64 = 5;
/// Requests that may wait for the socket.
pub(super) const REQUEST_CAPACITY: usize = 8_192;

impl LinkSettings {
    pub fn new(options: &MqttOptions, client_id: &str) -> Result<Self, Failure> {
        options.check().map_err(|error| Failure::refused(error.to_string()))?;
        let password = options
            .read_password()
            .map_err(|(file, error)| Failure::refused(format!("password file {} cannot be read ({error})", file.display())))?;
        let tls = if options.tls { Some(tls::client_config(options).map_err(Failure::refused)?) } else { None };
        Ok(Self {
            options: options.clone(),
            client_id: client_id.to_owned(),
            password,
            tls,
            will: None,
            resumes: false,
            manual_acks: false,
        })
    }
}

/// The receiving half: polled by one task, which thereby drives the connection.
pub(super) trait Link: Sized + Send + 'static {
    /// Prepares a connection; the first [`Link::next`] makes it.
    fn open(settings: &LinkSettings) -> (Box<dyn LinkSender>, Self);

    /// The next event. After an error the link is of no more use.
    fn next(&mut self) -> impl Future<Output = Result<LinkEvent, Failure>> + Send;
}

/// The sending half. Nothing here waits: false means that the request did not fit or is not valid.
pub(super) trait LinkSender: Send + Sync {
    fn subscribe(&self, filters: &[String], qos: u8) -> bool;
    fn publish(&self, topic: &str, payload: Vec<u8>, retain: bool, qos: u8) -> bool;
    fn acknowledge(&self, packet_id: u16) -> bool;
    fn disconnect(&self) -> bool;
}

/// A client id nobody else has: `didymos-<role>-<random>`.
pub(super) fn random_client_id(role: &str) -> String {
    format!("didymos-{role}-{:016x}", random())
}

/// 64 random bits from the standard library's hash keys.
pub(super) fn random() -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    RandomState::new().build_hasher().finish()
}
