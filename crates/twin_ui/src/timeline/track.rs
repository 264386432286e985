//! The track: layers over one axis, painted from the ground up. What lies on one point is one mark, so the number of
//! shapes is bounded by the width of the screen.

use super::axis::Axis;
use super::view::TimelineView;
use crate::alarm_view::AlarmState;
use crate::marks::{self, AlarmMark};
use crate::theme::stroke;
use crate::{Theme, format, text::t};
use egui::{Align2, Color32, CornerRadius, Mesh, Painter, Pos2, Rangef, Rect, Shape, Stroke, StrokeKind, pos2, vec2};
use twin_model::TwinTime;

/// Heights of the rows from the top, points.
const FLAGS: f32 = 9.0;
const ALARMS: f32 = 7.0;
const BAR: f32 = 12.0;
const ACTIONS: f32 = 5.0;
const LABELS: f32 = 12.0;
/// Height of a row with branches, points.
pub(super) const BRANCH_ROW: f32 = 14.0;
/// Height of the track without branches, points.
pub(super) const HEIGHT: f32 = FLAGS + ALARMS + BAR + ACTIONS + LABELS;
/// How near the pointer has to come to a mark, points.
const NEAR: f32 = 4.0;

/// Where the rows are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    pub all: Rect,
    pub flags: Rangef,
    pub bar: Rect,
    pub branches: Rangef,
}

impl Rows {
    pub fn new(rect: Rect) -> Self {
        let flags = Rangef::new(rect.top(), rect.top() + FLAGS);
        let top = flags.max + ALARMS;
        let bar = Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), top + BAR));
        Self { all: rect, flags, bar, branches: Rangef::new(bar.bottom() + ACTIONS, rect.bottom() - LABELS) }
    }
}

/// What the layers are painted with.
pub(super) struct Track<'a> {
    pub painter: Painter,
    pub axis: Axis,
    pub rows: Rows,
    pub view: &'a TimelineView,
    pub theme: &'a Theme,
    /// The pointer, while it is over the track.
    pub pointer: Option<Pos2>,
    /// What the marks under the pointer say.
    pub hints: Vec<String>,
}

/// Several marks on one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cluster<'a, T> {
    /// Where they are, points.
    pub x: Rangef,
    /// The one that is seen.
    pub seen: &'a T,
    /// How many there are.
    pub count: usize,
}

/// The items on show, merged where they begin within the same `apart` points; of several the one with the smallest rank is
/// seen. At most one for each `apart` points of the axis, in the order of the screen.
pub(super) fn clusters<'a, T>(
    axis: &Axis,
    items: &'a [T],
    apart: f32,
    extent: impl Fn(&T) -> (TwinTime, TwinTime),
    rank: impl Fn(&T) -> u8,
) -> Vec<Cluster<'a, T>> {
    let slots = (axis.width / apart).max(0.0) as usize + 1;
    let mut found: Vec<Option<Cluster<'a, T>>> = Vec::new();
    found.resize_with(slots, || None);
    for item in items {
        let (from, to) = extent(item);
        if to < axis.from || from > axis.to {
            continue;
        }
        let x = Rangef::new(axis.clamped_x(from), axis.clamped_x(to.max(from)));
        let Some(slot) = found.get_mut(((x.min - axis.left) / apart) as usize) else { continue };
        match slot {
            Some(cluster) => {
                cluster.count += 1;
                cluster.x = Rangef::new(cluster.x.min.min(x.min), cluster.x.max.max(x.max));
                if rank(item) < rank(cluster.seen) {
                    cluster.seen = item;
                }
            }
            None => *slot = Some(Cluster { x, seen: item, count: 1 }),
        }
    }
    found.into_iter().flatten().collect()
}

/// The highest bucket of each column of `width` points, left edge and height 0 … 1; columns without data are left out.
pub(super) fn density_columns(axis: &Axis, view: &TimelineView, width: f32) -> Vec<(f32, f32)> {
    let density = &view.density;
    let secs = density.to.secs_since(density.from);
    let count = density.buckets.len();
    if count == 0 || secs <= 0.0 {
        return Vec::new();
    }
    let bucket = |x: f32| (axis.time(x).secs_since(density.from) / secs * count as f64).clamp(0.0, count as f64);
    let columns = (axis.width / width).max(0.0) as usize;
    let column = |index: usize| {
        let x = axis.left + index as f32 * width;
        let (first, last) = (bucket(x), bucket(x + width));
        let inside = density.buckets.get(first as usize..(last.ceil() as usize).min(count))?;
        let height = inside.iter().copied().filter(|share| share.is_finite()).fold(0.0, f32::max).min(1.0);
        (height > 0.0).then_some((x, height))
    };
    (0..columns).filter_map(column).collect()
}

impl Track<'_> {
    fn is_near(&self, x: Rangef) -> bool {
        self.pointer.is_some_and(|pointer| x.expand(NEAR).contains(pointer.x))
    }

    fn between(&self, from: TwinTime, to: TwinTime, y: Rangef) -> Rect {
        Rect::from_x_y_ranges(self.axis.clamped_x(from)..=self.axis.clamped_x(to), y)
    }

    /// What everything else stands on.
    pub fn paint_ground(&self) {
        self.ticks();
        self.ground();
        self.density();
    }

    /// What only answers to the pointer resting on it.
    pub fn paint_marks(&mut self, range: Option<(TwinTime, TwinTime)>) {
        self.range(range);
        self.forecast();
        self.alarms();
        self.actions();
        self.edges();
    }

    fn ticks(&self) {
        let font = self.theme.figures(self.theme.small_size - 0.5);
        let figure = self.painter.layout_no_wrap("0".to_owned(), font.clone(), self.theme.text_weak).size().x;
        let ticks = format::with_site(|site| self.axis.ticks(site, figure));
        let line = Stroke::new(stroke::HAIRLINE, self.theme.line);
        let bottom = self.rows.all.bottom();
        for tick in ticks {
            self.painter.vline(tick.x, self.rows.bar.top()..=self.rows.branches.max, line);
            let colour = if tick.is_new_day { self.theme.text_strong } else { self.theme.text_weak };
            self.painter.text(pos2(tick.x, bottom), Align2::CENTER_BOTTOM, tick.label, font.clone(), colour);
        }
    }

    /// The lane from its first to its newest instant. What is not the plant is violet, what was played has a foot.
    fn ground(&self) {
        let (head, theme, bar) = (&self.view.playhead, self.theme, self.rows.bar);
        self.painter.rect_filled(bar, CornerRadius::same(2), theme.sunken);
        let lane = self.between(head.start, head.head, bar.y_range());
        self.painter.rect_filled(lane, CornerRadius::same(2), theme.normal_band);
        if head.kind.is_unreal() {
            let unreal = self.between(self.view.fork.unwrap_or(head.start), head.head, bar.y_range());
            self.painter.rect_filled(unreal, CornerRadius::same(2), theme.accent.gamma_multiply(0.35));
        }
        let foot = Rangef::new(bar.bottom() - 3.0, bar.bottom());
        let done = self.between(head.start, head.time, foot);
        self.painter.rect_filled(done, CornerRadius::same(1), if head.is_history() { theme.accent } else { theme.text_weak });
    }

    fn density(&self) {
        const COLUMN: f32 = 2.0;
        let floor = self.rows.bar.bottom() - 3.0;
        let room = self.rows.bar.height() - 4.0;
        let colour = self.theme.indicator.gamma_multiply(0.45);
        let mut mesh = Mesh::default();
        for (x, height) in density_columns(&self.axis, self.view, COLUMN) {
            // A trickle is not nothing.
            let rect = Rect::from_min_max(pos2(x, floor - (room * height).max(1.0)), pos2(x + COLUMN - 0.5, floor));
            mesh.add_colored_rect(rect, colour);
        }
        self.painter.add(Shape::mesh(mesh));
    }

    fn range(&self, range: Option<(TwinTime, TwinTime)>) {
        let Some((from, to)) = range.filter(|(from, to)| *to >= self.axis.from && *from <= self.axis.to) else { return };
        let rect = self.between(from, to, Rangef::new(self.rows.flags.min, self.rows.bar.bottom()));
        let is_loop = self.view.loop_range.is_some();
        self.painter.rect_filled(rect, 0.0, self.theme.accent.gamma_multiply(if is_loop { 0.28 } else { 0.16 }));
        for time in [from, to].into_iter().filter(|time| self.axis.shows(*time)) {
            self.painter.vline(self.axis.x(time), rect.y_range(), Stroke::new(1.5, self.theme.accent));
        }
        if is_loop {
            self.painter.hline(rect.x_range(), rect.top() + 0.75, Stroke::new(1.5, self.theme.accent));
        }
    }

    /// Dashed, right of now: what may come.
    fn forecast(&mut self) {
        let Some(forecast) = &self.view.forecast else { return };
        let head = self.view.playhead.head;
        if forecast.to <= head || forecast.to < self.axis.from || head > self.axis.to {
            return;
        }
        let rect = self.between(head, forecast.to, self.rows.bar.y_range());
        let pen = Stroke::new(1.0, self.theme.accent);
        for y in [rect.top(), rect.bottom()] {
            self.painter.extend(Shape::dashed_line(&[pos2(rect.left(), y), pos2(rect.right(), y)], pen, 4.0, 3.0));
        }
        let (word, font) = (t().forecast.to_owned(), self.theme.figures(self.theme.small_size - 0.5));
        let galley = self.painter.layout_no_wrap(word, font, self.theme.text_weak);
        if galley.size().x + 8.0 < rect.width() {
            self.painter.galley(rect.center() - galley.size() / 2.0, galley, self.theme.text_weak);
        }
        for cluster in clusters(&self.axis, &forecast.expected, 1.0, |mark| (mark.time, mark.time), |_| 0) {
            let center = pos2(cluster.x.min, self.rows.bar.center().y);
            let diamond = [vec2(0.0, -5.0), vec2(4.0, 0.0), vec2(0.0, 5.0), vec2(-4.0, 0.0)].map(|corner| center + corner);
            self.painter.add(Shape::convex_polygon(diamond.to_vec(), self.theme.panel, Stroke::new(1.5, self.theme.accent)));
            if self.is_near(cluster.x) {
                self.hints.push(hint(t().forecast, &cluster.seen.text, cluster.count));
            }
        }
    }

    fn alarms(&mut self) {
        let top = self.rows.bar.top();
        for cluster in clusters(&self.axis, &self.view.ticks, 1.0, |tick| (tick.time, tick.time), |tick| tick.rank()) {
            let tick = cluster.seen;
            let height = match tick.priority {
                Some(1) => 10.0,
                Some(2) => 8.5,
                _ => 7.0,
            };
            let pen = Stroke::new(2.0, self.theme.alarm_ink(tick.class, tick.priority));
            self.painter.vline(cluster.x.min, top - height..=top - 2.0, pen);
            if self.is_near(cluster.x) {
                let mark = AlarmMark { class: tick.class, priority: tick.priority, state: AlarmState::Normal };
                self.hints.push(hint(&mark.class_words(), &format::clock(tick.time), cluster.count));
            }
        }
    }

    fn actions(&mut self) {
        let y = self.rows.bar.bottom() + 1.5;
        for cluster in clusters(&self.axis, &self.view.actions, 1.0, |mark| (mark.time, mark.time), |_| 0) {
            let at = cluster.x.min;
            let triangle = vec![pos2(at, y), pos2(at + 2.5, y + 3.5), pos2(at - 2.5, y + 3.5)];
            self.painter.add(Shape::convex_polygon(triangle, self.theme.text_weak, Stroke::NONE));
            if self.is_near(cluster.x) {
                self.hints.push(hint(t().action, &cluster.seen.text, cluster.count));
            }
        }
    }

    /// Fork, newest instant of the lane, and now on the plant.
    fn edges(&self) {
        let (head, bar, theme) = (&self.view.playhead, self.rows.bar, self.theme);
        if let Some(fork) = self.view.fork.filter(|fork| self.axis.shows(*fork)) {
            self.painter.vline(self.axis.x(fork), bar.top() - 9.0..=bar.bottom() + 5.0, Stroke::new(1.0, theme.accent));
        }
        if self.axis.shows(head.head) {
            let tall = Rangef::new(self.rows.flags.min, self.rows.branches.max);
            self.painter.vline(self.axis.x(head.head), tall, Stroke::new(1.0, theme.text_weak));
        }
        let is_live = head.kind == crate::playhead::LaneKind::Live;
        if let Some(now) = self.view.live_head.or(is_live.then_some(head.head)).filter(|now| self.axis.shows(*now)) {
            let x = self.axis.x(now);
            let font = self.theme.figures(self.theme.small_size - 0.5);
            let galley = self.painter.layout_no_wrap(t().now.to_owned(), font, theme.text_weak);
            // Right of the edge where it has room, else left of it.
            let left = if x + galley.size().x + 5.0 < self.axis.right() { x + 4.0 } else { x - galley.size().x - 4.0 };
            self.painter.vline(x, self.rows.flags.min..=bar.bottom(), Stroke::new(1.0, theme.text_strong));
            self.painter.galley(pos2(left, self.rows.flags.min - 2.0), galley, theme.text_weak);
        }
    }

    /// The playhead, over everything; at the edge of the track while it is out of sight.
    pub fn playhead(&self, is_hot: bool) {
        let (head, bar) = (&self.view.playhead, self.rows.bar);
        let at = pos2(self.axis.clamped_x(head.time), bar.center().y);
        if self.axis.shows(head.time) {
            let pen = Stroke::new(1.5, self.theme.text_strong);
            self.painter.vline(at.x, self.rows.flags.min..=self.rows.branches.max, pen);
            self.painter.circle(at, if is_hot { 7.0 } else { 6.0 }, self.theme.text_strong, Stroke::new(2.0, self.theme.window));
        } else {
            let way = if head.time < self.axis.from { -1.0 } else { 1.0 };
            let arrow = [vec2(0.0, -5.0), vec2(6.0 * way, 0.0), vec2(0.0, 5.0)].map(|corner| at + vec2(-6.0 * way, 0.0) + corner);
            self.painter.add(Shape::convex_polygon(arrow.to_vec(), self.theme.text_strong, Stroke::new(1.0, self.theme.window)));
        }
    }

    /// The hair line under the pointer.
    pub fn hair(&self) {
        if let Some(pointer) = self.pointer {
            let colour: Color32 = self.theme.text_strong.gamma_multiply(0.7);
            self.painter.vline(pointer.x, self.rows.bar.y_range(), Stroke::new(1.0, colour));
        }
    }

    /// Paints a stretch without data and returns where it lies.
    pub fn gap(&self, x: Rangef) -> Rect {
        let width = x.span().max(1.0);
        let rect = Rect::from_min_size(pos2(x.min, self.rows.bar.top()), vec2(width, self.rows.bar.height() - 3.0));
        self.painter.rect_filled(rect, 0.0, self.theme.sunken);
        if width > 3.0 {
            marks::paint_hatch(&self.painter, rect, self.theme.text_faint.gamma_multiply(0.7));
            self.painter.rect_stroke(rect, 0.0, Stroke::new(1.0, self.theme.line), StrokeKind::Inside);
        }
        rect
    }
}

/// `Action Set point …`, and how many more lie on the same point.
pub(super) fn hint(what: &str, text: &str, count: usize) -> String {
    let words = if text.is_empty() { what.to_owned() } else { format!("{what} {text}") };
    if count > 1 { format!("{words} +{}", format::number((count - 1) as f64, 0)) } else { words }
}

#[cfg(test)]
mod tests;
