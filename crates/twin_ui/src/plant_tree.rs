//! The plant as a tree of things, with filter, health letter and alarm badge.

use crate::icons::{self, Icon};
use crate::marks::{self, AlarmMark};
use crate::{Theme, UiEvent, controls, table, text::t};
use egui::{Align2, CornerRadius, Id, Key, Rect, ScrollArea, Sense, Ui, Vec2, WidgetInfo, WidgetType, pos2, vec2};
use std::collections::BTreeSet;
use twin_model::ThingId;
use twin_model::alarm::HealthState;

/// The plant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlantTreeView {
    /// Things, each parent before its children (document order).
    pub things: Vec<ThingRow>,
    /// What is selected.
    pub selected: Option<ThingId>,
}

/// One thing in the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct ThingRow {
    /// Id.
    pub id: ThingId,
    /// Name for people, such as `P-101A`.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Steps from the root.
    pub depth: u16,
    /// Worst health of the thing and what is below it.
    pub health: HealthState,
    /// Most urgent alarm of the thing and what is below it.
    pub alarm: Option<AlarmMark>,
}

/// Filter and what is folded.
#[derive(Clone, Debug, Default)]
pub struct PlantTreeState {
    /// Text that a name, description or id must contain.
    pub filter: String,
    /// Things whose children are hidden.
    pub folded: BTreeSet<ThingId>,
}

/// Id of the filter field, for a shortcut that focuses it.
pub const FILTER_ID: &str = "plant_tree_filter";

/// Draws the tree.
pub fn plant_tree_ui(ui: &mut Ui, view: &PlantTreeView, state: &mut PlantTreeState, theme: &Theme, out: &mut Vec<UiEvent>) {
    controls::search_field(ui, FILTER_ID, &mut state.filter, t().filter_things, t().clear_filter, theme);
    ui.add_space(4.0);
    let visible = visible_rows(view, state);
    if visible.is_empty() {
        controls::empty(ui, if view.things.is_empty() { t().no_things } else { t().nothing_matches }, theme);
        return;
    }
    let wanted = walk(ui, view, &visible, state, out);
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, theme.row_height(), visible.len(), |ui, range| {
        if let Some(row) = wanted {
            table::reveal_row(ui, row, range.start, theme.row_height());
        }
        for &index in visible.get(range).unwrap_or_default() {
            thing_row(ui, view, index, state, theme, out);
        }
    });
}

/// Indices of the rows on show: a filter shows what matches together with the way to it.
fn visible_rows(view: &PlantTreeView, state: &PlantTreeState) -> Vec<usize> {
    let needle = state.filter.trim().to_lowercase();
    if needle.is_empty() {
        return unfolded_rows(view, state);
    }
    let mut keep = vec![false; view.things.len()];
    for (index, thing) in view.things.iter().enumerate() {
        let is_match =
            [thing.name.as_str(), thing.description.as_str(), thing.id.as_str()].iter().any(|text| text.to_lowercase().contains(&needle));
        if !is_match {
            continue;
        }
        let mut depth = thing.depth + 1;
        for above in (0..=index).rev() {
            if view.things[above].depth < depth {
                keep[above] = true;
                depth = view.things[above].depth;
            }
        }
    }
    (0..view.things.len()).filter(|index| keep[*index]).collect()
}

fn unfolded_rows(view: &PlantTreeView, state: &PlantTreeState) -> Vec<usize> {
    let mut rows = Vec::with_capacity(view.things.len());
    let mut hidden_below = None;
    for (index, thing) in view.things.iter().enumerate() {
        if hidden_below.is_some_and(|depth| thing.depth > depth) {
            continue;
        }
        hidden_below = state.folded.contains(&thing.id).then_some(thing.depth);
        rows.push(index);
    }
    rows
}

/// A row keeps its name wherever it stands, so that the keyboard can find it.
fn row_id(thing: &ThingId) -> Id {
    Id::new(("plant_tree_row", thing.as_str()))
}

/// Arrow keys in the focused row: up and down to the next row, left folds or goes to the parent, right unfolds. Returns
/// the row that has to come into view.
fn walk(ui: &Ui, view: &PlantTreeView, visible: &[usize], state: &mut PlantTreeState, out: &mut Vec<UiEvent>) -> Option<usize> {
    let ids: Vec<Id> = visible.iter().map(|index| row_id(&view.things[*index].id)).collect();
    let row = table::focused_row(ui, &ids)?;
    let thing = &view.things[visible[row]];
    let has_children = view.things.get(visible[row] + 1).is_some_and(|next| next.depth > thing.depth);
    let pressed = |key| ui.input(|input| input.key_pressed(key));
    let parent = || visible.get(..row)?.iter().rposition(|above| view.things[*above].depth < thing.depth);
    let to = if pressed(Key::ArrowLeft) {
        if has_children && state.folded.insert(thing.id.clone()) { None } else { parent() }
    } else {
        if pressed(Key::ArrowRight) {
            state.folded.remove(&thing.id);
        }
        table::next_row(ui, row, visible.len())
    }?;
    let target = &view.things[*visible.get(to)?].id;
    ui.memory_mut(|memory| memory.request_focus(row_id(target)));
    out.push(UiEvent::Select(Some(target.clone())));
    Some(to)
}

fn thing_row(ui: &mut Ui, view: &PlantTreeView, index: usize, state: &mut PlantTreeState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let thing = &view.things[index];
    let is_selected = view.selected.as_ref() == Some(&thing.id);
    let has_children = view.things.get(index + 1).is_some_and(|next| next.depth > thing.depth);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), theme.row_height()));
    let response = ui.interact(rect, row_id(&thing.id), Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, true, is_selected, row_words(thing)));
    if is_selected || response.hovered() {
        let fill = if is_selected { theme.selected } else { theme.raised };
        ui.painter().rect_filled(rect, CornerRadius::same(4), fill);
    }
    let indent = 4.0 + f32::from(thing.depth) * 14.0;
    if has_children {
        let chevron = Rect::from_center_size(pos2(rect.left() + indent + 6.0, rect.center().y), Vec2::splat(16.0));
        let is_folded = state.folded.contains(&thing.id);
        let fold = ui.interact(chevron, response.id.with("fold"), Sense::click());
        let icon = if is_folded { Icon::ChevronRight } else { Icon::ChevronDown };
        icons::paint(ui.painter(), chevron.shrink(3.0), icon, if fold.hovered() { theme.text_strong } else { theme.text_faint });
        let label = if is_folded { t().unfold } else { t().fold };
        fold.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, format!("{label} {}", thing.name)));
        if fold.clicked() && !state.folded.remove(&thing.id) {
            state.folded.insert(thing.id.clone());
        }
    }
    let mut right = rect.right() - 12.0;
    if let Some(mark) = thing.alarm {
        let is_bright = theme.is_flash_bright(ui.input(|input| input.time));
        marks::paint_alarm(ui.painter(), pos2(right, rect.center().y), 15.0, mark, is_bright, theme);
        right -= 20.0;
    }
    if thing.health != HealthState::Good {
        marks::paint_health(ui.painter(), pos2(right, rect.center().y), 15.0, thing.health, theme);
        right -= 18.0;
    }
    let left = rect.left() + indent + 18.0;
    let name_colour = if is_selected || thing.depth == 0 { theme.text_strong } else { theme.text };
    let name = ui.painter().layout_no_wrap(thing.name.clone(), theme.body(), name_colour);
    let name_width = name.size().x;
    ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())).galley(
        pos2(left, rect.center().y - name.size().y / 2.0),
        name,
        name_colour,
    );
    let rest = Rect::from_min_max(pos2(left + name_width + 8.0, rect.top()), pos2(right + 6.0, rect.bottom()));
    if rest.width() > 24.0 {
        controls::text_in(ui, rest, Align2::LEFT_CENTER, &thing.description, theme.small(), theme.text_faint);
    }
    let is_entered = response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if response.double_clicked() || is_entered {
        out.push(UiEvent::FlyTo(thing.id.clone()));
    } else if response.clicked() {
        out.push(UiEvent::Select(Some(thing.id.clone())));
    }
    if is_selected && response.gained_focus() {
        ui.scroll_to_rect(rect.expand2(vec2(0.0, 40.0)), None);
    }
}

/// A row in words: name, then what is wrong with it.
fn row_words(thing: &ThingRow) -> String {
    let mut words = thing.name.clone();
    if thing.health != HealthState::Good {
        words = format!("{words}, {} {}", thing.health.letter(), crate::text::health_name(thing.health));
    }
    if let Some(mark) = thing.alarm {
        words = format!("{words}, {}", mark.words());
    }
    words
}
