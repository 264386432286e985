//! `didymos shot`: any view as a picture, panels included, without a display.

use crate::cli::{OpenArgs, ShotArgs, ShotView};
use crate::keeping::KeepArgs;
use crate::offline::{OfflineRun, fixed_start};
use crate::plant_files::{self, PlantFiles};
use crate::record::{OpenRecord, RecordArgs};
use crate::session::Session;
use crate::view::picture::{self, Shot};
use crate::view::{CameraWish, QualityChoice, SceneTools, VIEW, ViewLink, ViewState};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use twin_demo::DemoOptions;
use twin_ingest::SystemClock;
use twin_model::{Action, ActionEnvelope, Author, LaneId, Override, Role, SourceState};
use twin_runtime::replay::for_each_batch;
use twin_runtime::{LaneKind, SourceLink, Twin, ViewSnapshots};
use twin_ui::{Axis, ClipPlane, Panel, Theme, ViewMode};

/// Steps the model may take for one commit; as many as in the running program.
const STEPS_PER_COMMIT: usize = 240;
/// Plant seconds a what-if of a picture runs ahead.
const WHAT_IF_SECS: f64 = 3600.0;

/// Draws one picture.
///
/// # Errors
/// A sentence for the person at the terminal.
pub fn run(args: &ShotArgs) -> Result<(), String> {
    if args.tour {
        return crate::picture_set::draw(&args.out);
    }
    if let Some(record) = &args.record {
        return recorded(args, record);
    }
    let files = plant_files::open(Some(&args.plant), args.scene.as_deref())?;
    if args.broker.is_some() { live(args, files) } else { played(args, files) }
}

/// A picture of a plant that has been read live for a while.
fn live(args: &ShotArgs, files: PlantFiles) -> Result<(), String> {
    let open = OpenArgs { broker: args.broker.clone(), keep: KeepArgs::nothing(), ..OpenArgs::default() };
    let session = Session::start_with(&open, files)?;
    std::thread::sleep(Duration::try_from_secs_f64(args.seconds).unwrap_or_default());
    if let Some(SourceState::Down { reason }) = session.core.snapshot().lane(LaneId::LIVE).map(|lane| &lane.state) {
        return Err(format!("nothing to draw: {reason}"));
    }
    let link = ViewLink { snapshots: session.core.snapshots(), actions: session.core.sender() };
    let mut state = view_state(args, &session.files, link)?;
    state.source_name = session.source_name.clone();
    state.refresh();
    let shot = shot_of(args, &state);
    picture::draw(state, session.files.scene.clone(), shot, &args.out)
}

/// A picture of a record at an instant.
fn recorded(args: &ShotArgs, record: &Path) -> Result<(), String> {
    // The plant named by default is the demo; a package brings its own.
    let plant = record.is_dir().then(|| args.plant.clone());
    let record = OpenRecord::open(&RecordArgs { record: record.to_owned(), plant })?;
    let mut twin = Twin::new(Arc::clone(&record.files.plant), Arc::new(SystemClock));
    heard(&mut twin, &record)?;
    if let Some(time) = args.at {
        twin.act(&ActionEnvelope { view: VIEW, author: engineer(), action: Action::Seek(time) });
    }
    if let Some(live) = twin.lane_mut(LaneId::LIVE) {
        live.state = SourceState::Ended;
    }
    draw(args, record.files, twin, format!("record {}", record.title))
}

/// Lets a lane of its own hear a record to its end.
///
/// # Errors
/// A sentence when the record cannot be read.
pub fn heard(twin: &mut Twin, record: &OpenRecord) -> Result<LaneId, String> {
    let (_, events) = crossbeam_channel::bounded(0);
    let source = SourceLink { events, acks: None, stats: None, guard: Box::new(()) };
    let id = twin.open_recording(&record.title, source);
    for_each_batch(&record.archive, record.lane, |batch| {
        if let Some(lane) = twin.lane_mut(id) {
            lane.commit(&batch);
            lane.advance_shadow(STEPS_PER_COMMIT);
        }
        true
    })
    .map_err(|error| error.to_string())?;
    if let Some(lane) = twin.lane_mut(id) {
        lane.source = None;
        lane.state = SourceState::Ended;
    }
    twin.advance(0.0);
    Ok(id)
}

fn engineer() -> Author {
    Author { name: "engineer".to_owned(), role: Role::Engineer }
}

/// A picture of the demo plant at an instant of a story, or of another plant without data.
fn played(args: &ShotArgs, files: PlantFiles) -> Result<(), String> {
    let mut twin = play(args, &files)?;
    let source_name = if files.is_demo {
        format!("demo plant, {:.0} s, seed {}", args.after, args.seed)
    } else {
        "no broker: give one with --broker".to_owned()
    };
    if let Some(pump) = &args.what_if_duty {
        ask(&mut twin, pump)?;
    }
    draw(args, files, twin, source_name)
}

fn draw(args: &ShotArgs, files: PlantFiles, mut twin: Twin, source_name: String) -> Result<(), String> {
    let (actions, inbox) = crossbeam_channel::bounded(256);
    let snapshots = ViewSnapshots::new(twin.snapshot(1, 0.0));
    let mut state = view_state(args, &files, ViewLink { snapshots: snapshots.clone(), actions })?;
    state.source_name = source_name;
    // The window says which signals it draws; here the twin is asked at once.
    state.refresh();
    for envelope in inbox.try_iter() {
        twin.act(&envelope);
    }
    twin.advance(0.0);
    snapshots.put(twin.snapshot(2, 0.0));
    let shot = shot_of(args, &state);
    picture::draw(state, files.scene, shot, &args.out)
}

fn shot_of(args: &ShotArgs, state: &ViewState) -> Shot {
    let camera = match (args.from, state.selected) {
        (Some(direction), _) => CameraWish::From(direction.into()),
        (None, Some(thing)) => CameraWish::Thing(thing),
        (None, None) => CameraWish::Home,
    };
    // A picture has the time a window on a software renderer has not.
    Shot { size: args.size, quality: QualityChoice { wish: args.quality.into(), is_software: false }, camera }
}

/// What the command line says of the view.
fn view_state(args: &ShotArgs, files: &PlantFiles, link: ViewLink) -> Result<ViewState, String> {
    let mut state = ViewState::new(Arc::clone(&files.plant), link);
    state.problems = files.problems.clone();
    if files.is_demo {
        state.stories = crate::story_host::story_list();
    }
    state.workspace.set_display(args.display.into());
    state.theme = Theme::named(&args.theme).unwrap_or_default();
    state.mode = if args.view == ShotView::Health { ViewMode::Health } else { ViewMode::Operate };
    state.select(args.select.as_deref().map(|name| find_thing(files, name)).transpose()?);
    state.tools = SceneTools {
        shows_flow: args.flow,
        is_exploded: args.explode,
        is_cut_away: args.cut_away,
        is_isolated: args.isolate,
        section: args.section.map(|share| ClipPlane { axis: Axis::Z, share, is_flipped: false }),
        measured: None,
    };
    for tag in &args.trend {
        let key = files.plant.signals.find(tag).ok_or_else(|| format!("there is no signal {tag}."))?;
        state.trended.extend(files.plant.signals.info(key).map(|info| info.id.clone()));
    }
    if let Some(name) = &args.panel {
        open_panel(&mut state, name)?;
    }
    Ok(state)
}

/// Runs the plant and its twin; a plant without a demo stands still.
fn play(args: &ShotArgs, files: &PlantFiles) -> Result<Twin, String> {
    if !files.is_demo {
        return Ok(Twin::new(Arc::clone(&files.plant), Arc::new(SystemClock)));
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
    Ok(run.twin)
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
    for action in [Action::SwitchLane(branch), Action::Compare(baseline)] {
        twin.act(&ActionEnvelope { view: VIEW, author: engineer(), action });
    }
    Ok(())
}
