//! The window: fixed lines at the top and bottom, docked panels between them, and the hole the 3D scene shows through.

use crate::playhead::LaneKind;
use crate::shortcuts::{self, KeyContext};
use crate::{Theme, UiEvent, ViewMode, marks, text::t};
use crate::{
    alarm_list, alarm_strip, faceplate, legend, plant_tree, problem_list, status_bar, stories, timeline, toolbar, trends, what_if,
};
use egui::{Align2, Frame, Margin, Rect, Stroke, StrokeKind, Ui};
use egui_tiles::{Container, Linear, LinearDir, SimplificationOptions, TabState, Tile, TileId, Tiles, Tree, UiResponse};
use serde::{Deserialize, Serialize};

/// A docked panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Panel {
    /// The 3D scene; always there.
    Scene,
    /// Tree of things.
    PlantTree,
    /// The selected thing.
    Faceplate,
    /// Trends.
    Trends,
    /// Alarm list.
    AlarmList,
    /// What-if bench.
    WhatIf,
    /// Failure stories.
    Stories,
    /// Problems of documents and inputs.
    Problems,
}

impl Panel {
    /// Panels that can be closed and opened again.
    pub const CLOSABLE: [Self; 7] =
        [Self::PlantTree, Self::Faceplate, Self::Trends, Self::AlarmList, Self::WhatIf, Self::Stories, Self::Problems];

    /// Title on its tab.
    pub fn title(self) -> &'static str {
        match self {
            Self::Scene => t().scene,
            Self::PlantTree => t().plant,
            Self::Faceplate => t().faceplate,
            Self::Trends => t().trends,
            Self::AlarmList => t().alarms,
            Self::WhatIf => t().what_if_short,
            Self::Stories => t().stories,
            Self::Problems => t().problems_title,
        }
    }

    /// Panels it stands beside when it is opened again.
    fn neighbours(self) -> &'static [Self] {
        match self {
            Self::Trends | Self::AlarmList | Self::Problems => &[Self::Trends, Self::AlarmList, Self::Problems],
            Self::WhatIf | Self::Stories => &[Self::WhatIf, Self::Stories, Self::Faceplate],
            Self::Faceplate => &[Self::WhatIf, Self::Stories],
            Self::Scene | Self::PlantTree => &[],
        }
    }
}

/// Everything the panels show, made from one snapshot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkspaceView {
    /// Top line.
    pub toolbar: toolbar::ToolbarView,
    /// Live alarm strip.
    pub strip: alarm_strip::AlarmStripView,
    /// Timeline with the playhead.
    pub timeline: timeline::TimelineView,
    /// Status bar.
    pub status: status_bar::StatusView,
    /// Tree of things.
    pub tree: plant_tree::PlantTreeView,
    /// The selected thing.
    pub faceplate: Option<faceplate::FaceplateView>,
    /// Trends.
    pub trends: trends::TrendsView,
    /// Alarm list of the playhead's lane.
    pub alarms: alarm_list::AlarmListView,
    /// What-if bench.
    pub what_if: what_if::WhatIfView,
    /// Stories.
    pub stories: stories::StoriesView,
    /// Problems.
    pub problems: problem_list::ProblemListView,
}

/// Layout and the screen-only state of every panel.
pub struct Workspace {
    layout: Tree<Panel>,
    /// Filter and folds of the tree.
    pub tree: plant_tree::PlantTreeState,
    /// Filter of the faceplate.
    pub faceplate: faceplate::FaceplateState,
    /// Zoom and pan of the trends.
    pub trends: trends::TrendsState,
    /// Filter of the alarm list, shelving form.
    pub alarms: alarm_list::AlarmListState,
    /// Knobs turned and not yet run.
    pub what_if: what_if::WhatIfState,
    /// Severity of the next story.
    pub stories: stories::StoriesState,
    /// The shortcut sheet is open.
    pub is_sheet_open: bool,
}

impl Default for Workspace {
    fn default() -> Self {
        Self::with_layout(default_layout())
    }
}

/// What is saved: the layout, with a version so that an old file is recognised.
#[derive(Serialize, Deserialize)]
struct SavedLayout<T> {
    layout_version: u32,
    layout: T,
}

const LAYOUT_VERSION: u32 = 1;

impl Workspace {
    fn with_layout(layout: Tree<Panel>) -> Self {
        Self {
            layout,
            tree: plant_tree::PlantTreeState::default(),
            faceplate: faceplate::FaceplateState::default(),
            trends: trends::TrendsState::default(),
            alarms: alarm_list::AlarmListState::default(),
            what_if: what_if::WhatIfState::default(),
            stories: stories::StoriesState::default(),
            is_sheet_open: false,
        }
    }

    /// The layout as JSON, for the settings.
    pub fn save(&self) -> String {
        let saved = SavedLayout { layout_version: LAYOUT_VERSION, layout: &self.layout };
        serde_json::to_string(&saved).unwrap_or_default()
    }

    /// Restores a layout from [`Workspace::save`]; false, and nothing changed, when the text is none or lacks the scene.
    pub fn restore(&mut self, json: &str) -> bool {
        let Ok(saved) = serde_json::from_str::<SavedLayout<Tree<Panel>>>(json) else { return false };
        let mut panels: Vec<Panel> = panels_of(&saved.layout);
        let count = panels.len();
        panels.sort_unstable();
        panels.dedup();
        let is_sound = saved.layout_version == LAYOUT_VERSION && panels.len() == count && panels.contains(&Panel::Scene);
        if is_sound {
            self.layout = saved.layout;
        }
        is_sound
    }

    /// Panels that are open, in the order of [`Panel`].
    pub fn open_panels(&self) -> Vec<Panel> {
        let mut panels = panels_of(&self.layout);
        panels.sort_unstable();
        panels
    }

    /// Goes back to the layout of the first start.
    pub fn reset(&mut self) {
        self.layout = default_layout();
    }

    /// Opens a panel where it belongs, or brings it to the front.
    pub fn open(&mut self, panel: Panel) {
        if self.layout.tiles.find_pane(&panel).is_none() {
            let home = panel.neighbours().iter().find_map(|neighbour| self.tabs_of(*neighbour)).or_else(|| self.any_tabs());
            let Some(home) = home else {
                self.reset();
                return;
            };
            let pane = self.layout.tiles.insert_pane(panel);
            if let Some(Tile::Container(container)) = self.layout.tiles.get_mut(home) {
                container.add_child(pane);
            }
        }
        self.layout.make_active(|_, tile| matches!(tile, Tile::Pane(pane) if *pane == panel));
    }

    /// Closes a panel; the scene stays.
    pub fn close(&mut self, panel: Panel) {
        if panel != Panel::Scene
            && let Some(id) = self.layout.tiles.find_pane(&panel)
        {
            self.layout.remove_recursively(id);
        }
    }

    fn tabs_of(&self, panel: Panel) -> Option<TileId> {
        let pane = self.layout.tiles.find_pane(&panel)?;
        let parent = self.layout.tiles.parent_of(pane)?;
        matches!(self.layout.tiles.get_container(parent), Some(Container::Tabs(_))).then_some(parent)
    }

    fn any_tabs(&self) -> Option<TileId> {
        Panel::CLOSABLE.iter().find_map(|panel| self.tabs_of(*panel))
    }

    /// Gives every panel but the scene a tab of its own, so that it has a title and a handle wherever it was dropped.
    fn wrap_bare_panes(&mut self) {
        for panel in Panel::CLOSABLE {
            let Some(pane) = self.layout.tiles.find_pane(&panel) else { continue };
            if self.tabs_of(panel).is_some() {
                continue;
            }
            let Some(parent) = self.layout.tiles.parent_of(pane) else { continue };
            let tabs = self.layout.tiles.insert_tab_tile(vec![pane]);
            if let Some(Tile::Container(container)) = self.layout.tiles.get_mut(parent) {
                let _index = container.replace_child(pane, tabs);
            }
        }
    }
}

fn panels_of(layout: &Tree<Panel>) -> Vec<Panel> {
    layout.tiles.tiles().filter_map(|tile| if let Tile::Pane(panel) = tile { Some(*panel) } else { None }).collect()
}

/// Left the plant, right the faceplate over the benches, the scene in the middle with trends and alarms below it.
fn default_layout() -> Tree<Panel> {
    let mut tiles = Tiles::default();
    let tabs = |tiles: &mut Tiles<Panel>, panels: &[Panel]| {
        let panes = panels.iter().map(|panel| tiles.insert_pane(*panel)).collect();
        tiles.insert_tab_tile(panes)
    };
    let plant = tabs(&mut tiles, &[Panel::PlantTree]);
    let lists = tabs(&mut tiles, &[Panel::Trends, Panel::AlarmList]);
    let faceplate = tabs(&mut tiles, &[Panel::Faceplate]);
    let benches = tabs(&mut tiles, &[Panel::WhatIf, Panel::Stories]);
    let scene = tiles.insert_pane(Panel::Scene);
    let middle = insert_shares(&mut tiles, LinearDir::Vertical, &[(scene, 0.62), (lists, 0.38)]);
    let right = insert_shares(&mut tiles, LinearDir::Vertical, &[(faceplate, 0.58), (benches, 0.42)]);
    let root = insert_shares(&mut tiles, LinearDir::Horizontal, &[(plant, 0.16), (middle, 0.58), (right, 0.26)]);
    Tree::new("workspace", root, tiles)
}

fn insert_shares(tiles: &mut Tiles<Panel>, dir: LinearDir, children: &[(TileId, f32)]) -> TileId {
    let mut linear = Linear::new(dir, children.iter().map(|(id, _)| *id).collect());
    for (id, share) in children {
        linear.shares.set_share(*id, *share * children.len() as f32);
    }
    tiles.insert_container(linear)
}

/// Draws the whole window into `ui`, which should cover it, and returns the rectangle of the 3D scene.
pub fn workspace_ui(ui: &mut Ui, workspace: &mut Workspace, view: &WorkspaceView, theme: &Theme, out: &mut Vec<UiEvent>) -> Rect {
    let first = out.len();
    let selected = view.tree.selected.as_ref();
    let context = KeyContext { strip: &view.strip, playhead: &view.timeline.playhead, selected };
    // egui may lay a frame out twice with the same input: what was asked for in the first pass counts once.
    let is_first_pass = ui.ctx().current_pass_index() == 0;
    if is_first_pass {
        shortcuts::keys(ui.ctx(), &context, &mut workspace.is_sheet_open, out);
    }
    fixed_lines(ui, workspace, view, theme, out);
    workspace.wrap_bare_panes();
    let mut layout = std::mem::replace(&mut workspace.layout, Tree::empty("workspace"));
    let mut behavior = Docking { workspace, view, theme, out, scene: Rect::NOTHING };
    layout.ui(&mut behavior, ui);
    let scene = behavior.scene;
    workspace.layout = layout;
    shortcuts::shortcuts_ui(ui, &mut workspace.is_sheet_open, theme);
    if !is_first_pass {
        out.truncate(first);
    }
    for event in out.iter().skip(first) {
        if let UiEvent::OpenPanel(panel) = event {
            workspace.open(*panel);
        }
    }
    scene
}

/// True when the pointer is over the scene and nothing of egui lies between: only then it belongs to camera and picking.
pub fn pointer_is_over_scene(ctx: &egui::Context, scene: Rect) -> bool {
    let Some(pos) = ctx.input(|input| input.pointer.interact_pos()) else { return false };
    let is_behind_window = ctx.layer_id_at(pos).is_some_and(|layer| layer.order != egui::Order::Background);
    scene.contains(pos) && !is_behind_window && !ctx.egui_is_using_pointer()
}

fn fixed_lines(ui: &mut Ui, workspace: &mut Workspace, view: &WorkspaceView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let line = |fill| Frame::new().fill(fill).inner_margin(Margin::symmetric(12, 0));
    let open_panels = workspace.open_panels();
    let mut wants_reset = false;
    egui::Panel::top("toolbar").exact_size(toolbar::HEIGHT).resizable(false).frame(line(theme.window)).show(ui, |ui| {
        toolbar::toolbar_ui(ui, &view.toolbar, &open_panels, &mut workspace.is_sheet_open, &mut wants_reset, theme, out);
    });
    egui::Panel::top("alarm_strip").exact_size(alarm_strip::HEIGHT).resizable(false).frame(line(theme.panel)).show(ui, |ui| {
        alarm_strip::alarm_strip_ui(ui, &view.strip, theme, out);
    });
    egui::Panel::bottom("status_bar").exact_size(status_bar::HEIGHT).resizable(false).frame(line(theme.window)).show(ui, |ui| {
        status_bar::status_bar_ui(ui, &view.status, theme, out);
    });
    egui::Panel::bottom("timeline").exact_size(timeline::HEIGHT).resizable(false).frame(line(theme.panel)).show(ui, |ui| {
        timeline::timeline_ui(ui, &view.timeline, theme, out);
    });
    if wants_reset {
        workspace.reset();
    }
}

struct Docking<'a> {
    workspace: &'a mut Workspace,
    view: &'a WorkspaceView,
    theme: &'a Theme,
    out: &'a mut Vec<UiEvent>,
    scene: Rect,
}

impl Docking<'_> {
    fn scene_ui(&mut self, ui: &mut Ui) {
        let rect = ui.max_rect();
        self.scene = rect;
        let (theme, head) = (self.theme, &self.view.timeline.playhead);
        if self.view.toolbar.view_mode == ViewMode::Health {
            legend::legend_ui(ui, rect, theme);
        }
        let (word, colour) = match (head.kind, head.is_history()) {
            (LaneKind::Live, false) => return,
            (LaneKind::Live | LaneKind::Recording, _) => (t().history, theme.text_weak),
            (LaneKind::Exercise | LaneKind::Branch, _) => (head.kind.word(), theme.accent),
        };
        let painter = ui.painter_at(rect);
        painter.rect_stroke(rect, 0.0, Stroke::new(3.0, colour), StrokeKind::Inside);
        let text = format!("{word} · {}", head.lane_name);
        let at = rect.center_top() + egui::vec2(0.0, 12.0);
        marks::paint_pill(&painter, at, Align2::CENTER_TOP, &text, colour, theme.on_accent, theme);
        let mark = ui.interact(Rect::from_center_size(at, egui::vec2(80.0, 18.0)), ui.id().with("lane_mark"), egui::Sense::hover());
        mark.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, &text));
    }

    fn panel_ui(&mut self, ui: &mut Ui, panel: Panel) {
        let Self { workspace, view, theme, out, .. } = self;
        match panel {
            Panel::Scene => {}
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
        SimplificationOptions { prune_single_child_tabs: false, ..SimplificationOptions::default() }
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
