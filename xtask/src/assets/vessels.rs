//! Tanks, drums, the exchanger and smaller vessels, each around its own origin.

use super::mesh::{Shape, Tone, V3, X, Y, Z, add, ahead, around, scale};
use super::steel::{ladder, round_railing, winding_stair};
use super::valves::{gauge, transmitter};

/// Nozzle: a stub with a flange at its end, starting inside the wall at `from`.
pub fn nozzle(shape: &mut Shape, from: V3, to: V3, radius: f64) {
    shape.cylinder(Tone::Equipment, from, to, radius);
    let axis = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    shape.flange(Tone::EquipmentDark, to, axis, radius);
}

/// Manhole with a bolted cover on a vertical shell; `angle` from east.
fn manhole(shape: &mut Shape, shell_radius: f64, angle: f64, height: f64) {
    let out = around(1.0, angle, 0.0);
    let at = |distance: f64| add(scale(out, shell_radius + distance), [0.0, height, 0.0]);
    shape.cylinder(Tone::Equipment, at(-0.1), at(0.22), 0.3);
    shape.cylinder(Tone::EquipmentDark, at(0.22), at(0.3), 0.4);
    shape.bar(Tone::EquipmentDark, at(0.34), ahead(at(0.34), Y, 0.3), 0.04, 0.04);
}

/// Measures of an upright tank with a cone roof, m.
pub struct Tank {
    /// Outer radius of the shell.
    pub radius: f64,
    /// Elevation of the bottom.
    pub bottom: f64,
    /// Height of the shell.
    pub shell: f64,
    /// Rise of the roof.
    pub roof: f64,
    /// Jacketed insulation instead of bare plates.
    pub insulated: bool,
    /// Winding stair instead of a ladder.
    pub stair: bool,
}

/// Feed tank TK-101.
pub const TK_101: Tank = Tank { radius: 3.1, bottom: 0.4, shell: 6.5, roof: 0.55, insulated: true, stair: false };
/// Product tank TK-102.
pub const TK_102: Tank = Tank { radius: 4.5, bottom: 0.3, shell: 9.0, roof: 0.75, insulated: false, stair: true };

impl Tank {
    /// Elevation of the shell's upper edge.
    pub fn eaves(&self) -> f64 {
        self.bottom + self.shell
    }

    /// Elevation of the roof at a distance from the centre line.
    pub fn roof_at(&self, distance: f64) -> f64 {
        self.eaves() + self.roof * (1.0 - distance / self.radius)
    }

    /// The tank around its centre line at grade.
    pub fn shape(&self) -> Shape {
        let mut shape = Shape::default();
        let r = self.radius;
        let tone = if self.insulated { Tone::Insulation } else { Tone::Equipment };
        let base = self.bottom;
        shape.revolve(Tone::Concrete, [0.0; 3], Y, &[(-0.1, r + 0.35), (base - 0.04, r + 0.3), (base, r + 0.26), (base, r - 0.2)]);
        shape.revolve(tone, [0.0; 3], Y, &[(base, r), (self.eaves(), r)]);
        shape.revolve(tone, [0.0, self.eaves(), 0.0], Y, &[(-0.08, r), (-0.08, r + 0.06), (0.02, r + 0.06), (0.02, r), (self.roof, 0.0)]);
        let courses = if self.insulated { 5 } else { 4 };
        for i in 1..courses {
            let y = base + self.shell * f64::from(i) / f64::from(courses);
            shape.revolve(tone, [0.0, y, 0.0], Y, &[(-0.03, r), (-0.02, r + 0.012), (0.02, r + 0.012), (0.03, r)]);
        }
        shape.revolve(Tone::EquipmentDark, [0.0, base, 0.0], Y, &[(0.0, r + 0.08), (0.06, r + 0.08), (0.06, r)]);
        manhole(&mut shape, r, if self.stair { 0.45 } else { 2.4 }, base + 0.8);
        self.roof_fittings(&mut shape);
        if self.stair {
            let (foot, top) = (0.25, self.eaves() - 0.15);
            winding_stair(&mut shape, r, 2.9, foot, top);
            let steps = ((top - foot) / 0.22).floor();
            round_railing(&mut shape, r - 0.08, self.eaves(), 2.9 - steps * 0.27 / (r + 0.4));
        } else {
            let angle: f64 = 1.2;
            ladder(&mut shape, around(r + 0.22, angle, base), self.eaves(), around(1.0, angle, 0.0));
            round_railing(&mut shape, r - 0.06, self.eaves(), angle);
        }
        shape
    }

    /// Vent, roof manhole, level gauge board and the level transmitter.
    fn roof_fittings(&self, shape: &mut Shape) {
        let top = self.roof_at(0.0);
        let neck = |y: f64| [0.0, y, 0.0];
        shape.cylinder(Tone::Equipment, neck(top - 0.1), neck(top + 0.45), 0.12);
        shape.revolve(Tone::EquipmentDark, neck(top + 0.42), Y, &[(0.0, 0.0), (0.0, 0.24), (0.06, 0.24), (0.16, 0.0)]);
        let hatch = around(self.radius * 0.6, 3.6, self.roof_at(self.radius * 0.6) - 0.05);
        shape.cylinder(Tone::EquipmentDark, hatch, ahead(hatch, Y, 0.28), 0.3);
        let gauge_angle = if self.stair { 0.1 } else { 1.9 };
        let board = around(self.radius + 0.14, gauge_angle, 0.0);
        let radial = around(1.0, gauge_angle, 0.0);
        let middle = ahead(board, Y, self.bottom + self.shell / 2.0);
        shape.oriented_block(
            Tone::EquipmentDark,
            middle,
            [radial, Y, [radial[2], 0.0, -radial[0]]],
            [0.02, self.shell / 2.0 - 0.3, 0.12],
            0.0,
        );
        let tap = around(self.radius - 0.05, 0.75, self.bottom + 0.5);
        transmitter(shape, tap, around(1.0, 0.75, 0.0), 0.35);
    }
}

/// Surge drum V-101 around its middle: along x, 2.4 m inside, 6.0 m between tangent lines.
pub fn surge_drum() -> Shape {
    let mut shape = Shape::default();
    shape.vessel(Tone::Equipment, [-3.0, 0.0, 0.0], [3.0, 0.0, 0.0], 1.2);
    for x in [-3.0, -1.0, 1.0, 3.0] {
        shape.revolve(Tone::Equipment, [x, 0.0, 0.0], X, &[(-0.02, 1.2), (-0.012, 1.21), (0.012, 1.21), (0.02, 1.2)]);
    }
    for x in [-1.9, 1.9] {
        saddle(&mut shape, x, 1.2, -1.8 + 0.02, 0.26);
    }
    // Nozzles: inlet, nitrogen, vent, relief, recirculation on top; outlet below.
    for (x, radius) in [(-2.0, 0.084), (0.6, 0.03), (1.4, 0.035), (2.3, 0.057)] {
        nozzle(&mut shape, [x, 1.1, 0.0], [x, 1.4, 0.0], radius);
    }
    nozzle(&mut shape, [-0.6, 1.1, 0.0], [-0.6, 1.4, 0.0], 0.038);
    nozzle(&mut shape, [0.0, -1.1, 0.0], [0.0, -1.4, 0.0], 0.084);
    shape.cylinder(Tone::Equipment, [-3.5, 0.1, 0.0], [-3.78, 0.1, 0.0], 0.3);
    shape.cylinder(Tone::EquipmentDark, [-3.78, 0.1, 0.0], [-3.86, 0.1, 0.0], 0.4);
    level_bridle(&mut shape);
    transmitter(&mut shape, [0.1, 1.15, 0.3], Y, 0.3);
    shape
}

/// Standpipe with gauge glass, level transmitter and switch heads at the drum's east head.
fn level_bridle(shape: &mut Shape) {
    let (x, z) = (3.45, 0.55);
    shape.pipe(Tone::Pipe, &[[2.85, 1.0, 0.45], [x, 1.0, z], [x, -1.0, z], [2.85, -1.0, 0.45]], 0.045);
    shape.bar(Tone::EquipmentDark, [x + 0.1, -0.8, z], [x + 0.1, 0.8, z], 0.1, 0.06);
    for y in [-0.84, 0.8] {
        shape.cylinder(Tone::EquipmentDark, [x, y, z], [x, y, z + 0.3], 0.07);
    }
    transmitter(shape, [x, -1.0, z], scale(Y, -1.0), 0.25);
}

/// Saddle under a horizontal shell along x, down to `foot` below the axis.
fn saddle(shape: &mut Shape, x: f64, radius: f64, foot: f64, width: f64) {
    let top = -radius * 0.72;
    let mut reach = |low: f64, high: f64, half: f64, thick: f64| {
        shape.slab(Tone::Steel, [x - thick / 2.0, low, -half], [x + thick / 2.0, high, half]);
    };
    reach(foot, foot + 0.05, radius * 0.86, width * 1.3);
    reach(foot + 0.05, top, radius * 0.74, 0.04);
    for side in [-1.0, -0.35, 0.35, 1.0] {
        let z = side * radius * 0.7;
        let lift = -(radius * radius - z * z).max(0.0).sqrt();
        shape.slab(Tone::Steel, [x - width / 2.0, foot + 0.05, z - 0.02], [x + width / 2.0, lift.max(top) + 0.02, z + 0.02]);
    }
    let wrap: Vec<V3> = (0..=8)
        .map(|i| {
            let angle = std::f64::consts::PI * (0.22 + 0.56 * f64::from(i) / 8.0);
            [x, -angle.sin() * (radius + 0.015), angle.cos() * (radius + 0.015)]
        })
        .collect();
    for pair in wrap.windows(2) {
        shape.bar(Tone::Steel, pair[0], pair[1], width, 0.03);
    }
}

/// Cooler E-101 around its axis: along x, channel to the east, floating head to the west.
pub fn exchanger() -> Shape {
    let mut shape = Shape::default();
    let shell = 0.375;
    shape.cylinder(Tone::Equipment, [-2.9, 0.0, 0.0], [2.6, 0.0, 0.0], shell);
    // Rear cover, wider than the shell, with its dished head.
    shape.vessel(Tone::Equipment, [-3.3, 0.0, 0.0], [-2.98, 0.0, 0.0], 0.43);
    shape.drum(Tone::EquipmentDark, [-3.0, 0.0, 0.0], [-2.84, 0.0, 0.0], 0.51, 0.01);
    // Channel with its flat, bolted cover.
    shape.cylinder(Tone::Equipment, [2.6, 0.0, 0.0], [3.5, 0.0, 0.0], shell + 0.02);
    for (from, to) in [(2.5, 2.59), (2.61, 2.7), (3.42, 3.5), (3.51, 3.6)] {
        shape.drum(Tone::EquipmentDark, [from, 0.0, 0.0], [to, 0.0, 0.0], 0.49, 0.008);
    }
    for i in 0..16 {
        let angle = std::f64::consts::TAU * f64::from(i) / 16.0;
        let bolt = [3.6, 0.44 * angle.sin(), 0.44 * angle.cos()];
        shape.cylinder(Tone::Steel, bolt, ahead(bolt, X, 0.035), 0.02);
    }
    for x in [-2.4, 2.2] {
        nozzle(&mut shape, [x, 0.3, 0.0], [x, 0.55, 0.0], 0.084);
    }
    for y in [1.0, -1.0] {
        nozzle(&mut shape, [3.08, 0.3 * y, 0.0], [3.08, 0.6 * y, 0.0], 0.1365);
    }
    for x in [-1.7, 1.5] {
        saddle(&mut shape, x, shell, -0.85, 0.2);
        shape.bevelled(Tone::Concrete, [x, -1.25, 0.0], [0.55, 0.82, 1.0], 0.03);
    }
    for x in [-1.2, 1.0] {
        shape.bar(Tone::EquipmentDark, [x, shell - 0.02, 0.0], [x, shell + 0.12, 0.0], 0.12, 0.03);
    }
    transmitter(&mut shape, [-1.9, 0.36, 0.0], Y, 0.25);
    transmitter(&mut shape, [0.2, 0.0, 0.36], Z, 0.25);
    shape
}

/// Vent knock-out pot V-102 around its middle, with the stack up to EL 14.
pub fn knock_out_pot() -> Shape {
    let mut shape = Shape::default();
    shape.vessel(Tone::Equipment, [0.0, -0.85, 0.0], [0.0, 0.95, 0.0], 0.45);
    shape.revolve(Tone::Equipment, [0.0, -1.4, 0.0], Y, &[(0.0, 0.42), (0.62, 0.42)]);
    shape.bevelled(Tone::Concrete, [0.0, -1.46, 0.0], [1.3, 0.14, 1.3], 0.03);
    shape.cylinder(Tone::EquipmentDark, [0.0, -1.4, 0.0], [0.0, -1.36, 0.0], 0.52);
    nozzle(&mut shape, [-0.4, 0.6, 0.0], [-0.62, 0.6, 0.0], 0.084);
    shape.flange(Tone::EquipmentDark, [0.0, 1.3, 0.0], Y, 0.084);
    shape.pipe(Tone::Pipe, &[[0.0, 1.1, 0.0], [0.0, 12.5, 0.0]], 0.084);
    for y in [4.0, 8.0] {
        shape.flange(Tone::EquipmentDark, [0.0, y, 0.0], Y, 0.084);
    }
    for angle in [0.5, 2.6, 4.7] {
        shape.bar(Tone::Steel, [0.0, 8.2, 0.0], around(3.0, angle, -1.45), 0.018, 0.018);
    }
    transmitter(&mut shape, [0.4, -0.5, 0.0], X, 0.2);
    shape.pipe(Tone::Pipe, &[[0.0, -1.0, 0.3], [0.0, -1.2, 0.3], [0.0, -1.2, 0.75]], 0.025);
    shape
}

/// Bag filter FL-102 around the axis of its nozzles.
pub fn bag_filter() -> Shape {
    let mut shape = Shape::default();
    shape.vessel(Tone::Equipment, [0.0, -0.2, 0.0], [0.0, 0.75, 0.0], 0.33);
    shape.drum(Tone::EquipmentDark, [0.0, 0.74, 0.0], [0.0, 0.84, 0.0], 0.42, 0.01);
    shape.bar(Tone::AccentRail, [0.46, 0.3, 0.0], [0.46, 1.05, 0.0], 0.05, 0.05);
    shape.bar(Tone::AccentRail, [0.3, 0.34, 0.0], [0.48, 0.34, 0.0], 0.05, 0.05);
    shape.bar(Tone::AccentRail, [0.47, 1.04, 0.0], [0.0, 1.04, 0.0], 0.05, 0.05);
    nozzle(&mut shape, [-0.3, 0.4, 0.0], [-0.5, 0.4, 0.0], 0.084);
    nozzle(&mut shape, [0.3, 0.0, 0.0], [0.5, 0.0, 0.0], 0.084);
    for i in 0..3 {
        let angle = 0.6 + std::f64::consts::TAU * f64::from(i) / 3.0;
        shape.bar(Tone::Steel, around(0.3, angle, -0.8), around(0.3, angle, 0.0), 0.07, 0.07);
    }
    shape.bevelled(Tone::Concrete, [0.0, -0.74, 0.0], [1.0, 0.16, 1.0], 0.03);
    gauge(&mut shape, [0.0, 0.4, 0.32], Z);
    shape
}

/// Basket strainer STR-101 on its line, flow along x.
pub fn strainer() -> Shape {
    let mut shape = Shape::default();
    let ends = [0.0, 0.1, 0.16];
    shape.cylinder(Tone::Equipment, [-0.3, 0.0, 0.0], [0.3, 0.0, 0.0], 0.09);
    for x in [-0.28, 0.28] {
        shape.flange(Tone::EquipmentDark, [x, 0.0, 0.0], X, 0.084);
    }
    shape.vessel(Tone::Equipment, [0.0, -0.24, 0.0], [0.0, 0.2, 0.0], 0.17);
    shape.drum(Tone::EquipmentDark, [0.0, 0.2, 0.0], [0.0, 0.28, 0.0], 0.23, 0.008);
    shape.bar(Tone::EquipmentDark, [-0.1, 0.31, 0.0], [0.1, 0.31, 0.0], 0.03, 0.03);
    shape.bar(Tone::Steel, [0.0, -0.72, 0.0], [0.0, -0.3, 0.0], 0.1, 0.1);
    shape.bevelled(Tone::Concrete, [0.0, -0.74, 0.0], [0.4, 0.14, 0.4], 0.02);
    transmitter(&mut shape, [ends[0], -0.05, ends[2]], Z, 0.2);
    shape
}

/// Air receiver V-301 around its centre line at grade.
pub fn receiver() -> Shape {
    let mut shape = Shape::default();
    shape.vessel(Tone::Equipment, [0.0, 0.75, 0.0], [0.0, 2.55, 0.0], 0.55);
    for i in 0..3 {
        let angle = 0.5 + std::f64::consts::TAU * f64::from(i) / 3.0;
        shape.bar(Tone::Steel, around(0.5, angle, 0.06), around(0.5, angle, 0.95), 0.1, 0.1);
        shape.block(Tone::Steel, around(0.5, angle, 0.07), [0.18, 0.02, 0.18]);
    }
    nozzle(&mut shape, [-0.45, 1.0, 0.0], [-0.68, 1.0, 0.0], 0.03);
    nozzle(&mut shape, [0.45, 2.3, 0.0], [0.68, 2.3, 0.0], 0.03);
    shape.cylinder(Tone::EquipmentDark, [0.0, 2.8, 0.0], [0.0, 3.0, 0.0], 0.04);
    shape.cylinder(Tone::EquipmentDark, [0.0, 2.98, 0.0], [0.0, 3.12, 0.0], 0.06);
    gauge(&mut shape, [0.0, 1.7, 0.54], Z);
    transmitter(&mut shape, [0.3, 1.3, 0.42], unit_south_east(), 0.2);
    shape
}

fn unit_south_east() -> V3 {
    let half = std::f64::consts::FRAC_1_SQRT_2;
    [half, 0.0, half]
}

/// Heatless dryer D-301: two desiccant towers and a filter on a skid, around its middle at grade.
pub fn dryer() -> Shape {
    let mut shape = Shape::default();
    shape.bevelled(Tone::Steel, [0.0, 0.12, 0.0], [1.7, 0.16, 1.0], 0.02);
    for x in [-0.45, 0.25] {
        shape.vessel(Tone::Equipment, [x, 0.55, 0.0], [x, 1.95, 0.0], 0.2);
        shape.revolve(Tone::Steel, [x, 0.2, 0.0], Y, &[(0.0, 0.17), (0.35, 0.17)]);
    }
    for y in [0.38, 2.15] {
        shape.pipe(Tone::Pipe, &[[-0.45, y, 0.0], [-0.45, y, 0.32], [0.25, y, 0.32], [0.25, y, 0.0]], 0.03);
        shape.block(Tone::EquipmentDark, [-0.1, y, 0.32], [0.22, 0.16, 0.14]);
    }
    shape.vessel(Tone::EquipmentDark, [0.66, 0.8, 0.2], [0.66, 1.3, 0.2], 0.09);
    shape.pipe(Tone::Pipe, &[[-0.1, 2.15, 0.32], [-0.1, 2.4, 0.32], [0.66, 2.4, 0.32], [0.66, 1.3, 0.2]], 0.025);
    shape.bevelled(Tone::EquipmentDark, [-0.1, 1.2, 0.4], [0.4, 0.5, 0.14], 0.02);
    shape.bar(Tone::Steel, [-0.1, 0.2, 0.38], [-0.1, 1.0, 0.38], 0.06, 0.06);
    shape
}
