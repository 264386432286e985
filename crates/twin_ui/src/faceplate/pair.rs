//! Duty and standby, side by side.

use super::LimitMark;
use crate::reading::{self, ReadingView};
use crate::{Theme, UiEvent, controls, format, icons, table, text::t};
use egui::{Align2, CornerRadius, Rect, Sense, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::ThingId;

/// Two machines for one duty.
#[derive(Clone, Debug, PartialEq)]
pub struct PairView {
    /// The machines.
    pub things: [ThingId; 2],
    /// Their names.
    pub names: [String; 2],
    /// What each of them is there for now.
    pub duties: [Duty; 2],
    /// What is compared.
    pub rows: Vec<PairRowView>,
}

/// What a machine of a pair is there for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// It runs.
    Running,
    /// It is stopped and could start.
    Standby,
    /// Tripped, isolated, in local: it does not take over.
    NotReady,
    /// Its state is doubtful.
    Unknown,
}

impl Duty {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => t().duty,
            Self::Standby => t().standby,
            Self::NotReady => t().not_ready,
            Self::Unknown => format::NO_VALUE,
        }
    }
}

/// One measure of both.
#[derive(Clone, Debug, PartialEq)]
pub struct PairRowView {
    /// Name for people.
    pub name: String,
    /// Unit of both; empty for a state.
    pub unit: String,
    /// The values.
    pub readings: [ReadingView; 2],
    /// What the model expects of either.
    pub modelled: [Option<f64>; 2],
    /// Band the difference from the model should stay in.
    pub residual_band: Option<f64>,
    /// The first alarm limit.
    pub limit: Option<LimitMark>,
}

impl PairRowView {
    /// True when a trusted value has passed the limit or left its model.
    pub fn is_abnormal(&self, side: usize) -> bool {
        let reading = &self.readings[side];
        let Some(value) = reading.value.filter(|_| !reading.is_doubtful()) else { return false };
        let has_left = matches!((self.modelled[side], self.residual_band), (Some(model), Some(band)) if (value - model).abs() > band);
        has_left || self.limit.as_ref().is_some_and(|limit| limit.is_passed_by(value))
    }
}

const ROW: f32 = 22.0;
/// Below this width the column of model and limit is left out.
const WIDE: f32 = 330.0;
const CELL: f32 = 74.0;

/// Draws the comparison; the selected thing stands in stronger text.
pub(super) fn pair_ui(ui: &mut Ui, view: &PairView, selected: &ThingId, theme: &Theme, out: &mut Vec<UiEvent>) {
    controls::section(ui, t().duty_and_standby, theme);
    let is_wide = ui.available_width() >= WIDE;
    header(ui, view, selected, is_wide, theme, out);
    for row in &view.rows {
        pair_row(ui, view, row, is_wide, theme);
    }
}

fn cells(rect: Rect, is_wide: bool) -> [Rect; 4] {
    let last = if is_wide { CELL } else { 0.0 };
    let fixed = table::Width::Fixed;
    table::columns(rect, [table::Width::Share(1.0), fixed(CELL), fixed(CELL), fixed(last)], 4.0)
}

fn header(ui: &mut Ui, view: &PairView, selected: &ThingId, is_wide: bool, theme: &Theme, out: &mut Vec<UiEvent>) {
    let (rect, _) = table::row(ui, 36.0, Sense::hover());
    let [_, a, b, reference] = cells(rect, is_wide);
    for (side, cell) in [a, b].into_iter().enumerate() {
        let response = ui.interact(cell, ui.id().with(("pair", side)), Sense::click());
        let word = view.duties[side].word();
        let label = format!("{} {word}", view.names[side]);
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, ui.is_enabled(), &label));
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(cell, CornerRadius::same(4), theme.raised);
        }
        let upper = Rect::from_min_size(cell.min, vec2(cell.width() - reading::QUALITY_WIDTH, 18.0));
        let colour = if view.things[side] == *selected { theme.text_strong } else { theme.text };
        controls::text_in(ui, upper, Align2::RIGHT_CENTER, &view.names[side], theme.body(), colour);
        let lower = upper.translate(vec2(0.0, 16.0));
        paint_duty(ui, lower, view.duties[side], theme);
        if response.clicked() {
            out.push(UiEvent::Select(Some(view.things[side].clone())));
        }
    }
    if is_wide {
        let caption = format!("{} / {}", t().model, t().limit);
        controls::text_in(ui, reference, Align2::RIGHT_CENTER, &caption, theme.small(), theme.text_faint);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line));
}

/// The machine on duty carries a filled mark before its word, one that waits an empty one.
fn paint_duty(ui: &Ui, rect: Rect, duty: Duty, theme: &Theme) {
    let colour = if matches!(duty, Duty::Running | Duty::NotReady) { theme.text_strong } else { theme.text_weak };
    let galley = ui.painter().layout_no_wrap(duty.word().to_owned(), theme.small(), colour);
    let at = pos2(rect.right() - galley.size().x, rect.center().y - galley.size().y / 2.0);
    let dot = pos2(at.x - 8.0, rect.center().y);
    if duty == Duty::Running {
        ui.painter().circle_filled(dot, 3.5, theme.text_strong);
    } else if duty == Duty::Standby {
        ui.painter().circle_stroke(dot, 3.0, Stroke::new(1.0, theme.text_weak));
    }
    ui.painter().galley(at, galley, colour);
}

fn pair_row(ui: &mut Ui, view: &PairView, row: &PairRowView, is_wide: bool, theme: &Theme) {
    let (rect, response) = table::row(ui, ROW, Sense::hover());
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line.gamma_multiply(0.6)));
    let [name, a, b, reference] = cells(rect, is_wide);
    let is_abnormal = [row.is_abnormal(0), row.is_abnormal(1)];
    let colour = if is_abnormal.contains(&true) { theme.text_strong } else { theme.text_weak };
    let caption = if row.unit.is_empty() { row.name.clone() } else { format!("{}, {}", row.name, row.unit) };
    controls::text_in(ui, name, Align2::LEFT_CENTER, &caption, theme.small(), colour);
    for (side, cell) in [a, b].into_iter().enumerate() {
        let value = &row.readings[side];
        let area = controls::hover_area(ui, cell);
        area.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("{} {}", view.names[side], format::reading(value))));
        // The unit stands once, with the name.
        let bare = ReadingView { unit: String::new(), ..value.clone() };
        reading::paint_reading(ui.painter(), cell, &bare, theme.text_size, theme);
        if is_abnormal[side] {
            let at = Rect::from_center_size(pos2(cell.left() + 5.0, cell.center().y), egui::Vec2::splat(10.0));
            icons::paint(ui.painter(), at, icons::Icon::Warning, theme.text_strong);
        }
        area.on_hover_text(reading::quality_text(value));
    }
    if is_wide {
        controls::text_in(ui, reference, Align2::RIGHT_CENTER, &reference_text(view, row), theme.small(), theme.text_faint);
    }
    response.on_hover_text(&row.name);
}

/// What the model expects of the machine on duty, and the limit.
fn reference_text(view: &PairView, row: &PairRowView) -> String {
    let decimals = row.readings[0].decimals;
    let duty = view.duties.iter().position(|duty| *duty == Duty::Running).unwrap_or(0);
    let model = row.modelled[duty].map(|value| format::number(value, decimals));
    let limit =
        row.limit.as_ref().map(|limit| format!("{}{}", if limit.is_high { "<" } else { ">" }, format::number(limit.value, decimals)));
    match (model, limit) {
        (Some(model), Some(limit)) => format!("{model} / {limit}"),
        (model, limit) => model.or(limit).unwrap_or_default(),
    }
}
