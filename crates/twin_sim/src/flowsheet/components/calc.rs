//! Formulas.

use crate::expression::Program;
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, Kind, OptionSheet, Seat};
use crate::sheet::{PointSheet, Sheet};

/// A quantity computed from others.
pub const CALC: Kind = Kind {
    sheet: &Sheet {
        kind: "calc",
        title: "Formula",
        summary: "A quantity computed from points and tags: a sum of powers, the share of a split range, a permissive.",
        equations: &["value = formula"],
        parameters: &[],
        points: &[PointSheet::new("value", "", "Value of the formula.")],
        validity: "Computed before whatever reads it moves, with the flows and vessels of the step before, and once more at the end of the step for the tags that show it.",
        sources: &[],
    },
    options: &[OptionSheet { name: "formula", choices: &[], meaning: "Formula over points and tags, see docs/formulas.md." }],
    build: |seat, settings: &Settings| {
        let formula = settings.formula("formula")?.ok_or("formula is missing")?;
        Ok(Box::new(Calc { seat, formula }))
    },
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Calc {
    seat: Seat,
    formula: Program,
}

impl Component for Calc {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn reads(&self) -> &[usize] {
        self.formula.reads()
    }

    fn started(&self, bench: &mut Bench) {
        self.act(bench);
    }

    fn act(&self, bench: &mut Bench) {
        let value = self.formula.value(bench.y);
        self.seat.set_y(bench, 0, value);
    }

    fn show(&self, bench: &mut Bench) {
        self.act(bench);
    }
}
