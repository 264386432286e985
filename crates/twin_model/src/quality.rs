//! Quality of a value: an OPC UA `StatusCode` (OPC 10000-4 §7.39, OPC 10000-8).

use serde::{Deserialize, Serialize};

/// An OPC UA `StatusCode`. The top two bits say Good, Uncertain or Bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quality(pub u32);

/// The three classes a screen tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum QualityClass {
    /// Usable.
    Good,
    /// Usable with care; the reason says why.
    Uncertain,
    /// Not usable; carries no value.
    Bad,
}

impl Quality {
    /// Good.
    pub const GOOD: Self = Self(0x0000_0000);
    /// Uncertain, no reason given.
    pub const UNCERTAIN: Self = Self(0x4000_0000);
    /// The last value that was good; communication has been silent too long.
    pub const UNCERTAIN_LAST_USABLE: Self = Self(0x4090_0000);
    /// A sensor outside its accuracy.
    pub const UNCERTAIN_SENSOR_NOT_ACCURATE: Self = Self(0x4093_0000);
    /// Outside the declared range of the signal.
    pub const UNCERTAIN_RANGE_EXCEEDED: Self = Self(0x4094_0000);
    /// Derived from fewer good sources than required.
    pub const UNCERTAIN_SUB_NORMAL: Self = Self(0x4095_0000);
    /// Bad, no reason given.
    pub const BAD: Self = Self(0x8000_0000);
    /// No communication with the source.
    pub const BAD_NO_COMMUNICATION: Self = Self(0x8031_0000);
    /// Nothing was ever received.
    pub const BAD_WAITING_FOR_INITIAL_DATA: Self = Self(0x8032_0000);
    /// The payload had no usable value.
    pub const BAD_DATA_ENCODING_INVALID: Self = Self(0x8007_0000);
    /// Source not connected.
    pub const BAD_NOT_CONNECTED: Self = Self(0x808A_0000);
    /// Device failure.
    pub const BAD_DEVICE_FAILURE: Self = Self(0x808B_0000);
    /// Sensor failure.
    pub const BAD_SENSOR_FAILURE: Self = Self(0x808C_0000);
    /// Out of service, maintenance.
    pub const BAD_OUT_OF_SERVICE: Self = Self(0x808D_0000);

    /// Good, Uncertain or Bad.
    pub fn class(self) -> QualityClass {
        match self.0 >> 30 {
            0 => QualityClass::Good,
            1 => QualityClass::Uncertain,
            _ => QualityClass::Bad,
        }
    }

    /// True for the class Good.
    pub fn is_good(self) -> bool {
        self.class() == QualityClass::Good
    }

    /// True for the class Bad.
    pub fn is_bad(self) -> bool {
        self.class() == QualityClass::Bad
    }

    /// True when the value is old: last usable, or communication lost.
    pub fn is_stale(self) -> bool {
        self == Self::UNCERTAIN_LAST_USABLE || self == Self::BAD_NO_COMMUNICATION || self == Self::BAD_NOT_CONNECTED
    }

    /// The worse of two qualities; a derived value is no better than its worst input.
    #[must_use]
    pub fn worst(self, other: Self) -> Self {
        if other.class() > self.class() { other } else { self }
    }

    /// The letter a screen shows beside a value: `G`, `U` or `B`.
    pub fn letter(self) -> char {
        match self.class() {
            QualityClass::Good => 'G',
            QualityClass::Uncertain => 'U',
            QualityClass::Bad => 'B',
        }
    }

    /// The reason in words a user reads.
    pub fn reason(self) -> &'static str {
        match self {
            Self::GOOD => "good",
            Self::UNCERTAIN => "uncertain",
            Self::UNCERTAIN_LAST_USABLE => "stale: last usable value",
            Self::UNCERTAIN_SENSOR_NOT_ACCURATE => "sensor not accurate",
            Self::UNCERTAIN_RANGE_EXCEEDED => "outside its range",
            Self::UNCERTAIN_SUB_NORMAL => "fewer inputs than required",
            Self::BAD => "bad",
            Self::BAD_NO_COMMUNICATION => "no communication",
            Self::BAD_WAITING_FOR_INITIAL_DATA => "nothing received yet",
            Self::BAD_DATA_ENCODING_INVALID => "payload not understood",
            Self::BAD_NOT_CONNECTED => "not connected",
            Self::BAD_DEVICE_FAILURE => "device failure",
            Self::BAD_SENSOR_FAILURE => "sensor failure",
            Self::BAD_OUT_OF_SERVICE => "out of service (maintenance)",
            other => match other.class() {
                QualityClass::Good => "good",
                QualityClass::Uncertain => "uncertain",
                QualityClass::Bad => "bad",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_value_is_no_better_than_its_worst_input() {
        assert_eq!(Quality::GOOD.worst(Quality::UNCERTAIN_LAST_USABLE), Quality::UNCERTAIN_LAST_USABLE);
        assert_eq!(Quality::BAD_SENSOR_FAILURE.worst(Quality::UNCERTAIN), Quality::BAD_SENSOR_FAILURE);
        assert_eq!(Quality::BAD_SENSOR_FAILURE.letter(), 'B');
    }
}
