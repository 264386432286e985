//! Alarm list at the playhead, alarm strip of now, worst mark of a thing.

use super::{ViewState, lane_name, reading};
use std::cmp::Reverse;
use twin_insight::{AlarmState as State, AlarmStatus};
use twin_model::alarm::{AlarmClass, AlarmSettings, Condition};
use twin_model::{LaneId, TwinTime};
use twin_runtime::{LaneKind, ViewFrame};
use twin_ui::alarm_list::AlarmListView;
use twin_ui::alarm_strip::AlarmStripView;
use twin_ui::alarm_view::{AlarmCount, AlarmState, AlarmView};
use twin_ui::marks::AlarmMark;
use twin_ui::playhead::PlayheadView;

/// Alarms the strip names; the counts tell of the rest.
const NEWEST_SHOWN: usize = 4;

pub(super) fn strip(state: &ViewState, frame: &ViewFrame) -> AlarmStripView {
    let mut priorities = [AlarmCount::default(); 3];
    let mut alerts = AlarmCount::default();
    let mut alarms: Vec<AlarmView> = Vec::new();
    for (lane, index, status) in &state.snapshot.live.alarms {
        let Some(view) = alarm_view(state, None, *lane, *index, status) else { continue };
        if view.is_training {
            // An exercise is not the plant: it stands behind, marked, and is not counted.
            alarms.push(view);
            continue;
        }
        let count = match (view.class, view.priority) {
            (AlarmClass::Alarm, Some(priority @ 1..=3)) => &mut priorities[usize::from(priority) - 1],
            _ => &mut alerts,
        };
        count.active += u32::from(status.active);
        count.unacknowledged += u32::from(!status.acknowledged);
        alarms.push(view);
    }
    alarms.sort_by_key(|alarm| (alarm.is_training, alarm.urgency()));
    alarms.truncate(NEWEST_SHOWN);
    AlarmStripView {
        newest: alarms,
        priorities,
        alerts,
        is_horn_on: state.snapshot.live.horn,
        connection: state.connection(),
        is_view_away: !frame.playhead.is_live(),
        followed: (frame.playhead.mode == twin_runtime::PlayheadMode::Following).then_some(frame.playhead.lane),
        may_acknowledge: true,
    }
}

pub(super) fn list(state: &ViewState, frame: &ViewFrame, playhead: &PlayheadView) -> AlarmListView {
    let lane = frame.playhead.lane;
    let mut alarms: Vec<AlarmView> = (frame.alarms.iter().enumerate())
        .filter(|(_, status)| !matches!(status.state(), State::Normal | State::Recorded))
        .filter_map(|(index, status)| alarm_view(state, Some(frame), lane, index, status))
        .collect();
    alarms.sort_by_key(AlarmView::urgency);
    let is_past = playhead.is_history();
    AlarmListView {
        lane,
        lane_name: lane_name(state, lane),
        history_at: is_past.then_some(frame.playhead.time),
        alarms,
        selected: state.selected.and_then(|thing| state.plant.things.get(thing)).map(|thing| thing.id.clone()),
        may_acknowledge: !is_past,
        may_shelve: !is_past,
    }
}

/// How urgent an alarm is, the most urgent first, and its mark.
pub(in crate::view) type UrgentMark = ((AlarmState, u8, Reverse<TwinTime>), AlarmMark);

/// The most urgent mark of a thing, without what is below it.
pub(in crate::view) fn worst_mark(state: &ViewState, frame: &ViewFrame, thing: usize) -> Option<UrgentMark> {
    let own = state.plant.things.get(thing)?.alarms.iter();
    let listed = own.filter_map(|index| {
        let status = frame.alarms.get(*index).filter(|status| is_listed(status))?;
        alarm_view(state, None, frame.playhead.lane, *index, status)
    });
    listed.map(|alarm| (alarm.urgency(), alarm.mark())).min_by_key(|(urgency, _)| *urgency)
}

/// True when it stands in the list and nobody has put it aside.
pub(in crate::view) fn is_listed(status: &AlarmStatus) -> bool {
    matches!(status.state(), State::Unacknowledged | State::Acknowledged | State::ReturnedUnacknowledged)
}

/// One alarm point as the panels show it. With a frame its value at the playhead comes along.
pub(super) fn alarm_view(
    state: &ViewState,
    frame: Option<&ViewFrame>,
    lane: LaneId,
    index: usize,
    status: &AlarmStatus,
) -> Option<AlarmView> {
    let point = state.plant.alarms.get(index)?;
    let thing = state.plant.things.get(point.thing)?;
    let settings = &point.settings;
    let (signal, limit) = watched(&settings.condition);
    let key = signal.and_then(|signal| state.plant.signals.find(signal));
    let kind = state.snapshot.lane(lane).map(|view| view.kind);
    let head = state.snapshot.lane(lane).and_then(|view| view.extent).map(|(_, head)| head);
    // What the strip shows is of now, what a frame shows is of its playhead.
    let now = frame.map(|frame| frame.playhead.time).or(head);
    let since = status.since.unwrap_or_default();
    Some(AlarmView {
        lane,
        tag: settings.tag.clone(),
        message: settings.message.clone(),
        thing: thing.id.clone(),
        thing_name: thing.name.clone(),
        class: settings.class,
        priority: settings.priority,
        state: ui_state(status.state()),
        since,
        reading: key.zip(frame).map(|(key, frame)| reading(state, frame, key)),
        limit: limit
            .map(|limit| key.and_then(|key| state.plant.signals.info(key)).map_or(limit, |info| as_shown(settings, &info.unit, limit))),
        time_left_secs: settings.time_to_respond_secs.filter(|_| status.active).zip(now).map(|(secs, now)| secs - (now - since)),
        shelved_until: status.shelved_until,
        is_training: kind != Some(LaneKind::Live),
        cause: settings.cause.clone(),
        consequence: settings.consequence.clone(),
        operator_action: settings.operator_action.clone(),
    })
}

/// A limit in the unit the site reads; the limit of a deviation is a difference.
fn as_shown(settings: &AlarmSettings, unit: &str, limit: f64) -> f64 {
    let shown = twin_ui::format::conversion(unit);
    if matches!(settings.condition, Condition::Deviation { .. }) { shown.difference(limit) } else { shown.value(limit) }
}

fn ui_state(state: State) -> AlarmState {
    match state {
        State::Normal | State::Recorded => AlarmState::Normal,
        State::Unacknowledged => AlarmState::Unacknowledged,
        State::Acknowledged => AlarmState::Acknowledged,
        State::ReturnedUnacknowledged => AlarmState::ReturnedUnacknowledged,
        State::Shelved => AlarmState::Shelved,
        State::SuppressedByDesign => AlarmState::Suppressed,
    }
}

/// The first signal a condition watches and its limit.
pub(super) fn watched(condition: &Condition) -> (Option<&str>, Option<f64>) {
    match condition {
        Condition::High { signal, limit } | Condition::Low { signal, limit } | Condition::Deviation { signal, limit, .. } => {
            (Some(signal), Some(*limit))
        }
        Condition::Is { signal, .. }
        | Condition::IsNot { signal, .. }
        | Condition::Bad { signal }
        | Condition::NoiseCollapsed { signal, .. } => (Some(signal), None),
        Condition::All(conditions) | Condition::Any(conditions) => conditions.first().map_or((None, None), watched),
    }
}
