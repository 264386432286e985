//! What stands in a line and has a loss known at one flow: fittings, strainers, check valves.

use crate::equipment::fittings::{CheckValve, coefficient, strainer};
use crate::equipment::{Drop, quadratic};
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, Kind, Law, LinkSheet, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const LOSS: usize = 0;
const AT_FLOW: usize = 1;
const AT_DENSITY: usize = 2;
const STATE: usize = 3;
const FACTOR: usize = 4;
const LEAK_AT: usize = 4;

const AT: [ParameterSheet; 3] = [
    ParameterSheet::required("loss_pa", "Pa", (1e-3, 1e9), "1e3 to 1e5", "Pressure it loses at the flow below."),
    ParameterSheet::required("at_m3_h", "m³/h", (1e-6, 1e7), "", "Flow at which that is so."),
    ParameterSheet::usual("at_kg_m3", "kg/m³", 1000.0, (1.0, 2e4), "1000", "Density at which that is so."),
];

const LOSS_POINT: &[PointSheet] = &[PointSheet::new("loss_pa", "Pa", "Pressure it loses now.")];

const LAW: &str = "Δp = k·w·|w|·ρ_at/ρ, k = loss/(Q_at·ρ_at)²: at one volume flow the loss goes with the density";

/// A fixed resistance.
pub const FITTING: Kind = Kind {
    sheet: &Sheet {
        kind: "fitting",
        title: "Fitting",
        summary: "A resistance known at one flow: a filter, spray nozzles, an orifice, a cooler.",
        equations: &[LAW, "blocked: k/(1 − blocked)²"],
        parameters: &[
            AT[0],
            AT[1],
            AT[2],
            ParameterSheet::malfunction("blocked", "", 0.0, (0.0, 0.99), "Share of the free area that is blocked."),
            ParameterSheet::malfunction("friction_factor", "", 1.0, (0.1, 5.0), "Loss against the calculation."),
        ],
        points: LOSS_POINT,
        validity: "Turbulent: the loss goes with the square of the flow. No heat.",
        sources: &["Idelchik, Handbook of Hydraulic Resistance, §1"],
    },
    ports: &["inlet", "outlet"],
    links: &[LinkSheet { name: "flow", from: Some(0), to: Some(1) }],
    build: |seat, _: &Settings| Ok(Box::new(Fitting { seat, role: Role::Fitting })),
    ..Kind::PLAIN
};

/// A strainer.
pub const STRAINER: Kind = Kind {
    sheet: &Sheet {
        kind: "strainer",
        title: "Strainer",
        summary: "A basket or bag whose free area gets less as it clogs.",
        equations: &[LAW, "clogged: k/(1 − clogged)²"],
        parameters: &[
            AT[0],
            AT[1],
            AT[2],
            ParameterSheet::malfunction("clogged_fraction", "", 0.0, (0.0, 0.95), "Clogged share of the free area."),
        ],
        points: LOSS_POINT,
        validity: "Turbulent: the loss goes with the square of the velocity in what is free. No heat.",
        sources: &["Idelchik, Handbook of Hydraulic Resistance, §1"],
    },
    build: |seat, _: &Settings| Ok(Box::new(Fitting { seat, role: Role::Strainer })),
    ..FITTING
};

/// A check valve.
pub const CHECK_VALVE: Kind = Kind {
    sheet: &Sheet {
        kind: "check_valve",
        title: "Check valve",
        summary: "Lets flow pass one way; a bad one leaks the other way.",
        equations: &[LAW, "backwards: 1 mg/s at 1 bar when sound; with a leak Q = leak·√(−Δp/leak_at·ρ_at/ρ)"],
        parameters: &[
            AT[0],
            AT[1],
            AT[2],
            ParameterSheet::malfunction("check_valve_leak_m3_h", "m³/h", 0.0, (0.0, 1e4), "Flow back at the pressure below.").worst(20.0),
            ParameterSheet::usual("leak_at_pa", "Pa", 1e5, (1.0, 1e8), "1e5", "Pressure against it at which it leaks that much."),
        ],
        points: LOSS_POINT,
        validity: "Opens and shuts at once; no water hammer; a leak is never easier than the way forward.",
        sources: &["Idelchik, Handbook of Hydraulic Resistance, §1"],
    },
    build: |seat, _: &Settings| Ok(Box::new(Fitting { seat, role: Role::Check })),
    ..FITTING
};

/// What a sound seat lets back, kg/s at 1 bar.
const SEAT_KG_S: f64 = 1e-6;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Role {
    Fitting,
    Strainer,
    Check,
}

#[derive(Debug)]
struct Fitting {
    seat: Seat,
    role: Role,
}

impl Fitting {
    fn drop(&self, bench: &Bench, flow_kg_s: f64) -> Option<Drop> {
        let p = |index| self.seat.p(bench, index);
        let at_kg_s = p(AT_FLOW) * p(AT_DENSITY) / 3600.0;
        let lighter = p(AT_DENSITY) / bench.y[self.seat.links[0].density];
        let clean = coefficient(p(LOSS), at_kg_s) * lighter;
        match self.role {
            Role::Fitting => {
                let open = 1.0 - p(STATE);
                Some(quadratic(clean * p(FACTOR) / (open * open), flow_kg_s))
            }
            Role::Strainer => strainer(clean, p(STATE), flow_kg_s),
            Role::Check => {
                let leak_kg_s = p(STATE) * p(AT_DENSITY) / 3600.0;
                let held_open = leak_kg_s * (clean / (p(LEAK_AT) * lighter)).sqrt();
                Some(CheckValve { coefficient: clean, leak_kg_s: SEAT_KG_S, held_open }.drop(flow_kg_s))
            }
        }
    }
}

impl Component for Fitting {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        self.drop(bench, flow_kg_s).map_or(Law::Shut, Law::Open)
    }

    fn report(&self, bench: &mut Bench) {
        let loss_pa = self.drop(bench, self.seat.flow_kg_s(bench, 0)).map_or(0.0, |drop| drop.pa);
        self.seat.set_y(bench, 0, loss_pa);
    }
}

/// A hole between two places.
pub const LEAK: Kind = Kind {
    sheet: &Sheet {
        kind: "leak",
        title: "Leak",
        summary: "A hole between two places that should not be joined: a tube between the outlets of an exchanger, a seat that passes.",
        equations: &["Q [m³/h] = Kv·√(Δp [bar]·1000/ρ), either way"],
        parameters: &[ParameterSheet::malfunction("leak_kv_m3_h", "m³/h", 0.0, (0.0, 20.0), "Capacity of the hole: water at 1 bar.")],
        points: &[],
        validity: "A sharp hole; both places hold the same liquid.",
        sources: &["IEC 60534-2-1, equation for turbulent non-choked flow"],
    },
    ports: &["from", "to"],
    links: &[LinkSheet { name: "flow", from: Some(0), to: Some(1) }],
    build: |seat, _: &Settings| Ok(Box::new(Leak { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Leak {
    seat: Seat,
}

impl Component for Leak {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        let density = bench.y[self.seat.links[0].density];
        crate::equipment::valve::drop(self.seat.p(bench, 0), flow_kg_s, density).map_or(Law::Shut, Law::Open)
    }
}
