//! Live sources and their decoders, and the one wall clock.
//!
//! [`MqttSource`] receives, [`SourceCore`] decides what it means, [`Publisher`] sends.

mod clock;
pub mod decode;
pub mod mqtt;
mod offline;
mod plant_clock;
mod problem;
pub mod publish;
pub mod recording;
mod source_core;
pub mod stale;
mod stats;

pub use clock::SystemClock;
pub use decode::{Decoded, Decoder};
pub use mqtt::{MqttOptions, MqttSource, SourceHandle};
pub use offline::OfflineSource;
pub use problem::InputProblem;
pub use publish::{PublishError, Publisher};
pub use source_core::SourceCore;
pub use stale::StaleWatch;
pub use stats::SourceStats;
