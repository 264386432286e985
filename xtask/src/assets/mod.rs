//! Generator of the 3D model of Unit 100, `assets/unit100/unit100.glb`.
//!
//! The model is drawn by code so that its elevations and plot plan are the ones of the plant, its
//! bindings cannot drift from the ids of the plant file, and anyone can rebuild it without tools.

mod equipment;
mod glb;
mod machines;
mod mesh;
mod piping;
mod site;
mod steel;
#[cfg(test)]
mod tests;
mod valves;
mod vessels;

use std::path::Path;

use glb::{Node, Scene};

/// Writes the model into the repository's `assets` folder.
///
/// # Errors
/// If the model cannot be encoded or the file cannot be written.
pub fn run() -> Result<(), String> {
    let bytes = unit100_glb()?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/unit100/unit100.glb");
    std::fs::write(&path, &bytes).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    println!("{}: {} bytes", path.display(), bytes.len());
    Ok(())
}

/// The model as the bytes of a binary glTF 2.0 file; the same on every run.
///
/// # Errors
/// If the model cannot be encoded.
pub fn unit100_glb() -> Result<Vec<u8>, String> {
    unit100().to_glb()
}

fn unit100() -> Scene {
    let mut scene = Scene::default();
    let site = scene.node(None, Node::named("Site"));
    site::add_surroundings(&mut scene, site);
    let piping = scene.node(Some(site), Node::named("Piping"));
    piping::add_lines(&mut scene, piping);
    equipment::add_things(&mut scene, site);
    scene
}
