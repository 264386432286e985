//! The equations of the heads: what every link, demand, emitter and valve adds to them.

use super::Engine;
use super::loss::Tangent;
use super::model::{CBIG, Kind, MISSING, Status};
use super::plan::NOWHERE;

impl Engine {
    pub(super) fn assemble(&mut self) {
        self.system.zero();
        self.assemble_links();
        self.assemble_outflows();
        for at in 0..self.plan.holders.len() {
            let at = self.plan.holders[at];
            if self.state.setting[at] != MISSING {
                self.assemble_valve(at);
            }
        }
    }

    fn assemble_links(&mut self) {
        self.excess.fill(0.0);
        let Self { system, excess, state, tangents, plan, .. } = self;
        let numbers = system.numbers();
        numbers.right.fill(0.0);
        for ((wire, tangent), &flow) in plan.wires.iter().zip(tangents.iter()).zip(&state.flow) {
            let (p, y) = (tangent.p, tangent.y);
            if p == 0.0 {
                continue;
            }
            let (from, to) = (wire.from as usize, wire.to as usize);
            excess[from] -= flow;
            excess[to] += flow;
            let [i, j] = wire.steps.map(|step| step as usize);
            if wire.entry != NOWHERE {
                numbers.below[wire.entry as usize] -= p;
                numbers.diagonal[i] += p;
                numbers.right[i] += y;
                numbers.diagonal[j] += p;
                numbers.right[j] -= y;
            } else if wire.steps[0] != NOWHERE {
                numbers.diagonal[i] += p;
                numbers.right[i] += y;
                numbers.right[i] += p * state.head[to];
            } else if wire.steps[1] != NOWHERE {
                numbers.diagonal[j] += p;
                numbers.right[j] += p * state.head[from];
                numbers.right[j] -= y;
            }
        }
    }

    fn assemble_outflows(&mut self) {
        for at in 0..self.plan.emitters.len() {
            let junction = self.plan.emitters[at];
            let (loss, slope) = self.emitter(junction);
            let right = (loss + self.plan.model.elevation[junction]) / slope;
            self.pull(junction, 1.0 / slope, right);
            self.excess[junction] -= self.state.emitter_flow[junction];
        }
        if let Some((least, range, exponent)) = self.plan.model.driven {
            for junction in 0..self.plan.model.junctions {
                if self.state.demand[junction] <= 0.0 {
                    continue;
                }
                let (loss, slope) = self.driven(junction, range, exponent);
                let right = (loss + self.plan.model.elevation[junction] + least) / slope;
                self.pull(junction, 1.0 / slope, right);
            }
        }
        let right = self.system.numbers().right;
        for ((excess, demand), &step) in self.excess.iter_mut().zip(&self.state.demand_flow).zip(&self.plan.steps) {
            *excess -= demand;
            right[step as usize] += *excess;
        }
    }

    /// Adds to the diagonal and to the right side of a junction.
    fn pull(&mut self, junction: usize, diagonal: f64, right: f64) {
        let step = self.plan.steps[junction] as usize;
        let numbers = self.system.numbers();
        numbers.diagonal[step] += diagonal;
        numbers.right[step] += right;
    }

    /// An active PRV or PSV holds a head, an active FCV a flow; otherwise they are valves like any other.
    fn assemble_valve(&mut self, at: usize) {
        let link = &self.plan.model.links[at];
        let (from, to, kind, setting, minor) = (link.from, link.to, link.kind, self.state.setting[at], link.minor);
        let flow = self.state.flow[at];
        match (kind, self.state.status[at] == Status::Active) {
            (Kind::Prv, true) => {
                self.tangents[at].y = flow + self.excess[to];
                self.pull(to, CBIG, (self.plan.model.elevation[to] + setting) * CBIG);
                self.pull(from, 0.0, self.excess[to].min(0.0));
            }
            (Kind::Psv, true) => {
                self.tangents[at].y = flow - self.excess[from];
                self.pull(from, CBIG, (self.plan.model.elevation[from] + setting) * CBIG);
                self.pull(to, 0.0, self.excess[from].max(0.0));
            }
            (_, active) => {
                if active {
                    self.excess[from] -= setting;
                    self.excess[to] += setting;
                    self.tangents[at] = Tangent { p: 1.0 / CBIG, y: flow - setting };
                    self.pull(from, 0.0, -setting);
                    self.pull(to, 0.0, setting);
                } else {
                    self.tangents[at] = self.valve(at, minor);
                    let more = self.tangents[at].y - flow;
                    self.pull(from, 0.0, more);
                    self.pull(to, 0.0, -more);
                }
                let p = self.tangents[at].p;
                self.system.add_off_diagonal(at, -p);
                self.pull(from, p, 0.0);
                self.pull(to, p, 0.0);
            }
        }
    }
}
