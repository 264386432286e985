//! From a snapshot to what the panels show. Pure: plain data in, plain data out.

pub(in crate::view) mod alarms;
mod equipment_charts;
pub(in crate::view) mod faceplate;
mod knobs;
mod overview;
mod playhead;
mod schematic;
mod timeline;
mod trends;
mod what_if;

use super::plant_scene::SceneProgress;
use super::state::ViewState;
use alarms::UrgentMark;
use twin_insight::Reading;
use twin_model::{LaneId, Origin, SignalKey, TwinTime, ValueKind};
use twin_runtime::{PlayheadMode, ViewFrame};
use twin_sim::flowsheet::FLOWSHEET;
use twin_ui::marks::AlarmMark;
use twin_ui::overview::OverviewView;
use twin_ui::plant_tree::{PlantTreeView, ThingRow};
use twin_ui::problem_list::{ProblemListView, ProblemView};
use twin_ui::reading::ReadingView;
use twin_ui::scene_tools::SceneToolsView;
use twin_ui::schematic::SchematicView;
use twin_ui::status_bar::{PaceView, RecordingView, StatusView, TrustView};
use twin_ui::stories::{RunningStory, StoriesView};
use twin_ui::toolbar::ToolbarView;
use twin_ui::tour::Tour;
use twin_ui::trends::TrendsView;
use twin_ui::{Panel, Theme, WorkspaceView};

/// Everything the panels show now.
pub fn workspace_view(state: &ViewState) -> WorkspaceView {
    let Some(frame) = state.frame().cloned() else { return WorkspaceView::default() };
    let playhead = playhead::playhead_view(state, &frame);
    let is_open = |panel| state.workspace.open_panels().contains(&panel);
    WorkspaceView {
        toolbar: ToolbarView {
            plant_name: state.plant.document.name.clone(),
            view_mode: state.mode,
            has_tour: state.tour_script.is_some(),
        },
        strip: alarms::strip(state, &frame),
        timeline: timeline::timeline(state, &frame, &playhead),
        status: status(state, &frame, &playhead),
        tree: tree(state, &frame),
        faceplate: state.selected.and_then(|thing| faceplate::faceplate(state, &frame, thing)),
        // A day of samples is reduced to pixels here: not for a panel that is closed.
        trends: if is_open(Panel::Trends) { trends::trends(state, &frame) } else { TrendsView::default() },
        overview: if is_open(Panel::Overview) { overview::overview(state, &frame) } else { OverviewView::default() },
        schematic: if is_open(Panel::Schematic) { schematic::schematic(state, &frame) } else { SchematicView::default() },
        scene: scene_tools(state),
        tour: state.tour.as_ref().map(Tour::view),
        alarms: alarms::list(state, &frame, &playhead),
        what_if: what_if::bench(state, &frame, &playhead),
        stories: stories(state, &frame),
        problems: problems(state),
    }
}

fn scene_tools(state: &ViewState) -> SceneToolsView {
    let themes = Theme::NAMES.into_iter().filter_map(|word| Some((word.to_owned(), Theme::named(word)?.name)));
    let themes: Vec<(String, String)> = themes.collect();
    let word = themes.iter().find(|(_, name)| *name == state.theme.name).map(|(word, _)| word.clone());
    SceneToolsView {
        has_scene: state.scene_progress != SceneProgress::Absent,
        is_loading: matches!(state.scene_progress, SceneProgress::Loading | SceneProgress::Spawned),
        has_selection: state.selected.is_some(),
        shows_tags: state.shows_tags,
        shows_flow: state.tools.shows_flow,
        explode: if state.tools.is_exploded { 1.0 } else { 0.0 },
        is_cut_away: state.tools.is_cut_away,
        is_isolated: state.tools.is_isolated,
        is_measuring: state.tools.measured.is_some(),
        clip: state.tools.section,
        quality: state.view_quality,
        theme: word.unwrap_or_else(|| state.theme.name.clone()),
        themes,
    }
}

fn tree(state: &ViewState, frame: &ViewFrame) -> PlantTreeView {
    let children = state.plant.children();
    let mut order: Vec<(usize, u16)> = Vec::with_capacity(state.plant.things.len());
    let mut stack: Vec<(usize, u16)> =
        (0..state.plant.things.len()).rev().filter(|i| state.plant.things[*i].parent.is_none()).map(|i| (i, 0)).collect();
    while let Some((index, depth)) = stack.pop() {
        order.push((index, depth));
        stack.extend(children.get(&index).into_iter().flatten().rev().map(|child| (*child, depth + 1)));
    }
    let marks = marks_with_below(state, frame, &order);
    let row = |(index, depth): (usize, u16)| {
        let thing = &state.plant.things[index];
        ThingRow {
            id: thing.id.clone(),
            name: thing.name.clone(),
            description: thing.description.clone(),
            depth,
            health: frame.health.get(index).map(|health| health.state).unwrap_or_default(),
            alarm: marks[index],
        }
    };
    let things = order.into_iter().map(row).collect();
    PlantTreeView { things, selected: state.selected.and_then(|i| state.plant.things.get(i)).map(|thing| thing.id.clone()) }
}

/// The most urgent mark of every thing and what is below it, so that a folded group hides no alarm. `order` has parents
/// before their children.
fn marks_with_below(state: &ViewState, frame: &ViewFrame, order: &[(usize, u16)]) -> Vec<Option<AlarmMark>> {
    let things = &state.plant.things;
    let mut worst: Vec<Option<UrgentMark>> = (0..things.len()).map(|thing| alarms::worst_mark(state, frame, thing)).collect();
    for (index, _) in order.iter().rev() {
        let (Some(below), Some(parent)) = (worst[*index], things[*index].parent) else { continue };
        worst[parent] = Some(worst[parent].map_or(below, |own| if below.0 < own.0 { below } else { own }));
    }
    worst.into_iter().map(|mark| mark.map(|(_, mark)| mark)).collect()
}

/// True when the plant file describes its simulation.
fn has_model(state: &ViewState) -> bool {
    state.plant.document.simulation.as_ref().is_some_and(|simulation| simulation.model == FLOWSHEET)
}

fn status(state: &ViewState, frame: &ViewFrame, playhead: &twin_ui::playhead::PlayheadView) -> StatusView {
    let live = state.snapshot.lane(LaneId::LIVE);
    let (inside, judged) = (frame.trust.inside, frame.trust.judged);
    // When nothing arrives there is no latency; 0 ms would look like the best.
    let latency = |ms: f64| if state.snapshot.live.samples_per_sec > 0.0 { ms } else { f64::NAN };
    // Trust is that of the head of the lane.
    let is_at_head = frame.playhead.mode == PlayheadMode::Following;
    StatusView {
        source: state.source_name.clone(),
        connection: state.connection(),
        samples_per_sec: state.snapshot.live.samples_per_sec,
        latency_p50_ms: latency(state.snapshot.live.latency_p50_ms),
        latency_p95_ms: latency(state.snapshot.live.latency_p95_ms),
        dropped: live.map_or(0, |lane| lane.stats.dropped),
        problems: live.map_or(0, |lane| lane.stats.problems) + state.problems.len() as u64,
        recording: live.and_then(|lane| lane.recording.as_ref()).map(|recording| RecordingView {
            durable: recording.durable,
            queued: recording.queued,
            lost: recording.lost,
            received: recording.received,
            refusal: recording.refusal.clone(),
        }),
        frame_ms: state.frame_ms,
        playhead: playhead.clone(),
        pace: state.snapshot.live.model.map(|pace| PaceView {
            real_time_factor: pace.real_time_factor,
            behind_secs: pace.behind_secs,
            lost_secs: pace.lost_secs,
        }),
        // A branch is the model; there is nothing to trust it by.
        trust: (judged > 0 && is_at_head && playhead.kind != twin_ui::playhead::LaneKind::Branch).then(|| TrustView {
            inside: u32::try_from(inside).unwrap_or(u32::MAX),
            judged: u32::try_from(judged).unwrap_or(u32::MAX),
            worst: String::new(),
        }),
    }
}

fn stories(state: &ViewState, frame: &ViewFrame) -> StoriesView {
    let running = state.snapshot.story.as_ref().filter(|story| story.running).map(|story| {
        let extent = state.snapshot.lane(story.lane).and_then(|lane| lane.extent);
        RunningStory {
            name: story.name.clone(),
            lane: story.lane,
            speed: story.speed,
            elapsed_secs: extent.map_or(0.0, |(start, head)| head - start),
            is_cleared: story.cleared,
            is_shown: frame.playhead.lane == story.lane,
        }
    });
    StoriesView { stories: state.stories.clone(), running, may_start: !state.stories.is_empty() }
}

fn problems(state: &ViewState) -> ProblemListView {
    let inputs = state.snapshot.lanes.iter().flat_map(|lane| lane.problems.iter()).rev().map(|(topic, reason, count)| ProblemView {
        severity: twin_model::Severity::Warning,
        place: topic.clone(),
        message: reason.clone(),
        hint: String::new(),
        count: *count,
    });
    let refusals = state.snapshot.journal.iter().rev().filter_map(|entry| {
        entry.refused.as_ref().map(|reason| ProblemView {
            severity: twin_model::Severity::Note,
            place: entry.author.clone(),
            message: format!("{}: {reason}", entry.act),
            hint: String::new(),
            count: 1,
        })
    });
    let document = state.problems.iter().map(|problem| ProblemView {
        severity: problem.severity,
        place: format!("{}{}", problem.file, problem.pointer),
        message: problem.message.clone(),
        hint: problem.hint.clone(),
        count: 1,
    });
    ProblemListView { problems: refusals.chain(inputs).chain(document).collect() }
}

/// A signal at the playhead as a screen shows it.
pub(in crate::view) fn reading(state: &ViewState, frame: &ViewFrame, key: SignalKey) -> ReadingView {
    let Some(info) = state.plant.signals.info(key) else { return ReadingView::default() };
    let base = ReadingView { unit: info.unit.clone(), decimals: info.decimals, ..ReadingView::default() };
    let units = twin_ui::format::site().units;
    let Some(reading) = frame.readings.get(key.index()).copied().flatten() else { return units.apply_to(base) };
    let measured = ReadingView {
        value: reading.value,
        state: reading.value.and_then(|value| state_name(&info.kind, value)),
        quality: reading.quality,
        age_secs: Some((frame.playhead.time - reading.source_time).max(0.0)),
        is_simulated: is_simulated(state, frame, &reading),
        ..base
    };
    units.apply_to(measured)
}

/// What a model computed, and what was derived from it on a branch. Before its fork a branch shows its parent's values.
fn is_simulated(state: &ViewState, frame: &ViewFrame, reading: &Reading) -> bool {
    match reading.origin {
        Origin::Simulated => true,
        Origin::Derived => {
            let fork = state.snapshot.lane(frame.playhead.lane).and_then(|lane| lane.fork);
            fork.is_some_and(|(_, time)| reading.source_time > time)
        }
        _ => false,
    }
}

fn state_name(kind: &ValueKind, value: f64) -> Option<String> {
    match kind {
        ValueKind::Number => None,
        ValueKind::Boolean => Some(if value >= 0.5 { "1" } else { "0" }.to_owned()),
        ValueKind::Enumeration { states } => Some(states.get(value as usize).cloned().unwrap_or_else(|| format!("{value}"))),
    }
}

/// A lane as the panels call it.
pub(super) fn lane_kind(state: &ViewState, lane: LaneId) -> twin_ui::playhead::LaneKind {
    use twin_runtime::LaneKind;
    match state.snapshot.lane(lane).map(|view| view.kind) {
        None | Some(LaneKind::Live) => twin_ui::playhead::LaneKind::Live,
        Some(LaneKind::Exercise) => twin_ui::playhead::LaneKind::Exercise,
        Some(LaneKind::Branch | LaneKind::Baseline) => twin_ui::playhead::LaneKind::Branch,
        Some(LaneKind::Recording) => twin_ui::playhead::LaneKind::Recording,
    }
}

/// Name of a lane for people.
pub(super) fn lane_name(state: &ViewState, lane: LaneId) -> String {
    state.snapshot.lane(lane).map(|view| view.name.clone()).unwrap_or_default()
}

/// Newest instant of a lane.
pub(super) fn head_of(state: &ViewState, lane: LaneId) -> Option<TwinTime> {
    state.snapshot.lane(lane).and_then(|view| view.extent).map(|(_, head)| head)
}
