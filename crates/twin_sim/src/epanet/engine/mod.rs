//! Quasi-steady hydraulics of a network over time, step by step as EPANET 2.2 does it.
//!
//! Method: L. A. Rossman et al., *EPANET 2.2 User Manual*, US EPA, EPA/600/R-20/133, 2020, chapter 12; E. Todini and
//! S. Pilati, "A gradient algorithm for the analysis of pipe networks", 1988. Inside, everything is in feet and ft³/s.

mod clock;
mod loss;
mod matrix;
mod model;
mod rules;
mod solve;
mod status;

pub use solve::Solution;

use super::network::Network;
use super::run::WaterBalance;
use super::units::{M_PER_FT, M3_PER_FT3};
use matrix::Matrix;
use model::{Kind, MISSING, Model, QZERO, Status};
use std::collections::BTreeSet;

/// Numbers of the options.
#[derive(Clone, Copy, Debug)]
struct Limits {
    trials: u32,
    extra: u32,
    check_freq: u32,
    max_check: u32,
    damp_limit: f64,
    accuracy: f64,
}

/// A link as the equations see it.
#[derive(Clone, Copy, Debug)]
struct Wire {
    from: usize,
    to: usize,
    /// Rows of the two ends; `usize::MAX` where a tank or reservoir holds the head.
    rows: [usize; 2],
    /// Place below the diagonal; `usize::MAX` for a link at a tank or reservoir.
    place: usize,
    constant_power: bool,
}

/// A network in motion.
#[derive(Clone, Debug)]
pub struct Engine {
    network: Network,
    model: Model,
    options: Limits,
    matrix: Matrix,
    wires: Vec<Wire>,
    /// Links that may hold a pressure or a flow: PRV, PSV and FCV.
    holders: Vec<usize>,
    /// Junctions with an emitter.
    emitters: Vec<usize>,
    head: Vec<f64>,
    /// Nominal demand of junctions, after a solution their outflow; inflow of tanks and reservoirs.
    demand: Vec<f64>,
    demand_flow: Vec<f64>,
    emitter_flow: Vec<f64>,
    excess: Vec<f64>,
    status: Vec<Status>,
    setting: Vec<f64>,
    flow: Vec<f64>,
    p: Vec<f64>,
    y: Vec<f64>,
    volume: Vec<f64>,
    system_demand: f64,
    largest_change: f64,
    time_s: i64,
    next_report_s: i64,
    halted: bool,
    balance: WaterBalance,
}

/// Heads and flows at the reporting times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Reporting time in s.
    pub time_s: i64,
    /// Head of every node, m.
    pub head_m: Vec<f64>,
    /// Flow of every link, m³/s; zero in closed links.
    pub flow_m3_s: Vec<f64>,
    /// How the solution shown went.
    pub solution: Solution,
}

impl Engine {
    /// The network at its start.
    pub fn new(network: &Network) -> Self {
        let model = Model::new(network);
        let options = &network.options;
        let ends: Vec<(usize, usize)> = model.links.iter().map(|link| (link.from, link.to)).collect();
        let (nodes, links) = (model.elevation.len(), model.links.len());
        let matrix = Matrix::new(model.junctions, &ends);
        let row = |node: usize| matrix.row.get(node).copied().unwrap_or(usize::MAX);
        let wire = |(at, link): (usize, &model::Pipe)| Wire {
            from: link.from,
            to: link.to,
            rows: [row(link.from), row(link.to)],
            place: matrix.place[at].unwrap_or(usize::MAX),
            constant_power: link.pump.as_ref().is_some_and(|machine| machine.power.is_some()),
        };
        let wires = model.links.iter().enumerate().map(wire).collect();
        let holds = |at: &usize| matches!(model.links[*at].kind, Kind::Prv | Kind::Psv | Kind::Fcv);
        let mut engine = Self {
            matrix,
            wires,
            holders: (0..links).filter(holds).collect(),
            emitters: (0..model.junctions).filter(|&junction| model.ke[junction] > 0.0).collect(),
            options: Limits {
                trials: options.trials,
                extra: options.extra_trials.unwrap_or(0),
                check_freq: options.check_freq,
                max_check: options.max_check,
                damp_limit: options.damp_limit,
                accuracy: options.accuracy,
            },
            head: vec![0.0; nodes],
            demand: vec![0.0; nodes],
            demand_flow: vec![0.0; nodes],
            emitter_flow: model.ke.iter().map(|&ke| if ke > 0.0 { 1.0 } else { 0.0 }).collect(),
            excess: vec![0.0; nodes],
            status: model.links.iter().map(|link| link.status).collect(),
            setting: model.links.iter().map(|link| link.setting).collect(),
            flow: vec![0.0; links],
            p: vec![0.0; links],
            y: vec![0.0; links],
            volume: model.stores.iter().map(|store| store.start).collect(),
            system_demand: 0.0,
            largest_change: 0.0,
            time_s: 0,
            next_report_s: network.times.report_step_s,
            halted: false,
            balance: WaterBalance::default(),
            network: network.clone(),
            model,
        };
        engine.start();
        engine
    }

    fn start(&mut self) {
        for store in &self.model.stores {
            self.head[store.node] = store.start_head;
        }
        for (at, link) in self.model.links.iter().enumerate() {
            if matches!(link.kind, Kind::Prv | Kind::Psv | Kind::Fcv) && link.setting != MISSING {
                self.status[at] = Status::Active;
            }
            self.flow[at] = if self.status[at].is_closed() {
                QZERO
            } else if let Some(machine) = &link.pump {
                self.setting[at] * machine.first_flow
            } else {
                std::f64::consts::PI * link.diameter * link.diameter / 4.0
            };
        }
    }

    /// Time of the next solution, s.
    pub fn time_s(&self) -> i64 {
        self.time_s
    }

    /// Where the water of all steps so far went.
    pub fn balance(&self) -> WaterBalance {
        self.balance
    }

    /// Whether water leaves the network at this node now.
    pub fn draws(&self, node: usize) -> bool {
        node < self.model.junctions && self.demand[node] > 0.0
    }

    /// Junctions that no open link joins with a tank or a reservoir, in ascending order.
    pub fn cut_off(&self) -> BTreeSet<usize> {
        let mut reached: Vec<bool> = (0..self.head.len()).map(|node| node >= self.model.junctions).collect();
        let mut open: Vec<Vec<usize>> = vec![Vec::new(); self.head.len()];
        for (link, status) in self.model.links.iter().zip(&self.status) {
            if !status.is_closed() {
                open[link.from].push(link.to);
                open[link.to].push(link.from);
            }
        }
        let mut edge: Vec<usize> = (self.model.junctions..self.head.len()).collect();
        while let Some(node) = edge.pop() {
            for &next in &open[node] {
                if !std::mem::replace(&mut reached[next], true) {
                    edge.push(next);
                }
            }
        }
        (0..self.model.junctions).filter(|&node| !reached[node]).collect()
    }

    /// Heads and flows now, told as of `label`.
    pub fn report(&self, time_s: i64, solution: Solution) -> Report {
        let flow = |at: usize| if self.status[at].is_closed() { 0.0 } else { self.flow[at] };
        Report {
            time_s,
            head_m: self.head.iter().map(|head| head * M_PER_FT).collect(),
            flow_m3_s: (0..self.flow.len()).map(|at| flow(at) * M3_PER_FT3).collect(),
            solution,
        }
    }
}
