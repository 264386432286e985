//! Where the samples of an export come from.

use crate::disk::{Archive, HistoryError, HistoryReader};
use crate::{LaneNumber, StoredSample};
use twin_model::{SignalKey, TwinTime};

/// A view of some signals of a lane that does not change while it is read: the files of a history, or a server it was
/// forwarded to. Receive times are whole milliseconds.
pub trait HistorySource {
    /// Why it cannot be read.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Time of the first and the last sample of the lane.
    ///
    /// # Errors
    /// When it cannot be read.
    fn extent(&mut self) -> Result<Option<(TwinTime, TwinTime)>, Self::Error>;

    /// Hands on the newest sample of each signal at or before an instant.
    ///
    /// # Errors
    /// When it cannot be read.
    fn newest(&mut self, at: TwinTime, take: &mut dyn FnMut(StoredSample)) -> Result<(), Self::Error>;

    /// Hands on the samples from `from` to `to`, both included. Samples of one signal, time and commit come in the order in
    /// which they were committed; apart from that the order is open.
    ///
    /// # Errors
    /// When it cannot be read.
    fn between(&mut self, from: TwinTime, to: TwinTime, take: &mut dyn FnMut(StoredSample)) -> Result<(), Self::Error>;
}

/// The files of a history as they were at one moment, also while another thread writes them.
#[derive(Debug)]
pub struct ArchiveSnapshot<'a> {
    lane: LaneNumber,
    signals: Vec<SignalKey>,
    /// With the time of the first and the last sample in each.
    files: Vec<(&'a HistoryReader, Option<(TwinTime, TwinTime)>)>,
    /// What is in no chunk yet, in order of time.
    tail: Vec<StoredSample>,
    /// While they last, what others write is not seen.
    _held: Vec<Option<rusqlite::Transaction<'a>>>,
}

impl Archive {
    /// A view of signals of a lane that does not change while it is read. Call [`Archive::refresh`] before to have it up to date.
    ///
    /// # Errors
    /// [`HistoryError`] when a file cannot be read or samples are damaged.
    pub fn snapshot(&mut self, lane: LaneNumber, signals: &[SignalKey]) -> Result<ArchiveSnapshot<'_>, HistoryError> {
        let (mut files, mut tail, mut held) = (Vec::new(), Vec::new(), Vec::new());
        let mut wanted = signals.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        for reader in self.readers() {
            held.push(reader.hold()?);
            files.push((reader, reader.extent(lane)?));
            reader.tail_samples(lane, |mut sample, sequence| {
                if wanted.binary_search(&sample.signal).is_ok() {
                    sample.receive_time = whole_millis(sample.receive_time);
                    tail.push(StoredSample { sample, sequence });
                }
            });
        }
        tail.sort_by_key(|stored| stored.sample.source_time);
        Ok(ArchiveSnapshot { lane, signals: wanted, files, tail, _held: held })
    }
}

/// A receive time as a history keeps it.
pub(crate) fn whole_millis(time: TwinTime) -> TwinTime {
    TwinTime(time.0.div_euclid(1_000_000).saturating_mul(1_000_000))
}

impl HistorySource for ArchiveSnapshot<'_> {
    type Error = HistoryError;

    fn extent(&mut self) -> Result<Option<(TwinTime, TwinTime)>, HistoryError> {
        let spans = self.files.iter().filter_map(|(_, span)| *span);
        Ok(spans.reduce(|(a, b), (first, last)| (a.min(first), b.max(last))))
    }

    fn newest(&mut self, at: TwinTime, take: &mut dyn FnMut(StoredSample)) -> Result<(), HistoryError> {
        for key in &self.signals {
            let mut newest: Option<StoredSample> = None;
            let mut offer = |sample, sequence| {
                let found = StoredSample { sample, sequence };
                if newest.is_none_or(|known: StoredSample| (known.sample.source_time, known.sequence) <= (sample.source_time, sequence)) {
                    newest = Some(found);
                }
            };
            let mut answered_on: Option<&str> = None;
            for (reader, span) in self.files.iter().rev() {
                // Files of one day may overlap; those of the days before have nothing newer.
                if answered_on.is_some_and(|day| day != reader.day()) {
                    break;
                }
                if span.is_some_and(|(first, _)| first <= at) && reader.samples(self.lane, *key, at, at, &mut offer)? {
                    answered_on = Some(reader.day());
                }
            }
            let until = self.tail.partition_point(|stored| stored.sample.source_time <= at);
            let of_tail = self.tail[..until].iter().rev().find(|stored| stored.sample.signal == *key);
            // The newest time of the tail may have several samples; the last one committed counts.
            if let Some(last) = of_tail {
                let same = self.tail[..until].iter().rev().take_while(|stored| stored.sample.source_time == last.sample.source_time);
                let best = same.filter(|stored| stored.sample.signal == *key).max_by_key(|stored| stored.sequence).unwrap_or(last);
                offer(best.sample, best.sequence);
            }
            newest.into_iter().for_each(&mut *take);
        }
        Ok(())
    }

    fn between(&mut self, from: TwinTime, to: TwinTime, take: &mut dyn FnMut(StoredSample)) -> Result<(), HistoryError> {
        for (reader, _) in self.files.iter().filter(|(_, span)| span.is_some_and(|(first, last)| first <= to && last >= from)) {
            for key in &self.signals {
                for chunk in reader.summaries(self.lane, *key, from, to)? {
                    let columns = reader.decode(&chunk)?;
                    let wanted = columns.samples(*key).filter(|(sample, _)| (from..=to).contains(&sample.source_time));
                    wanted.for_each(|(sample, sequence)| take(StoredSample { sample, sequence }));
                }
            }
        }
        let first = self.tail.partition_point(|stored| stored.sample.source_time < from);
        self.tail[first..].iter().take_while(|stored| stored.sample.source_time <= to).for_each(|stored| take(*stored));
        Ok(())
    }
}
