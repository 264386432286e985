//! Something wrong with a document or an input.

use serde::{Deserialize, Serialize};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Works, but something is missing or doubtful.
    Warning,
    /// Cannot be used as it stands.
    Error,
}

/// Something wrong with a document: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// How bad.
    pub severity: Severity,
    /// File the problem is in, relative to the plant folder.
    pub file: String,
    /// JSON pointer (RFC 6901) into the file, `""` for the whole file.
    pub pointer: String,
    /// Line in the file, from 1, where known.
    pub line: Option<u32>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}
