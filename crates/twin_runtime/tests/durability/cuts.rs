//! The power goes: what was not flushed is gone.

use std::time::Duration;

use crate::check::Stored;
use crate::disk::Disk;
use crate::report::{Dice, Row, alone, count};
use crate::rig::Rig;

/// Cuts on one history: every one is followed by reading all of it.
const CUTS_PER_HISTORY: usize = 25;

#[derive(Default)]
struct Found {
    lost: usize,
    lost_acked: usize,
    duplicates: usize,
    damaged: usize,
    panics: usize,
    accepted: usize,
}

/// Cuts the power at random moments: half of the cuts drop everything that was not flushed, half let some of it through.
fn cut(cuts: usize, dice: &mut Dice, options: &[&str]) -> Found {
    let mut found = Found::default();
    let mut left = cuts;
    while left > 0 {
        let these = left.min(CUTS_PER_HISTORY);
        left -= these;
        let mut rig = Rig::new();
        let (live, shadow) = (rig.history.clone(), rig.folder.path().join("shadow"));
        let disk = Disk { live, shadow: Some(shadow), switch: rig.folder.path().join("none") };
        for number in 0..these {
            disk.mirror();
            let mut recorder = rig.start(options, &disk.environment(&[]));
            if number % 5 < 4 {
                recorder.wait_durable().unwrap_or_else(|| panic!("{:#?}", recorder.told));
            }
            std::thread::sleep(Duration::from_micros(dice.below(300_000)));
            recorder.kill();
            rig.note(&mut recorder);
            disk.cut((number % 2 == 1).then_some(&mut *dice));
            match Stored::read(&rig.history) {
                Ok(stored) => {
                    found.lost_acked = found.lost_acked.max(stored.missing(&rig.acked));
                    found.damaged += usize::from(!stored.faults.is_empty());
                }
                Err(error) => {
                    println!("cut {number}: {error}");
                    found.damaged += 1;
                }
            }
        }
        let (difference, _) = rig.finish(&[]);
        found.lost += difference.lost;
        found.duplicates += difference.duplicates + difference.foreign;
        found.accepted += difference.accepted;
        found.panics += rig.panics;
    }
    found
}

#[test]
fn nothing_acknowledged_is_lost_and_no_file_is_damaged_however_often_the_power_goes() {
    let _alone = alone();
    let (cuts, mut dice) = (count(20, 1_000), Dice::new());
    let found = cut(cuts, &mut dice, &[]);
    Row {
        what: "power cuts, half of them with torn and reordered sectors",
        times: cuts,
        seed: dice.seed,
        found: &[
            ("acknowledged samples lost", found.lost_acked + found.lost),
            ("stored twice", found.duplicates),
            ("damaged histories", found.damaged),
            ("panics", found.panics),
        ],
        measured: format!("{} samples accepted", found.accepted),
    }
    .tell();
    assert_eq!((found.lost_acked, found.lost, found.duplicates, found.damaged, found.panics), (0, 0, 0, 0, 0), "seed {}", dice.seed);
}

#[test]
fn a_recorder_that_does_not_wait_for_the_disk_is_caught() {
    let _alone = alone();
    let (cuts, mut dice) = (count(6, 50), Dice::new());
    let found = cut(cuts, &mut dice, &["--synchronous-normal"]);
    Row {
        what: "the same with synchronous=NORMAL, which must lose",
        times: cuts,
        seed: dice.seed,
        found: &[("acknowledged samples lost", found.lost_acked.max(found.lost))],
        measured: format!("{} samples accepted", found.accepted),
    }
    .tell();
    assert!(found.lost_acked > 0, "the harness does not see a loss");
}
