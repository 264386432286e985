//! A recorder in a process of its own, and what it says.

use crossbeam_channel::{Receiver, Sender, unbounded};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longest wait for anything.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// Its presence makes this program a recorder; its lines are the arguments.
const ARGUMENTS: &str = "DIDYMOS_RECORD";
/// What the machinery of Rust's tests calls the test below.
const TEST: &str = "recorder::a_recorder_without_arguments_says_how_it_is_called";

/// This program is the recorder as well, so that what is tested is always what was just built.
#[test]
fn a_recorder_without_arguments_says_how_it_is_called() {
    match std::env::var(ARGUMENTS) {
        Ok(lines) => {
            // Out of the line that the machinery has begun.
            println!();
            let args: Vec<String> = lines.lines().map(str::to_owned).collect();
            if let Err(error) = crate::process::record(&args) {
                eprintln!("recorder: {error}");
                std::process::exit(2);
            }
            std::process::exit(0);
        }
        Err(_) => assert!(crate::process::record(&[]).unwrap_err().to_string().contains("usage: record PLANT BROKER HISTORY")),
    }
}

/// A line of the recorder, and when it came.
#[derive(Debug)]
pub struct Line {
    pub at: Instant,
    pub text: String,
}

/// A sample as the recorder names it: signal and value.
pub type Named = (usize, usize);

pub struct Recorder {
    child: Child,
    lines: Receiver<Line>,
    pub started: Instant,
    /// Samples it said are safe.
    pub acked: Vec<Named>,
    /// What it wrote besides.
    pub told: Vec<String>,
    /// Newest counters.
    pub counters: BTreeMap<String, u64>,
    /// Counters that came so far.
    pub counted: usize,
}

impl Recorder {
    /// Starts a recorder with arguments, variables of its environment and perhaps a library in front of the disk.
    pub fn start(args: &[String], environment: &[(String, String)]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", TEST, "--nocapture", "--test-threads", "1"]).env(ARGUMENTS, args.join("\n"));
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        let started = Instant::now();
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = unbounded();
        read_lines(child.stdout.take().unwrap(), sender.clone());
        read_lines(child.stderr.take().unwrap(), sender);
        Self { child, lines, started, acked: Vec::new(), told: Vec::new(), counters: BTreeMap::new(), counted: 0 }
    }

    /// Takes lines until one is as wanted; `None` when the process ends before.
    ///
    /// # Panics
    /// When that takes too long.
    pub fn wait(&mut self, what: &str, mut is_it: impl FnMut(&Self, &str) -> bool) -> Option<Instant> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.lines.recv_deadline(until) {
                Ok(line) => {
                    self.take(&line.text);
                    if is_it(self, &line.text) {
                        return Some(line.at);
                    }
                }
                Err(error) if error.is_disconnected() => return None,
                Err(_) => panic!("waited too long for {what}; the recorder said {:#?}", self.told),
            }
        }
    }

    /// Waits until something is said to be safe. Returns how long after the start that was.
    pub fn wait_durable(&mut self) -> Option<Duration> {
        self.wait("the first durable write", |_, line| line.starts_with("ack ")).map(|at| at - self.started)
    }

    /// Ends it as `kill -9` does, and takes what it had said before.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.drain();
    }

    /// Lets it end by itself. True when everything was written.
    pub fn end(&mut self) -> bool {
        drop(self.child.stdin.take());
        self.drain();
        self.child.wait().unwrap().success() && self.told.iter().any(|line| line == "ended")
    }

    fn drain(&mut self) {
        assert!(self.wait("its end", |_, _| false).is_none());
    }

    fn take(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("ack") {
            let sample = |word: &str| {
                let (signal, value) = word.split_once(':')?;
                Some((signal.parse().ok()?, value.parse::<f64>().ok()? as usize))
            };
            self.acked.extend(rest.split_whitespace().filter_map(sample));
        } else if let Some(rest) = line.strip_prefix("counters") {
            self.counted += 1;
            let pairs = rest.split_whitespace().filter_map(|word| word.split_once('='));
            self.counters = pairs.map(|(name, number)| (name.to_owned(), number.parse().unwrap())).collect();
        } else if !line.starts_with("problem ") {
            self.told.push(line.to_owned());
        }
    }

    /// Lines that tell of a panic or an abort.
    pub fn panics(&self) -> usize {
        self.told
            .iter()
            .filter(|line| line.contains("panicked") || line.starts_with("disk: cannot") || line.starts_with("disk: has"))
            .count()
    }

    pub fn counter(&self, name: &str) -> u64 {
        self.counters.get(name).copied().unwrap_or(0)
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Whole lines only: the last one of a process that was killed may be half a line.
fn read_lines(from: impl Read + Send + 'static, to: Sender<Line>) {
    let read = move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) && line.ends_with(b"\n") {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            if to.send(Line { at: Instant::now(), text }).is_err() {
                return;
            }
            line.clear();
        }
    };
    std::thread::Builder::new().name("lines".to_owned()).spawn(read).unwrap();
}
