//! One line of the plant: pipes, fittings, supports, and where the flow goes.

use serde_json::{Value, json};

use super::instruments::{gauge, thermowell};
use super::mesh::{Detail, Shape, Tone};
use super::solids::spine;
use super::valves::{check_valve, drain, flow_meter, gate_valve, globe_valve};
use super::vec3::{V3, X, Y, Z, add, length, sub};

/// Outer radius of a DN 15 pipe, m.
pub const DN15: f64 = 0.0107;
/// Outer radius of a DN 25 pipe, m.
pub const DN25: f64 = 0.0169;
/// Outer radius of a DN 50 pipe, m.
pub const DN50: f64 = 0.0302;
/// Outer radius of a DN 65 pipe, m.
pub const DN65: f64 = 0.038;
/// Outer radius of a DN 100 pipe, m.
pub const DN100: f64 = 0.0572;
/// Outer radius of a DN 125 pipe, m.
pub const DN125: f64 = 0.0699;
/// Outer radius of a DN 150 pipe, m.
pub const DN150: f64 = 0.0842;
/// Outer radius of a DN 200 pipe, m.
pub const DN200: f64 = 0.1095;
/// Outer radius of a DN 250 pipe, m.
pub const DN250: f64 = 0.1365;
/// Thickness of insulation with its jacket, m.
pub const JACKET: f64 = 0.05;

/// One line of the plant: its pipes and fittings in one mesh, its supports apart.
pub struct Line {
    /// Its number, also the name of its node.
    pub name: &'static str,
    /// Pipes and fittings.
    pub shape: Shape,
    /// What it lies on.
    pub supports: Vec<Support>,
    /// Centre lines in flow direction, corners not yet rounded.
    pub flow: Vec<Vec<V3>>,
    /// Outer radius of the widest pipe with its jacket, m.
    pub radius: f64,
}

/// What carries a pipe.
pub enum Support {
    /// Post whose cross-bar lies `across` the pipe, upper edge at `level`.
    Stand { at: (f64, f64), level: f64, across: V3, width: f64 },
    /// Concrete sleeper, long side along x or z, upper edge at `level`.
    Sleeper { at: (f64, f64), level: f64, along_x: bool },
}

/// Ends of pipes closer than this belong to one run: a valve or a meter lies between them, m.
const RUN_GAP: f64 = 0.75;

impl Line {
    /// A line without pipes.
    pub fn new(detail: Detail, name: &'static str) -> Line {
        Line { name, shape: Shape::new(detail), supports: Vec::new(), flow: Vec::new(), radius: 0.0 }
    }

    /// Continues the last run, or begins another.
    fn runs(&mut self, path: &[V3], radius: f64) {
        self.radius = self.radius.max(radius);
        let follows = |run: &Vec<V3>| run.last().is_some_and(|end| length(sub(path[0], *end)) < RUN_GAP);
        match self.flow.last_mut().filter(|run| follows(run)) {
            Some(run) => run.extend(path.iter().filter(|&&at| length(sub(at, path[0])) > 1e-6 || at != path[0])),
            None => self.flow.push(path.to_vec()),
        }
    }

    /// Bare pipe.
    pub fn bare(mut self, radius: f64, path: &[V3]) -> Line {
        self.shape.pipe(Tone::Pipe, path, radius);
        self.runs(path, radius);
        self
    }

    /// Bare pipe beside the flow: a bypass.
    pub fn beside(mut self, radius: f64, path: &[V3]) -> Line {
        self.shape.pipe(Tone::Pipe, path, radius);
        self
    }

    /// Insulated pipe with the bands of its jacket; it stops short of flanges at its ends, where the bare pipe shows.
    pub fn hot(mut self, radius: f64, path: &[V3]) -> Line {
        let jacket = if radius < DN100 { JACKET * 0.6 } else { JACKET };
        self.shape.pipe(Tone::Insulation, path, radius + jacket);
        if self.shape.is_fine() {
            for (at, along) in spine(path, (radius + jacket) * 3.0, 1, 2.0) {
                self.shape.band(Tone::Insulation, at, along, radius + jacket, 0.03);
            }
        }
        self.runs(path, radius + jacket);
        self
    }

    /// Says where the flow goes, in place of the order of the pipes.
    pub fn flows(mut self, runs: &[&[V3]]) -> Line {
        self.flow = runs.iter().map(|run| run.to_vec()).collect();
        self
    }

    /// Hand-operated globe valve.
    pub fn globe(mut self, at: V3, axis: V3, stem: V3, radius: f64) -> Line {
        globe_valve(&mut self.shape, at, axis, stem, radius);
        self
    }

    /// Thermowell and pressure gauge on top of a pipe.
    pub fn gauges(mut self, at: V3, radius: f64) -> Line {
        thermowell(&mut self.shape, add(at, [0.0, radius, 0.0]), Y);
        gauge(&mut self.shape, add(at, [0.25, radius, 0.0]), Z);
        drain(&mut self.shape, add(at, [-0.2, 0.0, 0.0]), radius);
        self
    }

    /// The runs with rounded corners, as written into the file.
    pub fn flow_json(&self) -> Value {
        let round = |at: V3| at.map(|c| (c * 1e3).round() / 1e3 + 0.0);
        let runs: Vec<Vec<V3>> =
            self.flow.iter().map(|run| spine(run, self.radius * 3.0, 4, f64::MAX).into_iter().map(|(at, _)| round(at)).collect()).collect();
        json!(runs)
    }

    /// Flange pairs across `axis`.
    pub fn flanges(mut self, radius: f64, axis: V3, places: &[V3]) -> Line {
        for &at in places {
            self.shape.flange(Tone::EquipmentDark, at, axis, radius);
        }
        self
    }

    /// Hand-operated gate valve.
    pub fn gate(mut self, at: V3, axis: V3, stem: V3, radius: f64) -> Line {
        gate_valve(&mut self.shape, at, axis, stem, radius);
        self
    }

    /// Check valve.
    pub fn check(mut self, at: V3, axis: V3, radius: f64) -> Line {
        check_valve(&mut self.shape, at, axis, radius);
        self
    }

    /// Flow meter with its transmitter.
    pub fn meter(mut self, at: V3, axis: V3, radius: f64) -> Line {
        flow_meter(&mut self.shape, at, axis, radius);
        self
    }

    /// Reducer from one radius to another.
    pub fn reducer(mut self, from: V3, axis: V3, length: f64, radii: (f64, f64)) -> Line {
        let profile = [(0.0, radii.0), (length * 0.25, radii.0), (length * 0.75, radii.1), (length, radii.1)];
        self.shape.revolve(Tone::Pipe, from, axis, &profile);
        self
    }

    /// Posts under a pipe whose lower edge is at `level`.
    pub fn stands(mut self, level: f64, across: V3, width: f64, places: &[(f64, f64)]) -> Line {
        self.supports.extend(places.iter().map(|&at| Support::Stand { at, level, across, width }));
        self
    }

    /// Supports under a pipe near the ground whose lower edge is at `level`: sleepers, from 0.5 m up
    /// short posts.
    pub fn sleepers(mut self, level: f64, along_x: bool, places: &[(f64, f64)]) -> Line {
        self.supports.extend(places.iter().map(|&at| match level {
            low if low < 0.5 => Support::Sleeper { at, level, along_x },
            _ => Support::Stand { at, level, across: if along_x { X } else { Z }, width: 0.4 },
        }));
        self
    }
}
