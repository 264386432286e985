//! A recording row by row, in the order of the file, within bounded memory.

use super::faults::{FaultCount, FaultLog, RowFault};
use super::guess;
use super::lines::{Cells, LineReader};
use super::shape::{Cast, Shape, Target};
use super::time_column::TimeReader;
use crate::decode::{Scalar, quality_with_history};
use crate::problem::InputProblem;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::BufRead;
use std::sync::Arc;
use twin_model::{Quality, SignalKey, SourceEvent, TwinTime, ValueKind};

/// A row this far ahead of the others needs the next one to agree, nanoseconds: one damaged date must not move the clock.
const FAR_AHEAD_NANOS: i64 = 86_400 * 1_000_000_000;

/// One value of one signal as the recording has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Which signal.
    pub signal: SignalKey,
    /// The value in the unit the signal declares; booleans and states are their integer. `None` when the quality is Bad.
    pub value: Option<f64>,
    /// As recorded.
    pub quality: Quality,
    /// When the value was true.
    pub time: TwinTime,
}

/// A row that could be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line of the file, from 1.
    pub line: u64,
    /// Its time.
    pub time: TwinTime,
}

/// Reads the rows of a recording. What cannot be used is counted and does not stop the rest.
pub struct Rows {
    lines: LineReader<Box<dyn BufRead + Send>>,
    shape: Arc<Shape>,
    cells: Cells,
    time: TimeReader,
    /// True once an OPC Classic quality was read, where 0 is Bad.
    classic: bool,
    faults: FaultLog,
    newest: Option<TwinTime>,
    /// A row that is far ahead and waits for the next one.
    held: VecDeque<(Row, Vec<Reading>)>,
    /// A row that was read when the one held was judged.
    spare: Vec<Reading>,
    rows: u64,
    is_over: bool,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("line", &self.lines.number()).field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl Rows {
    pub(super) fn new(input: Box<dyn BufRead + Send>, shape: Arc<Shape>) -> Self {
        let mut lines = LineReader::new(input);
        lines.skip(shape.lines_before);
        let time = shape.time_reader();
        Self {
            lines,
            shape,
            cells: Cells::default(),
            time,
            classic: false,
            faults: FaultLog::default(),
            newest: None,
            held: VecDeque::new(),
            spare: Vec::new(),
            rows: 0,
            is_over: false,
        }
    }

    /// Rows read so far that could be used.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.lines.bytes()
    }

    /// What could not be used so far, by reason.
    pub fn faults(&self) -> Vec<FaultCount> {
        self.faults.counts()
    }

    pub(super) fn fault_total(&self) -> u64 {
        self.faults.total()
    }

    pub(super) fn report(&mut self, file: &str, is_end: bool, events: &mut impl Extend<SourceEvent>) {
        self.faults.report(file, is_end, events);
    }

    pub(super) fn count_fault(&mut self, fault: RowFault, line: u64) {
        self.faults.count(fault, line, None, "");
    }

    /// The next row that can be used, its values in `readings` (cleared before); `None` at the end.
    pub fn next_row(&mut self, readings: &mut Vec<Reading>) -> Option<Row> {
        let row = self.judged(readings)?;
        self.rows += 1;
        self.newest = Some(self.newest.map_or(row.time, |newest| newest.max(row.time)));
        Some(row)
    }

    /// A row, unless it is the only one of its neighbourhood that is far ahead.
    fn judged(&mut self, readings: &mut Vec<Reading>) -> Option<Row> {
        let mut row = match self.held.pop_front() {
            Some((row, held)) => {
                *readings = held;
                row
            }
            None => self.raw(readings)?,
        };
        while self.newest.is_none_or(|newest| row.time.0.saturating_sub(newest.0) > FAR_AHEAD_NANOS) {
            let mut next_readings = std::mem::take(&mut self.spare);
            let Some(next) = self.raw(&mut next_readings) else { break };
            if row.time.0.saturating_sub(next.time.0) > FAR_AHEAD_NANOS {
                self.faults.count(RowFault::TimeFarAhead, row.line, self.shape.time_columns.first().copied(), &row.time.to_string());
                row = next;
                self.spare = std::mem::replace(readings, next_readings);
            } else {
                self.held.push_back((next, next_readings));
                break;
            }
        }
        Some(row)
    }

    /// The next row with a time.
    fn raw(&mut self, readings: &mut Vec<Reading>) -> Option<Row> {
        while !self.is_over {
            let line = match self.lines.next_line() {
                None => {
                    self.is_over = true;
                    return None;
                }
                Some(Err(fault)) => {
                    self.is_over = fault == RowFault::Unreadable;
                    self.faults.count(fault, self.lines.number(), None, "");
                    continue;
                }
                Some(Ok(line)) if line.trim_ascii().is_empty() => continue,
                Some(Ok(line)) => line,
            };
            if self.shape.comment.is_some_and(|mark| line.trim_ascii_start().first() == Some(&mark)) {
                continue;
            }
            if let Err(fault) = self.cells.cut(line, self.shape.delimiter) {
                self.faults.count(fault, self.lines.number(), None, "");
                continue;
            }
            if let Some(row) = self.read(readings) {
                return Some(row);
            }
        }
        None
    }

    fn read(&mut self, readings: &mut Vec<Reading>) -> Option<Row> {
        readings.clear();
        let line = self.lines.number();
        let Self { shape, cells, time, classic, faults, .. } = self;
        let first = shape.time_columns.first().copied().unwrap_or(0);
        let read = match shape.time_columns.as_slice() {
            [column] => cells.get(*column).map(|text| time.read(&text)),
            columns => Some(time.read(&guess::joined(cells, columns))),
        };
        let at = match read {
            Some(Ok(at)) => at,
            Some(Err(fault)) => {
                faults.count(fault, line, Some(first), &guess::joined(cells, &shape.time_columns));
                return None;
            }
            None => {
                faults.count(RowFault::ShortRow, line, None, "");
                return None;
            }
        };
        let mut reading = CellReader { shape: shape.as_ref(), cells, classic, faults, line, at };
        match &shape.layout {
            Cast::Wide(targets) => {
                let row_quality = reading.quality(shape.row_quality);
                for (column, target) in targets {
                    let quality = if target.quality.is_some() { reading.quality(target.quality).worst(row_quality) } else { row_quality };
                    readings.extend(reading.value(*column, target, quality, None));
                }
                if targets.iter().any(|(column, _)| *column >= cells.len()) {
                    faults.count(RowFault::ShortRow, line, None, "");
                }
            }
            Cast::Long { signal, value, unit, names, ignored } => {
                let Some(name) = cells.get(*signal) else {
                    faults.count(RowFault::ShortRow, line, None, "");
                    return None;
                };
                let Some(target) = names.get(name.as_ref()) else {
                    if !ignored.contains(name.as_ref()) {
                        faults.count(RowFault::UnknownSignal, line, Some(*signal), &name);
                    }
                    return None;
                };
                let quality = reading.quality(shape.row_quality);
                readings.extend(reading.value(*value, target, quality, *unit));
            }
        }
        Some(Row { line, time: at })
    }
}

struct CellReader<'a> {
    shape: &'a Shape,
    cells: &'a Cells,
    classic: &'a mut bool,
    faults: &'a mut FaultLog,
    line: u64,
    at: TwinTime,
}

impl CellReader<'_> {
    fn quality(&mut self, column: Option<usize>) -> Quality {
        let Some(column) = column else { return Quality::GOOD };
        let Some(text) = self.cells.get(column).filter(|text| !text.is_empty()) else { return Quality::GOOD };
        if !self.shape.words.is_empty()
            && let Some(quality) = self.shape.words.get(&text.to_lowercase())
        {
            return *quality;
        }
        let number = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        if let Some(code) = number {
            return Quality(code);
        }
        quality_with_history(&text, self.classic).unwrap_or_else(|| {
            self.faults.count(RowFault::UnknownQuality, self.line, Some(column), &text);
            Quality::UNCERTAIN
        })
    }

    fn value(&mut self, column: usize, target: &Target, quality: Quality, unit: Option<usize>) -> Option<Reading> {
        let bad = |quality| Some(Reading { signal: target.key, value: None, quality, time: self.at });
        if quality.is_bad() {
            return bad(quality);
        }
        let text = self.cells.get(column)?;
        if self.shape.missing.contains(text.as_ref()) {
            return None;
        }
        if self.shape.bad.contains(text.as_ref()) {
            return bad(Quality::BAD);
        }
        let unit = unit.and_then(|unit| self.cells.get(unit)).filter(|unit| !unit.is_empty());
        match converted(&text, target, unit, self.shape.decimal) {
            Ok(value) => Some(Reading { signal: target.key, value: Some(value), quality, time: self.at }),
            Err(problem) => {
                self.faults.count(fault_of(&problem), self.line, Some(column), &text);
                None
            }
        }
    }
}

fn converted(text: &str, target: &Target, unit: Option<Cow<'_, str>>, decimal: u8) -> Result<f64, InputProblem> {
    let number = number_of(text, decimal);
    if *target.decoding.kind() == ValueKind::Number && number.is_none() {
        return Err(InputProblem::WrongKind { expected: "number" });
    }
    let scalar = number.map_or(Scalar::Text(text.into()), Scalar::Number);
    let unit = match (target.units, unit) {
        (None, Some(unit)) => Scalar::Text(unit),
        _ => Scalar::Absent,
    };
    let value = target.decoding.value(&scalar, &unit)?;
    let value = target.units.map_or(value, |(from, to)| to.from_si(from.to_si(value)));
    // A negative zero reads as zero.
    if value.is_finite() { Ok(value + 0.0) } else { Err(InputProblem::NotFinite) }
}

fn number_of(text: &str, decimal: u8) -> Option<f64> {
    if decimal != b',' {
        return text.parse().ok();
    }
    if text.contains('.') || text.bytes().filter(|byte| *byte == b',').count() > 1 {
        return None;
    }
    text.replace(',', ".").parse().ok()
}

fn fault_of(problem: &InputProblem) -> RowFault {
    match problem {
        InputProblem::NotFinite => RowFault::NotFinite,
        InputProblem::UnknownUnit { .. } | InputProblem::WrongQuantity { .. } => RowFault::WrongUnit,
        InputProblem::WrongKind { expected: "number" } => RowFault::NotANumber,
        _ => RowFault::UnknownState,
    }
}
