//! `[CONTROLS]`: one link, one condition.

use super::Reader;
use super::clock::{DAY_S, cut_seconds, hours};
use super::lines::{Line, not_negative, number, shown, starts};
use super::log::Fault;
use super::valves::setting_scale;
use crate::epanet::network::{Action, Change, Control, LinkKind, Pipe, Valve, ValveKind, When};

impl Reader {
    /// `LINK id what IF NODE id ABOVE|BELOW value`, `LINK id what AT TIME value [unit]`, `LINK id what AT CLOCKTIME value [AM|PM]`
    pub(super) fn control(&mut self, line: &Line) -> Result<(), Fault> {
        let link = self.link_named(line.need(1, "the link")?)?;
        let what = line.need(2, "what happens to the link")?;
        let change = self.change(link, what).map_err(|fault| fault.of("link", line.word(1).unwrap_or_default()))?;
        let when = self.when(line)?;
        self.network.controls.push(Control { when, action: Action { link, change }, line: line.number });
        Ok(())
    }

    fn when(&self, line: &Line) -> Result<When, Fault> {
        let keyword = line.need(4, "the condition (NODE, TIME or CLOCKTIME)")?;
        let time = |what: &str| {
            let word = line.need(5, what)?;
            hours(word, line.word(6).unwrap_or_default()).map(cut_seconds).ok_or_else(|| not_a_time(word))
        };
        if starts(keyword, "TIME") {
            return Ok(When::Time(time("the time")?));
        }
        if starts(keyword, "CLOCKTIME") {
            return Ok(When::ClockTime(time("the time of day")? % DAY_S));
        }
        let node = self.node(line.need(5, "the node")?)?;
        let side = line.need(6, "ABOVE or BELOW")?;
        let level = line.number(7, "the level or pressure")?;
        let head_m = self.control_head_m(node, level);
        match side {
            side if starts(side, "ABOVE") => Ok(When::Above { node, head_m }),
            side if starts(side, "BELOW") => Ok(When::Below { node, head_m }),
            side => Err(Fault::new(format!("'{}' is neither ABOVE nor BELOW", shown(side)), "write ABOVE or BELOW before the value")),
        }
    }

    /// The level of a tank or reservoir, or the pressure of a junction, as a head.
    fn control_head_m(&self, node: usize, value: f64) -> f64 {
        let scale = if node < self.network.junction_count { self.network.units.pressure_m() } else { self.network.units.length_m() };
        self.network.nodes.get(node).map_or(0.0, |node| node.elevation_m + value * scale)
    }

    /// OPEN, CLOSED or a setting of a link.
    pub(super) fn change(&self, link: usize, what: &str) -> Result<Change, Fault> {
        let Some(link) = self.network.links.get(link) else { return Ok(Change::Open) };
        if matches!(link.kind, LinkKind::Pipe(Pipe { check_valve: true, .. })) {
            return Err(Fault::new(
                "a pipe with a check valve cannot be controlled",
                "control another link, or make it a pipe without check valve",
            ));
        }
        match what {
            word if starts(word, "OPEN") => return Ok(Change::Open),
            word if starts(word, "CLOSED") => return Ok(Change::Close),
            _ => {}
        }
        let setting = number(what, "status or setting")?;
        match &link.kind {
            LinkKind::Valve(Valve { kind: ValveKind::GeneralPurpose(_), .. }) => {
                Err(Fault::new("a GPV follows its curve and has no setting", "write OPEN or CLOSED"))
            }
            LinkKind::Pipe(_) => {
                let setting = not_negative(setting, "setting")?;
                Ok(if setting == 0.0 { Change::Close } else { Change::Open })
            }
            LinkKind::Pump(_) => Ok(Change::Setting(not_negative(setting, "speed")?)),
            kind @ LinkKind::Valve(_) => Ok(Change::Setting(setting * setting_scale(kind, &self.network.units))),
        }
    }
}

pub(super) fn not_a_time(word: &str) -> Fault {
    Fault::new(
        format!("'{}' is no time", shown(word)),
        "write hours as 1.5 or 1:30, with a unit such as MIN, or a time of day such as 6:00 AM",
    )
}
