//! Flows and pressures of all circuits of a plant.
//!
//! The global gradient method (Todini & Pilati, *A gradient algorithm for the analysis of pipe networks*, 1988): every flow law is replaced by its tangent at the present flow, the
//! flows are eliminated, and one symmetric positive definite system is left for the unknown pressures. Mass closes at
//! every place to rounding in every iteration; what converges are the laws.
//!
//! A vessel adds one unknown: how much its pressure rises within the step with what comes in. Without it neither a nearly
//! full drum nor a small tank at a wide pipe could be integrated at a fixed step.

use super::component::{Bench, Component, Inflow, Law};
use crate::equipment::Drop;
use crate::sparse::System;

/// Acceleration of gravity, m/s².
pub const GRAVITY_M_S2: f64 = 9.80665;
/// Iterations after which the last flows stand.
const MOST_ITERATIONS: usize = 60;
/// Halvings of one search for the place where the laws balance along the way to the solution of the tangents.
const MOST_CUTS: usize = 40;
/// Flows are settled when no change is larger than this share of the flow, or of 1 kg/s.
const SETTLED: f64 = 1e-8;
/// Below this share the tangents are as good as the laws, and the slope along the way drowns in rounding.
const NEAR: f64 = 1e-6;
/// Resistance against flow out of a vessel that has nothing to give, Pa·s/kg: 1 bar lets 1 mg/s through.
const DRY_PA_S_KG: f64 = 1e11;
/// Holds a place that nothing reaches where it was, kg/s per Pa of change within one iteration.
const TETHER_KG_S_PA: f64 = 1e-16;

/// A place where flows meet.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub pressure: usize,
    pub temp: usize,
    pub tracer: usize,
    pub elevation_m: f64,
    /// Flows that meet here: +1 for one whose second end is here, -1 for the first.
    pub meets: Vec<(usize, f64)>,
    /// Unknown of its pressure; `None` where a rigid vessel holds it.
    pub row: Option<usize>,
    /// The component and port that hold its pressure.
    pub held: Option<(usize, usize)>,
    pub liquid: crate::fluid::Liquid,
}

/// A flow.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub component: usize,
    /// Which of the component's flows.
    pub index: usize,
    pub from: Option<usize>,
    pub to: Option<usize>,
    pub seat: super::component::LinkSeat,
    pub liquid: crate::fluid::Liquid,
}

/// All flows and places of a plant.
#[derive(Clone, Debug)]
pub(super) struct Circuit {
    pub nodes: Vec<Node>,
    pub links: Vec<Link>,
    /// Component → its links, and whether it holds ports.
    pub of_component: Vec<OfComponent>,
    pub rows: usize,
    /// Layout of the equations; every state fills in its own copy.
    pub system: System,
    /// Link → place of its pair of rows in the system.
    pub pairs: Vec<Option<usize>>,
    /// First pressure and temperature of every place.
    pub start_pa: f64,
    pub start_k: f64,
}

/// What a component has to do with the circuit.
#[derive(Clone, Debug, Default)]
pub(super) struct OfComponent {
    pub links: Vec<usize>,
    /// Nodes at its held ports.
    pub held: Vec<usize>,
    /// Row of its gas cushion.
    pub row: Option<usize>,
}

/// Work space of one solution.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    base_pa: Vec<f64>,
    dry: Vec<bool>,
    /// Pressure of a place, or rise of a cushion, by row.
    unknown: Vec<f64>,
    /// What one iteration adds to it; the right side before.
    step: Vec<f64>,
    system: Option<System>,
    static_pa: Vec<f64>,
    conductance: Vec<f64>,
    /// Flow on the tangent at the pressures so far, kg/s.
    known: Vec<f64>,
    compliance: Vec<f64>,
    /// What an iteration would change in each flow, kg/s.
    way: Vec<f64>,
}

/// How a solution ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// All laws agree with all pressures.
    pub settled: bool,
    /// Every flow that was asked for was delivered.
    pub delivered: bool,
}

impl Circuit {
    /// Writes the first pressure and temperature of every place.
    pub fn start(&self, points: &mut [f64]) {
        for node in &self.nodes {
            points[node.pressure] = self.start_pa;
            points[node.temp] = self.start_k;
        }
        for link in &self.links {
            points[link.seat.inlet] = self.start_k;
            points[link.seat.outlet] = self.start_k;
            points[link.seat.density] = link.liquid.density_kg_m3(self.start_k);
        }
    }

    /// Solves the flows for the pressures that the vessels hold now.
    pub fn solve(&self, components: &[Box<dyn Component>], bench: &mut Bench, notes: &mut Notes) -> Outcome {
        self.resize(notes);
        self.hold(components, bench, notes);
        for component in components {
            component.prepare(bench);
        }
        self.read_statics(bench, notes);
        let mut outcome = Outcome { settled: false, delivered: true };
        for iteration in 0..MOST_ITERATIONS {
            outcome.delivered = self.assemble(components, bench, notes);
            if !self.solve_tangents(notes) {
                break;
            }
            let farthest = self.find_way(bench, notes);
            // The first step closes the mass balance of a new situation and must be taken whole.
            let share = if iteration == 0 || farthest <= NEAR { 1.0 } else { self.share_of_way(components, bench, notes) };
            self.move_flows(bench, notes, share);
            if farthest <= SETTLED {
                outcome.settled = true;
                break;
            }
        }
        self.write_pressures(bench, notes);
        outcome
    }

    fn solve_tangents(&self, notes: &mut Notes) -> bool {
        let Some(system) = &mut notes.system else { return false };
        if system.factor_network().is_err() {
            return false;
        }
        system.solve(&mut notes.step);
        true
    }

    fn resize(&self, notes: &mut Notes) {
        if notes.system.is_some() && notes.base_pa.len() == self.nodes.len() && notes.conductance.len() == self.links.len() {
            return;
        }
        notes.base_pa = vec![0.0; self.nodes.len()];
        notes.dry = vec![false; self.nodes.len()];
        notes.unknown = vec![0.0; self.rows];
        notes.step = vec![0.0; self.rows];
        notes.compliance = vec![0.0; self.rows];
        notes.system = Some(self.system.clone());
        notes.way = vec![0.0; self.links.len()];
        notes.static_pa = vec![0.0; self.links.len()];
        notes.conductance = vec![0.0; self.links.len()];
        notes.known = vec![0.0; self.links.len()];
    }

    /// Asks the vessels for the pressures at their ports; an unknown place starts from its pressure of the step before.
    fn hold(&self, components: &[Box<dyn Component>], bench: &mut Bench, notes: &mut Notes) {
        for value in &mut notes.compliance {
            *value = 0.0;
        }
        for (index, node) in self.nodes.iter().enumerate() {
            match node.held {
                Some((component, port)) => {
                    let hold = components[component].hold(bench, port);
                    notes.base_pa[index] = hold.pressure_pa;
                    notes.dry[index] = hold.dry;
                    if let Some(row) = node.row {
                        notes.unknown[row] = 0.0;
                        let softest = 1e12;
                        notes.compliance[row] =
                            if hold.stiffness_pa_kg > 0.0 { (1.0 / (hold.stiffness_pa_kg * bench.dt_secs)).min(softest) } else { softest };
                    }
                }
                None => {
                    notes.base_pa[index] = 0.0;
                    if let Some(row) = node.row {
                        notes.unknown[row] = bench.y[node.pressure];
                    }
                }
            }
        }
    }

    fn read_statics(&self, bench: &mut Bench, notes: &mut Notes) {
        for (index, link) in self.links.iter().enumerate() {
            let (Some(from), Some(to)) = (link.from, link.to) else {
                notes.static_pa[index] = 0.0;
                continue;
            };
            let rise_m = self.nodes[to].elevation_m - self.nodes[from].elevation_m;
            notes.static_pa[index] = bench.y[link.seat.density] * GRAVITY_M_S2 * rise_m;
        }
    }

    /// Tangents of all laws, and the system for what the pressures still have to change. Changes rather than pressures: a
    /// pressure of 10⁵ Pa is known to 10⁻¹¹ Pa, which moves a wide pipe by more than mass may be missing.
    /// Answers whether every flow that was asked for could be given.
    fn assemble(&self, components: &[Box<dyn Component>], bench: &mut Bench, notes: &mut Notes) -> bool {
        let mut delivered = true;
        let Some(mut system) = notes.system.take() else { return true };
        system.zero();
        for row in 0..self.rows {
            let compliance = notes.compliance[row];
            system.add_diagonal(row, TETHER_KG_S_PA + compliance);
            notes.step[row] = -compliance * notes.unknown[row];
        }
        for (index, link) in self.links.iter().enumerate() {
            let flow = bench.y[link.seat.flow];
            match components[link.component].law(bench, link.index, flow) {
                Law::Shut => {
                    notes.conductance[index] = 0.0;
                    bench.y[link.seat.flow] = 0.0;
                }
                Law::Imposed(asked) => {
                    let imposed = if self.draws_from_dry(notes, link, asked) { 0.0 } else { asked };
                    delivered &= imposed == asked;
                    notes.conductance[index] = 0.0;
                    bench.y[link.seat.flow] = imposed;
                    self.push(notes, link.from, -imposed);
                    self.push(notes, link.to, imposed);
                }
                Law::Open(drop) => {
                    let drop = self.with_dry_ends(notes, link, flow, drop);
                    let conductance = 1.0 / drop.slope_pa_s_kg;
                    let pressure = |node: Option<usize>| node.map_or(0.0, |node| self.pressure_pa(notes, node));
                    let surplus_pa = pressure(link.from) - pressure(link.to) - notes.static_pa[index] - drop.pa;
                    let known = flow + conductance * surplus_pa;
                    notes.conductance[index] = conductance;
                    notes.known[index] = known;
                    self.push(notes, link.from, -known);
                    self.push(notes, link.to, known);
                    let ends = [self.row(link.from), self.row(link.to)];
                    // The diagonal takes what leads to a held place; what joins two rows is in their pair. A line from a
                    // vessel back into it does not change what the vessel holds.
                    if let [Some(row), None] | [None, Some(row)] = ends {
                        system.add_diagonal(row, conductance);
                    }
                    if let Some(pair) = self.pairs[index] {
                        system.add_off_diagonal(pair, -conductance);
                    }
                }
            }
        }
        notes.system = Some(system);
        delivered
    }

    /// A flow out of a vessel that has nothing to give meets a wall.
    fn with_dry_ends(&self, notes: &Notes, link: &Link, flow_kg_s: f64, drop: Drop) -> Drop {
        if self.draws_from_dry(notes, link, flow_kg_s) {
            Drop { pa: drop.pa + DRY_PA_S_KG * flow_kg_s, slope_pa_s_kg: drop.slope_pa_s_kg + DRY_PA_S_KG }
        } else {
            drop
        }
    }

    fn draws_from_dry(&self, notes: &Notes, link: &Link, flow_kg_s: f64) -> bool {
        let dry = |node: Option<usize>| node.is_some_and(|node| notes.dry[node]);
        (flow_kg_s > 0.0 && dry(link.from)) || (flow_kg_s < 0.0 && dry(link.to))
    }

    fn row(&self, node: Option<usize>) -> Option<usize> {
        node.and_then(|node| self.nodes[node].row)
    }

    fn push(&self, notes: &mut Notes, node: Option<usize>, flow_kg_s: f64) {
        if let Some(row) = self.row(node) {
            notes.step[row] += flow_kg_s;
        }
    }

    /// Notes by how much every flow would change; answers the largest change against the flow.
    fn find_way(&self, bench: &Bench, notes: &mut Notes) -> f64 {
        let mut farthest = 0.0_f64;
        for (index, link) in self.links.iter().enumerate() {
            let conductance = notes.conductance[index];
            notes.way[index] = 0.0;
            if conductance <= 0.0 {
                continue;
            }
            let step = |node: Option<usize>| self.row(node).map_or(0.0, |row| notes.step[row]);
            let target = notes.known[index] + conductance * (step(link.from) - step(link.to));
            let way = target - bench.y[link.seat.flow];
            notes.way[index] = way;
            farthest = farthest.max(way.abs() / target.abs().max(1.0));
        }
        farthest
    }

    /// How far to go. Every law rises with its flow, so the flows that satisfy all of them are the lowest point of a bowl
    /// (Cherry's content, Phil. Mag. 42 (1951) 1161) and the tangents point downhill from anywhere. Where a law bends
    /// sharply on the way, as at a non-return valve, the whole way leads up the other side: then it ends where it is level.
    fn share_of_way(&self, components: &[Box<dyn Component>], bench: &Bench, notes: &Notes) -> f64 {
        let at_start = self.slope_along_way(components, bench, notes, 0.0);
        let steepest = at_start.abs();
        let at_end = self.slope_along_way(components, bench, notes, 1.0);
        // Tangents never point uphill; where it seems so, only rounding is left.
        if at_start >= 0.0 || at_end <= 0.1 * steepest {
            return 1.0;
        }
        let (mut low, mut high) = (0.0, 1.0);
        let mut share = 0.5;
        for _ in 0..MOST_CUTS {
            share = 0.5 * (low + high);
            let slope = self.slope_along_way(components, bench, notes, share);
            if slope.abs() <= 0.1 * steepest {
                break;
            }
            if slope > 0.0 { high = share } else { low = share }
        }
        share
    }

    /// Slope of the content along the way, at a share of it, W.
    fn slope_along_way(&self, components: &[Box<dyn Component>], bench: &Bench, notes: &Notes, share: f64) -> f64 {
        let mut slope = 0.0;
        for (index, link) in self.links.iter().enumerate() {
            let way = notes.way[index];
            if way == 0.0 {
                continue;
            }
            let flow = bench.y[link.seat.flow] + share * way;
            if let Law::Open(drop) = components[link.component].law(bench, link.index, flow) {
                let drop = self.with_dry_ends(notes, link, flow, drop);
                let base = |node: Option<usize>| node.map_or(0.0, |node| notes.base_pa[node]);
                slope += way * (drop.pa + notes.static_pa[index] - base(link.from) + base(link.to));
            }
        }
        // What comes into a vessel works against its rise.
        for row in 0..self.rows {
            slope += notes.compliance[row] * notes.step[row] * (notes.unknown[row] + share * notes.step[row]);
        }
        slope
    }

    /// Moves flows and pressures by `share` of the way.
    fn move_flows(&self, bench: &mut Bench, notes: &mut Notes, share: f64) {
        for (index, link) in self.links.iter().enumerate() {
            if notes.conductance[index] > 0.0 {
                bench.y[link.seat.flow] += share * notes.way[index];
            }
        }
        for (unknown, step) in notes.unknown.iter_mut().zip(&notes.step) {
            *unknown += share * step;
        }
    }

    fn pressure_pa(&self, notes: &Notes, node: usize) -> f64 {
        notes.base_pa[node] + self.nodes[node].row.map_or(0.0, |row| notes.unknown[row])
    }

    fn write_pressures(&self, bench: &mut Bench, notes: &Notes) {
        for (index, node) in self.nodes.iter().enumerate() {
            bench.y[node.pressure] = self.pressure_pa(notes, index);
        }
    }

    /// Hands every vessel what came through its ports in this step.
    pub fn store(&self, components: &[Box<dyn Component>], bench: &mut Bench) {
        for (component, of) in components.iter().zip(&self.of_component) {
            if of.held.is_empty() {
                continue;
            }
            let mut inflow = Inflow::default();
            for &node in &of.held {
                self.add_inflow(bench, node, &mut inflow);
            }
            component.store(bench, inflow);
        }
    }

    fn add_inflow(&self, bench: &Bench, node: usize, inflow: &mut Inflow) {
        for &(index, sign) in &self.nodes[node].meets {
            let link = &self.links[index];
            let flow = sign * bench.y[link.seat.flow];
            let arrives = flow >= 0.0;
            inflow.mass_kg_s += flow;
            inflow.given_kg_s += (-flow).max(0.0);
            inflow.energy_w += flow * link.liquid.energy_j_kg(bench.y[if arrives { link.seat.outlet } else { link.seat.inlet }]);
            inflow.tracer_kg_s += flow * bench.y[if arrives { link.seat.tracer_out } else { link.seat.tracer_in }];
        }
    }
}
