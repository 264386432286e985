//! The mapping file: how a recording is written, and which of its columns are which signals.

use super::mapping_text::{MappingText, Place, Value};
use super::time_column::{TimeFormat, zone_of};
use jiff::tz::TimeZone;
use std::path::Path;
use twin_model::{Problem, Quality, TwinTime};

/// Texts that say: nothing was recorded here.
const MISSING: [&str; 5] = ["", "-", "null", "NULL", "n/a"];
/// Texts that say: there should be a value here and there is no good one.
const BAD: [&str; 10] = ["NaN", "nan", "NAN", "Bad", "BAD", "bad", "#N/A", "Bad Input", "I/O Timeout", "No Data"];

/// How a recording is to be read. The default guesses everything from the file itself.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Where it stands, for messages; empty where there is no mapping file.
    pub(super) file: String,
    pub(super) delimiter: Option<u8>,
    /// `.` or `,`.
    pub(super) decimal: Option<u8>,
    pub(super) comment: Option<u8>,
    /// Lines above the header that are not part of the table.
    pub(super) skip_rows: u64,
    /// Lines between the header and the first row: units, descriptions.
    pub(super) rows_after_header: u64,
    pub(super) has_header: bool,
    pub(super) layout: Option<Layout>,
    pub(super) time: TimeMapping,
    pub(super) signals: Vec<SignalMapping>,
    pub(super) ignore: Vec<String>,
    /// Column with the quality of the whole row.
    pub(super) quality_column: Option<Named>,
    /// The file's own words for qualities, in lower case.
    pub(super) quality_words: Vec<(String, Quality)>,
    pub(super) missing: Vec<String>,
    pub(super) bad: Vec<String>,
    /// Expected interval of every signal, plant seconds; infinite: nothing goes stale; `None`: as the file shows.
    pub(super) interval_secs: Option<f64>,
    /// Session (gateway) that publishes what names none itself.
    pub(super) session: Option<String>,
}

/// How rows carry values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// One column per signal.
    Wide,
    /// One row per value.
    Long { signal: Named, value: Named, unit: Option<Named> },
}

/// The name of a column, with the place that names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    pub name: String,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub(super) struct TimeMapping {
    /// Joined by a blank before they are read: a date and a time of day may stand apart.
    pub columns: Vec<Named>,
    pub format: Option<TimeFormat>,
    pub zone: TimeZone,
    pub has_zone: bool,
}

/// One column, or one name in the signal column, and the signal it stands for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SignalMapping {
    pub name: String,
    /// Tag or id.
    pub signal: String,
    pub unit: Option<String>,
    pub quality: Option<String>,
    pub session: Option<String>,
    pub place: Place,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            file: String::new(),
            delimiter: None,
            decimal: None,
            comment: None,
            skip_rows: 0,
            rows_after_header: 0,
            has_header: true,
            layout: None,
            time: TimeMapping { columns: Vec::new(), format: None, zone: TimeZone::UTC, has_zone: false },
            signals: Vec::new(),
            ignore: Vec::new(),
            quality_column: None,
            quality_words: Vec::new(),
            missing: MISSING.map(str::to_owned).to_vec(),
            bad: BAD.map(str::to_owned).to_vec(),
            interval_secs: None,
            session: None,
        }
    }
}

impl Mapping {
    /// Reads a mapping file. Everything wrong with it is told at once; what is right is kept.
    pub fn load(path: &Path) -> (Self, Vec<Problem>) {
        let file = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, &file),
            Err(error) => {
                let hint = "name a readable TOML file, or leave the mapping out to take columns by their tags";
                (Self { file: file.clone(), ..Self::default() }, vec![Problem::error(&file, "", format!("cannot be read: {error}"), hint)])
            }
        }
    }

    /// Reads the text of a mapping file; `file` is its name in problems.
    pub fn parse(text: &str, file: &str) -> (Self, Vec<Problem>) {
        let mut mapping = Self { file: file.to_owned(), ..Self::default() };
        let mut source = MappingText::new(text, file);
        let root = source.root();
        for (key, value) in &root.members {
            mapping.take(&mut source, key, value);
        }
        (mapping, source.problems)
    }

    fn take(&mut self, source: &mut MappingText<'_>, key: &str, value: &Value) {
        match key {
            "delimiter" => self.delimiter = source.delimiter(value),
            "decimal" => {
                self.decimal = source.text(value).and_then(|text| match text.as_str() {
                    "." => Some(b'.'),
                    "," => Some(b','),
                    _ => source.wrong(value, "decimal is \".\" or \",\""),
                });
            }
            "comment" => self.comment = source.one_byte(value),
            "skip_rows" => self.skip_rows = source.count(value).unwrap_or(0),
            "rows_after_header" => self.rows_after_header = source.count(value).unwrap_or(0),
            "header" => self.has_header = source.truth(value).unwrap_or(true),
            "layout" => match source.text(value).as_deref() {
                Some("wide") => self.layout = Some(Layout::Wide),
                Some("long") => self.layout = self.layout.take().or_else(|| Some(long_by_usual_names())),
                Some(_) => {
                    source.wrong::<()>(value, "layout is \"wide\" (one column per signal) or \"long\" (one row per value)");
                }
                None => {}
            },
            "long" => self.take_long(source, value),
            "time" => self.take_time(source, value),
            "signals" => {
                let table = source.table(value).unwrap_or_default();
                self.signals = table.members.iter().filter_map(|(name, value)| signal_of(source, name, value)).collect();
            }
            "ignore" => self.ignore = source.texts(value),
            "quality" => self.take_quality(source, value),
            "missing" => self.missing = source.texts(value),
            "bad" => self.bad = source.texts(value),
            "interval_secs" => {
                self.interval_secs = source.number(value).and_then(|secs| {
                    if secs == 0.0 {
                        Some(f64::INFINITY)
                    } else if secs > 0.0 && secs.is_finite() {
                        Some(secs)
                    } else {
                        source.wrong(value, "interval_secs is a number of seconds above 0, or 0 where nothing is to go stale")
                    }
                });
            }
            "session" => self.session = source.text(value),
            _ => source.unknown(
                value,
                key,
                "delimiter, decimal, comment, skip_rows, rows_after_header, header, layout, long, time, signals, ignore, quality, missing, bad, \
                 interval_secs, session",
            ),
        }
    }

    fn take_long(&mut self, source: &mut MappingText<'_>, value: &Value) {
        let Some(table) = source.table(value) else { return };
        let usual = long_by_usual_names();
        let Layout::Long { mut signal, value: mut value_column, mut unit } = usual else { return };
        for (key, value) in &table.members {
            match key.as_str() {
                "signal" => signal = source.named(value).unwrap_or(signal),
                "value" => value_column = source.named(value).unwrap_or(value_column),
                "unit" => unit = source.named(value),
                _ => source.unknown(value, key, "signal, value, unit"),
            }
        }
        self.layout = Some(Layout::Long { signal, value: value_column, unit });
    }

    fn take_time(&mut self, source: &mut MappingText<'_>, value: &Value) {
        let Some(table) = source.table(value) else { return };
        for (key, value) in &table.members {
            match key.as_str() {
                "column" => {
                    self.time.columns = source.texts(value).into_iter().map(|name| Named { name, place: value.place.clone() }).collect();
                }
                "format" => self.time.format = source.text(value).and_then(|text| format_of(source, value, &text)),
                "seconds_since" => {
                    self.time.format = source.text(value).and_then(|text| match TwinTime::parse(&text) {
                        Ok(start) => Some(TimeFormat::SecondsSince(start)),
                        Err(error) => source.wrong(value, &error.to_string()),
                    });
                }
                "zone" => {
                    let zone = source.text(value).and_then(|name| {
                        zone_of(&name)
                            .or_else(|| source.wrong(value, "no such time zone; examples: \"Europe/Berlin\", \"UTC\", \"+01:00\""))
                    });
                    self.time.has_zone = true;
                    self.time.zone = zone.unwrap_or(TimeZone::UTC);
                }
                _ => source.unknown(value, key, "column, format, seconds_since, zone"),
            }
        }
        let named: Vec<&String> = table.members.iter().map(|(key, _)| key).collect();
        if named.iter().any(|key| *key == "format") && named.iter().any(|key| *key == "seconds_since") {
            source.wrong::<()>(value, "time has either format or seconds_since, not both");
        }
    }

    fn take_quality(&mut self, source: &mut MappingText<'_>, value: &Value) {
        let Some(table) = source.table(value) else { return };
        for (key, value) in &table.members {
            match key.as_str() {
                "column" => self.quality_column = source.named(value),
                "words" => {
                    for (word, value) in &source.table(value).unwrap_or_default().members {
                        if let Some(quality) = quality_of(source, value) {
                            self.quality_words.push((word.trim().to_lowercase(), quality));
                        }
                    }
                }
                _ => source.unknown(value, key, "column, words"),
            }
        }
    }
}

/// The columns of a long file that names them as most do.
pub(super) fn long_by_usual_names() -> Layout {
    let named = |name: &str| Named { name: name.to_owned(), place: Place::default() };
    Layout::Long { signal: named("signal"), value: named("value"), unit: None }
}

fn format_of(source: &mut MappingText<'_>, value: &Value, text: &str) -> Option<TimeFormat> {
    match text {
        "iso8601" => Some(TimeFormat::Iso8601),
        "unix_s" => Some(TimeFormat::UnixSecs),
        "unix_ms" => Some(TimeFormat::UnixMillis),
        pattern if pattern.contains('%') => {
            match jiff::fmt::strtime::format(pattern, &jiff::Zoned::new(jiff::Timestamp::UNIX_EPOCH, TimeZone::UTC)) {
                Ok(_) => Some(TimeFormat::Pattern(pattern.to_owned())),
                Err(error) => source.wrong(value, &format!("the time pattern cannot be used: {error}")),
            }
        }
        _ => source.wrong(value, "time.format is \"iso8601\", \"unix_s\", \"unix_ms\", or a pattern such as \"%d.%m.%Y %H:%M:%S\""),
    }
}

/// `"Temp [°F]" = "TT-111A"`, or a table with signal, unit, quality, session.
fn signal_of(source: &mut MappingText<'_>, name: &str, value: &Value) -> Option<SignalMapping> {
    let mut mapping = SignalMapping { name: name.trim().to_owned(), place: value.place.clone(), ..SignalMapping::default() };
    if value.is_text() {
        mapping.signal = source.text(value)?;
        return Some(mapping);
    }
    for (key, value) in &source.table(value)?.members {
        match key.as_str() {
            "signal" => mapping.signal = source.text(value).unwrap_or_default(),
            "unit" => mapping.unit = source.text(value),
            "quality" => mapping.quality = source.text(value),
            "session" => mapping.session = source.text(value),
            _ => source.unknown(value, key, "signal, unit, quality, session"),
        }
    }
    if mapping.signal.is_empty() {
        // The name itself may be the tag; only unit or quality had to be told.
        mapping.signal.clone_from(&mapping.name);
    }
    Some(mapping)
}

fn quality_of(source: &mut MappingText<'_>, value: &Value) -> Option<Quality> {
    if value.is_text() {
        let text = source.text(value)?;
        return crate::decode::quality_of_text(&text)
            .or_else(|| source.wrong(value, "a quality is good, uncertain or bad, or an OPC UA number"));
    }
    let code = source.count(value)?;
    match u32::try_from(code) {
        Ok(code) => Some(Quality(code)),
        Err(_) => source.wrong(value, "an OPC UA quality is a number of 32 bits"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r##"
delimiter = ";"
decimal = ","
skip_rows = 2
comment = "#"
missing = ["", "---"]
bad = ["Bad"]
interval_secs = 60
session = "gw-100"
ignore = ["Remark"]

[time]
column = ["Datum", "Zeit"]
format = "%d.%m.%Y %H:%M:%S"
zone = "Europe/Berlin"

[signals]
"Lagertemperatur" = "TT-111A"
"Durchfluss" = { signal = "unit100:e-101/flow", unit = "l/s", quality = "Durchfluss Status", session = "gw-200" }

[quality]
column = "Status"
words = { "OK" = "good", "gestört" = "bad sensor failure", "Ersatz" = 1083179008 }
"##;

    #[test]
    fn a_mapping_file_says_how_a_recording_is_written() {
        let (mapping, problems) = Mapping::parse(WHOLE, "m.toml");
        assert_eq!(problems, vec![]);
        assert_eq!((mapping.delimiter, mapping.decimal, mapping.skip_rows), (Some(b';'), Some(b','), 2));
        assert_eq!(mapping.time.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["Datum", "Zeit"]);
        assert_eq!(mapping.signals.len(), 2);
        let flow = mapping.signals.iter().find(|signal| signal.name == "Durchfluss").unwrap();
        assert_eq!((flow.unit.as_deref(), flow.quality.as_deref(), flow.place.line), (Some("l/s"), Some("Durchfluss Status"), 19));
        let words: Vec<Quality> = mapping.quality_words.iter().map(|(_, quality)| *quality).collect();
        assert!(words.contains(&Quality::BAD_SENSOR_FAILURE) && words.contains(&Quality::UNCERTAIN_LAST_USABLE), "{words:?}");
    }

    #[test]
    fn the_mapping_in_the_documentation_is_read_as_it_stands() {
        let page = include_str!("../../../../docs/recordings.md");
        let text = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let (mapping, problems) = Mapping::parse(text, "docs/recordings.md");
        assert_eq!(problems, vec![]);
        assert_eq!((mapping.signals.len(), mapping.quality_words.len(), mapping.interval_secs), (2, 3, Some(60.0)));
    }

    #[test]
    fn everything_wrong_with_a_mapping_is_told_at_once_with_line_and_column() {
        let text = "delimiter = \"::\"\ndecimal = 5\nlayuot = \"wide\"\n[time]\nformat = \"tomorrow\"\nzone = \"Mars/Base\"\nseconds_since = \"then\"\n\
                    [signals]\nA = 7\nB = { singal = \"x\" }\n[quality]\nwords = { x = \"splendid\", y = -1 }\nskip = 3\n";
        let (_, problems) = Mapping::parse(text, "m.toml");
        let lines: Vec<Option<u32>> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(problems.len(), 12, "{problems:#?}");
        for line in [1, 2, 3, 5, 6, 7, 9, 10, 12, 13] {
            assert!(lines.contains(&Some(line)), "line {line} of {problems:#?}");
        }
        assert!(problems.iter().all(|problem| problem.message.contains("column ")), "{problems:#?}");
        let typo = problems.iter().find(|problem| problem.pointer == "/layuot").unwrap();
        assert!(typo.hint.contains("layout"), "{typo}");
    }

    #[test]
    fn a_file_that_is_no_toml_is_told_with_its_line() {
        let (_, problems) = Mapping::parse("delimiter = \";\"\n[time\ncolumn = \"T\"\n", "m.toml");
        assert!(!problems.is_empty() && problems[0].line == Some(2), "{problems:?}");
    }
}
