//! What has been placed in this frame, and whether a rectangle is free of it.

use super::geometry::{leader_of, line_hits, swept, ways_out};
use egui::{Pos2, Rect, Vec2};

/// Distance from others down to which a place is kept, points.
pub(super) const KEPT_SPACING: f32 = 0.25;

/// Distance labels keep from the points of others if they can, points.
const KEPT_CLEAR: f32 = 4.0;

/// Who holds a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Holder {
    /// Something that is no label: legend, title, toolbar.
    Obstacle,
    /// Badge or health letter of a thing, in view.
    Group(usize),
    /// Arrow to a thing out of view.
    Arrow(usize),
    /// Value tags.
    Block {
        /// In the list of blocks.
        index: usize,
        /// Of the request.
        importance: u8,
        /// Distance that counts when another block wants the place, metres.
        ranked_depth_m: f32,
    },
}

/// A place that is held.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub rect: Rect,
    /// Points per second on the screen.
    pub velocity: Vec2,
    pub leader: Option<[Pos2; 2]>,
    pub holder: Holder,
}

impl Taken {
    /// Index of the block that holds it.
    pub fn block(&self) -> Option<usize> {
        if let Holder::Block { index, .. } = self.holder { Some(index) } else { None }
    }
}

/// The scene with the places held in it.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Where labels may stand.
    pub bounds: Rect,
    pub taken: Vec<Taken>,
    /// Things that labels are to point to, and where they are.
    pub points: Vec<(usize, Pos2)>,
}

impl Default for Field {
    fn default() -> Self {
        Self { bounds: Rect::ZERO, taken: Vec::new(), points: Vec::new() }
    }
}

impl Field {
    pub fn restart(&mut self, bounds: Rect, obstacles: &[Rect]) {
        self.bounds = bounds;
        self.taken.clear();
        self.points.clear();
        let held = |rect: &Rect| Taken { rect: *rect, velocity: Vec2::ZERO, leader: None, holder: Holder::Obstacle };
        self.taken.extend(obstacles.iter().map(held));
    }

    /// True when the rectangle lies in the scene and keeps its distance from everything.
    pub fn is_free(&self, rect: Rect, gap: f32) -> bool {
        self.is_inside(rect) && !self.taken.iter().any(|taken| taken.rect.intersects(rect.expand(gap)))
    }

    /// Points of other things under a rectangle: no label could reach them.
    pub fn covered(&self, rect: Rect, thing: usize) -> f32 {
        let wide = rect.expand(KEPT_CLEAR);
        self.points.iter().filter(|(other, at)| *other != thing && wide.contains(*at)).count() as f32
    }

    pub fn is_inside(&self, rect: Rect) -> bool {
        self.bounds.expand(0.01).contains_rect(rect)
    }

    /// What keeps a rectangle from being free.
    pub fn blockers(&self, rect: Rect, gap: f32) -> impl Iterator<Item = &Taken> {
        let wide = rect.expand(gap);
        self.taken.iter().filter(move |taken| taken.rect.intersects(wide))
    }

    /// The free place nearest to `goal` that a label carried to `carried` and barred on its way to `direct` reaches
    /// with one step.
    pub fn way_around(&self, carried: Pos2, direct: Pos2, goal: Pos2, size: Vec2, longest: f32) -> Option<Pos2> {
        let rect_at = |at| Rect::from_center_size(at, size);
        let barred = self.blockers(rect_at(carried), 0.0).chain(self.blockers(rect_at(direct), 0.0));
        let ways = barred.flat_map(|blocker| ways_out(carried, size, blocker.rect, 1.0));
        let open = std::iter::once(carried).chain(ways);
        let open = open.filter(|at| at.distance(carried) <= longest && self.is_free(rect_at(*at), KEPT_SPACING));
        open.min_by(|a, b| a.distance_sq(goal).total_cmp(&b.distance_sq(goal)))
    }

    /// What a label disturbs, now or within `horizon_secs` if everything moves on as it does: rectangles met, labels its
    /// leader crosses, leaders it covers.
    pub fn disturbed(&self, label: Moving, horizon_secs: f32, gap: f32) -> impl Iterator<Item = &Taken> {
        let wide = label.rect.expand(gap);
        let leader = leader_of(label.rect, label.anchor);
        self.taken.iter().filter(move |taken| {
            let way = (taken.velocity - label.velocity) * horizon_secs;
            swept(taken.rect, way).intersects(wide)
                || leader.is_some_and(|line| line_hits(line, taken.rect))
                || taken.leader.is_some_and(|line| line_hits(line, label.rect))
        })
    }

    /// True when a label stands in the scene, and will, and disturbs nothing.
    pub fn is_calm(&self, label: Moving, horizon_secs: f32, gap: f32) -> bool {
        self.is_inside(label.rect)
            && self.is_inside(label.rect.translate(label.velocity * horizon_secs))
            && self.disturbed(label, horizon_secs, gap).next().is_none()
    }
}

/// A label at a place, on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moving {
    pub rect: Rect,
    pub anchor: Pos2,
    /// Points per second on the screen.
    pub velocity: Vec2,
}
