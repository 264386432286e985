//! Flows and pressures of all circuits of a plant.
//!
//! The global gradient method (Todini & Pilati 1988): every flow law is replaced by its tangent at the present flow, the
//! flows are eliminated, and one symmetric positive definite system is left for the unknown pressures. Mass closes at
//! every place to rounding in every iteration; what converges are the laws.
//!
//! A vessel adds one unknown: how much its pressure rises within the step with what comes in. Without it neither a nearly
//! full drum nor a small tank at a wide pipe could be integrated at a fixed step.

use super::component::{Bench, Component, Law};
use super::matrix::Matrix;

/// Acceleration of gravity, m/s².
pub const GRAVITY_M_S2: f64 = 9.80665;
/// Iterations after which the last flows stand.
const MOST_ITERATIONS: usize = 60;
/// Iterations after which changes are halved: two laws with a kink may otherwise answer each other for ever.
const PATIENCE: usize = 12;
/// Flows are settled when no change is larger than this share of the flow, or of 1 kg/s.
const SETTLED: f64 = 1e-8;
/// Resistance against flow out of a vessel that has nothing to give, Pa·s/kg: 1 bar lets 1 mg/s through.
const DRY_PA_S_KG: f64 = 1e11;
/// Holds a place that nothing reaches where it was, kg/s per Pa of change within one iteration.
const TETHER_KG_S_PA: f64 = 1e-16;

/// A place where flows meet.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub pressure: usize,
    pub temp: usize,
    pub elevation_m: f64,
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
    pub matrix: Matrix,
    /// Link → place of its pair of rows in the matrix.
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
    values: Vec<f64>,
    static_pa: Vec<f64>,
    conductance: Vec<f64>,
    /// Flow on the tangent at the pressures so far, kg/s.
    known: Vec<f64>,
    compliance: Vec<f64>,
}

/// How a solution ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Settled,
    Unsettled,
    Infeasible,
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
        let mut outcome = Outcome::Unsettled;
        let mut infeasible = false;
        for iteration in 0..MOST_ITERATIONS {
            infeasible = self.assemble(components, bench, notes);
            if self.matrix.solve(&mut notes.values, &mut notes.step).is_err() {
                outcome = Outcome::Infeasible;
                break;
            }
            let share = if iteration < PATIENCE { 1.0 } else { 0.5 };
            let left = self.move_flows(bench, notes, share);
            if left <= SETTLED {
                // The last whole step closes the mass balance.
                if share < 1.0 {
                    self.move_flows(bench, notes, 1.0);
                }
                outcome = Outcome::Settled;
                break;
            }
        }
        self.write_pressures(bench, notes);
        if infeasible { Outcome::Infeasible } else { outcome }
    }

    fn resize(&self, notes: &mut Notes) {
        if notes.base_pa.len() == self.nodes.len() && notes.conductance.len() == self.links.len() {
            return;
        }
        notes.base_pa = vec![0.0; self.nodes.len()];
        notes.dry = vec![false; self.nodes.len()];
        notes.unknown = vec![0.0; self.rows];
        notes.step = vec![0.0; self.rows];
        notes.compliance = vec![0.0; self.rows];
        notes.values = self.matrix.storage();
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
    /// Answers whether a flow was asked of a vessel that has nothing to give.
    fn assemble(&self, components: &[Box<dyn Component>], bench: &mut Bench, notes: &mut Notes) -> bool {
        let mut infeasible = false;
        self.matrix.zero(&mut notes.values);
        for row in 0..self.rows {
            let compliance = notes.compliance[row];
            self.matrix.add_diagonal(&mut notes.values, row, TETHER_KG_S_PA + compliance);
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
                    infeasible |= imposed != asked;
                    notes.conductance[index] = 0.0;
                    bench.y[link.seat.flow] = imposed;
                    self.push(notes, link.from, -imposed);
                    self.push(notes, link.to, imposed);
                }
                Law::Open(mut drop) => {
                    if self.draws_from_dry(notes, link, flow) {
                        drop.pa += DRY_PA_S_KG * flow;
                        drop.slope_pa_s_kg += DRY_PA_S_KG;
                    }
                    let conductance = 1.0 / drop.slope_pa_s_kg;
                    let pressure = |node: Option<usize>| node.map_or(0.0, |node| self.pressure_pa(notes, node));
                    let surplus_pa = pressure(link.from) - pressure(link.to) - notes.static_pa[index] - drop.pa;
                    let known = flow + conductance * surplus_pa;
                    notes.conductance[index] = conductance;
                    notes.known[index] = known;
                    self.push(notes, link.from, -known);
                    self.push(notes, link.to, known);
                    for end in [link.from, link.to] {
                        if let Some(row) = self.row(end) {
                            self.matrix.add_diagonal(&mut notes.values, row, conductance);
                        }
                    }
                    if let Some(pair) = self.pairs[index] {
                        self.matrix.add_pair(&mut notes.values, pair, -conductance);
                    }
                }
            }
        }
        infeasible
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

    /// Moves flows and pressures by `share` of the way; answers the largest relative way of a flow.
    fn move_flows(&self, bench: &mut Bench, notes: &mut Notes, share: f64) -> f64 {
        let mut farthest = 0.0_f64;
        for (index, link) in self.links.iter().enumerate() {
            let conductance = notes.conductance[index];
            if conductance <= 0.0 {
                continue;
            }
            let step = |node: Option<usize>| self.row(node).map_or(0.0, |row| notes.step[row]);
            let flow = bench.y[link.seat.flow];
            let target = notes.known[index] + conductance * (step(link.from) - step(link.to));
            let way = target - flow;
            farthest = farthest.max(way.abs() / target.abs().max(1.0));
            bench.y[link.seat.flow] = if share >= 1.0 { target } else { flow + share * way };
        }
        for (unknown, step) in notes.unknown.iter_mut().zip(&notes.step) {
            *unknown += share * step;
        }
        farthest
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
            let (mut mass_kg_s, mut energy_w) = (0.0, 0.0);
            for &node in &of.held {
                let (mass, energy) = self.net_into(bench, node);
                mass_kg_s += mass;
                energy_w += energy;
            }
            component.store(bench, mass_kg_s, energy_w);
        }
    }

    fn net_into(&self, bench: &Bench, node: usize) -> (f64, f64) {
        let (mut mass, mut energy) = (0.0, 0.0);
        for link in &self.links {
            let flow = bench.y[link.seat.flow];
            if link.to == Some(node) {
                mass += flow;
                energy += flow * link.liquid.energy_j_kg(bench.y[if flow >= 0.0 { link.seat.outlet } else { link.seat.inlet }]);
            }
            if link.from == Some(node) {
                mass -= flow;
                energy -= flow * link.liquid.energy_j_kg(bench.y[if flow >= 0.0 { link.seat.inlet } else { link.seat.outlet }]);
            }
        }
        (mass, energy)
    }
}
