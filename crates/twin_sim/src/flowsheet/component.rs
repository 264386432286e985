//! What every component answers to, and the places it reads and writes.

use core::fmt::Debug;

use super::balance::Balance;
use super::blueprint::Setting;
use crate::equipment::Drop;
use crate::fluid::Liquid;
use crate::sheet::Sheet;
use std::collections::BTreeMap;

/// Makes a component in its seat from what the plant file says; fails with what is wrong with a choice or a curve.
pub type Build = fn(Seat, &BTreeMap<String, Setting>) -> Result<Box<dyn Component>, String>;

/// A kind of component: its sheet, its connections, and how one is made.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Parameters, points, equations.
    pub sheet: &'static Sheet,
    /// Parameters that are a choice or a curve.
    pub options: &'static [OptionSheet],
    /// Names of the hydraulic ports.
    pub ports: &'static [&'static str],
    /// Ports at which the component holds the pressure, by position in `ports`.
    pub held: &'static [usize],
    /// Held ports whose pressure rises within a step with what comes in through them: liquid above, a gas cushion.
    pub elastic: &'static [usize],
    /// Flows through it, from port to port. A source or a sink has its other end outside.
    pub links: &'static [LinkSheet],
    /// What drives it.
    pub inputs: &'static [InputSheet],
    /// Numbers it keeps from step to step.
    pub states: usize,
    /// Numbers it keeps within a step.
    pub notes: usize,
    /// Makes one.
    pub build: Build,
}

/// A flow through a component.
#[derive(Clone, Copy, Debug)]
pub struct LinkSheet {
    /// Name, the prefix of its points `<name>_kg_s` and `<name>_out_k`.
    pub name: &'static str,
    /// Port it enters by; `None` from outside the plant.
    pub from: Option<usize>,
    /// Port it leaves by; `None` to outside the plant.
    pub to: Option<usize>,
}

/// An input of a component.
#[derive(Clone, Copy, Debug)]
pub struct InputSheet {
    /// Name with its unit.
    pub name: &'static str,
    /// Value when the plant file is silent; `None` when it has to say.
    pub default: Option<f64>,
    /// What it means.
    pub meaning: &'static str,
}

/// A parameter that is a choice or a curve.
#[derive(Clone, Copy, Debug)]
pub struct OptionSheet {
    /// Name.
    pub name: &'static str,
    /// The choices; empty for a curve.
    pub choices: &'static [&'static str],
    /// What it means.
    pub meaning: &'static str,
}

/// The places of one component in the arrays of the state.
#[derive(Clone, Debug)]
pub struct Seat {
    /// First parameter.
    pub parameter: usize,
    /// First state.
    pub state: usize,
    /// First point of its sheet.
    pub point: usize,
    /// First note.
    pub note: usize,
    /// Points its inputs read, in the order of its kind.
    pub inputs: Vec<usize>,
    /// Its flows, in the order of its kind.
    pub links: Vec<LinkSeat>,
    /// Its ports, in the order of its kind.
    pub ports: Vec<PortSeat>,
    /// What flows through it.
    pub liquid: Liquid,
}

/// The places of a flow.
#[derive(Clone, Copy, Debug)]
pub struct LinkSeat {
    /// Point of the mass flow, kg/s, positive from its first port to its second.
    pub flow: usize,
    /// Point of the temperature it arrives with, K, at whichever end it enters.
    pub inlet: usize,
    /// Point of the temperature it leaves with, K.
    pub outlet: usize,
    /// Point of its density, kg/m³, at the temperature it arrived with in the step before.
    pub density: usize,
}

/// The places of a port.
#[derive(Clone, Copy, Debug)]
pub struct PortSeat {
    /// Node it belongs to.
    pub node: usize,
    /// Point of the pressure there, Pa absolute.
    pub pressure: usize,
    /// Point of the temperature there, K.
    pub temp: usize,
    /// Height of the place it belongs to, m above grade.
    pub elevation_m: f64,
}

/// Everything a component may read and write during a step.
pub struct Bench<'a> {
    /// Parameters.
    pub p: &'a [f64],
    /// States.
    pub x: &'a mut [f64],
    /// Points.
    pub y: &'a mut [f64],
    /// Notes of this step.
    pub n: &'a mut [f64],
    /// What came from outside and went there in this step.
    pub balance: &'a mut Balance,
    /// Length of the step, s.
    pub dt_secs: f64,
    /// Simulated time at the start of the step, s.
    pub time_secs: f64,
}

/// How a flow behaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// The pressure lost at this flow, and its derivative.
    Open(Drop),
    /// Nothing can flow.
    Shut,
    /// The flow is what the component says, kg/s, whatever the pressures are.
    Imposed(f64),
}

/// A pressure held at a port.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hold {
    /// Pressure at the port, Pa absolute.
    pub pressure_pa: f64,
    /// Rise of that pressure with what comes in, Pa/kg; 0 for a vessel that does not notice.
    pub stiffness_pa_kg: f64,
    /// Nothing is left to give: flow into the vessel only.
    pub dry: bool,
}

/// A component in its seat.
pub trait Component: Debug + Send + Sync {
    /// Where it sits.
    fn seat(&self) -> &Seat;

    /// Moves what moves by itself: actuators, drives, wear.
    fn act(&self, _bench: &mut Bench) {}

    /// Holds the pressure at a port. Called for the ports its kind lists as held.
    fn hold(&self, _bench: &mut Bench, _port: usize) -> Hold {
        Hold { pressure_pa: 101_325.0, stiffness_pa_kg: 0.0, dry: false }
    }

    /// Takes notes for the laws of this step: density, coefficients.
    fn prepare(&self, _bench: &mut Bench) {}

    /// The law of one of its flows at `flow_kg_s`.
    fn law(&self, _bench: &Bench, _link: usize, _flow_kg_s: f64) -> Law {
        Law::Shut
    }

    /// Heats and cools what flows through it: writes the outlet temperature of each of its flows.
    fn carry(&self, bench: &mut Bench) {
        for link in &self.seat().links {
            bench.y[link.outlet] = bench.y[link.inlet];
        }
    }

    /// Takes in what came through its held ports: `mass_kg_s` and `energy_w` net, both positive inward.
    fn store(&self, _bench: &mut Bench, _mass_kg_s: f64, _energy_w: f64) {}

    /// Everything that goes on beside the flows: bearings, motors, gas, counters. Runs last.
    fn report(&self, _bench: &mut Bench) {}

    /// Mass in kg and energy in J it holds, the energy from the liquid's own zero.
    fn inventory(&self, _bench: &Bench) -> (f64, f64) {
        (0.0, 0.0)
    }

    /// First values of its states and points.
    fn start(&self, _bench: &mut Bench) {}
}

impl Seat {
    /// Parameter number `index`.
    pub fn p(&self, bench: &Bench, index: usize) -> f64 {
        bench.p[self.parameter + index]
    }

    /// State number `index`.
    pub fn x(&self, bench: &Bench, index: usize) -> f64 {
        bench.x[self.state + index]
    }

    /// Sets state number `index`.
    pub fn set_x(&self, bench: &mut Bench, index: usize, value: f64) {
        bench.x[self.state + index] = value;
    }

    /// Point number `index` of its sheet.
    pub fn y(&self, bench: &Bench, index: usize) -> f64 {
        bench.y[self.point + index]
    }

    /// Sets point number `index` of its sheet.
    pub fn set_y(&self, bench: &mut Bench, index: usize, value: f64) {
        bench.y[self.point + index] = value;
    }

    /// Note number `index`.
    pub fn n(&self, bench: &Bench, index: usize) -> f64 {
        bench.n[self.note + index]
    }

    /// Takes note number `index`.
    pub fn set_n(&self, bench: &mut Bench, index: usize, value: f64) {
        bench.n[self.note + index] = value;
    }

    /// Input number `index`.
    pub fn input(&self, bench: &Bench, index: usize) -> f64 {
        bench.y[self.inputs[index]]
    }

    /// Mass flow of link number `index`, kg/s.
    pub fn flow_kg_s(&self, bench: &Bench, index: usize) -> f64 {
        bench.y[self.links[index].flow]
    }

    /// Temperature at a port, K.
    pub fn temp_k(&self, bench: &Bench, port: usize) -> f64 {
        bench.y[self.ports[port].temp]
    }

    /// Pressure at a port, Pa absolute.
    pub fn pressure_pa(&self, bench: &Bench, port: usize) -> f64 {
        bench.y[self.ports[port].pressure]
    }
}
