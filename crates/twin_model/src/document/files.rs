//! The files of a plant: a folder on disk, or a set carried in the binary. Nothing outside is ever opened.

use std::path::{Path, PathBuf};

/// Where the files of a plant come from.
#[derive(Clone, Copy, Debug)]
pub enum FileSet<'a> {
    /// A folder on disk.
    Folder(&'a Path),
    /// Files in memory: path with `/`, content.
    Embedded(&'a [(&'a str, &'a [u8])]),
}

/// Why a file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// The path would leave the folder, or is no plain relative path.
    #[error("the path {path} {reason}")]
    Unsafe {
        /// The path as written.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// There is no such file.
    #[error("the file {path} does not exist")]
    Missing {
        /// The path as written.
        path: String,
    },
    /// A folder, device, pipe or the like.
    #[error("{path} is not a regular file")]
    NotRegular {
        /// The path as written.
        path: String,
    },
    /// Larger than allowed.
    #[error("the file {path} is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The path as written.
        path: String,
        /// The limit.
        limit_bytes: u64,
    },
    /// The system refused to read it.
    #[error("the file {path} cannot be read: {reason}")]
    Unreadable {
        /// The path as written.
        path: String,
        /// What the system said.
        reason: String,
    },
}

/// Checks that a path as written in a document is plain and relative: no `..`, no `:`, no backslash, no root.
///
/// # Errors
/// [`FileFault::Unsafe`].
pub fn check_relative(path: &str) -> Result<(), FileFault> {
    let reason = if path.is_empty() {
        "is empty"
    } else if path.starts_with('/') {
        "is absolute"
    } else if path.contains(':') {
        "holds a ':' (a drive or an address)"
    } else if path.contains('\\') {
        "holds a backslash"
    } else if path.chars().any(char::is_control) {
        "holds a control character"
    } else if path.split('/').any(|part| part == "..") {
        "leaves the folder of the plant"
    } else {
        return Ok(());
    };
    Err(FileFault::Unsafe { path: path.to_owned(), reason })
}

impl FileSet<'_> {
    /// Size of a file, after checking that it is a regular file inside the set.
    ///
    /// # Errors
    /// [`FileFault`] for a path that leaves the folder (also by a link), a missing file, or one that is no regular file.
    pub fn size(&self, path: &str) -> Result<u64, FileFault> {
        check_relative(path)?;
        match self {
            Self::Folder(folder) => resolve(folder, path).map(|(_, size)| size),
            Self::Embedded(files) => find(files, path).map(|content| content.len() as u64),
        }
    }

    /// Reads a file of at most `limit_bytes`.
    ///
    /// # Errors
    /// [`FileFault`] as for [`FileSet::size`], and for a file that is too large or unreadable.
    pub fn read(&self, path: &str, limit_bytes: u64) -> Result<Vec<u8>, FileFault> {
        check_relative(path)?;
        let too_large = || FileFault::TooLarge { path: path.to_owned(), limit_bytes };
        match self {
            Self::Folder(folder) => {
                let (file, size) = resolve(folder, path)?;
                if size > limit_bytes {
                    return Err(too_large());
                }
                std::fs::read(file).map_err(|error| FileFault::Unreadable { path: path.to_owned(), reason: error.to_string() })
            }
            Self::Embedded(files) => {
                let content = find(files, path)?;
                if content.len() as u64 > limit_bytes { Err(too_large()) } else { Ok(content.to_vec()) }
            }
        }
    }
}

fn find<'a>(files: &'a [(&str, &[u8])], path: &str) -> Result<&'a [u8], FileFault> {
    let plain = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect::<Vec<_>>().join("/");
    files.iter().find(|(name, _)| *name == plain).map(|(_, content)| *content).ok_or_else(|| FileFault::Missing { path: path.to_owned() })
}

fn resolve(folder: &Path, path: &str) -> Result<(PathBuf, u64), FileFault> {
    let missing = || FileFault::Missing { path: path.to_owned() };
    let root = folder.canonicalize().map_err(|_| missing())?;
    let file = root.join(path).canonicalize().map_err(|_| missing())?;
    if !file.starts_with(&root) {
        return Err(FileFault::Unsafe { path: path.to_owned(), reason: "leaves the folder of the plant by a link" });
    }
    // Metadata only: opening a pipe or a device could hang.
    let metadata = file.metadata().map_err(|_| missing())?;
    if metadata.is_file() { Ok((file, metadata.len())) } else { Err(FileFault::NotRegular { path: path.to_owned() }) }
}
