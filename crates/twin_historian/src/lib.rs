//! Append-only storage of one lane: what was known of every signal, at any instant, as of any commit.
//!
//! Samples live in columns, one per signal, cut into chunks that never change once sealed. A clone of a
//! column shares its sealed chunks and copies only the open tail: that is how the view reads history
//! without a lock and how a branch reads its parent as it was at the fork.
//!
//! `Store` keeps the newest part in memory, within a byte budget. [`Recorder`] writes everything to a [`HistoryFolder`]:
//! one SQLite file per day, in which samples stand as compressed chunks. [`Archive`] reads from it. [`package`] makes one file
//! of a range of it that anyone can open and verify.

mod chunk;
mod column;
mod disk;
mod envelope;
pub mod export;
pub mod package;
pub mod postgres;
mod record;
mod recorder;
mod store;

pub use chunk::{CHUNK_LEN, Chunk};
pub use column::{Column, StoredSample};
pub use disk::{
    Archive, ChunkSummary, CodecError, Commit, FileOptions, Flush, HistoryError, HistoryFile, HistoryFolder, HistoryReader, Retention,
    SampleColumns,
};
pub use envelope::Bucket;
pub use record::{LaneNumber, Record, RecordKind, UnknownKind};
pub use recorder::{Acknowledgement, Recorder, RecorderOptions, RecorderStats};
pub use store::{Appended, Store, StoreStats};
