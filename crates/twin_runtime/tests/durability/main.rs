//! What the recorder promises when it is killed, when the power goes and when the disk refuses.
//!
//! `cargo xtask test` runs a little of everything, `cargo xtask soak` all of it. `DIDYMOS_SOAK` asks for the soak,
//! `DIDYMOS_SOAK_SEED` for other random moments than the printed ones.
// tidy: allow(test-binary) it preloads a disk of its own into processes and is run alone, for minutes, by `cargo xtask soak`
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot get at what it tests has failed")]

mod broker;
mod check;
mod counters;
mod cuts;
mod disk;
mod faults;
mod kills;
#[path = "../../examples/record/process.rs"]
mod process;
mod publisher;
mod recorder;
mod report;
mod rig;
