//! Painting of lines, symbols and values, each where the layout puts it.

use super::lettering::{Lettering, TEXT_GAP};
use super::symbols::{SMALLEST_TEXT, SymbolLook, corner, font_size, mark_size, paint_symbol};
use super::view::{SchematicView, ThingFace};
use super::{Edge, Gauge, Line, LineKind, Node, Place, SymbolKind, ValueSlot};
use crate::reading::ReadingView;
use crate::{Theme, ViewMode, format, marks, text::t};
use egui::{Align2, Color32, CornerRadius, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};
use twin_model::QualityClass;

/// Size of a tag, points of writing.
const TAG_SIZE: f32 = 12.0;
/// Size of a value.
const VALUE_SIZE: f32 = 11.5;
/// Size of the letters before a value, of units and of line numbers.
const SMALL_SIZE: f32 = 11.0;
/// Size of the title of an area.
const TITLE_SIZE: f32 = 13.0;
/// Below this magnification of the writing values would touch what stands beside them, for they do not get smaller.
pub const VALUES_FROM: f32 = 0.93;
/// From this magnification on line numbers and what areas are for are written: for who looks closer.
const NUMBERS_FROM: f32 = 1.2;
/// As [`VALUES_FROM`], for tags and titles.
pub const TAGS_FROM: f32 = 0.5;
/// A tag may be so much wider than its place in the layout: that of the channels at both sides.
const TAG_BEYOND: f32 = 8.0;
/// Radius of the bridge of a line over another one.
const BRIDGE: f32 = 3.5;

/// Where and how big things are painted.
#[derive(Clone, Copy)]
pub struct Canvas<'a> {
    /// Painter, clipped to the panel.
    pub painter: &'a Painter,
    /// Points on the screen per point of the layout.
    pub zoom: f32,
    /// Writing the layout has room for.
    pub lettering: Lettering,
    /// Bright half of the flash.
    pub is_bright: bool,
    /// Look.
    pub theme: &'a Theme,
}

impl Canvas<'_> {
    /// Points on the screen per point of writing.
    fn text_zoom(&self) -> f32 {
        self.zoom * self.lettering.scale
    }

    fn font(&self, size: f32) -> FontId {
        self.theme.figures(font_size(size * self.text_zoom()).max(SMALLEST_TEXT))
    }

    /// True when there is room for values at this zoom.
    pub fn shows_values(&self) -> bool {
        self.text_zoom() >= VALUES_FROM
    }

    fn shows_tags(&self) -> bool {
        self.text_zoom() >= TAGS_FROM
    }

    fn pen(&self, width: f32, colour: Color32) -> Stroke {
        Stroke::new((width * self.zoom.max(0.75)).min(4.0), colour)
    }

    /// Paints the frame of an area with its title on the upper edge.
    pub fn area(&self, rect: Rect, name: &str, description: &str) {
        let hairline = Stroke::new(1.0, self.theme.line);
        let frame = rect.expand2(vec2(4.0, 0.0) * self.zoom).with_max_y(rect.bottom() + 4.0 * self.zoom);
        self.painter.rect_stroke(frame, CornerRadius::same(4), hairline, StrokeKind::Inside);
        if !self.shows_tags() {
            return;
        }
        let title = self.painter.layout_no_wrap(name.to_owned(), self.font(TITLE_SIZE), self.theme.text);
        let words = if self.text_zoom() >= NUMBERS_FROM { description } else { "" };
        let rest = self.painter.layout_no_wrap(words.to_owned(), self.font(SMALL_SIZE), self.theme.text_faint);
        let at = rect.left_top() + vec2(8.0 * self.text_zoom(), -title.size().y / 2.0);
        let gap = if words.is_empty() { 0.0 } else { 9.0 * self.text_zoom() };
        let ground = Rect::from_min_size(at, vec2(title.size().x + gap + rest.size().x, title.size().y));
        self.painter.rect_filled(ground.expand2(vec2(5.0, 0.0)), 2.0, self.theme.panel);
        let below = pos2(ground.right() - rest.size().x, ground.bottom() - rest.size().y - 1.0);
        self.painter.galley(at, title, self.theme.text);
        self.painter.galley(below, rest, self.theme.text_faint);
    }

    /// Paints a line, faint where nothing flows.
    pub fn line(&self, line: &Line, edge: &Edge, is_still: bool, place: &dyn Fn(Pos2) -> Pos2) {
        let (width, colour) = match edge.line {
            LineKind::Process => (2.2, self.theme.text_weak),
            LineKind::Water => (1.6, self.theme.text_weak),
            LineKind::Gas => (1.1, self.theme.text_weak),
            LineKind::Signal => (0.9, self.theme.text_faint),
        };
        let colour = if is_still { self.theme.panel.lerp_to_gamma(colour, 0.55) } else { colour };
        let pen = self.pen(width, colour);
        let points = self.with_bridges(line, place);
        if edge.line == LineKind::Signal {
            self.painter.extend(Shape::dashed_line(&points, pen, 4.0 * self.zoom, 3.0 * self.zoom));
            return;
        }
        if let [.., before, end] = points.as_slice()
            && !is_still
        {
            self.arrow_head(*before, *end, width, colour);
        }
        self.painter.add(Shape::line(points, pen));
        if let Some(label) = line.label.filter(|_| self.text_zoom() >= NUMBERS_FROM) {
            self.painter.text(place(label), Align2::CENTER_BOTTOM, &edge.name, self.font(SMALL_SIZE), self.theme.text_faint);
        }
    }

    fn arrow_head(&self, before: Pos2, end: Pos2, width: f32, colour: Color32) {
        let along = (end - before).normalized();
        let side = along.rot90();
        let zoom = self.zoom.max(0.75);
        let (length, half) = ((4.0 + 2.0 * width) * zoom, (1.6 + 0.9 * width) * zoom);
        let base = end - along * length;
        self.painter.add(Shape::convex_polygon(vec![end, base + side * half, base - side * half], colour, Stroke::NONE));
    }

    /// The corners of a line, with half a circle where it crosses another one.
    fn with_bridges(&self, line: &Line, place: &dyn Fn(Pos2) -> Pos2) -> Vec<Pos2> {
        let mut points = Vec::with_capacity(line.points.len() + 8 * line.bridges.len());
        for pair in line.points.windows(2) {
            points.push(place(pair[0]));
            let (left, right) = (pair[0].x.min(pair[1].x), pair[0].x.max(pair[1].x));
            let is_level = (pair[0].y - pair[1].y).abs() < 0.01;
            let room = |at: &&Pos2| is_level && (at.y - pair[0].y).abs() < 0.01 && at.x - BRIDGE > left && at.x + BRIDGE < right;
            let mut bridges: Vec<Pos2> = line.bridges.iter().filter(room).copied().collect();
            let forward = if pair[1].x >= pair[0].x { 1.0 } else { -1.0 };
            bridges.sort_by(|a, b| (a.x * forward).total_cmp(&(b.x * forward)));
            for at in bridges {
                points.extend((0..=8).map(|i| {
                    let angle = std::f32::consts::PI * i as f32 / 8.0;
                    place(at + vec2(-forward * angle.cos(), -angle.sin()) * BRIDGE)
                }));
            }
        }
        points.extend(line.points.last().map(|end| place(*end)));
        points
    }

    /// Paints a symbol with its tag, and the marks of selection, health and alarm.
    pub fn node(&self, node: &Node, face: &ThingFace, place: Place, view: &SchematicView, is_hot: bool) {
        let is_selected = node.thing.is_some() && view.selected == node.thing;
        let look = self.look(node, face, view.mode);
        let symbol = place.symbol;
        let font = self.font(TAG_SIZE);
        let colour = if is_selected { self.theme.text_strong } else { self.theme.text };
        let tag = Some(&node.name).filter(|_| node.has_tag_below() && self.shows_tags());
        let tag = tag.map(|name| self.painter.layout_no_wrap(name.clone(), font, colour));
        let tag = tag.filter(|tag| tag.size().x <= place.body.width() + TAG_BEYOND);
        let at = pos2(place.at.x, symbol.bottom() + TEXT_GAP * self.zoom);
        let tag_rect = tag.as_ref().map_or(symbol, |tag| Align2::CENTER_TOP.anchor_size(at, tag.size()));
        self.ring(symbol.union(tag_rect), is_selected, is_hot);
        paint_symbol(self.painter, node.symbol, place.at, symbol.width() / self.zoom / 2.0, self.zoom, &look);
        if let Some(tag) = tag {
            self.painter.galley(tag_rect.min, tag, colour);
        }
        if self.shows_values() && face.values.iter().any(|value| value.is_simulated) {
            self.simulated(pos2(tag_rect.right() + 4.0, tag_rect.bottom() - 7.0));
        }
    }

    /// Around a symbol with its tag.
    fn ring(&self, rect: Rect, is_selected: bool, is_hot: bool) {
        let (rect, radius) = (rect.expand2(vec2(5.0, 3.0)).with_max_y(rect.bottom()), CornerRadius::same(5));
        if is_hot {
            self.painter.rect_filled(rect, radius, self.theme.raised);
        }
        if is_selected {
            self.painter.rect_stroke(rect, radius, Stroke::new(1.5, self.theme.accent), StrokeKind::Outside);
        }
    }

    /// A running drive is filled light, a stopped one is an outline.
    fn look<'b>(&self, node: &'b Node, face: &ThingFace, mode: ViewMode) -> SymbolLook<'b> {
        let theme = self.theme;
        let plain = theme.panel.lerp_to_gamma(theme.raised, 0.8);
        let (fill, outline) = match face.is_running() {
            Some(true) => (theme.panel.lerp_to_gamma(theme.text, 0.38), theme.text_strong),
            Some(false) => (theme.panel, theme.text_weak),
            None => (plain, theme.text),
        };
        let has_health = mode == ViewMode::Health && !node.symbol.is_bubble() && node.index.is_some();
        let fill = if has_health { fill.lerp_to_gamma(theme.health(face.health), 0.45) } else { fill };
        let width = match node.symbol {
            SymbolKind::Controller | SymbolKind::Instrument | SymbolKind::Connector | SymbolKind::Boundary => 1.0,
            kind if kind.is_valve() => 1.3,
            _ => 1.7,
        };
        let share = |gauge: &Option<Gauge>, reading: &Option<ReadingView>| {
            let value = reading.as_ref()?.usable()?;
            let (low, high) = gauge.as_ref()?.range;
            Some((((value - low) / (high - low).max(1e-9)) as f32).clamp(0.0, 1.0))
        };
        SymbolLook {
            stroke: self.pen(width, outline),
            fill,
            content: theme.panel.lerp_to_gamma(theme.text, 0.5),
            level: share(&node.level, &face.level),
            opening: share(&node.opening, &face.opening),
            is_doubtful: face.level.as_ref().or(face.opening.as_ref()).is_some_and(ReadingView::is_doubtful),
            half_height: self.lettering.extent(node).above,
            name: &node.name,
            text: theme.text,
        }
    }

    /// Paints the marks at the corners of a symbol: alarm at the right, health at the left.
    pub fn marks(&self, face: &ThingFace, place: Place, mode: ViewMode) {
        let size = mark_size(self.zoom);
        if let Some(mark) = face.alarm {
            let at = corner(place.symbol, true, self.zoom);
            let is_bright = self.is_bright || !mark.state.wants_acknowledgement();
            marks::paint_alarm(self.painter, at, size, mark, is_bright, self.theme);
            if face.more > 0 {
                let at = at + vec2(size * 0.8, 0.0);
                let font = self.theme.figures(font_size(size * 0.6));
                self.painter.text(at, Align2::LEFT_CENTER, format!("+{}", face.more), font, self.theme.text_strong);
            }
        }
        if let Some(health) = face.shown_health(mode) {
            marks::paint_health(self.painter, corner(place.symbol, false, self.zoom), size * 0.9, health, self.theme);
        }
    }

    /// Where the n-th value below a symbol stands.
    pub fn value_rect(&self, node: &Node, place: Place, number: usize) -> Rect {
        let row = self.lettering.value_row() * self.zoom;
        let top = place.symbol.bottom() + self.lettering.values_from(node) * self.zoom + number as f32 * row;
        Rect::from_min_size(pos2(place.at.x, top), vec2(0.0, row)).expand2(vec2(self.lettering.value_width(node) * self.zoom / 2.0, 0.0))
    }

    /// Paints a value: letters, number, unit, quality; below it the normal band with the value in it.
    pub fn value(&self, rect: Rect, slot: &ValueSlot, reading: &ReadingView) {
        let reading = &ReadingView { decimals: reading.decimals.min(slot.decimals), ..reading.clone() };
        let (font, small, zoom) = (self.font(VALUE_SIZE), self.font(SMALL_SIZE), self.text_zoom());
        let is_doubtful = reading.is_doubtful();
        let theme = self.theme;
        let strong = if is_doubtful { theme.text_weak } else { theme.text_strong };
        let middle = rect.center().y - 2.0 * zoom;
        let mut right = self.quality(pos2(rect.right(), middle), reading);
        let is_number = reading.state.is_none() && format::value(reading) != format::NO_VALUE;
        let mut value_rect = Rect::from_min_max(pos2(right, middle), pos2(right, middle));
        let unit = if is_number { reading.unit.as_str() } else { "" };
        for (text, font, colour) in [(unit, small.clone(), theme.text_faint), (format::value(reading).as_str(), font, strong)] {
            let galley = self.painter.layout_no_wrap(text.to_owned(), font, colour);
            let min = pos2(right - galley.size().x, middle - galley.size().y / 2.0);
            value_rect = value_rect.union(Rect::from_min_size(min, galley.size()));
            right = min.x - if text.is_empty() { 0.0 } else { 3.0 * zoom };
            if is_doubtful && colour == strong {
                marks::paint_hatch(self.painter, value_rect.expand2(vec2(2.0, 0.0)), theme.text_faint.gamma_multiply(0.4));
            }
            self.painter.galley(min, galley, colour);
        }
        if reading.is_simulated {
            let edge = Rect::from_min_max(pos2(right, value_rect.top() + 1.0), pos2(right + 2.0, value_rect.bottom() - 1.0));
            self.painter.rect_filled(edge.translate(vec2(-2.0, 0.0)), 0.0, self.theme.accent);
            right -= 5.0;
        }
        let letters = self.painter.layout_no_wrap(slot.letters.clone(), small, theme.text_faint);
        if self.lettering.has_letters && rect.left() + letters.size().x <= right {
            self.painter.galley(pos2(rect.left(), middle - letters.size().y / 2.0), letters, theme.text_faint);
        }
        self.bar(rect, slot, reading);
    }

    /// The quality letter, boxed where it is not good. Returns its left edge.
    fn quality(&self, right: Pos2, reading: &ReadingView) -> f32 {
        let side = 10.0 * self.text_zoom();
        let rect = Rect::from_center_size(pos2(right.x - side / 2.0, right.y), vec2(side, side));
        let (text, theme) = (reading.quality.letter(), self.theme);
        let colour = match reading.quality.class() {
            QualityClass::Good => theme.text_faint.gamma_multiply(0.7),
            QualityClass::Uncertain => {
                self.painter.rect_stroke(rect, 2.0, Stroke::new(1.0, theme.text_weak), StrokeKind::Inside);
                theme.text
            }
            QualityClass::Bad => {
                self.painter.rect_filled(rect, 2.0, theme.text);
                theme.panel
            }
        };
        let font = theme.figures(font_size((9.0 * self.text_zoom()).max(8.5)));
        self.painter.text(rect.center(), Align2::CENTER_CENTER, text, font, colour);
        rect.left() - 3.0 * self.text_zoom()
    }

    /// Beside a tag: values below it are simulated, those with an edge in the accent.
    fn simulated(&self, left: Pos2) {
        let font = self.theme.figures(font_size((8.5 * self.text_zoom()).max(8.5)));
        let galley = self.painter.layout_no_wrap(t().sim.to_owned(), font, self.theme.on_accent);
        let rect = Align2::LEFT_CENTER.anchor_size(left, galley.size() + vec2(4.0, 0.0));
        self.painter.rect_filled(rect, 2.0, self.theme.accent);
        self.painter.galley(rect.center() - galley.size() / 2.0, galley, self.theme.on_accent);
    }

    fn bar(&self, rect: Rect, slot: &ValueSlot, reading: &ReadingView) {
        let (Some((low, high)), Some(normal)) = (slot.range, slot.normal) else { return };
        let level = rect.bottom() - 1.0;
        let track = Rect::from_min_max(pos2(rect.left(), level - 1.0), pos2(rect.right(), level + 1.0));
        let x = |value: f64| track.left() + track.width() * (((value - low) / (high - low).max(1e-9)) as f32).clamp(0.0, 1.0);
        self.painter.hline(track.x_range(), track.center().y, Stroke::new(0.8, self.theme.line));
        let band = Rect::from_x_y_ranges(x(normal.0)..=x(normal.1), track.y_range());
        self.painter.rect_filled(band, 1.0, self.theme.normal_band);
        if let Some(value) = reading.usable() {
            let colour = if reading.is_doubtful() { self.theme.text_faint } else { self.theme.indicator };
            let tick = Rect::from_center_size(pos2(x(value), track.center().y), vec2(2.0, 4.0));
            self.painter.rect_filled(tick, 0.5, colour);
        }
    }
}
