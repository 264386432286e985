//! The window: fixed lines at the top and bottom, docked panels between them, and the hole the 3D scene shows through.

use crate::displays::{Display, Displays};
use crate::docking::Docking;
use crate::shortcuts::{self, KeyContext};
use crate::{Panel, Theme, UiEvent};
use crate::{
    alarm_list, alarm_strip, faceplate, overview, plant_tree, problem_list, scene_tools, schematic, status_bar, stories, timeline, toolbar,
    tour, trends, what_if,
};
use egui::{Frame, Margin, Rect, Ui};

/// Everything the panels show, made from one snapshot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkspaceView {
    /// Top line.
    pub toolbar: toolbar::ToolbarView,
    /// The scene's tools and what stands in its way.
    pub scene: scene_tools::SceneToolsView,
    /// The plant as a diagram.
    pub schematic: schematic::SchematicView,
    /// Key signals and areas.
    pub overview: overview::OverviewView,
    /// The guided tour while it runs.
    pub tour: Option<tour::TourView>,
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
#[derive(Default)]
pub struct Workspace {
    displays: Displays,
    /// Pan and zoom of the schematic.
    pub schematic: schematic::SchematicState,
    /// Filter and folds of the tree.
    pub tree: plant_tree::PlantTreeState,
    /// Filter of the faceplate.
    pub faceplate: faceplate::FaceplateState,
    /// Zoom, range and typed time of the timeline.
    pub timeline: timeline::TimelineState,
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

impl Workspace {
    /// The layouts of all displays as JSON, for the settings.
    pub fn save(&self) -> String {
        self.displays.save()
    }

    /// Restores what [`Workspace::save`] wrote; false, and nothing changed, when the text is none, of an older version, or
    /// lacks the scene.
    pub fn restore(&mut self, json: &str) -> bool {
        let Some(displays) = Displays::restored(json) else { return false };
        self.displays = displays;
        true
    }

    /// The display on show.
    pub fn display(&self) -> Display {
        self.displays.current
    }

    /// Shows another display. Lists and trends follow its scope: equipment lists the selected thing, diagnostics draws
    /// residuals. A person may change both afterwards.
    pub fn set_display(&mut self, display: Display) {
        if self.displays.current == display {
            return;
        }
        self.displays.current = display;
        self.alarms.only_selected = display == Display::Equipment;
        self.trends.of_selection = display == Display::Equipment;
        self.trends.show_residual = display == Display::Diagnostics;
    }

    /// Panels of this display that are open, in the order of [`Panel`].
    pub fn open_panels(&self) -> Vec<Panel> {
        self.displays.layout().panels()
    }

    /// Goes back to the layout that this display has on the first start.
    pub fn reset(&mut self) {
        self.displays.reset();
    }

    /// Opens a panel where it belongs, or brings it to the front.
    pub fn open(&mut self, panel: Panel) {
        self.displays.layout_mut().open(panel);
    }

    /// Does what concerns the layout alone.
    fn obey(&mut self, events: &[UiEvent]) {
        for event in events {
            match event {
                UiEvent::OpenPanel(panel) => self.open(*panel),
                UiEvent::SetDisplay(display) => self.set_display(*display),
                _ => {}
            }
        }
    }

    /// Closes a panel; the scene stays.
    pub fn close(&mut self, panel: Panel) {
        self.displays.layout_mut().close(panel);
    }
}

/// Draws the whole window into `ui`, which should cover it, and returns the rectangle of the 3D scene.
pub fn workspace_ui(ui: &mut Ui, workspace: &mut Workspace, view: &WorkspaceView, theme: &Theme, out: &mut Vec<UiEvent>) -> Rect {
    let first = out.len();
    let selected = view.tree.selected.as_ref();
    let context =
        KeyContext { strip: &view.strip, playhead: &view.timeline.playhead, scene: &view.scene, selected, is_touring: view.tour.is_some() };
    // egui may lay a frame out twice with the same input: what was asked for in the first pass counts once.
    let is_first_pass = ui.ctx().current_pass_index() == 0;
    if is_first_pass {
        // Before the others: what the timeline has open is closed by Escape, and the selection stays.
        timeline::keys(ui.ctx(), &view.timeline, &mut workspace.timeline, out);
        shortcuts::keys(ui.ctx(), &context, &mut workspace.is_sheet_open, out);
        // At once, so that a field which a key gives the keyboard to is there.
        workspace.obey(out.get(first..).unwrap_or_default());
    }
    let drawn_from = out.len();
    fixed_lines(ui, workspace, view, theme, out);
    let room = ui.available_rect_before_wrap();
    workspace.displays.layout_mut().wrap_bare_panes();
    let mut layout = workspace.displays.layout_mut().take();
    let mut behavior = Docking { workspace, view, theme, out, scene: Rect::NOTHING };
    layout.ui(&mut behavior, ui);
    let scene = behavior.scene;
    workspace.displays.layout_mut().put(layout);
    if let Some(tour) = &view.tour {
        tour::tour_ui(ui, room, tour, theme, out);
    }
    shortcuts::shortcuts_ui(ui, &view.scene, &mut workspace.is_sheet_open, theme);
    if !is_first_pass {
        out.truncate(first);
    }
    workspace.obey(out.get(drawn_from..).unwrap_or_default());
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
    let shown = toolbar::Shown { display: workspace.display(), open_panels: workspace.open_panels() };
    let mut wants_reset = false;
    egui::Panel::top("toolbar").exact_size(toolbar::HEIGHT).resizable(false).frame(line(theme.window)).show(ui, |ui| {
        toolbar::toolbar_ui(ui, &view.toolbar, &shown, &mut workspace.is_sheet_open, &mut wants_reset, theme, out);
    });
    egui::Panel::top("alarm_strip").exact_size(alarm_strip::HEIGHT).resizable(false).frame(line(theme.panel)).show(ui, |ui| {
        alarm_strip::alarm_strip_ui(ui, &view.strip, theme, out);
    });
    egui::Panel::bottom("status_bar").exact_size(status_bar::HEIGHT).resizable(false).frame(line(theme.window)).show(ui, |ui| {
        status_bar::status_bar_ui(ui, &view.status, theme, out);
    });
    egui::Panel::bottom("timeline").exact_size(timeline::height(&view.timeline)).resizable(false).frame(line(theme.panel)).show(ui, |ui| {
        timeline::timeline_ui(ui, &view.timeline, &mut workspace.timeline, theme, out);
    });
    if wants_reset {
        workspace.reset();
    }
}
