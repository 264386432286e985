//! A history on a PostgreSQL server: what is in the folder is there once, whatever happens in between.

use super::database::Database;
use super::samples::{START, names, seconds};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use twin_historian::export::{self, ExportSignal, HistorySource, Layout, Selection};
use twin_historian::postgres::{SiteArchive, SiteHistorian, SiteOptions, Storage};
use twin_historian::{Archive, Commit, FileOptions, HistoryFolder, LaneNumber, Record, RecordKind, Retention};
use twin_model::{SignalKey, TwinTime};

const PATIENCE: Duration = Duration::from_secs(120);
const LIVE: LaneNumber = LaneNumber(0);
const BRANCH: LaneNumber = LaneNumber(3);

fn options(database: &Database) -> SiteOptions {
    SiteOptions {
        server: database.address(),
        schema: "plant_1".to_owned(),
        poll: Duration::from_millis(20),
        batch: 200,
        retry: Duration::from_millis(10),
        retry_at_most: Duration::from_millis(200),
    }
}

fn folder(root: &Path, signals: usize) -> HistoryFolder {
    let options = FileOptions { chunk_samples: 50, ..FileOptions::default() };
    HistoryFolder::open(root, names(signals), options, Retention::default()).unwrap()
}

fn on_lane(lane: LaneNumber, mut commits: Vec<Commit>) -> Vec<Commit> {
    commits.iter_mut().for_each(|commit| commit.lane = lane);
    commits
}

fn selection(lane: LaneNumber, signals: u32) -> Selection {
    let signal =
        |key| ExportSignal { key: SignalKey(key), id: format!("plant:thing-{key}/value"), tag: String::new(), unit: "bar".to_owned() };
    Selection { lane, signals: (0..signals).map(signal).collect(), from: TwinTime(i64::MIN), to: TwinTime(i64::MAX) }
}

fn exported(source: &mut impl HistorySource, selection: &Selection, layout: Layout) -> String {
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("a.csv");
    export::csv::write(source, selection, layout, &path, &mut |_| ControlFlow::Continue(())).unwrap();
    std::fs::read_to_string(path).unwrap()
}

/// The server gives the same exports as the folder, byte for byte: nothing lost, nothing doubled, nothing changed.
fn assert_same(database: &Database, root: &Path, lane: LaneNumber, signals: u32) {
    let mut archive = Archive::open(root, names(signals as usize)).unwrap();
    let keys: Vec<SignalKey> = (0..signals).map(SignalKey).collect();
    let mut here = archive.snapshot(lane, &keys).unwrap();
    let mut site = SiteArchive::connect(&database.address(), "plant_1").unwrap();
    let selection = selection(lane, signals);
    let ids: Vec<(SignalKey, &str)> = selection.signals.iter().map(|signal| (signal.key, signal.id.as_str())).collect();
    let mut there = site.snapshot(lane, &ids).unwrap();
    let part = Selection { from: START.plus_secs(77.7), to: START.plus_secs(140.0), ..selection.clone() };
    let wide = Layout::Wide { step: Some(Duration::from_millis(1300)), quality: true };
    for (selection, layout) in [(&selection, Layout::Long), (&selection, wide), (&part, Layout::Long), (&part, wide)] {
        let (here, there) = (exported(&mut here, selection, layout), exported(&mut there, selection, layout));
        assert!(here.lines().count() > 2, "something is compared");
        if here != there {
            let differs = here.lines().zip(there.lines()).find(|(a, b)| a != b);
            panic!("{} lines here, {} on the server; first difference {differs:?}", here.lines().count(), there.lines().count());
        }
    }
}

#[test]
fn everything_of_two_lanes_and_three_days_is_on_the_server_once_and_bit_for_bit() {
    let (database, root) = (Database::start(), tempfile::tempdir().unwrap());
    let mut history = folder(root.path(), 4);
    let mut commits = seconds(4, 600, 1, 1);
    for (i, commit) in commits.iter_mut().enumerate() {
        let days = 86_400.0 * (i / 200) as f64;
        commit.tick = commit.tick.map(|tick| tick.plus_secs(days));
        commit.samples.iter_mut().for_each(|sample| sample.source_time = sample.source_time.plus_secs(days));
    }
    let branch = on_lane(BRANCH, seconds(4, 300, 1, 2));
    let site = SiteHistorian::start(root.path(), options(&database)).unwrap();
    // Looked at while it is written: tails become chunks, days begin, signals appear.
    for (at, group) in commits.chunks(30).enumerate() {
        history.append(group).unwrap();
        if let Some(group) = branch.chunks(30).nth(at) {
            history.append(group).unwrap();
        }
        assert!(at % 4 != 0 || site.flush(PATIENCE), "{}", site.stats().last_error());
    }
    assert!(site.flush(PATIENCE), "{}", site.stats().last_error());
    let samples: usize = commits.iter().chain(&branch).map(|commit| commit.samples.len()).sum();
    assert_eq!(site.stats().forwarded.load(Relaxed), samples as u64);
    assert_eq!(site.stats().behind.load(Relaxed), 0);
    assert_same(&database, root.path(), LIVE, 4);
    assert_same(&database, root.path(), BRANCH, 4);
}

#[test]
fn a_server_that_is_killed_again_and_again_loses_nothing_and_doubles_nothing() {
    let (mut database, root) = (Database::start(), tempfile::tempdir().unwrap());
    let mut history = folder(root.path(), 5);
    let commits = seconds(5, 3000, 1, 3);
    let site = SiteHistorian::start(root.path(), options(&database)).unwrap();
    let mut wanted = 0;
    for group in commits.chunks(600) {
        group.chunks(50).for_each(|part| history.append(part).unwrap());
        // In the middle of the batches: some are there, others on their way.
        wanted = (wanted + 1500).max(site.stats().forwarded.load(Relaxed) + 400).min(14_000);
        while site.stats().forwarded.load(Relaxed) < wanted {
            std::thread::yield_now();
        }
        database.kill();
        assert!(!site.flush(PATIENCE), "nothing can be forwarded to a dead server");
        assert!(site.stats().last_error().starts_with("PostgreSQL, "), "{}", site.stats().last_error());
        assert!(!site.stats().is_connected.load(Relaxed));
        database.restart();
        assert!(site.flush(PATIENCE), "{}", site.stats().last_error());
    }
    assert!(site.stats().refusals.load(Relaxed) >= 5);
    assert_same(&database, root.path(), LIVE, 5);
}

#[test]
fn while_the_server_is_away_the_folder_grows_and_it_is_told_how_far_the_server_is_behind() {
    let (mut database, root) = (Database::start(), tempfile::tempdir().unwrap());
    let mut history = folder(root.path(), 3);
    let commits = seconds(3, 400, 1, 4);
    history.append(&commits[..100]).unwrap();
    let site = SiteHistorian::start(root.path(), options(&database)).unwrap();
    assert!(site.flush(PATIENCE));
    database.kill();
    commits[100..].chunks(20).for_each(|group| history.append(group).unwrap());
    assert!(!site.flush(PATIENCE));
    assert_eq!(site.stats().behind.load(Relaxed), 300);
    database.restart();
    assert!(site.flush(PATIENCE), "{}", site.stats().last_error());
    assert_eq!(site.stats().behind.load(Relaxed), 0);
    assert_same(&database, root.path(), LIVE, 3);
}

#[test]
fn a_forwarder_that_is_started_again_goes_on_where_the_server_is() {
    let (database, root) = (Database::start(), tempfile::tempdir().unwrap());
    let mut history = folder(root.path(), 4);
    let commits = seconds(4, 800, 1, 5);
    let mut forwarded = 0;
    for group in commits.chunks(200) {
        group.chunks(25).for_each(|part| history.append(part).unwrap());
        let site = SiteHistorian::start(root.path(), options(&database)).unwrap();
        while site.stats().forwarded.load(Relaxed) < 250 {
            std::thread::yield_now();
        }
        let stats = site.stats().clone();
        drop(site);
        forwarded += stats.forwarded.load(Relaxed);
    }
    let site = SiteHistorian::start(root.path(), options(&database)).unwrap();
    assert!(site.flush(PATIENCE), "{}", site.stats().last_error());
    let samples: usize = commits.iter().map(|commit| commit.samples.len()).sum();
    assert_eq!(forwarded + site.stats().forwarded.load(Relaxed), samples as u64);
    assert_same(&database, root.path(), LIVE, 4);
}

#[test]
fn records_are_forwarded_once_also_those_that_come_without_samples_or_with_odd_text() {
    let (database, root) = (Database::start(), tempfile::tempdir().unwrap());
    let mut history = folder(root.path(), 1);
    let record = |sequence: u64, subject: &str| Record {
        lane: LIVE,
        sequence,
        time: TwinTime(START.0 + 123_456_789),
        written: START,
        kind: RecordKind::Note,
        author: "Åse".to_owned(),
        subject: subject.to_owned(),
        body: r#"{"text":"it's \"so\"\\"}"#.to_owned(),
    };
    let mut commits = seconds(1, 20, 1, 6);
    commits[3].records.push(record(4, "P-101A"));
    history.append(&commits).unwrap();
    let site = SiteHistorian::start(root.path(), options(&database)).unwrap();
    assert!(site.flush(PATIENCE), "{}", site.stats().last_error());
    // Nothing but a record, about a commit that is long forwarded.
    history.append(&[Commit { sequence: 20, records: vec![record(4, "with\0zero")], ..Commit::default() }]).unwrap();
    assert!(site.flush(PATIENCE));
    drop(site);
    let site = SiteHistorian::start(root.path(), options(&database)).unwrap();
    assert!(site.flush(PATIENCE));
    let sql = "SELECT subject, author, kind, body, (extract(epoch from time) * 1000000)::int8, time_nanos FROM plant_1.record ORDER BY id";
    let rows = database.client().query(sql, &[]).unwrap();
    let subjects: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(subjects, ["P-101A", "with\u{fffd}zero"]);
    let (author, kind, body): (String, String, String) = (rows[0].get(1), rows[0].get(2), rows[0].get(3));
    assert_eq!((author.as_str(), kind.as_str(), body.as_str()), ("Åse", "note", r#"{"text":"it's \"so\"\\"}"#));
    assert_eq!((rows[0].get::<_, i64>(4), rows[0].get::<_, i16>(5)), (START.0 / 1000 + 123_456, 789));
}

#[test]
fn a_second_forwarder_and_another_history_are_kept_out_with_a_sentence() {
    let (database, root, other) = (Database::start(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    folder(root.path(), 1).append(&seconds(1, 200, 1, 7)).unwrap();
    folder(other.path(), 1).append(&seconds(1, 10, 1, 8)).unwrap();
    let first = SiteHistorian::start(root.path(), options(&database)).unwrap();
    assert!(first.flush(PATIENCE));
    let second = SiteHistorian::start(root.path(), options(&database)).unwrap();
    assert!(!second.flush(PATIENCE));
    assert!(second.stats().last_error().contains("another program forwards to schema plant_1"), "{}", second.stats().last_error());
    drop((first, second));
    let stranger = SiteHistorian::start(other.path(), options(&database)).unwrap();
    assert!(!stranger.flush(PATIENCE));
    assert!(stranger.stats().last_error().contains("belongs to another history"), "{}", stranger.stats().last_error());
    let bad = SiteOptions { schema: "a; drop table x".to_owned(), ..options(&database) };
    let bad = SiteHistorian::start(root.path(), bad).unwrap();
    assert!(!bad.flush(PATIENCE) && bad.stats().last_error().contains("cannot be the name of a schema"));
    drop(bad);
    assert_same(&database, root.path(), LIVE, 1);
}

#[test]
fn samples_stand_in_a_hypertable_where_timescaledb_is_and_else_in_a_table_and_it_is_told() {
    let (database, root) = (Database::start(), tempfile::tempdir().unwrap());
    folder(root.path(), 1).append(&seconds(1, 200, 1, 9)).unwrap();
    let mut client = database.client();
    if client.batch_execute("CREATE EXTENSION timescaledb").is_ok() {
        let site = SiteHistorian::start(root.path(), options(&database)).unwrap();
        assert!(site.flush(PATIENCE), "{}", site.stats().last_error());
        assert_eq!(site.stats().storage(), Storage::Hypertable);
        let tables = client.query("SELECT 1 FROM timescaledb_information.hypertables WHERE hypertable_schema = 'plant_1'", &[]).unwrap();
        assert_eq!(tables.len(), 1);
    } else {
        eprintln!("skipped: TimescaleDB is not installed; its function is replaced by one that notes how it is called");
        let site = SiteHistorian::start(root.path(), options(&database)).unwrap();
        assert!(site.flush(PATIENCE), "{}", site.stats().last_error());
        assert_eq!(site.stats().storage(), Storage::Table);
        drop(site);
        let stand_in = "CREATE TABLE calls (relation text, column_name text, if_not_exists bool);
            CREATE FUNCTION create_hypertable(relation regclass, time_column_name name, partitioning_column name DEFAULT NULL,
                create_default_indexes bool DEFAULT true, if_not_exists bool DEFAULT false, migrate_data bool DEFAULT false)
            RETURNS void LANGUAGE sql AS $$ INSERT INTO public.calls VALUES (relation::text, time_column_name::text, if_not_exists) $$";
        client.batch_execute(stand_in).unwrap();
        let site = SiteHistorian::start(root.path(), options(&database)).unwrap();
        assert!(site.flush(PATIENCE), "{}", site.stats().last_error());
        assert_eq!(site.stats().storage(), Storage::Hypertable);
        let call = client.query_one("SELECT relation, column_name, if_not_exists FROM calls", &[]).unwrap();
        let call: (String, String, bool) = (call.get(0), call.get(1), call.get(2));
        assert_eq!(call, ("plant_1.sample".to_owned(), "source_time".to_owned(), true));
    }
    assert_same(&database, root.path(), LIVE, 1);
}

#[test]
fn a_viewer_reads_names_units_and_qualities_in_plain_sql() {
    let (database, root) = (Database::start(), tempfile::tempdir().unwrap());
    folder(root.path(), 2).append(&seconds(2, 400, 1, 10)).unwrap();
    let site = SiteHistorian::start(root.path(), options(&database)).unwrap();
    assert!(site.flush(PATIENCE), "{}", site.stats().last_error());
    let sql = "SELECT quality_class, count(*), count(value) FROM plant_1.reading WHERE signal LIKE 'plant:%' AND unit = 'bar' GROUP BY 1";
    let rows = database.client().query(sql, &[]).unwrap();
    let count = |class: &str| rows.iter().find(|row| row.get::<_, String>(0) == class).map_or((0, 0), |row| (row.get(1), row.get(2)));
    let (good, uncertain, bad): ((i64, i64), (i64, i64), (i64, i64)) = (count("good"), count("uncertain"), count("bad"));
    assert_eq!(good.0 + uncertain.0 + bad.0, 800);
    assert_eq!((good.1, uncertain.1, bad.1), (good.0, uncertain.0, 0));
    assert!(uncertain.0 > 0 && bad.0 > 0);
}
