//! The symbols, drawn with strokes: ISO 10628-2 for equipment, ISA-5.1 for instruments.

use super::SymbolKind;
use crate::marks;
use egui::{Align2, Color32, CornerRadius, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

/// How a symbol looks now.
#[derive(Clone, Copy, Debug)]
pub struct SymbolLook<'a> {
    /// Outline.
    pub stroke: Stroke,
    /// Ground: lighter for a drive that runs.
    pub fill: Color32,
    /// Level, and the opening of a valve.
    pub content: Color32,
    /// Level, 0 … 1; none where nobody knows it.
    pub level: Option<f32>,
    /// Opening, 0 … 1; none where nobody knows it.
    pub opening: Option<f32>,
    /// Level or opening is old or doubtful.
    pub is_doubtful: bool,
    /// Half the height of its place in the layout, points at zoom 1.
    pub half_height: f32,
    /// Tag, written inside bubbles and arrows.
    pub name: &'a str,
    /// Colour of that text.
    pub text: Color32,
}

/// Paints a symbol whose lines meet at `at`. `half_width` is that of its place in the layout, points at zoom 1.
pub fn paint_symbol(painter: &Painter, kind: SymbolKind, at: Pos2, half_width: f32, zoom: f32, look: &SymbolLook<'_>) {
    let pen = Pen { painter, at, zoom, look };
    match kind {
        SymbolKind::Pump => pen.pump(),
        SymbolKind::Compressor => pen.compressor(),
        SymbolKind::Fan => pen.fan(),
        SymbolKind::Tank => pen.tank(),
        SymbolKind::Drum | SymbolKind::Vessel | SymbolKind::Receiver => pen.vessel(kind),
        SymbolKind::Exchanger => pen.exchanger(),
        SymbolKind::CoolingTower => pen.tower(),
        SymbolKind::ControlValve => pen.control_valve(),
        SymbolKind::OnOffValve => pen.on_off_valve(),
        SymbolKind::Valve => pen.bow_tie(),
        SymbolKind::ReliefValve => pen.relief_valve(),
        SymbolKind::Filter => pen.filter(&[(0.0, -13.0), (0.0, 13.0)]),
        SymbolKind::Strainer => pen.filter(&[(-13.0, 13.0), (13.0, -13.0)]),
        SymbolKind::Dryer => pen.dryer(),
        SymbolKind::Header => pen.block(kind, 1.0, look.stroke.color),
        SymbolKind::Controller | SymbolKind::Instrument => pen.bubble(kind, half_width),
        SymbolKind::Boundary => pen.flag(22.0, 12.0),
        SymbolKind::Connector => pen.connector(half_width),
        SymbolKind::Equipment | SymbolKind::Frame | SymbolKind::Hidden => pen.block(kind, 3.0, look.fill),
    }
}

/// A symbol's own coordinates: points at zoom 1 from where its lines meet, x to the right, y down.
struct Pen<'a> {
    painter: &'a Painter,
    at: Pos2,
    zoom: f32,
    look: &'a SymbolLook<'a>,
}

impl Pen<'_> {
    fn point(&self, x: f32, y: f32) -> Pos2 {
        self.at + vec2(x, y) * self.zoom
    }

    fn rect(&self, left: f32, top: f32, right: f32, bottom: f32) -> Rect {
        Rect::from_min_max(self.point(left, top), self.point(right, bottom))
    }

    fn points(&self, points: &[(f32, f32)]) -> Vec<Pos2> {
        points.iter().map(|(x, y)| self.point(*x, *y)).collect()
    }

    fn line(&self, points: &[(f32, f32)]) {
        self.painter.add(Shape::line(self.points(points), self.look.stroke));
    }

    /// A convex outline with its ground.
    fn shape(&self, points: &[(f32, f32)]) {
        self.painter.add(Shape::convex_polygon(self.points(points), self.look.fill, self.look.stroke));
    }

    fn circle(&self, x: f32, y: f32, radius: f32) {
        self.painter.circle(self.point(x, y), radius * self.zoom, self.look.fill, self.look.stroke);
    }

    fn dashes(&self, points: &[(f32, f32)]) {
        self.painter.extend(Shape::dashed_line(&self.points(points), self.look.stroke, 3.0 * self.zoom, 2.5 * self.zoom));
    }

    fn rounded(&self, rect: Rect, radius: f32, fill: Color32, stroke: Stroke) {
        let radius = (radius * self.zoom).clamp(0.0, 255.0) as u8;
        self.painter.rect(rect, CornerRadius::same(radius), fill, stroke, StrokeKind::Middle);
    }

    fn pump(&self) {
        self.circle(0.0, 0.0, 18.0);
        self.line(&[(-4.0, -17.5), (18.0, 0.0), (-4.0, 17.5)]);
    }

    fn compressor(&self) {
        self.circle(0.0, 0.0, 20.0);
        self.line(&[(-12.5, -15.5), (18.0, -8.5)]);
        self.line(&[(-12.5, 15.5), (18.0, 8.5)]);
    }

    fn fan(&self) {
        self.circle(0.0, 0.0, 18.0);
        self.blades(0.0, 0.0, 14.0, 5.0);
    }

    /// Two blades like a lying eight.
    fn blades(&self, x: f32, y: f32, reach: f32, swing: f32) {
        let loops = |side: f32| {
            let leaf = (0..=16).map(|i| {
                let angle = i as f32 / 16.0 * std::f32::consts::TAU;
                self.point(x + side * reach * 0.5 * (1.0 - angle.cos()), y + swing * angle.sin())
            });
            Shape::closed_line(leaf.collect(), self.look.stroke)
        };
        self.painter.extend([loops(1.0), loops(-1.0)]);
    }

    /// Draws the content of a vessel: the part of `shape` below the level.
    fn content(&self, rect: Rect, shape: impl Fn(&Painter)) {
        let Some(level) = self.look.level else { return };
        let top = rect.bottom() - rect.height() * level.clamp(0.0, 1.0);
        let filled = Rect::from_min_max(pos2(rect.left(), top), rect.max);
        shape(&self.painter.with_clip_rect(self.painter.clip_rect().intersect(filled)));
        self.painter.hline(rect.x_range().shrink(1.0), top, Stroke::new(1.0, self.look.stroke.color));
        if self.look.is_doubtful {
            marks::paint_hatch(self.painter, filled, self.look.stroke.color.gamma_multiply(0.5));
        }
    }

    fn tank(&self) {
        let shell = self.rect(-30.0, -18.0, 30.0, 28.0);
        self.shape(&[(-30.0, -18.0), (0.0, -28.0), (30.0, -18.0), (30.0, 28.0), (-30.0, 28.0)]);
        self.content(shell.shrink(1.0), |painter| {
            painter.rect_filled(shell.shrink(1.0), 0.0, self.look.content);
        });
        self.line(&[(-30.0, -18.0), (30.0, -18.0)]);
    }

    fn vessel(&self, kind: SymbolKind) {
        let extent = kind.extent();
        let rect = self.rect(-extent.half_width, -extent.above, extent.half_width, extent.below);
        let radius = if kind == SymbolKind::Drum { extent.above } else { extent.half_width * 0.9 };
        self.rounded(rect, radius, self.look.fill, Stroke::NONE);
        self.content(rect, |painter| {
            let radius = (radius * self.zoom).clamp(0.0, 255.0) as u8;
            painter.rect_filled(rect, CornerRadius::same(radius), self.look.content);
        });
        self.rounded(rect, radius, Color32::TRANSPARENT, self.look.stroke);
    }

    fn exchanger(&self) {
        self.circle(0.0, 0.0, 23.0);
        self.line(&[(-23.0, 0.0), (-11.0, 0.0), (-4.5, -11.0), (4.5, 11.0), (11.0, 0.0), (23.0, 0.0)]);
    }

    fn tower(&self) {
        let basin = self.rect(-30.0, 19.0, 30.0, 30.0);
        self.shape(&[(-20.0, -18.0), (20.0, -18.0), (30.0, 19.0), (-30.0, 19.0)]);
        self.rounded(basin, 0.0, self.look.fill, self.look.stroke);
        self.content(basin.shrink(0.8), |painter| {
            painter.rect_filled(basin.shrink(0.8), 0.0, self.look.content);
        });
        self.line(&[(-12.0, -18.0), (-14.0, -28.0), (14.0, -28.0), (12.0, -18.0)]);
        self.blades(0.0, -23.0, 9.0, 2.6);
        self.dashes(&[(-20.0, -4.0), (20.0, -4.0)]);
        self.dashes(&[(-23.0, 6.0), (23.0, 6.0)]);
    }

    fn bow_tie(&self) {
        self.shape(&[(-16.0, -9.0), (0.0, 0.0), (-16.0, 9.0)]);
        self.shape(&[(16.0, -9.0), (0.0, 0.0), (16.0, 9.0)]);
    }

    /// A small bar beside the actuator: how far the valve is open.
    fn opening(&self) {
        let Some(opening) = self.look.opening else { return };
        let track = self.rect(13.0, -27.0, 17.0, -12.0);
        let top = track.bottom() - track.height() * opening.clamp(0.0, 1.0);
        self.painter.rect_filled(Rect::from_min_max(pos2(track.left(), top), track.max), 0.0, self.look.content);
        self.painter.rect_stroke(track, 0.0, Stroke::new(1.0, self.look.stroke.color.gamma_multiply(0.7)), StrokeKind::Middle);
        if self.look.is_doubtful {
            marks::paint_hatch(self.painter, track, self.look.stroke.color);
        }
    }

    fn control_valve(&self) {
        self.bow_tie();
        self.line(&[(0.0, 0.0), (0.0, -17.0)]);
        let dome = (0..=12).map(|i| {
            let angle = std::f32::consts::PI * (1.0 + i as f32 / 12.0);
            self.point(10.0 * angle.cos(), -17.0 + 10.0 * angle.sin())
        });
        self.painter.add(Shape::convex_polygon(dome.collect(), self.look.fill, self.look.stroke));
        self.opening();
    }

    fn on_off_valve(&self) {
        self.bow_tie();
        self.line(&[(0.0, 0.0), (0.0, -14.0)]);
        self.rounded(self.rect(-7.0, -27.0, 7.0, -14.0), 0.0, self.look.fill, self.look.stroke);
        self.line(&[(-7.0, -20.5), (7.0, -20.5)]);
        self.opening();
    }

    fn relief_valve(&self) {
        self.bow_tie();
        self.line(&[(0.0, 0.0), (0.0, -7.0), (-5.0, -9.5), (5.0, -13.0), (-5.0, -16.5), (5.0, -20.0), (0.0, -22.0), (0.0, -25.0)]);
    }

    fn filter(&self, screen: &[(f32, f32)]) {
        self.rounded(self.rect(-15.0, -15.0, 15.0, 15.0), 0.0, self.look.fill, self.look.stroke);
        self.dashes(screen);
    }

    fn dryer(&self) {
        self.rounded(self.rect(-16.0, -22.0, 16.0, 22.0), 5.0, self.look.fill, self.look.stroke);
        self.line(&[(-16.0, -12.0), (16.0, -12.0)]);
        self.line(&[(-16.0, 12.0), (16.0, 12.0)]);
        for (x, y) in [(-8.0, -5.0), (0.0, -5.0), (8.0, -5.0), (-4.0, 0.0), (4.0, 0.0), (-8.0, 5.0), (0.0, 5.0), (8.0, 5.0)] {
            self.painter.circle_filled(self.point(x, y), 1.3 * self.zoom, self.look.stroke.color);
        }
    }

    fn block(&self, kind: SymbolKind, radius: f32, fill: Color32) {
        let extent = kind.extent();
        let half = if kind == SymbolKind::Header { 2.5 } else { extent.half_width };
        self.rounded(self.rect(-half, -extent.above, half, extent.below), radius, fill, self.look.stroke);
    }

    /// Function letters above, number of the loop below where there is room for it; a line between them for what stands in
    /// the control room.
    fn bubble(&self, kind: SymbolKind, radius: f32) {
        self.circle(0.0, 0.0, radius);
        let (letters, number) = self.look.name.split_once(['-', '_', ' ']).unwrap_or((self.look.name, ""));
        let has_number = radius * self.zoom >= 2.0 * SMALLEST_TEXT * 0.8;
        let bar = if has_number { 0.0 } else { radius * 0.5 };
        if kind == SymbolKind::Controller {
            let half = (radius * radius - bar * bar).max(0.0).sqrt();
            self.line(&[(-half, bar), (half, bar)]);
        }
        if has_number {
            self.text(0.0, -radius * 0.42, letters, radius * 0.57);
            self.text(0.0, radius * 0.4, number, radius * 0.57);
        } else if radius * self.zoom >= SMALLEST_TEXT * 0.85 {
            self.text(0.0, -radius * 0.08, letters, SMALLEST_TEXT / self.zoom);
        }
    }

    fn text(&self, x: f32, y: f32, text: &str, size: f32) {
        let size = font_size(size * self.zoom).max(10.0);
        self.painter.text(self.point(x, y), Align2::CENTER_CENTER, text, FontId::proportional(size), self.look.text);
    }

    fn flag(&self, half_width: f32, half_height: f32) {
        let tip = half_width - half_height;
        let corners = [(-half_width, -half_height), (tip, -half_height), (half_width, 0.0), (tip, half_height), (-half_width, half_height)];
        self.shape(&corners);
    }

    fn connector(&self, half_width: f32) {
        let half_height = self.look.half_height;
        self.flag(half_width, half_height);
        if half_height * self.zoom * 2.0 >= SMALLEST_TEXT {
            self.text(-3.0, 0.0, self.look.name, half_height * 1.2);
        }
    }
}

/// Smallest text that is drawn, points on the screen.
pub const SMALLEST_TEXT: f32 = 11.0;

/// A text size in halves of a point, so that zooming does not fill the font atlas.
pub fn font_size(points: f32) -> f32 {
    (points * 2.0).round() / 2.0
}

/// Side of a square mark at a zoom: it shrinks with the drawing, but stays readable.
pub fn mark_size(zoom: f32) -> f32 {
    (17.0 * zoom).clamp(15.0, 22.0)
}

/// The middle of a mark at the upper corner of a symbol.
pub fn corner(symbol: Rect, is_right: bool, zoom: f32) -> Pos2 {
    let offset = Vec2::new(7.0, -5.0) * zoom;
    if is_right { symbol.right_top() + offset } else { symbol.left_top() + vec2(-offset.x, offset.y) }
}
