//! How far our results are from EPANET's, network by network.
//!
//! `epanet_differences FILE.inp|FOLDER...` wants the tables of `tests/epanet/reference.py` beside each file (trials may lack). A line per
//! network; it begins with DIFFERS where a value is beyond the tolerance while EPANET's solutions were balanced.

#[path = "../tests/epanet/compare.rs"]
mod compare;

use std::path::{Path, PathBuf};

use compare::{Difference, Table};
use twin_sim::epanet;

fn main() {
    let mut counts = [0; 3];
    for path in std::env::args().skip(1).map(PathBuf::from).flat_map(files) {
        let line = match differences(&path) {
            Ok((near, line)) => {
                counts[usize::from(!near)] += 1;
                format!("{} {line}", if near { "near" } else { "DIFFERS" })
            }
            Err(error) => {
                counts[2] += 1;
                format!("skipped {error}")
            }
        };
        println!("{}: {line}", path.file_stem().unwrap_or_default().to_string_lossy());
    }
    println!("{} near, {} differ, {} skipped", counts[0], counts[1], counts[2]);
}

fn files(path: PathBuf) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(&path) else { return vec![path] };
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|ending| ending == "inp")).collect();
    files.sort();
    files
}

fn differences(path: &Path) -> Result<(bool, String), String> {
    let heads = compare::read(&path.with_extension("head_m.csv"))?;
    let flows = compare::read(&path.with_extension("flow_m3s.csv"))?;
    // References made elsewhere do not tell how EPANET fared: then everything counts.
    let trials = compare::read_trials(&path.with_extension("trials.csv")).unwrap_or_default();
    let until_s = compare::balanced_until(&trials);
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let (network, problems) = epanet::read(&String::from_utf8_lossy(&bytes), &path.to_string_lossy());
    let network = network.ok_or_else(|| format!("not read: {:?}", problems.first()))?;
    let reports = epanet::run(&network).reports;
    let pairs = reports.iter().zip(&trials).filter(|(ours, theirs)| ours.solution.trials != theirs.trials);
    let others: Vec<String> =
        pairs.take(3).map(|(ours, theirs)| format!("{} s {} for {}", ours.time_s, ours.solution.trials, theirs.trials)).collect();
    let names = |ids: Vec<&String>| ids.into_iter().cloned().collect();
    let table = |names, values: fn(&epanet::engine::Report) -> Vec<f64>| Table {
        names,
        rows: reports.iter().map(|report| (report.time_s, values(report))).collect(),
    };
    let our_heads = table(names(network.nodes.iter().map(|node| &node.id).collect()), |report| report.head_m.clone());
    let our_flows = table(names(network.links.iter().map(|link| &link.id).collect()), |report| report.flow_m3_s.clone());
    let head = compare::compare(&our_heads, &heads, until_s, compare::head_is_near)?;
    let flow = compare::compare(&our_flows, &flows, until_s, compare::flow_is_near)?;
    Ok((head.beyond + flow.beyond == 0, format!("head {} | flow {} | other trials {others:?}", told(&head), told(&flow))))
}

fn told(found: &Difference) -> String {
    let first = found.first.as_ref().map(|first| format!(", first {first}")).unwrap_or_default();
    format!("worst {}, {} of {} beyond, {} silent{first}", found.worst, found.beyond, found.values, found.silent)
}
