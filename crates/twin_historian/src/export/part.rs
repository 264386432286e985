//! A file that appears under its name once it is complete.

use super::ExportError;
use std::fs::File;
use std::path::{Path, PathBuf};

/// The unfinished file beside its final place. Dropped before [`PartFile::publish`], it goes away.
#[derive(Debug)]
pub(super) struct PartFile {
    path: PathBuf,
    part: PathBuf,
    is_published: bool,
}

impl PartFile {
    pub(super) fn create(path: &Path) -> Result<(Self, File), ExportError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let part = path.with_file_name(format!("{name}.{}.part", std::process::id()));
        let file = File::create(&part).map_err(|source| ExportError::Io { path: path.to_owned(), source })?;
        Ok((Self { path: path.to_owned(), part, is_published: false }, file))
    }

    /// Waits until the disk has the file, then gives it its name. One of that name is replaced.
    pub(super) fn publish(mut self, file: &File) -> Result<(), ExportError> {
        let done = file.sync_all().and_then(|()| std::fs::rename(&self.part, &self.path));
        done.map_err(|source| ExportError::Io { path: self.path.clone(), source })?;
        self.is_published = true;
        Ok(())
    }

    /// An error of the file.
    pub(super) fn error(&self, source: std::io::Error) -> ExportError {
        ExportError::Io { path: self.path.clone(), source }
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.is_published {
            // What cannot be removed is named .part and harms nobody.
            let _ = std::fs::remove_file(&self.part);
        }
    }
}
