use super::*;
use crate::playhead::PlayheadView;
use crate::timeline::{BranchBar, Forecast};
use proptest::prelude::*;

fn at(secs: f64) -> TwinTime {
    TwinTime::parse("2026-01-31T08:00:00Z").unwrap().plus_secs(secs)
}

/// A lane of ten hours.
fn view(time: f64, motion: Motion) -> TimelineView {
    let playhead = PlayheadView { time: at(time), start: at(0.0), head: at(36_000.0), motion, ..PlayheadView::default() };
    TimelineView { playhead, ..TimelineView::default() }
}

/// The live lane when its newest instant is this one.
fn live(head: f64) -> TimelineView {
    let playhead = PlayheadView { time: at(head), start: at(0.0), head: at(head), ..PlayheadView::default() };
    TimelineView { playhead, ..TimelineView::default() }
}

fn share(state: &TimelineState, view: &TimelineView) -> f64 {
    let (from, to) = state.window(view);
    view.playhead.time.secs_since(from) / to.secs_since(from)
}

#[test]
fn everything_leaves_room_right_of_now_and_for_all_that_may_come() {
    let state = TimelineState::default();
    let mut live = live(36_000.0);
    assert!((share(&state, &live) - (1.0 - FUTURE_SHARE)).abs() < 1e-6);
    assert_eq!(state.window(&live).0, at(0.0));
    live.branches = vec![BranchBar { from: at(30_000.0), to: at(37_000.0), horizon: at(43_200.0), ..BranchBar::default() }];
    assert!(state.window(&live).1 > at(43_200.0));
    live.forecast = Some(Forecast { to: at(50_000.0), expected: Vec::new() });
    assert!(state.window(&live).1 > at(50_000.0));
    let young = self::live(3.0);
    assert!(state.window(&young).1 >= at(60.0), "a lane that has just begun does not race over the screen");
}

#[test]
fn while_following_now_stands_still_and_keeps_its_margin() {
    let mut state = TimelineState::default();
    state.follow(&live(36_000.0));
    state.show(at(35_000.0), at(36_200.0), &live(36_000.0));
    let before = share(&state, &live(36_000.0));
    for step in 1..200 {
        state.follow(&live(36_000.0 + f64::from(step)));
        assert!((share(&state, &live(36_000.0 + f64::from(step))) - before).abs() < 1e-6);
    }
    // Zoomed so that now is at the very edge: the margin comes back.
    let now = live(36_200.0);
    state.follow(&now);
    state.show(at(35_000.0), at(36_200.0), &now);
    state.follow(&live(36_201.0));
    assert!(share(&state, &live(36_201.0)) <= 1.0 - FUTURE_SHARE + 1e-9);
}

#[test]
fn a_window_moved_away_from_now_stays_where_a_person_put_it() {
    let mut state = TimelineState::default();
    state.follow(&live(36_000.0));
    state.show(at(1000.0), at(2000.0), &live(36_000.0));
    for step in 1..5000 {
        state.follow(&live(36_000.0 + f64::from(step)));
    }
    assert_eq!(state.window(&live(41_000.0)), (at(1000.0), at(2000.0)));
    // Asked to follow, it comes back.
    state.follow(&view(1500.0, Motion::Paused));
    state.follow(&view(36_000.0, Motion::Following));
    assert!((share(&state, &view(36_000.0, Motion::Following)) - (1.0 - FUTURE_SHARE)).abs() < 1e-6);
}

#[test]
fn while_playing_the_window_waits_for_the_playhead_and_goes_with_it() {
    let mut state = TimelineState::default();
    state.follow(&view(1000.0, Motion::Playing(10.0)));
    state.show(at(900.0), at(1900.0), &view(1000.0, Motion::Playing(10.0)));
    let mut moved = 0;
    for step in 1..200 {
        let view = view(1000.0 + f64::from(step) * 10.0, Motion::Playing(10.0));
        let before = state.window(&view);
        state.follow(&view);
        moved += u32::from(state.window(&view) != before);
        assert!((0.0..=1.0 - FUTURE_SHARE + 1e-6).contains(&share(&state, &view)));
    }
    assert!((100..120).contains(&moved), "{moved} of 200");
}

#[test]
fn a_jump_of_the_playhead_out_of_the_window_brings_the_window_along() {
    let mut state = TimelineState::default();
    state.follow(&view(1000.0, Motion::Paused));
    state.show(at(900.0), at(1100.0), &view(1000.0, Motion::Paused));
    state.follow(&view(1050.0, Motion::Paused));
    assert_eq!(state.window(&view(0.0, Motion::Paused)), (at(900.0), at(1100.0)), "inside it stands");
    state.follow(&view(20_000.0, Motion::Paused));
    assert!((share(&state, &view(20_000.0, Motion::Paused)) - 0.5).abs() < 1e-6);
    // A loop that begins again.
    state.follow(&view(20_000.0, Motion::Playing(1.0)));
    state.follow(&view(3000.0, Motion::Playing(1.0)));
    assert!((share(&state, &view(3000.0, Motion::Playing(1.0))) - 0.5).abs() < 1e-6);
}

#[test]
fn a_range_belongs_to_its_lane() {
    let mut state = TimelineState { selection: Some((at(1.0), at(2.0))), ..TimelineState::default() };
    let mut other = view(1000.0, Motion::Paused);
    state.follow(&other);
    assert!(state.range(&other).is_some());
    other.playhead.lane = LaneId(3);
    state.follow(&other);
    assert!(state.range(&other).is_none());
}

proptest! {
    #[test]
    fn the_window_keeps_to_its_limits_and_something_of_the_lane_in_it(
        steps in proptest::collection::vec((0.0..1000.0f32, -3.0..3.0f64, -3000.0..3000.0f32), 1..60),
    ) {
        let view = view(18_000.0, Motion::Paused);
        let mut state = TimelineState::default();
        for (x, exponent, points) in steps {
            let (from, to) = state.window(&view);
            let axis = Axis { from, to, left: 0.0, width: 1000.0 };
            state.zoom(&axis, x, exponent.exp(), &view);
            let (from, to) = state.window(&view);
            let (from, to) = Axis { from, to, ..axis }.panned(points);
            state.show(from, to, &view);
            let (from, to) = state.window(&view);
            let span = to.secs_since(from);
            prop_assert!((MIN_SPAN_SECS * 0.999..=MAX_SPAN_SECS * 1.001).contains(&span), "{span}");
            let (first, last) = everything(&view);
            prop_assert!(from < last && to > first, "{from} {to}");
        }
    }

    #[test]
    fn zooming_in_the_middle_of_a_lane_keeps_the_time_under_the_pointer_also_at_the_limits(
        x in 300.0..700.0f32,
        exponents in proptest::collection::vec(-2.0..2.0f64, 1..40),
    ) {
        let view = view(18_000.0, Motion::Paused);
        let mut state = TimelineState::default();
        state.show(at(10_000.0), at(20_000.0), &view);
        let axis = |state: &TimelineState| {
            let (from, to) = state.window(&view);
            Axis { from, to, left: 0.0, width: 1000.0 }
        };
        let fixed = axis(&state).time(x);
        for exponent in exponents {
            state.zoom(&axis(&state), x, exponent.exp(), &view);
            prop_assert!((axis(&state).x(fixed) - x).abs() < 0.5, "{}", axis(&state).x(fixed));
        }
    }
}
