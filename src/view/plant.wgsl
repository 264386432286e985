// Calm plant shading: soft sky, one sun, baked ambient occlusion, haze to the horizon. A few lines instead of a full
// PBR pass, because plant staff often have no GPU and a software rasteriser pays for every instruction of every pixel.
// Vertex colours carry the ambient occlusion, 1 = open sky.

#import bevy_pbr::forward_io::VertexOutput
#import bevy_pbr::mesh_view_bindings::view
#ifdef RICH
#import bevy_pbr::shadows::fetch_directional_shadow
#endif

struct PlantMaterial {
    base: vec4<f32>,
    // rgb and strength
    tint: vec4<f32>,
    haze: vec4<f32>,
    // What lies in front of this plane is cut away: normal and offset, m.
    plane: vec4<f32>,
    // Colour of the selection.
    accent: vec4<f32>,
};

@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<uniform> material: PlantMaterial;

const SUN: vec3<f32> = vec3<f32>(0.4, 0.8, 0.45);

#ifdef GRID
// A line every `step` metres, fading out where it would be finer than a pixel.
fn grid_line(at: vec2<f32>, step: f32) -> f32 {
    let cell = at / step;
    let width = fwidth(cell);
    let away = abs(fract(cell - 0.5) - 0.5) / max(width, vec2<f32>(1e-5));
    let line = 1.0 - min(min(away.x, away.y), 1.0);
    return line * (1.0 - clamp(max(width.x, width.y) * 4.0, 0.0, 1.0));
}
#endif

@fragment
fn fragment(in: VertexOutput, @builtin(front_facing) is_front: bool) -> @location(0) vec4<f32> {
#ifdef CLIP
    if dot(material.plane.xyz, in.world_position.xyz) + material.plane.w > 0.0 {
        discard;
    }
#endif
    var normal = normalize(in.world_normal);
#ifdef VERTEX_COLORS
    let open = in.color.r;
#else
    let open = 1.0;
#endif
    var base = mix(material.base.rgb, material.tint.rgb, material.tint.a);
#ifdef GRID
    let line = max(grid_line(in.world_position.xz, 10.0), 0.45 * grid_line(in.world_position.xz, 2.0));
    base = mix(base, base * 0.80, line);
#endif
    let to_eye = view.world_position - in.world_position.xyz;
    let away = length(to_eye);
    let eye = to_eye / max(away, 1e-4);
#ifdef TWO_SIDED
    if dot(normal, eye) < 0.0 {
        normal = -normal;
    }
#else
#ifdef CLIP
    // The inside of a wall that was cut is drawn flat: a section, not a surface.
    if !is_front {
        return vec4<f32>(base * 0.42, 1.0);
    }
#endif
#endif
#ifdef GHOST
    // Edges stay, faces let through: what surrounds the thing of interest keeps its place and gives way.
    let edge = 1.0 - abs(dot(normal, eye));
    return vec4<f32>(mix(base, material.haze.rgb, 0.35), 0.09 + 0.46 * edge * edge);
#else
    var sun = max(dot(normal, SUN), 0.0);
    let bounce = max(dot(normal, vec3<f32>(-0.62, 0.15, -0.50)), 0.0);
    let sky = 0.38 + 0.14 * normal.y + 0.08 * bounce;
#ifdef RICH
    let view_z = dot(vec4<f32>(view.view_from_world[0].z, view.view_from_world[1].z, view.view_from_world[2].z, view.view_from_world[3].z), in.world_position);
#ifdef OPENED
    // What is seen because something was cut open still has the shadow of the closed one.
    let lit_by_sun = 1.0;
#else
    let lit_by_sun = fetch_directional_shadow(0u, in.world_position, normal, view_z, in.position.xy);
#endif
    sun = sun * lit_by_sun;
    let half_way = normalize(eye + SUN);
    let shine = 0.10 * pow(max(dot(normal, half_way), 0.0), 48.0) * lit_by_sun;
    let rim = 0.05 * pow(1.0 - max(dot(normal, eye), 0.0), 4.0) * open;
    let light = sky * mix(0.30, 1.08, open * open) + 0.52 * sun * mix(1.0, open, 0.35);
    var lit = base * light + vec3<f32>(shine + rim);
#else
    let light = 1.15 * (sky + 0.40 * sun) * mix(0.22, 1.0, open);
    var lit = base * light;
#endif
#ifdef SELECTED
    // An edge of the accent that needs no second pass.
    let grazing = 1.0 - max(dot(normal, eye), 0.0);
    lit = mix(lit, material.accent.rgb, 0.07 + 0.60 * grazing * grazing);
#endif
    let haze = 1.0 - exp(-max(away - 90.0, 0.0) / 320.0);
    return vec4<f32>(mix(lit, material.haze.rgb, haze), 1.0);
#endif
}
