//! A control valve: its own characteristic, and the opening that a flow takes in its line.

use super::plot::{Axis, NoPointView, Plane};
use super::scale::triangle;
use crate::{Theme, controls, format, marks, text::t};
use egui::{Align2, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::Quality;

/// A control valve and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ValveChartView {
    /// Opening in % and capacity in % of Kvs.
    pub inherent: Vec<[f64; 2]>,
    /// Flow in m³/h and the opening in % it takes; empty where the plant file does not describe the line.
    pub installed: Vec<[f64; 2]>,
    /// Capacity fully open, m³/h.
    pub kvs_m3_h: f64,
    /// Drop over the valve as a share of all that depends on flow, at design, 0 … 1.
    pub authority: Option<f64>,
    /// Flow fully open, m³/h.
    pub greatest_flow_m3_h: Option<f64>,
    /// Where it stands, or why nobody can say.
    pub now: Result<ValvePointView, NoPointView>,
    /// Where the model expects it.
    pub expected: Option<ValvePointView>,
    /// Output of its controller, %.
    pub command_pct: Option<f64>,
}

/// Where a valve stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValvePointView {
    /// Stem position, % open.
    pub position_pct: f64,
    /// Capacity there, m³/h.
    pub kv_m3_h: f64,
    /// Flow through it, m³/h.
    pub flow_m3_h: Option<f64>,
    /// Drop over it, bar.
    pub drop_bar: Option<f64>,
    /// The worst of what it was computed from.
    pub quality: Quality,
    /// Of a lane whose values a simulator computed.
    pub is_simulated: bool,
}

impl ValveChartView {
    /// The chart in words.
    pub fn words(&self) -> String {
        let texts = t();
        let mut parts = vec![match &self.now {
            Err(why) => why.sentence(),
            Ok(point) if !point.quality.is_good() => crate::text::quality_reason(point.quality).to_owned(),
            Ok(point) => point_words(point),
        }];
        if let Some(authority) = self.authority {
            parts.push(format!("{} {}", texts.authority, format::number(authority, 2)));
        }
        if let Some(flow) = self.greatest_flow_m3_h {
            parts.push(format!("{} {} m³/h", texts.fully_open, format::number(flow, 0)));
        }
        if let Some(flow) = self.expected.as_ref().and_then(|point| point.flow_m3_h) {
            parts.push(format!("{} {} m³/h", texts.model, format::number(flow, 1)));
        }
        format!("{}: {}", texts.valve_label, parts.join("; "))
    }
}

fn point_words(point: &ValvePointView) -> String {
    let mut text = format!("{} %, Kv {} m³/h", format::number(point.position_pct, 1), format::number(point.kv_m3_h, 1));
    if let Some(flow) = point.flow_m3_h {
        text = format!("{text}, {} m³/h", format::number(flow, 1));
    }
    if let Some(drop) = point.drop_bar {
        text = format!("{text}, Δp {} bar", format::number(drop, 2));
    }
    if point.is_simulated { format!("{text} {}", t().sim) } else { text }
}

const HEIGHT: f32 = 138.0;
/// Below this width the two charts stand one above the other.
const WIDE: f32 = 330.0;

/// Draws both charts.
pub(super) fn valve_chart_ui(ui: &mut Ui, view: &ValveChartView, theme: &Theme) {
    controls::section(ui, t().valve_chart, theme);
    caption(ui, view, theme);
    let has_line = !view.installed.is_empty();
    let is_wide = ui.available_width() >= WIDE;
    let height = if has_line && !is_wide { 2.0 * HEIGHT } else { HEIGHT };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Image, true, view.words()));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let (first, second) = if !has_line {
        (rect, None)
    } else if is_wide {
        let (left, right) = rect.split_left_right_at_fraction(0.45);
        (left, Some(right))
    } else {
        let (upper, lower) = rect.split_top_bottom_at_fraction(0.5);
        (upper, Some(lower))
    };
    paint_inherent(ui, first, view, theme);
    if let Some(rect) = second {
        paint_installed(ui, rect, view, theme);
    }
    response.on_hover_text(t().valve_chart_hint);
}

fn caption(ui: &mut Ui, view: &ValveChartView, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
    let (text, colour) = match &view.now {
        Err(why) => (why.sentence(), theme.text_weak),
        Ok(point) if !point.quality.is_good() => (crate::text::quality_reason(point.quality).to_owned(), theme.text_weak),
        Ok(point) => (point_words(point), theme.text_strong),
    };
    let authority = view.authority.map(|share| format!("{} {}", t().authority, format::number(share, 2))).unwrap_or_default();
    let galley = ui.painter().layout_no_wrap(authority.clone(), theme.small(), theme.text_weak);
    let right = rect.right() - crate::reading::QUALITY_WIDTH;
    controls::text_in(
        ui,
        Rect::from_min_max(rect.min, pos2(right - galley.size().x - 6.0, rect.bottom())),
        Align2::LEFT_CENTER,
        &text,
        theme.small(),
        colour,
    );
    ui.painter().galley(pos2(right - galley.size().x, rect.center().y - galley.size().y / 2.0), galley, theme.text_weak);
    if let Ok(point) = &view.now {
        marks::paint_quality(ui.painter(), pos2(rect.right() - 8.0, rect.center().y), point.quality, theme);
    }
    response.on_hover_text(format!("{text}\n{authority}"));
}

fn paint_inherent(ui: &Ui, rect: Rect, view: &ValveChartView, theme: &Theme) {
    let percent = || Axis::around([100.0].into_iter(), 4.0);
    let plane = Plane::new(ui.painter(), rect, (percent(), percent()), true, theme);
    plane.line(&view.inherent, 1.8, theme.indicator);
    plane.text(plane.rect.left_top() + vec2(3.0, 2.0), Align2::LEFT_TOP, t().kv_axis, theme.text_faint);
    if let Some(command) = view.command_pct {
        let tip = pos2(plane.at([command, 0.0]).x, plane.rect.bottom() - 1.0);
        ui.painter().add(Shape::closed_line(triangle(tip, vec2(0.0, 1.0), 7.0), Stroke::new(1.2, theme.text)));
    }
    if let Ok(point) = &view.now {
        plane.measured([point.position_pct, 100.0 * point.kv_m3_h / view.kvs_m3_h], point.quality, point.is_simulated);
    }
}

fn paint_installed(ui: &Ui, rect: Rect, view: &ValveChartView, theme: &Theme) {
    let points = || view.now.iter().chain(&view.expected).filter_map(|point| Some([point.flow_m3_h?, point.position_pct]));
    let flow = Axis::around(view.installed.iter().map(|point| point[0]).chain(points().map(|point| point[0])), 4.0);
    let plane = Plane::new(ui.painter(), rect, (flow, Axis::around([100.0].into_iter(), 4.0)), true, theme);
    plane.line(&view.installed, 1.8, theme.indicator);
    plane.text(plane.rect.left_top() + vec2(3.0, 2.0), Align2::LEFT_TOP, t().opening_axis, theme.text_faint);
    plane.text(plane.rect.right_bottom() + vec2(-2.0, -2.0), Align2::RIGHT_BOTTOM, t().flow_axis, theme.text_faint);
    if let Some(point) = view.now.as_ref().ok()
        && let Some(flow) = point.flow_m3_h
    {
        plane.measured([flow, point.position_pct], point.quality, point.is_simulated);
    }
    if let Some(point) = &view.expected
        && let Some(flow) = point.flow_m3_h
    {
        plane.modelled([flow, point.position_pct]);
    }
}
