//! What is kept on disk: a restart goes on, the past can be reached, and a record tells the same again.

use crate::plant::{TestPlant, act, engineer, feed, plant, sample, start, twin};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use twin_historian::{Archive, LaneNumber, Retention};
use twin_model::{Action, ActionEnvelope, Batch, LaneId, ManualClock, TwinTime};
use twin_runtime::replay::{hash_replay, recording_source};
use twin_runtime::{MarkKind, Twin, signal_names};

const LIVE: LaneNumber = LaneNumber(0);
const PATIENCE: Duration = Duration::from_secs(60);

/// A twin that keeps its history in a folder, at a wall time.
fn keeping(folder: &Path, now: TwinTime) -> Twin {
    let mut twin = Twin::new(plant(), Arc::new(ManualClock::new(now)));
    twin.keep_history(folder, Retention::default()).unwrap();
    twin
}

fn flush(twin: &Twin) {
    assert!(twin.lane(LaneId::LIVE).unwrap().recorder().unwrap().recorder().flush(PATIENCE));
}

fn archive(folder: &Path) -> Archive {
    Archive::open(folder, signal_names(&plant())).unwrap()
}

/// A failure: normal, a clogging strainer with wear, a trip.
fn failure() -> Vec<Batch> {
    let mut source = TestPlant::new();
    let mut batches = source.seconds(60);
    source.model.set("p101a.bearing_wear", 0.9).unwrap();
    source.model.set("str101a.clogged_fraction", 0.7).unwrap();
    batches.extend(source.seconds(240));
    source.model.set("p101a.trip", 1.0).unwrap();
    batches.extend(source.seconds(60));
    batches
}

/// What a person sees at an instant: readings, alarms and health.
fn seen(twin: &mut Twin, time: TwinTime) -> String {
    act(twin, Action::Seek(time));
    let frame = twin.snapshot(0, 0.0).frames[0].clone();
    let readings: Vec<_> =
        frame.readings.iter().map(|r| r.as_ref().map(|r| (r.value.map(f64::to_bits), r.quality, r.source_time))).collect();
    serde_json::to_string(&(readings, &frame.alarms, &frame.health)).unwrap()
}

/// Lets the reading thread answer.
fn wait_for_page(twin: &mut Twin) {
    twin.advance(0.0);
    while twin.snapshot(0, 0.0).frames[0].is_reading {
        std::thread::yield_now();
        twin.advance(0.0);
    }
}

#[test]
fn a_restart_shows_every_instant_as_it_was_and_goes_on_with_the_alarms_that_stand() {
    let folder = tempfile::tempdir().unwrap();
    let batches = failure();
    let end = batches.last().unwrap().tick.unwrap();
    let instants = [1.0, 90.0, 200.0, 310.0, 359.0].map(|secs| start().plus_secs(secs));
    let mut first = keeping(folder.path(), start());
    feed(&mut first, &batches);
    act(&mut first, Action::AcknowledgeAll { lane: LaneId::LIVE });
    let before: Vec<String> = instants.iter().map(|time| seen(&mut first, *time)).collect();
    let alarms = first.lane(LaneId::LIVE).unwrap().evaluator().alarms().to_vec();
    assert!(alarms.iter().filter(|alarm| alarm.active && alarm.acknowledged).count() > 3);
    drop(first);

    let mut second = keeping(folder.path(), end.plus_secs(5.0));
    let after: Vec<String> = instants.iter().map(|time| seen(&mut second, *time)).collect();
    for (index, (before, after)) in before.iter().zip(&after).enumerate() {
        assert!(before == after, "instant {index} looks different after the restart");
    }
    let live = second.lane(LaneId::LIVE).unwrap();
    assert_eq!(live.evaluator().alarms(), alarms);
    assert_eq!(live.start().unwrap(), batches[0].samples[0].source_time);
    let marks = live.marks.all();
    let gap = marks.iter().find(|mark| mark.kind == MarkKind::Gap).unwrap();
    assert_eq!((gap.from, gap.to), (end, end.plus_secs(5.0)));
}

#[test]
fn what_a_broker_sends_again_after_a_restart_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let batches = TestPlant::new().seconds(30);
    let mut first = keeping(folder.path(), start());
    feed(&mut first, &batches);
    drop(first);
    let mut second = keeping(folder.path(), start().plus_secs(31.0));
    feed(&mut second, &batches[20..]);
    let live = second.lane(LaneId::LIVE).unwrap();
    assert_eq!(live.stats.committed, 0, "all of it was there");
    flush(&second);
    let stored = archive(folder.path()).commits(LIVE, 0, u64::MAX).unwrap();
    let from_plant = stored.iter().flat_map(|commit| &commit.samples).filter(|s| twin_runtime::is_from_plant(s)).count();
    assert_eq!(from_plant, batches.iter().map(|batch| batch.samples.len()).sum::<usize>());
}

#[test]
fn what_memory_does_not_hold_is_read_again_and_looks_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut source = TestPlant::new();
    // Longer than a restart takes back into memory.
    let batches = source.seconds(2000);
    let mut first = keeping(folder.path(), start());
    feed(&mut first, &batches);
    let early = start().plus_secs(100.0);
    let before = seen(&mut first, early);
    drop(first);
    let mut second = keeping(folder.path(), start().plus_secs(2001.0));
    act(&mut second, Action::Seek(early));
    assert!(second.snapshot(0, 0.0).frames[0].is_reading, "nothing stands for what was not read yet");
    wait_for_page(&mut second);
    assert!(seen(&mut second, early) == before);
}

#[test]
fn a_record_replayed_tells_the_same_story_second_by_second() {
    let folder = tempfile::tempdir().unwrap();
    let batches = failure();
    let mut live = keeping(folder.path(), start());
    feed(&mut live, &batches);
    flush(&live);
    let hashes = || {
        let mut hashes = Vec::new();
        let lane = hash_replay(&archive(folder.path()), LIVE, &plant(), |second| hashes.push(second)).unwrap();
        (hashes, lane)
    };
    let ((first, lane), (second, _)) = (hashes(), hashes());
    assert_eq!(first.len(), batches.len());
    assert!(first == second);
    let original = live.lane(LaneId::LIVE).unwrap();
    assert_eq!(lane.alarms.events(), original.alarms.events());
    assert_eq!(lane.evaluator().readings(), original.evaluator().readings());
    assert_eq!(lane.evaluator().health(), original.evaluator().health());
}

#[test]
fn a_record_is_a_source_like_any_other_and_what_ifs_start_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let batches = TestPlant::new().seconds(120);
    let mut live = keeping(folder.path(), start());
    feed(&mut live, &batches);
    drop(live);
    let mut viewer = Twin::new(plant(), Arc::new(ManualClock::new(start())));
    let lane = viewer.open_recording("incident", recording_source(archive(folder.path()), LIVE).unwrap());
    while viewer.lane(lane).unwrap().state != twin_model::SourceState::Ended {
        match viewer.next_source_event(lane) {
            Some(event) => {
                if viewer.apply_source_event(lane, event) {
                    viewer.advance_shadow(lane, 240);
                }
            }
            None => std::thread::yield_now(),
        }
    }
    viewer.advance(0.0);
    assert_eq!(viewer.lane(lane).unwrap().head(), batches.last().unwrap().tick);
    assert_eq!(viewer.snapshot(0, 0.0).frames[0].playhead.lane, lane);
    let fork = viewer.fork(crate::plant::VIEW, lane, Some(start().plus_secs(60.0)), "earlier", &[], 60.0);
    crate::plant::finish(&mut viewer, fork.unwrap());
}

#[test]
fn bookmarks_and_notes_come_back_after_a_restart_with_their_author() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = keeping(folder.path(), start());
    feed(&mut first, &TestPlant::new().seconds(20));
    let at = start().plus_secs(7.0);
    act(&mut first, Action::Bookmark { lane: LaneId::LIVE, time: at, text: "first sign".to_owned() });
    let note = |text: &str| Action::Note { lane: LaneId::LIVE, from: at, to: at.plus_secs(5.0), thing: None, text: text.to_owned() };
    act(&mut first, note("the valve hunts"));
    act(&mut first, note("  "));
    drop(first);
    let second = keeping(folder.path(), start().plus_secs(21.0));
    let marks = second.lane(LaneId::LIVE).unwrap().marks.all();
    let told: Vec<_> = marks.iter().filter(|m| m.kind != MarkKind::Gap).map(|m| (m.kind, m.text.as_str(), m.author.as_str())).collect();
    let author = engineer().name;
    assert_eq!(told, [(MarkKind::Bookmark, "first sign", author.as_str()), (MarkKind::Note, "the valve hunts", author.as_str())]);
}

#[test]
fn a_history_that_ends_ahead_of_time_is_left_alone_and_a_new_lane_begins() {
    let folder = tempfile::tempdir().unwrap();
    let mut fast = keeping(folder.path(), start());
    feed(&mut fast, &TestPlant::new().seconds(600));
    drop(fast);
    let mut second = keeping(folder.path(), start().plus_secs(10.0));
    assert!(second.lane(LaneId::LIVE).unwrap().head().is_none());
    feed(&mut second, &[Batch { samples: vec![sample(crate::plant::key("FT-101"), 1.0, start())], tick: Some(start()), ack: None }]);
    flush(&second);
    assert!(archive(folder.path()).extent(LaneNumber(1)).unwrap().is_some());
}

#[test]
fn a_second_program_on_the_same_folder_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let _first = keeping(folder.path(), start());
    let mut second = twin();
    let refused = second.keep_history(folder.path(), Retention::default()).unwrap_err();
    assert!(refused.to_string().contains("another Didymos"), "{refused}");
}

#[test]
fn the_playhead_steps_to_the_changes_of_one_thing() {
    let mut twin = twin();
    feed(&mut twin, &failure());
    let thing = plant().things.iter().find(|thing| thing.name.starts_with("P-101A")).unwrap().id.clone();
    act(&mut twin, Action::Seek(start()));
    let mut times = Vec::new();
    loop {
        let before = twin.snapshot(0, 0.0).frames[0].playhead.time;
        twin.act(&ActionEnvelope {
            view: crate::plant::VIEW,
            author: engineer(),
            action: Action::StepChange { thing: thing.clone(), forward: true },
        });
        let now = twin.snapshot(0, 0.0).frames[0].playhead.time;
        if now == before {
            break;
        }
        times.push(now);
    }
    assert!(times.len() >= 3 && times.is_sorted(), "{times:?}");
}
