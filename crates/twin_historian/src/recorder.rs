//! The thread that brings commits to the disk, in groups, and tells their sources once they are safe.

use crate::disk::{Commit, HistoryError, HistoryFolder};
use crate::record::{Record, RecordKind};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use twin_model::TwinTime;

/// Where a source is told that what it sent is on the disk.
#[derive(Clone, Debug)]
pub struct Acknowledgement {
    /// Way to the source.
    pub to: Sender<u64>,
    /// The number it gave.
    pub number: u64,
}

/// How a recorder works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecorderOptions {
    /// Longest time a commit waits for others before all are written.
    pub group: Duration,
    /// Acknowledgements that wait at most: a source that may not send more before it hears is answered at once.
    pub acks_waiting: usize,
    /// Samples that wait at most while the disk does not answer; what comes beyond is lost, counted and told.
    pub samples_waiting: usize,
    /// Time between two tries on a disk that refuses.
    pub retry: Duration,
}

impl Default for RecorderOptions {
    fn default() -> Self {
        Self { group: Duration::from_millis(100), acks_waiting: 256, samples_waiting: 2 << 20, retry: Duration::from_secs(1) }
    }
}

/// Counters of a recorder. At every instant `received = durable + queued + lost`.
#[derive(Debug, Default)]
pub struct RecorderStats {
    /// Samples handed over.
    pub received: AtomicU64,
    /// Samples on the disk.
    pub durable: AtomicU64,
    /// Samples lost because the disk did not answer in time.
    pub lost: AtomicU64,
    /// Groups written.
    pub groups: AtomicU64,
    /// Times the disk refused.
    pub refusals: AtomicU64,
    /// The disk refuses now.
    pub is_failing: AtomicBool,
    /// Why the disk refused last.
    reason: std::sync::Mutex<String>,
}

impl RecorderStats {
    /// Samples that wait to be written.
    pub fn queued(&self) -> u64 {
        let done = self.durable.load(Ordering::Relaxed) + self.lost.load(Ordering::Relaxed);
        self.received.load(Ordering::Relaxed).saturating_sub(done)
    }

    /// Why the disk refused last; empty when it never did.
    pub fn reason(&self) -> String {
        self.reason.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn set_reason(&self, reason: String) {
        *self.reason.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = reason;
    }
}

enum Message {
    Commit(Commit, Vec<Acknowledgement>),
    Flush(Sender<bool>),
    Keyframe(Keyframe),
}

/// A state from which a lane can go on.
#[derive(Debug)]
struct Keyframe {
    lane: crate::LaneNumber,
    kind: &'static str,
    time: TwinTime,
    sequence: u64,
    data: Vec<u8>,
}

/// The way to the recorder thread. Dropping it writes what waits and closes the file.
#[derive(Debug)]
pub struct Recorder {
    messages: Option<Sender<Message>>,
    stats: Arc<RecorderStats>,
    thread: Option<JoinHandle<()>>,
    /// Plant time from which on commits were lost, until that is written.
    gap: Option<(TwinTime, TwinTime)>,
    /// Whom to tell once it is.
    gap_acks: Vec<Acknowledgement>,
}

/// Commits that may wait in the channel before the thread takes them.
const MESSAGES_WAITING: usize = 65_536;

impl Recorder {
    /// Starts a recorder on a folder.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn start(folder: HistoryFolder, options: RecorderOptions) -> std::io::Result<Self> {
        let (sender, messages) = bounded(MESSAGES_WAITING);
        let stats = Arc::new(RecorderStats::default());
        let work = Work {
            folder,
            options,
            stats: Arc::clone(&stats),
            waiting: VecDeque::new(),
            acks: VecDeque::new(),
            samples: 0,
            states: Vec::new(),
        };
        let thread = std::thread::Builder::new().name("recorder".to_owned()).spawn(move || work.run(&messages))?;
        Ok(Self { messages: Some(sender), stats, thread: Some(thread), gap: None, gap_acks: Vec::new() })
    }

    /// Counters.
    pub fn stats(&self) -> &Arc<RecorderStats> {
        &self.stats
    }

    /// Hands a commit over. Never waits: when the disk has not answered for so long that no room is left, the commit is lost,
    /// counted, and the gap is recorded with its reason as soon as the disk answers again. Only then its source is told to
    /// go on: one whose window stayed closed would fall silent.
    pub fn record(&mut self, mut commit: Commit, ack: Option<Acknowledgement>) {
        let samples = commit.samples.len() as u64;
        let time = commit.tick.or_else(|| commit.samples.last().map(|sample| sample.source_time));
        if let (Some((from, to)), Some(now)) = (self.gap, time) {
            commit.records.push(gap_record(&commit, from, to.max(now), &self.stats.reason()));
        }
        self.stats.received.fetch_add(samples, Ordering::Relaxed);
        let Some(messages) = &self.messages else { return };
        let mut acks = if time.is_some() { std::mem::take(&mut self.gap_acks) } else { Vec::new() };
        acks.extend(ack);
        match messages.try_send(Message::Commit(commit, acks)) {
            Ok(()) if time.is_some() => self.gap = None,
            Ok(()) => {}
            Err(TrySendError::Full(message) | TrySendError::Disconnected(message)) => {
                if let Message::Commit(_, acks) = message {
                    self.gap_acks.extend(acks);
                }
                self.stats.lost.fetch_add(samples, Ordering::Relaxed);
                if let Some(now) = time {
                    self.gap = Some(self.gap.map_or((now, now), |(from, to)| (from.min(now), to.max(now))));
                }
            }
        }
    }

    /// Keeps a state from which a lane can go on.
    pub fn keep(&self, lane: crate::LaneNumber, kind: &'static str, time: TwinTime, sequence: u64, data: Vec<u8>) {
        if let Some(messages) = &self.messages {
            // A state that finds no room is not missed: the one before serves as well.
            let _ = messages.try_send(Message::Keyframe(Keyframe { lane, kind, time, sequence, data }));
        }
    }

    /// Waits until everything handed over so far is on the disk; false when it could not be written within `patience`.
    pub fn flush(&self, patience: Duration) -> bool {
        let (sender, done) = bounded(1);
        let Some(messages) = &self.messages else { return false };
        messages.send_timeout(Message::Flush(sender), patience).is_ok() && done.recv_timeout(patience).unwrap_or(false)
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.messages = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so itself.
            let _ = thread.join();
        }
    }
}

/// A record of what was not recorded from `from` to `to`.
fn gap_record(commit: &Commit, from: TwinTime, to: TwinTime, reason: &str) -> Record {
    let reason = if reason.is_empty() { "The disk did not answer in time." } else { reason };
    Record {
        lane: commit.lane,
        sequence: commit.sequence,
        time: from,
        written: to,
        kind: RecordKind::Gap,
        author: String::new(),
        subject: String::new(),
        body: serde_json::json!({ "from": from.0, "to": to.0, "reason": reason }).to_string(),
    }
}

struct Work {
    folder: HistoryFolder,
    options: RecorderOptions,
    stats: Arc<RecorderStats>,
    waiting: VecDeque<Commit>,
    /// Whom to tell of each commit that waits.
    acks: VecDeque<Vec<Acknowledgement>>,
    samples: usize,
    /// States that wait to be kept; the newest of each kind.
    states: Vec<Keyframe>,
}

impl Work {
    fn run(mut self, messages: &Receiver<Message>) {
        let mut due: Option<Instant> = None;
        loop {
            let wait = due.map_or(Duration::from_secs(3600), |due| due.saturating_duration_since(Instant::now()));
            match messages.recv_timeout(wait) {
                Ok(Message::Commit(commit, acks)) => {
                    self.take(commit, acks);
                    due.get_or_insert_with(|| Instant::now() + self.options.group);
                    let is_failing = self.stats.is_failing.load(Ordering::Relaxed);
                    if !is_failing && self.acks.iter().map(Vec::len).sum::<usize>() >= self.options.acks_waiting {
                        due = self.write();
                    }
                }
                Ok(Message::Flush(done)) => {
                    due = self.write();
                    // Who no longer waits needs no answer.
                    let _ = done.send(self.waiting.is_empty());
                }
                Ok(Message::Keyframe(state)) => {
                    self.states.retain(|known| (known.lane, known.kind, known.time) != (state.lane, state.kind, state.time));
                    self.states.push(state);
                    due.get_or_insert_with(|| Instant::now() + self.options.group);
                }
                Err(RecvTimeoutError::Timeout) => due = self.write(),
                Err(RecvTimeoutError::Disconnected) => {
                    self.write();
                    self.count_rest_as_lost();
                    return;
                }
            }
            if due.is_some_and(|due| due <= Instant::now()) {
                due = self.write();
            }
        }
    }

    fn take(&mut self, commit: Commit, acks: Vec<Acknowledgement>) {
        self.samples += commit.samples.len();
        self.waiting.push_back(commit);
        self.acks.push_back(acks);
        if self.samples > self.options.samples_waiting {
            self.give_up_oldest();
        }
    }

    /// Lets go of the oldest half of what waits, when the disk has not answered for too long. What was lost is recorded with
    /// the commits that stay, and its source hears of it together with theirs: a window that stayed closed would be silence.
    fn give_up_oldest(&mut self) {
        let mut lost = 0;
        let mut span: Option<(TwinTime, TwinTime)> = None;
        let mut records = Vec::new();
        let mut acks = Vec::new();
        // The newest stays, whatever its size: it tells of the others.
        while self.samples - lost > self.options.samples_waiting / 2 && self.waiting.len() > 1 {
            let Some(commit) = self.waiting.pop_front() else { break };
            acks.extend(self.acks.pop_front().unwrap_or_default());
            lost += commit.samples.len();
            for time in commit.samples.iter().map(|sample| sample.source_time).chain(commit.tick) {
                span = Some(span.map_or((time, time), |(from, to)| (from.min(time), to.max(time))));
            }
            // The journal is small and must not be lost with the samples.
            records.extend(commit.records);
        }
        self.samples -= lost;
        self.stats.lost.fetch_add(lost as u64, Ordering::Relaxed);
        if let (Some(next), Some((from, to))) = (self.waiting.front_mut(), span) {
            let gap = gap_record(next, from, to, &self.stats.reason());
            next.records.splice(0..0, records.into_iter().chain([gap]));
        }
        if let Some(next) = self.acks.front_mut() {
            next.splice(0..0, acks);
        }
    }

    /// Writes what waits. Returns when to try again, if something still waits.
    fn write(&mut self) -> Option<Instant> {
        if self.waiting.is_empty() {
            return self.write_states();
        }
        let commits = self.waiting.make_contiguous();
        let (done, error) = match self.folder.append(commits) {
            Ok(()) => (commits.len(), None),
            Err((done, error)) => (done, Some(error)),
        };
        let written: usize = self.waiting.drain(..done).map(|commit| commit.samples.len()).sum();
        self.samples -= written;
        self.stats.durable.fetch_add(written as u64, Ordering::Relaxed);
        for ack in self.acks.drain(..done).flatten() {
            // A source that has gone needs no acknowledgement.
            let _ = ack.to.try_send(ack.number);
        }
        match error {
            None => {
                self.stats.groups.fetch_add(1, Ordering::Relaxed);
                self.stats.is_failing.store(false, Ordering::Relaxed);
                self.write_states()
            }
            Some(error) => {
                self.refuse(&error);
                Some(Instant::now() + self.options.retry)
            }
        }
    }

    /// Writes the states that wait: after the commits they came from, since a restart goes on from a state with what came
    /// after it.
    fn write_states(&mut self) -> Option<Instant> {
        let file = self.folder.current()?;
        while let Some(state) = self.states.last() {
            if let Err(error) = file.put_keyframe(state.lane, state.kind, state.time, state.sequence, &state.data) {
                self.refuse(&error);
                return Some(Instant::now() + self.options.retry);
            }
            self.states.pop();
        }
        None
    }

    fn refuse(&mut self, error: &HistoryError) {
        if error.is_passing() {
            self.folder.close_file();
        } else {
            self.folder.abandon_file();
        }
        self.stats.refusals.fetch_add(1, Ordering::Relaxed);
        self.stats.is_failing.store(true, Ordering::Relaxed);
        self.stats.set_reason(error.to_string());
    }

    fn count_rest_as_lost(&mut self) {
        self.stats.lost.fetch_add(self.samples as u64, Ordering::Relaxed);
        self.waiting.clear();
        self.samples = 0;
    }
}
