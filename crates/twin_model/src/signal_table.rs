//! All signals of a plant, interned: text outside, `u32` inside.

use crate::{SignalId, SignalKey, ThingId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a value reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ValueKind {
    /// A number in the unit of the signal.
    Number,
    /// 0 or 1.
    Boolean,
    /// An integer that names a state.
    Enumeration {
        /// State names; the value is the index.
        states: Vec<String>,
    },
}

/// What is known of one signal without its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignalInfo {
    /// Full id.
    pub id: SignalId,
    /// The thing it belongs to.
    pub thing: ThingId,
    /// Plant tag, unique in the plant, such as `TT-111A`. Empty for what has none.
    pub tag: String,
    /// Name for a person, such as `Pump DE bearing temperature`.
    pub name: String,
    /// Unit symbol as declared, such as `°C`, `barg`; empty for booleans and enumerations.
    pub unit: String,
    /// Number, boolean or enumeration.
    pub kind: ValueKind,
    /// Declared range, low and high, in the unit.
    pub range: Option<(f64, f64)>,
    /// Longest time between two samples in normal operation, in plant seconds; `None` for what is never expected (derived).
    pub expected_interval_secs: Option<f64>,
    /// True for samples only on change (with a slow repeat).
    pub on_change: bool,
    /// Decimals that carry information (the published resolution).
    pub decimals: u8,
    /// True when the twin computes it (derived, model, residual).
    pub is_derived: bool,
}

/// Interned signals. Keys are dense: 0, 1, 2, … in the order of interning.
#[derive(Clone, Debug, Default)]
pub struct SignalTable {
    infos: Vec<SignalInfo>,
    by_id: BTreeMap<String, SignalKey>,
    by_tag: BTreeMap<String, SignalKey>,
}

impl SignalTable {
    /// Adds a signal, or finds the one with the same id.
    pub fn intern(&mut self, info: SignalInfo) -> SignalKey {
        if let Some(key) = self.by_id.get(info.id.as_str()) {
            return *key;
        }
        let key = SignalKey(u32::try_from(self.infos.len()).unwrap_or(u32::MAX));
        self.by_id.insert(info.id.as_str().to_owned(), key);
        if !info.tag.is_empty() {
            self.by_tag.entry(info.tag.clone()).or_insert(key);
        }
        self.infos.push(info);
        key
    }

    /// The signal with this id or tag.
    pub fn find(&self, id_or_tag: &str) -> Option<SignalKey> {
        self.by_tag.get(id_or_tag).or_else(|| self.by_id.get(id_or_tag)).copied()
    }

    /// What is known of a signal.
    pub fn info(&self, key: SignalKey) -> Option<&SignalInfo> {
        self.infos.get(key.index())
    }

    /// Number of signals.
    pub fn len(&self) -> usize {
        self.infos.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.infos.is_empty()
    }

    /// All signals with their keys, in key order.
    pub fn iter(&self) -> impl Iterator<Item = (SignalKey, &SignalInfo)> {
        self.infos.iter().enumerate().map(|(i, info)| (SignalKey(u32::try_from(i).unwrap_or(u32::MAX)), info))
    }
}
