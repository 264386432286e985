//! Meshes, and what else reads accessors: animations and skins.

use super::buffers::Accessor;
use super::{Check, HINT_EXPORT, limits};
use serde_json::Value;

const FLOAT: u64 = 5126;
const UNSIGNED: [u64; 3] = [5121, 5123, 5125];

/// Checks every primitive: attributes of the right type and the same count, indices of the right type.
pub(super) fn check_meshes(check: &mut Check<'_>, accessors: &[Option<Accessor>]) {
    let (mut vertices, mut indices) = (0_u64, 0_u64);
    let materials = check.count("materials");
    let meshes = check.list("meshes");
    for (index, mesh) in meshes.iter().enumerate() {
        let primitives = mesh.get("primitives").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if primitives.is_empty() {
            check.error(&format!("/meshes/{index}/primitives"), "the mesh has no primitives", HINT_EXPORT);
        }
        for (number, primitive) in primitives.iter().enumerate() {
            let at = format!("/meshes/{index}/primitives/{number}");
            check.index(primitive, "material", materials, &at);
            if primitive.get("mode").is_some_and(|mode| mode.as_u64().is_none_or(|mode| mode > 6)) {
                check.error(&format!("{at}/mode"), "the primitive's mode is not one of glTF", HINT_EXPORT);
            }
            vertices = vertices.saturating_add(attributes(check, primitive, accessors, &at));
            indices = indices.saturating_add(primitive_indices(check, primitive, accessors, &at));
            morph_targets(check, primitive, accessors, &at);
        }
    }
    // Nodes ask how many there are.
    if let Some(slot) = check.json.get_mut("meshes") {
        *slot = Value::Array(meshes);
    }
    if vertices > limits::VERTICES {
        check.error("/meshes", format!("{vertices} vertices are more than the {} allowed", limits::VERTICES), "Simplify the model.");
    }
    if indices > limits::INDICES {
        check.error("/meshes", format!("{indices} indices are more than the {} allowed", limits::INDICES), "Simplify the model.");
    }
}

fn attributes(check: &mut Check<'_>, primitive: &Value, accessors: &[Option<Accessor>], at: &str) -> u64 {
    let object = primitive.get("attributes").unwrap_or(&Value::Null);
    let Some(attributes) = object.as_object() else {
        check.error(&format!("{at}/attributes"), "the primitive has no attributes", HINT_EXPORT);
        return 0;
    };
    if !attributes.contains_key("POSITION") {
        check.error(&format!("{at}/attributes"), "the primitive has no POSITION", "Export positions with every mesh.");
    }
    let mut count = None;
    let here = format!("{at}/attributes");
    for name in attributes.keys() {
        let Some(index) = check.index(object, name, accessors.len(), &here) else { continue };
        let Some(Some(accessor)) = accessors.get(index) else { continue };
        if !attribute_fits(name, accessor) {
            let message = format!("{name} is {} of component type {}, which is not allowed", accessor.shape, accessor.component);
            check.error(&format!("{here}/{name}"), message, "Export float positions and normals, without quantisation.");
        }
        if name == "POSITION" && !accessor.has_bounds {
            check.error(&format!("{here}/{name}"), "the positions have no min and max of three numbers", HINT_EXPORT);
        }
        if *count.get_or_insert(accessor.count) != accessor.count {
            check.error(&format!("{here}/{name}"), "the attributes of the primitive differ in their number of vertices", HINT_EXPORT);
        }
    }
    count.unwrap_or(0)
}

fn attribute_fits(name: &str, accessor: &Accessor) -> bool {
    let shape = accessor.shape.as_str();
    let small = [5121, 5123].contains(&accessor.component);
    let set = name.split('_').next().unwrap_or(name);
    match set {
        "POSITION" | "NORMAL" => shape == "VEC3" && accessor.component == FLOAT,
        "TANGENT" => shape == "VEC4" && accessor.component == FLOAT,
        "TEXCOORD" => shape == "VEC2" && (accessor.component == FLOAT || small),
        "COLOR" => ["VEC3", "VEC4"].contains(&shape) && (accessor.component == FLOAT || small),
        "JOINTS" => shape == "VEC4" && small,
        "WEIGHTS" => shape == "VEC4" && (accessor.component == FLOAT || small),
        // Names of an application's own begin with '_' and are not read.
        _ => name.starts_with('_'),
    }
}

fn primitive_indices(check: &mut Check<'_>, primitive: &Value, accessors: &[Option<Accessor>], at: &str) -> u64 {
    let Some(index) = check.index(primitive, "indices", accessors.len(), at) else { return 0 };
    let Some(Some(accessor)) = accessors.get(index) else { return 0 };
    if accessor.shape != "SCALAR" || !UNSIGNED.contains(&accessor.component) {
        check.error(&format!("{at}/indices"), "indices must be unsigned whole numbers", HINT_EXPORT);
    }
    accessor.count
}

fn morph_targets(check: &mut Check<'_>, primitive: &Value, accessors: &[Option<Accessor>], at: &str) {
    for (number, target) in primitive.get("targets").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let at = format!("{at}/targets/{number}");
        for name in target.as_object().into_iter().flat_map(|names| names.keys()) {
            let Some(index) = check.index(target, name, accessors.len(), &at) else { continue };
            let fits = accessors.get(index).and_then(Option::as_ref).is_none_or(|a| a.shape == "VEC3" && a.component == FLOAT);
            if !fits {
                check.error(&format!("{at}/{name}"), "a morph target must be float vectors of three", HINT_EXPORT);
            }
        }
    }
}

/// May an animation of `path` have such values?
fn animates(path: &str, accessor: &Accessor) -> bool {
    match path {
        "translation" | "scale" => accessor.shape == "VEC3" && accessor.component == FLOAT,
        "rotation" => accessor.shape == "VEC4" && accessor.component != 5125,
        "weights" => accessor.shape == "SCALAR" && accessor.component != 5125,
        _ => false,
    }
}

/// Checks the accessors and nodes that animations and skins name.
pub(super) fn check_animations_and_skins(check: &mut Check<'_>, accessors: &[Option<Accessor>]) {
    let nodes = check.count("nodes");
    for (index, animation) in check.list("animations").iter().enumerate() {
        let at = format!("/animations/{index}");
        let samplers = animation.get("samplers").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let output = |sampler: usize| {
            let index = samplers.get(sampler)?.get("output")?.as_u64()?;
            accessors.get(usize::try_from(index).ok()?)?.as_ref()
        };
        for (number, sampler) in samplers.iter().enumerate() {
            let at = format!("{at}/samplers/{number}");
            for (name, must_be_times) in [("input", true), ("output", false)] {
                let found = check.index(sampler, name, accessors.len(), &at);
                let accessor = found.and_then(|found| accessors.get(found)).and_then(Option::as_ref);
                if must_be_times && accessor.is_some_and(|a| a.shape != "SCALAR" || a.component != FLOAT) {
                    check.error(&format!("{at}/{name}"), "the times of an animation must be float numbers", HINT_EXPORT);
                }
                if sampler.get(name).is_none() {
                    check.error(&at, format!("the animation sampler has no {name}"), HINT_EXPORT);
                }
            }
        }
        for (number, channel) in animation.get("channels").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let at = format!("{at}/channels/{number}");
            let path = channel.pointer("/target/path").and_then(Value::as_str).unwrap_or_default();
            if let Some(sampler) = check.index(channel, "sampler", samplers.len(), &at)
                && output(sampler).is_some_and(|accessor| !animates(path, accessor))
            {
                check.error(&at, format!("the animation of {path} has values of another type"), HINT_EXPORT);
            }
            if let Some(target) = channel.get("target") {
                check.index(target, "node", nodes, &format!("{at}/target"));
            }
        }
    }
    let skins = check.list("skins");
    for (index, skin) in skins.iter().enumerate() {
        let at = format!("/skins/{index}");
        check.index(skin, "skeleton", nodes, &at);
        if let Some(found) = check.index(skin, "inverseBindMatrices", accessors.len(), &at)
            && let Some(Some(accessor)) = accessors.get(found)
            && (accessor.shape != "MAT4" || accessor.component != FLOAT)
        {
            check.error(&format!("{at}/inverseBindMatrices"), "inverse bind matrices must be float matrices of four by four", HINT_EXPORT);
        }
        for joint in skin.get("joints").and_then(Value::as_array).into_iter().flatten() {
            if joint.as_u64().is_none_or(|joint| joint >= nodes as u64) {
                check.error(&format!("{at}/joints"), format!("the joint {joint} is out of range: there are {nodes} nodes"), HINT_EXPORT);
            }
        }
    }
    if let Some(slot) = check.json.get_mut("skins") {
        *slot = Value::Array(skins);
    }
}
