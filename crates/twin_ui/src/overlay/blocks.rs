//! Places of value tags: one block per thing, thinned out with distance, appearing and going away by fading.

use super::field::{Field, Holder, Moving, Taken};
use super::geometry::{NEAR_SLOTS, SLOTS, keep_inside, leader_of, slot_cost, slot_offset, step_towards};
use super::groups::settled_size;
use super::request::{LabelKind, LabelRequest, ROWS_MAX, ScenePoint};
use super::timing::{AWAY_SECS, CUT_PX, FADE_IN_SECS, FADE_OUT_SECS, Pace, READY_SECS};
use egui::{Pos2, Rect, Vec2, vec2};

/// Room above and below the rows of a block, points.
pub(super) const BLOCK_MARGIN: f32 = 3.0;
/// Height of the line that names the thing, points.
const HEADER_HEIGHT: f32 = 16.0;
/// How far ahead a block looks for what will run into it: the time it takes to fade, and some frames.
const LOOK_AHEAD_SECS: f32 = FADE_OUT_SECS + 0.08;
/// How far ahead a block looks before it appears or slides.
const ENTRY_LOOK_AHEAD_SECS: f32 = 0.4;
/// Distance a block keeps from others; when it comes it wants more, points.
const KEPT_SPACING: f32 = 2.0;
const ENTRY_SPACING: f32 = 6.0;
/// How much worse a place is for each point of another thing under it.
const COVERED_COST: f32 = 3.0;
/// What is shown counts as so much nearer than it is, and may be so much farther away than what comes.
const SHOWN_BONUS: f32 = 0.7;
const SHOWN_REACH: f32 = 1.15;

/// How value tags thin out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TagBudget {
    /// Things up to here show all their tags, metres.
    pub all_rows_within_m: f32,
    /// Things up to here show their first tag, things beyond show none, metres.
    pub first_row_within_m: f32,
    /// Blocks shown at most; the nearest ones.
    pub blocks: usize,
}

impl Default for TagBudget {
    fn default() -> Self {
        Self { all_rows_within_m: 35.0, first_row_within_m: 140.0, blocks: 16 }
    }
}

impl TagBudget {
    /// False for a value tag that is out of view, or too far away even for one that is shown already.
    pub(super) fn reaches(&self, request: &LabelRequest, scene: Rect) -> bool {
        let is_near = request.importance > 0 || request.point.depth_m <= self.first_row_within_m * SHOWN_REACH;
        !matches!(request.kind, LabelKind::ValueTag(_)) || (is_near && request.point.is_in(scene))
    }
}

/// What is wanted of a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct BlockWish {
    pub point: ScenePoint,
    pub rows: [Vec2; ROWS_MAX],
    pub count: u8,
    pub importance: u8,
    pub is_occluded: bool,
    /// No badge names the thing.
    pub has_header: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Hidden,
    Shown,
    Leaving,
}

/// The value tags of a thing, from frame to frame.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub thing: usize,
    pub wish: BlockWish,
    /// Asked for in this frame.
    pub is_wanted: bool,
    pub at: Pos2,
    pub alpha: f32,
    /// Rows shown; the last one may be on its way.
    pub rows: f32,
    /// Height of the header, points, on its way to what it should be.
    pub header: f32,
    rows_goal: u8,
    width: f32,
    slot: u8,
    phase: Phase,
    anchor: Pos2,
    velocity: Vec2,
    away_secs: f32,
    ready_secs: f32,
    nearer_secs: f32,
}

impl Block {
    pub fn new(thing: usize, wish: BlockWish) -> Self {
        Self {
            thing,
            wish,
            is_wanted: true,
            at: wish.point.at,
            alpha: 0.0,
            rows: 0.0,
            header: 0.0,
            rows_goal: 0,
            width: 0.0,
            slot: 0,
            phase: Phase::Hidden,
            anchor: wish.point.at,
            velocity: Vec2::ZERO,
            away_secs: AWAY_SECS,
            ready_secs: 0.0,
            nearer_secs: 0.0,
        }
    }

    pub fn rect(&self) -> Rect {
        Rect::from_center_size(self.at, self.size(self.rows))
    }

    pub fn anchor(&self) -> Pos2 {
        self.anchor
    }

    pub fn is_hidden(&self) -> bool {
        self.phase == Phase::Hidden
    }

    pub fn is_leaving(&self) -> bool {
        self.phase == Phase::Leaving
    }

    /// Timers run that will change the picture although nothing moves.
    pub fn is_waiting(&self) -> bool {
        self.ready_secs > 0.0 || self.nearer_secs > 0.0
    }

    /// Makes room for something more important.
    pub fn leave(&mut self) {
        if self.phase == Phase::Shown {
            self.phase = Phase::Leaving;
        }
    }

    /// Distance that counts for its rank, metres.
    fn ranked_depth(&self) -> f32 {
        self.wish.point.depth_m * if self.is_hidden() { 1.0 } else { SHOWN_BONUS }
    }

    /// Order of placing: selected before others, near before far.
    pub fn rank(&self) -> (u8, f32) {
        (u8::MAX - self.wish.importance, self.ranked_depth())
    }

    /// Rows its distance allows; none when it is not asked for or not in view.
    pub fn allowed_rows(&self, scene: Rect, budget: &TagBudget) -> u8 {
        if !self.is_wanted || !self.wish.point.is_in(scene) {
            return 0;
        }
        let reach = |shown: bool| if shown { SHOWN_REACH } else { 1.0 };
        let depth = self.wish.point.depth_m;
        if self.wish.importance > 0 || depth <= budget.all_rows_within_m * reach(self.rows_goal > 1) {
            self.wish.count
        } else if depth <= budget.first_row_within_m * reach(self.phase == Phase::Shown) {
            self.wish.count.min(1)
        } else {
            0
        }
    }

    fn size(&self, rows: f32) -> Vec2 {
        let shown = self.wish.rows.iter().enumerate().map(|(row, size)| size.y * (rows - row as f32).clamp(0.0, 1.0));
        vec2(self.width, 2.0 * BLOCK_MARGIN + self.header + shown.sum::<f32>())
    }

    fn goal(&self, slot: u8, rows: f32) -> Rect {
        let size = self.size(rows);
        Rect::from_center_size(self.wish.point.at + slot_offset(slot, size), size)
    }

    /// Width and header it should have.
    fn wished(&self) -> (f32, f32) {
        let rows = self.wish.rows.iter().take(usize::from(self.wish.count));
        (rows.map(|size| size.x).fold(0.0, f32::max), if self.wish.has_header { HEADER_HEIGHT } else { 0.0 })
    }

    /// Takes a step to the size it should have.
    fn grow(&mut self, pace: Pace) {
        let (width, header) = self.wished();
        let step = pace.dt_secs / FADE_IN_SECS;
        self.width = settled_size(vec2(self.width, 0.0), vec2(width, 0.0), self.alpha, pace).x;
        self.header += (header - self.header).clamp(-HEADER_HEIGHT * step, HEADER_HEIGHT * step);
        self.rows += (f32::from(self.rows_goal) - self.rows).clamp(-step, step);
    }

    fn moving(&self, rect: Rect) -> Moving {
        Moving { rect, anchor: self.wish.point.at, velocity: self.velocity }
    }

    fn hide(&mut self) {
        self.phase = Phase::Hidden;
        self.alpha = 0.0;
        self.rows = 0.0;
        self.rows_goal = 0;
        self.away_secs = 0.0;
        self.ready_secs = 0.0;
        self.nearer_secs = 0.0;
    }

    /// Waits for nothing.
    pub fn rest(&mut self) {
        self.ready_secs = 0.0;
        self.nearer_secs = 0.0;
    }

    fn taken(&self, index: usize, rect: Rect) -> Taken {
        let holder = Holder::Block { index, importance: self.wish.importance, ranked_depth_m: self.wish.point.depth_m * SHOWN_BONUS };
        Taken { rect, velocity: self.velocity, leader: leader_of(rect, self.anchor), holder }
    }

    /// True for a block that has to make room for this one. What is shown has an advantage, so that two never take turns.
    pub fn outranks(&self, taken: &Taken) -> bool {
        match taken.holder {
            Holder::Block { importance, ranked_depth_m, .. } => {
                importance < self.wish.importance || (importance == self.wish.importance && ranked_depth_m > self.wish.point.depth_m)
            }
            _ => false,
        }
    }
}

/// Takes the wish of this frame: where the anchor went, how large the block is. Returns how far the anchor went.
pub(super) fn follow(block: &mut Block, pace: Pace) -> Vec2 {
    let way = if block.is_wanted { block.wish.point.at - block.anchor } else { Vec2::ZERO };
    let is_jump = way.length() > CUT_PX;
    if is_jump {
        block.hide();
        block.away_secs = AWAY_SECS;
    }
    block.anchor += way;
    block.velocity = if is_jump { Vec2::ZERO } else { way / pace.dt_secs.max(1e-3) };
    if block.is_hidden() {
        (block.width, block.header) = block.wished();
    }
    block.away_secs = (block.away_secs + pace.dt_secs).min(AWAY_SECS);
    way
}

/// Moves a block that is shown or leaving one step; returns what it holds, `None` once it is gone.
pub(super) fn keep(block: &mut Block, index: usize, way: Vec2, allowed: u8, field: &Field, pace: Pace) -> Option<Taken> {
    if block.phase == Phase::Shown && (allowed == 0 || !stays(block, allowed, field, pace)) {
        block.phase = Phase::Leaving;
    }
    if block.phase == Phase::Shown {
        block.grow(pace);
    }
    let size = block.size(block.rows);
    let carried = keep_inside(block.at + way, size, field.bounds);
    block.at = carried;
    if block.phase == Phase::Shown {
        block.alpha = (block.alpha + pace.dt_secs / FADE_IN_SECS).min(1.0);
        let goal = block.goal(block.slot, block.rows).center();
        let next = keep_inside(step_towards(carried, goal, pace.longest_step(), pace.dt_secs), size, field.bounds);
        if field.is_free(Rect::from_center_size(next, size), 0.0) {
            block.at = next;
        } else {
            block.phase = Phase::Leaving;
        }
    } else {
        block.alpha -= pace.dt_secs / FADE_OUT_SECS;
    }
    if !field.is_free(block.rect(), 0.0) {
        match field.way_around(block.at, block.at, block.at, size, pace.longest_step()) {
            Some(at) => block.at = at,
            // Caught out faster than it fades: rather gone than over another label.
            None => block.alpha = 0.0,
        }
    }
    if block.alpha <= 0.0 {
        block.hide();
        return None;
    }
    Some(block.taken(index, block.rect()))
}

/// True when a shown block keeps its place or slides to another one; settles how many rows it has.
fn stays(block: &mut Block, allowed: u8, field: &Field, pace: Pace) -> bool {
    if allowed < block.rows_goal {
        block.rows_goal = allowed;
    } else if allowed > block.rows_goal {
        let larger = block.moving(block.goal(block.slot, f32::from(allowed)));
        if field.is_calm(larger, ENTRY_LOOK_AHEAD_SECS, ENTRY_SPACING) {
            block.rows_goal = allowed;
        }
    }
    let rows = block.rows.max(f32::from(block.rows_goal));
    let (width, header) = block.wished();
    let grown = Block { width: block.width.max(width), header: block.header.max(header), ..block.clone() };
    let is_calm = field.is_calm(grown.moving(grown.goal(block.slot, rows)), LOOK_AHEAD_SECS, KEPT_SPACING);
    // Without need only to the first ring, and only when the way there has been free for a while.
    let wants_nearer = is_calm && block.slot >= NEAR_SLOTS;
    let nearer = if is_calm && !wants_nearer { None } else { slide(&grown, rows, if wants_nearer { NEAR_SLOTS } else { SLOTS }, field) };
    block.nearer_secs = if wants_nearer && nearer.is_some() { block.nearer_secs + pace.dt_secs } else { 0.0 };
    match nearer {
        Some(slot) if !is_calm || block.nearer_secs >= READY_SECS => {
            block.slot = slot;
            block.nearer_secs = 0.0;
            true
        }
        _ => is_calm,
    }
}

/// The best slot that is free together with the way to it.
fn slide(block: &Block, rows: f32, slots: u8, field: &Field) -> Option<u8> {
    let open = (0..slots).filter(|slot| *slot != block.slot).filter(|slot| {
        let goal = block.goal(*slot, rows);
        field.is_free(goal.union(block.rect()), KEPT_SPACING) && field.is_calm(block.moving(goal), ENTRY_LOOK_AHEAD_SECS, ENTRY_SPACING)
    });
    let cost = |slot: u8| slot_cost(slot) + COVERED_COST * field.covered(block.goal(slot, rows), block.thing);
    open.map(|slot| (cost(slot), slot)).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, slot)| slot)
}

/// What came of a hidden block.
pub(super) enum Entry {
    /// It stands, or waits for its time: its place is held.
    Stands(Taken),
    /// Only less important blocks stand where it belongs.
    Wants(Moving),
    /// It will want a place of less important ones when it has been away long enough.
    Later,
    /// There is a place, but as many blocks as the budget allows stand already.
    Surplus,
    /// There is no place.
    None,
}

/// Looks for a place for a hidden block, and shows it there after a while.
pub(super) fn enter(block: &mut Block, index: usize, allowed: u8, field: &Field, pace: Pace, has_room: bool) -> Entry {
    if allowed == 0 {
        block.rest();
        return Entry::None;
    }
    let fewer = if block.wish.importance == 0 { 1 } else { allowed };
    let found = [allowed, fewer].iter().find_map(|rows| free_slot(block, *rows, field, |_| false).map(|slot| (slot, *rows)));
    let Some((slot, rows)) = found else {
        block.rest();
        let Some(slot) = free_slot(block, allowed, field, |taken| block.outranks(taken)) else { return Entry::None };
        let label = block.moving(block.goal(slot, f32::from(allowed)));
        return if block.away_secs < AWAY_SECS { Entry::Later } else { Entry::Wants(label) };
    };
    if !has_room {
        block.rest();
        return Entry::Surplus;
    }
    block.slot = slot;
    let rect = block.goal(slot, f32::from(rows));
    block.at = rect.center();
    // A good place counts from the first frame on, whatever the step of time.
    block.ready_secs += pace.dt_secs.max(1e-6);
    if pace.is_cut || (block.ready_secs >= READY_SECS && block.away_secs >= AWAY_SECS) {
        block.phase = Phase::Shown;
        block.ready_secs = 0.0;
        block.rows_goal = rows;
        block.rows = f32::from(rows);
        block.alpha = if pace.is_cut { 1.0 } else { (pace.dt_secs / FADE_IN_SECS).clamp(0.01, 1.0) };
    }
    Entry::Stands(block.taken(index, rect))
}

/// Blocks that stand where a label wants to be.
pub(super) fn in_the_way(label: Moving, field: &Field) -> impl Iterator<Item = usize> {
    field.disturbed(label, ENTRY_LOOK_AHEAD_SECS, ENTRY_SPACING).filter_map(Taken::block)
}

fn free_slot(block: &Block, rows: u8, field: &Field, can_yield: impl Fn(&Taken) -> bool) -> Option<u8> {
    let open = (0..SLOTS).filter(|slot| {
        let label = block.moving(block.goal(*slot, f32::from(rows)));
        let ahead = label.rect.translate(label.velocity * ENTRY_LOOK_AHEAD_SECS);
        field.is_inside(label.rect)
            && field.is_inside(ahead)
            && field.disturbed(label, ENTRY_LOOK_AHEAD_SECS, ENTRY_SPACING).all(&can_yield)
    });
    let cost = |slot: u8| slot_cost(slot) + COVERED_COST * field.covered(block.goal(slot, f32::from(rows)), block.thing);
    open.map(|slot| (cost(slot), slot)).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, slot)| slot)
}
