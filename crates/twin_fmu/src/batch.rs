//! A whole run of an FMU on its own: inputs from a table, outputs into one.

use std::time::Instant;

use crate::child::Host;
use crate::description::{Causality, Description, Value, VariableIndex};
use crate::fmu::Fmu;
use crate::instance::{Deadlines, Instance, Start, Step};
use crate::problem::{FmuError, FmuProblem};
use crate::table::Table;

/// Most values a result may hold.
const MOST_VALUES: f64 = 1e8;
/// Steps prepared at once.
const ROW: usize = 512;
/// Two times closer than this part of a step are the same.
const SAME: f64 = 1e-6;

/// What to run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchRun {
    /// First instant, s.
    pub start_secs: f64,
    /// Last instant, s.
    pub stop_secs: f64,
    /// Time between two communication points, s.
    pub step_secs: f64,
    /// What to write down; all outputs when empty.
    pub outputs: Vec<VariableIndex>,
    /// Start values by name.
    pub start_values: Vec<(String, Value)>,
    /// Relative tolerance of the FMU's own solver.
    pub tolerance: Option<f64>,
    /// How long the FMU may take.
    pub deadlines: Deadlines,
}

impl BatchRun {
    /// The run the FMU's author proposes, where there is a proposal: else from 0 s to 1 s, in 500 steps.
    pub fn proposed(description: &Description) -> Self {
        let proposed = &description.default_experiment;
        let start = proposed.start.unwrap_or_default();
        let stop = proposed.stop.unwrap_or(start + 1.0);
        let step = proposed.step.unwrap_or((stop - start) / 500.0);
        Self { start_secs: start, stop_secs: stop, step_secs: step, tolerance: proposed.tolerance, ..Self::default() }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchResult {
    /// The outputs at the beginning and at every communication point.
    pub table: Table,
    /// Why it ended before its time; the table then holds what had been computed.
    pub problem: Option<FmuProblem>,
    /// Worth knowing: input columns the FMU has no variable for, inputs without a column, a last step left out.
    pub notes: Vec<String>,
    /// What it took.
    pub statistics: Statistics,
}

/// What a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Steps computed.
    pub steps: usize,
    /// Starting the process and initialising, s.
    pub start_secs: f64,
    /// All steps together, s.
    pub step_secs: f64,
}

/// Why nothing was run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BatchError {
    /// The times make no run.
    #[error("{0}")]
    Times(String),
    /// A start value for a variable that is not there.
    #[error(transparent)]
    Variable(#[from] FmuError),
    /// It did not come to the first step.
    #[error(transparent)]
    Start(#[from] FmuProblem),
}

/// Runs the FMU from start to stop.
///
/// Floats are interpolated between the table's rows, other inputs held; a jump in the table ends a step early where the FMU
/// takes steps of any length. A problem on the way ends the run but keeps its results.
///
/// # Errors
/// When it does not come to the first step.
pub fn simulate(fmu: &Fmu, host: &Host, inputs: Option<&Table>, run: &BatchRun) -> Result<BatchResult, BatchError> {
    let description = fmu.description();
    let outputs = if run.outputs.is_empty() { description.signals(Causality::Output) } else { run.outputs.clone() };
    let mut notes = Vec::new();
    if description.capabilities.needs_tool {
        notes.push("the FMU is only a wrapper: the tool that made it must be installed".to_owned());
    }
    let mut schedule = Schedule::new(description, inputs, run, outputs.len(), &mut notes)?;
    let named = |at: &VariableIndex| description.variable(*at).map(|variable| variable.name.clone()).unwrap_or_default();
    let mut table = Table { names: outputs.iter().map(named).collect(), ..Table::default() };
    let begun = Instant::now();
    let mut instance = fmu.begin(host, start(description, run, &mut schedule, outputs)?)?;
    let mut row = schedule.row(instance.longest_row());
    row.send(&mut instance)?;
    instance.begun()?;
    let start_secs = begun.elapsed().as_secs_f64();
    table.push(run.start_secs, instance.first_outputs());
    let begun = Instant::now();
    let mut steps = 0;
    let problem = loop {
        // The next row is on its way while this one is computed, and the end while the last one is.
        let next = schedule.row(instance.longest_row());
        let outcome = next.send(&mut instance).and_then(|()| row.receive(&mut instance, &mut table, &mut steps));
        if outcome.is_err() {
            break outcome.err();
        }
        if next.steps.is_empty() {
            break instance.receive_end().err();
        }
        row = next;
    };
    let step_secs = begun.elapsed().as_secs_f64();
    notes.extend(schedule.note());
    Ok(BatchResult { table, problem, notes, statistics: Statistics { steps, start_secs, step_secs } })
}

fn start(description: &Description, run: &BatchRun, schedule: &mut Schedule, outputs: Vec<VariableIndex>) -> Result<Start, BatchError> {
    let start_values = run.start_values.iter().map(|(name, value)| Ok((description.find(name)?, value.clone())));
    Ok(Start {
        inputs: schedule.inputs.clone(),
        outputs,
        start_values: start_values.collect::<Result<_, FmuError>>()?,
        first_inputs: schedule.first_inputs(),
        start_secs: run.start_secs,
        stop_secs: Some(run.stop_secs),
        tolerance: run.tolerance,
        deadlines: run.deadlines,
        ..Start::default()
    })
}

/// Which steps there are, and the inputs of each.
struct Schedule {
    inputs: Vec<VariableIndex>,
    /// The table's columns for these inputs.
    signals: Table,
    is_held: Vec<bool>,
    hint: usize,
    /// Jumps inside the run, the next one last.
    jumps: Vec<f64>,
    start: f64,
    stop: f64,
    step: f64,
    has_variable_step: bool,
    /// Communication points passed.
    points: f64,
    time: f64,
}

/// A step to be sent.
struct Planned {
    secs: f64,
    until: f64,
    is_point: bool,
}

impl Schedule {
    fn new(
        description: &Description,
        inputs: Option<&Table>,
        run: &BatchRun,
        outputs: usize,
        notes: &mut Vec<String>,
    ) -> Result<Self, BatchError> {
        check_times(run, outputs)?;
        let (inputs, signals) = inputs.map_or_else(Default::default, |table| columns(description, table, notes));
        let variable = |at: &VariableIndex| description.variable(*at);
        let is_continuous = |at: &VariableIndex| {
            variable(at).is_some_and(|v| !v.kind.is_discrete() && v.variability == crate::description::Variability::Continuous)
        };
        let is_held: Vec<bool> = inputs.iter().map(|at| !is_continuous(at)).collect();
        let mut jumps = signals.jumps(&is_held);
        jumps.retain(|at| *at > run.start_secs && *at < run.stop_secs);
        jumps.reverse();
        Ok(Self {
            inputs,
            signals,
            is_held,
            hint: 0,
            jumps,
            start: run.start_secs,
            stop: run.stop_secs,
            step: run.step_secs,
            has_variable_step: description.capabilities.variable_step,
            points: 0.0,
            time: run.start_secs,
        })
    }

    fn first_inputs(&mut self) -> Vec<f64> {
        let mut values = vec![0.0; self.inputs.len()];
        self.sample(&mut values);
        values
    }

    fn sample(&mut self, values: &mut [f64]) {
        self.signals.sample(self.time, &self.is_held, &mut self.hint, values);
    }

    fn is_same(&self, one: f64, other: f64) -> bool {
        (one - other).abs() <= SAME * self.step
    }

    /// The next step; none at the end.
    fn plan(&mut self) -> Option<Planned> {
        if self.time >= self.stop || self.is_same(self.time, self.stop) {
            return None;
        }
        let regular = self.start + (self.points + 1.0) * self.step;
        let point = if self.is_same(regular, self.stop) || regular < self.stop { regular } else { self.stop };
        if point < regular && !self.has_variable_step {
            return None;
        }
        while self.jumps.last().is_some_and(|at| *at <= self.time || self.is_same(*at, self.time)) {
            self.jumps.pop();
        }
        let jump = self.jumps.last().copied().filter(|at| self.has_variable_step && *at < point && !self.is_same(*at, point));
        let until = jump.unwrap_or(point);
        let is_whole = jump.is_none() && point == regular && self.is_same(self.time, self.start + self.points * self.step);
        if jump.is_none() {
            self.points += 1.0;
        }
        let secs = if is_whole { self.step } else { until - self.time };
        Some(Planned { secs, until, is_point: jump.is_none() })
    }

    /// The next steps, at most so many; none at the end.
    fn row(&mut self, longest: usize) -> Row {
        let width = self.inputs.len();
        let mut row = Row { from: self.time, width, steps: Vec::new(), inputs: Vec::new() };
        while row.steps.len() < longest.min(ROW) {
            let Some(step) = self.plan() else { break };
            let at = row.inputs.len();
            row.inputs.resize(at + width, 0.0);
            self.sample(row.inputs.get_mut(at..).unwrap_or_default());
            self.time = step.until;
            row.steps.push(step);
        }
        row
    }

    fn note(&self) -> Option<String> {
        let is_short = self.time < self.stop && !self.is_same(self.time, self.stop);
        let note = || format!("the run ends at {} s: the FMU takes only whole steps of {} s", self.time, self.step);
        (is_short && !self.has_variable_step).then(note)
    }
}

/// Steps that are sent together.
struct Row {
    from: f64,
    width: usize,
    steps: Vec<Planned>,
    inputs: Vec<f64>,
}

impl Row {
    fn as_steps(&self) -> Vec<Step<'_>> {
        let inputs = |at: usize| self.inputs.get(at * self.width..(at + 1) * self.width).unwrap_or_default();
        self.steps.iter().enumerate().map(|(at, step)| Step { secs: step.secs, until: step.until, inputs: inputs(at) }).collect()
    }

    /// Sends the steps; the end, when there are none.
    fn send(&self, instance: &mut Instance) -> Result<(), FmuProblem> {
        if self.steps.is_empty() { instance.send_end() } else { instance.send_row(&self.as_steps(), self.from) }
    }

    /// Waits for the results and writes them down.
    fn receive(&self, instance: &mut Instance, table: &mut Table, steps: &mut usize) -> Result<(), FmuProblem> {
        let mut waiting = self.steps.iter();
        instance.receive_row(&self.as_steps(), |time, outputs| {
            *steps += 1;
            if waiting.next().is_some_and(|step| step.is_point) {
                table.push(time, outputs);
            }
        })
    }
}

fn check_times(run: &BatchRun, outputs: usize) -> Result<(), BatchError> {
    let BatchRun { start_secs: start, stop_secs: stop, step_secs: step, .. } = *run;
    let times = |message: String| Err(BatchError::Times(message));
    if ![start, stop, step].iter().all(|time| time.is_finite()) {
        return times("start, stop and step must be finite numbers of seconds".into());
    }
    if stop <= start {
        return times(format!("the run stops at {stop} s, which is not after its start at {start} s"));
    }
    if step <= 0.0 {
        return times(format!("the step of {step} s is not longer than nothing"));
    }
    let values = (stop - start) / step * (outputs + 1) as f64;
    if values > MOST_VALUES {
        return times(format!("{values:.1e} values are too many for one table: take longer steps or fewer outputs"));
    }
    Ok(())
}

/// The columns the FMU has an input (or tunable parameter) for.
fn columns(description: &Description, table: &Table, notes: &mut Vec<String>) -> (Vec<VariableIndex>, Table) {
    let mut taken = Vec::new();
    for (column, name) in table.names.iter().enumerate() {
        let found = description.find(name).ok();
        match found.filter(|at| description.variable(*at).is_some_and(|variable| variable.is_settable_while_running())) {
            Some(at) => taken.push((column, at)),
            None => notes.push(format!("the column `{name}` is no input of the FMU and is not used")),
        }
    }
    for at in description.signals(Causality::Input) {
        if !taken.iter().any(|(_, used)| *used == at) {
            let name = description.variable(at).map(|variable| variable.name.as_str()).unwrap_or_default();
            notes.push(format!("the input `{name}` has no column and keeps its start value"));
        }
    }
    let names = taken.iter().filter_map(|(column, _)| table.names.get(*column).cloned()).collect();
    let mut signals = Table { names, ..Table::default() };
    for (at, time) in table.times.iter().enumerate() {
        let row = table.row(at);
        let values: Vec<f64> = taken.iter().map(|(column, _)| row.get(*column).copied().unwrap_or_default()).collect();
        signals.push(*time, &values);
    }
    (taken.into_iter().map(|(_, at)| at).collect(), signals)
}
