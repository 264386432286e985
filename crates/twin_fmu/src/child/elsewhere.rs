//! Where there are no pipes that can be waited for with a deadline, no FMU is started.

use std::io;
use std::ops::Range;
use std::path::Path;
use std::time::Instant;

use super::{Host, Silence};

/// Never made.
#[derive(Debug)]
pub enum Process {}

impl Process {
    /// Always an error.
    pub fn start(_: &Host, _: &Path) -> io::Result<Self> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "FMUs run on Linux and macOS only so far"))
    }

    /// Cannot be called.
    pub fn send(&mut self, _: &[u8], _: Instant) -> Result<(), Silence> {
        match *self {}
    }

    /// Cannot be called.
    pub fn receive(&mut self, _: Instant) -> Result<Range<usize>, Silence> {
        match *self {}
    }

    /// Cannot be called.
    pub fn frame(&self, _: Range<usize>) -> &[u8] {
        match *self {}
    }

    /// Cannot be called.
    pub fn end(&mut self) {
        match *self {}
    }
}
