//! Reads parts of a history again, on a thread of its own: the core never waits for the disk.

use crate::lane::Page;
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use std::sync::Arc;
use twin_historian::{Archive, HistoryError, LaneNumber};
use twin_model::{LaneId, TwinTime};

/// Plant time on either side of the instant that is asked for, s.
const PAGE_HALF_SECS: f64 = 480.0;

/// A part somebody waits for.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Wanted {
    lane: LaneId,
    time: TwinTime,
}

/// The way to the reading thread. Dropping it ends the thread.
#[derive(Debug)]
pub struct Pager {
    requests: Sender<Wanted>,
    answers: Receiver<(Wanted, Result<Page, HistoryError>)>,
    waiting_for: Option<Wanted>,
}

impl Pager {
    /// Starts reading a history in which every lane has this number.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn start(mut archive: Archive, number: LaneNumber) -> std::io::Result<Self> {
        let (requests, wanted) = unbounded::<Wanted>();
        let (answer, answers) = bounded(2);
        std::thread::Builder::new().name("history".to_owned()).spawn(move || {
            while let Ok(first) = wanted.recv() {
                // Who drags asks faster than any disk answers: only the newest wish counts.
                let newest = wanted.try_iter().last().unwrap_or(first);
                if answer.send((newest, read(&mut archive, number, newest.time))).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { requests, answers, waiting_for: None })
    }

    /// Asks for the part around an instant, unless it is on its way already.
    pub fn want(&mut self, lane: LaneId, time: TwinTime) {
        let is_coming = self.waiting_for.is_some_and(|wanted| wanted.lane == lane && (wanted.time - time).abs() < PAGE_HALF_SECS);
        if !is_coming {
            let wanted = Wanted { lane, time };
            self.waiting_for = Some(wanted);
            // A thread that has ended answers nothing; the view goes on saying that it waits.
            let _ = self.requests.send(wanted);
        }
    }

    /// What was read since, and for which lane.
    pub fn take(&mut self) -> Option<(LaneId, Result<Page, HistoryError>)> {
        let (wanted, page) = self.answers.try_recv().ok()?;
        if self.waiting_for == Some(wanted) {
            self.waiting_for = None;
        }
        Some((wanted.lane, page))
    }
}

fn read(archive: &mut Archive, number: LaneNumber, time: TwinTime) -> Result<Page, HistoryError> {
    archive.refresh()?;
    let (from, to) = (time.plus_secs(-PAGE_HALF_SECS), time.plus_secs(PAGE_HALF_SECS));
    Ok(Page { from, to, store: Arc::new(archive.page(number, from, to)?) })
}
