use std::collections::BTreeSet;

use super::glb::Meaning;
use super::{unit100, unit100_glb};

const THINGS: &str = "tk-101 str-101a str-101b p-101a p-101b p-101 e-101 fv-101 tv-101 v-101 pv-103a pv-103b psv-103 \
    v-102 p-102 lv-101 fl-102 tk-102 ct-201 p-201 lv-201 weather p-201a p-201b k-301 v-301 d-301 xv-303 unit-100 \
    gw-100 gw-200";

#[test]
fn every_thing_of_the_unit_has_one_node_and_one_badge() {
    let scene = unit100();
    let bound: Vec<String> = scene
        .nodes()
        .filter_map(|node| match &node.meaning {
            Meaning::Thing(id) => Some(id.clone()),
            _ => None,
        })
        .collect();
    let unique: BTreeSet<String> = bound.iter().cloned().collect();
    let expected: BTreeSet<String> = THINGS.split_whitespace().map(|id| format!("unit100:{id}")).collect();
    assert_eq!(unique, expected);
    assert_eq!(bound.len(), unique.len());
    let badges = scene.nodes().filter(|node| matches!(node.meaning, Meaning::Anchor("badge"))).count();
    assert_eq!(badges, bound.len());
}

#[test]
fn node_names_are_unique() {
    let scene = unit100();
    let mut seen = BTreeSet::new();
    for node in scene.nodes() {
        assert!(seen.insert(node.name.clone()), "{} appears twice", node.name);
    }
}

#[test]
fn every_surface_is_well_formed() {
    for surface in unit100().surfaces() {
        assert_eq!(surface.positions.len(), surface.normals.len());
        assert_eq!(surface.indices.len() % 3, 0);
        assert!(surface.indices.iter().all(|&i| (i as usize) < surface.positions.len()));
        assert!(surface.positions.iter().flatten().all(|c| c.is_finite()));
        for normal in &surface.normals {
            let length = normal.iter().map(|c| c * c).sum::<f32>().sqrt();
            assert!((length - 1.0).abs() < 1e-3, "normal of length {length}");
        }
    }
}

#[test]
fn the_file_in_the_repository_is_the_generated_one() {
    let stored = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/unit100/unit100.glb")).unwrap();
    assert!(stored == unit100_glb().unwrap(), "run `cargo xtask assets`");
    assert!(stored.len() < 3 << 20);
}
