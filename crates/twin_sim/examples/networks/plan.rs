//! Which zones, works and ways of running make up the network of a seed.

use crate::chance::Chance;
use crate::draft::{Draft, UNITS, Units};
use crate::operation;
use crate::supply::{self, Works};
use crate::zone::{self, Plan, Zone};

const LINKS: &[&str] = &["PRV", "PRV", "PSV", "FCV", "TCV", "PBV", "GPV", "CV", "PUMP", "PRV2"];

/// What the zones of a network have in common.
struct Character {
    count: usize,
    nodes: usize,
    loops: f64,
    leaks: f64,
    patterns: usize,
    /// Every zone has a tank and a second line to its parent, so that valves and pumps switch often.
    busy: bool,
}

/// The network of a seed, of about this many junctions, with anything in it that a file can ask for.
pub fn any(seed: u64, nodes: usize) -> Draft {
    let mut chance = Chance::new(seed);
    let units = UNITS[seed as usize % UNITS.len()];
    let headloss = *chance.one_of(&["H-W", "D-W", "C-M", "H-W"]);
    let mut draft = empty(format!("Network of {nodes} nodes, seed {seed}"), units, headloss);
    draft.roughness = (0..7).map(|_| chance.within(0.8, 1.5)).collect();
    draft.emitter_exponent = if chance.happens(0.8) { 0.5 } else { chance.within(0.6, 1.2) };
    let busy = chance.happens(0.25);
    let most = (nodes / if busy { 5 } else { 8 }).clamp(1, 4);
    let character = Character {
        count: if nodes > 1_000 { nodes / 750 } else { chance.whole(if busy { most.min(2) } else { 1 }, most) },
        nodes,
        loops: if chance.happens(0.25) { 0.0 } else { chance.within(0.1, 0.7) },
        leaks: if chance.happens(0.3) { 0.2 } else { 0.0 },
        patterns: chance.whole(1, 4),
        busy,
    };
    operation::patterns(&mut draft, &mut chance, character.patterns);
    let mut works = Works::default();
    let mut zones: Vec<Zone> = Vec::new();
    for _ in 0..character.count {
        let zone = grow(&mut draft, &mut chance, &character, &zones, &mut works);
        zones.push(zone);
    }
    let doors: Vec<String> = zones.iter().map(|zone| zone.pipes[zone.pipes.len() / 3].clone()).collect();
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

/// One more zone and its lines to an earlier one, or to a source for the first.
fn grow(draft: &mut Draft, chance: &mut Chance, character: &Character, zones: &[Zone], works: &mut Works) -> Zone {
    let number = zones.len();
    let kind = *chance.one_of(LINKS);
    let parent = zones.get(chance.whole(0, number.saturating_sub(1)));
    let drop = match kind {
        "PRV" | "PRV2" => chance.within(15.0, 35.0),
        "PUMP" => chance.within(-35.0, -15.0),
        _ => chance.within(1.0, 12.0),
    };
    let nodes = (character.nodes / character.count).max(2);
    let demand_m3_s = if character.nodes > 200 { chance.within(1e-4, 4e-4) } else { chance.within(4e-4, 3e-3) };
    let plan = Plan {
        number,
        nodes,
        grade_m: parent.map_or(120.0, |zone| zone.grade_m) - drop,
        loops: character.loops,
        demand_m3_s,
        through_m3_s: if number == 0 { demand_m3_s * (nodes * (character.count - 1)) as f64 * 0.5 } else { 0.0 },
        patterns: character.patterns,
        leaks: character.leaks,
    };
    let zone = zone::lay(draft, chance, &plan);
    if character.busy || chance.happens(if number == 0 || kind == "PUMP" { 0.85 } else { 0.5 }) {
        supply::tank(draft, chance, &zone, works, character.busy);
    }
    let Some(parent) = parent else {
        let pumped = chance.happens(0.65);
        supply::source(draft, chance, &zone, works, pumped);
        return zone;
    };
    supply::link(draft, chance, parent, &zone, works, if kind == "PRV2" { "PRV" } else { kind });
    if kind == "PRV2" {
        supply::link(draft, chance, parent, &zone, works, "PRV");
    } else if character.busy {
        let second = *chance.one_of(&["PRV", "PSV", "FCV", "TCV", "PBV", "GPV", "CV"]);
        // Against the fall as often as with it: such a valve stays shut until the tanks are on the other side.
        let (from, to) = if chance.happens(0.3) { (&zone, parent) } else { (parent, &zone) };
        supply::link(draft, chance, from, to, works, second);
    }
    zone
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
        let kind = ["PUMP", "PRV", "TCV", "PRV", "GPV"][number % 5];
        let parent = number.saturating_sub(1) / 2;
        let parent_grade_m = zones.get(parent).map_or(140.0, |zone| zone.grade_m);
        let drop = [-15.0, 25.0, 10.0, 20.0, 10.0][number % 5];
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
            supply::tank(&mut draft, &mut chance, &zone, &mut works, false);
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
