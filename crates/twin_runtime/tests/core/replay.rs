//! The same events give the same lane, however they were cut into batches.

use crate::plant::{TestPlant, act, everything, feed, feed_lane, lane, plant, twin};
use twin_model::{Action, ActionEnvelope, Batch, LaneId, SignalId};
use twin_runtime::Snapshot;

/// The same samples and ticks, cut anew: each second in `pieces` batches, the tick in the last.
fn cut(batches: &[Batch], pieces: usize) -> Vec<Batch> {
    let mut all = Vec::new();
    for batch in batches {
        let size = batch.samples.len().div_ceil(pieces).max(1);
        let parts: Vec<Batch> = batch.samples.chunks(size).map(|part| Batch { samples: part.to_vec(), tick: None, ack: None }).collect();
        all.extend(parts);
        match all.last_mut() {
            Some(last) if last.tick.is_none() => last.tick = batch.tick,
            _ => all.push(Batch { samples: Vec::new(), tick: batch.tick, ack: None }),
        }
    }
    all
}

#[test]
fn replay_equals_live() {
    let mut source = TestPlant::new();
    let mut batches = source.seconds(60);
    source.model.set("p101a.bearing_wear", 0.9).unwrap();
    source.model.set("str101a.clogged_fraction", 0.7).unwrap();
    batches.extend(source.seconds(400));
    source.model.set("p101a.trip", 1.0).unwrap();
    batches.extend(source.seconds(60));

    let told = |pieces: usize| {
        let mut lane = lane();
        feed_lane(&mut lane, &cut(&batches, pieces));
        // The number of the commit differs with the cut; everything else must not.
        let samples: Vec<_> = plant().signals.iter().flat_map(|(key, _)| crate::plant::column(&lane, key)).collect();
        let evaluator = lane.evaluator();
        (
            serde_json::to_vec(&(&samples, lane.alarms.events(), evaluator.alarms(), evaluator.health())).unwrap(),
            lane.alarms.events().len(),
            samples.len(),
        )
    };
    let (live, alarms, samples) = told(1);
    assert!(alarms > 5 && samples > 520 * 150, "{alarms} alarm events, {samples} samples");
    for pieces in [2, 7, 200] {
        assert!(told(pieces).0 == live, "cut in {pieces} pieces a second, the lane tells another story");
    }
    // A shadow that lags behind and catches up says the same as one that keeps up.
    let mut lagging = lane();
    for (index, batch) in batches.iter().enumerate() {
        lagging.commit(batch);
        if index % 37 == 0 {
            lagging.advance_shadow(usize::MAX);
        }
    }
    lagging.advance_shadow(usize::MAX);
    let mut prompt = lane();
    feed_lane(&mut prompt, &batches);
    let modelled = plant().signals.iter().filter_map(|(key, _)| plant().settings_of(key)?.model).collect::<Vec<_>>();
    assert!(modelled.len() > 40);
    for key in modelled {
        assert_eq!(crate::plant::column(&lagging, key), crate::plant::column(&prompt, key));
    }
}

#[test]
fn the_same_commits_give_the_same_bytes() {
    let batches = TestPlant::new().seconds(200);
    let told = || {
        let mut lane = lane();
        feed_lane(&mut lane, &batches);
        everything(&lane)
    };
    assert!(told() == told());
}

#[test]
fn a_snapshot_and_an_action_survive_serialisation() {
    let mut source = TestPlant::new();
    let mut twin = twin();
    feed(&mut twin, &source.seconds(40));
    let id = |tag: &str| SignalId::new(plant().signals.info(crate::plant::key(tag)).unwrap().id.as_str()).unwrap();
    act(&mut twin, Action::WatchSignals(vec![id("FT-101"), id("LT-101")]));
    act(&mut twin, Action::SilenceHorn);
    let snapshot = twin.snapshot(7, 0.4);
    let text = serde_json::to_string(&snapshot).unwrap();
    let back: Snapshot = serde_json::from_str(&text).unwrap();
    assert_eq!(back.frames[0].readings, snapshot.frames[0].readings);
    assert_eq!(back.frames[0].health, snapshot.frames[0].health);
    assert_eq!(back.frames[0].alarms, snapshot.frames[0].alarms);
    assert_eq!(back.frames[0].columns.len(), 2);
    assert_eq!(back.lanes[0].extent, snapshot.lanes[0].extent);
    assert_eq!(serde_json::to_string(&back).unwrap(), text);

    let envelope = ActionEnvelope {
        view: crate::plant::VIEW,
        author: crate::plant::engineer(),
        action: Action::Fork {
            lane: LaneId::LIVE,
            at: Some(source.time),
            name: "what if".into(),
            overrides: vec![twin_model::Override::Duty { drive: "P-101B".into() }],
            horizon_secs: 60.0,
        },
    };
    let text = serde_json::to_string(&envelope).unwrap();
    assert_eq!(serde_json::from_str::<ActionEnvelope>(&text).unwrap(), envelope);
}
