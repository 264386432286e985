//! Reading what comes to a history folder, in the order of its commits.

use crate::disk::{Commit, FileEnd, HistoryError, HistoryReader, history_files};
use crate::record::LaneNumber;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How far each lane was forwarded.
pub(super) type Progress = BTreeMap<LaneNumber, u64>;

/// Commits to forward together.
#[derive(Debug, Default)]
pub(super) struct Parcel {
    /// In order for each lane, each once.
    pub(super) commits: Vec<Commit>,
    /// How far the lanes are afterwards; lanes that do not move are not named.
    pub(super) reaches: Progress,
    ends: Vec<(PathBuf, FileEnd)>,
}

/// Length and change of a file and of its write-ahead log: while they stay, nobody wrote.
type Signature = [Option<(u64, SystemTime)>; 2];

#[derive(Debug)]
struct Followed {
    reader: HistoryReader,
    /// Up to here all is forwarded; `None` when that must be found out by commit numbers.
    end: Option<FileEnd>,
    /// Signals when it was opened.
    signals: i64,
}

/// What is forwarded by commit numbers before the tails can be followed.
#[derive(Debug)]
struct CatchUp {
    target: Progress,
    ends: Vec<(PathBuf, FileEnd)>,
    /// Commits read at once.
    window: u64,
}

/// Follows a folder.
#[derive(Debug)]
pub(super) struct Follower {
    root: PathBuf,
    /// Id and unit of every signal met, by the key the samples come with.
    signals: Vec<(String, String)>,
    open: Vec<Followed>,
    /// Files of earlier days that are forwarded.
    done: BTreeMap<PathBuf, Signature>,
    catch_up: Option<CatchUp>,
}

const FIRST_WINDOW: u64 = 16;

impl Follower {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), signals: Vec::new(), open: Vec::new(), done: BTreeMap::new(), catch_up: None }
    }

    /// Id and unit by key.
    pub(super) fn signals(&self) -> &[(String, String)] {
        &self.signals
    }

    /// The open files, for their records.
    pub(super) fn readers(&self) -> impl Iterator<Item = &HistoryReader> {
        self.open.iter().map(|followed| &followed.reader)
    }

    /// Forgets how far the files were followed: the next parcels go by the commit numbers of the server, which may have lost
    /// what it had confirmed and ask for any file.
    pub(super) fn start_over(&mut self) -> Result<(), HistoryError> {
        self.catch_up = None;
        self.open.iter_mut().for_each(|followed| followed.end = None);
        self.done.clear();
        self.refresh()
    }

    /// Takes note of files and signals that came since.
    pub(super) fn refresh(&mut self) -> Result<(), HistoryError> {
        for path in history_files(&self.root)? {
            let is_open = self.open.iter().any(|followed| followed.reader.path() == path);
            if !is_open && self.done.get(&path) != Some(&signature(&path)) {
                self.done.remove(&path);
                let followed = self.open_file(&path)?;
                self.open.push(followed);
                self.catch_up = None;
            }
        }
        for index in 0..self.open.len() {
            let (path, end) = (self.open[index].reader.path().to_owned(), self.open[index].reader.end()?);
            if end.signals != self.open[index].signals {
                self.open[index] = self.open_file(&path)?;
                self.catch_up = None;
            }
        }
        Ok(())
    }

    fn open_file(&mut self, path: &Path) -> Result<Followed, HistoryError> {
        let first = HistoryReader::open(path, [])?;
        let found = first.signals()?;
        let signals = i64::try_from(found.len()).unwrap_or(i64::MAX);
        for (_, id, unit) in found {
            if !self.signals.iter().any(|(known, _)| *known == id) {
                self.signals.push((id, unit));
            }
        }
        let reader = HistoryReader::open(path, self.signals.iter().map(|(id, _)| id.as_str()))?;
        Ok(Followed { reader, end: None, signals })
    }

    /// The newest commits in the open files.
    pub(super) fn newest(&mut self) -> Result<Progress, HistoryError> {
        let mut newest = Progress::new();
        for followed in &mut self.open {
            followed.reader.refresh(self.signals.iter().map(|(id, _)| id.as_str()))?;
            merge(&mut newest, followed.reader.newest_commits()?);
        }
        Ok(newest)
    }

    /// The next commits after `progress`, about `most` samples; `None` when there are none.
    pub(super) fn next(&mut self, progress: &Progress, most: usize) -> Result<Option<Parcel>, HistoryError> {
        loop {
            if self.catch_up.is_none()
                && let Some(parcel) = self.next_of_tails(progress, most)?
            {
                let is_empty = parcel.ends.is_empty();
                return Ok((!is_empty).then_some(parcel));
            }
            if let Some(parcel) = self.next_by_numbers(progress, most)? {
                return Ok(Some(parcel));
            }
        }
    }

    /// Follows the tails. `None` when a tail became chunks meanwhile.
    fn next_of_tails(&self, progress: &Progress, most: usize) -> Result<Option<Parcel>, HistoryError> {
        let (mut parcel, mut room) = (Parcel::default(), most);
        for followed in &self.open {
            let Some(end) = followed.end else { return Ok(None) };
            if room == 0 {
                break;
            }
            let Some((commits, now)) = followed.reader.tail_since(end, room)? else { return Ok(None) };
            if now != end {
                parcel.ends.push((followed.reader.path().to_owned(), now));
            }
            for commit in commits {
                room = room.saturating_sub(commit.samples.len() + 1);
                let known = parcel.reaches.get(&commit.lane).or_else(|| progress.get(&commit.lane)).copied().unwrap_or(0);
                // A file that was given up may hold what its successor holds as well.
                if commit.sequence > known {
                    parcel.reaches.insert(commit.lane, commit.sequence);
                    parcel.commits.push(commit);
                }
            }
        }
        Ok(Some(parcel))
    }

    /// Notes what is there, so that it can be forwarded by numbers.
    fn begin_catch_up(&mut self) -> Result<(), HistoryError> {
        loop {
            self.refresh()?;
            let mut catch_up = CatchUp { target: Progress::new(), ends: Vec::new(), window: FIRST_WINDOW };
            for followed in &mut self.open {
                followed.reader.refresh(self.signals.iter().map(|(id, _)| id.as_str()))?;
                let end = followed.reader.refreshed_end()?;
                // A reader that does not know all signals would pass over their samples.
                if end.signals == followed.signals {
                    merge(&mut catch_up.target, followed.reader.newest_commits()?);
                    catch_up.ends.push((followed.reader.path().to_owned(), end));
                }
            }
            if catch_up.ends.len() == self.open.len() {
                self.catch_up = Some(catch_up);
                return Ok(());
            }
        }
    }

    /// Goes by commit numbers. `None` once all is forwarded that was there when this began.
    fn next_by_numbers(&mut self, progress: &Progress, most: usize) -> Result<Option<Parcel>, HistoryError> {
        if self.catch_up.is_none() {
            self.begin_catch_up()?;
        }
        let Some(catch_up) = &mut self.catch_up else { return Ok(None) };
        for (lane, target) in &catch_up.target {
            let mut known = progress.get(lane).copied().unwrap_or(0);
            while known < *target {
                let last = known.saturating_add(catch_up.window).min(*target);
                let mut commits = Vec::new();
                for followed in &self.open {
                    commits.extend(followed.reader.commits(*lane, known + 1, last)?);
                }
                commits.sort_by_key(|commit| commit.sequence);
                commits.dedup_by_key(|commit| commit.sequence);
                let samples: usize = commits.iter().map(|commit| commit.samples.len() + 1).sum();
                if samples > most {
                    catch_up.window = (catch_up.window / 2).max(1);
                } else if samples < most / 2 {
                    catch_up.window = catch_up.window.saturating_mul(2);
                }
                if !commits.is_empty() {
                    return Ok(Some(Parcel { commits, reaches: Progress::from([(*lane, last)]), ends: Vec::new() }));
                }
                known = last;
            }
        }
        let ends = std::mem::take(&mut catch_up.ends);
        self.catch_up = None;
        self.move_to(ends);
        Ok(None)
    }

    /// Takes note that a parcel is forwarded.
    pub(super) fn accept(&mut self, parcel: Parcel) {
        self.move_to(parcel.ends);
    }

    fn move_to(&mut self, ends: Vec<(PathBuf, FileEnd)>) {
        for (path, end) in ends {
            if let Some(followed) = self.open.iter_mut().find(|followed| followed.reader.path() == path) {
                followed.end = Some(end);
            }
        }
    }

    /// Closes the files of earlier days that are forwarded, records as well. `records` is how far those were, by file name.
    pub(super) fn close_finished(&mut self, records: &BTreeMap<String, i64>) -> Result<(), HistoryError> {
        let newest = self.open.iter().map(|followed| followed.reader.day().to_owned()).max();
        for followed in std::mem::take(&mut self.open) {
            let path = followed.reader.path().to_owned();
            // Taken first: who writes afterwards changes it, and the file is opened again.
            let before = signature(&path);
            let end = followed.reader.end()?;
            let are_records_done = records.get(&file_name(&path)).copied().unwrap_or(0) >= end.records;
            let is_done = followed.end.is_some_and(|known| known.is_as_far_as(end)) && are_records_done;
            if is_done && Some(followed.reader.day()) != newest.as_deref() {
                drop(followed);
                // Closing may have changed the log beside it; then one more look does no harm.
                self.done.insert(path, before);
            } else {
                self.open.push(followed);
            }
        }
        Ok(())
    }
}

/// The name under which the records of a file are counted.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn merge(into: &mut Progress, from: Progress) {
    for (lane, sequence) in from {
        let known = into.entry(lane).or_default();
        *known = sequence.max(*known);
    }
}

fn signature(path: &Path) -> Signature {
    let of = |path: &Path| std::fs::metadata(path).ok().and_then(|data| Some((data.len(), data.modified().ok()?)));
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    [of(path), of(Path::new(&log))]
}
