//! Rows and cells of a recording that cannot be used: counted by reason, told at a bounded rate.

use std::collections::BTreeMap;
use std::fmt;
use twin_model::SourceEvent;

/// Why a row, or a cell of it, could not be used as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum RowFault {
    /// The time column holds no time of the format.
    #[error("time is not understood; check time.format in the mapping")]
    BadTime,
    /// A local time that the clocks of the zone skip in spring.
    #[error("the clocks of the time zone skip this time; check time.zone in the mapping, perhaps a fixed offset such as \"+01:00\"")]
    NoSuchLocalTime,
    /// Before 1980, or beyond 2260.
    #[error("time lies before 1980 or beyond 2260")]
    TimeOutOfRange,
    /// One row more than a day ahead of those around it.
    #[error("time is more than a day ahead of the rows around it; the row was left out")]
    TimeFarAhead,
    /// Filed as late although its signal has nothing newer.
    #[error("rows are far behind the newest time of the file and were filed as late; sort the file by time")]
    OutOfOrder,
    /// Fewer cells than the layout needs.
    #[error("row has fewer cells than the header")]
    ShortRow,
    /// A quotation mark that the line does not close.
    #[error("quotation mark is not closed on its line; the row was left out")]
    OpenQuote,
    /// Longer than a line may be.
    #[error("line is longer than 1 MiB; it was left out")]
    LongLine,
    /// A cell of a number that holds none.
    #[error("value is no number; if it stands for a missing value, add it to `missing` or `bad` in the mapping")]
    NotANumber,
    /// NaN or infinite.
    #[error("value is not finite")]
    NotFinite,
    /// A cell of a boolean or a state that holds none.
    #[error("value is no boolean, or no state of the signal's type")]
    UnknownState,
    /// A unit that is not known or measures something else.
    #[error("unit is not known, or does not measure what the signal measures; the value was left out")]
    WrongUnit,
    /// A quality that is not understood.
    #[error("quality is not understood and was read as uncertain; name its words in quality.words of the mapping")]
    UnknownQuality,
    /// A name in the signal column that no signal of the plant has.
    #[error("no signal of the plant has this name; list it in [signals] or in `ignore` of the mapping")]
    UnknownSignal,
    /// The file could not be read further.
    #[error("the file could not be read further; the recording ends here")]
    Unreadable,
}

/// How often something was wrong, and where first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultCount {
    /// What.
    pub fault: RowFault,
    /// How often.
    pub count: u64,
    /// Line of the first one, from 1.
    pub line: u64,
    /// Column of the first one, from 1; 0 for the whole row.
    pub column: usize,
    /// The text of the first one, at most 40 characters.
    pub text: String,
}

/// `time is not understood (3 times, first in line 12, column 1: "yesterday")`.
impl fmt::Display for FaultCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = if self.count == 1 { "time" } else { "times" };
        write!(f, "{} ({} {times}, first in line {}", self.fault, self.count, self.line)?;
        if self.column > 0 {
            write!(f, ", column {}", self.column)?;
        }
        if !self.text.is_empty() {
            write!(f, ": \"{}\"", self.text)?;
        }
        f.write_str(")")
    }
}

/// Counts faults.
#[derive(Clone, Debug, Default)]
pub(super) struct FaultLog {
    counts: BTreeMap<RowFault, FaultCount>,
    told: BTreeMap<RowFault, u64>,
    total: u64,
}

/// Longest text kept of a fault.
const MAX_TEXT_CHARS: usize = 40;

impl FaultLog {
    /// Counts a fault in a column (from 0) of a line, or of a whole line.
    pub fn count(&mut self, fault: RowFault, line: u64, column: Option<usize>, text: &str) {
        self.total += 1;
        let first = || FaultCount {
            fault,
            count: 0,
            line,
            column: column.map_or(0, |column| column + 1),
            text: text.chars().filter(|c| !c.is_control()).take(MAX_TEXT_CHARS).collect(),
        };
        self.counts.entry(fault).or_insert_with(first).count += 1;
    }

    /// All counts, by reason.
    pub fn counts(&self) -> Vec<FaultCount> {
        self.counts.values().cloned().collect()
    }

    /// How much was wrong altogether.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// What is to be told now: each reason at its first, tenth, hundredth … time; at the end what is left.
    pub fn report(&mut self, file: &str, is_end: bool, events: &mut impl Extend<SourceEvent>) {
        for (fault, count) in &self.counts {
            let told = self.told.entry(*fault).or_default();
            let is_due = *told == 0 || count.count >= told.saturating_mul(10) || is_end;
            if !is_due || count.count == *told {
                continue;
            }
            let reason = count.to_string();
            tracing::warn!(file, "{reason}");
            events.extend([SourceEvent::Problem { topic: file.to_owned(), reason, count: count.count - *told }]);
            *told = count.count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_faults_give_a_handful_of_reports_that_lose_none() {
        let mut log = FaultLog::default();
        let mut events = Vec::new();
        for line in 1..=1_000_000 {
            log.count(RowFault::BadTime, line, Some(0), "yesterday");
            log.report("file.csv", false, &mut events);
        }
        log.report("file.csv", true, &mut events);
        assert!(events.len() < 10, "{}", events.len());
        let total: u64 = events.iter().map(|event| if let SourceEvent::Problem { count, .. } = event { *count } else { 0 }).sum();
        assert_eq!(total, 1_000_000);
        assert!(log.counts()[0].to_string().ends_with("(1000000 times, first in line 1, column 1: \"yesterday\")"));
    }
}
