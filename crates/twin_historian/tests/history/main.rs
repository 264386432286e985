//! What the historian promises.

mod database;
mod disk;
mod export;
mod recorder;
mod samples;
mod site;
mod store;
