use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::mesh::{Detail, Tone};
use super::occlusion::triangles;
use super::scene::{Node, Scene};
use super::vec3::{between, dot, length, sub};
use super::{FILES, model, unit100};

const THINGS: &str = "tk-101 str-101a str-101b p-101a p-101b p-101 e-101 fv-101 tv-101 v-101 pv-103a pv-103b psv-103 \
    v-102 p-102 lv-101 fl-102 tk-102 ct-201 p-201 lv-201 weather p-201a p-201b k-301 v-301 d-301 xv-303 unit-100 \
    gw-100 gw-200";
const PUMPS: [&str; 5] = ["P-101A", "P-101B", "P-102", "P-201A", "P-201B"];
/// The parts of a pump in the order they lie along its shaft when it is taken apart, and whether they are inside.
const PUMP_PARTS: [(&str, bool); 9] = [
    ("casing", false),
    ("impeller", true),
    ("seal", true),
    ("bearing_nde", true),
    ("shaft", false),
    ("bearing_de", true),
    ("bearing_housing", false),
    ("coupling", false),
    ("motor", false),
];
/// Tank or drum, elevation of 0 %, height of 100 % above it, m: the spans of the level transmitters.
const LEVELS: [(&str, f64, f64); 4] = [("TK-101", 0.4, 6.0), ("V-101", 3.8, 2.0), ("TK-102", 0.3, 8.5), ("CT-201", 0.28, 1.2)];

fn both() -> [Scene; 2] {
    [unit100(Detail::Standard), unit100(Detail::Economy)]
}

fn text<'a>(node: &'a Node, extra: &str) -> Option<&'a str> {
    node.extras.get(extra).and_then(Value::as_str)
}

fn vector(value: &Value) -> [f64; 3] {
    let items = value.as_array().unwrap();
    std::array::from_fn(|k| items[k].as_f64().unwrap())
}

fn node<'a>(scene: &'a Scene, name: &str) -> &'a Node {
    scene.nodes().map(|(node, _)| node).find(|node| node.name == name).unwrap_or_else(|| panic!("no node {name}"))
}

fn stored(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../assets/unit100/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn every_thing_of_the_unit_has_one_node_and_one_badge() {
    for scene in both() {
        let bound: Vec<&str> = scene.nodes().filter_map(|(node, _)| text(node, "twin_thing")).collect();
        let unique: BTreeSet<String> = bound.iter().map(|id| (*id).to_owned()).collect();
        let expected: BTreeSet<String> = THINGS.split_whitespace().map(|id| format!("unit100:{id}")).collect();
        assert_eq!(unique, expected);
        assert_eq!(bound.len(), unique.len());
        let badges = scene.nodes().filter(|(node, _)| text(node, "twin_anchor") == Some("badge")).count();
        assert_eq!(badges, bound.len());
    }
}

#[test]
fn both_files_have_the_same_nodes_with_the_same_meaning_in_the_same_places() {
    let [standard, economy] = both();
    let all = |scene: &Scene| -> BTreeMap<String, Node> { scene.nodes().map(|(node, _)| (node.name.clone(), node.clone())).collect() };
    let (fine, coarse) = (all(&standard), all(&economy));
    assert_eq!(fine.len(), standard.nodes().count(), "node names are unique");
    assert!(fine.keys().eq(coarse.keys()));
    for (name, node) in &fine {
        let other = &coarse[name];
        assert_eq!((&node.extras, node.quarter_turns), (&other.extras, other.quarter_turns), "{name}");
        let apart = (0..3).map(|k| (node.at[k] - other.at[k]).abs()).fold(0.0, f64::max);
        assert!(apart < 0.05, "{name} is {apart} m away in the lighter file");
    }
}

#[test]
fn every_surface_is_well_formed() {
    for scene in both() {
        for (name, shape) in scene.meshes() {
            for (_, surface) in shape.surfaces() {
                assert_eq!(surface.positions.len(), surface.normals.len());
                assert_eq!(surface.indices.len() % 3, 0);
                assert!(surface.indices.iter().all(|&i| (i as usize) < surface.positions.len()));
                assert!(surface.positions.iter().flatten().all(|c| c.is_finite()));
                for normal in &surface.normals {
                    let length = normal.iter().map(|c| c * c).sum::<f32>().sqrt();
                    assert!((length - 1.0).abs() < 1e-3, "{name}: normal of length {length}");
                }
            }
        }
    }
}

/// Triangles drawn, counted as often as a mesh is shown.
fn placed(scene: &Scene) -> usize {
    scene.placed_triangles().len() + inside(scene)
}

fn inside(scene: &Scene) -> usize {
    let triangles = |mesh: usize| scene.mesh_surfaces(mesh).map(|surface| surface.indices.len() / 3).sum::<usize>();
    scene.placements().iter().filter(|(.., is_inside)| *is_inside).map(|(mesh, places, _)| triangles(*mesh) * places.len()).sum()
}

#[test]
fn the_models_keep_to_their_budgets() {
    let [standard, economy] = both();
    let (fine, coarse) = (placed(&standard), placed(&economy));
    assert!((250_000..=400_000).contains(&fine), "{fine} triangles");
    assert!(coarse <= 120_000, "{coarse} triangles");
    assert!(coarse - inside(&economy) <= 100_000, "{} triangles to draw", coarse - inside(&economy));
    assert!(Tone::ALL.len() <= 12);
    let bytes: usize = FILES.iter().map(|(name, _)| stored(name).len()).sum();
    assert!(bytes <= 15_000_000, "{bytes} bytes");
}

#[test]
fn equal_machines_share_their_meshes() {
    let scene = unit100(Detail::Standard);
    for (a, b) in [("P-101A", "P-101B"), ("P-201A", "P-201B"), ("FV-101", "LV-101"), ("PV-103A", "PV-103B"), ("STR-101A", "STR-101B")] {
        let parts = |tag: &str| -> Vec<_> {
            let prefix = format!("{tag}.");
            scene.nodes().filter(|(node, _)| node.name.starts_with(&prefix)).filter_map(|(node, _)| node.mesh.map(|mesh| mesh.0)).collect()
        };
        assert!(!parts(a).is_empty() && parts(a) == parts(b), "{a} and {b}");
    }
}

#[test]
fn every_pump_comes_apart_along_its_shaft_in_the_order_of_assembly() {
    let scene = unit100(Detail::Standard);
    for pump in PUMPS {
        for part in ["base", "guard"] {
            assert!(node(&scene, &format!("{pump}.{part}")).mesh.is_some());
        }
        let mut last = f64::MIN;
        for (part, is_inside) in PUMP_PARTS {
            let node = node(&scene, &format!("{pump}.{part}"));
            assert_eq!(text(node, "twin_part"), Some(part));
            assert_eq!(node.extras.contains_key("twin_inside"), is_inside, "{pump}.{part}");
            let away = vector(&node.extras["twin_explode"]);
            assert_eq!((away[1], away[2]), (0.0, 0.0), "{pump}.{part} stays on the shaft");
            let mesh = scene.meshes().nth(node.mesh.unwrap().0).unwrap().1;
            let xs = || mesh.surfaces().flat_map(|(_, s)| &s.positions).map(|p| f64::from(p[0]));
            let middle = (xs().fold(f64::MAX, f64::min) + xs().fold(f64::MIN, f64::max)) / 2.0 + node.at[0] + away[0];
            assert!(middle > last + 0.02, "{pump}.{part} at {middle}, the part before it at {last}");
            last = middle;
        }
        for part in ["impeller", "shaft", "coupling"] {
            assert_eq!(vector(&node(&scene, &format!("{pump}.{part}")).extras["twin_spin"]), [1.0, 0.0, 0.0]);
        }
    }
}

#[test]
fn other_machines_have_the_parts_that_are_spoken_of() {
    let scene = unit100(Detail::Economy);
    let parts = [
        ("E-101", "shell channel bundle"),
        ("FV-101", "body actuator stem plug"),
        ("LV-201", "body actuator stem plug"),
        ("TV-101", "body actuator stem disc"),
        ("TK-101", "shell roof"),
        ("CT-201", "fan fill gearbox motor"),
        ("K-301", "airend motor"),
        ("STR-101B", "basket"),
    ];
    for (thing, names) in parts {
        for part in names.split(' ') {
            assert!(node(&scene, &format!("{thing}.{part}")).mesh.is_some(), "{thing}.{part}");
        }
    }
    for valve in ["FV-101", "TV-101", "LV-101", "PV-103A", "PV-103B", "LV-201", "XV-303"] {
        let travel = vector(&node(&scene, &format!("{valve}.stem")).extras["twin_travel"]);
        assert!(travel[1] > 0.01 && travel[1] < 0.1, "{valve} travels {travel:?}");
    }
}

#[test]
fn level_gauges_span_what_the_transmitters_span() {
    let scene = unit100(Detail::Standard);
    for (tag, zero, height) in LEVELS {
        let (thing, anchor) = (node(&scene, tag), node(&scene, &format!("{tag}.level")));
        assert!((thing.at[1] + anchor.at[1] - zero).abs() < 1e-9, "{tag}");
        assert_eq!(anchor.extras["twin_height_m"].as_f64(), Some(height), "{tag}");
        assert!(anchor.extras["twin_width_m"].as_f64().unwrap() > 0.05, "{tag}");
        // The board is looked at from the home view, which stands in the south.
        assert!(anchor.at[2] > 0.0, "{tag}");
    }
}

/// Distance of a point from the way between two others, m.
fn distance(at: [f64; 3], a: [f64; 3], b: [f64; 3]) -> f64 {
    let along = sub(b, a);
    let share = (dot(sub(at, a), along) / dot(along, along).max(1e-12)).clamp(0.0, 1.0);
    length(sub(at, between(a, b, share)))
}

#[test]
fn flow_lines_begin_and_end_where_something_is() {
    let scene = unit100(Detail::Economy);
    let mut bodies: BTreeMap<String, Vec<[[f64; 3]; 3]>> = BTreeMap::new();
    scene.walk(&mut |node, place| {
        for surface in node.mesh.into_iter().flat_map(|mesh| scene.mesh_surfaces(mesh.0)) {
            let all = triangles(surface, &place).into_iter().map(|corners| corners.map(|at| at.map(f64::from)));
            bodies.entry(node.name.clone()).or_default().extend(all);
        }
    });
    let near = |at: [f64; 3], owner: &str, within: f64| {
        let close = |t: &[[f64; 3]; 3]| (0..3).any(|k| distance(at, t[k], t[(k + 1) % 3]) < within);
        bodies.iter().filter(|(name, _)| *name != owner).any(|(_, body)| body.iter().any(close))
    };
    let lines: Vec<&Node> = scene.nodes().map(|(node, _)| node).filter(|node| node.extras.contains_key("twin_flow")).collect();
    assert!(lines.len() > 20);
    for line in lines {
        let radius = line.extras["twin_radius_m"].as_f64().unwrap();
        assert!((0.01..0.25).contains(&radius), "{}", line.name);
        let runs = line.extras["twin_flow"].as_array().unwrap();
        assert!(!runs.is_empty());
        let on_run = |at: [f64; 3], run: &Value| {
            let points: Vec<[f64; 3]> = run.as_array().unwrap().iter().map(vector).collect();
            points.windows(2).any(|pair| distance(at, pair[0], pair[1]) < 0.3)
        };
        for (number, run) in runs.iter().enumerate() {
            let run = run.as_array().unwrap();
            assert!(run.len() >= 2, "{}", line.name);
            for end in [&run[0], &run[run.len() - 1]].map(vector) {
                // West and east of the unit the lines go on to their neighbours.
                let leaves = end[0] < -30.0 || end[0] > 88.0;
                let joins = runs.iter().enumerate().any(|(other, run)| other != number && on_run(end, run));
                assert!(leaves || joins || near(end, &line.name, 0.6), "{} ends in the air at {end:?}", line.name);
            }
        }
    }
}

#[test]
fn every_primitive_carries_baked_shading_with_light_and_shade() {
    for (name, _) in FILES {
        let bytes = stored(name);
        let length = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
        let json: Value = serde_json::from_slice(&bytes[20..20 + length]).unwrap();
        let binary = &bytes[28 + length..];
        let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        let (mut dark, mut bright, mut all) = (0_usize, 0_usize, 0_usize);
        for primitive in json["meshes"].as_array().unwrap().iter().flat_map(|mesh| mesh["primitives"].as_array().unwrap()) {
            let accessor = &json["accessors"][number(&primitive["attributes"]["COLOR_0"])];
            let positions = &json["accessors"][number(&primitive["attributes"]["POSITION"])];
            assert_eq!(accessor["count"], positions["count"]);
            let start = number(&json["bufferViews"][number(&accessor["bufferView"])]["byteOffset"]);
            for colour in binary[start..start + 4 * number(&accessor["count"])].chunks_exact(4) {
                assert!(colour[0] == colour[1] && colour[1] == colour[2] && colour[3] == 255, "a grey without transparency");
                all += 1;
                dark += usize::from(colour[0] < 110);
                bright += usize::from(colour[0] > 200);
            }
        }
        assert!(dark * 20 > all && bright * 5 > all, "{name}: {dark} dark and {bright} bright of {all} vertices");
    }
}

#[test]
fn the_files_in_the_repository_are_the_generated_ones() {
    for (name, detail) in FILES {
        assert!(stored(name) == model(detail).unwrap(), "{name}: run `cargo xtask assets`");
    }
}
