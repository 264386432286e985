use crate::panels::click;
use crate::sample::{self, thing};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use twin_model::{Action, LaneId};
use twin_ui::playhead::{LaneKind, Motion};
use twin_ui::{Panel, Theme, UiEvent, ViewMode, Workspace, WorkspaceView, workspace_ui};

/// Workspace and the last scene rectangle.
struct Window {
    workspace: Workspace,
    scene: egui::Rect,
}

impl Default for Window {
    fn default() -> Self {
        Self { workspace: Workspace::default(), scene: egui::Rect::NOTHING }
    }
}

fn window(view: WorkspaceView) -> Harness<'static, (Window, Vec<UiEvent>)> {
    let theme = Theme::graphite();
    crate::panels::panel([1600.0, 900.0], move |ui, window: &mut Window, out| {
        window.scene = workspace_ui(ui, &mut window.workspace, &view, &theme, out);
    })
}

fn press(harness: &mut Harness<'_, (Window, Vec<UiEvent>)>, key: egui::Key) -> Vec<UiEvent> {
    harness.state_mut().1.clear();
    harness.key_press(key);
    harness.run_steps(2);
    std::mem::take(&mut harness.state_mut().1)
}

#[test]
fn the_scene_has_room_and_a_frame_only_when_it_is_not_the_live_plant() {
    let live = window(sample::workspace_view());
    let scene = live.state().0.scene;
    assert!(scene.width() > 560.0 && scene.height() > 340.0, "{scene:?}");
    let mut view = sample::workspace_view();
    let words = |view: &WorkspaceView| twin_ui::lane_frame::lane_words(&view.timeline.playhead);
    assert!(words(&view).is_none());
    view.timeline.playhead.kind = LaneKind::Exercise;
    view.timeline.playhead.lane_name = "bearing-wear".to_owned();
    assert!(window(view.clone()).query_by_label(&words(&view).unwrap()).is_some());
    view.timeline.playhead.kind = LaneKind::Live;
    view.timeline.playhead.motion = Motion::Paused;
    view.status.playhead = view.timeline.playhead.clone();
    let past = window(view.clone());
    assert!(past.query_by_label(&words(&view).unwrap()).is_some());
    assert!(past.query_by_label("LIVE").is_none_or(|mark| mark.rect().top() < 100.0), "the timeline of the past is not live; the strip is");
}

#[test]
fn the_health_view_always_shows_its_legend() {
    let mut view = sample::workspace_view();
    assert!(window(view.clone()).query_by_label("M Maintenance required").is_none());
    view.toolbar.view_mode = ViewMode::Health;
    let health = window(view);
    for state in ["F Failure", "C Function check", "S Out of specification", "M Maintenance required"] {
        assert!(health.query_by_label(state).is_some(), "{state}");
    }
}

#[test]
fn a_layout_survives_save_and_restore_and_rubbish_changes_nothing() {
    let mut workspace = Workspace::default();
    workspace.close(Panel::Stories);
    workspace.close(Panel::PlantTree);
    workspace.open(Panel::Problems);
    let panels = workspace.open_panels();
    let mut restored = Workspace::default();
    assert!(restored.restore(&workspace.save()));
    assert_eq!(restored.open_panels(), panels);
    assert!(!restored.restore("{\"layout_version\":1}"));
    assert!(!restored.restore(&workspace.save().replace("\"scene\"", "\"trends\"")), "a window without its scene");
    assert_eq!(restored.open_panels(), panels);
}

#[test]
fn a_closed_panel_comes_back_and_the_scene_cannot_be_closed() {
    let mut workspace = Workspace::default();
    for panel in Panel::CLOSABLE {
        workspace.close(panel);
    }
    workspace.close(Panel::Scene);
    assert_eq!(workspace.open_panels(), vec![Panel::Scene]);
    for panel in Panel::CLOSABLE {
        workspace.open(panel);
        assert!(workspace.open_panels().contains(&panel), "{panel:?}");
    }
}

#[test]
fn one_key_leads_from_any_moment_to_the_most_urgent_alarm() {
    let mut view = sample::workspace_view();
    view.strip.is_view_away = true;
    view.strip.followed = None;
    let mut harness = window(view);
    let events = press(&mut harness, egui::Key::J);
    assert_eq!(events.first(), Some(&UiEvent::Twin(Action::SwitchLane(LaneId::LIVE))));
    assert!(events.contains(&UiEvent::FlyTo(thing("v-101"))));
    let acknowledge = Action::Acknowledge { lane: LaneId::LIVE, alarm: "LAHH-101".to_owned() };
    assert_eq!(press(&mut harness, egui::Key::A), vec![UiEvent::Twin(acknowledge)]);
    assert_eq!(press(&mut harness, egui::Key::Num2), vec![UiEvent::SetViewMode(ViewMode::Health)]);
}

#[test]
fn keys_belong_to_a_text_field_while_it_has_the_keyboard() {
    let mut harness = window(sample::workspace_view());
    press(&mut harness, egui::Key::Slash);
    assert!(press(&mut harness, egui::Key::A).is_empty());
}

#[test]
fn the_question_mark_opens_the_shortcut_sheet() {
    let mut harness = window(sample::workspace_view());
    assert!(harness.query_by_label("Acknowledge it").is_none());
    harness.event(egui::Event::Text("?".to_owned()));
    harness.run_steps(3);
    assert!(harness.query_by_label("Acknowledge it").is_some());
    press(&mut harness, egui::Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Acknowledge it").is_none());
}

#[test]
fn the_toolbar_opens_the_bench_and_switches_the_view() {
    let mut harness = window(sample::workspace_view());
    assert_eq!(click(&mut harness, "HEALTH"), vec![UiEvent::SetViewMode(ViewMode::Health)]);
    assert_eq!(click(&mut harness, "Show me a failure"), vec![UiEvent::OpenPanel(Panel::Stories)]);
    assert!(harness.query_by_label("Play Strainer fouling").is_some(), "the panel has come to the front");
    assert_eq!(click(&mut harness, "Home view"), vec![UiEvent::Home]);
}
