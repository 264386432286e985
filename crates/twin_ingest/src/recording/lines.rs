//! A file cut into lines and cells within bounded memory: a line is a row, so that one stray quotation mark costs one row.

use super::faults::RowFault;
use std::borrow::Cow;
use std::io::{BufRead, ErrorKind};

/// Longest line read, bytes.
const MAX_LINE_BYTES: usize = 1 << 20;

/// Reads line after line.
#[derive(Debug)]
pub(super) struct LineReader<R> {
    input: R,
    line: Vec<u8>,
    number: u64,
    bytes: u64,
}

impl<R: BufRead> LineReader<R> {
    pub fn new(input: R) -> Self {
        Self { input, line: Vec::new(), number: 0, bytes: 0 }
    }

    /// Number of the line read last, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Passes over so many lines.
    pub fn skip(&mut self, lines: u64) {
        for _ in 0..lines {
            if matches!(self.next_line(), None | Some(Err(RowFault::Unreadable))) {
                break;
            }
        }
    }

    /// The next line without its end; `None` behind the last one. A line that is too long is skipped and told.
    ///
    /// # Errors
    /// [`RowFault::LongLine`], and [`RowFault::Unreadable`] when the file cannot be read.
    pub fn next_line(&mut self) -> Option<Result<&[u8], RowFault>> {
        self.line.clear();
        let mut is_too_long = false;
        let mut has_any = false;
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => {
                    self.number += 1;
                    return Some(Err(RowFault::Unreadable));
                }
            };
            if chunk.is_empty() {
                break;
            }
            has_any = true;
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let taken = end.unwrap_or(chunk.len());
            if self.line.len() + taken > MAX_LINE_BYTES {
                is_too_long = true;
                self.line.clear();
            } else if !is_too_long {
                self.line.extend_from_slice(chunk.get(..taken).unwrap_or_default());
            }
            let used = taken + usize::from(end.is_some());
            self.input.consume(used);
            self.bytes += used as u64;
            if end.is_some() {
                break;
            }
        }
        if !has_any {
            return None;
        }
        self.number += 1;
        if is_too_long {
            return Some(Err(RowFault::LongLine));
        }
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        if self.number == 1 && self.line.starts_with(b"\xEF\xBB\xBF") {
            self.line.drain(..3);
        }
        Some(Ok(&self.line))
    }
}

/// The cells of one line. Reused from line to line.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    /// Cuts a line at its delimiters; quoted cells may hold them, and doubled quotation marks.
    ///
    /// # Errors
    /// [`RowFault::OpenQuote`] for a quotation mark that the line does not close.
    pub fn cut(&mut self, line: &[u8], delimiter: u8) -> Result<(), RowFault> {
        self.text.clear();
        self.ends.clear();
        let mut rest = line;
        loop {
            let quoted = rest.trim_ascii_start();
            let is_quoted = quoted.first() == Some(&b'"') && !(delimiter.is_ascii_whitespace() && quoted.len() != rest.len());
            let begin = self.text.len();
            rest = if is_quoted { self.quoted(quoted.get(1..).unwrap_or_default(), delimiter)? } else { self.plain(rest, delimiter) };
            if !is_quoted {
                let cell = self.text.get(begin..).unwrap_or_default();
                let (ahead, kept) = (cell.len() - cell.trim_ascii_start().len(), cell.trim_ascii().len());
                self.text.drain(begin..begin + ahead);
                self.text.truncate(begin + kept);
            }
            self.ends.push(self.text.len());
            match rest.split_first() {
                Some((_, behind)) => rest = behind,
                None => return Ok(()),
            }
        }
    }

    /// Takes an unquoted cell; what is left begins with the delimiter.
    fn plain<'l>(&mut self, rest: &'l [u8], delimiter: u8) -> &'l [u8] {
        let end = rest.iter().position(|byte| *byte == delimiter).unwrap_or(rest.len());
        let (cell, behind) = rest.split_at(end);
        self.text.extend_from_slice(cell);
        behind
    }

    fn quoted<'l>(&mut self, mut rest: &'l [u8], delimiter: u8) -> Result<&'l [u8], RowFault> {
        loop {
            let end = rest.iter().position(|byte| *byte == b'"').ok_or(RowFault::OpenQuote)?;
            let (cell, behind) = rest.split_at(end);
            self.text.extend_from_slice(cell);
            let behind = behind.get(1..).unwrap_or_default();
            if behind.first() == Some(&b'"') {
                self.text.push(b'"');
                rest = behind.get(1..).unwrap_or_default();
                continue;
            }
            // What stands between the closing mark and the delimiter belongs to no cell.
            let end = behind.iter().position(|byte| *byte == delimiter).unwrap_or(behind.len());
            return Ok(behind.get(end..).unwrap_or_default());
        }
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell's text without blanks around it, or `None` where the line has fewer cells. Text that is no UTF-8 is read as
    /// Latin-1.
    pub fn get(&self, index: usize) -> Option<Cow<'_, str>> {
        let end = *self.ends.get(index)?;
        let begin = if index == 0 { 0 } else { *self.ends.get(index - 1)? };
        Some(text_of(self.text.get(begin..end)?))
    }

    /// All cells.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, str>> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

/// Text of unknown encoding: UTF-8 where it is, else Latin-1.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text.trim()),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str, delimiter: u8) -> Vec<String> {
        let mut cells = Cells::default();
        cells.cut(line.as_bytes(), delimiter).unwrap();
        cells.iter().map(Cow::into_owned).collect()
    }

    #[test]
    fn a_line_is_cut_at_its_delimiters_and_quotation_marks_protect_them() {
        assert_eq!(cut("a, b ,,c", b','), ["a", "b", "", "c"]);
        assert_eq!(cut("", b','), [""]);
        assert_eq!(cut("a;", b';'), ["a", ""]);
        assert_eq!(cut(r#""a;b"; "say ""so""" ;1"#, b';'), ["a;b", r#"say "so""#, "1"]);
        assert_eq!(cut("a\t\tb", b'\t'), ["a", "", "b"]);
        assert_eq!(cut("5\" pipe,2", b','), ["5\" pipe", "2"]);
        assert_eq!(Cells::default().cut(b"1,\"open,2", b','), Err(RowFault::OpenQuote));
    }

    #[test]
    fn lines_end_in_either_way_and_one_that_is_too_long_costs_itself_only() {
        let mut text = b"\xEF\xBB\xBFa\r\nb\n".to_vec();
        text.extend(std::iter::repeat_n(b'x', 3 * MAX_LINE_BYTES));
        text.extend(b"\nT \xB0C");
        let mut lines = LineReader::new(text.as_slice());
        assert_eq!(lines.next_line(), Some(Ok(b"a".as_slice())));
        assert_eq!(lines.next_line(), Some(Ok(b"b".as_slice())));
        assert_eq!(lines.next_line(), Some(Err(RowFault::LongLine)));
        assert_eq!(text_of(lines.next_line().unwrap().unwrap()), "T °C");
        assert_eq!((lines.number(), lines.next_line()), (4, None));
    }
}
