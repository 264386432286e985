//! Pipes in which what flows in takes its time to come out.

use super::pipe::{AMBIENT, EQUATIONS, FRICTION, Hydraulics, PARAMETERS, SOURCES};
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, Kind, Law, LinkSheet, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const START_TEMP: usize = PARAMETERS.len();
const START_TRACER: usize = PARAMETERS.len() + 1;

const MEAN_TEMP: usize = 0;
const DELAY: usize = 1;

/// Full plugs between the two ends, of which one fills while the other empties.
const PLUGS: usize = 32;
/// The plug at the inlet end, those between, the plug at the outlet end.
const PLACES: usize = PLUGS + 1;
/// Energy of each plug, J/kg, then its tracer, then how far the first is filled.
const ENERGY: usize = 0;
const TRACER: usize = PLACES;
const FILLED: usize = 2 * PLACES;
/// Mass of the contents, kg.
const MASS: usize = 2 * PLACES + 1;

const fn parameters() -> [ParameterSheet; PARAMETERS.len() + 2] {
    let [a, b, c, d, e, f, g, h, i] = PARAMETERS;
    let temp = ParameterSheet::usual("start_temp_k", "K", 293.15, (253.15, 453.15), "", "Temperature of its contents at the start.");
    let tracer = ParameterSheet::usual("start_tracer", "", 0.0, (0.0, 1e9), "", "Tracer in its contents at the start.");
    [a, b, c, d, e, f, g, h, i, temp, tracer]
}

const fn equations() -> [&'static str; EQUATIONS.len() + 1] {
    let [a, b, c, d, e, _] = EQUATIONS;
    [
        a,
        b,
        c,
        d,
        e,
        "the contents are 32 plugs of equal mass that move with the flow without mixing: delay = ρ·A·L/w for temperature and tracer, either way",
        "in the pipe T − T_ambient falls with e^(−wall_loss·L·t/(m·cp))",
    ]
}

/// A pipe with its contents.
pub const LONG_PIPE: Kind = Kind {
    sheet: &Sheet {
        kind: "long_pipe",
        title: "Long pipe",
        summary: "A pipe whose contents count: temperature and tracer come out at the other end when they have come there.",
        equations: &equations(),
        parameters: &parameters(),
        points: &[
            PointSheet::new("mean_k", "K", "Mean temperature of its contents."),
            PointSheet::new("delay_secs", "s", "Time from end to end at the present flow; 10⁹ while it stands."),
        ],
        validity: "Full pipe, one liquid, plug flow: a front is sharp to a thirty-second of the length. The mass of the contents is that at the start; density changes neither push nor draw.",
        sources: SOURCES,
    },
    options: &[FRICTION],
    ports: &["inlet", "outlet"],
    links: &[LinkSheet { name: "flow", from: Some(0), to: Some(1) }],
    inputs: &[AMBIENT],
    states: MASS + 1,
    notes: 1,
    build: |seat, settings: &Settings| Ok(Box::new(LongPipe { hydraulics: Hydraulics::new(seat, settings)? })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct LongPipe {
    hydraulics: Hydraulics,
}

/// Something that came in or went out, per kg.
#[derive(Clone, Copy, Debug, Default)]
struct Load {
    energy_j_kg: f64,
    tracer: f64,
}

impl LongPipe {
    fn load(&self, bench: &Bench, place: usize) -> Load {
        let seat = &self.hydraulics.seat;
        Load { energy_j_kg: seat.x(bench, ENERGY + place), tracer: seat.x(bench, TRACER + place) }
    }

    fn put(&self, bench: &mut Bench, place: usize, load: Load) {
        let seat = &self.hydraulics.seat;
        seat.set_x(bench, ENERGY + place, load.energy_j_kg);
        seat.set_x(bench, TRACER + place, load.tracer);
    }

    /// Moves every plug one place on; the place it leaves is free to be filled.
    fn shift(&self, bench: &mut Bench, forward: bool) {
        for step in 0..PLUGS {
            let (from, to) = if forward { (PLUGS - 1 - step, PLUGS - step) } else { (step + 1, step) };
            let load = self.load(bench, from);
            self.put(bench, to, load);
        }
    }

    /// Pushes so many plugs of `fed` in at one end; answers what comes out at the other, on average.
    fn push(&self, bench: &mut Bench, plugs: f64, fed: Load, forward: bool) -> Load {
        let seat = &self.hydraulics.seat;
        let (entry, exit) = if forward { (0, PLUGS) } else { (PLUGS, 0) };
        // How far the plug at the entry is filled, and that at the exit is left.
        let mut filled = if forward { seat.x(bench, FILLED) } else { 1.0 - seat.x(bench, FILLED) };
        let (mut left, mut out) = (plugs, Load::default());
        while left > 0.0 {
            if filled >= 1.0 {
                self.shift(bench, forward);
                filled = 0.0;
            }
            let part = left.min(1.0 - filled);
            let leaving = self.load(bench, exit);
            out.energy_j_kg += part * leaving.energy_j_kg;
            out.tracer += part * leaving.tracer;
            let inside = self.load(bench, entry);
            let mix = |inside: f64, fed: f64| (inside * filled + fed * part) / (filled + part);
            let mixed = Load { energy_j_kg: mix(inside.energy_j_kg, fed.energy_j_kg), tracer: mix(inside.tracer, fed.tracer) };
            self.put(bench, entry, mixed);
            filled += part;
            left -= part;
            // What rounding leaves of a plug is none.
            if 1.0 - filled < 1e-12 {
                filled = 1.0;
            }
        }
        seat.set_x(bench, FILLED, if forward { filled } else { 1.0 - filled });
        if plugs > 0.0 {
            out.energy_j_kg /= plugs;
            out.tracer /= plugs;
            out
        } else {
            self.load(bench, exit)
        }
    }

    /// Share of a place that is its own: the plugs at the ends are together one.
    fn share(&self, bench: &Bench, place: usize) -> f64 {
        let filled = self.hydraulics.seat.x(bench, FILLED);
        match place {
            0 => filled,
            PLUGS => 1.0 - filled,
            _ => 1.0,
        }
    }

    /// Energy of the contents, J.
    fn energy_j(&self, bench: &Bench) -> f64 {
        let plug_kg = self.hydraulics.seat.x(bench, MASS) / PLUGS as f64;
        (0..PLACES).map(|place| self.share(bench, place) * plug_kg * self.load(bench, place).energy_j_kg).sum()
    }

    fn lose_heat(&self, bench: &mut Bench) {
        let wall_w_k = self.hydraulics.wall_w_k(bench);
        if wall_w_k <= 0.0 {
            return;
        }
        let (liquid, ambient_k) = (self.hydraulics.seat.liquid, self.hydraulics.ambient_k(bench));
        let before_j = self.energy_j(bench);
        let rate = wall_w_k * bench.dt_secs / self.hydraulics.seat.x(bench, MASS);
        for place in 0..PLACES {
            let load = self.load(bench, place);
            let temp_k = liquid.temp_k(load.energy_j_kg);
            let cooled_k = ambient_k + (temp_k - ambient_k) * libm::exp(-rate / liquid.cp_j_kg_k(temp_k));
            self.put(bench, place, Load { energy_j_kg: liquid.energy_j_kg(cooled_k), ..load });
        }
        let lost_j = before_j - self.energy_j(bench);
        bench.balance.heat(-lost_j);
    }
}

impl Component for LongPipe {
    fn seat(&self) -> &Seat {
        &self.hydraulics.seat
    }

    fn start(&self, bench: &mut Bench) {
        let seat = &self.hydraulics.seat;
        let temp_k = seat.p(bench, START_TEMP);
        let mass_kg = self.hydraulics.volume_m3(bench) * seat.liquid.density_kg_m3(temp_k);
        seat.set_x(bench, MASS, mass_kg);
        seat.set_x(bench, FILLED, 1.0);
        let load = Load { energy_j_kg: seat.liquid.energy_j_kg(temp_k), tracer: seat.p(bench, START_TRACER) };
        (0..PLACES).for_each(|place| self.put(bench, place, load));
        seat.set_y(bench, MEAN_TEMP, temp_k);
    }

    fn prepare(&self, bench: &mut Bench) {
        self.hydraulics.prepare(bench);
    }

    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        self.hydraulics.law(bench, flow_kg_s)
    }

    fn carry(&self, bench: &mut Bench) {
        let seat = &self.hydraulics.seat;
        let link = seat.links[0];
        let flow_kg_s = bench.y[link.flow];
        let fed = Load { energy_j_kg: seat.liquid.energy_j_kg(bench.y[link.inlet]), tracer: bench.y[link.tracer_in] };
        let mass_kg = seat.x(bench, MASS);
        let plugs = flow_kg_s.abs() * bench.dt_secs / mass_kg * PLUGS as f64;
        let out = self.push(bench, plugs, fed, flow_kg_s >= 0.0);
        bench.y[link.outlet] = seat.liquid.temp_k(out.energy_j_kg);
        bench.y[link.tracer_out] = out.tracer;
        self.lose_heat(bench);
        let mean_k = seat.liquid.temp_k(self.energy_j(bench) / mass_kg);
        seat.set_y(bench, MEAN_TEMP, mean_k);
        seat.set_y(bench, DELAY, (mass_kg / flow_kg_s.abs().max(1e-12)).min(1e9));
    }

    fn inventory(&self, bench: &Bench) -> (f64, f64) {
        (self.hydraulics.seat.x(bench, MASS), self.energy_j(bench))
    }
}
