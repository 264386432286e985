//! The recorder: nothing is acknowledged before it is on the disk, nothing is lost silently.

use super::samples::{START, names, seconds};
use crossbeam_channel::unbounded;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use twin_historian::{
    Acknowledgement, Archive, Commit, FileOptions, HistoryFolder, LaneNumber, RecordKind, Recorder, RecorderOptions, Retention,
};
use twin_model::TwinTime;

const PATIENCE: Duration = Duration::from_secs(60);

fn folder(root: &std::path::Path) -> HistoryFolder {
    HistoryFolder::open(root, names(4), FileOptions::default(), Retention::default()).unwrap()
}

fn samples(commits: &[Commit]) -> u64 {
    commits.iter().map(|commit| commit.samples.len() as u64).sum()
}

#[test]
fn what_is_acknowledged_can_be_read_by_another_reader_at_that_moment() {
    let root = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::start(folder(root.path()), RecorderOptions::default()).unwrap();
    let (to, acks) = unbounded();
    for commit in seconds(4, 40, 1, 1) {
        let number = commit.sequence;
        recorder.record(commit, Some(Acknowledgement { to: to.clone(), number }));
        if number.is_multiple_of(10) {
            let last = (0..10).map(|_| acks.recv_timeout(PATIENCE).unwrap()).max().unwrap();
            let archive = Archive::open(root.path(), names(4)).unwrap();
            assert!(archive.last_sequence(LaneNumber(0)).unwrap() >= last);
        }
    }
}

#[test]
fn a_full_window_is_answered_without_waiting_for_the_group() {
    let root = tempfile::tempdir().unwrap();
    let options = RecorderOptions { group: Duration::from_secs(3600), acks_waiting: 8, ..RecorderOptions::default() };
    let mut recorder = Recorder::start(folder(root.path()), options).unwrap();
    let (to, acks) = unbounded();
    for commit in seconds(4, 8, 1, 2) {
        let number = commit.sequence;
        recorder.record(commit, Some(Acknowledgement { to: to.clone(), number }));
    }
    let answered: Vec<u64> = (0..8).map(|_| acks.recv_timeout(PATIENCE).unwrap()).collect();
    assert_eq!(answered, [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn a_disk_that_refuses_for_a_while_costs_nothing_and_is_told() {
    let root = tempfile::tempdir().unwrap();
    let (history, away) = (root.path().join("history"), root.path().join("away"));
    let options = RecorderOptions { retry: Duration::from_millis(20), ..RecorderOptions::default() };
    let history_folder = folder(&history);
    // A folder that is gone when the first file is to be made.
    std::fs::rename(&history, &away).unwrap();
    let mut recorder = Recorder::start(history_folder, options).unwrap();
    let commits = seconds(4, 30, 1, 3);
    let (to, acks) = unbounded();
    for commit in &commits {
        recorder.record(commit.clone(), Some(Acknowledgement { to: to.clone(), number: commit.sequence }));
    }
    assert!(!recorder.flush(PATIENCE));
    let stats = recorder.stats().clone();
    assert!(stats.is_failing.load(Relaxed) && stats.reason().contains("history"), "{}", stats.reason());
    assert!(acks.is_empty(), "nothing on the disk, nothing acknowledged");
    std::fs::rename(&away, &history).unwrap();
    for commit in &commits {
        assert_eq!(acks.recv_timeout(PATIENCE).unwrap(), commit.sequence);
    }
    assert_eq!(stats.durable.load(Relaxed), samples(&commits));
    assert_eq!((stats.lost.load(Relaxed), stats.queued()), (0, 0));
    assert_eq!(Archive::open(&history, names(4)).unwrap().commits(LaneNumber(0), 0, u64::MAX).unwrap().len(), 30);
}

#[test]
fn what_finds_no_room_is_counted_and_leaves_a_gap_with_its_reason() {
    let root = tempfile::tempdir().unwrap();
    let (history, away) = (root.path().join("history"), root.path().join("away"));
    let options = RecorderOptions { retry: Duration::from_millis(20), samples_waiting: 40, ..RecorderOptions::default() };
    let history_folder = folder(&history);
    std::fs::rename(&history, &away).unwrap();
    let mut recorder = Recorder::start(history_folder, options).unwrap();
    let commits = seconds(4, 100, 1, 4);
    let (to, acks) = unbounded();
    for commit in &commits {
        recorder.record(commit.clone(), Some(Acknowledgement { to: to.clone(), number: commit.sequence }));
    }
    assert!(!recorder.flush(PATIENCE));
    std::fs::rename(&away, &history).unwrap();
    while !recorder.flush(PATIENCE) {}
    let stats = recorder.stats();
    let (received, durable, lost) = (stats.received.load(Relaxed), stats.durable.load(Relaxed), stats.lost.load(Relaxed));
    assert_eq!(received, samples(&commits));
    assert_eq!(received, durable + lost + stats.queued());
    assert!(lost > 0);
    let archive = Archive::open(&history, names(4)).unwrap();
    let gaps: Vec<_> = archive.records(LaneNumber(0), TwinTime(0), START.plus_secs(1e6)).unwrap();
    assert!(!gaps.is_empty() && gaps.iter().all(|gap| gap.kind == RecordKind::Gap && gap.body.contains("reason")), "{gaps:?}");
    let stored = archive.commits(LaneNumber(0), 0, u64::MAX).unwrap();
    assert_eq!(samples(&stored), durable);
    // A source whose window stayed closed would fall silent.
    assert_eq!(acks.try_iter().collect::<Vec<_>>(), (1..=100).collect::<Vec<u64>>());
}
