//! Results beside the reference: tables in the layout of the reference files, and how far two of them are apart.

use std::collections::BTreeMap;
use std::path::Path;

/// Heads in metres may differ by this much.
pub const HEAD_M: f64 = 1e-3;
/// Flows in m³/s may differ by this much …
pub const FLOW_M3_S: f64 = 5e-5;
/// … or by this share of the reference.
pub const FLOW_SHARE: f64 = 1e-3;

/// Heads far from any real one, of a part that is cut off, may differ by this share.
pub const HEAD_SHARE: f64 = 1e-6;

/// Values of named things at times; not a number where the reference leaves a cell empty.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What the columns are of.
    pub names: Vec<String>,
    /// Time in seconds and one value for each name.
    pub rows: Vec<(i64, Vec<f64>)>,
}

/// How EPANET fared at a reporting time.
#[derive(Clone, Copy, Debug)]
pub struct Trials {
    /// The reporting time in seconds.
    pub time_s: i64,
    /// Iterations EPANET needed.
    pub trials: u32,
    /// Solutions since the start that were not balanced.
    pub unbalanced: u32,
}

/// The largest difference found, in the measure of its quantity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worst {
    pub difference: f64,
    pub name: String,
    pub time_s: i64,
    pub ours: f64,
    pub theirs: f64,
}

/// A comparison of one quantity over a whole run.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// The largest difference, tolerated or not.
    pub worst: Worst,
    /// The earliest difference that is not tolerated, the largest of its time.
    pub first: Option<Worst>,
    /// Values compared.
    pub values: usize,
    /// Values beyond the tolerance.
    pub beyond: usize,
    /// Values on which the reference is silent.
    pub silent: usize,
}

/// Reads a table of the reference files' layout: names after an empty first cell, then a time and values in each row.
///
/// # Errors
/// What cannot be read, in words.
pub fn read(path: &Path) -> Result<Table, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut lines = text.lines();
    let names = cells(lines.next().unwrap_or_default()).into_iter().skip(1).collect();
    let rows = lines.map(|line| row(line).ok_or_else(|| format!("{}: {line:.40}", path.display()))).collect::<Result<_, _>>()?;
    Ok(Table { names, rows })
}

fn row(line: &str) -> Option<(i64, Vec<f64>)> {
    let mut numbers = line.split(',');
    let time = numbers.next()?.parse().ok()?;
    let value = |cell: &str| if cell.is_empty() { Ok(f64::NAN) } else { cell.parse() };
    Some((time, numbers.map(value).collect::<Result<_, _>>().ok()?))
}

/// Cells of a line, quoted ones without their quotes.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            letter => cells.iter_mut().last().into_iter().for_each(|cell| cell.push(letter)),
        }
    }
    cells
}

/// Reads how EPANET fared.
///
/// # Errors
/// What cannot be read, in words.
pub fn read_trials(path: &Path) -> Result<Vec<Trials>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    text.lines().skip(1).map(|line| trials(line).ok_or_else(|| format!("{}: {line}", path.display()))).collect()
}

fn trials(line: &str) -> Option<Trials> {
    let cells: Vec<&str> = line.split(',').collect();
    let [time, _, trials, _, _, unbalanced] = cells.as_slice() else { return None };
    Some(Trials { time_s: time.parse().ok()?, trials: trials.parse().ok()?, unbalanced: unbalanced.parse().ok()? })
}

/// The last reporting time in seconds before EPANET had a solution that was not balanced: from there on tank levels, and
/// with them everything else, hang on where its trials happened to end. Everything, when all were.
pub fn balanced_until(trials: &[Trials]) -> i64 {
    let first = trials.iter().position(|trials| trials.unbalanced > 0);
    first.map_or(i64::MAX, |first| first.checked_sub(1).map_or(-1, |before| trials[before].time_s))
}

/// Whether a flow in m³/s is near enough to the reference.
pub fn flow_is_near(ours: f64, theirs: f64) -> bool {
    let difference = (ours - theirs).abs();
    difference <= FLOW_M3_S || difference <= FLOW_SHARE * theirs.abs()
}

/// Whether a head in metres is near enough to the reference.
pub fn head_is_near(ours: f64, theirs: f64) -> bool {
    let difference = (ours - theirs).abs();
    difference <= HEAD_M || (theirs.abs() > 1e4 && difference <= HEAD_SHARE * theirs.abs())
}

/// Compares every value of the reference up to and including `until_s` with ours.
///
/// # Errors
/// A name or time of the reference that we do not have.
pub fn compare(ours: &Table, theirs: &Table, until_s: i64, is_near: fn(f64, f64) -> bool) -> Result<Difference, String> {
    let columns: BTreeMap<&str, usize> = ours.names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let rows: BTreeMap<i64, &Vec<f64>> = ours.rows.iter().map(|(time, values)| (*time, values)).collect();
    let mut found = Difference::default();
    for (time_s, values) in theirs.rows.iter().filter(|(time, _)| *time <= until_s) {
        let own = rows.get(time_s).ok_or_else(|| format!("no results at {time_s} s"))?;
        let mut first = Worst::default();
        for (name, &theirs) in theirs.names.iter().zip(values) {
            if theirs.is_nan() {
                found.silent += 1;
                continue;
            }
            let column = *columns.get(name.as_str()).ok_or_else(|| format!("no results of {name}"))?;
            let ours = own[column];
            // Not a number is the largest difference there is.
            let difference = if ours.is_finite() { (ours - theirs).abs() } else { f64::INFINITY };
            let here = Worst { difference, name: name.clone(), time_s: *time_s, ours, theirs };
            found.values += 1;
            if !is_near(ours, theirs) {
                found.beyond += 1;
                if difference > first.difference {
                    first = here.clone();
                }
            }
            if difference > found.worst.difference {
                found.worst = here;
            }
        }
        if found.first.is_none() && first.difference > 0.0 {
            found.first = Some(first);
        }
    }
    Ok(found)
}

impl std::fmt::Display for Worst {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { difference, name, time_s, ours, theirs } = self;
        write!(to, "{difference:.3e} at {name}, {time_s} s ({:.2} h): {ours:.6} for {theirs:.6}", *time_s as f64 / 3600.0)
    }
}
