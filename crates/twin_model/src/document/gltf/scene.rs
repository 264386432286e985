//! The node tree of a scene, as far as binding needs it.

use super::extras::check_extras;
use super::{Check, HINT_EXPORT, limits};
use serde_json::Value;

/// What binding knows of a scene file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SceneIndex {
    /// The file, relative to the plant folder.
    pub file: String,
    /// Its nodes, in the order of the file.
    pub nodes: Vec<SceneNode>,
}

/// One node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SceneNode {
    /// Name; empty for a node without.
    pub name: String,
    /// Index of the parent.
    pub parent: Option<usize>,
    /// `twin_thing` of its extras: a thing id, or the name part of one.
    pub twin_thing: Option<String>,
    /// `twin_part` of its extras: a component inside the thing.
    pub twin_part: Option<String>,
    /// `twin_anchor` of its extras: a named point of the thing.
    pub twin_anchor: Option<String>,
    /// True when its extras carry a `twin_flow`: the centre line of a pipe.
    pub has_flow: bool,
    /// True when it carries a mesh.
    pub has_mesh: bool,
    /// Position in the scene, m, y up.
    pub position_m: [f64; 3],
}

/// A 4×4 matrix by columns.
type Matrix = [f64; 16];

const IDENTITY: Matrix = [1., 0., 0., 0., 0., 1., 0., 0., 0., 0., 1., 0., 0., 0., 0., 1.];

/// Checks the node tree (indices, one parent each, no cycle, not too deep) and indexes it.
pub(super) fn index_nodes(check: &mut Check<'_>) -> SceneIndex {
    let nodes = check.list("nodes");
    if nodes.len() > limits::NODES {
        return SceneIndex::default();
    }
    let (meshes, skins) = (check.count("meshes"), check.count("skins"));
    let mut index = SceneIndex::default();
    let mut children: Vec<Vec<usize>> = Vec::with_capacity(nodes.len());
    let mut parents: Vec<Option<usize>> = vec![None; nodes.len()];
    for (number, node) in nodes.iter().enumerate() {
        let at = format!("/nodes/{number}");
        check_extras(check, node, &at);
        check.index(node, "mesh", meshes, &at);
        check.index(node, "skin", skins, &at);
        let mut own = Vec::new();
        for (place, child) in node.get("children").and_then(Value::as_array).into_iter().flatten().enumerate() {
            match child.as_u64().and_then(|child| usize::try_from(child).ok()).filter(|child| *child < nodes.len()) {
                Some(child) if parents[child].is_some() || child == number => {
                    check.error(
                        &format!("{at}/children/{place}"),
                        format!("the node {child} hangs below two nodes, or below itself"),
                        HINT_EXPORT,
                    );
                }
                Some(child) => {
                    parents[child] = Some(number);
                    own.push(child);
                }
                None => {
                    let message = format!("the child {child} is out of range: there are {} nodes", nodes.len());
                    check.error(&format!("{at}/children/{place}"), message, HINT_EXPORT);
                }
            }
        }
        children.push(own);
        index.nodes.push(scene_node(node, parents[number]));
    }
    for (node, parent) in index.nodes.iter_mut().zip(&parents) {
        node.parent = *parent;
    }
    check_scenes(check, nodes.len());
    check_cameras_and_lights(check, &nodes);
    place_nodes(check, &nodes, &children, &parents, &mut index);
    index
}

fn scene_node(node: &Value, parent: Option<usize>) -> SceneNode {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    SceneNode {
        name: text(node.get("name")).unwrap_or_default(),
        parent,
        twin_thing: text(node.pointer("/extras/twin_thing")),
        twin_part: text(node.pointer("/extras/twin_part")),
        twin_anchor: text(node.pointer("/extras/twin_anchor")),
        has_flow: node.pointer("/extras/twin_flow").is_some(),
        has_mesh: node.get("mesh").is_some(),
        position_m: [0.0; 3],
    }
}

fn check_scenes(check: &mut Check<'_>, nodes: usize) {
    let scenes = check.list("scenes");
    for (number, scene) in scenes.iter().enumerate() {
        for (place, root) in scene.get("nodes").and_then(Value::as_array).into_iter().flatten().enumerate() {
            if root.as_u64().is_none_or(|root| root >= nodes as u64) {
                let message = format!("the root {root} is out of range: there are {nodes} nodes");
                check.error(&format!("/scenes/{number}/nodes/{place}"), message, HINT_EXPORT);
            }
        }
    }
    if let Some(scene) = check.json.get("scene").cloned() {
        check.index(&serde_json::json!({ "scene": scene }), "scene", scenes.len(), "");
    }
}

fn check_cameras_and_lights(check: &mut Check<'_>, nodes: &[Value]) {
    const LIGHTS: &str = "/extensions/KHR_lights_punctual/lights";
    let cameras = check.list("cameras");
    for (number, camera) in cameras.iter().enumerate() {
        let kind = camera.get("type").and_then(Value::as_str).unwrap_or_default();
        if !["perspective", "orthographic"].contains(&kind) || !camera.get(kind).is_some_and(Value::is_object) {
            check.error(&format!("/cameras/{number}"), "the camera has no settings of its type", HINT_EXPORT);
        }
    }
    let lights = check.json.pointer(LIGHTS).and_then(Value::as_array).cloned().unwrap_or_default();
    for (number, light) in lights.iter().enumerate() {
        let kind = light.get("type").and_then(Value::as_str).unwrap_or_default();
        let is_complete = match kind {
            "spot" => light.get("spot").is_some_and(Value::is_object),
            other => ["directional", "point"].contains(&other),
        };
        if !is_complete {
            check.error(&format!("{LIGHTS}/{number}"), "the light has no settings of its type", HINT_EXPORT);
        }
    }
    for (number, node) in nodes.iter().enumerate() {
        let at = format!("/nodes/{number}");
        check.index(node, "camera", cameras.len(), &at);
        if let Some(light) = node.pointer("/extensions/KHR_lights_punctual") {
            check.index(light, "light", lights.len(), &format!("{at}/extensions/KHR_lights_punctual"));
        }
    }
}

/// Walks down from the roots without recursion; a node never reached lies on a cycle.
fn place_nodes(check: &mut Check<'_>, nodes: &[Value], children: &[Vec<usize>], parents: &[Option<usize>], index: &mut SceneIndex) {
    let mut reached = vec![false; nodes.len()];
    let mut stack: Vec<(usize, usize, Matrix)> =
        parents.iter().enumerate().filter(|(_, parent)| parent.is_none()).map(|(root, _)| (root, 1, IDENTITY)).collect();
    let mut too_deep = false;
    while let Some((number, depth, above)) = stack.pop() {
        reached[number] = true;
        let here = multiply(&above, &local_matrix(&nodes[number]));
        index.nodes[number].position_m = [here[12], here[13], here[14]];
        if depth > limits::NODE_DEPTH {
            too_deep = true;
        }
        stack.extend(children[number].iter().map(|child| (*child, depth + 1, here)));
    }
    if too_deep {
        check.error("/nodes", format!("the node tree is deeper than {}", limits::NODE_DEPTH), "Flatten the model.");
    }
    if let Some(first) = reached.iter().position(|reached| !reached) {
        check.error(&format!("/nodes/{first}"), "the node is its own ancestor: the node tree has a cycle", HINT_EXPORT);
    }
}

fn numbers<const N: usize>(value: Option<&Value>, default: [f64; N]) -> [f64; N] {
    let Some(items) = value.and_then(Value::as_array).filter(|items| items.len() == N) else { return default };
    let mut found = default;
    for (slot, item) in found.iter_mut().zip(items) {
        *slot = item.as_f64().unwrap_or(*slot);
    }
    found
}

fn local_matrix(node: &Value) -> Matrix {
    if node.get("matrix").is_some() {
        return numbers(node.get("matrix"), IDENTITY);
    }
    let [x, y, z, w] = numbers(node.get("rotation"), [0., 0., 0., 1.]);
    let [sx, sy, sz] = numbers(node.get("scale"), [1.; 3]);
    let [tx, ty, tz] = numbers(node.get("translation"), [0.; 3]);
    [
        (1. - 2. * (y * y + z * z)) * sx,
        2. * (x * y + z * w) * sx,
        2. * (x * z - y * w) * sx,
        0.,
        2. * (x * y - z * w) * sy,
        (1. - 2. * (x * x + z * z)) * sy,
        2. * (y * z + x * w) * sy,
        0.,
        2. * (x * z + y * w) * sz,
        2. * (y * z - x * w) * sz,
        (1. - 2. * (x * x + y * y)) * sz,
        0.,
        tx,
        ty,
        tz,
        1.,
    ]
}

fn multiply(a: &Matrix, b: &Matrix) -> Matrix {
    let mut product = [0.0; 16];
    for column in 0..4 {
        for row in 0..4 {
            product[column * 4 + row] = (0..4).map(|k| a[k * 4 + row] * b[column * 4 + k]).sum();
        }
    }
    product
}
