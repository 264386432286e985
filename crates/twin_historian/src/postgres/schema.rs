//! The tables on the server.

use super::SiteError;
use ::postgres::Client;

/// Version of the tables below.
const VERSION: i64 = 1;
/// Longest name of a schema; PostgreSQL cuts names at 63 bytes.
const NAME_BYTES: usize = 48;

/// What the samples are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Not known before the first connection.
    Unknown,
    /// TimescaleDB is not in the database: an ordinary table.
    Table,
    /// A hypertable of TimescaleDB.
    Hypertable,
}

/// A name that needs no escape in SQL.
///
/// # Errors
/// [`SiteError::SchemaName`] for every other.
pub(super) fn check_name(schema: &str) -> Result<&str, SiteError> {
    let is_plain = schema.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    match is_plain && schema.len() <= NAME_BYTES && schema.starts_with(|c: char| c.is_ascii_lowercase()) {
        true => Ok(schema),
        false => Err(SiteError::SchemaName { schema: schema.to_owned() }),
    }
}

/// Times stand in microseconds, as PostgreSQL has them, with the nanoseconds they leave beside.
fn tables(schema: &str) -> String {
    format!(
        "CREATE SCHEMA IF NOT EXISTS {schema};
CREATE TABLE {schema}.meta (key text PRIMARY KEY, value text NOT NULL);
CREATE TABLE {schema}.signal (number int4 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text NOT NULL UNIQUE, unit text NOT NULL);
CREATE TABLE {schema}.sample (
    lane int8 NOT NULL, signal int4 NOT NULL, source_time timestamptz NOT NULL, source_nanos int2 NOT NULL, value float8,
    quality int8 NOT NULL, origin int2 NOT NULL, receive_time timestamptz NOT NULL, sequence int8 NOT NULL
);
CREATE TABLE {schema}.record (
    file text NOT NULL, id int8 NOT NULL, lane int8 NOT NULL, sequence int8 NOT NULL, time timestamptz NOT NULL,
    time_nanos int2 NOT NULL, written timestamptz NOT NULL, kind text NOT NULL, author text NOT NULL, subject text NOT NULL,
    body text NOT NULL, PRIMARY KEY (file, id)
);
CREATE TABLE {schema}.forwarded (lane int8 PRIMARY KEY, sequence int8 NOT NULL);
CREATE TABLE {schema}.forwarded_record (file text PRIMARY KEY, id int8 NOT NULL);
CREATE INDEX sample_by_signal ON {schema}.sample (lane, signal, source_time);
CREATE INDEX record_by_time ON {schema}.record (lane, time);
CREATE VIEW {schema}.reading AS
    SELECT s.lane, g.id AS signal, g.unit, s.source_time, s.value, s.quality,
           CASE s.quality >> 30 WHEN 0 THEN 'good' WHEN 1 THEN 'uncertain' ELSE 'bad' END AS quality_class,
           (ARRAY['live', 'late', 'manual', 'simulated', 'derived'])[s.origin + 1] AS origin, s.receive_time, s.sequence
    FROM {schema}.sample s JOIN {schema}.signal g ON g.number = s.signal;
INSERT INTO {schema}.meta VALUES ('version', '{VERSION}');
"
    )
}

/// Makes the tables where they are missing.
///
/// # Errors
/// [`SiteError`] when the server refuses or has tables of a newer version.
pub(super) fn prepare(client: &mut Client, schema: &str) -> Result<Storage, SiteError> {
    let of_server = SiteError::server;
    let mut transaction = client.transaction().map_err(of_server("making the tables"))?;
    let known = transaction.query_one("SELECT to_regclass($1) IS NOT NULL", &[&format!("{schema}.meta")]);
    let is_there: bool = known.map_err(of_server("looking for the tables"))?.get(0);
    if is_there {
        let sql = format!("SELECT value::int8 FROM {schema}.meta WHERE key = 'version'");
        let version: i64 = transaction.query_one(&sql, &[]).map_err(of_server("reading the version of the tables"))?.get(0);
        if version > VERSION {
            return Err(SiteError::Newer { schema: schema.to_owned(), version, known: VERSION });
        }
    } else {
        transaction.batch_execute(&tables(schema)).map_err(of_server("making the tables"))?;
    }
    // The function is there exactly when the extension is in the database.
    let found = transaction.query_one("SELECT to_regproc('create_hypertable') IS NOT NULL", &[]);
    let storage = if found.map_err(of_server("looking for TimescaleDB"))?.get(0) { Storage::Hypertable } else { Storage::Table };
    if storage == Storage::Hypertable {
        let sql = format!(
            "SELECT create_hypertable('{schema}.sample', 'source_time', create_default_indexes => false, if_not_exists => true, migrate_data => true)"
        );
        transaction.batch_execute(&sql).map_err(of_server("making the hypertable"))?;
    }
    transaction.commit().map_err(of_server("making the tables"))?;
    Ok(storage)
}
