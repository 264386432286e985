//! A running instance of an FMU.

use std::time::{Duration, Instant};

use crate::child::{Host, Process, Silence};
use crate::description::{Value, VariableIndex};
use crate::fmu::Fmu;
use crate::ports::{input, output, port, resources, start_port, unknown};
use crate::problem::{FmuProblem, Status};
use crate::wire::{Ask, Fields, Frame, Port, reply};

/// Longest row of steps that is sent at once, in bytes: what a pipe takes without anybody waiting.
const ROW_BYTES: usize = 32 << 10;

/// How long the FMU may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// To load its library, to initialise, to end.
    pub start: Duration,
    /// For one step, and for everything else.
    pub step: Duration,
}

impl Default for Deadlines {
    /// 30 s and 5 s.
    fn default() -> Self {
        Self { start: Duration::from_secs(30), step: Duration::from_secs(5) }
    }
}

/// How an instance begins.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// What it is called in its own messages; the model's name when empty.
    pub name: String,
    /// Variables set at every step, in the order of the values given.
    pub inputs: Vec<VariableIndex>,
    /// Variables read after every step, in the order of the values got.
    pub outputs: Vec<VariableIndex>,
    /// Parameters and other start values to set before initialisation.
    pub start_values: Vec<(VariableIndex, Value)>,
    /// Values of the inputs during initialisation; empty leaves the FMU's own.
    pub first_inputs: Vec<f64>,
    /// First instant, s.
    pub start_secs: f64,
    /// Last instant, s, for an FMU that wants to know.
    pub stop_secs: Option<f64>,
    /// Relative tolerance of its own solver.
    pub tolerance: Option<f64>,
    /// Whether it shall log more than errors; only seen when something fails.
    pub is_logging: bool,
    /// How long it may take.
    pub deadlines: Deadlines,
}

/// A saved state, of the instance that saved it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateId(usize);

/// One step of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step<'a> {
    /// How long, s.
    pub secs: f64,
    /// Simulated time at its end, s: given apart, so that the times of many steps do not gather rounding errors.
    pub until: f64,
    /// Values of the inputs at its beginning.
    pub inputs: &'a [f64],
}

/// A running instance, in a process of its own. Dropping it ends the process.
#[derive(Debug)]
pub struct Instance {
    fmu: Fmu,
    host: Host,
    start: Start,
    process: Process,
    frame: Frame,
    time: f64,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    first_outputs: Vec<f64>,
    /// Time of each saved state.
    states: Vec<f64>,
    failed: Option<FmuProblem>,
}

impl Fmu {
    /// Starts the child process, makes an instance there and initialises it.
    ///
    /// # Errors
    /// Whatever goes wrong with that; nothing is left running.
    pub fn instantiate(&self, host: &Host, start: Start) -> Result<Instance, FmuProblem> {
        let mut instance = self.begin(host, start)?;
        instance.begun()?;
        Ok(instance)
    }

    /// The first half of it: starts the process and sends all requests, without waiting for a reply. Two processes that wait
    /// for each other cost more than what they do.
    pub(crate) fn begin(&self, host: &Host, start: Start) -> Result<Instance, FmuProblem> {
        let description = self.description();
        let inputs = start.inputs.iter().map(|at| input(description, *at)).collect::<Result<_, _>>()?;
        let outputs = start.outputs.iter().map(|at| output(description, *at)).collect::<Result<_, _>>()?;
        let process = Process::start(host, self.folder()).map_err(|error| FmuProblem::NotStarted(error.to_string()))?;
        let mut instance = Instance {
            fmu: self.clone(),
            host: host.clone(),
            time: start.start_secs,
            start,
            process,
            frame: Frame::default(),
            inputs,
            outputs,
            first_outputs: Vec::new(),
            states: Vec::new(),
            failed: None,
        };
        instance.load();
        instance.send(Ask::Load)?;
        instance.initialisation(Ask::Start)?;
        instance.send(Ask::Start)?;
        Ok(instance)
    }
}

impl Instance {
    /// Simulated time, s.
    pub fn time(&self) -> f64 {
        self.time
    }

    /// The FMU it is an instance of.
    pub fn fmu(&self) -> &Fmu {
        &self.fmu
    }

    /// Sets the inputs, computes a step of that many seconds, reads the outputs.
    ///
    /// # Errors
    /// [`FmuProblem::BadValue`] and [`FmuProblem::Misuse`] before the FMU is asked; then whatever it does wrong. After
    /// [`Status::Discard`] a saved state can be restored and a shorter step tried.
    pub fn step_with(&mut self, inputs: &[f64], secs: f64, outputs: &mut [f64]) -> Result<(), FmuProblem> {
        let count = outputs.len();
        if count != self.outputs.len() {
            return Err(FmuProblem::Misuse(format!("{count} places for {} outputs", self.outputs.len())));
        }
        self.row(&[Step { secs, until: self.time + secs, inputs }], |_, values| outputs.copy_from_slice(values))?;
        Ok(())
    }

    /// Computes a row of steps without waiting for the one before the next is sent: much faster where all inputs are known.
    /// Calls `done` after each step with the time reached and the outputs.
    ///
    /// # Errors
    /// As [`Self::step_with`]; `done` has been called for all steps whose results had arrived.
    pub fn steps(&mut self, steps: &[Step], mut done: impl FnMut(f64, &[f64])) -> Result<(), FmuProblem> {
        for row in steps.chunks(self.longest_row()) {
            self.row(row, &mut done)?;
        }
        Ok(())
    }

    fn row(&mut self, steps: &[Step], done: impl FnMut(f64, &[f64])) -> Result<(), FmuProblem> {
        self.send_row(steps, self.time)?;
        self.receive_row(steps, done)
    }

    /// How many steps a row may have.
    pub(crate) fn longest_row(&self) -> usize {
        (ROW_BYTES / (8 * (2 + self.inputs.len()))).max(1)
    }

    /// Sends a row of steps that begins at this time. No more than two may be on their way: a pipe takes that much.
    pub(crate) fn send_row(&mut self, steps: &[Step], from: f64) -> Result<(), FmuProblem> {
        self.is_alive()?;
        self.frame.begin(Ask::Steps as u8).count(steps.len());
        let mut time = from;
        for step in steps {
            self.check_step(step)?;
            self.frame.number(time).number(step.secs).numbers(step.inputs);
            time = step.until;
        }
        self.send(Ask::Steps)
    }

    /// Waits for the results of a row.
    pub(crate) fn receive_row(&mut self, steps: &[Step], mut done: impl FnMut(f64, &[f64])) -> Result<(), FmuProblem> {
        let width = self.outputs.len();
        let mut values = vec![0.0; width];
        let mut left = steps;
        let mut problem = None;
        while !left.is_empty() {
            let place = self.receive(Ask::Steps)?;
            let mut fields = Fields(self.process.frame(place.clone()));
            fields.byte();
            let group = fields.count().filter(|count| (1..=left.len()).contains(count));
            let Some((group, rest)) = group.and_then(|count| left.split_at_checked(count)) else {
                return Err(self.nonsense("a wrong number of steps"));
            };
            left = rest;
            let mut offset = place.start + 5;
            for step in group {
                let bytes = self.process.frame(offset..place.end);
                if Fields(bytes).numbers(&mut values).is_none() {
                    return Err(self.nonsense("too few outputs"));
                }
                offset += 8 * width;
                self.time = step.until;
                // All replies are read, also after a problem, so that the next one belongs to the next request.
                match (&problem, self.check_outputs(&values)) {
                    (None, Ok(())) => done(self.time, &values),
                    (None, Err(found)) => problem = Some(found),
                    _ => {}
                }
            }
        }
        problem.map_or(Ok(()), Err)
    }

    fn check_step(&self, step: &Step) -> Result<(), FmuProblem> {
        if !(step.secs.is_finite() && step.secs > 0.0 && step.until.is_finite()) {
            return Err(FmuProblem::Misuse(format!("a step of {} s is not possible: it must be longer than nothing", step.secs)));
        }
        if step.inputs.len() != self.inputs.len() {
            return Err(FmuProblem::Misuse(format!("{} values for {} inputs", step.inputs.len(), self.inputs.len())));
        }
        for ((value, port), at) in step.inputs.iter().zip(&self.inputs).zip(&self.start.inputs) {
            port.kind.accepts(*value).map_err(|reason| self.bad_value(*at, value.to_string(), reason))?;
        }
        Ok(())
    }

    fn check_outputs(&self, values: &[f64]) -> Result<(), FmuProblem> {
        match values.iter().zip(&self.start.outputs).find(|(value, _)| !value.is_finite()) {
            Some((value, at)) => Err(FmuProblem::NotFinite { variable: self.name_of(*at), value: *value }),
            None => Ok(()),
        }
    }

    /// Reads the outputs as they are now.
    ///
    /// # Errors
    /// As [`Self::step_with`].
    pub fn read(&mut self, outputs: &mut [f64]) -> Result<(), FmuProblem> {
        if outputs.len() != self.outputs.len() {
            return Err(FmuProblem::Misuse(format!("{} places for {} outputs", outputs.len(), self.outputs.len())));
        }
        self.is_alive()?;
        self.frame.begin(Ask::Outputs as u8);
        let done = self.ask(Ask::Outputs, |fields| fields.numbers(outputs));
        done.and_then(|()| self.check_outputs(outputs))
    }

    /// Sets a tunable parameter, or an input that is not among those set at every step.
    ///
    /// # Errors
    /// [`FmuProblem::BadValue`] when the variable cannot be set now, or not to this value.
    pub fn set(&mut self, at: VariableIndex, value: f64) -> Result<(), FmuProblem> {
        self.is_alive()?;
        let variable = self.fmu.description().variable(at).ok_or_else(|| unknown(at))?;
        if !variable.is_settable_while_running() {
            let reason = "it is neither an input nor a tunable parameter".to_owned();
            return Err(self.bad_value(at, value.to_string(), reason));
        }
        let port = port(variable);
        port.kind.accepts(value).map_err(|reason| self.bad_value(at, value.to_string(), reason))?;
        self.frame.begin(Ask::Set as u8).port(port).value(&Value::Number(value));
        self.ask(Ask::Set, |_| Some(()))
    }

    /// Saves the state.
    ///
    /// # Errors
    /// [`FmuProblem::NoState`] when the FMU does not offer it.
    pub fn save(&mut self) -> Result<StateId, FmuProblem> {
        self.offers_state()?;
        self.frame.begin(Ask::Save as u8);
        let id = self.ask(Ask::Save, |fields| fields.count())?;
        self.remember(id, self.time)
    }

    /// Goes back to a saved state, and to its time. The state stays saved.
    ///
    /// # Errors
    /// [`FmuProblem::Misuse`] when there is no such state any more.
    pub fn restore(&mut self, state: StateId) -> Result<(), FmuProblem> {
        let time = self.time_of(state)?;
        self.frame.begin(Ask::Restore as u8).count(state.0);
        self.ask(Ask::Restore, |_| Some(()))?;
        self.time = time;
        Ok(())
    }

    /// Forgets a saved state.
    ///
    /// # Errors
    /// [`FmuProblem::Misuse`] when there is no such state any more.
    pub fn forget(&mut self, state: StateId) -> Result<(), FmuProblem> {
        self.time_of(state)?;
        self.frame.begin(Ask::Forget as u8).count(state.0);
        self.ask(Ask::Forget, |_| Some(()))?;
        if let Some(time) = self.states.get_mut(state.0) {
            *time = f64::NAN;
        }
        Ok(())
    }

    /// A saved state as bytes that another instance of the same FMU can go on from: the time, then the FMU's own.
    ///
    /// # Errors
    /// [`FmuProblem::NoState`] when the FMU does not offer it.
    pub fn serialise(&mut self, state: StateId) -> Result<Vec<u8>, FmuProblem> {
        self.offers_bytes()?;
        let time = self.time_of(state)?;
        self.frame.begin(Ask::Serialise as u8).count(state.0);
        let own = self.ask(Ask::Serialise, |fields| fields.bytes().map(<[u8]>::to_vec))?;
        Ok([&time.to_le_bytes()[..], &own].concat())
    }

    /// Takes in what [`Self::serialise`] gave, as a saved state.
    ///
    /// # Errors
    /// [`FmuProblem::NoState`] when the FMU does not offer it, [`FmuProblem::Misuse`] when the bytes are no state.
    pub fn deserialise(&mut self, bytes: &[u8]) -> Result<StateId, FmuProblem> {
        self.offers_bytes()?;
        let time = bytes.split_first_chunk().map(|(time, own)| (f64::from_le_bytes(*time), own));
        let Some((time, own)) = time.filter(|(time, _)| time.is_finite()) else {
            return Err(FmuProblem::Misuse("these bytes are no saved state".into()));
        };
        self.frame.begin(Ask::Deserialise as u8).bytes(own);
        let id = self.ask(Ask::Deserialise, |fields| fields.count())?;
        self.remember(id, time)
    }

    /// Another instance, in another process, that goes on from the same state. Costs a process start.
    ///
    /// # Errors
    /// [`FmuProblem::NoState`] when the FMU offers no serialised states.
    pub fn fork(&mut self) -> Result<Self, FmuProblem> {
        let state = self.save()?;
        let bytes = self.serialise(state);
        self.forget(state)?;
        let mut twin = self.fmu.instantiate(&self.host, self.start.clone())?;
        let state = twin.deserialise(&bytes?)?;
        twin.restore(state)?;
        twin.forget(state)?;
        Ok(twin)
    }

    /// Begins again at the first instant. Saved states are forgotten.
    ///
    /// # Errors
    /// Whatever goes wrong with that.
    pub fn reset(&mut self) -> Result<(), FmuProblem> {
        let saved = (0..self.states.len()).map(StateId).filter(|state| self.time_of(*state).is_ok());
        for state in saved.collect::<Vec<_>>() {
            self.forget(state)?;
        }
        self.initialisation(Ask::Reset)?;
        self.send(Ask::Reset)?;
        self.begin(Ask::Reset)
    }

    /// Ends the simulation in the orderly way. Without it, the process is just ended.
    ///
    /// # Errors
    /// Whatever goes wrong with that; the process has ended in any case.
    pub fn terminate(mut self) -> Result<(), FmuProblem> {
        self.send_end()?;
        self.receive_end()
    }

    /// Sends the request to end.
    pub(crate) fn send_end(&mut self) -> Result<(), FmuProblem> {
        self.is_alive()?;
        self.frame.begin(Ask::Terminate as u8);
        self.send(Ask::Terminate)
    }

    /// Waits until it has ended.
    pub(crate) fn receive_end(&mut self) -> Result<(), FmuProblem> {
        self.result(Ask::Terminate, |_| Some(()))
    }

    /// The outputs at the first instant, before any step; also after a reset.
    pub fn first_outputs(&self) -> &[f64] {
        &self.first_outputs
    }

    /// The second half of a start: waits for the replies.
    pub(crate) fn begun(&mut self) -> Result<(), FmuProblem> {
        self.result(Ask::Load, |_| Some(()))?;
        self.begin(Ask::Start)
    }

    /// Writes the request to load the library.
    fn load(&mut self) {
        let path = self.fmu.library().to_string_lossy().into_owned();
        let version = self.fmu.description().version as u8 + 2;
        self.frame.begin(Ask::Load as u8).byte(version).bytes(path.as_bytes());
    }

    /// Reads the reply to a start or a reset.
    fn begin(&mut self, ask: Ask) -> Result<(), FmuProblem> {
        let mut first = vec![0.0; self.outputs.len()];
        self.result(ask, |fields| fields.numbers(&mut first))?;
        self.first_outputs = first;
        self.time = self.start.start_secs;
        Ok(())
    }

    /// Writes the request with everything that comes before the first step.
    fn initialisation(&mut self, ask: Ask) -> Result<(), FmuProblem> {
        let (description, start) = (self.fmu.description(), &self.start);
        let name = if start.name.is_empty() { &description.model_name } else { &start.name };
        let resources = resources(self.fmu.folder(), description.version);
        self.frame.begin(ask as u8).bytes(name.as_bytes()).bytes(description.token.as_bytes()).bytes(resources.as_bytes());
        self.frame.byte(start.is_logging.into()).maybe(start.tolerance).number(start.start_secs).maybe(start.stop_secs);
        self.frame.count(start.start_values.len());
        for (at, value) in &start.start_values {
            self.frame.port(start_port(description, *at, value)?).value(value);
        }
        for ports in [&self.inputs, &self.outputs] {
            self.frame.count(ports.len());
            for port in ports {
                self.frame.port(*port);
            }
        }
        if !start.first_inputs.is_empty() {
            self.check_step(&Step { secs: 1.0, until: 1.0, inputs: &start.first_inputs })?;
        }
        self.frame.count(start.first_inputs.len()).numbers(&start.first_inputs);
        Ok(())
    }

    /// Sends the frame, and reads the result out of the reply.
    fn ask<T>(&mut self, ask: Ask, result: impl FnOnce(&mut Fields) -> Option<T>) -> Result<T, FmuProblem> {
        self.is_alive()?;
        self.send(ask)?;
        self.result(ask, result)
    }

    /// Reads the result out of the next reply.
    fn result<T>(&mut self, ask: Ask, result: impl FnOnce(&mut Fields) -> Option<T>) -> Result<T, FmuProblem> {
        let place = self.receive(ask)?;
        let mut fields = Fields(self.process.frame(place));
        fields.byte();
        match result(&mut fields) {
            Some(result) => Ok(result),
            None => Err(self.nonsense("a reply that is too short")),
        }
    }

    fn send(&mut self, ask: Ask) -> Result<(), FmuProblem> {
        let allowed = self.allowed(ask);
        match self.process.send(self.frame.finish(), Instant::now() + allowed) {
            Ok(()) => Ok(()),
            Err(silence) => Err(self.silent(ask, silence)),
        }
    }

    /// Waits for a good reply.
    fn receive(&mut self, ask: Ask) -> Result<std::ops::Range<usize>, FmuProblem> {
        let allowed = self.allowed(ask);
        let place = match self.process.receive(Instant::now() + allowed) {
            Ok(place) => place,
            Err(silence) => return Err(self.silent(ask, silence)),
        };
        match refusal(Fields(self.process.frame(place.clone()))) {
            None => Ok(place),
            // Only a discarded step leaves something to go on with.
            Some(problem @ FmuProblem::Status { status: Status::Discard, .. }) => Err(problem),
            Some(problem) => Err(self.fail(problem)),
        }
    }

    fn allowed(&self, ask: Ask) -> Duration {
        let deadlines = &self.start.deadlines;
        if matches!(ask, Ask::Load | Ask::Start | Ask::Reset | Ask::Terminate) { deadlines.start } else { deadlines.step }
    }

    fn silent(&mut self, ask: Ask, silence: Silence) -> FmuProblem {
        let during = ask.name();
        let problem = match silence {
            Silence::Ended { how, said } => FmuProblem::Crashed { during, how, said },
            Silence::Late => FmuProblem::Hung { during, deadline: self.allowed(ask) },
            Silence::Nonsense(what) => FmuProblem::Garbage(what),
        };
        self.fail(problem)
    }

    fn nonsense(&mut self, what: &str) -> FmuProblem {
        self.fail(FmuProblem::Garbage(what.to_owned()))
    }

    /// The end of this instance.
    fn fail(&mut self, problem: FmuProblem) -> FmuProblem {
        self.process.end();
        self.failed = Some(problem.clone());
        problem
    }

    fn is_alive(&self) -> Result<(), FmuProblem> {
        self.failed.as_ref().map_or(Ok(()), |problem| Err(FmuProblem::Gone(Box::new(problem.clone()))))
    }

    fn offers_state(&self) -> Result<(), FmuProblem> {
        if self.fmu.description().capabilities.state { Ok(()) } else { Err(FmuProblem::NoState("saving of its state")) }
    }

    fn offers_bytes(&self) -> Result<(), FmuProblem> {
        self.offers_state()?;
        let offers = self.fmu.description().capabilities.serialises_state;
        if offers { Ok(()) } else { Err(FmuProblem::NoState("serialised states, so it cannot be continued in another process")) }
    }

    fn remember(&mut self, id: usize, time: f64) -> Result<StateId, FmuProblem> {
        // The child reuses freed numbers and otherwise counts on.
        if id > self.states.len() {
            return Err(self.nonsense("a state with a wrong number"));
        }
        if id == self.states.len() {
            self.states.push(time);
        } else if let Some(place) = self.states.get_mut(id) {
            *place = time;
        }
        Ok(StateId(id))
    }

    fn time_of(&self, state: StateId) -> Result<f64, FmuProblem> {
        let time = self.states.get(state.0).copied().filter(|time| !time.is_nan());
        time.ok_or_else(|| FmuProblem::Misuse("there is no such saved state".into()))
    }

    fn bad_value(&self, at: VariableIndex, value: String, reason: String) -> FmuProblem {
        FmuProblem::BadValue { variable: self.name_of(at), value, reason }
    }

    fn name_of(&self, at: VariableIndex) -> String {
        self.fmu.description().variable(at).map(|variable| variable.name.clone()).unwrap_or_default()
    }
}

/// What a reply complains about; nothing when it is a good one.
fn refusal(mut fields: Fields) -> Option<FmuProblem> {
    let garbage = || FmuProblem::Garbage("an unreadable reply".into());
    let code = fields.byte();
    if code == Some(reply::DONE) {
        return None;
    }
    let read = match code {
        Some(reply::STATUS) => (|| {
            let function = fields.text()?.to_owned();
            let status = status(fields.number()?);
            Some(FmuProblem::Status { function, status, log: fields.text()?.to_owned() })
        })(),
        Some(reply::LOAD) => fields.text().map(|why| FmuProblem::Load(why.to_owned())),
        Some(reply::ENDED) => fields.number().map(|time| FmuProblem::Ended { time }),
        Some(reply::CONFUSED) => Some(FmuProblem::Garbage("it did not understand the request".into())),
        _ => None,
    };
    Some(read.unwrap_or_else(garbage))
}

fn status(number: f64) -> Status {
    match number as i32 {
        2 => Status::Discard,
        3 => Status::Error,
        4 => Status::Fatal,
        5 => Status::Pending,
        other => Status::Unknown(other),
    }
}
