//! The selected thing.

use super::{ViewState, alarms, equipment_charts, lane_kind, reading};
use std::collections::BTreeMap;
use twin_insight::equipment;
use twin_model::alarm::{AlarmClass, Condition};
use twin_model::{SignalKey, TwinTime, ValueKind};
use twin_runtime::ViewFrame;
use twin_ui::alarm_view::AlarmView;
use twin_ui::display_units::Conversion;
use twin_ui::faceplate::{DocumentView, FaceplateView, LimitMark, SignalView};

/// Plant time a sparkline covers.
const SPARKLINE_SECS: f64 = 900.0;
/// Points of a sparkline.
const SPARKLINE_POINTS: usize = 60;

pub(super) fn faceplate(state: &ViewState, frame: &ViewFrame, index: usize) -> Option<FaceplateView> {
    let thing = state.plant.things.get(index)?;
    let health = frame.health.get(index).cloned().unwrap_or_default();
    let lane = frame.playhead.lane;
    let mut alarms: Vec<AlarmView> = (thing.alarms.iter())
        .filter_map(|alarm| Some((*alarm, frame.alarms.get(*alarm).filter(|status| alarms::is_listed(status))?)))
        .filter_map(|(alarm, status)| alarms::alarm_view(state, Some(frame), lane, alarm, status))
        .collect();
    alarms.sort_by_key(AlarmView::urgency);
    let document = state.plant.document.things.iter().find(|document| document.id == thing.id.as_str());
    let documents = document.into_iter().flat_map(|document| &document.documents);
    let leading = equipment::indicator_signals(&state.plant, index);
    let set_points = equipment::set_points(&state.plant);
    Some(FaceplateView {
        thing: thing.id.clone(),
        name: thing.name.clone(),
        description: thing.description.clone(),
        lane,
        lane_kind: lane_kind(state, lane),
        health: health.state,
        health_reason: health.reason,
        signals: in_order(&thing.signals, &leading)
            .filter_map(|key| Some(SignalView { is_leading: leading.contains(&key), ..signal(state, frame, &set_points, key)? }))
            .collect(),
        controllers: equipment_charts::controllers(state, frame, index),
        pump: equipment_charts::pump(state, frame, index),
        valve: equipment_charts::valve(state, frame, index),
        transfer: equipment_charts::transfer(state, frame, index),
        pair: equipment_charts::pair(state, frame, index),
        alarms,
        documents: documents.map(|link| DocumentView { title: link.kind.clone(), path: link.path.clone() }).collect(),
        may_acknowledge: frame.playhead.mode == twin_runtime::PlayheadMode::Following,
    })
}

/// The leading signals first, in their order; the others as the document has them.
fn in_order(all: &[SignalKey], leading: &[SignalKey]) -> impl Iterator<Item = SignalKey> {
    let others = all.iter().filter(|key| !leading.contains(key));
    leading.iter().chain(others).copied().collect::<Vec<_>>().into_iter()
}

pub(super) fn signal(
    state: &ViewState,
    frame: &ViewFrame,
    set_points: &BTreeMap<SignalKey, SignalKey>,
    key: SignalKey,
) -> Option<SignalView> {
    let info = state.plant.signals.info(key)?;
    let settings = state.plant.settings_of(key)?;
    // A branch is the model; there is nothing to judge it by.
    let is_branch = lane_kind(state, frame.playhead.lane) == twin_ui::playhead::LaneKind::Branch;
    let companion = |key: Option<SignalKey>| key.filter(|_| !is_branch);
    let model = companion(settings.model).and_then(|key| frame.readings.get(key.index()).copied().flatten()).and_then(|r| r.value);
    let band = settings.residual_band;
    // Everything beside the reading is shown in the unit the site reads it in, as the reading is.
    let shown = twin_ui::format::conversion(&info.unit);
    let value = |value: f64| shown.value(value);
    let line = |points: Vec<[f64; 2]>| points.into_iter().map(|[time, at]| [time, value(at)]).collect::<Vec<_>>();
    Some(SignalView {
        id: info.id.clone(),
        tag: if info.tag.is_empty() { info.id.telemetry().to_owned() } else { info.tag.clone() },
        name: info.name.clone(),
        reading: reading(state, frame, key),
        range: info.range.filter(|_| info.kind == ValueKind::Number).map(|(low, high)| (value(low), value(high))),
        normal: model.zip(band).map(|(model, band)| (value(model - band), value(model + band))),
        limits: limits(state, &info.tag, &shown),
        sparkline: line(sparkline(frame, key)),
        modelled_line: companion(settings.model).map(|key| line(sparkline(frame, key))).unwrap_or_default(),
        set_point: set_points.get(&key).and_then(|key| reading(state, frame, *key).usable()),
        modelled: model.map(value),
        residual: companion(settings.residual)
            .and_then(|key| frame.readings.get(key.index()).copied().flatten()?.value)
            .map(|residual| shown.difference(residual)),
        residual_band: band.map(|band| shown.difference(band)),
        is_watched: state.trended.contains(&info.id),
        is_leading: false,
    })
}

/// Limits of the alarm points that watch a signal, as they are shown.
pub(in crate::view) fn limits(state: &ViewState, tag: &str, shown: &Conversion) -> Vec<LimitMark> {
    let points = state.plant.alarms.iter().filter(|point| point.settings.class != AlarmClass::Event);
    points
        .filter_map(|point| {
            let (limit, is_high) = match &point.settings.condition {
                Condition::High { signal, limit } if signal == tag => (*limit, true),
                Condition::Low { signal, limit } if signal == tag => (*limit, false),
                _ => return None,
            };
            Some(LimitMark { value: shown.value(limit), label: point.settings.tag.clone(), priority: point.settings.priority, is_high })
        })
        .collect()
}

fn sparkline(frame: &ViewFrame, key: SignalKey) -> Vec<[f64; 2]> {
    let end = frame.playhead.time;
    let start = end.plus_secs(-SPARKLINE_SECS);
    let columns = frame.columns.iter().rev().filter(|column| column.signal == key && Some(column.lane) != frame.playhead.compare);
    columns
        .flat_map(|trend| {
            let until = trend.until.map_or(end, |until| until.min(end));
            trend.column.envelope(start, until, SPARKLINE_POINTS)
        })
        .filter(|bucket| bucket.min <= bucket.max)
        .map(|bucket| [TwinTime(bucket.min_time.0 / 2 + bucket.max_time.0 / 2) - start, (bucket.min + bucket.max) * 0.5])
        .collect()
}
