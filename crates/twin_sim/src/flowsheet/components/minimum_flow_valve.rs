//! Automatic recirculation valves.

use crate::equipment::fittings::coefficient;
use crate::equipment::valve::drop;
use crate::equipment::{Drop, quadratic};
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, Kind, Law, LinkSheet, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const MIN_FLOW: usize = 0;
const SHUT_AT: usize = 1;
const BYPASS_PA: usize = 2;
const LOSS: usize = 3;
const AT_FLOW: usize = 4;
const LAG: usize = 5;
const STUCK_PCT: usize = 6;
const LEAK: usize = 7;
/// Pressure against a leaking valve that the leak belongs to, Pa: as in a pump with a non-return valve.
const LEAK_PA: f64 = 2.5e5;

const BYPASS_PCT: usize = 0;

const MAIN: usize = 0;
const BYPASS: usize = 1;
/// Resistance against flow back, Pa·s/kg: 1 bar lets 1 µg/s through. More would be a way round through the other link,
/// with the temperature of the step before.
const SHUT_PA_S_KG: f64 = 1e14;

/// A valve that keeps a pump above its minimum flow.
pub const MINIMUM_FLOW_VALVE: Kind = Kind {
    sheet: &Sheet {
        kind: "minimum_flow_valve",
        title: "Minimum-flow valve",
        summary: "A self-acting recirculation valve behind a pump: the disc of its check valve opens a bypass as the flow forward falls.",
        equations: &[
            "bypass opening → max(0, 1 − Q_forward/shut_at), with a lag",
            "Q_bypass = min_flow·opening·√(Δp/bypass_pa·1000/ρ)",
            "forward: Δp = loss·(Q/Q_at)²·ρ/1000; nothing flows back through the bypass",
            "backwards: Q = leak·√(Δp/2.5 bar) through a leaking disc, nothing through a tight one",
        ],
        parameters: &[
            ParameterSheet::required(
                "min_flow_m3_h",
                "m³/h",
                (1e-6, 1e6),
                "20 to 40 % of the best flow",
                "Flow through the open bypass at bypass_pa, water.",
            ),
            ParameterSheet::required("shut_m3_h", "m³/h", (1e-6, 1e6), "1.2 times min_flow", "Flow forward at which the bypass is shut."),
            ParameterSheet::required("bypass_pa", "Pa", (1e2, 1e9), "", "Pressure over the open bypass at which it passes min_flow."),
            ParameterSheet::usual("loss_pa", "Pa", 1e4, (1e-3, 1e7), "5e3 to 5e4", "Pressure lost forward at the flow below, water."),
            ParameterSheet::usual("at_m3_h", "m³/h", 100.0, (1e-6, 1e6), "", "Flow at which that is so."),
            ParameterSheet::usual("lag_secs", "s", 1.0, (0.0, 600.0), "0.5 to 3", "Lag of the disc."),
            ParameterSheet::malfunction("forced_pct", "%", -1.0, (-1.0, 100.0), "The bypass stands at this opening; −1: healthy."),
            ParameterSheet::malfunction(
                "check_valve_leak_m3_h",
                "m³/h",
                0.0,
                (0.0, 20.0),
                "Back flow through the disc, at 2.5 bar against it.",
            ),
        ],
        points: &[PointSheet::new("bypass_pct", "%", "Opening of the bypass.")],
        validity: "Liquid, not flashing in the bypass. The disc follows the flow of the step before, so that a step is first order in its lag.",
        sources: &["IEC 60534-2-1, turbulent non-choked flow, for the bypass", "Gülich, Centrifugal Pumps, ch. 11: minimum flow"],
    },
    ports: &["inlet", "outlet", "bypass"],
    links: &[LinkSheet { name: "flow", from: Some(0), to: Some(1) }, LinkSheet { name: "bypass", from: Some(0), to: Some(2) }],
    states: 1,
    build: |seat, _: &Settings| Ok(Box::new(MinimumFlow { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct MinimumFlow {
    seat: Seat,
}

impl MinimumFlow {
    fn place(&self, bench: &mut Bench, opening: f64) {
        self.seat.set_x(bench, 0, opening);
        self.seat.set_y(bench, BYPASS_PCT, 100.0 * opening);
    }
}

impl Component for MinimumFlow {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        self.place(bench, 1.0);
    }

    fn act(&self, bench: &mut Bench) {
        let seat = &self.seat;
        let forward_m3_h = seat.flow_kg_s(bench, MAIN) / bench.y[seat.links[MAIN].density] * 3600.0;
        let (opening, forced_pct) = (seat.x(bench, 0), seat.p(bench, STUCK_PCT));
        let target = if forced_pct >= 0.0 { forced_pct / 100.0 } else { (1.0 - forward_m3_h / seat.p(bench, SHUT_AT)).clamp(0.0, 1.0) };
        let share = bench.dt_secs / (seat.p(bench, LAG) + bench.dt_secs);
        self.place(bench, opening + (target - opening) * share);
    }

    fn law(&self, bench: &Bench, link: usize, flow_kg_s: f64) -> Law {
        let seat = &self.seat;
        let density = bench.y[seat.links[link].density];
        let forward = if link == BYPASS {
            let kv = seat.p(bench, MIN_FLOW) * seat.x(bench, 0) / (seat.p(bench, BYPASS_PA) / 1e5).sqrt();
            drop(kv, flow_kg_s, density)
        } else {
            Some(quadratic(coefficient(seat.p(bench, LOSS), seat.p(bench, AT_FLOW) / 3.6) * 1000.0 / density, flow_kg_s))
        };
        let Some(Drop { pa, slope_pa_s_kg }) = forward else { return Law::Shut };
        if flow_kg_s >= 0.0 {
            return Law::Open(Drop { pa, slope_pa_s_kg });
        }
        let leak_kg_s = if link == MAIN { seat.p(bench, LEAK) / 3600.0 * density } else { 0.0 };
        let shut = Drop { pa: SHUT_PA_S_KG * flow_kg_s, slope_pa_s_kg: SHUT_PA_S_KG };
        let leaking = if leak_kg_s > 1e-9 { quadratic(LEAK_PA / (leak_kg_s * leak_kg_s), flow_kg_s) } else { shut };
        let back = if leaking.pa > shut.pa { leaking } else { shut };
        Law::Open(Drop { pa: pa + back.pa, slope_pa_s_kg: slope_pa_s_kg + back.slope_pa_s_kg })
    }
}
