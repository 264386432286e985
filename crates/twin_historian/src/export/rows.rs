//! From samples to rows, slice by slice.

use super::{ExportError, ExportReport, ExportSignal, HistorySource, Layout, Selection, Watch};
use crate::StoredSample;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use twin_model::{SignalKey, TwinTime};

/// Samples a slice should hold.
const AIM: usize = 1 << 17;
/// Samples of a slice that are kept at most; one with more is cut in half and read again.
const MOST: usize = 1 << 19;
/// Length of the first slice, ns.
const FIRST_SPAN: i64 = 60_000_000_000;

/// Where rows go.
pub(super) trait Table {
    /// One row of the layout Long. `column` is the place of its signal in [`Plan::signals`].
    fn sample(&mut self, column: usize, stored: &StoredSample) -> Result<(), ExportError>;
    /// One row of the layout Wide.
    fn row(&mut self, time: TwinTime, newest: &[Option<StoredSample>]) -> Result<(), ExportError>;
}

/// A selection without doubles.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) signals: Vec<ExportSignal>,
    columns: BTreeMap<SignalKey, usize>,
    from: i64,
    to: i64,
    layout: Layout,
    step: Option<i64>,
}

impl Plan {
    pub(super) fn new(selection: &Selection, layout: Layout) -> Result<Self, ExportError> {
        let (mut signals, mut columns) = (Vec::new(), BTreeMap::new());
        for signal in &selection.signals {
            columns.entry(signal.key).or_insert_with(|| {
                signals.push(signal.clone());
                signals.len() - 1
            });
        }
        if signals.is_empty() {
            return Err(ExportError::NoSignals);
        }
        let step = match layout {
            Layout::Wide { step: Some(step), .. } => {
                Some(i64::try_from(step.as_nanos()).ok().filter(|nanos| *nanos > 0).ok_or(ExportError::Step)?)
            }
            _ => None,
        };
        Ok(Self { signals, columns, from: selection.from.0, to: selection.to.0, layout, step })
    }

    /// Names of the signals above their columns: the tag where it is one of a kind, else the id.
    pub(super) fn headings(&self) -> Vec<&str> {
        let mut uses: BTreeMap<&str, u32> = BTreeMap::new();
        self.signals.iter().for_each(|signal| *uses.entry(signal.tag.as_str()).or_default() += 1);
        let heading = |signal: &'_ ExportSignal| !signal.tag.is_empty() && uses.get(signal.tag.as_str()) == Some(&1);
        self.signals.iter().map(|signal| if heading(signal) { signal.tag.as_str() } else { signal.id.as_str() }).collect()
    }

    /// Reads the source from begin to end and gives the rows to `table`.
    pub(super) fn run<S: HistorySource>(
        &self,
        source: &mut S,
        table: &mut impl Table,
        watch: Watch<'_>,
    ) -> Result<ExportReport, ExportError> {
        let mut report = ExportReport::default();
        let Some((first, last)) = source.extent().map_err(of_source)? else { return Ok(report) };
        let begin = match self.step {
            // The raster stays where the selection has put it.
            Some(step) if first.0 > self.from => first_on_raster(self.from, step, first.0),
            _ => self.from.max(first.0),
        };
        let end = self.to.min(last.0);
        let mut rows = Rows { newest: vec![None; self.signals.len()], next: Some(begin), step: self.step, table, written: 0 };
        if self.layout != Layout::Long && begin > i64::MIN {
            let take = &mut |stored: StoredSample| rows.set(self.columns.get(&stored.sample.signal), stored);
            source.newest(TwinTime(begin - 1), take).map_err(of_source)?;
        }
        let (mut from, mut span) = (begin, FIRST_SPAN);
        let mut slice: Vec<(usize, StoredSample)> = Vec::new();
        while from <= end {
            let to = from.saturating_add(span - 1).min(end);
            slice.clear();
            let mut found = 0_usize;
            let take = &mut |stored: StoredSample| {
                found += 1;
                if let (Some(column), true) = (self.columns.get(&stored.sample.signal), found <= MOST) {
                    slice.push((*column, stored));
                }
            };
            source.between(TwinTime(from), TwinTime(to), take).map_err(of_source)?;
            // All samples of one instant are kept, however many they are: an instant cannot be cut.
            if found > MOST && to > from {
                span = ((to - from) / 2).max(1);
                continue;
            }
            if found > MOST {
                slice.clear();
                let all = &mut |stored: StoredSample| {
                    slice.extend(self.columns.get(&stored.sample.signal).map(|column| (*column, stored)));
                };
                source.between(TwinTime(from), TwinTime(to), all).map_err(of_source)?;
            }
            slice.sort_by_key(|(column, stored)| (stored.sample.source_time, *column, stored.sequence));
            report.samples += slice.len() as u64;
            match self.layout {
                Layout::Long => rows.add_long(&slice)?,
                Layout::Wide { .. } => rows.add_wide(&slice, to)?,
            }
            if watch(TwinTime(to)) == ControlFlow::Break(()) {
                return Err(ExportError::Stopped);
            }
            if found < AIM / 2 {
                span = span.saturating_mul(2);
            }
            let Some(next) = to.checked_add(1) else { break };
            from = next;
        }
        report.rows = rows.written;
        Ok(report)
    }
}

/// The first instant on the raster at or after `at`. Steps of a raster that begins long ago would not fit into 64 bits.
fn first_on_raster(from: i64, step: i64, at: i64) -> i64 {
    let behind = (i128::from(at) - i128::from(from)).rem_euclid(i128::from(step));
    let ahead = if behind == 0 { 0 } else { i128::from(step) - behind };
    i64::try_from(i128::from(at) + ahead).unwrap_or(i64::MAX)
}

fn of_source(source: impl std::error::Error + Send + Sync + 'static) -> ExportError {
    ExportError::Source { source: Box::new(source) }
}

struct Rows<'a, T> {
    newest: Vec<Option<StoredSample>>,
    /// Next row on the raster.
    next: Option<i64>,
    step: Option<i64>,
    table: &'a mut T,
    written: u64,
}

impl<T: Table> Rows<'_, T> {
    fn set(&mut self, column: Option<&usize>, stored: StoredSample) {
        if let Some(column) = column {
            self.newest[*column] = Some(stored);
        }
    }

    fn add_long(&mut self, slice: &[(usize, StoredSample)]) -> Result<(), ExportError> {
        self.written += slice.len() as u64;
        slice.iter().try_for_each(|(column, stored)| self.table.sample(*column, stored))
    }

    fn add_wide(&mut self, slice: &[(usize, StoredSample)], to: i64) -> Result<(), ExportError> {
        for same in slice.chunk_by(|(_, a), (_, b)| a.sample.source_time == b.sample.source_time) {
            let Some((_, first)) = same.first() else { continue };
            let time = first.sample.source_time;
            self.raster_until(time.0.saturating_sub(1))?;
            same.iter().for_each(|(column, stored)| self.set(Some(column), *stored));
            if self.step.is_none() {
                self.written += 1;
                self.table.row(time, &self.newest)?;
            }
        }
        self.raster_until(to)
    }

    /// Writes the rows on the raster up to an instant, included.
    fn raster_until(&mut self, until: i64) -> Result<(), ExportError> {
        while let (Some(step), Some(next)) = (self.step, self.next.filter(|next| *next <= until)) {
            self.written += 1;
            self.table.row(TwinTime(next), &self.newest)?;
            self.next = next.checked_add(step);
        }
        Ok(())
    }
}
