//! One value for every published signal.

use core::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::tags::{TAG_COUNT, tag_index};

/// Readings by signal, in the declared unit of each: booleans are 0 or 1, enumerations their number. NaN marks a signal
/// without a reading; the model then uses its own value.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The readings in the order of [`crate::TAGS`].
    pub values: [f64; TAG_COUNT],
}

impl Default for Measured {
    fn default() -> Self {
        Self { values: [f64::NAN; TAG_COUNT] }
    }
}

impl Measured {
    /// Readings with nothing known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reading at position `index` of [`crate::TAGS`]; NaN outside of the table.
    pub fn get(&self, index: usize) -> f64 {
        self.values.get(index).copied().unwrap_or(f64::NAN)
    }

    /// Stores a reading; a position outside of the table is ignored.
    pub fn set(&mut self, index: usize, value: f64) {
        if let Some(slot) = self.values.get_mut(index) {
            *slot = value;
        }
    }

    /// Stores a reading by tag. False when the plant does not publish that tag.
    pub fn set_tag(&mut self, tag: &str, value: f64) -> bool {
        match tag_index(tag) {
            Some(index) => {
                self.values[index] = value;
                true
            }
            None => false,
        }
    }

    /// The reading where there is one, else `model`.
    pub(crate) fn or(&self, index: usize, model: f64) -> f64 {
        let value = self.get(index);
        if value.is_finite() { value } else { model }
    }
}

impl Serialize for Measured {
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        let mut seq = serializer.serialize_seq(Some(TAG_COUNT))?;
        for value in &self.values {
            seq.serialize_element(&(!value.is_nan()).then_some(value))?;
        }
        seq.end()
    }
}

impl<'de> Deserialize<'de> for Measured {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(MeasuredVisitor)
    }
}

struct MeasuredVisitor;

impl<'de> Visitor<'de> for MeasuredVisitor {
    type Value = Measured;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{TAG_COUNT} readings or nulls")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Measured, A::Error> {
        let mut measured = Measured::new();
        for (index, slot) in measured.values.iter_mut().enumerate() {
            match seq.next_element::<Option<f64>>()? {
                Some(value) => *slot = value.unwrap_or(f64::NAN),
                None => return Err(serde::de::Error::invalid_length(index, &self)),
            }
        }
        Ok(measured)
    }
}
