//! The disk refuses: errors at every call in turn, no room, slowness.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::check::Stored;
use crate::disk::Disk;
use crate::recorder::Recorder;
use crate::report::{Dice, Row, alone, count};
use crate::rig::Rig;

/// Input/output error, and no space left on the device.
const EIO: i32 = 5;
const ENOSPC: i32 = 28;
/// Calls of each kind that fail in turn.
const CALLS: u64 = 200;
/// Opens of files there are at least before the first write: those of the reader and those of the writer.
const OPENS: u64 = 6;
/// A minute of what is published: after the first acknowledgements Mosquitto 2.0 sends more than it was told to.
const MOST_WAITING: u64 = 120_000;
/// Faults on one history.
const FAULTS_PER_HISTORY: usize = 25;
/// Quick group commits, so that the 200th comes soon.
const QUICK: [&str; 2] = ["--group-ms", "5"];

struct Fault {
    call: &'static str,
    number: u64,
    is_stuck: bool,
    errno: i32,
}

impl Fault {
    fn variable(&self) -> (&'static str, String) {
        let how = if self.is_stuck { "stuck" } else { "once" };
        ("DISK_FAULT", format!("{}:{}:{how}:{}", self.call, self.number, self.errno))
    }
}

/// Every fault there is.
fn all_faults() -> Vec<Fault> {
    let kinds = [("write", CALLS, EIO), ("write", CALLS, ENOSPC), ("sync", CALLS, EIO), ("open", OPENS, EIO)];
    let each =
        |(call, calls, errno)| (1..=calls).flat_map(move |number| [false, true].map(|is_stuck| Fault { call, number, is_stuck, errno }));
    kinds.into_iter().flat_map(each).collect()
}

/// Waits until the disk answers again and what came meanwhile is safe; false when the recorder has ended instead.
fn recovers(recorder: &mut Recorder, fault: &Fault, switch: &Path) -> bool {
    let line = format!("disk: {} {}", fault.call, fault.number);
    if recorder.wait("the fault", |_, said| said == line).is_none() {
        return false;
    }
    if fault.is_stuck && recorder.wait("word of the fault", |_, said| said.starts_with("failing ")).is_none() {
        return false;
    }
    std::fs::remove_file(switch).unwrap();
    if fault.is_stuck && recorder.wait("the recovery", |_, said| said == "recovered").is_none() {
        return false;
    }
    recorder.wait("samples that are safe after it", |_, said| said.starts_with("ack ")).is_some()
}

#[test]
fn an_error_at_any_write_flush_or_open_costs_no_sample_and_passes_by_itself() {
    let _alone = alone();
    let mut dice = Dice::new();
    let mut faults = all_faults();
    // A hundredth of them, drawn; or all, in a drawn order.
    for index in (1..faults.len()).rev() {
        faults.swap(index, dice.below(index as u64 + 1) as usize);
    }
    faults.truncate(count(faults.len().div_ceil(100), faults.len()));
    let (mut lost, mut acked_lost, mut twice, mut panics, mut silent, mut accepted) = (0, 0, 0, 0, 0, 0);
    for these in faults.chunks(FAULTS_PER_HISTORY) {
        let mut rig = Rig::new();
        let disk =
            Disk { live: rig.history.clone(), shadow: Some(rig.folder.path().join("shadow")), switch: rig.folder.path().join("fault") };
        for (number, fault) in these.iter().enumerate() {
            std::fs::write(&disk.switch, "").unwrap();
            disk.mirror();
            let mut recorder = rig.start(&QUICK, &disk.environment(&[fault.variable()]));
            let is_running = recovers(&mut recorder, fault, &disk.switch);
            if !is_running || number % 2 == 0 {
                // The power goes as well: only what was flushed without an error may count.
                recorder.kill();
                disk.cut(None);
            } else {
                recorder.end();
            }
            // One that does not even start says why.
            silent += usize::from(!is_running && !recorder.told.iter().any(|line| line.starts_with("recorder: ")));
            rig.note(&mut recorder);
            match Stored::read(&rig.history) {
                Ok(stored) => acked_lost = acked_lost.max(stored.missing(&rig.acked)),
                Err(error) => panic!("{:?}: {error}", fault.variable()),
            }
        }
        let (found, _) = rig.finish(&[]);
        lost += found.lost;
        twice += found.duplicates + found.foreign;
        accepted += found.accepted;
        panics += rig.panics;
    }
    Row {
        what: "errors at a write, flush or open, once or until cleared, half of them with a power cut after",
        times: faults.len(),
        seed: dice.seed,
        found: &[
            ("acknowledged samples lost", acked_lost + lost),
            ("stored twice", twice),
            ("ends without a word", silent),
            ("panics", panics),
        ],
        measured: format!("{accepted} samples accepted"),
    }
    .tell();
    assert_eq!((lost, acked_lost, twice, silent, panics), (0, 0, 0, 0, 0), "seed {}", dice.seed);
}

#[test]
fn what_a_failing_disk_costs_is_recorded_as_a_gap_with_its_reason_and_recording_goes_on() {
    let _alone = alone();
    let times = count(1, 20);
    let mut dice = Dice::new();
    let (mut gaps, mut lost, mut silent, mut twice, mut panics) = (0, 0, 0, 0, 0);
    for _ in 0..times {
        let mut rig = Rig::new();
        let disk = Disk { live: rig.history.clone(), shadow: None, switch: rig.folder.path().join("fault") };
        let fault = Fault { call: "write", number: 40 + dice.below(200), is_stuck: true, errno: EIO };
        std::fs::write(&disk.switch, "").unwrap();
        let mut recorder = rig.start(&["--samples-waiting", "300"], &disk.environment(&[fault.variable()]));
        recorder.wait("samples that are given up", |recorder, _| recorder.counter("lost") > 0).unwrap();
        std::fs::remove_file(&disk.switch).unwrap();
        recorder.wait("the recovery", |_, said| said == "recovered").unwrap();
        let seconds = recorder.counted + 3;
        recorder.wait("some seconds", |recorder, _| recorder.counted >= seconds).unwrap();
        let before = recorder.acked.len();
        recorder.wait("samples after it", |recorder, _| recorder.acked.len() > before).unwrap();
        assert!(recorder.end(), "{:#?}", recorder.told);
        rig.note(&mut recorder);
        let (found, stored) = rig.finish(&[]);
        silent += stored.silently_lost(&rig.feed.stop());
        twice += found.duplicates + found.foreign;
        gaps += usize::from(stored.gaps.iter().any(|gap| gap.body.contains("disk I/O error")));
        lost += found.lost;
        panics += rig.panics;
    }
    Row {
        what: "a disk that refuses for longer than there is room in memory",
        times,
        seed: dice.seed,
        found: &[
            ("without a gap and its reason", times - gaps),
            ("samples lost outside a gap", silent),
            ("stored twice", twice),
            ("panics", panics),
        ],
        measured: format!("{lost} samples in gaps"),
    }
    .tell();
    assert_eq!((gaps, silent, twice, panics), (times, 0, 0, 0), "seed {}", dice.seed);
    assert!(lost > 0, "nothing was given up");
}

#[test]
fn a_disk_that_takes_two_seconds_for_every_flush_loses_nothing_and_the_connection_stays() {
    let _alone = alone();
    let secs = count(8, 60) as u64;
    let mut rig = Rig::new();
    let disk = Disk { live: rig.history.clone(), shadow: None, switch: rig.folder.path().join("fault") };
    std::fs::write(&disk.switch, "").unwrap();
    let mut recorder = rig.start(&[], &disk.environment(&[("DISK_SLOW_MS", "2000".to_owned())]));
    let mut most_waiting = 0;
    recorder.wait("the slow time", |recorder, _| {
        let waiting = recorder.counter("received") - recorder.counter("durable") - recorder.counter("lost");
        most_waiting = most_waiting.max(waiting);
        recorder.started.elapsed() >= Duration::from_secs(secs)
    });
    std::fs::remove_file(&disk.switch).unwrap();
    recorder.wait("samples that are safe after it", |_, said| said.starts_with("ack ")).unwrap();
    let downs = recorder.told.iter().filter(|line| line.starts_with("down ")).count();
    assert!(recorder.end(), "{:#?}", recorder.told);
    rig.note(&mut recorder);
    let (found, stored) = rig.finish(&[]);
    Row {
        what: "seconds of a disk that takes 2 s for every flush",
        times: secs as usize,
        seed: 0,
        found: &[("samples lost", found.lost), ("stored twice", found.duplicates), ("connections lost", downs), ("panics", rig.panics)],
        measured: format!("{} samples accepted, at most {most_waiting} in memory", found.accepted),
    }
    .tell();
    assert_eq!((found.lost, found.duplicates, downs, rig.panics, stored.gaps.len()), (0, 0, 0, 0, 0));
    assert!(most_waiting <= MOST_WAITING, "{most_waiting} samples wait in memory");
}

/// A small disk of its own, unmounted in the end.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    /// `None` where this user may not mount anything.
    fn mount(at: &'a Path) -> Option<Self> {
        let output = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]).arg(at).output();
        output.is_ok_and(|output| output.status.success()).then_some(Self(at))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        Command::new("umount").arg("--lazy").arg(self.0).output().ok();
    }
}

#[test]
fn a_full_disk_is_told_and_recording_goes_on_when_there_is_room_again() {
    let _alone = alone();
    let times = count(1, 10);
    let small = tempfile::tempdir().unwrap();
    let mut dice = Dice::new();
    let (mut lost, mut twice, mut panics, mut slowest) = (0, 0, 0, 0.0_f64);
    for _ in 0..times {
        let Some(_disk) = SmallDisk::mount(small.path()) else {
            println!("SKIPPED: a disk that is really full needs the right to mount one (root); the errors of one are tested all the same");
            return;
        };
        let mut rig = Rig::with_history(|_| small.path().join("history"));
        let ballast = small.path().join("ballast");
        // From no room at all to some for a second or two.
        fill(&ballast, 4_096 * dice.below(60));
        let mut recorder = rig.start(&[], &[]);
        recorder.wait("word of the full disk", |_, said| said.starts_with("failing ")).unwrap();
        assert!(recorder.told.iter().any(|line| line.contains("full")), "{:#?}", recorder.told);
        std::fs::remove_file(&ballast).unwrap();
        let freed = std::time::Instant::now();
        let recovered = recorder.wait("the recovery", |_, said| said == "recovered").unwrap();
        slowest = slowest.max((recovered - freed).as_secs_f64());
        recorder.wait("samples that are safe after it", |_, said| said.starts_with("ack ")).unwrap();
        recorder.end();
        rig.note(&mut recorder);
        let (found, _) = rig.finish(&[]);
        lost += found.lost;
        twice += found.duplicates + found.foreign;
        panics += rig.panics;
    }
    Row {
        what: "a full disk, then room again",
        times,
        seed: dice.seed,
        found: &[("samples lost", lost), ("stored twice", twice), ("panics", panics)],
        measured: format!("recording again after {slowest:.2} s at the latest"),
    }
    .tell();
    assert_eq!((lost, twice, panics), (0, 0, 0), "seed {}", dice.seed);
    assert!(slowest <= 5.0, "recording again after {slowest} s only");
}

/// Fills the disk but for so many bytes.
fn fill(ballast: &Path, free: u64) {
    use std::io::Write;
    let mut file = std::fs::File::create(ballast).unwrap();
    while file.write_all(&[0; 4_096]).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(free)).unwrap();
}
