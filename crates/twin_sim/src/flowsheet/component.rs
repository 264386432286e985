//! What every component answers to, and the places it reads and writes.

use core::fmt::Debug;

use super::balance::Balance;
use super::settings::Settings;
use crate::command::Refusal;
use crate::equipment::Drop;
use crate::fluid::Liquid;
use crate::sheet::Sheet;

/// Makes a component in its seat from what the plant file says; fails with what is wrong with a choice, a curve or a
/// formula.
pub type Build = fn(Seat, &Settings) -> Result<Box<dyn Component>, String>;

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
    /// What it takes from measurements while the plant follows a real one.
    pub follows: &'static [FollowSheet],
    /// Numbers it keeps from step to step.
    pub states: usize,
    /// Numbers it keeps within a step.
    pub notes: usize,
    /// Makes one.
    pub build: Build,
}

impl Kind {
    /// A kind without ports, flows, inputs and states, to start from with `..Kind::PLAIN`.
    pub const PLAIN: Self = Self {
        sheet: &Sheet { kind: "", title: "", summary: "", equations: &[], parameters: &[], points: &[], validity: "", sources: &[] },
        options: &[],
        ports: &[],
        held: &[],
        elastic: &[],
        links: &[],
        inputs: &[],
        follows: &[],
        states: 0,
        notes: 0,
        build: |_, _| Err("a kind has to say how it is built".to_owned()),
    };
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

/// A measurement that a component takes over while the plant follows a real one: the position of a valve, the state of
/// a drive. Without one it keeps what it has.
#[derive(Clone, Copy, Debug)]
pub struct FollowSheet {
    /// Name; the unit is that of the tag.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// A parameter that is a choice, a curve or a formula.
#[derive(Clone, Copy, Debug)]
pub struct OptionSheet {
    /// Name; one that ends in `*` stands for every name that starts like it.
    pub name: &'static str,
    /// The choices; empty for a curve or a formula.
    pub choices: &'static [&'static str],
    /// What it means.
    pub meaning: &'static str,
}

impl OptionSheet {
    /// Whether a name in the plant file means this option.
    pub fn is(&self, name: &str) -> bool {
        self.name.strip_suffix('*').map_or(self.name == name, |prefix| name.len() > prefix.len() && name.starts_with(prefix))
    }
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
    /// Tags it follows, by their number in the plant, in the order of its kind.
    pub follows: Vec<Option<usize>>,
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
    /// Point of the tracer it arrives with, at whichever end it enters.
    pub tracer_in: usize,
    /// Point of the tracer it leaves with.
    pub tracer_out: usize,
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
    /// Point of the tracer there, in any unit that mixes by mass: a mass fraction, a conductivity.
    pub tracer: usize,
    /// Height of the place it belongs to, m above grade.
    pub elevation_m: f64,
}

/// Everything a component may read and write during a step.
pub struct Bench<'a> {
    /// Parameters. A step only reads them, apart from what is seen of a real plant: an isolated drive stays isolated.
    pub p: &'a mut [f64],
    /// States.
    pub x: &'a mut [f64],
    /// Points.
    pub y: &'a mut [f64],
    /// Notes of this step.
    pub n: &'a mut [f64],
    /// What came from outside and went there in this step.
    pub balance: &'a mut Balance,
    /// Readings of the real plant by the number of their tag, in the units of the tags; not a number where there is none,
    /// empty when there is no real plant.
    pub readings: &'a [f64],
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

/// What came into a vessel through its ports, net.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Inflow {
    /// Mass, kg/s.
    pub mass_kg_s: f64,
    /// Energy from the liquid's own zero, W.
    pub energy_w: f64,
    /// Tracer: its unit times kg/s.
    pub tracer_kg_s: f64,
    /// What left through the ports, whatever came in meanwhile, kg/s.
    pub given_kg_s: f64,
}

/// A request of an operator to one component, in the units its faceplate shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Request {
    /// Mode of a loop.
    Mode(crate::command::Mode),
    /// Set point of a loop.
    Setpoint(f64),
    /// Output of a loop in manual, %.
    Output(f64),
    /// Start a drive, a sequence.
    Start,
    /// Stop it.
    Stop,
    /// Hold a sequence.
    Hold,
    /// Reset a trip, a latched interlock.
    Reset,
    /// Bypass an interlock, or end its bypass.
    Bypass(bool),
    /// Empty a pot by hand.
    Drain,
}

/// A component in its seat.
pub trait Component: Debug + Send + Sync {
    /// Where it sits.
    fn seat(&self) -> &Seat;

    /// Moves what moves by itself, or moves others: controllers, actuators, drives, wear. What an input reads of another
    /// component has been moved before, unless the two read each other.
    fn act(&self, _bench: &mut Bench) {}

    /// Takes the place of [`Self::act`] while the plant follows a real one: takes over what is measured and moves only what
    /// nobody measures. A controller does nothing but remember.
    fn follow(&self, bench: &mut Bench) {
        self.act(bench);
    }

    /// Carries out a request of an operator, or refuses it and leaves everything as it is.
    ///
    /// # Errors
    /// Says why the request is refused.
    fn request(&self, _bench: &mut Bench, _request: Request) -> Result<(), Refusal> {
        Err(Refusal::NotPermitted("it does not take this request".to_owned()))
    }

    /// Points it reads beside its inputs: those its formulas name.
    fn reads(&self) -> &[usize] {
        &[]
    }

    /// Values whose change of sign within a step is an event that is to be met: a level at the rim, a switch at its limit.
    /// Always the same number of values.
    fn watch(&self, _bench: &Bench, _events: &mut Vec<f64>) {}

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

    /// Heats, cools and changes what flows through it: writes the outlet temperature and, where it is not that of the inlet,
    /// the outlet tracer of each of its flows.
    fn carry(&self, bench: &mut Bench) {
        for link in &self.seat().links {
            bench.y[link.outlet] = bench.y[link.inlet];
        }
    }

    /// Takes in what came through its held ports, positive inward.
    fn store(&self, _bench: &mut Bench, _inflow: Inflow) {}

    /// Everything that goes on beside the flows: bearings, motors, gas, counters. Runs last.
    fn report(&self, _bench: &mut Bench) {}

    /// What it computes from others once the step is done. Called for the components that a tag shows.
    fn show(&self, _bench: &mut Bench) {}

    /// Mass in kg and energy in J it holds, the energy from the liquid's own zero.
    fn inventory(&self, _bench: &Bench) -> (f64, f64) {
        (0.0, 0.0)
    }

    /// First values of its states and points.
    fn start(&self, _bench: &mut Bench) {}

    /// First values of what it computes from others, once all have started.
    fn started(&self, _bench: &mut Bench) {}
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

    /// Reading of what it follows under number `index`, in the unit of the tag; `None` without one.
    pub fn reading(&self, bench: &Bench, index: usize) -> Option<f64> {
        let tag = self.follows.get(index).copied().flatten()?;
        bench.readings.get(tag).copied().filter(|reading| reading.is_finite())
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
