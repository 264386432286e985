//! Why a connection ended, in a sentence with what to do.

use super::options::MqttOptions;
use rumqttc::v5;
use std::error::Error;
use std::io;

/// What to do after a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Try again.
    Network,
    /// Try again, slowly: it takes a person to change it.
    Refused,
    /// Never again: another program uses the same client id.
    TakenOver,
}

/// Why a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub kind: Kind,
    pub sentence: String,
}

impl Failure {
    pub fn refused(sentence: impl Into<String>) -> Self {
        Self { kind: Kind::Refused, sentence: sentence.into() }
    }

    fn network(sentence: impl Into<String>) -> Self {
        Self { kind: Kind::Network, sentence: sentence.into() }
    }
}

/// What both protocol versions tell apart.
pub(super) enum Cause<'e> {
    Io(&'e io::Error),
    Tls(&'e rumqttc::TlsError),
    Timeout,
    NoAnswerToPing,
    BadCredentials,
    NotAuthorized,
    ClientId,
    ProtocolVersion,
    TooLarge,
    TakenOver,
    Closed,
    Other(String),
}

pub(super) fn explain(cause: Cause<'_>, options: &MqttOptions) -> Failure {
    let at = options.address();
    match cause {
        Cause::Io(error) => of_io(error, &at),
        Cause::Tls(error) => of_tls(error, &at),
        Cause::Timeout => Failure::network(format!("the broker at {at} does not answer: check address, firewall and network")),
        Cause::NoAnswerToPing => Failure::network(format!("the broker at {at} has fallen silent: check the network")),
        Cause::BadCredentials => {
            Failure::refused(format!("the broker at {at} refused user or password: set DIDYMOS_MQTT_USER and DIDYMOS_MQTT_PASSWORD"))
        }
        Cause::NotAuthorized => Failure::refused(format!(
            "the broker at {at} does not let this user in: set DIDYMOS_MQTT_USER and DIDYMOS_MQTT_PASSWORD, or give the user the right"
        )),
        Cause::ClientId => Failure::refused(format!("the broker at {at} refused the client id: allow ids that start with didymos-")),
        Cause::ProtocolVersion => {
            Failure::refused(format!("the broker at {at} does not speak this MQTT version: set protocol 3.1.1 (or 5) in the source"))
        }
        Cause::TooLarge => Failure::network(format!(
            "a packet from the broker at {at} was longer than the {} bytes accepted: raise max_packet_bytes or find its sender",
            options.max_packet_bytes
        )),
        Cause::TakenOver => Failure {
            kind: Kind::TakenOver,
            sentence: format!("another program connected to {at} with the same client id; stopped. End it, then start this source again"),
        },
        Cause::Closed => Failure::network(format!("the broker at {at} closed the connection: see the broker's log")),
        Cause::Other(text) => Failure::network(format!("connection to the broker at {at} failed: {text}")),
    }
}

fn of_io(error: &io::Error, at: &str) -> Failure {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return of_rustls(tls, at);
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Failure::network(format!("no broker answers at {at}: start it, or check host and port")),
        io::ErrorKind::TimedOut => Failure::network(format!("the broker at {at} does not answer: check address, firewall and network")),
        io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionAborted => {
            Failure::network(format!("the broker at {at} closed the connection: see its log, and check whether the port expects TLS"))
        }
        _ => Failure::network(format!("the broker at {at} cannot be reached ({error}): check host name and network")),
    }
}

fn of_tls(error: &rumqttc::TlsError, at: &str) -> Failure {
    match error {
        rumqttc::TlsError::Io(error) => of_io(error, at),
        rumqttc::TlsError::TLS(error) => of_rustls(error, at),
        other => Failure::refused(format!("TLS with the broker at {at} failed: {other}")),
    }
}

fn of_rustls(error: &rustls::Error, at: &str) -> Failure {
    use rustls::CertificateError as Certificate;
    let what = match error {
        rustls::Error::InvalidCertificate(Certificate::UnknownIssuer) => {
            "its certificate comes from an authority that is not trusted: name its CA file".to_owned()
        }
        rustls::Error::InvalidCertificate(Certificate::Expired | Certificate::ExpiredContext { .. }) => {
            "its certificate has expired: renew it, and check this machine's clock".to_owned()
        }
        rustls::Error::InvalidCertificate(Certificate::NotValidYet | Certificate::NotValidYetContext { .. }) => {
            "its certificate is not valid yet: check this machine's clock".to_owned()
        }
        rustls::Error::InvalidCertificate(Certificate::NotValidForName | Certificate::NotValidForNameContext { .. }) => {
            "its certificate is for another host name: use the name in the certificate".to_owned()
        }
        rustls::Error::AlertReceived(alert) => format!("it refused this client ({alert:?}): it may ask for a client certificate"),
        rustls::Error::InvalidMessage(_) => "what answers there does not speak TLS: use mqtt:// or the broker's TLS port".to_owned(),
        other => format!("{other}"),
    };
    Failure::refused(format!("TLS with the broker at {at} was refused: {what}"))
}

/// The failure behind an error of the MQTT 5 client.
pub(super) fn of_v5(error: &v5::ConnectionError, options: &MqttOptions) -> Failure {
    use v5::mqttbytes::v5::{ConnectReturnCode as Code, DisconnectReasonCode as Reason};
    use v5::{ConnectionError, StateError, mqttbytes::Error as Bytes};
    let cause = match error {
        ConnectionError::Io(error) | ConnectionError::MqttState(StateError::Io(error)) => Cause::Io(error),
        ConnectionError::Tls(error) => Cause::Tls(error),
        ConnectionError::Timeout(_) => Cause::Timeout,
        ConnectionError::ConnectionRefused(code) => match code {
            Code::BadUserNamePassword => Cause::BadCredentials,
            Code::NotAuthorized | Code::Banned | Code::BadAuthenticationMethod => Cause::NotAuthorized,
            Code::BadClientId | Code::ClientIdentifierNotValid => Cause::ClientId,
            Code::RefusedProtocolVersion | Code::UnsupportedProtocolVersion => Cause::ProtocolVersion,
            other => Cause::Other(format!("the broker answered {other:?}")),
        },
        ConnectionError::MqttState(state) => match state {
            StateError::AwaitPingResp => Cause::NoAnswerToPing,
            StateError::ServerDisconnect { reason_code: Reason::SessionTakenOver, .. } => Cause::TakenOver,
            StateError::ServerDisconnect { reason_code: Reason::NotAuthorized, .. } => Cause::NotAuthorized,
            StateError::ServerDisconnect { reason_code, .. } => Cause::Other(format!("the broker ended it ({reason_code:?})")),
            StateError::IncomingPacketTooLarge { .. } | StateError::Deserialization(Bytes::PayloadSizeLimitExceeded { .. }) => {
                Cause::TooLarge
            }
            StateError::Deserialization(Bytes::Io(error)) => Cause::Io(error),
            StateError::ConnectionAborted => Cause::Closed,
            other => Cause::Other(other.to_string()),
        },
        other => Cause::Other(other.to_string()),
    };
    explain(cause, options)
}

/// The failure behind an error of the MQTT 3.1.1 client.
pub(super) fn of_v4(error: &rumqttc::ConnectionError, options: &MqttOptions) -> Failure {
    use rumqttc::{ConnectReturnCode as Code, ConnectionError, Error as Bytes, StateError};
    let cause = match error {
        ConnectionError::Io(error) | ConnectionError::MqttState(StateError::Io(error)) => match source_of(error) {
            Some(Bytes::PayloadSizeLimitExceeded(_)) => Cause::TooLarge,
            _ => Cause::Io(error),
        },
        ConnectionError::Tls(error) => Cause::Tls(error),
        ConnectionError::NetworkTimeout | ConnectionError::FlushTimeout => Cause::Timeout,
        ConnectionError::ConnectionRefused(code) => match code {
            Code::BadUserNamePassword => Cause::BadCredentials,
            Code::NotAuthorized => Cause::NotAuthorized,
            Code::BadClientId => Cause::ClientId,
            Code::RefusedProtocolVersion => Cause::ProtocolVersion,
            other => Cause::Other(format!("the broker answered {other:?}")),
        },
        ConnectionError::MqttState(StateError::AwaitPingResp) => Cause::NoAnswerToPing,
        ConnectionError::MqttState(StateError::ConnectionAborted) => Cause::Closed,
        ConnectionError::MqttState(StateError::Deserialization(Bytes::PayloadSizeLimitExceeded(_))) => Cause::TooLarge,
        other => Cause::Other(other.to_string()),
    };
    explain(cause, options)
}

fn source_of(error: &io::Error) -> Option<&rumqttc::Error> {
    let inner: &(dyn Error + Send + Sync) = error.get_ref()?;
    inner.downcast_ref::<rumqttc::Error>()
}
