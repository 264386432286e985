//! The hash chain over all rows of a file.
//!
//! The order is fixed: the header, the schema by name, then every table by name, each in the order of its primary key. A digest
//! is the SHA-256 of the one before, the name of the table, and the row: number of columns, then of each column its type (0 NULL,
//! 1 integer, 2 real, 3 text, 4 bytes), length and bytes, numbers little-endian.

use super::AlteredRecord;
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};
use sha2::{Digest as _, Sha256};

/// SHA-256.
pub(super) type Digest = [u8; 32];

/// The table the digests stand in; the only one that is not covered by them.
pub(super) const TABLE: &str = "chain";

/// Tables a package has besides those of a history.
pub(super) const TABLES: &str = "
CREATE TABLE sealed (
    id INTEGER PRIMARY KEY, derivation TEXT NOT NULL, iterations INTEGER NOT NULL, salt BLOB NOT NULL,
    cipher TEXT NOT NULL, nonce BLOB NOT NULL, data BLOB NOT NULL
);
CREATE TABLE chain (n INTEGER PRIMARY KEY, table_name TEXT NOT NULL, row_key TEXT NOT NULL, digest BLOB NOT NULL);
";

/// What the chain begins with.
pub(super) fn seed() -> Digest {
    Sha256::digest(b"didymos package 1").into()
}

/// The digest that follows `previous` for a row.
pub(super) fn link(previous: &Digest, table: &str, row: &[ValueRef<'_>]) -> Digest {
    let mut sum = Sha256::new();
    sum.update(previous);
    push(&mut sum, 3, table.as_bytes());
    sum.update((row.len() as u64).to_le_bytes());
    for value in row {
        match value {
            ValueRef::Null => push(&mut sum, 0, &[]),
            ValueRef::Integer(number) => push(&mut sum, 1, &number.to_le_bytes()),
            ValueRef::Real(number) => push(&mut sum, 2, &number.to_bits().to_le_bytes()),
            ValueRef::Text(text) => push(&mut sum, 3, text),
            ValueRef::Blob(bytes) => push(&mut sum, 4, bytes),
        }
    }
    sum.finalize().into()
}

fn push(sum: &mut Sha256, kind: u8, bytes: &[u8]) {
    sum.update([kind]);
    sum.update((bytes.len() as u64).to_le_bytes());
    sum.update(bytes);
}

/// What a file may at most give before it must be a forgery: a damaged tree of pages can lead to the same rows again and again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    rows: u64,
    bytes: u64,
}

impl Budget {
    /// For a file of that length: no row is shorter than a byte.
    pub(super) fn of_file(length: u64) -> Self {
        Self { rows: length, bytes: length }
    }

    /// For a file of our own.
    pub(super) fn unlimited() -> Self {
        Self { rows: u64::MAX, bytes: u64::MAX }
    }

    /// Takes a row off; false when the file gives more than it can hold.
    pub(super) fn spend(&mut self, row: &[ValueRef<'_>]) -> bool {
        let bytes: usize = row
            .iter()
            .map(|value| match value {
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len(),
                _ => 0,
            })
            .sum();
        match (self.rows.checked_sub(1), self.bytes.checked_sub(bytes as u64)) {
            (Some(rows), Some(bytes)) => {
                *self = Self { rows, bytes };
                true
            }
            _ => false,
        }
    }
}

/// Hands on every row in the order of the chain: table, key and columns.
pub(super) fn walk<E: From<AlteredRecord>>(
    db: &Connection,
    budget: &mut Budget,
    mut visit: impl FnMut(&str, &str, &[ValueRef<'_>]) -> Result<(), E>,
) -> Result<(), E> {
    let number = |name: &str| {
        let read = db.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
        read.map_err(|source| unreadable("file", "header", &source))
    };
    let header = [ValueRef::Integer(number("application_id")?), ValueRef::Integer(number("user_version")?)];
    visit("file", "header", &header)?;
    let schema = read_schema(db, budget)?;
    for entry in &schema {
        let row: Vec<ValueRef<'_>> = entry.iter().map(ValueRef::from).collect();
        visit("sqlite_schema", &key_text(row[1]), &row)?;
    }
    for [kind, name, _, sql] in &schema {
        let (Value::Text(kind), Value::Text(name)) = (kind, name) else { continue };
        if kind == "table" && name != TABLE && !name.starts_with("sqlite_") {
            // SQLite goes by the text: what claims to be a table could be a view that never ends.
            if !matches!(sql, Value::Text(sql) if sql.starts_with("CREATE TABLE ")) {
                return Err(AlteredRecord::new("sqlite_schema", name, "it claims to be a table and is none").into());
            }
            walk_table(db, name, budget, &mut visit)?;
        }
    }
    Ok(())
}

/// Type, name, table and text of all entries, by name.
fn read_schema(db: &Connection, budget: &mut Budget) -> Result<Vec<[Value; 4]>, AlteredRecord> {
    let failed = |source: rusqlite::Error| unreadable("sqlite_schema", "", &source);
    let mut query = db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema").map_err(failed)?;
    let mut rows = query.query([]).map_err(failed)?;
    let mut schema: Vec<[Value; 4]> = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let entry: [Value; 4] =
            [row.get(0).map_err(failed)?, row.get(1).map_err(failed)?, row.get(2).map_err(failed)?, row.get(3).map_err(failed)?];
        if !budget.spend(&entry.iter().map(ValueRef::from).collect::<Vec<_>>()) {
            return Err(too_much("sqlite_schema", ""));
        }
        schema.push(entry);
    }
    schema.sort_by_cached_key(|[kind, name, ..]| (key_text(name.into()), key_text(kind.into())));
    Ok(schema)
}

fn walk_table<E: From<AlteredRecord>>(
    db: &Connection,
    table: &str,
    budget: &mut Budget,
    visit: &mut impl FnMut(&str, &str, &[ValueRef<'_>]) -> Result<(), E>,
) -> Result<(), E> {
    let mut last_key = String::new();
    let columns = columns_of(db, table).map_err(|source| unreadable(table, "", &source))?;
    if columns.iter().any(|column| column.is_computed) || columns.is_empty() {
        return Err(AlteredRecord::new("sqlite_schema", table, "its columns were altered").into());
    }
    let mut key: Vec<usize> = (0..columns.len()).filter(|index| columns[*index].key > 0).collect();
    key.sort_by_key(|index| columns[*index].key);
    let names = |indices: &[usize]| indices.iter().map(|index| quoted(&columns[*index].name)).collect::<Vec<_>>().join(", ");
    let all: Vec<usize> = (0..columns.len()).collect();
    let order = if key.is_empty() { "rowid".to_owned() } else { names(&key) };
    let sql = format!("SELECT {} FROM {} NOT INDEXED ORDER BY {order}", names(&all), quoted(table));
    let failed = |source: rusqlite::Error, last_key: &str| match last_key {
        "" => unreadable(table, "", &source),
        key => AlteredRecord::new(table, format!("after {key}"), format!("cannot be read: {source}")),
    };
    let mut query = db.prepare(&sql).map_err(|source| failed(source, ""))?;
    let mut rows = query.query([]).map_err(|source| failed(source, ""))?;
    while let Some(row) = rows.next().map_err(|source| failed(source, &last_key))? {
        let mut cells = Vec::with_capacity(columns.len());
        for index in 0..columns.len() {
            cells.push(row.get_ref(index).map_err(|source| failed(source, &last_key))?);
        }
        if !budget.spend(&cells) {
            return Err(too_much(table, &last_key).into());
        }
        last_key = key.iter().map(|index| key_text(cells[*index])).collect::<Vec<_>>().join("/");
        visit(table, &last_key, &cells)?;
    }
    Ok(())
}

struct ColumnInfo {
    name: String,
    /// Place in the primary key, from 1; 0 when it is not part of it.
    key: i64,
    is_computed: bool,
}

fn columns_of(db: &Connection, table: &str) -> rusqlite::Result<Vec<ColumnInfo>> {
    let mut query = db.prepare(&format!("PRAGMA table_xinfo({})", quoted(table)))?;
    let rows = query.query_map([], |row| {
        let hidden: i64 = row.get("hidden")?;
        Ok(ColumnInfo { name: row.get("name")?, key: row.get("pk")?, is_computed: hidden != 0 })
    })?;
    rows.collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A column of a key for a person.
pub(super) fn key_text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

/// A row that SQLite cannot give.
pub(super) fn unreadable(table: &str, key: &str, source: &rusqlite::Error) -> AlteredRecord {
    AlteredRecord::new(table, key, format!("cannot be read: {source}"))
}

/// A table that gives more than the file can hold.
pub(super) fn too_much(table: &str, key: &str) -> AlteredRecord {
    AlteredRecord::new(table, format!("after {key}"), "the file leads to the same rows again and again: it was forged")
}
