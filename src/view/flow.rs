//! Flow one can read: sparse ticks that travel along a pipe as fast as what flows in it. Off unless asked for.

use super::plant_material::{Paint, Painter};
use super::plant_scene::{FlowLine, SceneProgress};
use super::scene_picture::ScenePicture;
use super::stage::ThemeTone;
use super::state::ViewState;
use super::view_modes::colour;
use bevy::light::NotShadowCaster;
use bevy::prelude::*;

/// Distance between two ticks, m.
const SPACING_M: f32 = 6.0;
/// Length of a tick, m.
const TICK_M: f32 = 0.9;
/// A pipe with less than this share of its meter's range counts as still.
const LEAST_SHARE: f64 = 0.01;
/// Ticks move at least and at most this fast, m/s, so that a slow flow still moves and a fast one can be followed.
const TICK_SPEED_M_S: (f32, f32) = (0.25, 4.0);

/// One tick on a line.
#[derive(Component)]
struct Tick {
    line: Entity,
    path: usize,
    /// Where it stands at the start, m along the path.
    start_m: f32,
}

/// How far the ticks of a line have moved.
#[derive(Component, Default)]
struct Travelled {
    metres: f32,
    speed_m_s: f32,
}

/// Shows flow along pipes.
pub struct FlowPlugin;

impl Plugin for FlowPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Update, (toggle, read_rates, travel).chain().run_if(resource_equals(SceneProgress::Ready)));
    }
}

/// Spawns the ticks when they are asked for, and takes them away again.
fn toggle(
    mut commands: Commands,
    state: Res<ViewState>,
    lines: Query<(Entity, &FlowLine)>,
    ticks: Query<Entity, With<Tick>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut painter: Painter,
) {
    if state.tools.shows_flow != ticks.is_empty() {
        return;
    }
    if !state.tools.shows_flow {
        ticks.iter().for_each(|tick| commands.entity(tick).despawn());
        return;
    }
    let material = painter.get(Paint::tone(colour(state.theme.text).to_linear()));
    for (entity, line) in lines.iter().filter(|(_, line)| state.flow_key(&line.name).is_some()) {
        commands.entity(entity).insert(Travelled::default());
        let tick =
            meshes.add(ConicalFrustum { radius_top: line.radius_m * 1.02, radius_bottom: line.radius_m * 1.6 + 0.05, height: TICK_M });
        for (path, points) in line.paths.iter().enumerate() {
            let count = (length(points) / SPACING_M).floor().max(1.0);
            for index in 0..count as u32 {
                commands.spawn((
                    Tick { line: entity, path, start_m: (index as f32 + 0.5) * length(points) / count },
                    ThemeTone(|theme| theme.text),
                    Mesh3d(tick.clone()),
                    MeshMaterial3d(material.clone()),
                    Transform::default(),
                    Visibility::Hidden,
                    NotShadowCaster,
                    ChildOf(entity),
                ));
            }
        }
    }
}

/// Speed of what flows in each line, once per snapshot.
fn read_rates(state: Res<ViewState>, mut lines: Query<(&FlowLine, &mut Travelled)>, mut applied: Local<u64>) {
    let is_new = *applied != state.revision;
    *applied = state.revision;
    for (line, mut travelled) in &mut lines {
        if !is_new && !travelled.is_added() {
            continue;
        }
        let speed = state.flow(&line.name).filter(|(_, share)| *share > LEAST_SHARE).map_or(0.0, |(m3_per_s, _)| {
            let area_m2 = std::f32::consts::PI * line.radius_m.max(0.005).powi(2);
            (m3_per_s as f32 / area_m2).clamp(TICK_SPEED_M_S.0, TICK_SPEED_M_S.1)
        });
        if travelled.speed_m_s != speed {
            travelled.speed_m_s = speed;
        }
    }
}

fn travel(
    state: Res<ViewState>,
    time: Res<Time<Real>>,
    mut picture: ResMut<ScenePicture>,
    mut lines: Query<(&FlowLine, &mut Travelled)>,
    mut ticks: Query<(&Tick, &mut Transform, &mut Visibility)>,
) {
    if ticks.is_empty() {
        return;
    }
    for (_, mut travelled) in &mut lines {
        // A picture is the same whenever it is drawn.
        if travelled.speed_m_s > 0.0 && !state.is_still {
            picture.animate();
            travelled.metres += travelled.speed_m_s * time.delta_secs().min(0.25);
        }
    }
    for (tick, mut transform, mut visibility) in &mut ticks {
        let Ok((line, travelled)) = lines.get(tick.line) else { continue };
        let is_moving = travelled.speed_m_s > 0.0;
        visibility.set_if_neq(if is_moving { Visibility::Inherited } else { Visibility::Hidden });
        let Some(points) = line.paths.get(tick.path).filter(|_| is_moving) else { continue };
        let along = (tick.start_m + travelled.metres).rem_euclid(length(points).max(0.01));
        let (at, direction) = point_at(points, along);
        *transform = Transform::from_translation(at).with_rotation(Quat::from_rotation_arc(Vec3::Y, direction));
    }
}

fn length(points: &[Vec3]) -> f32 {
    points.windows(2).map(|pair| pair[0].distance(pair[1])).sum()
}

/// Point and direction after `along` metres of a polyline.
fn point_at(points: &[Vec3], along: f32) -> (Vec3, Vec3) {
    let mut left = along;
    for pair in points.windows(2) {
        let step = pair[1] - pair[0];
        let reach = step.length();
        if left <= reach && reach > 0.0 {
            return (pair[0] + step * (left / reach), step / reach);
        }
        left -= reach;
    }
    (points.last().copied().unwrap_or_default(), Vec3::Y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_follows_the_bends_of_its_pipe() {
        let bend = [Vec3::ZERO, Vec3::X * 2.0, Vec3::new(2.0, 0.0, 3.0)];
        assert_eq!(length(&bend), 5.0);
        assert_eq!(point_at(&bend, 1.0), (Vec3::X, Vec3::X));
        let (at, direction) = point_at(&bend, 3.5);
        assert!(at.distance(Vec3::new(2.0, 0.0, 1.5)) < 1e-6);
        assert_eq!(direction, Vec3::Z);
    }
}
