// Calm plant shading: one sky, one sun, a little haze. Five lines instead of a full PBR pass, because plant staff
// often have no GPU and a software rasteriser pays for every instruction of every pixel.

#import bevy_pbr::forward_io::VertexOutput
#import bevy_pbr::mesh_view_bindings::view

struct PlantMaterial {
    base: vec4<f32>,
    // rgb and strength
    tint: vec4<f32>,
    haze: vec4<f32>,
};

@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<uniform> material: PlantMaterial;

@fragment
fn fragment(in: VertexOutput) -> @location(0) vec4<f32> {
    let normal = normalize(in.world_normal);
    let sun = max(dot(normal, vec3<f32>(0.40, 0.80, 0.45)), 0.0);
    let bounce = max(dot(normal, vec3<f32>(-0.62, 0.15, -0.50)), 0.0);
    let light = 0.30 + 0.13 * normal.y + 0.34 * sun + 0.08 * bounce;
    let away = distance(view.world_position, in.world_position.xyz);
    let lit = mix(material.base.rgb, material.tint.rgb, material.tint.a) * light;
    return vec4<f32>(mix(lit, material.haze.rgb, clamp((away - 80.0) / 260.0, 0.0, 0.80)), 1.0);
}
