//! MQTT: the live source, its options, and a client that publishes.

mod backoff;
mod failure;
mod link;
mod options;
pub(crate) mod publisher;
mod source;
mod tls;
mod v4;
mod v5;

pub use options::{MqttOptions, OptionsError, PASSWORD_VARIABLE, Protocol, Secret, USER_VARIABLE};
pub use source::{MqttSource, SourceHandle};
