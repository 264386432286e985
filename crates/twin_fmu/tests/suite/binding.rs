//! A simulation block fits its FMU, or every misfit is told with its place.

use serde_json::json;
use twin_fmu::FmuBlock;

use crate::{host, lag};

const PLACE: &str = "/things/3/simulation/parameters";

fn block(json: &serde_json::Value) -> FmuBlock {
    FmuBlock::read(json, "plant.twin.json", PLACE).unwrap()
}

#[test]
fn a_block_that_fits_can_be_started_as_it_is() {
    let block = block(&json!({
        "file": "lag.fmu",
        "inputs": { "u": "TI-1", "b": "XV-1.open" },
        "outputs": { "y": "TI-2.model" },
        "start": { "T": 2, "text": "abc", "n": 3 },
        "step_s": 0.5
    }));
    for version in [2, 3] {
        let fmu = lag(version);
        let (binding, problems) = block.bind(fmu.description(), "plant.twin.json", PLACE);
        let binding = binding.unwrap();
        assert_eq!(problems.len(), 1, "the input n has no signal: {problems:?}");
        assert!(!problems[0].is_error() && problems[0].pointer == format!("{PLACE}/inputs"));
        let tags: Vec<&str> = binding.inputs.iter().map(|input| input.signal.as_str()).collect();
        assert_eq!(tags, ["XV-1.open", "TI-1"]);
        let mut lag = fmu.instantiate(&host(), binding.start()).unwrap();
        let mut y = [0.0];
        lag.step_with(&[1.0, 4.0], binding.step_secs, &mut y).unwrap();
        assert!((y[0] + 4.0 * (-0.25_f64).exp_m1()).abs() < 1e-12);
    }
}

#[test]
fn every_misfit_is_told_at_once_with_its_place() {
    let block = block(&json!({
        "file": "lag.fmu",
        "inputs": { "U": "TI-1", "y": "TI-3", "u": "", "a/b~c": "TI-4", "n": "N", "b": "B" },
        "outputs": { "y": "TI-2", "doubled": "TI-2", "text": "TI-5" },
        "start": { "T": "two", "n": 1.5, "b": 1, "y": 1, "nothing": 0 },
        "step_s": 0,
        "deadline_s": -1
    }));
    let (binding, problems) = block.bind(lag(2).description(), "plant.twin.json", PLACE);
    assert!(binding.is_none());
    let mut places: Vec<&str> = problems.iter().filter(|p| p.is_error()).filter_map(|p| p.pointer.strip_prefix(PLACE)).collect();
    places.sort_unstable();
    let expected = [
        "/deadline_s",
        "/inputs/U",
        "/inputs/a~1b~0c",
        "/inputs/u",
        "/inputs/y",
        "/outputs/text",
        "/outputs/y",
        "/start/T",
        "/start/b",
        "/start/n",
        "/start/nothing",
        "/start/y",
        "/step_s",
    ];
    assert_eq!(places, expected);
    let unknown = problems.iter().find(|p| p.pointer.ends_with("/inputs/U")).unwrap();
    assert_eq!(unknown.hint, "the FMU's inputs are u, n, b");
}

#[test]
fn a_block_that_cannot_be_read_is_told_with_its_place() {
    let cases = [
        (json!({}), PLACE.to_owned()),
        (json!({ "file": 1 }), format!("{PLACE}/file")),
        (json!({ "file": "a", "inputs": { "x/y": 1 } }), format!("{PLACE}/inputs/x~1y")),
        (json!({ "file": "a", "inptus": {} }), format!("{PLACE}/inptus")),
    ];
    for (json, place) in cases {
        let problem = FmuBlock::read(&json, "plant.twin.json", PLACE).unwrap_err();
        assert_eq!(problem.pointer, place, "{problem}");
    }
}
