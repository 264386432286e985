//! OPERATE and HEALTH: what colour a thing has, changed only when its health, selection or mode changes.

use super::plant_material::{MaterialLibrary, PlantMaterial, Tint};
use super::plant_scene::{PlantMesh, SceneProgress};
use super::state::ViewState;
use bevy::prelude::*;
use twin_model::alarm::HealthState;
use twin_ui::{Theme, ViewMode};

/// What a mesh is drawn with now.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq)]
pub struct Look {
    health: Option<HealthState>,
    is_selected: bool,
    is_running: bool,
}

/// Binds health to meshes and tints them.
pub struct ViewModesPlugin;

impl Plugin for ViewModesPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Update, (apply_snapshot, tint_changed).chain().run_if(resource_equals(SceneProgress::Ready)));
    }
}

/// The one system that takes a snapshot to components. `set_if_neq` keeps everything below quiet until something changes.
fn apply_snapshot(mut commands: Commands, state: Res<ViewState>, mut meshes: Query<(Entity, &PlantMesh, Option<&mut Look>)>) {
    let Some(frame) = state.frame() else { return };
    for (entity, mesh, look) in &mut meshes {
        let Some(thing) = mesh.thing else { continue };
        let now = Look {
            health: (state.mode == ViewMode::Health).then(|| frame.health.get(thing).map_or(HealthState::Unknown, |h| h.state)),
            is_selected: state.selected == Some(thing),
            is_running: state.is_running(thing),
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

fn tint_changed(
    state: Res<ViewState>,
    mut library: ResMut<MaterialLibrary>,
    mut materials: ResMut<Assets<PlantMaterial>>,
    mut changed: Query<(&PlantMesh, &Look, &mut MeshMaterial3d<PlantMaterial>), Changed<Look>>,
) {
    for (mesh, look, mut material) in &mut changed {
        material.0 = library.get(&mut materials, mesh.base, tint(look, &state.theme));
    }
}

/// Health in the discrete NE 107 colours; good stays grey. The selection is lighter, as is a machine that runs.
fn tint(look: &Look, theme: &Theme) -> Tint {
    match look.health {
        Some(HealthState::Good) | None if look.is_selected => Tint { colour: colour(theme.accent), strength: 0.55 },
        Some(HealthState::Good) | None if look.is_running => Tint { colour: Color::WHITE, strength: 0.28 },
        Some(HealthState::Good) | None => Tint::NONE,
        Some(state) => Tint { colour: colour(theme.health(state)), strength: if look.is_selected { 0.95 } else { 0.75 } },
    }
}

/// An egui colour as Bevy's.
pub fn colour(c: egui::Color32) -> Color {
    Color::srgb_u8(c.r(), c.g(), c.b())
}
