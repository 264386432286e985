//! Fans.

use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const RATED_AIR: usize = 0;
const DRAUGHT: usize = 1;
const RATED_W: usize = 2;
const IDLE_W: usize = 3;
const AIR_FACTOR: usize = 4;
const EFFICIENCY_FACTOR: usize = 5;

const SPEED: usize = 0;

const AIR: usize = 0;
const SHAFT: usize = 1;

/// A fan.
pub const FAN: Kind = Kind {
    sheet: &Sheet {
        kind: "fan",
        title: "Fan",
        summary: "A fan on a fixed resistance, such as that of a cooling tower cell: how much air it moves, and what that costs.",
        equations: &["w_air = factor·w_rated·n + w_draught, n = speed over rated speed", "P = P_rated·n³/factor_η + P_idle while it turns"],
        parameters: &[
            ParameterSheet::required("rated_air_kg_s", "kg/s", (1e-6, 1e5), "10 to 1000", "Dry air the fan adds at rated speed."),
            ParameterSheet::usual("draught_kg_s", "kg/s", 0.0, (0.0, 1e5), "3 % of it", "Dry air by natural draught."),
            ParameterSheet::required("rated_shaft_w", "W", (1e-3, 1e7), "1e3 to 1e5", "Shaft power at rated speed."),
            ParameterSheet::usual("idle_w", "W", 0.0, (0.0, 1e6), "1 to 2 %", "Power beside the air: belts, bearings, converter."),
            ParameterSheet::malfunction("air_factor", "", 1.0, (0.05, 1.5), "Air against the data sheet: blades dirty or pitched wrongly."),
            ParameterSheet::malfunction("efficiency_factor", "", 1.0, (0.1, 1.2), "Efficiency against the data sheet.").worst(0.6),
        ],
        points: &[PointSheet::new("air_kg_s", "kg/s", "Dry air."), PointSheet::new("shaft_w", "W", "Power at the shaft.")],
        validity: "Fixed resistance and density: the affinity laws alone. Wind is left out.",
        sources: &["Affinity laws: Bleier, Fan Handbook, ch. 5"],
    },
    inputs: &[InputSheet { name: "speed", default: None, meaning: "Speed over rated speed." }],
    build: |seat, _: &Settings| Ok(Box::new(Fan { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Fan {
    seat: Seat,
}

impl Component for Fan {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        self.act(bench);
    }

    fn act(&self, bench: &mut Bench) {
        let speed = self.seat.input(bench, SPEED).max(0.0);
        let air_kg_s = self.seat.p(bench, AIR_FACTOR) * self.seat.p(bench, RATED_AIR) * speed + self.seat.p(bench, DRAUGHT);
        let idle_w = if speed > 0.0 { self.seat.p(bench, IDLE_W) } else { 0.0 };
        let shaft_w = self.seat.p(bench, RATED_W) * speed * speed * speed / self.seat.p(bench, EFFICIENCY_FACTOR) + idle_w;
        self.seat.set_y(bench, AIR, air_kg_s);
        self.seat.set_y(bench, SHAFT, shaft_w);
    }
}
