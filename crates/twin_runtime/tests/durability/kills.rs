//! `kill -9` at random moments.

use std::time::Duration;

use crate::report::{Dice, Row, alone, count, is_soak, quantile};
use crate::rig::Rig;

/// Restart to first durable write, s, at the 99th percentile.
const RESTART_P99_SECS: f64 = 1.0;

/// Kills recorders: most of them some time after their first durable write, every fifth at any moment of its start.
fn kill(rig: &mut Rig, kills: usize, dice: &mut Dice, options: &[&str]) {
    for number in 0..kills {
        let mut recorder = rig.start(options, &[]);
        if number % 5 < 4 {
            let first = recorder.wait_durable().unwrap_or_else(|| panic!("{:#?}", recorder.told));
            rig.restarts.push(first.as_secs_f64());
        }
        std::thread::sleep(Duration::from_micros(dice.below(250_000)));
        recorder.kill();
        rig.note(&mut recorder);
    }
}

#[test]
fn nothing_the_broker_accepted_is_lost_or_stored_twice_however_often_the_recorder_is_killed() {
    let _alone = alone();
    let (kills, mut dice, mut rig) = (count(20, 1_000), Dice::new(), Rig::new());
    kill(&mut rig, kills, &mut dice, &[]);
    let (found, stored) = rig.finish(&[]);
    let p99 = quantile(&mut rig.restarts, 0.99);
    let p50 = quantile(&mut rig.restarts, 0.5);
    Row {
        what: "kill -9 while recording from Mosquitto",
        times: kills,
        seed: dice.seed,
        found: &[("samples lost", found.lost), ("stored twice", found.duplicates), ("panics", rig.panics)],
        measured: format!("{} samples accepted; restart to first durable write p50 {p50:.3} s, p99 {p99:.3} s", found.accepted),
    }
    .tell();
    assert_eq!(
        (found.lost, found.duplicates, found.foreign, rig.panics, stored.missing(&rig.acked)),
        (0, 0, 0, 0, 0),
        "seed {}",
        dice.seed
    );
    assert_eq!(stored.faults, [""; 0]);
    assert!(found.accepted > 50 * kills, "so few samples prove nothing: {found:?}");
    // One slow disk access among twenty is no percentile.
    assert!(p99 <= if is_soak() { RESTART_P99_SECS } else { 10.0 * RESTART_P99_SECS }, "p99 {p99} s");
}

#[test]
fn a_recorder_that_acknowledges_before_the_disk_has_it_is_caught() {
    let _alone = alone();
    let (kills, mut dice, mut rig) = (count(10, 50), Dice::new(), Rig::new());
    kill(&mut rig, kills, &mut dice, &["--ack-at-once"]);
    let (found, _) = rig.finish(&[]);
    Row {
        what: "the same with acknowledgements at once, which must lose",
        times: kills,
        seed: dice.seed,
        found: &[("samples lost", found.lost)],
        measured: format!("{} samples accepted", found.accepted),
    }
    .tell();
    assert!(found.lost > 0, "the harness does not see a loss: {found:?}");
}
