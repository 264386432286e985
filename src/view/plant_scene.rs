//! The glTF scene and what its nodes are bound to.

use super::plant_material::{MaterialLibrary, PlantMaterial, Tint};
use super::scene_files::SceneFiles;
use super::state::ViewState;
use bevy::camera::primitives::Aabb;
use bevy::ecs::system::SystemParam;
use bevy::gltf::GltfExtras;
use bevy::prelude::*;
use bevy::world_serialization::WorldInstanceReady;
use std::collections::BTreeMap;
use twin_model::Plant;

/// A node bound to a thing, by its index in the plant.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThingNode(pub usize);

/// A mesh that belongs to a thing (or to none) with the grey tone it was modelled in.
#[derive(Component, Clone, Copy, Debug)]
pub struct PlantMesh {
    /// Thing that owns it.
    pub thing: Option<usize>,
    /// Tone of the model.
    pub base: LinearRgba,
}

/// Where a badge or a value tag of a thing points to, in world space.
#[derive(Resource, Default, Debug)]
pub struct Anchors {
    /// Badge anchors by thing.
    pub badges: BTreeMap<usize, Vec3>,
    /// Value tag anchors by thing.
    pub tags: BTreeMap<usize, Vec3>,
}

/// Centre and radius of every bound thing, and of all of them.
#[derive(Resource, Default, Debug)]
pub struct SceneBounds {
    /// By thing.
    pub things: BTreeMap<usize, (Vec3, f32)>,
    /// All meshes of things.
    pub all: Option<(Vec3, f32)>,
}

/// How far the scene has come.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SceneProgress {
    /// No scene, or still loading.
    #[default]
    Loading,
    /// Spawned; bounds are measured in the next frame.
    Spawned,
    /// Bound and measured.
    Ready,
    /// There is none, or it could not be loaded.
    Absent,
}

#[derive(Component, Clone, Copy, Debug)]
enum AnchorKind {
    Badge,
    Tag,
}

#[derive(Component)]
struct Anchor(usize, AnchorKind);

#[derive(Resource)]
struct SceneSource(SceneFiles);

#[derive(Resource, Default)]
struct LoadingScene(Option<Handle<bevy::world_serialization::WorldAsset>>);

/// Loads the scene, binds its nodes, measures them.
pub struct PlantScenePlugin(pub SceneFiles);

impl Plugin for PlantScenePlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(SceneSource(self.0.clone()))
            .init_resource::<Anchors>()
            .init_resource::<SceneBounds>()
            .init_resource::<SceneProgress>()
            .init_resource::<LoadingScene>()
            .add_observer(bind_nodes)
            .add_systems(Startup, load_scene)
            .add_systems(Update, (watch_loading, measure).chain());
    }
}

fn load_scene(
    mut commands: Commands,
    source: Res<SceneSource>,
    server: Res<AssetServer>,
    mut progress: ResMut<SceneProgress>,
    mut loading: ResMut<LoadingScene>,
) {
    let Some(path) = source.0.asset_path() else {
        *progress = SceneProgress::Absent;
        return;
    };
    let scene = server.load(bevy::gltf::GltfAssetLabel::Scene(0).from_asset(path));
    loading.0 = Some(scene.clone());
    commands.spawn((WorldAssetRoot(scene), Transform::default(), Visibility::default()));
}

fn watch_loading(server: Res<AssetServer>, loading: Res<LoadingScene>, mut progress: ResMut<SceneProgress>) {
    if *progress != SceneProgress::Loading {
        return;
    }
    let Some(handle) = &loading.0 else { return };
    if let bevy::asset::LoadState::Failed(error) = server.load_state(handle) {
        error!("The 3D scene cannot be drawn: {error}. The twin runs on without it.");
        *progress = SceneProgress::Absent;
    }
}

/// The nodes of a spawned scene.
#[derive(SystemParam)]
struct SceneNodes<'w, 's> {
    children: Query<'w, 's, &'static Children>,
    nodes: Query<'w, 's, (Option<&'static Name>, Option<&'static GltfExtras>)>,
    meshes: Query<'w, 's, &'static MeshMaterial3d<StandardMaterial>>,
    standard: Res<'w, Assets<StandardMaterial>>,
}

/// A bound node owns its descendants down to the next bound node.
fn bind_nodes(
    ready: On<WorldInstanceReady>,
    mut commands: Commands,
    state: Res<ViewState>,
    scene: SceneNodes,
    mut library: ResMut<MaterialLibrary>,
    mut materials: ResMut<Assets<PlantMaterial>>,
    mut progress: ResMut<SceneProgress>,
) {
    let mut stack: Vec<(Entity, Option<usize>)> = vec![(ready.entity, None)];
    while let Some((entity, mut owner)) = stack.pop() {
        if let Ok((name, extras)) = scene.nodes.get(entity) {
            let extras = extras.map(|e| Extras::parse(&e.value)).unwrap_or_default();
            if let Some(thing) = thing_of(&state.plant, name.map(Name::as_str), &extras) {
                owner = Some(thing);
                commands.entity(entity).insert(ThingNode(thing));
            }
            if let (Some(thing), Some(kind)) = (owner, extras.anchor) {
                commands.entity(entity).insert(Anchor(thing, kind));
            }
        }
        if let Ok(material) = scene.meshes.get(entity) {
            let base = scene.standard.get(&material.0).map_or(LinearRgba::gray(0.4), |m| m.base_color.to_linear());
            let handle = library.get(&mut materials, base, Tint::NONE);
            commands
                .entity(entity)
                .remove::<MeshMaterial3d<StandardMaterial>>()
                .insert((MeshMaterial3d(handle), PlantMesh { thing: owner, base }));
        }
        if let Ok(below) = scene.children.get(entity) {
            stack.extend(below.iter().map(|child| (child, owner)));
        }
    }
    *progress = SceneProgress::Spawned;
}

#[derive(Default)]
struct Extras {
    thing: Option<String>,
    anchor: Option<AnchorKind>,
}

impl Extras {
    fn parse(text: &str) -> Self {
        let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return Self::default() };
        let anchor = match value.get("twin_anchor").and_then(|v| v.as_str()) {
            Some("badge") => Some(AnchorKind::Badge),
            Some("tag") => Some(AnchorKind::Tag),
            _ => None,
        };
        Self { thing: value.get("twin_thing").and_then(|v| v.as_str()).map(str::to_owned), anchor }
    }
}

fn thing_of(plant: &Plant, name: Option<&str>, extras: &Extras) -> Option<usize> {
    if let Some(id) = &extras.thing {
        return plant.things.iter().position(|thing| thing.id.as_str() == id || thing.id.name() == id);
    }
    let id = plant.document.scenes.iter().find_map(|scene| scene.bindings.get(name?))?;
    plant.things.iter().position(|thing| thing.id.as_str() == id)
}

fn measure(
    mut progress: ResMut<SceneProgress>,
    mut bounds: ResMut<SceneBounds>,
    mut anchors: ResMut<Anchors>,
    meshes: Query<(&PlantMesh, &Aabb, &GlobalTransform)>,
    unmeasured: Query<(), (With<PlantMesh>, Without<Aabb>)>,
    marks: Query<(&Anchor, &GlobalTransform)>,
) {
    // A scene of nodes alone has nothing to wait for.
    if *progress != SceneProgress::Spawned || (meshes.is_empty() && !unmeasured.is_empty()) {
        return;
    }
    let mut boxes: BTreeMap<usize, (Vec3, Vec3)> = BTreeMap::new();
    for (mesh, aabb, transform) in &meshes {
        let Some(thing) = mesh.thing else { continue };
        let entry = boxes.entry(thing).or_insert((Vec3::MAX, Vec3::MIN));
        for corner in 0..8_u8 {
            let sign = Vec3::new(side(corner, 0), side(corner, 1), side(corner, 2));
            let point = transform.transform_point(Vec3::from(aabb.center) + Vec3::from(aabb.half_extents) * sign);
            *entry = (entry.0.min(point), entry.1.max(point));
        }
    }
    for (thing, (low, high)) in &boxes {
        bounds.things.insert(*thing, ((*low + *high) * 0.5, (*high - *low).length() * 0.5));
        anchors.badges.insert(*thing, Vec3::new((low.x + high.x) * 0.5, high.y, (low.z + high.z) * 0.5));
    }
    bounds.all = heart(&bounds.things);
    for (Anchor(thing, kind), transform) in &marks {
        let target = match kind {
            AnchorKind::Badge => &mut anchors.badges,
            AnchorKind::Tag => &mut anchors.tags,
        };
        target.insert(*thing, transform.translation());
    }
    *progress = SceneProgress::Ready;
}

/// Where the plant is densest, and how far most of it reaches: one tank far away must not make everything else small.
fn heart(things: &BTreeMap<usize, (Vec3, f32)>) -> Option<(Vec3, f32)> {
    // The site itself is no landmark.
    let centres: Vec<Vec3> = things.values().filter(|(_, radius)| *radius < 40.0).map(|(centre, _)| *centre).collect();
    if centres.is_empty() {
        return things.values().next().copied();
    }
    let middle = |axis: fn(&Vec3) -> f32| {
        let mut values: Vec<f32> = centres.iter().map(axis).collect();
        values.sort_unstable_by(f32::total_cmp);
        (values[values.len() / 10] + values[values.len() - 1 - values.len() / 10]) * 0.5
    };
    // A single thing reaches as far as it is large.
    let largest = things.values().map(|(_, radius)| *radius).filter(|radius| *radius < 40.0).fold(0.0, f32::max);
    let centre = Vec3::new(middle(|c| c.x), middle(|c| c.y), middle(|c| c.z));
    let mut reaches: Vec<f32> = centres.iter().map(|c| c.distance(centre)).collect();
    reaches.sort_unstable_by(f32::total_cmp);
    Some((centre, reaches[(reaches.len() - 1) * 9 / 10].max(largest).max(0.3)))
}

fn side(corner: u8, axis: u8) -> f32 {
    if corner >> axis & 1 == 0 { -1.0 } else { 1.0 }
}
