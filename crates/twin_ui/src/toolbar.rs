//! The top line: plant, view mode, camera, panels.

use crate::icons::Icon;
use crate::{Panel, Theme, UiEvent, ViewMode, controls, text::t};
use egui::{CornerRadius, RichText, Ui};

/// What the toolbar shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolbarView {
    /// Name of the plant.
    pub plant_name: String,
    /// How the scene is drawn.
    pub view_mode: ViewMode,
    /// Value tags are shown in the scene.
    pub shows_tags: bool,
    /// Something is selected.
    pub has_selection: bool,
}

/// Height of the toolbar, points.
pub const HEIGHT: f32 = 38.0;

/// Draws the toolbar. `open_panels` are those of the workspace.
pub fn toolbar_ui(
    ui: &mut Ui,
    view: &ToolbarView,
    open_panels: &[Panel],
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
        mode_switch(ui, view, theme, out);
        ui.add_space(12.0);
        if controls::icon_button(ui, Icon::Home, t().home, false, theme).clicked() {
            out.push(UiEvent::Home);
        }
        ui.add_enabled_ui(view.has_selection, |ui| {
            if controls::icon_button(ui, Icon::Frame, t().key_frame, false, theme).clicked() {
                out.push(UiEvent::FrameSelected);
            }
        });
        if controls::icon_button(ui, Icon::Tag, t().value_tags, view.shows_tags, theme).clicked() {
            out.push(UiEvent::ShowTags(!view.shows_tags));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            if ui.add(egui::Button::new("?").min_size(egui::vec2(24.0, 24.0))).on_hover_text(t().shortcuts).clicked() {
                *is_sheet_open = !*is_sheet_open;
            }
            ui.menu_button(t().panels, |ui| {
                ui.set_min_width(170.0);
                for panel in Panel::CLOSABLE {
                    if ui.selectable_label(open_panels.contains(&panel), panel.title()).clicked() {
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
            if controls::text_icon_button(ui, Icon::Branch, t().what_if_from_here, false, theme).clicked() {
                out.push(UiEvent::OpenPanel(Panel::WhatIf));
            }
        });
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
