//! Keeping lane Live on disk, and reaching back into what was kept.

use super::Twin;
use crate::history::{Mark, MarkKind};
use crate::lane::Lane;
use crate::pager::Pager;
use crate::recording::{LaneRecorder, Past};
use std::path::Path;
use std::sync::Arc;
use twin_historian::{Archive, FileOptions, HistoryError, HistoryFolder, LaneNumber, Recorder, RecorderOptions, Retention};
use twin_model::{LaneId, Plant, TwinTime};

/// A history that ends further ahead of the wall clock than this belongs to a plant that ran faster, s.
const AHEAD_SECS: f64 = 60.0;

/// Why a history is not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// A file or the folder cannot be used.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The system has no thread left.
    #[error("no thread for the history: {source}")]
    Thread {
        /// What the system said.
        source: std::io::Error,
    },
}

/// Id and unit of all signals by key, as a history names them.
pub fn signal_names(plant: &Plant) -> Arc<[(String, String)]> {
    plant.signals.iter().map(|(_, info)| (info.id.to_string(), info.unit.clone())).collect()
}

impl Twin {
    /// Goes on with the history in a folder, and keeps everything of lane Live there from now on. For a twin that has heard
    /// nothing yet.
    ///
    /// # Errors
    /// [`KeepError`]; the twin then works without a history.
    pub fn keep_history(&mut self, root: &Path, retention: Retention) -> Result<(), KeepError> {
        let names = signal_names(&self.plant);
        let folder = HistoryFolder::open(root, Arc::clone(&names), FileOptions::default(), retention)?;
        let archive = Archive::open(root, names)?;
        let now = self.clock.now();
        let number = free_lane(&archive, now)?;
        let past = Past::read(&archive, number, &self.plant)?;
        let recorder = Recorder::start(folder, RecorderOptions::default()).map_err(|source| KeepError::Thread { source })?;
        let pager = Pager::start(archive, number).map_err(|source| KeepError::Thread { source })?;
        let Some(live) = self.lanes.get_mut(&LaneId::LIVE) else { return Ok(()) };
        live.record_to(LaneRecorder::new(recorder, number));
        if let Some(past) = past {
            let head = past.head();
            live.resume(past);
            live.mark(gap(head, now, "Didymos was not running."), now);
        }
        self.pager = Some(pager);
        Ok(())
    }

    /// Asks for what views look at and memory does not have, and takes what was read.
    pub(super) fn turn_pages(&mut self) {
        let Some(pager) = &mut self.pager else { return };
        while let Some((id, page)) = pager.take() {
            match (self.lanes.get_mut(&id), page) {
                (Some(lane), Ok(page)) => lane.show_page(page),
                (Some(lane), Err(error)) => lane.note_problem("history".to_owned(), error.to_string(), 1),
                (None, _) => {}
            }
        }
        for view in self.views.values() {
            let playhead = view.playhead;
            if self.lanes.get(&playhead.lane).is_some_and(|lane| lane.needs_page(playhead.time)) {
                pager.want(playhead.lane, playhead.time);
            }
        }
    }

    /// Marks an act of a person on lane Live, where the plant stood then.
    pub(super) fn mark_act(&mut self, author: &str, words: &str) {
        let now = self.clock.now();
        if let Some(live) = self.lanes.get_mut(&LaneId::LIVE)
            && let Some(head) = live.head()
        {
            let (author, text) = (author.to_owned(), words.to_owned());
            live.mark(Mark { from: head, to: head, kind: MarkKind::Action, author, thing: String::new(), text }, now);
        }
    }

    pub(super) fn add_mark(&mut self, lane: LaneId, mark: Mark) -> Result<(), String> {
        if mark.kind == MarkKind::Note && mark.text.trim().is_empty() {
            return Err("A note needs words.".to_owned());
        }
        if mark.to < mark.from {
            return Err("The range ends before it begins.".to_owned());
        }
        let now = self.clock.now();
        let lane: &mut Lane = self.lanes.get_mut(&lane).ok_or("That lane is gone.")?;
        lane.mark(mark, now);
        Ok(())
    }
}

fn gap(from: TwinTime, to: TwinTime, reason: &str) -> Mark {
    Mark { from, to: to.max(from), kind: MarkKind::Gap, author: String::new(), thing: String::new(), text: reason.to_owned() }
}

/// The lane to go on with: the newest one, or a new one when that ends in the future. A plant that was played faster than
/// time left it there, and what comes now would be late on it.
fn free_lane(archive: &Archive, now: TwinTime) -> Result<LaneNumber, HistoryError> {
    let mut newest = LaneNumber(0);
    while let Some((_, head)) = archive.extent(newest)? {
        let ends_ahead = head - now > AHEAD_SECS;
        let has_next = archive.extent(LaneNumber(newest.0 + 1))?.is_some();
        if !ends_ahead && !has_next {
            break;
        }
        newest.0 += 1;
    }
    Ok(newest)
}
