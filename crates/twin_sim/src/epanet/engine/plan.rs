//! What does not change while a network runs: its equations, where they stand in the system, and its times.

use super::model::{Kind, Model};
use crate::epanet::logic::Rule;
use crate::epanet::network::{HeadLoss, Network, Pattern, Times};
use crate::sparse::System;

/// No such place.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Numbers of the options.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub trials: u32,
    /// Trials with all status frozen; `None` ends the run instead.
    pub extra: Option<u32>,
    pub check_freq: u32,
    pub max_check: u32,
    pub damp_limit: f64,
    pub accuracy: f64,
}

/// A link as the equations see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wire {
    pub from: u32,
    pub to: u32,
    /// Steps of the two ends in the system; [`NOWHERE`] where a tank or reservoir holds the head.
    pub steps: [u32; 2],
    /// Entry below the diagonal; [`NOWHERE`] for a link at a tank or reservoir.
    pub entry: u32,
    pub constant_power: bool,
}

/// A pipe's loss, where one formula is enough to tell it.
#[derive(Clone, Copy, Debug)]
pub(super) struct PipeLaw {
    /// False for everything that is no pipe.
    pub is_pipe: bool,
    /// Loss = resistance·flow^exponent + minor·flow².
    pub resistance: f64,
    pub minor: f64,
    pub diameter: f64,
    /// Relative roughness, for Darcy-Weisbach.
    pub rough: f64,
}

/// What stays.
#[derive(Debug)]
pub(super) struct Plan {
    pub model: Model,
    pub limits: Limits,
    pub head_loss: HeadLoss,
    pub demand_multiplier: f64,
    pub times: Times,
    pub patterns: Vec<Pattern>,
    pub rules: Vec<Rule>,
    pub wires: Vec<Wire>,
    pub laws: Vec<PipeLaw>,
    /// Step of each junction.
    pub steps: Vec<u32>,
    /// Links that may hold a pressure or a flow: PRV, PSV and FCV.
    pub holders: Vec<usize>,
    /// Links whose status the heads may change: check valves, pumps, FCV and those at tanks.
    pub watched: Vec<usize>,
    /// Junctions with an emitter.
    pub emitters: Vec<usize>,
}

impl Plan {
    /// The plan of a network, and its system of equations.
    pub fn new(network: &Network) -> (Self, System) {
        let model = Model::new(network);
        let options = &network.options;
        let ends: Vec<(usize, usize)> = model.links.iter().map(|link| (link.from, link.to)).collect();
        let system = System::new(model.junctions, &ends);
        let step = |node: usize| system.step_of(node).map_or(NOWHERE, |step| step as u32);
        let wires = model.links.iter().enumerate().map(|(at, link)| Wire {
            from: link.from as u32,
            to: link.to as u32,
            steps: [step(link.from), step(link.to)],
            entry: system.entry_of(at).map_or(NOWHERE, |entry| entry as u32),
            constant_power: link.pump.as_ref().is_some_and(|machine| machine.power.is_some()),
        });
        let laws = model.links.iter().map(|link| PipeLaw {
            is_pipe: matches!(link.kind, Kind::Pipe | Kind::CheckValve),
            resistance: link.resistance,
            minor: link.minor,
            diameter: link.diameter,
            rough: link.rough,
        });
        let holds = |at: &usize| matches!(model.links[*at].kind, Kind::Prv | Kind::Psv | Kind::Fcv);
        let is_watched = |at: &usize| {
            let link = &model.links[*at];
            let at_tank = link.from >= model.junctions || link.to >= model.junctions;
            at_tank || matches!(link.kind, Kind::CheckValve | Kind::Pump | Kind::Fcv)
        };
        let links = 0..model.links.len();
        let plan = Self {
            limits: Limits {
                trials: options.trials,
                extra: options.extra_trials,
                check_freq: options.check_freq,
                max_check: options.max_check,
                damp_limit: options.damp_limit,
                accuracy: options.accuracy,
            },
            head_loss: options.head_loss,
            demand_multiplier: options.demand_multiplier,
            times: network.times.clone(),
            patterns: network.patterns.clone(),
            rules: network.rules.clone(),
            wires: wires.collect(),
            laws: laws.collect(),
            steps: (0..model.junctions).map(step).collect(),
            holders: links.clone().filter(holds).collect(),
            watched: links.filter(is_watched).collect(),
            emitters: (0..model.junctions).filter(|&junction| model.ke[junction] > 0.0).collect(),
            model,
        };
        (plan, system)
    }
}
