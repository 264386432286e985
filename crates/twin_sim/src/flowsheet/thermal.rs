//! Temperatures travel with the flow.
//!
//! Within a step every place mixes what arrives and every component hands on what it heats or cools, in the order of
//! the flow. The order is a function of the flow directions alone and is made anew only when one of them turns. Where a
//! loop has no vessel in it, the walk enters it at its first component with the temperatures of the step before.

use super::circuit::Circuit;
use super::component::{Bench, Component};

/// A step of the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Node(usize),
    Component(usize),
}

/// The order of the walk for one set of flow directions.
#[derive(Clone, Debug, Default)]
pub(super) struct Route {
    directions: Vec<i8>,
    stops: Vec<Stop>,
    known: bool,
}

/// Flows below this have no say in the order of the walk, kg/s: what trickles back through a tight seat would close a loop.
const TRICKLE_KG_S: f64 = 1e-7;

fn direction(flow_kg_s: f64) -> i8 {
    if flow_kg_s > TRICKLE_KG_S {
        1
    } else if flow_kg_s < -TRICKLE_KG_S {
        -1
    } else {
        0
    }
}

impl Circuit {
    /// Walks through all places and components in the order of the flow.
    pub fn carry(&self, components: &[Box<dyn Component>], bench: &mut Bench, route: &mut Route) {
        self.update_route(bench, route);
        for &stop in &route.stops {
            match stop {
                Stop::Node(node) => self.mix(bench, node),
                Stop::Component(component) => self.pass(components, bench, component),
            }
        }
    }

    fn update_route(&self, bench: &Bench, route: &mut Route) {
        let turned = !route.known
            || route.directions.len() != self.links.len()
            || self.links.iter().zip(&route.directions).any(|(link, &old)| direction(bench.y[link.seat.flow]) != old);
        if turned {
            route.directions = self.links.iter().map(|link| direction(bench.y[link.seat.flow])).collect();
            route.stops = self.order(&route.directions);
            route.known = true;
        }
    }

    /// Node a flow comes from and node it goes to, by its direction.
    fn ends(&self, link: usize, direction: i8) -> (Option<usize>, Option<usize>) {
        let link = &self.links[link];
        match direction {
            1 => (link.from, link.to),
            -1 => (link.to, link.from),
            _ => (None, None),
        }
    }

    /// Kahn's order of a directed graph, entered anew at the first component left when a loop blocks it.
    fn order(&self, directions: &[i8]) -> Vec<Stop> {
        let mut node_waits = vec![0usize; self.nodes.len()];
        let mut component_waits = vec![0usize; self.of_component.len()];
        for (link, &direction) in directions.iter().enumerate() {
            let (from, to) = self.ends(link, direction);
            if let Some(to) = to
                && self.nodes[to].held.is_none()
            {
                node_waits[to] += 1;
            }
            if from.is_some_and(|from| self.nodes[from].held.is_none()) {
                component_waits[self.links[link].component] += 1;
            }
        }
        let with_links = |component: &usize| !self.of_component[*component].links.is_empty();
        let mut component_done = vec![false; self.of_component.len()];
        let mut node_done = vec![false; self.nodes.len()];
        let mut stops = Vec::with_capacity(self.nodes.len() + self.of_component.len());
        loop {
            let before = stops.len();
            for node in 0..self.nodes.len() {
                if !node_done[node] && node_waits[node] == 0 {
                    node_done[node] = true;
                    stops.push(Stop::Node(node));
                    for (link, &direction) in directions.iter().enumerate() {
                        let (from, _) = self.ends(link, direction);
                        if from == Some(node) && self.nodes[node].held.is_none() {
                            component_waits[self.links[link].component] -= 1;
                        }
                    }
                }
            }
            let mut next: Vec<usize> = (0..self.of_component.len())
                .filter(with_links)
                .filter(|&component| !component_done[component] && component_waits[component] == 0)
                .collect();
            if next.is_empty() && stops.len() == before {
                next.extend((0..self.of_component.len()).filter(with_links).find(|&component| !component_done[component]));
                if next.is_empty() {
                    return stops;
                }
            }
            for component in next {
                component_done[component] = true;
                stops.push(Stop::Component(component));
                for &link in &self.of_component[component].links {
                    let (_, to) = self.ends(link, directions[link]);
                    if let Some(to) = to
                        && self.nodes[to].held.is_none()
                    {
                        node_waits[to] -= 1;
                    }
                }
            }
        }
    }

    /// Mixes what arrives at a place. A place that nothing reaches keeps its temperature; a vessel's has its own.
    fn mix(&self, bench: &mut Bench, node: usize) {
        let place = &self.nodes[node];
        if place.held.is_some() {
            return;
        }
        let (mut mass, mut energy, mut tracer) = (0.0, 0.0, 0.0);
        let mut only = None;
        let mut arrivals = 0;
        for &(index, sign) in &place.meets {
            let link = &self.links[index];
            let arriving = sign * bench.y[link.seat.flow];
            if arriving > 0.0 {
                let temp = bench.y[link.seat.outlet];
                mass += arriving;
                energy += arriving * link.liquid.energy_j_kg(temp);
                tracer += arriving * bench.y[link.seat.tracer_out];
                only = Some(temp);
                arrivals += 1;
            }
        }
        match (arrivals, only) {
            (0, _) => return,
            (1, Some(temp)) => bench.y[place.temp] = temp,
            _ => bench.y[place.temp] = place.liquid.temp_k(energy / mass),
        }
        bench.y[place.tracer] = tracer / mass;
    }

    /// Reads the inlet temperatures of a component and lets it heat or cool.
    fn pass(&self, components: &[Box<dyn Component>], bench: &mut Bench, component: usize) {
        for &index in &self.of_component[component].links {
            let link = &self.links[index];
            let flow = bench.y[link.seat.flow];
            let from = if flow >= 0.0 { link.from } else { link.to };
            if let Some(from) = from {
                let temp = bench.y[self.nodes[from].temp];
                bench.y[link.seat.inlet] = temp;
                // What stands weighs what flowed last: which end it came from must not hang on the sign of nothing.
                if direction(flow) != 0 {
                    bench.y[link.seat.density] = link.liquid.density_kg_m3(temp);
                }
                let tracer = bench.y[self.nodes[from].tracer];
                bench.y[link.seat.tracer_in] = tracer;
                bench.y[link.seat.tracer_out] = tracer;
            }
        }
        components[component].carry(bench);
        for &index in &self.of_component[component].links {
            self.cross_boundary(bench, index);
        }
    }

    /// A flow that has one end outside brings mass and energy in, or takes them out.
    fn cross_boundary(&self, bench: &mut Bench, index: usize) {
        let link = &self.links[index];
        let sign = match (link.from, link.to) {
            (None, Some(_)) => 1.0,
            (Some(_), None) => -1.0,
            _ => return,
        };
        let flow = bench.y[link.seat.flow];
        // At the end inside the plant: the outlet of what comes in, the inlet of what leaves.
        let inward = flow * sign >= 0.0;
        let temp = bench.y[if inward { link.seat.outlet } else { link.seat.inlet }];
        let mass_kg = sign * flow * bench.dt_secs;
        bench.balance.cross(mass_kg, mass_kg * link.liquid.energy_j_kg(temp));
    }
}
