//! Time: demands and controls of a moment, the length of a step, tank levels.

use super::Engine;
use super::model::{Kind, MISSING, QZERO, Status, Store, TINY};
use super::solve::Solution;
use crate::epanet::network::When;
use crate::epanet::units::M3_PER_FT3;

const DAY_S: i64 = 86_400;

impl Engine {
    /// Applies demands and controls of the present time and solves; `None` when there is no solution.
    pub fn moment(&mut self) -> Option<Solution> {
        self.take_patterns();
        self.switch();
        let solution = self.solve();
        if !solution.balanced && self.plan.limits.extra.is_none() {
            self.state.halted = true;
        }
        solution.solvable.then_some(solution)
    }

    fn factor(&self, pattern: Option<usize>) -> f64 {
        pattern.and_then(|at| self.factors.get(at)).copied().unwrap_or(1.0)
    }

    fn take_patterns(&mut self) {
        let times = &self.plan.times;
        let period = ((self.state.time_s + times.pattern_start_s) / times.pattern_step_s) as usize;
        for (factor, pattern) in self.factors.iter_mut().zip(&self.plan.patterns) {
            *factor = pattern.multipliers[period % pattern.multipliers.len()];
        }
        let multiplier = self.plan.demand_multiplier;
        self.state.system_demand = 0.0;
        for junction in 0..self.plan.model.junctions {
            let mut sum = 0.0;
            for &(base, pattern) in &self.plan.model.demands[junction] {
                let demand = base * self.factor(pattern) * multiplier;
                if demand > 0.0 {
                    self.state.system_demand += demand;
                }
                sum += demand;
            }
            self.state.demand[junction] = sum;
            self.state.demand_flow[junction] = sum;
        }
        for store in self.plan.model.stores.iter().filter(|store| store.pattern.is_some()) {
            self.state.head[store.node] = store.start_head * self.factor(store.pattern);
        }
        for at in 0..self.plan.model.links.len() {
            if let Some(pattern) = self.plan.model.links[at].pump.as_ref().and_then(|machine| machine.pattern) {
                self.set(at, self.factor(Some(pattern)));
            }
        }
    }

    /// Gives a link a setting.
    pub(super) fn set(&mut self, at: usize, value: f64) {
        match self.plan.model.links[at].kind {
            Kind::Pump => {
                if value > 0.0 && self.state.status[at].is_closed() {
                    self.reset_pump(at);
                    self.state.status[at] = Status::Open;
                } else if value == 0.0 && !self.state.status[at].is_closed() {
                    self.state.status[at] = Status::Closed;
                }
            }
            Kind::Fcv => self.state.status[at] = Status::Active,
            _ => {
                if self.state.setting[at] == MISSING && self.state.status[at].is_closed() {
                    self.state.status[at] = Status::Open;
                }
            }
        }
        self.state.setting[at] = value;
    }

    /// A pump of constant power that starts again cannot find its flow from zero, so it begins as at the first moment.
    pub(super) fn reset_pump(&mut self, at: usize) {
        if let Some(machine) = self.plan.model.links[at].pump.as_ref().filter(|machine| machine.power.is_some()) {
            self.state.flow[at] = machine.first_flow;
        }
    }

    /// Simple controls on tank levels and times.
    fn switch(&mut self) {
        for at in 0..self.plan.model.switches.len() {
            let switch = &self.plan.model.switches[at];
            let holds = match switch.when {
                When::Below { node, head_m } | When::Above { node, head_m } => {
                    let Some(store) = node.checked_sub(self.plan.model.junctions).map(|at| &self.plan.model.stores[at]) else { continue };
                    let near = self.state.demand[node].abs();
                    let (now, mark) = (store.volume(self.state.head[node]), store.volume(head_m));
                    if matches!(switch.when, When::Below { .. }) { now <= mark + near } else { now >= mark - near }
                }
                When::Time(time_s) => time_s == self.state.time_s,
                When::ClockTime(clock_s) => (self.state.time_s + self.plan.times.start_clock_s) % DAY_S == clock_s,
            };
            if !holds {
                continue;
            }
            let link = switch.link;
            let open = if self.state.status[link].is_closed() { Status::Closed } else { Status::Open };
            let is_pipe = matches!(self.plan.model.links[link].kind, Kind::Pipe | Kind::CheckValve);
            let setting = if is_pipe { self.state.setting[link] } else { switch.setting };
            if open != switch.status || self.state.setting[link] != setting {
                let status = switch.status;
                if open == Status::Closed && status == Status::Open {
                    self.reset_pump(link);
                }
                self.state.status[link] = status;
                self.state.setting[link] = setting;
            }
        }
    }

    /// Goes on to the next moment; false at the end.
    pub fn advance(&mut self) -> bool {
        let end = self.plan.times.duration_s;
        if self.state.halted || self.state.time_s >= end {
            return false;
        }
        let step = self.step_s();
        self.state.time_s += step;
        if self.state.time_s >= self.state.next_report_s {
            self.state.next_report_s += self.plan.times.report_step_s;
        }
        step > 0
    }

    fn step_s(&mut self) -> i64 {
        let times = &self.plan.times;
        let mut step = times.hydraulic_step_s;
        let mut shorten = |to: i64| {
            if to > 0 && to < step {
                step = to;
            }
        };
        // The end of the pattern period is counted without the pattern start, as EPANET does.
        let period = (self.state.time_s + times.pattern_start_s) / times.pattern_step_s + 1;
        shorten(period * times.pattern_step_s - self.state.time_s);
        shorten(self.state.next_report_s - self.state.time_s);
        self.plan
            .model
            .stores
            .iter()
            .zip(&self.state.volume)
            .filter_map(|(store, &volume)| self.until_limit(store, volume))
            .for_each(&mut shorten);
        let step = self.until_switch(step);
        if self.plan.rules.is_empty() {
            self.fill(step);
            return step;
        }
        self.watch_rules(step)
    }

    /// Seconds until a tank is full or empty.
    fn until_limit(&self, store: &Store, volume: f64) -> Option<i64> {
        let (head, inflow) = (self.state.head[store.node], self.state.demand[store.node]);
        if store.area == 0.0 || inflow.abs() <= QZERO {
            return None;
        }
        if inflow > 0.0 && head < store.most_head {
            Some(rounded((store.most - volume) / inflow))
        } else if inflow < 0.0 && head > store.least_head {
            Some(rounded((store.least - volume) / inflow))
        } else {
            None
        }
    }

    /// The step, shortened to the first control that would change something.
    fn until_switch(&self, mut step: i64) -> i64 {
        for switch in &self.plan.model.switches {
            let until = match switch.when {
                When::Below { node, head_m } | When::Above { node, head_m } => {
                    let Some(at) = node.checked_sub(self.plan.model.junctions) else { continue };
                    let (head, inflow) = (self.state.head[node], self.state.demand[node]);
                    let above = matches!(switch.when, When::Above { .. });
                    let nears = if above { head < head_m && inflow > 0.0 } else { head > head_m && inflow < 0.0 };
                    if inflow.abs() <= QZERO || !nears {
                        continue;
                    }
                    rounded((self.plan.model.stores[at].volume(head_m) - self.state.volume[at]) / inflow)
                }
                When::Time(time_s) => time_s - self.state.time_s,
                When::ClockTime(clock_s) => {
                    let now = (self.state.time_s + self.plan.times.start_clock_s) % DAY_S;
                    if clock_s >= now { clock_s - now } else { DAY_S - now + clock_s }
                }
            };
            if until > 0 && until < step {
                let is_pipe = matches!(self.plan.model.links[switch.link].kind, Kind::Pipe | Kind::CheckValve);
                let new_setting = !is_pipe && self.state.setting[switch.link] != switch.setting;
                if new_setting || self.state.status[switch.link] != switch.status {
                    step = until;
                }
            }
        }
        step
    }

    /// Steps from one look at the rules to the next until one acts; the time that took.
    fn watch_rules(&mut self, step: i64) -> i64 {
        let every = self.plan.times.rule_step_s;
        let start = self.state.time_s;
        let mut next = (every - start % every).min(step);
        let mut usual = every.min(step);
        if next == 0 {
            next = usual;
        }
        loop {
            self.state.time_s += next;
            self.fill(next);
            if self.check_rules(next) {
                break;
            }
            usual = usual.min(start + step - self.state.time_s);
            next = usual;
            if next <= 0 {
                break;
            }
        }
        let taken = self.state.time_s - start;
        self.state.time_s = start;
        taken
    }

    /// Tank levels after so many seconds of the present flows.
    fn fill(&mut self, seconds: i64) {
        let out: f64 = self.state.demand[..self.plan.model.junctions].iter().sum();
        self.state.balance.delivered_m3 += out * seconds as f64 * M3_PER_FT3;
        for store in &self.plan.model.stores {
            let inflow_m3 = self.state.demand[store.node] * seconds as f64 * M3_PER_FT3;
            if store.area > 0.0 { self.state.balance.stored_m3 += inflow_m3 } else { self.state.balance.supplied_m3 -= inflow_m3 }
        }
        for (at, store) in self.plan.model.stores.iter().enumerate().filter(|(_, store)| store.area > 0.0) {
            let inflow = self.state.demand[store.node];
            let mut volume = self.state.volume[at] + inflow * seconds as f64;
            if volume + inflow >= store.most {
                volume = store.most;
            } else if volume - inflow <= store.least {
                volume = store.least;
            }
            self.state.volume[at] = volume;
            self.state.head[store.node] = store.head(volume);
        }
    }
}

impl Store {
    /// Volume at a head.
    fn volume(&self, head: f64) -> f64 {
        if self.curve.is_empty() {
            return self.least + (head - self.least_head) * self.area;
        }
        interpolated(&self.curve, head - self.bottom, 0, 1)
    }

    fn head(&self, volume: f64) -> f64 {
        if self.curve.is_empty() {
            return self.least_head + (volume - self.least) / self.area;
        }
        self.bottom + interpolated(&self.curve, volume, 1, 0)
    }
}

fn rounded(value: f64) -> i64 {
    (if value >= 0.0 { value + 0.5 } else { value - 0.5 }) as i64
}

fn interpolated(points: &[[f64; 2]], at: f64, x: usize, y: usize) -> f64 {
    let Some(first) = points.first() else { return 0.0 };
    if at <= first[x] {
        return first[y];
    }
    for pair in points.windows(2) {
        let (low, high) = (pair[0], pair[1]);
        if high[x] >= at {
            let run = high[x] - low[x];
            return if run.abs() < TINY { high[y] } else { high[y] - (high[x] - at) * (high[y] - low[y]) / run };
        }
    }
    points[points.len() - 1][y]
}
