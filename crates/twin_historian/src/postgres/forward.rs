//! The thread that forwards a history to a server.

use super::follow::{Follower, Progress, file_name};
use super::schema::Storage;
use super::server::Server;
use super::{SiteError, SiteOptions};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Records of a transaction.
const RECORDS: u32 = 4096;
/// How long a drop waits for the batch on its way.
const END_PATIENCE: Duration = Duration::from_secs(10);

/// Counters of a [`SiteHistorian`].
#[derive(Debug, Default)]
pub struct SiteStats {
    /// Samples on the server since the start.
    pub forwarded: AtomicU64,
    /// Records on the server since the start.
    pub records: AtomicU64,
    /// Batches written.
    pub batches: AtomicU64,
    /// Commits in the folder that are not on the server, as of the last look.
    pub behind: AtomicU64,
    /// Times the server or the folder refused.
    pub refusals: AtomicU64,
    /// The server answers.
    pub is_connected: AtomicBool,
    last_error: Mutex<String>,
    storage: Mutex<Option<Storage>>,
}

impl SiteStats {
    /// Why the server or the folder refused last; empty when neither ever did.
    pub fn last_error(&self) -> String {
        self.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the server keeps the samples in.
    pub fn storage(&self) -> Storage {
        self.storage.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or(Storage::Unknown)
    }
}

enum Message {
    Flush(Sender<bool>),
}

/// Forwards a history folder to a server, on a thread of its own. It reads the files like any other reader, so that the
/// recorder never waits for it. Dropping it ends the batch on its way and leaves the rest in the folder.
#[derive(Debug)]
pub struct SiteHistorian {
    messages: Option<Sender<Message>>,
    ended: Receiver<()>,
    is_ending: Arc<AtomicBool>,
    stats: Arc<SiteStats>,
    thread: Option<JoinHandle<()>>,
}

impl SiteHistorian {
    /// Starts to forward the history in `folder`.
    ///
    /// # Errors
    /// When the system has no thread left. A server that is away is no error: see [`SiteStats::last_error`].
    pub fn start(folder: &Path, options: SiteOptions) -> std::io::Result<Self> {
        let (sender, messages) = unbounded();
        let (end, ended) = bounded(1);
        let (stats, is_ending) = (Arc::new(SiteStats::default()), Arc::new(AtomicBool::new(false)));
        let work = Work {
            follower: Follower::new(folder),
            wait: options.retry,
            options,
            server: None,
            known: Progress::new(),
            stats: Arc::clone(&stats),
            is_ending: Arc::clone(&is_ending),
        };
        let thread = std::thread::Builder::new().name("site-historian".to_owned()).spawn(move || {
            work.run(&messages);
            // Who no longer waits needs no answer.
            let _ = end.send(());
        })?;
        Ok(Self { messages: Some(sender), ended, is_ending, stats, thread: Some(thread) })
    }

    /// Counters.
    pub fn stats(&self) -> &Arc<SiteStats> {
        &self.stats
    }

    /// Forwards now, whatever the poll or the wait after a refusal say. True when all that was in the folder at this call is on
    /// the server; false when it refused or did not come to an end within `patience`.
    pub fn flush(&self, patience: Duration) -> bool {
        let (sender, done) = bounded(1);
        let Some(messages) = &self.messages else { return false };
        messages.send(Message::Flush(sender)).is_ok() && done.recv_timeout(patience).unwrap_or(false)
    }
}

impl Drop for SiteHistorian {
    fn drop(&mut self) {
        self.is_ending.store(true, Ordering::Relaxed);
        self.messages = None;
        // A server that has stopped in the middle of a batch must not keep the program from ending.
        let has_ended = self.ended.recv_timeout(END_PATIENCE) != Err(RecvTimeoutError::Timeout);
        if let (Some(thread), true) = (self.thread.take(), has_ended) {
            // A thread that panicked has said so itself.
            let _ = thread.join();
        }
    }
}

struct Work {
    follower: Follower,
    options: SiteOptions,
    server: Option<Server>,
    /// How far the server was when it was last heard of.
    known: Progress,
    /// Before the next try, once one has failed.
    wait: Duration,
    stats: Arc<SiteStats>,
    is_ending: Arc<AtomicBool>,
}

impl Work {
    fn run(mut self, messages: &Receiver<Message>) {
        let mut asking: Vec<Sender<bool>> = Vec::new();
        loop {
            asking.extend(messages.try_iter().map(|Message::Flush(done)| done));
            let result = self.pass();
            let wait = match &result {
                Ok(()) => {
                    self.wait = self.options.retry;
                    self.options.poll
                }
                Err(error) => {
                    self.note(error);
                    let wait = self.wait;
                    self.wait = self.wait.saturating_mul(2).min(self.options.retry_at_most);
                    wait
                }
            };
            for done in asking.drain(..) {
                // Who no longer waits needs no answer.
                let _ = done.send(result.is_ok());
            }
            match messages.recv_timeout(wait) {
                Ok(Message::Flush(done)) => asking.push(done),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if let Some(server) = self.server {
            server.leave();
        }
    }

    fn note(&mut self, error: &SiteError) {
        self.stats.refusals.fetch_add(1, Ordering::Relaxed);
        *self.stats.last_error.lock().unwrap_or_else(PoisonError::into_inner) = error.to_string();
        if !matches!(error, SiteError::History(_)) {
            self.server = None;
            self.stats.is_connected.store(false, Ordering::Relaxed);
        }
        // A folder that cannot be read either leaves the figure as it was.
        if let Ok(newest) = self.follower.refresh().and_then(|()| self.follower.newest()) {
            self.note_behind(&newest);
        }
    }

    fn note_behind(&self, newest: &Progress) {
        let missing = |(lane, sequence): (&crate::LaneNumber, &u64)| sequence.saturating_sub(self.known.get(lane).copied().unwrap_or(0));
        self.stats.behind.store(newest.iter().map(missing).sum(), Ordering::Relaxed);
    }

    /// Forwards all there is.
    fn pass(&mut self) -> Result<(), SiteError> {
        self.follower.refresh()?;
        let mut server = match self.server.take() {
            Some(server) => server,
            None => self.connect()?,
        };
        let result = self.forward(&mut server);
        if !matches!(result, Err(SiteError::Server { .. } | SiteError::Busy { .. })) {
            self.server = Some(server);
        }
        result
    }

    fn connect(&mut self) -> Result<Server, SiteError> {
        let server = Server::open(&self.options)?;
        self.known.clone_from(&server.progress);
        // Whether the last batch of the connection before arrived, only the server can say.
        self.follower.start_over()?;
        let newest = self.follower.newest()?;
        for (lane, here) in &newest {
            let on_server = server.progress.get(lane).copied().unwrap_or(0);
            if *here < on_server {
                let schema = self.options.schema.clone();
                return Err(SiteError::OtherHistory { schema, lane: *lane, on_server, here: *here });
            }
        }
        self.note_behind(&newest);
        *self.stats.storage.lock().unwrap_or_else(PoisonError::into_inner) = Some(server.storage);
        self.stats.is_connected.store(true, Ordering::Relaxed);
        Ok(server)
    }

    fn forward(&mut self, server: &mut Server) -> Result<(), SiteError> {
        let mut is_idle = true;
        while let Some(parcel) = self.follower.next(&server.progress, self.options.batch)? {
            if self.is_ending.load(Ordering::Relaxed) {
                return Ok(());
            }
            if !parcel.commits.is_empty() {
                is_idle = false;
                let moved = |(lane, to): (&crate::LaneNumber, &u64)| to.saturating_sub(server.progress.get(lane).copied().unwrap_or(0));
                let commits: u64 = parcel.reaches.iter().map(moved).sum();
                let samples = server.write(&parcel, self.follower.signals())?;
                self.known.clone_from(&server.progress);
                self.stats.forwarded.fetch_add(samples, Ordering::Relaxed);
                self.stats.batches.fetch_add(1, Ordering::Relaxed);
                let behind = self.stats.behind.load(Ordering::Relaxed).saturating_sub(commits);
                self.stats.behind.store(behind, Ordering::Relaxed);
            }
            self.follower.accept(parcel);
        }
        self.stats.behind.store(0, Ordering::Relaxed);
        for reader in self.follower.readers() {
            let file = file_name(reader.path());
            loop {
                let since = server.records.get(&file).copied().unwrap_or(0);
                let records = reader.records_since(since, RECORDS)?;
                if records.is_empty() {
                    break;
                }
                is_idle = false;
                server.write_records(&file, &records)?;
                self.stats.records.fetch_add(records.len() as u64, Ordering::Relaxed);
            }
        }
        // Without anything to send, only a question shows that the server went away.
        if is_idle {
            server.check()?;
        }
        Ok(self.follower.close_finished(&server.records)?)
    }
}
