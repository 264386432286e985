//! Numbers of lines, written where nothing else is.

use super::layout::{Line, Place};
use super::lettering::Lettering;
use super::topology::Topology;
use egui::{Pos2, Rect, pos2, vec2};
use std::collections::BTreeMap;

/// Height of the text of a number.
const HEIGHT: f32 = 9.0;
/// Side of the squares by which neighbours are looked up.
const SQUARE: f32 = 256.0;

/// Places the number of every line above a level piece of it that is long enough and free of symbols and other lines.
pub fn place(topology: &Topology, edges: &mut [Line], nodes: &[Place], lettering: Lettering) {
    let mut taken = Taken::default();
    for place in nodes {
        taken.add(place.symbol);
        taken.add(Rect::from_min_max(pos2(place.body.left(), place.symbol.bottom()), place.body.max));
    }
    for line in edges.iter() {
        line.points.windows(2).for_each(|pair| taken.add(Rect::from_two_pos(pair[0], pair[1])));
    }
    for (line, edge) in edges.iter_mut().zip(&topology.edges).filter(|(_, edge)| !edge.name.is_empty()) {
        let size = vec2(lettering.tag_width(&edge.name) * 0.85 + 4.0, HEIGHT * lettering.scale);
        let label = pieces(line).into_iter().find(|(length, at)| *length >= size.x && taken.is_free(text_rect(*at, size)));
        line.label = label.map(|(_, at)| at);
        if let Some(at) = line.label {
            taken.add(text_rect(at, size));
        }
    }
}

fn text_rect(at: Pos2, size: egui::Vec2) -> Rect {
    Rect::from_min_size(at - vec2(size.x / 2.0, size.y), size)
}

/// Length and label place of the level pieces of a line, cut where it crosses others, the longest first.
fn pieces(line: &Line) -> Vec<(f32, Pos2)> {
    let mut pieces: Vec<(f32, Pos2)> = Vec::new();
    for pair in line.points.windows(2).filter(|pair| (pair[0].y - pair[1].y).abs() < 0.01) {
        let (left, right, y) = (pair[0].x.min(pair[1].x), pair[0].x.max(pair[1].x), pair[0].y);
        let crossed = line.bridges.iter().filter(|at| (at.y - y).abs() < 0.01 && at.x > left && at.x < right).map(|at| at.x);
        let mut stops: Vec<f32> = crossed.chain([left, right]).collect();
        stops.sort_by(f32::total_cmp);
        pieces.extend(stops.windows(2).map(|stop| (stop[1] - stop[0], pos2(f32::midpoint(stop[0], stop[1]), y - 2.0))));
    }
    pieces.sort_by(|a, b| b.0.total_cmp(&a.0));
    pieces
}

/// Rectangles by the squares they touch.
#[derive(Default)]
struct Taken {
    squares: BTreeMap<(i32, i32), Vec<Rect>>,
}

impl Taken {
    fn squares_of(rect: Rect) -> impl Iterator<Item = (i32, i32)> {
        let number = |at: f32| (at / SQUARE).floor() as i32;
        let (columns, rows) = (number(rect.left())..=number(rect.right()), number(rect.top())..=number(rect.bottom()));
        columns.flat_map(move |column| rows.clone().map(move |row| (column, row)))
    }

    fn add(&mut self, rect: Rect) {
        for square in Self::squares_of(rect) {
            self.squares.entry(square).or_default().push(rect);
        }
    }

    fn is_free(&self, rect: Rect) -> bool {
        Self::squares_of(rect).all(|square| self.squares.get(&square).is_none_or(|list| !list.iter().any(|other| other.intersects(rect))))
    }
}
