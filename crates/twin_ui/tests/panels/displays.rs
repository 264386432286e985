use crate::panels::{click, panel};
use crate::sample::{self, signal, thing};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use twin_model::alarm::{AlarmClass, HealthState};
use twin_ui::alarm_list::{AlarmListState, AlarmListView, alarm_list_ui};
use twin_ui::alarm_view::AlarmState;
use twin_ui::marks::AlarmMark;
use twin_ui::overview::overview_ui;
use twin_ui::scene_tools::{SceneToolsView, next_clip, scene_tools_ui};
use twin_ui::trends::{TrendsState, trends_ui};
use twin_ui::{Axis, Display, Panel, Theme, UiEvent, ViewDirection, Workspace, WorkspaceView, workspace_ui};

/// A plant with one area in trouble.
pub fn overview() -> twin_ui::overview::OverviewView {
    let area = |name: &str, mark, alarms, unhealthy, health| twin_ui::overview::AreaView {
        name: name.to_owned(),
        thing: thing(&name.to_lowercase().replace(' ', "-")),
        mark,
        alarms,
        unhealthy,
        health,
    };
    let mark = AlarmMark { class: AlarmClass::Alarm, priority: Some(1), state: AlarmState::Unacknowledged };
    twin_ui::overview::OverviewView {
        indicators: sample::faceplate().signals.into_iter().take(4).collect(),
        areas: vec![
            area("Area 100", Some(mark), 5, 4, HealthState::Failure),
            area("Area 200", None, 0, 0, HealthState::Good),
            area("Area 300", None, 0, 0, HealthState::Good),
        ],
    }
}

fn window(view: WorkspaceView) -> Harness<'static, (Workspace, Vec<UiEvent>)> {
    let theme = Theme::default();
    panel([1600.0, 900.0], move |ui, workspace: &mut Workspace, out| {
        workspace_ui(ui, workspace, &view, &theme, out);
    })
}

fn press<S>(harness: &mut Harness<'_, (S, Vec<UiEvent>)>, key: Key) -> Vec<UiEvent> {
    harness.state_mut().1.clear();
    harness.key_press(key);
    harness.run_steps(3);
    std::mem::take(&mut harness.state_mut().1)
}

#[test]
fn each_display_is_one_key_away_and_nothing_else_changes_it() {
    let mut window = window(sample::workspace_view());
    assert_eq!(window.state().0.display(), Display::Overview);
    for display in [Display::Unit, Display::Equipment, Display::Diagnostics, Display::Overview] {
        assert_eq!(press(&mut window, display.key()), vec![UiEvent::SetDisplay(display)]);
        assert_eq!(window.state().0.display(), display);
    }
    for key in [Key::J, Key::H, Key::F, Key::Num2, Key::T] {
        let events = press(&mut window, key);
        assert!(!events.iter().any(|event| matches!(event, UiEvent::SetDisplay(_))), "{key:?}: {events:?}");
        assert_eq!(window.state().0.display(), Display::Overview, "{key:?}");
    }
    click(&mut window, "3 Equipment");
    assert_eq!(window.state().0.display(), Display::Equipment);
}

#[test]
fn each_display_keeps_an_arrangement_of_its_own_through_save_and_restore() {
    let mut workspace = Workspace::default();
    workspace.close(Panel::AlarmList);
    let overview = workspace.open_panels();
    workspace.set_display(Display::Unit);
    let unit = workspace.open_panels();
    workspace.open(Panel::Problems);
    assert_ne!(workspace.open_panels(), unit);
    let mut restored = Workspace::default();
    assert!(restored.restore(&workspace.save()));
    assert_eq!(restored.display(), Display::Unit);
    assert!(restored.open_panels().contains(&Panel::Problems));
    restored.reset();
    assert_eq!(restored.open_panels(), unit, "only the display on show is reset");
    restored.set_display(Display::Overview);
    assert_eq!(restored.open_panels(), overview);
    let old = "{\"layout_version\":1,\"layout\":{}}";
    assert!(!restored.restore(old), "a layout of before the displays");
    assert_eq!(restored.open_panels(), overview);
}

#[test]
fn every_display_shows_the_scene_and_every_panel_opens_in_each() {
    for display in Display::ALL {
        let mut workspace = Workspace::default();
        workspace.set_display(display);
        for panel in Panel::CLOSABLE {
            workspace.close(panel);
            workspace.open(panel);
            assert!(workspace.open_panels().contains(&panel), "{panel:?} in {display:?}");
        }
        assert!(workspace.open_panels().contains(&Panel::Scene), "{display:?}");
    }
}

#[test]
fn the_overview_says_what_is_wrong_where_and_which_signal_is_out() {
    let view = overview();
    let theme = Theme::default();
    let mut overview = panel([1500.0, 170.0], move |ui, (): &mut (), out| overview_ui(ui, &view, &theme, out));
    let area = "Area 100, F Failure 4, Priority 1, unacknowledged 5";
    assert_eq!(click(&mut overview, area), vec![UiEvent::Select(Some(thing("area-100")))]);
    assert!(overview.query_by_label("Area 200, normal").is_some());
    assert_eq!(click(&mut overview, "TT-111A 86.4 °C, past its limit"), vec![UiEvent::Select(Some(thing("p-101a")))]);
}

#[test]
fn the_tools_of_the_scene_ask_for_what_they_name_and_need_a_selection_where_they_cut() {
    let theme = Theme::default();
    let view = SceneToolsView { has_selection: true, ..SceneToolsView::default() };
    let mut tools = panel([900.0, 500.0], move |ui, (): &mut (), out| scene_tools_ui(ui, ui.max_rect(), &view, &theme, out));
    assert_eq!(click(&mut tools, "Flow ticks"), vec![UiEvent::SetFlow(true)]);
    assert_eq!(click(&mut tools, "Pull apart"), vec![UiEvent::SetExplode(1.0)]);
    assert_eq!(click(&mut tools, "Cut away"), vec![UiEvent::SetCutaway(true)]);
    assert_eq!(click(&mut tools, "Isolate"), vec![UiEvent::SetIsolate(true)]);
    assert_eq!(click(&mut tools, "Measure distance and elevation"), vec![UiEvent::SetMeasure(true)]);
    assert_eq!(click(&mut tools, "Clipping plane"), vec![UiEvent::SetClip(next_clip(None))]);
    click(&mut tools, "View, quality, theme");
    assert_eq!(click(&mut tools, "top"), vec![UiEvent::ViewFrom(ViewDirection::Top)]);
    let mut view = sample::workspace_view();
    view.scene.has_selection = false;
    let mut window = window(view);
    assert!(press(&mut window, Key::X).is_empty(), "nothing is selected");
    assert_eq!(press(&mut window, Key::G), vec![UiEvent::SetFlow(true)]);
}

#[test]
fn the_key_of_the_clipping_plane_goes_round_its_axes_and_off() {
    let first = next_clip(None);
    assert_eq!(first.map(|clip| clip.axis), Some(Axis::X));
    let last = next_clip(next_clip(first));
    assert_eq!(last.map(|clip| clip.axis), Some(Axis::Z));
    assert_eq!(next_clip(last), None);
}

#[test]
fn a_plant_without_a_model_says_so_and_offers_no_tools() {
    let theme = Theme::default();
    let view = SceneToolsView { has_scene: false, ..SceneToolsView::default() };
    let tools = panel([900.0, 500.0], move |ui, (): &mut (), out| scene_tools_ui(ui, ui.max_rect(), &view, &theme, out));
    assert!(tools.query_by_label("No 3D model").is_some());
    assert!(tools.query_by_label("Cut away").is_none());
}

fn alarm_list(width: f32, view: AlarmListView) -> Harness<'static, (AlarmListState, Vec<UiEvent>)> {
    let theme = Theme::default();
    panel([width, 400.0], move |ui, state, out| alarm_list_ui(ui, &view, state, &theme, out))
}

#[test]
fn a_narrow_alarm_list_drops_columns_instead_of_overprinting_them() {
    let view = AlarmListView { alarms: sample::alarms(), ..AlarmListView::default() };
    let wide = alarm_list(900.0, view.clone());
    assert!(wide.query_by_label("Acknowledge LAHH-101").is_some());
    let mut wide = wide;
    wide.get_by_label_contains("LAHH-101 Surge").focus();
    wide.run_steps(2);
    press(&mut wide, Key::ArrowDown);
    let below = press(&mut wide, Key::Enter);
    assert!(below.contains(&UiEvent::FlyTo(thing("p-101a"))), "the arrow goes to the row below: {below:?}");
    let mut narrow = alarm_list(330.0, view);
    assert!(narrow.query_by_label("Acknowledge LAHH-101").is_none(), "there is no room for buttons");
    let row = "LAHH-101 Surge drum overfilling, feed stopped, Priority 1, unacknowledged, 0.81 barg";
    assert!(narrow.get_by_label(row).rect().width() > 300.0);
    narrow.get_by_label(row).focus();
    narrow.run_steps(2);
    let events = press(&mut narrow, Key::Enter);
    assert!(events.contains(&UiEvent::SetDisplay(Display::Equipment)) && events.contains(&UiEvent::FlyTo(thing("v-101"))), "{events:?}");
}

#[test]
fn what_was_put_aside_is_never_overdue() {
    let mut alarms = sample::alarms();
    alarms.iter_mut().for_each(|alarm| alarm.time_left_secs = Some(-60.0));
    let mut list = alarm_list(900.0, AlarmListView { alarms, ..AlarmListView::default() });
    assert!(list.query_all_by_label_contains("−1:00 left").count() > 0, "an open alarm is overdue");
    list.state_mut().0.filter = twin_ui::alarm_list::AlarmFilter::PutAside;
    list.run_steps(2);
    assert!(list.query_by_label_contains("FAL-101").is_some());
    assert_eq!(list.query_all_by_label_contains("−1:00 left").count(), 0);
}

#[test]
fn a_line_keeps_its_colour_when_another_one_goes() {
    let theme = Theme::default();
    let mut trends = panel([1000.0, 500.0], move |ui, state: &mut (TrendsState, usize), out| {
        let mut view = sample::trends();
        view.traces.drain(..state.1);
        trends_ui(ui, &view, &mut state.0, &theme, out);
    });
    let pen = |trends: &Harness<'_, ((TrendsState, usize), Vec<UiEvent>)>| trends.state().0.0.pen_of(&signal("p-101a/vibration_de"));
    assert_eq!(pen(&trends), 2);
    trends.state_mut().0.1 = 2;
    trends.run_steps(2);
    assert_eq!(pen(&trends), 2);
}

#[test]
fn the_arrow_keys_walk_and_fold_the_tree() {
    let mut view = sample::tree();
    view.selected = None;
    let theme = Theme::default();
    let mut tree = panel([300.0, 200.0], move |ui, state, out| twin_ui::plant_tree::plant_tree_ui(ui, &view, state, &theme, out));
    tree.get_by_label("TK-101").focus();
    tree.run_steps(2);
    assert_eq!(press(&mut tree, Key::ArrowDown), vec![UiEvent::Select(Some(thing("str-101a")))]);
    assert_eq!(press(&mut tree, Key::ArrowUp), vec![UiEvent::Select(Some(thing("tk-101")))]);
    for _ in 0..13 {
        press(&mut tree, Key::ArrowDown);
    }
    assert_eq!(press(&mut tree, Key::ArrowLeft), vec![UiEvent::Select(Some(thing("area-200")))], "far below the first rows");
    press(&mut tree, Key::ArrowLeft);
    assert!(tree.query_by_label_contains("CT-201").is_none(), "folded");
    press(&mut tree, Key::ArrowRight);
    assert!(tree.query_by_label_contains("CT-201").is_some());
}

#[test]
fn the_fork_stays_in_sight_however_many_knobs_there_are() {
    let theme = Theme::default();
    let view = sample::what_if();
    let bench = panel([400.0, 300.0], move |ui, state, out| twin_ui::what_if::what_if_ui(ui, &view, state, &theme, out));
    assert!(bench.get_by_label("Fork and run ahead").rect().bottom() <= 300.0);
}

#[test]
fn the_tab_key_reaches_every_button_of_every_display_once_a_round() {
    for display in Display::ALL {
        let view = sample::workspace_view();
        let theme = Theme::default();
        let mut window = panel([1920.0, 1080.0], move |ui, workspace: &mut Workspace, out| {
            workspace.set_display(display);
            workspace_ui(ui, workspace, &view, &theme, out);
        });
        let is_enabled = |node: &egui_kittest::Node<'_>| !node.accesskit_node().is_disabled();
        let buttons = window.query_all_by_role(egui::accesskit::Role::Button).filter(is_enabled).count();
        assert!(buttons > 20, "{buttons}");
        let mut round: Vec<u64> = Vec::new();
        loop {
            window.key_press(Key::Tab);
            window.run_steps(1);
            let Some(focused) = window.ctx.memory(|memory| memory.focused()).map(|id| id.value()) else { continue };
            if round.first() == Some(&focused) || round.len() > 2000 {
                break;
            }
            assert!(!round.contains(&focused), "{display:?}: a widget comes twice before the round is over");
            round.push(focused);
        }
        assert!(round.len() >= buttons, "{display:?}: {} of {buttons}", round.len());
    }
}

#[test]
fn twelve_key_signals_stand_in_one_row_and_the_schematic_has_most_of_the_first_display() {
    let mut view = sample::workspace_view();
    let pattern = view.overview.indicators[0].clone();
    view.overview.indicators =
        (0..12).map(|number| twin_ui::faceplate::SignalView { tag: format!("LT-{number}00"), ..pattern.clone() }).collect();
    let window = window(view);
    let rects: Vec<egui::Rect> = (0..12).map(|number| window.get_by_label_contains(&format!("LT-{number}00 ")).rect()).collect();
    assert!(rects.windows(2).all(|pair| pair[0].top() == pair[1].top() && pair[0].right() < pair[1].left()), "{rects:?}");
    let areas = ["Area 100", "Area 200", "Area 300"].map(|name| window.get_by_label_contains(name).rect());
    let bottom = rects.iter().chain(&areas).map(|rect| rect.bottom()).fold(0.0, f32::max);
    let schematic = window.get_by_label("Schematic").rect();
    assert!(bottom < schematic.top(), "nothing has to be scrolled to: {bottom} {schematic:?}");
    let (first, last) = (window.get_by_label_contains("Put aside").rect(), window.get_by_label("Acknowledge all").rect());
    assert!(first.left() > 0.62 * 1600.0 && last.right() < 1600.0, "alarms stand at the right");
    assert!(last.left() > first.right() && (first.top() - last.top()).abs() < 8.0 && first.top() > 600.0, "{first:?} {last:?}");
}

#[test]
fn an_area_says_in_words_what_is_worst_in_it() {
    let theme = Theme::default();
    let view = overview();
    let panel = panel([1576.0, 118.0], move |ui, _: &mut (), out| overview_ui(ui, &view, &theme, out));
    let words = |area: &str| panel.get_by_label_contains(area).accesskit_node().label().unwrap_or_default();
    assert_eq!(words("Area 100"), "Area 100, F Failure 4, Priority 1, unacknowledged 5");
    assert_eq!(words("Area 200"), "Area 200, normal");
    let shapes = panel.output().shapes.iter();
    let texts: Vec<String> = shapes
        .filter_map(|clipped| if let egui::Shape::Text(text) = &clipped.shape { Some(text.galley.text().to_owned()) } else { None })
        .collect();
    assert!(texts.contains(&"Priority 1, unacknowledged".to_owned()) && texts.contains(&"normal".to_owned()), "{texts:?}");
}

#[test]
fn a_passed_limit_stands_beside_the_needle_in_shape_and_ink() {
    let ink = Theme::default().alarm_ink(AlarmClass::Alarm, Some(3));
    let drawn = |value: f64| {
        let mut view = overview();
        let signal = &mut view.indicators[0];
        signal.limits = vec![twin_ui::faceplate::LimitMark { value: 80.0, label: "H".to_owned(), priority: Some(3), is_high: true }];
        signal.range = Some((0.0, 100.0));
        signal.reading = twin_ui::reading::ReadingView::number(value, "°C", 1);
        view.indicators.truncate(1);
        view.areas.clear();
        let theme = Theme::default();
        let panel = panel([400.0, 118.0], move |ui, _: &mut (), out| overview_ui(ui, &view, &theme, out));
        let shapes = panel.output().shapes.iter().map(|clipped| clipped.shape.clone());
        let is_inked = |shape: &egui::Shape| matches!(shape, egui::Shape::Path(path) if path.fill == ink);
        let is_numeral = |shape: &egui::Shape| matches!(shape, egui::Shape::Text(text) if text.galley.text() == "3");
        let shapes: Vec<egui::Shape> = shapes.collect();
        (shapes.iter().any(is_inked), shapes.iter().any(is_numeral))
    };
    assert_eq!(drawn(50.0), (false, false));
    assert_eq!(drawn(90.0), (true, true), "colour never stands alone");
}
