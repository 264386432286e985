//! Which controllers stand right above what they act on, and where.

use super::topology::{LineKind, Topology};

/// Middles of the bubbles above a symbol, from its middle, in the order they are given away.
const PLACES: [f32; 3] = [0.0, -37.0, 37.0];
/// From the top of the symbol up to the middle of its bubbles.
const LIFT: f32 = 25.0;
/// Half a bubble and a little air.
const HALF: f32 = 17.0;

/// A controller above its final element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attachment {
    /// The node it stands above.
    pub host: usize,
    /// The node its signal line ends at: the host, or the controller right above it.
    pub target: usize,
    /// Its middle, from the host's top middle.
    pub dx: f32,
    /// See `dx`.
    pub dy: f32,
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
        let is_beside = target == host || attachments[target].is_some_and(|attachment| attachment.dx == 0.0);
        if let Some(dx) = PLACES.get(given[host]).filter(|_| is_beside) {
            attachments[node] = Some(Attachment { host, target, dx: *dx, dy: -LIFT });
            given[host] += 1;
        }
    }
    attachments
}

/// Room the bubbles above a host take: half width and height.
pub fn room(attachments: &[Option<Attachment>], count: usize) -> Vec<(f32, f32)> {
    let mut rooms = vec![(0.0_f32, 0.0_f32); count];
    for attachment in attachments.iter().flatten() {
        let room = &mut rooms[attachment.host];
        room.0 = room.0.max(attachment.dx.abs() + HALF);
        room.1 = room.1.max(HALF - attachment.dy);
    }
    rooms
}
