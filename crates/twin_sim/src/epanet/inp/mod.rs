//! Reading the text of an `.inp` file.
//!
//! The file is cut into lines first and its sections are then read in the order in which they need each other, so that
//! sections may stand in any order. A line with a fault is told and left out; whatever it names is known all the same, so
//! that one fault does not cause others.

mod checks;
mod clock;
mod controls;
#[cfg(test)]
mod fuzz;
mod lines;
mod links;
mod log;
mod nodes;
mod options;
mod pumps;
mod rules;
mod tables;
#[cfg(test)]
mod tests;
mod times;
mod valves;

use super::network::Network;
use super::problem::Problem;
use lines::{Line, Section, shown};
use log::{Fault, Log};
use std::collections::{BTreeMap, BTreeSet};

/// EPANET's longest id, bytes.
const MAX_ID: usize = 31;

/// What is known so far.
struct Reader {
    network: Network,
    log: Log,
    node_ids: BTreeMap<String, usize>,
    link_ids: BTreeMap<String, usize>,
    pattern_ids: BTreeMap<String, usize>,
    curve_ids: BTreeMap<String, usize>,
    /// Id of the pattern of demands that name none.
    default_pattern_id: String,
    /// That pattern, when there is one of that id.
    default_pattern: Option<usize>,
    /// Junctions whose own demand `[DEMANDS]` has replaced.
    replaced_demands: BTreeSet<usize>,
    /// Line that set the demand multiplier; a later one wins.
    multiplier_line: u32,
    /// Regulating valves by the nodes at their ends.
    valve_ends: BTreeSet<valves::End>,
    /// Options that wait for the units.
    pending: options::Pending,
    /// Links looked at by `[STATUS]` lines that name a range.
    range_visits: usize,
}

/// Reads the text of an `.inp` file; `file_name` is what problems call it.
///
/// There is a network when no problem is an error. Reading goes on after a fault, so that all faults are told at once.
pub fn read(text: &str, file_name: &str) -> (Option<Network>, Vec<Problem>) {
    let mut log = Log::new(file_name);
    let lines = lines::split(text, &mut log);
    let mut reader = Reader::new(log);
    reader.network.title = lines.iter().filter(|line| line.section == Section::Title).map(|line| line.text.to_owned()).collect();
    reader.read_options(&lines);
    reader.each(&lines, &[Section::Patterns], Reader::pattern);
    reader.each(&lines, &[Section::Curves], Reader::curve);
    reader.check_curves();
    reader.find_default_pattern();
    reader.each(&lines, &[Section::Junctions], Reader::junction);
    reader.each(&lines, &[Section::Reservoirs, Section::Tanks], Reader::reservoir_or_tank);
    reader.each(&lines, &[Section::Pipes, Section::Pumps, Section::Valves], Reader::link);
    reader.each(&lines, &[Section::Demands], Reader::demand);
    reader.each(&lines, &[Section::Emitters], Reader::emitter);
    reader.each(&lines, &[Section::Status], Reader::status);
    reader.each(&lines, &[Section::Controls], Reader::control);
    reader.read_rules(&lines);
    reader.read_times(&lines);
    reader.place(&lines);
    reader.note_unused(&lines);
    reader.check_network();
    let network = (!reader.log.has_errors()).then_some(reader.network);
    (network, reader.log.finish())
}

impl Reader {
    fn new(log: Log) -> Self {
        Self {
            network: Network::default(),
            log,
            node_ids: BTreeMap::new(),
            link_ids: BTreeMap::new(),
            pattern_ids: BTreeMap::new(),
            curve_ids: BTreeMap::new(),
            default_pattern_id: "1".to_owned(),
            default_pattern: None,
            replaced_demands: BTreeSet::new(),
            multiplier_line: 0,
            valve_ends: BTreeSet::new(),
            pending: options::Pending::default(),
            range_visits: 0,
        }
    }

    /// Reads every line of some sections in file order.
    fn each(&mut self, lines: &[Line], sections: &[Section], read: fn(&mut Self, &Line) -> Result<(), Fault>) {
        for line in lines.iter().filter(|line| sections.contains(&line.section)) {
            if let Err(fault) = read(self, line) {
                self.log.error(line.section, line.number, fault);
            }
        }
    }

    /// Index of a node.
    fn node(&self, id: &str) -> Result<usize, Fault> {
        find(&self.node_ids, id, "node", "[JUNCTIONS], [RESERVOIRS] or [TANKS]")
    }

    /// Index of a link.
    fn link_named(&self, id: &str) -> Result<usize, Fault> {
        find(&self.link_ids, id, "link", "[PIPES], [PUMPS] or [VALVES]")
    }

    /// Index of a pattern.
    fn pattern_named(&self, id: &str) -> Result<usize, Fault> {
        find(&self.pattern_ids, id, "pattern", "[PATTERNS]")
    }

    /// Index of a curve.
    fn curve_named(&self, id: &str) -> Result<usize, Fault> {
        find(&self.curve_ids, id, "curve", "[CURVES]")
    }
}

fn find(ids: &BTreeMap<String, usize>, id: &str, kind: &str, sections: &str) -> Result<usize, Fault> {
    ids.get(id).copied().ok_or_else(|| {
        Fault::new(
            format!("there is no {kind} '{}'", shown(id)),
            format!("add it to {sections}, or correct the id; capitals and small letters differ"),
        )
    })
}

/// Gives a new part its id.
fn register(ids: &mut BTreeMap<String, usize>, id: &str, index: usize, kind: &str) -> Result<(), Fault> {
    if id.len() > MAX_ID {
        return Err(Fault::new(
            format!("the id '{}' of a {kind} has {} characters, EPANET allows {MAX_ID}", shown(id), id.len()),
            "shorten it everywhere",
        ));
    }
    if ids.contains_key(id) {
        return Err(Fault::new(format!("there is a second {kind} '{id}'"), "give one of the two another id"));
    }
    ids.insert(id.to_owned(), index);
    Ok(())
}
