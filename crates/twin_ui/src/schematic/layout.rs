//! Where everything stands: a pure function of the topology, in points at zoom 1.

use super::attach::{self, Attachment};
use super::cells::{self, Cell};
use super::labels;
use super::lanes::{self, Lanes, Track};
use super::route::{self, Route, refined};
use super::topology::{LineKind, Node, Topology};
use super::{SymbolKind, layers};
use egui::{Pos2, Rect, pos2, vec2};

/// Height of a line of text below a symbol.
pub const TEXT_ROW: f32 = 16.0;
/// Height of a value with its bar.
pub const VALUE_ROW: f32 = 17.0;
/// Width of a value.
pub const VALUE_WIDTH: f32 = 94.0;
/// Air between a symbol and the text below it.
pub const TEXT_GAP: f32 = 3.0;
/// Width of a letter of a tag.
pub(super) const LETTER: f32 = 7.0;
/// Distance of lines beside each other.
const LANE: f32 = 9.0;
/// Distance of lines beside the middle of a row or column.
const BESIDE: f32 = 8.0;
/// Channel between columns, and between rows, at least.
const NARROWEST: (f32, f32) = (22.0, 14.0);
/// Height of the title of an area.
const TITLE: f32 = 26.0;
/// Air around everything.
const MARGIN: f32 = 10.0;

/// A layout.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Size of everything; the corner is at the origin.
    pub size: egui::Vec2,
    /// Place of every node.
    pub nodes: Vec<Place>,
    /// Line of every edge.
    pub edges: Vec<Line>,
    /// Place of every area.
    pub areas: Vec<Rect>,
    /// Places where lines cross.
    pub crossings: usize,
}

/// Where a node stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The point its lines aim at.
    pub at: Pos2,
    /// The symbol.
    pub symbol: Rect,
    /// The symbol and what is written below it.
    pub body: Rect,
}

/// How a line runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Ends and corners; empty for a line from a node to itself that has no room.
    pub points: Vec<Pos2>,
    /// Where it crosses a line that runs up and down: a small bridge, from left to right.
    pub bridges: Vec<Pos2>,
    /// Where its number is written, the middle of the text's lower edge.
    pub label: Option<Pos2>,
}

/// Lays a topology out.
pub fn layout(topology: &Topology) -> Layout {
    let attachments = attach::attachments(topology);
    let rooms = attach::room(&attachments, topology.nodes.len());
    let flow = layers::flow(topology);
    let cells = cells::cells(topology, &flow, &attachments);
    let has_bubbles: Vec<bool> = rooms.iter().map(|room| room.1 > 0.0).collect();
    let routes = route::route(topology, &cells, &has_bubbles);
    let ends: Vec<(usize, usize)> = topology.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    let lanes = lanes::assign(&routes, &ends);
    let grid = Grid::new(topology, &cells, &rooms, &lanes);
    let nodes = places(topology, &cells, &attachments, &grid);
    let tracks = positions(topology, &lanes, &grid);
    let mut edges: Vec<Line> = (0..topology.edges.len()).map(|edge| line(topology, edge, &routes[edge], &lanes, &tracks, &nodes)).collect();
    for (node, attachment) in attachments.iter().enumerate() {
        if let Some(attachment) = attachment {
            signal_lines(topology, node, *attachment, &nodes, &mut edges);
        }
    }
    let crossings = bridge(&mut edges, &routes);
    labels::place(topology, &mut edges, &nodes);
    Layout { size: grid.size(), areas: areas(topology, &cells, &grid), nodes, edges, crossings }
}

/// Extent of the symbol of a node.
fn extent(node: &Node) -> super::kind::Extent {
    let mut extent = node.symbol.extent();
    if node.symbol == SymbolKind::Connector {
        extent.half_width = extent.half_width.max(node.name.chars().count() as f32 * LETTER * 0.5 + 12.0);
    }
    extent
}

/// Half width of a node and how far it reaches below the point its lines aim at.
fn body(node: &Node) -> (f32, f32) {
    let extent = extent(node);
    let values = if node.values.is_empty() { 0.0 } else { VALUE_WIDTH };
    let text = if node.has_tag_below() { node.name.chars().count() as f32 * LETTER } else { 0.0 };
    ((text.max(values) / 2.0).max(extent.half_width), extent.below + values_from(node) + node.values.len() as f32 * VALUE_ROW)
}

/// From the lower edge of a symbol to its first value.
pub fn values_from(node: &Node) -> f32 {
    match (node.has_tag_below(), node.values.is_empty()) {
        (true, _) => TEXT_GAP + TEXT_ROW,
        (false, false) => TEXT_GAP,
        (false, true) => 0.0,
    }
}

/// Coordinates of columns, rows and channels.
#[derive(Debug, Default)]
struct Grid {
    /// Left edge and width of channel 0, column 0, channel 1, column 1, …
    x: Vec<(f32, f32)>,
    /// Upper edge and height of channel 0, row 0, …
    y: Vec<(f32, f32)>,
    /// How far the symbols of each row reach above its middle line.
    above: Vec<f32>,
    lanes: std::collections::BTreeMap<(bool, i32), i32>,
}

impl Grid {
    fn new(topology: &Topology, cells: &[Option<Cell>], rooms: &[(f32, f32)], lanes: &Lanes) -> Self {
        let placed = || cells.iter().enumerate().filter_map(|(node, cell)| Some((node, (*cell)?)));
        let columns = placed().map(|(_, cell)| cell.0 + 1).max().unwrap_or(0) as usize;
        let rows = placed().map(|(_, cell)| cell.1 + 1).max().unwrap_or(0) as usize;
        let mut widths = vec![0.0_f32; columns];
        let (mut above, mut below, mut titles) = (vec![0.0_f32; rows], vec![0.0_f32; rows], vec![0.0; rows + 1]);
        for (node, (column, row)) in placed() {
            let content = &topology.nodes[node];
            let (half, reach) = body(content);
            let (column, row) = (column as usize, row as usize);
            widths[column] = widths[column].max(2.0 * half.max(rooms[node].0));
            above[row] = above[row].max(extent(content).above + rooms[node].1);
            below[row] = below[row].max(reach);
        }
        for track in lanes.tracks.iter().filter(|track| track.index % 2 == 1) {
            let (number, room) = (track.index as usize / 2, track.lane.abs() as f32 * BESIDE + 1.0);
            if track.is_horizontal {
                (above[number], below[number]) = (above[number].max(room), below[number].max(room));
            } else {
                widths[number] = widths[number].max(2.0 * room);
            }
        }
        for first in first_rows(topology, cells).into_iter().flatten() {
            titles[first as usize] = TITLE;
        }
        let channel = |is_horizontal: bool, number: usize, narrowest: f32| {
            let count = lanes.counts.get(&(is_horizontal, 2 * number as i32)).copied().unwrap_or(0);
            ((count + 1) as f32 * LANE).max(narrowest)
        };
        let heights: Vec<f32> = above.iter().zip(&below).map(|(above, below)| above + below).collect();
        Self {
            x: line_up(&widths, |number| channel(false, number, NARROWEST.0)),
            y: line_up(&heights, |number| channel(true, number, NARROWEST.1) + titles[number]),
            above,
            lanes: lanes.counts.clone(),
        }
    }

    fn size(&self) -> egui::Vec2 {
        let end = |list: &[(f32, f32)]| list.last().map_or(0.0, |(from, length)| from + length + MARGIN);
        vec2(end(&self.x), end(&self.y))
    }

    /// Middle of a column, by its odd number.
    fn column(&self, number: i32) -> f32 {
        self.x.get(number as usize).map_or(0.0, |(from, width)| from + width / 2.0)
    }

    /// Line of a row, by its odd number.
    fn row(&self, number: i32) -> f32 {
        let above = self.above.get(number as usize / 2).copied().unwrap_or(0.0);
        self.y.get(number as usize).map_or(0.0, |(from, _)| from + above)
    }

    /// Coordinate of a lane of a channel.
    fn lane(&self, is_horizontal: bool, number: i32, lane: i32) -> f32 {
        let list = if is_horizontal { &self.y } else { &self.x };
        let Some((from, width)) = list.get(number as usize) else { return 0.0 };
        let count = self.lanes.get(&(is_horizontal, number)).copied().unwrap_or(0);
        // The title of an area takes the lower part of its channel.
        let room = ((count + 1) as f32 * LANE).max(if is_horizontal { NARROWEST.1 } else { NARROWEST.0 }).min(*width);
        from + room * (lane + 1) as f32 / (count + 1) as f32
    }
}

/// Places channels and cells one after the other.
fn line_up(cells: &[f32], channel: impl Fn(usize) -> f32) -> Vec<(f32, f32)> {
    let mut at = MARGIN;
    let mut placed = Vec::with_capacity(2 * cells.len() + 1);
    for number in 0..=cells.len() {
        for length in std::iter::once(channel(number)).chain(cells.get(number).copied()) {
            placed.push((at, length));
            at += length;
        }
    }
    placed
}

/// The topmost row of every area that has a title.
fn first_rows(topology: &Topology, cells: &[Option<Cell>]) -> Vec<Option<i32>> {
    let row_of = |area: usize| {
        let rows = topology.nodes.iter().zip(cells).filter(|(node, _)| node.area == area).filter_map(|(_, cell)| cell.map(|cell| cell.1));
        rows.min().filter(|_| !topology.areas[area].name.is_empty())
    };
    (0..topology.areas.len()).map(row_of).collect()
}

fn places(topology: &Topology, cells: &[Option<Cell>], attachments: &[Option<Attachment>], grid: &Grid) -> Vec<Place> {
    let anchor = |cell: &Option<Cell>| {
        let (column, row) = refined(cell.unwrap_or_default());
        pos2(grid.column(column), grid.row(row))
    };
    let at = |node: usize| match attachments[node] {
        Some(attachment) => {
            let host = anchor(&cells[attachment.host]);
            host + vec2(attachment.dx, attachment.dy - extent(&topology.nodes[attachment.host]).above)
        }
        None => anchor(&cells[node]),
    };
    let place = |node: usize| {
        let (content, at) = (&topology.nodes[node], at(node));
        let (extent, (half, below)) = (extent(content), body(content));
        let symbol = Rect::from_min_max(at - vec2(extent.half_width, extent.above), at + vec2(extent.half_width, extent.below));
        let body = Rect::from_min_max(at - vec2(half, extent.above), at + vec2(half, below));
        Place { at, symbol, body }
    };
    (0..topology.nodes.len()).map(place).collect()
}

/// The coordinate of every track.
fn positions(topology: &Topology, lanes: &Lanes, grid: &Grid) -> Vec<f32> {
    let mut steps: std::collections::BTreeMap<(bool, i32), f32> = std::collections::BTreeMap::new();
    for track in lanes.tracks.iter().filter(|track| track.index % 2 == 1 && track.lane != 0) {
        let step = steps.entry((track.is_horizontal, track.index)).or_insert(BESIDE);
        // No line leaves a symbol beyond its edge.
        *step = track.ends.iter().map(|(node, _)| port_room(&topology.nodes[*node], track) / track.lane.abs() as f32).fold(*step, f32::min);
    }
    let position = |track: &Track| {
        if track.index % 2 == 0 {
            return grid.lane(track.is_horizontal, track.index, track.lane);
        }
        let middle = if track.is_horizontal { grid.row(track.index) } else { grid.column(track.index) };
        middle + track.lane as f32 * steps.get(&(track.is_horizontal, track.index)).copied().unwrap_or(0.0)
    };
    lanes.tracks.iter().map(position).collect()
}

/// How far from the middle a line may meet a symbol.
fn port_room(node: &Node, track: &Track) -> f32 {
    let extent = extent(node);
    if track.is_horizontal { extent.above.min(extent.below) - 2.0 } else { extent.half_width - 3.0 }
}

fn line(topology: &Topology, edge: usize, route: &Route, lanes: &Lanes, tracks: &[f32], nodes: &[Place]) -> Line {
    let content = &topology.edges[edge];
    let pieces = &lanes.track_of[edge];
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return Line::default() };
    let mut points = vec![end_point(&nodes[content.from], &lanes.tracks[*first], tracks[*first], route.points[0], route.points[1])];
    for pair in pieces.windows(2) {
        let (a, b) = (tracks[pair[0]], tracks[pair[1]]);
        points.push(if lanes.tracks[pair[0]].is_horizontal { pos2(b, a) } else { pos2(a, b) });
    }
    let end = route.points.len() - 1;
    points.push(end_point(&nodes[content.to], &lanes.tracks[*last], tracks[*last], route.points[end], route.points[end - 1]));
    Line { points, ..Line::default() }
}

/// Where a line meets a symbol: on the side that faces `next`.
fn end_point(place: &Place, track: &Track, position: f32, node: route::Point, next: route::Point) -> Pos2 {
    let symbol = place.symbol;
    if track.is_horizontal {
        pos2(if next.0 > node.0 { symbol.right() } else { symbol.left() }, position)
    } else {
        pos2(position, if next.1 > node.1 { symbol.bottom() } else { symbol.top() })
    }
}

/// The dashed line from a controller to what it stands above.
fn signal_lines(topology: &Topology, node: usize, attachment: Attachment, nodes: &[Place], edges: &mut [Line]) {
    let is_own = |edge: &super::Edge| edge.from == node && edge.to == attachment.target && edge.line == LineKind::Signal;
    let Some(edge) = topology.edges.iter().position(is_own) else { return };
    let (from, to) = (&nodes[node], &nodes[attachment.target]);
    edges[edge].points = if attachment.target == attachment.host {
        let level = to.symbol.top() - 5.0;
        vec![from.symbol.center_bottom(), pos2(from.at.x, level), pos2(to.at.x, level), pos2(to.at.x, to.symbol.top())]
    } else {
        let side = (to.at.x - from.at.x).signum();
        vec![from.at + vec2(side * from.symbol.width() / 2.0, 0.0), to.at - vec2(side * to.symbol.width() / 2.0, 0.0)]
    };
    edges[edge].points.dedup();
}

/// Notes where level lines cross upright ones of another net. Returns how often.
fn bridge(edges: &mut [Line], routes: &[Route]) -> usize {
    let mut upright: Vec<(f32, f32, f32, usize)> = Vec::new();
    for (edge, line) in edges.iter().enumerate() {
        for pair in line.points.windows(2).filter(|pair| (pair[0].x - pair[1].x).abs() < 0.01) {
            upright.push((pair[0].x, pair[0].y.min(pair[1].y), pair[0].y.max(pair[1].y), routes[edge].net));
        }
    }
    upright.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut count = 0;
    for (edge, line) in edges.iter_mut().enumerate() {
        let mut bridges: Vec<Pos2> = Vec::new();
        for pair in line.points.windows(2).filter(|pair| (pair[0].y - pair[1].y).abs() < 0.01) {
            let (left, right, y) = (pair[0].x.min(pair[1].x), pair[0].x.max(pair[1].x), pair[0].y);
            let from = upright.partition_point(|(x, ..)| *x <= left + 0.5);
            let crossed = upright[from..].iter().take_while(|(x, ..)| *x < right - 0.5);
            bridges.extend(
                crossed
                    .filter(|(_, top, bottom, net)| *net != routes[edge].net && y > top + 0.5 && y < bottom - 0.5)
                    .map(|(x, ..)| pos2(*x, y)),
            );
        }
        bridges.dedup_by(|a, b| (*a - *b).length() < 0.5);
        count += bridges.len();
        line.bridges = bridges;
    }
    count
}

fn areas(topology: &Topology, cells: &[Option<Cell>], grid: &Grid) -> Vec<Rect> {
    let area_of = |area: usize| {
        let members = topology.nodes.iter().zip(cells).filter(|(node, _)| node.area == area).filter_map(|(_, cell)| *cell);
        let edge = |list: &[(f32, f32)], number: i32, far: bool| {
            list.get(number as usize).map_or(0.0, |(from, length)| if far { from + length } else { *from })
        };
        let around = members.fold(Rect::NOTHING, |around, cell| {
            let (column, row) = refined(cell);
            let min = pos2(edge(&grid.x, column, false), edge(&grid.y, row, false));
            around.union(Rect::from_min_max(min, pos2(edge(&grid.x, column, true), edge(&grid.y, row, true))))
        });
        if around.is_positive() { Rect::from_min_max(around.min - vec2(0.0, TITLE - 4.0), around.max) } else { Rect::ZERO }
    };
    (0..topology.areas.len()).map(area_of).collect()
}
