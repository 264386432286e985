use crate::panels::{click, panel};
use crate::sample::{self, time};
use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, TouchPhase, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use twin_model::{Action, LaneId, TwinTime};
use twin_ui::playhead::{LaneKind, Motion};
use twin_ui::timeline::{AlarmTick, BranchBar, Density, Forecast, Gap, Mark, NoteMark, TimelineState, TimelineView, height, timeline_ui};
use twin_ui::{Theme, UiEvent, Workspace, WorkspaceView, workspace_ui};

type Line = Harness<'static, (TimelineState, Vec<UiEvent>)>;

/// A timeline with something on every layer.
fn full_timeline() -> TimelineView {
    let mark = |at: &str, text: &str| Mark { time: time(at), text: text.to_owned() };
    let branch = |lane, name: &str, from: &str, to: &str, horizon: &str| BranchBar {
        lane: LaneId(lane),
        name: name.to_owned(),
        from: time(from),
        to: time(to),
        horizon: time(horizon),
        ..BranchBar::default()
    };
    let buckets = (0..400).map(|index| if (150..170).contains(&index) { 0.0 } else { 0.5 + 0.4 * (index as f32 * 0.13).sin() }).collect();
    TimelineView {
        density: Density { from: time("08:00:00"), to: sample::now(), buckets },
        gaps: vec![Gap { from: time("10:01:30"), to: time("10:17:42"), reason: "the broker was unreachable".to_owned() }],
        actions: vec![mark("09:30:00", "FIC-101 set point 38.0 → 40.0 m³/h"), mark("12:12:00", "LAHH-101 acknowledged")],
        bookmarks: vec![mark("11:41:00", "First vibration")],
        notes: vec![NoteMark { from: time("12:20:00"), to: time("12:50:00"), text: "Strainer cleaned".to_owned() }],
        branches: vec![
            branch(2, "P-101B duty", "12:40:00", "13:40:00", "14:10:00"),
            branch(4, "slow ramp", "13:20:00", "13:30:00", "14:20:00"),
        ],
        forecast: Some(Forecast { to: time("14:24:00"), expected: vec![mark("14:02:00", "V-101 level high")] }),
        selected_name: "P-101A".to_owned(),
        ..sample::timeline()
    }
}

/// Sixty frames a second: two clicks in a row are a double click.
fn line(view: TimelineView) -> Line {
    line_of(view, 1300.0)
}

fn line_of(view: TimelineView, width: f32) -> Line {
    let theme = Theme::graphite();
    let mut line = Harness::builder().with_size([width, 500.0]).with_step_dt(1.0 / 60.0).build_ui_state(
        move |ui, state: &mut (TimelineState, Vec<UiEvent>)| timeline_ui(ui, &view, &mut state.0, &theme, &mut state.1),
        Default::default(),
    );
    line.run_steps(2);
    line
}

fn paused(view: TimelineView) -> TimelineView {
    let mut view = view;
    view.playhead.motion = Motion::Paused;
    view.playhead.time = time("12:00:00");
    view
}

fn events(line: &mut Line) -> Vec<UiEvent> {
    line.run_steps(2);
    std::mem::take(&mut line.state_mut().1)
}

/// The place of the bar at this share of the track.
fn place(line: &Line, share: f32) -> Pos2 {
    let track = line.get_by_label("Playhead").rect();
    pos2(track.left() + track.width() * share, track.top() + 28.0)
}

fn seconds_apart(a: TwinTime, b: TwinTime) -> f64 {
    (a - b).abs()
}

/// Drags over the track, with a button and modifiers.
fn drag(line: &mut Line, from: f32, to: f32, button: PointerButton, modifiers: Modifiers) -> Vec<UiEvent> {
    line.state_mut().1.clear();
    let (from, to) = (place(line, from), place(line, to));
    let press = |pos, pressed| Event::PointerButton { pos, button, pressed, modifiers };
    line.event(Event::PointerMoved(from));
    line.event(Event::ModifiersChanged(modifiers));
    line.event(press(from, true));
    for step in 1..=4 {
        line.event(Event::PointerMoved(from + (to - from) * (step as f32 / 4.0)));
    }
    line.event(press(to, false));
    line.event(Event::ModifiersChanged(Modifiers::NONE));
    events(line)
}

fn wheel(line: &mut Line, share: f32, points: f32) {
    line.event(Event::PointerMoved(place(line, share)));
    line.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, points),
        phase: TouchPhase::Move,
        modifiers: Modifiers::NONE,
    });
    line.run_steps(20);
}

fn typed(line: &mut Line, text: &str) -> Vec<UiEvent> {
    let clock = line.get_by_label_contains(", Go to a time");
    clock.click();
    line.run_steps(3);
    line.get_by_label("Go to a time").type_text(text);
    line.run_steps(2);
    line.key_press(Key::Enter);
    events(line)
}

#[test]
fn everything_on_the_timeline_has_a_name() {
    let line = line(full_timeline());
    for label in
        ["No data 10:01:30 – 10:17:42: the broker was unreachable", "Bookmark First vibration", "Note Strainer cleaned", "SIM P-101B duty"]
    {
        assert!(line.query_by_label(label).is_some(), "{label}");
    }
}

#[test]
fn a_bookmark_leads_to_its_instant_and_a_branch_to_its_lane() {
    let mut line = line(full_timeline());
    assert_eq!(click(&mut line, "Bookmark First vibration"), [UiEvent::Twin(Action::Seek(time("11:41:00")))]);
    assert_eq!(click(&mut line, "Note Strainer cleaned"), [UiEvent::Twin(Action::Seek(time("12:20:00")))]);
    assert_eq!(click(&mut line, "SIM slow ramp"), [UiEvent::Twin(Action::SwitchLane(LaneId(4)))]);
}

#[test]
fn branches_stand_below_one_another_from_where_they_leave_the_lane() {
    let line = line(full_timeline());
    let (first, second) = (line.get_by_label("SIM P-101B duty").rect(), line.get_by_label("SIM slow ramp").rect());
    assert!(first.bottom() <= second.top() + 0.5, "{first:?} {second:?}");
    let mut many = full_timeline();
    let branch = many.branches[0].clone();
    many.branches = (0..40).map(|index| BranchBar { name: format!("{index}"), ..branch.clone() }).collect();
    assert!(height(&many) < height(&TimelineView::default()) + 60.0, "forty branches do not push the scene away");
}

#[test]
fn the_wheel_zooms_at_the_pointer_and_a_double_click_shows_everything() {
    let view = paused(full_timeline());
    let mut line = line(view.clone());
    let everything = line.state().0.window(&view);
    let under = |line: &Line| {
        let (from, to) = line.state().0.window(&view);
        from.plus_secs(to.secs_since(from) * 0.4)
    };
    let before = under(&line);
    wheel(&mut line, 0.4, 400.0);
    let (from, to) = line.state().0.window(&view);
    assert!(to - from < (everything.1 - everything.0) * 0.5, "{from} {to}");
    // The track ends a little inside of what answers to the pointer.
    assert!(seconds_apart(under(&line), before) < (to - from) * 0.01, "{} {before}", under(&line));
    for _ in 0..40 {
        wheel(&mut line, 0.4, 400.0);
    }
    let (from, to) = line.state().0.window(&view);
    assert!(to - from < 3.0, "down to seconds");
    for _ in 0..80 {
        wheel(&mut line, 0.4, -400.0);
    }
    let (from, to) = line.state().0.window(&view);
    assert!(to - from > 300.0 * 86_400.0, "up to months");
    let place = place(&line, 0.5);
    line.hover_at(place);
    for pressed in [true, false, true, false] {
        line.event(Event::PointerButton { pos: place, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE });
    }
    let told = events(&mut line);
    assert!(line.state().0.shows_everything());
    assert_eq!(told.last(), Some(&UiEvent::Twin(Action::Seek(time("12:00:00")))), "the playhead is where it was: {told:?}");
}

#[test]
fn a_double_click_while_live_leaves_the_view_live() {
    let mut line = line(sample::timeline());
    let place = place(&line, 0.3);
    line.hover_at(place);
    for pressed in [true, false, true, false] {
        line.event(Event::PointerButton { pos: place, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE });
    }
    assert_eq!(events(&mut line).last(), Some(&UiEvent::Twin(Action::Follow)));
}

#[test]
fn a_drag_seeks_and_never_leaves_the_lane() {
    let view = paused(sample::timeline());
    let mut line = line(view.clone());
    let told = drag(&mut line, 0.2, 0.5, PointerButton::Primary, Modifiers::NONE);
    let times: Vec<TwinTime> = told
        .iter()
        .map(|event| match event {
            UiEvent::Twin(Action::Seek(time)) => *time,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(times.is_sorted() && times.len() >= 3, "{times:?}");
    let (from, to) = line.state().0.window(&view);
    assert!(seconds_apart(times[times.len() - 1], from.plus_secs((to - from) * 0.5)) < 60.0);
    let beyond = drag(&mut line, 0.9, 0.999, PointerButton::Primary, Modifiers::NONE);
    assert_eq!(beyond.last(), Some(&UiEvent::Twin(Action::Seek(sample::now()))), "the future cannot be shown");
}

#[test]
fn the_live_button_brings_a_window_back_that_was_moved_away() {
    let view = sample::timeline();
    let mut line = line(view.clone());
    wheel(&mut line, 0.2, 600.0);
    assert!(line.state().0.window(&view).1 < sample::now(), "now is out of sight");
    assert_eq!(click(&mut line, "Live"), []);
    let (from, to) = line.state().0.window(&view);
    assert!(from < sample::now() && sample::now() < to);
}

#[test]
fn the_middle_and_the_secondary_button_and_shift_move_the_window_and_not_the_playhead() {
    let view = paused(sample::timeline());
    for (button, modifiers) in
        [(PointerButton::Middle, Modifiers::NONE), (PointerButton::Secondary, Modifiers::NONE), (PointerButton::Primary, Modifiers::SHIFT)]
    {
        let mut line = line(view.clone());
        wheel(&mut line, 0.5, 400.0);
        let (from, to) = line.state().0.window(&view);
        assert_eq!(drag(&mut line, 0.5, 0.6, button, modifiers), [], "{button:?}");
        let (from_after, to_after) = line.state().0.window(&view);
        assert!((to_after - from_after - (to - from)).abs() < 1e-3);
        let moved = from - from_after;
        assert!((moved / (to - from) - 0.1).abs() < 0.02, "{button:?} {moved}");
    }
}

#[test]
fn a_drag_with_alt_selects_a_range_that_is_looped_saved_noted_and_cleared() {
    let mut line = line(paused(sample::timeline()));
    let told = drag(&mut line, 0.5, 0.3, PointerButton::Primary, Modifiers::ALT);
    let [UiEvent::LoopRange(Some((from, to)))] = told.as_slice() else { panic!("{told:?}") };
    assert!(from < to, "also when it was dragged from right to left");
    let (from, to) = (*from, *to);
    assert!(line.query_by_label_contains("Range ").is_some());
    assert_eq!(click(&mut line, "Save the range as incident package"), [UiEvent::SavePackage { from, to }]);
    click(&mut line, "Write a note on the range");
    line.get_by_label("Text of the note").type_text("Pump ran dry");
    line.run_steps(2);
    line.key_press(Key::Enter);
    assert_eq!(events(&mut line), [UiEvent::AddNote { from, to, text: "Pump ran dry".to_owned() }]);
    assert_eq!(click(&mut line, "Clear the range"), [UiEvent::LoopRange(None)]);
    assert!(line.query_by_label_contains("Range ").is_none());
}

#[test]
fn a_range_can_be_selected_without_a_keyboard() {
    let mut line = line(paused(sample::timeline()));
    click(&mut line, "Select a range: then drag on the track, or drag with Alt");
    let told = drag(&mut line, 0.3, 0.4, PointerButton::Primary, Modifiers::NONE);
    assert!(matches!(told.as_slice(), [UiEvent::LoopRange(Some(_))]), "{told:?}");
    let next = drag(&mut line, 0.3, 0.4, PointerButton::Primary, Modifiers::NONE);
    assert!(matches!(next.first(), Some(UiEvent::Twin(Action::Seek(_)))), "the next drag seeks again: {next:?}");
}

#[test]
fn a_loop_says_that_it_is_one() {
    let mut view = paused(sample::timeline());
    view.loop_range = Some((time("10:00:00"), time("10:20:00")));
    assert!(line(view).query_by_label("Loop 10:00:00 – 10:20:00 · 20 min").is_some());
}

#[test]
fn in_a_narrow_window_the_range_does_not_run_into_the_clock() {
    for width in [900.0, 1000.0, 1300.0] {
        let mut view = paused(full_timeline());
        view.loop_range = Some((time("08:10:00").plus_secs(-86_400.0), time("10:20:00")));
        let mut line = line_of(view, width);
        let clear = line.get_by_label("Clear the range").rect();
        let clock = line.get_by_label_contains(", Go to a time").rect();
        // The room for the distance from the newest instant stands left of the clock.
        assert!(clear.right() + 76.0 < clock.left(), "{width}: {clear:?} {clock:?}");
        click(&mut line, "Bookmark this instant");
        let field = line.get_by_label("Name of the bookmark").rect();
        assert!(field.right() + 76.0 < clock.left(), "{width}: {field:?} {clock:?}");
    }
}

#[test]
fn a_bookmark_has_the_name_that_was_typed_or_else_its_time() {
    let mut line = line(paused(sample::timeline()));
    click(&mut line, "Bookmark this instant");
    line.get_by_label("Name of the bookmark").type_text(" leak found ");
    line.run_steps(2);
    line.key_press(Key::Enter);
    let at = time("12:00:00");
    assert_eq!(events(&mut line), [UiEvent::AddBookmark { time: at, text: "leak found".to_owned() }]);
    click(&mut line, "Bookmark this instant");
    line.key_press(Key::Enter);
    assert_eq!(events(&mut line), [UiEvent::AddBookmark { time: at, text: "2026-01-31 12:00:00".to_owned() }]);
    click(&mut line, "Bookmark this instant");
    line.key_press(Key::Escape);
    assert_eq!(events(&mut line), []);
    assert!(line.query_by_label("Name of the bookmark").is_none());
}

#[test]
fn speeds_reach_from_a_tenth_to_a_thousand() {
    let mut line = line(paused(sample::timeline()));
    click(&mut line, "1×");
    assert!(line.query_by_label("0.25×").is_some());
    assert_eq!(click(&mut line, "1000×"), [UiEvent::Twin(Action::Play { speed: 1000.0 })]);
    click(&mut line, "1×");
    assert_eq!(click(&mut line, "0.1×"), [UiEvent::Twin(Action::Play { speed: 0.1 })]);
}

#[test]
fn one_steps_through_events_and_through_changes_of_the_selected_thing() {
    let mut line = line(full_timeline());
    assert_eq!(click(&mut line, "Next alarm event"), [UiEvent::Twin(Action::StepEvent { forward: true })]);
    assert_eq!(click(&mut line, "Previous change of P-101A"), [UiEvent::StepChange { forward: false }]);
    assert_eq!(click(&mut line, "Next change of P-101A"), [UiEvent::StepChange { forward: true }]);
    line.get_by_label("Next alarm event").click_modifiers(Modifiers::SHIFT);
    assert_eq!(events(&mut line), [UiEvent::StepChange { forward: true }]);
}

#[test]
fn without_a_selection_there_are_no_changes_to_step_through() {
    let mut line = line(sample::timeline());
    assert_eq!(click(&mut line, "Next change of …"), []);
    line.get_by_label("Next alarm event").click_modifiers(Modifiers::SHIFT);
    assert_eq!(events(&mut line), [UiEvent::Twin(Action::StepEvent { forward: true })]);
}

#[test]
fn a_typed_time_moves_the_playhead() {
    let mut line = line(paused(sample::timeline()));
    assert_eq!(typed(&mut line, "10:05"), [UiEvent::Twin(Action::Seek(time("10:05:00")))]);
    assert_eq!(typed(&mut line, "2026-01-31 09:05:30"), [UiEvent::Twin(Action::Seek(time("09:05:30")))]);
    assert_eq!(typed(&mut line, "-10m"), [UiEvent::Twin(Action::Seek(time("11:50:00")))]);
    assert!(line.query_by_label("Go to a time").is_none(), "and the clock is back");
}

#[test]
fn a_mistyped_time_is_told_beneath_the_field_and_moves_nothing() {
    let mut line = line(paused(sample::timeline()));
    assert_eq!(typed(&mut line, "noon"), []);
    let field = line.get_by_label("Go to a time").rect();
    let told = line.get_by_label_contains("Not a time.").rect();
    assert!(told.top() >= field.bottom() - 1.0, "{told:?} {field:?}");
    // It can be put right at once.
    for _ in 0..4 {
        line.key_press(Key::Backspace);
    }
    line.run_steps(2);
    assert!(line.query_by_label_contains("Not a time.").is_none());
    line.get_by_label("Go to a time").type_text("12:30");
    line.run_steps(2);
    line.key_press(Key::Enter);
    assert_eq!(events(&mut line), [UiEvent::Twin(Action::Seek(time("12:30:00")))]);
    assert_eq!(typed(&mut line, "07:00"), []);
    assert!(line.query_by_label("Nothing is recorded before 2026-01-31 08:00:00.").is_some());
    line.key_press(Key::Escape);
    assert_eq!(events(&mut line), []);
    assert_eq!(typed(&mut line, "23:00"), []);
    assert!(line.query_by_label("Nothing is recorded after 2026-01-31 13:24:10.").is_some());
}

#[test]
fn a_lane_that_is_not_live_says_so_on_the_timeline() {
    let mut view = full_timeline();
    assert!(line(view.clone()).query_by_label("LIVE").is_some());
    assert!(line(paused(view.clone())).query_by_label("HISTORY").is_some());
    view.playhead.kind = LaneKind::Branch;
    view.fork = Some(time("12:40:00"));
    view.live_head = Some(sample::now());
    assert!(line(view).query_by_label("SIM").is_some());
}

#[test]
fn an_empty_timeline_and_one_with_a_hundred_thousand_marks_are_drawn() {
    line(TimelineView::default());
    let mut view = full_timeline();
    let tick = view.ticks[0];
    view.ticks = (0..100_000).map(|index| AlarmTick { time: tick.time.plus_secs(f64::from(index) * 0.1), ..tick }).collect();
    let flag = view.bookmarks[0].clone();
    view.bookmarks =
        (0..100_000).map(|index| Mark { time: tick.time.plus_secs(f64::from(index) * 0.1), text: flag.text.clone() }).collect();
    let line = line(view);
    let flags = line.query_all_by_label_contains("Bookmark First vibration").count();
    assert!((10..200).contains(&flags), "{flags}");
    let shapes = line.output().shapes.len();
    assert!(shapes < 4000, "{shapes} shapes");
}

fn window(view: WorkspaceView) -> Harness<'static, (Workspace, Vec<UiEvent>)> {
    let theme = Theme::graphite();
    panel([1600.0, 900.0], move |ui, workspace: &mut Workspace, out| {
        workspace_ui(ui, workspace, &view, &theme, out);
    })
}

fn press(window: &mut Harness<'_, (Workspace, Vec<UiEvent>)>, modifiers: Modifiers, key: Key) -> Vec<UiEvent> {
    window.state_mut().1.clear();
    window.key_press_modifiers(modifiers, key);
    window.run_steps(2);
    std::mem::take(&mut window.state_mut().1)
}

#[test]
fn escape_clears_the_range_first_and_the_selection_after_it() {
    let mut view = sample::workspace_view();
    view.timeline.loop_range = Some((time("10:00:00"), time("10:20:00")));
    view.tree.selected = Some(sample::thing("p-101a"));
    assert_eq!(press(&mut window(view.clone()), Modifiers::NONE, Key::Escape), [UiEvent::LoopRange(None)]);
    view.timeline.loop_range = None;
    assert_eq!(press(&mut window(view), Modifiers::NONE, Key::Escape), [UiEvent::Select(None)]);
}

#[test]
fn shift_with_an_arrow_steps_through_the_changes_of_the_selection() {
    let mut view = sample::workspace_view();
    view.timeline.selected_name = "P-101A".to_owned();
    assert_eq!(press(&mut window(view.clone()), Modifiers::SHIFT, Key::ArrowLeft), [UiEvent::StepChange { forward: false }]);
    let plain = press(&mut window(view), Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(plain, [UiEvent::Twin(Action::StepEvent { forward: false })]);
}
