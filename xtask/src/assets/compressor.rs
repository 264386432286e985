//! Compressor package K-301 in its parts, around its middle at grade.

use super::instruments::{gauge, name_plate};
use super::mesh::{Detail, Shape, Tone};
use super::vec3::{V3, X, Y, Z, across_x, add, ahead, cross, scale, turn};

/// Where the shafts of airend and motor lie.
pub const SHAFT_AT: V3 = [0.05, 0.62, 0.0];

/// Frame, outlet, oil separator and cooler that stay in place.
pub fn frame(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.bevelled(Tone::Concrete, [0.0, 0.04, 0.0], [2.3, 0.1, 1.45], 0.02);
    for z in [-0.55, 0.55] {
        shape.girder(Tone::Steel, [-1.02, 0.16, z], [1.02, 0.16, z], 0.1, 0.14);
    }
    shape.bevelled(Tone::Steel, [0.0, 0.23, 0.0], [2.06, 0.03, 1.2], 0.006);
    shape.pipe(Tone::Pipe, &[[0.95, 1.0, 0.0], [1.2, 1.0, 0.0]], 0.03);
    shape.flange(Tone::EquipmentDark, [1.2, 1.0, 0.0], X, 0.03);
    shape
}

/// Sound enclosure with doors, hinges, locks, inlet louvres, roof outlet and control panel.
pub fn enclosure(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.bevelled(Tone::Equipment, [0.0, 1.01, 0.0], [2.0, 1.53, 1.15], 0.05);
    for z in [-0.578, 0.578] {
        for x in [-0.66, 0.0, 0.66] {
            shape.bevelled(Tone::Insulation, [x, 0.99, z], [0.63, 1.4, 0.016], 0.006);
            shape.block(Tone::Dark, [x + 0.26, 0.99, z * 1.02], [0.03, 0.12, 0.02]);
            for y in [0.5, 1.5] {
                shape.cylinder(Tone::EquipmentDark, [x - 0.3, y - 0.05, z * 1.015], [x - 0.3, y + 0.05, z * 1.015], 0.014);
            }
        }
    }
    let slats = shape.pick(5, 12);
    for i in 0..slats {
        let share = f64::from(i) / f64::from(slats);
        shape.block(Tone::Dark, [0.66, 0.4 + 0.5 * share, 0.588], [0.46, 0.018, 0.02]);
        shape.block(Tone::Dark, [-1.0, 0.55 + 0.8 * share, 0.0], [0.02, 0.03, 0.8]);
    }
    shape.bevelled(Tone::EquipmentDark, [-0.62, 1.36, 0.59], [0.36, 0.3, 0.04], 0.01);
    shape.block(Tone::Plate, [-0.67, 1.4, 0.612], [0.18, 0.1, 0.006]);
    for i in 0..3 {
        shape.cylinder(Tone::Dark, [-0.52 + 0.05 * f64::from(i), 1.28, 0.6], [-0.52 + 0.05 * f64::from(i), 1.28, 0.62], 0.014);
    }
    shape.bevelled(Tone::EquipmentDark, [0.3, 1.84, 0.0], [0.9, 0.12, 0.7], 0.03);
    for i in 0..shape.pick(0, 8) {
        shape.block(Tone::Dark, [-0.08 + 0.11 * f64::from(i), 1.9, 0.0], [0.05, 0.012, 0.6]);
    }
    name_plate(&mut shape, [0.66, 1.3, 0.592], Z, (0.2, 0.12));
    shape
}

/// Housing of the screw stage around the shaft line, with its inlet valve.
pub fn airend(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    for (y, r) in [(0.0, 0.14), (0.16, 0.12)] {
        shape.drum(Tone::EquipmentDark, [0.2, y, 0.0], [0.72, y, 0.0], r, 0.012);
    }
    shape.bevelled(Tone::EquipmentDark, [0.45, -0.18, 0.0], [0.4, 0.16, 0.3], 0.02);
    shape.drum(Tone::EquipmentDark, [0.5, 0.2, 0.0], [0.5, 0.42, 0.0], 0.1, 0.01);
    shape.drum(Tone::Plate, [0.5, 0.42, 0.0], [0.5, 0.66, 0.0], 0.15, 0.02);
    shape.studs([0.72, 0.05, 0.0], X, 0.12, 8, 0.02, 0.01);
    gauge(&mut shape, [0.4, 0.1, 0.12], Z);
    shape
}

/// The two screws of the stage, around the shaft line.
pub fn rotors(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    for (y, lobes, turns, r) in [(0.0, 4, 0.8, 0.075), (0.13, 5, -0.64, 0.06)] {
        shape.cylinder(Tone::Machined, [0.1, y, 0.0], [0.8, y, 0.0], r * 0.5);
        for lobe in 0..lobes {
            let start = turn(lobe, lobes);
            let steps = shape.pick(8, 20);
            let spine: Vec<(V3, V3, f64)> = (0..=steps)
                .map(|i| {
                    let share = f64::from(i) / f64::from(steps);
                    let radial = across_x(start + std::f64::consts::TAU * turns * share);
                    let at = add([0.24 + 0.44 * share, y, 0.0], scale(radial, r * 0.72));
                    let along = add(scale(X, 0.44), scale(cross(X, radial), -std::f64::consts::TAU * turns * r * 0.72));
                    (at, super::vec3::unit(along), r * 0.34)
                })
                .collect();
            shape.sweep(Tone::Machined, &spine, true);
        }
    }
    shape
}

/// Motor of the package around the shaft line.
pub fn motor(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let tone = Tone::EquipmentDark;
    shape.drum(tone, [-0.72, 0.0, 0.0], [0.0, 0.0, 0.0], 0.2, 0.02);
    shape.drum(tone, [-0.86, 0.0, 0.0], [-0.66, 0.0, 0.0], 0.225, 0.04);
    let fins = shape.pick(10, 26);
    for i in 0..fins {
        let radial = across_x(turn(i, fins));
        shape.oriented_block(tone, add([-0.34, 0.0, 0.0], scale(radial, 0.21)), [X, radial, cross(X, radial)], [0.3, 0.02, 0.004], 0.0);
    }
    shape.cylinder(Tone::Machined, [0.0, 0.0, 0.0], [0.2, 0.0, 0.0], 0.035);
    shape.bevelled(tone, [-0.4, 0.25, 0.0], [0.2, 0.14, 0.2], 0.012);
    for x in [-0.6, -0.12] {
        shape.block(tone, [x, -0.28, 0.0], [0.08, 0.2, 0.36]);
    }
    shape
}

/// Oil separator and water-cooled cooler, around the shaft line.
pub fn separator(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.vessel(Tone::Equipment, [0.6, 0.2, -0.34], [0.6, 0.85, -0.34], 0.16);
    shape.cylinder(Tone::Equipment, [0.6, -0.36, -0.34], [0.6, 0.16, -0.34], 0.09);
    shape.cylinder(Tone::Pipe, [-0.7, 0.7, -0.36], [0.3, 0.7, -0.36], 0.09);
    for x in [-0.7, 0.3] {
        shape.drum(Tone::EquipmentDark, [x - 0.02, 0.7, -0.36], [x + 0.02, 0.7, -0.36], 0.12, 0.004);
    }
    shape.pipe(Tone::Pipe, &[[0.6, 1.0, -0.34], [0.6, 1.06, -0.34], [0.88, 1.06, -0.34], [0.88, 0.38, 0.0]], 0.028);
    shape.bar(Tone::Steel, [-0.2, -0.38, -0.36], ahead([-0.2, 0.62, -0.36], Y, 0.0), 0.06, 0.06);
    shape
}
