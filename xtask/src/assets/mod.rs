//! Generator of the 3D model of Unit 100, in two levels of detail: `assets/unit100/unit100.glb` and
//! `assets/unit100/unit100.economy.glb`.
//!
//! The model is drawn by code so that its elevations and plot plan are the ones of the plant, its
//! bindings cannot drift from the ids of the plant file, and anyone can rebuild it without tools.

mod bvh;
mod compressor;
mod equipment;
mod exchanger;
mod glb;
mod instruments;
mod line;
mod mesh;
mod occlusion;
mod piping;
mod pumps;
mod scene;
mod site;
mod solids;
mod steel;
mod tanks;
#[cfg(test)]
mod tests;
mod tower;
mod valves;
mod vec3;
mod vessels;

use std::path::Path;

use glb::to_glb;
use mesh::Detail;
use scene::{Node, Scene};

/// The files of the model: name in the plant's folder, detail.
const FILES: [(&str, Detail); 2] = [("unit100.glb", Detail::Standard), ("unit100.economy.glb", Detail::Economy)];

/// Writes the models into the repository's `assets` folder.
///
/// # Errors
/// If a model cannot be encoded or a file cannot be written.
pub fn run() -> Result<(), String> {
    for (name, detail) in FILES {
        let bytes = model(detail)?;
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/unit100").join(name);
        std::fs::write(&path, &bytes).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
        println!("{}: {} bytes", path.display(), bytes.len());
    }
    Ok(())
}

/// A model as the bytes of a binary glTF 2.0 file; the same on every run.
fn model(detail: Detail) -> Result<Vec<u8>, String> {
    let mut scene = unit100(detail);
    occlusion::bake(&mut scene)?;
    to_glb(&scene)
}

fn unit100(detail: Detail) -> Scene {
    let mut scene = Scene::new(detail);
    let site = scene.node(None, Node::named("Site"));
    site::add_surroundings(&mut scene, site);
    let piping = scene.node(Some(site), Node::named("Piping"));
    piping::add_lines(&mut scene, piping);
    equipment::add_things(&mut scene, site);
    scene
}
