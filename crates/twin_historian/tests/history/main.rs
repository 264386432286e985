//! What the historian promises.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod database;
mod disk;
mod export;
mod package;
mod package_verify;
mod recorder;
mod samples;
mod site;
mod store;
