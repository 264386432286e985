//! Didymos: a desktop digital twin. Live monitor, time machine and what-if bench in one 3D scene.
//!
//! This root package is the only place that renders. Everything that thinks is a crate of its own.

pub mod bench;
pub mod check;
pub mod cli;
pub mod display;
pub mod export;
pub mod keeping;
pub mod offline;
pub mod package;
pub mod picture_set;
pub mod plant_files;
pub mod publish;
pub mod record;
pub mod report;
pub mod session;
pub mod settings;
pub mod shot;
pub mod simulate;
pub mod story_host;
pub mod stress_plant;
pub mod terminal;
pub mod view;
