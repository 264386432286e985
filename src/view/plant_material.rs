//! The material of the plant: grey tones, discrete tints, cheap on a software rasteriser.

use bevy::asset::embedded_asset;
use bevy::ecs::system::SystemParam;
use bevy::mesh::MeshVertexBufferLayoutRef;
use bevy::pbr::{MaterialPipeline, MaterialPipelineKey};
use bevy::prelude::*;
use bevy::render::render_resource::{AsBindGroup, RenderPipelineDescriptor, SpecializedMeshPipelineError};
use bevy::shader::ShaderRef;
use std::collections::BTreeMap;

/// A grey tone with a tint over it.
#[derive(Asset, TypePath, AsBindGroup, Clone, Debug)]
#[bind_group_data(Shading)]
pub struct PlantMaterial {
    #[uniform(0)]
    base: LinearRgba,
    #[uniform(0)]
    tint: LinearRgba,
    #[uniform(0)]
    haze: LinearRgba,
    #[uniform(0)]
    plane: Vec4,
    #[uniform(0)]
    accent: LinearRgba,
    shading: Shading,
}

/// What the shader is compiled for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(C)]
pub struct Shading {
    /// With the sun's shadow and a highlight.
    is_rich: bool,
    /// See-through, edges only.
    is_ghost: bool,
    /// A plane cuts it.
    is_cut: bool,
    /// A fine grid lies on it.
    has_grid: bool,
    /// An edge of the accent lies around it.
    is_selected: bool,
    /// Lies inside a housing: no shadow falls on it.
    is_inner: bool,
    /// Both sides are drawn.
    is_two_sided: bool,
}

impl From<&PlantMaterial> for Shading {
    fn from(material: &PlantMaterial) -> Self {
        material.shading
    }
}

impl Material for PlantMaterial {
    fn fragment_shader() -> ShaderRef {
        "embedded://didymos/view/plant.wgsl".into()
    }

    fn alpha_mode(&self) -> AlphaMode {
        if self.shading.is_ghost { AlphaMode::Blend } else { AlphaMode::Opaque }
    }

    fn enable_prepass() -> bool {
        false
    }

    fn specialize(
        _pipeline: &MaterialPipeline,
        descriptor: &mut RenderPipelineDescriptor,
        _layout: &MeshVertexBufferLayoutRef,
        key: MaterialPipelineKey<Self>,
    ) -> Result<(), SpecializedMeshPipelineError> {
        let shading = key.bind_group_data;
        if let Some(fragment) = &mut descriptor.fragment {
            let defs = [
                (shading.is_rich, "RICH"),
                (shading.is_ghost, "GHOST"),
                (shading.is_cut, "CLIP"),
                (shading.has_grid, "GRID"),
                (shading.is_selected, "SELECTED"),
                (shading.is_inner || shading.is_cut, "OPENED"),
                (shading.is_two_sided, "TWO_SIDED"),
            ];
            fragment.shader_defs.extend(defs.into_iter().filter(|(is_set, _)| *is_set).map(|(_, name)| name.into()));
        }
        if shading.is_cut || shading.is_two_sided {
            // A cut shows the inside of walls, a sheet its back.
            descriptor.primitive.cull_mode = None;
        }
        Ok(())
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

/// How a surface is painted. Equal paints share one material.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paint {
    /// Tone of the model.
    pub base: LinearRgba,
    /// What lies over it.
    pub tint: Tint,
    /// See-through.
    pub is_ghost: bool,
    /// Opened by the plane of the thing that is cut away.
    pub is_cut_away: bool,
    /// A fine grid lies on it.
    pub has_grid: bool,
    /// An edge of the accent lies around it.
    pub is_selected: bool,
    /// Lies inside a housing: no shadow falls on it.
    pub is_inner: bool,
    /// Both sides are drawn: a sheet, or a mirrored node.
    pub is_two_sided: bool,
}

impl Paint {
    /// A plain tone.
    pub fn tone(base: LinearRgba) -> Self {
        Self {
            base,
            tint: Tint::NONE,
            is_ghost: false,
            is_cut_away: false,
            has_grid: false,
            is_selected: false,
            is_inner: false,
            is_two_sided: false,
        }
    }

    fn key(&self) -> PaintKey {
        let tint = self.tint.colour.to_linear().with_alpha(self.tint.strength);
        let bits = [self.base.red, self.base.green, self.base.blue, self.base.alpha, tint.red, tint.green, tint.blue, tint.alpha];
        (bits.map(f32::to_bits), [self.is_ghost, self.is_cut_away, self.has_grid, self.is_selected, self.is_inner, self.is_two_sided])
    }
}

type PaintKey = ([u32; 8], [bool; 6]);

/// What all materials share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Surroundings {
    /// Colour the distance fades into.
    pub haze: LinearRgba,
    /// Colour of the selection.
    pub accent: LinearRgba,
    /// The adapter can afford shadow and highlight.
    pub is_rich: bool,
    /// Cuts the whole plant: normal and offset, m; what lies on the positive side is not drawn.
    pub section: Option<Vec4>,
    /// Cuts the thing that is cut away.
    pub cut_away: Option<Vec4>,
}

/// Every paint that is in use, once.
#[derive(Resource, Default)]
pub struct MaterialLibrary {
    materials: BTreeMap<PaintKey, (Paint, Handle<PlantMaterial>)>,
    surroundings: Surroundings,
}

impl MaterialLibrary {
    /// A library of materials in the given surroundings.
    pub fn new(surroundings: Surroundings) -> Self {
        Self { materials: BTreeMap::new(), surroundings }
    }

    /// The material of a paint.
    pub fn get(&mut self, assets: &mut Assets<PlantMaterial>, paint: Paint) -> Handle<PlantMaterial> {
        let surroundings = self.surroundings;
        let (_, handle) = self.materials.entry(paint.key()).or_insert_with(|| (paint, assets.add(material(&paint, &surroundings))));
        handle.clone()
    }

    /// What all materials share now.
    pub fn surroundings(&self) -> Surroundings {
        self.surroundings
    }

    /// Changes what all materials share; true when something did.
    pub fn set_surroundings(&mut self, assets: &mut Assets<PlantMaterial>, surroundings: Surroundings) -> bool {
        if surroundings == self.surroundings {
            return false;
        }
        self.surroundings = surroundings;
        for (paint, handle) in self.materials.values() {
            // A handle of the library keeps its asset alive.
            let _ = assets.insert(handle.id(), material(paint, &surroundings));
        }
        true
    }
}

fn material(paint: &Paint, surroundings: &Surroundings) -> PlantMaterial {
    let plane = if paint.is_cut_away { surroundings.cut_away } else { surroundings.section };
    PlantMaterial {
        base: paint.base,
        tint: paint.tint.colour.to_linear().with_alpha(paint.tint.strength),
        haze: surroundings.haze,
        plane: plane.unwrap_or_default(),
        accent: surroundings.accent,
        shading: Shading {
            is_rich: surroundings.is_rich,
            is_ghost: paint.is_ghost,
            is_cut: plane.is_some(),
            has_grid: paint.has_grid,
            is_selected: paint.is_selected,
            is_inner: paint.is_inner,
            is_two_sided: paint.is_two_sided,
        },
    }
}

/// Gives out materials: what every system that paints needs.
#[derive(SystemParam)]
pub struct Painter<'w> {
    library: ResMut<'w, MaterialLibrary>,
    assets: ResMut<'w, Assets<PlantMaterial>>,
}

impl Painter<'_> {
    /// The material of a paint.
    pub fn get(&mut self, paint: Paint) -> Handle<PlantMaterial> {
        self.library.get(&mut self.assets, paint)
    }

    /// What all materials share now.
    pub fn surroundings(&self) -> Surroundings {
        self.library.surroundings()
    }

    /// Changes what all materials share; true when something did.
    pub fn set_surroundings(&mut self, surroundings: Surroundings) -> bool {
        surroundings != self.library.surroundings() && self.library.set_surroundings(&mut self.assets, surroundings)
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
