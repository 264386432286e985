//! The cooler E-101 in its parts, around its axis: along x, channel to the east, floating head to the west.

use super::instruments::{instrument_stand, name_plate, thermowell, transmitter};
use super::mesh::{Detail, Shape, Tone};
use super::vec3::{V3, X, Y, Z, ahead};
use super::vessels::{nozzle, saddle};

const SHELL: f64 = 0.375;

/// Supports with their foundations, and the instruments that stand beside.
pub fn supports(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    for x in [-1.7, 1.5] {
        saddle(&mut shape, x, SHELL, -0.85, 0.2);
        shape.bevelled(Tone::Concrete, [x, -1.25, 0.0], [0.55, 0.82, 1.0], 0.03);
    }
    instrument_stand(&mut shape, [0.2, -1.6, 1.0], 1.3, &[[-2.1, 0.3, 0.22], [2.0, 0.3, 0.22]]);
    instrument_stand(&mut shape, [2.9, -1.6, 1.0], 1.3, &[[3.05, -0.3, 0.26]]);
    shape
}

/// Shell with its nozzles and flanges.
pub fn shell(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let middle = shape.pick(1, 5);
    let mut profile: Vec<(f64, f64)> = (0..=middle).map(|i| (5.5 * f64::from(i) / f64::from(middle), SHELL)).collect();
    profile.extend([(5.5, SHELL - 0.02), (0.0, SHELL - 0.02), (0.0, SHELL)]);
    shape.revolve(Tone::Equipment, [-2.9, 0.0, 0.0], X, &profile);
    for (from, to) in [(-2.92, -2.84), (2.5, 2.585)] {
        shape.ring(Tone::EquipmentDark, [from, 0.0, 0.0], X, (SHELL - 0.02, 0.49), to - from);
    }
    for x in [-2.4, 2.2] {
        nozzle(&mut shape, [x, 0.3, 0.0], [x, 0.55, 0.0], 0.084);
    }
    for x in [-1.7, -0.6, 0.5, 1.5] {
        shape.band(Tone::Equipment, [x, 0.0, 0.0], X, SHELL, 0.03);
    }
    for x in [-1.2, 1.0] {
        lug(&mut shape, [x, SHELL, 0.0]);
    }
    nozzle(&mut shape, [-0.4, -0.3, 0.0], [-0.4, -0.48, 0.0], 0.017);
    nozzle(&mut shape, [-0.4, 0.3, 0.0], [-0.4, 0.46, 0.0], 0.017);
    thermowell(&mut shape, [-1.9, 0.36, 0.0], Y);
    thermowell(&mut shape, [1.75, 0.36, 0.0], Y);
    transmitter(&mut shape, [-2.1, 0.3, 0.22], [0.0, 0.7, 0.7], 0.22);
    name_plate(&mut shape, [0.2, 0.0, SHELL + 0.012], Z, (0.3, 0.18));
    shape
}

/// Lifting lug along x on top of a shell.
fn lug(shape: &mut Shape, at: V3) {
    shape.oriented_block(Tone::EquipmentDark, ahead(at, Y, 0.05), [X, Y, Z], [0.08, 0.07, 0.012], 0.004);
    if shape.is_fine() {
        shape.torus(Tone::Dark, ahead(at, Y, 0.08), Z, 0.024, 0.013);
    }
}

/// Dished cover over the floating head.
pub fn rear_cover(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let steps = shape.pick(5, 12);
    let mut profile: Vec<(f64, f64)> = (0..=steps)
        .map(|i| {
            let (cos, sin) = super::vec3::cos_sin(std::f64::consts::FRAC_PI_2 * f64::from(i) / f64::from(steps));
            (-0.22 * cos, if i == 0 { 0.0 } else { 0.43 * sin })
        })
        .collect();
    profile.extend([(0.3, 0.43), (0.3, 0.51), (0.37, 0.51), (0.37, 0.41), (0.02, 0.41)]);
    shape.revolve(Tone::Equipment, [-3.3, 0.0, 0.0], X, &profile);
    shape.studs([-2.92, 0.0, 0.0], X, 0.465, 20, 0.12, 0.016);
    lug(&mut shape, [-3.1, 0.43, 0.0]);
    shape
}

/// Channel with its pass nozzles and flat, bolted cover.
pub fn channel(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let r = SHELL + 0.02;
    shape.revolve(Tone::Equipment, [2.6, 0.0, 0.0], X, &[(0.0, r), (0.45, r), (0.9, r), (0.9, r - 0.03), (0.0, r - 0.03)]);
    shape.ring(Tone::EquipmentDark, [2.61, 0.0, 0.0], X, (r - 0.02, 0.49), 0.09);
    shape.ring(Tone::EquipmentDark, [3.42, 0.0, 0.0], X, (r - 0.02, 0.49), 0.08);
    shape.drum(Tone::EquipmentDark, [3.51, 0.0, 0.0], [3.6, 0.0, 0.0], 0.49, 0.008);
    shape.studs([2.6, 0.0, 0.0], X, 0.45, 20, 0.15, 0.016);
    shape.studs([3.51, 0.0, 0.0], X, 0.45, 20, 0.13, 0.016);
    for y in [1.0, -1.0] {
        nozzle(&mut shape, [3.08, 0.3 * y, 0.0], [3.08, 0.6 * y, 0.0], 0.1365);
    }
    lug(&mut shape, [2.85, r, 0.0]);
    thermowell(&mut shape, [3.25, 0.3, 0.22], [0.0, 0.7, 0.7]);
    name_plate(&mut shape, [3.0, 0.0, r + 0.012], Z, (0.2, 0.12));
    shape
}

/// Tube bundle: tube sheet, tubes, segmental baffles, tie rods and floating head.
pub fn bundle(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let (from, to) = (-2.85, 2.6);
    shape.drum(Tone::Machined, [to - 0.03, 0.0, 0.0], [to + 0.03, 0.0, 0.0], 0.4, 0.004);
    shape.drum(Tone::Machined, [from, 0.0, 0.0], [from + 0.05, 0.0, 0.0], 0.33, 0.004);
    shape.vessel(Tone::EquipmentDark, [from - 0.04, 0.0, 0.0], [from, 0.0, 0.0], 0.34);
    shape.ring(Tone::EquipmentDark, [from - 0.05, 0.0, 0.0], X, (0.3, 0.365), 0.05);
    let pitch = shape.pick(0.085, 0.046);
    let rows = (0.64 / pitch / 0.866) as i32;
    for row in -rows / 2..=rows / 2 {
        let y = f64::from(row) * pitch * 0.866;
        let shift = if row.rem_euclid(2) == 1 { pitch / 2.0 } else { 0.0 };
        for column in -rows / 2..=rows / 2 {
            let z = f64::from(column) * pitch + shift;
            // The partition between the two passes leaves a lane in the middle.
            if y * y + z * z < 0.315 * 0.315 && row != 0 {
                let count = shape.pick(4, 5);
                shape.revolve_with(Tone::Machined, [from, y, z], X, &[(0.0, pitch * 0.36), (to - from, pitch * 0.36)], count);
            }
        }
    }
    for i in 0..9 {
        baffle(&mut shape, from + 0.55 + 0.54 * f64::from(i), if i % 2 == 0 { 1.0 } else { -1.0 });
    }
    for z in [-0.33, 0.33] {
        shape.bar(Tone::Steel, [from + 0.1, 0.0, z], [to, 0.0, z], 0.02, 0.02);
    }
    shape
}

/// Disc with a quarter of its height cut away above (`side` 1) or below (-1).
fn baffle(shape: &mut Shape, x: f64, side: f64) {
    let r: f64 = 0.345;
    let steps = shape.pick(8, 16);
    let third = std::f64::consts::FRAC_PI_3;
    let rim: Vec<V3> = (0..=steps)
        .map(|i| {
            // The cut lies at half the radius: the arc runs over 240°.
            let (cos, sin) = super::vec3::cos_sin(third + 4.0 * third * f64::from(i) / f64::from(steps));
            [x, side * r * cos, r * sin]
        })
        .collect();
    let surface = shape.surface(Tone::Steel);
    for (shift, normal) in [(-0.006, [-1.0, 0.0, 0.0]), (0.006, X)] {
        let ring: Vec<u32> = rim.iter().map(|&at| surface.vertex(ahead(at, X, shift), normal)).collect();
        for i in 1..ring.len() - 1 {
            surface.triangle(ring[0], ring[i], ring[i + 1]);
        }
    }
}
