//! The tables of a history file, and which versions of them this program opens.

use super::HistoryError;
use super::file::Flush;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Version of the tables below. A file of a newer one is refused; every older one opens.
pub(crate) const VERSION: i64 = 1;
/// Marks a file as ours for `file` and for `open` ("Didy").
pub(crate) const APPLICATION_ID: i64 = 0x4469_6479;
/// How long a reader waits for a writer's checkpoint.
const BUSY: Duration = Duration::from_secs(5);

/// Samples stand in `chunk` and `chunk_data` once there are enough of them; until then in `tail`, as they came.
/// Times are nanoseconds since 1970 UTC. `is_late` marks chunks that reach back before an earlier one of their signal.
/// The views are for people with `sqlite3`.
const TABLES: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE signal (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, unit TEXT NOT NULL);
CREATE TABLE lane (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE tail (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE chunk (
    lane INTEGER NOT NULL, signal INTEGER NOT NULL, is_late INTEGER NOT NULL, first_ns INTEGER NOT NULL,
    data INTEGER NOT NULL, last_ns INTEGER NOT NULL, count INTEGER NOT NULL,
    min REAL, max REAL, sum REAL, values_count INTEGER NOT NULL, is_doubtful INTEGER NOT NULL,
    first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
    PRIMARY KEY (lane, signal, is_late, first_ns, data)
) WITHOUT ROWID;
CREATE INDEX chunk_by_sequence ON chunk (lane, last_sequence, first_sequence);
CREATE TABLE chunk_data (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE record (
    id INTEGER PRIMARY KEY, lane INTEGER NOT NULL, sequence INTEGER NOT NULL, time_ns INTEGER NOT NULL,
    written_ns INTEGER NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX record_by_time ON record (lane, time_ns);
CREATE TABLE keyframe (
    lane INTEGER NOT NULL, time_ns INTEGER NOT NULL, kind TEXT NOT NULL, sequence INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (lane, kind, time_ns)
) WITHOUT ROWID;
CREATE TABLE attachment (name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE VIEW alarm AS SELECT * FROM record WHERE kind = 'alarm';
CREATE VIEW action AS SELECT * FROM record WHERE kind = 'action';
CREATE VIEW note AS SELECT * FROM record WHERE kind IN ('note', 'bookmark', 'handover');
CREATE VIEW problem AS SELECT * FROM record WHERE kind IN ('problem', 'gap', 'connection');
CREATE VIEW version AS SELECT * FROM record WHERE kind = 'version';
";

/// Opens a file to write to, and makes its tables when it is new.
pub(crate) fn open_to_write(path: &Path, flush: Flush) -> Result<Connection, HistoryError> {
    let of_file = |source| HistoryError::Sqlite { path: path.to_owned(), source };
    let db = Connection::open(path).map_err(of_file)?;
    prepare_to_write(&db, path, flush)?;
    Ok(db)
}

fn prepare_to_write(db: &Connection, path: &Path, flush: Flush) -> Result<(), HistoryError> {
    let of_file = |source| HistoryError::Sqlite { path: path.to_owned(), source };
    db.busy_timeout(BUSY).map_err(of_file)?;
    let version = version_of(db, path)?;
    if version == 0 {
        // What the tail no longer needs can be given back to the disk at the end of the day.
        db.execute_batch("PRAGMA auto_vacuum = INCREMENTAL").map_err(of_file)?;
    }
    // FULL waits for the disk at every commit: only then may a source be told that a sample is safe.
    let synchronous = match flush {
        Flush::EveryCommit => "FULL",
        Flush::Checkpoint => "NORMAL",
    };
    db.execute_batch(&format!("PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous};")).map_err(of_file)?;
    if version == 0 {
        let make = format!("BEGIN;{TABLES}PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; COMMIT;");
        db.execute_batch(&make).map_err(of_file)?;
    }
    Ok(())
}

/// Opens a file to read from.
pub(crate) fn open_to_read(path: &Path) -> Result<Connection, HistoryError> {
    let of_file = |source| HistoryError::Sqlite { path: path.to_owned(), source };
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(of_file)?;
    db.busy_timeout(BUSY).map_err(of_file)?;
    // Otherwise a prepared query is compiled anew whenever other times are bound to it.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(of_file)?;
    match version_of(&db, path)? {
        0 if is_blank(&db).map_err(of_file)? => Err(HistoryError::Blank { path: path.to_owned() }),
        0 => Err(HistoryError::NotHistory { path: path.to_owned() }),
        _ => Ok(db),
    }
}

fn is_blank(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row("SELECT COUNT(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
}

fn version_of(db: &Connection, path: &Path) -> Result<i64, HistoryError> {
    let version: i64 = db
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(|source| HistoryError::Sqlite { path: path.to_owned(), source })?;
    match version {
        0..=VERSION => Ok(version),
        newer => Err(HistoryError::Newer { path: path.to_owned(), version: newer, known: VERSION }),
    }
}
