//! Where things are and how large, measured once when the scene has been bound.

use super::extras::AnchorName;
use super::plant_scene::{Anchor, PlantMesh, SceneProgress, ThingNode};
use bevy::camera::primitives::Aabb;
use bevy::prelude::*;
use std::collections::BTreeMap;

/// A thing that reaches further than this is the site, not a landmark, m.
const SITE_RADIUS_M: f32 = 40.0;

/// What is more than so many times as far from the middle as three quarters of the things is far away.
const FAR_AWAY: f32 = 1.8;

/// Where a badge or a value tag of a thing points to, in world space.
#[derive(Resource, Default, Debug)]
pub struct Anchors {
    /// Badge anchors by thing.
    pub badges: BTreeMap<usize, Vec3>,
    /// Value tag anchors by thing.
    pub tags: BTreeMap<usize, Vec3>,
}

/// Box of a thing in world space, m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorldBox {
    /// Lowest corner.
    pub low: Vec3,
    /// Highest corner.
    pub high: Vec3,
}

impl WorldBox {
    const EMPTY: Self = Self { low: Vec3::MAX, high: Vec3::MIN };

    /// Middle.
    pub fn centre(&self) -> Vec3 {
        (self.low + self.high) * 0.5
    }

    /// Half its diagonal.
    pub fn radius(&self) -> f32 {
        (self.high - self.low).length() * 0.5
    }

    /// Its eight corners.
    pub fn corners(&self) -> [Vec3; 8] {
        std::array::from_fn(|corner| {
            let pick = |axis: usize| if corner >> axis & 1 == 0 { self.low[axis] } else { self.high[axis] };
            Vec3::new(pick(0), pick(1), pick(2))
        })
    }

    fn with(self, point: Vec3) -> Self {
        Self { low: self.low.min(point), high: self.high.max(point) }
    }

    /// True when a point lies in it.
    pub fn contains(&self, point: Vec3) -> bool {
        point.cmpge(self.low).all() && point.cmple(self.high).all()
    }

    fn is_landmark(&self) -> bool {
        self.radius() < SITE_RADIUS_M
    }
}

/// Boxes of every bound thing, and of what a first look should show.
#[derive(Resource, Default, Debug)]
pub struct SceneBounds {
    /// By thing.
    pub things: BTreeMap<usize, WorldBox>,
    /// Origin of its node, by thing.
    pub origins: BTreeMap<usize, Vec3>,
    /// All things but the site itself; where there is none, the whole model.
    pub all: Option<WorldBox>,
}

impl SceneBounds {
    /// Corners of all things but the site itself.
    pub fn landmarks(&self) -> Vec<Vec3> {
        let corners: Vec<Vec3> = self.things.values().filter(|b| b.is_landmark()).flat_map(WorldBox::corners).collect();
        // A model nobody has bound yet, or one large building, is looked at as a whole.
        if corners.is_empty() { self.all.iter().flat_map(WorldBox::corners).collect() } else { corners }
    }

    /// Corners of most things: those far from all others are left out, since one tank at the end of a long line must not
    /// make everything else small.
    pub fn heart(&self) -> Vec<Vec3> {
        let landmarks: Vec<WorldBox> = self.things.values().filter(|b| b.is_landmark()).copied().collect();
        if landmarks.is_empty() {
            return self.landmarks();
        }
        let middle = |axis: usize| {
            let mut values: Vec<f32> = landmarks.iter().map(|b| b.centre()[axis]).collect();
            values.sort_unstable_by(f32::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or_default()
        };
        let centre = Vec3::new(middle(0), middle(1), middle(2));
        let mut reaches: Vec<f32> = landmarks.iter().map(|b| b.centre().distance(centre)).collect();
        reaches.sort_unstable_by(f32::total_cmp);
        let typical = reaches.get(reaches.len() * 3 / 4).copied().unwrap_or_default();
        let is_near = |b: &&WorldBox| b.centre().distance(centre) <= typical * FAR_AWAY;
        landmarks.iter().filter(is_near).flat_map(WorldBox::corners).collect()
    }
}

/// Measures the scene in the frame after it was bound.
pub fn measure(
    mut progress: ResMut<SceneProgress>,
    mut bounds: ResMut<SceneBounds>,
    mut anchors: ResMut<Anchors>,
    meshes: Query<(&PlantMesh, &Aabb, &GlobalTransform)>,
    unmeasured: Query<(), (With<PlantMesh>, Without<Aabb>)>,
    marks: Query<(&Anchor, &GlobalTransform)>,
    nodes: Query<(&ThingNode, &GlobalTransform)>,
) {
    // A scene of nodes alone has nothing to wait for.
    if *progress != SceneProgress::Spawned || (meshes.is_empty() && !unmeasured.is_empty()) {
        return;
    }
    let mut boxes: BTreeMap<usize, WorldBox> = BTreeMap::new();
    let mut model: Option<WorldBox> = None;
    for (mesh, aabb, transform) in &meshes {
        let corners: [Vec3; 8] = std::array::from_fn(|corner| {
            let sign = Vec3::new(side(corner, 0), side(corner, 1), side(corner, 2));
            transform.transform_point(Vec3::from(aabb.center) + Vec3::from(aabb.half_extents) * sign)
        });
        model = Some(corners.into_iter().fold(model.unwrap_or(WorldBox::EMPTY), WorldBox::with));
        if let Some(thing) = mesh.thing.filter(|_| !mesh.is_inside) {
            let entry = boxes.entry(thing).or_insert(WorldBox::EMPTY);
            *entry = corners.into_iter().fold(*entry, WorldBox::with);
        }
    }
    *anchors = Anchors::default();
    for (thing, extent) in &boxes {
        let centre = extent.centre();
        anchors.badges.insert(*thing, Vec3::new(centre.x, extent.high.y, centre.z));
    }
    for (anchor, transform) in &marks {
        let target = match anchor.name {
            AnchorName::Badge => &mut anchors.badges,
            AnchorName::Tag => &mut anchors.tags,
            AnchorName::Level | AnchorName::Elevation => continue,
        };
        target.insert(anchor.thing, transform.translation());
    }
    bounds.all = boxes.values().filter(|b| b.is_landmark()).copied().reduce(|a, b| a.with(b.low).with(b.high)).or(model);
    bounds.things = boxes;
    bounds.origins = nodes.iter().map(|(node, transform)| (node.0, transform.translation())).collect();
    *progress = SceneProgress::Ready;
}

fn side(corner: usize, axis: usize) -> f32 {
    if corner >> axis & 1 == 0 { -1.0 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tank_far_away_does_not_make_the_plant_small() {
        let cube = |x: f32| WorldBox { low: Vec3::new(x, 0.0, 0.0), high: Vec3::new(x + 2.0, 2.0, 2.0) };
        let mut things: BTreeMap<usize, WorldBox> = (0..20).map(|i| (i, cube(i as f32 * 3.0))).collect();
        things.insert(20, cube(900.0));
        things.insert(21, WorldBox { low: Vec3::splat(-500.0), high: Vec3::splat(500.0) });
        let bounds = SceneBounds { things, ..SceneBounds::default() };
        let reach = |points: Vec<Vec3>| points.iter().map(|p| p.x).fold(f32::MIN, f32::max);
        assert!((50.0..70.0).contains(&reach(bounds.heart())), "{}", reach(bounds.heart()));
        assert!(reach(bounds.landmarks()) > 900.0);
    }

    #[test]
    fn a_model_without_things_is_looked_at_as_a_whole() {
        let hall = WorldBox { low: Vec3::ZERO, high: Vec3::new(120.0, 20.0, 60.0) };
        for things in [BTreeMap::new(), BTreeMap::from([(0, hall)])] {
            let bounds = SceneBounds { things, all: Some(hall), ..SceneBounds::default() };
            assert_eq!((bounds.heart(), bounds.landmarks()), (hall.corners().to_vec(), hall.corners().to_vec()));
        }
    }
}
