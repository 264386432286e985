//! `[RULES]`: IF … THEN … ELSE … PRIORITY.

use super::clock::{cut_seconds, hours};
use super::controls::not_a_time;
use super::lines::{Line, Section, not_negative, number, shown, starts};
use super::log::Fault;
use super::valves::setting_scale;
use super::{MAX_ID, Reader};
use crate::epanet::network::{
    Action, Change, Join, LinkKind, LinkStatus, LinkVariable, NodeVariable, Premise, Relation, Rule, Subject, Threshold, Valve, ValveKind,
};

/// EPANET compares numbers of rules with this tolerance in the file's unit.
const TOLERANCE: f64 = 1e-3;

/// Where in a rule the reader is.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// Before the first rule, or in one with a fault: everything up to the next RULE is passed over.
    Outside,
    Head,
    If,
    Then,
    Else,
    End,
}

/// The rule that is being read.
struct Draft {
    rule: Rule,
    part: Part,
    disabled: bool,
}

impl Reader {
    pub(super) fn read_rules(&mut self, lines: &[Line]) {
        let mut draft: Option<Draft> = None;
        for line in lines.iter().filter(|line| line.section == Section::Rules) {
            if starts(line.first(), "RULE") {
                self.finish_rule(draft.take());
                draft = match new_rule(line) {
                    Ok(draft) => Some(draft),
                    Err(fault) => {
                        self.log.error(line.section, line.number, fault);
                        Some(Draft { part: Part::Outside, ..empty("", line.number) })
                    }
                };
                continue;
            }
            let Some(current) = draft.as_mut() else {
                let fault = Fault::new("this clause stands before any RULE", "begin every rule with RULE and a name");
                self.log.error(line.section, line.number, fault);
                draft = Some(Draft { part: Part::Outside, ..empty("", line.number) });
                continue;
            };
            if current.part == Part::Outside {
                continue;
            }
            if let Err(fault) = self.clause(current, line) {
                self.log.error(line.section, line.number, fault.of("rule", &current.rule.id));
                current.part = Part::Outside;
            }
        }
        self.finish_rule(draft);
    }

    fn finish_rule(&mut self, draft: Option<Draft>) {
        let Some(draft) = draft.filter(|draft| draft.part != Part::Outside) else { return };
        let line = draft.rule.line;
        if draft.disabled {
            self.log.note(Section::Rules, line, Fault::new("the rule is disabled", "").of("rule", &draft.rule.id));
        } else if draft.rule.then.is_empty() {
            let fault = Fault::new("it does nothing, as it has no THEN", "add IF and THEN, or remove the rule");
            self.log.warning(Section::Rules, line, fault.of("rule", &draft.rule.id));
        } else {
            self.network.rules.push(draft.rule);
        }
    }

    fn clause(&self, draft: &mut Draft, line: &Line) -> Result<(), Fault> {
        let word = line.first();
        let part = draft.part;
        match word {
            _ if starts(word, "IF") && part == Part::Head => {
                draft.part = Part::If;
                draft.rule.premises.push(self.premise(line, Join::And)?);
            }
            _ if starts(word, "AND") && part == Part::If => draft.rule.premises.push(self.premise(line, Join::And)?),
            _ if starts(word, "AND") && part == Part::Then => draft.rule.then.push(self.rule_action(line)?),
            _ if starts(word, "AND") && part == Part::Else => draft.rule.otherwise.push(self.rule_action(line)?),
            _ if starts(word, "OR") && part == Part::If => draft.rule.premises.push(self.premise(line, Join::Or)?),
            _ if starts(word, "THEN") && part == Part::If => {
                draft.part = Part::Then;
                draft.rule.then.push(self.rule_action(line)?);
            }
            _ if starts(word, "ELSE") && part == Part::Then => {
                draft.part = Part::Else;
                draft.rule.otherwise.push(self.rule_action(line)?);
            }
            _ if starts(word, "PRIO") && matches!(part, Part::Then | Part::Else) => {
                draft.part = Part::End;
                draft.rule.priority = line.number(1, "the priority")?;
            }
            _ if starts(word, "DISABLED") && matches!(part, Part::Then | Part::Else | Part::End) => draft.disabled = true,
            _ => {
                return Err(Fault::new(
                    format!("'{}' cannot stand here", shown(word)),
                    "the order is RULE, IF, AND or OR, THEN, AND, ELSE, AND, PRIORITY",
                ));
            }
        }
        Ok(())
    }

    /// `IF object id variable relation value [unit]` or `IF SYSTEM variable relation value [unit]`
    fn premise(&self, line: &Line, join: Join) -> Result<Premise, Fault> {
        if !matches!(line.words.len(), 5 | 6) {
            return Err(Fault::new(
                format!("a condition has 5 or 6 words, this one has {}", line.words.len()),
                "write for example IF TANK T1 LEVEL BELOW 3, or IF SYSTEM CLOCKTIME >= 8 AM",
            ));
        }
        let object = line.need(1, "the object")?;
        let is_system = starts(object, "SYSTEM");
        let relation = relation(line.need(if is_system { 3 } else { 4 }, "the relation")?)?;
        let subject = match object {
            _ if is_system => self.system_subject(line)?,
            _ if ["NODE", "JUNC", "RESER", "TANK"].iter().any(|word| starts(object, word)) => self.node_subject(line)?,
            _ if ["LINK", "PIPE", "PUMP", "VALVE"].iter().any(|word| starts(object, word)) => self.link_subject(line)?,
            _ => {
                return Err(Fault::new(
                    format!("'{}' is nothing a rule can look at", shown(object)),
                    "write NODE, JUNCTION, TANK, RESERVOIR, LINK, PIPE, PUMP, VALVE or SYSTEM",
                ));
            }
        };
        Ok(Premise { join, subject, relation })
    }

    fn system_subject(&self, line: &Line) -> Result<Subject, Fault> {
        let variable = line.need(2, "the variable")?;
        if starts(variable, "DEMAND") {
            return Ok(Subject::SystemDemand(last_number(line, self.network.units.flow_m3_s())?));
        }
        let is_time = starts(variable, "TIME");
        if !is_time && !starts(variable, "CLOCKTIME") {
            return Err(unknown_variable(variable, "DEMAND, TIME or CLOCKTIME"));
        }
        let word = line.need(4, "the time")?;
        let seconds = hours(word, line.word(5).unwrap_or_default()).map(cut_seconds).ok_or_else(|| not_a_time(word))?;
        Ok(if is_time { Subject::Time(seconds) } else { Subject::ClockTime(seconds) })
    }

    fn node_subject(&self, line: &Line) -> Result<Subject, Fault> {
        let node = self.node(line.need(2, "the node")?)?;
        let word = line.need(3, "the variable")?;
        let units = &self.network.units;
        let (variable, scale) = match word {
            _ if starts(word, "DEMAND") => (NodeVariable::Demand, units.flow_m3_s()),
            _ if starts(word, "HEAD") || starts(word, "GRADE") => (NodeVariable::Head, units.length_m()),
            _ if starts(word, "LEVEL") => (NodeVariable::Level, units.length_m()),
            _ if starts(word, "PRESSURE") => (NodeVariable::Pressure, units.pressure_m()),
            _ if starts(word, "FILLTIME") => (NodeVariable::FillTime, 3600.0),
            _ if starts(word, "DRAINTIME") => (NodeVariable::DrainTime, 3600.0),
            _ => return Err(unknown_variable(word, "DEMAND, HEAD, PRESSURE, LEVEL, FILLTIME or DRAINTIME")),
        };
        let mut value = last_number(line, scale)?;
        if matches!(variable, NodeVariable::FillTime | NodeVariable::DrainTime) {
            if node < self.network.junction_count {
                return Err(Fault::new("a junction neither fills nor drains", "name a tank"));
            }
            value.tolerance = TOLERANCE;
        }
        Ok(Subject::Node { node, variable, value })
    }

    fn link_subject(&self, line: &Line) -> Result<Subject, Fault> {
        let link = self.link_named(line.need(2, "the link")?)?;
        let word = line.need(3, "the variable")?;
        let is_status = starts(word, "STATUS");
        let (variable, scale) = match word {
            _ if is_status || starts(word, "SETTING") => {
                let kind = self.network.links.get(link).map(|link| &link.kind);
                (LinkVariable::Setting, kind.map_or(1.0, |kind| setting_scale(kind, &self.network.units)))
            }
            _ if starts(word, "FLOW") => (LinkVariable::Flow, self.network.units.flow_m3_s()),
            _ => return Err(unknown_variable(word, "FLOW, STATUS or SETTING")),
        };
        let last = line.words.last().copied().unwrap_or_default();
        if let Some(status) = status(last) {
            return Ok(Subject::Status { link, status });
        }
        if is_status {
            return Err(Fault::new(format!("'{}' is no status", shown(last)), "write OPEN, CLOSED or ACTIVE, or use SETTING"));
        }
        Ok(Subject::Link { link, variable, value: last_number(line, scale)? })
    }

    /// `THEN LINK id STATUS|SETTING IS value`; only the id and the value count.
    fn rule_action(&self, line: &Line) -> Result<Action, Fault> {
        if line.words.len() != 6 {
            return Err(Fault::new(
                format!("an action has 6 words, this one has {}", line.words.len()),
                "write for example THEN PUMP P1 STATUS IS OPEN",
            ));
        }
        let link = self.link_named(line.need(2, "the link")?)?;
        let word = line.need(5, "the value")?;
        let is_gpv = |kind: &LinkKind| matches!(kind, LinkKind::Valve(Valve { kind: ValveKind::GeneralPurpose(_), .. }));
        let change = match (status(word), self.network.links.get(link)) {
            (Some(LinkStatus::Active), Some(link)) if !matches!(link.kind, LinkKind::Valve(_)) || is_gpv(&link.kind) => {
                return Err(Fault::new("only a valve with a setting can be ACTIVE", "write OPEN or CLOSED"));
            }
            (Some(LinkStatus::Active), _) => Change::Activate,
            (Some(_), _) => self.change(link, word)?,
            (None, _) => {
                not_negative(number(word, "status or setting")?, "setting")?;
                self.change(link, word)?
            }
        };
        Ok(Action { link, change })
    }
}

fn empty(id: &str, line: u32) -> Draft {
    let rule = Rule { id: id.to_owned(), premises: Vec::new(), then: Vec::new(), otherwise: Vec::new(), priority: 0.0, line };
    Draft { rule, part: Part::Head, disabled: false }
}

fn new_rule(line: &Line) -> Result<Draft, Fault> {
    match line.words.as_slice() {
        &[_, id] if id.len() <= MAX_ID => Ok(empty(id, line.number)),
        _ => Err(Fault::new("a rule begins with RULE and one name of at most 31 characters", "write for example RULE fill_at_night")),
    }
}

/// Longer signs first, as `<` begins `<=` too.
fn relation(word: &str) -> Result<Relation, Fault> {
    const RELATIONS: [(&str, Relation); 10] = [
        ("=", Relation::Equal),
        ("<>", Relation::NotEqual),
        ("<=", Relation::LessOrEqual),
        (">=", Relation::GreaterOrEqual),
        ("<", Relation::Less),
        (">", Relation::Greater),
        ("IS", Relation::Equal),
        ("NOT", Relation::NotEqual),
        ("BELOW", Relation::Less),
        ("ABOVE", Relation::Greater),
    ];
    RELATIONS
        .iter()
        .find_map(|(sign, relation)| starts(word, sign).then_some(*relation))
        .ok_or_else(|| Fault::new(format!("'{}' is no relation", shown(word)), "write =, <>, <, <=, >, >=, IS, NOT, BELOW or ABOVE"))
}

fn status(word: &str) -> Option<LinkStatus> {
    [("OPEN", LinkStatus::Open), ("CLOSED", LinkStatus::Closed), ("ACTIVE", LinkStatus::Active)]
        .into_iter()
        .find_map(|(name, status)| starts(word, name).then_some(status))
}

/// The last word of a condition as a number in SI.
fn last_number(line: &Line, scale: f64) -> Result<Threshold, Fault> {
    let word = line.words.last().copied().unwrap_or_default();
    Ok(Threshold { value: number(word, "the value")? * scale, tolerance: TOLERANCE * scale })
}

fn unknown_variable(word: &str, known: &str) -> Fault {
    Fault::new(format!("'{}' is nothing a rule can ask for here", shown(word)), format!("write {known}"))
}
