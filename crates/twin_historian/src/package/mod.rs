//! Incident packages: a range of a history as one file that anyone can open and verify.
//!
//! A package is a history file (SQLite, the same tables, no write-ahead log beside it), so whatever reads a history reads a
//! package. What it holds of its lane:
//!
//! 1. The commits `first_sequence` to `last_sequence`, whole and under their own numbers. The first is that of the keyframe the
//!    range can be computed again from, when one stands within an hour before it, else the newest commit at or before `from`;
//!    the last is the newest one before the plant clock passed `to`. These are what a replay repeats.
//! 2. Samples of other commits whose time lies in the range, each under the number of its commit: what came late, after the
//!    range, and what ran ahead of its clock.
//! 3. The opening state: of every signal the newest sample before the range, as it was known when the range began and as it is
//!    known now, and of every subject its newest alarm, health, connection, clock and version. So [`crate::Archive::page`]
//!    answers for every instant of the range as the whole history does.
//! 4. Records of those commits, and those about the range that were written later, such as notes.
//! 5. Keyframes of those commits, attachments, what was said of the file, and a sealed part.
//!
//! Two additional tables: `chain` holds, for every row of every table in a fixed order, the SHA-256 of the former digest and of
//! the row; `sealed` holds files encrypted under a passphrase. Behind the last page stands a trailer with the last digest, which
//! is the fingerprint of the package, and the SHA-256 of the whole file. SQLite takes the number of pages from its header and
//! does not look behind them.
//!
//! Whoever alters a package on purpose can compute chain and trailer anew. What they cannot do is keep the fingerprint: note it
//! somewhere else when a package is written, and compare it with what [`verify()`] says.

mod chain;
mod range;
mod sealed;
mod trailer;
mod untrusted;
mod verify;
mod write;

pub use sealed::{SealedPart, open_sealed};
pub use verify::{AlteredRecord, Verdict, verify};
pub use write::write;

use crate::record::LaneNumber;
use std::fmt;
use twin_model::TwinTime;

/// What an incident package is made of.
#[derive(Clone, Debug, Default)]
pub struct PackageOptions {
    /// Lane.
    pub lane: LaneNumber,
    /// Beginning of the range.
    pub from: TwinTime,
    /// End of the range, included.
    pub to: TwinTime,
    /// What the package is about.
    pub title: String,
    /// Who makes it.
    pub author: String,
    /// Files to keep beside the samples, by name: plant file, 3D scene, pictures. They replace those of the history.
    pub attachments: Vec<(String, Vec<u8>)>,
    /// Files that only a passphrase opens.
    pub sealed: Option<SealedPart>,
    /// What else to say of the package, by key: model versions, seed. Keys that begin with `package.` are the package's own.
    pub meta: Vec<(String, String)>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageReport {
    /// Stands for every record of the package: two packages with the same one hold the same.
    pub fingerprint: Fingerprint,
    /// Records under the chain.
    pub records: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// First of the whole commits.
    pub first_sequence: u64,
    /// Last of the whole commits.
    pub last_sequence: u64,
    /// Plant time at which the whole commits begin.
    pub opening: TwinTime,
    /// Samples, the opening state included.
    pub samples: u64,
}

/// Last digest of a hash chain (SHA-256). Prints as hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a package could not be written or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// The range ends where it begins, or before.
    #[error("the range ends ({to}) before or where it begins ({from}): choose a later end")]
    Reversed {
        /// Beginning asked for.
        from: TwinTime,
        /// End asked for.
        to: TwinTime,
    },
    /// Nothing of the lane was recorded in the range.
    #[error("lane {lane} has nothing recorded from {from} to {to}: {}", recorded(*.extent))]
    Empty {
        /// Lane asked for.
        lane: u32,
        /// Beginning asked for.
        from: TwinTime,
        /// End asked for.
        to: TwinTime,
        /// What is recorded of the lane.
        extent: Option<(TwinTime, TwinTime)>,
    },
    /// There is such a file.
    #[error("there is such a file already: choose another name, or remove it first")]
    Exists,
    /// What was written does not verify: the disk did not keep it.
    #[error("what was written does not verify ({detail}): check the disk, and write it again")]
    Unverified {
        /// What `verify` said.
        detail: String,
    },
    /// The passphrase for the sealed part is empty.
    #[error("the sealed part needs a passphrase: give one, or leave the sealed part out")]
    NoPassphrase,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers, without which nothing can be sealed: try again, or leave the sealed part out")]
    NoRandomness,
    /// The sealed part is too large for its cipher.
    #[error("the sealed part of {bytes} bytes is too large: leave something out")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// The file has no sealed part.
    #[error("it has no sealed part, so there is nothing to open")]
    NothingSealed,
    /// The sealed part does not open.
    #[error("this passphrase does not open the sealed part: check it; if it is right, the part was altered, which `verify` tells")]
    WrongPassphrase,
    /// The sealed part is not as this program writes it.
    #[error("the sealed part cannot be used ({detail}): verify the package, or open it with the Didymos that wrote it")]
    SealedDamaged {
        /// What does not fit.
        detail: String,
    },
}

fn recorded(extent: Option<(TwinTime, TwinTime)>) -> String {
    match extent {
        Some((first, last)) => format!("choose a range that touches {first} to {last}"),
        None => "nothing at all is recorded of it, choose another lane".to_owned(),
    }
}
