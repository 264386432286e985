//! Reading one history file, also while another connection writes it.

use super::codec::{SampleColumns, decode_tail};
use super::file::{Commit, TICK_ID, tick_sample};
use super::schema::open_to_read;
use super::{CodecError, HistoryError};
use crate::StoredSample;
use crate::record::{LaneNumber, Record, RecordKind};
use rusqlite::{Connection, Row, params};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use twin_model::{Sample, SignalKey, TwinTime};

/// What a chunk says of its samples without being decoded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChunkSummary {
    /// Time of the first sample.
    pub first: TwinTime,
    /// Time of the last sample.
    pub last: TwinTime,
    /// Samples.
    pub count: u64,
    /// Least and greatest value; `None` when no sample has one.
    pub min_max: Option<(f64, f64)>,
    /// Sum of the values.
    pub sum: f64,
    /// Samples that have a value.
    pub values_count: u64,
    /// A sample is not Good.
    pub is_doubtful: bool,
    /// It reaches back before an earlier chunk of its signal.
    pub is_late: bool,
    data: i64,
}

/// One history file, open to read. Samples come with the keys of the signals given at opening.
#[derive(Debug)]
pub struct HistoryReader {
    db: Connection,
    path: PathBuf,
    /// Number in the file by key.
    numbers: Vec<Option<u32>>,
    /// Key by number in the file.
    pub(super) keys: BTreeMap<u32, SignalKey>,
    tick_number: Option<u32>,
    /// The samples of the tail, by lane and number in the file, as of the last refresh.
    tail: BTreeMap<(LaneNumber, u32), SampleColumns>,
    /// First and last row of the tail that `tail` holds.
    tail_rows: Option<(i64, i64)>,
    /// Newest chunk as of the last refresh: later ones hold what `tail` holds as well.
    newest_chunk: i64,
}

/// Columns of `chunk` in the order [`summary_of`] reads them.
const SUMMARY: &str = "first_ns, last_ns, count, min, max, sum, values_count, is_doubtful, is_late, data";

impl HistoryReader {
    /// Opens a file. `ids` are the signal ids by [`SignalKey`]; signals of the file that are not among them are passed over.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read, is none of ours or of a newer version.
    pub fn open<'a>(path: &Path, ids: impl IntoIterator<Item = &'a str>) -> Result<Self, HistoryError> {
        let db = open_to_read(path)?;
        let mut reader = Self {
            db,
            path: path.to_owned(),
            numbers: Vec::new(),
            keys: BTreeMap::new(),
            tick_number: None,
            tail: BTreeMap::new(),
            tail_rows: None,
            newest_chunk: 0,
        };
        reader.refresh(ids)?;
        Ok(reader)
    }

    /// Takes note of what was written since. Between two calls the file stands still for this reader.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read or the tail is damaged.
    pub fn refresh<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>) -> Result<(), HistoryError> {
        // One transaction, so that no sample is missed or met twice while the tail becomes chunks.
        self.begin_reads()?;
        let read = self.read_signals(ids).and_then(|()| self.read_tail());
        self.end_reads()?;
        read
    }

    /// Begins many reads at once, which then need not ask for the file each time.
    pub(crate) fn begin_reads(&self) -> Result<(), HistoryError> {
        self.db.execute_batch("BEGIN").map_err(self.of_file())
    }

    /// Ends what [`HistoryReader::begin_reads`] began.
    pub(crate) fn end_reads(&self) -> Result<(), HistoryError> {
        self.db.execute_batch("COMMIT").map_err(self.of_file())
    }

    fn read_signals<'a>(&mut self, ids: impl IntoIterator<Item = &'a str>) -> Result<(), HistoryError> {
        let names: BTreeMap<String, u32> = self.signals()?.into_iter().map(|(number, id, _)| (id, number)).collect();
        self.tick_number = names.get(TICK_ID).copied();
        self.numbers.clear();
        for (index, id) in (0_u32..).zip(ids) {
            let number = names.get(id).copied();
            self.numbers.push(number);
            if let Some(number) = number {
                self.keys.insert(number, SignalKey(index));
            }
        }
        Ok(())
    }

    fn read_tail(&mut self) -> Result<(), HistoryError> {
        let newest = self.rows("SELECT MAX(id) FROM chunk_data", [], |row| row.get::<_, Option<i64>>(0))?.pop().flatten().unwrap_or(0);
        // The rows of the tail are numbered anew once they have become chunks.
        let has_sealed = std::mem::replace(&mut self.newest_chunk, newest) != newest;
        let bounds = |row: &Row<'_>| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?));
        let rows = self.rows("SELECT MIN(id), MAX(id) FROM tail", [], bounds)?.pop().and_then(|(first, last)| first.zip(last));
        let known = self.tail_rows.filter(|(first, _)| !has_sealed && rows.is_some_and(|(now, _)| now == *first));
        if known.is_none() {
            self.tail.clear();
        }
        let after = known.map_or(i64::MIN, |(_, last)| last);
        let new: Vec<(i64, Vec<u8>)> =
            self.rows("SELECT id, data FROM tail WHERE id > ?1 ORDER BY id", [after], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for (id, data) in new {
            for commit in decode_tail(&data).map_err(self.damaged(format!("tail row {id}")))? {
                for (number, sample) in &commit.samples {
                    self.tail.entry((commit.lane, *number)).or_default().insert(sample, commit.sequence);
                }
                if let (Some(tick), Some(number)) = (commit.tick, self.tick_number) {
                    self.tail.entry((commit.lane, number)).or_default().insert(&tick_sample(tick), commit.sequence);
                }
            }
        }
        self.tail_rows = rows;
        Ok(())
    }

    /// How far the file reached when it was last refreshed; records are not counted.
    pub(super) fn known_end(&self) -> (i64, i64) {
        (self.newest_chunk, self.tail_rows.map_or(0, |(_, last)| last))
    }

    /// Number of the newest commit of each lane as of the last refresh.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub(crate) fn newest_commits(&self) -> Result<BTreeMap<LaneNumber, u64>, HistoryError> {
        let sql = "SELECT lane, MAX(last_sequence) FROM chunk WHERE data <= ?1 GROUP BY lane";
        let sealed = self.rows(sql, [self.newest_chunk], |row| Ok((LaneNumber(row.get(0)?), from_i64(row.get(1)?))))?;
        let mut newest: BTreeMap<LaneNumber, u64> = sealed.into_iter().collect();
        for ((lane, _), columns) in &self.tail {
            let known = newest.entry(*lane).or_default();
            *known = columns.sequences.iter().copied().fold(*known, u64::max);
        }
        Ok(newest)
    }

    /// The samples of a signal that are in no chunk yet.
    pub fn waiting(&self, lane: LaneNumber, signal: SignalKey) -> Option<&SampleColumns> {
        self.tail.get(&(lane, self.numbers.get(signal.index()).copied().flatten()?))
    }

    fn tail_of(&self, lane: LaneNumber) -> impl Iterator<Item = (u32, &SampleColumns)> {
        self.tail.range((lane, 0)..=(lane, u32::MAX)).map(|((_, number), columns)| (*number, columns))
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What SQLite finds wrong with the file, page by page; empty when nothing is. Costs the whole file.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn faults(&self) -> Result<Vec<String>, HistoryError> {
        let mut found: Vec<String> = self.rows("PRAGMA integrity_check", [], |row| row.get(0))?;
        found.retain(|line| line != "ok");
        Ok(found)
    }

    fn of_file(&self) -> impl Fn(rusqlite::Error) -> HistoryError + '_ {
        |source| HistoryError::Sqlite { path: self.path.clone(), source }
    }

    pub(super) fn damaged(&self, place: String) -> impl FnOnce(CodecError) -> HistoryError + '_ {
        move |source| HistoryError::Damaged { path: self.path.clone(), place, source }
    }

    /// The rows a query gives.
    pub(crate) fn rows<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, HistoryError> {
        let mut query = self.db.prepare_cached(sql).map_err(self.of_file())?;
        let rows = query.query_map(values, read).map_err(self.of_file())?;
        rows.collect::<Result<_, _>>().map_err(self.of_file())
    }

    /// Number, id and unit of the signals in the file.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn signals(&self) -> Result<Vec<(u32, String, String)>, HistoryError> {
        self.rows("SELECT number, id, unit FROM signal ORDER BY number", [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// Number, kind and name of the lanes in the file.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn lanes(&self) -> Result<Vec<(LaneNumber, String, String)>, HistoryError> {
        let sql = "SELECT number, kind, name FROM lane ORDER BY number";
        self.rows(sql, [], |row| Ok((LaneNumber(row.get(0)?), row.get(1)?, row.get(2)?)))
    }

    /// What the file says of itself under a key.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn meta(&self, key: &str) -> Result<Option<String>, HistoryError> {
        Ok(self.rows("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))?.pop())
    }

    /// Names of the files kept beside the samples.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn attachments(&self) -> Result<Vec<String>, HistoryError> {
        self.rows("SELECT name FROM attachment ORDER BY name", [], |row| row.get(0))
    }

    /// A file kept beside the samples.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn attachment(&self, name: &str) -> Result<Option<Vec<u8>>, HistoryError> {
        Ok(self.rows("SELECT data FROM attachment WHERE name = ?1", [name], |row| row.get(0))?.pop())
    }

    /// The newest state of a kind at or before an instant: time, commit and bytes.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn keyframe(&self, lane: LaneNumber, kind: &str, time: TwinTime) -> Result<Option<(TwinTime, u64, Vec<u8>)>, HistoryError> {
        let sql =
            "SELECT time_ns, sequence, data FROM keyframe WHERE lane = ?1 AND kind = ?2 AND time_ns <= ?3 ORDER BY time_ns DESC LIMIT 1";
        let read = |row: &Row<'_>| Ok((TwinTime(row.get(0)?), from_i64(row.get(1)?), row.get(2)?));
        Ok(self.rows(sql, params![lane.0, kind, time.0], read)?.pop())
    }

    /// Time of the first and the last sample of a lane.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn extent(&self, lane: LaneNumber) -> Result<Option<(TwinTime, TwinTime)>, HistoryError> {
        let sql = "SELECT MIN(first_ns), MAX(last_ns) FROM chunk WHERE lane = ?1 AND data <= ?2";
        let read = |row: &Row<'_>| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?));
        let sealed = self.rows(sql, params![lane.0, self.newest_chunk], read)?.pop().and_then(|(first, last)| first.zip(last));
        let waiting = self.tail_of(lane).filter_map(|(_, columns)| columns.times.first().copied().zip(columns.times.last().copied()));
        let whole = sealed.into_iter().chain(waiting).reduce(|(a, b), (first, last)| (a.min(first), b.max(last)));
        Ok(whole.map(|(first, last)| (TwinTime(first), TwinTime(last))))
    }

    /// Number of the newest commit of a lane; 0 when there is none.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn last_sequence(&self, lane: LaneNumber) -> Result<u64, HistoryError> {
        let sql = "SELECT MAX(last_sequence) FROM chunk WHERE lane = ?1 AND data <= ?2";
        let sealed: Option<i64> = self.rows(sql, params![lane.0, self.newest_chunk], |row| row.get(0))?.pop().flatten();
        let tail = self.tail_of(lane).filter_map(|(_, columns)| columns.sequences.iter().copied().max()).max();
        Ok(from_i64(sealed.unwrap_or(0)).max(tail.unwrap_or(0)))
    }

    /// Number of the oldest commit of a lane.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn first_sequence(&self, lane: LaneNumber) -> Result<Option<u64>, HistoryError> {
        let sql = "SELECT MIN(first_sequence) FROM chunk WHERE lane = ?1 AND data <= ?2";
        let sealed: Option<i64> = self.rows(sql, params![lane.0, self.newest_chunk], |row| row.get(0))?.pop().flatten();
        let tail = self.tail_of(lane).filter_map(|(_, columns)| columns.sequences.iter().copied().min()).min();
        Ok(sealed.map(from_i64).into_iter().chain(tail).min())
    }

    /// What happened on a lane from `from` to `to`, both included, in the order it was written.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn records(&self, lane: LaneNumber, from: TwinTime, to: TwinTime) -> Result<Vec<Record>, HistoryError> {
        let sql = "SELECT lane, sequence, time_ns, written_ns, kind, author, subject, body FROM record
                   WHERE lane = ?1 AND time_ns BETWEEN ?2 AND ?3 ORDER BY id";
        self.rows(sql, params![lane.0, from.0, to.0], |row| record_at(row, 0))
    }

    /// Time of the first and last sample of every chunk on time of a lane, and its samples.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub(crate) fn chunk_spans(&self, lane: LaneNumber) -> Result<Vec<(TwinTime, TwinTime, u64)>, HistoryError> {
        let sql = "SELECT first_ns, last_ns, count FROM chunk WHERE lane = ?1 AND is_late = 0 AND data <= ?2";
        self.rows(sql, params![lane.0, self.newest_chunk], |row| Ok((TwinTime(row.get(0)?), TwinTime(row.get(1)?), from_i64(row.get(2)?))))
    }

    /// What the chunks of a signal say that touch `from` … `to`; those on time first, each kind in order of time.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn summaries(&self, lane: LaneNumber, signal: SignalKey, from: TwinTime, to: TwinTime) -> Result<Vec<ChunkSummary>, HistoryError> {
        match self.numbers.get(signal.index()).copied().flatten() {
            Some(number) => {
                let mut found = self.chunks_of(lane, number, from, to)?;
                found.retain(|summary| summary.last >= from);
                Ok(found)
            }
            None => Ok(Vec::new()),
        }
    }

    /// The chunks that touch `from` … `to`, the last one on time before `from`, and all late ones before `to`.
    fn chunks_of(&self, lane: LaneNumber, number: u32, from: TwinTime, to: TwinTime) -> Result<Vec<ChunkSummary>, HistoryError> {
        // Chunks on time do not overlap, so all that end after `from` begin no earlier than the last one that begins before it.
        let sql = format!(
            "SELECT {SUMMARY} FROM chunk WHERE lane = ?1 AND signal = ?2 AND is_late = 0 AND first_ns BETWEEN coalesce(
                 (SELECT MAX(first_ns) FROM chunk WHERE lane = ?1 AND signal = ?2 AND is_late = 0 AND first_ns <= ?3), ?3) AND ?4 AND data <= ?5
             UNION ALL
             SELECT {SUMMARY} FROM chunk WHERE lane = ?1 AND signal = ?2 AND is_late = 1 AND first_ns <= ?4 AND data <= ?5"
        );
        self.rows(&sql, params![lane.0, number, from.0, to.0, self.newest_chunk], summary_of)
    }

    /// The samples of a chunk.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read or the samples are damaged.
    pub fn decode(&self, chunk: &ChunkSummary) -> Result<SampleColumns, HistoryError> {
        let mut query = self.db.prepare_cached("SELECT data FROM chunk_data WHERE id = ?1").map_err(self.of_file())?;
        let mut rows = query.query([chunk.data]).map_err(self.of_file())?;
        let row = rows.next().map_err(self.of_file())?.ok_or(rusqlite::Error::QueryReturnedNoRows).map_err(self.of_file())?;
        let data = row.get_ref(0).and_then(|value| Ok(value.as_blob()?)).map_err(self.of_file())?;
        SampleColumns::decode(data).map_err(self.damaged(format!("chunk_data row {}", chunk.data)))
    }

    /// Until what it returns is dropped, the file reads as it is now: a writer that turns the tail into chunks in between would
    /// otherwise let samples be missed. `None` when the file is held already.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub(crate) fn hold(&self) -> Result<Option<rusqlite::Transaction<'_>>, HistoryError> {
        match self.db.is_autocommit() {
            true => self.db.unchecked_transaction().map(Some).map_err(self.of_file()),
            false => Ok(None),
        }
    }

    /// The day of a file of a history folder, as its name has it; the whole name for others.
    pub fn day(&self) -> &str {
        self.path.file_name().and_then(|name| name.to_str()).and_then(|name| name.split('.').next()).unwrap_or_default()
    }

    /// Hands on the samples of a signal from `from` to `to`, both included, and the newest one before. Chunk by chunk; late
    /// ones come after those on time. Returns true when samples on time reach back to `from`: no earlier file has a newer one.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read or samples are damaged.
    pub fn samples(
        &self,
        lane: LaneNumber,
        signal: SignalKey,
        from: TwinTime,
        to: TwinTime,
        mut take: impl FnMut(Sample, u64),
    ) -> Result<bool, HistoryError> {
        let Some(number) = self.numbers.get(signal.index()).copied().flatten() else { return Ok(false) };
        let mut reaches_back = false;
        let mut since: Option<TwinTime> = None;
        let waiting = self.tail.get(&(lane, number));
        let mut found: Vec<(Cow<'_, SampleColumns>, bool)> = Vec::new();
        for chunk in self.chunks_of(lane, number, from, to)? {
            found.push((Cow::Owned(self.decode(&chunk)?), chunk.is_late));
        }
        found.extend(waiting.map(|columns| (Cow::Borrowed(columns), true)));
        for (columns, is_late) in &found {
            reaches_back |= !is_late && columns.times.first().is_some_and(|first| *first <= from.0);
            since = since.max(columns.latest_at(signal, from).map(|newest| newest.sample.source_time));
        }
        let since = since.unwrap_or(from);
        for (columns, _) in &found {
            columns.between(since, to).for_each(|i| {
                let (sample, sequence) = columns.get(signal, i);
                take(sample, sequence);
            });
        }
        Ok(reaches_back)
    }

    /// Ticks of a lane with their commits: the newest at or before `from`, those up to `to`, and the first one after; with
    /// some around them.
    pub(crate) fn ticks(&self, lane: LaneNumber, from: TwinTime, to: TwinTime) -> Result<Vec<(TwinTime, u64)>, HistoryError> {
        let mut ticks = Vec::new();
        let Some(number) = self.tick_number else { return Ok(ticks) };
        let sql = format!(
            "SELECT {SUMMARY} FROM chunk WHERE lane = ?1 AND signal = ?2 AND data <= ?4 AND last_ns > ?3 AND first_ns <=
                 (SELECT MIN(last_ns) FROM chunk WHERE lane = ?1 AND signal = ?2 AND data <= ?4 AND last_ns > ?3)"
        );
        let mut chunks = self.chunks_of(lane, number, from, to)?;
        chunks.extend(self.rows(&sql, params![lane.0, number, to.0, self.newest_chunk], summary_of)?);
        let of = |columns: &SampleColumns| {
            columns.samples(SignalKey(number)).map(|(tick, sequence)| (tick.source_time, sequence)).collect::<Vec<_>>()
        };
        for chunk in chunks {
            ticks.extend(of(&self.decode(&chunk)?));
        }
        ticks.extend(self.tail.get(&(lane, number)).map(of).unwrap_or_default());
        Ok(ticks)
    }

    /// The newest sample of a signal in chunks at or before an instant, and whether it stands in a chunk on time.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read or samples are damaged.
    pub fn latest_at(&self, lane: LaneNumber, signal: SignalKey, time: TwinTime) -> Result<(Option<StoredSample>, bool), HistoryError> {
        let Some(number) = self.numbers.get(signal.index()).copied().flatten() else { return Ok((None, false)) };
        let sql = format!(
            "SELECT {SUMMARY} FROM (SELECT * FROM chunk WHERE lane = ?1 AND signal = ?2 AND is_late = 0 AND first_ns <= ?3 AND data <= ?4
                 ORDER BY first_ns DESC LIMIT 1)
             UNION ALL SELECT {SUMMARY} FROM chunk WHERE lane = ?1 AND signal = ?2 AND is_late = 1 AND first_ns <= ?3 AND data <= ?4"
        );
        let waiting = self.tail.get(&(lane, number));
        let mut newest = waiting.and_then(|columns| columns.latest_at(signal, time));
        let mut is_on_time = false;
        for chunk in self.rows(&sql, params![lane.0, number, time.0, self.newest_chunk], summary_of)? {
            if newest.is_some_and(|newest| newest.sample.source_time > chunk.last) {
                continue;
            }
            let found = self.decode(&chunk)?.latest_at(signal, time);
            is_on_time |= !chunk.is_late && found.is_some();
            newest = match (newest, found) {
                (Some(a), Some(b)) if (a.sample.source_time, a.sequence) > (b.sample.source_time, b.sequence) => Some(a),
                (a, None) => a,
                (_, b) => b,
            };
        }
        Ok((newest, is_on_time))
    }

    /// Hands on the samples of a lane that are in no chunk yet, signal by signal.
    pub(crate) fn tail_samples(&self, lane: LaneNumber, mut take: impl FnMut(Sample, u64)) {
        for (number, columns) in self.tail_of(lane) {
            if let Some(key) = self.keys.get(&number) {
                columns.samples(*key).for_each(|(sample, sequence)| take(sample, sequence));
            }
        }
    }

    /// The commits of a lane numbered `first` to `last`, both included, as they were made. Within a commit samples are in
    /// order of source time, then of signal, which is the order in which a lane evaluates them.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read or samples are damaged.
    pub fn commits(&self, lane: LaneNumber, first: u64, last: u64) -> Result<Vec<Commit>, HistoryError> {
        let mut commits: BTreeMap<u64, Commit> = BTreeMap::new();
        let sql = format!(
            "SELECT signal, {SUMMARY} FROM chunk
             WHERE lane = ?1 AND last_sequence >= ?2 AND first_sequence <= ?3 AND data <= ?4 ORDER BY data"
        );
        let bounds = (i64::try_from(first).unwrap_or(i64::MAX), i64::try_from(last).unwrap_or(i64::MAX));
        let mut take = |number: u32, columns: &SampleColumns| {
            let key = self.keys.get(&number).copied();
            let is_tick = self.tick_number == Some(number);
            if key.is_none() && !is_tick {
                return;
            }
            for (sample, sequence) in columns.samples(key.unwrap_or(SignalKey(u32::MAX))) {
                if (first..=last).contains(&sequence) {
                    let commit = commits.entry(sequence).or_insert_with(|| Commit { lane, sequence, ..Commit::default() });
                    match is_tick {
                        true => commit.tick = Some(sample.source_time),
                        false => commit.samples.push(sample),
                    }
                }
            }
        };
        let read = |row: &Row<'_>| Ok((row.get::<_, u32>(0)?, summary_at(row, 1)?));
        for (number, chunk) in self.rows(&sql, params![lane.0, bounds.0, bounds.1, self.newest_chunk], read)? {
            take(number, &self.decode(&chunk)?);
        }
        self.tail_of(lane).for_each(|(number, columns)| take(number, columns));
        let mut commits: Vec<Commit> = commits.into_values().collect();
        for commit in &mut commits {
            commit.samples.sort_by_key(|sample| (sample.source_time, sample.signal));
        }
        Ok(commits)
    }
}

pub(super) fn record_at(row: &Row<'_>, at: usize) -> rusqlite::Result<Record> {
    let kind: String = row.get(at + 4)?;
    let unknown = |error| rusqlite::Error::FromSqlConversionFailure(at + 4, rusqlite::types::Type::Text, Box::new(error));
    Ok(Record {
        lane: LaneNumber(row.get(at)?),
        sequence: from_i64(row.get(at + 1)?),
        time: TwinTime(row.get(at + 2)?),
        written: TwinTime(row.get(at + 3)?),
        kind: kind.parse::<RecordKind>().map_err(unknown)?,
        author: row.get(at + 5)?,
        subject: row.get(at + 6)?,
        body: row.get(at + 7)?,
    })
}

fn summary_of(row: &Row<'_>) -> rusqlite::Result<ChunkSummary> {
    summary_at(row, 0)
}

fn summary_at(row: &Row<'_>, at: usize) -> rusqlite::Result<ChunkSummary> {
    let (min, max): (Option<f64>, Option<f64>) = (row.get(at + 3)?, row.get(at + 4)?);
    Ok(ChunkSummary {
        first: TwinTime(row.get(at)?),
        last: TwinTime(row.get(at + 1)?),
        count: from_i64(row.get(at + 2)?),
        min_max: min.zip(max),
        sum: row.get::<_, Option<f64>>(at + 5)?.unwrap_or(0.0),
        values_count: from_i64(row.get(at + 6)?),
        is_doubtful: row.get(at + 7)?,
        is_late: row.get(at + 8)?,
        data: row.get(at + 9)?,
    })
}

fn from_i64(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
