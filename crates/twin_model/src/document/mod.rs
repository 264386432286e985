//! The twin document: `plant.twin.json`, its types (DTDL v3 subset) and its scenes.
//!
//! [`load`] reads a plant folder and returns what is good of it together with every problem found.

mod build;
mod check;
mod decode;
mod dtdl;
mod files;
mod gltf;
mod json;
mod json_schema;
mod load;
mod schema;
mod simulation;
mod types;

pub(crate) use build::build_plant;
pub use check::MAX_SIGNALS;
pub use files::{FileFault, FileSet, check_relative};
pub use gltf::{SceneIndex, SceneNode, gltf_check, limits};
pub use json::{Json, JsonError, MAX_JSON_DEPTH, ParsedJson, to_canonical};
pub use json_schema::json_schema;
pub use load::{MAX_DOCUMENT_BYTES, MAX_SCENE_BYTES, PLANT_FILE, TwinDocument, load, load_embedded};
pub use schema::*;
pub use simulation::{ComponentDocument, ConditionDocument, Elevation, Input, Setting, SignalSimulation, SimulationDocument, Targets};
pub use types::{Interface, TypeLibrary, TypeSignal, ValueSchema};
