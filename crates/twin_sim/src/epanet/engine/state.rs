//! Everything that changes while a network runs, as one value.

use super::Engine;
use super::model::{Kind, MISSING, QZERO, Status};
use super::plan::Plan;
use crate::epanet::run::WaterBalance;
use serde::{Deserialize, Serialize};

/// Layout of [`State`]; another one is refused.
const VERSION: u32 = 1;

/// A network between two moments: whoever goes on from the same state gets the same bits.
///
/// Bit-exact in formats that keep every bit of an `f64`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    version: u32,
    pub(super) time_s: i64,
    pub(super) next_report_s: i64,
    pub(super) halted: bool,
    pub(super) head: Vec<f64>,
    /// Nominal demand of junctions, after a solution their outflow; inflow of tanks and reservoirs.
    pub(super) demand: Vec<f64>,
    pub(super) demand_flow: Vec<f64>,
    pub(super) emitter_flow: Vec<f64>,
    pub(super) flow: Vec<f64>,
    pub(super) status: Vec<Status>,
    pub(super) setting: Vec<f64>,
    /// Of tanks and, always 0, of reservoirs.
    pub(super) volume: Vec<f64>,
    pub(super) system_demand: f64,
    pub(super) balance: WaterBalance,
}

/// Why a state does not fit a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Written by another version of the program.
    #[error("the state has layout {0}, this program knows layout {VERSION}")]
    Version(u32),
    /// Of a network with other numbers of nodes or links.
    #[error("the state belongs to another network: it has {nodes} nodes and {links} links")]
    Network {
        /// Nodes of the state.
        nodes: usize,
        /// Links of the state.
        links: usize,
    },
    /// It holds something that no run gives.
    #[error("the state holds a {0} that is not a number")]
    NotANumber(&'static str),
}

impl State {
    /// The start: levels and settings as in the file, the flows that EPANET begins with.
    pub(super) fn first(plan: &Plan) -> Self {
        let model = &plan.model;
        let nodes = model.elevation.len();
        let mut state = Self {
            version: VERSION,
            time_s: 0,
            next_report_s: plan.times.report_step_s,
            halted: false,
            head: vec![0.0; nodes],
            demand: vec![0.0; nodes],
            demand_flow: vec![0.0; nodes],
            emitter_flow: model.ke.iter().map(|&ke| if ke > 0.0 { 1.0 } else { 0.0 }).collect(),
            flow: vec![0.0; model.links.len()],
            status: model.links.iter().map(|link| link.status).collect(),
            setting: model.links.iter().map(|link| link.setting).collect(),
            volume: model.stores.iter().map(|store| store.start).collect(),
            system_demand: 0.0,
            balance: WaterBalance::default(),
        };
        for store in &model.stores {
            state.head[store.node] = store.start_head;
        }
        for (at, link) in model.links.iter().enumerate() {
            if matches!(link.kind, Kind::Prv | Kind::Psv | Kind::Fcv) && link.setting != MISSING {
                state.status[at] = Status::Active;
            }
            state.flow[at] = if state.status[at].is_closed() {
                QZERO
            } else if let Some(machine) = &link.pump {
                state.setting[at] * machine.first_flow
            } else {
                // One foot per second.
                std::f64::consts::PI * link.diameter * link.diameter / 4.0
            };
        }
        state
    }

    fn fits(&self, plan: &Plan) -> Result<(), StateError> {
        if self.version != VERSION {
            return Err(StateError::Version(self.version));
        }
        let (nodes, links) = (plan.model.elevation.len(), plan.model.links.len());
        let of_nodes = [&self.head, &self.demand, &self.demand_flow, &self.emitter_flow];
        let lengths_fit = of_nodes.iter().all(|values| values.len() == nodes)
            && self.volume.len() == plan.model.stores.len()
            && [self.flow.len(), self.status.len(), self.setting.len()] == [links; 3];
        if !lengths_fit {
            return Err(StateError::Network { nodes: self.head.len(), links: self.flow.len() });
        }
        let named = [
            ("head", &self.head),
            ("demand", &self.demand),
            ("demand flow", &self.demand_flow),
            ("emitter flow", &self.emitter_flow),
            ("flow", &self.flow),
            ("setting", &self.setting),
            ("volume", &self.volume),
        ];
        for (name, values) in named {
            if !values.iter().all(|value| value.is_finite()) {
                return Err(StateError::NotANumber(name));
            }
        }
        Ok(())
    }
}

impl Engine {
    /// Where the network stands. Taken between two moments, it is all that is needed to go on.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Goes on from a state of this network.
    ///
    /// # Errors
    /// When it is no state of a network like this one; then nothing has changed.
    pub fn restore(&mut self, state: &State) -> Result<(), StateError> {
        state.fits(&self.plan)?;
        self.state.clone_from(state);
        Ok(())
    }
}
