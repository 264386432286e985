//! Rows of the layout: the longest way of the material runs straight, what branches off stands above or below it.

use super::SymbolKind;
use super::attach::Attachment;
use super::layers::Flow;
use super::topology::{LineKind, Topology};
use std::collections::{BTreeMap, BTreeSet};

/// Width and height of a cell with its channels, about.
const CELL: (f64, f64) = (100.0, 85.0);
/// A sheet with fewer columns is never folded.
const FEWEST: i32 = 9;
/// So much bigger everything must become before a sheet is folded: a way that runs straight is easier to read.
const FOLDED_GAIN: f64 = 1.35;

/// Column and row.
pub type Cell = (i32, i32);

/// Places every node that has a cell of its own.
pub fn cells(topology: &Topology, flow: &Flow, attachments: &[Option<Attachment>], aspect: f32) -> Vec<Option<Cell>> {
    let is_free = |node: usize| attachments[node].is_none() && topology.nodes[node].cell.is_none();
    let mut areas: Vec<AreaCells<'_>> = (0..topology.areas.len()).map(|_| AreaCells::new(topology, flow)).collect();
    for (area, cells) in areas.iter_mut().enumerate() {
        let members = (0..topology.nodes.len()).filter(|node| topology.nodes[*node].area == area && is_free(*node)).collect();
        cells.place(&members);
    }
    let mut placed = stack(topology.nodes.len(), &areas, f64::from(aspect.max(0.1)));
    squeeze(&mut placed, |cell| &mut cell.0);
    pin(topology, &mut placed);
    squeeze(&mut placed, |cell| &mut cell.0);
    squeeze(&mut placed, |cell| &mut cell.1);
    placed
}

/// The cells of one area, rows counted from its main line.
struct AreaCells<'a> {
    topology: &'a Topology,
    flow: &'a Flow,
    taken: BTreeSet<Cell>,
    at: BTreeMap<usize, Cell>,
    /// Something else than gas flows inside the area.
    has_liquid: bool,
}

impl<'a> AreaCells<'a> {
    fn new(topology: &'a Topology, flow: &'a Flow) -> Self {
        Self { topology, flow, taken: BTreeSet::new(), at: BTreeMap::new(), has_liquid: false }
    }

    fn place(&mut self, members: &BTreeSet<usize>) {
        let neighbours = self.neighbours(members);
        let is_liquid = |edge: &super::Edge| !matches!(edge.line, LineKind::Gas | LineKind::Signal);
        self.has_liquid =
            self.topology.edges.iter().any(|edge| is_liquid(edge) && members.contains(&edge.from) && members.contains(&edge.to));
        let bubbles: BTreeSet<usize> =
            members.iter().copied().filter(|node| self.topology.nodes[*node].symbol.is_bubble() && self.is_loose(*node)).collect();
        let equipment: BTreeSet<usize> = members.difference(&bubbles).copied().collect();
        let mut parts = parts(&equipment, &neighbours);
        // What hangs on another area keeps its columns, so it comes first.
        parts.sort_by_key(|part| !part.iter().any(|node| self.leaves_area(*node)));
        let rows = ((members.len() as f64 / 2.0).sqrt().ceil() as i32).max(3);
        for part in parts {
            let may_move = !part.iter().any(|node| self.leaves_area(*node));
            self.place_part(part, &neighbours, may_move, rows);
        }
        for bubble in bubbles {
            self.place_bubble(bubble, rows);
        }
    }

    /// True when no material flows through it.
    fn is_loose(&self, node: usize) -> bool {
        self.flow.forward[node].is_empty() && self.flow.backward[node].is_empty()
    }

    fn ends(&self, edge: usize) -> (usize, usize) {
        let edge = &self.topology.edges[edge];
        (edge.from, edge.to)
    }

    fn leaves_area(&self, node: usize) -> bool {
        let area = self.topology.nodes[node].area;
        self.flow.forward[node].iter().chain(&self.flow.backward[node]).any(|edge| {
            let (from, to) = self.ends(*edge);
            self.topology.nodes[from].area != area || self.topology.nodes[to].area != area
        })
    }

    /// Members joined by a line of material, recirculation included.
    fn neighbours(&self, members: &BTreeSet<usize>) -> BTreeMap<usize, Vec<usize>> {
        let mut neighbours: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for edge in &self.topology.edges {
            if edge.line != LineKind::Signal && edge.from != edge.to && members.contains(&edge.from) && members.contains(&edge.to) {
                neighbours.entry(edge.from).or_default().push(edge.to);
                neighbours.entry(edge.to).or_default().push(edge.from);
            }
        }
        neighbours
    }

    fn place_part(&mut self, mut part: BTreeSet<usize>, neighbours: &BTreeMap<usize, Vec<usize>>, may_move: bool, rows: i32) {
        let first = part.iter().map(|node| self.flow.layer[*node]).min().unwrap_or(0);
        let mut shift = if may_move { -first } else { 0 };
        let mut is_first = true;
        while let Some(chain) = self.longest(&part) {
            let columns = self.columns(&chain);
            let row = if std::mem::take(&mut is_first) {
                let (found, row) = self.first_fit(columns, shift, may_move, rows);
                shift = found;
                row
            } else {
                self.branch_row(&chain, (columns.0 + shift, columns.1 + shift), neighbours)
            };
            for column in columns.0..=columns.1 {
                self.taken.insert((column + shift, row));
            }
            for node in &chain {
                self.at.insert(*node, (self.flow.layer[*node] + shift, row));
                part.remove(node);
            }
        }
    }

    fn columns(&self, chain: &[usize]) -> (i32, i32) {
        let layers = chain.iter().map(|node| self.flow.layer[*node]);
        (layers.clone().min().unwrap_or(0), layers.max().unwrap_or(0))
    }

    fn is_free(&self, columns: (i32, i32), row: i32) -> bool {
        self.taken.range((columns.0, i32::MIN)..=(columns.1, i32::MAX)).all(|cell| cell.1 != row)
    }

    /// The first row from the main line down that is free; what may move goes to the right when the rows are used up.
    fn first_fit(&self, columns: (i32, i32), shift: i32, may_move: bool, rows: i32) -> (i32, i32) {
        let limit = if may_move { rows } else { i32::MAX };
        let mut shift = shift;
        loop {
            let moved = (columns.0 + shift, columns.1 + shift);
            if let Some(row) = (0..limit).find(|row| self.is_free(moved, *row)) {
                return (shift, row);
            }
            shift += 1;
        }
    }

    /// The free row nearest to what a chain is joined to: above for gas and relief, else below.
    fn branch_row(&self, chain: &[usize], columns: (i32, i32), neighbours: &BTreeMap<usize, Vec<usize>>) -> i32 {
        let joined = chain.iter().flat_map(|node| neighbours.get(node).into_iter().flatten());
        let mut rows: Vec<i32> = joined.filter_map(|node| self.at.get(node)).map(|cell| cell.1).collect();
        rows.sort_unstable();
        let anchor = rows.get(rows.len() / 2).copied().unwrap_or(0);
        let side = if self.is_light(chain) { -1 } else { 1 };
        let near = [anchor, anchor + side, anchor + 2 * side, anchor - side];
        let far = (2..).flat_map(|step| [anchor - side * step, anchor + side * (step + 1)]);
        near.into_iter().chain(far).find(|row| self.is_free(columns, *row)).unwrap_or(anchor)
    }

    fn is_light(&self, chain: &[usize]) -> bool {
        let lines = chain.iter().flat_map(|node| self.flow.forward[*node].iter().chain(&self.flow.backward[*node]));
        let is_gas = lines.clone().count() > 0 && lines.clone().all(|edge| self.topology.edges[*edge].line == LineKind::Gas);
        (is_gas && self.has_liquid) || chain.iter().any(|node| self.topology.nodes[*node].symbol == SymbolKind::ReliefValve)
    }

    /// The longest way along the flow through the given nodes; thick lines count a little more.
    fn longest(&self, nodes: &BTreeSet<usize>) -> Option<Vec<usize>> {
        let mut best: BTreeMap<usize, (i32, Option<usize>)> = BTreeMap::new();
        let mut ordered: Vec<usize> = nodes.iter().copied().collect();
        ordered.sort_by_key(|node| (self.flow.layer[*node], *node));
        for node in ordered {
            let from_before = self.flow.backward[node].iter().filter_map(|edge| {
                let (from, _) = self.ends(*edge);
                let weight = if self.topology.edges[*edge].line == LineKind::Process { 5 } else { 4 };
                best.get(&from).map(|(length, _)| (length + weight, from))
            });
            let before = from_before.max_by_key(|(length, from)| (*length, std::cmp::Reverse(*from)));
            best.insert(node, before.map_or((0, None), |(length, from)| (length, Some(from))));
        }
        let (end, _) = best.iter().max_by_key(|(node, (length, _))| (*length, std::cmp::Reverse(**node)))?;
        let mut chain = vec![*end];
        while let Some(before) = chain.last().and_then(|node| best.get(node)).and_then(|(_, before)| *before) {
            chain.push(before);
        }
        chain.reverse();
        Some(chain)
    }

    /// A controller with several targets stands above the first of them.
    fn place_bubble(&mut self, bubble: usize, rows: i32) {
        let mut targets = self.topology.edges.iter().filter(|edge| edge.from == bubble && edge.line == LineKind::Signal);
        let target = targets.find_map(|edge| self.at.get(&edge.to).copied());
        let cell = match target {
            Some((column, row)) => {
                let candidates = (1..).flat_map(|step| [row - step, row + step]);
                (column, candidates.take(100_000).find(|row| self.is_free((column, column), *row)).unwrap_or(row))
            }
            None => self.first_fit((0, 0), 0, true, rows),
        };
        self.taken.insert(cell);
        self.at.insert(bubble, cell);
    }
}

/// Groups of nodes that are joined.
fn parts(nodes: &BTreeSet<usize>, neighbours: &BTreeMap<usize, Vec<usize>>) -> Vec<BTreeSet<usize>> {
    let mut left = nodes.clone();
    let mut parts = Vec::new();
    while let Some(start) = left.pop_first() {
        let mut part = BTreeSet::from([start]);
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            for other in neighbours.get(&node).into_iter().flatten() {
                if left.remove(other) {
                    part.insert(*other);
                    stack.push(*other);
                }
            }
        }
        parts.push(part);
    }
    parts
}

/// Puts the areas one below the other; an area whose columns are free beside the one before stands beside it. Where
/// everything becomes bigger by it the sheet is folded: then every area stands alone and goes on in further rows.
fn stack(count: usize, areas: &[AreaCells<'_>], aspect: f64) -> Vec<Option<Cell>> {
    let areas: Vec<&AreaCells<'_>> = areas.iter().filter(|area| !area.at.is_empty()).collect();
    let straight = on_shelves(count, &shelves(&areas), i32::MAX);
    if straight.iter().flatten().all(|cell| cell.0 + 1 < FEWEST) {
        return straight;
    }
    let alone: Vec<Vec<&AreaCells<'_>>> = areas.iter().map(|area| vec![*area]).collect();
    let extent = |(low, high): (i32, i32)| f64::from(high - low + 1);
    let room: f64 = alone.iter().map(|area| extent(span(area, |cell| cell.0)) * extent(span(area, |cell| cell.1))).sum();
    let mut best = (magnification(&straight, aspect) * FOLDED_GAIN, straight);
    let ideal = (room * aspect * CELL.1 / CELL.0).sqrt();
    for share in [0.7, 0.85, 1.0, 1.2, 1.4] {
        let folded = on_shelves(count, &alone, ((ideal * share).ceil() as i32).max(2));
        let gain = magnification(&folded, aspect);
        if gain > best.0 {
            best = (gain, folded);
        }
    }
    best.1
}

/// How big cells are drawn on a sheet of height 1.
fn magnification(placed: &[Option<Cell>], aspect: f64) -> f64 {
    let ends = placed.iter().flatten().fold((1, 1), |end, cell| (end.0.max(cell.0 + 1), end.1.max(cell.1 + 1)));
    (aspect / (f64::from(ends.0) * CELL.0)).min(1.0 / (f64::from(ends.1) * CELL.1))
}

/// First and last number of the cells of some areas.
fn span(areas: &[&AreaCells<'_>], number: impl Fn(&Cell) -> i32) -> (i32, i32) {
    let numbers = || areas.iter().flat_map(|area| area.at.values()).map(&number);
    (numbers().min().unwrap_or(0), numbers().max().unwrap_or(0))
}

fn shelves<'b, 'a>(areas: &[&'b AreaCells<'a>]) -> Vec<Vec<&'b AreaCells<'a>>> {
    let mut shelves: Vec<Vec<&AreaCells<'_>>> = Vec::new();
    for area in areas {
        let (low, high) = span(&[*area], |cell| cell.0);
        let is_beside = |other: &&AreaCells<'_>| {
            let (other_low, other_high) = span(&[*other], |cell| cell.0);
            high < other_low || other_high < low
        };
        match shelves.last_mut().filter(|shelf| shelf.iter().all(is_beside)) {
            Some(shelf) => shelf.push(area),
            None => shelves.push(vec![area]),
        }
    }
    shelves
}

/// Cells of the whole sheet; a shelf goes on below after `width` columns.
fn on_shelves(count: usize, shelves: &[Vec<&AreaCells<'_>>], width: i32) -> Vec<Option<Cell>> {
    let mut placed = vec![None; count];
    let mut top = 0;
    for shelf in shelves {
        let (low, high) = span(shelf, |cell| cell.1);
        let rows = high - low + 1;
        // A shelf that is not folded keeps its columns: they are those of the other shelves.
        let first = if width == i32::MAX { 0 } else { span(shelf, |cell| cell.0).0 };
        let mut end = top;
        for (node, (column, row)) in shelf.iter().flat_map(|area| &area.at) {
            let strip = (column - first) / width;
            let row = row - low + top + strip * rows;
            placed[*node] = Some(((column - first) % width, row));
            end = end.max(row + 1);
        }
        top = end;
    }
    placed
}

/// Takes out the columns, or the rows, nobody stands in.
fn squeeze(placed: &mut [Option<Cell>], number: impl Fn(&mut Cell) -> &mut i32) {
    let used: BTreeSet<i32> = placed.iter_mut().flatten().map(|cell| *number(cell)).collect();
    let ranks: BTreeMap<i32, i32> = used.into_iter().zip(0..).collect();
    for at in placed.iter_mut().flatten().map(number) {
        *at = ranks.get(at).copied().unwrap_or(*at);
    }
}

/// Puts what the plant file places where it says; what stood there gives way to the nearest free cell.
fn pin(topology: &Topology, placed: &mut [Option<Cell>]) {
    let mut taken: BTreeMap<Cell, usize> = BTreeMap::new();
    let mut homeless = Vec::new();
    for (node, cell) in topology.nodes.iter().enumerate().filter_map(|(node, content)| Some((node, content.cell?))) {
        placed[node] = Some(cell);
        if *taken.entry(cell).or_insert(node) != node {
            homeless.push(node);
        }
    }
    if taken.is_empty() {
        return;
    }
    for (node, cell) in placed.iter().enumerate().filter_map(|(node, cell)| Some((node, (*cell)?))) {
        match taken.get(&cell) {
            Some(owner) if *owner != node => homeless.push(node),
            Some(_) => {}
            None => {
                taken.insert(cell, node);
            }
        }
    }
    homeless.sort_unstable();
    homeless.dedup();
    for node in homeless {
        let Some(from) = placed[node] else { continue };
        let cell = nearest_free(from, &taken);
        taken.insert(cell, node);
        placed[node] = Some(cell);
    }
}

fn nearest_free(from: Cell, taken: &BTreeMap<Cell, usize>) -> Cell {
    let ring = |radius: i32| {
        let rows = -radius..=radius;
        rows.flat_map(move |row| {
            let rest = radius - row.abs();
            [(from.0 + rest, from.1 + row), (from.0 - rest, from.1 + row)]
        })
    };
    (1..).flat_map(ring).find(|cell| cell.0 >= 0 && cell.1 >= 0 && !taken.contains_key(cell)).unwrap_or(from)
}
