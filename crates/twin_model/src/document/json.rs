//! A JSON tree that keeps what people wrote: member order, unknown members, and numbers digit by digit.

use serde::de::IgnoredAny;
use std::collections::{BTreeMap, BTreeSet};

/// Deepest nesting accepted.
pub const MAX_JSON_DEPTH: usize = 64;

/// A JSON value as written.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, digit by digit as in the file: `1.50` stays `1.50`.
    Number(String),
    /// A text, escapes resolved.
    Text(String),
    /// An array.
    Array(Vec<Json>),
    /// An object with its members in the order of the file, doubles included.
    Object(Vec<(String, Json)>),
}

/// Text that is no JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not valid JSON: {message}")]
pub struct JsonError {
    /// Line, from 1.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

/// A parsed text and what was odd about it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedJson {
    /// The tree.
    pub json: Json,
    /// JSON pointers of members whose name occurs more than once in their object (the last one counts).
    pub duplicates: Vec<String>,
}

impl Json {
    /// Parses a text.
    ///
    /// # Errors
    /// [`JsonError`] with its line, for text that is no JSON or is nested deeper than [`MAX_JSON_DEPTH`].
    pub fn parse(text: &str) -> Result<ParsedJson, JsonError> {
        if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
            return Err(JsonError { line: u32::try_from(error.line()).unwrap_or(u32::MAX), message });
        }
        let mut duplicates = Vec::new();
        let mut ignore = |_: &str, _: u32| {};
        let mut scanner = Scanner::new(text, &mut ignore);
        match scanner.value(0) {
            Some(json) => {
                duplicates.append(&mut scanner.duplicates);
                Ok(ParsedJson { json, duplicates })
            }
            None => Err(JsonError { line: scanner.line, message: scanner.fault.to_owned() }),
        }
    }

    /// The value at a JSON pointer; of doubled members the last.
    pub fn pointer(&self, pointer: &str) -> Option<&Json> {
        let mut value = self;
        for segment in pointer.split('/').skip(1) {
            let segment = unescape(segment);
            value = match value {
                Self::Object(members) => &members.iter().rev().find(|(name, _)| *name == segment)?.1,
                Self::Array(items) => items.get(segment.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(value)
    }

    /// The same value for `serde`; of doubled members the last one counts. A number beyond `f64` becomes text.
    pub fn to_value(&self) -> serde_json::Value {
        use serde_json::Value;
        match self {
            Self::Null => Value::Null,
            Self::Bool(b) => Value::Bool(*b),
            Self::Number(digits) => serde_json::from_str(digits).map_or_else(|_| Value::String(digits.clone()), Value::Number),
            Self::Text(text) => Value::String(text.clone()),
            Self::Array(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Self::Object(members) => Value::Object(members.iter().map(|(name, value)| (name.clone(), value.to_value())).collect()),
        }
    }
}

/// The text of a tree in canonical layout: two spaces, one member or element per line, a line feed at the end.
pub fn to_canonical(json: &Json) -> String {
    let mut out = String::new();
    write_value(&mut out, json, 0);
    out.push('\n');
    out
}

fn write_value(out: &mut String, json: &Json, depth: usize) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Json::Number(digits) => out.push_str(digits),
        Json::Text(text) => write_text(out, text),
        Json::Array(items) if items.is_empty() => out.push_str("[]"),
        Json::Object(members) if members.is_empty() => out.push_str("{}"),
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                new_line(out, depth + 1, index > 0);
                write_value(out, item, depth + 1);
            }
            new_line(out, depth, false);
            out.push(']');
        }
        Json::Object(members) => {
            out.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                new_line(out, depth + 1, index > 0);
                write_text(out, name);
                out.push_str(": ");
                write_value(out, value, depth + 1);
            }
            new_line(out, depth, false);
            out.push('}');
        }
    }
}

fn new_line(out: &mut String, depth: usize, comma: bool) {
    if comma {
        out.push(',');
    }
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

/// The lines of some JSON pointers in a text, in one pass. For a pointer that is not there, the line of its nearest ancestor.
pub fn lines_of(text: &str, pointers: &BTreeSet<String>) -> BTreeMap<String, u32> {
    let mut wanted: BTreeMap<String, Option<u32>> = BTreeMap::new();
    for pointer in pointers {
        let mut part = pointer.as_str();
        loop {
            wanted.entry(part.to_owned()).or_insert(None);
            match part.rfind('/') {
                Some(end) => part = &part[..end],
                None => break,
            }
        }
    }
    let mut note = |pointer: &str, line: u32| {
        if let Some(slot) = wanted.get_mut(pointer) {
            *slot = Some(line);
        }
    };
    if serde_json::from_str::<IgnoredAny>(text).is_ok() {
        Scanner::new(text, &mut note).value(0);
    }
    let nearest = |pointer: &str| {
        let mut part = pointer;
        loop {
            if let Some(Some(line)) = wanted.get(part) {
                return Some(*line);
            }
            part = &part[..part.rfind('/')?];
        }
    };
    pointers.iter().filter_map(|pointer| Some((pointer.clone(), nearest(pointer)?))).collect()
}

/// A member name as a segment of a JSON pointer.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The member name of a segment of a JSON pointer.
pub fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

/// Walks text that is known to be valid JSON, telling each value's pointer and line.
struct Scanner<'a> {
    text: &'a str,
    position: usize,
    line: u32,
    path: String,
    duplicates: Vec<String>,
    fault: &'static str,
    visit: &'a mut dyn FnMut(&str, u32),
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, visit: &'a mut dyn FnMut(&str, u32)) -> Self {
        Self { text, position: 0, line: 1, path: String::new(), duplicates: Vec::new(), fault: "unexpected end", visit }
    }

    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.as_bytes().get(self.position)?;
            match byte {
                b'\n' => self.line = self.line.saturating_add(1),
                b' ' | b'\t' | b'\r' | b',' | b':' => {}
                _ => return Some(byte),
            }
            self.position += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        if depth > MAX_JSON_DEPTH {
            self.fault = "nested too deep";
            return None;
        }
        let first = self.peek()?;
        (self.visit)(&self.path, self.line);
        match first {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => Some(Json::Text(self.string()?)),
            _ => {
                let rest = self.text.get(self.position..)?;
                let end = rest.find([',', ']', '}', ' ', '\t', '\r', '\n']).unwrap_or(rest.len());
                self.position += end;
                Some(match &rest[..end] {
                    "null" => Json::Null,
                    "true" => Json::Bool(true),
                    "false" => Json::Bool(false),
                    digits => Json::Number(digits.to_owned()),
                })
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.position += 1;
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut names = BTreeSet::new();
        while self.peek()? != b'}' {
            let name = self.string()?;
            let before = self.path.len();
            self.path.push('/');
            self.path.push_str(&escape(&name));
            if !names.insert(name.clone()) {
                self.duplicates.push(self.path.clone());
            }
            let value = self.value(depth + 1)?;
            self.path.truncate(before);
            members.push((name, value));
        }
        self.position += 1;
        Some(Json::Object(members))
    }

    fn array(&mut self, depth: usize) -> Option<Json> {
        self.position += 1;
        let mut items = Vec::new();
        while self.peek()? != b']' {
            let before = self.path.len();
            self.path.push_str(&format!("/{}", items.len()));
            items.push(self.value(depth + 1)?);
            self.path.truncate(before);
        }
        self.position += 1;
        Some(Json::Array(items))
    }

    fn string(&mut self) -> Option<String> {
        let start = self.position;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        while *bytes.get(end)? != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        self.position = end + 1;
        let text = serde_json::from_str(self.text.get(start..=end)?);
        if text.is_err() {
            self.fault = "a text with half of a surrogate pair";
        }
        text.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_order_and_unknown_members_survive() {
        let text = "{\n  \"b\": 1.50,\n  \"a\": [\n    1e3,\n    -0,\n    12345678901234567890123\n  ],\n  \"µ\": {},\n  \"n\": null\n}\n";
        assert_eq!(to_canonical(&Json::parse(text).unwrap().json), text);
    }

    #[test]
    fn doubled_members_are_told_and_lines_found() {
        let text = "{\n \"a\": 1,\n \"x/y\": [\n 1,\n {\"k\": 2}],\n \"a\": 3}";
        let parsed = Json::parse(text).unwrap();
        assert_eq!(parsed.duplicates, ["/a"]);
        let wanted: BTreeSet<String> = ["/x~1y/1/k", "/x~1y/1/absent", "/a"].iter().map(ToString::to_string).collect();
        assert_eq!(lines_of(text, &wanted).into_values().collect::<Vec<_>>(), [6, 5, 5]);
        assert_eq!(parsed.json.pointer("/x~1y/1/k"), Some(&Json::Number("2".to_owned())));
    }

    #[test]
    fn text_that_is_no_json_is_an_error_with_a_line() {
        assert_eq!(Json::parse("{\n\"a\": }").unwrap_err().line, 2);
        assert!(Json::parse(&"[".repeat(1_000_000)).is_err());
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(Json::parse(&deep).unwrap_err().message, "nested too deep");
        assert!(Json::parse("\"\\ud800\"").is_err());
    }
}
