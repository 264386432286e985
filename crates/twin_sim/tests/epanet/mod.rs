//! Networks run by EPANET 2.2, and what it made of them.
//!
//! `corpus` holds networks drawn up by the example `networks` and their references by `reference.py`.

mod compare;
mod properties;

use std::path::PathBuf;

use compare::{Difference, Table, Trials, Worst};
use twin_sim::epanet;

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

/// Our own results of a network: heads in m, flows in m³/s, trials of each solution.
fn ours(case: &Case) -> (Table, Table, Vec<u32>) {
    let text = std::fs::read_to_string(&case.inp).unwrap();
    let (network, problems) = epanet::read(&text, &case.name);
    let network = network.unwrap_or_else(|| panic!("{}: {problems:?}", case.name));
    let (mut heads, mut flows) = (Table::default(), Table::default());
    heads.names = network.nodes.iter().map(|node| node.id.clone()).collect();
    flows.names = network.links.iter().map(|link| link.id.clone()).collect();
    let mut trials = Vec::new();
    for report in epanet::run(&network).reports {
        heads.rows.push((report.time_s, report.head_m));
        flows.rows.push((report.time_s, report.flow_m3_s));
        trials.push(report.solution.trials);
    }
    (heads, flows, trials)
}

/// The largest difference of a quantity over all networks, and every network where a value is not near.
#[derive(Default)]
struct Verdict {
    worst: (String, Worst),
    values: usize,
    silent: usize,
    faults: Vec<String>,
}

impl Verdict {
    fn take(&mut self, name: &str, quantity: &str, found: &Difference) {
        self.values += found.values;
        self.silent += found.silent;
        // Heads of parts that are cut off are far from any real one and say nothing about the others.
        if found.worst.difference > self.worst.1.difference && found.worst.theirs.abs() < 1e4 {
            self.worst = (name.to_owned(), found.worst.clone());
        }
        if let Some(first) = &found.first {
            self.faults.push(format!("{name}: {quantity}: {} of {} values, first {first}", found.beyond, found.values));
        }
    }
}

#[test]
fn heads_and_flows_of_the_whole_corpus_are_those_of_epanet() {
    let (mut heads, mut flows) = (Verdict::default(), Verdict::default());
    let (mut same_trials, mut solutions) = (0, 0);
    for case in corpus() {
        let (our_heads, our_flows, trials) = ours(&case);
        same_trials += trials.iter().zip(&case.trials).filter(|(ours, theirs)| **ours == theirs.trials).count();
        solutions += case.trials.len();
        let until_s = compare::balanced_until(&case.trials);
        let found = compare::compare(&our_heads, &case.heads, until_s, compare::head_is_near).unwrap();
        heads.take(&case.name, "head in m", &found);
        let found = compare::compare(&our_flows, &case.flows, until_s, compare::flow_is_near).unwrap();
        flows.take(&case.name, "flow in m3/s", &found);
    }
    for (quantity, verdict) in [("head in m", &heads), ("flow in m3/s", &flows)] {
        let (name, worst) = &verdict.worst;
        println!("{quantity}: {} values, {} left out, worst {worst} in {name}", verdict.values, verdict.silent);
    }
    println!("as many trials as EPANET in {same_trials} of {solutions} solutions");
    let faults: Vec<String> = heads.faults.into_iter().chain(flows.faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(heads.silent * 5 < heads.values && flows.silent * 5 < flows.values, "the references are silent too often");
}
