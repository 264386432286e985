//! Exports: what is in a file is what is in the history, bit for bit.

use super::samples::{START, names, seconds};
use parquet::basic::{LogicalType, TimeUnit};
use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::file::reader::{FileReader, SerializedFileReader};
use proptest::prelude::*;
use std::convert::Infallible;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;
use twin_historian::export::{self, ExportError, ExportReport, ExportSignal, HistorySource, Layout, Selection};
use twin_historian::{Archive, Commit, FileOptions, HistoryFolder, LaneNumber, Retention, StoredSample};
use twin_model::{Origin, Quality, Sample, SignalKey, TwinTime};

const LIVE: LaneNumber = LaneNumber(0);
const WIDE: Layout = Layout::Wide { step: None, quality: true };

/// Everything that must survive of a sample, as bits; receive time in ms.
type Bits = (i64, u32, Option<u64>, u32, String, i64, u64);

fn write(folder: &Path, signals: usize, commits: &[Commit], chunk_samples: usize) {
    let options = FileOptions { chunk_samples, ..FileOptions::default() };
    let mut folder = HistoryFolder::open(folder, names(signals), options, Retention::default()).unwrap();
    commits.chunks(9).for_each(|group| folder.append(group).unwrap());
}

fn selection(signals: u32, from: TwinTime, to: TwinTime) -> Selection {
    let named = |key: u32| ExportSignal {
        key: SignalKey(key),
        id: format!("plant:thing-{key}/value"),
        tag: format!("PT-{key}"),
        unit: "bar".to_owned(),
    };
    Selection { lane: LIVE, signals: (0..signals).map(named).collect(), from, to }
}

fn everything(signals: u32) -> Selection {
    selection(signals, TwinTime(i64::MIN), TwinTime(i64::MAX))
}

fn go_on(_: TwinTime) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[derive(Clone, Copy, Debug)]
enum Format {
    Csv,
    Parquet,
}

fn export(folder: &Path, selection: &Selection, layout: Layout, format: Format, path: &Path) -> Result<ExportReport, ExportError> {
    let keys: Vec<SignalKey> = selection.signals.iter().map(|signal| signal.key).collect();
    let mut archive = Archive::open(folder, names(keys.len())).unwrap();
    let mut source = archive.snapshot(selection.lane, &keys).unwrap();
    match format {
        Format::Csv => export::csv::write(&mut source, selection, layout, path, &mut go_on),
        Format::Parquet => export::parquet::write(&mut source, selection, layout, path, &mut go_on),
    }
}

/// The samples of commits in the order of an export.
fn expected(commits: &[Commit]) -> Vec<Bits> {
    let mut all: Vec<(u64, Sample)> = commits.iter().flat_map(|c| c.samples.iter().map(|s| (c.sequence, *s))).collect();
    all.sort_by_key(|(sequence, sample)| (sample.source_time, sample.signal, *sequence));
    let bits = |(sequence, s): (u64, Sample)| {
        let origin = format!("{:?}", s.origin).to_lowercase();
        (s.source_time.0, s.signal.0, s.value.map(f64::to_bits), s.quality.0, origin, s.receive_time.0 / 1_000_000, sequence)
    };
    all.into_iter().map(bits).collect()
}

fn csv_rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn number_of(id: &str) -> u32 {
    id.strip_prefix("plant:thing-").unwrap().strip_suffix("/value").unwrap().parse().unwrap()
}

fn csv_samples(path: &Path) -> Vec<Bits> {
    let time = |text: &str| TwinTime::parse(text).unwrap().0;
    let row = |row: &Vec<String>| {
        let value = (!row[4].is_empty()).then(|| row[4].parse::<f64>().unwrap().to_bits());
        let (quality, origin) = (row[5].parse().unwrap(), row[7].clone());
        (time(&row[0]), number_of(&row[1]), value, quality, origin, time(&row[8]) / 1_000_000, row[9].parse().unwrap())
    };
    csv_rows(path)[1..].iter().map(row).collect()
}

/// A column of a Parquet file; `None` where nothing is.
fn parquet_column<T: DataType>(path: &Path, index: usize) -> Vec<Option<T::T>> {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let mut cells = Vec::new();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).unwrap();
        let is_optional = group.metadata().column(index).column_descr().max_def_level() == 1;
        let rows = usize::try_from(group.metadata().num_rows()).unwrap();
        let mut column = get_typed_column_reader::<T>(group.get_column_reader(index).unwrap());
        let (mut levels, mut values) = (Vec::new(), Vec::new());
        column.read_records(rows, is_optional.then_some(&mut levels), None, &mut values).unwrap();
        let mut values = values.into_iter();
        let mut cell = |level: i16| if level == 1 { values.next() } else { None };
        if is_optional { levels.into_iter().for_each(|l| cells.push(cell(l))) } else { (0..rows).for_each(|_| cells.push(cell(1))) }
    }
    cells
}

fn parquet_samples(path: &Path) -> Vec<Bits> {
    let text = |index| -> Vec<String> {
        parquet_column::<ByteArrayType>(path, index).into_iter().map(|cell| cell.unwrap().as_utf8().unwrap().to_owned()).collect()
    };
    let (times, ids, values) = (parquet_column::<Int64Type>(path, 0), text(1), parquet_column::<DoubleType>(path, 4));
    let (qualities, origins) = (parquet_column::<Int32Type>(path, 5), text(7));
    let (received, commits) = (parquet_column::<Int64Type>(path, 8), parquet_column::<Int64Type>(path, 9));
    let row = |i: usize| {
        let (quality, received) = (qualities[i].unwrap().cast_unsigned(), received[i].unwrap() / 1_000_000);
        let value: Option<f64> = values[i];
        let commit = commits[i].unwrap().cast_unsigned();
        (times[i].unwrap(), number_of(&ids[i]), value.map(f64::to_bits), quality, origins[i].clone(), received, commit)
    };
    (0..times.len()).map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_long_file_holds_every_sample_bit_for_bit_whether_it_was_in_chunks_or_in_the_tail(
        seed in 0_u64..1000, signals in 1_u32..6, count in 1_u64..300, chunk in 20_usize..400,
        odd in prop::collection::vec((any::<u64>(), any::<u32>(), any::<i32>(), 0_u8..5), 0..60),
    ) {
        let root = tempfile::tempdir().unwrap();
        let mut commits = seconds(signals, count, 1, seed);
        for (i, (value, quality, nanos, origin)) in odd.into_iter().enumerate() {
            let at = i % commits.len();
            let sample = &mut commits[at].samples[0];
            let value = f64::from_bits(value);
            sample.value = (!value.is_nan()).then_some(value);
            sample.quality = Quality(quality);
            sample.source_time = TwinTime(sample.source_time.0 + i64::from(nanos));
            sample.origin = [Origin::Live, Origin::Late, Origin::Manual, Origin::Simulated, Origin::Derived][usize::from(origin)];
        }
        write(&root.path().join("history"), signals as usize, &commits, chunk);
        let (csv, parquet) = (root.path().join("a.csv"), root.path().join("a.parquet"));
        export(&root.path().join("history"), &everything(signals), Layout::Long, Format::Csv, &csv).unwrap();
        export(&root.path().join("history"), &everything(signals), Layout::Long, Format::Parquet, &parquet).unwrap();
        let expected = expected(&commits);
        prop_assert_eq!(&csv_samples(&csv), &expected);
        prop_assert_eq!(&parquet_samples(&parquet), &expected);
    }
}

#[test]
fn a_parquet_file_keeps_the_bits_of_every_nan_and_zero() {
    let root = tempfile::tempdir().unwrap();
    let mut commits = seconds(1, 8, 1, 1);
    let values = [0.0, -0.0, f64::NAN, f64::from_bits(0xfff0_0000_0000_0001), f64::INFINITY, 5e-324, -0.0, 0.0];
    for (commit, value) in commits.iter_mut().zip(values) {
        commit.samples[0].value = Some(value);
    }
    write(&root.path().join("history"), 1, &commits, 1000);
    let path = root.path().join("a.parquet");
    export(&root.path().join("history"), &everything(1), Layout::Long, Format::Parquet, &path).unwrap();
    assert_eq!(parquet_samples(&path), expected(&commits));
}

/// The value and quality a signal has at an instant: of its newest sample.
fn at(commits: &[Commit], signal: u32, time: i64) -> Option<(Option<u64>, u32)> {
    let known = commits.iter().flat_map(|c| c.samples.iter().map(|s| (s.source_time.0, c.sequence, s)));
    let newest = known.filter(|(t, _, s)| s.signal.0 == signal && *t <= time).max_by_key(|(t, sequence, _)| (*t, *sequence));
    newest.map(|(_, _, s)| (s.value.map(f64::to_bits), s.quality.0))
}

#[test]
fn a_wide_row_has_the_newest_value_of_each_signal_and_an_empty_cell_where_there_is_none() {
    let root = tempfile::tempdir().unwrap();
    let mut commits = seconds(3, 400, 1, 2);
    // A signal that begins late, and one that falls silent for a while and is marked for it.
    commits.iter_mut().take(150).for_each(|commit| commit.samples.retain(|sample| sample.signal.0 != 2));
    for commit in &mut commits[200..260] {
        commit.samples.retain(|sample| sample.signal.0 != 1);
    }
    let mark = Sample {
        signal: SignalKey(1),
        value: Some(10.0),
        quality: Quality::UNCERTAIN_LAST_USABLE,
        source_time: START.plus_secs(215.5),
        receive_time: START.plus_secs(215.5),
        origin: Origin::Derived,
    };
    commits[215].samples.push(mark);
    write(&root.path().join("history"), 3, &commits, 64);
    let (from, to) = (START.plus_secs(100.25), START.plus_secs(300.0));
    for step in [None, Some(Duration::from_millis(700)), Some(Duration::from_secs(30))] {
        let (csv, parquet) = (root.path().join("w.csv"), root.path().join("w.parquet"));
        let layout = Layout::Wide { step, quality: true };
        let report = export(&root.path().join("history"), &selection(3, from, to), layout, Format::Csv, &csv).unwrap();
        export(&root.path().join("history"), &selection(3, from, to), layout, Format::Parquet, &parquet).unwrap();
        let rows = csv_rows(&csv);
        assert_eq!(rows[0], ["time", "PT-0 [bar]", "PT-0 quality", "PT-1 [bar]", "PT-1 quality", "PT-2 [bar]", "PT-2 quality"]);
        let times: Vec<i64> = rows[1..].iter().map(|row| TwinTime::parse(&row[0]).unwrap().0).collect();
        let raster: Vec<i64> = match step {
            Some(step) => (from.0..=to.0).step_by(usize::try_from(step.as_nanos()).unwrap()).collect(),
            None => {
                let mut all: Vec<i64> = expected(&commits).iter().map(|bits| bits.0).filter(|t| (from.0..=to.0).contains(t)).collect();
                all.dedup();
                all
            }
        };
        assert_eq!(times, raster);
        assert_eq!(report.rows, times.len() as u64);
        for signal in 0..3_u32 {
            let column = 1 + 2 * signal as usize;
            let (values, qualities) = (parquet_column::<DoubleType>(&parquet, column), parquet_column::<Int32Type>(&parquet, column + 1));
            for (i, row) in rows[1..].iter().enumerate() {
                let known = at(&commits, signal, times[i]);
                let value = (!row[column].is_empty()).then(|| row[column].parse::<f64>().unwrap().to_bits());
                let quality = (!row[column + 1].is_empty()).then(|| row[column + 1].parse::<u32>().unwrap());
                assert_eq!((value, quality), (known.and_then(|k| k.0), known.map(|k| k.1)), "{signal} at {}", row[0]);
                assert_eq!((values[i].map(f64::to_bits), qualities[i].map(i32::cast_unsigned)), (value, quality));
            }
        }
        let stale = Quality::UNCERTAIN_LAST_USABLE.0.to_string();
        assert!(rows.iter().any(|row| row[4] == stale), "what is old says so");
    }
}

#[test]
fn a_range_reaches_over_the_files_of_several_days_and_rows_keep_their_raster() {
    let root = tempfile::tempdir().unwrap();
    let mut commits = seconds(2, 3, 1, 3);
    for (day, commit) in commits.iter_mut().enumerate() {
        let shift = 86_400.0 * day as f64;
        commit.tick = commit.tick.map(|tick| tick.plus_secs(shift));
        commit.samples.iter_mut().for_each(|sample| sample.source_time = sample.source_time.plus_secs(shift));
    }
    write(&root.path().join("history"), 2, &commits, 64);
    let path = root.path().join("a.csv");
    export(&root.path().join("history"), &everything(2), Layout::Long, Format::Csv, &path).unwrap();
    assert_eq!(csv_samples(&path), expected(&commits));
    let layout = Layout::Wide { step: Some(Duration::from_secs(3600)), quality: false };
    let from = START.plus_secs(-7.0 * 86_400.0);
    let report = export(&root.path().join("history"), &selection(2, from, TwinTime(i64::MAX)), layout, Format::Csv, &path).unwrap();
    assert_eq!(report.rows, 48, "from the first full hour with samples to the last");
    assert!(csv_rows(&path)[1..].iter().all(|row| row[0].ends_with(":00:00Z")));
}

#[test]
fn a_spreadsheet_runs_nothing_that_stands_in_a_name_and_numbers_stay_numbers() {
    let root = tempfile::tempdir().unwrap();
    let mut commits = seconds(5, 2, 1, 4);
    commits.iter_mut().flat_map(|commit| &mut commit.samples).for_each(|sample| sample.value = Some(-1.5));
    write(&root.path().join("history"), 5, &commits, 64);
    let mut selection = everything(5);
    let tags = ["=cmd|' /C calc'!A0", "+1", "-2", "@SUM(A1)", "'quoted"];
    for (signal, tag) in selection.signals.iter_mut().zip(tags) {
        tag.clone_into(&mut signal.tag);
        signal.unit = "=1+1".to_owned();
    }
    let path = root.path().join("a.csv");
    export(&root.path().join("history"), &selection, Layout::Long, Format::Csv, &path).unwrap();
    for row in &csv_rows(&path)[1..] {
        assert_eq!(row[2], format!("'{}", tags[number_of(&row[1]) as usize]));
        assert_eq!((row[3].as_str(), row[4].as_str()), ("'=1+1", "-1.5"));
    }
    export(&root.path().join("history"), &selection, WIDE, Format::Csv, &path).unwrap();
    assert!(csv_rows(&path)[0][1..].iter().all(|heading| heading.starts_with('\'')));
}

#[test]
fn a_tag_that_two_signals_share_or_none_has_gives_way_to_the_id() {
    let root = tempfile::tempdir().unwrap();
    write(&root.path().join("history"), 3, &seconds(3, 2, 1, 5), 64);
    let mut selection = everything(3);
    selection.signals[0].tag = "PT-1".to_owned();
    selection.signals[2].tag = String::new();
    selection.signals.push(selection.signals[0].clone());
    let path = root.path().join("a.csv");
    export(&root.path().join("history"), &selection, Layout::Wide { step: None, quality: false }, Format::Csv, &path).unwrap();
    let ids = [0, 1, 2].map(|i| format!("plant:thing-{i}/value [bar]"));
    assert_eq!(csv_rows(&path)[0][1..], ids);
}

#[test]
fn other_programs_see_times_in_utc_and_numbers_without_sign_in_a_parquet_file() {
    let root = tempfile::tempdir().unwrap();
    write(&root.path().join("history"), 1, &seconds(1, 2, 1, 6), 64);
    let path = root.path().join("a.parquet");
    export(&root.path().join("history"), &everything(1), Layout::Long, Format::Parquet, &path).unwrap();
    let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr().columns();
    let logical: Vec<Option<&LogicalType>> = schema.iter().map(|column| column.logical_type_ref()).collect();
    assert_eq!(logical[0], Some(&LogicalType::timestamp(true, TimeUnit::NANOS)));
    assert_eq!(logical[5], Some(&LogicalType::integer(32, false)));
    let said = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let units = said.iter().find(|entry| entry.key == "didymos.units").unwrap();
    assert_eq!(units.value.as_deref(), Some(r#"{"PT-0":"bar"}"#));
}

#[test]
fn an_export_that_fails_or_is_given_up_leaves_the_file_of_before_and_nothing_else() {
    let root = tempfile::tempdir().unwrap();
    let history = root.path().join("history");
    write(&history, 1, &seconds(1, 50, 1, 7), 64);
    let out = root.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let path = out.join("a.csv");
    std::fs::write(&path, "of before").unwrap();
    let mut archive = Archive::open(&history, names(1)).unwrap();
    let mut source = archive.snapshot(LIVE, &[SignalKey(0)]).unwrap();
    let given_up = export::csv::write(&mut source, &everything(1), Layout::Long, &path, &mut |_| ControlFlow::Break(()));
    assert!(matches!(given_up, Err(ExportError::Stopped)), "{given_up:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "of before");
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 1);
    let nothing = Selection { signals: Vec::new(), ..everything(1) };
    assert!(matches!(export(&history, &nothing, WIDE, Format::Csv, &path), Err(ExportError::NoSignals)));
    let still = Layout::Wide { step: Some(Duration::ZERO), quality: false };
    assert!(matches!(export(&history, &everything(1), still, Format::Parquet, &path), Err(ExportError::Step)));
    let nowhere = root.path().join("missing").join("a.csv");
    let refused = export(&history, &everything(1), Layout::Long, Format::Csv, &nowhere).unwrap_err();
    assert!(refused.to_string().contains("Choose a folder"), "{refused}");
}

#[test]
fn a_history_without_samples_gives_a_file_with_its_header_alone() {
    let root = tempfile::tempdir().unwrap();
    for layout in [Layout::Long, WIDE] {
        let (csv, parquet) = (root.path().join("a.csv"), root.path().join("a.parquet"));
        assert_eq!(export(root.path(), &everything(2), layout, Format::Csv, &csv).unwrap(), ExportReport::default());
        export(root.path(), &everything(2), layout, Format::Parquet, &parquet).unwrap();
        assert_eq!(csv_rows(&csv).len(), 1);
        assert!(parquet_column::<Int64Type>(&parquet, 0).is_empty());
    }
}

/// A history that is far larger than memory may be: 1000 samples per second for ten years, once a million in one second.
struct Endless {
    most: u64,
    slices: u32,
}

impl Endless {
    const BURST: TwinTime = TwinTime(START.0 + 40_000_000_000_000);
}

impl HistorySource for Endless {
    type Error = Infallible;

    fn extent(&mut self) -> Result<Option<(TwinTime, TwinTime)>, Infallible> {
        Ok(Some((START, START.plus_secs(3.156e8))))
    }

    fn newest(&mut self, _: TwinTime, _: &mut dyn FnMut(StoredSample)) -> Result<(), Infallible> {
        Ok(())
    }

    fn between(&mut self, from: TwinTime, to: TwinTime, take: &mut dyn FnMut(StoredSample)) -> Result<(), Infallible> {
        let steady = (from.0 - START.0 + 999_999) / 1_000_000..=(to.0 - START.0) / 1_000_000;
        let (first, last) = ((from.0 - Self::BURST.0).max(0), (to.0 - Self::BURST.0).min(999_999_999));
        let burst = (first + 999) / 1000..=last.div_euclid(1000);
        self.slices += 1;
        let mut given = 0;
        let times = steady.map(|ms| START.0 + ms * 1_000_000).chain(burst.map(|us| Self::BURST.0 + us * 1000));
        for (time, sequence) in times.zip(1..) {
            given = sequence;
            let time = TwinTime(time);
            let sample = Sample {
                signal: SignalKey(0),
                value: Some(1.0),
                quality: Quality::GOOD,
                source_time: time,
                receive_time: time,
                origin: Origin::Live,
            };
            take(StoredSample { sample, sequence });
        }
        self.most = self.most.max(given);
        Ok(())
    }
}

#[test]
fn memory_is_bounded_whatever_the_range_is_and_a_burst_is_read_in_smaller_slices() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("a.csv");
    let mut source = Endless { most: 0, slices: 0 };
    // Half an hour past the burst is enough to see that the length of a slice settles.
    let end = Endless::BURST.plus_secs(1800.0);
    let from = Endless::BURST.plus_secs(-1800.0);
    let mut last = from;
    let mut watch = |time: TwinTime| {
        assert!(time > last || last == from, "no instant is read twice");
        last = time;
        ControlFlow::Continue(())
    };
    let report = export::csv::write(&mut source, &selection(1, from, end), WIDE, &path, &mut watch).unwrap();
    assert_eq!(last, end);
    // Both have a sample at each full millisecond of the burst's second.
    assert_eq!((report.samples, report.rows), (3_600_001 + 1_000_000, 3_600_001 + 1_000_000 - 1000));
    assert!(source.most < 1_300_000, "{} samples in one slice", source.most);
    assert!(source.slices < 200, "{} slices", source.slices);
}
