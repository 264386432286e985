//! Open tanks.

use std::borrow::Cow;

use super::contents;
use super::shape::{Dimensions, Form, OPEN_OPTIONS, surface_m2};
use crate::equipment::vessel::Shape;
use crate::flowsheet::GRAVITY_M_S2;
use crate::flowsheet::component::{Bench, Component, FollowSheet, Hold, Inflow, InputSheet, Kind, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const AREA: usize = 0;
const DIAMETER: usize = 1;
const LENGTH: usize = 2;
const RIM: usize = 3;
const SIDE: usize = 4;
const SPAN_LOW: usize = 5;
const SPAN_HIGH: usize = 6;
const START_LEVEL: usize = 7;
const START_TEMP: usize = 8;
const START_TRACER: usize = 9;
const LOSS: usize = 10;
const LOSS_FACTOR: usize = 11;
const LEAK: usize = 12;
const CORRECTION_M3_H: usize = 13;

const LEVEL: usize = 0;
const LEVEL_PCT: usize = 1;
const TEMP: usize = 2;
const VOLUME: usize = 3;
const TRACER: usize = 4;
const OVERFLOW: usize = 5;

const AMBIENT_K: usize = 0;
const CORRECTION_KG_S: usize = 1;

/// What the ports give at most, kg/s.
const GIVEN_KG_S: usize = contents::STATES;
/// 1 from when it runs over until it stands a little below the rim.
const SPILLS: usize = contents::STATES + 1;
/// Mass at which an outlet that fell dry counts as wet again, kg; 0 while it is wet.
const WET_AGAIN_KG: usize = contents::STATES + 2;

const TOP_PORT: usize = 1;
const SIDE_PORT: usize = 2;
const ATMOSPHERE_PA: f64 = 101_325.0;
/// The outlet is dry below this, kg.
const RESERVE_KG: f64 = 1.0;

/// A tank under atmospheric pressure, its contents well mixed.
pub const TANK: Kind = Kind {
    sheet: &Sheet {
        kind: "tank",
        title: "Open tank",
        summary: "A tank or basin of any shape under atmospheric pressure, well mixed, with an outlet at its bottom, one at its side, an inlet at its top and a rim.",
        equations: &[
            "dm/dt = Σw_in − Σw_out − w_leak + w_correction, dU/dt = Σ(w·u)_in − (Σw_out + w_leak − w_correction)·u(T) − UA·factor·(T − T_ambient)",
            "level = h(m/ρ(T)) by the shape, p_bottom = p_atmosphere + ρ(T)·g·level, p_side = p_atmosphere + ρ(T)·g·max(level − side, 0), p_top = p_atmosphere",
            "w_leak = ρ·leak·√(2·g·level)",
            "what stands above the rim runs over within the step",
            "level_pct = 100·(level − span_low)/(span_high − span_low)",
        ],
        parameters: &[
            ParameterSheet::usual("area_m2", "m²", 1.0, (1e-6, 1e5), "1 to 1000", "Cross-section of a tank with upright walls."),
            ParameterSheet::usual("diameter_m", "m", 1.0, (1e-3, 200.0), "2 to 60", "Inner diameter of a round one."),
            ParameterSheet::usual("length_m", "m", 1.0, (0.0, 200.0), "2 to 20", "Length of its cylinder."),
            ParameterSheet::usual(
                "rim_m",
                "m",
                1e3,
                (1e-3, 1e4),
                "2 to 15",
                "Level at which it overflows; the top of its shape, if that is lower.",
            ),
            ParameterSheet::usual(
                "side_m",
                "m",
                0.0,
                (0.0, 1e4),
                "0.5 to 10",
                "Level of the side port: it gives nothing to what draws from it below.",
            ),
            ParameterSheet::usual("span_low_m", "m", 0.0, (0.0, 1e4), "0", "Level shown as 0 %."),
            ParameterSheet::usual("span_high_m", "m", 0.0, (0.0, 1e4), "", "Level shown as 100 %; 0: the rim."),
            ParameterSheet::usual("start_level_m", "m", 0.0, (0.0, 1e4), "", "Level at the start."),
            ParameterSheet::usual("start_temp_k", "K", 293.15, (253.15, 453.15), "", "Temperature at the start."),
            ParameterSheet::usual("start_tracer", "", 0.0, (0.0, 1e9), "", "Tracer at the start."),
            ParameterSheet::usual("wall_loss_w_k", "W/K", 0.0, (0.0, 1e6), "50 to 500", "Heat loss through the wall per kelvin."),
            ParameterSheet::malfunction("loss_factor", "", 1.0, (0.0, 5.0), "Heat loss through the wall against the calculation."),
            ParameterSheet::malfunction("leak_m2", "m²", 0.0, (0.0, 1.0), "Area of a hole at the bottom, discharge coefficient included.")
                .worst(0.01),
            ParameterSheet::usual("correction_m3_h", "m³/h", 0.0, (-1e4, 1e4), "0", "Slow inventory correction in a shadow."),
        ],
        points: &[
            PointSheet::new("level_m", "m", "Level above the bottom."),
            PointSheet::new("level_pct", "%", "Level within its span, beyond 0 and 100 as well."),
            PointSheet::new("temp_k", "K", "Temperature of the contents."),
            PointSheet::new("volume_m3", "m³", "Liquid volume."),
            PointSheet::new("tracer", "", "Tracer in the contents."),
            PointSheet::new("overflow_kg", "kg", "Mass that has run over the rim since the start."),
        ],
        validity: "No layers; no evaporation. The top port is an inlet: nothing is drawn from it. The bottom gives nothing once less is left than two steps would take. Integrated implicitly in its level: first order in the step.",
        sources: &[
            "Balance of mass and energy of a stirred vessel; Torricelli for the leak.",
            "Perry's Chemical Engineers' Handbook, §10: volumes of partly filled tanks",
        ],
    },
    options: OPEN_OPTIONS,
    ports: &["bottom", "top", "side"],
    held: &[0, 1, 2],
    elastic: &[0, 2],
    inputs: &[
        InputSheet { name: "ambient_k", default: Some(293.15), meaning: "Temperature around it, K." },
        InputSheet {
            name: "correction_kg_s",
            default: Some(0.0),
            meaning: "A flow without a source that an observer adds, kg/s, at the temperature of the contents.",
        },
    ],
    follows: &[FollowSheet { name: "tracer", meaning: "Measured tracer of the contents." }],
    states: contents::STATES + 3,
    build: |seat, settings| Ok(Box::new(Tank { seat, form: Form::open(settings)? })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Tank {
    seat: Seat,
    form: Form,
}

impl Tank {
    fn shape(&self, bench: &Bench) -> Cow<'_, Shape> {
        let [area_m2, height_m, diameter_m, length_m] = [AREA, RIM, DIAMETER, LENGTH].map(|index| self.seat.p(bench, index));
        self.form.shape(Dimensions { area_m2, height_m, diameter_m, length_m })
    }

    fn write(&self, bench: &mut Bench) {
        let seat = &self.seat;
        let temp_k = contents::temp_k(seat, bench);
        let volume_m3 = contents::volume_m3(seat, bench, temp_k);
        let level_m = self.shape(bench).height_m(volume_m3);
        let (low_m, high_m) = (seat.p(bench, SPAN_LOW), seat.p(bench, SPAN_HIGH));
        let high_m = if high_m > low_m { high_m } else { low_m + seat.p(bench, RIM) };
        let tracer = contents::tracer(seat, bench);
        for (point, value) in [
            (LEVEL, level_m),
            (LEVEL_PCT, 100.0 * (level_m - low_m) / (high_m - low_m)),
            (TEMP, temp_k),
            (VOLUME, volume_m3),
            (TRACER, tracer),
        ] {
            seat.set_y(bench, point, value);
        }
        contents::show(seat, bench, temp_k);
    }

    /// What is left before the outlet draws air, kg. A step takes about what the one before took; the outlet draws air
    /// before the tank would have to give more than it has.
    fn above_dry_kg(&self, bench: &Bench) -> f64 {
        self.seat.x(bench, contents::MASS_KG) - RESERVE_KG - 2.0 * self.seat.x(bench, GIVEN_KG_S) * bench.dt_secs
    }

    fn note_dryness(&self, bench: &mut Bench) {
        let seat = &self.seat;
        let (mass_kg, wet_again_kg) = (seat.x(bench, contents::MASS_KG), seat.x(bench, WET_AGAIN_KG));
        if wet_again_kg > 0.0 && mass_kg > wet_again_kg {
            seat.set_x(bench, WET_AGAIN_KG, 0.0);
        } else if wet_again_kg == 0.0 && self.above_dry_kg(bench) < 0.0 {
            seat.set_x(bench, WET_AGAIN_KG, 10.0 * mass_kg.max(RESERVE_KG));
        }
    }

    fn spill(&self, bench: &mut Bench) {
        let seat = &self.seat;
        let shape = self.shape(bench);
        let density = seat.liquid.density_kg_m3(contents::temp_k(seat, bench));
        let full_kg = shape.volume_m3(seat.p(bench, RIM)) * density;
        let over_kg = (seat.x(bench, contents::MASS_KG) - full_kg).max(0.0);
        if seat.x(bench, contents::MASS_KG) < 0.999 * full_kg {
            seat.set_x(bench, SPILLS, 0.0);
        }
        if over_kg > 0.0 {
            seat.set_x(bench, SPILLS, 1.0);
            contents::spill(seat, bench, over_kg);
            let so_far = seat.y(bench, OVERFLOW);
            seat.set_y(bench, OVERFLOW, so_far + over_kg);
        }
    }
}

impl Component for Tank {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let [level_m, temp_k, tracer] = [START_LEVEL, START_TEMP, START_TRACER].map(|index| self.seat.p(bench, index));
        let volume_m3 = self.shape(bench).volume_m3(level_m);
        contents::start(&self.seat, bench, volume_m3 * self.seat.liquid.density_kg_m3(temp_k), temp_k, tracer);
        self.write(bench);
    }

    fn follow(&self, bench: &mut Bench) {
        if let Some(tracer) = self.seat.reading(bench, 0) {
            contents::set_tracer(&self.seat, bench, tracer.max(0.0));
        }
    }

    fn watch(&self, bench: &Bench, events: &mut Vec<f64>) {
        // Both have a memory: a level at the rim and an outlet that gives what comes in would be an event in every step.
        events.push(self.seat.x(bench, SPILLS));
        events.push(self.seat.x(bench, WET_AGAIN_KG));
    }

    fn hold(&self, bench: &mut Bench, port: usize) -> Hold {
        let density = self.seat.liquid.density_kg_m3(self.seat.y(bench, TEMP));
        let level_m = self.seat.y(bench, LEVEL);
        let above_m = match port {
            TOP_PORT => 0.0,
            SIDE_PORT => level_m - self.seat.p(bench, SIDE),
            _ => level_m,
        };
        let dry = port == TOP_PORT || above_m <= 0.0 || self.above_dry_kg(bench) < 0.0;
        let stiffness_pa_kg = GRAVITY_M_S2 / surface_m2(&self.shape(bench), level_m);
        Hold { pressure_pa: ATMOSPHERE_PA + density * GRAVITY_M_S2 * above_m.max(0.0), stiffness_pa_kg, dry }
    }

    fn store(&self, bench: &mut Bench, inflow: Inflow) {
        let seat = &self.seat;
        let dt_secs = bench.dt_secs;
        let (temp_k, tracer) = (seat.y(bench, TEMP), seat.y(bench, TRACER));
        let density = seat.liquid.density_kg_m3(temp_k);
        let mass_kg = seat.x(bench, contents::MASS_KG);
        let available_kg = (mass_kg - RESERVE_KG).max(0.0);
        let leak_kg = seat.p(bench, LEAK) * density * (2.0 * GRAVITY_M_S2 * seat.y(bench, LEVEL)).sqrt() * dt_secs;
        let correction_kg_s = seat.input(bench, CORRECTION_KG_S) + seat.p(bench, CORRECTION_M3_H) * density / 3600.0;
        contents::lose_heat(seat, bench, temp_k, seat.p(bench, LOSS) * seat.p(bench, LOSS_FACTOR), seat.input(bench, AMBIENT_K));
        contents::take_in(seat, bench, inflow);
        contents::cross(seat, bench, (correction_kg_s * dt_secs - leak_kg).max(-available_kg), temp_k, tracer);
        contents::settle(seat, bench, mass_kg, temp_k, tracer);
        let given_kg_s = contents::given_kg_s(bench, inflow, seat.x(bench, GIVEN_KG_S));
        seat.set_x(bench, GIVEN_KG_S, given_kg_s);
        self.spill(bench);
        self.note_dryness(bench);
        self.write(bench);
    }

    fn inventory(&self, bench: &Bench) -> (f64, f64) {
        contents::inventory(&self.seat, bench)
    }
}
