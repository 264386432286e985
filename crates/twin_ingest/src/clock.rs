//! The one wall clock.

use std::time::{SystemTime, UNIX_EPOCH};
use twin_model::{Clock, TwinTime};

/// The wall clock of this machine: where receive times come from.
///
/// A clock before 1970 or beyond the year 2262 reads as the end of the range on that side.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the program asks what time it is")]
    fn now(&self) -> TwinTime {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => TwinTime(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)),
            Err(before) => TwinTime(i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos)),
        }
    }
}
