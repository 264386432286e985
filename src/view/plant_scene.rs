//! The glTF scene and what its nodes are bound to.

use super::bounds::{Anchors, SceneBounds};
use super::extras::{AnchorName, Extras};
use super::plant_material::{Paint, Painter};
use super::quality::QualityChoice;
use super::scene_files::SceneFiles;
use super::state::ViewState;
use bevy::ecs::system::SystemParam;
use bevy::gltf::GltfExtras;
use bevy::prelude::*;
use bevy::render::render_resource::Face;
use bevy::world_serialization::{WorldAsset, WorldInstanceReady};
use twin_model::Plant;

/// The node of a thing; its origin is where the modeller put the thing, on its axis for a machine.
#[derive(Component, Clone, Copy, Debug)]
pub struct ThingNode(pub usize);

/// A mesh that belongs to a thing (or to none) with the grey tone it was modelled in.
#[derive(Component, Clone, Copy, Debug)]
pub struct PlantMesh {
    /// Thing that owns it.
    pub thing: Option<usize>,
    /// Tone of the model.
    pub base: LinearRgba,
    /// Lies inside a housing.
    pub is_inside: bool,
    /// Both sides are drawn: a sheet, or a mirrored node.
    pub is_two_sided: bool,
}

/// A node of a thing that moves.
#[derive(Component, Clone, Copy, Debug)]
pub struct MovingPart {
    /// Its thing.
    pub thing: usize,
    /// Where it was modelled, m, in the frame of its parent.
    pub home: Vec3,
    /// How far it moves when the thing is exploded, m.
    pub explode: Vec3,
    /// How far it moves at 100 % of the thing's position, m.
    pub travel: Vec3,
}

/// A part inside a housing.
#[derive(Component, Clone, Copy, Debug)]
pub struct InnerPart(pub usize);

/// A node that marks a place of a thing.
#[derive(Component, Clone, Copy, Debug)]
pub struct Anchor {
    /// Its thing.
    pub thing: usize,
    /// What it marks.
    pub name: AnchorName,
    /// Height of 100 % above a level anchor, m.
    pub height_m: f32,
    /// Width of the column there, m.
    pub width_m: f32,
}

/// The centre lines of a pipe.
#[derive(Component, Clone, Debug)]
pub struct FlowLine {
    /// Name of the line, as the plant file has it.
    pub name: String,
    /// Points in flow direction, m, in the node's frame.
    pub paths: Vec<Vec<Vec3>>,
    /// Outer radius, m.
    pub radius_m: f32,
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

#[derive(Resource)]
struct SceneSource(SceneFiles);

/// The scene that is loaded or being loaded.
#[derive(Resource, Default)]
struct LoadedScene {
    path: Option<String>,
    handle: Option<Handle<WorldAsset>>,
    root: Option<Entity>,
}

/// Loads the scene and binds its nodes.
pub struct PlantScenePlugin(pub SceneFiles);

impl Plugin for PlantScenePlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(SceneSource(self.0.clone()))
            .init_resource::<Anchors>()
            .init_resource::<SceneBounds>()
            .init_resource::<SceneProgress>()
            .init_resource::<LoadedScene>()
            .add_observer(bind_nodes)
            .add_systems(PreUpdate, load_scene.run_if(resource_changed::<QualityChoice>))
            .add_systems(Update, (watch_loading, super::bounds::measure).chain());
    }
}

/// Loads the scene in the detail the quality asks for, in place of the one that is there.
fn load_scene(
    mut commands: Commands,
    source: Res<SceneSource>,
    choice: Res<QualityChoice>,
    server: Res<AssetServer>,
    mut progress: ResMut<SceneProgress>,
    mut loaded: ResMut<LoadedScene>,
) {
    let Some(path) = source.0.asset_path(choice.wants_simple_meshes()) else {
        *progress = SceneProgress::Absent;
        return;
    };
    if loaded.path.as_ref() == Some(&path) {
        return;
    }
    if let Some(root) = loaded.root.take() {
        commands.entity(root).despawn();
    }
    let scene = server.load(bevy::gltf::GltfAssetLabel::Scene(0).from_asset(path.clone()));
    loaded.handle = Some(scene.clone());
    loaded.root = Some(commands.spawn((WorldAssetRoot(scene), Transform::default(), Visibility::default())).id());
    loaded.path = Some(path);
    *progress = SceneProgress::Loading;
}

fn watch_loading(server: Res<AssetServer>, loaded: Res<LoadedScene>, mut progress: ResMut<SceneProgress>) {
    if *progress != SceneProgress::Loading {
        return;
    }
    let Some(handle) = &loaded.handle else { return };
    if let bevy::asset::LoadState::Failed(error) = server.load_state(handle) {
        error!("The 3D scene cannot be drawn: {error}. The twin runs on without it.");
        *progress = SceneProgress::Absent;
    }
}

/// The nodes of a spawned scene.
#[derive(SystemParam)]
struct SceneNodes<'w, 's> {
    children: Query<'w, 's, &'static Children>,
    nodes: Query<'w, 's, (Option<&'static Name>, Option<&'static GltfExtras>, Option<&'static Transform>)>,
    meshes: Query<'w, 's, &'static MeshMaterial3d<StandardMaterial>>,
    standard: Res<'w, Assets<StandardMaterial>>,
}

/// What a node hands down to its descendants, down to the next bound node.
#[derive(Clone, Copy, Default)]
struct Inherited {
    thing: Option<usize>,
    is_inside: bool,
}

/// A bound node owns its descendants down to the next bound node.
fn bind_nodes(
    ready: On<WorldInstanceReady>,
    mut commands: Commands,
    state: Res<ViewState>,
    scene: SceneNodes,
    mut painter: Painter,
    mut progress: ResMut<SceneProgress>,
) {
    let mut stack: Vec<(Entity, Inherited)> = vec![(ready.entity, Inherited::default())];
    while let Some((entity, mut inherited)) = stack.pop() {
        if let Ok((name, extras, transform)) = scene.nodes.get(entity) {
            let extras = extras.map(|e| Extras::parse(&e.value)).unwrap_or_default();
            let name = name.map(Name::as_str);
            if let Some(thing) = thing_of(&state.plant, name, &extras) {
                inherited = Inherited { thing: Some(thing), is_inside: false };
                commands.entity(entity).insert(ThingNode(thing));
            }
            inherited.is_inside |= extras.twin_inside;
            bind(&mut commands.entity(entity), name, &extras, inherited, transform);
        }
        if let Ok(material) = scene.meshes.get(entity) {
            let standard = scene.standard.get(&material.0);
            let base = standard.map_or(LinearRgba::gray(0.4), |m| m.base_color.to_linear());
            let is_two_sided = standard.is_some_and(|m| m.cull_mode != Some(Face::Back));
            let handle = painter.get(Paint { is_two_sided, ..Paint::tone(base) });
            commands
                .entity(entity)
                .remove::<MeshMaterial3d<StandardMaterial>>()
                .insert((MeshMaterial3d(handle), PlantMesh { thing: inherited.thing, base, is_inside: inherited.is_inside, is_two_sided }));
        }
        if let Ok(below) = scene.children.get(entity) {
            stack.extend(below.iter().map(|child| (child, inherited)));
        }
    }
    *progress = SceneProgress::Spawned;
}

/// Turns the extras of one node into components.
fn bind(node: &mut EntityCommands, name: Option<&str>, extras: &Extras, owner: Inherited, transform: Option<&Transform>) {
    let paths = extras.flow();
    if let (Some(name), false) = (name, paths.is_empty()) {
        node.insert(FlowLine { name: name.to_owned(), paths, radius_m: extras.twin_radius_m });
    }
    let Some(thing) = owner.thing else { return };
    if let Some(name) = extras.twin_anchor {
        node.insert(Anchor { thing, name, height_m: extras.twin_height_m, width_m: extras.twin_width_m });
    }
    if extras.explode().is_some() || extras.travel().is_some() {
        let home = transform.map_or(Vec3::ZERO, |transform| transform.translation);
        let (explode, travel) = (extras.explode().unwrap_or_default(), extras.travel().unwrap_or_default());
        node.insert(MovingPart { thing, home, explode, travel });
    }
    if extras.twin_inside {
        node.insert((InnerPart(thing), Visibility::Hidden));
    }
}

fn thing_of(plant: &Plant, name: Option<&str>, extras: &Extras) -> Option<usize> {
    if let Some(id) = &extras.twin_thing {
        return plant.things.iter().position(|thing| thing.id.as_str() == id || thing.id.name() == id);
    }
    let id = plant.document.scenes.iter().find_map(|scene| scene.bindings.get(name?))?;
    plant.things.iter().position(|thing| thing.id.as_str() == id)
}
