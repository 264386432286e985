//! A small chart: axes with a few round ticks, curves, points that show how far they can be trusted.

use crate::{Theme, format, marks, text::t};
use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use twin_model::Quality;

/// Why a chart has no point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPointView {
    /// The machine stands.
    AtRest,
    /// A signal the point hangs on has no value.
    Lost {
        /// Its tag.
        tag: String,
        /// Its quality.
        quality: Quality,
    },
    /// The plant file names no signal for a role.
    Unmeasured(PointRole),
}

/// What a signal is to a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointRole {
    /// Flow.
    Flow,
    /// Pressure at the inlet.
    SuctionPressure,
    /// Pressure at the outlet.
    DischargePressure,
    /// Speed or state of the drive.
    Speed,
    /// Position of a stem.
    Position,
}

impl NoPointView {
    /// The reason as a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::AtRest => t().point_at_rest.to_owned(),
            Self::Lost { tag, quality } => format!("{} {tag}: {}.", t().point_lost, crate::text::quality_reason(*quality)),
            Self::Unmeasured(role) => {
                let words = match role {
                    PointRole::Flow => t().role_flow,
                    PointRole::SuctionPressure => t().role_suction,
                    PointRole::DischargePressure => t().role_discharge,
                    PointRole::Speed => t().role_speed,
                    PointRole::Position => t().role_position,
                };
                format!("{} {words}.", t().point_unmeasured)
            }
        }
    }
}

/// An axis: its range and the round values it is marked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    step: f64,
}

impl Axis {
    /// An axis that holds all the values and begins and ends at a tick.
    pub fn around(values: impl Iterator<Item = f64>, ticks: f64) -> Self {
        let finite = values.filter(|value| value.is_finite());
        let (low, high) = finite.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        let step = round_step((high - low).max(1e-6) / ticks);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step }
    }

    fn share(&self, value: f64) -> f32 {
        ((value - self.low) / (self.high - self.low)) as f32
    }

    fn ticks(&self) -> impl Iterator<Item = f64> + '_ {
        let count = ((self.high - self.low) / self.step).round() as u32;
        (0..=count).map(|index| self.low + self.step * f64::from(index))
    }

    fn decimals(&self) -> u8 {
        u8::from(self.step < 1.0)
    }
}

/// The round number (1, 2 or 5 times a power of ten) at or above a step.
fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|round| *round >= step * 0.999).unwrap_or(step)
}

/// Room for the numbers of the vertical axis, points.
pub(super) const LEFT: f32 = 28.0;
/// Room for the numbers of the horizontal axis.
pub(super) const BOTTOM: f32 = 16.0;

/// A chart's plane between its axes.
pub(super) struct Plane<'a> {
    pub painter: &'a Painter,
    pub rect: Rect,
    x: Axis,
    y: Axis,
    theme: &'a Theme,
}

impl<'a> Plane<'a> {
    /// Paints ground, grid and numbers into `outer` and leaves the plane between the axes. Without `x_numbers` the plane
    /// shares the axis of the one below it.
    pub fn new(painter: &'a Painter, outer: Rect, (x, y): (Axis, Axis), x_numbers: bool, theme: &'a Theme) -> Self {
        let bottom = if x_numbers { BOTTOM } else { 4.0 };
        let rect = Rect::from_min_max(pos2(outer.left() + LEFT, outer.top() + 6.0), pos2(outer.right() - 6.0, outer.bottom() - bottom));
        let plane = Self { painter, rect, x, y, theme };
        painter.rect_filled(rect, CornerRadius::same(2), theme.sunken);
        let grid = Stroke::new(1.0, theme.line.gamma_multiply(0.7));
        for value in y.ticks() {
            let at = plane.at([x.low, value]);
            painter.hline(rect.x_range(), at.y, grid);
            let text = format::number(value, y.decimals());
            painter.text(pos2(rect.left() - 4.0, at.y), Align2::RIGHT_CENTER, text, theme.figures(10.0), theme.text_faint);
        }
        for value in x.ticks() {
            let at = plane.at([value, y.low]);
            painter.vline(at.x, rect.y_range(), grid);
            if x_numbers {
                let text = format::number(value, x.decimals());
                painter.text(pos2(at.x, rect.bottom() + 3.0), Align2::CENTER_TOP, text, theme.figures(10.0), theme.text_faint);
            }
        }
        plane
    }

    /// Where a point lies.
    pub fn at(&self, [x, y]: [f64; 2]) -> Pos2 {
        pos2(self.rect.left() + self.rect.width() * self.x.share(x), self.rect.bottom() - self.rect.height() * self.y.share(y))
    }

    /// Everything painted with this stays inside the plane.
    fn clipped(&self) -> Painter {
        self.painter.with_clip_rect(self.painter.clip_rect().intersect(self.rect))
    }

    /// A band over a range of the horizontal axis.
    pub fn band(&self, (from, to): (f64, f64)) {
        let left = self.at([from, 0.0]).x.max(self.rect.left());
        let right = self.at([to, 0.0]).x.min(self.rect.right());
        if left < right {
            self.painter.rect_filled(
                Rect::from_x_y_ranges(left..=right, self.rect.y_range()),
                CornerRadius::ZERO,
                self.theme.normal_band.gamma_multiply(0.6),
            );
        }
    }

    /// A curve.
    pub fn line(&self, points: &[[f64; 2]], width: f32, colour: Color32) {
        self.clipped().line(points.iter().map(|point| self.at(*point)).collect(), Stroke::new(width, colour));
    }

    /// The name of a curve, right of the last of its points that lies inside.
    pub fn name(&self, points: &[[f64; 2]], text: &str, align: Align2, colour: Color32) {
        let inside = self.rect.expand(0.5);
        let Some(at) = points.iter().rev().map(|point| self.at(*point)).find(|at| inside.contains(*at)) else { return };
        self.text(at + vec2(4.0, 0.0), align, text, colour);
    }

    /// A small text with the ground behind it, so that no line crosses the letters.
    pub fn text(&self, at: Pos2, align: Align2, text: &str, colour: Color32) {
        let galley = self.painter.layout_no_wrap(text.to_owned(), self.theme.figures(10.0), colour);
        let mut rect = align.anchor_size(at, galley.size());
        let shift = (self.rect.right() - 1.0 - rect.right()).min(0.0) + (self.rect.left() + 1.0 - rect.left()).max(0.0);
        rect = rect.translate(vec2(shift, 0.0));
        self.painter.rect_filled(rect.expand2(vec2(1.0, 0.0)), CornerRadius::same(2), self.theme.sunken.gamma_multiply(0.8));
        self.painter.galley(rect.min, galley, colour);
    }

    /// The measured point: filled when it can be trusted, hollow and hatched when not. What is simulated says so.
    pub fn measured(&self, point: [f64; 2], quality: Quality, is_simulated: bool) {
        let at = self.at(point);
        let thin = Stroke::new(1.0, self.theme.text_faint);
        self.clipped().extend(Shape::dashed_line(&[pos2(at.x, self.rect.bottom()), at], thin, 2.0, 2.0));
        if quality.is_good() {
            self.painter.circle(at, 4.5, self.theme.text_strong, Stroke::new(1.5, self.theme.sunken));
        } else {
            marks::paint_hatch(self.painter, Rect::from_center_size(at, vec2(22.0, 22.0)), self.theme.text_faint);
            self.painter.circle(at, 4.5, self.theme.sunken, Stroke::new(1.5, self.theme.text_weak));
        }
        if is_simulated {
            marks::paint_sim(self.painter, at + vec2(8.0, -12.0), Align2::LEFT_CENTER, self.theme);
        }
    }

    /// A modelled point: hollow, in the accent of everything simulated.
    pub fn modelled(&self, point: [f64; 2]) {
        let at = self.at(point);
        let corners = [vec2(0.0, -5.5), vec2(5.5, 0.0), vec2(0.0, 5.5), vec2(-5.5, 0.0)].map(|corner| at + corner);
        self.painter.add(Shape::convex_polygon(corners.to_vec(), Color32::TRANSPARENT, Stroke::new(1.5, self.theme.accent)));
    }

    /// A point of a branch: hollow, accent, with SIM and its name below and left of it, where no curve of a pump runs;
    /// `place` counts the names that stand there already.
    pub fn branch(&self, point: [f64; 2], name: &str, place: usize) {
        let at = self.at(point);
        let accent = self.theme.accent;
        self.painter.circle(at, 4.0, self.theme.sunken, Stroke::new(1.5, accent));
        let end = pos2(at.x - 14.0, at.y + 24.0 + 15.0 * place as f32);
        self.clipped().line_segment([at + vec2(-2.5, 4.0), end + vec2(2.0, 0.0)], Stroke::new(1.0, accent));
        let pill = marks::paint_sim(self.painter, end, Align2::RIGHT_CENTER, self.theme);
        self.text(pos2(pill.left() - 3.0, pill.center().y), Align2::RIGHT_CENTER, name, accent);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_holds_its_values_between_round_ticks() {
        let axis = Axis::around([39.0, 2.0, f64::NAN].into_iter(), 4.0);
        assert_eq!(axis.ticks().collect::<Vec<_>>(), [0.0, 10.0, 20.0, 30.0, 40.0]);
        let small = Axis::around([-0.45, 3.1].into_iter(), 4.0);
        assert_eq!(small.ticks().collect::<Vec<_>>(), [-1.0, 0.0, 1.0, 2.0, 3.0, 4.0]);
        assert!(Axis::around([].into_iter(), 4.0).ticks().count() < 7, "nothing to show is no endless row of ticks");
    }
}
