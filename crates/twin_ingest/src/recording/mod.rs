//! Recordings: any logged CSV as a source, replayed into a lane or published over MQTT as the plant would.
//!
//! ```text
//! file ─> LineReader ─> Rows (Readings) ─> RecordingEvents ─> RecordingSource ─> lane
//!            mapping ─> Shape ┘        └─> RecordingMessages ─> publish ─> broker
//! ```
//!
//! A recording is streamed, whatever its size. The same file gives the same events at any speed: its own times are the
//! plant clock, and receive time is source time.

mod faults;
mod file;
mod guess;
mod lines;
mod mapping;
mod mapping_text;
mod messages;
mod publish;
mod replay;
mod rows;
mod shape;
mod source;
mod time_column;

pub use faults::{FaultCount, RowFault};
pub use file::Recording;
pub use mapping::Mapping;
pub use messages::{Message, RecordingMessages};
pub use publish::{PublishOptions, PublishRecordingError, PublishReport, publish};
pub use replay::RecordingEvents;
pub use rows::{Reading, Row, Rows};
pub use source::{Pace, RecordingHandle, RecordingSource};
pub use time_column::TimeFormat;
