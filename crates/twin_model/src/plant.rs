//! A plant ready to run: the document with every name resolved to an index.

use crate::alarm::AlarmSettings;
use crate::document::{DerivedSettings, PlantDocument, ShadowRole, SourceSettings, TypeLibrary};
use crate::{Problem, SignalKey, SignalTable, ThingId};
use std::collections::BTreeMap;

/// A plant with its names resolved. Immutable once built; shared by `Arc`.
#[derive(Clone, Debug, Default)]
pub struct Plant {
    /// The document it was built from.
    pub document: PlantDocument,
    /// All signals: measured ones first, then derived, then `/model` and `/residual` of judged ones.
    pub signals: SignalTable,
    /// What the document says of each signal beyond [`SignalTable`], by key.
    pub settings: Vec<SignalSettings>,
    /// Things in document order.
    pub things: Vec<Thing>,
    /// Alarm points in document order.
    pub alarms: Vec<AlarmPoint>,
}

/// A thing with its place in the tree.
#[derive(Clone, Debug)]
pub struct Thing {
    /// Id.
    pub id: ThingId,
    /// Name for people.
    pub name: String,
    /// What it is.
    pub description: String,
    /// DTMI of its type and of the types that one extends, nearest first.
    pub types: Vec<String>,
    /// Index of the parent.
    pub parent: Option<usize>,
    /// Its signals, derived ones included, in document order.
    pub signals: Vec<SignalKey>,
    /// Indices of its alarm points.
    pub alarms: Vec<usize>,
}

/// An alarm point with its thing.
#[derive(Clone, Debug)]
pub struct AlarmPoint {
    /// Index into [`Plant::things`].
    pub thing: usize,
    /// Its settings.
    pub settings: AlarmSettings,
}

/// Settings of a signal that evaluation needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignalSettings {
    /// Index into [`Plant::things`].
    pub thing: usize,
    /// Formula, for a signal the twin computes.
    pub derived: Option<DerivedSettings>,
    /// Role for the shadow.
    pub shadow: Option<ShadowRole>,
    /// Band of the residual, in the unit.
    pub residual_band: Option<f64>,
    /// Declared noise, in the unit.
    pub noise_sigma: Option<f64>,
    /// `/model` signal, for a judged one.
    pub model: Option<SignalKey>,
    /// `/residual` signal, for a judged one.
    pub residual: Option<SignalKey>,
    /// Session (gateway) that delivers it, by name, where the document tells.
    pub topic: Option<String>,
    /// Own pointer into the payload.
    pub pointer: Option<String>,
    /// Unit code for conversion, as declared.
    pub unit_code: String,
}

impl Plant {
    /// Resolves a document. What cannot be resolved is left out and told as a problem; the rest works.
    pub fn build(document: PlantDocument, types: &TypeLibrary) -> (Self, Vec<Problem>) {
        crate::document::build_plant(document, types)
    }

    /// The index of a thing by id or by name.
    pub fn thing(&self, id_or_name: &str) -> Option<usize> {
        self.things.iter().position(|thing| thing.id.as_str() == id_or_name || thing.name == id_or_name || thing.id.name() == id_or_name)
    }

    /// The index of an alarm point by tag.
    pub fn alarm(&self, tag: &str) -> Option<usize> {
        self.alarms.iter().position(|alarm| alarm.settings.tag == tag)
    }

    /// The sources of the document.
    pub fn sources(&self) -> &[SourceSettings] {
        &self.document.sources
    }

    /// Settings by signal tag or id, for tests and tools.
    pub fn settings_of(&self, key: SignalKey) -> Option<&SignalSettings> {
        self.settings.get(key.index())
    }

    /// Children of each thing, by index.
    pub fn children(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut children: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, thing) in self.things.iter().enumerate() {
            if let Some(parent) = thing.parent {
                children.entry(parent).or_default().push(index);
            }
        }
        children
    }
}
