//! `[PIPES]`, `[PUMPS]`, `[VALVES]` and the `[STATUS]` of their links.

use super::lines::{Line, Section, not_negative, number, positive, shown, starts};
use super::log::Fault;
use super::valves::set_setting;
use super::{Reader, register};
use crate::epanet::network::{HeadLoss, Link, LinkKind, LinkStatus, Pipe, Valve, ValveKind};
use crate::epanet::units::Units;

/// Most links that all ranges of `[STATUS]` together may look at: more is no network but an attack on patience.
const MAX_RANGE_VISITS: usize = 50_000_000;

/// What a line says a link shall be at the start.
#[derive(Clone, Copy)]
enum Start {
    Open,
    Closed,
    Setting(f64),
}

impl Reader {
    /// `id from to …`; the section says what follows.
    pub(super) fn link(&mut self, line: &Line) -> Result<(), Fault> {
        let index = self.network.links.len();
        register(&mut self.link_ids, line.first(), index, "link")?;
        let pipe = Pipe { length_m: 1.0, diameter_m: 1.0, roughness: 1.0, minor_loss: 0.0, check_valve: false };
        self.network.links.push(Link {
            id: line.first().to_owned(),
            from: 0,
            to: 0,
            kind: LinkKind::Pipe(pipe),
            status: LinkStatus::Open,
            vertices: Vec::new(),
            line: line.number,
        });
        let kind = match line.section {
            Section::Pumps => "pump",
            Section::Valves => "valve",
            _ => "pipe",
        };
        self.link_data(index, line).map_err(|fault| fault.of(kind, line.first()))
    }

    fn link_data(&mut self, index: usize, line: &Line) -> Result<(), Fault> {
        let from = self.node(line.need(1, "the start node")?)?;
        let to = self.node(line.need(2, "the end node")?)?;
        if from == to {
            return Err(Fault::new("it leads from a node to the same node", "give it two different nodes"));
        }
        let (kind, status) = match line.section {
            Section::Pumps => self.pump(line)?,
            Section::Valves => self.valve(line, from, to)?,
            _ => self.pipe(line)?,
        };
        if let Some(link) = self.network.links.get_mut(index) {
            (link.from, link.to, link.kind, link.status) = (from, to, kind, status);
        }
        Ok(())
    }

    /// `id from to length diameter roughness [minor loss] [OPEN | CLOSED | CV]`
    fn pipe(&self, line: &Line) -> Result<(LinkKind, LinkStatus), Fault> {
        let units = self.network.units;
        let length_m = positive(line.number(3, "length")?, "length")? * units.length_m();
        let diameter_m = positive(line.number(4, "diameter")?, "diameter")? * units.diameter_m();
        let roughness = positive(line.number(5, "roughness")?, "roughness")?;
        let roughness = match self.network.options.head_loss {
            HeadLoss::DarcyWeisbach => roughness * units.length_m() / 1000.0,
            HeadLoss::HazenWilliams | HeadLoss::ChezyManning => roughness,
        };
        let (minor_loss, state) = match (line.word(6), line.word(7)) {
            (None, _) => (0.0, PipeState::Open),
            (Some(word), None) => match PipeState::of(word) {
                Some(state) => (0.0, state),
                None => (number(word, "minor loss or status")?, PipeState::Open),
            },
            (Some(loss), Some(word)) => {
                let state = PipeState::of(word)
                    .ok_or_else(|| Fault::new(format!("the status is '{}'", shown(word)), "write OPEN, CLOSED or CV"))?;
                (number(loss, "minor loss")?, state)
            }
        };
        let minor_loss = not_negative(minor_loss, "minor loss")?;
        let pipe = Pipe { length_m, diameter_m, roughness, minor_loss, check_valve: state == PipeState::CheckValve };
        let status = if state == PipeState::Closed { LinkStatus::Closed } else { LinkStatus::Open };
        Ok((LinkKind::Pipe(pipe), status))
    }

    /// `link value` or `first last value`, where value is OPEN, CLOSED or a setting.
    pub(super) fn status(&mut self, line: &Line) -> Result<(), Fault> {
        line.need(1, "the status")?;
        let last = line.words.last().copied().unwrap_or_default();
        let start = match last {
            word if starts(word, "OPEN") => Start::Open,
            word if starts(word, "CLOSED") => Start::Closed,
            word => Start::Setting(not_negative(number(word, "status or setting")?, "setting")?),
        };
        if line.words.len() > 2 {
            return self.status_of_range(line, start);
        }
        let index = self.link_named(line.first())?;
        let units = self.network.units;
        let Some(link) = self.network.links.get_mut(index) else { return Ok(()) };
        let is_setting = matches!(start, Start::Setting(_));
        match &link.kind {
            LinkKind::Pipe(Pipe { check_valve: true, .. }) => {
                return Err(Fault::new(format!("pipe '{}' has a check valve, its status cannot be set", link.id), "remove the line"));
            }
            LinkKind::Valve(Valve { kind: ValveKind::GeneralPurpose(_), .. }) if is_setting => {
                return Err(Fault::new(format!("valve '{}' follows a curve and has no setting", link.id), "write OPEN or CLOSED"));
            }
            _ => {}
        }
        set_start(link, start, &units);
        Ok(())
    }

    /// A range goes by number when both ends are numbers, else by the order of characters.
    fn status_of_range(&mut self, line: &Line, start: Start) -> Result<(), Fault> {
        let (first, last) = (line.need(0, "the first link")?, line.need(1, "the last link")?);
        self.range_visits = self.range_visits.saturating_add(self.network.links.len());
        if self.range_visits > MAX_RANGE_VISITS {
            return Err(Fault::new("too many ranges of links", "name the links one by one"));
        }
        let numbers = (leading_integer(first), leading_integer(last));
        let by_number = numbers.0 > 0 && numbers.1 > 0;
        let units = self.network.units;
        for link in &mut self.network.links {
            let inside = if by_number {
                (numbers.0..=numbers.1).contains(&leading_integer(&link.id))
            } else {
                (first..=last).contains(&link.id.as_str())
            };
            if inside {
                set_start(link, start, &units);
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum PipeState {
    Open,
    Closed,
    CheckValve,
}

impl PipeState {
    fn of(word: &str) -> Option<Self> {
        [("CV", Self::CheckValve), ("CLOSED", Self::Closed), ("OPEN", Self::Open)]
            .into_iter()
            .find_map(|(keyword, state)| starts(word, keyword).then_some(state))
    }
}

/// EPANET's effect of a `[STATUS]` line on each kind of link.
fn set_start(link: &mut Link, start: Start, units: &Units) {
    match (&mut link.kind, start) {
        (LinkKind::Pipe(Pipe { check_valve: true, .. }), _) => {}
        (LinkKind::Pipe(_) | LinkKind::Valve(Valve { kind: ValveKind::GeneralPurpose(_), .. }), Start::Setting(_)) => {}
        (LinkKind::Pump(pump), Start::Setting(speed)) => {
            pump.speed = speed;
            link.status = if speed == 0.0 { LinkStatus::Closed } else { LinkStatus::Open };
        }
        (LinkKind::Pump(pump), Start::Open) => {
            pump.speed = 1.0;
            link.status = LinkStatus::Open;
        }
        (LinkKind::Valve(valve), Start::Setting(setting)) => {
            set_setting(&mut valve.kind, setting, units);
            link.status = LinkStatus::Active;
        }
        (_, Start::Open) => link.status = LinkStatus::Open,
        (_, Start::Closed) => link.status = LinkStatus::Closed,
    }
}

/// The integer a word begins with, 0 without one: how C reads it.
fn leading_integer(word: &str) -> i64 {
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    word.get(..digits).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}
