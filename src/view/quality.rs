//! How much the picture may cost: chosen by the adapter, changeable while the program runs.

use super::plant_material::Painter;
use super::scene_picture::ScenePicture;
use super::stage::Sun;
use bevy::light::DirectionalLightShadowMap;
use bevy::prelude::*;
use std::time::Duration;
use twin_ui::Quality;

/// What the adapter can do, and what the user wants of it.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq)]
pub struct QualityChoice {
    /// Wish of the user.
    pub wish: Quality,
    /// The adapter computes on the processor.
    pub is_software: bool,
}

impl QualityChoice {
    /// The level in force; never `Auto`.
    pub fn level(&self) -> Quality {
        match self.wish {
            Quality::Auto if self.is_software => Quality::Economy,
            Quality::Auto => Quality::Standard,
            chosen => chosen,
        }
    }

    /// Simple meshes instead of detailed ones.
    pub fn wants_simple_meshes(&self) -> bool {
        self.level() == Quality::Economy
    }

    /// Longest time between two frames while the newest values are followed.
    pub fn live_interval(&self) -> Duration {
        match self.level() {
            Quality::Economy => Duration::from_secs(1),
            Quality::Standard | Quality::Auto => Duration::from_millis(100),
            Quality::High => Duration::from_millis(33),
        }
    }

    /// Time between two frames while something moves; none = as fast as the display.
    pub fn moving_interval(&self) -> Duration {
        if self.is_software { Duration::from_millis(33) } else { Duration::ZERO }
    }

    fn msaa(&self) -> Msaa {
        if self.level() == Quality::Economy { Msaa::Off } else { Msaa::Sample4 }
    }

    fn shadow_map_px(&self) -> Option<usize> {
        match self.level() {
            Quality::Economy => None,
            Quality::Standard | Quality::Auto => Some(2048),
            Quality::High => Some(4096),
        }
    }
}

/// Applies the level whenever it changes.
pub struct QualityPlugin;

impl Plugin for QualityPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(PreUpdate, apply.run_if(resource_changed::<QualityChoice>));
    }
}

fn apply(
    choice: Res<QualityChoice>,
    mut camera: Single<&mut Msaa, With<super::SceneCamera>>,
    mut sun: Single<&mut DirectionalLight, With<Sun>>,
    mut shadow_map: ResMut<DirectionalLightShadowMap>,
    mut painter: Painter,
    mut picture: ResMut<ScenePicture>,
) {
    camera.set_if_neq(choice.msaa());
    let shadows = choice.shadow_map_px();
    sun.shadow_maps_enabled = shadows.is_some();
    if let Some(size) = shadows {
        shadow_map.size = size;
    }
    let surroundings = super::plant_material::Surroundings { is_rich: shadows.is_some(), ..painter.surroundings() };
    painter.set_surroundings(surroundings);
    picture.redraw();
}
