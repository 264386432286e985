//! How many samples per second reach a PostgreSQL server that this program starts, beside plain INSERTs into the same table,
//! and what an outage costs: `cargo run --release -p twin_historian --example postgres_rate -- [SIGNALS] [SECONDS] [OUTAGE_SECS]`.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that cannot write has nothing to measure")]

#[path = "../tests/history/database.rs"]
mod database;
#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/history/samples.rs"]
mod samples;

use database::Database;
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant, SystemTime};
use twin_historian::postgres::{SiteHistorian, SiteOptions};
use twin_historian::{Commit, FileOptions, HistoryFolder, Retention};

const PATIENCE: Duration = Duration::from_secs(600);
/// How long plain INSERTs are measured.
const INSERTING: Duration = Duration::from_secs(10);

fn main() {
    let number = |at: usize, default: u64| std::env::args().nth(at).map_or(default, |text| text.parse().expect("a whole number"));
    let (signals, count, outage) = (u32::try_from(number(1, 1000)).expect("a number of signals"), number(2, 1000), number(3, 0));
    let mut database = Database::start();
    let root = tempfile::tempdir().expect("a folder for the history");
    let mut history = folder(root.path(), signals);
    let commits = samples::seconds(signals, count, 1, 1);
    for group in commits.chunks(10) {
        history.append(group).map_err(|(_, error)| error).expect("the disk takes the history");
    }
    let options = SiteOptions { server: database.address(), schema: "rate".to_owned(), ..SiteOptions::default() };
    let begun = Instant::now();
    let site = SiteHistorian::start(root.path(), options).expect("a thread");
    assert!(site.flush(PATIENCE), "{}", site.stats().last_error());
    let (sent, secs) = (site.stats().forwarded.load(Relaxed), begun.elapsed().as_secs_f64());
    println!(
        "forwarded   {sent} samples in {secs:.2} s: {:.0} samples/s, {} batches",
        sent as f64 / secs,
        site.stats().batches.load(Relaxed)
    );
    insert(&database, &commits);
    if outage > 0 {
        interrupt(&mut database, &mut history, &site, signals, count, outage);
    }
}

fn folder(root: &Path, signals: u32) -> HistoryFolder {
    HistoryFolder::open(root, samples::names(signals as usize), FileOptions::default(), Retention::default()).expect("a history")
}

/// One prepared INSERT per sample, a thousand in a transaction, into a table with the same columns and index.
fn insert(database: &Database, commits: &[Commit]) {
    let mut client = database.client();
    let twin = "CREATE TABLE rate.plain (LIKE rate.sample INCLUDING ALL)";
    client.batch_execute(twin).expect("a table like the one of the historian");
    let insert = client.prepare("INSERT INTO rate.plain VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)").expect("a statement");
    let (begun, mut rows) = (Instant::now(), 0_u64);
    let all: Vec<_> = commits.iter().flat_map(|commit| commit.samples.iter().map(|sample| (commit.sequence, sample))).collect();
    for part in all.chunks(1000).take_while(|_| begun.elapsed() < INSERTING) {
        let mut transaction = client.transaction().expect("a transaction");
        for (sequence, sample) in part {
            let time = |nanos: i64| SystemTime::UNIX_EPOCH + Duration::from_micros(nanos.unsigned_abs() / 1000);
            let (at, received) = (time(sample.source_time.0), time(sample.receive_time.0));
            let (signal, quality) = (sample.signal.0.cast_signed(), i64::from(sample.quality.0));
            let row: [&(dyn postgres::types::ToSql + Sync); 9] =
                [&0_i64, &signal, &at, &0_i16, &sample.value, &quality, &0_i16, &received, &sequence.cast_signed()];
            transaction.execute(&insert, &row).expect("a row");
        }
        transaction.commit().expect("a commit");
        rows += part.len() as u64;
    }
    let secs = begun.elapsed().as_secs_f64();
    println!("row INSERT  {rows} samples in {secs:.2} s: {:.0} samples/s", rows as f64 / secs);
}

/// A plant that sends every second, and a server that is killed for a while in the middle.
fn interrupt(database: &mut Database, history: &mut HistoryFolder, site: &SiteHistorian, signals: u32, first: u64, outage: u64) {
    let (begun, mut written) = (Instant::now(), 0_u64);
    let later = samples::seconds(signals, outage + 20, first + 1, 2);
    for (second, commit) in (0_u64..).zip(later) {
        if second == 10 {
            database.kill();
        }
        if second == 10 + outage {
            database.restart();
        }
        written += commit.samples.len() as u64;
        history.append(&[commit]).map_err(|(_, error)| error).expect("the disk takes the history");
        std::thread::sleep(Duration::from_secs(second + 1).saturating_sub(begun.elapsed()));
    }
    let behind = site.stats().behind.load(Relaxed);
    let flushed = Instant::now();
    assert!(site.flush(PATIENCE), "{}", site.stats().last_error());
    let sql = format!(
        "SELECT count(*), count(DISTINCT (signal, source_time, source_nanos, sequence)) FROM rate.sample s WHERE sequence > {first}
                       AND EXISTS (SELECT 1 FROM rate.signal g WHERE g.number = s.signal AND g.id LIKE 'plant:%')"
    );
    let row = database.client().query_one(&sql, &[]).expect("the tables");
    let (rows, distinct): (i64, i64) = (row.get(0), row.get(1));
    println!(
        "outage      server killed for {outage} s: {written} samples written, {rows} on the server, {} lost, {} doubled; {behind} commits behind at the end, caught up in {:.2} s",
        written.cast_signed() - distinct,
        rows - distinct,
        flushed.elapsed().as_secs_f64()
    );
}
