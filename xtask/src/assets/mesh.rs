//! Triangle surfaces of the plant model: boxes, bars and bodies of revolution.
//!
//! Everything is in metres, x east, y up, z south. Shapes are collected per [`Tone`], so a thing
//! with hundreds of parts still is one draw call per grey.

use super::vec3::{V3, X, Y, Z, add, ahead, cos_sin, cross, dot, frame, length, scale, sub, turn, unit};

/// How finely the model is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Detail {
    /// For computers that draw without a graphics card.
    Economy,
    /// For a graphics card: rounder, with bolts, gratings, fins and labels.
    Standard,
}

/// The greys of the model. A calm scene leaves colour to what is abnormal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tone {
    /// Painted vessels and casings.
    Equipment,
    /// Motors, actuators, cast parts.
    EquipmentDark,
    /// Bare piping.
    Pipe,
    /// Structural steel.
    Steel,
    /// Foundations, bunds, paving.
    Concrete,
    /// The ground around the unit.
    Ground,
    /// Jacketed insulation, cladding.
    Insulation,
    /// Handrails, ladders and guards.
    AccentRail,
    /// Machined or stainless metal: shafts, stems, tubes.
    Machined,
    /// Scale boards, dials and name plates.
    Plate,
    /// Roads.
    Asphalt,
    /// Openings, gaskets, scale marks.
    Dark,
}

impl Tone {
    /// All tones, in the order of the materials in the file.
    pub const ALL: [Tone; 12] = [
        Tone::Equipment,
        Tone::EquipmentDark,
        Tone::Pipe,
        Tone::Steel,
        Tone::Concrete,
        Tone::Ground,
        Tone::Insulation,
        Tone::AccentRail,
        Tone::Machined,
        Tone::Plate,
        Tone::Asphalt,
        Tone::Dark,
    ];
}

/// Triangles of one tone.
#[derive(Clone, Default)]
pub struct Surface {
    /// Vertex positions, metres.
    pub positions: Vec<[f32; 3]>,
    /// Unit normals, one per position.
    pub normals: Vec<[f32; 3]>,
    /// How open each vertex lies to its surroundings, 0 … 255; filled by the baking of the scene.
    pub openness: Vec<u8>,
    /// Three indices per triangle, counter-clockwise seen from outside.
    pub indices: Vec<u32>,
}

impl Surface {
    /// Adds a vertex. Rounding keeps the file small when compressed, and free of negative zeros.
    pub fn vertex(&mut self, position: V3, normal: V3) -> u32 {
        let index = self.positions.len() as u32;
        self.positions.push(position.map(|c| rounded(c, 1e4)));
        self.normals.push(unit(normal).map(|c| rounded(c, 1e4)));
        index
    }

    /// Adds a triangle, turned so that it faces the way its vertex normals do; drops empty ones.
    pub fn triangle(&mut self, a: u32, b: u32, c: u32) {
        let at = |i: u32| self.positions[i as usize].map(f64::from);
        let normal = |i: u32| self.normals[i as usize].map(f64::from);
        let facing = cross(sub(at(b), at(a)), sub(at(c), at(a)));
        if length(facing) < 1e-10 {
            return;
        }
        let outward = add(add(normal(a), normal(b)), normal(c));
        let turned = if dot(facing, outward) >= 0.0 { [a, b, c] } else { [a, c, b] };
        self.indices.extend(turned);
    }

    /// Adds two triangles.
    pub fn quad(&mut self, a: u32, b: u32, c: u32, d: u32) {
        self.triangle(a, b, c);
        self.triangle(a, c, d);
    }
}

fn rounded(value: f64, steps_per_unit: f64) -> f32 {
    // Adding zero turns a negative zero into a plain one.
    ((value * steps_per_unit).round() / steps_per_unit + 0.0) as f32
}

/// What one mesh of the file shows: surfaces by tone.
#[derive(Clone)]
pub struct Shape {
    detail: Detail,
    surfaces: [Surface; 12],
}

impl Shape {
    /// An empty shape.
    pub fn new(detail: Detail) -> Shape {
        Shape { detail, surfaces: Default::default() }
    }

    /// True when small things are worth drawing.
    pub fn is_fine(&self) -> bool {
        self.detail == Detail::Standard
    }

    /// One of two numbers by detail: economy, standard.
    pub fn pick<T>(&self, economy: T, standard: T) -> T {
        if self.is_fine() { standard } else { economy }
    }

    /// The surfaces that hold triangles, with their tone.
    pub fn surfaces(&self) -> impl Iterator<Item = (Tone, &Surface)> {
        Tone::ALL.into_iter().zip(&self.surfaces).filter(|(_, s)| !s.indices.is_empty())
    }

    /// The same, to be changed.
    pub fn surfaces_mut(&mut self) -> impl Iterator<Item = &mut Surface> {
        self.surfaces.iter_mut().filter(|s| !s.indices.is_empty())
    }

    /// True if nothing was drawn.
    pub fn is_empty(&self) -> bool {
        self.surfaces().next().is_none()
    }

    /// The highest point, m; 0 for an empty shape.
    pub fn top(&self) -> f64 {
        self.surfaces().flat_map(|(_, s)| &s.positions).map(|p| f64::from(p[1])).reduce(f64::max).unwrap_or(0.0)
    }

    /// The surface of a tone. The lighter model paints bare metal like casings: every tone of a mesh is one more thing to draw.
    pub fn surface(&mut self, tone: Tone) -> &mut Surface {
        let tone = if tone == Tone::Machined { self.pick(Tone::Equipment, tone) } else { tone };
        &mut self.surfaces[tone as usize]
    }

    /// Segments a circle of this radius (m) needs to look round without wasting triangles.
    pub fn segments(&self, radius: f64) -> usize {
        let (economy, standard) = match radius {
            r if r < 0.009 => (3, 5),
            r if r < 0.02 => (4, 7),
            r if r < 0.035 => (5, 9),
            r if r < 0.06 => (6, 12),
            r if r < 0.12 => (7, 14),
            r if r < 0.2 => (9, 18),
            r if r < 0.5 => (14, 26),
            r if r < 1.0 => (18, 32),
            r if r < 2.2 => (24, 48),
            _ => (36, 64),
        };
        self.pick(economy, standard)
    }

    /// Box along the given right-handed unit `axes`, with half sizes and a small bevel.
    ///
    /// The bevel shares the vertices of the faces, so edges catch light without extra vertices.
    pub fn oriented_block(&mut self, tone: Tone, centre: V3, axes: [V3; 3], half: V3, bevel: f64) {
        let bevel = if bevel < self.pick(0.02, 0.007) { 0.0 } else { bevel };
        if bevel == 0.0 && half.iter().filter(|&&reach| reach > 0.8).count() > 1 {
            self.wall(tone, centre, axes, half);
            return;
        }
        let surface = self.surface(tone);
        let first = surface.positions.len() as u32;
        let sign = |bits: usize, k: usize| if bits >> k & 1 == 1 { 1.0 } else { -1.0 };
        for face in 0..3 {
            for bits in 0..8 {
                let mut at = centre;
                for k in 0..3 {
                    let reach = if k == face { half[k] } else { half[k] - bevel };
                    at = ahead(at, axes[k], sign(bits, k) * reach);
                }
                surface.vertex(at, scale(axes[face], sign(bits, face)));
            }
        }
        let id = |face: usize, bits: usize| first + (face * 8 + bits) as u32;
        for face in 0..3 {
            let (i, j) = ((face + 1) % 3, (face + 2) % 3);
            for side in [0, 1 << face] {
                let corner = |a: usize, b: usize| id(face, side | a << i | b << j);
                surface.quad(corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1));
            }
            if bevel > 0.0 {
                for edge in 0..4usize {
                    let side = (edge & 1) << face | (edge >> 1) << i;
                    let far = side | 1 << j;
                    surface.quad(id(face, side), id(face, far), id(i, far), id(i, side));
                }
            }
        }
        if bevel > 0.0 {
            for bits in 0..8 {
                surface.triangle(id(0, bits), id(1, bits), id(2, bits));
            }
        }
    }

    /// Large box without bevel, its faces divided so that they can carry soft shadows.
    fn wall(&mut self, tone: Tone, centre: V3, axes: [V3; 3], half: V3) {
        let cell = self.pick(2.5, 1.2);
        let surface = self.surface(tone);
        for face in 0..3 {
            let (i, j) = ((face + 1) % 3, (face + 2) % 3);
            let steps = |k: usize| (2.0 * half[k] / cell).round().max(1.0) as usize;
            let (columns, rows) = if half[i] > 0.3 && half[j] > 0.3 { (steps(i), steps(j)) } else { (1, 1) };
            for side in [-1.0, 1.0] {
                let normal = scale(axes[face], side);
                let middle = ahead(centre, normal, half[face]);
                let first = surface.positions.len() as u32;
                for (row, column) in (0..=rows).flat_map(|row| (0..=columns).map(move |column| (row, column))) {
                    let along = half[i] * (2.0 * column as f64 / columns as f64 - 1.0);
                    let across = half[j] * (2.0 * row as f64 / rows as f64 - 1.0);
                    surface.vertex(ahead(ahead(middle, axes[i], along), axes[j], across), normal);
                }
                let id = |row: usize, column: usize| first + (row * (columns + 1) + column) as u32;
                for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
                    surface.quad(id(row, column), id(row, column + 1), id(row + 1, column + 1), id(row + 1, column));
                }
            }
        }
    }

    /// Upright box by centre and full size.
    pub fn block(&mut self, tone: Tone, centre: V3, size: V3) {
        self.oriented_block(tone, centre, [X, Y, Z], scale(size, 0.5), 0.0);
    }

    /// Upright box with bevelled edges.
    pub fn bevelled(&mut self, tone: Tone, centre: V3, size: V3, bevel: f64) {
        self.oriented_block(tone, centre, [X, Y, Z], scale(size, 0.5), bevel);
    }

    /// Upright box between two opposite corners.
    pub fn slab(&mut self, tone: Tone, low: V3, high: V3) {
        self.block(tone, scale(add(low, high), 0.5), sub(high, low));
    }

    /// Flat ground between two corners, divided into cells of about `cell` m so that it can carry soft shadows.
    pub fn paving(&mut self, tone: Tone, low: V3, high: V3, cell: f64) {
        let steps = |k: usize| ((high[k] - low[k]) / cell).round().max(1.0) as usize;
        let (columns, rows) = (steps(0), steps(2));
        let surface = self.surface(tone);
        let at = |i: usize, k: usize| {
            let share = |n: usize, whole: usize, axis: usize| low[axis] + (high[axis] - low[axis]) * n as f64 / whole as f64;
            [share(i, columns, 0), high[1], share(k, rows, 2)]
        };
        let first = surface.positions.len() as u32;
        for k in 0..=rows {
            for i in 0..=columns {
                surface.vertex(at(i, k), Y);
            }
        }
        let id = |i: usize, k: usize| first + (k * (columns + 1) + i) as u32;
        for k in 0..rows {
            for i in 0..columns {
                surface.quad(id(i, k), id(i + 1, k), id(i + 1, k + 1), id(i, k + 1));
            }
        }
        let corners = [[low[0], low[2]], [high[0], low[2]], [high[0], high[2]], [low[0], high[2]]];
        for i in 0..4 {
            let (a, b) = (corners[i], corners[(i + 1) % 4]);
            let out = [b[1] - a[1], 0.0, a[0] - b[0]];
            let side =
                [[a[0], low[1], a[1]], [b[0], low[1], b[1]], [b[0], high[1], b[1]], [a[0], high[1], a[1]]].map(|p| surface.vertex(p, out));
            surface.quad(side[0], side[1], side[2], side[3]);
        }
    }

    /// Straight bar of rectangular section; `width` is horizontal where that has a meaning.
    ///
    /// Thin bars are shaded as if round and left open at their ends: a plant has thousands.
    pub fn bar(&mut self, tone: Tone, a: V3, b: V3, width: f64, height: f64) {
        let along = unit(sub(b, a));
        let (side, up) = frame(along);
        if width.max(height) <= 0.06 {
            let surface = self.surface(tone);
            let mut edge = |end: V3, s: f64, u: f64| {
                let corner = add(scale(side, s * width / 2.0), scale(up, u * height / 2.0));
                surface.vertex(add(end, corner), add(scale(side, s), scale(up, u)))
            };
            let corners = [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)];
            let near = corners.map(|(s, u)| edge(a, s, u));
            let far = corners.map(|(s, u)| edge(b, s, u));
            for i in 0..4 {
                let n = (i + 1) % 4;
                surface.quad(near[i], near[n], far[n], far[i]);
            }
            return;
        }
        let half = [width / 2.0, height / 2.0, length(sub(b, a)) / 2.0];
        self.oriented_block(tone, scale(add(a, b), 0.5), [side, up, along], half, 0.0);
    }

    /// Rolled section: web and two flanges.
    pub fn girder(&mut self, tone: Tone, a: V3, b: V3, width: f64, height: f64) {
        let along = unit(sub(b, a));
        let (_, up) = frame(along);
        let thick = height * 0.09;
        let flange = scale(up, (height - thick) / 2.0);
        let (side, half) = (frame(along).0, height / 2.0 - thick);
        let surface = self.surface(tone);
        for out in [width * 0.06, -width * 0.06] {
            let corner =
                |surface: &mut Surface, end: V3, rise: f64| surface.vertex(add(ahead(end, side, out), scale(up, rise)), scale(side, out));
            let [p, q] = [a, b].map(|end| [corner(surface, end, -half), corner(surface, end, half)]);
            surface.quad(p[0], p[1], q[1], q[0]);
        }
        self.bar(tone, add(a, flange), add(b, flange), width, thick);
        self.bar(tone, sub(a, flange), sub(b, flange), width, thick);
    }

    /// Body of revolution. `profile` lists (distance along the axis, radius) in the direction of the
    /// axis for an outside surface; edges sharper than about 35° stay sharp.
    pub fn revolve(&mut self, tone: Tone, origin: V3, axis: V3, profile: &[(f64, f64)]) {
        let widest = profile.iter().map(|p| p.1).fold(0.0, f64::max);
        let count = self.segments(widest);
        self.revolve_with(tone, origin, axis, profile, count);
    }

    /// As [`Shape::revolve`] with a chosen number of segments.
    pub fn revolve_with(&mut self, tone: Tone, origin: V3, axis: V3, profile: &[(f64, f64)], count: usize) {
        let axis = unit(axis);
        let (u, v) = frame(axis);
        let slope = |pair: &[(f64, f64)]| {
            let (along, out) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let len = (along * along + out * out).sqrt().max(1e-12);
            (-out / len, along / len)
        };
        let slopes: Vec<(f64, f64)> = profile.windows(2).map(slope).collect();
        let surface = self.surface(tone);
        let ring = |surface: &mut Surface, (along, radius): (f64, f64), (back, out): (f64, f64)| {
            let centre = ahead(origin, axis, along);
            if radius < 1e-9 {
                return vec![surface.vertex(centre, scale(axis, if back < 0.0 { -1.0 } else { 1.0 }))];
            }
            (0..count)
                .map(|i| {
                    let (cos, sin) = cos_sin(turn(i, count));
                    let radial = add(scale(u, cos), scale(v, sin));
                    surface.vertex(ahead(centre, radial, radius), add(scale(axis, back), scale(radial, out)))
                })
                .collect()
        };
        let mut last: Option<Vec<u32>> = None;
        for (i, &here) in slopes.iter().enumerate() {
            let smooth = |other: Option<&(f64, f64)>| other.filter(|o| o.0 * here.0 + o.1 * here.1 > 0.82).copied();
            let blend = |other: Option<(f64, f64)>| other.map_or(here, |o| (here.0 + o.0, here.1 + o.1));
            let start = match last.take() {
                Some(ring) => ring,
                None => ring(surface, profile[i], here),
            };
            let next = smooth(slopes.get(i + 1));
            let end = ring(surface, profile[i + 1], blend(next));
            for k in 0..count {
                let n = (k + 1) % count;
                match (start.len(), end.len()) {
                    (1, 1) => {}
                    (1, _) => surface.triangle(start[0], end[n], end[k]),
                    (_, 1) => surface.triangle(start[k], start[n], end[0]),
                    _ => surface.quad(start[k], start[n], end[n], end[k]),
                }
            }
            last = next.map(|_| end);
        }
    }

    /// Closed cylinder from `a` to `b`.
    pub fn cylinder(&mut self, tone: Tone, a: V3, b: V3, radius: f64) {
        let len = length(sub(b, a));
        self.revolve(tone, a, sub(b, a), &[(0.0, 0.0), (0.0, radius), (len, radius), (len, 0.0)]);
    }

    /// Cylinder with chamfered or slightly rounded rims, for machined parts.
    pub fn drum(&mut self, tone: Tone, a: V3, b: V3, radius: f64, rim: f64) {
        if !self.is_fine() {
            self.cylinder(tone, a, b, radius);
            return;
        }
        let len = length(sub(b, a));
        let mut profile = vec![(0.0, 0.0), (0.0, radius - rim), (rim, radius), (len - rim, radius), (len, radius - rim), (len, 0.0)];
        if rim > 0.012 {
            profile.insert(2, (rim * 0.3, radius - rim * 0.3));
            profile.insert(5, (len - rim * 0.3, radius - rim * 0.3));
        }
        self.revolve(tone, a, sub(b, a), &profile);
    }
}
