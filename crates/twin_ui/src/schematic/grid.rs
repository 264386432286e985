//! Coordinates of columns, rows and channels. Rows move together until something in a column would touch.

use super::attach::Attachment;
use super::cells::Cell;
use super::lanes::{Lanes, Track};
use super::lettering::Lettering;
use super::topology::Topology;
use std::collections::BTreeMap;

/// Distance of lines beside each other.
const LANE: f32 = 9.0;
/// Distance of lines beside the middle of a row or column.
pub const BESIDE: f32 = 8.0;
/// Channel between columns, and between rows, at least.
const NARROWEST: (f32, f32) = (16.0, 11.0);
/// Height of the title of an area, at lettering 1, and the air around it.
const TITLE: (f32, f32) = (12.0, 5.0);
/// Least distance of the lines of two rows.
const ROW_STEP: f32 = 24.0;
/// Air around everything.
const MARGIN: f32 = 10.0;

/// Coordinates.
#[derive(Debug, Default)]
pub struct Grid {
    /// Left edge and width of channel 0, column 0, channel 1, column 1, …
    x: Vec<(f32, f32)>,
    /// Line of every row.
    rows: Vec<f32>,
    /// Upper edge of every channel between rows.
    channels: Vec<f32>,
    /// Lower edge of the titles above every row; 0 where none stands.
    titles: Vec<f32>,
    lanes: BTreeMap<(bool, i32), i32>,
    height: f32,
}

/// What the rows hold.
struct Rows {
    /// How far each cell reaches above and below the line of its row.
    reach: BTreeMap<Cell, (f32, f32)>,
    /// For every channel, the columns its lanes pass.
    passed: Vec<Vec<bool>>,
    /// Height of the titles in every channel.
    titles: Vec<f32>,
}

impl Grid {
    /// The coordinates of cells and lanes.
    pub fn new(topology: &Topology, cells: &[Option<Cell>], rooms: &[(f32, f32)], lanes: &Lanes, lettering: Lettering) -> Self {
        let placed = || cells.iter().enumerate().filter_map(|(node, cell)| Some((node, (*cell)?)));
        let columns = placed().map(|(_, cell)| cell.0 + 1).max().unwrap_or(0) as usize;
        let rows = placed().map(|(_, cell)| cell.1 + 1).max().unwrap_or(0) as usize;
        let mut widths = vec![0.0_f32; columns];
        let mut held = Rows { reach: BTreeMap::new(), passed: vec![vec![false; columns]; rows + 1], titles: vec![0.0; rows + 1] };
        for (node, cell) in placed() {
            let content = &topology.nodes[node];
            let (half, below) = lettering.body(content);
            let width = &mut widths[cell.0 as usize];
            *width = width.max(2.0 * half.max(rooms[node].0));
            held.reach(cell, (lettering.extent(content).above + rooms[node].1, below));
        }
        for track in &lanes.tracks {
            held.track(track, &mut widths);
        }
        for first in first_rows(topology, cells).into_iter().flatten() {
            held.titles[first as usize] = title_height(lettering);
        }
        let mut grid = Self { lanes: lanes.counts.clone(), ..Self::default() };
        let columns_at = line_up(&widths, |number| grid.channel_room(false, 2 * number as i32));
        grid.x = columns_at;
        grid.stack(&held, columns, rows);
        grid
    }

    /// Puts row below row, each as high as what stands above it allows.
    fn stack(&mut self, held: &Rows, columns: usize, rows: usize) {
        let mut free = vec![MARGIN + NARROWEST.1; columns];
        let mut line = f32::NEG_INFINITY;
        for number in 0..=rows {
            let has_lanes = self.lanes.get(&(true, 2 * number as i32)).is_some_and(|count| *count > 0);
            let title = held.titles[number];
            let is_passed = |column: usize| title > 0.0 || held.passed[number][column];
            let lowest = (0..columns).filter(|column| is_passed(*column)).map(|column| free[column]).fold(MARGIN + NARROWEST.1, f32::max);
            let top = (lowest - NARROWEST.1).max(line);
            self.channels.push(top);
            let mut bottom = line;
            if has_lanes || title > 0.0 {
                bottom = top + self.channel_room(true, 2 * number as i32) + title;
                (0..columns).filter(|column| is_passed(*column)).for_each(|column| free[column] = bottom);
            }
            self.titles.push(if title > 0.0 { bottom } else { 0.0 });
            let cells = || (0..columns).filter_map(|column| Some((column, held.reach.get(&(column as i32, number as i32))?)));
            if number == rows {
                self.height = free.iter().copied().fold(bottom, f32::max) - NARROWEST.1 + MARGIN;
                break;
            }
            line = cells().map(|(column, (above, _))| free[column] + above).fold(bottom.max(line + ROW_STEP).max(MARGIN), f32::max);
            self.rows.push(line);
            cells().for_each(|(column, (_, below))| free[column] = line + below + NARROWEST.1);
        }
    }

    /// Width or height of a channel by what runs in it.
    fn channel_room(&self, is_horizontal: bool, number: i32) -> f32 {
        let count = self.lanes.get(&(is_horizontal, number)).copied().unwrap_or(0);
        ((count + 1) as f32 * LANE).max(if is_horizontal { NARROWEST.1 } else { NARROWEST.0 })
    }

    /// Width and height of everything.
    pub fn size(&self) -> egui::Vec2 {
        egui::vec2(self.x.last().map_or(0.0, |(from, width)| from + width + MARGIN), self.height)
    }

    /// Left and right edge of a column, by its odd number.
    pub fn edges(&self, number: i32) -> (f32, f32) {
        self.x.get(number as usize).map_or((0.0, 0.0), |(from, width)| (*from, from + width))
    }

    /// Middle of a column, by its odd number.
    pub fn column(&self, number: i32) -> f32 {
        let (left, right) = self.edges(number);
        f32::midpoint(left, right)
    }

    /// Line of a row, by its odd number.
    pub fn row(&self, number: i32) -> f32 {
        self.rows.get(number as usize / 2).copied().unwrap_or(0.0)
    }

    /// Lower edge of the titles above a row, by its odd number; 0 where none stands.
    pub fn below_title(&self, number: i32) -> f32 {
        self.titles.get(number as usize / 2).copied().unwrap_or(0.0)
    }

    /// Coordinate of a lane of a channel.
    pub fn lane(&self, is_horizontal: bool, number: i32, lane: i32) -> f32 {
        let from = if is_horizontal {
            self.channels.get(number as usize / 2).copied()
        } else {
            self.x.get(number as usize).map(|(from, _)| *from)
        };
        let count = self.lanes.get(&(is_horizontal, number)).copied().unwrap_or(0);
        from.unwrap_or(0.0) + self.channel_room(is_horizontal, number) * (lane + 1) as f32 / (count + 1) as f32
    }
}

impl Rows {
    fn reach(&mut self, cell: Cell, (above, below): (f32, f32)) {
        let reach = self.reach.entry(cell).or_default();
        *reach = (reach.0.max(above), reach.1.max(below));
    }

    /// Makes room for a line: in the cells it passes, or in its channel.
    fn track(&mut self, track: &Track, widths: &mut [f32]) {
        let room = track.lane.abs() as f32 * BESIDE + 1.0;
        let number = track.index as usize / 2;
        let columns = track.span.0 / 2..(track.span.1 + 1) / 2;
        match (track.is_horizontal, track.index % 2 == 1) {
            (true, true) => columns.for_each(|column| self.reach((column, number as i32), (room, room))),
            (true, false) => self.passed[number][columns.start as usize..columns.end as usize].fill(true),
            (false, true) => widths[number] = widths[number].max(2.0 * room),
            (false, false) => {}
        }
    }
}

/// Height of the title of an area.
pub fn title_height(lettering: Lettering) -> f32 {
    TITLE.0 * lettering.scale + TITLE.1
}

/// Places channels and columns one after the other.
fn line_up(widths: &[f32], channel: impl Fn(usize) -> f32) -> Vec<(f32, f32)> {
    let mut at = MARGIN;
    let mut placed = Vec::with_capacity(2 * widths.len() + 1);
    for number in 0..=widths.len() {
        for length in std::iter::once(channel(number)).chain(widths.get(number).copied()) {
            placed.push((at, length));
            at += length;
        }
    }
    placed
}

/// The topmost row of every area that has a title.
fn first_rows(topology: &Topology, cells: &[Option<Cell>]) -> Vec<Option<i32>> {
    let mut first: Vec<Option<i32>> = vec![None; topology.areas.len()];
    for (node, cell) in topology.nodes.iter().zip(cells).filter_map(|(node, cell)| Some((node, (*cell)?))) {
        if !topology.areas[node.area].name.is_empty() {
            let row = &mut first[node.area];
            *row = Some(row.map_or(cell.1, |row| row.min(cell.1)));
        }
    }
    first
}

/// Room the bubbles above every node take: half width and height.
pub fn rooms(attachments: &[Option<Attachment>], count: usize, lettering: Lettering) -> Vec<(f32, f32)> {
    let mut rooms = vec![(0.0_f32, 0.0_f32); count];
    for attachment in attachments.iter().flatten() {
        let offset = attachment.offset(lettering);
        let room = &mut rooms[attachment.host];
        let half = lettering.bubble_radius() + 2.0;
        *room = (room.0.max(offset.x.abs() + half), room.1.max(half - offset.y));
    }
    rooms
}
