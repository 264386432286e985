//! Trends of the watched signals.

use super::{ViewState, faceplate, lane_kind, lane_name, reading};
use twin_model::{QualityClass, SignalId, SignalKey, TwinTime};
use twin_runtime::ViewFrame;
use twin_ui::envelope::EnvelopePoint;
use twin_ui::trends::{TraceView, TrendsView};

/// Buckets of a trend; about the pixels it is wide.
const BUCKETS: usize = 480;

pub(super) fn trends(state: &ViewState, frame: &ViewFrame) -> TrendsView {
    let playhead = frame.playhead;
    let window = state.workspace.trends.window(playhead.time);
    TrendsView {
        playhead: playhead.time,
        lane_kind: lane_kind(state, playhead.lane),
        compared_name: playhead.compare.map(|lane| lane_name(state, lane)).unwrap_or_default(),
        fork: state.snapshot.lane(playhead.lane).and_then(|lane| lane.fork).map(|(_, time)| time),
        selected_name: state.selected.and_then(|thing| state.plant.things.get(thing)).map(|thing| thing.name.clone()).unwrap_or_default(),
        traces: drawn(state).iter().filter_map(|id| trace(state, frame, id, window)).collect(),
    }
}

/// The signals chosen, or the leading ones of the selected thing where its trends are wanted.
fn drawn(state: &ViewState) -> Vec<SignalId> {
    let selected = state.selected.filter(|_| state.workspace.trends.of_selection);
    let Some(thing) = selected else { return state.trended.clone() };
    let leading = twin_insight::equipment::indicator_signals(&state.plant, thing);
    leading.iter().filter_map(|key| state.plant.signals.info(*key)).map(|info| info.id.clone()).collect()
}

fn trace(state: &ViewState, frame: &ViewFrame, id: &SignalId, window: (TwinTime, TwinTime)) -> Option<TraceView> {
    let key = state.plant.signals.find(id.as_str())?;
    let info = state.plant.signals.info(key)?;
    let settings = state.plant.settings_of(key)?;
    let shown = twin_ui::format::conversion(&info.unit);
    let value = |value: f64| shown.value(value);
    let own = |key: Option<SignalKey>| key.map(|key| points(frame, key, window, false)).unwrap_or_default();
    let as_values = |points: Vec<EnvelopePoint>| points.into_iter().map(|point| point.map(value)).collect::<Vec<_>>();
    let as_differences = |points: Vec<EnvelopePoint>| points.into_iter().map(|point| point.map(|d| shown.difference(d))).collect();
    Some(TraceView {
        signal: id.clone(),
        tag: if info.tag.is_empty() { info.id.telemetry().to_owned() } else { info.tag.clone() },
        name: info.name.clone(),
        reading: reading(state, frame, key),
        points: as_values(own(Some(key))),
        model: as_values(own(settings.model)),
        residual: as_differences(own(settings.residual)),
        compared: as_values(points(frame, key, window, true)),
        limits: faceplate::limits(state, &info.tag, &shown),
    })
}

/// Samples of a signal in a window: of the compared lane, or of the playhead's lane with its ancestors.
fn points(frame: &ViewFrame, key: SignalKey, (start, end): (TwinTime, TwinTime), of_compared: bool) -> Vec<EnvelopePoint> {
    let mut points: Vec<EnvelopePoint> = (frame.columns.iter())
        .filter(|trend| trend.signal == key)
        .filter(|trend| (Some(trend.lane) == frame.playhead.compare) == of_compared)
        .flat_map(|trend| {
            let until = trend.until.map_or(end, |until| until.min(end));
            trend.column.envelope(start, until, BUCKETS)
        })
        .flat_map(|bucket| {
            let value = (bucket.min <= bucket.max).then(|| EnvelopePoint {
                time_secs: (bucket.min_time.secs_f64() + bucket.max_time.secs_f64()) * 0.5,
                min: bucket.min,
                max: bucket.max,
                quality: if bucket.is_doubtful { QualityClass::Uncertain } else { QualityClass::Good },
            });
            // No line across the time in which nothing was known.
            [value, bucket.gap.map(|time| EnvelopePoint::gap(time.secs_f64()))].into_iter().flatten()
        })
        .collect();
    points.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    points
}
