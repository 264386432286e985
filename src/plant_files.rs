//! The plant to open: a folder on disk, or the demo plant inside the binary.

use crate::view::SceneFiles;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use twin_model::document::{self, FileSet, TwinDocument, gltf_check};
use twin_model::{Plant, Problem, Severity};
use twin_ui::tour::TourScript;

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../assets/unit100/", $name)).as_slice())),*]
    };
}

/// The guided tour of a plant, in its folder.
const TOUR_FILE: &str = "tour.toml";
const MAX_TOUR_BYTES: u64 = 1 << 20;

/// The files of Unit 100, by path relative to the plant folder.
pub const UNIT_100: &[(&str, &[u8])] = embedded![
    "plant.twin.json",
    "unit100.glb",
    "unit100.economy.glb",
    "docs/ct-201.md",
    "docs/e-101.md",
    "docs/k-301.md",
    "docs/p-101.md",
    "docs/p-102.md",
    "docs/p-201.md",
    "docs/tk-101.md",
    "docs/tk-102.md",
    "docs/v-101.md",
    "models/control.dtdl.json",
    "models/equipment.dtdl.json",
    "models/heat.dtdl.json",
    "models/machines.dtdl.json",
    "models/piping.dtdl.json",
    "models/vessels.dtdl.json",
    "tour.toml",
];

/// A plant with everything a window needs of it.
#[derive(Clone, Debug)]
pub struct PlantFiles {
    /// The plant, names resolved.
    pub plant: Arc<Plant>,
    /// Problems found; the plant runs with what is left.
    pub problems: Vec<Problem>,
    /// Checked files of the scene.
    pub scene: SceneFiles,
    /// Its guided tour, if it has one.
    pub tour: Option<TourScript>,
    /// Its folder; none for the demo.
    pub folder: Option<PathBuf>,
    /// It is the demo plant, so that stories can be played.
    pub is_demo: bool,
}

/// Opens a plant folder, or the demo plant for `None`.
///
/// # Errors
/// A sentence, when there is nothing to show at all: no plant file, or a file that is no JSON.
pub fn open(path: Option<&Path>, scene: Option<&Path>) -> Result<PlantFiles, String> {
    let path = path.filter(|path| *path != Path::new("demo"));
    let (twin, mut problems) = match path {
        Some(path) => document::load(path),
        None => document::load_embedded(UNIT_100),
    };
    if twin.json.is_none() {
        let reasons: Vec<String> = problems.iter().map(Problem::to_string).collect();
        return Err(format!("the plant cannot be opened.\n{}", reasons.join("\n")));
    }
    let plant = Arc::new(twin.plant());
    problems.extend(twin_insight::check_functions(&plant));
    problems.extend(twin_insight::equipment::check_equipment(&plant));
    problems.extend(twin_runtime::check_simulation(&plant));
    let scene = match scene {
        Some(file) => {
            // The scenes the plant file names are not used, so they need not be there.
            problems.retain(|problem| {
                !(problem.pointer.starts_with("/scenes/") && (problem.pointer.ends_with("/file") || problem.pointer.ends_with("/economy")))
            });
            scene_of_file(file, &mut problems)?
        }
        None => scene_of_plant(&twin, path.is_none()),
    };
    let tour = tour_of_plant(twin.folder.as_deref(), &mut problems);
    Ok(PlantFiles { plant, problems, scene, tour, folder: twin.folder, is_demo: path.is_none() })
}

/// Largest sum of the files of a plant folder that goes into a package, bytes.
const MAX_CONTENTS_BYTES: u64 = 1 << 30;
/// Folders in folders that are looked into.
const MAX_DEPTH: usize = 4;

/// Every file of a plant folder, or of the demo plant, by its path in the folder. Hidden files, histories and other packages
/// are left out.
///
/// # Errors
/// A sentence when a file cannot be read or the folder holds too much.
pub fn contents_of(folder: Option<&Path>) -> Result<Vec<(String, Vec<u8>)>, String> {
    let Some(folder) = folder else {
        return Ok(UNIT_100.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect());
    };
    let mut found = Vec::new();
    collect(folder, "", 0, &mut found)?;
    let too_much = || format!("{} holds more than a gigabyte: a package of it would not travel.", folder.display());
    let mut total = 0_u64;
    let mut contents = Vec::new();
    for (name, path) in found {
        let bytes = std::fs::read(&path).map_err(|error| format!("{} could not be read: {error}.", path.display()))?;
        total += bytes.len() as u64;
        if total > MAX_CONTENTS_BYTES {
            return Err(too_much());
        }
        contents.push((name, bytes));
    }
    Ok(contents)
}

fn collect(folder: &Path, prefix: &str, depth: usize, found: &mut Vec<(String, PathBuf)>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{} could not be read: {error}.", folder.display()))?;
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_record = ["didymos", "history"].iter().any(|end| Path::new(&name).extension().is_some_and(|e| e == *end));
        // A link could lead out of the folder.
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') || is_record {
            continue;
        }
        if kind.is_dir() && depth < MAX_DEPTH {
            collect(&entry.path(), &format!("{prefix}{name}/"), depth + 1, found)?;
        } else if kind.is_file() {
            found.push((format!("{prefix}{name}"), entry.path()));
        }
    }
    Ok(())
}

/// The scene the plant file names, if it passed its check.
fn scene_of_plant(twin: &TwinDocument, is_embedded: bool) -> SceneFiles {
    let folder = twin.folder.clone().unwrap_or_default();
    let files = if is_embedded { FileSet::Embedded(UNIT_100) } else { FileSet::Folder(&folder) };
    let scenes = twin.document.scenes.iter().zip(&twin.scenes).zip(&twin.economies);
    let Some(((scene, _), economy)) = scenes.into_iter().find(|((_, index), _)| !index.nodes.is_empty()) else {
        return SceneFiles::default();
    };
    let mut found = read_scene(&files, &scene.file);
    if let Some(economy) = scene.economy.as_ref().filter(|_| !economy.nodes.is_empty()) {
        let simple = read_scene(&files, economy);
        found.economy = simple.files.first().map(|(name, _)| name.clone());
        found.files.extend(simple.files);
    }
    found
}

/// The guided tour beside the plant file; a broken one is told.
fn tour_of_plant(folder: Option<&Path>, problems: &mut Vec<Problem>) -> Option<TourScript> {
    let files = folder.map_or(FileSet::Embedded(UNIT_100), FileSet::Folder);
    let bytes = files.read(TOUR_FILE, MAX_TOUR_BYTES).ok()?;
    TourScript::parse(TOUR_FILE, &String::from_utf8_lossy(&bytes)).map_err(|problem| problems.push(problem)).ok()
}

/// Reads a checked scene and the files it refers to.
fn read_scene(files: &FileSet<'_>, main: &str) -> SceneFiles {
    let read = |name: String| files.read(&name, document::MAX_SCENE_BYTES).ok().map(|bytes| (name, bytes));
    let Some((name, bytes)) = read(main.to_owned()) else { return SceneFiles::default() };
    let others: Vec<(String, Vec<u8>)> = referred_files(&bytes).into_iter().filter_map(read).collect();
    SceneFiles { files: std::iter::once((name, bytes)).chain(others).collect(), economy: None }
}

/// Relative paths of buffers and images outside the glTF itself.
fn referred_files(bytes: &[u8]) -> Vec<String> {
    let Ok(document) = gltf::Gltf::from_slice_without_validation(bytes) else { return Vec::new() };
    let json = document.document.into_json();
    let uris = json.buffers.iter().map(|b| &b.uri).chain(json.images.iter().map(|i| &i.uri)).flatten();
    uris.filter(|uri| !uri.starts_with("data:")).cloned().collect()
}

/// A scene given on the command line.
fn scene_of_file(file: &Path, problems: &mut Vec<Problem>) -> Result<SceneFiles, String> {
    let name = file.file_name().and_then(|name| name.to_str()).ok_or_else(|| format!("{} names no file.", file.display()))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let files = FileSet::Folder(folder);
    let bytes =
        files.read(name, document::MAX_SCENE_BYTES).map_err(|fault| format!("the scene {} cannot be read: {fault}", file.display()))?;
    let (_, mut found) = gltf_check(&bytes, Some(&files), name);
    for problem in &mut found {
        problem.file = name.to_owned();
    }
    let errors: Vec<String> = found.iter().filter(|p| p.severity == Severity::Error).map(Problem::to_string).collect();
    if !errors.is_empty() {
        return Err(format!("the scene {} is refused.\n{}", file.display(), errors.join("\n")));
    }
    problems.extend(found);
    Ok(read_scene(&files, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binary_carries_every_file_of_the_demo_plant() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/unit100");
        let mut on_disk = Vec::new();
        let mut folders = vec![folder.clone()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.file_name().is_some_and(|name| name != "LICENSE") {
                    on_disk.push(path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        on_disk.sort();
        let mut carried: Vec<&str> = UNIT_100.iter().map(|(name, _)| *name).collect();
        carried.sort_unstable();
        assert_eq!(on_disk, carried);
    }

    #[test]
    fn the_demo_plant_opens_with_its_scene_and_without_an_error() {
        let files = open(None, None).unwrap();
        let errors: Vec<String> = files.problems.iter().filter(|p| p.severity == Severity::Error).map(Problem::to_string).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        assert_eq!(files.scene.asset_path(false).as_deref(), Some("twin://unit100.glb"));
        assert_eq!(files.scene.asset_path(true).as_deref(), Some("twin://unit100.economy.glb"));
    }
}
