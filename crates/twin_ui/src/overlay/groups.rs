//! Places of alarm badges and health letters: always shown, moved in small steps, merged only in a crowd.

use super::field::{Field, Holder, KEPT_SPACING, Taken};
use super::geometry::{SLOTS, edge_place, keep_inside, leader_of, line_hits, slot_cost, slot_offset, step_towards};
use super::request::ScenePoint;
use super::timing::{CUT_PX, FADE_IN_SECS, FADE_OUT_SECS, HOP_ALPHA, Pace};
use egui::{Pos2, Rect, Vec2, vec2};

/// Distance a new place keeps from others, points.
const SPACING: f32 = 4.0;
/// Room between a badge and the letter beside it, points.
pub(super) const LETTER_GAP: f32 = 4.0;
/// Room a label keeps although it needs less, points.
const SPARE_ROOM: f32 = 40.0;
/// Room for the count of others in a badge, points.
const COUNT_ROOM: f32 = 32.0;
/// Room for the head of an arrow between a label and the border, points.
const ARROW_ROOM: f32 = 14.0;
/// How much better another place must be, and for how long, before a label moves to it without need.
const WORTH_MOVING: f32 = 3.0;
const BETTER_FOR_SECS: f32 = 0.5;
/// How long a label pushes against others before it stays where it is.
const PATIENCE_SECS: f32 = 0.4;
/// How long there must be room before a merged label stands alone again.
const APART_FOR_SECS: f32 = 0.4;

/// What is wanted of a group: a badge, a letter, or both side by side.
#[derive(Clone, Copy, Debug)]
pub(super) struct GroupWish {
    pub point: ScenePoint,
    pub badge: Option<BadgeWish>,
    pub letter: Option<Vec2>,
    pub importance: u8,
    pub is_occluded: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct BadgeWish {
    pub size: Vec2,
    pub priority: u8,
    pub is_unacknowledged: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Slot {
    Ring(u8),
    Free(Vec2),
}

/// Badge and letter of a thing, from frame to frame.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub thing: usize,
    pub wish: GroupWish,
    /// Asked for in this frame.
    pub is_wanted: bool,
    /// Centre, points.
    pub at: Pos2,
    pub alpha: f32,
    pub size: Vec2,
    /// Its thing is in view.
    pub is_inside: bool,
    /// The group it is counted in while it has no place of its own.
    pub host: Option<usize>,
    /// Groups counted in this one.
    pub merged: u32,
    anchor: Pos2,
    was_inside: bool,
    slot: Slot,
    stuck_secs: f32,
    better_secs: f32,
    apart_secs: f32,
}

impl Group {
    pub fn new(thing: usize, wish: GroupWish) -> Self {
        Self {
            thing,
            wish,
            is_wanted: true,
            at: wish.point.at,
            alpha: 0.0,
            size: Vec2::ZERO,
            is_inside: false,
            host: None,
            merged: 0,
            anchor: wish.point.at,
            was_inside: false,
            slot: Slot::Ring(0),
            stuck_secs: 0.0,
            better_secs: 0.0,
            apart_secs: 0.0,
        }
    }

    /// Order of placing: no distance in it, so that a moving camera does not change it.
    pub fn rank(&self) -> (bool, u8, bool, u8, bool, usize) {
        let badge = self.wish.badge;
        let (priority, is_old) = badge.map_or((u8::MAX, true), |badge| (badge.priority, !badge.is_unacknowledged));
        (!self.is_wanted, u8::MAX - self.wish.importance, badge.is_none(), priority, is_old, self.thing)
    }

    pub fn rect(&self) -> Rect {
        Rect::from_center_size(self.at, self.size)
    }

    pub fn anchor(&self) -> Pos2 {
        self.anchor
    }

    /// Timers run that will change the picture although nothing moves.
    pub fn is_waiting(&self) -> bool {
        self.stuck_secs > 0.0 || self.better_secs > 0.0 || self.apart_secs > 0.0
    }

    fn wanted_size(&self) -> Vec2 {
        let count_room = vec2(if self.merged > 0 { COUNT_ROOM } else { 0.0 }, 0.0);
        let (badge, letter) = (self.wish.badge.map(|badge| badge.size + count_room), self.wish.letter);
        match (badge, letter) {
            (Some(badge), Some(letter)) => vec2(badge.x + LETTER_GAP + letter.x, badge.y.max(letter.y)),
            (Some(size), None) | (None, Some(size)) => size,
            (None, None) => Vec2::ZERO,
        }
    }

    fn offset(&self) -> Vec2 {
        match self.slot {
            Slot::Ring(slot) => slot_offset(slot, self.size),
            Slot::Free(offset) => offset,
        }
    }

    fn hide(&mut self) {
        self.alpha = 0.0;
        self.stuck_secs = 0.0;
        self.better_secs = 0.0;
    }
}

/// Places one group and returns what it holds; `None` when it is hidden or merged. `tags` are the value tags of the last
/// frame, better not chased away.
pub(super) fn place(group: &mut Group, field: &Field, tags: &[Rect], pace: Pace, has_room: bool) -> Option<Taken> {
    let before = group.at;
    let point = group.wish.point;
    group.is_inside = group.is_wanted && point.is_in(field.bounds);
    group.size = settled_size(group.size, group.wanted_size(), group.alpha, pace);
    group.merged = 0;
    if !group.is_wanted || (!group.is_inside && group.wish.badge.is_none()) {
        return fade_out(group, field, pace);
    }
    let goal = if group.is_inside {
        // In a crowd nobody looks for a place that will not be given.
        Some(()).filter(|()| has_room).and_then(|()| inner_goal(group, field, tags, pace)).ok_or(None)
    } else {
        edge_goal(group, field)
    };
    let is_jump = (point.at - group.anchor).length() > CUT_PX;
    let has_crossed = group.is_inside != group.was_inside;
    let carry = if group.is_inside && group.was_inside && !is_jump { point.at - group.anchor } else { Vec2::ZERO };
    group.anchor = point.at;
    group.was_inside = group.is_inside;
    let goal = match goal {
        Ok(goal) => goal,
        Err(host) => {
            group.host = host.or_else(|| nearest(field, point.at));
            group.hide();
            group.apart_secs = 0.0;
            return None;
        }
    };
    if group.host.is_some() && !has_crossed && !pace.is_cut {
        group.apart_secs += pace.dt_secs;
        if group.apart_secs < APART_FOR_SECS && group.host.is_some_and(|host| holds(field, host, group.is_inside)) {
            return None;
        }
    }
    group.host = None;
    group.apart_secs = 0.0;
    advance(group, goal, carry, field, pace);
    // What has gone over by fading has not moved.
    let way = if group.alpha <= HOP_ALPHA || pace.is_cut { carry } else { group.at - before };
    Some(taken(group, way / pace.dt_secs.max(1e-3)))
}

fn taken(group: &Group, velocity: Vec2) -> Taken {
    let rect = group.rect();
    let holder = if group.is_inside { Holder::Group(group.thing) } else { Holder::Arrow(group.thing) };
    Taken { rect, velocity, leader: group.is_inside.then(|| leader_of(rect, group.anchor)).flatten(), holder }
}

/// A size that does not follow every digit: it shrinks only when much is left over, and changes step by step while the
/// label is seen.
pub(super) fn settled_size(old: Vec2, wanted: Vec2, alpha: f32, pace: Pace) -> Vec2 {
    if alpha <= 0.0 || pace.is_cut {
        return wanted;
    }
    let longest = pace.longest_step();
    let next = |old: f32, wanted: f32| {
        let is_kept = old >= wanted && old - wanted < SPARE_ROOM;
        if is_kept { old } else { old + (wanted - old).clamp(-longest, longest) }
    };
    vec2(next(old.x, wanted.x), next(old.y, wanted.y))
}

fn fade_out(group: &mut Group, field: &Field, pace: Pace) -> Option<Taken> {
    group.host = None;
    group.was_inside = false;
    group.apart_secs = 0.0;
    group.stuck_secs = 0.0;
    group.better_secs = 0.0;
    group.alpha = (group.alpha - pace.dt_secs / FADE_OUT_SECS).max(0.0);
    group.at = keep_inside(group.at, group.size, field.bounds);
    if pace.is_cut || !field.is_free(group.rect(), 0.0) {
        group.hide();
    }
    // Nothing is counted in a label that goes away.
    (group.alpha > 0.0).then(|| Taken { leader: None, holder: Holder::Obstacle, ..taken(group, Vec2::ZERO) })
}

fn holds(field: &Field, thing: usize, is_inside: bool) -> bool {
    let holder = if is_inside { Holder::Group(thing) } else { Holder::Arrow(thing) };
    field.taken.iter().any(|taken| taken.holder == holder)
}

fn nearest(field: &Field, at: Pos2) -> Option<usize> {
    let held = field.taken.iter().filter_map(|taken| match taken.holder {
        Holder::Group(thing) | Holder::Arrow(thing) => Some((taken.rect.distance_sq_to_pos(at), thing)),
        _ => None,
    });
    held.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, thing)| thing)
}

/// Where a group in view wants to be: its own slot while that is free, else the best one.
fn inner_goal(group: &mut Group, field: &Field, tags: &[Rect], pace: Pace) -> Option<Pos2> {
    let anchor = group.wish.point.at;
    let own = Rect::from_center_size(anchor + group.offset(), group.size);
    let is_kept = group.alpha > 0.0 && field.is_free(own, KEPT_SPACING);
    if is_kept {
        let way_is_free = |slot| {
            let goal = Rect::from_center_size(anchor + slot_offset(slot, group.size), group.size);
            field.is_free(goal.union(group.rect()), 0.0)
        };
        let now = slot_cost_of(group) + crowding(group, own, field);
        let gain = |slot: u8| cost(group, slot, field, tags, false).map(|new| now - new).filter(|_| way_is_free(slot));
        // No place costs less than nothing: most labels have nothing to gain.
        let slots = if now > WORTH_MOVING { 0..SLOTS } else { 0..0 };
        let best = slots.filter_map(|slot| Some((gain(slot)?, slot))).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let better = best.filter(|(gain, _)| *gain > WORTH_MOVING);
        group.better_secs = if better.is_some() { group.better_secs + pace.dt_secs } else { 0.0 };
        match better {
            Some((_, slot)) if group.better_secs >= BETTER_FOR_SECS => group.slot = Slot::Ring(slot),
            _ => return Some(own.center()),
        }
    } else {
        group.slot = choose(group, field, tags)?;
    }
    group.better_secs = 0.0;
    Some(anchor + group.offset())
}

fn slot_cost_of(group: &Group) -> f32 {
    match group.slot {
        Slot::Ring(slot) => slot_cost(slot),
        Slot::Free(_) => slot_cost(SLOTS - 1) + WORTH_MOVING,
    }
}

fn choose(group: &Group, field: &Field, tags: &[Rect]) -> Option<Slot> {
    let costs = (0..SLOTS).filter_map(|slot| Some((cost(group, slot, field, tags, true)?, slot)));
    let best = costs.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    best.map(|(_, slot)| Slot::Ring(slot)).or_else(|| anywhere(group, field).map(Slot::Free))
}

/// How little a free slot is liked; `None` when it is not free.
fn cost(group: &Group, slot: u8, field: &Field, tags: &[Rect], spares_tags: bool) -> Option<f32> {
    let anchor = group.wish.point.at;
    let rect = Rect::from_center_size(anchor + slot_offset(slot, group.size), group.size);
    if !field.is_free(rect, SPACING) {
        return None;
    }
    let mut cost = slot_cost(slot) + crowding(group, rect, field);
    if spares_tags {
        cost += 9.0 * tags.iter().filter(|tag| tag.intersects(rect)).count() as f32;
        if group.alpha > 0.0 {
            cost += rect.center().distance(group.at) * 0.06;
            // A way that is barred ends in going over by fading.
            cost += 3.0 * f32::from(u8::from(!field.is_free(rect.union(group.rect()), 0.0)));
        }
    }
    Some(cost)
}

/// What a place spoils: leaders it covers, labels its own leader crosses, anchors of others.
fn crowding(group: &Group, rect: Rect, field: &Field) -> f32 {
    let leader = leader_of(rect, group.wish.point.at);
    let lines = field.taken.iter().map(|taken| {
        let crosses = leader.is_some_and(|line| line_hits(line, taken.rect));
        let covers = taken.leader.is_some_and(|line| line_hits(line, rect));
        6.0 * f32::from(u8::from(crosses)) + 4.0 * f32::from(u8::from(covers))
    });
    lines.sum::<f32>() + 2.0 * field.covered(rect, group.thing)
}

/// The free place nearest to the anchor, wherever it is.
fn anywhere(group: &Group, field: &Field) -> Option<Vec2> {
    let (anchor, size) = (group.wish.point.at, group.size);
    let room = field.bounds.shrink2((size / 2.0).min(field.bounds.size() / 2.0));
    let step = vec2((size.x / 2.0).max(12.0), (size.y / 2.0).max(12.0));
    let columns = (room.width() / step.x) as u32 + 1;
    let rows = (room.height() / step.y) as u32 + 1;
    let places = (0..rows).flat_map(|row| (0..columns).map(move |column| room.min + vec2(column as f32 * step.x, row as f32 * step.y)));
    let free = places.filter(|at| field.is_free(Rect::from_center_size(*at, size), KEPT_SPACING));
    free.min_by(|a, b| a.distance_sq(anchor).total_cmp(&b.distance_sq(anchor))).map(|at| at - anchor)
}

/// Where an arrow wants to be, or the arrow it would cover.
fn edge_goal(group: &Group, field: &Field) -> Result<Pos2, Option<usize>> {
    let bounds = field.bounds.shrink(ARROW_ROOM);
    let ideal = edge_place(bounds, group.size, group.wish.point.at);
    let gap = if group.host.is_some() { 4.0 * SPACING } else { KEPT_SPACING };
    let arrows = field.blockers(Rect::from_center_size(ideal, group.size), gap).find_map(|taken| match taken.holder {
        Holder::Arrow(thing) => Some(thing),
        _ => None,
    });
    if arrows.is_some() {
        return Err(arrows);
    }
    let room = bounds.shrink2((group.size / 2.0).min(bounds.size() / 2.0));
    let start = along_border(room, ideal);
    let length = 2.0 * (room.width() + room.height());
    let steps = (length / 16.0) as u32;
    let places = (0..=steps).map(|step| {
        let way = step.div_ceil(2) as f32 * 16.0;
        if step == 0 { ideal } else { at_border(room, start + if step % 2 == 0 { way } else { -way }) }
    });
    let mut free = places.filter(|at| field.is_free(Rect::from_center_size(*at, group.size), KEPT_SPACING));
    free.next().ok_or_else(|| {
        let arrows = field.taken.iter().filter_map(|taken| match taken.holder {
            Holder::Arrow(thing) => Some((taken.rect.center().distance_sq(ideal), thing)),
            _ => None,
        });
        arrows.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, thing)| thing)
    })
}

/// Distance along the border from the upper left corner, clockwise.
fn along_border(room: Rect, at: Pos2) -> f32 {
    let (w, h) = (room.width(), room.height());
    let (x, y) = (at.x - room.left(), at.y - room.top());
    let sides = [(y, x), (w - x, w + y), (h - y, w + h + (w - x)), (x, 2.0 * w + h + (h - y))];
    sides.iter().min_by(|a, b| a.0.total_cmp(&b.0)).map_or(0.0, |side| side.1)
}

fn at_border(room: Rect, along: f32) -> Pos2 {
    let (w, h) = (room.width(), room.height());
    let s = along.rem_euclid((2.0 * (w + h)).max(1.0));
    let at = if s < w {
        vec2(s, 0.0)
    } else if s < w + h {
        vec2(w, s - w)
    } else if s < 2.0 * w + h {
        vec2(2.0 * w + h - s, h)
    } else {
        vec2(0.0, 2.0 * (w + h) - s)
    };
    room.min + at
}

/// Moves a group one step: with its anchor, then towards its goal, around what is in the way; where that does not go, it
/// goes over to the goal by fading.
fn advance(group: &mut Group, goal: Pos2, carry: Vec2, field: &Field, pace: Pace) {
    let is_new = group.alpha <= 0.0;
    if is_new || pace.is_cut {
        hop(group, goal, pace);
        return;
    }
    group.alpha = (group.alpha + pace.dt_secs / FADE_IN_SECS).min(1.0);
    let longest = pace.longest_step();
    let carried = keep_inside(group.at + carry, group.size, field.bounds);
    let direct = keep_inside(step_towards(carried, goal, longest, pace.dt_secs), group.size, field.bounds);
    let rect_at = |at| Rect::from_center_size(at, group.size);
    if field.is_free(rect_at(direct), 0.0) {
        group.at = direct;
        group.stuck_secs = 0.0;
        return;
    }
    let best = field.way_around(carried, direct, goal, group.size, longest);
    group.stuck_secs += pace.dt_secs;
    let Some(at) = best else {
        hop(group, goal, pace);
        return;
    };
    group.at = at;
    if group.stuck_secs >= PATIENCE_SECS {
        // It stands well enough where it was pushed to; it moves on when the way is free.
        group.slot = Slot::Free(at - group.anchor);
        group.stuck_secs = 0.0;
        // The next frame looks for something better: this one is not the last.
        group.better_secs = pace.dt_secs;
    }
}

fn hop(group: &mut Group, goal: Pos2, pace: Pace) {
    group.at = goal;
    group.alpha = if pace.is_cut { 1.0 } else { HOP_ALPHA };
    group.stuck_secs = 0.0;
}
