//! Closed vessels under a cushion of gas.

use std::borrow::Cow;

use super::contents;
use super::shape::{CLOSED_OPTIONS, Dimensions, Form, surface_m2};
use crate::equipment::Drop;
use crate::equipment::gas_flow::{Gas, MOL_PER_NM3, through_kg_s};
use crate::equipment::valve::drop;
use crate::equipment::vessel::{Blanket, GAS_CONSTANT_J_MOL_K, Shape};
use crate::flowsheet::GRAVITY_M_S2;
use crate::flowsheet::component::{Bench, Component, Hold, Inflow, InputSheet, Kind, Law, LinkSheet, Seat};
use crate::root::falling;
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const AREA: usize = 0;
const HEIGHT: usize = 1;
const DIAMETER: usize = 2;
const LENGTH: usize = 3;
const SPAN_LOW: usize = 4;
const SPAN_HIGH: usize = 5;
const START_LEVEL: usize = 6;
const START_TEMP: usize = 7;
const START_TRACER: usize = 8;
const START_PRESSURE: usize = 9;
const LOSS: usize = 10;
const GAS_TEMP: usize = 11;
const GAS_MOLAR: usize = 12;
const GAS_KAPPA: usize = 13;
const CHOKING: usize = 14;
const SUPPLY_PRESSURE: usize = 15;
const SUPPLY_TEMP: usize = 16;
const VENT_PRESSURE: usize = 17;
const FLOODS_AT: usize = 18;
const RELIEF_SET: usize = 19;
const RELIEF_RESEAT: usize = 20;
const RELIEF_KV: usize = 21;
const LEAST_GAS: usize = 22;
const LEAK: usize = 23;
const RELIEF_STUCK: usize = 24;
const RELIEF_PASSING: usize = 25;
const CORRECTION_M3_H: usize = 26;
const GAS_CORRECTION: usize = 27;

const LEVEL: usize = 0;
const LEVEL_PCT: usize = 1;
const TRUE_LEVEL_PCT: usize = 2;
const FILL: usize = 3;
const VOLUME: usize = 4;
const PRESSURE: usize = 5;
const TEMP: usize = 6;
const TRACER: usize = 7;
const SUPPLY_NM3_H: usize = 8;
const VENT_NM3_H: usize = 9;
const SPILL_M3_H: usize = 10;
const LIFTED: usize = 11;

const SUPPLY_KV: usize = 0;
const VENT_KV: usize = 1;
const HEAT_W: usize = 2;
const AMBIENT_K: usize = 3;
const CORRECTION_KG_S: usize = 4;
const GAS_CORRECTION_INPUT: usize = 5;

const GAS_KG: usize = contents::STATES;
/// What left through the ports in the step before, kg/s.
const GIVEN_KG_S: usize = contents::STATES + 1;
/// 1 while the relief valve is lifted.
const RELIEVES: usize = contents::STATES + 2;

const COLUMN_PA: usize = 0;
const SPILL_KV: usize = 1;

const INLET_PORT: usize = 0;
const SPILL: usize = 0;
/// The outlet is dry below this, kg.
const RESERVE_KG: f64 = 1.0;
/// Within which share of the space above the flooding level the vent passes from gas to liquid.
const FLOODING_SHARE: f64 = 0.1;
/// Resistance against flow back through the vent, Pa·s/kg: 1 bar lets 1 mg/s through.
const SHUT_PA_S_KG: f64 = 1e11;
/// Gas that always stays, as a share of what fills the least gas space at 1 bar.
const LEAST_GAS_SHARE: f64 = 0.1;

/// A gas-blanketed vessel.
pub const CLOSED_VESSEL: Kind = Kind {
    sheet: &Sheet {
        kind: "closed_vessel",
        title: "Closed vessel",
        summary: "A vessel with a liquid under a cushion of gas, with a gas supply, a vent and a relief valve; overfilled it pushes liquid out through both.",
        equations: &[
            "dm/dt = Σw_in − Σw_out − w_spill − w_leak + w_correction, dU/dt = Σ(w·u)_in − Σ(w·u)_out + heat − UA·(T − T_ambient)",
            "p_inlet = p_gas = n·R·T_gas/V_gas, V_gas = V_full − m/ρ(T), p_outlet = p_gas + ρ·g·level; both rise within a step with p_gas/(V_gas·ρ) + g/surface",
            "dn/dt = n_supply − n_vent − n_relief + n_correction, implicit; each flow w = Kv/3600·Y·√(x·p1·ρ1/100), Y = 1 − x/(3·Fγ·x_T), x ≤ Fγ·x_T",
            "flooded = (fill − floods_at)/(0.1·(1 − floods_at)), 0 to 1: this share of the capacity of vent and relief valve passes liquid, Q = Kv·√(Δp·1000/ρ), the rest gas",
            "relief valve: lifts when p_gas − p_vent rises above its set pressure, sits again below the reseat pressure",
            "true_level_pct = 100·(level − span_low)/(span_high − span_low); level_pct stops at 0 and 100: the liquid is beyond a tap",
        ],
        parameters: &[
            ParameterSheet::usual("area_m2", "m²", 1.0, (1e-6, 1e5), "1 to 100", "Cross-section of a rectangular one."),
            ParameterSheet::usual("height_m", "m", 1.0, (1e-3, 200.0), "1 to 10", "Inner height of a rectangular one."),
            ParameterSheet::usual("diameter_m", "m", 1.0, (1e-3, 100.0), "1 to 4", "Inner diameter of a round one."),
            ParameterSheet::usual("length_m", "m", 1.0, (0.0, 200.0), "2 to 12", "Length between the tangent lines."),
            ParameterSheet::usual("span_low_m", "m", 0.0, (0.0, 200.0), "0.1 to 0.3", "Height of the lower level tap."),
            ParameterSheet::usual("span_high_m", "m", 0.0, (0.0, 200.0), "", "Height of the upper level tap; 0: the top."),
            ParameterSheet::usual("start_level_m", "m", 0.0, (0.0, 200.0), "", "Level at the start."),
            ParameterSheet::usual("start_temp_k", "K", 293.15, (253.15, 453.15), "", "Liquid temperature at the start."),
            ParameterSheet::usual("start_tracer", "", 0.0, (0.0, 1e9), "", "Tracer at the start."),
            ParameterSheet::usual("start_pressure_pa", "Pa", 151_325.0, (1e3, 1e8), "", "Gas pressure at the start, absolute."),
            ParameterSheet::usual("wall_loss_w_k", "W/K", 0.0, (0.0, 1e6), "50 to 500", "Heat loss through the wall per kelvin."),
            ParameterSheet::usual("gas_k", "K", 313.15, (200.0, 500.0), "293 to 330", "Temperature of the gas, whatever it does."),
            ParameterSheet::usual("gas_g_mol", "g/mol", 28.0134, (2.0, 200.0), "28.01 nitrogen, 28.96 air", "Molar mass of the gas."),
            ParameterSheet::usual("gas_kappa", "", 1.4, (1.05, 1.7), "1.4", "Ratio of the heat capacities of the gas."),
            ParameterSheet::usual(
                "choking_ratio",
                "",
                0.7,
                (0.1, 1.0),
                "0.55 to 0.75",
                "x_T of supply valve, vent valve and relief valve.",
            ),
            ParameterSheet::usual("supply_pa", "Pa", 701_325.0, (1e3, 1e8), "3e5 to 11e5", "Pressure before the supply valve, absolute."),
            ParameterSheet::usual("supply_k", "K", 293.15, (200.0, 500.0), "293", "Temperature of the gas supplied."),
            ParameterSheet::usual("vent_pa", "Pa", 101_325.0, (1e3, 1e8), "101325", "Pressure behind vent and relief valve, absolute."),
            ParameterSheet::usual(
                "vent_floods_at",
                "",
                0.985,
                (0.5, 0.999),
                "0.97 to 0.99",
                "Share of the volume at which the vent begins to carry liquid.",
            ),
            ParameterSheet::usual(
                "relief_set_pa",
                "Pa",
                1e8,
                (1e3, 1e8),
                "1e5 to 20e5",
                "Pressure over the vent at which the relief valve lifts.",
            ),
            ParameterSheet::usual(
                "relief_reseat_pa",
                "Pa",
                1e8,
                (0.0, 1e8),
                "0.85 to 0.95 of the set pressure",
                "Pressure over the vent at which it sits again; never above the set pressure.",
            ),
            ParameterSheet::usual("relief_kv_m3_h", "m³/h", 0.0, (0.0, 1e5), "10 to 500", "Capacity of the relief valve: water at 1 bar."),
            ParameterSheet::usual(
                "least_gas_m3",
                "m³",
                0.02,
                (1e-6, 1e3),
                "0.1 % of the volume",
                "Below this gas space the pressure goes on rising in a straight line.",
            ),
            ParameterSheet::malfunction("leak_m2", "m²", 0.0, (0.0, 1.0), "Area of a hole at the bottom, discharge coefficient included.")
                .worst(0.01),
            ParameterSheet::malfunction("relief_stuck", "0/1", 0.0, (0.0, 1.0), "1: the relief valve stays as it is."),
            ParameterSheet::malfunction(
                "relief_passing",
                "",
                0.0,
                (0.0, 1.0),
                "Share of its capacity that the seated relief valve passes.",
            ),
            ParameterSheet::usual("correction_m3_h", "m³/h", 0.0, (-1e4, 1e4), "0", "Slow inventory correction in a shadow."),
            ParameterSheet::usual("gas_correction_nm3_h", "Nm³/h", 0.0, (-1e4, 1e4), "0", "Slow gas correction in a shadow."),
        ],
        points: &[
            PointSheet::new("level_m", "m", "Level above the lowest inner point."),
            PointSheet::new("level_pct", "%", "Level between its taps: 0 below the lower, 100 above the upper."),
            PointSheet::new("true_level_pct", "%", "The same, beyond the taps as well."),
            PointSheet::new("fill", "", "Share of the volume that is liquid."),
            PointSheet::new("volume_m3", "m³", "Liquid volume."),
            PointSheet::new("pressure_pa", "Pa", "Gas pressure, absolute."),
            PointSheet::new("temp_k", "K", "Liquid temperature."),
            PointSheet::new("tracer", "", "Tracer in the liquid."),
            PointSheet::new("supply_nm3_h", "Nm³/h", "Gas supplied."),
            PointSheet::new("vent_nm3_h", "Nm³/h", "Gas through vent and relief valve."),
            PointSheet::new("spill_m3_h", "m³/h", "Liquid through vent and relief valve."),
            PointSheet::new("relief_lifted", "0/1", "1 while the relief valve is lifted."),
        ],
        validity: "Isothermal ideal gas, its heat left out; nothing dissolves, evaporates or foams. Gas does not leave with the liquid: the outlet gives nothing once less is left than two steps would take, the inlet is above the liquid and nothing is drawn from it. First order in the step.",
        sources: &[
            "IEC 60534-2-1, sizing equations for gas and liquid",
            "Perry's Chemical Engineers' Handbook, §10: volumes of partly filled tanks",
            "ISO 4126-1: set and reseating pressure",
        ],
    },
    options: CLOSED_OPTIONS,
    ports: &["inlet", "outlet"],
    held: &[0, 1],
    elastic: &[0, 1],
    links: &[LinkSheet { name: "spill", from: Some(1), to: None }],
    inputs: &[
        InputSheet { name: "supply_kv_m3_h", default: Some(0.0), meaning: "Capacity of the supply valve now, m³/h." },
        InputSheet { name: "vent_kv_m3_h", default: Some(0.0), meaning: "Capacity of the vent valve now, m³/h." },
        InputSheet { name: "heat_w", default: Some(0.0), meaning: "Heat into the liquid, W." },
        InputSheet { name: "ambient_k", default: Some(293.15), meaning: "Temperature around it, K." },
        InputSheet {
            name: "correction_kg_s",
            default: Some(0.0),
            meaning: "A flow without a source that an observer adds, kg/s, at the temperature of the liquid.",
        },
        InputSheet { name: "gas_correction_nm3_h", default: Some(0.0), meaning: "Gas without a source that an observer adds, Nm³/h." },
    ],
    states: contents::STATES + 3,
    notes: 2,
    build: |seat, settings| Ok(Box::new(ClosedVessel { seat, form: Form::closed(settings)? })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct ClosedVessel {
    seat: Seat,
    form: Form,
}

/// The gas space and what may flow in and out of it.
struct Cushion {
    gas: Gas,
    gas_k: f64,
    gas_m3: f64,
    least_m3: f64,
    choking_ratio: f64,
    supply_kv: f64,
    supply_pa: f64,
    supply_k: f64,
    vent_kv: f64,
    vent_pa: f64,
}

impl Cushion {
    /// Pressure of an amount of gas; below the least gas space its tangent goes on, since the liquid has to stay inside.
    fn pressure_pa(&self, gas_kg: f64) -> f64 {
        let least_pa = self.blanket(gas_kg).pressure_pa(self.gas_m3, self.least_m3);
        least_pa + least_pa.max(1e5) * (self.least_m3 - self.gas_m3).max(0.0) / self.least_m3
    }

    fn stiffness_pa_kg(&self, gas_kg: f64, density: f64) -> f64 {
        let steepest = 1e5 / (self.least_m3 * density);
        let stiffness = self.blanket(gas_kg).stiffness_pa_kg(self.gas_m3, self.least_m3, density);
        if self.gas_m3 < self.least_m3 { stiffness.max(steepest) } else { stiffness }
    }

    fn blanket(&self, gas_kg: f64) -> Blanket {
        Blanket { gas_mol: gas_kg / self.gas.molar_kg, gas_k: self.gas_k }
    }

    fn supply_kg_s(&self, pressure_pa: f64) -> f64 {
        through_kg_s(&self.gas, self.supply_kv, self.choking_ratio, self.supply_pa, self.supply_k, pressure_pa)
    }

    fn vent_kg_s(&self, pressure_pa: f64) -> f64 {
        through_kg_s(&self.gas, self.vent_kv, self.choking_ratio, pressure_pa, self.gas_k, self.vent_pa)
    }

    /// Gas after `dt_secs`: backward Euler, since a small gas space empties within a fraction of a step.
    fn after_kg(&self, gas_kg: f64, correction_kg_s: f64, dt_secs: f64) -> f64 {
        let least_kg = LEAST_GAS_SHARE * 1e5 * self.least_m3 * self.gas.molar_kg / (GAS_CONSTANT_J_MOL_K * self.gas_k);
        let most_kg = gas_kg + dt_secs * (self.supply_kg_s(0.0) + correction_kg_s.max(0.0));
        let shortfall = |kg: f64| {
            let pressure_pa = self.pressure_pa(kg);
            gas_kg - kg + dt_secs * (self.supply_kg_s(pressure_pa) - self.vent_kg_s(pressure_pa) + correction_kg_s)
        };
        falling(least_kg.min(gas_kg), most_kg, 1e-14 * most_kg, shortfall)
    }
}

impl ClosedVessel {
    fn shape(&self, bench: &Bench) -> Cow<'_, Shape> {
        let [area_m2, height_m, diameter_m, length_m] = [AREA, HEIGHT, DIAMETER, LENGTH].map(|index| self.seat.p(bench, index));
        self.form.shape(Dimensions { area_m2, height_m, diameter_m, length_m })
    }

    /// Share of the vent that passes liquid.
    fn flooded(&self, bench: &Bench) -> f64 {
        let floods_at = self.seat.p(bench, FLOODS_AT);
        ((self.seat.y(bench, FILL) - floods_at) / (FLOODING_SHARE * (1.0 - floods_at))).clamp(0.0, 1.0)
    }

    /// Capacity of vent and relief valve together, m³/h.
    fn vent_kv(&self, bench: &Bench) -> f64 {
        let seat = &self.seat;
        let open = if seat.x(bench, RELIEVES) > 0.5 { 1.0 } else { seat.p(bench, RELIEF_PASSING) };
        seat.input(bench, VENT_KV).max(0.0) + open * seat.p(bench, RELIEF_KV)
    }

    /// The cushion over the liquid there is now.
    fn cushion(&self, bench: &Bench, volume_m3: f64) -> Cushion {
        let seat = &self.seat;
        Cushion {
            gas: Gas { molar_kg: seat.p(bench, GAS_MOLAR) / 1000.0, kappa: seat.p(bench, GAS_KAPPA) },
            gas_k: seat.p(bench, GAS_TEMP),
            gas_m3: self.shape(bench).full_m3() - volume_m3,
            least_m3: seat.p(bench, LEAST_GAS),
            choking_ratio: seat.p(bench, CHOKING),
            supply_kv: seat.input(bench, SUPPLY_KV).max(0.0),
            supply_pa: seat.p(bench, SUPPLY_PRESSURE),
            supply_k: seat.p(bench, SUPPLY_TEMP),
            vent_kv: self.vent_kv(bench) * (1.0 - self.flooded(bench)),
            vent_pa: seat.p(bench, VENT_PRESSURE),
        }
    }

    /// Lets gas in and out over the liquid there is now.
    fn breathe(&self, bench: &mut Bench) {
        let seat = &self.seat;
        let volume_m3 = contents::volume_m3(seat, bench, contents::temp_k(seat, bench));
        let cushion = self.cushion(bench, volume_m3);
        let kg_s_per_nm3_h = MOL_PER_NM3 * cushion.gas.molar_kg / 3600.0;
        let correction_kg_s = (seat.input(bench, GAS_CORRECTION_INPUT) + seat.p(bench, GAS_CORRECTION)) * kg_s_per_nm3_h;
        let before_kg = seat.x(bench, GAS_KG);
        let after_kg = cushion.after_kg(before_kg, correction_kg_s, bench.dt_secs);
        let pressure_pa = cushion.pressure_pa(after_kg);
        bench.balance.cross(after_kg - before_kg, 0.0);
        seat.set_x(bench, GAS_KG, after_kg);
        seat.set_y(bench, PRESSURE, pressure_pa);
        seat.set_y(bench, SUPPLY_NM3_H, cushion.supply_kg_s(pressure_pa) / kg_s_per_nm3_h);
        seat.set_y(bench, VENT_NM3_H, cushion.vent_kg_s(pressure_pa) / kg_s_per_nm3_h);
    }

    fn write(&self, bench: &mut Bench) {
        let seat = &self.seat;
        let shape = self.shape(bench);
        let temp_k = contents::temp_k(seat, bench);
        let volume_m3 = contents::volume_m3(seat, bench, temp_k);
        let level_m = shape.height_m(volume_m3);
        let (low_m, high_m) = (seat.p(bench, SPAN_LOW), seat.p(bench, SPAN_HIGH));
        let high_m = if high_m > low_m { high_m } else { low_m + shape.inner_height_m() };
        let level_pct = 100.0 * (level_m - low_m) / (high_m - low_m);
        let tracer = contents::tracer(seat, bench);
        for (point, value) in [
            (LEVEL, level_m),
            (LEVEL_PCT, level_pct.clamp(0.0, 100.0)),
            (TRUE_LEVEL_PCT, level_pct),
            (FILL, volume_m3 / shape.full_m3()),
            (VOLUME, volume_m3),
            (TEMP, temp_k),
            (TRACER, tracer),
        ] {
            seat.set_y(bench, point, value);
        }
        contents::show(seat, bench, temp_k);
    }

    /// Pressure over the one that would move the relief valve: lift it, or let it sit down.
    fn over_relief_pa(&self, bench: &Bench) -> f64 {
        let seat = &self.seat;
        let set_pa = seat.p(bench, RELIEF_SET);
        let threshold_pa = if seat.x(bench, RELIEVES) > 0.5 { seat.p(bench, RELIEF_RESEAT).min(set_pa) } else { set_pa };
        seat.y(bench, PRESSURE) - seat.p(bench, VENT_PRESSURE) - threshold_pa
    }
}

impl Component for ClosedVessel {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let seat = &self.seat;
        let [level_m, temp_k, tracer, pressure_pa] =
            [START_LEVEL, START_TEMP, START_TRACER, START_PRESSURE].map(|index| seat.p(bench, index));
        let volume_m3 = self.shape(bench).volume_m3(level_m);
        contents::start(seat, bench, volume_m3 * seat.liquid.density_kg_m3(temp_k), temp_k, tracer);
        let cushion = self.cushion(bench, volume_m3);
        let blanket = Blanket::at(pressure_pa, cushion.gas_k, cushion.gas_m3.max(cushion.least_m3));
        seat.set_x(bench, GAS_KG, blanket.gas_mol * cushion.gas.molar_kg);
        seat.set_y(bench, PRESSURE, pressure_pa);
        self.write(bench);
    }

    fn act(&self, bench: &mut Bench) {
        let stuck = self.seat.p(bench, RELIEF_STUCK) > 0.5;
        let lifted = if stuck {
            self.seat.x(bench, RELIEVES)
        } else if self.over_relief_pa(bench) > 0.0 {
            1.0
        } else {
            0.0
        };
        self.seat.set_x(bench, RELIEVES, lifted);
        self.seat.set_y(bench, LIFTED, lifted);
    }

    fn watch(&self, bench: &Bench, events: &mut Vec<f64>) {
        // A valve without capacity relieves nothing, whatever it does.
        events.push(if self.seat.p(bench, RELIEF_KV) > 0.0 { self.over_relief_pa(bench) } else { 0.0 });
    }

    fn hold(&self, bench: &mut Bench, port: usize) -> Hold {
        let seat = &self.seat;
        let density = seat.liquid.density_kg_m3(seat.y(bench, TEMP));
        let (level_m, pressure_pa) = (seat.y(bench, LEVEL), seat.y(bench, PRESSURE));
        let cushion = self.cushion(bench, seat.y(bench, VOLUME));
        let stiffness_pa_kg =
            cushion.stiffness_pa_kg(seat.x(bench, GAS_KG), density) + GRAVITY_M_S2 / surface_m2(&self.shape(bench), level_m);
        if port == INLET_PORT {
            return Hold { pressure_pa, stiffness_pa_kg, dry: true };
        }
        let dry = seat.x(bench, contents::MASS_KG) < RESERVE_KG + 2.0 * seat.x(bench, GIVEN_KG_S) * bench.dt_secs;
        Hold { pressure_pa: pressure_pa + density * GRAVITY_M_S2 * level_m, stiffness_pa_kg, dry }
    }

    fn prepare(&self, bench: &mut Bench) {
        let seat = &self.seat;
        let density = seat.liquid.density_kg_m3(seat.y(bench, TEMP));
        let column_pa = density * GRAVITY_M_S2 * seat.y(bench, LEVEL);
        let spill_kv = self.flooded(bench) * self.vent_kv(bench);
        seat.set_n(bench, COLUMN_PA, column_pa);
        seat.set_n(bench, SPILL_KV, spill_kv);
    }

    /// Liquid from the top through the vent: from the pressure at the bottom, less the column in between.
    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        let Some(Drop { pa, slope_pa_s_kg }) =
            drop(self.seat.n(bench, SPILL_KV), flow_kg_s, self.seat.liquid.density_kg_m3(self.seat.y(bench, TEMP)))
        else {
            return Law::Shut;
        };
        let against_pa = self.seat.p(bench, VENT_PRESSURE) + self.seat.n(bench, COLUMN_PA);
        let shut = if flow_kg_s < 0.0 { SHUT_PA_S_KG } else { 0.0 };
        Law::Open(Drop { pa: pa + against_pa + shut * flow_kg_s, slope_pa_s_kg: slope_pa_s_kg + shut })
    }

    fn store(&self, bench: &mut Bench, inflow: Inflow) {
        let seat = &self.seat;
        let dt_secs = bench.dt_secs;
        let (temp_k, tracer) = (seat.y(bench, TEMP), seat.y(bench, TRACER));
        let density = seat.liquid.density_kg_m3(temp_k);
        let mass_kg = seat.x(bench, contents::MASS_KG);
        let available_kg = (mass_kg - RESERVE_KG).max(0.0);
        let over_pa = (seat.y(bench, PRESSURE) - seat.p(bench, VENT_PRESSURE)).max(0.0) + density * GRAVITY_M_S2 * seat.y(bench, LEVEL);
        let leak_kg = seat.p(bench, LEAK) * (2.0 * density * over_pa).sqrt() * dt_secs;
        let correction_kg_s = seat.input(bench, CORRECTION_KG_S) + seat.p(bench, CORRECTION_M3_H) * density / 3600.0;
        contents::lose_heat(seat, bench, temp_k, seat.p(bench, LOSS), seat.input(bench, AMBIENT_K));
        contents::heat(seat, bench, seat.input(bench, HEAT_W) * dt_secs);
        contents::take_in(seat, bench, inflow);
        contents::cross(seat, bench, (correction_kg_s * dt_secs - leak_kg).max(-available_kg), temp_k, tracer);
        contents::settle(seat, bench, mass_kg, temp_k, tracer);
        let given_kg_s = contents::given_kg_s(bench, inflow, seat.x(bench, GIVEN_KG_S));
        seat.set_x(bench, GIVEN_KG_S, given_kg_s);
        self.breathe(bench);
        self.write(bench);
        let spill_kg_s = bench.y[seat.links[SPILL].flow];
        seat.set_y(bench, SPILL_M3_H, spill_kg_s / density * 3600.0);
    }

    fn inventory(&self, bench: &Bench) -> (f64, f64) {
        let (mass_kg, energy_j) = contents::inventory(&self.seat, bench);
        (mass_kg + self.seat.x(bench, GAS_KG), energy_j)
    }
}
