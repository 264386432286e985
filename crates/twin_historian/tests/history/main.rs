//! What the historian promises.

mod disk;
mod recorder;
mod samples;
mod store;
