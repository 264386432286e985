//! Networks run by EPANET 2.2, and what it made of them.
//!
//! `corpus` holds networks drawn up by the example `networks` and their references by `reference.py`.

mod compare;

use std::path::PathBuf;

use compare::{Table, Trials};

/// A network of the corpus and what EPANET made of it.
struct Case {
    name: String,
    inp: PathBuf,
    heads: Table,
    flows: Table,
    trials: Vec<Trials>,
}

fn corpus() -> Vec<Case> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/epanet/corpus");
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|ending| ending == "inp")).collect();
    files.sort();
    files.into_iter().map(case).collect()
}

fn case(inp: PathBuf) -> Case {
    let heads = compare::read(&inp.with_extension("head_m.csv")).unwrap();
    let flows = compare::read(&inp.with_extension("flow_m3s.csv")).unwrap();
    let trials = compare::read_trials(&inp.with_extension("trials.csv")).unwrap();
    Case { name: inp.file_stem().unwrap().to_string_lossy().into_owned(), inp, heads, flows, trials }
}

#[test]
fn every_network_of_the_corpus_has_its_references() {
    let cases = corpus();
    assert!(cases.len() >= 40, "{} networks", cases.len());
    for case in &cases {
        let times: Vec<i64> = case.trials.iter().map(|trials| trials.time_s).collect();
        for table in [&case.heads, &case.flows] {
            assert_eq!(table.rows.iter().map(|row| row.0).collect::<Vec<_>>(), times, "{}", case.name);
            assert!(table.rows.iter().all(|row| row.1.len() == table.names.len()), "{}", case.name);
        }
        let text = std::fs::read_to_string(&case.inp).unwrap();
        assert!(case.heads.names.iter().chain(&case.flows.names).all(|name| text.contains(name.as_str())), "{}", case.name);
    }
}

#[test]
fn a_difference_is_told_with_its_place_and_time_unless_it_is_tolerated() {
    let theirs = Table { names: vec!["a".into(), "b".into()], rows: vec![(0, vec![1.0, 2.0]), (3600, vec![3.0, 4.0])] };
    let mut ours = theirs.clone();
    ours.rows[1].1 = vec![3.0009, 4.002];
    let found = compare::compare(&ours, &theirs, i64::MAX, compare::head_is_near).unwrap();
    assert_eq!((found.values, found.beyond), (4, 1));
    assert_eq!((found.worst.name.as_str(), found.worst.time_s), ("b", 3600));
    assert_eq!(found.first, Some(found.worst));
    ours.rows[0].1[0] = f64::NAN;
    let found = compare::compare(&ours, &theirs, 0, compare::head_is_near).unwrap();
    assert_eq!((found.worst.difference, found.beyond), (f64::INFINITY, 1));
    ours.rows.pop();
    assert!(compare::compare(&ours, &theirs, i64::MAX, compare::flow_is_near).is_err());
}
