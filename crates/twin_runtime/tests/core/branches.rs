//! What-ifs: they leave the plant alone, equal its shadow until something is changed, and answer the question asked.

use crate::plant::{TestPlant, act, column, everything, feed, finish, key, model_key, plant, twin};
use std::collections::BTreeMap;
use std::sync::Arc;
use twin_model::document::ShadowRole;
use twin_model::{Action, LaneId, Override, SourceEvent, TwinTime};
use twin_runtime::branch::{BranchPlan, spawn};
use twin_runtime::turns::Turns;
use twin_runtime::{LaneKind, Twin};
use twin_sim::command::{DriveState, Mode};
use twin_sim::flowsheet::Request;

fn duty_b() -> Vec<Override> {
    vec![Override::Duty { drive: "P-101B".to_owned() }]
}

fn fork(twin: &mut Twin, at: Option<TwinTime>, overrides: &[Override], secs: f64) -> (LaneId, LaneId) {
    let branch = twin.fork(crate::plant::VIEW, LaneId::LIVE, at, "what if", overrides, secs).unwrap();
    let baseline = twin.snapshot(0, 0.0).branches.iter().find(|b| b.lane == branch).unwrap().baseline;
    (branch, baseline)
}

fn judged() -> Vec<String> {
    let plant = plant();
    plant
        .signals
        .iter()
        .filter(|(key, _)| plant.settings_of(*key).is_some_and(|s| s.shadow == Some(ShadowRole::Judged)))
        .map(|(_, info)| info.tag.clone())
        .collect()
}

#[test]
fn what_if_never_touches_live() {
    let batches = TestPlant::new().seconds(240);
    let mut untouched = twin();
    feed(&mut untouched, &batches);

    let mut twin = twin();
    feed(&mut twin, &batches[..120]);
    let (branch, _) = fork(&mut twin, None, &duty_b(), 600.0);
    let (_, _) = fork(&mut twin, Some(batches[60].tick.unwrap()), &[Override::Parameter { name: "p101a.trip".into(), value: 1.0 }], 600.0);
    act(&mut twin, Action::SwitchLane(branch));
    feed(&mut twin, &batches[120..180]);
    finish(&mut twin, branch);
    act(&mut twin, Action::SetOverrides { lane: branch, overrides: vec![Override::Drive { drive: "P-102".into(), run: false }] });
    act(&mut twin, Action::RunAhead { lane: branch, secs: 300.0 });
    feed(&mut twin, &batches[180..]);
    act(&mut twin, Action::AcknowledgeAll { lane: branch });
    act(&mut twin, Action::Discard { lane: branch });

    let (live, alone) = (twin.lane(LaneId::LIVE).unwrap(), untouched.lane(LaneId::LIVE).unwrap());
    assert!(everything(live) == everything(alone), "a what-if left a trace on lane Live");
}

#[test]
fn a_branch_without_overrides_equals_its_parents_shadow_bit_for_bit() {
    let mut source = TestPlant::new();
    let mut twin = twin();
    let mut batches = source.seconds(100);
    source.request("FIC-101", Request::Mode(Mode::Auto));
    source.request("FIC-101", Request::Setpoint(80.0));
    batches.extend(source.seconds(230));
    feed(&mut twin, &batches);
    let shadow_end = twin.lane(LaneId::LIVE).unwrap().shadow.as_ref().unwrap().time().unwrap();

    for second in [5, 60, 133, 299] {
        let at = batches[second].tick.unwrap();
        let (branch, _) = fork(&mut twin, Some(at), &[], shadow_end - at);
        finish(&mut twin, branch);
        let mut compared = 0;
        for tag in judged() {
            let live: BTreeMap<TwinTime, u64> = column(twin.lane(LaneId::LIVE).unwrap(), model_key(&tag))
                .iter()
                .map(|s| (s.source_time, s.value.unwrap().to_bits()))
                .collect();
            for sample in column(twin.lane(branch).unwrap(), key(&tag)) {
                let shadow = live.get(&sample.source_time);
                assert_eq!(
                    shadow,
                    Some(&sample.value.unwrap().to_bits()),
                    "{tag} at {}, forked at second {second}",
                    sample.source_time.clock_text()
                );
                compared += 1;
            }
        }
        assert!(compared > 40 * 25, "only {compared} samples were compared");
    }

    // From now: the branch starts at the very state of the shadow, and the baseline runs on from it as the branch does.
    let (branch, baseline) = fork(&mut twin, None, &[], 120.0);
    finish(&mut twin, branch);
    for tag in judged() {
        let (a, b) = (column(twin.lane(branch).unwrap(), key(&tag)), column(twin.lane(baseline).unwrap(), key(&tag)));
        assert_eq!(a.len(), 120, "{tag}");
        assert_eq!(a, b, "{tag}");
    }
}

#[test]
fn a_branch_with_another_pump_on_duty_runs_on_without_a_bump() {
    let mut source = TestPlant::new().without_noise();
    let mut twin = twin();
    source.request("FIC-101", Request::Mode(Mode::Auto));
    source.request("FIC-101", Request::Setpoint(78.0));
    // The plant has settled there before the twin is switched on.
    source.seconds(5400);
    feed(&mut twin, &source.seconds(300));
    let before = |twin: &Twin, tag: &str| twin.lane(LaneId::LIVE).unwrap().newest(model_key(tag)).unwrap().value.unwrap();
    let (flow, pressure) = (before(&twin, "FT-101"), before(&twin, "PT-101"));
    let (branch, baseline) = fork(&mut twin, None, &duty_b(), 600.0);
    finish(&mut twin, branch);

    for (lane, name) in [(branch, "branch"), (baseline, "baseline")] {
        let lane = twin.lane(lane).unwrap();
        let first = |tag: &str| column(lane, key(tag))[0].value.unwrap();
        assert!((first("FT-101") - flow).abs() < 0.05, "{name}: FT-101 jumps from {flow} to {}", first("FT-101"));
        assert!((first("PT-101") - pressure).abs() < 0.005, "{name}: PT-101 jumps from {pressure} to {}", first("PT-101"));
        let flows: Vec<f64> = column(lane, key("FT-101")).iter().map(|s| s.value.unwrap()).collect();
        let end = flows.last().unwrap();
        assert!((end - 78.0).abs() < 0.5, "{name}: the set point of the plant is held, not {end}");
    }

    let lane = twin.lane(branch).unwrap();
    let fork_time = lane.fork.unwrap().time;
    let first_time = |tag: &str, states: &[DriveState]| {
        let hit = column(lane, key(tag)).into_iter().find(|s| states.iter().any(|state| Some(state.number()) == s.value));
        hit.unwrap_or_else(|| panic!("{tag} is never {states:?}")).source_time - fork_time
    };
    let started = first_time("XS-101B", &[DriveState::Starting, DriveState::Running]);
    let stopped = first_time("XS-101A", &[DriveState::Stopping, DriveState::Stopped]);
    assert!(started <= 1.0, "P-101B starts after {started} s");
    assert!((60.0..=61.0).contains(&stopped), "P-101A stops after {stopped} s");
    let notes = &twin.snapshot(0, 0.0).branches[0].notes;
    assert!(notes.iter().any(|note| note.contains("P-101B started; P-101A stops after 60 s")), "{notes:?}");
}

#[test]
fn a_what_if_from_the_past_takes_over_what_was_recorded_at_the_end_of_the_record() {
    let mut source = TestPlant::new();
    let mut twin = twin();
    let early = source.seconds(60);
    feed(&mut twin, &early);
    source.request("FIC-101", Request::Mode(Mode::Auto));
    source.request("FIC-101", Request::Setpoint(76.0));
    feed(&mut twin, &source.seconds(240));
    let (branch, _) = fork(&mut twin, early[30].tick, &[], 600.0);
    finish(&mut twin, branch);
    let set_points = column(twin.lane(branch).unwrap(), key("FIC-101.SP"));
    assert!(!set_points.is_empty());
    assert!(set_points.iter().all(|s| s.value == Some(76.0)), "{:?}", set_points.first());
}

#[test]
fn a_worn_bearing_alarms_in_the_baseline_and_not_with_the_other_pump_on_duty() {
    let mut source = TestPlant::new();
    let mut twin = twin();
    // Wear doubles every ten minutes up to the fork.
    for minute in 0..50 {
        source.model.set("p101a.bearing_wear", 0.24 * f64::exp2(f64::from(minute - 50) / 20.0)).unwrap();
        feed(&mut twin, &source.seconds(60));
    }
    let (branch, _) = fork(&mut twin, None, &duty_b(), 2.0 * 3600.0);
    finish(&mut twin, branch);
    let snapshot = twin.snapshot(0, 0.0);
    let view = snapshot.branches.iter().find(|b| b.lane == branch).unwrap();
    assert_eq!(view.condition.len(), 1, "{:?}", view.condition);
    assert!((view.condition[0].value - 0.24).abs() < 0.05, "{:?}", view.condition[0]);
    assert!(view.condition[0].growth_per_hour > 1.0, "{:?}", view.condition[0]);
    let [baseline_alarm, branch_alarm] = &view.comparison.first_alarm;
    let named = baseline_alarm.as_deref().unwrap_or("none");
    assert!(named.contains("111A") || named.contains("101A"), "the baseline's first alarm is {named}");
    assert_eq!(*branch_alarm, None);
    let row = view.comparison.rows.iter().find(|row| row.name == "Next alarm in").unwrap();
    assert!(row.baseline.is_some_and(|minutes| minutes > 1.0 && minutes < 120.0), "{row:?}");
    assert_eq!(row.branch, None);
    assert!(view.comparison.span_secs >= 7199.0);
    let throughput = view.comparison.rows.iter().find(|row| row.name == "Throughput").unwrap();
    assert!(throughput.branch.unwrap() > 150.0 && throughput.baseline.unwrap() > 150.0, "{throughput:?}");
}

#[test]
fn discard_frees_memory() {
    let mut source = TestPlant::new();
    let mut twin = twin();
    feed(&mut twin, &source.seconds(60));
    let (branch, baseline) = fork(&mut twin, None, &duty_b(), 600.0);
    finish(&mut twin, branch);
    act(&mut twin, Action::SwitchLane(branch));
    act(&mut twin, Action::Compare(Some(baseline)));
    act(&mut twin, Action::Discard { lane: baseline });
    assert!(twin.lane(baseline).is_some(), "a baseline goes with its branch only");
    assert!(twin.snapshot(0, 0.0).journal.last().unwrap().refused.is_some());

    act(&mut twin, Action::Discard { lane: branch });
    twin.advance(0.05);
    let snapshot = twin.snapshot(0, 0.0);
    assert_eq!(twin.lanes().map(|lane| lane.kind).collect::<Vec<_>>(), [LaneKind::Live]);
    assert!(snapshot.branches.is_empty());
    let playhead = snapshot.frames[0].playhead;
    assert!(playhead.is_live() && playhead.compare.is_none(), "{playhead:?}");
}

#[test]
fn the_worker_of_a_discarded_branch_ends() {
    let mut source = TestPlant::new();
    let mut twin = twin();
    feed(&mut twin, &source.seconds(30));
    let shadow = twin.lane(LaneId::LIVE).unwrap().shadow.as_ref().unwrap();
    let flow = source.model.plant().tag("FT-101").unwrap();
    let outputs: Arc<[_]> = Arc::from(vec![(flow, key("FT-101"))]);
    let plan = BranchPlan {
        replay: shadow.replay_from(shadow.time().unwrap()).unwrap(),
        recorded: Vec::new(),
        recorded_at_end: Vec::new(),
        condition: Vec::new(),
        overrides: Vec::new(),
        horizon_secs: 30.0 * 86_400.0,
        outputs: Arc::clone(&outputs),
    };
    let link = spawn(plan, Turns::new(1)).unwrap();
    link.events.recv().unwrap();
    assert!(Arc::strong_count(&outputs) > 1, "the worker runs");
    drop(link);
    while Arc::strong_count(&outputs) > 1 {
        std::thread::yield_now();
    }
}

#[test]
fn a_branch_answers_for_the_time_before_its_fork_with_its_parents_samples() {
    let mut source = TestPlant::new();
    let mut twin = twin();
    let batches = source.seconds(90);
    feed(&mut twin, &batches[..60]);
    let (branch, _) = fork(&mut twin, None, &[], 60.0);
    finish(&mut twin, branch);
    let at = batches[20].tick.unwrap();
    assert_eq!(twin.latest_at(branch, key("FT-101"), at), twin.latest_at(LaneId::LIVE, key("FT-101"), at));
    // A correction that reaches the parent after the fork is not part of what the branch was forked from.
    let late = twin_model::Batch {
        samples: vec![twin_model::Sample {
            origin: twin_model::Origin::Late,
            ..crate::plant::sample(key("FT-101"), 1.0, at.plus_secs(0.25))
        }],
        ..twin_model::Batch::default()
    };
    twin.apply_source_event(LaneId::LIVE, SourceEvent::Batch(late));
    let seen = |lane| twin.latest_at(lane, key("FT-101"), at.plus_secs(0.5)).unwrap().sample.value.unwrap();
    assert_eq!(seen(LaneId::LIVE), 1.0);
    assert!(seen(branch) > 50.0);
}
