//! TOML with places: what is asked of a member, and what is wrong with it, told with line and column.

use super::mapping::Named;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use twin_model::Problem;

/// Where something stands in the mapping file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// From 1; 0 where it stands nowhere.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// `/signals/Flow`.
    pub pointer: String,
}

impl Place {
    /// A problem with what stands here.
    pub fn problem(&self, file: &str, message: &str, hint: impl Into<String>) -> Problem {
        let message = if self.line > 0 { format!("{message} (column {})", self.column) } else { message.to_owned() };
        Problem { line: (self.line > 0).then_some(self.line), ..Problem::error(file, &self.pointer, message, hint) }
    }
}

/// A value with its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Value {
    kind: Kind,
    pub place: Place,
}

#[derive(Clone, Debug, Default)]
enum Kind {
    Text(String),
    Number(f64),
    Truth(bool),
    Array(Vec<Value>),
    Table(Table),
    #[default]
    Other,
}

/// A table, in the order in which its members stand in the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub members: Vec<(String, Value)>,
}

impl Value {
    pub fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text(_))
    }
}

/// The text of a mapping file, and everything wrong with it.
#[derive(Debug)]
pub(super) struct MappingText<'t> {
    text: &'t str,
    file: &'t str,
    pub problems: Vec<Problem>,
}

impl<'t> MappingText<'t> {
    pub fn new(text: &'t str, file: &'t str) -> Self {
        Self { text, file, problems: Vec::new() }
    }

    /// The whole file; what cannot be parsed is told and left out.
    pub fn root(&mut self) -> Table {
        let (root, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let (line, column) = self.position(error.span().map_or(0, |span| span.start));
            let place = Place { line, column, pointer: String::new() };
            self.problems.push(place.problem(
                self.file,
                &format!("is no TOML: {}", error.message()),
                "see docs/recordings.md for the form",
            ));
        }
        self.members(root.get_ref(), "")
    }

    fn members(&self, table: &DeTable<'_>, pointer: &str) -> Table {
        let mut members: Vec<(usize, String, Value)> = table
            .iter()
            .map(|(key, value)| {
                let name = key.get_ref().to_string();
                let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                (key.span().start, name, self.value(value, pointer, key.span().start))
            })
            .collect();
        members.sort_by_key(|(at, ..)| *at);
        Table { members: members.into_iter().map(|(_, name, value)| (name, value)).collect() }
    }

    fn value(&self, value: &Spanned<DeValue<'_>>, pointer: String, at: usize) -> Value {
        let (line, column) = self.position(at);
        let kind = match value.get_ref() {
            DeValue::String(text) => Kind::Text(text.to_string()),
            DeValue::Integer(number) => {
                let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
                number.map_or(Kind::Other, |number| Kind::Number(number as f64))
            }
            DeValue::Float(number) => number.as_str().parse().map_or(Kind::Other, Kind::Number),
            DeValue::Boolean(truth) => Kind::Truth(*truth),
            // A date without quotation marks is taken as its text.
            DeValue::Datetime(time) => Kind::Text(time.to_string()),
            DeValue::Array(values) => Kind::Array(
                values
                    .iter()
                    .enumerate()
                    .map(|(index, value)| self.value(value, format!("{pointer}/{index}"), value.span().start))
                    .collect(),
            ),
            DeValue::Table(table) => Kind::Table(self.members(table, &pointer)),
        };
        Value { kind, place: Place { line, column, pointer } }
    }

    /// Line and column, from 1, of a byte.
    fn position(&self, at: usize) -> (u32, u32) {
        let before = self.text.as_bytes().get(..at.min(self.text.len())).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let begin = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column = self.text.get(begin..at).map_or(0, |text| text.chars().count()) + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }

    /// Tells what is wrong with a value.
    pub fn wrong<T>(&mut self, value: &Value, message: &str) -> Option<T> {
        self.problems.push(value.place.problem(self.file, message, "see docs/recordings.md for the form"));
        None
    }

    /// Tells that a member has a name nobody asks for.
    pub fn unknown(&mut self, value: &Value, key: &str, known: &str) {
        self.problems.push(value.place.problem(self.file, &format!("`{key}` is not known here"), format!("known are: {known}")));
    }

    pub fn text(&mut self, value: &Value) -> Option<String> {
        match &value.kind {
            Kind::Text(text) => Some(text.clone()),
            _ => self.wrong(value, "needs a text in quotation marks"),
        }
    }

    pub fn named(&mut self, value: &Value) -> Option<Named> {
        match &value.kind {
            // Columns of a file without header are numbered.
            Kind::Number(number) => Some(Named { name: number.to_string(), place: value.place.clone() }),
            _ => self.text(value).map(|name| Named { name: name.trim().to_owned(), place: value.place.clone() }),
        }
    }

    /// One text, or several.
    pub fn texts(&mut self, value: &Value) -> Vec<String> {
        match &value.kind {
            Kind::Array(values) => values.iter().filter_map(|value| self.text(value)).collect(),
            Kind::Text(text) => vec![text.clone()],
            Kind::Number(number) => vec![number.to_string()],
            _ => {
                self.wrong::<()>(value, "needs a text, or several in brackets");
                Vec::new()
            }
        }
    }

    pub fn number(&mut self, value: &Value) -> Option<f64> {
        match value.kind {
            Kind::Number(number) => Some(number),
            _ => self.wrong(value, "needs a number"),
        }
    }

    pub fn count(&mut self, value: &Value) -> Option<u64> {
        match value.kind {
            Kind::Number(number) if number >= 0.0 && number.fract() == 0.0 && number < 1e15 => Some(number as u64),
            _ => self.wrong(value, "needs a whole number, 0 or above"),
        }
    }

    pub fn truth(&mut self, value: &Value) -> Option<bool> {
        match value.kind {
            Kind::Truth(truth) => Some(truth),
            _ => self.wrong(value, "needs true or false"),
        }
    }

    pub fn table(&mut self, value: &Value) -> Option<Table> {
        match &value.kind {
            Kind::Table(table) => Some(table.clone()),
            _ => self.wrong(value, "needs a table, such as [time]"),
        }
    }

    pub fn delimiter(&mut self, value: &Value) -> Option<u8> {
        match self.text(value)?.as_str() {
            "tab" => Some(b'\t'),
            _ => self.one_byte(value),
        }
    }

    /// One ASCII character that can part cells or begin a comment.
    pub fn one_byte(&mut self, value: &Value) -> Option<u8> {
        match self.text(value)?.as_bytes() {
            [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\n' | b'\r') => Some(*byte),
            _ => self.wrong(value, "needs one character, such as \",\", \";\" or \"tab\""),
        }
    }
}
