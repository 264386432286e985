//! Reading type files: a subset of the Digital Twins Definition Language, version 3.

use super::json::escape;
use super::{Interface, TypeLibrary, TypeSignal, ValueSchema};
use crate::Problem;
use serde_json::{Map, Value};

/// Adds the interfaces of one file (one interface, or an array of them) to a library.
pub(crate) fn read_interfaces(library: &mut TypeLibrary, value: &Value, file: &str, problems: &mut Vec<Problem>) {
    let mut reader = Reader { file, problems };
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                reader.interface(library, item, &format!("/{index}"));
            }
        }
        other => reader.interface(library, other, ""),
    }
}

struct Reader<'a> {
    file: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn error(&mut self, pointer: &str, message: String, hint: &str) {
        self.problems.push(Problem::error(self.file, pointer, message, hint));
    }

    fn interface(&mut self, library: &mut TypeLibrary, value: &Value, at: &str) {
        let Some(members) = value.as_object() else {
            self.error(
                at,
                "a type file holds interfaces only".to_owned(),
                "Write an object with \"@type\": \"Interface\", or an array of them.",
            );
            return;
        };
        if !has_type(members, "Interface") {
            self.error(&format!("{at}/@type"), "the element is no Interface".to_owned(), "Write \"@type\": \"Interface\".");
            return;
        }
        let Some(dtmi) = members.get("@id").and_then(Value::as_str).filter(|id| is_dtmi(id)) else {
            self.error(&format!("{at}/@id"), "the interface has no usable @id".to_owned(), "Write \"@id\": \"dtmi:name:Name;1\".");
            return;
        };
        if !is_version_3(members.get("@context")) {
            self.problems.push(Problem::warning(
                self.file,
                &format!("{at}/@context"),
                "the interface does not say that it is DTDL version 3",
                "Write \"@context\": \"dtmi:dtdl:context;3\".",
            ));
        }
        let mut interface = Interface { dtmi: dtmi.to_owned(), display_name: display_name(members, dtmi), ..Interface::default() };
        match members.get("extends") {
            None => {}
            Some(Value::String(base)) => interface.extends.push(base.clone()),
            Some(Value::Array(bases)) if bases.iter().all(Value::is_string) => {
                interface.extends = bases.iter().filter_map(|base| base.as_str().map(str::to_owned)).collect();
            }
            Some(_) => {
                self.error(
                    &format!("{at}/extends"),
                    "extends holds something else than interface ids".to_owned(),
                    "Name the extended interfaces by their @id.",
                );
            }
        }
        match members.get("contents") {
            None => {}
            Some(Value::Array(contents)) => {
                for (index, content) in contents.iter().enumerate() {
                    self.content(&mut interface, content, &format!("{at}/contents/{index}"));
                }
            }
            Some(_) => self.error(&format!("{at}/contents"), "contents is no array".to_owned(), "Write \"contents\": [ … ]."),
        }
        for member in members.keys() {
            if !["@context", "@id", "@type", "displayName", "description", "comment", "extends", "contents", "schemas"]
                .contains(&member.as_str())
            {
                self.unsupported(&format!("{at}/{}", escape(member)), member);
            }
        }
        if members.contains_key("schemas") {
            self.unsupported(&format!("{at}/schemas"), "schemas");
        }
        if library.interfaces.contains_key(dtmi) {
            self.error(&format!("{at}/@id"), format!("the interface {dtmi} is defined twice"), "Give each interface an @id of its own.");
        } else {
            library.interfaces.insert(dtmi.to_owned(), interface);
        }
    }

    fn unsupported(&mut self, pointer: &str, what: &str) {
        let message = format!("{what} is not in the supported subset of DTDL and is ignored");
        self.problems.push(Problem::warning(
            self.file,
            pointer,
            message,
            "Supported are Interface, Telemetry, Property, Component, Relationship, Command and Enum.",
        ));
    }

    fn content(&mut self, interface: &mut Interface, value: &Value, at: &str) {
        let Some(members) = value.as_object() else {
            self.error(at, "an element of contents is no object".to_owned(), "Write an object with @type and name.");
            return;
        };
        let Some(name) = members.get("name").and_then(Value::as_str).filter(|name| is_name(name)) else {
            self.error(
                &format!("{at}/name"),
                "the element has no usable name".to_owned(),
                "Use letters, digits and _, beginning with a letter.",
            );
            return;
        };
        if interface.telemetry.contains_key(name) || interface.others.iter().any(|other| other == name) {
            self.error(
                &format!("{at}/name"),
                format!("the name {name} stands twice in {}", interface.dtmi),
                "Names are unique in an interface.",
            );
            return;
        }
        if has_type(members, "Telemetry") {
            if let Some(schema) = self.schema(members.get("schema"), &format!("{at}/schema")) {
                let unit = members.get("unit").and_then(Value::as_str).map(str::to_owned);
                let signal = TypeSignal { display_name: display_name(members, name), unit, schema };
                interface.telemetry.insert(name.to_owned(), signal);
            }
        } else if ["Property", "Component", "Relationship", "Command"].iter().any(|kind| has_type(members, kind)) {
            interface.others.push(name.to_owned());
        } else {
            let kind = members.get("@type").map(ToString::to_string).unwrap_or_default();
            self.unsupported(&format!("{at}/@type"), &format!("the element type {kind}"));
        }
    }

    fn schema(&mut self, schema: Option<&Value>, at: &str) -> Option<ValueSchema> {
        match schema {
            Some(Value::String(name)) if ["double", "float", "integer", "long"].contains(&name.as_str()) => Some(ValueSchema::Number),
            Some(Value::String(name)) if name == "boolean" => Some(ValueSchema::Boolean),
            Some(Value::Object(members)) if has_type(members, "Enum") => self.enumeration(members, at),
            None => {
                self.error(at, "the telemetry has no schema".to_owned(), "Write \"schema\": \"double\", \"boolean\", or an Enum.");
                None
            }
            Some(other) => {
                let message = format!("the schema {other} is not supported for telemetry");
                self.error(at, message, "Use double, float, integer, long, boolean, or an Enum with integer values 0, 1, 2 ….");
                None
            }
        }
    }

    fn enumeration(&mut self, members: &Map<String, Value>, at: &str) -> Option<ValueSchema> {
        let values = members.get("enumValues").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut states = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let name = value.get("name").and_then(Value::as_str);
            let number = value.get("enumValue").and_then(Value::as_u64);
            match (name, number) {
                (Some(name), Some(number)) if number == index as u64 && !states.iter().any(|state| state == name) => {
                    states.push(name.to_owned())
                }
                _ => {
                    self.error(
                        &format!("{at}/enumValues/{index}"),
                        "an enumeration needs different names with the values 0, 1, 2 … in this order".to_owned(),
                        "Write { \"name\": \"stopped\", \"enumValue\": 0 } and so on.",
                    );
                    return None;
                }
            }
        }
        if states.is_empty() {
            self.error(&format!("{at}/enumValues"), "the enumeration has no values".to_owned(), "List its states.");
            return None;
        }
        Some(ValueSchema::Enumeration(states))
    }
}

fn has_type(members: &Map<String, Value>, kind: &str) -> bool {
    match members.get("@type") {
        Some(Value::String(name)) => name == kind,
        Some(Value::Array(names)) => names.iter().any(|name| name == kind),
        _ => false,
    }
}

/// `displayName` is a text, or a map from language to text: English, else the first.
fn display_name(members: &Map<String, Value>, default: &str) -> String {
    match members.get("displayName") {
        Some(Value::String(name)) => name.clone(),
        Some(Value::Object(names)) => {
            let name = names.get("en").or_else(|| names.values().next()).and_then(Value::as_str);
            name.unwrap_or(default).to_owned()
        }
        _ => default.to_owned(),
    }
}

fn is_version_3(context: Option<&Value>) -> bool {
    let is_3 = |value: &Value| value.as_str().is_some_and(|name| name.starts_with("dtmi:dtdl:context;3"));
    match context {
        Some(Value::Array(items)) => items.iter().any(is_3),
        Some(value) => is_3(value),
        None => false,
    }
}

fn is_dtmi(id: &str) -> bool {
    id.len() <= 128 && id.strip_prefix("dtmi:").is_some_and(|path| !path.is_empty() && !path.contains(char::is_whitespace))
}

fn is_name(name: &str) -> bool {
    name.len() <= 512 && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
