//! `didymos shot`: any view as a picture, panels included, without a display.

use crate::cli::{ShotArgs, ShotView};
use crate::offline::{OfflineRun, fixed_start};
use crate::plant_files::{self, PlantFiles};
use crate::view::{VIEW, ViewLink, ViewState, picture};
use std::sync::Arc;
use twin_demo::DemoOptions;
use twin_ingest::SystemClock;
use twin_model::{Action, ActionEnvelope, Author, LaneId, Override, Role};
use twin_runtime::{LaneKind, Twin, ViewSnapshots};
use twin_ui::{Panel, ViewMode};

/// Plant seconds a what-if of a picture runs ahead.
const WHAT_IF_SECS: f64 = 3600.0;

/// Draws one picture.
///
/// # Errors
/// A sentence for the person at the terminal.
pub fn run(args: &ShotArgs) -> Result<(), String> {
    let files = plant_files::open(Some(&args.plant), args.scene.as_deref())?;
    let (mut twin, story_seconds) = play(args, &files)?;
    let selected = args.select.as_deref().map(|name| find_thing(&files, name)).transpose()?;
    let (actions, inbox) = crossbeam_channel::bounded(256);
    let snapshots = ViewSnapshots::new(twin.snapshot(1, 0.0));
    let mut state = ViewState::new(Arc::clone(&files.plant), ViewLink { snapshots: snapshots.clone(), actions });
    state.problems = files.problems.clone();
    state.stories = crate::story_host::story_list();
    state.source_name = format!("demo plant, {story_seconds:.0} s, seed {}", args.seed);
    state.mode = if args.view == ShotView::Health { ViewMode::Health } else { ViewMode::Operate };
    state.select(selected);
    for tag in &args.trend {
        let key = files.plant.signals.find(tag).ok_or_else(|| format!("there is no signal {tag}."))?;
        state.trended.extend(files.plant.signals.info(key).map(|info| info.id.clone()));
    }
    if let Some(name) = &args.panel {
        open_panel(&mut state, name)?;
    }
    if let Some(pump) = &args.what_if_duty {
        ask(&mut twin, pump)?;
    }
    // The window says which signals it draws; here the twin is asked at once.
    state.refresh();
    for envelope in inbox.try_iter() {
        twin.act(&envelope);
    }
    twin.advance(0.0);
    snapshots.put(twin.snapshot(2, 0.0));
    picture::draw(state, files.scene, selected, args.size, &args.out)
}

/// Runs the plant and its twin; a plant without a demo stands still.
fn play(args: &ShotArgs, files: &PlantFiles) -> Result<(Twin, f64), String> {
    if !files.is_demo {
        return Ok((Twin::new(Arc::clone(&files.plant), Arc::new(SystemClock)), 0.0));
    }
    let options = DemoOptions {
        story: args.story.clone(),
        severity: args.severity,
        seed: args.seed,
        set: args.set.clone(),
        start: fixed_start(),
        ..DemoOptions::default()
    };
    let mut run = OfflineRun::new(&files.plant, options)?;
    run.run_to_secs(args.after);
    Ok((run.twin, args.after))
}

fn find_thing(files: &PlantFiles, name: &str) -> Result<usize, String> {
    let by_signal = || files.plant.signals.find(name).and_then(|key| files.plant.settings_of(key)).map(|settings| settings.thing);
    files.plant.thing(name).or_else(by_signal).ok_or_else(|| format!("there is no thing {name} in this plant."))
}

fn open_panel(state: &mut ViewState, name: &str) -> Result<(), String> {
    if name == "none" {
        Panel::CLOSABLE.iter().for_each(|panel| state.workspace.close(*panel));
        return Ok(());
    }
    let panel: Panel = serde_json::from_value(serde_json::Value::String(name.to_owned())).map_err(|_| {
        let known: Vec<String> = Panel::CLOSABLE.iter().filter_map(|p| serde_json::to_string(p).ok()).collect();
        format!("there is no panel {name}; there are {}.", known.join(", "))
    })?;
    state.workspace.open(panel);
    Ok(())
}

/// Forks at the head with another pump on duty, runs ahead, and shows the branch beside its baseline.
fn ask(twin: &mut Twin, pump: &str) -> Result<(), String> {
    let overrides = [Override::Duty { drive: pump.to_owned() }];
    let branch = twin.fork(VIEW, LaneId::LIVE, None, &format!("{pump} on duty"), &overrides, WHAT_IF_SECS)?;
    let reached = |twin: &Twin| {
        twin.lanes()
            .filter(|lane| lane.fork.is_some())
            .all(|lane| lane.fork.is_some_and(|f| lane.head().is_some_and(|h| h - f.time >= WHAT_IF_SECS - 1.0)))
    };
    while !reached(twin) {
        twin.drain_branches(|| false);
        std::thread::yield_now();
    }
    twin.drain_branches(|| false);
    let baseline = twin.lanes().find(|lane| lane.kind == LaneKind::Baseline).map(|lane| lane.id);
    let author = Author { name: "engineer".to_owned(), role: Role::Engineer };
    for action in [Action::SwitchLane(branch), Action::Compare(baseline)] {
        twin.act(&ActionEnvelope { view: VIEW, author: author.clone(), action });
    }
    Ok(())
}
