//! Open tanks.

use std::collections::BTreeMap;

use crate::flowsheet::component::{Bench, Component, Hold, Kind, Seat};
use crate::flowsheet::{GRAVITY_M_S2, Setting};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const AREA: usize = 0;
const RIM: usize = 1;
const START_LEVEL: usize = 2;
const START_TEMP: usize = 3;
const LOSS: usize = 4;
const AMBIENT: usize = 5;
const LEAK: usize = 6;

const LEVEL: usize = 0;
const TEMP: usize = 1;
const OVERFLOW: usize = 2;

const MASS_KG: usize = 0;
const ENERGY_J: usize = 1;

/// What left in the step before, kg.
const GIVEN_KG: usize = 2;

const TOP_PORT: usize = 1;
const ATMOSPHERE_PA: f64 = 101_325.0;
/// A tank is never quite empty, kg: its temperature has to be that of something.
const HEEL_KG: f64 = 1e-3;
/// The outlet is dry below this, kg.
const RESERVE_KG: f64 = 1.0;

/// A tank under atmospheric pressure, its contents well mixed.
pub const TANK: Kind = Kind {
    sheet: &Sheet {
        kind: "tank",
        title: "Open tank",
        summary: "An upright tank under atmospheric pressure, well mixed, with an outlet at its bottom, an inlet at its top and a rim.",
        equations: &[
            "dm/dt = Σw_in − Σw_out − w_leak, dU/dt = Σ(w·u)_in − Σw_out·u(T) − w_leak·u(T) − UA·(T − T_ambient)",
            "level = m / (ρ(T)·area), p_bottom = p_atmosphere + ρ(T)·g·level, p_top = p_atmosphere",
            "what stands above the rim runs over within the step",
        ],
        parameters: &[
            ParameterSheet::required("area_m2", "m²", (1e-6, 1e5), "1 to 1000", "Cross-section."),
            ParameterSheet::usual("rim_m", "m", 1e3, (1e-3, 1e4), "2 to 15", "Level at which it overflows."),
            ParameterSheet::usual("start_level_m", "m", 0.0, (0.0, 1e4), "", "Level at the start."),
            ParameterSheet::usual("start_temp_k", "K", 293.15, (253.15, 453.15), "", "Temperature at the start."),
            ParameterSheet::usual("wall_loss_w_k", "W/K", 0.0, (0.0, 1e6), "50 to 500", "Heat loss through the wall per kelvin."),
            ParameterSheet::usual("ambient_k", "K", 293.15, (200.0, 350.0), "", "Temperature around it."),
            ParameterSheet::malfunction("leak_m2", "m²", 0.0, (0.0, 1.0), "Area of a hole at the bottom, discharge coefficient included."),
        ],
        points: &[
            PointSheet::new("level_m", "m", "Level above the bottom."),
            PointSheet::new("temp_k", "K", "Temperature of the contents."),
            PointSheet::new("overflow_kg", "kg", "Mass that has run over the rim since the start."),
        ],
        validity: "Upright walls; no layers; no evaporation. Its outlet gives nothing once less is left than two steps would take. Integrated implicitly in its level: first order in the step.",
        sources: &["Balance of mass and energy of a stirred vessel; Torricelli for the leak."],
    },
    options: &[],
    ports: &["bottom", "top"],
    held: &[0, 1],
    elastic: &[0],
    links: &[],
    inputs: &[],
    states: 3,
    notes: 0,
    build: |seat, _: &BTreeMap<String, Setting>| Ok(Box::new(Tank { seat })),
};

#[derive(Debug)]
struct Tank {
    seat: Seat,
}

impl Tank {
    fn temp_k(&self, bench: &Bench) -> f64 {
        let mass_kg = self.seat.x(bench, MASS_KG).max(HEEL_KG);
        self.seat.liquid.temp_k(self.seat.x(bench, ENERGY_J) / mass_kg)
    }

    fn write(&self, bench: &mut Bench) {
        let temp_k = self.temp_k(bench);
        let level_m = self.seat.x(bench, MASS_KG).max(0.0) / (self.seat.liquid.density_kg_m3(temp_k) * self.seat.p(bench, AREA));
        self.seat.set_y(bench, LEVEL, level_m);
        self.seat.set_y(bench, TEMP, temp_k);
        for port in &self.seat.ports {
            bench.y[port.temp] = temp_k;
        }
    }
}

impl Component for Tank {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let temp_k = self.seat.p(bench, START_TEMP);
        let density = self.seat.liquid.density_kg_m3(temp_k);
        let mass_kg = (self.seat.p(bench, START_LEVEL) * density * self.seat.p(bench, AREA)).max(HEEL_KG);
        self.seat.set_x(bench, MASS_KG, mass_kg);
        self.seat.set_x(bench, ENERGY_J, mass_kg * self.seat.liquid.energy_j_kg(temp_k));
        self.write(bench);
    }

    fn hold(&self, bench: &mut Bench, port: usize) -> Hold {
        let density = self.seat.liquid.density_kg_m3(self.seat.y(bench, TEMP));
        let head_m = if port == TOP_PORT { 0.0 } else { self.seat.y(bench, LEVEL) };
        // A step takes about what the one before took; the outlet draws air before the tank would have to give more than it has.
        let dry = self.seat.x(bench, MASS_KG) < RESERVE_KG + 2.0 * self.seat.x(bench, GIVEN_KG);
        Hold { pressure_pa: ATMOSPHERE_PA + density * GRAVITY_M_S2 * head_m, stiffness_pa_kg: GRAVITY_M_S2 / self.seat.p(bench, AREA), dry }
    }

    fn store(&self, bench: &mut Bench, mass_kg_s: f64, energy_w: f64) {
        let dt_secs = bench.dt_secs;
        let temp_k = self.seat.y(bench, TEMP);
        let specific = self.seat.liquid.energy_j_kg(temp_k);
        let density = self.seat.liquid.density_kg_m3(temp_k);
        let available_kg = (self.seat.x(bench, MASS_KG) - RESERVE_KG).max(0.0);
        let leak_kg =
            (self.seat.p(bench, LEAK) * density * (2.0 * GRAVITY_M_S2 * self.seat.y(bench, LEVEL)).sqrt() * dt_secs).min(available_kg);
        // Implicit, so that a nearly empty tank does not overshoot the temperature around it.
        let loss_j_k = self.seat.p(bench, LOSS) * dt_secs;
        let capacity_j_k = self.seat.x(bench, MASS_KG).max(HEEL_KG) * self.seat.liquid.cp_j_kg_k(temp_k);
        let loss_j = (temp_k - self.seat.p(bench, AMBIENT)) * loss_j_k / (1.0 + loss_j_k / capacity_j_k);
        let mass_kg = self.seat.x(bench, MASS_KG) + mass_kg_s * dt_secs - leak_kg;
        let energy_j = self.seat.x(bench, ENERGY_J) + energy_w * dt_secs - leak_kg * specific - loss_j;
        bench.balance.cross(-leak_kg, -leak_kg * specific);
        bench.balance.heat(-loss_j);
        self.seat.set_x(bench, MASS_KG, mass_kg);
        self.seat.set_x(bench, ENERGY_J, energy_j);
        let given_kg = (-mass_kg_s * dt_secs).max(0.5 * self.seat.x(bench, GIVEN_KG));
        self.seat.set_x(bench, GIVEN_KG, given_kg);
        let full_kg = self.seat.p(bench, RIM) * density * self.seat.p(bench, AREA);
        let over_kg = (mass_kg - full_kg).max(0.0);
        if over_kg > 0.0 {
            let over_j = over_kg * energy_j / mass_kg;
            self.seat.set_x(bench, MASS_KG, mass_kg - over_kg);
            self.seat.set_x(bench, ENERGY_J, energy_j - over_j);
            bench.balance.cross(-over_kg, -over_j);
            let so_far = self.seat.y(bench, OVERFLOW);
            self.seat.set_y(bench, OVERFLOW, so_far + over_kg);
        }
        self.write(bench);
    }

    fn inventory(&self, bench: &Bench) -> (f64, f64) {
        (self.seat.x(bench, MASS_KG), self.seat.x(bench, ENERGY_J))
    }
}
