use crate::panels::{click, panel};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use twin_model::TwinTime;
use twin_ui::lane_frame::lane_frame_ui;
use twin_ui::playhead::{LaneKind, Motion, PlayheadView};
use twin_ui::toasts::{MOST_SHOWN, ToastSeverity, ToastView, Toasts, toasts_ui};
use twin_ui::{Theme, UiEvent, controls};

type Toaster = Harness<'static, (Toasts, Vec<UiEvent>)>;

fn toaster() -> Toaster {
    let theme = Theme::default();
    panel([900.0, 700.0], move |ui, toasts: &mut Toasts, out| {
        let scene = ui.max_rect();
        toasts_ui(ui, scene, toasts, &theme, out);
    })
}

fn push(harness: &mut Toaster, key: &str, severity: ToastSeverity, text: &str) {
    let view = ToastView { key: key.to_owned(), severity, text: text.to_owned(), action: Some(("Show".to_owned(), UiEvent::Home)) };
    harness.state_mut().0.push(view);
    harness.run_steps(2);
}

/// Lets this time of the input pass.
fn wait(harness: &mut Toaster, secs: f64) {
    let until = harness.ctx.input(|input| input.time) + secs;
    while harness.ctx.input(|input| input.time) < until {
        harness.run_steps(1);
    }
}

#[test]
fn information_goes_by_itself_and_an_error_stays_until_it_is_dismissed() {
    let mut toasts = toaster();
    push(&mut toasts, "saved", ToastSeverity::Info, "Layout saved.");
    push(&mut toasts, "document", ToastSeverity::Error, "The document is missing.");
    assert!(toasts.query_by_label("Note: Layout saved.").is_some());
    wait(&mut toasts, 8.0);
    assert!(toasts.query_by_label("Note: Layout saved.").is_none());
    wait(&mut toasts, 60.0);
    assert!(toasts.query_by_label("Error: The document is missing.").is_some());
    click(&mut toasts, "Dismiss: The document is missing.");
    assert!(toasts.query_by_label("Error: The document is missing.").is_none());
}

#[test]
fn what_happens_again_counts_up_and_does_what_its_button_says() {
    let mut toasts = toaster();
    for _ in 0..3 {
        push(&mut toasts, "refused", ToastSeverity::Warning, "A viewer may not acknowledge.");
    }
    assert!(toasts.query_by_label("Warning: A viewer may not acknowledge., 3 times").is_some());
    assert_eq!(click(&mut toasts, "Show"), vec![UiEvent::Home]);
    assert!(toasts.state().0.is_empty());
}

#[test]
fn no_more_than_four_stand_and_an_error_is_never_among_those_that_wait() {
    let mut toasts = toaster();
    push(&mut toasts, "first", ToastSeverity::Error, "First.");
    for number in 0..8 {
        push(&mut toasts, &number.to_string(), ToastSeverity::Info, &format!("Number {number}."));
    }
    let shown = (0..8).filter(|number| toasts.query_by_label(&format!("Note: Number {number}.")).is_some()).count();
    assert_eq!(shown + 1, MOST_SHOWN);
    assert!(toasts.query_by_label("Error: First.").is_some());
}

fn framed(kind: LaneKind, motion: Motion) -> Vec<String> {
    let theme = Theme::default();
    let time = TwinTime::parse("2026-01-31T12:31:05Z").unwrap_or_default();
    let head = PlayheadView { kind, motion, time, head: time.plus_secs(240.0), lane_name: "bearing-wear".to_owned(), ..Default::default() };
    let frame: Harness<'_, ((), Vec<UiEvent>)> = panel([900.0, 500.0], move |ui, (), _| {
        let rect = ui.max_rect();
        lane_frame_ui(ui, rect, &head, &theme);
    });
    let found = frame.query_all_by_label_contains("12:31:05").map(|node| node.accesskit_node().value().unwrap_or_default());
    found.collect()
}

#[test]
fn a_scene_that_is_not_the_plant_as_it_is_says_so() {
    assert_eq!(framed(LaneKind::Live, Motion::Following), Vec::<String>::new());
    assert_eq!(framed(LaneKind::Live, Motion::Paused), ["HISTORY 12:31:05 UTC · 4 min ago"]);
    assert_eq!(framed(LaneKind::Live, Motion::Playing(4.0)), ["HISTORY 12:31:05 UTC · 4 min ago · 4×"]);
    assert_eq!(framed(LaneKind::Exercise, Motion::Following), ["EXERCISE 12:31:05 UTC · bearing-wear"]);
    assert_eq!(framed(LaneKind::Branch, Motion::Following), ["SIM 12:31:05 UTC · bearing-wear"]);
    assert_eq!(framed(LaneKind::Recording, Motion::Paused), ["RECORDING 12:31:05 UTC · 4 min ago · bearing-wear"]);
}

#[test]
fn what_is_missing_late_or_wrong_is_said_in_words() {
    let theme = Theme::default();
    let states: Harness<'_, (u8, Vec<UiEvent>)> = panel([400.0, 500.0], move |ui, chosen: &mut u8, _| {
        controls::loading(ui, "Reading the history", &theme);
        controls::error_state(ui, "The scene could not be read.", "Check the file with `didymos check`.", &theme);
        controls::stale(ui, 48.0, &theme);
        controls::key_value(ui, "Head", "31.4", "m", &theme);
        controls::segmented(ui, chosen, &[(0, "Scene"), (1, "Schematic")], &theme);
    });
    for words in ["The scene could not be read.", "Check the file with `didymos check`.", "stale · age 48 s", "Head 31.4 m"] {
        assert!(states.query_by_label(words).is_some(), "{words}");
    }
    assert!(states.query_all_by_label("Reading the history").count() > 0);
    let mut states = states;
    click(&mut states, "Schematic");
    assert_eq!(states.state().0, 1);
}

#[test]
fn the_legend_of_health_is_there_however_small_the_scene() {
    for size in [[900.0, 500.0], [160.0, 90.0]] {
        let theme = Theme::default();
        let legend: Harness<'_, ((), Vec<UiEvent>)> = panel(size, move |ui, (), _| {
            let rect = ui.max_rect();
            twin_ui::legend::legend_ui(ui, rect, &theme);
        });
        for state in ["F Failure", "C Function check", "S Out of specification", "M Maintenance required"] {
            let mark = legend.query_by_label(state);
            assert!(mark.is_some_and(|mark| legend.ctx.content_rect().contains_rect(mark.rect())), "{state} at {size:?}");
        }
    }
}

#[test]
fn the_tab_key_reaches_every_button_of_the_window() {
    let view = crate::sample::workspace_view();
    let theme = Theme::default();
    let mut window = panel([1920.0, 1080.0], move |ui, workspace: &mut twin_ui::Workspace, out| {
        twin_ui::workspace_ui(ui, workspace, &view, &theme, out);
    });
    let is_enabled = |node: &egui_kittest::Node<'_>| !node.accesskit_node().is_disabled();
    let buttons = window.query_all_by_role(egui::accesskit::Role::Button).filter(is_enabled).count();
    assert!(buttons > 20, "{buttons}");
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..buttons * 4 {
        window.key_press(egui::Key::Tab);
        window.run_steps(1);
        reached.extend(window.ctx.memory(|memory| memory.focused()).map(|id| id.value()));
    }
    assert!(reached.len() >= buttons, "{} of {buttons}", reached.len());
}
