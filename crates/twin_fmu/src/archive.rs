//! The zip archive an FMU is: untrusted data until a person has allowed it.

use std::fs;
use std::io::{Cursor, Read as _};
use std::path::{Component, Path};

use zip::ZipArchive;

use crate::problem::FmuError;

/// Longest file that is opened, in bytes.
const LARGEST_FILE: u64 = 1 << 30;
/// Longest description, unpacked.
const LARGEST_DESCRIPTION: u64 = 1 << 28;
/// All unpacked files together.
const LARGEST_CONTENTS: u64 = 4 << 30;
/// Most files in an archive.
const MOST_FILES: usize = 100_000;

const DESCRIPTION: &str = "modelDescription.xml";

/// An archive in memory, so that what is unpacked is what has been allowed.
pub struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
}

/// All bytes of a file.
///
/// # Errors
/// [`FmuError::Unreadable`] when it cannot be read, [`FmuError::Archive`] when it is too long.
pub fn bytes_of(path: &Path) -> Result<Vec<u8>, FmuError> {
    let unreadable = |error: std::io::Error| FmuError::Unreadable { path: path.display().to_string(), reason: error.to_string() };
    let file = fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(FmuError::Archive(format!("it is longer than {} MiB", LARGEST_FILE >> 20)));
    }
    Ok(bytes)
}

impl Archive {
    /// Reads the table of contents.
    pub fn new(bytes: Vec<u8>) -> Result<Self, FmuError> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| FmuError::Archive(format!("it is not a zip archive: {error}")))?;
        if zip.len() > MOST_FILES {
            return Err(FmuError::Archive(format!("it holds more than {MOST_FILES} files")));
        }
        Ok(Self { zip })
    }

    /// The bytes of `modelDescription.xml`.
    pub fn description(&mut self) -> Result<Vec<u8>, FmuError> {
        let missing = |_| FmuError::Description { line: None, message: "the archive has no such file, so it is no FMU".into() };
        let entry = self.zip.by_name(DESCRIPTION).map_err(missing)?;
        let mut bytes = Vec::new();
        entry.take(LARGEST_DESCRIPTION + 1).read_to_end(&mut bytes).map_err(|error| damaged(DESCRIPTION, &error))?;
        if bytes.len() as u64 > LARGEST_DESCRIPTION {
            return Err(FmuError::Archive(format!("{DESCRIPTION} is longer than {} MiB", LARGEST_DESCRIPTION >> 20)));
        }
        Ok(bytes)
    }

    /// Whether there is a file of this name.
    pub fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// Names of the folders in `binaries/`, sorted.
    pub fn platforms(&self) -> Vec<String> {
        let inside = |name: &str| Some(name.strip_prefix("binaries/")?.split_once('/')?.0.to_owned());
        let mut names: Vec<String> = self.zip.file_names().flatten().filter_map(|name| inside(&name)).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Lays out what a run needs: the description, the resources and one platform's binaries.
    ///
    /// No path leaves the folder, and no link is made.
    pub fn unpack(&mut self, folder: &Path, platform: &str) -> Result<(), FmuError> {
        let binaries = format!("binaries/{platform}/");
        let mut room = LARGEST_CONTENTS;
        for index in 0..self.zip.len() {
            let unreadable = |error| FmuError::Archive(format!("entry {index}: {error}"));
            let mut entry = self.zip.by_index(index).map_err(unreadable)?;
            let name = entry.name().map_err(unreadable)?.into_owned();
            let is_needed = name == DESCRIPTION || name.starts_with("resources/") || name.starts_with(&binaries);
            if !is_needed || entry.is_dir() {
                continue;
            }
            let inside = Path::new(&name);
            let is_plain = inside.components().all(|part| matches!(part, Component::Normal(_)));
            if !is_plain || name.contains(['\\', '\0', ':']) || entry.is_symlink() {
                return Err(FmuError::Archive(format!("`{name}` would lie outside the FMU's folder")));
            }
            let target = folder.join(inside);
            let mode = entry.unix_mode();
            let unpacked = |error: std::io::Error| FmuError::Unpack(format!("{name}: {error}"));
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent).map_err(unpacked)?;
            }
            let mut file = fs::File::create(&target).map_err(unpacked)?;
            let written = std::io::copy(&mut (&mut entry).take(room + 1), &mut file).map_err(|error| damaged(&name, &error))?;
            room = room
                .checked_sub(written)
                .ok_or_else(|| FmuError::Archive(format!("its files are longer than {} GiB together", LARGEST_CONTENTS >> 30)))?;
            keep_executable(&file, mode).map_err(unpacked)?;
        }
        Ok(())
    }
}

/// A program among the resources stays one.
fn keep_executable(file: &fs::File, mode: Option<u32>) -> std::io::Result<()> {
    #[cfg(unix)]
    if mode.is_some_and(|mode| mode & 0o100 != 0) {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(fs::Permissions::from_mode(0o700))?;
    }
    #[cfg(not(unix))]
    let _ = (file, mode);
    Ok(())
}

fn damaged(name: &str, error: &std::io::Error) -> FmuError {
    FmuError::Archive(format!("`{name}` is damaged: {error}"))
}
