//! JSON into typed members without stopping at the first fault: what does not fit is told and left out, the rest stays.

use super::json::{escape, unescape};
use super::{PlantDocument, RelationshipDocument, ThingDocument};
use crate::Problem;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;
use std::collections::BTreeSet;

/// Most faults told per thing or section; a file with more is not being read as what it is.
const MAX_FAULTS: usize = 200;

/// Array elements that were taken out, each by its pointer as the tree stood at the time.
#[derive(Clone, Debug, Default)]
struct Removed(Vec<String>);

impl Removed {
    /// Where in the untouched tree a pointer into the remaining tree points.
    fn original(&self, pointer: &str) -> String {
        let mut pointer = pointer.to_owned();
        for removed in self.0.iter().rev() {
            let Some((array, index)) = removed.rsplit_once('/') else { continue };
            let Ok(index) = index.parse::<usize>() else { continue };
            let Some(rest) = pointer.strip_prefix(array).and_then(|rest| rest.strip_prefix('/')) else { continue };
            let (own, tail) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            if let Ok(own) = own.parse::<usize>()
                && own >= index
            {
                pointer = format!("{array}/{}{tail}", own + 1);
            }
        }
        pointer
    }
}

/// How positions in the typed document relate to the file, and what was already told of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    removed: Removed,
    told: BTreeSet<String>,
}

impl Origins {
    /// The pointer in the file of a pointer into the typed document.
    pub fn in_file(&self, pointer: &str) -> String {
        self.removed.original(pointer)
    }

    /// True when this pointer of the file was already told as undecodable.
    pub fn was_told(&self, pointer: &str) -> bool {
        self.told.contains(pointer)
    }
}

/// Decodes a plant document.
pub(crate) fn decode_plant(value: &Value, file: &str, problems: &mut Vec<Problem>) -> (PlantDocument, Origins) {
    let mut origins = Origins::default();
    let mut rest = value.clone();
    let things = take_array(&mut rest, "things");
    let relationships = take_array(&mut rest, "relationships");
    let mut decoder = Decoder { file, problems, origins: &mut origins };
    let mut document: PlantDocument = decoder.decode(rest, "", "").unwrap_or_default();
    document.things = decoder.elements::<ThingDocument>(things, "/things");
    document.relationships = decoder.elements::<RelationshipDocument>(relationships, "/relationships");
    (document, origins)
}

/// Takes a member out when it is an array; anything else stays, to be told by the ordinary decoding.
fn take_array(value: &mut Value, name: &str) -> Vec<Value> {
    match value.get_mut(name) {
        Some(Value::Array(items)) => std::mem::take(items),
        _ => Vec::new(),
    }
}

struct Decoder<'a> {
    file: &'a str,
    problems: &'a mut Vec<Problem>,
    origins: &'a mut Origins,
}

impl Decoder<'_> {
    fn elements<T: DeserializeOwned>(&mut self, items: Vec<Value>, pointer: &str) -> Vec<T> {
        let mut decoded = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            match self.decode(item, &format!("{pointer}/{index}"), &format!("{pointer}/{}", decoded.len())) {
                Some(element) => decoded.push(element),
                None => self.origins.removed.0.push(format!("{pointer}/{}", decoded.len())),
            }
        }
        decoded
    }

    /// Decodes one value; takes out what does not fit until the rest does. `base` is its place in the file, `place` in the typed document.
    fn decode<T: DeserializeOwned>(&mut self, mut value: Value, base: &str, place: &str) -> Option<T> {
        let mut filled = BTreeSet::new();
        let mut removed = Removed::default();
        for _ in 0..MAX_FAULTS {
            let error = match serde_path_to_error::deserialize::<_, T>(&value) {
                Ok(decoded) => {
                    self.origins.removed.0.extend(removed.0.iter().map(|pointer| format!("{place}{pointer}")));
                    return Some(decoded);
                }
                Err(error) => error,
            };
            let at = pointer_of(&error, &value);
            let message = error.inner().to_string();
            let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()).map(str::to_owned);
            self.tell(&format!("{base}{}", removed.original(&at)), &message, missing.as_deref(), value.pointer(&at));
            if let Some(name) = missing
                && let Some(Value::Object(members)) = value.pointer_mut(&at)
                && filled.insert(format!("{at}/{name}"))
            {
                // A text that may be empty (a name, an id) keeps its thing alive; a number comes back here and is taken out.
                members.insert(name, Value::String(String::new()));
                continue;
            }
            if !remove(&mut value, &at, &mut removed) {
                return None;
            }
        }
        None
    }

    fn tell(&mut self, at: &str, message: &str, missing: Option<&str>, found: Option<&Value>) {
        let pointer = missing.map_or_else(|| at.to_owned(), |name| format!("{at}/{}", escape(name)));
        let below = format!("{pointer}/");
        if self.origins.told.iter().any(|told| *told == pointer || told.starts_with(&below)) {
            return;
        }
        let name = pointer.rsplit('/').next().unwrap_or_default();
        let (text, hint) = words(name, message, missing, found);
        self.problems.push(Problem::error(self.file, &pointer, text, hint));
        self.origins.told.insert(pointer);
    }
}

/// The pointer of a decoding error, shortened to what exists.
fn pointer_of(error: &serde_path_to_error::Error<serde_json::Error>, value: &Value) -> String {
    let mut pointer = String::new();
    for segment in error.path() {
        let name = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.clone(),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => break,
        };
        let longer = format!("{pointer}/{}", escape(&name));
        if value.pointer(&longer).is_none() {
            break;
        }
        pointer = longer;
    }
    pointer
}

/// Takes out the member or element at a pointer. False for the root, which cannot be taken out.
fn remove(value: &mut Value, at: &str, removed: &mut Removed) -> bool {
    let Some((parent, segment)) = at.rsplit_once('/') else { return false };
    match value.pointer_mut(parent) {
        Some(Value::Object(members)) => members.remove(&unescape(segment)).is_some(),
        Some(Value::Array(items)) => match segment.parse::<usize>() {
            // A pair such as a range is of no use with one half.
            Ok(index) if index < items.len() && items.iter().all(|item| !item.is_object()) => remove(value, parent, removed),
            Ok(index) if index < items.len() => {
                items.remove(index);
                removed.0.push(at.to_owned());
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// A decoding error in words, with a hint.
fn words(name: &str, message: &str, missing: Option<&str>, found: Option<&Value>) -> (String, String) {
    if let Some(missing) = missing {
        return (format!("{missing} is missing"), format!("Add the member \"{missing}\"."));
    }
    let found = found.map(ToString::to_string).unwrap_or_default();
    let found = if found.chars().count() > 60 { format!("{}…", found.chars().take(60).collect::<String>()) } else { found };
    let wants_number = ["expected f64", "expected u8"].iter().any(|end| message.ends_with(end));
    if wants_number && name.ends_with("_secs") {
        return (format!("{name} is not a number: {found}"), "Write the time in seconds as a number, such as 600.".to_owned());
    }
    if wants_number {
        return (format!("{name} is not a number: {found}"), "Write a plain number, in the unit of the signal, without quotes.".to_owned());
    }
    if let Some((what, choices)) = message.split_once(", expected one of ") {
        let what = what.replace("unknown variant", "unknown word");
        return (what, format!("Use one of {}.", choices.replace('`', "\"")));
    }
    (format!("{name} does not fit: {message}"), "Compare with the JSON Schema plant.twin.schema.json.".to_owned())
}
