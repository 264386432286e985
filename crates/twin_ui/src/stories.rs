//! Show me a failure: stories that a plant of their own lives through.

use crate::icons::Icon;
use crate::{Theme, UiEvent, controls, format, text::t};
use egui::{RichText, ScrollArea, Stroke, Ui};
use twin_model::{Action, LaneId};

/// The stories and the one that runs.
#[derive(Clone, Debug, PartialEq)]
pub struct StoriesView {
    /// Stories on offer.
    pub stories: Vec<StoryView>,
    /// The running one.
    pub running: Option<RunningStory>,
    /// False greys out starting.
    pub may_start: bool,
}

impl Default for StoriesView {
    fn default() -> Self {
        Self { stories: Vec::new(), running: None, may_start: true }
    }
}

/// One story.
#[derive(Clone, Debug, PartialEq)]
pub struct StoryView {
    /// Name for the core, such as `bearing-wear`.
    pub name: String,
    /// Title for people. It may name what to watch, not the fault.
    pub title: String,
    /// What happens, in one or two sentences.
    pub description: String,
    /// Length, plant seconds.
    pub duration_secs: f64,
    /// Suggested speed, plant seconds per wall second.
    pub suggested_speed: f64,
}

/// The running story.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningStory {
    /// Name for the core.
    pub name: String,
    /// Lane it plays on.
    pub lane: LaneId,
    /// Speed; 0 = paused.
    pub speed: f64,
    /// Plant seconds since its start.
    pub elapsed_secs: f64,
    /// The fault has been repaired.
    pub is_cleared: bool,
    /// The view shows its lane.
    pub is_shown: bool,
}

/// Nothing but the severity for the next story.
#[derive(Clone, Debug)]
pub struct StoriesState {
    /// 0 … 1.
    pub severity: f64,
    /// Speed to resume at after a pause.
    pub resume_speed: Option<f64>,
}

impl Default for StoriesState {
    fn default() -> Self {
        Self { severity: 0.5, resume_speed: None }
    }
}

/// Draws the stories.
pub fn stories_ui(ui: &mut Ui, view: &StoriesView, state: &mut StoriesState, theme: &Theme, out: &mut Vec<UiEvent>) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.label(RichText::new(t().stories_title).size(theme.text_size + 2.0).color(theme.text_strong));
        ui.add(egui::Label::new(RichText::new(t().stories_note).size(theme.small_size + 0.5).color(theme.text_weak)).wrap());
        ui.add_space(4.0);
        if let Some(running) = &view.running {
            running_ui(ui, view, running, state, theme, out);
        }
        if view.stories.is_empty() {
            controls::weak(ui, t().no_stories, theme);
        }
        for story in &view.stories {
            story_ui(ui, view, story, state, theme, out);
        }
        if !view.stories.is_empty() {
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                controls::weak(ui, t().severity, theme);
                ui.spacing_mut().slider_width = 120.0;
                ui.add(egui::Slider::new(&mut state.severity, 0.0..=1.0).fixed_decimals(1).show_value(true).custom_parser(format::parse));
            });
        }
    });
}

fn story_ui(ui: &mut Ui, view: &StoriesView, story: &StoryView, state: &StoriesState, theme: &Theme, out: &mut Vec<UiEvent>) {
    ui.add_space(6.0);
    let frame = egui::Frame::new().fill(theme.card()).corner_radius(6).inner_margin(egui::Margin::symmetric(10, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.label(RichText::new(&story.title).color(theme.text_strong));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let is_free = view.may_start && view.running.as_ref().is_none_or(|running| running.name != story.name);
                ui.add_enabled_ui(is_free, |ui| {
                    let label = format!("{} {}", t().play, story.title);
                    if controls::icon_button(ui, Icon::Play, &label, false, theme).clicked() {
                        out.push(UiEvent::Twin(Action::StartStory { name: story.name.clone(), severity: state.severity, speed: None }));
                    }
                });
                let wall = story.duration_secs / story.suggested_speed.max(1e-6);
                let length = format!(
                    "{} · {} · {}",
                    format::duration(story.duration_secs),
                    format::speed(story.suggested_speed),
                    format::duration(wall)
                );
                controls::weak(ui, length, theme);
            });
        });
        ui.add(egui::Label::new(RichText::new(&story.description).size(theme.small_size + 0.5).color(theme.text_weak)).wrap());
    });
}

fn running_ui(ui: &mut Ui, view: &StoriesView, running: &RunningStory, state: &mut StoriesState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let story = view.stories.iter().find(|story| story.name == running.name);
    let title = story.map_or(running.name.as_str(), |story| story.title.as_str());
    let frame = egui::Frame::new()
        .fill(theme.selected)
        .stroke(Stroke::new(1.0, theme.accent))
        .corner_radius(6)
        .inner_margin(egui::Margin::symmetric(10, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            controls::pill(ui, t().exercise, theme.accent, theme.on_accent, theme);
            ui.label(RichText::new(title).color(theme.text_strong));
        });
        let total = story.map_or_else(String::new, |story| format!(" / {}", format::duration(story.duration_secs)));
        let speed = if running.speed > 0.0 { format::speed(running.speed) } else { t().paused.to_owned() };
        let mut line = format!("{}{total} · {speed}", format::duration(running.elapsed_secs));
        if story.is_some_and(|story| running.elapsed_secs > story.duration_secs) {
            line = format!("{line} · {}", t().past_its_end);
        }
        if running.is_cleared {
            line = format!("{line} · {}", t().repaired);
        }
        ui.label(RichText::new(line).color(theme.text));
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            if running.speed > 0.0 {
                if controls::icon_button(ui, Icon::Pause, t().pause_story, false, theme).clicked() {
                    state.resume_speed = Some(running.speed);
                    out.push(UiEvent::Twin(Action::StorySpeed { speed: 0.0 }));
                }
            } else if controls::icon_button(ui, Icon::Play, t().resume_story, false, theme).clicked() {
                let speed = state.resume_speed.or(story.map(|story| story.suggested_speed)).unwrap_or(1.0);
                out.push(UiEvent::Twin(Action::StorySpeed { speed }));
            }
            let slower = (running.speed / 2.0).max(1.0);
            if controls::choice(ui, false, t().slower, theme).clicked() {
                out.push(UiEvent::Twin(Action::StorySpeed { speed: slower }));
            }
            if controls::choice(ui, false, t().faster, theme).clicked() {
                out.push(UiEvent::Twin(Action::StorySpeed { speed: (running.speed * 2.0).clamp(1.0, 1000.0) }));
            }
            ui.add_enabled_ui(!running.is_cleared, |ui| {
                if controls::icon_button(ui, Icon::Repair, t().repair, false, theme).clicked() {
                    out.push(UiEvent::Twin(Action::ClearStory));
                }
            });
            if controls::icon_button(ui, Icon::Stop, t().stop_story, false, theme).clicked() {
                out.push(UiEvent::Twin(Action::StopStory));
            }
            if controls::icon_button(ui, Icon::Eye, t().show_exercise, running.is_shown, theme).clicked() {
                let lane = if running.is_shown { LaneId::LIVE } else { running.lane };
                out.push(UiEvent::Twin(Action::SwitchLane(lane)));
            }
        });
    });
}
