//! The top line: plant, view mode, camera, panels.

use crate::displays::{self, Display};
use crate::icons::Icon;
use crate::tour::TourAction;
use crate::{Panel, Theme, UiEvent, ViewMode, controls, text::t};
use egui::{CornerRadius, RichText, Ui};

/// What the toolbar shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolbarView {
    /// Name of the plant.
    pub plant_name: String,
    /// How the scene is drawn.
    pub view_mode: ViewMode,
    /// There is a guided tour of this plant.
    pub has_tour: bool,
}

/// Height of the toolbar, points.
pub const HEIGHT: f32 = 38.0;

/// What the workspace shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// Display on show.
    pub display: Display,
    /// Its open panels.
    pub open_panels: Vec<Panel>,
}

/// Draws the toolbar.
pub fn toolbar_ui(
    ui: &mut Ui,
    view: &ToolbarView,
    shown: &Shown,
    is_sheet_open: &mut bool,
    wants_reset: &mut bool,
    theme: &Theme,
    out: &mut Vec<UiEvent>,
) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.label(RichText::new(t().product).size(theme.text_size + 2.0).color(theme.text_strong));
        ui.add_space(6.0);
        ui.label(RichText::new(&view.plant_name).color(theme.text_weak));
        ui.add_space(18.0);
        display_switch(ui, shown.display, theme, out);
        ui.add_space(12.0);
        mode_switch(ui, view, theme, out);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            if ui.add(egui::Button::new("?").min_size(egui::vec2(24.0, 24.0))).on_hover_text(t().shortcuts).clicked() {
                *is_sheet_open = !*is_sheet_open;
            }
            ui.menu_button(t().panels, |ui| {
                ui.set_min_width(170.0);
                for panel in Panel::CLOSABLE {
                    if ui.selectable_label(shown.open_panels.contains(&panel), panel.title()).clicked() {
                        out.push(UiEvent::OpenPanel(panel));
                        ui.close();
                    }
                }
                ui.separator();
                if ui.button(t().reset_layout).clicked() {
                    *wants_reset = true;
                    ui.close();
                }
            });
            ui.add_space(6.0);
            if controls::text_icon_button(ui, Icon::Play, t().show_me_a_failure, false, theme).clicked() {
                out.push(UiEvent::OpenPanel(Panel::Stories));
            }
            if view.has_tour && controls::text_icon_button(ui, Icon::Tour, t().tour, false, theme).clicked() {
                out.push(UiEvent::Tour(TourAction::Start));
            }
            if controls::text_icon_button(ui, Icon::Branch, t().what_if_from_here, false, theme).clicked() {
                out.push(UiEvent::OpenPanel(Panel::WhatIf));
            }
        });
    });
}

/// The four displays as one switch; where there is little room, by their numbers alone.
fn display_switch(ui: &mut Ui, display: Display, theme: &Theme, out: &mut Vec<UiEvent>) {
    let frame = egui::Frame::new().fill(theme.sunken).corner_radius(CornerRadius::same(5)).inner_margin(2);
    let has_room = ui.available_width() > 1000.0;
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for choice in Display::ALL {
            let hint = format!("{} · {} {} · {}", choice.title(), t().level, choice.level(), choice.key_name());
            let response = if has_room {
                controls::choice(ui, choice == display, &format!("{} {}", choice.level(), choice.title()), theme)
            } else {
                controls::icon_button(ui, displays::icon(choice), choice.title(), choice == display, theme)
            };
            if response.on_hover_text(hint).clicked() {
                out.push(UiEvent::SetDisplay(choice));
            }
        }
    });
}

fn mode_switch(ui: &mut Ui, view: &ToolbarView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let frame = egui::Frame::new().fill(theme.sunken).corner_radius(CornerRadius::same(5)).inner_margin(2);
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (mode, word) in [(ViewMode::Operate, t().operate), (ViewMode::Health, t().health)] {
            if controls::choice(ui, view.view_mode == mode, word, theme).clicked() {
                out.push(UiEvent::SetViewMode(mode));
            }
        }
    });
}
