//! The liquid a vessel holds, well mixed: its mass, energy and tracer are the first three states of the component.

use crate::flowsheet::component::{Bench, Inflow, Seat};

pub(super) const MASS_KG: usize = 0;
const ENERGY_J: usize = 1;
/// The tracer's unit times kg.
const TRACER_KG: usize = 2;
/// States taken here.
pub(super) const STATES: usize = 3;

/// A vessel is never quite empty, kg: its temperature has to be that of something.
const HEEL_KG: f64 = 1e-3;

/// Fills the vessel.
pub(super) fn start(seat: &Seat, bench: &mut Bench, mass_kg: f64, temp_k: f64, tracer: f64) {
    let mass_kg = mass_kg.max(HEEL_KG);
    seat.set_x(bench, MASS_KG, mass_kg);
    seat.set_x(bench, ENERGY_J, mass_kg * seat.liquid.energy_j_kg(temp_k));
    seat.set_x(bench, TRACER_KG, mass_kg * tracer);
}

pub(super) fn temp_k(seat: &Seat, bench: &Bench) -> f64 {
    seat.liquid.temp_k(seat.x(bench, ENERGY_J) / share_of(seat, bench))
}

/// Mass to divide by, kg: owed mass is negative, as are its energy and its tracer.
fn share_of(seat: &Seat, bench: &Bench) -> f64 {
    let mass_kg = seat.x(bench, MASS_KG);
    if mass_kg == 0.0 { HEEL_KG } else { mass_kg }
}

pub(super) fn tracer(seat: &Seat, bench: &Bench) -> f64 {
    seat.x(bench, TRACER_KG) / share_of(seat, bench)
}

pub(super) fn set_tracer(seat: &Seat, bench: &mut Bench, tracer: f64) {
    seat.set_x(bench, TRACER_KG, share_of(seat, bench) * tracer);
}

/// Liquid, m³, at a temperature.
pub(super) fn volume_m3(seat: &Seat, bench: &Bench, temp_k: f64) -> f64 {
    seat.x(bench, MASS_KG).max(0.0) / seat.liquid.density_kg_m3(temp_k)
}

fn add(seat: &Seat, bench: &mut Bench, mass_kg: f64, energy_j: f64, tracer_kg: f64) {
    for (state, gain) in [(MASS_KG, mass_kg), (ENERGY_J, energy_j), (TRACER_KG, tracer_kg)] {
        let next = seat.x(bench, state) + gain;
        seat.set_x(bench, state, next);
    }
}

/// Takes in what came through the ports.
pub(super) fn take_in(seat: &Seat, bench: &mut Bench, inflow: Inflow) {
    let dt_secs = bench.dt_secs;
    add(seat, bench, inflow.mass_kg_s * dt_secs, inflow.energy_w * dt_secs, inflow.tracer_kg_s * dt_secs);
}

/// Mass that comes from outside or leaves to there beside the ports, with the temperature and tracer given.
pub(super) fn cross(seat: &Seat, bench: &mut Bench, mass_kg: f64, temp_k: f64, tracer: f64) {
    let energy_j = mass_kg * seat.liquid.energy_j_kg(temp_k);
    bench.balance.cross(mass_kg, energy_j);
    add(seat, bench, mass_kg, energy_j, mass_kg * tracer);
}

/// Gives a share of the contents to the outside, as it is.
pub(super) fn spill(seat: &Seat, bench: &mut Bench, mass_kg: f64) {
    let share = mass_kg / seat.x(bench, MASS_KG).max(HEEL_KG);
    let (energy_j, tracer_kg) = (share * seat.x(bench, ENERGY_J), share * seat.x(bench, TRACER_KG));
    bench.balance.cross(-mass_kg, -energy_j);
    add(seat, bench, -mass_kg, -energy_j, -tracer_kg);
}

/// Heat in J from outside.
pub(super) fn heat(seat: &Seat, bench: &mut Bench, energy_j: f64) {
    bench.balance.heat(energy_j);
    add(seat, bench, 0.0, energy_j, 0.0);
}

/// Loses heat through the wall, implicitly, so that a nearly empty vessel does not overshoot the temperature around it.
pub(super) fn lose_heat(seat: &Seat, bench: &mut Bench, temp_k: f64, loss_w_k: f64, ambient_k: f64) {
    let loss_j_k = loss_w_k * bench.dt_secs;
    let capacity_j_k = seat.x(bench, MASS_KG).max(HEEL_KG) * seat.liquid.cp_j_kg_k(temp_k);
    heat(seat, bench, (ambient_k - temp_k) * loss_j_k / (1.0 + loss_j_k / capacity_j_k));
}

/// After the first draught of a pump from a vessel that holds less than a step takes, mass is owed. Owed mass has no
/// temperature of its own: it keeps the one before, and so does the vessel when it is repaid.
pub(super) fn settle(seat: &Seat, bench: &mut Bench, mass_before_kg: f64, temp_k: f64, tracer: f64) {
    let mass_kg = seat.x(bench, MASS_KG);
    if mass_before_kg.min(mass_kg) > 0.5 * HEEL_KG {
        return;
    }
    let kept_j = mass_kg * seat.liquid.energy_j_kg(temp_k) - seat.x(bench, ENERGY_J);
    heat(seat, bench, kept_j);
    seat.set_x(bench, TRACER_KG, mass_kg * tracer);
}

/// What the ports of a vessel give at most, kg/s, from what they give now and gave before: half of it is forgotten in
/// half a minute. It counts whatever comes in meanwhile: a step that took more than there is would take it at a temperature
/// that what comes in has not reached yet.
pub(super) fn given_kg_s(bench: &Bench, inflow: Inflow, before_kg_s: f64) -> f64 {
    inflow.given_kg_s.max(before_kg_s * libm::exp2(-bench.dt_secs / 30.0))
}

/// Shows temperature and tracer at the ports.
pub(super) fn show(seat: &Seat, bench: &mut Bench, temp_k: f64) {
    let tracer = tracer(seat, bench);
    for port in &seat.ports {
        bench.y[port.temp] = temp_k;
        bench.y[port.tracer] = tracer;
    }
}

pub(super) fn inventory(seat: &Seat, bench: &Bench) -> (f64, f64) {
    (seat.x(bench, MASS_KG), seat.x(bench, ENERGY_J))
}
