//! Steelwork people walk on and pipes lie on: platforms, handrails, ladders, stairs, bents.

use super::mesh::{Detail, Shape, Tone};
use super::vec3::{NORTH, V3, WEST, Y, Z, add, ahead, around, cos_sin, cross, length, scale, sub, unit};

const RAIL_HEIGHT: f64 = 1.1;

/// Handrail with posts, knee rail and toe board along a path of walking-level points.
pub fn railing(shape: &mut Shape, path: &[V3]) {
    let tone = Tone::AccentRail;
    for pair in path.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let bays = (length(sub(b, a)) / 1.5).ceil().max(1.0);
        for i in 0..=(bays as usize) {
            let foot = add(a, scale(sub(b, a), i as f64 / bays));
            shape.bar(tone, foot, ahead(foot, Y, RAIL_HEIGHT), 0.045, 0.045);
        }
        for (height, size) in [(RAIL_HEIGHT, 0.05), (0.55, 0.035)] {
            shape.bar(tone, ahead(a, Y, height), ahead(b, Y, height), size, size);
        }
        shape.bar(tone, ahead(a, Y, 0.07), ahead(b, Y, 0.07), 0.012, 0.12);
    }
}

/// Grating with edge beams; `low` and `high` are the corners in plan, `y` the walking level.
pub fn platform(shape: &mut Shape, y: f64, low: (f64, f64), high: (f64, f64)) {
    let tone = shape.pick(Tone::AccentRail, Tone::Steel);
    shape.slab(tone, [low.0, y - 0.035, low.1], [high.0, y - 0.012, high.1]);
    grating(shape, y, low, high);
    let beam = y - 0.12;
    let corner = |x: f64, z: f64| [x, beam, z];
    let ring = [corner(low.0, low.1), corner(high.0, low.1), corner(high.0, high.1), corner(low.0, high.1)];
    for i in 0..4 {
        shape.girder(Tone::Steel, ring[i], ring[(i + 1) % 4], 0.1, 0.2);
    }
    let joists = ((high.0 - low.0) / 2.0).round() as usize;
    for i in 1..joists {
        let x = low.0 + (high.0 - low.0) * i as f64 / joists as f64;
        shape.bar(Tone::Steel, corner(x, low.1), corner(x, high.1), 0.08, 0.14);
    }
}

/// Bearing bars of a grating along z, its cross rods along x, and the frames of its panels.
fn grating(shape: &mut Shape, y: f64, low: (f64, f64), high: (f64, f64)) {
    if !shape.is_fine() {
        return;
    }
    let bars = ((high.0 - low.0) / 0.1).round() as usize;
    for i in 0..=bars {
        let x = low.0 + (high.0 - low.0) * i as f64 / bars as f64;
        shape.bar(Tone::AccentRail, [x, y - 0.012, low.1], [x, y - 0.012, high.1], 0.03, 0.024);
    }
    let rods = ((high.1 - low.1) / 0.4).round() as usize;
    for i in 1..rods {
        let z = low.1 + (high.1 - low.1) * i as f64 / rods as f64;
        shape.bar(Tone::AccentRail, [low.0, y - 0.008, z], [high.0, y - 0.008, z], 0.014, 0.014);
    }
}

/// Ladder at `foot` up to the height `top`; `out` points away from the wall it is fixed to.
///
/// Above 2.3 m over its foot it has a safety cage, and its stiles end a handrail above `top`.
pub fn ladder(shape: &mut Shape, foot: V3, top: f64, out: V3) {
    let tone = Tone::AccentRail;
    let side = scale(cross(Y, out), 0.23);
    let height = top - foot[1];
    let stile_top = height + 1.0;
    for stile in [side, scale(side, -1.0)] {
        let base = add(foot, stile);
        shape.bar(tone, base, ahead(base, Y, stile_top), 0.06, 0.04);
    }
    for i in 1..=(height / 0.3) as usize {
        let rung = ahead(foot, Y, i as f64 * 0.3);
        shape.bar(tone, add(rung, side), sub(rung, side), 0.03, 0.03);
    }
    if height < 3.2 {
        return;
    }
    let hoop = |y: f64| -> Vec<V3> {
        (0..=8)
            .map(|i| {
                let (cos, sin) = cos_sin(std::f64::consts::PI * f64::from(i) / 8.0);
                add(ahead(ahead(foot, Y, y), out, 0.7 * sin), scale(cross(Y, out), 0.36 * cos))
            })
            .collect()
    };
    let count = ((stile_top - 2.3) / 0.9).floor().max(1.0);
    let step = (stile_top - 2.3) / count;
    for i in 0..=(count as usize) {
        for pair in hoop(2.3 + i as f64 * step).windows(2) {
            shape.bar(tone, pair[0], pair[1], 0.015, 0.05);
        }
    }
    for (low, high) in hoop(2.3).into_iter().zip(hoop(stile_top)).skip(2).step_by(2).take(3) {
        shape.bar(tone, low, high, 0.04, 0.015);
    }
}

/// Straight flight from `foot` to `head`, with treads and a handrail on both sides.
pub fn stairs(shape: &mut Shape, foot: V3, head: V3, width: f64) {
    let rise = head[1] - foot[1];
    let run = sub([head[0], foot[1], head[2]], foot);
    let side = scale(cross(Y, unit(run)), width / 2.0);
    let count = (rise / 0.2).round();
    for i in 1..(count as usize) {
        let share = i as f64 / count;
        let tread = ahead(add(foot, scale(run, share)), Y, rise * share);
        shape.oriented_block(Tone::AccentRail, tread, [unit(run), Y, cross(unit(run), Y)], [0.13, 0.02, width / 2.0 - 0.03], 0.0);
    }
    for edge in [side, scale(side, -1.0)] {
        let (low, high) = (add(foot, edge), add(head, edge));
        shape.bar(Tone::Steel, low, high, 0.05, 0.24);
        for height in [1.0, 0.5] {
            shape.bar(Tone::AccentRail, ahead(low, Y, height), ahead(high, Y, height), 0.045, 0.045);
        }
        for i in 0..=3 {
            let post = add(low, scale(sub(high, low), f64::from(i) / 3.0));
            shape.bar(Tone::AccentRail, post, ahead(post, Y, 1.0), 0.045, 0.045);
        }
    }
}

/// Stair that winds up the outside of a tank of `radius`, from angle `start`, climbing to `top`.
pub fn winding_stair(shape: &mut Shape, radius: f64, start: f64, foot: f64, top: f64) {
    const RISE: f64 = 0.22;
    const WIDTH: f64 = 0.8;
    let count = ((top - foot) / RISE).floor() as usize;
    let turn = 0.27 / (radius + WIDTH / 2.0);
    let outer = radius + 0.08 + WIDTH;
    let mut rail: Option<V3> = None;
    for i in 0..=count {
        let (angle, y) = (start - turn * i as f64, foot + RISE * i as f64);
        let radial = around(1.0, angle, 0.0);
        let centre = around(radius + 0.08 + WIDTH / 2.0, angle, y);
        shape.oriented_block(Tone::AccentRail, centre, [radial, Y, cross(radial, Y)], [WIDTH / 2.0, 0.02, 0.14], 0.0);
        if i % 4 == 0 || i == count {
            let post = around(outer, angle, y);
            shape.bar(Tone::AccentRail, ahead(post, Y, -0.15), ahead(post, Y, 1.0), 0.045, 0.045);
            if let Some(before) = rail {
                for height in [1.0, 0.5] {
                    shape.bar(Tone::AccentRail, ahead(before, Y, height), ahead(post, Y, height), 0.045, 0.045);
                }
                shape.bar(Tone::Steel, ahead(before, Y, -0.05), ahead(post, Y, -0.05), 0.03, 0.22);
            }
            rail = Some(post);
        }
    }
}

/// Handrail around the edge of a round roof, all the way but for a gate at angle `gate`.
pub fn round_railing(shape: &mut Shape, radius: f64, y: f64, gate: f64) {
    const BAYS: usize = 20;
    let path: Vec<V3> = (0..BAYS)
        .map(|i| {
            let share = i as f64 / BAYS as f64 + 0.5 / BAYS as f64;
            around(radius, gate + std::f64::consts::TAU * share, y)
        })
        .collect();
    railing(shape, &path);
}

/// Portal of two columns on footings and one beam per level, across `along`'s normal in plan.
///
/// `centre` lies at grade, the columns stand `span`/2 to each side in direction `across`; a level is
/// the upper edge of its beam.
pub fn bent(shape: &mut Shape, centre: V3, across: V3, span: f64, levels: &[f64]) {
    let top = levels.iter().copied().fold(0.0, f64::max);
    for side in [-span / 2.0, span / 2.0] {
        let foot = ahead(centre, across, side);
        shape.bevelled(Tone::Concrete, ahead(foot, Y, 0.1), [0.7, 0.3, 0.7], 0.03);
        footing(shape, ahead(foot, Y, 0.25), 0.4);
        shape.girder(Tone::Steel, ahead(foot, Y, 0.25), ahead(foot, Y, top), 0.24, 0.24);
    }
    for &level in levels {
        let middle = ahead(centre, Y, level - 0.13);
        let reach = span / 2.0 + 0.15;
        shape.girder(Tone::Steel, ahead(middle, across, -reach), ahead(middle, across, reach), 0.2, 0.26);
    }
}

/// Base plate of a column with its anchor bolts.
fn footing(shape: &mut Shape, at: V3, size: f64) {
    if !shape.is_fine() {
        return;
    }
    shape.block(Tone::Steel, ahead(at, Y, 0.012), [size, 0.024, size]);
    for (x, z) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
        shape.studs(add(at, [x * size * 0.36, 0.024, z * size * 0.36]), Y, 0.001, 1, 0.05, 0.016);
    }
}

/// Pipe stand: post with a short cross-bar whose upper edge is at `level`.
pub fn stand(shape: &mut Shape, at: (f64, f64), level: f64, across: V3, width: f64) {
    let foot = [at.0, 0.0, at.1];
    shape.bevelled(Tone::Concrete, ahead(foot, Y, 0.06), [0.45, 0.2, 0.45], 0.02);
    footing(shape, ahead(foot, Y, 0.16), 0.24);
    shape.girder(Tone::Steel, ahead(foot, Y, 0.16), ahead(foot, Y, level - 0.11), 0.12, 0.12);
    let middle = ahead(foot, Y, level - 0.06);
    shape.bar(Tone::Steel, ahead(middle, across, -width / 2.0), ahead(middle, across, width / 2.0), 0.12, 0.11);
}

/// Concrete sleeper under pipes near the ground.
pub fn sleeper(shape: &mut Shape, at: (f64, f64), level: f64, along_x: bool, width: f64) {
    let size = if along_x { [width, level, 0.3] } else { [0.3, level, width] };
    shape.bevelled(Tone::Concrete, [at.0, level / 2.0, at.1], size, 0.03);
}

/// The structure that carries the surge drum: two decks, columns, stair and ladder.
///
/// Drawn in plant coordinates; decks at 3.0 and, along the north side, at 6.5.
pub fn drum_structure(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    for (x, tall) in [(30.2, false), (32.6, true), (35.4, true), (37.8, true)] {
        for (z, top) in [(-2.4, if tall { 6.4 } else { 2.9 }), (2.6, 2.9)] {
            shape.bevelled(Tone::Concrete, [x, 0.1, z], [0.8, 0.3, 0.8], 0.03);
            shape.girder(Tone::Steel, [x, 0.25, z], [x, top, z], 0.26, 0.26);
        }
        shape.girder(Tone::Steel, [x, 2.8, -3.0], [x, 2.8, 3.0], 0.2, 0.28);
        if tall {
            shape.girder(Tone::Steel, [x, 6.3, -3.1], [x, 6.3, -1.5], 0.16, 0.2);
        }
    }
    for z in [-2.4, 2.6] {
        shape.girder(Tone::Steel, [30.2, 2.8, z], [37.8, 2.8, z], 0.2, 0.28);
        for (low, high) in [(30.2, 32.6), (37.8, 35.4)] {
            shape.bar(Tone::Steel, [low, 0.4, z], [high, 2.6, z], 0.08, 0.08);
            shape.bar(Tone::Steel, [high, 0.4, z], [low, 2.6, z], 0.08, 0.08);
        }
    }
    shape.girder(Tone::Steel, [32.6, 6.3, -2.4], [37.8, 6.3, -2.4], 0.16, 0.2);
    platform(&mut shape, 3.0, (29.4, -3.1), (38.6, 3.1));
    platform(&mut shape, 6.5, (32.8, -3.1), (38.2, -1.45));
    railing(
        &mut shape,
        &[
            [29.4, 3.0, 1.6],
            [29.4, 3.0, -3.1],
            [37.2, 3.0, -3.1],
            [37.2, 3.0, -4.2],
            [38.6, 3.0, -4.2],
            [38.6, 3.0, 3.1],
            [29.4, 3.0, 3.1],
            [29.4, 3.0, 2.6],
        ],
    );
    railing(&mut shape, &[[38.2, 6.5, -3.1], [38.2, 6.5, -1.45], [32.8, 6.5, -1.45], [32.8, 6.5, -3.1], [37.3, 6.5, -3.1]]);
    ladder(&mut shape, [37.75, 3.0, -3.25], 6.5, NORTH);
    platform(&mut shape, 3.0, (37.2, -4.2), (38.6, -3.1));
    stairs(&mut shape, [25.4, 0.0, 2.1], [29.4, 3.0, 2.1], 0.9);
    shape.bevelled(Tone::Concrete, [25.2, 0.05, 2.1], [1.0, 0.16, 1.2], 0.03);
    valve_deck(&mut shape);
    shape
}

/// Small deck in front of FV-101, one step above the lower drum deck.
fn valve_deck(shape: &mut Shape) {
    platform(shape, 3.9, (28.4, -5.3), (31.6, -3.6));
    railing(shape, &[[31.6, 3.9, -3.6], [31.6, 3.9, -5.3], [28.4, 3.9, -5.3], [28.4, 3.9, -3.6]]);
    for (x, z) in [(28.5, -5.2), (31.5, -5.2), (28.5, -3.7), (31.5, -3.7)] {
        shape.bevelled(Tone::Concrete, [x, 0.06, z], [0.5, 0.2, 0.5], 0.02);
        shape.girder(Tone::Steel, [x, 0.16, z], [x, 3.7, z], 0.16, 0.16);
    }
    for x in [28.5, 31.5] {
        shape.bar(Tone::Steel, [x, 0.4, -5.2], [x, 3.5, -3.7], 0.06, 0.06);
    }
    ladder(shape, [28.28, 0.0, -4.4], 3.9, WEST);
}

/// The main pipe rack: a bent every 6 m from x = -12 to 90, decks at 4.5 and 6.0.
pub fn pipe_rack(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let bents: Vec<f64> = (0..18).map(|i| -12.0 + 6.0 * f64::from(i)).collect();
    for &x in &bents {
        bent(&mut shape, [x, 0.0, -10.0], Z, 4.0, &[4.5, 6.0]);
    }
    for (i, pair) in bents.windows(2).enumerate().filter(|(i, _)| i % 3 == 1) {
        let (a, b) = (pair[0], pair[1]);
        let y = if i % 2 == 1 { 4.3 } else { 5.8 };
        shape.bar(Tone::Steel, [a, y, -11.9], [b, y, -8.1], 0.07, 0.07);
        shape.bar(Tone::Steel, [b, y, -11.9], [a, y, -8.1], 0.07, 0.07);
    }
    for &x in &bents {
        for (z, side) in [(-12.0, 1.0), (-8.0, -1.0)] {
            for y in [4.24, 5.74] {
                shape.bar(Tone::Steel, [x, y - 0.55, z], [x, y - 0.05, z + side * 0.5], 0.08, 0.08);
            }
        }
    }
    for z in [-12.0, -8.0] {
        for y in [4.37, 5.87] {
            shape.girder(Tone::Steel, [-12.0, y, z], [90.0, y, z], 0.14, 0.2);
        }
        for pair in bents.chunks(2).step_by(2) {
            if let [a, b] = pair {
                shape.bar(Tone::Steel, [*a, 0.4, z], [*b, 4.2, z], 0.08, 0.08);
                shape.bar(Tone::Steel, [*b, 0.4, z], [*a, 4.2, z], 0.08, 0.08);
            }
        }
    }
    shape
}
