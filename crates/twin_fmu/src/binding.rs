//! An FMU as a simulation block of a thing: which variable is which signal.
//!
//! ```json
//! "simulation": { "model": "fmu", "parameters": {
//!   "file": "models/exchanger.fmu",
//!   "inputs":  { "T_in": "TI-101", "valve": "FV-101.position" },
//!   "outputs": { "T_out": "TI-102.model" },
//!   "start":   { "UA": 45000, "isFouled": false },
//!   "step_s": 0.5, "deadline_s": 2
//! } }
//! ```

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use serde_path_to_error::Segment;
use twin_model::Problem;

use crate::description::{Causality, Description, Kind, Value, Variable, VariableIndex};
use crate::instance::{Deadlines, Start};

/// Most names a hint lists.
const MOST_NAMES: usize = 8;

/// The parameters of a simulation block whose model is `fmu`, as they stand in the plant file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FmuBlock {
    /// The FMU, relative to the plant folder.
    pub file: String,
    /// Variable → tag of the signal it is set from at every step.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
    /// Variable → tag of the signal it gives.
    #[serde(default)]
    pub outputs: BTreeMap<String, String>,
    /// Variable → start value, in the variable's own unit.
    #[serde(default)]
    pub start: BTreeMap<String, StartValue>,
    /// Communication step in seconds; the FMU's own proposal when left out.
    #[serde(default)]
    pub step_s: Option<f64>,
    /// How long a step may take, seconds of real time; 5 when left out.
    #[serde(default)]
    pub deadline_s: Option<f64>,
    /// Relative tolerance of the FMU's own solver.
    #[serde(default)]
    pub tolerance: Option<f64>,
}

/// A start value as JSON has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StartValue {
    /// For a Boolean.
    Truth(bool),
    /// For a number.
    Number(f64),
    /// For a String.
    Text(String),
}

/// One variable and its signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundSignal {
    /// The variable's place in the description.
    pub variable: VariableIndex,
    /// Tag of the signal.
    pub signal: String,
    /// The variable's unit as the FMU's author wrote it; values are exchanged in it.
    pub unit: Option<String>,
}

/// A block that fits its FMU.
#[derive(Clone, Debug)]
pub struct Binding {
    /// In the order of the values a step takes.
    pub inputs: Vec<BoundSignal>,
    /// In the order of the values a step gives.
    pub outputs: Vec<BoundSignal>,
    /// Communication step, s.
    pub step_secs: f64,
    start: Start,
}

impl Binding {
    /// What to instantiate the FMU with: the same inputs and outputs, start values and deadline.
    pub fn start(&self) -> Start {
        self.start.clone()
    }
}

impl FmuBlock {
    /// Reads the parameters of a block.
    ///
    /// # Errors
    /// What is wrong, with a pointer to it; `file` and `pointer` say where the block stands.
    pub fn read(parameters: &Json, file: &str, pointer: &str) -> Result<Self, Box<Problem>> {
        serde_path_to_error::deserialize(parameters).map_err(|error| {
            let mut place = pointer.to_owned();
            for segment in error.path() {
                match segment {
                    Segment::Seq { index } => place += &format!("/{index}"),
                    Segment::Map { key } => place += &format!("/{}", escaped(key)),
                    Segment::Enum { .. } | Segment::Unknown => {}
                }
            }
            let hint = "an FMU takes `file`, `inputs`, `outputs`, `start`, `step_s`, `deadline_s` and `tolerance`";
            Box::new(Problem::error(file, &place, error.inner().to_string(), hint))
        })
    }

    /// Compares the block with what the FMU says about itself. There is no binding as long as there is an error.
    pub fn bind(&self, description: &Description, file: &str, pointer: &str) -> (Option<Binding>, Vec<Problem>) {
        let mut check = Check { description, file, pointer, problems: Vec::new() };
        let inputs = check.signals("inputs", &self.inputs, Variable::is_settable_while_running, Causality::Input);
        let outputs = check.signals("outputs", &self.outputs, Variable::is_signal, Causality::Output);
        check.one_output_per_signal(&self.outputs);
        check.unbound_inputs(&inputs);
        let start_values = check.start_values(&self.start);
        let step_secs = check.step(self.step_s);
        let deadline = check.duration("deadline_s", self.deadline_s).map_or(Deadlines::default().step, Duration::from_secs_f64);
        let tolerance = check.duration("tolerance", self.tolerance);
        if description.capabilities.needs_tool {
            let message = "the FMU is only a wrapper: the tool that made it must be installed";
            check.warn("/file", message, "export it again without need for the tool");
        }
        let problems = check.problems;
        if problems.iter().any(Problem::is_error) {
            return (None, problems);
        }
        let places = |signals: &[BoundSignal]| signals.iter().map(|signal| signal.variable).collect();
        let start = Start {
            inputs: places(&inputs),
            outputs: places(&outputs),
            start_values,
            tolerance,
            deadlines: Deadlines { step: deadline, ..Deadlines::default() },
            ..Start::default()
        };
        (Some(Binding { inputs, outputs, step_secs, start }), problems)
    }
}

/// A comparison under way.
struct Check<'a> {
    description: &'a Description,
    file: &'a str,
    pointer: &'a str,
    problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    fn signals(
        &mut self,
        field: &str,
        names: &BTreeMap<String, String>,
        fits: fn(&Variable) -> bool,
        causality: Causality,
    ) -> Vec<BoundSignal> {
        let mut bound = Vec::new();
        for (name, signal) in names {
            let place = format!("/{field}/{}", escaped(name));
            let Some((at, variable)) = self.find(name, &place, causality) else { continue };
            if !fits(variable) {
                let kind = if causality == Causality::Input { "set while the FMU runs" } else { "read as a number" };
                self.error(&place, format!("the variable `{name}` cannot be {kind}"), &self.names(causality));
            } else if signal.is_empty() {
                self.error(&place, format!("the variable `{name}` has no signal"), "write the signal's tag, or leave the line out");
            } else {
                bound.push(BoundSignal { variable: at, signal: signal.clone(), unit: variable.unit.clone() });
            }
        }
        bound
    }

    fn one_output_per_signal(&mut self, outputs: &BTreeMap<String, String>) {
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, signal) in outputs {
            if let Some(other) = owners.insert(signal, name) {
                let message = format!("the signal `{signal}` is given by `{other}` already");
                self.error(&format!("/outputs/{}", escaped(name)), message, "give each output a signal of its own");
            }
        }
    }

    fn unbound_inputs(&mut self, bound: &[BoundSignal]) {
        for at in self.description.signals(Causality::Input) {
            if bound.iter().any(|signal| signal.variable == at) {
                continue;
            }
            let name = self.description.variable(at).map(|variable| variable.name.as_str()).unwrap_or_default();
            let message = format!("the input `{name}` has no signal and keeps its start value");
            self.warn("/inputs", &message, "add it to `inputs`, or give it a value in `start`");
        }
    }

    fn start_values(&mut self, values: &BTreeMap<String, StartValue>) -> Vec<(VariableIndex, Value)> {
        let mut taken = Vec::new();
        for (name, value) in values {
            let place = format!("/start/{}", escaped(name));
            let Some((at, variable)) = self.find(name, &place, Causality::Parameter) else { continue };
            match start_value(variable, value) {
                Ok(value) => taken.push((at, value)),
                Err(why) => {
                    self.error(&place, format!("`{name}` cannot start with this value: {why}"), "correct the value, or leave it out")
                }
            }
        }
        taken
    }

    fn step(&mut self, given: Option<f64>) -> f64 {
        let step = self.duration("step_s", given).or(self.description.default_experiment.step.filter(|step| *step > 0.0));
        if step.is_none() && given.is_none() {
            self.error("/step_s", "the FMU proposes no step, and none is given".into(), "give `step_s` in seconds");
        }
        step.unwrap_or(1.0)
    }

    fn duration(&mut self, field: &str, given: Option<f64>) -> Option<f64> {
        let value = given?;
        if value.is_finite() && value > 0.0 && value < 1e9 {
            return Some(value);
        }
        self.error(&format!("/{field}"), format!("{field} is {value}"), "write a number greater than 0");
        None
    }

    fn find(&mut self, name: &str, place: &str, causality: Causality) -> Option<(VariableIndex, &'a Variable)> {
        let description = self.description;
        let found = description.find(name).ok().and_then(|at| Some((at, description.variable(at)?)));
        if found.is_none() {
            self.error(place, format!("the FMU has no variable `{name}`"), &self.names(causality));
        }
        found
    }

    /// What there is instead.
    fn names(&self, causality: Causality) -> String {
        let all = self.description.signals(causality);
        let names: Vec<&str> =
            all.iter().take(MOST_NAMES).filter_map(|at| self.description.variable(*at)).map(|variable| variable.name.as_str()).collect();
        let kind = match causality {
            Causality::Input => "inputs",
            Causality::Output => "outputs",
            _ => "parameters",
        };
        match all.len() {
            0 => format!("the FMU has no {kind}"),
            count if count > MOST_NAMES => format!("the FMU's {kind} are {}, and {} more", names.join(", "), count - MOST_NAMES),
            _ => format!("the FMU's {kind} are {}", names.join(", ")),
        }
    }

    fn error(&mut self, place: &str, message: String, hint: &str) {
        self.problems.push(Problem::error(self.file, &format!("{}{place}", self.pointer), message, hint));
    }

    fn warn(&mut self, place: &str, message: &str, hint: &str) {
        self.problems.push(Problem::warning(self.file, &format!("{}{place}", self.pointer), message, hint));
    }
}

/// The value as the variable takes it, or why it does not.
fn start_value(variable: &Variable, value: &StartValue) -> Result<Value, String> {
    if !variable.takes_start_value() {
        return Err("the FMU computes it itself".into());
    }
    match (variable.kind, value) {
        (Kind::Text, StartValue::Text(text)) => Ok(Value::Text(text.clone())),
        (Kind::Text, _) => Err("it is a text".into()),
        (Kind::Boolean, StartValue::Truth(truth)) => Ok(Value::Number(f64::from(u8::from(*truth)))),
        (Kind::Boolean, _) => Err("it is `true` or `false`".into()),
        (kind, StartValue::Number(number)) => kind.accepts(*number).map(|()| Value::Number(*number)),
        _ => Err("it is a number".into()),
    }
}

/// A name as a part of a JSON pointer (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
