//! Small instruments: transmitters, gauges, thermowells, level boards, cabinets, the weather mast.

use super::mesh::{Detail, Shape, Tone};
use super::vec3::{DOWN, V3, X, Y, add, ahead, around, between, cross, scale, turn, unit};

/// Direction across a stub, along which the housing of its transmitter lies.
fn across(out: V3) -> V3 {
    if out[1].abs() > 0.5 { X } else { unit(cross(out, Y)) }
}

/// Transmitter on a stub: `out` is the direction of the stub, `reach` its length.
pub fn transmitter(shape: &mut Shape, from: V3, out: V3, reach: f64) {
    let out = unit(out);
    let head = ahead(from, out, reach);
    shape.cylinder(Tone::Machined, from, head, 0.016);
    let across = across(out);
    if shape.is_fine() {
        shape.drum(Tone::EquipmentDark, ahead(from, out, reach - 0.11), ahead(from, out, reach - 0.05), 0.034, 0.006);
    }
    housing(shape, head, across);
}

/// Two-lid electronics housing along `across`.
fn housing(shape: &mut Shape, centre: V3, across: V3) {
    shape.drum(Tone::Equipment, ahead(centre, across, -0.085), ahead(centre, across, 0.085), 0.056, 0.008);
    if !shape.is_fine() {
        return;
    }
    for side in [-1.0, 1.0] {
        let lid = ahead(centre, across, side * 0.06);
        shape.drum(Tone::EquipmentDark, lid, ahead(lid, across, side * 0.04), 0.064, 0.008);
    }
    let glass = ahead(centre, across, 0.1);
    shape.cylinder(Tone::Dark, glass, ahead(glass, across, 0.002), 0.045);
    let gland = ahead(centre, DOWN, 0.05);
    let side = unit(cross(across, Y));
    shape.pipe(Tone::Dark, &[ahead(gland, side, 0.03), ahead(gland, side, 0.12), ahead(ahead(gland, side, 0.12), DOWN, 0.2)], 0.009);
}

/// Dial gauge facing `out`.
pub fn gauge(shape: &mut Shape, from: V3, out: V3) {
    let at = |s: f64| ahead(from, out, s);
    shape.cylinder(Tone::Machined, at(-0.02), at(0.08), 0.011);
    shape.drum(Tone::EquipmentDark, at(0.08), at(0.125), 0.062, 0.006);
    if shape.is_fine() {
        shape.cylinder(Tone::Plate, at(0.125), at(0.127), 0.052);
        let side = across(out);
        let up = cross(out, side);
        shape.bar(Tone::Dark, at(0.129), add(at(0.129), add(scale(side, 0.026), scale(up, 0.03))), 0.006, 0.004);
    }
}

/// Thermowell with its connection head, standing out of a wall in direction `out`.
pub fn thermowell(shape: &mut Shape, from: V3, out: V3) {
    let out = unit(out);
    let at = |s: f64| ahead(from, out, s);
    shape.cylinder(Tone::EquipmentDark, at(-0.02), at(0.05), 0.026);
    shape.cylinder(Tone::Machined, at(0.05), at(0.14), 0.012);
    shape.drum(Tone::Equipment, at(0.13), at(0.2), 0.042, 0.012);
}

/// Post on a base plate with a transmitter, its manifold and impulse lines to `taps`.
pub fn instrument_stand(shape: &mut Shape, foot: V3, height: f64, taps: &[V3]) {
    let head = ahead(foot, Y, height);
    shape.block(Tone::Steel, ahead(foot, Y, 0.008), [0.2, 0.016, 0.2]);
    shape.cylinder(Tone::Steel, foot, head, 0.03);
    let body = ahead(head, Y, -0.12);
    shape.bevelled(Tone::EquipmentDark, add(body, [0.0, 0.0, 0.09]), [0.1, 0.09, 0.07], 0.008);
    shape.bevelled(Tone::Machined, add(body, [0.0, -0.08, 0.09]), [0.14, 0.05, 0.05], 0.004);
    housing(shape, add(body, [0.0, 0.13, 0.09]), X);
    for (i, &tap) in taps.iter().enumerate() {
        let start = add(body, [0.05 - 0.1 * i as f64, -0.1, 0.09]);
        let low = [start[0], start[1] - 0.1, start[2]];
        shape.bent(Tone::Machined, &[start, low, [tap[0], low[1], low[2]], [tap[0], low[1], tap[2]], tap], 0.008, 0.05);
    }
}

/// Level gauge at a wall: a scale board behind a glass that begins at `foot` (0 %) and is `height` tall; `out` points
/// away from the wall. The moving column is left to the viewer.
pub fn level_board(shape: &mut Shape, foot: V3, height: f64, width: f64, out: V3) {
    let side = unit(cross(Y, out));
    let behind = ahead(foot, out, -width * 0.5 - 0.02);
    let middle = ahead(behind, Y, height / 2.0);
    let half = [width * 1.25, height / 2.0 + 0.08, 0.012];
    shape.oriented_block(Tone::Plate, middle, [side, Y, cross(side, Y)], half, 0.0);
    let channel = ahead(middle, out, 0.012);
    shape.oriented_block(Tone::Dark, channel, [side, Y, cross(side, Y)], [width * 0.56, height / 2.0 + 0.01, 0.006], 0.0);
    let frame = [[-1.0, 0.0], [1.0, 0.0]].map(|[s, _]| ahead(behind, side, s * width * 1.25));
    for edge in frame {
        shape.bar(Tone::EquipmentDark, ahead(edge, Y, -0.08), ahead(edge, Y, height + 0.08), 0.03, 0.05);
    }
    for (low, high) in [(-0.1, -0.02), (height + 0.02, height + 0.1)] {
        shape.drum(Tone::EquipmentDark, ahead(foot, Y, low), ahead(foot, Y, high), width * 0.62, 0.01);
    }
    let marks = shape.pick(10, 20);
    for i in 0..=marks {
        let is_long = i % (marks / 10) == 0;
        let reach = if is_long { width * 0.55 } else { width * 0.3 };
        let y = height * i as f64 / marks as f64;
        let at = ahead(ahead(ahead(behind, Y, y), out, 0.015), side, width * 1.2 - reach / 2.0);
        shape.oriented_block(Tone::Dark, at, [side, Y, cross(side, Y)], [reach / 2.0, if is_long { 0.012 } else { 0.006 }, 0.003], 0.0);
    }
    if shape.is_fine() {
        for i in 0..=(height / 1.5).ceil() as usize {
            let y = height * i as f64 / (height / 1.5).ceil();
            shape.bar(Tone::Steel, ahead(behind, Y, y), ahead(ahead(behind, Y, y), out, -0.14), 0.04, 0.02);
        }
    }
}

/// Mast with rain-shielded thermometer, wind vane and cups.
pub fn weather_mast(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.bevelled(Tone::Concrete, [0.0, 0.06, 0.0], [0.6, 0.2, 0.6], 0.03);
    shape.revolve(Tone::Steel, [0.0; 3], Y, &[(0.1, 0.06), (6.0, 0.04)]);
    shape.bar(Tone::Steel, [-0.6, 5.7, 0.0], [0.6, 5.7, 0.0], 0.04, 0.04);
    shape.bar(Tone::Steel, [0.0, 2.2, 0.0], [0.5, 2.2, 0.0], 0.04, 0.04);
    for i in 0..6 {
        let y = 2.2 + 0.07 * f64::from(i);
        shape.revolve(Tone::Plate, [0.5, y, 0.0], Y, &[(0.0, 0.0), (0.0, 0.13), (0.015, 0.13), (0.04, 0.0)]);
    }
    shape.bevelled(Tone::Equipment, [0.0, 1.5, 0.14], [0.4, 0.5, 0.2], 0.02);
    shape.cylinder(Tone::Steel, [-0.6, 5.7, 0.0], [-0.6, 6.0, 0.0], 0.02);
    for i in 0..3 {
        let tip = add([-0.6, 6.0, 0.0], around(0.16, turn(i, 3), 0.0));
        shape.bar(Tone::Steel, [-0.6, 6.0, 0.0], tip, 0.015, 0.015);
        shape.drum(Tone::EquipmentDark, ahead(tip, Y, -0.04), ahead(tip, Y, 0.04), 0.05, 0.02);
    }
    shape.cylinder(Tone::Steel, [0.6, 5.7, 0.0], [0.6, 6.0, 0.0], 0.02);
    shape.bar(Tone::EquipmentDark, [0.4, 6.0, 0.0], [0.85, 6.0, 0.0], 0.02, 0.1);
    shape
}

/// Gateway cabinet with a door, handle, lamp and roof, around its middle at grade; the door faces east.
pub fn cabinet(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.bevelled(Tone::Concrete, [0.0, 0.06, 0.0], [0.7, 0.16, 1.0], 0.02);
    shape.bevelled(Tone::Equipment, [0.0, 0.98, 0.0], [0.5, 1.7, 0.8], 0.02);
    shape.bevelled(Tone::Insulation, [0.255, 0.98, 0.0], [0.03, 1.6, 0.72], 0.01);
    shape.bevelled(Tone::EquipmentDark, [0.0, 1.86, 0.0], [0.6, 0.06, 0.9], 0.015);
    shape.bar(Tone::Dark, [0.285, 0.9, 0.28], [0.285, 1.1, 0.28], 0.03, 0.03);
    shape.bevelled(Tone::Dark, [0.265, 1.45, 0.0], [0.03, 0.24, 0.4], 0.008);
    shape.block(Tone::Plate, [0.272, 1.25, -0.2], [0.004, 0.08, 0.2]);
    for i in 0..shape.pick(0, 6) {
        shape.block(Tone::Dark, [0.272, 0.32 + 0.035 * f64::from(i), 0.0], [0.006, 0.014, 0.36]);
    }
    for z in [-0.25, -0.1, 0.05] {
        shape.bent(Tone::Dark, &[[-0.2, 0.3, z], [-0.4, 0.3, z], [-0.4, 0.0, z]], 0.016, 0.08);
    }
    shape.cylinder(Tone::Steel, [0.0, 1.85, -0.3], [0.0, 2.5, -0.3], 0.018);
    shape
}

/// Name plate at a wall, facing `out`.
pub fn name_plate(shape: &mut Shape, at: V3, out: V3, size: (f64, f64)) {
    if !shape.is_fine() {
        return;
    }
    let side = unit(cross(Y, out));
    shape.oriented_block(Tone::Plate, at, [side, Y, cross(side, Y)], [size.0 / 2.0, size.1 / 2.0, 0.006], 0.0);
    for share in [0.3, 0.62] {
        let y = size.1 * (share - 0.5);
        let line = ahead(ahead(at, Y, y), out, 0.006);
        shape.oriented_block(Tone::Dark, line, [side, Y, cross(side, Y)], [size.0 * 0.38, size.1 * 0.09, 0.002], 0.0);
    }
}

/// Cable or air tube from one place to another, hanging slightly.
pub fn tube(shape: &mut Shape, from: V3, to: V3, radius: f64) {
    if shape.is_fine() {
        let low = ahead(between(from, to, 0.5), DOWN, 0.06);
        shape.bent(Tone::Dark, &[from, low, to], radius, 0.3);
    }
}
