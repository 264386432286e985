//! How a network is run: patterns, times, options, simple controls and rules.

use crate::chance::Chance;
use crate::draft::{Draft, short};
use crate::supply::Works;

/// Demand patterns `D1`…, and the patterns of heads and speeds.
pub fn patterns(draft: &mut Draft, chance: &mut Chance, count: usize) {
    for number in 1..=count {
        let length = *chance.one_of(&[4, 12, 24, 24, 24, 7]);
        let peak = chance.within(0.0, std::f64::consts::TAU);
        let swing = chance.within(0.2, 0.7);
        let factor = |at: usize| 1.0 + swing * libm::sin(peak + std::f64::consts::TAU * at as f64 / length as f64);
        let factors = (0..length).map(|at| factor(at) + chance.within(-0.1, 0.1)).collect();
        draft.patterns.push((format!("D{number}"), factors));
    }
    draft.patterns.push(("HEAD".into(), vec![1.0, 1.002, 1.004, 1.0, 0.998, 0.996]));
    draft.patterns.push(("SPEED".into(), vec![1.0, 0.95, 1.0, 1.05, 0.0, 1.0, 0.92, 1.0]));
    if chance.happens(0.3) {
        draft.patterns.push(("1".into(), vec![0.8, 1.2, 1.1, 0.9]));
    }
}

/// The steps of time, ordinary or odd.
pub fn times(draft: &mut Draft, chance: &mut Chance, hours: usize, odd: bool) {
    draft.times.push(format!("DURATION\t{hours}:00"));
    if !odd {
        let usual = ["HYDRAULIC TIMESTEP\t1:00", "PATTERN TIMESTEP\t1:00", "REPORT TIMESTEP\t1:00", "STATISTIC\tNONE"];
        draft.times.extend(usual.map(str::to_owned));
        return;
    }
    let mut say = |what: &str, values: &[&str]| draft.times.push(format!("{what}\t{}", chance.one_of(values)));
    say("HYDRAULIC TIMESTEP", &["1:00", "0:30", "0:20", "2:00", "0:07", "0:15:30", "1 HOUR", "45 MIN"]);
    say("PATTERN TIMESTEP", &["1:00", "2:00", "0:45", "3:00", "1.5", "6"]);
    say("PATTERN START", &["0:00", "1:00", "0:30", "5:20"]);
    say("REPORT TIMESTEP", &["1:00", "2:00", "1:30", "0:50"]);
    say("REPORT START", &["0:00", "0:00", "1:00", "0:40"]);
    say("RULE TIMESTEP", &["0:06", "0:01", "0:10", "0:25", "0:00:30"]);
    say("START CLOCKTIME", &["12 AM", "6 AM", "3:30 PM", "12 PM", "11:45 PM"]);
}

/// Hydraulic options; `accuracy` of `None` leaves EPANET's own 0.001.
pub fn options(draft: &mut Draft, chance: &mut Chance, accuracy: Option<f64>, pressure_driven: bool, odd: bool) {
    let trials = if accuracy.is_some() { 200 } else { 40 };
    let mut lines = vec![format!("TRIALS\t{trials}"), "UNBALANCED\tCONTINUE 10".to_owned(), "QUALITY\tNONE".to_owned()];
    lines.extend(accuracy.map(|value| format!("ACCURACY\t{value}")));
    if pressure_driven {
        let units = draft.units;
        let least = if chance.happens(0.5) { 0.0 } else { 5.0 };
        lines.push("DEMAND MODEL\tPDA".into());
        lines.push(format!("MINIMUM PRESSURE\t{}", units.pressure(least)));
        lines.push(format!("REQUIRED PRESSURE\t{}", units.pressure(chance.within(15.0, 45.0))));
        lines.push(format!("PRESSURE EXPONENT\t{}", chance.one_of(&["0.5", "0.5", "0.6", "1.0"])));
    }
    if odd {
        let mut may = |probability: f64, line: String| {
            if chance.happens(probability) {
                lines.push(line);
            }
        };
        may(0.3, "DEMAND MULTIPLIER\t1.25".into());
        may(0.3, "VISCOSITY\t1.3".into());
        may(0.2, "SPECIFIC GRAVITY\t0.98".into());
        may(0.2, "CHECKFREQ\t3".into());
        may(0.2, "MAXCHECK\t8".into());
        may(0.2, "DAMPLIMIT\t0.05".into());
        may(0.15, format!("HEADERROR\t{}", draft.units.length(0.0003)));
        may(0.15, format!("FLOWCHANGE\t{}", draft.units.flow(1e-6)));
        may(0.3, "PATTERN\tD1".into());
    }
    if draft.emitter_exponent != 0.5 {
        lines.push(format!("EMITTER EXPONENT\t{}", short(draft.emitter_exponent)));
    }
    draft.options.extend(lines);
}

/// Pumps that follow their tank's level, by simple controls or by rules.
pub fn follow_levels(draft: &mut Draft, chance: &mut Chance, works: &Works) {
    for (at, (pump, tank)) in works.pumps.iter().enumerate() {
        let Some((tank, [_, least, most])) = tank.and_then(|tank| works.tanks.get(tank)) else { continue };
        let span = most - least;
        let low = draft.units.length(least + span * (0.25 + 0.08 * at as f64).min(0.5));
        let high = draft.units.length(most - span * chance.within(0.05, 0.3));
        if chance.happens(0.6) {
            draft.controls.push(format!("LINK {pump} OPEN IF NODE {tank} BELOW {low}"));
            draft.controls.push(format!("LINK {pump} CLOSED IF NODE {tank} ABOVE {high}"));
        } else if chance.happens(0.7) {
            rule(draft, &[&format!("IF TANK {tank} LEVEL BELOW {low}"), &format!("THEN PUMP {pump} STATUS IS OPEN"), "PRIORITY 2"]);
            rule(draft, &[&format!("IF TANK {tank} LEVEL >= {high}"), &format!("THEN PUMP {pump} STATUS IS CLOSED"), "PRIORITY 3"]);
        }
    }
}

/// Simple controls at times and pressures.
pub fn timed(draft: &mut Draft, chance: &mut Chance, works: &Works, doors: &[String], watched: &str) {
    let mut lines = Vec::new();
    if let Some((pump, _)) = works.pumps.first() {
        if chance.happens(0.4) {
            lines.push(format!(
                "LINK {pump} {} AT TIME {}",
                chance.one_of(&["0.94", "1.03", "CLOSED"]),
                chance.one_of(&["4", "5:30", "7.25"])
            ));
            lines.push(format!("LINK {pump} {} AT TIME {}", chance.one_of(&["1.0", "OPEN"]), chance.one_of(&["9:10", "12", "10:00:30"])));
        }
        if chance.happens(0.25) {
            lines.push(format!("LINK {pump} CLOSED IF NODE {watched} ABOVE {}", draft.units.pressure(62.0)));
            lines.push(format!("LINK {pump} OPEN IF NODE {watched} BELOW {}", draft.units.pressure(45.0)));
        }
    }
    for (valve, kind, value) in &works.valves {
        if chance.happens(0.35) {
            let factor = chance.within(0.85, 1.1);
            let line = match *kind {
                "PRV" | "PSV" | "PBV" => format!("LINK {valve} {} AT TIME 8", draft.units.pressure(value * factor)),
                "FCV" => format!("LINK {valve} {} AT CLOCKTIME 2:15 PM", draft.units.flow(value * factor)),
                "TCV" => format!("LINK {valve} {} AT TIME 3:20", short(value * 3.0)),
                _ => format!("LINK {valve} CLOSED AT TIME 6"),
            };
            lines.push(line);
        }
        if chance.happens(0.15) {
            lines.push(format!("LINK {valve} {} AT TIME 11", chance.one_of(&["CLOSED", "OPEN"])));
        }
    }
    for door in doors.iter().take(2) {
        if chance.happens(0.5) {
            lines.push(format!("LINK {door} CLOSED AT CLOCKTIME {}", chance.one_of(&["6 AM", "1 PM", "10:40 PM"])));
            lines.push(format!("LINK {door} OPEN AT CLOCKTIME {}", chance.one_of(&["11 AM", "5:05 PM", "3 AM"])));
        }
    }
    draft.controls.extend(lines);
}

/// Rules with many kinds of premises.
pub fn rules(draft: &mut Draft, chance: &mut Chance, works: &Works, doors: &[String], watched: &str) {
    let units = draft.units;
    let Some(door) = doors.first().cloned() else { return };
    if let (Some((pump, _)), true) = (works.pumps.last(), chance.happens(0.5)) {
        let lines = ["IF SYSTEM CLOCKTIME >= 10 PM", "OR SYSTEM CLOCKTIME < 5:30 AM"];
        rule(draft, &[lines[0], lines[1], &format!("THEN PUMP {pump} SETTING IS 1.04"), &format!("ELSE PUMP {pump} SETTING IS 0.98")]);
    }
    if let (Some((tank, [_, least, most])), true) = (works.tanks.last(), chance.happens(0.6)) {
        let middle = units.length((least + most) / 2.0);
        rule(
            draft,
            &[
                &format!("IF TANK {tank} LEVEL ABOVE {middle}"),
                "AND SYSTEM TIME > 2:00",
                &format!("THEN PIPE {door} STATUS IS CLOSED"),
                &format!("ELSE PIPE {door} STATUS IS OPEN"),
                "PRIORITY 4",
            ],
        );
    }
    if chance.happens(0.5) {
        let when = [format!("IF JUNCTION {watched} PRESSURE BELOW {}", units.pressure(38.0)), "AND SYSTEM TIME >= 1".to_owned()];
        rule(draft, &[&when[0], &when[1], &format!("THEN PIPE {door} STATUS IS OPEN"), "PRIORITY 1"]);
    }
    if let (Some((valve, kind, value)), true) = (works.valves.first(), chance.happens(0.6)) {
        let setting = |factor: f64| match *kind {
            "PRV" | "PSV" | "PBV" => Some(units.pressure(value * factor)),
            "FCV" => Some(units.flow(value * factor)),
            "TCV" => Some(short(value * factor)),
            _ => None,
        };
        if let (Some(less), Some(usual)) = (setting(0.9), setting(1.0)) {
            let premise = *chance.one_of(&["IF SYSTEM CLOCKTIME = 7 PM", "IF SYSTEM DEMAND BELOW", "IF PIPE FLOW ABOVE", "IF NODE HEAD"]);
            let all: f64 = draft.junctions.iter().flat_map(|j| j.demands.iter().map(|d| d.0)).sum();
            let first = match premise {
                "IF SYSTEM DEMAND BELOW" => format!("{premise} {}", units.flow(all * 0.9)),
                "IF PIPE FLOW ABOVE" => format!("IF PIPE {door} FLOW ABOVE {}", units.flow(all * 0.05)),
                "IF NODE HEAD" => format!("IF NODE {watched} DEMAND ABOVE {}", units.flow(all * 0.01)),
                usual => usual.to_owned(),
            };
            let acts = [format!("THEN VALVE {valve} SETTING IS {less}"), format!("ELSE VALVE {valve} SETTING IS {usual}")];
            rule(draft, &[&first, &acts[0], &acts[1], "PRIORITY 2.5"]);
        }
    }
    if let (Some((tank, _)), true) = (works.tanks.first(), chance.happens(0.4)) {
        let first = format!("IF TANK {tank} {}", chance.one_of(&["FILLTIME BELOW 1.5", "DRAINTIME BELOW 2", "FILLTIME > 4"]));
        let second = format!("THEN PIPE {door} STATUS = CLOSED");
        rule(draft, &[&first, &second, &format!("ELSE PIPE {door} STATUS = OPEN")]);
    }
    if let (Some((pump, _)), true) = (works.pumps.first(), chance.happens(0.3)) {
        let premises = [format!("IF PUMP {pump} STATUS IS CLOSED"), format!("OR PIPE {door} STATUS IS CLOSED")];
        if let Some((other, _)) = works.pumps.get(1) {
            rule(draft, &[&premises[0], &premises[1], &format!("THEN PUMP {other} STATUS IS OPEN"), "PRIORITY 5"]);
        }
    }
}

fn rule(draft: &mut Draft, lines: &[&str]) {
    let number = draft.rules.iter().filter(|line| line.starts_with("RULE")).count() + 1;
    draft.rules.push(format!("RULE {number}"));
    draft.rules.extend(lines.iter().map(|line| (*line).to_owned()));
    draft.rules.push(String::new());
}
