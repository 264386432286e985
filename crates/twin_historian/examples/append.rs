//! How fast samples get to the disk, at a thousand and at ten thousand signals, against a plain SQLite table of rows in the
//! same run; and how fast what was written is found again.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot write has nothing to measure")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use twin_historian::{Archive, Commit, FileOptions, HistoryFolder, LaneNumber, Recorder, RecorderOptions, Retention};
use twin_model::{Origin, Quality, Sample, SignalKey, TwinTime};

const START: TwinTime = TwinTime(1_795_766_400_000_000_000);
const SAMPLES: usize = 6_000_000;
const LIVE: LaneNumber = LaneNumber(0);

fn names(count: usize) -> Arc<[(String, String)]> {
    (0..count).map(|i| (format!("plant:thing-{i}/value"), "bar".to_owned())).collect()
}

/// One second of a plant: every signal wanders by a hundredth of its unit, its clock by some milliseconds.
struct Plant {
    values: Vec<i32>,
    chance: u64,
    second: u64,
}

impl Plant {
    fn new(signals: usize) -> Self {
        Self { values: (0..signals).map(|i| i32::try_from(i % 5000).unwrap()).collect(), chance: 1, second: 0 }
    }

    fn roll(&mut self) -> u64 {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.chance >> 33
    }

    fn second(&mut self) -> Commit {
        self.second += 1;
        let now = START.plus_secs(self.second as f64);
        let samples = (0..self.values.len())
            .map(|i| {
                let roll = self.roll();
                self.values[i] += i32::try_from(roll % 7).unwrap() - 3;
                let jitter = i64::try_from(roll / 7 % 5).unwrap() * 1_000_000;
                Sample {
                    signal: SignalKey(u32::try_from(i).unwrap()),
                    value: Some(f64::from(self.values[i]) / 100.0),
                    quality: Quality::GOOD,
                    source_time: TwinTime(now.0 - jitter),
                    receive_time: TwinTime(now.0 + jitter),
                    origin: Origin::Live,
                }
            })
            .collect();
        Commit { lane: LIVE, sequence: self.second, tick: Some(now), samples, records: Vec::new() }
    }
}

fn bytes_of(folder: &Path) -> u64 {
    std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum()
}

fn history(root: &Path, signals: usize) -> (f64, f64) {
    let folder = HistoryFolder::open(root, names(signals), FileOptions::default(), Retention::default()).unwrap();
    let options = RecorderOptions { samples_waiting: SAMPLES, ..RecorderOptions::default() };
    let mut recorder = Recorder::start(folder, options).unwrap();
    let mut plant = Plant::new(signals);
    // What is measured is the way to the disk, not the plant.
    let seconds: Vec<Commit> = (0..SAMPLES / signals).map(|_| plant.second()).collect();
    let started = Instant::now();
    for second in seconds {
        while recorder.stats().queued() > 1_000_000 {
            std::thread::sleep(Duration::from_millis(1));
        }
        recorder.record(second, None);
    }
    assert!(recorder.flush(Duration::from_secs(600)));
    let took = started.elapsed().as_secs_f64();
    assert_eq!(recorder.stats().lost.load(Ordering::Relaxed), 0);
    drop(recorder);
    let day = std::fs::read_dir(root).unwrap().map(|file| file.unwrap().path()).find(|path| path.extension().is_some()).unwrap();
    twin_historian::HistoryFile::open(&day, names(signals), FileOptions::default()).unwrap().finish().unwrap();
    let db = rusqlite::Connection::open(&day).unwrap();
    let chunk_bytes: i64 = db.query_row("SELECT SUM(LENGTH(data)) FROM chunk_data", [], |row| row.get(0)).unwrap();
    let samples = (SAMPLES / signals * signals) as f64;
    println!("    {:.2} bytes of a sample in chunks", chunk_bytes as f64 / samples);
    drop(db);
    (samples / took, bytes_of(root) as f64 / samples)
}

fn rows(root: &Path, signals: usize) -> f64 {
    let mut db = rusqlite::Connection::open(root.join("rows.sqlite")).unwrap();
    let make = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE sample (signal INTEGER, time INTEGER, value REAL, quality INTEGER, PRIMARY KEY (signal, time)) WITHOUT ROWID;";
    db.execute_batch(make).unwrap();
    let mut plant = Plant::new(signals);
    let count = SAMPLES / 6;
    let seconds: Vec<Commit> = (0..count / signals).map(|_| plant.second()).collect();
    let started = Instant::now();
    let mut written = 0;
    for group in seconds.chunks((50_000 / signals).max(1)) {
        let transaction = db.transaction().unwrap();
        {
            let mut insert = transaction.prepare_cached("INSERT OR REPLACE INTO sample VALUES (?1, ?2, ?3, ?4)").unwrap();
            for sample in group.iter().flat_map(|commit| &commit.samples) {
                insert.execute((sample.signal.0, sample.source_time.0, sample.value, sample.quality.0)).unwrap();
                written += 1;
            }
        }
        transaction.commit().unwrap();
    }
    f64::from(written) / started.elapsed().as_secs_f64()
}

fn quantile(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() as f64 * share) as usize).min(sorted.len() - 1)]
}

fn seeks(root: &Path, signals: usize) {
    let mut archive = Archive::open(root, names(signals)).unwrap();
    let (first, last) = archive.extent(LIVE).unwrap().unwrap();
    let mut chance = Plant::new(0);
    let mut took: Vec<f64> = (0..40)
        .map(|_| {
            let time = first.plus_secs(chance.roll() as f64 / f64::from(1_u32 << 31) * (last - first));
            let started = Instant::now();
            archive.refresh().unwrap();
            let state = archive.state_at(LIVE, time).unwrap();
            assert!(state.iter().flatten().count() > signals * 9 / 10 || (time - first) < 10.0);
            started.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    took.sort_by(f64::total_cmp);
    println!("    state of all signals at an instant: median {:.1} ms, p99 {:.1} ms", quantile(&took, 0.5), quantile(&took, 0.99));
    let started = Instant::now();
    let page = archive.page(LIVE, first.plus_secs(300.0), first.plus_secs(301.0)).unwrap();
    println!("    a page of {} samples: {:.1} ms", page.stats().stored, started.elapsed().as_secs_f64() * 1e3);
    let started = Instant::now();
    let envelope = archive.envelope(LIVE, SignalKey(1), first, last, 2000).unwrap();
    println!("    envelope of one signal, {} of 2,000 pixels: {:.2} ms", envelope.len(), started.elapsed().as_secs_f64() * 1e3);
}

fn main() {
    println!("append {SAMPLES} samples, commits on the disk every 100 ms (synchronous = FULL)");
    for signals in [1_000, 10_000] {
        let folder = tempfile::tempdir().unwrap();
        let yardstick = tempfile::tempdir().unwrap();
        let ((rate, bytes), plain) = (history(folder.path(), signals), rows(yardstick.path(), signals));
        println!(
            "  {signals:6} signals: {rate:9.0} samples/s, {bytes:.2} bytes each; rows {plain:9.0} samples/s; ratio {:.1}",
            rate / plain
        );
        seeks(folder.path(), signals);
    }
}
