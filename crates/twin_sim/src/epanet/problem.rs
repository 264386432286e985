//! What is wrong with a network file, where, and what to do about it.

use std::fmt;
use twin_model::Severity;

/// Something wrong with, or worth knowing about, a network file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad: an error means that there is no network, a note that the file says something that is not used.
    pub severity: Severity,
    /// File as the caller named it.
    pub file: String,
    /// Section without brackets, `PIPES`; empty for the network as a whole.
    pub section: &'static str,
    /// Line in the file, from 1; `None` for the network as a whole.
    pub line: Option<u32>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl Problem {
    /// True for an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// `error: town.inp:12 [PIPES]: message`, and the hint on a line of its own.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity.name(), self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.section.is_empty() {
            write!(f, " [{}]", self.section)?;
        }
        write!(f, ": {}", self.message)?;
        if !self.hint.is_empty() {
            write!(f, "\n  hint: {}", self.hint)?;
        }
        Ok(())
    }
}
