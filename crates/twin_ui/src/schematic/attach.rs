//! Which controllers stand right above what they act on, and where.

use super::lettering::Lettering;
use super::topology::{LineKind, Topology};
use egui::{Vec2, vec2};

/// Places of the bubbles above a symbol, counted from its middle, in the order they are given away.
const PLACES: [i8; 3] = [0, -1, 1];
/// From the top of a symbol up to its bubbles.
const LIFT: f32 = 9.0;
/// Air between bubbles, in parts of their radius.
const APART: f32 = 0.4;

/// A controller above its final element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attachment {
    /// The node it stands above.
    pub host: usize,
    /// The node its signal line ends at: the host, or the controller right above it.
    pub target: usize,
    /// Its place in the row of bubbles above the host: −1 left of the middle, 0, 1.
    pub place: i8,
}

impl Attachment {
    /// Its middle, from the host's top middle.
    pub fn offset(&self, lettering: Lettering) -> Vec2 {
        let radius = lettering.bubble_radius();
        vec2(f32::from(self.place) * radius * (2.0 + APART), -LIFT - radius)
    }
}

/// The attachment of every node that has one: a controller with one target stands above it, the one that gives it its set
/// point beside it. Where there is no place left, a controller gets a cell of its own.
pub fn attachments(topology: &Topology) -> Vec<Option<Attachment>> {
    let count = topology.nodes.len();
    let mut targets: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut is_piped = vec![false; count];
    for edge in &topology.edges {
        if edge.line == LineKind::Signal {
            targets[edge.from].push(edge.to);
        } else {
            (is_piped[edge.from], is_piped[edge.to]) = (true, true);
        }
    }
    let is_candidate = |node: usize| {
        let content = &topology.nodes[node];
        let is_plain_bubble = content.symbol.is_bubble() && content.cell.is_none() && content.values.is_empty();
        is_plain_bubble && targets[node].len() == 1 && targets[node][0] != node && !is_piped[node]
    };
    let mut may_attach: Vec<bool> = (0..count).map(is_candidate).collect();
    loop {
        let attachments = give_places(&targets, &may_attach);
        // Who has found no place is reached by lines, and so is whom it commands: both need a cell of their own.
        let mut refused: Vec<usize> = (0..count).filter(|node| may_attach[*node] && attachments[*node].is_none()).collect();
        let free = (0..count).filter(|node| !may_attach[*node] || attachments[*node].is_none());
        refused.extend(free.flat_map(|node| targets[node].iter().copied()).filter(|target| may_attach[*target]));
        if refused.is_empty() {
            return attachments;
        }
        refused.into_iter().for_each(|node| may_attach[node] = false);
    }
}

fn give_places(targets: &[Vec<usize>], may_attach: &[bool]) -> Vec<Option<Attachment>> {
    let count = targets.len();
    let mut attachments: Vec<Option<Attachment>> = vec![None; count];
    let mut given = vec![0_usize; count];
    let candidates = || (0..count).filter(|node| may_attach[*node]);
    let direct = candidates().filter(|node| !may_attach[targets[*node][0]]).map(|node| (node, targets[node][0]));
    let second = candidates().filter_map(|node| {
        let master = targets[node][0];
        let host = may_attach[master].then(|| targets[master][0])?;
        (!may_attach[host]).then_some((node, host))
    });
    for (node, host) in direct.chain(second) {
        let target = targets[node][0];
        let is_beside = target == host || attachments[target].is_some_and(|attachment| attachment.place == 0);
        if let Some(place) = PLACES.get(given[host]).filter(|_| is_beside) {
            attachments[node] = Some(Attachment { host, target, place: *place });
            given[host] += 1;
        }
    }
    attachments
}
