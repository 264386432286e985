//! A whole run of a network: tables of heads and flows, what the solver had to do for them, and where the water went.

use super::engine::{Engine, Report, Strain};
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
            let at = engine.stuck_at().and_then(|node| network.nodes.get(node)).map(|node| format!(" at {}", node.id));
            run.warn(time_s, format!("the equations have no solution{}: the run ends here", at.unwrap_or_default()));
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
            self.warn(report.time_s, format!("nothing supplies {}", named(&node_ids(network, &without))));
        }
        let negative: Vec<usize> = (0..network.nodes.len())
            .filter(|&node| matches!(network.nodes[node].kind, NodeKind::Junction { .. }))
            .filter(|&node| drawing(&node) && report.head_m[node] < network.nodes[node].elevation_m && !cut_off.contains(&node))
            .collect();
        if !negative.is_empty() {
            self.warn(report.time_s, format!("negative pressure at {}", named(&node_ids(network, &negative))));
        }
        let strained = engine.strained();
        for (strain, what) in STRAINS {
            let links = strained.iter().filter(|(_, other)| *other == strain);
            let ids: Vec<&str> = links.filter_map(|(link, _)| network.links.get(*link)).map(|link| link.id.as_str()).collect();
            if !ids.is_empty() {
                self.warn(report.time_s, format!("{what}: {}", named(&ids)));
            }
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

/// How each strain is told.
const STRAINS: [(Strain, &str); 4] = [
    (Strain::Lift, "closed, as it cannot lift so high"),
    (Strain::BeyondCurve, "delivers more than its curve knows"),
    (Strain::Pressure, "cannot hold its pressure"),
    (Strain::Flow, "cannot deliver its flow"),
];

fn node_ids<'a>(network: &'a Network, nodes: &[usize]) -> Vec<&'a str> {
    nodes.iter().filter_map(|&node| network.nodes.get(node)).map(|node| node.id.as_str()).collect()
}

fn named(ids: &[&str]) -> String {
    let first = ids.get(..NAMED).unwrap_or(ids).join(", ");
    let more = ids.len().saturating_sub(NAMED);
    if more > 0 { format!("{first} and {more} more") } else { first }
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
    fn pumps_and_valves_that_cannot_do_what_is_asked_are_named() {
        let lifted = |top: f64| {
            town(&format!(
                "[JUNCTIONS]\nlow 5 0\n[RESERVOIRS]\nlake 10\ntop {top}\n[PUMPS]\nlift lake low HEAD 1\n[PIPES]\nup low top 100 200 100 0\n\
                 [CURVES]\n1 10 20\n[OPTIONS]\nUnits LPS\n[END]\n"
            ))
        };
        let messages = |run: &Run| run.warnings.iter().map(|warning| warning.message.clone()).collect::<Vec<_>>();
        // The curve ends at 26.7 m without flow and at 20 L/s without head.
        assert_eq!(messages(&lifted(60.0).1), ["closed, as it cannot lift so high: lift"]);
        assert_eq!(messages(&lifted(20.0).1), [""; 0]);
        assert_eq!(messages(&lifted(5.0).1), ["delivers more than its curve knows: lift"]);
        let uphill = "[JUNCTIONS]\na 0 0\nb 0 0\n[RESERVOIRS]\nlow 10\nhigh 60\n[PIPES]\np low a 100 200 100 0\nq b high 100 200 100 0\n\
            [VALVES]\ngate a b 100 FCV 5 0\n[OPTIONS]\nUnits LPS\n[END]\n";
        assert_eq!(messages(&town(uphill).1), ["cannot deliver its flow: gate"]);
    }

    #[test]
    fn equations_without_a_solution_end_the_run_where_they_are() {
        let (mut network, _) = town(TOWN);
        if let NodeKind::Junction { emitter, .. } = &mut network.nodes[0].kind {
            *emitter = 0.01;
        }
        network.options.emitter_exponent = 1e-9;
        let run = run(&network);
        assert!(run.stopped && run.reports.is_empty());
        assert_eq!(run.warnings[0].message, "the equations have no solution at hill: the run ends here");
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
