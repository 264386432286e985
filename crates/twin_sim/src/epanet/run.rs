//! A whole run of a network: tables of heads and flows, what the solver had to do for them, and where the water went.

use super::engine::{Engine, Report};
use super::network::{Network, NodeKind};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// At most this many places are named in one warning.
const NAMED: usize = 5;
/// At most this many warnings are kept; the number of all is counted.
const KEPT: usize = 200;

/// Everything one run gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// Heads and flows at the reporting times.
    pub reports: Vec<Report>,
    /// Moments solved.
    pub solutions: usize,
    /// Trials of all solutions together.
    pub trials: u64,
    /// Moments whose flows were not balanced within the trials allowed.
    pub unbalanced: usize,
    /// True when equations without a solution ended the run before its time.
    pub stopped: bool,
    /// What a hydraulic engineer should look at, in order of time.
    pub warnings: Vec<Warning>,
    /// Warnings of the whole run, also those not kept.
    pub warning_count: usize,
    /// Where the water went.
    pub balance: WaterBalance,
}

/// Something doubtful at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Time, s.
    pub time_s: i64,
    /// What and where.
    pub message: String,
}

/// Volumes of a whole run, m³.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WaterBalance {
    /// From reservoirs, less what flowed back into them.
    pub supplied_m3: f64,
    /// Out of the network at junctions: demands and emitters.
    pub delivered_m3: f64,
    /// Into tanks, less what came out of them.
    pub stored_m3: f64,
}

impl WaterBalance {
    /// What is missing, as a share of all that moved.
    pub fn residual(&self) -> f64 {
        let moved = self.supplied_m3.abs().max(self.delivered_m3.abs()).max(self.stored_m3.abs());
        if moved > 0.0 { (self.supplied_m3 - self.delivered_m3 - self.stored_m3).abs() / moved } else { 0.0 }
    }
}

/// Runs a network from its start to its end.
pub fn run(network: &Network) -> Run {
    let mut engine = Engine::new(network);
    let mut run = Run::default();
    let mut label = network.times.report_start_s;
    loop {
        let time_s = engine.time_s();
        let Some(solution) = engine.moment() else {
            run.stopped = true;
            run.warn(time_s, "the equations have no solution: the run ends here".to_owned());
            break;
        };
        run.solutions += 1;
        run.trials += u64::from(solution.trials);
        if !solution.balanced {
            run.unbalanced += 1;
            run.warn(time_s, format!("not balanced after {} trials, error {:.1e}", solution.trials, solution.error));
        }
        if time_s >= label {
            let report = engine.report(label, solution);
            run.look_at(network, &engine, &report);
            run.reports.push(report);
            label += network.times.report_step_s;
        }
        if !engine.advance() {
            break;
        }
    }
    run.balance = engine.balance();
    run
}

impl Run {
    fn warn(&mut self, time_s: i64, message: String) {
        self.warning_count += 1;
        if self.warnings.len() < KEPT {
            self.warnings.push(Warning { time_s, message });
        }
    }

    /// Places without supply, and places that draw water at less than no pressure.
    fn look_at(&mut self, network: &Network, engine: &Engine, report: &Report) {
        let cut_off = engine.cut_off();
        let drawing = |node: &usize| engine.draws(*node);
        let without: Vec<usize> = cut_off.iter().copied().filter(drawing).collect();
        if !without.is_empty() {
            self.warn(report.time_s, format!("nothing supplies {}", named(network, &without)));
        }
        let negative: Vec<usize> = (0..network.nodes.len())
            .filter(|&node| matches!(network.nodes[node].kind, NodeKind::Junction { .. }))
            .filter(|&node| drawing(&node) && report.head_m[node] < network.nodes[node].elevation_m && !cut_off.contains(&node))
            .collect();
        if !negative.is_empty() {
            self.warn(report.time_s, format!("negative pressure at {}", named(network, &negative)));
        }
    }

    /// Heads in m, one row per reporting time, one column per node in the order of the file.
    pub fn heads_csv(&self, network: &Network) -> String {
        table(network.nodes.iter().map(|node| node.id.as_str()), &self.reports, |report| &report.head_m, 6)
    }

    /// Flows in m³/s, one row per reporting time, one column per link in the order of the file.
    pub fn flows_csv(&self, network: &Network) -> String {
        table(network.links.iter().map(|link| link.id.as_str()), &self.reports, |report| &report.flow_m3_s, 8)
    }
}

fn named(network: &Network, nodes: &[usize]) -> String {
    let ids: Vec<&str> = nodes.iter().take(NAMED).map(|&node| network.nodes[node].id.as_str()).collect();
    let more = nodes.len().saturating_sub(NAMED);
    if more > 0 { format!("{} and {more} more", ids.join(", ")) } else { ids.join(", ") }
}

/// The time in s, then the values with so many decimals.
fn table<'a>(ids: impl Iterator<Item = &'a str>, reports: &[Report], values: impl Fn(&Report) -> &Vec<f64>, decimals: usize) -> String {
    let mut out = String::new();
    for id in ids {
        // A comma or a quote in a name would break the table.
        if id.contains([',', '"']) {
            let _ = write!(out, ",\"{}\"", id.replace('"', "\"\""));
        } else {
            let _ = write!(out, ",{id}");
        }
    }
    out.push('\n');
    for report in reports {
        let _ = write!(out, "{}", report.time_s);
        for value in values(report) {
            let _ = write!(out, ",{value:.decimals$}");
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epanet::read;

    /// A reservoir, a tank and two users; the far one can be cut off.
    const TOWN: &str = "[JUNCTIONS]\nhill 40 5\nfar 10 2\n[RESERVOIRS]\nlake 60\n[TANKS]\ntower 50 3 0 8 10 0\n\
        [PIPES]\nmain lake hill 500 200 100 0 Open\nup hill tower 300 150 100 0 Open\nout hill far 800 100 100 0 Open\n\
        [STATUS]\nout Closed\n[TIMES]\nDuration 6:00\nReport Timestep 2:00\n[OPTIONS]\nUnits LPS\nHeadloss H-W\n[END]\n";

    fn town(text: &str) -> (Network, Run) {
        let (network, problems) = read(text, "town.inp");
        let network = network.unwrap_or_else(|| panic!("{problems:?}"));
        let run = run(&network);
        (network, run)
    }

    #[test]
    fn what_reservoirs_supply_is_delivered_or_stored() {
        let (_, run) = town(&TOWN.replace("out Closed", "out Open").replace("Headloss H-W", "Headloss H-W\nAccuracy 1e-8"));
        assert!(run.balance.supplied_m3 > 100.0 && run.balance.stored_m3.abs() > 1.0, "{:?}", run.balance);
        assert!((run.balance.delivered_m3 - 7e-3 * 6.0 * 3600.0).abs() < 1e-3 * run.balance.delivered_m3, "{:?}", run.balance);
        assert!(run.balance.residual() < 1e-9, "{}", run.balance.residual());
        assert_eq!(run.unbalanced, 0);
    }

    #[test]
    fn a_place_that_nothing_supplies_is_named() {
        let (_, run) = town(TOWN);
        assert_eq!(run.warnings.len(), 4, "{:?}", run.warnings);
        assert!(run.warnings.iter().all(|warning| warning.message == "nothing supplies far"), "{:?}", run.warnings);
    }

    #[test]
    fn a_table_has_a_row_for_every_reporting_time_and_a_column_for_every_name() {
        let (network, run) = town(TOWN);
        let heads = run.heads_csv(&network);
        let rows: Vec<&str> = heads.lines().collect();
        assert_eq!(rows[0], ",hill,far,lake,tower");
        assert_eq!(
            rows.iter().skip(1).map(|row| row.split(',').next().unwrap_or_default()).collect::<Vec<_>>(),
            ["0", "7200", "14400", "21600"]
        );
        assert_eq!(run.flows_csv(&network).lines().next(), Some(",main,up,out"));
    }
}
