//! A folder with one history file per day of plant time.

use super::file::{Commit, FileOptions, HistoryFile};
use super::read::HistoryReader;
use super::{ChunkSummary, HistoryError};
use crate::Store;
use crate::envelope::{Bucket, Envelope};
use crate::record::{LaneNumber, Record};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use twin_model::{SignalKey, TwinTime};

/// What the files of a history end in.
pub(crate) const EXTENSION: &str = "history";
const NANOS_PER_DAY: i64 = 86_400_000_000_000;

/// How much history stays.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Retention {
    /// Days kept before the newest one; `None` keeps all.
    pub days: Option<u32>,
    /// Bytes kept, the file being written included; `None` keeps all.
    pub bytes: Option<u64>,
}

/// The writing side of a history folder.
#[derive(Debug)]
pub struct HistoryFolder {
    root: PathBuf,
    signals: Arc<[(String, String)]>,
    options: FileOptions,
    retention: Retention,
    current: Option<HistoryFile>,
    day: Option<i64>,
    /// Grows when a file became suspect: the next one of the same day gets another name.
    segment: u32,
}

impl HistoryFolder {
    /// Opens a folder, and makes it when it is not there. `signals` are id and unit by [`SignalKey`].
    ///
    /// # Errors
    /// [`HistoryError`] when the folder cannot be made or read.
    pub fn open(root: &Path, signals: Arc<[(String, String)]>, options: FileOptions, retention: Retention) -> Result<Self, HistoryError> {
        std::fs::create_dir_all(root).map_err(|source| HistoryError::Io { path: root.to_owned(), source })?;
        Ok(Self { root: root.to_owned(), signals, options, retention, current: None, day: None, segment: 0 })
    }

    /// Writes commits and waits until the disk has them. Those of one day are there together or not at all.
    ///
    /// # Errors
    /// [`HistoryError`] with the number of commits that are on the disk all the same.
    pub fn append(&mut self, commits: &[Commit]) -> Result<(), (usize, HistoryError)> {
        let mut done = 0;
        while let Some(rest) = commits.get(done..).filter(|rest| !rest.is_empty()) {
            let day = rest[0].tick.map(day_of).or(self.day).unwrap_or_else(|| first_day(&rest[0]));
            let same = rest.iter().take_while(|commit| commit.tick.is_none_or(|tick| day_of(tick) == day)).count().max(1);
            self.turn_to(day).and_then(|file| file.append(&rest[..same])).map_err(|error| (done, error))?;
            done += same;
        }
        Ok(())
    }

    fn turn_to(&mut self, day: i64) -> Result<&mut HistoryFile, HistoryError> {
        if self.day != Some(day)
            && let Some(mut old) = self.current.take()
        {
            old.seal()?;
        }
        let file = match self.current.take() {
            Some(file) => file,
            None => {
                let options = FileOptions { starts: TwinTime(day.saturating_mul(NANOS_PER_DAY)), ..self.options };
                HistoryFile::open(&self.path_of(day), Arc::clone(&self.signals), options)?
            }
        };
        if self.day.replace(day) != Some(day) {
            self.retire(day)?;
        }
        Ok(self.current.insert(file))
    }

    fn path_of(&self, day: i64) -> PathBuf {
        let date = TwinTime(day.saturating_mul(NANOS_PER_DAY)).date_text();
        let segment = if self.segment == 0 { String::new() } else { format!(".{}", self.segment) };
        self.root.join(format!("{date}{segment}.{EXTENSION}"))
    }

    /// Lets go of a file the disk refused, and turns to another one of the same day: what was not confirmed may be anything.
    pub fn abandon_file(&mut self) {
        self.current = None;
        let Some(day) = self.day else { return };
        self.segment += 1;
        while self.path_of(day).exists() {
            self.segment += 1;
        }
    }

    /// Closes the file, so that the next write opens it again.
    pub fn close_file(&mut self) {
        self.current = None;
    }

    /// The file that is being written, for what is not a commit.
    pub fn current(&mut self) -> Option<&mut HistoryFile> {
        self.current.as_mut()
    }

    /// Removes what is older or larger than may stay.
    fn retire(&mut self, today: i64) -> Result<(), HistoryError> {
        let mut files: Vec<(PathBuf, u64)> = history_files(&self.root)?.into_iter().map(|path| (path.clone(), size_of(&path))).collect();
        let current = self.path_of(today);
        let oldest_kept = self.retention.days.map(|days| TwinTime((today - i64::from(days)).saturating_mul(NANOS_PER_DAY)).date_text());
        let mut total: u64 = files.iter().map(|(_, size)| size).sum();
        files.retain(|(path, _)| *path < current);
        for (path, size) in files {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let is_old = oldest_kept.as_ref().is_some_and(|oldest| name < *oldest);
            let is_too_much = self.retention.bytes.is_some_and(|most| total > most);
            if is_old || is_too_much {
                std::fs::remove_file(&path).map_err(|source| HistoryError::Io { path: path.clone(), source })?;
                total -= size;
            }
        }
        Ok(())
    }
}

fn day_of(time: TwinTime) -> i64 {
    time.0.div_euclid(NANOS_PER_DAY)
}

fn first_day(commit: &Commit) -> i64 {
    let newest = commit.samples.iter().map(|sample| sample.source_time).max();
    let recorded = commit.records.iter().map(|record| record.time).max();
    newest.or(recorded).map_or(0, day_of)
}

fn size_of(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |data| data.len())
}

/// The history files of a folder, oldest first. None when there is no folder.
pub(crate) fn history_files(root: &Path) -> Result<Vec<PathBuf>, HistoryError> {
    let entries = match std::fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(HistoryError::Io { path: root.to_owned(), source }),
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|e| e == EXTENSION))
        .collect();
    files.sort();
    Ok(files)
}

/// The reading side of a history: all files of a folder, or a single file. Reads while another thread writes.
#[derive(Debug)]
pub struct Archive {
    root: PathBuf,
    ids: Arc<[(String, String)]>,
    /// Oldest first.
    readers: Vec<HistoryReader>,
}

impl Archive {
    /// Opens what is in a folder, or one file.
    ///
    /// # Errors
    /// [`HistoryError`] when a file cannot be read, is none of ours or of a newer version.
    pub fn open(root: &Path, ids: Arc<[(String, String)]>) -> Result<Self, HistoryError> {
        let mut archive = Self { root: root.to_owned(), ids, readers: Vec::new() };
        archive.refresh()?;
        Ok(archive)
    }

    /// Takes note of files that came or went since.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn refresh(&mut self) -> Result<(), HistoryError> {
        let files = if self.root.is_file() { vec![self.root.clone()] } else { history_files(&self.root)? };
        self.readers.retain(|reader| files.iter().any(|path| path == reader.path()));
        for path in files {
            if !self.readers.iter().any(|reader| reader.path() == path) {
                self.readers.push(HistoryReader::open(&path, self.ids.iter().map(|(id, _)| id.as_str()))?);
            }
        }
        // A signal that a file met for the first time after it was opened would be missing in it.
        if let Some(newest) = self.readers.pop() {
            self.readers.push(HistoryReader::open(newest.path(), self.ids.iter().map(|(id, _)| id.as_str()))?);
        }
        self.readers.sort_by(|a, b| a.path().cmp(b.path()));
        Ok(())
    }

    /// The files, oldest first.
    pub fn readers(&self) -> &[HistoryReader] {
        &self.readers
    }

    /// Time of the first and the last sample of a lane.
    ///
    /// # Errors
    /// [`HistoryError`] when a file cannot be read.
    pub fn extent(&self, lane: LaneNumber) -> Result<Option<(TwinTime, TwinTime)>, HistoryError> {
        let mut whole: Option<(TwinTime, TwinTime)> = None;
        for reader in &self.readers {
            if let Some((first, last)) = reader.extent(lane)? {
                whole = Some(whole.map_or((first, last), |(a, b)| (a.min(first), b.max(last))));
            }
        }
        Ok(whole)
    }

    /// Number of the newest commit of a lane; 0 when there is none.
    ///
    /// # Errors
    /// [`HistoryError`] when a file cannot be read.
    pub fn last_sequence(&self, lane: LaneNumber) -> Result<u64, HistoryError> {
        self.readers.iter().map(|reader| reader.last_sequence(lane)).try_fold(0, |most, next| Ok(most.max(next?)))
    }

    /// What happened on a lane from `from` to `to`, both included.
    ///
    /// # Errors
    /// [`HistoryError`] when a file cannot be read.
    pub fn records(&self, lane: LaneNumber, from: TwinTime, to: TwinTime) -> Result<Vec<Record>, HistoryError> {
        let mut records = Vec::new();
        for reader in &self.readers {
            records.extend(reader.records(lane, from, to)?);
        }
        Ok(records)
    }

    /// All signals from `from` to `to`, both included, and the newest sample of each before: whatever is asked of a store at
    /// an instant in between has its answer in it. Costs the samples in it.
    ///
    /// # Errors
    /// [`HistoryError`] when a file cannot be read or samples are damaged.
    pub fn page(&self, lane: LaneNumber, from: TwinTime, to: TwinTime) -> Result<Store, HistoryError> {
        let mut store = Store::new(self.ids.len(), usize::MAX);
        for key in (0_u32..).map(SignalKey).take(self.ids.len()) {
            let mut answered_on: Option<&str> = None;
            for reader in self.readers.iter().rev() {
                // Files of one day may overlap; those of the days before have nothing newer.
                if answered_on.is_some_and(|day| day != reader.day()) {
                    break;
                }
                let reaches_back = reader.samples(lane, key, from, to, |sample, sequence| {
                    store.append_as(&sample, sequence);
                })?;
                if reaches_back {
                    answered_on = Some(reader.day());
                }
            }
        }
        for reader in &self.readers {
            reader.tail_samples(lane, |sample, sequence| {
                if sample.source_time <= to {
                    store.append_as(&sample, sequence);
                }
            })?;
        }
        Ok(store)
    }

    /// Least and greatest value of one signal in each of `buckets` equal intervals from `start` to `end`, from what is in
    /// chunks. A chunk no longer than an interval counts in full for the one or two it touches, so that no extreme is hidden
    /// and none moves by more than a pixel; longer ones are decoded.
    ///
    /// # Errors
    /// [`HistoryError`] when a file cannot be read or samples are damaged.
    pub fn envelope(
        &self,
        lane: LaneNumber,
        signal: SignalKey,
        start: TwinTime,
        end: TwinTime,
        buckets: usize,
    ) -> Result<Vec<Bucket>, HistoryError> {
        let mut envelope = Envelope::new(start, end, buckets);
        for reader in &self.readers {
            for chunk in reader.summaries(lane, signal, start, end)? {
                let is_short = (chunk.last.0 - chunk.first.0) as f64 <= envelope.bucket_nanos();
                match (is_short && chunk.values_count == chunk.count, chunk.min_max) {
                    (true, Some(min_max)) => add_whole(&mut envelope, &chunk, min_max),
                    _ => reader.decode(&chunk)?.samples(signal).for_each(|(sample, _)| envelope.add(&sample)),
                }
            }
        }
        Ok(envelope.finish())
    }

    /// The commits of a lane numbered `first` to `last`, both included, in order.
    ///
    /// # Errors
    /// [`HistoryError`] when a file cannot be read or samples are damaged.
    pub fn commits(&self, lane: LaneNumber, first: u64, last: u64) -> Result<Vec<Commit>, HistoryError> {
        let mut commits = Vec::new();
        for reader in &self.readers {
            commits.extend(reader.commits(lane, first, last)?);
        }
        commits.sort_by_key(|commit| commit.sequence);
        Ok(commits)
    }
}

fn add_whole(envelope: &mut Envelope, chunk: &ChunkSummary, (min, max): (f64, f64)) {
    for (time, other) in [(chunk.first, chunk.last), (chunk.last, chunk.first)] {
        let (min_time, max_time) = (time.min(other), time.max(other));
        envelope.widen(time, Bucket { min_time, min, max_time, max, is_doubtful: chunk.is_doubtful, gap: None });
    }
}
