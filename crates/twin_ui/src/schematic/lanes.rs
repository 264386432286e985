//! From ways on the grid to lanes: lines that would lie on each other get lanes of their own.

use super::route::{Point, Route};
use std::collections::BTreeMap;

/// A piece of a net along one line of the refined grid.
#[derive(Clone, Debug, Default)]
pub struct Track {
    /// Net it belongs to.
    pub net: usize,
    /// Along x at a fixed y.
    pub is_horizontal: bool,
    /// The fixed number: of the row for a horizontal one, of the column for a vertical one.
    pub index: i32,
    /// First and last number along it.
    pub span: (i32, i32),
    /// Where other pieces join it: number along it, and −1 for up or left, 1 for down or right.
    pub pins: Vec<(i32, i32)>,
    /// Nodes it ends at, and the number along it where.
    pub ends: Vec<(usize, i32)>,
    /// In a channel the number of its lane, from 0; in a row or column its place beside the middle, 0, ±1, ±2.
    pub lane: i32,
}

/// All tracks, the track of every piece of every way, and the lanes of every channel.
#[derive(Clone, Debug, Default)]
pub struct Lanes {
    /// Tracks.
    pub tracks: Vec<Track>,
    /// For every line, for every piece between two corners, its track.
    pub track_of: Vec<Vec<usize>>,
    /// Lanes used in a channel, by direction (true: horizontal) and number.
    pub counts: BTreeMap<(bool, i32), i32>,
}

/// Assigns lanes. `ends` are the nodes of each line.
pub fn assign(routes: &[Route], ends: &[(usize, usize)]) -> Lanes {
    let mut lanes = tracks(routes, ends);
    let mut by_line: BTreeMap<(bool, i32), Vec<usize>> = BTreeMap::new();
    for (number, track) in lanes.tracks.iter().enumerate() {
        by_line.entry((track.is_horizontal, track.index)).or_default().push(number);
    }
    for ((_, index), members) in &by_line {
        if index % 2 == 1 {
            beside_the_middle(&mut lanes.tracks, members);
        }
    }
    // Channels last: what they order by is known then.
    for ((is_horizontal, index), members) in &by_line {
        if index % 2 == 0 {
            let places: Vec<Placement> = members.iter().map(|number| Placement::of(&lanes.tracks, *number, &by_line)).collect();
            let count = in_channel(&mut lanes.tracks, &places, members);
            lanes.counts.insert((*is_horizontal, *index), count);
        }
    }
    lanes
}

/// First and last number along a line of the grid, number of the line of the plant, number of the piece in its way.
type Piece = ((i32, i32), usize, usize);

/// Cuts ways into pieces and joins pieces of one net that lie on each other.
fn tracks(routes: &[Route], ends: &[(usize, usize)]) -> Lanes {
    let mut pieces: BTreeMap<(usize, bool, i32), Vec<Piece>> = BTreeMap::new();
    let mut lanes =
        Lanes { track_of: routes.iter().map(|route| vec![0; route.points.len().saturating_sub(1)]).collect(), ..Lanes::default() };
    for (line, route) in routes.iter().enumerate() {
        for (piece, pair) in route.points.windows(2).enumerate() {
            let (is_horizontal, index, a, b) = along(pair[0], pair[1]);
            pieces.entry((route.net, is_horizontal, index)).or_default().push(((a.min(b), a.max(b)), line, piece));
        }
    }
    for ((net, is_horizontal, index), mut list) in pieces {
        list.sort_unstable();
        let mut current: Option<Track> = None;
        for (span, line, piece) in list {
            let joined = current.take().filter(|track| span.0 <= track.span.1);
            if joined.is_none() {
                lanes.tracks.push(Track { net, is_horizontal, index, span, ..Track::default() });
            }
            let number = lanes.tracks.len() - 1;
            let track = &mut lanes.tracks[number];
            track.span.1 = track.span.1.max(span.1);
            note_ends(track, &routes[line].points, piece, ends[line]);
            lanes.track_of[line][piece] = number;
            current = Some(track.clone());
        }
    }
    lanes
}

fn along(from: Point, to: Point) -> (bool, i32, i32, i32) {
    if from.1 == to.1 { (true, from.1, from.0, to.0) } else { (false, from.0, from.1, to.1) }
}

/// Notes where the pieces before and after join, or the node where the line ends.
fn note_ends(track: &mut Track, points: &[Point], piece: usize, nodes: (usize, usize)) {
    let mut pin = |at: Point, towards: Option<&Point>, node: usize| match towards {
        Some(next) if track.is_horizontal => track.pins.push((at.0, (next.1 - at.1).signum())),
        Some(next) => track.pins.push((at.1, (next.0 - at.0).signum())),
        None => track.ends.push((node, if track.is_horizontal { at.0 } else { at.1 })),
    };
    pin(points[piece], piece.checked_sub(1).map(|before| &points[before]), nodes.0);
    pin(points[piece + 1], points.get(piece + 2), nodes.1);
}

/// True when two tracks lie beside each other somewhere. Left and right of a node they do not.
fn touches(a: &Track, b: &Track) -> bool {
    let (first, last) = (a.span.0.max(b.span.0), a.span.1.min(b.span.1));
    let ends_here = |track: &Track, node: usize| track.ends.contains(&(node, first));
    let meets_at_node = first == last && a.ends.iter().any(|(node, _)| ends_here(a, *node) && ends_here(b, *node));
    first <= last && !meets_at_node
}

/// In a row or a column the middle belongs to what runs straight from node to node; others pass beside it, on the side
/// they turn to.
fn beside_the_middle(tracks: &mut [Track], members: &[usize]) {
    let mut order = members.to_vec();
    order.sort_by_key(|number| {
        let track = &tracks[*number];
        (track.pins.len(), std::cmp::Reverse(track.ends.len()), std::cmp::Reverse(track.span.1 - track.span.0), *number)
    });
    let mut done: Vec<usize> = Vec::new();
    for number in order {
        let taken: Vec<i32> =
            done.iter().filter(|other| touches(&tracks[**other], &tracks[number])).map(|other| tracks[*other].lane).collect();
        let leaning: i32 = tracks[number].pins.iter().map(|pin| pin.1).sum();
        let side = if leaning < 0 { -1 } else { 1 };
        let places = std::iter::once(0).chain((1..).flat_map(|step| [side * step, -side * step]));
        tracks[number].lane = places.take(2 * done.len() + 1).find(|place| !taken.contains(place)).unwrap_or(0);
        done.push(number);
    }
}

/// Orders the tracks of a channel so that few of them cross, and numbers the lanes. Returns how many there are.
fn in_channel(tracks: &mut [Track], places: &[Placement], members: &[usize]) -> i32 {
    let mut order: Vec<usize> = Vec::new();
    let mut queue: Vec<usize> = (0..members.len()).collect();
    queue.sort_by_key(|at| (std::cmp::Reverse(tracks[members[*at]].span.1 - tracks[members[*at]].span.0), *at));
    for new in queue {
        // Crossings when the new one stands last, then moved one place forward at a time.
        let mut cost = order.iter().map(|other| crossings(&places[*other], &places[new])).sum::<i32>();
        let (mut best, mut best_at) = (cost, order.len());
        for at in (0..order.len()).rev() {
            let other = &places[order[at]];
            cost += crossings(&places[new], other) - crossings(other, &places[new]);
            if cost < best {
                (best, best_at) = (cost, at);
            }
        }
        order.insert(best_at, new);
    }
    let mut count = 0;
    for (at, new) in order.iter().enumerate() {
        let number = members[*new];
        let before = order[..at].iter().map(|other| members[*other]).filter(|other| touches(&tracks[*other], &tracks[number]));
        let lane = before.map(|other| tracks[other].lane + 1).max().unwrap_or(0);
        tracks[number].lane = lane;
        count = count.max(lane + 1);
    }
    count
}

/// A track with its pins in finer numbers: 64 for every number of the grid, and the lane beside the middle.
struct Placement {
    span: (i32, i32),
    pins: Vec<(i32, i32)>,
}

impl Placement {
    fn of(tracks: &[Track], number: usize, by_line: &BTreeMap<(bool, i32), Vec<usize>>) -> Self {
        let track = &tracks[number];
        let fine = |at: i32| {
            let joins = |other: &&Track| other.net == track.net && other.span.0 <= track.index && track.index <= other.span.1;
            // Only rows and columns have their place already; channels are numbered after them.
            let across = by_line.get(&(!track.is_horizontal, at)).filter(|_| at % 2 == 1).into_iter().flatten();
            64 * at + across.map(|other| &tracks[*other]).find(joins).map_or(0, |other| other.lane)
        };
        Self { span: (fine(track.span.0), fine(track.span.1)), pins: track.pins.iter().map(|(at, side)| (fine(*at), *side)).collect() }
    }
}

/// How often two tracks cross when `first` lies above or left of `second`.
fn crossings(first: &Placement, second: &Placement) -> i32 {
    let inside = |at: i32, span: (i32, i32)| span.0 < at && at < span.1;
    let of_first = first.pins.iter().filter(|(at, side)| *side > 0 && inside(*at, second.span)).count();
    let of_second = second.pins.iter().filter(|(at, side)| *side < 0 && inside(*at, first.span)).count();
    i32::try_from(of_first + of_second).unwrap_or(i32::MAX)
}
