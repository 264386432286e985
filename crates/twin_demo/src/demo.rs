//! The demonstration plant: one step of plant time in, what is published in it out.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use twin_model::TwinTime;
use twin_sim::SimError;
use twin_sim::command::Mode;
use twin_sim::flowsheet::Request;

use crate::at;
use crate::calendar::{Calendar, Event};
use crate::crew::Crew;
use crate::life::{Boundary, Life, Liveliness, STEP_SECS};
use crate::plant::{HiddenPlant, Readings, Settings, Truth, drawn_settings, nominal_settings};
use crate::publish::{Feed, Publication, Rate, samples_due, time_after};
use crate::sensors::Sensors;
use crate::signals::{Gateway, SIGNALS};
use crate::story::{Fault, Silence, StoryKind, Telling, find_story};
use crate::truth::TruthLog;

/// What to demonstrate.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoOptions {
    /// Name of the story, see [`crate::story::STORIES`].
    pub story: String,
    /// Seed of everything random: parameters, sensor errors, noise, normal life.
    pub seed: u64,
    /// 0 = mild and slow … 1 = severe and fast.
    pub severity: f64,
    /// Plant minutes before the fault begins.
    pub onset_min: f64,
    /// Multiplies the story's time constants; 1 = demonstration scale.
    pub stretch: f64,
    /// Plant seconds per wall second; decides how samples are grouped. 0 = paused.
    pub speed: f64,
    /// True for a plant as in its data sheets with unbiased instruments.
    pub nominal: bool,
    /// Variants of the story (`lshh=healthy`, `valve=FV-101`, `standby=isolated`, `what=gw-200`, `duration=2`), the
    /// surroundings (`life=quiet`, which is the default; `life=flat`; `life=load` with load changes; `life=normal` with all
    /// planned events, which only the story `normal` has), the start (`condition=IC-4`), or any parameter of the plant by
    /// name. Of two settings of one name the later one holds.
    pub set: Vec<(String, String)>,
    /// Plant time at the start.
    pub start: TwinTime,
    /// First level of every topic.
    pub topic_root: String,
}

impl Default for DemoOptions {
    /// The normal plant of seed 1 at real time, from 1 January 2026, 08:00 UTC.
    fn default() -> Self {
        Self {
            story: "normal".into(),
            seed: 1,
            severity: 0.5,
            onset_min: 1.0,
            stretch: 1.0,
            speed: 1.0,
            nominal: false,
            set: Vec::new(),
            start: TwinTime::from_millis(1_767_254_400_000),
            topic_root: "unit100".into(),
        }
    }
}

impl DemoOptions {
    /// With the planned events of the [`Calendar`], unless the settings choose other surroundings: the live plant.
    #[must_use]
    pub fn with_planned_events(mut self) -> Self {
        self.set.insert(0, ("life".into(), "normal".into()));
        self
    }
}

/// Why a demonstration cannot be told as asked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DemoError {
    /// No story has this name.
    #[error("there is no story {0:?}; known: {known}", known = known_stories())]
    UnknownStory(String),
    /// A setting that means nothing here.
    #[error("{name}={value} is not a setting of the demonstration plant")]
    UnknownSetting {
        /// Name as given.
        name: String,
        /// Value as given.
        value: String,
    },
    /// A number outside its limits.
    #[error("{0}")]
    OutOfRange(String),
}

fn known_stories() -> String {
    crate::story::STORIES.map(|story| story.name).join(", ")
}

/// The plant with its instruments, surroundings, story and gateways. Same options, same commands: same publications.
#[derive(Clone, Debug)]
pub struct Demo {
    options: DemoOptions,
    plant: HiddenPlant,
    sensors: Sensors,
    life: Life,
    fault: Fault,
    feed: Feed,
    log: TruthLog,
    steps: u64,
    silence: Silence,
    pending: Vec<Publication>,
    change_over: Option<ChangeOver>,
    calendar: Calendar,
    crew: Crew,
    frozen_level_pct: Option<f64>,
}

/// A duty change under way: both pumps run for a minute.
#[derive(Clone, Debug)]
struct ChangeOver {
    stop: String,
    at_step: u64,
}

const STEP_MS: u64 = (STEP_SECS * 1000.0) as u64;
const CHANGE_OVER_STEPS: u64 = (60.0 / STEP_SECS) as u64;
/// Settings that belong to the story.
const STORY_VARIANTS: [&str; 5] = ["lshh", "valve", "standby", "what", "duration"];

/// What [`DemoOptions::set`] says beyond story variants and plant parameters.
struct Setup {
    variants: BTreeMap<String, String>,
    liveliness: Liveliness,
    calendar: Calendar,
    condition: String,
    settings: Settings,
}

impl Setup {
    fn from(options: &DemoOptions) -> Result<Self, DemoError> {
        let settings = if options.nominal { nominal_settings(options.seed) } else { drawn_settings(options.seed) };
        let mut setup = Self {
            variants: BTreeMap::new(),
            liveliness: Liveliness::Moving,
            calendar: Calendar::Empty,
            condition: NORMAL.to_owned(),
            settings,
        };
        for (name, value) in &options.set {
            setup.apply(name, value)?;
        }
        Ok(setup)
    }

    fn apply(&mut self, name: &str, value: &str) -> Result<(), DemoError> {
        let unknown = || DemoError::UnknownSetting { name: name.into(), value: value.into() };
        match name {
            "life" => {
                (self.liveliness, self.calendar) = match value {
                    "flat" => (Liveliness::Flat, Calendar::Empty),
                    "quiet" => (Liveliness::Moving, Calendar::Empty),
                    "load" => (Liveliness::Moving, Calendar::LoadChanges),
                    "normal" => (Liveliness::Moving, Calendar::Full),
                    _ => return Err(unknown()),
                }
            }
            "condition" => value.clone_into(&mut self.condition),
            _ if STORY_VARIANTS.contains(&name) => {
                if !variant_is_known(name, value) {
                    return Err(unknown());
                }
                self.variants.insert(name.into(), value.into());
            }
            _ => {
                let number: f64 = value.parse().map_err(|_| unknown())?;
                self.settings.push((name.to_owned(), number));
            }
        }
        Ok(())
    }
}

/// The condition a demonstration starts from when nobody says another.
const NORMAL: &str = "IC-5";

/// A setting or condition that the plant does not have, or not within its limits.
fn refused(error: SimError) -> DemoError {
    match error {
        SimError::UnknownParameter(name) => DemoError::UnknownSetting { name, value: String::new() },
        SimError::UnknownCondition(value) => DemoError::UnknownSetting { name: "condition".to_owned(), value },
        outside @ SimError::OutOfRange { .. } => DemoError::OutOfRange(outside.to_string()),
    }
}

fn variant_is_known(name: &str, value: &str) -> bool {
    match name {
        "lshh" => ["healthy", "failed"].contains(&value),
        "valve" => ["LV-101", "FV-101"].contains(&value),
        "standby" => ["available", "isolated"].contains(&value),
        "what" => ["broker", "gw-100", "gw-200"].contains(&value),
        _ => value.parse().is_ok_and(|minutes: f64| minutes > 0.0),
    }
}

impl Demo {
    /// A plant settled at its start.
    ///
    /// # Errors
    /// [`DemoError`] for an unknown story or setting, or a number outside its limits.
    pub fn new(options: DemoOptions) -> Result<Self, DemoError> {
        let story = find_story(&options.story).ok_or_else(|| DemoError::UnknownStory(options.story.clone()))?;
        check_numbers(&options)?;
        let mut setup = Setup::from(&options)?;
        if story.kind != StoryKind::Normal && setup.calendar == Calendar::Full {
            setup.calendar = Calendar::Empty;
        }
        let mut plant = HiddenPlant::start_in(&setup.condition, &setup.settings).map_err(refused)?;
        let settled = Boundary::of(&plant);
        let mut sensors = Sensors::new(options.seed, options.nominal);
        sensors.step(plant.values(), plant.truth(), STEP_SECS);
        let telling =
            Telling { story, severity: options.severity, onset_min: options.onset_min, stretch: options.stretch, variants: setup.variants };
        let fault = Fault::new(telling, &mut plant);
        let mut log = TruthLog::default();
        log.begin(&fault, options.seed, options.start);
        let mut demo = Self {
            life: Life::new(options.seed, setup.liveliness, settled, options.start),
            feed: Feed::new(&options.topic_root, options.start, Rate::at(options.speed)),
            plant,
            sensors,
            fault,
            log,
            steps: 0,
            silence: Silence::default(),
            pending: Vec::new(),
            change_over: None,
            calendar: setup.calendar,
            crew: Crew::default(),
            frozen_level_pct: None,
            options,
        };
        demo.announce_births();
        demo.publish_first();
        Ok(demo)
    }

    /// Queues births, clock and the newest sample of every signal again: the whole picture for those who have just
    /// connected.
    pub fn tell_everything(&mut self) {
        self.announce_births();
        self.feed.tell_again(&mut self.pending);
    }

    /// Advances by [`STEP_SECS`] of plant time and appends what is published meanwhile.
    pub fn step(&mut self, out: &mut Vec<Publication>) {
        out.append(&mut self.pending);
        let elapsed_secs = self.elapsed_secs();
        if self.fault.step(&mut self.plant, &mut self.sensors, elapsed_secs) {
            self.log.event("onset", self.time(), elapsed_secs);
        }
        let boundary = self.life.step(elapsed_secs, self.plant.values()[at::LT_102]);
        let mut measured = self.sensors.measured();
        self.freeze_level(&mut measured);
        self.plant.step(&boundary, &measured);
        self.sensors.step(self.plant.values(), self.plant.truth(), STEP_SECS);
        self.steps += 1;
        self.finish_change_over();
        self.begin_planned_work();
        self.crew.step(&mut self.plant, self.steps as f64 * STEP_SECS);
        let (fault, plant, sensors) = (&self.fault, &self.plant, &self.sensors);
        let time = time_after(self.options.start, self.steps * STEP_MS);
        self.log.watch(plant, || fault.hidden(plant, sensors), time, self.steps as f64 * STEP_SECS);
        self.publish(out);
    }

    fn begin_planned_work(&mut self) {
        let (before, now) = (time_after(self.options.start, (self.steps - 1) * STEP_MS), self.time());
        for event in self.calendar.due(before, now) {
            let elapsed_secs = self.elapsed_secs();
            self.log.event(event.name(), now, elapsed_secs);
            match event {
                Event::LoadChange => self.life.change_load(),
                Event::ChangeOver => self.change_duty(),
                _ => self.crew.begin(event, &mut self.plant, elapsed_secs),
            }
        }
    }

    /// The feed pump at rest takes over, provided that the other one runs.
    fn change_duty(&mut self) {
        let [state_a, state_b] = [at::XS_101A, at::XS_101B].map(|index| self.plant.values()[index]);
        let rested = match (state_a, state_b) {
            (2.0, 0.0) => "P-101B",
            (0.0, 2.0) => "P-101A",
            _ => return,
        };
        if let Err(refusal) = self.carry_out(rested, &Value::from("duty")) {
            tracing::info!(%refusal, "a planned change-over was not begun");
        }
    }

    /// A transmitter that is being calibrated holds its last reading for the controllers.
    fn freeze_level(&mut self, measured: &mut Readings) {
        if self.crew.calibrates_level() {
            measured[at::LT_101] = *self.frozen_level_pct.get_or_insert(measured[at::LT_101]);
        } else {
            self.frozen_level_pct = None;
        }
    }

    fn publish(&mut self, out: &mut Vec<Publication>) {
        self.notice_silence(out);
        self.feed.set_in_maintenance(at::LT_101, self.crew.calibrates_level());
        let end_ms = self.steps * STEP_MS;
        for (index, signal) in SIGNALS.iter().enumerate() {
            let silent = self.is_silent(signal.gateway);
            if signal.period_ms == 0 {
                if !silent {
                    let value = self.state_value(index);
                    self.feed.state(index, end_ms, value, out);
                }
                continue;
            }
            for at_ms in samples_due(index, signal, end_ms) {
                let fraction = 1.0 - (end_ms - at_ms) as f64 / STEP_MS as f64;
                let value = self.sensors.reading(index, fraction);
                if !silent {
                    self.feed.sample(index, at_ms, value, out);
                }
            }
        }
        let batch_steps = self.feed.rate().batch_steps;
        if batch_steps > 0 && self.steps.is_multiple_of(batch_steps) {
            self.feed.flush(out);
        }
        if self.steps.is_multiple_of(self.clock_steps()) {
            out.extend(self.clock());
        }
    }

    /// A gateway publishes its own life; everything else comes from the plant.
    fn state_value(&self, index: usize) -> f64 {
        match index {
            at::XS_110 | at::XS_210 => 1.0,
            _ => self.plant.values()[index],
        }
    }

    /// One clock message per wall second, or with every array.
    fn clock_steps(&self) -> u64 {
        match self.feed.rate().batch_steps {
            0 => (self.options.speed / STEP_SECS).round().max(1.0) as u64,
            batch_steps => batch_steps,
        }
    }

    fn is_silent(&self, gateway: Gateway) -> bool {
        match gateway {
            Gateway::Gw100 => self.silence.gw_100,
            Gateway::Gw200 => self.silence.gw_200,
        }
    }

    /// Says what the broker would say when a session dies, and the births when it is back.
    fn notice_silence(&mut self, out: &mut Vec<Publication>) {
        let mut silence = self.fault.silence(self.elapsed_secs());
        silence.gw_100 |= self.crew.restarts_gateway();
        if silence == self.silence {
            return;
        }
        let before = std::mem::replace(&mut self.silence, silence);
        for (gateway, was, is) in [(Gateway::Gw100, before.gw_100, silence.gw_100), (Gateway::Gw200, before.gw_200, silence.gw_200)] {
            if was != is {
                self.feed.lose(gateway);
                out.push(if is { self.offline(gateway) } else { self.birth(gateway) });
            }
        }
    }

    fn announce_births(&mut self) {
        for gateway in Gateway::ALL {
            if !self.is_silent(gateway) {
                let birth = self.birth(gateway);
                self.pending.push(birth);
            }
        }
        let clock = self.clock();
        self.pending.extend(clock);
    }

    /// The first value of every signal.
    fn publish_first(&mut self) {
        for (index, signal) in SIGNALS.iter().enumerate() {
            let value = if signal.period_ms == 0 { self.state_value(index) } else { self.sensors.reading(index, 1.0) };
            self.feed.add(index, 0, value, &mut self.pending);
        }
        self.feed.flush(&mut self.pending);
    }

    fn birth(&self, gateway: Gateway) -> Publication {
        let payload = json!({
            "status": "online", "t": self.time().to_string(), "speed": self.options.speed, "start": self.options.start.to_string(),
        });
        self.status(gateway, payload.to_string())
    }

    /// The Last Will of `gateway`: what its session leaves with the broker.
    pub fn offline(&self, gateway: Gateway) -> Publication {
        self.status(gateway, "offline".into())
    }

    fn status(&self, gateway: Gateway, payload: String) -> Publication {
        let topic = Arc::from(format!("{}/{}/status", self.options.topic_root, gateway.name()));
        Publication { gateway, topic, payload: payload.into_bytes(), retain: true, qos: 1 }
    }

    /// The clock is told by the first gateway that can speak.
    fn clock(&self) -> Option<Publication> {
        let gateway = Gateway::ALL.into_iter().find(|gateway| !self.is_silent(*gateway))?;
        let payload = json!({"t": self.time().to_string(), "speed": self.options.speed}).to_string().into_bytes();
        let topic = Arc::from(format!("{}/clock", self.options.topic_root));
        Some(Publication { gateway, topic, payload, retain: true, qos: 0 })
    }

    /// Announcements that wait for the next step: births, clocks, replies. For a plant that is paused.
    pub fn take_announcements(&mut self, out: &mut Vec<Publication>) {
        out.append(&mut self.pending);
    }

    /// Changes the speed that is announced and by which samples are grouped; 0 = paused.
    pub fn set_speed(&mut self, speed: f64) {
        if !(speed.is_finite() && speed >= 0.0) {
            return;
        }
        self.options.speed = speed;
        let mut out = std::mem::take(&mut self.pending);
        if speed > 0.0 {
            self.feed.set_rate(Rate::at(speed), &mut out);
        } else {
            self.feed.flush(&mut out);
        }
        self.pending = out;
        self.announce_births();
    }

    /// Repairs the fault at once. If it has already led to a trip, a crew brings the plant back.
    pub fn clear(&mut self) {
        self.crew.call(self.elapsed_secs());
        self.fault.clear(&mut self.plant, &mut self.sensors);
        self.log.event("clear", self.time(), self.elapsed_secs());
    }

    /// Answers a request that came in on `<root>/cmd/<tag>`: set point, output or mode of a loop (`FIC-101.SP`), `start`,
    /// `stop`, `reset` or `duty` of a drive (`P-101B`), `reset` of an interlock, or `start`, `hold`, `stop`, `reset` of
    /// `unit-100`. The reply goes to `<root>/cmd/<tag>/reply` with the next step. Other topics are ignored.
    pub fn command(&mut self, topic: &str, payload: &[u8]) {
        let Some(tag) = topic.strip_prefix(&self.options.topic_root).and_then(|rest| rest.strip_prefix("/cmd/")) else {
            return;
        };
        if tag.contains('/') {
            return;
        }
        let request: Value = serde_json::from_slice(payload).unwrap_or_default();
        let outcome = self.carry_out(tag, &request["value"]);
        let reply = match &outcome {
            Ok(()) => json!({"id": request["id"], "accepted": true}),
            Err(reason) => json!({"id": request["id"], "accepted": false, "reason": reason}),
        };
        let gateway = SIGNALS.iter().find(|signal| signal.tag == tag).map_or(Gateway::Gw100, |signal| signal.gateway);
        let topic = Arc::from(format!("{topic}/reply"));
        self.pending.push(Publication { gateway, topic, payload: reply.to_string().into_bytes(), retain: false, qos: 1 });
    }

    fn carry_out(&mut self, tag: &str, value: &Value) -> Result<(), String> {
        let duty = value.as_str() == Some("duty");
        let (target, request) = if duty { (tag, Request::Start) } else { request_for(tag, value)? };
        self.plant.request(target, request).map_err(|refusal| refusal.to_string())?;
        if duty && let Some(other) = other_of_pair(tag) {
            self.change_over = Some(ChangeOver { stop: other, at_step: self.steps + CHANGE_OVER_STEPS });
        }
        Ok(())
    }

    fn finish_change_over(&mut self) {
        if let Some(change_over) = self.change_over.take_if(|change_over| change_over.at_step <= self.steps)
            && let Err(refusal) = self.plant.request(&change_over.stop, Request::Stop)
        {
            tracing::info!(%refusal, "a change-over was not finished");
        }
    }

    /// Plant time.
    pub fn time(&self) -> TwinTime {
        time_after(self.options.start, self.steps * STEP_MS)
    }

    /// Plant seconds since the start.
    pub fn elapsed_secs(&self) -> f64 {
        self.steps as f64 * STEP_SECS
    }

    /// The options, with the speed as it is now.
    pub fn options(&self) -> &DemoOptions {
        &self.options
    }

    /// The hidden plant, for tests and debriefing. Nothing of it goes to the broker.
    pub fn plant(&self) -> &HiddenPlant {
        &self.plant
    }

    /// The truth behind the signals.
    pub fn truth(&self) -> &Truth {
        self.plant.truth()
    }

    /// The record of what really happened.
    pub fn truth_log(&mut self) -> &mut TruthLog {
        &mut self.log
    }
}

fn check_numbers(options: &DemoOptions) -> Result<(), DemoError> {
    let checks = [
        ("severity must be within 0 and 1", (0.0..=1.0).contains(&options.severity)),
        ("onset must be zero or a positive number of minutes", options.onset_min >= 0.0 && options.onset_min.is_finite()),
        ("stretch must be positive", options.stretch > 0.0 && options.stretch.is_finite()),
        ("speed must be within 0 and 1000", (0.0..=1000.0).contains(&options.speed)),
    ];
    match checks.iter().find(|(_, holds)| !holds) {
        Some((rule, _)) => Err(DemoError::OutOfRange((*rule).into())),
        None => Ok(()),
    }
}

/// What a request on `<root>/cmd/<tag>` asks of whom.
fn request_for<'a>(tag: &'a str, value: &Value) -> Result<(&'a str, Request), String> {
    if let Some((name, what)) = tag.split_once('.') {
        let number = || value.as_f64().ok_or_else(|| "the value is no number".to_owned());
        let request = match (what, value.as_str()) {
            ("SP", _) => Request::Setpoint(number()?),
            ("OP", _) => Request::Output(number()?),
            ("MODE", Some("MAN")) => Request::Mode(Mode::Man),
            ("MODE", Some("AUTO")) => Request::Mode(Mode::Auto),
            ("MODE", Some("CAS")) => Request::Mode(Mode::Cas),
            ("MODE", _) => return Err("the mode is MAN, AUTO or CAS".into()),
            _ => return Err(format!("{tag} cannot be set")),
        };
        return Ok((name, request));
    }
    let is_unit = tag.eq_ignore_ascii_case("unit-100");
    let target = if is_unit { "UNIT-100" } else { tag };
    let request = match value.as_str() {
        Some("start") => Request::Start,
        Some("hold") if is_unit => Request::Hold,
        Some("stop") => Request::Stop,
        Some("reset") => Request::Reset,
        _ if is_unit => return Err("the value is start, hold, stop or reset".into()),
        _ => return Err("the value is start, stop, reset or duty".into()),
    };
    Ok((target, request))
}

/// The other pump of a pair: `P-101B` for `P-101A`.
fn other_of_pair(tag: &str) -> Option<String> {
    match tag.chars().last() {
        Some('A') => Some(format!("{}B", &tag[..tag.len() - 1])),
        Some('B') => Some(format!("{}A", &tag[..tag.len() - 1])),
        _ => None,
    }
}
