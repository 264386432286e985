//! Opening a file of which nothing is known.

use crate::disk::HistoryError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fmt::Write as _;
use std::path::Path;

/// Bytes of SQLite's header.
pub(super) const HEADER: usize = 100;

/// Opens a file as one that nobody changes: no lock, no file beside it, also on read-only media. Views and triggers of the file
/// do not run, and its schema may call nothing that reaches outside.
pub(super) fn open(path: &Path) -> Result<Connection, HistoryError> {
    let of_file = |source| HistoryError::Sqlite { path: path.to_owned(), source };
    let whole = std::path::absolute(path).map_err(|source| HistoryError::Io { path: path.to_owned(), source })?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(uri(&whole), flags).map_err(of_file)?;
    for (setting, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
    ] {
        db.set_db_config(setting, is_on).map_err(of_file)?;
    }
    db.execute_batch("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;").map_err(of_file)?;
    Ok(db)
}

/// The address under which SQLite opens a file without looking beside it.
fn uri(path: &Path) -> String {
    let mut uri = "file://".to_owned();
    let bytes = path.as_os_str().as_encoded_bytes();
    if !bytes.starts_with(b"/") {
        uri.push('/');
    }
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b':' => uri.push(char::from(*byte)),
            b'\\' if cfg!(windows) => uri.push('/'),
            // Writing into a string cannot fail.
            other => drop(write!(uri, "%{other:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    uri
}

/// What keeps a file from being opened, judged from its first bytes.
pub(super) fn fault_of_header(header: &[u8]) -> Option<String> {
    if header.is_empty() {
        return Some("the file is empty".to_owned());
    }
    if !header.starts_with(b"SQLite format 3\0") {
        return Some("the file is no SQLite file, or its first bytes were altered".to_owned());
    }
    if header.len() < HEADER {
        return Some("the file ends within its header: it was cut off".to_owned());
    }
    // 1 is UTF-8, the only encoding ever written; under another one every text reads differently.
    if header[56..60] != [0, 0, 0, 1] {
        return Some("the header names another text encoding than the one packages are written in".to_owned());
    }
    None
}

/// Length the header announces for all pages together.
pub(super) fn announced_length(header: &[u8]) -> Option<u64> {
    let page = match u16::from_be_bytes([*header.get(16)?, *header.get(17)?]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let pages = u32::from_be_bytes(header.get(28..32)?.try_into().ok()?);
    Some(page * u64::from(pages))
}
