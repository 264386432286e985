//! Where the plant ends: a place of given pressure, a given inflow, a given outflow.

use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, Hold, Inflow, InputSheet, Kind, Law, LinkSheet, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

/// A place of given pressure and temperature.
pub const RESERVOIR: Kind = Kind {
    sheet: &Sheet {
        kind: "reservoir",
        title: "Reservoir",
        summary: "A battery limit, a river, the atmosphere: it gives and takes at one pressure and temperature.",
        equations: &["p = pressure, T = temperature, whatever flows"],
        parameters: &[],
        points: &[],
        validity: "Nothing that flows changes it.",
        sources: &[],
    },
    ports: &["port"],
    held: &[0],
    inputs: &[
        InputSheet { name: "pressure_pa", default: Some(101_325.0), meaning: "Pressure at the port, Pa absolute." },
        InputSheet { name: "temp_k", default: Some(293.15), meaning: "Temperature of what it gives, K." },
        InputSheet { name: "tracer", default: Some(0.0), meaning: "Tracer of what it gives, in the unit of the circuit." },
    ],
    build: |seat, _: &Settings| Ok(Box::new(Reservoir { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Reservoir {
    seat: Seat,
}

impl Component for Reservoir {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn hold(&self, bench: &mut Bench, port: usize) -> Hold {
        let pressure_pa = self.seat.input(bench, 0);
        bench.y[self.seat.ports[port].temp] = self.seat.input(bench, 1);
        bench.y[self.seat.ports[port].tracer] = self.seat.input(bench, 2);
        Hold { pressure_pa, stiffness_pa_kg: 0.0, dry: false }
    }

    fn store(&self, bench: &mut Bench, inflow: Inflow) {
        let Inflow { mass_kg_s, energy_w, .. } = inflow;
        // What it takes has left the plant.
        let dt_secs = bench.dt_secs;
        bench.balance.cross(-mass_kg_s * dt_secs, -energy_w * dt_secs);
    }
}

/// A flow into the plant.
pub const SOURCE: Kind = Kind {
    sheet: &Sheet {
        kind: "source",
        title: "Source",
        summary: "A flow that somebody else decides: feed from a battery limit, make-up behind a meter.",
        equations: &["w = (flow_kg_s + flow_m3_h·ρ(T)/3600)·(1 − diverted), T = temperature, whatever the pressure is"],
        parameters: &[ParameterSheet::usual(
            "diverted_fraction",
            "",
            0.0,
            (0.0, 1.0),
            "0",
            "Share that a hand valve sends elsewhere before it arrives.",
        )],
        points: &[PointSheet::new("given_m3_h", "m³/h", "Volume flow into the plant, at its temperature.")],
        validity: "Flow into the plant only; a negative flow counts as none.",
        sources: &[],
    },
    ports: &["outlet"],
    links: &[LinkSheet { name: "flow", from: None, to: Some(0) }],
    inputs: &[
        InputSheet { name: "flow_kg_s", default: None, meaning: "Mass flow into the plant, kg/s." },
        InputSheet { name: "temp_k", default: Some(293.15), meaning: "Its temperature, K." },
        InputSheet { name: "flow_m3_h", default: Some(0.0), meaning: "Volume flow added to it, m³/h at that temperature." },
        InputSheet { name: "tracer", default: Some(0.0), meaning: "Tracer it brings, in the unit of the circuit." },
    ],
    build: |seat, _: &Settings| Ok(Box::new(Source { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Source {
    seat: Seat,
}

impl Component for Source {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn law(&self, bench: &Bench, _link: usize, _flow_kg_s: f64) -> Law {
        let density = self.seat.liquid.density_kg_m3(self.seat.input(bench, 1));
        let arriving_kg_s = (self.seat.input(bench, 0) + self.seat.input(bench, 2) * density / 3600.0).max(0.0);
        Law::Imposed(arriving_kg_s * (1.0 - self.seat.p(bench, 0)))
    }

    fn carry(&self, bench: &mut Bench) {
        let temp_k = self.seat.input(bench, 1);
        let tracer = self.seat.input(bench, 3);
        let link = self.seat.links[0];
        bench.y[link.tracer_in] = tracer;
        bench.y[link.tracer_out] = tracer;
        bench.y[link.inlet] = temp_k;
        bench.y[link.outlet] = temp_k;
        let density = self.seat.liquid.density_kg_m3(temp_k);
        bench.y[link.density] = density;
        let given_m3_h = bench.y[link.flow] / density * 3600.0;
        self.seat.set_y(bench, 0, given_m3_h);
    }
}

/// A flow out of the plant.
pub const SINK: Kind = Kind {
    sheet: &Sheet {
        kind: "sink",
        title: "Sink",
        summary: "A flow that somebody else decides: what a consumer draws.",
        equations: &["w = flow_kg_s + flow_m3_h·ρ(T)/3600, whatever the pressure is"],
        parameters: &[ParameterSheet::usual(
            "vapour",
            "0/1",
            0.0,
            (0.0, 1.0),
            "0",
            "1: what leaves is vapour and leaves the tracer behind in the vessel it is drawn from.",
        )],
        points: &[],
        validity: "Flow out of the plant only; a negative flow counts as none. Vapour takes the energy of the liquid; the latent heat is the vessel's matter.",
        sources: &[],
    },
    ports: &["inlet"],
    links: &[LinkSheet { name: "flow", from: Some(0), to: None }],
    inputs: &[
        InputSheet { name: "flow_kg_s", default: None, meaning: "Mass flow out of the plant, kg/s." },
        InputSheet { name: "flow_m3_h", default: Some(0.0), meaning: "Volume flow added to it, m³/h at the temperature it leaves with." },
    ],
    build: |seat, _: &Settings| Ok(Box::new(Sink { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Sink {
    seat: Seat,
}

impl Component for Sink {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn law(&self, bench: &Bench, _link: usize, _flow_kg_s: f64) -> Law {
        let density = bench.y[self.seat.links[0].density];
        Law::Imposed((self.seat.input(bench, 0) + self.seat.input(bench, 1) * density / 3600.0).max(0.0))
    }

    fn carry(&self, bench: &mut Bench) {
        let link = self.seat.links[0];
        bench.y[link.outlet] = bench.y[link.inlet];
        if self.seat.p(bench, 0) > 0.5 {
            bench.y[link.tracer_in] = 0.0;
            bench.y[link.tracer_out] = 0.0;
        }
    }
}
