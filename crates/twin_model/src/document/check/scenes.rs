//! Binding of things to the nodes of the scenes.

use super::Check;
use crate::document::json::escape;
use crate::document::{SceneDocument, SceneIndex};
use std::collections::{BTreeMap, BTreeSet};

/// Height difference between model and scene that is worth telling, m.
const ELEVATION_TOLERANCE_M: f64 = 0.2;

pub(super) fn check(check: &mut Check<'_>) {
    let twin = check.twin;
    let mut bound = BTreeSet::new();
    let mut complete = !twin.scenes.is_empty();
    for (number, (scene, index)) in twin.document.scenes.iter().zip(&twin.scenes).enumerate() {
        complete &= !index.nodes.is_empty();
        if !index.nodes.is_empty() {
            bind(check, number, scene, index, &mut bound);
        }
    }
    if !complete {
        // A scene that could not be read is told; that nothing is bound to it is not worth a second word.
        return;
    }
    for (at, thing) in check.things() {
        if thing.in_scene && !bound.contains(&thing.id) {
            let message = format!("the thing {} is bound to no node of a scene", thing.id);
            check.error(&at, message, "Give a node the extra twin_thing, name it in \"bindings\", or write \"in_scene\": false.");
        }
    }
}

/// The id of the thing a `twin_thing` extra names: a whole id, or the name part of one.
fn thing_id(check: &Check<'_>, name: &str) -> Option<String> {
    let whole = format!("{}:{name}", check.document().namespace);
    check.document().things.iter().map(|thing| &thing.id).find(|id| **id == name || **id == whole).cloned()
}

fn bind(check: &mut Check<'_>, number: usize, scene: &SceneDocument, index: &SceneIndex, bound: &mut BTreeSet<String>) {
    let mut nodes: BTreeMap<String, usize> = BTreeMap::new();
    for (node, found) in index.nodes.iter().enumerate() {
        let Some(name) = &found.twin_thing else { continue };
        let at = format!("/nodes/{node}/extras/twin_thing");
        match thing_id(check, name) {
            Some(id) => {
                if let Some(first) = nodes.get(&id) {
                    let message = format!("{id} is bound to two nodes: {} and {}", title(index, *first), title(index, node));
                    in_scene(check, &index.file, &at, message, "Bind one node; the others can hang below it.");
                } else {
                    nodes.insert(id, node);
                }
            }
            None => {
                let message = format!("the node {} names the thing {name}, which does not exist", title(index, node));
                in_scene(check, &index.file, &at, message, "Correct the extra twin_thing, or add the thing to the plant file.");
            }
        }
    }
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (node, found) in index.nodes.iter().enumerate() {
        by_name.entry(&found.name).or_default().push(node);
    }
    for (node_name, thing) in &scene.bindings {
        let at = format!("/scenes/{number}/bindings/{}", escape(node_name));
        let named = by_name.get(node_name.as_str()).map_or(&[][..], Vec::as_slice);
        let known = thing_id(check, thing);
        if known.is_none() {
            check.error(&at, format!("the thing {thing} does not exist"), "Name the id of a thing in this file.");
        }
        match (named, known) {
            ([], _) => {
                let hint = match Check::did_you_mean(node_name, index.nodes.iter().map(|node| node.name.as_str())) {
                    Some(name) => format!("Did you mean {name}?"),
                    None => "Write the exact name of a node of the scene.".to_owned(),
                };
                check.error(&at, format!("the scene {} has no node {node_name}", index.file), hint);
            }
            ([node], Some(id)) => {
                if nodes.get(&id).is_some_and(|other| other != node) {
                    check.error(&at, format!("{id} is bound to two nodes"), "Bind one node; the others can hang below it.");
                } else {
                    nodes.insert(id, *node);
                }
            }
            ([_], None) => {}
            (many, _) => {
                let message = format!("the scene {} has {} nodes named {node_name}", index.file, many.len());
                check.error(&at, message, "Give the node a name of its own.");
            }
        }
    }
    elevations(check, index, &nodes);
    bound.extend(nodes.into_keys());
}

fn in_scene(check: &mut Check<'_>, file: &str, at: &str, message: String, hint: &str) {
    check.problems.push(crate::Problem::error(file, at, message, hint));
}

fn title(index: &SceneIndex, node: usize) -> String {
    index.nodes.get(node).map(|found| &found.name).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| format!("number {node}"))
}

/// The node of a thing and everything below it, down to the next bound node.
fn owner(index: &SceneIndex, node: usize, bound: &BTreeSet<usize>) -> Option<usize> {
    let mut here = Some(node);
    while let Some(node) = here {
        if bound.contains(&node) {
            return Some(node);
        }
        here = index.nodes.get(node)?.parent;
    }
    None
}

fn elevations(check: &mut Check<'_>, index: &SceneIndex, nodes: &BTreeMap<String, usize>) {
    let bound: BTreeSet<usize> = nodes.values().copied().collect();
    let mut anchors: BTreeMap<usize, f64> = BTreeMap::new();
    for (node, found) in index.nodes.iter().enumerate() {
        if found.twin_anchor.as_deref() == Some("elevation")
            && let Some(owner) = owner(index, node, &bound)
        {
            anchors.insert(owner, found.position_m[1]);
        }
    }
    for (at, thing) in check.things() {
        let (Some(expected), Some(node)) = (thing.elevation_m, nodes.get(&thing.id)) else { continue };
        if let Some(found) = anchors.get(node)
            && (found - expected).abs() > ELEVATION_TOLERANCE_M
        {
            let message = format!("{} stands at {expected:.2} m here, but at {found:.2} m in {}", thing.id, index.file);
            check.warning(&format!("{at}/elevation_m"), message, "Correct the elevation, or the height of the anchor in the scene.");
        }
    }
}
