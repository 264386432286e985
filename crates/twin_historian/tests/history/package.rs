//! Incident packages: what is in them, and who may open them.

use super::samples::{Dice, START, bits, names, seconds};
use std::path::{Path, PathBuf};
use twin_historian::package::{PackageError, PackageOptions, PackageReport, SealedPart, Verdict, open_sealed, verify, write};
use twin_historian::{Archive, Commit, FileOptions, HistoryError, HistoryFile, HistoryReader, LaneNumber, Record, RecordKind, Store};
use twin_model::{Origin, SignalKey, TwinTime};

pub const LIVE: LaneNumber = LaneNumber(0);
const SIGNALS: u32 = 5;
const CHUNKS: FileOptions =
    FileOptions { chunk_samples: 64, tail_samples: 4096, starts: TwinTime(i64::MIN), flush: twin_historian::Flush::EveryCommit };

pub fn at(secs: f64) -> TwinTime {
    START.plus_secs(secs)
}

pub fn record(kind: RecordKind, sequence: u64, time: TwinTime, subject: &str) -> Record {
    let body = format!("{{\"sequence\":{sequence}}}");
    Record { lane: LIVE, sequence, time, written: time, kind, author: "ada".to_owned(), subject: subject.to_owned(), body }
}

/// A history of 900 s with what happens on a lane: alarms, late samples, notes written afterwards, saved states.
pub struct History {
    pub folder: tempfile::TempDir,
    pub commits: Vec<Commit>,
}

impl History {
    pub fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut commits = seconds(SIGNALS, 900, 1, seed);
        for commit in commits.iter_mut().filter(|commit| commit.sequence % 10 == 3) {
            let subject = format!("PAL-{}", commit.sequence % 4);
            commit.records.push(record(RecordKind::Alarm, commit.sequence, at(commit.sequence as f64), &subject));
        }
        // A gap is filled afterwards: about the range, and about the time just before it.
        for back in [200.0, 300.0, 405.5, 460.0] {
            let mut late = commits[700].samples[1];
            (late.source_time, late.origin, late.value) = (at(back), Origin::Late, Some(back));
            commits[700].samples.push(late);
        }
        commits[700].samples.sort_by_key(|sample| (sample.source_time, sample.signal));
        commits[800].records.push(record(RecordKind::Note, 801, at(450.0), "what happened"));
        commits[2].records.push(record(RecordKind::Version, 3, at(3.0), "model"));
        let history = Self { folder, commits };
        let mut file = HistoryFile::open(&history.path(), names(SIGNALS as usize), CHUNKS).unwrap();
        history.commits.chunks(7).for_each(|group| file.append(group).unwrap());
        for sequence in (60..900).step_by(60) {
            file.put_keyframe(LIVE, "simulator", at(sequence as f64), sequence, &sequence.to_le_bytes()).unwrap();
        }
        file.put_keyframe(LIVE, "evaluator", TwinTime(0), 899, b"at the end").unwrap();
        file.put_lane(LIVE, "live", "Unit").unwrap();
        file.put_attachment("plant.twin.json", b"old").unwrap();
        file.put_meta("site", "north").unwrap();
        history
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("2026-11-27.history")
    }

    pub fn archive(&self) -> Archive {
        Archive::open(self.folder.path(), names(SIGNALS as usize)).unwrap()
    }

    fn store(&self) -> Store {
        let mut whole = Store::new(SIGNALS as usize, usize::MAX);
        for commit in &self.commits {
            commit.samples.iter().for_each(|sample| {
                whole.append_as(sample, commit.sequence);
            });
        }
        whole
    }
}

pub fn options(from: f64, to: f64) -> PackageOptions {
    PackageOptions {
        lane: LIVE,
        from: at(from),
        to: at(to),
        title: "Pump trip".to_owned(),
        author: "ada".to_owned(),
        attachments: vec![("plant.twin.json".to_owned(), b"{}".to_vec()), ("plant.glb".to_owned(), vec![7; 9000])],
        sealed: None,
        meta: vec![("seed".to_owned(), "42".to_owned()), ("package.title".to_owned(), "not mine".to_owned())],
    }
}

fn truth(passphrase: &str) -> SealedPart {
    SealedPart { passphrase: passphrase.to_owned(), files: vec![("truth.json".to_owned(), b"the impeller is worn".to_vec())] }
}

fn package(archive: &Archive, options: &PackageOptions, out: &Path) -> PackageReport {
    let report = write(archive, options, out).unwrap();
    assert_eq!(verify(out).unwrap(), report.verdict());
    report
}

fn refusal(archive: &Archive, options: &PackageOptions, out: &Path) -> PackageError {
    match write(archive, options, out).unwrap_err() {
        HistoryError::Package { source, .. } => source,
        other => panic!("{other}"),
    }
}

/// For every instant of the range a package says what the whole history says.
fn answers_like(whole: &Store, packed: &Archive, report: &PackageReport, options: &PackageOptions) {
    let page = packed.page(LIVE, report.opening, options.to).unwrap();
    let commits = report.last_sequence - report.first_sequence;
    let mut dice = Dice(5);
    for _ in 0..300 {
        let span_ms = u64::try_from((options.to.0 - report.opening.0) / 1_000_000).unwrap();
        let time = report.opening.plus_secs(dice.roll(span_ms) as f64 / 1e3);
        for as_of in [u64::MAX, report.first_sequence + dice.roll(commits)] {
            for key in (0..SIGNALS).map(SignalKey) {
                let answer = |store: &Store| store.latest_at(key, time, as_of).map(|s| (s.sequence, s.sample.source_time));
                assert_eq!(answer(&page), answer(whole), "{key:?} at {time} as of {as_of}");
            }
        }
    }
}

#[test]
fn what_is_in_the_range_comes_back_bit_for_bit_without_the_original_folder() {
    let history = History::new(1);
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("trip.didymos");
    let options = options(410.0, 520.5);
    let report = package(&history.archive(), &options, &file);
    // From the keyframe at 360 s to the last commit before the tick at 521 s.
    assert_eq!((report.first_sequence, report.last_sequence, report.opening), (360, 520, at(360.0)));
    let History { folder, commits } = &history;
    std::fs::remove_dir_all(folder.path()).unwrap();

    let archive = Archive::open(&file, names(SIGNALS as usize)).unwrap();
    assert_eq!(bits(&archive.commits(LIVE, 360, 520).unwrap()), bits(&commits[359..520]));
    answers_like(&history.store(), &archive, &report, &options);
    let records = archive.records(LIVE, at(360.0), at(520.5)).unwrap();
    let mut expected: Vec<_> = commits[359..520].iter().flat_map(|commit| commit.records.clone()).collect();
    expected.extend(commits[800].records.clone().into_iter().filter(|record| record.kind == RecordKind::Note));
    assert_eq!(records, expected);
    let reader = &archive.readers()[0];
    for sequence in [360_u64, 420, 480] {
        let kept = reader.keyframe(LIVE, "simulator", at(sequence as f64)).unwrap();
        assert_eq!(kept, Some((at(sequence as f64), sequence, sequence.to_le_bytes().to_vec())));
    }
    assert_eq!(reader.keyframe(LIVE, "simulator", at(1e6)).unwrap().map(|(_, sequence, _)| sequence), Some(480));
    assert_eq!(reader.keyframe(LIVE, "evaluator", at(1e6)).unwrap(), None, "a state of later is no part of it");
    assert_eq!(reader.lanes().unwrap(), [(LIVE, "live".to_owned(), "Unit".to_owned())]);
    assert_eq!(reader.attachments().unwrap(), ["plant.glb", "plant.twin.json"]);
    assert_eq!(reader.attachment("plant.twin.json").unwrap().as_deref(), Some(&b"{}"[..]));
    let meta = |key: &str| reader.meta(key).unwrap().unwrap();
    assert_eq!([meta("site"), meta("seed"), meta("package.title")], ["north", "42", "Pump trip"]);
    assert_eq!(meta("package.first_sequence"), "360");
}

#[test]
fn the_opening_state_says_what_was_known_when_the_range_began() {
    let history = History::new(2);
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("trip.didymos");
    let report = package(&history.archive(), &options(300.5, 330.0), &file);
    let archive = Archive::open(&file, names(SIGNALS as usize)).unwrap();
    let whole = history.store();
    let page = archive.page(LIVE, TwinTime(i64::MIN), at(330.0)).unwrap();
    // The late sample for 300.0 s came with commit 701: as of the beginning another one was the newest.
    for key in (0..SIGNALS).map(SignalKey) {
        for as_of in [u64::MAX, report.first_sequence - 1, report.last_sequence] {
            let [packed, known] =
                [&page, &whole].map(|s| s.latest_at(key, report.opening, as_of).map(|s| (s.sequence, s.sample.source_time)));
            assert_eq!(packed, known, "{key:?} as of {as_of}");
        }
    }
    let before = archive.records(LIVE, TwinTime(0), report.opening.plus_secs(-0.5)).unwrap();
    let subjects: Vec<_> = before.iter().map(|record| (record.kind, record.subject.as_str(), record.sequence)).collect();
    let alarm = RecordKind::Alarm;
    assert_eq!(subjects, [(RecordKind::Version, "model", 3), (alarm, "PAL-3", 283), (alarm, "PAL-1", 293)]);
}

#[test]
fn a_package_is_one_file_and_reading_it_leaves_it_as_it_is() {
    let history = History::new(3);
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("trip.didymos");
    let report = package(&history.archive(), &options(100.0, 200.0), &file);
    let bytes = std::fs::read(&file).unwrap();
    assert_eq!(bytes.len() as u64, report.bytes);
    let mut permissions = std::fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&file, permissions).unwrap();
    let archive = Archive::open(&file, names(SIGNALS as usize)).unwrap();
    assert!(archive.page(LIVE, at(100.0), at(200.0)).unwrap().latest_at(SignalKey(0), at(150.0), u64::MAX).is_some());
    let left: Vec<_> = std::fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["trip.didymos"]);
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
}

#[test]
fn a_range_that_is_empty_or_reversed_is_refused_with_a_sentence() {
    let history = History::new(4);
    let archive = history.archive();
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("trip.didymos");
    for (from, to) in [(200.0, 100.0), (200.0, 200.0)] {
        let refused = refusal(&archive, &options(from, to), &file);
        assert!(matches!(refused, PackageError::Reversed { .. }) && refused.to_string().contains("choose a later end"), "{refused}");
    }
    for (from, to) in [(-9000.0, -8000.0), (5000.0, 6000.0)] {
        let refused = refusal(&archive, &options(from, to), &file);
        assert!(matches!(refused, PackageError::Empty { .. }) && refused.to_string().contains("choose a range that touches"), "{refused}");
    }
    let other = PackageOptions { lane: LaneNumber(7), ..options(100.0, 200.0) };
    assert!(refusal(&archive, &other, &file).to_string().contains("lane 7 has nothing recorded"));
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0, "nothing is left of what was refused");
}

#[test]
fn a_range_between_two_ticks_and_a_lane_without_a_clock_can_be_packed() {
    let history = History::new(5);
    let out = tempfile::tempdir().unwrap();
    let short = package(&history.archive(), &options(500.97, 500.999), &out.path().join("short.didymos"));
    assert!(short.samples > 0 && short.last_sequence == 500, "{short:?}");

    let folder = tempfile::tempdir().unwrap();
    let mut commits = seconds(2, 300, 1, 6);
    commits.iter_mut().for_each(|commit| commit.tick = None);
    let mut file = HistoryFile::open(&folder.path().join("a.history"), names(2), CHUNKS).unwrap();
    file.append(&commits).unwrap();
    let archive = Archive::open(folder.path(), names(2)).unwrap();
    let clockless = out.path().join("clockless.didymos");
    let report = package(&archive, &options(100.0, 200.0), &clockless);
    assert!(report.first_sequence.abs_diff(100) <= 1 && report.last_sequence.abs_diff(200) <= 1, "{report:?}");
    let back = Archive::open(&clockless, names(2)).unwrap().commits(LIVE, report.first_sequence, report.last_sequence).unwrap();
    let range = usize::try_from(report.first_sequence).unwrap() - 1..usize::try_from(report.last_sequence).unwrap();
    assert_eq!(bits(&back), bits(&commits[range]));
}

#[test]
fn a_package_holds_all_signals_also_when_the_history_was_opened_for_a_few() {
    let history = History::new(7);
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("trip.didymos");
    package(&Archive::open(history.folder.path(), names(1)).unwrap(), &options(100.0, 200.0), &file);
    let ids = HistoryReader::open(&file, []).unwrap().signals().unwrap();
    assert_eq!(ids.len(), SIGNALS as usize + 1, "{ids:?}");
    assert!(ids.iter().any(|(_, id, unit)| id == "plant:thing-4/value" && unit == "bar"));
}

#[test]
fn a_package_that_is_there_is_not_replaced() {
    let history = History::new(8);
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("trip.didymos");
    let report = package(&history.archive(), &options(100.0, 200.0), &file);
    assert_eq!(refusal(&history.archive(), &options(300.0, 400.0), &file), PackageError::Exists);
    assert_eq!(verify(&file).unwrap(), report.verdict());
}

#[test]
fn the_same_range_of_the_same_history_has_the_same_fingerprint() {
    let history = History::new(9);
    let out = tempfile::tempdir().unwrap();
    let mut prints = [(100.0, 200.0, "a"), (100.0, 200.0, "b"), (100.0, 201.0, "c")]
        .map(|(from, to, name)| package(&history.archive(), &options(from, to), &out.path().join(name)).fingerprint.to_string());
    assert!(prints[0] == prints[1] && prints[1] != prints[2]);
    prints.sort();
    assert!(prints.iter().all(|print| print.len() == 64));
}

#[test]
fn the_sealed_part_needs_its_passphrase_and_is_verified_unopened() {
    let history = History::new(10);
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("exercise.didymos");
    let sealed = PackageOptions { sealed: Some(truth("correct horse")), ..options(100.0, 160.0) };
    assert!(!format!("{sealed:?}").contains("horse"));
    let report = package(&history.archive(), &sealed, &file);
    assert_eq!(open_sealed(&file, "correct horse").unwrap(), truth("").files);
    let wrong = open_sealed(&file, "wrong horse").unwrap_err().to_string();
    assert!(wrong.contains("does not open the sealed part"), "{wrong}");
    let bytes = std::fs::read(&file).unwrap();
    for secret in ["impeller", "truth.json", "horse"] {
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} can be read");
    }
    let flip = "UPDATE sealed SET data = CAST(substr(data, 1, 5) || x'00' || substr(data, 7) AS BLOB)";
    rusqlite::Connection::open(&file).unwrap().execute_batch(flip).unwrap();
    let Verdict::Altered { first } = verify(&file).unwrap() else { panic!("not found") };
    assert_eq!((first.table.as_str(), first.row_key.as_str()), ("sealed", "1"));
    assert!(open_sealed(&file, "correct horse").unwrap_err().to_string().contains("altered"));
    assert!(report.records > 0);
}

#[test]
fn a_sealed_part_that_cannot_be_is_refused_with_a_sentence() {
    let history = History::new(11);
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("exercise.didymos");
    let unsealed = PackageOptions { sealed: Some(truth("")), ..options(100.0, 160.0) };
    assert_eq!(refusal(&history.archive(), &unsealed, &file), PackageError::NoPassphrase);
    let empty = SealedPart { passphrase: "key".to_owned(), files: Vec::new() };
    package(&history.archive(), &PackageOptions { sealed: Some(empty), ..options(100.0, 160.0) }, &file);
    assert_eq!(open_sealed(&file, "key").unwrap(), []);
    let plain = out.path().join("plain.didymos");
    package(&history.archive(), &options(100.0, 160.0), &plain);
    assert!(open_sealed(&plain, "key").unwrap_err().to_string().contains("has no sealed part"));
    // A file that wants to keep us busy for years.
    rusqlite::Connection::open(&file).unwrap().execute_batch("UPDATE sealed SET iterations = 4294967295").unwrap();
    assert!(open_sealed(&file, "key").unwrap_err().to_string().contains("iterations"));
}

#[test]
fn a_package_of_a_package_holds_what_the_package_held() {
    let history = History::new(12);
    let out = tempfile::tempdir().unwrap();
    let [first, second, third] = ["1.didymos", "2.didymos", "3.didymos"].map(|name| out.path().join(name));
    let whole = PackageOptions { sealed: Some(truth("one")), ..options(410.0, 520.5) };
    let of_history = package(&history.archive(), &whole, &first);
    let archive = Archive::open(&first, names(SIGNALS as usize)).unwrap();
    let again = package(&archive, &PackageOptions { sealed: Some(truth("two")), ..whole.clone() }, &second);
    let same = |report: &PackageReport| (report.first_sequence, report.last_sequence, report.opening, report.samples);
    assert_eq!(same(&of_history), same(&again));
    let copy = Archive::open(&second, names(SIGNALS as usize)).unwrap();
    assert_eq!(bits(&copy.commits(LIVE, 0, u64::MAX).unwrap()), bits(&archive.commits(LIVE, 0, u64::MAX).unwrap()));
    let all = |archive: &Archive| archive.records(LIVE, TwinTime(0), at(1e6)).unwrap();
    assert_eq!(all(&copy), all(&archive));
    assert_eq!(copy.readers()[0].meta("package.made_from").unwrap(), Some(of_history.fingerprint.to_string()));
    assert_eq!([open_sealed(&second, "one").unwrap(), open_sealed(&second, "two").unwrap()], [truth("").files, truth("").files]);

    let narrow = PackageOptions { attachments: Vec::new(), ..options(430.0, 470.0) };
    let part = package(&copy, &narrow, &third);
    assert_eq!((part.first_sequence, part.last_sequence), (420, 470));
    let archive = Archive::open(&third, names(SIGNALS as usize)).unwrap();
    answers_like(&history.store(), &archive, &part, &narrow);
    assert_eq!(archive.readers()[0].attachments().unwrap(), ["plant.glb", "plant.twin.json"]);
}
