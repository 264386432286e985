//! Models of other tools as blocks of things: each runs in a process of its own, asked by a thread of its own, so that one
//! that is slow, hangs or crashes never keeps the lane waiting.
//!
//! A part of kind `fmu` of a thing names the file, ties inputs to tags, and gives start values; a signal whose simulation
//! names `<component>.<variable>` shows an output as what the model says beside the measurement.

use crate::shadow::simulated;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use twin_fmu::{Binding, Fmu, FmuBlock, FmuError, Host, Instance, Permission, StartValue};
use twin_model::document::{ComponentDocument, Input, PLANT_FILE, PlantDocument, Setting};
use twin_model::{Batch, Origin, Plant, Problem, Quality, SignalKey, TwinTime};
use twin_sim::flowsheet::FMU;

/// Answers that may wait for the lane.
const ANSWERS_WAITING: usize = 16;
/// Parameters of a part that are not start values of the FMU.
const FILE: &str = "file";
const STEP: &str = "step_secs";
const DEADLINE: &str = "deadline_secs";

/// What FMUs may do here.
#[derive(Clone, Debug)]
pub struct FmuHost {
    /// Folder of the plant file: files of FMUs are relative to it.
    pub folder: PathBuf,
    /// FMUs the user has allowed.
    pub permission: Permission,
    /// How the process of an FMU is started.
    pub host: Host,
}

/// The FMUs beside a lane.
#[derive(Debug, Default)]
pub struct FmuBlocks {
    blocks: Vec<Block>,
}

/// One FMU and the way to its worker.
#[derive(Debug)]
struct Block {
    /// What it is called where problems are told: thing and file.
    name: String,
    inputs: Vec<(SignalKey, f64)>,
    outputs: Vec<Output>,
    first: Option<TwinTime>,
    jobs: Sender<Job>,
    answers: Receiver<Answer>,
    has_ended: bool,
}

/// Where an output goes, and how it becomes a value of that signal.
#[derive(Clone, Copy, Debug)]
struct Output {
    signal: SignalKey,
    scale: f64,
    offset: f64,
}

/// Up to when, in seconds of the FMU's own time, and with which inputs.
#[derive(Debug)]
struct Job {
    time: TwinTime,
    until_secs: f64,
    inputs: Vec<f64>,
}

#[derive(Debug)]
enum Answer {
    Values(TwinTime, Vec<f64>),
    Ended(String),
}

impl FmuBlocks {
    /// Starts a worker for every part of kind `fmu`. What cannot be started says so as its first answer.
    pub fn start(plant: &Plant, host: &FmuHost) -> Self {
        let mut blocks = Vec::new();
        for (index, thing) in plant.document.things.iter().enumerate() {
            for (part, component) in thing.simulation.iter().filter(|(_, component)| component.kind == FMU) {
                let id = thing.id.rsplit(':').next().unwrap_or(&thing.id);
                let component_name = if part.is_empty() { id.to_owned() } else { format!("{id}/{part}") };
                let described = block_of(component, outputs_of(&plant.document, &component_name));
                let pointer = format!("/things/{index}/simulation/{part}");
                blocks.push(Block::start(plant, host, &format!("{}: {}", thing.name, described.file), described, &pointer));
            }
        }
        Self { blocks }
    }

    /// True without an FMU.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Takes note of committed measurements; with a tick every FMU that is free steps up to it.
    pub fn observe(&mut self, batch: &Batch) {
        for block in &mut self.blocks {
            for (signal, value) in &mut block.inputs {
                let heard = batch.samples.iter().rev().find(|sample| sample.signal == *signal && sample.origin != Origin::Late);
                *value = heard.and_then(|sample| sample.value).unwrap_or(*value);
            }
            if let Some(tick) = batch.tick {
                block.ask(tick);
            }
        }
    }

    /// Appends what the FMUs have answered; answers what ended, by name and reason.
    pub fn collect(&mut self, out: &mut Batch) -> Vec<(String, String)> {
        let mut ended = Vec::new();
        for block in &mut self.blocks {
            while let Ok(answer) = block.answers.try_recv() {
                match answer {
                    Answer::Values(time, values) => {
                        let values = block.outputs.iter().zip(values).filter(|(_, value)| value.is_finite());
                        out.samples
                            .extend(values.map(|(output, value)| {
                                simulated(output.signal, value * output.scale + output.offset, Quality::GOOD, time)
                            }));
                    }
                    Answer::Ended(reason) => {
                        block.has_ended = true;
                        // What it said last is no longer said by anybody.
                        let time = block.first.unwrap_or_default();
                        let lost = block.outputs.iter().map(|output| twin_model::Sample {
                            value: None,
                            quality: Quality::BAD_NO_COMMUNICATION,
                            ..simulated(output.signal, 0.0, Quality::GOOD, time)
                        });
                        if block.first.is_some() {
                            out.samples.extend(lost);
                        }
                        ended.push((block.name.clone(), reason));
                    }
                }
            }
        }
        ended
    }
}

impl Block {
    fn start(plant: &Plant, host: &FmuHost, name: &str, described: FmuBlock, pointer: &str) -> Self {
        let (jobs, job_rx) = bounded(1);
        let (answer_tx, answers) = bounded(ANSWERS_WAITING);
        let find = |tag: &str| plant.signals.find(tag);
        let mut wrong = described.inputs.values().filter(|tag| find(tag).is_none()).map(|tag| format!("there is no signal {tag}"));
        let first_wrong = wrong.next();
        let inputs = described.inputs.values().filter_map(|tag| Some((find(tag)?, f64::NAN))).collect();
        let outputs = described.outputs.values().filter_map(|tag| output_of(plant, tag)).collect();
        let block = Self { name: name.to_owned(), inputs, outputs, first: None, jobs, answers, has_ended: false };
        let (host, pointer) = (host.clone(), pointer.to_owned());
        let work = {
            let answer_tx = answer_tx.clone();
            move || {
                let ended = match first_wrong {
                    Some(wrong) => wrong,
                    None => match work(&described, &host, &pointer, &job_rx, &answer_tx) {
                        // The lane is gone, and with it whoever would read a reason.
                        Ok(()) => return,
                        Err(reason) => reason,
                    },
                };
                let _ = answer_tx.send(Answer::Ended(ended));
            }
        };
        if let Err(error) = std::thread::Builder::new().name("fmu".to_owned()).spawn(work) {
            let _ = answer_tx.send(Answer::Ended(format!("there is no thread for it: {error}")));
        }
        block
    }

    /// Lets it step up to an instant, once it has heard all its inputs. One that is still busy is asked with the next tick.
    fn ask(&mut self, time: TwinTime) {
        if self.has_ended || self.inputs.iter().any(|(_, value)| value.is_nan()) {
            return;
        }
        let first = *self.first.get_or_insert(time);
        let inputs = self.inputs.iter().map(|(_, value)| *value).collect();
        match self.jobs.try_send(Job { time, until_secs: time - first, inputs }) {
            Ok(()) | Err(TrySendError::Full(_)) => {}
            Err(TrySendError::Disconnected(_)) => self.has_ended = true,
        }
    }
}

fn work(block: &FmuBlock, host: &FmuHost, pointer: &str, jobs: &Receiver<Job>, answers: &Sender<Answer>) -> Result<(), String> {
    let path = host.folder.join(Path::new(&block.file));
    let fmu = Fmu::open(&path, &host.permission).map_err(|error| told(&error))?;
    let (binding, problems) = block.bind(fmu.description(), PLANT_FILE, pointer);
    let binding = binding.ok_or_else(|| problems.iter().find(|problem| problem.is_error()).map_or_else(String::new, Problem::to_string))?;
    let mut instance = fmu.instantiate(&host.host, binding.start()).map_err(|problem| format!("{problem}; {}", problem.hint()))?;
    let mut outputs = vec![f64::NAN; binding.outputs.len()];
    for job in jobs {
        run_to(&mut instance, &binding, &job, &mut outputs)?;
        if answers.send(Answer::Values(job.time, outputs.clone())).is_err() {
            break;
        }
    }
    Ok(())
}

/// Steps of the communication step until the instant is reached; a rest of less than a step waits for the next job.
fn run_to(instance: &mut Instance, binding: &Binding, job: &Job, outputs: &mut [f64]) -> Result<(), String> {
    // A rounding error of the sum of many steps is no step.
    while instance.time() + binding.step_secs <= job.until_secs + 1e-6 * binding.step_secs {
        instance.step_with(&job.inputs, binding.step_secs, outputs).map_err(|problem| format!("{problem}; {}", problem.hint()))?;
    }
    instance.read(outputs).map_err(|problem| format!("{problem}; {}", problem.hint()))
}

fn told(error: &FmuError) -> String {
    match error {
        FmuError::NotAllowed { digest } => {
            format!(
                "it is a program of somebody else's and may not run: when you know where it comes from, start with --allow-fmu {digest}"
            )
        }
        error => format!("{error}; {}", error.hint()),
    }
}

/// What the part says, as the binding reads it.
fn block_of(component: &ComponentDocument, outputs: BTreeMap<String, String>) -> FmuBlock {
    let number = |name: &str| match component.parameters.get(name) {
        Some(Setting::Number(value)) => Some(*value),
        _ => None,
    };
    let file = match component.parameters.get(FILE) {
        Some(Setting::Text(file)) => file.clone(),
        _ => String::new(),
    };
    let mut start = BTreeMap::new();
    for (name, setting) in component.parameters.iter().filter(|(name, _)| ![FILE, STEP, DEADLINE].contains(&name.as_str())) {
        match setting {
            Setting::Number(value) => start.insert(name.clone(), StartValue::Number(*value)),
            Setting::Text(text) if text == "true" || text == "false" => start.insert(name.clone(), StartValue::Truth(text == "true")),
            Setting::Text(text) => start.insert(name.clone(), StartValue::Text(text.clone())),
            Setting::Lines(_) | Setting::Table(_) => None,
        };
    }
    let mut inputs = BTreeMap::new();
    for (variable, input) in &component.inputs {
        match input {
            Input::Point(tag) => drop(inputs.insert(variable.clone(), tag.clone())),
            Input::Constant(value) => drop(start.insert(variable.clone(), StartValue::Number(*value))),
        }
    }
    FmuBlock { file, inputs, outputs, start, step_s: number(STEP), deadline_s: number(DEADLINE), tolerance: None }
}

/// Variable → tag of the signals that show an output of this component.
fn outputs_of(document: &PlantDocument, component: &str) -> BTreeMap<String, String> {
    let signals = document.things.iter().flat_map(|thing| thing.signals.values());
    signals
        .filter_map(|signal| {
            let point = &signal.simulation.as_ref()?.point;
            let variable = point.strip_prefix(component)?.strip_prefix('.')?;
            Some((variable.to_owned(), signal.tag.clone()?))
        })
        .collect()
}

fn output_of(plant: &Plant, tag: &str) -> Option<Output> {
    let key = plant.signals.find(tag)?;
    let settings = plant.settings_of(key)?;
    let signals = plant.document.things.iter().flat_map(|thing| thing.signals.values());
    let simulation = signals.filter(|signal| signal.tag.as_deref() == Some(tag)).find_map(|signal| signal.simulation.as_ref())?;
    Some(Output { signal: settings.model?, scale: simulation.scale, offset: simulation.offset })
}

/// The FMUs of a plant, shared with nobody: `None` for a plant without any.
pub(crate) fn start(plant: &Arc<Plant>, host: &FmuHost) -> Option<FmuBlocks> {
    Some(FmuBlocks::start(plant, host)).filter(|blocks| !blocks.is_empty())
}
