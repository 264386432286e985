//! Something wrong with a document or an input.

use serde::{Deserialize, Serialize};
use std::fmt;

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

impl Severity {
    /// The word a person reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
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

impl Problem {
    /// A problem of a given severity, its line not known yet.
    pub fn new(severity: Severity, file: &str, pointer: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { severity, file: file.to_owned(), pointer: pointer.to_owned(), line: None, message: message.into(), hint: hint.into() }
    }

    /// Something that cannot be used as it stands.
    pub fn error(file: &str, pointer: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Severity::Error, file, pointer, message, hint)
    }

    /// Something missing or doubtful.
    pub fn warning(file: &str, pointer: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Severity::Warning, file, pointer, message, hint)
    }

    /// True for an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// `error: plant.twin.json:12 /things/3/id: message`, and the hint on a line of its own.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity.name(), self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.pointer.is_empty() {
            write!(f, " {}", self.pointer)?;
        }
        write!(f, ": {}", self.message)?;
        if !self.hint.is_empty() {
            write!(f, "\n  hint: {}", self.hint)?;
        }
        Ok(())
    }
}
