//! Drums, pots, filters and other small vessels, each around its own origin.

use super::instruments::{gauge, instrument_stand, level_board, name_plate, thermowell, transmitter};
use super::mesh::{Detail, Shape, Tone};
use super::vec3::{DOWN, V3, WEST, X, Y, Z, ahead, around, cos_sin, sub, turn};

/// Nozzle: a stub with a flange at its end, starting inside the wall at `from`.
pub fn nozzle(shape: &mut Shape, from: V3, to: V3, radius: f64) {
    shape.cylinder(Tone::Equipment, from, to, radius);
    shape.flange(Tone::EquipmentDark, to, sub(to, from), radius);
}

/// Manway: neck, bolted cover, davit and handles; `out` points away from the wall at `from`.
pub fn manway(shape: &mut Shape, from: V3, out: V3, radius: f64) {
    let at = |d: f64| ahead(from, out, d);
    shape.cylinder(Tone::Equipment, at(-0.1), at(0.2), radius);
    shape.ring(Tone::EquipmentDark, at(0.18), out, (radius * 0.9, radius + 0.09), 0.035);
    shape.blind(at(0.25), out, radius + 0.09);
    if !shape.is_fine() {
        return;
    }
    let side = super::vec3::unit(super::vec3::cross(Y, out));
    let hinge = ahead(at(0.2), side, radius + 0.12);
    shape.bar(Tone::AccentRail, ahead(hinge, Y, -0.1), ahead(hinge, Y, radius + 0.16), 0.04, 0.04);
    let arm = ahead(hinge, Y, radius + 0.16);
    shape.bent(Tone::AccentRail, &[arm, ahead(at(0.2), Y, radius + 0.22), ahead(at(0.3), Y, radius + 0.16)], 0.018, 0.08);
    shape.bar(Tone::AccentRail, ahead(at(0.3), Y, radius + 0.16), ahead(at(0.3), Y, radius * 0.5), 0.016, 0.016);
    for s in [-0.5, 0.5] {
        let grip = ahead(at(0.285), side, s * radius);
        shape.bent(
            Tone::Machined,
            &[ahead(grip, Y, -0.07), ahead(ahead(grip, out, 0.05), Y, -0.07), ahead(ahead(grip, out, 0.05), Y, 0.07), ahead(grip, Y, 0.07)],
            0.008,
            0.02,
        );
    }
}

/// Saddle under a horizontal shell along x, down to `foot` below the axis.
pub fn saddle(shape: &mut Shape, x: f64, radius: f64, foot: f64, width: f64) {
    let top = -radius * 0.72;
    shape.bevelled(Tone::Steel, [x, foot + 0.02, 0.0], [width * 1.4, 0.04, radius * 1.76], 0.006);
    shape.slab(Tone::Steel, [x - 0.015, foot + 0.04, -radius * 0.76], [x + 0.015, top, radius * 0.76]);
    for side in [-1.0, -0.35, 0.35, 1.0] {
        let z = side * radius * 0.74;
        let lift = -(radius * radius - z * z).max(0.0).sqrt();
        shape.slab(Tone::Steel, [x - width / 2.0, foot + 0.04, z - 0.012], [x + width / 2.0, lift.max(top) + 0.02, z + 0.012]);
    }
    let steps = shape.pick(6, 14);
    let wrap: Vec<V3> = (0..=steps)
        .map(|i| {
            let (cos, sin) = cos_sin(std::f64::consts::PI * (0.18 + 0.64 * f64::from(i) / f64::from(steps)));
            [x - width / 2.0, -sin * (radius + 0.012), cos * (radius + 0.012)]
        })
        .collect();
    shape.blade(Tone::Steel, &wrap, [width, 0.0, 0.0], 0.022);
    for z in [-radius * 0.8, radius * 0.8] {
        for side in [-0.5, 0.5] {
            shape.studs([x + side * width, foot + 0.04, z], Y, 0.001, 1, 0.035, 0.014);
        }
    }
}

/// Surge drum V-101 around its middle: along x, 2.4 m inside, 6.0 m between tangent lines.
pub fn surge_drum(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.vessel(Tone::Equipment, [-3.0, 0.0, 0.0], [3.0, 0.0, 0.0], 1.2);
    for x in [-3.0, -1.0, 1.0, 3.0] {
        shape.revolve(Tone::Equipment, [x, 0.0, 0.0], X, &[(-0.02, 1.198), (-0.01, 1.206), (0.01, 1.206), (0.02, 1.198)]);
    }
    // Nozzles: inlet, recirculation, nitrogen, vent, relief on top; outlet below.
    for (x, radius) in [(-2.0, 0.084), (-0.6, 0.038), (0.6, 0.03), (1.4, 0.035), (2.3, 0.057)] {
        nozzle(&mut shape, [x, 1.15, 0.0], [x, 1.4, 0.0], radius);
        shape.revolve(Tone::Equipment, [x, 0.0, 0.0], Y, &[(1.19, radius * 2.2), (1.212, radius * 2.1), (1.214, radius)]);
    }
    nozzle(&mut shape, [0.0, -1.1, 0.0], [0.0, -1.4, 0.0], 0.084);
    manway(&mut shape, [-3.5, 0.1, 0.0], WEST, 0.3);
    level_bridle(&mut shape);
    transmitter(&mut shape, [0.1, 1.15, 0.3], Y, 0.3);
    gauge(&mut shape, [-0.2, 1.16, 0.3], Z);
    thermowell(&mut shape, [-1.4, -0.3, 1.15], Z);
    for x in [-2.4, 2.6] {
        shape.oriented_block(Tone::EquipmentDark, [x, 1.26, 0.0], [X, Y, Z], [0.12, 0.1, 0.015], 0.006);
    }
    name_plate(&mut shape, [-0.6, 0.1, 1.215], Z, (0.5, 0.26));
    shape
}

/// Saddles of the drum.
pub fn drum_saddles(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    for x in [-1.9, 1.9] {
        saddle(&mut shape, x, 1.2, -1.78, 0.26);
    }
    shape
}

/// Inside the drum: inlet pipe with its deflector, and the vortex breaker over the outlet.
pub fn drum_internals(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.pipe(Tone::Machined, &[[-2.0, 1.2, 0.0], [-2.0, 0.2, 0.0]], 0.084);
    shape.oriented_block(Tone::Machined, [-2.0, 0.12, 0.0], [X, Y, Z], [0.3, 0.01, 0.3], 0.0);
    for axis in [[X, Y, Z], [Z, Y, WEST]] {
        shape.oriented_block(Tone::Machined, [0.0, -1.0, 0.0], axis, [0.3, 0.16, 0.008], 0.0);
    }
    for x in [-2.6, 0.0, 2.6] {
        shape.ring(Tone::Machined, [x, 0.0, 0.0], X, (1.1, 1.19), 0.02);
    }
    shape
}

/// Where 0 % of the drum's level stands in front of its gauge.
pub const DRUM_GAUGE: V3 = [2.25, -1.0, 1.72];

/// Standpipe on the south side with its gauge and level transmitter, between the taps at 0.2 and 2.2 m.
fn level_bridle(shape: &mut Shape) {
    let [x, low, z] = DRUM_GAUGE;
    let (x, pipe) = (x - 0.3, z - 0.1);
    for y in [low, -low] {
        shape.pipe(Tone::Pipe, &[[x, y, 0.6], [x, y, pipe]], 0.03);
        shape.flange(Tone::EquipmentDark, [x, y, 1.0], Z, 0.03);
        shape.drum(Tone::EquipmentDark, [x, y, 1.12], [x, y, 1.26], 0.05, 0.008);
        shape.bar(Tone::AccentRail, [x, y + 0.05, 1.19], [x, y + 0.14, 1.19], 0.016, 0.016);
        shape.pipe(Tone::Pipe, &[[x, y, pipe], [x + 0.3, y, pipe]], 0.022);
    }
    shape.pipe(Tone::Pipe, &[[x, low - 0.25, pipe], [x, -low + 0.2, pipe]], 0.045);
    level_board(shape, DRUM_GAUGE, -2.0 * low, 0.11, Z);
    shape.drum(Tone::EquipmentDark, [x, low - 0.36, pipe], [x, low - 0.24, pipe], 0.04, 0.006);
    transmitter(shape, [x, -low + 0.2, pipe], Y, 0.2);
    transmitter(shape, [x - 0.04, low + 0.3, pipe], WEST, 0.18);
}

/// Vent knock-out pot V-102 around its middle, with the stack up to EL 14.
pub fn knock_out_pot(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.vessel(Tone::Equipment, [0.0, -0.85, 0.0], [0.0, 0.95, 0.0], 0.45);
    shape.revolve(Tone::Equipment, [0.0, -1.4, 0.0], Y, &[(0.0, 0.42), (0.62, 0.42)]);
    shape.bevelled(Tone::Concrete, [0.0, -1.48, 0.0], [1.3, 0.16, 1.3], 0.03);
    shape.drum(Tone::EquipmentDark, [0.0, -1.41, 0.0], [0.0, -1.37, 0.0], 0.54, 0.004);
    shape.studs([0.0, -1.37, 0.0], Y, 0.49, 8, 0.05, 0.014);
    nozzle(&mut shape, [-0.4, 0.6, 0.0], [-0.62, 0.6, 0.0], 0.084);
    shape.flange(Tone::EquipmentDark, [0.0, 1.3, 0.0], Y, 0.084);
    shape.pipe(Tone::Pipe, &[[0.0, 1.1, 0.0], [0.0, 12.5, 0.0]], 0.084);
    for y in [4.0, 8.0] {
        shape.flange(Tone::EquipmentDark, [0.0, y, 0.0], Y, 0.084);
    }
    shape.ring(Tone::Steel, [0.0, 8.16, 0.0], Y, (0.08, 0.13), 0.06);
    for angle in [0.5, 2.6, 4.7] {
        shape.bar(Tone::Steel, [0.0, 8.2, 0.0], around(3.0, angle, -1.45), 0.018, 0.018);
        shape.bevelled(Tone::Concrete, around(3.0, angle, -1.45), [0.4, 0.3, 0.4], 0.02);
    }
    transmitter(&mut shape, [0.4, -0.5, 0.0], X, 0.2);
    shape.pipe(Tone::Pipe, &[[0.0, -1.0, 0.3], [0.0, -1.2, 0.3], [0.0, -1.2, 0.75]], 0.025);
    super::valves::gate_valve(&mut shape, [0.0, -1.2, 0.62], Z, Y, 0.025);
    name_plate(&mut shape, [0.0, 0.1, 0.46], Z, (0.3, 0.16));
    shape
}

/// Housing of the bag filter FL-102 around the axis of its nozzles.
pub fn bag_filter(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.vessel(Tone::Equipment, [0.0, -0.2, 0.0], [0.0, 0.7, 0.0], 0.33);
    shape.ring(Tone::EquipmentDark, [0.0, 0.68, 0.0], Y, (0.3, 0.43), 0.05);
    nozzle(&mut shape, [-0.3, 0.4, 0.0], [-0.5, 0.4, 0.0], 0.084);
    nozzle(&mut shape, [0.3, 0.0, 0.0], [0.5, 0.0, 0.0], 0.084);
    for i in 0..3 {
        let angle = 0.6 + turn(i, 3);
        shape.girder(Tone::Steel, around(0.33, angle, -0.8), around(0.33, angle, 0.0), 0.08, 0.08);
        shape.block(Tone::Steel, around(0.33, angle, -0.66), [0.16, 0.02, 0.16]);
    }
    shape.bevelled(Tone::Concrete, [0.0, -0.74, 0.0], [1.0, 0.16, 1.0], 0.03);
    gauge(&mut shape, [0.12, 0.5, 0.3], Z);
    gauge(&mut shape, [-0.12, 0.2, 0.3], Z);
    name_plate(&mut shape, [0.0, 0.1, 0.338], Z, (0.16, 0.1));
    shape
}

/// Hinged cover of the bag filter with its davit.
pub fn filter_cover(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.drum(Tone::EquipmentDark, [0.0, 0.735, 0.0], [0.0, 0.79, 0.0], 0.43, 0.01);
    shape.studs([0.0, 0.74, 0.0], Y, 0.395, 12, 0.09, 0.014);
    shape.bent(Tone::AccentRail, &[[0.5, 0.3, 0.0], [0.5, 1.05, 0.0], [0.0, 1.05, 0.0], [0.0, 0.8, 0.0]], 0.026, 0.12);
    shape
}

/// Bag in its perforated basket.
pub fn filter_bag(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.vessel(Tone::Plate, [0.0, -0.1, 0.0], [0.0, 0.62, 0.0], 0.22);
    for i in 0..6 {
        shape.ring(Tone::Machined, [0.0, -0.08 + 0.13 * f64::from(i), 0.0], Y, (0.22, 0.245), 0.012);
    }
    shape.ring(Tone::Machined, [0.0, 0.64, 0.0], Y, (0.2, 0.3), 0.02);
    shape
}

/// Basket strainer STR-101 on its line, flow along x.
pub fn strainer(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.revolve(
        Tone::Equipment,
        [-0.3, 0.0, 0.0],
        X,
        &[(0.0, 0.086), (0.12, 0.09), (0.2, 0.12), (0.4, 0.12), (0.48, 0.09), (0.6, 0.086)],
    );
    for x in [-0.28, 0.28] {
        shape.flange(Tone::EquipmentDark, [x, 0.0, 0.0], X, 0.084);
    }
    shape.vessel(Tone::Equipment, [0.0, -0.24, 0.0], [0.0, 0.2, 0.0], 0.17);
    shape.ring(Tone::EquipmentDark, [0.0, 0.17, 0.0], Y, (0.15, 0.24), 0.035);
    shape.bar(Tone::Steel, [0.0, -0.72, 0.0], [0.0, -0.3, 0.0], 0.1, 0.1);
    shape.bevelled(Tone::Concrete, [0.0, -0.74, 0.0], [0.4, 0.14, 0.4], 0.02);
    shape.cylinder(Tone::Pipe, [0.0, -0.4, 0.06], [0.0, -0.4, 0.3], 0.016);
    shape.drum(Tone::EquipmentDark, [0.0, -0.4, 0.2], [0.0, -0.4, 0.26], 0.026, 0.004);
    instrument_stand(&mut shape, [0.05, -0.8, 0.55], 1.2, &[[-0.2, 0.05, 0.1], [0.2, 0.05, 0.1]]);
    name_plate(&mut shape, [0.0, -0.02, 0.176], Z, (0.12, 0.08));
    shape
}

/// Cover of the strainer with its handle.
pub fn strainer_cover(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.drum(Tone::EquipmentDark, [0.0, 0.208, 0.0], [0.0, 0.25, 0.0], 0.24, 0.006);
    shape.studs([0.0, 0.21, 0.0], Y, 0.212, 10, 0.062, 0.012);
    shape.bent(Tone::EquipmentDark, &[[-0.1, 0.25, 0.0], [-0.1, 0.32, 0.0], [0.1, 0.32, 0.0], [0.1, 0.25, 0.0]], 0.012, 0.03);
    shape
}

/// Perforated basket of the strainer.
pub fn basket(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let rows = shape.pick(5, 12);
    for i in 0..=rows {
        let y = -0.26 + 0.4 * f64::from(i) / f64::from(rows);
        shape.ring(Tone::Machined, [0.0, y, 0.0], Y, (0.118, 0.126), 0.012);
    }
    let bars = shape.pick(8, 20);
    for i in 0..bars {
        let foot = around(0.122, turn(i, bars), -0.26);
        shape.bar(Tone::Machined, foot, ahead(foot, Y, 0.42), 0.01, 0.006);
    }
    shape.revolve(Tone::Machined, [0.0, -0.27, 0.0], Y, &[(0.0, 0.0), (0.0, 0.126), (0.012, 0.126), (0.012, 0.0)]);
    shape.bent(Tone::Machined, &[[-0.11, 0.14, 0.0], [-0.11, 0.2, 0.0], [0.11, 0.2, 0.0], [0.11, 0.14, 0.0]], 0.006, 0.04);
    shape
}

/// Air receiver V-301 around its centre line at grade.
pub fn receiver(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.vessel(Tone::Equipment, [0.0, 0.75, 0.0], [0.0, 2.55, 0.0], 0.55);
    for y in [0.75, 2.55] {
        shape.revolve(Tone::Equipment, [0.0, y, 0.0], Y, &[(-0.015, 0.549), (0.0, 0.555), (0.015, 0.549)]);
    }
    for i in 0..3 {
        let angle = 0.5 + turn(i, 3);
        shape.girder(Tone::Steel, around(0.5, angle, 0.06), around(0.5, angle, 0.95), 0.1, 0.1);
        shape.block(Tone::Steel, around(0.5, angle, 0.08), [0.18, 0.02, 0.18]);
        shape.studs(around(0.56, angle, 0.08), Y, 0.001, 1, 0.04, 0.012);
    }
    nozzle(&mut shape, [-0.45, 1.0, 0.0], [-0.68, 1.0, 0.0], 0.03);
    nozzle(&mut shape, [0.45, 2.3, 0.0], [0.68, 2.3, 0.0], 0.03);
    shape.drum(Tone::EquipmentDark, [0.0, 2.8, 0.0], [0.0, 3.0, 0.0], 0.04, 0.006);
    shape.drum(Tone::EquipmentDark, [0.0, 2.98, 0.0], [0.0, 3.12, 0.0], 0.06, 0.01);
    gauge(&mut shape, [0.0, 1.7, 0.54], Z);
    transmitter(&mut shape, [0.36, 1.3, 0.4], [0.7, 0.0, 0.7], 0.2);
    manway(&mut shape, [0.0, 1.15, 0.5], Z, 0.15);
    name_plate(&mut shape, [0.0, 2.05, 0.556], Z, (0.3, 0.18));
    shape.pipe(Tone::Pipe, &[[0.0, 0.5, 0.0], [0.0, 0.3, 0.0], [0.0, 0.3, 0.75]], 0.014);
    shape.drum(Tone::EquipmentDark, [0.0, 0.3, 0.62], [0.0, 0.3, 0.72], 0.03, 0.005);
    shape
}

/// Heatless dryer D-301: two desiccant towers and a filter on a skid, around its middle at grade.
pub fn dryer(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    for z in [-0.44, 0.44] {
        shape.girder(Tone::Steel, [-0.85, 0.12, z], [0.85, 0.12, z], 0.1, 0.14);
    }
    shape.bevelled(Tone::Steel, [0.0, 0.19, 0.0], [1.7, 0.02, 1.0], 0.004);
    for x in [-0.45, 0.25] {
        shape.vessel(Tone::Equipment, [x, 0.55, 0.0], [x, 1.95, 0.0], 0.2);
        shape.revolve(Tone::Steel, [x, 0.2, 0.0], Y, &[(0.0, 0.19), (0.02, 0.19), (0.02, 0.17), (0.35, 0.17)]);
        shape.drum(Tone::EquipmentDark, [x, 2.04, 0.0], [x, 2.1, 0.0], 0.09, 0.006);
        gauge(&mut shape, [x, 1.3, 0.19], Z);
        name_plate(&mut shape, [x, 1.0, 0.206], Z, (0.12, 0.08));
    }
    for y in [0.38, 2.15] {
        shape.pipe(Tone::Pipe, &[[-0.45, y, 0.0], [-0.45, y, 0.32], [0.25, y, 0.32], [0.25, y, 0.0]], 0.03);
        shape.bevelled(Tone::EquipmentDark, [-0.1, y, 0.32], [0.22, 0.16, 0.14], 0.01);
        for x in [-0.32, 0.12] {
            shape.drum(Tone::EquipmentDark, [x, y, 0.32], [x, y + 0.16, 0.32], 0.045, 0.006);
        }
    }
    shape.vessel(Tone::EquipmentDark, [0.66, 0.8, 0.2], [0.66, 1.3, 0.2], 0.09);
    shape.drum(Tone::Machined, [0.66, 1.22, 0.2], [0.66, 1.28, 0.2], 0.11, 0.006);
    shape.pipe(Tone::Pipe, &[[-0.1, 2.15, 0.32], [-0.1, 2.4, 0.32], [0.66, 2.4, 0.32], [0.66, 1.3, 0.2]], 0.025);
    shape.bevelled(Tone::EquipmentDark, [-0.1, 1.2, 0.4], [0.4, 0.5, 0.14], 0.02);
    shape.bevelled(Tone::Dark, [-0.1, 1.3, 0.474], [0.2, 0.12, 0.01], 0.003);
    shape.bar(Tone::Steel, [-0.1, 0.2, 0.38], [-0.1, 1.0, 0.38], 0.06, 0.06);
    for x in [-0.45, 0.25] {
        shape.drum(Tone::EquipmentDark, [x, 0.3, -0.32], [x, 0.55, -0.32], 0.07, 0.03);
        shape.cylinder(Tone::Pipe, [x, 0.3, -0.32], ahead([x, 0.3, -0.32], DOWN, 0.1), 0.02);
    }
    shape
}
