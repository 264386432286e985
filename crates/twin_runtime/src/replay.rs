//! A record that is heard again: as the source of a lane of its own, or as fast as it goes to compare what comes of it.

use crate::lane::{Lane, LaneKind, SourceLink};
use crate::recording::is_from_plant;
use crossbeam_channel::{Sender, bounded};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use twin_historian::{Archive, HistoryError, LaneNumber};
use twin_model::{Batch, LaneId, Plant, SourceEvent, SourceState, TwinTime};

/// Commits that are read at once.
const SLICE_COMMITS: u64 = 20_000;
/// Batches that may wait for the core.
const EVENTS_WAITING: usize = 1024;
/// Steps the model may take for one commit; as many as in the running program.
const STEPS_PER_TICK: usize = 240;

/// Hands on what the plant sent, commit by commit, in the order in which it was evaluated. What the twin made of it is left
/// out: it is made anew. Ends early when `take` returns false.
///
/// # Errors
/// [`HistoryError`] when a file cannot be read or samples are damaged.
pub fn for_each_batch(archive: &Archive, lane: LaneNumber, mut take: impl FnMut(Batch) -> bool) -> Result<(), HistoryError> {
    let last = archive.last_sequence(lane)?;
    let mut first = archive.first_sequence(lane)?;
    while first <= last {
        let end = first.saturating_add(SLICE_COMMITS - 1).min(last);
        for commit in archive.commits(lane, first, end)? {
            let samples: Vec<_> = commit.samples.into_iter().filter(is_from_plant).collect();
            let is_empty = samples.is_empty() && commit.tick.is_none();
            if !is_empty && !take(Batch { samples, tick: commit.tick, ack: None }) {
                return Ok(());
            }
        }
        first = end.saturating_add(1);
    }
    Ok(())
}

/// Lets a thread read a record into a lane, as fast as the core takes it.
///
/// # Errors
/// When the system has no thread left.
pub fn recording_source(archive: Archive, lane: LaneNumber) -> std::io::Result<SourceLink> {
    let (events, receiver) = bounded(EVENTS_WAITING);
    let guard = StopOnDrop(Arc::new(AtomicBool::new(false)));
    let is_stopped = Arc::clone(&guard.0);
    std::thread::Builder::new().name("recording".to_owned()).spawn(move || send_all(&archive, lane, &events, &is_stopped))?;
    Ok(SourceLink { events: receiver, acks: None, stats: None, guard: Box::new(guard) })
}

struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn send_all(archive: &Archive, lane: LaneNumber, events: &Sender<SourceEvent>, is_stopped: &AtomicBool) {
    // A lane that is gone needs no events.
    let _ = events.send(SourceEvent::State(SourceState::Connected));
    let read = for_each_batch(archive, lane, |batch| !is_stopped.load(Ordering::Relaxed) && events.send(SourceEvent::Batch(batch)).is_ok());
    let end = match read {
        Ok(()) => SourceEvent::State(SourceState::Ended),
        Err(error) => SourceEvent::State(SourceState::Down { reason: error.to_string() }),
    };
    let _ = events.send(end);
}

/// State of a lane at the end of a second of plant time, as one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondHash {
    /// The second.
    pub tick: TwinTime,
    /// SHA-256 over this second and all before.
    pub hash: [u8; 32],
}

/// Plays a record through a lane of its own and tells, for each second of plant time, a hash of everything the twin holds of
/// it: readings, alarms, health and the model. The same record gives the same hashes on every machine, however fast.
///
/// # Errors
/// [`HistoryError`] when a file cannot be read or samples are damaged.
pub fn hash_replay(
    archive: &Archive,
    number: LaneNumber,
    plant: &Arc<Plant>,
    mut take: impl FnMut(SecondHash),
) -> Result<Lane, HistoryError> {
    let mut lane = Lane::new(LaneId(1), LaneKind::Recording, "replay", Arc::clone(plant)).with_shadow();
    let mut hash = [0; 32];
    for_each_batch(archive, number, |batch| {
        lane.commit(&batch);
        lane.advance_shadow(STEPS_PER_TICK);
        if let Some(tick) = batch.tick {
            hash = state_hash(&hash, &lane);
            take(SecondHash { tick, hash });
        }
        true
    })?;
    Ok(lane)
}

/// A hash of what a lane holds now, chained to the one before.
fn state_hash(before: &[u8; 32], lane: &Lane) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(before);
    for reading in lane.evaluator().readings().iter() {
        match reading {
            Some(reading) => {
                hash.update(reading.value.map_or(u64::MAX, f64::to_bits).to_le_bytes());
                hash.update(reading.quality.0.to_le_bytes());
                hash.update(reading.source_time.0.to_le_bytes());
            }
            None => hash.update([0]),
        }
    }
    // Plain data that is always JSON.
    hash.update(serde_json::to_vec(lane.evaluator().alarms()).unwrap_or_default());
    hash.update(serde_json::to_vec(lane.evaluator().health()).unwrap_or_default());
    if let Some(model) = lane.shadow.as_ref().and_then(|shadow| shadow.model()) {
        let tags = 0..model.plant().tags().len();
        tags.for_each(|tag| hash.update(model.tag_value(tag).to_bits().to_le_bytes()));
    }
    hash.finalize().into()
}
