//! Exports as CSV after RFC 4180: UTF-8, comma, decimal point, times as ISO 8601 in UTC.
//!
//! Both layouts have the columns a recording has, so that an export can be replayed.

use super::part::PartFile;
use super::rows::{Plan, Table};
use super::text::{TimeText, harmless, origin_word, write_number};
use super::{ExportError, ExportReport, HistorySource, Layout, Selection, Watch};
use crate::StoredSample;
use std::fs::File;
use std::path::Path;
use twin_model::{Quality, TwinTime};

/// Columns of the layout Long.
const LONG: [&str; 10] = ["time", "signal", "tag", "unit", "value", "quality", "quality_word", "origin", "receive_time", "commit"];
/// Bytes gathered before the disk is asked.
const BUFFER: usize = 1 << 18;

/// Writes a selection to a file.
///
/// # Errors
/// [`ExportError`]; no file is left behind then.
pub fn write<S: HistorySource>(
    source: &mut S,
    selection: &Selection,
    layout: Layout,
    path: &Path,
    watch: Watch<'_>,
) -> Result<ExportReport, ExportError> {
    let plan = Plan::new(selection, layout)?;
    let (part, file) = PartFile::create(path)?;
    let to = ::csv::WriterBuilder::new().buffer_capacity(BUFFER).from_writer(file);
    let mut table = CsvTable::new(&plan, layout, to, &part);
    table.header(&plan, layout)?;
    let report = plan.run(source, &mut table, watch)?;
    let file = table.to.into_inner().map_err(|error| part.error(error.into_error()))?;
    part.publish(&file)?;
    Ok(report)
}

struct CsvTable<'a> {
    to: ::csv::Writer<File>,
    part: &'a PartFile,
    /// Id, tag and unit.
    names: Vec<[String; 3]>,
    has_quality: bool,
    times: TimeText,
    receive_times: TimeText,
    number: String,
}

impl<'a> CsvTable<'a> {
    fn new(plan: &Plan, layout: Layout, to: ::csv::Writer<File>, part: &'a PartFile) -> Self {
        let names = plan.signals.iter().map(|s| [&s.id, &s.tag, &s.unit].map(|text| harmless(text).into_owned())).collect();
        let has_quality = matches!(layout, Layout::Wide { quality: true, .. });
        let (times, receive_times, number) = Default::default();
        Self { to, part, names, has_quality, times, receive_times, number }
    }

    fn header(&mut self, plan: &Plan, layout: Layout) -> Result<(), ExportError> {
        if layout == Layout::Long {
            return self.to.write_record(LONG).map_err(|error| self.part.error(error.into()));
        }
        let mut header = vec!["time".to_owned()];
        for (name, signal) in plan.headings().into_iter().zip(&plan.signals) {
            let unit = if signal.unit.is_empty() { String::new() } else { format!(" [{}]", signal.unit) };
            header.push(harmless(&format!("{name}{unit}")).into_owned());
            if self.has_quality {
                header.push(harmless(&format!("{name} quality")).into_owned());
            }
        }
        self.to.write_record(header).map_err(|error| self.part.error(error.into()))
    }
}

/// The value of a sample as text; nothing where there is none.
fn value_text(number: &mut String, value: Option<f64>) -> &str {
    number.clear();
    if let Some(value) = value {
        write_number(number, value);
    }
    number
}

fn quality_text(number: &mut String, quality: Option<Quality>) -> &str {
    number.clear();
    number.extend(quality.map(|quality| quality.0.to_string()));
    number
}

impl Table for CsvTable<'_> {
    fn sample(&mut self, column: usize, stored: &StoredSample) -> Result<(), ExportError> {
        let sample = &stored.sample;
        let Self { to, names, times, receive_times, number, .. } = self;
        let mut write = || {
            to.write_field(times.of(sample.source_time))?;
            names[column].iter().try_for_each(|name| to.write_field(name))?;
            to.write_field(value_text(number, sample.value))?;
            to.write_field(quality_text(number, Some(sample.quality)))?;
            to.write_field(sample.quality.reason())?;
            to.write_field(origin_word(sample.origin))?;
            to.write_field(receive_times.of(sample.receive_time))?;
            to.write_field(stored.sequence.to_string())?;
            to.write_record(None::<&[u8]>)
        };
        write().map_err(|error| self.part.error(error.into()))
    }

    fn row(&mut self, time: TwinTime, newest: &[Option<StoredSample>]) -> Result<(), ExportError> {
        let Self { to, times, number, has_quality, .. } = self;
        let mut write = || {
            to.write_field(times.of(time))?;
            for stored in newest {
                to.write_field(value_text(number, stored.and_then(|stored| stored.sample.value)))?;
                if *has_quality {
                    to.write_field(quality_text(number, stored.map(|stored| stored.sample.quality)))?;
                }
            }
            to.write_record(None::<&[u8]>)
        };
        write().map_err(|error| self.part.error(error.into()))
    }
}
