//! Level 1: key signals and areas.

use super::{ViewState, alarms, faceplate};
use std::collections::BTreeMap;
use twin_insight::equipment;
use twin_model::alarm::HealthState;
use twin_runtime::ViewFrame;
use twin_ui::overview::{AreaView, OverviewView};

pub(super) fn overview(state: &ViewState, frame: &ViewFrame) -> OverviewView {
    let keys = state.plant.document.key_signals.iter().filter_map(|tag| state.plant.signals.find(tag));
    let set_points = equipment::set_points(&state.plant);
    let children = state.plant.children();
    OverviewView {
        indicators: keys.filter_map(|key| faceplate::signal(state, frame, &set_points, key)).collect(),
        areas: areas(state, &children).into_iter().filter_map(|thing| area(state, frame, &children, thing)).collect(),
    }
}

/// What stands right below the roots and has something below itself; the roots where there is no such thing.
fn areas(state: &ViewState, children: &BTreeMap<usize, Vec<usize>>) -> Vec<usize> {
    let roots: Vec<usize> = (0..state.plant.things.len()).filter(|thing| state.plant.things[*thing].parent.is_none()).collect();
    let below = roots.iter().flat_map(|root| children.get(root).into_iter().flatten().copied());
    let areas: Vec<usize> = below.filter(|thing| children.contains_key(thing)).collect();
    if areas.is_empty() { roots } else { areas }
}

fn area(state: &ViewState, frame: &ViewFrame, children: &BTreeMap<usize, Vec<usize>>, area: usize) -> Option<AreaView> {
    let thing = state.plant.things.get(area)?;
    let mut stack = vec![area];
    let mut members = Vec::new();
    while let Some(member) = stack.pop() {
        members.push(member);
        stack.extend(children.get(&member).into_iter().flatten().copied());
    }
    let urgent = members.iter().filter_map(|member| alarms::worst_mark(state, frame, *member)).min_by_key(|(urgency, _)| *urgency);
    let listed = |member: &usize| {
        let own = state.plant.things.get(*member).into_iter().flat_map(|thing| &thing.alarms);
        own.filter(|alarm| frame.alarms.get(**alarm).is_some_and(alarms::is_listed)).count()
    };
    // What measures nothing has nothing to be well or ill by.
    let judged = members.iter().filter(|member| state.plant.things.get(**member).is_some_and(|thing| !thing.signals.is_empty()));
    let findings: Vec<HealthState> = judged
        .filter_map(|member| frame.health.get(*member))
        .map(|health| health.state)
        .filter(|state| *state != HealthState::Good)
        .collect();
    Some(AreaView {
        name: thing.name.clone(),
        thing: thing.id.clone(),
        mark: urgent.map(|(_, mark)| mark),
        alarms: u32::try_from(members.iter().map(listed).sum::<usize>()).unwrap_or(u32::MAX),
        unhealthy: u32::try_from(findings.len()).unwrap_or(u32::MAX),
        health: findings.iter().max().copied().unwrap_or(HealthState::Good),
    })
}
