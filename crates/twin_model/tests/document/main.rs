//! The twin document from the outside: Unit 100, bad plant files, round trips, hostile glTF.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop the test")]

mod gltf;
mod problems;
mod round_trip;
mod unit100;

use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
