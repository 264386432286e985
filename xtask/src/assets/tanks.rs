//! Upright tanks with a cone roof in their parts, each around its centre line at grade.

use super::instruments::{level_board, name_plate, thermowell, transmitter};
use super::mesh::{Detail, Shape, Tone};
use super::steel::{ladder, round_railing, winding_stair};
use super::vec3::{V3, Y, add, ahead, around, scale};
use super::vessels::manway;

/// Measures of an upright tank with a cone roof, m; angles from east towards south, rad.
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
    /// Height that the level transmitter calls 100 %, above the bottom.
    pub span: f64,
    /// Where the level board stands.
    pub board: f64,
    /// Width of the column on the board.
    pub column: f64,
}

/// Feed tank TK-101.
pub const TK_101: Tank =
    Tank { radius: 3.1, bottom: 0.4, shell: 6.5, roof: 0.55, insulated: true, stair: false, span: 6.0, board: 1.3, column: 0.26 };
/// Product tank TK-102.
pub const TK_102: Tank =
    Tank { radius: 4.5, bottom: 0.3, shell: 9.0, roof: 0.75, insulated: false, stair: true, span: 8.5, board: 1.3, column: 0.32 };

impl Tank {
    /// Elevation of the shell's upper edge.
    pub fn eaves(&self) -> f64 {
        self.bottom + self.shell
    }

    /// Elevation of the roof at a distance from the centre line.
    pub fn roof_at(&self, distance: f64) -> f64 {
        self.eaves() + self.roof * (1.0 - distance / self.radius)
    }

    /// Where 0 % of the level stands in front of the board.
    pub fn gauge(&self) -> V3 {
        around(self.radius + 0.34, self.board, self.bottom)
    }

    fn tone(&self) -> Tone {
        if self.insulated { Tone::Insulation } else { Tone::Equipment }
    }

    /// Ring foundation.
    pub fn foundation(&self, detail: Detail) -> Shape {
        let mut shape = Shape::new(detail);
        let (r, base) = (self.radius, self.bottom);
        shape.revolve(
            Tone::Concrete,
            [0.0; 3],
            Y,
            &[(-0.1, r + 0.36), (base - 0.06, r + 0.32), (base - 0.02, r + 0.28), (base, r + 0.2), (base, 0.0)],
        );
        shape
    }

    /// Shell with courses or jacket bands, manway, nozzles, level board, and the way up.
    pub fn shell(&self, detail: Detail) -> Shape {
        let mut shape = Shape::new(detail);
        let r = self.radius;
        let (tone, base, eaves) = (self.tone(), self.bottom, self.eaves());
        let mut profile: Vec<(f64, f64)> = [0.0, 0.25, 0.7, 1.5].iter().map(|h| (base + h, r)).collect();
        profile.extend((1..=4).map(|i| (base + 1.5 + (self.shell - 1.5) * f64::from(i) / 4.0, r)));
        profile.extend([(eaves, r - 0.03), (base, r - 0.03)]);
        shape.revolve(tone, [0.0; 3], Y, &profile);
        let courses = if self.insulated { shape.pick(6, 11) } else { 5 };
        for i in 1..courses {
            let y = base + self.shell * f64::from(i) / f64::from(courses);
            if self.insulated {
                shape.band(tone, [0.0, y, 0.0], Y, r, 0.05);
            } else {
                shape.revolve(tone, [0.0, y, 0.0], Y, &[(-0.03, r - 0.002), (-0.01, r + 0.01), (0.01, r + 0.01), (0.03, r - 0.002)]);
            }
        }
        self.seams(&mut shape, courses);
        shape.ring(Tone::EquipmentDark, [0.0, base, 0.0], Y, (r - 0.01, r + 0.09), 0.02);
        shape.ring(Tone::EquipmentDark, [0.0, eaves - 0.09, 0.0], Y, (r - 0.01, r + 0.08), 0.09);
        let bolts = shape.pick(0, if self.stair { 28 } else { 20 });
        for i in 0..bolts {
            let angle = super::vec3::turn(i, bolts);
            let out = around(1.0, angle, 0.0);
            let side = super::vec3::cross(Y, out);
            shape.oriented_block(
                Tone::EquipmentDark,
                around(r + 0.06, angle, base + 0.09),
                [out, Y, super::vec3::cross(out, Y)],
                [0.06, 0.07, 0.006],
                0.0,
            );
            shape.cylinder(
                Tone::Machined,
                add(around(r + 0.06, angle, base), scale(side, 0.04)),
                add(around(r + 0.06, angle, base + 0.22), scale(side, 0.04)),
                0.014,
            );
        }
        let door = if self.stair { 0.55 } else { 0.82 };
        manway(&mut shape, around(r, door, base + 0.75), around(1.0, door, 0.0), 0.31);
        level_board(&mut shape, self.gauge(), self.span, self.column, around(1.0, self.board, 0.0));
        let tap = if self.stair { 0.9 } else { 0.45 };
        transmitter(&mut shape, around(r - 0.05, tap, base + 0.45), around(1.0, tap, 0.0), 0.35);
        thermowell(&mut shape, around(r - 0.02, tap + 0.12, base + 1.1), around(1.0, tap + 0.12, 0.0));
        let plate = self.board - 0.18;
        name_plate(&mut shape, around(r + 0.03, plate, base + 1.6), around(1.0, plate, 0.0), (0.5, 0.35));
        self.way_up(&mut shape);
        shape
    }

    /// Upright seams between plates, staggered from course to course.
    fn seams(&self, shape: &mut Shape, courses: i32) {
        let count = shape.pick(0, if self.insulated { 18 } else { 9 });
        let height = self.shell / f64::from(courses);
        for course in 0..courses {
            for i in 0..count {
                let angle = super::vec3::turn(2 * i + (course as usize % 2), 2 * count);
                let foot = around(self.radius + 0.001, angle, self.bottom + height * f64::from(course) + 0.03);
                let out = around(1.0, angle, 0.0);
                let middle = ahead(foot, Y, height / 2.0 - 0.03);
                shape.oriented_block(self.tone(), middle, [super::vec3::cross(Y, out), Y, out], [0.012, height / 2.0 - 0.035, 0.009], 0.0);
            }
        }
    }

    fn way_up(&self, shape: &mut Shape) {
        let (r, eaves) = (self.radius, self.eaves());
        if self.stair {
            winding_stair(shape, r, 4.4, 0.25, eaves - 0.15);
        } else {
            ladder(shape, around(r + 0.24, 2.0, self.bottom), eaves, around(1.0, 2.0, 0.0));
        }
    }

    /// Roof with its seams, vent, hatch, gauge hatch and handrail.
    pub fn roof(&self, detail: Detail) -> Shape {
        let mut shape = Shape::new(detail);
        let (r, eaves) = (self.radius, self.eaves());
        let tone = self.tone();
        let cone =
            [(0.0, r), (0.0, r + 0.07), (0.02, r + 0.07), (self.roof * 0.25, r * 0.75), (self.roof * 0.6, r * 0.4), (self.roof, 0.0)];
        shape.revolve(tone, [0.0, eaves, 0.0], Y, &cone);
        let seams = shape.pick(0, 16);
        for i in 0..seams {
            let angle = super::vec3::turn(i, seams);
            let at = |d: f64| around(d, angle, self.roof_at(d) + 0.004);
            shape.bar(tone, at(r), at(0.3), 0.03, 0.012);
        }
        let top = self.roof_at(0.0);
        let neck = |y: f64| [0.0, y, 0.0];
        shape.cylinder(Tone::Equipment, neck(top - 0.1), neck(top + 0.45), 0.12);
        shape.revolve(Tone::EquipmentDark, neck(top + 0.42), Y, &[(0.0, 0.0), (0.0, 0.24), (0.06, 0.24), (0.16, 0.0)]);
        let hatch = around(r * 0.62, 3.4, self.roof_at(r * 0.62) - 0.06);
        shape.cylinder(Tone::Equipment, hatch, ahead(hatch, Y, 0.22), 0.3);
        shape.blind(ahead(hatch, Y, 0.24), Y, 0.38);
        let dip = around(r * 0.8, self.board, self.roof_at(r * 0.8) - 0.06);
        shape.cylinder(Tone::Equipment, dip, ahead(dip, Y, 0.3), 0.09);
        shape.drum(Tone::EquipmentDark, ahead(dip, Y, 0.3), ahead(dip, Y, 0.36), 0.12, 0.01);
        // The tape of the level gauge runs over the edge in a pipe.
        let edge = around(r + 0.3, self.board, eaves + 0.25);
        shape.bent(Tone::Pipe, &[ahead(dip, Y, 0.2), [edge[0], dip[1] + 0.2, edge[2]], ahead(edge, Y, -0.5)], 0.025, 0.12);
        let gate = if self.stair { 4.4 - ((self.shell - 0.1) / 0.22).floor() * 0.27 / (r + 0.4) } else { 2.0 };
        round_railing(&mut shape, r - 0.07, eaves, gate);
        shape
    }
}
