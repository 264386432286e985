//! Who takes compressed air, and who gives it from outside.

use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const DEMAND: usize = 0;
const REFERENCE: usize = 1;
const DEPENDENCE: usize = 2;
const DEMAND_FACTOR: usize = 3;
const LEAK: usize = 4;

const PRESSURE: usize = 0;
const OPEN: usize = 1;

const Y_FLOW: usize = 0;
const Y_LEAK: usize = 1;

/// Pressure outside, Pa.
const OUTSIDE_PA: f64 = 101_325.0;

/// Everything that takes air from a header.
pub const AIR_CONSUMER: Kind = Kind {
    sheet: &Sheet {
        kind: "air_consumer",
        title: "Air consumer",
        summary: "What a header feeds: positioners that bleed, tools, users behind an isolation valve, and the leaks of the ring.",
        equations: &[
            "q = open·q_demand·factor·(1 − d + d·p/p_ref) + q_leak·p/p_ref, pressures absolute: orifices that choke pass in proportion to them",
        ],
        parameters: &[
            ParameterSheet::required("demand_nm3_h", "Nm³/h", (0.0, 1e6), "1 per positioner", "Demand at the reference pressure."),
            ParameterSheet::usual("reference_gauge_pa", "Pa gauge", 5.5e5, (0.0, 1e7), "5.5e5", "Reference pressure, p_ref."),
            ParameterSheet::usual(
                "pressure_dependence",
                "",
                1.0,
                (0.0, 1.0),
                "1; 0 behind regulators",
                "Share of the demand that rises with the pressure, d.",
            ),
            ParameterSheet::malfunction("base_demand_factor", "", 1.0, (0.0, 5.0), "Demand against the data sheet: a consumer left open.")
                .worst(3.0),
            ParameterSheet::malfunction("leak_nm3_h", "Nm³/h", 0.0, (0.0, 1000.0), "Leak of the ring at the reference pressure.")
                .worst(320.0),
        ],
        points: &[
            PointSheet::new("flow_nm3_h", "Nm³/h", "What it takes, leak included."),
            PointSheet::new("leak_nm3_h", "Nm³/h", "The leak in it."),
        ],
        validity: "Absolute pressures above about twice the one outside: below, an orifice no longer chokes. It takes air as if there were some: the receiver says what it could give. The leak is before the isolation valve.",
        sources: &["Choked flow through orifices: ISO 6358-1", "Leaks of compressed air systems: ISO 11011"],
    },
    inputs: &[
        InputSheet { name: "pressure_pa", default: None, meaning: "Pressure of its header, Pa absolute." },
        InputSheet { name: "open", default: Some(1.0), meaning: "Opening of its isolation valve, 0 to 1." },
    ],
    build: |seat, _: &Settings| Ok(Box::new(AirConsumer { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct AirConsumer {
    seat: Seat,
}

impl Component for AirConsumer {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        self.act(bench);
    }

    fn act(&self, bench: &mut Bench) {
        let p = |index| self.seat.p(bench, index);
        let pressure = self.seat.input(bench, PRESSURE).max(0.0) / (p(REFERENCE) + OUTSIDE_PA);
        let open = self.seat.input(bench, OPEN).clamp(0.0, 1.0);
        let leak = p(LEAK) * pressure;
        let flow = open * p(DEMAND) * p(DEMAND_FACTOR) * (1.0 - p(DEPENDENCE) + p(DEPENDENCE) * pressure) + leak;
        self.seat.set_y(bench, Y_FLOW, flow);
        self.seat.set_y(bench, Y_LEAK, leak);
    }
}

const CAPACITY: usize = 0;
const HELD: usize = 1;
const BAND: usize = 2;
const SITE_SUPPLY: usize = 3;

/// A connection to an air network outside the plant.
pub const AIR_SUPPLY: Kind = Kind {
    sheet: &Sheet {
        kind: "air_supply",
        title: "Air from outside",
        summary: "A connection to another air network: it helps out where the pressure falls below what that network holds.",
        equations: &["q = open·q_max·(p_held − p)/band, 0 to q_max"],
        parameters: &[
            ParameterSheet::required("capacity_nm3_h", "Nm³/h", (0.0, 1e6), "size of the connection", "What it gives at most, q_max."),
            ParameterSheet::required("held_gauge_pa", "Pa gauge", (0.0, 1e7), "5e5", "Pressure that network holds."),
            ParameterSheet::usual("band_pa", "Pa", 3e4, (1.0, 1e6), "3e4", "How far the pressure has to fall for all of it."),
            ParameterSheet::usual("site_supply", "0/1", 0.0, (0.0, 1.0), "", "1: the hand valve is open."),
        ],
        points: &[PointSheet::new("flow_nm3_h", "Nm³/h", "What it gives.")],
        validity: "Air flows in only: a check valve is part of it. That network is large.",
        sources: &[],
    },
    inputs: &[
        InputSheet { name: "pressure_pa", default: None, meaning: "Pressure where it comes in, Pa absolute." },
        InputSheet { name: "open", default: Some(0.0), meaning: "1: the valve is open, whatever the hand valve does." },
    ],
    build: |seat, _: &Settings| Ok(Box::new(AirSupply { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct AirSupply {
    seat: Seat,
}

impl Component for AirSupply {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        self.act(bench);
    }

    fn act(&self, bench: &mut Bench) {
        let p = |index| self.seat.p(bench, index);
        let open = p(SITE_SUPPLY).max(self.seat.input(bench, OPEN).clamp(0.0, 1.0));
        let missing_pa = p(HELD) + OUTSIDE_PA - self.seat.input(bench, PRESSURE);
        let flow = open * p(CAPACITY) * (missing_pa / p(BAND)).clamp(0.0, 1.0);
        self.seat.set_y(bench, Y_FLOW, flow);
    }
}
