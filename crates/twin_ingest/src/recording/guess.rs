//! What a recording shows of itself where no mapping file says it.

use super::lines::Cells;
use super::mapping::{Layout, Named};
use super::time_column::TimeReader;

const DELIMITERS: [u8; 4] = [b';', b'\t', b',', b'|'];
/// Rows looked at for a time.
const TIME_ROWS: usize = 50;

/// The delimiter that cuts the first line into most cells.
pub(super) fn delimiter(first: &[u8]) -> u8 {
    let count = |delimiter: u8| {
        let mut cells = Cells::default();
        cells.cut(first, delimiter).map_or(0, |()| cells.len())
    };
    // Of several, the first one with the greatest count.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| count(*delimiter)).filter(|delimiter| count(*delimiter) > 1).unwrap_or(b',')
}

/// The decimal sign: a comma where numbers have one and none has a point.
pub(super) fn decimal(rows: &[Cells], delimiter: u8) -> u8 {
    if delimiter == b',' {
        let is_quoted = |rows: &[Cells]| has_sign(rows, ',') && !has_sign(rows, '.');
        return if is_quoted(rows) { b',' } else { b'.' };
    }
    if has_sign(rows, ',') && !has_sign(rows, '.') { b',' } else { b'.' }
}

fn has_sign(rows: &[Cells], sign: char) -> bool {
    let is_number = |text: &str| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.split_once(sign).is_some_and(|(whole, fraction)| all(whole) && all(fraction))
    };
    rows.iter().any(|row| row.iter().any(|cell| is_number(&cell)))
}

/// A long layout where the header names its columns as most do.
pub(super) fn layout(header: &[String]) -> Option<Layout> {
    let named = |names: &[&str]| {
        let found = header.iter().find(|name| names.iter().any(|known| name.eq_ignore_ascii_case(known)))?;
        Some(Named { name: found.clone(), ..Named::default() })
    };
    let signal = named(&["signal", "tag", "tagname", "tag_name", "signal_id", "name", "point", "variable"])?;
    let value = named(&["value", "val", "wert"])?;
    Some(Layout::Long { signal, value, unit: named(&["unit", "units", "einheit"]) })
}

/// The column with the quality of a row, by its usual names.
pub(super) fn quality_column(header: &[String]) -> Option<usize> {
    let is_quality = |name: &String| ["quality", "q", "status", "qualität"].iter().any(|known| name.to_lowercase() == *known);
    header.iter().position(is_quality)
}

/// Names that the quality of a column usually has.
pub(super) fn quality_names(column: &str) -> [String; 4] {
    [" quality", ".quality", "_quality", ".q"].map(|ending| format!("{column}{ending}"))
}

/// `TT-111A [°F]` → `TT-111A` and `°F`.
pub(super) fn name_and_unit(name: &str) -> (&str, Option<&str>) {
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let Some((bare, unit)) = name.strip_suffix(close).and_then(|rest| rest.rsplit_once(open))
            && !unit.trim().is_empty()
        {
            return (bare.trim(), Some(unit.trim()));
        }
    }
    (name, None)
}

/// The text of one or several columns, joined by blanks.
pub(super) fn joined(row: &Cells, columns: &[usize]) -> String {
    let texts: Vec<_> = columns.iter().filter_map(|column| row.get(*column)).collect();
    texts.join(" ")
}

/// True when at least half of the first rows hold a time of the reader's format.
pub(super) fn is_time(rows: &[Cells], columns: &[usize], reader: &mut TimeReader) -> bool {
    let rows = rows.iter().take(TIME_ROWS);
    let (good, all) = rows.fold((0, 0), |(good, all), row| (good + usize::from(reader.read(&joined(row, columns)).is_ok()), all + 1));
    good > 0 && good * 2 >= all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&str], delimiter: u8) -> Vec<Cells> {
        let cut = |line: &&str| {
            let mut cells = Cells::default();
            cells.cut(line.as_bytes(), delimiter).unwrap();
            cells
        };
        lines.iter().map(cut).collect()
    }

    #[test]
    fn delimiter_and_decimal_sign_are_seen_in_the_first_lines() {
        for (header, row, delimiter_expected, decimal_expected) in [
            ("time,A,B", "2026-01-01T00:00:00Z,1.5,2", b',', b'.'),
            ("Zeit;A, innen;B", "01.01.2026 00:00:00;1,5;2", b';', b','),
            ("time\tA", "1769847330.5\t1", b'\t', b'.'),
            ("time,A", "1769847330,\"1,5\"", b',', b','),
            ("time", "1", b',', b'.'),
        ] {
            let found = delimiter(header.as_bytes());
            assert_eq!(found, delimiter_expected, "{header}");
            assert_eq!(decimal(&rows(&[row], found), found), decimal_expected, "{row}");
        }
    }

    #[test]
    fn a_header_may_carry_the_unit_in_brackets() {
        assert_eq!(name_and_unit("TT-111A [°F]"), ("TT-111A", Some("°F")));
        assert_eq!(name_and_unit("FT-101(l/s)"), ("FT-101", Some("l/s")));
        assert_eq!(name_and_unit("FT-101"), ("FT-101", None));
        assert_eq!(name_and_unit("FT-101 []"), ("FT-101 []", None));
    }
}
