//! The demo plant and its twin together, as fast as they go: normal operation must look normal.

use didymos::offline::{OfflineRun, fixed_start};
use didymos::plant_files;
use twin_demo::DemoOptions;
use twin_model::LaneId;
use twin_model::alarm::HealthState;

/// Plant time of the test, seconds.
const HOURS_6: f64 = 6.0 * 3600.0;

#[test]
fn six_hours_of_normal_operation_leave_every_thing_good() {
    let files = plant_files::open(None, None).unwrap();
    let mut run = OfflineRun::new(&files.plant, DemoOptions { start: fixed_start(), ..DemoOptions::default() }).unwrap();
    let mut complaints = Vec::new();
    for hour in 1..=6 {
        run.run_to_secs(HOURS_6 * f64::from(hour) / 6.0);
        let live = run.twin.lane(LaneId::LIVE).unwrap();
        for (thing, health) in files.plant.things.iter().zip(live.evaluator().health()) {
            // Nothing is measured at the bag filter, and nothing may call it good.
            let expected = if thing.name == "FL-102" { HealthState::Unknown } else { HealthState::Good };
            if health.state != expected {
                complaints.push(format!("hour {hour}: {} {:?}: {}", thing.name, health.state, health.reason));
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}
