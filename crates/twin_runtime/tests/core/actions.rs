//! Who may do what, and what becomes of it.

use crate::plant::{TestPlant, VIEW, act, engineer, feed, plant, twin};
use twin_insight::AlarmState;
use twin_model::{Action, ActionEnvelope, Author, LaneId, Override, Role};
use twin_runtime::Twin;

fn refusal(twin: &Twin) -> Option<String> {
    twin.snapshot(0, 0.0).journal.last().and_then(|entry| entry.refused.clone())
}

fn ask(twin: &mut Twin, role: Role, action: Action) -> Option<String> {
    let author = Author { name: "Bo".to_owned(), role };
    twin.act(&ActionEnvelope { view: VIEW, author, action });
    refusal(twin)
}

#[test]
fn actions_are_refused_for_the_wrong_role_or_lane_and_journaled_with_the_reason() {
    let mut source = TestPlant::new();
    let mut twin = twin();
    feed(&mut twin, &source.seconds(30));
    let live = LaneId::LIVE;
    let gone = LaneId(77);
    let fork = |horizon_secs| Action::Fork { lane: live, at: None, name: "x".into(), overrides: Vec::new(), horizon_secs };
    let cases: [(Role, Action, &str); 9] = [
        (Role::Viewer, Action::AcknowledgeAll { lane: live }, "Operator"),
        (Role::Operator, fork(60.0), "Engineer"),
        (Role::Admin, Action::SetOverrides { lane: live, overrides: vec![Override::Duty { drive: "P-101B".into() }] }, "branch only"),
        (Role::Admin, Action::Discard { lane: live }, "cannot be discarded"),
        (Role::Engineer, Action::SwitchLane(gone), "gone"),
        (Role::Engineer, fork(1e9), "30 days"),
        (Role::Operator, Action::Acknowledge { lane: live, alarm: "NO-1".into() }, "no alarm NO-1"),
        (Role::Operator, Action::Shelve { lane: live, alarm: "LAH-100".into(), minutes: 10, reason: " ".into() }, "reason"),
        (Role::Engineer, Action::StartStory { name: "bearing-wear".into(), severity: 0.5, speed: None }, "demo plant"),
    ];
    let count = cases.len();
    for (role, action, words) in cases {
        let said = ask(&mut twin, role, action.clone()).unwrap_or_default();
        assert!(said.contains(words), "{action:?} was answered with \"{said}\"");
    }
    let snapshot = twin.snapshot(0, 0.0);
    assert_eq!(snapshot.journal.len(), count, "every refusal is journaled");
    assert!(snapshot.journal.iter().all(|entry| entry.author == "Bo" && !entry.act.is_empty()));
    assert_eq!(twin.lanes().count(), 1);
    let too_early = Action::Fork {
        lane: live,
        at: Some(crate::plant::start().plus_secs(-100.0)),
        name: "x".into(),
        overrides: Vec::new(),
        horizon_secs: 60.0,
    };
    assert!(ask(&mut twin, Role::Engineer, too_early).is_some_and(|said| said.contains("no saved state that far back")));
}

#[test]
fn acknowledgement_and_shelving_reach_the_evaluator_and_silence_the_horn() {
    let mut source = TestPlant::new();
    let mut twin = twin();
    feed(&mut twin, &source.seconds(60));
    source.model.set("p101a.trip", 1.0).unwrap();
    feed(&mut twin, &source.seconds(2));
    let index = plant().alarm("XA-101A").unwrap();
    let state = |twin: &Twin| twin.lane(LaneId::LIVE).unwrap().evaluator().alarms()[index].state();
    assert_eq!(state(&twin), AlarmState::Unacknowledged);
    assert!(twin.snapshot(0, 0.0).live.horn);

    act(&mut twin, Action::Acknowledge { lane: LaneId::LIVE, alarm: "XA-101A".into() });
    assert_eq!(refusal(&twin), None);
    assert_eq!(state(&twin), AlarmState::Acknowledged);
    assert!(!twin.snapshot(0, 0.0).live.horn, "nothing waits, nothing sounds");

    act(&mut twin, Action::Shelve { lane: LaneId::LIVE, alarm: "XA-101A".into(), minutes: 1, reason: "known".into() });
    assert_eq!(state(&twin), AlarmState::Shelved);
    assert!(twin.snapshot(0, 0.0).live.alarms.iter().all(|(_, alarm, _)| *alarm != index), "off the strip");
    feed(&mut twin, &source.seconds(61));
    assert_eq!(state(&twin), AlarmState::Unacknowledged, "it comes back by itself");
    assert!(twin.snapshot(0, 0.0).live.horn);
    act(&mut twin, Action::SilenceHorn);
    assert!(!twin.snapshot(0, 0.0).live.horn);
    assert_eq!(state(&twin), AlarmState::Unacknowledged);
    act(&mut twin, Action::AcknowledgeAll { lane: LaneId::LIVE });
    assert_ne!(state(&twin), AlarmState::Unacknowledged);

    let acts: Vec<String> = twin.snapshot(0, 0.0).journal.iter().map(|entry| entry.act.clone()).collect();
    assert_eq!(acts, ["acknowledge XA-101A", "shelve XA-101A for 1 min: known", "silence the horn", "acknowledge all alarms"]);
    assert!(twin.snapshot(0, 0.0).journal.iter().all(|entry| entry.author == engineer().name));
}

#[test]
fn acknowledging_a_what_if_leaves_the_live_horn_alone() {
    let mut source = TestPlant::new();
    let mut twin = twin();
    feed(&mut twin, &source.seconds(60));
    source.model.set("p101a.trip", 1.0).unwrap();
    feed(&mut twin, &source.seconds(5));
    assert!(twin.snapshot(0, 0.0).live.horn);
    let branch = twin.fork(VIEW, LaneId::LIVE, None, "x", &[], 60.0).unwrap();
    crate::plant::finish(&mut twin, branch);
    act(&mut twin, Action::AcknowledgeAll { lane: branch });
    assert!(twin.snapshot(0, 0.0).live.horn);
}

#[test]
fn looking_is_not_journaled_and_each_view_has_its_own_playhead() {
    let mut source = TestPlant::new();
    let mut twin = twin();
    feed(&mut twin, &source.seconds(30));
    act(&mut twin, Action::Seek(source.time.plus_secs(-10.0)));
    let other = twin_model::ViewId(5);
    twin.act(&ActionEnvelope { view: other, author: engineer(), action: Action::Follow });
    twin.advance(0.05);
    let snapshot = twin.snapshot(0, 0.0);
    assert!(snapshot.journal.is_empty());
    assert_eq!(snapshot.frame(VIEW).unwrap().playhead.time, source.time.plus_secs(-10.0));
    assert_eq!(snapshot.frame(other).unwrap().playhead.time, source.time);
}
