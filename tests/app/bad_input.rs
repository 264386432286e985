//! Plant files and scenes that cannot be used as they stand.

use crate::program::Start;
use crate::repository;
use serde_json::{Value, json};
use std::path::Path;

#[test]
fn a_good_plant_passes_its_check() {
    let plant = repository("assets/unit100");
    let ended = Start::with(["check", plant.to_str().unwrap()]).finish();
    ended.assert_code(0);
    assert!(ended.out.contains("nothing to complain about"), "{}", ended.said);
    let ended = Start::with(["check", plant.to_str().unwrap(), "--json"]).finish();
    ended.assert_code(0);
    assert_eq!(serde_json::from_str(&ended.out).ok(), Some(json!([])), "{}", ended.said);
}

/// A copy of the water tank, without its scene, with some members changed.
fn plant_with(folder: &Path, change: impl FnOnce(&mut Value)) {
    let original = repository("tests/plants/water_tank");
    std::fs::create_dir(folder.join("models")).unwrap();
    std::fs::copy(original.join("models/water.dtdl.json"), folder.join("models/water.dtdl.json")).unwrap();
    let mut plant: Value = serde_json::from_str(&std::fs::read_to_string(original.join("plant.twin.json")).unwrap()).unwrap();
    plant["scenes"] = json!([]);
    change(&mut plant);
    std::fs::write(folder.join("plant.twin.json"), plant.to_string()).unwrap();
}

#[test]
fn a_bad_plant_is_told_all_its_faults_at_once_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    plant_with(folder.path(), |plant| {
        plant["models"] = json!(["models/water.dtdl.json", "../outside.dtdl.json"]);
        plant["things"][1]["id"] = json!("watertank:supply");
        plant["things"][2]["type"] = json!("dtmi:watertank:Unknown;1");
        plant["things"][1]["alarms"][0]["time_to_respond_secs"] = json!("soon");
        plant["things"][4]["signals"]["flow"]["unit"] = json!("furlong");
    });
    let ended = Start::with(["check", folder.path().to_str().unwrap(), "--json"]).finish();
    ended.assert_code(1);
    let problems: Vec<Value> = serde_json::from_str(&ended.out).unwrap();
    for pointer in ["/models/1", "/things/1/id", "/things/2/type", "/things/1/alarms/0/time_to_respond_secs", "/things/4/signals/flow/unit"]
    {
        let told = problems.iter().find(|problem| problem["pointer"] == pointer && problem["severity"] == "error");
        let told = told.unwrap_or_else(|| panic!("nothing told of {pointer}: {}", ended.out));
        assert!(!told["message"].as_str().unwrap().is_empty() && !told["hint"].as_str().unwrap().is_empty(), "{told}");
    }
    let ended = Start::with(["check", folder.path().to_str().unwrap()]).finish();
    ended.assert_code(1);
    assert!(ended.out.contains("/things/4/signals/flow/unit") && ended.out.contains("furlong"), "{}", ended.said);
}

#[test]
fn a_plant_with_faults_still_runs_with_what_is_left_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    plant_with(folder.path(), |plant| plant["things"][4]["signals"]["flow"]["unit"] = json!("furlong"));
    let mut program = Start::with([folder.path().to_str().unwrap(), "--no-window"]).start();
    let table = program.table();
    assert!(table.text.contains("--broker") && table.rows.len() == 5, "{}", table.text);
    assert!(program.heard().contains("furlong"), "{}", program.heard());
}

#[test]
fn a_plant_that_is_no_plant_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Start::with([folder.path().to_str().unwrap(), "--no-window"]).finish();
    open().assert_refused(&["plant.twin.json", "does not exist"]);
    std::fs::write(folder.path().join("plant.twin.json"), "{\"format_version\": \"0.1\",").unwrap();
    open().assert_refused(&["plant.twin.json"]);
    std::fs::write(folder.path().join("plant.twin.json"), [0xFF, 0xFE, 0x00]).unwrap();
    open().assert_refused(&["UTF-8"]);
}

#[test]
fn a_scene_that_cannot_be_trusted_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let model = std::fs::read(repository("assets/unit100/unit100.glb")).unwrap();
    let gltf = |nodes: Value, buffers: Value| {
        json!({ "asset": { "version": "2.0" }, "scene": 0, "scenes": [{ "nodes": [0] }], "nodes": nodes, "buffers": buffers }).to_string()
    };
    let outside = gltf(json!([{}]), json!([{ "byteLength": 4, "uri": "../secret.bin" }]));
    let cycle = gltf(json!([{ "children": [1] }, { "children": [2] }, { "children": [1] }]), json!([]));
    let cases: [(&str, &[u8], &str); 5] = [
        ("cut-short.glb", &model[..model.len() / 2], "cut-short.glb"),
        ("header-only.glb", &model[..12], "header-only.glb"),
        ("outside.gltf", outside.as_bytes(), "leaves the folder"),
        ("cycle.gltf", cycle.as_bytes(), "cycle"),
        ("letter.glb", b"Dear plant, this is no model.", "letter.glb"),
    ];
    for (name, bytes, says) in cases {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        Start::with(["--no-window", "--scene", file.to_str().unwrap()]).finish().assert_refused(&["the scene", name, says]);
    }
    let missing = folder.path().join("missing.glb");
    Start::with(["--no-window", "--scene", missing.to_str().unwrap()]).finish().assert_refused(&["missing.glb", "does not exist"]);
    let out = folder.path().join("picture.png");
    let args = ["shot", "--out", out.to_str().unwrap(), "--scene", missing.to_str().unwrap()];
    Start::with(args).finish().assert_refused(&["missing.glb"]);
}
