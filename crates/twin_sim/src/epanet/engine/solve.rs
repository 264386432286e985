//! One moment's heads and flows by Todini and Pilati's gradient method.

use super::Engine;
use super::loss::Tangent;
use super::plan::NOWHERE;
use super::state::State;

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
        self.stuck_at = None;
        let options = self.plan.limits;
        let most = options.trials.saturating_add(options.extra.unwrap_or(0));
        let mut next_check = options.check_freq;
        let mut relax = 1.0;
        let mut trial = 1;
        let mut error = 0.0;
        let mut solvable = true;
        while trial <= most {
            self.losses();
            self.assemble();
            if let Err(junction) = self.system.factor() {
                if self.let_go(junction) {
                    continue;
                }
                self.stuck_at = Some(junction);
                solvable = false;
                break;
            }
            let solution = self.system.solve_right();
            for (head, &step) in self.state.head.iter_mut().zip(&self.plan.steps) {
                *head = solution[step as usize];
            }
            error = self.update_flows(relax);
            if !error.is_finite() {
                self.stuck_at = self.state.head.iter().position(|head| !head.is_finite());
                solvable = false;
                break;
            }
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
        for junction in 0..self.plan.model.junctions {
            self.state.demand[junction] = self.state.demand_flow[junction] + self.state.emitter_flow[junction];
        }
        Solution { trials: trial, error, balanced: error <= options.accuracy, solvable }
    }

    /// New flows; sum of changes over sum of flows.
    fn update_flows(&mut self, relax: f64) -> f64 {
        let (mut sum, mut changes, mut largest) = (0.0, 0.0, 0.0_f64);
        let junctions = self.plan.model.junctions;
        self.state.demand[junctions..].fill(0.0);
        let Self { plan, state, tangents, .. } = self;
        let State { head, flow, status, demand, .. } = state;
        for (((wire, tangent), status), flow) in plan.wires.iter().zip(tangents.iter()).zip(status.iter()).zip(flow) {
            let (from, to) = (wire.from as usize, wire.to as usize);
            let mut change = (tangent.y - tangent.p * (head[from] - head[to])) * relax;
            if wire.constant_power && change > *flow {
                change = *flow / 2.0;
            }
            *flow -= change;
            sum += flow.abs();
            changes += change.abs();
            largest = largest.max(change.abs());
            if wire.entry == NOWHERE && !status.is_closed() {
                if from >= junctions {
                    demand[from] -= *flow;
                }
                if to >= junctions {
                    demand[to] += *flow;
                }
            }
        }
        self.largest_change = largest;
        for at in 0..self.plan.emitters.len() {
            let junction = self.plan.emitters[at];
            let (loss, slope) = self.emitter(junction);
            let change = (loss - (self.state.head[junction] - self.plan.model.elevation[junction])) / slope * relax;
            self.state.emitter_flow[junction] -= change;
            sum += self.state.emitter_flow[junction].abs();
            changes += change.abs();
            self.largest_change = self.largest_change.max(change.abs());
        }
        if let Some((least, range, exponent)) = self.plan.model.driven {
            for junction in 0..junctions {
                if self.state.demand[junction] <= 0.0 {
                    continue;
                }
                let above = self.state.head[junction] - self.plan.model.elevation[junction];
                let (loss, slope) = self.driven(junction, range, exponent);
                let change = (loss - (above - least)) / slope * relax;
                self.state.demand_flow[junction] -= change;
                sum += self.state.demand_flow[junction].abs();
                changes += change.abs();
                self.largest_change = self.largest_change.max(change.abs());
            }
        }
        if sum > self.plan.limits.accuracy { changes / sum } else { changes }
    }

    fn has_converged(&mut self, error: f64) -> bool {
        if error > self.plan.limits.accuracy {
            return false;
        }
        if self.plan.model.head_error > 0.0 && self.largest_head_error() > self.plan.model.head_error {
            return false;
        }
        if self.plan.model.flow_change > 0.0 && self.largest_change > self.plan.model.flow_change {
            return false;
        }
        self.demands_fit()
    }

    /// How far a link's loss is from the difference of its heads.
    fn largest_head_error(&mut self) -> f64 {
        self.losses();
        let mut largest = 0.0_f64;
        for (at, link) in self.plan.model.links.iter().enumerate().filter(|(at, _)| !self.state.status[*at].is_closed()) {
            let Tangent { p, y } = self.tangents[at];
            if p != 0.0 {
                largest = largest.max((self.state.head[link.from] - self.state.head[link.to] - y / p).abs());
            }
        }
        largest
    }

    /// Whether no demand is drawn below its least pressure. EPANET 2.2 looks no closer.
    fn demands_fit(&self) -> bool {
        let Some((least, ..)) = self.plan.model.driven else { return true };
        let drawn = |junction: &usize| self.state.demand[*junction] > 0.0 && self.state.demand_flow[*junction].abs() > 0.001;
        (0..self.plan.model.junctions).filter(drawn).all(|junction| self.state.head[junction] - self.plan.model.elevation[junction] > least)
    }
}
