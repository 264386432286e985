//! The FMU's library: the only place that calls foreign code.
//!
//! Where the two standards differ only in a name, one function type serves both. What the library does with the memory it
//! is given cannot be checked; that is why all of this runs in a process of its own.
#![expect(unsafe_code, reason = "calling a library of C functions is the purpose of this module")]

mod abi;

use std::ffi::{CString, c_int, c_void};
use std::ptr::{null, null_mut};

use libloading::Library;

use super::buffer::Buffer;
use crate::description::{FmiVersion, Kind, Value};
use crate::wire::Port;
pub use abi::take_log;
use abi::{
    Access2, Access3, BooleanStatus, CALLBACKS, CO_SIMULATION, DISCARD, Free, Initialise3, Instance, Instantiate2, Instantiate3,
    LAST_SUCCESSFUL_TIME, Log3, OK, PutState, ReadState, RealStatus, Setup2, Simple, State, StateSize, Step2, Step3, TERMINATED, TakeState,
    WARNING, WriteState, log_of_three,
};

/// What went wrong.
#[derive(Debug)]
pub enum Failure {
    /// The library cannot be used.
    Load(String),
    /// A function reported failure.
    Status {
        /// Its name.
        function: String,
        /// What it answered.
        status: i32,
    },
    /// The FMU ended the simulation, at this time.
    Ended(f64),
}

impl Failure {
    /// Whether the instance cannot go on: everything but a step that may be tried again shorter.
    pub fn is_fatal(&self) -> bool {
        !matches!(self, Self::Status { status: DISCARD, .. })
    }
}

/// Everything an instance needs before its first step.
#[derive(Debug)]
pub struct Setup {
    /// What it is called in its messages.
    pub name: String,
    /// `guid` or `instantiationToken`.
    pub token: String,
    /// Address (FMI 2.0) or path (FMI 3.0) of the resources.
    pub resources: String,
    /// Whether it shall log more than errors.
    pub is_logging: bool,
    /// Relative tolerance of its solver.
    pub tolerance: Option<f64>,
    /// First instant, s.
    pub start: f64,
    /// Last instant, s.
    pub stop: Option<f64>,
    /// Values to set before initialisation.
    pub start_values: Vec<(Port, Value)>,
    /// What is set at every step.
    pub inputs: Vec<Port>,
    /// What is read after every step.
    pub outputs: Vec<Port>,
    /// Values of the inputs during initialisation; none, or one for each.
    pub first_inputs: Vec<f64>,
}

/// A getter or setter.
#[derive(Clone, Copy)]
enum Access {
    Two(Access2),
    Three(Access3),
}

/// All inputs or outputs of one type, moved with one call.
struct Group {
    kind: Kind,
    name: String,
    access: Access,
    references: Vec<u32>,
    places: Vec<usize>,
    buffer: Buffer,
}

/// Functions on saved states; not every FMU has them.
#[derive(Clone, Copy)]
struct States {
    take: TakeState,
    put: PutState,
    free: TakeState,
}

enum Step {
    Two(Step2),
    Three(Step3),
}

/// A loaded library and its one instance.
pub struct Slave {
    version: FmiVersion,
    library: Library,
    instance: Instance,
    step: Step,
    inputs: Vec<Group>,
    outputs: Vec<Group>,
    input_count: usize,
    output_count: usize,
    states: Vec<Option<State>>,
}

impl Slave {
    /// Loads the library.
    pub fn load(version: FmiVersion, path: &str) -> Result<Self, Failure> {
        // SAFETY: the library's initialisers are foreign code; the user has allowed exactly this file.
        let library = unsafe { Library::new(path) }.map_err(|error| Failure::Load(error.to_string()))?;
        let step = match version {
            FmiVersion::Two => Step::Two(function(&library, "fmi2DoStep")?),
            FmiVersion::Three => Step::Three(function(&library, "fmi3DoStep")?),
        };
        let (inputs, outputs) = (Vec::new(), Vec::new());
        Ok(Self { version, library, instance: null_mut(), step, inputs, outputs, input_count: 0, output_count: 0, states: Vec::new() })
    }

    /// How many inputs every step takes.
    pub fn input_count(&self) -> usize {
        self.input_count
    }

    /// How many outputs every step gives.
    pub fn output_count(&self) -> usize {
        self.output_count
    }

    /// Makes the instance and brings it to its first instant.
    pub fn start(&mut self, setup: Setup) -> Result<(), Failure> {
        self.instance = match self.version {
            FmiVersion::Two => self.instantiate_two(&setup)?,
            FmiVersion::Three => self.instantiate_three(&setup)?,
        };
        if self.instance.is_null() {
            return Err(Failure::Status { function: self.named("Instantiate"), status: 3 });
        }
        self.initialise(setup)
    }

    /// Brings the instance back to where it was made, then to its first instant.
    pub fn reset(&mut self, setup: Setup) -> Result<(), Failure> {
        self.simple("Reset")?;
        self.initialise(setup)
    }

    fn instantiate_two(&self, setup: &Setup) -> Result<Instance, Failure> {
        let instantiate: Instantiate2 = function(&self.library, "fmi2Instantiate")?;
        let (name, token, resources) = (text(&setup.name)?, text(&setup.token)?, text(&setup.resources)?);
        let logging = c_int::from(setup.is_logging);
        // SAFETY: the texts and the callbacks outlive the call, the callbacks also the instance, as the standard asks.
        Ok(unsafe { instantiate(name.as_ptr(), CO_SIMULATION, token.as_ptr(), resources.as_ptr(), &raw const CALLBACKS, 0, logging) })
    }

    fn instantiate_three(&self, setup: &Setup) -> Result<Instance, Failure> {
        let instantiate: Instantiate3 = function(&self.library, "fmi3InstantiateCoSimulation")?;
        let (name, token, resources) = (text(&setup.name)?, text(&setup.token)?, text(&setup.resources)?);
        let (name, token, resources) = (name.as_ptr(), token.as_ptr(), resources.as_ptr());
        let (is_visible, has_events, returns_early) = (false, false, false);
        let log = Some(log_of_three as Log3);
        // SAFETY: the texts outlive the call; no intermediate variables and no intermediate update are asked for.
        Ok(unsafe {
            instantiate(name, token, resources, is_visible, setup.is_logging, has_events, returns_early, null(), 0, null_mut(), log, null())
        })
    }

    fn initialise(&mut self, setup: Setup) -> Result<(), Failure> {
        (self.input_count, self.output_count) = (setup.inputs.len(), setup.outputs.len());
        self.inputs = self.groups("Set", &setup.inputs)?;
        self.outputs = self.groups("Get", &setup.outputs)?;
        let (has_tolerance, tolerance) = (setup.tolerance.is_some(), setup.tolerance.unwrap_or_default());
        let (has_stop, stop) = (setup.stop.is_some(), setup.stop.unwrap_or_default());
        if self.version == FmiVersion::Two {
            let experiment: Setup2 = function(&self.library, "fmi2SetupExperiment")?;
            // SAFETY: a live instance and plain numbers.
            let status = unsafe { experiment(self.instance, has_tolerance.into(), tolerance, setup.start, has_stop.into(), stop) };
            check(status, || "fmi2SetupExperiment".into())?;
        }
        for (port, value) in &setup.start_values {
            self.set(*port, value)?;
        }
        if self.version == FmiVersion::Two {
            self.simple("EnterInitializationMode")?;
        } else {
            let enter: Initialise3 = function(&self.library, "fmi3EnterInitializationMode")?;
            // SAFETY: a live instance and plain numbers.
            let status = unsafe { enter(self.instance, has_tolerance, tolerance, setup.start, has_stop, stop) };
            check(status, || "fmi3EnterInitializationMode".into())?;
        }
        if !setup.first_inputs.is_empty() {
            self.set_inputs(&setup.first_inputs)?;
        }
        self.simple("ExitInitializationMode")
    }

    /// Sets all inputs.
    pub fn set_inputs(&mut self, values: &[f64]) -> Result<(), Failure> {
        for group in &mut self.inputs {
            group.buffer.load(&group.places, values);
            group.call(self.instance)?;
        }
        Ok(())
    }

    /// Reads all outputs.
    pub fn outputs(&mut self, values: &mut [f64]) -> Result<(), Failure> {
        for group in &mut self.outputs {
            group.call(self.instance)?;
            group.buffer.store(&group.places, values);
        }
        Ok(())
    }

    /// Computes one step.
    pub fn step(&mut self, time: f64, length: f64) -> Result<(), Failure> {
        let never_goes_back = self.states.iter().all(Option::is_none);
        match self.step {
            Step::Two(step) => {
                // SAFETY: a live instance and plain numbers.
                let status = unsafe { step(self.instance, time, length, never_goes_back.into()) };
                if status == DISCARD && self.has_terminated() {
                    return Err(Failure::Ended(self.last_successful_time().unwrap_or(time)));
                }
                check(status, || "fmi2DoStep".into())
            }
            Step::Three(step) => {
                let (mut event, mut ends, mut early, mut last) = (false, false, false, time + length);
                // SAFETY: a live instance, and places for the four results.
                let status = unsafe {
                    step(self.instance, time, length, never_goes_back, &raw mut event, &raw mut ends, &raw mut early, &raw mut last)
                };
                check(status, || "fmi3DoStep".into())?;
                if ends {
                    return Err(Failure::Ended(last));
                }
                // It had been told that it may not return early.
                if early { Err(Failure::Status { function: "fmi3DoStep".into(), status: DISCARD }) } else { Ok(()) }
            }
        }
    }

    /// Whether a discarded step means that the FMU has ended the simulation.
    fn has_terminated(&self) -> bool {
        let Ok(ask) = function::<BooleanStatus>(&self.library, "fmi2GetBooleanStatus") else { return false };
        let mut answer = 0;
        // SAFETY: a live instance and a place for the answer.
        let status = unsafe { ask(self.instance, TERMINATED, &raw mut answer) };
        status == OK && answer != 0
    }

    fn last_successful_time(&self) -> Option<f64> {
        let ask = function::<RealStatus>(&self.library, "fmi2GetRealStatus").ok()?;
        let mut answer = 0.0;
        // SAFETY: as above.
        let status = unsafe { ask(self.instance, LAST_SUCCESSFUL_TIME, &raw mut answer) };
        (status == OK).then_some(answer)
    }

    /// Sets one variable.
    pub fn set(&mut self, port: Port, value: &Value) -> Result<(), Failure> {
        match value {
            Value::Number(number) => {
                for mut group in self.groups("Set", &[port])? {
                    group.buffer.load(&[0], &[*number]);
                    group.call(self.instance)?;
                }
                Ok(())
            }
            Value::Text(value) => {
                let name = self.named("SetString");
                let value = text(value)?;
                let mut pointer = value.as_ptr();
                let access = self.access(&name)?;
                // SAFETY: one reference and one text, both alive during the call; the FMU copies the text.
                let status = unsafe { access.call(self.instance, &[port.reference], (&raw mut pointer).cast()) };
                check(status, || name)
            }
        }
    }

    /// Saves the state, under a number.
    pub fn save(&mut self) -> Result<usize, Failure> {
        let mut state = null_mut();
        // SAFETY: a live instance and a place for the state; null asks for a new one.
        let status = unsafe { (self.state_functions()?.take)(self.instance, &raw mut state) };
        check(status, || self.named_state("Get"))?;
        Ok(self.keep_state(state))
    }

    /// Restores a saved state.
    pub fn restore(&mut self, id: usize) -> Result<(), Failure> {
        let state = self.state(id)?;
        // SAFETY: a live instance and a state it made and has not freed.
        let status = unsafe { (self.state_functions()?.put)(self.instance, state) };
        check(status, || self.named_state("Set"))
    }

    /// Forgets a saved state.
    pub fn forget(&mut self, id: usize) -> Result<(), Failure> {
        let mut state = self.state(id)?;
        if let Some(place) = self.states.get_mut(id) {
            *place = None;
        }
        // SAFETY: a live instance and a state it made and has not freed; it cannot be reached any more.
        let status = unsafe { (self.state_functions()?.free)(self.instance, &raw mut state) };
        check(status, || self.named_state("Free"))
    }

    /// A saved state as bytes.
    pub fn serialise(&mut self, id: usize) -> Result<Vec<u8>, Failure> {
        let state = self.state(id)?;
        let (size_name, write_name) = match self.version {
            FmiVersion::Two => ("fmi2SerializedFMUstateSize", "fmi2SerializeFMUstate"),
            FmiVersion::Three => ("fmi3SerializedFMUStateSize", "fmi3SerializeFMUState"),
        };
        let size_of: StateSize = function(&self.library, size_name)?;
        let write: WriteState = function(&self.library, write_name)?;
        let mut size = 0;
        // SAFETY: a live instance, its own state, a place for the size.
        check(unsafe { size_of(self.instance, state, &raw mut size) }, || size_name.into())?;
        let mut bytes = Vec::new();
        if size > isize::MAX as usize || bytes.try_reserve_exact(size).is_err() {
            return Err(Failure::Status { function: size_name.into(), status: 3 });
        }
        bytes.resize(size, 0);
        // SAFETY: as above, and room for as many bytes as it has just said.
        check(unsafe { write(self.instance, state, bytes.as_mut_ptr(), size) }, || write_name.into())?;
        Ok(bytes)
    }

    /// A saved state from bytes, under a number.
    pub fn deserialise(&mut self, bytes: &[u8]) -> Result<usize, Failure> {
        let name = match self.version {
            FmiVersion::Two => "fmi2DeSerializeFMUstate",
            FmiVersion::Three => "fmi3DeserializeFMUState",
        };
        let read: ReadState = function(&self.library, name)?;
        let mut state = null_mut();
        // SAFETY: a live instance, bytes that are alive during the call, a place for the state.
        check(unsafe { read(self.instance, bytes.as_ptr(), bytes.len(), &raw mut state) }, || name.into())?;
        Ok(self.keep_state(state))
    }

    /// Ends the simulation and removes the instance.
    pub fn terminate(&mut self) -> Result<(), Failure> {
        let free: Free = function(&self.library, &self.named("FreeInstance"))?;
        self.simple("Terminate")?;
        for id in 0..self.states.len() {
            if self.states.get(id).is_some_and(Option::is_some) {
                self.forget(id)?;
            }
        }
        let instance = std::mem::replace(&mut self.instance, null_mut());
        // SAFETY: a live instance, which is not used afterwards.
        unsafe { free(instance) };
        Ok(())
    }

    fn keep_state(&mut self, state: State) -> usize {
        let free = self.states.iter().position(Option::is_none);
        match free.and_then(|id| Some((id, self.states.get_mut(id)?))) {
            Some((id, place)) => {
                *place = Some(state);
                id
            }
            None => {
                self.states.push(Some(state));
                self.states.len() - 1
            }
        }
    }

    fn state(&self, id: usize) -> Result<State, Failure> {
        let unknown = || Failure::Status { function: self.named_state("Set"), status: 3 };
        self.states.get(id).copied().flatten().ok_or_else(unknown)
    }

    fn state_functions(&self) -> Result<States, Failure> {
        Ok(States {
            take: function(&self.library, &self.named_state("Get"))?,
            put: function(&self.library, &self.named_state("Set"))?,
            free: function(&self.library, &self.named_state("Free"))?,
        })
    }

    fn simple(&self, name: &str) -> Result<(), Failure> {
        let name = self.named(name);
        let call: Simple = function(&self.library, &name)?;
        // SAFETY: a live instance.
        check(unsafe { call(self.instance) }, || name)
    }

    fn groups(&self, verb: &str, ports: &[Port]) -> Result<Vec<Group>, Failure> {
        let mut groups: Vec<Group> = Vec::new();
        for (place, port) in ports.iter().enumerate() {
            let known = groups.iter().position(|group| group.kind == port.kind);
            let group = match known.and_then(|at| groups.get_mut(at)) {
                Some(group) => group,
                None => {
                    groups.push(self.group(verb, port.kind)?);
                    let Some(last) = groups.last_mut() else { continue };
                    last
                }
            };
            group.references.push(port.reference);
            group.places.push(place);
        }
        for group in &mut groups {
            group.buffer.resize(group.places.len());
        }
        Ok(groups)
    }

    fn group(&self, verb: &str, kind: Kind) -> Result<Group, Failure> {
        let name = self.named(&format!("{verb}{}", type_name(self.version, kind)));
        let buffer = Buffer::of(self.version, kind).ok_or_else(|| Failure::Load(format!("{kind:?} is no number")))?;
        Ok(Group { kind, access: self.access(&name)?, name, references: Vec::new(), places: Vec::new(), buffer })
    }

    fn access(&self, name: &str) -> Result<Access, Failure> {
        Ok(match self.version {
            FmiVersion::Two => Access::Two(function(&self.library, name)?),
            FmiVersion::Three => Access::Three(function(&self.library, name)?),
        })
    }

    fn named(&self, name: &str) -> String {
        match self.version {
            FmiVersion::Two => format!("fmi2{name}"),
            FmiVersion::Three => format!("fmi3{name}"),
        }
    }

    fn named_state(&self, verb: &str) -> String {
        match self.version {
            FmiVersion::Two => format!("fmi2{verb}FMUstate"),
            FmiVersion::Three => format!("fmi3{verb}FMUState"),
        }
    }
}

impl Group {
    fn call(&mut self, instance: Instance) -> Result<(), Failure> {
        // SAFETY: a live instance, and a buffer of the type the function is for with a place for every reference.
        let status = unsafe { self.access.call(instance, &self.references, self.buffer.pointer()) };
        check(status, || self.name.clone())
    }
}

impl Access {
    /// `values` must point to as many values of the function's type as there are references.
    unsafe fn call(self, instance: Instance, references: &[u32], values: *mut c_void) -> c_int {
        let count = references.len();
        // SAFETY: what the caller vouches for.
        match self {
            Self::Two(call) => unsafe { call(instance, references.as_ptr(), count, values) },
            Self::Three(call) => unsafe { call(instance, references.as_ptr(), count, values, count) },
        }
    }
}

/// The function of this name. `F` must be its type.
fn function<F: Copy>(library: &Library, name: &str) -> Result<F, Failure> {
    // SAFETY: only called with the types above, which are those of the standard.
    let found = unsafe { library.get::<F>(name.as_bytes()) };
    found.map(|function| *function).map_err(|_| Failure::Load(format!("it has no function `{name}`")))
}

fn type_name(version: FmiVersion, kind: Kind) -> &'static str {
    match (version, kind) {
        (FmiVersion::Two, Kind::Float64) => "Real",
        (FmiVersion::Two, Kind::Int32) => "Integer",
        (_, Kind::Float64) => "Float64",
        (_, Kind::Float32) => "Float32",
        (_, Kind::Int8) => "Int8",
        (_, Kind::UInt8) => "UInt8",
        (_, Kind::Int16) => "Int16",
        (_, Kind::UInt16) => "UInt16",
        (_, Kind::Int32) => "Int32",
        (_, Kind::UInt32) => "UInt32",
        (_, Kind::Int64) => "Int64",
        (_, Kind::UInt64) => "UInt64",
        (_, Kind::Boolean) => "Boolean",
        (_, Kind::Text | Kind::Binary | Kind::Clock) => "String",
    }
}

fn text(text: &str) -> Result<CString, Failure> {
    CString::new(text).map_err(|_| Failure::Load(format!("`{}` holds a zero character", text.escape_debug())))
}

fn check(status: c_int, function: impl FnOnce() -> String) -> Result<(), Failure> {
    if status == OK || status == WARNING { Ok(()) } else { Err(Failure::Status { function: function(), status }) }
}
