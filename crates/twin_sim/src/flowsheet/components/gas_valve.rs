//! Control valves in gas lines of a vessel.

use crate::equipment::actuator::{Actuator, ActuatorHealth, AirFailure, Stem};
use crate::equipment::valve::Characteristic;
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, FollowSheet, InputSheet, Kind, OptionSheet, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const KVS: usize = 0;
const RANGEABILITY: usize = 1;
const LAG: usize = 2;
const RATE: usize = 3;
const STOP: usize = 4;
const START: usize = 5;
const AIR_LOW: usize = 6;
const AIR_FULL: usize = 7;
const KVS_FACTOR: usize = 8;
const FORCED: usize = 9;
const STICK_BAND: usize = 10;
const SLIP_JUMP: usize = 11;

const POSITION_PCT: usize = 0;
const KV: usize = 1;

const COMMAND_PCT: usize = 0;
const AIR_PA: usize = 1;

const CHARACTERISTICS: &[&str] = &["equal_percentage", "linear", "quick_opening"];
const FAILURES: &[&str] = &["closes", "opens", "stays"];

/// A control valve that only says its capacity.
pub const GAS_VALVE: Kind = Kind {
    sheet: &Sheet {
        kind: "gas_valve",
        title: "Gas valve",
        summary: "A control valve with its actuator in a gas line: a closed vessel reads its capacity and works out the flow.",
        equations: &[
            "Kv = Kvs·factor·share(position)",
            "share: linear y; equal percentage R^(y−1), straight to zero below 5 %; quick opening √y",
            "the stem follows its command with a lag, within its rate, within what the air can hold against the spring: (p_air − p_low)/(p_full − p_low) of the stroke",
            "stiction: rests until the command has moved by the stick band against, or by the slip jump along, its last direction",
        ],
        parameters: &[
            ParameterSheet::required("kvs_m3_h", "m³/h", (1e-4, 1e6), "1 to 50", "Capacity fully open: water at 1 bar."),
            ParameterSheet::usual("rangeability", "", 50.0, (2.0, 1000.0), "30 or 50", "Rangeability of an equal-percentage valve."),
            ParameterSheet::usual("lag_secs", "s", 1.5, (0.0, 3600.0), "1 to 5", "Lag of the actuator."),
            ParameterSheet::usual("rate_pct_s", "%/s", 50.0, (1e-3, 1e4), "5 to 50", "Fastest stroke."),
            ParameterSheet::usual("lower_stop_pct", "%", 0.0, (0.0, 100.0), "0", "Mechanical lower stop."),
            ParameterSheet::usual("start_pct", "%", 0.0, (0.0, 100.0), "", "Position at the start."),
            ParameterSheet::usual(
                "air_low_pa",
                "Pa",
                1.5e5,
                (0.0, 1e6),
                "0.2e5 to 1.5e5",
                "Gauge pressure of the air at which the spring gives way.",
            ),
            ParameterSheet::usual(
                "air_full_pa",
                "Pa",
                4e5,
                (1e4, 2e6),
                "1e5 to 4e5",
                "Gauge pressure of the air that gives the whole stroke.",
            ),
            ParameterSheet::malfunction("kvs_factor", "", 1.0, (0.05, 2.0), "Capacity against the data sheet."),
            ParameterSheet::malfunction(
                "forced_pct",
                "%",
                -1.0,
                (-1.0, 100.0),
                "Stands at this position whatever its command; −1: healthy.",
            ),
            ParameterSheet::malfunction("stick_band_pct", "%", 0.0, (0.0, 30.0), "Stiction: dead band plus stick band S."),
            ParameterSheet::malfunction("slip_jump_pct", "%", 0.0, (0.0, 30.0), "Stiction: slip jump J."),
        ],
        points: &[
            PointSheet::new("position_pct", "%", "Position of the stem, open at 100."),
            PointSheet::new("kv_m3_h", "m³/h", "Capacity now: water at 1 bar."),
        ],
        validity: "Shut means shut: no seat leakage.",
        sources: &["Kano et al., Practical model and detection algorithm for valve stiction, IFAC DYCOPS 2004", "IEC 60534-2-1: capacity"],
    },
    options: &[
        OptionSheet {
            name: "characteristic",
            choices: CHARACTERISTICS,
            meaning: "How the capacity grows with the position; equal_percentage when silent.",
        },
        OptionSheet { name: "fails", choices: FAILURES, meaning: "What it does without air; closes when silent." },
    ],
    follows: &[FollowSheet { name: "position_pct", meaning: "Measured position of the stem, %." }],
    inputs: &[
        InputSheet { name: "command_pct", default: None, meaning: "Position asked for, %." },
        InputSheet { name: "air_pa", default: Some(5.5e5), meaning: "Gauge pressure of the instrument air, Pa." },
    ],
    states: 6,
    build,
    ..Kind::PLAIN
};

fn build(seat: Seat, settings: &Settings) -> Result<Box<dyn Component>, String> {
    let characteristic = CHARACTERISTICS[settings.choice("characteristic", CHARACTERISTICS)?];
    let fails = match settings.choice("fails", FAILURES)? {
        0 => AirFailure::Closes,
        1 => AirFailure::Opens,
        _ => AirFailure::Stays,
    };
    Ok(Box::new(GasValve { seat, characteristic, fails }))
}

#[derive(Debug)]
struct GasValve {
    seat: Seat,
    characteristic: &'static str,
    fails: AirFailure,
}

impl GasValve {
    fn stem(&self, bench: &Bench) -> Stem {
        let [position, target, last_command, rested_at, direction, resting] = [0, 1, 2, 3, 4, 5].map(|index| self.seat.x(bench, index));
        Stem { position, target, last_command, rested_at, direction, resting }
    }

    fn place(&self, bench: &mut Bench, stem: Stem) {
        let Stem { position, target, last_command, rested_at, direction, resting } = stem;
        for (index, value) in [position, target, last_command, rested_at, direction, resting].into_iter().enumerate() {
            self.seat.set_x(bench, index, value);
        }
        let characteristic = match self.characteristic {
            "linear" => Characteristic::Linear,
            "quick_opening" => Characteristic::QuickOpening,
            _ => Characteristic::EqualPercentage { rangeability: self.seat.p(bench, RANGEABILITY) },
        };
        let kv = self.seat.p(bench, KVS) * self.seat.p(bench, KVS_FACTOR) * characteristic.share(position);
        self.seat.set_y(bench, POSITION_PCT, 100.0 * position);
        self.seat.set_y(bench, KV, kv);
    }
}

impl Component for GasValve {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let stem = Stem::at(self.seat.p(bench, START) / 100.0);
        self.place(bench, stem);
    }

    fn act(&self, bench: &mut Bench) {
        let p = |index| self.seat.p(bench, index);
        let air_low_pa = p(AIR_LOW);
        let actuator = Actuator {
            lag_secs: p(LAG),
            rate_per_sec: p(RATE) / 100.0,
            stop: p(STOP) / 100.0,
            fails: self.fails,
            air_low_pa,
            air_full_pa: p(AIR_FULL).max(air_low_pa + 1.0),
        };
        let health = ActuatorHealth { forced: p(FORCED) / 100.0, stick_band: p(STICK_BAND) / 100.0, slip_jump: p(SLIP_JUMP) / 100.0 };
        let command = (self.seat.input(bench, COMMAND_PCT) / 100.0).clamp(0.0, 1.0);
        let stem = actuator.step(self.stem(bench), bench.dt_secs, command, self.seat.input(bench, AIR_PA), &health);
        self.place(bench, stem);
    }

    fn follow(&self, bench: &mut Bench) {
        if let Some(position_pct) = self.seat.reading(bench, 0) {
            self.place(bench, Stem::at((position_pct / 100.0).clamp(0.0, 1.0)));
        }
    }
}
