//! Reading one history file, also while another connection writes it.

use super::codec::{SampleColumns, TailCommit, decode_tail};
use super::file::{Commit, TICK_ID};
use super::schema::open_to_read;
use super::{CodecError, HistoryError};
use crate::record::{LaneNumber, Record, RecordKind};
use rusqlite::{Connection, Row, params};
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
        let mut reader = Self { db, path: path.to_owned(), numbers: Vec::new(), keys: BTreeMap::new(), tick_number: None };
        let names: BTreeMap<String, u32> = reader.signals()?.into_iter().map(|(number, id, _)| (id, number)).collect();
        reader.tick_number = names.get(TICK_ID).copied();
        for (index, id) in (0_u32..).zip(ids) {
            let number = names.get(id).copied();
            reader.numbers.push(number);
            if let Some(number) = number {
                reader.keys.insert(number, SignalKey(index));
            }
        }
        Ok(reader)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn of_file(&self) -> impl Fn(rusqlite::Error) -> HistoryError + '_ {
        |source| HistoryError::Sqlite { path: self.path.clone(), source }
    }

    pub(super) fn damaged(&self, place: String) -> impl FnOnce(CodecError) -> HistoryError + '_ {
        move |source| HistoryError::Damaged { path: self.path.clone(), place, source }
    }

    pub(super) fn rows<T>(
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
        let sql = "SELECT MIN(first_ns), MAX(last_ns) FROM chunk WHERE lane = ?1";
        let read = |row: &Row<'_>| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?));
        let sealed = self.rows(sql, [lane.0], read)?.pop().and_then(|(first, last)| first.zip(last));
        let mut extent = sealed.map(|(first, last)| (TwinTime(first), TwinTime(last)));
        for commit in self.tail()?.iter().filter(|commit| commit.lane == lane) {
            for time in commit.samples.iter().map(|(_, sample)| sample.source_time).chain(commit.tick) {
                extent = Some(extent.map_or((time, time), |(first, last)| (first.min(time), last.max(time))));
            }
        }
        Ok(extent)
    }

    /// Number of the newest commit of a lane; 0 when there is none.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn last_sequence(&self, lane: LaneNumber) -> Result<u64, HistoryError> {
        let sql = "SELECT MAX(last_sequence) FROM chunk WHERE lane = ?1";
        let sealed: Option<i64> = self.rows(sql, [lane.0], |row| row.get(0))?.pop().flatten();
        let tail = self.tail()?.iter().filter(|commit| commit.lane == lane).map(|commit| commit.sequence).max();
        Ok(from_i64(sealed.unwrap_or(0)).max(tail.unwrap_or(0)))
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

    /// What the chunks of a signal say that touch `from` … `to`; those on time first, each kind in order of time.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn summaries(&self, lane: LaneNumber, signal: SignalKey, from: TwinTime, to: TwinTime) -> Result<Vec<ChunkSummary>, HistoryError> {
        match self.numbers.get(signal.index()).copied().flatten() {
            Some(number) => self.summaries_of(lane, number, from, to),
            None => Ok(Vec::new()),
        }
    }

    fn summaries_of(&self, lane: LaneNumber, number: u32, from: TwinTime, to: TwinTime) -> Result<Vec<ChunkSummary>, HistoryError> {
        // Chunks on time do not overlap, so all that end after `from` begin no earlier than the last one that begins before it.
        let sql = format!(
            "SELECT {SUMMARY} FROM chunk WHERE lane = ?1 AND signal = ?2 AND is_late = 0 AND first_ns BETWEEN coalesce(
                 (SELECT MAX(first_ns) FROM chunk WHERE lane = ?1 AND signal = ?2 AND is_late = 0 AND first_ns <= ?3), ?3) AND ?4
             UNION ALL
             SELECT {SUMMARY} FROM chunk WHERE lane = ?1 AND signal = ?2 AND is_late = 1 AND first_ns <= ?4"
        );
        let mut found = self.rows(&sql, params![lane.0, number, from.0, to.0], summary_of)?;
        found.retain(|summary| summary.last >= from);
        Ok(found)
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
        let since = self.newest_before(lane, number, from)?.unwrap_or(from);
        for chunk in self.summaries_of(lane, number, since, to)? {
            let columns = self.decode(&chunk)?;
            reaches_back |= !chunk.is_late && chunk.first <= from;
            columns.samples(signal).filter(|(s, _)| s.source_time >= since && s.source_time <= to).for_each(|(s, n)| take(s, n));
        }
        Ok(reaches_back)
    }

    /// Time of the newest sample in chunks at or before an instant.
    fn newest_before(&self, lane: LaneNumber, number: u32, time: TwinTime) -> Result<Option<TwinTime>, HistoryError> {
        let sql = format!(
            "SELECT {SUMMARY} FROM (SELECT * FROM chunk WHERE lane = ?1 AND signal = ?2 AND is_late = 0 AND first_ns <= ?3 ORDER BY first_ns DESC LIMIT 1)
             UNION ALL SELECT {SUMMARY} FROM chunk WHERE lane = ?1 AND signal = ?2 AND is_late = 1 AND first_ns <= ?3"
        );
        let mut newest = None;
        for chunk in self.rows(&sql, params![lane.0, number, time.0], summary_of)? {
            let last = match chunk.last <= time {
                true => Some(chunk.last),
                false => {
                    let columns = self.decode(&chunk)?;
                    let end = columns.times.partition_point(|t| *t <= time.0);
                    end.checked_sub(1).map(|index| TwinTime(columns.times[index]))
                }
            };
            newest = newest.max(last);
        }
        Ok(newest)
    }

    /// The commits that are in no chunk yet, in order.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read or the tail is damaged.
    pub(crate) fn tail(&self) -> Result<Vec<TailCommit>, HistoryError> {
        let rows: Vec<(i64, Vec<u8>)> = self.rows("SELECT id, data FROM tail ORDER BY id", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut commits = Vec::new();
        for (id, data) in rows {
            commits.extend(decode_tail(&data).map_err(self.damaged(format!("tail row {id}")))?);
        }
        Ok(commits)
    }

    /// Hands on the samples in the tail of a lane, in commit order.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read or the tail is damaged.
    pub fn tail_samples(&self, lane: LaneNumber, mut take: impl FnMut(Sample, u64)) -> Result<(), HistoryError> {
        for commit in self.tail()?.into_iter().filter(|commit| commit.lane == lane) {
            for (number, mut sample) in commit.samples {
                if let Some(key) = self.keys.get(&number) {
                    sample.signal = *key;
                    take(sample, commit.sequence);
                }
            }
        }
        Ok(())
    }

    /// The commits of a lane numbered `first` to `last`, both included, as they were made. Within a commit samples are in
    /// order of source time, then of signal, which is the order in which a lane evaluates them.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read or samples are damaged.
    pub fn commits(&self, lane: LaneNumber, first: u64, last: u64) -> Result<Vec<Commit>, HistoryError> {
        let mut commits: BTreeMap<u64, Commit> = BTreeMap::new();
        let _held = self.hold()?;
        let sql =
            format!("SELECT signal, {SUMMARY} FROM chunk WHERE lane = ?1 AND last_sequence >= ?2 AND first_sequence <= ?3 ORDER BY data");
        let bounds = (i64::try_from(first).unwrap_or(i64::MAX), i64::try_from(last).unwrap_or(i64::MAX));
        let read = |row: &Row<'_>| Ok((row.get::<_, u32>(0)?, summary_at(row, 1)?));
        for (number, chunk) in self.rows(&sql, params![lane.0, bounds.0, bounds.1], read)? {
            let key = self.keys.get(&number).copied();
            let is_tick = self.tick_number == Some(number);
            if key.is_none() && !is_tick {
                continue;
            }
            let columns = self.decode(&chunk)?;
            for (sample, sequence) in columns.samples(key.unwrap_or(SignalKey(u32::MAX))) {
                if (first..=last).contains(&sequence) {
                    let commit = commits.entry(sequence).or_insert_with(|| Commit { lane, sequence, ..Commit::default() });
                    match is_tick {
                        true => commit.tick = Some(sample.source_time),
                        false => commit.samples.push(sample),
                    }
                }
            }
        }
        for tail in self.tail()?.into_iter().filter(|c| c.lane == lane && (first..=last).contains(&c.sequence)) {
            let sequence = tail.sequence;
            let commit = commits.entry(sequence).or_insert_with(|| Commit { lane, sequence, ..Commit::default() });
            commit.tick = commit.tick.or(tail.tick);
            commit.samples.extend(tail.samples.into_iter().filter_map(|(number, mut sample)| {
                sample.signal = *self.keys.get(&number)?;
                Some(sample)
            }));
        }
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
