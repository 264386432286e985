//! Where the plant ends: a place of given pressure, a given inflow, a given outflow.

use std::collections::BTreeMap;

use crate::flowsheet::Setting;
use crate::flowsheet::component::{Bench, Component, Hold, InputSheet, Kind, Law, LinkSheet, Seat};
use crate::sheet::Sheet;

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
    options: &[],
    ports: &["port"],
    held: &[0],
    elastic: &[],
    links: &[],
    inputs: &[
        InputSheet { name: "pressure_pa", default: Some(101_325.0), meaning: "Pressure at the port, Pa absolute." },
        InputSheet { name: "temp_k", default: Some(293.15), meaning: "Temperature of what it gives, K." },
    ],
    states: 0,
    notes: 0,
    build: |seat, _: &BTreeMap<String, Setting>| Ok(Box::new(Reservoir { seat })),
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
        Hold { pressure_pa, stiffness_pa_kg: 0.0, dry: false }
    }

    fn store(&self, bench: &mut Bench, mass_kg_s: f64, energy_w: f64) {
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
        equations: &["w = flow, T = temperature, whatever the pressure is"],
        parameters: &[],
        points: &[],
        validity: "Flow into the plant only; a negative flow counts as none.",
        sources: &[],
    },
    options: &[],
    ports: &["outlet"],
    held: &[],
    elastic: &[],
    links: &[LinkSheet { name: "flow", from: None, to: Some(0) }],
    inputs: &[
        InputSheet { name: "flow_kg_s", default: None, meaning: "Mass flow into the plant, kg/s." },
        InputSheet { name: "temp_k", default: Some(293.15), meaning: "Its temperature, K." },
    ],
    states: 0,
    notes: 0,
    build: |seat, _: &BTreeMap<String, Setting>| Ok(Box::new(Source { seat })),
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
        Law::Imposed(self.seat.input(bench, 0).max(0.0))
    }

    fn carry(&self, bench: &mut Bench) {
        let temp_k = self.seat.input(bench, 1);
        let link = self.seat.links[0];
        bench.y[link.inlet] = temp_k;
        bench.y[link.outlet] = temp_k;
        bench.y[link.density] = self.seat.liquid.density_kg_m3(temp_k);
    }
}

/// A flow out of the plant.
pub const SINK: Kind = Kind {
    sheet: &Sheet {
        kind: "sink",
        title: "Sink",
        summary: "A flow that somebody else decides: what a consumer draws.",
        equations: &["w = flow, whatever the pressure is"],
        parameters: &[],
        points: &[],
        validity: "Flow out of the plant only; a negative flow counts as none.",
        sources: &[],
    },
    options: &[],
    ports: &["inlet"],
    held: &[],
    elastic: &[],
    links: &[LinkSheet { name: "flow", from: Some(0), to: None }],
    inputs: &[InputSheet { name: "flow_kg_s", default: None, meaning: "Mass flow out of the plant, kg/s." }],
    states: 0,
    notes: 0,
    build: |seat, _: &BTreeMap<String, Setting>| Ok(Box::new(Sink { seat })),
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
        Law::Imposed(self.seat.input(bench, 0).max(0.0))
    }
}
