//! A story played without wall clock through decoder and core, and what the core has of it.

use crate::offline::{OfflineRun, fixed_start};
use crate::plant_files;
use twin_demo::DemoOptions;
use twin_insight::AlarmEventKind;
use twin_model::LaneId;
use twin_model::alarm::AlarmClass;

/// What a run left in the core, and the truth beside it.
pub struct Recorded {
    run: OfflineRun,
    /// Minute, NPSH margin of P-101A in m, level of V-101 in %: true values nobody publishes.
    truth: Vec<(f64, f64, f64)>,
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

/// A story with nominal parameters, flat surroundings and its onset at the start.
pub fn nominal(story: &str) -> DemoOptions {
    DemoOptions {
        story: story.to_owned(),
        onset_min: 0.0,
        nominal: true,
        set: vec![("life".to_owned(), "flat".to_owned())],
        start: fixed_start(),
        ..DemoOptions::default()
    }
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
            self.truth.push((self.run.demo.elapsed_secs() / 60.0, truth.npsh_margin_m[0], truth.drum_level_pct));
        }
    }

    /// The run itself.
    pub fn run(&mut self) -> &mut OfflineRun {
        &mut self.run
    }

    /// Mean of the minute around `minute`; `NPSH` and `LEVEL` are the truth.
    pub fn around(&mut self, tag: &str, minute: f64) -> f64 {
        self.mean(tag, minute - 0.5, minute + 0.5)
    }

    /// Mean of what the core holds from one minute to another; not a number where it holds nothing.
    pub fn mean(&mut self, tag: &str, from: f64, to: f64) -> f64 {
        mean_of(&self.values(tag, from, to))
    }

    /// What the core holds of a signal from one minute to another.
    pub fn values(&self, tag: &str, from: f64, to: f64) -> Vec<f64> {
        let inside = self.truth.iter().filter(|(minute, ..)| (from..=to).contains(minute));
        match tag {
            "NPSH" => return inside.map(|(_, margin, _)| *margin).collect(),
            "LEVEL" => return inside.map(|(.., level)| *level).collect(),
            _ => {}
        }
        let start = self.run.demo.options().start;
        let column = self.run.twin.lane(LaneId::LIVE).zip(self.run.twin.plant().signals.find(tag));
        let column = column.and_then(|(lane, key)| lane.store().column(key));
        let stored = column.into_iter().flat_map(|column| column.range(start.plus_secs(from * 60.0), start.plus_secs(to * 60.0), u64::MAX));
        stored.filter_map(|stored| stored.sample.value).collect()
    }

    /// Width of the range of a signal.
    pub fn span(&self, tag: &str) -> f64 {
        let signals = &self.run.twin.plant().signals;
        match tag {
            "NPSH" => 10.0,
            "LEVEL" => 100.0,
            _ => signals.find(tag).and_then(|key| signals.info(key)?.range).map_or(f64::NAN, |(low, high)| high - low),
        }
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
