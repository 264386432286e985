//! A replay is the live run.

use crate::plant::{alarm, at, derived, high, is, judged, plant, signal, thing};
use proptest::prelude::*;
use std::sync::Arc;
use twin_insight::{Evaluation, Evaluator, EvaluatorState};
use twin_model::alarm::{AlarmSettings, Condition};
use twin_model::{Batch, Origin, Plant, Quality, Sample};

fn process() -> Plant {
    let deviation = Condition::Deviation { signal: "LT-1".to_owned(), reference: "LY-1".to_owned(), limit: 8.0 };
    let collapsed = Condition::NoiseCollapsed { signal: "LT-1".to_owned(), fraction: 0.3, window_secs: 60.0 };
    let suppressed = AlarmSettings { suppressed_when: vec![is("XS-1", "stopped")], ..alarm("LAH-1", high("LT-1", 75.0)) };
    plant(vec![thing(
        "v-1",
        None,
        vec![
            judged("LT-1", 4.0),
            signal("FT-1"),
            signal("FT-2"),
            signal("XS-1"),
            derived("LY-1", "inventory_level", &[("level", "LT-1"), ("inflow", "FT-1"), ("outflow", "FT-2")]),
            derived("DY-1", "difference", &[("a", "LT-1"), ("b", "LY-1")]),
        ],
        vec![suppressed, alarm("UA-1", deviation), alarm("LNA-1", collapsed), alarm("DAH-1", high("DY-1", 2.0))],
    )])
}

/// One thing that happened: a sample or a tick.
#[derive(Clone, Copy, Debug)]
enum Item {
    Sample(Sample),
    Tick(f64),
}

fn item(plant: &Plant, secs: f64, (choice, size): (u8, f64)) -> Item {
    let (name, value) = match choice {
        0..5 => ("LT-1", size * 100.0),
        5..9 => ("FT-1", size * 120.0),
        9..13 => ("FT-2", size * 120.0),
        13 => ("XS-1", (size * 5.0).floor()),
        14..18 => ("test:v-1/lt_1/model", size * 100.0),
        _ => return Item::Tick(secs),
    };
    let (value, quality) = match (size * 1000.0) as u32 % 20 {
        0 => (None, Quality::BAD),
        1 => (Some(value), Quality::UNCERTAIN_LAST_USABLE),
        _ => (Some(value), Quality::GOOD),
    };
    let signal = plant.signals.find(name).unwrap();
    Item::Sample(Sample { signal, value, quality, source_time: at(secs), receive_time: at(secs), origin: Origin::Live })
}

/// Cuts a stream into batches: after every tick, and wherever `cuts` says so.
fn batches(items: &[Item], cuts: &[bool]) -> Vec<Batch> {
    let mut batches = vec![Batch::default()];
    for (index, item) in items.iter().enumerate() {
        let Some(batch) = batches.last_mut() else { continue };
        let ends = match item {
            Item::Sample(sample) => {
                batch.samples.push(*sample);
                cuts[index % cuts.len()]
            }
            Item::Tick(secs) => {
                batch.tick = Some(at(*secs));
                true
            }
        };
        if ends {
            batches.push(Batch::default());
        }
    }
    batches
}

fn evaluate(evaluator: &mut Evaluator, batches: &[Batch]) -> Evaluation {
    let mut out = Evaluation::default();
    batches.iter().for_each(|batch| evaluator.commit(batch, &mut out));
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn replay_equals_live(
        steps in prop::collection::vec((0.0..6.0_f64, (0..24_u8, 0.0..1.0_f64)), 1..600),
        cuts in prop::collection::vec(any::<bool>(), 1..40),
    ) {
        let plant = Arc::new(process());
        let mut now = 0.0;
        let items: Vec<Item> = steps.into_iter().map(|(step, what)| { now += step; item(&plant, now, what) }).collect();
        let mut live = Evaluator::new(plant.clone());
        let expected = evaluate(&mut live, &batches(&items, &[true]));
        let mut replay = Evaluator::new(plant.clone());
        prop_assert_eq!(&evaluate(&mut replay, &batches(&items, &cuts)), &expected);
        prop_assert_eq!(replay.state(), live.state());
        prop_assert_eq!(replay.health(), live.health());

        // The same through a fork and a save in the middle.
        let (first, second) = items.split_at(items.len() / 2);
        let mut parent = Evaluator::new(plant.clone());
        let mut found = evaluate(&mut parent, &batches(first, &cuts));
        let mut fork = Evaluator::restore(plant, parent.clone().state().clone()).unwrap();
        parent.commit(&Batch { samples: vec![], tick: Some(at(1e6)), ack: None }, &mut Evaluation::default());
        let rest = evaluate(&mut fork, &batches(second, &cuts));
        found.events.extend(rest.events);
        found.derived.extend(rest.derived);
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn a_saved_evaluator_goes_on_where_it_stood_and_is_refused_by_another_plant() {
    let plant = Arc::new(process());
    let mut evaluator = Evaluator::new(plant.clone());
    let items: Vec<Item> = (0..200).map(|i| item(&plant, f64::from(i), ((i * 7 % 24) as u8, f64::from(i * 13 % 100) / 100.0))).collect();
    evaluate(&mut evaluator, &batches(&items, &[false]));
    let text = serde_json::to_string(evaluator.state()).unwrap();
    let state: EvaluatorState = serde_json::from_str(&text).unwrap();
    let restored = Evaluator::restore(plant, state.clone()).unwrap();
    assert_eq!(restored.alarms(), evaluator.alarms());
    assert_eq!(restored.health(), evaluator.health());
    let other = crate::plant::plant(vec![thing("v-2", None, vec![signal("LT-2")], Vec::new())]);
    assert!(Evaluator::restore(Arc::new(other), state).is_err());
}
