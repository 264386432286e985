//! Writer of a binary glTF 2.0 file: nodes, meshes and flat materials, no textures, no extensions.
//!
//! Object keys are written in alphabetical order, so the bytes do not depend on how the JSON library
//! orders them.

use serde_json::{Value, json};

use super::mesh::{Shape, Surface, Tone, V3};

/// A mesh of the file; several nodes may show the same one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MeshId(usize);

/// A node of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NodeId(usize);

/// What a node means to the twin, written as its `extras`.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// Nothing: scenery.
    Scenery,
    /// Bound to a thing of the plant file, such as `unit100:p-101a`.
    Thing(String),
    /// A part of the thing above it, such as `motor`.
    Part(&'static str),
    /// An empty node that marks a place, such as `badge`.
    Anchor(&'static str),
}

impl Meaning {
    fn extras(&self) -> Option<Value> {
        match self {
            Meaning::Scenery => None,
            Meaning::Thing(id) => Some(json!({ "twin_thing": id })),
            Meaning::Part(name) => Some(json!({ "twin_part": name })),
            Meaning::Anchor(name) => Some(json!({ "twin_anchor": name })),
        }
    }
}

/// A node before it is written.
#[derive(Clone, Debug)]
pub struct Node {
    /// Unique name, for things their tag.
    pub name: String,
    /// Position in the parent's frame, m.
    pub at: V3,
    /// Rotation about the vertical in steps of 90°, counter-clockwise seen from above.
    pub quarter_turns: i32,
    /// What it shows.
    pub mesh: Option<MeshId>,
    /// What it means.
    pub meaning: Meaning,
}

impl Node {
    /// Scenery at the parent's origin.
    pub fn named(name: &str) -> Node {
        Node { name: name.to_owned(), at: [0.0; 3], quarter_turns: 0, mesh: None, meaning: Meaning::Scenery }
    }
}

/// The scene being built.
#[derive(Default)]
pub struct Scene {
    nodes: Vec<(Node, Vec<usize>)>,
    roots: Vec<usize>,
    meshes: Vec<(String, Shape)>,
}

impl Scene {
    /// Stores a mesh; an empty shape gives none.
    pub fn mesh(&mut self, name: &str, shape: Shape) -> Option<MeshId> {
        if shape.is_empty() {
            return None;
        }
        self.meshes.push((name.to_owned(), shape));
        Some(MeshId(self.meshes.len() - 1))
    }

    /// The highest point of a mesh in its own frame, m.
    pub fn top(&self, mesh: Option<MeshId>) -> f64 {
        mesh.and_then(|id| self.meshes.get(id.0)).map_or(0.0, |(_, shape)| shape.top())
    }

    /// Adds a node below `parent`, or at the top.
    pub fn node(&mut self, parent: Option<NodeId>, node: Node) -> NodeId {
        let index = self.nodes.len();
        self.nodes.push((node, Vec::new()));
        match parent {
            Some(parent) => self.nodes[parent.0].1.push(index),
            None => self.roots.push(index),
        }
        NodeId(index)
    }

    /// Adds scenery with its own mesh.
    pub fn scenery(&mut self, parent: NodeId, name: &str, shape: Shape) -> NodeId {
        let mesh = self.mesh(name, shape);
        self.node(Some(parent), Node { mesh, ..Node::named(name) })
    }

    /// Adds a part with its own mesh, its origin at `at` in the frame of `parent`.
    pub fn part(&mut self, parent: NodeId, part: &'static str, at: V3, mesh: Option<MeshId>) -> NodeId {
        let name = format!("{}.{part}", self.nodes[parent.0].0.name);
        self.node(Some(parent), Node { at, mesh, meaning: Meaning::Part(part), ..Node::named(&name) })
    }

    /// Adds an empty node that marks a place in the frame of `parent`.
    pub fn anchor(&mut self, parent: NodeId, anchor: &'static str, at: V3) -> NodeId {
        let name = format!("{}.{anchor}", self.nodes[parent.0].0.name);
        self.node(Some(parent), Node { at, meaning: Meaning::Anchor(anchor), ..Node::named(&name) })
    }

    /// The nodes in file order.
    #[cfg(test)]
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().map(|(node, _)| node)
    }

    /// All surfaces of all meshes.
    #[cfg(test)]
    pub fn surfaces(&self) -> impl Iterator<Item = &Surface> {
        self.meshes.iter().flat_map(|(_, shape)| shape.surfaces().map(|(_, surface)| surface))
    }

    /// The whole scene as the bytes of a `.glb` file.
    ///
    /// # Errors
    /// If the JSON cannot be written or the file would exceed the 4 GiB of its length field.
    pub fn to_glb(&self) -> Result<Vec<u8>, String> {
        let mut buffer = Buffer::default();
        let meshes: Vec<Value> = self.meshes.iter().map(|(name, shape)| mesh_json(name, shape, &mut buffer)).collect();
        let nodes: Vec<Value> = self.nodes.iter().map(|(node, children)| node_json(node, children)).collect();
        let document = json!({
            "accessors": buffer.accessors,
            "asset": { "copyright": "MIT OR Apache-2.0", "generator": "Didymos xtask", "version": "2.0" },
            "bufferViews": buffer.views,
            "buffers": [{ "byteLength": buffer.bytes.len() }],
            "materials": Tone::ALL.map(material_json),
            "meshes": meshes,
            "nodes": nodes,
            "scene": 0,
            "scenes": [{ "name": "Unit 100", "nodes": self.roots }],
        });
        let text = serde_json::to_vec(&document).map_err(|e| format!("cannot write the glTF document: {e}"))?;
        container(text, buffer.bytes)
    }
}

/// Wraps document and buffer into the two chunks of the container.
fn container(mut text: Vec<u8>, mut binary: Vec<u8>) -> Result<Vec<u8>, String> {
    text.resize(text.len().next_multiple_of(4), b' ');
    binary.resize(binary.len().next_multiple_of(4), 0);
    let length = |n: usize| u32::try_from(n).map_err(|_| "the model exceeds 4 GiB".to_owned());
    let mut file = Vec::with_capacity(28 + text.len() + binary.len());
    file.extend(b"glTF");
    file.extend(2u32.to_le_bytes());
    file.extend(length(28 + text.len() + binary.len())?.to_le_bytes());
    for (kind, chunk) in [(b"JSON", &text), (b"BIN\0", &binary)] {
        file.extend(length(chunk.len())?.to_le_bytes());
        file.extend(kind);
        file.extend(chunk);
    }
    Ok(file)
}

#[derive(Default)]
struct Buffer {
    bytes: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
}

impl Buffer {
    /// Opens a view of `length` bytes at the end of the buffer. Target 34962 holds vertices, 34963 indices.
    fn view(&mut self, length: usize, target: u32) -> usize {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        self.views.push(json!({ "buffer": 0, "byteLength": length, "byteOffset": self.bytes.len(), "target": target }));
        self.views.len() - 1
    }

    fn accessor(&mut self, accessor: Value) -> usize {
        self.accessors.push(accessor);
        self.accessors.len() - 1
    }

    fn vectors(&mut self, values: &[[f32; 3]], with_bounds: bool) -> usize {
        let view = self.view(values.len() * 12, 34962);
        self.bytes.extend(values.iter().flatten().flat_map(|c| c.to_le_bytes()));
        let mut accessor = json!({ "bufferView": view, "componentType": 5126, "count": values.len() });
        if with_bounds {
            let bound = |pick: fn(f32, f32) -> f32, start: f32| {
                values.iter().fold([start; 3], |b, v| [pick(b[0], v[0]), pick(b[1], v[1]), pick(b[2], v[2])])
            };
            accessor["max"] = json!(bound(f32::max, f32::MIN));
            accessor["min"] = json!(bound(f32::min, f32::MAX));
        }
        accessor["type"] = json!("VEC3");
        self.accessor(accessor)
    }

    fn indices(&mut self, surface: &Surface) -> usize {
        let short = surface.positions.len() < usize::from(u16::MAX);
        let count = surface.indices.len();
        let view = self.view(count * if short { 2 } else { 4 }, 34963);
        for &index in &surface.indices {
            if short {
                self.bytes.extend((index as u16).to_le_bytes());
            } else {
                self.bytes.extend(index.to_le_bytes());
            }
        }
        let kind = if short { 5123 } else { 5125 };
        self.accessor(json!({ "bufferView": view, "componentType": kind, "count": count, "type": "SCALAR" }))
    }
}

fn mesh_json(name: &str, shape: &Shape, buffer: &mut Buffer) -> Value {
    let primitives: Vec<Value> = shape
        .surfaces()
        .map(|(tone, surface)| {
            let normal = buffer.vectors(&surface.normals, false);
            let position = buffer.vectors(&surface.positions, true);
            let indices = buffer.indices(surface);
            json!({
                "attributes": { "NORMAL": normal, "POSITION": position },
                "indices": indices,
                "material": tone as usize,
            })
        })
        .collect();
    json!({ "name": name, "primitives": primitives })
}

fn node_json(node: &Node, children: &[usize]) -> Value {
    let mut value = json!({});
    if !children.is_empty() {
        value["children"] = json!(children);
    }
    if let Some(extras) = node.meaning.extras() {
        value["extras"] = extras;
    }
    if let Some(mesh) = node.mesh {
        value["mesh"] = json!(mesh.0);
    }
    value["name"] = json!(node.name);
    let half_angle = f64::from(node.quarter_turns.rem_euclid(4)) * std::f64::consts::FRAC_PI_4;
    if node.quarter_turns.rem_euclid(4) != 0 {
        value["rotation"] = json!([0.0, half_angle.sin() as f32, 0.0, half_angle.cos() as f32]);
    }
    if node.at != [0.0; 3] {
        value["translation"] = json!(node.at.map(|c| (c * 1e4).round() / 1e4));
    }
    value
}

/// Name, brightness per channel (linear), metallic and roughness of a tone.
fn material_json(tone: Tone) -> Value {
    let (name, colour, metallic, roughness) = match tone {
        Tone::Equipment => ("equipment", [0.50, 0.51, 0.52], 0.1, 0.65),
        Tone::EquipmentDark => ("equipment_dark", [0.17, 0.18, 0.19], 0.2, 0.65),
        Tone::Pipe => ("pipe", [0.36, 0.37, 0.38], 0.3, 0.6),
        Tone::Steel => ("steel", [0.23, 0.24, 0.25], 0.2, 0.75),
        Tone::Concrete => ("concrete", [0.46, 0.46, 0.45], 0.0, 0.9),
        Tone::Ground => ("ground", [0.31, 0.31, 0.30], 0.0, 0.9),
        Tone::Insulation => ("insulation", [0.62, 0.63, 0.64], 0.2, 0.6),
        Tone::AccentRail => ("accent_rail", [0.44, 0.43, 0.39], 0.1, 0.7),
    };
    let [r, g, b] = colour;
    json!({
        "name": name,
        "pbrMetallicRoughness": { "baseColorFactor": [r, g, b, 1.0], "metallicFactor": metallic, "roughnessFactor": roughness },
    })
}
