//! The legend of the HEALTH view: every tint with its letter and its words.

use crate::{Theme, controls, marks, text::t};
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

/// Where the legend stands in a scene; `None` where it has no room.
pub fn legend_rect(scene: Rect) -> Option<Rect> {
    let size = vec2(182.0, 30.0 + 20.0 * STATES.len() as f32);
    let has_room = scene.height() >= size.y + 20.0 && scene.width() >= size.x + 20.0;
    has_room.then(|| Rect::from_min_size(pos2(scene.left() + 12.0, scene.bottom() - 12.0 - size.y), size))
}

/// Draws the legend into the lower left corner of the scene.
pub fn legend_ui(ui: &mut Ui, scene: Rect, theme: &Theme) {
    let Some(rect) = legend_rect(scene) else { return };
    ui.painter().rect(rect, CornerRadius::same(6), theme.panel.gamma_multiply(0.92), Stroke::new(1.0, theme.line), StrokeKind::Inside);
    let mut child = ui.new_child(UiBuilder::new().id_salt("health_legend").max_rect(rect.shrink2(vec2(10.0, 7.0))));
    child.spacing_mut().item_spacing.y = 0.0;
    controls::weak(&mut child, t().legend_title, theme);
    for state in STATES {
        let (row, response) = child.allocate_exact_size(vec2(child.available_width(), 20.0), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("{} {}", state.letter(), state.name())));
        let swatch = Rect::from_center_size(pos2(row.left() + 8.0, row.center().y), Vec2::splat(14.0));
        if state == HealthState::Good {
            child.painter().rect_filled(swatch, CornerRadius::same(3), theme.health(state));
        } else {
            marks::paint_health(child.painter(), swatch.center(), 15.0, state, theme);
        }
        let words = Rect::from_min_max(pos2(row.left() + 24.0, row.top()), row.max);
        controls::text_in(&child, words, Align2::LEFT_CENTER, state.name(), theme.small(), theme.text);
    }
}
