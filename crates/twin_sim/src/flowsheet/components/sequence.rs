//! Sequences: states, steps and the rules between them.

use super::sequence_rules::{Rule, States, Trigger};
use crate::command::Refusal;
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, FollowSheet, Kind, OptionSheet, Request, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const STATE: usize = 0;
const STEP: usize = 1;
const PREVIOUS: usize = 2;
const STATE_SECS: usize = 3;
const STEP_SECS: usize = 4;

/// A sequence.
pub const SEQUENCE: Kind = Kind {
    sheet: &Sheet {
        kind: "sequence",
        title: "Sequence",
        summary: "A unit's states and the steps in them. It only says where the unit is; drives, controllers and valves read that and do what belongs to it.",
        equations: &[
            "FROM[.step] -> TO[.step] [on start|stop|hold|reset] [when formula] [for seconds] [after seconds] [else reason]",
            "FROM may be several states with | between them; .* is any step; without a step any step of FROM, and step 1 of TO",
            "when: the formula holds; for: it has held so long; after: so long in this step; on: only when somebody asks for it",
            "the first rule that applies is taken, one per scan; else is what a person is told whose request finds its rule not applying",
        ],
        parameters: &[ParameterSheet::usual("start_state", "", 0.0, (0.0, 99.0), "", "Number of the state at the start.")],
        points: &[
            PointSheet::new("state", "", "Number of the state, from 0 in the order given."),
            PointSheet::new("step", "", "Number of the step in this state, from 1."),
            PointSheet::new("previous", "", "Number of the state before."),
            PointSheet::new("state_secs", "s", "Time in this state."),
            PointSheet::new("step_secs", "s", "Time in this step."),
        ],
        validity: "One rule per scan.",
        sources: &["IEC 60848 (steps and transitions), ISA-88 (states of a unit)"],
    },
    options: &[
        OptionSheet { name: "states", choices: &[], meaning: "Names of the states." },
        OptionSheet { name: "rules", choices: &[], meaning: "The rules, in order of precedence." },
    ],
    follows: &[FollowSheet { name: "state", meaning: "State of the real unit, by its number." }],
    // State, step, previous, two times, then how long each rule's condition has held: at most 48 rules.
    states: 5 + MOST_RULES,
    build: |seat, settings: &Settings| {
        let states = States::new(settings.lines("states")?)?;
        let mut rules = Vec::new();
        for line in settings.lines("rules")? {
            rules.push(Rule::parse(line, &states, settings)?);
        }
        if rules.len() > MOST_RULES {
            return Err(format!("{} rules are more than {MOST_RULES}", rules.len()));
        }
        let reads = rules.iter().filter_map(|rule| rule.when.as_ref()).flat_map(|when| when.reads().iter().copied()).collect();
        Ok(Box::new(Sequence { seat, rules, reads }))
    },
    ..Kind::PLAIN
};

/// Rules of one sequence.
const MOST_RULES: usize = 48;

#[derive(Debug)]
struct Sequence {
    seat: Seat,
    rules: Vec<Rule>,
    reads: Vec<usize>,
}

impl Sequence {
    fn set(&self, bench: &mut Bench, index: usize, value: f64) {
        self.seat.set_x(bench, index, value);
        self.seat.set_y(bench, index, value);
    }

    fn place(&self, bench: &Bench) -> (usize, usize) {
        (self.seat.x(bench, STATE) as usize, self.seat.x(bench, STEP) as usize)
    }

    fn go(&self, bench: &mut Bench, (state, step): (usize, usize)) {
        let (from, _) = self.place(bench);
        if state != from {
            self.set(bench, PREVIOUS, from as f64);
            self.set(bench, STATE_SECS, 0.0);
        }
        self.set(bench, STATE, state as f64);
        self.set(bench, STEP, step as f64);
        self.set(bench, STEP_SECS, 0.0);
        for index in 0..self.rules.len() {
            self.seat.set_x(bench, 5 + index, 0.0);
        }
    }

    fn target(&self, bench: &Bench, rule: &Rule) -> (usize, usize) {
        let (state, step) = self.place(bench);
        let to = rule.to_state;
        (to, rule.to_step.unwrap_or(if to == state { step } else { 1 }))
    }

    /// Whether the conditions of a rule hold, apart from who asks.
    fn applies(&self, bench: &Bench, index: usize, rule: &Rule) -> bool {
        rule.when.as_ref().is_none_or(|when| when.holds(bench.y))
            && rule.for_secs.is_none_or(|secs| self.seat.x(bench, 5 + index) >= secs)
            && rule.after_secs.is_none_or(|secs| self.seat.x(bench, STEP_SECS) > secs)
    }
}

impl Component for Sequence {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn reads(&self) -> &[usize] {
        &self.reads
    }

    fn start(&self, bench: &mut Bench) {
        let state = self.seat.p(bench, 0).trunc();
        self.set(bench, STATE, state);
        self.set(bench, PREVIOUS, state);
        self.set(bench, STEP, 1.0);
    }

    fn act(&self, bench: &mut Bench) {
        for index in [STATE_SECS, STEP_SECS] {
            let secs = self.seat.x(bench, index) + bench.dt_secs;
            self.set(bench, index, secs);
        }
        let place = self.place(bench);
        for (index, rule) in self.rules.iter().enumerate().filter(|(_, rule)| rule.leaves(place)) {
            if rule.for_secs.is_some() {
                let holds = rule.when.as_ref().is_none_or(|when| when.holds(bench.y));
                let held = if holds { self.seat.x(bench, 5 + index) + bench.dt_secs } else { 0.0 };
                self.seat.set_x(bench, 5 + index, held);
            }
        }
        let next = self
            .rules
            .iter()
            .enumerate()
            .find(|(index, rule)| rule.on == Trigger::Itself && rule.leaves(place) && self.applies(bench, *index, rule));
        if let Some((_, rule)) = next {
            let target = self.target(bench, rule);
            self.go(bench, target);
        }
    }

    fn follow(&self, bench: &mut Bench) {
        let Some(state) = self.seat.reading(bench, 0) else { return };
        if state != self.seat.x(bench, STATE) && state >= 0.0 {
            self.go(bench, (state as usize, 1));
        }
    }

    fn request(&self, bench: &mut Bench, request: Request) -> Result<(), Refusal> {
        let trigger = match request {
            Request::Start => Trigger::Start,
            Request::Stop => Trigger::Stop,
            Request::Hold => Trigger::Hold,
            Request::Reset => Trigger::Reset,
            _ => return Err(Refusal::NotPermitted("a unit is started, held, stopped or reset".to_owned())),
        };
        let place = self.place(bench);
        let mut reason = "the unit is not in a state that allows this";
        for (index, rule) in self.rules.iter().enumerate().filter(|(_, rule)| rule.on == trigger && rule.leaves(place)) {
            if self.applies(bench, index, rule) {
                let target = self.target(bench, rule);
                self.go(bench, target);
                return Ok(());
            }
            reason = rule.otherwise.as_deref().unwrap_or("what the step needs is not there");
        }
        Err(Refusal::NotPermitted(reason.to_owned()))
    }
}
