//! Knock-out pots.

use super::contents;
use crate::command::Refusal;
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Request, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const VOLUME: usize = 0;

const LIQUID: usize = 0;
const FILL: usize = 1;
const TEMP: usize = 2;
const CARRY_OVER_M3: usize = 3;
const CARRY_OVER_KG: usize = 4;

const INFLOW_KG_S: usize = 0;
const INFLOW_K: usize = 1;

/// 1 from when it runs over until it is drained.
const FULL: usize = contents::STATES;
/// What an empty pot is said to hold, at this temperature.
const START_K: f64 = 293.15;

/// A pot that keeps liquid out of a vent.
pub const POT: Kind = Kind {
    sheet: &Sheet {
        kind: "pot",
        title: "Knock-out pot",
        summary: "A pot in a vent that keeps back the liquid a vessel pushes out, until it is full; drained by hand.",
        equations: &["dm/dt = w_in; what the volume cannot hold goes on to the atmosphere", "drain: everything leaves at once"],
        parameters: &[ParameterSheet::required("volume_m3", "m³", (1e-6, 1e5), "0.2 to 5", "What it holds.")],
        points: &[
            PointSheet::new("liquid_m3", "m³", "Liquid in it."),
            PointSheet::new("fill", "", "Share of its volume that is liquid."),
            PointSheet::new("temp_k", "K", "Its temperature."),
            PointSheet::new("carry_over_m3", "m³", "Liquid that went on to the atmosphere since the start."),
            PointSheet::new("carry_over_kg", "kg", "The same as mass."),
        ],
        validity: "Separates everything until it is full; no heat loss. What comes in left the plant at the vessel and enters it here again.",
        sources: &["Balance of mass and energy"],
    },
    inputs: &[
        InputSheet { name: "inflow_kg_s", default: None, meaning: "Liquid that arrives, kg/s: what a closed vessel spills." },
        InputSheet { name: "inflow_k", default: Some(293.15), meaning: "Its temperature, K." },
    ],
    states: contents::STATES + 1,
    build: |seat, _: &Settings| Ok(Box::new(Pot { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Pot {
    seat: Seat,
}

impl Pot {
    fn write(&self, bench: &mut Bench) {
        let temp_k = contents::temp_k(&self.seat, bench);
        let liquid_m3 = contents::volume_m3(&self.seat, bench, temp_k);
        let fill = liquid_m3 / self.seat.p(bench, VOLUME);
        self.seat.set_y(bench, LIQUID, liquid_m3);
        self.seat.set_y(bench, FILL, fill);
        self.seat.set_y(bench, TEMP, temp_k);
    }
}

impl Component for Pot {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        contents::start(&self.seat, bench, 0.0, START_K, 0.0);
        self.write(bench);
    }

    fn watch(&self, bench: &Bench, events: &mut Vec<f64>) {
        events.push(self.seat.x(bench, FULL));
    }

    fn request(&self, bench: &mut Bench, request: Request) -> Result<(), Refusal> {
        if request != Request::Drain {
            return Err(Refusal::NotPermitted("a pot can only be drained".to_owned()));
        }
        let (mass_kg, energy_j) = contents::inventory(&self.seat, bench);
        contents::start(&self.seat, bench, 0.0, START_K, 0.0);
        let (left_kg, left_j) = contents::inventory(&self.seat, bench);
        bench.balance.cross(left_kg - mass_kg, left_j - energy_j);
        self.seat.set_x(bench, FULL, 0.0);
        self.write(bench);
        Ok(())
    }

    fn report(&self, bench: &mut Bench) {
        let seat = &self.seat;
        let inflow_kg = seat.input(bench, INFLOW_KG_S).max(0.0) * bench.dt_secs;
        contents::cross(seat, bench, inflow_kg, seat.input(bench, INFLOW_K), 0.0);
        let density = seat.liquid.density_kg_m3(contents::temp_k(seat, bench));
        let over_kg = (seat.x(bench, contents::MASS_KG) - seat.p(bench, VOLUME) * density).max(0.0);
        if over_kg > 0.0 {
            contents::spill(seat, bench, over_kg);
            seat.set_x(bench, FULL, 1.0);
            for (point, amount) in [(CARRY_OVER_KG, over_kg), (CARRY_OVER_M3, over_kg / density)] {
                let so_far = seat.y(bench, point);
                seat.set_y(bench, point, so_far + amount);
            }
        }
        self.write(bench);
    }

    fn inventory(&self, bench: &Bench) -> (f64, f64) {
        contents::inventory(&self.seat, bench)
    }
}
