//! Ways of the lines: along channels between columns and rows, and straight through empty cells, never through a symbol.
//!
//! The grid is refined: column `c` and row `r` have the odd numbers `2c + 1` and `2r + 1`, the channels between them the
//! even ones. A point is a pair of such numbers; a symbol stands on a point with two odd ones.

use super::SymbolKind;
use super::cells::Cell;
use super::topology::{Edge, LineKind, Topology};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Column and row of the refined grid.
pub type Point = (i32, i32);

/// One step along the grid.
const STEP: u32 = 10;
/// One step where another line of the same net runs already.
const SHARED_STEP: u32 = 1;
/// A change of direction.
const BEND: u32 = 14;
/// Crossing another line.
const CROSSING: u32 = 26;
/// A line beside another one in a channel.
const BESIDE: u32 = 1;
/// A line beside another one through a cell.
const BESIDE_IN_CELL: u32 = 14;
/// Lines beside each other through a cell at most.
const MOST_IN_CELL: u32 = 3;
/// Steps of all searches together; the lines after that take the plain way along the channels.
const BUDGET: usize = 400_000;

/// Points of a grid that is searched; on a larger one all lines take the plain way.
const MOST_POINTS: usize = 1_000_000;

/// A side of a symbol, as the direction of a line that leaves there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Right,
    Down,
    Left,
    Up,
}

const WAYS: [Way; 4] = [Way::Right, Way::Down, Way::Left, Way::Up];

impl Way {
    fn step(self) -> Point {
        match self {
            Self::Right => (1, 0),
            Self::Down => (0, 1),
            Self::Left => (-1, 0),
            Self::Up => (0, -1),
        }
    }

    fn is_horizontal(self) -> bool {
        matches!(self, Self::Right | Self::Left)
    }

    fn opposite(self) -> Self {
        match self {
            Self::Right => Self::Left,
            Self::Down => Self::Up,
            Self::Left => Self::Right,
            Self::Up => Self::Down,
        }
    }
}

/// The way of one line and the net it belongs to: lines of one net may run in one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Route {
    /// Corners and ends on the refined grid, from symbol to symbol.
    pub points: Vec<Point>,
    /// Number of its net.
    pub net: usize,
}

/// Routes every line between two nodes that have cells. The others come back without points.
pub fn route(topology: &Topology, cells: &[Option<Cell>], has_bubbles_above: &[bool]) -> Vec<Route> {
    let nets = nets(topology);
    let mut ways: Vec<Route> = nets.iter().map(|net| Route { points: Vec::new(), net: *net }).collect();
    let mut router = Router::new(topology, cells, has_bubbles_above);
    for edge in order(topology, cells, &nets) {
        let content = &topology.edges[edge];
        if let (Some(from), Some(to)) = (cells[content.from], cells[content.to]) {
            ways[edge].points = router.find(content, refined(from), refined(to), nets[edge]);
        }
    }
    ways
}

/// The point of a cell.
pub fn refined(cell: Cell) -> Point {
    (2 * cell.0 + 1, 2 * cell.1 + 1)
}

/// Lines of one number, or without one, of one medium that leave one symbol or reach one symbol are one net.
fn nets(topology: &Topology) -> Vec<usize> {
    let mut leaving: BTreeMap<(usize, LineKind, &str), Vec<usize>> = BTreeMap::new();
    for (index, edge) in topology.edges.iter().enumerate() {
        leaving.entry((edge.from, edge.line, edge.name.as_str())).or_default().push(index);
    }
    let mut nets: Vec<usize> = (0..topology.edges.len()).collect();
    let mut reaching: BTreeMap<(usize, LineKind, &str), usize> = BTreeMap::new();
    for group in leaving.values() {
        match group.as_slice() {
            [single] => {
                let edge = &topology.edges[*single];
                nets[*single] = *reaching.entry((edge.to, edge.line, edge.name.as_str())).or_insert(*single);
            }
            group => group.iter().for_each(|edge| nets[*edge] = group[0]),
        }
    }
    nets
}

/// Thick and short lines first: they run straight. Lines of one net follow each other.
fn order(topology: &Topology, cells: &[Option<Cell>], nets: &[usize]) -> Vec<usize> {
    let rank = |edge: usize| {
        let content = &topology.edges[edge];
        let distance = match (cells[content.from], cells[content.to]) {
            (Some(from), Some(to)) => (from.0 - to.0).abs() + 3 * (from.1 - to.1).abs(),
            _ => 0,
        };
        (distance, content.line, edge)
    };
    let mut first: BTreeMap<usize, (i32, LineKind, usize)> = BTreeMap::new();
    for (edge, net) in nets.iter().enumerate() {
        let rank = rank(edge);
        first.entry(*net).and_modify(|best| *best = (*best).min(rank)).or_insert(rank);
    }
    let mut order: Vec<usize> = (0..topology.edges.len()).collect();
    order.sort_by_key(|edge| (first.get(&nets[*edge]).copied(), rank(*edge)));
    order
}

struct Router<'a> {
    topology: &'a Topology,
    has_bubbles_above: &'a [bool],
    width: i32,
    height: i32,
    is_taken: Vec<bool>,
    /// Nets along the step to the right (even) and down (odd) of every point.
    used: Vec<u32>,
    /// Net that used the step last, plus one.
    last: Vec<usize>,
    cost: Vec<u32>,
    before: Vec<u32>,
    round: Vec<u32>,
    rounds: u32,
    budget: usize,
}

impl<'a> Router<'a> {
    fn new(topology: &'a Topology, cells: &[Option<Cell>], has_bubbles_above: &'a [bool]) -> Self {
        let placed = cells.iter().flatten();
        let width = 2 * placed.clone().map(|cell| cell.0 + 1).max().unwrap_or(0) + 1;
        let height = 2 * placed.map(|cell| cell.1 + 1).max().unwrap_or(0) + 1;
        let whole = width as usize * height as usize;
        let points = if whole > MOST_POINTS { 0 } else { whole };
        let mut is_taken = vec![false; points];
        for (x, y) in cells.iter().flatten().map(|cell| refined(*cell)) {
            if let Some(taken) = is_taken.get_mut((y * width + x) as usize) {
                *taken = true;
            }
        }
        Self {
            topology,
            has_bubbles_above,
            width,
            height,
            is_taken,
            used: vec![0; 2 * points],
            last: vec![0; 2 * points],
            cost: vec![0; 4 * points],
            before: vec![0; 4 * points],
            round: vec![0; 4 * points],
            rounds: 0,
            budget: if points == 0 { 0 } else { BUDGET },
        }
    }

    fn find(&mut self, edge: &Edge, from: Point, to: Point, net: usize) -> Vec<Point> {
        if self.budget == 0 {
            return corners(&plain_way(from, to));
        }
        let way = self.search(edge, from, to, net).unwrap_or_else(|| plain_way(from, to));
        for pair in way.windows(2) {
            self.mark(pair[0], pair[1], net);
        }
        corners(&way)
    }

    fn mark(&mut self, from: Point, to: Point, net: usize) {
        let step = self.step_index(from, to);
        if self.last[step] != net + 1 {
            self.last[step] = net + 1;
            self.used[step] += 1;
        }
    }

    fn point_index(&self, at: Point) -> usize {
        (at.1 * self.width + at.0) as usize
    }

    fn step_index(&self, a: Point, b: Point) -> usize {
        let first = a.min(b);
        2 * self.point_index(first) + usize::from(a.0 == b.0)
    }

    /// The cheapest way by an A* search; `None` when the budget is used up.
    fn search(&mut self, edge: &Edge, from: Point, to: Point, net: usize) -> Option<Vec<Point>> {
        self.rounds += 1;
        let mut open: BinaryHeap<Reverse<(u32, usize)>> = BinaryHeap::new();
        for way in WAYS {
            if let Some(side) = self.side_cost(edge.from, way, true, edge.line) {
                self.advance(&mut open, Search { from, to, edge, net }, from, way, side, None);
            }
        }
        while let Some(Reverse((estimate, state))) = open.pop() {
            let at = self.state_point(state);
            let way = WAYS[state % 4];
            if at == to {
                return Some(self.trace(state, from));
            }
            let cost = self.cost[state];
            if estimate > cost + rest(at, to) {
                continue;
            }
            self.budget -= 1;
            if self.budget == 0 {
                return None;
            }
            for next in WAYS {
                if next == way.opposite() {
                    continue;
                }
                let turn = if next == way { self.crossing(at, way, net) } else { BEND };
                self.advance(&mut open, Search { from, to, edge, net }, at, next, cost + turn, Some(state));
            }
        }
        None
    }

    fn state_point(&self, state: usize) -> Point {
        let point = (state / 4) as i32;
        (point % self.width, point / self.width)
    }

    fn advance(
        &mut self,
        open: &mut BinaryHeap<Reverse<(u32, usize)>>,
        goal: Search<'_>,
        at: Point,
        way: Way,
        cost: u32,
        before: Option<usize>,
    ) {
        let (dx, dy) = way.step();
        let next = (at.0 + dx, at.1 + dy);
        if next.0 < 0 || next.1 < 0 || next.0 >= self.width || next.1 >= self.height {
            return;
        }
        let mut cost = cost;
        if next == goal.to {
            let Some(side) = self.side_cost(goal.edge.to, way.opposite(), false, goal.edge.line) else { return };
            cost += side;
        } else if self.is_taken[self.point_index(next)] {
            return;
        }
        let is_cell_step = at != goal.from && next != goal.to && if way.is_horizontal() { at.1 % 2 == 1 } else { at.0 % 2 == 1 };
        let step = self.step_index(at, next);
        cost += match (self.last[step] == goal.net + 1, self.used[step]) {
            (true, _) => SHARED_STEP,
            (false, used) if is_cell_step && used >= MOST_IN_CELL => return,
            (false, used) => STEP + used * if is_cell_step { BESIDE_IN_CELL } else { BESIDE },
        };
        let state = 4 * self.point_index(next) + way as usize;
        if self.round[state] == self.rounds && self.cost[state] <= cost {
            return;
        }
        self.round[state] = self.rounds;
        self.cost[state] = cost;
        self.before[state] = before.map_or(u32::MAX, |state| state as u32);
        open.push(Reverse((cost + rest(next, goal.to), state)));
    }

    /// What it costs to go straight on where other lines pass.
    fn crossing(&self, at: Point, way: Way, net: usize) -> u32 {
        let (before, after) = if way.is_horizontal() { ((at.0, at.1 - 1), (at.0, at.1 + 1)) } else { ((at.0 - 1, at.1), (at.0 + 1, at.1)) };
        if before.0 < 0 || before.1 < 0 || after.0 >= self.width || after.1 >= self.height {
            return 0;
        }
        let (a, b) = (self.step_index(before, at), self.step_index(at, after));
        let own = u32::from(self.last[a] == net + 1 && self.last[b] == net + 1);
        (self.used[a].min(self.used[b]) - own.min(self.used[a].min(self.used[b]))) * CROSSING
    }

    /// What it costs to leave or reach a symbol at a side; `None` where no line may.
    fn side_cost(&self, node: usize, side: Way, is_start: bool, line: LineKind) -> Option<u32> {
        let symbol = self.topology.nodes[node].symbol;
        let is_signal = line == LineKind::Signal;
        match side {
            Way::Down => (symbol.is_bubble() && self.topology.nodes[node].values.is_empty()).then_some(0),
            Way::Up if self.has_bubbles_above[node] || symbol == SymbolKind::Connector => None,
            Way::Up if is_signal => Some(0),
            Way::Up if symbol.is_valve() => None,
            Way::Up if line == LineKind::Gas && symbol.holds_level() => Some(0),
            Way::Up if symbol.holds_level() || symbol == SymbolKind::Exchanger => Some(12),
            Way::Up => Some(70),
            _ if is_signal => Some(30),
            Way::Right => Some(if is_start { 0 } else { 50 }),
            Way::Left => Some(if is_start { 50 } else { 0 }),
        }
    }

    fn trace(&self, end: usize, from: Point) -> Vec<Point> {
        let mut points = vec![self.state_point(end)];
        let mut state = self.before[end];
        while state != u32::MAX {
            points.push(self.state_point(state as usize));
            state = self.before[state as usize];
        }
        points.push(from);
        points.reverse();
        points
    }
}

/// What a search looks for.
#[derive(Clone, Copy)]
struct Search<'a> {
    from: Point,
    to: Point,
    edge: &'a Edge,
    net: usize,
}

fn rest(at: Point, to: Point) -> u32 {
    STEP * (at.0.abs_diff(to.0) + at.1.abs_diff(to.1))
}

/// Out to the right, down or up to the channel above the row of the target, along it, and in from the left.
fn plain_way(from: Point, to: Point) -> Vec<Point> {
    let turns = [from, (from.0 + 1, from.1), (from.0 + 1, to.1 - 1), (to.0 - 1, to.1 - 1), (to.0 - 1, to.1), to];
    let mut way = vec![from];
    for turn in turns {
        while let Some(at) = way.last().copied().filter(|at| *at != turn) {
            way.push((at.0 + (turn.0 - at.0).signum(), at.1 + if at.0 == turn.0 { (turn.1 - at.1).signum() } else { 0 }));
        }
    }
    way
}

/// The ends and the points where the direction changes.
fn corners(way: &[Point]) -> Vec<Point> {
    let mut corners = Vec::new();
    for (index, point) in way.iter().enumerate() {
        let is_straight = index > 0
            && way.get(index + 1).is_some_and(|next| {
                let before = way[index - 1];
                (before.0 == point.0 && point.0 == next.0) || (before.1 == point.1 && point.1 == next.1)
            });
        if !is_straight {
            corners.push(*point);
        }
    }
    corners
}
