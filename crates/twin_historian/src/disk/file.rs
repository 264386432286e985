//! Writing one history file.

use super::codec::{SampleColumns, begin_tail, decode_tail, push_tail, seal};
use super::schema::open_to_write;
use super::{CodecError, HistoryError};
use crate::record::{LaneNumber, Record};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use twin_model::{Sample, SignalKey, TwinTime};

/// What one commit of a lane brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Commit {
    /// Lane.
    pub lane: LaneNumber,
    /// Number of the commit on its lane.
    pub sequence: u64,
    /// Second of the plant clock that passed.
    pub tick: Option<TwinTime>,
    /// Samples in the order in which they were evaluated.
    pub samples: Vec<Sample>,
    /// What happened besides.
    pub records: Vec<Record>,
}

/// When a file waits for the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flush {
    /// At every commit: what was written survives a power cut.
    #[default]
    EveryCommit,
    /// When SQLite folds its log into the file: the last commits go with the power. For a copy that can be made again, and
    /// for tests that must see the difference.
    Checkpoint,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileOptions {
    /// Samples per signal, in the mean, after which the tail becomes chunks.
    pub chunk_samples: usize,
    /// Samples of all signals together after which it does at the latest: what a restart has to read, and memory.
    pub tail_samples: usize,
    /// Samples before this instant are late for this file, whatever it holds: an earlier file has their neighbours.
    pub starts: TwinTime,
    /// When it waits for the disk.
    pub flush: Flush,
}

impl Default for FileOptions {
    fn default() -> Self {
        Self { chunk_samples: 512, tail_samples: 2 << 20, starts: TwinTime(i64::MIN), flush: Flush::EveryCommit }
    }
}

/// Name under which the ticks of a lane are kept, as samples without value.
pub(crate) const TICK_ID: &str = "didymos:lane/tick";

/// Samples that wait to become chunks.
#[derive(Debug, Default)]
struct Waiting {
    columns: Vec<SampleColumns>,
    /// Newest time of a signal in chunks, ns.
    sealed_until: Vec<i64>,
}

impl Waiting {
    fn column(&mut self, number: u32, starts: TwinTime) -> &mut SampleColumns {
        let index = number as usize;
        if index >= self.columns.len() {
            self.columns.resize_with(index + 1, SampleColumns::default);
            // The last instant before the first that is on time.
            self.sealed_until.resize(index + 1, starts.0.saturating_sub(1));
        }
        &mut self.columns[index]
    }
}

/// One history file, open to write. What [`HistoryFile::append`] has returned for is on the disk.
#[derive(Debug)]
pub struct HistoryFile {
    db: Connection,
    path: PathBuf,
    signals: Arc<[(String, String)]>,
    /// Number in the file by [`SignalKey`]; `u32::MAX` when it has none yet.
    numbers: Vec<u32>,
    tick_number: u32,
    next_number: u32,
    waiting: BTreeMap<LaneNumber, Waiting>,
    unsealed: usize,
    options: FileOptions,
}

const NONE: u32 = u32::MAX;

impl HistoryFile {
    /// Opens or makes a file. `signals` are id and unit by [`SignalKey`].
    ///
    /// # Errors
    /// [`HistoryError`] when the disk refuses, the file is of a newer version or damaged.
    pub fn open(path: &Path, signals: Arc<[(String, String)]>, options: FileOptions) -> Result<Self, HistoryError> {
        let db = open_to_write(path, options.flush)?;
        let numbers = vec![NONE; signals.len()];
        let mut file = Self {
            db,
            path: path.to_owned(),
            signals,
            numbers,
            tick_number: NONE,
            next_number: 0,
            waiting: BTreeMap::new(),
            unsealed: 0,
            options,
        };
        file.read_signals()?;
        file.read_sealed()?;
        file.read_tail()?;
        Ok(file)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Samples that are in the tail.
    pub fn unsealed(&self) -> usize {
        self.unsealed
    }

    fn read_signals(&mut self) -> Result<(), HistoryError> {
        let index: BTreeMap<&str, usize> = self.signals.iter().enumerate().map(|(i, (id, _))| (id.as_str(), i)).collect();
        let of_file = |source| HistoryError::Sqlite { path: self.path.clone(), source };
        let mut query = self.db.prepare("SELECT number, id FROM signal").map_err(of_file)?;
        let rows = query.query_map([], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, String>(1)?))).map_err(of_file)?;
        for row in rows {
            let (number, id) = row.map_err(of_file)?;
            self.next_number = self.next_number.max(number + 1);
            if id == TICK_ID {
                self.tick_number = number;
            } else if let Some(key) = index.get(id.as_str()) {
                self.numbers[*key] = number;
            }
        }
        Ok(())
    }

    fn read_sealed(&mut self) -> Result<(), HistoryError> {
        let of_file = |source| HistoryError::Sqlite { path: self.path.clone(), source };
        let sql = "SELECT lane, signal, MAX(last_ns) FROM chunk WHERE is_late = 0 GROUP BY lane, signal";
        let mut query = self.db.prepare(sql).map_err(of_file)?;
        let rows = query.query_map([], |row| Ok((LaneNumber(row.get(0)?), row.get::<_, u32>(1)?, row.get(2)?))).map_err(of_file)?;
        for row in rows {
            let (lane, number, until) = row.map_err(of_file)?;
            let waiting = self.waiting.entry(lane).or_default();
            waiting.column(number, self.options.starts);
            waiting.sealed_until[number as usize] = until;
        }
        Ok(())
    }

    fn read_tail(&mut self) -> Result<(), HistoryError> {
        let of_file = |source| HistoryError::Sqlite { path: self.path.clone(), source };
        let mut query = self.db.prepare("SELECT id, data FROM tail ORDER BY id").map_err(of_file)?;
        let mut rows = query.query([]).map_err(of_file)?;
        while let Some(row) = rows.next().map_err(of_file)? {
            let (id, data): (i64, Vec<u8>) = (row.get(0).map_err(of_file)?, row.get(1).map_err(of_file)?);
            let place = || format!("tail row {id}");
            let commits = decode_tail(&data).map_err(|source| HistoryError::Damaged { path: self.path.clone(), place: place(), source })?;
            for commit in commits {
                let waiting = self.waiting.entry(commit.lane).or_default();
                for (number, sample) in &commit.samples {
                    waiting.column(*number, self.options.starts).insert(sample, commit.sequence);
                }
                self.unsealed += commit.samples.len();
                if let Some(tick) = commit.tick {
                    waiting.column(self.tick_number, self.options.starts).insert(&tick_sample(tick), commit.sequence);
                }
            }
        }
        Ok(())
    }

    /// Writes commits and waits until the disk has them. All of them are there afterwards, or none.
    ///
    /// # Errors
    /// [`HistoryError`] when the disk refuses; nothing was written then, and the same commits may be tried again.
    pub fn append(&mut self, commits: &[Commit]) -> Result<(), HistoryError> {
        if commits.is_empty() {
            return Ok(());
        }
        // Before anything of this append: what fails here leaves nothing written that the caller would write again.
        if self.unsealed >= self.seal_at() {
            self.seal()?;
        }
        let (next_number, before) = (self.next_number, (self.numbers.clone(), self.tick_number));
        let written = self.write(commits);
        if let Err(source) = written {
            // The numbers given in the failed transaction exist no more.
            self.next_number = next_number;
            (self.numbers, self.tick_number) = before;
            return Err(HistoryError::Sqlite { path: self.path.clone(), source });
        }
        for commit in commits {
            let waiting = self.waiting.entry(commit.lane).or_default();
            for sample in &commit.samples {
                if let Some(number) = self.numbers.get(sample.signal.index()) {
                    waiting.column(*number, self.options.starts).insert(sample, commit.sequence);
                }
            }
            self.unsealed += commit.samples.len();
            if let Some(tick) = commit.tick {
                waiting.column(self.tick_number, self.options.starts).insert(&tick_sample(tick), commit.sequence);
            }
        }
        Ok(())
    }

    fn seal_at(&self) -> usize {
        let active: usize = self.waiting.values().map(|waiting| waiting.columns.iter().filter(|column| !column.is_empty()).count()).sum();
        (active.max(1) * self.options.chunk_samples).min(self.options.tail_samples)
    }

    fn write(&mut self, commits: &[Commit]) -> rusqlite::Result<()> {
        let db = self.db.transaction()?;
        let mut names = Names { signals: &self.signals, numbers: &mut self.numbers, next: &mut self.next_number };
        for sample in commits.iter().flat_map(|commit| &commit.samples) {
            names.give(&db, sample.signal)?;
        }
        if self.tick_number == NONE && commits.iter().any(|commit| commit.tick.is_some()) {
            self.tick_number = names.insert(&db, TICK_ID, "")?;
        }
        let mut data = begin_tail();
        for commit in commits.iter().filter(|commit| commit.tick.is_some() || !commit.samples.is_empty()) {
            push_tail(&mut data, commit.lane, commit.sequence, commit.tick, &commit.samples, |key| {
                self.numbers.get(key.index()).copied().unwrap_or(NONE)
            });
        }
        seal(&mut data);
        db.prepare_cached("INSERT INTO tail (data) VALUES (?1)")?.execute([data])?;
        for record in commits.iter().flat_map(|commit| &commit.records) {
            insert_record(&db, record)?;
        }
        db.commit()
    }

    /// Turns the tail into chunks.
    ///
    /// # Errors
    /// [`HistoryError`] when the disk refuses; the tail stays as it was then.
    pub fn seal(&mut self) -> Result<(), HistoryError> {
        let path = self.path.clone();
        let mut rows = Vec::new();
        for (lane, waiting) in &mut self.waiting {
            let numbered = waiting.columns.iter().zip(&waiting.sealed_until).zip(0_u32..);
            for ((column, until), number) in numbered.filter(|((column, _), _)| !column.is_empty()) {
                let mut on_time = column.clone();
                let late = on_time.split_up_to(*until);
                for (columns, is_late) in [(late, true), (on_time, false)] {
                    if !columns.is_empty() {
                        let place = format!("signal {number}");
                        let damaged = |source: CodecError| HistoryError::Damaged { path: path.clone(), place, source };
                        rows.push(ChunkRow::new(*lane, number, is_late, &columns).map_err(damaged)?);
                    }
                }
            }
        }
        self.write_chunks(&rows).map_err(|source| HistoryError::Sqlite { path, source })?;
        for row in rows.iter().filter(|row| !row.is_late) {
            if let Some(waiting) = self.waiting.get_mut(&row.lane) {
                waiting.sealed_until[row.number as usize] = row.last_ns;
            }
        }
        for column in self.waiting.values_mut().flat_map(|waiting| &mut waiting.columns) {
            *column = SampleColumns::default();
        }
        self.unsealed = 0;
        Ok(())
    }

    /// Turns the tail into chunks and gives the room it took back to the disk: the file is complete for now.
    ///
    /// # Errors
    /// [`HistoryError`] when the disk refuses; nothing is lost then.
    pub fn finish(&mut self) -> Result<(), HistoryError> {
        self.seal()?;
        // The statement frees a page each time it is asked for its next row.
        let freed = self.db.prepare("PRAGMA incremental_vacuum").and_then(|mut vacuum| {
            let mut rows = vacuum.query([])?;
            while rows.next()?.is_some() {}
            Ok(())
        });
        freed.map_err(|source| HistoryError::Sqlite { path: self.path.clone(), source })
    }

    fn write_chunks(&mut self, rows: &[ChunkRow]) -> rusqlite::Result<()> {
        let db = self.db.transaction()?;
        {
            let mut data = db.prepare_cached("INSERT INTO chunk_data (data) VALUES (?1)")?;
            let mut chunk = db.prepare_cached("INSERT INTO chunk VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)")?;
            for row in rows {
                let id = data.insert([&row.data])?;
                chunk.execute(params![
                    row.lane.0,
                    row.number,
                    row.is_late,
                    row.first_ns,
                    id,
                    row.last_ns,
                    row.count,
                    row.min,
                    row.max,
                    row.sum,
                    row.values_count,
                    row.is_doubtful,
                    row.first_sequence,
                    row.last_sequence,
                ])?;
            }
        }
        db.execute("DELETE FROM tail", [])?;
        db.commit()
    }

    /// Keeps a state of a lane, from which it can go on. One of the same kind and time is replaced.
    ///
    /// # Errors
    /// [`HistoryError`] when the disk refuses.
    pub fn put_keyframe(&mut self, lane: LaneNumber, kind: &str, time: TwinTime, sequence: u64, data: &[u8]) -> Result<(), HistoryError> {
        let sql = "INSERT OR REPLACE INTO keyframe (lane, kind, time_ns, sequence, data) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.execute(sql, params![lane.0, kind, time.0, to_i64(sequence), data])
    }

    /// Keeps a file beside the samples: a part of the plant folder, a picture.
    ///
    /// # Errors
    /// [`HistoryError`] when the disk refuses.
    pub fn put_attachment(&mut self, name: &str, data: &[u8]) -> Result<(), HistoryError> {
        self.execute("INSERT OR REPLACE INTO attachment (name, data) VALUES (?1, ?2)", params![name, data])
    }

    /// Says something about the whole file.
    ///
    /// # Errors
    /// [`HistoryError`] when the disk refuses.
    pub fn put_meta(&mut self, key: &str, value: &str) -> Result<(), HistoryError> {
        self.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", [key, value])
    }

    /// Names a lane.
    ///
    /// # Errors
    /// [`HistoryError`] when the disk refuses.
    pub fn put_lane(&mut self, lane: LaneNumber, kind: &str, name: &str) -> Result<(), HistoryError> {
        self.execute("INSERT OR REPLACE INTO lane (number, kind, name) VALUES (?1, ?2, ?3)", params![lane.0, kind, name])
    }

    fn execute(&self, sql: &str, values: impl rusqlite::Params) -> Result<(), HistoryError> {
        let done = self.db.prepare_cached(sql).and_then(|mut statement| statement.execute(values));
        done.map(|_| ()).map_err(|source| HistoryError::Sqlite { path: self.path.clone(), source })
    }
}

/// Gives signals their number in the file when they come for the first time.
struct Names<'a> {
    signals: &'a [(String, String)],
    numbers: &'a mut [u32],
    next: &'a mut u32,
}

impl Names<'_> {
    fn give(&mut self, db: &Connection, key: SignalKey) -> rusqlite::Result<()> {
        if let (Some(&NONE), Some((id, unit))) = (self.numbers.get(key.index()), self.signals.get(key.index())) {
            self.numbers[key.index()] = self.insert(db, id, unit)?;
        }
        Ok(())
    }

    fn insert(&mut self, db: &Connection, id: &str, unit: &str) -> rusqlite::Result<u32> {
        let number = *self.next;
        db.prepare_cached("INSERT INTO signal (number, id, unit) VALUES (?1, ?2, ?3)")?.execute(params![number, id, unit])?;
        *self.next += 1;
        Ok(number)
    }
}

struct ChunkRow {
    lane: LaneNumber,
    number: u32,
    is_late: bool,
    first_ns: i64,
    last_ns: i64,
    count: i64,
    min: Option<f64>,
    max: Option<f64>,
    sum: Option<f64>,
    values_count: i64,
    is_doubtful: bool,
    first_sequence: i64,
    last_sequence: i64,
    data: Vec<u8>,
}

impl ChunkRow {
    fn new(lane: LaneNumber, number: u32, is_late: bool, columns: &SampleColumns) -> Result<Self, CodecError> {
        let samples = || columns.samples(SignalKey(number));
        let values = || samples().filter_map(|(sample, _)| sample.value).filter(|value| value.is_finite());
        let values_count = values().count();
        let some = |value: f64| (values_count > 0).then_some(value);
        Ok(Self {
            lane,
            number,
            is_late,
            first_ns: columns.times.first().copied().unwrap_or_default(),
            last_ns: columns.times.last().copied().unwrap_or_default(),
            count: to_i64(columns.len() as u64),
            min: some(values().fold(f64::INFINITY, f64::min)),
            max: some(values().fold(f64::NEG_INFINITY, f64::max)),
            sum: some(values().sum()),
            values_count: to_i64(values_count as u64),
            is_doubtful: samples().any(|(sample, _)| !sample.quality.is_good()),
            first_sequence: to_i64(columns.sequences.iter().copied().min().unwrap_or_default()),
            last_sequence: to_i64(columns.sequences.iter().copied().max().unwrap_or_default()),
            data: columns.encode()?,
        })
    }
}

pub(crate) fn insert_record(db: &Connection, record: &Record) -> rusqlite::Result<()> {
    let sql =
        "INSERT INTO record (lane, sequence, time_ns, written_ns, kind, author, subject, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let (lane, sequence, kind) = (record.lane.0, to_i64(record.sequence), record.kind.word());
    let values = params![lane, sequence, record.time.0, record.written.0, kind, record.author, record.subject, record.body];
    db.prepare_cached(sql)?.execute(values).map(|_| ())
}

pub(crate) fn tick_sample(time: TwinTime) -> Sample {
    Sample {
        signal: SignalKey(NONE),
        value: None,
        quality: twin_model::Quality::GOOD,
        source_time: time,
        receive_time: time,
        origin: twin_model::Origin::Live,
    }
}

fn to_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
