//! What can be wrong with an FMU: before it runs, and while it runs.

use std::time::Duration;

use crate::permission::Digest;

/// Why a file was not opened as an FMU.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FmuError {
    /// The file cannot be read.
    #[error("{path}: {reason}")]
    Unreadable {
        /// The file as it was named.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// Not a zip archive, a broken one, or one that breaks a limit.
    #[error("the archive is refused: {0}")]
    Archive(String),
    /// `modelDescription.xml` is missing, broken or contradicts itself.
    #[error("modelDescription.xml{}: {message}", .line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Description {
        /// Line in the XML, from 1, where known.
        line: Option<u32>,
        /// What is wrong.
        message: String,
    },
    /// A proper FMU, but one this program cannot run.
    #[error("the FMU cannot run here: {0}")]
    Unsupported(String),
    /// The user has not allowed this file.
    #[error("the FMU is native code and has not been allowed to run (SHA-256 {digest})")]
    NotAllowed {
        /// What would have to be allowed.
        digest: Digest,
    },
    /// There is no such variable.
    #[error("the FMU has no variable `{0}`")]
    NoVariable(String),
    /// The archive's files cannot be laid out in the temporary folder.
    #[error("the FMU's files cannot be unpacked: {0}")]
    Unpack(String),
}

impl FmuError {
    /// What to do about it, for a person.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "check the path and the permissions",
            Self::Archive(_) => "export or copy the FMU again",
            Self::Description { .. } => "export the FMU again, or report it to the author of the tool that did",
            Self::Unsupported(_) => "the exporting tool has a setting for it",
            Self::NotAllowed { .. } => "allow it only when you know where the file comes from",
            Self::NoVariable(_) => "the names are listed in the FMU's modelDescription.xml",
            Self::Unpack(_) => "make room in the temporary folder",
        }
    }
}

/// What a function of an FMU answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The step was not computed as asked; smaller steps may work.
    Discard,
    /// The instance cannot go on.
    Error,
    /// All instances of this FMU are broken.
    Fatal,
    /// Asynchronous execution, which was not asked for.
    Pending,
    /// A number the standard does not know.
    Unknown(i32),
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Discard => f.write_str("discard"),
            Self::Error => f.write_str("error"),
            Self::Fatal => f.write_str("fatal"),
            Self::Pending => f.write_str("pending"),
            Self::Unknown(number) => write!(f, "{number}, which is no status"),
        }
    }
}

/// What went wrong with a running FMU. Never more than the FMU: the program goes on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FmuProblem {
    /// The child process could not be started.
    #[error("the process for the FMU cannot be started: {0}")]
    NotStarted(String),
    /// The library could not be loaded or lacks a function of the standard.
    #[error("the FMU's library cannot be used: {0}")]
    Load(String),
    /// The process ended by itself.
    #[error("the FMU crashed in {during} ({how}){}", quoted(.said))]
    Crashed {
        /// What it had been asked for.
        during: &'static str,
        /// Signal or exit code.
        how: String,
        /// The last it printed; may be empty.
        said: String,
    },
    /// No answer within the deadline; the process has been killed.
    #[error("the FMU did not answer {during} within {deadline:?} and was ended")]
    Hung {
        /// What it had been asked for.
        during: &'static str,
        /// How long it had.
        deadline: Duration,
    },
    /// A function of the FMU reported failure.
    #[error("the FMU's {function} answered {status}{}", quoted(.log))]
    Status {
        /// Name of the function.
        function: String,
        /// What it answered.
        status: Status,
        /// The last messages the FMU logged, as it gave them; may be empty.
        log: String,
    },
    /// The answer makes no sense; the process has been killed.
    #[error("the FMU's process answered nonsense: {0}")]
    Garbage(String),
    /// An output is not a number or infinite.
    #[error("the FMU's output `{variable}` is {value}")]
    NotFinite {
        /// Name of the variable.
        variable: String,
        /// What it was.
        value: f64,
    },
    /// A value that was to be set does not fit. The FMU has not been asked.
    #[error("`{variable}` cannot be set to {value}: {reason}")]
    BadValue {
        /// Name of the variable.
        variable: String,
        /// The value, as text.
        value: String,
        /// Why not.
        reason: String,
    },
    /// A call that does not fit the instance, such as a wrong number of inputs. The FMU has not been asked.
    #[error("{0}")]
    Misuse(String),
    /// The FMU has ended the simulation of its own accord, without an error.
    #[error("the FMU ended the simulation at {time} s")]
    Ended {
        /// Simulated time in seconds.
        time: f64,
    },
    /// The FMU offers no saving and restoring of its state, or not in the way asked for.
    #[error("the FMU offers no {0}")]
    NoState(&'static str),
    /// The instance had failed before.
    #[error("the FMU has stopped: {0}")]
    Gone(Box<FmuProblem>),
}

impl FmuProblem {
    /// Whether the instance can still be used.
    pub fn is_recoverable(&self) -> bool {
        let is_discard = matches!(self, Self::Status { status: Status::Discard, .. });
        is_discard || matches!(self, Self::BadValue { .. } | Self::Misuse(_) | Self::NoState(_) | Self::NotFinite { .. })
    }

    /// What to do about it, for a person.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotStarted(_) => "check that the program file is still there and that the system has memory left",
            Self::Load(_) => "the FMU needs other libraries or was made for another system: export it with everything it needs",
            Self::Crashed { .. } => "report it to the FMU's author, with the simulated time and the inputs; it can be started again",
            Self::Hung { .. } => "allow it more time per step, or shorter steps; it can be started again",
            Self::Status { status: Status::Discard, .. } => "try shorter steps",
            Self::Status { .. } => "check start values and inputs against the limits in the FMU's documentation",
            Self::Garbage(_) => "the FMU has damaged its own process: report it to its author",
            Self::NotFinite { .. } => "check the inputs; shorter steps may help",
            Self::BadValue { .. } => "give a value that the variable takes",
            Self::Misuse(_) => "correct the call",
            Self::Ended { .. } => "the FMU decides when it ends; start it again to go on",
            Self::NoState(_) => "export the FMU with saving and serialising of its state, or do without branches",
            Self::Gone(problem) => problem.hint(),
        }
    }
}

fn quoted(log: &str) -> String {
    if log.is_empty() { String::new() } else { format!("; it said: {log}") }
}
