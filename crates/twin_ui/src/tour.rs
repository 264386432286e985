//! The guided tour: a script of steps, the clock that walks through it, and the card that tells where it is.

use crate::displays::Display;
use crate::event::ViewDirection;
use crate::icons::Icon;
use crate::{Panel, Theme, UiEvent, ViewMode, controls, format, text::t};
use egui::{Align2, Area, CornerRadius, Id, Order, Rect, RichText, Ui, WidgetInfo, WidgetType, pos2, vec2};
use serde::{Deserialize, Serialize};
use twin_model::{Action, LaneId, Problem, SignalId, ThingId};

/// What a person does with the tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TourAction {
    /// Begins it.
    Start,
    /// To the step before.
    Back,
    /// To the next step; after the last one the tour ends.
    Next,
    /// Holds the clock, or lets it run on.
    Pause,
    /// Ends it; everything is put back.
    Skip,
}

/// A tour as its file says it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TourScript {
    /// Name for people.
    pub title: String,
    /// Steps in order.
    #[serde(rename = "step")]
    pub steps: Vec<ScriptStep>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptStep {
    /// Headline.
    pub title: String,
    /// One or two sentences.
    pub text: String,
    /// How long it stays, seconds of wall time.
    pub seconds: f64,
    /// What happens when it begins.
    #[serde(default, rename = "do")]
    pub acts: Vec<Act>,
}

/// Something a step does.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// Shows the plant as it is now.
    Live,
    /// The whole plant in view, nothing selected.
    Home,
    /// Shows a display.
    Display(Display),
    /// OPERATE or HEALTH.
    Mode(ViewMode),
    /// Selects a thing.
    Select(ThingId),
    /// Selects a thing and flies to it.
    FlyTo(ThingId),
    /// Opens a panel.
    Open(Panel),
    /// Draws a signal in the trends.
    Watch(SignalId),
    /// Starts a story.
    Story {
        /// Its name.
        name: String,
        /// 0 mild … 1 severe.
        severity: f64,
        /// Plant seconds per second.
        speed: f64,
    },
    /// Changes the speed of the story.
    StorySpeed(f64),
    /// Shows or hides value tags.
    Tags(bool),
    /// Shows or hides flow ticks.
    Flow(bool),
    /// Cuts the selected thing open.
    Cutaway(bool),
    /// Pulls the selected thing apart.
    Explode(bool),
    /// Looks from a side.
    ViewFrom(ViewDirection),
}

impl ScriptStep {
    /// What the step asks for when it begins.
    pub fn events(&self) -> Vec<UiEvent> {
        self.acts.iter().flat_map(Act::events).collect()
    }
}

impl Act {
    fn events(&self) -> Vec<UiEvent> {
        let one = |event| vec![event];
        match self.clone() {
            Self::Live => one(UiEvent::Twin(Action::SwitchLane(LaneId::LIVE))),
            Self::Home => vec![UiEvent::Select(None), UiEvent::Home],
            Self::Display(display) => one(UiEvent::SetDisplay(display)),
            Self::Mode(mode) => one(UiEvent::SetViewMode(mode)),
            Self::Select(thing) => one(UiEvent::Select(Some(thing))),
            Self::FlyTo(thing) => vec![UiEvent::Select(Some(thing.clone())), UiEvent::FlyTo(thing)],
            Self::Open(panel) => one(UiEvent::OpenPanel(panel)),
            Self::Watch(signal) => one(UiEvent::WatchTrend(signal)),
            Self::Story { name, severity, speed } => one(UiEvent::Twin(Action::StartStory { name, severity, speed: Some(speed) })),
            Self::StorySpeed(speed) => one(UiEvent::Twin(Action::StorySpeed { speed })),
            Self::Tags(shows) => one(UiEvent::ShowTags(shows)),
            Self::Flow(shows) => one(UiEvent::SetFlow(shows)),
            Self::Cutaway(is_on) => one(UiEvent::SetCutaway(is_on)),
            Self::Explode(is_on) => one(UiEvent::SetExplode(if is_on { 1.0 } else { 0.0 })),
            Self::ViewFrom(direction) => one(UiEvent::ViewFrom(direction)),
        }
    }
}

impl TourScript {
    /// Reads a script.
    ///
    /// # Errors
    /// What is wrong and in which line; `file` is the name it is told under.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        let refuse = |line: Option<u32>, message: String| {
            let mut problem = Problem::error(file, "", message, t().tour_hint);
            problem.line = line;
            problem
        };
        let line_at = |offset: usize| u32::try_from(text.get(..offset).unwrap_or(text).matches('\n').count() + 1).ok();
        let script: Self =
            toml::from_str(text).map_err(|error| refuse(error.span().and_then(|span| line_at(span.start)), error.message().to_owned()))?;
        if script.steps.is_empty() {
            return Err(refuse(None, t().tour_empty.to_owned()));
        }
        if let Some(step) = script.steps.iter().find(|step| !(step.seconds.is_finite() && step.seconds > 0.0)) {
            return Err(refuse(None, format!("{}: {}", step.title, t().tour_bad_seconds)));
        }
        Ok(script)
    }

    /// How long it takes, seconds.
    pub fn total_secs(&self) -> f64 {
        self.steps.iter().map(|step| step.seconds).sum()
    }

    /// Plant seconds that its story has lived through `at_secs` seconds into the tour, the act of its start included;
    /// `None` before that. A picture of a step is drawn from it without waiting.
    pub fn story_secs_at(&self, at_secs: f64) -> Option<f64> {
        let (mut begins, mut speed, mut lived) = (0.0, 0.0, None);
        for step in self.steps.iter() {
            if begins > at_secs {
                break;
            }
            for act in &step.acts {
                match act {
                    Act::Story { speed: first, .. } => (speed, lived) = (*first, Some(0.0)),
                    Act::StorySpeed(next) => speed = *next,
                    _ => {}
                }
            }
            let shown = (at_secs - begins).min(step.seconds);
            lived = lived.map(|lived| lived + shown * speed);
            begins += step.seconds;
        }
        lived
    }

    /// Things it names.
    pub fn things(&self) -> impl Iterator<Item = &ThingId> {
        self.acts().filter_map(|act| if let Act::Select(thing) | Act::FlyTo(thing) = act { Some(thing) } else { None })
    }

    /// Signals it names.
    pub fn signals(&self) -> impl Iterator<Item = &SignalId> {
        self.acts().filter_map(|act| if let Act::Watch(signal) = act { Some(signal) } else { None })
    }

    /// Stories it plays.
    pub fn stories(&self) -> impl Iterator<Item = &str> {
        self.acts().filter_map(|act| if let Act::Story { name, .. } = act { Some(name.as_str()) } else { None })
    }

    fn acts(&self) -> impl Iterator<Item = &Act> {
        self.steps.iter().flat_map(|step| &step.acts)
    }
}

/// What the window showed before the tour, to be put back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Before {
    /// Display on show.
    pub display: Display,
    /// OPERATE or HEALTH.
    pub view_mode: ViewMode,
    /// What was selected.
    pub selected: Option<ThingId>,
    /// Value tags were shown.
    pub shows_tags: bool,
    /// Flow ticks were shown.
    pub shows_flow: bool,
    /// Signals in the trends.
    pub trended: Vec<SignalId>,
}

/// A tour under way. It knows no clock: the window tells it how much time has passed.
#[derive(Clone, Debug)]
pub struct Tour {
    script: TourScript,
    before: Before,
    step: usize,
    in_step_secs: f64,
    is_paused: bool,
    is_over: bool,
    has_story: bool,
}

impl Tour {
    /// Begins a tour and returns what its first step asks for.
    pub fn begin(script: TourScript, before: Before) -> (Self, Vec<UiEvent>) {
        let mut tour = Self { script, before, step: 0, in_step_secs: 0.0, is_paused: false, is_over: false, has_story: false };
        let mut events = vec![UiEvent::KeepCamera];
        events.extend(tour.enter(0));
        (tour, events)
    }

    /// True after its end: the window lets go of it.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Lets time pass. However long a frame was, no step is left out.
    pub fn advance(&mut self, dt_secs: f64) -> Vec<UiEvent> {
        let mut events = Vec::new();
        if self.is_paused || self.is_over {
            return events;
        }
        self.in_step_secs += dt_secs.max(0.0);
        while let Some(over) = self.script.steps.get(self.step).map(|step| self.in_step_secs - step.seconds).filter(|over| *over >= 0.0) {
            events.extend(self.next());
            if self.is_over {
                break;
            }
            self.in_step_secs = over;
        }
        events
    }

    /// Does what a person asks.
    pub fn act(&mut self, action: TourAction) -> Vec<UiEvent> {
        if self.is_over {
            return Vec::new();
        }
        match action {
            TourAction::Start => Vec::new(),
            TourAction::Back => self.enter(self.step.saturating_sub(1)),
            TourAction::Next => self.next(),
            TourAction::Pause => self.pause(),
            TourAction::Skip => self.end(),
        }
    }

    /// What the card shows.
    pub fn view(&self) -> TourView {
        let mut at_secs = 0.0;
        let steps = self.script.steps.iter().map(|step| {
            let begins = at_secs;
            at_secs += step.seconds;
            TourStep { title: step.title.clone(), text: step.text.clone(), at_secs: begins }
        });
        let steps: Vec<TourStep> = steps.collect();
        let passed = steps.get(self.step).map_or(at_secs, |step| step.at_secs + self.in_step_secs);
        TourView { step: self.step, steps, remaining_secs: (at_secs - passed).max(0.0), is_paused: self.is_paused }
    }

    fn next(&mut self) -> Vec<UiEvent> {
        if self.step + 1 < self.script.steps.len() { self.enter(self.step + 1) } else { self.end() }
    }

    fn enter(&mut self, step: usize) -> Vec<UiEvent> {
        self.step = step;
        self.in_step_secs = 0.0;
        let Some(step) = self.script.steps.get(step) else { return Vec::new() };
        self.has_story |= step.acts.iter().any(|act| matches!(act, Act::Story { .. }));
        step.events()
    }

    /// The story stands while the tour stands, or its alarms would come before their step.
    fn pause(&mut self) -> Vec<UiEvent> {
        self.is_paused = !self.is_paused;
        if !self.has_story {
            return Vec::new();
        }
        let speed = if self.is_paused { 0.0 } else { self.story_speed() };
        vec![UiEvent::Twin(Action::StorySpeed { speed })]
    }

    /// The speed that the steps so far gave to the story.
    fn story_speed(&self) -> f64 {
        let acts = self.script.steps.iter().take(self.step + 1).flat_map(|step| &step.acts);
        let speeds = acts.filter_map(|act| if let Act::Story { speed, .. } | Act::StorySpeed(speed) = act { Some(*speed) } else { None });
        speeds.fold(1.0, |_, speed| speed)
    }

    /// Puts everything back as it was.
    fn end(&mut self) -> Vec<UiEvent> {
        self.is_over = true;
        let before = &self.before;
        let mut events = Vec::new();
        if self.has_story {
            events.push(UiEvent::Twin(Action::StopStory));
        }
        let was_drawn = |signal: &&SignalId| !before.trended.contains(signal);
        events.extend(self.script.signals().filter(was_drawn).map(|signal| UiEvent::UnwatchTrend(signal.clone())));
        events.extend([
            UiEvent::Twin(Action::SwitchLane(LaneId::LIVE)),
            UiEvent::SetExplode(0.0),
            UiEvent::SetCutaway(false),
            UiEvent::ShowTags(before.shows_tags),
            UiEvent::SetFlow(before.shows_flow),
            UiEvent::SetViewMode(before.view_mode),
            UiEvent::SetDisplay(before.display),
            UiEvent::Select(before.selected.clone()),
            UiEvent::ReturnCamera,
        ]);
        events
    }
}

/// Where the tour stands.
#[derive(Clone, Debug, PartialEq)]
pub struct TourView {
    /// Step on show, from 0.
    pub step: usize,
    /// All steps.
    pub steps: Vec<TourStep>,
    /// Seconds to the end.
    pub remaining_secs: f64,
    /// The clock stands.
    pub is_paused: bool,
}

/// A step as the card shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct TourStep {
    /// Headline.
    pub title: String,
    /// Text.
    pub text: String,
    /// When it begins, seconds from the start.
    pub at_secs: f64,
}

const CARD_WIDTH: f32 = 520.0;

/// Draws the card at the bottom of the window's free area, over whatever the display shows.
pub fn tour_ui(ui: &Ui, room: Rect, view: &TourView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let Some(step) = view.steps.get(view.step) else { return };
    let width = CARD_WIDTH.min(room.width() - 24.0);
    let at = pos2(room.center().x, room.bottom() - 12.0);
    let area = Area::new(Id::new("tour")).order(Order::Foreground).fixed_pos(at).pivot(Align2::CENTER_BOTTOM).constrain(false);
    area.fade_in(false).show(ui.ctx(), |ui| {
        let frame = egui::Frame::popup(ui.style()).inner_margin(egui::Margin::symmetric(18, 14)).corner_radius(8);
        frame.show(ui, |ui| {
            ui.set_width(width);
            ui.label(RichText::new(&step.title).size(theme.text_size + 4.0).color(theme.text_strong));
            ui.add(egui::Label::new(RichText::new(&step.text).size(theme.text_size + 1.0).color(theme.text)).wrap());
            ui.add_space(8.0);
            progress_line(ui, view, theme);
            ui.add_space(6.0);
            buttons(ui, view, theme, out);
        });
    });
}

/// One piece per step, as long as the step.
fn progress_line(ui: &mut Ui, view: &TourView, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 4.0), egui::Sense::hover());
    let begins = view.steps.get(view.step).map_or(0.0, |step| step.at_secs);
    response.widget_info(|| {
        let words = format!("{} {} / {}", t().tour_step, view.step + 1, view.steps.len());
        WidgetInfo::labeled(WidgetType::ProgressIndicator, true, words)
    });
    for (index, step) in view.steps.iter().enumerate() {
        let share = rect.width() / view.steps.len() as f32;
        let piece = Rect::from_min_size(pos2(rect.left() + share * index as f32, rect.top()), vec2(share - 3.0, 4.0));
        let is_done = step.at_secs <= begins;
        ui.painter().rect_filled(piece, CornerRadius::same(2), if is_done { theme.accent } else { theme.normal_band });
    }
}

fn buttons(ui: &mut Ui, view: &TourView, theme: &Theme, out: &mut Vec<UiEvent>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let mut ask = |action| out.push(UiEvent::Tour(action));
        ui.add_enabled_ui(view.step > 0, |ui| {
            if controls::icon_button(ui, Icon::Previous, t().tour_back, false, theme).clicked() {
                ask(TourAction::Back);
            }
        });
        let (icon, words) = if view.is_paused { (Icon::Play, t().tour_resume) } else { (Icon::Pause, t().tour_pause) };
        if controls::icon_button(ui, icon, words, false, theme).clicked() {
            ask(TourAction::Pause);
        }
        if controls::icon_button(ui, Icon::Next, t().tour_next, false, theme).clicked() {
            ask(TourAction::Next);
        }
        controls::weak(ui, format!("{} {}", format::countdown(view.remaining_secs), t().left), theme);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if controls::quiet_button(ui, t().tour_skip, theme).clicked() {
                ask(TourAction::Skip);
            }
        });
    });
}
