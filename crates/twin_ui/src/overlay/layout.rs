//! The layout of labels over the scene: where badges, health letters and value tags stand, from frame to frame.
//!
//! Plain data and no clock: the same frames give the same places. In every frame no two labels overlap, none leaves the
//! scene and none covers an obstacle. A label keeps its place beside its anchor while it can; what must move slides at
//! [`SLIDE_PX_PER_SEC`](super::SLIDE_PX_PER_SEC) at most or goes over by fading. Badges are placed first and always
//! shown, at the border when their thing is out of view; value tags take what is left.
//!
//! Cost: n log n in what is asked for, to find the order; the search for places then looks at no more than
//! [`CROWD_LIMIT`] badges and letters, the budget of blocks and the obstacles.

use super::blocks::{self, Block, BlockWish, Entry, TagBudget};
use super::field::{Field, Holder, Taken};
use super::geometry::leader_of;
use super::groups::{self, BadgeWish, Group, GroupWish, LETTER_GAP};
use super::request::{LabelKind, LabelRequest, Placed, PlacedKind, ROWS_MAX};
use super::timing::Pace;
use egui::{Align2, Rect, Vec2};

/// Things in view with a badge or letter of their own at most; the others are counted in the nearest of them.
pub const CROWD_LIMIT: usize = 24;
/// Distance of labels from the border of the scene, points. What lies in this margin counts as out of view.
pub const SCENE_MARGIN: f32 = 4.0;

/// Things that may compete for each block of the budget.
const CANDIDATES_PER_BLOCK: usize = 3;

/// Things with a badge or letter that others keep clear of, at most.
const POINTS_NOTED: usize = 2 * CROWD_LIMIT;

/// A block whose turn it is.
#[derive(Clone, Copy, Debug)]
struct Turn {
    index: usize,
    rank: (u8, f32),
    allowed_rows: u8,
}

/// Places of labels, kept between frames.
#[derive(Clone, Debug, Default)]
pub struct LabelLayout {
    /// How value tags thin out.
    pub budget: TagBudget,
    groups: Vec<Group>,
    blocks: Vec<Block>,
    field: Field,
    placed: Vec<Placed>,
    before: Vec<Placed>,
    group_order: Vec<usize>,
    block_order: Vec<Turn>,
    ways: Vec<Vec2>,
    wanted_order: Vec<usize>,
    pushed: Vec<usize>,
    tags: Vec<Rect>,
    is_settled: bool,
}

impl LabelLayout {
    /// Places what is wanted. `dt_secs` is the time since the last frame; `None` forgets the last frame and puts
    /// everything where it belongs at once, as a single picture needs it. The answer is in the order of painting.
    pub fn place(&mut self, scene: Rect, obstacles: &[Rect], wanted: &[LabelRequest], dt_secs: Option<f32>) -> &[Placed] {
        let pace = Pace::new(dt_secs);
        if pace.is_cut {
            self.groups.clear();
            self.blocks.clear();
        }
        std::mem::swap(&mut self.placed, &mut self.before);
        self.tags.clear();
        self.tags.extend(self.blocks.iter().filter(|block| !block.is_hidden()).map(Block::rect));
        self.field.restart(scene.shrink(SCENE_MARGIN), obstacles);
        self.take_wishes(wanted);
        self.order_blocks(pace);
        self.note_points();
        self.place_groups(pace);
        if pace.is_cut {
            // Who counts others needs room for the count; without a frame before, that is known only now.
            self.field.taken.retain(|taken| taken.holder == Holder::Obstacle);
            self.place_groups(pace);
        }
        let is_pushing = self.place_blocks(pace);
        self.answer();
        let is_waiting = is_pushing || self.groups.iter().any(Group::is_waiting) || self.blocks.iter().any(Block::is_waiting);
        self.is_settled = !is_waiting && (pace.is_cut || self.placed == self.before);
        &self.placed
    }

    /// True when the next frame with the same camera and wishes would look the same to the bit: nobody needs to draw it.
    pub fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// False for a value tag that could not be shown anyway: out of view or too far away. Nobody needs to measure it.
    pub fn considers(&self, scene: Rect, request: &LabelRequest) -> bool {
        self.reaches(request, scene.shrink(SCENE_MARGIN))
    }

    fn reaches(&self, request: &LabelRequest, bounds: Rect) -> bool {
        // What is shown goes on with its anchor until it has faded.
        let block = || self.blocks.binary_search_by_key(&request.thing, |block| block.thing).ok().and_then(|at| self.blocks.get(at));
        self.budget.reaches(request, bounds) || block().is_some_and(|block| !block.is_hidden())
    }

    fn take_wishes(&mut self, wanted: &[LabelRequest]) {
        for group in &mut self.groups {
            group.is_wanted = false;
        }
        for block in &mut self.blocks {
            block.is_wanted = false;
        }
        let mut order = std::mem::take(&mut self.wanted_order);
        order.clear();
        // Tags that cannot be shown anyway cost nothing more than this look at them.
        let counts = |request: &LabelRequest| self.reaches(request, self.field.bounds);
        order.extend(wanted.iter().enumerate().filter(|(_, request)| counts(request)).map(|(index, _)| index));
        // In the order of the things, so that new ones are appended and not inserted.
        order.sort_unstable_by_key(|index| (wanted.get(*index).map(|request| (request.thing, request.kind)), *index));
        for request in order.iter().filter_map(|index| wanted.get(*index)) {
            match request.kind {
                LabelKind::ValueTag(row) => self.take_tag(request, usize::from(row)),
                LabelKind::Badge { .. } | LabelKind::Health => self.take_mark(request),
            }
        }
        self.wanted_order = order;
        self.groups.retain(|group| group.is_wanted || group.alpha > 0.0);
        self.blocks.retain(|block| block.is_wanted || !block.is_hidden());
        for block in &mut self.blocks {
            let thing = block.thing;
            let named = self.groups.binary_search_by_key(&thing, |group| group.thing).ok().and_then(|at| self.groups.get(at));
            block.wish.has_header = !named.is_some_and(|group| group.is_wanted && group.wish.badge.is_some());
        }
    }

    fn take_mark(&mut self, request: &LabelRequest) {
        let LabelRequest { thing, point, importance, is_occluded, .. } = *request;
        let fresh = GroupWish { point, badge: None, letter: None, importance, is_occluded };
        let at = match self.groups.binary_search_by_key(&thing, |group| group.thing) {
            Ok(at) => at,
            Err(at) => {
                self.groups.insert(at, Group::new(thing, fresh));
                at
            }
        };
        let Some(group) = self.groups.get_mut(at) else { return };
        if !group.is_wanted {
            group.wish = fresh;
            group.is_wanted = true;
        }
        match request.kind {
            LabelKind::Badge { priority, is_unacknowledged } => {
                group.wish.badge = Some(BadgeWish { size: request.size, priority, is_unacknowledged });
            }
            LabelKind::Health | LabelKind::ValueTag(_) => group.wish.letter = Some(request.size),
        }
    }

    fn take_tag(&mut self, request: &LabelRequest, row: usize) {
        let LabelRequest { thing, point, importance, is_occluded, .. } = *request;
        if row >= ROWS_MAX {
            return;
        }
        let fresh = BlockWish { point, rows: [Vec2::ZERO; ROWS_MAX], count: 0, importance, is_occluded, has_header: true };
        let at = match self.blocks.binary_search_by_key(&thing, |block| block.thing) {
            Ok(at) => at,
            Err(at) => {
                self.blocks.insert(at, Block::new(thing, fresh));
                at
            }
        };
        let Some(block) = self.blocks.get_mut(at) else { return };
        if !block.is_wanted {
            block.wish = fresh;
            block.is_wanted = true;
        }
        if let Some(size) = block.wish.rows.get_mut(row) {
            *size = request.size;
            block.wish.count = block.wish.count.max(row as u8 + 1);
        }
    }

    /// Notes what labels are to point to: better not covered.
    fn note_points(&mut self) {
        let Self { groups, blocks, field, block_order, .. } = self;
        let marked = groups.iter().filter(|group| group.is_wanted && group.wish.point.is_in(field.bounds));
        field.points.extend(marked.map(|group| (group.thing, group.wish.point.at)).take(POINTS_NOTED));
        let tagged = block_order.iter().filter(|turn| turn.allowed_rows > 0).filter_map(|turn| blocks.get(turn.index));
        field.points.extend(tagged.map(|block| (block.thing, block.wish.point.at)));
    }

    fn place_groups(&mut self, pace: Pace) {
        let Self { groups, field, group_order, tags, .. } = self;
        group_order.clear();
        group_order.extend(0..groups.len());
        group_order.sort_unstable_by_key(|index| groups.get(*index).map(Group::rank));
        let mut inside = 0;
        for index in group_order.iter() {
            let Some(group) = groups.get_mut(*index) else { continue };
            if let Some(taken) = groups::place(group, field, tags, pace, inside < CROWD_LIMIT) {
                inside += usize::from(matches!(taken.holder, Holder::Group(_)));
                field.taken.push(taken);
            }
        }
        for index in 0..groups.len() {
            let Some(host) = groups.get(index).and_then(|group| group.host) else { continue };
            let host = groups.binary_search_by_key(&host, |group| group.thing).ok();
            if let Some(group) = host.and_then(|at| groups.get_mut(at)) {
                group.merged += 1;
            }
        }
    }

    /// Returns true when a block makes room for another, or soon will, so that more changes.
    fn place_blocks(&mut self, pace: Pace) -> bool {
        let Self { blocks, field, block_order, ways, pushed, budget, .. } = self;
        pushed.clear();
        let (mut standing, mut is_due_later) = (0, false);
        for Turn { index, allowed_rows, .. } in block_order.iter() {
            let Some(block) = blocks.get_mut(*index).filter(|block| !block.is_hidden()) else { continue };
            let way = ways.get(*index).copied().unwrap_or_default();
            let taken = blocks::keep(block, *index, way, *allowed_rows, field, pace);
            standing += usize::from(taken.is_some());
            field.taken.extend(taken);
        }
        for Turn { index, allowed_rows, .. } in block_order.iter() {
            let Some(block) = blocks.get_mut(*index).filter(|block| block.is_hidden()) else { continue };
            match blocks::enter(block, *index, *allowed_rows, field, pace, standing < budget.blocks) {
                Entry::Stands(taken) => {
                    standing += 1;
                    field.taken.push(taken);
                }
                Entry::Wants(label) => pushed.extend(blocks::in_the_way(label, field)),
                // The last one that holds a place is the weakest.
                Entry::Surplus => pushed.extend(field.taken.last().filter(|weakest| block.outranks(weakest)).and_then(Taken::block)),
                Entry::Later => is_due_later = true,
                Entry::None => {}
            }
        }
        for index in pushed.iter() {
            if let Some(block) = blocks.get_mut(*index) {
                block.leave();
            }
        }
        is_due_later || !pushed.is_empty()
    }

    /// Blocks that are to be looked at, in the order of their rank, with the rows they may have.
    fn order_blocks(&mut self, pace: Pace) {
        let Self { blocks, field, block_order, ways, budget, .. } = self;
        ways.clear();
        ways.extend(blocks.iter_mut().map(|block| blocks::follow(block, pace)));
        block_order.clear();
        for (index, block) in blocks.iter_mut().enumerate() {
            let allowed_rows = block.allowed_rows(field.bounds, budget);
            if allowed_rows > 0 || !block.is_hidden() {
                block_order.push(Turn { index, rank: block.rank(), allowed_rows });
            } else {
                block.rest();
            }
        }
        block_order.sort_unstable_by(|a, b| a.rank.0.cmp(&b.rank.0).then(a.rank.1.total_cmp(&b.rank.1)).then(a.index.cmp(&b.index)));
        let mut left = budget.blocks * CANDIDATES_PER_BLOCK;
        for turn in block_order.iter_mut().filter(|turn| turn.allowed_rows > 0) {
            turn.allowed_rows = if left > 0 { turn.allowed_rows } else { 0 };
            left = left.saturating_sub(1);
        }
    }

    /// The answer in the order of painting: value tags, badges and letters, the most urgent last.
    fn answer(&mut self) {
        let Self { groups, blocks, placed, group_order, .. } = self;
        placed.clear();
        placed.extend(blocks.iter().filter(|block| !block.is_hidden()).map(placed_block));
        for index in group_order.iter().rev() {
            if let Some(group) = groups.get(*index).filter(|group| group.alpha > 0.0) {
                place_marks(group, self.field.bounds, placed);
            }
        }
    }
}

fn placed_block(block: &Block) -> Placed {
    let (rect, anchor) = (block.rect(), block.anchor());
    Placed {
        thing: block.thing,
        kind: PlacedKind::Tags { rows: block.rows, header: block.header },
        rect,
        anchor,
        leader: leader_of(rect, anchor),
        alpha: block.alpha,
        is_leaving: block.is_leaving(),
        is_occluded: block.wish.is_occluded,
    }
}

/// The badge of a group and the letter beside it.
fn place_marks(group: &Group, bounds: Rect, placed: &mut Vec<Placed>) {
    let (rect, anchor, merged) = (group.rect(), group.anchor(), group.merged);
    let arrow = (!group.is_inside).then(|| (anchor - bounds.center()).normalized());
    let is_leaving = !group.is_wanted || (!group.is_inside && group.wish.badge.is_none());
    let mark = Placed {
        thing: group.thing,
        kind: PlacedKind::Badge { arrow, merged },
        rect,
        anchor,
        leader: group.is_inside.then(|| leader_of(rect, anchor)).flatten(),
        alpha: group.alpha,
        is_leaving,
        is_occluded: group.wish.is_occluded,
    };
    let Some(badge) = group.wish.badge else {
        placed.push(Placed { kind: PlacedKind::Health { merged }, ..mark });
        return;
    };
    let letter_width = group.wish.letter.map_or(0.0, |letter| LETTER_GAP + letter.x);
    let badge_size = Vec2::new(group.size.x - letter_width, badge.size.y);
    placed.push(Placed { rect: Align2::LEFT_CENTER.align_size_within_rect(badge_size, rect), ..mark });
    if let Some(letter) = group.wish.letter {
        let beside = Align2::RIGHT_CENTER.align_size_within_rect(letter, rect);
        placed.push(Placed { rect: beside, kind: PlacedKind::Health { merged: 0 }, leader: None, ..mark });
    }
}
