//! History on disk: a file of SQLite tables, a folder of one file per day.

mod changes;
mod codec;
mod file;
mod folder;
mod read;
mod schema;

pub(crate) use changes::FileEnd;
pub(crate) use file::TICK_ID;
pub(crate) use folder::history_files;
pub(crate) use schema::{APPLICATION_ID, VERSION};

pub use codec::{CodecError, SampleColumns};
pub use file::{Commit, FileOptions, Flush, HistoryFile};
pub use folder::{Archive, HistoryFolder, Retention};
pub use read::{ChunkSummary, HistoryReader};

use crate::package::PackageError;
use std::path::PathBuf;

/// Why a history file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// SQLite or the disk beneath it refused.
    #[error("history file {path}: {source}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The file system refused.
    #[error("history folder {path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another program writes to the folder.
    #[error("another Didymos keeps its history in {path}: close it, or name another folder with --history")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The file is a database of something else.
    #[error("{path} is no history file of Didymos")]
    NotHistory {
        /// The file.
        path: PathBuf,
    },
    /// There is nothing in the file yet: the power went, or the disk refused, while it was being made.
    #[error("history file {path} is empty")]
    Blank {
        /// The file.
        path: PathBuf,
    },
    /// A newer program wrote the file.
    #[error("{path} was written by a newer Didymos (version {version} of the format, this program knows {known}): open it with that one")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Version of its format.
        version: i64,
        /// Newest version known here.
        known: i64,
    },
    /// Samples of the file are damaged.
    #[error("history file {path}, {place}: {source}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Table and row.
        place: String,
        /// What is wrong with them.
        source: CodecError,
    },
    /// A package could not be written, or its sealed part not be opened.
    #[error("package {path}: {source}")]
    Package {
        /// The package.
        path: PathBuf,
        /// Why.
        source: PackageError,
    },
}

impl HistoryError {
    /// True when trying again later may help: the disk is full or busy. Otherwise the file must be taken as suspect.
    pub fn is_passing(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, DiskFull};
        match self {
            Self::Sqlite { source, .. } => matches!(source.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked | DiskFull)),
            _ => false,
        }
    }
}
