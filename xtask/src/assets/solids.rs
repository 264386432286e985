//! Solids of the trade: vessels, flanges with bolts, pipes with elbows, rings, balls, sweeps and blades.

use super::mesh::{Shape, Tone};
use super::vec3::{V3, add, ahead, between, cos_sin, cross, dot, frame, length, scale, sub, turn, unit};

/// Outer radius of a flange for a pipe of `pipe_radius`, m; close to EN 1092 PN 16.
pub fn flange_radius(pipe_radius: f64) -> f64 {
    pipe_radius * 1.22 + 0.048
}

/// Half thickness of a pair of flanges, m.
fn flange_half(pipe_radius: f64) -> f64 {
    0.018 + pipe_radius * 0.06
}

impl Shape {
    /// Pressure vessel: cylinder from tangent line `a` to `b` with 2:1 elliptical heads.
    pub fn vessel(&mut self, tone: Tone, a: V3, b: V3, radius: f64) {
        let len = length(sub(b, a));
        let depth = radius / 2.0;
        let steps = self.pick(4, if radius > 0.5 { 10 } else { 6 });
        let quarter = |i: usize| cos_sin(std::f64::consts::FRAC_PI_2 * i as f64 / steps as f64);
        let mut profile: Vec<(f64, f64)> = (0..=steps).map(|i| (-depth * quarter(i).0, radius * quarter(i).1)).collect();
        let middle = self.pick(1, (len / 1.2).ceil() as usize).max(1);
        profile.extend((1..middle).map(|i| (len * i as f64 / middle as f64, radius)));
        profile.extend((0..=steps).map(|i| (len + depth * quarter(i).1, radius * quarter(i).0)));
        profile[0].1 = 0.0;
        if let Some(pole) = profile.last_mut() {
            pole.1 = 0.0;
        }
        self.revolve(tone, a, sub(b, a), &profile);
    }

    /// Ring of rectangular section around `axis`, from `inner` to `outer` radius, `width` long.
    pub fn ring(&mut self, tone: Tone, origin: V3, axis: V3, radii: (f64, f64), width: f64) {
        let (inner, outer) = radii;
        self.revolve(tone, origin, axis, &[(0.0, inner), (0.0, outer), (width, outer), (width, inner), (0.0, inner)]);
    }

    /// Ball.
    pub fn ball(&mut self, tone: Tone, centre: V3, radius: f64) {
        let steps = self.pick(4, 6);
        let profile: Vec<(f64, f64)> = (0..=steps)
            .map(|i| {
                let (cos, sin) = cos_sin(std::f64::consts::PI * i as f64 / steps as f64);
                (-radius * cos, if i == 0 || i == steps { 0.0 } else { radius * sin })
            })
            .collect();
        let count = self.pick(6, 10);
        self.revolve_with(tone, centre, [1.0, 0.0, 0.0], &profile, count);
    }

    /// Ring of round section, such as the rim of a hand wheel.
    pub fn torus(&mut self, tone: Tone, centre: V3, axis: V3, radius: f64, thick: f64) {
        let count = self.pick(8, 16);
        let (u, v) = frame(unit(axis));
        let path: Vec<V3> = (0..=count)
            .map(|i| {
                let (cos, sin) = cos_sin(turn(i, count));
                add(centre, add(scale(u, radius * cos), scale(v, radius * sin)))
            })
            .collect();
        let spine: Vec<(V3, V3, f64)> = path
            .iter()
            .enumerate()
            .map(|(i, &at)| {
                let (cos, sin) = cos_sin(turn(i, count));
                (at, sub(scale(v, cos), scale(u, sin)), thick)
            })
            .collect();
        self.sweep(tone, &spine, false);
    }

    /// Studs with nuts on a circle of `radius` around `axis`, reaching `half` to both sides of `at`.
    pub fn studs(&mut self, at: V3, axis: V3, radius: f64, count: usize, half: f64, thick: f64) {
        if !self.is_fine() {
            return;
        }
        const SIDES: usize = 5;
        let axis = unit(axis);
        let (u, v) = frame(axis);
        let out = |angle: f64| {
            let (cos, sin) = cos_sin(angle);
            add(scale(u, cos), scale(v, sin))
        };
        let surface = self.surface(Tone::Machined);
        for i in 0..count {
            let centre = ahead(at, out(turn(2 * i + 1, 2 * count)), radius);
            let ends = [-1.0, 1.0].map(|side| {
                let end = ahead(centre, axis, side * half);
                // Rim and tip share vertices, so that a nut costs few of them.
                let rim: Vec<u32> = (0..SIDES)
                    .map(|k| surface.vertex(ahead(end, out(turn(k, SIDES)), thick), add(out(turn(k, SIDES)), scale(axis, side * 0.6))))
                    .collect();
                (rim, surface.vertex(end, scale(axis, side)))
            });
            let [(near, _), (far, _)] = &ends;
            for k in 0..SIDES {
                let n = (k + 1) % SIDES;
                surface.quad(near[k], near[n], far[n], far[k]);
            }
            for (rim, tip) in &ends {
                for k in 0..SIDES {
                    surface.triangle(rim[k], rim[(k + 1) % SIDES], *tip);
                }
            }
        }
    }

    /// Pair of flanges with their studs, centred at `at`.
    pub fn flange(&mut self, tone: Tone, at: V3, axis: V3, pipe_radius: f64) {
        let half = flange_half(pipe_radius);
        let axis = unit(axis);
        let radius = flange_radius(pipe_radius);
        if !self.is_fine() {
            let count = self.segments(radius).min(10);
            let profile = [(0.0, pipe_radius * 0.9), (0.0, radius), (2.0 * half, radius), (2.0 * half, pipe_radius * 0.9)];
            self.revolve_with(tone, ahead(at, axis, -half), axis, &profile, count);
            return;
        }
        let neck = pipe_radius * 0.95;
        let profile = [
            (-half, neck),
            (-half, radius),
            (-0.004, radius),
            (-0.004, radius * 0.85),
            (0.004, radius * 0.85),
            (0.004, radius),
            (half, radius),
            (half, neck),
        ];
        self.revolve(tone, at, axis, &profile);
        let count = match pipe_radius {
            r if r < 0.04 => 4,
            r if r < 0.13 => 8,
            _ => 12,
        };
        self.studs(at, axis, radius - 0.012 - pipe_radius * 0.06, count, half + 0.016, 0.009 + pipe_radius * 0.02);
    }

    /// Blank flange that closes a nozzle, its outer face towards `axis`.
    pub fn blind(&mut self, at: V3, axis: V3, radius: f64) {
        let axis = unit(axis);
        let profile = [(-0.028, radius * 0.7), (-0.028, radius), (0.022, radius), (0.026, radius - 0.004), (0.026, 0.0)];
        self.revolve(Tone::EquipmentDark, at, axis, &profile);
        let count = if radius > 0.25 { 16 } else { 8 };
        self.studs(at, axis, radius - 0.03, count, 0.045, 0.014);
    }

    /// Round pipe along a polyline, with elbows of 1.5 diameters at its corners and closed ends.
    pub fn pipe(&mut self, tone: Tone, path: &[V3], radius: f64) {
        self.bent(tone, path, radius, radius * 3.0);
    }

    /// Round bar along a polyline with a chosen bend radius.
    pub fn bent(&mut self, tone: Tone, path: &[V3], radius: f64, bend: f64) {
        let steps = match radius {
            r if r < 0.035 => self.pick(2, 3),
            _ => self.pick(3, 6),
        };
        let longest = self.pick(14.0, 4.0);
        let spine: Vec<(V3, V3, f64)> = spine(path, bend, steps, longest).into_iter().map(|(at, along)| (at, along, radius)).collect();
        self.sweep(tone, &spine, true);
    }

    /// Round body along a line of (centre, direction, radius), such as a volute.
    pub fn sweep(&mut self, tone: Tone, spine: &[(V3, V3, f64)], capped: bool) {
        let (Some(&first), Some(&last)) = (spine.first(), spine.last()) else { return };
        let count = self.segments(spine.iter().map(|s| s.2).fold(0.0, f64::max));
        let (mut u, _) = frame(first.1);
        let surface = self.surface(tone);
        let mut previous: Option<Vec<u32>> = None;
        for &(at, along, radius) in spine {
            u = unit(sub(u, scale(along, dot(u, along))));
            let v = cross(along, u);
            let ring: Vec<u32> = (0..count)
                .map(|i| {
                    let (cos, sin) = cos_sin(turn(i, count));
                    let radial = add(scale(u, cos), scale(v, sin));
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
        if capped {
            for (at, out, radius) in [(first.0, scale(first.1, -1.0), first.2), (last.0, last.1, last.2)] {
                self.revolve_with(tone, at, out, &[(0.0, radius), (0.0, 0.0)], count);
            }
        }
    }

    /// Blade: a strip of `thick`ness along `path` that reaches from each point to the point plus `depth`.
    pub fn blade(&mut self, tone: Tone, path: &[V3], depth: V3, thick: f64) {
        let surface = self.surface(tone);
        let mut sides: Vec<[[u32; 4]; 2]> = Vec::new();
        for (i, &at) in path.iter().enumerate() {
            let (before, after) = (path[i.saturating_sub(1)], path[(i + 1).min(path.len() - 1)]);
            let normal = unit(cross(sub(after, before), depth));
            let mut side = |s: f64| {
                let foot = ahead(at, normal, s * thick / 2.0);
                let (low, high) = (foot, add(foot, depth));
                let outward = scale(normal, s);
                [
                    surface.vertex(low, outward),
                    surface.vertex(high, outward),
                    surface.vertex(low, scale(depth, -1.0)),
                    surface.vertex(high, depth),
                ]
            };
            sides.push([side(1.0), side(-1.0)]);
        }
        for pair in sides.windows(2) {
            let (near, far) = (pair[0], pair[1]);
            for s in 0..2 {
                surface.quad(near[s][0], near[s][1], far[s][1], far[s][0]);
            }
            surface.quad(near[0][2], near[1][2], far[1][2], far[0][2]);
            surface.quad(near[0][3], near[1][3], far[1][3], far[0][3]);
        }
    }

    /// Helical ridge around the x axis: the spring of a seal, the thread of a rotor.
    pub fn coil(&mut self, tone: Tone, from: V3, length: f64, radius: f64, thick: f64, turns: f64) {
        let steps = (turns * self.pick(8.0, 16.0)) as usize;
        let spine: Vec<(V3, V3, f64)> = (0..=steps)
            .map(|i| {
                let share = i as f64 / steps as f64;
                let (cos, sin) = cos_sin(std::f64::consts::TAU * turns * share);
                let pitch = length / (turns * std::f64::consts::TAU * radius);
                let at = add(from, [length * share, radius * sin, radius * cos]);
                (at, unit([pitch, cos, -sin]), thick)
            })
            .collect();
        self.sweep(tone, &spine, true);
    }

    /// Flat strip of a jacket around a pipe or vessel: band, seam or joint; `width` long, just above `radius`.
    pub fn band(&mut self, tone: Tone, centre: V3, axis: V3, radius: f64, width: f64) {
        let rise = 0.004;
        let axis = unit(axis);
        let profile = [(0.0, radius - 0.002), (0.0, radius + rise), (width, radius + rise), (width, radius - 0.002)];
        self.revolve(tone, ahead(centre, axis, -width / 2.0), axis, &profile);
    }
}

/// Points with their direction along a polyline whose corners are replaced by arcs; straight runs are divided so that
/// none is longer than `longest`.
pub fn spine(path: &[V3], bend: f64, steps: usize, longest: f64) -> Vec<(V3, V3)> {
    let mut out: Vec<(V3, V3)> = Vec::new();
    let (Some(&first), Some(&last)) = (path.first(), path.last()) else { return out };
    if path.len() < 2 {
        return out;
    }
    let straight_to = |out: &mut Vec<(V3, V3)>, at: V3, along: V3| {
        if let Some(&(from, _)) = out.last() {
            let pieces = (length(sub(at, from)) / longest).ceil().max(1.0) as usize;
            out.extend((1..pieces).map(|i| (between(from, at, i as f64 / pieces as f64), along)));
        }
        out.push((at, along));
    };
    let direction = |i: usize| unit(sub(path[i + 1], path[i]));
    out.push((first, direction(0)));
    for i in 1..path.len() - 1 {
        let (arriving, leaving) = (direction(i - 1), direction(i));
        let cosine = dot(arriving, leaving).clamp(-1.0, 1.0);
        if cosine > 0.9999 {
            continue;
        }
        let half_turn = libm::acos(cosine) / 2.0;
        let tangent = libm::tan(half_turn);
        let room = length(sub(path[i], path[i - 1])).min(length(sub(path[i + 1], path[i]))) * 0.5;
        let setback = (bend * tangent).min(room);
        let radius = setback / tangent;
        let inward = unit(sub(leaving, arriving));
        let centre = ahead(path[i], inward, radius / libm::cos(half_turn));
        let from = ahead(path[i], arriving, -setback);
        let to_start = scale(sub(from, centre), 1.0 / radius);
        for step in 0..=steps {
            let (cos, sin) = cos_sin(2.0 * half_turn * step as f64 / steps as f64);
            let radial = add(scale(to_start, cos), scale(arriving, sin));
            let along = unit(sub(scale(arriving, cos), scale(to_start, sin)));
            let at = ahead(centre, radial, radius);
            if step == 0 {
                straight_to(&mut out, at, along);
            } else {
                out.push((at, along));
            }
        }
    }
    straight_to(&mut out, last, direction(path.len() - 2));
    out
}
