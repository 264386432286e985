//! A pressure zone: streets on a grid, a random tree of mains with some loops closed, pipes sized for what they carry.

use crate::chance::Chance;
use crate::draft::{Draft, Junction, Pipe};

/// Pipe diameters one can buy, in metres.
const SIZES_M: &[f64] = &[0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.6, 2.0];

/// What a zone shall be like.
pub struct Plan {
    pub number: usize,
    pub nodes: usize,
    /// Head the zone is meant to have, in metres.
    pub grade_m: f64,
    /// Share of the streets beyond the tree that have a pipe.
    pub loops: f64,
    /// Average demand of one junction in m³/s.
    pub demand_m3_s: f64,
    /// What flows on into other zones, in m³/s.
    pub through_m3_s: f64,
    pub patterns: usize,
    /// Share of junctions with a leak.
    pub leaks: f64,
}

/// A zone that has been laid.
pub struct Zone {
    pub grade_m: f64,
    /// Average demand of all its junctions and of the zones it feeds, in m³/s.
    pub demand_m3_s: f64,
    /// Where water comes in.
    pub entry: String,
    /// The last junction of the tree, where a tank stands.
    pub far: String,
    /// Some junction between.
    pub middle: String,
    pub pipes: Vec<String>,
    pub place: (f64, f64),
}

/// Smallest size that carries the flow at this speed.
pub fn size_m(flow_m3_s: f64, speed_m_s: f64) -> f64 {
    let wanted = (flow_m3_s.max(1e-9) / speed_m_s * 4.0 / std::f64::consts::PI).sqrt();
    SIZES_M.iter().copied().find(|size| *size >= wanted).unwrap_or(2.5)
}

/// Lays the zone's junctions and pipes.
pub fn lay(draft: &mut Draft, chance: &mut Chance, plan: &Plan) -> Zone {
    let width = (plan.nodes as f64).sqrt().ceil() as usize;
    let place = (plan.number as f64 * 4_000.0, 0.0);
    let first = draft.junctions.len();
    for at in 0..plan.nodes {
        let junction = junction(chance, plan, at, (place.0 + (at % width) as f64 * 100.0, (at / width) as f64 * 100.0));
        draft.junctions.push(junction);
    }
    let streets = streets(plan.nodes, width);
    let tree = tree(chance, plan.nodes, &streets);
    let demand: Vec<f64> = draft.junctions[first..].iter().map(|j| j.demands.iter().map(|d| d.0).sum()).collect();
    let total: f64 = demand.iter().sum();
    let far = tree.last().map_or(0, |edge| edge.1);
    let middle = tree.get(tree.len() / 2).map_or(0, |edge| edge.1);
    let total = total + plan.through_m3_s;
    let carried = carried(&tree, demand, &[(far, total * 0.7), (middle, plan.through_m3_s)]);
    let speed = if plan.nodes > 200 { 0.4 } else { 0.6 };
    let mut pipes = Vec::new();
    for &(from, to) in &tree {
        pipes.push(pipe(draft, chance, plan, (from, to), size_m(carried[to], speed)));
    }
    for &(from, to) in &streets {
        if !tree.contains(&(from, to)) && !tree.contains(&(to, from)) && chance.happens(plan.loops) {
            let size = *chance.one_of(&[0.08, 0.1, 0.15, 0.15, 0.2]);
            pipes.push(pipe(draft, chance, plan, (from, to), size));
        }
    }
    Zone {
        grade_m: plan.grade_m,
        demand_m3_s: total,
        entry: name(plan.number, 0),
        far: name(plan.number, far),
        middle: name(plan.number, middle),
        pipes,
        place,
    }
}

fn name(zone: usize, at: usize) -> String {
    format!("J{zone}-{at}")
}

fn junction(chance: &mut Chance, plan: &Plan, at: usize, place: (f64, f64)) -> Junction {
    let mut demands = Vec::new();
    for category in ["homes", "trade", "works"].into_iter().take(if chance.happens(0.12) { chance.whole(2, 3) } else { 1 }) {
        let base = if chance.happens(0.15) { 0.0 } else { plan.demand_m3_s * chance.within(0.3, 1.7) };
        let pattern = (plan.patterns > 0 && chance.happens(0.8)).then(|| format!("D{}", chance.whole(1, plan.patterns)));
        demands.push((base, pattern, category));
    }
    let emitter = if chance.happens(plan.leaks) { plan.demand_m3_s * chance.within(0.02, 0.2) } else { 0.0 };
    let elevation_m = plan.grade_m - 42.0 + 8.0 * libm::sin(place.0 / 900.0) + chance.within(-6.0, 6.0);
    Junction { id: name(plan.number, at), elevation_m, demands, emitter, at: place }
}

/// All pairs of neighbours on the grid.
fn streets(nodes: usize, width: usize) -> Vec<(usize, usize)> {
    let right = (0..nodes).filter(|at| at % width + 1 < width && at + 1 < nodes).map(|at| (at, at + 1));
    let down = (0..nodes).filter(|at| at + width < nodes).map(|at| (at, at + width));
    right.chain(down).collect()
}

/// A random tree over the streets, grown from junction 0; each edge leads away from it.
fn tree(chance: &mut Chance, nodes: usize, streets: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut neighbours = vec![Vec::new(); nodes];
    for &(a, b) in streets {
        neighbours[a].push(b);
        neighbours[b].push(a);
    }
    let mut reached = vec![false; nodes];
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut tree = Vec::new();
    let mut at = 0;
    loop {
        reached[at] = true;
        open.extend(neighbours[at].iter().filter(|to| !reached[**to]).map(|to| (at, *to)));
        open.retain(|edge| !reached[edge.1]);
        if open.is_empty() {
            return tree;
        }
        // Older edges half of the time: mains that branch rather than one long snake.
        let pick = if chance.happens(0.5) { chance.whole(0, open.len() / 4) } else { chance.whole(0, open.len() - 1) };
        let edge = open.swap_remove(pick.min(open.len() - 1));
        tree.push(edge);
        at = edge.1;
    }
}

/// What the pipe towards each junction carries, with what is drawn beyond the demands.
fn carried(tree: &[(usize, usize)], mut flow: Vec<f64>, extra: &[(usize, f64)]) -> Vec<f64> {
    for &(at, drawn) in extra {
        flow[at] += drawn;
    }
    for &(from, to) in tree.iter().rev() {
        flow[from] += flow[to];
    }
    flow
}

fn pipe(draft: &mut Draft, chance: &mut Chance, plan: &Plan, ends: (usize, usize), diameter_m: f64) -> String {
    let id = format!("P{}-{}-{}", plan.number, ends.0, ends.1);
    let minor = if chance.happens(0.2) { chance.within(0.1, 6.0) } else { 0.0 };
    draft.pipes.push(Pipe {
        id: id.clone(),
        ends: [name(plan.number, ends.0), name(plan.number, ends.1)],
        length_m: chance.within(40.0, 250.0),
        diameter_m,
        minor,
        status: "Open",
    });
    id
}
