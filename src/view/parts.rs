//! Parts of the selected thing: exploded, cut away, isolated; and what the plant itself moves, such as a valve stem.

use super::SceneCamera;
use super::bounds::{SceneBounds, WorldBox};
use super::plant_material::{Painter, Surroundings};
use super::plant_scene::{InnerPart, MovingPart, SceneProgress};
use super::scene_picture::ScenePicture;
use super::state::ViewState;
use bevy::prelude::*;
use std::collections::BTreeMap;
use twin_ui::{Axis, ClipPlane};

/// Seconds an explosion takes.
const EXPLODE_SECS: f32 = 0.5;
/// Longest step of an explosion, s: a window that rested before would show none of it.
const LONGEST_STEP_SECS: f32 = 0.05;
/// A stem that moved less than this share of its travel stays where it is drawn: nobody would see it, and drawing costs.
const SMALLEST_MOVE: f32 = 0.01;

/// How far each thing is exploded, 0 … 1; only those that are not whole.
#[derive(Resource, Default)]
struct Explosion(BTreeMap<usize, f32>);

/// Moves, hides and cuts parts.
pub struct PartsPlugin;

impl Plugin for PartsPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Explosion>()
            .add_systems(Update, (explode, move_parts, show_inner_parts, cut_away).chain().run_if(resource_equals(SceneProgress::Ready)));
    }
}

/// Lets the selected thing come apart, and everything else back together.
fn explode(state: Res<ViewState>, time: Res<Time<Real>>, mut picture: ResMut<ScenePicture>, mut explosion: ResMut<Explosion>) {
    let wanted = state.selected.filter(|_| state.tools.is_exploded);
    if explosion.0.is_empty() && wanted.is_none() {
        return;
    }
    let step = if state.is_still { 1.0 } else { time.delta_secs().min(LONGEST_STEP_SECS) / EXPLODE_SECS };
    if let Some(thing) = wanted {
        explosion.0.entry(thing).or_insert(0.0);
    }
    explosion.0.retain(|thing, share| {
        let next = (*share + if Some(*thing) == wanted { step } else { -step }).clamp(0.0, 1.0);
        if next != *share {
            picture.animate();
        }
        *share = next;
        *share > 0.0 || Some(*thing) == wanted
    });
}

/// Once per snapshot, and in every frame of an explosion.
fn move_parts(
    state: Res<ViewState>,
    explosion: Res<Explosion>,
    picture: Res<ScenePicture>,
    mut parts: Query<(&MovingPart, &mut Transform)>,
    added: Query<(), Added<MovingPart>>,
    mut applied: Local<u64>,
) {
    if *applied == state.revision && !explosion.is_changed() && !picture.is_animated() && added.is_empty() {
        return;
    }
    *applied = state.revision;
    for (part, mut transform) in &mut parts {
        let share = explosion.0.get(&part.thing).map_or(0.0, |share| share * share * (3.0 - 2.0 * share));
        let position = if part.travel == Vec3::ZERO { 0.0 } else { state.position_share(part.thing).unwrap_or(0.0) };
        let to = part.home + part.explode * share + part.travel * position;
        let is_small = transform.translation.distance(to) < SMALLEST_MOVE * part.travel.length().max(0.01);
        if !is_small {
            transform.translation = to;
        }
    }
}

fn show_inner_parts(state: Res<ViewState>, explosion: Res<Explosion>, mut parts: Query<(&InnerPart, &mut Visibility)>) {
    for (part, mut visibility) in &mut parts {
        let is_open = state.tools.is_cut_away && state.selected == Some(part.0);
        let is_shown = is_open || explosion.0.contains_key(&part.0);
        visibility.set_if_neq(if is_shown { Visibility::Inherited } else { Visibility::Hidden });
    }
}

/// Cuts the selected thing along its length, on the side that faces the camera when the cut is made.
fn cut_away(
    state: Res<ViewState>,
    bounds: Res<SceneBounds>,
    camera: Single<&GlobalTransform, With<SceneCamera>>,
    mut painter: Painter,
    mut picture: ResMut<ScenePicture>,
    mut cut_thing: Local<Option<usize>>,
) {
    let wanted = state.selected.filter(|_| state.tools.is_cut_away);
    let section = state.tools.section.and_then(|plane| Some(section(plane, bounds.all?)));
    let now = painter.surroundings();
    if wanted == *cut_thing && section == now.section {
        return;
    }
    let mut next = Surroundings { section, ..now };
    if wanted != *cut_thing {
        *cut_thing = wanted;
        next.cut_away = wanted.and_then(|thing| cut_along(&bounds, thing, camera.translation()));
    }
    painter.set_surroundings(next);
    picture.redraw();
}

/// The upright plane along a thing, through its axis where its origin lies on it, that opens the side towards the eye.
fn cut_along(bounds: &SceneBounds, thing: usize, eye: Vec3) -> Option<Vec4> {
    let extent = bounds.things.get(&thing)?;
    let origin = bounds.origins.get(&thing).copied().filter(|origin| extent.contains(*origin));
    let (through, size) = (origin.unwrap_or_else(|| extent.centre()), extent.high - extent.low);
    let across = if size.x >= size.z { Vec3::Z } else { Vec3::X };
    let normal = across * (eye - through).dot(across).signum();
    Some(normal.extend(-normal.dot(through)))
}

/// The plane that cuts a scene of this extent: what lies on its positive side goes.
fn section(plane: ClipPlane, extent: WorldBox) -> Vec4 {
    let axis = match plane.axis {
        Axis::X => Vec3::X,
        Axis::Y => Vec3::Y,
        Axis::Z => Vec3::Z,
    };
    let (low, high) = (extent.low.dot(axis), extent.high.dot(axis));
    let at = low + (high - low) * plane.share.clamp(0.0, 1.0);
    let sign = if plane.is_flipped { -1.0 } else { 1.0 };
    (axis * sign).extend(-at * sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_keeps_the_lower_side_and_flipped_the_upper_one() {
        let extent = WorldBox { low: Vec3::ZERO, high: Vec3::new(10.0, 4.0, 2.0) };
        let is_cut = |plane: Vec4, at: Vec3| plane.truncate().dot(at) + plane.w > 0.0;
        let plane = section(ClipPlane { axis: Axis::Y, share: 0.5, is_flipped: false }, extent);
        assert!(is_cut(plane, Vec3::new(1.0, 3.0, 1.0)) && !is_cut(plane, Vec3::new(1.0, 1.0, 1.0)));
        let flipped = section(ClipPlane { axis: Axis::Y, share: 0.5, is_flipped: true }, extent);
        assert!(!is_cut(flipped, Vec3::new(1.0, 3.0, 1.0)) && is_cut(flipped, Vec3::new(1.0, 1.0, 1.0)));
    }
}
