//! The whole program from the outside: what a person at a terminal, a display or a broker sees.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_input;
mod broker;
#[cfg(target_os = "linux")]
mod fmu_block;
mod live_broker;
mod looks;
mod normal_life;
mod pictures;
mod png_picture;
mod program;
mod record;
mod simulate;
mod table;
mod water_tank;
#[cfg(target_os = "linux")]
mod window;

use std::path::{Path, PathBuf};

/// A file of the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
