//! What a history holds, against what was accepted and what was said to be safe.

use std::path::Path;
use std::sync::Arc;
use twin_historian::{Archive, LaneNumber, Record, RecordKind};
use twin_model::TwinTime;

use crate::publisher::{Accepted, SIGNALS};
use crate::recorder::Named;

/// Id and unit of the signals of the plant.
pub fn names() -> Arc<[(String, String)]> {
    (0..SIGNALS).map(|signal| (format!("mill:m-{signal}/speed"), "1/min".to_owned())).collect()
}

/// Source times of a value, by signal and value.
pub struct Stored {
    times: Vec<Vec<Vec<TwinTime>>>,
    pub samples: usize,
    pub gaps: Vec<Record>,
    /// What SQLite finds wrong.
    pub faults: Vec<String>,
}

/// How a history differs from what was accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub accepted: usize,
    pub lost: usize,
    pub duplicates: usize,
    /// Stored at another time than published, or never published.
    pub foreign: usize,
}

impl Stored {
    /// Reads everything.
    ///
    /// # Errors
    /// What the history says when it cannot be read.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let text = |error: twin_historian::HistoryError| error.to_string();
        let archive = Archive::open(folder, names()).map_err(text)?;
        let mut faults = Vec::new();
        for reader in archive.readers() {
            faults.extend(reader.faults().map_err(text)?);
        }
        let mut stored = Self { times: vec![Vec::new(); SIGNALS], samples: 0, gaps: Vec::new(), faults };
        for commit in archive.commits(LaneNumber(0), 0, u64::MAX).map_err(text)? {
            // A mark of the twin itself, such as that of a lost connection, is not Good.
            for sample in commit.samples.iter().filter(|sample| sample.quality.is_good()) {
                let value = sample.value.map_or(usize::MAX >> 1, |value| value as usize);
                let values = &mut stored.times[sample.signal.index()];
                assert!(value < 100_000_000, "{sample:?} was never published");
                if values.len() <= value {
                    values.resize(value + 1, Vec::new());
                }
                values[value].push(sample.source_time);
            }
            stored.samples += commit.samples.len();
        }
        let records = archive.records(LaneNumber(0), TwinTime(i64::MIN), TwinTime(i64::MAX)).map_err(text)?;
        stored.gaps = records.into_iter().filter(|record| record.kind == RecordKind::Gap).collect();
        Ok(stored)
    }

    /// How many of these are missing.
    pub fn missing(&self, acked: &[Named]) -> usize {
        acked.iter().filter(|(signal, value)| self.times[*signal].get(*value).is_none_or(Vec::is_empty)).count()
    }

    /// How many accepted samples are neither stored nor in a recorded gap.
    pub fn silently_lost(&self, accepted: &Accepted) -> usize {
        let span = |gap: &Record| {
            let body: serde_json::Value = serde_json::from_str(&gap.body).unwrap();
            body["from"].as_i64().unwrap()..=body["to"].as_i64().unwrap()
        };
        let gaps: Vec<_> = self.gaps.iter().map(span).collect();
        let is_silent = |signal: usize, value: usize, time: &TwinTime| {
            self.missing(&[(signal, value)]) == 1 && !gaps.iter().any(|gap| gap.contains(&time.0))
        };
        let of_signal = |(signal, times): (usize, &Vec<TwinTime>)| {
            times.iter().enumerate().filter(|(value, time)| is_silent(signal, *value, time)).count()
        };
        accepted.iter().enumerate().map(of_signal).sum()
    }

    /// Compares with all that was accepted.
    pub fn against(&self, accepted: &Accepted) -> Difference {
        let mut found = Difference::default();
        for (signal, times) in accepted.iter().enumerate() {
            found.accepted += times.len();
            let none = Vec::new();
            for (value, time) in times.iter().enumerate() {
                let stored = self.times[signal].get(value).unwrap_or(&none);
                let right = stored.iter().filter(|stored| *stored == time).count();
                found.lost += usize::from(right == 0);
                found.duplicates += right.saturating_sub(1);
                found.foreign += stored.len() - right;
            }
            found.foreign += self.times[signal].iter().skip(times.len()).map(Vec::len).sum::<usize>();
        }
        found
    }
}
