//! Centrifugal pumps.

use std::collections::BTreeMap;

use crate::equipment::pump as curves;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Law, LinkSheet, Seat};
use crate::flowsheet::{GRAVITY_M_S2, Setting};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const SHUTOFF: usize = 0;
const FALL: usize = 1;
const EFFICIENCY: usize = 2;
const BEST_FLOW: usize = 3;
const NON_RETURN: usize = 4;
const HEAD_FACTOR: usize = 5;
const EFFICIENCY_FACTOR: usize = 6;

const HEAD: usize = 0;
const SHAFT: usize = 1;

/// A centrifugal pump.
pub const PUMP: Kind = Kind {
    sheet: &Sheet {
        kind: "centrifugal_pump",
        title: "Centrifugal pump",
        summary: "A pump with a quadratic head curve at any speed, with or without a non-return valve.",
        equations: &[
            "H = factor·(n²·H0 − a·Q·|Q|), n = speed over rated speed",
            "P = ρ·g·H·Q_best·n / (η_best·factor_η·(2 − q)), q = Q/(Q_best·n): the efficiency η_best·(2q − q²) makes it finite at no flow",
            "all of P that does not lift or press warms the liquid: w·(u_out − u_in) = P − ρ·g·H·Q",
        ],
        parameters: &[
            ParameterSheet::required("shutoff_head_m", "m", (0.1, 1e4), "10 to 200", "Head at no flow and rated speed, H0."),
            ParameterSheet::required(
                "head_fall_m_per_m3_h2",
                "m/(m³/h)²",
                (1e-12, 1e3),
                "1e-5 to 1e-2",
                "Fall of the head with the square of the flow, a.",
            ),
            ParameterSheet::usual("best_efficiency", "", 0.75, (0.05, 0.95), "0.6 to 0.85", "Best efficiency."),
            ParameterSheet::required("best_flow_m3_h", "m³/h", (1e-3, 1e6), "10 to 1000", "Flow of best efficiency at rated speed."),
            ParameterSheet::usual("non_return", "0/1", 1.0, (0.0, 1.0), "1", "1: a non-return valve stops flow against the pump."),
            ParameterSheet::malfunction("head_factor", "", 1.0, (0.0, 1.5), "Head against the curve: wear of the impeller and its rings."),
            ParameterSheet::malfunction("efficiency_factor", "", 1.0, (0.1, 1.2), "Efficiency against the curve."),
        ],
        points: &[PointSheet::new("head_m", "m", "Head now."), PointSheet::new("shaft_w", "W", "Power at the shaft.")],
        validity: "One liquid without gas; no cavitation; the curve is taken on beyond its end. A standing pump without a non-return valve resists with the same quadratic term.",
        sources: &["Affinity laws; Gülich, Centrifugal Pumps, ch. 3 and 4"],
    },
    options: &[],
    ports: &["inlet", "outlet"],
    held: &[],
    elastic: &[],
    links: &[LinkSheet { name: "flow", from: Some(0), to: Some(1) }],
    inputs: &[InputSheet { name: "speed", default: Some(1.0), meaning: "Speed over rated speed." }],
    states: 0,
    notes: 0,
    build: |seat, _: &BTreeMap<String, Setting>| Ok(Box::new(Pump { seat })),
};

/// How much steeper the loss is against a non-return valve, Pa·s/kg: 1 bar lets 1 mg/s through.
const SHUT_PA_S_KG: f64 = 1e11;

#[derive(Debug)]
struct Pump {
    seat: Seat,
}

impl Pump {
    fn curves(&self, bench: &Bench) -> curves::Pump {
        curves::Pump {
            shutoff_head_m: self.seat.p(bench, SHUTOFF),
            head_fall_s2_m5: self.seat.p(bench, FALL) * 3600.0 * 3600.0,
            best_efficiency: self.seat.p(bench, EFFICIENCY),
            best_flow_m3_s: self.seat.p(bench, BEST_FLOW) / 3600.0,
        }
    }
}

impl Component for Pump {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        let density = bench.y[self.seat.links[0].density];
        let speed = self.seat.input(bench, 0).max(0.0);
        let mut drop = self.curves(bench).drop(speed, self.seat.p(bench, HEAD_FACTOR).max(1e-3), flow_kg_s, density);
        if self.seat.p(bench, NON_RETURN) > 0.5 && flow_kg_s < 0.0 {
            drop.pa += SHUT_PA_S_KG * flow_kg_s;
            drop.slope_pa_s_kg += SHUT_PA_S_KG;
        }
        Law::Open(drop)
    }

    fn carry(&self, bench: &mut Bench) {
        let link = self.seat.links[0];
        let (flow_kg_s, inlet_k) = (bench.y[link.flow], bench.y[link.inlet]);
        let density = self.seat.liquid.density_kg_m3(inlet_k);
        let speed = self.seat.input(bench, 0).max(0.0);
        let flow_m3_s = flow_kg_s / density;
        let curves = self.curves(bench);
        let head_m = curves.head_m(speed, flow_m3_s, self.seat.p(bench, HEAD_FACTOR));
        let shaft_w = curves.shaft_w(speed, flow_m3_s, head_m, density) / self.seat.p(bench, EFFICIENCY_FACTOR);
        self.seat.set_y(bench, HEAD, head_m);
        self.seat.set_y(bench, SHAFT, shaft_w);
        // Without flow nothing carries the heat away; the casing is not modelled.
        let heat_w = if flow_kg_s > 1e-3 { (shaft_w - density * GRAVITY_M_S2 * head_m * flow_m3_s).max(0.0) } else { 0.0 };
        let warmer = self.seat.liquid.energy_j_kg(inlet_k) + heat_w / flow_kg_s.max(1e-3);
        bench.y[link.outlet] = if heat_w > 0.0 { self.seat.liquid.temp_k(warmer) } else { inlet_k };
        bench.balance.heat(heat_w * bench.dt_secs);
    }
}
