//! Cooling tower CT-201 in its parts, around the middle of its basin at grade, the sump to the south.

use super::instruments::{level_board, name_plate, transmitter, tube};
use super::mesh::{Detail, Shape, Tone};
use super::steel::{ladder, railing};
use super::vec3::{NORTH, V3, WEST, X, Y, Z, add, around, cos_sin, cross, scale, turn};

/// Height of the fan deck above grade.
pub const FAN_DECK: f64 = 7.5;
/// Where the hub of the fan sits.
pub const FAN_HUB: V3 = [0.0, FAN_DECK + 1.4, -0.5];
/// Where 0 % of the basin's level stands in front of its gauge, and the depth that is 100 %, m.
pub const BASIN_GAUGE: (V3, f64) = ([1.6, 0.28, 3.66], 1.2);
/// Outer faces of the casing: west, east, north, south.
const FACES: (f64, f64, f64, f64) = (-3.0, 3.0, -3.5, 2.5);

/// Basin with water, sump, columns, level gauge.
pub fn basin(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let wall = 0.22;
    let (low, high) = (-0.1, 1.5);
    shape.slab(Tone::Concrete, [-3.3, low, -3.8], [3.3, 0.06, 3.8]);
    for (centre, size) in [
        ([-3.0 + wall / 2.0, 0.0], [wall, 7.0]),
        ([3.0 - wall / 2.0, 0.0], [wall, 7.0]),
        ([0.0, -3.5 + wall / 2.0], [6.0 - 2.0 * wall, wall]),
        ([0.0, 3.5 - wall / 2.0], [6.0 - 2.0 * wall, wall]),
    ] {
        shape.bevelled(Tone::Concrete, [centre[0], (low + high) / 2.0, centre[1]], [size[0], high - low, size[1]], 0.02);
    }
    shape.slab(Tone::Dark, [-3.0 + wall, 0.9, -3.5 + wall], [3.0 - wall, 1.0, 3.5 - wall]);
    for i in 0..shape.pick(0, 12) {
        shape.bar(Tone::Steel, [-2.7 + 0.49 * f64::from(i), 1.46, 2.5], [-2.7 + 0.49 * f64::from(i), 1.46, 3.3], 0.03, 0.05);
    }
    let (west, east, north, south) = FACES;
    for x in [west, 0.0, east] {
        for z in [north, -0.5, south] {
            shape.block(Tone::Concrete, [x * 0.93, 2.2, -0.5 + (z + 0.5) * 0.93], [0.28, 2.6, 0.28]);
        }
    }
    level_board(&mut shape, BASIN_GAUGE.0, BASIN_GAUGE.1, 0.2, Z);
    transmitter(&mut shape, [2.4, 0.5, 3.48], Z, 0.25);
    name_plate(&mut shape, [-1.2, 0.8, 3.507], Z, (0.7, 0.35));
    shape
}

/// Casing with corner posts, cladding ribs, louvres, deck, handrail, ladder and riser nozzle.
pub fn casing(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let (west, east, north, south) = FACES;
    let (floor, mid) = (3.5, -0.5);
    for (out, centre, half) in sides() {
        let across = cross(Y, out);
        let panel = [centre[0], (floor + FAN_DECK) / 2.0, centre[2]];
        shape.oriented_block(Tone::Equipment, panel, [across, Y, cross(across, Y)], [half, (FAN_DECK - floor) / 2.0, 0.05], 0.0);
        let ribs = shape.pick(6, 24);
        for i in 0..=ribs {
            let at = add(panel, scale(across, half * (2.0 * f64::from(i) / f64::from(ribs) - 1.0)));
            shape.oriented_block(Tone::Equipment, at, [across, Y, cross(across, Y)], [0.03, 2.0, 0.066], 0.0);
        }
        for y in [floor + 0.06, 5.4, FAN_DECK - 0.16] {
            let at = add([centre[0], y, centre[2]], scale(out, 0.07));
            shape.oriented_block(Tone::Steel, at, [across, Y, cross(across, Y)], [half + 0.07, 0.07, 0.03], 0.0);
        }
    }
    for x in [west, east] {
        for z in [north, south] {
            shape.block(Tone::Equipment, [x, 4.5, z], [0.16, 6.0, 0.16]);
        }
    }
    shape.slab(Tone::Dark, [west + 0.06, 3.4, north + 0.06], [east - 0.06, 3.5, south - 0.06]);
    louvres(&mut shape);
    shape.slab(Tone::Steel, [west - 0.25, FAN_DECK - 0.1, north - 0.25], [east + 0.25, FAN_DECK + 0.02, south + 0.25]);
    let planks = shape.pick(0, 26);
    for i in 0..planks {
        let x = west - 0.2 + 0.25 * f64::from(i);
        shape.slab(Tone::Steel, [x, FAN_DECK + 0.02, north - 0.22], [x + 0.225, FAN_DECK + 0.035, south + 0.22]);
    }
    let edge = |x: f64, z: f64| [x, FAN_DECK, z];
    let (n, s, e, w) = (north - 0.15, south + 0.15, east + 0.15, west - 0.15);
    railing(&mut shape, &[edge(-2.3, n), edge(e, n), edge(e, s), edge(w, s), edge(w, n), edge(-2.9, n)]);
    ladder(&mut shape, [-2.6, 0.06, north - 0.32], FAN_DECK, NORTH);
    // Riser nozzle and header of the hot-water distribution.
    shape.cylinder(Tone::Equipment, [2.8, 6.5, 1.5], [3.25, 6.5, 1.5], 0.15);
    shape.flange(Tone::EquipmentDark, [3.25, 6.5, 1.5], X, 0.1365);
    // Door to the drift eliminators.
    shape.block(Tone::EquipmentDark, [-1.6, 6.3, south + 0.07], [0.7, 1.1, 0.03]);
    shape.bar(Tone::AccentRail, [-1.35, 6.2, south + 0.1], [-1.35, 6.4, south + 0.1], 0.03, 0.03);
    tube(&mut shape, [2.3, FAN_DECK + 0.1, mid], [3.06, FAN_DECK - 0.6, mid], 0.02);
    shape
}

/// Outward direction, middle and half length of the four faces.
fn sides() -> [(V3, V3, f64); 4] {
    let (west, east, north, south) = FACES;
    let mid = (north + south) / 2.0;
    [
        (Z, [0.0, 0.0, south], (east - west) / 2.0),
        (NORTH, [0.0, 0.0, north], (east - west) / 2.0),
        (X, [east, 0.0, mid], (south - north) / 2.0),
        (WEST, [west, 0.0, mid], (south - north) / 2.0),
    ]
}

/// Sloped blades in front of the air inlets on all four sides.
fn louvres(shape: &mut Shape) {
    let blades = shape.pick(7, 10);
    let step = 1.85 / f64::from(blades);
    for (out, centre, half) in sides() {
        let blade = add(scale(out, 0.82), scale(Y, -0.57));
        let across = cross(Y, out);
        let normal = cross(blade, across);
        for i in 0..blades {
            let at = [centre[0], 1.66 + step * f64::from(i), centre[2]];
            shape.oriented_block(Tone::Equipment, at, [blade, normal, cross(blade, normal)], [0.16, 0.008, half], 0.0);
        }
        for k in 0..=4 {
            let at = add([centre[0], 0.0, centre[2]], scale(across, half * (f64::from(k) / 2.0 - 1.0)));
            shape.bar(Tone::Steel, add(at, [0.0, 1.5, 0.0]), add(at, [0.0, 3.5, 0.0]), 0.07, 0.07);
        }
    }
}

/// Flared stack on the deck, open at the top, with its ribs and inner wall.
pub fn stack(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let origin = [0.0, FAN_DECK, -0.5];
    let outside = [(0.0, 2.2), (0.1, 2.12), (0.3, 2.0), (0.6, 1.9), (1.0, 1.88), (1.4, 1.92), (1.9, 2.04), (1.9, 1.97)];
    shape.revolve(Tone::Insulation, origin, Y, &outside);
    let inside = [(1.9, 1.97), (1.4, 1.86), (1.0, 1.82), (0.6, 1.84), (0.03, 1.95), (0.03, 0.0)];
    shape.revolve(Tone::EquipmentDark, origin, Y, &inside);
    shape.ring(Tone::Insulation, [0.0, FAN_DECK + 1.86, -0.5], Y, (1.97, 2.09), 0.06);
    let ribs = shape.pick(0, 12);
    for i in 0..ribs {
        let radial = around(1.0, turn(2 * i + 1, 2 * ribs), 0.0);
        let line = [(0.05, 2.16), (0.3, 2.0), (0.6, 1.9), (1.0, 1.88), (1.4, 1.92), (1.86, 2.04)];
        for pair in line.windows(2) {
            let at = |(y, r): (f64, f64)| add(origin, add(scale(radial, r + 0.01), [0.0, y, 0.0]));
            shape.bar(Tone::Insulation, at(pair[0]), at(pair[1]), 0.05, 0.05);
        }
    }
    shape
}

/// Film fill and drift eliminators inside the casing.
pub fn fill(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    for x in [-1.45, 1.45] {
        for z in [-1.95, 0.95] {
            for (y, height) in [(3.9, 0.55), (4.5, 0.55), (5.1, 0.55)] {
                shape.block(Tone::Plate, [x, y, z], [2.75, height, 2.75]);
                for i in 0..shape.pick(0, 11) {
                    let at = [x - 1.35 + 0.27 * f64::from(i), y, z];
                    shape.block(Tone::Dark, at, [0.02, height + 0.01, 2.77]);
                }
            }
        }
    }
    for i in 0..shape.pick(6, 20) {
        let z = -3.3 + 5.6 * f64::from(i) / f64::from(shape.pick(5, 19));
        shape.oriented_block(
            Tone::Plate,
            [0.0, 6.95, z],
            [X, add(scale(Y, 0.8), scale(Z, 0.6)), cross(X, add(scale(Y, 0.8), scale(Z, 0.6)))],
            [2.85, 0.12, 0.01],
            0.0,
        );
    }
    shape.pipe(Tone::Pipe, &[[2.9, 6.5, 1.5], [-2.6, 6.5, 1.5]], 0.12);
    for i in 0..8 {
        let x = -2.4 + 0.68 * f64::from(i);
        shape.pipe(Tone::Pipe, &[[x, 6.4, 2.3], [x, 6.4, -3.2]], 0.045);
    }
    shape
}

/// Fan around its hub: six twisted blades.
pub fn fan(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.revolve(Tone::Steel, [0.0, -0.1, 0.0], Y, &[(0.0, 0.0), (0.0, 0.34), (0.14, 0.34), (0.2, 0.28), (0.24, 0.14), (0.25, 0.0)]);
    let steps = shape.pick(3, 8);
    for i in 0..6 {
        let radial = around(1.0, turn(i, 6), 0.0);
        let tangent = cross(radial, Y);
        shape.cylinder(Tone::Machined, scale(radial, 0.25), scale(radial, 0.5), 0.045);
        let rows: Vec<[V3; 3]> = (0..=steps)
            .map(|k| {
                let share = f64::from(k) / f64::from(steps);
                let (cos, sin) = cos_sin(0.6 - 0.36 * share);
                let chord = scale(add(scale(tangent, cos), scale(Y, sin)), 0.2 - 0.07 * share);
                let middle = scale(radial, 0.42 + 1.36 * share);
                [add(middle, scale(chord, -1.0)), add(middle, [0.0, 0.02, 0.0]), add(middle, chord)]
            })
            .collect();
        foil(&mut shape, &rows, radial);
    }
    shape
}

/// Thin arched sheet through rows of points from one edge to the other, seen from both sides.
fn foil(shape: &mut Shape, rows: &[[V3; 3]], along: V3) {
    let surface = shape.surface(Tone::Insulation);
    for side in [-1.0, 1.0] {
        let mut last: Option<[u32; 3]> = None;
        for row in rows {
            let across = |k: usize| super::vec3::sub(row[(k + 1).min(2)], row[k.saturating_sub(1)]);
            let ids = [0, 1, 2].map(|k| {
                let normal = scale(super::vec3::unit(cross(along, across(k))), side);
                // The two sides meet at the edges and lie a little apart in the middle.
                let lift = if k == 1 { 0.012 } else { 0.001 };
                surface.vertex(super::vec3::ahead(row[k], normal, lift), normal)
            });
            if let Some(before) = last {
                for k in 0..2 {
                    surface.quad(before[k], before[k + 1], ids[k + 1], ids[k]);
                }
            }
            last = Some(ids);
        }
    }
}

/// Fan gearbox on its beam, around the hub of the fan.
pub fn gearbox(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.drum(Tone::EquipmentDark, [0.0, -1.0, 0.0], [0.0, -0.5, 0.0], 0.27, 0.04);
    shape.drum(Tone::EquipmentDark, [0.0, -0.52, 0.0], [0.0, -0.2, 0.0], 0.15, 0.02);
    shape.drum(Tone::EquipmentDark, [0.1, -0.85, 0.0], [0.4, -0.85, 0.0], 0.13, 0.02);
    shape.cylinder(Tone::Machined, [0.0, -0.25, 0.0], [0.0, -0.08, 0.0], 0.06);
    shape.girder(Tone::Steel, [-1.85, -1.12, 0.0], [1.85, -1.12, 0.0], 0.2, 0.22);
    shape
}

/// Fan motor on the deck with its drive shaft, around the hub of the fan.
pub fn fan_motor(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    shape.drum(Tone::EquipmentDark, [2.25, -0.85, 0.0], [2.85, -0.85, 0.0], 0.17, 0.02);
    shape.drum(Tone::EquipmentDark, [2.68, -0.85, 0.0], [2.9, -0.85, 0.0], 0.195, 0.03);
    let fins = shape.pick(0, 20);
    for i in 0..fins {
        let radial = super::vec3::across_x(turn(i, fins));
        shape.oriented_block(
            Tone::EquipmentDark,
            add([2.46, -0.85, 0.0], scale(radial, 0.175)),
            [X, radial, cross(X, radial)],
            [0.19, 0.018, 0.004],
            0.0,
        );
    }
    shape.bevelled(Tone::EquipmentDark, [2.5, -0.62, 0.0], [0.2, 0.12, 0.18], 0.015);
    shape.slab(Tone::Steel, [2.2, -1.4, -0.2], [2.85, -1.02, 0.2]);
    shape.cylinder(Tone::Machined, [0.4, -0.85, 0.0], [2.27, -0.85, 0.0], 0.05);
    for x in [0.46, 2.16] {
        shape.drum(Tone::Machined, [x, -0.85, 0.0], [x + 0.06, -0.85, 0.0], 0.1, 0.006);
    }
    shape
}
