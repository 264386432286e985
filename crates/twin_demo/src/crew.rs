//! The shift crew: once a fault is repaired, it brings the plant back by the commands an operator has.

use twin_sim::{Command, Mode, Unit100, UnitCommand, at};

use crate::plant::HiddenStructure;

/// Plant time between two rounds, s.
const ROUND_SECS: f64 = 60.0;
/// Both feed pumps run this many rounds before one is stopped.
const ROUNDS_TOGETHER: u32 = 2;
/// Numbers of the XS signals.
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

/// Rests until it is called, then makes a round every minute.
#[derive(Clone, Debug, Default)]
pub struct Crew {
    next_round_secs: Option<f64>,
    rounds_with_both: u32,
    lowers_drum: bool,
}

impl Crew {
    /// The fault is repaired: begin at the next step.
    pub fn call(&mut self, elapsed_secs: f64) {
        self.next_round_secs = Some(elapsed_secs);
    }

    /// Makes a round when it is time for one.
    pub fn step(&mut self, plant: &mut Unit100<HiddenStructure>, elapsed_secs: f64) {
        if self.next_round_secs.is_some_and(|due_secs| elapsed_secs >= due_secs) {
            self.next_round_secs = Some(elapsed_secs + ROUND_SECS);
            self.make_round(plant);
        }
    }

    fn make_round(&mut self, plant: &mut Unit100<HiddenStructure>) {
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
            try_to(plant, &Command::DrainVentPot);
        }
        for interlock in plant.truth().trips.clone() {
            try_to(plant, &Command::Reset { target: interlock });
        }
        for (index, drive) in DRIVES {
            let tripped = if index == at::XS_301 { 3.0 } else { TRIPPED };
            if plant.values()[index] == tripped {
                try_to(plant, &Command::Reset { target: drive.into() });
            }
        }
        self.bring_the_drum_down(plant);
        match plant.values()[at::XS_100] {
            UNIT_TRIP if self.lowers_drum => {}
            UNIT_TRIP => try_to(plant, &Command::Unit(UnitCommand::Reset)),
            UNIT_HOLD => try_to(plant, &Command::Unit(UnitCommand::Start)),
            UNIT_RUN if !feed_pump_runs(plant) => start_a_feed_pump(plant),
            _ => {}
        }
        self.part_the_pumps(plant);
    }

    /// A full drum is lowered by hand before anything is reset; then its controller has it back.
    fn bring_the_drum_down(&mut self, plant: &mut Unit100<HiddenStructure>) {
        let loop_ = || "LIC-101".to_owned();
        let level_pct = plant.truth().drum_level_pct;
        self.lowers_drum |= level_pct > HIGH_LEVEL_PCT;
        if !self.lowers_drum {
            return;
        }
        if level_pct > LOWERED_LEVEL_PCT {
            if plant.values()[at::XS_102] != RUNNING {
                try_to(plant, &Command::Start { drive: "P-102".into() });
            }
            try_to(plant, &Command::SetMode { loop_: loop_(), mode: Mode::Man });
            try_to(plant, &Command::SetOutput { loop_: loop_(), value: LOWERING_OUTPUT_PCT });
        } else {
            self.lowers_drum = false;
            try_to(plant, &Command::SetMode { loop_: loop_(), mode: Mode::Auto });
        }
    }

    /// After an automatic start of the standby both pumps run until somebody stops one.
    fn part_the_pumps(&mut self, plant: &mut Unit100<HiddenStructure>) {
        let values = plant.values();
        let both_run = values[at::XS_101A] == RUNNING && values[at::XS_101B] == RUNNING;
        self.rounds_with_both = if both_run { self.rounds_with_both + 1 } else { 0 };
        if self.rounds_with_both > ROUNDS_TOGETHER {
            try_to(plant, &Command::Stop { drive: "P-101B".into() });
        }
    }
}

fn feed_pump_runs(plant: &Unit100<HiddenStructure>) -> bool {
    [at::XS_101A, at::XS_101B].iter().any(|index| matches!(plant.values()[*index], 1.0 | RUNNING))
}

fn start_a_feed_pump(plant: &mut Unit100<HiddenStructure>) {
    let duty = plant.command(&Command::Start { drive: "P-101A".into() });
    if duty.is_err() {
        try_to(plant, &Command::Start { drive: "P-101B".into() });
    }
}

/// A refusal is no failure: the plant is not ready yet, and the next round tries again.
fn try_to(plant: &mut Unit100<HiddenStructure>, command: &Command) {
    if let Err(refusal) = plant.command(command) {
        tracing::debug!(?command, %refusal, "the crew has to wait");
    }
}
