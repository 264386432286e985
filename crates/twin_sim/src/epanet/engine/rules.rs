//! Rules: what they look at, and which of their actions win.

use super::Engine;
use super::model::{Kind, MISSING, Status, TINY, internal_setting};
use crate::epanet::logic::{Action, Change, Join, LinkVariable, NodeVariable, Premise, Relation, Rule, Subject};
use crate::epanet::network::LinkStatus;
use crate::epanet::units::{M_PER_FT, M3_PER_FT3};
use std::sync::Arc;

const DAY_S: i64 = 86_400;
/// Settings nearer than this are the same, in feet or ft³/s.
const SAME: f64 = 1e-3;

impl Engine {
    /// Looks at all rules at the end of an interval of so many seconds; true when one changed something.
    pub(super) fn check_rules(&mut self, interval_s: i64) -> bool {
        let since = self.state.time_s - interval_s + 1;
        let plan = Arc::clone(&self.plan);
        let mut chosen: Vec<(f64, Action)> = Vec::new();
        for rule in &plan.rules {
            let actions = if self.holds(rule, since) { &rule.then } else { &rule.otherwise };
            for &action in actions {
                match chosen.iter_mut().find(|(_, other)| other.link == action.link) {
                    Some(other) if rule.priority > other.0 => *other = (rule.priority, action),
                    Some(_) => {}
                    None => chosen.push((rule.priority, action)),
                }
            }
        }
        chosen.into_iter().fold(false, |changed, (_, action)| self.act(action) || changed)
    }

    fn holds(&self, rule: &Rule, since: i64) -> bool {
        let mut result = true;
        for premise in &rule.premises {
            match premise.join {
                Join::Or if result => {}
                Join::And if !result => return false,
                _ => result = self.premise(premise, since),
            }
        }
        result
    }

    fn premise(&self, premise: &Premise, since: i64) -> bool {
        let relation = premise.relation;
        let start = self.plan.times.start_clock_s;
        match premise.subject {
            Subject::Time(mark) => in_time(relation, since, self.state.time_s, mark),
            Subject::ClockTime(mark) => in_time(relation, (since + start) % DAY_S, (self.state.time_s + start) % DAY_S, mark),
            Subject::Status { link, status } => {
                let now = match self.state.status[link] {
                    closed if closed.is_closed() => LinkStatus::Closed,
                    Status::Active => LinkStatus::Active,
                    _ => LinkStatus::Open,
                };
                (now == status) == (relation == Relation::Equal)
            }
            Subject::SystemDemand(mark) => compare(relation, self.state.system_demand * M3_PER_FT3, mark.value, mark.tolerance),
            Subject::Node { node, variable, value } => {
                self.node_value(node, variable).is_some_and(|now| compare(relation, now, value.value, value.tolerance))
            }
            Subject::Link { link, variable, value } => {
                self.link_value(link, variable).is_some_and(|now| compare(relation, now, value.value, value.tolerance))
            }
        }
    }

    fn node_value(&self, node: usize, variable: NodeVariable) -> Option<f64> {
        let above = (self.state.head[node] - self.plan.model.elevation[node]) * M_PER_FT;
        let inflow = self.state.demand[node];
        let tank = || {
            let at = node.checked_sub(self.plan.model.junctions)?;
            self.plan.model.stores.get(at).filter(|store| store.area > 0.0).map(|store| (store, self.state.volume[at]))
        };
        match variable {
            NodeVariable::Demand => Some(inflow * M3_PER_FT3),
            NodeVariable::Head => Some(self.state.head[node] * M_PER_FT),
            NodeVariable::Pressure | NodeVariable::Level => Some(above),
            NodeVariable::FillTime => {
                let (store, volume) = tank()?;
                (inflow > TINY).then(|| (store.most - volume) / inflow)
            }
            NodeVariable::DrainTime => {
                let (store, volume) = tank()?;
                (inflow < -TINY).then(|| (store.least - volume) / inflow)
            }
        }
    }

    fn link_value(&self, link: usize, variable: LinkVariable) -> Option<f64> {
        match variable {
            LinkVariable::Flow => Some(self.state.flow[link].abs() * M3_PER_FT3),
            LinkVariable::Setting => {
                let setting = self.state.setting[link];
                let unit = match self.plan.model.links[link].kind {
                    Kind::Prv | Kind::Psv | Kind::Pbv => M_PER_FT,
                    Kind::Fcv => M3_PER_FT3,
                    _ => 1.0,
                };
                (setting != MISSING).then_some(setting * unit)
            }
        }
    }

    fn act(&mut self, action: Action) -> bool {
        let link = action.link;
        let kind = self.plan.model.links[link].kind;
        let closed = self.state.status[link].is_closed();
        let fixed = !matches!(kind, Kind::Pipe | Kind::CheckValve | Kind::Pump | Kind::Gpv);
        match action.change {
            Change::Open if closed => {
                if kind == Kind::Pump {
                    self.reset_pump(link);
                    self.state.setting[link] = 1.0;
                }
                if fixed {
                    self.state.setting[link] = MISSING;
                }
                self.state.status[link] = Status::Open;
                true
            }
            Change::Close if !closed => {
                if kind == Kind::Pump {
                    self.state.setting[link] = 0.0;
                }
                if fixed {
                    self.state.setting[link] = MISSING;
                }
                self.state.status[link] = Status::Closed;
                true
            }
            Change::Setting(value) => {
                let value = internal_setting(kind, value);
                let differs = (value - self.state.setting[link]).abs() > SAME;
                if differs {
                    self.set(link, value);
                }
                differs
            }
            _ => false,
        }
    }
}

/// A time is equal when it lies in the interval from `since` to `now`, which may pass midnight.
fn in_time(relation: Relation, since: i64, now: i64, mark: i64) -> bool {
    let within = if now < since { mark >= since || mark <= now } else { mark >= since && mark <= now };
    match relation {
        Relation::Equal => within,
        Relation::NotEqual => !within,
        Relation::Less => now < mark,
        Relation::LessOrEqual => now <= mark,
        Relation::Greater => now > mark,
        Relation::GreaterOrEqual => now >= mark,
    }
}

fn compare(relation: Relation, now: f64, mark: f64, tolerance: f64) -> bool {
    match relation {
        Relation::Equal => (now - mark).abs() <= tolerance,
        Relation::NotEqual => (now - mark).abs() >= tolerance,
        Relation::Less => now <= mark + tolerance,
        Relation::LessOrEqual => now <= mark - tolerance,
        Relation::Greater => now >= mark - tolerance,
        Relation::GreaterOrEqual => now >= mark + tolerance,
    }
}
