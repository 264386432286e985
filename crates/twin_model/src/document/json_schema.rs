//! The JSON Schema of the plant file, so that editors complete and validate it.

use super::PlantDocument;

/// The JSON Schema of `plant.twin.json` (draft 2020-12), made from the Rust types, as text with a line feed at the end.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(PlantDocument);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
