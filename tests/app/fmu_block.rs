//! Models of other tools beside the live plant, in the processes of the real binary.

#[expect(dead_code, reason = "these tests build one of its FMUs")]
#[path = "../../crates/twin_fmu/tests/suite/build.rs"]
mod build;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use twin_fmu::{Host, Permission};
use twin_model::document::load;
use twin_model::{Batch, LaneId, ManualClock, Origin, Plant, Quality, Sample, SourceEvent, TwinTime};
use twin_runtime::Twin;
use twin_runtime::fmu_block::FmuHost;

const TYPES: &str = r#"{"@context":["dtmi:dtdl:context;3","dtmi:dtdl:extension:quantitativeTypes;1"],"@id":"dtmi:test:Heater;1","@type":"Interface",
"contents":[{"@type":["Telemetry","Temperature"],"name":"inlet","schema":"double","unit":"degreeCelsius"},
{"@type":["Telemetry","Temperature"],"name":"outlet","schema":"double","unit":"degreeCelsius"}]}"#;

/// A heater whose outlet is compared with what an FMU makes of its inlet.
fn plant(folder: &Path, more: &str) -> Arc<Plant> {
    std::fs::write(folder.join("types.json"), TYPES).unwrap();
    let file = format!(
        r#"{{"format_version":"0.1","namespace":"demo","name":"Heater","models":["types.json"],
"things":[{{"id":"demo:h-1","type":"dtmi:test:Heater;1","name":"H-1",
"simulation":{{"lag":{{"kind":"fmu","parameters":{{"file":"lag2.fmu","T":2.0,"step_secs":0.25{more}}},"inputs":{{"u":"TI-1"}}}}}},
"signals":{{"inlet":{{"tag":"TI-1","unit":"°C"}},
"outlet":{{"tag":"TI-2","unit":"°C","shadow":"judged","residual_band":1,"simulation":{{"point":"h-1/lag.y","scale":2.0,"offset":5.0}}}}}}}}]}}"#
    );
    std::fs::write(folder.join("plant.twin.json"), file).unwrap();
    let (twin, problems) = load(folder);
    assert!(!problems.iter().any(twin_model::Problem::is_error), "{problems:?}");
    Arc::new(twin.plant())
}

fn twin(folder: &Path, plant: &Arc<Plant>, permission: Permission) -> Twin {
    let mut twin = Twin::new(Arc::clone(plant), Arc::new(ManualClock::new(TwinTime::default())));
    let host = Host::command(env!("CARGO_BIN_EXE_didymos"), [twin_fmu::host::SUBCOMMAND]);
    twin.start_fmus(&FmuHost { folder: folder.to_owned(), permission, host });
    twin
}

/// A second of data: the inlet at 10 °C.
fn second(twin: &mut Twin, plant: &Plant, secs: f64) {
    let time = TwinTime::from_secs_f64(1_767_254_400.0 + secs);
    let signal = plant.signals.find("TI-1").unwrap();
    let sample = Sample { signal, value: Some(10.0), quality: Quality::GOOD, source_time: time, receive_time: time, origin: Origin::Live };
    twin.apply_source_event(LaneId::LIVE, SourceEvent::Batch(Batch { samples: vec![sample], tick: Some(time), ack: None }));
}

/// Lets the core look for answers until something is there.
fn wait<T>(twin: &mut Twin, mut found: impl FnMut(&Twin) -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        twin.advance_shadow(LaneId::LIVE, 100);
        if let Some(found) = found(twin) {
            return found;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "the FMU has not answered");
        std::thread::yield_now();
    }
}

fn told(twin: &Twin, words: &str) -> Option<String> {
    let lane = twin.lane(LaneId::LIVE)?;
    lane.problems.iter().find(|(_, reason, _)| reason.contains(words)).map(|(name, reason, _)| format!("{name}: {reason}"))
}

#[test]
fn an_fmu_of_a_thing_says_beside_the_measurement_what_it_makes_of_its_inputs() {
    let folder = tempfile::tempdir().unwrap();
    let fmu = build::fmu(folder.path(), build::LAG, 2);
    let plant = plant(folder.path(), "");
    assert!(twin_runtime::check_simulation(&plant).is_empty());
    let digest = twin_fmu::inspect(&fmu).unwrap().digest;
    let mut twin = twin(folder.path(), &plant, Permission::of([digest]));
    let model = plant.settings_of(plant.signals.find("TI-2").unwrap()).unwrap().model.unwrap();
    for secs in 0..=5_u32 {
        second(&mut twin, &plant, f64::from(secs));
        let time = TwinTime::from_secs_f64(1_767_254_400.0 + f64::from(secs));
        let value = wait(&mut twin, |twin| {
            let sample = twin.lane(LaneId::LIVE)?.newest(model)?;
            (sample.source_time == time).then_some(sample.value.unwrap())
        });
        // The lag of 2 s, solved exactly, as the signal shows it.
        let expected = 5.0 + 2.0 * 10.0 * (1.0 - (-f64::from(secs) / 2.0).exp());
        assert!((value - expected).abs() < 1e-6, "after {secs} s: {value}, expected {expected}");
    }
    assert!(twin.lane(LaneId::LIVE).unwrap().problems.is_empty());
}

#[test]
fn an_fmu_that_nobody_allowed_does_not_run_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let fmu = build::fmu(folder.path(), build::LAG, 2);
    let plant = plant(folder.path(), "");
    let digest = twin_fmu::inspect(&fmu).unwrap().digest;
    let mut twin = twin(folder.path(), &plant, Permission::none());
    let reason = wait(&mut twin, |twin| told(twin, "may not run"));
    assert!(reason.contains("H-1") && reason.contains(&format!("--allow-fmu {digest}")), "{reason}");
}

#[test]
fn an_fmu_that_crashes_is_a_problem_of_its_thing_and_the_lane_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let fmu = build::fmu(folder.path(), build::LAG, 2);
    let plant = plant(folder.path(), r#","misdeed":1"#);
    let digest = twin_fmu::inspect(&fmu).unwrap().digest;
    let mut twin = twin(folder.path(), &plant, Permission::of([digest]));
    second(&mut twin, &plant, 0.0);
    second(&mut twin, &plant, 1.0);
    let mut secs = 1.0;
    let reason = loop {
        secs += 1.0;
        second(&mut twin, &plant, secs);
        twin.advance_shadow(LaneId::LIVE, 100);
        if let Some(reason) = told(&twin, "") {
            break reason;
        }
        std::thread::yield_now();
    };
    assert!(reason.starts_with("H-1: lag2.fmu"), "{reason}");
    second(&mut twin, &plant, secs + 1.0);
    let inlet = plant.signals.find("TI-1").unwrap();
    assert!(twin.lane(LaneId::LIVE).unwrap().newest(inlet).unwrap().quality.is_good());
}
