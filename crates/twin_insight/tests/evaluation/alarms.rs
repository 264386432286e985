//! States, delays, suppression, shelving, lost data.

use crate::plant::{Lane, alarm, at, high, is, plant, signal, thing};
use proptest::prelude::*;
use twin_insight::AlarmEventKind::{Acknowledged, Cleared, Raised, Shelved, Suppressed, SuppressionEnded, Unshelved};
use twin_insight::{AlarmState, Evaluation, Refusal};
use twin_model::alarm::{AlarmClass, AlarmSettings, Condition, HealthState};
use twin_model::{Batch, Origin, Quality};

fn drum(alarms: Vec<AlarmSettings>) -> Lane {
    Lane::new(plant(vec![thing("v-1", None, vec![signal("LT-1"), signal("XS-1")], alarms)]))
}

/// LT-1 > 75, dead-band 3, delays 5 and 10 s.
fn level_alarm() -> Lane {
    drum(vec![alarm("LAH-1", high("LT-1", 75.0))])
}

#[test]
fn an_alarm_comes_and_goes_after_its_delays_at_the_time_they_end() {
    let mut lane = level_alarm();
    lane.send("LT-1", 0.0, 76.0);
    lane.tick(4.0);
    assert_eq!(lane.status("LAH-1").state(), AlarmState::Normal);
    lane.tick(7.0);
    assert_eq!(lane.story("LAH-1"), [(Raised, 5.0)]);
    assert!(lane.events[0].annunciate && lane.events[0].horn);
    assert_eq!((lane.status("LAH-1").state(), lane.status("LAH-1").value_at_onset), (AlarmState::Unacknowledged, Some(76.0)));
    lane.acknowledge("LAH-1", 8.0).unwrap();
    assert_eq!(lane.status("LAH-1").state(), AlarmState::Acknowledged);
    assert_eq!(lane.acknowledge("LAH-1", 8.0), Err(Refusal::NothingToAcknowledge));
    // Inside the dead-band nothing goes.
    lane.send("LT-1", 9.0, 73.0);
    lane.tick(60.0);
    assert!(lane.status("LAH-1").active);
    lane.send("LT-1", 61.0, 72.0);
    lane.send("LT-1", 80.0, 71.0);
    assert_eq!(lane.story("LAH-1"), [(Raised, 5.0), (Acknowledged, 8.0), (Cleared, 71.0)]);
    assert_eq!(lane.status("LAH-1").state(), AlarmState::Normal);
}

#[test]
fn an_alarm_that_goes_unseen_stays_on_the_list_until_it_is_acknowledged() {
    let mut lane = level_alarm();
    lane.send("LT-1", 0.0, 80.0);
    lane.tick(5.0);
    lane.send("LT-1", 6.0, 50.0);
    lane.tick(16.0);
    assert_eq!(lane.status("LAH-1").state(), AlarmState::ReturnedUnacknowledged);
    // Coming back it is new again, and sounds again.
    lane.send("LT-1", 20.0, 80.0);
    lane.tick(25.0);
    assert_eq!(lane.status("LAH-1").state(), AlarmState::Unacknowledged);
    assert!(lane.events.last().unwrap().horn);
    lane.send("LT-1", 30.0, 50.0);
    lane.tick(40.0);
    lane.acknowledge("LAH-1", 41.0).unwrap();
    assert_eq!(lane.status("LAH-1").state(), AlarmState::Normal);
}

#[test]
fn a_shelved_alarm_is_journaled_silently_and_comes_back_by_itself() {
    let mut lane = level_alarm();
    assert_eq!(lane.shelve("LAH-1", 0.0, 0.0), Err(Refusal::ShelveTime));
    assert_eq!(lane.shelve("LAH-1", 50_000.0, 0.0), Err(Refusal::ShelveTime));
    lane.shelve("LAH-1", 100.0, 0.0).unwrap();
    lane.send("LT-1", 1.0, 80.0);
    lane.tick(7.0);
    assert_eq!(lane.status("LAH-1").state(), AlarmState::Shelved);
    assert!(lane.status("LAH-1").active);
    lane.tick(101.0);
    assert_eq!(lane.story("LAH-1"), [(Shelved, 0.0), (Raised, 6.0), (Unshelved, 100.0)]);
    assert_eq!(lane.events.iter().map(|event| event.annunciate).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(lane.status("LAH-1").state(), AlarmState::Unacknowledged);
    let mut out = Evaluation::default();
    assert_eq!(lane.evaluator.unshelve(0, at(102.0), &mut out), Err(Refusal::NotShelved));
    assert_eq!(lane.evaluator.acknowledge(7, at(102.0), &mut out), Err(Refusal::UnknownAlarm));
}

#[test]
fn over_stale_or_bad_signals_an_alarm_is_frozen() {
    let lost = [
        (Some(80.0), Quality::UNCERTAIN_LAST_USABLE),
        (None, Quality::BAD_NO_COMMUNICATION),
        (None, Quality::BAD_SENSOR_FAILURE),
        (Some(f64::NAN), Quality::GOOD),
    ];
    for (value, quality) in lost {
        let mut lane = level_alarm();
        // Not raised: the delay does not run over lost data.
        lane.send("LT-1", 0.0, 80.0);
        lane.send_quality("LT-1", 3.0, value, quality);
        lane.tick(60.0);
        assert!(lane.status("LAH-1").frozen && lane.events.is_empty(), "{quality:?}");
        // Raised from good data only.
        lane.send("LT-1", 61.0, 80.0);
        lane.tick(66.0);
        assert_eq!(lane.story("LAH-1"), [(Raised, 66.0)]);
        // Not cleared either.
        lane.send("LT-1", 70.0, 50.0);
        lane.send_quality("LT-1", 71.0, value, quality);
        lane.tick(200.0);
        assert!(lane.status("LAH-1").active, "{quality:?}");
        lane.send("LT-1", 201.0, 50.0);
        lane.tick(211.0);
        assert_eq!(lane.story("LAH-1"), [(Raised, 66.0), (Cleared, 211.0)]);
    }
}

#[test]
fn what_the_other_signals_decide_is_decided_without_the_lost_one() {
    let both = Condition::All(vec![high("LT-1", 75.0), is("XS-1", "running")]);
    let mut lane = drum(vec![AlarmSettings { on_delay_secs: 0.0, off_delay_secs: 0.0, ..alarm("A", both) }]);
    lane.send("LT-1", 0.0, 80.0);
    assert!(lane.status("A").frozen);
    lane.send("XS-1", 1.0, 2.0);
    assert_eq!(lane.story("A"), [(Raised, 1.0)]);
    lane.send_quality("LT-1", 2.0, None, Quality::BAD);
    assert!(lane.status("A").active && lane.status("A").frozen);
    lane.send("XS-1", 3.0, 0.0);
    assert_eq!(lane.story("A"), [(Raised, 1.0), (Cleared, 3.0)]);
}

#[test]
fn a_suppressed_alarm_is_journaled_without_a_sound_and_sounds_if_it_outlives_its_suppression() {
    let stopped = vec![is("XS-1", "stopped")];
    let mut lane = drum(vec![AlarmSettings { suppressed_when: stopped, ..alarm("LAH-1", high("LT-1", 75.0)) }]);
    lane.send("XS-1", 0.0, 0.0);
    lane.send("LT-1", 1.0, 80.0);
    lane.tick(6.0);
    assert_eq!(lane.story("LAH-1"), [(Raised, 6.0)]);
    assert!(!lane.events[0].annunciate && lane.events[0].suppressed);
    assert_eq!(lane.status("LAH-1").state(), AlarmState::SuppressedByDesign);
    assert_eq!(lane.health_state("v-1"), HealthState::Good, "what is meant to be so is no illness");
    // The pump starts: the condition must hold once more for its delay.
    lane.send("XS-1", 20.0, 2.0);
    lane.tick(24.0);
    assert_eq!(lane.events.len(), 1);
    lane.tick(26.0);
    assert_eq!(lane.story("LAH-1"), [(Raised, 6.0), (SuppressionEnded, 25.0)]);
    assert!(lane.events[1].horn);
    assert_eq!(lane.status("LAH-1").state(), AlarmState::Unacknowledged);
    assert_eq!(lane.health_state("v-1"), HealthState::OutOfSpecification);
    // It stops again: off the list, nothing left to acknowledge.
    lane.send("XS-1", 30.0, 0.0);
    assert_eq!(lane.story("LAH-1").last(), Some(&(Suppressed, 30.0)));
    assert_eq!(lane.acknowledge("LAH-1", 31.0), Err(Refusal::NothingToAcknowledge));
    // It starts with the level falling in time: not a sound.
    lane.send("XS-1", 40.0, 2.0);
    lane.send("LT-1", 42.0, 50.0);
    lane.tick(60.0);
    assert_eq!(lane.story("LAH-1").last(), Some(&(Cleared, 52.0)));
    assert_eq!(lane.events.iter().filter(|event| event.annunciate).count(), 1);
}

#[test]
fn a_point_waits_for_the_plant_state_that_may_suppress_it_but_not_for_ever() {
    let stopped = vec![is("XS-1", "stopped")];
    let mut lane = drum(vec![AlarmSettings { suppressed_when: stopped, ..alarm("LAH-1", high("LT-1", 75.0)) }]);
    for second in 0..120 {
        lane.send("LT-1", f64::from(second), 80.0);
        lane.tick(f64::from(second));
    }
    assert_eq!(lane.story("LAH-1"), [(Raised, 95.0)]);
    assert!(lane.events[0].annunciate);
}

#[test]
fn events_and_advisories_are_recorded_alerts_are_shown_and_only_alarms_sound() {
    let point = |tag: &str, class| AlarmSettings { class, on_delay_secs: 0.0, ..alarm(tag, high("LT-1", 75.0)) };
    let mut lane = drum(vec![
        point("ALARM", AlarmClass::Alarm),
        point("ALERT", AlarmClass::Alert),
        point("EVENT", AlarmClass::Event),
        point("ADVISORY", AlarmClass::Advisory),
    ]);
    lane.send("LT-1", 0.0, 80.0);
    let shown: Vec<_> = lane.events.iter().map(|event| (event.annunciate, event.horn, event.sequence)).collect();
    assert_eq!(shown, [(true, true, 1), (true, false, 2), (false, false, 3), (false, false, 4)]);
    assert_eq!(lane.status("EVENT").state(), AlarmState::Recorded);
    assert_eq!(lane.shelve("EVENT", 10.0, 0.0), Err(Refusal::NotShelvable));
    assert_eq!(lane.acknowledge("ADVISORY", 0.0), Err(Refusal::NothingToAcknowledge));
}

#[test]
fn the_first_out_of_a_group_has_the_smallest_number() {
    let after = |tag: &str, secs: f64| AlarmSettings { on_delay_secs: secs, ..alarm(tag, high("LT-1", 75.0)) };
    let mut lane = drum(vec![after("LATE", 8.0), after("FIRST", 1.0), after("SECOND", 4.0)]);
    lane.send("LT-1", 0.0, 80.0);
    // One tick, long after all of them.
    lane.tick(60.0);
    let mut order: Vec<_> = ["LATE", "FIRST", "SECOND"].map(|tag| (lane.status(tag).sequence, tag)).to_vec();
    order.sort_unstable();
    assert_eq!(order, [(1, "FIRST"), (2, "SECOND"), (3, "LATE")]);
}

#[test]
fn late_samples_are_skipped_by_the_running_evaluator_and_found_late_by_a_copy() {
    let mut lane = level_alarm();
    lane.send("LT-1", 0.0, 50.0);
    let copy = lane.evaluator.clone();
    lane.send("LT-1", 100.0, 50.0);
    let late = |secs: f64, value: f64| {
        let mut sample = lane.sample("LT-1", secs, Some(value), Quality::GOOD);
        sample.origin = Origin::Late;
        sample
    };
    let gap = Batch { samples: vec![late(10.0, 80.0), late(20.0, 80.0), late(30.0, 50.0), late(45.0, 50.0)], ..Batch::default() };
    lane.commit(&gap);
    assert!(lane.events.is_empty());
    assert_eq!(lane.evaluator.readings()[lane.key("LT-1").index()].unwrap().source_time, at(100.0));
    let mut out = Evaluation::default();
    copy.fork_for_gap().commit(&gap, &mut out);
    let found: Vec<_> = out.events.iter().map(|event| (event.kind, event.time, event.late, event.annunciate)).collect();
    assert_eq!(found, [(Raised, at(15.0), true, false), (Cleared, at(40.0), true, false)]);
}

#[test]
fn a_transmitter_that_loses_its_noise_is_noticed_while_its_level_moves() {
    let collapsed = Condition::NoiseCollapsed { signal: "LT-1".to_owned(), fraction: 0.3, window_secs: 120.0 };
    let settings = AlarmSettings { deadband: 0.0, class: AlarmClass::Advisory, priority: None, ..alarm("LNA-1", collapsed) };
    let mut lane = drum(vec![settings]);
    let mut noise = 1_u32;
    let mut level = |secs: i32, sigma: f64| {
        // A uniform distribution of standard deviation 1 has half-width √3.
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let unit = (f64::from(noise >> 8) / f64::from(1_u32 << 24) - 0.5) * 2.0 * 3.0_f64.sqrt();
        50.0 - 0.015 * f64::from(secs) + sigma * unit
    };
    for second in 0..600 {
        lane.send("LT-1", f64::from(second), level(second, 0.2));
    }
    assert!(lane.events.is_empty());
    for second in 600..800 {
        lane.send("LT-1", f64::from(second), level(second, 0.02));
    }
    let noticed = lane.story("LNA-1");
    assert_eq!(noticed.len(), 1);
    assert!(noticed[0].1 < 600.0 + 130.0, "{noticed:?}");
}

proptest! {
    #[test]
    fn an_alarm_never_chatters_faster_than_its_delays(
        levels in prop::collection::vec((60.0..90.0_f64, 0.1..9.0_f64, 0..12_u8), 1..200),
        on_delay in 0.0..20.0_f64,
        off_delay in 0.0..20.0_f64,
    ) {
        let settings = AlarmSettings { on_delay_secs: on_delay, off_delay_secs: off_delay, ..alarm("LAH-1", high("LT-1", 75.0)) };
        let mut lane = drum(vec![settings]);
        let mut now = 0.0;
        for (level, step, kind) in levels {
            now += step;
            match kind {
                0 => lane.send_quality("LT-1", now, None, Quality::BAD),
                1 => lane.tick(now),
                _ => lane.send("LT-1", now, level),
            }
        }
        let story = lane.story("LAH-1");
        for (index, pair) in story.windows(2).enumerate() {
            let wait = pair[1].1 - pair[0].1;
            let least = if pair[1].0 == Raised { on_delay } else { off_delay };
            prop_assert_ne!(pair[0].0, pair[1].0);
            prop_assert!(wait >= least - 1e-6, "event {} came {} s after the one before", index + 1, wait);
        }
        prop_assert!(story.first().is_none_or(|first| first.0 == Raised));
    }
}
