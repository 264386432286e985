//! The counters of a recorder against each other and against the disk.

use crate::check::Stored;
use crate::report::{Row, alone, count};
use crate::rig::Rig;
use std::collections::BTreeMap;

#[test]
fn what_was_received_is_durable_rejected_duplicate_or_queued_at_every_second() {
    let _alone = alone();
    let seconds = count(6, 60);
    let mut rig = Rig::new();
    let mut recorder = rig.start(&[], &[]);
    let mut before: Option<BTreeMap<String, u64>> = None;
    let mut wrong = Vec::new();
    for second in 1..=seconds {
        recorder.wait("the next second", |recorder, _| recorder.counted >= second).unwrap();
        let now = recorder.counters.clone();
        let of = |name: &str| now[name];
        // Every message carries one sample. Those between source and lane, and between lane and disk, are queued.
        let to_lane = (of("samples") + of("rejected")).checked_sub(of("delivered") + of("rejected"));
        let to_disk = of("received").checked_sub(of("durable") + of("lost"));
        let balance = to_lane.zip(to_disk).map(|(to_lane, to_disk)| {
            of("durable") + of("lost") + of("rejected") + (of("delivered") - of("committed")) + to_lane + to_disk
        });
        if balance.is_none_or(|sum| sum < of("messages") || sum > of("messages") + 200) || of("received") != of("committed") {
            wrong.push(format!("second {second}: {now:?}"));
        }
        if let Some(before) = &before {
            let grown = |name: &str| now[name] - before[name];
            if grown("delivered") != grown("committed") + grown("duplicates") {
                wrong.push(format!("second {second}: {before:?} then {now:?}"));
            }
        }
        // What is called durable is there for another reader; it cannot read more than becomes durable until the next second.
        let stored = Stored::read(&rig.history).unwrap().samples as u64;
        if of("durable") > stored {
            wrong.push(format!("second {second}: {} durable, {stored} on the disk", of("durable")));
        }
        before = Some(now);
    }
    assert!(recorder.end());
    rig.note(&mut recorder);
    let last = before.unwrap();
    Row {
        what: "seconds at which the counters were compared",
        times: seconds,
        seed: 0,
        found: &[("do not add up", wrong.len()), ("samples called lost", last["lost"] as usize)],
        measured: format!("{} messages, {} rejected, {} duplicates", last["messages"], last["rejected"], last["duplicates"]),
    }
    .tell();
    assert_eq!(wrong, [""; 0]);
    assert!(last["rejected"] > 0 && last["duplicates"] > 0, "{last:?}");
    let (found, _) = rig.finish(&[]);
    assert_eq!((found.lost, found.duplicates, found.foreign), (0, 0, 0));
}
