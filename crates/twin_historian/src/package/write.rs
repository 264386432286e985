//! Writing a package.

use super::chain::{self, Budget};
use super::range::{self, Keyframe, Range};
use super::sealed::{self, SealedRow, seal};
use super::{AlteredRecord, Fingerprint, PackageError, PackageOptions, PackageReport, trailer, verify};
use crate::disk::{Archive, Commit, FileOptions, HistoryError, HistoryFile, HistoryReader, TICK_ID};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, params, params_from_iter};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Beginning of the keys a package says of itself.
const OWN_META: &str = "package.";

/// Writes a range of a lane as one file. The file has its name only once it is whole, verified and on the disk; another one of
/// that name is not replaced. Give it the ending `didymos`.
///
/// # Errors
/// [`HistoryError`] when the range is empty or reversed, the history cannot be read or the disk refuses; nothing is left then.
pub fn write(archive: &Archive, options: &PackageOptions, out: &Path) -> Result<PackageReport, HistoryError> {
    let refused = |source| HistoryError::Package { path: out.to_owned(), source };
    let io = |source| HistoryError::Io { path: out.to_owned(), source };
    if out.try_exists().map_err(io)? {
        return Err(refused(PackageError::Exists));
    }
    // What needs a passphrase is refused before anything is written.
    let sealed = options.sealed.as_ref().map(seal).transpose().map_err(refused)?;
    let signals = signals_of(archive)?;
    let archive = archive.with_signals(Arc::clone(&signals))?;
    let (range, keyframes) = range::find(&archive, options)?;

    let unfinished = Unfinished(beside(out));
    unfinished.remove();
    let path = unfinished.0.as_path();
    let samples = write_samples(&archive, options, range, signals, path)?;
    let contents = Contents { archive: &archive, options, range, keyframes: &keyframes, sealed };
    let (fingerprint, records) = contents.write(path)?;
    let bytes = finish(path, fingerprint).map_err(|source| HistoryError::Io { path: path.to_owned(), source })?;

    let report = PackageReport {
        fingerprint: Fingerprint(fingerprint),
        records,
        bytes,
        first_sequence: range.first,
        last_sequence: range.last,
        opening: range.opening,
        samples,
    };
    let verdict = verify(path)?;
    if verdict != report.verdict() {
        return Err(refused(PackageError::Unverified { detail: verdict.to_string() }));
    }
    if out.try_exists().map_err(io)? {
        return Err(refused(PackageError::Exists));
    }
    std::fs::rename(path, out).map_err(io)?;
    sync_folder_of(out).map_err(io)?;
    Ok(report)
}

/// A file that is not whole yet. Removed with what SQLite may have left beside it, unless it got its name.
struct Unfinished(PathBuf);

impl Unfinished {
    fn remove(&self) {
        for ending in ["", "-journal", "-wal", "-shm"] {
            let mut name = self.0.clone().into_os_string();
            name.push(ending);
            // Most of them are not there.
            let _ = std::fs::remove_file(name);
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Name of a file until it is whole; of this process alone.
fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    out.with_file_name(name)
}

/// Id and unit of all signals of a history, whatever the one who opened it asked for. The newest unit counts.
fn signals_of(archive: &Archive) -> Result<Arc<[(String, String)]>, HistoryError> {
    let mut signals = BTreeMap::new();
    for reader in archive.readers() {
        signals.extend(reader.signals()?.into_iter().filter(|(_, id, _)| id != TICK_ID).map(|(_, id, unit)| (id, unit)));
    }
    Ok(signals.into_iter().collect())
}

/// Writes samples and ticks. Returns how many samples.
fn write_samples(
    archive: &Archive,
    options: &PackageOptions,
    range: Range,
    signals: Arc<[(String, String)]>,
    path: &Path,
) -> Result<u64, HistoryError> {
    let lane = options.lane;
    let mut count = 0;
    let mut outside = range::outside(archive, lane, range)?;
    let after = outside.split_off(&range.first);
    let commits_of = |samples: BTreeMap<u64, Vec<_>>| -> Vec<Commit> {
        let commit = |(sequence, samples)| Commit { lane, sequence, tick: None, samples, records: Vec::new() };
        samples.into_iter().map(commit).collect()
    };
    let mut file = HistoryFile::open(path, signals, FileOptions::default())?;
    let mut append = |commits: Vec<Commit>| {
        count += commits.iter().map(|commit| commit.samples.len() as u64).sum::<u64>();
        file.append(&commits)
    };
    append(commits_of(outside))?;
    range::for_each_part(archive, lane, range.first, range.last, &mut append)?;
    append(commits_of(after))?;
    file.seal()?;
    Ok(count)
}

/// What a package has besides samples.
struct Contents<'a> {
    archive: &'a Archive,
    options: &'a PackageOptions,
    range: Range,
    keyframes: &'a [Keyframe],
    sealed: Option<SealedRow>,
}

/// Columns of a record as they stand in its file, so that kinds of a newer program survive.
const RECORD: &str = "lane, sequence, time_ns, written_ns, kind, author, subject, body";
/// Kinds of records that say how something is until the next one of the same subject.
const STATES: &str = "'alarm', 'health', 'connection', 'clock', 'version'";

impl Contents<'_> {
    /// Writes all tables and the chain. Returns the last digest and the number of records.
    fn write(&self, path: &Path) -> Result<(chain::Digest, u64), HistoryError> {
        let of_file = |source| HistoryError::Sqlite { path: path.to_owned(), source };
        let mut db = Connection::open(path).map_err(of_file)?;
        // One file: no log beside it. The whole of it is brought to the disk at the end.
        db.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF;").map_err(of_file)?;
        let written = {
            let change = db.transaction().map_err(of_file)?;
            change.execute_batch(chain::TABLES).map_err(of_file)?;
            self.write_records(&change, path)?;
            self.write_keyframes(&change, path)?;
            self.write_files(&change, path)?;
            self.write_meta(&change, path)?;
            let written = write_chain(&change).map_err(|fault| match fault {
                ChainFault::Sqlite(source) => of_file(source),
                ChainFault::Altered(record) => {
                    HistoryError::Package { path: path.to_owned(), source: PackageError::Unverified { detail: record.to_string() } }
                }
            })?;
            change.commit().map_err(of_file)?;
            written
        };
        // Nothing stays of the samples as they waited to become chunks.
        db.execute_batch("VACUUM").map_err(of_file)?;
        db.close().map_err(|(_, source)| of_file(source))?;
        Ok(written)
    }

    /// The files that begin before the package ends: later ones may have another plant.
    fn readers(&self) -> Result<Vec<&HistoryReader>, HistoryError> {
        let mut readers = Vec::new();
        for reader in self.archive.readers() {
            if reader.first_sequence(self.options.lane)?.is_none_or(|first| first <= self.range.last) {
                readers.push(reader);
            }
        }
        Ok(readers)
    }

    fn write_records(&self, db: &Connection, path: &Path) -> Result<(), HistoryError> {
        let of_file = |source| HistoryError::Sqlite { path: path.to_owned(), source };
        let lane = self.options.lane.0;
        let (first, last) = (to_i64(self.range.first), to_i64(self.range.last));
        let (opening, to) = (self.range.opening.0, self.range.to.0);
        let row_of = |row: &rusqlite::Row<'_>| (0..8).map(|index| row.get(index)).collect::<rusqlite::Result<Vec<Value>>>();
        let states = format!(
            "SELECT {RECORD}, MAX(id) FROM record WHERE lane = ?1 AND sequence < ?2 AND time_ns < ?3 AND kind IN ({STATES})
             GROUP BY kind, subject ORDER BY MAX(id) DESC"
        );
        let mut rows = Vec::new();
        let mut known = BTreeSet::new();
        for reader in self.archive.readers().iter().rev() {
            for row in reader.rows(&states, params![lane, first, opening], row_of)? {
                if known.insert((text_of(&row[4]), text_of(&row[6]))) {
                    rows.push(row);
                }
            }
        }
        rows.reverse();
        let during = format!(
            "SELECT {RECORD} FROM record WHERE lane = ?1 AND (sequence BETWEEN ?2 AND ?3 OR time_ns BETWEEN ?4 AND ?5) ORDER BY id"
        );
        for reader in self.archive.readers() {
            rows.extend(reader.rows(&during, params![lane, first, last, opening, to], row_of)?);
        }
        let sql = format!("INSERT INTO record ({RECORD}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        let mut insert = db.prepare(&sql).map_err(of_file)?;
        for row in rows {
            insert.execute(params_from_iter(row)).map_err(of_file)?;
        }
        Ok(())
    }

    fn write_keyframes(&self, db: &Connection, path: &Path) -> Result<(), HistoryError> {
        let lane = self.options.lane.0;
        for keyframe in self.keyframes {
            let Some(reader) = self.archive.readers().get(keyframe.reader) else { continue };
            let sql = "SELECT data FROM keyframe WHERE lane = ?1 AND kind = ?2 AND time_ns = ?3";
            for data in reader.rows(sql, params![lane, keyframe.kind, keyframe.time_ns], |row| row.get::<_, Vec<u8>>(0))? {
                let sql = "INSERT OR REPLACE INTO keyframe (lane, kind, time_ns, sequence, data) VALUES (?1, ?2, ?3, ?4, ?5)";
                let values = params![lane, keyframe.kind, keyframe.time_ns, to_i64(keyframe.sequence), data];
                db.execute(sql, values).map_err(|source| HistoryError::Sqlite { path: path.to_owned(), source })?;
            }
        }
        Ok(())
    }

    /// Attachments, the sealed parts and the lane; those of the history first.
    fn write_files(&self, db: &Connection, path: &Path) -> Result<(), HistoryError> {
        let of_file = |source| HistoryError::Sqlite { path: path.to_owned(), source };
        let attach = "INSERT OR REPLACE INTO attachment (name, data) VALUES (?1, ?2)";
        let mut sealed = Vec::new();
        for reader in self.readers()? {
            for name in reader.attachments()? {
                if let Some(data) = reader.attachment(&name)? {
                    db.execute(attach, params![name, data]).map_err(of_file)?;
                }
            }
            if has_table(reader, "sealed")? {
                sealed.extend(reader.rows(sealed::SELECT, [], sealed::row_of)?);
            }
            for (number, kind, name) in reader.lanes()?.into_iter().filter(|(number, ..)| *number == self.options.lane) {
                let sql = "INSERT OR REPLACE INTO lane (number, kind, name) VALUES (?1, ?2, ?3)";
                db.execute(sql, params![number.0, kind, name]).map_err(of_file)?;
            }
        }
        for (name, data) in &self.options.attachments {
            db.execute(attach, params![name, data]).map_err(of_file)?;
        }
        for row in sealed.iter().chain(&self.sealed) {
            let sql = "INSERT INTO sealed (derivation, iterations, salt, cipher, nonce, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let values = params![row.derivation, row.iterations, row.salt, row.cipher, row.nonce, row.data];
            db.execute(sql, values).map_err(of_file)?;
        }
        Ok(())
    }

    fn write_meta(&self, db: &Connection, path: &Path) -> Result<(), HistoryError> {
        let mut meta: BTreeMap<String, String> = BTreeMap::new();
        let mut sources = Vec::new();
        for reader in self.readers()? {
            meta.extend(reader.rows("SELECT key, value FROM meta", [], |row| Ok((row.get(0)?, row.get(1)?)))?);
            if has_table(reader, chain::TABLE)? {
                sources.extend(
                    reader.rows("SELECT lower(hex(digest)) FROM chain ORDER BY n DESC LIMIT 1", [], |row| row.get::<_, String>(0))?,
                );
            }
        }
        meta.extend(self.options.meta.iter().cloned());
        meta.retain(|key, _| !key.starts_with(OWN_META));
        let (options, range) = (self.options, self.range);
        let own = [
            ("format", trailer::VERSION.to_string()),
            ("program", format!("didymos {}", env!("CARGO_PKG_VERSION"))),
            ("title", options.title.clone()),
            ("author", options.author.clone()),
            ("lane", options.lane.0.to_string()),
            ("from_ns", options.from.0.to_string()),
            ("to_ns", options.to.0.to_string()),
            ("from", options.from.to_string()),
            ("to", options.to.to_string()),
            ("opening_ns", range.opening.0.to_string()),
            ("first_sequence", range.first.to_string()),
            ("last_sequence", range.last.to_string()),
        ];
        meta.extend(own.into_iter().map(|(key, value)| (format!("{OWN_META}{key}"), value)));
        if !sources.is_empty() {
            meta.insert(format!("{OWN_META}made_from"), sources.join(" "));
        }
        let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)";
        for (key, value) in meta {
            db.execute(sql, [key, value]).map_err(|source| HistoryError::Sqlite { path: path.to_owned(), source })?;
        }
        Ok(())
    }
}

fn has_table(reader: &HistoryReader, name: &str) -> Result<bool, HistoryError> {
    Ok(!reader.rows("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1", [name], |_| Ok(()))?.is_empty())
}

enum ChainFault {
    Sqlite(rusqlite::Error),
    Altered(AlteredRecord),
}

impl From<AlteredRecord> for ChainFault {
    fn from(record: AlteredRecord) -> Self {
        Self::Altered(record)
    }
}

fn write_chain(db: &Connection) -> Result<(chain::Digest, u64), ChainFault> {
    let sql = "INSERT INTO chain (n, table_name, row_key, digest) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = db.prepare(sql).map_err(ChainFault::Sqlite)?;
    let (mut digest, mut records) = (chain::seed(), 0_u64);
    chain::walk(db, &mut Budget::unlimited(), |table, key, row: &[ValueRef<'_>]| {
        digest = chain::link(&digest, table, row);
        records += 1;
        insert.execute(params![to_i64(records), table, key, digest]).map(|_| ()).map_err(ChainFault::Sqlite)
    })?;
    Ok((digest, records))
}

/// Appends the trailer and waits until the disk has everything. Returns the length of the file.
fn finish(path: &Path, fingerprint: chain::Digest) -> std::io::Result<u64> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let length = trailer::append(&mut file, fingerprint)?;
    file.sync_all()?;
    Ok(length)
}

/// Waits until the disk has the new name. Systems other than Unix cannot open a folder for that, and need not.
fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match cfg!(unix) {
        true => File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}

fn text_of(value: &Value) -> String {
    chain::key_text(value.into())
}

fn to_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
