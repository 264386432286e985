//! Publishing to a broker.

pub use crate::mqtt::publisher::{PublishError, Publisher};
