use twin_model::document::{load, load_embedded};
use twin_model::{Problem, Severity};

const TYPES: &str = r#"[
  { "@context": "dtmi:dtdl:context;3", "@id": "dtmi:bad:Tank;1", "@type": "Interface", "extends": "dtmi:bad:Missing;1",
    "contents": [
      { "@type": "Telemetry", "name": "level", "schema": "double", "unit": "percent" },
      { "@type": "Telemetry", "name": "pressure", "schema": "double" },
      { "@type": "Telemetry", "name": "temp", "schema": "double", "unit": "degreeCelsius" },
      { "@type": "Telemetry", "name": "running", "schema": "boolean" },
      { "@type": "Telemetry", "name": "flow", "schema": "double", "unit": "ucum:m3/h" },
      { "@type": "Telemetry", "name": "geo", "schema": "point" },
      { "@type": "Wish", "name": "wish" }
    ] }
]"#;

/// Every problem a plant file can have, once.
const BAD: &str = r#"{
  "format_version": "7.0",
  "namespace": "bad",
  "name": "Bad plant",
  "name": "Bad plant again",
  "models": ["types.dtdl.json", "absent.dtdl.json", "../secret.dtdl.json"],
  "sources": [{ "name": "plant", "topic": "bad/{thing}/{tag}", "qos": 2 }],
  "things": [
    { "id": "bad:t1", "type": "dtmi:bad:Tank;1", "name": "T1", "parent": "bad:t9",
      "documents": [{ "kind": "manual", "path": "docs/none.md" }, { "kind": "photo", "path": "/etc/hostname" }],
      "signals": {
        "level": { "tag": "LT-1", "unit": "%", "range": [100, 0], "expected_interval_secs": 1 },
        "pressure": { "tag": "PT-1", "unit": "bar", "expected_interval_secs": 1 },
        "temp": { "tag": "TT-1", "unit": "m³/h", "expected_interval_secs": 1 },
        "running": { "tag": "XS-1", "unit": "kW", "expected_interval_secs": 1 },
        "flow": { "tag": "LT-1", "unit": "furlongs", "expected_interval_secs": 1 },
        "absent": { "expected_interval_secs": 1 }
      },
      "alarms": [
        { "tag": "LAH-1", "class": "alarm", "priority": 2, "message": "High", "condition": { "high": { "signal": "LT-1", "limit": 70 } },
          "time_to_respond_secs": "soon", "operator_action": "Look." },
        { "tag": "LAHH-1", "class": "alarm", "message": "Very high", "condition": { "high": { "signal": "LT-1", "limit": 60 } },
          "time_to_respond_secs": 60, "deadband": -1, "operator_action": "Look." },
        { "tag": "LAH-1", "class": "event", "message": "x", "condition": { "is": { "signal": "XS-1", "state": "flying" } } },
        { "tag": "UA-1", "class": "event", "message": "x", "condition": { "low": { "signal": "LT-l", "limit": 1 } } },
        { "tag": "UA-2", "class": "panic", "message": "x", "condition": { "bad": { "signal": "LT-1" } } }
      ] },
    { "id": "bad:t1", "type": "dtmi:bad:Pump;1", "name": "T2" },
    { "id": "No Id", "type": "dtmi:bad:Tank;1", "name": "T3" },
    { "id": "bad:t4", "type": "dtmi:bad:Tank;1", "name": "T4",
      "signals": { "level": { "tag": "LT-4", "topic": "bad/t1/LT-1", "expected_interval_secs": "often" } } },
    "not a thing"
  ],
  "relationships": [{ "from": "bad:t1", "to": "bad:t8", "kind": "flows_to" }],
  "scenes": [{ "file": "scene.gltf", "bindings": { "Dangling": "bad:t1", "Twice": "bad:t4" } }],
  "key_signals": ["LT-9"]
}"#;

const SCENE: &str = r#"{ "asset": { "version": "2.0" }, "extensionsUsed": ["EXT_meshopt_compression", "KHR_mesh_quantization"],
  "nodes": [{ "name": "Twice" }, { "name": "Twice" }, { "name": "Ghost", "extras": { "twin_thing": "bad:ghost" } }] }"#;

fn bad_plant() -> Vec<Problem> {
    load_embedded(&[("plant.twin.json", BAD.as_bytes()), ("types.dtdl.json", TYPES.as_bytes()), ("scene.gltf", SCENE.as_bytes())]).1
}

#[test]
fn every_problem_is_told_at_once_with_its_place() {
    let problems = bad_plant();
    let expected = [
        ("plant.twin.json", "/format_version", "format version 7.0 is unknown"),
        ("plant.twin.json", "/name", "stands more than once"),
        ("plant.twin.json", "/models/1", "does not exist"),
        ("plant.twin.json", "/models/2", "leaves the folder"),
        ("types.dtdl.json", "/0/contents/5/schema", "not supported"),
        ("types.dtdl.json", "/0/contents/6/@type", "not in the supported subset"),
        ("plant.twin.json", "/models", "extends dtmi:bad:Missing;1, which cannot be reached"),
        ("plant.twin.json", "/sources/0/qos", "quality of service 2"),
        ("plant.twin.json", "/things/0/parent", "the parent bad:t9 does not exist"),
        ("plant.twin.json", "/things/0/documents/0/path", "docs/none.md does not exist"),
        ("plant.twin.json", "/things/0/documents/1/path", "is absolute"),
        ("plant.twin.json", "/things/0/signals/level/range", "out of order"),
        ("plant.twin.json", "/things/0/signals/pressure/unit", "neither gauge nor absolute"),
        ("plant.twin.json", "/things/0/signals/temp/unit", "does not measure what the type says"),
        ("plant.twin.json", "/things/0/signals/running/unit", "contradicts the type"),
        ("plant.twin.json", "/things/0/signals/level/tag", "the tag LT-1 is used twice"),
        ("plant.twin.json", "/things/0/signals/flow/unit", "the unit furlongs is unknown"),
        ("plant.twin.json", "/things/0/signals/absent", "has no telemetry absent"),
        ("plant.twin.json", "/things/0/signals/absent", "no topic delivers"),
        ("plant.twin.json", "/things/0/alarms/0/time_to_respond_secs", "is not a number: \"soon\""),
        ("plant.twin.json", "/things/0/alarms/1/priority", "without priority"),
        ("plant.twin.json", "/things/0/alarms/1/deadband", "below zero"),
        ("plant.twin.json", "/things/0/alarms/1/condition/high/limit", "the limits of LT-1 are out of order"),
        ("plant.twin.json", "/things/0/alarms/2/tag", "the tag LAH-1 is used twice"),
        ("plant.twin.json", "/things/0/alarms/2/condition/is/state", "XS-1 has no state flying"),
        ("plant.twin.json", "/things/0/alarms/3/condition/low/signal", "the signal LT-l does not exist"),
        ("plant.twin.json", "/things/0/alarms/4/class", "unknown word"),
        ("plant.twin.json", "/things/1/id", "used twice"),
        ("plant.twin.json", "/things/1/type", "cannot be reached"),
        ("plant.twin.json", "/things/2/id", "id needs the form"),
        ("plant.twin.json", "/things/3/signals/level/expected_interval_secs", "is not a number: \"often\""),
        ("plant.twin.json", "/things/3/signals/level", "already delivers"),
        ("plant.twin.json", "/things/4", "does not fit"),
        ("plant.twin.json", "/relationships/0/to", "the thing bad:t8 does not exist"),
        ("plant.twin.json", "/scenes/0/bindings/Dangling", "has no node Dangling"),
        ("plant.twin.json", "/scenes/0/bindings/Twice", "has 2 nodes named Twice"),
        ("scene.gltf", "/nodes/2/extras/twin_thing", "names the thing bad:ghost"),
        ("scene.gltf", "/extensionsUsed/0", "EXT_meshopt_compression"),
        ("scene.gltf", "/extensionsUsed/1", "KHR_mesh_quantization"),
        ("plant.twin.json", "/things/3", "bound to no node"),
        ("plant.twin.json", "/key_signals/0", "the signal LT-9 does not exist"),
    ];
    let all: String = problems.iter().map(|problem| format!("{problem}\n")).collect();
    for (file, pointer, message) in expected {
        let found = problems.iter().any(|p| p.file == file && p.pointer == pointer && p.message.contains(message));
        assert!(found, "missing: {file} {pointer}: {message}\nfound:\n{all}");
    }
    assert!(problems.iter().all(|problem| !problem.hint.is_empty()), "each says what to do:\n{all}");
    assert!(problems.iter().filter(|p| p.file == "plant.twin.json").all(|problem| problem.line.is_some()), "{all}");
}

#[test]
fn a_problem_names_its_line_and_what_was_meant() {
    let problems = bad_plant();
    let problem = problems.iter().find(|problem| problem.message.contains("LT-l")).unwrap();
    let line = BAD.lines().position(|line| line.contains("\"LT-l\"")).unwrap() + 1;
    assert_eq!(problem.line, u32::try_from(line).ok());
    assert_eq!(problem.hint, "Did you mean LT-1?");
    let start = format!("error: plant.twin.json:{line} /things/0/alarms/3/condition/low/signal: ");
    assert!(problem.to_string().starts_with(&start), "{problem}");
}

#[test]
fn what_is_good_of_a_bad_plant_stays() {
    let (twin, _) = load_embedded(&[("plant.twin.json", BAD.as_bytes()), ("types.dtdl.json", TYPES.as_bytes())]);
    let plant = twin.plant();
    assert_eq!(twin.document.things.len(), 4);
    assert_eq!(plant.alarm("LAH-1").map(|index| plant.alarms[index].settings.time_to_respond_secs), Some(None));
    assert!(plant.signals.find("LT-4").is_some());
}

#[test]
fn a_plant_that_cannot_be_read_is_one_clear_problem() {
    let folder = tempfile::tempdir().unwrap();
    let missing = load(&folder.path().join("none")).1;
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert!(missing[0].message.contains("does not exist"), "{missing:?}");
    for (content, says) in
        [(&b"{ \"format_version\": "[..], "not valid JSON"), (&b"\xff\xfe"[..], "not UTF-8"), (&b""[..], "not valid JSON")]
    {
        let problems = load_embedded(&[("plant.twin.json", content)]).1;
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].message.contains(says) && problems[0].severity == Severity::Error, "{problems:?}");
    }
}

/// Bytes are changed, cut and doubled; whatever comes of it, loading returns.
#[test]
fn no_damaged_plant_file_can_stop_the_program() {
    let good = BAD.as_bytes();
    let mut random = crate::gltf::Random(7);
    for _ in 0..3_000 {
        let mut bytes = good.to_vec();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            match random.below(3) {
                0 => bytes[at] = random.next_byte(),
                1 => bytes[at] = b"{}[]\",:0-e"[random.below(10)],
                _ => bytes.truncate(at.max(1)),
            }
        }
        let (twin, problems) = load_embedded(&[("plant.twin.json", &bytes), ("types.dtdl.json", TYPES.as_bytes())]);
        assert!(!problems.is_empty() || twin.json.is_some());
    }
}

const TWO_PUMPS: &str = r#"{
  "format_version": "0.1", "namespace": "demo", "name": "Two pumps", "models": ["types.dtdl.json"],
  "things": [
    { "id": "demo:p-1", "type": "dtmi:demo:Pump;1", "name": "P-1", "elevation_m": 0.8,
      "signals": { "flow": { "tag": "FT-1", "unit": "m³/h", "expected_interval_secs": 1 } } },
    { "id": "demo:p-2", "type": "dtmi:demo:Pump;1", "name": "P-2", "elevation_m": 1.5 }
  ],
  "sources": [{ "name": "plant", "topic": "demo/{tag}" }],
  "scenes": [{ "file": "full.gltf", "economy": "light.gltf", "flows": { "L-1": "FT-1" } }]
}"#;

const PUMP_TYPE: &str = r#"{ "@context": "dtmi:dtdl:context;3", "@id": "dtmi:demo:Pump;1", "@type": "Interface", "displayName": "Pump",
  "contents": [{ "@type": "Telemetry", "name": "flow", "displayName": "Flow", "schema": "double" }] }"#;

const TWO_PUMPS_SCENE: &str = r#"{ "asset": { "version": "2.0" }, "scene": 0, "scenes": [{ "nodes": [0, 1, 3] }], "nodes": [
  { "name": "P-1", "translation": [0, 0.2, 0], "children": [2], "extras": { "twin_thing": "p-1" } },
  { "name": "P-2", "translation": [5, 1.5, 0], "extras": { "twin_thing": "p-2" } },
  { "name": "Shaft", "translation": [0, 0.6, 0], "extras": { "twin_anchor": "elevation" } },
  { "name": "L-1", "extras": { "twin_flow": [[[0, 0, 0], [5, 0, 0]]], "twin_radius_m": 0.1 } }] }"#;

fn two_pumps(plant: &str, full: &str, light: &str) -> Vec<Problem> {
    let files = [("plant.twin.json", plant), ("types.dtdl.json", PUMP_TYPE), ("full.gltf", full), ("light.gltf", light)];
    load_embedded(&files.map(|(name, text)| (name, text.as_bytes()))).1
}

/// True when a problem of this severity stands at this pointer and says all of these words.
fn tells(problems: &[Problem], severity: Severity, pointer: &str, words: &[&str]) -> bool {
    let fits = |p: &&Problem| p.severity == severity && p.pointer == pointer && words.iter().all(|word| p.message.contains(word));
    problems.iter().any(|problem| fits(&problem))
}

#[test]
fn heights_that_differ_by_more_than_20_cm_are_warned_of_with_both_figures() {
    assert_eq!(two_pumps(TWO_PUMPS, TWO_PUMPS_SCENE, TWO_PUMPS_SCENE), []);
    let near = TWO_PUMPS_SCENE.replace("[0, 0.6, 0]", "[0, 0.75, 0]");
    assert_eq!(two_pumps(TWO_PUMPS, &near, TWO_PUMPS_SCENE), []);
    let anchor_too_high = TWO_PUMPS_SCENE.replace("[0, 0.6, 0]", "[0, 0.9, 0]");
    let problems = two_pumps(TWO_PUMPS, &anchor_too_high, TWO_PUMPS_SCENE);
    assert!(tells(&problems, Severity::Warning, "/things/0/elevation_m", &["0.80 m", "1.10 m", "full.gltf"]), "{problems:?}");
    let node_too_low = TWO_PUMPS_SCENE.replace("[5, 1.5, 0]", "[5, 1.0, 0]");
    let problems = two_pumps(TWO_PUMPS, TWO_PUMPS_SCENE, &node_too_low);
    assert!(tells(&problems, Severity::Warning, "/things/1/elevation_m", &["1.50 m", "1.00 m", "light.gltf"]), "{problems:?}");
}

#[test]
fn the_lighter_scene_must_be_there_and_show_the_same_things() {
    let without = TWO_PUMPS_SCENE.replace(r#", "extras": { "twin_thing": "p-2" }"#, "");
    let problems = two_pumps(TWO_PUMPS, TWO_PUMPS_SCENE, &without);
    assert!(tells(&problems, Severity::Error, "/scenes/0/economy", &["demo:p-2", "full.gltf", "light.gltf"]), "{problems:?}");
    let missing = two_pumps(&TWO_PUMPS.replace("light.gltf", "none.gltf"), TWO_PUMPS_SCENE, TWO_PUMPS_SCENE);
    assert!(tells(&missing, Severity::Error, "/scenes/0/economy", &["none.gltf does not exist"]), "{missing:?}");
}

#[test]
fn a_flow_names_a_line_of_the_scene_and_a_signal_of_the_plant() {
    let of = |flow: &str| two_pumps(&TWO_PUMPS.replace(r#""L-1": "FT-1""#, flow), TWO_PUMPS_SCENE, TWO_PUMPS_SCENE);
    let unknown_tag = of(r#""L-1": "FT-9""#);
    assert!(tells(&unknown_tag, Severity::Error, "/scenes/0/flows/L-1", &["FT-9 does not exist"]), "{unknown_tag:?}");
    let unknown_line = of(r#""L-2": "FT-1""#);
    assert!(tells(&unknown_line, Severity::Error, "/scenes/0/flows/L-2", &["no line L-2"]), "{unknown_line:?}");
    let no_centre_line = of(r#""P-1": "FT-1""#);
    assert!(tells(&no_centre_line, Severity::Warning, "/scenes/0/flows/P-1", &["no centre line"]), "{no_centre_line:?}");
}
