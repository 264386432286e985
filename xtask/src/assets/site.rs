//! Ground, roads, bunds, buildings, lamps and fence around the unit.

use serde_json::json;

use super::instruments::name_plate;
use super::mesh::{Detail, Shape, Tone};
use super::scene::{Node, NodeId, Scene};
use super::steel;
use super::vec3::{NORTH, V3, WEST, X, Y, Z, ahead, cross, unit};

/// Adds site, structure and buildings below `site`.
pub fn add_surroundings(scene: &mut Scene, site: NodeId) {
    let detail = scene.detail();
    unit_area(scene, site);
    let ground = scene.node(Some(site), Node::named("Ground"));
    scene.scenery(ground, "Terrain", terrain(detail));
    scene.scenery(ground, "Bunds", bunds(detail));
    scene.scenery(ground, "Fence", fence(detail));
    let structure = scene.node(Some(site), Node::named("Structure"));
    scene.scenery(structure, "Pipe rack", steel::pipe_rack(detail));
    scene.scenery(structure, "Drum structure", steel::drum_structure(detail));
    scene.scenery(structure, "Cooling water bridge", water_bridge(detail));
    scene.scenery(structure, "Air shelter", shelter(detail));
    scene.scenery(structure, "Switch room", switch_room(detail));
    scene.scenery(site, "Lamps", lamps(detail));
}

/// The paved area of the unit itself: selecting it selects the unit.
fn unit_area(scene: &mut Scene, site: NodeId) {
    let detail = scene.detail();
    let mut shape = Shape::new(detail);
    for (low, high) in PAVED {
        pave(&mut shape, low, high);
        kerb(&mut shape, low, high);
    }
    drains(&mut shape);
    let mesh = scene.mesh("UNIT-100", shape);
    let node = Node { mesh, ..Node::named("UNIT-100") }.with("twin_thing", json!("unit100:unit-100"));
    let area = scene.node(Some(site), node);
    scene.anchor(area, "badge", [-14.0, 5.2, 14.0]);
}

/// Paved rectangles as (x, z) corners: process, utilities.
const PAVED: [((f64, f64), (f64, f64)); 2] = [((-30.0, -13.5), (46.0, 17.0)), ((-15.0, -43.0), (23.5, -20.0))];

/// Concrete bays of about 7.6 m with open joints, which give the eye a measure.
fn pave(shape: &mut Shape, low: (f64, f64), high: (f64, f64)) {
    const BAY: f64 = 7.6;
    const JOINT: f64 = 0.04;
    let count = |span: f64| (span / BAY).round().max(1.0);
    let (columns, rows) = (count(high.0 - low.0), count(high.1 - low.1));
    let (width, depth) = ((high.0 - low.0) / columns, (high.1 - low.1) / rows);
    for row in 0..(rows as usize) {
        for column in 0..(columns as usize) {
            let (x, z) = (low.0 + width * column as f64, low.1 + depth * row as f64);
            let cell = shape.pick(1.27, 0.585);
            shape.paving(Tone::Concrete, [x, -0.3, z], [x + width - JOINT, 0.0, z + depth - JOINT], cell);
        }
    }
}

/// Drain channel with its grating across the process area, and manhole covers.
fn drains(shape: &mut Shape) {
    let (z, from, to) = (9.38, -8.0, 45.0);
    shape.slab(Tone::Dark, [from, -0.05, z - 0.11], [to, 0.004, z + 0.11]);
    for side in [-0.12, 0.12] {
        shape.bar(Tone::Steel, [from, 0.004, z + side], [to, 0.004, z + side], 0.03, 0.016);
    }
    for i in 0..shape.pick(0, 265) {
        let x = from + 0.2 * f64::from(i);
        shape.bar(Tone::Steel, [x, 0.003, z - 0.11], [x, 0.003, z + 0.11], 0.05, 0.012);
    }
    for (x, z) in [(-3.0, 12.6), (21.0, 12.6), (5.0, -4.5), (-1.5, -30.0), (20.5, -24.0)] {
        shape.revolve(Tone::Steel, [x, 0.0, z], Y, &[(0.0, 0.42), (0.012, 0.42), (0.012, 0.34), (0.006, 0.335), (0.006, 0.0)]);
    }
}

fn kerb(shape: &mut Shape, low: (f64, f64), high: (f64, f64)) {
    let (w, h) = (0.18, 0.12);
    shape.slab(Tone::Concrete, [low.0, 0.0, low.1], [high.0, h, low.1 + w]);
    shape.slab(Tone::Concrete, [low.0, 0.0, high.1 - w], [high.0, h, high.1]);
    shape.slab(Tone::Concrete, [low.0, 0.0, low.1 + w], [low.0 + w, h, high.1 - w]);
    shape.slab(Tone::Concrete, [high.0 - w, 0.0, low.1 + w], [high.0, h, high.1 - w]);
}

fn terrain(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let cell = shape.pick(7.0, 3.0);
    shape.paving(Tone::Ground, [-46.0, -0.5, -52.0], [112.0, -0.1, 34.0], cell);
    // Roads: along the south side and north between the two halves of the site.
    for (low, high) in [((-46.0, 20.5), (112.0, 26.5)), ((54.0, -52.0), (60.0, 20.5))] {
        // Three cells wide, so that no corner of a cell lies under the markings in the middle.
        shape.paving(Tone::Asphalt, [low.0, -0.3, low.1], [high.0, -0.03, high.1], 2.0);
    }
    for (low, high) in [((-46.0, 20.2), (53.7, 20.5)), ((60.3, 20.2), (112.0, 20.5)), ((-46.0, 26.5), (112.0, 26.8))] {
        shape.slab(Tone::Concrete, [low.0, -0.3, low.1], [high.0, 0.06, high.1]);
    }
    for x in [53.7, 60.0] {
        shape.slab(Tone::Concrete, [x, -0.3, -52.0], [x + 0.3, 0.06, 20.5]);
    }
    for i in 0..26 {
        let x = -44.0 + 6.0 * f64::from(i);
        shape.slab(Tone::Concrete, [x, -0.2, 23.42], [x + 3.0, -0.02, 23.58]);
    }
    for i in 0..12 {
        let z = -51.0 + 6.0 * f64::from(i);
        shape.slab(Tone::Concrete, [56.92, -0.2, z], [57.08, -0.02, z + 3.0]);
    }
    let near = shape.pick(1.75, 0.8);
    for (x, z) in [(53.2, -13.2), (53.2, -6.8), (60.8, -13.2), (60.8, -6.8), (53.2, -10.0), (60.8, -10.0)] {
        shape.drum(Tone::AccentRail, [x, -0.2, z], [x, 1.0, z], 0.09, 0.03);
    }
    // Strip under the rack where it leaves the paved area.
    shape.paving(Tone::Concrete, [46.0, -0.3, -13.5], [53.7, -0.05, -6.5], near);
    shape.paving(Tone::Concrete, [60.3, -0.3, -13.5], [92.0, -0.05, -6.5], near);
    shape.paving(Tone::Concrete, [14.5, -0.3, -20.0], [21.0, -0.02, -13.5], near);
    shape.paving(Tone::Concrete, [-9.6, -0.3, -20.0], [-6.0, -0.02, -13.5], near);
    shape
}

fn bunds(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    for (low, high, floor) in [((-29.0, -7.0), (-15.0, 7.0), 0.03), ((78.0, -6.0), (98.0, 14.0), 0.03)] {
        let (w, h): (f64, f64) = (0.25, 1.0);
        let cell = shape.pick(1.0, 0.5);
        shape.paving(Tone::Concrete, [low.0, -0.3, low.1], [high.0, floor, high.1], cell);
        for (a, b) in [
            ([low.0, low.1], [high.0, low.1 + w]),
            ([low.0, high.1 - w], [high.0, high.1]),
            ([low.0, low.1 + w], [low.0 + w, high.1 - w]),
            ([high.0 - w, low.1 + w], [high.0, high.1 - w]),
        ] {
            let centre = [(a[0] + b[0]) / 2.0, (h + floor) / 2.0, (a[1] + b[1]) / 2.0];
            shape.bevelled(Tone::Concrete, centre, [b[0] - a[0], h - floor, b[1] - a[1]], 0.025);
        }
        let middle = (low.0 + high.0) / 2.0;
        for side in [-1.0, 1.0] {
            for i in 0..4 {
                let rise = 0.25 * f64::from(i + 1);
                let z = high.1 - w / 2.0 + side * (1.3 - 0.3 * f64::from(i));
                shape.slab(Tone::Concrete, [middle - 0.5, 0.0, z - 0.16], [middle + 0.5, rise, z + 0.16]);
            }
        }
    }
    shape
}

/// Frames that carry the two cooling-water mains between tower and rack.
fn water_bridge(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    for z in [-30.2, -25.0, -20.0, -15.2] {
        steel::bent(&mut shape, [18.1, 0.0, z], X, 2.6, &[5.2]);
    }
    shape
}

/// Open shelter of the air plant: roof, north wall, frames.
fn shelter(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let (west, east, north, south) = (-13.5, -3.5, -26.5, -21.5);
    let roof = |z: f64| 3.9 + 0.6 * (z - north) / (south - north);
    shape.bevelled(Tone::Concrete, [-8.5, -0.02, -24.0], [10.6, 0.14, 5.6], 0.03);
    for x in [west + 0.1, -8.5, east - 0.1] {
        for z in [north + 0.1, south - 0.1] {
            shape.girder(Tone::Steel, [x, 0.05, z], [x, roof(z) - 0.1, z], 0.16, 0.16);
        }
        shape.girder(Tone::Steel, [x, roof(north) - 0.16, north], [x, roof(south) - 0.16, south], 0.14, 0.2);
    }
    for z in [north + 0.1, -24.0, south - 0.1] {
        shape.bar(Tone::Steel, [west, roof(z) - 0.06, z], [east, roof(z) - 0.06, z], 0.08, 0.1);
    }
    let slope = unit([0.0, roof(south) - roof(north), south - north]);
    let normal = [0.0, slope[2], -slope[1]];
    let centre = [-8.5, roof(-24.0) + 0.04, -24.0];
    shape.oriented_block(Tone::Insulation, centre, [X, normal, slope], [5.3, 0.03, 2.8], 0.0);
    for i in 0..=20 {
        let rib = ahead(ahead(centre, X, -5.2 + 0.52 * f64::from(i)), normal, 0.04);
        shape.oriented_block(Tone::Insulation, rib, [X, normal, slope], [0.04, 0.02, 2.8], 0.0);
    }
    shape.slab(Tone::Insulation, [west, 0.4, north - 0.03], [east, 3.6, north + 0.02]);
    for i in 0..=20 {
        let x = west + 0.5 * f64::from(i);
        shape.slab(Tone::Insulation, [x - 0.04, 0.4, north - 0.06], [x + 0.04, 3.6, north - 0.03]);
    }
    shape
}

/// Switch room with doors, coolers and the local panel at its east end.
fn switch_room(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let centre = [-14.0, 0.0, 14.0];
    shape.bevelled(Tone::Concrete, [centre[0], 0.15, centre[2]], [8.5, 0.5, 4.5], 0.04);
    shape.bevelled(Tone::Insulation, [centre[0], 2.0, centre[2]], [8.0, 3.3, 4.0], 0.03);
    shape.bevelled(Tone::EquipmentDark, [centre[0], 3.72, centre[2]], [8.4, 0.16, 4.4], 0.03);
    for i in 1..8 {
        let x = centre[0] - 4.0 + f64::from(i);
        for z in [12.0, 16.0] {
            shape.block(Tone::Equipment, [x, 2.0, z], [0.03, 3.2, 0.03]);
        }
    }
    // Doors to the north and the east, with a landing and steps.
    shape.block(Tone::EquipmentDark, [-15.5, 1.5, 11.99], [1.9, 2.2, 0.05]);
    shape.block(Tone::Equipment, [-15.5, 1.5, 11.97], [0.02, 2.2, 0.05]);
    shape.block(Tone::EquipmentDark, [-9.99, 1.5, 14.0], [0.05, 2.2, 1.0]);
    shape.bevelled(Tone::Concrete, [-15.5, 0.2, 11.4], [2.2, 0.4, 0.9], 0.03);
    shape.bevelled(Tone::Concrete, [-15.5, 0.1, 10.8], [2.2, 0.2, 0.4], 0.03);
    for x in [-12.6, -11.2] {
        shape.bevelled(Tone::Equipment, [x, 2.5, 11.75], [0.9, 0.7, 0.4], 0.03);
        shape.revolve_with(Tone::EquipmentDark, [x, 2.5, 11.55], [0.0, 0.0, -1.0], &[(0.0, 0.27), (0.02, 0.25), (0.02, 0.0)], 24);
    }
    for x in [-16.0, -12.0] {
        shape.bevelled(Tone::Equipment, [x, 4.05, 14.2], [1.2, 0.5, 0.9], 0.04);
    }
    south_wall(&mut shape);
    local_panel(&mut shape);
    shape
}

/// What hangs on the wall towards the road: louvres, cable ladder, rain pipes, lamp, a sign, and the rails of the landing.
fn south_wall(shape: &mut Shape) {
    let z = 16.0;
    for x in [-17.0, -11.2] {
        shape.block(Tone::Dark, [x, 2.7, z], [1.1, 0.7, 0.04]);
        for i in 0..shape.pick(4, 8) {
            let y = 2.4 + 0.6 * f64::from(i) / f64::from(shape.pick(4, 8));
            let blade = unit([0.0, -0.5, 0.8]);
            shape.oriented_block(Tone::Equipment, [x, y, z + 0.03], [X, blade, cross(X, blade)], [0.55, 0.05, 0.004], 0.0);
        }
    }
    for x in [-18.05, -9.95] {
        shape.cylinder(Tone::Pipe, [x, 0.4, z + 0.04], [x, 3.65, z + 0.04], 0.045);
    }
    for x in [-14.45, -13.95] {
        shape.bar(Tone::Machined, [x, 0.0, z + 0.08], [x, 3.5, z + 0.08], 0.02, 0.08);
    }
    for i in 0..shape.pick(0, 11) {
        let y = 0.2 + 0.32 * f64::from(i);
        shape.bar(Tone::Machined, [-14.45, y, z + 0.08], [-13.95, y, z + 0.08], 0.02, 0.02);
    }
    for i in 0..5 {
        let x = -14.38 + 0.09 * f64::from(i);
        shape.bar(Tone::Dark, [x, 0.0, z + 0.12], [x, 3.3, z + 0.12], 0.035, 0.035);
    }
    shape.bevelled(Tone::EquipmentDark, [-14.2, 3.4, z + 0.08], [0.8, 0.3, 0.2], 0.02);
    shape.bevelled(Tone::Plate, [-12.6, 3.2, z + 0.06], [0.3, 0.14, 0.12], 0.02);
    name_plate(shape, [-15.6, 2.4, z + 0.02], Z, (1.0, 0.45));
    let rail = |x: f64| [x, 0.4, 11.75];
    steel::railing(shape, &[[-16.55, 0.4, 11.9], rail(-16.55), [-16.55, 0.4, 11.0]]);
    steel::railing(shape, &[[-14.45, 0.4, 11.9], rail(-14.45), [-14.45, 0.4, 11.0]]);
    shape.bevelled(Tone::Concrete, [-9.4, 0.2, 14.0], [0.7, 0.4, 1.3], 0.03);
    shape.bar(Tone::AccentRail, [-9.95, 1.5, 14.35], [-9.95, 1.7, 14.35], 0.03, 0.05);
}

/// Operator's panel under a small roof north of the switch room.
fn local_panel(shape: &mut Shape) {
    let at = [-12.0, 0.0, 9.6];
    for x in [at[0] - 0.8, at[0] + 0.8] {
        shape.bar(Tone::Steel, [x, 0.0, at[2]], [x, 2.3, at[2]], 0.08, 0.08);
    }
    shape.bevelled(Tone::Equipment, [at[0], 1.35, at[2]], [1.5, 0.95, 0.25], 0.02);
    shape.bevelled(Tone::EquipmentDark, [at[0] - 0.3, 1.5, at[2] - 0.12], [0.6, 0.4, 0.03], 0.01);
    for i in 0..4 {
        let x = at[0] + 0.2 + 0.14 * f64::from(i);
        shape.drum(Tone::EquipmentDark, [x, 1.5, at[2] - 0.12], [x, 1.5, at[2] - 0.16], 0.03, 0.005);
    }
    shape.oriented_block(Tone::Steel, [at[0], 2.32, at[2] - 0.1], [X, Y, Z], [1.05, 0.03, 0.5], 0.0);
}

/// Street lamps along the edges of the paved areas; each arm points at what it lights.
fn lamps(detail: Detail) -> Shape {
    let places = [
        (-31.0, -13.0, X),
        (-31.0, 17.0, X),
        (-4.0, 18.0, NORTH),
        (22.0, 18.0, NORTH),
        (47.0, 16.0, WEST),
        (47.0, -14.5, WEST),
        (24.5, -30.0, WEST),
        (0.0, -44.0, Z),
        (-16.0, -21.0, X),
        (76.0, 15.5, NORTH),
        (100.0, 15.5, NORTH),
    ];
    let mut shape = Shape::new(detail);
    for (x, z, arm) in places {
        let at = [x, 0.0, z];
        shape.bevelled(Tone::Concrete, at, [0.5, 0.4, 0.5], 0.03);
        shape.revolve(Tone::AccentRail, at, Y, &[(0.1, 0.09), (7.0, 0.05)]);
        let top = ahead(at, Y, 7.4);
        shape.bent(Tone::AccentRail, &[ahead(at, Y, 6.9), top, ahead(ahead(top, arm, 1.3), Y, 0.1)], 0.04, 0.4);
        let head = ahead(ahead(top, arm, 1.45), Y, 0.1);
        shape.oriented_block(Tone::EquipmentDark, head, [arm, Y, cross(arm, Y)], [0.35, 0.05, 0.13], 0.02);
    }
    shape
}

/// Fence around the site, open where the roads leave it.
fn fence(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let (west, east, north, south) = (-45.0, 111.0, -51.0, 33.0);
    let runs: [(V3, V3); 6] = [
        ([west, -0.1, 19.0], [west, -0.1, north]),
        ([west, -0.1, north], [52.5, -0.1, north]),
        ([61.5, -0.1, north], [east, -0.1, north]),
        ([east, -0.1, north], [east, -0.1, 19.0]),
        ([west, -0.1, 28.0], [west, -0.1, south]),
        ([east, -0.1, 28.0], [east, -0.1, south]),
    ];
    for (a, b) in runs {
        fence_run(&mut shape, a, b);
    }
    fence_run(&mut shape, [west, -0.1, south], [east, -0.1, south]);
    shape
}

fn fence_run(shape: &mut Shape, a: V3, b: V3) {
    let span = [b[0] - a[0], 0.0, b[2] - a[2]];
    let bays = (span[0].hypot(span[2]) / 3.0).round().max(1.0);
    for i in 0..=(bays as usize) {
        let share = i as f64 / bays;
        let foot = [a[0] + span[0] * share, a[1], a[2] + span[2] * share];
        shape.bar(Tone::AccentRail, foot, ahead(foot, Y, 2.1), 0.06, 0.06);
    }
    for height in [0.2, 0.8, 1.4, 2.0] {
        shape.bar(Tone::AccentRail, ahead(a, Y, height), ahead(b, Y, height), 0.025, 0.025);
    }
}
