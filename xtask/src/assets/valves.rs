//! Control valves in their parts, the relief valve, and hand valves, each around the pipe's axis.

use super::instruments::{gauge, name_plate, transmitter, tube};
use super::mesh::{Detail, Shape, Tone};
use super::solids::flange_radius;
use super::vec3::{DOWN, V3, X, Y, Z, ahead, cross, frame, unit};

/// Measures of a control valve, m.
pub struct ValveSize {
    /// Outer radius of the pipe it sits in.
    pub pipe: f64,
    /// Half of the length between its flanges.
    pub half_length: f64,
    /// Radius of its diaphragm actuator.
    pub actuator: f64,
    /// Travel of the stem from closed to open.
    pub travel: f64,
}

/// Globe valve of FV-101 and LV-101, DN125.
pub const GLOBE_125: ValveSize = ValveSize { pipe: 0.07, half_length: 0.2, actuator: 0.23, travel: 0.05 };
/// Make-up valve LV-201, DN50.
pub const GLOBE_50: ValveSize = ValveSize { pipe: 0.03, half_length: 0.13, actuator: 0.16, travel: 0.03 };
/// Pressure valves PV-103A and PV-103B, DN15 and DN25.
pub const GLOBE_25: ValveSize = ValveSize { pipe: 0.02, half_length: 0.1, actuator: 0.13, travel: 0.02 };
/// On-off valve XV-303, DN40.
pub const GLOBE_40: ValveSize = ValveSize { pipe: 0.025, half_length: 0.11, actuator: 0.14, travel: 0.025 };
/// Butterfly valve TV-101, DN200.
pub const BUTTERFLY_200: ValveSize = ValveSize { pipe: 0.1095, half_length: 0.08, actuator: 0.23, travel: 0.05 };

impl ValveSize {
    /// Top of the bonnet above the pipe's axis.
    fn bonnet(&self) -> f64 {
        self.pipe * 1.75 + 0.06
    }

    /// Height of the foot of the actuator above the pipe's axis.
    pub fn actuator_foot(&self) -> f64 {
        self.bonnet() + self.actuator * 0.95
    }

    /// Height of the top of the valve above the pipe's axis.
    pub fn top(&self) -> f64 {
        self.actuator_foot() + self.actuator * 1.25
    }
}

/// Globe body with flanges along x, bonnet and yoke upwards.
pub fn globe_body(detail: Detail, size: &ValveSize) -> Shape {
    let mut shape = Shape::new(detail);
    let (r, l) = (size.pipe, size.half_length);
    let bulge = r * 1.6;
    let profile = [
        (-l, r * 1.05),
        (-l * 0.66, r * 1.08),
        (-l * 0.45, r * 1.3),
        (-l * 0.25, bulge * 0.94),
        (0.0, bulge),
        (l * 0.25, bulge * 0.94),
        (l * 0.45, r * 1.3),
        (l * 0.66, r * 1.08),
        (l, r * 1.05),
    ];
    shape.revolve(Tone::EquipmentDark, [0.0; 3], X, &profile);
    for x in [-l, l] {
        shape.flange(Tone::EquipmentDark, [x, 0.0, 0.0], X, r);
    }
    let bonnet = size.bonnet();
    let neck = r * 1.1 + 0.01;
    shape.cylinder(Tone::EquipmentDark, [0.0; 3], [0.0, bonnet, 0.0], neck);
    shape.drum(Tone::EquipmentDark, [0.0, bonnet - 0.05, 0.0], [0.0, bonnet - 0.028, 0.0], neck + 0.032, 0.003);
    shape.drum(Tone::EquipmentDark, [0.0, bonnet - 0.024, 0.0], [0.0, bonnet, 0.0], neck + 0.032, 0.003);
    shape.studs([0.0, bonnet - 0.026, 0.0], Y, neck + 0.018, 8, 0.036, 0.008);
    shape.cylinder(Tone::EquipmentDark, [0.0, -bulge * 1.12, 0.0], [0.0; 3], r * 0.7);
    yoke(&mut shape, bonnet, size);
    shape
}

/// Wafer body between flanges along x, shaft upwards.
pub fn butterfly_body(detail: Detail, size: &ValveSize) -> Shape {
    let mut shape = Shape::new(detail);
    let (r, l) = (size.pipe, size.half_length);
    shape.drum(Tone::EquipmentDark, [-l, 0.0, 0.0], [l, 0.0, 0.0], r * 1.35, 0.006);
    for x in [-l - 0.03, l + 0.03] {
        shape.flange(Tone::EquipmentDark, [x, 0.0, 0.0], X, r);
    }
    shape.cylinder(Tone::EquipmentDark, [0.0; 3], [0.0, size.bonnet(), 0.0], 0.05);
    shape.cylinder(Tone::EquipmentDark, [0.0, -r * 1.5, 0.0], [0.0; 3], 0.045);
    shape.bevelled(Tone::EquipmentDark, [0.0, size.bonnet() - 0.05, 0.0], [0.16, 0.1, 0.2], 0.012);
    yoke(&mut shape, size.bonnet(), size);
    shape
}

/// Pillars between bonnet and actuator, with the travel scale.
fn yoke(shape: &mut Shape, from: f64, size: &ValveSize) {
    let foot = size.actuator_foot() + 0.02;
    let spread = size.actuator * 0.38;
    for z in [-spread, spread] {
        shape.bar(Tone::EquipmentDark, [0.0, from - 0.02, z], [0.0, foot, z], 0.05, 0.025);
    }
    for y in [from, foot - 0.025] {
        shape.oriented_block(Tone::EquipmentDark, [0.0, y, 0.0], [X, Y, Z], [0.03, 0.014, spread], 0.0);
    }
    let scale_at = size.indicator(0.5);
    shape.block(Tone::Plate, [0.034, scale_at, spread], [0.014, size.travel * 1.6, 0.03]);
    for i in 0..=4 {
        let y = size.indicator(f64::from(i) / 4.0);
        shape.block(Tone::Dark, [0.041, y, spread - 0.004], [0.004, size.travel * 0.05, 0.02]);
    }
}

impl ValveSize {
    /// Height of the indicator on the stem at an opening from 0 to 1.
    fn indicator(&self, opening: f64) -> f64 {
        let middle = (self.bonnet() + self.actuator_foot()) / 2.0;
        middle + self.travel * (opening - 0.5)
    }

    /// How the stem moves from closed to open.
    pub fn stroke(&self) -> V3 {
        [0.0, self.travel, 0.0]
    }
}

/// Stem with the travel indicator, drawn closed.
pub fn stem(detail: Detail, size: &ValveSize) -> Shape {
    let mut shape = Shape::new(detail);
    let radius = 0.007 + size.pipe * 0.07;
    let y = size.indicator(0.0);
    shape.cylinder(Tone::Machined, [0.0, size.bonnet() * 0.5, 0.0], [0.0, size.actuator_foot() - size.travel * 0.2, 0.0], radius);
    shape.drum(Tone::Machined, [0.0, y - 0.025, 0.0], [0.0, y + 0.025, 0.0], radius * 2.2, 0.004);
    let reach = size.actuator * 0.38 - 0.018;
    shape.bar(Tone::Dark, [0.03, y, 0.0], [0.03, y, reach], 0.012, 0.012);
    shape.bar(Tone::Dark, [0.0, y, 0.0], [0.03, y, 0.0], 0.012, 0.012);
    shape
}

/// Plug in its seat ring, drawn closed.
pub fn plug(detail: Detail, size: &ValveSize) -> Shape {
    let mut shape = Shape::new(detail);
    let r = size.pipe;
    let profile = [
        (-r * 0.75, 0.0),
        (-r * 0.62, r * 0.3),
        (-r * 0.2, r * 0.66),
        (0.0, r * 0.72),
        (r * 0.12, r * 0.72),
        (r * 0.4, r * 0.3),
        (r * 0.9, r * 0.2),
        (r * 0.9, 0.0),
    ];
    shape.revolve(Tone::Machined, [0.0; 3], Y, &profile);
    shape
}

/// Seat and cage around the plug.
pub fn seat(detail: Detail, size: &ValveSize) -> Shape {
    let mut shape = Shape::new(detail);
    let r = size.pipe;
    shape.ring(Tone::Machined, [0.0, -r * 0.3, 0.0], Y, (r * 0.74, r * 1.02), r * 0.3);
    shape.ring(Tone::Machined, [0.0, r * 0.9, 0.0], Y, (r * 0.78, r * 1.0), r * 0.25);
    for i in 0..6 {
        let at = super::vec3::around(r * 0.9, super::vec3::turn(i, 6), 0.0);
        shape.bar(Tone::Machined, at, ahead(at, Y, r * 0.9), r * 0.3, r * 0.12);
    }
    shape
}

/// Disc of a butterfly valve.
pub fn disc(detail: Detail, size: &ValveSize) -> Shape {
    let mut shape = Shape::new(detail);
    let r = size.pipe * 0.95;
    shape.revolve(Tone::Machined, [0.0; 3], X, &[(-0.02, 0.0), (-0.014, r * 0.6), (-0.006, r), (0.006, r), (0.014, r * 0.6), (0.02, 0.0)]);
    shape.cylinder(Tone::Machined, [0.0, -r, 0.0], [0.0, r, 0.0], 0.018);
    shape
}

/// Diaphragm actuator above the origin with its positioner: two dished covers with a clamped, bolted rim.
pub fn actuator(detail: Detail, size: &ValveSize) -> Shape {
    let mut shape = Shape::new(detail);
    let r = size.actuator;
    let profile = [
        (0.0, 0.0),
        (0.0, r * 0.42),
        (r * 0.12, r * 0.62),
        (r * 0.32, r * 0.92),
        (r * 0.42, r * 0.97),
        (r * 0.42, r * 1.08),
        (r * 0.47, r * 1.08),
        (r * 0.475, r * 1.05),
        (r * 0.48, r * 1.08),
        (r * 0.53, r * 1.08),
        (r * 0.53, r * 0.97),
        (r * 0.72, r * 0.9),
        (r * 0.88, r * 0.7),
        (r * 0.97, r * 0.4),
        (r, 0.0),
    ];
    shape.revolve(Tone::Equipment, [0.0; 3], Y, &profile);
    shape.studs([0.0, r * 0.475, 0.0], Y, r * 1.03, 16, r * 0.11, 0.008);
    shape.drum(Tone::EquipmentDark, [0.0, r * 0.95, 0.0], [0.0, r * 1.18, 0.0], r * 0.16, 0.006);
    if shape.is_fine() {
        shape.torus(Tone::EquipmentDark, [0.0, r * 1.3, 0.0], Z, r * 0.12, 0.008);
    }
    // Positioner at the yoke, with its filter regulator, gauges and air tubes.
    let (x, y) = (r * 0.55, -r * 0.5);
    shape.bevelled(Tone::Equipment, [x, y, 0.0], [0.11, 0.14, 0.12], 0.012);
    shape.bevelled(Tone::EquipmentDark, [x + 0.06, y, 0.0], [0.02, 0.12, 0.1], 0.006);
    shape.bar(Tone::Steel, [0.0, y, -r * 0.3], [x, y, -r * 0.3], 0.05, 0.01);
    gauge(&mut shape, [x, y, 0.06], Z);
    shape.drum(Tone::EquipmentDark, [x, y - 0.16, -0.06], [x, y - 0.04, -0.06], 0.028, 0.006);
    shape.bent(Tone::Machined, &[[x, y + 0.06, 0.0], [x, r * 0.2, 0.0], [r * 0.6, r * 0.2, 0.0]], 0.006, 0.03);
    tube(&mut shape, [x, y - 0.06, -0.04], [x - 0.05, y - 0.5, -0.16], 0.008);
    name_plate(&mut shape, [0.0, r * 0.2, r * 0.84], Z, (r * 0.5, r * 0.16));
    shape
}

/// Spring-loaded relief valve: inlet from below, outlet to the east, both meeting at the origin.
pub fn relief_valve(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.cylinder(Tone::Equipment, [0.0, -0.22, 0.0], [0.0, 0.05, 0.0], 0.062);
    shape.cylinder(Tone::Equipment, [0.0; 3], [0.2, 0.0, 0.0], 0.075);
    shape.drum(Tone::Equipment, [0.0, -0.09, 0.0], [0.0, 0.12, 0.0], 0.11, 0.02);
    shape.flange(Tone::EquipmentDark, [0.0, -0.22, 0.0], Y, 0.057);
    shape.flange(Tone::EquipmentDark, [0.2, 0.0, 0.0], X, 0.07);
    shape.drum(Tone::EquipmentDark, [0.0, 0.12, 0.0], [0.0, 0.14, 0.0], 0.12, 0.004);
    shape.studs([0.0, 0.12, 0.0], Y, 0.105, 8, 0.035, 0.008);
    shape.revolve(Tone::EquipmentDark, [0.0; 3], Y, &[(0.14, 0.095), (0.2, 0.075), (0.42, 0.07), (0.46, 0.05), (0.46, 0.0)]);
    shape.drum(Tone::EquipmentDark, [0.0, 0.46, 0.0], [0.0, 0.58, 0.0], 0.05, 0.015);
    shape.bar(Tone::EquipmentDark, [0.0, 0.5, 0.0], [0.0, 0.42, 0.2], 0.02, 0.02);
    name_plate(&mut shape, [0.0, 0.3, 0.078], Z, (0.08, 0.05));
    shape
}

/// Hand-operated gate valve on a pipe along `axis`; the spindle points to `stem`.
pub fn gate_valve(shape: &mut Shape, at: V3, axis: V3, stem: V3, pipe: f64) {
    let half = pipe + 0.06;
    let end = |s: f64| ahead(at, axis, s);
    let profile = [
        (0.0, pipe * 1.02),
        (half * 0.4, pipe * 1.15),
        (half * 0.7, pipe * 1.4),
        (half * 1.3, pipe * 1.4),
        (half * 1.6, pipe * 1.15),
        (half * 2.0, pipe * 1.02),
    ];
    shape.revolve(Tone::EquipmentDark, end(-half), axis, &profile);
    for s in [-half, half] {
        shape.flange(Tone::EquipmentDark, end(s), axis, pipe);
    }
    let out = |s: f64| ahead(at, stem, s);
    let bonnet = pipe * 1.9 + 0.03;
    shape.cylinder(Tone::EquipmentDark, at, out(bonnet), pipe * 0.95);
    shape.drum(Tone::EquipmentDark, out(bonnet - 0.02), out(bonnet + 0.02), pipe * 1.1 + 0.022, 0.004);
    shape.studs(out(bonnet), stem, pipe * 1.1 + 0.008, 6, 0.034, 0.007 + pipe * 0.02);
    let neck = pipe * 1.2 + 0.1;
    shape.revolve(
        Tone::EquipmentDark,
        out(bonnet),
        stem,
        &[(0.02, pipe * 0.8), (neck * 0.5, pipe * 0.34 + 0.006), (neck, pipe * 0.3 + 0.006), (neck, 0.0)],
    );
    let wheel = out(bonnet + neck);
    shape.cylinder(Tone::Machined, wheel, ahead(wheel, stem, pipe * 1.3 + 0.05), 0.008 + pipe * 0.07);
    handwheel(shape, wheel, stem, pipe * 1.1 + 0.05);
}

/// Hand-operated globe valve: as a gate valve with a rounder body.
pub fn globe_valve(shape: &mut Shape, at: V3, axis: V3, stem: V3, pipe: f64) {
    shape.revolve(
        Tone::EquipmentDark,
        ahead(at, axis, -pipe * 1.7),
        axis,
        &[(0.0, pipe), (pipe, pipe * 1.6), (pipe * 1.7, pipe * 1.85), (pipe * 2.4, pipe * 1.6), (pipe * 3.4, pipe)],
    );
    gate_valve(shape, at, axis, stem, pipe);
}

/// Rim, spokes and hub of a hand wheel.
pub fn handwheel(shape: &mut Shape, centre: V3, axis: V3, radius: f64) {
    let (u, v) = frame(unit(axis));
    shape.torus(Tone::EquipmentDark, centre, axis, radius, 0.009 + radius * 0.03);
    shape.drum(Tone::EquipmentDark, ahead(centre, axis, -0.018), ahead(centre, axis, 0.018), radius * 0.2 + 0.008, 0.004);
    for spoke in [u, v] {
        shape.bar(Tone::EquipmentDark, ahead(centre, spoke, -radius), ahead(centre, spoke, radius), 0.02, 0.014);
    }
}

/// Check valve on a pipe along `axis`.
pub fn check_valve(shape: &mut Shape, at: V3, axis: V3, pipe: f64) {
    let half = pipe + 0.06;
    let origin = ahead(at, axis, -half);
    let l = 2.0 * half;
    shape.revolve(
        Tone::EquipmentDark,
        origin,
        axis,
        &[
            (0.0, pipe),
            (l * 0.2, pipe * 1.15),
            (l * 0.38, pipe * 1.5),
            (l * 0.5, pipe * 1.58),
            (l * 0.62, pipe * 1.5),
            (l * 0.8, pipe * 1.15),
            (l, pipe),
        ],
    );
    for s in [-half, half] {
        shape.flange(Tone::EquipmentDark, ahead(at, axis, s), axis, pipe);
    }
    let out = if axis[1].abs() > 0.5 { Z } else { Y };
    let cover = ahead(at, out, pipe * 1.5);
    shape.drum(Tone::EquipmentDark, ahead(cover, out, -0.04), ahead(cover, out, 0.03), pipe * 0.9, 0.006);
    shape.studs(ahead(cover, out, 0.02), out, pipe * 0.72, 6, 0.02, 0.008);
}

/// Orifice or vortex meter: a flange pair with a transmitter on top.
pub fn flow_meter(shape: &mut Shape, at: V3, axis: V3, pipe: f64) {
    let half = 0.05 + pipe * 0.2;
    for s in [-half, half] {
        shape.flange(Tone::EquipmentDark, ahead(at, axis, s), axis, pipe);
    }
    shape.cylinder(Tone::Equipment, ahead(at, axis, -half), ahead(at, axis, half), pipe * 1.3);
    let out = if axis[1].abs() > 0.5 { unit(cross(axis, X)) } else { Y };
    transmitter(shape, ahead(at, out, pipe), out, 0.34);
    name_plate(shape, ahead(ahead(at, out, pipe), Y, 0.2), Z, (0.09, 0.05));
}

/// Small drain valve under a pipe.
pub fn drain(shape: &mut Shape, at: V3, pipe: f64) {
    if !shape.is_fine() {
        return;
    }
    let foot = ahead(at, DOWN, pipe);
    shape.cylinder(Tone::Pipe, foot, ahead(foot, DOWN, 0.16), 0.014);
    shape.drum(Tone::EquipmentDark, ahead(foot, DOWN, 0.05), ahead(foot, DOWN, 0.1), 0.024, 0.004);
    shape.bar(Tone::AccentRail, ahead(foot, DOWN, 0.075), ahead(ahead(foot, DOWN, 0.075), Z, 0.1), 0.016, 0.006);
    shape.cylinder(Tone::EquipmentDark, ahead(foot, DOWN, 0.15), ahead(foot, DOWN, 0.18), flange_radius(0.014) * 0.5);
}
