//! The window.

use super::pacing::{BellLink, PacingPlugin};
use super::{QualityChoice, SceneProgress, ViewLink, ViewPlugin, ViewState};
use crate::display::Adapter;
use crate::session::Session;
use crate::settings::{Settings, SettingsFile};
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::window::WindowResolution;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use twin_model::TwinTime;
use twin_ui::Quality;

#[derive(Resource)]
struct Layout(Option<SettingsFile>);

/// When to end by itself, for measurements.
#[derive(Resource)]
struct Ending {
    started: Instant,
    until_moving: bool,
    after: Option<Duration>,
    first_values: Option<TwinTime>,
}

/// Shows a session until the window is closed.
///
/// # Errors
/// None today; the signature is that of every way to run.
pub fn run(session: Session, adapter: Adapter, until_moving: Option<Instant>, seconds: Option<f64>) -> Result<ExitCode, String> {
    let link = ViewLink { snapshots: session.core.snapshots(), actions: session.core.sender() };
    let bell = BellLink(link.clone());
    let mut state = ViewState::new(Arc::clone(&session.files.plant), link);
    state.expects_news = true;
    state.folder = session.files.folder.clone();
    state.problems = session.files.problems.clone();
    state.source_name = format!("{} · {}", session.source_name, adapter.name);
    if session.files.is_demo {
        state.stories = crate::story_host::story_list();
    }
    let settings = SettingsFile::of_user();
    restore_layout(&mut state, settings.as_ref());
    let title = format!("{} · Didymos", session.files.plant.document.name);
    let mut app = App::new();
    session.files.scene.register(&mut app);
    app.add_plugins(DefaultPlugins.build().set(LogPlugin { filter: "error,didymos=warn,twin_ingest=warn".to_owned(), ..default() }).set(
        WindowPlugin { primary_window: Some(Window { title, resolution: WindowResolution::new(1600, 900), ..default() }), ..default() },
    ));
    app.insert_resource(state)
        .insert_resource(bell)
        .insert_resource(Layout(settings))
        .insert_resource(Ending {
            started: until_moving.unwrap_or_else(Instant::now),
            until_moving: until_moving.is_some(),
            after: seconds.map(Duration::from_secs_f64),
            first_values: None,
        })
        .add_plugins(ViewPlugin {
            scene: session.files.scene.clone(),
            orbit: true,
            target: None,
            quality: QualityChoice { wish: Quality::Auto, is_software: adapter.is_software },
        })
        .add_plugins(PacingPlugin)
        .add_systems(Last, (end, save_layout).chain().after(bevy::window::ExitSystems));
    let exit = app.run();
    // The window is gone; now the core, then the plant and its broker.
    drop(session);
    Ok(if exit.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn restore_layout(state: &mut ViewState, settings: Option<&SettingsFile>) {
    let Some(file) = settings else { return };
    let (settings, told) = file.load();
    if !settings.layout.is_empty() && !state.workspace.restore(&settings.layout) {
        let message = "The saved layout of the panels is not one of this version; the panels stand as at the first start.";
        note(state, message.to_owned(), "Arrange them again; the layout is saved when the window is closed.");
    }
    if let Some(message) = told {
        note(state, message, "Nothing was lost; repair or delete the file.");
    }
    if file.is_read_only() {
        note(state, "Another Didymos is running; it keeps the layout of the panels.".to_owned(), "Close it first to save this layout.");
    }
}

fn note(state: &mut ViewState, message: String, hint: &str) {
    state.problems.push(twin_model::Problem {
        severity: twin_model::Severity::Note,
        file: "settings.toml".to_owned(),
        pointer: String::new(),
        line: None,
        message,
        hint: hint.to_owned(),
    });
}

/// Saves the layout when the program ends.
fn save_layout(mut exits: MessageReader<AppExit>, layout: Res<Layout>, state: Res<ViewState>) {
    if exits.read().next().is_none() {
        return;
    }
    if let Some(file) = &layout.0
        && let Err(error) = file.save(&Settings { layout: state.workspace.save() })
    {
        warn!("The layout could not be saved: {error}.");
    }
}

/// Ends by itself: after the time asked for, or at the first frame whose values moved.
fn end(mut ending: ResMut<Ending>, state: Res<ViewState>, scene: Res<SceneProgress>, mut exit: MessageWriter<AppExit>) {
    if ending.after.is_some_and(|after| ending.started.elapsed() >= after) {
        exit.write(AppExit::Success);
    }
    if !ending.until_moving || !matches!(*scene, SceneProgress::Ready | SceneProgress::Absent) {
        return;
    }
    let newest = state.frame().and_then(|frame| frame.readings.iter().flatten().map(|reading| reading.source_time).max());
    match (ending.first_values, newest) {
        (None, Some(time)) => ending.first_values = Some(time),
        (Some(first), Some(time)) if time > first => {
            println!("first moving frame after {:.2} s", ending.started.elapsed().as_secs_f64());
            ending.until_moving = false;
            exit.write(AppExit::Success);
        }
        _ => {}
    }
}
