//! Columns of the layout: material flows from left to right, recirculation runs back.

use super::topology::{LineKind, Topology};
use std::collections::BTreeSet;

/// The flow of a topology without its cycles.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// For every node, the edges that lead forward from it, as indices into the topology.
    pub forward: Vec<Vec<usize>>,
    /// For every node, the edges that lead forward to it.
    pub backward: Vec<Vec<usize>>,
    /// All nodes, each before what it flows to.
    pub order: Vec<usize>,
    /// Column of every node.
    pub layer: Vec<i32>,
}

/// Layers a topology. What closes a cycle counts no further: within an area the line that comes back to where a walk
/// along the flow has been, between areas the later one in the plant file.
pub fn flow(topology: &Topology) -> Flow {
    let count = topology.nodes.len();
    let mut flow = Flow { forward: vec![Vec::new(); count], backward: vec![Vec::new(); count], ..Flow::default() };
    let is_inside = |edge: usize| {
        let edge = &topology.edges[edge];
        topology.nodes[edge.from].area == topology.nodes[edge.to].area
    };
    let material = |edge: &usize| {
        let edge = &topology.edges[*edge];
        edge.line != LineKind::Signal && edge.from != edge.to
    };
    let (inside, between): (Vec<usize>, Vec<usize>) = (0..topology.edges.len()).filter(material).partition(|edge| is_inside(*edge));
    for edge in acyclic(topology, &inside) {
        keep(&mut flow, topology, edge);
    }
    let mut seen = vec![0_usize; count];
    for (round, edge) in between.into_iter().enumerate() {
        let (from, to) = (topology.edges[edge].from, topology.edges[edge].to);
        if !reaches(&flow, topology, to, from, &mut seen, round + 1) {
            keep(&mut flow, topology, edge);
        }
    }
    number(&mut flow, topology);
    flow
}

fn keep(flow: &mut Flow, topology: &Topology, edge: usize) {
    flow.forward[topology.edges[edge].from].push(edge);
    flow.backward[topology.edges[edge].to].push(edge);
}

/// The edges that are left when a depth-first walk drops every edge back to where it stands.
fn acyclic(topology: &Topology, edges: &[usize]) -> Vec<usize> {
    let count = topology.nodes.len();
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut has_source = vec![false; count];
    for edge in edges {
        out[topology.edges[*edge].from].push(*edge);
        has_source[topology.edges[*edge].to] = true;
    }
    let mut kept = Vec::with_capacity(edges.len());
    let mut is_open = vec![false; count];
    let mut is_done = vec![false; count];
    let starts = (0..count).filter(|node| !has_source[*node]).chain((0..count).filter(|node| has_source[*node]));
    for start in starts {
        if is_done[start] {
            continue;
        }
        let mut stack = vec![(start, 0)];
        is_open[start] = true;
        while let Some((node, next)) = stack.pop() {
            let Some(edge) = out[node].get(next).copied() else {
                (is_open[node], is_done[node]) = (false, true);
                continue;
            };
            stack.push((node, next + 1));
            let to = topology.edges[edge].to;
            if !is_open[to] {
                kept.push(edge);
                if !is_done[to] {
                    is_open[to] = true;
                    stack.push((to, 0));
                }
            }
        }
    }
    kept
}

fn reaches(flow: &Flow, topology: &Topology, from: usize, to: usize, seen: &mut [usize], round: usize) -> bool {
    let mut stack = vec![from];
    while let Some(node) = stack.pop() {
        if node == to {
            return true;
        }
        if std::mem::replace(&mut seen[node], round) != round {
            stack.extend(flow.forward[node].iter().map(|edge| topology.edges[*edge].to));
        }
    }
    false
}

/// Longest way from a source gives the column; a source stands right before what it feeds.
fn number(flow: &mut Flow, topology: &Topology) {
    let count = topology.nodes.len();
    let mut waiting: Vec<usize> = flow.backward.iter().map(Vec::len).collect();
    let mut ready: BTreeSet<usize> = (0..count).filter(|node| waiting[*node] == 0).collect();
    flow.layer = vec![0; count];
    while let Some(node) = ready.pop_first() {
        flow.order.push(node);
        for edge in &flow.forward[node] {
            let to = topology.edges[*edge].to;
            flow.layer[to] = flow.layer[to].max(flow.layer[node] + 1);
            waiting[to] -= 1;
            if waiting[to] == 0 {
                ready.insert(to);
            }
        }
    }
    for node in (0..count).filter(|node| flow.backward[*node].is_empty()) {
        if let Some(next) = flow.forward[node].iter().map(|edge| flow.layer[topology.edges[*edge].to]).min() {
            flow.layer[node] = next - 1;
        }
    }
}
