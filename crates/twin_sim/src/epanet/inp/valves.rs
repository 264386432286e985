//! The data of a valve, and where valves may not stand.

use super::Reader;
use super::lines::{Line, not_negative, positive, shown, starts};
use super::log::Fault;
use crate::epanet::network::{LinkKind, LinkStatus, Valve, ValveKind};
use crate::epanet::units::Units;

/// The kinds that keep a pressure or a flow, which cannot stand just anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Regulating {
    Prv,
    Psv,
    Fcv,
}

/// Which end of a valve is at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Upstream,
    Downstream,
}

/// A regulating valve's end at a node.
pub(super) type End = (Regulating, Side, usize);

impl Reader {
    /// `id from to diameter type setting [minor loss]`
    pub(super) fn valve(&mut self, line: &Line, from: usize, to: usize) -> Result<(LinkKind, LinkStatus), Fault> {
        let units = self.network.units;
        let diameter_m = positive(line.number(3, "diameter")?, "diameter")? * units.diameter_m();
        let word = line.need(4, "the valve's type")?;
        line.need(5, "the valve's setting")?;
        let setting = || line.number(5, "setting");
        let kind = match word {
            word if starts(word, "PRV") => ValveKind::PressureReducing(setting()? * units.pressure_m()),
            word if starts(word, "PSV") => ValveKind::PressureSustaining(setting()? * units.pressure_m()),
            word if starts(word, "PBV") => ValveKind::PressureBreaker(setting()? * units.pressure_m()),
            word if starts(word, "FCV") => ValveKind::FlowControl(setting()? * units.flow_m3_s()),
            word if starts(word, "TCV") => ValveKind::Throttle(not_negative(setting()?, "setting")?),
            word if starts(word, "GPV") => {
                let curve = self.curve_named(line.need(5, "the curve")?)?;
                ValveKind::GeneralPurpose(self.points(curve, 2, units.flow_m3_s(), units.length_m())?)
            }
            word => {
                return Err(Fault::new(
                    format!("'{}' is no type of valve that EPANET 2.2 has", shown(word)),
                    "write PRV, PSV, PBV, FCV, TCV or GPV",
                ));
            }
        };
        let minor_loss = not_negative(line.number_or(6, "minor loss", 0.0)?, "minor loss")?;
        self.check_valve_place(&kind, from, to)?;
        let status = if matches!(kind, ValveKind::GeneralPurpose(_)) { LinkStatus::Open } else { LinkStatus::Active };
        Ok((LinkKind::Valve(Valve { kind, diameter_m, minor_loss }), status))
    }

    /// EPANET's rules about valves at tanks and at each other (errors 219 and 220).
    fn check_valve_place(&mut self, kind: &ValveKind, from: usize, to: usize) -> Result<(), Fault> {
        use Regulating::{Fcv, Prv, Psv};
        use Side::{Downstream, Upstream};
        let (regulating, conflicts): (_, &[End]) = match kind {
            ValveKind::PressureReducing(_) => {
                (Prv, &[(Prv, Downstream, to), (Prv, Downstream, from), (Prv, Upstream, to), (Psv, Upstream, to), (Fcv, Upstream, to)])
            }
            ValveKind::PressureSustaining(_) => (
                Psv,
                &[(Psv, Upstream, from), (Psv, Upstream, to), (Psv, Downstream, from), (Prv, Downstream, from), (Fcv, Downstream, from)],
            ),
            ValveKind::FlowControl(_) => (Fcv, &[(Psv, Upstream, to), (Prv, Downstream, from)]),
            ValveKind::PressureBreaker(_) | ValveKind::Throttle(_) | ValveKind::GeneralPurpose(_) => return Ok(()),
        };
        let junctions = self.network.junction_count;
        if from >= junctions || to >= junctions {
            return Err(Fault::new(
                "a PRV, PSV or FCV cannot be connected to a tank or reservoir",
                "put a pipe between the valve and the tank or reservoir",
            ));
        }
        if let Some((other, ..)) = conflicts.iter().find(|end| self.valve_ends.contains(end)) {
            return Err(Fault::new(
                format!("it shares a node with a {} in a way that has no solution", name(*other)),
                "put a pipe between the two valves",
            ));
        }
        self.valve_ends.extend([(regulating, Upstream, from), (regulating, Downstream, to)]);
        Ok(())
    }
}

fn name(kind: Regulating) -> &'static str {
    match kind {
        Regulating::Prv => "PRV",
        Regulating::Psv => "PSV",
        Regulating::Fcv => "FCV",
    }
}

/// What one unit of a setting in the file is in SI: m of head, m³/s or 1.
pub(super) fn setting_scale(kind: &LinkKind, units: &Units) -> f64 {
    match kind {
        LinkKind::Valve(valve) => valve_scale(&valve.kind, units),
        LinkKind::Pipe(_) | LinkKind::Pump(_) => 1.0,
    }
}

fn valve_scale(kind: &ValveKind, units: &Units) -> f64 {
    match kind {
        ValveKind::PressureReducing(_) | ValveKind::PressureSustaining(_) | ValveKind::PressureBreaker(_) => units.pressure_m(),
        ValveKind::FlowControl(_) => units.flow_m3_s(),
        ValveKind::Throttle(_) | ValveKind::GeneralPurpose(_) => 1.0,
    }
}

/// Gives a valve another setting, in the file's unit.
pub(super) fn set_setting(kind: &mut ValveKind, setting: f64, units: &Units) {
    let in_si = setting * valve_scale(kind, units);
    match kind {
        ValveKind::PressureReducing(value)
        | ValveKind::PressureSustaining(value)
        | ValveKind::PressureBreaker(value)
        | ValveKind::FlowControl(value)
        | ValveKind::Throttle(value) => *value = in_si,
        ValveKind::GeneralPurpose(_) => {}
    }
}
