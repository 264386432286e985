//! The twin document: `plant.twin.json`, its types (DTDL v3 subset) and its scenes.

mod build;
mod schema;
mod types;

pub(crate) use build::build_plant;
pub use schema::*;
pub use types::{Interface, TypeLibrary, TypeSignal, ValueSchema};
