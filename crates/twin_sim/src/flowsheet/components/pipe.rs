//! Pipes.

use crate::equipment::{Drop, pipe as friction};
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, Kind, Law, LinkSheet, Seat};
use crate::sheet::{ParameterSheet, Sheet};

const LENGTH: usize = 0;
const DIAMETER: usize = 1;
const ROUGHNESS: usize = 2;
const FITTINGS: usize = 3;
const BLOCKED: usize = 4;
const FRICTION_FACTOR: usize = 5;

const VISCOSITY: usize = 0;

/// A round pipe.
pub const PIPE: Kind = Kind {
    sheet: &Sheet {
        kind: "pipe",
        title: "Pipe",
        summary: "A round pipe with fittings between two heights.",
        equations: &[
            "p_from − p_to = ρ·g·(z_to − z_from) + (f·L/D + ΣK)·w·|w| / (2·ρ·A²)",
            "f = 64/Re up to Re 2000; from Re 4000 f = 0.25 / log10(ε/(3.7·D) + 5.74/Re^0.9)²; between them a cubic with the slopes of both",
            "blocked: A is taken times (1 − blocked); the loss is taken times friction_factor",
        ],
        parameters: &[
            ParameterSheet::required("length_m", "m", (1e-3, 1e6), "1 to 1000", "Length."),
            ParameterSheet::required("diameter_m", "m", (1e-4, 20.0), "0.02 to 1", "Inner diameter."),
            ParameterSheet::usual("roughness_m", "m", 4.5e-5, (0.0, 0.05), "1.5e-6 drawn, 4.5e-5 steel, 2.6e-4 cast iron", "Roughness."),
            ParameterSheet::usual("fittings", "", 0.0, (0.0, 1e5), "0.2 a bend, 1 an outlet", "Sum of the loss coefficients of fittings."),
            ParameterSheet::malfunction("blocked", "", 0.0, (0.0, 0.99), "Share of the cross-section that is blocked."),
            ParameterSheet::malfunction("friction_factor", "", 1.0, (0.1, 5.0), "Loss against the calculation: corrosion, deposits."),
        ],
        points: &[],
        validity: "Full pipe, one liquid, no heat loss, no delay. Swamee-Jain is within 1 % of Colebrook for ε/D of 10⁻⁶ to 10⁻² and Re above 5000.",
        sources: &["Darcy-Weisbach; Swamee & Jain, J. Hydraul. Div. ASCE 102 (1976)", "Crane TP-410 for fittings"],
    },
    ports: &["inlet", "outlet"],
    links: &[LinkSheet { name: "flow", from: Some(0), to: Some(1) }],
    notes: 1,
    build: |seat, _: &Settings| Ok(Box::new(Pipe { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Pipe {
    seat: Seat,
}

impl Component for Pipe {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn prepare(&self, bench: &mut Bench) {
        let temp_k = bench.y[self.seat.links[0].inlet];
        let viscosity = self.seat.liquid.viscosity_pa_s(temp_k);
        self.seat.set_n(bench, VISCOSITY, viscosity);
    }

    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        let open = (1.0 - self.seat.p(bench, BLOCKED)).sqrt();
        let pipe = friction::Pipe {
            length_m: self.seat.p(bench, LENGTH),
            diameter_m: self.seat.p(bench, DIAMETER) * open,
            roughness_m: self.seat.p(bench, ROUGHNESS),
            fittings: self.seat.p(bench, FITTINGS),
        };
        let drop = pipe.drop(flow_kg_s, bench.y[self.seat.links[0].density], self.seat.n(bench, VISCOSITY));
        let factor = self.seat.p(bench, FRICTION_FACTOR);
        Law::Open(Drop { pa: factor * drop.pa, slope_pa_s_kg: factor * drop.slope_pa_s_kg })
    }
}
