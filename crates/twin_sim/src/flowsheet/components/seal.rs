//! Shaft seals.

use crate::equipment::{Drop, quadratic};
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Law, LinkSheet, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const NEW_LEAK: usize = 0;
const WIDENING: usize = 1;
const FRICTION: usize = 2;
const WORN_FRICTION: usize = 3;
const RISE: usize = 4;
const WEAR: usize = 5;
const LEAK: usize = 6;

const SPEED: usize = 0;
const LIQUID: usize = 1;

const LEAK_NOW: usize = 0;
const FRICTION_NOW: usize = 1;
const FACE: usize = 2;

const ATMOSPHERE_PA: f64 = 101_325.0;
/// Gauge pressure at which it leaks what its data say, Pa.
const RATED_PA: f64 = 3e5;
/// Steepness of the loss of what would come in, Pa·s/kg: 1 bar lets 1 mg/s through.
const SHUT_PA_S_KG: f64 = 1e11;

/// A mechanical seal.
pub const SEAL: Kind = Kind {
    sheet: &Sheet {
        kind: "seal",
        title: "Mechanical seal",
        summary: "A shaft seal that rubs and, as it wears, opens its gap. Its port is connected with the suction or the discharge of its machine.",
        equations: &[
            "w_leak = (w_new·(1 + k·wear)³ + leak)·√((p − p_atmosphere)/3 bar), the gap widening with the wear",
            "P = (P_new + P_worn·wear)·n, T_face = T_liquid + rise·P/P_new",
        ],
        parameters: &[
            ParameterSheet::usual("new_leak_kg_s", "kg/s", 1e-6, (0.0, 1.0), "1e-7 to 1e-5", "Leak of a sound seal at 3 bar gauge."),
            ParameterSheet::usual("widening", "", 30.0, (0.0, 1000.0), "10 to 50", "How many gaps the gap has grown at wear 1, k."),
            ParameterSheet::usual("friction_w", "W", 150.0, (0.0, 1e6), "50 to 500", "Friction at rated speed when sound."),
            ParameterSheet::usual("worn_friction_w", "W", 100.0, (0.0, 1e6), "0 to 500", "Friction on top at wear 1."),
            ParameterSheet::usual(
                "face_rise_k",
                "K",
                10.0,
                (0.0, 200.0),
                "5 to 20",
                "Rise of the faces over the liquid when sound, at rated speed.",
            ),
            ParameterSheet::malfunction("seal_wear", "", 0.0, (0.0, 2.0), "Wear, 1 at the end of its life."),
            ParameterSheet::malfunction(
                "leak_kg_s",
                "kg/s",
                0.0,
                (0.0, 100.0),
                "Leak on top at 3 bar gauge, whatever the wear: faces chipped or hung up.",
            )
            .worst(1.0),
        ],
        points: &[
            PointSheet::new("rated_leak_kg_s", "kg/s", "What it would leak at 3 bar gauge."),
            PointSheet::new("friction_w", "W", "Friction."),
            PointSheet::new("face_k", "K", "Temperature of the faces."),
        ],
        validity: "Steady: the faces settle within seconds. A seal that runs dry is not modelled, nor flashing between the faces. No air is drawn in where the pressure is below that of the atmosphere.",
        sources: &["Laminar flow in a parallel gap goes with its third power: White, Fluid Mechanics, ch. 4"],
    },
    ports: &["chamber"],
    links: &[LinkSheet { name: "leak", from: Some(0), to: None }],
    inputs: &[
        InputSheet { name: "speed", default: None, meaning: "Speed over rated speed." },
        InputSheet { name: "liquid_k", default: Some(293.15), meaning: "Temperature of the liquid it seals, K." },
    ],
    build: |seat, _: &Settings| Ok(Box::new(Seal { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Seal {
    seat: Seat,
}

impl Component for Seal {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        self.act(bench);
    }

    fn act(&self, bench: &mut Bench) {
        let wear = self.seat.p(bench, WEAR);
        let gap = 1.0 + self.seat.p(bench, WIDENING) * wear;
        let leak_kg_s = self.seat.p(bench, NEW_LEAK) * gap * gap * gap + self.seat.p(bench, LEAK);
        let sound_w = self.seat.p(bench, FRICTION);
        let friction_w = (sound_w + self.seat.p(bench, WORN_FRICTION) * wear) * self.seat.input(bench, SPEED).max(0.0);
        let face_k = self.seat.input(bench, LIQUID) + self.seat.p(bench, RISE) * friction_w / sound_w.max(1e-6);
        self.seat.set_y(bench, LEAK_NOW, leak_kg_s);
        self.seat.set_y(bench, FRICTION_NOW, friction_w);
        self.seat.set_y(bench, FACE, if sound_w > 0.0 { face_k } else { self.seat.input(bench, LIQUID) });
    }
    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        let leak_kg_s = self.seat.y(bench, LEAK_NOW);
        if leak_kg_s <= 1e-9 {
            return Law::Shut;
        }
        let mut drop = quadratic(RATED_PA / (leak_kg_s * leak_kg_s), flow_kg_s);
        if flow_kg_s < 0.0 {
            drop.pa += SHUT_PA_S_KG * flow_kg_s;
            drop.slope_pa_s_kg += SHUT_PA_S_KG;
        }
        Law::Open(Drop { pa: drop.pa + ATMOSPHERE_PA, ..drop })
    }
}
