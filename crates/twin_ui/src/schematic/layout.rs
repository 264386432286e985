//! Where everything stands: a pure function of the topology, in points at zoom 1.

use super::attach::{self, Attachment};
use super::cells::{self, Cell};
use super::grid::{self, BESIDE, Grid};
use super::lanes::{self, Lanes, Track};
use super::lettering::Lettering;
use super::route::{self, Route, refined};
use super::topology::{LineKind, Topology};
use super::{labels, layers};
use egui::{Pos2, Rangef, Rect, Vec2, pos2, vec2};

/// Ratio of width to height of a sheet nobody has asked for.
const WIDE: f32 = 1.7;

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
    /// Writing it has room for.
    pub lettering: Lettering,
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

/// Lays a topology out for a wide sheet.
pub fn layout(topology: &Topology) -> Layout {
    Arrangement::of(topology, WIDE).layout(topology, Lettering::default())
}

/// What stands in which column and row and how the lines run between them, whatever the size of the writing.
#[derive(Clone, Debug, Default)]
pub struct Arrangement {
    attachments: Vec<Option<Attachment>>,
    cells: Vec<Option<Cell>>,
    routes: Vec<Route>,
    lanes: Lanes,
}

impl Arrangement {
    /// Arranges a topology for a sheet with this ratio of width to height.
    pub fn of(topology: &Topology, aspect: f32) -> Self {
        let attachments = attach::attachments(topology);
        let flow = layers::flow(topology);
        let cells = cells::cells(topology, &flow, &attachments, aspect);
        let mut has_bubbles = vec![false; topology.nodes.len()];
        attachments.iter().flatten().for_each(|attachment| has_bubbles[attachment.host] = true);
        let routes = route::route(topology, &cells, &has_bubbles);
        let ends: Vec<(usize, usize)> = topology.edges.iter().map(|edge| (edge.from, edge.to)).collect();
        let lanes = lanes::assign(&routes, &ends);
        Self { attachments, cells, routes, lanes }
    }

    fn grid(&self, topology: &Topology, lettering: Lettering) -> Grid {
        let rooms = grid::rooms(&self.attachments, topology.nodes.len(), lettering);
        Grid::new(topology, &self.cells, &rooms, &self.lanes, lettering)
    }

    /// Size of the layout with writing of this size.
    pub fn size(&self, topology: &Topology, lettering: Lettering) -> Vec2 {
        self.grid(topology, lettering).size()
    }

    /// The layout with writing of this size. The topology is the one that was arranged.
    pub fn layout(&self, topology: &Topology, lettering: Lettering) -> Layout {
        let Self { attachments, cells, routes, lanes } = self;
        let grid = self.grid(topology, lettering);
        let nodes = places(topology, cells, attachments, &grid, lettering);
        let tracks = positions(topology, lanes, &grid, lettering);
        let line = |edge: usize| line(topology, edge, &routes[edge], lanes, &tracks, &nodes);
        let mut edges: Vec<Line> = (0..topology.edges.len()).map(line).collect();
        for (node, attachment) in attachments.iter().enumerate() {
            if let Some(attachment) = attachment {
                signal_lines(topology, node, *attachment, &nodes, &mut edges);
            }
        }
        let crossings = bridge(&mut edges, routes);
        labels::place(topology, &mut edges, &nodes, lettering);
        Layout { size: grid.size(), areas: areas(topology, cells, &grid, &nodes, lettering), nodes, edges, crossings, lettering }
    }
}

fn places(
    topology: &Topology,
    cells: &[Option<Cell>],
    attachments: &[Option<Attachment>],
    grid: &Grid,
    lettering: Lettering,
) -> Vec<Place> {
    let anchor = |cell: &Option<Cell>| {
        let (column, row) = refined(cell.unwrap_or_default());
        pos2(grid.column(column), grid.row(row))
    };
    let at = |node: usize| match attachments[node] {
        Some(attachment) => {
            let host = anchor(&cells[attachment.host]);
            host + attachment.offset(lettering) - vec2(0.0, lettering.extent(&topology.nodes[attachment.host]).above)
        }
        None => anchor(&cells[node]),
    };
    let place = |node: usize| {
        let (content, at) = (&topology.nodes[node], at(node));
        let (extent, (half, below)) = (lettering.extent(content), lettering.body(content));
        let symbol = Rect::from_min_max(at - vec2(extent.half_width, extent.above), at + vec2(extent.half_width, extent.below));
        let body = Rect::from_min_max(at - vec2(half, extent.above), at + vec2(half, below));
        Place { at, symbol, body }
    };
    (0..topology.nodes.len()).map(place).collect()
}

/// The coordinate of every track.
fn positions(topology: &Topology, lanes: &Lanes, grid: &Grid, lettering: Lettering) -> Vec<f32> {
    let mut steps: std::collections::BTreeMap<(bool, i32), f32> = std::collections::BTreeMap::new();
    for track in lanes.tracks.iter().filter(|track| track.index % 2 == 1 && track.lane != 0) {
        let step = steps.entry((track.is_horizontal, track.index)).or_insert(BESIDE);
        // No line leaves a symbol beyond its edge.
        *step = track
            .ends
            .iter()
            .map(|(node, _)| port_room(lettering.extent(&topology.nodes[*node]), track) / track.lane.abs() as f32)
            .fold(*step, f32::min);
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
fn port_room(extent: super::Extent, track: &Track) -> f32 {
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

/// Around the bodies of an area and what stands above them; the title stands on the upper edge.
fn areas(topology: &Topology, cells: &[Option<Cell>], grid: &Grid, nodes: &[Place], lettering: Lettering) -> Vec<Rect> {
    let mut areas = vec![Rect::NOTHING; topology.areas.len()];
    for ((node, cell), place) in topology.nodes.iter().zip(cells).zip(nodes) {
        let (mut x, mut y) = (place.body.x_range(), place.body.y_range());
        if let Some((column, row)) = cell.map(refined) {
            let edges = grid.edges(column);
            x = Rangef::new(edges.0, edges.1);
            let is_first = !topology.areas[node.area].name.is_empty() && grid.below_title(row) > 0.0;
            y.min = if is_first { y.min.min(grid.below_title(row)) } else { y.min };
        }
        areas[node.area] = areas[node.area].union(Rect::from_x_y_ranges(x, y));
    }
    let title = vec2(0.0, grid::title_height(lettering) / 2.0);
    areas.into_iter().map(|area| if area.is_positive() { Rect::from_min_max(area.min - title, area.max) } else { Rect::ZERO }).collect()
}
