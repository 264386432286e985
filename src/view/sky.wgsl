// A soft gradient from the horizon, where the haze of the plant ends, to the zenith.

#import bevy_pbr::forward_io::VertexOutput
#import bevy_pbr::mesh_view_bindings::view

struct SkyMaterial {
    horizon: vec4<f32>,
    zenith: vec4<f32>,
};

@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<uniform> sky: SkyMaterial;

@fragment
fn fragment(in: VertexOutput) -> @location(0) vec4<f32> {
    let direction = normalize(in.world_position.xyz - view.world_position);
    let height = clamp(direction.y * 1.7, 0.0, 1.0);
    return vec4<f32>(mix(sky.horizon.rgb, sky.zenith.rgb, height * (2.0 - height)), 1.0);
}
