//! What a recording looks like once its header, its mapping and the plant have been brought together.

use super::guess;
use super::lines::Cells;
use super::mapping::{Layout, Mapping, Named, SignalMapping};
use super::time_column::{TimeFormat, TimeReader};
use crate::decode::SignalDecoding;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use twin_model::unit::{self, Unit};
use twin_model::{Plant, Problem, Quality, SignalKey, ValueKind};

/// Column names listed in a hint.
const LISTED_NAMES: usize = 12;

/// How each line becomes readings.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub delimiter: u8,
    pub decimal: u8,
    pub comment: Option<u8>,
    /// Lines before the first row.
    pub lines_before: u64,
    pub time_columns: Vec<usize>,
    pub format: TimeFormat,
    pub zone: TimeZone,
    pub layout: Cast,
    pub row_quality: Option<usize>,
    pub words: BTreeMap<String, Quality>,
    pub missing: BTreeSet<String>,
    pub bad: BTreeSet<String>,
}

/// Where values stand.
#[derive(Clone, Debug)]
pub(super) enum Cast {
    /// One column per signal.
    Wide(Vec<(usize, Target)>),
    /// One row per value.
    Long { signal: usize, value: usize, unit: Option<usize>, names: BTreeMap<String, Target>, ignored: BTreeSet<String> },
}

/// The signal a column, or a name, stands for.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub key: SignalKey,
    pub decoding: SignalDecoding,
    /// From the column's unit to the signal's.
    pub units: Option<(&'static Unit, &'static Unit)>,
    /// Column with its quality.
    pub quality: Option<usize>,
    pub session: Option<String>,
}

/// The beginning of a recording.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample {
    /// Its name in problems.
    pub file: String,
    /// Names of the columns; their numbers where there is no header.
    pub header: Vec<String>,
    /// Line of the header.
    pub header_line: u32,
    pub lines_before: u64,
    /// The first rows.
    pub rows: Vec<Cells>,
    pub delimiter: u8,
    pub decimal: u8,
}

impl Shape {
    /// Brings header, mapping and plant together. Everything wrong is told; there is no shape without a time and a signal.
    pub fn resolve(sample: &Sample, mapping: &Mapping, plant: &Plant, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut resolving = Resolving { sample, mapping, plant, problems };
        let layout = resolving.layout();
        let row_quality = mapping.quality_column.as_ref().and_then(|named| resolving.column(named));
        let cast = match &layout {
            Layout::Wide => resolving.wide(),
            Layout::Long { signal, value, unit } => resolving.long(signal, value, unit.as_ref()),
        };
        let time = resolving.time();
        let row_quality = row_quality.or_else(|| guess::quality_column(&sample.header).filter(|_| matches!(layout, Layout::Long { .. })));
        let (time_columns, format) = time?;
        let shape = Self {
            delimiter: sample.delimiter,
            decimal: sample.decimal,
            comment: mapping.comment,
            lines_before: sample.lines_before,
            time_columns,
            format,
            zone: mapping.time.zone.clone(),
            layout: cast?,
            row_quality,
            words: mapping.quality_words.iter().cloned().collect(),
            missing: mapping.missing.iter().map(|text| text.trim().to_owned()).collect(),
            bad: mapping.bad.iter().map(|text| text.trim().to_owned()).collect(),
        };
        Some(shape)
    }

    /// A reader for the times of this recording, from its first row.
    pub fn time_reader(&self) -> TimeReader {
        TimeReader::new(self.format.clone(), self.zone.clone(), self.decimal)
    }

    /// Sessions that the mapping names, by signal.
    pub fn sessions(&self) -> BTreeMap<SignalKey, String> {
        let of = |target: &Target| target.session.clone().map(|session| (target.key, session));
        match &self.layout {
            Cast::Wide(targets) => targets.iter().filter_map(|(_, target)| of(target)).collect(),
            Cast::Long { names, .. } => names.values().filter_map(of).collect(),
        }
    }
}

struct Resolving<'a> {
    sample: &'a Sample,
    mapping: &'a Mapping,
    plant: &'a Plant,
    problems: &'a mut Vec<Problem>,
}

impl Resolving<'_> {
    fn layout(&self) -> Layout {
        if let Some(layout) = &self.mapping.layout {
            return layout.clone();
        }
        let is_listed = |name: &String| self.mapping.signals.iter().any(|signal| signal.name == *name) || self.by_name(name).is_some();
        if self.sample.header.iter().any(is_listed) { Layout::Wide } else { guess::layout(&self.sample.header).unwrap_or(Layout::Wide) }
    }

    /// The column with this name, or with this number where no name fits.
    fn column_index(&self, name: &str) -> Option<usize> {
        let header = &self.sample.header;
        header.iter().position(|known| known == name).or_else(|| header.iter().position(|known| known.eq_ignore_ascii_case(name)))
    }

    fn column(&mut self, named: &Named) -> Option<usize> {
        let found = self.column_index(&named.name);
        if found.is_none() {
            let hint = self.names_hint();
            let message = format!("the recording has no column `{}`", named.name);
            let file = if named.place.line > 0 { &self.mapping.file } else { &self.sample.file };
            self.problems.push(named.place.problem(file, &message, hint));
        }
        found
    }

    fn names_hint(&self) -> String {
        let names: Vec<&str> = self.sample.header.iter().take(LISTED_NAMES).map(String::as_str).collect();
        let more = if self.sample.header.len() > LISTED_NAMES { ", …" } else { "" };
        format!("its columns are: {}{more}", names.join(", "))
    }

    fn in_file(&mut self, message: String, hint: &str) {
        let problem = Problem { line: Some(self.sample.header_line), ..Problem::error(&self.sample.file, "", message, hint) };
        self.problems.push(problem);
    }

    fn wide(&mut self) -> Option<Cast> {
        let mut targets: Vec<(usize, Target)> = Vec::new();
        let mapping = self.mapping;
        for signal in &mapping.signals {
            let Some(target) = self.target(signal) else { continue };
            let named = Named { name: signal.name.clone(), place: signal.place.clone() };
            let Some(column) = self.column(&named) else { continue };
            if targets.iter().any(|(_, known)| known.key == target.key) {
                let message = format!("`{}` already has another column", signal.signal);
                self.problems.push(signal.place.problem(&mapping.file, &message, "map one column to each signal"));
                continue;
            }
            targets.push((column, target));
        }
        for (column, name) in self.sample.header.iter().enumerate() {
            if mapping.ignore.iter().any(|ignored| ignored.trim() == name) || targets.iter().any(|(taken, _)| *taken == column) {
                continue;
            }
            let Some(signal) = self.by_name(name) else { continue };
            let Some(target) = self.target(&signal) else { continue };
            if targets.iter().any(|(_, known)| known.key == target.key) {
                let message = format!("column {} (`{name}`) is a second column of its signal and was left out", column + 1);
                let hint = "list the column that counts in [signals], the other one in `ignore`";
                let problem = Problem { line: Some(self.sample.header_line), ..Problem::warning(&self.sample.file, "", message, hint) };
                self.problems.push(problem);
                continue;
            }
            targets.push((column, target));
        }
        targets.sort_by_key(|(column, _)| *column);
        if targets.is_empty() {
            let hint = format!("name them in [signals] of a mapping file; {}", self.names_hint());
            self.in_file("no column is a signal of this plant".to_owned(), &hint);
            return None;
        }
        Some(Cast::Wide(targets))
    }

    /// The signal whose tag or id the header of a column is, perhaps with a unit in brackets.
    fn by_name(&self, name: &str) -> Option<SignalMapping> {
        let (bare, unit) = guess::name_and_unit(name);
        let found = |text: &str| {
            let key = self.plant.signals.find(text)?;
            self.plant.signals.info(key).filter(|info| !info.is_derived).map(|_| text.to_owned())
        };
        let mapping = |signal: String, unit: Option<&str>| SignalMapping {
            name: name.to_owned(),
            signal,
            unit: unit.map(str::to_owned),
            ..SignalMapping::default()
        };
        found(name).map(|signal| mapping(signal, None)).or_else(|| found(bare).map(|signal| mapping(signal, unit)))
    }

    fn long(&mut self, signal: &Named, value: &Named, unit: Option<&Named>) -> Option<Cast> {
        let (signal, value) = (self.column(signal), self.column(value));
        let unit = unit.and_then(|unit| self.column(unit));
        let mut names = BTreeMap::new();
        let mapping = self.mapping;
        for listed in &mapping.signals {
            if let Some(target) = self.target(listed) {
                names.insert(listed.name.clone(), target);
            }
        }
        let plant = self.plant;
        for (key, info) in plant.signals.iter().filter(|(_, info)| !info.is_derived) {
            let target = Target { key, decoding: SignalDecoding::new(info), units: None, quality: None, session: mapping.session.clone() };
            for name in [info.id.as_str(), info.tag.as_str()].into_iter().filter(|name| !name.is_empty()) {
                names.entry(name.to_owned()).or_insert_with(|| target.clone());
            }
        }
        let ignored: BTreeSet<String> = mapping.ignore.iter().map(|name| name.trim().to_owned()).collect();
        names.retain(|name, _| !ignored.contains(name));
        let (signal, value) = (signal?, value?);
        let is_known = |row: &Cells| row.get(signal).is_some_and(|name| names.contains_key(name.as_ref()));
        if !self.sample.rows.iter().any(is_known) {
            let hint = "name them in [signals] of a mapping file, left the file's name, right the plant's tag";
            self.in_file("none of the names in the first rows is a signal of this plant".to_owned(), hint);
            return None;
        }
        Some(Cast::Long { signal, value, unit, names, ignored })
    }

    /// The signal that a line of the mapping, or a header, names.
    fn target(&mut self, signal: &SignalMapping) -> Option<Target> {
        let file = if signal.place.line > 0 { self.mapping.file.clone() } else { self.sample.file.clone() };
        let plant = self.plant;
        let found = plant.signals.find(&signal.signal).and_then(|key| plant.signals.info(key).map(|info| (key, info)));
        let Some((key, info)) = found else {
            let message = format!("the plant has no signal `{}`", signal.signal);
            self.problems.push(signal.place.problem(&file, &message, "name a tag such as TT-111A, or an id such as unit100:p-101a/speed"));
            return None;
        };
        if info.is_derived {
            let message = format!("`{}` is computed by the twin and cannot be recorded", signal.signal);
            self.problems.push(signal.place.problem(&file, &message, "map a measured signal"));
            return None;
        }
        let units = match &signal.unit {
            None => None,
            Some(from) => match units(from, &info.unit, &info.kind) {
                Ok(units) => units,
                Err(message) => {
                    self.problems.push(signal.place.problem(&file, &message, "name the unit in which the column is written"));
                    return None;
                }
            },
        };
        let quality = match &signal.quality {
            Some(name) => Some(self.column(&Named { name: name.clone(), place: signal.place.clone() })?),
            None => guess::quality_names(&signal.name).iter().find_map(|name| self.column_index(name)),
        };
        let session = signal.session.clone().or_else(|| self.mapping.session.clone());
        Some(Target { key, decoding: SignalDecoding::new(info), units, quality, session })
    }

    fn time(&mut self) -> Option<(Vec<usize>, TimeFormat)> {
        let named = &self.mapping.time;
        let mut columns = Vec::new();
        let mut is_complete = true;
        for column in &named.columns {
            match self.column(column) {
                Some(index) => columns.push(index),
                None => is_complete = false,
            }
        }
        if !is_complete {
            return None;
        }
        let formats = named.format.clone().map_or_else(TimeFormat::guesses, |format| vec![format]);
        let candidates: Vec<Vec<usize>> =
            if columns.is_empty() { (0..self.sample.header.len()).map(|index| vec![index]).collect() } else { vec![columns] };
        for columns in &candidates {
            for format in &formats {
                let mut reader = TimeReader::new(format.clone(), named.zone.clone(), self.sample.decimal);
                if !guess::is_time(&self.sample.rows, columns, &mut reader) {
                    continue;
                }
                if reader.used_zone && !named.has_zone {
                    let message = format!("the times of column {} carry no zone and are read as UTC", columns.first().map_or(0, |c| c + 1));
                    let hint = "name the zone of the recorder as time.zone in the mapping, such as \"Europe/Berlin\"";
                    let problem = Problem { line: Some(self.sample.header_line), ..Problem::warning(&self.sample.file, "", message, hint) };
                    self.problems.push(problem);
                }
                return Some((columns.clone(), format.clone()));
            }
        }
        if let ([columns], Some(format)) = (candidates.as_slice(), &named.format) {
            let text = self.sample.rows.first().map(|row| guess::joined(row, columns)).unwrap_or_default();
            self.in_file(
                format!("the first rows hold no time of the format {format:?}, such as: \"{text}\""),
                "correct time in the mapping",
            );
        } else {
            let hint = format!("name time.column and time.format in a mapping file; {}", self.names_hint());
            self.in_file("no column reads as a time".to_owned(), &hint);
        }
        None
    }
}

/// From a column's unit to the declared one; `None` where they are the same.
fn units(from: &str, declared: &str, kind: &ValueKind) -> Result<Option<(&'static Unit, &'static Unit)>, String> {
    if *kind != ValueKind::Number {
        return Err(format!("unit `{from}` on a signal that is no number"));
    }
    let from = from.trim();
    if from == declared {
        return Ok(None);
    }
    let from = unit::find(from).ok_or_else(|| format!("unit `{from}` is not known"))?;
    let to = unit::find(declared).filter(|to| to.quantity == from.quantity);
    let to = to.ok_or_else(|| format!("unit `{}` does not measure what `{declared}` measures", from.symbol))?;
    Ok((from != to).then_some((from, to)))
}
