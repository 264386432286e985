//! Latched interlocks with delay, bypass and first-out.

use serde::{Deserialize, Serialize};

/// Tags of the interlocks, in the order of the state array.
pub const INTERLOCK_TAGS: [&str; INTERLOCK_COUNT] =
    ["I-101", "I-102", "I-103", "I-104A", "I-104B", "I-105", "I-106", "I-107", "I-108", "I-109", "I-110", "I-111", "I-112"];

/// Number of interlocks.
pub const INTERLOCK_COUNT: usize = 13;

/// Low-low level of TK-101.
pub const I_101: usize = 0;
/// High-high level of V-101.
pub const I_102: usize = 1;
/// Low-low level of V-101.
pub const I_103: usize = 2;
/// Machine protection of P-101A; P-101B follows.
pub const I_104: usize = 3;
/// Condensate too hot after E-101.
pub const I_105: usize = 5;
/// Start of the standby P-101.
pub const I_106: usize = 6;
/// Start of the standby P-201.
pub const I_107: usize = 7;
/// K-301 too hot.
pub const I_108: usize = 8;
/// Instrument air lost.
pub const I_109: usize = 9;
/// TK-102 full.
pub const I_111: usize = 11;
/// Fan vibration.
pub const I_112: usize = 12;

/// Delay of each cause, s.
const DELAYS_SECS: [f64; INTERLOCK_COUNT] = [2.0, 1.0, 2.0, 5.0, 5.0, 10.0, 5.0, 3.0, 3.0, 3.0, 0.0, 10.0, 5.0];

/// State of one interlock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Interlock {
    /// Time the cause has been present, s.
    pub present_secs: f64,
    /// Acted and not reset.
    pub latched: bool,
    /// Input overridden.
    pub bypassed: bool,
    /// Place among the latched interlocks, 1 = first-out.
    pub place: u32,
}

/// All interlocks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Interlocks {
    states: [Interlock; INTERLOCK_COUNT],
}

impl Interlocks {
    /// Position of an interlock by tag.
    pub fn index(tag: &str) -> Option<usize> {
        INTERLOCK_TAGS.iter().position(|&known| known == tag)
    }

    /// State of an interlock.
    pub fn state(&self, index: usize) -> &Interlock {
        &self.states[index]
    }

    /// True while latched.
    pub fn is_latched(&self, index: usize) -> bool {
        self.states[index].latched
    }

    /// Times the cause and answers whether it has been present for its delay, without a latch.
    pub fn due(&mut self, index: usize, dt_secs: f64, cause: bool) -> bool {
        let state = &mut self.states[index];
        state.present_secs = if cause { state.present_secs + dt_secs } else { 0.0 };
        cause && !state.bypassed && state.present_secs >= DELAYS_SECS[index]
    }

    /// Times the cause and latches; true in the step in which it acts.
    pub fn act(&mut self, index: usize, dt_secs: f64, cause: bool) -> bool {
        let due = self.due(index, dt_secs, cause);
        if !due || self.states[index].latched {
            return false;
        }
        self.latch(index);
        true
    }

    fn latch(&mut self, index: usize) {
        let place = 1 + self.states.iter().map(|state| state.place).max().unwrap_or(0);
        self.states[index].latched = true;
        self.states[index].place = place;
    }

    /// True when the cause is gone or overridden.
    pub fn may_reset(&self, index: usize) -> bool {
        let state = &self.states[index];
        state.present_secs <= 0.0 || state.bypassed
    }

    /// Ends the latch. False while the cause is present.
    pub fn reset(&mut self, index: usize) -> bool {
        if !self.may_reset(index) {
            return false;
        }
        let state = &mut self.states[index];
        state.latched = false;
        state.place = 0;
        true
    }

    /// Overrides the input of an interlock, or ends the override.
    pub fn bypass(&mut self, index: usize, active: bool) {
        self.states[index].bypassed = active;
    }

    /// Tags of the latched interlocks, the first-out first.
    pub fn latched_tags(&self) -> impl Iterator<Item = &'static str> + '_ {
        let mut order: [usize; INTERLOCK_COUNT] = core::array::from_fn(|index| index);
        order.sort_by_key(|&index| self.states[index].place);
        order.into_iter().filter(|&index| self.states[index].latched).map(|index| INTERLOCK_TAGS[index])
    }
}
