//! Level gauges at the vessels: a column as high as the span of the transmitter, filled to the measured level.

use super::extras::AnchorName;
use super::plant_material::{Paint, Painter, PlantMaterial};
use super::plant_scene::{Anchor, SceneProgress};
use super::stage::ThemeTone;
use super::state::ViewState;
use super::view_modes::colour;
use bevy::light::NotShadowCaster;
use bevy::prelude::*;

/// The fill stands out of its column, so that neither shines through the other.
const FILL_WIDTH: f32 = 1.15;
/// A level that rose less than this share of the span stays where it is drawn: nobody would see it, and drawing costs.
const SMALLEST_RISE: f32 = 0.003;
/// Width of a column whose modeller gave none, m.
const DEFAULT_WIDTH_M: f32 = 0.12;

/// The filled part of a column.
#[derive(Component, Clone, Copy, Debug)]
struct Fill {
    thing: usize,
    height_m: f32,
    is_doubtful: bool,
}

/// Draws the level gauges.
pub struct GaugesPlugin;

impl Plugin for GaugesPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Update, (add_columns, fill_columns).chain().run_if(resource_equals(SceneProgress::Ready)));
    }
}

fn add_columns(
    mut commands: Commands,
    state: Res<ViewState>,
    added: Query<(Entity, &Anchor), Added<Anchor>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut painter: Painter,
) {
    let levels = added.iter().filter(|(_, anchor)| anchor.name == AnchorName::Level && anchor.height_m > 0.0);
    for (entity, anchor) in levels.filter(|(_, anchor)| state.level_key(anchor.thing).is_some()) {
        let width = if anchor.width_m > 0.0 { anchor.width_m } else { DEFAULT_WIDTH_M };
        let column = meshes.add(Cylinder::new(0.5, 1.0).mesh().resolution(12));
        let ground = painter.get(Paint::tone(colour(state.theme.sunken).to_linear()));
        let fill = painter.get(Paint::tone(colour(state.theme.text_weak).to_linear()));
        let whole = Vec3::new(width, anchor.height_m, width);
        commands.entity(entity).with_children(|parent| {
            parent.spawn((
                ThemeTone(|theme| theme.sunken),
                Mesh3d(column.clone()),
                MeshMaterial3d(ground),
                Transform::from_xyz(0.0, anchor.height_m * 0.5, 0.0).with_scale(whole),
                NotShadowCaster,
            ));
            parent.spawn((
                Fill { thing: anchor.thing, height_m: anchor.height_m, is_doubtful: false },
                ThemeTone(|theme| theme.text_weak),
                Mesh3d(column),
                MeshMaterial3d(fill),
                Transform::from_scale(Vec3::new(width * FILL_WIDTH, 0.0, width * FILL_WIDTH)),
                Visibility::Hidden,
                NotShadowCaster,
            ));
        });
    }
}

/// Fills the columns; what is doubtful is pale, what is Bad is empty.
fn fill_columns(
    state: Res<ViewState>,
    mut painter: Painter,
    mut fills: Query<(&mut Fill, &mut ThemeTone, &mut Transform, &mut Visibility, &mut MeshMaterial3d<PlantMaterial>)>,
    mut applied: Local<u64>,
) {
    if *applied == state.revision {
        return;
    }
    *applied = state.revision;
    for (mut fill, mut tone, mut transform, mut visibility, mut material) in &mut fills {
        let reading = state.level(fill.thing);
        visibility.set_if_neq(if reading.is_some() { Visibility::Inherited } else { Visibility::Hidden });
        let Some((share, is_doubtful)) = reading else { continue };
        let height = (share.clamp(0.0, 1.0) * fill.height_m).max(0.001);
        if (transform.scale.y - height).abs() > fill.height_m * SMALLEST_RISE {
            transform.scale.y = height;
            transform.translation.y = height * 0.5;
        }
        if fill.is_doubtful != is_doubtful {
            fill.is_doubtful = is_doubtful;
            tone.0 = if is_doubtful { |theme| theme.normal_band } else { |theme| theme.text_weak };
            material.0 = painter.get(Paint::tone(colour(tone.0(&state.theme)).to_linear()));
        }
    }
}
