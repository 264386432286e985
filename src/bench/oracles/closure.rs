//! Oracle 3: mass and energy close, in the model and in the published values.

use super::Oracle;
use super::balance::hidden;
use super::story_runs::{Recorded, nominal};
use twin_sim::command::Mode;
use twin_sim::flowsheet::{Drive, Model, Request};
use twin_sim::fluid::Liquid;

/// Largest residual in the model, relative to what flows.
const IN_THE_MODEL: f64 = 1e-6;
/// Largest residual of an hour of noisy values.
const PUBLISHED: f64 = 0.01;
/// Density with which the transmitters of the cold condensate reckon, kg/m³.
const TRANSMITTER_KG_M3: f64 = 992.3;
/// Contents of TK-101 and, around its normal level, of V-101, m³ per %.
const TK101_M3_PER_PCT: f64 = 1.696;
const V101_M3_PER_PCT: f64 = 0.332;
/// 0 °C, K.
const ZERO_K: f64 = 273.15;

/// A vessel, and what flows into it and out of it, by points of the model; volume flows are marked by their unit.
struct Envelope {
    vessel: &'static str,
    into: &'static [&'static str],
    out_of: &'static [&'static str],
}

const ENVELOPES: [Envelope; 4] = [
    Envelope {
        vessel: "tk-101",
        into: &["tk-101/feed.given_m3_h", "p-101a/arc.bypass_kg_s", "p-101b/arc.bypass_kg_s"],
        out_of: &["p-1001.flow_kg_s"],
    },
    Envelope { vessel: "v-101", into: &["p-1006.flow_kg_s", "p-102/arc.bypass_kg_s"], out_of: &["p-1007.flow_kg_s"] },
    Envelope { vessel: "tk-102", into: &["fl-102.flow_kg_s"], out_of: &["tk-102/draw.flow_m3_h"] },
    Envelope {
        vessel: "ct-201/basin",
        into: &["ct-201.water_kg_s", "lv-201.flow_kg_s"],
        out_of: &["w-2000.flow_kg_s", "ct-201.evaporation_kg_s", "ct-201.drift_kg_s", "ct-201/blowdown.flow_m3_h"],
    },
];

/// The balances of the hidden plant: of the whole by its own ledger, of every vessel by what flows at its nozzles.
///
/// # Errors
/// A sentence when the plant cannot be run.
pub fn in_the_model() -> Result<Oracle, String> {
    let mut oracle = Oracle::new("3  closure in the model, relative residual ≤ 1e-6");
    let normal = hidden()?;
    an_hour(&mut oracle, "settled", normal.clone());
    let mut moving = normal.clone();
    for request in [Request::Mode(Mode::Auto), Request::Setpoint(82.0), Request::Setpoint(75.0)] {
        moving.request("FIC-101", request).map_err(|refusal| refusal.to_string())?;
    }
    an_hour(&mut oracle, "moving to 75 m³/h", moving);
    let mut tripped = normal;
    for (name, value) in [("p101b.isolated", 1.0), ("p101a.trip", 1.0)] {
        tripped.set(name, value).map_err(|error| error.to_string())?;
    }
    an_hour(&mut oracle, "feed pump lost", tripped);
    Ok(oracle)
}

fn closes(oracle: &mut Oracle, name: &str, into: f64, out_of: f64) {
    let residual = (into - out_of).abs() / into.abs().max(out_of.abs());
    oracle.within(&format!("{name}, residual"), residual, 0.0, IN_THE_MODEL);
}

fn density_kg_m3(temp_c: f64) -> f64 {
    Liquid::Water.density_kg_m3(temp_c + ZERO_K)
}

/// What the vessel holds and what has run over its rim, kg.
fn held_kg(plant: &Model, vessel: &str) -> f64 {
    let point = |point: &str| plant.value(&format!("{vessel}.{point}"));
    let read = |name: &str| point(name).unwrap_or(f64::NAN);
    // A closed vessel has no rim.
    read("volume_m3") * Liquid::Water.density_kg_m3(read("temp_k")) + point("overflow_kg").unwrap_or(0.0)
}

/// A flow, kg/s; one in m³/h has the density of the vessel, the feed its own.
fn flow_kg_s(plant: &Model, vessel: &str, point: &str) -> f64 {
    let flow = plant.value(point).unwrap_or(f64::NAN);
    if !point.ends_with("_m3_h") {
        return flow;
    }
    let temp = if point.starts_with("tk-101/feed") { "tk-101/feed.temp_k".to_owned() } else { format!("{vessel}.temp_k") };
    flow / 3600.0 * Liquid::Water.density_kg_m3(plant.value(&temp).unwrap_or(f64::NAN))
}

fn an_hour(oracle: &mut Oracle, name: &str, mut plant: Model) {
    let before = ENVELOPES.map(|envelope| held_kg(&plant, envelope.vessel));
    let mut net_kg = [0.0; ENVELOPES.len()];
    let step_secs = plant.plant().step_secs();
    for _ in 0..(3600.0 / step_secs) as usize {
        // What a sink draws by volume has the density of the step before.
        let drawn = ENVELOPES.map(|envelope| {
            let by_volume = envelope.out_of.iter().filter(|point| point.ends_with("_m3_h"));
            by_volume.map(|point| flow_kg_s(&plant, envelope.vessel, point)).sum::<f64>()
        });
        plant.advance(Drive::TRUE_VALUES);
        for ((net, drawn), envelope) in net_kg.iter_mut().zip(drawn).zip(&ENVELOPES) {
            let into: f64 = envelope.into.iter().map(|point| flow_kg_s(&plant, envelope.vessel, point)).sum();
            let by_mass = envelope.out_of.iter().filter(|point| !point.ends_with("_m3_h"));
            let out_of: f64 = by_mass.map(|point| flow_kg_s(&plant, envelope.vessel, point)).sum();
            *net += (into - out_of - drawn) * step_secs;
        }
    }
    for ((envelope, before), net) in ENVELOPES.iter().zip(before).zip(net_kg) {
        closes(oracle, &format!("{name}: mass of {}", envelope.vessel), before + net, held_kg(&plant, envelope.vessel));
    }
    let flow = |point: &str| plant.value(point).unwrap_or(f64::NAN);
    closes(
        oracle,
        &format!("{name}: cooling water node"),
        flow("w-2001.flow_kg_s"),
        flow("e-101.tube_side_kg_s") + flow("k-301/cooler.flow_kg_s"),
    );
    let (mass, energy) = plant.plant().residual(&mut plant.state().clone());
    oracle.within(&format!("{name}: mass of the whole plant, residual"), mass, 0.0, IN_THE_MODEL);
    oracle.within(&format!("{name}: energy of the whole plant, residual"), energy, 0.0, IN_THE_MODEL);
}

/// The balances of an hour of published values, as the core holds them.
///
/// # Errors
/// A sentence when the run cannot be set up.
pub fn in_published_values() -> Result<Oracle, String> {
    let mut oracle = Oracle::new("3  closure of an hour of published, noisy values, in kg/h ≤ 1 %");
    let mut run = Recorded::of(nominal("normal"), 70.0)?;
    let (start, end) = (5.0, 65.0);
    let mut mean = |tag: &str| run.mean(tag, start, end);
    let (fed_m3, fed_c, cold_m3, cold_c, out_m3) = (mean("FT-100"), mean("TT-100"), mean("FT-101"), mean("TT-101"), mean("FT-102"));
    let (tank_c, cw_m3, cw_in_c, cw_out_c) = (mean("TT-104"), mean("FT-201"), mean("TT-201"), mean("TT-202"));
    let mut rise = |tag: &str| run.around(tag, end) - run.around(tag, start);
    let (tank_kg, drum_kg) =
        (rise("LT-100") * TK101_M3_PER_PCT * density_kg_m3(tank_c), rise("LT-101") * V101_M3_PER_PCT * TRANSMITTER_KG_M3);
    let (fed_kg, cold_kg, out_kg) = (fed_m3 * density_kg_m3(fed_c), cold_m3 * TRANSMITTER_KG_M3, out_m3 * TRANSMITTER_KG_M3);
    let mut balance = |name: &str, into: f64, out_of: f64| {
        oracle.within(&format!("{name}, residual"), (into - out_of).abs() / into, 0.0, PUBLISHED);
    };
    balance("TK-101 mass (FT-100, FT-101, LT-100)", fed_kg, cold_kg + tank_kg);
    balance("V-101 mass (FT-101, FT-102, LT-101)", cold_kg, out_kg + drum_kg);
    let given_j_kg = |from_c: f64, to_c: f64| Liquid::Water.energy_j_kg(from_c + ZERO_K) - Liquid::Water.energy_j_kg(to_c + ZERO_K);
    let hot_w = cold_kg * given_j_kg(tank_c, cold_c);
    let cool_w = cw_m3 * density_kg_m3(cw_in_c) * given_j_kg(cw_out_c, cw_in_c);
    balance("E-101 energy (FT-101, TT-104, TT-101, FT-201, TT-201, TT-202)", hot_w, cool_w);
    let mistaken = (fed_m3 - cold_m3) / fed_m3;
    oracle.holds(&format!("flows subtracted in m³/h show a false loss above 1 %: {:.1} %", 100.0 * mistaken), mistaken > PUBLISHED);
    oracle.note(format!("flows subtracted in m³/h show a false loss of {:.2} % (2.4 %)", 100.0 * mistaken));
    Ok(oracle)
}
