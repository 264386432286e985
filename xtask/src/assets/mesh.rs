//! Triangle surfaces of the plant model: boxes, bodies of revolution and bent pipes.
//!
//! Everything is in metres, x east, y up, z south. Shapes are collected per [`Tone`], so a thing
//! with hundreds of parts still is one draw call per grey.

/// A point or direction.
pub type V3 = [f64; 3];

/// East.
pub const X: V3 = [1.0, 0.0, 0.0];
/// Up.
pub const Y: V3 = [0.0, 1.0, 0.0];
/// South.
pub const Z: V3 = [0.0, 0.0, 1.0];

/// Sum of two vectors.
pub fn add(a: V3, b: V3) -> V3 {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// Difference `a - b`.
pub fn sub(a: V3, b: V3) -> V3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// Vector `a` times the number `s`.
pub fn scale(a: V3, s: f64) -> V3 {
    [a[0] * s, a[1] * s, a[2] * s]
}

/// Point `distance` away from `a` in direction `along`.
pub fn ahead(a: V3, along: V3, distance: f64) -> V3 {
    add(a, scale(along, distance))
}

/// Scalar product.
pub fn dot(a: V3, b: V3) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Vector product.
pub fn cross(a: V3, b: V3) -> V3 {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Length of a vector.
pub fn length(a: V3) -> f64 {
    dot(a, a).sqrt()
}

/// The vector scaled to length 1; up for a vector without length.
pub fn unit(a: V3) -> V3 {
    let len = length(a);
    if len < 1e-12 { Y } else { scale(a, 1.0 / len) }
}

/// Point on the horizontal circle of `radius` around the vertical axis, `angle` from east.
pub fn around(radius: f64, angle: f64, height: f64) -> V3 {
    [radius * angle.cos(), height, radius * angle.sin()]
}

/// Two directions that form a right-handed frame with `axis`: `u × v = axis`.
fn frame(axis: V3) -> (V3, V3) {
    let aid = if axis[1].abs() > 0.9 { X } else { Y };
    let u = unit(cross(aid, axis));
    (u, cross(axis, u))
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
    /// Jacketed insulation.
    Insulation,
    /// Handrails and ladders.
    AccentRail,
}

impl Tone {
    /// All tones, in the order of the materials in the file.
    pub const ALL: [Tone; 8] =
        [Tone::Equipment, Tone::EquipmentDark, Tone::Pipe, Tone::Steel, Tone::Concrete, Tone::Ground, Tone::Insulation, Tone::AccentRail];
}

/// Triangles of one tone.
#[derive(Clone, Default)]
pub struct Surface {
    /// Vertex positions, metres.
    pub positions: Vec<[f32; 3]>,
    /// Unit normals, one per position.
    pub normals: Vec<[f32; 3]>,
    /// Three indices per triangle, counter-clockwise seen from outside.
    pub indices: Vec<u32>,
}

impl Surface {
    /// Adds a vertex. Rounding keeps the bytes equal on machines whose sine differs in its last bit.
    fn vertex(&mut self, position: V3, normal: V3) -> u32 {
        let index = self.positions.len() as u32;
        self.positions.push(position.map(|c| rounded(c, 1e4)));
        self.normals.push(unit(normal).map(|c| rounded(c, 1e5)));
        index
    }

    /// Adds a triangle, turned so that it faces the way its vertex normals do; drops empty ones.
    fn triangle(&mut self, a: u32, b: u32, c: u32) {
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

    fn quad(&mut self, a: u32, b: u32, c: u32, d: u32) {
        self.triangle(a, b, c);
        self.triangle(a, c, d);
    }
}

fn rounded(value: f64, steps_per_unit: f64) -> f32 {
    // Adding zero turns a negative zero into a plain one.
    ((value * steps_per_unit).round() / steps_per_unit + 0.0) as f32
}

/// Segments a circle of this radius (m) needs to look round without wasting triangles.
fn segments(radius: f64) -> usize {
    match radius {
        r if r < 0.02 => 6,
        r if r < 0.035 => 8,
        r if r < 0.06 => 10,
        r if r < 0.2 => 16,
        r if r < 0.7 => 24,
        r if r < 2.0 => 32,
        _ => 64,
    }
}

/// What one mesh of the file shows: surfaces by tone.
#[derive(Clone, Default)]
pub struct Shape {
    surfaces: [Surface; 8],
}

impl Shape {
    /// The surfaces that hold triangles, with their tone.
    pub fn surfaces(&self) -> impl Iterator<Item = (Tone, &Surface)> {
        Tone::ALL.into_iter().zip(&self.surfaces).filter(|(_, s)| !s.indices.is_empty())
    }

    /// True if nothing was drawn.
    pub fn is_empty(&self) -> bool {
        self.surfaces().next().is_none()
    }

    /// The highest point, m; 0 for an empty shape.
    pub fn top(&self) -> f64 {
        self.surfaces().flat_map(|(_, s)| &s.positions).map(|p| f64::from(p[1])).reduce(f64::max).unwrap_or(0.0)
    }

    fn surface(&mut self, tone: Tone) -> &mut Surface {
        &mut self.surfaces[tone as usize]
    }

    /// Box along the given right-handed unit `axes`, with half sizes and a small bevel.
    ///
    /// The bevel shares the vertices of the faces, so edges catch light without extra vertices.
    pub fn oriented_block(&mut self, tone: Tone, centre: V3, axes: [V3; 3], half: V3, bevel: f64) {
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
        self.bar(tone, a, b, width * 0.12, height - 2.0 * thick);
        self.bar(tone, add(a, flange), add(b, flange), width, thick);
        self.bar(tone, sub(a, flange), sub(b, flange), width, thick);
    }

    /// Body of revolution. `profile` lists (distance along the axis, radius) in the direction of the
    /// axis for an outside surface; edges sharper than about 35° stay sharp.
    pub fn revolve(&mut self, tone: Tone, origin: V3, axis: V3, profile: &[(f64, f64)]) {
        let widest = profile.iter().map(|p| p.1).fold(0.0, f64::max);
        self.revolve_with(tone, origin, axis, profile, segments(widest));
    }

    /// As [`Shape::revolve`] with a chosen number of segments.
    pub fn revolve_with(&mut self, tone: Tone, origin: V3, axis: V3, profile: &[(f64, f64)], count: usize) {
        let axis = unit(axis);
        let (u, v) = frame(axis);
        let slope = |pair: &[(f64, f64)]| {
            let (along, out) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let len = along.hypot(out).max(1e-12);
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
                    let angle = std::f64::consts::TAU * i as f64 / count as f64;
                    let radial = add(scale(u, angle.cos()), scale(v, angle.sin()));
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

    /// Cylinder with slightly rounded rims, for machined parts.
    pub fn drum(&mut self, tone: Tone, a: V3, b: V3, radius: f64, rim: f64) {
        let len = length(sub(b, a));
        let profile = [
            (0.0, 0.0),
            (0.0, radius - rim),
            (rim * 0.3, radius - rim * 0.3),
            (rim, radius),
            (len - rim, radius),
            (len - rim * 0.3, radius - rim * 0.3),
            (len, radius - rim),
            (len, 0.0),
        ];
        self.revolve(tone, a, sub(b, a), &profile);
    }

    /// Pressure vessel: cylinder from tangent line `a` to `b` with 2:1 elliptical heads.
    pub fn vessel(&mut self, tone: Tone, a: V3, b: V3, radius: f64) {
        let len = length(sub(b, a));
        let depth = radius / 2.0;
        const STEPS: usize = 8;
        let quarter = |i: usize| std::f64::consts::FRAC_PI_2 * i as f64 / STEPS as f64;
        let mut profile: Vec<(f64, f64)> = (0..=STEPS).map(|i| (-depth * quarter(i).cos(), radius * quarter(i).sin())).collect();
        profile.extend((0..=STEPS).map(|i| (len + depth * quarter(i).sin(), radius * quarter(i).cos())));
        profile[0].1 = 0.0;
        if let Some(pole) = profile.last_mut() {
            pole.1 = 0.0;
        }
        self.revolve(tone, a, sub(b, a), &profile);
    }

    /// Disc-shaped pipe flange centred at `at`.
    pub fn flange(&mut self, tone: Tone, at: V3, axis: V3, pipe_radius: f64) {
        let thick = 0.012 + pipe_radius * 0.2;
        let axis = unit(axis);
        let radius = pipe_radius * 1.35 + 0.045;
        self.cylinder(tone, ahead(at, axis, -thick), ahead(at, axis, thick), radius);
    }

    /// Round pipe along a polyline, with elbows of 1.5 diameters at its corners and closed ends.
    pub fn pipe(&mut self, tone: Tone, path: &[V3], radius: f64) {
        self.bent(tone, path, radius, radius * 3.0);
    }

    /// Round bar along a polyline with a chosen bend radius.
    pub fn bent(&mut self, tone: Tone, path: &[V3], radius: f64, bend: f64) {
        let count = segments(radius);
        let spine = spine(path, bend, if radius < 0.035 { 4 } else { 7 });
        let (Some(&first), Some(&last)) = (spine.first(), spine.last()) else { return };
        let (mut u, _) = frame(first.1);
        let surface = self.surface(tone);
        let mut previous: Option<Vec<u32>> = None;
        for &(at, along) in &spine {
            u = unit(sub(u, scale(along, dot(u, along))));
            let v = cross(along, u);
            let ring: Vec<u32> = (0..count)
                .map(|i| {
                    let angle = std::f64::consts::TAU * i as f64 / count as f64;
                    let radial = add(scale(u, angle.cos()), scale(v, angle.sin()));
                    surface.vertex(ahead(at, radial, radius), radial)
                })
                .collect();
            if let Some(before) = &previous {
                for k in 0..count {
                    let n = (k + 1) % count;
                    surface.quad(before[k], before[n], ring[n], ring[k]);
                }
            }
            previous = Some(ring);
        }
        for (at, out) in [(first.0, scale(first.1, -1.0)), (last.0, last.1)] {
            self.revolve_with(tone, at, out, &[(0.0, radius), (0.0, 0.0)], count);
        }
    }
}

/// Points with their direction along a polyline whose corners are replaced by arcs.
fn spine(path: &[V3], bend: f64, steps: usize) -> Vec<(V3, V3)> {
    let mut out = Vec::new();
    let (Some(&first), Some(&last)) = (path.first(), path.last()) else { return out };
    if path.len() < 2 {
        return out;
    }
    let direction = |i: usize| unit(sub(path[i + 1], path[i]));
    out.push((first, direction(0)));
    for i in 1..path.len() - 1 {
        let (arriving, leaving) = (direction(i - 1), direction(i));
        let cosine = dot(arriving, leaving).clamp(-1.0, 1.0);
        if cosine > 0.9999 {
            continue;
        }
        let half_turn = cosine.acos() / 2.0;
        let room = length(sub(path[i], path[i - 1])).min(length(sub(path[i + 1], path[i]))) * 0.5;
        let setback = (bend * half_turn.tan()).min(room);
        let radius = setback / half_turn.tan();
        let inward = unit(sub(leaving, arriving));
        let centre = ahead(path[i], inward, radius / half_turn.cos());
        let from = ahead(path[i], arriving, -setback);
        let to_start = scale(sub(from, centre), 1.0 / radius);
        for step in 0..=steps {
            let angle = 2.0 * half_turn * step as f64 / steps as f64;
            let radial = add(scale(to_start, angle.cos()), scale(arriving, angle.sin()));
            let along = sub(scale(arriving, angle.cos()), scale(to_start, angle.sin()));
            out.push((ahead(centre, radial, radius), unit(along)));
        }
    }
    out.push((last, direction(path.len() - 2)));
    out
}
