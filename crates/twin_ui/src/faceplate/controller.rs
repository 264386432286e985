//! A control loop: mode, measured value, set point, output, deviation.

use super::scale::{share, triangle};
use crate::reading::{self, ReadingView};
use crate::{Theme, UiEvent, controls, format, marks, table, text::t};
use egui::{Align2, CornerRadius, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::ThingId;

/// A control loop at the playhead.
#[derive(Clone, Debug, PartialEq)]
pub struct ControllerView {
    /// The controller.
    pub thing: ThingId,
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// MAN, AUTO, CAS; `None` for a controller without modes.
    pub mode: Option<ReadingView>,
    /// Measured value, where the plant file names it.
    pub process_value: Option<BarView>,
    /// Set point.
    pub set_point: BarView,
    /// Output.
    pub output: Option<BarView>,
}

/// A value on a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct BarView {
    /// Tag.
    pub tag: String,
    /// Value.
    pub reading: ReadingView,
    /// Range of the bar, in the unit.
    pub range: Option<(f64, f64)>,
}

impl ControllerView {
    /// Measured value minus set point; `None` unless both can be trusted.
    pub fn deviation(&self) -> Option<f64> {
        let trusted = |bar: &BarView| bar.reading.value.filter(|_| !bar.reading.is_doubtful());
        Some(trusted(self.process_value.as_ref()?)? - trusted(&self.set_point)?)
    }
}

const BAR_ROW: f32 = 22.0;
const CAPTION_WIDTH: f32 = 26.0;
const VALUE_WIDTH: f32 = 132.0;

/// Draws the loops of a thing; nothing when it has none.
pub(super) fn controllers_ui(ui: &mut Ui, controllers: &[ControllerView], theme: &Theme, out: &mut Vec<UiEvent>) {
    if controllers.is_empty() {
        return;
    }
    controls::section(ui, t().control, theme);
    for controller in controllers {
        title(ui, controller, theme, out);
        let set_point = controller.set_point.reading.usable();
        if let Some(process_value) = &controller.process_value {
            bar_row(ui, t().process_value_short, process_value, set_point, theme);
        }
        bar_row(ui, t().set_point_short, &controller.set_point, None, theme);
        if let Some(output) = &controller.output {
            bar_row(ui, t().output_short, output, None, theme);
        }
        deviation_row(ui, controller, theme);
        ui.add_space(4.0);
    }
}

fn title(ui: &mut Ui, controller: &ControllerView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let (rect, response) = table::row(ui, 24.0, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, ui.is_enabled(), &controller.name));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, CornerRadius::same(4), theme.raised);
    }
    let mode_width = controller.mode.as_ref().map_or(0.0, |mode| mode_mark(ui, rect, mode, theme));
    let row = Rect::from_min_max(rect.min, pos2(rect.right() - mode_width, rect.bottom()));
    let [name, description] = table::columns(row, [table::Width::Fixed(66.0), table::Width::Share(1.0)], 4.0);
    controls::text_in(ui, name, Align2::LEFT_CENTER, &controller.name, theme.body(), theme.text_strong);
    controls::text_in(ui, description, Align2::LEFT_CENTER, &controller.description, theme.small(), theme.text_weak);
    if response.on_hover_text(&controller.description).clicked() {
        out.push(UiEvent::Select(Some(controller.thing.clone())));
    }
}

/// The mode as a framed word at the right end; returns the width it takes.
fn mode_mark(ui: &mut Ui, row: Rect, mode: &ReadingView, theme: &Theme) -> f32 {
    let word = format::value(mode);
    let colour = if mode.is_doubtful() { theme.text_weak } else { theme.text_strong };
    let galley = ui.painter().layout_no_wrap(word, theme.figures(theme.small_size), colour);
    let quality = if mode.is_doubtful() { reading::QUALITY_WIDTH } else { 0.0 };
    let size = galley.size() + vec2(14.0, 5.0);
    let rect = Rect::from_min_size(pos2(row.right() - size.x - quality, row.center().y - size.y / 2.0), size);
    let response = controls::hover_area(ui, rect);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("{} {}", t().mode, format::reading(mode))));
    ui.painter().rect_stroke(rect, CornerRadius::same(4), Stroke::new(1.0, theme.text_weak), egui::StrokeKind::Inside);
    if mode.is_doubtful() {
        marks::paint_hatch(ui.painter(), rect, theme.text_faint.gamma_multiply(0.5));
        marks::paint_quality(ui.painter(), pos2(row.right() - 8.0, row.center().y), mode.quality, theme);
    }
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, colour);
    size.x + quality + 4.0
}

fn bar_row(ui: &mut Ui, caption: &str, bar: &BarView, set_point: Option<f64>, theme: &Theme) {
    let (rect, response) = table::row(ui, BAR_ROW, Sense::hover());
    let widths = [table::Width::Fixed(CAPTION_WIDTH), table::Width::Share(1.0), table::Width::Fixed(VALUE_WIDTH)];
    let [caption_rect, bar_rect, value_rect] = table::columns(rect, widths, 6.0);
    controls::text_in(ui, caption_rect, Align2::LEFT_CENTER, caption, theme.small(), theme.text_weak);
    reading::reading_ui(ui, value_rect, &bar.reading, theme.text_size, theme);
    paint(ui, bar_rect, bar, set_point, theme);
    response.on_hover_text(format!("{}\n{}", bar.tag, reading::quality_text(&bar.reading)));
}

/// A filled bar: the measured value and the output have an end that moves, the set point is a mark on the first.
fn paint(ui: &Ui, rect: Rect, bar: &BarView, set_point: Option<f64>, theme: &Theme) {
    let Some(range) = bar.range.filter(|(low, high)| high > low) else { return };
    let painter = ui.painter();
    let track = Rect::from_center_size(rect.center(), vec2(rect.width(), 8.0));
    painter.rect_filled(track, CornerRadius::same(2), theme.sunken);
    let x = |value: f64| track.left() + track.width() * share(value, range);
    if let Some(value) = bar.reading.usable() {
        let filled = Rect::from_min_max(track.min, pos2(x(value), track.bottom()));
        if bar.reading.is_doubtful() {
            marks::paint_hatch(painter, track, theme.text_faint.gamma_multiply(0.5));
            painter.rect_stroke(filled, CornerRadius::same(2), Stroke::new(1.0, theme.text_weak), egui::StrokeKind::Inside);
        } else {
            painter.rect_filled(filled, CornerRadius::same(2), theme.indicator.gamma_multiply(0.75));
        }
    } else {
        marks::paint_hatch(painter, track, theme.text_faint.gamma_multiply(0.5));
    }
    if let Some(set_point) = set_point {
        let tip = pos2(x(set_point), track.bottom() + 1.0);
        painter.add(Shape::closed_line(triangle(tip, vec2(0.0, -1.0), 6.0), Stroke::new(1.2, theme.text)));
    }
}

fn deviation_row(ui: &mut Ui, controller: &ControllerView, theme: &Theme) {
    let Some(process_value) = &controller.process_value else { return };
    let reading = &process_value.reading;
    let (rect, response) = table::row(ui, 18.0, Sense::hover());
    let text = match controller.deviation() {
        Some(deviation) => format!("{} {} {}", t().deviation, format::signed(deviation, reading.decimals), reading.unit),
        None => format!("{} {}", t().deviation, format::NO_VALUE),
    };
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &text));
    let right = Rect::from_min_max(rect.min, pos2(rect.right() - reading::QUALITY_WIDTH, rect.bottom()));
    controls::text_in(ui, right, Align2::RIGHT_CENTER, &text, theme.small(), theme.text_weak);
}
