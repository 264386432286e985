//! The demonstration plant as an outside world: a hidden plant with sensors, normal life and failure
//! stories, the gateways that publish it, and an embedded MQTT broker on loopback.
//!
//! The twin cannot see any of this. It knows the plant by what arrives over MQTT, as it would know a
//! real one. Nothing here asks for the time of day: plant time is a function of the start and the
//! steps taken, and only the runner paces those steps.

pub mod at;
pub mod broker;
pub mod calendar;
pub mod clearing;
pub mod crew;
pub mod demo;
pub mod gateways;
pub mod life;
pub mod plant;
pub mod publish;
pub mod random;
pub mod runner;
pub mod sensors;
pub mod signals;
pub mod story;
pub mod story_table;
pub mod truth;

pub use broker::{BrokerError, EmbeddedBroker};
pub use demo::{Demo, DemoError, DemoOptions};
pub use publish::Publication;
pub use runner::{DemoHandle, DemoRunner, Outlet, RunError, RunOptions, run_plant_command};
pub use story::{STORIES, Story, find_story};
