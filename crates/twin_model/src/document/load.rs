//! Loading a plant: all files, all problems, nothing lost that was good.

use super::check::check_document;
use super::decode::decode_plant;
use super::dtdl::read_interfaces;
use super::files::{FileFault, FileSet};
use super::gltf::{SceneIndex, gltf_check};
use super::json::{Json, lines_of, to_canonical};
use super::{PlantDocument, TypeLibrary};
use crate::{Plant, Problem};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Name of the plant file in a plant folder.
pub const PLANT_FILE: &str = "plant.twin.json";
/// Largest plant or type file accepted, bytes.
pub const MAX_DOCUMENT_BYTES: u64 = 32 << 20;
/// Largest scene file accepted, bytes.
pub const MAX_SCENE_BYTES: u64 = 512 << 20;

/// A loaded plant folder.
#[derive(Clone, Debug, Default)]
pub struct TwinDocument {
    /// The plant file as typed members; what did not fit is left out.
    pub document: PlantDocument,
    /// The types of its model files.
    pub types: TypeLibrary,
    /// One index per entry of `document.scenes`, in order; empty for a scene that could not be used.
    pub scenes: Vec<SceneIndex>,
    /// The same for the lighter file of each scene; empty for a scene that names none.
    pub economies: Vec<SceneIndex>,
    /// The folder it was loaded from; `None` for an embedded plant.
    pub folder: Option<PathBuf>,
    /// Name of the plant file in its folder.
    pub file: String,
    /// The text of the plant file as it was.
    pub text: String,
    /// The plant file as a tree: what [`TwinDocument::save`] writes.
    pub json: Option<Json>,
}

impl TwinDocument {
    /// The plant, ready to run. Its problems are among those [`load`] returned.
    pub fn plant(&self) -> Plant {
        Plant::build(self.document.clone(), &self.types).0
    }

    /// Writes the plant file, in canonical layout, to `path`: a temporary file beside it, synced, then renamed over it.
    ///
    /// # Errors
    /// What the system says; the old file is then untouched.
    pub fn save(&self, path: &Path) -> std::io::Result<()> {
        let text = self.json.as_ref().map_or_else(|| self.text.clone(), to_canonical);
        write_atomically(path, text.as_bytes())
    }
}

fn write_atomically(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let temporary = path.with_file_name(name);
    let written = (|| {
        let mut file = std::fs::File::create(&temporary)?;
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    })();
    if written.is_err() {
        // The first error is the one to tell.
        let _ = std::fs::remove_file(&temporary);
        return written;
    }
    // The rename itself must reach the disk; a file system that cannot sync a folder has nothing better to offer.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Loads a plant folder, or a plant file with its folder. Never stops at the first fault: all problems come back together.
pub fn load(path: &Path) -> (TwinDocument, Vec<Problem>) {
    let (folder, file) = if path.is_dir() {
        (path.to_owned(), PLANT_FILE.to_owned())
    } else {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        (folder.to_owned(), path.file_name().unwrap_or_default().to_string_lossy().into_owned())
    };
    let (mut twin, problems) = load_files(&FileSet::Folder(&folder), &file);
    twin.folder = Some(folder);
    (twin, problems)
}

/// Loads a plant from files in memory: path relative to the plant folder, content. The same checks as [`load`].
pub fn load_embedded(files: &[(&str, &[u8])]) -> (TwinDocument, Vec<Problem>) {
    load_files(&FileSet::Embedded(files), PLANT_FILE)
}

fn load_files(files: &FileSet<'_>, file: &str) -> (TwinDocument, Vec<Problem>) {
    let mut twin = TwinDocument { file: file.to_owned(), ..TwinDocument::default() };
    let mut problems = Vec::new();
    let mut texts = BTreeMap::new();
    if let Some((text, json)) = read_json(files, file, file, "", &mut problems) {
        let (document, origins) = decode_plant(&json.to_value(), file, &mut problems);
        texts.insert(file.to_owned(), text.clone());
        twin.text = text;
        twin.json = Some(json);
        twin.document = document;
        twin.types = read_types(files, &twin, &mut problems, &mut texts);
        let mut checked = Vec::new();
        (twin.scenes, twin.economies) = read_scenes(files, &twin, &mut problems, &mut checked);
        check_document(&twin, files, &mut checked);
        // Later checks speak of the typed document; the file may hold elements that were left out of it.
        for mut problem in checked {
            if problem.file == file {
                problem.pointer = origins.in_file(&problem.pointer);
            }
            if problem.file != file || !origins.was_told(&problem.pointer) {
                problems.push(problem);
            }
        }
    }
    add_lines(&mut problems, &texts);
    (twin, problems)
}

/// Reads and parses a JSON file; faults of the file itself are told at `pointer` of the plant file.
fn read_json(files: &FileSet<'_>, name: &str, plant_file: &str, pointer: &str, problems: &mut Vec<Problem>) -> Option<(String, Json)> {
    let content = match files.read(name, MAX_DOCUMENT_BYTES) {
        Ok(content) => content,
        Err(fault) => {
            problems.push(file_problem(plant_file, pointer, &fault));
            return None;
        }
    };
    let Ok(text) = String::from_utf8(content) else {
        problems.push(Problem::error(name, "", "the file is not UTF-8 text", "Save it as UTF-8."));
        return None;
    };
    match Json::parse(&text) {
        Ok(parsed) => {
            for duplicate in parsed.duplicates {
                let member = duplicate.rsplit('/').next().unwrap_or_default();
                let message = format!("the member {member} stands more than once; the last one counts");
                problems.push(Problem::error(name, &duplicate, message, "Keep one of them."));
            }
            Some((text, parsed.json))
        }
        Err(error) => {
            let mut problem = Problem::error(name, "", error.to_string(), "Correct the JSON; an editor shows the place.");
            problem.line = Some(error.line);
            problems.push(problem);
            None
        }
    }
}

/// A fault of a file as a problem of the document that names it.
pub(crate) fn file_problem(file: &str, pointer: &str, fault: &FileFault) -> Problem {
    let hint = match fault {
        FileFault::Unsafe { .. } => "Write a path relative to the plant file, inside its folder, with '/'.",
        FileFault::Missing { .. } => "Put the file there, or correct the path.",
        FileFault::NotRegular { .. } => "Name a file.",
        FileFault::TooLarge { .. } => "Use a smaller file.",
        FileFault::Unreadable { .. } => "Check the permissions of the file.",
    };
    Problem::error(file, pointer, fault.to_string(), hint)
}

fn read_types(files: &FileSet<'_>, twin: &TwinDocument, problems: &mut Vec<Problem>, texts: &mut BTreeMap<String, String>) -> TypeLibrary {
    let mut library = TypeLibrary::default();
    for (index, name) in twin.document.models.iter().enumerate() {
        if let Some((text, json)) = read_json(files, name, &twin.file, &format!("/models/{index}"), problems) {
            read_interfaces(&mut library, &json.to_value(), name, problems);
            texts.insert(name.clone(), text);
        }
    }
    library
}

/// The indices of all scenes and of their lighter files.
fn read_scenes(
    files: &FileSet<'_>,
    twin: &TwinDocument,
    problems: &mut Vec<Problem>,
    checked: &mut Vec<Problem>,
) -> (Vec<SceneIndex>, Vec<SceneIndex>) {
    let mut read = |file: &str, at: String| match files.read(file, MAX_SCENE_BYTES) {
        Ok(content) => {
            let (mut index, mut found) = gltf_check(&content, Some(files), file);
            file.clone_into(&mut index.file);
            problems.append(&mut found);
            index
        }
        Err(fault) => {
            checked.push(file_problem(&twin.file, &at, &fault));
            SceneIndex { file: file.to_owned(), ..SceneIndex::default() }
        }
    };
    let scenes = twin.document.scenes.iter().enumerate();
    let full = scenes.clone().map(|(number, scene)| read(&scene.file, format!("/scenes/{number}/file"))).collect();
    let light = scenes
        .map(|(number, scene)| match &scene.economy {
            Some(file) => read(file, format!("/scenes/{number}/economy")),
            None => SceneIndex::default(),
        })
        .collect();
    (full, light)
}

fn add_lines(problems: &mut [Problem], texts: &BTreeMap<String, String>) {
    for (file, text) in texts {
        let own = |problem: &&mut Problem| problem.file == *file && problem.line.is_none();
        let wanted: BTreeSet<String> = problems.iter_mut().filter(own).map(|problem| problem.pointer.clone()).collect();
        if wanted.is_empty() {
            continue;
        }
        let lines = lines_of(text, &wanted);
        for problem in problems.iter_mut().filter(own) {
            problem.line = lines.get(&problem.pointer).copied();
        }
    }
}
