//! Water networks run from the command line.

use crate::program::Start;
use crate::repository;
use serde_json::Value;
use std::path::Path;

/// A table of a run or of EPANET: names, then rows of the time in s and the values; `NaN` where EPANET contradicts itself.
fn table(path: &Path) -> (Vec<String>, Vec<(i64, Vec<f64>)>) {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<String>>());
    let names = lines.next().unwrap()[1..].to_vec();
    let row = |cells: Vec<String>| (cells[0].parse().unwrap(), cells[1..].iter().map(|cell| cell.parse().unwrap_or(f64::NAN)).collect());
    (names, lines.map(row).collect())
}

#[test]
fn a_network_file_becomes_tables_of_heads_and_flows_as_epanet_gives_them() {
    let corpus = repository("crates/twin_sim/tests/epanet/corpus");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("results");
    let network = corpus.join("n50-s25.inp");
    let ended = Start::with(["simulate", network.to_str().unwrap(), "--out", out.to_str().unwrap(), "--json"]).finish();
    ended.assert_code(0);
    let summary: Value = serde_json::from_str(&ended.out).unwrap();
    assert!(summary["trials"].as_u64().unwrap() >= summary["solutions"].as_u64().unwrap(), "{summary}");
    assert!(summary["balance_residual"].as_f64().unwrap() < 1e-3, "{summary}");
    for (quantity, tolerance) in [("head_m", 1e-3), ("flow_m3s", 5e-5)] {
        let file = format!("n50-s25.{quantity}.csv");
        let (names, rows) = table(&out.join(&file));
        let (their_names, their_rows) = table(&corpus.join(&file));
        assert_eq!(rows.len(), their_rows.len());
        for (name, column) in their_names.iter().zip(0..) {
            let ours = names.iter().position(|known| known == name).unwrap();
            for ((time, values), (their_time, theirs)) in rows.iter().zip(&their_rows) {
                assert_eq!(time, their_time);
                let far = (values[ours] - theirs[column]).abs() > tolerance;
                assert!(!far, "{quantity} of {name} at {time} s: {} for {}", values[ours], theirs[column]);
            }
        }
    }
}

#[test]
fn a_network_that_cannot_be_run_is_told_by_section_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let network = folder.path().join("town.inp");
    std::fs::write(&network, "[JUNCTIONS]\na 10 x\n[RESERVOIRS]\nlake 50\n[PIPES]\np lake b 0 100 100\n").unwrap();
    let ended = Start::with(["simulate", network.to_str().unwrap(), "--out", folder.path().to_str().unwrap()]).finish();
    ended.assert_code(1);
    for words in ["town.inp:2 [JUNCTIONS]", "town.inp:6 [PIPES]", "there is no node 'b'", "nothing was simulated"] {
        assert!(ended.said.contains(words), "{words} in {}", ended.said);
    }
    assert!(!folder.path().join("town.head_m.csv").exists());
}

#[test]
fn a_file_that_is_no_model_is_told_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.csv");
    for (name, words) in [
        ("noise.fmu", "noise.fmu"),
        ("model.slx", "name a file that ends in .inp, .fmu or .json"),
        ("plant.twin.json", "line 1"),
        ("missing.fmu", "missing.fmu"),
    ] {
        let file = folder.path().join(name);
        if name != "missing.fmu" {
            std::fs::write(&file, "no archive at all").unwrap();
        }
        let ended = Start::with(["simulate", file.to_str().unwrap(), "--out", out.to_str().unwrap(), "--allow-once"]).finish();
        ended.assert_code(1);
        assert!(ended.said.contains(words) && !ended.said.contains("panicked"), "{}", ended.said);
    }
    assert!(!out.exists());
}

#[test]
fn a_plant_file_runs_from_its_components_and_tells_what_is_wrong_with_them_by_place() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.csv");
    let plant = repository("crates/twin_sim/src/flowsheet/one_of_each.json");
    let run = |file: &Path, more: &[&str]| {
        let mut args = vec!["simulate", file.to_str().unwrap(), "--out", out.to_str().unwrap(), "--stop", "600", "--json"];
        args.extend(more);
        Start::with(args).finish()
    };
    let ended = run(&plant, &["--set", "line.blocked=0.5"]);
    ended.assert_code(0);
    let summary: Value = serde_json::from_str(&ended.out).unwrap();
    assert!(summary["mass_residual"].as_f64().unwrap() < 1e-9 && summary["unsettled_steps"] == 0, "{summary}");
    let (names, rows) = table(&out);
    assert!(names.contains(&"LT-1".to_owned()) && rows.len() == 601, "{names:?}, {} rows", rows.len());

    let broken = folder.path().join("broken.twin.json");
    std::fs::write(&broken, std::fs::read_to_string(&plant).unwrap().replacen("\"kind\": \"pipe\"", "\"kind\": \"pip\"", 1)).unwrap();
    let ended = run(&broken, &[]);
    ended.assert_code(1);
    assert!(ended.said.contains("/simulation/components/") && ended.said.contains("no component of kind pip"), "{}", ended.said);
    let ended = run(&plant, &["--set", "line.blocked=7"]);
    ended.assert_code(1);
    assert!(ended.said.contains("blocked must be within 0 to 0.99"), "{}", ended.said);
}
