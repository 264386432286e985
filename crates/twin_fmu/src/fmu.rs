//! An FMU on disk: looked at, then opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use crate::archive::{Archive, bytes_of};
use crate::description::{Description, FmiVersion};
use crate::permission::{Digest, Permission};
use crate::problem::FmuError;
use crate::xml;

/// What can be told about a file without running any of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspected {
    /// Identifies the exact file; what a person allows.
    pub digest: Digest,
    /// What the FMU says about itself.
    pub description: Description,
    /// Systems it brings a library for, as the standard calls them (`linux64`, `x86_64-linux`).
    pub platforms: Vec<String>,
}

/// Looks at a file without running any of it.
///
/// # Errors
/// When it cannot be read or is no FMU.
pub fn inspect(path: &Path) -> Result<Inspected, FmuError> {
    let bytes = bytes_of(path)?;
    let digest = Digest::of(&bytes);
    let mut archive = Archive::new(bytes)?;
    let description = xml::read(&archive.description()?)?;
    Ok(Inspected { digest, description, platforms: archive.platforms() })
}

/// An FMU that may run, its files laid out in a temporary folder of its own. Clones share the folder, and the last one
/// removes it.
#[derive(Clone, Debug)]
pub struct Fmu {
    opened: Arc<Opened>,
}

#[derive(Debug)]
struct Opened {
    digest: Digest,
    description: Description,
    library: PathBuf,
    folder: TempDir,
}

impl Fmu {
    /// Opens a file the user has allowed. What is unpacked are the very bytes whose digest was compared.
    ///
    /// # Errors
    /// As [`inspect`]; [`FmuError::NotAllowed`] when it has not been allowed, before anything is unpacked;
    /// [`FmuError::Unsupported`] when it has no library for this system.
    pub fn open(path: &Path, permission: &Permission) -> Result<Self, FmuError> {
        let bytes = bytes_of(path)?;
        let digest = Digest::of(&bytes);
        let mut archive = Archive::new(bytes)?;
        let description = xml::read(&archive.description()?)?;
        if !permission.allows(&digest) {
            return Err(FmuError::NotAllowed { digest });
        }
        let file = format!("{}{}", description.model_identifier, std::env::consts::DLL_SUFFIX);
        let inside = |platform: &String| format!("binaries/{platform}/{file}");
        let platform = platforms(description.version)
            .into_iter()
            .find(|platform| archive.has(&inside(platform)))
            .ok_or_else(|| no_library(&archive.platforms(), description.version))?;
        let unpack = |error: std::io::Error| FmuError::Unpack(error.to_string());
        let folder = tempfile::Builder::new().prefix("didymos-fmu-").tempdir().map_err(unpack)?;
        archive.unpack(folder.path(), &platform)?;
        std::fs::create_dir_all(folder.path().join("resources")).map_err(unpack)?;
        let library = folder.path().join(inside(&platform));
        Ok(Self { opened: Arc::new(Opened { digest, description, library, folder }) })
    }

    /// What it says about itself.
    pub fn description(&self) -> &Description {
        &self.opened.description
    }

    /// Which file it is.
    pub fn digest(&self) -> &Digest {
        &self.opened.digest
    }

    /// The library to load.
    pub(crate) fn library(&self) -> &Path {
        &self.opened.library
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        self.opened.folder.path()
    }
}

/// Names of this system in `binaries/`, the best first.
fn platforms(version: FmiVersion) -> Vec<String> {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let architecture = std::env::consts::ARCH;
    let of_three = format!("{architecture}-{system}");
    let short = if system == "windows" { "win" } else { system };
    match (version, architecture) {
        (FmiVersion::Two, "x86_64") => vec![format!("{short}64"), of_three],
        (FmiVersion::Two, "x86") => vec![format!("{short}32"), of_three],
        _ => vec![of_three],
    }
}

fn no_library(there: &[String], version: FmiVersion) -> FmuError {
    let here = platforms(version).swap_remove(0);
    let has = if there.is_empty() { "only source code".to_owned() } else { format!("libraries for {}", there.join(", ")) };
    FmuError::Unsupported(format!("it brings {has}, but none for this system ({here}): export it again for {here}"))
}
