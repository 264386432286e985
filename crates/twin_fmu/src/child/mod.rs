//! The program's end of the child process.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod process;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use crate::host::SUBCOMMAND;
#[cfg(not(unix))]
pub use elsewhere::Process;
#[cfg(unix)]
pub use process::Process;

/// Which program is the child process. It must call [`crate::host::run_host`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    program: PathBuf,
    args: Vec<OsString>,
}

impl Host {
    /// This program itself, with the hidden subcommand [`SUBCOMMAND`].
    ///
    /// # Errors
    /// When the system does not say where the program is.
    pub fn this_program() -> io::Result<Self> {
        Ok(Self::command(std::env::current_exe()?, [SUBCOMMAND]))
    }

    /// Another program.
    pub fn command(program: impl Into<PathBuf>, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        Self { program: program.into(), args: args.into_iter().map(Into::into).collect() }
    }
}

/// Why there is no reply.
#[derive(Debug)]
#[cfg_attr(not(unix), expect(dead_code, reason = "no process, no silence"))]
pub enum Silence {
    /// The process has ended.
    Ended {
        /// Signal or exit code.
        how: String,
        /// The last it printed.
        said: String,
    },
    /// The deadline has passed.
    Late,
    /// What came is no reply.
    Nonsense(String),
}
