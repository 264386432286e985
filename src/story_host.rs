//! The demo plant as an outside program: the normal one beside the live lane, a story beside a lane of its own.

use crate::cli::PlantArgs;
use crate::session::connect;
use std::sync::Arc;
use twin_demo::{DemoHandle, DemoOptions, DemoRunner, EmbeddedBroker, RunOptions, STORIES, find_story};
use twin_ingest::mqtt::MqttOptions;
use twin_model::document::SourceSettings;
use twin_model::{Clock, Plant, TwinTime};
use twin_runtime::{SourceLink, StoryHost};

/// Topic root of the live demo plant.
const LIVE_ROOT: &str = "unit100";

/// Starts the demo plant in normal operation.
///
/// # Errors
/// A sentence for the person at the terminal.
pub fn start_normal_plant(broker_url: &str, start: TwinTime) -> Result<DemoHandle, String> {
    let demo = DemoOptions { start, ..DemoOptions::default() }.with_planned_events();
    DemoRunner::spawn(RunOptions { demo, ..RunOptions::default() }, broker_url).map_err(|error| error.to_string())
}

/// Runs the demo plant until it is stopped from outside.
///
/// # Errors
/// A sentence for the person at the terminal.
pub fn run_plant(args: &PlantArgs) -> Result<(), String> {
    let demo = DemoOptions {
        story: args.story.clone(),
        severity: args.severity,
        seed: args.seed,
        speed: args.speed,
        onset_min: args.onset,
        set: args.set.clone(),
        start: twin_ingest::SystemClock.now(),
        ..DemoOptions::default()
    }
    .with_planned_events();
    let options = RunOptions { demo, clear_after_min: args.clear_after, truth_file: args.truth.clone() };
    let handle = DemoRunner::spawn(options, &args.broker).map_err(|error| error.to_string())?;
    println!("Unit 100 publishes to {} below {LIVE_ROOT}/ at {}x. Stop with Ctrl-C.", args.broker, args.speed);
    handle.wait();
    Ok(())
}

/// Stories as the panel lists them.
pub fn story_list() -> Vec<twin_ui::stories::StoryView> {
    let playable = STORIES.iter().filter(|story| story.name != "normal");
    playable
        .map(|story| twin_ui::stories::StoryView {
            name: story.name.to_owned(),
            title: story.title.to_owned(),
            description: story.text.to_owned(),
            duration_secs: story.span_min * 60.0,
            suggested_speed: story.suggested_speed,
        })
        .collect()
}

/// Plays stories on the demo's broker, each below a topic root of its own.
pub struct DemoStories {
    broker: Arc<EmbeddedBroker>,
    plant: Arc<Plant>,
    source: SourceSettings,
    clock: Arc<dyn Clock>,
    running: Option<DemoHandle>,
    played: u32,
}

impl DemoStories {
    /// A host that has played nothing yet. `source` is the live plant's; its topics are moved to another root.
    pub fn new(broker: Arc<EmbeddedBroker>, plant: Arc<Plant>, source: SourceSettings, clock: Arc<dyn Clock>) -> Self {
        Self { broker, plant, source, clock, running: None, played: 0 }
    }
}

impl StoryHost for DemoStories {
    fn start(&mut self, name: &str, severity: f64, speed: Option<f64>) -> Result<(SourceLink, f64), String> {
        let story = find_story(name).ok_or_else(|| format!("There is no story {name}."))?;
        self.stop();
        self.played += 1;
        let root = format!("exercise-{}", self.played);
        let speed = speed.unwrap_or(story.suggested_speed);
        let options = MqttOptions::new(&self.broker.url()).map_err(|error| error.to_string())?;
        let link = connect(options, &self.plant, &moved(&self.source, &root), &self.clock);
        let demo = DemoOptions {
            story: name.to_owned(),
            severity,
            speed,
            seed: u64::from(self.played) + 1,
            start: self.clock.now(),
            topic_root: root,
            ..DemoOptions::default()
        };
        let run = RunOptions { demo, ..RunOptions::default() };
        self.running = Some(DemoRunner::spawn(run, &self.broker.url()).map_err(|error| error.to_string())?);
        Ok((link, speed))
    }

    fn set_speed(&mut self, speed: f64) {
        if let Some(plant) = &self.running {
            plant.pause(speed <= 0.0);
            if speed > 0.0 {
                plant.set_speed(speed);
            }
        }
    }

    fn clear(&mut self) {
        if let Some(plant) = &self.running {
            plant.clear();
        }
    }

    fn stop(&mut self) {
        if let Some(plant) = self.running.take() {
            plant.stop();
        }
    }
}

/// The same source below another topic root.
pub fn moved(source: &SourceSettings, root: &str) -> SourceSettings {
    let move_topic = |topic: &str| match topic.split_once('/') {
        Some((_, rest)) => format!("{root}/{rest}"),
        None => topic.to_owned(),
    };
    let mut moved = source.clone();
    moved.topic = move_topic(&source.topic);
    moved.clock_topic = source.clock_topic.as_deref().map(move_topic);
    for session in &mut moved.sessions {
        session.status_topic = move_topic(&session.status_topic);
    }
    moved
}
