//! `[TIMES]`.

use super::Reader;
use super::clock::{DAY_S, hours, rounded_seconds};
use super::controls::not_a_time;
use super::lines::{Line, Section, shown, starts};
use super::log::Fault;
use crate::epanet::network::{Statistic, Times};

/// More hydraulic steps than this take longer than anybody waits.
const MANY_STEPS: i64 = 1_000_000;

impl Reader {
    /// All lines of `[TIMES]`, and what EPANET makes of steps that do not fit together.
    pub(super) fn read_times(&mut self, lines: &[Line]) {
        // Zero stands for "not given" until the steps are settled.
        self.network.times.rule_step_s = 0;
        self.each(lines, &[Section::Times], Self::time);
        settle(&mut self.network.times);
        let steps = self.network.times.duration_s / self.network.times.hydraulic_step_s.max(1);
        if steps > MANY_STEPS {
            let line = lines.iter().find(|line| line.section == Section::Times).map_or(1, |line| line.number);
            let fault = Fault::new(format!("duration and hydraulic step make {steps} steps"), "check both; such a run takes very long");
            self.log.warning(Section::Times, line, fault);
        }
    }

    fn time(&mut self, line: &Line) -> Result<(), Fault> {
        line.need(1, "the value")?;
        let name = line.first();
        let times = &mut self.network.times;
        if starts(name, "STAT") {
            times.statistic = statistic(line.words.last().copied().unwrap_or_default())?;
            return Ok(());
        }
        let seconds = rounded_seconds(value(line)?);
        let which = line.word(1).unwrap_or_default();
        match name {
            _ if starts(name, "DURA") => times.duration_s = seconds,
            _ if starts(name, "HYDR") => times.hydraulic_step_s = seconds,
            _ if starts(name, "RULE") => times.rule_step_s = seconds,
            _ if starts(name, "QUAL") || starts(name, "MINI") => {}
            _ if starts(name, "PATT") && starts(which, "TIME") => times.pattern_step_s = seconds,
            _ if starts(name, "PATT") && starts(which, "STAR") => times.pattern_start_s = seconds,
            _ if starts(name, "REPO") && starts(which, "TIME") => times.report_step_s = seconds,
            _ if starts(name, "REPO") && starts(which, "STAR") => times.report_start_s = seconds,
            _ if starts(name, "STAR") => times.start_clock_s = seconds % DAY_S,
            _ => {
                return Err(Fault::new(
                    format!("there is no time '{} {}'", shown(name), shown(which)),
                    "write DURATION, HYDRAULIC TIMESTEP, PATTERN TIMESTEP, PATTERN START, REPORT TIMESTEP, REPORT START, RULE TIMESTEP, \
                     START CLOCKTIME or STATISTIC",
                ));
            }
        }
        Ok(())
    }
}

/// The time at the end of a line: a number of hours, a clock time, or one of them with a unit.
fn value(line: &Line) -> Result<f64, Fault> {
    let (last, before) = match line.words.as_slice() {
        [.., before, last] => (*last, *before),
        _ => return Err(not_a_time(line.first())),
    };
    hours(last, "").or_else(|| hours(before, last)).ok_or_else(|| not_a_time(last))
}

fn statistic(word: &str) -> Result<Statistic, Fault> {
    [
        ("NO", Statistic::Series),
        ("AVERAGE", Statistic::Average),
        ("MINIMUM", Statistic::Minimum),
        ("MAXIMUM", Statistic::Maximum),
        ("RANGE", Statistic::Range),
    ]
    .into_iter()
    .find_map(|(name, statistic)| starts(word, name).then_some(statistic))
    .ok_or_else(|| Fault::new(format!("'{}' is no statistic", shown(word)), "write NONE, AVERAGE, MINIMUM, MAXIMUM or RANGE"))
}

/// EPANET's own corrections, so that no step is zero or longer than the ones above it.
fn settle(times: &mut Times) {
    const HOUR_S: i64 = 3600;
    if times.pattern_step_s <= 0 {
        times.pattern_step_s = HOUR_S;
    }
    if times.report_step_s <= 0 {
        times.report_step_s = times.pattern_step_s;
    }
    if times.hydraulic_step_s <= 0 {
        times.hydraulic_step_s = HOUR_S;
    }
    times.hydraulic_step_s = times.hydraulic_step_s.min(times.pattern_step_s).min(times.report_step_s);
    if times.report_start_s > times.duration_s {
        times.report_start_s = 0;
    }
    if times.rule_step_s <= 0 {
        times.rule_step_s = times.hydraulic_step_s / 10;
    }
    times.rule_step_s = times.rule_step_s.min(times.hydraulic_step_s).max(1);
}
