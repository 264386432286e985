//! How the docked panels are drawn: frames, tabs, and which function fills which panel.

use crate::workspace::{Workspace, WorkspaceView};
use crate::{Panel, Theme, UiEvent, ViewMode};
use crate::{
    alarm_list, faceplate, lane_frame, legend, overview, plant_tree, problem_list, scene_tools, schematic, stories, trends, what_if,
};
use egui::{Frame, Rect, Stroke, Ui};
use egui_tiles::{SimplificationOptions, TabState, Tile, TileId, Tiles, UiResponse};

pub(crate) struct Docking<'a> {
    pub workspace: &'a mut Workspace,
    pub view: &'a WorkspaceView,
    pub theme: &'a Theme,
    pub out: &'a mut Vec<UiEvent>,
    /// Where the scene was drawn.
    pub scene: Rect,
}

impl Docking<'_> {
    fn scene_ui(&mut self, ui: &mut Ui) {
        let rect = ui.max_rect();
        self.scene = rect;
        let (theme, head) = (self.theme, &self.view.timeline.playhead);
        if self.view.toolbar.view_mode == ViewMode::Health {
            legend::legend_ui(ui, rect, theme);
        }
        scene_tools::scene_tools_ui(ui, rect, &self.view.scene, theme, self.out);
        lane_frame::lane_frame_ui(ui, rect, head, theme);
    }

    fn panel_ui(&mut self, ui: &mut Ui, panel: Panel) {
        let Self { workspace, view, theme, out, .. } = self;
        match panel {
            Panel::Scene => {}
            Panel::Schematic => schematic::schematic_ui(ui, &view.schematic, &mut workspace.schematic, theme, out),
            Panel::Overview => overview::overview_ui(ui, &view.overview, theme, out),
            Panel::PlantTree => plant_tree::plant_tree_ui(ui, &view.tree, &mut workspace.tree, theme, out),
            Panel::Faceplate => faceplate::faceplate_ui(ui, view.faceplate.as_ref(), &mut workspace.faceplate, theme, out),
            Panel::Trends => trends::trends_ui(ui, &view.trends, &mut workspace.trends, theme, out),
            Panel::AlarmList => alarm_list::alarm_list_ui(ui, &view.alarms, &mut workspace.alarms, theme, out),
            Panel::WhatIf => what_if::what_if_ui(ui, &view.what_if, &mut workspace.what_if, theme, out),
            Panel::Stories => stories::stories_ui(ui, &view.stories, &mut workspace.stories, theme, out),
            Panel::Problems => problem_list::problem_list_ui(ui, &view.problems, theme),
        }
    }
}

impl egui_tiles::Behavior<Panel> for Docking<'_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, panel: &mut Panel) -> UiResponse {
        if *panel == Panel::Scene {
            self.scene_ui(ui);
            return UiResponse::None;
        }
        let theme = self.theme;
        ui.painter().rect_filled(ui.max_rect(), 0.0, theme.panel);
        Frame::new().inner_margin(theme.panel_margin()).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            self.panel_ui(ui, *panel);
        });
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, panel: &Panel) -> egui::WidgetText {
        egui::RichText::new(panel.title()).size(self.theme.small_size + 1.0).into()
    }

    /// A row or column that was dropped among tabs is named after what stands in it.
    fn tab_title_for_tile(&mut self, tiles: &Tiles<Panel>, tile: TileId) -> egui::WidgetText {
        let mut names = Vec::new();
        collect_titles(tiles, tile, &mut names);
        egui::RichText::new(names.join(" + ")).size(self.theme.small_size + 1.0).into()
    }

    fn is_tab_closable(&self, tiles: &Tiles<Panel>, tile: TileId) -> bool {
        tiles.get_pane(&tile).is_some_and(|panel| *panel != Panel::Scene)
    }

    fn close_button_outer_size(&self) -> f32 {
        12.0
    }

    fn close_button_inner_margin(&self) -> f32 {
        3.0
    }

    fn tab_bar_height(&self, _style: &egui::Style) -> f32 {
        26.0
    }

    fn gap_width(&self, _style: &egui::Style) -> f32 {
        3.0
    }

    fn min_size(&self) -> f32 {
        90.0
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { prune_single_child_tabs: false, flatten_tabs_in_tabs: true, ..SimplificationOptions::default() }
    }

    fn tab_bar_color(&self, _visuals: &egui::Visuals) -> egui::Color32 {
        self.theme.window
    }

    fn tab_bg_color(&self, _visuals: &egui::Visuals, _tiles: &Tiles<Panel>, _tile: TileId, state: &TabState) -> egui::Color32 {
        if state.active { self.theme.panel } else { egui::Color32::TRANSPARENT }
    }

    fn tab_outline_stroke(&self, _visuals: &egui::Visuals, _tiles: &Tiles<Panel>, _tile: TileId, _state: &TabState) -> Stroke {
        Stroke::NONE
    }

    fn tab_bar_hline_stroke(&self, _visuals: &egui::Visuals) -> Stroke {
        Stroke::NONE
    }

    fn tab_text_color(&self, _visuals: &egui::Visuals, _tiles: &Tiles<Panel>, _tile: TileId, state: &TabState) -> egui::Color32 {
        if state.active { self.theme.text_strong } else { self.theme.text_weak }
    }

    fn tab_title_spacing(&self, _visuals: &egui::Visuals) -> f32 {
        12.0
    }

    fn drag_preview_stroke(&self, _visuals: &egui::Visuals) -> Stroke {
        Stroke::new(1.0, self.theme.accent)
    }

    fn drag_preview_color(&self, _visuals: &egui::Visuals) -> egui::Color32 {
        self.theme.accent.gamma_multiply(0.25)
    }
}

fn collect_titles(tiles: &Tiles<Panel>, tile: TileId, names: &mut Vec<&'static str>) {
    match tiles.get(tile) {
        Some(Tile::Pane(panel)) => names.push(panel.title()),
        Some(Tile::Container(container)) => container.children().for_each(|child| collect_titles(tiles, *child, names)),
        None => {}
    }
}
