//! Sending, waiting no longer than a deadline, ending the process, with pipes as Unix has them.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::ops::Range;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;

use super::{Host, Silence};
use crate::wire::Inbox;

/// How much of what the FMU prints is kept, in bytes.
const LAST_WORDS: usize = 2000;

/// A running child process. Dropping it ends it.
#[derive(Debug)]
pub struct Process {
    child: Option<Child>,
    requests: File,
    replies: File,
    printed: Option<File>,
    inbox: Inbox,
    said: Vec<u8>,
}

impl Process {
    /// Starts the process in a folder.
    pub fn start(host: &Host, folder: &Path) -> io::Result<Self> {
        bury(None);
        let mut child = Command::new(&host.program)
            .args(&host.args)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let missing = || io::Error::other("a pipe is missing");
        let requests = pipe(child.stdin.take().ok_or_else(missing)?.into())?;
        let replies = pipe(child.stdout.take().ok_or_else(missing)?.into())?;
        let printed = Some(pipe(child.stderr.take().ok_or_else(missing)?.into())?);
        Ok(Self { child: Some(child), requests, replies, printed, inbox: Inbox::default(), said: Vec::new() })
    }

    /// Sends a frame.
    pub fn send(&mut self, mut frame: &[u8], deadline: Instant) -> Result<(), Silence> {
        while !frame.is_empty() {
            match self.requests.write(frame) {
                Ok(written) => frame = frame.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.wait(&Waiting::ToSend, deadline)?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // It has gone away; replies it had sent before, or their absence, tell what happened.
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    }

    /// Waits for the next frame, which [`Self::frame`] then gives.
    pub fn receive(&mut self, deadline: Instant) -> Result<Range<usize>, Silence> {
        loop {
            match self.inbox.next() {
                Ok(Some(place)) => return Ok(place),
                Ok(None) => {}
                Err(length) => return Err(Silence::Nonsense(format!("a reply of {length} bytes"))),
            }
            match self.inbox.read_from(&mut self.replies) {
                Ok(0) => return Err(self.post_mortem()),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.wait(&Waiting::ForReply, deadline)?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Silence::Nonsense(error.to_string())),
            }
        }
    }

    /// What a received frame holds.
    pub fn frame(&self, place: Range<usize>) -> &[u8] {
        self.inbox.frame(place)
    }

    /// Ends the process at once.
    pub fn end(&mut self) {
        if let Some(child) = &mut self.child {
            // Both only fail when it has already ended.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Sleeps until the pipe is ready, listening to what the FMU prints meanwhile: a full pipe would make it wait for us.
    fn wait(&mut self, what: &Waiting, deadline: Instant) -> Result<(), Silence> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Silence::Late);
            }
            let (pipe, flags) = match what {
                Waiting::ToSend => (&self.requests, PollFlags::OUT),
                Waiting::ForReply => (&self.replies, PollFlags::IN),
            };
            // A closed pipe takes its place twice, as there is no empty place.
            let printed = self.printed.as_ref().map_or((pipe, flags), |printed| (printed, PollFlags::IN));
            let mut watched = [PollFd::new(pipe, flags), PollFd::new(printed.0, printed.1)];
            match poll(&mut watched, Some(&timespec(left))) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(Silence::Nonsense(error.to_string())),
            }
            let [is_ready, has_printed] = watched.map(|fd| !fd.revents().is_empty());
            if has_printed {
                self.listen();
            }
            if is_ready {
                return Ok(());
            }
        }
    }

    /// Takes what the FMU has printed, and keeps the end of it.
    fn listen(&mut self) {
        let Some(printed) = &mut self.printed else { return };
        let mut piece = [0; 4096];
        // Not until it is empty: an FMU that prints without end shall not keep us here.
        for _ in 0..16 {
            match printed.read(&mut piece) {
                Ok(0) => {
                    self.printed = None;
                    break;
                }
                Ok(read) => self.said.extend_from_slice(piece.get(..read).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break,
            }
            let surplus = self.said.len().saturating_sub(LAST_WORDS);
            self.said.drain(..surplus);
        }
    }

    /// How it ended. A process that has closed its pipe of its own accord is ended now.
    fn post_mortem(&mut self) -> Silence {
        self.listen();
        self.end();
        let status = self.child.as_mut().map(Child::wait);
        let how = status.map_or_else(String::new, |status| status.map_or_else(|error| error.to_string(), ended));
        Silence::Ended { how, said: String::from_utf8_lossy(&self.said).trim().to_owned() }
    }
}

impl Drop for Process {
    /// Ends it, without waiting until it is gone.
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            bury(Some(child));
        }
    }
}

/// Processes that have been ended and may not be gone yet.
static ENDED: Mutex<Vec<Child>> = Mutex::new(Vec::new());

/// Takes in one that has been ended, and lets go of those that are gone.
fn bury(child: Option<Child>) {
    let mut ended = ENDED.lock().unwrap_or_else(PoisonError::into_inner);
    ended.extend(child);
    ended.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
}

enum Waiting {
    ToSend,
    ForReply,
}

fn pipe(end: OwnedFd) -> io::Result<File> {
    ioctl_fionbio(&end, true)?;
    Ok(File::from(end))
}

fn timespec(left: Duration) -> Timespec {
    // Longer than anybody waits, and shorter than what any system's clock takes.
    let secs = left.as_secs().min(1_000_000_000);
    Timespec { tv_sec: i64::try_from(secs).unwrap_or_default(), tv_nsec: left.subsec_nanos().into() }
}

fn ended(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(signal), _) => match signal_name(signal) {
            Some(name) => format!("signal {signal}, {name}"),
            None => format!("signal {signal}"),
        },
        (None, Some(code)) => format!("it left the process with exit code {code}"),
        (None, None) => status.to_string(),
    }
}

/// The signals a faulty library causes, in words; the numbers are those that Linux and macOS share.
fn signal_name(signal: i32) -> Option<&'static str> {
    Some(match signal {
        4 => "illegal instruction",
        5 => "trap",
        6 => "aborted",
        8 => "arithmetic error",
        9 => "killed",
        11 => "invalid memory access",
        15 => "terminated",
        _ => return None,
    })
}
