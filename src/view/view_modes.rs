//! OPERATE and HEALTH: how a thing is painted, changed only when its health, selection or mode changes.

use super::plant_material::{Paint, Painter, PlantMaterial, Tint};
use super::plant_scene::{PlantMesh, SceneProgress};
use super::state::ViewState;
use bevy::gltf::GltfMaterialName;
use bevy::prelude::*;
use twin_model::alarm::HealthState;
use twin_ui::{Theme, ViewMode};

/// Materials of the model that are never see-through: what everything stands on.
const FLOOR_MATERIALS: [&str; 2] = ["ground", "concrete"];

/// What a mesh is drawn with now.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq)]
pub struct Look {
    health: Option<HealthState>,
    is_selected: bool,
    is_running: bool,
    is_ghost: bool,
    is_cut_away: bool,
}

/// Binds health to meshes and paints them.
pub struct ViewModesPlugin;

impl Plugin for ViewModesPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Update, (apply_snapshot, paint_changed).chain().run_if(resource_equals(SceneProgress::Ready)));
    }
}

/// The one system that takes a snapshot to components. It runs once per snapshot, and `set_if_neq` keeps everything
/// below quiet until something changes.
fn apply_snapshot(
    mut commands: Commands,
    state: Res<ViewState>,
    mut meshes: Query<(Entity, &PlantMesh, Option<&GltfMaterialName>, Option<&mut Look>)>,
    unpainted: Query<(), (With<PlantMesh>, Without<Look>)>,
    mut applied: Local<u64>,
) {
    if *applied == state.revision && unpainted.is_empty() {
        return;
    }
    *applied = state.revision;
    let Some(frame) = state.frame() else { return };
    let health_of = |thing: usize| frame.health.get(thing).map_or(HealthState::Unknown, |health| health.state);
    let is_health = state.mode == ViewMode::Health;
    let ghosts_good = is_health && (0..state.plant.things.len()).any(|thing| is_bad(health_of(thing)));
    let isolated = state.selected.filter(|_| state.tools.is_isolated);
    for (entity, mesh, material, look) in &mut meshes {
        let is_selected = mesh.thing.is_some() && mesh.thing == state.selected;
        let is_floor = material.is_some_and(|name| FLOOR_MATERIALS.contains(&name.0.as_str()));
        let is_aside = match isolated {
            Some(thing) => mesh.thing != Some(thing),
            None => ghosts_good && !is_selected && !mesh.thing.is_some_and(|thing| is_bad(health_of(thing))),
        };
        let now = Look {
            health: mesh.thing.filter(|_| is_health).map(health_of),
            is_selected,
            is_running: mesh.thing.is_some_and(|thing| state.is_running(thing)),
            is_ghost: is_aside && !is_floor,
            is_cut_away: is_selected && state.tools.is_cut_away && !mesh.is_inside,
        };
        match look {
            Some(mut look) => {
                look.set_if_neq(now);
            }
            None => {
                commands.entity(entity).insert(now);
            }
        }
    }
}

/// Something is wrong with it; no data alone is not.
fn is_bad(health: HealthState) -> bool {
    !matches!(health, HealthState::Good | HealthState::Unknown)
}

fn paint_changed(
    state: Res<ViewState>,
    mut painter: Painter,
    mut meshes: Query<(&PlantMesh, Ref<Look>, &mut MeshMaterial3d<PlantMaterial>)>,
    mut applied_theme: Local<String>,
) {
    let has_new_theme = *applied_theme != state.theme.name;
    if has_new_theme {
        applied_theme.clone_from(&state.theme.name);
    }
    for (mesh, look, mut material) in &mut meshes {
        if !has_new_theme && !look.is_changed() {
            continue;
        }
        let paint = Paint {
            tint: tint(&look, &state.theme),
            is_ghost: look.is_ghost,
            is_cut_away: look.is_cut_away,
            is_selected: look.is_selected,
            is_inner: mesh.is_inside,
            is_two_sided: mesh.is_two_sided,
            ..Paint::tone(mesh.base)
        };
        let wanted = painter.get(paint);
        if material.0 != wanted {
            material.0 = wanted;
        }
    }
}

/// Health in the discrete NE 107 colours; good stays grey. A machine that runs is lighter.
fn tint(look: &Look, theme: &Theme) -> Tint {
    match look.health {
        Some(HealthState::Good) | None if look.is_running => Tint { colour: Color::WHITE, strength: 0.28 },
        Some(HealthState::Good) | None => Tint::NONE,
        Some(state) => Tint { colour: colour(theme.health(state)), strength: 0.75 },
    }
}

/// An egui colour as Bevy's.
pub fn colour(c: egui::Color32) -> Color {
    Color::srgb_u8(c.r(), c.g(), c.b())
}
