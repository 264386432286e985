//! The shift crew: it does the planned work, and once a fault is repaired it brings the plant back, both by the commands
//! an operator has.

use twin_sim::command::Mode;
use twin_sim::flowsheet::Request;

use crate::at;
use crate::calendar::Event;
use crate::plant::HiddenPlant;

/// The unit and the level loop of V-101, as an operator calls them.
const UNIT: &str = "UNIT-100";
const LEVEL_LOOP: &str = "LIC-101";
/// Plant time between two rounds, s.
const ROUND_SECS: f64 = 60.0;
/// Both feed pumps run this many rounds before one is stopped.
const ROUNDS_TOGETHER: u32 = 2;
/// Numbers of the XS signals.
const STOPPED: f64 = 0.0;
const RUNNING: f64 = 2.0;
const TRIPPED: f64 = 4.0;
/// Level of V-101 above which it is lowered by hand, and at which that ends, %.
const HIGH_LEVEL_PCT: f64 = 70.0;
const LOWERED_LEVEL_PCT: f64 = 55.0;
/// Output of LIC-101 while the drum is lowered: somewhat more than the normal outflow, %.
const LOWERING_OUTPUT_PCT: f64 = 82.0;
const UNIT_RUN: f64 = 2.0;
const UNIT_HOLD: f64 = 3.0;
const UNIT_TRIP: f64 = 5.0;
/// Numbers of the modes.
const MAN: f64 = 0.0;
const AUTO: f64 = 1.0;
/// How long the planned work takes, s.
const BLOWDOWN_SECS: f64 = 1800.0;
const CLEANING_SECS: f64 = 1200.0;
const CALIBRATION_SECS: f64 = 900.0;
const RESTART_SECS: f64 = 20.0;
/// A transmitter back in service is watched this long before its controller gets it, s.
const WATCH_SECS: f64 = 10.0;
/// Blowdown of CT-201 while it is blown down, m³/h; otherwise it is 1.5.
const BLOWDOWN_M3_H: f64 = 6.0;
const BLOWDOWN: &str = "cw.blowdown_m3_h";
/// Drive state, isolation and clogged share of each feed pump.
const FEED_PUMPS: [(usize, &str, &str); 2] =
    [(at::XS_101A, "p101a.isolated", "str101a.clogged_fraction"), (at::XS_101B, "p101b.isolated", "str101b.clogged_fraction")];

/// A piece of planned work that is not finished.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Work {
    /// The usual blowdown comes back afterwards, m³/h.
    Blowdown {
        usual_m3_h: f64,
    },
    /// Which of [`FEED_PUMPS`] is isolated.
    Cleaning {
        pump: usize,
    },
    /// Its controller is in MAN.
    Calibration,
    /// LT-101 is back, LIC-101 still in MAN.
    Watching,
    Restart,
}

/// Does the planned work when it is told to. Makes no rounds until it is called, then one every minute.
#[derive(Clone, Debug, Default)]
pub struct Crew {
    next_round_secs: Option<f64>,
    rounds_with_both: u32,
    lowers_drum: bool,
    works: Vec<(Work, f64)>,
}

impl Crew {
    /// The fault is repaired: begin at the next step.
    pub fn call(&mut self, elapsed_secs: f64) {
        self.next_round_secs = Some(elapsed_secs);
    }

    /// Begins planned work, unless the plant is not in a state for it: then it waits for the next date. Load changes and
    /// change-overs need nobody in the field.
    pub fn begin(&mut self, event: Event, plant: &mut HiddenPlant, elapsed_secs: f64) {
        let begun = match event {
            Event::LoadChange | Event::ChangeOver => None,
            Event::Blowdown => begin_blowdown(plant).map(|work| (work, BLOWDOWN_SECS)),
            Event::StrainerCleaning => begin_cleaning(plant).map(|work| (work, CLEANING_SECS)),
            Event::LevelCalibration if self.lowers_drum => None,
            Event::LevelCalibration => begin_calibration(plant).map(|work| (work, CALIBRATION_SECS)),
            Event::GatewayRestart => Some((Work::Restart, RESTART_SECS)),
        };
        self.works.extend(begun.map(|(work, secs)| (work, elapsed_secs + secs)));
    }

    /// True while somebody calibrates LT-101.
    pub fn calibrates_level(&self) -> bool {
        self.does(Work::Calibration)
    }

    /// True while gw-100 restarts.
    pub fn restarts_gateway(&self) -> bool {
        self.does(Work::Restart)
    }

    fn does(&self, work: Work) -> bool {
        self.works.iter().any(|(under_way, _)| *under_way == work)
    }

    fn finish_works(&mut self, plant: &mut HiddenPlant, elapsed_secs: f64) {
        for (work, _) in self.works.extract_if(.., |(_, ends_secs)| elapsed_secs >= *ends_secs).collect::<Vec<_>>() {
            match work {
                Work::Blowdown { usual_m3_h } => set(plant, BLOWDOWN, usual_m3_h),
                Work::Cleaning { pump } => {
                    let (_, isolated, clogged) = FEED_PUMPS[pump];
                    set(plant, clogged, 0.0);
                    set(plant, isolated, 0.0);
                }
                Work::Calibration => self.works.push((Work::Watching, elapsed_secs + WATCH_SECS)),
                Work::Watching if runs_with_level_in(plant, MAN) => set_level_mode(plant, Mode::Auto),
                Work::Watching | Work::Restart => {}
            }
        }
    }

    /// Finishes work that has taken its time, and makes a round when it is time for one.
    pub fn step(&mut self, plant: &mut HiddenPlant, elapsed_secs: f64) {
        self.finish_works(plant, elapsed_secs);
        if self.next_round_secs.is_some_and(|due_secs| elapsed_secs >= due_secs) {
            self.next_round_secs = Some(elapsed_secs + ROUND_SECS);
            self.make_round(plant);
        }
    }

    fn make_round(&mut self, plant: &mut HiddenPlant) {
        const DRIVES: [(usize, &str); 7] = [
            (at::XS_101A, "P-101A"),
            (at::XS_101B, "P-101B"),
            (at::XS_102, "P-102"),
            (at::XS_201A, "P-201A"),
            (at::XS_201B, "P-201B"),
            (at::XS_221, "FAN"),
            (at::XS_301, "K-301"),
        ];
        if plant.truth().vent_pot_m3 > 0.0 && plant.truth().drum_level_pct < 90.0 {
            try_to(plant, "V-102", Request::Drain);
        }
        for interlock in plant.truth().trips.clone() {
            try_to(plant, &interlock, Request::Reset);
        }
        for (index, drive) in DRIVES {
            let tripped = if index == at::XS_301 { 3.0 } else { TRIPPED };
            if plant.values()[index] == tripped {
                try_to(plant, drive, Request::Reset);
            }
        }
        self.bring_the_drum_down(plant);
        match plant.values()[at::XS_100] {
            UNIT_TRIP if self.lowers_drum => {}
            UNIT_TRIP => try_to(plant, UNIT, Request::Reset),
            UNIT_HOLD => try_to(plant, UNIT, Request::Start),
            UNIT_RUN if !feed_pump_runs(plant) => start_a_feed_pump(plant),
            _ => {}
        }
        self.part_the_pumps(plant);
    }

    /// A full drum is lowered by hand before anything is reset; then its controller has it back.
    fn bring_the_drum_down(&mut self, plant: &mut HiddenPlant) {
        let level_pct = plant.truth().drum_level_pct;
        self.lowers_drum |= level_pct > HIGH_LEVEL_PCT;
        if !self.lowers_drum {
            return;
        }
        if level_pct > LOWERED_LEVEL_PCT {
            if plant.values()[at::XS_102] != RUNNING {
                try_to(plant, "P-102", Request::Start);
            }
            try_to(plant, LEVEL_LOOP, Request::Mode(Mode::Man));
            try_to(plant, LEVEL_LOOP, Request::Output(LOWERING_OUTPUT_PCT));
        } else {
            self.lowers_drum = false;
            try_to(plant, LEVEL_LOOP, Request::Mode(Mode::Auto));
        }
    }

    /// After an automatic start of the standby both pumps run until somebody stops one.
    fn part_the_pumps(&mut self, plant: &mut HiddenPlant) {
        let values = plant.values();
        let both_run = values[at::XS_101A] == RUNNING && values[at::XS_101B] == RUNNING;
        self.rounds_with_both = if both_run { self.rounds_with_both + 1 } else { 0 };
        if self.rounds_with_both > ROUNDS_TOGETHER {
            try_to(plant, "P-101B", Request::Stop);
        }
    }
}

fn begin_blowdown(plant: &mut HiddenPlant) -> Option<Work> {
    let usual_m3_h = plant.parameter(BLOWDOWN).filter(|usual_m3_h| *usual_m3_h < BLOWDOWN_M3_H)?;
    set(plant, BLOWDOWN, BLOWDOWN_M3_H);
    Some(Work::Blowdown { usual_m3_h })
}

/// The pump at rest is isolated, provided that the other one runs.
fn begin_cleaning(plant: &mut HiddenPlant) -> Option<Work> {
    let state = |pump: usize| plant.values()[FEED_PUMPS[pump].0];
    let pump = (0..FEED_PUMPS.len()).find(|pump| state(*pump) == STOPPED && state(1 - *pump) == RUNNING)?;
    set(plant, FEED_PUMPS[pump].1, 1.0);
    Some(Work::Cleaning { pump })
}

/// The level is held by hand meanwhile: the valve stays where the controller left it.
fn begin_calibration(plant: &mut HiddenPlant) -> Option<Work> {
    runs_with_level_in(plant, AUTO).then(|| set_level_mode(plant, Mode::Man))?;
    Some(Work::Calibration)
}

fn runs_with_level_in(plant: &HiddenPlant, mode: f64) -> bool {
    plant.values()[at::XS_100] == UNIT_RUN && plant.values()[at::LIC_101_MODE] == mode
}

fn set_level_mode(plant: &mut HiddenPlant, mode: Mode) {
    try_to(plant, LEVEL_LOOP, Request::Mode(mode));
}

fn set(plant: &mut HiddenPlant, name: &str, value: f64) {
    if let Err(error) = plant.set_parameter(name, value) {
        tracing::warn!(%error, "the crew could not move a parameter");
    }
}

fn feed_pump_runs(plant: &HiddenPlant) -> bool {
    [at::XS_101A, at::XS_101B].iter().any(|index| matches!(plant.values()[*index], 1.0 | RUNNING))
}

fn start_a_feed_pump(plant: &mut HiddenPlant) {
    let duty = plant.request("P-101A", Request::Start);
    if duty.is_err() {
        try_to(plant, "P-101B", Request::Start);
    }
}

/// A refusal is no failure: the plant is not ready yet, and the next round tries again.
fn try_to(plant: &mut HiddenPlant, tag: &str, request: Request) {
    if let Err(refusal) = plant.request(tag, request) {
        tracing::debug!(tag, ?request, %refusal, "the crew has to wait");
    }
}
