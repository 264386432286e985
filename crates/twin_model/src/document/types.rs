//! The types of things: a subset of DTDL v3.

use std::collections::BTreeMap;

/// All interfaces a plant uses, by DTMI.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypeLibrary {
    /// Interfaces by DTMI.
    pub interfaces: BTreeMap<String, Interface>,
}

/// One DTDL interface.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interface {
    /// `dtmi:…;1`.
    pub dtmi: String,
    /// Name for people.
    pub display_name: String,
    /// DTMIs of the interfaces it extends.
    pub extends: Vec<String>,
    /// Telemetry by name.
    pub telemetry: BTreeMap<String, TypeSignal>,
    /// Names of its properties, components, relationships and commands.
    pub others: Vec<String>,
}

/// One telemetry of a type.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeSignal {
    /// Name for people.
    pub display_name: String,
    /// Unit code, if it has one.
    pub unit: Option<String>,
    /// How a value reads.
    pub schema: ValueSchema,
}

/// Schema of a telemetry, as far as the twin uses it.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueSchema {
    /// `double`, `float`, `integer`, `long`.
    Number,
    /// `boolean`.
    Boolean,
    /// `Enum` with integer values 0, 1, 2 … in this order.
    Enumeration(Vec<String>),
}

impl TypeLibrary {
    /// The telemetry of a type, own or inherited.
    pub fn signal(&self, dtmi: &str, telemetry: &str) -> Option<&TypeSignal> {
        self.signal_within(dtmi, telemetry, 16)
    }

    /// A type and all it extends, nearest first, each once.
    pub fn lineage(&self, dtmi: &str) -> Vec<String> {
        let mut lineage = vec![dtmi.to_owned()];
        let mut next = 0;
        while let Some(current) = lineage.get(next) {
            let bases = self.interfaces.get(current).map(|interface| interface.extends.clone()).unwrap_or_default();
            for base in bases {
                if !lineage.contains(&base) {
                    lineage.push(base);
                }
            }
            next += 1;
        }
        lineage
    }

    fn signal_within(&self, dtmi: &str, telemetry: &str, depth: usize) -> Option<&TypeSignal> {
        let interface = self.interfaces.get(dtmi)?;
        if let Some(signal) = interface.telemetry.get(telemetry) {
            return Some(signal);
        }
        if depth == 0 {
            return None;
        }
        interface.extends.iter().find_map(|base| self.signal_within(base, telemetry, depth - 1))
    }
}
