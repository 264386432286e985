//! Control valves.

use crate::equipment::actuator::{Actuator, ActuatorHealth, AirFailure, Stem};
use crate::equipment::valve::{Characteristic, drop};
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, FollowSheet, InputSheet, Kind, Law, LinkSheet, OptionSheet, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const KVS: usize = 0;
const CVS: usize = 1;
const RANGEABILITY: usize = 2;
const LAG: usize = 3;
const RATE: usize = 4;
const STOP: usize = 5;
const START: usize = 6;
const AIR_LOW: usize = 7;
const AIR_FULL: usize = 8;
const KVS_FACTOR: usize = 9;
const FORCED: usize = 10;
const STICK_BAND: usize = 11;
const SLIP_JUMP: usize = 12;

const COMMAND: usize = 0;
const AIR: usize = 1;

const POSITION: usize = 0;
const CAPACITY: usize = 1;

/// Kv of a Cv of 1: US gallons per minute at 1 psi in m³/h at 1 bar.
const KV_OF_CV: f64 = 0.865;

const VALVE_SOURCES: &[&str] = &[
    "IEC 60534-2-1, equation for turbulent non-choked flow",
    "Kano et al., Practical model and detection algorithm for valve stiction, IFAC DYCOPS 2004",
];

const VALVE_POINTS: &[PointSheet] = &[
    PointSheet::new("position_pct", "%", "Position of the stem, open at 100."),
    PointSheet::new("kv_m3_h", "m³/h", "Capacity at this position."),
];

const VALVE_PARAMETERS: &[ParameterSheet] = &[
    ParameterSheet::usual("kvs_m3_h", "m³/h", 0.0, (0.0, 1e6), "1 to 1000", "Capacity fully open: water at 1 bar. Give it or `cvs_gpm`."),
    ParameterSheet::usual("cvs_gpm", "US gal/min", 0.0, (0.0, 1e6), "1 to 1000", "Capacity fully open: water at 1 psi."),
    ParameterSheet::usual("rangeability", "", 50.0, (2.0, 1000.0), "30 or 50", "Rangeability of an equal-percentage valve."),
    ParameterSheet::usual("lag_secs", "s", 1.5, (0.0, 3600.0), "1 to 5", "Lag of the actuator."),
    ParameterSheet::usual("rate_pct_s", "%/s", 12.0, (1e-3, 1e4), "5 to 20", "Fastest stroke."),
    ParameterSheet::usual("lower_stop_pct", "%", 0.0, (0.0, 100.0), "0", "Mechanical lower stop."),
    ParameterSheet::usual("start_pct", "%", 0.0, (0.0, 100.0), "", "Position at the start."),
    ParameterSheet::usual("air_low_pa", "Pa gauge", 1.5e5, (0.0, 1e6), "1.5e5", "Air at which the spring begins to give way."),
    ParameterSheet::usual("air_full_pa", "Pa gauge", 4e5, (1e3, 2e6), "4e5", "Air that gives the whole stroke."),
    ParameterSheet::malfunction("kvs_factor", "", 1.0, (0.05, 2.0), "Capacity against the data sheet: erosion above, deposits below 1."),
    ParameterSheet::malfunction("forced_pct", "%", -1.0, (-1.0, 100.0), "Stands at this position whatever its command; −1: healthy."),
    ParameterSheet::malfunction("stick_band_pct", "%", 0.0, (0.0, 30.0), "Stiction: dead band plus stick band S."),
    ParameterSheet::malfunction("slip_jump_pct", "%", 0.0, (0.0, 30.0), "Stiction: slip jump J."),
];

const VALVE_EQUATIONS: &[&str] = &[
    "Q [m³/h] = Kv·√(Δp [bar]·1000/ρ), Kv = (Kvs + 0.865·Cvs)·factor·share(position)",
    "share: linear y; equal percentage R^(y−1), straight to zero below 5 %; quick opening √y",
    "position moves towards its target by (target − position)·Δt/(lag + Δt), at most rate·Δt",
    "the target is what friction makes of the command: at rest until it has moved by S against, or by J along, the last direction, then (S − J)/2 behind",
    "air holds the share (p − p_low)/(p_full − p_low) of the stroke against the spring",
];

/// A control valve with its actuator.
pub const VALVE: Kind = Kind {
    sheet: &Sheet {
        kind: "valve",
        title: "Control valve",
        summary: "A valve whose stem follows a command with a lag and a greatest speed, as far as its air and its friction let it.",
        equations: VALVE_EQUATIONS,
        parameters: VALVE_PARAMETERS,
        points: VALVE_POINTS,
        validity: "Liquid, not choked, no flashing. Shut means shut: no seat leakage. The actuator's lag is implicit: at half a second and a lag of 1.5 s it is a quarter of the way per step. A stem with friction counts a command that does not move from one step to the next as a pause.",
        sources: VALVE_SOURCES,
    },
    options: &[
        OptionSheet {
            name: "characteristic",
            choices: &["equal_percentage", "linear", "quick_opening"],
            meaning: "How the capacity grows with the position; equal_percentage when silent.",
        },
        OptionSheet {
            name: "without_air",
            choices: &["closes", "opens", "stays"],
            meaning: "What it does without air (FC, FO, FL); closes when silent.",
        },
    ],
    ports: &["inlet", "outlet"],
    links: &[LinkSheet { name: "flow", from: Some(0), to: Some(1) }],
    follows: &[FollowSheet { name: "position_pct", meaning: "Measured position of the stem, %." }],
    inputs: &[
        InputSheet { name: "command_pct", default: None, meaning: "Position asked for, %." },
        InputSheet { name: "air_pa", default: Some(6e5), meaning: "Gauge pressure of the instrument air, Pa." },
    ],
    states: 6,
    build,
    ..Kind::PLAIN
};

/// The same valve where it only says its capacity.
pub const GAS_VALVE: Kind = Kind {
    sheet: &Sheet {
        kind: "gas_valve",
        title: "Gas valve",
        summary: "A control valve with its actuator in a gas line: a closed vessel reads its capacity and works out the flow. Everything else is as in a control valve.",
        equations: VALVE_EQUATIONS,
        parameters: VALVE_PARAMETERS,
        points: VALVE_POINTS,
        validity: "Shut means shut: no seat leakage. The stem moves as that of a control valve.",
        sources: VALVE_SOURCES,
    },
    ports: &[],
    links: &[],
    ..VALVE
};

fn build(seat: Seat, settings: &Settings) -> Result<Box<dyn Component>, String> {
    let characteristic = settings.choice("characteristic", VALVE.options[0].choices)?;
    let fails = match settings.choice("without_air", VALVE.options[1].choices)? {
        1 => AirFailure::Opens,
        2 => AirFailure::Stays,
        _ => AirFailure::Closes,
    };
    if settings.values.contains_key("kvs_m3_h") == settings.values.contains_key("cvs_gpm") {
        return Err("a valve has either kvs_m3_h or cvs_gpm".to_owned());
    }
    Ok(Box::new(Valve { seat, characteristic: VALVE.options[0].choices[characteristic], fails }))
}

#[derive(Debug)]
struct Valve {
    seat: Seat,
    characteristic: &'static str,
    fails: AirFailure,
}

impl Valve {
    fn characteristic(&self, bench: &Bench) -> Characteristic {
        match self.characteristic {
            "linear" => Characteristic::Linear,
            "quick_opening" => Characteristic::QuickOpening,
            _ => Characteristic::EqualPercentage { rangeability: self.seat.p(bench, RANGEABILITY) },
        }
    }

    fn actuator(&self, bench: &Bench) -> Actuator {
        let air_low_pa = self.seat.p(bench, AIR_LOW);
        Actuator {
            lag_secs: self.seat.p(bench, LAG),
            rate_per_sec: self.seat.p(bench, RATE) / 100.0,
            stop: self.seat.p(bench, STOP) / 100.0,
            fails: self.fails,
            air_low_pa,
            air_full_pa: self.seat.p(bench, AIR_FULL).max(air_low_pa + 1.0),
        }
    }

    fn stem(&self, bench: &Bench) -> Stem {
        let x = |index: usize| self.seat.x(bench, index);
        Stem { position: x(0), target: x(1), last_command: x(2), rested_at: x(3), direction: x(4), resting: x(5) }
    }

    fn place(&self, bench: &mut Bench, stem: Stem) {
        let values = [stem.position, stem.target, stem.last_command, stem.rested_at, stem.direction, stem.resting];
        for (index, value) in values.into_iter().enumerate() {
            self.seat.set_x(bench, index, value);
        }
        let full = self.seat.p(bench, KVS) + KV_OF_CV * self.seat.p(bench, CVS);
        let kv = full * self.seat.p(bench, KVS_FACTOR) * self.characteristic(bench).share(stem.position);
        self.seat.set_y(bench, POSITION, 100.0 * stem.position);
        self.seat.set_y(bench, CAPACITY, kv);
    }
}

impl Component for Valve {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let position = self.seat.p(bench, START) / 100.0;
        self.place(bench, Stem::at(position));
    }

    fn act(&self, bench: &mut Bench) {
        let forced_pct = self.seat.p(bench, FORCED);
        let health = ActuatorHealth {
            forced: if forced_pct >= 0.0 { forced_pct / 100.0 } else { -1.0 },
            stick_band: self.seat.p(bench, STICK_BAND) / 100.0,
            slip_jump: self.seat.p(bench, SLIP_JUMP) / 100.0,
        };
        let command = (self.seat.input(bench, COMMAND) / 100.0).clamp(0.0, 1.0);
        let air_pa = self.seat.input(bench, AIR);
        let stem = self.actuator(bench).step(self.stem(bench), bench.dt_secs, command, air_pa, &health);
        self.place(bench, stem);
    }

    /// A valve whose position nobody measures goes where its command sends it.
    fn follow(&self, bench: &mut Bench) {
        if self.seat.follows.first().copied().flatten().is_none() {
            self.act(bench);
        } else if let Some(position_pct) = self.seat.reading(bench, 0) {
            self.place(bench, Stem::at(position_pct.clamp(0.0, 100.0) / 100.0));
        }
    }

    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        drop(self.seat.y(bench, CAPACITY), flow_kg_s, bench.y[self.seat.links[0].density]).map_or(Law::Shut, Law::Open)
    }
}
