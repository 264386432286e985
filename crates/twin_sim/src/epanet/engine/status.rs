//! Which links open and close between two trials of a solution.

use super::Engine;
use super::model::{Kind, MISSING, Status};
use crate::epanet::network::When;

impl Engine {
    /// PRV and PSV; true when one changed.
    pub(super) fn valve_status(&mut self) -> bool {
        let mut changed = false;
        for at in 0..self.holders.len() {
            let at = self.holders[at];
            let link = &self.model.links[at];
            let setting = self.setting[at];
            if setting == MISSING {
                continue;
            }
            let (h1, h2) = (self.head[link.from], self.head[link.to]);
            let status = match link.kind {
                Kind::Prv => self.reducing(at, self.model.elevation[link.to] + setting, h1, h2),
                Kind::Psv => self.sustaining(at, self.model.elevation[link.from] + setting, h1, h2),
                _ => continue,
            };
            changed |= status != self.status[at];
            self.status[at] = status;
        }
        changed
    }

    fn reducing(&self, at: usize, set: f64, h1: f64, h2: f64) -> Status {
        let (flow, htol) = (self.flow[at], self.model.htol);
        let minor = self.model.links[at].minor * flow * flow;
        let backwards = flow < -self.model.qtol;
        match self.status[at] {
            Status::Active | Status::Open | Status::Xpressure if backwards => Status::Closed,
            Status::Active if h1 - minor < set - htol => Status::Open,
            Status::Open if h2 >= set + htol => Status::Active,
            Status::Closed if h1 >= set + htol && h2 < set - htol => Status::Active,
            Status::Closed if h1 < set - htol && h1 > h2 + htol => Status::Open,
            same => same,
        }
    }

    fn sustaining(&self, at: usize, set: f64, h1: f64, h2: f64) -> Status {
        let (flow, htol) = (self.flow[at], self.model.htol);
        let minor = self.model.links[at].minor * flow * flow;
        let backwards = flow < -self.model.qtol;
        match self.status[at] {
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
        for at in 0..self.model.links.len() {
            let link = &self.model.links[at];
            let (from, to, kind) = (link.from, link.to, link.kind);
            let (h1, h2) = (self.head[from], self.head[to]);
            let before = self.status[at];
            if matches!(before, Status::Xhead | Status::TempClosed) {
                self.status[at] = Status::Open;
            }
            if kind == Kind::CheckValve {
                self.status[at] = self.check(self.status[at], h1 - h2, self.flow[at]);
            }
            if kind == Kind::Pump && self.status[at] >= Status::Open && self.setting[at] > 0.0 {
                self.status[at] = self.lift(at, h2 - h1);
            }
            if kind == Kind::Fcv && self.setting[at] != MISSING {
                self.status[at] = self.flow_control(at, before, h1, h2);
            }
            if from >= self.model.junctions || to >= self.model.junctions {
                self.tank_status(at, from, to);
            }
            changed |= before != self.status[at];
        }
        changed
    }

    fn check(&self, status: Status, dh: f64, flow: f64) -> Status {
        let backwards = flow < -self.model.qtol;
        if dh.abs() > self.model.htol {
            if dh < -self.model.htol || backwards { Status::Closed } else { Status::Open }
        } else if backwards {
            Status::Closed
        } else {
            status
        }
    }

    fn lift(&self, at: usize, gain: f64) -> Status {
        let speed = self.setting[at];
        let most = self.model.links[at]
            .pump
            .as_ref()
            .map_or(1e10, |machine| if machine.power.is_some() { 1e10 } else { speed * speed * machine.most_head });
        if gain > most + self.model.htol { Status::Xhead } else { Status::Open }
    }

    fn flow_control(&self, at: usize, before: Status, h1: f64, h2: f64) -> Status {
        if h1 - h2 < -self.model.htol || self.flow[at] < -self.model.qtol {
            Status::Xfcv
        } else if before == Status::Xfcv && self.flow[at] >= self.setting[at] {
            Status::Active
        } else {
            before
        }
    }

    /// No flow into a full tank or out of an empty one.
    fn tank_status(&mut self, at: usize, from: usize, to: usize) {
        if self.status[at].is_closed() {
            return;
        }
        let (tank, other, flow) = if from >= self.model.junctions { (from, to, self.flow[at]) } else { (to, from, -self.flow[at]) };
        let store = &self.model.stores[tank - self.model.junctions];
        if store.area == 0.0 {
            return;
        }
        let dh = self.head[tank] - self.head[other];
        let link = &self.model.links[at];
        let is_pump = link.kind == Kind::Pump;
        if self.head[tank] >= store.most_head - self.model.htol && !store.overflows {
            let into = if is_pump { link.to == tank } else { self.check(Status::Open, dh, flow) == Status::Closed };
            if into {
                self.status[at] = Status::TempClosed;
            }
        }
        if self.head[tank] <= store.least_head + self.model.htol {
            let out = if is_pump { link.from == tank } else { self.check(Status::Closed, dh, flow) == Status::Open };
            if out {
                self.status[at] = Status::TempClosed;
            }
        }
    }

    /// Controls that look at a junction's pressure; true when one acted.
    pub(super) fn pressure_switches(&mut self) -> bool {
        let mut changed = false;
        for switch in &self.model.switches {
            let holds = match switch.when {
                When::Below { node, head_m } if node < self.model.junctions => self.head[node] <= head_m + self.model.htol,
                When::Above { node, head_m } if node < self.model.junctions => self.head[node] >= head_m - self.model.htol,
                _ => false,
            };
            if !holds {
                continue;
            }
            let (status, setting) = (self.status[switch.link], self.setting[switch.link]);
            let acts = match self.model.links[switch.link].kind {
                Kind::Pipe | Kind::CheckValve => status != switch.status,
                Kind::Pump => setting != switch.setting,
                _ => setting != switch.setting || (setting == MISSING && status != switch.status),
            };
            if acts {
                self.status[switch.link] = switch.status;
                self.setting[switch.link] = switch.setting;
                changed = true;
            }
        }
        changed
    }

    /// Lets go of an active valve at a junction whose equation has no pivot; false when there is none.
    pub(super) fn let_go(&mut self, junction: usize) -> bool {
        for at in 0..self.model.links.len() {
            let link = &self.model.links[at];
            let at_junction = link.from == junction || link.to == junction;
            let kind = link.kind;
            if at_junction && matches!(kind, Kind::Prv | Kind::Psv | Kind::Fcv) {
                if self.status[at] != Status::Active {
                    return false;
                }
                self.status[at] = if kind == Kind::Fcv { Status::Xfcv } else { Status::Xpressure };
                return true;
            }
        }
        false
    }
}
