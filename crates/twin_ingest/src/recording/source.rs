//! A recording as a source: a thread that hands its events on at a chosen speed.

use super::file::Recording;
use super::replay::RecordingEvents;
use crate::stats::SourceStats;
use crossbeam_channel::{Receiver, RecvTimeoutError, SendTimeoutError, Sender, unbounded};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use twin_model::{Clock, PlantClock, SourceEvent, TwinTime};

/// Announced where the speed is what the receiver takes, plant seconds per wall second: the fastest plant there is.
const UNPACED_SPEED: f64 = 100_000.0;
/// While the receiver is full, or the recording paused, orders are looked for this often.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// A replay that is this far behind gives up catching up.
const MAX_LAG: Duration = Duration::from_secs(1);
/// Ticks further apart than this, plant seconds, skip a pause of the recording: it is not waited for.
const LONGEST_WAIT_SECS: f64 = 120.0;

/// How fast a recording is replayed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// As fast as the receiver takes it.
    Unpaced,
    /// Plant seconds per wall second; 0 = paused. What is no number or negative counts as paused.
    Speed(f64),
}

impl Pace {
    /// Plant seconds per wall second as announced.
    fn announced(self) -> f64 {
        match self {
            Self::Unpaced => UNPACED_SPEED,
            Self::Speed(speed) if speed.is_finite() && speed > 0.0 => speed,
            Self::Speed(_) => 0.0,
        }
    }
}

/// A source that replays a recording.
#[derive(Clone, Copy, Debug)]
pub struct RecordingSource;

/// A replay that runs. Dropping it stops the replay.
#[derive(Debug)]
pub struct RecordingHandle {
    /// Counters: messages are rows; refused is what could not be used.
    pub stats: Arc<SourceStats>,
    orders: Sender<Order>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
enum Order {
    Pace(Pace),
    Stop,
}

impl RecordingHandle {
    /// Changes the speed.
    pub fn set_pace(&self, pace: Pace) {
        self.order(Order::Pace(pace));
    }

    /// True once everything was handed on, or the replay was stopped.
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits until the recording has been handed on to its end.
    pub fn wait(mut self) {
        self.join();
    }

    /// Stops the replay where it is, and waits until it has.
    pub fn stop(mut self) {
        self.order(Order::Stop);
        self.join();
    }

    fn order(&self, order: Order) {
        // A replay that has ended takes no orders.
        let _ = self.orders.send(order);
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of a recording ended by a panic");
        }
    }
}

impl Drop for RecordingHandle {
    fn drop(&mut self) {
        self.order(Order::Stop);
        self.join();
    }
}

impl RecordingSource {
    /// Replays a recording from a thread of its own into `events` (bounded: a full channel holds the replay back).
    ///
    /// The events are those of [`Recording::events`], whatever the pace; only the announced clock differs: it says the
    /// speed, and the wall time of `clock` at which it holds. Of a pause in the recording the first hour of plant time is
    /// waited for.
    ///
    /// # Errors
    /// The file cannot be opened, or the thread not be made.
    pub fn spawn(
        recording: &Recording,
        pace: Pace,
        clock: Arc<dyn Clock>,
        events: Sender<SourceEvent>,
    ) -> std::io::Result<RecordingHandle> {
        let replay = recording.events()?;
        let stats = replay.stats();
        let (orders, inbox) = unbounded();
        let begin = (recording.start(), Instant::now());
        let playing = Playing { clock, events, inbox, pace, anchor: begin, last_tick: recording.start(), is_new: false };
        let thread = std::thread::Builder::new().name("recording".to_owned()).spawn(move || playing.run(replay))?;
        Ok(RecordingHandle { stats, orders, thread: Some(thread) })
    }
}

struct Playing {
    clock: Arc<dyn Clock>,
    events: Sender<SourceEvent>,
    inbox: Receiver<Order>,
    pace: Pace,
    /// A plant time, and when it was shown.
    anchor: (TwinTime, Instant),
    last_tick: TwinTime,
    /// True when the pace was changed while the receiver was full, and has not been announced.
    is_new: bool,
}

/// The receiver is gone, or the replay was stopped.
struct Over;

impl Playing {
    fn run(mut self, replay: RecordingEvents) {
        for event in replay {
            let event = match event {
                SourceEvent::Clock(clock) => SourceEvent::Clock(self.announcement(clock.time)),
                SourceEvent::Batch(batch) => {
                    if let Some(tick) = batch.tick
                        && self.wait_for(tick).is_err()
                    {
                        return;
                    }
                    SourceEvent::Batch(batch)
                }
                event => event,
            };
            if self.send(event).is_err() {
                return;
            }
        }
    }

    fn announcement(&self, time: TwinTime) -> PlantClock {
        PlantClock { time, speed: self.pace.announced(), at: self.clock.now() }
    }

    fn wait_for(&mut self, tick: TwinTime) -> Result<(), Over> {
        if tick.secs_since(self.last_tick) > LONGEST_WAIT_SECS {
            self.begin_anew(tick)?;
        } else if self.is_new {
            self.begin_anew(self.last_tick)?;
        }
        self.last_tick = tick;
        loop {
            let order = match (self.pace, self.pace.announced()) {
                (Pace::Unpaced, _) => self.inbox.try_recv().map_err(|error| match error {
                    crossbeam_channel::TryRecvError::Empty => RecvTimeoutError::Timeout,
                    crossbeam_channel::TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
                }),
                (_, 0.0) => self.inbox.recv_timeout(LOOK_EVERY),
                (_, speed) => {
                    let secs = (tick.secs_since(self.anchor.0) / speed).clamp(0.0, 1e6);
                    self.inbox.recv_deadline(self.anchor.1 + Duration::from_secs_f64(secs))
                }
            };
            match order {
                Ok(Order::Pace(pace)) => {
                    let reached = self.reached(tick);
                    self.pace = pace;
                    self.begin_anew(reached)?;
                }
                Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return Err(Over),
                Err(RecvTimeoutError::Timeout) => match self.pace {
                    Pace::Unpaced => return Ok(()),
                    pace if pace.announced() == 0.0 => {}
                    pace => {
                        let late_secs = self.anchor.1.elapsed().as_secs_f64() - tick.secs_since(self.anchor.0) / pace.announced();
                        if late_secs > MAX_LAG.as_secs_f64() {
                            self.begin_anew(tick)?;
                        }
                        return Ok(());
                    }
                },
            }
        }
    }

    /// Plant time by the pace so far, at most `tick`.
    fn reached(&self, tick: TwinTime) -> TwinTime {
        let secs = self.anchor.1.elapsed().as_secs_f64() * self.pace.announced();
        self.anchor.0.plus_secs(secs).min(tick).max(self.anchor.0)
    }

    /// Paces from here on, and says so.
    fn begin_anew(&mut self, time: TwinTime) -> Result<(), Over> {
        self.anchor = (time, Instant::now());
        self.is_new = false;
        let clock = self.announcement(time);
        self.send(SourceEvent::Clock(clock))
    }

    /// Waits until the receiver has room, for as long as it takes.
    fn send(&mut self, mut event: SourceEvent) -> Result<(), Over> {
        loop {
            event = match self.events.send_timeout(event, LOOK_EVERY) {
                Ok(()) => return Ok(()),
                Err(SendTimeoutError::Disconnected(_)) => return Err(Over),
                Err(SendTimeoutError::Timeout(event)) => event,
            };
            match self.inbox.try_recv() {
                Ok(Order::Pace(pace)) => {
                    self.is_new = true;
                    self.pace = pace;
                }
                Ok(Order::Stop) | Err(crossbeam_channel::TryRecvError::Disconnected) => return Err(Over),
                Err(crossbeam_channel::TryRecvError::Empty) => {}
            }
        }
    }
}
