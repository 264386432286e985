//! What the historian promises.

mod disk;
mod package;
mod package_verify;
mod recorder;
mod samples;
mod store;
