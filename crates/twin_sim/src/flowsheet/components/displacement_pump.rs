//! Positive-displacement pumps.

use crate::equipment::Drop;
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Law, LinkSheet, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const DISPLACEMENT: usize = 0;
const SLIP: usize = 1;
const EFFICIENCY: usize = 2;
const RELIEF: usize = 3;
const SLIP_FACTOR: usize = 4;
const EFFICIENCY_FACTOR: usize = 5;

const SHAFT: usize = 0;
const HYDRAULIC: usize = 1;
const FLOW: usize = 2;
const GAIN: usize = 3;
const RELIEVING: usize = 4;

/// How much flatter the pressure rises once the relief valve is open: its accumulation.
const ACCUMULATION: f64 = 0.05;
/// Flow below which nothing carries heat away, kg/s.
const STANDING_KG_S: f64 = 1e-3;

/// A positive-displacement pump.
pub const DISPLACEMENT_PUMP: Kind = Kind {
    sheet: &Sheet {
        kind: "positive_displacement_pump",
        title: "Positive-displacement pump",
        summary: "A pump that conveys the same volume with every turn, less what slips back through its gaps, with a relief valve inside.",
        equations: &[
            "Q = V·(n − s·Δp), V the flow at rated speed without pressure, n = speed over rated speed, s the share that slips per bar",
            "above the relief pressure Δp rises with a twentieth of that slope: the rest goes back inside",
            "P = V·n·Δp / (η·factor_η), never below 0; all of it that does not press warms the liquid: w·(u_out − u_in) = P − Q·Δp",
        ],
        parameters: &[
            ParameterSheet::required(
                "displacement_m3_h",
                "m³/h",
                (1e-6, 1e5),
                "0.01 to 100",
                "Flow at rated speed against no pressure, V.",
            ),
            ParameterSheet::usual("slip_per_bar", "1/bar", 0.005, (1e-6, 1.0), "0.001 to 0.02", "Share of V that slips back per bar, s."),
            ParameterSheet::usual("efficiency", "", 0.85, (0.05, 1.0), "0.7 to 0.9", "Mechanical efficiency."),
            ParameterSheet::usual(
                "relief_pa",
                "Pa",
                0.0,
                (0.0, 1e9),
                "1.1 times the working pressure",
                "Difference at which it relieves inside; 0: no relief valve.",
            ),
            ParameterSheet::malfunction("slip_factor", "", 1.0, (0.1, 100.0), "Slip against the data sheet: worn gaps, leaking valves.")
                .worst(20.0)
                .logarithmic(),
            ParameterSheet::malfunction("efficiency_factor", "", 1.0, (0.1, 1.2), "Mechanical efficiency against the data sheet.")
                .worst(0.6),
        ],
        points: &[
            PointSheet::new("shaft_w", "W", "Power at the shaft."),
            PointSheet::new("hydraulic_w", "W", "Power that presses."),
            PointSheet::new("flow_m3_h", "m³/h", "Flow through it."),
            PointSheet::new("gain_pa", "Pa", "Pressure gained."),
            PointSheet::new("relieving", "0/1", "1 while the relief valve is open."),
        ],
        validity: "Mean flow: the pulsation of a reciprocating pump (25 % about the mean for three plungers, more for fewer) and its acceleration head are left out, so the pressures between strokes are not those of the plant. Slip is laminar and does not depend on the viscosity here. A standing pump lets back what slips. No cavitation.",
        sources: &["Slip through narrow gaps in proportion to the pressure: Karassik, Pump Handbook, ch. 3"],
    },
    ports: &["inlet", "outlet"],
    links: &[LinkSheet { name: "flow", from: Some(0), to: Some(1) }],
    inputs: &[InputSheet { name: "speed", default: Some(1.0), meaning: "Speed over rated speed." }],
    build: |seat, _: &Settings| Ok(Box::new(DisplacementPump { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct DisplacementPump {
    seat: Seat,
}

impl DisplacementPump {
    fn speed(&self, bench: &Bench) -> f64 {
        self.seat.input(bench, 0).clamp(0.0, 5.0)
    }

    /// Pressure lost; a gain is negative.
    fn drop(&self, bench: &Bench, flow_kg_s: f64, density: f64) -> Drop {
        let full_kg_s = self.seat.p(bench, DISPLACEMENT) / 3600.0 * density;
        let slip_per_pa = self.seat.p(bench, SLIP) * self.seat.p(bench, SLIP_FACTOR) / 1e5;
        let gain_pa = (self.speed(bench) - flow_kg_s / full_kg_s) / slip_per_pa;
        let slope_pa_s_kg = 1.0 / (slip_per_pa * full_kg_s);
        let relief_pa = self.seat.p(bench, RELIEF);
        if relief_pa > 0.0 && gain_pa > relief_pa {
            let gain_pa = relief_pa + ACCUMULATION * (gain_pa - relief_pa);
            return Drop { pa: -gain_pa, slope_pa_s_kg: ACCUMULATION * slope_pa_s_kg };
        }
        Drop { pa: -gain_pa, slope_pa_s_kg }
    }
}

impl Component for DisplacementPump {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        Law::Open(self.drop(bench, flow_kg_s, bench.y[self.seat.links[0].density]))
    }

    fn carry(&self, bench: &mut Bench) {
        let link = self.seat.links[0];
        let (flow_kg_s, inlet_k) = (bench.y[link.flow], bench.y[link.inlet]);
        let density = self.seat.liquid.density_kg_m3(inlet_k);
        let gain_pa = -self.drop(bench, flow_kg_s, density).pa;
        let turned_m3_s = self.seat.p(bench, DISPLACEMENT) / 3600.0 * self.speed(bench);
        let efficiency = self.seat.p(bench, EFFICIENCY) * self.seat.p(bench, EFFICIENCY_FACTOR);
        let shaft_w = (turned_m3_s * gain_pa / efficiency).max(0.0);
        let hydraulic_w = flow_kg_s / density * gain_pa;
        let relief_pa = self.seat.p(bench, RELIEF);
        self.seat.set_y(bench, SHAFT, shaft_w);
        self.seat.set_y(bench, HYDRAULIC, hydraulic_w);
        self.seat.set_y(bench, FLOW, flow_kg_s / density * 3600.0);
        self.seat.set_y(bench, GAIN, gain_pa);
        self.seat.set_y(bench, RELIEVING, if relief_pa > 0.0 && gain_pa > relief_pa { 1.0 } else { 0.0 });
        let heat_w = if flow_kg_s > STANDING_KG_S { (shaft_w - hydraulic_w).max(0.0) } else { 0.0 };
        let warmer = self.seat.liquid.energy_j_kg(inlet_k) + heat_w / flow_kg_s.max(STANDING_KG_S);
        bench.y[link.outlet] = if heat_w > 0.0 { self.seat.liquid.temp_k(warmer) } else { inlet_k };
        bench.balance.heat(heat_w * bench.dt_secs);
    }
}
