//! A small plant, and a lane to feed it by hand.

use std::collections::BTreeMap;
use std::sync::Arc;
use twin_insight::{AlarmEvent, AlarmEventKind, AlarmStatus, Evaluation, Evaluator, ThingHealth};
use twin_model::alarm::{AlarmClass, AlarmSettings, Condition, HealthState};
use twin_model::document::{
    DerivedSettings, Interface, PlantDocument, ShadowRole, SignalDocument, ThingDocument, TypeLibrary, TypeSignal, ValueSchema,
};
use twin_model::{Batch, Origin, Plant, Quality, Sample, SignalKey, TwinTime};

pub fn at(secs: f64) -> TwinTime {
    TwinTime::from_millis(1_700_000_000_000 + (secs * 1000.0).round() as i64)
}

pub fn high(signal: &str, limit: f64) -> Condition {
    Condition::High { signal: signal.to_owned(), limit }
}

pub fn is(signal: &str, state: &str) -> Condition {
    Condition::Is { signal: signal.to_owned(), state: state.to_owned() }
}

pub fn alarm(tag: &str, condition: Condition) -> AlarmSettings {
    AlarmSettings {
        tag: tag.to_owned(),
        class: AlarmClass::Alarm,
        priority: Some(2),
        message: "Level high".to_owned(),
        condition,
        deadband: 3.0,
        on_delay_secs: 5.0,
        off_delay_secs: 10.0,
        time_to_respond_secs: Some(300.0),
        cause: String::new(),
        consequence: String::new(),
        operator_action: String::new(),
        suppressed_when: Vec::new(),
        health: None,
    }
}

pub fn signal(tag: &str) -> SignalDocument {
    let declared = serde_json::json!({
        "tag": tag, "unit": "%", "expected_interval_secs": 1.0, "noise_sigma": 0.2, "resolution": 0.1
    });
    serde_json::from_value(declared).unwrap()
}

pub fn judged(tag: &str, band: f64) -> SignalDocument {
    SignalDocument { residual_band: Some(band), shadow: Some(ShadowRole::Judged), ..signal(tag) }
}

pub fn derived(tag: &str, function: &str, inputs: &[(&str, &str)]) -> SignalDocument {
    let inputs = inputs.iter().map(|(name, signal)| ((*name).to_owned(), (*signal).to_owned())).collect();
    let settings = DerivedSettings { function: function.to_owned(), inputs, parameters: BTreeMap::new() };
    SignalDocument { derived: Some(settings), ..signal(tag) }
}

pub fn thing(name: &str, parent: Option<&str>, signals: Vec<SignalDocument>, alarms: Vec<AlarmSettings>) -> ThingDocument {
    let telemetry = |signal: &SignalDocument| {
        let tag = signal.tag.clone().unwrap_or_default().to_lowercase();
        if tag.starts_with("xs") { "state".to_owned() } else { tag.replace('-', "_") }
    };
    let declared = serde_json::json!({ "id": format!("test:{name}"), "type": "dtmi:test:Thing;1", "name": name.to_uppercase() });
    ThingDocument {
        parent: parent.map(|parent| format!("test:{parent}")),
        signals: signals.into_iter().map(|signal| (telemetry(&signal), signal)).collect(),
        alarms,
        ..serde_json::from_value(declared).unwrap()
    }
}

pub fn plant(things: Vec<ThingDocument>) -> Plant {
    let states = ["stopped", "starting", "running", "stopping", "tripped"].map(str::to_owned).to_vec();
    let state = TypeSignal { display_name: "State".to_owned(), unit: None, schema: ValueSchema::Enumeration(states) };
    let interface = Interface {
        dtmi: "dtmi:test:Thing;1".to_owned(),
        telemetry: BTreeMap::from([("state".to_owned(), state)]),
        ..Interface::default()
    };
    let types = TypeLibrary { interfaces: BTreeMap::from([(interface.dtmi.clone(), interface)]) };
    let document = PlantDocument { things, ..PlantDocument::default() };
    let (plant, problems) = Plant::build(document, &types);
    assert_eq!(problems, Vec::new());
    plant
}

/// A lane under test: every call is a batch of its own; events are kept.
pub struct Lane {
    pub evaluator: Evaluator,
    pub events: Vec<AlarmEvent>,
    pub derived: Vec<Sample>,
}

impl Lane {
    pub fn new(plant: Plant) -> Self {
        Self { evaluator: Evaluator::new(Arc::new(plant)), events: Vec::new(), derived: Vec::new() }
    }

    pub fn key(&self, name: &str) -> SignalKey {
        self.evaluator.plant().signals.find(name).unwrap_or_else(|| panic!("{name} is no signal"))
    }

    pub fn sample(&self, name: &str, secs: f64, value: Option<f64>, quality: Quality) -> Sample {
        let time = at(secs);
        Sample { signal: self.key(name), value, quality, source_time: time, receive_time: time, origin: Origin::Live }
    }

    pub fn commit(&mut self, batch: &Batch) {
        let mut out = Evaluation::default();
        self.evaluator.commit(batch, &mut out);
        self.keep(out);
    }

    fn keep(&mut self, out: Evaluation) {
        self.events.extend(out.events);
        self.derived.extend(out.derived);
    }

    pub fn send(&mut self, name: &str, secs: f64, value: f64) {
        let sample = self.sample(name, secs, Some(value), Quality::GOOD);
        self.commit(&Batch { samples: vec![sample], ..Batch::default() });
    }

    pub fn send_quality(&mut self, name: &str, secs: f64, value: Option<f64>, quality: Quality) {
        let sample = self.sample(name, secs, value, quality);
        self.commit(&Batch { samples: vec![sample], ..Batch::default() });
    }

    pub fn tick(&mut self, secs: f64) {
        self.commit(&Batch { tick: Some(at(secs)), ..Batch::default() });
    }

    pub fn index(&self, tag: &str) -> usize {
        self.evaluator.plant().alarm(tag).unwrap_or_else(|| panic!("{tag} is no alarm"))
    }

    pub fn status(&self, tag: &str) -> AlarmStatus {
        self.evaluator.alarms()[self.index(tag)]
    }

    pub fn health(&self, thing: &str) -> &ThingHealth {
        &self.evaluator.health()[self.evaluator.plant().thing(thing).unwrap()]
    }

    pub fn health_state(&self, thing: &str) -> HealthState {
        self.health(thing).state
    }

    /// Kinds and times (seconds) of the events of an alarm.
    pub fn story(&self, tag: &str) -> Vec<(AlarmEventKind, f64)> {
        let alarm = self.index(tag);
        self.events.iter().filter(|event| event.alarm == alarm).map(|event| (event.kind, event.time.secs_since(at(0.0)))).collect()
    }

    pub fn acknowledge(&mut self, tag: &str, secs: f64) -> Result<(), twin_insight::Refusal> {
        let mut out = Evaluation::default();
        let result = self.evaluator.acknowledge(self.index(tag), at(secs), &mut out);
        self.keep(out);
        result
    }

    pub fn shelve(&mut self, tag: &str, until: f64, secs: f64) -> Result<(), twin_insight::Refusal> {
        let mut out = Evaluation::default();
        let result = self.evaluator.shelve(self.index(tag), at(until), at(secs), &mut out);
        self.keep(out);
        result
    }
}
