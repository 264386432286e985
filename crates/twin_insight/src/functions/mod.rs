//! Formulas for signals the twin computes (`derived` in the plant file). They run at every tick, inputs first.
//!
//! Every parameter has a default for the equipment of Unit 100, so a plant file may leave any of them out. The tables of
//! parameters stand at the formulas.

mod exchanger;
mod inventory;
mod pumps;

use crate::reading::Reading;
use exchanger::HeatExchangeUa;
use inventory::InventoryLevel;
use pumps::{HeadDeficit, LevelFromPressures, NpshMargin, PumpHead};
use serde::{Deserialize, Serialize};
use twin_model::document::DerivedSettings;
use twin_model::{Plant, Problem, Quality, Severity, SignalKey, TwinTime};

/// Names of the formulas a plant file may use. Inputs in brackets are optional; every parameter has a default.
///
/// | Function | Inputs | Result |
/// |---|---|---|
/// | `npsh_margin` | `suction` barg, `temperature` °C, `flow` m³/h, `speed` rpm, [`parallel_speed` rpm] | m |
/// | `heat_exchange_ua` | `shell_flow`, `tube_flow` m³/h, `shell_in`, `shell_out`, `tube_in`, `tube_out` °C | kW/K |
/// | `inventory_level` | `level` %, `inflow`, `outflow` m³/h | % |
/// | `level_from_pressures` | `bottom`, `gas` barg, `flow` m³/h | % |
/// | `pump_head` | `suction`, `discharge` barg, [`temperature` °C, `flow` m³/h] | m |
/// | `head_deficit` | as `pump_head`, and `flow` m³/h, `speed` rpm | % |
/// | `difference` | `a`, `b` | unit of `a` |
pub const FUNCTIONS: &[&str] =
    &["npsh_margin", "heat_exchange_ua", "inventory_level", "level_from_pressures", "pump_head", "head_deficit", "difference"];

/// Quality of a computed value that has no meaning at present, such as the NPSH margin of a pump that stands
/// (OPC UA `Bad_NoData`). It is no fault: it does not make a health unknown.
pub const NOT_APPLICABLE: Quality = Quality(0x809B_0000);

/// Quality of a computed value that is declared in a way that cannot work (OPC UA `Bad_ConfigurationError`).
const MISCONFIGURED: Quality = Quality(0x8089_0000);

/// A formula with its inputs resolved.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    formula: Formula,
    inputs: Vec<SignalKey>,
}

#[derive(Clone, Debug)]
enum Formula {
    NpshMargin(NpshMargin),
    HeatExchangeUa(HeatExchangeUa),
    InventoryLevel(InventoryLevel),
    LevelFromPressures(LevelFromPressures),
    PumpHead(PumpHead),
    HeadDeficit(HeadDeficit),
    Difference(Difference),
}

/// What a formula remembers from tick to tick.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct FunctionState {
    mean: Option<(f64, TwinTime)>,
    inventory: inventory::InventoryState,
}

/// What a formula says at a tick.
pub(crate) struct Outcome {
    pub value: Option<f64>,
    pub quality: Quality,
    /// When the newest of the inputs arrived.
    pub receive_time: Option<TwinTime>,
}

impl Function {
    /// The signals it is computed from.
    pub fn inputs(&self) -> &[SignalKey] {
        &self.inputs
    }
}

impl FunctionState {
    /// Computes the value of a formula at a tick; `None` for one that is declared in a way that cannot work.
    pub fn compute(&mut self, function: Option<&Function>, readings: &[Option<Reading>], tick: TwinTime) -> Outcome {
        let Some(function) = function else { return Outcome { value: None, quality: MISCONFIGURED, receive_time: None } };
        let mut inputs = Inputs { readings, quality: Quality::GOOD, receive_time: None, is_lost: false };
        let value = match &function.formula {
            Formula::NpshMargin(formula) => formula.value(&mut inputs),
            Formula::HeatExchangeUa(formula) => formula.value(&mut inputs, &mut self.mean, tick),
            Formula::InventoryLevel(formula) => formula.value(&mut inputs, &mut self.inventory, tick),
            Formula::LevelFromPressures(formula) => formula.value(&mut inputs),
            Formula::PumpHead(formula) => formula.value(&mut inputs),
            Formula::HeadDeficit(formula) => formula.value(&mut inputs),
            Formula::Difference(formula) => formula.value(&mut inputs),
        };
        let quality = match value {
            _ if inputs.is_lost => inputs.quality.worst(Quality::BAD),
            Some(value) if value.is_finite() => inputs.quality,
            _ => NOT_APPLICABLE,
        };
        Outcome { value: value.filter(|_| !quality.is_bad()), quality, receive_time: inputs.receive_time }
    }
}

/// The inputs of a formula; remembers the worst quality of what was taken.
pub(crate) struct Inputs<'a> {
    readings: &'a [Option<Reading>],
    quality: Quality,
    receive_time: Option<TwinTime>,
    is_lost: bool,
}

impl Inputs<'_> {
    /// A value the result hangs on: stale values are taken and make the result stale, Bad ones make it Bad.
    pub fn take(&mut self, key: SignalKey) -> Option<f64> {
        let reading = self.peek(key).copied();
        let quality = reading.map_or(Quality::BAD_WAITING_FOR_INITIAL_DATA, |reading| reading.quality);
        self.quality = self.quality.worst(quality);
        self.receive_time = self.receive_time.max(reading.map(|reading| reading.receive_time));
        let value = reading.and_then(|reading| reading.value).filter(|value| value.is_finite() && !quality.is_bad());
        self.is_lost |= value.is_none();
        value
    }

    /// A reading the result does not hang on.
    pub fn peek(&self, key: SignalKey) -> Option<&Reading> {
        self.readings.get(key.index())?.as_ref()
    }
}

/// The declaration of a derived signal, read by a formula; notes what it asks for and what is wrong.
struct Declared<'a> {
    plant: &'a Plant,
    settings: &'a DerivedSettings,
    inputs: Vec<(&'static str, SignalKey)>,
    parameters: Vec<&'static str>,
    faults: Vec<String>,
}

impl Declared<'_> {
    /// A required input.
    fn input(&mut self, name: &'static str) -> SignalKey {
        if !self.settings.inputs.contains_key(name) {
            self.faults.push(format!("input \"{name}\" is missing"));
        }
        self.optional_input(name).unwrap_or(SignalKey(u32::MAX))
    }

    fn optional_input(&mut self, name: &'static str) -> Option<SignalKey> {
        let signal = self.settings.inputs.get(name)?;
        let key = self.plant.signals.find(signal);
        match key {
            Some(key) => self.inputs.push((name, key)),
            None => self.faults.push(format!("input \"{name}\" names {signal}, which is no signal of this plant")),
        }
        key
    }

    /// A parameter, or its default for Unit 100.
    fn parameter(&mut self, name: &'static str, default: f64) -> f64 {
        self.parameters.push(name);
        match self.settings.parameters.get(name) {
            Some(value) if !value.is_finite() => {
                self.faults.push(format!("parameter \"{name}\" is not finite"));
                default
            }
            Some(value) => *value,
            None => default,
        }
    }

    /// A parameter that must be above zero.
    fn positive(&mut self, name: &'static str, default: f64) -> f64 {
        let value = self.parameter(name, default);
        if value <= 0.0 {
            self.faults.push(format!("parameter \"{name}\" must be above zero"));
            return default;
        }
        value
    }

    /// Members of the declaration that the formula did not ask for.
    fn unused(&self) -> Vec<String> {
        let inputs = self.settings.inputs.keys().filter(|name| !self.inputs.iter().any(|(known, _)| known == name));
        let parameters = self.settings.parameters.keys().filter(|name| !self.parameters.contains(&name.as_str()));
        inputs.chain(parameters).cloned().collect()
    }
}

/// Resolves a declaration; without a function the second part says why, with one it names members that are not used.
pub(crate) fn compile(plant: &Plant, settings: &DerivedSettings) -> (Option<Function>, Vec<String>) {
    let mut declared = Declared { plant, settings, inputs: Vec::new(), parameters: Vec::new(), faults: Vec::new() };
    let formula = match settings.function.as_str() {
        "npsh_margin" => Formula::NpshMargin(NpshMargin::read(&mut declared)),
        "heat_exchange_ua" => Formula::HeatExchangeUa(HeatExchangeUa::read(&mut declared)),
        "inventory_level" => Formula::InventoryLevel(InventoryLevel::read(&mut declared)),
        "level_from_pressures" => Formula::LevelFromPressures(LevelFromPressures::read(&mut declared)),
        "pump_head" => Formula::PumpHead(PumpHead::read(&mut declared)),
        "head_deficit" => Formula::HeadDeficit(HeadDeficit::read(&mut declared)),
        "difference" => Formula::Difference(Difference::read(&mut declared)),
        other => return (None, vec![format!("function \"{other}\" is not known")]),
    };
    if !declared.faults.is_empty() {
        return (None, declared.faults);
    }
    let unused = declared.unused();
    (Some(Function { formula, inputs: declared.inputs.into_iter().map(|(_, key)| key).collect() }), unused)
}

/// What is wrong with the derived signals of a plant: unknown functions, missing inputs, parameters out of range
/// (errors: the signal stays Bad), members that no formula reads (warnings).
pub fn check_functions(plant: &Plant) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, thing) in plant.document.things.iter().enumerate() {
        for (telemetry, signal) in &thing.signals {
            let Some(settings) = &signal.derived else { continue };
            let (function, words) = compile(plant, settings);
            for message in words {
                let (severity, message, hint) = match &function {
                    None => (Severity::Error, message, format!("Known functions: {}.", FUNCTIONS.join(", "))),
                    Some(_) => {
                        let message = format!("\"{message}\" is not read by {}", settings.function);
                        (Severity::Warning, message, "Remove it, or compare its spelling with the function's table.".to_owned())
                    }
                };
                problems.push(Problem {
                    severity,
                    file: "plant.twin.json".to_owned(),
                    pointer: format!("/things/{index}/signals/{telemetry}/derived"),
                    line: None,
                    message,
                    hint,
                });
            }
        }
    }
    problems
}

/// `difference`: input `a` minus input `b`, both in the unit of the signal.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    a: SignalKey,
    b: SignalKey,
}

impl Difference {
    fn read(declared: &mut Declared) -> Self {
        Self { a: declared.input("a"), b: declared.input("b") }
    }

    fn value(&self, inputs: &mut Inputs) -> Option<f64> {
        let (a, b) = (inputs.take(self.a), inputs.take(self.b));
        Some(a? - b?)
    }
}
