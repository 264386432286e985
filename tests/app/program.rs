//! The program as a process: started with a home of its own, heard line by line.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Longest wait for anything; far more than a busy machine takes.
pub const DEADLINE: Duration = Duration::from_secs(90);

/// One picture or window at a time: each wants every processor for itself.
pub fn drawing() -> MutexGuard<'static, ()> {
    static DRAWING: Mutex<()> = Mutex::new(());
    DRAWING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until something holds that nobody tells.
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + DEADLINE;
    while !holds() {
        assert!(Instant::now() < until, "still waiting: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// How to start the program.
pub struct Start {
    command: Command,
    home: TempDir,
}

impl Start {
    /// Without a display, without settings of whoever runs the tests.
    pub fn with<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Self {
        Self::binary(Path::new(env!("CARGO_BIN_EXE_didymos")), args)
    }

    /// Another copy of the program.
    pub fn binary<S: AsRef<OsStr>>(binary: &Path, args: impl IntoIterator<Item = S>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new(binary);
        command
            .args(args)
            .env("HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path())
            .env("XDG_RUNTIME_DIR", home.path())
            .env("XDG_DATA_HOME", home.path());
        for name in ["DISPLAY", "RUST_LOG", "DIDYMOS_MQTT_USER", "DIDYMOS_MQTT_PASSWORD"] {
            command.env_remove(name);
        }
        Self { command, home }
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The folder it works in.
    pub fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub fn start(mut self) -> Program {
        let mut child = self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        hear(child.stdout.take().unwrap(), Line::Out, sender.clone());
        hear(child.stderr.take().unwrap(), Line::Err, sender);
        Program { child, lines, heard: String::new(), _home: self.home }
    }

    /// Starts it and waits for its end.
    pub fn finish(self) -> Ended {
        self.start().finish()
    }
}

#[derive(Clone, Debug)]
enum Line {
    Out(String),
    Err(String),
}

fn hear(pipe: impl Read + Send + 'static, line: impl Fn(String) -> Line + Send + 'static, to: Sender<Line>) {
    let body = move || {
        for text in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
            if to.send(line(String::from_utf8_lossy(&text).into_owned())).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new().name("test-pipe".to_owned()).spawn(body).unwrap();
}

/// A running program; killed when dropped.
pub struct Program {
    child: Child,
    lines: Receiver<Line>,
    heard: String,
    _home: TempDir,
}

/// How a program ended and what it said.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    /// Both streams, in the order heard.
    pub said: String,
    /// What it wrote to stdout.
    pub out: String,
}

impl Ended {
    /// Ended with this exit code, and not by a panic or a signal.
    pub fn assert_code(&self, code: i32) {
        let is_as_wanted = self.status.code() == Some(code) && !self.said.contains("panicked");
        assert!(is_as_wanted, "ended with {}, not with code {code}: {}", self.status, self.said);
    }

    /// Refused with a sentence that holds all of these words.
    pub fn assert_refused(&self, words: &[&str]) {
        self.assert_code(1);
        assert!(self.said.contains("didymos: "), "{}", self.said);
        for word in words {
            assert!(self.said.contains(word), "no \"{word}\" in: {}", self.said);
        }
    }
}

impl Program {
    /// The next line of stdout; `None` when the program has ended.
    pub fn line(&mut self) -> Option<String> {
        let until = Instant::now() + DEADLINE;
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Line::Out(line)) => {
                    self.remember(&line);
                    return Some(line);
                }
                Ok(Line::Err(line)) => self.remember(&line),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => panic!("nothing more was said after:\n{}", self.heard),
            }
        }
    }

    /// The first line of stdout that fits.
    pub fn line_with(&mut self, word: &str) -> String {
        while let Some(line) = self.line() {
            if line.contains(word) {
                return line;
            }
        }
        panic!("ended without \"{word}\":\n{}", self.heard);
    }

    /// What it said so far.
    pub fn heard(&self) -> &str {
        &self.heard
    }

    /// Waits for its end by itself.
    pub fn finish(mut self) -> Ended {
        let mut out = String::new();
        while let Some(line) = self.line() {
            out.push_str(&line);
            out.push('\n');
        }
        let status = self.child.wait().unwrap();
        Ended { status, said: std::mem::take(&mut self.heard), out }
    }

    fn remember(&mut self, line: &str) {
        self.heard.push_str(line);
        self.heard.push('\n');
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended already needs no ending.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
