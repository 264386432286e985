//! Whatever is done to a package, `verify` finds it, names it, and comes to an end.

use super::package::{History, options, record};
use super::samples::{Dice, START, names, seconds};
use rusqlite::Connection;
use rusqlite::types::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use twin_historian::package::{PackageOptions, SealedPart, Verdict, verify, write};
use twin_historian::{Archive, FileOptions, HistoryFile, LaneNumber, RecordKind};

/// A package with a row in every table that has rows.
fn whole(folder: &Path) -> PathBuf {
    let sealed = SealedPart { passphrase: "key".to_owned(), files: vec![("truth".to_owned(), vec![1; 300])] };
    let out = folder.join("whole.didymos");
    write(&History::new(20).archive(), &PackageOptions { sealed: Some(sealed), ..options(120.0, 150.0) }, &out).unwrap();
    out
}

fn tables(db: &Connection) -> Vec<String> {
    let mut query = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Name and place in the key of the columns of a table.
fn columns(db: &Connection, table: &str) -> Vec<(String, i64)> {
    let mut query = db.prepare(&format!("PRAGMA table_info({table})")).unwrap();
    query.query_map([], |row| Ok((row.get("name")?, row.get("pk")?))).unwrap().map(Result::unwrap).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        other => panic!("{other:?} is no part of a key"),
    }
}

/// The key as `verify` names it, and a condition that picks the row.
fn keys(db: &Connection, table: &str) -> Vec<(String, String)> {
    let mut key: Vec<(String, i64)> = columns(db, table).into_iter().filter(|(_, place)| *place > 0).collect();
    key.sort_by_key(|(_, place)| *place);
    let key: Vec<String> = key.into_iter().map(|(name, _)| name).collect();
    let mut query = db.prepare(&format!("SELECT {0} FROM {table} ORDER BY {0}", key.join(", "))).unwrap();
    let rows = query.query_map([], |row| (0..key.len()).map(|i| row.get::<_, Value>(i)).collect::<Result<Vec<_>, _>>()).unwrap();
    rows.map(|row| {
        let row = row.unwrap();
        let picks = key.iter().zip(&row).map(|(name, value)| match value {
            Value::Integer(number) => format!("{name} = {number}"),
            other => format!("{name} = '{}'", text(other)),
        });
        (row.iter().map(text).collect::<Vec<_>>().join("/"), picks.collect::<Vec<_>>().join(" AND "))
    })
    .collect()
}

/// Does something to a copy of a package and asks what `verify` says.
fn after(original: &Path, sql: &str) -> Verdict {
    let copy = original.with_extension("altered");
    std::fs::copy(original, &copy).unwrap();
    Connection::open(&copy).unwrap().execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    verify(&copy).unwrap()
}

fn named(verdict: Verdict, sql: &str) -> (String, String, String) {
    match verdict {
        Verdict::Altered { first } => (first.table, first.row_key, first.what),
        other => panic!("{sql}: {other}"),
    }
}

/// First, middle and last.
fn some<T: Clone>(all: &[T]) -> Vec<T> {
    let mut places = vec![0, all.len() / 2, all.len() - 1];
    places.dedup();
    places.into_iter().map(|place| all[place].clone()).collect()
}

#[test]
fn every_altered_column_of_every_table_is_named_with_its_row() {
    let folder = tempfile::tempdir().unwrap();
    let original = whole(folder.path());
    let db = Connection::open(&original).unwrap();
    let mut seen = 0;
    for table in tables(&db).iter().filter(|table| *table != "tail") {
        for (key, pick) in some(&keys(&db, table)) {
            for (column, place) in columns(&db, table) {
                let sql = format!(
                    "UPDATE {table} SET {column} = CASE typeof({column}) WHEN 'integer' THEN {column} + 1000000 WHEN 'real' THEN {column} + 1
                     WHEN 'text' THEN {column} || 'x' WHEN 'blob' THEN CAST({column} || x'00' AS BLOB) ELSE 1 END WHERE {pick}"
                );
                let (found_table, found_key, what) = named(after(&original, &sql), &sql);
                assert_eq!(&found_table, table, "{sql}: {found_key}: {what}");
                // Of a key that was altered the old one is missing and the new one was added.
                assert!(found_key == key || place > 0, "{sql}: {found_key}: {what}");
                seen += 1;
            }
        }
    }
    println!("{seen} altered columns, all named");
    assert!(seen > 100);
}

#[test]
fn every_deleted_and_every_added_row_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let original = whole(folder.path());
    let db = Connection::open(&original).unwrap();
    for table in tables(&db).iter().filter(|table| *table != "tail") {
        for (key, pick) in some(&keys(&db, table)) {
            let sql = format!("DELETE FROM {table} WHERE {pick}");
            let (found_table, found_key, what) = named(after(&original, &sql), &sql);
            let last_link = table == "chain" && keys(&db, table).last().is_some_and(|(last, _)| *last == key);
            // Without its last link the chain has one record too many: that one cannot be told from one that was added.
            assert!((&found_table, &found_key) == (table, &key) || last_link, "{sql}: {found_table} {found_key}: {what}");
            assert!(what.contains("missing") || last_link, "{what}");
        }
    }
    for (sql, table, key) in [
        ("INSERT INTO signal VALUES (77, 'plant:new/value', 'bar')", "signal", "77"),
        ("INSERT INTO meta VALUES ('zone', 'UTC')", "meta", "zone"),
        ("INSERT INTO tail (data) VALUES (x'01')", "tail", "1"),
        ("INSERT INTO attachment VALUES ('a', x'')", "attachment", "a"),
        (
            "INSERT INTO record SELECT 999, lane, sequence, time_ns, written_ns, kind, author, subject, body FROM record LIMIT 1",
            "record",
            "999",
        ),
        ("INSERT INTO keyframe VALUES (3, 5, 'k', 1, x'00')", "keyframe", "3/k/5"),
        ("CREATE TABLE more (a)", "sqlite_schema", "more"),
        ("CREATE VIEW zoo AS SELECT 1", "sqlite_schema", "zoo"),
        ("DROP VIEW note", "sqlite_schema", "note"),
        ("DROP INDEX record_by_time", "sqlite_schema", "record_by_time"),
        ("PRAGMA user_version = 0", "file", "header"),
        ("PRAGMA application_id = 5", "file", "header"),
    ] {
        let (found_table, found_key, what) = named(after(&original, sql), sql);
        assert_eq!((found_table.as_str(), found_key.as_str()), (table, key), "{sql}: {what}");
    }
}

#[test]
fn a_person_reads_what_an_altered_record_was_about() {
    let folder = tempfile::tempdir().unwrap();
    let original = whole(folder.path());
    for (sql, expected) in [
        (
            "UPDATE chunk_data SET data = x'01' WHERE id = (SELECT MAX(id) - 1 FROM chunk_data)",
            "samples of plant:thing-4/value from 2026-11-27T",
        ),
        ("UPDATE record SET body = '' WHERE id = 3", "alarm PAL-"),
        ("UPDATE chain SET digest = zeroblob(32) WHERE n = 9", "this link of the chain was altered"),
        ("UPDATE chain SET digest = zeroblob(32) WHERE n = (SELECT MAX(n) FROM chain)", "this link of the chain was altered"),
        ("VACUUM", "all "),
    ] {
        let verdict = after(&original, sql);
        assert!(verdict.to_string().contains(expected), "{sql}: {verdict}");
    }
    // The last record and its link taken away together leave a chain that fits, but another end.
    let both = "DELETE FROM signal WHERE number = (SELECT MAX(number) FROM signal); DELETE FROM chain WHERE n = (SELECT MAX(n) FROM chain)";
    assert!(!after(&original, both).is_intact());
}

#[test]
fn what_is_no_package_gets_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let unreadable = |path: &Path| match verify(path).unwrap() {
        Verdict::Unreadable { reason } => reason,
        other => panic!("{other}"),
    };
    std::fs::write(&path, b"").unwrap();
    assert!(unreadable(&path).contains("empty"));
    std::fs::write(&path, vec![b'x'; 5000]).unwrap();
    assert!(unreadable(&path).contains("no SQLite file"));
    let day = History::new(21);
    assert!(unreadable(&day.folder.path().join("2026-11-27.history")).contains("no package"));
    let other = folder.path().join("other");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
    assert!(unreadable(&other).contains("no file of Didymos"));
    assert!(verify(&folder.path().join("none")).unwrap_err().to_string().contains("none"));
    // Views that never end, where tables are expected.
    let trap = folder.path().join("trap");
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS n, 'a' AS table_name, i AS row_key, x'00' AS digest FROM n";
    Connection::open(&trap).unwrap().execute_batch(&format!("CREATE VIEW chain AS {endless}; CREATE VIEW meta AS {endless}")).unwrap();
    assert!(!verify(&trap).unwrap().is_intact());
}

#[test]
fn ten_thousand_flipped_bits_and_cut_ends_are_all_found_without_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source.history");
    let mut commits = seconds(2, 60, 1, 22);
    commits[30].records.push(record(RecordKind::Alarm, 31, START.plus_secs(31.0), "PAL-1"));
    let mut file = HistoryFile::open(&source, names(2), FileOptions::default()).unwrap();
    file.append(&commits).unwrap();
    file.put_keyframe(LaneNumber(0), "simulator", START.plus_secs(20.0), 20, &[5; 600]).unwrap();
    let sealed = SealedPart { passphrase: "key".to_owned(), files: vec![("truth".to_owned(), vec![1; 300])] };
    let original = folder.path().join("whole.didymos");
    let archive = Archive::open(&source, names(2)).unwrap();
    write(&archive, &PackageOptions { sealed: Some(sealed), ..options(25.0, 50.0) }, &original).unwrap();
    let whole = std::fs::read(&original).unwrap();

    const TRIES: usize = 10_000;
    let path = folder.path().join("damaged.didymos");
    let mut dice = Dice(23);
    let (mut missed, mut panicked) = (Vec::new(), Vec::new());
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for number in 0..TRIES {
        let mut damaged = whole.clone();
        let place = usize::try_from(dice.roll(whole.len() as u64 * 8)).unwrap();
        match number % 4 {
            0 => damaged.truncate(place / 8),
            _ => damaged[place / 8] ^= 1 << (place % 8),
        }
        std::fs::write(&path, &damaged).unwrap();
        match std::panic::catch_unwind(|| verify(&path)) {
            Ok(Ok(Verdict::Altered { first })) => {
                *kinds.entry(if first.table == "file" { "bytes outside of records" } else { "a record" }).or_default() += 1
            }
            Ok(Ok(Verdict::Unreadable { .. })) => *kinds.entry("unreadable").or_default() += 1,
            Ok(other) => missed.push((number, place, format!("{other:?}"))),
            Err(_) => panicked.push((number, place)),
        }
    }
    println!(
        "{TRIES} damages to {} bytes: {kinds:?}; missed {}, panics {}; 95 % bound of either {:.1e}",
        whole.len(),
        missed.len(),
        panicked.len(),
        3.0 / TRIES as f64
    );
    assert!(missed.is_empty() && panicked.is_empty(), "missed {missed:?}, panicked {panicked:?}");
}
