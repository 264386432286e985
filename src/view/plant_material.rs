//! The material of the plant: grey tones, discrete tints, cheap on a software rasteriser.

use bevy::asset::embedded_asset;
use bevy::prelude::*;
use bevy::render::render_resource::AsBindGroup;
use bevy::shader::ShaderRef;
use std::collections::HashMap;

/// A grey tone with a tint over it.
#[derive(Asset, TypePath, AsBindGroup, Clone, Debug)]
pub struct PlantMaterial {
    #[uniform(0)]
    base: LinearRgba,
    #[uniform(0)]
    tint: LinearRgba,
    #[uniform(0)]
    haze: LinearRgba,
}

impl Material for PlantMaterial {
    fn fragment_shader() -> ShaderRef {
        "embedded://didymos/view/plant.wgsl".into()
    }

    fn enable_prepass() -> bool {
        false
    }

    fn enable_shadows() -> bool {
        false
    }
}

/// What is laid over a grey tone: colour and strength 0 … 1. Equal tints share one material.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tint {
    /// Colour.
    pub colour: Color,
    /// 0 = none, 1 = covers the tone.
    pub strength: f32,
}

impl Tint {
    /// No tint.
    pub const NONE: Self = Self { colour: Color::BLACK, strength: 0.0 };
}

/// Every combination of tone and tint that is in use, once.
#[derive(Resource, Default)]
pub struct MaterialLibrary {
    materials: HashMap<[u32; 8], Handle<PlantMaterial>>,
    haze: LinearRgba,
}

impl MaterialLibrary {
    /// A library whose distance fades into `haze`.
    pub fn new(haze: Color) -> Self {
        Self { materials: HashMap::new(), haze: haze.to_linear() }
    }

    /// The material of a tone with a tint.
    pub fn get(&mut self, assets: &mut Assets<PlantMaterial>, base: LinearRgba, tint: Tint) -> Handle<PlantMaterial> {
        let tint = tint.colour.to_linear().with_alpha(tint.strength);
        let key = [base.red, base.green, base.blue, base.alpha, tint.red, tint.green, tint.blue, tint.alpha].map(f32::to_bits);
        let haze = self.haze;
        self.materials.entry(key).or_insert_with(|| assets.add(PlantMaterial { base, tint, haze })).clone()
    }
}

/// Adds the material and its shader.
pub struct PlantMaterialPlugin;

impl Plugin for PlantMaterialPlugin {
    fn build(&self, app: &mut App) {
        embedded_asset!(app, "plant.wgsl");
        app.add_plugins(MaterialPlugin::<PlantMaterial>::default());
    }
}
