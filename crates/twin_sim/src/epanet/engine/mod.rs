//! Quasi-steady hydraulics of a network over time, step by step as EPANET 2.2 does it.
//!
//! Method: L. A. Rossman et al., *EPANET 2.2 User Manual*, US EPA, EPA/600/R-20/133, 2020, chapter 12; E. Todini and
//! S. Pilati, "A gradient algorithm for the analysis of pipe networks", 1988. Inside, everything is in feet and ft³/s.

mod assemble;
mod clock;
mod doubts;
mod loss;
mod model;
mod plan;
mod power;
mod rules;
mod solve;
mod state;
mod status;
mod wide;

pub use doubts::Strain;
pub use solve::Solution;
pub use state::{State, StateError};

use super::network::Network;
use super::run::WaterBalance;
use super::units::{M_PER_FT, M3_PER_FT3};
use crate::sparse::System;
use loss::Tangent;
use plan::Plan;
use std::sync::Arc;

/// A network in motion. A clone goes on by itself and shares all that stays.
#[derive(Clone, Debug)]
pub struct Engine {
    plan: Arc<Plan>,
    state: State,
    system: System,
    /// Tangent of each link's loss.
    tangents: Vec<Tangent>,
    /// What flows into each node more than out of it.
    excess: Vec<f64>,
    /// Multiplier of each pattern now.
    factors: Vec<f64>,
    largest_change: f64,
    stuck_at: Option<usize>,
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
        let (plan, system) = Plan::new(network);
        Self {
            state: State::first(&plan),
            system,
            tangents: vec![Tangent::default(); plan.wires.len()],
            excess: vec![0.0; plan.model.elevation.len()],
            factors: vec![1.0; plan.patterns.len()],
            largest_change: 0.0,
            stuck_at: None,
            plan: Arc::new(plan),
        }
    }

    /// Time of the next solution, s.
    pub fn time_s(&self) -> i64 {
        self.state.time_s
    }

    /// Where the water of all steps so far went.
    pub fn balance(&self) -> WaterBalance {
        self.state.balance
    }

    /// What leaves the network at a junction, m³/s: its demands and its emitter; what flows into a tank or reservoir.
    pub fn outflow_m3_s(&self, node: usize) -> f64 {
        self.state.demand.get(node).map_or(0.0, |flow| flow * M3_PER_FT3)
    }

    /// Heads and flows now, told as of `label`.
    pub fn report(&self, time_s: i64, solution: Solution) -> Report {
        let flow = |at: usize| if self.state.status[at].is_closed() { 0.0 } else { self.state.flow[at] };
        Report {
            time_s,
            head_m: self.state.head.iter().map(|head| head * M_PER_FT).collect(),
            flow_m3_s: (0..self.state.flow.len()).map(|at| flow(at) * M3_PER_FT3).collect(),
            solution,
        }
    }
}
