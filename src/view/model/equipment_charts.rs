//! Loops, charts and the pair of the selected thing: the figures come from `twin_insight`, here they become views.

use super::{ViewState, faceplate, lane_kind, lane_name, reading};
use twin_insight::Reading;
use twin_insight::equipment::{self, Exchanger, NoPoint, Pump, PumpPoint, Role, Valve, ValvePoint};
use twin_model::{LaneId, SignalKey};
use twin_runtime::ViewFrame;
use twin_ui::faceplate::{
    BarView, BranchPoint, ControllerView, Duty, NoPointView, PairRowView, PairView, PointRole, PumpChartView, PumpPointView, TransferView,
    ValveChartView, ValvePointView,
};
use twin_ui::playhead::LaneKind;

/// The loops of a thing.
pub(super) fn controllers(state: &ViewState, frame: &ViewFrame, thing: usize) -> Vec<ControllerView> {
    let loops = equipment::loops_for(&state.plant, thing);
    loops
        .into_iter()
        .filter_map(|control| {
            let controller = state.plant.things.get(control.thing)?;
            Some(ControllerView {
                thing: controller.id.clone(),
                name: controller.name.clone(),
                description: controller.description.clone(),
                mode: control.mode.map(|key| reading(state, frame, key)),
                process_value: control.process_value.map(|key| bar(state, frame, key)),
                set_point: bar(state, frame, control.set_point),
                output: control.output.map(|key| bar(state, frame, key)),
            })
        })
        .collect()
}

fn bar(state: &ViewState, frame: &ViewFrame, key: SignalKey) -> BarView {
    let info = state.plant.signals.info(key);
    BarView {
        tag: info.map(|info| info.tag.clone()).unwrap_or_default(),
        reading: reading(state, frame, key),
        range: info.and_then(|info| info.range),
    }
}

/// The chart of a pump; `None` for what is none.
pub(super) fn pump(state: &ViewState, frame: &ViewFrame, thing: usize) -> Option<PumpChartView> {
    let pump = Pump::of(&state.plant, thing)?;
    let chart = pump.chart(&state.plant, &at_playhead(frame));
    let is_simulated = any_simulated(state, frame, &pump.signals());
    Some(PumpChartView {
        rated: chart.rated,
        present: chart.present,
        system: chart.system,
        best_flow_m3_h: chart.best_flow_m3_h,
        preferred_m3_h: chart.preferred_m3_h,
        npsh_required: chart.npsh_required,
        npsh_available: chart.npsh_available,
        now: chart.now.map(|point| pump_point(point, is_simulated)).map_err(no_point),
        expected: chart.expected.filter(|_| !is_branch(state, frame)).map(|point| pump_point(point, true)),
        branches: branch_points(state, frame, &pump),
    })
}

/// Where the pump works at the end of every kept branch but the one on show, and on the compared lane at the playhead.
fn branch_points(state: &ViewState, frame: &ViewFrame, pump: &Pump) -> Vec<BranchPoint> {
    let named = |lane: LaneId, point: PumpPoint| BranchPoint { name: lane_name(state, lane), point: pump_point(point, true) };
    let kept = state.snapshot.branches.iter().filter(|branch| branch.lane != frame.playhead.lane);
    let at_head = kept.filter_map(|branch| {
        let read = |key: SignalKey| branch.readings.get(key.index()).copied().flatten();
        Some(named(branch.lane, pump.point(&state.plant, &read).ok()?))
    });
    let is_kept = |lane: &LaneId| state.snapshot.branches.iter().any(|branch| branch.lane == *lane);
    let compared = frame.playhead.compare.filter(|lane| !is_kept(lane));
    let compared = compared.and_then(|lane| Some(named(lane, pump.point(&state.plant, &on_lane(frame, lane)).ok()?)));
    at_head.chain(compared).collect()
}

/// The chart of a control valve; `None` for what is none.
pub(super) fn valve(state: &ViewState, frame: &ViewFrame, thing: usize) -> Option<ValveChartView> {
    let valve = Valve::of(&state.plant, thing)?;
    let chart = valve.chart(&state.plant, &at_playhead(frame));
    let is_simulated = any_simulated(state, frame, &valve.signals());
    Some(ValveChartView {
        inherent: chart.inherent,
        installed: chart.installed,
        kvs_m3_h: valve.kvs_m3_h,
        authority: chart.authority,
        greatest_flow_m3_h: chart.greatest_flow_m3_h,
        now: chart.now.map(|point| valve_point(point, is_simulated)).map_err(no_point),
        expected: chart.expected.filter(|_| !is_branch(state, frame)).map(|point| valve_point(point, true)),
        command_pct: chart.command_pct,
    })
}

/// Heat transfer of an exchanger; `None` for what is none.
pub(super) fn transfer(state: &ViewState, frame: &ViewFrame, thing: usize) -> Option<TransferView> {
    let exchanger = Exchanger::of(&state.plant, thing)?;
    let info = state.plant.signals.info(exchanger.ua)?;
    let shown = twin_ui::format::conversion(&info.unit);
    let limits = faceplate::limits(state, &info.tag, &shown);
    Some(TransferView { reading: reading(state, frame, exchanger.ua), clean: shown.value(exchanger.clean), limits })
}

/// Duty and standby; `None` for what stands alone.
pub(super) fn pair(state: &ViewState, frame: &ViewFrame, thing: usize) -> Option<PairView> {
    let pair = equipment::pair_of(&state.plant, thing)?;
    let [first, second] = [state.plant.things.get(pair.things[0])?, state.plant.things.get(pair.things[1])?];
    let drive = pair.rows.iter().find(|row| row.is_drive_state)?;
    let rows = pair.rows.iter().filter_map(|row| {
        let info = state.plant.signals.info(row.signals[0])?;
        let model = |key: SignalKey| state.plant.settings_of(key)?.model.and_then(|model| newest(frame, model)?.value);
        let shown = twin_ui::format::conversion(&info.unit);
        let modelled = |key: SignalKey| model(key).map(|modelled| shown.value(modelled));
        let band = state.plant.settings_of(row.signals[0]).and_then(|settings| settings.residual_band);
        Some(PairRowView {
            name: info.name.clone(),
            unit: shown.unit.clone(),
            readings: row.signals.map(|key| reading(state, frame, key)),
            modelled: if is_branch(state, frame) { [None; 2] } else { row.signals.map(modelled) },
            residual_band: band.map(|band| shown.difference(band)),
            limit: faceplate::limits(state, &info.tag, &shown).into_iter().next(),
        })
    });
    Some(PairView {
        things: [first.id.clone(), second.id.clone()],
        names: [first.name.clone(), second.name.clone()],
        duties: drive.signals.map(|key| duty(&reading(state, frame, key))),
        rows: rows.collect(),
    })
}

fn duty(drive: &twin_ui::reading::ReadingView) -> Duty {
    match drive.state.as_deref().filter(|_| !drive.is_doubtful()) {
        None => Duty::Unknown,
        Some("running" | "starting") => Duty::Running,
        Some("stopped") => Duty::Standby,
        Some(_) => Duty::NotReady,
    }
}

/// A branch is the model; there is nothing to expect beside it.
fn is_branch(state: &ViewState, frame: &ViewFrame) -> bool {
    lane_kind(state, frame.playhead.lane) == LaneKind::Branch
}

fn newest(frame: &ViewFrame, key: SignalKey) -> Option<Reading> {
    frame.readings.get(key.index()).copied().flatten()
}

fn at_playhead(frame: &ViewFrame) -> impl Fn(SignalKey) -> Option<Reading> + '_ {
    |key| newest(frame, key)
}

/// What a watched signal read on a compared lane at the playhead.
fn on_lane(frame: &ViewFrame, lane: LaneId) -> impl Fn(SignalKey) -> Option<Reading> + '_ {
    move |key| {
        let trend = frame.columns.iter().find(|trend| trend.lane == lane && trend.signal == key)?;
        trend.column.latest_at(frame.playhead.time, u64::MAX).map(|stored| Reading::from(&stored.sample))
    }
}

fn any_simulated(state: &ViewState, frame: &ViewFrame, signals: &[SignalKey]) -> bool {
    signals.iter().any(|key| reading(state, frame, *key).is_simulated)
}

fn pump_point(point: PumpPoint, is_simulated: bool) -> PumpPointView {
    PumpPointView {
        flow_m3_h: point.flow_m3_h,
        head_m: point.head_m,
        speed: point.speed,
        of_best_flow: point.of_best_flow,
        npsh_available_m: point.npsh_available_m,
        npsh_required_m: point.npsh_required_m,
        quality: point.quality,
        is_simulated,
    }
}

fn valve_point(point: ValvePoint, is_simulated: bool) -> ValvePointView {
    ValvePointView {
        position_pct: point.position_pct,
        kv_m3_h: point.kv_m3_h,
        flow_m3_h: point.flow_m3_h,
        drop_bar: point.drop_bar,
        quality: point.quality,
        is_simulated,
    }
}

fn no_point(why: NoPoint) -> NoPointView {
    match why {
        NoPoint::AtRest => NoPointView::AtRest,
        NoPoint::Lost { tag, quality } => NoPointView::Lost { tag, quality },
        NoPoint::Unmeasured(role) => NoPointView::Unmeasured(match role {
            Role::Flow => PointRole::Flow,
            Role::SuctionPressure => PointRole::SuctionPressure,
            Role::DischargePressure => PointRole::DischargePressure,
            Role::Speed => PointRole::Speed,
            Role::Position => PointRole::Position,
        }),
    }
}
