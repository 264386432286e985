//! How to reach a broker.

use std::fmt;
use std::path::{Path, PathBuf};
use twin_model::document::SourceSettings;

/// Environment variable with the user name.
pub const USER_VARIABLE: &str = "DIDYMOS_MQTT_USER";
/// Environment variable with the password.
pub const PASSWORD_VARIABLE: &str = "DIDYMOS_MQTT_PASSWORD";

/// Version of the protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// MQTT 5.
    #[default]
    V5,
    /// MQTT 3.1.1.
    V311,
}

/// A text that never shows in a log.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Where a broker is and how to talk to it. Start from [`MqttOptions::new`].
#[derive(Clone, Debug, PartialEq)]
pub struct MqttOptions {
    /// Host name or address.
    pub host: String,
    /// Port: 1883 for `mqtt://`, 8883 for `mqtts://` unless the URL says otherwise.
    pub port: u16,
    /// True for `mqtts://`.
    pub tls: bool,
    /// User name.
    pub user: Option<String>,
    /// Password.
    pub password: Option<Secret>,
    /// File whose first line is the password; read at every connection, so that it can be changed while running.
    pub password_file: Option<PathBuf>,
    /// PEM file of the certificate authorities to trust; without it those of the system.
    pub ca_file: Option<PathBuf>,
    /// PEM file with the certificate of this client.
    pub client_cert: Option<PathBuf>,
    /// PEM file with the key of `client_cert`.
    pub client_key: Option<PathBuf>,
    /// MQTT 5 unless set.
    pub protocol: Protocol,
    /// What this client is, for its id `didymos-<role>-<random>`.
    pub role: String,
    /// Client id of a session that the broker keeps while this program is down: what was not acknowledged then comes again
    /// after the next start. Without it each start has a random id and begins anew. Only one program may use it at a time.
    pub session: Option<String>,
    /// Longest packet accepted, bytes.
    pub max_packet_bytes: u32,
    /// Keep-alive, seconds, at least 5; a dead connection is noticed after twice this.
    pub keep_alive_secs: u64,
    /// Upper bound of the first wait before a reconnection, seconds; it doubles from attempt to attempt.
    pub reconnect_first_secs: f64,
    /// Longest wait before a reconnection, seconds.
    pub reconnect_longest_secs: f64,
    /// A connection that lasted this long makes the next waits short again, seconds.
    pub stable_after_secs: f64,
}

/// Why options cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// Neither `mqtt://` nor `mqtts://`.
    #[error("broker needs the form mqtt://host:port or mqtts://host:port, found: {url}")]
    Scheme {
        /// As given.
        url: String,
    },
    /// No host.
    #[error("broker URL names no host: {url}")]
    NoHost {
        /// As given.
        url: String,
    },
    /// The port is no port.
    #[error("broker URL needs a port from 1 to 65535, found: {port}")]
    Port {
        /// As given.
        port: String,
    },
    /// User or password in the URL.
    #[error("user and password do not belong in a URL: set {USER_VARIABLE} and {PASSWORD_VARIABLE}, or name a password file")]
    SecretInUrl,
    /// A path behind the port.
    #[error("broker URL ends with the port, found more behind it: {rest}")]
    Path {
        /// What stands there.
        rest: String,
    },
    /// The source names a protocol nobody knows.
    #[error("protocol is 5 or 3.1.1, found: {protocol}")]
    Protocol {
        /// As given.
        protocol: String,
    },
    /// A certificate without its key, or a key without its certificate.
    #[error("client certificate and client key belong together; one of them is missing")]
    HalfClientCertificate,
}

impl MqttOptions {
    /// Options for a broker: `mqtt://host:port` or `mqtts://host:port`, the port may be left out.
    ///
    /// # Errors
    /// [`OptionsError`] when the URL has another form.
    pub fn new(url: &str) -> Result<Self, OptionsError> {
        let (rest, tls) = match (url.strip_prefix("mqtt://"), url.strip_prefix("mqtts://")) {
            (Some(rest), _) => (rest, false),
            (_, Some(rest)) => (rest, true),
            _ => return Err(OptionsError::Scheme { url: without_secret(url) }),
        };
        if rest.contains('@') {
            return Err(OptionsError::SecretInUrl);
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if let Some(at) = rest.find(['/', '?', '#']) {
            return Err(OptionsError::Path { rest: rest.get(at..).unwrap_or_default().to_owned() });
        }
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                let number = port.parse().ok().filter(|number: &u16| *number > 0);
                (host, number.ok_or_else(|| OptionsError::Port { port: port.to_owned() })?)
            }
            _ => (rest, if tls { 8883 } else { 1883 }),
        };
        if host.is_empty() {
            return Err(OptionsError::NoHost { url: url.to_owned() });
        }
        Ok(Self {
            host: host.to_owned(),
            port,
            tls,
            user: None,
            password: None,
            password_file: None,
            ca_file: None,
            client_cert: None,
            client_key: None,
            protocol: Protocol::V5,
            role: "twin".to_owned(),
            session: None,
            max_packet_bytes: 1 << 20,
            keep_alive_secs: 5,
            reconnect_first_secs: 0.5,
            reconnect_longest_secs: 30.0,
            stable_after_secs: 60.0,
        })
    }

    /// Takes user and password from `DIDYMOS_MQTT_USER` and `DIDYMOS_MQTT_PASSWORD` where they are set.
    #[must_use]
    pub fn with_environment(mut self) -> Self {
        self.user = std::env::var(USER_VARIABLE).ok().or(self.user);
        self.password = std::env::var(PASSWORD_VARIABLE).ok().map(Secret::new).or(self.password);
        self
    }

    /// Takes the protocol that the source of a plant file asks for.
    ///
    /// # Errors
    /// [`OptionsError::Protocol`] when it is neither 5 nor 3.1.1.
    pub fn with_source(mut self, source: &SourceSettings) -> Result<Self, OptionsError> {
        self.protocol = match source.protocol.as_deref() {
            None => self.protocol,
            Some("5") => Protocol::V5,
            Some("3.1.1") => Protocol::V311,
            Some(other) => return Err(OptionsError::Protocol { protocol: other.to_owned() }),
        };
        Ok(self)
    }

    /// `host:port`, for messages.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Checks what can be checked without a connection.
    ///
    /// # Errors
    /// [`OptionsError`] for a client certificate without key, or the other way round.
    pub fn check(&self) -> Result<(), OptionsError> {
        if self.client_cert.is_some() == self.client_key.is_some() { Ok(()) } else { Err(OptionsError::HalfClientCertificate) }
    }

    /// The password, from its file where one is named.
    pub(crate) fn read_password(&self) -> Result<Option<String>, (PathBuf, std::io::Error)> {
        let Some(file) = &self.password_file else { return Ok(self.password.as_ref().map(|secret| secret.reveal().to_owned())) };
        first_line(file).map(Some).map_err(|error| (file.clone(), error))
    }
}

fn first_line(file: &Path) -> std::io::Result<String> {
    Ok(std::fs::read_to_string(file)?.lines().next().unwrap_or_default().to_owned())
}

fn without_secret(url: &str) -> String {
    url.rsplit_once('@').map_or(url, |(_, rest)| rest).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_host_port_and_whether_it_is_encrypted() {
        for (url, host, port, tls) in [
            ("mqtt://localhost", "localhost", 1883, false),
            ("mqtts://broker.example:9000/", "broker.example", 9000, true),
            ("mqtts://broker.example", "broker.example", 8883, true),
            ("mqtt://[::1]:1884", "[::1]", 1884, false),
        ] {
            let options = MqttOptions::new(url).unwrap();
            assert_eq!((options.host.as_str(), options.port, options.tls), (host, port, tls), "{url}");
        }
    }

    #[test]
    fn a_url_that_cannot_be_used_is_refused_with_what_is_wrong() {
        for (url, part) in [
            ("localhost:1883", "mqtt://host:port"),
            ("http://u:secret@host", "found: host"),
            ("mqtt://:1883", "no host"),
            ("mqtt://host:port", "port from 1 to 65535"),
            ("mqtt://host:0", "port from 1 to 65535"),
            ("mqtt://user:secret@host", "DIDYMOS_MQTT_PASSWORD"),
            ("mqtt://host:1883/path", "/path"),
        ] {
            let message = MqttOptions::new(url).unwrap_err().to_string();
            assert!(message.contains(part) && !message.contains("secret"), "{url}: {message}");
        }
    }

    #[test]
    fn a_password_never_shows_in_debug_output() {
        let mut options = MqttOptions::new("mqtt://host").unwrap();
        options.password = Some(Secret::new("hunter2"));
        assert!(!format!("{options:?}").contains("hunter2"));
    }
}
