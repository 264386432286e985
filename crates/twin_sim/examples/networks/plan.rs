//! Which zones, works and ways of running make up the network of a seed.

use crate::chance::Chance;
use crate::draft::{Draft, UNITS, Units};
use crate::operation;
use crate::supply::{self, Works};
use crate::zone::{self, Plan, Zone};

const LINKS: &[&str] = &["PRV", "PRV", "PSV", "FCV", "TCV", "PBV", "GPV", "CV", "PUMP", "PRV2"];

/// The network of a seed, of about this many junctions, with anything in it that a file can ask for.
pub fn any(seed: u64, nodes: usize) -> Draft {
    let mut chance = Chance::new(seed);
    let units = UNITS[seed as usize % UNITS.len()];
    let headloss = *chance.one_of(&["H-W", "D-W", "C-M", "H-W"]);
    let mut draft = empty(format!("Network of {nodes} nodes, seed {seed}"), units, headloss);
    draft.roughness = (0..7).map(|_| chance.within(0.8, 1.5)).collect();
    draft.emitter_exponent = if chance.happens(0.8) { 0.5 } else { chance.within(0.6, 1.2) };
    let patterns = chance.whole(1, 4);
    operation::patterns(&mut draft, &mut chance, patterns);
    let most = (nodes / 8).clamp(1, 4);
    let count = if nodes > 1_000 { nodes / 750 } else { chance.whole(1, most) };
    let loops = if chance.happens(0.25) { 0.0 } else { chance.within(0.1, 0.7) };
    let leaks = if chance.happens(0.3) { 0.2 } else { 0.0 };
    let mut works = Works::default();
    let mut zones: Vec<Zone> = Vec::new();
    let mut doors = Vec::new();
    for number in 0..count {
        let kind = *chance.one_of(LINKS);
        let parent = chance.whole(0, number.saturating_sub(1));
        let parent_grade_m = zones.get(parent).map_or(120.0, |zone| zone.grade_m);
        let drop = match kind {
            "PRV" | "PRV2" => chance.within(15.0, 35.0),
            "PUMP" => chance.within(-35.0, -15.0),
            _ => chance.within(1.0, 12.0),
        };
        let demand_m3_s = if nodes > 200 { chance.within(1e-4, 4e-4) } else { chance.within(4e-4, 3e-3) };
        let each = (nodes / count).max(2);
        let through_m3_s = if number == 0 { demand_m3_s * each as f64 * (count - 1) as f64 * 0.5 } else { 0.0 };
        let plan = Plan { number, nodes: each, grade_m: parent_grade_m - drop, loops, demand_m3_s, through_m3_s, patterns, leaks };
        let zone = zone::lay(&mut draft, &mut chance, &plan);
        if chance.happens(if number == 0 || kind == "PUMP" { 0.85 } else { 0.5 }) {
            supply::tank(&mut draft, &mut chance, &zone, &mut works);
        }
        match zones.get(parent) {
            None => {
                let pumped = chance.happens(0.65);
                supply::source(&mut draft, &mut chance, &zone, &mut works, pumped);
            }
            Some(parent) => {
                let first = if kind == "PRV2" { "PRV" } else { kind };
                supply::link(&mut draft, &mut chance, parent, &zone, &mut works, first);
                if kind == "PRV2" {
                    supply::link(&mut draft, &mut chance, parent, &zone, &mut works, "PRV");
                }
            }
        }
        doors.push(zone.pipes[zone.pipes.len() / 3].clone());
        zones.push(zone);
    }
    disturb(&mut draft, &mut chance, &zones, &doors);
    operation::follow_levels(&mut draft, &mut chance, &works);
    let watched = zones[zones.len() - 1].middle.clone();
    if chance.happens(0.6) {
        operation::timed(&mut draft, &mut chance, &works, &doors, &watched);
    }
    if chance.happens(0.6) {
        operation::rules(&mut draft, &mut chance, &works, &doors, &watched);
    }
    let odd = chance.happens(0.6);
    let hours = *chance.one_of(&[24, 24, 24, 12, 30]);
    operation::times(&mut draft, &mut chance, if nodes > 1_000 { 8 } else { hours }, odd);
    let accuracy = if chance.happens(0.4) { Some(1e-6) } else { None };
    let pressure_driven = chance.happens(0.2);
    operation::options(&mut draft, &mut chance, accuracy, pressure_driven, odd);
    draft
}

/// Closed pipes, check valves within the streets, statuses set apart; not for the doors that controls open and shut.
fn disturb(draft: &mut Draft, chance: &mut Chance, zones: &[Zone], doors: &[String]) {
    let shut = if chance.happens(0.35) { 0.03 } else { 0.0 };
    for pipe in draft.pipes.iter_mut().filter(|pipe| pipe.id.starts_with('P') && !doors.contains(&pipe.id)) {
        if chance.happens(shut) {
            pipe.status = if chance.happens(0.5) { "Closed" } else { "CV" };
        }
    }
    if chance.happens(0.15) {
        let zone = chance.one_of(zones);
        draft.status.push((zone.pipes[zone.pipes.len() - 1].clone(), "Closed".into()));
    }
    if chance.happens(0.2) && draft.pumps.len() > 1 {
        let pump = draft.pumps[0].id.clone();
        draft.status.push((pump, (*chance.one_of(&["Closed", "0.97", "Open"])).to_owned()));
    }
    if chance.happens(0.12) && !draft.valves.is_empty() {
        let valve = draft.valves[0].id.clone();
        draft.status.push((valve, (*chance.one_of(&["Closed", "Open"])).to_owned()));
    }
}

/// A town as engineers model it, a day long, for measuring speed: pumped, with tanks, reducing valves and controls.
pub fn town(seed: u64, nodes: usize) -> Draft {
    let mut chance = Chance::new(seed);
    let units = UNITS[seed as usize % 2];
    let mut draft = empty(format!("Town of {nodes} nodes"), units, if seed % 3 == 2 { "D-W" } else { "H-W" });
    draft.roughness = (0..11).map(|_| chance.within(0.85, 1.3)).collect();
    operation::patterns(&mut draft, &mut chance, 3);
    let count = (nodes / 600).clamp(1, 20);
    let mut works = Works::default();
    let mut zones: Vec<Zone> = Vec::new();
    for number in 0..count {
        let kind = ["PUMP", "PRV", "FCV", "PRV", "TCV"][number % 5];
        let parent = number.saturating_sub(1) / 2;
        let parent_grade_m = zones.get(parent).map_or(140.0, |zone| zone.grade_m);
        let drop = [-15.0, 25.0, 8.0, 20.0, 6.0][number % 5];
        let demand_m3_s = if nodes > 1_000 { 1.5e-4 } else { 4e-4 };
        let through_m3_s = demand_m3_s * (nodes / count) as f64 * (within(number, count) - 1) as f64;
        let plan = Plan {
            number,
            nodes: nodes / count,
            grade_m: parent_grade_m - drop,
            loops: 0.35,
            demand_m3_s,
            through_m3_s,
            patterns: 3,
            leaks: 0.0,
        };
        let zone = zone::lay(&mut draft, &mut chance, &plan);
        if kind != "PRV" {
            supply::tank(&mut draft, &mut chance, &zone, &mut works);
        }
        match zones.get(parent) {
            None => supply::source(&mut draft, &mut chance, &zone, &mut works, true),
            Some(parent) => supply::link(&mut draft, &mut chance, parent, &zone, &mut works, kind),
        }
        zones.push(zone);
    }
    operation::follow_levels(&mut draft, &mut chance, &works);
    operation::times(&mut draft, &mut chance, 24, false);
    operation::options(&mut draft, &mut chance, None, false, false);
    draft
}

/// Zones of the town that are fed through this one, itself counted: zone n feeds the zones 2n + 1 and 2n + 2.
fn within(zone: usize, count: usize) -> usize {
    if zone < count { 1 + within(2 * zone + 1, count) + within(2 * zone + 2, count) } else { 0 }
}

fn empty(title: String, units: Units, headloss: &'static str) -> Draft {
    Draft {
        title,
        units,
        headloss,
        roughness: vec![1.0],
        junctions: Vec::new(),
        reservoirs: Vec::new(),
        tanks: Vec::new(),
        pipes: Vec::new(),
        pumps: Vec::new(),
        valves: Vec::new(),
        curves: Vec::new(),
        patterns: Vec::new(),
        status: Vec::new(),
        controls: Vec::new(),
        rules: Vec::new(),
        options: Vec::new(),
        times: Vec::new(),
        emitter_exponent: 0.5,
    }
}
