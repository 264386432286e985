//! Trends over plant time: signals that share a unit share a strip, all strips share the time axis and the cursor.

use crate::envelope::EnvelopePoint;
use crate::faceplate::LimitMark;
use crate::icons::Icon;
use crate::playhead::LaneKind;
use crate::reading::{self, ReadingView};
use crate::trend_lines::{self, Strip};
use crate::{Theme, UiEvent, controls, format, text::t};
use egui::{Align2, Rect, RichText, ScrollArea, Sense, Stroke, Ui, pos2, vec2};
use egui_plot::{AxisHints, GridInput, GridMark, Plot};
use twin_model::{SignalId, TwinTime};

/// What to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrendsView {
    /// Instant of the playhead.
    pub playhead: TwinTime,
    /// Kind of the lane on show: lines of a lane that is not the plant carry SIM.
    pub lane_kind: LaneKind,
    /// Name of the compared lane; empty for none.
    pub compared_name: String,
    /// Instant of the fork, for a branch: what lies before it belongs to the parent.
    pub fork: Option<TwinTime>,
    /// Name of the selected thing, whose signals can be drawn in place of the chosen ones; empty for none.
    pub selected_name: String,
    /// Traces in the order of the list.
    pub traces: Vec<TraceView>,
}

/// One signal.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceView {
    /// Id.
    pub signal: SignalId,
    /// Tag (or name, for what has none).
    pub tag: String,
    /// Name for people.
    pub name: String,
    /// Value at the playhead.
    pub reading: ReadingView,
    /// The course inside [`TrendsState::window`], already reduced with [`crate::envelope::envelope`].
    pub points: Vec<EnvelopePoint>,
    /// What the model says, dashed.
    pub model: Vec<EnvelopePoint>,
    /// Measured − modelled, in a strip of its own when asked for.
    pub residual: Vec<EnvelopePoint>,
    /// The same signal on the compared lane, thinner.
    pub compared: Vec<EnvelopePoint>,
    /// Alarm limits.
    pub limits: Vec<LimitMark>,
}

/// Zoom, pan and what is drawn beside the measured line.
#[derive(Clone, Debug)]
pub struct TrendsState {
    /// Width of the window, plant seconds.
    pub span_secs: f64,
    /// Right edge of the window; `None` follows the playhead.
    pub end: Option<TwinTime>,
    /// The window fills the view with signals of the selected thing, while there is one, in place of the chosen ones.
    pub of_selection: bool,
    /// Signal of each pen, so that a line keeps its colour when another one goes.
    pub pens: Vec<Option<SignalId>>,
    /// Draw the model.
    pub show_model: bool,
    /// Draw the residual strips.
    pub show_residual: bool,
    /// Draw the alarm limits.
    pub show_limits: bool,
    /// Instant under the pointer in the frame before.
    pub cursor: Option<TwinTime>,
}

impl Default for TrendsState {
    fn default() -> Self {
        Self {
            span_secs: 1800.0,
            end: None,
            of_selection: false,
            pens: Vec::new(),
            show_model: true,
            show_residual: false,
            show_limits: true,
            cursor: None,
        }
    }
}

/// Widths on offer, plant seconds.
pub const SPANS_SECS: [f64; 6] = [120.0, 600.0, 1800.0, 7200.0, 28_800.0, 86_400.0];
const LEGEND_WIDTH: f32 = 236.0;
const AXIS_HEIGHT: f32 = 20.0;
const ROW_HEIGHT: f32 = 22.0;

impl TrendsState {
    /// The window in time that the plots show: what the points should cover.
    pub fn window(&self, playhead: TwinTime) -> (TwinTime, TwinTime) {
        let end = self.end.unwrap_or_else(|| playhead.plus_secs(self.span_secs * 0.03));
        (end.plus_secs(-self.span_secs), end)
    }

    /// Gives every trace a pen: the one it had, else the first that is free.
    fn hand_out_pens(&mut self, traces: &[TraceView]) {
        for pen in &mut self.pens {
            if pen.as_ref().is_some_and(|signal| traces.iter().all(|trace| trace.signal != *signal)) {
                *pen = None;
            }
        }
        for trace in traces {
            if self.pens.contains(&Some(trace.signal.clone())) {
                continue;
            }
            match self.pens.iter_mut().find(|pen| pen.is_none()) {
                Some(pen) => *pen = Some(trace.signal.clone()),
                None => self.pens.push(Some(trace.signal.clone())),
            }
        }
    }

    /// Pen of a signal, as the palette counts them.
    pub fn pen_of(&self, signal: &SignalId) -> usize {
        self.pens.iter().position(|pen| pen.as_ref() == Some(signal)).unwrap_or(0)
    }
}

/// Draws the trends.
pub fn trends_ui(ui: &mut Ui, view: &TrendsView, state: &mut TrendsState, theme: &Theme, out: &mut Vec<UiEvent>) {
    tool_line(ui, view, state, theme);
    if view.traces.is_empty() {
        controls::empty(ui, t().no_trends, theme);
        return;
    }
    state.hand_out_pens(&view.traces);
    let strips = trend_lines::strips(view, state);
    let shared = ((ui.available_height() - AXIS_HEIGHT - 4.0) / strips.len() as f32).max(62.0);
    let mut cursor = None;
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (index, strip) in strips.iter().enumerate() {
            let is_last = index + 1 == strips.len();
            // A strip is at least as high as its list of signals.
            let height = shared.max(strip.traces.len() as f32 * ROW_HEIGHT + 10.0) + if is_last { AXIS_HEIGHT } else { 0.0 };
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
            let legend = Rect::from_min_max(rect.min, pos2(rect.left() + LEGEND_WIDTH.min(rect.width() * 0.4), rect.bottom()));
            let plot = Rect::from_min_max(pos2(legend.right() + 6.0, rect.top() + 3.0), pos2(rect.right() - 14.0, rect.bottom() - 2.0));
            legend_ui(ui, legend, view, strip, state, theme, out);
            let builder = egui::UiBuilder::new().id_salt(("strip", index)).max_rect(plot);
            let hovered = strip_plot(&mut ui.new_child(builder), view, strip, state, is_last, theme);
            cursor = cursor.or(hovered);
            if !is_last {
                ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, theme.line));
            }
        }
    });
    state.cursor = cursor;
}

fn tool_line(ui: &mut Ui, view: &TrendsView, state: &mut TrendsState, theme: &Theme) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for span in SPANS_SECS {
            let is_on = (state.span_secs - span).abs() < 0.5;
            if controls::choice(ui, is_on, &format::duration(span), theme).clicked() {
                state.span_secs = span;
            }
        }
        if !view.selected_name.is_empty() {
            ui.add_space(10.0);
            for (of_selection, word) in [(false, t().chosen_signals), (true, view.selected_name.as_str())] {
                if controls::choice(ui, state.of_selection == of_selection, word, theme).clicked() {
                    state.of_selection = of_selection;
                }
            }
        }
        ui.add_space(10.0);
        for (flag, word) in
            [(&mut state.show_model, t().model), (&mut state.show_residual, t().residual), (&mut state.show_limits, t().limits)]
        {
            if controls::choice(ui, *flag, word, theme).clicked() {
                *flag = !*flag;
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            if state.end.is_some() && controls::choice(ui, false, t().follow_playhead, theme).clicked() {
                state.end = None;
            }
            if view.lane_kind.is_unreal() {
                controls::pill(ui, view.lane_kind.word(), theme.accent, theme.on_accent, theme);
            }
            if let Some(cursor) = state.cursor {
                ui.label(RichText::new(format::date_clock(cursor)).color(theme.text_strong));
            }
            if !view.compared_name.is_empty() {
                let words = RichText::new(format!("{} {}", t().compared_with, view.compared_name)).size(theme.small_size + 0.5);
                ui.add(egui::Label::new(words.color(theme.text_weak)).truncate());
            }
        });
    });
    ui.add_space(2.0);
}

fn legend_ui(ui: &mut Ui, rect: Rect, view: &TrendsView, strip: &Strip<'_>, state: &TrendsState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let row_height = ROW_HEIGHT;
    for (row, (pen, trace)) in strip.traces.iter().enumerate() {
        let top = rect.top() + 5.0 + row as f32 * row_height;
        if top + row_height > rect.bottom() + 2.0 {
            break;
        }
        let line = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), row_height));
        let colour = theme.pen(*pen);
        let swatch = Rect::from_min_size(pos2(line.left() + 4.0, line.center().y - 5.0), vec2(3.0, 10.0));
        ui.painter().rect_filled(swatch, 1.5, colour);
        let tag_rect = Rect::from_min_max(pos2(line.left() + 13.0, line.top()), pos2(line.right() - 138.0, line.bottom()));
        let tag = if strip.is_residual { format!("Δ {}", trace.tag) } else { trace.tag.clone() };
        controls::text_in(ui, tag_rect, Align2::LEFT_CENTER, &tag, theme.body(), theme.text);
        let value_rect = Rect::from_min_max(pos2(line.right() - 138.0, line.top()), pos2(line.right() - 22.0, line.bottom()));
        let shown = shown_reading(view, trace, strip.is_residual, state.cursor);
        reading::reading_ui(ui, value_rect, &shown, theme.text_size, theme);
        if !strip.is_residual {
            let button = Rect::from_center_size(pos2(line.right() - 10.0, line.center().y), vec2(18.0, 18.0));
            if controls::icon_button_at(ui, button, Icon::Close, &format!("{} {}", t().unwatch, trace.tag), false, theme).clicked() {
                out.push(UiEvent::UnwatchTrend(trace.signal.clone()));
            }
        }
    }
}

/// The reading at the cursor, else at the playhead.
fn shown_reading(view: &TrendsView, trace: &TraceView, is_residual: bool, cursor: Option<TwinTime>) -> ReadingView {
    let points = if is_residual { &trace.residual } else { &trace.points };
    let at = match (cursor, is_residual) {
        (Some(cursor), _) => cursor,
        (None, true) => view.playhead,
        (None, false) => return trace.reading.clone(),
    };
    let mut reading = trace.reading.clone();
    reading.state = None;
    match trend_lines::latest_at(points, at.secs_f64()) {
        Some(point) if !point.is_gap() => {
            reading.value = Some(f64::midpoint(point.min, point.max));
            reading.quality = trend_lines::quality_of(point.quality);
        }
        _ => {
            reading.value = None;
            reading.quality = twin_model::Quality::BAD_WAITING_FOR_INITIAL_DATA;
        }
    }
    reading
}

/// Draws one strip and returns the instant under the pointer.
fn strip_plot(
    ui: &mut Ui,
    view: &TrendsView,
    strip: &Strip<'_>,
    state: &mut TrendsState,
    is_last: bool,
    theme: &Theme,
) -> Option<TwinTime> {
    let (from, to) = state.window(view.playhead);
    let (from_secs, to_secs) = (from.secs_f64(), to.secs_f64());
    let (low, high) = trend_lines::value_bounds(strip, state.show_model, state.show_limits);
    let plot_height = f64::from(ui.available_height() - if is_last { AXIS_HEIGHT } else { 0.0 });
    let small = egui::FontId::proportional(theme.small_size - 0.5);
    let y_axis = AxisHints::new_y()
        .formatter(|mark: GridMark, _| format::number(mark.value, trend_lines::decimals_of(mark.step_size)))
        .label_spacing(egui::Rangef::new(8.0, 12.0))
        .tick_label_font(small.clone())
        .tick_label_color(theme.text_weak)
        .min_thickness(44.0);
    let x_axis = AxisHints::new_x()
        .formatter(|mark: GridMark, _| format::axis_clock(TwinTime::from_secs_f64(mark.value), mark.step_size))
        .tick_label_font(small)
        .tick_label_color(theme.text_weak);
    let plot = Plot::new(("trend_strip", strip.unit, strip.is_residual))
        .show_axes([is_last, true])
        .show_background(false)
        .show_grid(true)
        .show_x(false)
        .show_y(false)
        .allow_zoom([true, false])
        .allow_drag([true, false])
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .allow_axis_zoom_drag(false)
        .grid_color(theme.line)
        .cursor_color(theme.text_faint)
        .set_margin_fraction(vec2(0.0, 0.0))
        .grid_spacing(egui::Rangef::new(6.0, 60.0))
        .x_grid_spacer(time_marks)
        .y_grid_spacer(move |input: GridInput| value_marks(input, plot_height))
        .custom_x_axes(vec![x_axis])
        .custom_y_axes(vec![y_axis])
        .label_formatter(|_| None);
    let cursor = state.cursor;
    let (show_model, show_limits) = (state.show_model, state.show_limits);
    let shown = plot.show(ui, |plot_ui| {
        plot_ui.set_plot_bounds_x(from_secs..=to_secs);
        plot_ui.set_plot_bounds_y(low..=high);
        trend_lines::draw(plot_ui, view, strip, show_model, show_limits, cursor, theme);
        plot_ui.pointer_coordinate().filter(|_| plot_ui.response().hovered()).map(|point| TwinTime::from_secs_f64(point.x))
    });
    let bounds = shown.transform.bounds();
    let moved = (bounds.min()[0] - from_secs).abs().max((bounds.max()[0] - to_secs).abs());
    // Less than a pixel is rounding, not a gesture.
    if moved > state.span_secs / f64::from(shown.response.rect.width().max(1.0)) {
        state.span_secs = (bounds.max()[0] - bounds.min()[0]).clamp(5.0, 86_400.0 * 31.0);
        state.end = Some(TwinTime::from_secs_f64(bounds.max()[0]));
    }
    if shown.response.double_clicked() {
        state.end = None;
        state.span_secs = TrendsState::default().span_secs;
    }
    shown.inner
}

/// Steps of a time axis that people read without thinking, seconds.
const TIME_STEPS: [f64; 16] =
    [1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 14_400.0, 43_200.0, 86_400.0, 604_800.0];

/// Marks at steps of 1, 2 or 5, as many as have room below one another, and none so near an edge that its number would
/// touch those of the next strip.
fn value_marks(input: GridInput, height: f64) -> Vec<GridMark> {
    const NUMBER_HEIGHT: f64 = 13.0;
    let (low, high) = input.bounds;
    let span = (high - low).max(1e-9);
    let most = (height / (NUMBER_HEIGHT * 1.7)).clamp(1.0, 5.0);
    let decade = 10f64.powf((span / most).log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].iter().map(|factor| factor * decade).find(|step| span / step <= most).unwrap_or(10.0 * decade);
    let air = span * (NUMBER_HEIGHT / 2.0 / height.max(NUMBER_HEIGHT * 2.0));
    let first = ((low + air) / step).ceil() as i64;
    let last = ((high - air) / step).floor() as i64;
    (first..=last.min(first + 10)).map(|index| GridMark { value: index as f64 * step, step_size: step }).collect()
}

fn time_marks(input: GridInput) -> Vec<GridMark> {
    let (from, to) = input.bounds;
    let span = (to - from).max(1.0);
    let step = TIME_STEPS.iter().copied().find(|step| span / step <= 9.0).unwrap_or(604_800.0);
    let first = (from / step).ceil() as i64;
    let last = (to / step).floor() as i64;
    (first..=last.min(first + 40)).map(|index| GridMark { value: index as f64 * step, step_size: step }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_low_strip_keep_clear_of_each_other_and_of_the_next_strip() {
        for height in [40.0, 62.0, 200.0] {
            for bounds in [(85.9, 90.1), (0.0, 1.0), (2.79, 2.81), (-3.0, 120.0)] {
                let marks = value_marks(GridInput { bounds, base_step_size: 1.0 }, height);
                let y = |value: f64| (value - bounds.0) / (bounds.1 - bounds.0) * height;
                assert!(marks.len() >= if height > 100.0 { 2 } else { 0 }, "{bounds:?} at {height}");
                assert!(marks.iter().all(|mark| y(mark.value) >= 6.4 && y(mark.value) <= height - 6.4), "{bounds:?} at {height}");
                assert!(marks.windows(2).all(|pair| y(pair[1].value) - y(pair[0].value) > 13.0), "{bounds:?} at {height}");
            }
        }
    }
}
