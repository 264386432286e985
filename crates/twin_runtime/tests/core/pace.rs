//! The core on its own thread never waits for a view.

use crate::plant::{TestPlant, key, plant, start};
use crossbeam_channel::bounded;
use std::sync::Arc;
use twin_model::{Action, ActionEnvelope, LaneId, ManualClock, SourceEvent, SourceState, ViewId};
use twin_runtime::{SourceLink, Twin, spawn};

const SECONDS: usize = 900;
/// Plant time at which P-101A trips, s.
const TRIP: usize = 600;

#[test]
fn the_core_never_waits_for_the_view() {
    let plant = plant();
    let (sender, events) = bounded(64);
    let (acks, acked) = bounded(SECONDS + 1);
    let mut twin = Twin::new(Arc::clone(&plant), Arc::new(ManualClock::new(start())));
    twin.connect_live(SourceLink { events, acks: Some(acks), stats: None, guard: Box::new(()) });
    let core = spawn(twin).unwrap();

    // A view that asks for everything once and then hangs: it reads nothing, and its actions fill the channel.
    let author = crate::plant::engineer();
    let watch: Vec<_> = plant.signals.iter().map(|(_, info)| info.id.clone()).collect();
    core.send(ActionEnvelope { view: ViewId(0), author: author.clone(), action: Action::WatchSignals(watch) });
    let stalled = core.snapshot();
    let hanging = core.sender();

    sender.send(SourceEvent::State(SourceState::Connected)).unwrap();
    let mut source = TestPlant::new();
    let mut sent = 0;
    for second in 1..=SECONDS {
        if second == TRIP {
            source.model.set("p101a.trip", 1.0).unwrap();
        }
        let mut batch = source.second();
        batch.ack = Some(second as u64);
        sent += batch.samples.len();
        sender.send(SourceEvent::Batch(batch)).unwrap();
        for _ in 0..4 {
            // Full is the view's problem.
            let _ = hanging.try_send(ActionEnvelope { view: ViewId(0), author: author.clone(), action: Action::Compare(None) });
        }
    }
    // The last acknowledgement says that everything was committed while nobody looked.
    for second in 1..=SECONDS {
        assert_eq!(acked.recv().unwrap(), second as u64);
    }
    assert!(stalled.lanes[0].extent.is_none(), "the view still holds what it saw first");
    let head = source.time;
    let snapshot = loop {
        let newest = core.snapshot();
        if newest.lane(LaneId::LIVE).unwrap().extent.is_some_and(|(_, end)| end >= head) && newest.live.alarms.len() > 1 {
            break newest;
        }
        std::thread::yield_now();
    };
    let lane = snapshot.lane(LaneId::LIVE).unwrap();
    assert_eq!((lane.stats.committed, lane.stats.dropped, lane.stats.late), (sent as u64, 0, 0));
    let trip = plant.alarm("XA-101A").unwrap();
    let (_, _, status) = snapshot.live.alarms.iter().find(|(_, alarm, _)| *alarm == trip).expect("the trip is on the strip");
    assert_eq!(status.since, Some(start().plus_secs(TRIP as f64)), "not a second late in plant time");
    assert!(snapshot.live.horn);
    assert!(snapshot.frame(ViewId(0)).unwrap().readings[key("FT-101").index()].is_some());
}
