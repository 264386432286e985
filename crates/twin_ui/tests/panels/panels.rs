use crate::sample::{self, signal, thing};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use twin_model::{Action, LaneId, Override};
use twin_ui::alarm_list::{AlarmListState, AlarmListView, alarm_list_ui};
use twin_ui::faceplate::{FaceplateState, FaceplateView, faceplate_ui};
use twin_ui::playhead::{LaneKind, Motion};
use twin_ui::status_bar::PaceView;
use twin_ui::{Panel, Theme, UiEvent};

/// Runs a panel in a window of the given size and hands its events back.
pub fn panel<'a, S: Default + 'a>(
    size: [f32; 2],
    mut show: impl FnMut(&mut egui::Ui, &mut S, &mut Vec<UiEvent>) + 'a,
) -> Harness<'a, (S, Vec<UiEvent>)> {
    let mut harness = Harness::builder()
        .with_size(size)
        .build_ui_state(move |ui, state: &mut (S, Vec<UiEvent>)| show(ui, &mut state.0, &mut state.1), Default::default());
    harness.run_steps(2);
    harness
}

/// Clicks what carries this label and returns the events that came of it.
pub fn click<S>(harness: &mut Harness<'_, (S, Vec<UiEvent>)>, label: &str) -> Vec<UiEvent> {
    harness.state_mut().1.clear();
    harness.get_by_label(label).click();
    harness.run_steps(3);
    std::mem::take(&mut harness.state_mut().1)
}

fn twin(action: Action) -> Vec<UiEvent> {
    vec![UiEvent::Twin(action)]
}

#[test]
fn the_tree_says_what_is_wrong_and_selects_what_is_clicked() {
    let view = sample::tree();
    let theme = Theme::graphite();
    let mut tree = panel([300.0, 800.0], move |ui, state, out| twin_ui::plant_tree::plant_tree_ui(ui, &view, state, &theme, out));
    let pump = "P-101A, S Out of specification, Priority 3, unacknowledged";
    assert_eq!(click(&mut tree, pump), vec![UiEvent::Select(Some(thing("p-101a")))]);
    click(&mut tree, "Fold Area 100");
    assert!(tree.query_by_label(pump).is_none());
    tree.state_mut().0.filter = "feed pump".to_owned();
    tree.run_steps(2);
    assert!(tree.query_by_label(pump).is_some(), "a filter finds what is folded away");
    assert!(tree.query_by_label("TK-101").is_none());
}

fn faceplate(view: FaceplateView) -> Harness<'static, (FaceplateState, Vec<UiEvent>)> {
    let theme = Theme::graphite();
    panel([430.0, 900.0], move |ui, state, out| faceplate_ui(ui, Some(&view), state, &theme, out))
}

#[test]
fn a_stale_value_never_looks_fresh() {
    let face = faceplate(sample::faceplate());
    assert!(face.query_by_label("86.4 °C").is_some(), "a fresh value stands alone");
    assert!(face.query_by_label("0.224 barg").is_none());
    assert!(face.query_by_label("0.224 barg U stale: last usable value, 48 s").is_some());
    assert!(face.query_by_label("stale 48 s").is_some());
    assert!(face.query_by_label("— B sensor failure").is_some(), "Bad carries no value");
    assert!(face.query_by_label_contains("S Out of specification: drive-end bearing").is_some());
}

#[test]
fn a_value_of_another_plant_carries_the_sim_mark() {
    let mut view = sample::faceplate();
    view.lane_kind = LaneKind::Exercise;
    for signal in &mut view.signals {
        signal.reading.is_simulated = true;
    }
    let face = faceplate(view);
    assert!(face.query_by_label("EXERCISE").is_some());
    assert!(face.query_by_label("86.4 °C SIM").is_some());
    assert!(face.query_by_label("86.4 °C").is_none());
}

#[test]
fn the_faceplate_leads_to_place_trend_document_and_acknowledgement() {
    let mut face = faceplate(sample::faceplate());
    assert_eq!(click(&mut face, "Fly to"), vec![UiEvent::FlyTo(thing("p-101a"))]);
    assert_eq!(click(&mut face, "Watch VT-111A"), vec![UiEvent::WatchTrend(signal("p-101a/vibration_de"))]);
    assert_eq!(click(&mut face, "Unwatch TT-111A"), vec![UiEvent::UnwatchTrend(signal("p-101a/bearing_temp_de"))]);
    let path = "documents/p-101-datasheet.pdf".to_owned();
    assert_eq!(click(&mut face, "Datasheet"), vec![UiEvent::OpenDocument { thing: thing("p-101a"), path }]);
    let acknowledge = Action::Acknowledge { lane: LaneId::LIVE, alarm: "TAH-111A".to_owned() };
    assert_eq!(click(&mut face, "Acknowledge"), twin(acknowledge));
}

fn alarm_list(view: AlarmListView) -> Harness<'static, (AlarmListState, Vec<UiEvent>)> {
    let theme = Theme::graphite();
    panel([900.0, 400.0], move |ui, state, out| alarm_list_ui(ui, &view, state, &theme, out))
}

#[test]
fn an_alarm_is_acknowledged_from_the_list() {
    let mut list = alarm_list(AlarmListView { alarms: sample::alarms(), ..AlarmListView::default() });
    let acknowledge = Action::Acknowledge { lane: LaneId::LIVE, alarm: "LAHH-101".to_owned() };
    assert_eq!(click(&mut list, "Acknowledge LAHH-101"), twin(acknowledge));
    let row = "TAH-111A Bearing DE temperature high, Priority 3, unacknowledged, 86.4 °C";
    assert_eq!(click(&mut list, row), vec![UiEvent::Select(Some(thing("p-101a")))]);
    assert_eq!(click(&mut list, "Acknowledge all"), twin(Action::AcknowledgeAll { lane: LaneId::LIVE }));
    assert!(list.query_by_label_contains("VAH-111A").is_none(), "alerts have a list of their own");
}

#[test]
fn shelving_needs_a_reason() {
    let mut list = alarm_list(AlarmListView { alarms: vec![sample::hot_bearing()], ..AlarmListView::default() });
    click(&mut list, "Shelve…");
    assert!(click(&mut list, "Shelve").is_empty());
    list.state_mut().0.shelving.as_mut().unwrap().reason = " sensor under test ".to_owned();
    list.run_steps(2);
    let shelve = Action::Shelve { lane: LaneId::LIVE, alarm: "TAH-111A".to_owned(), minutes: 30, reason: "sensor under test".to_owned() };
    assert_eq!(click(&mut list, "Shelve"), twin(shelve));
    assert!(list.state().0.shelving.is_none());
}

#[test]
fn an_alarm_list_away_from_the_live_moment_is_framed_as_history() {
    let view = AlarmListView { alarms: sample::alarms(), lane_name: "Unit 100".to_owned(), ..AlarmListView::default() };
    assert!(alarm_list(view.clone()).query_by_label_contains("HISTORY").is_none());
    let mut list = alarm_list(AlarmListView { history_at: Some(sample::time("12:10:00")), ..view });
    assert!(list.query_by_label("HISTORY · Unit 100 · 2026-01-31 12:10:00").is_some());
    assert_eq!(click(&mut list, "Return to live"), twin(Action::SwitchLane(LaneId::LIVE)));
}

#[test]
fn an_alarm_of_a_story_is_acknowledged_and_reached_on_its_own_lane() {
    let mut view = sample::strip();
    view.newest[0].lane = LaneId(3);
    let tag = view.newest[0].tag.clone();
    let theme = Theme::graphite();
    let mut strip = panel([1400.0, 40.0], move |ui, _: &mut (), out| twin_ui::alarm_strip::alarm_strip_ui(ui, &view, &theme, out));
    let acknowledge = Action::Acknowledge { lane: LaneId(3), alarm: tag.clone() };
    assert_eq!(click(&mut strip, &format!("Acknowledge {tag}")), twin(acknowledge));
}

#[test]
fn the_strip_jumps_from_the_alarm_to_its_place_in_one_click() {
    let theme = Theme::graphite();
    let view = twin_ui::alarm_strip::AlarmStripView { is_view_away: true, followed: None, ..sample::strip() };
    let mut strip = panel([1400.0, 40.0], move |ui, _: &mut (), out| twin_ui::alarm_strip::alarm_strip_ui(ui, &view, &theme, out));
    assert!(strip.query_by_label("Priority 3: 1 active, 2 unacknowledged").is_some());
    let events = click(&mut strip, "Jump to LAHH-101  Surge drum overfilling, feed stopped · V-101");
    assert_eq!(
        events,
        vec![
            UiEvent::Twin(Action::SwitchLane(LaneId::LIVE)),
            UiEvent::Select(Some(thing("v-101"))),
            UiEvent::FlyTo(thing("v-101")),
            UiEvent::OpenPanel(Panel::Faceplate),
        ]
    );
    assert_eq!(click(&mut strip, "Silence the horn"), twin(Action::SilenceHorn));
    assert_eq!(click(&mut strip, "Return to live"), twin(Action::SwitchLane(LaneId::LIVE)));
}

#[test]
fn a_strip_without_a_connection_says_that_it_is_blind() {
    let theme = Theme::graphite();
    let connection = twin_model::SourceState::Down { reason: "The broker refused the password.".to_owned() };
    let view = twin_ui::alarm_strip::AlarmStripView { connection, newest: vec![], ..sample::strip() };
    let strip = panel([1400.0, 40.0], move |ui, _: &mut (), out| twin_ui::alarm_strip::alarm_strip_ui(ui, &view, &theme, out));
    assert!(strip.query_by_label("No live data").is_some());
}

#[test]
fn the_status_bar_names_lane_instant_and_motion() {
    let theme = Theme::graphite();
    let mut view = sample::status();
    view.playhead.motion = Motion::Paused;
    let one = twin_ui::status_bar::StatusView { problems: 1, ..view.clone() };
    let quiet = panel([1400.0, 30.0], move |ui, _: &mut (), out| twin_ui::status_bar::status_bar_ui(ui, &one, &Theme::graphite(), out));
    assert!(quiet.query_by_label("1 problem").is_some());
    let mut bar = panel([1400.0, 30.0], move |ui, _: &mut (), out| twin_ui::status_bar::status_bar_ui(ui, &view, &theme, out));
    assert!(bar.query_by_label("Unit 100 · 2026-01-31 13:24:10 UTC · paused").is_some());
    assert!(bar.query_by_label("HISTORY").is_some(), "a paused live lane is not live");
    assert_eq!(click(&mut bar, "2 problems"), vec![UiEvent::OpenPanel(Panel::Problems)]);
}

#[test]
fn the_status_bar_tells_when_the_model_does_not_keep_up_and_what_it_skipped() {
    for (behind_secs, lost_secs, words) in [(0.0, 0.0, "1.0×simulated"), (90.0, 3600.0, "behindsimulated"), (0.5, 3600.0, "lostsimulated")]
    {
        let pace = PaceView { real_time_factor: Some(1.0), behind_secs, lost_secs };
        let view = twin_ui::status_bar::StatusView { pace: Some(pace), ..sample::status() };
        let bar = panel([1280.0, 30.0], move |ui, _: &mut (), out| twin_ui::status_bar::status_bar_ui(ui, &view, &Theme::graphite(), out));
        let said = bar.get_by_label_contains(words).rect();
        let problems = bar.get_by_label("2 problems").rect();
        assert!(said.left() > problems.right(), "{words}: the two ends of the bar run into each other");
    }
}

#[test]
fn the_timeline_pauses_scrubs_and_returns() {
    let theme = Theme::graphite();
    let view = sample::timeline();
    let mut paused = view.clone();
    paused.playhead.motion = Motion::Paused;
    let with_theme = theme.clone();
    let mut line = panel([1200.0, 120.0], move |ui, state, out| twin_ui::timeline::timeline_ui(ui, &view, state, &with_theme, out));
    assert_eq!(click(&mut line, "Pause"), twin(Action::Pause));
    assert!(click(&mut line, "Live").is_empty(), "it is live already");
    let scrub = click(&mut line, "Playhead");
    let [UiEvent::Twin(Action::Seek(instant)), ..] = scrub.as_slice() else { panic!("a click on the track seeks: {scrub:?}") };
    let middle = sample::time("10:42:05");
    assert!((*instant - middle).abs() < 600.0, "the middle of the track is the middle of the lane, not {instant}");
    let mut line = panel([1200.0, 120.0], move |ui, state, out| twin_ui::timeline::timeline_ui(ui, &paused, state, &theme, out));
    assert_eq!(click(&mut line, "Play"), twin(Action::Play { speed: 1.0 }));
    assert_eq!(click(&mut line, "Live"), twin(Action::Follow));
}

#[test]
fn trends_take_signals_out_and_mark_a_branch_as_simulated() {
    let theme = Theme::graphite();
    let mut view = sample::trends();
    view.lane_kind = LaneKind::Branch;
    view.fork = Some(sample::time("13:10:00"));
    let mut trends = panel([1000.0, 500.0], move |ui, state, out| twin_ui::trends::trends_ui(ui, &view, state, &theme, out));
    assert!(trends.query_by_label("SIM").is_some());
    assert!(trends.query_by_label("0.224 barg U stale: last usable value, 48 s").is_some());
    assert_eq!(click(&mut trends, "Unwatch VT-111A"), vec![UiEvent::UnwatchTrend(signal("p-101a/vibration_de"))]);
    click(&mut trends, "2 h");
    let (from, to) = trends.state().0.window(sample::now());
    assert!((to - from - 7200.0).abs() < 1.0);
    assert!(trends.state().0.end.is_none(), "another width still follows the playhead");
}

#[test]
fn a_turned_knob_becomes_an_override_of_a_new_branch() {
    let theme = Theme::graphite();
    let view = sample::what_if();
    let mut bench = panel([460.0, 1000.0], move |ui, state, out| twin_ui::what_if::what_if_ui(ui, &view, state, &theme, out));
    click(&mut bench, "Switch P-101B");
    bench.state_mut().0.pending.insert("FIC-101.OP".to_owned(), 60.0);
    bench.run_steps(2);
    assert!(bench.query_by_label("FV-101 opening 78.3 → 60.0 %").is_some());
    assert!(bench.query_by_label("FIC-101 goes to MAN in this branch").is_some());
    let fork = Action::Fork {
        lane: LaneId::LIVE,
        at: None,
        name: "P-101B".to_owned(),
        overrides: vec![Override::Duty { drive: "P-101B".to_owned() }, Override::Output { controller: "FIC-101".to_owned(), value: 60.0 }],
        horizon_secs: 3600.0,
    };
    assert_eq!(click(&mut bench, "Fork and run ahead"), twin(fork));
    assert!(bench.state().0.pending.is_empty());
}

#[test]
fn a_branch_says_what_gets_better_and_worse_in_words() {
    let theme = Theme::graphite();
    let view = sample::what_if();
    let mut bench = panel([460.0, 1000.0], move |ui, state, out| twin_ui::what_if::what_if_ui(ui, &view, state, &theme, out));
    assert!(bench.query_by_label("Throughput 38.2 → 90.0 m³ better").is_some());
    assert!(bench.query_by_label("Energy 6.1 → 14.3 kWh worse").is_some());
    assert!(bench.query_by_label("PIC-101 in MAN in this branch").is_some());
    assert!(bench.query_by_label("SIM").is_some());
    assert_eq!(click(&mut bench, "Show in scene P-101B duty"), twin(Action::SwitchLane(LaneId(2))));
    assert_eq!(click(&mut bench, "Compare P-101B duty"), twin(Action::Compare(None)));
    assert_eq!(click(&mut bench, "Run 30 min further"), twin(Action::RunAhead { lane: LaneId(2), secs: 1800.0 }));
    assert_eq!(click(&mut bench, "Discard P-101B duty"), twin(Action::Discard { lane: LaneId(2) }));
}

#[test]
fn a_story_is_started_paused_repaired_and_stopped() {
    let theme = Theme::graphite();
    let view = sample::stories();
    let mut stories = panel([430.0, 700.0], move |ui, state, out| twin_ui::stories::stories_ui(ui, &view, state, &theme, out));
    let start = Action::StartStory { name: "level-lies".to_owned(), severity: 0.5, speed: None };
    assert_eq!(click(&mut stories, "Play A level that lies"), twin(start));
    assert_eq!(click(&mut stories, "Pause the story"), twin(Action::StorySpeed { speed: 0.0 }));
    assert_eq!(click(&mut stories, "Slower"), twin(Action::StorySpeed { speed: 120.0 }));
    assert_eq!(click(&mut stories, "Repair the fault"), twin(Action::ClearStory));
    assert_eq!(click(&mut stories, "Stop the story"), twin(Action::StopStory));
    assert_eq!(click(&mut stories, "Show this plant in the scene"), twin(Action::SwitchLane(LaneId(1))));
}

#[test]
fn a_problem_says_where_it_is_what_is_wrong_and_what_to_do() {
    let theme = Theme::graphite();
    let view = sample::workspace_view().problems;
    let expected: Vec<String> = view.problems.iter().map(|p| format!("{}: {} {}", p.place, p.message, p.hint)).collect();
    assert!(!expected.is_empty());
    let list = panel([900.0, 300.0], move |ui, _: &mut (), _| twin_ui::problem_list::problem_list_ui(ui, &view, &theme));
    for words in &expected {
        assert!(list.query_by_label(words).is_some(), "{words}");
    }
    let empty = twin_ui::problem_list::ProblemListView::default();
    let theme = Theme::graphite();
    let list = panel([900.0, 300.0], move |ui, _: &mut (), _| twin_ui::problem_list::problem_list_ui(ui, &empty, &theme));
    assert!(expected.iter().all(|words| list.query_by_label(words).is_none()));
}
