//! glTF files are untrusted: every size, count, range, index and address is checked here, with checked arithmetic,
//! before any loader sees the file. What passes is indexed for binding.

mod buffers;
mod container;
mod extras;
mod images;
mod meshes;
mod scene;
mod uri;

use super::files::FileSet;
use crate::Problem;
pub use scene::{SceneIndex, SceneNode};
use serde_json::{Map, Value};

/// Limits of a scene. A file beyond them is refused, with the limit named.
pub mod limits {
    /// JSON part, bytes.
    pub const JSON_BYTES: usize = 64 << 20;
    /// All buffers together, bytes.
    pub const BUFFER_BYTES: u64 = 1 << 30;
    /// Nodes.
    pub const NODES: usize = 200_000;
    /// Depth of the node tree.
    pub const NODE_DEPTH: usize = 256;
    /// Meshes.
    pub const MESHES: usize = 100_000;
    /// Vertices of all primitives together.
    pub const VERTICES: u64 = 50_000_000;
    /// Indices of all primitives together.
    pub const INDICES: u64 = 150_000_000;
    /// Textures and images.
    pub const TEXTURES: usize = 512;
    /// Width and height of an image, pixels.
    pub const IMAGE_SIDE: u32 = 8192;
    /// All images decoded, bytes.
    pub const IMAGE_BYTES: u64 = 2 << 30;
    /// Points of the centre lines of one node.
    pub const FLOW_POINTS: usize = 10_000;
    /// Any other list of the file.
    pub const ELEMENTS: usize = 1_000_000;
    /// Problems told per file.
    pub const PROBLEMS: usize = 100;
}

/// Extensions a loader of this program understands.
const KNOWN_EXTENSIONS: [&str; 10] = [
    "KHR_materials_unlit",
    "KHR_texture_transform",
    "KHR_lights_punctual",
    "KHR_materials_transmission",
    "KHR_materials_ior",
    "KHR_materials_volume",
    "KHR_materials_emissive_strength",
    "KHR_materials_clearcoat",
    "KHR_materials_anisotropy",
    "KHR_materials_specular",
];

/// Checks a `.glb` or `.gltf` file and indexes its nodes. `files` holds what its addresses may name, relative to `file`;
/// without it any address of another file is a problem. After an error the index may be empty or partial.
pub fn gltf_check(bytes: &[u8], files: Option<&FileSet<'_>>, file: &str) -> (SceneIndex, Vec<Problem>) {
    let mut check = Check { file, files, problems: Vec::new(), json: Value::Null, binary: None };
    if bytes.len() as u64 > super::load::MAX_SCENE_BYTES {
        check.error("", "the file is larger than 512 MB", "Split or simplify the model.");
        return (SceneIndex::default(), check.problems);
    }
    if let Some((json, binary)) = container::split(&mut check, bytes) {
        check.json = json;
        check.binary = binary;
        check.extensions();
        check.top_level();
        let buffers = buffers::check_buffers(&mut check);
        buffers::check_views(&mut check, &buffers);
        let accessors = buffers::check_accessors(&mut check);
        images::check_images(&mut check);
        meshes::check_meshes(&mut check, &accessors);
        meshes::check_animations_and_skins(&mut check, &accessors);
        let index = scene::index_nodes(&mut check);
        check.loader_agrees(bytes);
        return (index, check.problems);
    }
    (SceneIndex::default(), check.problems)
}

/// One file under check.
struct Check<'a> {
    file: &'a str,
    files: Option<&'a FileSet<'a>>,
    problems: Vec<Problem>,
    json: Value,
    binary: Option<&'a [u8]>,
}

impl Check<'_> {
    fn error(&mut self, pointer: &str, message: impl Into<String>, hint: &str) {
        self.push(Problem::error(self.file, pointer, message, hint));
    }

    fn warning(&mut self, pointer: &str, message: impl Into<String>, hint: &str) {
        self.push(Problem::warning(self.file, pointer, message, hint));
    }

    /// Capped by severity, so that no flood of warnings can hide the error that refuses the file.
    fn push(&mut self, problem: Problem) {
        if self.problems.iter().filter(|other| other.severity == problem.severity).count() < limits::PROBLEMS {
            self.problems.push(problem);
        }
    }

    fn has_errors(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }

    /// A top-level list, empty when absent. Taken out of `self` so that the check can report while it walks.
    fn list(&mut self, name: &str) -> Vec<Value> {
        match self.json.get_mut(name) {
            Some(Value::Array(items)) => std::mem::take(items),
            _ => Vec::new(),
        }
    }

    fn count(&self, name: &str) -> usize {
        self.json.get(name).and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// An index member that must lie below `count`; absent is fine.
    fn index(&mut self, object: &Value, name: &str, count: usize, at: &str) -> Option<usize> {
        let value = object.get(name)?;
        match value.as_u64().and_then(|index| usize::try_from(index).ok()).filter(|index| *index < count) {
            Some(index) => Some(index),
            None => {
                self.error(&format!("{at}/{name}"), format!("{name} {value} is out of range: there are {count}"), HINT_EXPORT);
                None
            }
        }
    }

    /// A whole number member, at least `least`.
    fn whole(&mut self, object: &Value, name: &str, least: u64, at: &str) -> Option<u64> {
        match object.get(name).and_then(Value::as_u64).filter(|number| *number >= least) {
            Some(number) => Some(number),
            None => {
                self.error(&format!("{at}/{name}"), format!("{name} must be a whole number of at least {least}"), HINT_EXPORT);
                None
            }
        }
    }

    /// A whole number member that may be absent.
    fn whole_or(&mut self, object: &Value, name: &str, default: u64, at: &str) -> Option<u64> {
        if object.get(name).is_some() { self.whole(object, name, 0, at) } else { Some(default) }
    }

    fn extensions(&mut self) {
        let names = |value: Option<&Value>| -> Vec<String> {
            value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let required = names(self.json.get("extensionsRequired"));
        for (index, name) in required.iter().enumerate().filter(|(_, name)| !KNOWN_EXTENSIONS.contains(&name.as_str())) {
            let message = format!("the model requires the glTF extension {name}, which is not supported");
            self.error(&format!("/extensionsRequired/{index}"), message, extension_hint(name));
        }
        let used = names(self.json.get("extensionsUsed"));
        for (index, name) in used.iter().enumerate() {
            if !KNOWN_EXTENSIONS.contains(&name.as_str()) && !required.contains(name) {
                let message = format!("the model uses the glTF extension {name}, which is ignored");
                self.warning(&format!("/extensionsUsed/{index}"), message, extension_hint(name));
            }
        }
    }

    fn top_level(&mut self) {
        let version = self.json.pointer("/asset/version").and_then(Value::as_str).unwrap_or_default().to_owned();
        if version != "2.0" && !version.starts_with("2.") {
            self.error("/asset/version", format!("glTF version \"{version}\" is not supported"), "Export the model as glTF 2.0.");
        }
        let lists: Vec<(String, usize)> = self
            .json
            .as_object()
            .into_iter()
            .flat_map(Map::iter)
            .filter_map(|(name, value)| Some((name.clone(), value.as_array()?.len())))
            .collect();
        for (name, count) in lists {
            let limit = match name.as_str() {
                "nodes" => limits::NODES,
                "meshes" => limits::MESHES,
                "textures" | "images" => limits::TEXTURES,
                _ => limits::ELEMENTS,
            };
            if count > limit {
                self.error(&format!("/{name}"), format!("{count} {name} are more than the {limit} allowed"), "Simplify the model.");
            }
        }
    }

    /// As the last step, and only for a file without errors: does the loader's own parser agree?
    fn loader_agrees(&mut self, bytes: &[u8]) {
        if !self.has_errors()
            && let Err(error) = gltf::Gltf::from_slice(bytes)
        {
            self.error("", format!("the loader refuses the file: {error}"), HINT_EXPORT);
        }
    }
}

/// Hint where only the program that wrote the file can help.
const HINT_EXPORT: &str = "The file is damaged or was written wrongly: export it again, or check it with the Khronos glTF validator.";

fn extension_hint(name: &str) -> &'static str {
    match name {
        "KHR_draco_mesh_compression" => "Export without Draco mesh compression.",
        "EXT_meshopt_compression" | "KHR_meshopt_compression" => "Export without meshopt compression (gltfpack: leave out -c).",
        "KHR_mesh_quantization" => "Export with float positions and normals (gltfpack: add -noq).",
        "KHR_texture_basisu" => "Export textures as PNG or JPEG.",
        "EXT_texture_webp" | "EXT_texture_avif" => "Export textures as PNG or JPEG.",
        "EXT_mesh_gpu_instancing" => "Export instances as nodes of their own.",
        "KHR_materials_variants" => "Export one material variant only.",
        _ => "Export without this extension.",
    }
}
