//! One moment's heads and flows by Todini and Pilati's gradient method.

use super::Engine;
use super::model::{CBIG, Kind, MISSING, Status};

/// How a solution went.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Solution {
    /// Trials needed.
    pub trials: u32,
    /// Sum of flow changes over sum of flows in the last trial.
    pub error: f64,
    /// Whether that was within the accuracy asked for.
    pub balanced: bool,
    /// False when the equations have no solution.
    pub solvable: bool,
}

impl Engine {
    /// Solves for the present demands, tank levels and statuses.
    pub(super) fn solve(&mut self) -> Solution {
        let options = self.options;
        let most = options.trials + options.extra;
        let mut next_check = options.check_freq;
        let mut relax = 1.0;
        let mut trial = 1;
        let mut error = 0.0;
        let mut solvable = true;
        while trial <= most {
            self.losses();
            self.assemble();
            if let Err(row) = self.matrix.solve() {
                if self.let_go(self.matrix.junction[row]) {
                    continue;
                }
                solvable = false;
                break;
            }
            for (head, &row) in self.head.iter_mut().zip(&self.matrix.row) {
                *head = self.matrix.right[row];
            }
            error = self.update_flows(relax);
            relax = 1.0;
            let mut valve_changed = false;
            if options.damp_limit > 0.0 {
                if error <= options.damp_limit {
                    relax = 0.6;
                    valve_changed = self.valve_status();
                }
            } else {
                valve_changed = self.valve_status();
            }
            if self.has_converged(error) {
                if trial > options.trials {
                    break;
                }
                let link_changed = self.link_status();
                let switched = self.pressure_switches();
                if !(valve_changed || link_changed || switched) {
                    break;
                }
                next_check = trial + options.check_freq;
            } else if trial <= options.max_check && trial == next_check {
                self.link_status();
                next_check += options.check_freq;
            }
            trial += 1;
        }
        for junction in 0..self.model.junctions {
            self.demand[junction] = self.demand_flow[junction] + self.emitter_flow[junction];
        }
        Solution { trials: trial, error, balanced: error <= options.accuracy, solvable }
    }

    fn assemble(&mut self) {
        self.matrix.clear();
        self.excess.fill(0.0);
        let Self { matrix, excess, head, .. } = self;
        for (((wire, &p), &y), &flow) in self.wires.iter().zip(&self.p).zip(&self.y).zip(&self.flow) {
            if p == 0.0 {
                continue;
            }
            excess[wire.from] -= flow;
            excess[wire.to] += flow;
            if let Some(below) = matrix.below.get_mut(wire.place) {
                *below -= p;
            }
            let [i, j] = wire.rows;
            if i != usize::MAX {
                matrix.diagonal[i] += p;
                matrix.right[i] += y;
            } else if j != usize::MAX {
                matrix.right[j] += p * head[wire.from];
            }
            if j != usize::MAX {
                matrix.diagonal[j] += p;
                matrix.right[j] -= y;
            } else if i != usize::MAX {
                matrix.right[i] += p * head[wire.to];
            }
        }
        self.assemble_outflows();
        let outflows = self.excess.iter_mut().zip(&self.demand_flow).zip(&self.matrix.row);
        for ((excess, demand), &row) in outflows {
            *excess -= demand;
            self.matrix.right[row] += *excess;
        }
        for at in 0..self.holders.len() {
            let at = self.holders[at];
            if self.setting[at] != MISSING {
                self.assemble_valve(at);
            }
        }
    }

    fn assemble_outflows(&mut self) {
        for at in 0..self.emitters.len() {
            let junction = self.emitters[at];
            let row = self.matrix.row[junction];
            let (loss, slope) = self.emitter(junction);
            self.matrix.diagonal[row] += 1.0 / slope;
            self.matrix.right[row] += (loss + self.model.elevation[junction]) / slope;
            self.excess[junction] -= self.emitter_flow[junction];
        }
        let Some((least, range, exponent)) = self.model.driven else { return };
        for junction in (0..self.model.junctions).filter(|&junction| self.demand[junction] > 0.0) {
            let row = self.matrix.row[junction];
            let (loss, slope) = self.driven(junction, range, exponent);
            self.matrix.diagonal[row] += 1.0 / slope;
            self.matrix.right[row] += (loss + self.model.elevation[junction] + least) / slope;
        }
    }

    /// An active PRV or PSV holds a head, an active FCV a flow; otherwise they are valves like any other.
    fn assemble_valve(&mut self, at: usize) {
        let link = &self.model.links[at];
        let (from, to, kind, setting, minor) = (link.from, link.to, link.kind, self.setting[at], link.minor);
        if !matches!(kind, Kind::Prv | Kind::Psv | Kind::Fcv) {
            return;
        }
        let (i, j) = (self.matrix.row[from], self.matrix.row[to]);
        let active = self.status[at] == Status::Active;
        if active && kind == Kind::Prv {
            self.p[at] = 0.0;
            self.y[at] = self.flow[at] + self.excess[to];
            self.matrix.right[j] += (self.model.elevation[to] + setting) * CBIG;
            self.matrix.diagonal[j] += CBIG;
            if self.excess[to] < 0.0 {
                self.matrix.right[i] += self.excess[to];
            }
            return;
        }
        if active && kind == Kind::Psv {
            self.p[at] = 0.0;
            self.y[at] = self.flow[at] - self.excess[from];
            self.matrix.right[i] += (self.model.elevation[from] + setting) * CBIG;
            self.matrix.diagonal[i] += CBIG;
            if self.excess[from] > 0.0 {
                self.matrix.right[j] += self.excess[from];
            }
            return;
        }
        if active {
            self.excess[from] -= setting;
            self.matrix.right[i] -= setting;
            self.excess[to] += setting;
            self.matrix.right[j] += setting;
            self.p[at] = 1.0 / CBIG;
            self.y[at] = self.flow[at] - setting;
        } else {
            let (p, y) = self.valve(at, minor);
            self.p[at] = p;
            self.y[at] = y;
            self.matrix.right[i] += y - self.flow[at];
            self.matrix.right[j] -= y - self.flow[at];
        }
        if let Some(place) = self.matrix.place[at] {
            self.matrix.below[place] -= self.p[at];
        }
        self.matrix.diagonal[i] += self.p[at];
        self.matrix.diagonal[j] += self.p[at];
    }

    /// New flows; sum of changes over sum of flows.
    fn update_flows(&mut self, relax: f64) -> f64 {
        let (mut sum, mut changes) = (0.0, 0.0);
        self.largest_change = 0.0;
        let junctions = self.model.junctions;
        self.demand[junctions..].fill(0.0);
        let tangents = self.wires.iter().zip(&self.p).zip(&self.y).zip(&self.status);
        for ((((wire, &p), &y), status), flow) in tangents.zip(&mut self.flow) {
            let mut change = (y - p * (self.head[wire.from] - self.head[wire.to])) * relax;
            if wire.constant_power && change > *flow {
                change = *flow / 2.0;
            }
            *flow -= change;
            sum += flow.abs();
            changes += change.abs();
            self.largest_change = self.largest_change.max(change.abs());
            if !status.is_closed() {
                if wire.from >= junctions {
                    self.demand[wire.from] -= *flow;
                }
                if wire.to >= junctions {
                    self.demand[wire.to] += *flow;
                }
            }
        }
        for at in 0..self.emitters.len() {
            let junction = self.emitters[at];
            let (loss, slope) = self.emitter(junction);
            let change = (loss - (self.head[junction] - self.model.elevation[junction])) / slope * relax;
            self.emitter_flow[junction] -= change;
            sum += self.emitter_flow[junction].abs();
            changes += change.abs();
            self.largest_change = self.largest_change.max(change.abs());
        }
        if let Some((least, range, exponent)) = self.model.driven {
            for junction in 0..junctions {
                if self.demand[junction] <= 0.0 {
                    continue;
                }
                let above = self.head[junction] - self.model.elevation[junction];
                let (loss, slope) = self.driven(junction, range, exponent);
                let change = (loss - (above - least)) / slope * relax;
                self.demand_flow[junction] -= change;
                sum += self.demand_flow[junction].abs();
                changes += change.abs();
                self.largest_change = self.largest_change.max(change.abs());
            }
        }
        if sum > self.options.accuracy { changes / sum } else { changes }
    }

    fn has_converged(&mut self, error: f64) -> bool {
        if error > self.options.accuracy {
            return false;
        }
        if self.model.head_error > 0.0 && self.largest_head_error() > self.model.head_error {
            return false;
        }
        if self.model.flow_change > 0.0 && self.largest_change > self.model.flow_change {
            return false;
        }
        self.demands_fit()
    }

    /// How far a link's loss is from the difference of its heads.
    fn largest_head_error(&mut self) -> f64 {
        self.losses();
        let mut largest = 0.0_f64;
        for (at, link) in self.model.links.iter().enumerate().filter(|(at, _)| !self.status[*at].is_closed()) {
            if self.p[at] != 0.0 {
                largest = largest.max((self.head[link.from] - self.head[link.to] - self.y[at] / self.p[at]).abs());
            }
        }
        largest
    }

    /// Whether no demand is drawn below its least pressure. EPANET 2.2 looks no closer.
    fn demands_fit(&self) -> bool {
        let Some((least, ..)) = self.model.driven else { return true };
        let drawn = |junction: &usize| self.demand[*junction] > 0.0 && self.demand_flow[*junction].abs() > 0.001;
        (0..self.model.junctions).filter(drawn).all(|junction| self.head[junction] - self.model.elevation[junction] > least)
    }
}
