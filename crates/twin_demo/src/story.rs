//! Failure stories: what breaks, how fast, and what a person should know before watching.
//!
//! A story moves parameters of the hidden plant and faults of its sensors. None of that is ever published.

use std::collections::BTreeMap;

use crate::at;
use crate::life::STEP_SECS;
use crate::plant::HiddenPlant;
use crate::sensors::Sensors;

/// What a story breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoryKind {
    /// Nothing.
    Normal,
    /// Drive-end bearing of P-101A.
    BearingWear,
    /// Suction strainer of P-101A, up to cavitation.
    StrainerFouling,
    /// Scale in the tubes of E-101.
    ExchangerFouling,
    /// LV-101 (or FV-101) sticks.
    ValveStiction,
    /// Level transmitter of V-101 with a plugged line.
    LevelLies,
    /// Leak in the instrument air ring.
    AirLeak,
    /// P-101A trips while its standby is isolated.
    PumpTripFlood,
    /// A gateway falls silent.
    CommsLoss,
}

/// A story as a person chooses it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Story {
    /// What it breaks.
    pub kind: StoryKind,
    /// Name on the command line.
    pub name: &'static str,
    /// Title for people.
    pub title: &'static str,
    /// What happens and what to look for, for people.
    pub text: &'static str,
    /// Plant time it takes, in minutes.
    pub span_min: f64,
    /// Speed at which it is told in a minute or two.
    pub suggested_speed: f64,
}

/// All stories.
pub const STORIES: [Story; 9] = [
    Story {
        kind: StoryKind::Normal,
        name: "normal",
        title: "Normal operation",
        text: "A plant day: feed, weather and consumer move, the controllers follow, nothing is wrong.",
        span_min: 1440.0,
        suggested_speed: 1.0,
    },
    Story {
        kind: StoryKind::BearingWear,
        name: "bearing-wear",
        title: "A bearing of P-101A wears out",
        text: "A spall grows on the drive-end bearing. The envelope speaks first, then the vibration, late the temperature; \
               head and flow never move. Unattended, the pump trips after six hours.",
        span_min: 360.0,
        suggested_speed: 240.0,
    },
    Story {
        kind: StoryKind::StrainerFouling,
        name: "strainer-fouling",
        title: "The suction strainer of P-101A clogs",
        text: "Debris fills the basket. The pressure drop rises, the suction pressure falls, the speed creeps up, and in the end \
               the pump cavitates. Starting the standby hides it and repairs nothing.",
        span_min: 45.0,
        suggested_speed: 30.0,
    },
    Story {
        kind: StoryKind::ExchangerFouling,
        name: "exchanger-fouling",
        title: "Scale builds up in the cooler E-101",
        text: "The cooling-water valve opens further and further while the product temperature stands still. When the valve is \
               fully open there is no reserve left.",
        span_min: 480.0,
        suggested_speed: 300.0,
    },
    Story {
        kind: StoryKind::ValveStiction,
        name: "valve-stiction",
        title: "The level valve LV-101 sticks",
        text: "The stem rests, then jumps. Level and product flow swing for ever, although the controller is tuned well.",
        span_min: 60.0,
        suggested_speed: 40.0,
    },
    Story {
        kind: StoryKind::LevelLies,
        name: "level-lies",
        title: "The level transmitter of V-101 lies",
        text: "LT-101 loses its noise and sinks. Its controller closes the outlet and the drum fills while every alarm of the \
               transmitter says low. The flows and two pressures tell the truth.",
        span_min: 30.0,
        suggested_speed: 20.0,
    },
    Story {
        kind: StoryKind::AirLeak,
        name: "air-leak",
        title: "The instrument air ring leaks",
        text: "The compressor carries the growing leak for hours. When it cannot, valves lose their stroke in many places at once.",
        span_min: 360.0,
        suggested_speed: 240.0,
    },
    Story {
        kind: StoryKind::PumpTripFlood,
        name: "pump-trip-flood",
        title: "P-101A trips and nothing takes over",
        text: "The standby is isolated. One cause, a dozen alarms; the feed keeps coming, and diverting it is what matters.",
        span_min: 40.0,
        suggested_speed: 10.0,
    },
    Story {
        kind: StoryKind::CommsLoss,
        name: "comms-loss",
        title: "A gateway falls silent",
        text: "All values of one area stop in the same second without any process transient before it. The plant runs on unseen.",
        span_min: 5.0,
        suggested_speed: 1.0,
    },
];

/// The story of that name.
pub fn find_story(name: &str) -> Option<&'static Story> {
    STORIES.iter().find(|story| story.name == name)
}

/// A gateway, or both by way of the broker, that a story silences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silence {
    /// gw-100 publishes nothing.
    pub gw_100: bool,
    /// gw-200 publishes nothing.
    pub gw_200: bool,
}

/// How a story is told this time.
#[derive(Clone, Debug)]
pub struct Telling {
    /// The story.
    pub story: &'static Story,
    /// 0 = mild and slow … 1 = severe and fast; 0.5 is the reference.
    pub severity: f64,
    /// Plant minutes from the start to the onset.
    pub onset_min: f64,
    /// Multiplies the time constants; 1 = demonstration scale.
    pub stretch: f64,
    /// Variants: `lshh`, `valve`, `standby`, `what`, `duration`.
    pub variants: BTreeMap<String, String>,
}

impl Telling {
    fn variant_is(&self, name: &str, value: &str) -> bool {
        self.variants.get(name).is_some_and(|given| given == value)
    }
}

/// A fault while it grows.
#[derive(Clone, Debug)]
pub struct Fault {
    telling: Telling,
    healthy: BTreeMap<&'static str, f64>,
    phase: Phase,
    wear: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Waiting,
    Active,
    Cleared,
}

const WEAR_AT_ONSET: f64 = 0.01;
const CLOGGED_LIMIT: f64 = 0.85;

impl Fault {
    /// The fault of `telling` in `plant`, whose present parameters count as healthy.
    pub fn new(telling: Telling, plant: &mut HiddenPlant) -> Self {
        let mut fault = Self { telling, healthy: BTreeMap::new(), phase: Phase::Waiting, wear: WEAR_AT_ONSET };
        for &name in fault.touched() {
            if let Some(value) = plant.parameter(name) {
                fault.healthy.insert(name, value);
            }
        }
        // A standby that is out for maintenance is a standing condition, not the fault; clearing leaves it as it was.
        let standby_out = match fault.telling.story.kind {
            StoryKind::PumpTripFlood => !fault.telling.variant_is("standby", "available"),
            _ => fault.telling.variant_is("standby", "isolated"),
        };
        if standby_out {
            set(plant, "p101b.isolated", 1.0);
        }
        fault
    }

    /// The telling it follows.
    pub fn telling(&self) -> &Telling {
        &self.telling
    }

    /// True from the onset until it is cleared.
    pub fn is_active(&self) -> bool {
        self.phase == Phase::Active
    }

    /// Parameters the story moves.
    fn touched(&self) -> &'static [&'static str] {
        let fv_101 = self.telling.variant_is("valve", "FV-101");
        match self.telling.story.kind {
            StoryKind::Normal | StoryKind::CommsLoss => &[],
            StoryKind::BearingWear => &["p101a.bearing_wear"],
            StoryKind::StrainerFouling => &["str101a.clogged_fraction"],
            StoryKind::ExchangerFouling => &["e101.fouling_m2k_w"],
            StoryKind::ValveStiction if fv_101 => &["fv101.stick_band_pct", "fv101.slip_jump_pct"],
            StoryKind::ValveStiction => &["lv101.stick_band_pct", "lv101.slip_jump_pct"],
            StoryKind::LevelLies => &["lshh101.failed"],
            StoryKind::AirLeak => &["air.leak_nm3_h"],
            StoryKind::PumpTripFlood => &["p101a.trip"],
        }
    }

    /// Moves the fault on by one step, `elapsed_secs` after the start. True at the step of the onset.
    pub fn step(&mut self, plant: &mut HiddenPlant, sensors: &mut Sensors, elapsed_secs: f64) -> bool {
        let since_onset_secs = elapsed_secs - self.telling.onset_min * 60.0;
        if self.phase == Phase::Cleared || since_onset_secs < 0.0 {
            return false;
        }
        let is_onset = self.phase == Phase::Waiting;
        self.phase = Phase::Active;
        self.grow(plant, sensors, since_onset_secs / self.telling.stretch, is_onset);
        is_onset && self.telling.story.kind != StoryKind::Normal
    }

    fn grow(&mut self, plant: &mut HiddenPlant, sensors: &mut Sensors, story_secs: f64, is_onset: bool) {
        let severity = self.telling.severity;
        let hours = story_secs / 3600.0;
        match self.telling.story.kind {
            StoryKind::Normal | StoryKind::CommsLoss => {}
            StoryKind::BearingWear => {
                let span_secs = 6.0 * 3600.0 * (1.5 - severity) * self.telling.stretch;
                let speed = plant.values()[at::SI_101A] / 2900.0 / 0.938;
                self.wear += self.wear * libm::log(100.0) / span_secs * speed * speed * speed * STEP_SECS;
                set(plant, "p101a.bearing_wear", self.wear.min(1.5));
            }
            StoryKind::StrainerFouling => {
                let tau_secs = 15.0 * 60.0 * (1.5 - severity);
                let clogged = 1.0 - libm::exp(-story_secs / (2.0 * tau_secs));
                set(plant, "str101a.clogged_fraction", clogged.min(CLOGGED_LIMIT));
            }
            StoryKind::ExchangerFouling => {
                let healthy = self.healthy.get("e101.fouling_m2k_w").copied().unwrap_or(1e-4);
                let scale = 5e-4 * (0.5 + severity) * hours / 8.0;
                set(plant, "e101.fouling_m2k_w", (healthy + scale).min(2e-3));
            }
            StoryKind::ValveStiction => {
                let stick_band_pct = 4.0 + 12.0 * severity;
                for name in self.touched() {
                    let is_jump = name.ends_with("slip_jump_pct");
                    set(plant, name, if is_jump { 0.6 * stick_band_pct } else { stick_band_pct });
                }
            }
            StoryKind::LevelLies => {
                if is_onset {
                    sensors.plug_level_line(7200.0 * libm::pow(4.0, -severity) * self.telling.stretch);
                }
                if !self.telling.variant_is("lshh", "healthy") {
                    set(plant, "lshh101.failed", 1.0);
                }
            }
            StoryKind::AirLeak => {
                let share = hours / 6.0;
                set(plant, "air.leak_nm3_h", (320.0 * (0.5 + severity) * share * share).min(1000.0));
            }
            StoryKind::PumpTripFlood => set(plant, "p101a.trip", 1.0),
        }
    }

    /// Repairs the fault at once. What it has already done to the plant stays for the operator to put right.
    pub fn clear(&mut self, plant: &mut HiddenPlant, sensors: &mut Sensors) {
        self.phase = Phase::Cleared;
        for (name, value) in &self.healthy {
            set(plant, name, *value);
        }
        sensors.clear_level_line();
    }

    /// Which gateways are silent `elapsed_secs` after the start.
    pub fn silence(&self, elapsed_secs: f64) -> Silence {
        if self.telling.story.kind != StoryKind::CommsLoss || !self.is_active() {
            return Silence::default();
        }
        let duration_min = self.telling.variants.get("duration").and_then(|text| text.parse().ok()).unwrap_or(2.0);
        if elapsed_secs > (self.telling.onset_min + duration_min) * 60.0 {
            return Silence::default();
        }
        let what = self.telling.variants.get("what").map_or("gw-100", String::as_str);
        Silence { gw_100: what != "gw-200", gw_200: what != "gw-100" }
    }

    /// The hidden parameters as they are now, by name.
    pub fn hidden(&self, plant: &HiddenPlant, sensors: &Sensors) -> Vec<(&'static str, f64)> {
        let mut hidden: Vec<_> = self.touched().iter().filter_map(|name| plant.parameter(name).map(|value| (*name, value))).collect();
        if let Some(reading) = sensors.plugged_reading_pct() {
            hidden.push(("lt101.plugged_reading_pct", reading));
        }
        hidden
    }
}

/// Sets a parameter the stories know to exist, within limits they keep.
fn set(plant: &mut HiddenPlant, name: &str, value: f64) {
    if let Err(error) = plant.set_parameter(name, value) {
        tracing::warn!(%error, "a story could not move its parameter");
    }
}
