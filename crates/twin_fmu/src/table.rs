//! Tables of signals over time, as CSV: the first column is the time in seconds.

use std::fmt::Write as _;

/// Signals over time. Two rows of the same time are a jump.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Names of the signals.
    pub names: Vec<String>,
    /// Time of each row, s; never decreasing.
    pub times: Vec<f64>,
    /// The values, row by row.
    pub values: Vec<f64>,
}

/// Why a table was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct TableError {
    /// Line from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl Table {
    /// Reads CSV. Names may stand in quotation marks; truth values may be written `true` and `false`.
    ///
    /// # Errors
    /// The first line that is no row of the table.
    pub fn from_csv(text: &str) -> Result<Self, TableError> {
        let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let fault = |at: usize, message: String| TableError { line: at + 1, message };
        let (at, header) = lines.next().ok_or_else(|| fault(0, "the table is empty".into()))?;
        let mut names = cells(header).ok_or_else(|| fault(at, "a quotation mark is not closed".into()))?;
        if names.first().map(String::as_str) != Some("time") {
            return Err(fault(at, "the first column must be called `time`".into()));
        }
        names.remove(0);
        if let Some(twice) = names.iter().enumerate().find(|(place, name)| names.iter().take(*place).any(|other| other == *name)) {
            return Err(fault(at, format!("two columns are called `{}`", twice.1)));
        }
        let mut table = Self { names, ..Self::default() };
        for (at, line) in lines {
            let cells = line.split(',').map(|cell| number(cell).ok_or_else(|| fault(at, format!("`{}` is not a number", cell.trim()))));
            let row = cells.collect::<Result<Vec<f64>, _>>()?;
            let Some((time, values)) = row.split_first() else { continue };
            if values.len() != table.names.len() {
                return Err(fault(at, format!("{} values for {} columns", row.len(), table.names.len() + 1)));
            }
            if table.times.last().is_some_and(|last| last > time) {
                return Err(fault(at, format!("the time goes back to {time} s")));
            }
            table.push(*time, values);
        }
        if table.times.is_empty() {
            return Err(fault(at, "the table has no rows".into()));
        }
        Ok(table)
    }

    /// Appends a row; values beyond the columns are not taken, missing ones are zero.
    pub fn push(&mut self, time: f64, values: &[f64]) {
        self.times.push(time);
        let missing = self.names.len().saturating_sub(values.len());
        self.values.extend(values.iter().take(self.names.len()));
        self.values.extend(std::iter::repeat_n(0.0, missing));
    }

    /// Row of values.
    pub fn row(&self, at: usize) -> &[f64] {
        let width = self.names.len();
        self.values.get(at * width..(at + 1) * width).unwrap_or_default()
    }

    /// As CSV, every number with as many digits as it takes to read the same one again.
    pub fn to_csv(&self) -> String {
        let mut text = String::with_capacity(20 * (self.values.len() + self.times.len()));
        text.push_str("time");
        for name in &self.names {
            text.push(',');
            text.push_str(&quoted(name));
        }
        text.push('\n');
        for (at, time) in self.times.iter().enumerate() {
            push_number(&mut text, *time);
            for value in self.row(at) {
                text.push(',');
                push_number(&mut text, *value);
            }
            text.push('\n');
        }
        text
    }

    /// The values of all columns at a time, into `values`: floats between two rows on the line between them, others
    /// (`is_held`) as in the row before. At a jump, the values after it; before the first and after the last row, those.
    ///
    /// `hint` is where the last search ended; times that grow are found at once.
    pub fn sample(&self, time: f64, is_held: &[bool], hint: &mut usize, values: &mut [f64]) {
        if self.times.get(*hint).is_none_or(|at| *at > time) {
            *hint = 0;
        }
        while self.times.get(*hint + 1).is_some_and(|next| *next <= time) {
            *hint += 1;
        }
        let (before, after) = (self.row(*hint), self.row(*hint + 1));
        let share = match (self.times.get(*hint), self.times.get(*hint + 1)) {
            (Some(from), Some(to)) if time > *from && to > from => (time - from) / (to - from),
            _ => 0.0,
        };
        for (column, value) in values.iter_mut().enumerate() {
            let from = before.get(column).copied().unwrap_or_default();
            let to = after.get(column).copied().unwrap_or(from);
            let is_held = is_held.get(column).copied().unwrap_or_default();
            *value = if is_held || share == 0.0 { from } else { (1.0 - share) * from + share * to };
        }
    }

    /// Times at which a signal jumps: two rows of the same time, or another value in a held column.
    pub fn jumps(&self, is_held: &[bool]) -> Vec<f64> {
        let mut jumps = Vec::new();
        for (at, pair) in self.times.windows(2).enumerate() {
            let [from, to] = pair else { continue };
            let held = self.row(at).iter().zip(self.row(at + 1)).zip(is_held);
            if from == to || held.into_iter().any(|((before, after), is_held)| *is_held && before != after) {
                jumps.push(*to);
            }
        }
        jumps.dedup();
        jumps
    }
}

/// Cells of a header; `None` when a quotation mark is not closed.
fn cells(line: &str) -> Option<Vec<String>> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    let mut letters = line.trim().chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cells.last_mut()?.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            other => cells.last_mut()?.push(other),
        }
    }
    (!is_quoted).then(|| cells.iter().map(|cell| cell.trim().to_owned()).collect())
}

fn quoted(name: &str) -> String {
    if name.contains([',', '"']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}

fn number(cell: &str) -> Option<f64> {
    match cell.trim() {
        "true" | "True" => Some(1.0),
        "false" | "False" => Some(0.0),
        text => text.parse().ok().filter(|number: &f64| number.is_finite()),
    }
}

/// The shortest form that is the same number, with an exponent where it would be long.
fn push_number(text: &mut String, number: f64) {
    // Writing into a text cannot fail.
    let size = number.abs();
    let _ = if size != 0.0 && !(1e-5..1e16).contains(&size) { write!(text, "{number:e}") } else { write!(text, "{number}") };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_back_as_it_was_written() {
        let mut table = Table { names: vec!["x[1,2]".into(), "say \"y\"".into()], ..Table::default() };
        table.push(0.0, &[1.0 / 3.0, -1e-300]);
        table.push(0.1, &[12345.0, 1e300]);
        table.push(0.1, &[0.0, f64::MIN_POSITIVE]);
        assert_eq!(Table::from_csv(&table.to_csv()).unwrap(), table);
    }

    #[test]
    fn floats_lie_on_the_line_between_rows_and_others_are_held() {
        let table = Table::from_csv("time,u,n\n0,0,1\n1,10,2\n1,20,3\n3,40,4\n").unwrap();
        let at = |time: f64| {
            let mut values = [0.0; 2];
            table.sample(time, &[false, true], &mut 0, &mut values);
            values
        };
        assert_eq!(at(-1.0), [0.0, 1.0]);
        assert_eq!(at(0.5), [5.0, 1.0]);
        assert_eq!(at(1.0), [20.0, 3.0]);
        assert_eq!(at(2.0), [30.0, 3.0]);
        assert_eq!(at(9.0), [40.0, 4.0]);
        assert_eq!(table.jumps(&[false, true]), [1.0, 3.0]);
        assert_eq!(table.jumps(&[false, false]), [1.0]);
    }

    #[test]
    fn a_bad_table_is_told_by_line() {
        let cases = [
            ("", 1),
            ("t,u\n0,1\n", 1),
            ("time,u,u\n0,1,1\n", 1),
            ("time,\"u\n0,1\n", 1),
            ("time,u\n", 1),
            ("time,u\n0,1\n\n1,x\n", 4),
            ("time,u\n0,1\n1\n", 3),
            ("time,u\n1,1\n0,1\n", 3),
            ("time,u\n0,inf\n", 2),
        ];
        for (text, line) in cases {
            assert_eq!(Table::from_csv(text).unwrap_err().line, line, "{text:?}");
        }
    }
}
