//! Samples of a history as files that other programs read: CSV and Parquet, one row per sample or one row per instant.
//!
//! An export streams. It reads its range in slices of time that hold a bounded number of samples, so that a year costs no more
//! memory than an hour. The file appears under its name once it is complete.

pub mod csv;
pub mod parquet;
mod part;
mod rows;
mod source;
mod text;

pub(crate) use source::whole_millis;
pub use source::{ArchiveSnapshot, HistorySource};

use crate::LaneNumber;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;
use twin_model::{SignalKey, TwinTime};

/// What is exported.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// Lane.
    pub lane: LaneNumber,
    /// Signals in the order of their columns. One that comes twice is exported once.
    pub signals: Vec<ExportSignal>,
    /// First instant.
    pub from: TwinTime,
    /// Last instant, included.
    pub to: TwinTime,
}

/// A signal with its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportSignal {
    /// Its key in the source.
    pub key: SignalKey,
    /// Id.
    pub id: String,
    /// Tag; empty when it has none.
    pub tag: String,
    /// Unit; empty when it has none.
    pub unit: String,
}

/// How the rows are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One row per sample, in order of time.
    Long,
    /// One row per instant with the newest value of each signal at that instant.
    Wide {
        /// Time between two rows, counted from the first instant of the selection; `None` gives a row whenever a signal has a
        /// sample. Rows before the first and after the last sample of the lane are left out: nothing is known there.
        step: Option<Duration>,
        /// A column with the quality beside each value.
        quality: bool,
    },
}

/// What an export wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportReport {
    /// Rows below the header.
    pub rows: u64,
    /// Samples read for them.
    pub samples: u64,
}

/// Called after each slice with the instant up to which rows are written. `Break` gives the export up.
pub type Watch<'a> = &'a mut dyn FnMut(TwinTime) -> ControlFlow<()>;

/// Why an export was not written. No file is left behind.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The history could not be read.
    #[error("the history could not be read for the export: {source}")]
    Source {
        /// What the source said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file could not be written.
    #[error("export to {path}: {source}. Choose a folder that may be written to and has room")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The samples could not be brought into the file's format.
    #[error("export to {path}: {source}")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        source: ::parquet::errors::ParquetError,
    },
    /// The selection names no signal.
    #[error("no signal is selected: choose at least one")]
    NoSignals,
    /// Rows without time between them.
    #[error("rows need a time between them of at least 1 ns and at most 292 years: choose another step")]
    Step,
    /// The caller gave it up.
    #[error("the export was given up")]
    Stopped,
}
