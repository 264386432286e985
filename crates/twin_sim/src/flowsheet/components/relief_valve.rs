//! Safety valves in liquid lines.

use crate::equipment::fittings::{CheckValve, ReliefValve, coefficient};
use crate::equipment::{Drop, quadratic};
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, Kind, Law, LinkSheet, OptionSheet, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const SET: usize = 0;
const OVERPRESSURE: usize = 1;
const BLOWDOWN: usize = 2;
const RATED: usize = 3;
const STUCK: usize = 4;
const PASSING: usize = 5;

const LIFTED: usize = 0;
const OVER: usize = 1;

const ACTIONS: &[&str] = &["pop", "proportional"];
/// What a sound seat passes, kg/s at 1 bar.
const SEAT_KG_S: f64 = 1e-6;

/// A spring-loaded safety valve.
pub const RELIEF_VALVE: Kind = Kind {
    sheet: &Sheet {
        kind: "relief_valve",
        title: "Relief valve",
        summary: "A spring-loaded safety valve for liquid: pops open at its set pressure and sits again below it, or opens in proportion.",
        equations: &[
            "pop: lifts when p_in − p_out rises above the set pressure, sits when it falls below (1 − blowdown)·set",
            "lifted: Δp = set·(1 + overpressure)·(w/w_rated)²",
            "proportional: Δp = max(set·(1 + overpressure·w/w_rated), set·(1 + overpressure)·(w/w_rated)²)",
            "seated: 1 mg/s at 1 bar; passing: the loss of the lifted valve over passing²",
        ],
        parameters: &[
            ParameterSheet::required("set_pa", "Pa", (1e2, 1e9), "1e5 to 1e7", "Pressure difference at which it lifts."),
            ParameterSheet::usual(
                "overpressure",
                "",
                0.1,
                (0.01, 1.0),
                "0.05 to 0.25",
                "Share over the set pressure at which it passes its rated flow.",
            ),
            ParameterSheet::usual("blowdown", "", 0.1, (0.01, 0.9), "0.05 to 0.2", "Share below the set pressure at which it sits again."),
            ParameterSheet::required("rated_m3_h", "m³/h", (1e-6, 1e6), "1 to 500", "Rated flow of water."),
            ParameterSheet::malfunction("stuck", "0/1", 0.0, (0.0, 1.0), "1: it stays as it is; a proportional one shut."),
            ParameterSheet::malfunction("passing", "", 0.0, (0.0, 1.0), "Share of its capacity that it passes while seated."),
        ],
        points: &[
            PointSheet::new("lifted", "0/1", "1 while it is lifted."),
            PointSheet::new("over_pa", "Pa", "Pressure difference over it."),
        ],
        validity: "Liquid, not flashing; lifts and sits at once, so that one that is too large chatters; nothing flows back.",
        sources: &["ISO 4126-1: set pressure, overpressure, blowdown"],
    },
    options: &[OptionSheet { name: "action", choices: ACTIONS, meaning: "How it opens; pop when silent." }],
    ports: &["inlet", "outlet"],
    links: &[LinkSheet { name: "flow", from: Some(0), to: Some(1) }],
    states: 1,
    build: |seat, settings: &Settings| Ok(Box::new(Relief { seat, proportional: settings.choice("action", ACTIONS)? == 1 })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Relief {
    seat: Seat,
    proportional: bool,
}

impl Relief {
    fn valve(&self, bench: &Bench) -> ReliefValve {
        let set_pa = self.seat.p(bench, SET);
        ReliefValve {
            set_pa,
            reseat_pa: set_pa * (1.0 - self.seat.p(bench, BLOWDOWN)),
            rated_kg_s: self.seat.p(bench, RATED) * 1000.0 / 3600.0 / (1.0 + self.seat.p(bench, OVERPRESSURE)).sqrt(),
        }
    }

    fn over_pa(&self, bench: &Bench) -> f64 {
        self.seat.pressure_pa(bench, 0) - self.seat.pressure_pa(bench, 1)
    }

    /// The seat, tight or passing; never anything backwards.
    fn seated(&self, bench: &Bench, flow_kg_s: f64) -> Drop {
        let valve = self.valve(bench);
        let open = coefficient(valve.set_pa, valve.rated_kg_s);
        let passing = self.seat.p(bench, PASSING);
        // A check valve the other way round: what it would leak backwards is what this one passes.
        let passed = CheckValve { coefficient: open, leak_kg_s: SEAT_KG_S, held_open: passing }.drop(-flow_kg_s.abs());
        if flow_kg_s >= 0.0 { Drop { pa: -passed.pa, ..passed } } else { self.backwards(open, flow_kg_s) }
    }

    fn backwards(&self, open: f64, flow_kg_s: f64) -> Drop {
        CheckValve { coefficient: open, leak_kg_s: SEAT_KG_S, held_open: 0.0 }.drop(flow_kg_s)
    }

    /// The easier of the seat and the spring that gives way with the flow.
    fn proportional(&self, bench: &Bench, flow_kg_s: f64) -> Drop {
        let (seated, valve) = (self.seated(bench, flow_kg_s), self.valve(bench));
        let open = quadratic(coefficient(valve.set_pa, valve.rated_kg_s), flow_kg_s);
        let slope = self.seat.p(bench, OVERPRESSURE) * valve.set_pa / (self.seat.p(bench, RATED) * 1000.0 / 3600.0);
        let spring = Drop { pa: valve.set_pa + slope * flow_kg_s, slope_pa_s_kg: slope };
        let lifted = if open.pa > spring.pa { open } else { spring };
        if lifted.pa < seated.pa { lifted } else { seated }
    }
}

impl Component for Relief {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn act(&self, bench: &mut Bench) {
        if self.proportional {
            return;
        }
        let lifted = self.seat.x(bench, LIFTED);
        let stuck = self.seat.p(bench, STUCK) > 0.5;
        let next = if stuck { lifted } else { self.valve(bench).lifts(lifted, self.over_pa(bench)) };
        self.seat.set_x(bench, LIFTED, next);
    }

    fn watch(&self, bench: &Bench, events: &mut Vec<f64>) {
        let valve = self.valve(bench);
        let threshold_pa = if self.seat.x(bench, LIFTED) > 0.5 { valve.reseat_pa } else { valve.set_pa };
        events.push(if self.proportional { 0.0 } else { self.over_pa(bench) - threshold_pa });
    }

    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        if flow_kg_s >= 0.0 && self.proportional && self.seat.p(bench, STUCK) < 0.5 {
            return Law::Open(self.proportional(bench, flow_kg_s));
        }
        let valve = self.valve(bench);
        let lifted = valve.drop(self.seat.x(bench, LIFTED), flow_kg_s).filter(|_| flow_kg_s >= 0.0);
        Law::Open(lifted.unwrap_or_else(|| self.seated(bench, flow_kg_s)))
    }

    fn report(&self, bench: &mut Bench) {
        let over_pa = self.over_pa(bench);
        let lifted = if self.proportional && over_pa > self.seat.p(bench, SET) { 1.0 } else { self.seat.x(bench, LIFTED) };
        self.seat.set_y(bench, LIFTED, lifted);
        self.seat.set_y(bench, OVER, over_pa);
    }
}
