//! The scene while it is built: meshes, nodes, and what the nodes mean to the twin.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::mesh::{Detail, Shape, Surface};
use super::occlusion::triangles;
use super::vec3::V3;

/// A mesh of the file; several nodes may show the same one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MeshId(pub usize);

/// A node of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NodeId(usize);

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
    /// What it means to the twin, as written in the file; see `docs/gltf-binding.md`.
    pub extras: BTreeMap<&'static str, Value>,
}

impl Node {
    /// Scenery at the parent's origin.
    pub fn named(name: &str) -> Node {
        Node { name: name.to_owned(), at: [0.0; 3], quarter_turns: 0, mesh: None, extras: BTreeMap::new() }
    }

    /// Adds an extra.
    pub fn with(mut self, name: &'static str, value: Value) -> Node {
        self.extras.insert(name, value);
        self
    }
}

/// A component of a thing, before it is added.
pub struct Part {
    name: &'static str,
    shape: PartShape,
    at: V3,
    extras: BTreeMap<&'static str, Value>,
}

enum PartShape {
    Shared(Option<MeshId>),
    Own(Box<Shape>),
}

impl Part {
    /// A part with a mesh of its own.
    pub fn new(name: &'static str, shape: Shape) -> Part {
        Part { name, shape: PartShape::Own(Box::new(shape)), at: [0.0; 3], extras: BTreeMap::new() }
    }

    /// A part with a mesh that others show too.
    pub fn shared(name: &'static str, mesh: Option<MeshId>) -> Part {
        Part { name, shape: PartShape::Shared(mesh), at: [0.0; 3], extras: BTreeMap::new() }
    }

    /// Where its origin lies in the frame of the thing.
    pub fn at(mut self, at: V3) -> Part {
        self.at = at;
        self
    }

    /// Seen only when its housing is cut away or taken apart.
    pub fn inside(mut self) -> Part {
        self.extras.insert("twin_inside", json!(true));
        self
    }

    /// How far it moves when the thing is taken apart, m.
    pub fn explode(mut self, by: V3) -> Part {
        self.extras.insert("twin_explode", json!(by.map(millimetres)));
        self
    }

    /// How far it moves from 0 to 100 % of its travel, m.
    pub fn travel(mut self, by: V3) -> Part {
        self.extras.insert("twin_travel", json!(by.map(millimetres)));
        self
    }

    /// The axis through its origin around which it turns.
    pub fn spin(mut self, axis: V3) -> Part {
        self.extras.insert("twin_spin", json!(axis));
        self
    }
}

fn millimetres(metres: f64) -> f64 {
    (metres * 1e3).round() / 1e3 + 0.0
}

/// A place in the scene: a turn about the vertical and a shift.
#[derive(Clone, Copy, Debug)]
pub struct Placement {
    at: V3,
    quarter_turns: i32,
}

impl Placement {
    /// A direction of the mesh as a direction of the scene.
    pub fn turn(&self, [x, y, z]: [f32; 3]) -> [f32; 3] {
        match self.quarter_turns.rem_euclid(4) {
            1 => [z, y, -x],
            2 => [-x, y, -z],
            3 => [-z, y, x],
            _ => [x, y, z],
        }
    }

    /// A point of the mesh as a point of the scene.
    pub fn place(&self, point: [f32; 3]) -> [f32; 3] {
        let turned = self.turn(point);
        std::array::from_fn(|k| turned[k] + self.at[k] as f32)
    }

    fn below(&self, node: &Node) -> Placement {
        let [x, y, z] = node.at;
        let turned = match self.quarter_turns.rem_euclid(4) {
            1 => [z, y, -x],
            2 => [-x, y, -z],
            3 => [-z, y, x],
            _ => [x, y, z],
        };
        Placement { at: std::array::from_fn(|k| self.at[k] + turned[k]), quarter_turns: self.quarter_turns + node.quarter_turns }
    }
}

/// The scene being built.
pub struct Scene {
    detail: Detail,
    nodes: Vec<(Node, Vec<usize>)>,
    roots: Vec<usize>,
    meshes: Vec<(String, Shape)>,
}

impl Scene {
    /// An empty scene.
    pub fn new(detail: Detail) -> Scene {
        Scene { detail, nodes: Vec::new(), roots: Vec::new(), meshes: Vec::new() }
    }

    /// How finely it is drawn.
    pub fn detail(&self) -> Detail {
        self.detail
    }

    /// Stores a mesh; an empty shape gives none.
    pub fn mesh(&mut self, name: &str, shape: Shape) -> Option<MeshId> {
        if shape.is_empty() {
            return None;
        }
        self.meshes.push((name.to_owned(), shape));
        Some(MeshId(self.meshes.len() - 1))
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

    /// Adds a part below the thing `parent`.
    pub fn part(&mut self, parent: NodeId, part: Part) -> NodeId {
        let name = format!("{}.{}", self.nodes[parent.0].0.name, part.name);
        let mesh = match part.shape {
            PartShape::Shared(mesh) => mesh,
            PartShape::Own(shape) => self.mesh(&name, *shape),
        };
        let node = Node { at: part.at, mesh, extras: part.extras, ..Node::named(&name) };
        self.node(Some(parent), node.with("twin_part", json!(part.name)))
    }

    /// Adds an empty node that marks a place in the frame of `parent`.
    pub fn anchor(&mut self, parent: NodeId, anchor: &'static str, at: V3) -> NodeId {
        let name = format!("{}.{anchor}", self.nodes[parent.0].0.name);
        self.node(Some(parent), Node { at, ..Node::named(&name) }.with("twin_anchor", json!(anchor)))
    }

    /// Marks where a level stands: 0 % at `at`, 100 % `height` above it, m; `width` is that of the gauge.
    pub fn level(&mut self, parent: NodeId, at: V3, height: f64, width: f64) {
        let anchor = self.anchor(parent, "level", at);
        let extras = &mut self.nodes[anchor.0].0.extras;
        extras.insert("twin_height_m", json!(height));
        extras.insert("twin_width_m", json!(width));
    }

    /// The highest point of a mesh in its own frame, m.
    pub fn top(&self, mesh: Option<MeshId>) -> f64 {
        mesh.and_then(|id| self.meshes.get(id.0)).map_or(0.0, |(_, shape)| shape.top())
    }

    /// The nodes in file order, each with its children.
    pub fn nodes(&self) -> impl Iterator<Item = (&Node, &[usize])> {
        self.nodes.iter().map(|(node, children)| (node, children.as_slice()))
    }

    /// The nodes at the top.
    pub fn roots(&self) -> &[usize] {
        &self.roots
    }

    /// The meshes in file order.
    pub fn meshes(&self) -> impl Iterator<Item = (&str, &Shape)> {
        self.meshes.iter().map(|(name, shape)| (name.as_str(), shape))
    }

    /// The surfaces of a mesh that hold triangles.
    pub fn mesh_surfaces(&self, mesh: usize) -> impl Iterator<Item = &Surface> {
        self.meshes[mesh].1.surfaces().map(|(_, surface)| surface)
    }

    /// Stores what the baking found for one surface.
    pub fn set_openness(&mut self, mesh: usize, slot: usize, openness: Vec<u8>) {
        if let Some(surface) = self.meshes[mesh].1.surfaces_mut().nth(slot) {
            surface.openness = openness;
        }
    }

    /// Every mesh with the places it is seen at, and whether it is inside a housing.
    pub fn placements(&self) -> Vec<(usize, Vec<Placement>, bool)> {
        let mut found: BTreeMap<usize, (Vec<Placement>, bool)> = BTreeMap::new();
        self.walk(&mut |node, place| {
            if let Some(mesh) = node.mesh {
                let slot = found.entry(mesh.0).or_default();
                slot.0.push(place);
                slot.1 |= is_inside(node);
            }
        });
        found.into_iter().map(|(mesh, (places, inside))| (mesh, places, inside)).collect()
    }

    /// All triangles that stand in the open, where they stand.
    pub fn placed_triangles(&self) -> Vec<[[f32; 3]; 3]> {
        let mut all = Vec::new();
        self.walk(&mut |node, place| {
            if let Some(mesh) = node.mesh.filter(|_| !is_inside(node)) {
                for surface in self.mesh_surfaces(mesh.0) {
                    all.extend(triangles(surface, &place));
                }
            }
        });
        all
    }

    /// Visits every node with its place in the scene.
    pub fn walk(&self, visit: &mut dyn FnMut(&Node, Placement)) {
        let origin = Placement { at: [0.0; 3], quarter_turns: 0 };
        let mut open: Vec<(usize, Placement)> = self.roots.iter().map(|&root| (root, origin)).collect();
        while let Some((index, above)) = open.pop() {
            let (node, children) = &self.nodes[index];
            let place = above.below(node);
            visit(node, place);
            open.extend(children.iter().map(|&child| (child, place)));
        }
    }
}

fn is_inside(node: &Node) -> bool {
    node.extras.contains_key("twin_inside")
}
