//! What happens on a lane besides samples: alarms, acts of people, notes, gaps.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use twin_model::TwinTime;

/// A lane as a file numbers it. 0 is the live plant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LaneNumber(pub u32);

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// An alarm point changed.
    Alarm,
    /// The health of a thing changed.
    Health,
    /// A person asked for something.
    Action,
    /// A person wrote something about an instant, a range or a thing.
    Note,
    /// A person marked an instant.
    Bookmark,
    /// An input could not be used.
    Problem,
    /// Nothing was recorded for a while, and why.
    Gap,
    /// The connection of the source changed.
    Connection,
    /// The plant announced its clock.
    Clock,
    /// A handover of the shift, or its signature.
    Handover,
    /// What a trainee looked at.
    View,
    /// A version of a model or of the plant came into force.
    Version,
}

const KINDS: [(RecordKind, &str); 12] = [
    (RecordKind::Alarm, "alarm"),
    (RecordKind::Health, "health"),
    (RecordKind::Action, "action"),
    (RecordKind::Note, "note"),
    (RecordKind::Bookmark, "bookmark"),
    (RecordKind::Problem, "problem"),
    (RecordKind::Gap, "gap"),
    (RecordKind::Connection, "connection"),
    (RecordKind::Clock, "clock"),
    (RecordKind::Handover, "handover"),
    (RecordKind::View, "view"),
    (RecordKind::Version, "version"),
];

impl RecordKind {
    /// The word a file writes.
    pub fn word(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("note", |(_, word)| word)
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no kind of record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no kind of record {word}")]
pub struct UnknownKind {
    /// The word found.
    pub word: String,
}

impl FromStr for RecordKind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let found = KINDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind);
        found.ok_or_else(|| UnknownKind { word: word.to_owned() })
    }
}

/// One entry of the journal of a lane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Lane.
    pub lane: LaneNumber,
    /// Number of the commit after which it happened.
    pub sequence: u64,
    /// Plant time it is about; the beginning of a range.
    pub time: TwinTime,
    /// Wall time a person wrote it; the time itself for what the twin notes.
    pub written: TwinTime,
    /// What it is.
    pub kind: RecordKind,
    /// Who did it; empty for the twin itself.
    pub author: String,
    /// Tag or id of what it is about; empty for the plant.
    pub subject: String,
    /// The rest as JSON, in the words of its kind.
    pub body: String,
}
