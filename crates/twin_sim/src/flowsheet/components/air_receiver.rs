//! Gas receivers.

use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, FollowSheet, InputSheet, Kind, Seat};
use crate::fluid::{Gas, ReferenceState};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const VOLUME: usize = 0;
const START_PA: usize = 1;
const RELIEF_SET: usize = 2;
const RELIEF_RESEAT: usize = 3;
const RELIEF_NM3_H: usize = 4;
const TAG_SCALE: usize = 5;
const LEAK: usize = 6;
const RELIEF_STUCK: usize = 7;
const RELIEF_PASSING: usize = 8;

/// Inputs: what flows in, what flows out, then these.
const INFLOWS: usize = 4;
const OUTFLOWS: usize = 6;
const TEMP: usize = INFLOWS + OUTFLOWS;
const LEAST: usize = TEMP + 1;
const MOST: usize = TEMP + 2;

const Y_PRESSURE: usize = 0;
const Y_GAUGE: usize = 1;
const Y_MASS: usize = 2;
const Y_INFLOW: usize = 3;
const Y_OUTFLOW: usize = 4;
const Y_RELIEF: usize = 5;
const Y_LIFTED: usize = 6;
const Y_GIVEN: usize = 7;

const X_MASS: usize = 0;
const X_TEMP: usize = 1;
const X_LIFTED: usize = 2;
/// Pressure to take over, Pa absolute; 0 without one.
const X_READING: usize = 3;

/// Pressure outside, Pa.
const OUTSIDE_PA: f64 = 101_325.0;
/// Pressure at which the leak is rated, Pa absolute: 7 bar gauge.
const LEAK_PA: f64 = 7e5 + OUTSIDE_PA;

/// A volume of compressed air.
pub const AIR_RECEIVER: Kind = Kind {
    sheet: &Sheet {
        kind: "air_receiver",
        title: "Air receiver",
        summary: "A volume of compressed air between what delivers and what takes, with a safety valve.",
        equations: &[
            "dm/dt = ρ_N·(Σ inflow − given·Σ outflow − leak − relief)/3600, ρ_N = 1.2923 kg/m³",
            "p = m·R·T/V, R = 287.05 J/(kg·K)",
            "given = 1; less when the volume has come down to the pressure outside",
            "leak = leak_nm3_h·p/(8.01 bar); relief = relief_nm3_h·p/p_set while lifted: choked flow rises with the absolute pressure",
        ],
        parameters: &[
            ParameterSheet::required("volume_m3", "m³", (1e-4, 1e5), "10 s of the delivery", "Volume with the piping."),
            ParameterSheet::usual("start_gauge_pa", "Pa gauge", 0.0, (0.0, 1e8), "7e5", "Pressure at the start."),
            ParameterSheet::usual(
                "relief_set_gauge_pa",
                "Pa gauge",
                1.1e6,
                (1.0, 1e8),
                "1.1e6",
                "The safety valve lifts above this pressure.",
            ),
            ParameterSheet::usual("relief_reseat_gauge_pa", "Pa gauge", 1e6, (0.0, 1e8), "90 % of it", "It sits down below this one."),
            ParameterSheet::usual(
                "relief_nm3_h",
                "Nm³/h",
                0.0,
                (0.0, 1e7),
                "above all delivery",
                "Its capacity at the set pressure; 0: there is none.",
            ),
            ParameterSheet::usual(
                "pressure_tag_scale",
                "Pa",
                1e5,
                (1e-3, 1e9),
                "1e5 for bar",
                "One unit of the gauge pressure it follows.",
            ),
            ParameterSheet::malfunction("leak_nm3_h", "Nm³/h", 0.0, (0.0, 1e4), "Leak at 7 bar gauge: a drain that stays open.")
                .worst(100.0),
            ParameterSheet::malfunction("relief_stuck", "0/1", 0.0, (0.0, 1.0), "1: the safety valve stays as it is."),
            ParameterSheet::malfunction(
                "relief_passing",
                "",
                0.0,
                (0.0, 1.0),
                "Share of its capacity that the seated safety valve passes.",
            ),
        ],
        points: &[
            PointSheet::new("pressure_pa", "Pa", "Pressure, absolute."),
            PointSheet::new("gauge_pa", "Pa gauge", "Pressure over the one outside."),
            PointSheet::new("mass_kg", "kg", "Air it holds."),
            PointSheet::new("inflow_nm3_h", "Nm³/h", "What flows in."),
            PointSheet::new("outflow_nm3_h", "Nm³/h", "What flows out, leak and safety valve included."),
            PointSheet::new("relief_nm3_h", "Nm³/h", "Through the safety valve."),
            PointSheet::new("relief_lifted", "0/1", "1 while the safety valve is lifted."),
            PointSheet::new("given_share", "", "Share of the outflow asked for that it could give."),
        ],
        validity: "Ideal gas at one temperature, that of its input: charging and discharging take minutes and the wall is warm. Pressures to about 15 bar. Explicit within a step; everything that flows in or out is outside the plant for the ledger, with the enthalpy of air at the temperature here.",
        sources: &["Ideal gas: ISO 2533", "Normal cubic metre: DIN 1343", "Choked discharge of safety valves: ISO 4126-1"],
    },
    follows: &[FollowSheet { name: "pressure", meaning: "Measured gauge pressure, in units of pressure_tag_scale." }],
    inputs: &[
        InputSheet { name: "inflow_1_nm3_h", default: Some(0.0), meaning: "What flows in, Nm³/h." },
        InputSheet { name: "inflow_2_nm3_h", default: Some(0.0), meaning: "What flows in, Nm³/h." },
        InputSheet { name: "inflow_3_nm3_h", default: Some(0.0), meaning: "What flows in, Nm³/h." },
        InputSheet { name: "inflow_4_nm3_h", default: Some(0.0), meaning: "What flows in, Nm³/h." },
        InputSheet { name: "outflow_1_nm3_h", default: Some(0.0), meaning: "What flows out, Nm³/h." },
        InputSheet { name: "outflow_2_nm3_h", default: Some(0.0), meaning: "What flows out, Nm³/h." },
        InputSheet { name: "outflow_3_nm3_h", default: Some(0.0), meaning: "What flows out, Nm³/h." },
        InputSheet { name: "outflow_4_nm3_h", default: Some(0.0), meaning: "What flows out, Nm³/h." },
        InputSheet { name: "outflow_5_nm3_h", default: Some(0.0), meaning: "What flows out, Nm³/h." },
        InputSheet { name: "outflow_6_nm3_h", default: Some(0.0), meaning: "What flows out, Nm³/h." },
        InputSheet { name: "temp_k", default: Some(293.15), meaning: "Temperature of the air in it, K." },
        InputSheet {
            name: "least_pa",
            default: Some(0.0),
            meaning: "Pressure it is kept above, Pa absolute: what a header that follows a reading allows.",
        },
        InputSheet { name: "most_pa", default: Some(1e9), meaning: "Pressure it is kept below, Pa absolute." },
    ],
    states: 4,
    build: |seat, _: &Settings| Ok(Box::new(Receiver { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Receiver {
    seat: Seat,
}

/// Air in Nm³/h as kg/s.
fn kg_s(flow_nm3_h: f64) -> f64 {
    Gas::AIR.mass_flow_kg_s(flow_nm3_h / 3600.0, ReferenceState::NORMAL)
}

impl Receiver {
    fn temp_k(&self, bench: &Bench) -> f64 {
        self.seat.input(bench, TEMP).max(1.0)
    }

    /// Mass at a pressure, kg.
    fn mass_kg(&self, bench: &Bench, pressure_pa: f64, temp_k: f64) -> f64 {
        Gas::AIR.density_kg_m3(pressure_pa, temp_k) * self.seat.p(bench, VOLUME)
    }

    fn pressure_pa(&self, bench: &Bench) -> f64 {
        self.seat.x(bench, X_MASS) * Gas::AIR.gas_constant_j_kg_k * self.seat.x(bench, X_TEMP) / self.seat.p(bench, VOLUME)
    }

    fn sum(&self, bench: &Bench, inputs: core::ops::Range<usize>) -> f64 {
        inputs.map(|input| self.seat.input(bench, input).max(0.0)).sum()
    }

    /// Pressure over the one that would move the safety valve.
    fn over_relief_pa(&self, bench: &Bench) -> f64 {
        let set_pa = self.seat.p(bench, RELIEF_SET);
        let lifted = self.seat.x(bench, X_LIFTED) > 0.5;
        self.pressure_pa(bench) - OUTSIDE_PA - if lifted { self.seat.p(bench, RELIEF_RESEAT).min(set_pa) } else { set_pa }
    }

    fn relief_nm3_h(&self, bench: &Bench) -> f64 {
        let open = if self.seat.x(bench, X_LIFTED) > 0.5 { 1.0 } else { self.seat.p(bench, RELIEF_PASSING) };
        let set_pa = self.seat.p(bench, RELIEF_SET) + OUTSIDE_PA;
        open * self.seat.p(bench, RELIEF_NM3_H) * self.pressure_pa(bench) / set_pa
    }

    /// Air that comes from outside the plant or leaves to there, kg, at the temperature of the receiver.
    fn cross(&self, bench: &mut Bench, mass_kg: f64) {
        let energy_j = mass_kg * Gas::AIR.enthalpy_j_kg(self.seat.x(bench, X_TEMP));
        bench.balance.cross(mass_kg, energy_j);
    }

    /// Brings mass and temperature to new values; the wall gives or takes the heat that the temperature needs.
    fn settle(&self, bench: &mut Bench, mass_kg: f64, temp_k: f64, brought_j: f64) {
        let (_, before_j) = self.inventory(bench);
        self.seat.set_x(bench, X_MASS, mass_kg);
        self.seat.set_x(bench, X_TEMP, temp_k);
        let (_, after_j) = self.inventory(bench);
        bench.balance.heat(after_j - before_j - brought_j);
    }

    fn integrate(&self, bench: &mut Bench) {
        let dt_secs = bench.dt_secs;
        let temp_k = self.temp_k(bench);
        let relief_nm3_h = self.relief_nm3_h(bench);
        let leak_nm3_h = self.seat.p(bench, LEAK) * self.pressure_pa(bench) / LEAK_PA;
        let inflow_nm3_h = self.sum(bench, 0..INFLOWS);
        let asked_nm3_h = self.sum(bench, INFLOWS..TEMP) + leak_nm3_h + relief_nm3_h;
        let in_kg = kg_s(inflow_nm3_h) * dt_secs;
        let asked_kg = kg_s(asked_nm3_h) * dt_secs;
        let before_kg = self.seat.x(bench, X_MASS);
        // Nobody draws it below the pressure outside.
        let spare_kg = (before_kg + in_kg - self.mass_kg(bench, OUTSIDE_PA, temp_k)).max(0.0);
        let given = if asked_kg > spare_kg { spare_kg / asked_kg } else { 1.0 };
        let out_kg = given * asked_kg;
        self.cross(bench, in_kg);
        self.cross(bench, -out_kg);
        let specific_j_kg = Gas::AIR.enthalpy_j_kg(self.seat.x(bench, X_TEMP));
        self.settle(bench, before_kg + in_kg - out_kg, temp_k, (in_kg - out_kg) * specific_j_kg);
        for (point, value) in
            [(Y_INFLOW, inflow_nm3_h), (Y_OUTFLOW, given * asked_nm3_h), (Y_RELIEF, given * relief_nm3_h), (Y_GIVEN, given)]
        {
            self.seat.set_y(bench, point, value);
        }
    }

    /// Comes to the pressure that is measured, or that the header's reading allows; the difference crosses the boundary.
    fn correct(&self, bench: &mut Bench) {
        let pressure_pa = self.pressure_pa(bench);
        let least_pa = self.seat.input(bench, LEAST);
        let most_pa = self.seat.input(bench, MOST).max(least_pa);
        let reading_pa = self.seat.x(bench, X_READING);
        let right_pa = if reading_pa > 0.0 { reading_pa } else { pressure_pa.max(least_pa).min(most_pa) };
        if right_pa == pressure_pa {
            return;
        }
        let temp_k = self.seat.x(bench, X_TEMP);
        let mass_kg = self.mass_kg(bench, right_pa, temp_k);
        let more_kg = mass_kg - self.seat.x(bench, X_MASS);
        self.cross(bench, more_kg);
        self.settle(bench, mass_kg, temp_k, more_kg * Gas::AIR.enthalpy_j_kg(temp_k));
    }

    fn move_relief(&self, bench: &mut Bench) {
        let over = self.seat.p(bench, RELIEF_NM3_H) > 0.0 && self.over_relief_pa(bench) > 0.0;
        if self.seat.p(bench, RELIEF_STUCK) < 0.5 {
            self.seat.set_x(bench, X_LIFTED, if over { 1.0 } else { 0.0 });
        }
    }

    fn show(&self, bench: &mut Bench) {
        let pressure_pa = self.pressure_pa(bench);
        self.seat.set_y(bench, Y_PRESSURE, pressure_pa);
        self.seat.set_y(bench, Y_GAUGE, pressure_pa - OUTSIDE_PA);
        let (mass_kg, lifted) = (self.seat.x(bench, X_MASS), self.seat.x(bench, X_LIFTED));
        self.seat.set_y(bench, Y_MASS, mass_kg);
        self.seat.set_y(bench, Y_LIFTED, lifted);
    }
}

impl Component for Receiver {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let temp_k = self.temp_k(bench);
        let mass_kg = self.mass_kg(bench, self.seat.p(bench, START_PA) + OUTSIDE_PA, temp_k);
        self.seat.set_x(bench, X_MASS, mass_kg);
        self.seat.set_x(bench, X_TEMP, temp_k);
        self.seat.set_y(bench, Y_GIVEN, 1.0);
        self.show(bench);
    }

    fn act(&self, bench: &mut Bench) {
        self.seat.set_x(bench, X_READING, 0.0);
        self.move_relief(bench);
    }

    fn follow(&self, bench: &mut Bench) {
        self.act(bench);
        if let Some(reading) = self.seat.reading(bench, 0) {
            let gauge_pa = reading * self.seat.p(bench, TAG_SCALE);
            self.seat.set_x(bench, X_READING, OUTSIDE_PA + gauge_pa.clamp(0.0, 1e8));
        }
    }

    fn watch(&self, bench: &Bench, events: &mut Vec<f64>) {
        events.push(if self.seat.p(bench, RELIEF_NM3_H) > 0.0 { self.over_relief_pa(bench) } else { 0.0 });
    }

    fn report(&self, bench: &mut Bench) {
        self.integrate(bench);
        self.correct(bench);
        self.show(bench);
    }

    fn inventory(&self, bench: &Bench) -> (f64, f64) {
        let mass_kg = self.seat.x(bench, X_MASS);
        (mass_kg, mass_kg * Gas::AIR.energy_j_kg(self.seat.x(bench, X_TEMP)))
    }
}
