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
        if index.nodes.is_empty() {
            continue;
        }
        let things = bind(check, number, scene, index);
        flows(check, number, scene, index);
        if let Some(light) = twin.economies.get(number).filter(|light| !light.nodes.is_empty()) {
            let light_things = bind(check, number, scene, light);
            same_things(check, number, (index, &things), (light, &light_things));
        }
        bound.extend(things);
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

/// The ids of the things a scene file shows.
fn bind(check: &mut Check<'_>, number: usize, scene: &SceneDocument, index: &SceneIndex) -> BTreeSet<String> {
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
    nodes.into_keys().collect()
}

/// The lighter file shows what the full one shows, so that a change of quality hides nothing.
fn same_things(check: &mut Check<'_>, number: usize, full: (&SceneIndex, &BTreeSet<String>), light: (&SceneIndex, &BTreeSet<String>)) {
    for (has, lacks) in [(full, light), (light, full)] {
        let missing: Vec<&str> = has.1.difference(lacks.1).map(String::as_str).collect();
        if !missing.is_empty() {
            let message = format!("{} shows {}, but {} does not", has.0.file, missing.join(", "), lacks.0.file);
            check.error(&format!("/scenes/{number}/economy"), message, "Bind the same things in both files.");
        }
    }
}

/// Lines with a measured flow: the node must be there and know its centre line, the signal must exist.
fn flows(check: &mut Check<'_>, number: usize, scene: &SceneDocument, index: &SceneIndex) {
    for (line, tag) in &scene.flows {
        let at = format!("/scenes/{number}/flows/{}", escape(line));
        check.signal_exists(tag, &at);
        let mut named = index.nodes.iter().filter(|node| node.name == *line).peekable();
        if named.peek().is_none() {
            let hint = match Check::did_you_mean(line, index.nodes.iter().map(|node| node.name.as_str())) {
                Some(name) => format!("Did you mean {name}?"),
                None => "Write the exact name of a node of the scene.".to_owned(),
            };
            check.error(&at, format!("the scene {} has no line {line}", index.file), hint);
        } else if !named.any(|node| node.has_flow) {
            let message = format!("the node {line} of {} has no centre line, so its flow cannot be shown", index.file);
            check.warning(&at, message, "Give the node the extra twin_flow.");
        }
    }
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

/// Compares heights with the anchor `elevation` of each thing, or with the origin of its node where there is none.
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
        let (found, of) = match (anchors.get(node), index.nodes.get(*node)) {
            (Some(found), _) => (*found, "its elevation anchor"),
            (None, Some(own)) => (own.position_m[1], "its node"),
            (None, None) => continue,
        };
        if (found - expected).abs() > ELEVATION_TOLERANCE_M {
            let message = format!("{} stands at {expected:.2} m here, but {of} in {} at {found:.2} m", thing.id, index.file);
            check.warning(&format!("{at}/elevation_m"), message, "Correct the elevation, or the height of the node in the scene.");
        }
    }
}
