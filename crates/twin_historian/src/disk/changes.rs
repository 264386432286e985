//! What came to a history file since it was looked at, for one who follows it.

use super::codec::{TailCommit, decode_tail};
use super::read::{HistoryReader, record_at};
use super::{Commit, HistoryError};
use crate::record::Record;
use rusqlite::params;

/// How far a file reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileEnd {
    /// Newest row of the chunks: while it stays, the tail only grows.
    chunks: i64,
    /// Newest row of the tail.
    tail: i64,
    /// Signals in the file.
    pub(crate) signals: i64,
    /// Newest record.
    pub(crate) records: i64,
}

impl FileEnd {
    /// No samples and no signals lie between the two.
    pub(crate) fn is_as_far_as(self, other: Self) -> bool {
        (self.chunks, self.tail, self.signals) == (other.chunks, other.tail, other.signals)
    }
}

impl HistoryReader {
    /// How far the file reaches.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub(crate) fn end(&self) -> Result<FileEnd, HistoryError> {
        let sql = "SELECT (SELECT coalesce(MAX(id), 0) FROM chunk_data), (SELECT coalesce(MAX(id), 0) FROM tail),
                          (SELECT COUNT(*) FROM signal), (SELECT coalesce(MAX(id), 0) FROM record)";
        let read =
            |row: &rusqlite::Row<'_>| Ok(FileEnd { chunks: row.get(0)?, tail: row.get(1)?, signals: row.get(2)?, records: row.get(3)? });
        Ok(self.rows(sql, [], read)?.pop().unwrap_or_default())
    }

    /// How far the file reached when this reader was last refreshed: what it tells of commits and chunks ends there.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub(crate) fn refreshed_end(&self) -> Result<FileEnd, HistoryError> {
        let (chunks, tail) = self.known_end();
        Ok(FileEnd { chunks, tail, ..self.end()? })
    }

    /// The commits in the tail that came after `since`, up to about `most` samples, and the end they reach to. `None` when the
    /// tail became chunks or signals were added since: then nothing is known of what came.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read or the tail is damaged.
    pub(crate) fn tail_since(&self, since: FileEnd, most: usize) -> Result<Option<(Vec<Commit>, FileEnd)>, HistoryError> {
        let _held = self.hold()?;
        let now = self.end()?;
        if (now.chunks, now.signals) != (since.chunks, since.signals) {
            return Ok(None);
        }
        let (mut commits, mut end, mut samples) = (Vec::new(), since, 0);
        while end.tail < now.tail && samples < most {
            let sql = "SELECT id, data FROM tail WHERE id > ?1 ORDER BY id LIMIT 1";
            let Some((id, data)) = self.rows(sql, [end.tail], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))?.pop() else {
                break;
            };
            for tail in decode_tail(&data).map_err(self.damaged(format!("tail row {id}")))? {
                samples += tail.samples.len() + 1;
                commits.push(self.commit_of(tail));
            }
            end.tail = id;
        }
        Ok(Some((commits, end)))
    }

    fn commit_of(&self, tail: TailCommit) -> Commit {
        let keyed = tail.samples.into_iter().filter_map(|(number, mut sample)| {
            sample.signal = *self.keys.get(&number)?;
            Some(sample)
        });
        Commit { lane: tail.lane, sequence: tail.sequence, tick: tail.tick, samples: keyed.collect(), records: Vec::new() }
    }

    /// Records with a row number above `since`, in order, `most` at most.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub(crate) fn records_since(&self, since: i64, most: u32) -> Result<Vec<(i64, Record)>, HistoryError> {
        let sql = "SELECT id, lane, sequence, time_ns, written_ns, kind, author, subject, body FROM record
                   WHERE id > ?1 ORDER BY id LIMIT ?2";
        self.rows(sql, params![since, most], |row| Ok((row.get(0)?, record_at(row, 1)?)))
    }
}
