//! The plant compiled for evaluation: who depends on what, by index.

use crate::alarm::PointRules;
use crate::condition::{Compiler, Node, WindowPlan};
use crate::frozen::scatters_between;
use crate::functions::{self, Function};
use crate::residual::JudgedPlan;
use std::sync::Arc;
use twin_model::alarm::{AlarmClass, AlarmSettings, HealthState};
use twin_model::{Plant, SignalKey};

/// A plant, compiled. Immutable; shared by all evaluators of it.
#[derive(Debug)]
pub(crate) struct Plan {
    pub plant: Arc<Plant>,
    /// By signal key.
    pub signals: Box<[SignalPlan]>,
    /// By index of the alarm point.
    pub points: Box<[PointPlan]>,
    /// By index of the thing.
    pub things: Box<[ThingPlan]>,
    pub judged: Box<[JudgedPlan]>,
    /// Inputs before what is computed from them.
    pub functions: Box<[FunctionPlan]>,
    pub windows: Box<[WindowPlan]>,
    pub leaves: usize,
}

/// What a sample of a signal sets going.
#[derive(Debug, Default)]
pub(crate) struct SignalPlan {
    pub points: Box<[usize]>,
    /// Things whose health rests on the quality of this signal.
    pub things: Box<[usize]>,
    pub windows: Box<[usize]>,
    /// Values between which it is expected to scatter; a row of equal ones is a frozen sensor.
    pub scatters_between: Option<(f64, f64)>,
    pub role: Role,
    /// Computed here: what anybody else delivers of it is not heard.
    pub is_own: bool,
}

/// What a signal is to the residuals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Role {
    #[default]
    Plain,
    /// Measured and compared with the model: index into [`Plan::judged`].
    Measured(usize),
    /// What the model says: index into [`Plan::judged`].
    Modelled(usize),
}

#[derive(Debug)]
pub(crate) struct PointPlan {
    pub thing: usize,
    pub rules: PointRules,
    pub condition: Node,
    pub suppression: Node,
    /// The signal whose value is told with the alarm.
    pub primary: Option<SignalKey>,
    /// Health of the thing while the point is active.
    pub health: Option<HealthState>,
}

#[derive(Debug, Default)]
pub(crate) struct ThingPlan {
    /// Signals whose loss makes the health unknown.
    pub evidence: Box<[SignalKey]>,
    pub alarms: Box<[usize]>,
    pub judged: Box<[usize]>,
    pub children: Box<[usize]>,
    /// Has neither signals nor alarm points: shows the worst of its children.
    pub is_group: bool,
}

#[derive(Debug)]
pub(crate) struct FunctionPlan {
    pub signal: SignalKey,
    /// `None` for what cannot be computed as declared: its samples are Bad.
    pub function: Option<Function>,
}

impl Plan {
    pub fn new(plant: Arc<Plant>) -> Self {
        let mut compiler = Compiler::default();
        let points: Box<[PointPlan]> =
            plant.alarms.iter().map(|alarm| point(&plant, alarm.thing, &alarm.settings, &mut compiler)).collect();
        let judged = judged(&plant);
        let functions = functions(&plant);
        let things = things(&plant, &points, &judged);
        let signals = signals(&plant, &points, &things, &judged, &functions, &compiler.windows);
        Self { signals, points, things, judged, functions, windows: compiler.windows.into(), leaves: compiler.leaves, plant }
    }

    /// Tag of a signal, or its id where it has none.
    pub fn label(&self, key: SignalKey) -> &str {
        match self.plant.signals.info(key) {
            Some(info) if info.tag.is_empty() => info.id.as_str(),
            Some(info) => &info.tag,
            None => "",
        }
    }
}

fn point(plant: &Plant, thing: usize, settings: &AlarmSettings, compiler: &mut Compiler) -> PointPlan {
    let condition = compiler.compile(plant, &settings.condition, settings.deadband);
    let mut primary = None;
    condition.for_each_signal(&mut |signal| primary = primary.or(Some(signal)));
    PointPlan {
        thing,
        rules: PointRules { class: settings.class, on_delay_secs: settings.on_delay_secs, off_delay_secs: settings.off_delay_secs },
        condition,
        suppression: compiler.compile_any(plant, &settings.suppressed_when),
        primary,
        health: settings.health.or(default_health(settings)),
    }
}

fn default_health(settings: &AlarmSettings) -> Option<HealthState> {
    match (settings.class, settings.priority) {
        (AlarmClass::Alarm, Some(1)) => Some(HealthState::Failure),
        (AlarmClass::Alarm, _) => Some(HealthState::OutOfSpecification),
        (AlarmClass::Alert | AlarmClass::Advisory, _) => Some(HealthState::MaintenanceRequired),
        (AlarmClass::Event, _) => None,
    }
}

fn judged(plant: &Plant) -> Box<[JudgedPlan]> {
    let with_model = plant.signals.iter().filter_map(|(measured, _)| {
        let settings = plant.settings_of(measured)?;
        Some(JudgedPlan {
            measured,
            modelled: settings.model?,
            residual: settings.residual?,
            band: settings.residual_band.filter(|band| *band > 0.0),
            thing: settings.thing,
        })
    });
    with_model.collect()
}

fn functions(plant: &Plant) -> Box<[FunctionPlan]> {
    let mut waiting: Vec<FunctionPlan> = plant
        .signals
        .iter()
        .filter_map(|(signal, _)| {
            let declared = plant.settings_of(signal)?.derived.as_ref()?;
            Some(FunctionPlan { signal, function: functions::compile(plant, declared).0 })
        })
        .collect();
    // What is computed from computed values comes after them; a circle is left in document order and lags a tick.
    let mut ordered: Vec<FunctionPlan> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_free = |plan: &FunctionPlan| {
            let inputs = plan.function.as_ref().map(Function::inputs).unwrap_or_default();
            !waiting.iter().any(|other| other.signal != plan.signal && inputs.contains(&other.signal))
        };
        let next = waiting.iter().position(is_free).unwrap_or(0);
        ordered.push(waiting.remove(next));
    }
    ordered.into()
}

fn things(plant: &Plant, points: &[PointPlan], judged: &[JudgedPlan]) -> Box<[ThingPlan]> {
    let mut children = plant.children();
    let plan = |(index, thing): (usize, &twin_model::plant::Thing)| {
        let measured = |key: &SignalKey| plant.signals.info(*key).is_some_and(|info| !info.is_derived);
        let mut evidence: Vec<SignalKey> = thing.signals.iter().copied().filter(measured).collect();
        for point in thing.alarms.iter().filter_map(|alarm| points.get(*alarm)) {
            point.condition.for_each_signal(&mut |key| evidence.push(key));
        }
        let mut seen = std::collections::BTreeSet::new();
        evidence.retain(|key| seen.insert(*key));
        ThingPlan {
            is_group: evidence.is_empty() && thing.alarms.is_empty(),
            evidence: evidence.into(),
            alarms: thing.alarms.as_slice().into(),
            judged: judged.iter().enumerate().filter(|(_, plan)| plan.thing == index).map(|(judged, _)| judged).collect(),
            children: children.remove(&index).unwrap_or_default().into(),
        }
    };
    plant.things.iter().enumerate().map(plan).collect()
}

fn signals(
    plant: &Plant,
    points: &[PointPlan],
    things: &[ThingPlan],
    judged: &[JudgedPlan],
    functions: &[FunctionPlan],
    windows: &[WindowPlan],
) -> Box<[SignalPlan]> {
    let mut of_points: Vec<Vec<usize>> = vec![Vec::new(); plant.signals.len()];
    let mut of_things = of_points.clone();
    let mut of_windows = of_points.clone();
    let add = |lists: &mut Vec<Vec<usize>>, key: SignalKey, index: usize| {
        if let Some(list) = lists.get_mut(key.index())
            && list.last() != Some(&index)
        {
            list.push(index);
        }
    };
    for (index, point) in points.iter().enumerate() {
        let mut each = |key| add(&mut of_points, key, index);
        point.condition.for_each_signal(&mut each);
        point.suppression.for_each_signal(&mut each);
    }
    for (index, thing) in things.iter().enumerate() {
        thing.evidence.iter().for_each(|key| add(&mut of_things, *key, index));
    }
    for (index, window) in windows.iter().enumerate() {
        add(&mut of_windows, window.signal, index);
    }
    let mut plans: Box<[SignalPlan]> = of_points
        .into_iter()
        .zip(of_things)
        .zip(of_windows)
        .map(|((points, things), windows)| SignalPlan {
            points: points.into(),
            things: things.into(),
            windows: windows.into(),
            ..SignalPlan::default()
        })
        .collect();
    for (key, _) in plant.signals.iter() {
        if let Some(plan) = plans.get_mut(key.index()) {
            plan.scatters_between = scatters_between(plant, key);
        }
    }
    for (index, plan) in judged.iter().enumerate() {
        for (key, role) in [(plan.measured, Role::Measured(index)), (plan.modelled, Role::Modelled(index))] {
            if let Some(plan) = plans.get_mut(key.index()) {
                plan.role = role;
            }
        }
    }
    for key in judged.iter().map(|plan| plan.residual).chain(functions.iter().map(|plan| plan.signal)) {
        if let Some(plan) = plans.get_mut(key.index()) {
            plan.is_own = true;
        }
    }
    plans
}
