//! Exports as Parquet: Snappy pages, times as nanoseconds in UTC, numbers bit for bit.

use super::part::PartFile;
use super::rows::{Plan, Table};
use super::text::origin_word;
use super::{ExportError, ExportReport, HistorySource, Layout, Selection, Watch};
use crate::StoredSample;
use ::parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use ::parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::types::{Type, TypePtr};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use twin_model::{Quality, TwinTime};

/// Rows of a row group at most.
const GROUP_ROWS: usize = 1 << 17;
/// Cells of a row group at most.
const GROUP_CELLS: usize = 1 << 21;

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
    let of_format = |source| ExportError::Parquet { path: path.to_owned(), source };
    let file = match layout {
        Layout::Long => {
            let mut table = LongTable::new(&plan, selection, file, path).map_err(of_format)?;
            let report = plan.run(source, &mut table, watch)?;
            table.flush()?;
            (table.to.into_inner().map_err(of_format)?, report)
        }
        Layout::Wide { quality, .. } => {
            let mut table = WideTable::new(&plan, selection, quality, file, path).map_err(of_format)?;
            let report = plan.run(source, &mut table, watch)?;
            table.flush()?;
            (table.to.into_inner().map_err(of_format)?, report)
        }
    };
    part.publish(&file.0)?;
    Ok(file.1)
}

fn column(name: &str, physical: Physical, logical: Option<LogicalType>, repetition: Repetition) -> Result<TypePtr, ParquetError> {
    let builder = Type::primitive_type_builder(name, physical).with_logical_type(logical).with_repetition(repetition);
    Ok(Arc::new(builder.build()?))
}

fn nanos() -> Option<LogicalType> {
    Some(LogicalType::timestamp(true, TimeUnit::NANOS))
}

fn open(columns: Vec<TypePtr>, selection: &Selection, units: String, file: File) -> Result<SerializedFileWriter<File>, ParquetError> {
    let schema = Arc::new(Type::group_type_builder("history").with_fields(columns).build()?);
    let said = |key: &str, value: String| KeyValue { key: format!("didymos.{key}"), value: Some(value) };
    let about = vec![
        said("lane", selection.lane.0.to_string()),
        said("from_ns", selection.from.0.to_string()),
        said("to_ns", selection.to.0.to_string()),
        said("units", units),
    ];
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).set_key_value_metadata(Some(about));
    SerializedFileWriter::new(file, schema, Arc::new(properties.set_created_by("Didymos".to_owned()).build()))
}

/// Writes the next column of a row group. `present` says where there is a value; `None` for a column that always has one.
fn put<T: DataType>(group: &mut SerializedRowGroupWriter<'_, File>, values: &[T::T], present: Option<&[i16]>) -> Result<(), ParquetError> {
    let mut column = group.next_column()?.ok_or_else(|| ParquetError::General("more columns than the schema has".to_owned()))?;
    column.typed::<T>().write_batch(values, present, None)?;
    column.close()
}

fn as_i64(number: u64) -> i64 {
    i64::from_le_bytes(number.to_le_bytes())
}

/// Parquet keeps unsigned numbers in signed ones of the same bits.
fn quality_bits(quality: Quality) -> i32 {
    i32::from_le_bytes(quality.0.to_le_bytes())
}

struct LongTable<'a> {
    to: SerializedFileWriter<File>,
    path: &'a Path,
    /// Id, tag and unit.
    names: Vec<[ByteArray; 3]>,
    rows: Vec<(usize, StoredSample)>,
}

impl<'a> LongTable<'a> {
    fn new(plan: &Plan, selection: &Selection, file: File, path: &'a Path) -> Result<Self, ParquetError> {
        let required = Repetition::REQUIRED;
        let text = |name| column(name, Physical::BYTE_ARRAY, Some(LogicalType::String), required);
        let columns = vec![
            column("time", Physical::INT64, nanos(), required)?,
            text("signal")?,
            text("tag")?,
            text("unit")?,
            column("value", Physical::DOUBLE, None, Repetition::OPTIONAL)?,
            column("quality", Physical::INT32, Some(LogicalType::integer(32, false)), required)?,
            text("quality_word")?,
            text("origin")?,
            column("receive_time", Physical::INT64, nanos(), required)?,
            column("commit", Physical::INT64, Some(LogicalType::integer(64, false)), required)?,
        ];
        let names = plan.signals.iter().map(|s| [&s.id, &s.tag, &s.unit].map(|text| ByteArray::from(text.as_str()))).collect();
        Ok(Self { to: open(columns, selection, units_text(plan), file)?, path, names, rows: Vec::new() })
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        self.write_group().map_err(|source| ExportError::Parquet { path: self.path.to_owned(), source })
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let Self { rows, names, .. } = self;
        let samples = || rows.iter().map(|(_, stored)| &stored.sample);
        let name = |which: usize| rows.iter().map(|(column, _)| names[*column][which].clone()).collect::<Vec<_>>();
        let mut group = self.to.next_row_group()?;
        put::<Int64Type>(&mut group, &samples().map(|sample| sample.source_time.0).collect::<Vec<_>>(), None)?;
        (0..3).try_for_each(|which| put::<ByteArrayType>(&mut group, &name(which), None))?;
        let present: Vec<i16> = samples().map(|sample| i16::from(sample.value.is_some())).collect();
        put::<DoubleType>(&mut group, &samples().filter_map(|sample| sample.value).collect::<Vec<_>>(), Some(&present))?;
        put::<Int32Type>(&mut group, &samples().map(|sample| quality_bits(sample.quality)).collect::<Vec<_>>(), None)?;
        let words: Vec<ByteArray> = samples().map(|sample| ByteArray::from(sample.quality.reason())).collect();
        put::<ByteArrayType>(&mut group, &words, None)?;
        let origins: Vec<ByteArray> = samples().map(|sample| ByteArray::from(origin_word(sample.origin))).collect();
        put::<ByteArrayType>(&mut group, &origins, None)?;
        put::<Int64Type>(&mut group, &samples().map(|sample| sample.receive_time.0).collect::<Vec<_>>(), None)?;
        put::<Int64Type>(&mut group, &rows.iter().map(|(_, stored)| as_i64(stored.sequence)).collect::<Vec<_>>(), None)?;
        group.close()?;
        rows.clear();
        Ok(())
    }
}

/// The units of the columns as a JSON object by heading.
fn units_text(plan: &Plan) -> String {
    let units = plan.headings().into_iter().zip(&plan.signals);
    serde_json::Value::Object(units.map(|(name, signal)| (name.to_owned(), signal.unit.clone().into())).collect()).to_string()
}

impl Table for LongTable<'_> {
    fn sample(&mut self, column: usize, stored: &StoredSample) -> Result<(), ExportError> {
        self.rows.push((column, *stored));
        if self.rows.len() >= GROUP_ROWS { self.flush() } else { Ok(()) }
    }

    fn row(&mut self, _: TwinTime, _: &[Option<StoredSample>]) -> Result<(), ExportError> {
        Ok(())
    }
}

/// A column of the layout Wide while its row group is gathered.
#[derive(Clone, Default)]
struct WideColumn {
    values: Vec<f64>,
    has_value: Vec<i16>,
    qualities: Vec<i32>,
    has_quality: Vec<i16>,
}

struct WideTable<'a> {
    to: SerializedFileWriter<File>,
    path: &'a Path,
    times: Vec<i64>,
    columns: Vec<WideColumn>,
    has_quality: bool,
}

impl<'a> WideTable<'a> {
    fn new(plan: &Plan, selection: &Selection, has_quality: bool, file: File, path: &'a Path) -> Result<Self, ParquetError> {
        let mut columns = vec![column("time", Physical::INT64, nanos(), Repetition::REQUIRED)?];
        for name in plan.headings() {
            columns.push(column(name, Physical::DOUBLE, None, Repetition::OPTIONAL)?);
            if has_quality {
                let number = Some(LogicalType::integer(32, false));
                columns.push(column(&format!("{name} quality"), Physical::INT32, number, Repetition::OPTIONAL)?);
            }
        }
        let to = open(columns, selection, units_text(plan), file)?;
        Ok(Self { to, path, times: Vec::new(), columns: vec![WideColumn::default(); plan.signals.len()], has_quality })
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        self.write_group().map_err(|source| ExportError::Parquet { path: self.path.to_owned(), source })
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        if self.times.is_empty() {
            return Ok(());
        }
        let mut group = self.to.next_row_group()?;
        put::<Int64Type>(&mut group, &self.times, None)?;
        self.times.clear();
        for column in &mut self.columns {
            put::<DoubleType>(&mut group, &column.values, Some(&column.has_value))?;
            if self.has_quality {
                put::<Int32Type>(&mut group, &column.qualities, Some(&column.has_quality))?;
            }
            column.values.clear();
            column.has_value.clear();
            column.qualities.clear();
            column.has_quality.clear();
        }
        group.close()?;
        Ok(())
    }
}

impl Table for WideTable<'_> {
    fn sample(&mut self, _: usize, _: &StoredSample) -> Result<(), ExportError> {
        Ok(())
    }

    fn row(&mut self, time: TwinTime, newest: &[Option<StoredSample>]) -> Result<(), ExportError> {
        self.times.push(time.0);
        for (column, stored) in self.columns.iter_mut().zip(newest) {
            let value = stored.and_then(|stored| stored.sample.value);
            column.has_value.push(i16::from(value.is_some()));
            column.values.extend(value);
            if self.has_quality {
                column.has_quality.push(i16::from(stored.is_some()));
                column.qualities.extend(stored.map(|stored| quality_bits(stored.sample.quality)));
            }
        }
        let is_full = self.times.len() >= GROUP_ROWS || self.times.len() * self.columns.len() >= GROUP_CELLS;
        if is_full { self.flush() } else { Ok(()) }
    }
}
