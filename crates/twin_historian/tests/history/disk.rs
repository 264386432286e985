//! A history on disk.

use super::samples::{Dice, START, bits, names, seconds};
use proptest::prelude::*;
use std::path::Path;
use std::sync::Arc;
use twin_historian::{
    Archive, Commit, FileOptions, Flush, HistoryError, HistoryFile, HistoryFolder, LaneNumber, Record, RecordKind, Retention, Store,
};
use twin_model::{SignalKey, TwinTime};

const LIVE: LaneNumber = LaneNumber(0);
const SMALL: FileOptions = FileOptions { chunk_samples: 64, tail_samples: 4096, starts: TwinTime(i64::MIN), flush: Flush::EveryCommit };

fn write(folder: &Path, signals: u32, commits: &[Commit], options: FileOptions) {
    let mut folder = HistoryFolder::open(folder, names(signals as usize), options, Retention::default()).unwrap();
    for group in commits.chunks(7) {
        folder.append(group).unwrap();
    }
}

fn read(folder: &Path, signals: usize) -> Vec<Commit> {
    let archive = Archive::open(folder, names(signals)).unwrap();
    archive.commits(LIVE, 0, u64::MAX).unwrap()
}

#[test]
fn what_was_written_comes_back_bit_for_bit_and_in_the_order_of_its_commits() {
    let folder = tempfile::tempdir().unwrap();
    let commits = seconds(20, 500, 1, 1);
    write(folder.path(), 20, &commits, SMALL);
    assert_eq!(bits(&read(folder.path(), 20)), bits(&commits));
}

#[test]
fn a_history_goes_on_where_it_was_left_whether_its_samples_are_in_the_tail_or_in_chunks() {
    let folder = tempfile::tempdir().unwrap();
    let commits = seconds(5, 700, 1, 2);
    for part in commits.chunks(33) {
        write(folder.path(), 5, part, SMALL);
    }
    assert_eq!(bits(&read(folder.path(), 5)), bits(&commits));
    assert_eq!(Archive::open(folder.path(), names(5)).unwrap().last_sequence(LIVE).unwrap(), 700);
}

#[test]
fn a_page_answers_like_a_store_that_has_everything() {
    let folder = tempfile::tempdir().unwrap();
    let commits = seconds(6, 900, 1, 3);
    write(folder.path(), 6, &commits, SMALL);
    let mut whole = Store::new(6, usize::MAX);
    for commit in &commits {
        commit.samples.iter().for_each(|sample| {
            whole.append_as(sample, commit.sequence);
        });
    }
    let archive = Archive::open(folder.path(), names(6)).unwrap();
    let mut dice = Dice(4);
    for _ in 0..60 {
        let from = START.plus_secs(dice.roll(900) as f64 - 20.0);
        let page = archive.page(LIVE, from, from.plus_secs(90.0)).unwrap();
        for _ in 0..20 {
            let at = from.plus_secs(dice.roll(90_000) as f64 / 1e3);
            for key in (0..6).map(SignalKey) {
                let (paged, known) = (page.latest_at(key, at, u64::MAX), whole.latest_at(key, at, u64::MAX));
                assert_eq!(paged.map(|s| (s.sequence, s.sample.source_time)), known.map(|s| (s.sequence, s.sample.source_time)));
            }
            for (key, found) in archive.state_at(LIVE, at).unwrap().into_iter().enumerate() {
                let known = whole.latest_at(SignalKey(u32::try_from(key).unwrap()), at, u64::MAX);
                assert_eq!(found.map(|s| (s.sequence, s.sample.source_time)), known.map(|s| (s.sequence, s.sample.source_time)));
            }
        }
    }
}

#[test]
fn an_envelope_hides_no_extreme_and_moves_none_by_more_than_a_bucket() {
    let folder = tempfile::tempdir().unwrap();
    let mut commits = seconds(2, 4000, 1, 5);
    commits[1234].samples[0].value = Some(1e6);
    commits[1234].samples[0].signal = SignalKey(0);
    let spike = commits[1234].samples[0].source_time;
    write(folder.path(), 2, &commits, SMALL);
    let archive = Archive::open(folder.path(), names(2)).unwrap();
    for buckets in [10, 100, 1000] {
        let end = START.plus_secs(4000.0);
        let envelope = archive.envelope(LIVE, SignalKey(0), START, end, buckets).unwrap();
        let most = envelope.iter().map(|bucket| bucket.max).fold(f64::MIN, f64::max);
        assert_eq!(most, 1e6);
        let width = 4000.0 / buckets as f64;
        for bucket in envelope.iter().filter(|bucket| bucket.max == 1e6) {
            assert!(bucket.max_time.secs_since(spike).abs() <= 2.0 * width.max(70.0), "{buckets}");
        }
    }
}

#[test]
fn each_day_has_its_file_and_a_page_reaches_over_midnight() {
    let folder = tempfile::tempdir().unwrap();
    let midnight = START.plus_secs(16.0 * 3600.0);
    let mut commits = seconds(3, 600, 1, 6);
    for (i, commit) in commits.iter_mut().enumerate() {
        let shift = midnight.plus_secs(-300.0) - START;
        commit.tick = Some(START.plus_secs(shift + i as f64));
        commit.samples.iter_mut().for_each(|sample| sample.source_time = sample.source_time.plus_secs(shift));
    }
    write(folder.path(), 3, &commits, SMALL);
    let mut files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    files.retain(|name| name.ends_with(".history"));
    files.sort();
    assert_eq!(files, ["2026-11-27.history", "2026-11-28.history"]);
    let page = Archive::open(folder.path(), names(3)).unwrap().page(LIVE, midnight.plus_secs(-1.0), midnight.plus_secs(5.0)).unwrap();
    for key in (0..3).map(SignalKey) {
        assert!(page.latest_at(key, midnight, u64::MAX).is_some_and(|s| s.sample.source_time.secs_since(midnight) > -3.0));
    }
}

#[test]
fn what_is_older_than_it_may_be_goes_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let retention = Retention { days: Some(2), bytes: None };
    let mut history = HistoryFolder::open(folder.path(), names(1), SMALL, retention).unwrap();
    for day in 0..5 {
        let mut commit = seconds(1, 1, 1 + day, 7).remove(0);
        let shift = 86_400.0 * day as f64;
        commit.tick = commit.tick.map(|tick| tick.plus_secs(shift));
        commit.samples.iter_mut().for_each(|sample| sample.source_time = sample.source_time.plus_secs(shift));
        history.append(&[commit]).unwrap();
    }
    let kept: Vec<u64> = read(folder.path(), 1).iter().map(|commit| commit.sequence).collect();
    assert_eq!(kept, [3, 4, 5]);
}

#[test]
fn records_come_back_in_their_range_and_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut commits = seconds(1, 50, 1, 8);
    for commit in &mut commits {
        commit.records.push(Record {
            lane: LIVE,
            sequence: commit.sequence,
            time: START.plus_secs(commit.sequence as f64),
            written: START,
            kind: RecordKind::Alarm,
            author: String::new(),
            subject: format!("PAL-{}", commit.sequence),
            body: "{}".to_owned(),
        });
    }
    write(folder.path(), 1, &commits, SMALL);
    let archive = Archive::open(folder.path(), names(1)).unwrap();
    let records = archive.records(LIVE, START.plus_secs(10.0), START.plus_secs(12.0)).unwrap();
    assert_eq!(records, commits[9..12].iter().flat_map(|commit| commit.records.clone()).collect::<Vec<_>>());
}

#[test]
fn two_programs_do_not_write_to_one_folder_but_any_number_may_read() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 1, &seconds(1, 3, 1, 12), SMALL);
    let open = || HistoryFolder::open(folder.path(), names(1), SMALL, Retention::default());
    let first = open().unwrap();
    assert!(matches!(open(), Err(HistoryError::InUse { .. })));
    assert_eq!(read(folder.path(), 1).len(), 3);
    drop(first);
    open().unwrap();
}

#[test]
fn a_file_of_a_newer_version_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 1, &seconds(1, 3, 1, 9), SMALL);
    let path = folder.path().join("2026-11-27.history");
    rusqlite::Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    let refused = HistoryFile::open(&path, names(1), SMALL).unwrap_err();
    assert!(matches!(refused, HistoryError::Newer { version: 99, .. }), "{refused}");
    assert!(Archive::open(folder.path(), names(1)).unwrap_err().to_string().contains("newer Didymos"));
}

#[test]
fn a_database_of_something_else_is_no_history() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("2026-11-27.history");
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE other (a)").unwrap();
    assert!(matches!(Archive::open(folder.path(), names(1)), Err(HistoryError::NotHistory { .. })));
}

#[test]
fn a_thousand_damages_of_the_samples_are_all_found() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 2, &seconds(2, 300, 1, 10), SMALL);
    let path = folder.path().join("2026-11-27.history");
    let db = rusqlite::Connection::open(&path).unwrap();
    let (id, whole): (i64, Vec<u8>) = db.query_row("SELECT id, data FROM chunk_data LIMIT 1", [], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
    let names: Arc<[(String, String)]> = names(2);
    let mut dice = Dice(11);
    db.execute_batch("PRAGMA synchronous = OFF").unwrap();
    for _ in 0..1000 {
        let mut damaged = whole.clone();
        if dice.roll(2) == 0 {
            let bit = usize::try_from(dice.roll(damaged.len() as u64 * 8)).unwrap();
            damaged[bit / 8] ^= 1 << (bit % 8);
        } else {
            damaged.truncate(usize::try_from(dice.roll(damaged.len() as u64)).unwrap());
        }
        db.execute("UPDATE chunk_data SET data = ?1 WHERE id = ?2", rusqlite::params![damaged, id]).unwrap();
        let found = Archive::open(folder.path(), Arc::clone(&names)).unwrap().commits(LIVE, 0, u64::MAX);
        assert!(matches!(found, Err(HistoryError::Damaged { .. })));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_grouping_and_no_size_of_chunks_changes_what_is_read(
        seed in 0_u64..1000, chunk in 1_usize..200, tail in 10_usize..3000, signals in 1_u32..9, parts in 1_usize..90,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let commits = seconds(signals, 200, 1, seed);
        for part in commits.chunks(parts) {
            write(folder.path(), signals, part, FileOptions { chunk_samples: chunk, tail_samples: tail, ..SMALL });
        }
        prop_assert_eq!(bits(&read(folder.path(), signals as usize)), bits(&commits));
    }
}

#[test]
fn a_file_that_was_being_made_when_the_power_went_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let commits = seconds(3, 20, 1, 8);
    write(folder.path(), 3, &commits, SMALL);
    std::fs::write(folder.path().join("2026-11-27.1.history"), "").unwrap();
    assert_eq!(bits(&read(folder.path(), 3)), bits(&commits));
}

#[test]
fn a_commit_that_the_disk_refused_and_took_all_the_same_counts_once() {
    let root = tempfile::tempdir().unwrap();
    let commits = seconds(3, 20, 1, 9);
    let mut folder = HistoryFolder::open(root.path(), names(3), SMALL, Retention::default()).unwrap();
    folder.append(&commits).unwrap();
    folder.abandon_file();
    folder.append(&commits[15..]).unwrap();
    drop(folder);
    assert_eq!(bits(&read(root.path(), 3)), bits(&commits));
}

#[test]
fn the_files_of_a_day_stand_in_the_order_in_which_they_were_begun() {
    let root = tempfile::tempdir().unwrap();
    let commits = seconds(3, 12, 1, 10);
    let mut folder = HistoryFolder::open(root.path(), names(3), SMALL, Retention::default()).unwrap();
    for commit in &commits {
        folder.append(std::slice::from_ref(commit)).unwrap();
        folder.abandon_file();
    }
    let archive = Archive::open(root.path(), names(3)).unwrap();
    let last: Vec<u64> = archive.readers().iter().map(|reader| reader.last_sequence(LIVE).unwrap()).collect();
    assert_eq!(last, (1..=12).collect::<Vec<u64>>());
    assert!(archive.readers().iter().all(|reader| reader.faults().unwrap().is_empty()));
}
