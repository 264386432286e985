//! What an engineer should look at in a solution: places without supply, machines and valves that cannot do what is asked.

use super::Engine;
use super::model::{Kind, Status};
use std::collections::BTreeSet;

/// What a link cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strain {
    /// A pump that cannot lift so high and is closed.
    Lift,
    /// A pump that delivers more than its curve knows.
    BeyondCurve,
    /// A pressure valve that cannot hold its pressure.
    Pressure,
    /// A flow control valve that cannot deliver its flow.
    Flow,
}

impl Engine {
    /// Whether water leaves the network at this node now.
    pub fn draws(&self, node: usize) -> bool {
        node < self.plan.model.junctions && self.state.demand.get(node).is_some_and(|demand| *demand > 0.0)
    }

    /// Junctions that no open link joins with a tank or a reservoir, in ascending order.
    pub fn cut_off(&self) -> BTreeSet<usize> {
        let junctions = self.plan.model.junctions;
        let mut reached: Vec<bool> = (0..self.state.head.len()).map(|node| node >= junctions).collect();
        let mut open: Vec<Vec<usize>> = vec![Vec::new(); self.state.head.len()];
        for (link, status) in self.plan.model.links.iter().zip(&self.state.status) {
            if !status.is_closed() {
                open[link.from].push(link.to);
                open[link.to].push(link.from);
            }
        }
        let mut edge: Vec<usize> = (junctions..self.state.head.len()).collect();
        while let Some(node) = edge.pop() {
            for &next in &open[node] {
                if !std::mem::replace(&mut reached[next], true) {
                    edge.push(next);
                }
            }
        }
        (0..junctions).filter(|&node| !reached[node]).collect()
    }

    /// Links that cannot do what is asked of them, in the order of the file.
    pub fn strained(&self) -> Vec<(usize, Strain)> {
        let strain = |at: usize| {
            let (status, setting) = (self.state.status[at], self.state.setting[at]);
            let link = &self.plan.model.links[at];
            match link.kind {
                Kind::Pump if status == Status::Xhead => Some(Strain::Lift),
                Kind::Pump => {
                    let most = link.pump.as_ref().map_or(f64::INFINITY, |machine| machine.most_flow * setting);
                    (!status.is_closed() && self.state.flow[at] > most).then_some(Strain::BeyondCurve)
                }
                Kind::Prv | Kind::Psv if status == Status::Xpressure => Some(Strain::Pressure),
                Kind::Fcv if status == Status::Xfcv => Some(Strain::Flow),
                _ => None,
            }
        };
        (0..self.plan.model.links.len()).filter_map(|at| strain(at).map(|strain| (at, strain))).collect()
    }

    /// The junction whose equation had no solution when the last moment was solved.
    pub fn stuck_at(&self) -> Option<usize> {
        self.stuck_at
    }
}
