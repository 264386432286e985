//! Normal life: the feed wanders, the weather turns, the consumer draws what it needs.

use std::f64::consts::TAU;

use twin_model::TwinTime;
use twin_sim::fluid::Liquid;

use crate::plant::HiddenPlant;
use crate::random::Random;

const PURPOSE: u64 = 0x11FE;
const DAY_SECS: f64 = 86_400.0;
/// The plant starts at a settled condition; the weather and the pattern of its hour come in with this time constant.
const EASE_IN_SECS: f64 = 7200.0;

/// A value that wanders around zero and forgets where it was (Ornstein-Uhlenbeck).
#[derive(Clone, Debug)]
struct Wander {
    value: f64,
    deviation: f64,
    memory_secs: f64,
}

impl Wander {
    fn new(deviation: f64, memory_secs: f64) -> Self {
        Self { value: 0.0, deviation, memory_secs }
    }

    fn step(&mut self, dt_secs: f64, random: &mut Random) -> f64 {
        let share = dt_secs / self.memory_secs;
        self.value += -self.value * share + self.deviation * (2.0 * share).sqrt() * random.normal();
        self.value
    }
}

/// Conditions at the battery limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Boundary {
    /// Hot condensate fed to TK-101, m³/h at feed temperature (FT-100).
    pub feed_m3_h: f64,
    /// Its temperature, °C (TT-100).
    pub feed_temp_c: f64,
    /// Product drawn from TK-102, m³/h (FT-105).
    pub draw_m3_h: f64,
    /// Ambient dry bulb temperature, °C (TT-210).
    pub dry_bulb_c: f64,
    /// Ambient relative humidity, % (MT-210).
    pub relative_humidity_pct: f64,
}

const FEED: &str = "tk-101/feed.flow_m3_h";
const FEED_TEMP: &str = "tk-101/feed.temp_k";
const DRAW: &str = "tk-102/draw.flow_m3_h";
const DRY_BULB: &str = "weather.dry_bulb_k";
const HUMIDITY: &str = "weather.relative_humidity_pct";
/// 0 °C, K.
const ZERO_K: f64 = 273.15;

impl Boundary {
    /// What surrounds the plant now.
    pub fn of(plant: &HiddenPlant) -> Self {
        let input = |name: &str| plant.parameter(name).unwrap_or(f64::NAN);
        Self {
            feed_m3_h: input(FEED),
            feed_temp_c: input(FEED_TEMP) - ZERO_K,
            draw_m3_h: input(DRAW),
            dry_bulb_c: input(DRY_BULB) - ZERO_K,
            relative_humidity_pct: input(HUMIDITY),
        }
    }

    /// The inputs of the plant they are, by name, in the unit of each.
    pub fn inputs(&self) -> [(&'static str, f64); 5] {
        [
            (FEED, self.feed_m3_h),
            (FEED_TEMP, self.feed_temp_c + ZERO_K),
            (DRAW, self.draw_m3_h),
            (DRY_BULB, self.dry_bulb_c + ZERO_K),
            (HUMIDITY, self.relative_humidity_pct),
        ]
    }
}

/// Length of a step of the plant, s.
pub const STEP_SECS: f64 = 0.5;

/// How lively the surroundings are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Liveliness {
    /// Nothing moves: for comparing figures.
    Flat,
    /// Wandering feed, daily patterns and weather.
    Moving,
}

/// The surroundings of the plant over time.
#[derive(Clone, Debug)]
pub struct Life {
    liveliness: Liveliness,
    settled: Boundary,
    start_secs: f64,
    random: Random,
    feed: Wander,
    feed_temp: Wander,
    draw: Wander,
    load_m3_h: f64,
    load_target_m3_h: f64,
}

/// What follows the hour of the day, as differences from the settled condition.
struct Pattern {
    feed_m3_h: f64,
    feed_temp_k: f64,
    dry_bulb_c: f64,
    wet_bulb_c: f64,
}

impl Life {
    /// Surroundings that begin at `settled` when it is `start`.
    pub fn new(seed: u64, liveliness: Liveliness, settled: Boundary, start: TwinTime) -> Self {
        let start_secs = start.secs_f64();
        Self {
            liveliness,
            settled,
            start_secs,
            random: Random::new(seed, PURPOSE),
            feed: Wander::new(3.0, 1800.0),
            feed_temp: Wander::new(0.25, 3600.0),
            draw: Wander::new(2.0, 3600.0),
            load_m3_h: 0.0,
            load_target_m3_h: 0.0,
        }
    }

    /// Advances one step and says what surrounds the plant now. The consumer looks after the product tank, whose level
    /// it is given.
    pub fn step(&mut self, elapsed_secs: f64, product_tank_pct: f64) -> Boundary {
        if self.liveliness == Liveliness::Flat {
            return self.settled;
        }
        let now_secs = self.start_secs + elapsed_secs;
        let load_step_m3_h = 0.5 / 60.0 * STEP_SECS;
        self.load_m3_h += (self.load_target_m3_h - self.load_m3_h).clamp(-load_step_m3_h, load_step_m3_h);
        let ease = 1.0 - libm::exp(-elapsed_secs / EASE_IN_SECS);
        let (now, start) = (pattern(now_secs), pattern(self.start_secs));
        let feed_wander = self.feed.step(STEP_SECS, &mut self.random);
        let temp_wander = self.feed_temp.step(STEP_SECS, &mut self.random);
        let draw_wander = self.draw.step(STEP_SECS, &mut self.random);
        let feed_m3_h = self.settled.feed_m3_h + self.load_m3_h + feed_wander + now.feed_m3_h - start.feed_m3_h * (1.0 - ease);
        let dry_bulb_c = self.settled.dry_bulb_c + (now.dry_bulb_c - self.settled.dry_bulb_c) * ease;
        let settled_wet_c = wet_bulb_c(self.settled.dry_bulb_c, self.settled.relative_humidity_pct);
        let wet_bulb_c = settled_wet_c + (now.wet_bulb_c - settled_wet_c) * ease;
        Boundary {
            feed_m3_h: feed_m3_h.clamp(30.0, 115.0),
            feed_temp_c: self.settled.feed_temp_c + temp_wander + now.feed_temp_k - start.feed_temp_k * (1.0 - ease),
            draw_m3_h: (self.settled.draw_m3_h + self.load_m3_h + draw_wander + 0.5 * (product_tank_pct - 60.0)).max(0.0),
            dry_bulb_c,
            relative_humidity_pct: relative_humidity_pct(dry_bulb_c, wet_bulb_c),
        }
    }

    /// From now on the load goes somewhere between 60 and 100 m³/h, by 0.5 m³/h a minute.
    pub fn change_load(&mut self) {
        self.load_target_m3_h = self.random.uniform(60.0, 100.0) - 90.0;
    }
}

fn pattern(secs: f64) -> Pattern {
    let hours = secs.rem_euclid(DAY_SECS) / 3600.0;
    let wave = |peak_hour: f64| libm::cos(TAU * (hours - peak_hour) / 24.0);
    Pattern {
        // The process is busiest in the morning, the tower in the afternoon.
        feed_m3_h: 4.0 * wave(7.0),
        feed_temp_k: 0.5 * wave(16.0),
        dry_bulb_c: 20.0 + 6.0 * wave(15.0),
        wet_bulb_c: 15.5 + 2.5 * wave(15.0),
    }
}

/// Standard atmosphere, Pa.
const ATM_PA: f64 = 101_325.0;

/// Psychrometer equation with the constant of a ventilated wet bulb.
const PSYCHROMETER_PER_K: f64 = 6.62e-4;

/// Vapour pressure of water, Pa.
fn saturation_pa(temp_c: f64) -> f64 {
    Liquid::Water.vapour_pressure_pa(temp_c + ZERO_K).unwrap_or(0.0)
}

fn relative_humidity_pct(dry_bulb_c: f64, wet_bulb_c: f64) -> f64 {
    let vapour_pa = saturation_pa(wet_bulb_c) - PSYCHROMETER_PER_K * ATM_PA * (dry_bulb_c - wet_bulb_c);
    (100.0 * vapour_pa / saturation_pa(dry_bulb_c)).clamp(5.0, 100.0)
}

fn wet_bulb_c(dry_bulb_c: f64, humidity_pct: f64) -> f64 {
    let (mut low, mut high) = (dry_bulb_c - 40.0, dry_bulb_c);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if relative_humidity_pct(dry_bulb_c, middle) < humidity_pct {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}
