//! A folder with one history file per day of plant time.

use super::file::{Commit, FileOptions, HistoryFile};
use super::read::HistoryReader;
use super::{ChunkSummary, HistoryError};
use crate::envelope::{Bucket, Envelope};
use crate::record::{LaneNumber, Record};
use crate::{Store, StoredSample};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use twin_model::{Quality, Sample, SignalKey, TwinTime};

/// What the files of a history end in.
pub(crate) const EXTENSION: &str = "history";
/// File whose lock says that somebody writes to the folder.
const LOCK: &str = "lock";
const NANOS_PER_MINUTE: i64 = 60_000_000_000;
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
    /// Held as long as this folder is written to.
    _lock: File,
}

impl HistoryFolder {
    /// Opens a folder, and makes it when it is not there. `signals` are id and unit by [`SignalKey`].
    ///
    /// # Errors
    /// [`HistoryError`] when the folder cannot be made or read, or another program writes to it.
    pub fn open(root: &Path, signals: Arc<[(String, String)]>, options: FileOptions, retention: Retention) -> Result<Self, HistoryError> {
        let of_folder = |source| HistoryError::Io { path: root.to_owned(), source };
        std::fs::create_dir_all(root).map_err(of_folder)?;
        let lock = File::create(root.join(LOCK)).map_err(of_folder)?;
        lock.try_lock().map_err(|error| match error {
            std::fs::TryLockError::WouldBlock => HistoryError::InUse { path: root.to_owned() },
            std::fs::TryLockError::Error(source) => of_folder(source),
        })?;
        Ok(Self { root: root.to_owned(), signals, options, retention, current: None, day: None, segment: 0, _lock: lock })
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
            old.finish()?;
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
        files.retain(|(path, _)| place_of(path) < place_of(&current));
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

/// Day and segment of a file, from its name: what files stand in order of.
fn place_of(path: &Path) -> (String, u32) {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    match name.split_once('.') {
        Some((day, segment)) => (day.to_owned(), segment.parse().unwrap_or(0)),
        None => (name.into_owned(), 0),
    }
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
    files.sort_by_cached_key(|path| place_of(path));
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

    /// The same files with the ids of other signals.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub(crate) fn with_signals(&self, ids: Arc<[(String, String)]>) -> Result<Self, HistoryError> {
        Self::open(&self.root, ids)
    }

    /// How many signals it was opened for.
    pub(crate) fn signals(&self) -> u32 {
        u32::try_from(self.ids.len()).unwrap_or(u32::MAX)
    }

    /// Where the files are.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Takes note of what was written since. Between two calls an archive stands still, however much is written meanwhile.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn refresh(&mut self) -> Result<(), HistoryError> {
        let files = if self.root.is_file() { vec![self.root.clone()] } else { history_files(&self.root)? };
        self.readers.retain(|reader| files.iter().any(|path| path == reader.path()));
        for path in files {
            let ids = self.ids.iter().map(|(id, _)| id.as_str());
            if let Some(reader) = self.readers.iter_mut().find(|reader| reader.path() == path) {
                reader.refresh(ids)?;
                continue;
            }
            match HistoryReader::open(&path, ids) {
                Ok(reader) => self.readers.push(reader),
                // One that was being made when the power went must not hide the others.
                Err(HistoryError::Blank { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        self.readers.sort_by_cached_key(|reader| place_of(reader.path()));
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

    /// Samples in each minute of a lane that has some, in order, as far as they are in chunks. The samples of a chunk count as
    /// evenly spread.
    ///
    /// # Errors
    /// [`HistoryError`] when a file cannot be read.
    pub fn density(&self, lane: LaneNumber) -> Result<Vec<(TwinTime, u32)>, HistoryError> {
        let mut minutes: BTreeMap<i64, f64> = BTreeMap::new();
        for reader in &self.readers {
            for (first, last, count) in reader.chunk_spans(lane)? {
                let (from, to) = (first.0.div_euclid(NANOS_PER_MINUTE), last.0.div_euclid(NANOS_PER_MINUTE));
                let share = count as f64 / (to - from + 1) as f64;
                (from..=to).for_each(|minute| *minutes.entry(minute).or_default() += share);
            }
        }
        Ok(minutes.into_iter().map(|(minute, count)| (TwinTime(minute * NANOS_PER_MINUTE), count.round() as u32)).collect())
    }

    /// Number of the oldest commit of a lane; 0 when there is none.
    ///
    /// # Errors
    /// [`HistoryError`] when a file cannot be read.
    pub fn first_sequence(&self, lane: LaneNumber) -> Result<u64, HistoryError> {
        let firsts: Result<Vec<_>, _> = self.readers.iter().map(|reader| reader.first_sequence(lane)).collect();
        Ok(firsts?.into_iter().flatten().min().unwrap_or(0))
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
        self.together(|| self.read_page(lane, from, to))
    }

    /// Reads much at once.
    fn together<T>(&self, read: impl FnOnce() -> Result<T, HistoryError>) -> Result<T, HistoryError> {
        self.readers.iter().try_for_each(HistoryReader::begin_reads)?;
        let found = read();
        self.readers.iter().try_for_each(HistoryReader::end_reads)?;
        found
    }

    fn read_page(&self, lane: LaneNumber, from: TwinTime, to: TwinTime) -> Result<Store, HistoryError> {
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
        Ok(store)
    }

    /// The newest sample of every signal at or before an instant, by key: what the whole plant looked like then.
    ///
    /// # Errors
    /// [`HistoryError`] when a file cannot be read or samples are damaged.
    pub fn state_at(&self, lane: LaneNumber, time: TwinTime) -> Result<Vec<Option<StoredSample>>, HistoryError> {
        self.together(|| self.read_state(lane, time))
    }

    fn read_state(&self, lane: LaneNumber, time: TwinTime) -> Result<Vec<Option<StoredSample>>, HistoryError> {
        let mut state: Vec<Option<StoredSample>> = vec![None; self.ids.len()];
        for (key, newest) in (0_u32..).map(SignalKey).zip(&mut state) {
            let mut answered_on: Option<&str> = None;
            for reader in self.readers.iter().rev() {
                if answered_on.is_some_and(|day| day != reader.day()) {
                    break;
                }
                let (found, is_on_time) = reader.latest_at(lane, key, time)?;
                *newest = newer(*newest, found);
                if is_on_time {
                    answered_on = Some(reader.day());
                }
            }
        }
        Ok(state)
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
            reader
                .waiting(lane, signal)
                .into_iter()
                .flat_map(|columns| columns.samples(signal))
                .for_each(|(sample, _)| envelope.add(&sample));
        }
        Ok(envelope.finish())
    }

    /// The commits of a lane numbered `first` to `last`, both included, in order. A commit that the disk refused and took
    /// all the same stands in two files; it counts once.
    ///
    /// # Errors
    /// [`HistoryError`] when a file cannot be read or samples are damaged.
    pub fn commits(&self, lane: LaneNumber, first: u64, last: u64) -> Result<Vec<Commit>, HistoryError> {
        let mut commits = Vec::new();
        for reader in &self.readers {
            commits.extend(reader.commits(lane, first, last)?);
        }
        commits.sort_by_key(|commit| commit.sequence);
        commits.dedup_by(|again, kept| {
            let is_same = again.sequence == kept.sequence;
            if is_same {
                kept.tick = kept.tick.or(again.tick);
                again.samples.retain(|sample| kept.samples.iter().all(|known| key_of(known) != key_of(sample)));
                kept.samples.append(&mut again.samples);
                kept.samples.sort_by_key(|sample| (sample.source_time, sample.signal));
            }
            is_same
        });
        Ok(commits)
    }
}

/// The sample that counts: of the later time, and of two at one time the one that came later.
fn newer(a: Option<StoredSample>, b: Option<StoredSample>) -> Option<StoredSample> {
    match (a, b) {
        (Some(a), Some(b)) if (a.sample.source_time, a.sequence) > (b.sample.source_time, b.sequence) => Some(a),
        (a, None) => a,
        (_, b) => b,
    }
}

/// What makes two samples the same.
fn key_of(sample: &Sample) -> (SignalKey, TwinTime, Option<u64>, Quality) {
    (sample.signal, sample.source_time, sample.value.map(f64::to_bits), sample.quality)
}

fn add_whole(envelope: &mut Envelope, chunk: &ChunkSummary, (min, max): (f64, f64)) {
    for (time, other) in [(chunk.first, chunk.last), (chunk.last, chunk.first)] {
        let (min_time, max_time) = (time.min(other), time.max(other));
        envelope.widen(time, Bucket { min_time, min, max_time, max, is_doubtful: chunk.is_doubtful, gap: None });
    }
}
