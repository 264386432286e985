//! A story played without wall clock through decoder and core, and what the core has of it.

use crate::offline::{OfflineRun, fixed_start};
use crate::plant_files;
use twin_demo::DemoOptions;
use twin_demo::story_table::{self, HALF_WINDOW_MIN, UNPUBLISHED};
use twin_insight::AlarmEventKind;
use twin_model::LaneId;
use twin_model::alarm::AlarmClass;

/// What a run left in the core, and the truth beside it.
pub struct Recorded {
    run: OfflineRun,
    /// Minute and the true values nobody publishes, in the order of [`UNPUBLISHED`].
    truth: Vec<(f64, [f64; UNPUBLISHED.len()])>,
}

/// An alarm point that came.
#[derive(Clone, Debug)]
pub struct Raised {
    /// Tag of the point.
    pub tag: String,
    /// Alarm, alert, event or advisory.
    pub class: AlarmClass,
    /// Minutes after the start.
    pub minute: f64,
    /// A person was shown it.
    pub annunciated: bool,
    /// Suppressed by design: journaled only, as the points of a pump at rest.
    pub suppressed: bool,
}

/// The same run at the same plant time everywhere.
pub fn with_fixed_start(options: DemoOptions) -> DemoOptions {
    DemoOptions { start: fixed_start(), ..options }
}

/// A story with nominal parameters, flat surroundings and its onset at the start.
pub fn nominal(story: &str) -> DemoOptions {
    with_fixed_start(story_table::nominal(story))
}

impl Recorded {
    /// Plays so many minutes.
    ///
    /// # Errors
    /// A sentence when it cannot be set up.
    pub fn of(options: DemoOptions, minutes: f64) -> Result<Self, String> {
        let mut recorded = Self::begin(options)?;
        recorded.play_to(minutes);
        Ok(recorded)
    }

    /// A run that has not begun.
    ///
    /// # Errors
    /// A sentence when it cannot be set up.
    pub fn begin(options: DemoOptions) -> Result<Self, String> {
        let plant = plant_files::open(None, None)?.plant;
        Ok(Self { run: OfflineRun::new(&plant, options)?, truth: Vec::new() })
    }

    /// Plays on to a minute.
    pub fn play_to(&mut self, minute: f64) {
        while self.run.demo.elapsed_secs() < minute * 60.0 {
            self.run.step();
            let truth = self.run.demo.truth();
            self.truth.push((self.run.demo.elapsed_secs() / 60.0, UNPUBLISHED.map(|column| (column.read)(truth))));
        }
    }

    /// The run itself.
    pub fn run(&mut self) -> &mut OfflineRun {
        &mut self.run
    }

    /// Mean of the minute around `minute`; the names of [`UNPUBLISHED`] are the truth.
    pub fn around(&mut self, tag: &str, minute: f64) -> f64 {
        self.mean(tag, minute - HALF_WINDOW_MIN, minute + HALF_WINDOW_MIN)
    }

    /// Mean of what the core holds from one minute to another; not a number where it holds nothing.
    pub fn mean(&mut self, tag: &str, from: f64, to: f64) -> f64 {
        mean_of(&self.values(tag, from, to))
    }

    /// What the core holds of a signal from one minute to another.
    pub fn values(&self, tag: &str, from: f64, to: f64) -> Vec<f64> {
        if let Some(index) = UNPUBLISHED.iter().position(|column| column.name == tag) {
            let inside = self.truth.iter().filter(|(minute, _)| (from..=to).contains(minute));
            return inside.map(|(_, values)| values[index]).collect();
        }
        let start = self.run.demo.options().start;
        let column = self.run.twin.lane(LaneId::LIVE).zip(self.run.twin.plant().signals.find(tag));
        let column = column.and_then(|(lane, key)| lane.store().column(key));
        let stored = column.into_iter().flat_map(|column| column.range(start.plus_secs(from * 60.0), start.plus_secs(to * 60.0), u64::MAX));
        stored.filter_map(|stored| stored.sample.value).collect()
    }

    /// All points that came, in order.
    pub fn raised(&self) -> Vec<Raised> {
        let (Some(lane), start) = (self.run.twin.lane(LaneId::LIVE), self.run.demo.options().start) else { return Vec::new() };
        let plant = self.run.twin.plant();
        let raised = lane.alarms.events().iter().filter(|event| event.kind == AlarmEventKind::Raised);
        raised
            .filter_map(|event| {
                let settings = &plant.alarms.get(event.alarm)?.settings;
                let minute = event.time.secs_since(start) / 60.0;
                Some(Raised {
                    tag: settings.tag.clone(),
                    class: settings.class,
                    minute,
                    annunciated: event.annunciate,
                    suppressed: event.suppressed,
                })
            })
            .collect()
    }
}

/// Mean of some values; not a number of none.
pub fn mean_of(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
