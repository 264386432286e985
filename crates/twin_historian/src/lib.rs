//! Append-only storage of one lane: what was known of every signal, at any instant, as of any commit.
//!
//! Samples live in columns, one per signal, cut into chunks that never change once sealed. A clone of a
//! column shares its sealed chunks and copies only the open tail: that is how the view reads history
//! without a lock and how a branch reads its parent as it was at the fork.
//!
//! This first store keeps everything in memory within a byte budget and drops the oldest chunks beyond it.

mod chunk;
mod column;
mod store;

pub use chunk::{CHUNK_LEN, Chunk};
pub use column::{Bucket, Column, StoredSample};
pub use store::{Appended, Store, StoreStats};
