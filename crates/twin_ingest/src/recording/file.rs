//! A recording that has been looked at: its header understood, its columns bound to signals of the plant.

use super::guess;
use super::lines::{Cells, LineReader};
use super::mapping::Mapping;
use super::replay::RecordingEvents;
use super::rows::{Reading, Rows};
use super::shape::{Cast, Sample, Shape};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use twin_model::{Plant, Problem, SignalKey, TwinTime};

/// Rows looked at before the recording is understood.
const SAMPLE_ROWS: usize = 200;
/// Bytes of these rows at most.
const SAMPLE_BYTES: u64 = 16 << 20;
/// Rows from which the interval of each signal is learnt.
const INTERVAL_ROWS: usize = 2_000;
/// A signal with fewer intervals among them keeps the one of the plant file.
const FEWEST_INTERVALS: usize = 3;
/// Read at once.
const BUFFER_BYTES: usize = 1 << 16;

/// A CSV recording of a plant, ready to be replayed or published. Nothing of it is held in memory but its shape.
#[derive(Clone, Debug)]
pub struct Recording {
    content: Content,
    name: String,
    shape: Arc<Shape>,
    plant: Arc<Plant>,
    start: TwinTime,
    intervals: BTreeMap<SignalKey, f64>,
    problems: Vec<Problem>,
}

#[derive(Clone, Debug)]
enum Content {
    File(PathBuf),
    Memory(Arc<[u8]>),
}

impl Content {
    fn open(&self) -> std::io::Result<Box<dyn BufRead + Send>> {
        match self {
            Self::File(path) => Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, File::open(path)?))),
            Self::Memory(bytes) => Ok(Box::new(Cursor::new(Arc::clone(bytes)))),
        }
    }
}

impl Recording {
    /// Looks at a recording: its header, its first rows, and its mapping file if it has one. Without one, columns whose
    /// header is a tag or a signal id of the plant are taken, and the first column that reads as a time is the time.
    ///
    /// # Errors
    /// Everything wrong with mapping and header at once, warnings included, when any of it is an error.
    pub fn open(path: &Path, mapping: Option<&Path>, plant: &Arc<Plant>) -> Result<Self, Vec<Problem>> {
        let (mapping, problems) = mapping.map_or_else(|| (Mapping::default(), Vec::new()), Mapping::load);
        let name = path.display().to_string();
        Self::look_at(Content::File(path.to_owned()), name, &mapping, plant, problems)
    }

    /// Looks at a recording that is in memory already; `name` stands for its file in problems.
    ///
    /// # Errors
    /// As [`Recording::open`].
    pub fn from_bytes(name: &str, bytes: impl Into<Arc<[u8]>>, mapping: &Mapping, plant: &Arc<Plant>) -> Result<Self, Vec<Problem>> {
        Self::look_at(Content::Memory(bytes.into()), name.to_owned(), mapping, plant, Vec::new())
    }

    fn look_at(
        content: Content,
        name: String,
        mapping: &Mapping,
        plant: &Arc<Plant>,
        mut problems: Vec<Problem>,
    ) -> Result<Self, Vec<Problem>> {
        let found =
            sample_of(&content, &name, mapping, &mut problems).and_then(|sample| Shape::resolve(&sample, mapping, plant, &mut problems));
        let Some(shape) = found.filter(|_| !problems.iter().any(Problem::is_error)) else { return Err(problems) };
        let mut recording = Self {
            content,
            name,
            shape: Arc::new(shape),
            plant: Arc::clone(plant),
            start: TwinTime(0),
            intervals: BTreeMap::new(),
            problems,
        };
        match recording.learn(mapping) {
            Some(problem) => {
                recording.problems.push(problem);
                Err(recording.problems)
            }
            None => Ok(recording),
        }
    }

    /// Reads the first rows for the time at which the recording begins, and the interval of each signal.
    fn learn(&mut self, mapping: &Mapping) -> Option<Problem> {
        let mut rows = match self.rows() {
            Ok(rows) => rows,
            Err(error) => return Some(unreadable(&self.name, &error)),
        };
        let mut readings: Vec<Reading> = Vec::new();
        let mut seen: BTreeMap<SignalKey, (TwinTime, Vec<f64>)> = BTreeMap::new();
        let mut start = None;
        for _ in 0..INTERVAL_ROWS {
            let Some(row) = rows.next_row(&mut readings) else { break };
            start.get_or_insert(row.time);
            for reading in &readings {
                let (newest, intervals) = seen.entry(reading.signal).or_insert_with(|| (reading.time, Vec::new()));
                if reading.time > *newest {
                    intervals.push(reading.time.secs_since(*newest));
                    *newest = reading.time;
                }
            }
        }
        let Some(start) = start else {
            let hint = "check the time format and the delimiter in the mapping file";
            return Some(Problem::error(&self.name, "", "the recording has no row that can be used", hint));
        };
        self.start = start;
        self.intervals = match mapping.interval_secs {
            Some(secs) => self.signals().into_iter().map(|signal| (signal, secs)).collect(),
            None => seen.into_iter().filter_map(|(signal, (_, intervals))| Some((signal, usual_interval(intervals)?))).collect(),
        };
        None
    }

    /// Reads the recording from its beginning, row by row.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn rows(&self) -> std::io::Result<Rows> {
        Ok(Rows::new(self.content.open()?, Arc::clone(&self.shape)))
    }

    /// Replays the recording as the events a live source would have sent, without a thread and as fast as they are taken.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn events(&self) -> std::io::Result<RecordingEvents> {
        Ok(RecordingEvents::new(self, self.rows()?))
    }

    /// Its name in problems: the path as given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The plant it was bound to.
    pub fn plant(&self) -> &Arc<Plant> {
        &self.plant
    }

    /// Time of the first row.
    pub fn start(&self) -> TwinTime {
        self.start
    }

    /// Signals that have a column, in key order; of a long recording, all that may appear in it.
    pub fn signals(&self) -> Vec<SignalKey> {
        let keys: BTreeSet<SignalKey> = match &self.shape.layout {
            Cast::Wide(targets) => targets.iter().map(|(_, target)| target.key).collect(),
            Cast::Long { names, .. } => names.values().map(|target| target.key).collect(),
        };
        keys.into_iter().collect()
    }

    /// What is doubtful about mapping and header although the recording can be used.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Expected intervals, plant seconds, of the signals for which the recording shows (or its mapping says) one.
    pub(super) fn intervals(&self) -> &BTreeMap<SignalKey, f64> {
        &self.intervals
    }

    /// Sessions that the mapping names, by signal.
    pub(super) fn sessions(&self) -> BTreeMap<SignalKey, String> {
        self.shape.sessions()
    }
}

/// The interval that nine of ten do not exceed, seconds: recorders that leave out what does not change pause at times.
fn usual_interval(mut intervals: Vec<f64>) -> Option<f64> {
    if intervals.len() < FEWEST_INTERVALS {
        return None;
    }
    intervals.sort_by(f64::total_cmp);
    intervals.get(intervals.len() * 9 / 10).copied()
}

fn unreadable(name: &str, error: &std::io::Error) -> Problem {
    Problem::error(name, "", format!("cannot be read: {error}"), "name a readable CSV file")
}

/// Header and first rows.
fn sample_of(content: &Content, name: &str, mapping: &Mapping, problems: &mut Vec<Problem>) -> Option<Sample> {
    let input = match content.open() {
        Ok(input) => input,
        Err(error) => {
            problems.push(unreadable(name, &error));
            return None;
        }
    };
    let mut lines = LineReader::new(input);
    lines.skip(mapping.skip_rows);
    let Some((first, first_line)) = next_filled(&mut lines, mapping.comment) else {
        problems.push(Problem::error(name, "", "has no line that can be read", "a recording is a text file with a header and rows"));
        return None;
    };
    if first.starts_with(b"\xFF\xFE") || first.starts_with(b"\xFE\xFF") || first.contains(&0) {
        problems.push(Problem::error(name, "", "is no UTF-8 text (UTF-16, or a binary file)", "save it as CSV in UTF-8"));
        return None;
    }
    let delimiter = mapping.delimiter.unwrap_or_else(|| guess::delimiter(&first));
    let mut cells = Cells::default();
    if cells.cut(&first, delimiter).is_err() {
        let problem = Problem::error(name, "", "a quotation mark in the header is not closed", "correct the header");
        problems.push(Problem { line: u32::try_from(first_line).ok(), ..problem });
        return None;
    }
    let mut sample = Sample {
        file: name.to_owned(),
        header_line: u32::try_from(first_line).unwrap_or(u32::MAX),
        delimiter,
        lines_before: if mapping.has_header { first_line + mapping.rows_after_header } else { first_line - 1 },
        ..Sample::default()
    };
    if mapping.has_header {
        sample.header = cells.iter().map(|cell| cell.into_owned()).collect();
        lines.skip(mapping.rows_after_header);
    } else {
        sample.header = (1..=cells.len()).map(|number| number.to_string()).collect();
        sample.rows.push(cells);
    }
    while sample.rows.len() < SAMPLE_ROWS && lines.bytes() < SAMPLE_BYTES {
        let Some((line, _)) = next_filled(&mut lines, mapping.comment) else { break };
        let mut cells = Cells::default();
        if cells.cut(&line, delimiter).is_ok() {
            sample.rows.push(cells);
        }
    }
    sample.decimal = mapping.decimal.unwrap_or_else(|| guess::decimal(&sample.rows, delimiter));
    Some(sample)
}

/// The next line that is neither empty nor a comment nor too long, with its number.
fn next_filled(lines: &mut LineReader<Box<dyn BufRead + Send>>, comment: Option<u8>) -> Option<(Vec<u8>, u64)> {
    loop {
        let line = match lines.next_line()? {
            Ok(line) => line.to_vec(),
            Err(super::faults::RowFault::Unreadable) => return None,
            Err(_) => continue,
        };
        let begin = line.trim_ascii_start().first();
        if begin.is_some() && begin != comment.as_ref() {
            return Some((line, lines.number()));
        }
    }
}
