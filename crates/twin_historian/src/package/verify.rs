//! Whether a package is as it was written, and if not, which record is the first that is not.

use super::chain::{self, Budget, Digest};
use super::trailer::{self, Trailer};
use super::{Fingerprint, PackageReport, untrusted};
use crate::disk::{APPLICATION_ID, HistoryError, VERSION};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Rows};
use std::fmt;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use twin_model::TwinTime;

/// What [`verify()`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every byte is as it was written, if the fingerprint is the one that was noted then.
    Intact {
        /// Compare it with the one noted when the package was written.
        fingerprint: Fingerprint,
        /// Records under the chain.
        records: u64,
    },
    /// Something was altered, removed or added.
    Altered {
        /// The first record, in the order of the chain, that is not as it was written.
        first: AlteredRecord,
    },
    /// Nothing can be said of single records: it is no package, or so much is lost that none can be read.
    Unreadable {
        /// Why, in a sentence.
        reason: String,
    },
}

impl Verdict {
    /// True when every byte is as it was written.
    pub fn is_intact(&self) -> bool {
        matches!(self, Self::Intact { .. })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Intact { fingerprint, records } => write!(f, "intact: {records} records, fingerprint {fingerprint}"),
            Self::Altered { first } => write!(f, "altered: {first}"),
            Self::Unreadable { reason } => write!(f, "unreadable: {reason}"),
        }
    }
}

impl PackageReport {
    /// What [`verify()`] says of a package as it was written.
    pub fn verdict(&self) -> Verdict {
        Verdict::Intact { fingerprint: self.fingerprint, records: self.records }
    }
}

/// A record that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlteredRecord {
    /// Its table; `file` for what belongs to no table.
    pub table: String,
    /// Its primary key, columns parted by `/`.
    pub row_key: String,
    /// What is wrong with it, for a person.
    pub what: String,
}

impl AlteredRecord {
    pub(super) fn new(table: impl Into<String>, row_key: impl Into<String>, what: impl Into<String>) -> Self {
        Self { table: table.into(), row_key: row_key.into(), what: what.into() }
    }
}

impl fmt::Display for AlteredRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gap = if self.row_key.is_empty() { "" } else { " " };
        write!(f, "{}{gap}{}: {}", self.table, self.row_key, self.what)
    }
}

/// Compares a package with its hash chain, the digest of its bytes and the rules of SQLite. The sealed part is compared like
/// any other record, unopened. The file is taken as one that may have been made to harm.
///
/// # Errors
/// [`HistoryError`] when the disk refuses, or the package is whole but of a newer version. Whatever is wrong with the file
/// itself is a [`Verdict`].
pub fn verify(path: &Path) -> Result<Verdict, HistoryError> {
    let io = |source| HistoryError::Io { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    let mut header = Vec::new();
    file.by_ref().take(untrusted::HEADER as u64).read_to_end(&mut header).map_err(io)?;
    if let Some(reason) = untrusted::fault_of_header(&header) {
        return Ok(Verdict::Unreadable { reason });
    }
    file.rewind().map_err(io)?;
    let trailer = trailer::check(&mut file).map_err(io)?;
    let pages = untrusted::announced_length(&header).unwrap_or(0);
    if pages > length {
        let reason = format!("the file was cut off: it has {length} bytes, its header announces {pages}");
        return Ok(Verdict::Unreadable { reason });
    }
    let judge = Judge { length, pages, trailer };
    match untrusted::open(path) {
        Ok(db) => judge.verdict(&db, path),
        Err(HistoryError::Sqlite { source, .. }) => Ok(Verdict::Unreadable { reason: format!("it cannot be opened: {source}") }),
        Err(error) => Err(error),
    }
}

struct Judge {
    length: u64,
    /// Bytes of all pages.
    pages: u64,
    trailer: Trailer,
}

impl Judge {
    fn verdict(&self, db: &Connection, path: &Path) -> Result<Verdict, HistoryError> {
        let altered = |first| Ok(Verdict::Altered { first });
        match self.is_package(db) {
            Ok(true) => {}
            Ok(false) => {
                let reason = "it has no hash chain: it is no package, or the chain was removed".to_owned();
                return Ok(Verdict::Unreadable { reason });
            }
            Err(reason) => return Ok(Verdict::Unreadable { reason }),
        }
        let compared = compare(db, Budget::of_file(self.length), self.trailer.fingerprint());
        let (fingerprint, records) = match compared {
            Ok(whole) => whole,
            Err(first) => return altered(self.described(db, first)),
        };
        match self.trailer {
            Trailer::Intact { version, .. } if version > trailer::VERSION => {
                let (version, known) = (i64::from(version), i64::from(trailer::VERSION));
                return Err(HistoryError::Newer { path: path.to_owned(), version, known });
            }
            Trailer::Intact { fingerprint: noted, .. } if noted != fingerprint => {
                return altered(AlteredRecord::new("chain", records.to_string(), "it is not the last one: what followed is missing"));
            }
            Trailer::Intact { .. } => {}
            Trailer::Altered { .. } => {
                let what = format!("all {records} records are as they were written, but bytes outside of them are not");
                return altered(AlteredRecord::new("file", "bytes", what));
            }
            Trailer::Missing => {
                let what =
                    format!("all {records} records are as they were written, but the end of the file was altered, cut off or added to");
                return altered(AlteredRecord::new("file", "end", what));
            }
        }
        if self.pages + trailer::LENGTH != self.length {
            return altered(AlteredRecord::new("file", "end", "there are bytes between the last page and the trailer"));
        }
        self.check_indices(db, Fingerprint(fingerprint), records)
    }

    /// A package has a chain, and says what it is.
    fn is_package(&self, db: &Connection) -> Result<bool, String> {
        let reason = |source: rusqlite::Error| format!("it cannot be read: {source}");
        let sql = "SELECT type = 'table' AND sql LIKE 'CREATE TABLE %' FROM sqlite_schema WHERE name = 'chain'";
        let has_chain: Option<bool> = db.query_row(sql, [], |row| row.get(0)).optional().map_err(reason)?;
        if self.trailer == Trailer::Missing && has_chain.is_none() {
            let id: i64 = db.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(reason)?;
            let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(reason)?;
            return match id == APPLICATION_ID && version <= VERSION {
                true => Err("it is a history file and no package: it has no hash chain to compare it with".to_owned()),
                false => Err("it is no file of Didymos".to_owned()),
            };
        }
        Ok(has_chain == Some(true))
    }

    /// Rows are what was written; whether the indices lead to the same ones, SQLite tells.
    fn check_indices(&self, db: &Connection, fingerprint: Fingerprint, records: u64) -> Result<Verdict, HistoryError> {
        let found = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
        Ok(match found {
            Ok(text) if text == "ok" => Verdict::Intact { fingerprint, records },
            Ok(text) => Verdict::Altered { first: AlteredRecord::new("file", "indices", format!("they do not fit the records: {text}")) },
            Err(source) => Verdict::Altered { first: chain::unreadable("file", "indices", &source) },
        })
    }

    /// Adds to a record what a person knows it by.
    fn described(&self, db: &Connection, mut record: AlteredRecord) -> AlteredRecord {
        let known = match record.table.as_str() {
            "chunk_data" => record.row_key.parse().ok().and_then(|data| self.samples_in(db, data)),
            "chunk" => record.row_key.rsplit('/').next().and_then(|data| data.parse().ok()).and_then(|data| self.samples_in(db, data)),
            "record" => record.row_key.parse().ok().and_then(|id: i64| {
                let sql = "SELECT kind, subject, time_ns FROM record WHERE id = ?1";
                let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, TwinTime(row.get(2)?)));
                let (kind, subject, time) = db.query_row(sql, [id], read).ok()?;
                let gap = if subject.is_empty() { "" } else { " " };
                Some(format!("{kind}{gap}{subject} at {time}"))
            }),
            _ => None,
        };
        if let Some(known) = known {
            record.what = format!("{} ({known})", record.what);
        }
        record
    }

    /// Which samples a row of `chunk_data` holds, as far as the file tells.
    fn samples_in(&self, db: &Connection, data: i64) -> Option<String> {
        let sql = "SELECT data, signal, first_ns, last_ns FROM chunk NOT INDEXED LIMIT ?1";
        let mut query = db.prepare(sql).ok()?;
        let mut rows = query.query([i64::try_from(self.length).unwrap_or(i64::MAX)]).ok()?;
        while let Some(row) = rows.next().ok()? {
            if row.get::<_, i64>(0).ok()? == data {
                let (signal, first, last): (i64, i64, i64) = (row.get(1).ok()?, row.get(2).ok()?, row.get(3).ok()?);
                let id: String = db.query_row("SELECT id FROM signal WHERE number = ?1", [signal], |row| row.get(0)).ok()?;
                return Some(format!("samples of {id} from {} to {}", TwinTime(first), TwinTime(last)));
            }
        }
        None
    }
}

/// Walks over all rows and over the chain at once. Returns the last digest and the number of records.
fn compare(db: &Connection, mut budget: Budget, noted: Option<Digest>) -> Result<(Digest, u64), AlteredRecord> {
    let failed = |source: rusqlite::Error| chain::unreadable(chain::TABLE, "", &source);
    let sql = "SELECT n, table_name, row_key, digest FROM chain NOT INDEXED ORDER BY n";
    let mut query = db.prepare(sql).map_err(failed)?;
    let rows = query.query([]).map_err(failed)?;
    let mut comparison = Comparison { db, links: Links { rows, budget, last: 0 }, digest: chain::seed(), doubtful: None };
    chain::walk(db, &mut budget, |table, key, row| comparison.visit(table, key, row))?;
    comparison.finish(noted)
}

/// One row of the chain.
struct Link {
    n: i64,
    table: String,
    key: String,
    digest: Digest,
}

impl Link {
    fn is_of(&self, table: &str, key: &str) -> bool {
        self.table == table && self.key == key
    }
}

/// The rows of the chain in order.
struct Links<'a> {
    rows: Rows<'a>,
    budget: Budget,
    last: i64,
}

impl Links<'_> {
    fn next(&mut self) -> Result<Option<Link>, AlteredRecord> {
        let expected = self.last + 1;
        let failed = |source: rusqlite::Error| chain::unreadable(chain::TABLE, &expected.to_string(), &source);
        let Some(row) = self.rows.next().map_err(failed)? else { return Ok(None) };
        let cells = [row.get_ref(1).map_err(failed)?, row.get_ref(2).map_err(failed)?, row.get_ref(3).map_err(failed)?];
        if !self.budget.spend(&cells) {
            return Err(chain::too_much(chain::TABLE, &self.last.to_string()));
        }
        let n: i64 = row.get(0).map_err(failed)?;
        let altered = |what: &str| AlteredRecord::new(chain::TABLE, expected.to_string(), what);
        if n != expected {
            return Err(altered("this link of the chain is missing"));
        }
        match cells {
            [ValueRef::Text(table), ValueRef::Text(key), ValueRef::Blob(digest)] => {
                let digest = digest.try_into().map_err(|_| altered("this link of the chain was altered"))?;
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                self.last = n;
                Ok(Some(Link { n, table: text(table), key: text(key), digest }))
            }
            _ => Err(altered("this link of the chain was altered")),
        }
    }
}

/// A record whose digest is not the one of its link: which of the two was altered, the next record tells.
struct Doubtful {
    record: AlteredRecord,
    n: i64,
    digest: Digest,
}

impl Doubtful {
    fn judged(self, is_record_as_written: bool) -> AlteredRecord {
        match is_record_as_written {
            true => AlteredRecord::new(chain::TABLE, self.n.to_string(), "this link of the chain was altered"),
            false => self.record,
        }
    }
}

struct Comparison<'a> {
    db: &'a Connection,
    links: Links<'a>,
    /// Of the last record.
    digest: Digest,
    doubtful: Option<Doubtful>,
}

impl Comparison<'_> {
    fn visit(&mut self, table: &str, key: &str, row: &[ValueRef<'_>]) -> Result<(), AlteredRecord> {
        let link = match (self.links.next(), self.doubtful.take()) {
            (Ok(link), None) => link,
            (Err(error), None) => return Err(error),
            (link, Some(doubtful)) => {
                let follows = chain::link(&doubtful.digest, table, row);
                return Err(doubtful.judged(matches!(link, Ok(Some(link)) if link.digest == follows)));
            }
        };
        let Some(link) = link else {
            return Err(AlteredRecord::new(table, key, "it was added"));
        };
        let digest = chain::link(&self.digest, table, row);
        match (link.is_of(table, key), link.digest == digest) {
            (true, true) => self.digest = digest,
            (true, false) => {
                let record = AlteredRecord::new(table, key, "it was altered");
                self.doubtful = Some(Doubtful { record, n: link.n, digest });
            }
            (false, true) => return Err(AlteredRecord::new(chain::TABLE, link.n.to_string(), "this link of the chain was altered")),
            (false, false) if self.is_in_chain(table, key) => return Err(AlteredRecord::new(link.table, link.key, "it is missing")),
            (false, false) => return Err(AlteredRecord::new(table, key, "it was added, or its key was altered")),
        }
        Ok(())
    }

    fn finish(mut self, noted: Option<Digest>) -> Result<(Digest, u64), AlteredRecord> {
        let link = match (self.links.next(), self.doubtful.take()) {
            (_, Some(doubtful)) => {
                let is_noted = noted == Some(doubtful.digest);
                return Err(doubtful.judged(is_noted));
            }
            (link, None) => link?,
        };
        match link {
            Some(link) => Err(AlteredRecord::new(link.table, link.key, "it is missing")),
            None => Ok((self.digest, u64::try_from(self.links.last).unwrap_or(0))),
        }
    }

    /// Whether the chain has a link for a record, at any place.
    fn is_in_chain(&self, table: &str, key: &str) -> bool {
        let found = || -> rusqlite::Result<bool> {
            let mut query = self.db.prepare("SELECT table_name, row_key FROM chain NOT INDEXED")?;
            let mut rows = query.query([])?;
            let mut budget = self.links.budget;
            while let Some(row) = rows.next()? {
                let cells = [row.get_ref(0)?, row.get_ref(1)?];
                if cells == [ValueRef::Text(table.as_bytes()), ValueRef::Text(key.as_bytes())] {
                    return Ok(true);
                }
                if !budget.spend(&cells) {
                    return Ok(false);
                }
            }
            Ok(false)
        };
        found().unwrap_or(false)
    }
}
