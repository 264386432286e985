//! `[PATTERNS]` and `[CURVES]`.

use super::lines::{Line, Section};
use super::log::Fault;
use super::{Reader, register};
use crate::epanet::network::{Curve, Pattern};

impl Reader {
    /// `id multiplier…`, going on over lines with the same id.
    pub(super) fn pattern(&mut self, line: &Line) -> Result<(), Fault> {
        let id = line.first();
        let index = match self.pattern_ids.get(id) {
            Some(&index) => index,
            None => {
                let index = self.network.patterns.len();
                register(&mut self.pattern_ids, id, index, "pattern")?;
                self.network.patterns.push(Pattern { id: id.to_owned(), multipliers: Vec::new(), line: line.number });
                index
            }
        };
        line.need(1, "the multiplier").map_err(|fault| fault.of("pattern", id))?;
        let Some(pattern) = self.network.patterns.get_mut(index) else { return Ok(()) };
        for at in 1..line.words.len() {
            let multiplier = line.number(at, "the multiplier").map_err(|fault| fault.of("pattern", id))?;
            pattern.multipliers.push(multiplier);
        }
        Ok(())
    }

    /// `id x y`, going on over lines with the same id.
    pub(super) fn curve(&mut self, line: &Line) -> Result<(), Fault> {
        let id = line.first();
        let index = match self.curve_ids.get(id) {
            Some(&index) => index,
            None => {
                let index = self.network.curves.len();
                register(&mut self.curve_ids, id, index, "curve")?;
                self.network.curves.push(Curve { id: id.to_owned(), points: Vec::new(), line: line.number });
                index
            }
        };
        let x = line.number(1, "the x value").map_err(|fault| fault.of("curve", id))?;
        let y = line.number(2, "the y value").map_err(|fault| fault.of("curve", id))?;
        if let Some(curve) = self.network.curves.get_mut(index) {
            curve.points.push([x, y]);
        }
        Ok(())
    }

    /// The x values of every curve increase.
    pub(super) fn check_curves(&mut self) {
        for curve in &self.network.curves {
            let falls = curve.points.iter().zip(curve.points.iter().skip(1)).find(|([x, _], [next, _])| next <= x);
            if let Some(([x, _], [next, _])) = falls {
                let fault = Fault::new(
                    format!("x goes from {x} to {next}, but has to increase from point to point"),
                    "sort the points and leave out the ones that are there twice",
                );
                self.log.error(Section::Curves, curve.line, fault.of("curve", &curve.id));
            }
        }
    }

    /// Demands without a pattern follow the one the options name, or `1`, if there is one of that id.
    pub(super) fn find_default_pattern(&mut self) {
        self.default_pattern = self.pattern_ids.get(&self.default_pattern_id).copied();
    }

    /// Points of a curve with at least `least` points, scaled to SI.
    pub(super) fn points(&self, curve: usize, least: usize, x_scale: f64, y_scale: f64) -> Result<Vec<[f64; 2]>, Fault> {
        let Some(curve) = self.network.curves.get(curve) else { return Ok(Vec::new()) };
        if curve.points.len() < least {
            return Err(Fault::new(
                format!("curve '{}' has {} point, at least {least} are needed here", curve.id, curve.points.len()),
                "add points to the curve",
            ));
        }
        Ok(curve.points.iter().map(|[x, y]| [x * x_scale, y * y_scale]).collect())
    }
}
