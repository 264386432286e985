//! Files of the scene, checked before any loader sees them, served to Bevy from memory.

use bevy::asset::io::memory::{Dir, MemoryAssetReader};
use bevy::asset::io::{AssetSourceBuilder, AssetSourceId};
use bevy::prelude::*;
use std::path::Path;

/// Name of the asset source: `twin://scene.glb`.
const SOURCE: &str = "twin";

/// A scene that passed the check: name → bytes, the first one is the glTF itself.
#[derive(Clone, Debug, Default)]
pub struct SceneFiles {
    /// The glTF, then what it refers to, by relative path.
    pub files: Vec<(String, Vec<u8>)>,
    /// Name of the simple variant among them, for software renderers.
    pub economy: Option<String>,
}

impl SceneFiles {
    /// Path Bevy loads, if there is a scene: the simple variant where it is wanted and there is one.
    pub fn asset_path(&self, is_simple: bool) -> Option<String> {
        let detailed = self.files.first().map(|(name, _)| name);
        let name = self.economy.as_ref().filter(|_| is_simple).or(detailed)?;
        Some(format!("{SOURCE}://{name}"))
    }

    /// Registers the files with the app. Must come before the asset plugin.
    pub fn register(&self, app: &mut App) {
        let root = Dir::default();
        for (name, bytes) in &self.files {
            root.insert_asset(Path::new(name), bytes.clone());
        }
        app.register_asset_source(
            AssetSourceId::from(SOURCE),
            AssetSourceBuilder::new(move || Box::new(MemoryAssetReader { root: root.clone() })),
        );
    }
}
