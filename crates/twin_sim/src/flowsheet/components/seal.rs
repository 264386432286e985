//! Shaft seals.

use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const NEW_LEAK: usize = 0;
const WIDENING: usize = 1;
const FRICTION: usize = 2;
const WORN_FRICTION: usize = 3;
const RISE: usize = 4;
const WEAR: usize = 5;

const SPEED: usize = 0;
const LIQUID: usize = 1;

const LEAK_NOW: usize = 0;
const FRICTION_NOW: usize = 1;
const FACE: usize = 2;

/// A mechanical seal.
pub const SEAL: Kind = Kind {
    sheet: &Sheet {
        kind: "seal",
        title: "Mechanical seal",
        summary: "A shaft seal that rubs and, as it wears, opens its gap: what it leaks is an input of the pump it belongs to.",
        equations: &[
            "w_leak = w_new·(1 + k·wear)³ at 3 bar gauge: laminar flow in a gap that widens with the wear",
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
        ],
        points: &[
            PointSheet::new("leak_kg_s", "kg/s", "Leak at 3 bar gauge."),
            PointSheet::new("friction_w", "W", "Friction."),
            PointSheet::new("face_k", "K", "Temperature of the faces."),
        ],
        validity: "Steady: the faces settle within seconds. A seal that runs dry is not modelled, nor flashing between the faces; the pump takes the leak with the root of its pressure.",
        sources: &["Laminar flow in a parallel gap goes with its third power: White, Fluid Mechanics, ch. 4"],
    },
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
        let leak_kg_s = self.seat.p(bench, NEW_LEAK) * gap * gap * gap;
        let sound_w = self.seat.p(bench, FRICTION);
        let friction_w = (sound_w + self.seat.p(bench, WORN_FRICTION) * wear) * self.seat.input(bench, SPEED).max(0.0);
        let face_k = self.seat.input(bench, LIQUID) + self.seat.p(bench, RISE) * friction_w / sound_w.max(1e-6);
        self.seat.set_y(bench, LEAK_NOW, leak_kg_s);
        self.seat.set_y(bench, FRICTION_NOW, friction_w);
        self.seat.set_y(bench, FACE, if sound_w > 0.0 { face_k } else { self.seat.input(bench, LIQUID) });
    }
}
