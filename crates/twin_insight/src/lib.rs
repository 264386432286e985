//! What the samples of a lane mean: derived signals, residuals, alarms, health and trust in the model.
//!
//! Everything here is a function of what was committed, in the order it was committed. Time is the source time of
//! samples and the ticks of the plant clock; nothing reads a clock. So a replay, in batches of any size, gives the
//! events and derived samples of the live run.
//!
//! ```text
//! sample ─> reading ─┬─> noise window ─┐
//!                    ├─> residual ─────┼─> alarm points that name the signal ─> health of their things
//! tick ──> formulas ─┘  (derived, fed back like any sample)
//! tick ──> delays that run
//! ```

mod alarm;
mod condition;
pub mod equipment;
mod evaluator;
mod frozen;
mod functions;
mod health;
mod noise;
mod plan;
mod reading;
mod residual;
pub mod water;

pub use alarm::{AlarmEvent, AlarmEventKind, AlarmState, AlarmStatus, MAX_SHELVE_SECS, Refusal};
pub use evaluator::{Evaluation, Evaluator, EvaluatorState, RestoreError};
pub use functions::{FUNCTIONS, NOT_APPLICABLE, check_functions};
pub use health::ThingHealth;
pub use reading::Reading;
pub use residual::Trust;
