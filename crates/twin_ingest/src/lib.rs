//! Live sources and their decoders, and the one wall clock.

mod clock;
pub mod decode;
mod problem;

pub use clock::SystemClock;
pub use decode::{Decoded, Decoder};
pub use problem::InputProblem;
