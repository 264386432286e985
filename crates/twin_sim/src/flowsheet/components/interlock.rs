//! Interlocks and switches.

use crate::command::Refusal;
use crate::expression::Program;
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, FollowSheet, InputSheet, Kind, OptionSheet, Request, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const DELAY: usize = 0;
const LATCHES: usize = 1;
const BYPASS_LIMIT: usize = 2;
const START_BYPASSED: usize = 3;

const ACTS: usize = 0;
const LATCHED: usize = 1;
const PRESENT: usize = 2;
const BYPASSED: usize = 3;
const ACTED_AT: usize = 4;

const RESET: usize = 0;

const PRESENT_SECS: usize = 0;
const LATCH: usize = 1;
const BYPASS_SECS: usize = 2;

/// An interlock.
pub const INTERLOCK: Kind = Kind {
    sheet: &Sheet {
        kind: "interlock",
        title: "Interlock",
        summary: "Acts once its cause has been present for its delay. It stays latched until it is reset, which needs the cause gone; a bypass takes its input away for a limited time.",
        equations: &[
            "due: the cause has been present for the delay and is not bypassed",
            "acts = 1 in the step in which it becomes due, unless it is latched; without a latch as long as it is due",
            "first-out: the smallest acted_at_secs of all that are latched",
        ],
        parameters: &[
            ParameterSheet::usual("delay_secs", "s", 0.0, (0.0, 3600.0), "1 to 10", "How long the cause has to be present."),
            ParameterSheet::usual("latches", "0/1", 1.0, (0.0, 1.0), "1", "1: stays until it is reset."),
            ParameterSheet::usual("bypass_limit_secs", "s", 1e9, (0.0, 1e9), "28800", "Longest bypass."),
            ParameterSheet::usual("start_bypassed", "0/1", 0.0, (0.0, 1.0), "0", "1: bypassed at the start."),
        ],
        points: &[
            PointSheet::new("acts", "0/1", "It acts in this step."),
            PointSheet::new("latched", "0/1", "It has acted and is not reset."),
            PointSheet::new("present", "0/1", "The cause is present."),
            PointSheet::new("bypassed", "0/1", "Its input is taken away."),
            PointSheet::new("acted_at_secs", "s", "Simulated time at which it acted last; negative before."),
        ],
        validity: "One scan per step: a cause shorter than a step may pass unseen.",
        sources: &["IEC 61511-1 on bypasses; ISA-18.2 on first-out"],
    },
    options: &[OptionSheet { name: "cause", choices: &[], meaning: "Formula of the cause." }],
    inputs: &[InputSheet { name: "reset", default: Some(0.0), meaning: "1: resets it, if its cause is gone or bypassed." }],
    follows: &[FollowSheet { name: "bypassed", meaning: "Whether the real one is bypassed, 0 or 1." }],
    states: 3,
    build: |seat, settings: &Settings| {
        let cause = settings.formula("cause")?.ok_or("cause is missing")?;
        Ok(Box::new(Interlock { seat, cause }))
    },
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Interlock {
    seat: Seat,
    cause: Program,
}

impl Interlock {
    fn show(&self, bench: &mut Bench, point: usize, holds: bool) {
        self.seat.set_y(bench, point, if holds { 1.0 } else { 0.0 });
    }

    fn is_bypassed(&self, bench: &Bench) -> bool {
        self.seat.x(bench, BYPASS_SECS) > 0.0
    }

    fn bypass(&self, bench: &mut Bench, active: bool) {
        let limit = if active { self.seat.p(bench, BYPASS_LIMIT) } else { 0.0 };
        self.seat.set_x(bench, BYPASS_SECS, limit);
        self.show(bench, BYPASSED, active);
    }

    fn may_reset(&self, bench: &Bench) -> bool {
        self.seat.x(bench, PRESENT_SECS) <= 0.0 || self.is_bypassed(bench)
    }
}

impl Component for Interlock {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn reads(&self) -> &[usize] {
        self.cause.reads()
    }

    fn start(&self, bench: &mut Bench) {
        self.seat.set_y(bench, ACTED_AT, -1.0);
        if self.seat.p(bench, START_BYPASSED) > 0.5 {
            self.bypass(bench, true);
        }
    }

    fn act(&self, bench: &mut Bench) {
        if self.seat.input(bench, RESET) > 0.5 && self.may_reset(bench) {
            self.seat.set_x(bench, LATCH, 0.0);
        }
        let cause = self.cause.holds(bench.y);
        let present_secs = if cause { self.seat.x(bench, PRESENT_SECS) + bench.dt_secs } else { 0.0 };
        let bypass_secs = (self.seat.x(bench, BYPASS_SECS) - bench.dt_secs).max(0.0);
        self.seat.set_x(bench, PRESENT_SECS, present_secs);
        self.seat.set_x(bench, BYPASS_SECS, bypass_secs);
        let due = cause && bypass_secs <= 0.0 && present_secs >= self.seat.p(bench, DELAY);
        let latched = self.seat.x(bench, LATCH) > 0.5;
        let latches = self.seat.p(bench, LATCHES) > 0.5;
        let acts = due && !latched;
        if acts {
            let now = bench.time_secs + bench.dt_secs;
            self.seat.set_y(bench, ACTED_AT, now);
            if latches {
                self.seat.set_x(bench, LATCH, 1.0);
            }
        }
        self.show(bench, ACTS, acts);
        self.show(bench, LATCHED, latched || (acts && latches));
        self.show(bench, PRESENT, cause);
        self.show(bench, BYPASSED, bypass_secs > 0.0);
    }

    fn follow(&self, bench: &mut Bench) {
        if let Some(reading) = self.seat.reading(bench, 0) {
            self.bypass(bench, reading > 0.5);
        }
        // Whether the real one has acted shows in what it acts on.
        self.show(bench, ACTS, false);
        let cause = self.cause.holds(bench.y);
        self.show(bench, PRESENT, cause);
    }

    fn request(&self, bench: &mut Bench, request: Request) -> Result<(), Refusal> {
        match request {
            Request::Reset if !self.may_reset(bench) => Err(Refusal::CausePresent("this interlock".to_owned())),
            Request::Reset => {
                self.seat.set_x(bench, LATCH, 0.0);
                self.show(bench, LATCHED, false);
                Ok(())
            }
            Request::Bypass(active) => {
                self.bypass(bench, active);
                Ok(())
            }
            _ => Err(Refusal::NotPermitted("an interlock is reset or bypassed".to_owned())),
        }
    }
}

const ON_AT: usize = 0;
const OFF_AT: usize = 1;
const ON_DELAY: usize = 2;
const OFF_DELAY: usize = 3;
const START_ON: usize = 4;
const STUCK: usize = 5;

/// A switch with hysteresis.
pub const SWITCH: Kind = Kind {
    sheet: &Sheet {
        kind: "switch",
        title: "Switch",
        summary: "On above one value and off below another, or the other way round: a pressure switch, a two-point controller.",
        equations: &["on_at > off_at: on above on_at, off below off_at; on_at < off_at: on below on_at, off above off_at"],
        parameters: &[
            ParameterSheet::required("on_at", "unit of the value", (-1e9, 1e9), "", "Where it switches on."),
            ParameterSheet::required("off_at", "unit of the value", (-1e9, 1e9), "", "Where it switches off."),
            ParameterSheet::usual("on_delay_secs", "s", 0.0, (0.0, 3600.0), "0 to 30", "How long the value has to call for on."),
            ParameterSheet::usual("off_delay_secs", "s", 0.0, (0.0, 3600.0), "0 to 30", "How long it has to call for off."),
            ParameterSheet::usual("start_on", "0/1", 0.0, (0.0, 1.0), "", "State at the start."),
            ParameterSheet::malfunction("stuck", "0/1", 0.0, (0.0, 1.0), "It stays as it is: a float that hangs."),
        ],
        points: &[PointSheet::new("on", "0/1", "It is on.")],
        validity: "Without delays a step is cut where the value passes a limit.",
        sources: &[],
    },
    inputs: &[InputSheet { name: "value", default: None, meaning: "What it looks at." }],
    follows: &[FollowSheet { name: "on", meaning: "Whether the real one is on, 0 or 1." }],
    states: 2,
    build: |seat, _: &Settings| Ok(Box::new(Switch { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Switch {
    seat: Seat,
}

impl Switch {
    fn is_on(&self, bench: &Bench) -> bool {
        self.seat.x(bench, 0) > 0.5
    }

    /// By how much the value calls for the other state; positive when it does.
    fn call(&self, bench: &Bench) -> f64 {
        let value = self.seat.input(bench, 0);
        let (on_at, off_at) = (self.seat.p(bench, ON_AT), self.seat.p(bench, OFF_AT));
        let rising = if on_at >= off_at { 1.0 } else { -1.0 };
        if self.is_on(bench) { rising * (off_at - value) } else { rising * (value - on_at) }
    }

    fn set(&self, bench: &mut Bench, on: f64) {
        self.seat.set_x(bench, 0, on);
        self.seat.set_y(bench, 0, on);
    }
}

impl Component for Switch {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let on = self.seat.p(bench, START_ON);
        self.set(bench, on);
    }

    fn follow(&self, bench: &mut Bench) {
        match self.seat.reading(bench, 0) {
            Some(reading) => self.set(bench, if reading > 0.5 { 1.0 } else { 0.0 }),
            None => self.act(bench),
        }
    }

    fn act(&self, bench: &mut Bench) {
        if self.seat.p(bench, STUCK) > 0.5 {
            return;
        }
        let on = self.is_on(bench);
        let called_secs = if self.call(bench) > 0.0 { self.seat.x(bench, 1) + bench.dt_secs } else { 0.0 };
        let delay = self.seat.p(bench, if on { OFF_DELAY } else { ON_DELAY });
        let switches = called_secs > 0.0 && called_secs >= delay;
        self.seat.set_x(bench, 1, if switches { 0.0 } else { called_secs });
        if switches {
            self.set(bench, if on { 0.0 } else { 1.0 });
        }
    }

    fn watch(&self, bench: &Bench, events: &mut Vec<f64>) {
        // The limits themselves, whatever the state is: their number and meaning must not change when it switches.
        let value = self.seat.input(bench, 0);
        events.push(value - self.seat.p(bench, ON_AT));
        events.push(value - self.seat.p(bench, OFF_AT));
    }
}
