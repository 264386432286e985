//! A pump on its curve: head over flow, what the line asks for, NPSH below.

use super::plot::{Axis, NoPointView, Plane};
use crate::{Theme, controls, format, marks, text::t};
use egui::{Align2, Rect, Sense, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::Quality;

/// A pump and where it works. Points of curves are flow in m³/h and metres.
#[derive(Clone, Debug, PartialEq)]
pub struct PumpChartView {
    /// Head at rated speed.
    pub rated: Vec<[f64; 2]>,
    /// Head at the present speed; empty at rest.
    pub present: Vec<[f64; 2]>,
    /// What the line asks for, from the static head through the present point; empty where unknown.
    pub system: Vec<[f64; 2]>,
    /// Flow of best efficiency at this speed, m³/h.
    pub best_flow_m3_h: Option<f64>,
    /// Preferred operating region at this speed, m³/h.
    pub preferred_m3_h: Option<(f64, f64)>,
    /// NPSH required.
    pub npsh_required: Vec<[f64; 2]>,
    /// NPSH available; empty where unknown.
    pub npsh_available: Vec<[f64; 2]>,
    /// Where it works, or why nobody can say.
    pub now: Result<PumpPointView, NoPointView>,
    /// Where the model expects it.
    pub expected: Option<PumpPointView>,
    /// Where it works on kept branches.
    pub branches: Vec<BranchPoint>,
}

/// Where a pump works.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PumpPointView {
    /// Flow through it, m³/h.
    pub flow_m3_h: f64,
    /// Head between its flanges, m.
    pub head_m: f64,
    /// Speed as a share of rated speed.
    pub speed: f64,
    /// Share of the flow of best efficiency.
    pub of_best_flow: Option<f64>,
    /// NPSH available, m.
    pub npsh_available_m: Option<f64>,
    /// NPSH required, m.
    pub npsh_required_m: Option<f64>,
    /// The worst of what it was computed from.
    pub quality: Quality,
    /// Of a lane whose values a simulator computed.
    pub is_simulated: bool,
}

/// Where a pump works on a branch.
#[derive(Clone, Debug, PartialEq)]
pub struct BranchPoint {
    /// Name of the branch.
    pub name: String,
    /// The point.
    pub point: PumpPointView,
}

impl PumpPointView {
    /// NPSH margin, m.
    pub fn npsh_margin_m(&self) -> Option<f64> {
        Some(self.npsh_available_m? - self.npsh_required_m?)
    }
}

impl PumpChartView {
    /// The chart in words.
    pub fn words(&self) -> String {
        let texts = t();
        let mut parts = vec![match &self.now {
            Err(why) => why.sentence(),
            Ok(point) if !point.quality.is_good() => format!("{}: {}", texts.operating_point, crate::text::quality_reason(point.quality)),
            Ok(point) => format!("{} {}", texts.operating_point, point_words(point)),
        }];
        if let Some(margin) = self.now.as_ref().ok().filter(|point| point.quality.is_good()).and_then(PumpPointView::npsh_margin_m) {
            parts.push(format!("{} {} m", texts.npsh_margin, format::number(margin, 1)));
        }
        if let Some(expected) = &self.expected {
            parts.push(format!("{} {}", texts.model, point_words(expected)));
        }
        parts.extend(self.branches.iter().map(|branch| format!("{} {}: {}", texts.sim, branch.name, point_words(&branch.point))));
        format!("{}: {}", texts.pump_curve_label, parts.join("; "))
    }
}

/// Flow, head, share of the best flow, and SIM where it belongs.
fn point_words(point: &PumpPointView) -> String {
    let best = point.of_best_flow.map_or_else(String::new, |share| format!(", {} {}", format::percent(share), t().of_best_flow));
    let sim = if point.is_simulated { format!(" {}", t().sim) } else { String::new() };
    format!("{} m³/h, {} m{best}{sim}", format::number(point.flow_m3_h, 1), format::number(point.head_m, 1))
}

const HEAD_HEIGHT: f32 = 168.0;
const NPSH_HEIGHT: f32 = 98.0;

/// Draws the chart.
pub(super) fn pump_chart_ui(ui: &mut Ui, view: &PumpChartView, theme: &Theme) {
    controls::section(ui, t().pump_curve, theme);
    caption(ui, view, theme);
    let has_npsh = !view.npsh_required.is_empty() || !view.npsh_available.is_empty();
    let height = HEAD_HEIGHT + if has_npsh { NPSH_HEIGHT } else { super::plot::BOTTOM };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Image, true, view.words()));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let flow = Axis::around(flows(view), 5.0);
    let split = if has_npsh { rect.top() + HEAD_HEIGHT } else { rect.bottom() };
    let head_rect = Rect::from_min_max(rect.min, pos2(rect.right(), split));
    paint_head(ui, head_rect, flow, view, !has_npsh, theme);
    if has_npsh {
        paint_npsh(ui, Rect::from_min_max(pos2(rect.left(), split), rect.max), flow, view, theme);
    }
    response.on_hover_text(t().pump_chart_hint);
}

/// The point in figures above the chart, or why there is none.
fn caption(ui: &mut Ui, view: &PumpChartView, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
    let (text, colour) = match &view.now {
        Err(why) => (why.sentence(), theme.text_weak),
        Ok(point) if !point.quality.is_good() => (crate::text::quality_reason(point.quality).to_owned(), theme.text_weak),
        Ok(point) => {
            let best =
                point.of_best_flow.map_or_else(String::new, |share| format!(" · {} {}", format::percent(share), t().best_flow_short));
            let margin = point.npsh_margin_m().map_or_else(String::new, |m| format!(" · {} {} m", t().npsh_margin, format::number(m, 1)));
            let (flow, head) = (format::number(point.flow_m3_h, 1), format::number(point.head_m, 1));
            (format!("{flow} m³/h · {head} m{best}{margin}"), theme.text_strong)
        }
    };
    let text_rect = Rect::from_min_max(rect.min, pos2(rect.right() - crate::reading::QUALITY_WIDTH, rect.bottom()));
    controls::text_in(ui, text_rect, Align2::LEFT_CENTER, &text, theme.small(), colour);
    if let Ok(point) = &view.now {
        marks::paint_quality(ui.painter(), pos2(rect.right() - 8.0, rect.center().y), point.quality, theme);
    }
    response.on_hover_text(text);
}

fn points(view: &PumpChartView) -> impl Iterator<Item = &PumpPointView> {
    view.now.iter().chain(&view.expected).chain(view.branches.iter().map(|branch| &branch.point))
}

fn flows(view: &PumpChartView) -> impl Iterator<Item = f64> + '_ {
    view.rated.iter().map(|point| point[0]).chain(points(view).map(|point| point.flow_m3_h))
}

fn paint_head(ui: &Ui, rect: Rect, flow: Axis, view: &PumpChartView, has_numbers: bool, theme: &Theme) {
    // The system curve may run out of the picture; it sets no scale, but it may begin below zero.
    let start = view.system.first().map(|point| point[1]);
    let heads = view.rated.iter().map(|point| point[1]).chain(points(view).map(|point| point.head_m)).chain(start);
    let plane = Plane::new(ui.painter(), rect, (flow, Axis::around(heads, 4.0)), has_numbers, theme);
    if let Some(region) = view.preferred_m3_h {
        plane.band(region);
    }
    if let Some(best) = view.best_flow_m3_h {
        let at = plane.at([best, 0.0]);
        plane.painter.vline(at.x, plane.rect.y_range(), Stroke::new(1.0, theme.text_faint));
        plane.text(pos2(at.x + 3.0, plane.rect.bottom() - 2.0), Align2::LEFT_BOTTOM, t().best_flow_short, theme.text_weak);
    }
    plane.line(&view.rated, 1.0, theme.text_faint);
    plane.line(&view.system, 1.2, theme.text_weak);
    plane.line(&view.present, 2.0, theme.indicator);
    plane.name(&view.rated, t().rated_curve, Align2::LEFT_CENTER, theme.text_faint);
    plane.name(&view.system, t().system_curve, Align2::LEFT_TOP, theme.text_weak);
    if let Ok(point) = &view.now {
        plane.name(&view.present, &format!("{} {}", t().speed_short, format::percent(point.speed)), Align2::LEFT_CENTER, theme.text);
    }
    plane.text(plane.rect.left_bottom() + vec2(3.0, -2.0), Align2::LEFT_BOTTOM, t().head_axis, theme.text_faint);
    for (place, branch) in view.branches.iter().enumerate() {
        plane.branch([branch.point.flow_m3_h, branch.point.head_m], &branch.name, place);
    }
    if let Ok(point) = &view.now {
        plane.measured([point.flow_m3_h, point.head_m], point.quality, point.is_simulated);
    }
    if let Some(point) = &view.expected {
        plane.modelled([point.flow_m3_h, point.head_m]);
    }
}

fn paint_npsh(ui: &Ui, rect: Rect, flow: Axis, view: &PumpChartView, theme: &Theme) {
    let heights = view.npsh_required.iter().chain(&view.npsh_available).map(|point| point[1]);
    let plane = Plane::new(ui.painter(), rect, (flow, Axis::around(heights, 2.0)), true, theme);
    plane.line(&view.npsh_available, 1.2, theme.text_weak);
    plane.line(&view.npsh_required, 1.5, theme.indicator);
    plane.name(&view.npsh_available, t().npsh_available, Align2::LEFT_BOTTOM, theme.text_weak);
    plane.name(&view.npsh_required, t().npsh_required, Align2::LEFT_TOP, theme.text);
    plane.text(plane.rect.left_top() + vec2(3.0, 2.0), Align2::LEFT_TOP, t().npsh_axis, theme.text_faint);
    plane.text(plane.rect.right_bottom() + vec2(-2.0, -2.0), Align2::RIGHT_BOTTOM, t().flow_axis, theme.text_faint);
    // The margin is the distance between the two at the present flow.
    let Some(point) = view.now.as_ref().ok() else { return };
    let (Some(available), Some(required)) = (point.npsh_available_m, point.npsh_required_m) else { return };
    let (top, bottom) = (plane.at([point.flow_m3_h, available]), plane.at([point.flow_m3_h, required]));
    let colour = if point.quality.is_good() { theme.text_strong } else { theme.text_faint };
    plane.painter.line_segment([top, bottom], Stroke::new(1.5, colour));
    for end in [top, bottom] {
        plane.painter.hline(end.x - 4.0..=end.x + 4.0, end.y, Stroke::new(1.5, colour));
    }
    if point.quality.is_good() {
        let middle = pos2(top.x - 6.0, f32::midpoint(top.y, bottom.y));
        let margin = format!("{} m", format::number(available - required, 1));
        plane.text(middle, Align2::RIGHT_CENTER, &margin, theme.text_strong);
    }
}
