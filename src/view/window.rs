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

/// The settings as they were read, and where they are kept.
#[derive(Resource)]
struct Kept {
    file: Option<SettingsFile>,
    settings: Settings,
}

/// When to end by itself, for measurements.
#[derive(Resource)]
struct Ending {
    started: Instant,
    until_moving: bool,
    after: Option<Duration>,
    first_values: Option<TwinTime>,
}

/// What a window is opened for.
#[derive(Clone, Copy, Debug, Default)]
pub struct WindowWishes {
    /// End at the first frame whose values moved, and tell the time since then.
    pub until_moving: Option<Instant>,
    /// End after so many seconds.
    pub seconds: Option<f64>,
    /// Begin with the guided tour.
    pub with_tour: bool,
}

/// Shows a session until the window is closed.
///
/// # Errors
/// A sentence when a tour is asked for and the plant has none.
pub fn run(session: Session, adapter: Adapter, wishes: &WindowWishes) -> Result<ExitCode, String> {
    let link = ViewLink { snapshots: session.core.snapshots(), actions: session.core.sender() };
    let bell = BellLink(link.clone());
    let mut state = ViewState::new(Arc::clone(&session.files.plant), link);
    state.expects_news = true;
    state.folder = session.files.folder.clone();
    state.problems = session.files.problems.clone();
    state.history = session.history.clone();
    state.source_name = format!("{} · {}", session.source_name, adapter.name);
    if session.files.is_demo {
        state.stories = crate::story_host::story_list();
    }
    state.tour_script = session.files.tour.clone();
    state.wants_tour = wishes.with_tour;
    if wishes.with_tour && state.tour_script.is_none() {
        return Err("this plant has no guided tour: put a tour.toml into its folder.".to_owned());
    }
    let file = SettingsFile::of_user();
    let settings = restore(&mut state, file.as_ref());
    let quality = QualityChoice { wish: quality_named(&settings), is_software: adapter.is_software };
    let title = format!("{} · Didymos", session.files.plant.document.name);
    let mut app = App::new();
    session.files.scene.register(&mut app);
    app.add_plugins(DefaultPlugins.build().set(LogPlugin { filter: "error,didymos=warn,twin_ingest=warn".to_owned(), ..default() }).set(
        WindowPlugin { primary_window: Some(Window { title, resolution: WindowResolution::new(1600, 900), ..default() }), ..default() },
    ));
    app.insert_resource(state)
        .insert_resource(bell)
        .insert_resource(Kept { file, settings })
        .insert_resource(Ending {
            started: wishes.until_moving.unwrap_or_else(Instant::now),
            until_moving: wishes.until_moving.is_some(),
            after: wishes.seconds.map(Duration::from_secs_f64),
            first_values: None,
        })
        .add_plugins(ViewPlugin { scene: session.files.scene.clone(), orbit: true, target: None, quality })
        .add_plugins(PacingPlugin)
        .add_systems(Last, (end, save_settings).chain().after(bevy::window::ExitSystems));
    let exit = app.run();
    // The window is gone; now the core, then the plant and its broker.
    drop(session);
    Ok(if exit.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Takes up what the user set: look, site format, layout of the panels.
fn restore(state: &mut ViewState, file: Option<&SettingsFile>) -> Settings {
    let Some(file) = file else { return Settings::default() };
    let (settings, told) = file.load();
    let (look, unusable) = settings.look(file.folder());
    state.theme = look.theme;
    state.scale = look.scale;
    twin_ui::format::set_site(look.site);
    state.problems.extend(unusable);
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
    settings
}

/// The quality the settings name; what they name wrongly has been told.
fn quality_named(settings: &Settings) -> Quality {
    match settings.quality.as_str() {
        "economy" => Quality::Economy,
        "standard" => Quality::Standard,
        "high" => Quality::High,
        _ => Quality::Auto,
    }
}

/// The word of the settings for a quality.
fn quality_word(quality: Quality) -> &'static str {
    match quality {
        Quality::Auto => "auto",
        Quality::Economy => "economy",
        Quality::Standard => "standard",
        Quality::High => "high",
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

/// Saves what the user set when the program ends.
fn save_settings(mut exits: MessageReader<AppExit>, kept: Res<Kept>, state: Res<ViewState>, choice: Res<QualityChoice>) {
    if exits.read().next().is_none() {
        return;
    }
    let theme = state.chosen_theme.map_or_else(|| kept.settings.theme.clone(), str::to_owned);
    // A word that was not understood stays in the file until another quality is chosen.
    let is_kept = choice.wish == quality_named(&kept.settings);
    let quality = if is_kept { kept.settings.quality.clone() } else { quality_word(choice.wish).to_owned() };
    let settings = Settings { layout: state.workspace.save(), quality, theme, ..kept.settings.clone() };
    if let Some(file) = &kept.file
        && let Err(error) = file.save(&settings)
    {
        warn!("The settings could not be saved: {error}.");
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
