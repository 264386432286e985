//! A small plant to receive.

use std::collections::BTreeMap;
use twin_model::document::{Interface, PlantDocument, SourceSettings, TypeLibrary, TypeSignal, ValueSchema};
use twin_model::{Batch, Plant, Sample, SignalKey, SourceEvent, TwinTime};

/// 2026-01-31T08:15:30Z.
pub const START: TwinTime = TwinTime(1_769_847_330_000_000_000);

const PLANT: &str = r#"{
  "format_version": "0.1", "namespace": "unit100", "name": "Test unit",
  "sources": [{
    "name": "plant", "topic": "unit100/+/{thing}/{tag}", "qos": 1,
    "sessions": [
      {"name": "gw-100", "status_topic": "unit100/gw-100/status", "alive_tag": "XS-110"},
      {"name": "gw-200", "status_topic": "unit100/gw-200/status", "alive_tag": "XS-210"}
    ]
  }],
  "things": [
    {"id": "unit100:p-101a", "type": "pump", "name": "P-101A", "signals": {
      "temperature": {"tag": "TT-111A", "unit": "°C", "range": [0, 150], "expected_interval_secs": 1},
      "pressure": {"tag": "PT-106A", "unit": "barg", "range": [-1, 1.5], "expected_interval_secs": 0.2},
      "state": {"tag": "XS-101A", "on_change": true, "expected_interval_secs": 60},
      "running": {"tag": "YS-101A", "on_change": true},
      "rms": {"tag": "VT-111A", "unit": "mm/s", "topic": "vendor/{thing}/scan", "pointer": "/data/rms", "expected_interval_secs": 10},
      "peak": {"tag": "VT-111P", "unit": "mm/s", "topic": "vendor/{thing}/scan", "pointer": "/data/spectrum/0/peak"},
      "speed": {"tag": "SI-101A", "unit": "rpm", "pointer": "/rpm", "expected_interval_secs": 1}
    }},
    {"id": "unit100:ct-201", "type": "pump", "name": "CT-201", "signals": {
      "temperature": {"tag": "TT-201", "unit": "°C", "expected_interval_secs": 1}
    }},
    {"id": "unit100:gw", "type": "gateway", "name": "GW", "signals": {
      "alive_100": {"tag": "XS-110", "on_change": true}, "alive_200": {"tag": "XS-210", "on_change": true}
    }}
  ]
}"#;

pub fn plant() -> Plant {
    let document: PlantDocument = serde_json::from_str(PLANT).unwrap();
    let states = ["stopped", "starting", "running"].map(str::to_owned).to_vec();
    let mut types = TypeLibrary::default();
    let mut add = |dtmi: &str, signals: &[(&str, ValueSchema)]| {
        let telemetry = signals
            .iter()
            .map(|(name, schema)| (name.to_string(), TypeSignal { display_name: name.to_string(), unit: None, schema: schema.clone() }));
        let interface = Interface { dtmi: dtmi.to_owned(), telemetry: telemetry.collect::<BTreeMap<_, _>>(), ..Interface::default() };
        types.interfaces.insert(dtmi.to_owned(), interface);
    };
    add("pump", &[("state", ValueSchema::Enumeration(states)), ("running", ValueSchema::Boolean)]);
    add("gateway", &[("alive_100", ValueSchema::Boolean), ("alive_200", ValueSchema::Boolean)]);
    let (plant, problems) = Plant::build(document, &types);
    assert_eq!(problems, vec![]);
    plant
}

pub fn source(plant: &Plant) -> SourceSettings {
    plant.sources()[0].clone()
}

pub fn key(plant: &Plant, tag: &str) -> SignalKey {
    plant.signals.find(tag).unwrap()
}

pub fn batches(events: &[SourceEvent]) -> impl Iterator<Item = &Batch> {
    events.iter().filter_map(|event| if let SourceEvent::Batch(batch) = event { Some(batch) } else { None })
}

pub fn samples(events: &[SourceEvent]) -> Vec<Sample> {
    batches(events).flat_map(|batch| batch.samples.iter().copied()).collect()
}

pub fn samples_of(events: &[SourceEvent], signal: SignalKey) -> Vec<Sample> {
    samples(events).into_iter().filter(|sample| sample.signal == signal).collect()
}
