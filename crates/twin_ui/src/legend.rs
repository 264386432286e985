//! The legend of the HEALTH view: every tint with its letter and its words.

use crate::text::{health_name, t};
use crate::theme::{radius, stroke};
use crate::{Theme, controls, marks};
use egui::{Align2, CornerRadius, Rect, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::alarm::HealthState;

/// States in the order of the legend.
pub const STATES: [HealthState; 6] = [
    HealthState::Failure,
    HealthState::FunctionCheck,
    HealthState::OutOfSpecification,
    HealthState::MaintenanceRequired,
    HealthState::Good,
    HealthState::Unknown,
];

/// Where the legend stands in a scene: with words, or letters alone where the scene is too small for them.
pub fn legend_rect(scene: Rect) -> Rect {
    let whole = vec2(210.0, 30.0 + ROW * STATES.len() as f32);
    let size = if has_room(scene, whole) { whole } else { vec2(12.0 + ROW * STATES.len() as f32, ROW + 8.0) };
    Rect::from_min_size(pos2(scene.left() + 12.0, scene.bottom() - 12.0 - size.y), size)
}

fn has_room(scene: Rect, size: Vec2) -> bool {
    scene.height() >= size.y + 20.0 && scene.width() >= size.x + 20.0
}

/// Draws the legend into the lower left corner of the scene.
pub fn legend_ui(ui: &mut Ui, scene: Rect, theme: &Theme) {
    let rect = legend_rect(scene);
    if rect.height() < 2.0 * ROW {
        let mut child = ground(ui, rect, vec2(6.0, 4.0), theme);
        child.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for state in STATES {
                swatch(ui, Vec2::splat(ROW), state, theme);
            }
        });
        return;
    }
    let mut child = ground(ui, rect, vec2(10.0, 7.0), theme);
    child.spacing_mut().item_spacing.y = 0.0;
    child.label(egui::RichText::new(t().legend_title).font(theme.caption()).color(theme.text_weak));
    for state in STATES {
        let size = vec2(child.available_width(), ROW);
        let row = swatch(&mut child, size, state, theme);
        let words = Rect::from_min_max(pos2(row.left() + 26.0, row.top()), row.max);
        controls::text_in(&child, words, Align2::LEFT_CENTER, health_name(state), theme.small(), theme.text);
    }
}

const ROW: f32 = 20.0;

fn ground(ui: &mut Ui, rect: Rect, margin: Vec2, theme: &Theme) -> Ui {
    let edge = Stroke::new(stroke::HAIRLINE, theme.line);
    ui.painter().rect(rect, CornerRadius::same(radius::L), theme.raised, edge, StrokeKind::Inside);
    ui.new_child(UiBuilder::new().id_salt("health_legend").max_rect(rect.shrink2(margin)))
}

/// Allocates `size`, paints the mark of a state at its left, and names it for a screen reader.
fn swatch(ui: &mut Ui, size: Vec2, state: HealthState, theme: &Theme) -> Rect {
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let words = format!("{} {}", state.letter(), health_name(state));
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, words.as_str()));
    let center = pos2(rect.left() + ROW / 2.0, rect.center().y);
    if state == HealthState::Good {
        let mark = Rect::from_center_size(center, Vec2::splat(14.0));
        ui.painter().rect_filled(mark, CornerRadius::same(radius::S), theme.health(state));
    } else {
        marks::paint_health(ui.painter(), center, 15.0, state, theme);
    }
    response.on_hover_text(words.trim_start());
    rect
}
