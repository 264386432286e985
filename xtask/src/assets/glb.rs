//! Writer of a binary glTF 2.0 file: nodes, meshes and flat materials, no textures, no extensions.
//!
//! Object keys are written in alphabetical order, so the bytes do not depend on how the JSON library
//! orders them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::mesh::{Shape, Surface, Tone};
use super::scene::{Node, Scene};

/// The whole scene as the bytes of a `.glb` file.
///
/// # Errors
/// If the JSON cannot be written or the file would exceed the 4 GiB of its length field.
pub fn to_glb(scene: &Scene) -> Result<Vec<u8>, String> {
    let mut buffer = Buffer::default();
    let meshes: Vec<Value> = scene.meshes().map(|(name, shape)| mesh_json(name, shape, &mut buffer)).collect();
    let nodes: Vec<Value> = scene.nodes().map(|(node, children)| node_json(node, children)).collect();
    let document = json!({
        "accessors": buffer.accessors,
        "asset": { "copyright": "MIT OR Apache-2.0", "generator": "Didymos xtask", "version": "2.0" },
        "bufferViews": buffer.views,
        "buffers": [{ "byteLength": buffer.bytes.len() }],
        "materials": Tone::ALL.map(material_json),
        "meshes": meshes,
        "nodes": nodes,
        "scene": 0,
        "scenes": [{ "name": "Unit 100", "nodes": scene.roots() }],
    });
    let text = serde_json::to_vec(&document).map_err(|e| format!("cannot write the glTF document: {e}"))?;
    container(text, buffer.bytes)
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

/// The shortest number that reads back as the same coordinate: positions are multiples of a tenth of a millimetre.
fn short(coordinate: f32) -> f64 {
    (f64::from(coordinate) * 1e4).round() / 1e4 + 0.0
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
            accessor["max"] = json!(bound(f32::max, f32::MIN).map(short));
            accessor["min"] = json!(bound(f32::min, f32::MAX).map(short));
        }
        accessor["type"] = json!("VEC3");
        self.accessor(accessor)
    }

    fn greys(&mut self, values: &[u8]) -> usize {
        let view = self.view(values.len() * 4, 34962);
        self.bytes.extend(values.iter().flat_map(|&grey| [grey, grey, grey, 255]));
        let count = values.len();
        self.accessor(json!({ "bufferView": view, "componentType": 5121, "count": count, "normalized": true, "type": "VEC4" }))
    }

    fn indices(&mut self, values: &[u16]) -> usize {
        let view = self.view(values.len() * 2, 34963);
        self.bytes.extend(values.iter().flat_map(|index| index.to_le_bytes()));
        self.accessor(json!({ "bufferView": view, "componentType": 5123, "count": values.len(), "type": "SCALAR" }))
    }
}

fn mesh_json(name: &str, shape: &Shape, buffer: &mut Buffer) -> Value {
    let mut primitives: Vec<Value> = Vec::new();
    for (tone, surface) in shape.surfaces() {
        for piece in pieces(surface) {
            let colour = buffer.greys(&piece.openness);
            let normal = buffer.vectors(&piece.normals, false);
            let position = buffer.vectors(&piece.positions, true);
            let indices = buffer.indices(&piece.indices);
            primitives.push(json!({
                "attributes": { "COLOR_0": colour, "NORMAL": normal, "POSITION": position },
                "indices": indices,
                "material": tone as usize,
            }));
        }
    }
    json!({ "name": name, "primitives": primitives })
}

/// A part of a surface that 16-bit indices can reach; equal vertices are stored once.
#[derive(Default)]
struct Piece {
    positions: Vec<[f32; 3]>,
    normals: Vec<[f32; 3]>,
    openness: Vec<u8>,
    indices: Vec<u16>,
    known: BTreeMap<([u32; 6], u8), u16>,
}

impl Piece {
    fn vertex(&mut self, surface: &Surface, index: u32) -> u16 {
        let index = index as usize;
        let (position, normal) = (surface.positions[index], surface.normals[index]);
        let grey = surface.openness.get(index).copied().unwrap_or(u8::MAX);
        let bits = [position[0], position[1], position[2], normal[0], normal[1], normal[2]].map(f32::to_bits);
        let next = self.positions.len() as u16;
        let slot = *self.known.entry((bits, grey)).or_insert(next);
        if slot == next {
            self.positions.push(position);
            self.normals.push(normal);
            self.openness.push(grey);
        }
        slot
    }
}

fn pieces(surface: &Surface) -> Vec<Piece> {
    let mut all = vec![];
    let mut piece = Piece::default();
    for triangle in surface.indices.chunks_exact(3) {
        if piece.positions.len() + 3 > usize::from(u16::MAX) {
            all.push(std::mem::take(&mut piece));
        }
        for &index in triangle {
            let slot = piece.vertex(surface, index);
            piece.indices.push(slot);
        }
    }
    all.push(piece);
    all
}

fn node_json(node: &Node, children: &[usize]) -> Value {
    let mut value = json!({});
    if !children.is_empty() {
        value["children"] = json!(children);
    }
    if !node.extras.is_empty() {
        value["extras"] = json!(node.extras);
    }
    if let Some(mesh) = node.mesh {
        value["mesh"] = json!(mesh.0);
    }
    value["name"] = json!(node.name);
    let half_angle = f64::from(node.quarter_turns.rem_euclid(4)) * std::f64::consts::FRAC_PI_4;
    if node.quarter_turns.rem_euclid(4) != 0 {
        value["rotation"] = json!([0.0, libm::sin(half_angle) as f32, 0.0, libm::cos(half_angle) as f32]);
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
        Tone::Machined => ("machined", [0.58, 0.59, 0.60], 0.6, 0.35),
        Tone::Plate => ("plate", [0.78, 0.78, 0.76], 0.0, 0.6),
        Tone::Asphalt => ("asphalt", [0.26, 0.265, 0.27], 0.0, 0.95),
        Tone::Dark => ("dark", [0.045, 0.047, 0.05], 0.0, 0.85),
    };
    let [r, g, b] = colour;
    json!({
        "name": name,
        "pbrMetallicRoughness": { "baseColorFactor": [r, g, b, 1.0], "metallicFactor": metallic, "roughnessFactor": roughness },
    })
}
