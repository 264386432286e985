//! How water gets into a zone: reservoirs, pump stations, tanks, and the valves between zones.

use crate::chance::Chance;
use crate::draft::{Curve, Draft, Junction, Pipe, Pump, Reservoir, Setting, Table, Tank, Valve};
use crate::zone::{Zone, size_m};

/// A tank and the pumps that fill it, for the controls to name.
#[derive(Default)]
pub struct Works {
    pub tanks: Vec<(String, [f64; 3])>,
    /// Each with the tank of its zone, if it has one.
    pub pumps: Vec<(String, Option<usize>)>,
    /// Valves that have a setting: name, kind, setting.
    pub valves: Vec<(String, &'static str, f64)>,
}

/// Water into a zone from outside: by gravity, or pumped.
pub fn source(draft: &mut Draft, chance: &mut Chance, zone: &Zone, works: &mut Works, pumped: bool) {
    let number = draft.reservoirs.len() + 1;
    let id = format!("R{number}");
    let at = (zone.place.0 - 300.0, zone.place.1 - 300.0);
    let pattern = chance.happens(0.2).then(|| "HEAD".to_owned());
    if pumped {
        let lift_m = chance.within(20.0, 60.0);
        draft.reservoirs.push(Reservoir { id: id.clone(), head_m: zone.grade_m - lift_m, pattern, at });
        let duty = (zone.demand_m3_s * chance.within(1.2, 2.2), lift_m + 8.0);
        station(draft, chance, (&id, &zone.entry), duty, zone, works);
    } else {
        let head_m = zone.grade_m + chance.within(0.0, 10.0);
        draft.reservoirs.push(Reservoir { id: id.clone(), head_m, pattern, at });
        main(draft, chance, &format!("M{number}"), [id, zone.entry.clone()], zone.demand_m3_s * 1.5);
    }
}

/// A tank at the far end of a zone; a small one fills and empties within hours.
pub fn tank(draft: &mut Draft, chance: &mut Chance, zone: &Zone, works: &mut Works, small: bool) {
    let number = draft.tanks.len() + 1;
    let id = format!("T{number}");
    let most_m = chance.within(3.0, 8.0);
    let least_m = if chance.happens(0.4) { chance.within(0.2, 1.0) } else { 0.0 };
    let level_m = [chance.within(least_m + 0.3, most_m - 0.3), least_m, most_m];
    let hours = if small || chance.happens(0.3) { chance.within(0.5, 2.0) } else { chance.within(3.0, 12.0) };
    let volume_m3 = zone.demand_m3_s * 3600.0 * hours;
    let diameter_m = (volume_m3 / most_m * 4.0 / std::f64::consts::PI).sqrt();
    let curve = chance.happens(0.3).then(|| volume_curve(draft, chance, number, volume_m3, most_m));
    let least_m3 = if chance.happens(0.3) && curve.is_none() { volume_m3 * 0.02 } else { 0.0 };
    let at = (zone.place.0 + 3_000.0, zone.place.1 + 300.0);
    let elevation_m = zone.grade_m - chance.within(2.0, 6.0);
    let overflows = chance.happens(0.25);
    draft.tanks.push(Tank { id: id.clone(), elevation_m, level_m, diameter_m, least_m3, curve, overflows, at });
    main(draft, chance, &format!("MT{number}"), [id.clone(), zone.far.clone()], zone.demand_m3_s);
    works.tanks.push((id, level_m));
}

fn volume_curve(draft: &mut Draft, chance: &mut Chance, number: usize, volume_m3: f64, most_m: f64) -> String {
    let id = format!("VOL{number}");
    let points = chance.whole(2, 6);
    let mut volume = 0.0;
    let mut table = vec![(0.0, 0.0)];
    for point in 1..=points {
        volume += volume_m3 / points as f64 * chance.within(0.4, 1.6);
        table.push((most_m * 1.05 * point as f64 / points as f64, volume));
    }
    draft.curves.push(Table { id: id.clone(), kind: Curve::Volume, points: table });
    id
}

/// One to three pumps side by side between two nodes; `duty` is flow in m³/s and head in metres of them all.
pub fn station(draft: &mut Draft, chance: &mut Chance, ends: (&str, &str), duty: (f64, f64), zone: &Zone, works: &mut Works) {
    let pumps = chance.whole(1, 3);
    let share = (duty.0 / pumps as f64, duty.1);
    let tank = (!works.tanks.is_empty()).then(|| works.tanks.len() - 1);
    let joint = hub(draft, zone, &format!("S{}", draft.pumps.len() + 1));
    main(draft, chance, &format!("MS{}", draft.pumps.len() + 1), [joint.clone(), ends.1.to_owned()], duty.0);
    let kind = chance.whole(0, 9);
    for _ in 0..pumps {
        let number = draft.pumps.len() + 1;
        let id = format!("PU{number}");
        let drive = if kind == 9 { Err(9.81 * share.0 * share.1 * 0.8) } else { Ok(curve(draft, kind, number, share)) };
        let speed = if chance.happens(0.25) { chance.within(0.9, 1.08) } else { 1.0 };
        let pattern = (kind != 9 && chance.happens(0.15)).then(|| "SPEED".to_owned());
        draft.pumps.push(Pump { id: id.clone(), ends: [ends.0.to_owned(), joint.clone()], drive, speed, pattern });
        works.pumps.push((id, tank));
    }
}

fn curve(draft: &mut Draft, kind: usize, number: usize, (flow, head): (f64, f64)) -> String {
    let id = format!("C{number}");
    let points = match kind {
        0..=3 => vec![(flow, head)],
        4..=6 => vec![(0.0, head * 1.28), (flow, head), (flow * 1.9, head * 0.45)],
        7 => vec![(0.0, head * 1.2), (flow * 0.5, head * 1.15), (flow, head), (flow * 1.5, head * 0.7), (flow * 2.0, head * 0.2)],
        _ => vec![(flow * 0.4, head * 1.2), (flow, head), (flow * 1.3, head * 0.8), (flow * 1.8, head * 0.3)],
    };
    draft.curves.push(Table { id: id.clone(), kind: Curve::Head, points });
    id
}

/// Water from one zone into the next by a line of this kind.
pub fn link(draft: &mut Draft, chance: &mut Chance, from: &Zone, to: &Zone, works: &mut Works, kind: &'static str) {
    let number = draft.pipes.len() + 1;
    let demand = to.demand_m3_s * 1.5;
    let inlet = hub(draft, to, &format!("VI{number}"));
    let source = if chance.happens(0.5) { &from.far } else { &from.middle };
    main(draft, chance, &format!("MI{number}"), [source.clone(), inlet.clone()], demand * 1.5);
    if kind == "PUMP" {
        let lift = (to.grade_m - from.grade_m + 8.0).max(6.0);
        station(draft, chance, (&inlet, &to.entry), (demand, lift), to, works);
        return;
    }
    let outlet = hub(draft, to, &format!("VO{number}"));
    main(draft, chance, &format!("MO{number}"), [outlet.clone(), to.entry.clone()], demand * 1.5);
    if kind == "CV" {
        let ends = [inlet, outlet];
        let diameter_m = size_m(demand, 0.8);
        draft.pipes.push(Pipe { id: format!("CV{number}"), ends, length_m: 30.0, diameter_m, minor: 2.5, status: "CV" });
        return;
    }
    valve(draft, chance, [inlet, outlet], (from, to), works, kind);
}

fn valve(draft: &mut Draft, chance: &mut Chance, ends: [String; 2], zones: (&Zone, &Zone), works: &mut Works, kind: &'static str) {
    let number = draft.valves.len() + 1;
    let id = format!("V{number}");
    let ground = |draft: &Draft, id: &str| draft.junctions.iter().find(|j| j.id == id).map_or(0.0, |j| j.elevation_m);
    let demand = zones.1.demand_m3_s;
    let setting = match kind {
        "PRV" => Setting::Pressure(zones.1.grade_m - ground(draft, &ends[1]) + chance.within(-2.0, 6.0)),
        "PSV" => Setting::Pressure(zones.0.grade_m - ground(draft, &ends[0]) + chance.within(-14.0, -1.0)),
        "PBV" => Setting::Pressure(chance.within(0.5, 12.0)),
        "FCV" => Setting::Flow(demand * chance.within(0.7, 1.6)),
        "TCV" => Setting::Loss(chance.within(1.0, 60.0)),
        _ => Setting::Curve(loss_curve(draft, number, demand)),
    };
    let value = match &setting {
        Setting::Pressure(value) | Setting::Flow(value) | Setting::Loss(value) => *value,
        Setting::Curve(_) => 0.0,
    };
    let minor = if chance.happens(0.3) { chance.within(0.5, 8.0) } else { 0.0 };
    draft.valves.push(Valve { id: id.clone(), ends, diameter_m: size_m(demand * 1.5, 1.0), kind, setting, minor });
    works.valves.push((id, kind, value));
}

fn loss_curve(draft: &mut Draft, number: usize, flow: f64) -> String {
    let id = format!("GL{number}");
    let points = vec![(0.0, 0.0), (flow * 0.5, 1.0), (flow, 3.5), (flow * 1.6, 9.0), (flow * 3.0, 30.0)];
    draft.curves.push(Table { id: id.clone(), kind: Curve::Head, points });
    id
}

/// A junction without demand near a zone's entry.
fn hub(draft: &mut Draft, zone: &Zone, id: &str) -> String {
    let ground = draft.junctions.iter().find(|j| j.id == zone.entry).map_or(zone.grade_m - 40.0, |j| j.elevation_m);
    let at = (zone.place.0 - 100.0, zone.place.1 - 100.0 * draft.junctions.len() as f64 % 7.0);
    draft.junctions.push(Junction { id: id.to_owned(), elevation_m: ground - 1.5, demands: vec![(0.0, None, "")], emitter: 0.0, at });
    id.to_owned()
}

fn main(draft: &mut Draft, chance: &mut Chance, id: &str, ends: [String; 2], flow_m3_s: f64) {
    let length_m = chance.within(20.0, 400.0);
    let minor = if chance.happens(0.3) { chance.within(0.2, 5.0) } else { 0.0 };
    draft.pipes.push(Pipe { id: id.to_owned(), ends, length_m, diameter_m: size_m(flow_m3_s, 0.9), minor, status: "Open" });
}
