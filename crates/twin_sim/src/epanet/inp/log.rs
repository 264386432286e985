//! Collecting problems while reading goes on.

use super::super::problem::Problem;
use super::lines::Section;
use twin_model::Severity;

/// More problems than this are counted, not told one by one.
const MAX_PROBLEMS: usize = 1000;

/// What is wrong with something, before it is known where it stands.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) hint: String,
}

impl Fault {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }

    /// The same fault, told with what it concerns: `pipe 'P7': …`.
    pub(super) fn of(self, kind: &str, id: &str) -> Self {
        Self { message: format!("{kind} '{}': {}", super::lines::shown(id), self.message), hint: self.hint }
    }
}

/// The problems of a file.
pub(super) struct Log {
    file: String,
    problems: Vec<Problem>,
    errors: usize,
    untold: usize,
}

impl Log {
    pub(super) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), problems: Vec::new(), errors: 0, untold: 0 }
    }

    pub(super) fn error(&mut self, section: Section, line: u32, fault: Fault) {
        self.add(Severity::Error, section.name(), Some(line), fault);
    }

    pub(super) fn warning(&mut self, section: Section, line: u32, fault: Fault) {
        self.add(Severity::Warning, section.name(), Some(line), fault);
    }

    pub(super) fn note(&mut self, section: Section, line: u32, fault: Fault) {
        self.add(Severity::Note, section.name(), Some(line), fault);
    }

    /// A doubt about a line outside of any section.
    pub(super) fn warning_anywhere(&mut self, line: u32, fault: Fault) {
        self.add(Severity::Warning, "", Some(line), fault);
    }

    /// A fault of the network as a whole.
    pub(super) fn error_of_network(&mut self, fault: Fault) {
        self.add(Severity::Error, "", None, fault);
    }

    /// True when something was an error.
    pub(super) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// All problems in file order, those of the whole network last.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| problem.line.unwrap_or(u32::MAX));
        if self.untold > 0 {
            let severity = if self.errors > 0 { Severity::Error } else { Severity::Warning };
            let fault = Fault::new(format!("{} more problems were found", self.untold), "repair the ones above and read the file again");
            self.problems.push(self.problem(severity, "", None, fault));
        }
        self.problems
    }

    fn add(&mut self, severity: Severity, section: &'static str, line: Option<u32>, fault: Fault) {
        self.errors += usize::from(severity == Severity::Error);
        if self.problems.len() >= MAX_PROBLEMS {
            self.untold += 1;
            return;
        }
        let problem = self.problem(severity, section, line, fault);
        self.problems.push(problem);
    }

    fn problem(&self, severity: Severity, section: &'static str, line: Option<u32>, fault: Fault) -> Problem {
        Problem { severity, file: self.file.clone(), section, line, message: fault.message, hint: fault.hint }
    }
}
