//! Conditions of alarm points, compiled to signal keys.

use crate::noise::NoiseWindow;
use crate::reading::{Reading, usable};
use twin_model::alarm::Condition;
use twin_model::{Plant, SignalKey, ValueKind};

/// A compiled condition. Its result is three-valued: `None` while lost data leave it open.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    High {
        signal: SignalKey,
        limit: f64,
        deadband: f64,
        leaf: usize,
    },
    Low {
        signal: SignalKey,
        limit: f64,
        deadband: f64,
        leaf: usize,
    },
    Deviation {
        signal: SignalKey,
        reference: SignalKey,
        limit: f64,
        deadband: f64,
        leaf: usize,
    },
    Is {
        signal: SignalKey,
        state: f64,
        negated: bool,
    },
    Bad {
        signal: SignalKey,
    },
    NoiseBelow {
        window: usize,
        signal: SignalKey,
        limit: f64,
        deadband: f64,
        leaf: usize,
    },
    All(Box<[Node]>),
    Any(Box<[Node]>),
    /// Names something the plant does not have: never known.
    Unresolved,
}

/// A noise window some condition asks for.
#[derive(Clone, Debug)]
pub(crate) struct WindowPlan {
    pub signal: SignalKey,
    pub secs: f64,
}

/// Collects what the conditions of a plant need while they are compiled.
#[derive(Default)]
pub(crate) struct Compiler {
    /// Number of limits that remember on which side they are (dead-band).
    pub leaves: usize,
    /// Noise windows.
    pub windows: Vec<WindowPlan>,
}

impl Compiler {
    /// Compiles a condition; the dead-band holds for every limit in it.
    pub fn compile(&mut self, plant: &Plant, condition: &Condition, deadband: f64) -> Node {
        self.node(plant, condition, deadband.max(0.0)).unwrap_or(Node::Unresolved)
    }

    /// Compiles "any of these".
    pub fn compile_any(&mut self, plant: &Plant, conditions: &[Condition]) -> Node {
        Node::Any(conditions.iter().map(|condition| self.compile(plant, condition, 0.0)).collect())
    }

    fn node(&mut self, plant: &Plant, condition: &Condition, deadband: f64) -> Option<Node> {
        let find = |name: &str| plant.signals.find(name);
        Some(match condition {
            Condition::High { signal, limit } => Node::High { signal: find(signal)?, limit: *limit, deadband, leaf: self.leaf() },
            Condition::Low { signal, limit } => Node::Low { signal: find(signal)?, limit: *limit, deadband, leaf: self.leaf() },
            Condition::Deviation { signal, reference, limit } => {
                Node::Deviation { signal: find(signal)?, reference: find(reference)?, limit: *limit, deadband, leaf: self.leaf() }
            }
            Condition::Is { signal, state } => self.state(plant, signal, state, false)?,
            Condition::IsNot { signal, state } => self.state(plant, signal, state, true)?,
            Condition::Bad { signal } => Node::Bad { signal: find(signal)? },
            Condition::NoiseCollapsed { signal, fraction, window_secs } => {
                let signal = find(signal)?;
                let sigma = plant.settings_of(signal)?.noise_sigma?;
                Node::NoiseBelow { window: self.window(signal, *window_secs), signal, limit: fraction * sigma, deadband, leaf: self.leaf() }
            }
            Condition::All(parts) => Node::All(parts.iter().map(|part| self.compile(plant, part, deadband)).collect()),
            Condition::Any(parts) => Node::Any(parts.iter().map(|part| self.compile(plant, part, deadband)).collect()),
        })
    }

    fn state(&self, plant: &Plant, signal: &str, state: &str, negated: bool) -> Option<Node> {
        let signal = plant.signals.find(signal)?;
        let state = state_value(&plant.signals.info(signal)?.kind, state)?;
        Some(Node::Is { signal, state, negated })
    }

    fn leaf(&mut self) -> usize {
        self.leaves += 1;
        self.leaves - 1
    }

    fn window(&mut self, signal: SignalKey, secs: f64) -> usize {
        self.windows.push(WindowPlan { signal, secs });
        self.windows.len() - 1
    }
}

/// The value a state name stands for.
pub(crate) fn state_value(kind: &ValueKind, state: &str) -> Option<f64> {
    let named = match kind {
        ValueKind::Enumeration { states } => states.iter().position(|name| name == state).map(|index| index as f64),
        ValueKind::Boolean => match state {
            "true" => Some(1.0),
            "false" => Some(0.0),
            _ => None,
        },
        ValueKind::Number => None,
    };
    named.or_else(|| state.parse().ok().filter(|value: &f64| value.is_finite()))
}

/// What a condition is judged by.
pub(crate) struct Evidence<'a> {
    pub readings: &'a [Option<Reading>],
    pub windows: &'a [NoiseWindow],
    /// On which side of its limit each leaf was last seen.
    pub leaves: &'a mut [bool],
}

impl Node {
    /// The result, `None` while it hangs on a signal that is stale, Bad or was never received. What the other
    /// signals already decide is decided: one false part settles `All`, one true part settles `Any`.
    pub fn result(&self, on: &mut Evidence) -> Option<bool> {
        match self {
            Self::High { signal, limit, deadband, leaf } => Some(on.above(usable(on.readings, *signal)?, *limit, *deadband, *leaf)),
            Self::Low { signal, limit, deadband, leaf } => Some(on.above(-usable(on.readings, *signal)?, -*limit, *deadband, *leaf)),
            Self::Deviation { signal, reference, limit, deadband, leaf } => {
                let distance = (usable(on.readings, *signal)? - usable(on.readings, *reference)?).abs();
                Some(on.above(distance, *limit, *deadband, *leaf))
            }
            Self::Is { signal, state, negated } => Some(((usable(on.readings, *signal)? - state).abs() < 0.5) != *negated),
            Self::Bad { signal } => on.readings.get(signal.index())?.as_ref().map(|reading| reading.quality.is_bad()),
            Self::NoiseBelow { window, signal, limit, deadband, leaf } => {
                usable(on.readings, *signal)?;
                let sigma = on.windows.get(*window)?.sigma()?;
                Some(on.above(-sigma, -*limit, *deadband, *leaf))
            }
            // Every part is asked, so that each limit keeps track of its side. `All` of nothing is never known.
            Self::All(parts) => {
                let mut all = (!parts.is_empty()).then_some(true);
                for part in parts {
                    all = and(all, part.result(on));
                }
                all
            }
            Self::Any(parts) => {
                let mut none = Some(true);
                for part in parts {
                    none = and(none, not(part.result(on)));
                }
                not(none)
            }
            Self::Unresolved => None,
        }
    }

    /// Calls `each` with every signal the result hangs on.
    pub fn for_each_signal(&self, each: &mut impl FnMut(SignalKey)) {
        match self {
            Self::High { signal, .. }
            | Self::Low { signal, .. }
            | Self::Is { signal, .. }
            | Self::Bad { signal }
            | Self::NoiseBelow { signal, .. } => each(*signal),
            Self::Deviation { signal, reference, .. } => {
                each(*signal);
                each(*reference);
            }
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.for_each_signal(each)),
            Self::Unresolved => {}
        }
    }
}

impl Evidence<'_> {
    /// Limit with dead-band: comes above `limit`, goes at or below `limit − deadband`.
    fn above(&mut self, value: f64, limit: f64, deadband: f64, leaf: usize) -> bool {
        let Some(side) = self.leaves.get_mut(leaf) else { return false };
        *side = if *side { value > limit - deadband } else { value > limit };
        *side
    }
}

fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn not(a: Option<bool>) -> Option<bool> {
    a.map(|a| !a)
}
