//! Which links open and close between two trials of a solution.

use super::Engine;
use super::model::{Kind, MISSING, Status};
use crate::epanet::network::When;

impl Engine {
    /// PRV and PSV; true when one changed.
    pub(super) fn valve_status(&mut self) -> bool {
        let mut changed = false;
        for at in 0..self.plan.holders.len() {
            let at = self.plan.holders[at];
            let link = &self.plan.model.links[at];
            let setting = self.state.setting[at];
            if setting == MISSING {
                continue;
            }
            let (h1, h2) = (self.state.head[link.from], self.state.head[link.to]);
            let status = match link.kind {
                Kind::Prv => self.reducing(at, self.plan.model.elevation[link.to] + setting, h1, h2),
                Kind::Psv => self.sustaining(at, self.plan.model.elevation[link.from] + setting, h1, h2),
                _ => continue,
            };
            changed |= status != self.state.status[at];
            self.state.status[at] = status;
        }
        changed
    }

    fn reducing(&self, at: usize, set: f64, h1: f64, h2: f64) -> Status {
        let (flow, htol) = (self.state.flow[at], self.plan.model.htol);
        let minor = self.plan.model.links[at].minor * flow * flow;
        let backwards = flow < -self.plan.model.qtol;
        match self.state.status[at] {
            Status::Active | Status::Open | Status::Xpressure if backwards => Status::Closed,
            Status::Active if h1 - minor < set - htol => Status::Open,
            Status::Open if h2 >= set + htol => Status::Active,
            Status::Closed if h1 >= set + htol && h2 < set - htol => Status::Active,
            Status::Closed if h1 < set - htol && h1 > h2 + htol => Status::Open,
            same => same,
        }
    }

    fn sustaining(&self, at: usize, set: f64, h1: f64, h2: f64) -> Status {
        let (flow, htol) = (self.state.flow[at], self.plan.model.htol);
        let minor = self.plan.model.links[at].minor * flow * flow;
        let backwards = flow < -self.plan.model.qtol;
        match self.state.status[at] {
            Status::Active | Status::Open | Status::Xpressure if backwards => Status::Closed,
            Status::Active if h2 + minor > set + htol => Status::Open,
            Status::Open if h1 < set - htol => Status::Active,
            Status::Closed if h2 > set + htol && h1 > h2 + htol => Status::Open,
            Status::Closed if h1 >= set + htol && h1 > h2 + htol => Status::Active,
            same => same,
        }
    }

    /// Check valves, pumps, FCV and links at tanks; true when one changed.
    pub(super) fn link_status(&mut self) -> bool {
        let mut changed = false;
        for at in 0..self.plan.watched.len() {
            let at = self.plan.watched[at];
            let link = &self.plan.model.links[at];
            let (from, to, kind) = (link.from, link.to, link.kind);
            let (h1, h2) = (self.state.head[from], self.state.head[to]);
            let before = self.state.status[at];
            if matches!(before, Status::Xhead | Status::TempClosed) {
                self.state.status[at] = Status::Open;
            }
            if kind == Kind::CheckValve {
                self.state.status[at] = self.check(self.state.status[at], h1 - h2, self.state.flow[at]);
            }
            if kind == Kind::Pump && self.state.status[at] >= Status::Open && self.state.setting[at] > 0.0 {
                self.state.status[at] = self.lift(at, h2 - h1);
            }
            if kind == Kind::Fcv && self.state.setting[at] != MISSING {
                self.state.status[at] = self.flow_control(at, before, h1, h2);
            }
            if from >= self.plan.model.junctions || to >= self.plan.model.junctions {
                self.tank_status(at, from, to);
            }
            changed |= before != self.state.status[at];
        }
        changed
    }

    fn check(&self, status: Status, dh: f64, flow: f64) -> Status {
        let backwards = flow < -self.plan.model.qtol;
        if dh.abs() > self.plan.model.htol {
            if dh < -self.plan.model.htol || backwards { Status::Closed } else { Status::Open }
        } else if backwards {
            Status::Closed
        } else {
            status
        }
    }

    fn lift(&self, at: usize, gain: f64) -> Status {
        let speed = self.state.setting[at];
        let most = self.plan.model.links[at]
            .pump
            .as_ref()
            .map_or(1e10, |machine| if machine.power.is_some() { 1e10 } else { speed * speed * machine.most_head });
        if gain > most + self.plan.model.htol { Status::Xhead } else { Status::Open }
    }

    fn flow_control(&self, at: usize, before: Status, h1: f64, h2: f64) -> Status {
        if h1 - h2 < -self.plan.model.htol || self.state.flow[at] < -self.plan.model.qtol {
            Status::Xfcv
        } else if before == Status::Xfcv && self.state.flow[at] >= self.state.setting[at] {
            Status::Active
        } else {
            before
        }
    }

    /// No flow into a full tank or out of an empty one.
    fn tank_status(&mut self, at: usize, from: usize, to: usize) {
        if self.state.status[at].is_closed() {
            return;
        }
        let (tank, other, flow) =
            if from >= self.plan.model.junctions { (from, to, self.state.flow[at]) } else { (to, from, -self.state.flow[at]) };
        let store = &self.plan.model.stores[tank - self.plan.model.junctions];
        if store.area == 0.0 {
            return;
        }
        let dh = self.state.head[tank] - self.state.head[other];
        let link = &self.plan.model.links[at];
        let is_pump = link.kind == Kind::Pump;
        if self.state.head[tank] >= store.most_head - self.plan.model.htol && !store.overflows {
            let into = if is_pump { link.to == tank } else { self.check(Status::Open, dh, flow) == Status::Closed };
            if into {
                self.state.status[at] = Status::TempClosed;
            }
        }
        if self.state.head[tank] <= store.least_head + self.plan.model.htol {
            let out = if is_pump { link.from == tank } else { self.check(Status::Closed, dh, flow) == Status::Open };
            if out {
                self.state.status[at] = Status::TempClosed;
            }
        }
    }

    /// Controls that look at a junction's pressure; true when one acted.
    pub(super) fn pressure_switches(&mut self) -> bool {
        let mut changed = false;
        for switch in &self.plan.model.switches {
            let holds = match switch.when {
                When::Below { node, head_m } if node < self.plan.model.junctions => self.state.head[node] <= head_m + self.plan.model.htol,
                When::Above { node, head_m } if node < self.plan.model.junctions => self.state.head[node] >= head_m - self.plan.model.htol,
                _ => false,
            };
            if !holds {
                continue;
            }
            let (status, setting) = (self.state.status[switch.link], self.state.setting[switch.link]);
            let acts = match self.plan.model.links[switch.link].kind {
                Kind::Pipe | Kind::CheckValve => status != switch.status,
                Kind::Pump => setting != switch.setting,
                _ => setting != switch.setting || (setting == MISSING && status != switch.status),
            };
            if acts {
                self.state.status[switch.link] = switch.status;
                self.state.setting[switch.link] = switch.setting;
                changed = true;
            }
        }
        changed
    }

    /// Lets go of an active valve at a junction whose equation has no pivot; false when there is none.
    pub(super) fn let_go(&mut self, junction: usize) -> bool {
        for at in 0..self.plan.model.links.len() {
            let link = &self.plan.model.links[at];
            let at_junction = link.from == junction || link.to == junction;
            let kind = link.kind;
            if at_junction && matches!(kind, Kind::Prv | Kind::Psv | Kind::Fcv) {
                if self.state.status[at] != Status::Active {
                    return false;
                }
                self.state.status[at] = if kind == Kind::Fcv { Status::Xfcv } else { Status::Xpressure };
                return true;
            }
        }
        false
    }
}
