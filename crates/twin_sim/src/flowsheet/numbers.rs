//! Lists of numbers that may hold what is none: an input that nothing drives, a reading that is missing.

use serde::{Deserialize, Deserializer, Serializer};

/// Writes every number as it is, and nothing where there is none: text formats have no word for it.
pub(super) fn serialize<S: Serializer>(values: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(|value| Some(*value).filter(|value| !value.is_nan())))
}

/// Reads what [`serialize`] has written.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    let values = Vec::<Option<f64>>::deserialize(deserializer)?;
    Ok(values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())
}

/// The bits that make two numbers the same: whatever is no number is one and the same.
pub(super) fn bits(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }
}
