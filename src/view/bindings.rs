//! The systems that take a snapshot to components, without a renderer: to measure what they cost.

use super::bounds::{Anchors, SceneBounds};
use super::plant_material::{MaterialLibrary, Paint, PlantMaterial, Surroundings};
use super::plant_scene::{MovingPart, PlantMesh, SceneProgress};
use super::scene_picture::ScenePicture;
use super::state::ViewState;
use super::{SceneCamera, gauges, panels, parts, view_modes};
use bevy::prelude::*;

/// An app with our systems, the panels' view and `meshes_per_thing` meshes bound to every thing; it draws nothing.
pub fn app(state: ViewState, meshes_per_thing: usize) -> App {
    let things = state.plant.things.len();
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, AssetPlugin::default(), TransformPlugin))
        .init_asset::<PlantMaterial>()
        .init_asset::<Mesh>()
        .insert_resource(state)
        .insert_resource(MaterialLibrary::new(Surroundings::default()))
        .insert_resource(SceneProgress::Ready)
        .init_resource::<ScenePicture>()
        .init_resource::<SceneBounds>()
        .init_resource::<Anchors>()
        .add_plugins((view_modes::ViewModesPlugin, parts::PartsPlugin, gauges::GaugesPlugin))
        .add_systems(PreUpdate, panels::refresh);
    app.world_mut().spawn((SceneCamera, Transform::default()));
    let base = LinearRgba::gray(0.5);
    let material = app.world_mut().resource_scope(|world, mut library: Mut<MaterialLibrary>| {
        library.get(&mut world.resource_mut::<Assets<PlantMaterial>>(), Paint::tone(base))
    });
    for thing in 0..things {
        let root = app.world_mut().spawn((Transform::default(), Visibility::default())).id();
        for index in 0..meshes_per_thing {
            let mesh = PlantMesh { thing: Some(thing), base, is_inside: false };
            let mut node = app.world_mut().spawn((mesh, MeshMaterial3d(material.clone()), Transform::default(), ChildOf(root)));
            if index == 0 {
                node.insert(MovingPart { thing, home: Vec3::ZERO, explode: Vec3::X, travel: Vec3::Y });
            }
        }
    }
    app
}
