//! Pipes.

use crate::equipment::pipe::{self as round, Turbulent};
use crate::equipment::{Drop, friction, quadratic};
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Law, LinkSheet, OptionSheet, Seat};
use crate::sheet::{ParameterSheet, Sheet};

const LENGTH: usize = 0;
const DIAMETER: usize = 1;
const ROUGHNESS: usize = 2;
const FITTINGS: usize = 3;
const BLOCKED: usize = 4;
const FRICTION_FACTOR: usize = 5;
const HAZEN_WILLIAMS_C: usize = 6;
const MANNING_N: usize = 7;
const WALL_LOSS: usize = 8;

const AMBIENT_K: usize = 0;

const VISCOSITY: usize = 0;

/// Flow below which a pipe is taken to stand, kg/s: its outlet has the temperature around it.
const STANDING_KG_S: f64 = 1e-6;

/// Parameters of every pipe, in this order.
pub(super) const PARAMETERS: [ParameterSheet; 9] = [
    ParameterSheet::required("length_m", "m", (1e-3, 1e6), "1 to 1000", "Length."),
    ParameterSheet::required("diameter_m", "m", (1e-4, 20.0), "0.02 to 1", "Inner diameter."),
    ParameterSheet::usual("roughness_m", "m", 4.5e-5, (0.0, 0.05), "1.5e-6 drawn, 4.5e-5 steel, 2.6e-4 cast iron", "Roughness."),
    ParameterSheet::usual("fittings", "", 0.0, (0.0, 1e5), "0.2 a bend, 1 an outlet", "Sum of the loss coefficients of fittings."),
    ParameterSheet::malfunction("blocked", "", 0.0, (0.0, 0.99), "Share of the cross-section that is blocked."),
    ParameterSheet::malfunction("friction_factor", "", 1.0, (0.1, 5.0), "Loss against the calculation: corrosion, deposits."),
    ParameterSheet::usual(
        "hazen_williams_c",
        "",
        130.0,
        (1.0, 300.0),
        "100 old, 130 steel, 150 plastic",
        "Coefficient of Hazen and Williams.",
    ),
    ParameterSheet::usual("manning_n", "", 0.012, (1e-3, 1.0), "0.009 plastic, 0.012 steel, 0.015 cast iron", "Coefficient of Manning."),
    ParameterSheet::usual(
        "wall_loss_w_m_k",
        "W/(m·K)",
        0.0,
        (0.0, 1e3),
        "0.2 insulated, 5 bare",
        "Heat loss through the wall per metre and kelvin.",
    ),
];

/// Equations of every pipe.
pub(super) const EQUATIONS: [&str; 6] = [
    "p_from − p_to = ρ·g·(z_to − z_from) + (f·L/D + ΣK)·w·|w| / (2·ρ·A²)",
    "swamee_jain: f = 64/Re up to Re 2000; from Re 4000 f = 0.25 / log10(ε/(3.7·D) + 5.74/Re^0.9)²; between them a cubic with the slopes of both",
    "colebrook: the same with 1/√f = −2·log10(ε/(3.7·D) + 2.51/(Re·√f)) from Re 4000",
    "hazen_williams: h = 10.667·L·Q^1.852/(C^1.852·D^4.871); chezy_manning: h = 4^(10/3)/π²·n²·L·Q²/D^(16/3), in m and m³/s",
    "blocked: A is taken times (1 − blocked); the loss is taken times friction_factor",
    "T_out − T_ambient = (T_in − T_ambient)·e^(−wall_loss·L/(w·cp))",
];

/// How the friction of a pipe is worked out.
pub(super) const FRICTION: OptionSheet = OptionSheet {
    name: "friction",
    choices: &["swamee_jain", "colebrook", "hazen_williams", "chezy_manning"],
    meaning: "Law of the friction; swamee_jain when silent.",
};

/// What is around a pipe.
pub(super) const AMBIENT: InputSheet = InputSheet { name: "ambient_k", default: Some(293.15), meaning: "Temperature around it, K." };

/// Sources of every pipe.
pub(super) const SOURCES: &[&str] = &[
    "Darcy-Weisbach; Swamee & Jain, J. Hydraul. Div. ASCE 102 (1976); Colebrook, J. ICE 11 (1939)",
    "Rossman, EPANET 2.2 User Manual, table 3.1: Hazen-Williams, Chezy-Manning",
    "Crane TP-410 for fittings",
];

/// A round pipe.
pub const PIPE: Kind = Kind {
    sheet: &Sheet {
        kind: "pipe",
        title: "Pipe",
        summary: "A round pipe with fittings between two heights.",
        equations: &EQUATIONS,
        parameters: &PARAMETERS,
        points: &[],
        validity: "Full pipe, one liquid; what it carries is at its other end at once (long_pipe: when it has come there). Swamee-Jain is within 1 % of Colebrook for ε/D of 10⁻⁶ to 10⁻² and Re above 5000; Hazen-Williams is for water near 15 °C.",
        sources: SOURCES,
    },
    options: &[FRICTION],
    ports: &["inlet", "outlet"],
    links: &[LinkSheet { name: "flow", from: Some(0), to: Some(1) }],
    inputs: &[AMBIENT],
    notes: 1,
    build: |seat, settings: &Settings| Ok(Box::new(Pipe { hydraulics: Hydraulics::new(seat, settings)? })),
    ..Kind::PLAIN
};

/// Laws of friction, in the order of [`FRICTION`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Friction {
    Darcy(Turbulent),
    HazenWilliams,
    ChezyManning,
}

/// What a pipe does to the pressure, and where its parameters are.
#[derive(Debug)]
pub(super) struct Hydraulics {
    pub seat: Seat,
    friction: Friction,
}

impl Hydraulics {
    pub fn new(seat: Seat, settings: &Settings) -> Result<Self, String> {
        let friction = match settings.choice(FRICTION.name, FRICTION.choices)? {
            1 => Friction::Darcy(Turbulent::Colebrook),
            2 => Friction::HazenWilliams,
            3 => Friction::ChezyManning,
            _ => Friction::Darcy(Turbulent::SwameeJain),
        };
        Ok(Self { seat, friction })
    }

    pub fn prepare(&self, bench: &mut Bench) {
        let temp_k = bench.y[self.seat.links[0].inlet];
        let viscosity = self.seat.liquid.viscosity_pa_s(temp_k);
        self.seat.set_n(bench, VISCOSITY, viscosity);
    }

    pub fn law(&self, bench: &Bench, flow_kg_s: f64) -> Law {
        let p = |index: usize| self.seat.p(bench, index);
        let diameter_m = p(DIAMETER) * (1.0 - p(BLOCKED)).sqrt();
        let density = bench.y[self.seat.links[0].density];
        let drop = match self.friction {
            Friction::Darcy(turbulent) => {
                round::Pipe { length_m: p(LENGTH), diameter_m, roughness_m: p(ROUGHNESS), fittings: p(FITTINGS), turbulent }.drop(
                    flow_kg_s,
                    density,
                    self.seat.n(bench, VISCOSITY),
                )
            }
            Friction::HazenWilliams | Friction::ChezyManning => {
                let line = if self.friction == Friction::HazenWilliams {
                    friction::hazen_williams(p(LENGTH), diameter_m, p(HAZEN_WILLIAMS_C), flow_kg_s, density)
                } else {
                    friction::chezy_manning(p(LENGTH), diameter_m, p(MANNING_N), flow_kg_s, density)
                };
                let area_m2 = core::f64::consts::FRAC_PI_4 * diameter_m * diameter_m;
                let fittings = quadratic(p(FITTINGS) / (2.0 * density * area_m2 * area_m2), flow_kg_s);
                Drop { pa: line.pa + fittings.pa, slope_pa_s_kg: line.slope_pa_s_kg + fittings.slope_pa_s_kg }
            }
        };
        let factor = p(FRICTION_FACTOR);
        Law::Open(Drop { pa: factor * drop.pa, slope_pa_s_kg: factor * drop.slope_pa_s_kg })
    }

    /// What the contents hold, m³.
    pub fn volume_m3(&self, bench: &Bench) -> f64 {
        let diameter_m = self.seat.p(bench, DIAMETER);
        core::f64::consts::FRAC_PI_4 * diameter_m * diameter_m * self.seat.p(bench, LENGTH)
    }

    /// Heat loss through the whole wall, W/K.
    pub fn wall_w_k(&self, bench: &Bench) -> f64 {
        self.seat.p(bench, WALL_LOSS) * self.seat.p(bench, LENGTH)
    }

    pub fn ambient_k(&self, bench: &Bench) -> f64 {
        self.seat.input(bench, AMBIENT_K)
    }
}

#[derive(Debug)]
struct Pipe {
    hydraulics: Hydraulics,
}

impl Component for Pipe {
    fn seat(&self) -> &Seat {
        &self.hydraulics.seat
    }

    fn prepare(&self, bench: &mut Bench) {
        self.hydraulics.prepare(bench);
    }

    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        self.hydraulics.law(bench, flow_kg_s)
    }

    fn carry(&self, bench: &mut Bench) {
        let link = self.seat().links[0];
        let (flow_kg_s, in_k) = (bench.y[link.flow].abs(), bench.y[link.inlet]);
        let wall_w_k = self.hydraulics.wall_w_k(bench);
        bench.y[link.outlet] = in_k;
        if wall_w_k <= 0.0 {
            return;
        }
        let (liquid, ambient_k) = (self.seat().liquid, self.hydraulics.ambient_k(bench));
        let share = if flow_kg_s > STANDING_KG_S { libm::exp(-wall_w_k / (flow_kg_s * liquid.cp_j_kg_k(in_k))) } else { 0.0 };
        let out_k = ambient_k + (in_k - ambient_k) * share;
        bench.y[link.outlet] = out_k;
        bench.balance.heat(flow_kg_s * (liquid.energy_j_kg(out_k) - liquid.energy_j_kg(in_k)) * bench.dt_secs);
    }
}
