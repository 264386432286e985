//! `[JUNCTIONS]`, `[RESERVOIRS]`, `[TANKS]`, `[DEMANDS]`, `[EMITTERS]`.

use super::lines::{Line, not_negative, positive, starts};
use super::log::Fault;
use super::{Reader, register};
use crate::epanet::network::{Demand, Node, NodeKind, Tank};
use crate::epanet::units::{M_PER_FT, M3_PER_FT3};
use std::f64::consts::PI;

/// EPANET's smallest difference.
const TINY: f64 = 1e-6;

impl Reader {
    fn add_node(&mut self, line: &Line) -> Result<usize, Fault> {
        let index = self.network.nodes.len();
        register(&mut self.node_ids, line.first(), index, "node")?;
        let kind = NodeKind::Reservoir { head_pattern: None };
        self.network.nodes.push(Node { id: line.first().to_owned(), kind, elevation_m: 0.0, position: None, line: line.number });
        Ok(index)
    }

    fn set_node(&mut self, index: usize, elevation_m: f64, kind: NodeKind) {
        if let Some(node) = self.network.nodes.get_mut(index) {
            node.elevation_m = elevation_m;
            node.kind = kind;
        }
    }

    /// `id elevation [demand [pattern]]`
    pub(super) fn junction(&mut self, line: &Line) -> Result<(), Fault> {
        let index = self.add_node(line)?;
        self.network.junction_count = self.network.nodes.len();
        self.set_node(index, 0.0, NodeKind::Junction { demands: Vec::new(), emitter: 0.0 });
        self.junction_data(index, line).map_err(|fault| fault.of("junction", line.first()))
    }

    fn junction_data(&mut self, index: usize, line: &Line) -> Result<(), Fault> {
        let elevation_m = line.number(1, "elevation")? * self.network.units.length_m();
        let base = line.number_or(2, "demand", 0.0)?;
        let demand = self.demand_of(base, line.word(3), String::new())?;
        self.set_node(index, elevation_m, NodeKind::Junction { demands: vec![demand], emitter: 0.0 });
        Ok(())
    }

    fn demand_of(&self, base: f64, pattern: Option<&str>, category: String) -> Result<Demand, Fault> {
        let pattern = match pattern {
            Some(id) if !id.is_empty() => Some(self.pattern_named(id)?),
            _ => self.default_pattern,
        };
        Ok(Demand { base_m3_s: base * self.network.units.flow_m3_s(), pattern, category })
    }

    /// `id head [pattern]` or `id elevation init min max diameter [min volume [volume curve [overflow]]]`
    ///
    /// The number of items decides, not the section, and a diameter of 0 makes a reservoir: EPANET's rules.
    pub(super) fn reservoir_or_tank(&mut self, line: &Line) -> Result<(), Fault> {
        let index = self.add_node(line)?;
        let is_reservoir = line.words.len() <= 3;
        let kind = if is_reservoir { "reservoir" } else { "tank" };
        let read = || {
            let elevation = line.number(1, "elevation")?;
            let node = if is_reservoir { self.reservoir(line)? } else { self.tank(line)? };
            Ok((elevation * self.network.units.length_m(), node))
        };
        let (elevation_m, node) = read().map_err(|fault: Fault| fault.of(kind, line.first()))?;
        if !is_reservoir && matches!(node, NodeKind::Reservoir { .. }) {
            let fault = Fault::new("its diameter is 0, which makes it a reservoir whose head is the elevation", "give it a diameter");
            self.log.warning(line.section, line.number, fault.of(kind, line.first()));
        }
        self.set_node(index, elevation_m, node);
        Ok(())
    }

    fn reservoir(&self, line: &Line) -> Result<NodeKind, Fault> {
        let head_pattern = line.word(2).map(|id| self.pattern_named(id)).transpose()?;
        Ok(NodeKind::Reservoir { head_pattern })
    }

    fn tank(&self, line: &Line) -> Result<NodeKind, Fault> {
        let length_m = self.network.units.length_m();
        let size = |at, what| line.number(at, what).and_then(|value| not_negative(value, what));
        let init_level_m = size(2, "initial level")? * length_m;
        let min_level_m = size(3, "minimum level")? * length_m;
        let max_level_m = size(4, "maximum level")? * length_m;
        let diameter_m = size(5, "diameter")? * length_m;
        let given_m3 = not_negative(line.number_or(6, "minimum volume", 0.0)?, "minimum volume")? * self.network.units.volume_m3();
        let can_overflow = overflow(line)?;
        if diameter_m == 0.0 {
            return Ok(NodeKind::Reservoir { head_pattern: None });
        }
        let area_m2 = PI * diameter_m * diameter_m / 4.0;
        let min_volume_m3 = if given_m3 > 0.0 { given_m3 } else { area_m2 * min_level_m };
        let tank = Tank {
            init_level_m,
            min_level_m,
            max_level_m,
            diameter_m,
            area_m2,
            min_volume_m3,
            init_volume_m3: min_volume_m3 + area_m2 * (init_level_m - min_level_m),
            max_volume_m3: min_volume_m3 + area_m2 * (max_level_m - min_level_m),
            volume_curve: None,
            can_overflow,
        };
        check_levels(&tank)?;
        match line.word(7) {
            Some(id) if !id.is_empty() && !id.starts_with('*') => Ok(NodeKind::Tank(self.shaped(tank, id)?)),
            _ => Ok(NodeKind::Tank(tank)),
        }
    }

    /// A tank whose volumes come from a curve.
    fn shaped(&self, mut tank: Tank, id: &str) -> Result<Tank, Fault> {
        let curve = self.curve_named(id)?;
        let curve = self.points(curve, 2, self.network.units.length_m(), self.network.units.volume_m3())?;
        let (Some(&[lowest, least]), Some(&[highest, most])) = (curve.first(), curve.last()) else { return Ok(tank) };
        if tank.min_level_m < lowest - TINY || tank.max_level_m > highest + TINY {
            return Err(Fault::new(
                format!("its levels go beyond the volume curve '{id}', which covers {lowest} m to {highest} m"),
                "add points to the curve, or correct the lowest and highest level",
            ));
        }
        if curve.iter().zip(curve.iter().skip(1)).any(|([_, volume], [_, next])| next < volume) || most <= least {
            return Err(Fault::new(format!("the volume falls with the level in curve '{id}'"), "volumes have to increase with the level"));
        }
        tank.area_m2 = (most - least) / (highest - lowest);
        tank.min_volume_m3 = interpolated(&curve, tank.min_level_m);
        tank.init_volume_m3 = interpolated(&curve, tank.init_level_m);
        tank.max_volume_m3 = interpolated(&curve, tank.max_level_m);
        tank.volume_curve = Some(curve);
        Ok(tank)
    }

    /// `MULTIPLY factor` or `junction demand [pattern] ;category`
    pub(super) fn demand(&mut self, line: &Line) -> Result<(), Fault> {
        let value = line.number(1, "demand")?;
        if starts(line.first(), "MULTIPLY") {
            self.multiply_demands(positive(value, "demand multiplier")?, line.number);
            return Ok(());
        }
        let index = self.node(line.first())?;
        let demand = self.demand_of(value, line.word(2), line.comment.to_owned())?;
        let Some(Node { kind: NodeKind::Junction { demands, .. }, .. }) = self.network.nodes.get_mut(index) else {
            let fault = Fault::new("this node is no junction; its demand was ignored", "tanks and reservoirs have no demand");
            self.log.warning(line.section, line.number, fault);
            return Ok(());
        };
        if self.replaced_demands.insert(index) {
            demands.clear();
        }
        demands.push(demand);
        Ok(())
    }

    /// Sets the demand multiplier unless a later line has done so.
    pub(super) fn multiply_demands(&mut self, factor: f64, line: u32) {
        if line >= self.multiplier_line {
            self.multiplier_line = line;
            self.network.options.demand_multiplier = factor;
        }
    }

    /// `junction coefficient`
    pub(super) fn emitter(&mut self, line: &Line) -> Result<(), Fault> {
        let index = self.node(line.first())?;
        let coefficient = not_negative(line.number(1, "emitter coefficient")?, "emitter coefficient")?;
        let in_si = self.emitter_in_si(coefficient)?;
        match self.network.nodes.get_mut(index).map(|node| &mut node.kind) {
            Some(NodeKind::Junction { emitter, .. }) => *emitter = in_si,
            _ => {
                let fault = Fault::new("this node is no junction; its emitter was ignored", "put emitters at junctions");
                self.log.warning(line.section, line.number, fault);
            }
        }
        Ok(())
    }

    /// EPANET's flow is `coefficient · pressure^exponent` in file units.
    fn emitter_in_si(&self, coefficient: f64) -> Result<f64, Fault> {
        let units = &self.network.units;
        let pressure_per_m = units.pressure_per_ft() / M_PER_FT;
        let scale = libm::pow(pressure_per_m, self.network.options.emitter_exponent);
        let in_si = coefficient / units.flow.per_cfs() * M3_PER_FT3 * scale;
        if in_si.is_finite() {
            return Ok(in_si);
        }
        Err(Fault::new("the emitter is infinite", "check its coefficient and the emitter exponent of [OPTIONS]"))
    }
}

fn overflow(line: &Line) -> Result<bool, Fault> {
    match line.word(8) {
        None => Ok(false),
        Some(word) if starts(word, "YES") => Ok(true),
        Some(word) if starts(word, "NO") => Ok(false),
        Some(word) => Err(Fault::new(format!("overflow is '{}'", super::shown(word)), "write YES or NO")),
    }
}

fn check_levels(tank: &Tank) -> Result<(), Fault> {
    if tank.min_level_m <= tank.init_level_m && tank.init_level_m <= tank.max_level_m {
        return Ok(());
    }
    Err(Fault::new(
        format!(
            "its levels are out of order: minimum {} m, initial {} m, maximum {} m",
            tank.min_level_m, tank.init_level_m, tank.max_level_m
        ),
        "the initial level has to lie between the minimum and the maximum level",
    ))
}

/// y at x on a curve with increasing x; the end points' y beyond the ends.
fn interpolated(curve: &[[f64; 2]], x: f64) -> f64 {
    let mut before: Option<[f64; 2]> = None;
    for &[at, y] in curve {
        if x <= at {
            return match before {
                Some([from, low]) => low + (x - from) * (y - low) / (at - from),
                None => y,
            };
        }
        before = Some([at, y]);
    }
    before.map_or(0.0, |[_, y]| y)
}
