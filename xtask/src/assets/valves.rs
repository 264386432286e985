//! Control valves, relief valve, hand valves and small instruments, each around the pipe's axis.

use super::mesh::{Shape, Tone, V3, X, Y, Z, add, ahead, cross, scale, sub, unit};

/// Measures of a control valve, m.
pub struct ValveSize {
    /// Outer radius of the pipe it sits in.
    pub pipe: f64,
    /// Half of the length between its flanges.
    pub half_length: f64,
    /// Radius of its diaphragm actuator.
    pub actuator: f64,
}

/// Globe valve of FV-101 and LV-101, DN125.
pub const GLOBE_125: ValveSize = ValveSize { pipe: 0.07, half_length: 0.2, actuator: 0.23 };
/// Make-up valve LV-201, DN50.
pub const GLOBE_50: ValveSize = ValveSize { pipe: 0.03, half_length: 0.13, actuator: 0.16 };
/// Pressure valves PV-103A and PV-103B, DN15 and DN25.
pub const GLOBE_25: ValveSize = ValveSize { pipe: 0.02, half_length: 0.1, actuator: 0.13 };
/// On-off valve XV-303, DN40.
pub const GLOBE_40: ValveSize = ValveSize { pipe: 0.025, half_length: 0.11, actuator: 0.14 };
/// Butterfly valve TV-101, DN200.
pub const BUTTERFLY_200: ValveSize = ValveSize { pipe: 0.1095, half_length: 0.08, actuator: 0.23 };

impl ValveSize {
    /// Height of the foot of the actuator above the pipe's axis.
    pub fn actuator_foot(&self) -> f64 {
        self.pipe * 1.4 + 0.05 + self.actuator * 0.6
    }
}

/// Globe body with flanges along x, bonnet and yoke upwards.
pub fn globe_body(size: &ValveSize) -> Shape {
    let mut shape = Shape::default();
    let (r, l) = (size.pipe, size.half_length);
    let bulge = r * 1.75;
    let profile = [
        (-l, r * 1.05),
        (-l * 0.62, r * 1.1),
        (-l * 0.3, bulge * 0.92),
        (0.0, bulge),
        (l * 0.3, bulge * 0.92),
        (l * 0.62, r * 1.1),
        (l, r * 1.05),
    ];
    shape.revolve(Tone::Equipment, [0.0; 3], X, &profile);
    for x in [-l, l] {
        shape.flange(Tone::EquipmentDark, [x, 0.0, 0.0], X, r);
    }
    let bonnet = bulge + 0.05;
    shape.cylinder(Tone::Equipment, [0.0; 3], [0.0, bonnet, 0.0], r * 1.1 + 0.01);
    shape.cylinder(Tone::EquipmentDark, [0.0, bonnet - 0.03, 0.0], [0.0, bonnet, 0.0], r * 1.3 + 0.03);
    yoke(&mut shape, bonnet, size);
    shape
}

/// Wafer body between flanges along x, shaft upwards.
pub fn butterfly_body(size: &ValveSize) -> Shape {
    let mut shape = Shape::default();
    let (r, l) = (size.pipe, size.half_length);
    shape.cylinder(Tone::Equipment, [-l, 0.0, 0.0], [l, 0.0, 0.0], r * 1.35);
    for x in [-l - 0.03, l + 0.03] {
        shape.flange(Tone::EquipmentDark, [x, 0.0, 0.0], X, r);
    }
    shape.cylinder(Tone::Equipment, [0.0; 3], [0.0, r * 1.4 + 0.08, 0.0], 0.05);
    shape.cylinder(Tone::Equipment, [0.0, -r * 1.5, 0.0], [0.0; 3], 0.045);
    yoke(&mut shape, r * 1.4, size);
    shape
}

fn yoke(shape: &mut Shape, from: f64, size: &ValveSize) {
    let foot = size.actuator_foot() + 0.02;
    let spread = size.actuator * 0.35;
    for z in [-spread, spread] {
        shape.bar(Tone::EquipmentDark, [0.0, from - 0.02, z], [0.0, foot, z], 0.03, 0.05);
    }
    shape.cylinder(Tone::Steel, [0.0, from, 0.0], [0.0, foot, 0.0], 0.012 + size.pipe * 0.06);
    shape.bevelled(Tone::EquipmentDark, [size.actuator * 0.42, (from + foot) / 2.0, 0.0], [0.1, 0.14, 0.1], 0.01);
}

/// Diaphragm actuator above the origin: two dished covers with a clamped rim.
pub fn actuator(size: &ValveSize) -> Shape {
    let mut shape = Shape::default();
    let r = size.actuator;
    let profile = [
        (0.0, 0.0),
        (0.0, r * 0.42),
        (r * 0.12, r * 0.62),
        (r * 0.32, r * 0.92),
        (r * 0.4, r * 0.96),
        (r * 0.42, r * 1.06),
        (r * 0.52, r * 1.06),
        (r * 0.54, r * 0.96),
        (r * 0.72, r * 0.88),
        (r * 0.9, r * 0.62),
        (r * 0.98, r * 0.3),
        (r, 0.0),
    ];
    shape.revolve(Tone::Equipment, [0.0; 3], Y, &profile);
    shape.cylinder(Tone::EquipmentDark, [0.0, r * 0.95, 0.0], [0.0, r * 1.2, 0.0], r * 0.16);
    shape
}

/// Spring-loaded relief valve: inlet from below, outlet to the east, both meeting at the origin.
pub fn relief_valve() -> Shape {
    let mut shape = Shape::default();
    shape.cylinder(Tone::Equipment, [0.0, -0.22, 0.0], [0.0, 0.05, 0.0], 0.062);
    shape.cylinder(Tone::Equipment, [0.0; 3], [0.2, 0.0, 0.0], 0.075);
    shape.drum(Tone::Equipment, [0.0, -0.09, 0.0], [0.0, 0.12, 0.0], 0.11, 0.02);
    shape.flange(Tone::EquipmentDark, [0.0, -0.22, 0.0], Y, 0.057);
    shape.flange(Tone::EquipmentDark, [0.2, 0.0, 0.0], X, 0.07);
    shape.drum(Tone::EquipmentDark, [0.0, 0.12, 0.0], [0.0, 0.46, 0.0], 0.075, 0.01);
    shape.drum(Tone::EquipmentDark, [0.0, 0.46, 0.0], [0.0, 0.58, 0.0], 0.05, 0.015);
    shape.bar(Tone::EquipmentDark, [0.0, 0.5, 0.0], [0.0, 0.42, 0.2], 0.02, 0.02);
    shape
}

/// Hand-operated gate valve on a pipe along `axis`; the spindle points to `stem`.
pub fn gate_valve(shape: &mut Shape, at: V3, axis: V3, stem: V3, pipe: f64) {
    let half = pipe + 0.06;
    let end = |s: f64| ahead(at, axis, s);
    shape.cylinder(Tone::EquipmentDark, end(-half), end(half), pipe * 1.25);
    for s in [-half, half] {
        shape.flange(Tone::EquipmentDark, end(s), axis, pipe);
    }
    let wheel = ahead(at, stem, pipe * 2.6 + 0.14);
    shape.cylinder(Tone::EquipmentDark, at, ahead(at, stem, pipe * 1.7 + 0.04), pipe * 0.9);
    shape.cylinder(Tone::EquipmentDark, at, ahead(wheel, stem, 0.1), 0.014 + pipe * 0.08);
    handwheel(shape, wheel, stem, pipe * 1.1 + 0.05);
}

fn handwheel(shape: &mut Shape, centre: V3, axis: V3, radius: f64) {
    let u = unit(cross(axis, if axis[0].abs() > 0.9 { Z } else { X }));
    let v = cross(axis, u);
    let rim: Vec<V3> = (0..=12)
        .map(|i| {
            let angle = std::f64::consts::TAU * f64::from(i) / 12.0;
            add(centre, add(scale(u, radius * angle.cos()), scale(v, radius * angle.sin())))
        })
        .collect();
    for pair in rim.windows(2) {
        shape.bar(Tone::EquipmentDark, pair[0], pair[1], 0.025, 0.025);
    }
    for spoke in [u, v] {
        shape.bar(Tone::EquipmentDark, ahead(centre, spoke, -radius), ahead(centre, spoke, radius), 0.02, 0.02);
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
        &[(0.0, pipe), (l * 0.2, pipe * 1.2), (l * 0.5, pipe * 1.6), (l * 0.8, pipe * 1.2), (l, pipe)],
    );
    for s in [-half, half] {
        shape.flange(Tone::EquipmentDark, ahead(at, axis, s), axis, pipe);
    }
}

/// Orifice or vortex meter: a flange pair with a transmitter on top.
pub fn flow_meter(shape: &mut Shape, at: V3, axis: V3, pipe: f64) {
    for s in [-0.045 - pipe * 0.2, 0.045 + pipe * 0.2] {
        shape.flange(Tone::EquipmentDark, ahead(at, axis, s), axis, pipe);
    }
    transmitter(shape, ahead(at, Y, pipe), Y, 0.3);
}

/// Transmitter on a stub: `out` is the direction of the stub, `reach` its length.
pub fn transmitter(shape: &mut Shape, from: V3, out: V3, reach: f64) {
    let out = unit(out);
    let head = ahead(from, out, reach);
    shape.cylinder(Tone::EquipmentDark, from, head, 0.018);
    let across = if out[1].abs() > 0.5 { X } else { unit(sub(cross(out, Y), [0.0; 3])) };
    shape.drum(Tone::EquipmentDark, ahead(head, across, -0.085), ahead(head, across, 0.085), 0.062, 0.012);
}

/// Dial gauge facing `out`.
pub fn gauge(shape: &mut Shape, from: V3, out: V3) {
    let at = |s: f64| ahead(from, out, s);
    shape.cylinder(Tone::EquipmentDark, at(-0.02), at(0.08), 0.012);
    shape.cylinder(Tone::EquipmentDark, at(0.08), at(0.12), 0.065);
    shape.cylinder(Tone::Insulation, at(0.12), at(0.124), 0.055);
}
